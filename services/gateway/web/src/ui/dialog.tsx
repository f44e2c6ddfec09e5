/* The modal dialog and the side panel: focus stays inside, Escape closes, focus goes back to where it was.
   The title is a plain heading tied by aria-labelledby, not the library's second banner. */
import { Drawer, Modal } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { IconButton } from './button';

export function Dialog({ opened, onClose, title, closeLabel, size = 480, children, onExited }: {
	opened: boolean; onClose(): void; title: string; closeLabel: string; size?: number; children: ReactNode; onExited?: () => void;
}) {
	const id = useId();
	return (
		<Modal.Root opened={opened} onClose={onClose} size={size} centered yOffset={16} zIndex={320} transitionProps={{ duration: 140, transition: 'fade-up', ...(onExited ? { onExited } : {}) }} returnFocus>
			<Modal.Overlay className="lw-overlay" />
			<Modal.Content className="lw-dialog" aria-labelledby={id} radius={14}>
				<div className="dialog-head">
					<h2 id={id}>{title}</h2>
					<IconButton icon="x" label={closeLabel} hint="Esc" onClick={onClose} />
				</div>
				<div className="dialog-body">{children}</div>
			</Modal.Content>
		</Modal.Root>
	);
}

export function SidePanel({ opened, onClose, labelledBy, children, returnFocus = true }: {
	opened: boolean; onClose(): void; labelledBy: string; children: ReactNode; returnFocus?: boolean;
}) {
	return (
		<Drawer.Root opened={opened} onClose={onClose} position="right" size="min(1120px, 100vw)" zIndex={300} returnFocus={returnFocus} transitionProps={{ duration: 160, transition: 'slide-left' }}>
			<Drawer.Overlay className="lw-overlay" />
			<Drawer.Content className="lw-panel" aria-labelledby={labelledBy}>{children}</Drawer.Content>
		</Drawer.Root>
	);
}
