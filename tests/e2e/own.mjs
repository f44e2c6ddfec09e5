/* Fields of the workspace's own on people and companies, in forms, lists and segments; a company's whole page; the login that a contact is. */
import { api, base, becomes, crmctl, enter, person, story, until } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=eigen-velden';
crmctl('workspace', 'add', 'eigen-velden', '--preset', 'classic-6', '--name', 'Eigen Velden', '--timezone', 'Europe/Amsterdam', '--language', 'en');
const olga = person('olga@own.example', 'Olga Own', '--workspace', 'eigen-velden', '--role', 'owner');
person('vic@vendor.example', 'Vic Vendor', '--workspace', 'eigen-velden', '--role', 'vendor');

const dialog = (page) => page.getByRole('dialog');
async function pick(page, label, choice) {
	await dialog(page).getByRole('combobox', { name: label, exact: true }).click();
	await page.getByRole('option', { name: choice, exact: true }).click();
}

export async function tell() {
	await story('S1-11: the page of a customer shows its people, projects, devices, assets, tickets and invoices together, with what they are; a person\'s page does not', async () => {
		const page = await enter(olga, `/contacts${W}`);
		const acme = (await ask(page, 'POST', `/api/crm/accounts${W}`, { name: 'Acme Ltd' })).id;
		const jane = (await ask(page, 'POST', `/api/crm/contacts${W}`, { first_name: 'Jane', last_name: 'Smith', account_id: acme })).id;
		const kinds = [['project', 'Move to cloud'], ['device', 'Laptop 12'], ['asset', 'Printer'], ['ticket', 'No toner'], ['invoice', 'Invoice 7', { amount: { amount: '80.00', currency: 'EUR' } }], ['loyalty', 'Card', { count: 340 }], ['conversation', 'Chat', { count: 5 }]];
		for (const [kind, title, more] of kinds)
			await ask(page, 'POST', `/api/crm/linked${W}`, { kind, title, account_id: acme, ...more });
		await page.goto(`${base}/accounts/${acme}${W}`);
		const group = (name) => page.getByRole('region', { name, exact: true });
		await group('Contacts').getByText('Jane Smith').waitFor();
		for (const [name, title] of [['Projects', 'Move to cloud'], ['Devices', 'Laptop 12'], ['Assets', 'Printer'], ['Tickets', 'No toner'], ['Invoices', 'Invoice 7']])
			await group(name).getByText(title).waitFor();
		await page.locator('.group-end', { hasText: '340 points' }).waitFor();
		await page.locator('.group-end', { hasText: '5 messages' }).waitFor();
		await page.goto(`${base}/contacts/${jane}${W}`);
		await page.getByRole('heading', { level: 1, name: 'Jane Smith' }).waitFor();
		await page.getByRole('tab', { name: /^Tickets/ }).click();
		await page.getByRole('tabpanel').locator('.skeleton').first().waitFor({ state: 'detached' });
		await becomes(() => page.getByText(/Laptop 12|Printer|Invoice 7/).count(), 0, 'of the company on the page of a person:');
		noFaults(page);
	});

	await story('own fields of companies: asked in the form, money too, shown on the page and in history, a column and a filter of the list, a condition of a segment with several values', async () => {
		const page = await enter(olga, `/accounts${W}`);
		const field = (about, kind, key, en, more) => ask(page, 'POST', `/api/crm/fields${W}`, { about, kind, key, label: { en, nl: en }, ...more });
		await field('account', 'choice', 'tier', 'Tier', { needed: true, choices: [{ key: 'gold', label: { en: 'Gold', nl: 'Goud' } }, { key: 'iron', label: { en: 'Iron', nl: 'IJzer' } }, { key: 'tin', label: { en: 'Tin', nl: 'Tin' } }] });
		await field('account', 'money', 'budget', 'Budget');
		await field('contact', 'money', 'bonus', 'Bonus');
		for (const [name, tier] of [['Bolt', 'iron'], ['Cirkel', 'tin']])
			await until('the service knows the field', async () => (await api(page, 'POST', `/api/crm/accounts${W}`, { name, custom: { tier } })).ok());
		await page.goto(`${base}/accounts${W}`);
		await page.getByRole('button', { name: 'New customer' }).or(page.getByRole('button', { name: 'New account' })).first().click();
		await dialog(page).getByRole('combobox', { name: 'Tier' }).waitFor();
		await dialog(page).locator('input[name=name]').fill('Dak BV');
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await dialog(page).getByText('Fill this in').waitFor();
		await dialog(page).locator('input[name=name]').focus();
		for (let i = 0; i < 18; i++) {
			await page.keyboard.press('Tab');
			await becomes(() => page.evaluate(() => { const { left, bottom } = document.activeElement.getBoundingClientRect(); return document.activeElement.contains(document.elementFromPoint(left + 12, bottom - 6)); }), true, `what has the focus after ${i + 1} tabs is not below the buttons:`);
		}
		await pick(page, 'Tier', 'Gold');
		await dialog(page).locator('input[name="custom.budget"]').fill('2.500,50');
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await page.locator('tbody .row-link', { hasText: 'Dak BV' }).waitFor();
		await dialog(page).waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Tier' }).click();
		await page.locator('[role^=menuitem]', { hasText: 'Gold' }).click();
		await page.waitForURL(/custom\.tier=gold/);
		await becomes(() => page.locator('tbody tr').count(), 1, 'companies that are gold:');
		await page.locator('tbody .row-link').click();
		await page.getByRole('heading', { level: 1, name: 'Dak BV' }).waitFor();
		await page.getByText('€2,500.50').waitFor();
		await page.getByRole('complementary').getByRole('button', { name: 'Edit' }).click();
		await dialog(page).locator('input[name="custom.budget"]').fill('9');
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await page.getByRole('complementary').getByText('€9.00').waitFor();
		await page.getByRole('tab', { name: 'History' }).click();
		await page.getByRole('tabpanel').locator('dl', { hasText: 'Budget' }).getByText('€2,500.50').waitFor();

		await page.goto(`${base}/segments${W}`);
		await page.getByRole('button', { name: 'New segment' }).first().click();
		await dialog(page).locator('input[name=name]').fill('Edelmetaal');
		await pick(page, 'Of', 'Customers'); /* the preset's word */
		await pick(page, 'Field of condition 1', 'Tier');
		await pick(page, 'Value of condition 1', 'Gold');
		await dialog(page).getByText('1 record fits').waitFor();
		await dialog(page).getByRole('button', { name: 'or: another value of condition 1' }).click();
		await pick(page, 'Value 2 of condition 1', 'Iron');
		await dialog(page).getByText('2 records fit').waitFor();
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await dialog(page).waitFor({ state: 'detached' });
		await page.locator('[data-segment]', { hasText: '2 records fit' }).getByRole('button').last().click();
		await page.locator('[role^=menuitem]', { hasText: 'Edit' }).click();
		await until('both values are said', async () => await dialog(page).getByRole('combobox', { name: 'Value of condition 1', exact: true }).inputValue() === 'Gold' && await dialog(page).getByRole('combobox', { name: 'Value 2 of condition 1' }).inputValue() === 'Iron');
		noFaults(page);
	});

	await story('C12: a vendor whose e-mail is a vendor\'s login is told of it and linked by hand; a company typed is linked; a star pressed twice is off; two are merged as they were seen', async () => {
		const page = await enter(olga, `/contacts${W}`);
		const bob = (await ask(page, 'POST', `/api/crm/contacts${W}`, { first_name: 'Vic', last_name: 'Bouw', type: 'vendor', email: 'vic@vendor.example', company: 'Newco' })).id;
		await page.goto(`${base}/contacts/${bob}${W}`);
		const side = page.getByRole('complementary');
		await side.getByText('Vic Vendor logs in with this e-mail address').waitFor();
		await side.getByRole('button', { name: 'Link login' }).click();
		await side.getByRole('button', { name: 'Link login' }).waitFor({ state: 'detached' });
		await side.getByText('Vic Vendor', { exact: true }).waitFor();
		await side.getByRole('button', { name: 'Link this company' }).click();
		await side.getByRole('link', { name: 'Newco' }).waitFor();
		const star = page.getByRole('button', { name: 'Keep at hand' });
		await until('the star can be pressed', () => star.isEnabled());
		await star.evaluate((one) => { one.click(); one.click(); });
		await until('it is off', async () => !(await (await api(page, 'GET', `/api/me/prefs${W}`)).json()).data.some((one) => one.place === 'pins' && one.content.records.length) && await star.getAttribute('aria-pressed') === 'false');

		for (const name of ['Same', 'Same'])
			await ask(page, 'POST', `/api/crm/contacts${W}`, { first_name: name, last_name: 'Twice', phone: '+31 6 12345678' });
		await page.goto(`${base}/duplicates${W}`);
		await page.locator('.pair', { hasText: 'Same Twice' }).getByRole('button', { name: 'Merge' }).click();
		await dialog(page).getByRole('button', { name: 'Merge' }).waitFor();
		const [one] = (await (await api(page, 'GET', `/api/crm/contacts${W}&q=same+twice`)).json()).data;
		await ask(page, 'PUT', `/api/crm/contacts/${one.id}`, { job_title: 'CTO' });
		await dialog(page).getByRole('button', { name: 'Merge' }).click();
		await dialog(page).getByRole('alert').waitFor();
		await dialog(page).getByText('CTO').waitFor();
		await dialog(page).getByRole('button', { name: 'Merge' }).click();
		await dialog(page).waitFor({ state: 'detached' });
		noFaults(page);
	});
}

/* names in what was planted: words of no language */
export const data = ['Eigen Velden', 'Olga Own', 'Vic Vendor', 'Edelmetaal', 'Dak BV', 'Acme Ltd', 'Newco'];
