/* One conversation: what was said from the first to the last and the answer below it, who deals with it, and whether it is done. */
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isTyping } from '../../app/hotkeys';
import { currentPrefs } from '../../app/prefs';
import { useMembers } from '../../api/queries';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { anyOpen } from '../../ui/on-top';
import { PageHead, useTitle } from '../../ui/page';
import { RecordLink } from '../search/hits';
import { closeThread, setThread } from './acts';
import { Conversation } from './conversation';
import type { ThreadRow } from './model';
import { useLiveMails, useThread } from './reads';
import { kept } from './threads';
import './mail.css';

export function ThreadPage() {
	const t = useT();
	const { thread: id } = useParams({ strict: false }) as { thread: string };
	const { data, error, refetch } = useThread(id);
	useLiveMails();
	useTitle(data?.subject ?? t('mail.conversation'));
	const back = <Link className="btn btn-quiet" to={'/inbox' as never} search={kept}><Icon name="left" />{t('mail.to_inbox')}</Link>;
	if (error && !data)
		return <><PageHead title={t('mail.conversation')} help="inbox">{back}</PageHead><Empty icon="alert" title={t('mail.not_read')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty></>;
	return (
		<>
			<PageHead title={data ? data.subject || t('mail.no_subject') : t('mail.conversation')} help="inbox" {...(data ? { sub: <Whose thread={data} /> } : {})}>{back}{data && <Acts thread={data} />}</PageHead>
			<div className="page-body scroll"><div className="page-narrow">
				{data ? <Conversation key={id} of={{ kind: 'thread', id }} workspaceId={data.workspace_id} /> : <Skeleton h={120} style={{ borderRadius: 10 }} />}
			</div></div>
		</>
	);
}

/* what it is about, each a way to it */
function Whose({ thread }: { thread: ThreadRow }) {
	const who = thread.contact_name || thread.name || thread.email;
	return (
		<>
			{thread.contact_id && thread.contact_name ? <RecordLink type="contact" id={thread.contact_id} className="link">{thread.contact_name}</RecordLink> : who}
			{thread.deal_id && thread.deal_title && <> · <RecordLink type="prospect" id={thread.deal_id} more={{ tab: 'mail' }} className="link">{thread.deal_title}</RecordLink></>}
		</>
	);
}

function Acts({ thread }: { thread: ThreadRow }) {
	const t = useT();
	const { me, mayEdit } = useScope();
	const { data: members = [] } = useMembers(me.workspaces.find((one) => one.id === thread.workspace_id)?.slug ?? null);
	const may = mayEdit(thread.workspace_id);
	const latest = useRef(thread);
	latest.current = thread;
	/* E ends it, or opens it again */
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (!may || event.defaultPrevented || event.key.toLowerCase() !== 'e' || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event.target) || anyOpen() || !currentPrefs().singleKeys)
				return;
			event.preventDefault();
			void closeThread(latest.current);
		};
		addEventListener('keydown', onKey);
		return () => removeEventListener('keydown', onKey);
	}, [may]);
	const dealer = members.find((one) => one.id === (thread.assignee_id ?? thread.owner_id));
	if (!may)
		return dealer ? <span className="muted">{dealer.name}</span> : null;
	return (
		<>
			<Menu label={t('mail.dealer')} width={260} align="end" entries={[
				{ key: 'record', label: t('mail.dealer_record'), checked: !thread.assignee_id, onSelect: () => void setThread(thread, { assignee_id: null }) },
				...members.filter((one) => one.active && one.workspace_id === thread.workspace_id).map((one) => ({ key: one.id, label: one.name, checked: one.id === thread.assignee_id, onSelect: () => void setThread(thread, { assignee_id: one.id }) })),
			]} target={<Button icon="user">{dealer ? t('mail.dealt_by', { name: dealer.name }) : t('mail.dealer')}</Button>} />
			{thread.state && <Button icon={thread.state === 'done' ? 'inbox' : 'check'} onClick={() => void closeThread(thread)}>{t(thread.state === 'done' ? 'mail.open_again' : 'mail.close')}</Button>}
		</>
	);
}
