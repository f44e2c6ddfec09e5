/* Contacts as the API tells them, and how they are read and written. Knows no page. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, newKey, query } from '../../api/client';
import { standing } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Id, Page, Written } from '../../api/types';
import { type AppSearch, ownOf } from '../../app/scope';
import type { Tag } from '../activities/model';
import type { ContactType } from './kinds';

export interface Reach { value: string; label: string | null }
export interface Contact {
	id: Id; workspace_id: Id; number: number; name: string; first_name: string | null; last_name: string | null; email: string | null; emails: Reach[]; phone: string | null; phones: Reach[];
	company: string | null; account_id: Id | null; account_name: string | null; type: ContactType; status: string | null; job_title: string | null; notes?: string | null; user_id: Id | null; user_suggested: { id: Id; name: string } | null;
	custom: Record<string, unknown>; owner_id: Id | null; version: number; created_at: string; archived_at: string | null; removed_at: string | null; tags: Tag[]; deals: number;
}

export const CONTACTS = ['contacts'] as const;

/* the filters of the list as they stand in the address, and what the server calls them */
export const FILTERS = ['q', 'kind', 'status', 'owner', 'tag', 'account', 'archived', 'segment', 'has_email', 'created_from', 'created_to', 'whose'] as const satisfies ReadonlyArray<keyof AppSearch>;
export type Asked = Record<string, string>;
export function askedOf(search: AppSearch): Asked {
	const ret: Asked = ownOf(search);
	for (const name of FILTERS) {
		const value = search[name];
		if (value)
			ret[name === 'kind' ? 'type' : name === 'whose' ? 'owner' : name] = value;
	}
	return ret;
}

type Listed = Page<Contact> & { total?: number; more?: boolean };

export function useContacts(workspace: string | null, asked: Asked, sort: string | undefined) {
	return useInfiniteQuery({
		queryKey: [...CONTACTS, workspace, asked, sort ?? ''],
		queryFn: async ({ pageParam, signal }) => {
			await standing();
			return api<Listed>('GET', `/api/crm/contacts${query({ workspace, ...asked, sort, limit: 100, count: pageParam ? null : '1', after: pageParam })}`, { signal });
		},
		initialPageParam: null as string | null,
		getNextPageParam: (last) => last.next,
		placeholderData: (old) => old,
	});
}

/* one by id or number; a number is another person's in another workspace, so it is from then on asked for by the id, under which all that is live finds it */
export function useContact<T extends Contact = Contact>(id: string, workspace: string | null) {
	const by = (one: string) => ({
		queryKey: /^[0-9a-f-]{36}$/i.test(one) ? ['contact', one] : ['contact', one, 'of', workspace ?? ''],
		queryFn: ({ signal }: { signal: AbortSignal }) => api<T>('GET', `/api/crm/contacts/${encodeURIComponent(one)}${query({ workspace })}`, { signal }),
	});
	const first = useQuery(by(id));
	const second = useQuery({ ...by(first.data?.id ?? id), enabled: first.data !== undefined });
	return second.data ? second : first;
}

/* how many there are of each type under the same filter */
export function useTypes(workspace: string | null, asked: Asked) {
	const { type: _, ...others } = asked;
	return useQuery({
		queryKey: [...CONTACTS, 'types', workspace, others],
		queryFn: async ({ signal }) => {
			await standing();
			return api<{ data: Array<{ type: ContactType; count: number }>; total: number; more: boolean }>('GET', `/api/crm/contacts/types${query({ workspace, ...others })}`, { signal });
		},
		placeholderData: (old) => old,
	});
}

export async function contactsChanged(id?: Id): Promise<void> {
	await Promise.all([queryClient.invalidateQueries({ queryKey: CONTACTS }), ...(id ? [queryClient.invalidateQueries({ queryKey: ['contact', id] })] : [])]);
}

/* a new one in the workspace named, or what changed of one by the version that was seen; version null: whatever it is by now */
export async function saveContact(was: Contact | null, workspace: string | null, body: Record<string, unknown>, version: number | null): Promise<Written> {
	const written = was
		? await api<Written>('PUT', `/api/crm/contacts/${was.id}`, { body: { ...body, ...(version === null ? {} : { version }) } })
		: await api<Written>('POST', `/api/crm/contacts${query({ workspace })}`, { body });
	await contactsChanged(was?.id);
	return written;
}

/* ---- one thing done to many ---- */

export type Action = 'owner' | 'tag' | 'untag' | 'type' | 'status' | 'archive' | 'reactivate' | 'delete' | 'restore';
interface Told { batch_id: Id; done: number; skipped: number; refused: Array<{ id: Id; code: string }> }
export interface Outcome { batches: Array<{ id: Id; workspace: Id }>; done: number; skipped: number; refused: Array<{ id: Id; code: string }>; fault?: unknown }

/* those picked, workspace by workspace; or all that fit a filter */
export async function runAction(action: Action, value: string | null | undefined, portions: ReadonlyArray<{ workspace: Id; ids?: Id[]; filter?: Asked }>): Promise<Outcome> {
	const out: Outcome = { batches: [], done: 0, skipped: 0, refused: [] };
	try {
		for (const { workspace, ids, filter } of portions) {
			const told = await api<Told>('POST', `/api/crm/contacts/bulk${query({ workspace })}`, { key: newKey(), body: { ...(ids ? { ids } : { filter }), action, ...(value === undefined ? {} : { value }) } });
			if (told.done)
				out.batches.push({ id: told.batch_id, workspace });
			out.done += told.done;
			out.skipped += told.skipped;
			out.refused.push(...told.refused);
		}
	} catch (fault) {
		out.fault = fault;
	}
	await contactsChanged();
	return out;
}

export async function undoActions(batches: Outcome['batches']): Promise<{ undone: number; kept: number }> {
	let undone = 0;
	let kept = 0;
	for (const one of [...batches].reverse()) {
		const told = await api<{ undone: number; kept: unknown[] }>('POST', `/api/crm/batches/${one.id}/undo${query({ workspace: one.workspace })}`, { key: newKey(), body: {} });
		undone += told.undone;
		kept += told.kept.length;
	}
	await contactsChanged();
	await queryClient.invalidateQueries({ queryKey: ['contact'] });
	return { undone, kept };
}
