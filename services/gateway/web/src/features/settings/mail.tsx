/* Mail of a workspace: the accounts it is sent by and how each is doing, in words and with what to do; addresses that get none any more.
   A secret is written here and never shown. Never calls an account well that nothing was sent by. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { api, query } from '../../api/client';
import { onLive } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Page, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { Fault, HelpMore, PageHead, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { Health } from './mail-health-shown';
import { loggedIn } from './dns-model';
import { LoginState, useLogin } from './mail-login';
import type { MailAccount, MailHealth, Suppression } from './mail-model';
import { MailboxTrouble, State, Trouble } from './mail-trouble';
import { OfOneWorkspace } from './one-workspace';
import { write } from './write';
import '../deals/details.css';
import './settings.css';

const AccountDialog = lazy(() => import('./mail-account').then((module) => ({ default: module.MailAccountDialog })));
const OwnMail = lazy(() => import('./mail-own').then((module) => ({ default: module.OwnMail })));
const TestDialog = lazy(() => import('./mail-test').then((module) => ({ default: module.MailTest })));

const ACCOUNTS = ['mail accounts'] as const;
const changed = () => queryClient.invalidateQueries({ queryKey: ACCOUNTS });

export function MailSettings() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.mail')} text={t('mail_set.choose')} help="mail-settings">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

/* what is sent meanwhile, works or fails from now on */
function useLive(): void {
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | null = null;
		const stop = onLive((note) => {
			if (note.kind === 'reset' || (note.kind === 'event' && /^(mail|mail_account|suppression)\./.test(note.event.type)))
				timer ??= setTimeout(() => {
					timer = null;
					void changed();
				}, 1000);
		});
		return () => {
			stop();
			if (timer)
				clearTimeout(timer);
		};
	}, []);
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { data, error, refetch } = useQuery({ queryKey: [...ACCOUNTS, workspace.id], queryFn: async ({ signal }) => (await api<{ data: MailAccount[] }>('GET', `/api/crm/mail/accounts${query({ workspace: workspace.slug })}`, { signal })).data });
	const health = useQuery({ queryKey: [...ACCOUNTS, workspace.id, 'health'], refetchInterval: 60_000, queryFn: async ({ signal }) => (await api<{ data: MailHealth[] }>('GET', `/api/crm/mail/health${query({ workspace: workspace.slug })}`, { signal })).data });
	const [edited, setEdited] = useState<{ one: MailAccount | null; key: number } | null>(null);
	const [open, setOpen] = useState(false);
	useLive();
	const edit = (one: MailAccount | null) => { setEdited((old) => ({ one, key: (old?.key ?? 0) + 1 })); setOpen(true); };
	const add = <Button kind="primary" icon="plus" onClick={() => edit(null)}>{t('mail_set.add')}</Button>;
	return (
		<>
			<PageHead title={t('settings.mail')} sub={t('mail_set.sub')} help="mail-settings">{data && data.length > 0 && add}</PageHead>
			{error && !data ? <Empty icon="alert" title={t('mail_set.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty> : (
				<div className="page-body scroll"><div className="page-narrow">
					{!data && <Skeleton h={240} style={{ borderRadius: 10 }} />}
					{data && !data.length && <Empty icon="mail" title={t('mail_set.none')}><p>{t('mail_set.none_text')}</p>{add}<HelpMore page="mail-settings" /></Empty>}
					{data && data.length > 0 && <Accounts rows={data} onEdit={edit} />}
					{health.data && health.data.length > 0 && <Health rows={health.data} changed={changed} />}
					<Suspense fallback={<Skeleton h={120} />}>{data && data.length > 0 && <OwnMail workspace={workspace} />}</Suspense>
					<Suppressions workspace={workspace} />
				</div></div>
			)}
			<Suspense fallback={null}>{edited && <AccountDialog key={edited.key} opened={open} account={edited.one} workspace={workspace} onSaved={changed} onClose={() => setOpen(false)} />}</Suspense>
		</>
	);
}

function Accounts({ rows, onEdit }: { rows: MailAccount[]; onEdit(one: MailAccount): void }) {
	const t = useT();
	const go = useGo();
	const [tested, setTested] = useState<MailAccount | null>(null);
	const [gone, setGone] = useState<MailAccount | null>(null);
	const [busy, setBusy] = useState(false);
	const login = useLogin();
	const remove = async (one: MailAccount) => {
		setBusy(true);
		if (await write(changed, 'DELETE', `/api/crm/mail/accounts/${one.id}`))
			toast.ok(t('mail_set.removed', { name: one.name }));
		setBusy(false);
		setGone(null);
	};
	const first = async (one: MailAccount) => {
		if (await write(changed, 'PUT', `/api/crm/mail/accounts/${one.id}`, { version: one.version, is_default: true }))
			toast.ok(t('mail_set.is_default', { name: one.name }));
	};
	return (
		<Section title={t('mail_set.accounts')} text={t('mail_set.accounts_text')}>
			<ul className="rows">{rows.map((one) => (
				<li key={one.id} data-account={one.id} style={{ flexWrap: 'wrap', justifyContent: 'flex-end' }}>
					<span className="row-icon" style={{ alignSelf: 'flex-start' }}><Icon name={one.state === 'fails' ? 'alert' : 'mail'} size={18} /></span>
					<span className="row-text" style={{ flexBasis: 200 }}>
						<b>{one.name}<State state={one.state} off={one.per_minute === 0} />{one.is_default && <span className="tag">{t('mail_set.default')}</span>}</b>
						<span className="muted">{one.from_name ? `${one.from_name} · ${one.from_email}` : one.from_email} · {one.kind === 'sendgrid' ? t('mail_set.sendgrid') : one.host}</span>
						<Said one={one} />
					</span>
					{one.per_minute !== 0 && <Button icon="send" aria-label={t('mail_set.test_of', { name: one.name })} onClick={() => setTested(one)}>{t('mail_set.test')}</Button>}
					<Menu label={t('mail_set.menu', { name: one.name })} align="end" width={240} entries={[
						{ key: 'edit', icon: 'pencil', label: t('users.edit'), onSelect: () => onEdit(one) },
						{ key: 'setup', icon: 'tasks', label: t('mail_setup.title'), onSelect: () => go.anywhere(`/settings/mail/${one.id}/setup`) },
						...(one.auth === 'oauth' ? [{ key: 'login', icon: 'key' as const, label: t('mail_set.oauth_again'), onSelect: () => void login(one) }] : []),
						...(one.is_default ? [] : [{ key: 'default', icon: 'star' as const, label: t('mail_set.make_default'), onSelect: () => void first(one) }]),
						{ key: 'remove', icon: 'trash', label: t('mail_set.remove'), onSelect: () => setGone(one) },
					]} target={<IconButton icon="dots" label={t('mail_set.menu', { name: one.name })} />} />
				</li>
			))}</ul>
			<Suspense fallback={null}>{tested && <TestDialog key={tested.id} account={tested} trouble={(words, code) => <Trouble words={words} code={code} oauth={tested.auth === 'oauth'} />} onClosed={() => { setTested(null); void changed(); }} />}</Suspense>
			{gone && <Confirm opened onClose={() => setGone(null)} title={t('mail_set.remove_sure', { name: gone.name })} text={<p>{t('mail_set.remove_text')}</p>} yes={t('mail_set.remove')} danger busy={busy} onYes={() => void remove(gone)} />}
		</Section>
	);
}

/* the last that was seen of it; what is wrong, and what to do */
function Said({ one }: { one: MailAccount }) {
	const t = useT();
	const { formats } = useScope();
	const at = (moment: string | null) => (moment ? formats.moment(moment) : t('mail_set.never'));
	/* a plain server does not say what arrives */
	const came = one.kind === 'smtp' && !one.last_delivered_at ? t('mail_set.not_told') : at(one.last_delivered_at);
	return (
		<>
			<span className="muted num">{t('mail_set.last', { sent: at(one.last_sent_at), delivered: came, received: at(one.last_received_at) })}</span>
			{one.auth === 'oauth' && <LoginState one={one} />}
			{one.state === 'fails' && loggedIn(one) && <Trouble words={one.last_error} oauth={one.auth === 'oauth'} />}
			{one.per_minute === 0 && <span>{t('mail_set.off_text')}</span>}
			{one.state === 'unchecked' && one.per_minute !== 0 && loggedIn(one) && <span>{t('mail_set.unchecked_text')} <Link to={`/settings/mail/${one.id}/setup` as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="link">{t('mail_setup.title')}</Link></span>}
			{one.imap_host && <Mailbox one={one} />}
			{one.held_until && Date.parse(one.held_until) > Date.now() && <span className="num">{t('mail_set.held', { when: formats.moment(one.held_until) })}</span>}
		</>
	);
}

/* the mailbox that is looked into: when, and the last that came of it */
function Mailbox({ one }: { one: MailAccount }) {
	const t = useT();
	const { formats } = useScope();
	const at = (moment: string | null) => (moment ? formats.moment(moment) : t('mail_set.never'));
	return (
		<>
			<span className="muted num" data-mailbox={one.imap_state ?? ''}>{t('mail_set.mailbox', { folder: `${one.imap_host ?? ''} · ${one.imap_folder ?? ''}`, polled: at(one.imap_polled_at), received: at(one.imap_received_at) })}</span>
			{one.imap_state === 'fails' && loggedIn(one) && <MailboxTrouble one={one} />}
		</>
	);
}

function Suppressions({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { formats } = useScope();
	const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
		queryKey: [...ACCOUNTS, workspace.id, 'suppressions'],
		queryFn: ({ pageParam, signal }) => api<Page<Suppression>>('GET', `/api/crm/mail/suppressions${query({ workspace: workspace.slug, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
	});
	const [asked, setAsked] = useState<Suppression | null>(null);
	const [busy, setBusy] = useState(false);
	const remove = async (one: Suppression) => {
		setBusy(true);
		if (await write(changed, 'POST', `/api/crm/mail/suppressions/remove${query({ workspace: workspace.slug })}`, { email: one.email }))
			toast.ok(t('mail_set.gets_again', { email: one.email }));
		setBusy(false);
		setAsked(null);
	};
	const rows = (data?.pages ?? []).flatMap((page) => page.data);
	return (
		<Section title={t('mail_set.suppressed')} text={t('mail_set.suppressed_text')}>
			{isPending && <Skeleton h={44} />}
			{error && !data && <Fault>{problemText(error)}</Fault>}
			{data && !rows.length && <p className="muted">{t('mail_set.suppressed_none')}</p>}
			{rows.length > 0 && <ul className="rows">{rows.map((one) => (
				<li key={one.email} data-suppressed={one.email}>
					<span className="row-text"><b>{one.email}<span className={`tag ${one.reason === 'complained' ? 'tag-danger' : 'tag-warn'}`}>{sayValue('suppression', one.reason)}</span></b><span className="muted num">{[formats.moment(one.at), one.detail].filter(Boolean).join(' · ')}</span></span>
					<IconButton icon="trash" label={t('mail_set.unsuppress_of', { email: one.email })} onClick={() => setAsked(one)} />
				</li>
			))}</ul>}
			{hasNextPage && <Button kind="quiet" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.more')}</Button>}
			{asked && <Confirm opened onClose={() => setAsked(null)} title={t('mail_set.unsuppress_of', { email: asked.email })} text={<p>{t(asked.reason === 'bounced' ? 'mail_set.unsuppress_bounced' : 'mail_set.unsuppress_asked')}</p>} yes={t('mail_set.unsuppress')} danger={asked.reason !== 'bounced'} busy={busy} onYes={() => void remove(asked)} />}
		</Section>
	);
}
