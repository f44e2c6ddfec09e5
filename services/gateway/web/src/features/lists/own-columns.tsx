/* The workspace's own fields as columns of a list: each may show. */
import type { OwnField } from '../../api/boards';
import type { Language } from '../../api/types';
import { labelOf, type Translate } from '../../i18n';
import type { Formats } from '../../lib/format';
import type { Column } from '../../ui/table';
import { ownSaid } from '../fields/said';

export function ownColumns<T extends { custom: Record<string, unknown> }>(fields: readonly OwnField[], language: Language, formats: Formats, t: Translate): Array<Column<T>> {
	return fields.map((field) => ({
		key: `custom.${field.key}`, label: labelOf(field.label, language, field.key), ...(field.kind === 'number' || field.kind === 'money' ? { right: true } : {}),
		cell: (row) => {
			const said = ownSaid(field, row.custom[field.key], language, formats, t);
			return said ? <span className="cut">{said}</span> : <span className="muted">—</span>;
		},
	}));
}
