/* Contacts as the API tells them, and how they are read and written. Knows no page. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id, Page, Written } from '../../api/types';
import type { Tag } from '../activities/model';

export interface Contact {
	id: Id; workspace_id: Id; number: number; name: string; email: string | null; phone: string | null; company: string | null; account_id: Id | null; account_name: string | null;
	owner_id: Id | null; version: number; created_at: string; tags: Tag[];
}

export const CONTACTS = ['contacts'] as const;

export interface Wanted { workspace: string | null; q: string | null; account: string | null; owner_id: Id | null; segment?: Id | null }

export function useContacts(wanted: Wanted) {
	return useInfiniteQuery({
		queryKey: [...CONTACTS, wanted],
		queryFn: ({ pageParam, signal }) => api<Page<Contact>>('GET', `/api/crm/contacts${query({ ...wanted, limit: 100, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (last) => last.next,
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
