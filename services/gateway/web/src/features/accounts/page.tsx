/* The companies as a list: chips for prospects and clients with how many there are, words to find, filters and views; every column may show
   and most may order it. A row opens the company; picked rows are dealt with together. What is looked for stands in the URL. */
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useItems, useOwnFields } from '../../api/boards';
import { useMemberNames, useMemberPhotos, useMembers } from '../../api/queries';
import { HeadButtons } from '../../app/head-buttons';
import { problemText } from '../../app/problems';
import { ownOf, useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Avatar, Empty, Tile } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpLink, HelpMore, useTitle } from '../../ui/page';
import { type Column, Find, Table, TableSkeleton } from '../../ui/table';
import { useTags } from '../activities/model';
import { Mail, Phone, whomOf } from '../activities/reach';
import { ColumnsMenu, FilterMenu, ListViews, OwnFilters, ownNames, useShown } from '../lists/bar';
import { ownColumns } from '../lists/own-columns';
import { PickAll, PickOne, usePicked } from '../lists/picked';
import { RecordLink } from '../search/hits';
import { SegmentFilter } from '../segments/filter';
import { type Account, askedOf, FILTERS, useAccounts } from './model';
import '../leads/leads.css';
import '../deals/table.css';

const AccountForm = lazy(() => import('./form').then((module) => ({ default: module.AccountForm })));
const BulkBar = lazy(() => import('./bulk').then((module) => ({ default: module.BulkBar })));
const PLACE = 'accounts';
const FIRST = ['industry', 'phone', 'city', 'annual_revenue', 'contacts', 'lifecycle', 'owner'];
const LIFECYCLES = ['', 'prospect', 'client'] as const;

export function AccountsPage() {
	const t = useT();
	const language = useLanguage();
	const go = useGo();
	const { me, reads, workspace, workspaces, mayEdit, formats } = useScope();
	const searched = useAppSearch();
	const { q, lifecycle, sort } = searched;
	const text = JSON.stringify(askedOf(searched));
	const asked = useMemo(() => JSON.parse(text) as Record<string, string>, [text]);
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useAccounts({ workspace: reads, sort: sort ?? null, count: 1, ...asked });
	const items = useItems(reads).data;
	const fields = useOwnFields(reads, 'account').data;
	const own = (fields ?? []).filter((each) => !each.retired).sort((a, b) => a.position - b.position);
	const tags = useTags(reads).data;
	const members = useMembers(reads).data;
	const names = useMemberNames(reads);
	const photos = useMemberPhotos(reads);
	const workspaceName = useWorkspaceName();
	/* which new one is being made: one that closes must not take the next along */
	const [making, setMaking] = useState(0);
	const make = useCallback(() => setMaking((last) => last + 1), []);
	const [closed, setClosed] = useState(0);
	const accounts = useMemo(() => [...new Map((data?.pages ?? []).flatMap((page) => page.data).map((one) => [one.id, one])).values()], [data]);
	const picked = usePicked(accounts);
	useTitle(t('tab.accounts'), workspace?.name ?? t('workspace.all'));
	const search = useCallback((value: string) => go.search({ q: value || undefined }, true), [go]);
	const none = <span className="muted">—</span>;
	const one = workspaces.length === 1 ? (workspaces[0] ?? null) : null;
	const may = one !== null && mayEdit(one.id);
	const seesOthers = me.agency.admin || workspaces.some((each) => each.scope !== 'own');
	const filtered = Object.keys(asked).length > 0;
	const unfilter = () => go.search(Object.fromEntries([...FILTERS, ...Object.keys(ownOf(searched))].map((name) => [name, undefined])), true);
	const unique = <T,>(list: readonly T[], key: (one: T) => string) => [...new Map(list.map((each) => [key(each), each])).values()];
	const types = unique((items ?? []).filter((item) => item.catalogue === 'account_type' && !item.retired).sort((a, b) => a.position - b.position), (item) => item.key);
	const itemName = (catalogue: string, key: string | null) => {
		const item = key ? items?.find((each) => each.catalogue === catalogue && each.key === key) : undefined;
		return item ? labelOf(item.label, language, item.key) : key;
	};
	const cell = (value: string | null) => (value ? <span className="cut">{value}</span> : none);
	const columns: Array<Column<Account>> = [
		{ key: 'name', label: t('account.name'), sort: 'name', ...(may ? { head: <PickAll picked={picked} of={accounts.length} /> } : {}), cell: (account) => <>
			{may && <PickOne picked={picked} id={account.id} title={account.name} />}
			<RecordLink whole type="client" id={account.id} className="row-link"><Tile name={account.name} /><span className="cut">{account.name}</span></RecordLink>
		</> },
		...(one ? [] : [{ key: 'workspace', label: t('field.workspace'), cell: (account: Account) => <span className="cut">{workspaceName(account.workspace_id)}</span> }]),
		{ key: 'industry', label: t('account.industry'), sort: 'industry', cell: (account) => cell(account.industry) },
		{ key: 'phone', label: t('field.phone'), sort: 'phone', cell: (account) => account.phone ? <Phone phone={account.phone} whom={whomOf('account', account)} /> : none },
		{ key: 'email', label: t('field.email'), cell: (account) => account.email ? <Mail email={account.email} /> : none },
		{ key: 'city', label: t('account.city'), sort: 'city', cell: (account) => cell(account.city) },
		{ key: 'annual_revenue', label: t('account.annual_revenue'), sort: 'annual_revenue', right: true, cell: (account) => account.annual_revenue ? <span className="num">{formats.money(account.annual_revenue)}</span> : none },
		{ key: 'contacts', label: t('account.contacts'), sort: 'contacts', right: true, cell: (account) => <span className="num">{formats.number(account.contacts)}</span> },
		{ key: 'lifecycle', label: t('field.status'), sort: 'lifecycle', cell: (account) => <span className="status"><span className={`dot ${account.lifecycle === 'client' ? 'stage-green' : 'stage-grey'}`} />{sayValue('lifecycle', account.lifecycle)}</span> },
		{ key: 'account_type', label: t('field.account_type'), sort: 'account_type', cell: (account) => cell(itemName('account_type', account.account_type)) },
		{ key: 'onboarding_status', label: t('field.onboarding_status'), cell: (account) => cell(itemName('onboarding_status', account.onboarding_status)) },
		{ key: 'tags', label: t('tags.title'), cell: (account) => account.tags.length ? <span className="row-tags">{account.tags.slice(0, 3).map((tag) => <span key={tag.id} className="tag"><span className={`dot stage-${tag.colour}`} /><span className="cut">{tag.label}</span></span>)}</span> : none },
		{ key: 'owner', label: t('field.owner'), sort: 'owner', cell: (account) => {
			const owner = names.get(account.owner_id ?? '');
			return owner ? <span className="person"><Avatar name={owner} photo={photos.get(account.owner_id ?? '')} /><span className="cut">{owner}</span></span> : none;
		} },
		...ownColumns<Account>(own, language, formats, t),
		{ key: 'number', label: t('field.number'), sort: 'number', right: true, cell: (account) => <span className="num">{account.number}</span> },
		{ key: 'created', label: t('field.created_at'), sort: 'created_at', cell: (account) => <span className="num">{formats.date(account.created_at)}</span> },
	];
	const choosable = columns.filter((column) => column.key !== 'name' && column.key !== 'workspace');
	const { shown, set: setShown } = useShown(PLACE, choosable, FIRST);
	const showing = columns.filter((column) => column.key === 'name' || column.key === 'workspace' || shown.includes(column.key));
	const first = data?.pages[0];
	const counts = { '': first?.prospects === undefined ? undefined : first.prospects + (first.clients ?? 0), prospect: first?.prospects, client: first?.clients };
	const people = unique((members ?? []).filter((each) => each.active && each.id !== me.user.id), (each) => each.id).sort((a, b) => a.name.localeCompare(b.name));
	return (
		<div className="leads-page">
			<header className="page-head">
				<div className="page-title"><div className="title-line"><h1>{t('tab.accounts')}</h1><HelpLink page="accounts" title={t('tab.accounts')} /></div><p className="page-sub">{t('accounts.sub')}</p></div>
				<HeadButtons here="/accounts" filter={asked} {...(may ? { own: { label: t('account.new'), run: make } } : {})} />
			</header>
			<div className="bar">
				<div className="segments scroll" role="group" aria-label={t('field.status')}>
					{LIFECYCLES.map((value) => (
						<button key={value} type="button" className="segment" aria-pressed={(lifecycle ?? '') === value} onClick={() => go.search({ lifecycle: value || undefined }, true)}>
							{value && <span className={`dot ${value === 'client' ? 'stage-green' : 'stage-grey'}`} />}{value ? sayValue('lifecycles', value) : t('accounts.all')}{counts[value] !== undefined && <span className="muted num">{formats.number(counts[value])}</span>}
						</button>
					))}
				</div>
				<Find label={t('accounts.search')} clear={t('leads.clear')} value={q ?? ''} onChange={search} />
				<WorkspaceFilter />
				{types.length > 0 && <FilterMenu name="account_type" label={t('field.account_type')} every={t('accounts.any_type')} options={[...types.map((item) => ({ value: item.key, label: labelOf(item.label, language, item.key) })), { value: 'none', label: t('filter.none') }]} />}
				{seesOthers && <FilterMenu name="owner" label={t('field.owner')} every={t('contacts.everyone')} options={[{ value: 'me', label: t('contacts.mine') }, { value: 'none', label: t('deal.owner_none') }, ...people.map((each) => ({ value: each.id, label: each.name }))]} />}
				{(tags?.length ?? 0) > 0 && <FilterMenu name="tag" label={t('tags.title')} every={t('contacts.any_tag')} options={unique(tags ?? [], (tag) => tag.label.toLowerCase()).map((tag) => ({ value: one ? tag.id : tag.label, label: tag.label, tone: `stage-${tag.colour}` }))} />}
				<SegmentFilter of="account" />
				<OwnFilters fields={fields} />
				<FilterMenu name="archived" label={t('contacts.archived_label')} every={t('contacts.archived_not')} options={[{ value: '1', label: t('contacts.archived_only') }, { value: 'all', label: t('contacts.archived_too') }]} />
				{filtered && <Button kind="quiet" icon="x" onClick={unfilter}>{t('filter.clear')}</Button>}
				<div className="bar-end"><ListViews place={PLACE} names={[...FILTERS, ...ownNames(fields)]} columns={shown} onColumns={setShown} /><ColumnsMenu all={choosable} shown={shown} onChange={setShown} /></div>
			</div>
			{isPending && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t('accounts.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !accounts.length && (filtered
				? <Empty icon="search" title={t('accounts.none_found')}><Button onClick={unfilter}>{t('leads.clear')}</Button></Empty>
				: <Empty icon="building" title={t('accounts.empty')}><p>{t('accounts.empty_text')}</p>{may && <Button kind="primary" icon="plus" onClick={make}>{t('account.new')}</Button>}<HelpMore page="accounts" /></Empty>)}
			{accounts.length > 0 && (
				<Table label={t('tab.accounts')} columns={showing} rows={accounts} idOf={(account) => account.id} sort={sort ?? 'name'} onSort={(next) => go.search({ sort: next }, true)}
					more={hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>} />
			)}
			{picked.ids.size > 0 && <Suspense fallback={null}><BulkBar picked={picked} rows={accounts} /></Suspense>}
			<Suspense fallback={null}>{making > closed && <AccountForm key={making} account={null} onClose={() => setClosed((old) => Math.max(old, making))} />}</Suspense>
		</div>
	);
}
