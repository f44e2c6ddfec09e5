/* A contact made by hand or changed: every field, further e-mails and phones, the workspace's own. The company typed is the account of that name,
   made when there is none. An address that somebody else has is said at its field; what a colleague changed meanwhile is read again before the
   next save. */
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { useItems, useOwnFields } from '../../api/boards';
import { Problem } from '../../api/client';
import { useMembers } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { type Key, labelOf, useLanguage, useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextArea, TextField, useFocusWrong } from '../../ui/field';
import { toast } from '../../ui/toast';
import { executives } from '../deals/executives';
import { AlreadyKnown } from '../duplicates/known';
import { formFaults, ownCurrency, OwnInput, ownRead, ownTyped } from '../fields/own';
import { TYPES } from './kinds';
import { type Contact, contactsChanged, type Reach, saveContact } from './model';

const AccountPick = lazy(() => import('../accounts/pick').then((module) => ({ default: module.AccountPick })));

const WORDS = ['first_name', 'last_name', 'email', 'phone', 'job_title', 'company'] as const;
const LABELS: Record<(typeof WORDS)[number], Key> = { first_name: 'field.first_name', last_name: 'field.last_name', email: 'field.email', phone: 'field.phone', job_title: 'field.job_title', company: 'field.company' };
const MOST = { first_name: 200, last_name: 200, email: 320, phone: 60, job_title: 200, company: 300 };
const MORE = ['emails', 'phones'] as const;
type More = (typeof MORE)[number];

const lines = (list: Reach[] | undefined): Reach[] => (list ?? []).map((one) => ({ ...one }));
const same = (a: Reach[], b: Reach[]) => JSON.stringify(a.filter((one) => one.value.trim())) === JSON.stringify(b);

/* `of`: a new one is of this company */
export function ContactForm({ contact, of, onClose }: { contact: Contact | null; of?: { id: Id; name: string; workspace_id: Id }; onClose(): void }) {
	const t = useT();
	const go = useGo();
	const language = useLanguage();
	const { workspaces, me, formats } = useScope();
	const workspace = contact || of ? me.workspaces.find((one) => one.id === (contact ?? of)?.workspace_id) : workspaces[0];
	const slug = workspace?.slug ?? null;
	const { data: members } = useMembers(slug);
	const statuses = (useItems(slug).data ?? []).filter((item) => item.catalogue === 'contact_status' && (!item.retired || item.key === contact?.status)).sort((a, b) => a.position - b.position);
	const fields = (useOwnFields(slug, 'contact').data ?? []).filter((one) => !one.retired).sort((a, b) => a.position - b.position);
	const [opened, setOpened] = useState(true);
	const [typed, setTyped] = useState<Record<string, string | null>>(of ? { account_id: of.id, company: of.name } : {});
	/* those that were touched here; the others stay what they are by now */
	const [touched, setTouched] = useState<Partial<Record<More, Reach[]>>>({});
	const reach: Record<More, Reach[]> = { emails: touched.emails ?? lines(contact?.emails), phones: touched.phones ?? lines(contact?.phones) };
	const setReach = (name: More, change: (old: Reach[]) => Reach[]) => setTouched((old) => ({ ...old, [name]: change(old[name] ?? lines(contact?.[name])) }));
	const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
	const [busy, setBusy] = useState(false);
	const [seen, setSeen] = useState<number | null>(contact?.version ?? null);
	const form = useFocusWrong(faults);
	const was: Record<string, string> = {
		first_name: contact?.first_name ?? '', last_name: contact?.last_name ?? '', email: contact?.email ?? '', phone: contact?.phone ?? '', company: contact?.company ?? '', job_title: contact?.job_title ?? '',
		notes: contact?.notes ?? '', owner_id: contact?.owner_id ?? '', user_id: contact?.user_id ?? '', account_id: contact?.account_id ?? '', type: contact?.type ?? 'customer', status: contact?.status ?? '',
		...Object.fromEntries(fields.map((one) => [`custom.${one.key}`, ownTyped(one, contact?.custom[one.key], formats)])),
	};
	/* what the one that is chosen is called; one that this person may not see has no name here */
	const [account, setAccount] = useState(contact?.account_name ?? of?.name ?? '');
	const [picking, setPicking] = useState(false);
	const value = (field: string) => (field in typed ? typed[field] ?? '' : was[field] ?? '');
	const set = (field: string) => (to: string | null) => setTyped((old) => ({ ...old, [field]: to }));
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const changed = (field: string) => value(field).trim() !== was[field];
	const currencyOf = (key: string) => ownCurrency(contact?.custom[key], workspace?.currency ?? 'EUR');
	const own = () => fields.filter((one) => (!contact && one.needed) || changed(`custom.${one.key}`)).map((one) => ({ key: one.key, ...ownRead(t, one, value(`custom.${one.key}`), currencyOf(one.key)) }));
	const body = (): Record<string, unknown> => {
		const change: Record<string, unknown> = Object.fromEntries([...WORDS, 'notes', 'owner_id', 'user_id', 'account_id', 'status', 'type'].filter(changed).map((field) => [field, value(field).trim() || null]));
		const said = own().flatMap((one) => ('value' in one ? [[one.key, one.value]] : []));
		if (said.length)
			change['custom'] = Object.fromEntries(said);
		for (const name of MORE)
			if (touched[name] && !same(reach[name], contact?.[name] ?? []))
				change[name] = reach[name].filter((one) => one.value.trim()).map((one) => ({ value: one.value.trim(), label: one.label?.trim() || null }));
		if ('company' in change && change['company'] && !('account_id' in change && change['account_id']))
			change['company_account'] = true;
		return change;
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		/* one whose form asked for a name alone may keep it so */
		const found: Partial<Record<string, string>> = Object.fromEntries((['first_name', 'last_name'] as const).filter((field) => !value(field).trim() && (!contact || was[field])).map((field) => [field, t('form.required')]));
		for (const one of own())
			if ('fault' in one)
				found[`custom.${one.key}`] = one.fault;
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			const change = body();
			if (!contact || Object.keys(change).length) {
				const { id } = await saveContact(contact, slug, change, seen);
				toast.ok(t(contact ? 'contact.saved' : 'contact.made'), contact ? undefined : { label: t('steps.open'), run: () => go.anywhere(`/contacts/${id}`) });
			}
			close();
		} catch (fault) {
			setFaults(fault instanceof Problem && fault.code === 'contact_exists' ? { email: problemText(fault) } : formFaults(fault));
			toast.error(t('deal.not_saved'), problemText(fault));
			if (contact && fault instanceof Problem && fault.code === 'contact_changed') {
				await contactsChanged(contact.id);
				setSeen(null);
			}
			setBusy(false);
		}
	};
	const word = (field: (typeof WORDS)[number]) => (
		<TextField key={field} label={t(LABELS[field])} name={field} type={field === 'email' ? 'email' : field === 'phone' ? 'tel' : 'text'} value={value(field)} onChange={set(field)} error={faults[field]}
			required={field === 'last_name' || field === 'first_name'} autoFocus={field === 'first_name'} autoComplete="off" maxLength={MOST[field]} />
	);
	const more = (name: More, label: Key) => (
		<div role="group" aria-label={t(label)} className="stack-form">
			{reach[name].map((one, at) => (
				<div key={at} style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr) auto', gap: 6, alignItems: 'end' }}>
					<TextField label={t(label)} name={`${name}_${at}`} type={name === 'emails' ? 'email' : 'tel'} value={one.value} error={at === 0 ? faults[name] : undefined} autoComplete="off" maxLength={320}
						onChange={(to) => setReach(name, (old) => old.map((each, i) => (i === at ? { ...each, value: to } : each)))} />
					<TextField label={t('contact.reach_label')} name={`${name}_label_${at}`} value={one.label ?? ''} autoComplete="off" maxLength={60}
						onChange={(to) => setReach(name, (old) => old.map((each, i) => (i === at ? { ...each, label: to } : each)))} />
					<IconButton icon="x" label={t('contact.reach_drop', { number: at + 1 })} onClick={() => setReach(name, (old) => old.filter((_, i) => i !== at))} />
				</div>
			))}
			{reach[name].length < 10 && <div><Button kind="quiet" icon="plus" onClick={() => setReach(name, (old) => [...old, { value: '', label: null }])}>{t(name === 'emails' ? 'contact.email_add' : 'contact.phone_add')}</Button></div>}
		</div>
	);
	return (
		<Dialog opened={opened} onClose={close} title={contact ? contact.name : t('contact.new')} closeLabel={t('common.close')} size={660}>
			<form ref={form} className="stack-form" onSubmit={(event) => void submit(event)} noValidate>
				<div className="two">{word('first_name')}{word('last_name')}</div>
				<div className="two">
				<SelectField label={t('field.type')} name="type" value={value('type')} onChange={set('type')} error={faults['type']} choices={TYPES.map((type) => ({ value: type, label: t(`contact_type.${type}`) }))} />
				{statuses.length > 0 && <SelectField label={t('field.status')} name="status" value={value('status') || null} onChange={set('status')} error={faults['status']} clearable choices={statuses.map((item) => ({ value: item.key, label: labelOf(item.label, language, item.key) }))} />}
				</div>
				<div className="two">
					<div className="stack-form">{word('email')}{more('emails', 'contact.emails')}</div>
					<div className="stack-form">{word('phone')}{more('phones', 'contact.phones')}</div>
				</div>
				<div className="two">{word('job_title')}{word('company')}</div>
				{!of && <p className="muted small">{t('contact.company_text')}</p>}
				<div role="group" aria-label={t('field.account')}>
					<span className="lw-label">{t('field.account')}</span>
					<Button wide icon="building" onClick={() => setPicking(true)}>{value('account_id') ? account || t('contact.account_hidden') : t('deal.account_choose')}</Button>
					{faults['account_id'] && <p className="lw-error" role="alert">{faults['account_id']}</p>}
				</div>
				{!contact && <AlreadyKnown kind="contact" workspace={slug} typed={{ name: [value('first_name'), value('last_name')].filter(Boolean).join(' '), email: value('email'), phone: value('phone'), company: value('company') }} onOpen={close} />}
				<SelectField label={t('field.owner')} value={value('owner_id') || null} onChange={set('owner_id')} error={faults['owner_id']} clearable placeholder={contact ? undefined : t('lead.owner_default')} empty={t('form.nothing_found')}
					choices={executives(members ?? [], contact?.owner_id ?? null).map((one) => ({ value: one.id, label: one.name }))} />
				{(value('type') === 'contractor' || value('type') === 'vendor' || contact?.user_id) && (
					<SelectField label={t('field.user_id')} name="user_id" value={value('user_id') || null} onChange={set('user_id')} error={faults['user_id']} clearable placeholder="—" empty={t('form.nothing_found')}
						hint={contact?.user_suggested && !value('user_id') ? t('contact.login_suggested', { name: contact.user_suggested.name }) : t('contact.login_text')}
						choices={(members ?? []).filter((one) => one.active || one.id === contact?.user_id).map((one) => ({ value: one.id, label: one.name }))} />
				)}
				{fields.map((one) => <OwnInput key={one.key} field={one} value={value(`custom.${one.key}`)} onChange={set(`custom.${one.key}`)} fault={faults[`custom.${one.key}`]} currency={currencyOf(one.key)} />)}
				<TextArea label={t('field.notes')} name="notes" value={value('notes')} onChange={set('notes')} error={faults['notes']} rows={3} maxLength={5000} />
				<div className="dialog-foot">
					<Button kind="quiet" onClick={close}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
				</div>
			</form>
			<Suspense fallback={null}>{picking && <AccountPick title={t('deal.account_choose')} workspace={slug} chosen={value('account_id') || null} onClose={() => setPicking(false)}
				onChoose={(one) => { set('account_id')(one?.id ?? null); setAccount(one?.name ?? ''); }} />}</Suspense>
		</Dialog>
	);
}
