/* The dashboard: figures that are right at once, tiles that lead to their lists, two browsers that agree. */
import { api, base, check, enter, equal, story, until } from './house.mjs';
import { daan, dealOf, lead, noFaults, sanne } from './given.mjs';

const D = '/dashboard?workspace=garage-smit';
const tile = (page, name) => page.locator(`[data-tile="${name}"]`);
const figure = async (page, name) => Number((await tile(page, name).locator('b').innerText()).replace(/[^0-9]/g, ''));
const there = async (page) => {
	await tile(page, 'won_this_month').locator('b').waitFor();
	await page.locator('.dash .table').first().waitFor();
};

export async function tell() {
	await story('S3-3: a deal that is won changes the figures of two browsers within a second, without a reload', async () => {
		const one = await enter(sanne, D);
		const two = await enter(daan, D);
		await there(one);
		await there(two);
		const made = await lead(null, {}, 'garage-smit');
		const deal = await dealOf(one, made.title, 'garage-smit');
		const put = await api(one, 'PUT', `/api/crm/deals/${deal.id}`, { value: { amount: '1234.00', currency: 'EUR' } });
		check(put.ok(), await put.text());
		const before = await figure(one, 'won_this_month');
		const board = (await (await api(one, 'GET', '/api/crm/stats/funnel?workspace=garage-smit')).json()).data[0];
		const won = board.stages.find((stage) => stage.kind === 'won');
		const moved = await api(one, 'POST', `/api/crm/deals/${deal.id}/stage`, { stage: won.key });
		check(moved.ok(), await moved.text());
		/* € 1.234,00 more, in cents */
		await until('the first browser shows it', async () => (await figure(one, 'won_this_month')) === before + 123400);
		await until('the second one too', async () => (await figure(two, 'won_this_month')) === before + 123400);
		noFaults(one);
		noFaults(two);
	});

	await story('the dashboard without a mouse: G D opens it, a tile leads to its list, the period stands in the address', async () => {
		const page = await enter(sanne, '/deals/board?workspace=garage-smit');
		await page.locator('[data-column]').first().waitFor();
		await page.locator('body').press('g');
		await page.locator('body').press('d');
		await there(page);
		await page.getByRole('button', { name: 'This month', exact: true }).press('Enter');
		await page.waitForURL(/period=month/);
		await tile(page, 'unanswered').focus();
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/leads\?.*unanswered=1/);
		noFaults(page);
	});

	await story('an empty workspace has 0 and nothing that is no number', async () => {
		const page = await enter(sanne, '/dashboard?workspace=leeg');
		await there(page);
		equal(await figure(page, 'won_this_month'), 0, 'won:');
		check((await tile(page, 'conversion_rate').innerText()).includes('0.0%'), 'conversion is 0.0%');
		check(!/NaN|undefined|null/.test(await page.locator('#main').innerText()), 'no figure is missing');
		noFaults(page);
	});
}

export const places = {
	dashboard: async (page) => {
		await page.goto(base + '/dashboard?workspace=bakkerij-jansen');
		await there(page);
	},
};
