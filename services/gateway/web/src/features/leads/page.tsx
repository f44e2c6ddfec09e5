/* The leads as a list: what came in, from where, how far it is, how old, who waits for an answer. Filters, order and search
   stand in the URL; the service sorts, counts and pages, a click opens the lead. */
import { memo, type MouseEvent, useCallback, useEffect, useMemo } from 'react';
import { useLeads, useMemberNames, useMemberPhotos, useMembers } from '../../api/queries';
import type { Lead } from '../../api/types';
import { useActions } from '../../app/actions';
import { HeadButtons } from '../../app/head-buttons';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Avatar, Empty, Tile } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { Find, Segments, SortHead, TableSkeleton } from '../../ui/table';
import { HelpLink, HelpMore } from '../../ui/page';
import { SOURCES, SourceTag } from '../deals/source';
import { Mail, Phone, whomOf } from '../activities/reach';
import { SegmentFilter } from '../segments/filter';
import { age, useMinute } from './age';
import './leads.css';

const STATUSES = ['New', 'Contacted', 'Qualified'] as const;

export function LeadsPage() {
	const t = useT();
	const go = useGo();
	const actions = useActions();
	const { reads, workspace, me, formats } = useScope();
	const several = !workspace && me.workspaces.length > 1;
	const { status, q, source, owner, segment, unanswered, sort, created_from: from, created_to: until } = useAppSearch();
	const now = useMinute();
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData, refetch } = useLeads({
		workspace: reads, status: status ?? null, q: q ?? null, source: source ?? null, owner: owner ?? null, segment: segment ?? null, unanswered: unanswered ?? null, sort: sort ?? null, created_from: from ?? null, created_to: until ?? null,
	});
	const names = useMemberNames(reads);
	const photos = useMemberPhotos(reads);
	const leads = useMemo(() => {
		const seen = new Set<string>();
		return (data?.pages ?? []).flatMap((page) => page.data).filter((lead) => !seen.has(lead.id) && seen.add(lead.id));
	}, [data]);
	useEffect(() => { document.title = `${t('nav.leads')} · ${workspace?.name ?? t('workspace.all')} · Leadwire`; }, [t, workspace]);
	const search = useCallback((value: string) => go.search({ q: value || undefined }, true), [go]);
	const filtered = Boolean(status || q || source || owner || segment || unanswered || from || until);
	const clear = () => go.search({ q: undefined, status: undefined, source: undefined, owner: undefined, segment: undefined, unanswered: undefined, created_from: undefined, created_to: undefined }, true);
	const total = data?.pages[0]?.total;
	const order = (next: string | undefined) => go.search({ sort: next }, true);
	const head = (name: string, label: string, className?: string) => <SortHead name={name} label={label} sort={sort} onSort={order} {...(className ? { className } : {})} />;
	return (
		<div className="leads-page">
			<header className="page-head">
				<div className="page-title"><div className="title-line"><h1>{t('nav.leads')}</h1><HelpLink page="leads" title={t('nav.leads')} /></div><p className="page-sub">{t('leads.sub')}</p></div>
				<HeadButtons here="/leads" />
			</header>
			<div className="bar">
				<Segments label={t('leads.filter')} value={status ?? ''} onChange={(one) => go.search({ status: one || undefined }, true)}
					choices={['', ...STATUSES].map((one) => ({ value: one, label: one ? sayValue('lead_status', one) : t('leads.all') }))} />
				<WorkspaceFilter />
				<SegmentFilter of="lead" />
				<SourceFilter value={source} />
				<OwnerFilter value={owner} />
				<button type="button" className="btn" aria-pressed={unanswered === '1'} onClick={() => go.search({ unanswered: unanswered ? undefined : '1' }, true)}><Icon name={unanswered ? 'check' : 'clock'} />{t('leads.unanswered')}</button>
				{(from || until) && <Button icon="x" onClick={() => go.search({ created_from: undefined, created_to: undefined }, true)}>{`${sayValue('field', 'created_at')}: ${[from && formats.date(from), until && formats.date(new Date(Date.parse(until) - 1).toISOString())].map((one) => one || '…').join(' – ')}`}</Button>}
				<Find label={t('leads.search')} clear={t('leads.clear')} value={q ?? ''} onChange={search} />
			</div>
			{isPending && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t('leads.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && leads.length === 0 && (filtered
				? <Empty icon="search" title={t('leads.none_found')}><p>{t('leads.none_found_text')}</p><Button onClick={clear}>{t('leads.clear')}</Button></Empty>
				: <Empty icon="inbox" title={t('leads.empty')}><p>{t('leads.empty_text')}</p><Button kind="primary" icon="plus" hotkey="N" onClick={actions.newLead}>{t('lead.new')}</Button><HelpMore page="hooks" /></Empty>)}
			{data && leads.length > 0 && (
				<>
				{total !== undefined && <p className="muted small leads-count num" role="status">{t(data.pages[0]?.more ? 'leads.count_more' : 'leads.count', { count: total })}</p>}
				<div className={`table-box scroll${isPlaceholderData ? ' table-old' : ''}`} tabIndex={0} role="region" aria-label={t('nav.leads')}>
					<table className={`table leads${several ? ' leads-several' : ''}`}>
						<thead>
							<tr>
								{head('name', t('field.name'))}{several && <th scope="col" className="col-workspace">{t('field.workspace')}</th>}{head('company', t('field.company'), 'col-company')}{head('email', t('field.email'), 'col-email')}{head('phone', t('field.phone'), 'col-phone')}
								{head('source', t('field.source'), 'col-source')}{head('status', t('field.status'), 'col-status')}{head('owner', t('field.owner'), 'col-owner')}{head('age', t('field.age'), 'col-age right')}
							</tr>
						</thead>
						<tbody>{leads.map((lead) => <Row key={lead.id} lead={lead} owner={lead.owner_id ? (names.get(lead.owner_id) ?? null) : null} photo={photos.get(lead.owner_id ?? '')} now={now} several={several} open={go.openLead} />)}</tbody>
					</table>
					{hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}
				</div>
				</>
			)}
		</div>
	);
}

function SourceFilter({ value }: { value: string | undefined }) {
	const t = useT();
	const go = useGo();
	const set = (source: string | undefined) => go.search({ source }, true);
	return (
		<Menu label={t('field.source')} entries={[
			{ key: '', label: t('leads.any_source'), checked: !value, onSelect: () => set(undefined) },
			...[...new Set([...SOURCES, 'import', 'api', ...(value ? [value] : [])])].map((one) => ({ key: one, label: sayValue('source', one), checked: value === one, onSelect: () => set(one) })),
		]} target={<button type="button" className="btn">{value ? sayValue('source', value) : t('field.source')}<Icon name="down" size={14} /></button>} />
	);
}

function OwnerFilter({ value }: { value: string | undefined }) {
	const t = useT();
	const go = useGo();
	const { reads } = useScope();
	const { data: members } = useMembers(reads);
	const set = (owner: string | undefined) => go.search({ owner }, true);
	const people = [...new Map((members ?? []).map((one) => [one.id, one.name])).entries()].sort((a, b) => a[1].localeCompare(b[1]));
	const named = value === 'me' ? t('leads.mine') : value === 'none' ? t('deal.owner_none') : people.find(([id]) => id === value)?.[1];
	return (
		<Menu label={t('field.owner')} entries={[
			{ key: '', label: t('leads.any_owner'), checked: !value, onSelect: () => set(undefined) },
			{ key: 'me', label: t('leads.mine'), checked: value === 'me', onSelect: () => set('me') },
			{ key: 'none', label: t('deal.owner_none'), checked: value === 'none', onSelect: () => set('none') },
			...people.map(([id, name]) => ({ key: id, label: name, checked: value === id, onSelect: () => set(id) })),
		]} target={<button type="button" className="btn"><span className="cut">{named ?? t('field.owner')}</span><Icon name="down" size={14} /></button>} />
	);
}

const STATUS_TONE: Record<string, string> = { New: 'stage-blue', Contacted: 'stage-orange', Qualified: 'stage-green' };

const Row = memo(function Row({ lead, owner, photo, now, several, open }: { lead: Lead; owner: string | null; photo: string | undefined; now: number; several: boolean; open(id: string): void }) {
	const t = useT();
	const { formats } = useScope();
	const { workspace: named } = useAppSearch();
	const workspaceName = useWorkspaceName();
	const click = (event: MouseEvent) => {
		if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
			return;
		event.preventDefault();
		open(lead.id);
	};
	const name = <><Tile name={lead.company ?? lead.name} /><span className="cut">{lead.name}</span></>;
	const none = <span className="muted">—</span>;
	return (
		<tr>
			<th scope="row">
				<a className="row-link" href={`/leads?${named ? `workspace=${encodeURIComponent(named)}&` : ''}type=lead&id=${lead.id}`} onClick={click} data-lead={lead.id}>{name}</a>
			</th>
			{several && <td className="cut col-workspace" data-label={t('field.workspace')}><span className="person"><Tile name={workspaceName(lead.workspace_id)} size={18} /><span className="cut">{workspaceName(lead.workspace_id)}</span></span></td>}
			<td className="cut col-company" data-label={t('field.company')}>{lead.company ?? none}</td>
			<td className="cut col-email" data-label={t('field.email')}>{lead.email ? <Mail email={lead.email} /> : none}</td>
			<td className="num cut col-phone" data-label={t('field.phone')}>{lead.phone ? <Phone phone={lead.phone} whom={whomOf('lead', lead)} /> : none}</td>
			<td className="col-source" data-label={t('field.source')}><SourceTag source={lead.source} /></td>
			<td className="col-status" data-label={t('field.status')}><span className="status"><span className={`dot ${STATUS_TONE[lead.status] ?? 'stage-grey'}`} />{sayValue('lead_status', lead.status)}</span></td>
			<td className="col-owner" data-label={t('field.owner')}>{owner ? <span className="person"><Avatar name={owner} photo={photo} /><span className="cut">{owner}</span></span> : none}</td>
			<td className="right num col-age" data-label={t('field.age')}>{lead.unanswered && <span className="late" title={t('lead.unanswered')}><Icon name="clock" size={14} /><span className="hidden-text">{t('lead.unanswered')}</span></span>}<time dateTime={lead.created_at} title={formats.moment(lead.created_at)}>{age(t, formats, lead.created_at, now)}</time></td>
		</tr>
	);
});
