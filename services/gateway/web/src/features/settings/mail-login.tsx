/* How an account logs in: with a password, or by OAuth at Google, Microsoft or another provider. Beside the account stands whether somebody is logged in,
   and the button that leads to the provider. Never opens an address that is no web page. */
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { type AccountDraft, type LoginBy, loggedInBy, type MailAccount } from './mail-model';

const WAYS: readonly LoginBy[] = ['password', 'google', 'microsoft', 'other'];

export function LoginBySegments({ draft, set }: { draft: AccountDraft; set(part: Partial<AccountDraft>): void }) {
	const t = useT();
	return (
		<Named label={t('mail_set.login_by')}>
			<Segments<LoginBy> label={t('mail_set.login_by')} value={draft.login_by} onChange={(by) => set(loggedInBy(draft, by))} choices={WAYS.map((one) => ({ value: one, label: sayValue('mail_login', one) }))} />
		</Named>
	);
}

/* what is chosen among segments, for the eye; they say it themselves to who hears them */
export function Named({ label, children }: { label: string; children: ReactNode }) {
	return <div style={{ minWidth: 0 }}><p className="lw-label" aria-hidden="true" style={{ margin: '0 0 6px' }}>{label}</p>{children}</div>;
}

/* leads to the provider's page, which leads back to /settings/mail/oauth */
export function useLogin(): (one: Pick<MailAccount, 'id'>) => Promise<void> {
	return async (one) => {
		try {
			const { url } = await api<{ url?: string }>('POST', `/api/crm/mail/accounts/${one.id}/oauth`, { body: {} });
			if (url && /^https?:\/\//.test(url))
				location.assign(url);
		} catch (reason) {
			toast.error(problemText(reason));
		}
	};
}

export function LoginState({ one }: { one: MailAccount }) {
	const t = useT();
	const { formats } = useScope();
	const login = useLogin();
	const [busy, setBusy] = useState(false);
	const provider = sayValue('mail_login', one.oauth_provider ?? 'other');
	if (one.oauth_state === 'works')
		return <span className="muted num" data-login="works">{t('mail_set.oauth_works', { provider, when: one.oauth_granted_at ? formats.moment(one.oauth_granted_at) : '' })}</span>;
	const go = () => {
		setBusy(true);
		void login(one).finally(() => setBusy(false));
	};
	return (
		<span data-login={one.oauth_state ?? 'none'}>
			<b>{sayValue('mail_login_state', one.oauth_state ?? 'none')}</b>
			{one.oauth_error && <span className="muted">{t('mail_set.provider_said', { words: one.oauth_error })}</span>}
			<span style={{ display: 'block', marginTop: 6 }}><Button icon="key" disabled={busy} onClick={go}>{one.oauth_provider === 'other' ? t('mail_set.oauth_begin') : t('mail_set.oauth_begin_at', { provider })}</Button></span>
		</span>
	);
}
