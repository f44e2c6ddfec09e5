/* Accounts that mail is sent by, as the API tells them, and what a change of one says. Knows no page. */
import type { Id } from '../../api/types';

export interface MailAccount {
	id: Id; workspace_id: Id; version: number; kind: 'smtp' | 'sendgrid'; name: string; from_name: string | null; from_email: string; reply_domain: string | null; host: string | null; port: number | null; tls: 'starttls' | 'tls' | 'none'; login: string | null;
	per_minute: number | null; is_default: boolean; tracking: boolean; canary: boolean; event_key: string | null; state: 'unchecked' | 'works' | 'fails'; last_error: string | null; last_sent_at: string | null; last_delivered_at: string | null; last_received_at: string | null; held_until: string | null;
	imap_host: string | null; imap_port: number | null; imap_tls: MailAccount['tls'] | null; imap_login: string | null; imap_folder: string | null; imap_state: MailAccount['state'] | null; imap_fault: MailboxFault | null; imap_error: string | null; imap_polled_at: string | null; imap_received_at: string | null;
	auth: 'password' | 'oauth'; oauth_provider: OauthProvider | null; oauth_tenant: string | null; oauth_authorize_url: string | null; oauth_token_url: string | null; oauth_scope: string | null; oauth_client: string | null;
	oauth_state: 'none' | 'asked' | 'works' | 'expired' | 'refused' | null; oauth_error: string | null; oauth_expires_at: string | null; oauth_granted_at: string | null;
}
export type OauthProvider = 'google' | 'microsoft' | 'other';
/* how an account logs in, as the form asks it */
export type LoginBy = 'password' | OauthProvider;
export type MailboxFault = 'dns' | 'connect' | 'private' | 'tls' | 'login' | 'oauth' | 'secret' | 'folder' | 'server' | 'timeout' | 'disk';
export interface MailHealth { mail_account_id: Id; name: string; state: MailAccount['state']; last_sent_at: string | null; last_delivered_at: string | null; last_received_at: string | null; waiting: number; oldest_seconds: number; unknown: number; failures: Array<{ state: string; reason: string | null; count: number }>; receives: boolean; canary: Canary | null; canary_going: Canary | null; canary_back_at: string | null }
/* a mail to oneself, the whole way there and back */
export interface Canary { state: 'queued' | 'sending' | 'sent' | 'back' | 'missing' | 'failed'; began_at: string; sent_at: string | null; back_at: string | null; ms: number | null; code: number | null; reason: string | null }
export interface Suppression { email: string; reason: 'bounced' | 'complained' | 'unsubscribed'; detail: string | null; at: string }

/* what the form holds, all of it text */
export interface AccountDraft { kind: 'smtp' | 'sendgrid'; name: string; from_name: string; from_email: string; reply_domain: string; host: string; port: string; tls: MailAccount['tls']; login: string; secret: string; per_minute: string; event_key: string; is_default: boolean; tracking: boolean; canary: boolean; imap: boolean; imap_host: string; imap_port: string; imap_tls: MailAccount['tls']; imap_login: string; imap_secret: string; imap_folder: string; login_by: LoginBy; oauth_tenant: string; oauth_authorize_url: string; oauth_token_url: string; oauth_scope: string; oauth_client: string; oauth_secret: string }

export const draftOf = (one: MailAccount | null): AccountDraft => ({
	kind: one?.kind ?? 'smtp', name: one?.name ?? '', from_name: one?.from_name ?? '', from_email: one?.from_email ?? '', reply_domain: one?.reply_domain ?? '', host: one?.host ?? '', port: one?.port ? String(one.port) : '',
	tls: one?.tls ?? 'starttls', login: one?.login ?? '', secret: '', per_minute: typeof one?.per_minute === 'number' ? String(one.per_minute) : '', event_key: one?.event_key ?? '', is_default: one?.is_default ?? false, tracking: one?.tracking ?? false, canary: one?.canary ?? true,
	imap: Boolean(one?.imap_host), imap_host: one?.imap_host ?? '', imap_port: one?.imap_port ? String(one.imap_port) : '', imap_tls: one?.imap_tls ?? 'tls', imap_login: one?.imap_login ?? '', imap_secret: '', imap_folder: one?.imap_folder ?? '',
	login_by: one?.oauth_provider ?? 'password', oauth_tenant: one?.oauth_tenant ?? '', oauth_authorize_url: one?.oauth_authorize_url ?? '', oauth_token_url: one?.oauth_token_url ?? '', oauth_scope: one?.oauth_scope ?? '', oauth_client: one?.oauth_client ?? '', oauth_secret: '',
});

const TEXTS = ['from_name', 'reply_domain', 'host', 'login', 'event_key'] as const;
const NUMBERS = ['port', 'per_minute'] as const;

/* Of a new one what was filled in; of one that is there what is another. Naming a server again would ask for its secret again, so what stays is not said. */
export function bodyOf(draft: AccountDraft, old: MailAccount | null): Record<string, unknown> {
	const was = draftOf(old);
	const body: Record<string, unknown> = old ? {} : { kind: draft.kind };
	const differs = (name: keyof AccountDraft) => String(draft[name]).trim() !== String(was[name]);
	for (const name of ['name', 'from_email'] as const)
		if (!old || differs(name))
			body[name] = draft[name].trim();
	for (const name of TEXTS)
		if (differs(name))
			body[name] = draft[name].trim() || null;
	for (const name of NUMBERS)
		if (differs(name))
			body[name] = draft[name].trim() ? Number(draft[name]) : null;
	if (draft.kind === 'smtp' && (!old || draft.tls !== was.tls))
		body['tls'] = draft.tls;
	if (draft.secret)
		body['secret'] = draft.secret;
	if (draft.is_default !== was.is_default)
		body['is_default'] = draft.is_default;
	if (draft.kind === 'smtp' && draft.tracking !== was.tracking)
		body['tracking'] = draft.tracking;
	if (draft.canary !== was.canary)
		body['canary'] = draft.canary;
	return { ...body, ...(draft.kind === 'smtp' ? loginOf(draft, was) : {}), ...mailboxOf(draft, was) };
}

const OAUTH = ['oauth_tenant', 'oauth_authorize_url', 'oauth_token_url', 'oauth_scope', 'oauth_client'] as const;

/* How it logs in: of a password it is enough to say so. Where somebody says yes is of another provider alone. */
function loginOf(draft: AccountDraft, was: AccountDraft): Record<string, unknown> {
	const by = draft.login_by;
	if (by === 'password')
		return was.login_by === 'password' ? {} : { auth: 'password' };
	const body: Record<string, unknown> = by === was.login_by ? {} : { auth: 'oauth', oauth_provider: by };
	for (const name of OAUTH) {
		const own = (name === 'oauth_tenant' ? by === 'microsoft' : name === 'oauth_authorize_url' || name === 'oauth_token_url' ? by === 'other' : true) ? draft[name].trim() : '';
		if (own !== was[name])
			body[name] = own || null;
	}
	if (draft.oauth_secret)
		body['oauth_secret'] = draft.oauth_secret;
	return body;
}

/* what those two providers' servers are called, so that nobody has to look it up */
const SERVERS: Record<Exclude<LoginBy, 'password' | 'other'>, { host: string; imap_host: string }> = {
	google: { host: 'smtp.gmail.com', imap_host: 'imap.gmail.com' },
	microsoft: { host: 'smtp.office365.com', imap_host: 'outlook.office365.com' },
};
const KNOWN = new Set(Object.values(SERVERS).flatMap((one) => [one.host, one.imap_host]));

/* another way to log in: what a person wrote stays, what was filled in for the other provider goes */
export function loggedInBy(draft: AccountDraft, login_by: LoginBy): Partial<AccountDraft> {
	const servers = login_by === 'google' || login_by === 'microsoft' ? SERVERS[login_by] : { host: '', imap_host: '' };
	const free = (host: string) => host.trim() === '' || KNOWN.has(host.trim());
	return {
		login_by,
		...(free(draft.host) ? { host: servers.host, ...(servers.host ? { port: '', tls: 'starttls' } : {}) } : {}),
		...(free(draft.imap_host) ? { imap_host: servers.imap_host, ...(servers.imap_host ? { imap_port: '', imap_tls: 'tls' } : {}) } : {}),
	};
}

/* what a log-in by OAuth lacks: the two known providers give nothing to an app without a secret */
export function loginLacks(draft: AccountDraft, old: MailAccount | null): ReadonlyArray<'oauth_client' | 'oauth_secret' | 'oauth_authorize_url' | 'oauth_token_url'> {
	const was = draftOf(old);
	if (draft.kind !== 'smtp' || draft.login_by === 'password')
		return [];
	const other = draft.login_by === 'other';
	const moved = draft.login_by !== was.login_by || draft.oauth_client.trim() !== was.oauth_client || draft.oauth_tenant.trim() !== was.oauth_tenant;
	return [
		...(draft.oauth_client.trim() ? [] : ['oauth_client'] as const),
		...(!other && moved && !draft.oauth_secret ? ['oauth_secret'] as const : []),
		...(other && !/^https?:\/\/./.test(draft.oauth_authorize_url.trim()) ? ['oauth_authorize_url'] as const : []),
		...(other && !/^https?:\/\/./.test(draft.oauth_token_url.trim()) ? ['oauth_token_url'] as const : []),
	];
}

/* The mailbox that is looked into: one that is wanted no more has no server. */
function mailboxOf(draft: AccountDraft, was: AccountDraft): Record<string, unknown> {
	if (!draft.imap)
		return was.imap ? { imap_host: null } : {};
	const body: Record<string, unknown> = {};
	for (const name of ['imap_host', 'imap_login', 'imap_folder'] as const)
		if (draft[name].trim() !== was[name] && (draft[name].trim() || was[name]))
			body[name] = draft[name].trim() || (name === 'imap_folder' ? 'INBOX' : null);
	if (draft.imap_port.trim() !== was.imap_port && draft.imap_port.trim())
		body['imap_port'] = Number(draft.imap_port);
	if (!was.imap || draft.imap_tls !== was.imap_tls)
		body['imap_tls'] = draft.imap_tls;
	if (draft.imap_secret)
		body['imap_secret'] = draft.imap_secret;
	return body;
}

/* of a new one, or another server: its password, unless the account's own is said and will do */
export const asksMailboxSecret = (draft: AccountDraft, old: MailAccount | null): boolean => {
	const was = draftOf(old);
	const elsewhere = !was.imap || draft.imap_host.trim() !== was.imap_host || draft.imap_port.trim() !== was.imap_port || draft.imap_tls !== was.imap_tls;
	if (draft.kind === 'smtp' && draft.login_by !== 'password')
		return false;
	const was_oauth = was.imap && was.login_by !== 'password';
	return draft.imap && (was_oauth || (elsewhere && !(draft.kind === 'smtp' && draft.secret)));
};

/* another server gets no password that was given for this one */
export const asksSecret = (draft: AccountDraft, old: MailAccount | null): boolean => {
	const was = draftOf(old);
	if (draft.kind === 'smtp' && (draft.login_by !== 'password' || was.login_by !== 'password'))
		return draft.login_by === 'password';
	return old !== null && (draft.host.trim() !== was.host || draft.port.trim() !== was.port || draft.tls !== was.tls);
};
