import { expect, test } from 'vitest';
import { dialled, international, whatsappOf } from '../../src/lib/phone';

test('what a telephone takes', () => {
	expect(dialled('+31 (0)6 1234-5678')).toBe('+31612345678');
	expect(dialled('06 12 34 56 78')).toBe('0612345678');
	expect(dialled('tel. 020/1234567')).toBe('0201234567');
});

test('what WhatsApp takes', () => {
	expect(international('+31 6 12345678')).toBe('31612345678');
	expect(international('0031 6 12345678', 'DE')).toBe('31612345678');
	expect(international('06-12345678', 'NL')).toBe('31612345678');
	expect(international('55 1234 5678', 'MX')).toBe('525512345678');
	expect(international('06 1234567', 'IT')).toBe('39061234567');
	expect(international('06-12345678')).toBeNull();
	expect(international('06-12345678', 'XX')).toBeNull();
	expect(international('bel mij', 'NL')).toBeNull();
	expect(international('112', 'NL')).toBeNull();
	expect(whatsappOf('06-12345678', 'NL')).toBe('https://wa.me/31612345678');
	expect(whatsappOf('?', 'NL')).toBeNull();
});
