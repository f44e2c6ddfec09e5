/* The fields of a lead, edited in place of its facts. Who saw an old one is told so, and what it is now is read again. */
import { type FormEvent, useState } from 'react';
import { Problem } from '../../api/client';
import type { Lead } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { sayValue, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { SelectField, TextArea, TextField, useFocusWrong } from '../../ui/field';
import { toast } from '../../ui/toast';
import { SOURCES } from '../deals/source';

const FIELDS = ['name', 'company', 'email', 'phone', 'source', 'message'] as const;
type Field = (typeof FIELDS)[number];

/* what writes and reads again comes from the panel, which has it loaded */
export function LeadEdit({ lead, onDone, saveLead, leadChanged }: { lead: Lead; onDone(): void; saveLead: typeof import('./save').saveLead; leadChanged: typeof import('./save').leadChanged }) {
	const t = useT();
	/* what was typed; every other field is as the lead is now, also when somebody else changes it under this form */
	const [typed, setTyped] = useState<Partial<Record<Field, string>>>({});
	const [seen, setSeen] = useState<number | null>(lead.version);
	const values = Object.fromEntries(FIELDS.map((field) => [field, typed[field] ?? lead[field] ?? ''])) as Record<Field, string>;
	const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
	const [busy, setBusy] = useState(false);
	const form = useFocusWrong(faults);
	const set = (field: Field) => (value: string | null) => setTyped((old) => ({ ...old, [field]: value ?? '' }));
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found = values.name.trim() ? {} : { name: t('form.required') };
		setFaults(found);
		if (Object.keys(found).length)
			return;
		const change = Object.fromEntries(FIELDS.filter((field) => values[field].trim() !== (lead[field] ?? '')).map((field) => [field, values[field].trim() || null]));
		setBusy(true);
		try {
			if (Object.keys(change).length)
				await saveLead({ ...lead, version: seen ?? lead.version }, change);
			toast.ok(t('lead.saved'));
			onDone();
		} catch (fault) {
			setBusy(false);
			setFaults(fieldFaults(fault));
			toast.error(t('deal.not_saved'), problemText(fault));
			if (fault instanceof Problem && (fault.status === 409 || fault.status === 412)) {
				setFaults({});
				await leadChanged(lead.id);
				setSeen(null); /* now they see what it is: the next save is meant */
			}
		}
	};
	const sources = [...new Set([...SOURCES, ...(lead.source ? [lead.source] : [])])];
	return (
		<form ref={form} className="stack-form" onSubmit={(event) => void submit(event)} noValidate onKeyDown={(event) => {
			if (event.key === 'Escape') {
				event.stopPropagation();
				onDone();
			}
		}}>
			<TextField label={t('field.name')} name="name" value={values.name} onChange={set('name')} error={faults['name']} required autoFocus maxLength={300} keepsEscape />
			<TextField label={t('field.company')} name="company" value={values.company} onChange={set('company')} error={faults['company']} maxLength={300} keepsEscape />
			<TextField label={t('field.email')} name="email" type="email" value={values.email} onChange={set('email')} error={faults['email']} maxLength={254} keepsEscape />
			<TextField label={t('field.phone')} name="phone" type="tel" inputMode="tel" value={values.phone} onChange={set('phone')} error={faults['phone']} maxLength={60} keepsEscape />
			<SelectField label={t('field.source')} value={values.source || null} onChange={set('source')} error={faults['source']} choices={sources.map((one) => ({ value: one, label: sayValue('source', one) }))} empty={t('form.nothing_found')} />
			<TextArea label={t('field.message')} name="message" value={values.message} onChange={set('message')} error={faults['message']} rows={4} keepsEscape />
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onDone}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
			</div>
		</form>
	);
}
