/* Teams of a workspace: who sees what their colleagues own, when their role says so. A team with members cannot go. */
import { type FormEvent, useState } from 'react';
import { api, query } from '../../api/client';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope, useWorkspaceName } from '../../app/scope';
import { useT } from '../../i18n';
import { Avatar, Empty, photoOf } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { Menu } from '../../ui/menu';
import { Fault, HelpMore, PageHead, useTitle } from '../../ui/page';
import { type Column, Table, TableSkeleton } from '../../ui/table';
import { toast } from '../../ui/toast';
import { type Person, peopleChanged, seatsOf, type Team, useManaged, usePeople, useTeams } from './people';
import './settings.css';

type Task = { kind: 'add'; team?: undefined } | { kind: 'name' | 'drop'; team: Team };

export function TeamsPage() {
	const t = useT();
	const { workspace } = useScope();
	const { data, error, refetch } = useTeams();
	const { data: people } = usePeople();
	const nameOf = useWorkspaceName();
	const [task, setTask] = useState<Task | null>(null);
	const [open, setOpen] = useState(false);
	const begin = (next: Task) => {
		setTask(next);
		setOpen(true);
	};
	useTitle(t('settings.teams'), workspace?.name ?? t('workspace.all'));
	const rows = (data ?? []).filter((team) => !workspace || team.workspace_id === workspace.id);
	const add = <Button kind="primary" icon="plus" onClick={() => begin({ kind: 'add' })}>{t('teams.add')}</Button>;
	const columns: Array<Column<Team>> = [
		{ key: 'name', label: t('users.team'), cell: (team) => <button type="button" className="row-link" onClick={() => begin({ kind: 'name', team })}>{team.name}</button> },
		...(workspace ? [] : [{ key: 'place', label: t('field.workspace'), cell: (team: Team) => nameOf(team.workspace_id) }]),
		{ key: 'who', label: t('teams.members'), cell: (team) => <Faces people={(people ?? []).filter((one) => seatsOf(one, team.workspace_id)[0]?.team_id === team.id)} none={t('teams.nobody')} /> },
		{ key: 'menu', label: t('users.actions'), end: true, cell: (team) => (
			<Menu label={t('users.actions_of', { name: team.name })} align="end" entries={[
				{ key: 'name', icon: 'pencil', label: t('teams.rename'), onSelect: () => begin({ kind: 'name', team }) },
				{ key: 'drop', icon: 'x', label: t('teams.drop'), onSelect: () => begin({ kind: 'drop', team }) },
			]} target={<IconButton icon="dots" label={t('users.actions_of', { name: team.name })} />} />
		) },
	];
	return (
		<>
			<PageHead title={t('settings.teams')} sub={t('teams.sub')} help="teams">{add}</PageHead>
			{!data && !error && <TableSkeleton rows={4} />}
			{error && !data && <Empty icon="alert" title={t('teams.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && rows.length > 0 && <Table label={t('settings.teams')} columns={columns} rows={rows} idOf={(team) => team.id} />}
			{data && rows.length === 0 && <Empty icon="users" title={t('teams.empty')}><p>{t('teams.empty_text')}</p>{add}<HelpMore page="teams" /></Empty>}
			{task && (task.kind === 'drop'
				? <Drop key={task.team.id} team={task.team} opened={open} onClose={() => setOpen(false)} />
				: <Dialog opened={open} onClose={() => setOpen(false)} title={t(task.kind === 'add' ? 'teams.add' : 'teams.rename')} closeLabel={t('common.close')} size={420}><TeamForm team={task.team ?? null} onClose={() => setOpen(false)} /></Dialog>)}
		</>
	);
}

/* up to four faces with their names, the rest as a number */
export function Faces({ people, none }: { people: Person[]; none: string }) {
	if (!people.length)
		return <span className="muted">{none}</span>;
	return (
		<span className="tags">
			{people.slice(0, 4).map((one) => <span key={one.id} className="person"><Avatar name={one.name} photo={photoOf(one)} /><span className="cut">{one.name}</span></span>)}
			{people.length > 4 && <span className="tag num" title={people.slice(4).map((one) => one.name).join(', ')}>+{people.length - 4}</span>}
		</span>
	);
}

function TeamForm({ team, onClose }: { team: Team | null; onClose(): void }) {
	const t = useT();
	const { workspace } = useScope();
	const managed = useManaged();
	const [name, setName] = useState(team?.name ?? '');
	const [at, setAt] = useState<string | null>(workspace?.id ?? (managed.length === 1 ? (managed[0]?.id ?? null) : null));
	const [faults, setFaults] = useState<{ name?: string; workspace?: string; form?: string }>({});
	const [busy, setBusy] = useState(false);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found = { ...(name.trim() ? {} : { name: t('form.required') }), ...(team || at ? {} : { workspace: t('form.required') }) };
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			await (team ? api('PUT', `/api/teams/${team.id}`, { body: { name: name.trim() } }) : api('POST', `/api/teams${query({ workspace: at })}`, { body: { name: name.trim() } }));
			await peopleChanged();
			toast.ok(t(team ? 'teams.renamed' : 'teams.added', { name: name.trim() }));
			onClose();
		} catch (reason) {
			const named = fieldFaults(reason);
			setFaults(Object.keys(named).length ? named : { form: problemText(reason) });
		}
		setBusy(false);
	};
	return (
		<form className="form" onSubmit={(event) => void submit(event)} noValidate>
			{faults.form && <Fault>{faults.form}</Fault>}
			{!team && !workspace && managed.length > 1 && <SelectField label={t('field.workspace')} value={at} onChange={setAt} error={faults.workspace} required placeholder={t('form.choose')} choices={managed.map((one) => ({ value: one.id, label: one.name }))} empty={t('form.nothing_found')} />}
			<TextField label={t('field.name')} name="name" value={name} onChange={setName} error={faults.name} required autoFocus maxLength={100} autoComplete="off" />
			{!team && <p className="muted small">{t('teams.next')}</p>}
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t(team ? 'common.save' : 'teams.add')}</Button>
			</div>
		</form>
	);
}

function Drop({ team, opened, onClose }: { team: Team; opened: boolean; onClose(): void }) {
	const t = useT();
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const drop = async () => {
		setBusy(true);
		try {
			await api('DELETE', `/api/teams/${team.id}`);
			await peopleChanged();
			toast.ok(t('teams.dropped', { name: team.name }));
			onClose();
		} catch (reason) {
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	return <Confirm opened={opened} onClose={onClose} title={t('teams.drop_title', { name: team.name })} text={t('teams.drop_text')} yes={t('teams.drop')} onYes={() => void drop()} busy={busy} fault={fault} danger />;
}
