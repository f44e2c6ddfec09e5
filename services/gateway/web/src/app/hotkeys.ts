/* The keys that work everywhere. Silent while a person types, while a dialog is open (but for undo and the theme) and
   when single keys are turned off (WCAG 2.1.4); Ctrl+K always works. */
import { useEffect, useRef } from 'react';
import { anyOpen } from '../ui/on-top';
import { toast } from '../ui/toast';
import { currentPrefs, setTheme } from './prefs';

/* `own`: a page whose N makes a record of its own; what it gives back takes that away. `makeAt`: there, as soon as it can */
export interface Actions { newLead(): void; make(): void; makesOwn(): boolean; makeAt(path: string): void; own(run: () => void): () => void; search(): void; sheet(): void; board(): void; leads(): void; go(path: string): void }

/* after G: the first letter of where one goes, N for what is new, F for what one finds, V for the conversation */
const PLACES: Record<string, string> = { t: '/deals/table', s: '/settings', p: '/profile', n: '/notifications', h: '/help', f: '/search', c: '/deals/calendar', k: '/tasks', m: '/home', d: '/dashboard', v: '/chat' };

export function isTyping(target: EventTarget | null): boolean {
	/* a box that is ticked takes no text */
	if (target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type))
		return false;
	return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function dialogOpen(): boolean {
	return anyOpen() || document.querySelector('[role="dialog"]:not(.lw-dialog, .lw-panel), [role="menu"]') !== null;
}

export function useHotkeys(actions: Actions): void {
	const latest = useRef(actions);
	latest.current = actions;
	useEffect(() => {
		let goUntil = 0;
		const onKey = (event: KeyboardEvent) => {
			if (event.defaultPrevented || event.isComposing)
				return;
			const act = latest.current;
			const key = event.key.toLowerCase();
			if ((event.ctrlKey || event.metaKey) && !event.altKey && key === 'k') {
				event.preventDefault();
				if (!dialogOpen())
					act.search();
				return;
			}
			if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !currentPrefs().singleKeys)
				return;
			if (event.shiftKey && key === 'd') {
				setTheme(currentPrefs().scheme === 'dark' ? 'light' : 'dark');
				return;
			}
			if (key === 'z' && !event.shiftKey) {
				if (toast.act())
					event.preventDefault();
				return;
			}
			if (dialogOpen())
				return;
			const going = Date.now() < goUntil;
			goUntil = 0;
			if (going && key === 'b')
				act.board();
			else if (going && key === 'l')
				act.leads();
			else if (going && PLACES[key])
				act.go(PLACES[key]);
			else if (key === 'g' && !event.shiftKey)
				goUntil = Date.now() + 1500;
			else if (key === 'n' && !event.shiftKey)
				act.make();
			else if (key === '/')
				act.search();
			else if (event.key === '?')
				act.sheet();
			else
				return;
			event.preventDefault();
		};
		addEventListener('keydown', onKey);
		return () => removeEventListener('keydown', onKey);
	}, []);
}
