/* The people as a table, who came last first; found by a part of name, company or e-mail. A row opens the person. What is looked for
   stands in the URL. */
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useMemberNames, useMemberPhotos } from '../../api/queries';
import { HeadButtons } from '../../app/head-buttons';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { useT } from '../../i18n';
import { Avatar, Empty, Tile } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpLink, HelpMore, useTitle } from '../../ui/page';
import { type Column, Find, Segments, Table, TableSkeleton } from '../../ui/table';
import { Mail, Phone, whomOf } from '../activities/reach';
import { RecordLink } from '../search/hits';
import { SegmentFilter } from '../segments/filter';
import { type Contact, useContacts } from './model';
import '../leads/leads.css';

const ContactForm = lazy(() => import('./form').then((module) => ({ default: module.ContactForm })));

export function ContactsPage() {
	const t = useT();
	const go = useGo();
	const { me, reads, workspace, workspaces, mayEdit, formats } = useScope();
	const { q, account, whose, segment } = useAppSearch();
	const loose = account === 'none';
	const mine = whose === 'me';
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useContacts({ workspace: reads, q: q ?? null, account: loose ? 'none' : null, owner_id: mine ? me.user.id : null, segment: segment ?? null });
	const names = useMemberNames(reads);
	const photos = useMemberPhotos(reads);
	const workspaceName = useWorkspaceName();
	/* which new one is being made: one that closes must not take the next along */
	const [making, setMaking] = useState(0);
	const make = () => setMaking((last) => last + 1);
	const [closed, setClosed] = useState(0);
	const contacts = useMemo(() => [...new Map((data?.pages ?? []).flatMap((page) => page.data).map((one) => [one.id, one])).values()], [data]);
	useTitle(t('tab.contacts'), workspace?.name ?? t('workspace.all'));
	const search = useCallback((value: string) => go.search({ q: value || undefined }, true), [go]);
	const none = <span className="muted">—</span>;
	const one = workspaces.length === 1 ? (workspaces[0] ?? null) : null;
	const seesOthers = mine || me.agency.admin || workspaces.some((each) => each.scope !== 'own');
	const filtered = Boolean(q || segment) || loose || mine;
	const may = one !== null && mayEdit(one.id);
	const columns: Array<Column<Contact>> = [
		{ key: 'name', label: t('field.name'), cell: (contact) => <RecordLink whole type="contact" id={contact.id} className="row-link"><Tile name={contact.name} /><span className="cut">{contact.name}</span></RecordLink> },
		...(one ? [] : [{ key: 'workspace', label: t('field.workspace'), cell: (contact: Contact) => <span className="cut">{workspaceName(contact.workspace_id)}</span> }]),
		{ key: 'company', label: t('field.company'), cell: (contact) => contact.company ? <span className="cut">{contact.company}</span> : none },
		{ key: 'account', label: t('field.account'), cell: (contact) => contact.account_id && contact.account_name ? <button type="button" className="link cut" onClick={() => go.search({ type: 'client', id: contact.account_id ?? undefined, tab: undefined })}>{contact.account_name}</button> : none },
		{ key: 'email', label: t('field.email'), cell: (contact) => contact.email ? <Mail email={contact.email} /> : none },
		{ key: 'phone', label: t('field.phone'), cell: (contact) => contact.phone ? <Phone phone={contact.phone} whom={whomOf('contact', contact)} /> : none },
		{ key: 'tags', label: t('tags.title'), cell: (contact) => contact.tags.length ? <span className="row-tags">{contact.tags.slice(0, 3).map((tag) => <span key={tag.id} className="tag"><span className={`dot stage-${tag.colour}`} /><span className="cut">{tag.label}</span></span>)}</span> : none },
		{ key: 'owner', label: t('field.owner'), cell: (contact) => {
			const owner = names.get(contact.owner_id ?? '');
			return owner ? <span className="person"><Avatar name={owner} photo={photos.get(contact.owner_id ?? '')} /><span className="cut">{owner}</span></span> : none;
		} },
		{ key: 'created', label: t('field.created'), cell: (contact) => <span className="num">{formats.date(contact.created_at)}</span> },
	];
	return (
		<div className="leads-page">
			<header className="page-head">
				<div className="page-title"><div className="title-line"><h1>{t('tab.contacts')}</h1><HelpLink page="contacts" title={t('tab.contacts')} /></div><p className="page-sub">{t('contacts.sub')}</p></div>
				{may && <Button icon="plus" onClick={make}>{t('contact.new')}</Button>}
				<HeadButtons here="/contacts" />
			</header>
			<div className="bar">
				<WorkspaceFilter />
				<SegmentFilter of="contact" />
				<Find label={t('contacts.search')} clear={t('leads.clear')} value={q ?? ''} onChange={search} />
				<Segments<'all' | 'none'> label={t('field.account')} value={loose ? 'none' : 'all'} onChange={(next) => go.search({ account: next === 'none' ? 'none' : undefined }, true)} choices={[{ value: 'all', label: t('contacts.all') }, { value: 'none', label: t('contacts.no_account') }]} />
				{seesOthers && <Segments<'all' | 'me'> label={t('field.owner')} value={mine ? 'me' : 'all'} onChange={(next) => go.search({ whose: next === 'me' ? 'me' : undefined }, true)} choices={[{ value: 'all', label: t('contacts.everyone') }, { value: 'me', label: t('contacts.mine') }]} />}
			</div>
			{isPending && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t('contacts.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !contacts.length && (filtered
				? <Empty icon="search" title={t('contacts.none_found')}><Button onClick={() => go.search({ q: undefined, account: undefined, whose: undefined, segment: undefined }, true)}>{t('leads.clear')}</Button></Empty>
				: <Empty icon="user" title={t('contacts.empty')}><p>{t('contacts.empty_text')}</p>{may && <Button kind="primary" icon="plus" onClick={make}>{t('contact.new')}</Button>}<HelpMore page="contacts" /></Empty>)}
			{contacts.length > 0 && (
				<Table label={t('tab.contacts')} columns={columns} rows={contacts} idOf={(contact) => contact.id}
					more={hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>} />
			)}
			<Suspense fallback={null}>{making > closed && <ContactForm key={making} contact={null} onClose={() => setClosed((old) => Math.max(old, making))} />}</Suspense>
		</div>
	);
}
