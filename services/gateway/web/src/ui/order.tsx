/* A list whose order a person sets: up and down by button or Alt with an arrow, out, and in again from a menu. The focus
   stays with what moved, and every move is said. Knows nothing of what is listed. */
import { type KeyboardEvent, useRef, useState } from 'react';
import { useT } from '../i18n';
import { Button, IconButton } from './button';
import { Icon, type IconName } from './icons';
import { Menu } from './menu';

export interface OrderItem { key: string; label: string; icon: IconName; note?: string | undefined }

export function OrderList({ label, add, items, rest, onChange }: { label: string; add: string; items: OrderItem[]; rest: OrderItem[]; onChange(keys: string[]): void }) {
	const t = useT();
	const list = useRef<HTMLOListElement>(null);
	const [said, setSaid] = useState('');
	const keys = items.map((item) => item.key);
	const move = (at: number, to: number) => {
		const item = items[at];
		if (!item || to < 0 || to >= items.length)
			return;
		const next = keys.filter((_, index) => index !== at);
		next.splice(to, 0, item.key);
		onChange(next);
		setSaid(t('order.moved', { label: item.label, at: to + 1, of: items.length }));
		const way = to < at ? 'up' : 'down';
		requestAnimationFrame(() => {
			const row = list.current?.querySelector(`[data-item="${item.key}"]`);
			(row?.querySelector<HTMLElement>(`[data-way="${way}"]:not(:disabled)`) ?? row?.querySelector<HTMLElement>('[data-way]:not(:disabled)'))?.focus();
		});
	};
	const drop = (at: number) => {
		onChange(keys.filter((_, index) => index !== at));
		setSaid(t('order.dropped', { label: items[at]?.label ?? '' }));
		requestAnimationFrame(() => {
			const rows = list.current?.querySelectorAll<HTMLElement>('[data-out]');
			(rows?.[Math.min(at, rows.length - 1)] ?? list.current?.parentElement?.querySelector<HTMLElement>('.order-add'))?.focus();
		});
	};
	const onKey = (at: number) => (event: KeyboardEvent) => {
		if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown'))
			return;
		event.preventDefault();
		move(at, at + (event.key === 'ArrowUp' ? -1 : 1));
	};
	return (
		<div className="order">
			<ol ref={list} aria-label={label}>
				{items.map((item, at) => (
					<li key={item.key} data-item={item.key} onKeyDown={onKey(at)}>
						<Icon name={item.icon} size={18} />
						<span className="order-text"><span className="cut">{item.label}</span>{item.note && <span className="muted small">{item.note}</span>}</span>
						<IconButton icon="up" small label={t('order.up', { label: item.label })} hint="Alt ↑" data-way="up" disabled={at === 0} onClick={() => move(at, at - 1)} />
						<IconButton icon="down" small label={t('order.down', { label: item.label })} hint="Alt ↓" data-way="down" disabled={at === items.length - 1} onClick={() => move(at, at + 1)} />
						<IconButton icon="x" small label={t('order.drop', { label: item.label })} data-out onClick={() => drop(at)} />
					</li>
				))}
			</ol>
			{rest.length > 0 && (
				<Menu label={add} entries={rest.map((item) => ({ key: item.key, icon: item.icon, label: item.label, onSelect: () => onChange([...keys, item.key]) }))}
					target={<Button kind="quiet" icon="plus" className="order-add">{add}</Button>} />
			)}
			<span className="hidden-text" role="status">{said}</span>
		</div>
	);
}
