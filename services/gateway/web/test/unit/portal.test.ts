/* A customer's page: the same words in both languages, each of them used; amounts exact to the cent however large; nothing of the app comes along. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ofMinor, toMinor } from '../../src/portal/said';
import { en, nl } from '../../src/portal/words';

const files = readdirSync('src/portal').filter((name) => name.endsWith('.ts') && name !== 'words.ts');
const code = files.map((name) => readFileSync(`src/portal/${name}`, 'utf8')).join('\n');

test('every word is there in both languages, with the same values, and used', () => {
	const values = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
	expect(Object.keys(nl)).toEqual(Object.keys(en));
	for (const [key, text] of Object.entries(en)) {
		expect(text.trim() && nl[key as keyof typeof nl].trim(), key).toBeTruthy();
		expect(values(nl[key as keyof typeof nl]), key).toEqual(values(text));
		expect(/^(?:unit|tax)_/.test(key) || code.includes(`'${key}'`) || /^(?:quote|invoice|credit_note)$/.test(key), `${key} is used by nobody`).toBe(true);
	}
});

test('minor units and text are the same amount', () => {
	expect(ofMinor(181500, 'EUR')).toEqual({ amount: '1815.00', currency: 'EUR' });
	expect(ofMinor(-5, 'EUR').amount).toBe('-0.05');
	expect(ofMinor(1234, 'JPY').amount).toBe('1234');
	expect(ofMinor(9007199254740993n, 'EUR').amount).toBe('90071992547409.93');
	for (const units of [0n, 1n, -199n, 9007199254740993n])
		expect(toMinor(ofMinor(units, 'EUR'))).toBe(units);
});

test('nothing of the app is brought along, and no markup is made of text', () => {
	for (const name of files) {
		const text = readFileSync(`src/portal/${name}`, 'utf8');
		expect([...text.matchAll(/from '([^']+)'/g)].filter(([, from]) => !from?.startsWith('./')), name).toEqual([]);
		expect(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/.test(text), name).toBe(false);
	}
});
