/* The team's conversation: rooms, their messages, what is unread, and the one place that writes. A room is a workspace's channel or
   a record; a lead and its deal bear one id and are one room. */
import { type InfiniteData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, newKey, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id, Page } from '../../api/types';
import { problemText } from '../../app/problems';
import { say } from '../../i18n';
import { toast } from '../../ui/toast';
import type { Message } from './order';

export { inOrder, type Message } from './order';

export type RoomKind = 'channel' | 'lead' | 'deal' | 'contact' | 'account';
/* a channel bears its workspace's id; the workspace by its name in addresses */
export interface Room { kind: RoomKind; id: Id; workspace: string }
export interface RoomRow {
	workspace_id: Id;
	room: { kind: RoomKind; id: Id; title: string | null; number: number | null };
	last: { id: Id; author_id: Id | null; excerpt: string | null; at: string } | null;
	unread: number;
	mentioned: boolean;
}
export interface Rooms { data: RoomRow[]; total_unread: number }
/* `seen` is the place up to which one looked, `last` the newest */
export interface Messages extends Page<Message> { room: RoomRow['room']; seen: number; last: number }

export const ROOMS = ['rooms'] as const;
const roomKey = (room: Id, around: Id | null = null) => ['messages', room, around] as const;
const placeOf = (room: Room): Record<string, string | boolean> => (room.kind === 'channel' ? { channel: true } : { [`${room.kind}_id`]: room.id });
const asked = (room: Room, more: Record<string, string | number | null>) => `/api/crm/messages${query({ workspace: room.workspace, ...(room.kind === 'channel' ? { channel: 1 } : { [`${room.kind}_id`]: room.id }), ...more })}`;

/* ---- reading ---- */

export function useRooms(reads: string | null, enabled: boolean) {
	return useQuery({
		queryKey: [...ROOMS, reads ?? ''],
		queryFn: ({ signal }) => api<Rooms>('GET', `/api/crm/rooms${query({ workspace: reads, limit: 100 })}`, { signal }),
		enabled, staleTime: 60_000, refetchOnWindowFocus: 'always',
	});
}

const PAGE = 50;
type Pages = InfiniteData<Messages, string | null>;

/* the newest and what was before; or one message among its neighbours, and what was before those */
export function useMessages(room: Room, around: Id | null) {
	return useInfiniteQuery({
		queryKey: roomKey(room.id, around),
		queryFn: ({ pageParam, signal }) => api<Messages>('GET', asked(room, { limit: PAGE, before: pageParam, around: pageParam ? null : around }), { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		staleTime: 30_000,
	});
}

/* what is new of a room, beside what is known; more than a page of it is read whole */
export async function readNewest(room: Room): Promise<void> {
	const queryKey = roomKey(room.id);
	if (!queryClient.getQueryData<Pages>(queryKey))
		return;
	const page = await api<Messages>('GET', asked(room, { limit: PAGE }));
	const whole = () => queryClient.invalidateQueries({ queryKey });
	let gap = false;
	queryClient.setQueryData<Pages>(queryKey, (old) => {
		const [first, ...rest] = old?.pages ?? [];
		if (!old || !first)
			return old;
		const fresh = new Set(page.data.map((one) => one.id));
		gap = first.data.length > 0 && page.next !== null && !first.data.some((one) => fresh.has(one.id));
		return gap ? old : { ...old, pages: [{ ...first, last: page.last, data: [...page.data, ...first.data.filter((one) => !fresh.has(one.id))] }, ...rest] };
	});
	if (gap)
		await whole();
}

export const readAnew = (room: Id) => queryClient.invalidateQueries({ queryKey: ['messages', room] });

/* ---- writing ---- */

const of = (id: Id) => `/api/crm/messages/${id}`;

export async function sendMessage(room: Room, text: string, key: string): Promise<Id> {
	const { id } = await api<{ id: Id }>('POST', `/api/crm/messages${query({ workspace: room.workspace })}`, { key, body: { text, ...placeOf(room) } });
	await readNewest(room).catch(() => undefined);
	void queryClient.invalidateQueries({ queryKey: ROOMS });
	return id;
}

export async function changeMessage(room: Room, one: Message, text: string): Promise<void> {
	await api('PUT', of(one.id), { body: { text, version: one.version } });
	await readAnew(room.id);
}

/* those on their way out: gone from the screen, and from the server when nobody called them back */
const leaving = new Map<Id, () => void>();
const listeners = new Set<() => void>();
let gone: ReadonlySet<Id> = new Set();

function changed(): void {
	gone = new Set(leaving.keys());
	for (const tell of listeners)
		tell();
}

export const onLeaving = (fn: () => void): (() => void) => {
	listeners.add(fn);
	return () => listeners.delete(fn);
};
export const leavingNow = (): ReadonlySet<Id> => gone;

export function removeMessage(room: Room, one: Message): void {
	const back = () => {
		if (leaving.delete(one.id))
			changed();
	};
	const go = () => {
		if (!leaving.has(one.id))
			return;
		leaving.set(one.id, () => undefined);
		api('DELETE', of(one.id), { keepalive: true }).catch((fault: unknown) => toast.error(say('chat.failed_write'), problemText(fault)))
			.finally(() => void readAnew(room.id).finally(back));
	};
	leaving.set(one.id, go);
	changed();
	toast.ok(say('chat.deleted'), { label: say('common.undo'), hotkey: 'Z', run: back, missed: go });
}

/* nobody can call back what they left */
addEventListener('pagehide', () => { for (const go of leaving.values()) go(); });

/* the newest that was seen; falls on all of one's devices */
export async function markRead(room: Room, message: Id): Promise<void> {
	queryClient.setQueriesData<Rooms>({ queryKey: ROOMS }, (old) => {
		const row = old?.data.find((one) => one.room.id === room.id);
		return old && row?.unread ? { total_unread: old.total_unread - row.unread, data: old.data.map((one) => (one === row ? { ...one, unread: 0, mentioned: false } : one)) } : old;
	});
	await api('POST', `/api/crm/rooms/seen${query({ workspace: room.workspace })}`, { body: { ...placeOf(room), message_id: message } });
}

/* ---- what is not sent yet ---- */

const nameOf = (user: Id, room: Id) => `lw.said.${user}.${room}`;

/* with the key that it was or will be sent by: sent again, it is the same message */
export interface Unsent { text: string; key: string }

export function readUnsent(user: Id, room: Id): Unsent {
	try {
		const kept = JSON.parse(localStorage.getItem(nameOf(user, room)) ?? 'null') as Unsent | null;
		return kept ?? { text: '', key: newKey() };
	} catch {
		return { text: '', key: newKey() };
	}
}

export function keepUnsent(user: Id, room: Id, unsent: Unsent): void {
	try {
		if (unsent.text.trim())
			localStorage.setItem(nameOf(user, room), JSON.stringify(unsent));
		else
			localStorage.removeItem(nameOf(user, room));
	} catch {
		/* a browser that keeps nothing still sends */
	}
}
