/* A lead made by hand, on `N`. The deal that comes of it appears by the stream like every other; nothing is invented
   on this side. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, newKey, Problem, query } from '../../api/client';
import { keys, useMembers } from '../../api/queries';
import type { Written } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextArea, TextField } from '../../ui/field';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { SOURCES } from '../deals/source';

type Field = 'name' | 'company' | 'email' | 'phone' | 'form_type' | 'message';
const BLANK: Record<Field, string> = { name: '', company: '', email: '', phone: '', form_type: '', message: '' };

export function NewLead({ opened, onClose }: { opened: boolean; onClose(): void }) {
	const t = useT();
	return (
		<Dialog opened={opened} onClose={onClose} title={t('lead.new')} closeLabel={t('common.close')} size={560}>
			<LeadForm onClose={onClose} />
		</Dialog>
	);
}

function LeadForm({ onClose }: { onClose(): void }) {
	const t = useT();
	const client = useQueryClient();
	const { workspace, workspaces, mayEdit } = useScope();
	/* whoever owns it is one of that workspace: nobody is offered before it is known */
	const choices = workspaces.filter((one) => mayEdit(one.id));
	const [slug, setSlug] = useState<string | null>(workspace?.slug ?? (choices.length === 1 ? (choices[0]?.slug ?? null) : null));
	const [values, setValues] = useState(BLANK);
	const [source, setSource] = useState<string | null>('manual');
	const [owner, setOwner] = useState<string | null>(null);
	const [faults, setFaults] = useState<Partial<Record<Field | 'workspace' | 'form', string>>>({});
	const [busy, setBusy] = useState(false);
	const { data: members } = useMembers(slug);
	const form = useRef<HTMLFormElement>(null);
	/* one key for this form: sent twice, it is still one lead */
	const key = useRef(newKey());
	const set = (field: Field) => (value: string) => setValues((old) => ({ ...old, [field]: value }));

	useEffect(() => {
		if (Object.keys(faults).length)
			form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
	}, [faults]);

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const email = values.email.trim();
		const found = {
			...(slug ? {} : { workspace: t('form.required') }),
			...(values.name.trim() ? {} : { name: t('form.required') }),
			...(email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? { email: t('form.email') } : {}),
		};
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		const filled = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ''));
		try {
			await api<Written>('POST', `/api/crm/leads${query({ workspace: slug })}`, {
				key: key.current, body: { ...filled, ...(source ? { source } : {}), ...(owner ? { owner_id: owner } : {}) },
			});
			void client.invalidateQueries({ queryKey: keys.leads });
			toast.ok(t('lead.created', { name: values.name.trim() }));
			onClose();
		} catch (fault) {
			setBusy(false);
			if (fault instanceof Problem && fault.status > 0)
				key.current = newKey(); /* refused: the next try is another one */
			const named = fault instanceof Problem ? fault.fields.map((one) => [one.pointer.replace(/^.*\//, ''), one.detail] as const).filter(([name]) => name in BLANK) : [];
			setFaults(named.length ? Object.fromEntries(named) : { form: problemText(fault) });
		}
	};

	return (
		<form ref={form} className="form" onSubmit={(event) => void submit(event)} noValidate>
			{faults.form && <Fault>{faults.form}</Fault>}
			{!workspace && (
				<SelectField label={t('field.workspace')} value={slug} onChange={(next) => { setSlug(next); setOwner(null); }} error={faults.workspace} required placeholder={t('form.choose')}
					choices={choices.map((one) => ({ value: one.slug, label: one.name }))} empty={t('form.nothing_found')} />
			)}
			<TextField label={t('field.name')} name="name" value={values.name} onChange={set('name')} error={faults.name} required autoFocus autoComplete="off" maxLength={200} />
			<div className="two">
				<TextField label={t('field.email')} name="email" type="email" value={values.email} onChange={set('email')} error={faults.email} autoComplete="off" maxLength={254} />
				<TextField label={t('field.phone')} name="phone" type="tel" inputMode="tel" value={values.phone} onChange={set('phone')} error={faults.phone} autoComplete="off" maxLength={50} />
			</div>
			<div className="two">
				<TextField label={t('field.company')} name="company" value={values.company} onChange={set('company')} error={faults.company} autoComplete="off" maxLength={200} />
				<TextField label={t('field.form_type')} name="form_type" value={values.form_type} onChange={set('form_type')} error={faults.form_type} placeholder={t('lead.form_type_hint')} autoComplete="off" maxLength={100} />
			</div>
			<div className="two">
				<SelectField label={t('field.source')} value={source} onChange={setSource} choices={SOURCES.map((one) => ({ value: one, label: sayValue('source', one) }))} empty={t('form.nothing_found')} />
				<SelectField label={t('field.owner')} value={owner} onChange={setOwner} clearable placeholder={t('lead.owner_default')}
					choices={(slug ? members ?? [] : []).filter((member) => member.active).map((member) => ({ value: member.id, label: member.name }))} empty={t('form.nothing_found')} />
			</div>
			<TextArea label={t('field.message')} name="message" value={values.message} onChange={set('message')} error={faults.message} rows={3} maxLength={8000} />
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t(busy ? 'lead.creating' : 'lead.create')}</Button>
			</div>
		</form>
	);
}
