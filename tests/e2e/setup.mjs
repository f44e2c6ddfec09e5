/* An empty installation, from the code in its log to the first lead on the board, and a whole session without a mouse. It has a
   house of its own on another port, where http without TLS is allowed: under a foreign name every page says so in red. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { api, base, becomes, browser, check, crmctl, equal, folder, inColumn, port, story, until } from './house.mjs';
import { hook, sanne } from './given.mjs';

const BIN = process.env.BIN ?? 'build';
const own = { port: port + 40, folder: `${folder}-empty`, base: `http://127.0.0.1:${port + 40}` };
const owner = { name: 'Noor Visser', email: 'noor@visser.example', password: 'een lang eigen wachtwoord' };

function start() {
	execFileSync(`${BIN}/crmctl`, ['up', '--detach', '--var', own.folder, '--port', String(own.port), '--json'], { encoding: 'utf8', env: { ...process.env, CRM_INSECURE_COOKIES: 'yes' } });
	process.on('exit', () => execFileSync(`${BIN}/crmctl`, ['down', '--var', own.folder], { stdio: 'ignore' }));
}

const codes = () => readFileSync(`${own.folder}/log/crm.log`, 'utf8').split('\n').filter((line) => line.includes('"setup_code"')).map((line) => JSON.parse(line).code);

async function visit(path, more = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Amsterdam', reducedMotion: 'reduce', ...more });
	context.setDefaultTimeout(8000);
	const page = await context.newPage();
	page.faults = [];
	page.on('pageerror', (fault) => page.faults.push(fault.message));
	page.on('console', (message) => { if (/Content Security Policy|Refused to/.test(message.text())) page.faults.push(message.text()); });
	await page.goto((path.startsWith('http') ? '' : own.base) + path);
	return page;
}

export async function tell() {
	start();

	await story('S0-8: an empty installation: /setup, the code from the log, a workspace, the first lead seen arriving', async () => {
		const began = Date.now();
		const page = await visit('/');
		await page.waitForURL(/\/setup$/);
		await page.getByRole('heading', { name: 'Make this installation yours' }).waitFor();
		await until('the field of the code has the focus', () => page.evaluate(() => document.activeElement?.getAttribute('name') === 'code'));
		/* nothing typed: every field says so, the first one has the focus */
		await page.getByRole('button', { name: 'Begin' }).click();
		await until('all fields are marked', async () => (await page.locator('[aria-invalid=true]').count()) === 5);
			await becomes(() => page.getByLabel('Time zone').first().inputValue(), 'Europe/Amsterdam', 'the zone of the browser:');
		await page.locator('input[name=code]').fill('AAAA-BBBB-CCCC');
		await page.getByLabel('Name of the firm').fill('Visser Installatie');
		await page.getByRole('radio', { name: /Quotes and invoices/ }).check({ force: true });
		await page.getByText('Quote sent').waitFor();
		await page.getByLabel('Your name').fill(owner.name);
		await page.locator('input[name=email]').fill(owner.email);
		await page.locator('input[name=password]').fill('password');
		await page.getByRole('button', { name: 'Begin' }).click();
		await page.getByRole('alert').filter({ hasText: 'not the code' }).waitFor();
		const code = await until('a code in the log', () => codes().at(-1));
		await page.locator('input[name=code]').fill(code.toLowerCase());
		await page.getByRole('button', { name: 'Begin' }).click();
		await page.getByText('too easy to guess').waitFor();
		await page.locator('input[name=password]').fill(owner.password);
		await page.getByRole('button', { name: 'Begin' }).click();
		await page.getByRole('heading', { name: 'Your workspace is ready' }).waitFor();
		await page.locator('.live-open').waitFor();
		await becomes(() => page.locator('.first-card').count(), 0, 'cards before anything was sent:');
		await page.getByRole('button', { name: 'Send a test lead' }).click();
		await page.getByText(/Your first lead arrived after 0[.,]\d+ s/).waitFor({ timeout: 5000 });
		await page.locator('.first-card', { hasText: 'Robin Test — Test' }).waitFor();
		/* the line for a terminal is real, too */
		await page.getByText('Or send it from a terminal').click();
		const line = await page.locator('.login-help code').textContent();
		const answer = JSON.parse(execFileSync('sh', ['-c', `${line} -s`], { encoding: 'utf8' }));
		equal(answer.lead_ids.length, 1, 'leads of the curl line:');
		await page.screenshot({ path: 'build/screenshots/setup-arrived.png', fullPage: true });
		await page.getByRole('button', { name: 'Open the board' }).click();
		await inColumn(page, 'nieuwe_aanvraag', 'Test Person').first().waitFor();
		await until('both leads are on the board', async () => (await page.locator('.card').count()) === 2);
		equal(page.faults, [], 'faults in the page:');
		console.log(`        from / to the first card on the board: ${Date.now() - began} ms`);
	});

	await story('S0-8: once somebody is there, /setup is closed and the code is worth nothing', async () => {
		const page = await visit('/setup');
		await page.waitForURL(/\/login/);
		const reply = await page.request.post(`${own.base}/api/setup`, { headers: { Origin: own.base }, data: { code: codes().at(-1), firm: 'Other', country: 'NL', language: 'nl', timezone: 'Europe/Amsterdam', currency: 'EUR', preset: 'commerce', owner: { name: 'X', email: 'x@x.example', password: 'nog een lang wachtwoord' } } });
		equal(reply.status(), 404, 'set-up again:');
	});

	await story('a session without a mouse: from log-in to a moved deal', async () => {
		const page = await visit('/login');
		await until('the focus is in the first field', () => page.evaluate(() => document.activeElement?.getAttribute('name') === 'email'));
		await page.keyboard.type(owner.email);
		await page.keyboard.press('Tab');
		await page.keyboard.type(owner.password);
		await page.keyboard.press('Enter');
		await page.locator('.card').first().waitFor();
		await page.keyboard.press('Tab');
		await until('the skip link shows', () => page.evaluate(() => document.activeElement?.classList.contains('skip')));
		await page.keyboard.press('Enter');
		for (let press = 0; press < 30 && !(await page.evaluate(() => document.activeElement?.classList.contains('card-link'))); press++)
			await page.keyboard.press('Tab');
		const title = await page.evaluate(() => document.activeElement?.querySelector('.card-title')?.textContent ?? '');
		check(title.includes('Test'), `the focus is on ${title || 'no card'}`);
		for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'Space'])
			await page.keyboard.press(key);
		await inColumn(page, 'offerte_verstuurd', title).waitFor();
		await until('the server has it', async () => {
			const { data } = await (await page.request.get(`${own.base}/api/crm/deals`)).json();
			return data.some((deal) => deal.title === title && deal.version === 2);
		});
		await page.keyboard.press('Enter');
		await page.getByRole('dialog').getByText('Stage changed').first().waitFor();
		await page.keyboard.press('Escape');
		await until('the focus is back on the card', () => page.evaluate(() => document.activeElement?.classList.contains('card-link')));
	});

	await story('plain http under a foreign name: allowed here, every page says so in red', async () => {
		const page = await visit(`http://crm.example:${own.port}/login`);
		await page.getByText('No HTTPS: for a trial only.').waitFor();
		await page.locator('input[name=email]').fill(owner.email);
		await page.locator('input[name=password]').fill(owner.password);
		await page.keyboard.press('Enter');
		await page.locator('.card').first().waitFor();
		for (const path of ['/deals/board', '/leads', '/profile', '/settings/workspaces']) {
			await page.goto(`http://crm.example:${own.port}${path}`);
			await page.locator('.banner-danger', { hasText: 'No HTTPS' }).waitFor();
		}
		await page.goto(`${own.base}/login`);
		await page.locator('input[name=email]').waitFor();
		await becomes(() => page.getByText('No HTTPS').count(), 0, 'the red line on this machine\'s own name:');
	});
}

/* the pages as they are before anybody is there, though somebody is: only the two answers that say so are made up */
async function unset(page) {
	const reply = await page.context().request.post(`${base}/api/login`, { data: { email: sanne.email, password: sanne.password }, headers: { Origin: base } });
	const me = await reply.json();
	const { data: presets } = await (await api(page, 'GET', '/api/presets')).json();
	const json = (route, status, body) => route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
	await page.route('**/api/login/state', (route) => json(route, 200, { setup_open: true, https_required: false, insecure: false }));
	await page.route('**/api/setup', (route) => (route.request().method() === 'GET'
		? json(route, 200, { open: true, presets })
		: json(route, 201, { ...me, user: { ...me.user, language: null, theme: null }, setup: { workspace_id: me.workspaces.find((one) => one.slug === 'druk').id, slug: 'druk', hook: hook.druk, curl: `curl -X POST -H 'Content-Type: application/json' -d '{"name":"Test Person","email":"test@example.com"}' ${hook.druk}` } })));
	await page.goto(`${base}/setup`);
	await page.locator('.choice').first().waitFor();
}

export const outside = {
	setup: unset,
	'setup wrong': async (page) => { await unset(page); await page.locator('button[type=submit]').click(); await page.locator('[aria-invalid=true]').first().waitFor(); },
	'setup done': async (page) => {
		await unset(page);
		for (const name of ['code', 'firm', 'name', 'email', 'password'])
			await page.locator(`input[name=${name}]`).fill('Sanne de Vries');
		await page.locator('button[type=submit]').click();
		await page.locator('.live-open').waitFor();
		await page.locator('.first .btn', { hasText: /test/i }).click();
		await page.locator('.first-card').waitFor();
	},
};
export const places = {};
