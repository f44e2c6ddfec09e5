/* What a look at the page alone does not tell: axe's rules, the size of targets, sideways scroll, English left in Dutch. */
import { axeSource, catalogue, check, until } from './house.mjs';

/* what of axe's rules another theme of the same page can break */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
const ALL = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function axe(page, what, { colours = false } = {}) {
	/* fonts that come late move what axe measures, colours on their way to another theme are no theme's */
	await page.evaluate(() => document.fonts.ready);
	await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getComputedTiming().iterations === Infinity));
	if (!await page.evaluate(() => 'axe' in window))
		await page.evaluate(axeSource);
	const found = await page.evaluate(async (options) => {
		const { violations } = await window.axe.run(document, options);
		return violations.map((one) => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`).join(' | ')}`);
	}, { runOnly: colours ? COLOURS : ALL, resultTypes: ['violations'], preload: !colours });
	check(found.length === 0, `${what}: ${found.join('\n        ')}`);
}

/* every control a finger or mouse is meant for: its box, or the box of the whole card or row it covers */
export async function targets(page, least, what) {
	const small = await page.evaluate((size) => [...document.querySelectorAll('a[href], button, input, select, textarea, [role^=menuitem], [role=tab], [role=option]')].filter((one) => {
		/* a box to tick is as large as the label around it */
		const box = (one.matches('[type=checkbox], [type=radio]') && one.closest('label') || one).getBoundingClientRect();
		const style = getComputedStyle(one);
		if (!box.width || !box.height || style.visibility === 'hidden' || one.closest('[aria-hidden=true]') || box.bottom < 0 || box.right < 0 || box.left > innerWidth || box.top > innerHeight)
			return false;
		if (one.matches('.skip, .row-link') || (style.display === 'inline' && one.matches('a')))
			return false; /* the skip link shows on focus; a row's link covers its row; a link in a line of text is exempt */
		return Math.min(box.width, box.height) < size - 0.5;
	}).map((one) => `${one.tagName.toLowerCase()}.${one.className} "${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 40)}" ${Math.round(one.getBoundingClientRect().width)}×${Math.round(one.getBoundingClientRect().height)}`), least);
	check(small.length === 0, `${what}: under ${least} px: ${small.slice(0, 6).join('; ')}`);
}

/* what sticks out of the window that cannot be scrolled to; a box that floats is put anew after the window changed, so it is asked
   until it is well or has had its time */
export async function sideways(page, what) {
	let found;
	await until('', async () => !(found = await page.evaluate(clipped)), 2000).catch(() => undefined);
	check(!found, `${what}: ${found}`);
}

function clipped() {
	const more = document.documentElement.scrollWidth - innerWidth;
	if (more > 0)
		return `the page is ${more} px wider than the window`;
	return [...document.querySelectorAll('button, h1, h2, input, textarea')].filter((one) => {
		const box = one.getBoundingClientRect();
		if (!box.width || one.closest('.rail, .tabs, .segments, .doc-tiles, .filter-chips, .toasts, .hidden-text, table') || getComputedStyle(one).visibility === 'hidden' || one.matches('.skip, .hidden-text'))
			return false;
		return box.right > innerWidth + 1 || box.left < -1;
	}).slice(0, 3).map((one) => `clipped: ${one.outerHTML.slice(0, 120)}`).join(' ');
}

/* English texts whose Dutch is another, as patterns with their values left open */
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const dutchOnly = new Set(Object.values(catalogue.nl));
const english = Object.entries(catalogue.en).filter(([key, text]) => catalogue.nl[key] !== text && !dutchOnly.has(text) && text.replace(/\{\{\w+\}\}/g, '').trim().length > 2)
	.map(([key, text]) => ({ key, pattern: new RegExp(`^${text.split(/\{\{\w+\}\}/).map(escape).join('.+')}$`) }));
const WORDS = /\b(the|and|with|your|this|that|search|close|load|more|move|moved|open deals|nothing|new lead|stage|owner|value|today|yesterday|undo|cancel|save|email|phone|company|received)\b/i;

export async function dutch(page, what, data) {
	const shown = await page.evaluate(() => {
		const out = new Set([document.title]);
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		for (let node = walk.nextNode(); node; node = walk.nextNode())
			if (!node.parentElement.closest('script, style, code, [lang=en], [translate=no]') && node.nodeValue.trim())
				out.add(node.nodeValue.trim());
		for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
			for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
				if (one.getAttribute(name))
					out.add(one.getAttribute(name).trim());
		return [...out];
	});
	check(shown.length > 5, `${what}: the page shows only ${shown.length} texts`);
	const raw = shown.filter((text) => /\{\{\w+\}\}/.test(text));
	check(raw.length === 0, `${what}: a value was not filled in: ${raw.slice(0, 3).join(' | ')}`);
	const left = shown.flatMap((text) => {
		const hit = !dutchOnly.has(text) && english.find(({ pattern }) => pattern.test(text));	/* "Open de deal" is Dutch, whatever "Open {{name}}" fits */
		if (hit)
			return [`${hit.key}: ${text}`];
		const bare = data.reduce((rest, word) => rest.replaceAll(word, ''), text);
		return WORDS.test(bare) && !Object.values(catalogue.nl).includes(text) && bare !== 'English' ? [`english words: ${text}`] : [];
	});
	check(left.length === 0, `${what}: ${left.slice(0, 8).join(' | ')}`);
}
