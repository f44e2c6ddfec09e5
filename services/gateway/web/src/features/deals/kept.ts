/* How a person likes the pages of deals, as the server keeps it: which columns and filters show and in what order (saved by hand), and the
   filter and order last used (kept by themselves). One object a workspace; another device's change is read when the stream tells of it. */
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { api, query } from '../../api/client';
import { onLive } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Id } from '../../api/types';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { type FilterValues, filtersOf, isPassing, useFilters } from './filters';

export const DENSITIES = ['compact', 'normal', 'roomy'] as const;
export type Density = typeof DENSITIES[number];

export interface Kept {
	columns?: string[];
	filters?: string[];
	density?: Density;
	sort?: string;
	values?: FilterValues;
	view?: string;
}
interface Preference { place: string; content: Kept; version: number }
const PLACE = 'deals';
const key = (workspace: string | null) => ['prefs', workspace ?? ''] as const;
const path = (workspace: string | null) => `/api/me/prefs${query({ workspace })}`;

export function useKept(at = PLACE): { kept: Kept; ready: boolean; save(change: { [K in keyof Kept]?: Kept[K] | null }): Promise<void> } {
	const { reads } = useScope();
	const { data, isPending } = useQuery({
		queryKey: key(reads),
		queryFn: async ({ signal }) => (await api<{ data: Preference[] }>('GET', path(reads), { signal })).data,
		staleTime: 5 * 60_000,
	});
	useEffect(() => onLive((note) => {
		if (note.kind !== 'event' || note.event.type !== 'prefs.changed' || note.event.data.place !== at)
			return;
		const { version } = note.event.data;
		const known = queryClient.getQueryData<Preference[]>(key(reads))?.find((one) => one.place === at);
		if ((known?.version ?? 0) < version)
			void queryClient.invalidateQueries({ queryKey: ['prefs'] });
	}), [reads, at]);
	const save = useCallback(async (change: { [K in keyof Kept]?: Kept[K] | null }) => {
		const put = (version: number | null) => queryClient.setQueryData<Preference[]>(key(reads), (old) => {
			const was = old?.find((one) => one.place === at) ?? { place: at, content: {}, version: 0 };
			const content = Object.fromEntries(Object.entries({ ...was.content, ...change }).filter(([, value]) => value !== null)) as Kept;
			return [...(old ?? []).filter((one) => one.place !== at), { place: at, content, version: Math.max(was.version, version ?? 0) }];
		});
		put(null);
		const { version } = await api<{ version: number }>('PUT', path(reads), { body: { place: at, content: change } });
		put(version);
	}, [reads, at]);
	const kept = useMemo(() => data?.find((one) => one.place === at)?.content ?? {}, [data, at]);
	return { kept, ready: !isPending, save };
}

const signOf = (values: FilterValues, sort: string | undefined) => JSON.stringify([Object.entries(values).sort(), sort ?? '']);

/* The filter and the order of last time come back where the address names none; each change of this page's address is kept a moment
   later. What another tab or device keeps meanwhile is never answered: two of them would answer each other without end. */
export function useKeepFilters(view: string): void {
	const { kept, ready, save } = useKept();
	const { reads } = useScope();
	const go = useGo();
	const values = useFilters();
	const { sort } = useAppSearch();
	const begun = useRef<string | null>(null);
	/* what this page last read or kept; whoever only looks writes nothing */
	const last = useRef('');
	useEffect(() => {
		const scope = reads ?? '';
		if (!ready)
			return undefined;
		if (begun.current !== scope) {
			begun.current = scope;
			const all = filtersOf(kept.values ?? {});
			const old = isPassing(all) ? {} : all; /* kept before it was known as passing */
			last.current = signOf(old, kept.sort);
			const back = { ...(Object.keys(values).length ? {} : old), ...(sort || !kept.sort ? {} : { sort: kept.sort }) };
			if (Object.keys(back).length) {
				go.search(back, true);
				return undefined;
			}
		}
		const sign = signOf(values, sort);
		if (last.current === sign || isPassing(values))
			return undefined;
		const timer = setTimeout(() => {
			last.current = sign;
			save({ values, sort: sort ?? null, view }).catch(() => undefined);
		}, 700);
		return () => clearTimeout(timer);
	}, [ready, kept, values, sort, reads, save, go, view]);
}

/* ---- views ---- */

export interface View { id: Id; workspace_id: Id; name: string; shared: boolean; owner_id: Id; content: Kept; version: number }

export function useViews(at = PLACE) {
	const { reads } = useScope();
	useEffect(() => onLive((note) => {
		if (note.kind === 'event' && note.event.type === 'view.changed')
			void queryClient.invalidateQueries({ queryKey: ['views'] });
	}), []);
	return useQuery({
		queryKey: ['views', reads ?? '', at],
		queryFn: async ({ signal }) => (await api<{ data: View[] }>('GET', `/api/crm/views${query({ workspace: reads, place: at })}`, { signal })).data,
		staleTime: 5 * 60_000,
	});
}

export const addView = (workspace: string | null, name: string, shared: boolean, content: Kept, at = PLACE) =>
	api<{ id: Id }>('POST', `/api/crm/views${query({ workspace })}`, { body: { place: at, name, shared, content } });
export const dropView = (view: View) => api<undefined>('DELETE', `/api/crm/views/${view.id}`);
