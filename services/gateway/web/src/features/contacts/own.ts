/* What a contact holds under a field of the workspace's own, as a list and a page say it; empty: nothing. */
import type { OwnField } from '../../api/boards';
import type { Language } from '../../api/types';
import { labelOf, type useT } from '../../i18n';

export function ownText(field: OwnField, value: unknown, language: Language, date: (text: string) => string, t: ReturnType<typeof useT>): string {
	if (value === null || value === undefined)
		return '';
	const choice = field.choices?.find((each) => each.key === value);
	if (choice)
		return labelOf(choice.label, language, choice.key);
	if (typeof value === 'boolean')
		return t(value ? 'audit_value.yes' : 'audit_value.no');
	if (field.kind === 'date' && typeof value === 'string')
		return date(value);
	return typeof value === 'object' ? Object.values(value as Record<string, string>).join(' ') : String(value);
}
