/* What a search answers, and how it is asked: one question a text typed, the older one given up when a newer is asked. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import type { Id, Money } from '../../api/types';
import { useScope } from '../../app/scope';
import type { Key } from '../../i18n';

export type HitKind = 'leads' | 'opportunities' | 'accounts' | 'contacts' | 'quotes' | 'invoices' | 'orders' | 'linked';
export const HIT_KINDS: HitKind[] = ['leads', 'opportunities', 'accounts', 'contacts', 'quotes', 'invoices', 'orders', 'linked'];

export interface Hit {
	id: Id;
	number?: number;
	workspace_id: Id;
	title: string;
	subtitle: string | null;
	owner_id: Id | null;
	created_at: string;
	stage_id?: Id;
	status?: string;
	/* it does not hold what was asked, but words like it */
	near?: boolean;
	/* of a linked record: what it hangs on */
	kind?: string;
	account_id?: Id | null;
	contact_id?: Id | null;
	deal_id?: Id | null;
	/* of a quote or an invoice: what it comes to */
	total?: Money;
}

export interface Found { data: Record<HitKind, Hit[]>; q: string; words: string[]; partial: boolean }

/* worth asking: two letters, or a number */
export const isAsked = (q: string): boolean => q.length > 1 || /^#?\d+$/.test(q);

export function useFind(q: string, limit: number) {
	const { reads } = useScope();
	return useQuery({
		queryKey: ['search', reads ?? '', q, limit],
		queryFn: ({ signal }) => api<Found>('GET', `/api/crm/search${query({ workspace: reads, q, limit })}`, { signal }),
		enabled: isAsked(q),
		placeholderData: keepPreviousData,
		staleTime: 5000,
	});
}

export const GROUP_TITLE = { leads: 'nav.leads', opportunities: 'search.deals', accounts: 'tab.accounts', contacts: 'tab.contacts', quotes: 'search.quotes', invoices: 'search.invoices', orders: 'search.orders', linked: 'linked.title' } as const satisfies Record<HitKind, Key>;

/* how a hit is named in the address: the panel of a deal or a lead, or the small view of an account (a client, even while it is a prospect) or a contact */
export type RecordType = 'prospect' | 'client' | 'contact' | 'lead';
/* a document has its page alone */
export type HitType = RecordType | 'quote' | 'invoice' | 'order';
const PAGES: Partial<Record<HitType, string>> = { contact: '/contacts', client: '/accounts', quote: '/quotes', invoice: '/invoices', order: '/orders' };
/* one that has a page of its own: where lists and search lead */
export const pageOf = (type: HitType, id: Id): string | null => PAGES[type] ? `${PAGES[type]}/${id}` : null;
const TYPE_OF: Record<HitKind, HitType> = { leads: 'lead', opportunities: 'prospect', accounts: 'client', contacts: 'contact', quotes: 'quote', invoices: 'invoice', orders: 'order', linked: 'client' };
/* where a hit opens; a linked record on what it hangs on */
export function placeOf(kind: HitKind, hit: Hit): { type: HitType; id: Id } {
	if (kind !== 'linked')
		return { type: TYPE_OF[kind], id: hit.id };
	return hit.account_id ? { type: 'client', id: hit.account_id } : hit.contact_id ? { type: 'contact', id: hit.contact_id } : { type: 'prospect', id: hit.deal_id ?? hit.id };
}
