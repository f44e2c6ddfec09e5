/* A company in a small view: what is known of it, its people, the deals that it was won by. Its own page comes with the pages of people. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useItems, useSetPipelines } from '../../api/boards';
import { api, Problem, query } from '../../api/client';
import { keys, useMemberNames } from '../../api/queries';
import type { TimelineEntry, Page } from '../../api/types';
import { problemText } from '../../app/problems';
import { leave, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Empty, Facts, Skeleton, Tile } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { ActivitiesOf } from '../activities/of-record';
import { Phone, ReachButtons, whomOf } from '../activities/reach';
import { TagsOf } from '../activities/tags';
import { WithChat } from '../chat/tab';
import type { DealRow } from '../deals/table-columns';
import { HitRow, RecordLink } from '../search/hits';
import { rememberRecord } from '../search/recent';
import { addCard, cardHeld } from './card';
import { type Account, ACCOUNTS, accountsChanged, saveAccount, useAccount } from './model';
import { Onboarding, usePeople } from './people';
import { rolesOf } from './roles';
import '../deals/panel.css';

/* a link of the time before accounts named a contact by its id */
const RecordView = lazy(() => import('../search/record').then((module) => ({ default: module.RecordView })));
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const AccountForm = lazy(() => import('./form').then((module) => ({ default: module.AccountForm })));

export function AccountView({ id }: { id: string }) {
	const t = useT();
	const go = useGo();
	const { reads, me } = useScope();
	const [opened, setOpened] = useState(true);
	const [editing, setEditing] = useState(false);
	const { data, error } = useAccount(id, reads);
	useEffect(() => {
		if (data)
			rememberRecord(me.user.id, { type: 'client', id: data.id, title: data.name, text: [data.industry, data.city].filter(Boolean).join(' · '), workspace_id: data.workspace_id });
	}, [data, me]);
	const close = () => {
		leave(id);
		setOpened(false);
		setTimeout(() => {
			if (new URLSearchParams(location.search).get('id') === id)
				go.closeDeal(); /* not what was opened meanwhile */
		}, 150);
	};
	if (error instanceof Problem && error.status === 404 && !data && UUID.test(id))
		return <Suspense fallback={null}><RecordView id={id} /></Suspense>;
	if (editing && data)
		return <Suspense fallback={null}><AccountForm account={data} onClose={() => setEditing(false)} /></Suspense>;
	return (
		<Dialog opened={opened} onClose={close} title={data?.name ?? t(error ? 'record.failed' : 'common.loading')} closeLabel={t('common.close')} size={560}>
			{error && !data && <Empty icon="search" title={problemText(error)} />}
			{!data && !error && <div style={{ display: 'grid', gap: 12 }}>{['60%', '80%', '50%', '70%'].map((width, at) => <Skeleton key={at} w={width} h={18} />)}</div>}
			{data && <WithChat kind="account" id={data.id} workspaceId={data.workspace_id} label={data.name}><Body account={data} onEdit={() => setEditing(true)} /></WithChat>}
		</Dialog>
	);
}

function Body({ account, onEdit }: { account: Account; onEdit(): void }) {
	const t = useT();
	const { formats, me, mayEdit } = useScope();
	const workspaceName = useWorkspaceName();
	const people = usePeople(account);
	const [asking, setAsking] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const makeClient = async () => {
		setBusy(true);
		try {
			await saveAccount(account, null, { lifecycle: 'client' });
			toast.ok(t('account.is_client', { name: account.name }));
			setAsking(false);
		} catch (reason) {
			setFault(problemText(reason));
			await accountsChanged();
		}
		setBusy(false);
	};
	const none = <span className="muted">—</span>;
	return (
		<>
			<div className="record-head">
				<Tile name={account.name} size={44} />
				<p className="muted">{sayValue('lifecycle', account.lifecycle)} · <span className="num">{t('deal.number', { number: account.number })}</span></p>
				<span className="panel-actions">
					<ReachButtons phone={account.phone} whom={whomOf('account', account)} />
					{mayEdit(account.workspace_id) && account.lifecycle === 'prospect' && <Button icon="check" onClick={() => setAsking(true)}>{t('account.make_client')}</Button>}
					<ToBoard account={account} />
					<RecordLink whole type="client" id={account.id} className="btn"><Icon name="external" />{t('account.open')}</RecordLink>
					{mayEdit(account.workspace_id) && <Button icon="pencil" onClick={onEdit}>{t('users.edit')}</Button>}
				</span>
			</div>
			<Facts rows={[
				{ key: 'industry', label: t('account.industry'), value: account.industry ?? none },
				{ key: 'phone', label: t('field.phone'), value: account.phone ? <Phone phone={account.phone} whom={whomOf('account', account)} /> : none },
				{ key: 'city', label: t('account.city'), value: account.city ?? none },
				{ key: 'revenue', label: t('account.annual_revenue'), value: account.annual_revenue ? <span className="num">{formats.money(account.annual_revenue)}</span> : none },
				{ key: 'contacts', label: t('account.contacts'), value: <span className="num">{formats.number(account.contacts)}</span> },
				...(account.client_at ? [{ key: 'client', label: t('account.client_at'), value: <span className="num">{formats.moment(account.client_at)}</span> }] : []),
				{ key: 'onboarding', label: t('field.onboarding_status'), value: <Onboarding account={account} /> },
				...people,
				{ key: 'tags', label: t('tags.title'), value: <TagsOf kind="account" id={account.id} workspaceId={account.workspace_id} /> },
				...(me.workspaces.length > 1 ? [{ key: 'workspace', label: t('field.workspace'), value: workspaceName(account.workspace_id) }] : []),
				{ key: 'created', label: t('field.created'), value: <span className="num">{formats.moment(account.created_at)}</span> },
			]} />
			<ActivitiesOf about={{ kind: 'account', id: account.id, title: account.name }} workspaceId={account.workspace_id} />
			<Deals account={account} />
			<Contacts account={account} />
			<Story account={account} />
			<Confirm opened={asking} onClose={() => { setAsking(false); setFault(null); }} title={t('account.make_client_title', { name: account.name })} text={<p>{t('account.make_client_text')}</p>} yes={t('account.make_client')} onYes={() => void makeClient()} busy={busy} fault={fault} />
		</>
	);
}

const slugOf = (me: { workspaces: Array<{ id: string; slug: string }> }, account: Account) => me.workspaces.find((one) => one.id === account.workspace_id)?.slug ?? null;

/* its deals, the latest moved first; each opens in its panel */
function Deals({ account }: { account: Account }) {
	const t = useT();
	const { formats, me } = useScope();
	const { data } = useQuery({
		queryKey: [...ACCOUNTS, 'deals', account.id], staleTime: 0, /* each time it opens: deals change without it */
		queryFn: ({ signal }) => api<Page<DealRow>>('GET', `/api/crm/deals${query({ workspace: slugOf(me, account), account: account.id, limit: 20 })}`, { signal }),
	});
	const stages = useStageNames(slugOf(me, account));
	if (!data?.data.length)
		return null;
	return (
		<>
			<h3 className="record-deals">{t('search.deals')}</h3>
			<ul className="hits">{data.data.map((deal) => <li key={deal.id}><RecordLink type="prospect" id={deal.id} className="hit"><HitRow name={deal.title} title={deal.title} text={[stages.get(deal.stage_id), formats.date(deal.created_at)].filter(Boolean).join(' · ')} end={deal.value && <b className="num">{formats.money(deal.value)}</b>} /></RecordLink></li>)}</ul>
		</>
	);
}

interface PersonRow { id: string; name: string; email: string | null; phone: string | null }

/* its people, those that are known and may be seen */
function Contacts({ account }: { account: Account }) {
	const t = useT();
	const { me } = useScope();
	const { data } = useQuery({
		queryKey: [...ACCOUNTS, 'people', account.id], staleTime: 0,
		queryFn: ({ signal }) => api<Page<PersonRow>>('GET', `/api/crm/contacts${query({ workspace: slugOf(me, account), account: account.id, limit: 20 })}`, { signal }),
	});
	if (!data?.data.length)
		return null;
	return (
		<>
			<h3 className="record-deals">{t('account.contacts')}</h3>
			<ul className="hits">{data.data.map((one) => <li key={one.id}><RecordLink type="contact" id={one.id} className="hit"><HitRow name={one.name} title={one.name} text={[one.email, one.phone].filter(Boolean).join(' · ')} end={null} /></RecordLink></li>)}</ul>
		</>
	);
}

/* on a board of relationships, where the workspace has one: a card, or the one that is there */
function ToBoard({ account }: { account: Account }) {
	const t = useT();
	const go = useGo();
	const language = useLanguage();
	const { me, mayEdit } = useScope();
	const boards = (useSetPipelines(slugOf(me, account)).data ?? []).filter((one) => one.kind === 'relationship' && !one.archived);
	const open = (id: string) => go.search({ type: 'prospect', id, tab: undefined });
	const [busy, setBusy] = useState(false);
	const add = async (pipeline: string) => {
		setBusy(true);
		try {
			const id = await addCard(account, { workspace: account.workspace_id, pipeline });
			toast.ok(t('account.on_board', { name: account.name }));
			open(id);
		} catch (fault) {
			const held = cardHeld(fault);
			toast.error(t('deal.not_saved'), problemText(fault));
			if (held)
				open(held);
		}
		setBusy(false);
	};
	if (!boards.length || !mayEdit(account.workspace_id))
		return null;
	if (boards.length === 1)
		return <Button icon="board" disabled={busy} onClick={() => void add(boards[0]?.id ?? '')}>{t('account.to_board')}</Button>;
	return <Menu label={t('account.to_board')} align="end" entries={boards.map((one) => ({ key: one.id, label: labelOf(one.label, language, one.key), onSelect: () => void add(one.id) }))} target={<button type="button" className="btn"><Icon name="board" />{t('account.to_board')}</button>} />;
}

function useStageNames(slug: string | null): Map<string, string> {
	const language = useLanguage();
	const { data } = useSetPipelines(slug);
	return new Map((data ?? []).flatMap((one) => one.stages).map((one) => [one.id, labelOf(one.label, language, one.key)]));
}

/* what was changed of it, last first: who, when, from what to what */
function Story({ account }: { account: Account }) {
	const t = useT();
	const { formats, me } = useScope();
	const language = useLanguage();
	const slug = me.workspaces.find((one) => one.id === account.workspace_id)?.slug ?? null;
	const names = useMemberNames(slug);
	const { data: items } = useItems(slug);
	const label = (field: string) => {
		const role = rolesOf(items ?? []).find((one) => field === `role.${one.key}`);
		return role ? labelOf(role.label, language, role.key) : field === 'owner_id' ? t('field.owner') : field === 'onboarding_status' ? t('field.onboarding_status') : field === 'lifecycle' ? t('field.type') : sayValue('account', field.replace(/^role\./, ''));
	};
	const value = (field: string, text: string | undefined) => {
		if (!text)
			return '—';
		if (field === 'owner_id' || field.startsWith('role.'))
			return names.get(text) ?? t('timeline.someone');
		const item = field === 'onboarding_status' ? (items ?? []).find((one) => one.catalogue === field && one.key === text) : undefined;
		return item ? labelOf(item.label, language, text) : field === 'lifecycle' ? sayValue('lifecycle', text) : text;
	};
	const { data } = useQuery({
		queryKey: [...keys.timeline(account.id), 'account', account.version],
		queryFn: ({ signal }) => api<Page<TimelineEntry>>('GET', `/api/crm/accounts/${account.id}/timeline${query({ limit: 50 })}`, { signal }),
		select: (page) => page.data.filter((entry) => entry.type.startsWith('account.') || (entry.type === 'record.tagged' && entry.data['about'] === 'account')),
	});
	if (!data?.length)
		return null;
	return (
		<>
			<h3 className="record-deals">{t('deal.history')}</h3>
			<ul className="hits">{data.map((entry) => (
				<li key={entry.id} className="small">
					<span className="muted num">{formats.moment(entry.at)}</span> {entry.actor?.name ?? names.get(entry.actor?.id ?? '') ?? t('timeline.system')}: {t(entry.type === 'account.created' ? 'timeline.account' : entry.type === 'record.tagged' ? 'timeline.tagged' : 'timeline.account_updated')}
					{typeof entry.data['deal_id'] === 'string' && <span className="muted"> · {t('account.by_deal')}</span>}
					{entry.type === 'record.tagged' && <span className="muted"> · {labelsOf(entry) || t('timeline.nothing')}</span>}
					{changesOf(entry).map((change) => <span key={change.field} className="muted"> · {label(change.field)} {value(change.field, change.old)} → {value(change.field, change.new)}</span>)}
				</li>
			))}</ul>
		</>
	);
}

const changesOf = (entry: TimelineEntry) => (Array.isArray(entry.data['changes']) ? entry.data['changes'] as Array<{ field: string; old?: string; new?: string }> : []);
const labelsOf = (entry: TimelineEntry) => (Array.isArray(entry.data['tags']) ? entry.data['tags'] as Array<{ label: string }> : []).map((one) => one.label).join(', ');
