/* What a workspace's totals are told in, and what other currencies are worth from a day on. Converts nothing by itself. */
import { useQuery } from '@tanstack/react-query';
import type { Currencies } from '../lib/rates';
import { api, query } from './client';
import { queryClient } from './queries';

export function useCurrencies(workspace: string | null) {
	return useQuery({
		queryKey: ['currencies', workspace ?? ''],
		queryFn: async ({ signal }) => (await api<{ data: Currencies[] }>('GET', `/api/crm/currencies${query({ workspace })}`, { signal })).data,
		staleTime: 5 * 60_000, /* the stream says when one changes; the day changes by itself */
	});
}

export const currenciesChanged = () => Promise.all(['currencies', 'unrated', 'stats', 'audit'].map((name) => queryClient.invalidateQueries({ queryKey: [name] }))).then(() => undefined);
