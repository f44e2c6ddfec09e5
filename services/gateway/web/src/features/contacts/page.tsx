/* The people as a list: chips for what they are to the workspace, their status, words to find, filters and views; every column may show and
   most may order it. A row opens the person; picked rows are dealt with together. What is looked for stands in the URL. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useItems, useOwnFields } from '../../api/boards';
import { useMemberNames, useMemberPhotos, useMembers } from '../../api/queries';
import { HeadButtons } from '../../app/head-buttons';
import { problemText } from '../../app/problems';
import { ownOf, useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Avatar, Empty, Tile } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpLink, HelpMore, useTitle } from '../../ui/page';
import { type Column, Find, Table, TableSkeleton } from '../../ui/table';
import { useNarrow } from '../../ui/width';
import { useTags } from '../activities/model';
import { Mail, Phone, whomOf } from '../activities/reach';
import { ColumnsMenu, FilterMenu, ListViews, OwnFilters, ownNames, useShown } from '../lists/bar';
import { ownColumns } from '../lists/own-columns';
import { PickAll, PickOne, usePicked } from '../lists/picked';
import { RecordLink } from '../search/hits';
import { SegmentFilter } from '../segments/filter';
import { ICON, STATUS_TONE, TONE, TYPES } from './kinds';
import { askedOf, type Contact, FILTERS, useContacts, useTypes } from './model';
import '../leads/leads.css';
import '../deals/table.css';

const ContactForm = lazy(() => import('./form').then((module) => ({ default: module.ContactForm })));
const BulkBar = lazy(() => import('./bulk').then((module) => ({ default: module.BulkBar })));
const PLACE = 'contacts';
const FIRST = ['name', 'type', 'company', 'email', 'status', 'deals'];
/* where contacts belong to accounts */
const FIRST_DYNAMICS = ['name', 'account', 'job_title', 'email', 'phone', 'deals'];

export function ContactsPage() {
	const t = useT();
	const language = useLanguage();
	const go = useGo();
	const { me, reads, workspace, workspaces, mayEdit, formats, profile } = useScope();
	const searched = useAppSearch();
	const { q, kind, sort } = searched;
	const text = JSON.stringify(askedOf(searched));
	const asked = useMemo(() => JSON.parse(text) as Record<string, string>, [text]);
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useContacts(reads, asked, sort);
	const types = useTypes(reads, asked).data;
	const items = useItems(reads).data;
	const fields = useOwnFields(reads, 'contact').data;
	const tags = useTags(reads).data;
	const members = useMembers(reads).data;
	const names = useMemberNames(reads);
	const photos = useMemberPhotos(reads);
	const workspaceName = useWorkspaceName();
	/* which new one is being made: one that closes must not take the next along */
	const [making, setMaking] = useState(0);
	const make = useCallback(() => setMaking((last) => last + 1), []);
	const [closed, setClosed] = useState(0);
	const contacts = useMemo(() => [...new Map((data?.pages ?? []).flatMap((page) => page.data).map((one) => [one.id, one])).values()], [data]);
	const picked = usePicked(contacts);
	/* a phone has no room for the page's buttons */
	const narrow = useNarrow(761);
	useTitle(t('tab.contacts'), workspace?.name ?? t('workspace.all'));
	const search = useCallback((value: string) => go.search({ q: value || undefined }, true), [go]);
	const none = <span className="muted">—</span>;
	const one = workspaces.length === 1 ? (workspaces[0] ?? null) : null;
	const may = one !== null && mayEdit(one.id);
	const seesOthers = me.agency.admin || workspaces.some((each) => each.scope !== 'own');
	const filtered = Object.keys(asked).length > 0;
	const unfilter = () => go.search(Object.fromEntries([...FILTERS, ...Object.keys(ownOf(searched))].map((name) => [name, undefined])), true);
	const unique = <T,>(list: readonly T[], key: (one: T) => string) => [...new Map(list.map((each) => [key(each), each])).values()];
	const statuses = unique((items ?? []).filter((item) => item.catalogue === 'contact_status' && !item.retired).sort((a, b) => a.position - b.position), (item) => item.key);
	const statusName = (key: string) => { const item = items?.find((each) => each.catalogue === 'contact_status' && each.key.toLowerCase() === key.toLowerCase()); return item ? labelOf(item.label, language, item.key) : key; };
	const own = unique((fields ?? []).filter((field) => !field.retired), (field) => field.key);
	const columns: Array<Column<Contact>> = [
		{ key: 'name', label: t('field.name'), sort: 'name', ...(may ? { head: <PickAll picked={picked} of={contacts.length} /> } : {}), cell: (contact) => <>
			{may && <PickOne picked={picked} id={contact.id} title={contact.name} />}
			<RecordLink whole type="contact" id={contact.id} className="row-link"><Tile name={contact.name} /><span className="cut">{contact.name}</span></RecordLink>
		</> },
		{ key: 'type', label: t('field.type'), sort: 'type', cell: (contact) => <span className="status"><span className={`dot ${TONE[contact.type]}`} />{t(`contact_type.${contact.type}`)}</span> },
		...(one ? [] : [{ key: 'workspace', label: t('field.workspace'), cell: (contact: Contact) => <span className="cut">{workspaceName(contact.workspace_id)}</span> }]),
		{ key: 'company', label: t('field.company'), sort: 'company', cell: (contact) => contact.company ?? contact.account_name ? <span className="cut">{contact.company ?? contact.account_name}</span> : none },
		{ key: 'account', label: t('field.account'), cell: (contact) => contact.account_id && contact.account_name ? <button type="button" className="link cut" onClick={() => go.search({ type: 'client', id: contact.account_id ?? undefined, tab: undefined })}>{contact.account_name}</button> : none },
		{ key: 'job_title', label: t('field.job_title'), sort: 'job_title', cell: (contact) => contact.job_title ? <span className="cut">{contact.job_title}</span> : none },
		{ key: 'email', label: t('field.email'), sort: 'email', cell: (contact) => contact.email ? <Mail email={contact.email} /> : none },
		{ key: 'phone', label: t('field.phone'), sort: 'phone', cell: (contact) => contact.phone ? <Phone phone={contact.phone} whom={whomOf('contact', contact)} /> : none },
		{ key: 'status', label: t('field.status'), sort: 'status', cell: (contact) => contact.status ? <span className="status"><span className={`dot ${STATUS_TONE[contact.status.toLowerCase()] ?? 'stage-grey'}`} />{statusName(contact.status)}</span> : none },
		{ key: 'deals', label: t('search.deals'), sort: 'deals', right: true, cell: (contact) => <span className={contact.deals ? 'num' : 'num muted'}>{formats.number(contact.deals)}</span> },
		{ key: 'tags', label: t('tags.title'), cell: (contact) => contact.tags.length ? <span className="row-tags">{contact.tags.slice(0, 3).map((tag) => <span key={tag.id} className="tag"><span className={`dot stage-${tag.colour}`} /><span className="cut">{tag.label}</span></span>)}</span> : none },
		{ key: 'owner', label: t('field.owner'), sort: 'owner', cell: (contact) => {
			const owner = names.get(contact.owner_id ?? '');
			return owner ? <span className="person"><Avatar name={owner} photo={photos.get(contact.owner_id ?? '')} /><span className="cut">{owner}</span></span> : none;
		} },
		...ownColumns<Contact>(own, language, formats, t),
		{ key: 'number', label: t('field.number'), sort: 'number', right: true, cell: (contact) => <span className="num">{contact.number}</span> },
		{ key: 'created', label: t('field.created'), sort: 'created_at', cell: (contact) => <span className="num">{formats.date(contact.created_at)}</span> },
	];
	const choosable = columns.filter((column) => column.key !== 'name' && column.key !== 'workspace');
	const { shown, set: setShown } = useShown(PLACE, choosable, profile === 'dynamics' ? FIRST_DYNAMICS : FIRST);
	const showing = columns.filter((column) => column.key === 'name' || column.key === 'workspace' || shown.includes(column.key));
	const first = data?.pages[0];
	const strip = useRef<HTMLDivElement>(null);
	useEffect(() => { strip.current?.querySelector('[aria-pressed=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); }, [kind]);
	const chips = [{ value: '', label: t('contacts.all'), count: types?.total, icon: null, tone: '' }, ...TYPES.map((type) => ({ value: type as string, label: t(`contact_types.${type}`), count: types?.data.find((each) => each.type === type)?.count, icon: ICON[type], tone: TONE[type] }))];
	const people = unique((members ?? []).filter((each) => each.active && each.id !== me.user.id), (each) => each.id).sort((a, b) => a.name.localeCompare(b.name));
	return (
		<div className="leads-page">
			<header className="page-head">
				<div className="page-title"><div className="title-line"><h1>{t('tab.contacts')}</h1><HelpLink page="contacts" title={t('tab.contacts')} /></div><p className="page-sub">{t('contacts.sub')}</p></div>
				{may && narrow && <IconButton icon="plus" label={t('contact.new')} onClick={make} />}
				<HeadButtons here="/contacts" filter={asked} {...(may ? { own: { label: t('contact.new'), run: make } } : {})} />
			</header>
			<div className="bar">
				<div ref={strip} className="segments scroll" role="group" aria-label={t('field.type')}>
					{chips.map((chip) => (
						<button key={chip.value} type="button" className="segment" style={{ flex: '0 0 auto' }} aria-pressed={(kind ?? '') === chip.value} onClick={() => go.search({ kind: chip.value || undefined }, true)}>
							{chip.tone && <span className={`dot ${chip.tone}`} />}{chip.icon && <Icon name={chip.icon} size={15} />}{chip.label}{chip.count !== undefined && <span className="muted num">{formats.number(chip.count)}</span>}
						</button>
					))}
				</div>
			</div>
			<div className={narrow ? 'bar deal-bar' : 'bar'}>
				{(statuses.length > 0 || searched.status) && <FilterMenu name="status" label={t('field.status')} every={t('contacts.any_status')} options={[...statuses.map((item) => ({ value: item.key, label: labelOf(item.label, language, item.key), tone: STATUS_TONE[item.key] ?? 'stage-grey' })), { value: 'none', label: t('filter.none') }]} />}
				<Find label={t('contacts.search')} clear={t('leads.clear')} value={q ?? ''} onChange={search} />
				<WorkspaceFilter />
				<div className="filter-chips" style={narrow ? undefined : { display: 'contents' }} role="group" aria-label={t('filter.label')}>
					{seesOthers && <FilterMenu name="owner" label={t('field.owner')} every={t('contacts.everyone')} options={[{ value: 'me', label: t('contacts.mine') }, { value: 'none', label: t('deal.owner_none') }, ...people.map((each) => ({ value: each.id, label: each.name }))]} />}
					{(tags?.length ?? 0) > 0 && <FilterMenu name="tag" label={t('tags.title')} every={t('contacts.any_tag')} options={[...unique(tags ?? [], (tag) => tag.label.toLowerCase()).map((tag) => ({ value: one ? tag.id : tag.label, label: tag.label, tone: `stage-${tag.colour}` })), { value: 'none', label: t('filter.none') }]} />}
					<FilterMenu name="account" label={t('field.account')} every={t('contacts.all')} options={[{ value: 'none', label: t('contacts.no_account') }]} />
					<OwnFilters fields={fields} />
					<FilterMenu name="archived" label={t('contacts.archived_label')} every={t('contacts.archived_not')} options={[{ value: '1', label: t('contacts.archived_only') }, { value: 'all', label: t('contacts.archived_too') }]} />
					<SegmentFilter of="contact" />
					{filtered && <Button kind="quiet" icon="x" onClick={unfilter}>{t('filter.clear')}</Button>}
				</div>
				<div className="bar-end"><ListViews place={PLACE} names={[...FILTERS, ...ownNames(fields)]} columns={shown} onColumns={setShown} /><ColumnsMenu all={choosable} shown={shown} onChange={setShown} /></div>
			</div>
			{isPending && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t('contacts.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !contacts.length && (filtered
				? <Empty icon="search" title={t('contacts.none_found')}><Button onClick={unfilter}>{t('leads.clear')}</Button></Empty>
				: <Empty icon="user" title={t('contacts.empty')}><p>{t('contacts.empty_text')}</p>{may && <Button kind="primary" icon="plus" onClick={make}>{t('contact.new')}</Button>}<HelpMore page="contacts" /></Empty>)}
			{contacts.length > 0 && (
				<Table label={t('tab.contacts')} columns={showing} rows={contacts} idOf={(contact) => contact.id} sort={sort} onSort={(next) => go.search({ sort: next }, true)}
					more={<>{hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}{picked.ids.size > 0 && <div style={{ height: 84 }} />}</>} />
			)}
			{picked.ids.size > 0 && <Suspense fallback={null}><BulkBar picked={picked} rows={contacts} all={{ count: first?.total ?? 0, more: first?.more ?? false, filter: asked }} /></Suspense>}
			<Suspense fallback={null}>{making > closed && <ContactForm key={making} contact={null} onClose={() => setClosed((old) => Math.max(old, making))} />}</Suspense>
		</div>
	);
}
