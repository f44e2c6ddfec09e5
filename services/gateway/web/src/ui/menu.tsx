/* A menu under a button. The library's focus placeholder is off: it would be a wrong child of role=menu. */
import { Menu as Base } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons';

export interface MenuEntry {
	key: string;
	label?: ReactNode;
	icon?: IconName;
	lead?: ReactNode;
	end?: ReactNode;
	checked?: boolean;
	disabled?: boolean;
	kind?: 'item' | 'label' | 'divider';
	onSelect?(): void;
}

interface MenuProps {
	target: ReactNode;
	entries: MenuEntry[];
	label: string;
	opened?: boolean;
	onChange?(opened: boolean): void;
	align?: 'start' | 'end';
	width?: number;
	returnFocus?: boolean;
}

export function Menu({ target, entries, label, opened, onChange, align = 'start', width = 232, returnFocus = true }: MenuProps) {
	return (
		<Base {...(opened === undefined ? {} : { opened })} {...(onChange ? { onChange } : {})} position={`bottom-${align}`} width={width} withInitialFocusPlaceholder={false}
			returnFocus={returnFocus} classNames={{ dropdown: 'lw-dropdown', item: 'lw-item', label: 'lw-menu-label', divider: 'lw-divider' }}
			transitionProps={{ duration: 120 }} zIndex={340} loop trapFocus>
			<Base.Target>{target as never}</Base.Target>
			<Base.Dropdown aria-label={label} aria-labelledby={undefined as never}>
				{entries.map((entry) => entry.kind === 'divider'
					? <Base.Divider key={entry.key} />
					: entry.kind === 'label'
						? <Base.Label key={entry.key}>{entry.label}</Base.Label>
						: (
							<Base.Item key={entry.key} disabled={entry.disabled === true} onClick={() => entry.onSelect?.()} closeMenuOnClick
								{...(entry.checked === undefined ? {} : { role: 'menuitemradio', 'aria-checked': entry.checked })}>
								<span style={{ display: 'flex', alignItems: 'center', gap: 9, width: '100%', minWidth: 0 }}>
									{entry.icon && <Icon name={entry.icon} />}
									{entry.lead}
									<span className="cut">{entry.label}</span>
									{(entry.end || entry.checked) && <span className="item-end">{entry.end}{entry.checked && <Icon name="check" />}</span>}
								</span>
							</Base.Item>
						))}
			</Base.Dropdown>
		</Base>
	);
}
