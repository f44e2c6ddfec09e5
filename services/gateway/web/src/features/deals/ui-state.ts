/* What the board shows beyond the data: which card has the focus, which is held by key, dragged or has its menu open.
   Components subscribe to one plain value of it, so that holding a card draws two columns and not sixty cards. */
import { useSyncExternalStore } from 'react';
import type { Id } from '../../api/types';

export interface Held { id: Id; column: string; from: string; asking: boolean }

export interface BoardUi {
	focus: Id | null;
	/* the board had the focus last: a card that moves may take it along */
	focusLive: boolean;
	held: Held | null;
	dragging: Id | null;
	/* under a finger that held still */
	taken: Id | null;
	over: string | null;
	menu: Id | null;
	said: string;
}

let ui: BoardUi = { focus: null, focusLive: false, held: null, dragging: null, taken: null, over: null, menu: null, said: '' };
const listeners = new Set<() => void>();

export function boardUi(): BoardUi { return ui; }

export function setBoardUi(change: Partial<BoardUi>): void {
	ui = { ...ui, ...change };
	for (const tell of listeners)
		tell();
}

const subscribe = (fn: () => void) => {
	listeners.add(fn);
	return () => { listeners.delete(fn); };
};

export function useBoardUi<T extends string | number | boolean | null>(select: (state: BoardUi) => T): T {
	return useSyncExternalStore(subscribe, () => select(ui));
}

export function announce(text: string): void {
	/* the same words twice are said twice */
	setBoardUi({ said: ui.said === text ? `${text}\u00a0` : text });
}
