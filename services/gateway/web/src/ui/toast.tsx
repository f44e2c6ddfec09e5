/* Toasts: bottom centre, six seconds unless it says otherwise, longer while hovered or focused; errors stay until closed. Undo answers to Z.
   Said to screen readers by a live region that is always in the page. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button, IconButton } from './button';
import { Icon } from './icons';

export interface Toast { id: number; tone: 'ok' | 'error'; title: string; text?: string; /* a question: it waits for its answer */ keep?: boolean; action?: { label: string; hotkey?: string; /* how long it may be taken, where that is not six seconds */ ms?: number; run(): void; /* nobody took it while it was there */ missed?(): void } }

let toasts: readonly Toast[] = [];
let serial = 0;
const listeners = new Set<() => void>();

function put(next: readonly Toast[]): void {
	const left = toasts.filter((one) => !next.includes(one));
	toasts = next;
	for (const tell of listeners)
		tell();
	for (const one of left)
		if (one.action?.missed)
			setTimeout(one.action.missed); /* after run, where it was taken */
}

function show(toast: Omit<Toast, 'id'>): number {
	const id = ++serial;
	const others = toasts.filter((one) => !(one.tone === toast.tone && one.title === toast.title && one.text === toast.text));
	/* one note with an action at a time: Z must be unambiguous */
	put([...others.filter((one) => !(toast.action && one.action)), { ...toast, id }].slice(-3));
	return id;
}

export const toast = {
	ok: (title: string, action?: Toast['action']) => show({ tone: 'ok', title, ...(action ? { action } : {}) }),
	ask: (title: string, action: NonNullable<Toast['action']>) => show({ tone: 'ok', title, action, keep: true }),
	error: (title: string, text?: string) => show({ tone: 'error', title, ...(text ? { text } : {}) }),
	close: (id: number) => put(toasts.filter((one) => one.id !== id)),
	/* runs the newest toast's action, by its key */
	act: (): boolean => {
		const latest = [...toasts].reverse().find((one) => one.action && !one.keep);
		if (!latest?.action)
			return false;
		toast.close(latest.id);
		latest.action.run();
		return true;
	},
};

function One({ item, closeLabel }: { item: Toast; closeLabel: string }) {
	const [held, setHeld] = useState(false);
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (held || item.keep || item.tone === 'error')
			return undefined;
		const timer = setTimeout(() => toast.close(item.id), item.action?.ms ?? 6000);
		return () => clearTimeout(timer);
	}, [held, item]);
	return (
		<div ref={box} className={`toast toast-${item.tone}`} onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)}
			onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
			<span className={`toast-${item.tone}-icon`}><Icon name={item.tone === 'ok' ? 'check' : 'error'} size={18} /></span>
			<div className="toast-body"><div>{item.title}</div>{item.text && <span>{item.text}</span>}</div>
			{item.action && <Button hotkey={item.action.hotkey} onClick={() => { toast.close(item.id); item.action?.run(); }}>{item.action.label}</Button>}
			<IconButton icon="x" label={closeLabel} onClick={() => toast.close(item.id)} />
		</div>
	);
}

/* what one writes in at the foot of a page or a panel: no toast lies over it */
const feet = new Set<HTMLElement>();

function footIs(): void {
	document.documentElement.style.setProperty('--foot', `${[...feet].pop()?.offsetHeight ?? 0}px`);
}

export function keepFoot(box: HTMLElement | null): (() => void) | undefined {
	if (!box)
		return undefined;
	const seen = new ResizeObserver(footIs);
	feet.add(box);
	seen.observe(box);
	return () => {
		feet.delete(box);
		seen.disconnect();
		footIs();
	};
}

export function Toasts({ closeLabel, regionLabel }: { closeLabel: string; regionLabel: string }) {
	const items = useSyncExternalStore((fn) => {
		listeners.add(fn);
		return () => listeners.delete(fn);
	}, () => toasts);
	return (
		<section className="toasts" aria-label={regionLabel}>
			<div role="status" aria-live="polite" style={{ display: 'contents' }}>
				{items.filter((item) => item.tone === 'ok').map((item) => <One key={item.id} item={item} closeLabel={closeLabel} />)}
			</div>
			<div role="alert" style={{ display: 'contents' }}>
				{items.filter((item) => item.tone === 'error').map((item) => <One key={item.id} item={item} closeLabel={closeLabel} />)}
			</div>
		</section>
	);
}
