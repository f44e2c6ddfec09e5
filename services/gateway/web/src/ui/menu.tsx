/* A menu under a button, after the ARIA menu-button pattern: arrows, Home, End and first letters walk, Enter and Space
   choose, Escape and Tab close, focus goes back to the button. Our own, since the library's weighs more than the board. */
import { cloneElement, type KeyboardEvent, type MouseEvent, type ReactElement, type ReactNode, type RefObject, useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { place } from './float';
import { Icon, type IconName } from './icons';

export interface MenuEntry {
	key: string;
	label?: ReactNode;
	icon?: IconName;
	lead?: ReactNode;
	end?: ReactNode;
	checked?: boolean;
	disabled?: boolean;
	/* a box is ticked and the menu stays */
	kind?: 'item' | 'box' | 'label' | 'divider';
	onSelect?(): void;
}

interface TargetProps { onClick?(event: MouseEvent): void; 'aria-expanded'?: boolean; 'aria-haspopup'?: 'menu'; 'aria-controls'?: string | undefined; id?: string; ref?: RefObject<HTMLButtonElement | null> }

interface MenuProps {
	target: ReactElement<TargetProps>;
	entries: MenuEntry[];
	label: string;
	/* held by the parent, for a menu opened by a key */
	opened?: boolean;
	onChange?(opened: boolean): void;
	align?: 'start' | 'end';
	width?: number;
}

export function Menu({ target, entries, label, opened, onChange, align = 'start', width = 232 }: MenuProps) {
	const [own, setOwn] = useState(false);
	const open = opened ?? own;
	const anchor = useRef<HTMLButtonElement>(null);
	const id = useId();
	const set = useCallback((next: boolean) => {
		setOwn(next);
		onChange?.(next);
	}, [onChange]);
	const props: TargetProps = {
		ref: anchor, 'aria-haspopup': 'menu', 'aria-expanded': open, 'aria-controls': open ? id : undefined,
		onClick: (event) => {
			event.preventDefault();
			event.stopPropagation();
			set(!open);
		},
	};
	return (
		<>
			{cloneElement(target, props)}
			{open && <MenuBox id={id} anchor={anchor} entries={entries} label={label} align={align} width={width} close={set} />}
		</>
	);
}

function MenuBox({ id, anchor, entries, label, align, width, close }: {
	id: string; anchor: RefObject<HTMLButtonElement | null>; entries: MenuEntry[]; label: string; align: 'start' | 'end'; width: number; close(next: boolean): void;
}) {
	const box = useRef<HTMLDivElement>(null);
	const items = () => [...(box.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])') ?? [])];
	const leave = (back: boolean) => {
		if (back)
			anchor.current?.focus({ preventScroll: true });
		close(false);
	};

	useLayoutEffect(() => {
		const put = () => {
			if (box.current && anchor.current)
				place(anchor.current.getBoundingClientRect(), box.current, align);
		};
		put();
		(box.current?.querySelector<HTMLElement>('[aria-checked="true"]') ?? items()[0])?.focus({ preventScroll: true });
		addEventListener('resize', put);
		return () => removeEventListener('resize', put);
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
		const all = items();
		const at = all.indexOf(document.activeElement as HTMLElement);
		const go = (next: number) => all[(next + all.length) % all.length]?.focus();
		event.stopPropagation();
		switch (event.key) {
		case 'ArrowDown': go(at + 1); break;
		case 'ArrowUp': go(at - 1); break;
		case 'Home': go(0); break;
		case 'End': go(all.length - 1); break;
		case 'Escape': leave(true); break;
		case 'Tab': leave(true); break;
		case 'Enter': case ' ': (document.activeElement as HTMLElement).click(); break;
		default: {
			if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey)
				return;
			const letter = event.key.toLocaleLowerCase();
			const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((one) => one.textContent?.trim().toLocaleLowerCase().startsWith(letter));
			next?.focus();
		}
		}
		event.preventDefault();
	};

	return createPortal(
		<div ref={box} id={id} role="menu" aria-label={label} className="menu scroll" style={{ width }} onKeyDown={onKey} onClick={(event) => event.stopPropagation()}>
			{entries.map((entry) => {
				if (entry.kind === 'divider')
					return <div key={entry.key} className="menu-divider" role="separator" />;
				if (entry.kind === 'label')
					return <div key={entry.key} className="menu-label cut" role="presentation">{entry.label}</div>;
				const checkable = entry.checked !== undefined;
				/* the dialog below listens for Escape first; the attribute tells it that this one is ours */
				return (
					<div key={entry.key} role={entry.kind === 'box' ? 'menuitemcheckbox' : checkable ? 'menuitemradio' : 'menuitem'} aria-checked={checkable ? entry.checked : undefined} aria-disabled={entry.disabled || undefined} tabIndex={-1}
						className="menu-item" data-mantine-stop-propagation="true" onMouseMove={(event) => event.currentTarget.focus({ preventScroll: true })}
						onClick={() => {
							if (entry.disabled)
								return;
							if (entry.kind !== 'box')
								leave(true);
							entry.onSelect?.();
						}}>
						{entry.icon && <Icon name={entry.icon} />}
						{entry.lead}
						<span className="cut">{entry.label}</span>
						{(entry.end || entry.checked) && <span className="menu-end">{entry.end}{entry.checked && <Icon name="check" />}</span>}
					</div>
				);
			})}
		</div>, document.body);
}
