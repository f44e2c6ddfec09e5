/* Payments, bank statements, recurring invoices and orders as the pages read them. Amounts stay text. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id, Money, Page } from '../../api/types';

interface Ref { id: Id; number?: number | string | null; name?: string | null }

export interface Payment {
	id: Id; workspace_id?: Id; version: number; day: string; amount: Money; method: 'manual' | 'bank' | 'mollie' | 'stripe'; note: string | null;
	document: { id: Id; kind?: string; number: string | null; name?: string | null } | null; account: Ref | null; created_at: string; removed_at?: string | null;
}
export interface Statement { id: Id; name: string; format: 'camt053' | 'mt940'; account: string | null; from: string | null; to: string | null; lines: number; matched: number; doubtful: number; unmatched: number; repeated: number; created_at: string }
export interface Proposal { id: Id; number: string | null; name: string | null; total: Money; open: Money; amount?: Money | null }
export interface StatementLine {
	id: Id; statement_id: Id; n: number; version: number; account: string | null; day: string; amount: Money; name: string | null; iban: string | null; text: string | null; reference: string | null;
	state: 'matched' | 'doubtful' | 'unmatched' | 'ignored'; why: string | null; documents: Proposal[];
}
export interface Imported { id: Id; lines: number; matched: number; doubtful: number; unmatched: number; repeated: number }
export interface Recurrence {
	id: Id; version: number; name: string | null; every: 'week' | 'month' | 'quarter' | 'year'; next_on: string | null; until: string | null; send: boolean; made: number; last_on: string | null;
	last: { id: Id; number: string | null } | null; document: { id: Id; number: string | null; name: string | null; total: Money };
}
export interface Order {
	id: Id; workspace_id: Id; version: number; number: string; state: 'open' | 'done' | 'cancelled'; title: string; total: Money | null; note: string | null; created_at: string; owner_id: Id | null; lead_id: Id | null;
	deal: { id: Id; number: number | null; title: string | null } | null; quote: { id: Id; number: string | null } | null; contact: Ref | null; account: Ref | null;
}
/* an invoice as its list gives it, as much as a choice needs */
export interface Choosable { id: Id; number: string | null; name: string | null; open: Money; payable?: Money; due: string | null }

const paged = <T>(key: readonly unknown[], path: string, ask: Record<string, string | number | null | undefined>) => ({
	queryKey: key,
	queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) => api<Page<T>>('GET', `${path}${query({ ...ask, after: pageParam, limit: 50 })}`, { signal }),
	initialPageParam: null as string | null,
	getNextPageParam: (page: Page<T>) => page.next,
	placeholderData: keepPreviousData,
});

export const usePayments = (workspace: string | null, open: boolean) => useInfiniteQuery(paged<Payment>(['payments', workspace ?? '', open], '/api/crm/payments', { workspace, open: open ? 1 : null }));
export const useStatements = (workspace: string | null) => useInfiniteQuery(paged<Statement>(['statements', workspace ?? ''], '/api/crm/statements', { workspace }));
export const useLines = (workspace: string | null, state: string) => useInfiniteQuery(paged<StatementLine>(['statement lines', workspace ?? '', state], '/api/crm/statements/lines', { workspace, state }));
export const useOrders = (workspace: string | null) => useInfiniteQuery(paged<Order>(['orders', workspace ?? ''], '/api/crm/orders', { workspace }));

export function useRecurrences(workspace: string | null) {
	return useQuery({ queryKey: ['recurrences', workspace ?? ''], queryFn: async ({ signal }) => (await api<{ data: Recurrence[] }>('GET', `/api/crm/recurrences${query({ workspace })}`, { signal })).data });
}
export function useOrder(id: string, workspace: string | null) {
	return useQuery({ queryKey: ['order', id], queryFn: ({ signal }) => api<Order>('GET', `/api/crm/orders/${encodeURIComponent(id)}${query({ workspace })}`, { signal }) });
}
export function useOpenInvoices(workspace: string | null, q: string) {
	return useQuery({
		queryKey: ['open invoices', workspace ?? '', q],
		queryFn: async ({ signal }) => (await api<Page<Choosable>>('GET', `/api/crm/invoices${query({ workspace, q, kind: 'invoice', state: 'sent,partly_paid', limit: 20 })}`, { signal })).data,
		placeholderData: keepPreviousData,
	});
}

/* what a payment touches */
export const paidChanged = () => Promise.all(['payments', 'statements', 'statement lines', 'open invoices', 'invoices', 'document', 'money'].map((name) => queryClient.invalidateQueries({ queryKey: [name] }))).then(() => undefined);
export const ordersChanged = () => Promise.all(['orders', 'order'].map((name) => queryClient.invalidateQueries({ queryKey: [name] }))).then(() => undefined);
export const recurrencesChanged = () => queryClient.invalidateQueries({ queryKey: ['recurrences'] });
