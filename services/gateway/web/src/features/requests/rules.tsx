/* The rules of a way in as they are edited: what each one gives, from where, and what is made of it; what is wrong stands at its rule. */
import { type KeyboardEvent, useRef, useState } from 'react';
import i18next from 'i18next';
import { sayValue, useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { Check, SelectField, TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { type Draft, emptyRule, KINDS, missingOf, movedRule, newId, OWN, PARTS, READS, type Rule, TOS, type Wrong } from './draft';
import { fieldName } from './sample';
import { type Value, valueAt } from './tree';

export const wrongWords = (one: { code: string; detail: string }): string => (i18next.exists(`mapping_wrong.${one.code}`) ? sayValue('mapping_wrong', one.code) : one.detail || one.code);

function Wrongs({ all }: { all: readonly Wrong[] }) {
	return <>{all.map((one, at) => <p key={at} className="map-wrong" data-wrong={one.member || one.code}><Icon name="error" size={16} /><span>{wrongWords(one)}</span></p>)}</>;
}

/* `asked`: what is missing is said once somebody wanted to save; `root`: the request that is looked at */
export function Rules({ draft, wrong, asked, root, onChange }: { draft: Draft; wrong: readonly Wrong[]; asked: boolean; root: Value | undefined; onChange(draft: Draft): void }) {
	const t = useT();
	const list = useRef<HTMLOListElement>(null);
	const [said, setSaid] = useState('');
	const put = (rules: Rule[]) => onChange({ ...draft, rules });
	const focus = (id: number, at: string) => requestAnimationFrame(() => { const box = list.current?.querySelector(`[data-rule="${id}"]`); (box?.querySelector<HTMLElement>(`${at}:not(:disabled)`) ?? box?.querySelector<HTMLElement>('[data-way]:not(:disabled)'))?.focus(); });
	const add = () => {
		const rule = emptyRule();
		put([...draft.rules, rule]);
		focus(rule.id, 'input');
	};
	const move = (from: number, to: number) => {
		const rule = draft.rules[from];
		if (!rule || to < 0 || to >= draft.rules.length)
			return;
		put(movedRule(draft.rules, from, to));
		setSaid(t('order.moved', { label: nameOf(rule, from), at: to + 1, of: draft.rules.length }));
		focus(rule.id, `[data-way="${to < from ? 'up' : 'down'}"]`);
	};
	const drop = (at: number) => {
		const rule = draft.rules[at];
		const next = draft.rules.filter((_, each) => each !== at);
		put(next);
		setSaid(rule ? t('order.dropped', { label: nameOf(rule, at) }) : '');
		const beside = next[Math.min(at, next.length - 1)];
		if (beside)
			focus(beside.id, '[data-out]');
		else
			requestAnimationFrame(() => list.current?.parentElement?.querySelector<HTMLElement>('[data-add]')?.focus());
	};
	const nameOf = (rule: Rule, at: number): string => (rule.to ? fieldName(rule.to, rule.field) || t('mapping.own') : t('mapping.rule_n', { number: at + 1 }));
	const keys = (at: number) => (event: KeyboardEvent) => {
		if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown'))
			return;
		event.preventDefault();
		move(at, at + (event.key === 'ArrowUp' ? -1 : 1));
	};
	return (
		<div className="map-rules">
			<Reading draft={draft} wrong={wrong} onChange={onChange} />
			<Wrongs all={wrong.filter((one) => one.rule === null)} />
			{!draft.rules.length && <p className="muted">{t('mapping.no_rules')}</p>}
			<ol ref={list} aria-label={t('mapping.rules')}>
				{draft.rules.map((rule, at) => (
					<li key={rule.id} className="map-rule" data-rule={rule.id} onKeyDown={keys(at)}>
						<div className="map-rule-head">
							<b>{nameOf(rule, at)}</b>
							<IconButton icon="up" small label={t('order.up', { label: nameOf(rule, at) })} hint="Alt ↑" data-way="up" disabled={at === 0} onClick={() => move(at, at - 1)} />
							<IconButton icon="down" small label={t('order.down', { label: nameOf(rule, at) })} hint="Alt ↓" data-way="down" disabled={at === draft.rules.length - 1} onClick={() => move(at, at + 1)} />
							<IconButton icon="x" small label={t('order.drop', { label: nameOf(rule, at) })} data-out onClick={() => drop(at)} />
						</div>
						<OneRule rule={rule} missing={asked ? missingOf(rule) : []} wrong={wrong.filter((one) => one.rule === at)} root={root} onChange={(next) => put(draft.rules.map((one) => (one === rule ? next : one)))} />
					</li>
				))}
			</ol>
			<div><Button icon="plus" data-add onClick={add}>{t('mapping.add')}</Button></div>
			<span className="hidden-text" role="status">{said}</span>
		</div>
	);
}

/* of a choice: none of them */
const AS_IT_IS = 'as_it_is';
const chosen = (value: string | null): string => (value === null || value === AS_IT_IS ? '' : value);

/* how the body is read, and where the leads lie in it: only where what came does not say it */
function Reading({ draft, wrong, onChange }: { draft: Draft; wrong: readonly Wrong[]; onChange(draft: Draft): void }) {
	const t = useT();
	return (
		<div className="map-reading">
			<SelectField label={t('mapping.read')} name="read" value={draft.read || AS_IT_IS} onChange={(read) => onChange({ ...draft, read: chosen(read) })}
				choices={[{ value: AS_IT_IS, label: t('mapping.read_as_is') }, ...READS.map((one) => ({ value: one, label: sayValue('mapping_read', one) }))]} />
			<TextField label={t('mapping.at')} name="at" value={draft.at} onChange={(at) => onChange({ ...draft, at })} autoComplete="off" maxLength={300} />
			<p className="muted small">{t('mapping.read_hint')}</p>
			<Wrongs all={wrong.filter((one) => one.rule === -1)} />
		</div>
	);
}

const JOINS: Array<[string, 'mapping.join_comma' | 'mapping.join_space' | 'mapping.join_line' | 'mapping.join_dash']> = [[', ', 'mapping.join_comma'], [' ', 'mapping.join_space'], ['\n', 'mapping.join_line'], [' - ', 'mapping.join_dash']];

function OneRule({ rule, missing, wrong, root, onChange }: { rule: Rule; missing: ReturnType<typeof missingOf>; wrong: readonly Wrong[]; root: Value | undefined; onChange(rule: Rule): void }) {
	const t = useT();
	const set = (more: Partial<Rule>) => onChange({ ...rule, ...more });
	const at = (member: string) => wrong.find((one) => one.member === member);
	const faultOf = (member: 'to' | 'from' | 'value') => { const found = at(member); return missing.includes(member) ? t('form.required') : found && wrongWords(found); };
	const joins = rule.join === null || JOINS.some(([between]) => between === rule.join) ? JOINS : [...JOINS, [rule.join, null] as const];
	const fixed = rule.constant !== null;
	/* open from the beginning where there is something in it; from then on it is whoever writes who opens and closes it */
	const [more] = useState(() => Boolean(rule.part || rule.as || rule.table.length));
	return (
		<div className="map-in">
			<div className="map-pair">
				<SelectField label={t('mapping.to')} value={rule.to || null} placeholder={t('mapping.to_choose')} empty={t('form.nothing_found')} error={rule.to === OWN ? undefined : faultOf('to')} onChange={(to) => to && set({ to })}
					choices={[...TOS.map((one) => ({ value: one, label: sayValue('field', one) })), { value: OWN, label: t('mapping.own') }]} />
				{rule.to === OWN && <TextField label={t('mapping.own_name')} value={rule.field} onChange={(field) => set({ field })} error={faultOf('to')} maxLength={100} autoComplete="off" />}
				<SelectField label={t('mapping.how')} value={fixed ? 'fixed' : 'path'} onChange={(how) => set({ constant: how === 'fixed' ? rule.constant ?? '' : null })} choices={[{ value: 'path', label: t('mapping.how_path') }, { value: 'fixed', label: t('mapping.how_fixed') }]} />
			</div>
			{fixed ? <TextField label={t('mapping.value')} value={rule.constant ?? ''} onChange={(constant) => set({ constant })} error={faultOf('value')} maxLength={1000} autoComplete="off" /> : <>
				{rule.from.map((path, nth) => <Path key={nth} path={path} nth={nth} of={rule.from.length} root={root} fault={nth === 0 ? faultOf('from') : undefined}
					onChange={(next) => set({ from: rule.from.map((one, each) => (each === nth ? next : one)) })} onDrop={() => set({ from: rule.from.filter((_, each) => each !== nth) })} />)}
				<div className="map-pair">
					{rule.from.length < 10 && <Button kind="quiet" icon="plus" onClick={() => set({ from: [...rule.from, ''] })}>{t('mapping.from_add')}</Button>}
					{rule.from.length > 1 && <SelectField label={t('mapping.several')} value={rule.join ?? 'first'} onChange={(join) => set({ join: join === 'first' || join === null ? null : join })}
						choices={[{ value: 'first', label: t('mapping.several_first') }, ...joins.map(([between, label]) => ({ value: between, label: label ? t(label) : t('mapping.join_own', { between }) }))]} />}
				</div>
				<details className="map-more" open={more}>
					<summary>{t('mapping.more')}</summary>
					<div className="map-in">
						<div className="map-pair">
							<SelectField label={t('mapping.part')} value={rule.part || AS_IT_IS} onChange={(part) => set({ part: chosen(part) })} choices={[{ value: AS_IT_IS, label: t('mapping.part_all') }, ...PARTS.map((one) => ({ value: one, label: sayValue('mapping_part', one) }))]} />
							<SelectField label={t('mapping.as')} value={rule.as || AS_IT_IS} onChange={(as) => set({ as: chosen(as) })} choices={[{ value: AS_IT_IS, label: t('mapping.as_text') }, ...KINDS.map((one) => ({ value: one, label: sayValue('mapping_as', one) }))]} />
						</div>
						<fieldset className="map-table">
							<legend>{t('mapping.table')}</legend>
							{rule.table.map((line, nth) => (
								<div key={line.id} className="map-line">
									<TextField label={t('mapping.when', { number: nth + 1 })} value={line.when} onChange={(when) => set({ table: rule.table.map((one) => (one === line ? { ...one, when } : one)) })} maxLength={1000} autoComplete="off" />
									<span aria-hidden="true">→</span>
									<TextField label={t('mapping.then', { number: nth + 1 })} value={line.then} onChange={(then) => set({ table: rule.table.map((one) => (one === line ? { ...one, then } : one)) })} maxLength={1000} autoComplete="off" />
									<IconButton icon="x" small label={t('mapping.line_drop', { number: nth + 1 })} onClick={() => set({ table: rule.table.filter((one) => one !== line) })} />
								</div>
							))}
							<div><Button kind="quiet" icon="plus" onClick={() => set({ table: [...rule.table, { id: newId(), when: '', then: '' }] })}>{t('mapping.line_add')}</Button></div>
							{rule.table.length > 0 && <>
								<Check label={t('mapping.other')} checked={rule.other !== null} onChange={(on) => set({ other: on ? '' : null })} />
								{rule.other !== null && <TextField label={t('mapping.other_value')} value={rule.other} onChange={(other) => set({ other })} maxLength={1000} autoComplete="off" />}
							</>}
						</fieldset>
					</div>
				</details>
			</>}
			<Wrongs all={wrong.filter((one) => !['to', 'from', 'value'].includes(one.member))} />
		</div>
	);
}

const textOf = (value: Value | undefined): string => (value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));

function Path({ path, nth, of, root, fault, onChange, onDrop }: { path: string; nth: number; of: number; root: Value | undefined; fault: string | undefined; onChange(path: string): void; onDrop(): void }) {
	const t = useT();
	const found = path.trim() && root !== undefined ? valueAt(root, path.trim()) : undefined;
	return (
		<div className="map-path">
			<TextField label={of > 1 ? t('mapping.from_n', { number: nth + 1 }) : t('mapping.from')} value={path} onChange={onChange} error={fault} maxLength={300} autoComplete="off" />
			{of > 1 && <IconButton icon="x" small label={t('mapping.from_drop', { number: nth + 1 })} onClick={onDrop} />}
			{path.trim() && root !== undefined && <p className="map-found muted small">{found === undefined ? t('mapping.not_there') : <><Icon name="arrow" size={14} /><span className="cut" translate="no">{textOf(found)}</span></>}</p>}
		</div>
	);
}
