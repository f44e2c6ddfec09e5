/* What is read of ways in, and where they are written. */
import { useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id } from '../../api/types';
import { forLeads, type Source } from './source-model';

export const SOURCES = ['sources'] as const;
export const sourcesChanged = () => queryClient.invalidateQueries({ queryKey: SOURCES });
/* an id says what it is of; the workspace says in which seat it is asked */
export const sourcePath = (id: Id, slug: string, what = ''): string => `/api/sources/${id}${what}${query({ workspace: slug })}`;

/* `removed`: only those that take nothing any more */
export function useSources(slug: string, removed = false) {
	return useQuery({
		queryKey: [...SOURCES, slug, removed],
		queryFn: async ({ signal }) => (await api<{ data: Source[] }>('GET', `/api/sources${query({ workspace: slug, limit: '200', removed: removed ? '1' : null })}`, { signal })).data.filter(forLeads),
	});
}
