/* The rows of what is new: who or what, why it rings, whence, how old; a click opens what it is about and has read it. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMemberNames } from '../../api/queries';
import { type AppSearch, useScope, useWorkspaceName } from '../../app/scope';
import { type Key, type Translate, useT } from '../../i18n';
import { Hint } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { SourceTag } from '../deals/source';
import { age, useMinute } from '../leads/age';
import type { RecordType } from '../search/find';
import { HitRow, RecordLink } from '../search/hits';
import type { Id } from '../../api/types';
import { KIND_ICON, markRead, type Notice } from './news';

const GIVEN: Record<string, Key> = { lead: 'news.given_lead', deal: 'news.given_deal', account: 'news.given_account', task: 'news.given_task' };

/* says nothing while nobody's name is known yet: a colleague is no program */
function whyOf(t: Translate, one: Notice, names: ReadonlyMap<Id, string>): string {
	if (one.by_id && names.size === 0)
		return '';
	const name = one.by_id ? (names.get(one.by_id) ?? t('news.program')) : t('news.program');
	const whose = one.about?.title && one.about.title !== one.title ? [one.about.title] : [];
	if (one.kind === 'assigned')
		return [t(GIVEN[one.activity_id ? 'task' : (one.about?.kind ?? 'deal')] ?? 'news.given_deal', { name, count: one.count ?? 1 }), ...whose].join(' · ');
	if (one.kind === 'rule')
		return [t('news.rule'), ...whose].join(' · ');
	if (one.kind === 'mention' || one.kind === 'message')
		return [t(one.kind === 'mention' ? 'news.mentioned_by' : 'news.wrote_by', { name }), ...(one.about?.kind === 'channel' ? [t('chat.channel')] : whose)].join(' · ');
	return [t('news.reminder'), ...whose].join(' · ');
}

/* a lead's deal, where it has one, is where the work is */
function placeOf(one: Notice): { type: RecordType; id: Id } {
	if (one.kind === 'lead')
		return one.deal_id ? { type: 'prospect', id: one.deal_id } : { type: 'lead', id: one.id };
	const { kind, id } = one.about ?? { kind: 'deal', id: one.deal_id ?? one.id };
	return { type: kind === 'deal' ? 'prospect' : kind === 'account' ? 'client' : kind === 'contact' ? 'contact' : 'lead', id };
}

/* what was said is looked for where it was said: beside the record, else among the conversations */
function Place({ one, slug, onClick, children }: { one: Notice; slug: string | null; onClick(): void; children: ReactNode }) {
	const { message_id: message, about } = one;
	if (one.kind === 'rule' && !about)
		return <Link to={'/notifications' as never} search={((old: AppSearch) => ({ workspace: slug ?? old.workspace })) as never} className="hit" onClick={onClick}>{children}</Link>;
	if (message && about && (about.kind === 'channel' || about.kind === 'contact' || about.kind === 'account'))
		return <Link to={'/chat' as never} search={((old: AppSearch) => ({ workspace: slug ?? old.workspace, room: `${about.kind}:${about.id}`, message })) as never} className="hit" onClick={onClick}>{children}</Link>;
	return <RecordLink {...placeOf(one)} slug={slug} className="hit" onClick={onClick} {...(message ? { more: { tab: 'chat', message } } : {})}>{children}</RecordLink>;
}

export function NewsList({ notices, onOpen }: { notices: Notice[]; onOpen?(): void }) {
	const t = useT();
	const now = useMinute();
	const { me, workspace, formats } = useScope();
	const names = useMemberNames(null);
	const workspaceName = useWorkspaceName();
	const elsewhere = (id: Id) => workspace && workspace.id !== id ? (me.workspaces.find((one) => one.id === id)?.slug ?? null) : null;
	return (
		<ul className="hits">
			{notices.map((one) => {
				const title = one.title ?? one.about?.title ?? t('news.reminder');
				const text = (
					<span className="news-sub">
						<Icon name={KIND_ICON[one.kind]} size={14} />
						{one.kind === 'lead' ? <SourceTag source={one.source} /> : <span className="cut">{whyOf(t, one, names)}</span>}
						{me.workspaces.length > 1 && <span className="cut">{workspaceName(one.workspace_id)}</span>}
					</span>
				);
				const label = t(one.read ? 'news.mark_unread' : 'news.mark_read');
				return (
					<li key={one.id} className="news-row" data-kind={one.kind} data-read={one.read}>
						<Place one={one} slug={elsewhere(one.workspace_id)} onClick={() => {
							markRead([one], true);
							onOpen?.();
						}}>
							<HitRow name={title} title={<>{!one.read && <span className="hidden-text">{t('news.new')}: </span>}{title}</>} text={text} end={<time className="num" dateTime={one.at} title={formats.moment(one.at)}>{age(t, formats, one.at, now)}</time>} />
						</Place>
						<Hint text={label}><button type="button" className="icon-btn news-mark" aria-label={t('news.mark_of', { what: label, name: title })} onClick={() => markRead([one], !one.read)}><span className={one.read ? 'news-dot' : 'news-dot news-new'} /></button></Hint>
					</li>
				);
			})}
		</ul>
	);
}
