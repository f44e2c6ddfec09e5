/* Webhooks that go out: what somebody is told of an endpoint, which events are chosen, and that what we tell receivers to verify by does verify. */
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { addressOf, groupsOf, momentOf, readable, shownOf, starOf, toggled, unknownIn, wants } from '../../src/features/settings/webhook-model';
import { SNIPPETS } from '../../src/features/settings/webhook-snippets';
import en from '../../src/i18n/en.json';

/* every type that may leave, as the product has them */
const withheld = new Set([...readFileSync('../../../proto/public_events.c', 'utf8').matchAll(/\{ &(\w+)_record,/g)].map((one) => one[1]));
const all = (Object.values(JSON.parse(readFileSync('../../../docs/contract/events.json', 'utf8')).events) as Array<{ type: string; source: string }>);
const types = all.filter((one) => one.source !== 'automation' && !withheld.has(one.type.replace('.', '_'))).map((one) => one.type);

describe('an endpoint', () => {
	it('is told in one word', () => {
		const of = (enabled: boolean, state: 'on' | 'off' | 'gone' | 'failing', failures = 0) => shownOf({ enabled, state, failures });
		expect([of(true, 'on'), of(true, 'on', 3), of(false, 'on'), of(false, 'off'), of(true, 'gone', 1), of(false, 'failing', 9)]).toEqual(['on', 'trouble', 'off', 'off', 'gone', 'failing']);
	});
	it('has an address that says where, and no password', () => {
		expect(['https://a.example/x', ' https://a.example ', 'http://127.0.0.1:9/x', 'ftp://a.example', 'a.example', 'https://me:pw@a.example', ''].map(addressOf)).toEqual(['https://a.example/x', 'https://a.example', 'http://127.0.0.1:9/x', null, null, null, null]);
	});
});

describe('events', () => {
	it('stand in groups, each once', () => expect(groupsOf(['deal.updated', 'account.created', 'deal.created', 'deal.created'])).toEqual([{ key: 'account', types: ['account.created'] }, { key: 'deal', types: ['deal.created', 'deal.updated'] }]));
	it('are chosen singly or by their group, never both', () => {
		expect(toggled(['deal.created', 'invoice.paid'], 'deal.*', true)).toEqual(['deal.*', 'invoice.paid']);
		expect(toggled(['deal.*'], 'deal.created', true)).toEqual(['deal.created']);
		expect(toggled(['deal.*', 'invoice.paid'], 'deal.*', false)).toEqual(['invoice.paid']);
		expect(toggled(['a.b'], 'a.b', true)).toEqual(['a.b']);
		const groups = groupsOf(['deal.created', 'invoice.paid', 'mail.sent']);
		expect(toggled(['*'], 'mail.*', false, groups)).toEqual(['deal.*', 'invoice.*']);
		expect(wants(['*'], 'mail.sent')).toBe(true);
	});
	it('are told as the server reads the choice', () => {
		expect([wants(['deal.*'], 'deal.created'), wants(['deal.*'], 'dealer.created'), wants(['deal.created'], 'deal.updated'), wants([], 'deal.created')]).toEqual([true, false, false, false]);
		expect(unknownIn(['deal.*', 'old.gone', 'invoice.paid'], types)).toEqual(['old.gone']);
	});
	it('have words, every one that there is', () => {
		expect(types.length).toBeGreaterThan(50);
		const words = en as Record<string, string>;
		const lacking = groupsOf(types).flatMap((group) => [`webhook_group.${group.key}`, ...group.types.map((type) => `webhook_event.${type.slice(group.key.length + 1)}`)]).filter((key) => !(key in words));
		expect(lacking).toEqual([]);
		expect(starOf('deal')).toBe('deal.*');
	});
});

describe('what is shown', () => {
	it('is laid out where it is JSON', () => expect([readable('{"a":1}'), readable('no')]).toEqual(['{\n  "a": 1\n}', 'no']));
	it('is a moment, or none', () => expect([momentOf(''), momentOf('x'), momentOf('2026-11-23T10:00')]).toEqual([null, null, new Date('2026-11-23T10:00').toISOString()]));
});

/* a message as the standard signs it, by the standard's own arithmetic */
const secret = `whsec_${Buffer.from('a key of four and twenty bytes!!').toString('base64')}`;
const signed = (body: string, at = Math.floor(Date.now() / 1000)) => {
	const value = createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`msg_1.${at}.${body}`).digest('base64');
	return { 'webhook-id': 'msg_1', 'webhook-timestamp': String(at), 'webhook-signature': `v1,AAAA v1,${value}` };
};
const cases = [[signed('{"a":1}'), '{"a":1}', true], [signed('{"a":1}'), '{"a":2}', false], [signed('{"a":1}', 1_600_000_000), '{"a":1}', false]] as const;
const textOf = (key: string) => SNIPPETS.find((one) => one.key === key)?.text ?? '';

describe('what verifies a message', () => {
	it('does so in Node.js', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'snippet-'));
		writeFileSync(join(folder, 'verify.mjs'), textOf('node'));
		const { verify } = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'verify.mjs')).href);
		expect(cases.map(([headers, body]) => verify(headers, Buffer.from(body), secret))).toEqual(cases.map((one) => one[2]));
		rmSync(folder, { recursive: true });
	});
	it('does so in Python', () => {
		const asked = `import json,sys\n${textOf('python')}\nfor h,b,_ in json.load(sys.stdin)['cases']: print(verify(h,b.encode(),${JSON.stringify(secret)}))`;
		expect(execFileSync('python3', ['-c', asked], { input: JSON.stringify({ cases }), encoding: 'utf8' }).trim().split('\n')).toEqual(cases.map((one) => (one[2] ? 'True' : 'False')));
	});
});
