/* Every field of a deal as one form: an input that fits each, only what changed is sent, with the version it was read in. Where
   somebody else was quicker it shows who changed what, and for what both changed asks whose counts. */
import { type FormEvent, type ReactNode, useMemo, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, Problem } from '../../api/client';
import { keys } from '../../api/queries';
import { CHOSEN, type Deal, type Written } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { readAmount, readNumber, typedNumber } from '../../lib/money';
import { Button } from '../../ui/button';
import { type Choice, SelectField, TextArea, TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { OwnInput, ownRead } from '../fields/own';
import type { Group } from './details';
import type { FieldWords } from './field-words';
import { refresh } from './move';
import { board } from './store';
import '../../ui/table.css';

type Draft = Record<string, string>;
interface Clash { field: string; who: string | null; at: string | null; theirs: string; mine: string | null }

type Kind = 'text' | 'long' | 'money' | 'percent' | 'count' | 'number' | 'date' | 'url' | 'choice' | 'computed';

function kindOf(field: string, words: FieldWords): Kind {
	const own = words.fields.find((one) => `custom.${one.key}` === field);
	if (own)
		return own.kind === 'boolean' ? 'choice' : own.kind;
	if (CHOSEN.some((one) => one === field))
		return 'choice';
	switch (field) {
	case 'value': return 'money';
	case 'account_value': return 'computed';
	case 'probability': return 'percent';
	case 'monthly_shipments': return 'count';
	case 'close_date': return 'date';
	case 'annotations': case 'notes': return 'long';
	default: return 'text';
	}
}

export function DetailsForm({ deal, words, groups, onDone }: { deal: Deal; words: FieldWords; groups: Group[]; onDone(): void }) {
	const t = useT();
	const client = useQueryClient();
	const { me, formats } = useScope();
	/* what the form began with: a live change of the deal does not touch what is being typed */
	const [base, setBase] = useState(deal);
	const [shape] = useState(groups);
	const fields = useMemo(() => ['title', ...shape.flatMap((group) => group.fields)], [shape]);
	const kinds = useMemo(() => new Map(fields.map((field) => [field, kindOf(field, words)])), [fields, words]);
	const typed = (from: Deal, field: string): string => {
		const text = words.text(from, field);
		const money = kinds.get(field) === 'money' ? words.money(text) : null;
		if (kinds.get(field) === 'number')
			return /^-?\d+(\.\d+)?$/.test(text) ? typedNumber(text, formats.figure) : text;
		return money ? formats.money(money).replace(/[^\d.,-]/g, '') : text;
	};
	const [draft, setDraft] = useState<Draft>(() => Object.fromEntries(fields.map((field) => [field, typed(deal, field)])));
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [clashes, setClashes] = useState<Clash[]>([]);
	const [busy, setBusy] = useState(false);
	const home = me.workspaces.find((one) => one.id === deal.workspace_id)?.currency ?? 'EUR';
	const currencyOf = (field: string) => words.money(words.text(base, field))?.currency ?? home;
	const changed = fields.filter((field) => draft[field]?.trim() !== typed(base, field));

	/* what is sent of a field, or why it cannot be */
	const valueOf = (field: string): { value: unknown } | { fault: string } => {
		const text = draft[field]?.trim() ?? '';
		const own = words.fields.find((one) => `custom.${one.key}` === field);
		if (own)
			return ownRead(t, own, text, currencyOf(field));
		if (!text)
			return field === 'title' ? { fault: t('form.required') } : { value: null };
		switch (kinds.get(field)) {
		case 'money': {
			const amount = readAmount(text);
			return amount === null ? { fault: t('form.amount') } : { value: { amount, currency: currencyOf(field) } };
		}
		case 'percent': return /^(\d{1,2}|100)$/.test(text) ? { value: Number(text) } : { fault: t('stages.chance_wrong') };
		case 'count': {
			const plain = text.replace(/[\s.,]/g, '');
			return /^\d{1,9}$/.test(plain) ? { value: Number(plain) } : { fault: t('details.count_wrong') };
		}
		case 'number': {
			const plain = readNumber(text);
			return plain === null ? { fault: t('details.number_wrong') } : { value: plain };
		}
		default: return { value: text };
		}
	};

	/* somebody was quicker: what they changed and this form did not is taken over, the rest is asked */
	const collide = async (problem: Problem) => {
		const now = await client.fetchQuery({ queryKey: keys.deal(deal.id), queryFn: () => api<Deal>('GET', `/api/crm/deals/${deal.id}`), staleTime: 0 });
		board.receive(now);
		const told = new Map(problem.fields.map((one) => [one.pointer.replace(/^\//, '').replace('/', '.'), one.detail.split(' ')] as const).reverse());
		const moved = ['stage', 'owner_id', ...fields].filter((field) => words.text(base, field) !== words.text(now, field) && kinds.get(field) !== 'computed');
		const next: Draft = { ...draft };
		const list = moved.flatMap((field): Clash[] => {
			const mine = changed.includes(field) ? (draft[field]?.trim() ?? '') : null;
			if (mine !== null && mine === typed(now, field))
				return [];
			if (mine === null)
				next[field] = typed(now, field);
			const [at = null, who = null] = told.get(field) ?? told.get(`${field}_id`) ?? [];
			return [{ field, at, who, theirs: words.text(now, field), mine }];
		});
		setDraft(next);
		setBase(now);
		setClashes(list);
	};

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const read = changed.map((field) => [field, valueOf(field)] as const);
		const wrong = Object.fromEntries(read.flatMap(([field, one]) => 'fault' in one ? [[field, one.fault]] : []));
		setFaults(wrong);
		if (Object.keys(wrong).length)
			return;
		if (!changed.length) {
			onDone();
			return;
		}
		const plain: Record<string, unknown> = {};
		const custom: Record<string, unknown> = {};
		for (const [field, one] of read)
			if ('value' in one)
				(field.startsWith('custom.') ? custom : plain)[field.replace(/^custom\./, '')] = one.value;
		setBusy(true);
		try {
			const { batch_id: batch } = await api<Written & { batch_id?: string }>('PUT', `/api/crm/opportunities/${deal.id}`, { body: { ...plain, ...(Object.keys(custom).length ? { custom } : {}), version: base.version } });
			await Promise.all([refresh(board, deal.id), client.invalidateQueries({ queryKey: keys.timeline(deal.id) }), client.invalidateQueries({ queryKey: ['history', deal.id] })]);
			toast.ok(t('deal.saved'), batch ? {
				label: t('common.undo'), hotkey: 'Z',
				run: () => void api('POST', `/api/crm/batches/${batch}/undo`).then(() => refresh(board, deal.id), (fault: unknown) => toast.error(t('deal.not_saved'), problemText(fault))),
			} : undefined);
			onDone();
			return;
		} catch (fault) {
			if (fault instanceof Problem && (fault.status === 409 || fault.status === 412) && /^(deal_changed|stale)$/.test(fault.code))
				await collide(fault).catch((reason: unknown) => toast.error(t('deal.not_saved'), problemText(reason)));
			else {
				/* /value/amount is the value's, /custom/x the own field's */
				const pointed = fault instanceof Problem ? fault.fields : [];
				const texts = fieldFaults(fault);
				setFaults(Object.fromEntries(pointed.map(({ pointer }) => {
					const [first = '', second = ''] = pointer.replace(/^\//, '').split('/');
					return [first === 'custom' ? `custom.${second}` : first, texts[pointer.replace(/^.*\//, '')] ?? ''];
				})));
				toast.error(t('deal.not_saved'), problemText(fault));
			}
		}
		setBusy(false);
	};

	const set = (field: string, text: string) => setDraft((old) => ({ ...old, [field]: text }));
	return (
		<form className="stack-form" onSubmit={(event) => void submit(event)} noValidate onKeyDown={(event) => {
			if (event.key === 'Escape') {
				event.stopPropagation();
				onDone();
			}
		}}>
			{clashes.length > 0 && <Clashes clashes={clashes} draft={draft} typed={(field) => typed(base, field)} words={words} deal={deal} onTake={set} />}
			<TextField label={words.name('title')} name="title" value={draft['title'] ?? ''} onChange={(text) => set('title', text)} error={faults['title']} required maxLength={200} autoFocus keepsEscape />
			{shape.flatMap((group) => group.fields).map((field) => (
				<Input key={field} field={field} kind={kinds.get(field) ?? 'text'} value={draft[field] ?? ''} onChange={(text) => set(field, text)} fault={faults[field]} words={words} base={base} currency={currencyOf(field)} />
			))}
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onDone}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
			</div>
		</form>
	);
}

interface InputProps { field: string; kind: Kind; value: string; onChange(text: string): void; fault: string | undefined; words: FieldWords; base: Deal; currency: string }

function Input({ field, kind, value, onChange, fault, words, base, currency }: InputProps): ReactNode {
	const t = useT();
	const language = useLanguage();
	const own = words.fields.find((one) => `custom.${one.key}` === field);
	const common = { name: field, label: words.name(field), value, onChange, error: fault, keepsEscape: true };
	if (own)
		return <OwnInput field={own} value={value} onChange={onChange} fault={fault} currency={currency} keepsEscape />;
	switch (kind) {
	case 'computed':
		return (
			<div><span className="lw-label">{words.name(field)}</span>
				<p className="num"><output data-field={field}>{words.text(base, field) ? words.say(field, words.text(base, field)) : '—'}</output> <span className="muted small">{t('details.account_value_text')}</span></p></div>
		);
	case 'choice': {
		const all = words.items.filter((one) => one.catalogue === field && (!one.retired || one.key === value)).sort((a, b) => a.position - b.position).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }));
		/* what it has is offered, whatever became of the list */
		const choices: Choice[] = value && !all.some((one) => one.value === value) ? [...all, { value, label: words.say(field, value) }] : all;
		return <SelectField label={common.label} name={field} value={value || null} onChange={(next) => onChange(next ?? '')} choices={choices} error={fault} clearable placeholder="—" empty={t('form.nothing_found')} />;
	}
	case 'long': return <TextArea {...common} rows={3} maxLength={4000} />;
	case 'date': return <TextField {...common} type="date" />;
	case 'money': return <TextField {...common} label={t('details.money', { field: common.label, currency })} inputMode="decimal" />;
	case 'percent': return <TextField {...common} label={t('details.percent', { field: common.label })} inputMode="numeric" hint={t('details.chance_text')} placeholder={base.probability === null ? '' : String(base.probability)} maxLength={3} />;
	case 'count': return <TextField {...common} inputMode="numeric" maxLength={12} />;
	case 'number': return <TextField {...common} inputMode="decimal" />;
	case 'url': return <TextField {...common} type="url" placeholder="https://" />;
	case 'text': return <TextField {...common} maxLength={2000} />;
	}
}

function Clashes({ clashes, draft, typed, words, deal, onTake }: { clashes: Clash[]; draft: Draft; typed(field: string): string; words: FieldWords; deal: Deal; onTake(field: string, text: string): void }) {
	const t = useT();
	const { formats } = useScope();
	const by = (clash: Clash) => words.actor(clash.who) ?? t('timeline.system');
	return (
		<section className="clash" role="alert" aria-label={t('clash.title')} data-deal={deal.id}>
			<b>{t('clash.title')}</b>
			<ul>
				{clashes.map((clash) => (
					<li key={clash.field}>
						{clash.at ? t('clash.by', { who: by(clash), time: formats.time(clash.at), field: words.name(clash.field) }) : words.name(clash.field)}
						{clash.mine === null
							? <> <b>{words.say(clash.field, clash.theirs)}</b></>
							: (
								<div className="segments" role="group" aria-label={words.name(clash.field)}>
									<button type="button" className="segment" aria-pressed={draft[clash.field] === typed(clash.field)} onClick={() => onTake(clash.field, typed(clash.field))}>{t('clash.theirs', { value: words.say(clash.field, clash.theirs) })}</button>
									<button type="button" className="segment" aria-pressed={draft[clash.field] === clash.mine} onClick={() => onTake(clash.field, clash.mine ?? '')}>{t('clash.mine', { value: clash.mine || t('timeline.nothing') })}</button>
								</div>
							)}
					</li>
				))}
			</ul>
			<p className="small">{t('clash.next')}</p>
		</section>
	);
}
