/* The three parts of a rule as they are edited: when it begins, which conditions have to hold, which steps are taken. Each place shows what the server
   says is wrong with it. Offers only what fits there. */
import { lazy, Suspense, useRef, useState } from 'react';
import type { Catalogue, FactInfo, RuleProblem, WhenBody } from '../../api/rules';
import { sayValue, useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { type Choice, Check, SelectField, TextField } from '../../ui/field';
import { Menu } from '../../ui/menu';
import { at as here, type Condition, type Group, type GroupKind, isGroup, moved, newId, type Node, put, freshStep, type Step, within, WEEKDAYS } from './draft';
import type { Known } from './names';
import { beginWith, commandsOf, EVENTS, factNamed, flatGiven, moreFields, opsOf, opsOfOwn, ownFieldsOf, putGiven, RECORDS, shownFields } from './offer';
import { capital, dayName, sayEvent, sayFact } from './say';
import { problemWords, Wrong } from './shown';
import { ConditionValue, DAYS, SpanInput } from './values';

const GivenField = lazy(() => import('./given').then((module) => ({ default: module.GivenField })));

export interface Around { catalogue: Catalogue; known: Known; event: string | null; facts: FactInfo[]; problems: readonly RuleProblem[] }

export const errorAt = (around: Around, pointer: string): string | undefined => { const found = here(around.problems, pointer)[0]; return found && problemWords(found); };

/* ---- when ---- */

const KINDS = ['event', 'after', 'before', 'quiet', 'each'] as const;
type Kind = (typeof KINDS)[number];
export const kindOf = (when: WhenBody): Kind => ('before' in when ? 'before' : 'quiet' in when ? 'quiet' : 'each' in when ? 'each' : when.after ? 'after' : 'event');

export function WhenPart({ around, when, onChange }: { around: Around; when: WhenBody; onChange(when: WhenBody): void }) {
	const t = useT();
	const { catalogue, known } = around;
	const kind = kindOf(when);
	const event = 'event' in when ? when.event : '';
	const dates = catalogue.facts.filter((one) => (one.kind === 'date' || one.kind === 'time') && !one.name.startsWith('history.'));
	const change = (to: Kind) => {
		switch (to) {
		case 'event': onChange({ event }); break;
		case 'after': onChange({ event, after: { days: 3 } }); break;
		case 'before': onChange({ before: dates.find((one) => one.name === 'deal.close_date')?.name ?? dates[0]?.name ?? '', by: { days: 3 }, at: '09:00' }); break;
		case 'quiet': onChange({ quiet: 'deal', for: { days: 14 } }); break;
		case 'each': onChange({ each: ['monday'], at: '09:00' }); break;
		}
	};
	const name: Record<Kind, string> = { event: t('rules.when_k_event'), after: t('rules.when_k_after'), before: t('rules.when_k_before'), quiet: t('rules.when_k_quiet'), each: t('rules.when_k_each') };
	const there = new Set(catalogue.events.map((one) => one.type));
	const events: Choice[] = Object.entries(EVENTS).flatMap(([group, types]) => types.filter((one) => there.has(one)).map((one) => ({ value: one, label: `${sayValue('rule_group', group)}: ${sayEvent(one)}` })));
	const clock = (value: string, set: (at: string) => void) => <div className="rule-unit"><TextField label={t('rules.at')} type="time" value={value} onChange={set} error={errorAt(around, '/when/at')} /></div>;
	return (
		<>
			<div className="rule-quiet"><SelectField label={t('rules.when_kind')} name="when_kind" value={kind} choices={KINDS.map((one) => ({ value: one, label: name[one] }))} onChange={(to) => to && change(to as Kind)} /></div>
			{'event' in when && <SelectField label={t('rules.event')} name="event" value={event || null} choices={!event || events.some((one) => one.value === event) ? events : [...events, { value: event, label: sayEvent(event) }]} onChange={(to) => to && onChange({ ...when, event: to })} placeholder={t('rules.event_choose')} empty={t('form.nothing_found')} error={errorAt(around, '/when/event')} />}
			{'event' in when && when.after && <div><span className="lw-label">{t('rules.after')}</span><SpanInput label={t('rules.after')} value={when.after} onChange={(after) => onChange({ ...when, after })} error={within(around.problems, '/when/after')[0] && errorAt(around, within(around.problems, '/when/after')[0]?.pointer ?? '')} /></div>}
			{'before' in when && <div className="rule-line">
				<div className="grow"><SelectField label={t('rules.before_fact')} value={when.before} choices={dates.map((one) => ({ value: one.name, label: sayFact(known, one.name) }))} onChange={(to) => to && onChange({ ...when, before: to })} error={errorAt(around, '/when/before')} /></div>
				<div><span className="lw-label">{t('rules.before')}</span><SpanInput label={t('rules.before')} shortest={2} value={when.by} onChange={(by) => onChange({ ...when, by })} /></div>{clock(when.at, (at) => onChange({ ...when, at }))}
			</div>}
			{'quiet' in when && <div className="rule-line">
				<div className="grow"><SelectField label={t('rules.quiet_record')} value={when.quiet} choices={RECORDS.map((one) => ({ value: one, label: sayValue('rule_record', one) }))} onChange={(to) => to && onChange({ ...when, quiet: to })} /></div>
				<div><span className="lw-label">{t('rules.quiet_for')}</span><SpanInput label={t('rules.quiet_for')} value={when.for} onChange={(span) => onChange({ ...when, for: span })} /></div>
			</div>}
			{'each' in when && <div className="rule-line"><fieldset className="ticks grow"><legend>{t('rules.days')}</legend><div className="rule-days">{WEEKDAYS.map((day) => <Check key={day} label={dayName(day)} checked={when.each.includes(day)} onChange={(on) => onChange({ ...when, each: WEEKDAYS.filter((one) => (one === day ? on : when.each.includes(one))) })} />)}</div></fieldset>{clock(when.at, (at) => onChange({ ...when, at }))}</div>}
			<Wrong problems={[...here(around.problems, '/when'), ...here(around.problems, '/when/each'), ...('event' in when ? [] : within(around.problems, '/when').filter((one) => /\/(by|for)/.test(one.pointer)))]} />
		</>
	);
}

/* ---- if ---- */

const MATCH = { all: 'rules.match_all', any: 'rules.match_any', none: 'rules.match_none' } as const;

export function GroupPart({ around, group, pointer, onChange, first = 1, depth = 0, onDrop, label }: { around: Around; group: Group; pointer: string; onChange(group: Group): void; first?: number; depth?: number; onDrop?: () => void; label: string }) {
	const t = useT();
	const inside = `${pointer}/${group.kind}`;
	const box = useRef<HTMLFieldSetElement>(null);
	const focusLast = () => requestAnimationFrame(() => { const rows = box.current?.querySelectorAll<HTMLElement>(':scope > [data-node]'); rows?.[rows.length - 1]?.querySelector<HTMLElement>('input')?.focus(); });
	const add = (node: Node) => { onChange({ ...group, items: [...group.items, node] }); focusLast(); };
	const fact = around.facts[0];
	const condition = (): Condition => ({ id: newId(), fact: fact?.name ?? '', op: fact ? (opsFor(around, fact)[0] ?? 'filled') : '' });
	const drop = (id: number) => {
		onChange({ ...group, items: put(group.items, id, null) });
		requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[data-add]')?.focus());
	};
	let number = first;
	return (
		<fieldset className="rule-group" ref={box}>
			<legend className="hidden-text">{label}</legend>
			{group.items.length > 1 || depth > 0 || group.kind !== 'all' ? (
				<div className="rule-line rule-quiet"><div className="grow"><SelectField label={`${t('rules.match')}: ${label}`} value={group.kind} choices={(Object.keys(MATCH) as GroupKind[]).map((one) => ({ value: one, label: t(MATCH[one]) }))} onChange={(to) => to && onChange({ ...group, kind: to as GroupKind })} /></div>
					{onDrop && <IconButton icon="x" label={t('rules.group_drop', { number: depth })} onClick={onDrop} />}</div>
			) : null}
			{group.items.map((node, at) => {
				const mine = number;
				number += isGroup(node) ? countOf(node) : 1;
				const where = `${inside}/${at}`;
				return (
					<div key={node.id} data-node={where}>
						{isGroup(node)
							? <GroupPart around={around} group={node} pointer={where} first={mine} depth={depth + 1} label={t('rules.group', { number: at + 1 })} onChange={(next) => onChange({ ...group, items: put<Node>(group.items, node.id, next) })} onDrop={() => drop(node.id)} />
							: <ConditionRow around={around} condition={node} pointer={where} number={mine} onChange={(next) => onChange({ ...group, items: put<Node>(group.items, node.id, next) })} onDrop={() => drop(node.id)} />}
					</div>
				);
			})}
			<Wrong problems={[...here(around.problems, pointer), ...here(around.problems, inside)]} />
			<div className="rule-chips">
				<Button kind="quiet" icon="plus" data-add onClick={() => add(condition())}>{t('rules.condition_add')}</Button>
				{depth < 4 && group.items.length > 0 && <Button kind="quiet" icon="stack" onClick={() => add({ id: newId(), kind: group.kind === 'any' ? 'all' : 'any', items: [condition()] })}>{t('rules.group_add')}</Button>}
			</div>
		</fieldset>
	);
}

const countOf = (group: Group): number => group.items.reduce((sum, one) => sum + (isGroup(one) ? countOf(one) : 1), 0);
function opsFor(around: Around, fact: FactInfo): string[] {
	const own = around.known.ownField(fact.name);
	return own ? opsOfOwn(around.catalogue, own) : opsOf(around.catalogue, fact);
}

function ConditionRow({ around, condition, pointer, number, onChange, onDrop }: { around: Around; condition: Condition; pointer: string; number: number; onChange(condition: Condition): void; onDrop(): void }) {
	const t = useT();
	const { catalogue, known, event, facts } = around;
	const fact = factNamed(catalogue, event, condition.fact);
	const ops = fact ? opsFor(around, fact) : [condition.op];
	const choices = facts.map((one) => ({ value: one.name, label: sayFact(known, one.name) }));
	const change = (name: string) => {
		const next = factNamed(catalogue, event, name);
		const offered = next ? opsFor(around, next) : [];
		const op = offered.includes(condition.op) && next?.kind === fact?.kind ? condition.op : (offered[0] ?? 'filled');
		onChange({ id: condition.id, fact: name, op });
	};
	const changeOp = (op: string) => {
		const keep = !['empty', 'filled'].includes(op) && DAYS.has(op) === DAYS.has(condition.op);
		/* these take one word, others several */
		const value: unknown = ['contains', 'contains_not', 'starts'].includes(op) && Array.isArray(condition.value) ? condition.value[0] : condition.value;
		onChange({ id: condition.id, fact: condition.fact, op, ...(keep && value !== undefined ? { value } : {}) });
	};
	const inValue = within(around.problems, `${pointer}/value`)[0];
	return (
		<div className="rule-cond rule-quiet">
			<SelectField label={t('rules.fact', { number })} value={condition.fact || null} choices={choices.some((one) => one.value === condition.fact) || !condition.fact ? choices : [...choices, { value: condition.fact, label: sayFact(known, condition.fact) }]} onChange={(to) => to && change(to)} empty={t('form.nothing_found')} error={errorAt(around, `${pointer}/fact`)} />
			<SelectField label={t('rules.op', { number })} value={condition.op} choices={(ops.includes(condition.op) ? ops : [condition.op, ...ops]).map((one) => ({ value: one, label: sayValue('rule_op', one) }))} onChange={(to) => to && changeOp(to)} error={errorAt(around, `${pointer}/op`)} />
			{fact ? <ConditionValue key={`${condition.fact} ${DAYS.has(condition.op) ? 'days' : ''}`} known={known} fact={fact} op={condition.op} value={condition.value} number={number} onChange={(value) => onChange({ id: condition.id, fact: condition.fact, op: condition.op, ...(value === undefined ? {} : { value }) })} error={inValue && problemWords(inValue)} /> : <span />}
			<span className="rule-cond-x"><IconButton icon="x" label={t('rules.condition_drop', { number })} onClick={onDrop} /></span>
			<Wrong problems={here(around.problems, pointer)} />
		</div>
	);
}

/* ---- then ---- */

export function StepsPart({ around, steps, pointer, onChange, label, depth = 0 }: { around: Around; steps: Step[]; pointer: string; onChange(steps: Step[]): void; label: string; depth?: number }) {
	const t = useT();
	const box = useRef<HTMLDivElement>(null);
	const [said, setSaid] = useState('');
	const focus = (id: number, what: string) => requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`:scope > ol > [data-step="${id}"] ${what}`)?.focus());
	const add = (step: Step) => { onChange([...steps, step]); focus(step.id, 'input, button'); };
	const go = (from: number, to: number) => {
		const step = steps[from];
		if (!step || to < 0 || to >= steps.length)
			return;
		onChange(moved(steps, from, to));
		setSaid(t('rules.step_moved', { step: t('rules.step', { number: from + 1 }), at: to + 1, of: steps.length }));
		focus(step.id, '[data-more]');
	};
	const drop = (id: number) => {
		onChange(put(steps, id, null));
		requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(':scope > div > [data-add-step]')?.focus());
	};
	return (
		<div ref={box} className="rule-in">
			{!steps.length && <p className="muted">{t('rules.steps_none')}</p>}
			<ol className="rule-steps" aria-label={label}>
				{steps.map((step, at) => {
					const where = `${pointer}/${at}`;
					const menu = t('rules.step_more', { number: at + 1 });
					return (
						<li key={step.id} className="rule-step" data-step={step.id} onKeyDown={(event) => {
							if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
								event.preventDefault();
								event.stopPropagation();
								go(at, at + (event.key === 'ArrowUp' ? -1 : 1));
							}
						}}>
							<div className="rule-step-head">
								<span className="rule-n num" aria-hidden="true">{at + 1}</span>
								<b>{step.kind === 'do' ? t('rules.step_do') : step.kind === 'wait' ? t('rules.step_wait') : step.kind === 'branch' ? t('rules.step_branch') : t('rules.step_stop')}</b>
								<Menu label={menu} align="end" target={<IconButton icon="dots" label={menu} data-more />} entries={[
									{ key: 'up', icon: 'up', label: t('rules.step_up'), disabled: at === 0, onSelect: () => go(at, at - 1) },
									{ key: 'down', icon: 'down', label: t('rules.step_down'), disabled: at === steps.length - 1, onSelect: () => go(at, at + 1) },
									{ key: 'copy', icon: 'copy', label: t('rules.step_copy'), onSelect: () => onChange([...steps.slice(0, at + 1), freshStep(step), ...steps.slice(at + 1)]) },
									{ key: 'drop', icon: 'trash', label: t('rules.step_drop'), onSelect: () => drop(step.id) },
								]} />
							</div>
							<StepFields around={around} step={step} number={at + 1} pointer={where} depth={depth} onChange={(next) => onChange(put(steps, step.id, next))} />
							<Wrong problems={[...here(around.problems, where), ...here(around.problems, `${where}/with`)]} />
						</li>
					);
				})}
			</ol>
			<Wrong problems={here(around.problems, pointer)} />
			<div><Menu label={t('rules.step_add')} target={<Button icon="plus" data-add-step>{t('rules.step_add')}</Button>} entries={[
				{ key: 'do', icon: 'bolt', label: t('rules.step_do'), onSelect: () => add({ id: newId(), kind: 'do', command: '', with: {} }) },
				{ key: 'wait', icon: 'clock', label: t('rules.step_wait'), onSelect: () => add({ id: newId(), kind: 'wait', span: { days: 1 } }) },
				...(depth < 4 ? [{ key: 'branch', icon: 'move' as const, label: t('rules.step_branch'), onSelect: () => add({ id: newId(), kind: 'branch', group: { id: newId(), kind: 'all', items: [] }, yes: [], no: [] }) }] : []),
				{ key: 'stop', icon: 'lost', label: t('rules.step_stop'), onSelect: () => add({ id: newId(), kind: 'stop' }) },
			]} /></div>
			<span className="hidden-text" role="status">{said}</span>
		</div>
	);
}

function StepFields({ around, step, number, pointer, depth, onChange }: { around: Around; step: Step; number: number; pointer: string; depth: number; onChange(step: Step): void }) {
	const t = useT();
	switch (step.kind) {
	case 'stop': return <p className="muted">{t('rules.stop_text')}</p>;
	case 'wait': {
		const wrong = within(around.problems, `${pointer}/wait`)[0];
		return <SpanInput label={t('rules.wait_for')} value={step.span} onChange={(span) => onChange({ ...step, span })} error={wrong && problemWords(wrong)} />;
	}
	case 'branch': return (
		<>
			<div className="rule-branch"><h4>{t('rules.if')}</h4><GroupPart around={around} group={step.group} pointer={`${pointer}/if`} label={`${t('rules.step', { number })}: ${t('rules.if')}`} onChange={(group) => onChange({ ...step, group })} /></div>
			<div className="rule-branch"><h4>{t('rules.then')}</h4><StepsPart around={around} steps={step.yes} pointer={`${pointer}/then`} label={`${t('rules.step', { number })}: ${t('rules.then')}`} depth={depth + 1} onChange={(yes) => onChange({ ...step, yes })} /></div>
			<div className="rule-branch"><h4>{t('rules.else')}</h4><StepsPart around={around} steps={step.no} pointer={`${pointer}/else`} label={`${t('rules.step', { number })}: ${t('rules.else')}`} depth={depth + 1} onChange={(no) => onChange({ ...step, no })} /></div>
		</>
	);
	case 'do': return <DoFields around={around} step={step} number={number} pointer={pointer} onChange={onChange} />;
	}
}

function DoFields({ around, step, number, pointer, onChange }: { around: Around; step: Extract<Step, { kind: 'do' }>; number: number; pointer: string; onChange(step: Step): void }) {
	const t = useT();
	const { catalogue, known, facts } = around;
	const commands = commandsOf(catalogue).map((one) => ({ value: one.name, label: capital(sayValue('rule_do', one.name)) }));
	const command = catalogue.commands.find((one) => one.name === step.command);
	const every = [...(catalogue.events.find((one) => one.type === around.event)?.facts ?? []), ...catalogue.facts];
	const choose = (name: string) => {
		const next = catalogue.commands.find((one) => one.name === name);
		onChange({ ...step, command: name, with: next ? beginWith(next, every) : {} });
	};
	const set = (name: string, value: unknown) => onChange({ ...step, with: putGiven(step.with, name, value) });
	const [open, setOpen] = useState<string[]>([]);
	const [fresh, setFresh] = useState<string | null>(null);
	const flat = flatGiven(step.with);
	const given: Record<string, unknown> = { ...Object.fromEntries(open.map((name) => [name, undefined])), ...flat };
	const own = command ? ownFieldsOf(command, known.own, flat) : [];
	const fields = command ? [...shownFields(command, given), ...own.filter((one) => one.name in given)] : [];
	const more = command ? [...moreFields(command, given), ...own.filter((one) => !(one.name in given))] : [];
	const labelOf = (name: string): string => (own.some((one) => one.name === name) ? known.names.own('deal', name.slice('custom.'.length)) ?? name : sayValue('rule_field', name));
	const begin = (name: string) => {
		const field = command?.fields.find((one) => one.name === name);
		const noun = RECORDS.find((one) => name === `${one}_id`);
		setOpen([...open, name]);
		if (field && noun) {
			const fact = every.find((one) => one.name === `event.${noun}_id`) ?? every.find((one) => one.name === `${noun}.${noun}_id`);
			if (fact)
				set(name, { fact: fact.name });
		}
		setFresh(name);
	};
	/* the facts that may be handed on: ids too, which nobody asks by */
	const handed = [...facts, ...every.filter((one) => one.kind === 'id' && !facts.some((other) => other.name === one.name) && /^(event|lead|deal|contact|account|document)\.(lead|deal|contact|account|document)_id$/.test(one.name))];
	return (
		<div className="rule-fields">
			<div className="rule-quiet"><SelectField label={t('rules.command', { number })} value={step.command || null} choices={commands.some((one) => one.value === step.command) || !step.command ? commands : [...commands, { value: step.command, label: sayValue('rule_do', step.command) }]} onChange={(to) => to && choose(to)} placeholder={t('rules.command_choose')} empty={t('form.nothing_found')} error={errorAt(around, `${pointer}/do`)} /></div>
			<Suspense fallback={null}>{command && fields.map((field) => {
				const wrong = within(around.problems, `${pointer}/with/${field.name.replace('.', '/')}`)[0];
				const first = command.fields.find((one) => one.name === field.name)?.required === true;
				return <GivenField key={field.name} fresh={field.name === fresh} known={known} field={field} label={labelOf(field.name)} command={step.command} facts={handed} value={given[field.name]} onChange={(value) => { if (value === undefined && !open.includes(field.name)) setOpen([...open, field.name]); set(field.name, value); }}
					onDrop={first || !(field.name in given) ? null : () => { setOpen(open.filter((one) => one !== field.name)); set(field.name, undefined); }} error={wrong && problemWords(wrong)} />;
			})}</Suspense>
			{command && more.length > 0 && <div><Menu label={t('rules.detail_add')} target={<Button kind="quiet" icon="plus">{t('rules.detail_add')}</Button>} entries={more.map((one) => ({ key: one.name, label: labelOf(one.name), onSelect: () => begin(one.name) }))} /></div>}
		</div>
	);
}
