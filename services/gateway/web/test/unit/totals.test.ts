/* What a document comes to: examples reckoned by hand, every fault with its place, and that sums hold for many random documents. */
import { describe, expect, it } from 'vitest';
import { isFault, moneyOf, type Reckoned, type Sum, totalsOf, type Totals } from '../../src/lib/totals';

const sum = (lines: Reckoned[], more: Partial<Sum> = {}): Totals => {
	const said = totalsOf({ lines, mode: 'net', currency: 'EUR', ...more });
	if (isFault(said))
		throw new Error(`${said.pointer} ${said.code}`);
	return said;
};
const fault = (lines: Reckoned[], more: Partial<Sum> = {}) => {
	const said = totalsOf({ lines, mode: 'net', currency: 'EUR', ...more });
	return isFault(said) ? `${said.pointer} ${said.code}` : 'none';
};
const item = (price: string, more: Partial<Reckoned> = {}): Reckoned => ({ price, rate: '21', ...more });

describe('what a document comes to', () => {
	it('is 1.815,00 for one line of 1.500,00 at 21 %', () => {
		const said = sum([item('1500.00')]);
		expect([said.net, said.vat, said.gross, said.payable]).toEqual([150000n, 31500n, 181500n, 181500n]);
		expect(moneyOf(said.gross, 'EUR')).toEqual({ amount: '1815.00', currency: 'EUR' });
	});
	it('reckons VAT once a rate, not once a line', () => {
		/* of nine cents: two, and not one of each three */
		const said = sum([item('0.03'), item('0.03'), item('0.03')]);
		expect([said.vat, said.groups.length]).toEqual([2n, 1]);
	});
	it('rounds half away from zero, also below it', () => {
		expect(sum([item('0.5', { quantity: '0.01', rate: '21' })]).nets).toEqual([1n]);
		expect(sum([item('0.5', { quantity: '-0.01' })]).nets).toEqual([-1n]);
		expect(sum([item('0.50', { rate: '9' })]).vat).toBe(5n); /* 4,5 cents */
	});
	it('shows groups by category, then by rate falling', () => {
		const said = sum([item('10', { rate: '9' }), { price: '10', category: 'exempt', rate: '0' }, item('10'), { price: '5', category: 'zero' }]);
		expect(said.groups.map((one) => `${one.category} ${one.rate} ${one.taxable} ${one.tax}`)).toEqual(['standard 21 1000 210', 'standard 9 1000 90', 'zero 0 500 0', 'exempt 0 1000 0']);
	});
	it('takes discounts of a line and of the whole off', () => {
		const said = sum([item('100', { discount: '10', discount_amount: '5' }), item('15', { rate: '9' })], { discount: '10' });
		expect(said.nets).toEqual([8500n, 1500n]);
		expect([said.allowance, said.net, said.groups.map((one) => one.taxable)]).toEqual([1000n, 9000n, [7650n, 1350n]]);
	});
	it('keeps prices with VAT in them whole', () => {
		const said = sum([item('1815.00')], { mode: 'gross' });
		expect([said.net, said.vat, said.gross]).toEqual([150000n, 31500n, 181500n]);
		expect(sum([item('9.99', { rate: '21' })], { mode: 'gross' }).gross).toBe(999n);
	});
	it('counts no line that the customer left out, nor headings and texts', () => {
		const said = sum([item('10'), item('20', { optional: true, chosen: false }), item('30', { optional: true }), { kind: 'section' }, { kind: 'text' }]);
		expect([said.nets, said.net]).toEqual([[1000n, 0n, 3000n, 0n, 0n], 4000n]);
	});
	it('knows currencies of other digits, quantities and prices as fine as they may be', () => {
		expect(sum([item('1500')], { currency: 'JPY' }).gross).toBe(1815n);
		expect(sum([item('1.234567', { quantity: '1000.0001' })]).nets).toEqual([123457n]);
		expect(sum([item('12', { quantity: '5', per: '12' })]).nets).toEqual([500n]);
	});
	it('takes what was paid before off what is to be paid', () => expect(sum([item('100')], { prepaid: '21.00' }).payable).toBe(10000n));
	it('comes to nothing without lines, whatever its discount', () => expect(sum([], { discount_amount: '5' }).payable).toBe(0n));
});

describe('what is wrong has its place', () => {
	it.each([
		[[item('')], '/lines/0/price required'], [[item('1,5')], '/lines/0/price malformed'], [[item('-1')], '/lines/0/price negative'], [[item('1.2345678')], '/lines/0/price too_long'],
		[[item('1'), item('1', { quantity: '1.23456' })], '/lines/1/quantity too_long'], [[item('1', { per: '0' })], '/lines/0/per out_of_range'], [[item('1', { discount: '100.01' })], '/lines/0/discount out_of_range'],
		[[{ price: '1' }], '/lines/0/rate rate_required'], [[{ price: '1', category: 'export', rate: '21' }], '/lines/0/rate rate_not_zero'], [[item('9999999999999', { quantity: '100' })], '/lines/0/price out_of_range'],
		[[item('1'), { price: '1', category: 'outside' }], '/lines/1/category mixed_outside'],
	] as Array<[Reckoned[], string]>)('%j', (lines, said) => expect(fault(lines)).toBe(said));
	it('of the whole too', () => {
		expect(fault([item('1')], { discount: '101' })).toBe('/discount out_of_range');
		expect(fault([item('1')], { discount_amount: 'x' })).toBe('/discount_amount malformed');
		expect(fault([item('1')], { prepaid: '1.234' })).toBe('/prepaid too_long');
	});
});

describe('many random documents', () => {
	let seed = 20261123;
	const random = (to: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % to;
	it('have parts that make up their sums', () => {
		for (let run = 0; run < 3000; run++) {
			const mode = random(2) ? 'net' as const : 'gross' as const;
			const lines = Array.from({ length: 1 + random(6) }, (): Reckoned => {
				const rate = ['21', '9', '0'][random(3)] as string;
				return { price: `${random(90000)}.${String(random(100)).padStart(2, '0')}`, quantity: `${random(4) ? '' : '-'}${1 + random(50)}.${random(10)}`, rate, category: rate === '0' ? 'zero' : 'standard', discount: String(random(101)) };
			});
			const said = sum(lines, { mode, discount: String(random(60)), discount_amount: `${random(50)}.${random(10)}` });
			expect(said.groups.reduce((all, one) => all + one.taxable, 0n)).toBe(said.net);
			expect(said.lines - said.allowance).toBe(said.net);
			expect(said.net + said.vat).toBe(said.gross);
			for (const one of said.groups) {
				/* VAT is the nearest cent to its rate of what it is on; in gross prices the two together are whole, and each the nearest */
				const rate = BigInt(one.rate) * 100n;
				const away = mode === 'net' ? one.tax * 10000n - one.taxable * rate : one.tax * (10000n + rate) - (one.taxable + one.tax) * rate;
				expect(2n * (away < 0n ? -away : away) <= (mode === 'net' ? 10000n : 10000n + rate)).toBe(true);
			}
		}
	});
});
