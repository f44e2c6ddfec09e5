/* How far an account's set-up has come: what nobody saw is never done. */
import { describe, expect, test } from 'vitest';
import { type DnsLook, type DnsRecord, lastIn, pasted, progressOf, receivedAt, receives, stepOf } from '../../src/features/settings/dns-model';
import type { MailAccount } from '../../src/features/settings/mail-model';

const account = (more: Partial<MailAccount> = {}) => ({ auth: 'password', oauth_state: null, from_email: 'a@b.example', reply_domain: null, imap_host: null, imap_login: null, imap_state: null, state: 'unchecked', last_sent_at: null, last_received_at: null, imap_received_at: null, ...more }) as MailAccount;
const record = (role: DnsRecord['role'], state: DnsRecord['state']): DnsRecord => ({ role, state, name: 'b.example', type: 'TXT', wanted: null, found: null, why: null });
const look = (...records: DnsRecord[]): DnsLook => ({ id: '1', state: 'ok', looking: false, selector: null, include: null, asked_at: null, looked_at: null, records });
const at = '2026-01-05T08:00:00Z';

describe('the set-up of an account', () => {
	test('begins with nothing done', () => expect(progressOf(account(), undefined)).toEqual({ server: 'open', records: 'open', send: 'open', receive: 'open' }));
	test('calls done what was seen', () => {
		const all = account({ state: 'works', last_sent_at: at, reply_domain: 'in.b.example', last_received_at: at });
		expect(progressOf(all, look(record('server', 'ok'), record('spf', 'ok'), record('mx', 'ok')))).toEqual({ server: 'done', records: 'done', send: 'done', receive: 'done' });
		expect(progressOf(all, look(record('spf', 'ok'), record('dkim', 'unknown'))).records).toBe('open');
		expect(progressOf(all, look(record('spf', 'ok'), record('dkim', 'missing'))).records).toBe('wrong');
	});
	test('names what is wrong', () => {
		expect(progressOf(account({ state: 'fails', last_sent_at: at }), look()).send).toBe('wrong');
		expect(progressOf(account({ state: 'works' }), look(record('server', 'missing'))).server).toBe('wrong');
		expect(progressOf(account({ state: 'works', imap_host: 'i', imap_state: 'unchecked' }), look()).server).toBe('open');
		expect(['asked', 'refused', 'works'].map((oauth_state) => progressOf(account({ auth: 'oauth', oauth_state: oauth_state as 'asked', state: 'works', last_sent_at: at }), look()).server)).toEqual(['open', 'wrong', 'done']);
		expect(progressOf(account({ imap_host: 'i', imap_state: 'fails', imap_received_at: at }), look())).toMatchObject({ server: 'wrong', receive: 'wrong' });
	});
	test('knows where answers come', () => {
		expect([account(), account({ imap_host: 'i', imap_login: 'wij' }), account({ imap_host: 'i', imap_login: 'post@b.example' }), account({ reply_domain: 'in.b.example' })].map((one) => [receives(one), receivedAt(one)])).toEqual([[false, 'a@b.example'], [true, 'a@b.example'], [true, 'post@b.example'], [true, 'test@in.b.example']]);
		expect([lastIn(account()), lastIn(account({ last_received_at: at, imap_received_at: '2026-01-06T08:00:00Z' }))]).toEqual([null, '2026-01-06T08:00:00Z']);
		expect(pasted(look(record('server', 'ok'), record('mx', 'ok')))).toHaveLength(1);
		expect([stepOf('send'), stepOf('x'), stepOf(undefined)]).toEqual(['send', 'server', 'server']);
	});
});
