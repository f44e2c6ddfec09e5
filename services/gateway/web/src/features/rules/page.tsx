/* Settings → Automation rules: what the product brings as one switch each, below it the workspace's own rules in their order. Whatever acts is
   seen here a moment later. Never decides what a rule may do. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import { type Rule, rulesChanged, useRules } from '../../api/rules';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { HelpMore, PageHead, Section } from '../../ui/page';
import { SortList } from '../../ui/sort-list';
import { toast } from '../../ui/toast';
import { useHeard } from '../money/live';
import { OfOneWorkspace } from '../settings/one-workspace';
import { write as send } from '../settings/write';
import { useOpen } from './away';
import { stageOf, withStage } from './draft';
import { EXAMPLES, type Example } from './examples';
import { type Known, useKnown } from './names';
import { sayRule } from './say';
import { Counts, ruleName } from './shown';
import { Switch } from './switch';
import '../settings/settings.css';
import './rules.css';

const Confirm = lazy(() => import('../../ui/confirm').then((module) => ({ default: module.Confirm })));

export function RulesPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.automations')} text={t('rules.choose')} help="automations">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

const write = (method: string, path: string, body?: unknown) => send(rulesChanged, method, path, body);

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const open = useOpen();
	const { data, error, refetch } = useRules(workspace.slug);
	const known = useKnown(workspace.slug);
	const [gone, setGone] = useState<Rule | null>(null);
	useHeard(['rule.changed', 'rule.fired'], rulesChanged);
	const at = (path: string) => `${path}${query({ workspace: workspace.slug })}`;
	const own = (data ?? []).filter((one) => !one.preset);
	const set = async (rule: Rule, enabled: boolean) => {
		if (await write('PUT', at(`/api/crm/rules/${rule.id}`), { enabled }))
			toast.ok(t(enabled ? 'rules.switched_on' : 'rules.switched_off', { name: ruleName(rule) }));
	};
	const copy = async (rule: Rule) => {
		const name = t('rules.copy_name', { name: rule.name });
		if (await write('POST', at('/api/crm/rules'), { name, body: rule.body, limit_per_hour: rule.limit_per_hour, enabled: false }))
			toast.ok(t('rules.copied', { name }));
	};
	const back = async (rule: Rule) => {
		if (await write('POST', at(`/api/crm/rules/${rule.id}/restore`), {}))
			toast.ok(t('rules.is_back', { name: rule.name }));
	};
	const remove = async () => {
		const rule = gone;
		setGone(null);
		if (rule && await write('DELETE', at(`/api/crm/rules/${rule.id}`)))
			toast.ok(t('rules.removed', { name: rule.name }), { label: t('rules.back'), hotkey: 'Z', run: () => void back(rule) });
	};
	const add = <Button kind="primary" icon="plus" onClick={() => open('/settings/automations/new')}>{t('rules.add')}</Button>;
	return (
		<>
			<PageHead title={t('settings.automations')} sub={t('rules.sub')} help="automations">{data && <><Button icon="history" onClick={() => open('/decisions')}>{t('rules.decisions')}</Button>{add}</>}</PageHead>
			{error && !data ? <Empty icon="alert" title={t('rules.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty> : (
				<div className="page-body scroll"><div className="page-narrow">
					{!data && <div aria-hidden="true"><Skeleton h={280} style={{ borderRadius: 10 }} /></div>}
					{data && (
						<Section title={t('rules.presets')} text={t('rules.presets_text')}>
							<ul>
								{data.filter((one) => one.preset).map((rule) => <PresetRow key={rule.id} rule={rule} known={known} workspace={workspace} set={(on) => void set(rule, on)} />)}
								<WonMail workspace={workspace} />
							</ul>
						</Section>
					)}
					{data && (
						<Section title={t('rules.own')} text={own.length > 1 ? t('rules.own_text') : undefined}>
							{own.length === 0 && <Nothing />}
							{own.length > 0 && <SortList label={t('rules.own')} onMove={(id, to) => write('PUT', at(`/api/crm/rules/${id}`), { position: own[to]?.position ?? to + 1 })} rows={own.map((rule) => ({
								key: rule.id, label: rule.name,
								lead: <Switch label={t('rules.switch_of', { name: rule.name })} checked={rule.enabled} onChange={(on) => void set(rule, on)} name={rule.name} />,
								note: <>{sayRule(known, rule.body)}<br /><Counts rule={rule} /></>,
								onOpen: () => open(`/settings/automations/${rule.id}`),
								entries: [
									{ key: 'edit', icon: 'pencil', label: t('rules.edit'), onSelect: () => open(`/settings/automations/${rule.id}`) },
									{ key: 'copy', icon: 'copy', label: t('rules.copy'), onSelect: () => void copy(rule) },
									{ key: 'history', icon: 'history', label: t('rules.history'), onSelect: () => open(`/settings/automations/${rule.id}`, { view: 'history' }) },
									{ key: 'why', icon: 'help', label: t('rules.decisions'), onSelect: () => open('/decisions', { rule: rule.id }) },
									{ key: 'remove', icon: 'trash', label: t('rules.remove'), onSelect: () => setGone(rule) },
								],
							}))} />}
						</Section>
					)}
				</div></div>
			)}
			{gone !== null && <Suspense fallback={null}><Confirm opened={gone !== null} onClose={() => setGone(null)} title={t('rules.remove_sure', { name: gone?.name ?? '' })} text={gone && gone.waiting > 0 ? <p>{t('rules.remove_waits', { count: gone.waiting, number: gone.waiting })}</p> : null} yes={t('rules.remove')} onYes={() => void remove()} danger /></Suspense>}
		</>
	);
}

function Nothing() {
	const t = useT();
	const open = useOpen();
	return (
		<div>
			<p><b>{t('rules.none')}</b></p>
			<p className="muted">{t('rules.none_text')}</p>
			<ul className="rule-examples">
				{(Object.keys(EXAMPLES) as Example[]).map((one) => (
					<li key={one}><button type="button" className="pick" onClick={() => open('/settings/automations/new', { what: one })}><Icon name="spark" size={18} /><span className="pick-text"><b>{sayValue('rule_example', one)}</b><span className="muted small">{sayValue('rule_example', `${one}_text`)}</span></span></button></li>
				))}
			</ul>
			<HelpMore page="automations" />
		</div>
	);
}

function PresetRow({ rule, known, workspace, set }: { rule: Rule; known: Known; workspace: Workspace; set(on: boolean): void }) {
	const t = useT();
	const open = useOpen();
	const name = ruleName(rule);
	const stage = stageOf(rule.body);
	const change = async (to: string | null) => {
		if (to && to !== stage && await write('PUT', `/api/crm/rules/${rule.id}${query({ workspace: workspace.slug })}`, { body: withStage(rule.body, to, known.stagesFrom(to)), version: rule.version }))
			toast.ok(t('rules.stage_saved', { stage: known.names.stage(to) ?? to }));
	};
	const menu = t('rules.more_of', { name });
	return (
		<li className="rule-row" data-preset={rule.preset ?? ''}>
			<Switch label={t('rules.switch_of', { name })} checked={rule.enabled} onChange={set} name={rule.preset ?? ''} />
			<div className="rule-text">
				<b>{name}</b>
				<span className="muted">{sayValue('rule_preset', `${rule.preset ?? ''}_text`)}</span>
				{stage !== null && <div className="rule-stage"><Menu label={t('rules.stage_of', { name })} width={280} target={<Button><span className="muted">{t('rules.stage_to')}</span> <span className="cut">{known.names.stage(stage) ?? t('rules.say_gone')}</span><span className="hidden-text"> ({name})</span><Icon name="down" size={14} /></Button>} entries={known.stages.map((one) => ({ key: one.value, label: one.label, checked: one.value === stage, onSelect: () => void change(one.value) }))} /></div>}
				<Counts rule={rule} />
			</div>
			<Menu label={menu} align="end" target={<IconButton icon="dots" label={menu} />} entries={[
				{ key: 'look', icon: 'eye', label: t('rules.look'), onSelect: () => open(`/settings/automations/${rule.id}`) },
				{ key: 'history', icon: 'history', label: t('rules.history'), onSelect: () => open(`/settings/automations/${rule.id}`, { view: 'history' }) },
				{ key: 'why', icon: 'help', label: t('rules.decisions'), onSelect: () => open('/decisions', { rule: rule.id }) },
			]} />
		</li>
	);
}

/* mailer's own, and one switch more to whoever looks */
function WonMail({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const { may } = useScope();
	const key = ['mail settings', workspace.id];
	const path = `/api/crm/mail/settings${query({ workspace: workspace.slug })}`;
	const { data } = useQuery({ queryKey: key, queryFn: ({ signal }) => api<{ won_mail: boolean }>('GET', path, { signal }), enabled: may('crm-settings') });
	const [asked, setAsked] = useState<boolean | null>(null);
	const name = t('rule_preset.won_mail');
	if (!data)
		return null;
	const set = async (won_mail: boolean) => {
		setAsked(won_mail);
		if (await send(() => queryClient.invalidateQueries({ queryKey: key }), 'PUT', path, { won_mail }))
			toast.ok(t(won_mail ? 'rules.switched_on' : 'rules.switched_off', { name }));
		setAsked(null);
	};
	return (
		<li className="rule-row" data-preset="won_mail">
			<Switch label={t('rules.switch_of', { name })} checked={asked ?? data.won_mail} onChange={(on) => void set(on)} name="won_mail" />
			<div className="rule-text"><b>{name}</b><span className="muted">{t('rule_preset.won_mail_text')}</span></div>
			<IconButton icon="settings" label={t('settings.mail')} onClick={() => go.anywhere('/settings/mail')} />
		</li>
	);
}
