/* The roles of the agency: which records their holder sees, what they may do, and who has them. One list for all workspaces;
   the agency's admins change it. */
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { api } from '../../api/client';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Empty } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Check, SelectField, TextField } from '../../ui/field';
import { Fault, PageHead, useTitle } from '../../ui/page';
import { type Column, Table, TableSkeleton } from '../../ui/table';
import { toast } from '../../ui/toast';
import { type Person, type Role, rolesChanged, type RowScope, seatsOf, usePeople, useRoles } from './people';
import './settings.css';

const Faces = lazy(() => import('./teams').then((module) => ({ default: module.Faces })));

/* the order of proto/permissions.def, from seeing to running the whole */
const PERMISSIONS = ['crm-view', 'crm-edit', 'crm-delete', 'all-prospects', 'crm-edit-salesman-prospect', 'crm-export', 'crm-settings', 'crm-users', 'crm-backdate', 'crm-ops', 'crm-agency', 'crm-chat', 'crm-erase'];
const SCOPES: RowScope[] = ['none', 'own', 'team', 'workspace'];
const inOrder = (permissions: string[]) => [...PERMISSIONS.filter((one) => permissions.includes(one)), ...permissions.filter((one) => !PERMISSIONS.includes(one))];

export function RolesPage() {
	const t = useT();
	const language = useLanguage();
	const { me, workspace } = useScope();
	const { data, error, refetch } = useRoles();
	const { data: people } = usePeople();
	const [role, setRole] = useState<Role | null>(null);
	const [open, setOpen] = useState(false);
	useTitle(t('settings.roles'), me.agency.name);
	const holders = (key: string): Person[] => (people ?? []).filter((one) => !one.disabled && seatsOf(one, workspace?.id ?? null).some((seat) => seat.role === key));
	const name = (one: Role) => labelOf(one.label, language, one.key);
	const columns: Array<Column<Role>> = [
		{ key: 'name', label: t('users.role'), cell: (one) => me.agency.admin
			? <button type="button" className="row-link" onClick={() => { setRole(one); setOpen(true); }}>{name(one)}</button>
			: <span className="row-link">{name(one)}</span> },
		{ key: 'scope', label: t('users.sections'), cell: (one) => <span className="nowrap">{sayValue('sees', one.scope)}</span> },
		{ key: 'may', label: t('roles.may'), cell: (one) => one.permissions.length
			? <span className="tags">{inOrder(one.permissions).map((permission) => <span className="tag" key={permission}>{sayValue('permission', permission)}</span>)}</span>
			: <span className="muted">{t('roles.may_nothing')}</span> },
		{ key: 'who', label: t('roles.holders'), cell: (one) => <Suspense fallback={null}><Faces people={holders(one.key)} none={t('teams.nobody')} /></Suspense> },
	];
	return (
		<>
			<PageHead title={t('settings.roles')} sub={t(me.agency.admin ? 'roles.sub' : 'roles.sub_read')} help="roles" />
			{!data && !error && <TableSkeleton rows={8} />}
			{error && !data && <Empty icon="alert" title={t('roles.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && <Table label={t('settings.roles')} columns={columns} rows={data} idOf={(one) => one.key} />}
			{role && <Dialog opened={open} onClose={() => setOpen(false)} title={name(role)} closeLabel={t('common.close')} size={560}><RoleForm role={role} holders={holders(role.key).length} onClose={() => setOpen(false)} /></Dialog>}
		</>
	);
}

function RoleForm({ role, holders, onClose }: { role: Role; holders: number; onClose(): void }) {
	const t = useT();
	const { me } = useScope();
	const [label, setLabel] = useState({ en: role.label.en ?? role.key, nl: role.label.nl ?? role.key });
	const [scope, setScope] = useState(role.scope);
	const [may, setMay] = useState(role.permissions);
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const empty = { ...(label.en.trim() ? {} : { en: t('form.required') }), ...(label.nl.trim() ? {} : { nl: t('form.required') }) };
		setFaults(empty);
		if (Object.keys(empty).length)
			return;
		setBusy(true);
		try {
			const words = { en: label.en.trim(), nl: label.nl.trim() };
			await api('PUT', `/api/roles/${encodeURIComponent(role.key)}`, { body: {
				...(words.en === role.label.en && words.nl === role.label.nl ? {} : { label: words }),
				...(scope === role.scope ? {} : { scope }),
				...(may.length === role.permissions.length && may.every((one) => role.permissions.includes(one)) ? {} : { permissions: inOrder(may) }),
			} });
			await rolesChanged();
			toast.ok(t('roles.saved'));
			onClose();
		} catch (reason) {
			setFaults({ ...fieldFaults(reason), form: problemText(reason) });
		}
		setBusy(false);
	};
	return (
		<form className="form" onSubmit={(event) => void submit(event)} noValidate>
			{faults['form'] && <Fault>{faults['form']}</Fault>}
			<p className="muted small">{t('roles.change_text', { firm: me.agency.name, count: holders })}</p>
			<div className="two">
				<TextField label={t('roles.label_en')} name="label_en" value={label.en} onChange={(en) => setLabel({ ...label, en })} error={faults['en']} required maxLength={100} autoComplete="off" />
				<TextField label={t('roles.label_nl')} name="label_nl" value={label.nl} onChange={(nl) => setLabel({ ...label, nl })} error={faults['nl']} required maxLength={100} autoComplete="off" />
			</div>
			<SelectField label={t('users.sections')} value={scope} onChange={(next) => setScope(SCOPES.find((one) => one === next) ?? scope)} error={faults['scope']} choices={SCOPES.map((one) => ({ value: one, label: sayValue('sees', one) }))} />
			<fieldset className="ticks ticks-two">
				<legend>{t('roles.may')}</legend>
				{inOrder([...new Set([...PERMISSIONS, ...role.permissions])]).map((one) => (
					<Check key={one} label={sayValue('permission', one)} checked={may.includes(one)} onChange={(on) => setMay(on ? [...may, one] : may.filter((other) => other !== one))} />
				))}
			</fieldset>
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
			</div>
		</form>
	);
}
