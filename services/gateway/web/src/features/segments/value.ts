/* What a person types as the number or the amount of a condition, as the server has it: an amount as forms read it, 2.000 are two thousand.
   Null when it is none. Knows no page. */
import { readAmount, readNumber } from '../../lib/money';
import type { Kind } from './model';

export function readValue(kind: Kind, text: string): string | null {
	if (kind === 'number' || kind === 'own_number') {
		const plain = readNumber(text);
		return plain && /^-?\d{1,15}(\.\d{1,4})?$/.test(plain) ? plain : null;
	}
	const amount = readAmount(text.replace(/^-/, ''));
	return amount && text.startsWith('-') ? `-${amount}` : amount;
}
