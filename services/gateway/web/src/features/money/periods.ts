/* Periods as bookkeepers name them, from the day that it is; and how long a bar is beside the longest. No amount is reckoned here: a bar's length is a picture. */
import type { Money } from '../../api/types';

export const PERIODS = ['year', 'last_year', 'quarter', 'last_quarter'] as const;
export type Period = (typeof PERIODS)[number];

const two = (value: number): string => String(value).padStart(2, '0');

/* both days belong to it; `today` as 2026-11-23 */
export function periodOf(period: Period, today: string): { from: string; to: string } {
	const year = Number(today.slice(0, 4)) - (period === 'last_year' ? 1 : 0);
	if (period === 'year' || period === 'last_year')
		return { from: `${year}-01-01`, to: `${year}-12-31` };
	const at = year * 4 + Math.floor((Number(today.slice(5, 7)) - 1) / 3) - (period === 'last_quarter' ? 1 : 0);
	const last = (at % 4) * 3 + 3;
	return { from: `${Math.floor(at / 4)}-${two(last - 2)}-01`, to: `${Math.floor(at / 4)}-${two(last)}-${last === 3 || last === 12 ? 31 : 30}` };
}

/* both days of a month, such as 2026-11 */
export function monthOf(key: string): { from: string; to: string } {
	const [year = 0, month = 1] = key.split('-').map(Number);
	return { from: `${key.slice(0, 7)}-01`, to: `${key.slice(0, 7)}-${two(new Date(Date.UTC(year, month, 0)).getUTCDate())}` };
}

export function monthName(key: string, language: string, timeZone: string): string {
	const day = new Date(`${key.slice(0, 7)}-15T12:00:00Z`);
	return Number.isNaN(day.getTime()) ? key : new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-GB', { month: 'long', year: 'numeric', timeZone }).format(day);
}

/* per cent, of what is more than nothing */
export function partOf(value: Money, whole: Money): number {
	const [part, all] = [Number(value.amount), Number(whole.amount)]; /* a length, no money */
	return all > 0 && part > 0 ? Math.min(100, Math.round((1000 * part) / all) / 10) : 0;
}

/* the same day of the month after it, or that month's last */
export function nextMonth(day: string): string {
	const [year, month, of] = day.slice(0, 10).split('-').map(Number) as [number, number, number];
	const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
	return `${month === 12 ? year + 1 : year}-${two(month === 12 ? 1 : month + 1)}-${two(Math.min(of, last))}`;
}
