/* A new quote or invoice: whom it is for and what it is about, then one writes on its own page. A quote takes its number here, so nothing is made before
   somebody says so. */
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { newKey } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { type AppSearch, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Fault } from '../../ui/page';
import { type Customer, CustomerField } from './customer';
import { SelectField, TextField } from './fields';
import { makeDoc } from './make';
import './documents.css';

export function NewDoc({ kind, onClose }: { kind: 'quote' | 'invoice'; onClose(): void }) {
	const t = useT();
	const navigate = useNavigate();
	const { workspaces, workspace, mayEdit } = useScope();
	const mine = workspaces.filter((one) => mayEdit(one.id));
	const [opened, setOpened] = useState(true);
	const [where, setWhere] = useState<Id | null>(workspace?.id ?? mine[0]?.id ?? null);
	const [customer, setCustomer] = useState<Customer | null>(null);
	const [written, setWritten] = useState('');
	const [title, setTitle] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const [key] = useState(newKey);
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const slug = workspaces.find((one) => one.id === where)?.slug;
		if (busy || !slug)
			return;
		setBusy(true);
		setFault(null);
		try {
			const to = await makeDoc(kind, slug, { ...(customer ? { [`${customer.kind}_id`]: customer.id } : written ? { buyer: { name: written } } : {}), ...(title.trim() ? { title: title.trim() } : {}) }, key);
			void navigate({ to, search: (old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {}) } as never);
		} catch (reason) {
			setFault(problemText(reason));
			setBusy(false);
		}
	};
	return (
		<Dialog opened={opened} onClose={close} title={t(kind === 'quote' ? 'quotes.new' : 'invoices.new')} closeLabel={t('common.close')}>
			<form className="form" onSubmit={(event) => void submit(event)} noValidate>
				{fault && <Fault>{fault}</Fault>}
				{mine.length > 1 && <SelectField label={t('field.workspace')} value={where ?? ''} onChange={(next) => { setWhere(next); setCustomer(null); setWritten(''); }} choices={mine.map((one) => ({ value: one.id, label: one.name }))} />}
				<CustomerField label={t('doc.customer')} value={customer?.name ?? written} workspaceId={where} onChoose={setCustomer} onWrite={(name) => { setCustomer(null); setWritten(name); }} onClear={() => { setCustomer(null); setWritten(''); }} autoFocus />
				<TextField label={t('doc.about')} name="title" value={title} onChange={setTitle} maxLength={500} hint={t('doc.about_hint')} />
				<div className="dialog-foot">
					<Button kind="quiet" onClick={close}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit" disabled={busy}>{t('doc.begin')}</Button>
				</div>
			</form>
		</Dialog>
	);
}
