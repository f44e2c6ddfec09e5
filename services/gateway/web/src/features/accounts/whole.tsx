/* A company, whole: everything that hangs on it in groups with their counts, its story and conversation on tabs, and beside them what is
   known of it and who looks after it. The address says which and which tab; what opens over the page has its own part of it. */
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useId, useMemo, useState } from 'react';
import { useOwnFields, useSetPipelines } from '../../api/boards';
import { useHeardOf } from '../../api/heard';
import { keys, queryClient, useFiles } from '../../api/queries';
import type { Money, Stage } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { farWords, labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { addToSums } from '../../lib/money';
import { Facts, Skeleton, TabPanel, Tabs, Tile } from '../../ui/bits';
import { PinButton } from '../search/pins';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpLink } from '../../ui/page';
import { useNarrow } from '../../ui/width';
import { AddMenu } from '../activities/add';
import { useActivityDialog } from '../activities/list';
import type { About } from '../activities/model';
import { Mail, Phone, ReachButtons, whomOf } from '../activities/reach';
import { TagsOf } from '../activities/tags';
import { mayChat, useUnread } from '../chat/live';
import { ChatTab } from '../chat/tab';
import { HistoryOf } from '../contacts/history';
import { Files } from '../deals/files-tab';
import { ownSaid } from '../fields/said';
import type { DealRow } from '../deals/table-columns';
import { Story } from '../deals/timeline-tab';
import { useOverview } from '../linked/model';
import { type Pages, Rest, usePages } from '../lists/pages';
import { MailTab } from '../mail/ask';
import { Onboard } from '../linked/onboard';
import { HitRow, RecordLink } from '../search/hits';
import { RecordPage } from '../search/record-page';
import { AccountActions } from './actions';
import { Group } from './group';
import { type Account, ACCOUNTS, useAccount } from './model';
import { Onboarding, usePeople } from './people';
import { PeopleList, useContactForm, usePeopleOf } from './people-of';
import { usePlacesOf } from './places';
import { PlaceList, usePlaceForm } from './places-of';
import '../deals/panel.css';
import '../contacts/person.css';
import './whole.css';

const LinkedGroups = lazy(() => import('../linked/groups').then((module) => ({ default: module.LinkedGroups })));
const AccountForm = lazy(() => import('./form').then((module) => ({ default: module.AccountForm })));

const MoneyOf = lazy(() => Promise.all([import('../documents/money-of'), farWords()]).then(([module]) => ({ default: module.MoneyOf })));
const MergesOf = lazy(() => Promise.all([import('../duplicates/merges-of'), farWords()]).then(([module]) => ({ default: module.MergesOf })));

const WORDS = { record: 'field.account', gone: 'account.gone', gone_text: 'account.gone_text', to_list: 'account.to_list' } as const;

export function AccountPage() {
	const { account: id } = useParams({ strict: false }) as { account: string };
	const found = useAccount(id, useScope().reads);
	return <RecordPage id={id} found={found} type="client" list="/accounts" words={WORDS} heights={[72, 160, 160]} sub={(account) => [account.industry, account.city]}>{(account) => <Whole key={account.id} account={account} />}</RecordPage>;
}

/* each time it opens: deals change without it. All of them, as far as that goes: they are summed */
const SUMMED = 2000;
function useDealsOf(account: Account): Pages<DealRow> {
	const deals = usePages<DealRow>([...ACCOUNTS, 'deals', account.id], '/api/crm/deals', { workspace: account.workspace_id, account: account.id }, 0);
	const { rest, busy, more } = deals;
	const goOn = rest && !busy && (deals.data?.length ?? 0) < SUMMED && !deals.error;
	useEffect(() => {
		if (goOn)
			more();
	});
	return deals;
}

function Whole({ account }: { account: Account }) {
	const t = useT();
	const go = useGo();
	const idBase = useId();
	const { me, reads, mayEdit } = useScope();
	const { view, message } = useAppSearch();
	const narrow = useNarrow(900);
	const { ask, dialog } = useActivityDialog();
	const [editing, setEditing] = useState(false);
	const may = mayEdit(account.workspace_id) && !account.removed_at;
	const workspace = me.workspaces.find((one) => one.id === account.workspace_id)?.slug ?? '';
	const about = useMemo((): About => ({ kind: 'account', id: account.id, title: account.name }), [account.id, account.name]);
	const whom = whomOf('account', account);
	const talks = mayChat(me, account.workspace_id);
	const unread = useUnread(reads, talks, account.id);
	const deals = useDealsOf(account);
	const people = usePeopleOf(account);
	const files = useFiles(account.id, 'account');
	/* what happened to it, its people or its deals is on the page a moment later */
	useHeardOf([account.id, ...(people.data ?? []).map((one) => one.id), ...(deals.data ?? []).map((one) => one.id)], () => {
		for (const queryKey of [keys.timeline(account.id), [...ACCOUNTS, 'deals', account.id], [...ACCOUNTS, 'one', account.id], ['overview', account.id]])
			void queryClient.invalidateQueries({ queryKey });
	}, 400);
	const { data: pipelines } = useSetPipelines(workspace || null);
	const stages = useMemo(() => (pipelines ?? []).filter((one) => one.workspace_id === account.workspace_id).flatMap((one) => one.stages)
		.map((stage): Stage => ({ ...stage, count: stage.deals, sums: [], cards: [], next: null })), [pipelines, account.workspace_id]);
	const tabs = [
		{ key: 'overview', label: t('account.overview') },
		{ key: 'timeline', label: t('deal.timeline') },
		...(talks ? [{ key: 'chat', label: t('nav.chat'), ...(unread ? { count: unread } : {}) }] : []),
		{ key: 'mail', label: t('mail.title') },
		{ key: 'money', label: t('money.tab') },
		{ key: 'files', label: t('deal.files'), count: files.data?.length },
		{ key: 'history', label: t('deal.history') },
		...(narrow ? [{ key: 'about', label: t('deal.about') }] : []),
	];
	const active = tabs.some((one) => one.key === view) ? (view as string) : 'overview';
	const side = <><AboutAccount account={account} onEdit={may ? () => setEditing(true) : null} /><Suspense fallback={null}><MergesOf id={account.id} workspace={account.workspace_id} may={may} /></Suspense></>;
	return (
		<div className="leads-page">
			<header className="page-head">
				<Tile name={account.name} size={40} />
				<div className="page-title">
					<div className="title-line"><h1>{account.name}</h1><PinButton type="client" id={account.id} /><HelpLink page="accounts" title={t('tab.accounts')} /></div>
					<p className="page-sub">
						<span className="status"><span className={`dot ${account.lifecycle === 'client' ? 'stage-green' : 'stage-grey'}`} />{sayValue('lifecycle', account.lifecycle)}</span>
						{account.archived_at && <span className="tag">{t('account.archived')}</span>}
						{[account.industry, account.city].filter(Boolean).map((one) => <span key={one}> · {one}</span>)}<span className="num"> · {t('deal.number', { number: account.number })}</span>
					</p>
				</div>
				<div className="panel-actions">
					<ReachButtons phone={account.phone} email={account.email} whom={whom} />
					{may && <AddMenu ask={ask} about={about} workspace={workspace} compact />}
					{may && account.onboarding_status !== 'done' && <Onboard account={account} />}
					<AccountActions account={account} onEdit={() => setEditing(true)} />
				</div>
			</header>
			<div className="panel-columns whole">
				<div className="panel-centre">
					<Tabs tabs={tabs} active={active} idBase={idBase} label={t('account.tabs')} onSelect={(key) => go.search({ view: key === 'overview' ? undefined : key, message: undefined }, true)} />
					<TabPanel idBase={idBase} tab={active} className={active === 'chat' ? 'panel-tab panel-chat' : 'panel-tab scroll'}>
						{active === 'overview' && <Overview account={account} deals={deals} stages={stages} />}
						{active === 'timeline' && <Story about={about} workspaceId={account.workspace_id} stages={stages} onEdit={(activity) => ask({ mode: 'plan', kind: activity.kind, about: activity.about, workspace, activity })} />}
						{active === 'chat' && <ChatTab room={{ kind: 'account', id: account.id, workspace }} message={message ?? null} label={account.name} />}
						{active === 'mail' && <MailTab about={about} workspaceId={account.workspace_id} email={account.email} />}
						{active === 'money' && <Suspense fallback={<Skeleton h={96} />}><MoneyOf of={{ kind: 'account', id: account.id }} workspaceId={account.workspace_id} /></Suspense>}
						{active === 'files' && <Files of="account" id={account.id} workspaceId={account.workspace_id} />}
						{active === 'history' && <HistoryOf of="account" id={account.id} version={account.version} workspaceId={account.workspace_id} />}
						{active === 'about' && side}
					</TabPanel>
				</div>
				{!narrow && <aside className="panel-side panel-right scroll" aria-label={t('deal.about')} tabIndex={0}>{side}</aside>}
			</div>
			<Suspense fallback={null}>{editing && <AccountForm account={account} onClose={() => setEditing(false)} />}</Suspense>
			{dialog}
		</div>
	);
}

function Overview({ account, deals, stages }: { account: Account; deals: Pages<DealRow>; stages: readonly Stage[] }) {
	const t = useT();
	const language = useLanguage();
	const { formats, mayEdit } = useScope();
	const people = usePeopleOf(account);
	const places = usePlacesOf(account.id);
	const { data: overview } = useOverview(account.id);
	const person = useContactForm(account);
	const place = usePlaceForm(account);
	const [all, setAll] = useState(false);
	const may = mayEdit(account.workspace_id) && !account.removed_at;
	const stageOf = useMemo(() => new Map(stages.map((one) => [one.id, one])), [stages]);
	const of = (kind: string) => (deals.data ?? []).filter((deal) => stageOf.get(deal.stage_id)?.kind === kind);
	const sums = (kind: string) => of(kind).reduce<Money[]>((all, deal) => addToSums(all, deal.value, 1), []);
	const tile = (key: string, label: string, value: string | undefined, more?: string) => <div className="metric" data-metric={key}><span className="muted">{label}</span><b className="num">{value ?? ' '}</b>{more && <span className="muted num">{more}</span>}</div>;
	/* of very many the newest alone were read */
	const least = deals.rest ? '≥ ' : '';
	const money = (list: Money[]) => list.map((one) => formats.money(one)).join(' + ') || '—';
	const ready = deals.data && stages.length > 0;
	return (
		<>
			<div className="metrics whole-tiles">
				{tile('open', t('account.open_deals'), ready ? least + money(sums('open')) : undefined, ready ? t('account.deals_count', { count: of('open').length }) : undefined)}
				{tile('won', t('account.won_deals'), ready ? least + money(sums('won')) : undefined, ready ? t('account.deals_count', { count: of('won').length }) : undefined)}
				{overview && overview.lifetime.length > 0 && tile('lifetime', t('linked.lifetime'), money(overview.lifetime))}
				{account.days_without_contact !== undefined && tile('quiet', t('metrics.quiet'), account.days_without_contact === null ? '—' : formats.number(account.days_without_contact))}
			</div>
			<div className="groups">
				<Group icon="users" title={t('account.contacts')} count={people.total} more={may && <Button icon="plus" onClick={person.add}>{t('account.add_contact')}</Button>}>
					<PeopleList account={account} first={account.primary_contact_id ?? null} onEdit={person.edit} />
				</Group>
				<Group icon="board" title={t('search.deals')} count={deals.total} fault={deals.error && !deals.data ? problemText(deals.error) : null}>
					{!deals.data ? <Skeleton h={44} /> : !deals.data.length ? <p className="muted">{t('account.no_deals')}</p> : (
						<ul className="hits">{(all ? deals.data : deals.data.slice(0, 8)).map((deal) => {
							const stage = stageOf.get(deal.stage_id);
							return (
								<li key={deal.id}><RecordLink type="prospect" id={deal.id} className="hit"><HitRow name={deal.title} title={deal.title} text={stage && <span className="status"><span className={`dot stage-${stage.colour}`} />{labelOf(stage.label, language, stage.key)}</span>} end={deal.value && <b className="num">{formats.money(deal.value)}</b>} /></RecordLink></li>
							);
						})}</ul>
					)}
					{!all && (deals.data?.length ?? 0) > 8 && <Button kind="quiet" onClick={() => setAll(true)}>{t('linked.all', { count: deals.total ?? 0 })}</Button>}
					{all && <Rest of={deals} />}
				</Group>
				<Group icon="pin" title={t('place.title')} count={places.data?.length} more={may && <Button icon="plus" onClick={place.add}>{t('place.add')}</Button>}>
					<PlaceList account={account} onEdit={place.edit} />
				</Group>
				<Suspense fallback={<Skeleton h={120} />}><LinkedGroups account={account} may={may} /></Suspense>
			</div>
			{person.form}
			{place.form}
		</>
	);
}

function AboutAccount({ account, onEdit }: { account: Account; onEdit: (() => void) | null }) {
	const t = useT();
	const { formats, me } = useScope();
	const workspaceName = useWorkspaceName();
	const people = usePeople(account);
	const language = useLanguage();
	const own = (useOwnFields(me.workspaces.find((one) => one.id === account.workspace_id)?.slug ?? null, 'account').data ?? []).filter((one) => !one.retired).sort((a, b) => a.position - b.position);
	const none = <span className="muted">—</span>;
	const where = [account.address, [account.postcode, account.city].filter(Boolean).join(' '), account.country].filter(Boolean).join('\n');
	const said = (key: string, label: string, value: React.ReactNode) => (value ? [{ key, label, value }] : []);
	return (
		<>
			<section aria-label={t('deal.about')}>
				<div className="side-head"><h2>{t('deal.about')}</h2>{onEdit && <IconButton icon="pencil" small label={t('users.edit')} onClick={onEdit} />}</div>
				<Facts rows={[
					{ key: 'phone', label: t('field.phone'), value: account.phone ? <Phone phone={account.phone} whom={whomOf('account', account)} /> : none },
					{ key: 'email', label: t('field.email'), value: account.email ? <Mail email={account.email} whom={whomOf('account', account)} /> : none },
					{ key: 'website', label: t('account.website'), value: account.website ? <a className="link" href={account.website} target="_blank" rel="noreferrer">{account.website.replace(/^https?:\/\//, '')} <Icon name="external" size={14} /></a> : none },
					{ key: 'where', label: t('account.address'), value: where ? <span className="prewrap">{where}</span> : none },
					{ key: 'industry', label: t('account.industry'), value: account.industry ?? none },
					{ key: 'revenue', label: t('account.annual_revenue'), value: account.annual_revenue ? <span className="num">{formats.money(account.annual_revenue)}</span> : none },
					...said('registration', t('account.registration_no'), account.registration_no),
					...said('vat', t('account.vat_no'), account.vat_no),
					...own.flatMap((one) => said(`custom.${one.key}`, labelOf(one.label, language, one.key), ownSaid(one, account.custom[one.key], language, formats, t))),
					...(account.client_at ? [{ key: 'client', label: t('account.client_at'), value: <span className="num">{formats.date(account.client_at)}</span> }] : []),
					{ key: 'onboarding', label: t('field.onboarding_status'), value: <Onboarding account={account} /> },
					{ key: 'tags', label: t('tags.title'), value: <TagsOf kind="account" id={account.id} workspaceId={account.workspace_id} /> },
				]} />
			</section>
			<section aria-label={t('account.looked_after')}>
				<div className="side-head"><h2>{t('account.looked_after')}</h2></div>
				<Facts rows={people} />
			</section>
			{account.notes && <section aria-label={t('field.notes')}><div className="side-head"><h2>{t('field.notes')}</h2></div><p className="prewrap">{account.notes}</p></section>}
			<p className="muted small">{[me.workspaces.length > 1 ? workspaceName(account.workspace_id) : null, t('account.since', { date: formats.date(account.created_at) })].filter(Boolean).join(' · ')}</p>
		</>
	);
}
