/* What the stories stand on: the house behind a port, people made by crmctl, browsers that are those people, and a few
   verbs of the board. Never reaches into a daemon: everything goes through crmctl, HTTP or the page. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';

const web = createRequire(new URL('../../services/gateway/web/package.json', import.meta.url));
const { chromium } = web('playwright-core');
export const axeSource = web('axe-core').source;
/* as it is said: a word that differs from profile to profile stands in its text */
const spoken = (texts) => Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.replace(/\$t\(([\w.]+)\)/g, (_, word) => texts[word])]));
export const catalogue = { en: spoken(web('./src/i18n/en.json')), nl: spoken(web('./src/i18n/nl.json')) };

export const port = Number(process.argv[2]);
export const folder = process.argv[3];
export const base = `http://127.0.0.1:${port}`;
export const screenshots = new URL('../../build/screenshots/', import.meta.url).pathname;
mkdirSync(screenshots, { recursive: true });

export function crmctl(...words) {
	const said = execFileSync(`${process.env.BIN ?? 'build'}/crmctl`, [...words, '--var', folder, '--json'], { encoding: 'utf8' });
	return said.trim() ? JSON.parse(said.trim()) : null;
}

export const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
		'--host-resolver-rules=MAP crm.example 127.0.0.1'], /* this machine under a name that is not its own */
});

/* ---- stories ---- */

const wanted = process.argv.slice(4);
export const tally = { passed: 0, failed: 0 };

/* the pages of the story being told: none may have had a fault */
const entered = [];

export async function story(name, tell) {
	if (wanted.length && !wanted.some((part) => name.includes(part)))
		return;
	const began = Date.now();
	const before = new Set(browser.contexts());
	try {
		entered.length = 0;
		await tell();
		for (const page of entered)
			equal(page.faults, [], 'faults in a page:');
		tally.passed++;
		console.log(`ok      ${name}  (${Date.now() - began} ms)`);
	} catch (fault) {
		tally.failed++;
		console.log(`FAILED  ${name}\n        ${String(fault.stack ?? fault).split('\n').slice(0, 24).join('\n        ')}`);
		const page = browser.contexts().filter((context) => !before.has(context)).flatMap((context) => context.pages())[0];
		await page?.screenshot({ path: `${screenshots}failed-${name.replace(/\W+/g, '-').slice(0, 60)}.png` }).catch(() => undefined);
	}
	for (const context of browser.contexts())
		if (!before.has(context))
			await context.close();
}

export function check(fact, words) {
	if (!fact)
		throw new Error(words);
}

export function equal(have, want, words = '') {
	check(JSON.stringify(have) === JSON.stringify(want), `${words} have ${JSON.stringify(have)}, want ${JSON.stringify(want)}`);
}

/* A day of the workspaces that stories make, so many days from theirs: for an hour or two a night it is not the one of UTC. */
export function day(plus = 0) {
	const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format();
	return new Date(Date.parse(today) + plus * 86_400_000).toISOString().slice(0, 10);
}

/* asks until it is so; says what it was when it never came */
export async function until(words, ask, limit = 10000) {
	const end = Date.now() + limit;
	let last;
	for (;;) {
		try {
			last = await ask();
			if (last)
				return last;
		} catch (fault) {
			last = fault.message;
		}
		if (Date.now() > end)
			throw new Error(`never: ${words} (last: ${String(last).slice(0, 300)})`);
		await new Promise((go) => setTimeout(go, 15));
	}
}

/* The same for what a page shows: a part of it may still be on its way when its neighbour is there, so that one look proves nothing. */
export async function becomes(read, want, words = '', limit = 10000) {
	let have;
	try {
		await until(words, async () => JSON.stringify(have = await read()) === JSON.stringify(want), limit);
	} catch (fault) {
		equal(have, want, words);
		throw fault;
	}
}

/* A note with its Undo stays six seconds, longer while one points at it: a story that looks at other things first points at it. */
export async function holdNote(page, words) {
	await page.locator('.toast', { hasText: words }).last().hover();
}

/* ---- people ---- */

export function person(email, name, ...words) {
	const made = crmctl('user', 'add', email, '--name', name, ...words);
	return { ...made, name };
}

/* A browser that is this person. */
export async function enter(who, path = '/', { dark = false, nl = false, phone = false, width = 1440, height = 900, calm = true, worker = false } = {}) {
	const context = await browser.newContext({
		baseURL: base, viewport: phone ? { width: 390, height: 844 } : { width, height }, deviceScaleFactor: phone ? 2 : 1, hasTouch: phone, isMobile: phone,
		locale: nl ? 'nl-NL' : 'en-GB', timezoneId: 'Europe/Amsterdam', colorScheme: dark ? 'dark' : 'light', reducedMotion: calm ? 'reduce' : 'no-preference', acceptDownloads: true,
		serviceWorkers: worker ? 'allow' : 'block', /* each context would fetch the whole app once more */
	});
	const page = await context.newPage();
	page.faults = [];
	entered.push(page);
	page.on('pageerror', (fault) => page.faults.push(fault.message));
	page.on('console', (message) => {
		/* what the page could not fetch is the story's own matter, and so is plain HTTP; everything else that is an error is a fault of the page */
		if (message.type() === 'error' && !/^Failed to load resource|net::ERR_|^The Cross-Origin-Opener-Policy header has been ignored/.test(message.text()))
			page.faults.push(message.text().slice(0, 600));
	});
	if (who) {
		const reply = await context.request.post(`${base}/api/login`, { data: { email: who.email, password: who.password }, headers: { Origin: base } });
		check(reply.ok(), `${who.email} could not log in: ${reply.status()} ${await reply.text()}`);
	}
	await page.goto(base + path);
	return page;
}

export async function api(page, method, path, data, headers = {}) {
	return page.request.fetch(base + path, { method, ...(data === undefined ? {} : { data }), headers: { Origin: base, ...headers } });
}

/* ---- the board ---- */

export const column = (page, key) => page.locator(`[data-column="${key}"]`);
export const card = (page, title) => page.locator('.card', { has: page.locator('.card-title', { hasText: title }) });
export const link = (page, title) => card(page, title).locator('.card-link');
export const inColumn = (page, key, title) => column(page, key).locator('.card', { has: page.locator('.card-title', { hasText: title }) });
export const board = (slug) => `/deals/board?workspace=${slug}`;

/* with pauses: without them a native drag silently does nothing */
export async function drag(page, from, to) {
	const a = await from.boundingBox();
	const b = await to.boundingBox();
	await page.mouse.move(a.x + a.width / 2, a.y + 40);
	await page.mouse.down();
	await page.waitForTimeout(60);
	for (const part of [0.1, 0.4, 0.8, 1]) {
		await page.mouse.move(a.x + a.width / 2 + (b.x + b.width / 2 - a.x - a.width / 2) * part, a.y + 40 + (b.y + 200 - a.y - 40) * part);
		await page.waitForTimeout(60);
	}
	await page.mouse.up();
}

export async function post(url, body) {
	const reply = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
	check(reply.status === 202 || reply.status === 200, `the hook answered ${reply.status}: ${await reply.clone().text()}`);
	return reply.json();
}

/* the number of live streams the gateway holds */
export async function streams() {
	const gateway = crmctl('status').find((one) => one.name === 'gateway');
	const text = await (await fetch(`http://127.0.0.1:${gateway.metrics}/metrics`)).text();
	return Number(/^leadwire_streams_open (\d+)/m.exec(text)?.[1]);
}
