/* Which cards are picked for one action on all of them. A store of its own, so that picking one draws one card and the bar.
   Never picks one that is not on the board or in the table. */
import { useSyncExternalStore } from 'react';
import type { Id } from '../../api/types';

let picked: ReadonlySet<Id> = new Set();
/* where a range begins */
let anchor: Id | null = null;
const listeners = new Set<() => void>();

function put(next: ReadonlySet<Id>): void {
	picked = next;
	for (const tell of listeners)
		tell();
}

const subscribe = (fn: () => void) => {
	listeners.add(fn);
	return () => { listeners.delete(fn); };
};

export const selection = {
	all: (): ReadonlySet<Id> => picked,
	has: (id: Id): boolean => picked.has(id),
	toggle(id: Id): boolean {
		const next = new Set(picked);
		const taken = !next.delete(id);
		if (taken)
			next.add(id);
		anchor = id;
		put(next);
		return taken;
	},
	/* from where one began to this card, within a column; where one did not begin there, this card alone */
	range(ids: readonly Id[], id: Id): void {
		const from = anchor === null ? -1 : ids.indexOf(anchor);
		const to = ids.indexOf(id);
		if (from < 0 || to < 0) {
			selection.add([id]);
			anchor = id;
		} else
			selection.add(ids.slice(Math.min(from, to), Math.max(from, to) + 1));
	},
	add: (ids: readonly Id[]): void => put(new Set([...picked, ...ids])),
	drop: (id: Id): void => {
		if (!picked.has(id))
			return;
		const next = new Set(picked);
		next.delete(id);
		put(next);
	},
	clear: (): void => {
		anchor = null;
		if (picked.size)
			put(new Set());
	},
};

export const usePicked = (id: Id): boolean => useSyncExternalStore(subscribe, () => picked.has(id));
export const usePickedCount = (): number => useSyncExternalStore(subscribe, () => picked.size);
