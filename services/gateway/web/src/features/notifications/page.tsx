/* /notifications: the newest leads of all one's workspaces, day by day. Being here is having looked. */
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { problemText } from '../../app/problems';
import { type AppSearch, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { PageHead, useTitle } from '../../ui/page';
import { NoNews } from './bell';
import { NewsList } from './list';
import { type Notice, useFresh, useMarkSeen, useNews } from './news';

export function NotificationsPage() {
	const t = useT();
	const { formats } = useScope();
	const { data, error, refetch } = useNews(50);
	const fresh = useFresh(data);
	useTitle(t('nav.notifications'));
	useMarkSeen(true, data);
	const days = useMemo(() => {
		const out: Array<{ key: string; at: string; notices: Notice[] }> = [];
		for (const one of data?.data ?? []) {
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
	return (
		<>
			<PageHead title={t('nav.notifications')} sub={t('news.sub')} help="notifications" />
			<div className="page-body scroll">
				<div className="found">
					{!data && !error && <div className="section">{[1, 2, 3, 4, 5].map((at) => <Skeleton key={at} h={34} style={{ marginBottom: 12 }} />)}</div>}
					{!data && error && <Empty icon="alert" title={t('news.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
					{data && !days.length && <NoNews />}
					{days.map((day) => {
						const name = day.key === today ? t('timeline.today') : day.key === yesterday ? t('timeline.yesterday') : formats.date(day.at);
						return (
							<section key={day.key} className="section" aria-label={name}>
								<div className="section-head"><h2>{name}</h2></div>
								<NewsList notices={day.notices} fresh={fresh} />
							</section>
						);
					})}
					{data && days.length > 0 && <Link to={'/leads' as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="btn"><Icon name="leads" />{t('news.leads')}</Link>}
				</div>
			</div>
		</>
	);
}
