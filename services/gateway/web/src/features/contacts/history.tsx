/* Every change of a person's or a company's fields, newest first: who, when, what it was and what it is. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useItems, useOwnFields } from '../../api/boards';
import { api, query } from '../../api/client';
import { useMemberNames, useMemberPhotos } from '../../api/queries';
import type { Id, Page } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Avatar, Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { ownTold } from '../fields/text';
import { fieldName, fieldValue } from './said';
import '../deals/panel.css';

interface Line { version: number; at: string; actor_id: Id | null; changes: Array<{ field: string; old?: string | null; new?: string | null }> }

export function HistoryOf({ of, id, version, workspaceId }: { of: 'contact' | 'account'; id: Id; version: number; workspaceId: Id }) {
	const t = useT();
	const language = useLanguage();
	const { formats, me } = useScope();
	const slug = me.workspaces.find((one) => one.id === workspaceId)?.slug ?? null;
	const names = useMemberNames(slug);
	const photos = useMemberPhotos(slug);
	const { data: items } = useItems(slug);
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
		queryKey: ['history', id, version],
		queryFn: ({ pageParam, signal }) => api<Page<Line>>('GET', `/api/crm/${of}s/${id}/history${query({ after: pageParam, limit: 50 })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: (old) => old,
	});
	const reader = { t, language, formats, items: items ?? [], names: (who: string) => names.get(who) };
	const fields = useOwnFields(slug, of).data ?? [];
	const own = (field: string) => fields.find((one) => `custom.${one.key}` === field);
	const name = (field: string) => {
		const one = own(field);
		return one ? labelOf(one.label, language, one.key) : fieldName(t, of, field);
	};
	const value = (field: string, text: string | null | undefined) => {
		const one = text ? own(field) : undefined;
		return one && text ? ownTold(one, text, language, formats, t) : fieldValue(reader, of, field, text);
	};
	/* which account is told by its name beside the id */
	const lines = (data?.pages ?? []).flatMap((page) => page.data).map((line) => ({ ...line, changes: line.changes.filter((one) => one.field !== 'account_id' && one.field !== 'primary_contact_id') }));
	if (isPending)
		return <div className="timeline" aria-hidden="true">{[56, 72, 56].map((height, at) => <Skeleton key={at} h={height} style={{ borderRadius: 10, marginBottom: 12 }} />)}</div>;
	if (error && !data)
		return <Empty icon="alert" title={t('history.failed')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>;
	if (!lines.length)
		return <Empty icon="history" title={t('history.empty')} level={3}><p>{t('history.empty_record')}</p></Empty>;
	return (
		<div className="timeline">
			<ol aria-label={t('deal.history')}>
				{lines.map((line) => {
					const who = names.get(line.actor_id ?? '');
					return (
						<li key={line.version} className="entry">
							<span className="entry-icon entry-grey"><Icon name={line.version > 1 ? 'pencil' : of === 'account' ? 'building' : 'user'} size={15} /></span>
							<div className="entry-card">
								<div className="entry-head">
									<span className="entry-title">{line.changes.map((one) => name(one.field)).join(', ') || (line.version > 1 ? t('history.version', { version: line.version }) : t(of === 'account' ? 'timeline.account' : 'timeline.contact'))}</span>
									<time className="entry-time num" dateTime={line.at}>{formats.moment(line.at)}</time>
								</div>
								{line.changes.length > 0 && <dl className="entry-changes">
									{line.changes.map((change) => (
										<div key={change.field}>
											<dt>{name(change.field)}</dt>
											<dd><del><span className="hidden-text">{t('timeline.was')} </span>{value(change.field, change.old)}</del><Icon name="arrow" size={13} /><ins><span className="hidden-text">{t('timeline.is')} </span>{value(change.field, change.new)}</ins></dd>
										</div>
									))}
								</dl>}
								<p className="entry-who">{who ? <><Avatar name={who} photo={photos.get(line.actor_id ?? '')} />{who}</> : <><span className="avatar hue-7"><Icon name="bolt" size={12} /></span>{t('timeline.system')}</>}</p>
							</div>
						</li>
					);
				})}
			</ol>
			{hasNextPage && <div className="column-more"><Button kind="quiet" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}
		</div>
	);
}
