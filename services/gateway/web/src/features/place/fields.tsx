/* Where a firm is: country, currency, time zone, language, each from a list in the person's own words. Choosing a country brings
   along the currency and the zone that are usual there; what is usual stays a proposal. */
import { useMemo } from 'react';
import type { Language } from '../../api/types';
import { useLanguage, useT } from '../../i18n';
import { countries, currencies, usualOf, zones } from '../../lib/places';
import { formats, knownZone } from '../../lib/format';
import { SelectField } from '../../ui/field';

export interface Place { country: string; currency: string; timezone: string; language: Language }

/* `wrong` by the field's name */
export function PlaceFields({ value, onChange, wrong }: { value: Place; onChange(value: Place): void; wrong: Record<string, string> }) {
	const t = useT();
	const language = useLanguage();
	const lists = useMemo(() => ({ countries: countries(language), currencies: currencies(language, value.currency) }), [language, value.currency]);
	const set = (part: Partial<Place>) => onChange({ ...value, ...part });
	return (
		<>
			<div className="two">
				<SelectField label={t('place.country')} name="country" required value={value.country} choices={lists.countries} error={wrong['country']} empty={t('form.nothing_found')}
					onChange={(country) => country && set({ country, ...usualOf(country) })} />
				<SelectField label={t('place.language')} name="language" required value={value.language} error={wrong['language']} choices={LANGUAGES} onChange={(next) => next && set({ language: next as Language })} />
			</div>
			<div className="two">
				<SelectField label={t('place.currency')} name="currency" required value={value.currency} choices={lists.currencies} error={wrong['currency']} empty={t('form.nothing_found')}
					onChange={(currency) => currency && set({ currency })} />
				<ZoneField value={value.timezone} onChange={(timezone) => timezone && set({ timezone })} error={wrong['timezone']} required />
			</div>
		</>
	);
}

/* a language is named in itself */
export const LANGUAGES = [{ value: 'nl', label: 'Nederlands' }, { value: 'en', label: 'English' }];

/* `none` is what stands for no choice of one's own */
export function ZoneField({ value, onChange, error, required, none }: { value: string | null; onChange(value: string | null): void; error?: string | undefined; required?: boolean; none?: string }) {
	const t = useT();
	const language = useLanguage();
	const choices = useMemo(() => zones(value), [value]);
	return (
		<SelectField label={t('place.timezone')} name="timezone" {...(required ? { required } : {})} value={value} choices={choices} error={error} clearable={none !== undefined} empty={t('form.nothing_found')}
			placeholder={none ?? t('form.choose')} hint={value ? t('place.now', { time: formats(language, knownZone(value)).time(new Date().toISOString()) }) : undefined} onChange={onChange} />
	);
}
