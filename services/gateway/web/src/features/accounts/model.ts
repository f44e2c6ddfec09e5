/* Accounts as the API tells them, and how they are read and written. Knows no page. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { standing } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Id, Money, Page, Written } from '../../api/types';
import { problemText } from '../../app/problems';
import { say } from '../../i18n';
import { toast } from '../../ui/toast';
import { type AppSearch, ownOf } from '../../app/scope';
import type { Tag } from '../activities/model';

export interface Account {
	id: Id; workspace_id: Id; number: number; name: string; industry: string | null; phone: string | null; city: string | null; annual_revenue: Money | null;
	email: string | null; website: string | null; address: string | null; postcode: string | null; country: string | null; registration_no: string | null; vat_no: string | null; account_type: string | null;
	custom: Record<string, unknown>; primary_contact_id: Id | null; archived_at: string | null; removed_at: string | null; tags: Tag[]; notes?: string | null; days_without_contact?: number | null; contacts: number; lifecycle: 'prospect' | 'client'; client_at: string | null; onboarding_status: string | null; assignments: Record<string, Id>; owner_id: Id | null; version: number; created_at: string;
}

/* which words of the address filter the list */
export const FILTERS = ['q', 'lifecycle', 'account_type', 'owner', 'tag', 'archived', 'segment'] as const satisfies ReadonlyArray<keyof AppSearch>;
export const askedOf = (search: AppSearch): Record<string, string> => ({ ...Object.fromEntries(FILTERS.flatMap((name) => (search[name] ? [[name, search[name]]] : []))) as Record<string, string>, ...ownOf(search) });

export interface Asked { workspace: string | null; sort?: string | null; count?: number; [filter: string]: string | number | null | undefined }
export interface AccountPage extends Page<Account> { total?: number; prospects?: number; clients?: number }

export const ACCOUNTS = ['accounts'] as const;

export function useAccounts(asked: Asked) {
	return useInfiniteQuery({
		queryKey: [...ACCOUNTS, asked],
		queryFn: async ({ pageParam, signal }) => {
			await standing();
			return api<AccountPage>('GET', `/api/crm/accounts${query({ ...asked, sort: asked.sort ?? 'name', limit: 100, after: pageParam })}`, { signal });
		},
		initialPageParam: null as string | null,
		getNextPageParam: (last) => last.next,
		placeholderData: (old) => old,
	});
}

export function useAccount(id: string, reads: string | null) {
	return useQuery({
		queryKey: [...ACCOUNTS, 'one', id, reads], /* a number is another company's in another workspace */
		queryFn: ({ signal }) => api<Account>('GET', `/api/crm/accounts/${encodeURIComponent(id)}${query({ workspace: reads })}`, { signal }),
	});
}

export const accountsChanged = () => queryClient.invalidateQueries({ queryKey: ACCOUNTS });

/* a new one in the workspace named, or what changed of one by the version that was seen */
export async function saveAccount(was: Account | null, workspace: string | null, body: Record<string, unknown>): Promise<Written> {
	const written = was
		? await api<Written>('PUT', `/api/crm/accounts/${was.id}`, { body: { ...body, version: was.version } })
		: await api<Written>('POST', `/api/crm/accounts${query({ workspace })}`, { body });
	await accountsChanged();
	return written;
}

/* who has a role from now on, or nobody */
export async function assign(account: Account, role: string, user: Id | null): Promise<void> {
	await api<Written>('PUT', `/api/crm/accounts/${account.id}/assignments`, { body: { [role]: user, version: account.version } });
	await accountsChanged();
}

export const at = (account: Pick<Account, 'id'>): string => `/api/crm/accounts/${account.id}`;

/* out of the lists, back into them, out of the trash */
export async function post(account: Pick<Account, 'id' | 'workspace_id'>, what: 'restore' | 'archive' | 'reactivate'): Promise<boolean> {
	try {
		await api('POST', `${at(account)}/${what}${query({ workspace: account.workspace_id })}`, { body: {} });
		return true;
	} catch (fault) {
		toast.error(say('deal.not_saved'), problemText(fault));
		return false;
	} finally {
		await accountsChanged();
	}
}
