/* One rule: when, if, then, in sentences. What is wrong is said in its place while one writes; nothing is written before Save, and nobody leaves
   unsaved without being asked. Its history stands beside it. Never offers what does not fit. */
import { useBlocker, useParams } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { api, Problem, query } from '../../api/client';
import { type Body, type Catalogue, checkRule, type RuleProblem, rulesChanged, type RuleVersion, useRule, useRuleCatalogue, type WholeRule } from '../../api/rules';
import type { Workspace } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useAppSearch, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault, PageHead, Section } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from '../settings/one-workspace';
import { useOpen } from './away';
import { bodyOf, type Draft, draftOf, emptyDraft } from './draft';
import { EXAMPLES, isExample } from './examples';
import { type Known, useKnown } from './names';
import { factsOf, offeredAt } from './offer';
import type { Around } from './parts';
import { sayRule } from './say';
import { ruleName, Wrong } from './shown';
import { Switch } from './switch';
import '../settings/settings.css';
import '../settings/preset.css';
import './rules.css';

const Confirm = lazy(() => import('../../ui/confirm').then((module) => ({ default: module.Confirm })));
const WhenPart = lazy(() => import('./parts').then((module) => ({ default: module.WhenPart })));
const GroupPart = lazy(() => import('./parts').then((module) => ({ default: module.GroupPart })));
const StepsPart = lazy(() => import('./parts').then((module) => ({ default: module.StepsPart })));
/* what a step is given is there by the time somebody chose what to do; where it does not come now, it is asked for again then */
import('./given').catch(() => undefined);
const TryPanel = lazy(() => import('./try').then((module) => ({ default: module.TryPanel })));

export function RulePage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.automations')} text={t('rules.choose')} help="automation-rule">{(workspace) => <One workspace={workspace} />}</OfOneWorkspace>;
}

function One({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const open = useOpen();
	const { currency } = useScope();
	const { rule: id } = useParams({ strict: false }) as { rule?: string };
	const { what } = useAppSearch();
	const fresh = !id || id === 'new';
	const rule = useRule(fresh ? null : id, workspace.slug);
	const catalogue = useRuleCatalogue(workspace.slug);
	const known = useKnown(workspace.slug);
	const fault = rule.error ?? catalogue.error;
	const begin = useMemo(() => (isExample(what) ? { name: t(`rule_example.${what}`), body: EXAMPLES[what](t, currency) } : null), [what, t, currency]);
	if (fault && !(rule.data && catalogue.data)) {
		const gone = fault instanceof Problem && fault.status === 404;
		return <><PageHead title={t('rules.edit_title')} help="automation-rule" /><Empty icon={gone ? 'search' : 'alert'} title={t(gone ? 'rules.gone' : 'rules.failed')}><p>{gone ? t('rules.gone_text') : problemText(fault)}</p><Button onClick={() => open('/settings/automations')}>{t('rules.all')}</Button></Empty></>;
	}
	if (!catalogue.data || (!fresh && !rule.data))
		return <><PageHead title={t(fresh ? 'rules.new_title' : 'rules.edit_title')} help="automation-rule" /><div className="page-body" aria-hidden="true"><div className="page-narrow"><Skeleton h={360} style={{ borderRadius: 10 }} /></div></div></>;
	return <Editor key={fresh ? `new ${what ?? ''}` : id} workspace={workspace} rule={rule.data ?? null} begin={begin} catalogue={catalogue.data} known={known} />;
}

/* what is wrong, asked when nobody writes for a moment */
function useProblems(slug: string, body: Body): { problems: RuleProblem[]; checked: boolean } {
	const text = JSON.stringify(body);
	const [rested, setRested] = useState(text);
	useEffect(() => {
		const timer = setTimeout(() => setRested(text), 250);
		return () => clearTimeout(timer);
	}, [text]);
	const { data } = useQuery({ queryKey: ['rule check', slug, rested], queryFn: ({ signal }) => checkRule(slug, JSON.parse(rested), signal), placeholderData: (old) => old, staleTime: Infinity, gcTime: 60_000 });
	return { problems: data ?? [], checked: data !== undefined && rested === text };
}

function Editor({ workspace, rule, begin, catalogue, known }: { workspace: Workspace; rule: WholeRule | null; begin: { name: string; body: Body } | null; catalogue: Catalogue; known: Known }) {
	const t = useT();
	const open = useOpen();
	const { view } = useAppSearch();
	const slug = workspace.slug;
	const [draft, setDraft] = useState<Draft>(() => (rule ? draftOf(rule.body) : begin ? draftOf(begin.body) : emptyDraft()));
	const [name, setName] = useState(rule ? ruleName(rule) : begin?.name ?? '');
	const [limit, setLimit] = useState(String(rule?.limit_per_hour ?? 1000));
	const [enabled, setEnabled] = useState(rule?.enabled ?? true);
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	/* what is wrong with what is not there yet is said once somebody wants to save */
	const [asked, setAsked] = useState(rule !== null || begin !== null);
	const seen = useRef<number | null>(rule?.version ?? null);
	const body = useMemo(() => bodyOf(draft), [draft]);
	const state = JSON.stringify([body, name, limit, enabled]);
	const [saved, setSaved] = useState(state);
	const dirty = state !== saved;
	const leaving = useRef(false);
	const blocker = useBlocker({ shouldBlockFn: ({ current, next }) => dirty && !leaving.current && current.pathname !== next.pathname, enableBeforeUnload: () => dirty && !leaving.current, withResolver: true });
	const { problems, checked } = useProblems(slug, body);
	const event = 'event' in draft.when ? draft.when.event : null;
	const weekly = 'each' in draft.when;
	const offered = useMemo(() => offeredAt(catalogue, draft.when), [catalogue, draft.when]);
	const facts = useMemo(() => factsOf(offered, event, known.own), [offered, event, known.own]);
	const shown = asked ? problems : problems.filter((one) => one.code !== 'required' && one.code !== 'not_a_string' && one.pointer !== '/when/event');
	const around: Around = { catalogue: offered, known, event, facts, problems: shown };
	const page = useRef<HTMLDivElement>(null);
	const first = () => requestAnimationFrame(() => {
		const wrong = page.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? page.current?.querySelector<HTMLElement>('.rule-wrong');
		const box = page.current;
		/* this box alone is scrolled: the browser's own way would move the frame as well */
		if (wrong && box)
			box.scrollTop += wrong.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
		wrong?.focus({ preventScroll: true });
	});
	const save = async () => {
		setAsked(true);
		const found: Record<string, string> = {};
		if (!name.trim())
			found['name'] = t('form.required');
		if (!/^\d{1,6}$/.test(limit) || Number(limit) < 1 || Number(limit) > 100_000)
			found['limit_per_hour'] = t('rules.limit_wrong');
		setFaults(found);
		setBusy(true);
		try {
			const wrong = await checkRule(slug, body);
			if (wrong.length || Object.keys(found).length) {
				setBusy(false);
				first();
				return;
			}
			const said = { name: rule?.preset ? undefined : name.trim(), body, limit_per_hour: Number(limit), enabled };
			if (rule) {
				const written = await api<{ version?: number }>('PUT', `/api/crm/rules/${rule.id}${query({ workspace: slug })}`, { body: { ...said, ...(seen.current === null ? {} : { version: seen.current }) } });
				seen.current = written?.version ?? null;
			} else
				await api('POST', `/api/crm/rules${query({ workspace: slug })}`, { body: said });
			setSaved(state);
			leaving.current = true;
			await rulesChanged();
			toast.ok(t('rules.saved', { name: name.trim() }));
			open('/settings/automations');
		} catch (reason) {
			const stale = reason instanceof Problem && reason.code === 'stale';
			if (stale)
				seen.current = null;
			const named = fieldFaults(reason);
			setFaults(named['name'] || named['limit_per_hour'] ? named : { form: stale ? t('rules.stale') : problemText(reason) });
		}
		setBusy(false);
	};
	const discard = () => {
		leaving.current = true;
		open('/settings/automations');
	};
	const title = rule ? ruleName(rule) : t('rules.new_title');
	const history = view === 'history' && rule;
	return (
		<>
			<PageHead title={title} sub={t('settings.automations')} help="automation-rule">
				<Button kind="quiet" icon="left" onClick={() => open('/settings/automations')}>{t('rules.all')}</Button>
				{rule && <Button icon="help" onClick={() => open('/decisions', { rule: rule.id })}>{t('rules.decisions')}</Button>}
			</PageHead>
			<div className="page-body scroll" ref={page}><div className="page-narrow rule-body">
				{rule && <Segments<'rule' | 'history'> label={title} value={history ? 'history' : 'rule'} onChange={(to) => open(`/settings/automations/${rule.id}`, to === 'history' ? { view: 'history' } : {}, true)} choices={[{ value: 'rule', label: t('rules.edit_title') }, { value: 'history', label: t('rules.history') }]} />}
				{faults['form'] && <Fault>{faults['form']}</Fault>}
				{history ? <Versions rule={rule} known={known} take={(one) => { setDraft(draftOf(one.body)); open(`/settings/automations/${rule.id}`, {}, true); }} /> : <>
					<p className="rule-say" data-say>{sayRule(known, body)}</p>
					<div className="rule-part"><h2>{t('rules.name')}</h2><div className="rule-in">
						<div className="rule-meta">
							{rule?.preset ? <b>{ruleName(rule)}</b> : <TextField label={t('rules.name')} name="name" value={name} onChange={setName} maxLength={120} autoComplete="off" hint={t('rules.name_hint')} required error={faults['name']} />}
							<TextField label={t('rules.limit')} name="limit_per_hour" value={limit} onChange={setLimit} inputMode="numeric" error={faults['limit_per_hour']} />
						</div>
						<div className="rule-state"><Switch label={t('rules.enabled')} checked={enabled} onChange={setEnabled} /><span>{t('rules.enabled')} <span className="muted small">{t('rules.enabled_hint')}</span></span></div>
					</div></div>
					<Suspense fallback={<Skeleton h={260} style={{ borderRadius: 10 }} />}>
					<section className="rule-part" aria-label={t('rules.when')}><h2>{t('rules.when')}</h2><div className="rule-in"><WhenPart around={around} when={draft.when} onChange={(when) => setDraft({ ...draft, when })} /></div></section>
					<section className="rule-part" aria-label={t('rules.if')}><h2>{t('rules.if')}</h2><div className="rule-in">
						{!draft.group.items.length && <p className="muted">{t(weekly ? 'rules.always_weekly' : 'rules.always')}</p>}
						{(!weekly || draft.group.items.length > 0) && <GroupPart around={around} group={draft.group} pointer="/if" label={t('rules.conditions')} onChange={(group) => setDraft({ ...draft, group })} />}
					</div></section>
					<section className="rule-part" aria-label={t('rules.then')}><h2>{t('rules.then')}</h2><div className="rule-in"><StepsPart around={around} steps={draft.steps} pointer="/then" label={t('rules.steps')} onChange={(steps) => setDraft({ ...draft, steps })} /></div></section>
					<Wrong problems={shown.filter((one) => one.pointer === '')} />
					<TryPanel slug={slug} body={body} ready={checked && problems.length === 0} rule={rule?.id ?? null} />
					</Suspense>
				</>}
			</div></div>
			<div className="save-bar" role="region" aria-label={t('rules.unsaved_label')}>
				<span role="status">{shown.length ? <span className="rule-wrong"><Icon name="error" size={16} />{t('rules.problems', { count: shown.length })}</span> : dirty ? t('rules.unsaved') : <span className="muted">{!checked ? t('rules.checking') : problems.length ? t('rules.unsaved') : t('rules.fits')}</span>}</span>
				{shown.length > 0 && <Button kind="quiet" onClick={first}>{t('rules.go_problem')}</Button>}
				<Button disabled={busy} onClick={discard}>{t('rules.discard')}</Button>
				<Button kind="primary" disabled={busy || (!dirty && rule !== null)} onClick={() => void save()}>{t('rules.save')}</Button>
			</div>
			{blocker.status === 'blocked' && <Suspense fallback={null}><Confirm opened={blocker.status === 'blocked'} onClose={() => blocker.reset?.()} title={t('rules.leave_title')} text={<p>{t('rules.leave_text')}</p>} yes={t('rules.leave_yes')} onYes={() => blocker.proceed?.()} danger /></Suspense>}
		</>
	);
}

function Versions({ rule, known, take }: { rule: WholeRule; known: Known; take(one: RuleVersion): void }) {
	const t = useT();
	const { formats } = useScope();
	return (
		<Section title={t('rules.versions')} text={t('rules.versions_text')}>
			<ol className="rows">
				{rule.versions.map((one, at) => (
					<li key={one.rule_version_id} data-version={one.n}>
						<span className="row-text"><b>{t('rules.version', { number: one.n })}{at === 0 && <span className="tag tag-accent">{t('rules.version_now')}</span>}</b>
							<span className="muted num">{t('rules.version_by', { name: (one.made_by && known.names.user(one.made_by)) ?? t('rules.system'), when: formats.moment(one.made_at) })}</span>
							<span>{sayRule(known, one.body)}</span></span>
						{at > 0 && <Button onClick={() => take(one)} aria-label={t('rules.version_take_of', { number: one.n })}>{t('rules.version_take')}</Button>}
					</li>
				))}
			</ol>
		</Section>
	);
}

