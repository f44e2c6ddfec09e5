/* The two catalogues: the same keys, none empty, the same values in braces, every key used and every used key there. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../src/i18n/en.json';
import nl from '../../src/i18n/nl.json';

const english: Record<string, string> = en;
const dutch: Record<string, string> = nl;

function sources(folder: string): string[] {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		return statSync(path).isDirectory() ? sources(path) : /\.tsx?$/.test(name) ? [path] : [];
	});
}
const files = sources('src');
const code = files.map((path) => readFileSync(path, 'utf8')).join('\n');

describe('catalogues', () => {
	it('have the same keys in the same order', () => expect(Object.keys(dutch)).toEqual(Object.keys(english)));
	it('have no empty text', () => {
		for (const [key, text] of [...Object.entries(english), ...Object.entries(dutch)])
			expect(text.trim(), key).not.toBe('');
	});
	it('fill in the same values', () => {
		const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();
		for (const key of Object.keys(english))
			expect(values(dutch[key] ?? ''), key).toEqual(values(english[key] ?? ''));
	});
	it('hold no key that nobody uses', () => {
		const open = /^(source|lead_status|field|problem|age|role)\./;
		const unused = Object.keys(english).map((key) => key.replace(/_(one|other)$/, '')).filter((key) => !open.test(key) && !code.includes(`'${key}'`));
		expect(unused).toEqual([]);
	});
});

describe('sources', () => {
	it('hold no text between tags', () => {
		for (const path of files.filter((one) => one.endsWith('.tsx'))) {
			const found = readFileSync(path, 'utf8').match(/>\s*[A-Z][a-z]+( [a-z]+)+\s*</g);
			expect(found, path).toBeNull();
		}
	});
	it('import the component library in src/ui alone', () => {
		for (const path of files.filter((one) => !one.startsWith('src/ui/')))
			expect(readFileSync(path, 'utf8').includes('@mantine/'), path).toBe(false);
	});
	it('use no any', () => {
		for (const path of files)
			expect(/(:|as|<)\s*any\b/.test(readFileSync(path, 'utf8')), path).toBe(false);
	});
});
