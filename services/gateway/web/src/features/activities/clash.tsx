/* An activity that somebody else changed while its form was open: what of it, who, and whose is to stay where both changed the same. */
import { useState } from 'react';
import { api, Problem } from '../../api/client';
import { useScope } from '../../app/scope';
import { type Key, sayValue, useT } from '../../i18n';
import { plainOf } from '../mentions/plain';
import type { Activity, Draft } from './model';

const FIELDS = ['kind', 'subject', 'note', 'due_at', 'duration_minutes', 'priority', 'owner_id', 'remind_at'] as const;
type Field = typeof FIELDS[number];
const NAMES: Record<Field, Key> = { kind: 'activity.kind', subject: 'activity.subject', note: 'note.label', due_at: 'activity.due', duration_minutes: 'activity.duration', priority: 'activity.priority', owner_id: 'field.owner', remind_at: 'activity.remind' };
/* both: the form changed it as well, into `mine` */
export interface Clash { field: Field; at: string | null; who: string | null; both: boolean; mine: Partial<Activity> }

/* moments may be written in two ways; of words nothing but the words counts */
const same = (field: Field, a: unknown, b: unknown) => (a ?? null) === (b ?? null) || (field.endsWith('_at') && typeof a === 'string' && typeof b === 'string' && Date.parse(a) === Date.parse(b));

/* the activity as it is now, and where it is another than the form began with */
export async function meet(base: Activity, draft: Draft, fault: Problem): Promise<{ now: Activity; clashes: Clash[] }> {
	const now = await api<Activity>('GET', `/api/crm/activities/${base.id}`);
	const told = new Map((fault.fields ?? []).map(({ pointer, detail }) => [pointer.replace(/^\//, ''), (detail ?? '').split(' ')]));
	const clashes = FIELDS.filter((field) => !same(field, now[field], base[field])).map((field): Clash => {
		const [at = null, who = null] = told.get(field) ?? told.get(field === 'owner_id' ? 'assignee_id' : field) ?? [];
		const mine = draft[field as keyof Draft];
		return { field, at, who: who === '-' ? null : who, both: field in draft && !same(field, mine, base[field]) && !same(field, mine, now[field]), mine: { [field]: mine } as Partial<Activity> };
	});
	return { now, clashes };
}

export function Clashes({ clashes, now, names, onTake }: { clashes: Clash[]; now: Activity; names: ReadonlyArray<{ id: string; name: string }>; onTake(field: string, from: Partial<Activity>): void }) {
	const t = useT();
	const { formats } = useScope();
	const [theirs, setTheirs] = useState<readonly string[]>([]);
	if (!clashes.length)
		return null;
	const known = (id: string | null) => names.find((one) => one.id === id)?.name;
	const person = (id: string | null) => known(id) ?? t('timeline.someone');
	const say = (field: Field, from: Partial<Activity>) => {
		const value = from[field];
		return !value ? t('timeline.nothing') : typeof value === 'number' ? formats.number(value) : field === 'kind' || field === 'priority' ? sayValue(field, value) : field === 'owner_id' ? person(value) : field === 'due_at' || field === 'remind_at' ? formats.moment(value) : plainOf(value).slice(0, 80);
	};
	const choose = (clash: Clash, them: boolean) => {
		setTheirs(them ? [...theirs, clash.field] : theirs.filter((one) => one !== clash.field));
		onTake(clash.field, them ? now : clash.mine);
	};
	return (
		<section className="clash" role="alert" aria-label={t('clash.title')}>
			<b>{t('clash.title')}</b>
			<ul>
				{clashes.map((clash) => (
					<li key={clash.field}>
						{clash.at ? t('clash.by', { who: known(clash.who) ?? t('timeline.system'), time: formats.time(clash.at), field: t(NAMES[clash.field]) }) : t(NAMES[clash.field])}
						{clash.both ? (
							<div className="segments" role="group" aria-label={t(NAMES[clash.field])}>
								<button type="button" className="segment" aria-pressed={theirs.includes(clash.field)} onClick={() => choose(clash, true)}>{t('clash.theirs', { value: say(clash.field, now) })}</button>
								<button type="button" className="segment" aria-pressed={!theirs.includes(clash.field)} onClick={() => choose(clash, false)}>{t('clash.mine', { value: say(clash.field, clash.mine) })}</button>
							</div>
						) : <> <b>{say(clash.field, now)}</b></>}
					</li>
				))}
			</ul>
			<p className="small">{t('clash.next')}</p>
		</section>
	);
}
