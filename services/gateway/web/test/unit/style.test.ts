/* A page of once a week brings its own stylesheet (own-style.ts): whoever used its classes elsewhere would look right only after that page was opened. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { OWN_STYLE, SHARED_STYLE } from '../../src/ui/own-style';

const all = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((name) => `src/${name}`);
const classes = (css: string) => new Set([...css.replace(/\/\*.*?\*\//gs, '').replace(/\{[^{}]*\}/g, '{}').matchAll(/\.(-?[a-z][\w-]*)/gi)].map((found) => found[1] as string));
/* the words of its texts; what is put into them is a value */
const used = (text: string) => new Set([...text.matchAll(/className=(?:"([^"]*)"|\{([^{}]*(?:\$\{[^{}]*\}[^{}]*)*)\})/g)].flatMap((found) => found[1] ?? [...(found[2] ?? '').matchAll(/'([^']*)'|`([^`]*)`/g)].map((quoted) => (quoted[1] ?? quoted[2] ?? '').replace(/\$\{[^{}]*\}/g, ' '))).flatMap((words) => words.split(/\s+/)));

const sheets = new Map(all.filter((path) => path.endsWith('.css')).map((path) => [path, classes(readFileSync(path, 'utf8'))]));
const shared = new Set([...sheets].filter(([path]) => SHARED_STYLE.test(path)).flatMap(([, names]) => [...names]));
/* a customer's page is another page: no style of it ever meets the app's */
const own = [...sheets].filter(([path]) => OWN_STYLE.test(path) && !path.startsWith('src/portal/'));

test('what a page\'s own style names is used by that page alone, or by who brings it along', () => {
	expect(own.length).toBeGreaterThan(4);
	for (const path of all.filter((one) => one.endsWith('.tsx'))) {
		const text = readFileSync(path, 'utf8'), names = used(text);
		for (const [sheet, its] of own)
			if (dirname(sheet) !== dirname(path) && !text.includes(`/${sheet.split('/').slice(-2).join('/')}'`))
				expect([...its].filter((name) => names.has(name) && !shared.has(name)), `${path} uses what ${sheet} alone styles`).toEqual([]);
	}
});
