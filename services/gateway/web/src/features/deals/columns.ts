/* Pipelines as boards: those with the same stages in the same order share one board, each column holding one stage of
   every workspace. So an agency sees its clients on one board, and unlike pipelines one under the other. */
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
	stageIds: readonly Id[];
	/* workspace → its stage of this column */
	stageOf: ReadonlyMap<Id, Id>;
}

export interface BoardGroup {
	id: string;
	label: Label;
	workspaces: Id[];
	columns: Column[];
	modes: ReadonlyMap<Id, MoveMode>;
}

const byPosition = (a: Stage, b: Stage) => a.position - b.position;

export function groupsOf(pipelines: readonly Pipeline[]): BoardGroup[] {
	const groups = new Map<string, Pipeline[]>();
	for (const pipeline of pipelines) {
		const shape = [...pipeline.stages].sort(byPosition).map((stage) => `${stage.key}/${stage.kind}`).join(' ');
		const same = groups.get(shape);
		if (same && !same.some((one) => one.workspace_id === pipeline.workspace_id))
			same.push(pipeline);
		else
			groups.set(same ? `${shape} ${pipeline.id}` : shape, [pipeline]);
	}
	return [...groups.values()].map((members, at) => {
		const first = members[0] as Pipeline;
		return {
			id: String(at),
			label: first.label,
			workspaces: members.map((one) => one.workspace_id),
			modes: new Map(members.map((one) => [one.workspace_id, one.move_mode])),
			columns: [...first.stages].sort(byPosition).map((stage) => {
				const stageOf = new Map<Id, Id>();
				for (const member of members) {
					const mine = member.stages.find((one) => one.key === stage.key);
					if (mine)
						stageOf.set(member.workspace_id, mine.id);
				}
				return {
					id: `${at}:${stage.key}`, key: stage.key, kind: stage.kind, label: stage.label, colour: stage.colour, probability: stage.probability,
					stageIds: [...stageOf.values()], stageOf,
				};
			}),
		};
	});
}

export function modeOf(group: BoardGroup, card: Card): MoveMode {
	return group.modes.get(card.workspace_id) ?? 'instant';
}

export function columnOf(group: BoardGroup, card: Card): Column | undefined {
	return group.columns.find((column) => column.stageIds.includes(card.stage_id));
}

function useMany<P, T>(topic: string, ids: readonly Id[], read: (id: Id) => P, join: (parts: P[]) => T): T {
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
