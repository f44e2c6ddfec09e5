/* The questions of the bulk bar: the note and the reason of a move, the field of an edit, whether to delete. Asks only. */
import { type FormEvent, useId, useMemo, useState } from 'react';
import { useItems } from '../../api/boards';
import type { Id } from '../../api/types';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { readAmount } from '../../lib/money';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Framed, TextArea, TextField } from '../../ui/field';
import type { Column } from './columns';

/* the browser's own: a list with a search would weigh more than all that is here */
function Choose({ label, name, value, choices, onChange, empty, required, error }: { label: string; name: string; value: string; choices: Array<{ value: string; label: string }>; onChange(value: string): void; empty?: boolean; required?: boolean; error?: string | null }) {
	const id = useId();
	return (
		<div className="choose">
			<Framed id={id} label={label} error={error} required={required ?? false}>
				<select id={id} className="lw-input" name={name} value={value} aria-required={required} aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-error` : undefined} onChange={(event) => onChange(event.currentTarget.value)}>
					{empty && <option value="">{'–'}</option>}
					{choices.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
				</select>
			</Framed>
		</div>
	);
}

export function DeleteDialog({ count, onClose, onYes }: { count: number; onClose(): void; onYes(): void }) {
	const t = useT();
	return <Confirm opened onClose={onClose} title={t('trash.ask', { count })} text={t('trash.ask_text')} yes={t('trash.delete')} danger onYes={onYes} />;
}

export function OwnerDialog({ count, name, onClose, onYes }: { count: number; name: string; onClose(): void; onYes(): void }) {
	const t = useT();
	return <Confirm opened onClose={onClose} title={t('bulk.owner_ask', { count, name })} text={t('bulk.owner_text')} yes={t('bulk.owner_yes', { count })} onYes={onYes} />;
}

/* what the board asks of one card that moves, asked once for all */
export function MoveDialog({ column, count, note: wants, reason: wantsReason, workspace, onClose, onMove }: { column: Column; count: number; note: boolean; reason: boolean; workspace: Id | null; onClose(): void; onMove(note?: string, reason?: string): void }) {
	const t = useT();
	const language = useLanguage();
	const { data: items } = useItems(workspace);
	const [note, setNote] = useState('');
	const [reason, setReason] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const [unsaid, setUnsaid] = useState(false);
	const stage = labelOf(column.label, language, column.key);
	const reasons = items?.filter((one) => one.catalogue === 'loss_reason' && !one.retired) ?? [];
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const noteless = wants && !note.trim();
		setFault(noteless ? t('note.required') : null);
		setUnsaid(wantsReason && !reason);
		if (!noteless && (reason || !wantsReason))
			onMove(note.trim() || undefined, reason || undefined);
	};
	return (
		<Dialog opened onClose={onClose} title={t('bulk.move_title', { count, stage })} closeLabel={t('common.close')} size={460}>
			<form onSubmit={submit} noValidate>
				<TextArea label={t('note.label')} name="note" value={note} onChange={setNote} error={fault} required={wants} autoFocus rows={3} maxLength={4000} />
				{column.kind === 'lost' && reasons.length > 0 && <Choose label={t('bulk.reason')} name="reason" value={reason} onChange={setReason} empty required={wantsReason} error={unsaid && !reason ? t('problem.loss_reason_required') : null}
					choices={reasons.map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }))} />}
				<div className="dialog-foot">
					<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit">{t('bulk.move_yes', { count })}</Button>
				</div>
			</form>
		</Dialog>
	);
}

const PLAIN = ['close_date', 'probability', 'value'] as const;
const WORDS = ['account_type', 'campaign', 'channel', 'content_type', 'ecommerce_type', 'locale', 'plan_type', 'weight_range'] as const;

export function EditDialog({ count, workspace, onClose, onSave }: { count: number; workspace: Id | null; onClose(): void; onSave(fields: Record<string, unknown>): void }) {
	const t = useT();
	const language = useLanguage();
	const { me, currency } = useScope();
	const { data: items } = useItems(workspace);
	const [field, setField] = useState<string>('close_date');
	const [value, setValue] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const money = me.workspaces.find((one) => one.id === workspace)?.currency ?? currency;
	const words = useMemo(() => WORDS.filter((word) => items?.some((one) => one.catalogue === word && !one.retired)), [items]);
	const choices = items?.filter((one) => one.catalogue === field && !one.retired).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) })) ?? [];
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const typed = value.trim();
		if (field === 'value') {
			const amount = typed ? readAmount(typed) : null;
			if (typed && amount === null)
				setFault(t('form.amount'));
			else
				onSave({ value: amount === null ? null : { amount, currency: money } });
		} else if (field === 'probability') {
			if (typed && !/^(\d{1,2}|100)$/.test(typed))
				setFault(t('bulk.percent'));
			else
				onSave({ probability: typed ? Number(typed) : null });
		} else
			onSave({ [field]: typed || null });
	};
	return (
		<Dialog opened onClose={onClose} title={t('bulk.edit_title', { count })} closeLabel={t('common.close')} size={440}>
			<form className="stack-form" onSubmit={submit} noValidate>
				<Choose label={t('bulk.field')} name="field" value={field} onChange={(next) => { setField(next); setValue(''); setFault(null); }}
					choices={[...PLAIN, ...words].map((one) => ({ value: one, label: one === 'value' ? t('field.value_in', { currency: money }) : t(`field.${one}`) }))} />
				{choices.length
					? <Choose label={t('bulk.value')} name="value" value={value} onChange={setValue} choices={choices} empty />
					: <TextField label={t('bulk.value')} name="value" value={value} onChange={setValue} error={fault} type={field === 'close_date' ? 'date' : 'text'} {...(field === 'close_date' ? {} : { inputMode: 'decimal' as const })} />}
				<p className="muted small">{t('bulk.empty')}</p>
				<div className="dialog-foot">
					<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit">{t('bulk.edit_yes', { count })}</Button>
				</div>
			</form>
		</Dialog>
	);
}
