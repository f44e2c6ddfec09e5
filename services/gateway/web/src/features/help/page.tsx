/* The guide in the app: its index with a search box, and each page beside the list of all. What a page says stands in docs/guide. */
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { problemText } from '../../app/problems';
import { useAppSearch } from '../../app/scope';
import { useT } from '../../i18n';
import { wordsOf } from '../../lib/marks';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Marked } from '../../ui/marked';
import { PageHead, useTitle } from '../../ui/page';
import { findIn, type GuideGroup, useGuide, useGuidePage } from './guide';
import '../../ui/table.css';
import './help.css';

const keep = ((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never;
const toPage = (page: string) => ({ to: '/help/$page' as never, params: { page } as never, search: keep });

export function HelpPage() {
	const { page } = useParams({ strict: false }) as { page?: string };
	return page ? <Page key={page} name={page} /> : <Index />;
}

function Index() {
	const t = useT();
	const navigate = useNavigate();
	const { data, error, refetch } = useGuide();
	const { q: asked } = useAppSearch();
	const [q, setQ] = useState(asked ?? '');
	const words = useMemo(() => wordsOf(q), [q]);
	const hits = useMemo(() => data ? findIn(data, q) : [], [data, q]);
	useTitle(t('nav.help'));
	const onKey = (event: KeyboardEvent) => {
		const first = hits[0];
		if (event.key === 'Enter' && first)
			void navigate(toPage(first.page.name) as never);
	};
	return (
		<>
			<PageHead title={t('nav.help')} sub={t('help.sub')} />
			<div className="page-body scroll">
				<div className="find find-big find-page" role="search">
					<Icon name="search" size={18} />
					<input type="search" className="lw-input find-input" aria-label={t('help.search')} placeholder={t('help.search')} value={q} onChange={(event) => setQ(event.currentTarget.value)} onKeyDown={onKey} />
				</div>
				<p role="status" className="hidden-text">{words.length ? t('help.found', { count: hits.length }) : ''}</p>
				{error && !data && <Empty icon="alert" title={t('help.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
				{!data && !error && <div className="guide-groups">{[1, 2, 3, 4].map((at) => <Skeleton key={at} h={150} />)}</div>}
				{data && !words.length && (
					<div className="guide-groups">
						{data.map((group) => (
							<section key={group.title} className="section" aria-label={group.title}>
								<h2>{group.title}</h2>
								<ul>{group.pages.map((page) => <li key={page.name}><Link {...toPage(page.name)} className="guide-link"><Icon name="book" /><span>{page.title}</span></Link></li>)}</ul>
							</section>
						))}
					</div>
				)}
				{data && words.length > 0 && (hits.length
					? (
						<ul className="guide-hits">
							{hits.map(({ page, snippet }) => (
								<li key={page.name}><Link {...toPage(page.name)} className="guide-hit"><b><Marked text={page.title} words={words} /></b><span className="muted"><Marked text={snippet} words={words} /></span></Link></li>
							))}
						</ul>
					)
					: <Empty icon="search" title={t('help.nothing', { q })}><p>{t('help.nothing_text')}</p></Empty>)}
			</div>
		</>
	);
}

function Page({ name }: { name: string }) {
	const t = useT();
	const { data: groups } = useGuide();
	const { data, error, refetch } = useGuidePage(name);
	const title = data?.title ?? groups?.flatMap((group) => group.pages).find((page) => page.name === name)?.title ?? t('nav.help');
	useTitle(title, t('nav.help'));
	return (
		<div className="settings">
			<Pages groups={groups ?? []} here={name} />
			<div className="settings-page">
				<PageHead title={title}><Link to={'/help' as never} search={keep} className="btn btn-quiet"><Icon name="left" />{t('help.all')}</Link></PageHead>
				<div className="page-body scroll">
					{error && !data && (
						<Empty icon="help" title={t('help.no_page')}>
							<p>{t('help.no_page_text')}</p>
							<Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button>
						</Empty>
					)}
					{!data && !error && <div className="page-narrow" style={{ display: 'grid', gap: 12 }}>{['90%', '72%', '84%', '40%', '88%', '66%'].map((width, at) => <Skeleton key={at} w={width} h={16} />)}</div>}
					{data && <Article html={data.html} headings={data.headings} />}
				</div>
			</div>
		</div>
	);
}

function Pages({ groups, here }: { groups: GuideGroup[]; here: string }) {
	const t = useT();
	return (
		<nav className="settings-nav guide-nav scroll" aria-label={t('help.pages')}>
			{groups.map((group) => (
				<div key={group.title}>
					<div className="nav-group">{group.title}</div>
					<ul>{group.pages.map((page) => <li key={page.name}><Link {...toPage(page.name)} className="nav-link" aria-current={page.name === here ? 'page' : undefined}><span className="nav-label cut">{page.title}</span></Link></li>)}</ul>
				</div>
			))}
		</nav>
	);
}

/* the build made the HTML of our own Markdown and let no HTML through that stood in it */
function Article({ html, headings }: { html: string; headings: Array<{ id: string; text: string }> }) {
	const t = useT();
	const navigate = useNavigate();
	const box = useRef<HTMLElement>(null);
	const jump = (id: string) => {
		const heading = box.current?.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
		heading?.setAttribute('tabindex', '-1');
		heading?.scrollIntoView({ block: 'start' });
		heading?.focus({ preventScroll: true });
	};
	useEffect(() => {
		if (location.hash)
			jump(decodeURIComponent(location.hash.slice(1)));
	}, [html]);
	const click = (event: MouseEvent) => {
		const link = (event.target as HTMLElement).closest('a');
		if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || link.origin !== location.origin)
			return;
		event.preventDefault();
		if (link.pathname === location.pathname && link.hash)
			jump(decodeURIComponent(link.hash.slice(1)));
		else
			void navigate({ to: link.pathname, hash: link.hash.slice(1), search: keep } as never);
	};
	return (
		<div className="guide-columns">
			<article ref={box} className="guide" onClick={click} dangerouslySetInnerHTML={{ __html: html }} />
			{headings.length > 2 && (
				<nav className="guide-toc" aria-label={t('help.on_page')}>
					<div className="nav-group">{t('help.on_page')}</div>
					<ul>{headings.map((one) => <li key={one.id}><a href={`#${one.id}`} onClick={(event) => { event.preventDefault(); jump(one.id); }}>{one.text}</a></li>)}</ul>
				</nav>
			)}
		</div>
	);
}
