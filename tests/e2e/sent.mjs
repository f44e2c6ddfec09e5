/* What leaves the house and comes back: a quote by mail with its PDF, reminders of what was not paid in time, an invoice that a customer pays through a provider.
   In a house of its own, which may talk to stand-ins on this machine (mail_world.py, pay_world.py); nothing leaves the machine. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { axeSource, becomes, browser, check, day, equal, folder, port, story, until } from './house.mjs';

const own = { folder: `${folder}-sent`, port: port + 60, base: `http://127.0.0.1:${port + 60}` };
const at = { smtp: port + 96, http: port + 97, pay: port + 98 };
const mails = () => (existsSync(`${own.folder}/mails.jsonl`) ? readFileSync(`${own.folder}/mails.jsonl`, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : []);
const mailTo = (address, nth = 0) => until(`mail ${nth + 1} to ${address}`, () => mails().filter((one) => one.to.includes(address))[nth], 30000);
const tool = (...words) => { const said = execFileSync(`${process.env.BIN ?? 'build'}/crmctl`, [...words, '--var', own.folder, '--json'], { encoding: 'utf8' }).trim(); return said ? JSON.parse(said) : null; };
const W = '?workspace=zon-zo';
const COMPANY = { name: 'Zon & Zo B.V.', street: 'Kade 4', postcode: '3511 AA', city: 'Utrecht', country: 'NL', email: 'post@zon.test', kvk: '12345678', vat_id: 'NL123456782B01', iban: 'NL91ABNA0417164300' };
const buyer = (name, email) => ({ name, street: 'Dorpsstraat 1', postcode: '1234 AB', city: 'Breda', country: 'NL', email });
const LINES = [{ name: 'Website', quantity: '1', price: '1500.00', rate: '21' }];
const dialog = (page) => page.getByRole('dialog');

async function visit(who, path, { locale = 'en-GB', phone = false, dark = false } = {}) {
	const context = await browser.newContext({ baseURL: own.base, viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 }, isMobile: phone, hasTouch: phone, colorScheme: dark ? 'dark' : 'light', locale, timezoneId: 'Europe/Amsterdam', reducedMotion: 'reduce', serviceWorkers: 'block' });
	const page = await context.newPage();
	page.faults = [];
	page.on('pageerror', (fault) => page.faults.push(fault.message));
	page.on('console', (message) => { if (/Content Security Policy|Refused to/.test(message.text())) page.faults.push(message.text()); });
	if (who)
		check((await context.request.post(`${own.base}/api/login`, { data: { email: who.email, password: who.password }, headers: { Origin: own.base } })).ok(), `${who.email} could not log in`);
	await page.goto(path);
	return page;
}
async function ask(page, method, path, data) {
	const reply = await page.request.fetch(own.base + path, { method, ...(data === undefined ? {} : { data }), headers: { Origin: own.base } });
	check(reply.ok(), `${method} ${path}: ${reply.status()} ${await reply.text()}`);
	return reply.status() === 204 ? null : reply.json();
}
async function world(path, body) {
	check((await fetch(`http://127.0.0.1:${at.pay}/${path}`, { method: 'PUT', body: JSON.stringify(body) })).ok, `the stand-in refused ${path}`);
}
async function sound(page) {
	const found = await page.evaluate(async (axe) => { (0, eval)(axe); return (await globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })).violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`); }, axeSource);
	equal(found, [], 'what axe finds:');
	equal(page.faults, [], 'faults in the page:');
}

export async function tell() {
	const running = [];
	process.on('exit', () => { for (const one of running) one.kill(); execFileSync(`${process.env.BIN ?? 'build'}/crmctl`, ['down', '--var', own.folder], { stdio: 'ignore' }); });
	const env = ['mailer:CRM_MAIL_PRIVATE=yes', 'mailer:CRM_MAIL_HOLD=0', `mailer:CRM_ORIGIN=${own.base}`, 'billing:CRM_PAY_PRIVATE=yes', `billing:CRM_ORIGIN=${own.base}`];
	tool('up', '--detach', '--port', String(own.port), ...env.flatMap((one) => ['--env', one]));
	running.push(spawn('/usr/bin/python3', ['tests/flow/mail_world.py', String(at.smtp), String(at.http), `${own.folder}/mails.jsonl`], { stdio: 'ignore' }), spawn('/usr/bin/python3', ['tests/flow/pay_world.py', String(at.pay)], { stdio: 'ignore' }));
	tool('workspace', 'add', 'zon-zo', '--preset', 'nl-offerte-6', '--name', 'Zon & Zo', '--timezone', 'Europe/Amsterdam');
	const zoe = { ...tool('user', 'add', 'zoe@zon.test', '--name', 'Zoë Zon', '--workspace', 'zon-zo', '--role', 'owner'), email: 'zoe@zon.test' };
	await until('the stand-ins listen', async () => (await fetch(`http://127.0.0.1:${at.pay}/made`)).ok);
	const prepare = async () => {
		const page = await visit(zoe, '/');
		await ask(page, 'PUT', '/api/me', { language: 'en' });
		await ask(page, 'PUT', `/api/crm/company${W}`, COMPANY);
		if (!(await ask(page, 'GET', `/api/crm/mail/accounts${W}`)).data.length)
			await ask(page, 'POST', `/api/crm/mail/accounts${W}`, { kind: 'smtp', name: 'Kantoor', from_name: 'Zon & Zo', from_email: 'post@zon.test', host: '127.0.0.1', port: at.smtp, tls: 'none' });
		return page;
	};

	await story('A quote goes by mail: it is written in the dialog, leaves with its PDF and the customer\'s link; the page says that it went, and that they looked', async () => {
		const page = await prepare();
		const { id } = await ask(page, 'POST', `/api/crm/quotes${W}`, { title: 'Nieuwe website', language: 'nl', buyer: buyer('De Vries Techniek', 'piet@vries.test'), lines: LINES });
		await page.goto(`/quotes/${id}${W}`);
		await page.locator('[data-step="send"]').click();
		await becomes(() => dialog(page).getByLabel('To', { exact: true }).inputValue(), 'piet@vries.test', 'to whom:');
		await dialog(page).getByLabel('Subject').fill('Onze offerte voor de website');
		await dialog(page).getByLabel('Text').fill('Dag Piet,\n\nHierbij wat we bespraken.');
		await dialog(page).getByRole('button', { name: 'Send', exact: true }).click();
		await page.getByText('is on its way').waitFor();
		await page.locator('.doc-head .status[data-state="sent"]').waitFor();
		await page.getByRole('tabpanel').getByText('Sent to the customer').waitFor();
		const { number } = await ask(page, 'GET', `/api/crm/documents/${id}`);
		const mail = await mailTo('piet@vries.test');
		equal([mail.subject, mail.files.map(([name, type]) => [name, type])], ['Onze offerte voor de website', [[`${number}.pdf`, 'application/pdf']]], 'what came:');
		check(mail.files[0][2] > 8000 && mail.text.includes('Hierbij wat we bespraken.'), `its file and its words: ${JSON.stringify(mail.files)} ${mail.text}`);
		const link = /http:\/\/127\.0\.0\.1:\d+\/portal\/[\w-]{43}/.exec(mail.text)?.[0];
		check(link, `no link in ${mail.text}`);
		const customer = await visit(null, link, { locale: 'nl-NL' });
		await customer.getByRole('heading', { name: number }).waitFor();
		await customer.mouse.click(20, 300);
		await page.locator('.doc-head .status[data-state="viewed"]').waitFor({ timeout: 15000 });
		await page.getByRole('tabpanel').getByText('Viewed by the customer').waitFor();
		equal(mails().filter((one) => one.to.includes('piet@vries.test')).length, 1, 'mails of it:');
		equal([...page.faults, ...customer.faults], [], 'faults in a page:');
	});

	await story('What is overdue is asked for again: one by its dialog in one\'s own words, then many at once; the mails are there, and the third reminder is the last', async () => {
		const page = await prepare();
		const late = [];
		for (const [name, email] of [['Bakkerij Laat', 'bakker@laat.test'], ['Slager Later', 'slager@laat.test']]) {
			const { id } = await ask(page, 'POST', `/api/crm/invoices${W}`, { title: 'Onderhoud', language: 'nl', buyer: buyer(name, email), lines: LINES, issued: day(-40), due: day(-10) });
			await ask(page, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
			late.push(await ask(page, 'GET', `/api/crm/documents/${id}`));
		}
		await page.goto(`/invoices/${late[0].number}${W}`);
		await page.locator('.doc-head .status[data-state="overdue"]').waitFor();
		await page.getByText('10 days late').waitFor();
		await page.locator('[data-step="remind"]').click();
		await dialog(page).getByRole('heading', { name: 'Reminder 1 of 3' }).waitFor();
		await dialog(page).getByText('bakker@laat.test').waitFor();
		await dialog(page).getByLabel('Text').fill('Beste bakker, is dit tussen wal en schip geraakt?');
		await dialog(page).getByRole('button', { name: 'Remind', exact: true }).click();
		await page.getByText('Bakkerij Laat is reminded').waitFor();
		await page.getByRole('tabpanel').getByText('Reminded once').waitFor();
		const mail = await mailTo('bakker@laat.test');
		check(mail.text.includes('tussen wal en schip') && mail.files.some(([name]) => name === `${late[0].number}.pdf`), `what came: ${JSON.stringify(mail)}`);

		await page.goto(`/invoices${W}&status=overdue`);
		await until('both are there', async () => (await page.locator('tbody tr').count()) === 2);
		for (const one of await page.locator('tbody .row-pick').all())
			await one.click();
		await page.getByRole('button', { name: 'Remind (2)' }).click();
		await dialog(page).getByText('Each customer gets the next of three reminders by email.').waitFor();
		await dialog(page).getByRole('button', { name: 'Remind', exact: true }).click();
		await page.getByText('2 customers are reminded').waitFor();
		await until('nothing is picked', async () => (await page.locator('.bulk-bar').count()) === 0);
		await mailTo('bakker@laat.test', 1);
		await mailTo('slager@laat.test');
		await becomes(async () => Promise.all(late.map(async ({ id }) => (await ask(page, 'GET', `/api/crm/documents/${id}`)).reminded)), [2, 1], 'how often:');
		await ask(page, 'POST', `/api/crm/documents/${late[0].id}/remind`, {});
		/* the fourth time it is said why not, with the one it is about */
		for (const one of await page.locator('tbody .row-pick').all())
			await one.click();
		await page.getByRole('button', { name: 'Remind (2)' }).click();
		await dialog(page).getByRole('button', { name: 'Remind', exact: true }).click();
		await dialog(page).getByText('2 of 2 · 1 done').waitFor();
		await dialog(page).locator('.rows').getByText(late[0].number).waitFor();
		await dialog(page).locator('.rows').getByText('three times').waitFor();
		await dialog(page).locator('.dialog-foot').getByRole('button', { name: 'Close' }).click();
		equal(page.faults, [], 'faults in the page:');
	});

	await story('A customer pays by the button: the provider says so, the page waits for it and then says Paid; payment and history are on the invoice', async () => {
		const page = await prepare();
		await ask(page, 'POST', `/api/crm/pay/providers${W}`, { kind: 'mollie', secret: 'test_geheim', url: `http://127.0.0.1:${at.pay}` });
		const { id } = await ask(page, 'POST', `/api/crm/invoices${W}`, { title: 'Website', language: 'nl', buyer: buyer('Garage Smit', 'smit@garage.test'), lines: LINES });
		await ask(page, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
		const { number, portal } = await ask(page, 'GET', `/api/crm/documents/${id}`);
		await page.goto(`/invoices/${number}${W}`);
		const customer = await visit(null, portal, { locale: 'nl-NL', phone: true, dark: true });
		await customer.getByText('€ 1.815,00 betalen').waitFor();
		await sound(customer);
		let led = 0;
		const made = async () => (await fetch(`http://127.0.0.1:${at.pay}/made`)).json();
		await customer.route('https://www.mollie.com/**', async (route) => {
			led++;
			return route.fulfill({ status: 302, headers: { Location: (await made()).back } });
		});
		await customer.getByRole('button', { name: '€ 1.815,00 betalen' }).click();
		await customer.getByText('We wachten op bericht van je betaling').waitFor({ timeout: 20000 });
		await sound(customer);
		equal([led, customer.url().includes('paid=')], [1, false], 'led there, and a clean address after it:');
		const { hook, count } = await made();
		equal(count, 1, 'payments at the provider:');
		await world('payment', { state: 'paid' });
		check((await fetch(`http://127.0.0.1:${own.port + 8}${new URL(hook).pathname}`, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'id=tr_1' })).ok, 'the door refused what the provider said');
		await customer.locator('[data-tone=ok]').getByText('Betaald').first().waitFor({ timeout: 30000 });
		await becomes(() => customer.locator('#pay').count(), 0, 'what is left to pay:');
		await sound(customer);
		await page.locator('.doc-head .status[data-state="paid"]').waitFor({ timeout: 15000 });
		await page.getByRole('tabpanel').getByText('Paid in full').waitFor();
		await page.getByRole('tabpanel').getByText('Mollie').first().waitFor();
		equal(page.faults, [], 'faults in the page:');
	});

	await story('A payment that was not completed is said, and may be tried again', async () => {
		const page = await prepare();
		await world('payment', { state: 'open' });
		const { id } = await ask(page, 'POST', `/api/crm/invoices${W}`, { title: 'Website', language: 'en', buyer: buyer('Garage Smit', 'smit@garage.test'), lines: LINES });
		await ask(page, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
		const { portal } = await ask(page, 'GET', `/api/crm/documents/${id}`);
		const customer = await visit(null, portal);
		const made = async () => (await fetch(`http://127.0.0.1:${at.pay}/made`)).json();
		await customer.route('https://www.mollie.com/**', async (route) => route.fulfill({ status: 302, headers: { Location: (await made()).back } }));
		await customer.getByRole('button', { name: 'Pay €1,815.00' }).click();
		await customer.getByText('We are waiting for word of your payment').waitFor({ timeout: 20000 });
		await world('payment', { state: 'canceled' });
		const { hook, id: payment } = await made();
		await fetch(`http://127.0.0.1:${own.port + 8}${new URL(hook).pathname}`, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: `id=${payment}` });
		await customer.getByText('The payment was not completed').waitFor({ timeout: 30000 });
		await customer.getByRole('button', { name: 'Pay €1,815.00' }).waitFor();
		await sound(customer);
	});
	for (const one of running)
		one.kill();
	tool('down');
}
export const data = ['Zon & Zo', 'Zoë Zon'];
