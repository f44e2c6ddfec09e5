/* Which columns there are, by name, and which show. */
import { useMemo } from 'react';
import { useOwnFields } from '../../api/boards';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { useKept } from './kept';
import { COLUMNS, FIRST_COLUMNS, SHIPPING_COLUMNS } from './table-columns';

export function useColumnChoice(): { all: Array<{ key: string; label: string }>; shown: string[] } {
	const t = useT(); /* another language, other names */
	const language = useLanguage();
	const { reads, profile } = useScope();
	const fields = useOwnFields(reads).data;
	const { kept } = useKept();
	return useMemo(() => {
		const own = new Map((fields ?? []).filter((one) => !one.retired).map((one) => [`custom.${one.key}`, labelOf(one.label, language, one.key)]));
		const all = [...COLUMNS.map((key) => ({ key: key as string, label: sayValue('field', key) })), ...[...own].map(([key, label]) => ({ key, label }))];
		const asked = kept.columns ?? (profile === 'shipping' ? SHIPPING_COLUMNS : FIRST_COLUMNS);
		return { all, shown: asked.filter((key) => all.some((one) => one.key === key)) };
	}, [t, language, profile, fields, kept.columns]);
}
