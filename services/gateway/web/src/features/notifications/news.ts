/* What is new: the newest leads of all workspaces of this person and what they were reminded of, and how many of them came since they last looked. Counted anew
   when one comes in, when another tab has looked, and when the window is looked at again: another browser may have. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, query } from '../../api/client';
import { onLive } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Id } from '../../api/types';

export interface Notice {
	id: Id; type: string; kind: 'lead' | 'reminder'; workspace_id: Id; number: number | null; title: string | null; source: string | null; deal_id: Id | null; at: string; seen: boolean;
	about?: { kind: string; id: Id; title: string | null }; activity_kind?: string;
}
export interface News { data: Notice[]; unseen: number; seen_at: string | null }

export const NEWS = ['news'] as const;
/* the server counts no further */
export const MOST_UNSEEN = 100;

export function useNews(limit: number) {
	return useQuery({
		queryKey: [...NEWS, limit],
		queryFn: ({ signal }) => api<News>('GET', `/api/notifications${query({ limit })}`, { signal }),
		refetchOnWindowFocus: 'always',
		staleTime: 60_000,
	});
}

const again = () => void queryClient.invalidateQueries({ queryKey: NEWS });
const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('leadwire-seen') : null;

/* a burst of leads is read at most twice a second */
let timer: ReturnType<typeof setTimeout> | null = null;
function soon(): void {
	timer ??= setTimeout(() => {
		timer = null;
		again();
	}, 500);
}

/* leads that this person made by hand in this browser: nobody needs to be told of what they did */
const own = new Set<Id>();

export function useLiveNews(user: Id, told: (name: string) => void): void {
	const latest = useRef(told);
	latest.current = told;
	useEffect(() => onLive((note) => {
		if (note.kind === 'event' && note.event.type === 'reminder.due' && note.event.data.assignee_id === user) {
			soon();
			return;
		}
		if (note.kind !== 'event' || note.event.type !== 'lead.created')
			return;
		if (note.event.actor === user)
			own.add(note.event.data.lead_id);
		else
			latest.current(note.event.data.name ?? '');
		soon();
	}), [user]);
	useEffect(() => {
		channel?.addEventListener('message', again);
		return () => channel?.removeEventListener('message', again);
	}, []);
}

/* how many of others' making: what one made oneself is on its way to being seen and never counts in between */
export function unseenOf(news: News | undefined): number {
	return news ? news.unseen - news.data.filter((one) => !one.seen && own.has(one.id)).length : 0;
}

async function markSeen(news: News): Promise<void> {
	const newest = news.data[0]?.at;
	await api('POST', '/api/notifications/seen', { body: newest ? { at: newest } : {} });
	channel?.postMessage('seen');
	again();
}

/* whoever has the list before them has seen it; what they made themselves needs no looking */
export function useMarkSeen(shown: boolean, news: News | undefined): void {
	const marked = useRef('');
	useEffect(() => {
		if (!news || news.unseen === 0)
			return;
		const unseen = news.data.filter((one) => !one.seen);
		const mine = unseen.length === news.unseen && unseen.every((one) => own.has(one.id));
		const newest = news.data[0]?.at ?? '';
		if ((!shown && !mine) || marked.current === newest || (shown && document.visibilityState === 'hidden'))
			return;
		marked.current = newest;
		markSeen(news).catch(() => { marked.current = ''; });
	}, [shown, news]);
}

/* the rows that were new when the list was opened stay marked while it is open */
export function useFresh(news: News | undefined): ReadonlySet<Id> {
	const fresh = useRef(new Set<Id>());
	for (const one of news?.data ?? [])
		if (!one.seen && !own.has(one.id))
			fresh.current.add(one.id);
	return fresh.current;
}
