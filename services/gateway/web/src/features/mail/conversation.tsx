/* What was said, from the first to the last, whoever said it and by whatever channel: quoted text folded, nothing of elsewhere loaded before it is asked for, and
   the answer written below it. Never shows a state that the server did not say. */
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useMemberNames } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpMore } from '../../ui/page';
import { Letter, MailFiles } from './letter';
import { answeredOf, inTrouble, type MailOne, type MailRow, type Said } from './model';
import { useMail, useSaid } from './reads';
import { Reply } from './reply';
import { shownOf } from './shown';
import { Of, Reasons } from './states';
import '../deals/panel.css';
import './mail.css';

const Written = lazy(() => import('./written').then((module) => ({ default: module.Written })));

export function Conversation({ of, workspaceId }: { of: { kind: 'thread' | 'contact'; id: Id }; workspaceId: Id }) {
	const t = useT();
	const { mayEdit } = useScope();
	const all = useSaid(of);
	const end = useRef<HTMLDivElement>(null);
	const said = [...(all.data?.pages ?? [])].reverse().flatMap((page) => page.data);
	const last = said.at(-1)?.id;
	/* one begins with what was said last */
	useEffect(() => {
		if (last)
			end.current?.scrollIntoView({ block: 'nearest' });
	}, [last]);
	const answered = answeredOf(said);
	return (
		<section aria-label={t('mail.conversation')}>
			{all.isPending && [1, 2].map((row) => <Skeleton key={row} h={120} style={{ borderRadius: 10, marginBottom: 10 }} />)}
			{all.error && !all.data && <Empty icon="alert" title={t('mail.not_read')}><p>{problemText(all.error)}</p><Button icon="refresh" onClick={() => void all.refetch()}>{t('error.retry')}</Button></Empty>}
			{all.data && !said.length && <Empty icon="chat" title={t('mail.nothing_said')}><p>{t('mail.nothing_said_text')}</p><HelpMore page="inbox" /></Empty>}
			{all.hasNextPage && <Button kind="quiet" disabled={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>{t('mail.earlier')}</Button>}
			{said.map((one, at) => <Entry key={one.id} said={one} named={of.kind === 'contact' && one.thread_id !== said[at - 1]?.thread_id} />)}
			<div ref={end} />
			{answered && mayEdit(workspaceId) && <Reply key={answered.thread_id} mail={answered} workspaceId={workspaceId} />}
		</section>
	);
}

/* `named`: another conversation begins with it */
function Entry({ said, named }: { said: Said; named: boolean }) {
	const t = useT();
	const { me, formats } = useScope();
	const names = useMemberNames(me.workspaces.find((one) => one.id === said.workspace_id)?.slug ?? null);
	const [whole, setWhole] = useState(false);
	const read = useMail(whole && said.mail ? said.id : null);
	const { mail } = said;
	const incoming = said.direction === 'in';
	const writer = incoming ? mail?.from_name || mail?.from_email || t('mail.no_sender') : mail?.sent_by ? names.get(mail.sent_by) ?? t('timeline.someone') : t('timeline.system');
	const later = !incoming && Date.parse(said.at) > Date.now();
	return (
		<>
			{named && <h3 className="mail-begins">{said.subject || t('mail.no_subject')}</h3>}
			<article className={`entry-card mail-one${incoming ? '' : ' mail-ours'}`} data-said={said.id} data-direction={said.direction} aria-label={t('mail.by', { name: writer })}>
				<div className="entry-head">
					<span className={incoming ? 'tag tag-accent' : 'tag'}>{t(incoming ? 'mail.in' : 'mail.out')}</span>
					<b className="entry-title">{writer}</b>
					<time className="entry-time num" dateTime={said.at}>{later ? t('mail.goes_at', { when: formats.moment(said.at) }) : formats.moment(said.at)}</time>
				</div>
				{mail?.auto && <p className="muted small">{t('mail.auto')}</p>}
				{incoming && mail ? <Letter mail={read.data ?? wholeOf(said, mail)} /> : said.text ? <Suspense fallback={<p className="rich prewrap">{said.text}</p>}><div className="rich"><Written text={read.data?.text ?? said.text} files={mail ? shownOf(mail) : []} /></div></Suspense> : <p className="muted">{t('mail.no_text')}</p>}
				{said.cut && !whole && <Button kind="quiet" onClick={() => setWhole(true)}>{t('mail.whole')}</Button>}
				{mail && <MailFiles mail={mail} />}
				{!incoming && mail && <ul className="tags" aria-label={t('mail.states')}>{mail.recipients.map((one) => <li key={one.n}><Of one={one} /></li>)}</ul>}
				{!incoming && mail && inTrouble(mail) && <Reasons mail={mail} />}
			</article>
		</>
	);
}

/* as it is read alone */
const wholeOf = (said: Said, mail: MailRow): MailOne => ({ ...mail, attempts: [], html: said.html, ...(said.text === null ? {} : { text: said.text }), ...(said.own === null ? {} : { own: said.own }) });
