/* One column: head with dot, name, count and sums, below it only the cards that are near the visible part. A card that
   has the focus, is held or dragged stays mounted wherever it is. */
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { api, query } from '../../api/client';
import type { Card, Id, Page } from '../../api/types';
import { AboutLine } from '../../app/about';
import { useScope } from '../../app/scope';
import { toggleFolded, usePrefs } from '../../app/prefs';
import { problemText } from '../../app/problems';
import { labelOf, useLanguage, useT } from '../../i18n';
import { orderSums, percentOf } from '../../lib/money';
import { Button, Hint, IconButton } from '../../ui/button';
import { withDrag } from '../../ui/drag';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { useAbout } from './about';
import { DealCard } from './card';
import { type Column, type Plan, stageFor, useColumnIds, useColumnTotals } from './columns';
import { QuickAdd } from './quick-add';
import { board } from './store';
import { setBoardUi, useBoardUi } from './ui-state';

export interface BoardContext {
	plan: Plan;
	showWorkspace: boolean;
	/* some column has sums in several currencies: each keeps a line for what they are about */
	abouts: boolean;
	/* too many columns to draw the cards of all */
	wide: boolean;
	move(card: Card, column: Column): void;
	/* what each open column shows just now, for the arrow keys */
	ids: Map<string, readonly Id[]>;
}

const ROW = 126;
const OVERSCAN = 3;

function useWindow(scroller: React.RefObject<HTMLElement | null>, count: number): { first: number; last: number } {
	const [range, setRange] = useState({ first: 0, last: 9 });
	const measure = useCallback(() => {
		const element = scroller.current;
		if (!element)
			return;
		const first = Math.max(0, Math.floor(element.scrollTop / ROW) - OVERSCAN);
		const last = Math.ceil((element.scrollTop + element.clientHeight) / ROW) + OVERSCAN;
		setRange((old) => old.first === first && old.last === last ? old : { first, last });
	}, [scroller]);
	useLayoutEffect(() => {
		const element = scroller.current;
		if (!element)
			return undefined;
		measure();
		element.addEventListener('scroll', measure, { passive: true });
		/* paper has no scroll bar: all that is loaded */
		const all = () => flushSync(() => setRange({ first: 0, last: Infinity }));
		addEventListener('beforeprint', all);
		addEventListener('afterprint', measure);
		const watch = new ResizeObserver(measure);
		watch.observe(element);
		return () => {
			element.removeEventListener('scroll', measure);
			removeEventListener('beforeprint', all);
			removeEventListener('afterprint', measure);
			watch.disconnect();
		};
	}, [scroller, measure]);
	return { first: Math.min(range.first, Math.max(0, count - 1)), last: Math.min(range.last, count) };
}

/* whether a column of a wide board is near what is seen of it */
function useNear(box: React.RefObject<HTMLElement | null>, wide: boolean): boolean {
	const [near, setNear] = useState(!wide);
	useEffect(() => {
		const element = box.current;
		if (!wide || !element) {
			setNear(true);
			return undefined;
		}
		const watch = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), { root: element.closest('.rail'), rootMargin: '0px 240px' });
		watch.observe(element);
		return () => watch.disconnect();
	}, [box, wide]);
	return near;
}

function useMore(column: Column): { more: boolean; loading: boolean; load(): void } {
	const [loading, setLoading] = useState(false);
	const busy = useRef(false);
	const { reads } = useScope();
	const open = column.stageIds.filter((stage) => board.cursor(stage) !== null);
	const load = useCallback(() => {
		if (busy.current)
			return;
		busy.current = true;
		setLoading(true);
		const scope = board.scope;
		const asked = column.stageIds.flatMap((stage) => {
			const after = board.cursor(stage);
			return after === null ? [] : [api<Page<Card>>('GET', `/api/crm/deals${query({ ...board.filter, workspace: reads, stage, after, limit: 100 })}`)
				.then((page) => { if (board.scope === scope) board.append(stage, page.data, page.next); })];
		});
		Promise.all(asked)
			.catch((fault: unknown) => toast.error(problemText(fault)))
			.finally(() => {
				busy.current = false;
				setLoading(false);
			});
	}, [column, reads]);
	return { more: open.length > 0, loading, load };
}

export const BoardColumn = memo(function BoardColumn({ column, context }: { column: Column; context: BoardContext }) {
	const t = useT();
	const language = useLanguage();
	const { mayEdit } = useScope();
	const { folded } = usePrefs();
	const isFolded = folded.includes(column.kind === 'open' ? column.key : column.kind);
	const box = useRef<HTMLElement>(null);
	const scroller = useRef<HTMLDivElement>(null);
	const over = useBoardUi((ui) => ui.over === column.id || (ui.held !== null && ui.held.column === column.id && ui.held.from !== column.id));
	const heldHere = useBoardUi((ui) => ui.held !== null && ui.held.column === column.id ? ui.held.id : null);
	const heldAway = useBoardUi((ui) => ui.held !== null && ui.held.column !== column.id && ui.held.from === column.id ? ui.held.id : null);
	const pinned = useBoardUi((ui) => ui.dragging ?? ui.focus);
	const stored = useColumnIds(column);
	const ids = heldHere ? [heldHere, ...stored.filter((id) => id !== heldHere)] : heldAway ? stored.filter((id) => id !== heldAway) : stored;
	const near = useNear(box, context.wide && !isFolded);
	const view = useWindow(scroller, ids.length);
	const first = near ? view.first : 0;
	const last = near ? view.last : 0;
	const off = useBoardUi((ui) => {
		const card = board.card(ui.dragging ?? ui.held?.id ?? '');
		return card !== undefined && stageFor(context.plan, card, column) === undefined;
	});
	const { more, loading, load } = useMore(column);
	const name = labelOf(column.label, language, column.key);
	const current = useRef(ids);
	current.current = ids;

	useEffect(() => {
		if (isFolded && !heldHere)
			context.ids.delete(column.id);
		else
			context.ids.set(column.id, ids);
	});

	useEffect(() => {
		const element = box.current;
		const list = scroller.current;
		if (!element)
			return undefined;
		/* where nothing may be dragged there is nowhere to drop */
		const locked = column.stageIds.every((stage) => context.plan.pipelineOf.get(stage)?.move_mode === 'locked');
		return withDrag(({ autoScrollForElements, dropTargetForElements }) => {
			const target = locked ? () => undefined : dropTargetForElements({
				element,
				getData: () => ({ column: column.id }),
				canDrop: ({ source }) => {
					const card = board.card(String(source.data['id']));
					return card !== undefined && stageFor(context.plan, card, column) !== undefined;
				},
				getIsSticky: () => true,
			});
			const scroll = list ? autoScrollForElements({ element: list }) : () => undefined;
			return () => { target(); scroll(); };
		});
	}, [column, context.plan, isFolded]);
	const [only] = column.stageIds;
	const pipeline = only && column.stageIds.length === 1 ? context.plan.pipelineOf.get(only) : undefined;

	/* the arrow keys name a row; it is scrolled into view first, so that it is mounted, then focused */
	useEffect(() => {
		const rail = box.current?.closest('.rail');
		const onWalk = (event: Event) => {
			const { column: wanted, index } = (event as CustomEvent<{ column: string; index: number }>).detail;
			const list = scroller.current;
			if (wanted !== column.id || !list)
				return;
			const row = Math.max(0, Math.min(index, current.current.length - 1));
			const id = current.current[row];
			if (!id)
				return;
			const top = row * ROW;
			if (top < list.scrollTop)
				list.scrollTop = Math.max(0, top - 8);
			else if (top + ROW > list.scrollTop + list.clientHeight)
				list.scrollTop = top + ROW - list.clientHeight + 8;
			setBoardUi({ focus: id, focusLive: true });
			requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-card="${id}"] .card-link`)?.focus({ preventScroll: true }));
			box.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
		};
		rail?.addEventListener('walk', onWalk);
		return () => rail?.removeEventListener('walk', onWalk);
	}, [column.id]);

	/* carried by key: the card is at the top of its new column and keeps the focus */
	useLayoutEffect(() => {
		if (!heldHere)
			return;
		if (scroller.current)
			scroller.current.scrollTop = 0;
		box.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
		box.current?.querySelector<HTMLElement>(`[data-card="${heldHere}"] .card-link`)?.focus({ preventScroll: true });
	}, [heldHere]);

	useEffect(() => {
		if (near && more && !loading && last >= ids.length)
			load();
	}, [near, more, loading, last, ids.length, load]);

	if (isFolded && !heldHere)
		return <FoldedColumn column={column} name={name} over={over} boxRef={box} />;

	const rows: number[] = [];
	for (let row = first; row < last; row++)
		rows.push(row);
	const far = pinned ? ids.indexOf(pinned) : -1;
	if (far >= 0 && (far < first || far >= last))
		rows.push(far);
	const entry = pinned !== null && ids.includes(pinned) ? pinned : null;

	return (
		<section ref={box} className={`column stage-${column.colour}${over ? ' column-over' : ''}${off ? ' column-off' : ''}`} aria-label={name} data-column={column.key} data-column-id={column.id}>
			<ColumnHead column={column} name={name} context={context} />
			<div className="column-cards scroll" ref={scroller} tabIndex={-1}>
				{over && !heldHere && <div className="drop-line" />}
				{ids.length === 0 && !more && <p className="column-empty">{t('board.column_empty')}</p>}
				<ul className="stack" style={{ height: ids.length * ROW }} aria-label={t('board.cards_of', { stage: name })}>
					{rows.map((row) => {
						const id = ids[row];
						return id && (
							<DealCard key={id} id={id} top={row * ROW} row={row} size={ids.length} column={column} context={context} held={id === heldHere}
								entry={entry ? id === entry : row === 0} />
						);
					})}
				</ul>
				{more && <div className="column-more"><Button kind="quiet" onClick={load} disabled={loading}>{t(loading ? 'common.loading' : 'common.more')}</Button></div>}
			</div>
			{only && pipeline && column.kind === 'open' && mayEdit(pipeline.workspace_id) && <QuickAdd stage={only} pipeline={pipeline.id} relates={pipeline.kind === 'relationship'} workspace={pipeline.workspace_id} name={name} />}
		</section>
	);
});

function ColumnHead({ column, name, context }: { column: Column; name: string; context: BoardContext }) {
	const t = useT();
	const { formats, currency } = useScope();
	const { count, sums: unordered } = useColumnTotals(column);
	const sums = orderSums(unordered, currency);
	const about = useAbout(context.plan, column.stageIds);
	/* per currency, never added: the first is shown, all of them are told */
	const weighted = column.weighs && column.kind === 'open' ? sums.map((sum) => ({ currency: sum.currency, amount: percentOf(sum.amount, column.probability) })) : [];
	const [first] = weighted;
	return (
		<div className="column-head">
			<div className="column-line">
				<span className="dot" />
				<h2 className="column-name cut" title={name}>{name}</h2>
				<span className="column-count num">{formats.number(count)}</span>
				<IconButton icon="left" small label={t('board.fold', { stage: name })} className="column-fold" onClick={() => toggleFolded(column.kind === 'open' ? column.key : column.kind)} />
			</div>
			<div className="column-sums num">
				<span className="cut">
					{sums.length ? sums.slice(0, 3).map((sum, at) => <b key={sum.currency} title={formats.money(sum)}>{at > 0 && <span className="muted"> · </span>}{formats.moneyTight(sum, sums.length > 1)}</b>)
						: <span className="muted">{t('board.no_value')}</span>}
				</span>
				{/* of several currencies the line below says it, as one */}
				{first && !(sums.length > 1 && about?.amount) && <Hint text={[t('board.weighted_text', { percent: column.probability }), ...weighted.map((sum) => formats.money(sum))].join(' · ')}><span className="column-weighted"><span className="column-weighted-long">{t('board.weighted', { amount: formats.moneyTight(first, sums.length > 1) })}</span><span className="column-weighted-short">{t('board.weighted_short', { percent: column.probability, amount: formats.moneyTight(first, sums.length > 1) })}</span></span></Hint>}
			</div>
			{context.abouts && <div className="column-about">{about && <AboutLine about={about} short more={column.weighs && column.kind === 'open' && about.amount !== null
				? t('board.weighted_short', { percent: column.probability, amount: formats.moneyTight({ amount: percentOf(about.amount, column.probability), currency: about.currency }, true) }) : undefined} />}</div>}
			<div className="column-bar"><span style={{ width: `${column.kind === 'lost' ? 100 : Math.max(4, column.probability)}%` }} /></div>
		</div>
	);
}

function FoldedColumn({ column, name, over, boxRef }: { column: Column; name: string; over: boolean; boxRef: React.RefObject<HTMLElement | null> }) {
	const t = useT();
	const { formats } = useScope();
	const { count } = useColumnTotals(column);
	return (
		<section ref={boxRef} className={`column column-folded stage-${column.colour}${over ? ' column-over' : ''}`} aria-label={name} data-column={column.key}>
			<button type="button" className="unfold" aria-expanded={false} title={t('board.unfold')} onClick={() => toggleFolded(column.kind === 'open' ? column.key : column.kind)}>
				<Icon name="right" /><span className="hidden-text">{t('board.unfold')}</span><span className="dot" /><span className="column-count num">{formats.number(count)}</span><span className="unfold-name">{name}</span>
			</button>
		</section>
	);
}
