/* Each reference system's own words, one story a preset: menu, first page, buttons, names, statuses, how a card moves, money, in
   the preset's language. Then a preset changed and another taken over under an open page, all workspaces with their filter, and
   the end of a demo. */
import { execFileSync } from 'node:child_process';
import { api, base, becomes, board, browser, card, check, column, crmctl, drag, enter, equal, folder, holdNote, inColumn, link, person, port, post, story, until } from './house.mjs';
import { dealOf, hook, klant, noFaults, pressOn, sanne } from './given.mjs';

const OWN = [
	{
		preset: 'nl-offerte-6', slug: 'p-bureau', name: 'Bureau Dijk', nl: true,
		tabs: ['Deals', 'Offertes', 'Facturen', 'E-mailsjablonen', 'Instellingen'], more: ['Aanvragen', 'Klanten', 'Contacten'], title: 'Deals', buttons: ['Nieuwe aanvraag'], here: ['Nieuwe aanvraag'], dialog: 'Nieuwe aanvraag', create: 'Aanvraag aanmaken',
		toast: 'Aanvraag van Toos Dijk aangemaakt', first: ['nieuwe_aanvraag', 'Nieuwe aanvraag'], next: ['contact_opgenomen', 'Contact opgenomen'], counted: '1 lopende deal', list: 'Aanvragen', statuses: ['Alle', 'Nieuw', 'Contact opgenomen', 'Geschikt'],
		made: 'Deal gemaakt', form: 'Handmatig', mode: 'instant', money: /€\s1\.815,00/, empty: 'Nog geen deals', stage: 'Fase', owner: 'Eigenaar',
	},
	{
		preset: 'classic-6', slug: 'p-beheer', name: 'Kern Beheer', nl: false,
		tabs: ['Contacts', 'Pipeline', 'Settings'], more: ['Leads', 'Customers'], landing: ['/contacts', 'Contacts', 'No contacts yet', ['Import CSV', 'Settings', 'Pipeline', 'New contact']], title: 'Pipeline', buttons: ['Import CSV', 'Settings', 'New lead'], here: ['Import CSV', 'Settings', 'Pipeline', 'New lead'], dialog: 'New lead', create: 'Create lead',
		toast: 'Lead Toos Dijk created', first: ['lead', 'LEAD'], next: ['qualified', 'QUALIFIED'], counted: '1 open deal', list: 'Leads', statuses: ['All', 'New', 'Contacted', 'Qualified'],
		made: 'Deal made', form: 'By hand', mode: 'locked', money: '€1,815.00', empty: 'The pipeline is empty', stage: 'Stage', owner: 'Owner',
	},
	{
		preset: 'dynamics', slug: 'p-sales', name: 'Northwind Sales', nl: false,
		tabs: ['Pipeline', 'Leads', 'Opportunities', 'Accounts', 'Contacts'], more: [], title: 'Pipeline', buttons: ['New lead'], here: ['New lead'], dialog: 'New lead', create: 'Create lead',
		toast: 'Lead Toos Dijk created', first: ['lead', 'Lead'], next: ['qualified', 'Qualified'], counted: '1 open lead or opportunity', list: 'Leads', statuses: ['All', 'New', 'Contacted', 'Qualified'],
		made: 'Opportunity made', form: 'By hand', mode: 'instant', money: '€1,815.00', empty: 'The pipeline is empty', stage: 'Stage', owner: 'Owner',
	},
	{
		preset: 'follow-up', slug: 'p-cargo', name: 'Carga Rápida', nl: false,
		tabs: ['Kanban', 'List', 'Calendar'], more: ['Clients', 'Contacts'], title: 'Prospects', buttons: ['Register', 'Import', 'Settings'], here: ['Register', 'Import', 'Settings'], dialog: 'New prospect', create: 'Register prospect',
		toast: 'Prospect Toos Dijk registered', first: ['new', 'New'], next: ['contacted', 'Contacted'], counted: '1 prospect in follow-up', list: 'Prospects', statuses: ['All', 'New', 'Contacted', 'Qualified'],
		made: 'Prospect registered', form: 'By hand', mode: 'note_required', money: '$1,815.00', empty: 'No prospects yet', stage: 'Follow-up status', owner: 'Salesman',
	},
	{
		preset: 'commerce', slug: 'p-winkel', name: 'Knus Wonen', nl: false,
		tabs: ['Board'], more: ['Leads', 'Customers', 'Contacts'], title: 'Board', buttons: ['New lead'], here: ['New lead'], dialog: 'New lead', create: 'Create lead',
		toast: 'Lead Toos Dijk created', first: ['new', 'New'], next: ['qualified', 'Qualified'], counted: '1 open lead', list: 'Leads', statuses: ['All', 'New', 'Contacted', 'Qualified'],
		made: 'Put on the board', form: 'By hand', mode: 'instant', money: '€1,815.00', empty: 'No leads yet', stage: 'Stage', owner: 'Owner',
	},
];
for (const own of OWN)
	crmctl('workspace', 'add', own.slug, '--preset', own.preset, '--name', own.name);
const people = new Map(OWN.map(({ slug, name }) => [slug, person(`eigenaar@${slug}.example`, `Eigenaar ${name}`, '--workspace', slug, '--role', 'owner')]));
/* one who has all five, and one of them to switch about */
crmctl('workspace', 'add', 'p-wissel', '--preset', 'nl-offerte-6', '--name', 'Wissel Werk');
const paula = person('paula@presets.example', 'Paula Punt', '--workspace', [...OWN.map(({ slug }) => slug), 'p-wissel'].join(','), '--role', 'owner');
const wissel = crmctl('source', 'add', '--workspace', 'p-wissel', '--kind', 'web_form').url;

const texts = (where) => where.evaluateAll((all) => all.map((one) => (one.getAttribute('aria-label') ?? one.querySelector('.nav-label')?.textContent ?? [...one.childNodes].filter((node) => node.nodeName !== 'KBD').map((node) => node.textContent).join('')).trim()));
const buttons = (page) => texts(page.locator('.page-head .page-actions button:not([aria-haspopup])'));
const menu = async (page) => [await texts(page.locator('.sidebar nav ul:not([data-day])').nth(0).locator('a')), await texts(page.locator('.sidebar nav ul:not([data-day])').nth(1).locator('a'))];

async function tellOf(own) {
	const page = await enter(people.get(own.slug), '/', { nl: own.nl });
	const [first, title1, nothing, above = own.buttons] = own.landing ?? ['/deals/board', own.title, own.empty];
	await page.waitForURL((url) => url.pathname === first);
	await page.getByRole('heading', { level: 1, name: title1, exact: true }).waitFor();
	await page.getByRole('heading', { name: nothing }).waitFor();
	await becomes(() => buttons(page), above, 'the buttons of the first page:');
	await page.goto(`${base}/crm`);
	await page.waitForURL((url) => url.pathname === first);
	await page.goto(`${base}/deals/board`);
	await page.getByRole('heading', { level: 1, name: own.title, exact: true }).waitFor();
	await page.getByRole('heading', { name: own.empty }).waitFor();
	await becomes(() => menu(page), [own.tabs, [...own.more, ...(own.nl ? ['Segmenten'] : ['Quotes', 'Invoices', 'Segments']), ...(own.nl ? ['Postvak'] : ['Email templates', 'Inbox'])]], 'the menu:');
	await becomes(() => buttons(page), own.buttons, 'the buttons:');
	await becomes(() => page.locator('.sidebar button.switch').count(), 0, 'workspace switches:');

	/* a record made by hand, in the system's words, is a card */
	await page.locator('.live-open').waitFor();
	await page.keyboard.press('n');
	const dialog = page.getByRole('dialog', { name: own.dialog, exact: true });
	await dialog.waitFor();
	await dialog.locator('input[name=name]').fill('Toos Dijk');
	await dialog.getByText(own.owner, { exact: true }).first().waitFor();
	if (own.mode === 'note_required') {		/* whoever registers prospects says more of them, and twice */
		await dialog.getByLabel('Country').click();
		await page.getByRole('option', { name: 'Mexico' }).click();
		for (const [name, text] of [['company', 'Dijk SA'], ['email', 'toos@dijk.test'], ['phone', '5512345678']])
			await dialog.locator(`input[name=${name}]`).fill(text);
	}
	await dialog.getByRole('button', { name: own.create }).click();
	if (own.mode === 'note_required')
		await page.getByRole('dialog', { name: 'Register this prospect?' }).getByRole('button', { name: own.create }).click();
	await page.getByRole('status').getByText(own.toast).waitFor();
	const title = `Toos Dijk — ${own.form}`;
	await inColumn(page, own.first[0], title).waitFor();
	await becomes(() => column(page, own.first[0]).getByRole('heading').textContent(), own.first[1], 'the first column:');
	await until('the head counts it', async () => (await page.locator('.page-sub').textContent()).startsWith(own.counted));

	/* money in the workspace's currency, written as its language writes it */
	const { id, version } = (await (await api(page, 'GET', `/api/crm/deals?workspace=${own.slug}`)).json()).data[0];
	const currency = (await (await api(page, 'GET', '/api/me')).json()).workspaces[0].currency;
	equal((await api(page, 'PUT', `/api/crm/opportunities/${id}`, { value: { amount: '1815.00', currency }, version })).status(), 200, 'the value:');
	await card(page, title).getByText(own.money).waitFor();

	/* the panel: the stage's word, what happened, and how a card moves */
	await link(page, title).click();
	const panel = page.getByRole('dialog', { name: title });
	await panel.getByRole('list', { name: own.stage, exact: true }).waitFor();
	await panel.getByText(own.made, { exact: true }).waitFor();
	await page.keyboard.press('Escape');
	await panel.waitFor({ state: 'detached' });
	await page.waitForURL((url) => !url.searchParams.has('id'));	/* the address lets go of it a moment later */
	await pressOn(page, title, ' ', 'ArrowRight', ' ');
	if (own.mode === 'locked') {
		await inColumn(page, own.first[0], title).waitFor();
		await until('it says that cards stay', async () => (await page.getByRole('log').textContent()).includes('not dragged'));
	} else if (own.mode === 'note_required') {
		const note = page.locator('textarea[name=note]');
		await note.fill('Gebeld');
		await page.locator('.follow').getByRole('button', { name: 'Save' }).click();
		await page.locator('.toast').first().waitFor();
		await page.keyboard.press('Escape');
		await page.locator('.follow').waitFor({ state: 'detached' });
		await inColumn(page, own.next[0], title).waitFor();
	} else
		await inColumn(page, own.next[0], title).waitFor();
	await becomes(() => column(page, own.next[0]).getByRole('heading').textContent(), own.next[1], 'the second column:');

	/* the list: its name, its statuses, the same row */
	await page.locator('.sidebar nav a', { hasText: own.tabs[1] === 'List' ? 'List' : own.list }).click();
	await page.waitForURL(/\/leads$/);
	await page.getByRole('heading', { level: 1, name: own.list, exact: true }).waitFor();
	await becomes(() => texts(page.locator('.segment')), own.statuses, 'the statuses:');
	await becomes(() => buttons(page), own.here, 'the buttons beside the list:');
	await page.getByRole('row', { name: /Toos Dijk/ }).waitFor();
	noFaults(page);
}

export async function tell() {
	for (const own of OWN)
		await story(`the words of ${own.preset}: menu, first page, buttons, names, statuses, moves, money${own.nl ? ', in Dutch' : ''}`, () => tellOf(own));

	await story('the board as first page: /crm of several workspaces leads to the landing page of the one named, and of the last', async () => {
		const page = await enter(paula, '/');
		const me = await (await api(page, 'GET', '/api/me')).json();
		const id = me.workspaces.find((one) => one.slug === 'p-sales').id;
		equal((await api(page, 'PUT', `/api/workspaces/${id}/preset`, { landing: 'leads' })).status(), 200, 'another landing page:');
		await page.goto(`${base}/crm?workspace=p-sales`);
		await page.waitForURL(/\/leads\?workspace=p-sales/);
		await page.goto(`${base}/crm?workspace=p-winkel`);
		await page.waitForURL(/\/deals\/board\?workspace=p-winkel/);
		equal((await api(page, 'PUT', `/api/workspaces/${id}/preset`, { landing: 'pipeline' })).status(), 200, 'and back:');
	});

	await story('another preset under an open page: the words change by themselves, no deal is lost, and Undo takes it back', async () => {
		for (const who of ['Een', 'Twee', 'Drie'])
			await post(wissel, { name: `Klant ${who}`, email: `${who.toLowerCase()}@wissel.example`, form_type: 'Website' });
		const watcher = await enter(paula, board('p-wissel'));
		await card(watcher, 'Klant Drie').waitFor();
		const moved = await dealOf(watcher, 'Klant Twee — Website', 'p-wissel');
		equal((await api(watcher, 'POST', `/api/crm/opportunities/${moved.id}/stage`, { stage: 'offerte_verstuurd' })).status(), 200, 'a move:');
		await inColumn(watcher, 'offerte_verstuurd', 'Klant Twee').waitFor();
		await watcher.locator('.live-open').waitFor();
		await watcher.evaluate(() => { window.stayed = true; });

		const page = await enter(paula, '/settings/preset?workspace=p-wissel');
		await page.getByText('This workspace is just as its preset set it up.').waitFor();
		const stages = page.getByRole('list', { name: 'Stages of the board' });
		await becomes(() => stages.getByRole('listitem').count(), 6, 'stages:');
		await stages.getByRole('listitem').filter({ hasText: 'Quote sent' }).getByText('1 deal', { exact: true }).waitFor();
		await page.getByRole('button', { name: 'Another preset…' }).click();
		const dialog = page.getByRole('dialog', { name: 'Another preset' });
		await dialog.getByRole('radio', { name: /Follow-up of prospects/ }).check({ force: true });
		const preview = dialog.getByRole('region', { name: 'What changes' });
		await preview.getByText('all 3 deals stay in their stages').waitFor();
		await preview.locator('div', { hasText: 'A new one is' }).getByText('New prospect').waitFor();
		await until('a stage with a deal stays', async () => (await preview.locator('div', { hasText: 'Old stages that stay' }).last().textContent()).includes('Quote sent'));
		await until('an empty one goes', async () => (await preview.locator('div', { hasText: 'Empty stages that go' }).last().textContent()).includes('In negotiation'));
		await dialog.getByRole('button', { name: 'Switch to “Follow-up of prospects”' }).click();
		await dialog.waitFor({ state: 'detached' });
		await holdNote(page, 'Undo');

		/* the other page, which nobody touched */
		await watcher.getByRole('heading', { level: 1, name: 'Prospects', exact: true }).waitFor();
		await watcher.locator('.sidebar nav a', { hasText: 'Kanban' }).waitFor();
		await column(watcher, 'interested').waitFor();
		for (const who of ['Een', 'Drie'])
			await card(watcher, `Klant ${who}`).waitFor();
		await column(watcher, 'offerte_verstuurd').scrollIntoViewIfNeeded();
		await inColumn(watcher, 'offerte_verstuurd', 'Klant Twee').waitFor();
		await becomes(() => column(watcher, 'in_onderhandeling').count(), 0, 'the empty old column:');
		await becomes(() => watcher.locator('.page-head .page-actions button').first().textContent(), 'RegisterN', 'its first button:');
		check(await watcher.evaluate(() => window.stayed === true), 'the page was not reloaded');

		await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
		await watcher.getByRole('heading', { level: 1, name: 'Deals', exact: true }).waitFor();
		await column(watcher, 'in_onderhandeling').waitFor();
		equal((await (await api(watcher, 'GET', '/api/crm/deals?workspace=p-wissel')).json()).data.length, 3, 'deals at the end:');
		noFaults(page);
		noFaults(watcher);
	});

	await story('parts of a preset: words, menu by keyboard, moves; the page says what is one\'s own and takes it back', async () => {
		const page = await enter(paula, '/settings/preset?workspace=p-wissel');
		const list = page.getByRole('list', { name: 'Menu', exact: true });
		await list.waitFor();
		const order = () => list.locator('li').evaluateAll((rows) => rows.map((row) => row.dataset.item));
		const before = await order();
		await list.getByRole('button', { name: 'Move Settings up' }).focus();
		await page.keyboard.press('Alt+ArrowUp');
		await page.keyboard.press('Alt+ArrowUp');
		await page.keyboard.press('Enter');
		await becomes(() => order(), [before[0], before[4], before[1], before[2], before[3]], 'the menu after three steps up:');
		await becomes(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Move Settings up', 'the focus:');
		await page.getByRole('radio', { name: /Cards stay where they are/ }).check({ force: true });
		await page.getByRole('status').getByText('2 changes are not saved yet').waitFor();
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await page.getByText('2 parts are your own').waitFor();
		await becomes(() => page.getByText('Your own', { exact: true }).count(), 2, 'parts marked as one\'s own:');
		await becomes(async () => (await menu(page))[0], ['Deals', 'Settings', 'Quotes', 'Invoices', 'Email templates'], 'the menu:');
		const reply = await (await api(page, 'GET', '/api/crm/pipeline?workspace=p-wissel')).json();
		equal(reply.data[0].move_mode, 'locked', 'the board:');
		/* the same again is taken back from the preset */
		for (const region of ['Menu and first page', 'How cards move'])
			await page.getByRole('region', { name: region }).getByRole('button', { name: 'As in the preset' }).click();
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await page.getByText('This workspace is just as its preset set it up.').waitFor();
		await becomes(() => order(), before, 'the menu:');
		await page.getByRole('button', { name: 'Take Quotes out' }).click();
		await page.getByRole('button', { name: 'Discard' }).click();
		await becomes(() => order(), before, 'the menu after discarding:');
		noFaults(page);
	});

	await story('a member without the right finds no preset; the server refuses it, too', async () => {
		const sales = person('verkoop@presets.example', 'Vera Verkoop', '--workspace', 'p-wissel', '--role', 'sales');
		const page = await enter(sales, '/settings/preset');
		await page.getByText('There is nothing here for your role').waitFor();
		const id = (await (await api(page, 'GET', '/api/me')).json()).workspaces[0].id;
		equal((await api(page, 'PUT', `/api/workspaces/${id}/preset`, { preset: 'commerce' })).status(), 403, 'forged:');
		await becomes(async () => (await menu(page))[0], ['Deals', 'Quotes', 'Invoices', 'Email templates'], 'the menu has no settings:');
	});

	await story('all workspaces: one board, a column a key, sums a currency; a filter of some in the address; the list names the workspace', async () => {
		/* each has a card in the stage its deals go to second, worth the same amount */
		const three = [['v-winkel', 'commerce', 'Vloer Winkel', 'qualified'], ['v-sales', 'dynamics', 'Verkoop Noord', 'qualified'], ['v-cargo', 'follow-up', 'Vracht Zuid', 'contacted']];
		const hooks = {};
		for (const [slug, preset, name] of three) {
			crmctl('workspace', 'add', slug, '--preset', preset, '--name', name);
			hooks[slug] = crmctl('source', 'add', '--workspace', slug, '--kind', 'web_form').url;
		}
		const alma = person('alma@presets.example', 'Alma Al', '--workspace', three.map(([slug]) => slug).join(','), '--role', 'owner');
		const page = await enter(alma, '/deals/board');
		for (const [slug, , name, stage] of three) {
			await post(hooks[slug], { name: `Kast ${name}`, email: 'kast@example.nl', form_type: 'Kast' });
			const deal = await dealOf(page, `Kast ${name} — Kast`, slug);
			const currency = slug === 'v-cargo' ? 'USD' : 'EUR';
			equal((await api(page, 'PUT', `/api/crm/opportunities/${deal.id}`, { value: { amount: '1000.00', currency }, version: deal.version })).status(), 200, 'the value:');
			equal((await api(page, 'POST', `/api/crm/opportunities/${deal.id}/stage`, { stage, note: 'Gebeld' })).status(), 200, 'the move:');
		}
		await page.reload();
		await page.getByRole('heading', { level: 1, name: 'Deals', exact: true }).waitFor();		/* neutral: three profiles */
		await becomes(() => menu(page), [['Deals', 'Leads'], ['Accounts', 'Contacts', 'Quotes', 'Invoices', 'Segments', 'Email templates', 'Inbox']], 'the neutral menu:');
		await page.locator('.live-open').waitFor();
		await column(page, 'qualified').locator('.column-count').waitFor();	/* before it stands the columns' skeleton */
		await becomes(() => page.locator('.column').evaluateAll((all) => all.map((one) => one.dataset.column)),
			['new', 'lead', 'contacted', 'qualified', 'interested', 'proposal', 'negotiation', 'onboarding', 'won', 'lost'], 'the columns:');
		/* two systems' second stage has one key: both cards, their euros added; dollars are never added to them */
		await becomes(() => column(page, 'qualified').locator('.column-count').textContent(), '2', 'cards of one key:');
		await until('the sum', async () => (await column(page, 'qualified').locator('.column-sums').textContent()).includes('€2,000'));
		const sub = await page.locator('.page-sub').textContent();
		check(sub.includes('€2,000.00') && sub.includes('$1,000.00'), `the sums of all: ${sub}`);
		await inColumn(page, 'qualified', 'Kast Vloer Winkel').locator('.tag-workspace', { hasText: 'Vloer Winkel' }).waitFor();
		/* a card is offered the stages of its own pipeline, and no other */
		await pressOn(page, 'Kast Vloer Winkel', 'm');
		await becomes(() => texts(page.getByRole('menuitemradio')), ['New', 'Qualified', 'Proposal', 'Won', 'Lost'], 'where it may go:');
		await page.keyboard.press('Escape');
		await page.keyboard.press(' ');
		await page.keyboard.press('ArrowRight');
		await until('said', async () => (await page.getByRole('log').textContent()).startsWith('Proposal, column 3 of 5'));
		await becomes(async () => await page.locator('.column-off').count() > 0, true, 'columns it cannot go to are faint:');
		await page.keyboard.press('Escape');
		await drag(page, card(page, 'Kast Vloer Winkel'), column(page, 'interested'));
		await becomes(() => inColumn(page, 'qualified', 'Kast Vloer Winkel').count(), 1, 'dropped on another system\'s stage, it stayed:');
		await drag(page, card(page, 'Kast Vloer Winkel'), column(page, 'proposal'));
		await inColumn(page, 'proposal', 'Kast Vloer Winkel').waitFor();

		/* some of them */
		await page.getByRole('button', { name: /^Which workspaces/ }).click();
		await page.getByRole('menuitemcheckbox', { name: /Vloer Winkel/ }).click();
		await page.waitForURL(/workspace=v-winkel,$/);
		await column(page, 'lead').waitFor({ state: 'detached' });
		await becomes(async () => (await menu(page))[0], ['Board'], 'the menu in the words of the only one:');
		await page.getByRole('menuitemcheckbox', { name: /Vracht Zuid/ }).click();
		await page.waitForURL((url) => /^\?workspace=(v-winkel,v-cargo|v-cargo,v-winkel)$/.test(decodeURIComponent(url.search)));
		await page.keyboard.press('Escape');
		await card(page, 'Kast Vracht Zuid').waitFor();
		await becomes(() => card(page, 'Kast Verkoop Noord').count(), 0, 'cards of the third:');
		/* what comes live from outside the filter is not shown, what is inside is */
		await post(hooks['v-sales'], { name: 'Buiten Beeld', email: 'buiten@example.nl', form_type: 'Kast' });
		await post(hooks['v-winkel'], { name: 'Binnen Beeld', email: 'binnen@example.nl', form_type: 'Kast' });
		await card(page, 'Binnen Beeld').waitFor();
		await becomes(() => card(page, 'Buiten Beeld').count(), 0, 'cards of other workspaces:');
		await until('the head counts those', async () => (await page.locator('.page-sub').textContent()).startsWith('3 open deals'));

		/* the same two in the list, by its address; search looks there, too */
		await page.locator('.sidebar nav a', { hasText: 'Leads' }).click();
		await page.waitForURL(/\/leads\?workspace=v-/);
		await page.getByRole('columnheader', { name: 'Workspace' }).waitFor();
		await page.getByRole('row', { name: /Binnen Beeld/ }).getByText('Vloer Winkel', { exact: true }).waitFor();
		await becomes(() => page.getByRole('row', { name: /Buiten Beeld/ }).count(), 0, 'rows of other workspaces:');
		await page.getByRole('row', { name: /Binnen Beeld/ }).locator('.row-link').click();
		await page.getByRole('dialog', { name: 'Binnen Beeld' }).waitFor();
		await page.keyboard.press('Escape');
		await page.waitForURL((url) => !url.search.includes('id='));
		await until('the bar above the list is whole after a panel', async () => (await page.locator('.leads-page .bar').boundingBox()).height > 40);
		/* a new lead asks whose it is, and goes there */
		await page.locator('.page-head').getByRole('button', { name: 'New lead' }).click();
		const dialog = page.getByRole('dialog', { name: 'New lead' });
		await dialog.locator('input[name=name]').fill('Nieuw Erbij');
		await dialog.getByRole('button', { name: 'Create lead' }).click();
		await dialog.getByText('Please fill this in').waitFor();
		await dialog.getByRole('combobox', { name: 'Workspace' }).click();
		await page.getByRole('option', { name: 'Vloer Winkel' }).click();
		await dialog.getByRole('button', { name: 'Create lead' }).click();
		await page.getByRole('row', { name: /Nieuw Erbij/ }).getByText('Vloer Winkel', { exact: true }).waitFor();
		noFaults(page);
	});

	await story('S0-8: an admin sees deals of two workspaces, the client theirs, without a switch or a filter', async () => {
		const names = ['Admin Een', 'Admin Twee', 'Admin Drie'];
		await post(hook['bakkerij-jansen'], { name: names[0], email: 'a1@example.nl', form_type: 'Zicht' });
		await post(hook['bakkerij-jansen'], { name: names[1], email: 'a2@example.nl', form_type: 'Zicht' });
		await post(hook['garage-smit'], { name: names[2], email: 'a3@example.nl', form_type: 'Zicht' });
		const admin = await enter(sanne, '/deals/board?workspace=bakkerij-jansen,garage-smit');
		for (const name of names)
			await card(admin, name).first().waitFor();
		const client = await enter(klant, '/?workspace=garage-smit');
		await card(client, names[1]).waitFor();
		await becomes(() => card(client, names[2]).count(), 0, 'cards of another workspace:');
		await becomes(() => client.locator('.sidebar button.switch, .bar > .filter').count(), 0, 'switches and filters:');
		await client.goto(`${base}/leads?workspace=bakkerij-jansen,garage-smit`);
		await client.getByRole('row', { name: new RegExp(names[0]) }).waitFor();
		await becomes(() => client.getByRole('row', { name: new RegExp(names[2]) }).count(), 0, 'rows of another workspace:');
		await becomes(() => client.getByRole('columnheader', { name: 'Workspace' }).count(), 0, 'workspace columns:');
		equal((await api(client, 'GET', '/api/crm/leads?workspace=bakkerij-jansen,garage-smit')).status(), 404, 'the other by name:');
	});

	await story('a demo says so, and its agency\'s admin takes it away with one click', async () => {
		/* a house of its own: what the demo makes has names that others here have */
		const own = { folder: `${folder}-demo`, base: `http://127.0.0.1:${port + 80}` };
		const tool = (...words) => execFileSync(`${process.env.BIN ?? 'build'}/crmctl`, [...words, '--var', own.folder, '--json'], { encoding: 'utf8' });
		const visit = async (who) => {
			const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
			check((await context.request.post(`${own.base}/api/login`, { data: { email: who.email, password: who.password }, headers: { Origin: own.base } })).ok(), `${who.email} could not log in`);
			const page = await context.newPage();
			await page.goto(own.base);
			return page;
		};
		tool('up', '--detach', '--port', String(port + 80));
		try {
			const began = Date.now();
			const made = JSON.parse(tool('demo')).data;
			console.log(`        the demo was made in ${Math.round((Date.now() - began) / 1000)} s`);
			const boss = made.find((one) => one.email.startsWith('admin@'));
			const worker = made[0];
			const page = await visit(boss);
			await page.getByRole('note').getByText('verzonnen').waitFor();
			const goes = await (await page.request.get(`${own.base}/api/demo`)).json();
			check(goes.data.length >= 5, 'a workspace of each system at least');
			const open = page.getByRole('button', { name: 'Alle demo\'s verwijderen' });	/* the demo's people speak Dutch */
			const dialog = page.getByRole('dialog', { name: 'Alle demo\'s verwijderen?' });
			await open.click();
			await until('every demo is named', async () => (await dialog.getByRole('listitem').count()) === goes.data.length);
			await page.keyboard.press('Escape');
			await dialog.waitFor({ state: 'detached' });
			equal((await (await page.request.get(`${own.base}/api/demo`)).json()).data.length, goes.data.length, 'demos after Escape:');
			/* whoever works there sees the line without the button */
			const other = await visit(worker);
			await other.getByRole('note').waitFor();
			await becomes(() => other.getByRole('note').getByRole('button').count(), 0, 'buttons of another:');
			await open.click();
			await dialog.getByRole('button', { name: 'Voorgoed verwijderen' }).click();
			await page.getByText('De demo\'s zijn weg').waitFor({ timeout: 20000 });
			await page.getByRole('note').waitFor({ state: 'detached' });
			equal((await (await page.request.get(`${own.base}/api/demo`)).json()).data, [], 'demos left:');
			/* nothing is left: the page says what to do next */
			await page.getByRole('heading', { name: 'Nog geen werkruimte' }).waitFor();
		} finally {
			tool('down');
		}
	});
}

/* ---- for the looks ---- */

/* as if the bakery were a demo, and this person its agency's admin */
async function pretend(page) {
	await page.route('**/api/me', async (route) => {
		if (route.request().method() !== 'GET')
			return route.continue();
		const reply = await route.fetch();
		const me = await reply.json();
		me.agency.admin = true;
		for (const one of me.workspaces)
			one.demo = one.slug === 'bakkerij-jansen';
		await route.fulfill({ response: reply, json: me });
	});
	await page.route('**/api/demo', (route) => route.fulfill({ json: { data: [{ id: '1', slug: 'bakkerij-jansen', name: 'Bakkerij Jansen' }, { id: '2', slug: 'garage-smit', name: 'Garage Smit' }], users: 7, next: null } }));
	await page.goto(base + board('bakkerij-jansen'));
	await page.locator('.demo-banner').waitFor();
}

const honest = (page) => page.unrouteAll({ behavior: 'ignoreErrors' });

export const places = {
	preset: async (page) => { await page.goto(`${base}/settings/preset?workspace=bakkerij-jansen`); await page.locator('.stage-list li').first().waitFor(); },
	'preset changed': async (page) => { await page.goto(`${base}/settings/preset?workspace=bakkerij-jansen`); await page.locator('.choice input').last().check({ force: true }); await page.locator('.order').first().locator('[data-way=up]').last().click(); await page.locator('.save-bar').waitFor(); await page.locator('.save-bar').scrollIntoViewIfNeeded(); },
	'preset of which': async (page) => { await page.goto(`${base}/settings/preset`); await page.locator('.pick').first().waitFor(); },
	'preset switch': async (page) => { await page.goto(`${base}/settings/preset?workspace=bakkerij-jansen`); await page.locator('.section-actions button').first().click(); await page.getByRole('dialog').getByRole('radio').nth(2).check({ force: true }); await page.locator('.promise').first().waitFor(); },
	'board of some': async (page) => { await page.goto(`${base}/deals/board?workspace=bakkerij-jansen,vesting-cargo`); await page.locator('.card').first().waitFor(); },
	'workspace filter': async (page) => { await page.goto(`${base}/deals/board?workspace=bakkerij-jansen,vesting-cargo`); await page.locator('.card').first().waitFor(); await page.locator('.bar > .filter').click(); await page.getByRole('menu').waitFor(); },
	'leads of some': async (page) => { await page.goto(`${base}/leads?workspace=bakkerij-jansen,vesting-cargo`); await page.locator('tbody tr').first().waitFor(); },
	'prospects': async (page) => { await page.goto(base + board('vesting-cargo')); await page.locator('.card').first().waitFor(); },
	'demo banner': async (page) => { await pretend(page); await page.locator('.card').first().waitFor(); await honest(page); },
	'demo question': async (page) => { await pretend(page); await page.locator('.demo-banner button').click(); await page.locator('.demo-list li').first().waitFor(); await honest(page); },
};

export const data = [...OWN.map(({ name }) => name), 'Wissel Werk', 'Paula Punt'];
