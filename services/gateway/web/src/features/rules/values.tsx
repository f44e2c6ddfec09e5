/* What a condition is asked for, by the picker that fits; a length of time, an amount, a text while one writes it. What somebody types that is no
   number stays as they typed it: the server says what is wrong with it, in place. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { FactInfo, Span, SpanUnit } from '../../api/rules';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { readNumber } from '../../lib/money';
import { Button } from '../../ui/button';
import { type Choice, SelectField, TextField } from '../../ui/field';
import { spanOf, UNITS } from './draft';
import type { Known } from './names';
import { CHOICE_WORDS, partsOf } from './offer';
import { isCatalogue, isStage } from './say';

export const DAYS = new Set(['within', 'not_within', 'ahead', 'not_ahead']);

/* a field whose text is its own while one writes */
export function Typed({ value, read, shown, ...rest }: { label: string; value: unknown; read(text: string): unknown; shown(value: unknown): string; onChange(value: unknown): void; type?: 'date'; inputMode?: 'decimal' | 'numeric'; end?: ReactNode; name?: string; maxLength?: number; error?: string | null | undefined }) {
	const [text, setText] = useState(() => shown(value));
	const sent = useRef(value);
	useEffect(() => {
		if (value !== sent.current) {
			sent.current = value;
			setText(shown(value));
		}
	}, [value, shown]);
	return <TextField autoComplete="off" {...rest} value={text} onChange={(next) => { setText(next); sent.current = read(next); rest.onChange(sent.current); }} />;
}

export const plainText = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
export const asText = (text: string): unknown => text;
const numberRead = (text: string): unknown => { const plain = readNumber(text); return plain === null ? text : /^-?\d{1,15}$/.test(plain) ? Number(plain) : plain; };
export const wholeRead = (text: string): unknown => (/^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : text);

export function SpanInput({ label, value, onChange, shortest = 0, error }: { label: string; value: Span | undefined; onChange(span: Span): void; shortest?: number; error?: string | null | undefined }) {
	const t = useT();
	const { unit, n } = spanOf(value);
	const name: Record<SpanUnit, string> = { minutes: t('rules.unit_minutes'), hours: t('rules.unit_hours'), days: t('rules.unit_days'), weeks: t('rules.unit_weeks'), months: t('rules.unit_months') };
	return (
		<div className="rule-line rule-quiet">
			<div className="rule-short"><Typed label={t('rules.n_of', { label })} value={n ?? value?.[unit]} read={wholeRead} shown={plainText} inputMode="numeric" error={error} onChange={(to) => onChange({ [unit]: to } as Span)} /></div>
			<div className="rule-unit"><SelectField label={t('rules.unit_of', { label })} value={unit} choices={UNITS.slice(shortest).map((one) => ({ value: one, label: name[one] }))} onChange={(to) => to && onChange({ [to]: n ?? value?.[unit] ?? 1 } as Span)} /></div>
		</div>
	);
}

/* ---- conditions ---- */

function choicesOf(known: Known, fact: FactInfo, t: ReturnType<typeof useT>): Choice[] | null {
	const { field } = partsOf(fact.name);
	if (fact.kind === 'flag')
		return [{ value: 'true', label: t('rules.say_yes') }, { value: 'false', label: t('rules.say_no') }];
	if (fact.kind === 'choice')
		return (fact.choices ?? []).map((value) => ({ value, label: sayValue(CHOICE_WORDS[fact.noun ?? ''] ?? '', value) }));
	if (fact.kind === 'id')
		return fact.noun === 'user' ? known.users : fact.noun === 'segment' ? known.segments : fact.noun === 'stage' ? known.stages : null;
	if (isStage(fact.name))
		return known.stages;
	if (field === 'tags')
		return known.tags.map((one) => ({ value: one.label, label: one.label }));
	if (field === 'segments')
		return known.segments;
	if (isCatalogue(field))
		return known.items(field);
	const own = known.ownField(fact.name);
	if (own?.kind === 'boolean')
		return [{ value: 'true', label: t('rules.say_yes') }, { value: 'false', label: t('rules.say_no') }];
	if (own?.kind === 'choice')
		return (own.choices ?? []).map((one) => ({ value: one.key, label: known.names.ownChoice(partsOf(fact.name).of, own.key, one.key) ?? one.key }));
	return null;
}

export function ConditionValue({ known, fact, op, value, number, onChange, error }: { known: Known; fact: FactInfo; op: string; value: unknown; number: number; onChange(value: unknown): void; error?: string | undefined }) {
	const t = useT();
	const { currency } = useScope();
	const label = t('rules.value', { number });
	const kind = fact.kind === 'own' ? (known.ownField(fact.name)?.kind ?? 'text') : fact.kind;
	if (op === 'empty' || op === 'filled')
		return <span />;
	if (DAYS.has(op))
		return <Typed label={label} value={value} read={wholeRead} shown={plainText} onChange={onChange} inputMode="numeric" end={<span className="muted small">{t('rules.days_unit')}</span>} error={error} />;
	if (kind === 'time' || kind === 'date')
		return <Typed label={label} value={value} read={asText} shown={plainText} onChange={onChange} type="date" error={error} />;
	const choices = op === 'is' || op === 'is_not' ? choicesOf(known, fact, t) : null;
	if (choices && (kind === 'flag' || kind === 'boolean'))
		return <SelectField label={label} value={value === undefined ? null : String(value)} choices={choices} onChange={(to) => onChange(to === 'true')} placeholder={t('rules.choose_value')} error={error} />;
	if (kind === 'number')
		return <Typed label={label} value={value} read={numberRead} shown={plainText} onChange={onChange} inputMode="decimal" error={error} />;
	if (kind === 'money')
		return <MoneyInput label={label} value={value} onChange={onChange} first={currency} any={fact.kind !== 'own'} error={error} />;
	return <Several known={known} label={label} number={number} choices={choices} value={value} one={op === 'contains' || op === 'contains_not' || op === 'starts'} onChange={onChange} error={error} />;
}

/* one of these; a single one is said as it is, so that a rule reads as it is meant */
function Several({ label, number, choices, value, one, onChange, error }: { known: Known; label: string; number: number; choices: Choice[] | null; value: unknown; one: boolean; onChange(value: unknown): void; error?: string | undefined }) {
	const t = useT();
	const all = Array.isArray(value) ? value.map(String) : value === undefined ? [''] : [String(value)];
	const texts = one ? all.slice(0, 1) : all;
	const set = (next: string[]) => onChange(one ? (next[0] ?? '') : next.length === 1 && !next[0] ? undefined : next);
	return (
		<div className="stack-form">
			{texts.map((text, at) => {
				const name = at ? t('rules.value_or', { number, which: at + 1 }) : label;
				const put = (to: string) => set(texts.map((other, i) => (i === at ? to : other)).filter((other, i) => other || i === at || texts.length === 1));
				return choices
					? <SelectField key={at} label={name} value={text || null} choices={!text || choices.some((other) => other.value === text) ? choices : [...choices, { value: text, label: text }]} onChange={(to) => (to ? put(to) : set(texts.filter((_, i) => i !== at)))} clearable={texts.length > 1} placeholder={t('rules.choose_value')} empty={t('form.nothing_found')} error={at ? undefined : error} />
					: <TextField key={at} label={name} value={text} onChange={put} maxLength={200} autoComplete="off" error={at ? undefined : error} />;
			})}
			{!one && texts.length < 20 && texts.every(Boolean) && <div><Button kind="quiet" icon="plus" onClick={() => onChange([...texts, ''])} aria-label={t('rules.or_of', { number })}>{t('rules.or')}</Button></div>}
		</div>
	);
}

export function MoneyInput({ label, value, onChange, first, any, error }: { label: string; value: unknown; onChange(value: unknown): void; first: string; any: boolean; error?: string | undefined }) {
	const t = useT();
	const whole = typeof value === 'object' && value !== null ? (value as { amount?: unknown; currency?: unknown }) : null;
	const amount = whole ? whole.amount : value;
	const currency = whole ? plainText(whole.currency) : value === undefined || !any ? first : '';
	const currencies = [...new Set([first, ...(currency ? [currency] : []), 'EUR', 'USD', 'GBP', 'CHF'])];
	const say = (nextAmount: unknown, nextCurrency: string) => onChange(nextCurrency ? { amount: plainText(nextAmount), currency: nextCurrency } : typeof nextAmount === 'number' ? String(nextAmount) : nextAmount);
	return (
		<div className="rule-line">
			<div className="grow" style={{ flexBasis: 90 }}><Typed label={label} value={amount} read={(text) => readNumber(text) ?? text} shown={plainText} onChange={(to) => say(to, currency)} inputMode="decimal" error={error} /></div>
			<div style={{ width: 92 }}><SelectField label={t('rules.currency_of', { label })} value={currency || 'any'} choices={[...(any ? [{ value: 'any', label: t('rules.any_currency') }] : []), ...currencies.map((one) => ({ value: one, label: one }))]} onChange={(to) => to && say(amount ?? '', to === 'any' ? '' : to)} /></div>
		</div>
	);
}
