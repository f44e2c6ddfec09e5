/* A contact made by hand or changed. An address that somebody else has is said at its field; what a colleague changed meanwhile is read
   again before the next save. */
import { type FormEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Problem } from '../../api/client';
import { useMembers } from '../../api/queries';
import type { Id } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { type Key, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { executives } from '../deals/executives';
import { AlreadyKnown } from '../duplicates/known';
import { type Contact, contactsChanged, saveContact } from './model';

const AccountPick = lazy(() => import('../accounts/pick').then((module) => ({ default: module.AccountPick })));

const WORDS = ['name', 'email', 'phone', 'company'] as const;
const LABELS: Record<(typeof WORDS)[number], Key> = { name: 'field.name', email: 'field.email', phone: 'field.phone', company: 'field.company' };
const MOST = { name: 300, email: 320, phone: 60, company: 300 };

/* `of`: a new one is of this company */
export function ContactForm({ contact, of, onClose }: { contact: Contact | null; of?: { id: Id; name: string; workspace_id: Id }; onClose(): void }) {
	const t = useT();
	const go = useGo();
	const { workspaces, me } = useScope();
	const workspace = contact || of ? me.workspaces.find((one) => one.id === (contact ?? of)?.workspace_id) : workspaces[0];
	const { data: members } = useMembers(workspace?.slug ?? null);
	const [opened, setOpened] = useState(true);
	const [typed, setTyped] = useState<Record<string, string | null>>(of ? { account_id: of.id, company: of.name } : {});
	const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
	const [busy, setBusy] = useState(false);
	const [seen, setSeen] = useState<number | null>(contact?.version ?? null);
	const form = useRef<HTMLFormElement>(null);
	const was: Record<string, string> = { name: contact?.name ?? '', email: contact?.email ?? '', phone: contact?.phone ?? '', company: contact?.company ?? '', owner_id: contact?.owner_id ?? '', account_id: contact?.account_id ?? '' };
	/* what the one that is chosen is called; one that this person may not see has no name here */
	const [account, setAccount] = useState(contact?.account_name ?? of?.name ?? '');
	const [picking, setPicking] = useState(false);
	const value = (field: string) => (field in typed ? typed[field] ?? '' : was[field] ?? '');
	const set = (field: string) => (to: string | null) => setTyped((old) => ({ ...old, [field]: to }));
	useEffect(() => {
		if (Object.keys(faults).length)
			form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
	}, [faults]);
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found = value('name').trim() ? {} : { name: t('form.required') };
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			const change = Object.fromEntries([...WORDS, 'owner_id', 'account_id'].filter((field) => value(field).trim() !== was[field]).map((field) => [field, value(field).trim() || null]));
			if (!contact || Object.keys(change).length) {
				const { id } = await saveContact(contact, workspace?.slug ?? null, change, seen);
				toast.ok(t(contact ? 'contact.saved' : 'contact.made'), contact ? undefined : { label: t('steps.open'), run: () => go.anywhere(`/contacts/${id}`) });
			}
			close();
		} catch (fault) {
			setFaults(fault instanceof Problem && fault.code === 'contact_exists' ? { email: problemText(fault) } : fieldFaults(fault));
			toast.error(t('deal.not_saved'), problemText(fault));
			if (contact && fault instanceof Problem && fault.code === 'contact_changed') {
				await contactsChanged(contact.id);
				setSeen(null);
			}
			setBusy(false);
		}
	};
	return (
		<Dialog opened={opened} onClose={close} title={contact ? contact.name : t('contact.new')} closeLabel={t('common.close')}>
			<form ref={form} className="stack-form" onSubmit={(event) => void submit(event)} noValidate>
				{WORDS.map((field) => (
					<TextField key={field} label={t(LABELS[field])} name={field} type={field === 'email' ? 'email' : field === 'phone' ? 'tel' : 'text'} value={value(field)} onChange={set(field)} error={faults[field]}
						required={field === 'name'} autoFocus={field === 'name'} autoComplete="off" maxLength={MOST[field]} />
				))}
				<SelectField label={t('field.owner')} value={value('owner_id') || null} onChange={set('owner_id')} error={faults['owner_id']} clearable placeholder={contact ? undefined : t('lead.owner_default')} empty={t('form.nothing_found')}
					choices={executives(members ?? [], contact?.owner_id ?? null).map((one) => ({ value: one.id, label: one.name }))} />
				<div role="group" aria-label={t('field.account')}>
					<span className="lw-label">{t('field.account')}</span>
					<Button wide icon="building" onClick={() => setPicking(true)}>{value('account_id') ? account || t('contact.account_hidden') : t('deal.account_choose')}</Button>
					{faults['account_id'] && <p className="lw-error" role="alert">{faults['account_id']}</p>}
				</div>
				{!contact && <AlreadyKnown kind="contact" workspace={workspace?.slug ?? null} typed={{ name: value('name'), email: value('email'), phone: value('phone'), company: value('company') }} onOpen={close} />}
				<div className="dialog-foot">
					<Button kind="quiet" onClick={close}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
				</div>
			</form>
			<Suspense fallback={null}>{picking && <AccountPick title={t('deal.account_choose')} workspace={workspace?.slug ?? null} chosen={value('account_id') || null} onClose={() => setPicking(false)}
				onChoose={(one) => { set('account_id')(one?.id ?? null); setAccount(one?.name ?? ''); }} />}</Suspense>
		</Dialog>
	);
}
