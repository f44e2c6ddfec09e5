/* A contact in a small view: how to reach them, what was done, their deals; changed by a form over it. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { useMemberNames } from '../../api/queries';
import type { Card } from '../../api/types';
import { problemText } from '../../app/problems';
import { leave, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Facts, Skeleton, Tile } from '../../ui/bits';
import { IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { ActivitiesOf } from '../activities/of-record';
import { Mail, Phone, ReachButtons, whomOf } from '../activities/reach';
import { TagsOf } from '../activities/tags';
import { type Contact, useContact } from '../contacts/model';
import { Rest, usePages } from '../lists/pages';
import { HitRow, RecordLink } from './hits';
import { WithChat } from '../chat/tab';
import { rememberRecord } from './recent';
import '../deals/panel.css';

const ContactForm = lazy(() => import('../contacts/form').then((module) => ({ default: module.ContactForm })));

export function RecordView({ id }: { id: string }) {
	const t = useT();
	const go = useGo();
	const { reads, me } = useScope();
	const [opened, setOpened] = useState(true);
	const { data, error } = useContact(id, reads);
	useEffect(() => {
		if (data)
			rememberRecord(me.user.id, { type: 'contact', id: data.id, title: data.name, text: [data.company, data.email].filter(Boolean).join(' · '), workspace_id: data.workspace_id });
	}, [data, me]);
	const close = () => {
		leave(id);
		setOpened(false);
		setTimeout(() => {
			if (new URLSearchParams(location.search).get('id') === id)
				go.closeDeal(); /* not what was opened meanwhile */
		}, 150);
	};
	return (
		<Dialog opened={opened} onClose={close} title={data?.name ?? t(error ? 'record.failed' : 'common.loading')} closeLabel={t('common.close')} size={560}>
			{error && !data && <Empty icon="search" title={problemText(error)} />}
			{!data && !error && <div style={{ display: 'grid', gap: 12 }}>{['60%', '80%', '50%', '70%'].map((width, at) => <Skeleton key={at} w={width} h={18} />)}</div>}
			{data && <WithChat kind="contact" id={data.id} workspaceId={data.workspace_id} label={data.name}><Body record={data} /></WithChat>}
		</Dialog>
	);
}

function Body({ record }: { record: Contact }) {
	const t = useT();
	const { formats, reads, me, mayEdit } = useScope();
	const [editing, setEditing] = useState(false);
	const workspaceName = useWorkspaceName();
	const names = useMemberNames(reads);
	const none = <span className="muted">—</span>;
	const whom = whomOf('contact', record);
	return (
		<>
			<div className="record-head">
				<Tile name={record.company ?? record.name} size={44} />
				<p className="muted">{t('record.contact')} · <span className="num">{t('deal.number', { number: record.number })}</span></p>
				<span className="panel-actions">
					<ReachButtons phone={record.phone} email={record.email} whom={whom} />
					<RecordLink whole type="contact" id={record.id} className="btn"><Icon name="external" />{t('contact.open')}</RecordLink>
					{mayEdit(record.workspace_id) && <IconButton icon="pencil" label={t('contact.edit')} onClick={() => setEditing(true)} />}
				</span>
			</div>
			<Suspense fallback={null}>{editing && <ContactForm contact={record} onClose={() => setEditing(false)} />}</Suspense>
			<Facts rows={[
				{ key: 'company', label: t('field.company'), value: record.company ?? none },
				{ key: 'account', label: t('field.account'), value: record.account_id && record.account_name ? <RecordLink type="client" id={record.account_id} className="link">{record.account_name}</RecordLink> : none },
				{ key: 'email', label: t('field.email'), value: record.email ? <Mail email={record.email} /> : none },
				{ key: 'phone', label: t('field.phone'), value: record.phone ? <Phone phone={record.phone} whom={whom} /> : none },
				{ key: 'owner', label: t('field.owner'), value: (record.owner_id && names.get(record.owner_id)) || none },
				...(me.workspaces.length > 1 ? [{ key: 'workspace', label: t('field.workspace'), value: workspaceName(record.workspace_id) }] : []),
				{ key: 'created', label: t('field.created'), value: <span className="num">{formats.moment(record.created_at)}</span> },
			]} />
			<TagsOf kind="contact" id={record.id} workspaceId={record.workspace_id} />
			<ActivitiesOf about={{ kind: 'contact', id: record.id, title: record.name }} workspaceId={record.workspace_id} />
			<Deals contact={record} />
		</>
	);
}

function Deals({ contact }: { contact: Contact }) {
	const t = useT();
	const { formats, me } = useScope();
	const workspace = me.workspaces.find((one) => one.id === contact.workspace_id)?.slug ?? null;
	const deals = usePages<Card>(['contact', contact.id, 'deals', 'small'], '/api/crm/deals', { workspace, contact: contact.id });
	const { data } = deals;
	if (!data)
		return <Skeleton h={48} style={{ marginTop: 16 }} />;
	return (
		<>
			<h3 className="record-deals">{t('search.deals')}<span className="found-count num">{formats.number(deals.total ?? data.length)}</span></h3>
			{data.length
				? <ul className="hits">{data.map((deal) => <li key={deal.id}><RecordLink type="prospect" id={deal.id} className="hit"><HitRow name={deal.company ?? deal.title} title={deal.title} text={formats.date(deal.created_at)} end={deal.value && <b className="num">{formats.money(deal.value)}</b>} /></RecordLink></li>)}</ul>
				: <p className="muted">{t('record.no_deals')}</p>}
			<Rest of={deals} />
		</>
	);
}
