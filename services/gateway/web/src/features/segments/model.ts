/* Segments as the API tells them: conditions under a name, and how many records fit. Which fields there are, and what may be asked of
   each, is the server's list (proto/conditions.c); here it is only offered. Knows no page. */
import { useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { OwnField } from '../../api/boards';
import type { Id } from '../../api/types';

export const OF = ['contact', 'account', 'lead', 'deal'] as const;
export type Of = (typeof OF)[number];
export type Kind = 'text' | 'pick' | 'owner' | 'stage' | 'there' | 'tag' | 'number' | 'money' | 'sum' | 'time' | 'own_number' | 'own_money' | 'own_date' | 'own_pick' | 'own_flag';
export const OPS = {
	text: ['is', 'is_not', 'contains', 'contains_not', 'empty', 'filled'], pick: ['is', 'is_not', 'empty', 'filled'], owner: ['is', 'is_not'], stage: ['is', 'is_not'], there: ['filled', 'empty'],
	tag: ['is', 'is_not', 'empty', 'filled'], number: ['more', 'less', 'is'], money: ['more', 'less', 'is', 'empty', 'filled'], sum: ['more', 'less', 'is'],
	time: ['within', 'not_within', 'before', 'after', 'empty', 'filled'],
	own_number: ['more', 'less', 'is', 'empty', 'filled'], own_money: ['more', 'less', 'empty', 'filled'], own_date: ['before', 'after', 'is', 'empty', 'filled'],
	own_pick: ['is', 'is_not', 'empty', 'filled'], own_flag: ['is', 'empty', 'filled'],
} as const satisfies Record<Kind, readonly string[]>;
export type Op = (typeof OPS)[Kind][number];

const everybody = { tag: 'tag', owner: 'owner', created_at: 'time', last_activity: 'time', planned: 'there' } as const;
const dealings = { deals_open: 'number', deals_won: 'number', value_open: 'sum', value_won: 'sum' } as const;
export const FIELDS = {
	contact: { name: 'text', email: 'text', phone: 'text', company: 'text', job_title: 'text', type: 'pick', status: 'text', account: 'there', ...everybody, ...dealings },
	account: { name: 'text', industry: 'text', city: 'text', country: 'text', website: 'text', lifecycle: 'pick', client_at: 'time', annual_revenue: 'money', people: 'number', ...everybody, ...dealings },
	lead: { form_type: 'text', outcome: 'pick', stage: 'stage', value: 'money', ...everybody },
	deal: { outcome: 'pick', stage: 'stage', value: 'money', closed_at: 'time', ...everybody },
} as const satisfies Record<Of, Record<string, Kind>>;
export type Field = { [K in Of]: keyof (typeof FIELDS)[K] }[Of];
export const PICKS: Partial<Record<Field, readonly string[]>> = {
	type: ['customer', 'contractor', 'vendor', 'partner', 'other'], lifecycle: ['prospect', 'client'], outcome: ['open', 'won', 'lost'],
};
const OWN: Record<OwnField['kind'], Kind> = { text: 'text', url: 'text', number: 'own_number', money: 'own_money', date: 'own_date', choice: 'own_pick', boolean: 'own_flag' };
export const ownField = (own: readonly OwnField[], field: string): OwnField | undefined => own.find((one) => `custom.${one.key}` === field);
/* `own`: the fields that the workspace gave these records */
export const kindOf = (of: Of, field: string, own: readonly OwnField[]): Kind => {
	const mine = ownField(own, field);
	return mine ? OWN[mine.kind] : (FIELDS[of] as Record<string, Kind>)[field] ?? 'text';
};
export const isKnown = (of: Of, field: string): field is Field => field in FIELDS[of];
export const fieldsOf = (of: Of, own: readonly OwnField[]): string[] => [...Object.keys(FIELDS[of]), ...own.filter((one) => !one.retired).map((one) => `custom.${one.key}`)];
/* whether it may be one of several values */
export const takesSeveral = (kind: Kind, op: Op): boolean => (op === 'is' || op === 'is_not') && ['text', 'pick', 'owner', 'stage', 'tag', 'own_pick'].includes(kind);
export const needsValue = (op: Op): boolean => op !== 'empty' && op !== 'filled';

export interface Condition { field: string; op: Op; value?: unknown }
export type Conditions = { all: Condition[] } | { any: Condition[] };
export interface Segment { id: Id; workspace_id: Id; name: string; of: Of; conditions: Conditions; version: number; created_at: string; created_by: Id | null; counting: boolean; size: number }
export interface Would { size: number; sample: Array<{ id: Id; title: string | null }> }

export const SEGMENTS = ['segments'] as const;

export function useSegments(workspace: string | null, enabled = true) {
	return useQuery({
		queryKey: [...SEGMENTS, workspace ?? ''],
		queryFn: async ({ signal }) => (await api<{ data: Segment[] }>('GET', `/api/crm/segments${query({ workspace })}`, { signal })).data,
		staleTime: 60_000, /* the stream says when somebody joins or leaves */
		refetchInterval: ({ state }) => (state.data?.some((one) => one.counting) ? 1000 : false),
		enabled,
	});
}

/* null: not all of it is said yet */
export function useWould(workspace: string, of: Of, conditions: Conditions | null) {
	return useQuery({
		queryKey: [...SEGMENTS, 'would', workspace, of, conditions],
		queryFn: ({ signal }) => api<Would>('GET', `/api/crm/segments/preview${query({ workspace, of, conditions: JSON.stringify(conditions) })}`, { signal }),
		enabled: conditions !== null,
		placeholderData: (old) => old,
	});
}

export const segmentsChanged = async (): Promise<void> => { await Promise.all([queryClient.invalidateQueries({ queryKey: SEGMENTS }), queryClient.invalidateQueries({ queryKey: ['audit'] })]); };

/* where what is in it stands as a list */
export const LIST_OF = { contact: '/contacts', account: '/accounts', lead: '/leads', deal: '/deals/table' } as const satisfies Record<Of, string>;
export const FILE_OF = { contact: 'contacts', account: 'accounts', lead: 'leads', deal: 'deals' } as const satisfies Record<Of, string>;
