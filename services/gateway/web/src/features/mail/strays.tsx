/* What came in and belongs to nothing yet, or was set aside, the latest first: read in place, assigned to what it most likely is about by one click, or to what is
   looked for; set aside, and fetched again. Never assigns anything by itself. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, query } from '../../api/client';
import type { Page, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpMore } from '../../ui/page';
import { assignMail, dismissMail, rereadMail, type Target, undismissMail } from './acts';
import { Letter, MailFiles } from './letter';
import { guessOf, type MailRow } from './model';
import { MAILS, useMail } from './reads';
import { useRowKeys } from './row-keys';

const Seek = lazy(() => import('./seek').then((module) => ({ default: module.Seek })));

/* `aside`: those that somebody set aside */
export function Strays({ workspace, aside }: { workspace: Workspace; aside: boolean }) {
	const t = useT();
	const { mayEdit } = useScope();
	const what = aside ? 'dismissed' : 'unmatched';
	const all = useInfiniteQuery({
		queryKey: [...MAILS, what, workspace.id],
		queryFn: ({ pageParam, signal }) => api<Page<MailRow>>('GET', `/api/crm/mail/${what}${query({ workspace: workspace.slug, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
	});
	const [sought, setSought] = useState<MailRow | null>(null);
	const rows = (all.data?.pages ?? []).flatMap((page) => page.data);
	const may = mayEdit(workspace.id);
	const by = (run: (mail: MailRow) => void) => (id: string) => {
		const mail = rows.find((one) => one.id === id);
		if (mail && may)
			run(mail);
	};
	const box = useRowKeys({ a: by(setSought), x: by((mail) => void (aside ? undismissMail(mail) : dismissMail(mail))) });
	return (
		<>
			{all.error && !all.data && <Empty icon="alert" title={t('mail.not_read')}><p>{problemText(all.error)}</p><Button icon="refresh" onClick={() => void all.refetch()}>{t('error.retry')}</Button></Empty>}
			{all.data && !rows.length && (aside ? <Empty icon="inbox" title={t('mail.aside_none')}><p>{t('mail.aside_none_text')}</p></Empty> : <Empty icon="inbox" title={t('mail.inbox_none')}><p>{t('mail.inbox_none_text')}</p><HelpMore page="inbox" /></Empty>)}
			{all.isPending && [1, 2, 3].map((row) => <Skeleton key={row} h={110} style={{ borderRadius: 10, marginBottom: 10 }} />)}
			<div ref={box}>{rows.map((mail) => <Stray key={mail.id} mail={mail} may={may} onSeek={() => setSought(mail)} />)}</div>
			{all.hasNextPage && <Button kind="quiet" disabled={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>{t('common.more')}</Button>}
			<Suspense fallback={null}>{sought && <Seek key={sought.id} mail={sought} onClosed={() => setSought(null)} />}</Suspense>
		</>
	);
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
	const guess = useGuess(mail);
	const unreadable = mail.inbound?.state === 'unreadable';
	const aside = !!mail.inbound?.dismissed_at;
	/* most of what is done takes it from this list; what was read again may stay */
	const act = async (run: Promise<boolean>) => {
		setBusy(true);
		await run;
		setBusy(false);
	};
	return (
		<article className="entry-card mail-one" data-mail={mail.id} data-row={mail.id} data-inbound={mail.inbound?.state} aria-label={mail.subject || t('mail.no_subject')}>
			<div className="entry-head">
				<button type="button" className="file-open entry-title" aria-expanded={open} onClick={() => setOpen(!open)}>{mail.subject || t('mail.no_subject')}</button>
				<time className="entry-time num" dateTime={mail.created_at}>{formats.moment(mail.created_at)}</time>
			</div>
			<p className="muted small">{[mail.from_name, mail.from_email].filter(Boolean).join(' · ') || t('mail.no_sender')}{mail.auto ? ` · ${t('mail.auto')}` : ''}{mail.files.length ? ` · ${t('mail.with_files', { count: mail.files.length })}` : ''}</p>
			{unreadable && <p className="small" style={{ marginTop: 4 }}><span className="tag tag-warn">{t('mail.unreadable')}</span> {t('mail.unreadable_text')}</p>}
			{guess && <p className="small" style={{ marginTop: 4 }}>{t(mail.inbound?.why === 'sender' ? 'mail.guess_sender' : 'mail.guess_subject', { name: guess.name })}</p>}
			{!open && mail.snippet && <p className="small mail-snippet">{mail.snippet}</p>}
			{open && <Opened mail={mail} />}
			<div className="tpl-chips">
				{may && guess && <Button kind="primary" icon="check" disabled={busy} onClick={() => void act(assignMail(mail, guess))}>{t('mail.assign_to', { name: guess.name })}</Button>}
				{may && <Button icon="search" disabled={busy} onClick={onSeek}>{t(guess ? 'mail.assign_else' : 'mail.assign')}</Button>}
				{may && unreadable && <Button icon="refresh" disabled={busy} onClick={() => void act(rereadMail(mail))}>{t('mail.reread')}</Button>}
				{may && <Button kind="quiet" icon={aside ? 'inbox' : 'archive'} disabled={busy} onClick={() => void act(aside ? undismissMail(mail) : dismissMail(mail))}>{t(aside ? 'mail.undismiss' : 'mail.dismiss')}</Button>}
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
