/* What other currencies are worth, by day; and sums in several of them as one. Exact from end to end: see money.ts. */
import type { Id, Money } from '../api/types';
import { type About, aboutOf, addAmounts, mergeSums } from './money';

export interface Rate { id: Id; currency: string; day: string; rate: string }
/* `rates`: by currency, the latest day first */
export interface Currencies { workspace_id: Id; base: string; chosen: boolean; today: string; rates: Rate[] }

/* the rate of a day: the latest that is not later */
export function rateOn(rates: readonly Rate[], currency: string, day: string): Rate | null {
	return rates.find((one) => one.currency === currency && one.day <= day) ?? null;
}

export interface Part { workspace: Id; sums: readonly Money[] }

/* The sums of one or several workspaces as one, at today's rates of each; null: all is in the base, or they have no base in common. */
export function aboutAll(parts: readonly Part[], known: readonly Currencies[]): About | null {
	const told = [...new Set(parts.filter((part) => part.sums.length > 0).map((part) => part.workspace))].map((id) => ({
		of: known.find((one) => one.workspace_id === id), sums: mergeSums(parts.filter((part) => part.workspace === id).map((part) => part.sums)),
	}));
	const base = told[0]?.of?.base;
	if (!base || told.some(({ of }) => of?.base !== base))
		return null;
	const each = told.map(({ of, sums }) => (of ? aboutOf(sums, base, of.today, (currency) => rateOn(of.rates, currency, of.today)?.rate ?? null) : null));
	if (each.every((one) => one === null))
		return null;
	const amounts = each.map((one, at) => (one ? one.amount : told[at]?.sums[0]?.amount ?? null)).filter((one) => one !== null);
	return {
		amount: amounts.length ? amounts.reduce((sum, one) => addAmounts(sum, one)) : null, currency: base, day: told[0]?.of?.today ?? null,
		missing: [...new Set(each.flatMap((one) => one?.missing ?? []))].sort(),
	};
}
