/* An account that mail is sent by, added or changed: an SMTP server or SendGrid. A secret that is kept is never shown; an empty field leaves it as it is.
   The addresses that its events and its answers are handed to are told when it was added, once: nobody can be told of them later. */
import { lazy, Suspense, useRef, useState } from 'react';
import { api, Problem, query } from '../../api/client';
import type { Workspace } from '../../api/types';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { Dialog } from '../../ui/dialog';
import { Check, TextField } from '../../ui/field';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { addressGood } from '../mail/model';
import { type Faults, SetForm } from './label-fields';
import { LoginBySegments, Named } from './mail-login';
import { type AccountDraft, asksMailboxSecret, asksSecret, bodyOf, draftOf, loginLacks, type MailAccount } from './mail-model';

const LoginFields = lazy(() => import('./mail-login-fields').then((module) => ({ default: module.LoginFields })));

export function MailAccountDialog({ opened, account, workspace, onSaved, onClose }: { opened: boolean; account: MailAccount | null; workspace: Workspace; onSaved(): Promise<void>; onClose(): void }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t(account ? 'mail_set.edit' : 'mail_set.add')} closeLabel={t('common.close')} size={640}>{opened && <Form account={account} workspace={workspace} onSaved={onSaved} onClose={onClose} />}</Dialog>;
}

const TLS: ReadonlyArray<MailAccount['tls']> = ['starttls', 'tls', 'none'];

function Form({ account, workspace, onSaved, onClose }: { account: MailAccount | null; workspace: Workspace; onSaved(): Promise<void>; onClose(): void }) {
	const t = useT();
	const [draft, setDraft] = useState<AccountDraft>(() => draftOf(account));
	const [hook, setHook] = useState<string | null>(null);
	const stays = useRef(false); /* what was made is shown before the dialog goes */
	const seen = useRef(account?.version); /* somebody else may have changed it meanwhile: saving once more is then meant */
	const set = (part: Partial<AccountDraft>) => setDraft((old) => ({ ...old, ...part }));
	const smtp = draft.kind === 'smtp';
	const again = asksSecret(draft, account);
	const oauth = smtp && draft.login_by !== 'password';
	const check = () => {
		const need = t('form.required');
		const boxed = (name: 'imap_host' | 'imap_login', also = true) => (draft.imap && also && !draft[name].trim() ? { [name]: need } : {});
		return {
			...boxed('imap_host'),
			...boxed('imap_login', !(smtp && (draft.login.trim() || draft.login_by !== 'password'))),
			...(draft.imap && draft.imap_port && !(Number(draft.imap_port) >= 1 && Number(draft.imap_port) <= 65535) ? { imap_port: t('mail_set.port_wrong') } : {}),
			...(!draft.imap_secret && asksMailboxSecret(draft, account) ? { imap_secret: account?.imap_host ? t('mail_set.secret_again') : need } : {}),
			...Object.fromEntries(loginLacks(draft, account).map((name) => [name, name.endsWith('_url') && draft[name].trim() ? t('mail_set.oauth_url_wrong') : need])),
			...(draft.name.trim() ? {} : { name: need }),
			...(!draft.from_email.trim() ? { from_email: need } : addressGood(draft.from_email.trim()) ? {} : { from_email: t('form.email') }),
			...(smtp && !draft.host.trim() ? { host: need } : {}),
			...(draft.port && !(Number(draft.port) >= 1 && Number(draft.port) <= 65535) ? { port: t('mail_set.port_wrong') } : {}),
			...(!draft.secret && !smtp && (!account || again) ? { secret: need } : !draft.secret && smtp && again && draft.login ? { secret: t('mail_set.secret_again') } : {}),
		};
	};
	const send = async () => {
		const body = bodyOf(draft, account);
		if (account) {
			try {
				await api('PUT', `/api/crm/mail/accounts/${account.id}`, { body: { ...body, version: seen.current } });
			} catch (reason) {
				if (reason instanceof Problem && reason.code === 'mail_account_changed')
					seen.current = (await api<MailAccount>('GET', `/api/crm/mail/accounts/${account.id}`)).version;
				throw reason;
			}
		} else {
			const made = await api<{ hook_url?: string }>('POST', `/api/crm/mail/accounts${query({ workspace: workspace.slug })}`, { body });
			stays.current = (!smtp || draft.reply_domain.trim() !== '') && Boolean(made.hook_url);
			if (stays.current)
				setHook(`${made.hook_url ?? ''}/`);
		}
		await onSaved();
		toast.ok(t(oauth ? 'mail_set.oauth_saved' : 'mail_set.saved', { name: draft.name.trim() }));
	};
	if (hook)
		return (
			<div className="form form-wide">
				{!smtp && <>
					<p>{t('mail_set.hook_text')}</p>
					<Copy label={t('mail_set.hook')} text={`${hook}events`} autoFocus />
					<p className="muted small">{t('mail_set.hook_key')}</p>
				</>}
				{draft.reply_domain.trim() && <>
					<p>{t('mail_set.inbound_text', { domain: draft.reply_domain.trim() })}</p>
					<Copy label={t('mail_set.inbound')} text={`${hook}inbound`} autoFocus={smtp} />
				</>}
				<div className="dialog-foot"><Button kind="primary" onClick={onClose}>{t('users.link_done')}</Button></div>
			</div>
		);
	return (
		<SetForm yes={t('common.save')} check={check} send={send} onDone={() => { if (!stays.current) onClose(); }}>
			{(faults) => <>
				{!account && <Segments<AccountDraft['kind']> label={t('mail_set.kind')} value={draft.kind} onChange={(kind) => set({ kind, host: '', port: '' })} choices={[{ value: 'smtp', label: t('mail_set.smtp') }, { value: 'sendgrid', label: t('mail_set.sendgrid') }]} />}
				<TextField label={t('mail_set.name')} hint={t('mail_set.name_hint')} name="name" value={draft.name} onChange={(name) => set({ name })} error={faults['name']} maxLength={200} autoComplete="off" required autoFocus />
				<div className="two">
					<TextField label={t('mail_set.from_name')} name="from_name" value={draft.from_name} onChange={(from_name) => set({ from_name })} error={faults['from_name']} maxLength={200} autoComplete="off" />
					<TextField label={t('mail_set.from_email')} name="from_email" inputMode="email" value={draft.from_email} onChange={(from_email) => set({ from_email })} error={faults['from_email']} maxLength={320} autoComplete="off" required />
				</div>
				{smtp ? <>
					<LoginBySegments draft={draft} set={set} />
					<div className="two">
						<TextField label={t('mail_set.host')} name="host" value={draft.host} onChange={(host) => set({ host })} error={faults['host']} placeholder="smtp.example.com" maxLength={253} autoComplete="off" required />
						<TextField label={t('mail_set.port')} hint={t('mail_set.port_hint')} name="port" inputMode="numeric" value={draft.port} onChange={(port) => set({ port: port.replace(/\D/g, '') })} error={faults['port']} maxLength={5} autoComplete="off" />
					</div>
					<Named label={t('mail_set.tls')}><Segments<MailAccount['tls']> label={t('mail_set.tls')} value={draft.tls} onChange={(tls) => set({ tls })} choices={TLS.map((one) => ({ value: one, label: t(one === 'starttls' ? 'mail_set.tls_starttls' : one === 'tls' ? 'mail_set.tls_tls' : 'mail_set.tls_none') }))} /></Named>
					{faults['tls'] && <p className="lw-error" role="alert">{faults['tls']}</p>}
					{oauth ? <Suspense fallback={<Skeleton h={180} />}><LoginFields draft={draft} account={account} faults={faults} set={set} /></Suspense> : <div className="two">
						<TextField label={t('mail_set.login')} name="login" value={draft.login} onChange={(login) => set({ login })} error={faults['login']} maxLength={320} autoComplete="off" />
						<TextField label={t('mail_set.password')} hint={account ? t(again ? 'mail_set.secret_again' : 'mail_set.secret_stays') : ''} name="secret" type="password" value={draft.secret} onChange={(secret) => set({ secret })} error={faults['secret']} maxLength={1000} autoComplete="new-password" />
					</div>}
				</> : <>
					<TextField label={t('mail_set.key')} hint={account ? t('mail_set.secret_stays') : t('mail_set.key_hint')} name="secret" type="password" value={draft.secret} onChange={(secret) => set({ secret })} error={faults['secret']} maxLength={1000} autoComplete="new-password" required={!account} />
					<TextField label={t('mail_set.event_key')} hint={t('mail_set.event_key_hint')} name="event_key" value={draft.event_key} onChange={(event_key) => set({ event_key })} error={faults['event_key']} maxLength={1000} autoComplete="off" />
				</>}
				<div className="two">
					<TextField label={t('mail_set.reply_domain')} hint={t(account && !account.reply_domain ? 'mail_set.reply_domain_late' : 'mail_set.reply_domain_hint')} name="reply_domain" value={draft.reply_domain} onChange={(reply_domain) => set({ reply_domain })} error={faults['reply_domain']} placeholder="in.example.com" maxLength={253} autoComplete="off" />
					<TextField label={t('mail_set.per_minute')} hint={t('mail_set.per_minute_hint')} name="per_minute" inputMode="numeric" value={draft.per_minute} onChange={(per_minute) => set({ per_minute: per_minute.replace(/\D/g, '') })} error={faults['per_minute']} maxLength={6} autoComplete="off" />
				</div>
				<Check label={t('mail_set.imap')} hint={t('mail_set.imap_hint')} name="imap" checked={draft.imap} onChange={(imap) => set({ imap })} />
				{draft.imap && <Mailbox draft={draft} account={account} faults={faults} set={set} />}
				{smtp && <Check label={t('mail_set.tracking')} hint={t('mail_set.tracking_hint')} name="tracking" checked={draft.tracking} onChange={(tracking) => set({ tracking })} />}
				{(draft.imap || draft.reply_domain.trim() !== '' || !draft.canary) && <Check label={t('mail_set.canary')} hint={t('mail_set.canary_hint')} name="canary" checked={draft.canary} onChange={(canary) => set({ canary })} />}
				{!account?.is_default && <Check label={t('mail_set.make_default')} hint={t('mail_set.default_hint')} name="is_default" checked={draft.is_default} onChange={(is_default) => set({ is_default })} />}
			</>}
		</SetForm>
	);
}

const IMAP_TLS: ReadonlyArray<MailAccount['tls']> = ['tls', 'starttls', 'none'];

/* a mailbox that answers come to by themselves; nothing in it is changed */
function Mailbox({ draft, account, faults, set }: { draft: AccountDraft; account: MailAccount | null; faults: Faults; set(part: Partial<AccountDraft>): void }) {
	const t = useT();
	const again = asksMailboxSecret(draft, account);
	return (
		<>
			<div className="two">
				<TextField label={t('mail_set.imap_host')} name="imap_host" value={draft.imap_host} onChange={(imap_host) => set({ imap_host })} error={faults['imap_host']} placeholder="imap.example.com" maxLength={253} autoComplete="off" required />
				<TextField label={t('mail_set.imap_port')} hint={t('mail_set.imap_port_hint')} name="imap_port" inputMode="numeric" value={draft.imap_port} onChange={(imap_port) => set({ imap_port: imap_port.replace(/\D/g, '') })} error={faults['imap_port']} maxLength={5} autoComplete="off" />
			</div>
			<Named label={t('mail_set.imap_tls')}><Segments<MailAccount['tls']> label={t('mail_set.imap_tls')} value={draft.imap_tls} onChange={(imap_tls) => set({ imap_tls, imap_port: '' })} choices={IMAP_TLS.map((one) => ({ value: one, label: t(one === 'starttls' ? 'mail_set.tls_starttls' : one === 'tls' ? 'mail_set.tls_tls' : 'mail_set.tls_none') }))} /></Named>
			{faults['imap_tls'] && <p className="lw-error" role="alert">{faults['imap_tls']}</p>}
			<div className="two">
				<TextField label={t('mail_set.imap_login')} hint={draft.kind === 'smtp' && !account?.imap_host ? t('mail_set.imap_same') : ''} name="imap_login" value={draft.imap_login} onChange={(imap_login) => set({ imap_login })} error={faults['imap_login']} maxLength={320} autoComplete="off" />
				{!(draft.kind === 'smtp' && draft.login_by !== 'password') && <TextField label={t('mail_set.imap_password')} hint={account?.imap_host ? t(again ? 'mail_set.secret_again' : 'mail_set.secret_stays') : ''} name="imap_secret" type="password" value={draft.imap_secret} onChange={(imap_secret) => set({ imap_secret })} error={faults['imap_secret']} maxLength={1000} autoComplete="new-password" />}
			</div>
			<TextField label={t('mail_set.imap_folder')} hint={t('mail_set.imap_folder_hint')} name="imap_folder" value={draft.imap_folder} onChange={(imap_folder) => set({ imap_folder })} error={faults['imap_folder']} maxLength={255} autoComplete="off" />
		</>
	);
}
