/* Records that look alike, merges, and how one is made and taken back. Knows no page. */
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { type Key, say } from '../../i18n';
import { toast } from '../../ui/toast';

export type Kind = 'contact' | 'account';
export interface Alike { id: Id; number: number; name: string; email: string | null; phone: string | null; company: string | null; workspace_id?: Id; owner_id?: Id | null; created_at?: string; reasons?: string[]; score?: number }
export interface Pair { kind: Kind; workspace_id: Id; score: number; reasons: string[]; a: Alike; b: Alike }
export interface Merge {
	id: Id; workspace_id: Id; kind: Kind; survivor_id: Id; loser_id: Id; survivor_name: string; loser_name: string; loser_number: number; at: string; actor_id: Id | null;
	undone_at: string | null; undone_by: Id | null; kept: { fields: Array<{ field: string; value: string | null }>; records: Record<string, number> } | null;
}
export interface Plan { survivor: Record<string, unknown> & { id: Id; number: number; name: string; version: number }; loser: Plan['survivor']; fields: Array<{ field: string; old?: string | null; new?: string | null }>; moves: Record<string, number> }

export const DUPLICATES = ['duplicates'] as const;
export const pathOf = (kind: Kind): string => kind === 'contact' ? 'contacts' : 'accounts';

const REASONS: Readonly<Record<string, Key>> = {
	email: 'duplicate.by_email', phone: 'duplicate.by_phone', name_company: 'duplicate.by_name_company', name: 'duplicate.by_name',
	website: 'duplicate.by_website', number: 'duplicate.by_number', fuzzy: 'duplicate.by_fuzzy',
};
export const reasonKey = (reason: string): Key => REASONS[reason] ?? 'duplicate.by_fuzzy';

/* what a merge or its taking back may have changed is read again, wherever it is shown */
export async function mergedChanged(): Promise<void> {
	await queryClient.invalidateQueries({ predicate: ({ queryKey: [first] }) => ['duplicates', 'merges', 'contacts', 'contact', 'accounts', 'timeline', 'files', 'locations', 'linked', 'facts', 'overview', 'tags of', 'activities', 'leads', 'lead', 'deal', 'person', 'trash'].includes(first as string) });
}

interface Undone { kept: { fields: string[]; records: Record<string, number> } }

export async function undoMerge(id: Id): Promise<void> {
	try {
		const { kept } = await api<Undone>('POST', `/api/crm/merges/${id}/undo`, { body: {} });
		await mergedChanged();
		const stayed = kept.fields.length + Object.values(kept.records).reduce((all, one) => all + one, 0);
		toast.ok(stayed ? say('merge.undone_kept', { count: stayed }) : say('merge.undone'));
	} catch (fault) {
		toast.error(say('merge.not_undone'), problemText(fault));
	}
}

export async function mergeThem(kind: Kind, survivor: { id: Id; name: string }, loser: { id: Id; name: string }, fields: Record<string, string>, key: string, seen: Plan): Promise<void> {
	const { merge_id: id } = await api<{ merge_id: Id }>('POST', `/api/crm/${pathOf(kind)}/${survivor.id}/merge`, { body: { loser_id: loser.id, fields, version: seen.survivor.version, loser_version: seen.loser.version }, key });
	await mergedChanged();
	toast.ok(say('merge.done', { loser: loser.name, survivor: survivor.name }), { label: say('common.undo'), hotkey: 'Z', run: () => void undoMerge(id) });
}

export const similarTo = (kind: Kind, workspace: string | null, typed: Record<string, string>, signal: AbortSignal) =>
	api<{ data: Alike[] }>('GET', `/api/crm/${pathOf(kind)}/similar${query({ workspace, ...typed })}`, { signal });
