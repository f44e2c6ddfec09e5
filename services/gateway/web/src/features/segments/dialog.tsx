/* A segment being written: what it is of, its conditions, and all the while how many fit. Never saves what the server would not take. */
import { useRef, useState } from 'react';
import { api, query } from '../../api/client';
import { type OwnField, useOwnFields, useSetPipelines } from '../../api/boards';
import { useMembers } from '../../api/queries';
import type { Workspace } from '../../api/types';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { useTags } from '../activities/model';
import { ownChoices } from '../fields/own';
import { SetForm } from '../settings/label-fields';
import { type Condition, type Conditions, fieldsOf, isKnown, kindOf, needsValue, OF, type Of, type Op, OPS, ownField, PICKS, type Segment, segmentsChanged, takesSeveral, useWould } from './model';
import { readValue } from './value';

/* a condition being written: `id` is this form's alone; `texts`: one of these, where there may be several; `currency`: the one it was said in */
interface Line { id: number; field: string; op: Op; texts: string[]; currency: string | null }
type Own = readonly OwnField[];

const textsOf = (value: unknown): string[] => {
	if (Array.isArray(value))
		return value.map(String);
	if (value && typeof value === 'object' && 'amount' in value)
		return [String(value.amount)];
	return value === undefined || value === null ? [''] : [String(value)];
};
const currencyOf = (value: unknown): string | null => (value && typeof value === 'object' && 'currency' in value ? String(value.currency) : null);
const AMOUNTS = ['number', 'money', 'sum', 'own_number', 'own_money'];

/* what the server takes; null: something is not said yet */
function conditionOf(of: Of, line: Line, currency: string, own: Own): Condition | null {
	const kind = kindOf(of, line.field, own);
	if (!needsValue(line.op))
		return { field: line.field, op: line.op };
	const said = line.texts.map((one) => one.trim()).filter(Boolean);
	const text = said[0];
	if (!text)
		return null;
	const amount = AMOUNTS.includes(kind) ? readValue(kind, text) : '';
	if (amount === null)
		return null;
	if (kind === 'time' && (line.op === 'within' || line.op === 'not_within') && !/^[1-9]\d{0,3}$/.test(text))
		return null;
	if (kind === 'sum' || kind === 'own_money' || (kind === 'money' && line.currency))
		return { field: line.field, op: line.op, value: { amount, currency: line.currency ?? currency } };
	if (AMOUNTS.includes(kind))
		return { field: line.field, op: line.op, value: amount };
	return { field: line.field, op: line.op, value: takesSeveral(kind, line.op) && said.length > 1 ? said : text };
}

function conditionsOf(of: Of, any: boolean, lines: Line[], currency: string, own: Own): Conditions | null {
	const all = lines.map((line) => conditionOf(of, line, currency, own));
	if (!all.length || all.some((one) => one === null))
		return null;
	const said = all.flatMap((one) => one ?? []);
	return any ? { any: said } : { all: said };
}

export function SegmentDialog({ workspace, segment, opened, onClose }: { workspace: Workspace; segment: Segment | null; opened: boolean; onClose(): void }) {
	const t = useT();
	return (
		<Dialog opened={opened} onClose={onClose} title={t(segment ? 'segments.edit' : 'segments.add')} closeLabel={t('common.close')} size={760}>
			{opened && <Form workspace={workspace} segment={segment} onDone={onClose} />}
		</Dialog>
	);
}

function Form({ workspace, segment, onDone }: { workspace: Workspace; segment: Segment | null; onDone(): void }) {
	const t = useT();
	const { currency, formats } = useScope();
	const next = useRef(0);
	const [of, setOf] = useState<Of>(segment?.of ?? 'contact');
	const own = useOwnFields(workspace.slug, of === 'account' ? 'account' : 'contact').data?.filter(() => of === 'contact' || of === 'account') ?? [];
	const line = (of: Of, one?: Condition): Line => {
		const field = one?.field ?? fieldsOf(of, own)[0] ?? 'tag';
		return { id: next.current++, field, op: one?.op ?? OPS[kindOf(of, field, own)][0], texts: textsOf(one?.value), currency: currencyOf(one?.value) };
	};
	const was = segment ? ('any' in segment.conditions ? segment.conditions.any : segment.conditions.all) : [];
	const [name, setName] = useState(segment?.name ?? '');
	const [any, setAny] = useState(segment ? 'any' in segment.conditions : false);
	const [lines, setLines] = useState<Line[]>(() => (was.length ? was.map((one) => line(segment?.of ?? 'contact', one)) : [{ ...line('contact'), field: 'tag', op: 'is' }]));
	const conditions = conditionsOf(of, any, lines, currency, own);
	const { data: would, isPlaceholderData, error } = useWould(workspace.slug, of, conditions);
	const edit = (id: number, part: Partial<Line>) => setLines(lines.map((one) => (one.id === id ? { ...one, ...part } : one)));
	const change = (to: Of) => {
		setOf(to);
		setLines(lines.map((one) => (isKnown(to, one.field) ? one : { ...one, field: 'tag', op: 'is', texts: [''], currency: null })));
	};
	const check = () => ({
		...(name.trim() ? {} : { name: t('form.required') }),
		...(conditions ? {} : { conditions: t('segments.unsaid') }),
	});
	const send = async () => {
		const body = { name: name.trim(), conditions };
		await (segment ? api('PUT', `/api/crm/segments/${segment.id}`, { body: { ...body, version: segment.version } }) : api('POST', `/api/crm/segments${query({ workspace: workspace.slug })}`, { body: { ...body, of } }));
		await segmentsChanged();
		toast.ok(t('segments.saved', { name: name.trim() }));
	};
	return (
		<SetForm yes={t('common.save')} check={check} send={send} onDone={onDone}>
			{(faults) => <>
				<TextField label={t('segments.name')} name="name" value={name} onChange={setName} required autoFocus maxLength={120} autoComplete="off" error={faults['name']} />
				<div className="two">
					<SelectField label={t('segments.of')} name="of" value={of} onChange={(value) => change((value ?? 'contact') as Of)} choices={(segment ? [segment.of] : OF).map((one) => ({ value: one, label: t(`segment_of.${one}`) }))} />
					<div className="seg-match"><Segments<'all' | 'any'> label={t('segments.match')} value={any ? 'any' : 'all'} onChange={(value) => setAny(value === 'any')} choices={[{ value: 'all', label: t('segments.match_all') }, { value: 'any', label: t('segments.match_any') }]} /></div>
				</div>
				<fieldset className="ticks">
					<legend>{t('segments.conditions')}</legend>
					{lines.map((one, at) => <Row key={one.id} of={of} own={own} line={one} at={at} workspace={workspace} edit={(part) => edit(one.id, part)} drop={lines.length > 1 ? () => setLines(lines.filter((other) => other.id !== one.id)) : null} />)}
					{faults['conditions'] && <p className="lw-error" role="alert">{faults['conditions']}</p>}
					{lines.length < 20 && <div><Button kind="quiet" icon="plus" onClick={() => setLines([...lines, line(of)])}>{t('segments.condition_add')}</Button></div>}
				</fieldset>
				<p className={`seg-size${isPlaceholderData ? ' table-old' : ''}`} role="status">
					{!conditions || error ? <span className="muted">{t('segments.size_unknown')}</span> : would ? <><b className="num">{t('segments.size', { count: would.size, number: formats.number(would.size) })}</b>{would.sample.some((each) => each.title) && <span className="muted"> {would.sample.flatMap((each) => each.title ?? []).join(', ')}</span>}</> : <span className="muted">{t('common.loading')}</span>}
				</p>
			</>}
		</SetForm>
	);
}

function Row({ of, own, line, at, workspace, edit, drop }: { of: Of; own: Own; line: Line; at: number; workspace: Workspace; edit(part: Partial<Line>): void; drop: (() => void) | null }) {
	const t = useT();
	const language = useLanguage();
	const kind = kindOf(of, line.field, own);
	const ops: readonly Op[] = OPS[kind];
	const setField = (field: string) => {
		const first = OPS[kindOf(of, field, own)][0];
		edit({ field, op: first, texts: [''], currency: null });
	};
	const nameOf = (field: string) => {
		const mine = ownField(own, field);
		return mine ? labelOf(mine.label, language, mine.key) : isKnown(of, field) ? t(`segment_field.${field}`) : field.replace(/^custom\./, '');
	};
	const fields = fieldsOf(of, own);
	const several = takesSeveral(kind, line.op);
	const texts = several ? line.texts : line.texts.slice(0, 1);
	return (
		<div className="seg-row">
			<SelectField label={t('segments.field', { number: at + 1 })} name={`field_${at}`} value={line.field} onChange={(value) => value && setField(value)} choices={(fields.includes(line.field) ? fields : [...fields, line.field]).map((one) => ({ value: one, label: nameOf(one) }))} />
			<SelectField label={t('segments.op', { number: at + 1 })} name={`op_${at}`} value={line.op} onChange={(value) => value && edit({ op: value as Op })} choices={ops.map((one) => ({ value: one, label: t(`segment_op.${one}`) }))} />
			{needsValue(line.op) ? (
				<div className="stack-form">
					{texts.map((text, which) => <Value key={which} of={of} own={own} line={line} text={text} label={which ? t('segments.value_or', { number: at + 1, which: which + 1 }) : t('segments.value', { number: at + 1 })} name={which ? `value_${at}_${which}` : `value_${at}`} several={texts.length > 1} workspace={workspace}
						set={(to) => edit({ texts: texts.map((one, i) => (i === which ? to : one)) })} />)}
					{several && texts.length < 20 && texts.every((text) => text.trim()) && <div><Button kind="quiet" icon="plus" onClick={() => edit({ texts: [...texts, ''] })} aria-label={t('segments.or_of', { number: at + 1 })}>{t('segments.or')}</Button></div>}
				</div>
			) : <span />}
			<IconButton icon="x" label={t('segments.condition_drop', { number: at + 1 })} disabled={!drop} onClick={() => drop?.()} />
		</div>
	);
}

function Value({ of, own, line, text, label, name, several, workspace, set }: { of: Of; own: Own; line: Line; text: string; label: string; name: string; several: boolean; workspace: Workspace; set(text: string): void }) {
	const t = useT();
	const language = useLanguage();
	const { currency } = useScope();
	const kind = kindOf(of, line.field, own);
	const { data: members } = useMembers(workspace.slug);
	const { data: tags } = useTags(workspace.slug);
	const { data: boards } = useSetPipelines(workspace.slug);
	const mine = ownField(own, line.field);
	/* what it was said to be is shown, whatever became of it */
	const pick = (all: Array<{ value: string; label: string }>) => <SelectField label={label} name={name} value={text || null} onChange={(value) => set(value ?? '')} clearable={several} choices={!text || all.some((one) => one.value === text) ? all : [...all, { value: text, label: text }]} placeholder={t('segments.choose')} />;
	if (kind === 'tag')
		return pick((tags ?? []).map((one) => ({ value: one.id, label: one.label })));
	if (kind === 'owner')
		return pick([{ value: 'none', label: t('deal.owner_none') }, ...[...new Map((members ?? []).map((one) => [one.id, one.name])).entries()].map(([value, who]) => ({ value, label: who }))]);
	if (kind === 'stage')
		return pick((boards ?? []).filter((one) => !one.archived).flatMap((one) => one.stages.map((stage) => ({ value: stage.id, label: labelOf(stage.label, language, stage.key) }))));
	if (mine && (kind === 'own_pick' || kind === 'own_flag'))
		return pick(ownChoices(t, language, mine));
	if (kind === 'pick')
		return pick((PICKS[line.field as keyof typeof PICKS] ?? []).map((one) => ({ value: one, label: sayValue(line.field === 'type' ? 'segment_pick' : line.field === 'lifecycle' ? 'lifecycle' : 'segment_pick', one) })));
	const days = kind === 'time' && (line.op === 'within' || line.op === 'not_within');
	const hint = days ? t('segments.days') : kind === 'sum' || kind === 'own_money' || line.currency ? line.currency ?? currency : undefined;
	return <TextField label={label} name={name} value={text} onChange={set} autoComplete="off" maxLength={200}
		{...((kind === 'time' && !days) || kind === 'own_date' ? { type: 'date' as const } : {})} {...(AMOUNTS.includes(kind) || days ? { inputMode: 'decimal' as const } : {})}
		{...(hint ? { end: <span className="muted small">{hint}</span> } : {})} />;
}
