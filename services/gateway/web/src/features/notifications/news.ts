/* What is new to this person: leads, reminders, mentions, what others gave them, what rules say; what of it rings, and what was looked at. The server counts; here is read anew
   when it says so, when another device has looked, and when the window is looked at again. */
import { type InfiniteData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, query } from '../../api/client';
import { onLive } from '../../api/live';
import { keys, queryClient } from '../../api/queries';
import type { CrmEvent, Id, Me } from '../../api/types';
import { problemText } from '../../app/problems';
import { say, sayValue } from '../../i18n';
import type { IconName } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { showDesktop } from './desktop';

export const NEWS_KINDS = ['lead', 'reminder', 'mention', 'assigned', 'message', 'rule'] as const;
export type NewsKind = typeof NEWS_KINDS[number];
export const KIND_ICON: Record<NewsKind, IconName> = { lead: 'leads', reminder: 'clock', mention: 'user', assigned: 'hand', message: 'chat', rule: 'bolt' };

export interface Notice {
	id: Id; type: string; kind: NewsKind; workspace_id: Id; number: number | null; title: string | null; source: string | null; deal_id: Id | null; at: string; read: boolean;
	about?: { kind: string; id: Id; title: string | null } | null; activity_kind?: string; activity_id?: Id; by_id?: Id; message_id?: Id; count?: number;
}
export type Choice = 'bell' | 'desktop';
/* when it goes by mail; messages do not */
export type MailWhen = 'now' | 'digest' | 'never';
export type Choices = Record<NewsKind, Record<Choice, boolean> & { mail: MailWhen | null }>;
export interface News { data: Notice[]; unseen: number; seen_at: string | null; choices: Choices; partial: boolean; next: string | null }

const NEWS = ['news'] as const;
const BELL = [...NEWS, 'bell'] as const;
/* the server counts no further */
export const MOST_UNSEEN = 100;

/* what a service that did not answer in time left out is asked for again */
const AGAIN_MS = 4000;

export function useNews() {
	return useQuery({
		queryKey: BELL,
		queryFn: ({ signal }) => api<News>('GET', `/api/notifications${query({ limit: 12 })}`, { signal }),
		refetchOnWindowFocus: 'always',
		refetchInterval: ({ state }) => state.data?.partial ? AGAIN_MS : false,
		staleTime: 60_000,
	});
}

export function useNewsPages(kind: NewsKind | null, unread: boolean) {
	return useInfiniteQuery({
		queryKey: [...NEWS, 'pages', kind, unread],
		queryFn: ({ pageParam, signal }) => api<News>('GET', `/api/notifications${query({ kind, unread: unread ? '1' : null, limit: 30, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		refetchInterval: ({ state }) => state.data?.pages.some((page) => page.partial) ? AGAIN_MS : false,
		staleTime: 60_000,
	});
}

const again = () => void queryClient.invalidateQueries({ queryKey: NEWS });

/* a burst is read at most twice a second */
let timer: ReturnType<typeof setTimeout> | null = null;
function soon(): void {
	timer ??= setTimeout(() => {
		timer = null;
		again();
	}, 500);
}

/* shown at once, told to the server, and shown as the server has it */
function change(patch: (news: News) => News, told: Promise<unknown>): void {
	void queryClient.cancelQueries({ queryKey: NEWS });
	queryClient.setQueriesData<News | InfiniteData<News>>({ queryKey: NEWS }, (old) => old && ('pages' in old ? { ...old, pages: old.pages.map(patch) } : patch(old)));
	told.catch((fault: unknown) => { toast.error(say('news.not_kept'), problemText(fault)); }).finally(again);
}

export function markRead(notices: Notice[], read: boolean): void {
	const ids = notices.filter((one) => one.read !== read).map((one) => one.id);
	if (!ids.length)
		return;
	change((news) => {
		const counted = notices.filter((one) => ids.includes(one.id) && news.choices[one.kind].bell).length;
		return { ...news, unseen: Math.max(0, news.unseen + (read ? -counted : counted)), data: news.data.map((one) => (ids.includes(one.id) ? { ...one, read } : one)) };
	}, api('POST', '/api/notifications/read', { body: read ? { ids } : { ids, unread: true } }));
}

export function markAllRead(): void {
	change((news) => ({ ...news, unseen: 0, data: news.data.map((one) => ({ ...one, read: true })) }), api('POST', '/api/notifications/seen', { body: {} }));
}

export function chooseMail(kind: NewsKind, mail: MailWhen): void {
	change((news) => ({ ...news, choices: { ...news.choices, [kind]: { ...news.choices[kind], mail } } }), api('PUT', '/api/notifications/choices', { body: { kind, mail } }));
}

export function choose(kind: NewsKind, what: Choice, on: boolean): void {
	change((news) => ({ ...news, choices: { ...news.choices, [kind]: { ...news.choices[kind], [what]: on } } }), api('PUT', '/api/notifications/choices', { body: { kind, [what]: on } }));
}

/* ---- what comes in while one looks ---- */

/* about none: a rule says something of no record */
export interface Ring { kind: NewsKind; id: Id; text: string; workspace: Id; about: { kind: string; id: Id } }

/* whether it is this person's, as the server decides for the bell */
function ringOf(event: CrmEvent, user: Id): Omit<Ring, 'workspace'> | null {
	switch (event.type) {
	case 'lead.created':
		return (event.data.owner_id ?? user) === user && event.actor !== user
			? { kind: 'lead', id: event.data.lead_id, text: say('news.came_named', { name: event.data.name ?? '' }), about: { kind: 'lead', id: event.data.lead_id } } : null;
	case 'reminder.due':
		return event.data.assignee_id === user
			? { kind: 'reminder', id: event.data.activity_id, text: say('activity.rings', { name: event.data.subject ?? sayValue('kind', event.data.kind) }), about: { kind: event.data.about, id: event.data.record_id } } : null;
	case 'record.assigned':
		return event.data.user_id === user
			? { kind: 'assigned', id: event.data.notice_id, text: event.data.title ? say('news.given_named', { name: event.data.title }) : say('news.given'), about: { kind: event.data.about, id: event.data.record_id } } : null;
	case 'notice.rung':
		return event.data.user_id === user
			? { kind: 'rule', id: event.data.notice_id, text: say('news.rule_named', { name: event.data.title }), about: { kind: event.data.about === 'channel' ? 'none' : event.data.about, id: event.data.record_id } } : null;
	case 'mention.made':
		return event.data.user_id === user
			? { kind: 'mention', id: event.data.source_id, text: say('news.mentioned_named', { name: event.data.excerpt }), about: { kind: event.data.about, id: event.data.record_id } } : null;
	default:
		return null;
	}
}

/* where it opens when no page is open */
const urlOf = ({ about, workspace }: Ring): string => {
	const slug = queryClient.getQueryData<Me>(keys.me)?.workspaces.find((one) => one.id === workspace)?.slug;
	const type = about.kind === 'deal' ? 'prospect' : about.kind === 'account' ? 'client' : about.kind === 'contact' ? 'contact' : 'lead';
	if (about.kind === 'none')
		return `/notifications${query({ workspace: slug })}`;
	return about.kind === 'channel' ? `/chat${query({ workspace: slug, room: `channel:${about.id}` })}` : `/notifications${query({ workspace: slug, type, id: about.id })}`;
};

/* an action that gives many rings once */
const rung = new Set<string>();

/* whether one takes part where it was said, the server knows: asked only by whoever wants to hear of it */
async function messageRing(id: Id): Promise<Ring | null> {
	const { data } = await api<News>('GET', `/api/notifications${query({ kind: 'message', unread: '1', limit: 5 })}`);
	const one = data.find((row) => row.message_id === id);
	return one ? { kind: 'message', id, text: say('news.wrote_named', { name: one.title ?? '' }), workspace: one.workspace_id, about: one.about ?? { kind: 'channel', id: one.workspace_id } } : null;
}

export function useLiveNews(user: Id, told: (text: string) => void, open: (ring: Ring) => void): void {
	const latest = useRef({ told, open });
	latest.current = { told, open };
	useEffect(() => {
		const tell = (ring: Ring, once: string) => {
			const choice = queryClient.getQueryData<News>(BELL)?.choices[ring.kind];
			if (rung.has(once))
				return;
			rung.add(once);
			if (choice?.bell ?? ring.kind !== 'message')
				latest.current.told(ring.text);
			if (choice?.desktop)
				void showDesktop(ring.id, ring.text, urlOf(ring), () => latest.current.open(ring));
		};
		return onLive((note) => {
			if (note.kind === 'reset')
				soon();
			if (note.kind !== 'event')
				return;
			const { event } = note;
			if (event.type === 'notices.changed' || (event.type === 'prefs.changed' && event.data.place === 'notifications'))
				soon();
			/* what mentions one there is read with the room; a lead that changed hands is one's own, or no longer */
			if (event.type === 'room.seen' || (event.type === 'lead.updated' && event.data.old_owner_id && [event.data.owner_id, event.data.old_owner_id].includes(user)))
				soon();
			if (event.type === 'message.posted' || event.type === 'message.removed') {
				const choice = queryClient.getQueryData<News>(BELL)?.choices.message;
				if (!choice?.bell && !choice?.desktop)
					return;
				soon();
				if (event.type === 'message.posted' && event.data.author_id !== user)
					void messageRing(event.data.message_id).then((ring) => { if (ring) tell(ring, `message:${ring.id}`); }).catch(() => undefined);
				return;
			}
			const ring = ringOf(event, user);
			if (!ring)
				return;
			soon();
			tell({ ...ring, workspace: event.workspace }, `${ring.kind}:${ring.id}:${event.type === 'reminder.due' ? event.id : ''}`);
		});
	}, [user]);
}
