/* Fields of the workspace's own: what is sent of what was typed, what is shown of what is held, in both languages' ways of writing amounts. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { OwnField } from '../../src/api/boards';
import { ownCurrency, ownRead, ownTyped } from '../../src/features/fields/own';
import { ownSaid } from '../../src/features/fields/said';
import { ownText, ownTold } from '../../src/features/fields/text';
import { say, startLanguage } from '../../src/i18n';
import { readValue } from '../../src/features/segments/value';
import { formats } from '../../src/lib/format';

const field = (kind: OwnField['kind'], more: Partial<OwnField> = {}): OwnField => ({ id: 'f', workspace_id: 'w', about: 'account', kind, key: kind, label: { en: kind, nl: kind }, needed: false, retired: false, position: 1, choices: null, ...more });
const tier = field('choice', { choices: [{ key: 'gold', label: { en: 'Gold', nl: 'Goud' } }] });
const spoken = formats('en', 'Europe/Amsterdam');

beforeAll(async () => {
	vi.stubGlobal('document', { documentElement: { lang: 'en' } });
	await startLanguage('en');
});

describe('fields of the workspace\'s own', () => {
	it('are asked for in a segment as they are typed in a form', () => {
		for (const kind of ['money', 'sum', 'own_money'] as const)
			expect(['2.000', '2,000', '1.000,50', '900', '-5', 'x'].map((text) => readValue(kind, text))).toEqual(['2000.00', '2000.00', '1000.50', '900.00', '-5.00', null]);
		expect(['2,5', '1.25', '-3', '1.000', '1.000,5', 'x'].map((text) => readValue('own_number', text))).toEqual(['2.5', '1.25', '-3', '1000', '1000.5', null]);
	});

	it('send what their kind takes', () => {
		expect(ownRead(say, field('money'), ' 2.500,50 ', 'EUR')).toEqual({ value: { amount: '2500.50', currency: 'EUR' } });
		expect(ownRead(say, field('number'), '3,5', 'EUR')).toEqual({ value: '3.5' });
		expect(['1.000', '1,000', '12.345.678', '1.000,5', '-1.000', '0,125', '0.125', '1,25'].map((text) => ownRead(say, field('number'), text, 'EUR')))
			.toEqual(['1000', '1000', '12345678', '1000.5', '-1000', '0.125', '0.125', '1.25'].map((value) => ({ value })));
		expect(ownRead(say, field('boolean'), 'false', 'EUR')).toEqual({ value: false });
		expect(ownRead(say, field('text'), '  ', 'EUR')).toEqual({ value: null });
	});
	it('say why they cannot be sent', () => {
		for (const [one, text] of [[field('money'), 'many'], [field('number'), '1a'], [field('text', { needed: true }), ' ']] as const)
			expect(ownRead(say, one, text, 'EUR')).toHaveProperty('fault');
	});
	it('show what is held, and the same in a history', () => {
		const money = { amount: '2500.50', currency: 'USD' };
		expect([ownTyped(field('money'), money, spoken), ownTyped(field('text'), null, spoken), ownTyped(field('boolean'), true, spoken), ownCurrency(money, 'EUR'), ownCurrency(null, 'EUR')]).toEqual(['2,500.50', '', 'true', 'USD', 'EUR']);
		expect([ownText(tier, 'gold', 'nl', spoken, say), ownText(field('boolean'), false, 'en', spoken, say), ownText(field('money'), money, 'en', spoken, say)]).toEqual(['Goud', 'no', '$2,500.50']);
		expect([ownTold(field('money'), '{"amount":"9.00","currency":"EUR"}', 'en', spoken, say), ownTold(tier, 'gold', 'en', spoken, say), ownTold(field('money'), 'broken', 'en', spoken, say)]).toEqual(['€9.00', 'Gold', 'broken']);
	});
	it('show a number so that it is read again as what it is, in either language', () => {
		for (const written of [spoken, formats('nl', 'Europe/Amsterdam')])
			for (const value of ['0', '7', '1000', '-1000', '1234567', '1.5', '1.125', '-12.125', '0.125', '1000.125', '1.1250', '1.12', '1234567.891234'])
				expect([value, Number((ownRead(say, field('number'), ownTyped(field('number'), value, written), 'EUR') as { value: string }).value)]).toEqual([value, Number(value)]);
		expect([ownText(field('number'), '1234.5', 'nl', formats('nl', 'Europe/Amsterdam'), say), ownText(field('number'), 1000, 'en', spoken, say)]).toEqual(['1.234,5', '1,000']);
	});
	it('lead to the web where they are addresses, and nowhere else', () => {
		const shown = (kind: OwnField['kind'], value: unknown) => ownSaid(field(kind), value, 'en', spoken, say);
		expect(shown('url', 'https://example.com/a')).toMatchObject({ props: { url: 'https://example.com/a' } });
		expect([shown('url', 'javascript:alert(1)'), shown('text', 'https://example.com'), shown('url', null)]).toEqual(['javascript:alert(1)', 'https://example.com', '']);
	});
	it('are conditions of a segment, by their kind', async () => {
		vi.stubGlobal('addEventListener', () => undefined);
		const { fieldsOf, kindOf, takesSeveral } = await import('../../src/features/segments/model');
		const own = [tier, field('money'), field('text', { retired: true })];
		expect(fieldsOf('account', own).slice(-2)).toEqual(['custom.choice', 'custom.money']);
		expect([kindOf('account', 'custom.choice', own), kindOf('account', 'custom.money', own), kindOf('account', 'custom.text', own), kindOf('lead', 'tag', [])]).toEqual(['own_pick', 'own_money', 'text', 'tag']);
		expect([takesSeveral('own_pick', 'is'), takesSeveral('own_pick', 'empty'), takesSeveral('own_money', 'more'), takesSeveral('text', 'contains')]).toEqual([true, false, false, false]);
	});
});
