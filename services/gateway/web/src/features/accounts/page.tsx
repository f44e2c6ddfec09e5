/* The companies as a table: its columns, who is a client, how many people are known there. The service sorts and pages; a row opens
   the company. Filter, order and search stand in the URL. */
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useMemberNames, useMemberPhotos } from '../../api/queries';
import { HeadButtons } from '../../app/head-buttons';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { sayValue, useT } from '../../i18n';
import { Avatar, Empty, Tile } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpLink, HelpMore, useTitle } from '../../ui/page';
import { type Column, Find, Segments, Table, TableSkeleton } from '../../ui/table';
import { Phone, whomOf } from '../activities/reach';
import { SegmentFilter } from '../segments/filter';
import { type Account, useAccounts } from './model';
import { RecordLink } from '../search/hits';
import '../leads/leads.css';

const AccountForm = lazy(() => import('./form').then((module) => ({ default: module.AccountForm })));
const LIFECYCLES = ['', 'prospect', 'client'] as const;

export function AccountsPage() {
	const t = useT();
	const go = useGo();
	const { reads, workspace, workspaces, mayEdit, formats } = useScope();
	const { q, lifecycle, sort, segment } = useAppSearch();
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useAccounts({ workspace: reads, q: q ?? null, lifecycle: lifecycle ?? null, sort: sort ?? null, segment: segment ?? null });
	const names = useMemberNames(reads);
	const photos = useMemberPhotos(reads);
	const workspaceName = useWorkspaceName();
	/* which new one is being made: one that closes must not take the next along */
	const [making, setMaking] = useState(0);
	const make = () => setMaking((last) => last + 1);
	const [closed, setClosed] = useState(0);
	const accounts = useMemo(() => [...new Map((data?.pages ?? []).flatMap((page) => page.data).map((one) => [one.id, one])).values()], [data]);
	useTitle(t('tab.accounts'), workspace?.name ?? t('workspace.all'));
	const search = useCallback((value: string) => go.search({ q: value || undefined }, true), [go]);
	const none = <span className="muted">—</span>;
	const one = workspaces.length === 1 ? (workspaces[0] ?? null) : null;
	const may = one !== null && mayEdit(one.id);
	const filtered = Boolean(q || lifecycle || segment);
	const columns: Array<Column<Account>> = [
		{ key: 'name', label: t('account.name'), sort: 'name', cell: (account) => <RecordLink whole type="client" id={account.id} className="row-link"><Tile name={account.name} /><span className="cut">{account.name}</span></RecordLink> },
		...(one ? [] : [{ key: 'workspace', label: t('field.workspace'), cell: (account: Account) => <span className="cut">{workspaceName(account.workspace_id)}</span> }]),
		{ key: 'industry', label: t('account.industry'), sort: 'industry', cell: (account) => account.industry ?? none },
		{ key: 'phone', label: t('field.phone'), sort: 'phone', cell: (account) => account.phone ? <Phone phone={account.phone} whom={whomOf('account', account)} /> : none },
		{ key: 'city', label: t('account.city'), sort: 'city', cell: (account) => account.city ?? none },
		{ key: 'annual_revenue', label: t('account.annual_revenue'), sort: 'annual_revenue', right: true, cell: (account) => account.annual_revenue ? <span className="num">{formats.money(account.annual_revenue)}</span> : none },
		{ key: 'contacts', label: t('account.contacts'), sort: 'contacts', right: true, cell: (account) => <span className="num">{formats.number(account.contacts)}</span> },
		{ key: 'lifecycle', label: t('field.status'), cell: (account) => <span className="status"><span className={`dot ${account.lifecycle === 'client' ? 'stage-green' : 'stage-grey'}`} />{sayValue('lifecycle', account.lifecycle)}</span> },
		{ key: 'owner', label: t('field.owner'), cell: (account) => {
			const owner = names.get(account.owner_id ?? '');
			return owner ? <span className="person"><Avatar name={owner} photo={photos.get(account.owner_id ?? '')} /><span className="cut">{owner}</span></span> : none;
		} },
	];
	return (
		<div className="leads-page">
			<header className="page-head">
				<div className="page-title"><div className="title-line"><h1>{t('tab.accounts')}</h1><HelpLink page="accounts" title={t('tab.accounts')} /></div><p className="page-sub">{t('accounts.sub')}</p></div>
				{may && <Button icon="plus" onClick={make}>{t('account.new')}</Button>}
				<HeadButtons here="/accounts" filter={{ q, lifecycle, segment }} />
			</header>
			<div className="bar">
				<Segments label={t('field.status')} value={lifecycle ?? ''} onChange={(value) => go.search({ lifecycle: value || undefined }, true)}
					choices={LIFECYCLES.map((value) => ({ value, label: value ? sayValue('lifecycles', value) : t('accounts.all') }))} />
				<WorkspaceFilter />
				<SegmentFilter of="account" />
				<Find label={t('accounts.search')} clear={t('leads.clear')} value={q ?? ''} onChange={search} />
			</div>
			{isPending && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t('accounts.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !accounts.length && (filtered
				? <Empty icon="search" title={t('accounts.none_found')}><Button onClick={() => go.search({ q: undefined, lifecycle: undefined, segment: undefined }, true)}>{t('leads.clear')}</Button></Empty>
				: <Empty icon="building" title={t('accounts.empty')}><p>{t('accounts.empty_text')}</p>{may && <Button kind="primary" icon="plus" onClick={make}>{t('account.new')}</Button>}<HelpMore page="accounts" /></Empty>)}
			{accounts.length > 0 && (
				<Table label={t('tab.accounts')} columns={columns} rows={accounts} idOf={(account) => account.id} sort={sort ?? 'name'} onSort={(next) => go.search({ sort: next }, true)}
					more={hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>} />
			)}
			<Suspense fallback={null}>{making > closed && <AccountForm key={making} account={null} onClose={() => setClosed((old) => Math.max(old, making))} />}</Suspense>
		</div>
	);
}
