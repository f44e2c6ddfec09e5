/* The rows of what is new: who, from where, or what one is reminded of; which workspace, how old; a click opens the deal. */
import { useScope, useWorkspaceName } from '../../app/scope';
import { useT } from '../../i18n';
import { age, useMinute } from '../leads/age';
import { SourceTag } from '../deals/source';
import { HitRow, RecordLink } from '../search/hits';
import type { Id } from '../../api/types';
import type { Notice } from './news';

export function NewsList({ notices, fresh, onOpen }: { notices: Notice[]; fresh: ReadonlySet<Id>; onOpen?(): void }) {
	const t = useT();
	const now = useMinute();
	const { me, workspace, formats } = useScope();
	const workspaceName = useWorkspaceName();
	const elsewhere = (id: Id) => workspace && workspace.id !== id ? (me.workspaces.find((one) => one.id === id)?.slug ?? null) : null;
	return (
		<ul className="hits">
			{notices.map((one) => {
				const title = one.title ?? t('news.reminder');
				const row = (
					<HitRow name={title} title={title} text={<span className="news-sub">{one.kind === 'reminder' ? <span className="cut">{[t('news.reminder'), one.about?.title].filter((part) => part && part !== one.title).join(' · ')}</span> : <SourceTag source={one.source} />}{me.workspaces.length > 1 && <span className="cut">{workspaceName(one.workspace_id)}</span>}</span>}
						end={<time className="num" dateTime={one.at} title={formats.moment(one.at)}>{age(t, formats, one.at, now)}</time>}
						fresh={<span className={fresh.has(one.id) ? 'news-dot news-new' : 'news-dot'}>{fresh.has(one.id) && <span className="hidden-text">{t('news.new')}</span>}</span>} />
				);
				/* a contact has no page of its own yet */
				return (
					<li key={one.id}>
						{one.kind === 'reminder' && !one.deal_id ? <span className="hit">{row}</span> : (
							<RecordLink type={one.deal_id ? 'prospect' : 'lead'} id={one.deal_id ?? one.id} slug={elsewhere(one.workspace_id)} className="hit" {...(onOpen ? { onClick: onOpen } : {})}>{row}</RecordLink>
						)}
					</li>
				);
			})}
		</ul>
	);
}
