/* Setting a mail account up, step by step: its server, what to paste at the domain, a mail that goes, a mail that comes. Each step says what is
   wrong and what to do; none is called done that was not seen to work. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type FormEvent, lazy, type ReactNode, Suspense, useEffect, useId, useRef, useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Workspace } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton, TabPanel, Tabs } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault, PageHead, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { type DnsLook, type DnsRecord, lastIn, loggedIn, pasted, progressOf, receivedAt, receives, type SetupStep, STEPS, stepOf, TONE_OF } from './dns-model';
import type { Faults } from './label-fields';
import { Loop } from './mail-health-shown';
import type { MailAccount, MailHealth } from './mail-model';
import { LoginState } from './mail-login';
import { MailboxTrouble, State, Trouble } from './mail-trouble';
import { OfOneWorkspace } from './one-workspace';
import './settings.css';

const AccountDialog = lazy(() => import('./mail-account').then((module) => ({ default: module.MailAccountDialog })));
const TestDialog = lazy(() => import('./mail-test').then((module) => ({ default: module.MailTest })));

const ACCOUNTS = ['mail accounts'] as const;
const changed = () => queryClient.invalidateQueries({ queryKey: ACCOUNTS });

export function MailSetup() {
	const t = useT();
	const { account } = useParams({ strict: false }) as { account: string };
	return <OfOneWorkspace title={t('mail_setup.title')} text={t('mail_set.choose')} help="mail-setup">{(workspace) => <Setup key={account} id={account} workspace={workspace} />}</OfOneWorkspace>;
}

function Setup({ id, workspace }: { id: string; workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const { what } = useAppSearch();
	const step = stepOf(what);
	const tabs = useId();
	const one = useQuery({ queryKey: [...ACCOUNTS, 'one', id], refetchInterval: step === 'receive' || step === 'server' ? 3000 : 30_000, queryFn: ({ signal }) => api<MailAccount>('GET', `/api/crm/mail/accounts/${id}`, { signal }) });
	const look = useLook(id);
	const account = one.data;
	const to = (next: SetupStep) => go.search({ what: next });
	const at = STEPS.indexOf(step);
	const back = STEPS[at - 1];
	const next = STEPS[at + 1];
	if (one.error && !account)
		return <><PageHead title={t('mail_setup.title')} help="mail-setup" /><Empty icon="alert" title={t('mail_setup.failed')}><p>{problemText(one.error)}</p><Button icon="refresh" onClick={() => void one.refetch()}>{t('error.retry')}</Button></Empty></>;
	const progress = account && progressOf(account, look.data);
	return (
		<>
			<PageHead title={account ? t('mail_setup.title_of', { name: account.name }) : t('mail_setup.title')} sub={t('mail_setup.sub')} help="mail-setup">
				<Link to={'/settings/mail' as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="btn btn-quiet"><Icon name="left" />{t('mail_setup.all')}</Link>
			</PageHead>
			<div className="page-body scroll"><div className="page-narrow">
				<Tabs idBase={tabs} label={t('mail_setup.steps')} active={step} onSelect={(key) => to(stepOf(key))} tabs={STEPS.map((key, i) => ({ key, label: `${i + 1}. ${sayValue('mail_step', key)}` }))} />
				<TabPanel idBase={tabs} tab={step} className="tab-room">
					{!account && <Skeleton h={220} style={{ borderRadius: 10 }} />}
					{account && step === 'server' && <Server one={account} look={look.data} workspace={workspace} />}
					{account && step === 'records' && <Records one={account} look={look} />}
					{account && step === 'send' && <Send one={account} />}
					{account && step === 'receive' && <Receive one={account} workspace={workspace} />}
					{account && progress && step === 'done' && <Done one={account} progress={progress} onStep={to} />}
				</TabPanel>
				<div className="form-foot">
					{back && <Button kind="quiet" icon="left" onClick={() => to(back)}>{t('mail_setup.back')}</Button>}
					{next && <Button kind="primary" onClick={() => to(next)}>{t('mail_setup.next', { step: sayValue('mail_step', next) })}</Button>}
				</div>
			</div></div>
		</>
	);
}

type Look = ReturnType<typeof useLook>;

/* What DNS said; asked for once by itself when nobody ever did, and read again while it is being looked at. */
function useLook(id: string) {
	const key = [...ACCOUNTS, 'dns', id];
	const asked = useRef(false);
	const [busy, setBusy] = useState(false);
	const found = useQuery<DnsLook>({ queryKey: key, refetchInterval: (query) => (query.state.data?.looking ? 700 : false), queryFn: ({ signal }) => api<DnsLook>('GET', `/api/crm/mail/accounts/${id}/records`, { signal }) });
	const ask = async (body: Record<string, unknown> = {}) => {
		setBusy(true);
		try {
			await api('POST', `/api/crm/mail/accounts/${id}/check`, { body });
		} finally {
			setBusy(false);
			await queryClient.invalidateQueries({ queryKey: key });
		}
	};
	const never = found.data !== undefined && !found.data.asked_at;
	useEffect(() => {
		if (never && !asked.current) {
			asked.current = true;
			ask().catch((reason: unknown) => toast.error(problemText(reason)));
		}
	});
	return { data: found.data, error: found.error, ask, busy: busy || found.data?.looking === true };
}

/* ---- the server ---- */

function Server({ one, look, workspace }: { one: MailAccount; look: DnsLook | undefined; workspace: Workspace }) {
	const t = useT();
	const server = look?.records.find((record) => record.role === 'server');
	return (
		<Section title={t('mail_setup.server')} text={t('mail_setup.server_text')} actions={<Edit one={one} workspace={workspace} />}>
			<ul className="rows">
				<li><span className="row-text">
					<b>{one.kind === 'sendgrid' ? t('mail_set.sendgrid') : one.host}<State state={one.state} /></b>
					<span className="muted">{one.from_name ? `${one.from_name} · ${one.from_email}` : one.from_email}</span>
					{one.auth === 'oauth' && <LoginState one={one} />}
					{one.state === 'fails' && <Trouble words={one.last_error} oauth={one.auth === 'oauth'} />}
					{one.state === 'unchecked' && loggedIn(one) && <span>{t('mail_setup.server_untried')}</span>}
				</span></li>
				{server && <li data-record="server"><span className="row-text">
					<b>{server.name}<DnsTag state={server.state} /></b>
					{server.found && <span className="muted num">{server.found}</span>}
					{server.why && <b>{sayValue('dns_why', server.why)}</b>}
				</span></li>}
				{one.imap_host && <li><span className="row-text">
					<b>{t('mail_setup.mailbox', { host: one.imap_host })}<State state={one.imap_state ?? 'unchecked'} /></b>
					<span className="muted">{one.imap_login} · {one.imap_folder}</span>
					{one.imap_state === 'fails' && <MailboxTrouble one={one} />}
				</span></li>}
			</ul>
		</Section>
	);
}

function Edit({ one, workspace }: { one: MailAccount; workspace: Workspace }) {
	const t = useT();
	const [open, setOpen] = useState<number | null>(null);
	const [shown, setShown] = useState(false);
	return (
		<>
			<Button icon="pencil" onClick={() => { setOpen((old) => (old ?? 0) + 1); setShown(true); }}>{t('mail_set.edit')}</Button>
			<Suspense fallback={null}>{open !== null && <AccountDialog key={open} opened={shown} account={one} workspace={workspace} onSaved={changed} onClose={() => setShown(false)} />}</Suspense>
		</>
	);
}

/* ---- records ---- */

function DnsTag({ state }: { state: DnsRecord['state'] }) {
	return <span className={`tag ${TONE_OF[state]}`}>{sayValue('dns_state', state)}</span>;
}

function Records({ one, look }: { one: MailAccount; look: Look }) {
	const t = useT();
	const { formats } = useScope();
	const { data, error, ask, busy } = look;
	const again = () => void ask().catch((reason: unknown) => toast.error(problemText(reason)));
	const rows = data ? pasted(data) : [];
	return (
		<>
			<Section title={t('mail_setup.records')} text={t('mail_setup.records_text', { domain: one.from_email.split('@')[1] ?? '' })} actions={<Button icon="refresh" disabled={busy} onClick={again}>{t('mail_setup.check')}</Button>}>
				<p role="status" className="muted small num" style={{ marginBottom: 10 }}>{busy ? t('mail_setup.looking') : data?.looked_at ? t('mail_setup.looked', { when: formats.moment(data.looked_at) }) : ''}</p>
				{error && !data && <Fault>{problemText(error)}</Fault>}
				{!rows.length && !error && <Skeleton h={180} style={{ borderRadius: 10 }} />}
				<ul className="rows">{rows.map((row) => <li key={`${row.role} ${row.name}`} data-record={row.role}><Row row={row} sendgrid={one.kind === 'sendgrid'} /></li>)}</ul>
			</Section>
			{data && <Own key={`${data.selector ?? ''} ${data.include ?? ''}`} data={data} ask={ask} busy={busy} />}
		</>
	);
}

function Row({ row, sendgrid }: { row: DnsRecord; sendgrid: boolean }) {
	const t = useT();
	const shown = row.state !== 'ok';
	const name = !row.name.startsWith('…');
	return (
		<div className="row-text" style={{ gap: 6 }}>
			<b>{sayValue('dns_role', row.role)}<DnsTag state={row.state} /><span className="muted small">{row.type}</span></b>
			<span className="muted">{sayValue('dns_for', row.role)}</span>
			{row.why && <span>{shown ? <b>{sayValue('dns_why', row.why)}</b> : sayValue('dns_why', row.why)}</span>}
			{shown && row.role === 'dkim' && !row.wanted && <span>{t(sendgrid ? 'mail_setup.dkim_sendgrid' : 'mail_setup.dkim_provider')}</span>}
			{shown && name && <><span className="muted">{t('mail_setup.name')}</span><Copy label={t('mail_setup.name_of', { what: sayValue('dns_role', row.role) })} text={row.name} /></>}
			{shown && row.wanted && <><span className="muted">{t('mail_setup.wanted')}</span><Copy label={t('mail_setup.wanted_of', { what: sayValue('dns_role', row.role) })} text={row.wanted} /></>}
			{row.found && <span className="muted" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>{t('mail_setup.found', { found: row.found })}</span>}
		</div>
	);
}

/* a key under another name, or a provider that is not known */
function Own({ data, ask, busy }: { data: DnsLook; ask: Look['ask']; busy: boolean }) {
	const t = useT();
	const [selector, setSelector] = useState(data.selector ?? '');
	const [include, setInclude] = useState(data.include ?? '');
	const [faults, setFaults] = useState<Faults>({});
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setFaults({});
		try {
			await ask({ selector: selector.trim() || null, include: include.trim() || null });
		} catch (reason) {
			const named = fieldFaults(reason);
			setFaults(Object.keys(named).length ? named : { include: problemText(reason) });
		}
	};
	return (
		<Section title={t('mail_setup.own')} text={t('mail_setup.own_text')}>
			<form className="form form-wide" onSubmit={(event) => void submit(event)}>
				<div className="two">
					<TextField label={t('mail_setup.selector')} hint={t('mail_setup.selector_hint')} name="selector" value={selector} onChange={setSelector} error={faults['selector']} maxLength={63} autoComplete="off" />
					<TextField label={t('mail_setup.include')} hint={t('mail_setup.include_hint')} name="include" value={include} onChange={setInclude} error={faults['include']} placeholder="spf.example.com" maxLength={253} autoComplete="off" />
				</div>
				<div className="form-foot"><Button type="submit" disabled={busy}>{t('mail_setup.check_with')}</Button></div>
			</form>
		</Section>
	);
}

/* ---- a mail that goes, and one that comes ---- */

function Send({ one }: { one: MailAccount }) {
	const t = useT();
	const { formats } = useScope();
	const [tested, setTested] = useState(false);
	return (
		<Section title={t('mail_setup.send')} text={t('mail_setup.send_text')} actions={<Button icon="send" kind={one.last_sent_at ? 'plain' : 'primary'} onClick={() => setTested(true)}>{t('mail_set.test_of', { name: one.name })}</Button>}>
			<p><State state={one.state} /> <span className="num">{one.last_sent_at ? t('mail_setup.sent_last', { when: formats.moment(one.last_sent_at) }) : t('mail_setup.sent_never')}</span></p>
			{one.state === 'fails' && <p role="alert"><Trouble words={one.last_error} oauth={one.auth === 'oauth'} /></p>}
			<Suspense fallback={null}>{tested && <TestDialog account={one} trouble={(words, code): ReactNode => <Trouble words={words} code={code} oauth={one.auth === 'oauth'} />} onClosed={() => { setTested(false); void changed(); }} />}</Suspense>
		</Section>
	);
}

function Receive({ one, workspace }: { one: MailAccount; workspace: Workspace }) {
	const t = useT();
	const { formats } = useScope();
	const before = useRef(lastIn(one));
	const health = useQuery({ queryKey: [...ACCOUNTS, workspace.id, 'health'], refetchInterval: 3000, queryFn: async ({ signal }) => (await api<{ data: MailHealth[] }>('GET', `/api/crm/mail/health${query({ workspace: workspace.slug })}`, { signal })).data });
	const mine = health.data?.find((row) => row.mail_account_id === one.id);
	const last = lastIn(one);
	const came = last !== null && last !== before.current;
	if (!receives(one))
		return <Section title={t('mail_setup.receive')} text={t('mail_setup.receive_none', { email: one.from_email })} actions={<Edit one={one} workspace={workspace} />} />;
	return (
		<Section title={t('mail_setup.receive')} text={t('mail_setup.receive_text')}>
			<Copy label={t('mail_setup.address')} text={receivedAt(one)} />
			{one.imap_state === 'fails' && <p role="alert"><MailboxTrouble one={one} /></p>}
			<p role="status" data-came={came} style={{ margin: '10px 0' }}>{came
				? <><Icon name="check" /> {t('mail_setup.came', { when: formats.moment(last) })}</>
				: <>{t(one.imap_host ? 'mail_setup.waits_mailbox' : 'mail_setup.waits')} <span className="muted num">{last ? t('mail_setup.came_last', { when: formats.moment(last) }) : t('mail_setup.came_never')}</span></>}</p>
			{mine && <Loop one={mine} changed={changed} />}
		</Section>
	);
}

/* ---- all of it ---- */

function Done({ one, progress, onStep }: { one: MailAccount; progress: ReturnType<typeof progressOf>; onStep(step: SetupStep): void }) {
	const t = useT();
	const steps = STEPS.filter((step): step is Exclude<SetupStep, 'done'> => step !== 'done');
	const all = steps.every((step) => progress[step] === 'done' || (step === 'receive' && !receives(one)));
	return (
		<Section title={t(all ? 'mail_setup.done' : 'mail_setup.not_done')} text={t(all ? 'mail_setup.done_text' : 'mail_setup.not_done_text')}>
			<ul className="rows">{steps.map((step) => {
				const none = step === 'receive' && !receives(one);
				return (
					<li key={step} data-step={step} style={{ flexWrap: 'wrap', justifyContent: 'flex-end' }}>
						<span className="row-icon"><Icon name={progress[step] === 'done' ? 'check' : progress[step] === 'wrong' ? 'alert' : 'clock'} size={18} /></span>
						<span className="row-text" style={{ flexBasis: 160 }}><b>{sayValue('mail_step', step)}<span className={`tag ${progress[step] === 'done' ? 'tag-ok' : progress[step] === 'wrong' ? 'tag-danger' : none ? '' : 'tag-warn'}`}>{t(none ? 'mail_setup.is_none' : progress[step] === 'done' ? 'mail_setup.is_done' : progress[step] === 'wrong' ? 'mail_setup.is_wrong' : 'mail_setup.is_open')}</span></b></span>
						{progress[step] !== 'done' && <Button onClick={() => onStep(step)}>{t('mail_setup.to_step', { step: sayValue('mail_step', step) })}</Button>}
					</li>
				);
			})}</ul>
		</Section>
	);
}
