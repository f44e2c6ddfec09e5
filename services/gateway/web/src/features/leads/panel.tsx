/* A lead in the side panel: how to reach them, how far it is, what they wrote and what happened since, and the way to the deal
   it became. Its status goes by hand to Contacted; Qualified is an act of its own, which no other takes back. */
import { lazy, Suspense, useEffect, useId, useMemo, useRef, useState } from 'react';
import { api, Problem } from '../../api/client';
import { useSetPipelines } from '../../api/boards';
import { useLeadPanel } from '../../api/queries';
import type { Card, Consent, Lead, Stage } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { farWords, sayValue, useLanguage, useT } from '../../i18n';
import { Empty, Facts, Skeleton, TabPanel, Tabs, Tile } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { PinButton } from '../search/pins';
import { PanelTitle, SidePanel, useOnceGone } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { useNarrow } from '../../ui/width';
import { AddMenu } from '../activities/add';
import { useActivityDialog } from '../activities/list';
import { ActivitiesOf } from '../activities/of-record';
import { Mail, Phone, ReachButtons, whomOf } from '../activities/reach';
import { TagsOf } from '../activities/tags';
import { mayChat, useUnread } from '../chat/live';
import { ChatTab } from '../chat/tab';
import { Files } from '../deals/files-tab';
import { OwnerMenu } from '../deals/owner-menu';
import { TimelineTab } from '../deals/details-lazy';
import { rememberRecord } from '../search/recent';
import { leadChanged, saveLead } from './save';
import '../deals/panel.css';

const LeadOrder = lazy(() => Promise.all([import('../documents/lead-order'), farWords()]).then(([module]) => ({ default: module.LeadOrder })));
const LeadEdit = lazy(() => import('./edit').then((module) => ({ default: module.LeadEdit })));

const STATUSES = ['New', 'Contacted', 'Qualified'] as const;

export function LeadPanel({ id, tab }: { id: string; tab: string | null }) {
	const t = useT();
	const go = useGo();
	const { reads, me } = useScope();
	const [opened, setOpened] = useState(true);
	const { data, error } = useLeadPanel(id, reads);
	const heading = useRef<HTMLHeadingElement>(null);
	const shown = data !== undefined || error !== null;
	useEffect(() => {
		if (data)
			rememberRecord(me.user.id, { type: 'lead', id: data.id, title: data.name, text: [data.company, data.email].filter(Boolean).join(' · '), workspace_id: data.workspace_id });
	}, [data, me]);
	useEffect(() => {
		if (!shown || !opened)
			return undefined;
		/* after the library's focus trap has taken its own first choice */
		const timer = setTimeout(() => heading.current?.focus({ preventScroll: true }), 30);
		return () => clearTimeout(timer);
	}, [shown, opened]);
	const onceGone = useOnceGone();
	const close = () => {
		setOpened(false);
		setTimeout(() => {
			if (new URLSearchParams(location.search).get('id') !== id) {
				setOpened(true); /* whoever went on meanwhile is not called back */
				return;
			}
			onceGone(() => (document.querySelector<HTMLElement>(`[data-lead="${data?.id ?? ''}"]`) ?? document.getElementById('main'))?.focus({ preventScroll: true }));
			go.closeDeal();
		}, 150);
	};
	return (
		<SidePanel opened={opened} onClose={close}>
			{!data && (
				<div className="panel" aria-busy={!error}>
					<div className="panel-close"><IconButton icon="x" label={t('common.close')} hint="Esc" calm onClick={close} /></div>
					{error
						? <Empty icon={error instanceof Problem && error.status === 404 ? 'search' : 'alert'} title={<PanelTitle innerRef={heading}>{t(error instanceof Problem && error.status === 404 ? 'lead.not_found' : 'leads.failed')}</PanelTitle>}><p>{problemText(error)}</p><Button onClick={close}>{t('common.close')}</Button></Empty>
						: <><PanelTitle hidden>{t('common.loading')}</PanelTitle><div className="panel-head"><Skeleton w={44} h={44} style={{ borderRadius: 10 }} /><Skeleton w="40%" h={20} /></div><div className="panel-tab">{[1, 2, 3].map((row) => <Skeleton key={row} h={72} style={{ marginBottom: 14 }} />)}</div></>}
				</div>
			)}
			{data && <Body lead={data} tab={tab} heading={heading} onClose={close} />}
		</SidePanel>
	);
}

/* the deal that a lead became, as the tabs that show either want it */
const asCard = (lead: Lead): Card => ({
	id: lead.deal_id ?? lead.id, workspace_id: lead.workspace_id, number: lead.number, title: lead.name, stage_id: '', contact_id: lead.contact_id, contact_name: lead.name, company: lead.company,
	value: null, owner_id: lead.owner_id, lead_id: lead.id, source: lead.source, version: 0, created_at: lead.created_at, stage_since: lead.created_at, close_date: null, files: 0,
});

function Body({ lead, tab, heading, onClose }: { lead: Lead; tab: string | null; heading: React.RefObject<HTMLHeadingElement | null>; onClose(): void }) {
	const t = useT();
	const go = useGo();
	const { mayEdit, me, reads } = useScope();
	const { ask, dialog } = useActivityDialog();
	const workspace = me.workspaces.find((one) => one.id === lead.workspace_id)?.slug ?? '';
	const about = { kind: lead.deal_id ? 'deal' as const : 'lead' as const, id: lead.deal_id ?? lead.id, title: lead.name };
	const width = useNarrow(760) ? 'narrow' : 'middle';
	const idBase = useId();
	const may = mayEdit(lead.workspace_id);
	/* as settings know them: the board's own would be read anew, without its filter */
	const { data: pipelines } = useSetPipelines(workspace || null);
	const stages = useMemo(() => (pipelines ?? []).filter((one) => one.workspace_id === lead.workspace_id).flatMap((one) => one.stages)
		.map((stage): Stage => ({ ...stage, count: stage.deals, sums: [], cards: [], next: null })), [pipelines, lead.workspace_id]);
	const talks = mayChat(me, lead.workspace_id);
	const unread = useUnread(reads, talks, lead.id);
	const { message } = useAppSearch();
	/* the story is told of the deal that it became; before that, what was done and noted about it */
	const first = 'timeline';
	const tabs = [
		{ key: first, label: t(lead.deal_id ? 'deal.timeline' : 'activity.title') },
		...(talks ? [{ key: 'chat', label: t('nav.chat'), ...(unread ? { count: unread } : {}) }] : []),
		{ key: 'files', label: t('deal.files') },
		...(width === 'narrow' ? [{ key: 'about', label: t('deal.about') }] : []),
	];
	const active = tabs.some((one) => one.key === tab) ? (tab as string) : first;
	return (
		<div className={`panel panel-${width}`}>
			<header className="panel-head">
				<Tile name={lead.company ?? lead.name} size={44} />
				<div className="panel-name">
					<PanelTitle innerRef={heading}>{lead.name}</PanelTitle>
					<p className="cut">{[lead.company, lead.form_type].filter(Boolean).join(' · ')}<span className="muted num"> · {t('deal.number', { number: lead.number })}</span></p>
				</div>
				<div className="panel-actions">
					<PinButton type="lead" id={lead.id} />
					<ReachButtons phone={lead.phone} email={lead.email} whom={whomOf('lead', lead)} />
					{may && <AddMenu ask={ask} about={about} workspace={workspace} compact />}
				</div>
				<IconButton icon="x" label={t('common.close')} hint="Esc" calm onClick={onClose} className="panel-x" />
			</header>
			<Status lead={lead} may={may} />
			<div className="panel-columns">
				{width !== 'narrow' && <aside className="panel-side scroll" aria-label={t('deal.about')} tabIndex={0}><About lead={lead} may={may} /></aside>}
				<div className="panel-centre">
					<Tabs tabs={tabs} active={active} idBase={idBase} label={t('lead.tabs')} onSelect={(key) => go.search({ tab: key === first ? undefined : key, message: undefined }, true)} />
					<TabPanel idBase={idBase} tab={active} className={active === 'chat' ? 'panel-tab panel-chat' : 'panel-tab scroll'}>
						{active === 'chat' && <ChatTab room={{ kind: 'lead', id: lead.id, workspace }} message={message ?? null} label={lead.name} />}
						{active === 'about' && <About lead={lead} may={may} />}
						{active === 'timeline' && !lead.deal_id && <ActivitiesOf about={about} workspaceId={lead.workspace_id} />}
						{active === 'timeline' && lead.deal_id && <TimelineTab deal={asCard(lead)} stages={stages} onEdit={(activity) => ask({ mode: 'plan', kind: activity.kind, about: activity.about, workspace, activity })} />}
						{active === 'files' && <Files of="lead" id={lead.id} workspaceId={lead.workspace_id} />}
					</TabPanel>
					{active === 'timeline' && lead.deal_id && may && <div className="follow"><Button wide icon="note" onClick={() => ask({ mode: 'log', kind: 'note', about, workspace })}>{t('activity.new_note')}</Button></div>}
				</div>
			</div>
			{dialog}
		</div>
	);
}

/* three steps; the last one is taken by qualifying, and stays */
function Status({ lead, may }: { lead: Lead; may: boolean }) {
	const t = useT();
	const [busy, setBusy] = useState(false);
	const at = STATUSES.findIndex((one) => one === lead.status);
	const set = async (status: (typeof STATUSES)[number]) => {
		if (busy || status === lead.status)
			return;
		setBusy(true);
		try {
			if (status === 'Qualified') {
				await api('POST', `/api/crm/leads/${lead.id}/qualify`, { body: {} });
				await leadChanged(lead.id);
				toast.ok(t('lead.qualified', { name: lead.name }));
			} else
				await saveLead(lead, { status });
		} catch (fault) {
			toast.error(t('deal.not_saved'), problemText(fault));
			await leadChanged(lead.id);
		}
		setBusy(false);
	};
	return (
		<div className="panel-stages">
			<ol className="stepper" aria-label={t('field.status')}>
				{STATUSES.map((one, index) => (
					<li key={one} className={`step step-${index === at ? 'now' : index < at ? 'past' : 'next'} step-${one === 'Qualified' ? 'won' : 'open'}`}>
						<button type="button" disabled={!may || busy || (lead.status === 'Qualified' && index !== at)} aria-current={index === at ? 'step' : undefined} onClick={() => void set(one)}>
							{index < at && <Icon name="check" size={14} />}<span className="cut">{one === 'Qualified' && index !== at ? t('lead.qualify') : sayValue('lead_status', one)}</span>
						</button>
					</li>
				))}
			</ol>
		</div>
	);
}

function About({ lead, may }: { lead: Lead; may: boolean }) {
	const t = useT();
	const go = useGo();
	const { formats } = useScope();
	const language = useLanguage();
	const [editing, setEditing] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	const none = <span className="muted">—</span>;
	if (editing)
		return <Suspense fallback={<Skeleton h={320} />}><LeadEdit lead={lead} saveLead={saveLead} leadChanged={leadChanged} onDone={() => { setEditing(false); requestAnimationFrame(() => button.current?.focus()); }} /></Suspense>;
	return (
		<>
			<div className="side-head"><h3>{t('deal.about')}</h3>{may && <IconButton ref={button} icon="pencil" small label={t('lead.edit')} onClick={() => setEditing(true)} />}</div>
			{lead.unanswered && <p><span className="tag tag-warn"><Icon name="clock" size={13} />{t('lead.unanswered')}</span></p>}
			<Facts rows={[
				{ key: 'company', label: t('field.company'), value: lead.company ?? none },
				{ key: 'email', label: t('field.email'), value: lead.email ? <Mail email={lead.email} /> : none },
				{ key: 'phone', label: t('field.phone'), value: lead.phone ? <Phone phone={lead.phone} whom={whomOf('lead', lead)} /> : none },
				{ key: 'source', label: t('field.source'), value: lead.source ? sayValue('source', lead.source) : none },
				...(lead.language ? [{ key: 'language', label: t('language.title'), value: new Intl.DisplayNames([language], { type: 'language' }).of(lead.language) ?? lead.language }] : []),
				...(lead.consent ? [{ key: 'consent', label: t('field.consent'), value: <Agreed consent={lead.consent} /> }] : []),
				{ key: 'message', label: t('field.message'), value: lead.message ? <span className="prewrap">{lead.message}</span> : none },
				{ key: 'created', label: t('field.created'), value: <span className="num">{formats.moment(lead.created_at)}</span> },
				{ key: 'owner', label: t('field.owner'), value: <Owner lead={lead} may={may} /> },
				{ key: 'tags', label: t('tags.title'), value: <TagsOf kind="lead" id={lead.id} workspaceId={lead.workspace_id} /> },
			]} />
			{lead.deal_id && <p className="lead-deal"><Button wide icon="board" onClick={() => go.openDeal(lead.deal_id ?? '')}>{t('lead.open_deal')}</Button></p>}
			{lead.deal_id && <Suspense fallback={null}><LeadOrder dealId={lead.deal_id} workspaceId={lead.workspace_id} /></Suspense>}
		</>
	);
}

/* what they agreed to, in the words that they were shown */
function Agreed({ consent }: { consent: Consent }) {
	const t = useT();
	const { formats } = useScope();
	const about = [consent.at && formats.moment(consent.at), consent.version && t('consent.version', { version: consent.version }), consent.page && t('consent.on', { page: consent.page.replace(/^https?:\/\//, '').replace(/\?.*$/, '') })].filter(Boolean).join(' · ');
	return (
		<span data-consent={consent.news ? 'news' : consent.given ? 'given' : 'no'}>
			{t(consent.news ? 'consent.news' : consent.given ? 'consent.terms' : 'consent.no')}
			{consent.text && <q className="prewrap muted" style={{ display: 'block' }} translate="no">{consent.text}</q>}
			{about && <span className="muted num" style={{ display: 'block' }}>{about}</span>}
		</span>
	);
}

function Owner({ lead, may }: { lead: Lead; may: boolean }) {
	const t = useT();
	const hand = (id: string) => void saveLead(lead, { owner_id: id }).catch((fault: unknown) => { toast.error(t('deal.not_saved'), problemText(fault)); void leadChanged(lead.id); });
	return <OwnerMenu workspaceId={lead.workspace_id} ownerId={lead.owner_id} fixed={!may} onChoose={hand} />;
}
