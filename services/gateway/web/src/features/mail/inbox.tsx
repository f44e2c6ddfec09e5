/* What came in and belongs to nothing yet, the latest first: read in place, assigned to what it most likely is about by one click, or to what is looked for.
   A mail that somebody has as a file is brought here. Never assigns anything by itself. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api, query } from '../../api/client';
import type { Id, Page, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { HelpMore, PageHead } from '../../ui/page';
import { toast } from '../../ui/toast';
import { isAsked, useFind } from '../search/find';
import { OfOneWorkspace } from '../settings/one-workspace';
import { Letter, MailFiles } from './letter';
import { guessOf, type MailRow } from './model';
import { MAILS, mailsChanged, useLiveMails, useMail } from './reads';
import '../deals/panel.css';
import './mail.css';

export function InboxPage() {
	const t = useT();
	return <OfOneWorkspace title={t('tab.inbox')} text={t('mail.inbox_choose')} help="inbox">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

/* what a mail is given to */
interface Target { kind: 'deal' | 'contact'; id: Id; name: string }

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { mayEdit } = useScope();
	const all = useInfiniteQuery({
		queryKey: [...MAILS, 'unmatched', workspace.id],
		queryFn: ({ pageParam, signal }) => api<Page<MailRow>>('GET', `/api/crm/mail/unmatched${query({ workspace: workspace.slug, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
	});
	const [sought, setSought] = useState<MailRow | null>(null);
	useLiveMails();
	const rows = (all.data?.pages ?? []).flatMap((page) => page.data);
	const may = mayEdit(workspace.id);
	return (
		<>
			<PageHead title={t('tab.inbox')} sub={t('mail.inbox_sub')} help="inbox">{may && <Bring workspace={workspace} />}</PageHead>
			{all.error && !all.data && <Empty icon="alert" title={t('mail.not_read')}><p>{problemText(all.error)}</p><Button icon="refresh" onClick={() => void all.refetch()}>{t('error.retry')}</Button></Empty>}
			{all.data && !rows.length && <Empty icon="inbox" title={t('mail.inbox_none')}><p>{t('mail.inbox_none_text')}</p><HelpMore page="inbox" /></Empty>}
			{(rows.length > 0 || all.isPending) && <div className="page-body scroll"><div className="page-narrow">
				{all.isPending && [1, 2, 3].map((row) => <Skeleton key={row} h={110} style={{ borderRadius: 10, marginBottom: 10 }} />)}
				{rows.map((mail) => <Stray key={mail.id} mail={mail} may={may} onSeek={() => setSought(mail)} />)}
				{all.hasNextPage && <Button kind="quiet" disabled={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>{t('common.more')}</Button>}
			</div></div>}
			{sought && <Seek key={sought.id} mail={sought} onClosed={() => setSought(null)} />}
		</>
	);
}

function useAssign() {
	const t = useT();
	const navigate = useNavigate();
	return async (mail: MailRow, to: Target): Promise<boolean> => {
		try {
			await api('POST', `/api/crm/mails/${mail.id}/assign`, { body: { [`${to.kind}_id`]: to.id } });
			const open = () => void navigate({ ...(to.kind === 'deal' ? { to: '/deals/board', search: (old: { workspace?: string }) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), type: 'prospect', id: to.id, tab: 'mail' }) } : { to: `/contacts/${to.id}` }) } as never);
			toast.ok(t('mail.is_assigned', { name: to.name }), { label: t('mail.open_record'), run: open });
			return true;
		} catch (fault) {
			toast.error(t('mail.not_assigned'), problemText(fault));
			return false;
		} finally {
			await mailsChanged();
		}
	};
}

/* what it most likely is about, by its name */
function useGuess(mail: MailRow): Target | null {
	const guess = guessOf(mail);
	const { data } = useQuery({
		queryKey: ['mail guess', guess?.kind, guess?.id], enabled: guess !== null, staleTime: 60_000, retry: false,
		queryFn: async ({ signal }) => {
			const one = await api<{ title?: string; name?: string }>('GET', `/api/crm/${guess?.kind ?? 'deal'}s/${guess?.id ?? ''}`, { signal });
			return one.title ?? one.name ?? '';
		},
	});
	return guess && data ? { ...guess, name: data } : null;
}

function Stray({ mail, may, onSeek }: { mail: MailRow; may: boolean; onSeek(): void }) {
	const t = useT();
	const { formats } = useScope();
	const [open, setOpen] = useState(false);
	const [busy, setBusy] = useState(false);
	const assign = useAssign();
	const guess = useGuess(mail);
	const unreadable = mail.inbound?.state === 'unreadable';
	const take = async (to: Target) => {
		setBusy(true);
		if (!await assign(mail, to))
			setBusy(false);
	};
	return (
		<article className="entry-card mail-one" data-mail={mail.id} data-inbound={mail.inbound?.state} aria-label={mail.subject || t('mail.no_subject')}>
			<div className="entry-head">
				<button type="button" className="file-open entry-title" aria-expanded={open} onClick={() => setOpen(!open)}>{mail.subject || t('mail.no_subject')}</button>
				<time className="entry-time num" dateTime={mail.created_at}>{formats.moment(mail.created_at)}</time>
			</div>
			<p className="muted small">{[mail.from_name, mail.from_email].filter(Boolean).join(' · ') || t('mail.no_sender')}{mail.auto ? ` · ${t('mail.auto')}` : ''}{mail.files.length ? ` · ${t('mail.with_files', { count: mail.files.length })}` : ''}</p>
			{unreadable && <p className="small" style={{ marginTop: 4 }}><span className="tag tag-warn">{t('mail.unreadable')}</span> {t('mail.unreadable_text')}</p>}
			{guess && <p className="small" style={{ marginTop: 4 }}>{t(mail.inbound?.why === 'sender' ? 'mail.guess_sender' : 'mail.guess_subject', { name: guess.name })}</p>}
			{open && <Opened mail={mail} />}
			<div className="tpl-chips">
				{may && guess && <Button kind="primary" icon="check" disabled={busy} onClick={() => void take(guess)}>{t('mail.assign_to', { name: guess.name })}</Button>}
				{may && <Button icon="search" disabled={busy} onClick={onSeek}>{t(guess ? 'mail.assign_else' : 'mail.assign')}</Button>}
				{(open || unreadable) && <a className="btn btn-quiet" href={`/api/crm/mails/${mail.id}/file?n=0`} download="mail.eml"><Icon name="download" />{t('mail.original')}</a>}
			</div>
		</article>
	);
}

function Opened({ mail }: { mail: MailRow }) {
	const { data, error } = useMail(mail.id);
	if (error && !data)
		return <p className="fault" role="alert">{problemText(error)}</p>;
	return data ? <><Letter mail={data} /><MailFiles mail={data} /></> : <Skeleton h={60} />;
}

/* a deal or a contact, looked for by name; what fits the sender stands there at once */
function Seek({ mail, onClosed }: { mail: MailRow; onClosed(): void }) {
	const t = useT();
	const [opened, setOpened] = useState(true);
	const [typed, setTyped] = useState(mail.from_name ?? '');
	const [q, setQ] = useState(typed.trim());
	const [busy, setBusy] = useState(false);
	const assign = useAssign();
	useEffect(() => {
		const timer = setTimeout(() => setQ(typed.trim()), 200);
		return () => clearTimeout(timer);
	}, [typed]);
	const { data, error } = useFind(q, 6);
	const found: Array<Target & { more: string | null }> = data && isAsked(q) ? [
		...data.data.opportunities.map((one) => ({ kind: 'deal' as const, id: one.id, name: one.title, more: one.subtitle })),
		...data.data.contacts.map((one) => ({ kind: 'contact' as const, id: one.id, name: one.title, more: one.subtitle })),
	] : [];
	const close = () => {
		setOpened(false);
		setTimeout(onClosed, 150);
	};
	const take = async (one: Target) => {
		setBusy(true);
		if (await assign(mail, one))
			close();
		setBusy(false);
	};
	return (
		<Dialog opened={opened} onClose={close} title={t('mail.assign_title', { subject: mail.subject || t('mail.no_subject') })} closeLabel={t('common.close')} size={520}>
			<div className="form form-wide">
				<TextField label={t('mail.seek')} hint={t('mail.seek_hint')} name="seek" value={typed} onChange={setTyped} maxLength={200} autoComplete="off" autoFocus />
				{error && !data && <p className="fault" role="alert">{problemText(error)}</p>}
				{data && isAsked(q) && !found.length && <p className="muted" role="status">{t('form.nothing_found')}</p>}
				<ul className="picks" aria-label={t('mail.seek')}>{found.map((one) => (
					<li key={`${one.kind} ${one.id}`}><button type="button" className="pick" disabled={busy} onClick={() => void take(one)}>
						<Icon name={one.kind === 'deal' ? 'board' : 'user'} /><span className="pick-text"><b className="cut">{one.name}</b><span className="muted small">{[t(one.kind === 'deal' ? 'mail.is_deal' : 'mail.is_contact'), one.more].filter(Boolean).join(' · ')}</span></span>
					</button></li>
				))}</ul>
			</div>
		</Dialog>
	);
}

/* a mail as a file: it is read and matched as one that came by itself */
function Bring({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const field = useRef<HTMLInputElement>(null);
	const [waits, setWaits] = useState(false);
	const put = async (files: File[]) => {
		setWaits(true);
		for (const file of files)
			try {
				await api('POST', `/api/crm/mails/upload${query({ workspace: workspace.slug })}`, { bytes: new Blob([file], { type: 'message/rfc822' }) });
				toast.ok(t('mail.brought', { name: file.name }));
			} catch (fault) {
				toast.error(t('mail.not_brought', { name: file.name }), problemText(fault));
			}
		await mailsChanged();
		setWaits(false);
	};
	return (
		<>
			<input ref={field} type="file" multiple hidden accept=".eml,message/rfc822" aria-label={t('mail.bring')} onChange={(event) => { const files = [...(event.currentTarget.files ?? [])]; event.currentTarget.value = ''; void put(files); }} />
			<Button icon="import" disabled={waits} onClick={() => field.current?.click()}>{t('mail.bring')}</Button>
		</>
	);
}
