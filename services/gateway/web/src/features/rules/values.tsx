/* What a condition is asked for and what a step is given: each by the picker that fits, a fact, or a time from then. What somebody types that is no
   number stays as they typed it: the server says what is wrong with it, in place. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { CommandField, FactInfo } from '../../api/rules';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { readNumber } from '../../lib/money';
import { Button, IconButton } from '../../ui/button';
import { type Choice, SelectField, TextArea, TextField } from '../../ui/field';
import { Menu } from '../../ui/menu';
import { factIn, pickIn, spanIn, spanOf, UNITS } from './draft';
import type { Known } from './names';
import { CHOICE_WORDS, handsOn, partsOf } from './offer';
import { isCatalogue, isStage, sayFact } from './say';
import type { Span, SpanUnit } from '../../api/rules';

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

const plainText = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
const asText = (text: string): unknown => text;
const numberRead = (text: string): unknown => { const plain = readNumber(text); return plain === null ? text : /^-?\d{1,15}$/.test(plain) ? Number(plain) : plain; };
const wholeRead = (text: string): unknown => (/^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : text);

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

function MoneyInput({ label, value, onChange, first, any, error }: { label: string; value: unknown; onChange(value: unknown): void; first: string; any: boolean; error?: string | undefined }) {
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

/* ---- what a step is given ---- */

export function GivenField({ known, field, command, facts, value, onChange, onDrop, error }: {
	known: Known; field: CommandField; command: string; facts: readonly FactInfo[]; value: unknown; onChange(value: unknown): void; onDrop: (() => void) | null; error?: string | undefined;
}) {
	const t = useT();
	const label = sayValue('rule_field', field.name);
	const fitting = facts.filter((one) => handsOn(one, field));
	const fact = factIn(value), later = spanIn(value), picked = pickIn(value);
	const person = field.kind === 'id' && field.noun === 'user';
	const time = field.kind === 'time' || field.kind === 'date';
	const record = field.kind === 'id' && ['deal', 'lead', 'contact', 'account', 'document'].includes(field.noun ?? '');
	const mode = fact !== null ? 'fact' : later ? 'in' : picked ? (picked.by === 'load' ? 'load' : 'turn') : 'plain';
	const modes = [
		...(record ? [] : [{ key: 'plain', label: t('rules.mode_plain'), begin: () => undefined as unknown }]),
		...(fitting.length ? [{ key: 'fact', label: t('rules.mode_fact'), begin: () => ({ fact: fitting[0]?.name ?? '' }) }] : []),
		...(time ? [{ key: 'in', label: t('rules.mode_in'), begin: () => ({ in: { days: 1 } }) }] : []),
		...(person ? [{ key: 'turn', label: t('rules.mode_turn'), begin: () => ({ pick: picked?.pick ?? [], by: 'turn' }) }, { key: 'load', label: t('rules.mode_load'), begin: () => ({ pick: picked?.pick ?? [], by: 'load' }) }] : []),
	];
	const how = t('rules.mode_of', { label });
	return (
		<div className="rule-field" data-field={field.name}>
			<div className="rule-field-in">
				{fact !== null ? <SelectField label={record ? label : t('rules.fact_of', { label })} value={fact} choices={withOne(fitting.map((one) => ({ value: one.name, label: sayFact(known, one.name) })), fact, sayFact(known, fact))} onChange={(to) => to && onChange({ fact: to })} empty={t('form.nothing_found')} error={error} />
					: later ? <><span className="lw-label">{label}</span><SpanInput label={label} value={later} onChange={(to) => onChange({ in: to })} error={error} /></>
						: picked ? <People known={known} label={label} ids={picked.pick} onChange={(pick) => onChange({ pick, by: picked.by })} error={error} />
							: <Plain known={known} field={field} command={command} label={label} facts={facts} value={value} onChange={onChange} error={error} />}
			</div>
			<div className="rule-field-acts">
				{modes.length > 1 && <Menu label={how} align="end" target={<IconButton icon="selector" label={how} />} entries={modes.map((one) => ({ key: one.key, label: one.label, checked: one.key === mode, onSelect: () => { if (one.key !== mode) onChange(one.begin()); } }))} />}
				{onDrop && <IconButton icon="x" label={t('rules.detail_drop', { label })} onClick={onDrop} />}
			</div>
		</div>
	);
}

const withOne = (all: Choice[], value: string, label: string): Choice[] => (!value || all.some((one) => one.value === value) ? all : [...all, { value, label }]);

function Plain({ known, field, command, label, facts, value, onChange, error }: { known: Known; field: CommandField; command: string; label: string; facts: readonly FactInfo[]; value: unknown; onChange(value: unknown): void; error?: string | undefined }) {
	const t = useT();
	const { currency } = useScope();
	const pick = (choices: Choice[], gone: string) => <SelectField label={label} name={field.name} value={typeof value === 'string' && value ? value : null} choices={withOne(choices, plainText(value), gone)} onChange={(to) => onChange(to ?? undefined)} placeholder={t('rules.choose_value')} empty={t('form.nothing_found')} error={error} />;
	if (field.name === 'tags')
		return <Chosen known={known} label={label} ids={Array.isArray(value) ? value.map(String) : []} choices={known.tags} nameOf={known.names.tag} add={t('rules.tag_add')} hint={t('rules.tags_replace')} onChange={onChange} error={error} />;
	if (field.name === 'to' && command === 'mail_send')
		return <To known={known} label={label} facts={facts} value={value} onChange={onChange} error={error} />;
	if (field.name === 'template_id')
		return pick(known.templates, t('rules.say_gone'));
	if (field.name === 'hook_endpoint_id')
		return known.endpoints.length || value ? pick(known.endpoints, t('rules.say_gone')) : <><span className="lw-label">{label}</span><p className="muted">{t('rules.hook_none')}</p></>;
	if (field.kind === 'id')
		return field.noun === 'user' ? pick(known.users, t('rules.say_gone')) : pick([], t('rules.say_gone'));
	if (field.name === 'stage')
		return pick(known.stages, known.names.stage(plainText(value)) ?? t('rules.say_gone'));
	if (isCatalogue(field.name))
		return pick(known.items(field.name), known.names.item(field.name, plainText(value)) ?? plainText(value));
	if (field.name === 'language')
		return pick([{ value: 'nl', label: t('template_language.nl') }, { value: 'en', label: t('template_language.en') }], plainText(value));
	if (field.kind === 'choice')
		return pick((field.choices ?? []).map((one) => ({ value: one, label: sayValue(CHOICE_WORDS[field.noun ?? ''] ?? '', one) })), plainText(value));
	if (field.kind === 'flag')
		return <SelectField label={label} value={value === undefined ? null : String(value)} choices={[{ value: 'true', label: t('rules.say_yes') }, { value: 'false', label: t('rules.say_no') }]} onChange={(to) => onChange(to === 'true')} placeholder={t('rules.choose_value')} error={error} />;
	if (field.kind === 'money')
		return <MoneyInput label={label} value={value} onChange={onChange} first={currency} any={false} error={error} />;
	if (field.kind === 'number')
		return <Typed label={label} value={value} read={wholeRead} shown={plainText} onChange={onChange} inputMode="numeric" error={error} />;
	if (field.kind === 'date')
		return <Typed label={label} value={value} read={asText} shown={plainText} onChange={onChange} type="date" error={error} />;
	if (field.kind === 'time')
		return <Typed label={label} value={value} read={(text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T09:00:00Z` : text)} shown={(one) => plainText(one).slice(0, 10)} onChange={onChange} type="date" error={error} />;
	return <Text known={known} label={label} name={field.name} long={['note', 'notes', 'text', 'annotations', 'intro'].includes(field.name)} facts={facts} value={plainText(value)} onChange={onChange} error={error} />;
}

/* a text in which facts stand as {{name}} */
function Text({ known, label, name, long, facts, value, onChange, error }: { known: Known; label: string; name: string; long: boolean; facts: readonly FactInfo[]; value: string; onChange(value: unknown): void; error?: string | undefined }) {
	const t = useT();
	const insert = t('rules.insert_into', { label });
	const some = facts.filter((one) => ['text', 'number', 'money', 'date', 'time', 'choice'].includes(one.kind) && !one.name.startsWith('history.'));
	const put = (fact: string) => onChange(`${value}${value && !/\s$/.test(value) ? ' ' : ''}{{${fact}}}`);
	return (
		<>
			{long ? <TextArea label={label} name={name} value={value} onChange={onChange} rows={4} error={error} /> : <TextField label={label} name={name} value={value} onChange={onChange} autoComplete="off" error={error} />}
			<div><Menu label={insert} width={300} target={<Button kind="quiet" icon="plus" aria-label={insert}>{t('rules.insert')}</Button>} entries={some.map((one) => ({ key: one.name, label: sayFact(known, one.name), onSelect: () => put(one.name) }))} /></div>
		</>
	);
}

function Chosen({ label, ids, choices, nameOf, add, hint, onChange, error }: { known: Known; label: string; ids: string[]; choices: Choice[]; nameOf(id: string): string | null; add: string; hint?: string; onChange(value: unknown): void; error?: string | undefined }) {
	const t = useT();
	const rest = choices.filter((one) => !ids.includes(one.value));
	return (
		<div role="group" aria-label={label} className="rule-fields">
			<span className="lw-label">{label}</span>
			<div className="rule-chips">
				{ids.map((id) => { const name = nameOf(id) ?? t('rules.say_gone'); return <span key={id} className="rule-chip">{name}<IconButton icon="x" small label={t('rules.leave_out', { name })} onClick={() => onChange(ids.filter((one) => one !== id))} /></span>; })}
				<Menu label={add} target={<Button kind="quiet" icon="plus" disabled={!rest.length}>{add}</Button>} entries={rest.map((one) => ({ key: one.value, label: one.label, onSelect: () => onChange([...ids, one.value]) }))} />
			</div>
			{hint && <span className="muted small">{hint}</span>}
			{error && <p className="lw-error">{error}</p>}
		</div>
	);
}

function People({ known, ids, onChange, error }: { known: Known; label: string; ids: string[]; onChange(ids: string[]): void; error?: string | undefined }) {
	const t = useT();
	return <Chosen known={known} label={t('rules.between')} ids={ids} choices={known.users} nameOf={known.names.user} add={t('rules.person_add')} onChange={(value) => onChange(value as string[])} error={error} />;
}

function To({ known, label, facts, value, onChange, error }: { known: Known; label: string; facts: readonly FactInfo[]; value: unknown; onChange(value: unknown): void; error?: string | undefined }) {
	const t = useT();
	const first: unknown = Array.isArray(value) ? (value as unknown[])[0] : undefined;
	const email = typeof first === 'object' && first !== null && 'email' in first ? (first as { email: unknown }).email : undefined;
	const fact = factIn(email);
	const there = (name: string) => facts.some((one) => one.name === name);
	const choices: Choice[] = [
		{ value: 'contact.email', label: t('rules.to_contact') }, { value: 'lead.email', label: t('rules.to_lead') }, { value: 'account.email', label: sayFact(known, 'account.email') },
		{ value: 'event.email', label: t('rules.to_event') },
	].filter((one) => there(one.value));
	return (
		<>
			<SelectField label={label} value={fact ?? (typeof email === 'string' ? 'written' : null)} choices={withOne([...choices, { value: 'written', label: t('rules.to_written') }], fact ?? '', fact ? sayFact(known, fact) : '')} onChange={(to) => to && onChange([{ email: to === 'written' ? '' : { fact: to } }])} placeholder={t('rules.choose_value')} error={error} />
			{typeof email === 'string' && <TextField label={t('rules.to_address')} value={email} onChange={(to) => onChange([{ email: to }])} autoComplete="off" inputMode="email" error={error} />}
		</>
	);
}
