/* The list of a page: its rows as a table or, where it is narrow, as cards; the segments and the search field of the bar
   above it. Knows nothing of what is listed. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { IconButton } from './button';
import { Icon } from './icons';
import { Skeleton } from './bits';
import './table.css';

/* `end` is the last cell, for a row's buttons; the first column names the row */
/* `sort` is its name where the list can be ordered by it */
/* `head` stands before the label: a box that picks all */
export interface Column<T> { key: string; label: string; right?: boolean; end?: boolean; width?: number | string; sort?: string; head?: ReactNode; cell(row: T): ReactNode }

export function Table<T>({ label, columns, rows, idOf, more, sort, onSort }: {
	label: string; columns: Array<Column<T>>; rows: T[]; idOf(row: T): string; more?: ReactNode; sort?: string | undefined; onSort?(sort: string | undefined): void;
}) {
	const names = (column: Column<T>) => [column.right && 'right', column.end && 'row-end'].filter(Boolean).join(' ') || undefined;
	return (
		<div className="table-box cards-box scroll" tabIndex={0} role="region" aria-label={label}>
			<table className="table cards">
				<caption className="hidden-text">{label}</caption>
				<thead>
					<tr>{columns.map((column) => column.sort && onSort ? <SortHead key={column.key} name={column.sort} label={column.label} before={column.head} sort={sort} onSort={onSort} {...(column.right ? { className: 'right' } : {})} /> : (
						<th key={column.key} scope="col" className={names(column)} style={column.width ? { width: column.width } : undefined}>
							{column.end ? <span className="hidden-text">{column.label}</span> : column.label}
						</th>
					))}</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<tr key={idOf(row)} data-row={idOf(row)}>
							{columns.map((column, at) => (at === 0
								? <th key={column.key} scope="row" className={column.head ? 'th-pick' : undefined}>{column.cell(row)}</th>
								: <td key={column.key} className={names(column)} data-label={column.label}>{column.cell(row)}</td>))}
						</tr>
					))}
				</tbody>
			</table>
			{more}
		</div>
	);
}

export function TableSkeleton({ rows = 12 }: { rows?: number }) {
	return <div className="table-box" aria-hidden="true"><Skeleton h={36} />{Array.from({ length: rows }, (_, row) => <div key={row} style={{ display: 'flex', gap: 16, padding: '11px 0' }}><Skeleton w="22%" h={16} /><Skeleton w="18%" h={16} /><Skeleton w="22%" h={16} /><Skeleton w="12%" h={16} /></div>)}</div>;
}

export function Segments<K extends string>({ label, value, choices, onChange }: { label: string; value: K; choices: Array<{ value: K; label: string }>; onChange(value: K): void }) {
	return (
		<div className="segments scroll" role="group" aria-label={label}>
			{choices.map((one) => (
				<button key={one.value} type="button" className="segment" aria-pressed={one.value === value} onClick={() => onChange(one.value)}>{one.label}</button>
			))}
		</div>
	);
}

/* the head of a column that a list can be ordered by: once, the other way round, and as it was */
export function SortHead({ name, label, before, sort, onSort, className }: { name: string; label: string; before?: ReactNode; sort: string | undefined; onSort(sort: string | undefined): void; className?: string }) {
	const up = sort === name;
	const down = sort === `-${name}`;
	return (
		<th scope="col" className={className} aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
			{before}<button type="button" className="sort" onClick={() => onSort(up ? `-${name}` : down ? undefined : name)}>{label}{(up || down) && <Icon name={up ? 'up' : 'down'} size={14} />}</button>
		</th>
	);
}

/* tells what is typed a moment after the last key */
/* `first`: a dialog around it begins here */
export function Find({ label, clear, value, onChange, first }: { label: string; clear: string; value: string; onChange(value: string): void; first?: boolean }) {
	const [typed, setTyped] = useState(value);
	const sent = useRef(value);
	useEffect(() => {
		if (value !== sent.current) {
			sent.current = value;
			setTyped(value);
		}
	}, [value]);
	useEffect(() => {
		if (typed === sent.current)
			return undefined;
		const timer = setTimeout(() => {
			sent.current = typed;
			onChange(typed.trim());
		}, 220);
		return () => clearTimeout(timer);
	}, [typed, onChange]);
	return (
		<div className="find">
			<Icon name="search" />
			<input type="search" className="lw-input find-input" placeholder={label} aria-label={label} data-autofocus={first || undefined} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
			{typed && <IconButton icon="x" small label={clear} onClick={() => setTyped('')} />}
		</div>
	);
}
