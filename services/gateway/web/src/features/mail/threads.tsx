/* Conversations, the one that moved last first: who is at the other end, what it is about, where their last words begin. One opens as a page of its own; one is
   closed, or opened again, from here. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemberNames } from '../../api/queries';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpMore } from '../../ui/page';
import { Segments } from '../../ui/table';
import { closeThread } from './acts';
import type { ThreadRow, ThreadState } from './model';
import { useThreads } from './reads';
import { useRowKeys } from './row-keys';
import { plainLine } from './shown';

export const kept = ((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never;

export function Threads({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const navigate = useNavigate();
	const { me, mayEdit } = useScope();
	const { status, whose } = useAppSearch();
	const state: ThreadState = status === 'waiting' || status === 'done' ? status : 'open';
	const all = useThreads(workspace.slug, state, whose === 'me' ? me.user.id : null);
	const rows = (all.data?.pages ?? []).flatMap((page) => page.data);
	const may = mayEdit(workspace.id);
	const box = useRowKeys({
		e: (id) => { const one = rows.find((row) => row.id === id); if (one && may) void closeThread(one); },
		o: (id) => void navigate({ to: '/inbox/$thread', params: { thread: id }, search: kept } as never),
	});
	return (
		<>
			<div className="bar mail-which">
				<Segments label={t('mail.which_threads')} value={state} choices={[{ value: 'open', label: t('mail.thread_open') }, { value: 'waiting', label: t('mail.thread_waiting') }, { value: 'done', label: t('mail.thread_done') }]} onChange={(value) => go.search({ status: value === 'open' ? undefined : value }, true)} />
				<Segments label={t('mail.whose_threads')} value={whose === 'me' ? 'me' : 'all'} choices={[{ value: 'all', label: t('mail.threads_all') }, { value: 'me', label: t('mail.threads_mine') }]} onChange={(value) => go.search({ whose: value === 'me' ? 'me' : undefined }, true)} />
			</div>
			{all.error && !all.data && <Empty icon="alert" title={t('mail.not_read')}><p>{problemText(all.error)}</p><Button icon="refresh" onClick={() => void all.refetch()}>{t('error.retry')}</Button></Empty>}
			{all.data && !rows.length && <Empty icon="chat" title={t(state === 'open' ? 'mail.open_none' : 'mail.threads_none')}><p>{t(state === 'open' ? 'mail.open_none_text' : 'mail.threads_none_text')}</p><HelpMore page="inbox" /></Empty>}
			{all.isPending && [1, 2, 3].map((row) => <Skeleton key={row} h={96} style={{ borderRadius: 10, marginBottom: 10 }} />)}
			<div ref={box}>{rows.map((one) => <One key={one.id} thread={one} workspace={workspace} may={may} />)}</div>
			{all.hasNextPage && <Button kind="quiet" disabled={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>{t('common.more')}</Button>}
		</>
	);
}

function One({ thread, workspace, may }: { thread: ThreadRow; workspace: Workspace; may: boolean }) {
	const t = useT();
	const { formats } = useScope();
	const names = useMemberNames(workspace.slug);
	const who = thread.contact_name || thread.name || thread.email || t('mail.no_sender');
	const dealer = names.get(thread.assignee_id ?? thread.owner_id ?? '');
	return (
		<article className="entry-card mail-one" data-row={thread.id} data-thread={thread.id} data-state={thread.state} aria-label={`${who}: ${thread.subject || t('mail.no_subject')}`}>
			<div className="entry-head">
				<Link to={'/inbox/$thread' as never} params={{ thread: thread.id } as never} search={kept} className="file-open entry-title">{who}</Link>
				<time className="entry-time num" dateTime={thread.last_at}>{formats.moment(thread.last_at)}</time>
			</div>
			<p className="small"><b>{thread.subject || t('mail.no_subject')}</b>{thread.deal_title ? ` · ${thread.deal_title}` : ''}</p>
			{thread.snippet && <p className="small mail-snippet">{thread.last_direction === 'out' ? t('mail.we_said', { text: plainLine(thread.snippet) }) : thread.snippet}</p>}
			<div className="tpl-chips mail-foot">
				<span className="muted small">{[t('mail.entries', { count: thread.entries }), dealer].filter(Boolean).join(' · ')}</span>
				{may && <Button kind="quiet" icon={thread.state === 'done' ? 'inbox' : 'check'} onClick={() => void closeThread(thread)}>{t(thread.state === 'done' ? 'mail.open_again' : 'mail.close')}</Button>}
			</div>
		</article>
	);
}
