/* Small parts that every view of documents shares: the link to one, how far it is, until when it is good or to be paid. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { type DocRow, listOf, shownState, TONE } from './model';

type Linked = Pick<DocRow, 'id' | 'kind' | 'number'>;

/* to its page, by the number that people know, else by its id; in the workspace that is looked at */
export function DocLink({ doc, className, children }: { doc: Linked; className?: string; children: ReactNode }) {
	return <Link to={`/${listOf(doc.kind)}/$document` as never} params={{ document: doc.number ?? doc.id } as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never} className={className}>{children}</Link>;
}

export function StateMark({ doc }: { doc: Pick<DocRow, 'kind' | 'state' | 'overdue' | 'viewed_at' | 'sent_at'> }) {
	const t = useT();
	const state = shownState(doc);
	return <span className="status" data-state={state}><span className={`dot ${TONE[state]}`} />{t(`doc_state.${state}`)}</span>;
}

/* plain days have no zone */
const daysBetween = (from: string, to: string): number => Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / 86_400_000);

export function DueText({ doc }: { doc: Pick<DocRow, 'due' | 'overdue'> }) {
	const t = useT();
	const { formats } = useScope();
	if (!doc.due)
		return null;
	const late = doc.overdue ? daysBetween(doc.due, formats.dayKey(new Date().toISOString())) : 0;
	return <span className="num nowrap">{formats.date(doc.due)}{late > 0 && <span className="tag tag-danger doc-late">{t('doc.days_late', { count: late })}</span>}</span>;
}

/* an exact figure as people write it; `least`: digits that show behind the point */
export function useShown(): (value: string, least: number) => string {
	const { formats } = useScope();
	return (value, least) => {
		const found = /^(-?\d+)(?:\.(\d*))?$/.exec(value);
		if (!found)
			return value;
		const after = (found[2] ?? '').replace(/0+$/, '').padEnd(least, '0');
		return `${formats.figure(found[1] ?? '0')}${after ? `${formats.decimal('0.5').charAt(1)}${after}` : ''}`;
	};
}
