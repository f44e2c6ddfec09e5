/* The deals as a table: the server filters, sorts and pages; the page holds what was read and draws the rows that are in sight. A row
   opens the side panel. `DealTable` takes a filter that cannot be taken off, for pages of their own. */
import { flushSync } from 'react-dom';
import { type KeyboardEvent, lazy, type MouseEvent, Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useItems, useOwnFields, useSetPipelines } from '../../api/boards';
import { query } from '../../api/client';
import { useMemberNames, useMemberPhotos } from '../../api/queries';
import type { Id } from '../../api/types';
import { useActions } from '../../app/actions';
import { HeadButtons } from '../../app/head-buttons';
import { currentPrefs } from '../../app/prefs';
import { problemText } from '../../app/problems';
import { type AppSearch, useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Empty, Tile } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { HelpLink, useTitle } from '../../ui/page';
import { TableSkeleton } from '../../ui/table';
import { planOf } from './columns';
import { FilterBar } from './filter-bar';
import { type FilterValues, useFilters } from './filters';
import { useKept } from './kept';
import { selection, usePicked, usePickedCount } from './selection';
import { useColumnChoice } from './table-choice';
import { type CellWords, cellOf, type ColumnShape, type DealRow, shapeOf } from './table-columns';
import { useDealPages, useLiveTable } from './table-live';
import './table.css';

const BulkBar = lazy(() => import('./bulk-bar').then((module) => ({ default: module.BulkBar })));

const HEIGHT = { compact: 32, normal: 40, roomy: 48 } as const;
const AHEAD = 12;

export function TablePage() {
	const t = useT();
	const { workspace } = useScope();
	const [total, setTotal] = useState<string | null>(null);
	const title = t('table.title');
	useTitle(title, workspace?.name ?? t('workspace.all'));
	return (
		<div className="leads-page">
			<header className="page-head">
				<div className="page-title"><div className="title-line"><h1>{title}</h1><HelpLink page="table" title={title} /></div><p className="page-sub num" role="status">{total ?? '\u00a0'}</p></div>
				<HeadButtons here="/deals/table" />
			</header>
			<FilterBar here="/deals/table" end={<><SortMenu /><ExportMenu /></>} />
			<DealTable label={title} onTotal={setTotal} />
		</div>
	);
}

/* cards have no heads to press */
function SortMenu() {
	const t = useT();
	const go = useGo();
	const { sort } = useAppSearch();
	const { all, shown } = useColumnChoice();
	const narrow = useNarrow();
	if (!narrow)
		return null;
	const entries = shown.flatMap((key) => all.filter((one) => one.key === key)).map(({ key, label }) => ({
		key, label, checked: sort === key || sort === `-${key}`, end: sort === key ? <Icon name="up" /> : sort === `-${key}` ? <Icon name="down" /> : undefined,
		onSelect: () => go.search({ sort: sort === key ? `-${key}` : sort === `-${key}` ? undefined : key }, true),
	}));
	return <Menu label={t('table.sort')} align="end" entries={entries} target={<IconButton icon="selector" label={t('table.sort')} />} />;
}

function ExportMenu() {
	const t = useT();
	const { may, reads } = useScope();
	const values = useFilters();
	const { sort, pipeline } = useAppSearch();
	const { shown } = useColumnChoice();
	if (!may('crm-export'))
		return null;
	const take = (format: string) => {
		const link = document.createElement('a');
		link.href = `/api/crm/export/deals${query({ ...values, pipeline, workspace: reads, sort, fields: shown.join(','), format })}`;
		link.download = '';
		link.click();
	};
	return <Menu label={t('table.export')} align="end" entries={['csv', 'json'].map((format) => ({ key: format, icon: 'download' as const, label: t(format === 'csv' ? 'table.export_csv' : 'table.export_json'), onSelect: () => take(format) }))}
		target={<IconButton icon="download" label={t('table.export')} />} />;
}

function useCellWords(): CellWords {
	const t = useT();
	const language = useLanguage();
	const { reads, formats } = useScope();
	const names = useMemberNames(reads);
	const photos = useMemberPhotos(reads);
	const pipelines = useSetPipelines(reads).data;
	const items = useItems(reads).data;
	const fields = useOwnFields(reads).data;
	return useMemo(() => {
		const stages = new Map((pipelines ?? []).flatMap((one) => one.stages).map((one) => [one.id, { label: labelOf(one.label, language, one.key), colour: one.colour }]));
		const said = new Map((items ?? []).map((one) => [`${one.catalogue} ${one.key}`, labelOf(one.label, language, one.key)]));
		return {
			formats,
			owner: (id) => ({ name: names.get(id) ?? t('timeline.someone'), photo: photos.get(id) }),
			stage: (id) => stages.get(id) ?? null,
			item: (catalogue, key) => said.get(`${catalogue} ${key}`) ?? sayValue(catalogue, key),
			own: (key) => (fields ?? []).find((one) => one.key === key),
			choice: (field, key) => labelOf(field.choices?.find((one) => one.key === key)?.label ?? {}, language, key),
			leadStatus: (key) => sayValue('lead_status', key),
			lifecycle: (key) => sayValue('lifecycle', key),
			flag: (yes) => t(yes ? 'audit_value.yes' : 'audit_value.no'),
		};
	}, [t, language, formats, names, photos, pipelines, items, fields]);
}

/* rows of one height: which of them are in sight */
function useSight(box: React.RefObject<HTMLDivElement | null>, rows: number, height: number): { from: number; to: number } {
	const [sight, setSight] = useState({ from: 0, to: 40 });
	useLayoutEffect(() => {
		const element = box.current;
		if (!element)
			return undefined;
		const look = () => {
			const from = Math.max(0, Math.floor(element.scrollTop / height) - AHEAD);
			const to = Math.ceil((element.scrollTop + element.clientHeight) / height) + AHEAD;
			setSight((old) => (old.from === from && old.to === to ? old : { from, to }));
		};
		look();
		element.addEventListener('scroll', look, { passive: true });
		/* paper has no scroll bar: all that is loaded */
		const all = () => flushSync(() => setSight({ from: 0, to: Infinity }));
		addEventListener('beforeprint', all);
		addEventListener('afterprint', look);
		const watch = new ResizeObserver(look);
		watch.observe(element);
		return () => {
			element.removeEventListener('scroll', look);
			removeEventListener('beforeprint', all);
			removeEventListener('afterprint', look);
			watch.disconnect();
		};
	}, [box, height, rows]);
	return { from: Math.min(sight.from, rows), to: Math.min(sight.to, rows) };
}

const narrowQuery = '(max-width: 760px)';
function useNarrow(): boolean {
	const [narrow, setNarrow] = useState(() => matchMedia(narrowQuery).matches);
	useEffect(() => {
		const media = matchMedia(narrowQuery);
		const look = () => setNarrow(media.matches);
		media.addEventListener('change', look);
		return () => media.removeEventListener('change', look);
	}, []);
	return narrow;
}

/* on a phone a card of these, in the person's order */
const CARD = 6;

export function DealTable({ label, path = '/api/crm/deals', base, onTotal }: { label: string; path?: string; base?: FilterValues; onTotal?(text: string | null): void }) {
	const t = useT();
	const go = useGo();
	const actions = useActions();
	const { reads, workspace, me, formats, mayEdit } = useScope();
	const several = !workspace && me.workspaces.length > 1;
	const workspaceName = useWorkspaceName();
	const values = useFilters();
	const { sort, pipeline, id: opened } = useAppSearch();
	const { kept } = useKept();
	const { all, shown } = useColumnChoice();
	const words = useCellWords();
	const narrow = useNarrow();
	const asked = useMemo(() => ({ ...values, ...base, ...(pipeline ? { pipeline } : {}), ...(reads ? { workspace: reads } : {}), ...(sort ? { sort } : {}) }), [values, base, pipeline, reads, sort]);
	const { data, error, isPending, isPlaceholderData, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useDealPages(path, asked);
	useLiveTable(path, asked);
	const rows = useMemo(() => {
		const seen = new Set<string>(); /* a deal that moved in the order while its pages were read */
		return (data?.pages ?? []).flatMap((page) => page.data).filter((row) => !seen.has(row.id) && seen.add(row.id));
	}, [data]);
	const first = data?.pages[0];
	const total = first?.total;
	useEffect(() => {
		onTotal?.(total === undefined ? null : t(first?.more ? 'table.count_more' : 'table.count', { count: total, number: formats.number(total) }));
	}, [total, first?.more, formats, t, onTotal]);
	const box = useRef<HTMLDivElement>(null);
	const height = HEIGHT[kept.density ?? 'normal'];
	const sight = useSight(box, rows.length, height);
	const from = narrow ? 0 : sight.from;
	const to = narrow ? rows.length : sight.to;
	const near = !narrow && sight.to >= rows.length - 20;
	useEffect(() => {
		if (near && hasNextPage && !isFetchingNextPage && !error)
			void fetchNextPage();
	}, [near, hasNextPage, isFetchingNextPage, fetchNextPage, error]);
	useEffect(() => { box.current?.scrollTo({ top: 0 }); }, [asked]);

	/* picked for one action on all of them; another question lets go of what was picked for the last one */
	const editable = mayEdit(workspace?.id);
	useEffect(() => () => selection.clear(), [asked]);
	useEffect(() => {
		const here = new Set(rows.map((row) => row.id));
		for (const id of selection.all())
			if (!here.has(id))
				selection.drop(id);
	}, [rows]);
	const pick = (id: Id, range: boolean) => (range ? selection.range(rows.map((row) => row.id), id) : void selection.toggle(id));

	const columns = useMemo<ColumnShape[]>(() => shown.map((key) => shapeOf(key, all.find((one) => one.key === key)?.label ?? key)).slice(0, narrow ? CARD : undefined), [shown, all, narrow]);
	const order = (key: string) => (sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : 'none');
	const sortBy = (key: string) => go.search({ sort: order(key) === 'none' ? key : order(key) === 'ascending' ? `-${key}` : undefined }, true);

	/* the row that the keys left is drawn again before it takes the focus; the next key makes an end of what the last one still waited for, or Enter
	   would open a row that was passed */
	const frame = useRef(0);
	const focusRow = (at: number) => {
		const row = rows[at];
		const element = box.current;
		if (!row || !element)
			return;
		const take = () => element.querySelector<HTMLElement>(`[data-row="${row.id}"] .row-link`)?.focus({ preventScroll: true });
		const top = at * height;
		if (!narrow && top < element.scrollTop)
			element.scrollTop = top;
		else if (!narrow && top + height + 60 > element.scrollTop + element.clientHeight)
			element.scrollTop = top + height + 60 - element.clientHeight;
		take();
		cancelAnimationFrame(frame.current);
		frame.current = requestAnimationFrame(() => { frame.current = requestAnimationFrame(take); });
	};
	const onKey = (event: KeyboardEvent) => {
		const at = rows.findIndex((row) => row.id === (event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset['row']);
		if (event.altKey || event.ctrlKey || event.metaKey)
			return;
		if (event.key === 'Escape' && selection.all().size) {
			event.preventDefault();
			event.stopPropagation();
			selection.clear();
			return;
		}
		if (at < 0)
			return;
		if (event.key.toLowerCase() === 'x' && editable && currentPrefs().singleKeys) {
			event.preventDefault();
			event.stopPropagation();
			pick((rows[at] as DealRow).id, event.shiftKey);
			return;
		}
		const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 400) / height) - 2);
		const step: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 };
		const next = step[event.key];
		if (next === undefined)
			return;
		event.preventDefault();
		focusRow(Math.max(0, Math.min(rows.length - 1, next)));
	};
	const open = (event: MouseEvent, row: DealRow) => {
		if (event.button !== 0 || event.metaKey || event.ctrlKey || (event.shiftKey && !editable))
			return;
		event.preventDefault();
		if (event.shiftKey)
			pick(row.id, true);
		else
			go.openDeal(row.id);
	};
	const href = (row: DealRow) => {
		const params = new URLSearchParams(location.search);
		params.set('type', 'prospect');
		params.set('id', row.id);
		return `${location.pathname}?${params.toString()}`;
	};

	const filtered = Object.keys(values).length > 0;
	if (error && !data)
		return <Empty icon="alert" title={t('table.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>;
	if (isPending)
		return <TableSkeleton />;
	if (!rows.length)
		return filtered
			? <Empty icon="search" title={t('table.none')}><p>{t('table.none_text')}</p><Button icon="x" onClick={() => go.search(Object.fromEntries(Object.keys(values).map((name) => [name, undefined])) as Partial<AppSearch>, true)}>{t('filter.clear')}</Button></Empty>
			: <Empty icon="inbox" title={t('table.empty')}><p>{t('table.empty_text')}</p>{mayEdit(workspace?.id) && <Button kind="primary" icon="plus" hotkey="N" onClick={actions.newLead}>{t('lead.new')}</Button>}</Empty>;
	const cells = columns.length + (several ? 1 : 0);
	return (
		<>
		<div className={`table-box deal-box scroll${isPlaceholderData ? ' table-old' : ''}${narrow ? ' cards-box' : ''}`} ref={box} tabIndex={0} role="region" aria-label={label} onKeyDown={onKey}>
			<table className={`table deals${narrow ? ' cards' : ''}`} aria-rowcount={first?.more ? -1 : (total ?? rows.length) + 1} style={{ '--row': `${height}px`, ...(narrow ? {} : { width: columns.reduce((sum, one) => sum + one.width, several ? 160 : 0) }) } as React.CSSProperties}>
				<caption className="hidden-text">{label}</caption>
				<thead>
					<tr>
						{columns.map((column, at) => (
							<th key={column.key} scope="col" className={column.right ? 'right' : undefined} style={{ width: column.width }} aria-sort={order(column.key)} data-column={column.key}>
								{at === 0 && editable && !narrow && <PickAll ids={rows} />}
								{narrow ? column.label : <button type="button" className="sort" onClick={() => sortBy(column.key)}><span className="cut">{column.label}</span><Icon name={order(column.key) === 'ascending' ? 'up' : order(column.key) === 'descending' ? 'down' : 'selector'} size={14} /></button>}
							</th>
						))}
						{several && <th scope="col" style={{ width: 160 }}>{t('field.workspace')}</th>}
					</tr>
				</thead>
				<tbody>
					{from > 0 && <tr aria-hidden="true"><td className="gap" colSpan={cells} style={{ height: from * height }} /></tr>}
					{rows.slice(from, to).map((row, index) => (
						<tr key={row.id} data-row={row.id} aria-rowindex={from + index + 2} className={row.id === opened ? 'row-open' : undefined}>
							{columns.map((column, at) => {
								const content = cellOf(row, column.key, words) ?? <span className="muted">—</span>;
								return at === 0
									? <th key={column.key} scope="row" className={editable ? 'th-pick' : undefined}>{editable && <Pick id={row.id} title={row.title} pick={pick} />}<a className="row-link" href={href(row)} onClick={(event) => open(event, row)}>{column.key === 'company' && <Tile name={row.company ?? row.contact_name ?? row.title} />}<span className="cut">{column.key === 'company' ? (row.company ?? row.contact_name ?? row.title) : content}</span></a></th>
									: <td key={column.key} data-label={column.label} className={column.right ? 'right num' : undefined}>{content}</td>;
							})}
							{several && <td data-label={t('field.workspace')}>{workspaceName(row.workspace_id)}</td>}
						</tr>
					))}
					{to < rows.length && <tr aria-hidden="true"><td className="gap" colSpan={cells} style={{ height: (rows.length - to) * height }} /></tr>}
				</tbody>
			</table>
			{hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}
		</div>
		{editable && <Picked rows={rows} asked={asked} total={total ?? rows.length} more={first?.more ?? false} />}
		</>
	);
}

/* a row is drawn again by what is picked of it alone */
function Pick({ id, title, pick }: { id: Id; title: string; pick(id: Id, range: boolean): void }) {
	const t = useT();
	const picked = usePicked(id);
	return <button type="button" role="checkbox" className="row-pick" tabIndex={-1} aria-checked={picked} aria-label={t('bulk.pick', { title })} onClick={(event) => pick(id, event.shiftKey)}>{picked && <Icon name="check" size={14} />}</button>;
}

function PickAll({ ids }: { ids: readonly DealRow[] }) {
	const t = useT();
	const count = usePickedCount();
	const whole = count > 0 && count === ids.length;
	return <button type="button" role="checkbox" className="row-pick" aria-checked={whole ? true : count > 0 ? 'mixed' : false} aria-label={t('bulk.loaded')} onClick={() => (whole ? selection.clear() : selection.add(ids.map((row) => row.id)))}>{count > 0 && <Icon name={whole ? 'check' : 'minus'} size={14} />}</button>;
}

/* the bar comes with the first row that is picked; all that fit are more than the rows that were read */
function Picked({ rows, asked, total, more }: { rows: DealRow[]; asked: FilterValues; total: number; more: boolean }) {
	const { reads } = useScope();
	const pipelines = useSetPipelines(reads).data;
	const count = usePickedCount();
	const [whole, setWhole] = useState(false);
	useEffect(() => { setWhole(false); }, [asked, count]);
	const plan = useMemo(() => planOf((pipelines ?? []).filter((one) => !one.archived).map((one) => ({ ...one, stages: one.stages.map((stage) => ({ ...stage, count: 0, sums: [], cards: [], next: null })) }))), [pipelines]);
	const filter = useMemo(() => Object.fromEntries(Object.entries(asked).filter(([name]) => name !== 'workspace' && name !== 'sort')), [asked]);
	return count > 0 ? <Suspense fallback={null}><BulkBar plan={plan} cards={() => rows.filter((row) => selection.has(row.id))} all={{ count: total, more, filter, on: whole, set: setWhole }} /></Suspense> : null;
}
