/* The bell of the top bar: how much is new, told politely; opened, the newest of it. Opening it reads nothing: a row is read when it is opened or marked. */
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { type AppSearch, useAppSearch, useGo, useScope } from '../../app/scope';
import { useLanguage, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, Hint } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Popover } from '../../ui/popover';
import { markAllRead, markRead, MOST_UNSEEN, type News, type Ring, useLiveNews, useNews } from './news';
import { useTitleMark } from './title';
import './bell.css';

/* the rows come when the bell is opened */
const NewsList = lazy(() => import('./list').then((module) => ({ default: module.NewsList })));

const keep = ((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never;

/* several in a moment are said as a number */
function useSaid(): [string, (text: string) => void] {
	const t = useT();
	const [said, setSaid] = useState('');
	const texts = useRef<string[]>([]);
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	return [said, (text) => {
		texts.current.push(text);
		clearTimeout(timer.current);
		timer.current = setTimeout(() => {
			const [first, ...others] = texts.current;
			texts.current = [];
			setSaid(others.length || !first ? t('news.came', { count: others.length + 1 }) : first);
		}, 600);
	}];
}

/* where this browser is told of news though no page is open: it says so again, in today's words, and what is clicked there opens here */
function usePushed(user: Id): void {
	const go = useGo();
	const navigate = useNavigate();
	const language = useLanguage();
	const { workspace } = useScope();
	useEffect(() => {
		if (typeof Notification === 'function' && Notification.permission === 'granted')
			void import('./push').then(({ pushKeep }) => pushKeep(user)).catch(() => undefined);
	}, [user, language]);
	useEffect(() => {
		const hear = ({ data }: MessageEvent<{ kind?: string; url?: string } | null>) => {
			if (data?.kind !== 'open' || !data.url)
				return;
			const { pathname, searchParams } = new URL(data.url, location.origin);
			const search = Object.fromEntries(searchParams) as AppSearch;
			if (!workspace)
				delete search.workspace;
			if (search.type)
				go.search(search);
			else
				void navigate({ to: pathname, search } as never);
		};
		const { serviceWorker } = navigator;
		serviceWorker?.addEventListener('message', hear);
		return () => serviceWorker?.removeEventListener('message', hear);
	}, [go, navigate, workspace]);
}

/* who opens a lead or what they were given, from wherever, has seen it: it rings no longer, and goes to nobody by mail. Looked at once an opening: what is marked
   as unread beside the open panel stays so */
function useOpened(news: News | undefined): void {
	const { id } = useAppSearch();
	const opened = useRef<string>(undefined);
	useEffect(() => {
		if (opened.current === id || !news)
			return;
		opened.current = id;
		if (id)
			markRead(news.data.filter((one) => (one.kind === 'lead' || one.kind === 'assigned') && [one.id, one.deal_id, one.about?.id].includes(id)), true);
	}, [id, news]);
}

export function Bell() {
	const t = useT();
	const go = useGo();
	const navigate = useNavigate();
	const { me, workspace, formats } = useScope();
	const [open, setOpen] = useState(false);
	const [said, say] = useSaid();
	const [rings, setRings] = useState(0);
	const { data } = useNews();
	/* a record of another workspace than the one looked at opens there */
	const openRecord = useCallback(({ kind, workspace: place, about }: Ring) => {
		const slug = workspace && workspace.id !== place ? me.workspaces.find((one) => one.id === place)?.slug : undefined;
		const there = slug ? { workspace: slug } : {};
		if (about.kind === 'channel')
			void navigate({ to: '/chat', search: (old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), ...there, room: `channel:${about.id}` }) } as never);
		else if (about.kind === 'none')
			void navigate({ to: '/notifications', search: (old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), ...there }) } as never);
		else
			go.search({ ...there, type: about.kind === 'deal' ? 'prospect' : about.kind === 'account' ? 'client' : about.kind === 'contact' ? 'contact' : 'lead', id: about.id, tab: kind === 'message' ? 'chat' : undefined, move: undefined, message: undefined });
	}, [go, navigate, me, workspace]);
	useLiveNews(me.user.id, (text) => {
		say(text);
		setRings((count) => count + 1);
	}, openRecord);
	usePushed(me.user.id);
	useOpened(data);
	const unseen = data?.unseen ?? 0;
	const mark = unseen === 0 ? '' : unseen >= MOST_UNSEEN ? '99+' : formats.number(unseen);
	useTitleMark(mark);
	const label = unseen ? t('news.label_new', { count: unseen }) : t('nav.notifications');
	return (
		<>
			<span className="hidden-text" role="status" data-said="news">{said}</span>
			<Popover label={t('nav.notifications')} opened={open} onChange={setOpen} width={420} target={(props) => (
				<Hint text={label}>
					<button type="button" className="icon-btn bell" {...props}>
						<span className="hidden-text">{label}</span>
						<span key={rings} className={rings ? 'bell-ring' : undefined}><Icon name="bell" size={18} /></span>
						{mark && <span className="bell-count num" aria-hidden="true">{mark}</span>}
					</button>
				</Hint>
			)}>
				<Newest onDone={() => setOpen(false)} />
			</Popover>
		</>
	);
}

function Newest({ onDone }: { onDone(): void }) {
	const t = useT();
	const { data, error, refetch } = useNews();
	return (
		<>
			<div className="news-head"><h2>{t('nav.notifications')}</h2>{data && data.unseen > 0 && <Button kind="quiet" icon="check" onClick={markAllRead}>{t('news.all_read')}</Button>}</div>
			<div className="news-list scroll">
				{!data && !error && [1, 2, 3, 4].map((at) => <Skeleton key={at} h={36} style={{ margin: '8px 0' }} />)}
				{!data && error && <Empty icon="alert" title={t('news.failed')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
				{data?.partial && <p className="muted small">{t('news.partial')}</p>}
				{data && !data.data.length && <NoNews onDone={onDone} />}
				{data && <Suspense fallback={<Skeleton h={36} />}><NewsList notices={data.data} onOpen={onDone} /></Suspense>}
			</div>
			<div className="news-foot"><Link to={'/notifications' as never} search={keep} className="btn btn-quiet btn-wide" onClick={onDone}>{t('news.all')}<Icon name="arrow" /></Link></div>
		</>
	);
}

export function NoNews({ onDone }: { onDone?(): void }) {
	const t = useT();
	return (
		<Empty icon="bell" title={t('news.none')} level={3}>
			<p>{t('news.none_text')}</p>
			<Link to={'/help/$page' as never} params={{ page: 'hooks' } as never} search={keep} className="btn" {...(onDone ? { onClick: onDone } : {})}><Icon name="book" />{t('news.connect')}</Link>
		</Empty>
	);
}
