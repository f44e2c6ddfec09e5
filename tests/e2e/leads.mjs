/* Leads and opportunities: the list with its filters and orders, a lead in the panel, qualifying it, and the registration of a prospect. */
import { api, base, becomes, board, card, crmctl, enter, equal, inColumn, person, story, until } from './house.mjs';

crmctl('workspace', 'add', 'l-sales', '--preset', 'dynamics', '--name', 'Lente Sales', '--timezone', 'Europe/Amsterdam');
crmctl('workspace', 'add', 'l-cargo', '--preset', 'follow-up', '--name', 'Lading Cargo', '--timezone', 'Europe/Amsterdam');
const lotte = person('lotte@leads.example', 'Lotte Lente', '--workspace', 'l-sales', '--role', 'owner');
const carmen = person('carmen@leads.example', 'Carmen Solís', '--workspace', 'l-cargo', '--role', 'owner');

crmctl('workspace', 'add', 'l-winkel', '--preset', 'commerce', '--name', 'Linde Winkel', '--timezone', 'Europe/Amsterdam');
const nora = person('nora@leads.example', 'Nora Linde', '--workspace', 'l-winkel', '--role', 'owner');

const make = async (page, body, headers = {}) => {
	const reply = await api(page, 'POST', '/api/crm/leads', body, headers);
	equal(reply.status(), 201, `${body.name}: ${await reply.text()}`);
	return (await reply.json()).id;
};
const names = (page) => page.locator('tbody .row-link').evaluateAll((all) => all.map((one) => one.textContent.replace(/^./, '')));
const filter = async (page, button, choice) => {
	await page.locator('.bar').getByRole('button', { name: button, exact: true }).click();
	await page.getByRole('menuitemradio', { name: choice, exact: true }).click();
};

export async function tell() {
	await story('S3-6, S3-11: leads by status, source, owner and words, ordered by any column, counted; who waits a day is marked', async () => {
		const page = await enter(lotte, '/leads');
		await page.getByRole('heading', { name: 'No leads yet' }).waitFor();
		await make(page, { name: 'Zoe Wacht', source: 'referral', company: 'Zon', owner_id: null }, { 'CRM-Time': '2026-01-05T09:00:00Z' });
		const me = (await (await api(page, 'GET', '/api/me')).json()).user.id;
		await make(page, { name: 'Anna Nieuw', source: 'web_form', company: 'Maan', owner_id: null });
		await make(page, { name: 'Émile Derde', source: 'web_form', owner_id: me });
		const dag = await make(page, { name: 'Dag Vierde', source: 'chat', owner_id: null });
		equal((await api(page, 'PUT', `/api/crm/leads/${dag}`, { status: 'Contacted' })).status(), 200, 'a status:');
		await until('all four are there', async () => (await names(page)).length === 4);
		await becomes(() => names(page), ['Dag Vierde', 'Émile Derde', 'Anna Nieuw', 'Zoe Wacht'], 'the newest first:');
		await becomes(() => page.getByRole('status').filter({ hasText: 'leads' }).textContent(), '4 leads', 'how many:');
		await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
		await page.waitForURL(/sort=name/);
		await until('by name', async () => (await names(page)).join() === 'Anna Nieuw,Dag Vierde,Émile Derde,Zoe Wacht');
		await becomes(() => page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort'), 'ascending', 'it says so:');
		await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
		await until('and back', async () => (await names(page)).join() === 'Zoe Wacht,Émile Derde,Dag Vierde,Anna Nieuw');
		await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
		await page.waitForURL((url) => !url.search.includes('sort'));
		await filter(page, 'Source', 'Web form');
		await until('two of the web', async () => (await names(page)).join() === 'Émile Derde,Anna Nieuw');
		await page.getByRole('button', { name: 'Contacted', exact: true }).click();
		await page.getByRole('heading', { name: 'No leads match' }).waitFor();
		await page.locator('.empty').getByRole('button', { name: 'Clear' }).click();
		await until('all again', async () => (await names(page)).length === 4);
		await filter(page, 'Owner', 'Mine');
		await page.waitForURL(/owner=me/);
		await until('one is hers', async () => (await names(page)).join() === 'Émile Derde');
		await filter(page, 'Mine', 'Any owner');
		await until('one is marked', async () => (await page.locator('.late').count()) === 1);
		await page.getByRole('button', { name: 'Unanswered' }).click();
		await until('one waits', async () => (await names(page)).join() === 'Zoe Wacht');
		await page.reload();
		await until('the address keeps it', async () => (await names(page)).join() === 'Zoe Wacht');
		const called = await page.locator('tbody .row-link').getAttribute('data-lead');
		equal((await api(page, 'POST', '/api/crm/activities', { kind: 'call', subject: 'Gebeld', done: true, lead_id: called })).status(), 201, 'a call:');
		await page.getByRole('heading', { name: 'No leads match' }).waitFor();
		equal(page.faults, [], 'faults:');
	});

	await story('S3-1: a lead by the panel: reached, changed, contacted, qualified once; then it is an opportunity', async () => {
		const page = await enter(lotte, '/leads');
		await make(page, { name: 'John Smith', company: 'Acme Corp', email: 'john@acme.example', phone: '+12125550199', source: 'referral' });
		await page.getByRole('row', { name: /John Smith/ }).locator('.row-link').click();
		await page.waitForURL(/type=lead&id=/);
		const panel = page.getByRole('dialog', { name: 'John Smith' });
		await panel.waitFor();
		await becomes(() => panel.getByRole('link', { name: 'WhatsApp', exact: true }).getAttribute('href'), 'https://wa.me/12125550199', 'WhatsApp:');
		await becomes(() => panel.getByRole('link', { name: 'Call', exact: true }).getAttribute('href'), 'tel:+12125550199', 'a call:');
		await panel.getByText('Lead received: Referral').waitFor();
		await panel.getByRole('button', { name: 'Edit this lead' }).click();
		await panel.getByLabel('Company').fill('Acme Corporation');
		await panel.getByRole('button', { name: 'Save' }).click();
		await panel.locator('.facts').getByText('Acme Corporation').waitFor();
		await panel.getByRole('button', { name: 'Contacted' }).click();
		await panel.locator('[aria-current=step]', { hasText: 'Contacted' }).waitFor();
		await panel.getByRole('button', { name: 'Qualify' }).click();
		await panel.locator('[aria-current=step]', { hasText: 'Qualified' }).waitFor();
		await until('it stays qualified', () => panel.getByRole('button', { name: 'Contacted' }).isDisabled());
		await panel.getByRole('button', { name: 'Open the opportunity' }).click();
		await page.getByRole('dialog', { name: 'John Smith — By hand' }).waitFor();
		await page.keyboard.press('Escape');
		await page.locator('.sidebar nav a', { hasText: 'Opportunities' }).click();
		await page.waitForURL(/\/opportunities/);
		await page.getByRole('button', { name: 'John Smith — By hand' }).waitFor();
		await becomes(() => page.locator('tbody tr').count(), 1, 'opportunities:');
		equal((await api(page, 'POST', '/api/crm/opportunities', { title: 'Aardig plan', stage: 'proposal' })).status(), 201, 'one by hand:');
		await page.getByRole('columnheader', { name: 'Opportunity name' }).getByRole('button').click();
		await page.waitForURL(/sort=title/);
		await until('by name', async () => (await names(page)).join() === 'Aardig plan,John Smith — By hand');
		equal(page.faults, [], 'faults:');
	});

	await story('S4-7: a lead becomes order ORD-1001 by its panel, once; the lead shows its number, which leads to the order, and the order leads to the lead; the report names its source', async () => {
		const S = '?workspace=l-winkel';
		const page = await enter(nora, `/leads${S}`);
		const id = await make(page, { name: 'Kees Order', company: 'Order & Zo', email: 'kees@order.example', source: 'referral' });
		await page.getByRole('row', { name: /Kees Order/ }).locator('.row-link').click();
		const panel = page.getByRole('dialog', { name: 'Kees Order' });
		await panel.getByRole('button', { name: 'Make order' }).click();
		const number = panel.locator('.facts').getByRole('link', { name: 'ORD-1001' });
		await number.waitFor();
		await becomes(() => panel.getByRole('button', { name: 'Make order' }).count(), 0, 'ways to make another:');
		const again = await (await api(page, 'POST', `/api/crm/orders${S}`, { deal_id: id })).json();
		equal([again.number, (await (await api(page, 'GET', `/api/crm/money?deal_id=${id}`)).json()).orders.length], ['ORD-1001', 1], 'asked again:');
		await number.click();
		await page.waitForURL(/\/orders\/ORD-1001/);
		await page.locator('h1', { hasText: 'ORD-1001' }).waitFor();
		await page.getByRole('button', { name: 'Open the lead' }).click();
		await page.getByRole('dialog', { name: 'Kees Order' }).getByRole('link', { name: 'ORD-1001' }).waitFor();
		for (const [method, path, body] of [['PUT', `company${S}`, { name: 'Winkel B.V.', street: 'Kade 4', postcode: '3511 AA', city: 'Utrecht', country: 'NL', kvk: '12345678', vat_id: 'NL123456782B01', iban: 'NL91ABNA0417164300' }],
			['POST', `invoices${S}`, { deal_id: id, buyer: { name: 'Order & Zo', street: 'Laan 2', postcode: '2611 AB', city: 'Delft', country: 'NL' }, lines: [{ name: 'Vaas', quantity: '2', price: '60.00', rate: '21' }] }]]) {
			const reply = await api(page, method, `/api/crm/${path}`, body);
			equal(Math.floor(reply.status() / 100), 2, `${path}: ${await reply.text()}`);
			if (method === 'POST')
				equal((await api(page, 'POST', `/api/crm/documents/${(await reply.json()).id}/finalise`, {})).status(), 200, 'final:');
		}
		await page.goto(`${base}/reports${S}&view=revenue&what=source`);
		await page.locator('tr', { hasText: 'Referral' }).getByText('€120.00').waitFor();
		equal(page.faults, [], 'faults:');
	});

	await story('a lead that somebody else changed meanwhile: it is told, nothing is lost', async () => {
		const page = await enter(lotte, '/leads');
		const id = await make(page, { name: 'Twee Handen', company: 'Eerst' });
		await page.goto(`${base}/leads?type=lead&id=${id}`);
		const panel = page.getByRole('dialog', { name: 'Twee Handen' });
		await panel.getByRole('button', { name: 'Edit this lead' }).click();
		await panel.getByLabel('Phone').fill('0201234567');
		equal((await api(page, 'PUT', `/api/crm/leads/${id}`, { company: 'Anders' })).status(), 200, 'the other hand:');
		await panel.getByRole('button', { name: 'Save' }).click();
		await page.getByText('Somebody else changed this lead in the meantime.').waitFor();
		await until('the form shows the other change', async () => (await panel.getByLabel('Company').inputValue()) === 'Anders');
		await becomes(() => panel.getByLabel('Phone').inputValue(), '0201234567', 'and keeps what was typed:');
		await panel.getByRole('button', { name: 'Save' }).click();
		await panel.locator('.facts').getByText('Anders').waitFor();
		const now = await (await api(page, 'GET', `/api/crm/leads/${id}`)).json();
		equal([now.company, now.phone], ['Anders', (await (await api(page, 'GET', '/api/crm/leads/' + id)).json()).phone], 'both changes stand:');
	});

	await story('a lead bears tags and notes in its own panel: put there, they are its story', async () => {
		const page = await enter(lotte, '/leads');
		const id = await make(page, { name: 'Nora Noot', company: 'Noten' });
		await page.goto(`${base}/leads?type=lead&id=${id}`);
		const panel = page.getByRole('dialog', { name: 'Nora Noot' });
		await panel.getByRole('button', { name: 'Add a tag' }).click();
		await page.getByRole('menuitem', { name: 'New tag' }).click();
		await page.getByRole('dialog', { name: 'New tag' }).getByLabel('Name').fill('Beurs');
		await page.keyboard.press('Enter');
		await panel.locator('.facts .tag', { hasText: 'Beurs' }).waitFor();
		await until('the lead bears it', async () => (await (await api(page, 'GET', `/api/crm/leads/${id}/tags`)).json()).data[0]?.label === 'Beurs');
		const form = page.getByRole('dialog', { name: 'Add note' });
		for (const [words, open] of [['Met at the fair', () => panel.getByRole('button', { name: 'Add note' }).click()],
			['Has two shops', async () => { await panel.getByRole('button', { name: 'Add', exact: true }).click(); await page.getByRole('menuitem', { name: 'Add note' }).click(); }]]) {
			await open();
			await form.locator('textarea[name=note], [contenteditable]').first().fill(words);
			await form.getByRole('button', { name: 'Save' }).click();
			await form.waitFor({ state: 'hidden' });
			await panel.locator('.entry', { hasText: words }).waitFor();
		}
		equal(page.faults, [], 'faults:');
	});

	await story('S2-1: + Register asks for what is needed, each by name, asks once more, and the card stands in the chosen status', async () => {
		const page = await enter(carmen, '/deals/board');
		await page.getByRole('heading', { name: 'No prospects yet' }).waitFor();
		await page.keyboard.press('n');
		const dialog = page.getByRole('dialog', { name: 'New prospect' });
		await dialog.getByRole('button', { name: 'Register prospect' }).click();
		for (const words of ['Fill in a name', 'Fill in the company', 'Fill in an email address', 'Choose a country', 'Fill in the phone code, such as +52', 'Fill in a phone number'])
			await dialog.getByText(words, { exact: true }).waitFor();
		await dialog.getByLabel('Company').fill('Envíos MX');
		await dialog.getByLabel('Name').fill('Ana Ruiz');
		await dialog.getByLabel('Email').fill('ana@envios.test');
		await dialog.getByLabel('Country').click();
		await page.getByRole('option', { name: 'Mexico' }).click();
		await becomes(() => dialog.getByLabel('Phone code').inputValue(), '+52', 'the country brings its code:');
		await dialog.locator('input[name=phone]').fill('5512345678');
		await dialog.getByLabel('Monthly shipments').fill('1200');
		await dialog.getByLabel('Follow-up status').click();
		await page.getByRole('option', { name: 'Contacted' }).click();
		await dialog.getByRole('button', { name: 'Register prospect' }).click();
		const sure = page.getByRole('dialog', { name: 'Register this prospect?' });
		await sure.getByText('Ana Ruiz of Envíos MX begins in Contacted.').waitFor();
		equal((await (await api(page, 'GET', '/api/crm/leads')).json()).data.length, 0, 'made before it was confirmed:');
		await sure.getByRole('button', { name: 'Register prospect' }).click();
		await inColumn(page, 'contacted', 'Ana Ruiz').waitFor();
		const deal = (await (await api(page, 'GET', '/api/crm/deals')).json()).data[0];
		const full = await (await api(page, 'GET', `/api/crm/deals/${deal.id}`)).json();
		equal([full.locale, full.monthly_shipments, full.phone, full.account_value.amount], ['mx', 1200, '+525512345678', '4200.00'], 'what it holds:');

		/* the same address again: refused, named, and one click away */
		await page.keyboard.press('n');
		for (const [label, text] of [['Company', 'Otra'], ['Name', 'Otra Ana'], ['Email', 'Ana@Envios.test']])
			await dialog.getByLabel(label).fill(text);
		await dialog.getByLabel('Country').click();
		await page.getByRole('option', { name: 'Mexico' }).click();
		await dialog.locator('input[name=phone]').fill('5500000000');
		await dialog.getByRole('button', { name: 'Register prospect' }).click();
		await sure.getByRole('button', { name: 'Register prospect' }).click();
		await dialog.getByText('This email address belongs to Ana Ruiz.').waitFor();
		await dialog.getByRole('button', { name: 'Open that record' }).click();
		await page.getByRole('dialog', { name: /Ana Ruiz — / }).waitFor();
		await becomes(() => card(page, 'Otra').count(), 0, 'made all the same:');
		equal(page.faults, [], 'faults:');
	});
}

const row = async (page, path) => { await page.goto(base + path); await page.locator('tbody tr').first().waitFor(); };
const opened = async (page, path) => { await row(page, path); await page.locator('tbody .row-link').first().click(); await page.locator('[role=dialog] .stepper').waitFor(); await page.locator('[role=dialog] .entry').first().waitFor(); };
export const places = {
	'leads by name': (page) => row(page, '/leads?workspace=bakkerij-jansen&sort=name&source=web_form'),
	'leads source': async (page) => { await row(page, '/leads?workspace=bakkerij-jansen'); await page.locator('.bar button[aria-haspopup=menu]').first().click(); await page.getByRole('menu').waitFor(); },
	'lead-panel': (page) => opened(page, '/leads?workspace=bakkerij-jansen'),
	'lead note': async (page) => { await opened(page, '/leads?workspace=bakkerij-jansen'); await page.locator('[role=dialog] .follow button').click(); await page.locator('[role=dialog] .dialog-foot').waitFor(); },
	'lead edit': async (page) => {
		await opened(page, '/leads?workspace=bakkerij-jansen');
		await page.goto(`${page.url()}&tab=about`);
		await page.locator('[role=dialog] .side-head button').click();
		await page.locator('[role=dialog] input[name=company]').waitFor();
	},
	'register': async (page) => { await page.goto(base + board('vesting-cargo')); await page.locator('.card').first().waitFor(); await page.keyboard.press('n'); await page.locator('[role=dialog] input[name=phone_code]').waitFor(); },
	'opportunities': (page) => row(page, '/opportunities?workspace=bakkerij-jansen'),
};
export const data = ['Lente Sales', 'Lading Cargo', 'Lotte Lente', 'Carmen Solís', 'Linde Winkel', 'Nora Linde', 'Mexico', 'Colombia'];


