/* Requests as they came in by a way in: what became of each, what can be done with it, what is asked of them. Pure; says no words itself. */
import type { Consent, Id } from '../../api/types';

export const OUTCOMES = ['lead', 'duplicate', 'spam', 'bad_request', 'bad_signature', 'no_workspace', 'test', 'talk', 'booking', 'fetch', 'records', 'noted'] as const;
export type Outcome = typeof OUTCOMES[number];
/* what is no lead and could be one */
export const OPEN = 'open';

export interface Request {
	id: Id; workspace_id: Id | null; at: string;
	source_id: Id | null; source_name: string | null; kind: string | null;
	outcome: Outcome; reason: string | null;
	method: string | null; type: string | null; size: number;
	lead_ids: Id[];
	/* when it was read again, and by whom */
	reread_at: string | null; reread_by: Id | null;
	/* how it begins, as text */
	says: string | null;
}
export interface RequestFile { id?: Id | null; field: string | null; name: string | null; type: string | null; size: number }
export interface WholeRequest extends Request {
	headers: Array<{ name: string; value: string }>; remote: string | null;
	/* secrets are masked; cut: only its beginning; null: its bytes are gone */
	body: string | null; cut: boolean;
	files: RequestFile[];
}
export interface Count { outcome: Outcome; n: number }
export interface Counts { data: Count[]; more: boolean }

/* a lead as it would be */
export interface LeadSeen {
	name: string | null; first_name: string | null; last_name: string | null; company: string | null; email: string | null; phone: string | null;
	form_type: string | null; source: string | null; message: string | null; language: string | null; external_id: string | null; consent?: Consent | null; fields: Record<string, unknown> | null;
}
export interface Seen { id: Id; outcome: Outcome; reason: string | null; leads: LeadSeen[]; files: RequestFile[] }

export const TONE: Record<Outcome, string> = { lead: ' tag-ok', duplicate: '', spam: ' tag-warn', bad_request: ' tag-danger', bad_signature: ' tag-danger', no_workspace: ' tag-danger', test: '', talk: ' tag-accent', booking: ' tag-accent', fetch: ' tag-warn', records: '', noted: '' };

const MADE: readonly string[] = ['spam', 'duplicate', 'test', 'bad_signature'];
const REREAD: readonly string[] = ['bad_request', 'no_workspace'];
/* somebody may say of it that it is a lead all the same; the leads of a duplicate are those of whom it repeats */
export const canMake = (one: Pick<Request, 'outcome'>): boolean => MADE.includes(one.outcome);
/* it could not be read: by other rules it may be */
export const canReread = (one: Pick<Request, 'outcome'>): boolean => REREAD.includes(one.outcome);

export interface Filter { outcome?: string | undefined; source?: string | undefined; q?: string | undefined; from?: string | undefined; to?: string | undefined }
export interface Replay { ids?: Id[]; made?: true; home?: true; source?: string; outcome?: string; q?: string; from?: string; to?: string }

/* All that a list shows and that can be read again, asked at once; null: there is nothing of that kind in it. */
export function replayOf({ outcome, source, q, from, to }: Filter): Replay | null {
	const asked = !outcome || outcome === OPEN ? REREAD : outcome.split(',').filter((one) => REREAD.includes(one));
	if (!asked.length)
		return null;
	return { outcome: asked.join(','), ...(source ? { source } : {}), ...(q ? { q } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

export const countOf = (counts: Counts | undefined, outcomes: readonly string[]): number => (counts?.data ?? []).reduce((sum, one) => sum + (outcomes.includes(one.outcome) ? one.n : 0), 0);
export const OPEN_ONES: readonly string[] = ['duplicate', 'spam', 'bad_request', 'bad_signature', 'no_workspace', 'test'];
export const REREAD_ONES = REREAD;

/* ---- a replay's lines ---- */

export interface ReplayLine {
	progress?: { done: number; of: number };
	submission?: { id: Id; outcome: Outcome; lead_ids?: Id[]; reason?: string | null };
	end?: { leads: number; duplicates: number; refused: number; had: number };
}
export interface Told { done: number; of: number; end: NonNullable<ReplayLine['end']> | null; refused: Array<NonNullable<ReplayLine['submission']>>; leads: Id[] }
export const NOTHING_TOLD: Told = { done: 0, of: 0, end: null, refused: [], leads: [] };
export const SHOWN_REFUSED = 20;

export function toldBy(old: Told, line: ReplayLine): Told {
	const one = line.submission;
	return {
		...old,
		...(line.progress ? { done: line.progress.done, of: line.progress.of } : {}),
		...(one?.outcome === 'lead' ? { leads: [...old.leads, ...(one.lead_ids ?? [])] } : {}),
		...(one && REREAD.includes(one.outcome) && old.refused.length < SHOWN_REFUSED ? { refused: [...old.refused, one] } : {}),
		...(line.end ? { end: line.end } : {}),
	};
}
