/* Sums in several currencies as one: exact, rounded once and half away from zero, what has no rate named. The rows are those of the server's own story. */
import { describe, expect, it } from 'vitest';
import { aboutOf, readRate } from '../../src/lib/money';
import { aboutAll, type Currencies, rateOn } from '../../src/lib/rates';

const one = (currency: string, amount: string, rate: string) => aboutOf([{ currency, amount }], 'EUR', '2026-11-21', () => rate)?.amount;

describe('about so much', () => {
	it.each([
		['USD', '0.01', '0.5', '0.01'], ['GBP', '0.01', '0.499999999', '0.00'], ['USD', '-0.01', '0.5', '-0.01'], ['JPY', '1000', '0.006172839', '6.17'],
		['KWD', '1.001', '3.0005', '3.00'], ['CLF', '2.0001', '38.123456789', '76.25'], ['BHD', '0.002', '2.5', '0.01'],
		['CHF', '92233720368547758.07', '0.000000001', '92233720.37'], ['SEK', '92233720368547758.07', '999999999.999999999', '92233720368547757977766279.63'],
	])('%s %s at %s is %s', (currency, amount, rate, expected) => expect(one(currency, amount, rate)).toBe(expected));
	it('rounds once, not once a currency', () => {
		expect(aboutOf([{ currency: 'USD', amount: '0.01' }, { currency: 'GBP', amount: '0.01' }], 'EUR', 'd', () => '0.4')?.amount).toBe('0.01');
	});
	it('has the digits of its base', () => {
		expect(aboutOf([{ currency: 'EUR', amount: '1.00' }], 'JPY', 'd', () => '162.5')?.amount).toBe('163');
		expect(aboutOf([{ currency: 'EUR', amount: '1.00' }], 'KWD', 'd', () => '0.3456')?.amount).toBe('0.346');
	});
	it('names what has no rate, and is no zero where none has one', () => {
		const rate = (currency: string) => (currency === 'USD' ? '0.5' : null);
		expect(aboutOf([{ currency: 'USD', amount: '2.00' }, { currency: 'GBP', amount: '1.00' }, { currency: 'CHF', amount: '1.00' }], 'EUR', 'd', rate)).toEqual({ amount: '1.00', currency: 'EUR', day: 'd', missing: ['CHF', 'GBP'] });
		expect(aboutOf([{ currency: 'GBP', amount: '1.00' }], 'EUR', 'd', rate)).toEqual({ amount: null, currency: 'EUR', day: 'd', missing: ['GBP'] });
	});
	it('is not there where all is in the base', () => {
		expect(aboutOf([{ currency: 'EUR', amount: '5.00' }], 'EUR', 'd', () => '2')).toBeNull();
		expect(aboutOf([], 'EUR', 'd', () => '2')).toBeNull();
	});
});

describe('several workspaces', () => {
	const of = (workspace_id: string, base: string, rate: string): Currencies => ({ workspace_id, base, chosen: false, today: '2026-11-21', rates: [{ id: workspace_id, currency: 'USD', day: '2026-01-01', rate }] });
	const sums = [{ currency: 'USD', amount: '10.00' }];
	it('come to one where they have a base in common, each at its own rates', () => {
		expect(aboutAll([{ workspace: 'a', sums }, { workspace: 'b', sums }, { workspace: 'b', sums: [{ currency: 'EUR', amount: '1.00' }] }], [of('a', 'EUR', '0.5'), of('b', 'EUR', '0.9')])?.amount).toBe('15.00');
		expect(aboutAll([{ workspace: 'a', sums }, { workspace: 'b', sums: [{ currency: 'EUR', amount: '1.00' }] }], [of('a', 'EUR', '0.5'), of('b', 'EUR', '0.9')])?.amount).toBe('6.00');
	});
	it('do not where they have none, or one is not known', () => {
		expect(aboutAll([{ workspace: 'a', sums }, { workspace: 'b', sums }], [of('a', 'EUR', '0.5'), of('b', 'CHF', '0.9')])).toBeNull();
		expect(aboutAll([{ workspace: 'a', sums }], [])).toBeNull();
	});
});

describe('a rate', () => {
	const rates = [{ id: '3', currency: 'USD', day: '2026-12-01', rate: '0.5' }, { id: '2', currency: 'USD', day: '2026-11-10', rate: '0.8' }, { id: '1', currency: 'USD', day: '2026-10-01', rate: '0.9' }];
	it('counts from its day on until the next one', () => {
		expect(['2026-09-30', '2026-10-01', '2026-11-09', '2026-11-10', '2027-01-01'].map((day) => rateOn(rates, 'USD', day)?.rate ?? null)).toEqual([null, '0.9', '0.9', '0.8', '0.5']);
		expect(rateOn(rates, 'GBP', '2026-12-01')).toBeNull();
	});
	it('is read as people type it', () => {
		expect(['0,92', ' 1.0845 ', '12', '0.000000001'].map(readRate)).toEqual(['0.92', '1.0845', '12', '0.000000001']);
		expect(['', '0', '0,00', '-1', '1.2.3', '1e3', '1234567890', '0.0000000001', 'x'].map(readRate)).toEqual(Array(9).fill(null));
	});
});
