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

/* What a person types in a field: "1.815,00", "1,815.00", "1815" or "€ 1815,5"; null when it is no amount. */
export function readAmount(typed: string): string | null {
	let value = typed.replace(/[\s\u00a0\u202f€$£]/g, '');
	const comma = value.lastIndexOf(',');
	const point = value.lastIndexOf('.');
	if (comma >= 0 && point >= 0)
		value = comma > point ? value.replaceAll('.', '').replace(',', '.') : value.replaceAll(',', '');
	else if (comma >= 0)
		value = /,\d{3}$/.test(value) && value.length > 4 && !/^0/.test(value) ? value.replaceAll(',', '') : value.replace(',', '.');
	else if (/^\d{1,3}(\.\d{3})+$/.test(value))
		value = value.replaceAll('.', '');
	return /^\d{1,15}(\.\d{1,2})?$/.test(value) ? addAmounts(value, '0.00') : null;
}

/* the workspace's own currency first, then by name, so that columns compare */
export function orderSums(sums: readonly Money[], first: string): Money[] {
	const rank = (sum: Money) => sum.currency === first ? '' : sum.currency;
	return [...sums].sort((a, b) => rank(a) < rank(b) ? -1 : 1);
}
