/* Lighthouse over every page, as a desktop sees it, and how soon a page answers a press: figures, and what is under the mark: `make
   lighthouse`. The tests look at a few pages, and never judge a time: what depends on the machine is told, not counted. */
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base, check, enter, port } from './house.mjs';
import { B, sanne } from './given.mjs';
import { plant } from './guide.mjs';

const web = createRequire(new URL('../../services/gateway/web/package.json', import.meta.url));
const tool = createRequire(new URL('../../services/gateway/web/tools/lighthouse/package.json', import.meta.url));
const { chromium } = web('playwright-core');

const MARKS = { performance: 90, accessibility: 98, 'best-practices': 100 };
const LCP_MS = 800;
const INP_MS = 100;
const IN = [B, '/deals/board', `${B}&type=prospect&id=1`, '/deals/table?workspace=bakkerij-jansen', '/deals/calendar?workspace=bakkerij-jansen', '/home', '/tasks', '/dashboard?workspace=bakkerij-jansen',
	'/leads?workspace=bakkerij-jansen', '/opportunities?workspace=bakkerij-jansen', '/accounts?workspace=bakkerij-jansen', '/contacts?workspace=bakkerij-jansen', '/settings/stages?workspace=bakkerij-jansen', '/settings/catalogues?workspace=bakkerij-jansen', '/search?workspace=bakkerij-jansen&q=de', '/notifications', '/profile', '/settings/users', '/settings/teams', '/settings/roles',
	'/settings/workspaces', '/settings/preset?workspace=bakkerij-jansen', '/settings/api', '/settings/audit', '/help', '/help/first-steps', '/api/docs', '/api/docs?op=GET%20%2Fapi%2Fcrm%2Fdeals'];

/* of a page in the tests: its marks but for speed, how little moves while it loads, how much it brings, how many elements it has */
const TESTED = ['/deals/board?workspace=bakkerij-jansen', '/deals/table?workspace=bakkerij-jansen', '/dashboard?workspace=bakkerij-jansen', '/home'];
const CLS = 0.1;
const BYTES = 600 * 1024;
const ELEMENTS = 2000;

async function score(lighthouse, config, url, debug) {
	const { lhr } = await lighthouse(base + url, { port: debug, output: 'json', logLevel: 'silent', onlyCategories: Object.keys(MARKS), disableStorageReset: true, maxWaitForLoad: 20000 }, config);
	const observed = lhr.audits.metrics?.details?.items?.[0]?.observedLargestContentfulPaint;
	const faults = Object.entries(MARKS).flatMap(([name]) => lhr.categories[name].auditRefs.filter((ref) => ref.weight > 0 && lhr.audits[ref.id].score !== null && lhr.audits[ref.id].score < (name === 'performance' ? 0.5 : 1)).map((ref) => ref.id));
	return { ran: lhr.runtimeError?.message ?? '', scores: Object.fromEntries(Object.keys(MARKS).map((name) => [name, Math.round(lhr.categories[name].score * 100)])), lcp: Math.round(observed), simulated: Math.round(lhr.audits['largest-contentful-paint'].numericValue), cls: lhr.audits['cumulative-layout-shift'].numericValue ?? 0,
		bytes: lhr.audits['total-byte-weight'].numericValue ?? 0, elements: lhr.audits['dom-size'].numericValue ?? 0, faults };
}

/* what people do most, each as one interaction with the next paint */
async function answers() {
	const page = await enter(sanne, B, { calm: false });
	await page.locator('.live-open').waitFor();
	await page.evaluate(() => {
		window.waits = [];
		new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (entry.interactionId) window.waits.push([entry.name, entry.duration]); }).observe({ type: 'event', durationThreshold: 16, buffered: true });
	});
	for (let round = 0; round < 5; round++) {
		await page.locator('.card-link').nth(round).click();
		await page.locator('.entry').first().waitFor();
		await page.keyboard.press('Escape');
		await page.waitForURL((url) => !url.searchParams.has('id'));
		await page.keyboard.press('/');
		await page.getByRole('combobox').pressSequentially('vries', { delay: 30 });
		await page.locator('.palette-found').first().waitFor();
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Escape');
		await page.getByRole('combobox').waitFor({ state: 'detached' });
		await page.locator('.card-link').first().focus();
		for (const key of [' ', 'ArrowRight', 'Escape', 'm', 'Escape'])
			await page.keyboard.press(key);
		await page.locator('.bell').click();
		await page.locator('.popover').waitFor();
		await page.keyboard.press('Escape');
	}
	await page.waitForFunction(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(true), 50))));
	const waits = (await page.evaluate(() => window.waits)).map(([, duration]) => duration).sort((a, b) => a - b);
	return { count: waits.length, p98: waits[Math.min(waits.length - 1, Math.floor(waits.length * 0.98))] ?? 0, most: waits.at(-1) ?? 0 };
}

async function opened() {
	const { default: run, desktopConfig } = await import(tool.resolve('lighthouse'));
	await plant();
	const folder = mkdtempSync(join(tmpdir(), 'leadwire-lighthouse-'));
	const debug = port + 15;	/* the daemons have those below */
	const context = await chromium.launchPersistentContext(folder, { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', `--remote-debugging-port=${debug}`] });
	return {
		ask: (url) => score(run, desktopConfig, url, debug),
		enter: () => context.request.post(`${base}/api/login`, { data: { email: sanne.email, password: sanne.password }, headers: { Origin: base } }),
		close: async () => { await context.close(); rmSync(folder, { recursive: true, force: true }); },
	};
}

/* what no machine's haste changes */
export async function short() {
	const browser = await opened();
	const under = [];
	try {
		await browser.enter();
		for (const url of TESTED) {
			/* a trace that the tool itself could not record says nothing of the page */
			let told = await browser.ask(url);
			for (let again = 0; told.ran && again < 2; again++)
				told = await browser.ask(url);
			const { scores, lcp, cls, bytes, elements, faults, ran } = told;
			console.log(`        ${url.padEnd(48)} a11y ${scores.accessibility}, best ${scores['best-practices']}, CLS ${cls.toFixed(3)}, ${Math.round(bytes / 1024)} KB, ${elements} elements; LCP ${lcp} ms ${faults.join(' ')} ${ran}`);
			for (const name of ['accessibility', 'best-practices'])
				if (!(scores[name] >= MARKS[name]))
					under.push(`${url} ${name} ${scores[name]}: ${faults.join(' ')} ${ran}`);
			for (const [name, is, most] of [['CLS', cls, CLS], ['bytes', bytes, BYTES], ['elements', elements, ELEMENTS]])
				if (!(is > 0 || name === 'CLS') || is > most)
					under.push(`${url} ${name} ${is}`);
		}
	} finally {
		await browser.close();
	}
	check(under.length === 0, `under the mark:\n        ${under.join('\n        ')}`);
}

export async function lighthouse() {
	const browser = await opened();
	const under = [];
	/* what is under the mark is looked at again: a busy machine is no fault of the page, and its best of three is the page's own */
	const best = async (url) => {
		let found = null;
		for (let time = 0; time < 3; time++) {
			const now = await browser.ask(url);
			if (!found || now.scores.performance > found.scores.performance || (now.scores.performance === found.scores.performance && now.lcp < found.lcp))
				found = now;
			if (found.lcp <= LCP_MS && Object.entries(MARKS).every(([name, least]) => found.scores[name] >= least))
				break;
		}
		return found;
	};
	const one = async (url) => {
		const { scores, lcp, simulated, cls, faults, ran } = await best(url);
		console.log(`${url.slice(0, 48).padEnd(50)} ${Object.values(scores).map((value) => String(value).padStart(4)).join('')}   LCP ${String(lcp).padStart(5)} ms (${simulated} as on a slow line)   CLS ${cls.toFixed(3)}  ${faults.join(' ')} ${ran}`);
		for (const [name, least] of Object.entries(MARKS))
			if (scores[name] < least)
				under.push(`${url} ${name} ${scores[name]}`);
		if (lcp > LCP_MS)
			under.push(`${url} LCP ${lcp} ms`);
	};
	try {
		console.log(`${''.padEnd(50)} perf a11y best`);
		await one('/login');
		await browser.enter();
		for (const url of IN.filter((path) => !process.env.PAGES || process.env.PAGES.split(' ').some((part) => path.includes(part))))
			await one(url);
	} finally {
		await browser.close();
	}
	const inp = await answers();
	console.log(`${inp.count} interactions: INP p98 ${inp.p98} ms, longest ${inp.most} ms`);
	if (inp.p98 > INP_MS)
		under.push(`INP ${inp.p98} ms`);
	check(under.length === 0, `under the mark:\n        ${under.join('\n        ')}`);
}
