/* Buttons: with a word, or with an icon and a name for those who do not see it. */
import { type ButtonHTMLAttributes, cloneElement, type FocusEvent, forwardRef, type MouseEvent, type ReactElement, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { place } from './float';
import { Icon, type IconName } from './icons';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
	kind?: 'plain' | 'primary' | 'quiet';
	icon?: IconName;
	big?: boolean;
	wide?: boolean;
	hotkey?: string;
	children?: ReactNode;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
	{ kind = 'plain', icon, big, wide, hotkey, children, className, type = 'button', ...rest }, ref) {
	const names = ['btn', kind !== 'plain' && `btn-${kind}`, big && 'btn-big', wide && 'btn-wide', className].filter(Boolean).join(' ');
	return (
		<button ref={ref} type={type} className={names} aria-keyshortcuts={hotkey} {...rest}>
			{icon && <Icon name={icon} />}
			{children}
			{hotkey && <kbd aria-hidden="true">{hotkey}</kbd>}
		</button>
	);
});

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
	icon: IconName;
	label: string;
	small?: boolean;
	hint?: string;
	/* no hint when the focus comes by itself, as into a dialog */
	calm?: boolean;
	size?: number;
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
	{ icon, label, small, hint, calm, size, className, ...rest }, ref) {
	const names = ['icon-btn', small && 'icon-btn-small', className].filter(Boolean).join(' ');
	return (
		<Hint text={label} keys={hint} calm={calm}>
			<button ref={ref} type="button" className={names} aria-label={label} {...rest}>
				<Icon name={icon} size={size ?? (small ? 16 : 18)} />
			</button>
		</Hint>
	);
});

interface HintTarget { onMouseEnter?(event: MouseEvent<HTMLElement>): void; onMouseLeave?(): void; onMouseDown?(): void; onFocus?(event: FocusEvent<HTMLElement>): void; onBlur?(): void }

/* A name for an icon, shown after a moment of hovering or on focus by key; what it says is the control's label already. */
export function Hint({ text, keys, calm, children }: { text: string; keys?: string | undefined; calm?: boolean | undefined; children: ReactElement<HintTarget> }) {
	const [anchor, setAnchor] = useState<HTMLElement | null>(null);
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	const box = useRef<HTMLDivElement>(null);
	const hide = () => {
		clearTimeout(timer.current);
		setAnchor(null);
	};
	useEffect(() => () => clearTimeout(timer.current), []);
	useLayoutEffect(() => {
		if (anchor && box.current)
			place(anchor.getBoundingClientRect(), box.current, 'middle', 6);
	}, [anchor]);
	return (
		<>
			{cloneElement(children, {
				onMouseEnter: (event) => {
					const element = event.currentTarget;
					timer.current = setTimeout(() => setAnchor(element.isConnected ? element : null), 450);
				},
				onMouseLeave: hide,
				onMouseDown: hide,
				onFocus: (event) => { if (!calm && event.currentTarget.matches(':focus-visible')) setAnchor(event.currentTarget); },
				onBlur: hide,
			})}
			{anchor && createPortal(<div ref={box} className="hint" aria-hidden="true">{text}{keys && keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}</div>, document.body)}
		</>
	);
}
