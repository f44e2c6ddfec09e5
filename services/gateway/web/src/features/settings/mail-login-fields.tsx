/* What an account needs whose mailbox is logged in to by OAuth: the app at the provider, and where that leads back to. A secret is written here and never shown. */
import { sayValue, useT } from '../../i18n';
import { Copy } from '../../ui/copy';
import { TextField } from '../../ui/field';
import type { Faults } from './label-fields';
import type { AccountDraft, MailAccount } from './mail-model';

export function LoginFields({ draft, account, faults, set }: { draft: AccountDraft; account: MailAccount | null; faults: Faults; set(part: Partial<AccountDraft>): void }) {
	const t = useT();
	const field = (name: 'oauth_tenant' | 'oauth_authorize_url' | 'oauth_token_url' | 'oauth_scope', label: string, hint: string, required = false) =>
		<TextField label={label} hint={hint} name={name} value={draft[name]} onChange={(value) => set({ [name]: value })} error={faults[name]} maxLength={500} autoComplete="off" required={required} />;
	return (
		<>
			<TextField label={t('mail_set.login')} hint={t('mail_set.oauth_login_hint')} name="login" value={draft.login} onChange={(login) => set({ login })} error={faults['login']} maxLength={320} autoComplete="off" />
			<p className="muted small">{sayValue('mail_login_app', draft.login_by)}</p>
			<Copy label={t('mail_set.oauth_redirect')} text={`${location.origin}/settings/mail/oauth`} />
			<div className="two">
				<TextField label={t('mail_set.oauth_client')} name="oauth_client" value={draft.oauth_client} onChange={(oauth_client) => set({ oauth_client })} error={faults['oauth_client']} maxLength={300} autoComplete="off" required />
				<TextField label={t('mail_set.oauth_secret')} hint={account?.auth === 'oauth' ? t('mail_set.secret_stays') : ''} name="oauth_secret" type="password" value={draft.oauth_secret} onChange={(oauth_secret) => set({ oauth_secret })} error={faults['oauth_secret']} maxLength={1000} autoComplete="new-password" />
			</div>
			{draft.login_by === 'microsoft' && field('oauth_tenant', t('mail_set.oauth_tenant'), t('mail_set.oauth_tenant_hint'))}
			{draft.login_by === 'other' && <>
				{field('oauth_authorize_url', t('mail_set.oauth_authorize'), t('mail_set.oauth_authorize_hint'), true)}
				{field('oauth_token_url', t('mail_set.oauth_token'), t('mail_set.oauth_token_hint'), true)}
				{field('oauth_scope', t('mail_set.oauth_scope'), t('mail_set.oauth_scope_hint'))}
			</>}
		</>
	);
}
