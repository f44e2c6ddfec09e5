/* What a record holds under a field of the workspace's own, as a list, a page and a history say it; empty: nothing. */
import type { OwnField } from '../../api/boards';
import type { Language, Money } from '../../api/types';
import { labelOf, type Translate } from '../../i18n';
import type { Formats } from '../../lib/format';

export function ownText(field: OwnField, value: unknown, language: Language, formats: Formats, t: Translate): string {
	if (value === null || value === undefined)
		return '';
	const choice = field.choices?.find((each) => each.key === value);
	if (choice)
		return labelOf(choice.label, language, choice.key);
	if (typeof value === 'boolean')
		return t(value ? 'audit_value.yes' : 'audit_value.no');
	if (field.kind === 'date' && typeof value === 'string')
		return formats.date(value);
	if (field.kind === 'number' && /^-?\d+(\.\d+)?$/.test(String(value)))
		return formats.figure(String(value));
	return typeof value === 'object' ? formats.money(value as Money) : String(value);
}

/* the same of a text as a history keeps it: what is no text there is JSON */
export function ownTold(field: OwnField, text: string, language: Language, formats: Formats, t: Translate): string {
	if (field.kind !== 'money' && field.kind !== 'boolean')
		return ownText(field, text, language, formats, t);
	try {
		return ownText(field, JSON.parse(text) as unknown, language, formats, t);
	} catch {
		return text;
	}
}
