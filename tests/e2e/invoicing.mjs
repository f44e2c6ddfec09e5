/* What becomes of quotes and invoices after they are written: parts and credit notes, the check of an e-invoice, files, copies and new versions, what is thrown
   away and comes back; and how they are found again, in their lists and by the search of everything. */
import { readFileSync } from 'node:fs';
import { api, base, becomes, check, crmctl, day, enter, equal, holdNote, person, story, until } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=factuur-huis';
crmctl('workspace', 'add', 'factuur-huis', '--preset', 'nl-offerte-6', '--name', 'Factuur Huis', '--timezone', 'Europe/Amsterdam');
crmctl('workspace', 'add', 'lijst-huis', '--preset', 'nl-offerte-6', '--name', 'Lijst Huis', '--timezone', 'Europe/Amsterdam');
const frits = person('frits@factuur.example', 'Frits Factuur', '--workspace', 'factuur-huis,lijst-huis', '--role', 'owner');
const COMPANY = { name: 'Factuur Huis B.V.', street: 'Kade 4', postcode: '3511 AA', city: 'Utrecht', country: 'NL', email: 'post@factuur.example', kvk: '12345678', vat_id: 'NL123456782B01', iban: 'NL91ABNA0417164300' };
const BUYER = { name: 'De Vries Techniek', street: 'Dorpsstraat 1', postcode: '1234 AB', city: 'Breda', country: 'NL', email: 'piet@vries.example', kvk: '87654321' };
const SITE = [{ name: 'Website', quantity: '1', price: '1000.00', rate: '21' }, { name: 'Hours', quantity: '4', unit: 'hour', price: '100.00', rate: '21' }];
const YEAR = day().slice(0, 4);
const dialog = (page) => page.getByRole('dialog');
const saved = (page) => page.locator('[data-saving="saved"]').waitFor();
const state = (page, word) => page.locator(`.doc-head .status[data-state="${word}"]`).waitFor();
const text = (money) => money.replace(/\s/g, ' ');
const sums = (page, key, want) => becomes(async () => text(await page.locator(`[data-sum="${key}"] dd`).textContent()), want, `${key}:`);
const cell = (page, at, field) => page.locator('.doc-line[data-line]').nth(at).locator(`[data-field="${field}"]`);
const rows = (page) => page.locator('tbody tr');
const focused = (page, name) => page.evaluate((attribute) => document.activeElement?.getAttribute(attribute), name);
const more = async (page, entry) => {
	await page.locator('.doc-head').getByRole('button', { name: 'More', exact: true }).click();
	await page.getByRole('menuitem', { name: entry, exact: true }).click();
};
const english = async (page, at = W) => {
	await api(page, 'PUT', '/api/me', { language: 'en' });
	await ask(page, 'PUT', `/api/crm/company${at}`, COMPANY);
};
const made = (page, list, body = {}, at = W) => ask(page, 'POST', `/api/crm/${list}${at}`, { buyer: BUYER, title: 'Website', language: 'en', lines: SITE, ...body });
const sent = (page, id) => ask(page, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
const told = (page, id) => ask(page, 'GET', `/api/crm/documents/${id}`);
const whole = async (page, list, body, at) => {
	const { id } = await made(page, list, body, at);
	await sent(page, id);
	return told(page, id);
};
/* what a press brings onto the disk */
const taken = async (page, press) => {
	const [file] = await Promise.all([page.waitForEvent('download'), press()]);
	return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
};

export async function tell() {
	await story('A deposit of 30 % and then the rest: together they come to the quote to the cent; more than all of it is refused in the dialog', async () => {
		const page = await enter(frits, `/quotes${W}`);
		await english(page);
		const quote = await whole(page, 'quotes');
		await ask(page, 'POST', `/api/crm/documents/${quote.id}/accept`, { name: 'Piet de Vries' });
		await page.goto(`${base}/quotes/${quote.number}${W}`);
		await more(page, 'Deposit invoice');
		await becomes(() => focused(page, 'name'), 'percent', 'one writes the part at once:');
		await dialog(page).locator('[name=percent]').fill('130');
		await page.keyboard.press('Enter');
		await dialog(page).getByText('More than 0 and at most 100').waitFor();
		await dialog(page).locator('[name=percent][aria-invalid=true]').fill('30');
		await dialog(page).locator('[name=title]').fill('Deposit');
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/invoices\//);
		await sums(page, 'gross', '€508.20');
		await becomes(() => cell(page, 0, 'name').inputValue(), 'Deposit', 'its line:');
		await page.goto(`${base}/quotes/${quote.number}${W}`);
		await page.getByRole('tabpanel').getByText('€508.20').waitFor();
		await page.locator('[data-step="invoice"]').click();
		await page.waitForURL(/\/invoices\//);
		await sums(page, 'gross', '€1,185.80');
		await page.goto(`${base}/quotes/${quote.number}${W}`);
		await page.locator('[data-step="open_invoice"]').waitFor();
		await page.locator('.doc-head').getByRole('button', { name: 'More', exact: true }).click();
		await page.getByRole('menuitem', { name: 'Duplicate' }).waitFor();
		await becomes(() => page.getByRole('menuitem', { name: 'Deposit invoice' }).allTextContents(), [], 'a way to yet another part:');
		await noFaults(page);
	});

	await story('A credit note: of one line as many hours as one says, then all that is left; what is open follows, and there is no way to a third', async () => {
		const page = await enter(frits, `/invoices${W}`);
		await english(page);
		const invoice = await whole(page, 'invoices');
		await page.goto(`${base}/invoices/${invoice.number}${W}`);
		await more(page, 'Credit note');
		await dialog(page).locator('[type=radio]').nth(1).check({ force: true });
		await dialog(page).getByRole('button', { name: 'Credit note', exact: true }).click();
		await dialog(page).getByText('Tick at least one line and say how much of it').waitFor();
		await dialog(page).getByText('Hours', { exact: true }).click();
		await dialog(page).getByLabel('Quantity of Hours').fill('1,5');
		await dialog(page).getByRole('button', { name: 'Credit note', exact: true }).click();
		await page.locator('.doc-editor').waitFor();
		await page.getByRole('heading', { level: 1, name: /Credit note/ }).waitFor();
		await sums(page, 'gross', '€181.50');
		await more(page, 'Finalise');
		await dialog(page).getByRole('button', { name: 'Finalise', exact: true }).click();
		await page.waitForURL(new RegExp(`/invoices/CRE-${YEAR}-001`));
		await page.goto(`${base}/invoices/${invoice.number}${W}`);
		await sums(page, 'open', '€1,512.50');
		await page.getByRole('tabpanel').getByRole('link', { name: `CRE-${YEAR}-001` }).waitFor();
		await more(page, 'Credit note');
		await dialog(page).getByRole('button', { name: 'Credit note', exact: true }).click();
		await page.locator('.doc-editor').waitFor();
		await sums(page, 'gross', '€1,512.50');
		await more(page, 'Finalise');
		await dialog(page).getByRole('button', { name: 'Finalise', exact: true }).click();
		await page.waitForURL(new RegExp(`/invoices/CRE-${YEAR}-002`));
		equal((await told(page, invoice.id)).open.amount, '0.00', 'what is left to pay:');
		await page.goto(`${base}/invoices/${invoice.number}${W}`);
		await state(page, 'cancelled');
		await page.locator('.doc-head').getByRole('button', { name: 'More', exact: true }).click();
		await page.getByRole('menuitem', { name: 'Duplicate' }).waitFor();
		await becomes(() => page.getByRole('menuitem', { name: 'Credit note' }).allTextContents(), [], 'ways to yet another one:');
		await noFaults(page);
	});

	await story('What keeps an e-invoice from being good is named in words, leads to the field, and is gone once it is written; then the file is taken', async () => {
		const page = await enter(frits, `/invoices${W}`);
		await english(page);
		const { id } = await made(page, 'invoices');
		await page.goto(`${base}/invoices/${id}${W}`);
		await more(page, 'UBL and its check');
		const reference = dialog(page).locator('.rows li', { hasText: /reference/i });
		await reference.waitFor();
		await reference.getByRole('button', { name: 'Fix' }).click();
		await becomes(() => focused(page, 'name'), 'buyer_reference', 'where one writes:');
		await page.keyboard.type('PO 7');
		await saved(page);
		await more(page, 'UBL and its check');
		await dialog(page).getByText('The UBL is good').waitFor();
		await page.keyboard.press('Escape');
		await dialog(page).waitFor({ state: 'detached' });
		await sent(page, id);
		await page.locator('.doc-head .status[data-state="sent"]').waitFor();
		await more(page, 'UBL and its check');
		await dialog(page).getByText('The UBL is good').waitFor();
		const ubl = await taken(page, () => dialog(page).getByText('Download UBL').click());
		check(ubl.name.endsWith('.xml') && ubl.bytes.includes('<cbc:BuyerReference>PO 7</cbc:BuyerReference>'), `the file ${ubl.name} is ${ubl.bytes.subarray(0, 400)}`);
		await noFaults(page);
	});

	await story('The PDF is shown as it was saved last, and kept as a file under its number; on a browser that shows none within a page it opens by itself', async () => {
		const page = await enter(frits, `/quotes${W}`);
		await english(page);
		const quote = await whole(page, 'quotes');
		await page.goto(`${base}/quotes/${quote.number}${W}`);
		await page.getByRole('tab', { name: 'Preview' }).click();
		const shown = page.locator('.doc-preview[aria-busy="false"] iframe');
		await shown.waitFor();
		await becomes(async () => (await shown.getAttribute('src')).slice(0, 5), 'blob:', 'what is shown, as a file of this page:');
		const file = await taken(page, () => more(page, 'Download PDF'));
		equal([file.name, file.bytes.subarray(0, 5).toString()], [`${quote.number}.pdf`, '%PDF-'], 'what is kept:');
		const phone = await enter(frits, '/', { phone: true });
		await phone.addInitScript(() => Object.defineProperty(Navigator.prototype, 'pdfViewerEnabled', { get: () => false }));
		await phone.goto(`${base}/quotes/${quote.number}${W}&view=preview`);
		await phone.getByText('This browser shows a PDF on its own').waitFor();
		await becomes(() => phone.getByRole('link', { name: 'Open PDF' }).getAttribute('href'), `/api/crm/documents/${quote.id}/pdf`, 'its way:');
		await noFaults(page);
	});

	await story('A copy is a draft of its own; a new version goes under the same number and its customer is told; withdrawn is withdrawn', async () => {
		const page = await enter(frits, `/quotes${W}`);
		await english(page);
		const quote = await whole(page, 'quotes');
		await page.goto(`${base}/quotes/${quote.number}${W}`);
		await more(page, 'Duplicate');
		await page.locator('.doc-editor').waitFor();
		await becomes(async () => (await page.locator('h1').textContent()) !== quote.number, true, 'it has a number of its own:');
		await sums(page, 'gross', '€1,694.00');
		await page.goto(`${base}/quotes/${quote.number}${W}`);
		await more(page, 'New version');
		await page.getByText('version 2', { exact: true }).waitFor();
		await page.locator('.doc-editor').waitFor();
		await becomes(() => page.locator('h1').textContent(), quote.number, 'the same number:');
		const reply = await page.request.get(base + '/api' + quote.portal);
		equal([(await reply.json()).state, (await reply.json()).lines ?? null], ['draft', null], 'what its customer may see meanwhile:');
		await cell(page, 0, 'price').fill('900');
		await saved(page);
		await page.locator('[data-step="send"]').click();
		await dialog(page).getByText('I sent it another way').click();
		await dialog(page).getByRole('button', { name: 'Mark as sent' }).click();
		await state(page, 'sent');
		await more(page, 'Withdraw');
		await dialog(page).getByText('counts no more').waitFor();
		await dialog(page).getByRole('button', { name: 'Withdraw', exact: true }).click();
		await state(page, 'cancelled');
		await noFaults(page);
	});

	await story('What is thrown away comes back by Z, and later out of the trash of its list; what is final cannot be thrown away', async () => {
		const page = await enter(frits, `/quotes${W}`);
		await english(page);
		const { id } = await made(page, 'quotes', { title: 'Thrown away' });
		const { number } = await told(page, id);
		await page.goto(`${base}/quotes/${number}${W}`);
		await more(page, 'Delete');
		await page.waitForURL(/\/quotes(\?|$)/);
		await holdNote(page, 'It is in the trash');
		await page.keyboard.press('z');
		await page.locator('tbody tr', { hasText: number }).waitFor();
		await page.goto(`${base}/quotes/${number}${W}`);
		await more(page, 'Delete');
		await page.waitForURL(/\/quotes(\?|$)/);
		await until('it left the list', async () => (await page.locator('tbody tr', { hasText: number }).count()) === 0);
		await page.getByRole('button', { name: 'Trash' }).click();
		await page.getByRole('menuitemradio', { name: 'In the trash', exact: true }).click();
		await page.locator('tbody tr', { hasText: number }).locator('.row-link').click();
		await page.getByText('This document is in the trash.').waitFor();
		await page.getByRole('button', { name: 'Put back' }).click();
		await page.locator('.doc-editor').waitFor();
		const invoice = await whole(page, 'invoices');
		await page.goto(`${base}/invoices/${invoice.number}${W}`);
		await page.locator('.doc-head').getByRole('button', { name: 'More', exact: true }).click();
		await page.getByRole('menuitem', { name: 'Duplicate' }).waitFor();
		await becomes(() => page.getByRole('menuitem', { name: 'Delete' }).allTextContents(), [], 'a way to throw it away:');
		await noFaults(page);
	});

	await story('Quotes and invoices are found by their number, title or customer from anywhere, and Enter opens them', async () => {
		const page = await enter(frits, `/quotes${W}`);
		await english(page);
		await page.reload();
		const quote = await whole(page, 'quotes', { title: 'Zonnepanelen op het dak' });
		await page.goto(`${base}/deals/board${W}`);
		await page.locator('.live-open').waitFor();
		for (const typed of [quote.number, 'zonnepanelen']) {
			await page.keyboard.press('Control+k');
			const find = page.getByRole('combobox').last();
			await find.fill(typed);
			const hit = page.getByRole('option', { name: /Zonnepanelen/ }).filter({ hasText: quote.number });
			await hit.waitFor({ timeout: 10000 });
			await hit.click();
			await page.waitForURL(new RegExp(`/quotes/${quote.number}`));
			await page.goto(`${base}/deals/board${W}`);
			await page.locator('.live-open').waitFor();
		}
		await noFaults(page);
	});

	await story('The list of invoices: what each state comes to, words and columns to order by, when the customer last looked, how many days late; it leaves as a file as it is filtered', async () => {
		const at = '?workspace=lijst-huis';
		const page = await enter(frits, `/invoices${at}`);
		await english(page, at);
		const late = await whole(page, 'invoices', { buyer: { ...BUYER, name: 'Bakkerij Laat' }, issued: day(-40), due: day(-12) }, at);
		const seen = await whole(page, 'invoices', { buyer: { ...BUYER, name: 'Hotel Gezien' }, lines: [{ name: 'Site', price: '100', rate: '21' }] }, at);
		const paid = await whole(page, 'invoices', { buyer: { ...BUYER, name: 'Café Betaald' }, lines: [{ name: 'Site', price: '200', rate: '21' }] }, at);
		await made(page, 'invoices', { buyer: { ...BUYER, name: 'Zorg Concept' }, lines: [{ name: 'Site', price: '50', rate: '21' }] }, at);
		await ask(page, 'POST', `/api/crm/payments${at}`, { document_id: paid.id, amount: { amount: '242.00', currency: 'EUR' } });
		check((await page.request.post(`${base}/api${seen.portal}/seen`, { data: {}, headers: { Origin: base } })).ok(), 'it could not be seen');
		await page.goto(`${base}/invoices${at}`);
		const tile = (name) => page.locator(`.doc-tile[data-state="${name}"]`);
		const tiles = () => page.locator('.doc-tile').evaluateAll((all) => Object.fromEntries(all.map((one) => [one.dataset.state, [...one.querySelectorAll('b, .cut')].map((part) => part.textContent.replace(/\s/g, ' '))])));
		await becomes(async () => { const { all, draft, viewed, overdue, paid: done } = await tiles(); return { all, draft, viewed, overdue, done }; },
			{ all: ['4', '€2,117.50'], draft: ['1', '€60.50'], viewed: ['1', '€121.00'], overdue: ['1', '€1,694.00'], done: ['1', '€242.00'] }, 'the tiles:', 20000);
		await rows(page).filter({ hasText: late.number }).getByText('12 days late').waitFor();
		const looked = rows(page).filter({ hasText: 'Hotel Gezien' });
		await looked.locator('.status[data-state="viewed"]').waitFor();
		const heads = await page.locator('thead th').allTextContents();
		await looked.locator('th, td').nth(heads.indexOf('Seen')).getByText(/\d\d:\d\d/).waitFor();
		await tile('overdue').click();
		await until('one row', async () => (await rows(page).count()) === 1);
		await tile('all').click();
		await page.getByRole('columnheader', { name: 'Total' }).getByRole('button').click();
		const totals = () => rows(page).evaluateAll((all, column) => all.map((one) => one.querySelectorAll('th, td')[column].textContent.replace(/\s/g, ' ')), heads.indexOf('Total'));
		await becomes(totals, ['€60.50', '€121.00', '€242.00', '€1,694.00'], 'by what they come to:');
		await page.getByRole('columnheader', { name: 'Total' }).getByRole('button').click();
		await becomes(totals, ['€1,694.00', '€242.00', '€121.00', '€60.50'], 'the other way round:');
		await page.locator('.find-input').fill('gezien');
		await until('one row', async () => (await rows(page).count()) === 1);
		await looked.waitFor();
		await page.getByRole('button', { name: /^Export/ }).click();
		const file = await taken(page, () => page.getByRole('menuitem').filter({ hasText: /CSV|Excel|spreadsheet/i }).first().click());
		const csv = file.bytes.toString();
		check(csv.includes(seen.number) && !csv.includes(late.number) && !csv.includes(paid.number), `the file is ${csv}`);
		await page.goto(`${base}/invoices${at}`);
		await page.locator('thead .row-pick').click();
		await page.getByRole('button', { name: 'Send (1)' }).waitFor();
		await page.getByRole('button', { name: 'Remind (2)' }).waitFor();
		await page.keyboard.press('Escape');
		await until('nothing is picked', async () => (await page.locator('.bulk-bar').count()) === 0);
		await noFaults(page);
	});

	await story('Typed by keys alone: a customer who is nowhere yet, the catalogue looked through, a line between, one taken away and back; figures as Dutch writes them', async () => {
		const page = await enter(frits, `/quotes${W}`, { nl: true });
		await english(page);
		await api(page, 'PUT', '/api/me', { language: 'nl' });
		if (!(await ask(page, 'GET', `/api/crm/catalog${W}`)).data.length)
			await ask(page, 'POST', `/api/crm/catalog${W}`, { code: 'UUR', name_nl: 'Uurtarief', name_en: 'Hourly rate', unit: 'hour', prices: [{ price: '1250.50', category: 'standard', rate: '21' }] });
		await page.reload();
		await page.getByRole('button', { name: 'Nieuwe offerte' }).first().waitFor();
		await page.keyboard.press('n');
		await dialog(page).getByRole('combobox').waitFor();
		await until('one writes at once', () => page.evaluate(() => document.activeElement?.getAttribute('role') === 'combobox'));
		await page.keyboard.type('Nergens Bekend');
		await dialog(page).getByRole('option', { name: /Nergens Bekend/ }).waitFor();
		await dialog(page).getByText('Niemand gevonden').waitFor();
		await page.keyboard.press('Enter');
		await becomes(() => dialog(page).getByRole('combobox').inputValue(), 'Nergens Bekend', 'the customer:');
		await page.keyboard.press('Tab');
		await page.keyboard.type('Met de toetsen');
		await page.keyboard.press('Enter');
		await page.locator('.doc-editor').waitFor();
		await page.locator('.doc-party').getByText('Nergens Bekend').waitFor();
		await cell(page, 0, 'name').focus();
		await page.keyboard.press('ArrowDown');
		await page.getByRole('option', { name: /Uurtarief/ }).waitFor();
		await page.keyboard.press('Enter');
		await becomes(() => cell(page, 0, 'price').inputValue(), '1.250,50', 'its price:');
		await becomes(() => focused(page, 'data-field'), 'quantity', 'how many is next:');
		await page.keyboard.type('2,5');
		await becomes(async () => text(await page.locator('.doc-net').first().textContent()), '€ 3.126,25', 'the line comes to:');
		await page.keyboard.press('Enter');
		await becomes(() => page.locator('.doc-line[data-line]').count(), 2, 'lines:');
		await page.keyboard.type('Laatste');
		await cell(page, 0, 'quantity').focus();
		await page.keyboard.press('Control+Enter');
		await becomes(() => page.locator('.doc-line[data-line]').count(), 3, 'lines:');
		await page.keyboard.type('Ertussen');
		await becomes(() => cell(page, 1, 'name').inputValue(), 'Ertussen', 'between:');
		for (const next of ['quantity', 'unit', 'price']) {
			await page.keyboard.press('Tab');
			await becomes(() => focused(page, 'data-field'), next, 'the next field:');
		}
		await page.keyboard.type('veel');
		await cell(page, 1, 'price').and(page.locator('[aria-invalid=true]')).waitFor();
		await becomes(() => cell(page, 1, 'price').evaluate((field) => document.getElementById(field.getAttribute('aria-describedby'))?.textContent), 'Dit is geen getal', 'what its field is told:');
		await page.keyboard.press('Control+a');
		await page.keyboard.type('1.000');
		await page.locator('.doc-head-total').getByText('€ 4.992,76').waitFor();
		await page.keyboard.press('Alt+Delete');
		await becomes(() => page.locator('.doc-line[data-line]').count(), 2, 'lines:');
		await page.keyboard.press('Control+z');
		await becomes(() => cell(page, 1, 'name').inputValue(), 'Ertussen', 'taken back:');
		/* asked to save, it names what lacks; the last line comes to nothing */
		await page.keyboard.press('Control+s');
		await cell(page, 2, 'price').and(page.locator('[aria-invalid=true]')).focus();
		await page.keyboard.type('0');
		await page.keyboard.press('Control+s');
		await saved(page);
		await sums(page, 'gross', '€ 4.992,76');
		await noFaults(page);
	});

	await story('Nothing is lost while the connection fails: it is said, goes by itself when there is one again, and outlives the page being loaded anew; who wrote meanwhile is asked about', async () => {
		const page = await enter(frits, `/quotes${W}`);
		await english(page);
		const { id } = await made(page, 'quotes', { title: 'Before' });
		await page.goto(`${base}/quotes/${id}${W}`);
		const title = page.locator('.doc-editor [name=title]');
		await becomes(() => title.inputValue(), 'Before');
		const writes = (url) => url.pathname.startsWith('/api/crm/documents/');
		const fails = (route) => (route.request().method() === 'PUT' ? route.abort('internetdisconnected') : route.continue());
		await page.route(writes, fails);
		await title.fill('Written without a connection');
		await page.locator('[data-saving="failed"]').getByText('kept in this browser').waitFor();
		await page.unroute(writes, fails);
		await page.evaluate(() => dispatchEvent(new Event('online')));
		await saved(page);
		equal((await told(page, id)).title, 'Written without a connection', 'the server has:');
		/* what cannot be saved yet is there after the page was loaded anew */
		await title.fill('Mine');
		await cell(page, 0, 'price').fill('much');
		await page.locator('[data-saving="wrong"]').waitFor();
		await page.reload();
		await page.locator('[data-saving="wrong"]').waitFor();
		await becomes(async () => [await title.inputValue(), await cell(page, 0, 'price').inputValue()], ['Mine', 'much'], 'after it was loaded anew:');
		await page.goto('about:blank');
		await ask(page, 'PUT', `/api/crm/documents/${id}`, { title: 'Theirs' });
		await page.goto(`${base}/quotes/${id}${W}`);
		await page.getByText('Somebody else changed this document meanwhile').waitFor();
		await becomes(() => title.inputValue(), 'Mine', 'what is asked about:');
		await page.getByRole('button', { name: 'Show theirs' }).click();
		await becomes(() => title.inputValue(), 'Theirs', 'theirs:');
		await title.focus();
		await page.keyboard.press('Control+z');
		await becomes(() => title.inputValue(), 'Mine', 'taken back:');
		await cell(page, 0, 'price').fill('900');
		await saved(page);
		equal((await told(page, id)).title, 'Mine', 'the end of it:');
		await noFaults(page);
	});
}
export const data = ['Factuur Huis', 'Lijst Huis', 'Frits Factuur'];
