/* The calendar: what is planned, by month, week or day, in the person's own time zone. Dragged or moved by Alt with an arrow, an
   activity gets another day or hour, with a way back. Opens the record it is about. */
import { type DragEvent, type KeyboardEvent, lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { farWords, sayValue, useT } from '../../i18n';
import { addMonths, firstOf, mondayOf, monthGrid } from '../../lib/days';
import { addDays, instantOf, wallOf } from '../../lib/zone';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { PageHead, useTitle } from '../../ui/page';
import { Segments } from '../../ui/table';
import { ActivityList, useActivityDialog, useOpenAbout } from '../activities/list';
import { type Activity, iconOf, nameOf, type Period, PERIODS, rescheduleActivity, toneOf, useActivities } from '../activities/model';
import { FilterBar } from '../deals/filter-bar';
import { useFilters } from '../deals/filters';
import '../activities/activities.css';
import './calendar.css';

const FeedDialog = lazy(() => Promise.all([import('./feed'), farWords()]).then(([module]) => ({ default: module.FeedDialog })));

type View = 'month' | 'week' | 'day' | 'list';
const VIEWS: readonly View[] = ['month', 'week', 'day', 'list'];

interface Shown { one: Activity; day: string; time: string; name: string; late: boolean }

export function CalendarPage() {
	const t = useT();
	const go = useGo();
	const { reads, zone, me, formats, slug, mayEdit } = useScope();
	const search = useAppSearch();
	const today = wallOf(Date.now(), zone).day;
	const view: View = VIEWS.find((one) => one === search.view) ?? 'month';
	const day = /^\d{4}-\d{2}-\d{2}$/.test(search.day ?? '') ? (search.day as string) : today;
	const period: Period = PERIODS.find((one) => one === search.period) ?? 'all';
	const mine = search.whose === 'me';
	const days = useMemo(() => (view === 'month' ? monthGrid(day).flat() : view === 'week' ? Array.from({ length: 7 }, (_, at) => addDays(mondayOf(day), at)) : [day]), [view, day]);
	const filter = useFilters();
	const filtered = Object.keys(filter).length > 0;
	const ask = { workspace: reads, tz: zone, period, limit: 200, ...filter, ...(mine ? { [filtered ? 'whose' : 'owner']: 'me' } : {}) };
	const range = view === 'list' ? {} : { from: instantOf(days[0] ?? day, '00:00', zone), to: instantOf(addDays(days[days.length - 1] ?? day, 1), '00:00', zone) };
	const { data, error, isPending, isPlaceholderData, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useActivities({ ...ask, ...range }, true, filtered ? '/api/crm/calendar' : '/api/crm/activities');
	const { ask: askDialog, dialog } = useActivityDialog();
	const open = useOpenAbout();
	const [said, setSaid] = useState('');
	/* null: its chunk was never asked for */
	const [feed, setFeed] = useState<boolean | null>(null);
	const box = useRef<HTMLDivElement>(null);
	const narrow = useSmall();

	/* a grid shows all that stands in it; a list is read on as it is asked for */
	useEffect(() => {
		if (view !== 'list' && hasNextPage && !isFetchingNextPage)
			void fetchNextPage();
	}, [view, hasNextPage, isFetchingNextPage, fetchNextPage]);

	const shown = useMemo(() => (data?.pages ?? []).flatMap((page) => page.data).flatMap((one): Shown[] => {
		if (!one.due_at)
			return [];
		const wall = wallOf(one.due_at, zone);
		return [{ one, ...wall, name: nameOf(one, sayValue('kind', one.kind)), late: !one.done_at && Date.parse(one.due_at) < Date.now() }];
	}), [data, zone]);
	/* nothing to see, because something was asked for that nothing fits */
	const none = Boolean(data) && !isPlaceholderData && !hasNextPage && !shown.length;
	const narrowed = filtered || mine || period !== 'all';
	const all = () => go.search({ ...Object.fromEntries(Object.keys(filter).map((name) => [name, undefined])), period: undefined, whose: undefined } as Parameters<typeof go.search>[0], true);
	const byDay = useMemo(() => {
		const out = new Map<string, Shown[]>();
		for (const item of shown)
			out.set(item.day, [...(out.get(item.day) ?? []), item]);
		return out;
	}, [shown]);

	const monthName = new Intl.DateTimeFormat(document.documentElement.lang === 'nl' ? 'nl-NL' : 'en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
	const title = view === 'month' || view === 'list' ? monthName : view === 'week' ? `${formats.day(days[0] ?? day)} – ${formats.date(days[6] ?? day)}` : `${formats.weekday(day)} ${formats.date(day)}`;
	useTitle(t('tab.calendar'), title);
	const walk = (step: number) => go.search({ day: view === 'month' ? addMonths(firstOf(day), step) : addDays(day, view === 'week' ? 7 * step : step) }, true);
	const count = shown.filter((item) => days.includes(item.day) && (view !== 'month' || item.day.slice(0, 7) === day.slice(0, 7))).length;

	const edit = (one: Activity) => askDialog({ mode: 'plan', kind: one.kind, about: one.about, workspace: me.workspaces.find((place) => place.id === one.workspace_id)?.slug ?? '', activity: one });
	const move = (item: Shown, toDay: string, toTime: string) => {
		const due = instantOf(toDay, toTime, zone);
		if (!due || due === item.one.due_at || (toDay === item.day && toTime === item.time))
			return;
		const words = t('activity.moved', { name: item.name, when: formats.moment(due) });
		setSaid(words);
		void rescheduleActivity(item.one, due, words).then(() => {
			/* a day that is not shown takes the page along */
			if (!days.includes(toDay))
				go.search({ day: toDay }, true);
			requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-activity="${item.one.id}"]`)?.focus());
		});
	};
	const onKey = (item: Shown) => (event: KeyboardEvent<HTMLElement>) => {
		if (event.altKey && event.key.startsWith('Arrow') && mayEdit(item.one.workspace_id)) {
			event.preventDefault();
			const along = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
			const down = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
			if (along)
				move(item, addDays(item.day, along), item.time);
			else if (view === 'month')
				move(item, addDays(item.day, 7 * down), item.time);
			else {
				const at = Number(item.time.slice(0, 2)) + down;
				if (at >= 0 && at < 24)
					move(item, item.day, `${String(at).padStart(2, '0')}${item.time.slice(2)}`);
			}
			return;
		}
		const step = event.key === 'ArrowDown' || event.key === 'ArrowRight' ? 1 : event.key === 'ArrowUp' || event.key === 'ArrowLeft' ? -1 : 0;
		if (step && !event.ctrlKey && !event.metaKey) {
			const all = [...(box.current?.querySelectorAll<HTMLElement>('.chip') ?? [])];
			all[all.indexOf(event.currentTarget) + step]?.focus();
			event.preventDefault();
		}
	};
	const chip = (item: Shown) => <Chip key={item.one.id} item={item} onKey={onKey(item)} onOpen={() => { if (item.one.about) open(item.one.about); else edit(item.one); }} />;
	const drop = (toDay: string, hour: string | null) => ({
		onDragOver: (event: DragEvent<HTMLElement>) => {
			if (event.dataTransfer.types.includes(MIME)) {
				event.preventDefault();
				event.currentTarget.dataset['over'] = '';
			}
		},
		onDragLeave: (event: DragEvent<HTMLElement>) => { delete event.currentTarget.dataset['over']; },
		onDrop: (event: DragEvent<HTMLElement>) => {
			delete event.currentTarget.dataset['over'];
			const item = shown.find(({ one }) => one.id === event.dataTransfer.getData(MIME));
			event.preventDefault();
			if (item)
				move(item, toDay, hour === null ? item.time : item.day === toDay && item.time.startsWith(hour) ? item.time : `${hour}:00`);
		},
	});

	return (
		<>
			<PageHead title={t('tab.calendar')} help="calendar" sub={view === 'list' ? t('calendar.count', { count: shown.length }) : t('calendar.count_in', { count, when: title })}><Button icon="mobile" onClick={() => setFeed(true)}>{t('feed.button')}</Button></PageHead>
			<FilterBar here="/deals/calendar" folded={narrow} />
			<div className="bar">
				<Segments<View> label={t('calendar.views')} value={view} onChange={(next) => go.search({ view: next === 'month' ? undefined : next }, true)} choices={VIEWS.map((one) => ({ value: one, label: t(`calendar.${one}`) }))} />
				<Segments<Period> label={t('calendar.periods')} value={period} onChange={(next) => go.search({ period: next === 'all' ? undefined : next, ...(next === 'today' || next === 'month' ? { day: undefined } : {}) }, true)}
					choices={PERIODS.map((one) => ({ value: one, label: t(`calendar.period_${one}`) }))} />
				<Button className={mine ? 'filter filter-on' : 'filter'} icon="user" aria-pressed={mine} onClick={() => go.search({ whose: mine ? undefined : 'me' }, true)}>{t('calendar.mine')}</Button>
				{view !== 'list' && <div className="calendar-walk">
					<IconButton icon="left" label={t('calendar.before')} onClick={() => walk(-1)} />
					<h2 aria-live="polite">{title}</h2>
					<IconButton icon="right" label={t('calendar.after')} onClick={() => walk(1)} />
					<Button onClick={() => go.search({ day: undefined }, true)} disabled={day === today}>{t('timeline.today')}</Button>
				</div>}
			</div>
			{view !== 'list' && none && narrowed && <p className="calendar-none" role="status"><span>{t('calendar.no_fit_here', { when: title })}</span> <Button kind="quiet" icon="x" onClick={all}>{t('calendar.show_all')}</Button></p>}
			{filtered && !none && <p className="muted small calendar-note">{t('calendar.deals_only')}</p>}
			<div className={`page-body scroll calendar${isPlaceholderData ? ' table-old' : ''}`} ref={box} data-scope={slug ?? ''}>
				{error && !data ? <Empty icon="alert" title={t('calendar.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
					: isPending ? <Skeleton h={480} />
						: view === 'list' ? (shown.length ? <ActivityList label={t('tab.calendar')} rows={shown.map(({ one }) => one)} onEdit={edit} /> : <Empty icon="calendar" title={t(narrowed ? 'calendar.no_fit' : 'calendar.none')}><p>{t(narrowed ? 'calendar.no_fit_text' : 'calendar.none_text')}</p>{narrowed && <Button icon="x" onClick={all}>{t('calendar.show_all')}</Button>}</Empty>)
							: view === 'month' ? <Month day={day} today={today} byDay={byDay} chip={chip} drop={drop} onDay={(next) => go.search({ view: 'day', day: next })} />
								: view === 'week' && narrow ? <Days days={days} today={today} byDay={byDay} chip={chip} onDay={(next) => go.search({ view: 'day', day: next })} />
								: <Hours days={days} today={today} byDay={byDay} chip={chip} drop={drop} onDay={(next) => go.search({ view: 'day', day: next })} />}
				{view === 'list' && hasNextPage && <div className="column-more"><Button kind="quiet" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t('common.more')}</Button></div>}
				{view !== 'list' && <p className="muted small calendar-keys keys-only">{t('calendar.keys')}</p>}
			</div>
			<span className="hidden-text" role="status">{said}</span>
			{dialog}
			{feed !== null && <Suspense fallback={null}><FeedDialog opened={feed} onClose={() => setFeed(false)} /></Suspense>}
		</>
	);
}

const MIME = 'application/x-leadwire-activity';

function Chip({ item, onKey, onOpen }: { item: Shown; onKey(event: KeyboardEvent<HTMLElement>): void; onOpen(): void }) {
	const t = useT();
	const { mayEdit } = useScope();
	const { one, time, name, late } = item;
	return (
		<button type="button" className={`chip ${toneOf(one.kind)}${one.done_at ? ' chip-done' : late ? ' chip-late' : ''}`} data-activity={one.id} data-kind={one.kind} draggable={mayEdit(one.workspace_id)} onKeyDown={onKey} onClick={onOpen}
			onDragStart={(event) => { event.dataTransfer.setData(MIME, one.id); event.dataTransfer.effectAllowed = 'move'; }} title={[name, one.about?.title].filter(Boolean).join(' · ')} aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Alt+ArrowUp Alt+ArrowDown">
			<Icon name={one.done_at ? 'check' : iconOf(one.kind)} size={13} /><span className="num">{time}</span> <span className="cut chip-name">{name}</span>
			<span className="hidden-text"> · {sayValue('kind', one.kind)}{one.done_at ? ` · ${t('tasks.done')}` : late ? ` · ${t('tasks.overdue')}` : ''}{one.about?.title ? ` · ${one.about.title}` : ''}</span>
		</button>
	);
}

const small = matchMedia('(max-width: 760px)');
function useSmall(): boolean {
	return useSyncExternalStore((tell) => {
		small.addEventListener('change', tell);
		return () => small.removeEventListener('change', tell);
	}, () => small.matches);
}

/* a week where there is no room for seven columns */
function Days({ days, today, byDay, chip, onDay }: Omit<GridProps, 'drop'> & { days: string[] }) {
	const { formats } = useScope();
	return <div className="grid-list">{days.map((one) => (
		<section key={one} className={one === today ? 'grid-today' : undefined}>
			<h3><button type="button" className="grid-day" onClick={() => onDay(one)}>{formats.weekday(one)} <span className="num">{formats.day(one)}</span></button></h3>
			<div className="grid-chips">{(byDay.get(one) ?? []).map(chip)}</div>
		</section>
	))}</div>;
}

interface GridProps {
	today: string;
	byDay: ReadonlyMap<string, Shown[]>;
	chip(item: Shown): React.ReactNode;
	drop(day: string, hour: string | null): Record<string, (event: DragEvent<HTMLElement>) => void>;
	onDay(day: string): void;
}

function useWeekdays(): string[] {
	const { formats } = useScope();
	return Array.from({ length: 7 }, (_, at) => formats.weekday(addDays('2026-11-16', at)));
}

/* one day of the grid is a stop of Tab; arrows walk from it */
const walkDays = (event: KeyboardEvent<HTMLTableElement>) => {
	const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 7, ArrowUp: -7 }[event.key];
	const days = [...event.currentTarget.querySelectorAll<HTMLElement>('.grid-day')];
	const at = days.indexOf(event.target as HTMLElement);
	if (step === undefined || at < 0 || event.altKey || event.ctrlKey || event.metaKey)
		return;
	event.preventDefault();
	days[at + step]?.focus();
};

function Month({ day, today, byDay, chip, drop, onDay }: GridProps & { day: string }) {
	const t = useT();
	const { formats } = useScope();
	const weekdays = useWeekdays();
	const narrow = useSmall();
	return (
		<table className="grid grid-month" onKeyDown={walkDays}>
			<caption className="hidden-text">{t('tab.calendar')}</caption>
			<thead><tr>{weekdays.map((name) => <th key={name} scope="col"><span aria-hidden="true">{name.slice(0, 2)}<span className="grid-rest">{name.slice(2)}</span></span><span className="hidden-text">{name}</span></th>)}</tr></thead>
			<tbody>{monthGrid(day).map((week) => (
				<tr key={week[0]}>{week.map((one) => {
					const items = byDay.get(one) ?? [];
					return (
						<td key={one} className={`${one.slice(0, 7) === day.slice(0, 7) ? '' : 'grid-other'}${one === today ? ' grid-today' : ''}`} data-day={one} {...drop(one, null)}>
							<button type="button" className="grid-day num" tabIndex={one === day ? 0 : -1} aria-current={one === today ? 'date' : undefined} aria-label={t('calendar.count_in', { count: items.length, when: formats.day(one) })} onClick={() => onDay(one)}>{Number(one.slice(8))}</button>
							{narrow
								? <div className="grid-dots" aria-hidden="true">{items.slice(0, 6).map(({ one: { id, kind } }) => <span key={id} className={`dot ${toneOf(kind)}`} />)}</div>
								: <div className="grid-chips">{items.slice(0, items.length > 5 ? 4 : 5).map(chip)}</div>}
							{!narrow && items.length > 5 && <button type="button" className="grid-more" onClick={() => onDay(one)}>{t('calendar.more', { count: items.length - 4 })}</button>}
						</td>
					);
				})}</tr>
			))}</tbody>
		</table>
	);
}

/* rows are hours that grow with what stands in them; office hours are always there */
function Hours({ days, today, byDay, chip, drop, onDay }: GridProps & { days: string[] }) {
	const t = useT();
	const { formats } = useScope();
	const used = days.flatMap((one) => (byDay.get(one) ?? []).map((item) => Number(item.time.slice(0, 2))));
	const first = Math.min(8, ...used);
	const last = Math.max(18, ...used);
	return (
		<table className={`grid grid-hours${days.length === 1 ? ' grid-one' : ''}`}>
			<caption className="hidden-text">{t('tab.calendar')}</caption>
			<thead><tr><th scope="col"><span className="hidden-text">{t('follow.time')}</span></th>{days.map((one) => (
				<th key={one} scope="col" className={one === today ? 'grid-today' : undefined}>
					{days.length > 1 ? <button type="button" className="grid-day" onClick={() => onDay(one)}>{formats.weekday(one).slice(0, 2)} <span className="num">{Number(one.slice(8))}</span></button> : <span>{formats.weekday(one)} <span className="num">{formats.day(one)}</span></span>}
				</th>
			))}</tr></thead>
			<tbody>{Array.from({ length: last - first + 1 }, (_, at) => String(first + at).padStart(2, '0')).map((hour) => (
				<tr key={hour}>
					<th scope="row" className="num">{hour}:00</th>
					{days.map((one) => <td key={one} data-day={one} data-hour={hour} {...drop(one, hour)}><div className="grid-chips">{(byDay.get(one) ?? []).filter((item) => item.time.startsWith(hour)).map(chip)}</div></td>)}
				</tr>
			))}</tbody>
		</table>
	);
}
