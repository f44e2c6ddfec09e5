/* J and K walk over the rows of a list, from wherever one is on the page; other letters do something with the row that one is on. Silent where single keys are
   turned off, while something is typed, and under a dialog. Where the row that one was on goes, one is on the next. Never acts on a row that nobody chose. */
import { useEffect, useRef } from 'react';
import { isTyping } from '../../app/hotkeys';
import { currentPrefs } from '../../app/prefs';
import { anyOpen } from '../../ui/on-top';

const rowsOf = (box: HTMLElement | null) => [...(box?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
const titleOf = (row: HTMLElement | undefined) => row?.querySelector<HTMLElement>('.entry-title');

export function useRowKeys(acts: Record<string, (id: string) => void>): React.RefObject<HTMLDivElement | null> {
	const box = useRef<HTMLDivElement>(null);
	const latest = useRef(acts);
	latest.current = acts;
	const was = useRef<{ id: string; at: number } | null>(null);
	/* after every drawing: a row may have gone, or the dialog over it */
	useEffect(() => {
		const rows = rowsOf(box.current);
		if (was.current && document.activeElement === document.body && !rows.some((row) => row.dataset['row'] === was.current?.id))
			titleOf(rows[Math.min(was.current.at, rows.length - 1)])?.focus({ preventScroll: true });
	});
	useEffect(() => {
		const onFocus = ({ target }: FocusEvent) => {
			const rows = rowsOf(box.current);
			const at = rows.findIndex((row) => row.contains(target as Node));
			was.current = at < 0 ? null : { id: rows[at]?.dataset['row'] ?? '', at };
		};
		const list = box.current;
		list?.addEventListener('focusin', onFocus);
		return () => list?.removeEventListener('focusin', onFocus);
	}, []);
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event.target) || anyOpen() || !currentPrefs().singleKeys || document.querySelector('[role="menu"]'))
				return;
			const key = event.key.toLowerCase();
			const rows = rowsOf(box.current);
			const at = rows.findIndex((row) => row.contains(document.activeElement));
			if (key === 'j' || key === 'k') {
				const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (key === 'j' ? 1 : -1)))];
				titleOf(next)?.focus();
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
