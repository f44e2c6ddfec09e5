/* Keys for programs: what each may do, who made it, when it was last used. A key is shown once, when it is made. */
import { type FormEvent, useState } from 'react';
import { api, query } from '../../api/client';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope, useWorkspaceName } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Empty } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Copy } from '../../ui/copy';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault, HelpMore, PageHead, useTitle } from '../../ui/page';
import { type Column, Table, TableSkeleton } from '../../ui/table';
import { toast } from '../../ui/toast';
import { type ApiKey, peopleChanged, useApiKeys, useManaged, useRoleName, useRoles } from './people';
import './settings.css';

export function ApiKeysPage() {
	const t = useT();
	const { workspace, slug, formats } = useScope();
	const { data, error, refetch } = useApiKeys(slug);
	const roleName = useRoleName();
	const nameOf = useWorkspaceName();
	const [making, setMaking] = useState({ open: false, serial: 0 });
	const [ending, setEnding] = useState<ApiKey | null>(null);
	const [asked, setAsked] = useState(false);
	useTitle(t('settings.api'), workspace?.name ?? t('workspace.all'));
	const rows = [...(data ?? [])].sort((a, b) => Number(a.revoked_at !== null) - Number(b.revoked_at !== null));
	const columns: Array<Column<ApiKey>> = [
		{ key: 'name', label: t('apikeys.for'), cell: (key) => <span className={`two-lines${key.revoked_at ? ' muted' : ''}`}><b>{key.name ?? t('apikeys.no_name')}</b><small><code>{key.prefix}…</code></small></span> },
		...(workspace ? [] : [{ key: 'place', label: t('field.workspace'), cell: (key: ApiKey) => nameOf(key.workspace_id) }]),
		{ key: 'role', label: t('users.role'), cell: (key) => roleName(key.role) },
		{ key: 'made', label: t('apikeys.made'), cell: (key) => <span className="two-lines"><span className="num">{formats.date(key.created_at)}</span><small>{key.created_by?.name ?? t('audit_by.operator')}</small></span> },
		{ key: 'used', label: t('apikeys.used'), cell: (key) => key.used_at ? <time className="num" dateTime={key.used_at}>{formats.moment(key.used_at)}</time> : <span className="muted">{t('users.never')}</span> },
		{ key: 'state', label: t('field.status'), cell: (key) => key.revoked_at ? <span className="tag">{t('apikeys.revoked', { date: formats.date(key.revoked_at) })}</span> : <span className="tag tag-ok">{t('apikeys.good')}</span> },
		{ key: 'end', label: t('users.actions'), end: true, cell: (key) => key.revoked_at ? null : <Button onClick={() => { setEnding(key); setAsked(true); }} aria-label={t('apikeys.revoke_it', { name: key.name ?? key.prefix })}>{t('apikeys.revoke')}</Button> },
	];
	const make = <Button kind="primary" icon="plus" onClick={() => setMaking((old) => ({ open: true, serial: old.serial + 1 }))}>{t('apikeys.make')}</Button>;
	return (
		<>
			<PageHead title={t('settings.api')} sub={t('apikeys.sub')} help="api-keys">
				<a className="btn" href="/api/docs" target="_blank" rel="noreferrer"><Icon name="book" />{t('apikeys.docs')}</a>{make}
			</PageHead>
			{!data && !error && <TableSkeleton rows={4} />}
			{error && !data && <Empty icon="alert" title={t('apikeys.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && rows.length > 0 && <Table label={t('settings.api')} columns={columns} rows={rows} idOf={(key) => key.id} />}
			{data && rows.length === 0 && <Empty icon="key" title={t('apikeys.empty')}><p>{t('apikeys.empty_text')}</p>{make}<HelpMore page="api-keys" /></Empty>}
			{making.serial > 0 && <Dialog opened={making.open} onClose={() => setMaking((old) => ({ ...old, open: false }))} title={t('apikeys.make')} closeLabel={t('common.close')} size={560}><KeyForm key={making.serial} onClose={() => setMaking((old) => ({ ...old, open: false }))} /></Dialog>}
			{ending && <Revoke key={ending.id} one={ending} opened={asked} onClose={() => setAsked(false)} />}
		</>
	);
}

function KeyForm({ onClose }: { onClose(): void }) {
	const t = useT();
	const language = useLanguage();
	const { workspace } = useScope();
	const managed = useManaged();
	const { data: roles } = useRoles();
	const [name, setName] = useState('');
	const [role, setRole] = useState<string | null>('sales');
	const [at, setAt] = useState<string | null>(workspace?.id ?? (managed.length === 1 ? (managed[0]?.id ?? null) : null));
	const [faults, setFaults] = useState<{ name?: string; role?: string; workspace?: string; form?: string }>({});
	const [busy, setBusy] = useState(false);
	const [made, setMade] = useState<string | null>(null);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found = { ...(name.trim() ? {} : { name: t('form.required') }), ...(at ? {} : { workspace: t('form.required') }) };
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			const reply = await api<{ key: string }>('POST', `/api/keys${query({ workspace: at })}`, { body: { name: name.trim(), role } });
			setMade(reply.key);
			void peopleChanged();
		} catch (reason) {
			const named = fieldFaults(reason);
			setFaults(Object.keys(named).length ? named : { form: problemText(reason) });
		}
		setBusy(false);
	};
	if (made)
		return (
			<div className="form">
				<p>{t('apikeys.once')}</p>
				<Copy label={t('apikeys.key')} text={made} autoFocus />
				<p>{t('apikeys.try')}</p>
				<Copy label={t('empty.command')} text={`curl -H 'Authorization: Bearer ${made}' \\\n  '${location.origin}/api/crm/deals?limit=5'`} />
				<div className="dialog-foot"><Button kind="primary" onClick={onClose}>{t('apikeys.kept')}</Button></div>
			</div>
		);
	return (
		<form className="form" onSubmit={(event) => void submit(event)} noValidate>
			{faults.form && <Fault>{faults.form}</Fault>}
			{!workspace && managed.length > 1 && <SelectField label={t('field.workspace')} value={at} onChange={setAt} error={faults.workspace} required placeholder={t('form.choose')} choices={managed.map((one) => ({ value: one.id, label: one.name }))} empty={t('form.nothing_found')} />}
			<TextField label={t('apikeys.for')} name="name" value={name} onChange={setName} error={faults.name} hint={t('apikeys.for_hint')} required autoFocus maxLength={200} autoComplete="off" />
			<SelectField label={t('users.role')} value={role} onChange={(next) => setRole(next ?? role)} error={faults.role} required choices={(roles ?? []).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }))} empty={t('form.nothing_found')} />
			<p className="muted small">{t('apikeys.role_hint')}</p>
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t('apikeys.make')}</Button>
			</div>
		</form>
	);
}

function Revoke({ one, opened, onClose }: { one: ApiKey; opened: boolean; onClose(): void }) {
	const t = useT();
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const name = one.name ?? one.prefix;
	const revoke = async () => {
		setBusy(true);
		try {
			await api('DELETE', `/api/keys/${one.id}`);
			await peopleChanged();
			toast.ok(t('apikeys.revoke_done', { name }));
			onClose();
		} catch (reason) {
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	return <Confirm opened={opened} onClose={onClose} title={t('apikeys.revoke_it', { name })} text={t('apikeys.revoke_text')} yes={t('apikeys.revoke')} onYes={() => void revoke()} busy={busy} fault={fault} danger />;
}
