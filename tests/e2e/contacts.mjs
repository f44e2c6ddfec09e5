/* Contacts: the list of people, one made and changed by hand, found, and who comes in by a form meanwhile. */
import { api, base, check, crmctl, enter, equal, holdNote, person, post, story, until } from './house.mjs';
import { noFaults } from './given.mjs';

crmctl('workspace', 'add', 'mensen', '--preset', 'nl-offerte-6', '--name', 'Mensen Werk', '--timezone', 'Europe/Amsterdam');
const mona = person('mona@mensen.example', 'Mona Mensen', '--workspace', 'mensen', '--role', 'owner');
const nico = person('nico@mensen.example', 'Nico Noord', '--workspace', 'mensen', '--role', 'sdr');
crmctl('workspace', 'add', 'leden', '--preset', 'classic-6', '--name', 'Leden Werk');
const sam = person('sam@leden.example', 'Sam Stone', '--workspace', 'leden', '--role', 'owner');
person('mitch@leden.example', 'Mitch Moore', '--workspace', 'leden', '--role', 'owner');
const form = crmctl('source', 'add', '--workspace', 'mensen', '--kind', 'web_form').url;
const names = (page) => page.locator('tbody .row-link .cut').allTextContents();

export async function tell() {
	await story('S3-10 contacts: made by hand with what is wrong said at its field, found, changed; who comes in by a form stands there by itself', async () => {
		const page = await enter(mona, '/contacts');
		await page.getByRole('heading', { name: 'No contacts yet' }).waitFor();
		await page.locator('.empty').getByRole('button', { name: 'New contact' }).click();
		const dialog = page.getByRole('dialog', { name: 'New contact' });
		await dialog.getByRole('button', { name: 'Save' }).click();
		await dialog.locator('input[name=last_name][aria-invalid=true]').waitFor();
		for (const [name, text] of [['first_name', 'Jane'], ['last_name', 'Doe'], ['email', 'Jane@Acme.test'], ['phone', '+31612345678'], ['company', 'Acme']])
			await dialog.locator(`input[name=${name}]`).fill(text);
		await page.keyboard.press('Enter');
		await until('she is there', async () => (await names(page)).join() === 'Jane Doe');
		await dialog.waitFor({ state: 'hidden' });
		await page.getByRole('button', { name: 'New contact' }).click();
		await dialog.locator('input[name=first_name]').fill('Jane');
		await dialog.locator('input[name=last_name]').fill('Twee');
		await dialog.locator('input[name=email]').fill('jane@acme.test');
		await page.keyboard.press('Enter');
		await dialog.locator('input[name=email][aria-invalid=true]').waitFor();
		await until('it says why', async () => (await dialog.textContent()).includes('exists already'));
		await dialog.locator('input[name=email]').fill('');
		await page.keyboard.press('Enter');
		await until('two', async () => (await names(page)).join() === 'Jane Twee,Jane Doe');
		await post(form, { name: 'Piet Poort', email: 'piet@poort.example', form_type: 'Website' });
		await until('who wrote stands first, without a reload', async () => (await names(page)).join() === 'Piet Poort,Jane Twee,Jane Doe');
		await page.getByRole('searchbox').fill('acme');
		await until('found by company', async () => (await names(page)).join() === 'Jane Doe');
		check(new URL(page.url()).searchParams.get('q') === 'acme', 'the address says so');
		await page.locator('tbody .row-link').click();
		await page.getByRole('heading', { level: 1, name: 'Jane Doe' }).waitFor();
		const view = page.getByRole('main');
		await view.getByRole('button', { name: 'Change the contact' }).click();
		await page.locator('[role=dialog] input[name=company]').fill('Acme Corp');
		const { data: [jane] } = await (await api(page, 'GET', '/api/crm/contacts?workspace=mensen&q=acme')).json();
		equal((await api(page, 'PUT', `/api/crm/contacts/${jane.id}`, { phone: '+31687654321', version: jane.version })).status(), 200, 'a colleague is quicker:');
		await page.keyboard.press('Enter');
		await page.locator('.toast', { hasText: 'Somebody else changed this contact' }).waitFor();
		await page.locator('[role=dialog] button[type=submit]:not([disabled])').waitFor();
		await page.locator('[role=dialog] input[name=company]').press('Enter');
		await page.locator('[role=dialog] input[name=company]').waitFor({ state: 'detached' });
		const now = await (await api(page, 'GET', `/api/crm/contacts/${jane.id}`)).json();
		equal([now.company, now.phone], ['Acme Corp', '+31687654321'], 'both changes stand:');
		await view.getByText('+31687654321').first().waitFor();
		equal(page.faults.filter((one) => !/409/.test(one)), [], 'faults in the page:');
	});

	await story('a contact belongs to a company that somebody chooses; those of none are a choice above the list', async () => {
		const page = await enter(mona, '/contacts');
		equal((await api(page, 'POST', '/api/crm/accounts', { name: 'Kraan BV' })).status(), 201, 'a company:');
		const row = (name) => page.locator('tbody tr', { has: page.locator('.row-link', { hasText: name }) });
		await row('Jane Twee').locator('.row-link').click();
		await page.getByRole('heading', { level: 1, name: 'Jane Twee' }).waitFor();
		const view = page.getByRole('main');
		await view.getByRole('button', { name: 'Change the contact' }).click();
		await page.getByRole('dialog').getByRole('group', { name: 'Customer' }).getByRole('button').click();
		const picker = page.getByRole('dialog', { name: 'Choose a customer' });
		await picker.getByRole('button', { name: 'Kraan BV' }).click();
		await picker.waitFor({ state: 'detached' });
		await page.getByRole('dialog').getByRole('group', { name: 'Customer' }).getByRole('button', { name: 'Kraan BV' }).waitFor();
		await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
		await view.locator('.facts').getByRole('link', { name: 'Kraan BV' }).waitFor();
		await page.locator('[role=dialog] input[name=company]').waitFor({ state: 'detached' });
		await page.goBack();
		await row('Jane Twee').getByText('Kraan BV').waitFor();
		await page.locator('.bar').getByRole('button', { name: 'Customer', exact: true }).click();
		await page.getByRole('menuitemradio', { name: 'Without a customer' }).click();
		await page.waitForURL(/account=none/);
		await until('those of one are not there', async () => (await names(page)).join() === 'Piet Poort');
		await page.reload();
		await until('the address keeps it', async () => (await names(page)).join() === 'Piet Poort');
		const { data: [piet] } = await (await api(page, 'GET', '/api/crm/contacts?workspace=mensen&q=piet')).json();
		const { data: [kraan] } = await (await api(page, 'GET', '/api/crm/accounts?workspace=mensen&q=kraan')).json();
		equal((await api(page, 'PUT', `/api/crm/contacts/${piet.id}`, { account_id: kraan.id })).status(), 200, 'a colleague chooses one:');
		await page.getByRole('heading', { name: 'No contact fits' }).waitFor(); // he goes without a reload
		await page.locator('.bar').getByRole('button', { name: 'Clear filters' }).click();
		await row('Jane Twee').locator('.row-link').click();
		await view.getByRole('button', { name: 'Change the contact' }).click();
		await page.getByRole('dialog').getByRole('group', { name: 'Customer' }).getByRole('button').click();
		await picker.getByRole('button', { name: 'No customer' }).click();
		await picker.waitFor({ state: 'detached' });
		await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
		await view.locator('.facts').getByRole('link', { name: 'Kraan BV' }).waitFor({ state: 'detached' });
		noFaults(page);
	});

	await story('S1-1 the company typed for a contact is the customer of that name; without a last name it is refused at its field; N makes one', async () => {
		const page = await enter(sam, '/crm');
		await page.waitForURL(/\/contacts/);
		for (const name of ['Settings', 'Pipeline', 'New contact'])
			await page.locator('.page-head').getByRole('button', { name }).waitFor();
		await page.getByRole('heading', { name: 'No contacts yet' }).waitFor();
		await page.keyboard.press('n');
		const dialog = page.getByRole('dialog', { name: 'New contact' });
		await dialog.locator('input[name=first_name]').fill('Jane');
		await page.keyboard.press('Enter');
		await dialog.locator('input[name=last_name][aria-invalid=true]').waitFor();
		for (const [name, text] of [['last_name', 'Smith'], ['email', 'jane@acme.test'], ['company', 'Acme Ltd']])
			await dialog.locator(`input[name=${name}]`).fill(text);
		await dialog.getByRole('button', { name: 'Another e-mail' }).click();
		await dialog.locator('input[name=emails_0]').fill('j.smith@home.test');
		await dialog.locator('input[name=last_name]').press('Enter');
		await dialog.waitFor({ state: 'hidden' });
		const jane = page.locator('tbody tr', { hasText: 'Jane Smith' });
		await jane.locator('.status', { hasText: 'Customer' }).waitFor();
		await page.keyboard.press('n');
		for (const [name, text] of [['first_name', 'Joe'], ['last_name', 'Doe'], ['company', 'acme ltd']])
			await dialog.locator(`input[name=${name}]`).fill(text);
		await page.keyboard.press('Enter');
		await dialog.waitFor({ state: 'hidden' });
		await until('two', async () => (await names(page)).join() === 'Joe Doe,Jane Smith');
		const { data: people } = await (await api(page, 'GET', '/api/crm/contacts?workspace=leden')).json();
		equal([...new Set(people.map((one) => one.account_name))], ['Acme Ltd'], 'both are of one customer:');
		equal(people[1].emails.map((one) => one.value), ['j.smith@home.test'], 'her further address:');
		noFaults(page);
	});

	await story('S1-2 chips count and narrow, a status and words too; a column orders; what is looked for is kept under a name', async () => {
		const page = await enter(sam, '/contacts');
		for (const [name, type, status] of [['Karel Klus', 'contractor', 'lead'], ['Kim Klus', 'contractor', 'active'], ['Vera Voorraad', 'vendor', 'lead'], ['Paul Partner', 'partner', null], ['Otto Overig', 'other', null], ['Cora Klant', 'customer', 'lead']])
			equal((await api(page, 'POST', '/api/crm/contacts?workspace=leden', { name, type, status })).status(), 201, `${name}:`);
		await page.reload();
		const chips = page.getByRole('group', { name: 'Type' });
		await chips.getByRole('button', { name: 'All 8' }).waitFor();
		await chips.getByRole('button', { name: 'Contractors 2' }).click();
		await until('the contractors', async () => (await names(page)).join() === 'Kim Klus,Karel Klus');
		await page.locator('.bar').getByRole('button', { name: 'Status', exact: true }).click();
		await page.getByRole('menuitemradio', { name: 'Lead' }).click();
		await until('that are leads', async () => (await names(page)).join() === 'Karel Klus');
		await chips.getByRole('button', { name: /^All/ }).click();
		await page.getByRole('columnheader', { name: 'Name' }).getByRole('button', { name: 'Name' }).click();
		await until('leads by name', async () => (await names(page)).join() === 'Cora Klant,Karel Klus,Vera Voorraad');
		await until('the columns of S1', async () => (await page.locator('thead th').allTextContents()).map((one) => one.trim()).join() === 'Name,Type,Company,Email,Status,Deals');
		await page.getByRole('button', { name: 'Views' }).click();
		await page.getByRole('menuitem', { name: 'Save' }).click();
		await page.getByRole('dialog').locator('input').first().fill('Onze leads');
		await page.keyboard.press('Enter');
		await page.locator('.bar').getByRole('button', { name: 'Onze leads' }).waitFor();
		await page.locator('.bar').getByRole('button', { name: 'Clear filters' }).click();
		await page.getByRole('searchbox').fill('acme');
		await until('by words', async () => (await names(page)).sort().join() === 'Jane Smith,Joe Doe');
		noFaults(page);
	});

	await story('S1-9 three are picked by keys: given to a colleague, deleted after a question that counts them, and Z brings all three back', async () => {
		const page = await enter(sam, '/contacts?sort=name');
		const box = (name) => page.getByRole('checkbox', { name: new RegExp(name) });
		const three = ['Cora Klant', 'Joe Doe', 'Paul Partner'];	/* Jane is whom one speaks to first at Acme: she stays */
		await box('Cora Klant').waitFor();
		for (const name of three) {
			await box(name).focus();
			await page.keyboard.press('Space');
		}
		const bar = page.getByRole('toolbar', { name: 'What to do with the selected contacts' });
		await bar.getByText('3 selected').waitFor();
		await bar.getByRole('button', { name: 'Owner' }).click();
		await page.getByRole('menuitem', { name: 'Mitch Moore' }).click();
		await page.locator('.toast', { hasText: '3 contacts are with Mitch Moore now' }).waitFor();
		const { data: [joe] } = await (await api(page, 'GET', '/api/crm/contacts?workspace=leden&q=joe')).json();
		const { data: lines } = await (await api(page, 'GET', `/api/crm/contacts/${joe.id}/timeline`)).json();
		check(lines.some((one) => one.type === 'contact.updated' && one.data.changes?.some((change) => change.field === 'owner_id')), 'his history says so');
		for (const name of three)
			await box(name).click();
		await bar.getByRole('button', { name: 'Delete' }).click();
		await page.getByRole('dialog', { name: 'Delete 3 contacts?' }).getByRole('button', { name: 'Delete 3 contacts' }).click();
		await holdNote(page, '3 contacts were deleted');
		await until('five are left', async () => (await names(page)).length === 5);
		await page.keyboard.press('z');
		await until('all are back', async () => (await names(page)).length === 8);
		noFaults(page);
	});

	await story('S3-10 the list of a role that sees its own is its own', async () => {
		const page = await enter(nico, '/contacts');
		await page.getByRole('heading', { name: 'No contacts yet' }).waitFor();
		noFaults(page);
	});
}

const list = async (page) => {
	await page.goto(`${base}/contacts?workspace=bakkerij-jansen`);
	await page.locator('tbody .row-link').first().waitFor();
};

export const places = {
	'contacts': list,
	'contacts new': async (page) => { await list(page); await page.locator('.page-head').getByRole('button', { name: /New contact|Nieuw contact|Nieuwe contactpersoon/ }).first().click(); await page.locator('[role=dialog] input[name=company]').waitFor(); },
	'contacts picked': async (page) => { await list(page); await page.locator('tbody .row-pick').first().click(); await page.locator('.bulk-bar').waitFor(); },
	'contacts none': async (page) => { await page.goto(`${base}/contacts?workspace=bakkerij-jansen&account=none`); await page.locator('.bar .segments').first().waitFor(); await page.locator('tbody .row-link, .empty').first().waitFor(); },
};
export const data = ['Leden Werk', 'Mitch Moore', 'Sam Stone', 'Onze leads', 'Mensen Werk', 'Mona Mensen', 'Nico Noord'];
