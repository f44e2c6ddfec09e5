/* Contacts: the list of people, one made and changed by hand, found, and who comes in by a form meanwhile. */
import { api, base, check, crmctl, enter, equal, person, post, story, until } from './house.mjs';
import { noFaults } from './given.mjs';

crmctl('workspace', 'add', 'mensen', '--preset', 'nl-offerte-6', '--name', 'Mensen Werk', '--timezone', 'Europe/Amsterdam');
const mona = person('mona@mensen.example', 'Mona Mensen', '--workspace', 'mensen', '--role', 'owner');
const nico = person('nico@mensen.example', 'Nico Noord', '--workspace', 'mensen', '--role', 'sdr');
const form = crmctl('source', 'add', '--workspace', 'mensen', '--kind', 'web_form').url;
const names = (page) => page.locator('tbody .row-link .cut').allTextContents();

export async function tell() {
	await story('S3-10 contacts: made by hand with what is wrong said at its field, found, changed; who comes in by a form stands there by itself', async () => {
		const page = await enter(mona, '/contacts');
		await page.getByRole('heading', { name: 'No contacts yet' }).waitFor();
		await page.locator('.empty').getByRole('button', { name: 'New contact' }).click();
		const dialog = page.getByRole('dialog', { name: 'New contact' });
		await dialog.getByRole('button', { name: 'Save' }).click();
		await dialog.locator('input[name=name][aria-invalid=true]').waitFor();
		for (const [name, text] of [['name', 'Jane Doe'], ['email', 'Jane@Acme.test'], ['phone', '+31612345678'], ['company', 'Acme']])
			await dialog.locator(`input[name=${name}]`).fill(text);
		await page.keyboard.press('Enter');
		await until('she is there', async () => (await names(page)).join() === 'Jane Doe');
		await dialog.waitFor({ state: 'hidden' });
		await page.getByRole('button', { name: 'New contact' }).click();
		await dialog.locator('input[name=name]').fill('Jane Twee');
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
		await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
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
		await row('Jane Twee').getByRole('button', { name: 'Kraan BV' }).waitFor();
		await page.locator('.bar').getByRole('button', { name: 'Without a customer' }).click();
		await page.waitForURL(/account=none/);
		await until('she is no longer there', async () => (await names(page)).join() === 'Piet Poort,Jane Doe');
		await page.reload();
		await until('the address keeps it', async () => (await names(page)).join() === 'Piet Poort,Jane Doe');
		const { data: [piet] } = await (await api(page, 'GET', '/api/crm/contacts?workspace=mensen&q=piet')).json();
		const { data: [kraan] } = await (await api(page, 'GET', '/api/crm/accounts?workspace=mensen&q=kraan')).json();
		equal((await api(page, 'PUT', `/api/crm/contacts/${piet.id}`, { account_id: kraan.id })).status(), 200, 'a colleague chooses one:');
		await until('he goes without a reload', async () => (await names(page)).join() === 'Jane Doe');
		await page.locator('.bar').getByRole('button', { name: 'All' }).click();
		await row('Jane Twee').locator('.row-link').click();
		await view.getByRole('button', { name: 'Change the contact' }).click();
		await page.getByRole('dialog').getByRole('group', { name: 'Customer' }).getByRole('button').click();
		await picker.getByRole('button', { name: 'No customer' }).click();
		await picker.waitFor({ state: 'detached' });
		await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
		await view.locator('.facts').getByRole('link', { name: 'Kraan BV' }).waitFor({ state: 'detached' });
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
	'contacts new': async (page) => { await list(page); await page.locator('.page-head').getByRole('button').filter({ has: page.locator('svg') }).first().click(); await page.locator('[role=dialog] input[name=company]').waitFor(); },
	'contacts none': async (page) => { await page.goto(`${base}/contacts?workspace=bakkerij-jansen&account=none`); await page.locator('.bar .segments').first().waitFor(); await page.locator('tbody .row-link, .empty').first().waitFor(); },
};
export const data = ['Mensen Werk', 'Mona Mensen', 'Nico Noord'];
