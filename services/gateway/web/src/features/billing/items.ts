/* What a workspace sells, as the pages read it: names in two languages, prices from a day on. A price is text from end to end. */
import { useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id, Language } from '../../api/types';

export const UNITS = ['piece', 'hour', 'day', 'month', 'kilogram', 'metre', 'square_metre', 'litre', 'kilometre'] as const;
export type Unit = (typeof UNITS)[number];
export const TAXES = ['standard', 'zero', 'exempt', 'reverse_charge', 'intra_community', 'export', 'outside'] as const;
export type Tax = (typeof TAXES)[number];

export interface CatalogPrice { day?: string | null; price: string; category?: Tax | null; rate?: string | null }
export interface CatalogItem {
	id: Id;
	version: number;
	code: string | null;
	name_nl: string | null;
	name_en: string | null;
	description_nl: string | null;
	description_en: string | null;
	unit: Unit;
	prices: CatalogPrice[];
	removed_at?: string | null;
}

export const itemsKey = ['catalog items'] as const;
export const catalogChanged = () => queryClient.invalidateQueries({ queryKey: itemsKey });

export function useCatalogItems(workspace: string | null, filter: { q?: string | undefined; removed?: boolean } = {}) {
	return useQuery({
		queryKey: [...itemsKey, workspace ?? '', filter.q ?? '', filter.removed ?? false],
		queryFn: async ({ signal }) => (await api<{ data: CatalogItem[] }>('GET', `/api/crm/catalog${query({ workspace, q: filter.q, removed: filter.removed ? 1 : null })}`, { signal })).data,
	});
}

/* its name in the reader's language, else in the other */
export const itemName = (item: Pick<CatalogItem, 'name_nl' | 'name_en'>, language: Language): string => (language === 'nl' ? item.name_nl || item.name_en : item.name_en || item.name_nl) ?? '';

export { priceOn } from './checks';
