/* A lead made by hand, on `N`. The deal that comes of it appears by the stream like every other; nothing is invented
   on this side. Where a workspace wants more to be said (S2's + Register), this form asks it, and once more before it is made. */
import { type FormEvent, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, newKey, Problem, query } from '../../api/client';
import { keys, useMembers } from '../../api/queries';
import type { Known, Written } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useItems, useSetPipelines } from '../../api/boards';
import { labelOf, say, sayValue, useLanguage, useT } from '../../i18n';
import { useGo } from '../../app/scope';
import { Confirm } from '../../ui/confirm';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextArea, TextField, useFocusWrong } from '../../ui/field';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { executives } from '../deals/executives';
import { SOURCES } from '../deals/source';
import { AlreadyKnown } from '../duplicates/known';

type Field = 'name' | 'company' | 'email' | 'phone' | 'form_type' | 'message' | 'locale' | 'phone_code' | 'monthly_shipments' | 'stage';
const BLANK: Record<Field, string> = { name: '', company: '', email: '', phone: '', form_type: '', message: '', locale: '', phone_code: '', monthly_shipments: '', stage: '' };
const MISSING = { name: 'lead.need_name', company: 'lead.need_company', email: 'lead.need_email', locale: 'lead.need_locale', phone_code: 'lead.need_phone_code', phone: 'lead.need_phone' } as const;

/* the record that has this e-mail address, out of the refusal's own words: "deal <id> <name>" */
function knownOf(fault: unknown): { id: string; name: string; type: 'prospect' | 'contact' } | null {
	const told = fault instanceof Problem && fault.code === 'email_known' ? /^(deal|contact) (\S+) (.*)$/.exec(fault.fields[0]?.detail ?? '') : null;
	return told ? { type: told[1] === 'deal' ? 'prospect' : 'contact', id: told[2] ?? '', name: told[3] ?? '' } : null;
}

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
	const language = useLanguage();
	const go = useGo();
	const needed = workspaces.find((one) => one.slug === slug)?.lead_fields ?? [];
	const register = needed.includes('locale');
	const { data: items } = useItems(register ? slug : null);
	const { data: pipelines } = useSetPipelines(register ? slug : null);
	const locales = (items ?? []).filter((one) => one.catalogue === 'locale' && !one.retired);
	const stages = pipelines?.find((one) => one.begins)?.stages.filter((one) => one.kind === 'open') ?? [];
	const [asking, setAsking] = useState(false);
	const [known, setKnown] = useState<ReturnType<typeof knownOf>>(null);
	const form = useFocusWrong(faults);
	/* one key for this form: sent twice, it is still one lead */
	const key = useRef(newKey());
	const set = (field: Field) => (value: string) => setValues((old) => ({ ...old, [field]: value }));

	const ask = (event: FormEvent) => {
		event.preventDefault();
		const email = values.email.trim();
		const found: typeof faults = {
			...(slug ? {} : { workspace: t('form.required') }),
			...(email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? { email: t('form.email') } : {}),
			...(values.phone_code.trim() && !/^\+\d{1,4}$/.test(values.phone_code.trim()) ? { phone_code: t('lead.phone_code_wrong') } : {}),
			...(/^\d{0,9}$/.test(values.monthly_shipments.trim()) ? {} : { monthly_shipments: t('lead.shipments_wrong') }),
		};
		if (register)
			for (const field of ['name', ...needed] as Array<keyof typeof MISSING>)
				if (!values[field].trim())
					found[field] = t(MISSING[field]);
		if (!values.name.trim() && !found.name)
			found.name = t('form.required');
		setKnown(null);
		setFaults(found);
		if (Object.keys(found).length)
			return;
		if (register)
			setAsking(true);
		else
			void save();
	};

	const save = async () => {
		setBusy(true);
		const { monthly_shipments: shipments, ...texts } = values;
		const filled = Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ''));
		try {
			const made = await api<Written & { known?: Known }>('POST', `/api/crm/leads${query({ workspace: slug })}`, {
				key: key.current, body: { ...filled, ...(shipments.trim() ? { monthly_shipments: Number(shipments) } : {}), ...(source ? { source } : {}), ...(owner ? { owner_id: owner } : {}) },
			});
			void client.invalidateQueries({ queryKey: keys.leads });
			toast.ok(t('lead.created', { name: values.name.trim() }));
			if (made.known)
				toast.ok(made.known.visible ? say('lead.known', { name: made.known.name ?? '' }) : say('lead.known_hidden'));
			onClose();
		} catch (fault) {
			setBusy(false);
			setAsking(false);
			if (fault instanceof Problem && fault.status > 0)
				key.current = newKey(); /* refused: the next try is another one */
			if (fault instanceof Problem && fault.code === 'email_known') {
				setKnown(knownOf(fault));
				setFaults({ email: t('lead.email_known') });
				return;
			}
			const named = fault instanceof Problem ? fault.fields.map((one) => [one.pointer.replace(/^.*\//, ''), one.detail] as const).filter(([name]) => name in BLANK) : [];
			setFaults(named.length ? Object.fromEntries(named) : { form: problemText(fault) });
		}
	};

	const chooseLocale = (chosen: string | null) => {
		const code = locales.find((one) => one.key === chosen)?.phone_code;
		setValues((old) => ({ ...old, locale: chosen ?? '', ...(code ? { phone_code: code } : {}) }));
	};
	const stageName = (stageKey: string) => {
		const stage = stages.find((one) => one.key === stageKey) ?? stages[0];
		return stage ? labelOf(stage.label, language, stage.key) : '';
	};

	return (
		<form ref={form} className="form" onSubmit={ask} noValidate>
			{faults.form && <Fault>{faults.form}</Fault>}
			{faults.email && known && <Fault>{t('lead.known', { name: known.name })} <button type="button" className="link" onClick={() => { onClose(); go.search({ type: known.type, id: known.id, tab: undefined }); }}>{t('lead.known_open')}</button></Fault>}
			{!workspace && (
				<SelectField label={t('field.workspace')} value={slug} onChange={(next) => { setSlug(next); setOwner(null); }} error={faults.workspace} required placeholder={t('form.choose')}
					choices={choices.map((one) => ({ value: one.slug, label: one.name }))} empty={t('form.nothing_found')} />
			)}
			<div className={register ? 'two' : undefined}>
				<TextField label={t('field.name')} name="name" value={values.name} onChange={set('name')} error={faults.name} required autoFocus autoComplete="off" maxLength={200} />
				{register && <TextField label={t('field.company')} name="company" value={values.company} onChange={set('company')} error={faults.company} required autoComplete="off" maxLength={200} />}
			</div>
			{register && (
				<div className="two">
					<SelectField label={t('field.locale')} name="locale" value={values.locale || null} onChange={chooseLocale} error={faults.locale} required placeholder={t('form.choose')} choices={locales.map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }))} empty={t('form.nothing_found')} />
					<TextField label={t('field.phone_code')} name="phone_code" value={values.phone_code} onChange={set('phone_code')} error={faults.phone_code} required inputMode="tel" autoComplete="off" maxLength={5} placeholder="+52" />
				</div>
			)}
			<div className="two">
				<TextField label={t('field.email')} name="email" type="email" value={values.email} onChange={set('email')} error={faults.email} required={register} autoComplete="off" maxLength={254} />
				<TextField label={t('field.phone')} name="phone" type="tel" inputMode="tel" value={values.phone} onChange={set('phone')} error={faults.phone} required={register} autoComplete="off" maxLength={50} />
			</div>
			<div className="two">
				{register
					? <TextField label={t('field.monthly_shipments')} name="monthly_shipments" inputMode="numeric" value={values.monthly_shipments} onChange={set('monthly_shipments')} error={faults.monthly_shipments} autoComplete="off" maxLength={9} />
					: <TextField label={t('field.company')} name="company" value={values.company} onChange={set('company')} error={faults.company} autoComplete="off" maxLength={200} />}
				{register
					? <SelectField label={t('deal.stage')} name="stage" value={values.stage || null} onChange={(next) => set('stage')(next ?? '')} error={faults.stage} clearable placeholder={stageName('')} choices={stages.map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }))} empty={t('form.nothing_found')} />
					: <TextField label={t('field.form_type')} name="form_type" value={values.form_type} onChange={set('form_type')} error={faults.form_type} placeholder={t('lead.form_type_hint')} autoComplete="off" maxLength={100} />}
			</div>
			<div className="two">
				<SelectField label={t('field.source')} value={source} onChange={setSource} choices={SOURCES.map((one) => ({ value: one, label: sayValue('source', one) }))} empty={t('form.nothing_found')} />
				<SelectField label={t('field.owner')} value={owner} onChange={setOwner} clearable placeholder={t('lead.owner_default')}
					choices={executives(slug ? members ?? [] : [], null).map((member) => ({ value: member.id, label: member.name }))} empty={t('form.nothing_found')} />
			</div>
			<TextArea label={t('field.message')} name="message" value={values.message} onChange={set('message')} error={faults.message} rows={3} maxLength={8000} />
			<AlreadyKnown kind="contact" workspace={slug} typed={{ name: values.name, email: values.email, phone: values.phone, company: values.company }} onOpen={onClose} />
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t(busy ? 'lead.creating' : 'lead.create')}</Button>
			</div>
			<Confirm opened={asking} onClose={() => setAsking(false)} title={t('lead.confirm')} busy={busy} yes={t('lead.create')} onYes={() => void save()}
				text={<p>{t('lead.confirm_text', { name: values.name.trim(), company: values.company.trim(), stage: stageName(values.stage) })}</p>} />
		</form>
	);
}
