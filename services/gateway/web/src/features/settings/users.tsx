/* Who works here: one row a person with their role, their team, when they were last seen and how they log in. What changes
   somebody is a dialog of its own. */
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Avatar, Empty, photoOf } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu, type MenuEntry } from '../../ui/menu';
import { HelpMore, PageHead, useTitle } from '../../ui/page';
import { type Column, Find, Segments, Table, TableSkeleton } from '../../ui/table';
import { type Person, seatsOf, useManaged, usePeople, useRoleName, useTeams } from './people';
import './settings.css';


type PeopleTask = { kind: 'invite'; person?: undefined } | { kind: 'edit' | 'link' | 'factor' | 'enable' | 'withdraw' | 'hand' | 'remove' | 'disable'; person: Person };

const InviteDialog = lazy(() => import('./invite-form').then((module) => ({ default: module.InviteDialog })));
const PersonDialog = lazy(() => import('./person-form').then((module) => ({ default: module.PersonDialog })));
const LeavingDialog = lazy(() => import('./leaving').then((module) => ({ default: module.LeavingDialog })));
const LinkDialog = lazy(() => import('./people-dialogs').then((module) => ({ default: module.LinkDialog })));
const AskDialog = lazy(() => import('./people-dialogs').then((module) => ({ default: module.AskDialog })));

function TaskDialog({ task, opened, onClose }: { task: PeopleTask; opened: boolean; onClose(): void }) {
	switch (task.kind) {
	case 'invite': return <InviteDialog opened={opened} onClose={onClose} />;
	case 'edit': return <PersonDialog person={task.person} opened={opened} onClose={onClose} />;
	case 'link': return <LinkDialog person={task.person} opened={opened} onClose={onClose} />;
	case 'factor':
	case 'enable':
	case 'withdraw': return <AskDialog kind={task.kind} person={task.person} opened={opened} onClose={onClose} />;
	case 'hand':
	case 'remove':
	case 'disable': return <LeavingDialog kind={task.kind} person={task.person} opened={opened} onClose={onClose} />;
	}
}

const SHOWN = ['active', 'invited', 'disabled'] as const;
type Shown = typeof SHOWN[number];

function fits(person: Person, shown: Shown, workspace: string | null, q: string): boolean {
	if (workspace && !seatsOf(person, workspace).length)
		return false;
	if (q && !`${person.name} ${person.email}`.toLowerCase().includes(q.toLowerCase()))
		return false;
	return shown === 'disabled' ? person.disabled : !person.disabled && (shown === 'invited' ? person.invited : true);
}

export function UsersPage() {
	const t = useT();
	const go = useGo();
	const { workspace } = useScope();
	const { status, q } = useAppSearch();
	const { data, error, refetch } = usePeople();
	const [task, setTask] = useState<PeopleTask | null>(null);
	const [open, setOpen] = useState(false);
	useTitle(t('settings.users'), workspace?.name ?? t('workspace.all'));
	const [serial, setSerial] = useState(0);
	const begin = useCallback((next: PeopleTask) => {
		setSerial((old) => old + 1); /* every time a fresh form */
		setTask(next);
		setOpen(true);
	}, []);
	const find = useCallback((value: string) => go.search({ q: value || undefined }, true), [go]);
	const shown = SHOWN.find((one) => one === status) ?? 'active';
	const rows = useMemo(() => (data ?? []).filter((person) => fits(person, shown, workspace?.id ?? null, q ?? '')), [data, shown, workspace, q]);
	const columns = useColumns(begin);
	const invite = <Button kind="primary" icon="plus" onClick={() => begin({ kind: 'invite' })}>{t('users.invite')}</Button>;
	return (
		<>
			<PageHead title={t('settings.users')} sub={t('users.sub')} help="users">{invite}</PageHead>
			<div className="bar">
				<Segments label={t('users.filter')} value={shown} onChange={(one) => go.search({ status: one === 'active' ? undefined : one }, true)}
					choices={[{ value: 'active', label: t('users.active') }, { value: 'invited', label: t('users.invited') }, { value: 'disabled', label: t('users.disabled') }]} />
				<Find label={t('users.search')} clear={t('leads.clear')} value={q ?? ''} onChange={find} />
			</div>
			{!data && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t('users.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && rows.length > 0 && <Table label={t('settings.users')} columns={columns} rows={rows} idOf={(person) => person.id} />}
			{data && rows.length === 0 && (q || shown !== 'active'
				? <Empty icon="users" title={t('users.none')}><p>{t(q ? 'users.none_found' : shown === 'disabled' ? 'users.none_disabled' : 'users.none_invited')}</p><Button onClick={() => go.search({ q: undefined, status: undefined }, true)}>{t('users.show_all')}</Button></Empty>
				: <Empty icon="users" title={t('users.empty')}><p>{t('users.empty_text')}</p>{invite}<HelpMore page="users" /></Empty>)}
			<Suspense fallback={null}>{task && <TaskDialog key={serial} task={task} opened={open} onClose={() => setOpen(false)} />}</Suspense>
		</>
	);
}

function useColumns(begin: (task: PeopleTask) => void): Array<Column<Person>> {
	const t = useT();
	const { workspace, formats } = useScope();
	const roleName = useRoleName();
	const { data: teams } = useTeams();
	const none = <span className="muted">—</span>;
	const teamName = (id: string | null) => teams?.find((one) => one.id === id)?.name;
	const seat = (person: Person) => seatsOf(person, workspace?.id ?? null)[0];
	const name: Column<Person> = {
		key: 'name', label: t('field.name'), cell: (person) => (
			<button type="button" className="row-link" onClick={() => begin({ kind: 'edit', person })}>
				<Avatar name={person.name} photo={photoOf(person)} big />
				<span className="cut two-lines"><span className="cut">{person.name}</span><small className="cut">{person.email}</small></span>
			</button>
		),
	};
	const places: Array<Column<Person>> = workspace ? [
		{ key: 'role', label: t('users.role'), cell: (person) => { const at = seat(person); return at ? roleName(at.role) : none; } },
		{ key: 'team', label: t('users.team'), cell: (person) => teamName(seat(person)?.team_id ?? null) ?? none },
	] : [{
		key: 'places', label: t('settings.workspaces'), cell: (person) => {
			const seats = seatsOf(person, null);
			return seats.length ? <span className="tags">{seats.map((at) => <span className="tag" key={at.workspace_id}>{t('users.role_at', { role: roleName(at.role), workspace: at.name })}</span>)}</span> : none;
		},
	}];
	return [name, ...places,
		{ key: 'seen', label: t('users.last_seen'), cell: (person) => person.last_seen ? <time className="num nowrap" dateTime={person.last_seen}>{formats.moment(person.last_seen)}</time> : <span className="muted">{t('users.never')}</span> },
		{ key: 'state', label: t('field.status'), cell: (person) => <States person={person} /> },
		{ key: 'menu', label: t('users.actions'), end: true, cell: (person) => <PersonMenu person={person} begin={begin} /> },
	];
}

function States({ person }: { person: Person }) {
	const t = useT();
	const { formats } = useScope();
	const { disabled, invited, invite_expires: until } = person;
	return (
		<span className="tags">
			{disabled && <span className="tag tag-danger"><Icon name="lock" size={13} />{t('users.is_disabled')}</span>}
			{!disabled && invited && <span className="tag tag-warn">{until ? t('users.invited_until', { date: formats.day(until) }) : t('users.invite_over')}</span>}
			{!disabled && !invited && <span className="tag tag-ok">{t('users.is_active')}</span>}
			{person.agency_admin && <span className="tag tag-accent">{t('users.is_admin')}</span>}
			{person.two_factor && <span className="tag"><Icon name="shield" size={13} />{t('users.two_factor')}</span>}
		</span>
	);
}

function PersonMenu({ person, begin }: { person: Person; begin(task: PeopleTask): void }) {
	const t = useT();
	const { me, workspace } = useScope();
	const managed = useManaged();
	const mine = person.id === me.user.id;
	const seats = seatsOf(person, workspace?.id ?? null).filter((seat) => managed.some((one) => one.id === seat.workspace_id));
	const entries: MenuEntry[] = [{ key: 'edit', icon: 'pencil', label: t('users.edit'), onSelect: () => begin({ kind: 'edit', person }) }];
	if (person.manageable && !person.disabled)
		entries.push({ key: 'link', icon: 'link', label: t(person.invited ? 'users.invite_again' : 'users.reset_link'), onSelect: () => begin({ kind: 'link', person }) });
	if (person.manageable && !person.disabled && person.invited && !mine)
		entries.push({ key: 'withdraw', icon: 'x', label: t('users.withdraw'), onSelect: () => begin({ kind: 'withdraw', person }) });
	if (seats.length)
		entries.push({ key: 'hand', icon: 'hand', label: t('users.hand_over'), onSelect: () => begin({ kind: 'hand', person }) });
	if (person.manageable && person.two_factor && !mine)
		entries.push({ key: 'factor', icon: 'shield', label: t('users.two_factor_off'), onSelect: () => begin({ kind: 'factor', person }) });
	if (!mine && (person.manageable || (workspace && seats.length)))
		entries.push({ key: 'line', kind: 'divider' });
	if (!mine && workspace && seats.length)
		entries.push({ key: 'remove', icon: 'logout', label: t('users.remove_from', { workspace: workspace.name }), onSelect: () => begin({ kind: 'remove', person }) });
	if (!mine && person.manageable)
		entries.push(person.disabled
			? { key: 'enable', icon: 'check', label: t('users.enable'), onSelect: () => begin({ kind: 'enable', person }) }
			: { key: 'disable', icon: 'lock', label: t('users.disable'), onSelect: () => begin({ kind: 'disable', person }) });
	return <Menu label={t('users.actions_of', { name: person.name })} align="end" width={264} entries={entries} target={<IconButton icon="dots" label={t('users.actions_of', { name: person.name })} />} />;
}
