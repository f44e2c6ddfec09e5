/* What is read of requests, and how they are read again. What comes in while somebody looks is asked for again every few seconds. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api, query } from '../../api/client';
import { askLines } from '../../api/ndjson';
import { queryClient } from '../../api/queries';
import type { Id, Page } from '../../api/types';
import type { RuleBody } from './draft';
import type { Counts, Filter, Replay, ReplayLine, Request, Seen, WholeRequest } from './model';

const REQUESTS = ['requests'] as const;
export const requestsChanged = () => queryClient.invalidateQueries({ queryKey: REQUESTS });
const LIVE = 5000, SOON = 2000;

/* with no end to a period and none to a text: null and absent are the same */
export function useRequests(slug: string, filter: Filter, limit = 50) {
	return useInfiniteQuery({
		queryKey: [...REQUESTS, 'list', slug, filter, limit], initialPageParam: '', getNextPageParam: (last: Page<Request>) => last.next ?? undefined, refetchInterval: LIVE,
		queryFn: ({ pageParam, signal }) => api<Page<Request>>('GET', `/api/submissions${query({ workspace: slug, ...filter, after: pageParam, limit })}`, { signal }),
	});
}

/* those that came by one source since somebody looks, the latest first */
export function useArrived(slug: string, source: Id): Request[] {
	const look = useId();
	const [before, setBefore] = useState<string | null>(null);
	const { data } = useQuery({
		queryKey: [...REQUESTS, 'arrived', slug, source, look], gcTime: 0, refetchInterval: SOON,
		queryFn: async ({ signal }) => (await api<Page<Request>>('GET', `/api/submissions${query({ workspace: slug, source, limit: 20 })}`, { signal })).data,
	});
	/* ids grow with time */
	if (data && before === null)
		setBefore(data[0]?.id ?? '');
	return before === null ? [] : (data ?? []).filter((one) => one.id > before);
}

export function useCounts(slug: string, filter: Pick<Filter, 'source' | 'from'>) {
	return useQuery<Counts>({ queryKey: [...REQUESTS, 'counts', slug, filter], refetchInterval: LIVE, placeholderData: (old) => old, queryFn: ({ signal }) => api<Counts>('GET', `/api/submissions/counts${query({ workspace: slug, ...filter })}`, { signal }) });
}

export function useRequest(slug: string, id: Id | null) {
	return useQuery({ queryKey: [...REQUESTS, 'one', id], enabled: id !== null, queryFn: ({ signal }) => api<WholeRequest>('GET', `/api/submissions/${id ?? ''}${query({ workspace: slug })}`, { signal }) });
}

/* those that named no client of the agency: they stand in its home, which no workspace is asked for */
export function useNobodys(admin: boolean) {
	return useQuery({ queryKey: [...REQUESTS, 'nobodys'], enabled: admin, refetchInterval: LIVE, queryFn: async ({ signal }) => (await api<Page<Request>>('GET', `/api/submissions${query({ outcome: 'no_workspace', limit: 50 })}`, { signal })).data });
}

/* what these requests would be by such rules; nothing is written */
export async function preview(slug: string, ids: Id[], mapping: RuleBody[], signal: AbortSignal): Promise<Seen[]> {
	return (await api<{ data: Seen[] }>('POST', `/api/submissions/preview${query({ workspace: slug })}`, { body: { ids, mapping }, signal })).data;
}

export const replay = (slug: string, ask: Replay, tell: (line: ReplayLine) => void, signal: AbortSignal): Promise<void> => askLines(`/api/submissions/replay${query({ workspace: slug })}`, ask, tell, signal);

/* ---- the way in that a request came by ---- */

export interface Source { id: Id; kind: string; name: string | null; mapping: RuleBody[] | null; version: number }

export const SOURCES = ['sources'] as const;
export const sourcePath = (id: Id, slug: string): string => `/api/sources/${id}${query({ workspace: slug })}`;
export function useSource(slug: string, id: Id) {
	return useQuery({ queryKey: [...SOURCES, slug, 'one', id], staleTime: Infinity, queryFn: ({ signal }) => api<Source>('GET', sourcePath(id, slug), { signal }) });
}

/* those that there are, and those that were: what came by them stays */
export function useWaysIn(slug: string) {
	return useQuery({
		queryKey: [...SOURCES, slug, 'ways'], staleTime: 30_000,
		queryFn: async ({ signal }) => (await Promise.all([null, '1'].map((removed) => api<{ data: Source[] }>('GET', `/api/sources${query({ workspace: slug, limit: '200', removed })}`, { signal })))).flatMap((page) => page.data),
	});
}
