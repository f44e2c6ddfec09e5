/* A rule in words: when, if, then, as sentences. What an id or a key means is looked up by whoever asks (Names). Never shows an id. */
import i18next from 'i18next';
import type { Body, GroupBody, NodeBody, Span, StepBody, WhenBody } from '../../api/rules';
import type { Translate } from '../../i18n';
import { sayValue } from '../../i18n';
import { factIn, pickIn, spanIn, spanOf, timeIn } from './draft';
import { CHOICE_WORDS, flatGiven, ownKey, partsOf } from './offer';

/* null: nobody knows that one here */
export interface Names {
	stage(key: string): string | null;
	user(id: string): string | null;
	tag(id: string): string | null;
	template(id: string): string | null;
	endpoint(id: string): string | null;
	segment(id: string): string | null;
	own(about: string, key: string): string | null;
	ownChoice(about: string, key: string, value: string): string | null;
	item(catalogue: string, key: string): string | null;
	date(day: string): string;
	money(amount: string, currency: string): string;
	number(text: string): string;
}
export interface Saying { t: Translate; names: Names }

const has = (key: string): boolean => i18next.exists(key);
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;

export function sayFact({ t, names }: Saying, name: string): string {
	const { of, field } = partsOf(name);
	const key = ownKey(name);
	const word = key ? (names.own(of, key) ?? key) : has(`rule_fact.${field}`) ? sayValue('rule_fact', field) : field;
	if (!key && field === `${of}_id`)
		return t('rules.itself', { record: sayValue('rule_record', of) });
	return `${sayValue('rule_record', of)}: ${word}`;
}

export const sayEvent = (type: string): string => (has(`rule_event.${type}`) ? sayValue('rule_event', type) : type);

export function saySpan({ t }: Saying, span: Span | undefined): string {
	const { unit, n } = spanOf(span);
	const count = n ?? 0;
	switch (unit) {
	case 'minutes': return t('rules.span_minutes', { count });
	case 'hours': return t('rules.span_hours', { count });
	case 'days': return t('rules.span_days', { count });
	case 'weeks': return t('rules.span_weeks', { count });
	case 'months': return t('rules.span_months', { count });
	}
}

const CATALOGUES = new Set(['source', 'campaign', 'channel', 'account_type', 'ecommerce_type', 'weight_range', 'content_type', 'plan_type', 'locale', 'loss_reason']);
export const isCatalogue = (field: string): boolean => CATALOGUES.has(field);
export const isStage = (name: string): boolean => /\.(stage|stage_id|from_key|to_key|from_id|to_id)$/.test(`.${name}`);

/* a value as people say it; `noun`: what an id is of, or the set of a choice */
export function sayPlain(s: Saying, name: string, value: unknown, noun?: string | null): string {
	const { t, names } = s;
	const { of, field } = name.includes('.') ? partsOf(name) : { of: '', field: name };
	if (value === null || value === undefined || value === '')
		return t('rules.say_nothing');
	if (typeof value === 'boolean')
		return t(value ? 'rules.say_yes' : 'rules.say_no');
	if (Array.isArray(value))
		return value.map((one) => sayPlain(s, name, one, noun)).join(` ${t('rules.say_or')} `);
	if (typeof value === 'number')
		return names.number(String(value));
	if (typeof value === 'object') {
		const { amount, currency } = value as { amount?: unknown; currency?: unknown };
		return (typeof amount === 'string' || typeof amount === 'number') && typeof currency === 'string' ? names.money(String(amount), currency) : t('rules.say_nothing');	/* a rule's own form has numbers */
	}
	const text = String(value);
	if (isStage(name))
		return names.stage(text) ?? (UUID.test(text) ? t('rules.say_gone') : text);
	const key = ownKey(name);
	if (key)
		return names.ownChoice(of, key, text) ?? text;
	if (isCatalogue(field))
		return names.item(field, text) ?? text;
	if (UUID.test(text))
		return names.user(text) ?? names.template(text) ?? names.endpoint(text) ?? names.tag(text) ?? names.segment(text) ?? t('rules.say_gone');
	if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(text))
		return names.date(text);
	const set = CHOICE_WORDS[noun ?? ''] ?? CHOICE_OF[field];
	if (set && has(`${set}.${text}`))
		return sayValue(set, text);
	return /^-?\d+(\.\d+)?$/.test(text) ? names.number(text) : text;
}
/* where no noun is known, as in a sentence of a list */
const CHOICE_OF: Readonly<Record<string, string>> = { outcome: 'stage_kind', status: 'lead_status', kind: 'kind', priority: 'priority', state: 'doc_state', type: 'contact_type', lifecycle: 'lifecycle', about: 'rule_record', of: 'rule_record', method: 'pay_method' };

export function sayCondition(s: Saying, one: { fact: string; op: string; value?: unknown }): string {
	const days = ['within', 'not_within', 'ahead', 'not_ahead'].includes(one.op);
	const value = one.value === undefined ? '' : days ? s.t('rules.say_days', { number: String(one.value) }) : sayPlain(s, one.fact, one.value);
	return [sayFact(s, one.fact), sayValue('rule_op', one.op), value].filter(Boolean).join(' ');
}

/* which condition did not hold, and what its fact held: undefined where that is not kept, null where there was none */
export function sayFailed(s: Saying, number: number, one: { fact: string; op: string; value?: unknown } | null | undefined): string {
	return one ? s.t('rules.failed_at', { number, what: sayCondition(s, one) }) : s.t('rules.failed_plain', { number });
}
export function sayStood(s: Saying, fact: string, value: unknown, unknown: boolean): string {
	if (unknown)
		return s.t('rules.was_unknown');
	if (value === undefined)
		return '';
	return value === null || value === '' ? s.t('rules.was_none') : s.t('rules.was', { value: sayPlain(s, fact, value) });
}

export function sayGroup(s: Saying, group: GroupBody, inside = false): string {
	const kind = 'any' in group ? 'any' : 'none' in group ? 'none' : 'all';
	const items = (group as Record<string, NodeBody[]>)[kind] ?? [];
	const said = items.map((one) => ('fact' in one ? sayCondition(s, one) : sayGroup(s, one, true)));
	const joined = said.join(` ${s.t(kind === 'all' ? 'rules.say_and' : 'rules.say_or')} `);
	const whole = kind === 'none' ? s.t('rules.say_none', { what: said.join(', ') }) : joined;
	return inside && (items.length > 1 || kind === 'none') ? `(${whole})` : whole;
}

export function sayWhen(s: Saying, when: WhenBody): string {
	const { t } = s;
	if ('event' in when) {
		const what = when.event ? sayEvent(when.event) : t('rules.say_nothing');
		return when.after ? t('rules.say_after', { span: saySpan(s, when.after), what }) : t('rules.say_event', { what });
	}
	if ('before' in when)
		return t('rules.say_before', { span: saySpan(s, when.by), what: sayFact(s, when.before), at: when.at });
	if ('quiet' in when)
		return t('rules.say_quiet', { what: sayValue('rule_record', when.quiet).toLocaleLowerCase(), span: saySpan(s, when.for) });
	return t('rules.say_each', { what: when.each.map(dayName).join(', '), at: when.at });
}

/* 2024-01-01 was a Monday */
export const dayName = (day: string): string => {
	const at = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].indexOf(day);
	return at < 0 ? day : new Intl.DateTimeFormat(i18next.language === 'nl' ? 'nl-NL' : 'en-GB', { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + at)));
};

/* a text with the names of the facts that stand in it */
const sayText = (s: Saying, text: string): string => text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => `‹${sayFact(s, name)}›`);

export function sayGiven(s: Saying, field: string, value: unknown): string {
	const fact = factIn(value), later = spanIn(value), picked = pickIn(value);
	if (fact)
		return sayFact(s, fact);
	if (later)
		return timeIn(value) ? s.t('rules.say_in_at', { span: saySpan(s, later), at: timeIn(value) ?? '' }) : s.t('rules.say_in', { span: saySpan(s, later) });
	if (picked)
		return s.t(picked.by === 'load' ? 'rules.say_load' : 'rules.say_turn', { names: picked.pick.map((one) => s.names.user(one) ?? s.t('rules.say_gone')).join(', ') });
	if (field === 'tags' && Array.isArray(value))
		return value.map((one) => s.names.tag(String(one)) ?? s.t('rules.say_gone')).join(', ');
	return sayText(s, sayPlain(s, field, value));
}

const sayField = ({ names }: Saying, name: string): string => (name.startsWith('custom.') ? names.own('deal', name.slice('custom.'.length)) ?? name.slice('custom.'.length) : sayValue('rule_field', name).toLocaleLowerCase());
const TOLD: Readonly<Record<string, string>> = { deal_move: 'stage', activity_add: 'kind', mail_send: 'template_id', notice_ring: 'title', hook_send: 'hook_endpoint_id', deal_tag: 'tags', contact_tag: 'tags', account_tag: 'tags', deal_create: 'title' };
export function sayStep(s: Saying, step: StepBody): string {
	const { t } = s;
	if ('wait' in step)
		return t('rules.say_wait', { span: saySpan(s, step.wait) });
	if ('stop' in step)
		return t('rules.say_stop');
	if ('if' in step)
		return [t('rules.say_branch', { what: sayGroup(s, step.if), then: saySteps(s, step.then) }), ...(step.else?.length ? [t('rules.say_else', { then: saySteps(s, step.else) })] : [])].join(', ');
	const given = step.with ?? {};
	const told = TOLD[step.do];
	const what = step.do === 'deal_update' ? Object.keys(flatGiven(given)).filter((name) => name !== 'deal_id').map((name) => sayField(s, name)).join(', ')
		: step.do === 'activity_add' && typeof given['subject'] === 'string' && given['subject'] ? `${sayPlain(s, 'kind', given['kind'])} “${sayText(s, given['subject'])}”`
		: told && given[told] !== undefined ? sayGiven(s, told, given[told]) : '';
	const said = given['add'] === true && has(`rule_said.${step.do}_add`) ? `rule_said.${step.do}_add` : `rule_said.${step.do}`;
	return what && has(said) ? i18next.t(said, { what }) : sayValue('rule_do', step.do);
}
export const saySteps = (s: Saying, steps: readonly StepBody[]): string => (steps.length ? steps.map((one) => sayStep(s, one)).join(', ') : s.t('rules.say_nothing'));

/* the whole of it, as one sentence */
export function sayRule(s: Saying, body: Body): string {
	return [sayWhen(s, body.when), ...(body.if ? [s.t('rules.say_if', { what: sayGroup(s, body.if) })] : []), s.t('rules.say_then', { what: saySteps(s, body.then) })].join(', ');
}

/* a step by its number, from 1, in the order in which they are written */
export function stepNumbered(steps: readonly StepBody[], number: number): StepBody | null {
	let at = 0;
	const find = (list: readonly StepBody[]): StepBody | null => {
		for (const one of list) {
			if (++at === number)
				return one;
			const inside = 'if' in one ? find(one.then) ?? find(one.else ?? []) : null;
			if (inside)
				return inside;
		}
		return null;
	};
	return find(steps);
}
