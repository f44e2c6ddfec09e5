/* The one filter of board and table, as it stands in the address: names and values are those that the server takes. Knows what
   each filter asks for, never which deals fit it: that is the server's to say. */
import { useMemo } from 'react';
import type { AppSearch } from '../../app/scope';
import { useAppSearch } from '../../app/scope';

export const CATALOGUES = ['source', 'campaign', 'channel', 'ecommerce_type', 'weight_range', 'content_type', 'account_type', 'plan_type', 'locale', 'loss_reason'] as const;

export interface FilterShape { key: string; /* one: no more than one of its values at a time */ kind: 'set' | 'one' | 'dates' | 'value' | 'text'; params: string[] }

const set = (key: string): FilterShape => ({ key, kind: 'set', params: [key] });
const dates = (key: string, at: string): FilterShape => ({ key, kind: 'dates', params: [`${at}_from`, `${at}_to`] });

/* in the order in which they are offered */
export const FILTERS: readonly FilterShape[] = [
	set('stage'), set('kind'), set('owner'), { key: 'type', kind: 'set', params: ['lifecycle'] }, set('onboarding_status'), set('kae'), set('csr'), set('lead_status'), set('tag'), ...CATALOGUES.map(set),
	dates('created_at', 'created'), dates('close_date', 'close'), dates('next_at', 'next'),
	{ key: 'value', kind: 'value', params: ['value_min', 'value_max'] },
	set('look'), { key: 'qualified', kind: 'one', params: ['qualified'] }, dates('closed_at', 'closed'),
];

export type FilterValues = Record<string, string>;

/* what a tile of the dashboard asks for is looked at once: it is not how somebody works, so it is kept nowhere */
const PASSING = ['look', 'qualified', 'closed_from', 'closed_to'];
export const isPassing = (values: object): boolean => PASSING.some((name) => name in values);

const KNOWN: ReadonlySet<string> = new Set(['q', 'segment', ...FILTERS.flatMap((one) => one.params)]);
const isFilter = (name: string) => KNOWN.has(name) || /^(custom|role)\./.test(name);


const some = (raw: Record<string, unknown>, fits: (name: string) => boolean): FilterValues =>
	Object.fromEntries(Object.entries(raw).filter((one): one is [string, string] => typeof one[1] === 'string' && one[1] !== '' && fits(one[0])));

/* what of an address is a filter; with `also` what else is to be kept of it */
export const filtersOf = (raw: object): FilterValues => some(raw as Record<string, unknown>, isFilter);
export const dealSearch = (raw: Record<string, unknown>): FilterValues => some(raw, (name) => isFilter(name) || name === 'sort' || name === 'pipeline');

/* every filter of the address away: to be laid over it */
export const without = (search: AppSearch): AppSearch => Object.fromEntries(Object.entries(search).filter(([name]) => !isFilter(name))) as AppSearch;

/* the same object as long as the filter is the same */
export function useFilters(): FilterValues {
	const search = useAppSearch();
	const text = JSON.stringify(Object.entries(filtersOf(search)).sort(([a], [b]) => (a < b ? -1 : 1)));
	return useMemo(() => Object.fromEntries(JSON.parse(text) as Array<[string, string]>), [text]);
}

export const valuesOf = (text: string | undefined): string[] => text ? text.split(',') : [];
