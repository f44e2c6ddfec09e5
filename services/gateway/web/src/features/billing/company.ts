/* Who a workspace is on paper, as the pages read it. */
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
