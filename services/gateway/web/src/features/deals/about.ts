/* What the sums of a board come to in one currency. Moves with every card, by the rates of today; never asks the server for a total. */
import { useMemo } from 'react';
import { useCurrencies } from '../../api/currencies';
import type { Id } from '../../api/types';
import { useScope } from '../../app/scope';
import { type About, percentOf } from '../../lib/money';
import { aboutAll, type Part } from '../../lib/rates';
import { type Plan, useMany } from './columns';
import { board } from './store';

/* the same sums by workspace, and as one currency where there are several of them */
export function useAbout(plan: Plan, stageIds: readonly Id[]): About | null {
	const { reads } = useScope();
	const known = useCurrencies(reads).data;
	const parts = useMany('total', stageIds, (id) => board.total(id), (totals) => totals.map((total, at): Part => ({ workspace: plan.pipelineOf.get(stageIds[at] ?? '')?.workspace_id ?? '', sums: total.sums })));
	return useMemo(() => (known ? aboutAll(parts, known) : null), [parts, known]);
}

/* of open stages, each by its probability */
export function useAboutWeighted(plan: Plan, stageIds: readonly Id[]): About | null {
	const { reads } = useScope();
	const known = useCurrencies(reads).data;
	const parts = useMany('total', stageIds, (id) => board.total(id), (totals) => totals.map((total, at): Part => {
		const pipeline = plan.pipelineOf.get(stageIds[at] ?? '');
		const percent = pipeline?.stages.find((stage) => stage.id === stageIds[at])?.probability ?? 0;
		return { workspace: pipeline?.workspace_id ?? '', sums: total.sums.map((sum) => ({ currency: sum.currency, amount: percentOf(sum.amount, percent) })) };
	}));
	return useMemo(() => (known ? aboutAll(parts, known) : null), [parts, known]);
}
