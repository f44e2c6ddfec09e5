/* /search?q=: all that is found, by kind. The text stands in the address; arrows walk from the field through the rows. */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { usePipelines } from '../../api/queries';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { wordsOf } from '../../lib/marks';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Marked } from '../../ui/marked';
import '../../ui/table.css';
import { Fault, HelpMore, PageHead, useTitle } from '../../ui/page';
import { type Found, type Hit, HIT_KINDS, GROUP_TITLE, type HitKind, isAsked, placeOf, useFind } from './find';
import { HitRow, RecordLink } from './hits';
import { rememberAsked } from './recent';

const MOST = 50;
const FIRST = 8;

export function SearchPage() {
	const t = useT();
	const go = useGo();
	const { me } = useScope();
	const { q = '' } = useAppSearch();
	const [typed, setTyped] = useState(q);
	const field = useRef<HTMLInputElement>(null);
	const box = useRef<HTMLDivElement>(null);
	const sent = useRef(q);
	const asked = q.trim();
	const { data, error, isPlaceholderData, refetch } = useFind(asked, MOST);
	useTitle(asked ? `${t('nav.search')}: ${asked}` : t('nav.search'));

	/* the address changed by itself: back, or another search from the palette */
	useEffect(() => {
		if (q !== sent.current) {
			sent.current = q;
			setTyped(q);
		}
	}, [q]);
	useEffect(() => {
		if (typed === sent.current)
			return undefined;
		const timer = setTimeout(() => {
			sent.current = typed.trim();
			go.search({ q: typed.trim() || undefined }, true);
		}, 160);
		return () => clearTimeout(timer);
	}, [typed, go]);
	useEffect(() => { field.current?.focus({ preventScroll: true }); }, []);
	useEffect(() => {
		if (!isAsked(asked))
			return undefined;
		const timer = setTimeout(() => rememberAsked(me.user.id, asked), 1500);
		return () => clearTimeout(timer);
	}, [asked, me]);

	const walk = (event: KeyboardEvent) => {
		const links = [...(box.current?.querySelectorAll<HTMLElement>('a.hit') ?? [])];
		const at = links.indexOf(document.activeElement as HTMLElement);
		const inField = document.activeElement === field.current;
		const next = event.key === 'ArrowDown' ? at + 1 : event.key === 'ArrowUp' ? at - 1 : !inField && event.key === 'Home' ? 0 : !inField && event.key === 'End' ? links.length - 1 : null;
		if (next === null || (at < 0 && !inField) || (inField && event.key === 'ArrowUp'))
			return;
		event.preventDefault();
		if (next < 0)
			field.current?.focus();
		else
			links[Math.min(next, links.length - 1)]?.focus();
	};
	const total = data ? HIT_KINDS.reduce((sum, kind) => sum + data.data[kind].length, 0) : 0;
	const shown = isAsked(asked) ? data : undefined;
	return (
		<>
			<PageHead title={t('nav.search')} sub={t('search.sub')} help="search" />
			<div className="page-body scroll" ref={box} onKeyDown={walk}>
				<div className="found">
					<div className="find find-big find-page" role="search">
						<Icon name="search" size={18} />
						<input ref={field} type="search" className="lw-input find-input" aria-label={t('search.field')} placeholder={t('search.placeholder')} value={typed} autoComplete="off" spellCheck={false} maxLength={200}
							onChange={(event) => setTyped(event.currentTarget.value)} />
						{typed && <IconButton icon="x" small label={t('leads.clear')} onClick={() => { setTyped(''); field.current?.focus(); }} />}
					</div>
					<p role="status" className="hidden-text">{shown && !isPlaceholderData ? t('search.count', { count: total }) : ''}</p>
					{error && !shown && isAsked(asked) && <Empty icon="alert" title={t('search.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
					{!isAsked(asked) && <Empty icon="search" title={t('search.start')}><p>{t('search.start_text')}</p><HelpMore page="search" /></Empty>}
					{isAsked(asked) && !shown && !error && [4, 3].map((rows, at) => <div key={at} className="section">{Array.from({ length: rows }, (_, row) => <Skeleton key={row} h={34} style={{ marginBottom: 12 }} />)}</div>)}
					{shown?.partial && <Fault>{t('search.partial')}</Fault>}
					{shown && total === 0 && !isPlaceholderData && !shown.partial && <Empty icon="search" title={t('search.nothing', { q: asked })}><p>{t('search.nothing_text')}</p><HelpMore page="search" /></Empty>}
					{shown && <div className={isPlaceholderData ? 'table-old' : undefined}>{HIT_KINDS.map((kind) => <Group key={`${kind} ${shown.q}`} kind={kind} found={shown} />)}</div>}
				</div>
			</div>
		</>
	);
}

function Group({ kind, found }: { kind: HitKind; found: Found }) {
	const t = useT();
	const { formats } = useScope();
	const [open, setOpen] = useState(false);
	const hits = found.data[kind];
	const words = useMemo(() => wordsOf(found.q), [found]);
	if (!hits.length)
		return null;
	const title = t(GROUP_TITLE[kind]);
	return (
		<section className="section" aria-label={title}>
			<div className="section-head"><h2>{title}<span className="found-count num">{formats.number(hits.length)}{hits.length >= MOST && '+'}</span></h2></div>
			<ul className="hits">{(open ? hits : hits.slice(0, FIRST)).map((hit) => <li key={hit.id}><RecordLink whole {...placeOf(kind, hit)} className="hit hit-wrap"><Row hit={hit} words={words} /></RecordLink></li>)}</ul>
			{!open && hits.length > FIRST && <Button kind="quiet" icon="down" onClick={() => setOpen(true)}>{t('search.more', { count: hits.length - FIRST })}</Button>}
		</section>
	);
}

function Row({ hit, words }: { hit: Hit; words: readonly string[] }) {
	const t = useT();
	const language = useLanguage();
	const { slug, reads, formats, me } = useScope();
	const workspaceName = useWorkspaceName();
	const { data: pipelines } = usePipelines(reads, false);
	const stage = hit.stage_id ? pipelines?.flatMap((one) => one.stages).find((one) => one.id === hit.stage_id) : undefined;
	return (
		<HitRow name={hit.title} title={<><Marked text={hit.title} words={words} /> {hit.number !== undefined && <span className="muted num">#{hit.number}</span>}</>} text={hit.subtitle && <Marked text={hit.subtitle} words={words} />} end={(
			<>
				{!slug && me.workspaces.length > 1 && <span className="tag"><span className="cut">{workspaceName(hit.workspace_id)}</span></span>}
				{hit.near && <span className="tag tag-warn">{t('search.similar')}</span>}
				{hit.kind && <span className="tag">{sayValue('linked_kind', hit.kind)}</span>}
				{hit.total && <span className="num">{formats.money(hit.total)}</span>}
				{stage && <span className="status"><span className={`dot stage-${stage.colour}`} /><span className="cut">{labelOf(stage.label, language, stage.key)}</span></span>}
				{hit.status && <span className="status"><span className="cut">{sayValue('lead_status', hit.status)}</span></span>}
				<time className="num hit-wide" dateTime={hit.created_at}>{formats.date(hit.created_at)}</time>
			</>
		)} />
	);
}
