/* The settings of money: who the workspace is on paper, what it sells, how documents are numbered, how it is paid; and the pages beside quotes and invoices:
   payments, orders, what is made again and again, reports. */
import { becomes, crmctl, day, enter, equal, holdNote, person, story, until } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=munt-werk';
const dialog = (page) => page.getByRole('dialog');
const named = (page, name) => page.locator(`[name="${name}"]`);
const wrong = (page, name) => page.locator(`[name="${name}"][aria-invalid="true"]`);
const save = (page) => page.locator('.page-actions').getByRole('button', { name: 'Save' });
const company = (page) => ask(page, 'GET', `/api/crm/company${W}`);
const COMPANY = { name: 'Munt Werk B.V.', street: 'Havenstraat 12', postcode: '1211 AB', city: 'Hilversum', country: 'NL', email: 'geld@munt.example', kvk: '12345678', vat_id: 'NL123456782B90', iban: 'NL91ABNA0417164300', bic: 'ABNANL2A' };
const BUYER = { name: 'Bakkerij Jansen', street: 'Dorpsstraat 4', postcode: '3741 AA', city: 'Baarn', country: 'NL' };
/* two pixels of one colour: enough to be a picture */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC', 'base64');

export async function tell() {
	crmctl('workspace', 'add', 'munt-werk', '--preset', 'commerce', '--name', 'Munt Werk', '--timezone', 'Europe/Amsterdam');
	const mia = person('mia@munt.example', 'Mia Munt', '--workspace', 'munt-werk', '--role', 'owner');
	const vic = person('vic@munt.example', 'Vic Verkoop', '--workspace', 'munt-werk', '--role', 'sales');

	await story('who the company is on paper: each number is checked as it is typed, the bank comes by itself, the sheet beside shows it, and another page has it at once', async () => {
		const page = await enter(mia, `/settings/company${W}`);
		const beside = await enter(mia, `/settings/company${W}`);
		await named(beside, 'name').waitFor();
		await beside.locator('.live-open').waitFor();
		await named(page, 'name').fill('Munt Werk B.V.');
		await page.locator('.paper').getByText('Munt Werk B.V.').first().waitFor();
		await named(page, 'kvk').fill('1234567');
		await named(page, 'vat_id').fill('NL123456789B01');
		await named(page, 'iban').fill('NL91ABNA0417164301');
		await named(page, 'bic').focus();
		for (const name of ['kvk', 'vat_id', 'iban'])
			await wrong(page, name).waitFor();
		await save(page).click();
		await until('the first wrong field has the focus', () => page.evaluate(() => document.activeElement?.name === 'kvk'));
		equal((await company(page)).kvk ?? null, null, 'what is wrong is not kept:');
		await named(page, 'kvk').fill('12345678');
		await named(page, 'vat_id').fill('NL123456782B90');
		await named(page, 'iban').fill('nl91abna0417164300');
		await named(page, 'website').focus();
		await becomes(() => named(page, 'iban').inputValue(), 'NL91 ABNA 0417 1643 00', 'the account in fours:');
		await becomes(() => named(page, 'bic').inputValue(), 'ABNANL2A', 'its bank:');
		await named(page, 'colour').fill('#0b7a5b');
		await named(page, 'due_days').fill('14');
		await save(page).click();
		await page.getByText('Company saved').waitFor();
		const kept = await company(page);
		equal([kept.name, kept.kvk, kept.vat_id, kept.iban, kept.bic, kept.colour, kept.due_days], ['Munt Werk B.V.', '12345678', 'NL123456782B90', 'NL91ABNA0417164300', 'ABNANL2A', '#0b7a5b', 14], 'kept:');
		await becomes(() => named(beside, 'iban').inputValue(), 'NL91 ABNA 0417 1643 00', 'beside:');
		await becomes(() => save(page).isDisabled(), true, 'nothing is left to save:');

		await page.locator('input[type=file]').setInputFiles({ name: 'logo.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
		await page.getByText('A logo is a PNG or a JPEG.').waitFor();
		await page.locator('input[type=file]').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PNG });
		await page.locator('.logo-now img').waitFor();
		await becomes(() => page.locator('.logo-now img').evaluate((img) => img.complete && img.naturalWidth), 2, 'the picture that is shown:');
		await page.getByRole('button', { name: 'Remove' }).click();
		await holdNote(page, 'Logo removed');
		await becomes(() => page.locator('.logo-now img').count(), 0, 'pictures:');
		await page.keyboard.press('z');
		await page.locator('.logo-now img').waitFor();
		noFaults(page);
		noFaults(beside);
	});

	await story('what is sold: added with a price from a later day on, found, changed, removed and put back by Z; a code is borne by one', async () => {
		const page = await enter(mia, `/settings/items${W}`);
		await page.getByText('Nothing to sell yet').waitFor();
		await page.locator('.page-actions').getByRole('button', { name: 'Add' }).click();
		await dialog(page).locator('[name=name_en]').waitFor();
		await page.keyboard.press('Enter');
		await dialog(page).getByText('A name in Dutch or in English.').waitFor();
		await dialog(page).locator('[name=name_en]').fill('Website');
		await dialog(page).locator('[name=code]').fill('WEB');
		await dialog(page).locator('[name=price_0]').fill('1500');
		await dialog(page).getByRole('button', { name: 'Another price from a day on' }).click();
		await dialog(page).locator('[name=day_1]').fill('2199-01-01');
		await dialog(page).locator('[name=price_1]').fill('1.750,50');
		await page.keyboard.press('Enter');
		await dialog(page).waitFor({ state: 'detached' });
		const row = page.locator('tr[data-row]', { hasText: 'Website' });
		await row.getByText('€1,500.00').waitFor();
		await row.getByText('€1,750.50 from 1 Jan 2199').waitFor();
		await row.getByText('21%').waitFor();
		equal((await ask(page, 'GET', `/api/crm/catalog${W}`)).data.map((one) => [one.code, one.name_en, one.unit, one.prices.length]), [['WEB', 'Website', 'piece', 2]], 'kept:');

		await page.locator('.page-actions').getByRole('button', { name: 'Add' }).click();
		await dialog(page).locator('[name=name_en]').fill('Webshop');
		await dialog(page).locator('[name=code]').fill('WEB');
		await dialog(page).locator('[name=price_0]').fill('2500');
		await page.keyboard.press('Enter');
		await dialog(page).locator('[name=code][aria-invalid=true]').waitFor();
		await dialog(page).locator('[name=code]').fill('SHOP');
		await page.keyboard.press('Enter');
		await dialog(page).waitFor({ state: 'detached' });
		await page.locator('.find-input').fill('shop');
		await becomes(() => page.locator('tr[data-row]').count(), 1, 'found:');
		await page.locator('tr[data-row]').getByRole('button', { name: /^More about/ }).click();
		await page.getByRole('menuitem', { name: 'Remove' }).click();
		await holdNote(page, 'Webshop is removed');
		await page.getByText('Nothing bears that code or name').waitFor();
		await page.keyboard.press('z');
		await page.locator('tr[data-row]', { hasText: 'Webshop' }).waitFor();
		noFaults(page);
	});

	await story('how documents are numbered: the next number is shown as one types, and never goes back to one that was given', async () => {
		const page = await enter(mia, `/settings/numbers${W}`);
		const next = page.locator('[data-next=quote] b');
		const year = day().slice(0, 4);
		await becomes(() => next.textContent(), `OFF-${year}-001`, 'at first:');
		await named(page, 'format_quote').fill('Q{year}/{seq}');
		await named(page, 'digits_quote').fill('4');
		await named(page, 'next_quote').fill('41');
		await becomes(() => next.textContent(), `Q${year}/0041`, 'as it is typed:');
		await named(page, 'format_quote').fill('Q-{year}');
		await page.getByText('{seq} stands in it once.').waitFor();
		await named(page, 'format_quote').fill('Q{year}/{seq}');
		await page.keyboard.press('Enter');
		await page.getByText(`The next one is Q${year}/0041`).waitFor();
		const made = await ask(page, 'POST', `/api/crm/quotes${W}`, { title: 'Proef', buyer: { name: 'Klant' }, lines: [{ name: 'Iets', price: '10', rate: '21' }] });
		equal((await ask(page, 'GET', `/api/crm/documents/${made.id}`)).number, `Q${year}/0041`, 'the number that it got:');
		await becomes(() => next.textContent(), `Q${year}/0042`, 'the next one, read anew:').catch(async () => { await page.reload(); await becomes(() => next.textContent(), `Q${year}/0042`, 'the next one:'); });
		await named(page, 'next_quote').fill('7');
		await page.keyboard.press('Enter');
		await page.locator('[name=next_quote][aria-invalid=true], .section .fault').first().waitFor();
		noFaults(page);
	});

	await story('an order of a quote: it stands in the list, is delivered, and Undo takes that back; what is not there is said in words', async () => {
		const page = await enter(mia, `/orders${W}`);
		await page.getByText('No order yet').waitFor();
		await page.locator('.live-open').waitFor();
		await ask(page, 'PUT', `/api/crm/company${W}`, COMPANY);
		const { id } = await ask(page, 'POST', `/api/crm/quotes${W}`, { title: 'Nieuwe website', buyer: BUYER, lines: [{ name: 'Website', price: '1500', rate: '21' }] });
		await ask(page, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
		await ask(page, 'POST', `/api/crm/documents/${id}/accept`, { name: 'Piet Jansen' });
		const order = await ask(page, 'POST', `/api/crm/orders${W}`, { document_id: id });
		equal((await ask(page, 'POST', `/api/crm/orders${W}`, { document_id: id })).id, order.id, 'asked again:');
		await page.getByRole('link', { name: 'ORD-1001' }).click();
		await page.locator('h1', { hasText: 'ORD-1001' }).waitFor();
		await page.getByText('€1,500.00').waitFor();
		await page.getByRole('button', { name: 'Delivered' }).click();
		await holdNote(page, 'ORD-1001 is now: Delivered');
		equal((await ask(page, 'GET', `/api/crm/orders/${order.id}`)).state, 'done', 'how far it is:');
		await page.keyboard.press('z');
		await until('it is open again', async () => (await ask(page, 'GET', `/api/crm/orders/${order.id}`)).state === 'open');
		await named(page, 'note').fill('Leveren voor de kerst');
		await page.locator('form').getByRole('button', { name: 'Save' }).click();
		await page.getByText('Note saved').waitFor();
		equal((await ask(page, 'GET', `/api/crm/orders/${order.id}`)).note, 'Leveren voor de kerst', 'its note:');
		noFaults(page);
	});

	await story('who may not change settings sees none of those pages, and no bank statements without the right to edit', async () => {
		const page = await enter(vic, `/payments${W}`);
		await page.locator('h1', { hasText: 'Payments' }).waitFor();
		await becomes(() => page.getByRole('link', { name: 'Company', exact: true }).count(), 0, 'ways to the company:');
		noFaults(page);
	});
}

export const data = ['Munt Werk', 'Mia Munt', 'Vic Verkoop', 'Polder IT'];
