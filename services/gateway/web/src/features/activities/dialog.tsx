/* The form of an activity: what was done (a call, a meeting), what is to be done (a task, a reminder), and either changed later. */
import { type FormEvent, lazy, Suspense, useId, useRef, useState } from 'react';
import { api, newKey, Problem } from '../../api/client';
import { useMembers } from '../../api/queries';
import type { Clash } from './clash';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { addDays, instantOf, wallOf } from '../../lib/zone';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Check, Framed, SelectField, TextField, useFocusWrong } from '../../ui/field';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { nameAsked } from '../mentions/ambiguous';
import { MentionField, type MentionHandle } from '../mentions/field';
import { toolKey } from '../mentions/tool-key';
import { ACTIONS, type About, activitiesChanged, type Activity, changeActivity, type Draft, type Kind, PRIORITIES, type Priority } from './model';

const Clashes = lazy(() => import('./clash').then((module) => ({ default: module.Clashes })));
const TextTools = lazy(() => import('../mentions/tools').then((module) => ({ default: module.TextTools }), () => ({ default: () => <></> })));

/* log: it was done; plan: it is to be done; reminder: a task with its time */
export type Mode = 'log' | 'plan' | 'reminder';
export interface Asking { mode: Mode; kind: Kind; about: About | null; workspace: string; activity?: Activity }

export function ActivityDialog({ opened, asking, onClose }: { opened: boolean; asking: Asking; onClose(): void }) {
	const t = useT();
	const { activity, mode, kind } = asking;
	const title = activity ? t('activity.edit') : mode === 'log' && kind === 'note' ? t('activity.new_note') : mode === 'log' ? t('activity.log', { kind: sayValue('kind', kind) }) : mode === 'reminder' ? t('activity.new_reminder') : t('activity.new_task');
	return (
		<Dialog opened={opened} onClose={onClose} title={title} closeLabel={t('common.close')} size={520}>
			<ActivityForm key={activity?.id ?? mode + kind} asking={asking} onClose={onClose} />
		</Dialog>
	);
}

function ActivityForm({ asking, onClose }: { asking: Asking; onClose(): void }) {
	const t = useT();
	const { me, zone } = useScope();
	const { activity, mode, about } = asking;
	const now = wallOf(Date.now(), zone);
	const due = activity?.due_at ? wallOf(activity.due_at, zone) : null;
	const remind = activity?.remind_at ? wallOf(activity.remind_at, zone) : null;
	const [kind, setKind] = useState<Kind>(activity?.kind ?? asking.kind);
	const [subject, setSubject] = useState(activity?.subject ?? '');
	const [note, setNote] = useState(activity?.note ?? '');
	const [day, setDay] = useState(due?.day ?? (activity ? '' : mode === 'log' ? now.day : mode === 'reminder' ? addDays(now.day, 1) : now.day));
	const [time, setTime] = useState(due?.time ?? (mode === 'log' ? now.time : mode === 'reminder' ? '09:00' : '17:00'));
	const [priority, setPriority] = useState<string | null>(activity?.priority ?? 'medium');
	const [owner, setOwner] = useState<string | null>(activity?.owner_id ?? me.user.id);
	const [bell, setBell] = useState(remind !== null);
	const [bellDay, setBellDay] = useState(remind?.day ?? due?.day ?? now.day);
	const [bellTime, setBellTime] = useState(remind?.time ?? '09:00');
	const [minutes, setMinutes] = useState(activity?.duration_minutes ? String(activity.duration_minutes) : '');
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	const { data: members } = useMembers(asking.workspace);
	const form = useFocusWrong(faults);
	const key = useRef(newKey());
	const noteId = useId();
	const field = useRef<MentionHandle>(null);
	/* as it was when the form last saw it, and what somebody else made of it since */
	const [base, setBase] = useState(activity);
	const [clashes, setClashes] = useState<Clash[]>([]);
	const task = mode !== 'log' || kind === 'task';
	const plain = kind === 'note';
	/* how long it took, or is to take */
	const timed = !plain && kind !== 'task';
	/* a new note is its text alone */
	const jotted = plain && !activity;

	/* one field of the form as that activity has it */
	const take = (name: string, from: Partial<Activity>) => {
		const wall = (at: string | null | undefined) => (at ? wallOf(at, zone) : null);
		const fields: Record<string, () => void> = {
			kind: () => setKind(from.kind ?? kind), subject: () => setSubject(from.subject ?? ''), duration_minutes: () => setMinutes(from.duration_minutes ? String(from.duration_minutes) : ''), note: () => setNote(from.note ?? ''),
			priority: () => setPriority(from.priority ?? 'medium'), owner_id: () => setOwner(from.owner_id ?? null),
			due_at: () => { setDay(wall(from.due_at)?.day ?? ''); setTime(wall(from.due_at)?.time ?? time); },
			remind_at: () => { setBell(Boolean(from.remind_at)); setBellDay(wall(from.remind_at)?.day ?? bellDay); setBellTime(wall(from.remind_at)?.time ?? bellTime); },
		};
		fields[name]?.();
	};

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const at = day && !plain ? instantOf(day, time || '09:00', zone) : null;
		const rings = mode === 'reminder' && !activity ? at : bell && bellDay ? instantOf(bellDay, bellTime || '09:00', zone) : null;
		const found: Record<string, string> = {
			...(task && !subject.trim() ? { subject: t('form.required') } : {}),
			...(plain && !note.trim() ? { note: t('form.required') } : {}),
			...(mode === 'reminder' && !at ? { day: t('form.required') } : {}),
		};
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		const draft: Draft = {
			kind, subject: subject.trim() || null, note: note.trim() || null, due_at: at, ...(timed || activity ? { duration_minutes: timed && minutes ? Number(minutes) : null } : {}),
			...(task ? { priority: (priority ?? 'medium') as Priority, remind_at: rings } : {}), ...(owner ? { owner_id: owner } : {}),
		};
		try {
			if (base)
				await changeActivity(base, draft);
			else {
				const filled = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== null));
				await api('POST', `/api/crm/activities?workspace=${encodeURIComponent(asking.workspace)}`, {
					key: key.current, body: { ...filled, ...(about ? { [`${about.kind}_id`]: about.id } : {}), ...(mode === 'log' ? { done: true } : {}) },
				});
				activitiesChanged(about);
			}
			toast.ok(t('activity.saved'));
			onClose();
		} catch (fault) {
			setBusy(false);
			if (fault instanceof Problem && fault.status > 0)
				key.current = newKey();
			if (base && fault instanceof Problem && (fault.status === 409 || fault.status === 412)) {
				const met = await import('./clash').then((clash) => clash.meet(base, draft, fault)).catch(() => null);
				if (met) {
					setBase(met.now);
					setClashes(met.clashes);
					for (const one of met.clashes)
						if (!one.both)
							take(one.field, met.now);
					if (met.clashes.length)
						return;
				}
			}
			const named = fieldFaults(fault);
			const known = Object.fromEntries(Object.entries(named).map(([name, text]) => [name === 'due_at' ? 'day' : name, text]).filter(([name]) => name && /^(subject|note|day|duration_minutes)$/.test(name)));
			setFaults(Object.keys(known).length ? known : { form: problemText(fault) });
			const name = await nameAsked(fault, note);
			if (name)
				field.current?.ask(name);
		}
	};

	return (
		<form ref={form} className="form" onSubmit={(event) => void submit(event)} noValidate>
			{base && clashes.length > 0 && <Suspense fallback={null}><Clashes clashes={clashes} now={base} names={members ?? []} onTake={take} /></Suspense>}
			{faults['form'] && <Fault>{faults['form']}</Fault>}
			{about?.title && <p className="muted dialog-lead">{about.title}</p>}
			{(activity || (mode === 'log' && !jotted)) && (
				<SelectField label={t('activity.kind')} name="kind" value={kind} onChange={(next) => setKind((next ?? 'other') as Kind)}
					choices={[...new Set<Kind>([...ACTIONS, ...(activity ? ['task' as const, 'note' as const] : []), kind])].map((one) => ({ value: one, label: sayValue('kind', one) }))} />
			)}
			{!jotted && <TextField label={t('activity.subject')} name="subject" value={subject} onChange={setSubject} error={faults['subject']} required={task} autoFocus maxLength={300} autoComplete="off" />}
			{!plain && (
				<div className="two">
					<TextField label={mode === 'log' && !activity ? t('activity.when') : t('activity.due')} name="day" type="date" value={day} onChange={setDay} error={faults['day']} required={mode === 'reminder'} />
					<TextField label={t('follow.time')} name="time" type="time" value={time} onChange={setTime} />
				</div>
			)}
			{timed && <TextField label={t('activity.duration')} name="minutes" inputMode="numeric" value={minutes} onChange={(to) => setMinutes(to.replace(/\D/g, ''))} error={faults['duration_minutes']} maxLength={5} autoComplete="off" />}
			{task && (
				<div className="two">
					<SelectField label={t('activity.priority')} value={priority} onChange={setPriority} choices={PRIORITIES.map((one) => ({ value: one, label: sayValue('priority', one) }))} />
					<SelectField label={t('field.owner')} value={owner} onChange={setOwner} choices={(members ?? []).filter((one) => one.active || one.id === owner).map((one) => ({ value: one.id, label: one.name }))} empty={t('form.nothing_found')} />
				</div>
			)}
			{task && (mode !== 'reminder' || activity) && <>
				<Check label={t('activity.remind')} name="remind" checked={bell} onChange={setBell} />
				{bell && <div className="two">
					<TextField label={t('activity.remind_day')} name="remind_day" type="date" value={bellDay} onChange={setBellDay} />
					<TextField label={t('follow.time')} name="remind_time" type="time" value={bellTime} onChange={setBellTime} />
				</div>}
			</>}
			<Framed id={noteId} label={mode === 'reminder' ? t('activity.description') : t('note.label')} error={faults['note']} required={plain}>
				<Suspense fallback={<div className="rich-tools" />}><TextTools field={field} /></Suspense>
				<MentionField id={noteId} innerRef={field} onKeyDown={(event) => toolKey(event, field)} name="note" value={note} onChange={setNote} workspace={asking.workspace || null} invalid={Boolean(faults['note'])} describedBy={faults['note'] ? `${noteId}-error` : undefined} required={plain} autoFocus={jotted} rows={jotted ? 5 : 3} maxLength={20000} />
			</Framed>
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
			</div>
		</form>
	);
}
