/* The deals that are opportunities: what has been qualified, with what it may bring, how likely, by when and whose it is. The service
   says which, in what order, and pages; a click opens the deal. */
import { useMemo } from 'react';
import { useMemberNames, useMemberPhotos, useOpportunities, usePipelines } from '../../api/queries';
import type { Card, Stage } from '../../api/types';
import { HeadButtons } from '../../app/head-buttons';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Avatar, Empty, Tile } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpLink, useTitle } from '../../ui/page';
import { type Column, Find, Table, TableSkeleton } from '../../ui/table';
import { SegmentFilter } from '../segments/filter';
import './leads.css';

type Opportunity = Card & { probability?: number | null };

export function OpportunitiesPage() {
	const t = useT();
	const go = useGo();
	const language = useLanguage();
	const { reads, workspace, formats } = useScope();
	const { q, sort, segment } = useAppSearch();
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useOpportunities(reads, q ?? null, sort ?? null, segment ?? null);
	const { data: pipelines } = usePipelines(reads, true);
	const names = useMemberNames(reads);
	const photos = useMemberPhotos(reads);
	const stages = useMemo(() => new Map((pipelines ?? []).flatMap((one) => one.stages).map((stage): [string, Stage] => [stage.id, stage])), [pipelines]);
	const deals = useMemo(() => [...new Map((data?.pages ?? []).flatMap((page) => page.data).map((deal) => [deal.id, deal])).values()], [data]);
	useTitle(t('tab.opportunities'), workspace?.name ?? t('workspace.all'));
	const none = <span className="muted">—</span>;
	const columns: Array<Column<Opportunity>> = [
		{ key: 'title', sort: 'title', label: t('field.title'), cell: (deal) => <button type="button" className="row-link" data-lead-deal={deal.id} onClick={() => go.openDeal(deal.id)}><Tile name={deal.company ?? deal.title} /><span className="cut">{deal.title}</span></button> },
		{ key: 'company', sort: 'company', label: t('field.company'), cell: (deal) => deal.company ?? none },
		{ key: 'contact', sort: 'name', label: t('field.contact'), cell: (deal) => deal.contact_name ?? none },
		{ key: 'value', sort: 'value', label: t('field.value'), right: true, cell: (deal) => deal.value ? <b className="num">{formats.money(deal.value)}</b> : none },
		{ key: 'stage', sort: 'stage', label: t('deal.stage'), cell: (deal) => {
			const stage = stages.get(deal.stage_id);
			return stage ? <span className="status"><span className={`dot stage-${stage.colour}`} />{labelOf(stage.label, language, stage.key)}</span> : none;
		} },
		{ key: 'probability', sort: 'probability', label: t('field.probability'), right: true, cell: (deal) => <span className="num">{deal.probability ?? stages.get(deal.stage_id)?.probability ?? 0} %</span> },
		{ key: 'close', sort: 'close_date', label: t('field.close_date'), cell: (deal) => deal.close_date ? <span className="num">{formats.date(deal.close_date)}</span> : none },
		{ key: 'owner', sort: 'owner', label: t('field.owner'), cell: (deal) => {
			const owner = names.get(deal.owner_id ?? '');
			return owner ? <span className="person"><Avatar name={owner} photo={photos.get(deal.owner_id ?? '')} /><span className="cut">{owner}</span></span> : none;
		} },
	];
	return (
		<div className="leads-page">
			<header className="page-head">
				<div className="page-title"><div className="title-line"><h1>{t('tab.opportunities')}</h1><HelpLink page="opportunities" title={t('tab.opportunities')} /></div><p className="page-sub">{t('opportunities.sub')}</p></div>
				<HeadButtons here="/opportunities" />
			</header>
			<div className="bar"><WorkspaceFilter /><SegmentFilter of="deal" /><Find label={t('opportunities.search')} clear={t('leads.clear')} value={q ?? ''} onChange={(value) => go.search({ q: value || undefined }, true)} /></div>
			{isPending && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t('opportunities.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !deals.length && (q || segment
				? <Empty icon="search" title={t('opportunities.none_found')}><Button onClick={() => go.search({ q: undefined, segment: undefined }, true)}>{t('leads.clear')}</Button></Empty>
				: <Empty icon="trophy" title={t('opportunities.empty')}><p>{t('opportunities.empty_text')}</p><Button kind="primary" icon="leads" onClick={go.leads}>{t('nav.leads')}</Button></Empty>)}
			{deals.length > 0 && <Table label={t('tab.opportunities')} columns={columns} rows={deals} idOf={(deal) => deal.id} sort={sort} onSort={(next) => go.search({ sort: next }, true)}
				more={hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>} />}
		</div>
	);
}
