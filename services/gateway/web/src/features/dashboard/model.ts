/* The figures as the server says them: one query for each of its pages, read again when something happened to a deal or
   lead. Never adds up money: totals by currency come as they are. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, query } from '../../api/client';
import { onLive } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Id, Label, Money } from '../../api/types';
import type { About } from '../../lib/money';

export interface Figure { deals: number; sums: Money[]; about: About | null }
export interface Summary {
	workspace_id: Id; timezone: string; month: string; pipeline_value: Figure; conversion_rate: { leads: number; won: number; tenths: number };
	won: Figure; avg_deal_size: Money[]; avg_about: About | null; won_this_month: Figure;
}
export interface Outcome { key: string | null; won: number; lost: number; tenths: number; won_sums: Money[]; won_about: About | null; lost_sums: Money[]; lost_about: About | null }
export interface WinLoss { workspace_id: Id; total: Outcome; by_stage: Outcome[]; by_source: Outcome[]; by_reason: Outcome[]; by_owner: Outcome[] }
export interface FunnelStage { id: Id; key: string; kind: 'open' | 'won' | 'lost'; label: Label; colour: string; deals: number; reached: number; sums: Money[]; about: About | null }
export interface Funnel { pipeline_id: Id; key: string; label: Label; stages: FunnelStage[] }
export interface Month { month: string; past: boolean; deals: number; sums: Money[]; about: About | null; weighted: Money[]; weighted_about: About | null }
export interface Age { from_days: number; to_days: number | null; deals: number; sums: Money[]; about: About | null }
export interface Stuck { id: Id; number: number; title: string; contact_name: string | null; company: string | null; value: Money | null; owner_id: Id | null; stage_id: Id; days: number }
export interface Tile { tile: 'close_passed' | 'stuck' | 'no_next' | 'no_source' | 'incomplete'; deals: number; more: boolean; filter: string | null }

export interface Asked { workspace: string; owner: string | null; from: string | null; to: string | null; pipeline: string | null }

export function useStats<T>(page: string, asked: Asked, period = false, limit?: number) {
	const words = { workspace: asked.workspace, owner: asked.owner, pipeline: asked.pipeline, ...(period ? { from: asked.from, to: asked.to } : {}), ...(limit ? { limit } : {}) };
	return useQuery({
		queryKey: ['stats', page, words],
		queryFn: ({ signal }) => api<{ data: T[] }>('GET', `/api/crm/stats/${page}${query(words)}`, { signal }),
		select: (reply) => reply.data,
		placeholderData: (old) => old,
	});
}

export function useUnanswered(workspace: string, owner: string | null) {
	return useQuery({
		queryKey: ['stats', 'unanswered', workspace, owner],
		queryFn: ({ signal }) => api<{ total?: number; more?: boolean }>('GET', `/api/crm/leads${query({ workspace, owner, unanswered: 1, count: 1, limit: 1 })}`, { signal }),
	});
}

/* people belong to no pipeline */
export function useWithoutAccount(workspace: string, owner: string | null) {
	return useQuery({
		queryKey: ['stats', 'no_account', workspace, owner],
		queryFn: ({ signal }) => api<{ total?: number; more?: boolean }>('GET', `/api/crm/contacts${query({ workspace, owner_id: owner, account: 'none', count: 1, limit: 1 })}`, { signal }),
	});
}

/* a burst is one reading, and a stream that never rests is read every half second */
export function useLiveStats(): void {
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | null = null;
		const again = () => {
			timer ??= setTimeout(() => {
				timer = null;
				void queryClient.invalidateQueries({ queryKey: ['stats'] });
			}, 200);
		};
		const stop = onLive((note) => {
			if (note.kind === 'reset' || (note.kind === 'event' && /^(deal|lead|contact|board|activity|currency|rate)\./.test(note.event.type)))
				again();
		});
		return () => {
			stop();
			if (timer)
				clearTimeout(timer);
		};
	}, []);
}
