/* Who a workspace is on paper, as the pages read it; and whether what somebody types as a number of the chamber of commerce, a VAT number, an account
   or a bank can be one. A check here spares a round trip: the server has the last word. */
import { useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';

export const COMPANY_TEXTS = ['name', 'street', 'street2', 'postcode', 'city', 'country', 'email', 'phone', 'website', 'kvk', 'oin', 'vat_id', 'endpoint', 'iban', 'bic', 'colour',
	'terms_nl', 'terms_en', 'quote_terms_nl', 'quote_terms_en', 'footer_nl', 'footer_en'] as const;
export const COMPANY_DAYS = ['due_days', 'quote_days', 'remind_first', 'remind_second', 'remind_third'] as const;
export type CompanyText = (typeof COMPANY_TEXTS)[number];
export type CompanyDays = (typeof COMPANY_DAYS)[number];

export interface Company extends Record<CompanyText, string | null>, Record<CompanyDays, number> {
	version: number;
	/* its hash; the picture is at `logoOf` */
	logo: string | null;
	kor: boolean;
	remind_auto: boolean;
	price_mode: 'net' | 'gross';
	deal_value: 'net' | 'gross' | 'leave';
}

export const companyKey = (workspace: string | null) => ['company', workspace ?? ''] as const;
export const companyChanged = () => queryClient.invalidateQueries({ queryKey: ['company'] });

export function useCompany(workspace: string | null) {
	return useQuery({
		queryKey: companyKey(workspace),
		queryFn: ({ signal }) => api<Company>('GET', `/api/crm/company${query({ workspace })}`, { signal }),
		staleTime: 5 * 60_000, /* the stream says when it is another */
	});
}

/* its hash in the address lets a browser keep it for good */
export const logoOf = (workspace: string, company: Pick<Company, 'logo'>): string | null => (company.logo ? `/api/crm/company/logo${query({ workspace, version: company.logo })}` : null);

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

/* a Dutch one is of a company, by the elevens test of its nine digits, or of somebody on their own, by ninety-seven */
export function vatGood(typed: string): boolean {
	const vat = bare(typed);
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
