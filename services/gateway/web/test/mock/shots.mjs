/* Pictures of the pages on the mock gateway, to be looked at while the look is worked on: node test/mock/shots.mjs DIR [NAME…]. */
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const out = process.argv[2] ?? '/tmp/shots';
const only = process.argv.slice(3);
const base = process.env.BASE ?? 'http://127.0.0.1:9110';
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });

async function open(path, { dark = false, nl = false, phone = false, width = 1440, height = 900, email = 'sanne@bureau.example', login = true } = {}) {
	const context = await browser.newContext({
		viewport: phone ? { width: 390, height: 844 } : { width, height }, deviceScaleFactor: phone ? 2 : 1, hasTouch: phone, isMobile: phone,
		locale: nl ? 'nl-NL' : 'en-GB', colorScheme: dark ? 'dark' : 'light', timezoneId: 'Europe/Amsterdam', reducedMotion: 'reduce',
	});
	const page = await context.newPage();
	page.on('console', (message) => { if (message.type() === 'error') console.log('console:', message.text()); });
	page.on('pageerror', (fault) => console.log('pageerror:', fault.message));
	if (login)
		await context.request.post(`${base}/api/login`, { data: { email, password: 'x' }, headers: { Origin: base } });
	await page.goto(base + path);
	await page.waitForLoadState('load');
	await page.waitForTimeout(700);
	return page;
}

const B = '/deals/board?workspace=bakkerij-jansen';
const firstCard = (page) => page.locator('[data-card] .card-link').first();
const SHOTS = {
	'login': () => open('/login', { login: false }),
	'login-dark-nl-phone': () => open('/login', { login: false, dark: true, nl: true, phone: true }),
	'board-light': () => open(B),
	'board-dark-nl': () => open(B, { dark: true, nl: true }),
	'board-all': () => open('/deals/board'),
	'board-empty': () => open('/deals/board?workspace=leeg'),
	'board-mobile': () => open(B, { phone: true }),
	'board-320': () => open(B, { width: 320, height: 640 }),
	'board-900': () => open(B, { width: 900, height: 700 }),
	'board-menu': async () => { const page = await open(B); await firstCard(page).focus(); await page.keyboard.press('m'); return page; },
	'board-keyboard': async () => { const page = await open(B); await firstCard(page).focus(); await page.keyboard.press(' '); await page.keyboard.press('ArrowRight'); await page.keyboard.press('ArrowRight'); return page; },
	'board-drag': async () => {
		const page = await open(B, { dark: true });
		const from = await firstCard(page).boundingBox();
		await page.mouse.move(from.x + 60, from.y + 40); await page.mouse.down(); await page.waitForTimeout(60);
		for (const dx of [90, 200, 320]) { await page.mouse.move(from.x + dx, from.y + 60); await page.waitForTimeout(80); }
		return page;
	},
	'toast': async () => { const page = await open(B); await firstCard(page).focus(); await page.keyboard.press(' '); await page.keyboard.press('ArrowRight'); await page.keyboard.press(' '); return page; },
	'remote': async () => { const page = await open(B); await page.request.post(`${base}/mock/move`, { data: {} }); return page; },
	'user-menu': async () => { const page = await open(B, { dark: true, nl: true }); await page.locator('.user-button').click(); return page; },
	'switch': async () => { const page = await open(B); await page.locator('.switch').first().click(); return page; },
	'panel-light': async () => { const page = await open(B); await page.locator('[data-column=quoted] .card-link').first().click(); return page; },
	'panel-dark-nl': async () => { const page = await open(B, { dark: true, nl: true }); await page.locator('[data-column=quoted] .card-link').nth(1).click(); return page; },
	'panel-mobile': async () => { const page = await open(B, { dark: true, phone: true }); await page.locator('[data-column=contacted] .card-link').first().click(); return page; },
	'panel-middle': async () => { const page = await open(B, { width: 900, height: 800 }); await firstCard(page).click(); return page; },
	'panel-edit': async () => { const page = await open(B, { nl: true }); await page.locator('[data-column=quoted] .card-link').first().click(); await page.waitForTimeout(400); await page.locator('.panel-right .icon-btn').click(); return page; },
	'files': async () => {
		const page = await open(B);
		await page.locator('.card:has(.card-fact:nth-child(n+2)) .card-link', { has: page.locator('text=2 files') }).first().click();
		await page.getByRole('tab', { name: /Files/ }).click(); await page.waitForTimeout(300);
		await page.getByRole('button', { name: 'Show plan.pdf' }).first().click(); await page.waitForTimeout(1500); return page;
	},
	'files-image': async () => {
		const page = await open(B, { dark: true });
		await page.locator('.card .card-link', { has: page.locator('text=2 files') }).first().click();
		await page.getByRole('tab', { name: /Files/ }).click(); await page.waitForTimeout(300);
		await page.getByRole('button', { name: 'Show foto.png' }).first().click(); return page;
	},
	'new-lead': async () => { const page = await open(B, { nl: true }); await page.keyboard.press('n'); await page.waitForTimeout(500); await page.locator('button[type=submit]').click(); return page; },
	'new-lead-dark-all': async () => { const page = await open('/deals/board', { dark: true }); await page.keyboard.press('n'); return page; },
	'new-lead-phone': async () => { const page = await open(B, { phone: true, nl: true }); await page.locator('.bottom-new').click(); return page; },
	'note': async () => { const page = await open('/deals/board?workspace=vesting-cargo'); await firstCard(page).focus(); await page.keyboard.press(' '); await page.keyboard.press('ArrowRight'); await page.keyboard.press(' '); return page; },
	'keys': async () => { const page = await open(B, { nl: true }); await page.keyboard.press('?'); return page; },
	'search': async () => { const page = await open(B); await page.keyboard.press('/'); await page.waitForTimeout(400); await page.keyboard.type('de v'); return page; },
	'leads': () => open('/leads?workspace=bakkerij-jansen'),
	'leads-dark-nl': () => open('/leads?workspace=bakkerij-jansen&status=New', { dark: true, nl: true }),
	'leads-phone': () => open('/leads?workspace=bakkerij-jansen', { phone: true }),
	'refused': async () => { const page = await open(B, { nl: true }); await page.request.post(`${base}/mock/refuse`, { data: {} }); await firstCard(page).focus(); await page.keyboard.press(' '); await page.keyboard.press('ArrowRight'); await page.keyboard.press(' '); return page; },
	'offline': async () => { const page = await open(B); await page.context().setOffline(true); return page; },
	'not-found': () => open('/nothing'),
};
for (const [name, shot] of Object.entries(SHOTS)) {
	if (only.length && !only.includes(name))
		continue;
	try {
		const page = await shot();
		await page.waitForTimeout(600);
		await page.screenshot({ path: `${out}/${name}.png` });
		const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		console.log(name, wide > 0 ? `SIDEWAYS ${wide}` : 'ok');
		await page.context().close();
	} catch (fault) {
		console.log(name, 'FAILED', fault.message.split('\n')[0]);
	}
}
await browser.close();
