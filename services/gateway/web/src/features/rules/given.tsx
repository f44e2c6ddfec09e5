/* What a step is given: each field by the picker that fits, a fact, or a time from then. What somebody types that is no number is handed on as it is: the
   server says that it is none. */
import { useEffect, useRef } from 'react';
import type { CommandField, FactInfo, Span } from '../../api/rules';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { readNumber } from '../../lib/money';
import { instantOf, wallOf } from '../../lib/zone';
import { Button, IconButton } from '../../ui/button';
import { type Choice, SelectField, TextArea, TextField } from '../../ui/field';
import { Menu } from '../../ui/menu';
import { factIn, pickIn, spanIn, spanOf, timeIn, UNITS } from './draft';
import type { Known } from './names';
import { CHOICE_WORDS, handsOn, type OwnGiven } from './offer';
import { isCatalogue, sayFact } from './say';
import { asText, MoneyInput, plainText, SpanInput, Typed, wholeRead } from './values';

const withOne = (all: Choice[], value: string, label: string): Choice[] => (!value || all.some((one) => one.value === value) ? all : [...all, { value, label }]);

/* of days or longer */
const days = (span: Span): boolean => UNITS.indexOf(spanOf(span).unit) > 1;

export function GivenField({ fresh, known, field, label, command, facts, value, onChange, onDrop, error }: {
	fresh: boolean; known: Known; field: CommandField | OwnGiven; label: string; command: string; facts: readonly FactInfo[]; value: unknown; onChange(value: unknown): void; onDrop: (() => void) | null; error?: string | undefined;
}) {
	const box = useRef<HTMLDivElement>(null);
	/* whoever asked for it goes on there: after the menu they chose it from has given the focus back */
	useEffect(() => {
		if (fresh)
			requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('input, textarea')?.focus());
	}, [fresh]);
	const t = useT();
	const fitting = facts.filter((one) => handsOn(one, field));
	const fact = factIn(value), later = spanIn(value), at = timeIn(value), picked = pickIn(value);
	const person = field.kind === 'id' && field.noun === 'user';
	const time = !('own' in field) && (field.kind === 'time' || field.kind === 'date'); /* a time from then is no value of a field of one's own */
	const record = field.kind === 'id' && ['deal', 'lead', 'contact', 'account', 'document'].includes(field.noun ?? '');
	const mode = fact !== null ? 'fact' : later ? 'in' : picked ? (picked.by === 'load' ? 'load' : 'turn') : 'plain';
	const modes = [
		...(record ? [] : [{ key: 'plain', label: t('rules.mode_plain'), begin: () => undefined as unknown }]),
		...(fitting.length ? [{ key: 'fact', label: t('rules.mode_fact'), begin: () => ({ fact: fitting[0]?.name ?? '' }) }] : []),
		...(time ? [{ key: 'in', label: t('rules.mode_in'), begin: () => (field.kind === 'time' ? { in: { days: 1 }, at: '09:00' } : { in: { days: 1 } }) }] : []),
		...(person ? [{ key: 'turn', label: t('rules.mode_turn'), begin: () => ({ pick: picked?.pick ?? [], by: 'turn' }) }, { key: 'load', label: t('rules.mode_load'), begin: () => ({ pick: picked?.pick ?? [], by: 'load' }) }] : []),
	];
	const how = t('rules.mode_of', { label });
	return (
		<div className="rule-field" data-field={field.name} ref={box}>
			<div className="rule-field-in">
				{fact !== null ? <SelectField label={record ? label : t('rules.fact_of', { label })} value={fact} choices={withOne(fitting.map((one) => ({ value: one.name, label: sayFact(known, one.name) })), fact, sayFact(known, fact))} onChange={(to) => to && onChange({ fact: to })} empty={t('form.nothing_found')} error={error} />
					: later ? <><span className="lw-label">{label}</span><SpanInput label={label} value={later} onChange={(to) => onChange(at && days(to) ? { in: to, at } : { in: to })} error={error} />
						{field.kind === 'time' && days(later) && <div className="rule-unit"><TextField label={t('rules.at_of', { label })} type="time" value={at ?? ''} onChange={(to) => onChange(to ? { in: later, at: to } : { in: later })} /></div>}</>
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

function Plain({ known, field, command, label, facts, value, onChange, error }: { known: Known; field: CommandField | OwnGiven; command: string; label: string; facts: readonly FactInfo[]; value: unknown; onChange(value: unknown): void; error?: string | undefined }) {
	const t = useT();
	const { currency, zone } = useScope();
	const pick = (choices: Choice[], gone: string) => <SelectField label={label} name={field.name} value={typeof value === 'string' && value ? value : null} choices={withOne(choices, plainText(value), gone)} onChange={(to) => onChange(to ?? undefined)} placeholder={t('rules.choose_value')} empty={t('form.nothing_found')} error={error} />;
	if ('own' in field && field.own.kind === 'choice')
		return pick((field.own.choices ?? []).map((one) => ({ value: one.key, label: known.names.ownChoice('deal', field.own.key, one.key) ?? one.key })), plainText(value));
	if ('own' in field && field.kind === 'number')
		return <Typed label={label} value={value} read={(text) => readNumber(text) ?? text} shown={plainText} onChange={onChange} inputMode="decimal" error={error} />;
	if ('own' in field && field.kind === 'text')
		return <TextField label={label} value={plainText(value)} onChange={onChange} maxLength={500} autoComplete="off" error={error} />;
	if (field.name === 'tags')
		return <Chosen known={known} label={label} ids={Array.isArray(value) ? value.map(String) : []} choices={known.tags} nameOf={known.names.tag} add={t('rules.tag_add')} onChange={onChange} error={error} />;
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
		return <SelectField label={label} value={value === undefined ? (field.name === 'add' ? 'false' : null) : String(value)} choices={[{ value: 'true', label: t('rules.say_yes') }, { value: 'false', label: t('rules.say_no') }]} onChange={(to) => onChange(to === 'true')} placeholder={t('rules.choose_value')} error={error} />;
	if (field.kind === 'money')
		return <MoneyInput label={label} value={value} onChange={onChange} first={currency} any={false} error={error} />;
	if (field.kind === 'number')
		return <Typed label={label} value={value} read={wholeRead} shown={plainText} onChange={onChange} inputMode="numeric" error={error} />;
	if (field.kind === 'date')
		return <Typed label={label} value={value} read={asText} shown={plainText} onChange={onChange} type="date" error={error} />;
	if (field.kind === 'time')
		return <Typed label={label} value={value} read={(text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? instantOf(text, '09:00', zone) ?? text : text)} shown={(one) => { const at = plainText(one); return at.length > 10 ? wallOf(at, zone).day : at; }} onChange={onChange} type="date" error={error} />;
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
			{some.length > 0 && <div><Menu label={insert} width={300} target={<Button kind="quiet" icon="plus" aria-label={insert}>{t('rules.insert')}</Button>} entries={some.map((one) => ({ key: one.name, label: sayFact(known, one.name), onSelect: () => put(one.name) }))} /></div>}
		</>
	);
}

function Chosen({ label, ids, choices, nameOf, add, onChange, error }: { known: Known; label: string; ids: string[]; choices: Choice[]; nameOf(id: string): string | null; add: string; onChange(value: unknown): void; error?: string | undefined }) {
	const t = useT();
	const rest = choices.filter((one) => !ids.includes(one.value));
	return (
		<div role="group" aria-label={label} className="rule-fields">
			<span className="lw-label">{label}</span>
			<div className="rule-chips">
				{ids.map((id) => { const name = nameOf(id) ?? t('rules.say_gone'); return <span key={id} className="rule-chip">{name}<IconButton icon="x" small label={t('rules.leave_out', { name })} onClick={() => onChange(ids.filter((one) => one !== id))} /></span>; })}
				<Menu label={add} target={<Button kind="quiet" icon="plus" disabled={!rest.length}>{add}</Button>} entries={rest.map((one) => ({ key: one.value, label: one.label, onSelect: () => onChange([...ids, one.value]) }))} />
			</div>
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
