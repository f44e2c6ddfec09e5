/* The pages of the table that were read, and what the stream says of their rows: only the deals that changed are asked for again, under the same
   filter, and put where they belong. What cannot be placed here (an order of words) is read anew with its pages. */
import { hashKey, type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, query } from '../../api/client';
import { onLive, standing } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { CrmEvent, Id } from '../../api/types';
import type { FilterValues } from './filters';
import { patched, type TablePart } from './table-place';

type Pages = InfiniteData<TablePart, string | null>;
const PAGE = 100;
/* of more than these the pages are read anew */
const FEW = 50;
const SOON = 700;

export function useDealPages(path: string, asked: FilterValues) {
	return useInfiniteQuery({
		queryKey: ['deals-table', path, asked],
		queryFn: async ({ pageParam, signal }) => {
			await standing();
			return api<TablePart>('GET', `${path}${query({ ...asked, limit: PAGE, after: pageParam, count: pageParam ? null : 1 })}`, { signal });
		},
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: (old) => old,
	});
}

/* ---- what the stream says ---- */

interface Told { ids: Id[]; contact?: Id; account?: Id; tag?: Id; all?: boolean; later?: boolean }

/* which deals an event is about; `later`: pipeline hears of it from another service, so it is looked at once more */
function toldBy(event: CrmEvent): Told | null {
	const data = event.data as Record<string, unknown>;
	const id = (name: string) => (typeof data[name] === 'string' ? [data[name] as Id] : []);
	const { type } = event;
	if (type === 'deal.contact_linked' || type === 'deal.converted')
		return { ids: id('deal_id'), later: true };
	if (type.startsWith('deal.'))
		return { ids: id('deal_id') };
	if (/^(activity\.|record\.tagged$)/.test(type))
		return data['about'] === 'deal' || data['about'] === 'lead' ? { ids: id('record_id'), later: true } : null;
	if (/^lead\.(updated|qualified|contact_linked)$/.test(type))
		return { ids: id('lead_id'), later: true };
	if (type === 'contact.updated')
		return { ids: [], contact: data['contact_id'] as Id, later: true };
	if (type === 'account.updated')
		return { ids: [], account: data['account_id'] as Id, later: true };
	if (type === 'tag.changed')
		return { ids: [], tag: data['tag_id'] as Id, later: true };
	return type === 'board.changed' || type === 'catalogue.changed' ? { ids: [], all: true } : null;
}

export function useLiveTable(path: string, asked: FilterValues): void {
	useEffect(() => {
		const key = ['deals-table', path, asked];
		const changed = new Set<Id>();
		let timer: ReturnType<typeof setTimeout> | null = null;
		const timers = new Set<ReturnType<typeof setTimeout>>();
		let over = false;
		const pages = () => queryClient.getQueryData<Pages>(key);
		const anew = () => void queryClient.invalidateQueries({ queryKey: ['deals-table'] });
		const others = () => void queryClient.invalidateQueries({ queryKey: ['deals-table'], refetchType: 'none', predicate: (one) => one.queryHash !== hashKey(key) });

		const count = () => api<TablePart>('GET', `${path}${query({ ...asked, limit: 1, count: 1 })}`).then(({ total, more }) => {
			queryClient.setQueryData<Pages>(key, (old) => old && { ...old, pages: old.pages.map((page, at) => (at || total === undefined ? page : { ...page, total, ...(more === undefined ? {} : { more }) })) });
		}).catch(() => undefined);

		const look = async () => {
			timer = null;
			const ids = new Set(changed);
			changed.clear();
			const query1 = queryClient.getQueryState(key);
			if (query1?.fetchStatus === 'fetching') { /* what is under way would be laid over */
				for (const id of ids)
					changed.add(id);
				timer = setTimeout(() => void look(), 150);
				return;
			}
			if (!ids.size || !pages())
				return;
			others();
			if (ids.size > FEW) {
				anew();
				return;
			}
			try {
				const { data } = await api<TablePart>('GET', `${path}${query({ ...asked, id: [...ids].join(','), limit: FEW })}`);
				const known = pages();
				if (over || !known)
					return;
				const next = patched(known.pages, ids, data, asked['sort']);
				if (!next || queryClient.getQueryState(key)?.fetchStatus === 'fetching') {
					anew();
					return;
				}
				queryClient.setQueryData<Pages>(key, { ...known, pages: next.pages });
				if (next.gone || next.came)
					void count();
			} catch {
				anew();
			}
		};
		const soon = (ids: readonly Id[]) => {
			for (const id of ids)
				changed.add(id);
			if (ids.length)
				timer ??= setTimeout(() => void look(), SOON);
		};
		const stop = onLive((note) => {
			const told = note.kind === 'event' ? toldBy(note.event) : null;
			if (!told)
				return;
			if (told.all) {
				anew();
				return;
			}
			const rows = told.contact || told.account || told.tag ? (pages()?.pages ?? []).flatMap((page) => page.data) : [];
			const ids = [...told.ids, ...rows.filter((row) => (told.contact ? row.contact_id === told.contact : told.account ? row.account_id === told.account : row.tags?.some((tag) => tag.id === told.tag))).map((row) => row.id)];
			soon(ids);
			if (told.later) {
				const again = setTimeout(() => { timers.delete(again); soon(ids); }, SOON + 200);
				timers.add(again);
			}
		});
		return () => {
			over = true;
			stop();
			if (timer)
				clearTimeout(timer);
			for (const one of timers)
				clearTimeout(one);
		};
	}, [path, asked]);
}
