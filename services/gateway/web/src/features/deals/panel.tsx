/* A deal in the side panel: head with contact actions, the stages, about, timeline, files, details. Three columns on a
   wide screen, one on a phone, where the timeline comes first. The URL says which deal and which tab. */
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, Problem } from '../../api/client';
import { keys, useDeal, useFiles, usePerson } from '../../api/queries';
import type { Card, Deal, Pipeline, Stage } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { farWords, labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Empty, Facts, Skeleton, TabPanel, Tabs, Tile } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { PinButton } from '../search/pins';
import { PanelTitle, SidePanel, useOnceGone } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { AddMenu } from '../activities/add';
import type { About as AboutRecord } from '../activities/model';
import { Mail, Phone, ReachButtons, type Whom } from '../activities/reach';
import { useActivityDialog } from '../activities/list';
import { TagsOf } from '../activities/tags';
import { AccountLine } from './account-line';
import { mayChat, useUnread } from '../chat/live';
import { type Batch, offerUndo } from './bulk';
import { Details, HistoryTab, TimelineTab } from './details-lazy';
import { needsReason } from './follow-up-ask';
import { moveDeal } from './move';
import { board } from './store';
import { announce, boardUi, setBoardUi } from './ui-state';
import { OwnerMenu } from './owner-menu';
import { countOf, useLinked } from '../linked/model';
import { MailTab } from '../mail/ask';
import { rememberRecord } from '../search/recent';
import '../activities/activities.css';
import './panel.css';

const OfDeal = lazy(() => import('../accounts/of-deal').then((module) => ({ default: module.OfDeal })));
const FilesTab = lazy(() => import('./files-tab').then((module) => ({ default: module.FilesTab })));
const LinkedOf = lazy(() => import('../linked/list').then((module) => ({ default: module.LinkedOf })));
const FactPanels = lazy(() => import('../linked/facts').then((module) => ({ default: module.FactPanels })));
const MoneyOf = lazy(() => Promise.all([import('../documents/money-of'), farWords()]).then(([module]) => ({ default: module.MoneyOf })));
const Convert = lazy(() => import('./convert').then((module) => ({ default: module.Convert })));
const ChatTab = lazy(() => import('../chat/tab').then((module) => ({ default: module.ChatTab })));
const FollowUp = lazy(() => import('./follow-up').then((module) => ({ default: module.FollowUp })));

function useWidth(): 'wide' | 'middle' | 'narrow' {
	const read = () => innerWidth >= 1100 ? 'wide' as const : innerWidth >= 760 ? 'middle' as const : 'narrow' as const;
	const [width, setWidth] = useState(read);
	useEffect(() => {
		const update = () => setWidth(read());
		addEventListener('resize', update);
		return () => removeEventListener('resize', update);
	}, []);
	return width;
}

/* what the board knows already is shown at once; the rest follows */
function knownCard(id: string, workspace: string | null): Card | undefined {
	return board.card(id) ?? (/^\d+$/.test(id) && workspace ? board.byNumber(Number(id), workspace) : undefined);
}

export function DealPanel({ id, tab, pipelines }: { id: string; tab: string | null; pipelines: Pipeline[] | null }) {
	const t = useT();
	const go = useGo();
	const { slug, workspace, me } = useScope();
	const [opened, setOpened] = useState(true);
	const known = useMemo(() => knownCard(id, workspace?.id ?? null), [id, workspace]);
	const ask = known?.id ?? id;
	const { data, error } = useDeal(ask, slug);
	const deal: Card | Deal | undefined = data ?? known;
	const heading = useRef<HTMLHeadingElement>(null);
	const shown = deal !== undefined || error !== null;

	useEffect(() => {
		if (data)
			rememberRecord(me.user.id, { type: 'prospect', id: data.id, title: data.title, text: [data.company, data.contact_name].filter(Boolean).join(' · '), workspace_id: data.workspace_id });
	}, [data, me]);

	useEffect(() => {
		if (!shown || !opened)
			return undefined;
		/* after the library's focus trap has taken its own first choice */
		const timer = setTimeout(() => heading.current?.focus({ preventScroll: true }), 30);
		return () => clearTimeout(timer);
	}, [shown, opened]);

	const { move } = useAppSearch();
	const onceGone = useOnceGone();
	const close = () => {
		setOpened(false);
		if (move !== undefined) {
			/* a card that was dropped and got no note goes back */
			if (boardUi().held?.asking)
				setBoardUi({ held: null });
			announce(t('move.cancelled'));
		}
		setTimeout(() => {
			/* whoever went on meanwhile, to another record or by dropping the next card, is not called back */
			const now = new URLSearchParams(location.search);
			if (now.get('id') !== id || (now.has('move') && now.get('move') !== move)) {
				setOpened(true);
				return;
			}
			onceGone(() => {
				const place = document.querySelector<HTMLElement>(`[data-card="${deal?.id ?? ''}"] .card-link, [data-lead-deal="${deal?.id ?? ''}"], [data-row="${deal?.id ?? ''}"] .row-link`);
				(place ?? document.getElementById('main'))?.focus({ preventScroll: true });
			});
			go.closeDeal();
		}, 150);
	};

	return (
		<SidePanel opened={opened} onClose={close}>
			{!deal && !error && <PanelSkeleton title={t('common.loading')} />}
			{!deal && error && (
				<div className="panel">
					<div className="panel-close"><IconButton icon="x" label={t('common.close')} hint="Esc" calm onClick={close} /></div>
					<Empty icon={error instanceof Problem && error.status === 404 ? 'search' : 'alert'}  title={<PanelTitle innerRef={heading}>{error instanceof Problem && error.status === 404 ? t('deal.not_found') : t('deal.failed')}</PanelTitle>}>
						<p>{problemText(error)}</p>
						<Button onClick={close}>{t('common.close')}</Button>
					</Empty>
				</div>
			)}
			{deal && <PanelBody deal={deal} full={data ?? null} tab={tab} pipelines={pipelines} heading={heading} onClose={close} />}
		</SidePanel>
	);
}

function PanelSkeleton({ title }: { title: string }) {
	return (
		<div className="panel" aria-busy="true">
			<PanelTitle hidden>{title}</PanelTitle>
			<div className="panel-head"><Skeleton w={44} h={44} style={{ borderRadius: 10 }} /><div style={{ flex: 1 }}><Skeleton w="40%" h={20} /><Skeleton w="24%" style={{ marginTop: 8 }} /></div></div>
			<div className="panel-stages"><Skeleton h={30} /></div>
			<div style={{ padding: 24, display: 'grid', gap: 14 }}>{[1, 2, 3].map((row) => <Skeleton key={row} h={72} />)}</div>
		</div>
	);
}

interface BodyProps {
	deal: Card | Deal;
	full: Deal | null;
	tab: string | null;
	pipelines: Pipeline[] | null;
	heading: React.RefObject<HTMLHeadingElement | null>;
	onClose(): void;
}

function PanelBody({ deal, full, tab, pipelines, heading, onClose }: BodyProps) {
	const t = useT();
	const go = useGo();
	const width = useWidth();
	const idBase = useId();
	const { move, message } = useAppSearch();
	const { me, reads, profile, mayEdit } = useScope();
	const files = useFiles(deal.id);
	const linked = useLinked({ kind: 'deal', id: deal.id });
	const { data: person } = usePerson(deal);
	const { ask, dialog } = useActivityDialog();
	const pipeline = pipelines?.find((one) => one.workspace_id === deal.workspace_id && one.stages.some((stage) => stage.id === deal.stage_id))
		?? pipelines?.find((one) => one.workspace_id === deal.workspace_id) ?? null;
	const may = mayEdit(deal.workspace_id);
	const workspace = me.workspaces.find((one) => one.id === deal.workspace_id)?.slug ?? '';
	const record: AboutRecord = useMemo(() => ({ kind: 'deal', id: deal.id, title: deal.title }), [deal.id, deal.title]);
	const remind = useCallback(() => ask({ mode: 'reminder', kind: 'task', about: record, workspace }), [ask, record, workspace]);
	const talks = mayChat(me, deal.workspace_id);
	const unread = useUnread(reads, talks, deal.id);
	/* of the company; where deals are of companies also before there is one */
	const firm = full?.account_id || profile === 'shipping';
	const tabs = [
		{ key: 'timeline', label: t('deal.timeline') },
		...(talks ? [{ key: 'chat', label: t('nav.chat'), ...(unread ? { count: unread } : {}) }] : []),
		...(firm ? [{ key: 'people', label: t('account.contacts') }, { key: 'places', label: t('place.title') }] : []),
		{ key: 'mail', label: t('mail.title') },
		{ key: 'money', label: t('money.tab') },
		{ key: 'files', label: t('deal.files'), count: files.data?.length ?? deal.files },
		{ key: 'linked', label: t('linked.tab'), count: countOf(linked.data?.pages[0]) },
		{ key: 'history', label: t('deal.history') },
		...(width === 'narrow' ? [{ key: 'about', label: t('deal.about') }] : []),
		...(width === 'wide' ? [] : [{ key: 'details', label: t('deal.details') }]),
	];
	const active = tabs.some((one) => one.key === tab) ? (tab as string) : 'timeline';
	const lead = deal.company ?? deal.contact_name;
	const whom = useMemo(() => ({ about: record, workspaceId: deal.workspace_id, name: deal.contact_name ?? deal.title }), [record, deal.workspace_id, deal.contact_name, deal.title]);
	const won = may && pipeline?.stages.some((stage) => stage.id === deal.stage_id && stage.kind === 'won');
	const about = <About deal={deal} full={full} whom={whom} onRemind={may ? remind : undefined} onConvert={won && full && full.type !== 'client' ? <Convert deal={full} /> : null} />;
	return (
		<div className={`panel panel-${width}`}>
			<header className="panel-head">
				<Tile name={lead ?? deal.title} size={44} />
				<div className="panel-name">
					<PanelTitle innerRef={heading}>{deal.title}</PanelTitle>
					<p className="cut">{[deal.company, deal.contact_name].filter(Boolean).join(' · ') || t('card.no_contact')}<span className="muted num"> · {t('deal.number', { number: deal.number })}</span></p>
				</div>
				<div className="panel-actions">
					<PinButton type="prospect" id={deal.id} />
					<ReachButtons phone={person?.phone} email={person?.email} whom={whom} />
					{may && <AddMenu ask={ask} about={record} workspace={workspace} compact />}
				</div>
				<IconButton icon="x" label={t('common.close')} hint="Esc" calm onClick={onClose} className="panel-x" />
			</header>
			{pipeline && <Stages deal={deal} pipeline={pipeline} compact={width === 'narrow'} />}
			<div className="panel-columns">
				{width !== 'narrow' && <aside className="panel-side scroll" aria-label={t('deal.about')} tabIndex={0}><h3>{t('deal.about')}</h3>{about}</aside>}
				<div className="panel-centre">
					<Tabs tabs={tabs} active={active} idBase={idBase} label={t('deal.tabs')} onSelect={(key) => go.search({ tab: key === 'timeline' ? undefined : key, move: undefined, message: undefined }, true)} />
					<TabPanel idBase={idBase} tab={active} className={active === 'chat' ? 'panel-tab panel-chat' : 'panel-tab scroll'}>
						{active === 'chat' && <Suspense fallback={<Skeleton h={180} />}><ChatTab room={{ kind: 'deal', id: deal.id, workspace }} message={message ?? null} label={deal.title} /></Suspense>}
						{active === 'timeline' && <TimelineTab deal={deal} stages={pipeline?.stages ?? []} onEdit={(activity) => ask({ mode: 'plan', kind: activity.kind, about: activity.about, workspace, activity })} />}
						{(active === 'people' || active === 'places') && <Suspense fallback={<Skeleton h={72} />}>{full && <OfDeal deal={full} part={active} choose={<AccountLine deal={full} />} />}</Suspense>}
						{active === 'mail' && <MailTab about={record} workspaceId={deal.workspace_id} email={person?.email} name={deal.contact_name} />}
						{active === 'money' && <Suspense fallback={<Skeleton h={96} />}><MoneyOf of={{ kind: 'deal', id: deal.id }} workspaceId={deal.workspace_id} title={deal.title} /></Suspense>}
						{active === 'files' && <Suspense fallback={<Skeleton h={48} />}><FilesTab deal={deal} /></Suspense>}
						{active === 'linked' && <Suspense fallback={<Skeleton h={48} />}><LinkedOf whose={{ kind: 'deal', id: deal.id }} workspaceId={deal.workspace_id} /></Suspense>}
						{active === 'about' && about}
						{active === 'history' && <HistoryTab deal={deal} />}
						{active === 'details' && <Details deal={deal} full={full} />}
					</TabPanel>
					{active === 'timeline' && may && <Suspense fallback={<div className="follow"><Skeleton h={100} /></div>}><FollowUp deal={deal} pipeline={pipeline} asked={move ?? null} focus={tab === 'follow-up'} onSaved={() => {
						if (boardUi().held?.asking)
							setBoardUi({ held: null });
						go.search({ tab: undefined, move: undefined }, true);
					}} /></Suspense>}
				</div>
				{width === 'wide' && <aside className="panel-side panel-right scroll" aria-label={t('deal.details')} tabIndex={0}><Details deal={deal} full={full} heading /></aside>}
			</div>
			{dialog}
		</div>
	);
}

function Stages({ deal, pipeline, compact }: { deal: Card; pipeline: Pipeline; compact: boolean }) {
	const t = useT();
	const language = useLanguage();
	const go = useGo();
	const stages = useMemo(() => [...pipeline.stages].sort((a, b) => a.position - b.position), [pipeline]);
	const at = stages.findIndex((stage) => stage.id === deal.stage_id);
	const current = stages[at];
	const name = (stage: Stage) => labelOf(stage.label, language, stage.key);
	const move = (stage: Stage) => {
		const batches: Batch[] = [];
		void moveDeal(deal, stage.id, { stageName: name(stage), told: (written) => { if (written.batch_id) batches.push({ id: written.batch_id, workspace: deal.workspace_id, deals: [deal.id] }); } }).then((ok) => {
			if (ok)
				offerUndo(t('move.done', { title: deal.title, stage: name(stage) }), batches, () => t('move.undone', { title: deal.title, stage: current ? name(current) : '' }));
		});
	};
	/* the panel is open already, by number or id: it stays the one it is, with what was typed in it */
	const ask = (stage: Stage) => go.search({ tab: 'follow-up', move: stage.key });
	/* where a note or a reason is wanted, the form below asks for both */
	const choose = (stage: Stage) => {
		if (stage.id === deal.stage_id)
			return;
		if (pipeline.move_mode === 'note_required')
			ask(stage);
		else if (stage.kind === 'lost')
			void needsReason(pipeline.id).then((needed) => { if (needed) ask(stage); else move(stage); });
		else
			move(stage);
	};
	if (compact)
		return (
			<div className="panel-stages panel-stages-compact">
				<Menu label={t('deal.stage')} width={260} entries={stages.map((stage) => ({
					key: stage.id, lead: <span className={`dot stage-${stage.colour}`} />, label: name(stage), checked: stage.id === deal.stage_id, onSelect: () => choose(stage),
				}))} target={(
					<button type="button" className="btn btn-wide stage-button">
						<span className={`dot stage-${current?.colour ?? 'grey'}`} /><span className="cut">{current ? name(current) : t('deal.stage')}</span>
						<span className="muted num">{at + 1}/{stages.length}</span><Icon name="down" />
					</button>
				)} />
				<div className="stage-progress" aria-hidden="true">
					{stages.filter((stage) => stage.kind !== 'lost' || stage.id === deal.stage_id).map((stage, index) => <span key={stage.id} className={index <= at ? `stage-${current?.colour ?? 'grey'} on` : ''} />)}
				</div>
			</div>
		);
	return (
		<div className="panel-stages">
			<ol className="stepper" aria-label={t('deal.stage')}>
				{stages.map((stage, index) => {
					const state = index === at ? 'now' : index < at && current?.kind !== 'lost' ? 'past' : 'next';
					return (
						<li key={stage.id} className={`step step-${state} step-${stage.kind}`}>
							<button type="button" aria-current={index === at ? 'step' : undefined} onClick={() => choose(stage)} title={name(stage)}
								aria-label={index === at ? t('deal.stage_now', { stage: name(stage) }) : t('deal.stage_to', { stage: name(stage) })}>
								{state === 'past' && <Icon name="check" size={14} />}<span className="cut">{name(stage)}</span>
							</button>
						</li>
					);
				})}
			</ol>
		</div>
	);
}

function About({ deal, full, whom, onRemind, onConvert }: { deal: Card; full: Deal | null; whom: Whom; onRemind: (() => void) | undefined; onConvert: ReactNode }) {
	const t = useT();
	const { data: person, isPending, fetchStatus } = usePerson(deal);
	const { formats, profile } = useScope();
	const none = <span className="muted">—</span>;
	const wait = isPending && fetchStatus !== 'idle' ? <Skeleton w={120} /> : none;
	return (
		<>
		<Facts rows={[
			{ key: 'contact', label: t('field.contact'), value: deal.contact_name ? <b>{deal.contact_name}</b> : none },
			{ key: 'company', label: t('field.company'), value: deal.company ?? none },
			...(full && (full.account_id || profile !== 'classic') ? [{ key: 'account', label: t('field.account'), value: <AccountLine deal={full} /> }] : []),
			{ key: 'email', label: t('field.email'), value: person?.email ? <Mail email={person.email} whom={whom}><Address text={person.email} /></Mail> : wait },
			{ key: 'phone', label: t('field.phone'), value: person?.phone ? <Phone phone={person.phone} whom={whom} /> : wait },
			{ key: 'source', label: t('field.source'), value: deal.source ? sayValue('source', deal.source) : none },
			{ key: 'created', label: t('field.created'), value: <span className="num">{formats.moment(deal.created_at)}</span> },
			{ key: 'owner', label: t('field.owner'), value: <Owner deal={deal} /> },
			{ key: 'tags', label: t('tags.title'), value: <TagsOf kind="deal" id={deal.id} workspaceId={deal.workspace_id} /> },
		]} />
		<Suspense fallback={null}><FactPanels whose={{ kind: 'deal', id: deal.id }} panels={['onboarding', 'balance']} always={profile === 'shipping'} /></Suspense>
		<Suspense fallback={null}>{onConvert}</Suspense>
		{onRemind && <Button wide icon="bell" className="panel-remind" onClick={onRemind}>{t('activity.new_reminder')}</Button>}
		</>
	);
}

/* breaks at @ and dots before it breaks a word */
function Address({ text }: { text: string }) {
	return <>{text.split(/(?<=@)|(?=\.)/).map((part, at) => <span key={at}>{at > 0 && <wbr />}{part}</span>)}</>;
}

function Owner({ deal }: { deal: Card }) {
	const t = useT();
	const client = useQueryClient();
	const { slug } = useScope();
	const { data: full } = useDeal(deal.id, slug);
	const assign = async (id: string) => {
		try {
			await api('PUT', `/api/crm/opportunities/${deal.id}`, { body: { owner_id: id, version: deal.version } });
			board.patch(deal.id, { owner_id: id });
		} catch (fault) {
			toast.error(t('deal.not_saved'), problemText(fault));
		}
		await client.invalidateQueries({ queryKey: keys.deal(deal.id) });
		await client.invalidateQueries({ queryKey: keys.timeline(deal.id) });
	};
	/* what a client has is its account's */
	return <OwnerMenu workspaceId={deal.workspace_id} ownerId={deal.owner_id} fixed={full?.type === 'client'} onChoose={(id) => void assign(id)} />;
}
