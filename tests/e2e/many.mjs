/* The board with ten thousand cards, measured: how much of the page they take, and whether anything stands still while a card is dragged.
   Not among the rooms that are told by themselves: `make many`, CARDS=10000. */
import { api, board, card, check, column, crmctl, enter, inColumn, person, story, until } from './house.mjs';

const CARDS = Number(process.env.CARDS ?? 10000);
const DOM_MOST = 2000;
const TASK_MOST = 200;

/* every bite on its way before the one before it has answered: the API, not the clock, says how fast */
async function filled(page, slug, stages) {
	let made = 0;
	const one = async () => {
		while (made < CARDS) {
			const n = ++made;
			const reply = await api(page, 'POST', `/api/crm/deals?workspace=${slug}`, { title: `Kaart ${n}`, stage: stages[n % stages.length], value: { amount: `${n}.00`, currency: n % 9 ? 'EUR' : 'USD' } });
			check(reply.status() === 201, `a card is not made: ${reply.status()} ${await reply.text()}`);
		}
	};
	await Promise.all(Array.from({ length: 24 }, one));
}

const tasks = (page) => page.evaluate(() => Math.max(0, ...window.slow));
const nodes = (page) => page.evaluate(() => document.querySelectorAll('*').length);

export async function tell() {
	crmctl('workspace', 'add', 'tienduizend', '--preset', 'classic-6', '--name', 'Tienduizend');
	const tien = person('tien@duizend.example', 'Tien Duizend', '--workspace', 'tienduizend', '--role', 'owner');
	await story(`${CARDS} cards: the page holds few of them, and nothing stands still while one is dragged`, async () => {
		const page = await enter(tien, '/help');
		const began = Date.now();
		await filled(page, 'tienduizend', ['lead', 'qualified', 'proposal', 'negotiation', 'won', 'lead']);
		/* the preset locks its board */
		const [pipeline] = (await (await api(page, 'GET', '/api/crm/pipelines?workspace=tienduizend')).json()).data;
		await api(page, 'PUT', `/api/crm/pipelines/${pipeline.id}`, { move_mode: 'instant' });
		console.log(`        ${CARDS} cards made in ${Date.now() - began} ms`);
		await page.addInitScript(() => {
			window.slow = [];
			new PerformanceObserver((list) => { for (const one of list.getEntries()) window.slow.push(one.duration); }).observe({ type: 'longtask', buffered: true });
		});
		const opened = Date.now();
		await page.goto(new URL(board('tienduizend'), page.url()).href);
		await card(page, 'Kaart').first().waitFor();
		console.log(`        first card after ${Date.now() - opened} ms, ${await nodes(page)} elements, longest task ${Math.round(await tasks(page))} ms`);
		check(await nodes(page) <= DOM_MOST, `the page has ${await nodes(page)} elements`);

		/* down the longest column, page after page of cards */
		await page.evaluate(() => { window.slow = []; });
		const list = column(page, 'lead').locator('.column-cards');
		const many = Math.floor(CARDS / 6 * 2);
		for (let loaded = 0; loaded < Math.min(many, 1500);) {
			loaded = await until('more cards come', async () => {
				await list.evaluate((box) => { box.scrollTop = box.scrollHeight; });
				const now = Number(await column(page, 'lead').locator('.card').first().getAttribute('aria-setsize'));
				return now > loaded || now >= many ? now : 0;
			});
			if (loaded >= many)
				break;
		}
		const deep = await column(page, 'lead').locator('.card').first().getAttribute('aria-setsize');
		console.log(`        ${deep} cards of a column loaded by scrolling: ${await nodes(page)} elements, longest task ${Math.round(await tasks(page))} ms`);
		check(await nodes(page) <= DOM_MOST, `scrolled down, the page has ${await nodes(page)} elements`);
		await list.evaluate((box) => { box.scrollTop = 0; });
		await column(page, 'lead').locator('.card[aria-posinset="1"]').waitFor();

		/* a long drag over every column and back */
		await page.evaluate(() => { window.slow = []; });
		const title = await column(page, 'lead').locator('.card[aria-posinset="1"] .card-title').textContent();
		const from = await inColumn(page, 'lead', title).first().boundingBox();
		await page.mouse.move(from.x + 80, from.y + 40);
		await page.mouse.down();
		let steps = 0;
		const began2 = Date.now();
		for (const key of ['qualified', 'proposal', 'negotiation', 'won', 'negotiation', 'proposal', 'qualified', 'proposal']) {
			const to = await column(page, key).boundingBox();
			for (let part = 1; part <= 6; part++, steps++) {
				await page.waitForTimeout(16);
				await page.mouse.move(to.x + to.width * part / 7, to.y + 120 + part * 40);
			}
		}
		await page.waitForTimeout(60);
		await page.mouse.up();
		await inColumn(page, 'proposal', title).waitFor();
		const longest = Math.round(await tasks(page));
		console.log(`        dragged over 8 columns in ${steps} steps (${Date.now() - began2} ms): longest task ${longest} ms, ${await nodes(page)} elements`);
		check(longest <= TASK_MOST, `something stood still for ${longest} ms while a card was dragged`);
		check(await nodes(page) <= DOM_MOST, `the page has ${await nodes(page)} elements`);
	});
}
