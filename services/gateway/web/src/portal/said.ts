/* Amounts, days and words of a customer's page in the language that is chosen on it. An amount is text or whole minor units from end to end, never a
   floating-point number. */
import { en, nl, type Word } from './words';

export type Language = 'nl' | 'en';
export interface Money { amount: string; currency: string }

let language: Language = 'nl';
export const spoken = (): Language => language;
export function speak(next: Language): void {
	language = next;
	document.documentElement.lang = next;
}

export const t = (word: Word, values: Record<string, string> = {}): string => (language === 'nl' ? nl : en)[word].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
const locale = (): string => (language === 'nl' ? 'nl-NL' : 'en-GB');

const format = (currency: string): Intl.NumberFormat => new Intl.NumberFormat(locale(), { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
export const money = (value: Money): string => format(value.currency).format(value.amount as Intl.StringNumericLiteral);

/* a price may have more digits than the currency has */
export const price = (amount: string, currency: string): string => new Intl.NumberFormat(locale(), { style: 'currency', currency, currencyDisplay: 'narrowSymbol', maximumFractionDigits: 6 }).format(amount as Intl.StringNumericLiteral);

export function ofMinor(units: number | bigint, currency: string): Money {
	const digits = format(currency).resolvedOptions().maximumFractionDigits ?? 2;
	const text = (units < 0 ? -BigInt(units) : BigInt(units)).toString().padStart(digits + 1, '0');
	return { currency, amount: `${units < 0 ? '-' : ''}${digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text}` };
}

export function toMinor(value: Money): bigint {
	const digits = format(value.currency).resolvedOptions().maximumFractionDigits ?? 2;
	const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value.amount) ?? [];
	const units = BigInt(whole + part.padEnd(digits, '0').slice(0, digits));
	return sign ? -units : units;
}

export const decimal = (text: string): string => new Intl.NumberFormat(locale(), { maximumFractionDigits: 9 }).format(text as Intl.StringNumericLiteral);

export function day(iso: string | null | undefined): string {
	return iso ? new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'long', year: 'numeric', ...(/^\d{4}-\d{2}-\d{2}$/.test(iso) ? { timeZone: 'UTC' } : {}) }).format(new Date(/^\d{4}-\d{2}-\d{2}$/.test(iso) ? `${iso}T12:00:00Z` : iso)) : '';
}
