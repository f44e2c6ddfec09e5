/* Exact arithmetic on decimal strings, by BigInt over a common scale.
   Never passes an amount through a floating-point number. */
import type { Money } from '../api/types';

interface Scaled { units: bigint; scale: number }

function parse(amount: string): Scaled {
	const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount.trim());
	if (!found)
		return { units: 0n, scale: 0 };
	const fraction = found[3] ?? '';
	const units = BigInt((found[2] ?? '0') + fraction);
	return { units: found[1] ? -units : units, scale: fraction.length };
}

function print({ units, scale }: Scaled): string {
	const sign = units < 0n ? '-' : '';
	const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
	return scale ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` : sign + digits;
}

export function addAmounts(a: string, b: string, sign: 1 | -1 = 1): string {
	const left = parse(a);
	const right = parse(b);
	const scale = Math.max(left.scale, right.scale);
	const lift = (value: Scaled) => value.units * 10n ** BigInt(scale - value.scale);
	return print({ units: lift(left) + BigInt(sign) * lift(right), scale });
}

/* percent of an amount, rounded half away from zero at the amount's own scale */
export function percentOf(amount: string, percent: number): string {
	const { units, scale } = parse(amount);
	const scaled = units * BigInt(Math.round(percent));
	const half = scaled < 0n ? -50n : 50n;
	return print({ units: (scaled + half) / 100n, scale });
}

export function isZero(amount: string): boolean {
	return parse(amount).units === 0n;
}

export function addToSums(sums: readonly Money[], money: Money | null, sign: 1 | -1): Money[] {
	if (!money)
		return [...sums];
	let met = false;
	const out = sums.map((sum) => {
		if (sum.currency !== money.currency)
			return sum;
		met = true;
		return { currency: sum.currency, amount: addAmounts(sum.amount, money.amount, sign) };
	});
	if (!met)
		out.push({ currency: money.currency, amount: addAmounts('0', money.amount, sign) });
	return out.filter((sum) => !isZero(sum.amount));
}

export function mergeSums(lists: ReadonlyArray<readonly Money[]>): Money[] {
	return lists.flat().reduce<Money[]>((all, money) => addToSums(all, money, 1), []);
}

/* Digits with a point where people write thousands and fractions their own ways: 1.000 and 1,000 are a thousand, 2,5 and 1.25 are not. */
function plainNumber(typed: string): string {
	const value = typed.replace(/[\s\u00a0\u202f€$£]/g, '');
	const comma = value.lastIndexOf(',');
	const point = value.lastIndexOf('.');
	/* thousands stand in threes: 1.5,00 is a slip of the hand, no fifteen */
	if (comma >= 0 && point >= 0 && !/^\d{1,3}(\.\d{3})+,\d*$|^\d{1,3}(,\d{3})+\.\d*$/.test(value))
		return '';
	if (comma >= 0 && point >= 0)
		return comma > point ? value.replaceAll('.', '').replace(',', '.') : value.replaceAll(',', '');
	if (comma >= 0)
		return /^[1-9]\d{0,2}(,\d{3})+$/.test(value) ? value.replaceAll(',', '') : value.replace(',', '.');
	return /^\d{1,3}(\.\d{3})+$/.test(value) ? value.replaceAll('.', '') : value;
}

/* What a person types in a field: "1.815,00", "1,815.00", "1815" or "€ 1815,5"; null when it is no amount. */
export function readAmount(typed: string): string | null {
	const value = plainNumber(typed);
	return /^\d{1,15}(\.\d{1,2})?$/.test(value) ? addAmounts(value, '0.00') : null;
}

/* The same of a number that is no money: it may be less than nothing, and have any fraction; null when it is none. */
export function readNumber(typed: string): string | null {
	const value = typed.trim();
	const size = value.replace(/^-\s*/, '');
	const plain = /^0[.,]/.test(size) ? size.replace(',', '.') : plainNumber(size);
	return /^\d{1,18}(\.\d{1,18})?$/.test(plain) ? `${value.startsWith('-') ? '-' : ''}${plain}` : null;
}

/* A number as its field shows it, so that it is read again as what it is: three digits behind a point alone would be thousands. `written`: as the reader's
   language writes it. */
export function typedNumber(value: string, written: (value: string) => string): string {
	return /^-?[1-9]\d{0,2}\.\d{3}0*$/.test(value) && !/\.\d\d?0+$/.test(value) ? `${written(value)}0` : written(value);
}

/* the workspace's own currency first, then by name, so that columns compare */
export function orderSums(sums: readonly Money[], first: string): Money[] {
	const rank = (sum: Money) => sum.currency === first ? '' : sum.currency;
	return [...sums].sort((a, b) => rank(a) < rank(b) ? -1 : 1);
}

/* digits after the point where they are not two (ISO 4217), as the server has them */
const DIGITS = new Map<string, number>([
	...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((one) => [one, 0] as const),
	...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((one) => [one, 3] as const),
	['CLF', 4], ['UYW', 4],
]);

/* totals in several currencies as one; null: none of them had a rate. `day` null: each at the rate of its own */
export interface About { amount: string | null; currency: string; day: string | null; missing: string[] }

/* Each sum times its rate, added exactly, rounded once and half away from zero: what the server's `about` says of the same sums. Null: all is in the base. */
export function aboutOf(sums: readonly Money[], base: string, day: string, rateOf: (currency: string) => string | null): About | null {
	if (sums.every((sum) => sum.currency === base))
		return null;
	let exact: Scaled | null = null;
	const missing: string[] = [];
	for (const sum of sums) {
		const rate = sum.currency === base ? '1' : rateOf(sum.currency);
		if (rate === null) {
			missing.push(sum.currency);
			continue;
		}
		const [amount, times] = [parse(sum.amount), parse(rate)];
		const part = { units: amount.units * times.units, scale: amount.scale + times.scale };
		exact = exact ? parse(addAmounts(print(exact), print(part))) : part;
	}
	return { amount: exact && rounded(exact, DIGITS.get(base) ?? 2), currency: base, day, missing: missing.sort() };
}

function rounded({ units, scale }: Scaled, digits: number): string {
	if (scale <= digits)
		return print({ units: units * 10n ** BigInt(digits - scale), scale: digits });
	const part = 10n ** BigInt(scale - digits);
	const half = units < 0n ? -part / 2n : part / 2n;
	return print({ units: (units + half) / part, scale: digits });
}

/* what a person types as a rate: 0.92 or 0,92; null when it is none */
export function readRate(typed: string): string | null {
	const value = typed.trim().replace(',', '.');
	return /^\d{1,9}(\.\d{1,9})?$/.test(value) && !isZero(value) ? value : null;
}
