/* Whom and what a mention may name, and what is known of what one names: asked when it is wanted, kept for a minute. What one may
   not see the server does not give. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, Problem, query } from '../../api/client';
import type { Id } from '../../api/types';
import type { IconName } from '../../ui/icons';
import type { MentionKind } from './tokens';

export interface Candidate { kind: MentionKind; id: Id; number: number | null; label: string; detail: string | null }

export const ICON: Record<MentionKind, IconName> = { user: 'user', lead: 'leads', opportunity: 'board', account: 'building', contact: 'profile' };

export function useCandidates(q: string, kind: MentionKind | null, workspace: string | null, enabled: boolean) {
	return useQuery({
		queryKey: ['mention candidates', workspace ?? '', kind ?? '', q],
		queryFn: async ({ signal }) => (await api<{ data: Candidate[] }>('GET', `/api/crm/mention-candidates${query({ q, kind, workspace })}`, { signal })).data,
		enabled, placeholderData: keepPreviousData, staleTime: 10_000, retry: false, /* whoever types on asks again */
	});
}

/* what this reader may know of a mention: its name as it is now, and whether it can be opened */
export interface Told { kind: MentionKind; id: Id; number?: number | null; label?: string | null; visible: boolean }

/* all that a page shows is asked for at once */
const MOST = 100;
let waiting = new Map<string, Array<{ done(told: Told | null): void; failed(fault: unknown): void }>>();

function ask(): void {
	const asked = [...waiting];
	waiting = new Map();
	for (let from = 0; from < asked.length; from += MOST) {
		const some = asked.slice(from, from + MOST);
		api<{ data: Told[] }>('GET', `/api/crm/mentions${query({ of: some.map(([name]) => name).join(',') })}`).then(({ data }) => {
			for (const [name, all] of some)
				for (const one of all)
					one.done(data.find((told) => `${told.kind}:${told.id}` === name) ?? null);
		}, (fault: unknown) => { for (const [, all] of some) for (const one of all) one.failed(fault); });
	}
}

export function useTold(kind: MentionKind, id: Id, enabled: boolean) {
	return useQuery({
		queryKey: ['mention', kind, id],
		queryFn: () => new Promise<Told | null>((done, failed) => {
			if (!waiting.size)
				setTimeout(ask, 10);
			const name = `${kind}:${id}`;
			waiting.set(name, [...(waiting.get(name) ?? []), { done, failed }]);
		}),
		enabled, staleTime: 60_000,
	});
}

const PLACE = { lead: 'leads', opportunity: 'opportunities', account: 'accounts', contact: 'contacts' } as const;
export type Known = Record<string, unknown> & { id: Id; number?: number; workspace_id?: Id };

export function useMentioned(kind: MentionKind, id: Id, enabled: boolean) {
	return useQuery({
		queryKey: ['mentioned', kind, id],
		queryFn: ({ signal }) => api<Known>('GET', `/api/crm/${PLACE[kind as keyof typeof PLACE]}/${id}`, { signal }),
		enabled: enabled && kind !== 'user', staleTime: 60_000,
	});
}

export const isGone = (fault: unknown): boolean => fault instanceof Problem && (fault.status === 404 || fault.status === 403);
