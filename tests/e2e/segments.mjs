/* Segments: conditions written in the browser, how many fit while one writes, a list of them that follows by itself. */
import { base, becomes, crmctl, enter, person, story } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=segment-werk';
crmctl('workspace', 'add', 'segment-werk', '--preset', 'commerce', '--name', 'Segment Werk');
const sien = person('sien@segment.example', 'Sien Segment', '--workspace', 'segment-werk', '--role', 'owner');
const S = `/segments${W}`;

const dialog = (page) => page.getByRole('dialog');
const row = (page, name) => page.locator('[data-segment]', { hasText: name });
async function pick(page, label, choice) {
	await dialog(page).getByRole('combobox', { name: label, exact: true }).click();
	await page.getByRole('option', { name: choice, exact: true }).click();
}

export async function tell() {
	await story('S4-5: a segment of a tag and a value: how many fit stands there while it is written, its list follows who fits by itself', async () => {
		const page = await enter(sien, S);
		await page.getByText('No segments yet').waitFor();
		const tag = (await ask(page, 'POST', `/api/crm/tags${W}`, { label: 'vip', colour: 'teal' })).id;
		const made = async (name) => (await ask(page, 'POST', `/api/crm/leads${W}`, { name, email: `${name.toLowerCase()}@segment.example` })).id;
		const [anouk, boris] = [await made('Anouk'), await made('Boris')];
		await ask(page, 'PUT', `/api/crm/leads/${anouk}/tags`, { tags: [tag] });

		await page.getByRole('button', { name: 'New segment' }).first().click();
		await dialog(page).locator('input[name=name]').fill('Warme vips');
		await pick(page, 'Of', 'Leads');
		await dialog(page).getByText('Complete the conditions').waitFor();
		await pick(page, 'Value of condition 1', 'vip');
		await dialog(page).getByText('1 record fits').waitFor();
		await dialog(page).getByText('Anouk').waitFor();
		await dialog(page).getByRole('button', { name: 'Add a condition' }).click();
		await pick(page, 'Field of condition 2', 'Outcome');
		await pick(page, 'Value of condition 2', 'Won');
		await dialog(page).getByText('0 records fit').waitFor();
		await dialog(page).getByRole('button', { name: 'Remove condition 2' }).click();
		await dialog(page).getByText('1 record fits').waitFor();
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await dialog(page).waitFor({ state: 'detached' });
		await row(page, 'Warme vips').getByText('1 record fits').waitFor();

		await page.locator('.live-open').waitFor();
		await row(page, 'Warme vips').getByRole('button', { name: 'Warme vips', exact: true }).click();
		await page.waitForURL(/\/leads\?.*segment=/);
		await page.locator('[data-lead]', { hasText: 'Anouk' }).waitFor();
		await becomes(() => page.locator('[data-lead]').count(), 1, 'leads in the segment:');
		await ask(page, 'PUT', `/api/crm/leads/${boris}/tags`, { tags: [tag] });
		await page.locator('[data-lead]', { hasText: 'Boris' }).waitFor();
		await page.getByRole('button', { name: 'Warme vips' }).click();
		await page.getByRole('menuitem', { name: 'Any segment' }).or(page.getByRole('menuitemradio', { name: 'Any segment' })).or(page.getByRole('menuitemcheckbox', { name: 'Any segment' })).click();
		await page.waitForURL((url) => !url.search.includes('segment='));
		noFaults(page);
		await page.context().close();
	});
}

/* ---- places ---- */

const P = '?workspace=polder-it';
let seeds;
const seeded = (page) => seeds ??= (async () => {
	const segment = (name, of, ...all) => ask(page, 'POST', `/api/crm/segments${P}`, { name, of, conditions: { all } });
	await segment('Groot en open', 'deal', { field: 'outcome', op: 'is', value: 'open' }, { field: 'value', op: 'more', value: '5000' });
	await segment('Al lang stil', 'lead', { field: 'last_activity', op: 'not_within', value: 30 }, { field: 'owner', op: 'is_not', value: 'none' });
	await segment('Met een adres', 'contact', { field: 'email', op: 'filled' });
})();
const go = async (page) => {
	await seeded(page);
	await page.goto(`${base}/segments${P}`);
	await row(page, 'Groot en open').waitFor();
	await page.locator('.skeleton').first().waitFor({ state: 'detached' });
};

export const places = {
	segments: go,
	'segment edited': async (page) => {
		await go(page);
		await row(page, 'Groot en open').getByRole('button').last().click();
		await page.locator('[role^=menuitem]').first().click();
		await dialog(page).locator('.seg-size .num').waitFor();
	},
};

/* names in what was planted: words of no language */
export const data = ['Segment Werk', 'Sien Segment', 'Warme vips', 'Groot en open', 'Al lang stil', 'Met een adres', 'Serverpark', 'Boston Labs'];
