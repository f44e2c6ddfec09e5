/* One person: their name, role and team in each workspace that one manages, what they may see, whether they run the agency. Sends
   what was changed and nothing else. */
import { type FormEvent, useState } from 'react';
import { api, query } from '../../api/client';
import type { Id } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { IconButton, Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Check, SelectField, TextField } from '../../ui/field';
import { Tile } from '../../ui/bits';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { type Place, PlaceFields, SectionFields } from './access-fields';
import { type Person, peopleChanged, seatsOf, useManaged, useRoleName } from './people';

export function PersonDialog({ person, opened, onClose }: { person: Person; opened: boolean; onClose(): void }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={person.name} closeLabel={t('common.close')} size={620}><PersonForm person={person} onClose={onClose} /></Dialog>;
}

interface Row extends Place { id: Id; name: string; gone: boolean; fresh: boolean }

function rowsOf(person: Person, managed: Set<Id>): Row[] {
	return seatsOf(person, null).filter((seat) => managed.has(seat.workspace_id))
		.map((seat) => ({ id: seat.workspace_id, name: seat.name, role: seat.role, team: seat.team_id, gone: false, fresh: false }));
}

const same = (a: string[], b: string[]) => a.length === b.length && a.every((one) => b.includes(one));

function PersonForm({ person, onClose }: { person: Person; onClose(): void }) {
	const t = useT();
	const { me } = useScope();
	const managed = useManaged();
	const roleName = useRoleName();
	const [first] = useState(() => rowsOf(person, new Set(managed.map((one) => one.id))));
	const [rows, setRows] = useState(first);
	const [name, setName] = useState(person.name);
	const [sections, setSections] = useState(person.allowed_sections);
	const [admin, setAdmin] = useState(person.agency_admin);
	const [fault, setFault] = useState<string | null>(null);
	const [wrong, setWrong] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	const mine = person.id === me.user.id;
	const whole = person.manageable;
	const elsewhere = seatsOf(person, null).filter((seat) => !managed.some((one) => one.id === seat.workspace_id));
	const free = managed.filter((one) => !rows.some((row) => row.id === one.id));
	const change = (id: Id, next: Partial<Row>) => setRows((old) => old.map((row) => (row.id === id ? { ...row, ...next } : row)));
	const drop = (row: Row) => row.fresh ? setRows((old) => old.filter((one) => one.id !== row.id)) : change(row.id, { gone: !row.gone });
	const add = (id: string | null) => {
		const found = managed.find((one) => one.id === id);
		if (found)
			setRows((old) => [...old, { id: found.id, name: found.name, role: 'sales', team: null, gone: false, fresh: true }]);
	};
	const save = async () => {
		const body = {
			...(name.trim() === person.name ? {} : { name: name.trim() }),
			...(admin === person.agency_admin ? {} : { agency_admin: admin }),
			...(same(sections, person.allowed_sections) ? {} : { allowed_sections: sections }),
		};
		if (Object.keys(body).length)
			await api('PUT', `/api/users/${person.id}`, { body });
		for (const row of rows) {
			const was = first.find((one) => one.id === row.id);
			if (was && was.role === row.role && was.team === row.team && was.gone === row.gone)
				continue;
			await api('PUT', `/api/users/${person.id}/member${query({ workspace: row.id })}`, { body: { role: row.role, team_id: row.team, active: !row.gone } });
		}
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!name.trim()) {
			setWrong({ name: t('form.required') });
			return;
		}
		setBusy(true);
		setFault(null);
		setWrong({});
		try {
			await save();
			await peopleChanged();
			toast.ok(t('users.saved', { name: name.trim() }));
			onClose();
		} catch (reason) {
			setWrong(fieldFaults(reason));
			setFault(problemText(reason));
			void peopleChanged();
		}
		setBusy(false);
	};
	return (
		<form className="form form-wide" onSubmit={(event) => void submit(event)} noValidate>
			{fault && <Fault>{fault}</Fault>}
			<p className="muted">{person.email}</p>
			{!whole && <p className="muted small">{t('users.not_yours')}</p>}
			{whole && <TextField label={t('field.name')} name="name" value={name} onChange={setName} error={wrong['name']} required maxLength={200} autoComplete="off" />}
			<fieldset className="ticks">
				<legend>{t('settings.workspaces')}</legend>
				{rows.map((row) => (
					<div key={row.id} className={`seat${row.gone ? ' seat-gone' : ''}`} role="group" aria-label={row.name}>
						<span className="person seat-name"><Tile name={row.name} /><b className="cut">{row.name}</b></span>
						{row.gone ? <span className="muted small">{t('users.will_leave')}</span> : <PlaceFields workspace={row.id} place={row} onChange={(place) => change(row.id, place)} error={wrong['role']} />}
						{!mine && <IconButton icon={row.gone ? 'refresh' : 'x'} label={t(row.gone ? 'users.keep_in' : 'users.remove_from', { workspace: row.name })} onClick={() => drop(row)} />}
					</div>
				))}
				{elsewhere.map((seat) => <div key={seat.workspace_id} className="seat"><span className="person seat-name"><Tile name={seat.name} /><b className="cut">{seat.name}</b></span><span>{roleName(seat.role)}</span></div>)}
				{!rows.length && !elsewhere.length && <p className="muted small">{t('users.nowhere')}</p>}
				{free.length > 0 && <SelectField label={t('users.add_place')} value={null} placeholder={t('form.choose')} onChange={add} empty={t('form.nothing_found')} choices={free.map((one) => ({ value: one.id, label: one.name }))} />}
			</fieldset>
			{whole && <SectionFields sections={sections} onChange={setSections} />}
			{whole && me.agency.admin && <Check label={t('users.is_admin')} hint={t('users.admin_hint', { firm: me.agency.name })} checked={admin} onChange={setAdmin} />}
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
			</div>
		</form>
	);
}
