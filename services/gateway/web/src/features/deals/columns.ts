/* All pipelines that are looked at as one board: stages with the same key stand in one column, whichever workspace they are
   of, so an agency sees its clients side by side. A card moves among the stages of its own pipeline alone. */
import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Card, Id, Label, Money, MoveMode, Pipeline, Stage, StageKind } from '../../api/types';
import { mergeSums } from '../../lib/money';
import { board, type Totals } from './store';

export interface Column {
	id: string;
	key: string;
	kind: StageKind;
	label: Label;
	colour: string;
	probability: number;
	/* the stages agree on the probability, so that their sum can be weighted by it */
	weighs: boolean;
	stageIds: readonly Id[];
}

export interface Plan {
	columns: Column[];
	/* stage → its pipeline */
	pipelineOf: ReadonlyMap<Id, Pipeline>;
}

const RANK: Record<StageKind, number> = { open: 0, won: 1, lost: 2 };
const byPosition = (a: Stage, b: Stage) => a.position - b.position;
const idOf = (stage: Stage) => `${stage.key}/${stage.kind}`;

/* every pipeline's own order is kept; where they say nothing about each other, the likelier to be won stands further on */
function ordered(pipelines: readonly Pipeline[], stages: ReadonlyMap<string, Stage[]>): string[] {
	const before = new Map<string, Set<string>>([...stages.keys()].map((id) => [id, new Set()]));
	for (const pipeline of pipelines) {
		const ids = [...pipeline.stages].sort(byPosition).map(idOf);
		ids.forEach((id, at) => { for (const earlier of ids.slice(0, at)) before.get(id)?.add(earlier); });
	}
	const weight = (id: string) => {
		const same = stages.get(id) ?? [];
		return (RANK[same[0]?.kind ?? 'open'] ?? 0) * 1000 + same.reduce((sum, one) => sum + one.probability, 0) / same.length;
	};
	const left = new Set(stages.keys());
	const out: string[] = [];
	while (left.size) {
		const free = [...left].filter((id) => ![...(before.get(id) ?? [])].some((one) => one !== id && left.has(one)));
		/* two pipelines that want it the other way round: one of them has to give in */
		const next = (free.length ? free : [...left]).reduce((best, id) => weight(id) < weight(best) ? id : best);
		left.delete(next);
		out.push(next);
	}
	return out;
}

const shouts = ({ en = '' }: Label) => en === en.toUpperCase();

export function planOf(pipelines: readonly Pipeline[]): Plan {
	const stages = new Map<string, Stage[]>();
	for (const stage of pipelines.flatMap((pipeline) => pipeline.stages))
		stages.set(idOf(stage), [...(stages.get(idOf(stage)) ?? []), stage]);
	return {
		pipelineOf: new Map(pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => [stage.id, pipeline] as const))),
		columns: ordered(pipelines, stages).map((id) => {
			const same = stages.get(id) as [Stage, ...Stage[]];
			const named = same.find((stage) => !shouts(stage.label)) ?? same[0];
			return {
				id, key: named.key, kind: named.kind, label: named.label, colour: named.colour, probability: named.probability,
				weighs: same.every((stage) => stage.probability === named.probability), stageIds: same.map((stage) => stage.id),
			};
		}),
	};
}

/* the stage of this card's own pipeline in a column; none: it cannot go there */
export function stageFor(plan: Plan, card: Card, column: Column): Id | undefined {
	return plan.pipelineOf.get(card.stage_id)?.stages.find((stage) => column.stageIds.includes(stage.id))?.id;
}

export function modeOf(plan: Plan, card: Card): MoveMode {
	return plan.pipelineOf.get(card.stage_id)?.move_mode ?? 'instant';
}

export function columnOf(plan: Plan, card: Card): Column | undefined {
	return plan.columns.find((column) => column.stageIds.includes(card.stage_id));
}

export function useMany<P, T>(topic: string, ids: readonly Id[], read: (id: Id) => P, join: (parts: P[]) => T): T {
	const cache = useRef<{ parts: P[]; out: T } | null>(null);
	const subscribe = useCallback((fn: () => void) => {
		const leave = ids.map((id) => board.subscribe(`${topic}:${id}`, fn));
		return () => { for (const one of leave) one(); };
	}, [topic, ids]);
	return useSyncExternalStore(subscribe, () => {
		const parts = ids.map(read);
		const have = cache.current;
		if (have && have.parts.length === parts.length && have.parts.every((part, at) => part === parts[at]))
			return have.out;
		const out = join(parts);
		cache.current = { parts, out };
		return out;
	});
}

const newestFirst = (a: Id, b: Id) => {
	const left = board.card(a)?.stage_since ?? '';
	const right = board.card(b)?.stage_since ?? '';
	return left < right ? 1 : left > right ? -1 : 0;
};

export function useColumnIds(column: Column): readonly Id[] {
	return useMany('list', column.stageIds, (id) => board.list(id), (parts) =>
		parts.length === 1 ? (parts[0] ?? []) : parts.flat().sort(newestFirst));
}

export function useColumnTotals(column: Column): Totals {
	return useMany('total', column.stageIds, (id) => board.total(id), (parts) =>
		parts.length === 1 ? (parts[0] ?? { count: 0, sums: [] }) : {
			count: parts.reduce((sum, part) => sum + part.count, 0),
			sums: mergeSums(parts.map((part) => part.sums)),
		});
}

export function useAllTotals(stageIds: readonly Id[]): { count: number; sums: Money[] } {
	return useMany('total', stageIds, (id) => board.total(id), (parts) => ({
		count: parts.reduce((sum, part) => sum + part.count, 0),
		sums: mergeSums(parts.map((part) => part.sums)),
	}));
}

export function useCard(id: Id): Card | undefined {
	return useSyncExternalStore(useCallback((fn: () => void) => board.subscribe(`card:${id}`, fn), [id]), () => board.card(id));
}

export function useMark(id: Id) {
	return useSyncExternalStore(useCallback((fn: () => void) => board.subscribe(`mark:${id}`, fn), [id]), () => board.mark(id));
}
