/* A number as a series makes it, shown before it is given. The server gives it, in the transaction that needs it; nothing here is ever kept. */
import type { Key } from '../../i18n';

export interface Series { kind: 'quote' | 'invoice' | 'credit_note'; format: string; digits: number; yearly: boolean; next: number }

export const numberOf = (format: string, digits: number, day: string, next: number): string => format.trim().replaceAll('{year}', day.slice(0, 4)).replaceAll('{month}', day.slice(5, 7)).replace('{seq}', String(next).padStart(digits, '0'));

export function seriesWrong({ format, digits, next, yearly }: { format: string; digits: string; next: string; yearly: boolean }): { format?: Key; digits?: Key; next?: Key } {
	const text = format.trim();
	return {
		...(text.split('{seq}').length !== 2 ? { format: 'series.seq_once' as const }
			: /[{}]/.test(text.replace('{seq}', '').replaceAll('{year}', '').replaceAll('{month}', '')) ? { format: 'series.other_mark' as const }
				: yearly && !text.includes('{year}') ? { format: 'series.year_wanted' as const } : {}),
		...(/^[1-9]$/.test(digits) ? {} : { digits: 'series.digits_wrong' as const }),
		...(/^[1-9]\d{0,8}$/.test(next) ? {} : { next: 'series.next_wrong' as const }),
	};
}
