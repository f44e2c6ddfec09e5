/* /notifications: everything that rang, day by day, of all one's workspaces; by kind, the unread alone; and beside it what rings. Being here reads nothing. */
import { useMemo } from 'react';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Check } from '../../ui/field';
import { PageHead, useTitle } from '../../ui/page';
import { Segments } from '../../ui/table';
import { NoNews } from './bell';
import { ChoicesSection, MailSection, useKindName, useKinds } from './choices';
import { NewsList } from './list';
import { markAllRead, type NewsKind, type Notice, useNews, useNewsPages } from './news';

export function NotificationsPage() {
	const t = useT();
	const go = useGo();
	const { formats } = useScope();
	const nameOf = useKindName();
	const kinds = useKinds();
	const { what, unread: asked } = useAppSearch();
	const kind = kinds.find((one) => one === what) ?? null;
	const unread = asked === '1';
	const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useNewsPages(kind, unread);
	const { data: bell } = useNews();
	const first = data?.pages[0];
	useTitle(t('nav.notifications'));
	const days = useMemo(() => {
		const out: Array<{ key: string; at: string; notices: Notice[] }> = [];
		for (const one of (data?.pages ?? []).flatMap((page) => page.data)) {
			const key = formats.dayKey(one.at);
			const last = out[out.length - 1];
			if (last?.key === key)
				last.notices.push(one);
			else
				out.push({ key, at: one.at, notices: [one] });
		}
		return out;
	}, [data, formats]);
	const today = formats.dayKey(new Date().toISOString());
	const yesterday = formats.dayKey(new Date(Date.now() - 86_400_000).toISOString());
	const everything = () => go.search({ what: undefined, unread: undefined }, true);
	return (
		<>
			<PageHead title={t('nav.notifications')} sub={t('news.sub')} help="notifications">
				<Button icon="check" disabled={!bell?.unseen} onClick={markAllRead}>{t('news.all_read')}</Button>
			</PageHead>
			<div className="bar">
				<Segments<NewsKind | 'all'> label={t('news.kinds')} value={kind ?? 'all'} onChange={(next) => go.search({ what: next === 'all' ? undefined : next }, true)}
					choices={[{ value: 'all', label: t('news.every') }, ...kinds.map((one) => ({ value: one, label: nameOf(one) }))]} />
				<Check name="unread" label={t('news.unread')} checked={unread} onChange={(on) => go.search({ unread: on ? '1' : undefined }, true)} />
			</div>
			<div className="page-body scroll">
				<div className="news-page">
					<div className="found">
						{!data && !error && <div className="section">{[1, 2, 3, 4, 5].map((at) => <Skeleton key={at} h={34} style={{ marginBottom: 12 }} />)}</div>}
						{!data && error && <Empty icon="alert" title={t('news.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
						{first?.partial && <p className="muted small">{t('news.partial')}</p>}
						{data && !days.length && (kind || unread
							? <Empty icon="check" title={t(unread ? 'news.none_unread' : 'news.none_kind')} level={3}><p>{t('news.none_fits')}</p><Button onClick={everything}>{t('news.show_all')}</Button></Empty>
							: <NoNews />)}
						{days.map((day) => {
							const name = day.key === today ? t('timeline.today') : day.key === yesterday ? t('timeline.yesterday') : formats.date(day.at);
							return (
								<section key={day.key} className="section" aria-label={name}>
									<div className="section-head"><h2>{name}</h2></div>
									<NewsList notices={day.notices} />
								</section>
							);
						})}
						{hasNextPage && <div className="column-more"><Button kind="quiet" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}
					</div>
					{bell && <div><ChoicesSection choices={bell.choices} /><MailSection choices={bell.choices} /></div>}
				</div>
			</div>
		</>
	);
}
