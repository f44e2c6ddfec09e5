/* What was sent in a time, once more: all of it, or what did not arrive. */
import { useState } from 'react';
import { api } from '../../api/client';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Dialog } from '../../ui/dialog';
import { Check, TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { SetForm } from './label-fields';
import { type Endpoint, momentOf } from './webhook-model';
import { hookPath, hooksChanged } from './webhook-reads';

export function Range({ one, slug, opened, onClose }: { one: Endpoint; slug: string; opened: boolean; onClose(): void }) {
	const t = useT();
	const { formats } = useScope();
	const [since, setSince] = useState('');
	const [until, setUntil] = useState('');
	const [failed, setFailed] = useState(true);
	const check = () => {
		const from = momentOf(since);
		const to = momentOf(until);
		return { ...(from ? {} : { since: t('form.required') }), ...(from && to && to <= from ? { until: t('webhooks.until_wrong') } : {}) };
	};
	const send = async () => {
		const to = momentOf(until);
		const { again } = await api<{ again: number }>('POST', hookPath(one.id, slug, '/resend'), { body: { since: momentOf(since), ...(to ? { until: to } : {}), ...(failed ? { failed } : {}) } });
		await hooksChanged();
		toast.ok(t('webhooks.resent', { count: again, number: formats.number(again) }));
	};
	return (
		<Dialog opened={opened} onClose={onClose} title={t('webhooks.resend_range')} closeLabel={t('common.close')} size={520}>
			<SetForm yes={t('webhooks.resend')} check={check} send={send} onDone={onClose}>
				{(faults) => <>
					<p className="muted small">{t('webhooks.resend_text')}</p>
					<TextField label={t('webhooks.since')} name="since" type="datetime-local" value={since} onChange={setSince} error={faults['since']} required autoFocus />
					<TextField label={t('webhooks.until')} name="until" type="datetime-local" value={until} onChange={setUntil} error={faults['until']} hint={t('webhooks.until_hint')} />
					<Check name="failed" checked={failed} onChange={setFailed} label={t('webhooks.resend_failed')} />
				</>}
			</SetForm>
		</Dialog>
	);
}
