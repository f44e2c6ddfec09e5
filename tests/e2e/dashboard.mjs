/* The dashboard: figures that are right at once, tiles that lead to their lists, two browsers that agree. */
import { api, base, becomes, check, enter, equal, story, until } from './house.mjs';
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
		await tile(page, 'unanswered').locator('b').waitFor();	/* it leads somewhere when it knows how many there are */
		await tile(page, 'unanswered').focus();
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/leads\?.*unanswered=1/);
		noFaults(page);
	});

	await story('every tile and every line of a chart leads to as many rows as it counts', async () => {
		const slug = 'polder-it';
		const page = await enter(sanne, `/dashboard?workspace=${slug}`);
		const names = [];
		for (let at = 0; at < 6; at++)
			names.push((await lead(null, at % 2 ? { source: 'ads' } : {}, slug)).title);
		const deals = [];
		for (const name of names)
			deals.push(await dealOf(page, name, slug));
		const [board] = (await (await api(page, 'GET', `/api/crm/stats/funnel?workspace=${slug}`)).json()).data;
		const stage = (kind, at = 0) => board.stages.filter((one) => one.kind === kind)[at].key;
		const done = async (reply) => check(reply.ok(), await reply.text());
		await done(await api(page, 'POST', `/api/crm/deals/${deals[0].id}/stage`, { stage: stage('won') }));
		await done(await api(page, 'POST', `/api/crm/deals/${deals[1].id}/stage`, { stage: stage('lost'), note: 'x' }));
		for (const at of [2, 3])
			await done(await api(page, 'POST', `/api/crm/deals/${deals[at].id}/stage`, { stage: stage('open', at - 1) }));
		await done(await api(page, 'PUT', `/api/crm/deals/${deals[2].id}`, { close_date: '2026-01-31', value: { amount: '10.00', currency: 'EUR' } }));
		await done(await api(page, 'PUT', `/api/crm/deals/${deals[3].id}`, { owner_id: sanne.id ?? (await (await api(page, 'GET', '/api/me')).json()).user.id }));
		const counted = async (href) => {
			const url = new URL(href, base);
			const params = new URLSearchParams(url.search);
			params.set('count', '1');
			if (url.pathname === '/contacts' && params.get('whose') === 'me')
				params.set('owner_id', (await (await api(page, 'GET', '/api/me')).json()).user.id);
			const reply = await api(page, 'GET', `/api/crm/${['/leads', '/contacts'].includes(url.pathname) ? url.pathname.slice(1) : 'deals'}?${params}`);
			check(reply.ok(), `${href}: ${reply.status()} ${await reply.text()}`);
			return (await reply.json()).total;
		};
		for (const more of ['', '&whose=me', '&period=month']) {
			await page.goto(`${base}/dashboard?workspace=${slug}${more}`);
			await there(page);
			await tile(page, 'no_next').waitFor();
			for (const name of ['close_passed', 'stuck', 'no_next', 'no_source', 'unanswered', 'incomplete', 'no_account'])
				await until(`${name}${more} counts its rows`, async () => { equal(await counted(await tile(page, name).getAttribute('href')), await figure(page, name)); return true; }); /* what other services tell comes a moment later */
			const { data: [sum] } = await (await api(page, 'GET', `/api/crm/stats/summary?workspace=${slug}${more.includes('me') ? `&owner=${(await (await api(page, 'GET', '/api/me')).json()).user.id}` : ''}`)).json();
			if (!more.includes('period')) {
				await becomes(async () => await counted(await tile(page, 'pipeline_value').getAttribute('href')), sum.pipeline_value.deals, `pipeline${more}:`);
				await becomes(async () => await counted(await tile(page, 'won_this_month').getAttribute('href')), sum.won_this_month.deals, `won${more}:`);
			}
			await until('all parts are there', async () => await page.locator('.dash [aria-busy]').count() === 0 && await page.locator('.dash-table a.dash-led').count() > 5);
			const lines = await page.locator('.dash-table a.dash-led').evaluateAll((all) => all.map((one) => [one.getAttribute('href'), [...one.closest('tr').querySelectorAll('td')].map((cell) => Number(cell.textContent.replace(/[^0-9]/g, ''))), one.closest('[aria-label]').getAttribute('aria-label')]));
			for (const [href, [first, second], label] of lines) {
				const both = /^Won and lost by|kind=won(%2C|,)lost/.test(`${label} ${href}`);
				const is = await counted(href);
				check(is === (both ? first + second : first), `${label}: ${href} has ${is} rows, the line says ${first}, ${second}`);
			}
		}
		await page.goto(`${base}/dashboard?workspace=${slug}`);
		await there(page);
		const said = await figure(page, 'no_next');
		await tile(page, 'no_next').click();
		await page.locator('.page-sub', { hasText: String(said) }).waitFor();
		await becomes(() => page.locator('tbody tr[data-row]').count(), said, 'rows of the list:');
		await until('the chip says why', async () => (await page.locator('[data-filter="look"]').textContent()).includes('No next'));
		await page.goto(`${base}/dashboard?workspace=${slug}`);
		await there(page);
		const bare = await figure(page, 'incomplete');
		check(bare > 0, 'some profile is incomplete');
		await tile(page, 'incomplete').click();
		await page.locator('.page-sub', { hasText: String(bare) }).waitFor();
		await becomes(() => page.locator('tbody tr[data-row]').count(), bare, 'rows of incomplete profiles:');
		await until('the chip says why', async () => (await page.locator('[data-filter="look"]').textContent()).includes('under 60'));
		await page.goto(`${base}/dashboard?workspace=${slug}`);
		await there(page);
		await tile(page, 'no_account').waitFor();
		const strangers = await figure(page, 'no_account');
		check(strangers > 0, 'somebody belongs to no account');
		await tile(page, 'no_account').click();
		await page.locator('.bar .filter-on', { hasText: ': Without a' }).waitFor();
		await until('those and no others', async () => (await page.locator('tbody .row-link').count()) === strangers);
		noFaults(page);
	});

	await story('an empty workspace has 0 and nothing that is no number', async () => {
		const page = await enter(sanne, '/dashboard?workspace=leeg');
		await there(page);
		await becomes(() => figure(page, 'won_this_month'), 0, 'won:');
		await until('conversion is 0.0%', async () => (await tile(page, 'conversion_rate').innerText()).includes('0.0%'));
		await until('no figure is missing', async () => !/NaN|undefined|null/.test(await page.locator('#main').innerText()));
		noFaults(page);
	});
}

export const places = {
	dashboard: async (page) => {
		await page.goto(base + '/dashboard?workspace=bakkerij-jansen');
		await there(page);
	},
};
