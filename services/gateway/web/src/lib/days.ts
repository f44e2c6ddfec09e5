/* Counting with days of the calendar: months, weeks, the grid of a month. Days are plain texts YYYY-MM-DD; it knows no clock and no zone. */
import { addDays } from './zone';

/* the same day of another month, or its last */
export function addMonths(day: string, count: number): string {
	const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
	const first = new Date(Date.UTC(year, month - 1 + count, 1));
	const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
	return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(date, last))).toISOString().slice(0, 10);
}

/* 0 is Monday */
export function weekdayOf(day: string): number {
	return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

export const mondayOf = (day: string): string => addDays(day, -weekdayOf(day));
export const firstOf = (day: string): string => `${day.slice(0, 7)}-01`;

/* the days of a month's grid: whole weeks from the Monday before its first */
export function monthGrid(day: string): string[][] {
	const weeks: string[][] = [];
	const next = addMonths(firstOf(day), 1);
	for (let monday = mondayOf(firstOf(day)); monday < next; monday = addDays(monday, 7))
		weeks.push(Array.from({ length: 7 }, (_, at) => addDays(monday, at)));
	return weeks;
}

export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
