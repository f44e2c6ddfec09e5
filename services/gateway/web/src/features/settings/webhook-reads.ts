/* What is read and written of webhooks that go out: endpoints, deliveries, the events there are. What waits changes by itself, so it is asked again while
   it is looked at. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id, Page } from '../../api/types';
import { answered, type Delivery, type Endpoint, HOOKS, type SentState, type WholeDelivery } from './webhook-model';

export const hooksChanged = () => queryClient.invalidateQueries({ queryKey: HOOKS });
/* an id says what it is of; the workspace says in which seat it is asked */
export const hookPath = (id: Id, slug: string, what = '', more: Record<string, string | null | undefined> = {}): string => `/api/crm/webhooks/${id}${what}${query({ workspace: slug, ...more })}`;

export function useEndpoints(slug: string) {
	return useQuery({
		queryKey: [...HOOKS, 'all', slug], refetchInterval: 15_000,
		queryFn: async ({ signal }) => (await api<{ data: Endpoint[] }>('GET', `/api/crm/webhooks${query({ workspace: slug })}`, { signal })).data,
	});
}

export function useEndpoint(id: Id, slug: string) {
	return useQuery({ queryKey: [...HOOKS, 'one', id], refetchInterval: 5000, queryFn: ({ signal }) => api<Endpoint>('GET', hookPath(id, slug), { signal }) });
}

export function useDeliveries(id: Id, slug: string, state: SentState | null) {
	return useInfiniteQuery({
		queryKey: [...HOOKS, 'sent', id, state], initialPageParam: '', getNextPageParam: (last: Page<Delivery>) => last.next ?? undefined, refetchInterval: 5000,
		queryFn: ({ pageParam, signal }) => api<Page<Delivery>>('GET', hookPath(id, slug, '/deliveries', { state, after: pageParam, limit: '50' }), { signal }),
	});
}

/* looked at until there is something to say of it */
export function useDelivery(id: Id, slug: string) {
	return useQuery<WholeDelivery>({
		queryKey: [...HOOKS, 'delivery', id], refetchInterval: ({ state: { data } }) => (data && answered(data) ? 5000 : 700),
		queryFn: ({ signal }) => api<WholeDelivery>('GET', `/api/crm/deliveries/${id}${query({ workspace: slug })}`, { signal }),
	});
}

/* what there is to be told of: the same events that rules hear */
export function useEventTypes(slug: string) {
	return useQuery({
		queryKey: ['rules catalogue events', slug], staleTime: Infinity,
		queryFn: async ({ signal }) => (await api<{ events: Array<{ type: string }> }>('GET', `/api/crm/rules/catalogue${query({ workspace: slug })}`, { signal })).events.map((one) => one.type),
	});
}
