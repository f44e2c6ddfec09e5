/* The conversation about a record, in its panel or beside its small view: fetched when it is looked at. */
import { lazy, type ReactNode, Suspense, useId } from 'react';
import type { Id } from '../../api/types';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Skeleton, TabPanel, Tabs } from '../../ui/bits';
import { mayChat, useUnread } from './live';
import type { Room, RoomKind } from './model';

const Thread = lazy(() => import('./thread').then((module) => ({ default: module.Thread })));

export function ChatTab({ room, message, label }: { room: Room; message: string | null; label: string }) {
	const t = useT();
	return <Suspense fallback={<Skeleton h={72} style={{ margin: 16, width: 'auto' }} />}><Thread key={room.id} room={room} message={message} label={t('chat.write_in', { room: label })} /></Suspense>;
}

/* a record that has a small view and no panel: what is known of it, and the conversation on a tab beside it */
export function WithChat({ kind, id, workspaceId, label, children }: { kind: RoomKind; id: Id; workspaceId: Id; label: string; children: ReactNode }) {
	const t = useT();
	const go = useGo();
	const idBase = useId();
	const { me, reads } = useScope();
	const { tab, message } = useAppSearch();
	const talks = mayChat(me, workspaceId);
	const unread = useUnread(reads, talks, id);
	if (!talks)
		return children;
	const active = tab === 'chat' ? 'chat' : 'about';
	return (
		<>
			<Tabs tabs={[{ key: 'about', label: t('deal.about') }, { key: 'chat', label: t('nav.chat'), ...(unread ? { count: unread } : {}) }]} active={active} idBase={idBase} label={t('deal.tabs')}
				onSelect={(key) => go.search({ tab: key === 'chat' ? key : undefined, message: undefined }, true)} />
			<TabPanel idBase={idBase} tab={active} className={active === 'chat' ? 'chat-small' : 'record-tab'}>
				{active === 'chat' ? <ChatTab room={{ kind, id, workspace: me.workspaces.find((one) => one.id === workspaceId)?.slug ?? '' }} message={message ?? null} label={label} /> : children}
			</TabPanel>
		</>
	);
}
