/* The button that begins with a new client. */
import { lazy, Suspense, useState } from 'react';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';

const OnboardDialog = lazy(() => import('./onboard-dialog').then((module) => ({ default: module.OnboardDialog })));

export function Onboard({ account }: { account: { id: string; name: string; workspace_id: string } }) {
	const t = useT();
	const { me, mayEdit } = useScope();
	const [asked, setAsked] = useState(false);
	const [open, setOpen] = useState(false);
	const workspace = me.workspaces.find((one) => one.id === account.workspace_id)?.slug ?? '';
	if (!mayEdit(account.workspace_id))
		return null;
	return (
		<>
			<Button icon="hand" onClick={() => { setAsked(true); setOpen(true); }}>{t('onboard.button')}</Button>
			<Suspense fallback={null}>{asked && <OnboardDialog account={account} workspace={workspace} opened={open} onClose={() => setOpen(false)} />}</Suspense>
		</>
	);
}
