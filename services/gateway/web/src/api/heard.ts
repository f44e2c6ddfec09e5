/* What the stream says of some records, for a page that shows them together: one call a moment after the first word, however many follow. Knows no page. */
import { useEffect, useRef } from 'react';
import { onLive } from './live';
import type { Id } from './types';

const NAMES = ['account_id', 'contact_id', 'record_id', 'deal_id', 'lead_id', 'survivor_id', 'loser_id'];

export function useHeardOf(ids: readonly Id[], act: () => void, ms = 500): void {
	/* what they are by then: a new list must not forget what was heard of the old one */
	const latest = useRef({ ids: new Set(ids), act });
	latest.current = { ids: new Set(ids), act };
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | null = null;
		const stop = onLive((note) => {
			if (note.kind !== 'event')
				return;
			const about = note.event.data as Record<string, unknown>;
			if (!NAMES.some((name) => latest.current.ids.has(about[name] as Id)))
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
