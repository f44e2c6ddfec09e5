/* What one writes down beside a person: a note, and a call, e-mail, meeting or task, with a date or done already. What was typed stays
   until it is saved. */
import { type FormEvent, useId, useRef, useState } from 'react';
import { api, newKey, Problem } from '../../api/client';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { instantOf } from '../../lib/zone';
import { Button } from '../../ui/button';
import { Framed, SelectField, TextField } from '../../ui/field';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { type About, ACTIONS, activitiesChanged, type Kind } from '../activities/model';
import { nameAsked } from '../mentions/ambiguous';
import { MentionField, type MentionHandle } from '../mentions/field';
import { toolKey } from '../mentions/tool-key';
import { TextTools } from '../mentions/tools';

/* one press is one activity, however often it is tried */
function useWrite(about: About, workspace: string) {
	const t = useT();
	const key = useRef(newKey());
	const [busy, setBusy] = useState(false);
	const [faults, setFaults] = useState<Record<string, string>>({});
	const write = async (body: Record<string, unknown>): Promise<unknown> => {
		setBusy(true);
		setFaults({});
		try {
			await api('POST', `/api/crm/activities?workspace=${encodeURIComponent(workspace)}`, { key: key.current, body: { ...body, [`${about.kind}_id`]: about.id } });
			key.current = newKey();
			activitiesChanged(about);
			toast.ok(t('activity.saved'));
			return true;
		} catch (fault) {
			if (fault instanceof Problem && fault.status > 0)
				key.current = newKey();
			const named = Object.fromEntries(Object.entries(fieldFaults(fault)).filter(([name, text]) => text && /^(subject|note|due_at|duration_minutes)$/.test(name))) as Record<string, string>;
			setFaults(Object.keys(named).length ? named : { form: problemText(fault) });
			return fault;
		} finally {
			setBusy(false);
		}
	};
	return { write, busy, faults, setFaults };
}

export function Write(props: { about: About; workspace: string }) {
	return <><NoteForm {...props} /><LogForm {...props} /></>;
}

function NoteForm({ about, workspace }: { about: About; workspace: string }) {
	const t = useT();
	const id = useId();
	const field = useRef<MentionHandle>(null);
	const [note, setNote] = useState('');
	const { write, busy, faults, setFaults } = useWrite(about, workspace);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!note.trim()) {
			setFaults({ note: t('form.required') });
			field.current?.focus();
			return;
		}
		const done = await write({ kind: 'note', note: note.trim() });
		if (done === true) {
			setNote('');
			field.current?.focus();
			return;
		}
		const name = await nameAsked(done, note);
		if (name)
			field.current?.ask(name);
	};
	return (
		<form className="side-form" aria-label={t('activity.new_note')} onSubmit={(event) => void submit(event)} noValidate>
			{faults['form'] && <Fault>{faults['form']}</Fault>}
			<Framed id={id} label={t('activity.new_note')} error={faults['note']}>
				<TextTools field={field} />
				<MentionField id={id} innerRef={field} onKeyDown={(event) => toolKey(event, field)} name="note" value={note} onChange={setNote} workspace={workspace || null} invalid={Boolean(faults['note'])} describedBy={faults['note'] ? `${id}-error` : undefined} rows={3} maxLength={20000} />
			</Framed>
			<div className="dialog-foot"><Button kind="primary" type="submit" disabled={busy}>{t('activity.new_note')}</Button></div>
		</form>
	);
}

function LogForm({ about, workspace }: { about: About; workspace: string }) {
	const t = useT();
	const { zone } = useScope();
	const [kind, setKind] = useState<Kind>('call');
	const [subject, setSubject] = useState('');
	const [day, setDay] = useState('');
	const [time, setTime] = useState('');
	const [minutes, setMinutes] = useState('');
	const { write, busy, faults, setFaults } = useWrite(about, workspace);
	const form = useRef<HTMLFormElement>(null);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!subject.trim()) {
			setFaults({ subject: t('form.required') });
			form.current?.querySelector<HTMLInputElement>('[name=subject]')?.focus();
			return;
		}
		const due = day ? instantOf(day, time || '09:00', zone) : null;
		const done = await write({ kind, subject: subject.trim(), ...(due ? { due_at: due } : {}), ...(/^\d+$/.test(minutes) ? { duration_minutes: Number(minutes) } : {}), ...(kind !== 'task' && (!due || Date.parse(due) <= Date.now()) ? { done: true } : {}) });
		if (done === true) {
			setSubject('');
			setDay('');
			setTime('');
			setMinutes('');
		}
	};
	return (
		<form ref={form} className="side-form" aria-label={t('contact.log')} onSubmit={(event) => void submit(event)} noValidate>
			<h2>{t('contact.log')}</h2>
			{faults['form'] && <Fault>{faults['form']}</Fault>}
			<SelectField label={t('activity.kind')} name="kind" value={kind} onChange={(next) => setKind((next ?? 'call') as Kind)} choices={[...ACTIONS, 'task' as const].map((one) => ({ value: one, label: sayValue('kind', one) }))} />
			<TextField label={t('activity.subject')} name="subject" value={subject} onChange={setSubject} error={faults['subject']} maxLength={300} autoComplete="off" />
			<div className="two">
				<TextField label={t('activity.due')} name="day" type="date" value={day} onChange={setDay} error={faults['due_at']} />
				<TextField label={t('follow.time')} name="time" type="time" value={time} onChange={setTime} />
			</div>
			<TextField label={t('activity.duration')} name="minutes" inputMode="numeric" value={minutes} onChange={(to) => setMinutes(to.replace(/\D/g, ''))} error={faults['duration_minutes']} maxLength={5} autoComplete="off" />
			<p className="muted small">{t('contact.log_text')}</p>
			<div className="dialog-foot"><Button kind="primary" type="submit" disabled={busy}>{t('contact.log')}</Button></div>
		</form>
	);
}
