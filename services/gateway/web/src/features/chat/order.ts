/* A message as the services tell it, and the order that a room's messages stand in. Asks nothing. */
import type { Id, Page } from '../../api/types';
import type { Told } from '../mentions/model';

export interface Message {
	id: Id; workspace_id: Id; author_id: Id | null; text: string | null; mentions: readonly Told[] | null; created_at: string; edited_at: string | null; removed_at: string | null; version: number;
	/* 1, 2, 3 … in its room */
	place: number;
}

/* each message once, the oldest first: a page read anew may overlap the one before */
export function inOrder(pages: ReadonlyArray<Page<Message>>): Message[] {
	const known = new Map<number, Message>();
	for (const one of pages.flatMap((page) => page.data)) {
		const other = known.get(one.place);
		if (!other || other.version < one.version)
			known.set(one.place, one);
	}
	return [...known.values()].sort((a, b) => a.place - b.place);
}
