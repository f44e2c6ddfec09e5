/* J and K walk over the rows of a list, from wherever one is on the page; other letters do something with the row that one is on. Silent where single keys are
   turned off, while something is typed, and under a dialog. Never acts on a row that nobody chose. */
import { useEffect, useRef } from 'react';
import { isTyping } from '../../app/hotkeys';
import { currentPrefs } from '../../app/prefs';
import { anyOpen } from '../../ui/on-top';

export function useRowKeys(acts: Record<string, (id: string) => void>): React.RefObject<HTMLDivElement | null> {
	const box = useRef<HTMLDivElement>(null);
	const latest = useRef(acts);
	latest.current = acts;
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event.target) || anyOpen() || !currentPrefs().singleKeys || document.querySelector('[role="menu"]'))
				return;
			const key = event.key.toLowerCase();
			const rows = [...(box.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
			const at = rows.findIndex((row) => row.contains(document.activeElement));
			if (key === 'j' || key === 'k') {
				const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (key === 'j' ? 1 : -1)))];
				next?.querySelector<HTMLElement>('.entry-title')?.focus();
				next?.scrollIntoView({ block: 'nearest' });
			} else if (latest.current[key] && rows[at]) {
				latest.current[key](rows[at].dataset['row'] ?? '');
			} else {
				return;
			}
			event.preventDefault();
		};
		addEventListener('keydown', onKey);
		return () => removeEventListener('keydown', onKey);
	}, []);
	return box;
}
