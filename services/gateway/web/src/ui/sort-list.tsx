/* A list whose order a person sets by dragging a row, by Alt with an arrow or from the row's menu. The focus stays with what
   moved, and every move is said. Shows the new order at once and goes back when the move was refused. */
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useT } from '../i18n';
import { IconButton } from './button';
import { Icon } from './icons';
import { Menu, type MenuEntry } from './menu';

export interface SortRow {
	key: string;
	label: string;
	lead?: ReactNode;
	note?: ReactNode;
	tags?: ReactNode;
	entries: MenuEntry[];
	onOpen(): void;
}

/* `onMove` puts the row where the one at that place is, and says whether it could */
export function SortList({ label, rows, onMove }: { label: string; rows: SortRow[]; onMove(key: string, to: number): Promise<boolean> }) {
	const t = useT();
	const id = useId();
	const list = useRef<HTMLOListElement>(null);
	const [order, setOrder] = useState<string[] | null>(null);
	const [said, setSaid] = useState('');
	useEffect(() => { setOrder(null); }, [rows]);
	const shown = order ? order.flatMap((key) => rows.find((row) => row.key === key) ?? []) : rows;
	const move = (from: number, to: number) => {
		const row = shown[from];
		if (!row || from === to || to < 0 || to >= shown.length)
			return;
		const next = shown.map((one) => one.key).filter((key) => key !== row.key);
		next.splice(to, 0, row.key);
		setOrder(next);
		setSaid(t('order.moved', { label: row.label, at: to + 1, of: shown.length }));
		/* an element that is put elsewhere loses the focus */
		const had = document.activeElement;
		requestAnimationFrame(() => { if (had instanceof HTMLElement && list.current?.contains(had)) had.focus(); });
		void onMove(row.key, to).then((ok) => { if (!ok) setOrder(null); });
	};
	const latest = useRef(move);
	latest.current = move;
	useEffect(() => {
		const box = list.current?.closest<HTMLElement>('.scroll');
		return box ? autoScrollForElements({ element: box }) : undefined;
	}, []);
	return (
		<div className="order">
			<ol ref={list} aria-label={label}>
				{shown.map((row, at) => <Row key={row.key} row={row} at={at} of={shown.length} list={id} onMove={(from, to) => latest.current(from, to)} />)}
			</ol>
			<span className="hidden-text" role="status">{said}</span>
		</div>
	);
}

function Row({ row, at, of, list, onMove }: { row: SortRow; at: number; of: number; list: string; onMove(from: number, to: number): void }) {
	const t = useT();
	const box = useRef<HTMLLIElement>(null);
	const [over, setOver] = useState<'up' | 'down' | undefined>();
	const here = useRef({ at, onMove });
	here.current = { at, onMove };
	useEffect(() => {
		const element = box.current;
		if (!element)
			return undefined;
		const ours = (data: Record<string | symbol, unknown>) => data['list'] === list;
		const stop = [
			draggable({ element, getInitialData: () => ({ list, at: here.current.at }) }),
			dropTargetForElements({
				element,
				canDrop: ({ source }) => ours(source.data),
				onDragEnter: ({ source }) => setOver(Number(source.data['at']) < here.current.at ? 'down' : Number(source.data['at']) > here.current.at ? 'up' : undefined),
				onDragLeave: () => setOver(undefined),
				onDrop: ({ source }) => {
					setOver(undefined);
					here.current.onMove(Number(source.data['at']), here.current.at);
				},
			}),
		];
		return () => { for (const one of stop) one(); };
	}, [list]);
	const onKey = (event: KeyboardEvent) => {
		if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown'))
			return;
		event.preventDefault();
		onMove(at, at + (event.key === 'ArrowUp' ? -1 : 1));
	};
	const name = t('users.actions_of', { name: row.label });
	return (
		<li ref={box} data-item={row.key} data-over={over} onKeyDown={onKey}>
			<Icon name="grip" size={16} />
			{row.lead}
			<span className="order-text"><button type="button" className="order-open" onClick={row.onOpen}>{row.label}</button>{row.note && <span className="muted small">{row.note}</span>}</span>
			{row.tags && <span className="tags">{row.tags}</span>}
			<Menu label={name} align="end" target={<IconButton icon="dots" small label={name} />} entries={[
				...row.entries,
				...(of > 1 ? [
					{ key: 'order', kind: 'divider' as const },
					{ key: 'up', icon: 'up' as const, label: t('sort.up'), disabled: at === 0, onSelect: () => onMove(at, at - 1) },
					{ key: 'down', icon: 'down' as const, label: t('sort.down'), disabled: at === of - 1, onSelect: () => onMove(at, at + 1) },
				] : []),
			]} />
		</li>
	);
}
