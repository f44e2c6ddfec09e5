/* What DNS says of an account's domains, as the API tells it; and how far setting an account up has come. Knows no page. */
import type { Id } from '../../api/types';
import type { MailAccount } from './mail-model';

export type DnsState = 'ok' | 'missing' | 'wrong' | 'unknown';
export interface DnsRecord { role: 'server' | 'spf' | 'dkim' | 'path' | 'dmarc' | 'mx'; name: string; type: string; wanted: string | null; found: string | null; state: DnsState; why: string | null }
export interface DnsLook { id: Id; state: DnsState | 'unchecked'; looking: boolean; selector: string | null; include: string | null; asked_at: string | null; looked_at: string | null; records: DnsRecord[] }

export const STEPS = ['server', 'records', 'send', 'receive', 'done'] as const;
export type SetupStep = (typeof STEPS)[number];
export const stepOf = (named: string | undefined): SetupStep => STEPS.find((one) => one === named) ?? 'server';

export const TONE_OF: Record<DnsState | 'unchecked', string> = { ok: 'tag-ok', missing: 'tag-warn', wrong: 'tag-danger', unknown: 'tag-warn', unchecked: 'tag-warn' };

/* what is pasted at the domain; the server is its provider's */
export const pasted = (look: DnsLook): DnsRecord[] => look.records.filter((one) => one.role !== 'server');

/* without that nothing else is worth saying */
export const loggedIn = (one: MailAccount): boolean => one.auth === 'password' || one.oauth_state === 'works';

/* Whether there is anything to be waited for: something hands what comes in over, or it is fetched. */
export const receives = (one: MailAccount): boolean => Boolean(one.reply_domain || one.imap_host);
/* where a mail is written to that should come in here */
export const receivedAt = (one: MailAccount): string => one.reply_domain ? `test@${one.reply_domain}` : one.imap_login?.includes('@') ? one.imap_login : one.from_email;
export const lastIn = (one: MailAccount): string | null => [one.last_received_at, one.imap_received_at].filter((at): at is string => Boolean(at)).sort().pop() ?? null;

/* Each step: done, wrong, or still to be done. What nobody tried is never done. */
export function progressOf(one: MailAccount, look: DnsLook | undefined): Record<Exclude<SetupStep, 'done'>, 'done' | 'wrong' | 'open'> {
	const server = look?.records.find((record) => record.role === 'server');
	const records = look ? pasted(look) : [];
	return {
		server: one.oauth_state === 'expired' || one.oauth_state === 'refused' || one.state === 'fails' || one.imap_state === 'fails' || server?.state === 'wrong' || server?.state === 'missing' ? 'wrong' : loggedIn(one) && one.state === 'works' && (!one.imap_host || one.imap_state === 'works') ? 'done' : 'open',
		records: records.some((record) => record.state === 'wrong' || record.state === 'missing') ? 'wrong' : records.length && records.every((record) => record.state === 'ok') ? 'done' : 'open',
		send: one.state === 'fails' ? 'wrong' : one.state === 'works' && one.last_sent_at ? 'done' : 'open',
		receive: !receives(one) ? 'open' : one.imap_state === 'fails' ? 'wrong' : lastIn(one) ? 'done' : 'open',
	};
}
