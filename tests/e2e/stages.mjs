/* Pipelines, stages, catalogues and fields: set up in the settings, seen at once on a board that somebody else has open. */
import { api, base, becomes, board, card, check, column, crmctl, enter, equal, holdNote, inColumn, person, post, screenshots, story, until } from './house.mjs';
import { daan, dealOf, noFaults } from './given.mjs';

crmctl('workspace', 'add', 'fase-werk', '--preset', 'classic-6', '--name', 'Fase Werk');
crmctl('workspace', 'add', 'vracht', '--preset', 'follow-up', '--name', 'Vracht en Zoon', '--timezone', 'Europe/Amsterdam');
crmctl('workspace', 'add', 'salesmen', '--preset', 'follow-up', '--name', 'Salesmen');
const fay = person('fay@fase.example', 'Fay Fase', '--workspace', 'fase-werk,vracht', '--role', 'owner');
const ward = person('ward@fase.example', 'Ward Werk', '--workspace', 'fase-werk,vracht', '--role', 'owner');
const intake = crmctl('source', 'add', '--workspace', 'fase-werk', '--kind', 'web_form').url;

const hook11 = crmctl('source', 'add', '--workspace', 'vracht', '--kind', 'web_form').url;

const dialog = (page) => page.getByRole('dialog');
const columns = (page) => page.locator('[data-column]').evaluateAll((all) => all.map((one) => one.dataset.column));
const rows = (page) => page.locator('.order li .order-open').allTextContents();
const menuOf = async (page, name, entry) => {
	await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
	await page.getByRole('menuitem', { name: entry, exact: true }).click();
};
export const ask = async (page, method, path, data) => {
	const reply = await api(page, method, path, data);
	check(reply.ok(), `${method} ${path}: ${reply.status()} ${await reply.text()}`);
	return reply.status() === 204 ? null : reply.json();
};

/* takes a row by the mouse and lets it go on another */
async function dragRow(page, from, to) {
	const at = async (name) => page.locator('.order li', { hasText: name }).first().boundingBox();
	const a = await at(from);
	const b = await at(to);
	await page.mouse.move(a.x + 12, a.y + a.height / 2);
	await page.mouse.down();
	for (const part of [0.2, 0.6, 1]) {
		await page.waitForTimeout(60);	/* without a pause a native drag silently does nothing */
		await page.mouse.move(b.x + 40, a.y + a.height / 2 + (b.y - a.y) * part);
	}
	await page.waitForTimeout(60);
	await page.mouse.up();
}

export async function tell() {
	await story('S1-10 a stage added, put in its place, renamed and removed in the settings is so on the open board of somebody else', async () => {
		await post(intake, { name: 'Karel Kolom', email: 'karel@kolom.example', form_type: 'Website' });
		const watcher = await enter(ward, board('fase-werk'));
		await card(watcher, 'Karel Kolom').waitFor();
		await watcher.locator('.live-open').waitFor();
		await watcher.evaluate(() => { window.stayed = true; });
		const page = await enter(fay, '/settings/stages?workspace=fase-werk');
		await page.getByRole('heading', { level: 1, name: 'Stages' }).waitFor();
		await page.locator('.live-open').waitFor();

		await page.getByRole('button', { name: 'Add stage' }).click();
		await dialog(page).locator('button[type=submit]').click();
		await dialog(page).getByText('Please fill this in').first().waitFor();
		await dialog(page).locator('input[name=label_en]').fill('DEMO');
		await dialog(page).locator('input[name=label_nl]').fill('DEMONSTRATIE');
		await dialog(page).locator('button[type=submit]').click();
		await dialog(page).waitFor({ state: 'detached' });
		await until('DEMO is before WON', async () => (await rows(page)).join() === 'LEAD,QUALIFIED,PROPOSAL,NEGOTIATION,DEMO,WON,LOST');
		await column(watcher, 'demo').waitFor();

		/* by the mouse between QUALIFIED and PROPOSAL, one too far by key, and back */
		await dragRow(page, 'DEMO', 'PROPOSAL');
		await until('DEMO is third', async () => (await rows(page)).join() === 'LEAD,QUALIFIED,DEMO,PROPOSAL,NEGOTIATION,WON,LOST');
		await until('and on the other board', async () => (await columns(watcher)).slice(0, 4).join() === 'lead,qualified,demo,proposal');
		await page.getByRole('button', { name: 'DEMO', exact: true }).focus();
		await page.keyboard.press('Alt+ArrowUp');
		await until('by key it is second, there too', async () => (await columns(watcher)).slice(0, 3).join() === 'lead,demo,qualified');
		await becomes(() => page.evaluate(() => document.activeElement.textContent), 'DEMO', 'the focus:');
		await page.keyboard.press('Alt+ArrowDown');
		await until('and third again', async () => (await columns(watcher)).slice(0, 4).join() === 'lead,qualified,demo,proposal');

		await menuOf(page, 'DEMO', 'Change');
		await dialog(page).locator('input[name=label_en]').fill('SHOWN');
		await dialog(page).getByRole('button', { name: 'Orange' }).click();
		await dialog(page).locator('button[type=submit]').click();
		await column(watcher, 'demo').getByRole('heading', { name: 'SHOWN' }).waitFor();
		await watcher.locator('.stage-orange[data-column="demo"]').waitFor();

		/* a stage with a deal in it goes only with its deal's next stage */
		const deal = await dealOf(watcher, 'Karel Kolom — Website', 'fase-werk');
		await ask(watcher, 'POST', `/api/crm/deals/${deal.id}/stage`, { stage: 'demo' });
		await inColumn(watcher, 'demo', 'Karel Kolom').waitFor();
		await page.reload();
		await page.locator('.order li', { hasText: 'SHOWN' }).getByText('1 deal', { exact: true }).waitFor();
		await menuOf(page, 'SHOWN', 'Remove');
		await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
		await dialog(page).getByText('Choose the stage that its deals go to.').waitFor();
		await dialog(page).getByRole('combobox').click();
		await page.getByRole('option', { name: 'NEGOTIATION' }).click();
		await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
		await dialog(page).waitFor({ state: 'detached' });
		await inColumn(watcher, 'negotiation', 'Karel Kolom').waitFor();
		await until('the column is gone there', async () => !(await columns(watcher)).includes('demo'));
		equal(await watcher.evaluate(() => window.stayed), true, 'the board was never reloaded:');
		noFaults(page);
		noFaults(watcher);
	});

	await story('a second pipeline is a board of its own, archived and back; who may not set up finds no stages', async () => {
		const page = await enter(fay, '/settings/stages?workspace=fase-werk');
		await page.getByRole('button', { name: 'Add pipeline' }).first().click();
		await dialog(page).locator('input[name=label_en]').fill('Service');
		await dialog(page).locator('input[name=label_nl]').fill('Onderhoud');
		await dialog(page).getByRole('radio', { name: /Every move needs a note/ }).check({ force: true });
		await dialog(page).locator('button[type=submit]').click();
		await page.getByRole('region', { name: 'Service' }).getByText('Every move needs a note').waitFor();
		await page.goto(base + board('fase-werk'));
		/* the first of them, not both mixed */
		const pipelines = page.getByRole('group', { name: 'Pipelines' });
		await pipelines.getByRole('button', { name: 'All pipelines', pressed: false }).waitFor();
		await until('the first one\'s columns alone', async () => (await columns(page)).includes('proposal') && !(await columns(page)).includes('new'));
		await pipelines.getByRole('button', { name: 'Service' }).click();
		await until('only its three columns', async () => (await columns(page)).join() === 'new,won,lost');
		await page.waitForURL(/pipeline=service/);
		await pipelines.getByRole('button', { name: 'All pipelines' }).click();
		await column(page, 'proposal').waitFor();
		await column(page, 'new').waitFor();
		await page.goto(base + board('fase-werk'));
		await pipelines.getByRole('button', { name: 'All pipelines', pressed: true }).waitFor();		/* as it was left */
		await column(page, 'new').waitFor();
		await page.goto(`${base}/settings/stages?workspace=fase-werk`);
		await menuOf(page, 'Service', 'Archive');
		await dialog(page).getByRole('button', { name: 'Archive', exact: true }).click();
		await page.getByRole('region', { name: 'Archived pipelines' }).getByText('Service').waitFor();
		await page.getByRole('button', { name: 'Bring back Service' }).click();
		await page.getByRole('region', { name: 'Service' }).waitFor();
		await menuOf(page, 'Service', 'Archive');
		await dialog(page).getByRole('button', { name: 'Archive', exact: true }).click();
		await page.getByRole('region', { name: 'Archived pipelines' }).waitFor();
		noFaults(page);

		const seller = await enter(daan, '/settings/stages?workspace=polder-it');
		await seller.getByRole('heading', { name: 'There is nothing here for your role' }).waitFor();
		equal((await api(seller, 'POST', '/api/crm/stages?workspace=polder-it', { pipeline: 'sales', label: { en: 'X', nl: 'X' } })).status(), 403, 'the API:');
	});

	await story('a catalogue: values added, ordered, retired with Undo; a field of one\'s own with its choices; each in the audit in words', async () => {
		const page = await enter(fay, '/settings/catalogues?workspace=vracht&what=campaign');
		await page.getByText('No value yet').waitFor();
		for (const [en, nl] of [['Spring fair', 'Voorjaarsbeurs'], ['Radio', 'Radio']]) {
			await page.getByRole('button', { name: 'Add value' }).click();
			await dialog(page).locator('input[name=label_en]').fill(en);
			await dialog(page).locator('input[name=label_nl]').fill(nl);
			await dialog(page).locator('button[type=submit]').click();
			await dialog(page).waitFor({ state: 'detached' });
		}
		await menuOf(page, 'Radio', 'Move up');
		await until('Radio is first on the server', async () => (await ask(page, 'GET', '/api/crm/catalogues?workspace=vracht&catalogue=campaign')).data.map((one) => one.key).join() === 'radio,spring_fair');
		await becomes(() => rows(page), ['Radio', 'Spring fair'], 'and here:');
		await menuOf(page, 'Radio', 'Retire');
		await holdNote(page, 'Radio');
		await page.getByRole('region', { name: 'Retired' }).getByText('Radio').waitFor();
		await page.keyboard.press('z');
		await until('Undo takes it back', async () => (await rows(page)).join() === 'Radio,Spring fair');

		await page.goto(`${base}/settings/fields?workspace=vracht`);
		await page.getByText('No fields of your own yet').waitFor();
		await page.getByRole('button', { name: 'Add field' }).first().click();
		await dialog(page).locator('input[name=label_en]').fill('Packing');
		await dialog(page).locator('input[name=label_nl]').fill('Verpakking');
		await dialog(page).getByRole('combobox').click();
		await page.getByRole('option', { name: 'Choice' }).click();
		await dialog(page).locator('input[name=choice_en_0]').fill('Box');
		await dialog(page).locator('button[type=submit]').click();
		await dialog(page).getByText('Give each choice a name in both languages').waitFor();
		await dialog(page).locator('input[name=choice_nl_0]').fill('Doos');
		await dialog(page).locator('button[type=submit]').click();
		await dialog(page).waitFor({ state: 'detached' });
		await page.locator('.order li', { hasText: 'Packing' }).getByText('Choice: Box').waitFor();
		equal((await ask(page, 'GET', '/api/crm/fields?workspace=vracht')).data.map(({ key, kind, choices }) => ({ key, kind, choices })),
			[{ key: 'packing', kind: 'choice', choices: [{ key: 'box', label: { en: 'Box', nl: 'Doos' } }] }], 'as the API has it:');

		/* a workspace with empty catalogues takes over what its preset would have put there */
		await page.goto(`${base}/settings/audit?workspace=vracht`);
		await page.getByRole('row', { name: /Field added.*Packing/ }).first().waitFor();
		await page.getByRole('row', { name: /Catalogue value changed.*Radio/ }).first().waitFor();
		noFaults(page);
	});

	await story('S2-7 the account value: shipments times the locale\'s cost, computed live, read only in the form and at the API', async () => {
		const page = await enter(fay, '/settings/catalogues?workspace=vracht&what=locale');
		const deal = await ask(page, 'POST', '/api/crm/deals?workspace=vracht', { title: 'Cargo Uno', monthly_shipments: 1200, locale: 'mx' });
		await page.goto(`${base}/crm?type=prospect&id=${deal.number}&workspace=vracht`);
		const panel = page.getByRole('dialog', { name: 'Cargo Uno' });
		const details = panel.getByRole('complementary', { name: 'Details' });
		await details.getByText('$4,200.00').waitFor();
		await details.getByText('Mexico').waitFor();
		await details.getByRole('button', { name: 'Edit details' }).click();
		await becomes(() => details.locator('output[data-field=account_value]').textContent(), '$4,200.00', 'shown in the form:');
		await becomes(() => details.locator('[name=account_value]').count(), 0, 'inputs for it:');
		await details.locator('[name=monthly_shipments]').fill('many');
		await details.getByRole('button', { name: 'Save' }).click();
		await details.getByText('A whole number.').waitFor();
		await details.locator('[name=monthly_shipments]').fill('1500');
		await details.getByRole('button', { name: 'Save' }).click();
		await details.getByText('$5,250.00').waitFor();
		const refused = await api(page, 'PUT', `/api/crm/deals/${deal.id}`, { account_value: { amount: '1.00', currency: 'USD' } });
		equal([refused.status(), (await refused.json()).errors[0].pointer], [422, '/account_value'], 'the API:');

		/* another cost, set by somebody else on the settings page, is in the open panel at once */
		const other = await enter(ward, '/settings/catalogues?workspace=vracht&what=locale');
		await other.getByRole('button', { name: 'Mexico', exact: true }).click();
		await dialog(other).locator('input[name=cost]').fill('4,00');
		await dialog(other).locator('button[type=submit]').click();
		await details.getByText('$6,000.00').waitFor();
		noFaults(page);
		noFaults(other);
	});

	await story('two people edit one deal: it says who changed what, takes theirs or yours, and the history tells all of it, also as it was', async () => {
		const page = await enter(fay, board('vracht'));
		const other = await enter(ward, board('vracht'));
		const deal = await ask(page, 'POST', '/api/crm/deals?workspace=vracht', { title: 'Cargo Dos', value: { amount: '1500.00', currency: 'USD' } });
		await page.goto(`${base}${board('vracht')}&type=prospect&id=${deal.number}`);
		const panel = page.getByRole('dialog', { name: 'Cargo Dos' });
		const details = panel.getByRole('complementary', { name: 'Details' });
		await details.getByRole('button', { name: 'Edit details' }).click();
		await details.locator('[name=title]').fill('Cargo Dos SA');
		await details.locator('[name=probability]').fill('70');
		const first = await ask(other, 'PUT', `/api/crm/deals/${deal.id}`, { probability: 40, annotations: 'Belt liever na tienen' });
		await details.getByRole('button', { name: 'Save' }).click();
		const clash = details.getByRole('alert', { name: 'Somebody changed this while you were at it' });
		await clash.getByText(/Ward Werk at .*: Annotations/).getByText('Belt liever na tienen').waitFor();
		await clash.getByRole('group', { name: 'Probability' }).getByRole('button', { name: 'Yours: 70' }).and(page.locator('[aria-pressed=true]')).waitFor();
		await clash.getByRole('button', { name: 'Theirs: 40%' }).click();
		await becomes(() => details.locator('[name=probability]').inputValue(), '40', 'theirs is in the form:');
		await details.getByRole('button', { name: 'Save' }).click();
		await clash.waitFor({ state: 'detached' });
		const now = await ask(page, 'GET', `/api/crm/deals/${deal.id}`);
		equal([now.title, now.probability_own, now.annotations], ['Cargo Dos SA', 40, 'Belt liever na tienen'], 'what came of it:');

		await ask(other, 'POST', `/api/crm/deals/${deal.id}/stage`, { stage: 'interested', note: 'Wil een offerte' });
		await page.getByRole('tab', { name: 'History' }).click();
		const history = page.getByRole('list', { name: 'History' });
		const line = (name) => history.getByRole('listitem').filter({ hasText: name });
		await line('Wil een offerte').getByText('Interested').waitFor();
		await line('Cargo Dos SA').getByText('Fay Fase').waitFor();
		await line('Belt liever').getByText('Ward Werk').waitFor();
		const lines = (await ask(page, 'GET', `/api/crm/deals/${deal.id}/history`)).data;
		equal(lines.length, 3, 'lines:');
		const at = new Date(Date.parse(lines.find((one) => one.version === first.version).at) + 1);
		const local = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam', dateStyle: 'short', timeStyle: 'medium' }).format(at).replace(' ', 'T');
		const past = page.getByRole('region', { name: 'As it was on' });
		await past.locator('input').fill(`${local}.${String(at.getMilliseconds()).padStart(3, '0')}`);
		await past.locator('[data-field=title]').getByText('now Cargo Dos SA').waitFor();
		await past.locator('[data-field=stage]').getByText('now Interested').waitFor();
		await past.locator('[data-field=probability]').getByText('40%').waitFor();
		await past.locator('input').fill('2020-01-01T00:00');
		await past.getByText('It was not there yet').waitFor();
		noFaults(page);
	});

	await story('the board as it was: what stood where and what it was worth, by an address that can be sent; a removed stage by its short name', async () => {
		const page = await enter(fay, board('fase-werk'));
		const [een, twee] = [await ask(page, 'POST', '/api/crm/deals?workspace=fase-werk', { title: 'Werk Een', value: { amount: '1200.00', currency: 'EUR' } }), await ask(page, 'POST', '/api/crm/deals?workspace=fase-werk', { title: 'Werk Twee' })];
		const stage = await ask(page, 'POST', '/api/crm/stages?workspace=fase-werk', { pipeline: (await ask(page, 'GET', '/api/crm/pipelines?workspace=fase-werk')).data[0].id, label: { en: 'Brief', nl: 'Kort' } });
		await ask(page, 'POST', `/api/crm/deals/${twee.id}/stage`, { stage: 'brief' });
		const then = new Date(Date.now() + 1).toISOString();
		await until('that moment is over', async () => new Date().toISOString() > then);
		await ask(page, 'DELETE', `/api/crm/stages/${stage.id}?move_to=proposal`);
		await ask(page, 'PUT', `/api/crm/deals/${een.id}`, { title: 'Werk Een nu', value: { amount: '5.00', currency: 'EUR' } });
		await page.getByRole('link', { name: 'The board as it was' }).click();
		await page.getByRole('heading', { name: 'Which moment?' }).waitFor();
		await page.getByRole('button', { name: '30 days ago' }).click();
		await page.getByText('0 deals').waitFor();
		/* the field is on the clock of whoever looks, as the words are, and not on the browser's */
		await ask(page, 'PUT', '/api/me', { timezone: 'America/Mexico_City' });
		await page.goto(`${base}/deals/past?workspace=fase-werk&at=2026-01-15T18:00:00.000Z`);
		const field = page.getByLabel('As it was on');
		await becomes(() => field.inputValue(), '2026-01-15T12:00', 'the field:');
		await page.getByText(/15 Jan 2026.* 12:00/).waitFor();
		await field.fill('2026-01-15T13:30');
		await page.waitForURL((url) => url.searchParams.get('at') === '2026-01-15T19:30:00.000Z');
		await ask(page, 'PUT', '/api/me', { timezone: null });
		await page.goto(`${base}/deals/past?workspace=fase-werk&at=${then}`);
		await column(page, 'lead').getByRole('link', { name: 'Werk Een' }).getByText('€1,200.00').waitFor();
		await column(page, 'brief').getByText('This stage is there no longer.').waitFor();
		await column(page, 'brief').getByText('Werk Twee').waitFor();
		await becomes(() => page.getByText('Werk Een nu').count(), 0, 'what came later:');
		await column(page, 'lead').getByRole('link', { name: 'Werk Een' }).click();
		await page.getByRole('dialog', { name: 'Werk Een nu' }).waitFor();
		noFaults(page);
	});

	await story('S2-11 a link to a prospect or a client opens its panel, also after the log-in in between', async () => {
		const known = await enter(fay, board('vracht'));
		const deal = await ask(known, 'POST', '/api/crm/deals?workspace=vracht', { title: 'Cargo Tres' });
		const { id } = await ask(known, 'POST', '/api/crm/accounts?workspace=vracht', { name: 'Lazo SA', lifecycle: 'client' });
		const client = await ask(known, 'GET', `/api/crm/accounts/${id}`);
		for (const [path, name] of [[`/crm?workspace=vracht&type=prospect&id=${deal.number}`, 'Cargo Tres'], [`/crm?workspace=vracht&type=client&id=${client.number}`, 'Lazo SA']]) {
			const page = await enter(null, path);
			await page.locator('input[type=password]').waitFor();
			await page.locator('input[type=email], input[name=email]').fill(fay.email);
			await page.locator('input[type=password]').fill(fay.password);
			await page.keyboard.press('Enter');
			await page.getByRole('dialog', { name }).waitFor();
			await page.context().close();
		}
	});

	await story('S2-10, J07: who is an SDR sees theirs alone and no pencil; who may hand over is offered SDR and MDR; a client keeps its owner', async () => {
		const luis = person('luis@vracht.example', 'Luis Prospect', '--workspace', 'salesmen', '--role', 'sdr');
		person('mia@vracht.example', 'Mia Markt', '--workspace', 'salesmen', '--role', 'mdr');
		person('klaas@vracht.example', 'Klaas Klant', '--workspace', 'salesmen', '--role', 'client');
		const max = person('max@vracht.example', 'Max Manager', '--workspace', 'salesmen', '--role', 'manager');
		const page = await enter(max, board('salesmen'));
		const { data: members } = await ask(page, 'GET', '/api/crm/members?workspace=salesmen');
		const idOf = (name) => members.find((one) => one.name === name).id;
		const made = [];
		for (let at = 1; at <= 10; at++)
			made.push(await ask(page, 'POST', '/api/crm/deals?workspace=salesmen', { title: `Prospecto ${at}`, company: `Casa ${at}`, owner_id: idOf(at <= 4 ? 'Luis Prospect' : 'Mia Markt') }));
		const his = await enter(luis, board('salesmen'));
		await until('four cards', async () => await his.locator('.card').count() === 4);
		await his.goto(`${base}/deals/table?workspace=salesmen`);
		await until('four rows', async () => await his.locator('tbody tr[data-row]').count() === 4);
		await his.goto(`${base}/deals/board?workspace=salesmen&type=prospect&id=${made[0].number}`);
		await his.getByRole('dialog', { name: 'Prospecto 1' }).getByText('Luis Prospect').first().waitFor();
		await becomes(() => his.getByRole('button', { name: /Choose a salesman/ }).count(), 0, 'no pencil for an SDR:');
		equal((await api(his, 'PUT', `/api/crm/deals/${made[0].id}`, { owner_id: idOf('Mia Markt') })).status(), 403, 'a forged call:');
		await his.goto(`${base}/deals/board?workspace=salesmen&type=prospect&id=${made[9].number}`);
		await his.getByText(/not found|no longer|does not exist/i).first().waitFor();
		await page.goto(`${base}/deals/board?workspace=salesmen&type=prospect&id=${made[0].number}`);
		await page.getByRole('button', { name: /Choose a salesman/ }).click();
		await becomes(() => page.getByRole('menu').locator('[role^=menuitem]').allTextContents().then((all) => all.map((one) => one.trim()).filter((one) => /Luis|Mia|Max|Klaas/.test(one)).length), 2, 'SDR and MDR are offered:');
		await page.getByRole('menu').getByText('Mia Markt').click();
		await until('he has three', async () => (await ask(his, 'GET', '/api/crm/deals?workspace=salesmen')).data.length === 3);
		await ask(page, 'POST', `/api/crm/deals/${made[1].id}/stage`, { stage: 'won', note: 'Firmado' });
		await until('it has an account', async () => (await ask(page, 'GET', `/api/crm/deals/${made[1].id}`)).account_id);
		await page.goto(`${base}/deals/board?workspace=salesmen&type=prospect&id=${made[1].number}`);
		await page.getByRole('dialog', { name: 'Prospecto 2' }).getByText('Luis Prospect').first().waitFor();
		await until('no pencil on a client', async () => await page.getByRole('button', { name: /Choose a salesman/ }).count() === 0);
		equal((await api(page, 'PUT', `/api/crm/deals/${made[1].id}`, { owner_id: idOf('Mia Markt') })).status(), 409, 'a client\'s owner:');
		noFaults(page);
	});

	await story('on paper: the board and a list alone, dark on white, every card that is loaded', async () => {
		for (let at = 1; at <= 14; at++)
			await post(hook11, { name: `Papier ${String.fromCharCode(64 + at)} Bos`, email: `papier${at}@bos.example`, form_type: 'Website' });
		const page = await enter(fay, board('vracht'), { dark: true });
		await until('all are on the board', async () => Number(await column(page, 'new').locator('.column-count').textContent()) >= 14);
		const loaded = await column(page, 'new').locator('.column-count').textContent();
		await page.emulateMedia({ media: 'print' });
		await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
		await becomes(() => column(page, 'new').locator('.card').count(), Number(loaded), 'cards of the first column:');
		await becomes(() => page.locator('.sidebar').isVisible(), false, 'the menu:');
		await until('the ink is dark', () => page.evaluate(() => getComputedStyle(document.querySelector('.card-title')).color === 'rgb(22, 25, 31)'));
		const boxes = await column(page, 'new').locator('.card').evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })));
		check(boxes.every((box, at) => at === 0 || box.top >= boxes[at - 1].bottom), 'no card lies on another');
		await page.screenshot({ path: `${screenshots}board-print.png`, fullPage: true });
		const pdf = await page.pdf({ preferCSSPageSize: true });
		check(pdf.length > 5000 && pdf.subarray(0, 4).toString() === '%PDF', 'it prints');
		await page.emulateMedia({ media: 'screen' });
		await page.evaluate(() => dispatchEvent(new Event('afterprint')));
		await until('and the screen draws only what is near again', async () => await column(page, 'new').locator('.card').count() < Number(loaded));
		await page.goto(`${base}/leads?workspace=vracht`);
		await page.getByRole('row', { name: /Papier A Bos/ }).waitFor();
		await page.emulateMedia({ media: 'print' });
		check(await page.evaluate(() => document.querySelector('.table-box').scrollHeight <= document.querySelector('.table-box').clientHeight + 1), 'the list is not cut');
		noFaults(page);
	});
}

/* ---- places ---- */

/* fields of several kinds, one of them retired; a value that is no longer offered */
let seeds;
const seeded = (page) => seeds ??= (async () => {
	const W = '?workspace=vesting-cargo';
	await ask(page, 'POST', `/api/crm/fields${W}`, { kind: 'text', label: { en: 'Warehouse', nl: 'Magazijn' }, needed: true });
	await ask(page, 'POST', `/api/crm/fields${W}`, { kind: 'choice', label: { en: 'Packing', nl: 'Verpakking' }, choices: [{ key: 'box', label: { en: 'Box', nl: 'Doos' } }, { key: 'bag', label: { en: 'Bag', nl: 'Zak' } }] });
	await ask(page, 'POST', `/api/crm/fields${W}`, { kind: 'money', label: { en: 'Deposit', nl: 'Borg' } });
	const old = await ask(page, 'POST', `/api/crm/fields${W}`, { kind: 'url', label: { en: 'Old shop', nl: 'Oude winkel' } });
	await ask(page, 'PUT', `/api/crm/fields/${old.id}`, { retired: true });
	const items = (await ask(page, 'GET', `/api/crm/catalogues${W}&catalogue=locale`)).data;
	await ask(page, 'PUT', `/api/crm/catalogues/${items.find((one) => one.key === 'es').id}`, { retired: true });
})();

const go = async (page, path) => {
	await page.goto(base + path);
	await page.locator('h1').first().waitFor();
	await page.locator('.skeleton').first().waitFor({ state: 'detached' });
};
const at = (name, slug = 'vesting-cargo') => `/settings/${name}?workspace=${slug}`;
const stageMenu = async (page, entry) => {
	await go(page, at('stages'));
	await page.locator('.order li').nth(1).getByRole('button').last().click();
	await page.getByRole('menu').waitFor();
	if (entry === undefined)
		return;
	await page.getByRole('menuitem').nth(entry).click();
	await dialog(page).waitFor();
};

/* a deal with most fields filled and a line of history, its panel open */
let dealt;
async function detailed(page, tab = 'details') {
	await seeded(page);
	dealt ??= (async () => {
		const deal = await ask(page, 'POST', '/api/crm/deals?workspace=vesting-cargo', {
			title: 'Muebles del Norte', value: { amount: '18400.00', currency: 'USD' }, monthly_shipments: 1200, locale: 'mx', account_type: 'sme', channel: 'inbound', weight_range: 'from_1_to_5kg',
			close_date: '2027-02-01', annotations: 'Belt na tienen', custom: { warehouse: 'Magazijn 4', packing: 'box', deposit: { amount: '250.00', currency: 'USD' } },
		});
		await ask(page, 'PUT', `/api/crm/deals/${deal.id}`, { monthly_shipments: 1500, probability: 45 });
		return deal;
	})();
	const { number } = await dealt;
	await go(page, `${board('vesting-cargo')}&type=prospect&id=${number}&tab=${tab}`);
	await page.locator(tab === 'history' ? '.past' : '.fold').first().waitFor();
}

/* people and places by their names */
export const data = ['Muebles del Norte', 'Inbound'];

export const places = {
	stages: (page) => go(page, at('stages')),
	'stages of all': (page) => go(page, '/settings/stages'),
	'menu of a stage': (page) => stageMenu(page),
	'stage change': (page) => stageMenu(page, 0),
	'stage remove': (page) => stageMenu(page, 1),
	'pipeline add': async (page) => {
		await go(page, at('stages'));
		await page.locator('.page-actions button').first().click();
		await dialog(page).waitFor();
	},
	catalogues: async (page) => {
		await seeded(page);
		await go(page, `${at('catalogues')}&what=locale`);
	},
	'catalogue empty': (page) => go(page, `${at('catalogues')}&what=campaign`),
	'catalogue taken over': (page) => go(page, `${at('catalogues', 'bakkerij-jansen')}&what=channel`),
	'catalogue value': async (page) => {
		await go(page, `${at('catalogues')}&what=locale`);
		await page.locator('.order-open').first().click();
		await dialog(page).waitFor();
	},
	fields: async (page) => {
		await seeded(page);
		await go(page, at('fields'));
	},
	'fields none': (page) => go(page, at('fields', 'leeg')),
	'field change': async (page) => {
		await seeded(page);
		await go(page, at('fields'));
		await page.locator('.order-open').nth(1).click();
		await dialog(page).waitFor();
	},
	'deal details': (page) => detailed(page),
	'deal details edit': async (page) => {
		await detailed(page);
		await page.locator('.side-head button').last().click();
		await page.locator('[name=title]').waitFor();
	},
	'deal history': async (page) => {
		await detailed(page, 'history');
		await page.locator('.past input').fill('2026-01-01T00:00');
		await page.locator('.past [role=status]').waitFor();
	},
	past: async (page) => {
		await detailed(page);
		await go(page, '/deals/past?workspace=vesting-cargo&at=2099-01-01T00:00:00.000Z');
		await page.locator('.past-card').first().waitFor();
	},
	'past none': (page) => go(page, '/deals/past?workspace=vesting-cargo'),
};
