/* Reads the build's manifest, prints what each page makes a browser load(gzip) and fails when a page is over its
   budget. Counts static imports once; a lazy page counts what it adds to the shell. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const size = (file) => gzipSync(readFileSync('dist/' + file), { level: 9 }).length;
const reach = (key, js = new Set(), css = new Set()) => {
	const entry = manifest[key];
	if (js.has(entry.file))
		return { js, css };
	js.add(entry.file);
	for (const file of entry.css ?? [])
		css.add(file);
	for (const next of entry.imports ?? [])
		reach(next, js, css);
	return { js, css };
};
const total = (set) => [...set].reduce((sum, file) => sum + size(file), 0);
const kb = (bytes) => (bytes / 1024).toFixed(1).padStart(7);

let over = 0;
const row = (name, bytes, budget) => {
	const bad = bytes > budget * 1024;
	over += bad ? 1 : 0;
	console.log(`${name.padEnd(34)} ${kb(bytes)} KB  of ${String(budget).padStart(4)}${bad ? '  OVER' : ''}`);
};

const entry = 'index.html';
const shell = reach(entry);
const catalogue = Object.keys(manifest).find((key) => key.endsWith('i18n/nl.near.js'));
const words = catalogue ? total(reach(catalogue).js) : 0;
console.log('budgets (gzip)');
row('shell', total(shell.js) + words, 190);
let css = total(shell.css);
for (const [key, page] of Object.entries(manifest)) {
	if (!page.isDynamicEntry || key.endsWith('.near.js') || key.endsWith('en.far.js'))
		continue;
	const own = reach(key);
	const extra = total(new Set([...own.js].filter((file) => !shell.js.has(file))));
	css = Math.max(css, total(new Set([...shell.css, ...own.css])));
	if (key.includes('/board'))
		row('board, first load', total(shell.js) + words + extra, 225);
	row(key.replace('src/features/', ''), extra, 60);
}
row('css, the first page', total(shell.css), 25);
row('css, the page with most', css, 25);
/* what a customer opens by a link in a mail, mostly on a phone: nothing of the app comes along */
const portal = reach('portal.html');
row('portal, all of it', total(portal.js) + total(portal.css) + size('portal.html'), 40);
const fonts = Object.values(manifest).flatMap((e) => [e.file, ...(e.assets ?? [])])
	.filter((file) => /-latin-wght-normal.*\.woff2$/.test(file) && !/ext/.test(file));
row('font', [...new Set(fonts)].reduce((sum, file) => sum + readFileSync('dist/' + file).length, 0), 50);
if (over) {
	console.error(`${over} over budget`);
	process.exit(1);
}
