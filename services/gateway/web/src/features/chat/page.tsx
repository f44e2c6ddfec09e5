/* /chat: the team's conversations, those one takes part in on the left, the messages of one on the right; on a phone one after the
   other. The address says which. */
import { Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { useMemberNames } from '../../api/queries';
import { problemText } from '../../app/problems';
import { type AppSearch, useAppSearch, useScope, useWorkspaceName } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon, type IconName } from '../../ui/icons';
import { PageHead, useTitle } from '../../ui/page';
import { useNarrow } from '../../ui/width';
import { age, useMinute } from '../leads/age';
import { mayChat } from './live';
import { type Room, type RoomKind, type RoomRow, useMessages, useRooms } from './model';
import { Thread } from './thread';

const ICON: Record<RoomKind, IconName> = { channel: 'users', lead: 'leads', deal: 'board', contact: 'profile', account: 'building' };
const TYPE = { lead: 'lead', deal: 'prospect', contact: 'contact', account: 'client' } as const;

export function ChatPage() {
	const t = useT();
	const { me, reads, slug } = useScope();
	const { room: asked, message } = useAppSearch();
	const talks = mayChat(me);
	const { data, error, refetch } = useRooms(reads, talks);
	const narrow = useNarrow(760);
	useTitle(t('nav.chat'));
	const slugs = useMemo(() => new Map(me.workspaces.map((one) => [one.id, one.slug])), [me]);
	const rows = data?.data ?? [];
	const [kind, id] = /^(channel|lead|deal|contact|account):([0-9a-f-]{36})$/.exec(asked ?? '')?.slice(1) as [RoomKind, string] | undefined ?? [];
	/* the room one began with stays: a message elsewhere puts its room first, and must not take away the one that is written in */
	const begun = useRef<string | null>(null);
	const row = id ? rows.find((one) => one.room.id === id) : narrow ? undefined : rows.find((one) => one.room.id === begun.current) ?? rows[0];
	begun.current = row?.room.id ?? begun.current;
	const room = useMemo<Room | null>(() => (row ? { kind: row.room.kind, id: row.room.id, workspace: slugs.get(row.workspace_id) ?? '' }
		: kind && id ? { kind, id, workspace: slugs.get(id) ?? slug ?? '' } : null), [row?.room.kind, row?.room.id, row?.workspace_id, kind, id, slugs, slug]);
	if (!talks)
		return <><PageHead title={t('nav.chat')} /><Empty icon="lock" title={t('access.none')}><p>{t('chat.not_yours')}</p></Empty></>;
	return (
		<>
			{(!narrow || !room) && <PageHead title={t('nav.chat')} sub={t('chat.sub')} help="conversation" />}
			<div className="chat">
				{(!narrow || !room) && (
					<nav className="chat-rooms scroll" aria-label={t('chat.rooms')}>
						{!data && !error && [1, 2, 3, 4].map((at) => <Skeleton key={at} h={44} style={{ margin: '6px 0' }} />)}
						{!data && error && <Empty icon="alert" title={t('chat.failed')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
						<ul>{rows.map((one) => <li key={one.room.id}><RoomLink row={one} current={one.room.id === room?.id} /></li>)}</ul>
						{data && rows.every((one) => one.room.kind === 'channel') && <p className="muted small chat-hint">{t('chat.rooms_hint')}</p>}
					</nav>
				)}
				{room && data && <Shown key={room.id} room={room} row={row} message={message ?? null} narrow={narrow} />}
			</div>
		</>
	);
}

function useRoomName(): (room: RoomRow['room'], workspace: string) => string {
	const t = useT();
	const { workspace: one, me } = useScope();
	const workspaceName = useWorkspaceName();
	return (room, workspace) => (room.kind === 'channel' ? (one || me.workspaces.length < 2 ? t('chat.channel') : workspaceName(workspace)) : room.title ?? (room.number === null ? t('chat.record') : t('deal.number', { number: room.number })));
}

function RoomLink({ row, current }: { row: RoomRow; current: boolean }) {
	const t = useT();
	const now = useMinute();
	const { me, formats, slug } = useScope();
	const names = useMemberNames(slug ?? me.workspaces.find((one) => one.id === row.workspace_id)?.slug ?? null);
	const nameOf = useRoomName();
	const { last, unread } = row;
	const who = last && (last.author_id === me.user.id ? t('chat.you') : last.author_id ? names.get(last.author_id) : undefined);
	const search = (old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), room: `${row.room.kind}:${row.room.id}` });
	return (
		<Link to={'/chat' as never} search={search as never} className="chat-room" aria-current={current ? 'page' : undefined}>
			<span className="row-icon"><Icon name={ICON[row.room.kind]} size={18} /></span>
			<span className="row-text">
				<b className={unread ? undefined : 'chat-read'}><span className="cut">{nameOf(row.room, row.workspace_id)}</span></b>
				<span className="muted cut">{last ? `${who ? `${who}: ` : ''}${last.excerpt ?? t('chat.removed')}` : t('chat.empty')}</span>
			</span>
			<span className="chat-end">
				{last && <time className="muted small num" dateTime={last.at} title={formats.moment(last.at)}>{age(t, formats, last.at, now)}</time>}
				{unread > 0 && <span className={`chat-count num${row.mentioned ? ' chat-asked' : ''}`}><span aria-hidden="true">{row.mentioned ? '@' : ''}{unread > 99 ? '99+' : formats.number(unread)}</span><span className="hidden-text">{t('chat.unread', { count: unread })}</span></span>}
			</span>
		</Link>
	);
}

function Shown({ room, row, message, narrow }: { room: Room; row: RoomRow | undefined; message: string | null; narrow: boolean }) {
	const t = useT();
	const { me, workspace } = useScope();
	const nameOf = useRoomName();
	const workspaceName = useWorkspaceName();
	const workspaceId = row?.workspace_id ?? me.workspaces.find((one) => one.slug === room.workspace)?.id ?? '';
	/* one that is not in the list yet is named by its messages */
	const { data } = useMessages(room, message);
	const about = row?.room ?? data?.pages[0]?.room;
	const name = about ? nameOf(about, workspaceId) : '';
	const record = room.kind === 'channel' ? null : (old: AppSearch) => ({ ...old, type: TYPE[room.kind as keyof typeof TYPE], id: room.id, tab: undefined, message: undefined });
	const back = (old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {});
	return (
		<section className="chat-shown" aria-label={name || t('nav.chat')}>
			<header className="chat-head">
				{narrow && <Link to={'/chat' as never} search={back as never} className="icon-btn" aria-label={t('chat.back')}><Icon name="left" size={20} /></Link>}
				<h2 className="cut">{name}</h2>
				{!workspace && me.workspaces.length > 1 && room.kind !== 'channel' && <span className="muted small cut">{workspaceName(workspaceId)}</span>}
				{record && about && <Link to={'.' as never} search={record as never} className={narrow ? 'icon-btn' : 'btn'}><Icon name={narrow ? 'external' : ICON[room.kind]} size={narrow ? 20 : 16} /><span className={narrow ? 'hidden-text' : undefined}>{t('chat.open_record')}</span></Link>}
			</header>
			<Thread room={room} message={message} label={t('chat.write_in', { room: name })} />
		</section>
	);
}
