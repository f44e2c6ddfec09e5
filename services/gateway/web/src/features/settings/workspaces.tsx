/* The workspaces of an agency: made from a way of working, named, switched, put away and brought back. A workspace's own owner sees
   only theirs and changes its name and who owns what nobody else does. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys, useMemberNames } from '../../api/queries';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Tile } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Menu, type MenuEntry } from '../../ui/menu';
import { HelpMore, PageHead, useTitle } from '../../ui/page';
import { type Column, Segments, Table, TableSkeleton } from '../../ui/table';
import { toast } from '../../ui/toast';
import { usePresetName } from '../place/preset';
import { AddForm, EditForm } from './workspace-forms';
import './settings.css';

export interface Kept {
	id: string; slug: string; name: string; preset: string; language: string; currency: string; timezone: string; country: string; label_profile: string; landing: string;
	admin_only: boolean; feature_crm: boolean; convert_on_won: 'automatic' | 'button'; demo: boolean; archived_at: string | null; default_owner_id: string | null; members: number; created_at: string;
}

type Task = { kind: 'add' } | { kind: 'edit' | 'archive'; row: Kept };
type Shown = 'active' | 'archived';

export function useWorkspacesChanged(): () => Promise<void> {
	const client = useQueryClient();
	return async () => {
		void client.invalidateQueries({ queryKey: keys.me });
		void client.invalidateQueries({ queryKey: ['members'] });
		await client.invalidateQueries({ queryKey: ['workspaces'] });
	};
}

export function WorkspacesPage() {
	const t = useT();
	const { me } = useScope();
	const admin = me.agency.admin;
	const changed = useWorkspacesChanged();
	const { data, error, refetch } = useQuery({ queryKey: ['workspaces'], queryFn: async ({ signal }) => (await api<{ data: Kept[] }>('GET', `/api/workspaces${admin ? '?archived=1' : ''}`, { signal })).data });
	const [shown, setShown] = useState<Shown>('active');
	const [task, setTask] = useState<Task | null>(null);
	const [open, setOpen] = useState(false);
	const begin = (next: Task) => { setTask(next); setOpen(true); };
	useTitle(t('settings.workspaces'));

	const away = (data ?? []).filter((row) => row.archived_at);
	const segment = away.length ? shown : 'active';
	const rows = segment === 'archived' ? away : (data ?? []).filter((row) => !row.archived_at);
	const back = async (row: Kept) => {
		try {
			await api('PUT', `/api/workspaces/${row.id}`, { body: { archived: false } });
			await changed();
			toast.ok(t('workspaces.is_back', { name: row.name }));
		} catch (reason) {
			toast.error(t('workspaces.not_back', { name: row.name }), problemText(reason));
		}
	};
	const add = admin ? <Button kind="primary" icon="plus" onClick={() => begin({ kind: 'add' })}>{t('workspaces.add')}</Button> : null;
	return (
		<>
			<PageHead title={t('settings.workspaces')} sub={t(admin ? 'workspaces.sub' : 'workspaces.sub_own')} help="workspaces">{add}</PageHead>
			{away.length > 0 && (
				<div className="bar"><Segments<Shown> label={t('workspaces.which')} value={segment} onChange={setShown}
					choices={[{ value: 'active', label: t('workspaces.active') }, { value: 'archived', label: t('workspaces.away', { count: away.length }) }]} /></div>
			)}
			{!data && !error && <TableSkeleton rows={4} />}
			{error && !data && <Empty icon="alert" title={t('workspaces.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && rows.length > 0 && <Rows rows={rows} begin={begin} back={(row) => void back(row)} />}
			{data && rows.length === 0 && <Empty icon="building" title={t('workspaces.empty')}><p>{t(admin ? 'workspaces.empty_text' : 'workspaces.empty_own')}</p>{add}<HelpMore page="workspaces" /></Empty>}
			{task?.kind === 'archive' && <Archive row={task.row} opened={open} onClose={() => setOpen(false)} onBack={() => void back(task.row)} />}
			{task && task.kind !== 'archive' && (
				<Dialog opened={open} onClose={() => setOpen(false)} title={task.kind === 'add' ? t('workspaces.add') : t('workspaces.edit_of', { name: task.row.name })} closeLabel={t('common.close')} size={task.kind === 'add' ? 640 : 520}>
					{open && (task.kind === 'add' ? <AddForm onClose={() => setOpen(false)} changed={changed} /> : <EditForm row={task.row} onClose={() => setOpen(false)} changed={changed} />)}
				</Dialog>
			)}
		</>
	);
}

function Rows({ rows, begin, back }: { rows: Kept[]; begin(task: Task): void; back(row: Kept): void }) {
	const t = useT();
	const navigate = useNavigate();
	const { me, formats } = useScope();
	const presetName = usePresetName();
	const names = useMemberNames(null);
	const go = (to: string, row: Kept) => void navigate({ to, search: { workspace: row.slug } } as never);
	const entries = (row: Kept): MenuEntry[] => row.archived_at
		? [{ key: 'back', icon: 'refresh', label: t('workspaces.back'), onSelect: () => back(row) }]
		: [
			{ key: 'edit', icon: 'pencil', label: t('workspaces.edit'), onSelect: () => begin({ kind: 'edit', row }) },
			{ key: 'board', icon: 'board', label: t('setup.to_board'), onSelect: () => go('/deals/board', row) },
			{ key: 'preset', icon: 'words', label: t('settings.preset'), onSelect: () => go('/settings/preset', row) },
			{ key: 'users', icon: 'users', label: t('settings.users'), onSelect: () => go('/settings/users', row) },
			...(me.agency.admin ? [{ key: 'line', kind: 'divider' as const }, { key: 'archive', icon: 'archive' as const, label: t('workspaces.archive'), onSelect: () => begin({ kind: 'archive', row }) }] : []),
		];
	const columns: Array<Column<Kept>> = [
		{ key: 'name', label: t('field.name'), cell: (row) => {
			const face = <><Tile name={row.name} size={26} /><span className="two-lines"><span className="cut">{row.name}</span><small className="cut">{row.slug}</small></span></>;
			return row.archived_at ? <span className="row-link">{face}</span> : <button type="button" className="row-link" onClick={() => begin({ kind: 'edit', row })}>{face}</button>;
		} },
		{ key: 'preset', label: t('setup.preset'), cell: (row) => presetName(row.preset) },
		{ key: 'people', label: t('workspaces.people'), width: 110, cell: (row) => <span className="num">{formats.number(row.members)}</span> },
		{ key: 'owner', label: t('workspaces.gets'), cell: (row) => (row.default_owner_id && names.get(row.default_owner_id)) || <span className="muted">{t('deal.owner_none')}</span> },
		row0(rows)
			? { key: 'since', label: t('workspaces.since'), cell: (row) => row.archived_at && <span className="num">{formats.date(row.archived_at)}</span> }
			: { key: 'state', label: t('field.status'), cell: (row) => <States row={row} /> },
		{ key: 'menu', label: t('users.actions'), end: true, cell: (row) => (row.archived_at
			? <Button onClick={() => back(row)} aria-label={t('workspaces.back_of', { name: row.name })}>{t('workspaces.back')}</Button>
			: <Menu label={t('users.actions_of', { name: row.name })} align="end" entries={entries(row)} target={<IconButton icon="dots" label={t('users.actions_of', { name: row.name })} />} />) },
	];
	return <Table label={t('settings.workspaces')} columns={columns} rows={rows} idOf={(row) => row.id} />;
}

/* the archived are shown by themselves */
const row0 = (rows: Kept[]) => Boolean(rows[0]?.archived_at);

function States({ row }: { row: Kept }) {
	const t = useT();
	return (
		<span className="tags">
			{row.feature_crm ? !row.admin_only && !row.demo && <span className="tag tag-ok">{t('workspaces.open')}</span> : <span className="tag tag-danger">{t('workspaces.off')}</span>}
			{row.admin_only && row.feature_crm && <span className="tag tag-warn">{t('workspaces.admin_only')}</span>}
			{row.demo && <span className="tag tag-accent">{t('workspaces.demo')}</span>}
		</span>
	);
}

function Archive({ row, opened, onClose, onBack }: { row: Kept; opened: boolean; onClose(): void; onBack(): void }) {
	const t = useT();
	const changed = useWorkspacesChanged();
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const archive = async () => {
		setBusy(true);
		setFault(null);
		try {
			await api('PUT', `/api/workspaces/${row.id}`, { body: { archived: true } });
			await changed();
			onClose();
			toast.ok(t('workspaces.archived', { name: row.name }), { label: t('common.undo'), hotkey: 'Z', run: onBack });
		} catch (reason) {
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	return <Confirm opened={opened} onClose={onClose} title={t('workspaces.archive_of', { name: row.name })} text={<p>{t('workspaces.archive_text')}</p>} yes={t('workspaces.archive')} onYes={() => void archive()} busy={busy} fault={fault} danger />;
}
