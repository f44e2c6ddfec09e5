/* Pipelines, stages, catalogues and fields: set up in the settings, seen at once on a board that somebody else has open. */
import { api, base, board, card, check, column, crmctl, enter, equal, inColumn, person, post, story, until } from './house.mjs';
import { dealOf, noFaults } from './given.mjs';

crmctl('workspace', 'add', 'fase-werk', '--preset', 'classic-6', '--name', 'Fase Werk');
crmctl('workspace', 'add', 'vracht', '--preset', 'follow-up', '--name', 'Vracht en Zoon', '--timezone', 'Europe/Amsterdam');
const fay = person('fay@fase.example', 'Fay Fase', '--workspace', 'fase-werk,vracht', '--role', 'owner');
const ward = person('ward@fase.example', 'Ward Werk', '--workspace', 'fase-werk,vracht', '--role', 'owner');
const intake = crmctl('source', 'add', '--workspace', 'fase-werk', '--kind', 'web_form').url;

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
		equal(await page.evaluate(() => document.activeElement.textContent), 'DEMO', 'the focus:');
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
		const pipelines = page.getByRole('group', { name: 'Pipelines' });
		await pipelines.getByRole('button', { name: 'Service' }).click();
		await until('only its three columns', async () => (await columns(page)).join() === 'new,won,lost');
		await page.waitForURL(/pipeline=service/);
		await pipelines.getByRole('button', { name: 'All pipelines' }).click();
		await column(page, 'proposal').waitFor();
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
		equal(await rows(page), ['Radio', 'Spring fair'], 'and here:');
		await menuOf(page, 'Radio', 'Retire');
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
};
