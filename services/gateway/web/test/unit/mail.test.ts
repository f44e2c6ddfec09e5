import { describe, expect, test } from 'vitest';
import { aboutOf, addressesOf, addressGood, answeredOf, answerOf, attachable, bareSubject, guessOf, inThread, inTrouble, isFinal, joined, type MailRow, type MailState, mayCancel, mayRetry, partsOf, type Recipient, type Said, signed, sizeOf, troubleOf, wordsOf } from '../../src/features/mail/model';
import { withoutPicture } from '../../src/features/mail/pictures';
import { plainLine, withPictures } from '../../src/features/mail/shown';
import { agoOf, canaryOf, silenceOf, tookOf } from '../../src/features/settings/mail-health';
import { asksMailboxSecret, asksSecret, bodyOf, type Canary, draftOf, type MailAccount, loggedInBy, loginLacks } from '../../src/features/settings/mail-model';
import { Problem } from '../../src/api/client';

const to = (email: string, state: MailState = 'queued', more: Partial<Recipient> = {}): Recipient => ({ n: 1, kind: 'to', email, name: null, contact_id: null, state, state_at: '', reason: null, attempts: 0, repeated: false, next_at: null, ...more });
const mail = (recipients: Recipient[], more: Partial<MailRow> = {}): MailRow => ({
	id: 'm', workspace_id: 'w', direction: 'out', created_at: '', send_at: '', thread_id: 't', deal_id: null, contact_id: null, account_id: null, sent_by: null, subject: 'Offerte', from_name: null, from_email: 'wij@zaak.nl', auto: false, state: 'queued', recipients, files: [], ...more,
});

describe('addresses', () => {
	test('as they are typed or pasted', () => {
		expect(addressesOf('anna@bos.nl')).toEqual([{ email: 'anna@bos.nl' }]);
		expect(addressesOf(' Anna Bos <anna@bos.nl>, b@x.nl; "Bos, Cor" <cor@bos.nl>\nd@x.nl')).toEqual([{ email: 'anna@bos.nl', name: 'Anna Bos' }, { email: 'b@x.nl' }, { email: 'cor@bos.nl', name: 'Bos, Cor' }, { email: 'd@x.nl' }]);
		expect(addressesOf('<a@b.nl>')).toEqual([{ email: 'a@b.nl' }]);
		expect(addressesOf(' , ;\n')).toEqual([]);
	});
	test('that mail can go to', () => {
		for (const good of ['a@b.nl', "o'hara+crm@sub.example.co.uk", 'jan_de.boer@xn--caf-dma.nl', 'root@localhost'])
			expect(addressGood(good), good).toBe(true);
		for (const bad of ['', 'anna', '@b.nl', 'a@', 'a b@c.nl', 'a@b..nl', '.a@b.nl', 'a.@b.nl', 'a@b.nl,c@d.nl', `${'a'.repeat(65)}@b.nl`, 'a@b@c.nl'])
			expect(addressGood(bad), bad).toBe(false);
	});
	test('each once, whatever its case', () => expect(joined([{ email: 'A@x.nl', name: 'A' }], [{ email: 'a@X.nl' }, { email: 'b@x.nl' }])).toEqual([{ email: 'A@x.nl', name: 'A' }, { email: 'b@x.nl' }]));
});

describe('what may be done with a mail', () => {
	test('it is stopped as long as it waits for somebody', () => {
		expect(mayCancel(mail([to('a@x.nl', 'sent'), to('b@x.nl', 'queued')]))).toBe(true);
		expect(mayCancel(mail([to('a@x.nl', 'sending')]))).toBe(false);
		expect(mayCancel(mail([to('a@x.nl')], { direction: 'in' }))).toBe(false);
	});
	test('it goes again to those whom it did not reach, never to who called it unwanted', () => {
		for (const state of ['bounced', 'dropped', 'unknown'] as const)
			expect(mayRetry(mail([to('a@x.nl', state)])), state).toBe(true);
		for (const state of ['complained', 'sent', 'delivered', 'cancelled', 'queued'] as const)
			expect(mayRetry(mail([to('a@x.nl', state)])), state).toBe(false);
	});
	test('one that failed or is unknown wants a look', () => {
		expect(inTrouble(mail([to('a@x.nl', 'delivered'), to('b@x.nl', 'complained')]))).toBe(true);
		expect(inTrouble(mail([to('a@x.nl', 'delivered'), to('b@x.nl', 'cancelled')]))).toBe(false);
	});
	test('nobody knows is no end', () => expect([isFinal('unknown'), isFinal('sending'), isFinal('sent'), isFinal('bounced')]).toEqual([false, false, true, true]));
});

describe('answering', () => {
	test('a subject without what was put before it', () => expect(['Re: Offerte', 'RE: Fwd: AW: Offerte', 'Antw: Re[2]: Offerte', 'Reparatie: dak', ''].map(bareSubject)).toEqual(['Offerte', 'Offerte', 'Offerte', 'Reparatie: dak', '']));
	test('goes to who wrote it', () => expect(answerOf(mail([to('wij@zaak.nl')], { direction: 'in', from_email: 'anna@bos.nl', from_name: 'Anna', subject: 'Re: Vraag' }))).toEqual({ to: [{ email: 'anna@bos.nl', name: 'Anna' }], cc: [], subject: 'Re: Vraag' }));
	test('goes where its writer asks for it, under nobody else\'s name', () => {
		const form = mail([to('wij@zaak.nl')], { direction: 'in', from_email: 'noreply@form.nl', from_name: 'Anna', subject: 'Vraag' });
		expect(answerOf({ ...form, reply_to: 'anna@bos.nl' }).to).toEqual([{ email: 'anna@bos.nl' }]);
		expect(answerOf({ ...form, reply_to: '' }).to).toEqual([{ email: 'noreply@form.nl', name: 'Anna' }]);
	});
	test('after one of ours: to the same people, and nobody learns of a bcc', () => expect(answerOf(mail([to('a@x.nl', 'sent', { name: 'A', contact_id: 'c' }), to('b@x.nl', 'sent', { kind: 'cc' }), to('c@x.nl', 'sent', { kind: 'bcc' })]))).toEqual({ to: [{ email: 'a@x.nl', name: 'A', contact_id: 'c' }], cc: [{ email: 'b@x.nl' }], subject: 'Re: Offerte' }));
	test('counts a conversation', () => expect(inThread([mail([]), mail([], { thread_id: 'other' }), mail([])], 't')).toBe(2));
});

test('the same file twice is one attachment', () => {
	const file = (id: string, name: string, sha256: string) => ({ id, name, sha256, type: 'application/pdf', size: 10, at: '' });
	expect(attachable([file('1', 'a.pdf', 'x'), file('2', 'a.pdf', 'x'), file('3', 'b.pdf', 'x')]).map((one) => one.id)).toEqual(['1', '3']);
	expect(sizeOf([{ size: 3 }, { size: 4 }])).toBe(7);
});

test('a refusal is about a part of the form', () => {
	expect(partsOf(new Problem(422, 'invalid', '', '', [{ pointer: '/to/0/email', code: 'bad_address', detail: '' }, { pointer: '/to/2/email', code: 'bad_address', detail: '' }, { pointer: '/files', code: 'too_long', detail: '' }]))).toEqual(['to', 'files']);
	expect(partsOf(new Error('x'))).toEqual([]);
});

describe('a signature', () => {
	test('stands under what is written', () => expect(signed('Beste Anna,\n\nAkkoord.\n', '**Sanne**\nBakkerij\n')).toBe('Beste Anna,\n\nAkkoord.\n\n**Sanne**\nBakkerij'));
	test('and above what is answered', () => expect(signed('Akkoord.\n\n> Kan het?\n>\n> Anna', 'Sanne')).toBe('Akkoord.\n\nSanne\n\n> Kan het?\n>\n> Anna'));
	test('a quote in the middle stays where it is', () => expect(signed('> Kan het?\n\nJa.', 'Sanne')).toBe('> Kan het?\n\nJa.\n\nSanne'));
	test('none is nothing', () => expect(signed('Ja.\n', ' \n')).toBe('Ja.\n'));
});

describe('what is wrong with an account', () => {
	test('by the number', () => expect([-6, -7, -28, -60, -67, 535, 401, 429].map((code) => troubleOf(code, 'whatever'))).toEqual(['dns', 'reach', 'reach', 'tls', 'login', 'login', 'login', 'busy']));
	test('by the words', () => {
		for (const [words, trouble] of [['Could not resolve host: smtp.exmple.com', 'dns'], ['SSL certificate problem: self-signed certificate', 'tls'], ['STARTTLS not supported', 'tls'], ['535 5.7.8 authentication failed', 'login'], ['The provided authorization grant is invalid', 'login'], ['the server refused the token: {"status":"400"}', 'login'],
			['The from address does not match a verified Sender Identity', 'sender'], ['550 5.7.1 relaying denied', 'sender'], ['Failed to connect to 127.0.0.1 port 25', 'reach'], ['its address is a private one, which is not allowed here', 'private'], ['', 'other'], ['451 greylisted', 'other']] as const)
			expect(troubleOf(null, words), words).toBe(trouble);
		expect(troubleOf(null, null)).toBe('other');
		expect(troubleOf(-7, 'its address is a private one, which is not allowed here')).toBe('private');
	});
});

const kept: MailAccount = {
	id: 'a', workspace_id: 'w', version: 3, kind: 'smtp', name: 'Kantoor', from_name: 'Zaak', from_email: 'wij@zaak.nl', reply_domain: null, host: 'smtp.zaak.nl', port: 587, tls: 'starttls', login: 'wij', per_minute: null, is_default: true, tracking: false, canary: true, event_key: null,
	state: 'works', last_error: null, last_sent_at: null, last_delivered_at: null, last_received_at: null, held_until: null,
	imap_host: null, imap_port: null, imap_tls: null, imap_login: null, imap_folder: null, imap_state: null, imap_fault: null, imap_error: null, imap_polled_at: null, imap_received_at: null,
	auth: 'password', oauth_provider: null, oauth_tenant: null, oauth_authorize_url: null, oauth_token_url: null, oauth_scope: null, oauth_client: null, oauth_state: null, oauth_error: null, oauth_expires_at: null, oauth_granted_at: null,
};

describe('an account that is saved', () => {
	test('says what is another and no more, so that its secret may stay', () => {
		expect(bodyOf(draftOf(kept), kept)).toEqual({});
		expect(bodyOf({ ...draftOf(kept), name: ' Zaak ', from_name: '', per_minute: '60' }, kept)).toEqual({ name: 'Zaak', from_name: null, per_minute: 60 });
		expect(bodyOf({ ...draftOf(kept), secret: 'new' }, kept)).toEqual({ secret: 'new' });
		expect(bodyOf({ ...draftOf(kept), tracking: true }, kept)).toEqual({ tracking: true });
		expect(bodyOf({ ...draftOf({ ...kept, kind: 'sendgrid' }), tracking: true }, { ...kept, kind: 'sendgrid' })).toEqual({});
	});
	test('a new one says what was filled in', () => {
		expect(bodyOf({ ...draftOf(null), name: 'Zaak', from_email: 'wij@zaak.nl', host: ' smtp.zaak.nl ', port: '2525', tls: 'none' }, null)).toEqual({ kind: 'smtp', name: 'Zaak', from_email: 'wij@zaak.nl', host: 'smtp.zaak.nl', port: 2525, tls: 'none' });
		expect(bodyOf({ ...draftOf(null), kind: 'sendgrid', name: 'SG', from_email: 'wij@zaak.nl', secret: 'SG.x', is_default: true }, null)).toEqual({ kind: 'sendgrid', name: 'SG', from_email: 'wij@zaak.nl', secret: 'SG.x', is_default: true });
	});
	test('another server asks for the secret again', () => {
		expect(asksSecret(draftOf(kept), kept)).toBe(false);
		expect(asksSecret({ ...draftOf(kept), host: 'smtp.else.nl' }, kept)).toBe(true);
		expect(asksSecret({ ...draftOf(kept), port: '' }, kept)).toBe(true);
		expect(asksSecret({ ...draftOf(kept), tls: 'tls' }, kept)).toBe(true);
		expect(asksSecret(draftOf(null), null)).toBe(false);
	});
	test('logs in by OAuth, elsewhere, and with a password again', () => {
		const oauth = { ...kept, auth: 'oauth', oauth_provider: 'microsoft', oauth_tenant: 'zaak.nl', oauth_client: 'c', oauth_state: 'works', imap_host: 'imap.zaak.nl', imap_tls: 'tls', imap_login: 'wij', imap_folder: 'INBOX' } as MailAccount;
		const fresh = { ...draftOf(null), ...loggedInBy(draftOf(null), 'google') };
		expect([fresh.host, fresh.imap_host]).toEqual(['smtp.gmail.com', 'imap.gmail.com']);
		expect({ ...fresh, ...loggedInBy(fresh, 'microsoft') }.host).toBe('smtp.office365.com');
		expect({ ...fresh, ...loggedInBy(fresh, 'password') }.host).toBe('');
		expect(loggedInBy(draftOf(kept), 'google')).toEqual({ login_by: 'google', imap_host: 'imap.gmail.com', imap_port: '', imap_tls: 'tls' });
		expect(loginLacks(fresh, null)).toEqual(['oauth_client', 'oauth_secret']);
		expect(loginLacks({ ...fresh, login_by: 'other', oauth_client: 'c', oauth_token_url: 'x' }, null)).toEqual(['oauth_authorize_url', 'oauth_token_url']);
		expect(loginLacks(draftOf(oauth), oauth)).toEqual([]);
		expect(loginLacks({ ...draftOf(oauth), oauth_client: 'd' }, oauth)).toEqual(['oauth_secret']);
		expect(bodyOf({ ...draftOf(kept), login_by: 'google', oauth_client: ' c ', oauth_secret: 's', oauth_tenant: 'not of Google' }, kept)).toEqual({ auth: 'oauth', oauth_provider: 'google', oauth_client: 'c', oauth_secret: 's' });
		expect(bodyOf(draftOf(oauth), oauth)).toEqual({});
		expect(bodyOf({ ...draftOf(oauth), login_by: 'other', oauth_authorize_url: 'https://a', oauth_token_url: 'https://t' }, oauth)).toEqual({ auth: 'oauth', oauth_provider: 'other', oauth_tenant: null, oauth_authorize_url: 'https://a', oauth_token_url: 'https://t' });
		expect(bodyOf({ ...draftOf(oauth), login_by: 'password', secret: 'p', imap_secret: 'q' }, oauth)).toEqual({ auth: 'password', secret: 'p', imap_secret: 'q' });
		expect([asksSecret, asksMailboxSecret].map((asks) => [asks(draftOf(oauth), oauth), asks({ ...draftOf(oauth), login_by: 'password' }, oauth), asks({ ...draftOf(kept), login_by: 'google', host: 'else' }, kept)])).toEqual([[false, true, false], [false, true, false]]);
	});
	test('names a mailbox, changes what is another of it, and lets it go', () => {
		const box = { ...kept, imap_host: 'imap.zaak.nl', imap_port: 993, imap_tls: 'tls', imap_login: 'wij', imap_folder: 'INBOX' } as MailAccount;
		expect(bodyOf({ ...draftOf(kept), imap: true, imap_host: ' imap.zaak.nl ', imap_login: 'wij', imap_secret: 'x' }, kept)).toEqual({ imap_host: 'imap.zaak.nl', imap_login: 'wij', imap_tls: 'tls', imap_secret: 'x' });
		expect(bodyOf(draftOf(box), box)).toEqual({});
		expect(bodyOf({ ...draftOf(box), imap_folder: '' }, box)).toEqual({ imap_folder: 'INBOX' });
		expect(bodyOf({ ...draftOf(box), imap: false }, box)).toEqual({ imap_host: null });
		expect([draftOf(kept), draftOf(box), { ...draftOf(box), imap_host: 'else' }, { ...draftOf(kept), imap: true }, { ...draftOf(kept), imap: true, secret: 'x' }].map((draft, at) => asksMailboxSecret(draft, at === 1 || at === 2 ? box : kept))).toEqual([false, false, true, true, false]);
	});
});

test('mails that wait too long, and silence after there was none', () => {
	const now = Date.parse('2026-11-22T12:00:00Z');
	const health = (waiting: number, oldest_seconds: number, last_sent_at: string | null, last_delivered_at: string | null) => silenceOf({ waiting, oldest_seconds, last_sent_at, last_delivered_at }, now);
	expect(health(0, 0, null, null)).toBeNull();
	expect(health(3, 1200, null, null)).toBe('stuck');
	expect(health(3, 60, null, null)).toBeNull();
	expect(health(0, 0, '2026-11-22T09:00:00Z', '2026-11-20T09:00:00Z')).toBe('silent');
	expect(health(0, 0, '2026-11-22T11:50:00Z', '2026-11-20T09:00:00Z')).toBeNull(); /* it may arrive yet */
	expect(health(0, 0, '2026-11-22T09:00:00Z', null)).toBeNull(); /* an SMTP server never tells */
});

describe('what came in', () => {
	test('has its sender\'s words apart from what they answer, counted in bytes', () => {
		expect(wordsOf('Één ja\n\n> Beste', new TextEncoder().encode('Één ja\n').length)).toEqual({ own: 'Één ja', quoted: '> Beste' });
		expect(wordsOf('Ja', null)).toEqual({ own: 'Ja', quoted: '' });
		expect(wordsOf('Ja', 99)).toEqual({ own: 'Ja', quoted: '' });
	});
	test('is shown whole when there is nothing but quotes', () => expect(wordsOf('> Beste', 0)).toEqual({ own: '> Beste', quoted: '' }));
	test('may be about the deal before the person, and is guessed only where the server does', () => {
		const inbound = { state: 'suggested' as const, why: 'sender', trusted: false, deal_id: 'd', contact_id: 'c', mail_id: null };
		expect(guessOf(mail([], { inbound }))).toEqual({ kind: 'deal', id: 'd' });
		expect(guessOf(mail([], { inbound: { ...inbound, deal_id: null } }))).toEqual({ kind: 'contact', id: 'c' });
		expect(guessOf(mail([], { inbound: { ...inbound, state: 'unmatched' } }))).toBeNull();
		expect(guessOf(mail([]))).toBeNull();
	});
	test('a picture stands in the text only where its file goes along', () => {
		const logo = { name: 'logo (2).png', type: 'image/png' }, list = { name: 'a.pdf', type: 'application/pdf' };
		expect(withPictures('Dag\n\n![ons logo](logo (2).png)\nTot ziens ![x](a.pdf)', [logo, list])).toEqual([{ text: 'Dag\n\n' }, { text: 'ons logo', file: logo }, { text: '\nTot ziens ![x](a.pdf)' }]);
		expect(withPictures('![', [logo])).toEqual([{ text: '![' }]);
	});
});

describe('a conversation', () => {
	const said = (id: string, more: Partial<MailRow>): Said => ({ id, workspace_id: 'w', channel: 'email', direction: 'in', at: '', thread_id: 't', subject: null, text: null, own: null, cut: false, html: false, mail: mail([], { id, ...more }) });
	test('is answered to whoever wrote last, not to a machine; else what we wrote ourselves and did not stop is followed', () => {
		const other: Said = { ...said('w', {}), channel: 'whatsapp', mail: null };
		expect(answeredOf([said('a', { direction: 'in' }), said('b', { direction: 'out' }), said('c', { direction: 'in', auto: true }), other])?.id).toBe('a');
		expect(answeredOf([said('a', { direction: 'out' }), said('b', { direction: 'out', state: 'cancelled' })])?.id).toBe('a');
		expect(answeredOf([other])).toBeNull();
	});
	test('is about its deal before its contact', () => {
		expect(aboutOf({ deal_id: 'd', contact_id: 'c', account_id: 'a' })).toEqual({ kind: 'deal', id: 'd' });
		expect(aboutOf({ deal_id: null, contact_id: null, account_id: 'a', lead_id: 'l' })).toEqual({ kind: 'lead', id: 'l' });
		expect(aboutOf({ deal_id: null, contact_id: null, account_id: null })).toBeNull();
	});
});

describe('a mail to oneself', () => {
	const one = (state: Canary['state'], reason: string | null = null): Canary => ({ state, began_at: '', sent_at: null, back_at: null, ms: null, code: null, reason });
	test('says what became of the last that ended, also while another is on its way', () => {
		expect(canaryOf({ receives: false, canary: one('back'), canary_going: null })).toBe('deaf');
		expect(canaryOf({ receives: true, canary: null, canary_going: null })).toBe('none');
		expect(canaryOf({ receives: true, canary: null, canary_going: one('sent') })).toBe('going');
		expect(canaryOf({ receives: true, canary: one('missing'), canary_going: one('sent') })).toBe('missing');
		expect(canaryOf({ receives: true, canary: one('back'), canary_going: one('queued', 'Could not resolve host') })).toBe('again');
		expect(canaryOf({ receives: true, canary: one('failed'), canary_going: null })).toBe('failed');
	});
	test('took so long, so long ago', () => {
		const now = Date.parse('2026-11-22T12:00:00Z');
		expect([tookOf(1240, 'en'), tookOf(61_000, 'en'), tookOf(600_000, 'nl')]).toEqual(['1.2 seconds', '61 seconds', '10 minuten']);
		expect([agoOf('2026-11-22T11:47:30Z', now, 'en'), agoOf('2026-11-21T11:00:00Z', now, 'en'), agoOf('2026-11-22T09:00:00Z', now, 'nl'), agoOf('2026-11-22T12:00:09Z', now, 'en')]).toEqual(['12 minutes ago', 'yesterday', '3 uur geleden', 'now']);
	});
});

test('a line of our own words is told without marks; a picture by what it shows', () => {
	expect(plainLine('Dear Roos, ![photo](my photo.png) **Mitch** of [us](https://us.example)')).toBe('Dear Roos, [photo] Mitch of us');
});

test('a picture that does not go along is not named in the text either; another one stays', () => {
	expect(withoutPicture('Look:\n\n![a](a.png)\n\nand ![b](b.png) there', { name: 'a.png' })).toBe('Look:\n\nand ![b](b.png) there');
	expect(withoutPicture('a [link](b.png) stays', { name: 'b.png' })).toBe('a [link](b.png) stays');
});
