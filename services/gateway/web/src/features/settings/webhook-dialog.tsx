/* An address that is told of what happens, added or changed. Its secret is shown here, once, when it is made. */
import { lazy, Suspense, useRef, useState } from 'react';
import { api, Problem, query } from '../../api/client';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { SetForm } from './label-fields';
import { addressOf, type Endpoint } from './webhook-model';
import { hookPath, hooksChanged } from './webhook-reads';

const SecretShown = lazy(() => import('./webhook-secret').then((module) => ({ default: module.SecretShown })));
const EventPick = lazy(() => import('./webhook-events').then((module) => ({ default: module.EventPick })));

export function WebhookDialog({ slug, endpoint, opened, onClose }: { slug: string; endpoint: Endpoint | null; opened: boolean; onClose(): void }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t(endpoint ? 'webhooks.edit' : 'webhooks.add')} closeLabel={t('common.close')} size={640}><Form slug={slug} endpoint={endpoint} onClose={onClose} /></Dialog>;
}

function Form({ slug, endpoint, onClose }: { slug: string; endpoint: Endpoint | null; onClose(): void }) {
	const t = useT();
	const [name, setName] = useState(endpoint?.name ?? '');
	const [url, setUrl] = useState(endpoint?.url ?? '');
	const [events, setEvents] = useState<string[]>(endpoint?.events ?? []);
	const [secret, setSecret] = useState<string | null>(null);
	const stays = useRef(false); /* what was made is shown before the dialog goes */
	const seen = useRef(endpoint?.version); /* somebody else may have changed it meanwhile: saving once more is then meant */
	const send = async () => {
		const body = { name: name.trim(), url: addressOf(url), events };
		if (!endpoint) {
			const made = await api<{ secret: string }>('POST', `/api/crm/webhooks${query({ workspace: slug })}`, { body });
			stays.current = true;
			setSecret(made.secret);
		} else
			await changedBy(body);
		await hooksChanged();
	};
	const changedBy = async (body: object) => {
		if (!endpoint)
			return;
		try {
			await api('PUT', hookPath(endpoint.id, slug), { body: { ...body, version: seen.current } });
			toast.ok(t('webhooks.saved', { name: name.trim() }));
		} catch (reason) {
			if (reason instanceof Problem && reason.code === 'stale')
				seen.current = (await api<Endpoint>('GET', hookPath(endpoint.id, slug))).version;
			throw reason;
		}
	};
	if (secret)
		return <Suspense fallback={<Skeleton h={200} style={{ borderRadius: 8 }} />}><SecretShown secret={secret} text={t('webhooks.once')} onClose={onClose} /></Suspense>;
	return (
		<SetForm yes={t(endpoint ? 'webhooks.save' : 'webhooks.make')} send={send} onDone={() => { if (!stays.current) onClose(); }}
			check={() => ({ ...(name.trim() ? {} : { name: t('form.required') }), ...(!url.trim() ? { url: t('form.required') } : addressOf(url) ? {} : { url: t('webhooks.url_wrong') }) })}>
			{(faults) => <>
				<TextField label={t('webhooks.name')} name="name" value={name} onChange={setName} error={faults['name']} hint={t('webhooks.name_hint')} maxLength={120} required autoFocus autoComplete="off" />
				<TextField label={t('webhooks.url')} name="url" type="url" value={url} onChange={setUrl} error={faults['url']} hint={t('webhooks.url_hint')} placeholder="https://" maxLength={2000} required autoComplete="off" />
				<Suspense fallback={<Skeleton h={220} style={{ borderRadius: 8 }} />}><EventPick slug={slug} chosen={events} onChange={setEvents} /></Suspense>
			</>}
		</SetForm>
	);
}
