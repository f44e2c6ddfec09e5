/* A small dialog under its button that leaves the page as it is: focus goes in, Escape, Tab's end and a press elsewhere close it,
   focus goes back. */
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { place } from './float';

interface TargetProps { ref: RefObject<HTMLButtonElement | null>; onClick(): void; 'aria-expanded': boolean; 'aria-haspopup': 'dialog'; 'aria-controls': string | undefined }

export function Popover({ label, opened, onChange, width, align = 'end', target, children }: { label: string; opened: boolean; onChange(opened: boolean): void; width: number; align?: 'start' | 'end'; target(props: TargetProps): ReactNode; children: ReactNode }) {
	const anchor = useRef<HTMLButtonElement>(null);
	const id = useId();
	return (
		<>
			{target({ ref: anchor, onClick: () => onChange(!opened), 'aria-expanded': opened, 'aria-haspopup': 'dialog', 'aria-controls': opened ? id : undefined })}
			{opened && <Box id={id} label={label} anchor={anchor} width={width} align={align} close={onChange}>{children}</Box>}
		</>
	);
}

function Box({ id, label, anchor, width, align, close, children }: { id: string; label: string; anchor: RefObject<HTMLButtonElement | null>; width: number; align: 'start' | 'end'; close(opened: boolean): void; children: ReactNode }) {
	const box = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		const put = () => {
			if (box.current && anchor.current)
				place(anchor.current.getBoundingClientRect(), box.current, align);
		};
		put();
		box.current?.focus({ preventScroll: true });
		addEventListener('resize', put);
		const watch = new ResizeObserver(put);
		if (box.current)
			watch.observe(box.current);
		return () => {
			removeEventListener('resize', put);
			watch.disconnect();
		};
	}, [anchor, align]);
	useEffect(() => {
		const away = (event: PointerEvent) => {
			const at = event.target as Node;
			if (!box.current?.contains(at) && !anchor.current?.contains(at))
				close(false);
		};
		addEventListener('pointerdown', away, true);
		return () => removeEventListener('pointerdown', away, true);
	}, [anchor, close]);
	const onKey = (event: KeyboardEvent) => {
		const links = [...(box.current?.querySelectorAll<HTMLElement>('a[href], button:not(:disabled), input') ?? [])];
		const at = links.indexOf(document.activeElement as HTMLElement);
		const typing = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox'; /* the arrows are the field's */
		const step = typing ? 0 : event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
		const out = event.key === 'Tab' && (event.shiftKey ? at <= 0 : at === links.length - 1);
		if (!step && !out && event.key !== 'Escape')
			return;
		event.preventDefault();
		event.stopPropagation();
		if (step) {
			links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
			return;
		}
		anchor.current?.focus({ preventScroll: true });
		close(false);
	};
	return createPortal(<div ref={box} id={id} role="dialog" aria-label={label} tabIndex={-1} className="popover" style={{ width }} onKeyDown={onKey}>{children}</div>, document.body);
}
