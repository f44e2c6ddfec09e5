/* Another secret for an endpoint: both sign for a day, or the new one alone at once. */
import { lazy, Suspense, useRef, useState } from 'react';
import { api } from '../../api/client';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Dialog } from '../../ui/dialog';
import { Check } from '../../ui/field';
import { SetForm } from './label-fields';
import type { Endpoint } from './webhook-model';
import { hookPath, hooksChanged } from './webhook-reads';

const SecretShown = lazy(() => import('./webhook-secret').then((module) => ({ default: module.SecretShown })));

export function Rotate({ slug, endpoint, opened, onClose }: { slug: string; endpoint: Endpoint; opened: boolean; onClose(): void }) {
	const t = useT();
	const [secret, setSecret] = useState<string | null>(null);
	const [now, setNow] = useState(false);
	const made = useRef(false);
	const send = async () => {
		const reply = await api<{ secret: string }>('POST', hookPath(endpoint.id, slug, '/rotate'), { body: now ? { now } : {} });
		made.current = true;
		setSecret(reply.secret);
		await hooksChanged();
	};
	return (
		<Dialog opened={opened} onClose={onClose} title={t('webhooks.rotate_of', { name: endpoint.name })} closeLabel={t('common.close')} size={640}>
			{secret ? <Suspense fallback={<Skeleton h={200} style={{ borderRadius: 8 }} />}><SecretShown secret={secret} text={t(now ? 'webhooks.rotated_now' : 'webhooks.rotated')} onClose={onClose} /></Suspense> : (
				<SetForm yes={t('webhooks.rotate')} check={() => ({})} send={send} onDone={() => { if (!made.current) onClose(); }}>
					{() => <>
						<p>{t('webhooks.rotate_text')}</p>
						<Check name="now" checked={now} onChange={setNow} label={t('webhooks.rotate_now')} hint={t('webhooks.rotate_now_hint')} />
					</>}
				</SetForm>
			)}
		</Dialog>
	);
}
