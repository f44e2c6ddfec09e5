/* A customer's page, by the link alone: nobody is logged in. A quote is read, an optional line chosen, accepted by keyboard; another is declined; an invoice shows
   how to pay. Opening it changes nothing. */
import { readFileSync } from 'node:fs';
import { axeSource, base, becomes, browser, check, crmctl, enter, equal, person, story, until } from './house.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=poort-werk';
const COMPANY = { name: 'Poort Werk B.V.', street: 'Havenstraat 12', postcode: '1211 AB', city: 'Hilversum', country: 'NL', email: 'geld@poort.example', kvk: '12345678', vat_id: 'NL123456782B90', iban: 'NL91ABNA0417164300', bic: 'ABNANL2A', colour: '#0b7a5b' };
const BUYER = { name: 'Bakkerij Jansen', street: 'Dorpsstraat 4', postcode: '3741 AA', city: 'Baarn', country: 'NL' };

/* two pixels of one colour: enough to be a picture */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC', 'base64');

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
	const quote = async (page, title, more = {}) => {
		await ask(page, 'PUT', `/api/crm/company${W}`, COMPANY);
		const { id } = await ask(page, 'POST', `/api/crm/quotes${W}`, { title, language: 'nl', ...more, buyer: BUYER, lines: [{ name: 'Website', price: '1500', rate: '21' }, { name: 'Onderhoud', quantity: '12', unit: 'month', price: '35', rate: '21', optional: true, chosen: false }] });
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

	await story('the company\'s own logo, and the files: the PDF and of an invoice the e-invoice, each under its number, in the light, the dark and on a phone', async () => {
		const mine = await enter(paul, '/');
		await ask(mine, 'PUT', `/api/crm/company${W}`, COMPANY);
		const logo = await mine.request.fetch(`${base}/api/crm/company/logo${W}`, { method: 'POST', data: PNG, headers: { 'Origin': base, 'Content-Type': 'image/png' } });
		check(logo.ok(), `the logo is ${logo.status()} ${await logo.text()}`);
		const one = await quote(mine, 'Met logo');
		const { id } = await ask(mine, 'POST', `/api/crm/invoices${W}`, { title: 'Website', language: 'en', buyer: { ...BUYER, kvk: '87654321' }, buyer_reference: 'PO 7', lines: [{ name: 'Website', price: '1500', rate: '21' }] });
		await ask(mine, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
		const invoice = await document(mine, id);
		/* one that lacks what an e-invoice wants has none to offer */
		const { id: plain } = await ask(mine, 'POST', `/api/crm/invoices${W}`, { title: 'Website', language: 'en', buyer: BUYER, lines: [{ name: 'Website', price: '1500', rate: '21' }] });
		await ask(mine, 'POST', `/api/crm/documents/${plain}/send`, { mail: false });
		const took = async (page, name) => {
			const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
			return [file.suggestedFilename(), readFileSync(await file.path()).subarray(0, 5).toString()];
		};
		const page = await visitor(one.portal, { dark: true });
		await becomes(() => page.locator('.top .logo').evaluate((picture) => [picture.complete, picture.naturalWidth, picture.alt]), [true, 2, 'Poort Werk B.V.'], 'the logo:');
		equal(await took(page, 'Pdf downloaden'), [`${one.number}.pdf`, '%PDF-'], 'the file of a quote:');
		await becomes(() => page.getByRole('link', { name: /UBL/ }).count(), 0, 'e-invoices of a quote:');
		await sound(page);
		const other = await visitor(invoice.portal, { locale: 'en-GB', phone: true });
		await other.getByRole('heading', { name: `Invoice ${invoice.number}` }).waitFor();
		equal(await took(other, 'Download PDF'), [`${invoice.number}.pdf`, '%PDF-'], 'the file of an invoice:');
		equal(await took(other, 'Download e-invoice (UBL)'), [`${invoice.number}.xml`, '<?xml'], 'the e-invoice:');
		await sound(other);
		await other.getByRole('button', { name: 'Nederlands' }).click();
		await other.getByRole('heading', { name: `Factuur ${invoice.number}` }).waitFor();
		await sound(other);
		const bare = await document(mine, plain);
		await until('its files are made', async () => { const { waiting } = await ask(mine, 'GET', `/api/crm/documents/${plain}/files`); return !waiting; }, 15000);
		const without = await visitor(bare.portal, { locale: 'en-GB' });
		await without.getByRole('link', { name: 'Download PDF' }).waitFor();
		await becomes(() => without.getByRole('link', { name: /UBL/ }).count(), 0, 'e-invoices of one that has none:');
		await ask(mine, 'PUT', `/api/crm/company${W}`, { logo: null });
	});

	await story('optional lines chosen and left again on a phone: the total follows each press, the form\'s own total too, and what was ticked for another total is asked anew', async () => {
		const mine = await enter(paul, '/');
		const one = await quote(mine, 'Naar keuze', { language: 'en' });
		const page = await visitor(one.portal, { phone: true, locale: 'en-GB' });
		const total = () => page.locator('.totals .grand dd').first().textContent();
		await becomes(total, '€1,815.00', 'at first:');
		await page.locator('#tick').check();
		await page.locator('#line-2').check();
		await becomes(total, '€2,323.20', 'with it:');
		await page.locator('#accept').getByText('for €2,323.20 incl. VAT').waitFor();
		await becomes(() => page.locator('#tick').isChecked(), false, 'the tick of another total:');
		/* pressed quickly: the last press is what counts */
		for (let n = 0; n < 3; n++)
			await page.locator('#line-2').click();
		await becomes(total, '€1,815.00', 'without it:');
		await page.locator('#totals:not(.old)').waitFor(); /* the last press has been answered: the server had this total after the first, too */
		await becomes(async () => (await document(mine, one.id)).gross.amount, '1815.00', 'what the server says:');
		await page.reload();
		await becomes(total, '€1,815.00', 'after it was loaded anew:');
		await sound(page);
	});

	await story('a quote that is too old says until when it was good; one that is being changed says so, and is not accepted as it was; a dead link is told in the reader\'s language', async () => {
		const mine = await enter(paul, '/');
		/* good for today where the evening before still is, looked at where the day after has begun */
		const { data } = await ask(mine, 'GET', '/api/workspaces');
		const place = (timezone) => ask(mine, 'PUT', `/api/workspaces/${data.find((one) => one.slug === 'poort-werk').id}/preset`, { timezone });
		await place('Pacific/Pago_Pago');
		const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Pago_Pago' }).format(new Date());
		const old = await until('billing knows the place', () => quote(mine, 'Verlopen', { due: today }), 8000);
		await place('Pacific/Kiritimati');
		await until('it is too old', async () => (await document(mine, old.id)).state === 'expired', 15000);
		const page = await visitor(old.portal, { dark: true });
		await page.locator('[data-tone=warn]').getByText('Niet meer geldig').waitFor();
		await becomes(() => page.locator('#accept').count(), 0, 'ways to accept it:');
		await sound(page);
		await place('Europe/Amsterdam');
		const one = await quote(mine, 'Wordt anders');
		const other = await visitor(one.portal);
		await other.locator('#who').fill('Piet Jansen');
		await other.locator('#tick').check();
		await ask(mine, 'POST', `/api/crm/documents/${one.id}/revise`, {});
		await other.locator('#accept').getByRole('button', { name: 'Akkoord geven' }).click();
		await other.locator('[data-tone=warn]').getByText('Wordt gewijzigd').waitFor();
		await becomes(async () => [await other.locator('.lines').count(), (await document(mine, one.id)).state], [0, 'draft'], 'its lines, and how far it is:');
		await sound(other);
		const lost = await visitor('/portal/' + 'B'.repeat(43), { locale: 'en-GB', phone: true });
		await lost.getByText('This link is not good any more').waitFor();
		await sound(lost);
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
