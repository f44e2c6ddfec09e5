/* The server's state as react-query sees it: one key a read, said here only, so that a live event can find it.
   Never holds view state: which workspace, which deal and which tab stand in the URL. */
import { QueryClient, keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, Problem, query } from './client';
import { rereadLate } from './late';
import { heardUpTo, repeatSince, standing } from './live';
import { photoOf } from '../ui/bits';
import { board } from '../features/deals/store';
import type { Card, Deal, FileEntry, Id, Lead, Me, Member, Page, Person, Pipeline, TimelineEntry } from './types';

export const queryClient = new QueryClient({
	defaultOptions: {
		queries: {
			staleTime: 30_000,
			refetchOnWindowFocus: false,
			retry: (count, fault) => !(fault instanceof Problem && fault.status >= 400 && fault.status < 500 && fault.status !== 429) && count < 3,
			retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4000),
		},
	},
});

rereadLate(queryClient);

export const keys = {
	me: ['me'] as const,
	pipeline: (workspace: string | null, filter: Record<string, string> = {}) => ['pipeline', workspace ?? '', filter] as const,
	members: (workspace: string | null) => ['members', workspace ?? ''] as const,
	deal: (id: string) => ['deal', id] as const,
	timeline: (id: string) => ['timeline', id] as const,
	files: (id: string) => ['files', id] as const,
	person: (id: string) => ['person', id] as const,
	lead: (id: string) => ['lead', id] as const,
	leads: ['leads'] as const,
};

export const loadMe = (): Promise<Me> => queryClient.fetchQuery({
	queryKey: keys.me,
	queryFn: () => api<Me>('GET', '/api/me'),
	staleTime: 60_000,
});

export function useMembers(workspace: string | null) {
	return useQuery({
		queryKey: keys.members(workspace),
		queryFn: ({ signal }) => api<{ data: Member[] }>('GET', `/api/crm/members${query({ workspace })}`, { signal }),
		staleTime: 5 * 60_000,
		select: (reply) => reply.data,
	});
}

export function useMemberNames(workspace: string | null): ReadonlyMap<Id, string> {
	const { data } = useQuery({
		queryKey: keys.members(workspace),
		queryFn: ({ signal }) => api<{ data: Member[] }>('GET', `/api/crm/members${query({ workspace })}`, { signal }),
		staleTime: 5 * 60_000,
		select: namesOf,
	});
	return data ?? NO_NAMES;
}

export function useMemberPhotos(workspace: string | null): ReadonlyMap<Id, string> {
	const { data } = useQuery({
		queryKey: keys.members(workspace),
		queryFn: ({ signal }) => api<{ data: Member[] }>('GET', `/api/crm/members${query({ workspace })}`, { signal }),
		staleTime: 5 * 60_000,
		select: photosOf,
	});
	return data ?? NO_NAMES;
}

const photosOf = (reply: { data: Member[] }): ReadonlyMap<Id, string> => new Map(reply.data.flatMap((member) => {
	const url = photoOf(member);
	return url ? [[member.id, url] as const] : [];
}));

const NO_NAMES: ReadonlyMap<Id, string> = new Map();
const namesOf = (reply: { data: Member[] }): ReadonlyMap<Id, string> => new Map(reply.data.map((member) => [member.id, member.name]));

/* `filter`: only the deals that fit it, and their sums */
export function usePipelines(workspace: string | null, enabled: boolean, filter: Record<string, string> = {}) {
	return useQuery({
		queryKey: keys.pipeline(workspace, filter),
		queryFn: async ({ signal }) => {
			const began = performance.now();
			const { data } = await api<{ data: Pipeline[] }>('GET', `/api/crm/pipeline${query({ workspace, ...filter })}`, { signal });
			board.load(workspace ?? '', data, filter);
			repeatSince(began);
			return data;
		},
		enabled,
		placeholderData: (old, before) => (before?.queryKey[1] === (workspace ?? '') ? old : undefined), /* another filter of the same board */
		staleTime: Infinity, /* the stream keeps it fresh; a reset reads it again */
		gcTime: 0, /* the cards live in the store, which holds one scope */
	});
}

const dealBy = (id: string, workspace: string | null) => ({
	queryKey: keys.deal(id),
	queryFn: ({ signal }: { signal: AbortSignal }) => api<Deal>('GET', `/api/crm/deals/${encodeURIComponent(id)}${query({ workspace })}`, { signal }),
});

/* one asked for by its number is from then on asked for by its id, under which all that is live finds it */
export function useDeal(id: string, workspace: string | null) {
	const first = useQuery(dealBy(id, workspace));
	const second = useQuery({ ...dealBy(first.data?.id ?? id, workspace), ...(first.data ? { placeholderData: first.data } : {}) });
	return second.data ? second : first;
}

export function usePerson(deal: Card) {
	const id = deal.contact_id ?? deal.lead_id;
	return useQuery({
		queryKey: keys.person(id ?? ''),
		queryFn: ({ signal }) => api<Person>('GET', deal.contact_id ? `/api/crm/contacts/${deal.contact_id}` : `/api/crm/leads/${deal.lead_id ?? ''}`, { signal }),
		enabled: id !== null,
	});
}

export function useLead(id: Id | null) {
	return useQuery({
		queryKey: keys.lead(id ?? ''),
		queryFn: ({ signal }) => api<Lead>('GET', `/api/crm/leads/${id ?? ''}`, { signal }),
		enabled: id !== null,
	});
}

export function useTimeline(id: Id, kind: string | null = null, of: 'lead' | 'deal' | 'contact' | 'account' = 'deal') {
	return useInfiniteQuery({
		queryKey: [...keys.timeline(id), kind ?? ''],
		queryFn: ({ pageParam, signal }) =>
			api<Page<TimelineEntry>>('GET', `/api/crm/${of}s/${id}/timeline${query({ after: pageParam, kind })}`, {
				signal, after: heardUpTo(),
				onStale: () => setTimeout(() => void queryClient.invalidateQueries({ queryKey: keys.timeline(id) }), 1000),
			}),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: keepPreviousData,
	});
}

export function useFiles(id: Id, of: 'lead' | 'deal' | 'contact' | 'account' = 'deal') {
	return useQuery({
		queryKey: keys.files(id),
		queryFn: async ({ signal }) => (await api<{ data: FileEntry[] }>('GET', `/api/crm/${of}s/${id}/files`, { signal })).data,
	});
}

export interface LeadFilter { workspace: string | null; status: string | null; q: string | null; source?: string | null; owner?: string | null; segment?: string | null; unanswered?: string | null; sort?: string | null; created_from?: string | null; created_to?: string | null }

export function useLeads(filter: LeadFilter) {
	return useInfiniteQuery({
		queryKey: [...keys.leads, filter],
		queryFn: async ({ pageParam, signal }) => {
			await standing();
			return api<Page<Lead>>('GET', `/api/crm/leads${query({ ...filter, after: pageParam, limit: 50, count: pageParam ? null : 1 })}`, { signal });
		},
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: keepPreviousData,
	});
}

/* a lead by id or number, as its panel shows it */
export function useLeadPanel(id: string, workspace: string | null) {
	return useQuery({
		queryKey: [...keys.lead(id), 'panel'],
		queryFn: ({ signal }) => api<Lead>('GET', `/api/crm/leads/${encodeURIComponent(id)}${query({ workspace })}`, { signal }),
	});
}

/* deals that are opportunities: what has been qualified, the latest move first unless asked otherwise */
export function useOpportunities(workspace: string | null, q: string | null, sort: string | null, segment: string | null) {
	return useInfiniteQuery({
		queryKey: ['opportunities', workspace ?? '', q ?? '', sort ?? '', segment ?? ''],
		queryFn: async ({ pageParam, signal }) => {
			await standing();
			return api<Page<Card>>('GET', `/api/crm/opportunities${query({ workspace, q, sort, segment, after: pageParam, limit: 50 })}`, { signal });
		},
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: keepPreviousData,
	});
}
