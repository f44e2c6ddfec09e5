/* What a document comes to while it is written, to the cent as the server reckons it (services/billing/amounts.c): lines, VAT once per category and rate,
   totals. Integers by BigInt, rounded half away from zero. Must never pass an amount through a floating point number, nor reckon otherwise than the server. */

export type Category = 'standard' | 'zero' | 'exempt' | 'reverse_charge' | 'intra_community' | 'export' | 'outside';
/* in the order of proto/enums.def, in which groups stand */
export const CATEGORIES: readonly Category[] = ['standard', 'zero', 'exempt', 'reverse_charge', 'intra_community', 'export', 'outside'];

export interface Reckoned {
	kind?: string | null; quantity?: string | null; price?: string | null; per?: string | null; discount?: string | null; discount_amount?: string | null; charge_amount?: string | null;
	category?: Category | null; rate?: string | null; reason?: string | null; optional?: boolean | null; chosen?: boolean | null;
}
export interface Sum { lines: readonly Reckoned[]; mode: 'net' | 'gross'; currency: string; discount?: string | null; discount_amount?: string | null; prepaid?: string | null; rounding?: bigint }
export interface GroupSum { category: Category; rate: string; taxable: bigint; tax: bigint; reason: string | null }
export interface Totals { nets: bigint[]; lines: bigint; allowance: bigint; net: bigint; vat: bigint; gross: bigint; prepaid: bigint; payable: bigint; groups: GroupSum[] }
/* as the server names it: /lines/2/price */
export interface TotalsFault { pointer: string; code: 'required' | 'malformed' | 'too_long' | 'out_of_range' | 'negative' | 'rate_not_zero' | 'rate_required' | 'mixed_outside' }

const QUANTITY_DIGITS = 4, PRICE_DIGITS = 6, PERCENT_DIGITS = 2;
const WHOLE = 10000n;
const MOST = 1000000000000000n;
const INT64 = (1n << 63n) - 1n;

/* digits after the point where they are not two (ISO 4217) */
const DIGITS: Readonly<Record<string, number>> = { ...Object.fromEntries('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((one) => [one, 0])), ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((one) => [one, 3])), CLF: 4, UYW: 4 };
export const digitsOf = (currency: string): number => DIGITS[currency] ?? 2;

class Refused extends Error {
	constructor(readonly fault: TotalsFault) { super(fault.code); }
}
const refuse = (pointer: string, code: TotalsFault['code']): never => { throw new Refused({ pointer, code }); };

const abs = (n: bigint): bigint => (n < 0n ? -n : n);
/* n / d, half away from zero; d > 0 */
function divide(n: bigint, d: bigint): bigint {
	const whole = n / d, left = abs(n % d);
	return left >= d - left ? whole + (n < 0n ? -1n : 1n) : whole;
}
const power = (n: number): bigint => 10n ** BigInt(n);

/* minor units as exact decimal text, and as people write an amount of this currency */
export function decimalOf(value: bigint, digits: number): string {
	const text = abs(value).toString().padStart(digits + 1, '0');
	return `${value < 0n ? '-' : ''}${digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text}`;
}
export const moneyOf = (value: bigint, currency: string): { amount: string; currency: string } => ({ amount: decimalOf(value, digitsOf(currency)), currency });
const plainDecimal = (value: bigint, digits: number): string => decimalOf(value, digits).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');

function figure(pointer: string, text: string | null | undefined, digits: number, absent: bigint, mayBeNegative = false): bigint {
	if (!text)
		return absent;
	const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
	if (!found)
		return refuse(pointer, 'malformed');
	const after = found[3] ?? '';
	if (after.length > digits)
		return refuse(pointer, 'too_long');
	const size = BigInt((found[2] ?? '') + after.padEnd(digits, '0'));
	if (size > INT64)
		return refuse(pointer, 'out_of_range');
	const value = found[1] ? -size : size;
	return value < 0n && !mayBeNegative ? refuse(pointer, 'negative') : value;
}

const bounded = (pointer: string, value: bigint, most: bigint): bigint => (abs(value) > most ? refuse(pointer, 'out_of_range') : value);
const percent = (pointer: string, text: string | null | undefined): bigint => bounded(pointer, figure(pointer, text, PERCENT_DIGITS, 0n), WHOLE);
const amount = (pointer: string, text: string | null | undefined, digits: number): bigint => bounded(pointer, figure(pointer, text, digits, 0n), MOST);

function rateOf(at: string, line: Reckoned): bigint {
	const rate = percent(`${at}/rate`, line.rate);
	const standard = (line.category ?? 'standard') === 'standard';
	if (standard && !rate)
		return refuse(`${at}/rate`, 'rate_required');
	return !standard && rate ? refuse(`${at}/rate`, 'rate_not_zero') : rate;
}

function productOf(at: string, line: Reckoned, digits: number): bigint {
	const one = power(QUANTITY_DIGITS);
	const quantity = figure(`${at}/quantity`, line.quantity, QUANTITY_DIGITS, one, true);
	const price = line.price ? figure(`${at}/price`, line.price, PRICE_DIGITS, 0n) : null;
	const per = figure(`${at}/per`, line.per, QUANTITY_DIGITS, one);
	if (price === null)
		return refuse(`${at}/price`, 'required');
	if (!per)
		return refuse(`${at}/per`, 'out_of_range');
	return bounded(`${at}/price`, divide(quantity * price * power(digits), per * power(PRICE_DIGITS)), MOST);
}

function lineOf(at: string, line: Reckoned, digits: number): { net: bigint; rate: bigint } {
	const whole = productOf(at, line, digits);
	const off = percent(`${at}/discount`, line.discount);
	const less = amount(`${at}/discount_amount`, line.discount_amount, digits);
	const more = amount(`${at}/charge_amount`, line.charge_amount, digits);
	const rate = rateOf(at, line);
	return { net: bounded(`${at}/price`, whole + more - less - divide(whole * off, WHOLE), MOST), rate };
}

/* a price without VAT as one with it, and back: as fine as prices may be, to the cent where that is exact enough to be shown */
export function priceWith(price: string, rate: string, way: 'gross' | 'net'): string {
	const found = /^\d+(?:\.\d{1,6})?$/.test(price), share = /^\d+(?:\.\d{1,2})?$/.test(rate);
	if (!found || !share)
		return price;
	const units = figure('', price, PRICE_DIGITS, 0n), part = WHOLE + figure('', rate, PERCENT_DIGITS, 0n);
	return plainDecimal(way === 'gross' ? divide(units * part, WHOLE) : divide(units * WHOLE, part), PRICE_DIGITS);
}

export const isItem = (line: Pick<Reckoned, 'kind'>): boolean => !line.kind || line.kind === 'item';
export const counts = (line: Reckoned): boolean => isItem(line) && (!line.optional || line.chosen !== false);

/* ---- groups ---- */

interface Share { category: Category; rate: bigint; lines: bigint; off: bigint; reason: string | null }

function readLines({ lines, currency }: Sum): { nets: bigint[]; shares: Share[] } {
	const digits = digitsOf(currency);
	const shares: Share[] = [];
	let outside = false, inside = false;
	const nets = lines.map((line, at) => {
		if (!isItem(line))
			return 0n;
		const { net, rate } = lineOf(`/lines/${at}`, line, digits);
		const category = line.category ?? 'standard';
		/* what is not chosen today may be tomorrow: it is held to the same rules */
		outside ||= category === 'outside';
		inside ||= category !== 'outside';
		if (outside && inside)
			return refuse(`/lines/${at}/category`, 'mixed_outside');
		if (!counts(line))
			return 0n;
		let share = shares.find((one) => one.category === category && one.rate === rate);
		if (!share)
			shares.push(share = { category, rate, lines: 0n, off: 0n, reason: null });
		share.lines += net;
		if (!share.reason && category !== 'standard' && line.reason)
			share.reason = line.reason;
		return net;
	});
	shares.sort((a, b) => CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category) || (a.rate > b.rate ? -1 : a.rate < b.rate ? 1 : 0));
	return { nets, shares };
}

/* lines of the way the whole goes; the others carry nothing of its discount */
const weight = (share: Share, falls: boolean): bigint => falls ? (share.lines < 0n ? -share.lines : 0n) : share.lines > 0n ? share.lines : 0n;

/* whole minor units in proportion, what is left one by one to those that were cut by most; of equals to the first */
function spread(shares: Share[], off: bigint, falls: boolean): void {
	const all = shares.reduce((sum, one) => sum + weight(one, falls), 0n);
	const first = shares[0];
	if (!first)
		return;
	if (!all) {
		first.off = off;
		return;
	}
	const step = off < 0n ? -1n : 1n;
	let left = off;
	for (const one of shares) {
		one.off = off * weight(one, falls) / all;
		left -= one.off;
	}
	for (; left; left -= step) {
		let to = first, cut = -1n;
		for (const one of shares) {
			const here = (off * weight(one, falls) - one.off * all) * step;
			if (here > cut) {
				cut = here;
				to = one;
			}
		}
		to.off += step;
	}
}

function giveOff(sum: Sum, shares: Share[]): void {
	const part = percent('/discount', sum.discount);
	const less = amount('/discount_amount', sum.discount_amount, digitsOf(sum.currency));
	const all = bounded('/lines', shares.reduce((total, one) => total + bounded('/lines', one.lines, MOST), 0n), MOST);
	spread(shares, bounded('/discount_amount', divide(all * part, WHOLE) + less, MOST), all < 0n);
}

/* VAT in a gross amount; rate in hundredths of a per cent */
const within = (gross: bigint, rate: bigint): bigint => divide(gross * rate, WHOLE + rate);

function reckon(sum: Sum): Totals {
	const { nets, shares } = readLines(sum);
	giveOff(sum, shares);
	const prepaid = amount('/prepaid', sum.prepaid, digitsOf(sum.currency));
	const ret: Totals = { nets, lines: 0n, allowance: 0n, net: 0n, vat: 0n, gross: 0n, prepaid, payable: 0n, groups: [] };
	for (const one of shares) {
		const gross = one.lines - one.off;
		const tax = sum.mode === 'gross' ? within(gross, one.rate) : divide(gross * one.rate, WHOLE);
		const lines = sum.mode === 'gross' ? one.lines - within(one.lines, one.rate) : one.lines;
		const taxable = sum.mode === 'gross' ? gross - tax : gross;
		ret.groups.push({ category: one.category, rate: plainDecimal(one.rate, PERCENT_DIGITS), taxable, tax, reason: one.reason });
		ret.lines += lines;
		ret.allowance += lines - taxable;
		ret.net += taxable;
		ret.vat += tax;
	}
	ret.gross = bounded('/lines', ret.net + ret.vat, MOST);
	ret.payable = bounded('/lines', ret.gross - prepaid + (sum.rounding ?? 0n), MOST);
	return ret;
}

export function totalsOf(sum: Sum): Totals | TotalsFault {
	try {
		return reckon(sum);
	} catch (fault) {
		if (fault instanceof Refused)
			return fault.fault;
		throw fault;
	}
}
export const isFault = (said: Totals | TotalsFault): said is TotalsFault => 'pointer' in said;
