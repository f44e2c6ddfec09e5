/* One rate: of which currency, from which day on, and how much of the base a unit of it is. Of one that is there only the rate is another; another
   day is another rate. */
import { useMemo, useState } from 'react';
import { api, query } from '../../api/client';
import { currenciesChanged } from '../../api/currencies';
import type { Workspace } from '../../api/types';
import { useScope } from '../../app/scope';
import { useLanguage, useT } from '../../i18n';
import { readRate } from '../../lib/money';
import { currencies } from '../../lib/places';
import type { Currencies, Rate } from '../../lib/rates';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { SetForm } from './label-fields';

export function RateDialog({ workspace, own, rate, opened, onClose }: { workspace: Workspace; own: Currencies; rate: Partial<Rate>; opened: boolean; onClose(): void }) {
	const t = useT();
	return (
		<Dialog opened={opened} onClose={onClose} title={t(rate.id ? 'currencies.edit' : 'currencies.add')} closeLabel={t('common.close')} size={520}>
			{opened && <RateForm workspace={workspace} own={own} rate={rate} onDone={onClose} />}
		</Dialog>
	);
}

function RateForm({ workspace, own, rate, onDone }: { workspace: Workspace; own: Currencies; rate: Partial<Rate>; onDone(): void }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const [currency, setCurrency] = useState(rate.currency ?? null);
	const [day, setDay] = useState(rate.day ?? own.today);
	const [typed, setTyped] = useState(rate.rate ? formats.decimal(rate.rate).replace(/[^\d.,]/g, '') : '');
	const choices = useMemo(() => currencies(language, rate.currency).filter((one) => one.value !== own.base), [language, rate.currency, own.base]);
	const read = readRate(typed);
	const said = own.rates.find((one) => one.currency === currency && one.day === day);
	const check = () => ({
		...(currency ? {} : { currency: t('form.required') }),
		...(day ? {} : { day: t('form.required') }),
		...(read === null ? { rate: t(typed.trim() ? 'currencies.rate_wrong' : 'form.required') } : {}),
	});
	const send = async () => {
		await (rate.id ? api('PUT', `/api/crm/rates/${rate.id}`, { body: { rate: read } })
			: api('POST', `/api/crm/rates${query({ workspace: workspace.slug })}`, { body: { currency, day, rate: read } }));
		await currenciesChanged();
		toast.ok(t('currencies.saved', { currency: currency ?? '', day: formats.date(day) }));
	};
	return (
		<SetForm yes={t('common.save')} check={check} send={send} onDone={onDone}>
			{(faults) => <>
				{rate.id ? <p className="muted">{t('currencies.edit_text', { currency: rate.currency ?? '', day: formats.date(day) })}</p> : (
					<div className="two">
						<SelectField label={t('currencies.currency')} name="currency" value={currency} onChange={setCurrency} choices={choices} error={faults['currency']} placeholder={t('form.choose')} empty={t('form.nothing_found')} required />
						<TextField label={t('currencies.day')} name="day" type="date" value={day} onChange={setDay} error={faults['day']} required />
					</div>
				)}
				<TextField label={t('currencies.rate', { currency: currency ?? t('currencies.unit'), base: own.base })} name="rate" value={typed} onChange={setTyped} error={faults['rate']} inputMode="decimal" maxLength={20} autoComplete="off" required
					autoFocus={Boolean(rate.currency)} hint={!rate.id && said ? t('currencies.again', { rate: formats.decimal(said.rate) }) : t('currencies.rate_text')} />
			</>}
		</SetForm>
	);
}
