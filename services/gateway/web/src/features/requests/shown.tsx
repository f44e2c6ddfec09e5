/* What is shown of a request wherever it stands: what became of it and why, by which way in it came, its leads. */
import { Link } from '@tanstack/react-router';
import type { Id } from '../../api/types';
import { type AppSearch, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { type Outcome, type Request, TONE } from './model';

export function OutcomeTag({ outcome }: { outcome: Outcome }) {
	return <span className={`tag${TONE[outcome] ?? ''}`} data-outcome={outcome}>{sayValue('request_outcome', outcome)}</span>;
}

/* a sentence in the reader's language, as the server tells it */
export function Reason({ reason }: { reason: string | null | undefined }) {
	return reason ? <span style={{ overflowWrap: 'anywhere' }}>{reason}</span> : null;
}

export const wayIn = (one: Pick<Request, 'source_name' | 'kind'>): string => one.source_name || (one.kind ? sayValue('source_kind', one.kind) : '');

/* opened beside the page, which stays */
export function LeadLinks({ ids }: { ids: readonly Id[] }) {
	const t = useT();
	const { formats } = useScope();
	return <>{ids.map((id, at) => <Link key={id} to={'.' as never} search={((old: AppSearch) => ({ ...old, type: 'lead', id, tab: undefined })) as never} className="link request-lead">{ids.length === 1 ? t('requests.lead') : t('requests.lead_n', { number: formats.number(at + 1) })}</Link>)}</>;
}
