/* Quotes, invoices and credit notes as the API tells them: how they are read, how far one is and what comes next. Knows no page.
   Never says that a document is further than the server said. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, query } from '../../api/client';
import { onLive, standing } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Id, Money, Page } from '../../api/types';
import type { AppSearch } from '../../app/scope';
import type { Category } from '../../lib/totals';
import type { Unit } from '../billing/items';

export type DocKind = 'quote' | 'invoice' | 'credit_note';
export type DocState = 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
export type Mode = 'net' | 'gross';

export const PARTY = ['name', 'attention', 'street', 'street2', 'postcode', 'city', 'country', 'email', 'phone', 'kvk', 'oin', 'vat_id', 'endpoint', 'iban', 'bic'] as const;
export type PartyField = (typeof PARTY)[number];
export type Party = Partial<Record<PartyField, string | null>>;

export interface Line {
	kind?: 'item' | 'section' | 'text' | null; catalog_item_id?: Id | null; code?: string | null; name?: string | null; description?: string | null; quantity?: string | null; unit?: Unit | null;
	price?: string | null; per?: string | null; discount?: string | null; discount_amount?: string | null; charge_amount?: string | null;
	category?: Category | null; rate?: string | null; reason?: string | null; optional?: boolean | null; chosen?: boolean | null; net?: number | null;
}
export interface DocGroup { category: Category; rate: string; taxable: number | string; tax: number | string; reason?: string | null }

/* a row of a list */
export interface DocRow {
	id: Id; workspace_id: Id; kind: DocKind; state: DocState; version: number; number: string | null; revision: number; title: string | null; name: string | null;
	deal_id: Id | null; contact_id: Id | null; account_id: Id | null; owner_id: Id | null;
	language: 'nl' | 'en'; currency: string; issued: string | null; due: string | null;
	gross: Money; payable: Money; open: Money | null; overdue: boolean;
	sent_at: string | null; viewed_at: string | null; seen_at: string | null; accepted_at: string | null; declined_at: string | null; finalised_at: string | null; paid_at: string | null; reminded: number; reminded_at: string | null;
	created_at: string; removed_at: string | null;
}
export interface Short { id: Id; number: string | null; state: DocState; total: Money }
export interface Payment { id: Id; amount: Money; day: string; method: 'manual' | 'bank' | 'mollie' | 'stripe'; note?: string | null }

/* one, whole */
export interface Doc extends DocRow {
	deal: { id: Id; number: number; title: string } | null; contact: { id: Id; number: number; name: string } | null; account: { id: Id; number: number; name: string } | null; owner: { id: Id; name: string | null } | null;
	mode: Mode; buyer: Party | null; seller: Party | null; intro: string | null; notes: string | null; supplied: string | null; buyer_reference: string | null; order_reference: string | null;
	lines: Line[]; discount: string | null; discount_amount: string | null; discount_reason: string | null; prepaid: Money | null; rounding: Money | null; net: Money; vat: Money; received: Money | null; credited: Money | null; groups: DocGroup[];
	rate?: string | null; rate_day?: string | null; vat_euro?: Money | null;
	accepted_by: string | null; decline_reason: string | null;
	quote: { id: Id; number: string | null } | null; original: { id: Id; number: string | null } | null; invoices: Short[]; credit_notes: Short[]; order: { id: Id; number: string } | null; payments: Payment[];
	created_by: Id | null; portal: string | null;
}

/* ---- what is read ---- */

export const DOCS = ['documents'] as const;
export type ListOf = 'quotes' | 'invoices';

export interface Count { state: string; currency: string; count: number; total: Money; open: Money }
export interface DocPage extends Page<DocRow> { counts?: Count[] }
/* what a state of a list comes to: of invoices that wait for money, what is still to come */
const WAITS = new Set(['sent', 'viewed', 'partly_paid', 'overdue']);
export const sumOf = (list: ListOf, count: Count): Money => (list === 'invoices' && WAITS.has(count.state) ? count.open : count.total);

export const STATES: Readonly<Record<ListOf, readonly string[]>> = {
	quotes: ['draft', 'sent', 'viewed', 'accepted', 'declined', 'expired'],
	invoices: ['draft', 'sent', 'viewed', 'partly_paid', 'overdue', 'paid', 'cancelled'],
};

/* a period by its word, as days of this calendar */
export const PERIODS = ['month', 'last_month', 'quarter', 'last_quarter', 'year', 'last_year'] as const;
export type Period = (typeof PERIODS)[number];
export function daysOf(period: string | undefined, today: string): { from?: string; to?: string } {
	const [year = 0, month = 1] = today.split('-').map(Number);
	const day = (y: number, m: number, d: number) => new Date(Date.UTC(y, m, d)).toISOString().slice(0, 10);
	const span = (y: number, m: number, months: number) => ({ from: day(y, m, 1), to: day(y, m + months, 0) });
	const quarter = Math.floor((month - 1) / 3) * 3;
	switch (period) {
	case 'month': return span(year, month - 1, 1);
	case 'last_month': return span(year, month - 2, 1);
	case 'quarter': return span(year, quarter, 3);
	case 'last_quarter': return span(year, quarter - 3, 3);
	case 'year': return span(year, 0, 12);
	case 'last_year': return span(year - 1, 0, 12);
	default: return {};
	}
}

/* the filters of a list as they stand in the address, in the server's words */
export const FILTERS = ['q', 'status', 'owner', 'period', 'from', 'to', 'kind', 'archived'] as const satisfies ReadonlyArray<keyof AppSearch>;
export function askedOf(search: AppSearch, today: string): Record<string, string> {
	const days = { ...daysOf(search.period, today), ...(search.from ? { from: search.from } : {}), ...(search.to ? { to: search.to } : {}) };
	const ret: Record<string, string> = { ...days };
	for (const name of ['q', 'owner', 'kind'] as const)
		if (search[name])
			ret[name] = search[name];
	if (search.status)
		ret['state'] = search.status;
	if (search.archived)
		ret['removed'] = '1';
	return ret;
}

export function useDocs(list: ListOf, workspace: string | null, asked: Record<string, string>, sort: string | undefined) {
	return useInfiniteQuery({
		queryKey: [...DOCS, list, workspace ?? '', asked, sort ?? ''],
		queryFn: async ({ pageParam, signal }) => {
			await standing();
			return api<DocPage>('GET', `/api/crm/${list}${query({ workspace, ...asked, sort, limit: 100, count: pageParam ? null : 1, after: pageParam })}`, { signal });
		},
		initialPageParam: null as string | null,
		getNextPageParam: (last) => last.next,
		placeholderData: (old) => old,
	});
}

const isId = (id: string): boolean => /^[0-9a-f-]{36}$/i.test(id);

/* one by id, or by its number, which is another's in another workspace: from then on it is asked for by its id */
export function useDoc(id: string, workspace: string | null) {
	const by = (one: string) => ({
		queryKey: isId(one) ? [...DOCS, 'one', one] : [...DOCS, 'one', one, workspace ?? ''],
		queryFn: ({ signal }: { signal: AbortSignal }) => api<Doc>('GET', `/api/crm/documents/${encodeURIComponent(one)}${query({ workspace })}`, { signal }),
	});
	const first = useQuery(by(id));
	const second = useQuery({ ...by(first.data?.id ?? id), ...(first.data ? { placeholderData: first.data } : {}), enabled: first.data !== undefined });
	return second.data ? second : first;
}

export const readDoc = (id: Id): Promise<Doc> => queryClient.fetchQuery({ queryKey: [...DOCS, 'one', id], queryFn: () => api<Doc>('GET', `/api/crm/documents/${id}`), staleTime: 0 });
export const docsChanged = (): Promise<void> => queryClient.invalidateQueries({ queryKey: DOCS });

export interface Problem { rule: string; pointer: string; nl: string; en: string }
export interface DocFiles { version: number; pdf: { sha256: string; name: string } | null; ubl: { sha256: string; name: string } | null; problems: Problem[]; waiting: boolean }

export interface OrderShort { id: Id; number: string; title: string; total: Money | null; state: 'open' | 'done' | 'cancelled'; created_at?: string }
export type MoneyRow = Pick<DocRow, 'id' | 'workspace_id' | 'kind' | 'state' | 'number' | 'title' | 'issued' | 'due' | 'open' | 'overdue' | 'viewed_at' | 'seen_at' | 'sent_at' | 'created_at'> & { total: Money };
/* `open`: what is still to be paid, by currency */
export interface MoneyOf { quotes: MoneyRow[]; invoices: MoneyRow[]; orders: OrderShort[]; open: Money[] }

export type MoneyAbout = { kind: 'deal' | 'contact' | 'account'; id: Id };
export function useMoneyOf({ kind, id }: MoneyAbout) {
	return useQuery({
		queryKey: [...DOCS, 'of', kind, id],
		queryFn: ({ signal }) => api<MoneyOf>('GET', `/api/crm/money${query({ [`${kind}_id`]: id })}`, { signal }),
	});
}

/* ---- what the stream says ---- */

const ABOUT = /^(document\.|quote\.|invoice\.|credit_note\.|payment\.|order\.)/;

/* while a page shows them: they are read again a moment after something became of one */
export function useLiveDocs(): void {
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | null = null;
		const stop = onLive((note) => {
			if (note.kind === 'reset' || (note.kind === 'event' && ABOUT.test(note.event.type)))
				timer ??= setTimeout(() => {
					timer = null;
					void docsChanged();
				}, 250);
		});
		return () => {
			stop();
			if (timer)
				clearTimeout(timer);
		};
	}, []);
}

/* ---- how far one is ---- */

export type Shown = DocState | 'viewed' | 'overdue' | 'final';
export const TONE: Readonly<Record<Shown, string>> = {
	draft: 'stage-grey', sent: 'stage-blue', viewed: 'stage-purple', accepted: 'stage-green', declined: 'stage-red', expired: 'stage-orange', partly_paid: 'stage-teal', paid: 'stage-green', cancelled: 'stage-grey', overdue: 'stage-red', final: 'stage-orange',
};

/* what is said of it in one word: overdue and viewed are facts beside the state, and say more while it waits */
export function shownState(doc: Pick<DocRow, 'kind' | 'state' | 'overdue' | 'viewed_at' | 'sent_at'>): Shown {
	if (doc.overdue && (doc.state === 'sent' || doc.state === 'partly_paid'))
		return 'overdue';
	if (doc.state === 'sent' && !doc.sent_at)
		return 'final';
	return doc.state === 'sent' && doc.viewed_at ? 'viewed' : doc.state;
}

export type Step = 'send' | 'accept' | 'invoice' | 'finalise' | 'paid' | 'remind' | 'revise' | 'open_invoice' | 'none';

const isZero = (money: Money | null): boolean => !money || !/[1-9]/.test(money.amount);

/* the one thing to do next */
export function nextStep(doc: Doc): Step {
	if (doc.removed_at)
		return 'none';
	if (doc.state === 'draft')
		return 'send';
	if (doc.kind === 'quote') {
		switch (doc.state) {
		case 'sent': return 'accept';
		case 'accepted': return isZero(quoteLeft(doc)) && doc.invoices.length ? 'open_invoice' : 'invoice';
		case 'declined': case 'expired': return 'revise';
		default: return 'none';
		}
	}
	if (doc.kind === 'invoice' && (doc.state === 'sent' || doc.state === 'partly_paid'))
		return doc.sent_at === null ? 'send' : doc.overdue && doc.reminded < 3 ? 'remind' : 'paid';
	return doc.kind === 'credit_note' && doc.sent_at === null && doc.state === 'sent' ? 'send' : 'none';
}

/* of an accepted quote: what no invoice asks for yet, as far as is known here; the server has the last word */
export function quoteLeft(doc: Pick<Doc, 'gross' | 'invoices'>): Money {
	const digits = (doc.gross.amount.split('.')[1] ?? '').length;
	const units = (text: string) => BigInt(text.replace('.', ''));
	const left = doc.invoices.filter((one) => one.state !== 'cancelled').reduce((sum, one) => sum - units(one.total.amount), units(doc.gross.amount));
	const text = (left < 0n ? -left : left).toString().padStart(digits + 1, '0');
	return { amount: `${left < 0n ? '-' : ''}${digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text}`, currency: doc.gross.currency };
}

export const listOf = (kind: DocKind): ListOf => (kind === 'quote' ? 'quotes' : 'invoices');
/* where one stands: by its number, which people know, else by its id */
export const placeOf = (doc: { kind: DocKind; number: string | null; id: Id }): string => `/${listOf(doc.kind)}/${encodeURIComponent(doc.number ?? doc.id)}`;
