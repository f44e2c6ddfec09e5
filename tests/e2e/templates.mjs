/* Templates: written in the browser beside what they become for a real deal, an unknown placeholder named by its line, removed and put back. */
import { api, base, crmctl, enter, person, story } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=sjabloon-werk';
crmctl('workspace', 'add', 'sjabloon-werk', '--preset', 'commerce', '--name', 'Sjabloon Werk');
const saar = person('saar@sjabloon.example', 'Saar Sjabloon', '--workspace', 'sjabloon-werk', '--role', 'owner');

const dialog = (page) => page.getByRole('dialog');
const row = (page, name) => page.locator('[data-template]', { hasText: name });

export async function tell() {
	await story('A template: chips put placeholders where one writes, the preview says them for a real deal, an unknown one is named by its line', async () => {
		const page = await enter(saar, `/templates${W}`);
		await page.getByText('No templates yet').waitFor();
		await ask(page, 'POST', `/api/crm/leads${W}`, { name: 'Anouk Visser', email: 'anouk@sjabloon.example' });
		await page.getByRole('button', { name: 'New template' }).first().click();
		await dialog(page).locator('input[name=name]').fill('Welkom');
		await dialog(page).locator('input[name=subject]').fill('Hello ');
		await dialog(page).getByRole('button', { name: 'Put First name into the text' }).click();
		await dialog(page).locator('.tpl-paper').getByText('Hello Anouk').waitFor();
		await dialog(page).locator('textarea[name=text]').fill('Dear\n{{contact.nickname}}');
		await dialog(page).getByText('There is no such placeholder: contact.nickname (line 2, character 3)').waitFor();
		await dialog(page).locator('textarea[name=text]').fill('Dear {{contact.company | default:"customer"}}');
		await dialog(page).locator('.tpl-paper').getByText('Dear customer').waitFor();
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await dialog(page).waitFor({ state: 'detached' });
		await row(page, 'Welkom').getByRole('button', { name: 'Welkom', exact: true }).click();
		await dialog(page).locator('input[name=name]').fill('Welkom');
		const [kept] = (await (await api(page, 'GET', `/api/crm/mail/templates${W}`)).json()).data;
		await ask(page, 'PUT', `/api/crm/mail/templates/${kept.id}`, { name: 'Hallo' });
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await dialog(page).getByText('Save again to keep yours').waitFor();
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await dialog(page).waitFor({ state: 'detached' });
		await row(page, 'Welkom').getByRole('button', { name: 'More about Welkom' }).click();
		await page.getByRole('menuitem', { name: 'Remove template' }).click();
		await page.getByRole('button', { name: 'Remove template' }).click();
		await page.getByText('No templates yet').waitFor();
		await page.getByRole('button', { name: 'Put back' }).click();
		await row(page, 'Welkom').waitFor();
		noFaults(page);
		await page.context().close();
	});
}

/* ---- places ---- */

const P = '?workspace=polder-it';
let seeds;
const seeded = (page) => seeds ??= (async () => {
	const template = (name, subject_nl, text_nl, transactional) => ask(page, 'POST', `/api/crm/mail/templates${P}`, { name, subject_nl, text_nl, transactional });
	await template('Eerste reactie', 'Bedankt voor uw bericht, {{contact.first_name}}', 'Beste {{contact.first_name | default:"klant"}},\n\nBedankt voor uw bericht over {{deal.title}}.\n\nMet vriendelijke groet,\n{{sender.name}}', true);
	await template('Nog even over', 'Over {{deal.title}}', 'Beste {{contact.first_name}},\n\nHebt u al kunnen kijken?', false);
})();
const go = async (page) => {
	await seeded(page);
	await page.goto(`${base}/templates${P}`);
	await page.locator('[data-template]').first().waitFor();
};

export const places = {
	templates: go,
	'template edited': async (page) => {
		await go(page);
		await page.locator('[data-template] .tpl-name').first().click();
		await dialog(page).locator('.tpl-paper p').waitFor();
	},
};

/* names in what was planted, and in the demo's own words: words of no language */
export const data = ['Sjabloon Werk', 'Saar Sjabloon', 'Welkom', 'Anouk Visser', 'Eerste reactie', 'Nog even over', 'Bedankt voor uw bericht', 'Beste', 'Hebt u al kunnen kijken', 'Met vriendelijke groet'];
