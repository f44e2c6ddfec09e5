/* Dates, money and names as the user's language writes them, in the user's own time zone, else the workspace's.
   Formatters are made once per language and zone: making one costs more than a hundred uses of it. */
import type { Language, Money } from '../api/types';

const LOCALE: Record<Language, string> = { en: 'en-GB', nl: 'nl-NL' };

export interface Formats {
	money(value: Money): string;
	moneyShort(value: Money): string;
	/* for the head of a column: cents and then digits go before room does; `several` stand beside each other */
	moneyTight(value: Money, several: boolean): string;
	number(value: number): string;
	/* exact decimal text, digit by digit */
	decimal(value: string): string;
	/* the same with thousands apart */
	figure(value: string): string;
	date(iso: string): string;
	day(iso: string): string;
	time(iso: string): string;
	moment(iso: string): string;
	/* a time of day with its seconds */
	clock(at: number): string;
	weekday(iso: string): string;
	size(bytes: number): string;
	dayKey(iso: string): string;
}

function dateOf(iso: string): Date {
	/* a plain date has no zone: noon UTC is that day in every European zone */
	return new Date(/^\d{4}-\d{2}-\d{2}$/.test(iso) ? `${iso}T12:00:00Z` : iso);
}

/* the first of these zones that this browser knows */
export function knownZone(...zones: Array<string | null | undefined>): string {
	for (const zone of zones)
		if (zone) {
			try {
				new Intl.DateTimeFormat('en', { timeZone: zone });
				return zone;
			} catch {
				/* the next one, then */
			}
		}
	return 'Europe/Amsterdam';
}

const made = new Map<string, Formats>();

export function formats(language: Language, timeZone: string): Formats {
	const cacheKey = `${language} ${timeZone}`;
	const have = made.get(cacheKey);
	if (have)
		return have;
	const locale = LOCALE[language];
	const dates = (options: Intl.DateTimeFormatOptions) => {
		const format = new Intl.DateTimeFormat(locale, { timeZone, ...options });
		return (iso: string) => format.format(dateOf(iso));
	};
	const moneyFormats = new Map<string, Intl.NumberFormat>();
	const moneyFormat = (currency: string, options: Intl.NumberFormatOptions) => {
		const name = `${currency} ${options.notation ?? options.maximumFractionDigits ?? ''}`;
		let format = moneyFormats.get(name);
		if (!format) {
			try {
				format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...options });
			} catch {
				format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 });
			}
			moneyFormats.set(name, format);
		}
		return format;
	};
	const counts = new Intl.NumberFormat(locale);
	const decimals = new Intl.NumberFormat(locale, { maximumFractionDigits: 9, useGrouping: false });
	const figures = new Intl.NumberFormat(locale, { maximumFractionDigits: 18 });
	const sizes = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
	const keyFormat = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
	const date = dates(language === 'nl' ? { day: '2-digit', month: '2-digit', year: 'numeric' } : { day: 'numeric', month: 'short', year: 'numeric' });
	const time = dates({ hour: '2-digit', minute: '2-digit' });
	const clock = dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
	const out: Formats = {
		money: (value) => moneyFormat(value.currency, {}).format(value.amount as Intl.StringNumericLiteral),
		moneyShort: (value) => {
			const long = value.amount.replace(/^-|\..*$/g, '').length > 6;
			return long
				? moneyFormat(value.currency, { notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 }).format(value.amount as Intl.StringNumericLiteral)
				: out.money(value);
		},
		moneyTight: (value, several) => {
			const digits = value.amount.replace(/^-|\..*$/g, '').length;
			return digits > (several ? 4 : 5) ? moneyFormat(value.currency, { notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 }).format(value.amount as Intl.StringNumericLiteral)
				: digits > 4 ? moneyFormat(value.currency, { maximumFractionDigits: 0, minimumFractionDigits: 0 }).format(value.amount as Intl.StringNumericLiteral) : out.money(value);
		},
		number: (value) => counts.format(value),
		decimal: (value) => decimals.format(value as Intl.StringNumericLiteral),
		figure: (value) => figures.format(value as Intl.StringNumericLiteral),
		date,
		day: dates({ day: 'numeric', month: 'short' }),
		time,
		moment: (iso) => `${date(iso)}, ${time(iso)}`,
		clock: (at) => clock(new Date(at).toISOString()),
		weekday: dates({ weekday: 'long' }),
		size: (bytes) => {
			if (bytes < 1024)
				return `${counts.format(bytes)} B`;
			return bytes < 1024 * 1024 ? `${sizes.format(bytes / 1024)} KB` : `${sizes.format(bytes / 1024 / 1024)} MB`;
		},
		dayKey: (iso) => keyFormat.format(dateOf(iso)),
	};
	made.set(cacheKey, out);
	return out;
}

/* the moment at which a day begins in a time zone */
export function midnight(day: string, zone: string, plus = 0): string | undefined {
	const guess = Date.parse(`${day}T00:00:00Z`) + plus * 86_400_000;
	if (Number.isNaN(guess))
		return undefined;
	const there = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(guess);
	return new Date(2 * guess - Date.parse(`${there.replace(' ', 'T')}Z`)).toISOString();
}

export function daysSince(iso: string, now: number): number {
	return Math.max(0, Math.floor((now - new Date(iso).getTime()) / 86_400_000));
}

export function initials(name: string): string {
	const words = name.trim().split(/\s+/).filter((word) => /^\p{L}/u.test(word));
	const first = words[0]?.[0] ?? name.trim()[0] ?? '?';
	const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? '') : '';
	return (first + last).toUpperCase();
}

export function firstName(name: string): string {
	return name.trim().split(/\s+/)[0] ?? name;
}

/* the same name gets the same of eight hues everywhere */
export function hueOf(name: string): number {
	let hash = 7;
	for (const letter of name)
		hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
	return hash % 8;
}
