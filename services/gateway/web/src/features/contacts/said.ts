/* What a field of a person, a company or a place is called, and what is in it, in words: a catalogue's value by its label, a
   colleague by name, money and dates as the reader writes them. */
import type { Item } from '../../api/boards';
import type { Language } from '../../api/types';
import { type Key, labelOf, sayValue, type Translate } from '../../i18n';
import type { Formats } from '../../lib/format';

export type Of = 'contact' | 'account' | 'place';
export interface Reader { t: Translate; language: Language; formats: Formats; items: readonly Item[]; names(id: string): string | undefined }

/* which catalogue a field's value is of */
const CATALOGUE: Readonly<Record<string, string>> = { status: 'contact_status', onboarding_status: 'onboarding_status', account_type: 'account_type' };
const NAMES: Readonly<Record<string, Key>> = { owner_id: 'field.owner', onboarding_status: 'field.onboarding_status', lifecycle: 'field.type', archived: 'history.archived', map_url: 'place.map', name: 'field.name', type: 'field.type' };

export function fieldName(t: Translate, of: Of, field: string): string {
	const key = NAMES[field];
	const own = sayValue(of === 'contact' ? 'field' : 'account', field);
	return key ? t(key) : own === field ? sayValue('field', field.replace(/^(custom|role)\./, '')) : own;
}

export function fieldValue({ t, language, formats, items, names }: Reader, of: Of, field: string, text: string | null | undefined): string {
	if (text === null || text === undefined || text === '')
		return t('timeline.nothing');
	if (field === 'owner_id' || field === 'user_id' || field.startsWith('role.'))
		return names(text) ?? t('timeline.someone');
	if (text === 'true' || text === 'false')
		return t(text === 'true' ? 'audit_value.yes' : 'audit_value.no');
	const money = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(text);
	if (money)
		return formats.money({ amount: money[1] ?? '0', currency: money[2] ?? 'EUR' });
	if (field === 'lifecycle')
		return sayValue('lifecycle', text);
	if (field === 'type')
		return sayValue(of === 'place' ? 'place_type' : 'contact_type', text);
	const item = items.find((one) => one.catalogue === CATALOGUE[field] && one.key.toLowerCase() === text.toLowerCase());
	return item ? labelOf(item.label, language, text) : /^\d{4}-\d{2}-\d{2}T/.test(text) ? formats.moment(text) : text;
}
