/* Money and dates as Dutch and English write them, and exact sums. */
import { describe, expect, it } from 'vitest';
import { daysSince, firstName, formats, hueOf, initials } from '../../src/lib/format';
import { addAmounts, addToSums, mergeSums, orderSums, percentOf, readAmount } from '../../src/lib/money';

const nl = formats('nl', 'Europe/Amsterdam');
const en = formats('en', 'Europe/Amsterdam');
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
	it('is written as the language writes it', () => {
		expect(plain(nl.money({ amount: '1815.00', currency: 'EUR' }))).toBe('€ 1.815,00');
		expect(plain(en.money({ amount: '1815.00', currency: 'EUR' }))).toBe('€1,815.00');
		expect(plain(nl.money({ amount: '-3.5', currency: 'EUR' }))).toBe('€ -3,50');
	});
	it('keeps every digit of an amount no float can hold', () => {
		expect(plain(nl.money({ amount: '90071992547409931.23', currency: 'EUR' }))).toBe('€ 90.071.992.547.409.931,23');
		expect(addAmounts('90071992547409931.23', '0.01')).toBe('90071992547409931.24');
	});
	it('adds and subtracts at the finer scale', () => {
		expect(addAmounts('0.1', '0.20')).toBe('0.30');
		expect(addAmounts('1.00', '2.50', -1)).toBe('-1.50');
		expect(addAmounts('5', '5', -1)).toBe('0');
	});
	it('keeps currencies apart', () => {
		const sums = addToSums([{ currency: 'EUR', amount: '10.00' }], { currency: 'USD', amount: '5.00' }, 1);
		expect(sums).toEqual([{ currency: 'EUR', amount: '10.00' }, { currency: 'USD', amount: '5.00' }]);
		expect(addToSums(sums, { currency: 'EUR', amount: '10.00' }, -1)).toEqual([{ currency: 'USD', amount: '5.00' }]);
		expect(mergeSums([sums, [{ currency: 'USD', amount: '1.00' }]])).toEqual([{ currency: 'EUR', amount: '10.00' }, { currency: 'USD', amount: '6.00' }]);
		expect(orderSums([{ currency: 'AUD', amount: '1' }, { currency: 'EUR', amount: '1' }], 'EUR')[0]?.currency).toBe('EUR');
	});
	it('weighs by percent, rounding half away from zero', () => {
		expect(percentOf('10.05', 10)).toBe('1.01');
		expect(percentOf('-10.05', 10)).toBe('-1.01');
		expect(percentOf('100', 100)).toBe('100');
	});
	it.each([['1815', '1815.00'], ['1.815,00', '1815.00'], ['1,815.00', '1815.00'], ['€ 1815,5', '1815.50'], ['1.815', '1815.00'], ['12,5', '12.50'], ['0,99', '0.99'], ['1,815', '1815.00'], ['1.234.567,89', '1234567.89'], ['1,234,567', '1234567.00']])
		('reads %s as %s', (typed, amount) => expect(readAmount(typed)).toBe(amount));
	it.each(['', 'abc', '1.2.3', '-5', '12,345.6.7', '1.234,567', '1.5,00', '1,5.00', '12,3456,789', '1234.567,89'])('refuses %s', (typed) => expect(readAmount(typed)).toBeNull());
});

describe('dates', () => {
	it('are written as the language writes them, in the workspace\'s zone', () => {
		expect(nl.date('2026-11-21T23:30:00.123456Z')).toBe('22-11-2026');
		expect(nl.date('2026-11-21')).toBe('21-11-2026');
		expect(en.date('2026-11-21')).toBe('21 Nov 2026');
		expect(nl.time('2026-11-21T09:05:00Z')).toBe('10:05');
		expect(nl.dayKey('2026-11-21T23:30:00Z')).toBe('2026-11-22');
	});
	it('count whole days', () => expect(daysSince('2026-11-19T10:00:00Z', Date.parse('2026-11-21T09:59:00Z'))).toBe(1));
});

describe('names', () => {
	it('give initials, a first name and a steady hue', () => {
		expect(initials('Piet de Vries')).toBe('PV');
		expect(initials('Cher')).toBe('C');
		expect(firstName('Daan Bakker')).toBe('Daan');
		expect(hueOf('Daan')).toBe(hueOf('Daan'));
	});
});

describe('the money of a column', () => {
	it('gives cents and then digits up before room', () => {
		const tight = (amount: string, several = false) => formats('en', 'UTC').moneyTight({ amount, currency: 'EUR' }, several);
		expect([tight('3500.50'), tight('38309.00'), tight('169752.00'), tight('38309.00', true), tight('-1234567.00')]).toEqual(['€3,500.50', '€38,309', '€169.8k', '€38.3k', '-€1.2m']);
	});
});
