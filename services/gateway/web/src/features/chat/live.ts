/* What the stream says of conversations, brought to the rooms and to the count of what is unread: a burst is read at most six times
   a second. In the frame of every page, so it is small. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, query } from '../../api/client';
import { onLive } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Id, Me } from '../../api/types';

const rooms = new Map<Id, boolean>();
let timer: ReturnType<typeof setTimeout> | null = null;
const readers = new Set<(room: Id, changed: boolean) => void>();

/* whoever shows messages is told which room has news; `changed`: not only a message more */
export function onRoom(fn: (room: Id, changed: boolean) => void): () => void {
	readers.add(fn);
	return () => readers.delete(fn);
}

function soon(): void {
	timer ??= setTimeout(() => {
		timer = null;
		void queryClient.invalidateQueries({ queryKey: ['rooms'] });
		for (const [room, changed] of rooms) {
			/* a room that is not looked at is read when it is */
			void queryClient.invalidateQueries({ queryKey: ['messages', room], refetchType: changed ? 'active' : 'none' });
			for (const tell of readers)
				tell(room, changed);
		}
		rooms.clear();
	}, 150);
}

export function useLiveChat(user: Id): void {
	useEffect(() => onLive((note) => {
		const event = note.kind === 'event' ? note.event : null;
		switch (event?.type) {
		case 'message.posted':
			rooms.set(event.data.room_id, rooms.get(event.data.room_id) === true);
			break;
		case 'message.changed':
		case 'message.removed':
			rooms.set(event.data.room_id, true);
			break;
		case 'room.seen':
			if (event.data.user_id !== user)
				return;
			break;
		default:
			return;
		}
		soon();
	}), [user]);
}

interface Counts { data: Array<{ room: { id: Id }; unread: number }>; total_unread: number }

/* how much is unread: in all rooms of what is looked at, or in one */
export function useUnread(reads: string | null, enabled: boolean, room?: Id): number {
	const { data } = useQuery({
		queryKey: ['rooms', reads ?? ''],
		queryFn: ({ signal }) => api<Counts>('GET', `/api/crm/rooms${query({ workspace: reads, limit: 100 })}`, { signal }),
		enabled, staleTime: 60_000, refetchOnWindowFocus: 'always',
	});
	return (room ? data?.data.find((one) => one.room.id === room)?.unread : data?.total_unread) ?? 0;
}

/* the team's conversation is the team's: whoever is a client has none */
export const mayChat = (me: Me, workspace?: Id): boolean => me.workspaces.some((one) => (!workspace || one.id === workspace) && one.permissions.includes('crm-chat'));
