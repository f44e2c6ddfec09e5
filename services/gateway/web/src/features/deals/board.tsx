/* The board page: header with totals, one board of all that is looked at, the note that a move may need.
   Takes moves by mouse, by key and by menu to the one place that makes them. */
import { type FocusEvent, type KeyboardEvent, lazy, memo, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { currentPrefs } from '../../app/prefs';
import { AboutLine } from '../../app/about';
import { problemText } from '../../app/problems';
import { HeadButtons } from '../../app/head-buttons';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { usePipelines } from '../../api/queries';
import type { Card, Id, Pipeline } from '../../api/types';
import { labelOf, useLanguage, useT } from '../../i18n';
import { orderSums } from '../../lib/money';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { withDrag } from '../../ui/drag';
import { HelpLink } from '../../ui/page';
import { toast } from '../../ui/toast';
import { BoardColumn, type BoardContext } from './column';
import { useAbout, useAboutWeighted } from './about';
import { type Column, columnOf, modeOf, type Plan, planOf, stageFor, useAllTotals } from './columns';
import { EmptyBoard } from './empty-board';
import { type Batch, undoBatches } from './bulk';
import { FilterBar } from './filter-bar';
import { useFilters } from './filters';
import { askFollowUp, needsReason } from './follow-up-ask';
import { moveDeal } from './move';
import { PipelineSwitch, useShownPipelines } from './pipeline-switch';
import { selection, usePickedCount } from './selection';
import { board } from './store';
import { watchTouch } from './touch';
import { announce, boardUi, setBoardUi, useBoardUi } from './ui-state';
import './board.css';

/* with more columns than this, those far aside draw no cards */
const WIDE = 7;

const BulkBar = lazy(() => import('./bulk-bar').then((module) => ({ default: module.BulkBar })));
const TrashDialog = lazy(() => import('./trash-dialog').then((module) => ({ default: module.TrashDialog })));

export function BoardPage() {
	const t = useT();
	const { reads, workspace, me } = useScope();
	const several = !workspace && me.workspaces.length > 1;
	const filter = useFilters();
	const { data: all, error, refetch } = usePipelines(reads, false, filter); /* the frame asks for it; here it is only read */
	const data = useShownPipelines(all);
	const plan = useMemo(() => planOf(data ?? []), [data]);
	const title = t('board.title');
	useEffect(() => { document.title = `${title} · ${workspace?.name ?? t('workspace.all')} · Leadwire`; }, [title, workspace, t]);
	return (
		<div className="board-page">
			<header className="page-head">
				<div className="page-title">
					<div className="title-line"><h1>{title}</h1><HelpLink page={several ? 'all-workspaces' : 'board'} title={title} /></div>
					{data ? <Summary plan={plan} pipelines={data} /> : <p className="page-sub">&nbsp;</p>}
				</div>
				<Trash />
				<HeadButtons here="/deals/board" />
			</header>
			<FilterBar here="/deals/board" />
			{all && <PipelineSwitch pipelines={all} />}
			{error && !data
				? <Empty icon="alert" title={t('board.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
				: data ? <Board plan={plan} part={data !== all || Object.keys(filter).length > 0} /> : <BoardSkeleton />}
		</div>
	);
}

function Trash() {
	const t = useT();
	const [opened, setOpened] = useState(false);
	return (
		<>
			<div className="board-trash"><IconButton icon="archive" label={t('trash.title')} onClick={() => setOpened(true)} /></div>
			{opened && <Suspense fallback={null}><TrashDialog onClose={() => setOpened(false)} /></Suspense>}
		</>
	);
}

function Summary({ plan, pipelines }: { plan: Plan; pipelines: Pipeline[] }) {
	const t = useT();
	const { formats, currency } = useScope();
	const all = useMemo(() => pipelines.flatMap((one) => one.stages), [pipelines]);
	const open = useMemo(() => all.filter((stage) => stage.kind === 'open').map((stage) => stage.id), [all]);
	const { count, sums } = useAllTotals(open);
	const about = useAbout(plan, open);
	const weighted = useAboutWeighted(plan, open);
	return (
		<p className="page-sub num">
			{t('board.open', { count, number: formats.number(count) })}
			{orderSums(sums, currency).map((sum) => <span key={sum.currency}> · {formats.money(sum)}</span>)}
			{about && <> <AboutLine about={about} more={weighted?.amount ? t('about.weighted', { amount: formats.money({ amount: weighted.amount, currency: weighted.currency }) }) : undefined} /></>}
		</p>
	);
}

/* `part`: one pipeline of several, which may well be empty */
function Board({ plan, part }: { plan: Plan; part: boolean }) {
	const stages = useMemo(() => plan.columns.flatMap((column) => column.stageIds), [plan]);
	const { count } = useAllTotals(stages);
	const t = useT();
	const language = useLanguage();
	const go = useGo();

	const put = useCallback((card: Card, column: Column) => {
		const stage = stageFor(plan, card, column);
		const from = columnOf(plan, card);
		if (!stage || stage === card.stage_id || !from) {
			setBoardUi({ held: null });
			return;
		}
		const name = labelOf(column.label, language, column.key);
		const fromName = labelOf(from.label, language, from.key);
		let batch: Batch | null = null;
		const done = moveDeal(card, stage, { stageName: name, told: (written) => { if (written.batch_id) batch = { id: written.batch_id, workspace: card.workspace_id, deals: [card.id] }; } });
		setBoardUi({ held: null });
		announce(t('move.done', { title: card.title, stage: name }));
		const shown = toast.ok(t('move.done', { title: card.title, stage: name }), {
			label: t('common.undo'), hotkey: 'Z',
			run: () => void done.then(() => { if (batch) void undoBatches([batch], () => t('move.undone', { title: card.title, stage: fromName })); }),
		});
		void done.then((ok) => { if (!ok) toast.close(shown); });
	}, [plan, language, t]);

	/* where a move needs a note, or a loss its reason, the deal's follow-up form asks for it; closed unsaved, the card goes back (see panel.tsx) */
	const move = useCallback((card: Card, column: Column) => {
		const stage = stageFor(plan, card, column);
		const from = columnOf(plan, card);
		const pipeline = plan.pipelineOf.get(card.stage_id);
		const ask = () => {
			if (from)
				setBoardUi({ held: { id: card.id, column: column.id, from: from.id, asking: true } });
			askFollowUp(go, card.id, column.key);
		};
		if (!stage || stage === card.stage_id || !pipeline)
			put(card, column);
		else if (pipeline.move_mode === 'note_required')
			ask();
		else if (column.kind === 'lost')
			void needsReason(pipeline.id).then((needed) => needed ? ask() : put(card, column));
		else
			put(card, column);
	}, [plan, go, put]);

	/* left by another way than the panel's own: the browser's Back */
	const { move: asked } = useAppSearch();
	useEffect(() => {
		if (asked === undefined && boardUi().held?.asking)
			setBoardUi({ held: null });
	}, [asked]);
	/* every read makes a new plan; only another board lets go of what is picked or carried, the same one read again of the cards that left it */
	const shape = plan.columns.map((column) => column.id + column.stageIds.join()).join();
	useEffect(() => () => {
		setBoardUi({ held: null, dragging: null, over: null, menu: null });
		selection.clear();
	}, [shape]);
	useEffect(() => {
		for (const id of selection.all())
			if (!board.card(id))
				selection.drop(id);
		const { held } = boardUi();
		if (held && !board.card(held.id))
			setBoardUi({ held: null });
	}, [plan]);

	if (count === 0 && !part)
		return <EmptyBoard />;
	return (
		<>
			<Rail plan={plan} move={move} />
			<Announcer />
			<Picked plan={plan} />
		</>
	);
}

/* the bar comes with the first card that is picked */
function Picked({ plan }: { plan: Plan }) {
	const t = useT();
	const some = usePickedCount() > 0;
	return (
		<>
			<p className="hidden-text" id="picked-text">{t('bulk.is_picked')}</p>
			{some && <Suspense fallback={null}><BulkBar plan={plan} /></Suspense>}
		</>
	);
}

function Announcer() {
	const said = useBoardUi((ui) => ui.said);
	return <div className="hidden-text" aria-live="assertive" role="log">{said}</div>;
}

const Rail = memo(function Rail({ plan, move }: { plan: Plan; move(card: Card, column: Column): void }) {
	const t = useT();
	const { workspace, me, mayEdit } = useScope();
	const go = useGo();
	const rail = useRef<HTMLDivElement>(null);
	const several = !workspace && me.workspaces.length > 1;
	const abouts = useAbout(plan, useMemo(() => plan.columns.flatMap((column) => column.stageIds), [plan])) !== null;
	const context = useMemo<BoardContext>(() => ({ plan, showWorkspace: several, abouts, wide: plan.columns.length > WIDE, ids: new Map(), move }), [plan, several, abouts, move]);

	/* a drag goes on over a fresh read of the same board */
	const current = useRef({ plan, move });
	current.current = { plan, move };
	useEffect(() => {
		const element = rail.current;
		if (!element)
			return undefined;
		const columnOfId = (id: unknown) => current.current.plan.columns.find((one) => one.id === id);
		const drag = withDrag(({ autoScrollForElements, monitorForElements }) => {
			const scroll = autoScrollForElements({ element });
			const monitor = monitorForElements({
				canMonitor: ({ source }) => source.data['deal'] === true,
				onDropTargetChange: ({ location }) => setBoardUi({ over: (location.current.dropTargets[0]?.data['column'] as string | undefined) ?? null }),
				onDrop: ({ source, location }) => {
					const target = location.current.dropTargets[0]?.data['column'];
					setBoardUi({ dragging: null, over: null });
					const card = board.card(source.data['id'] as Id);
					const column = columnOfId(target);
					if (card && column)
						current.current.move(card, column);
				},
			});
			return () => { scroll(); monitor(); };
		});
		const touch = watchTouch(element, (id) => {
			const card = board.card(id);
			return card !== undefined && mayEdit(card.workspace_id) && modeOf(current.current.plan, card) !== 'locked';
		}, {
			pick: (id) => {
				const card = board.card(id);
				if (card && mayEdit(card.workspace_id))
					selection.toggle(id);
			},
			fits: (id, at) => {
				const card = board.card(id);
				const column = columnOfId(at);
				return card !== undefined && column !== undefined && stageFor(current.current.plan, card, column) !== undefined;
			},
			drop: (id, at) => {
				const card = board.card(id);
				const column = columnOfId(at);
				if (card && column)
					current.current.move(card, column);
			},
		});
		return () => { drag(); touch(); };
	}, [mayEdit]);

	const onKey = useKeys(plan, context, rail, go.openDeal);
	const onFocus = useCallback((event: FocusEvent) => {
		const id = (event.target as HTMLElement).closest<HTMLElement>('[data-card]')?.dataset['card'];
		if (id)
			setBoardUi({ focus: id, focusLive: true });
	}, []);
	const onBlur = useCallback((event: FocusEvent) => {
		/* a card that is taken out of the page loses focus to nothing: then the board keeps it in mind */
		if (event.relatedTarget)
			setBoardUi({ focusLive: false });
	}, []);

	return (
		<section className="board" aria-label={t('board.label')}>
			<div className="rail scroll" ref={rail} onKeyDown={onKey} onFocus={onFocus} onBlur={onBlur} tabIndex={-1}>
				{plan.columns.map((column) => <BoardColumn key={column.id} column={column} context={context} />)}
			</div>
		</section>
	);
});

/* Arrow keys walk over the cards; Space takes one, arrows carry it, Space puts it down, Escape puts it back. */
function useKeys(plan: Plan, context: BoardContext, rail: React.RefObject<HTMLDivElement | null>, open: (id: string) => void) {
	const t = useT();
	const language = useLanguage();
	const { mayEdit } = useScope();
	const name = useCallback((column: Column) => labelOf(column.label, language, column.key), [language]);
	return useCallback((event: KeyboardEvent) => {
		const element = (event.target as HTMLElement).closest<HTMLElement>('[data-card]');
		const id = element?.dataset['card'];
		const card = id ? board.card(id) : undefined;
		if (!card || event.ctrlKey || event.metaKey || event.altKey)
			return;
		const { held } = boardUi();
		const all = plan.columns;
		const here = held?.id === card.id ? all.find((column) => column.id === held.column) : columnOf(plan, card);
		if (!here)
			return;
		/* a card is carried over the stages of its own pipeline, and walked past over all */
		const own = all.filter((column) => stageFor(plan, card, column));
		const at = own.indexOf(here);
		const take = () => { event.preventDefault(); event.stopPropagation(); };
		const mode = mayEdit(card.workspace_id) ? modeOf(plan, card) : 'locked';
		if (held && held.id === card.id) {
			const carry = (column: Column | undefined) => {
				take();
				if (!column || column === here)
					return;
				setBoardUi({ held: { ...held, column: column.id } });
				announce(t('move.over', { stage: name(column), at: own.indexOf(column) + 1, of: own.length }));
			};
			switch (event.key) {
			case 'ArrowLeft': carry(own[at - 1]); return;
			case 'ArrowRight': carry(own[at + 1]); return;
			case 'Home': carry(own[0]); return;
			case 'End': carry(own[own.length - 1]); return;
			case 'ArrowUp': case 'ArrowDown': take(); return;
			case ' ': case 'Enter':
				take();
				context.move(card, here);
				return;
			case 'Escape':
				take();
				setBoardUi({ held: null });
				announce(t('move.cancelled'));
				return;
			case 'Tab':
				setBoardUi({ held: null });
				return;
			}
			return;
		}
		const walk = (column: Column | undefined, index: number) => {
			take();
			if (!column)
				return;
			rail.current?.dispatchEvent(new CustomEvent('walk', { detail: { column: column.id, index } }));
		};
		const ids = context.ids.get(here.id) ?? [];
		const index = ids.indexOf(card.id);
		const aside = (step: 1 | -1) => {
			for (let next = all.indexOf(here) + step; next >= 0 && next < all.length; next += step) {
				const column = all[next];
				if (column && (context.ids.get(column.id)?.length ?? 0) > 0)
					return walk(column, index);
			}
			take();
		};
		switch (event.key) {
		case 'ArrowUp': walk(here, Math.max(0, index - 1)); return;
		case 'ArrowDown': walk(here, Math.min(ids.length - 1, index + 1)); return;
		case 'ArrowLeft': aside(-1); return;
		case 'ArrowRight': aside(1); return;
		case 'Home': walk(here, 0); return;
		case 'End': walk(here, ids.length - 1); return;
		case ' ':
			take();
			if (mode === 'locked') {
				announce(t('move.locked'));
				return;
			}
			setBoardUi({ held: { id: card.id, column: here.id, from: here.id, asking: false } });
			announce(t('move.held', { title: card.title, stage: name(here), at: at + 1, of: own.length }));
			return;
		case 'x': case 'X': {
			if (!mayEdit(card.workspace_id) || !currentPrefs().singleKeys)
				return;
			take();
			if (event.shiftKey)
				selection.range(ids, card.id);
			else
				selection.toggle(card.id);
			announce(t('bulk.picked', { count: selection.all().size }));
			return;
		}
		case 'Escape':
			if (!selection.all().size)
				return;
			take();
			selection.clear();
			announce(t('bulk.cleared'));
			return;
		case 'm': case 'M':
			take();
			if (mode === 'locked')
				open(card.id);
			else
				setBoardUi({ menu: card.id });
			return;
		}
	}, [plan, context, rail, open, name, mayEdit, t]);
}

function BoardSkeleton() {
	return (
		<div className="board" aria-hidden="true"><div className="rail">
			{[5, 4, 3, 4, 2].map((cards, at) => (
				<div className="column" key={at}>
					<div className="column-head"><Skeleton w="60%" /><Skeleton w="80%" h={12} style={{ marginTop: 12 }} /></div>
					<div className="column-cards">{Array.from({ length: cards }, (_, card) => <Skeleton key={card} h={118} style={{ borderRadius: 10, marginBottom: 8 }} />)}</div>
				</div>
			))}
		</div></div>
	);
}
