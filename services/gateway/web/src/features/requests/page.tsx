/* Every request that came in by a way in, the latest first, whatever became of it: nothing is lost, nothing is hidden. What could not be read is read again from
   here, all that fits at once. */
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { type AppSearch, useAppSearch, useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { midnight } from '../../lib/format';
import { Empty } from '../../ui/bits';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { HelpMore, PageHead } from '../../ui/page';
import { type Column, Find, Segments, Table, TableSkeleton } from '../../ui/table';
import { useHeard } from '../money/live';
import { OfOneWorkspace } from '../settings/one-workspace';
import { countOf, type Filter, OPEN, OPEN_ONES, type Outcome, OUTCOMES, replayOf, type Request } from './model';
import { requestsChanged, useCounts, useRequests, useWaysIn } from './reads';
import { LeadLinks, OutcomeTag, Reason, wayIn } from './shown';
import '../settings/settings.css';
import './requests.css';

const Nobodys = lazy(() => import('./nobody').then((module) => ({ default: module.Nobodys })));
const ReplayDialog = lazy(() => import('./replay').then((module) => ({ default: module.ReplayDialog })));

export function RequestsPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.requests')} text={t('requests.choose')} help="requests">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

/* the address's filter, as it is asked */
function useFilter(): Filter {
	const { zone } = useScope();
	const { what, source, q, from, to } = useAppSearch();
	return useMemo(() => ({
		...(what === OPEN || OUTCOMES.some((one) => one === what) ? { outcome: what } : {}), ...(source ? { source } : {}), ...(q ? { q } : {}),
		...(from ? { from: midnight(from, zone) } : {}), ...(to ? { to: midnight(to, zone, 1) } : {}),
	}), [what, source, q, from, to, zone]);
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const { me, formats } = useScope();
	const { q, from, to, source } = useAppSearch();
	const filter = useFilter();
	const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRequests(workspace.slug, filter);
	const { data: counts } = useCounts(workspace.slug, { ...(filter.source ? { source: filter.source } : {}), ...(filter.from ? { from: filter.from } : {}) });
	const { data: ways = [] } = useWaysIn(workspace.slug);
	const rows = useMemo(() => [...new Map((data?.pages ?? []).flatMap((page) => page.data).map((one) => [one.id, one])).values()], [data]);
	const columns = useColumns();
	const [replaying, setReplaying] = useState({ open: false, serial: 0 });
	useHeard(['lead.created', 'submission.settled'], requestsChanged);
	const filtered = Object.keys(filter).length > 0;
	const ask = replayOf(filter);
	const set = (change: Partial<Record<'what' | 'source' | 'q' | 'from' | 'to', string | undefined>>) => go.search(change, true);
	const clear = <Button icon="x" onClick={() => set({ what: undefined, source: undefined, q: undefined, from: undefined, to: undefined })}>{t('audit_page.clear')}</Button>;
	const number = (n: number) => (counts ? ` ${formats.number(n)}${counts.more && n ? '+' : ''}` : '');
	const shown = OUTCOMES.filter((one) => filter.outcome === one || countOf(counts, [one]) > 0);
	return (
		<>
			<PageHead title={t('settings.requests')} sub={`${t('requests.sub')}${filter.from ? '' : ` ${t('requests.counts_of')}`}`} help="requests">
				{ask && rows.length > 0 && <Button icon="refresh" onClick={() => setReplaying((old) => ({ open: true, serial: old.serial + 1 }))}>{t('requests.replay_all')}</Button>}
			</PageHead>
			<Suspense fallback={null}>{me.agency.admin && <Nobodys workspace={workspace} />}</Suspense>
			<div className="bar">
				<Segments<string> label={t('requests.outcome')} value={filter.outcome ?? 'all'} onChange={(next) => set({ what: next === 'all' ? undefined : next })} choices={[
					{ value: 'all', label: `${t('requests.all')}${number(countOf(counts, OUTCOMES))}` },
					{ value: OPEN, label: `${t('requests.open_ones')}${number(countOf(counts, OPEN_ONES))}` },
					...shown.map((one: Outcome) => ({ value: one, label: `${sayValue('request_outcome', one)}${number(countOf(counts, [one]))}` })),
				]} />
			</div>
			<div className="bar filters request-filters">
				<Find label={t('requests.find')} clear={t('requests.find_clear')} value={q ?? ''} onChange={(next) => set({ q: next || undefined })} />
				<SelectField label={t('requests.way')} name="source" value={source ?? null} clearable placeholder={t('requests.every_way')} empty={t('form.nothing_found')} onChange={(next) => set({ source: next ?? undefined })}
					choices={ways.map((one) => ({ value: one.id, label: wayIn({ source_name: one.name, kind: one.kind }) }))} />
				<TextField label={t('audit_page.from')} name="from" type="date" value={from ?? ''} onChange={(next) => set({ from: next || undefined })} />
				<TextField label={t('audit_page.to')} name="to" type="date" value={to ?? ''} onChange={(next) => set({ to: next || undefined })} />
				{filtered && clear}
			</div>
			{!data && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t('requests.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && rows.length > 0 && <Table label={t('settings.requests')} columns={columns} rows={rows} idOf={(row) => row.id}
				more={hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>} />}
			{data && rows.length === 0 && <Empty icon="inbox" title={t(filtered ? 'requests.none' : 'requests.empty')}><p>{t(filtered ? 'requests.none_text' : 'requests.empty_text')}</p>{filtered ? clear : <><ToSources /><HelpMore page="requests" /></>}</Empty>}
			{ask && replaying.serial > 0 && <Suspense fallback={null}><ReplayDialog key={replaying.serial} slug={workspace.slug} ask={ask} title={t('requests.replay_all')} text={t(filter.source || filter.q || filter.from || filter.to ? 'requests.replay_fits' : 'requests.replay_every')} opened={replaying.open} onClose={() => setReplaying((old) => ({ ...old, open: false }))} /></Suspense>}
		</>
	);
}

function ToSources() {
	const t = useT();
	return <Link to={'/settings/sources' as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="btn"><Icon name="inbox" />{t('requests.to_ways')}</Link>;
}

function useColumns(): Array<Column<Request>> {
	const t = useT();
	const { formats } = useScope();
	return [
		{ key: 'at', label: t('requests.at'), cell: (row) => <Link to={`/settings/requests/${row.id}` as never} search={((old: AppSearch) => old) as never} className="row-link num nowrap" aria-label={t('requests.open_of', { when: formats.moment(row.at), way: wayIn(row) })}><time dateTime={row.at}>{formats.moment(row.at)}</time></Link> },
		{ key: 'outcome', label: t('requests.outcome'), cell: (row) => <span className="two-lines"><span><OutcomeTag outcome={row.outcome} />{row.reread_at && <> <span className="tag">{t('requests.reread')}</span></>}</span>{row.reason && <small><Reason reason={row.reason} /></small>}</span> },
		{ key: 'way', label: t('requests.way'), cell: (row) => <span translate="no">{wayIn(row) || '—'}</span> },
		{ key: 'says', label: t('requests.says'), cell: (row) => row.says ? <code className="request-says" translate="no">{row.says}</code> : <span className="muted">—</span> },
		{ key: 'leads', label: t('requests.leads'), cell: (row) => row.lead_ids.length ? <span className="tags"><LeadLinks ids={row.lead_ids} /></span> : <span className="muted">—</span> },
	];
}
