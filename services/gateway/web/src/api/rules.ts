/* Rules, what they decided and what they may be made of, as the API tells them. Which events, facts and commands there are is the server's
   list (GET /api/crm/rules/catalogue); here it is only asked for. Knows no page. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, query } from './client';
import { queryClient } from './queries';
import type { Id, Page } from './types';

export type SpanUnit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months';
export type Span = Partial<Record<SpanUnit, number>>;
export interface ConditionBody { fact: string; op: string; value?: unknown }
export type GroupBody = { all: NodeBody[] } | { any: NodeBody[] } | { none: NodeBody[] };
export type NodeBody = ConditionBody | GroupBody;
export type StepBody = { do: string; with?: Record<string, unknown> } | { wait: Span } | { if: GroupBody; then: StepBody[]; else?: StepBody[] } | { stop: true };
export type WhenBody = { event: string; after?: Span } | { before: string; by: Span; at: string } | { quiet: string; for: Span } | { each: string[]; at: string };
export interface Body { when: WhenBody; if?: GroupBody; then: StepBody[] }

export interface Rule {
	id: Id; workspace_id: Id; name: string;
	/* one that the product brought: which */
	preset: string | null;
	enabled: boolean; owner_id: Id | null; position: number; limit_per_hour: number; version: number; rule_version_id: Id; body: Body;
	created_at: string; updated_at: string; removed_at: string | null;
	/* of the last 30 days */
	fired: number; fired_at: string | null; waiting: number; refused: number;
}
export interface RuleVersion { rule_version_id: Id; n: number; body: Body; made_by: Id | null; made_at: string }
export interface WholeRule extends Rule { versions: RuleVersion[] }

export type FactKind = 'text' | 'choice' | 'number' | 'flag' | 'time' | 'date' | 'money' | 'id' | 'list' | 'own';
export interface FactInfo { name: string; kind: FactKind; noun?: string | null; choices?: string[] | null; doc?: string }
export interface CommandField { name: string; kind: string; noun?: string | null; choices?: string[] | null; required?: boolean; found?: boolean; doc?: string }
export interface CommandInfo { name: string; service: string; doc?: string; fields: CommandField[] }
export interface EventInfo { type: string; doc?: string; records?: string[]; facts: FactInfo[] }
export interface Catalogue {
	events: EventInfo[];
	/* of records and of history */
	facts: FactInfo[];
	operators: Partial<Record<FactKind, string[]>>;
	commands: CommandInfo[];
	limits?: Record<string, number>;
}

export type FiringState = 'running' | 'waiting' | 'done' | 'refused' | 'unmet' | 'stopped' | 'limited';
export interface FiringStep {
	step: number; do?: string; wait?: string; branch?: string; stop?: boolean; failed?: number; condition?: ConditionBody; value?: unknown; unknown?: boolean; state?: string | null; action_id?: Id | null; at?: string | null;
	record_id?: Id | null; number?: number | null; code?: string | null; detail?: string | null;
}
export interface Firing { id: Id; rule_id: Id; rule_version_id: Id; name: string; preset: string | null; state: FiringState; due_at: string | null; at: string; ended_at: string | null; steps: FiringStep[] }
export interface Decision {
	id: Id; type: string; at: string; label?: string | null; deal_id?: Id | null; lead_id?: Id | null; contact_id?: Id | null; account_id?: Id | null; document_id?: Id | null;
	actor_id?: Id | null; depth?: number; took_us?: number | null; skipped?: string | null; asked?: number | null; firings: Firing[];
}
export interface AskedRule { rule_id: Id; rule_version_id: Id; name: string; preset?: string | null; matched: boolean; later?: boolean; failed?: number | null; condition?: ConditionBody | null; value?: unknown; unknown?: boolean }
export interface WholeDecision extends Decision { rules: AskedRule[]; facts: Record<string, unknown> }

const RULES = ['rules'] as const;
const DECISIONS = ['decisions'] as const;
export const rulesChanged = (): Promise<void> => Promise.all([queryClient.invalidateQueries({ queryKey: RULES }), queryClient.invalidateQueries({ queryKey: DECISIONS }), queryClient.invalidateQueries({ queryKey: ['audit'] })]).then(() => undefined);

export function useRules(workspace: string | null, enabled = true) {
	return useQuery({
		queryKey: [...RULES, workspace ?? ''], enabled, staleTime: 30_000,
		queryFn: async ({ signal }) => (await api<{ data: Rule[] }>('GET', `/api/crm/rules${query({ workspace })}`, { signal })).data,
	});
}

export function useRule(id: Id | null, workspace: string | null) {
	return useQuery({
		queryKey: [...RULES, workspace ?? '', 'one', id], enabled: id !== null,
		queryFn: ({ signal }) => api<WholeRule>('GET', `/api/crm/rules/${id ?? ''}${query({ workspace })}`, { signal }),
	});
}

export function useRuleCatalogue(workspace: string | null) {
	return useQuery({
		queryKey: ['rule catalogue'], staleTime: Infinity,
		queryFn: ({ signal }) => api<Catalogue>('GET', `/api/crm/rules/catalogue${query({ workspace })}`, { signal }),
	});
}

export interface DecisionFilter { rule?: string | undefined; record?: string | undefined; state?: string | undefined; unmatched?: boolean | undefined }

export function useDecisions(workspace: string | null, { rule, record, state, unmatched }: DecisionFilter) {
	return useInfiniteQuery({
		queryKey: [...DECISIONS, workspace ?? '', rule ?? '', record ?? '', state ?? '', unmatched ? '1' : ''],
		initialPageParam: '',
		queryFn: ({ pageParam, signal }) => api<Page<Decision>>('GET', `/api/crm/decisions${query({ workspace, rule_id: rule, record, state, unmatched: unmatched ? '1' : null, after: pageParam, limit: 30 })}`, { signal }),
		getNextPageParam: (last) => last.next ?? undefined,
	});
}

export function useDecision(id: Id, workspace: string | null) {
	return useQuery({
		queryKey: [...DECISIONS, workspace ?? '', 'one', id],
		queryFn: ({ signal }) => api<WholeDecision>('GET', `/api/crm/decisions/${id}${query({ workspace })}`, { signal }),
	});
}

export interface RuleProblem { pointer: string; code: string; detail: string }

/* what is wrong with a body, by JSON pointers into it */
export async function checkRule(workspace: string | null, body: unknown, signal?: AbortSignal): Promise<RuleProblem[]> {
	const said = await api<{ problems?: RuleProblem[]; errors?: RuleProblem[] }>('POST', `/api/crm/rules/check${query({ workspace })}`, { body: { body }, ...(signal ? { signal } : {}) });
	return said.problems ?? said.errors ?? [];
}

/* ---- a dry run ---- */

/* what a rule did act on since then, by the events' ids, the latest ones; whole: these are all of them */
export async function actedOn(workspace: string | null, rule: Id, since: number, record: string | undefined, signal: AbortSignal): Promise<{ ids: Set<Id>; whole: boolean }> {
	const ids = new Set<Id>();
	let after: string | null = null;
	for (let page = 0; page < 10; page++) {
		const said: Page<Decision> = await api<Page<Decision>>('GET', `/api/crm/decisions${query({ workspace, rule_id: rule, record, after, limit: 200 })}`, { signal });
		for (const one of said.data) {
			if (Date.parse(one.at) < since)
				return { ids, whole: true };
			if (one.firings.some((firing) => firing.rule_id === rule && firing.state !== 'limited' && firing.state !== 'unmet'))
				ids.add(one.id);
		}
		after = said.next ?? null;
		if (!after)
			return { ids, whole: true };
	}
	return { ids, whole: false };
}
