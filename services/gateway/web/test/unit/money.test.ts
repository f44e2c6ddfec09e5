/* Periods as bookkeepers name them, numbers as series make them, and what can be an account, a bank, a VAT number. */
import { expect, test } from 'vitest';
import { bankOf, bicGood, ibanGood, ibanShown, kvkGood, priceOn, vatGood } from '../../src/features/billing/checks';
import { numberOf, seriesWrong } from '../../src/features/money/numbers';
import { monthOf, nextMonth, periodOf } from '../../src/features/money/periods';

test('a period has both its days', () => {
	expect(periodOf('year', '2026-11-23')).toEqual({ from: '2026-01-01', to: '2026-12-31' });
	expect(periodOf('last_year', '2026-11-23')).toEqual({ from: '2025-01-01', to: '2025-12-31' });
	expect(periodOf('quarter', '2026-11-23')).toEqual({ from: '2026-10-01', to: '2026-12-31' });
	expect(periodOf('last_quarter', '2026-11-23')).toEqual({ from: '2026-07-01', to: '2026-09-30' });
	expect(periodOf('last_quarter', '2026-02-01')).toEqual({ from: '2025-10-01', to: '2025-12-31' });
	expect(periodOf('quarter', '2026-04-30')).toEqual({ from: '2026-04-01', to: '2026-06-30' });
});

test('a month has its last day', () => {
	expect(monthOf('2026-11')).toEqual({ from: '2026-11-01', to: '2026-11-30' });
	expect(monthOf('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
	expect(monthOf('2026-12')).toEqual({ from: '2026-12-01', to: '2026-12-31' });
});

test('a month later is the same day, or the last there is', () => {
	expect(['2026-01-31', '2028-01-31', '2026-12-15', '2026-11-23', '2026-10-31'].map(nextMonth)).toEqual(['2026-02-28', '2028-02-29', '2027-01-15', '2026-12-23', '2026-11-30']);
});

test('a number is made of its pattern, and a wrong pattern says why', () => {
	expect(numberOf('OFF-{year}-{seq}', 3, '2026-11-23', 1)).toBe('OFF-2026-001');
	expect(numberOf('{year}{month}/{seq}', 2, '2026-01-05', 1234)).toBe('202601/1234');
	const good = { format: 'INV-{year}-{seq}', digits: '3', next: '1', yearly: true };
	expect(seriesWrong(good)).toEqual({});
	expect(seriesWrong({ ...good, format: 'INV-{year}' }).format).toBe('series.seq_once');
	expect(seriesWrong({ ...good, format: 'INV-{seq}' }).format).toBe('series.year_wanted');
	expect(seriesWrong({ ...good, format: 'INV-{seq}', yearly: false })).toEqual({});
	expect(seriesWrong({ ...good, format: '{year}-{week}-{seq}' }).format).toBe('series.other_mark');
	expect([seriesWrong({ ...good, digits: '0' }).digits, seriesWrong({ ...good, next: '0' }).next]).toEqual(['series.digits_wrong', 'series.next_wrong']);
});

test('a wrong digit is seen', () => {
	expect(['NL91 ABNA 0417 1643 00', 'nl91abna0417164300', 'BE68539007547034', 'DE89370400440532013000'].map(ibanGood)).toEqual([true, true, true, true]);
	expect(['NL91ABNA0417164301', 'NL19ABNA0417164300', 'NL91ABNA041716430', '', 'XX'].map(ibanGood)).toEqual([false, false, false, false, false]);
	expect(ibanShown('NL91ABNA0417164300')).toBe('NL91 ABNA 0417 1643 00');
	expect([bankOf('NL91ABNA0417164300'), bankOf('BE68539007547034'), bankOf('NL91')]).toEqual(['ABNANL2A', null, null]);
	expect(['RABONL2U', 'DEUTDEFF500', 'RABO', 'RABONL2U1'].map(bicGood)).toEqual([true, true, false, false]);
	expect([kvkGood('12345678', 'NL'), kvkGood('1234567', 'NL'), kvkGood('0403.170.701', 'BE')]).toEqual([true, false, true]);
	expect(['NL123456782B90', 'NL 1234.56.782.B90', 'BE0403170701', 'NL123456789B01', 'NL123456782', 'NL', '12'].map((typed) => vatGood(typed))).toEqual([true, true, true, false, false, false, false]);
	expect([vatGood('GB 123 4567 89', 'GB'), vatGood('geen', 'GB'), vatGood('GB123456789', 'BE') === vatGood('12', 'BE')]).toEqual([true, false, false]);
});

test('what it costs is the price of the latest day that has come', () => {
	const prices = [{ price: '10' }, { day: '2026-01-01', price: '12' }, { day: '2027-01-01', price: '15' }];
	expect(['2025-12-31', '2026-01-01', '2026-12-31', '2027-06-01'].map((day) => priceOn(prices, day)?.price)).toEqual(['10', '12', '12', '15']);
	expect(priceOn([{ day: '2030-01-01', price: '1' }], '2026-01-01')).toBe(null);
});
