/* A way to be paid, added or changed. Its key is asked for once; an empty field leaves the one that is kept. Where the provider wants to be told an address,
   it is shown once it exists, with the place for the secret that the provider gives for it. */
import { useRef, useState } from 'react';
import { api, query } from '../../api/client';
import type { Id, Workspace } from '../../api/types';
import { useT } from '../../i18n';
import { Copy } from '../../ui/copy';
import { Dialog } from '../../ui/dialog';
import { Check, TextField } from '../../ui/field';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { type Faults, SetForm } from '../settings/label-fields';
import { type PayProvider, PROVIDER_NAME, providersChanged } from './providers';

export function ProviderDialog({ workspace, provider, opened, onClose }: { workspace: Workspace; provider: PayProvider | null; opened: boolean; onClose(): void }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t(provider ? 'pay_set.edit' : 'pay_set.add')} closeLabel={t('common.close')} size={600}>{opened && <Form workspace={workspace} provider={provider} onDone={onClose} />}</Dialog>;
}

/* what their keys begin with: a test key takes no money */
const KEYS = { mollie: /^(live|test)_[A-Za-z0-9]{20,}$/, stripe: /^(sk|rk)_(live|test)_[A-Za-z0-9]{10,}$/ } as const;
const SIGNS = /^whsec_[A-Za-z0-9+/=]{10,}$/;

interface Made { id: Id; hook_url?: string | null; hook?: string | null }

function Form({ workspace, provider, onDone }: { workspace: Workspace; provider: PayProvider | null; onDone(): void }) {
	const t = useT();
	const [kind, setKind] = useState<PayProvider['kind']>(provider?.kind ?? 'mollie');
	const [name, setName] = useState(provider?.name ?? '');
	const [secret, setSecret] = useState('');
	const [hookSecret, setHookSecret] = useState('');
	const [active, setActive] = useState(provider?.active ?? true);
	const [url, setUrl] = useState(provider?.url ?? '');
	const [made, setMade] = useState<Made | null>(null);
	const stays = useRef(false); /* what was made is shown before the dialog goes */
	const check = (): Faults => ({
		...(!provider && !secret.trim() ? { secret: t('form.required') } : secret.trim() && !url.trim() && !KEYS[kind].test(secret.trim()) ? { secret: t(kind === 'mollie' ? 'pay_set.key_wrong_mollie' : 'pay_set.key_wrong_stripe') } : {}),
		...(hookSecret.trim() && !SIGNS.test(hookSecret.trim()) ? { hook_secret: t('pay_set.signs_wrong') } : {}),
	});
	const send = async () => {
		const body = { ...(name.trim() ? { name: name.trim() } : {}), active, ...(secret.trim() ? { secret: secret.trim() } : {}), ...(hookSecret.trim() ? { hook_secret: hookSecret.trim() } : {}), ...(url.trim() !== (provider?.url ?? '') ? { url: url.trim() || null } : {}) };
		if (provider)
			await api('PUT', `/api/crm/pay/providers/${provider.id}${query({ workspace: workspace.slug })}`, { body: { ...body, version: provider.version } });
		else {
			const answer = await api<Made>('POST', `/api/crm/pay/providers${query({ workspace: workspace.slug })}`, { body: { kind, ...body } });
			stays.current = kind === 'stripe' && Boolean(answer.hook_url ?? answer.hook);
			if (stays.current)
				setMade(answer);
		}
		await providersChanged();
		toast.ok(t('pay_set.saved', { name: name.trim() || PROVIDER_NAME[kind] }));
	};
	if (made)
		return <Hook made={made} slug={workspace.slug} onDone={onDone} />;
	const test = /^(?:test_|[sr]k_test_)/.test(secret.trim());
	return (
		<SetForm yes={t('common.save')} check={check} send={send} onDone={() => { if (!stays.current) onDone(); }}>
			{(faults) => <>
				{!provider && <Segments<PayProvider['kind']> label={t('pay_set.kind')} value={kind} onChange={(next) => { setKind(next); setSecret(''); }} choices={(['mollie', 'stripe'] as const).map((value) => ({ value, label: PROVIDER_NAME[value] }))} />}
				<p className="muted small">{t(kind === 'mollie' ? 'pay_set.about_mollie' : 'pay_set.about_stripe')}</p>
				<TextField label={t('pay_set.key')} hint={provider ? t('pay_set.key_stays') : test ? t('pay_set.key_test') : t(kind === 'mollie' ? 'pay_set.key_mollie' : 'pay_set.key_stripe')} name="secret" type="password" value={secret} onChange={setSecret} error={faults['secret']} maxLength={300} autoComplete="new-password" required={!provider} autoFocus />
				{kind === 'stripe' && provider && <TextField label={t('pay_set.signs')} hint={t('pay_set.signs_hint')} name="hook_secret" type="password" value={hookSecret} onChange={setHookSecret} error={faults['hook_secret']} maxLength={300} autoComplete="new-password" />}
				<TextField label={t('pay_set.name')} hint={t('pay_set.name_hint')} name="name" value={name} onChange={setName} error={faults['name']} maxLength={200} autoComplete="off" placeholder={PROVIDER_NAME[kind]} />
				<details className="company-more"><summary>{t('pay_set.rarely')}</summary><TextField label={t('pay_set.url')} hint={t('pay_set.url_hint')} name="url" value={url} onChange={setUrl} error={faults['url']} maxLength={300} autoComplete="off" /></details>
				<Check label={t('pay_set.active')} hint={t('pay_set.active_hint')} name="active" checked={active} onChange={setActive} />
			</>}
		</SetForm>
	);
}

/* Stripe is told the address by hand, and gives a secret for it */
function Hook({ made, slug, onDone }: { made: Made; slug: string; onDone(): void }) {
	const t = useT();
	const [signs, setSigns] = useState('');
	const check = (): Faults => (!signs.trim() ? { hook_secret: t('form.required') } : SIGNS.test(signs.trim()) ? {} : { hook_secret: t('pay_set.signs_wrong') });
	const send = async () => {
		await api('PUT', `/api/crm/pay/providers/${made.id}${query({ workspace: slug })}`, { body: { hook_secret: signs.trim() } });
		await providersChanged();
		toast.ok(t('pay_set.signs_saved'));
	};
	return (
		<div className="form form-wide">
			<ol className="pay-steps">
				<li>{t('pay_set.hook_text')}<Copy label={t('pay_set.hook')} text={made.hook_url ?? made.hook ?? ''} autoFocus /></li>
				<li>{t('pay_set.hook_events')}<Copy label={t('pay_set.hook_events_label')} text="checkout.session.completed, checkout.session.async_payment_succeeded, checkout.session.async_payment_failed, checkout.session.expired, charge.refunded, charge.dispute.created" /></li>
				<li>{t('pay_set.hook_signs')}</li>
			</ol>
			<SetForm yes={t('common.save')} check={check} send={send} onDone={onDone}>
				{(faults) => <TextField label={t('pay_set.signs')} name="hook_secret" type="password" value={signs} onChange={setSigns} error={faults['hook_secret']} maxLength={300} autoComplete="new-password" required />}
			</SetForm>
			<p className="muted small">{t('pay_set.hook_later')}</p>
		</div>
	);
}
