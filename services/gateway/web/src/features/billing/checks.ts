/* Whether what somebody types as a number of the chamber of commerce, a VAT number, an account or a bank can be one; and what an item costs on a day. Pure.
   A check here spares a round trip: the server has the last word. */
import type { CatalogPrice } from './items';

const bare = (typed: string): string => typed.replace(/[\s.\-\u00a0]/g, '').toUpperCase();

/* the rest of a long number by 97, letters as two digits: ISO 7064 */
function mod97(text: string): number {
	let rest = 0;
	for (const letter of text)
		for (const digit of /\d/.test(letter) ? letter : String(letter.charCodeAt(0) - 55))
			rest = (rest * 10 + Number(digit)) % 97;
	return rest;
}

export function ibanGood(typed: string): boolean {
	const iban = bare(typed);
	return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban) && (!iban.startsWith('NL') || /^NL\d{2}[A-Z]{4}\d{10}$/.test(iban)) && mod97(iban.slice(4) + iban.slice(0, 4)) === 1;
}

/* as banks print it: in fours */
export const ibanShown = (iban: string): string => bare(iban).replace(/(.{4})(?=.)/g, '$1 ');

export const bicGood = (typed: string): boolean => /^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(bare(typed));

export const kvkGood = (typed: string, country: string): boolean => (country === 'NL' ? /^\d{8}$/.test(bare(typed)) : bare(typed).length >= 3);

const UNION = 'AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI';

/* of the Union one by its country's letters; elsewhere whatever a tax number is there. A Dutch one is of a company, by the elevens test of its nine digits, or of somebody on their own, by ninety-seven */
export function vatGood(typed: string, country = 'NL'): boolean {
	const vat = bare(typed);
	if (!UNION.split(' ').includes(country))
		return vat.length >= 3 && vat.length <= 30 && /\d/.test(vat);
	if (!vat.startsWith('NL'))
		return /^[A-Z]{2}[A-Z0-9]{2,13}$/.test(vat) && /\d/.test(vat);
	if (!/^NL\d{9}B\d{2}$/.test(vat))
		return false;
	const digits = [...vat.slice(2, 11)].map(Number);
	const eleven = digits.slice(0, 8).reduce((sum, digit, at) => sum + digit * (9 - at), 0) % 11;
	return eleven === digits[8] || mod97(vat) === 1;
}

export const plainNumber = bare;

/* of which bank a Dutch account is */
const BANKS: Readonly<Record<string, string>> = { ABNA: 'ABNANL2A', ASNB: 'ASNBNL21', BUNQ: 'BUNQNL2A', FVLB: 'FVLBNL22', HAND: 'HANDNL2A', INGB: 'INGBNL2A', KNAB: 'KNABNL2H', RABO: 'RABONL2U', RBRB: 'RBRBNL21', REVO: 'REVONL22', SNSB: 'SNSBNL2A', TRIO: 'TRIONL2U' };
export const bankOf = (iban: string): string | null => (ibanGood(iban) && bare(iban).startsWith('NL') ? BANKS[bare(iban).slice(4, 8)] ?? null : null);

/* what it costs on a day: the latest price that begins on it or before; one without a day is since ever */
export function priceOn(prices: readonly CatalogPrice[], day: string): CatalogPrice | null {
	let found: CatalogPrice | null = null;
	for (const price of prices)
		if ((price.day ?? '') <= day && (!found || (price.day ?? '') >= (found.day ?? '')))
			found = price;
	return found;
}
