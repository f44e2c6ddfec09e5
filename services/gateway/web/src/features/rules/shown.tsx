/* Small parts that every page of rules shows: how a firing stands, what is wrong in this place, how often a rule acted. */
import i18next from 'i18next';
import type { FiringState, Rule, RuleProblem } from '../../api/rules';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Icon } from '../../ui/icons';

const TONE: Record<FiringState, string> = { running: 'tag-accent', waiting: 'tag-accent', done: 'tag-ok', refused: 'tag-danger', unmet: '', stopped: '', limited: 'tag-warn' };
export const StateTag = ({ state }: { state: FiringState }) => <span className={`tag ${TONE[state]}`} data-state={state}>{sayValue('rule_state', state)}</span>;

export const problemWords = (one: RuleProblem): string => (i18next.exists(`rule_problem.${one.code}`) ? sayValue('rule_problem', one.code) : i18next.exists(`problem.${one.code}`) ? sayValue('problem', one.code) : one.detail || one.code);

export function Wrong({ problems }: { problems: readonly RuleProblem[] }) {
	return problems.length ? <>{problems.map((one) => <p key={one.pointer + one.code} className="rule-wrong" data-wrong={one.pointer}><Icon name="error" size={16} /><span>{problemWords(one)}</span></p>)}</> : null;
}

export function Counts({ rule }: { rule: Rule }) {
	const t = useT();
	const { formats } = useScope();
	return (
		<span className="rule-facts num">
			<span>{rule.fired_at ? t('rules.acted', { when: formats.moment(rule.fired_at) }) : t('rules.acted_never')}</span>
			{rule.fired > 0 && <span>{t('rules.fired', { count: rule.fired, number: formats.number(rule.fired) })}</span>}
			{rule.waiting > 0 && <span className="tag tag-accent">{t('rules.waiting', { count: rule.waiting, number: formats.number(rule.waiting) })}</span>}
			{rule.refused > 0 && <span className="tag tag-danger">{t('rules.refused', { count: rule.refused, number: formats.number(rule.refused) })}</span>}
		</span>
	);
}

export const PRESETS = ['quote_sent', 'quote_accepted', 'invoice_paid', 'lead_task', 'lead_confirm'] as const;
/* one that the product brought is called by the words of whoever looks */
export const ruleName = (rule: { name: string; preset?: string | null }): string => (rule.preset && i18next.exists(`rule_preset.${rule.preset}`) ? sayValue('rule_preset', rule.preset) : rule.name);
