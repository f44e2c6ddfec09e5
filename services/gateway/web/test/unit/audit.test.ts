/* The audit log's words: what was beside what is, ids as names, nothing secret or silent; and days that begin where the reader is. */
import { describe, expect, it, vi } from 'vitest';
import { changesOf, type AuditWords } from '../../src/features/settings/audit-words';
import type { AuditLine } from '../../src/features/settings/people';
import { farWords, startLanguage, say } from '../../src/i18n';
import { formats, midnight } from '../../src/lib/format';

vi.stubGlobal('document', { documentElement: { lang: 'en' } });
await startLanguage('en');
await farWords();
const words: AuditWords = {
	t: say, language: 'en', formats: formats('en', 'Europe/Amsterdam'), role: (key) => key.toUpperCase(),
	person: (id) => id === 'p1' ? 'Sanne' : null, team: (id) => id === 't1' ? 'North' : null, apiKey: (id) => id === 'k1' ? 'Till' : null, workspace: () => '',
	set: (id) => id === 's1' ? 'Proposal' : id === 'i1' ? 'Mexico' : id === 'c1' ? 'Webshop' : null,
};
const line = (what: string, asked: Record<string, unknown>, before?: Record<string, unknown>): AuditLine => ({
	id: '1', at: '2026-11-22T00:00:00Z', workspace_id: null, what, actor: { id: null, name: null, kind: 'operator' }, about: null, detail: { asked, ...(before ? { before } : {}) },
});
const told = (...args: Parameters<typeof line>) => changesOf(line(...args), words).map(({ label, was, is }) => `${label}: ${was === undefined ? '' : `${was} > `}${is}`);

describe('audit words', () => {
	it('tell what was and what is, and leave out what stayed', () => {
		expect(told('member_set', { user_id: 'p1', role: 'manager' }, { role: 'sales' })).toEqual(['Role: SALES > MANAGER']);
		expect(told('user_update', { user_id: 'p1', disabled: true, agency_admin: false }, { disabled: false, agency_admin: false })).toEqual(['Disabled: no > yes']);
		expect(told('role_set', { role: 'sdr', scope: 'team', permissions: [] }, { scope: 'own', permissions: ['crm-view'] }))
			.toEqual(['Role: SDR', "Sees: Own records > Own and the team's", 'May: See the CRM > none']);
	});
	it('name people, teams and keys, also when they are gone', () => {
		expect(told('member_hand_over', { user_id: 'p2', to_id: 'p1' })).toEqual(['To: Sanne']);
		expect(told('apikey_revoke', { apikey_id: 'k1' })).toEqual(['Key: Till']);
		expect(told('team_drop', { team_id: 'gone' })).toEqual(['Team: no longer there']);
		expect(told('member_set', { user_id: 'p1', role: 'sdr', team_id: 't1' })).toEqual(['Team: North', 'Role: SDR']);
	});
	it('say of a name only that it changed', () => {
		expect(told('user_add', { name: '•••', email: '•••', user_id: 'p1', language: 'nl' })).toEqual(['Language: Nederlands']);
		expect(told('user_update', { name: '•••', user_id: 'p1' })).toEqual(['Name: changed']);
	});
	it('name stages, values and fields, their kinds and colours, and money as money', () => {
		expect(told('stage_update', { stage_id: 's1', colour: 'orange', probability: 40 })).toEqual(['Stage: Proposal', 'Colour: Orange', 'Probability: 40%']);
		expect(told('stage_add', { stage_id: 'x', kind: 'open', label: { en: 'Demo', nl: 'Demonstratie' } })).toEqual(['Kind: Open', 'Name: Demo']);
		expect(told('stage_remove', { stage_id: 'gone', move_to: 's1' })).toEqual(['Stage: no longer there', 'Its deals went to: Proposal']);
		expect(told('item_update', { item_id: 'i1', cost: { amount: '4.00', currency: 'USD' }, retired: false })).toEqual(['Value: Mexico', 'Cost of a shipment: $4.00', 'Retired: no']);
		expect(told('custom_field_add', { custom_field_id: 'f', kind: 'choice', label: { en: 'Packing', nl: 'Verpakking' }, choices: [{ key: 'box', label: { en: 'Box', nl: 'Doos' } }] }))
			.toEqual(['Kind: Choice', 'Name: Packing', 'Choices: Box']);
		expect(told('rate_put', { rate_id: 'x', currency: 'USD', day: '2026-10-01', rate: '0.92' })).toEqual(['Currency: USD', 'From: 1 Oct 2026', 'Rate: 0.92']);
		expect(told('rate_update', { rate_id: 'r1', rate: '0.95' }, { currency: 'USD', day: '2026-10-01', rate: '0.92' })).toEqual(['Rate of: USD, 1 Oct 2026', 'Rate: 0.92 > 0.95']);
		expect(told('rate_remove', { rate_id: 'r1' }, { currency: 'USD', day: '2026-10-01', rate: '0.92' })).toEqual(['Rate of: USD, 1 Oct 2026', 'Rate: 0.92']);
		expect(told('currency_set', { batch_id: 'x', base: 'USD' })).toEqual(['Base currency: USD']);
	});
	it('say what a company, its price list, its numbers and its ways to be paid became, and never a key', () => {
		expect(told('company_set', { workspace_id: 'w', kvk: '12345678', kor: false, due_days: 14, price_mode: 'gross', deal_value: 'leave', logo: 'b0a9', terms_en: 'Pay. '.repeat(60) }))
			.toEqual(['CoC number: 12345678', 'Small-business scheme: no', 'Days to pay an invoice: 14', 'Prices: With VAT', "Acceptance makes the deal's value: leave it as it is", 'Logo: changed', `Text on English invoices: ${'Pay. '.repeat(24)}…`]);
		expect(told('catalog_item_add', { catalog_item_id: 'c1', name_en: 'Website', unit: 'month', prices: [{ rate: '21', price: '1500', category: 'standard' }, { day: '2027-01-01', rate: '21', price: '1750.50', category: 'standard' }] }))
			.toEqual(['Name, English: Website', 'Unit: month', 'Prices without VAT: 1500, 1750.5 from 1 Jan 2027']);
		expect(told('catalog_item_remove', { catalog_item_id: 'c1' })).toEqual(['Item: Webshop']);
		expect(told('catalog_item_remove', { catalog_item_id: 'gone' })).toEqual([]);
		expect(told('series_set', { workspace_id: 'w', kind: 'quote', format: 'Q{seq}', next: 41, yearly: true })).toEqual(['Kind: Quote', 'Pattern: Q{seq}', 'Goes on at: 41', 'At 1 again each year: yes']);
		expect(told('pay_provider_add', { pay_provider_id: 'p', kind: 'mollie', name: 'Till', secret: '•••', active: true })).toEqual(['Kind: Mollie', 'Name: Till', 'Customers pay by it: yes']);
	});
	it('stand a line without a detail', () => expect(changesOf({ ...line('password_set', {}), detail: null }, words)).toEqual([]));
});

describe('a day', () => {
	it('begins where the reader is, in winter and in summer', () => {
		expect(midnight('2026-11-22', 'Europe/Amsterdam')).toBe('2026-11-21T23:00:00.000Z');
		expect(midnight('2026-07-01', 'Europe/Amsterdam')).toBe('2026-06-30T22:00:00.000Z');
		expect(midnight('2026-11-22', 'America/New_York')).toBe('2026-11-22T05:00:00.000Z');
		expect(midnight('2026-11-22', 'Europe/Amsterdam', 1)).toBe('2026-11-22T23:00:00.000Z');
	});
	it('name the mail account, also one that is gone, and never its secret', () => {
		expect(told('mail_account_update', { mail_account_id: 'x', version: 3, host: 'b.example', secret: '•••' }, { name: 'Kantoor', host: 'a.example' })).toEqual(['Account: Kantoor', 'Server: a.example > b.example']);
		expect(told('mail_account_remove', { mail_account_id: 'x' }, { name: 'Kantoor' })).toEqual(['Account: Kantoor']);
	});
	it('that is none has no beginning', () => expect(midnight('soon', 'Europe/Amsterdam')).toBeUndefined());
});
