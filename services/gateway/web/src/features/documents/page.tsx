/* Quotes, and invoices with their credit notes, as lists: how many are how far and what they come to, words to find, filters and views; every column may
   show and most may order it. A row opens the document; picked ones are sent or reminded together. What is looked for stands in the URL. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useMemberNames, useMemberPhotos, useMembers } from '../../api/queries';
import type { Money } from '../../api/types';
import { HeadButtons } from '../../app/head-buttons';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { useT } from '../../i18n';
import { addToSums } from '../../lib/money';
import { Avatar, Empty, Tile } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpLink, HelpMore, useTitle } from '../../ui/page';
import { type Column, Find, Table, TableSkeleton } from '../../ui/table';
import { useNarrow } from '../../ui/width';
import { ColumnsMenu, FilterMenu, ListViews, useShown } from '../lists/bar';
import { PickAll, PickOne, usePicked } from '../lists/picked';
import { MoneyNav } from '../money/nav';
import { askedOf, type Count, type DocRow, FILTERS, type ListOf, PERIODS, STATES, sumOf, TONE, useDocs, useLiveDocs } from './model';
import { DocLink, DueText, StateMark } from './parts';
import '../leads/leads.css';
import '../deals/table.css';
import './documents.css';
import './list.css';

const NewDoc = lazy(() => import('./new').then((module) => ({ default: module.NewDoc })));
const BulkBar = lazy(() => import('./bulk').then((module) => ({ default: module.BulkBar })));
const FIRST: Record<ListOf, string[]> = { quotes: ['name', 'title', 'issued', 'due', 'total', 'state', 'seen'], invoices: ['name', 'issued', 'due', 'total', 'open', 'state', 'seen'] };

export const QuotesPage = () => <DocList key="quotes" list="quotes" />;
export const InvoicesPage = () => <DocList key="invoices" list="invoices" />;

function DocList({ list }: { list: ListOf }) {
	const t = useT();
	const go = useGo();
	const { me, reads, workspace, workspaces, mayEdit, formats, currency } = useScope();
	const searched = useAppSearch();
	const { q, status, sort } = searched;
	const today = formats.dayKey(new Date().toISOString());
	const text = JSON.stringify(askedOf(searched, today));
	const asked = useMemo(() => JSON.parse(text) as Record<string, string>, [text]);
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useDocs(list, reads, asked, sort);
	useLiveDocs();
	const members = useMembers(reads).data;
	const names = useMemberNames(reads);
	const photos = useMemberPhotos(reads);
	const workspaceName = useWorkspaceName();
	const [making, setMaking] = useState(0);
	const [closed, setClosed] = useState(0);
	const make = useCallback(() => setMaking((last) => last + 1), []);
	const docs = useMemo(() => [...new Map((data?.pages ?? []).flatMap((page) => page.data).map((one) => [one.id, one])).values()], [data]);
	const picked = usePicked(docs);
	const narrow = useNarrow(761);
	const quotes = list === 'quotes';
	const title = t(quotes ? 'tab.quotes' : 'tab.invoices');
	useTitle(title, workspace?.name ?? t('workspace.all'));
	const search = useCallback((value: string) => go.search({ q: value || undefined }, true), [go]);
	const one = workspaces.length === 1 ? (workspaces[0] ?? null) : null;
	const may = one ? mayEdit(one.id) : mayEdit();
	const seesOthers = me.agency.admin || workspaces.some((each) => each.scope !== 'own');
	const filtered = FILTERS.some((name) => searched[name]);
	const unfilter = () => go.search(Object.fromEntries(FILTERS.map((name) => [name, undefined])), true);
	const none = <span className="muted doc-none">—</span>;
	const columns: Array<Column<DocRow>> = [
		{ key: 'number', label: t('doc.number'), sort: 'number', ...(may ? { head: <PickAll picked={picked} of={docs.length} /> } : {}), cell: (doc) => <>
			{may && <PickOne picked={picked} id={doc.id} title={doc.number ?? doc.name ?? t('doc_state.draft')} />}
			<DocLink doc={doc} className="row-link"><Icon name={doc.kind === 'quote' ? 'file' : doc.kind === 'invoice' ? 'pdf' : 'refresh'} size={18} /><span className={doc.number ? 'num nowrap' : 'muted nowrap'}>{doc.number ?? t(doc.kind === 'credit_note' ? 'doc_kind.credit_note' : 'doc.no_number')}{doc.revision > 1 && <span className="muted"> · {t('doc.revision_short', { number: doc.revision })}</span>}</span></DocLink>
		</> },
		...(one ? [] : [{ key: 'workspace', label: t('field.workspace'), cell: (doc: DocRow) => <span className="cut">{workspaceName(doc.workspace_id)}</span> }]),
		{ key: 'name', label: t('doc.customer'), sort: 'name', cell: (doc) => doc.name ? <span className="person"><Tile name={doc.name} /><span className="cut">{doc.name}</span></span> : none },
		{ key: 'title', label: t('doc.title'), cell: (doc) => doc.title ? <span className="cut">{doc.title}</span> : none },
		{ key: 'issued', label: t('doc.issued'), sort: 'issued', cell: (doc) => doc.issued ? <span className="num nowrap">{formats.date(doc.issued)}</span> : none },
		{ key: 'due', label: t(quotes ? 'doc.valid_until' : 'doc.due'), sort: 'due', cell: (doc) => doc.due ? <DueText doc={doc} /> : none },
		{ key: 'total', label: t('doc.total'), sort: 'total', right: true, cell: (doc) => <b className="num nowrap">{formats.money(doc.gross)}</b> },
		...(quotes ? [] : [{ key: 'open', label: t('doc.open'), sort: 'open', right: true, cell: (doc: DocRow) => doc.open && doc.state !== 'draft' ? <span className={/[1-9]/.test(doc.open.amount) ? 'num' : 'num muted'}>{formats.money(doc.open)}</span> : none }]),
		{ key: 'state', label: t('field.status'), sort: 'state', cell: (doc) => <StateMark doc={doc} /> },
		{ key: 'seen', label: t('doc.seen'), sort: 'seen_at', cell: (doc) => doc.seen_at ? <span className="num nowrap">{formats.moment(doc.seen_at)}</span> : none },
		{ key: 'owner', label: t('field.owner'), cell: (doc) => {
			const owner = names.get(doc.owner_id ?? '');
			return owner ? <span className="person"><Avatar name={owner} photo={photos.get(doc.owner_id ?? '')} /><span className="cut">{owner}</span></span> : none;
		} },
		{ key: 'created', label: t('field.created'), sort: 'created_at', cell: (doc) => <span className="num nowrap">{formats.date(doc.created_at)}</span> },
	];
	const always = (key: string) => key === 'number' || key === 'workspace';
	const choosable = columns.filter((column) => !always(column.key));
	const { shown, set: setShown } = useShown(list, choosable, FIRST[list]);
	const showing = columns.filter((column) => always(column.key) || shown.includes(column.key));
	const people = [...new Map((members ?? []).filter((each) => each.active && each.id !== me.user.id).map((each) => [each.id, each])).values()].sort((a, b) => a.name.localeCompare(b.name));
	return (
		<div className="leads-page">
			<header className="page-head">
				<div className="page-title"><div className="title-line"><h1>{title}</h1>{quotes ? <HelpLink page="quotes" title={title} /> : <HelpLink page="invoices" title={title} />}</div><p className="page-sub">{t(quotes ? 'quotes.sub' : 'invoices.sub')}</p></div>
				{may && narrow && <IconButton icon="plus" label={t(quotes ? 'quotes.new' : 'invoices.new')} onClick={make} />}
				<HeadButtons here={`/${list}`} filter={asked} {...(may ? { own: { label: t(quotes ? 'quotes.new' : 'invoices.new'), run: make } } : {})} />
			</header>
			<MoneyNav />
			<StateTiles list={list} counts={data?.pages[0]?.counts} value={status ?? ''} first={currency} onChange={(next) => go.search({ status: next || undefined }, true)} />
			<div className={narrow ? 'bar deal-bar' : 'bar'}>
				<Find label={t(quotes ? 'quotes.search' : 'invoices.search')} clear={t('leads.clear')} value={q ?? ''} onChange={search} />
				<WorkspaceFilter />
				<div className="filter-chips" style={narrow ? undefined : { display: 'contents' }} role="group" aria-label={t('filter.label')}>
					<FilterMenu name="period" label={t('doc.period')} every={t('doc.any_period')} options={PERIODS.map((period) => ({ value: period, label: t(`doc_period.${period}`) }))} />
					{seesOthers && <FilterMenu name="owner" label={t('field.owner')} every={t('contacts.everyone')} options={[{ value: 'me', label: t('doc.mine') }, { value: 'none', label: t('deal.owner_none') }, ...people.map((each) => ({ value: each.id, label: each.name }))]} />}
					{!quotes && <FilterMenu name="kind" label={t('field.type')} every={t('doc.both_kinds')} options={[{ value: 'invoice', label: t('tab.invoices') }, { value: 'credit_note', label: t('doc.credit_notes') }]} />}
					<FilterMenu name="archived" label={t('doc.removed_label')} every={t('doc.removed_not')} options={[{ value: '1', label: t('doc.removed_only') }]} />
					{filtered && <Button kind="quiet" icon="x" onClick={unfilter}>{t('filter.clear')}</Button>}
				</div>
				<div className="bar-end"><ListViews place={list} names={FILTERS} columns={shown} onColumns={setShown} /><ColumnsMenu all={choosable} shown={shown} onChange={setShown} /></div>
			</div>
			{isPending && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t(quotes ? 'quotes.failed' : 'invoices.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !docs.length && (filtered
				? <Empty icon="search" title={t(quotes ? 'quotes.none_found' : 'invoices.none_found')}><Button onClick={unfilter}>{t('filter.clear')}</Button></Empty>
				: <Empty icon={quotes ? 'file' : 'pdf'} title={t(quotes ? 'quotes.empty' : 'invoices.empty')}><p>{t(quotes ? 'quotes.empty_text' : 'invoices.empty_text')}</p>{may && <Button kind="primary" icon="plus" onClick={make}>{t(quotes ? 'quotes.new' : 'invoices.new')}</Button>}{quotes ? <HelpMore page="quotes" /> : <HelpMore page="invoices" />}</Empty>)}
			{docs.length > 0 && (
				<Table label={title} columns={showing} rows={docs} idOf={(doc) => doc.id} sort={sort} onSort={(next) => go.search({ sort: next }, true)}
					more={<>{hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}{picked.ids.size > 0 && <div style={{ height: 84 }} />}</>} />
			)}
			<Suspense fallback={null}>
				{picked.ids.size > 0 && <BulkBar list={list} picked={picked} rows={docs} />}
				{making > closed && <NewDoc key={making} kind={quotes ? 'quote' : 'invoice'} onClose={() => setClosed((old) => Math.max(old, making))} />}
			</Suspense>
		</div>
	);
}

/* how many are how far, and what those come to; each is a filter */
function StateTiles({ list, counts, value, first, onChange }: { list: ListOf; counts: Count[] | undefined; value: string; first: string; onChange(next: string): void }) {
	const t = useT();
	const { formats } = useScope();
	const strip = useRef<HTMLDivElement>(null);
	useEffect(() => { strip.current?.querySelector('[aria-pressed=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); }, [value]);
	/* viewed and overdue are counted beside the state that they are in: all is the states alone */
	const of = (state: string) => (counts ?? []).filter((one) => (state ? one.state === state : one.state !== 'viewed' && one.state !== 'overdue'));
	const tiles = ['', ...STATES[list]].map((state) => ({ state, count: of(state).reduce((sum, one) => sum + one.count, 0), sums: of(state).reduce<Money[]>((all, one) => addToSums(all, sumOf(list, one), 1), []) }));
	return (
		<div ref={strip} className="doc-tiles scroll" role="group" aria-label={t('field.status')}>
			{tiles.map(({ state, count, sums }) => (
				<button key={state} type="button" className="doc-tile" aria-pressed={value === state} data-state={state || 'all'} onClick={() => onChange(state)}>
					<span className="doc-tile-name">{state && <span className={`dot ${TONE[state as keyof typeof TONE]}`} />}{state ? t(`doc_state.${state as keyof typeof TONE}`) : t('doc.all')}<b className="num">{counts ? formats.number(count) : ' '}</b></span>
					<span className="num muted cut">{counts ? sums.sort((a, b) => Number(b.currency === first) - Number(a.currency === first)).map((sum) => formats.money(sum)).join(' + ') || '—' : ' '}</span>
				</button>
			))}
		</div>
	);
}
