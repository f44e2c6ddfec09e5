/* The mails about a record, the latest first, each with what is known of everybody it went to; one opens in place, a conversation as a whole. What can still be
   stopped is stopped here, what did not arrive is sent once more. Never shows a state that the server did not say. */
import { lazy, Suspense, useState } from 'react';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { useMemberNames } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { HelpMore } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { type MailRecord, askMail, useSenders } from './ask';
import { unassignMail } from './acts';
import { Letter, MailFiles } from './letter';
import { answerOf, inThread, inTrouble, type MailRow, mayCancel, mayRetry } from './model';
import { shownOf } from './shown';
import { mailsChanged, readMail, useLiveMails, useMail, useMails } from './reads';
import { calledOf, Of, Reasons } from './states';
import '../deals/panel.css';
import './mail.css';

const Conversation = lazy(() => import('./conversation').then((module) => ({ default: module.Conversation })));
const Written = lazy(() => import('./written').then((module) => ({ default: module.Written })));

/* a panel has a heading over its tabs, a page has its first alone */
const headOf = (kind: MailRecord['about']['kind']) => (kind === 'deal' || kind === 'lead' ? 'h3' as const : 'h2' as const);

export function MailList({ about, workspaceId, email, name }: MailRecord) {
	const t = useT();
	const { may, mayEdit } = useScope();
	const Head = headOf(about.kind);
	const [thread, setThread] = useState<Id | null>(null);
	const [talk, setTalk] = useState(false);
	const all = useMails(about);
	const senders = useSenders(workspaceId);
	useLiveMails();
	if (thread)
		return <Thread id={thread} about={about} workspaceId={workspaceId} onBack={() => setThread(null)} />;
	const rows = (all.data?.pages ?? []).flatMap((page) => page.data);
	/* with a person one talks: what was said, whatever it was about */
	const ways = about.kind === 'contact' && rows.length > 0 && <Segments label={t('mail.ways')} value={talk ? 'talk' : 'mails'} choices={[{ value: 'mails', label: t('mail.by_mail') }, { value: 'talk', label: t('mail.conversation') }]} onChange={(value) => setTalk(value === 'talk')} />;
	const write = mayEdit(workspaceId) && senders && senders.length > 0 && (
		<Button icon="mail" onClick={() => askMail({ about, workspaceId, draft: email ? { to: [{ email, ...(name ? { name } : {}), ...(about.kind === 'contact' ? { contact_id: about.id } : {}) }] } : {} })}>{t('mail.new')}</Button>
	);
	return (
		<section aria-label={t('mail.title')}>
			<div className="side-head"><Head>{t('mail.title')}</Head>{rows.length > 0 && write}</div>
			{ways}
			{all.isPending && <div>{[1, 2].map((row) => <Skeleton key={row} h={92} style={{ borderRadius: 10, marginBottom: 10 }} />)}</div>}
			{all.error && !all.data && <Empty icon="alert" title={t('mail.not_read')} level={3}><p>{problemText(all.error)}</p><Button icon="refresh" onClick={() => void all.refetch()}>{t('error.retry')}</Button></Empty>}
			{all.data && !rows.length && (
				<Empty icon="mail" title={t('mail.none')} level={3}>
					<p>{t(senders && !senders.length ? 'mail.no_account' : 'mail.none_text')}</p>
					{write}
					{senders && !senders.length && may('crm-settings') && <Link className="btn btn-primary" to={'/settings/mail' as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never}>{t('mail.to_settings')}</Link>}
					<HelpMore page="mail" />
				</Empty>
			)}
			{talk && ways && <Suspense fallback={<Skeleton h={120} />}><Conversation of={{ kind: 'contact', id: about.id }} workspaceId={workspaceId} /></Suspense>}
			{!(talk && ways) && rows.map((mail) => <One key={mail.id} mail={mail} about={about} workspaceId={workspaceId} onThread={inThread(rows, mail.thread_id) > 1 || /^re:/i.test(mail.subject) ? () => setThread(mail.thread_id) : undefined} />)}
			{!(talk && ways) && all.hasNextPage && <Button kind="quiet" disabled={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>{t('common.more')}</Button>}
		</section>
	);
}

/* from the first to the last, the last one open */
function Thread({ id, about, workspaceId, onBack }: { id: Id; about: MailRecord['about']; workspaceId: Id; onBack(): void }) {
	const t = useT();
	const Head = headOf(about.kind);
	const all = useMails({ kind: 'thread', id });
	const rows = (all.data?.pages ?? []).flatMap((page) => page.data).reverse();
	return (
		<section aria-label={t('mail.thread')}>
			<div className="side-head"><Head>{rows[0]?.subject ?? t('mail.thread')}</Head><Button kind="quiet" icon="left" autoFocus onClick={onBack}>{t('mail.back')}</Button></div>
			{all.isPending && <Skeleton h={92} style={{ borderRadius: 10 }} />}
			{all.error && !all.data && <p className="fault" role="alert">{problemText(all.error)}</p>}
			{all.hasNextPage && <Button kind="quiet" disabled={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>{t('mail.earlier')}</Button>}
			{rows.map((mail, at) => <One key={mail.id} mail={mail} about={about} workspaceId={workspaceId} first={at === rows.length - 1} />)}
		</section>
	);
}

function One({ mail, about, workspaceId, first = false, onThread }: { mail: MailRow; about: MailRecord['about']; workspaceId: Id; first?: boolean; onThread?: (() => void) | undefined }) {
	const t = useT();
	const { me, formats, mayEdit } = useScope();
	const names = useMemberNames(me.workspaces.find((one) => one.id === workspaceId)?.slug ?? null);
	const senders = useSenders(workspaceId);
	const [open, setOpen] = useState(first);
	const [asking, setAsking] = useState(false);
	const [busy, setBusy] = useState(false);
	const may = mayEdit(workspaceId);
	const incoming = mail.direction === 'in';
	const writer = incoming ? calledOf({ name: mail.from_name, email: mail.from_email ?? '' }) : mail.sent_by ? names.get(mail.sent_by) ?? t('timeline.someone') : t('timeline.system');
	const later = Date.parse(mail.send_at) > Date.now() && mail.recipients.some((one) => one.state === 'queued');
	const act = async (what: 'cancel' | 'retry') => {
		setBusy(true);
		try {
			await api('POST', `/api/crm/mails/${mail.id}/${what}`, { body: {} });
			toast.ok(t(what === 'cancel' ? 'mail.is_stopped' : 'mail.goes_again'));
		} catch (fault) {
			toast.error(t(what === 'cancel' ? 'mail.not_stopped' : 'mail.not_again'), problemText(fault));
		}
		await mailsChanged();
		setBusy(false);
		setAsking(false);
	};
	/* where nobody knows, they may have it already: that is asked */
	const again = () => { if (mail.recipients.some((one) => one.state === 'unknown')) setAsking(true); else void act('retry'); };
	/* what came in says in its whole where answers go */
	const answer = async () => {
		try {
			askMail({ about, workspaceId, draft: { ...answerOf(incoming ? await readMail(mail.id) : mail), reply: mail.id } });
		} catch (fault) {
			toast.error(t('mail.not_read'), problemText(fault));
		}
	};
	return (
		<article className="entry-card mail-one" data-mail={mail.id} data-state={mail.state} aria-label={mail.subject}>
			<div className="entry-head">
				<span className={incoming ? 'tag tag-accent' : 'tag'}>{t(incoming ? 'mail.in' : 'mail.out')}</span>
				<button type="button" className="file-open entry-title" aria-expanded={open} onClick={() => setOpen(!open)}>{mail.subject || t('mail.no_subject')}</button>
				<time className="entry-time num" dateTime={mail.created_at}>{formats.moment(mail.created_at)}</time>
			</div>
			<p className="muted small">{t('mail.by', { name: writer })}{mail.auto ? ` · ${t('mail.auto')}` : ''}{later ? ` · ${t('mail.goes_at', { when: formats.moment(mail.send_at) })}` : ''}{mail.files.length ? ` · ${t('mail.with_files', { count: mail.files.length })}` : ''}</p>
			{!incoming && <ul className="tags" aria-label={t('mail.states')}>{mail.recipients.map((one) => <li key={one.n}><Of one={one} /></li>)}</ul>}
			{!incoming && inTrouble(mail) && <Reasons mail={mail} />}
			{mail.recipients.filter((one) => one.state === 'queued' && one.attempts > 0 && one.next_at).map((one) => <p key={one.n} className="muted small num">{t('mail.tried', { name: one.email, count: one.attempts, when: formats.moment(one.next_at ?? '') })}{one.reason ? ` ${one.reason}` : ''}</p>)}
			{open && <Whole mail={mail} />}
			<div className="tpl-chips">
				{may && mayCancel(mail) && <Button disabled={busy} icon="x" onClick={() => void act('cancel')}>{t('mail.stop')}</Button>}
				{may && mayRetry(mail) && <Button disabled={busy} icon="refresh" onClick={again}>{t('mail.again')}</Button>}
				{may && senders && senders.length > 0 && (open || incoming) && <Button icon="enter" onClick={() => void answer()}>{t('mail.answer')}</Button>}
				{may && incoming && mail.inbound?.why === 'person' && <Button kind="quiet" icon="inbox" disabled={busy} onClick={() => void unassignMail(mail)}>{t('mail.unassign')}</Button>}
				{onThread && <Button kind="quiet" icon="chat" onClick={onThread}>{t('mail.thread')}</Button>}
			</div>
			{asking && <Confirm opened onClose={() => setAsking(false)} title={t('mail.again_sure')} text={<p>{t('mail.again_text')}</p>} yes={t('mail.again')} busy={busy} onYes={() => void act('retry')} />}
		</article>
	);
}

function Whole({ mail }: { mail: MailRow }) {
	const t = useT();
	const { data, error } = useMail(mail.id);
	if (error && !data)
		return <p className="fault" role="alert">{problemText(error)}</p>;
	if (!data)
		return <Skeleton h={60} />;
	return (
		<>
			{mail.direction === 'in' ? <Letter mail={data} /> : data.text ? <Suspense fallback={<p className="prewrap">{data.text}</p>}><Written text={data.text} files={shownOf(mail)} /></Suspense> : <p className="muted">{t('mail.no_text')}</p>}
			<MailFiles mail={mail} />
		</>
	);
}
