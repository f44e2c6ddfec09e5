/* A linked record by hand, or the words of one that its system said: what, how it stands, what it is worth, where it is kept. */
import { useState } from 'react';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { readAmount } from '../../lib/money';
import { instantOf, wallOf } from '../../lib/zone';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextArea, TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { SetForm } from '../settings/label-fields';
import { KINDS, type Linked, type LinkedDraft, type LinkedKind, saveLinked, type Whose } from './model';

export function LinkedDialog({ opened, one, whose, workspace, kinds, onClose }: { opened: boolean; one: Linked | null; whose: Whose; workspace: string; kinds?: readonly LinkedKind[] | undefined; onClose(): void }) {
	const t = useT();
	return (
		<Dialog opened={opened} onClose={onClose} title={t(one ? 'linked.edit' : 'linked.add')} closeLabel={t('common.close')} size={520}>
			{opened && <Form one={one} whose={whose} workspace={workspace} kinds={kinds} onDone={onClose} />}
		</Dialog>
	);
}

function Form({ one, whose, workspace, kinds, onDone }: { one: Linked | null; whose: Whose; workspace: string; kinds: readonly LinkedKind[] | undefined; onDone(): void }) {
	const t = useT();
	const { zone, currency } = useScope();
	const byHand = !one || one.system === 'manual';
	const [kind, setKind] = useState<LinkedKind>(one?.kind ?? kinds?.[0] ?? 'ticket');
	const [title, setTitle] = useState(one?.title ?? '');
	const [status, setStatus] = useState(one?.status ?? '');
	const [amount, setAmount] = useState(one?.amount?.amount ?? '');
	const [url, setUrl] = useState(one?.url ?? '');
	const [assignee, setAssignee] = useState(one?.assignee ?? '');
	const was = one?.occurred_at ? wallOf(one.occurred_at, zone).day : '';
	const [day, setDay] = useState(was);
	const [excerpt, setExcerpt] = useState(one?.excerpt ?? '');
	const money = one?.amount?.currency ?? currency;
	const check = () => ({
		...(title.trim() ? {} : { title: t('form.required') }),
		...(amount.trim() && readAmount(amount) === null ? { amount: t('form.amount') } : {}),
		...(url.trim() && !/^https?:\/\/[^/\s]/i.test(url.trim()) ? { url: t('linked.url_wrong') } : {}),
	});
	const send = async () => {
		const draft: LinkedDraft = {
			...(byHand ? { kind } : {}), title: title.trim(), status: status.trim() || null, url: url.trim() || null, assignee: assignee.trim() || null, excerpt: excerpt.trim() || null,
			amount: amount.trim() ? { amount: readAmount(amount) ?? '', currency: money } : null,
			...(day === was ? {} : { occurred_at: day ? instantOf(day, '12:00', zone) ?? null : null }),
		};
		await saveLinked(one, whose, workspace, draft);
		toast.ok(t('linked.saved', { name: title.trim() }));
	};
	return (
		<SetForm yes={t('common.save')} check={check} send={send} onDone={onDone}>
			{(faults) => <>
				{!byHand && <p className="muted">{t('linked.of_system', { system: one.system })}</p>}
				{byHand && <SelectField label={t('linked.kind')} name="kind" value={kind} onChange={(next) => setKind((next ?? 'other') as LinkedKind)} choices={(kinds ?? KINDS).map((value) => ({ value, label: sayValue('linked_kind', value) }))} empty={t('form.nothing_found')} required />}
				<TextField label={t('linked.name')} name="title" value={title} onChange={setTitle} error={faults['title']} maxLength={300} required autoFocus />
				<div className="two">
					<TextField label={t('field.status')} name="status" value={status} onChange={setStatus} error={faults['status']} maxLength={120} />
					<TextField label={`${t('linked.amount')} (${money})`} name="amount" value={amount} onChange={setAmount} error={faults['amount']} inputMode="decimal" maxLength={20} />
				</div>
				<div className="two">
					<TextField label={t('linked.day')} name="occurred_at" type="date" value={day} onChange={setDay} error={faults['occurred_at']} />
					<TextField label={t('linked.assignee')} name="assignee" value={assignee} onChange={setAssignee} error={faults['assignee']} maxLength={200} />
				</div>
				<TextField label={t('linked.url')} name="url" type="url" value={url} onChange={setUrl} error={faults['url']} maxLength={2000} />
				<TextArea label={t('linked.excerpt')} name="excerpt" value={excerpt} onChange={setExcerpt} error={faults['excerpt']} maxLength={600} />
			</>}
		</SetForm>
	);
}
