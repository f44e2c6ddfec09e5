/* An invoice begins to be made again and again: how often, from when on, until when, and whether each goes by itself. */
import { useState } from 'react';
import { api, query } from '../../api/client';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Dialog } from '../../ui/dialog';
import { Check, SelectField, TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { SetForm } from '../settings/label-fields';
import { type Recurrence, recurrencesChanged } from './model';
import { nextMonth } from './periods';

const EVERY = ['week', 'month', 'quarter', 'year'] as const;

export function Repeat({ document, workspace, onClose }: { document: { id: string; title: string | null; issued: string | null }; workspace: string; onClose(): void }) {
	const t = useT();
	const { formats } = useScope();
	const [every, setEvery] = useState<Recurrence['every']>('month');
	const [next, setNext] = useState(() => nextMonth(document.issued ?? formats.dayKey(new Date().toISOString())));
	const [until, setUntil] = useState('');
	const [send, setSend] = useState(false);
	const [name, setName] = useState(document.title ?? '');
	const keep = async () => {
		await api('POST', `/api/crm/recurrences${query({ workspace })}`, { body: { document_id: document.id, every, next_on: next, ...(until ? { until } : {}), send, ...(name.trim() ? { name: name.trim() } : {}) } });
		await recurrencesChanged();
		toast.ok(t('recur.begun', { day: formats.date(next) }));
	};
	return (
		<Dialog opened onClose={onClose} title={t('recur.begin')} closeLabel={t('common.close')} size={520}>
			<SetForm yes={t('recur.begin')} check={() => ({ ...(next ? {} : { next_on: t('form.required') }), ...(until && next && until < next ? { until: t('recur.until_wrong') } : {}) })} send={keep} onDone={onClose}>
				{(faults) => <>
					<TextField label={t('recur.name')} name="name" value={name} onChange={setName} error={faults['name']} maxLength={200} autoComplete="off" autoFocus />
					<SelectField label={t('recur.every')} name="every" value={every} choices={EVERY.map((value) => ({ value, label: sayValue('doc_every', value) }))} onChange={(value) => { if (value) setEvery(value as Recurrence['every']); }} />
					<div className="two">
						<TextField label={t('recur.next')} name="next_on" type="date" value={next} onChange={setNext} error={faults['next_on']} required />
						<TextField label={t('recur.until')} hint={t('recur.until_hint')} name="until" type="date" value={until} onChange={setUntil} error={faults['until']} />
					</div>
					<Check label={t('recur.send')} hint={t('recur.send_hint')} name="send" checked={send} onChange={setSend} />
				</>}
			</SetForm>
		</Dialog>
	);
}
