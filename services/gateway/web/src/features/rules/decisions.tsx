/* Why? What rules decided: of a rule, about a record, or all; and one decision whole: each rule that was asked, what it did step by step, or which condition did
   not hold and what stood there. Changes nothing but what waits, which can be stopped. */
import { useParams } from '@tanstack/react-router';
import i18next from 'i18next';
import { lazy, Suspense, useState } from 'react';
import { query } from '../../api/client';
import { type AskedRule, type Decision, type Firing, type FiringStep, rulesChanged, useDecision, useDecisions, useRules, type WholeDecision } from '../../api/rules';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpMore, PageHead, Section } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { useHeard } from '../money/live';
import { OfOneWorkspace } from '../settings/one-workspace';
import { write } from '../settings/write';
import { AboutLinks, RecordLink } from './about';
import { useOpen } from './away';
import { type Known, useKnown } from './names';
import { capital, sayEvent, sayFact, sayFailed, sayPlain, sayStood } from './say';
import { ruleName, StateTag } from './shown';
import './rules.css';

const Confirm = lazy(() => import('../../ui/confirm').then((module) => ({ default: module.Confirm })));

export function DecisionsPage() {
	const t = useT();
	return <OfOneWorkspace title={t('rules.why_title')} text={t('rules.choose')} help="automation-why" right="crm-view">{(workspace) => <List workspace={workspace} />}</OfOneWorkspace>;
}
export function DecisionPage() {
	const t = useT();
	return <OfOneWorkspace title={t('rules.why_title')} text={t('rules.choose')} help="automation-why" right="crm-view">{(workspace) => <Whole workspace={workspace} />}</OfOneWorkspace>;
}

const headOf = (t: ReturnType<typeof useT>, one: Decision): string => [one.type === 'time' ? t('rules.time_rule') : capital(sayEvent(one.type)), one.label].filter(Boolean).join(': ');

function List({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const open = useOpen();
	const { rule, record, status, view } = useAppSearch();
	const rules = useRules(workspace.slug);
	const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDecisions(workspace.slug, { rule, record, state: status, unmatched: view === 'all' });
	useHeard(['rule.fired'], rulesChanged);
	const rows = data?.pages.flatMap((page) => page.data) ?? [];
	const named = rules.data?.find((one) => one.id === rule);
	return (
		<>
			<PageHead title={t('rules.why_title')} sub={named ? t('rules.why_of_rule', { name: ruleName(named) }) : record ? t('rules.why_of_record', { name: t('rules.why_record') }) : t('rules.why_sub')} help="automation-why" />
			<div className="page-body scroll"><div className="page-narrow rule-body">
				<div className="rule-line">
					<Segments<'every' | 'waiting' | 'refused'> label={t('rules.why_state')} value={status === 'waiting' || status === 'refused' ? status : 'every'} onChange={(to) => go.search({ status: to === 'every' ? undefined : to }, true)} choices={[{ value: 'every', label: t('rules.why_every') }, { value: 'waiting', label: t('rules.why_waiting') }, { value: 'refused', label: t('rules.why_refused') }]} />
					<label className="tick"><input type="checkbox" checked={view === 'all'} onChange={(event) => go.search({ view: event.currentTarget.checked ? 'all' : undefined }, true)} /><span>{t('rules.why_all')}</span></label>
				</div>
				{error && !data && <Empty icon="alert" title={t('rules.why_failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
				{!data && !error && <Skeleton h={220} style={{ borderRadius: 10 }} />}
				{data && !rows.length && <Empty icon="history" title={t('rules.why_none')}><p>{t('rules.why_none_text')}</p><HelpMore page="automation-why" /></Empty>}
				{rows.length > 0 && <ol className="why-list">{rows.map((one) => <Short key={one.id} one={one} workspace={workspace} onOpen={() => open(`/decisions/${one.id}`)} />)}</ol>}
				{hasNextPage && <div><Button kind="quiet" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.more')}</Button></div>}
			</div></div>
		</>
	);
}

function Short({ one, workspace, onOpen }: { one: Decision; workspace: Workspace; onOpen(): void }) {
	const t = useT();
	const { formats } = useScope();
	const head = headOf(t, one);
	return (
		<li className="why" data-decision={one.id}>
			<div className="why-head"><b>{head}</b><AboutLinks of={one} /><time className="muted num" dateTime={one.at}>{formats.moment(one.at)}</time><Button kind="quiet" icon="help" onClick={onOpen} aria-label={t('rules.why_of', { what: head, when: formats.moment(one.at) })}>{t('rules.why_more')}</Button></div>
			{one.skipped && <p className="muted">{sayValue('rule_skipped', one.skipped)}</p>}
			{one.firings.map((firing) => <FiringLine key={firing.id} firing={firing} workspace={workspace} type={one.type} />)}
			{!one.firings.length && !one.skipped && <p className="muted">{t('rules.acted_not_head')}</p>}
		</li>
	);
}

function FiringLine({ firing, workspace, type }: { firing: Firing; workspace: Workspace; type: string }) {
	const t = useT();
	const { formats, may } = useScope();
	const [sure, setSure] = useState(false);
	const name = ruleName(firing);
	const stop = async () => {
		setSure(false);
		if (await write(rulesChanged, 'POST', `/api/crm/firings/${firing.id}/stop${query({ workspace: workspace.slug })}`, {}))
			toast.ok(t('rules.stopped'));
	};
	return (
		<div data-firing={firing.state}>
			<div className="rule-state"><b>{name}</b><StateTag state={firing.state} />{firing.due_at && firing.state === 'waiting' && <span className="muted num">{t('rules.due', { when: formats.moment(firing.due_at) })}</span>}
				{firing.state === 'waiting' && may('crm-settings') && <Button kind="quiet" icon="x" onClick={() => setSure(true)} aria-label={t('rules.stop_firing_of', { name })}>{t('rules.stop_firing')}</Button>}</div>
			{firing.steps.length > 0 && <ol className="why-steps">{firing.steps.map((step, at) => <StepLine key={`${step.step} ${at}`} step={step} type={type} workspace={workspace} />)}</ol>}
			{sure && <Suspense fallback={null}><Confirm opened={sure} onClose={() => setSure(false)} title={t('rules.stop_sure', { name })} text={<p>{t('rules.stop_sure_text')}</p>} yes={t('rules.stop_firing')} onYes={() => void stop()} danger /></Suspense>}
		</div>
	);
}

const MADE: Readonly<Record<string, string>> = { deal_move: 'deal', deal_update: 'deal', deal_create: 'deal', deal_tag: 'deal', deal_follow_up: 'deal', contact_tag: 'contact', account_tag: 'account', document_send: 'document', invoice_from_quote: 'document', invoice_remind: 'document', quote_create: 'document', invoice_create: 'document' };

function StepLine({ step, type, workspace }: { step: FiringStep; type: string; workspace: Workspace }) {
	const t = useT();
	const { formats } = useScope();
	const noun = step.do ? MADE[step.do] : undefined;
	const why = step.code ? (i18next.exists(`problem.${step.code}`) ? sayValue('problem', step.code) : step.code === 'nobody_left' ? sayValue('rule_problem', step.code) : step.detail || step.code) : null;
	return (
		<li>
			<span>{step.do ? capital(sayValue('rule_do', step.do)) : step.wait ? t('rules.due', { when: formats.moment(step.wait) }) : step.branch ? t(step.branch === 'then' ? 'rules.yes_branch' : 'rules.no_branch') : step.failed ? null : t('rules.step_stop')}</span>
			{step.state && ['running', 'done', 'refused'].includes(step.state) && <StateTag state={step.state as 'running' | 'done' | 'refused'} />}
			{noun && step.record_id && step.state === 'done' && <RecordLink noun={noun} id={step.record_id} type={step.do === 'quote_create' ? 'quote' : step.do === 'document_send' ? type : 'invoice'}>{[t('rules.open_record'), step.number].filter(Boolean).join(' ')}</RecordLink>}
			{step.at && <time className="muted num" dateTime={step.at}>{formats.moment(step.at)}</time>}
			{step.failed ? <StepFailed step={step} workspace={workspace} /> : null}
			{why && <span className="rule-wrong">{why}</span>}
		</li>
	);
}

function Whole({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const open = useOpen();
	const { decision: id = '' } = useParams({ strict: false }) as { decision?: string };
	const { data, error } = useDecision(id, workspace.slug);
	const known = useKnown(workspace.slug);
	useHeard(['rule.fired'], rulesChanged);
	return (
		<>
			<PageHead title={t('rules.why_title')} sub={data ? headOf(t, data) : t('rules.why_sub')} help="automation-why"><Button kind="quiet" icon="left" onClick={() => open('/decisions')}>{t('rules.why_back')}</Button></PageHead>
			<div className="page-body scroll"><div className="page-narrow">
				{error && !data && <Empty icon="search" title={t('rules.why_gone')}><p>{problemText(error)}</p></Empty>}
				{!data && !error && <Skeleton h={240} style={{ borderRadius: 10 }} />}
				{data && <Told one={data} known={known} workspace={workspace} />}
			</div></div>
		</>
	);
}

function Told({ one, known, workspace }: { one: WholeDecision; known: Known; workspace: Workspace }) {
	const t = useT();
	const { formats } = useScope();
	const rules = useRules(workspace.slug);
	const actor = one.actor_id ? known.names.user(one.actor_id) : null;
	const byRule = rules.data?.find((rule) => rule.id === one.actor_id);
	const who = actor ? t('rules.by_name', { name: actor }) : byRule ? `${t('rules.by_rule')}: ${ruleName(byRule)}` : t('rules.by_system');
	const not = one.rules.filter((rule) => !one.firings.some((firing) => firing.rule_version_id === rule.rule_version_id));
	const facts = Object.entries(one.facts ?? {});
	return (
		<>
			<Section title={headOf(t, one)} text={<span className="num">{[formats.moment(one.at), who, one.asked ? t('rules.asked', { count: one.asked, number: formats.number(one.asked) }) : null, one.took_us === null || one.took_us === undefined ? null : t('rules.took', { number: formats.figure((one.took_us / 1000).toFixed(1)) })].filter(Boolean).join(' · ')}</span>}>
				<AboutLinks of={one} />
				{one.skipped && <p>{sayValue('rule_skipped', one.skipped)}</p>}
			</Section>
			{one.firings.length > 0 && <Section title={t('rules.acted_head')}>{one.firings.map((firing) => <div key={firing.id} className="why-rule"><FiringLine firing={firing} workspace={workspace} type={one.type} /></div>)}</Section>}
			{not.length > 0 && <Section title={t('rules.acted_not_head')}>{not.map((rule) => <NotActed key={rule.rule_version_id} rule={rule} known={known} />)}</Section>}
			{facts.length > 0 && <Section title={t('rules.facts_then')}><dl className="why-facts">{facts.map(([name, value]) => <div key={name}><dt>{sayFact(known, name)}</dt><dd>{sayPlain(known, name, value)}</dd></div>)}</dl></Section>}
		</>
	);
}

/* which condition did not hold, and what stood there when it was asked */
function Failed({ at, known }: { at: Pick<AskedRule, 'failed' | 'condition' | 'value' | 'unknown'>; known: Known }) {
	return at.failed ? <p>{sayFailed(known, at.failed, at.condition)} <span className="muted">{sayStood(known, at.condition?.fact ?? '', at.value, at.unknown === true)}</span></p> : null;
}
function StepFailed({ step, workspace }: { step: FiringStep; workspace: Workspace }) {
	return <Failed at={step} known={useKnown(workspace.slug)} />;
}

function NotActed({ rule, known }: { rule: AskedRule; known: Known }) {
	const t = useT();
	return (
		<div className="why-rule" data-failed={rule.failed ?? ''}>
			<b>{ruleName(rule)}</b>
			{rule.later ? <p>{t('rules.was_later')}</p> : <Failed at={rule} known={known} />}
		</div>
	);
}
