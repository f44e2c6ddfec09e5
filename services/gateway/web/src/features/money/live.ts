/* What the stream says makes what was read of it stale: one reading anew a moment after the first word, however many follow. */
import { useEffect, useRef } from 'react';
import { onLive } from '../../api/live';
import type { CrmEvent } from '../../api/types';

export function useHeard(types: ReadonlyArray<CrmEvent['type']>, act: () => unknown, ms = 300): void {
	const latest = useRef({ types, act });
	latest.current = { types, act };
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | null = null;
		const stop = onLive((note) => {
			if (note.kind !== 'reset' && !(note.kind === 'event' && latest.current.types.includes(note.event.type)))
				return;
			timer ??= setTimeout(() => {
				timer = null;
				latest.current.act();
			}, ms);
		});
		return () => {
			stop();
			if (timer)
				clearTimeout(timer);
		};
	}, [ms]);
}
