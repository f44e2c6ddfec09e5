/* Accounts: the table of companies, one made and changed by hand, and the one that a won deal makes. */
import { api, base, becomes, crmctl, enter, equal, holdNote, person, story, until } from './house.mjs';

crmctl('workspace', 'add', 'k-sales', '--preset', 'dynamics', '--name', 'Klaver Sales', '--timezone', 'Europe/Amsterdam');
const kim = person('kim@accounts.example', 'Kim Klaver', '--workspace', 'k-sales', '--role', 'owner');
const names = (page) => page.locator('tbody .row-link').evaluateAll((all) => all.map((one) => one.textContent.replace(/^./, '')));

export async function tell() {
	await story('S3-10, S3-1: accounts by hand and by a won deal, sorted, filtered, changed, with their history; live in the list', async () => {
		const page = await enter(kim, '/accounts');
		await page.getByRole('heading', { name: 'No accounts yet' }).waitFor();
		await page.locator('.empty').getByRole('button', { name: 'New account' }).click();
		const form = page.getByRole('dialog', { name: 'New account' });
		await form.getByRole('button', { name: 'Save' }).click();
		await form.getByText('Fill this in').or(form.locator('[aria-invalid=true]')).first().waitFor();
		await form.locator('input[name=name]').fill('Zwaluw BV');
		await form.locator('input[name=city]').fill('Breda');
		await form.locator('input[name=annual_revenue]').fill('1500000');
		await page.keyboard.press('Enter');
		await until('it is there', async () => (await names(page)).join() === 'Zwaluw BV');
		await form.waitFor({ state: 'hidden' });
		await page.getByRole('button', { name: 'New account' }).click();
		await form.locator('input[name=name]').fill('zwaluw bv');
		await page.keyboard.press('Enter');
		await form.locator('[aria-invalid=true]').waitFor();
		await page.keyboard.press('Escape');
		await form.waitFor({ state: 'hidden' });
		const reply = await api(page, 'POST', '/api/crm/leads', { name: 'John Smith', company: 'Acme Corp', email: 'john@acme.test', source: 'referral' });
		equal(reply.status(), 201, 'a lead:');
		const { id } = await reply.json();
		await until('its deal is won', async () => (await api(page, 'POST', `/api/crm/opportunity/${id}/stage`, { stage: 'won' })).ok());
		await until('its company came by itself', async () => (await names(page)).join() === 'Acme Corp,Zwaluw BV');
		await page.getByRole('columnheader', { name: 'Account name' }).getByRole('button').click();
		await page.waitForURL(/sort=-name/);
		await until('the other way round', async () => (await names(page)).join() === 'Zwaluw BV,Acme Corp');
		await page.locator('.bar').getByRole('button', { name: 'Clients' }).click();
		await until('one is a client', async () => (await names(page)).join() === 'Acme Corp');
		await becomes(() => page.locator('tbody tr').first().locator('td').nth(4).textContent(), '1', 'its people:');
		await page.locator('tbody .row-link').click();
		await page.getByRole('heading', { level: 1, name: 'Acme Corp' }).waitFor();
		await page.getByText('Client since').waitFor();
		await page.goto(`${base}/crm?type=client&id=${new URL(page.url()).pathname.split('/')[2]}`);
		const view = page.getByRole('dialog', { name: 'Acme Corp' });
		await view.getByText('Client since').waitFor();
		await view.getByRole('button', { name: 'Edit' }).click();
		await page.getByText('A client keeps its owner').waitFor();
		await page.locator('[role=dialog] input[name=city]').fill('Utrecht');
		await page.keyboard.press('Enter');
		await view.getByText(/City — → Utrecht/).waitFor();
		await page.goto(`${base}/crm?type=prospect&id=${id}`);
		await page.getByRole('dialog').getByText('Won: a client from now on').waitFor();
	});

	await story('an account has people by role, deals and contacts, a card on a board of relationships; it becomes a client by hand; a deal names it', async () => {
		const page = await enter(kim, '/accounts');
		equal((await api(page, 'POST', '/api/crm/pipelines', { label: { en: 'Care', nl: 'Zorg' }, kind: 'relationship' })).status(), 201, 'a board of relationships:');
		const { id: zwaluw } = (await (await api(page, 'GET', '/api/crm/accounts?q=zwaluw')).json()).data[0];
		await page.goto(`${base}/crm?type=client&id=${zwaluw}`);
		const view = page.getByRole('dialog', { name: 'Zwaluw BV' });
		await view.getByRole('button', { name: /Choose who is Key account executive/ }).click();
		await page.getByRole('menuitem', { name: 'Kim Klaver' }).or(page.getByRole('menuitemradio', { name: 'Kim Klaver' })).first().click();
		await view.getByText(/Key account executive — → Kim Klaver/).waitFor();
		await view.getByRole('button', { name: 'Choose an onboarding status' }).click();
		await page.getByRole('menuitem', { name: 'In progress' }).or(page.getByRole('menuitemradio', { name: 'In progress' })).first().click();
		await view.getByText(/Onboarding status — → In progress|Onboarding status leeg|Onboarding status .* In progress/).waitFor();
		await view.getByRole('button', { name: 'Make client' }).click();
		await page.getByRole('dialog', { name: /Make Zwaluw BV a client/ }).getByRole('button', { name: 'Make client' }).click();
		await view.getByText('Client since').waitFor();
		await view.getByRole('button', { name: 'Add to board' }).click();
		const panel = page.getByRole('dialog').filter({ has: page.locator('.panel-head') });
		await panel.getByRole('heading', { name: 'Zwaluw BV' }).waitFor();
		await panel.getByRole('button', { name: 'Zwaluw BV' }).first().click();
		await view.locator('.hits').getByText('Zwaluw BV').first().waitFor();
		await view.getByRole('button', { name: 'Add to board' }).click();
		await page.getByText('has an open card on this board already').first().waitFor();
		await panel.getByRole('heading', { name: 'Zwaluw BV' }).waitFor();
		const { id } = await (await api(page, 'POST', '/api/crm/deals', { title: 'Lamps' })).json();
		await page.goto(`${base}/crm?type=prospect&id=${id}`);
		await page.getByRole('button', { name: 'Choose an account' }).click();
		const find = page.getByRole('dialog', { name: 'Choose an account' }).getByRole('searchbox');
		await until('it begins with the words to find', () => find.evaluate((box) => box === document.activeElement));
		await page.getByRole('dialog', { name: 'Choose an account' }).getByRole('button', { name: /Acme Corp/ }).click();
		await until('the deal is about it', async () => (await (await api(page, 'GET', `/api/crm/deals/${id}`)).json()).account_name === 'Acme Corp');
		await page.getByRole('dialog').getByRole('button', { name: 'Acme Corp' }).waitFor();
	});

	await story('an account has tags, notes and tasks of its own; a phone\'s menu leads to every place that its bar does not', async () => {
		const desk = await enter(kim, '/accounts');
		const { id } = await (await api(desk, 'POST', '/api/crm/accounts', { name: 'Spreeuw BV' })).json();
		const page = await enter(kim, '/deals/board', { phone: true });
		await page.locator('.bottombar').waitFor();
		await becomes(() => page.locator('.bottombar a').count(), 2, 'places in the bar:');
		for (const [name, path] of [['Opportunities', '/opportunities'], ['Contacts', '/contacts'], ['Accounts', '/accounts']]) {
			await page.locator('.avatar-button').click();
			await page.getByRole('menuitem', { name, exact: true }).click();
			await page.waitForURL(new RegExp(`${path}(\\?|$)`));
		}
		await page.goto(`${base}/crm?type=client&id=${id}`);
		const view = page.getByRole('dialog', { name: 'Spreeuw BV' });
		await view.getByText('Nothing done or planned yet.').waitFor();
		await view.getByRole('button', { name: 'Add a tag' }).click();
		await page.getByRole('menuitem', { name: 'New tag' }).click();
		await page.getByRole('dialog', { name: 'New tag' }).getByLabel('Name').fill('Sleutelklant');
		await page.keyboard.press('Enter');
		await view.locator('.tag', { hasText: 'Sleutelklant' }).waitFor();
		await view.getByText(/Tags changed · Sleutelklant/).waitFor();
		equal((await (await api(page, 'GET', `/api/crm/accounts/${id}/tags`)).json()).data.map((one) => one.label), ['Sleutelklant'], 'it bears:');
		for (const [entry, fill] of [['Add note', 'textarea[name=note], [contenteditable]'], ['Add task', 'input[name=subject]']]) {
			await view.getByRole('button', { name: 'Add', exact: true }).click();
			await page.getByRole('menuitem', { name: entry }).click();
			const form = page.getByRole('dialog', { name: entry });
			await form.locator(fill).first().fill(entry === 'Add note' ? 'Prefers the phone' : 'Send the lamps');
			await form.getByRole('button', { name: 'Save' }).click();
			await form.waitFor({ state: 'hidden' });
		}
		await view.getByText('Prefers the phone').waitFor();
		await view.getByText('Send the lamps').waitFor();
		equal((await (await api(page, 'GET', `/api/crm/activities?account_id=${id}`)).json()).data.map((one) => one.kind).sort(), ['note', 'task'], 'about it:');
		equal(page.faults, [], 'faults:');
	});

	await story('S2-8: the primary contact cannot be deleted; a location of 50 characters is saved, 51 and no web address are refused, all five types, undo', async () => {
		const page = await enter(kim, '/accounts');
		const { id } = await (await api(page, 'POST', '/api/crm/accounts', { name: 'Ooievaar BV' })).json();
		await page.goto(`${base}/accounts/${id}`);
		await page.getByText('Nobody is known here yet').waitFor();
		for (const name of ['Jane Doe', 'Piet Bos']) {
			await page.getByRole('button', { name: 'Add contact' }).click();
			const form = page.getByRole('dialog', { name: 'New contact' });
			for (const [at, field] of ['first_name', 'last_name'].entries())
				await form.locator(`input[name=${field}]`).fill(name.split(' ')[at]);
			await form.getByRole('button', { name: 'Save' }).click();
			await page.getByRole('region', { name: 'Contacts' }).getByRole('link', { name }).waitFor();
			await form.waitFor({ state: 'hidden' });
		}
		const people = page.getByRole('region', { name: 'Contacts' });
		await people.locator('li', { hasText: 'Jane Doe' }).getByText('Primary contact').waitFor();
		await people.getByRole('button', { name: 'More with Piet Bos' }).click();
		await page.getByRole('menuitem', { name: 'Make primary contact' }).click();
		await people.locator('li', { hasText: 'Piet Bos' }).getByText('Primary contact').waitFor();
		await people.getByRole('button', { name: 'More with Piet Bos' }).click();
		await until('the primary contact stays', () => page.getByRole('menuitem', { name: 'primary contact stays' }).isDisabled());
		await page.keyboard.press('Escape');
		equal((await api(page, 'DELETE', `/api/crm/contacts/${(await (await api(page, 'GET', `/api/crm/accounts/${id}`)).json()).primary_contact_id}`)).status(), 409, 'by the API:');
		await people.getByRole('button', { name: 'More with Jane Doe' }).click();
		await page.getByRole('menuitem', { name: 'Delete' }).click();
		await page.getByRole('dialog', { name: 'Delete Jane Doe?' }).getByRole('button', { name: 'Delete' }).click();
		await people.locator('li', { hasText: 'Jane Doe' }).waitFor({ state: 'detached' });
		await page.locator('.toast').getByRole('button', { name: /Undo/ }).last().waitFor();
		await page.keyboard.press('z');
		await people.locator('li', { hasText: 'Jane Doe' }).waitFor();
		const places = page.getByRole('region', { name: 'Locations' });
		const form = page.getByRole('dialog', { name: 'Add location' });
		await page.getByRole('button', { name: 'Add location' }).click();
		await form.getByLabel('Name').fill('é'.repeat(51));
		await until('the address has room', async () => (await form.getByLabel('Address').boundingBox()).width > 300);
		await form.getByLabel('Link to the map').fill('not a url');
		await form.getByRole('button', { name: 'Save' }).click();
		await form.getByText('A web address').waitFor();
		await until('both are wrong', async () => await form.locator('[aria-invalid=true]').count() === 2);
		await form.getByLabel('Name').fill('é'.repeat(50));
		await form.getByLabel('Link to the map').fill('https://maps.example.org/1');
		await form.getByRole('textbox', { name: 'Type' }).or(form.getByRole('combobox', { name: 'Type' })).first().click();
		for (const type of ['Office', 'Warehouse', 'Branch', 'Headquarters', 'Distribution center'])
			await page.getByRole('option', { name: type }).waitFor();
		await page.getByRole('option', { name: 'Distribution center' }).click();
		await form.getByRole('button', { name: 'Save' }).click();
		await places.getByText('é'.repeat(50)).waitFor();
		await form.waitFor({ state: 'hidden' });
		await places.getByText('Distribution center').waitFor();
		await places.getByRole('button', { name: /More with/ }).click();
		await page.getByRole('menuitem', { name: 'Delete' }).click();
		await places.getByText('No locations yet').waitFor();
		await page.locator('.toast').getByRole('button', { name: /Undo/ }).last().waitFor();
		await page.keyboard.press('z');
		await places.getByText('Distribution center').waitFor();
		await page.getByRole('tab', { name: 'Timeline' }).click();
		await page.locator('.entry', { hasText: 'Location added' }).getByText('Distribution center').waitFor();
		const deal = await (await api(page, 'POST', '/api/crm/deals', { title: 'Nests', account_id: id })).json();
		await page.goto(`${base}/crm?type=prospect&id=${deal.id}`);
		await page.getByRole('tab', { name: 'Locations' }).click();
		await page.getByRole('tabpanel').getByText('Distribution center').waitFor();
		await page.getByRole('tab', { name: 'Contacts' }).click();
		await page.getByRole('tabpanel').locator('li', { hasText: 'Piet Bos' }).getByText('Primary contact').waitFor();
	});

	await story('many accounts are archived at once and put back; chips count; a filter is kept as a view', async () => {
		const page = await enter(kim, '/accounts');
		for (const name of ['Merel Een', 'Merel Twee'])
			await api(page, 'POST', '/api/crm/accounts', { name });
		await page.goto(`${base}/accounts?q=merel`);
		await until('both are listed', async () => (await names(page)).join() === 'Merel Een,Merel Twee');
		await page.getByRole('group', { name: 'Status' }).getByRole('button', { name: /^Prospects\s*2/ }).waitFor();
		for (const name of ['Merel Een', 'Merel Twee'])
			await page.getByRole('checkbox', { name: new RegExp(name) }).click();
		await page.getByRole('toolbar').getByRole('button', { name: 'Archive' }).click();
		await holdNote(page, '2 accounts are archived');
		await page.getByRole('heading', { name: 'No accounts found' }).or(page.locator('.empty')).first().waitFor();
		await page.keyboard.press('z');
		await until('both are back', async () => (await names(page)).join() === 'Merel Een,Merel Twee');
	});

	await story('an account is archived and back, thrown away after saying what hangs on it, and undone', async () => {
		const page = await enter(kim, '/accounts');
		const { id } = await (await api(page, 'POST', '/api/crm/accounts', { name: 'Reiger BV' })).json();
		await page.goto(`${base}/accounts/${id}`);
		const choose = async (entry) => {
			await page.getByRole('button', { name: 'More with this account' }).click();
			await page.getByRole('menuitem', { name: entry }).click();
		};
		await choose('Archive');
		await page.locator('.page-sub').getByText('Archived').waitFor();
		await page.locator('.toast').getByRole('button', { name: /Undo/ }).last().waitFor();
		await page.keyboard.press('z');
		await page.locator('.page-sub').getByText('Archived').waitFor({ state: 'detached' });
		await choose('Delete');
		const ask = page.getByRole('dialog', { name: 'Delete Reiger BV?' });
		await ask.getByText('0 contacts stay').waitFor();
		await ask.getByRole('button', { name: 'Delete' }).click();
		await ask.waitFor({ state: 'hidden' });
		await holdNote(page, 'Reiger BV');
		await page.getByRole('heading', { name: 'This account is not there' }).waitFor();
		await page.keyboard.press('z');
		await page.getByRole('heading', { level: 1, name: 'Reiger BV' }).waitFor();
	});
}

const firms = async (page) => {
	for (const [name, industry, city, amount] of [['Hotel De Linde', 'Horeca', 'Utrecht', '2400000'], ['Kinderopvang Zon', 'Opvang', 'Almere', '860000'], ['Drukkerij Smit', 'Drukwerk', 'Zwolle', '1150000']])
		await api(page, 'POST', '/api/crm/accounts?workspace=bakkerij-jansen', { name, industry, city, phone: '+31301234567', annual_revenue: { amount, currency: 'EUR' }, ...(city === 'Utrecht' ? { lifecycle: 'client' } : {}) });
	await page.goto(`${base}/accounts?workspace=bakkerij-jansen`);
	await page.locator('tbody .row-link').nth(2).waitFor();
};
const small = async (page) => {
	await firms(page);
	const { data: [one] } = await (await api(page, 'GET', '/api/crm/accounts?workspace=bakkerij-jansen&sort=name&limit=1')).json();
	await page.goto(`${base}/crm?workspace=bakkerij-jansen&type=client&id=${one.id}`);
	await page.locator('[role=dialog] .record-head').waitFor();
};
/* with a person and two places, whichever test was here before */
const whole = async (page) => {
	await firms(page);
	const { data: [one] } = await (await api(page, 'GET', '/api/crm/accounts?workspace=bakkerij-jansen&sort=name&limit=1')).json();
	if (!one.primary_contact_id)
		await api(page, 'POST', '/api/crm/contacts?workspace=bakkerij-jansen', { name: 'Fleur de Linde', email: 'fleur@delinde.example', phone: '+31612345678', account_id: one.id });
	const { data: has } = await (await api(page, 'GET', `/api/crm/locations?account_id=${one.id}`)).json();
	for (const [name, type] of has.length ? [] : [['De Linde Centrum', 'headquarters'], ['De Linde Depot', 'warehouse']])
		await api(page, 'POST', '/api/crm/locations?workspace=bakkerij-jansen', { account_id: one.id, name, type, address: 'Kade 7, Utrecht', map_url: 'https://maps.example.org/1' });
	await page.goto(`${base}/accounts/${one.id}?workspace=bakkerij-jansen`);
	await page.getByText('De Linde Depot').waitFor();
	await page.locator('.group').first().getByRole('link').first().waitFor();
};

export const places = {
	'accounts': firms,
	'account': whole,
	'account small': small,
	'account edit': async (page) => { await whole(page); await page.locator('.panel-right .side-head button, .panel-tab .side-head button').first().or(page.locator('.panel-actions .icon-btn').last()).first().click(); await page.locator('[role=menuitem]').first().click({ timeout: 300 }).catch(() => undefined); await page.locator('[role=dialog] input[name=city]').waitFor(); },
	'location': async (page) => { await whole(page); await page.locator('.group', { hasText: 'De Linde Depot' }).locator('.section-actions button').click(); await page.locator('[role=dialog] input[name=map_url]').waitFor(); },
};
export const data = ['Klaver Sales', 'Kim Klaver', 'Hotel De Linde', 'Kinderopvang Zon', 'Drukkerij Smit', 'Horeca', 'Drukwerk', 'Opvang', 'Fleur de Linde', 'De Linde Centrum', 'De Linde Depot', 'Kade 7, Utrecht'];
