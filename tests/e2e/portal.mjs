/* A customer's page, by the link alone: nobody is logged in. A quote is read, an optional line chosen, accepted by keyboard; another is declined; an invoice shows
   how to pay. Opening it changes nothing. */
import { axeSource, base, becomes, browser, check, crmctl, enter, equal, person, story, until } from './house.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=poort-werk';
const COMPANY = { name: 'Poort Werk B.V.', street: 'Havenstraat 12', postcode: '1211 AB', city: 'Hilversum', country: 'NL', email: 'geld@poort.example', kvk: '12345678', vat_id: 'NL123456782B90', iban: 'NL91ABNA0417164300', bic: 'ABNANL2A', colour: '#0b7a5b' };
const BUYER = { name: 'Bakkerij Jansen', street: 'Dorpsstraat 4', postcode: '3741 AA', city: 'Baarn', country: 'NL' };

/* whoever has the link: no session, their own language, a policy that holds */
async function visitor(path, how = {}) {
	const context = await browser.newContext({ baseURL: base, viewport: { width: how.phone ? 390 : 1200, height: 844 }, isMobile: how.phone ?? false, hasTouch: how.phone ?? false, colorScheme: how.dark ? 'dark' : 'light', locale: how.locale ?? 'nl-NL', timezoneId: 'Europe/Amsterdam', reducedMotion: 'reduce', serviceWorkers: 'block' });
	const page = await context.newPage();
	page.wrong = [];
	page.on('pageerror', (fault) => page.wrong.push(fault.message));
	page.on('console', (message) => { if (message.type() === 'error' && !/^Failed to load resource|Cross-Origin-Opener-Policy/.test(message.text())) page.wrong.push(message.text()); });
	page.reply = await page.goto(path);
	return page;
}
async function sound(page) {
	const found = await page.evaluate(async (axe) => { (0, eval)(axe); return (await globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })).violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`); }, axeSource);
	equal(found, [], 'what axe finds:');
	equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing sticks out:');
	equal(page.wrong, [], 'faults in the page:');
}
const document = (page, id) => ask(page, 'GET', `/api/crm/documents/${id}`);

export async function tell() {
	crmctl('workspace', 'add', 'poort-werk', '--preset', 'commerce', '--name', 'Poort Werk', '--timezone', 'Europe/Amsterdam');
	const paul = person('paul@poort.example', 'Paul Poort', '--workspace', 'poort-werk', '--role', 'owner');
	const quote = async (page, title) => {
		await ask(page, 'PUT', `/api/crm/company${W}`, COMPANY);
		const { id } = await ask(page, 'POST', `/api/crm/quotes${W}`, { title, language: 'nl', buyer: BUYER, lines: [{ name: 'Website', price: '1500', rate: '21' }, { name: 'Onderhoud', quantity: '12', unit: 'month', price: '35', rate: '21', optional: true, chosen: false }] });
		await ask(page, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
		return document(page, id);
	};

	await story('a quote on the customer\'s page: opening it changes nothing, a key says that it is seen, a line is chosen and it is accepted by keyboard; the deal\'s side knows', async () => {
		const mine = await enter(paul, '/');
		const one = await quote(mine, 'Nieuwe website');
		const page = await visitor(one.portal);
		const headers = page.reply.headers();
		check(/default-src 'none'/.test(headers['content-security-policy']) && /noindex/.test(headers['x-robots-tag']) && headers['referrer-policy'] === 'no-referrer', `the page's headers: ${JSON.stringify(headers)}`);
		await page.getByRole('heading', { name: one.number }).waitFor();
		await sound(page);
		equal((await document(mine, one.id)).viewed_at, null, 'opened, and not seen:');
		await page.keyboard.press('Tab');
		await until('it is seen', async () => (await document(mine, one.id)).viewed_at);
		await page.locator('#line-2').focus();
		await page.keyboard.press('Space');
		await page.locator('.totals').getByText('€ 2.323,20').waitFor();
		await becomes(async () => (await document(mine, one.id)).gross.amount, '2323.20', 'what the server says:');
		await page.locator('#accept').getByRole('button', { name: 'Akkoord geven' }).focus();
		await page.keyboard.press('Enter');
		await page.getByText('Vul je naam in.').waitFor();
		await page.keyboard.type('Piet Jansen');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Space');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await page.locator('[data-tone=ok]').getByText('door Piet Jansen').waitFor();
		await until('the notice has the focus', () => page.evaluate(() => globalThis.document.activeElement?.id === 'notice'));
		const after = await document(mine, one.id);
		equal([after.state, after.accepted_by], ['accepted', 'Piet Jansen'], 'it is:');
		await page.getByRole('button', { name: 'English' }).click();
		await page.getByText('Accepted on').waitFor();
		await sound(page);
		await page.context().close();
	});

	await story('a quote is declined with a reason, on a phone in the dark; a link that is none says so', async () => {
		const mine = await enter(paul, '/');
		const one = await quote(mine, 'Te duur');
		const page = await visitor(one.portal, { phone: true, dark: true });
		await page.locator('#bar').waitFor({ state: 'attached' }); /* hidden where what it leads to is in sight: a short quote's form is */
		await sound(page);
		await page.locator('#decline').click();
		await page.locator('#why').fill('Te duur voor ons');
		await page.getByRole('button', { name: 'Offerte afwijzen' }).click();
		await page.locator('[data-tone=bad]').getByText('afgewezen').first().waitFor();
		const after = await document(mine, one.id);
		equal([after.state, after.decline_reason], ['declined', 'Te duur voor ons'], 'it is:');
		const lost = await visitor('/portal/' + 'A'.repeat(43));
		await lost.getByText('Deze link werkt niet meer').waitFor();
		await page.context().close();
	});

	await story('an invoice on the customer\'s page: the account, the code for the bank\'s app, what is open; paid, it says so', async () => {
		const mine = await enter(paul, '/');
		await ask(mine, 'PUT', `/api/crm/company${W}`, COMPANY);
		const { id } = await ask(mine, 'POST', `/api/crm/invoices${W}`, { title: 'Website', language: 'nl', buyer: BUYER, lines: [{ name: 'Website', price: '1500', rate: '21' }] });
		await ask(mine, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
		const one = await document(mine, id);
		const page = await visitor(one.portal, { phone: true });
		await page.locator('.bank').getByText('NL91 ABNA 0417 1643 00').waitFor();
		await page.locator('.bank').getByText(one.number).waitFor();
		await page.locator('.qr svg').waitFor();
		await sound(page);
		await ask(mine, 'POST', `/api/crm/payments${W}`, { document_id: id, amount: { amount: '1815.00', currency: 'EUR' } });
		await page.reload();
		await page.locator('[data-tone=ok]').getByText('Betaald').first().waitFor();
		await becomes(() => page.locator('#pay').count(), 0, 'what is left to pay:');
		await page.context().close();
	});
}
export const data = ['Poort Werk', 'Paul Poort'];
