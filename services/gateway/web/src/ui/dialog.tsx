/* The modal dialog and the side panel: focus stays inside, Escape closes, focus goes back to where it was.
   The title is the library's title element without its header, which would be a second banner. */
import { Drawer, Modal } from '@mantine/core';
import { type ReactNode, type Ref, useEffect, useRef } from 'react';
import { IconButton } from './button';
import { open } from './on-top';

/* The library remembers where the focus was only for a dialog that was mounted closed; ours come with their chunk, open. */
function useFocusBack(opened: boolean): void {
	const was = useRef(false);
	const back = useRef<HTMLElement | null>(null);
	if (opened && !was.current)
		back.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
	was.current = opened;
	useEffect(() => {
		const give = () => {
			if (back.current?.isConnected)
				back.current.focus({ preventScroll: true });
		};
		/* one that goes while it is open leaves the focus nowhere */
		if (opened)
			return () => { if (was.current) setTimeout(() => { if (document.activeElement === document.body) give(); }, 20); };
		const timer = setTimeout(give, 20);
		return () => clearTimeout(timer);
	}, [opened]);
}

/* Escape is the one's on top alone, though every one of them hears it */
function useOnTop(opened: boolean, close: () => void): () => void {
	const me = useRef(Symbol('dialog')).current;
	useEffect(() => {
		if (!opened)
			return undefined;
		open.push(me);
		return () => { open.splice(open.indexOf(me), 1); };
	}, [opened, me]);
	return () => {
		if (open[open.length - 1] === me)
			close();
	};
}

export function Dialog({ opened, onClose, title, closeLabel, size = 480, children }: {
	opened: boolean; onClose(): void; title: string; closeLabel: string; size?: number; children: ReactNode;
}) {
	useFocusBack(opened);
	const onTop = useOnTop(opened, onClose);
	return (
		<Modal.Root returnFocus={false} opened={opened} onClose={onTop} size={size} centered yOffset={16} xOffset={12} zIndex={320} radius={14} transitionProps={{ duration: 140, transition: 'fade-up' }}
			classNames={{ content: 'lw-dialog', overlay: 'lw-overlay', title: 'dialog-title' }}>
			<Modal.Overlay />
			<Modal.Content>
				<div className="dialog-head">
					<Modal.Title>{title}</Modal.Title>
					<IconButton icon="x" label={closeLabel} hint="Esc" calm onClick={onClose} />
				</div>
				<div className="dialog-body">{children}</div>
			</Modal.Content>
		</Modal.Root>
	);
}

/* What is done once the panel is off the page: until then what it still loads may take the focus to itself. */
export function useOnceGone(): (act: () => void) => void {
	const last = useRef<(() => void) | null>(null);
	useEffect(() => () => { if (last.current) requestAnimationFrame(last.current); }, []);
	return (act) => { last.current = act; };
}

export function SidePanel({ opened, onClose, children }: { opened: boolean; onClose(): void; children: ReactNode }) {
	const onTop = useOnTop(opened, onClose);
	return (
		<Drawer.Root opened={opened} onClose={onTop} position="right" size="min(1120px, 100vw)" zIndex={300} returnFocus={false} transitionProps={{ duration: 160, transition: 'slide-left' }}
			classNames={{ content: 'lw-panel', overlay: 'lw-overlay', title: 'panel-title' }}>
			<Drawer.Overlay />
			<Drawer.Content>{children}</Drawer.Content>
		</Drawer.Root>
	);
}

export function PanelTitle({ children, hidden, innerRef }: { children: ReactNode; hidden?: boolean; innerRef?: Ref<HTMLHeadingElement> }) {
	return <Drawer.Title ref={innerRef as never} tabIndex={-1} className={hidden ? 'hidden-text' : ''}>{children}</Drawer.Title>;
}
