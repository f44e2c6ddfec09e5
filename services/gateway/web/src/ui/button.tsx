/* Buttons: with a word, or with an icon and a name for those who do not see it. */
import { Tooltip } from '@mantine/core';
import { type ButtonHTMLAttributes, forwardRef, type ReactNode } from 'react';
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
	size?: number;
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
	{ icon, label, small, hint, size, className, ...rest }, ref) {
	const names = ['icon-btn', small && 'icon-btn-small', className].filter(Boolean).join(' ');
	return (
		<Hint text={label} keys={hint}>
			<button ref={ref} type="button" className={names} aria-label={label} {...rest}>
				<Icon name={icon} size={size ?? (small ? 16 : 18)} />
			</button>
		</Hint>
	);
});

export function Hint({ text, keys, children }: { text: string; keys?: string | undefined; children: ReactNode }) {
	return (
		<Tooltip label={<>{text}{keys && <kbd>{keys}</kbd>}</>} openDelay={450} withinPortal classNames={{ tooltip: 'lw-tooltip' }} events={{ hover: true, focus: false, touch: false }}>
			{children as never}
		</Tooltip>
	);
}
