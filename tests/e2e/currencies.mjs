/* Currencies: rates set in the settings are on an open board at once; totals stay per currency, with one line marked ≈ that the server would say just so. */
import { api, base, becomes, board, card, column, crmctl, enter, equal, holdNote, person, story, until } from './house.mjs';
import { daan, noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=koers-werk';
crmctl('workspace', 'add', 'koers-werk', '--preset', 'commerce', '--name', 'Koers Werk', '--timezone', 'Europe/Amsterdam');
const kaat = person('kaat@koers.example', 'Kaat Koers', '--workspace', 'koers-werk', '--role', 'owner');
const wes = person('wes@koers.example', 'Wes Wissel', '--workspace', 'koers-werk', '--role', 'sales');

const S = `/settings/currencies${W}`;
const dialog = (page) => page.getByRole('dialog');
const deal = (page, title, amount, currency, where = W) => ask(page, 'POST', `/api/crm/deals${where}`, { title, value: { amount, currency } });
const line = (page, key) => column(page, key).locator('.column-about');
const shows = (page, key, text) => until(`the column says ${text}`, async () => (await line(page, key).textContent()).startsWith(text));

/* the rate's form, filled and sent by keys alone */
async function typed(page, rate) {
	await dialog(page).locator('input[name=rate]').fill(rate);
	await page.keyboard.press('Enter');
}

export async function tell() {
	await story('a rate entered in the settings is in the open board of somebody else at once: what had none is named before, corrected and taken back after', async () => {
		const page = await enter(kaat, '/');
		await deal(page, 'Amsterdam', '1000.00', 'EUR');
		const watcher = await enter(wes, board('koers-werk'));
		await card(watcher, 'Amsterdam').waitFor();
		await watcher.locator('.live-open').waitFor();
		await becomes(() => watcher.locator('.about').count(), 0, 'lines marked ≈ where all is in one currency:');
		await deal(page, 'New York', '500.00', 'USD');
		await shows(watcher, 'new', '≈ €1,000.00 without USD');
		await column(watcher, 'new').locator('.column-sums').getByText('$500.00').waitFor();
		await becomes(() => line(watcher, 'qualified').count(), 1, 'every column keeps its line:');

		await page.goto(base + S);
		await page.locator('[data-unrated=USD]').getByRole('button').click();
		await dialog(page).locator('input[name=rate]').waitFor();
		await typed(page, '0');
		await dialog(page).getByText('A number above 0').waitFor();
		await typed(page, '0,92');
		await dialog(page).waitFor({ state: 'detached' });
		await page.getByText('1 USD = 0.92 EUR').waitFor();
		await page.getByText('Now', { exact: true }).waitFor();
		await becomes(() => page.locator('[data-unrated]').count(), 0, 'currencies without a rate:');
		await shows(watcher, 'new', '≈ €1,460.00');
		const told = (await ask(watcher, 'GET', `/api/crm/pipeline${W}`)).data[0].stages[0].about;
		equal([told.amount, told.currency, told.missing], ['1460.00', 'EUR', []], 'as the server says it:');
		await watcher.locator('.page-sub .about').getByText('≈ €1,460.00').waitFor();

		const row = page.locator('[data-rate^="USD "]');
		await row.getByRole('button', { name: /^Correct/ }).click();
		await typed(page, '0.5');
		await shows(watcher, 'new', '≈ €1,250.00');
		await row.getByRole('button', { name: /^Remove/ }).click();
		await holdNote(page, 'Undo');
		await shows(watcher, 'new', '≈ €1,000.00 without USD');
		await page.keyboard.press('z');
		await shows(watcher, 'new', '≈ €1,250.00');

		/* a card that moves takes its part along, before anybody counts anew */
		const put = (await ask(page, 'GET', `/api/crm/deals${W}`)).data.find((one) => one.title === 'New York');
		await ask(page, 'POST', `/api/crm/deals/${put.id}/stage`, { stage: 'qualified' });
		await shows(watcher, 'qualified', '≈ €250.00');
		await until('the other one is all in euros', async () => (await line(watcher, 'new').textContent()) === '');
		noFaults(page);
		noFaults(watcher);
	});

	await story('another base: totals are told in it, rates of the old one wait aside, Undo takes it back; a sales person sees no settings, and the API says so', async () => {
		const page = await enter(kaat, S);
		const figures = await enter(kaat, `/dashboard${W}`);
		const tile = figures.locator('[data-tile=pipeline_value]');
		await tile.getByText(/≈/).waitFor();
		await figures.locator('.live-open').waitFor();
		await page.getByText('The workspace\'s own currency').waitFor();
		await page.getByRole('combobox', { name: 'Base currency' }).click();
		await page.getByRole('combobox', { name: 'Base currency' }).fill('(USD)');
		await page.getByRole('option', { name: /USD/ }).click();
		await page.getByText('No rate yet').waitFor();
		await tile.getByText(/without EUR|no rate for EUR/).waitFor();
		await page.getByRole('button', { name: /^Undo/ }).click();
		await page.getByText('1 USD = 0.5 EUR').waitFor();
		await tile.getByText('≈ €', { exact: false }).waitFor();
		await page.goto(`${base}/settings/audit${W}`);
		await page.getByRole('row', { name: /Base currency chosen.*USD/ }).first().waitFor();
		await page.getByRole('row', { name: /Rate entered.*0\.92.*USD/ }).first().waitFor();
		await page.getByRole('row', { name: /Rate corrected.*USD.*0\.92.*0\.5/ }).first().waitFor();

		await page.getByRole('row', { name: /Rate removed.*USD.*0\.5/ }).first().waitFor();

		const seller = await enter(wes, S);
		await seller.getByRole('heading', { name: 'There is nothing here for your role' }).waitFor();
		equal((await api(seller, 'POST', `/api/crm/rates${W}`, { currency: 'USD', day: '2026-01-01', rate: '9' })).status(), 403, 'the API:');
		const stranger = await enter(daan, '/');
		equal((await api(stranger, 'GET', `/api/crm/currencies${W}`)).status(), 404, 'for somebody of another workspace:');
		noFaults(page);
		noFaults(figures);
	});
}

/* ---- places ---- */

const P = '?workspace=polder-it';
let seeds;
const seeded = (page) => seeds ??= (async () => {
	for (const [title, amount, currency, stage] of [['Serverpark', '12500.00', 'EUR', 'proposal'], ['Boston Labs', '8400.00', 'USD', 'proposal'], ['Leeds Data', '3100.00', 'GBP', 'lead']])
		await ask(page, 'POST', `/api/crm/deals${P}`, { title, value: { amount, currency }, stage, close_date: '2026-12-18' });
	for (const [day, rate] of [['2026-01-01', '0.951'], ['2026-06-01', '0.9342'], ['2026-09-15', '0.928'], ['2026-10-01', '0.9215'], ['2026-11-01', '0.9187'], ['2099-01-01', '0.9']])
		await ask(page, 'POST', `/api/crm/rates${P}`, { currency: 'USD', day, rate });
})();

const go = async (page, path) => {
	await seeded(page);
	await page.goto(base + path);
	await page.locator('h1').first().waitFor();
	await page.locator('.skeleton').first().waitFor({ state: 'detached' });
};

export const places = {
	currencies: async (page) => {
		await go(page, `/settings/currencies${P}`);
		await page.locator('[data-unrated]').first().waitFor();
	},
	'currencies none': (page) => go(page, '/settings/currencies?workspace=leeg'),
	'currency rate': async (page) => {
		await go(page, `/settings/currencies${P}`);
		await page.locator('.page-actions button').first().click();
		await dialog(page).waitFor();
	},
	'currency rate again': async (page) => {
		await go(page, `/settings/currencies${P}`);
		await page.locator('[data-rate]').first().getByRole('button').first().click();
		await dialog(page).waitFor();
	},
	'board in currencies': async (page) => {
		await go(page, `/deals/board${P}`);
		await page.locator('.column-about .about').first().waitFor();
	},
	'dashboard in currencies': async (page) => {
		await go(page, `/dashboard${P}`);
		await page.locator('[data-tile=pipeline_value] .about').waitFor();
		await page.locator('.dash .table').first().waitFor();
	},
};

/* names in what was planted: words of no language */
export const data = ['Kaat Koers', 'Wes Wissel', 'Koers Werk', 'Serverpark', 'Boston Labs', 'Leeds Data'];
