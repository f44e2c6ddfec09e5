/* The checklist of the beginning with a new client: each step is a linked record by hand; what was begun before stays as it is. */
import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import { problemText } from '../../app/problems';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Check } from '../../ui/field';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { accountsChanged } from '../accounts/model';
import { LINKED } from './model';
import { useSteps } from './steps';

export function OnboardDialog({ account, workspace, opened, onClose }: { account: { id: string; name: string }; workspace: string; opened: boolean; onClose(): void }) {
	const t = useT();
	return (
		<Dialog opened={opened} onClose={onClose} title={t('onboard.title', { name: account.name })} closeLabel={t('common.close')}>
			{opened && <Steps account={account} workspace={workspace} onDone={onClose} />}
		</Dialog>
	);
}

function Steps({ account, workspace, onDone }: { account: { id: string; name: string }; workspace: string; onDone(): void }) {
	const t = useT();
	const { steps, error } = useSteps(workspace);
	const [off, setOff] = useState<ReadonlySet<number>>(new Set());
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const begin = async () => {
		setBusy(true);
		try {
			const { made } = await api<{ made: number }>('POST', `/api/crm/accounts/${account.id}/onboard`, { body: { steps: (steps ?? []).filter((_, at) => !off.has(at)) } });
			void queryClient.invalidateQueries({ queryKey: LINKED });
			void queryClient.invalidateQueries({ queryKey: ['overview'] });
			await accountsChanged();
			toast.ok(t(made ? 'onboard.done' : 'onboard.again', { name: account.name, count: made }));
			onDone();
		} catch (reason) {
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	if (!steps)
		return error ? <Fault>{problemText(error)}</Fault> : <Skeleton h={120} />;
	return (
		<div className="stack-form">
			{fault && <Fault>{fault}</Fault>}
			<p className="muted">{t('onboard.text')}</p>
			{steps.map((step, at) => (
				<Check key={at} label={step.title} hint={sayValue('linked_kind', step.kind)} checked={!off.has(at)} onChange={(on) => setOff((old) => { const next = new Set(old); if (on) next.delete(at); else next.add(at); return next; })} />
			))}
			<div className="dialog-foot">
				<Button onClick={onDone}>{t('common.cancel')}</Button>
				<Button kind="primary" disabled={busy || off.size === steps.length} onClick={() => void begin()}>{t('onboard.begin')}</Button>
			</div>
		</div>
	);
}
