/* Money that came in is written down: how much, when, and for which invoice if that is known. What went back is written with a minus. */
import { useState } from 'react';
import { api, newKey, query } from '../../api/client';
import type { Id, Workspace } from '../../api/types';
import { useScope } from '../../app/scope';
import { useLanguage, useT } from '../../i18n';
import { readAmount } from '../../lib/money';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { type Faults, SetForm } from '../settings/label-fields';
import { type Choosable, paidChanged } from './model';
import { Picks } from './pick-invoice';

export function PaymentDialog({ workspace, onClose, onMade }: { workspace: Workspace; onClose(): void; onMade(id: Id, number: string | null): void }) {
	const t = useT();
	const nl = useLanguage() === 'nl';
	const { formats } = useScope();
	const [amount, setAmount] = useState('');
	const [day, setDay] = useState(formats.dayKey(new Date().toISOString()));
	const [note, setNote] = useState('');
	const [of, setOf] = useState<Choosable | null>(null);
	const [key] = useState(newKey);
	const back = amount.trim().startsWith('-');
	const read = readAmount(amount.trim().replace(/^-\s*/, ''));
	const good = read !== null && /[1-9]/.test(read);
	const currency = of?.open.currency ?? workspace.currency;
	const check = (): Faults => (good ? {} : { amount: t('doc.amount_wrong') });
	const send = async () => {
		const { id } = await api<{ id: Id }>('POST', `/api/crm/payments${query({ workspace: workspace.slug })}`, { key, body: { amount: { amount: `${back ? '-' : ''}${read ?? ''}`, currency }, ...(day ? { day } : {}), ...(note.trim() ? { note: note.trim() } : {}), ...(of ? { document_id: of.id } : {}) } });
		await paidChanged();
		onMade(id, of?.number ?? null);
	};
	const pick = (one: Choosable) => {
		setOf(of?.id === one.id ? null : one);
		if (!amount.trim() && of?.id !== one.id)
			setAmount(nl ? one.open.amount.replace('.', ',') : one.open.amount);
	};
	return (
		<Dialog opened onClose={onClose} title={t('payments.write')} closeLabel={t('common.close')} size={560}>
			<SetForm yes={t('payments.write')} check={check} send={send} onDone={onClose}>
				{(faults) => <>
					<div className="two">
						<TextField label={t('payments.amount')} name="amount" value={amount} onChange={setAmount} inputMode="decimal" error={faults['amount']} end={<span className="muted small">{currency}</span>} autoComplete="off" required autoFocus />
						<TextField label={t('payments.day')} name="day" type="date" value={day} onChange={setDay} error={faults['day']} />
					</div>
					<TextField label={t('payments.note')} name="note" value={note} onChange={setNote} maxLength={500} autoComplete="off" />
					<div role="group" aria-label={t('payments.new_for')}>
						<p className="lw-label">{t('payments.new_for')}</p>
						<p className="muted small" style={{ marginBottom: 8 }}>{of ? t('payments.new_of', { number: of.number ?? '', name: of.name ?? '' }) : t('payments.new_none')}</p>
						<Picks workspace={workspace} amount={read ? { amount: read, currency } : null} taken={of?.id ?? null} most={5} onPick={pick} />
					</div>
				</>}
			</SetForm>
		</Dialog>
	);
}
