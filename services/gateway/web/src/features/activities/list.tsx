/* Activities as rows: a box that completes it, what and when and about whom, and a menu that moves, changes or removes it.
   Up and down walk the rows; the box is ticked by Space. */
import { type KeyboardEvent, lazy, Suspense, useCallback, useState } from 'react';
import { useScope } from '../../app/scope';
import { useGo } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { mondayOf } from '../../lib/days';
import { addDays, instantOf, wallOf } from '../../lib/zone';
import { IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import type { Asking } from './dialog';
import { type About, type Activity, completeActivity, iconOf, nameOf, removeActivity, rescheduleActivity, toneOf } from './model';

const ActivityDialog = lazy(() => import('./dialog').then((module) => ({ default: module.ActivityDialog })));

/* one dialog a page: asked for from anywhere on it */
export function useActivityDialog(): { ask(asking: Asking): void; dialog: React.ReactNode } {
	const [asking, setAsking] = useState<Asking | null>(null);
	const [open, setOpen] = useState(false);
	const ask = useCallback((next: Asking) => {
		setAsking(next);
		setOpen(true);
	}, []);
	return { ask, dialog: asking && <Suspense fallback={null}><ActivityDialog opened={open} asking={asking} onClose={() => setOpen(false)} /></Suspense> };
}

/* the record that it is about, opened over the page */
export function useOpenAbout(): (about: About) => void {
	const go = useGo();
	return useCallback((about) => {
		if (about.kind === 'deal')
			go.openDeal(about.id);
		else
			go.search({ type: about.kind === 'lead' ? 'lead' : 'contact', id: about.id, tab: undefined, move: undefined });
	}, [go]);
}

export function KindIcon({ kind, size = 15 }: { kind: string; size?: number }) {
	return <span className={`kind ${toneOf(kind)}`}><Icon name={iconOf(kind)} size={size} /></span>;
}

const walk = (event: KeyboardEvent<HTMLUListElement>) => {
	const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
	if (!step || event.altKey || event.ctrlKey || event.metaKey)
		return;
	const boxes = [...event.currentTarget.querySelectorAll<HTMLElement>('.act input')];
	const at = boxes.findIndex((one) => one.closest('.act')?.contains(document.activeElement));
	const next = boxes[at + step];
	if (next) {
		event.preventDefault();
		next.focus();
	}
};

export function ActivityList({ label, rows, onEdit, showAbout = true }: { label: string; rows: readonly Activity[]; onEdit(one: Activity): void; showAbout?: boolean }) {
	return <ul className="rows acts" aria-label={label} onKeyDown={walk}>{rows.map((one) => <Row key={one.id} one={one} onEdit={onEdit} showAbout={showAbout} />)}</ul>;
}

function Row({ one, onEdit, showAbout }: { one: Activity; onEdit(one: Activity): void; showAbout: boolean }) {
	const t = useT();
	const { formats, zone, mayEdit } = useScope();
	const open = useOpenAbout();
	const name = nameOf(one, sayValue('kind', one.kind));
	const now = Date.now();
	const late = one.due_at !== null && !one.done_at && Date.parse(one.due_at) < now;
	const today = wallOf(now, zone).day;
	const soon = one.due_at !== null && !late && wallOf(one.due_at, zone).day === today;
	const may = mayEdit(one.workspace_id);
	const time = one.due_at ? wallOf(one.due_at, zone).time : '09:00';
	const to = (day: string) => {
		const due = instantOf(day, time, zone);
		if (due)
			void rescheduleActivity(one, due, t('activity.moved', { name, when: formats.moment(due) }));
	};
	return (
		<li className="act" data-activity={one.id}>
			<label className="tick"><input type="checkbox" checked={one.done_at !== null} disabled={!may} aria-label={t('activity.complete', { name })} onChange={() => void completeActivity(one, name)} /></label>
			<KindIcon kind={one.kind} />
			<div className="row-text">
				<b className={one.done_at ? 'act-done' : undefined}>
					{showAbout && one.about ? <button type="button" className="act-open" onClick={() => one.about && open(one.about)}>{name}</button> : <span>{name}</span>}
					{one.priority === 'high' && <span className="tag tag-warn">{t('activity.high')}</span>}
				</b>
				<span className="muted">
					{one.done_at ? t('activity.done_at', { when: formats.moment(one.done_at) }) : one.due_at
						? <time dateTime={one.due_at} className={late ? 'act-late' : soon ? 'act-soon' : undefined}>{late ? t('activity.overdue', { when: formats.moment(one.due_at) }) : soon ? t('activity.today_at', { time: formats.time(one.due_at) }) : formats.moment(one.due_at)}</time>
						: t('activity.no_date')}
					{one.remind_at && !one.done_at && Date.parse(one.remind_at) > now && <> · {t('activity.reminds', { when: formats.moment(one.remind_at) })}</>}
					{showAbout && one.about?.title && <> · {one.about.title}</>}
				</span>
			</div>
			{may && <Menu label={t('activity.menu', { name })} align="end" width={230} entries={[
				...(one.done_at ? [] : [
					{ key: 'today', icon: 'clock' as const, label: t('activity.to_today'), onSelect: () => to(today) },
					{ key: 'tomorrow', icon: 'arrow' as const, label: t('activity.to_tomorrow'), onSelect: () => to(addDays(today, 1)) },
					{ key: 'week', icon: 'calendar' as const, label: t('activity.to_week'), onSelect: () => to(addDays(mondayOf(today), 7)) },
					{ key: 'line', kind: 'divider' as const },
				]),
				{ key: 'edit', icon: 'pencil', label: t('activity.edit'), onSelect: () => onEdit(one) },
				{ key: 'remove', icon: 'trash', label: t('activity.remove'), onSelect: () => void removeActivity(one, name) },
			]} target={<IconButton icon="dots" label={t('activity.menu', { name })} />} />}
		</li>
	);
}
