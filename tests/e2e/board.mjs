/* The board's stories beyond one card: the locked board, picking many, undo, the trash, quick add, a finger. */
import { api, base, becomes, board, card, check, column, crmctl, drag, enter, equal, holdNote, inColumn, link, person, story, until } from './house.mjs';
import { focused, noFaults, pressOn } from './given.mjs';

const bord = crmctl('workspace', 'add', 'bord-werk', '--preset', 'classic-6', '--name', 'Bord Werk');
crmctl('workspace', 'add', 'slot-bord', '--preset', 'classic-6', '--name', 'Slot Bord');
crmctl('workspace', 'add', 'veel-bord', '--preset', 'dynamics', '--name', 'Veel Bord');
crmctl('workspace', 'add', 'winkel-bord', '--preset', 'commerce', '--name', 'Winkel Bord');
crmctl('workspace', 'add', 'nota-bord', '--preset', 'follow-up', '--name', 'Nota Bord', '--timezone', 'Europe/Amsterdam');
const bob = person('bob@bord.example', 'Bob Bord', '--workspace', 'bord-werk,slot-bord,veel-bord,winkel-bord,nota-bord', '--role', 'owner');
const bea = person('bea@bord.example', 'Bea Bord', '--workspace', 'bord-werk,slot-bord,veel-bord,winkel-bord,nota-bord', '--role', 'owner');
check(bord, 'the workspace is made');

const ask = async (page, method, path, data) => {
	const reply = await api(page, method, path, data);
	check(reply.ok(), `${method} ${path}: ${reply.status()} ${await reply.text()}`);
	return reply.status() === 204 ? null : reply.json();
};
const deal = async (page, slug, title, stage, amount) => {
	const made = await ask(page, 'POST', `/api/crm/deals?workspace=${slug}`, { title, ...(stage ? { stage } : {}), ...(amount ? { value: { amount, currency: 'EUR' } } : {}) });
	if (page.url().includes(slug))
		await card(page, title).waitFor();
	return made.id;
};
const begun = new Set();
/* an empty board says what to do next and has no columns: each has a card to begin with */
const on = async (who, slug, how) => {
	const page = await enter(who, '/help', how);
	if (!begun.has(slug))
		await ask(page, 'POST', `/api/crm/deals?workspace=${slug}`, { title: 'Er al', stage: 'won' });
	begun.add(slug);
	await page.goto(base + board(slug));
	await page.locator('.live-open').waitFor();
	await page.locator('[data-column]').first().waitFor();
	return page;
};
const countOf = async (page, key) => (await column(page, key).locator('.column-count').textContent()).trim();
const sumsOf = async (page, key) => (await column(page, key).locator('.column-sums b').evaluateAll((all) => all.map((one) => one.title))).map((text) => text.replace(/\u00a0/g, ' '));
const bar = (page) => page.getByRole('toolbar', { name: 'What to do with the selected deals' });
const pick = async (page, ...titles) => {
	for (const title of titles) {
		await card(page, title).hover();
		await card(page, title).getByRole('checkbox').click();
	}
};
const choose = async (page, button, entry) => {
	await bar(page).getByRole('button', { name: button }).click();
	await page.getByRole('menuitem', { name: entry, exact: true }).click();
};
const batches = async (page, slug, id) => (await ask(page, 'GET', `/api/crm/deals/${id}/history?workspace=${slug}`)).data;

export async function tell() {
	await story('S1-5 the head of a column counts and adds per currency; a card shows title, contact and value', async () => {
		const page = await on(bob, 'bord-werk');
		await deal(page, 'bord-werk', 'A groot', 'lead', '1000.00');
		await deal(page, 'bord-werk', 'B half', 'lead', '2500.50');
		await deal(page, 'bord-werk', 'C klaar', 'won', '400.00');
		await becomes(() => page.locator('[data-column]').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))), ['LEAD', 'QUALIFIED', 'PROPOSAL', 'NEGOTIATION', 'WON', 'LOST']);
		await until('LEAD counts two', async () => await countOf(page, 'lead') === '2');
		await becomes(() => sumsOf(page, 'lead'), ['€3,500.50']);
		await card(page, 'B half').getByText('No contact').waitFor();
		await card(page, 'B half').getByText('€2,500.50').waitFor();
		const made = await ask(page, 'POST', '/api/crm/deals?workspace=bord-werk', { title: 'D dollar', stage: 'lead', value: { amount: '10.00', currency: 'USD' } });
		await until('another currency stands beside it', async () => (await sumsOf(page, 'lead')).length === 2);
		await until('never added', async () => (await sumsOf(page, 'lead')).includes('€3,500.50'));
		await ask(page, 'DELETE', `/api/crm/deals/${made.id}?workspace=bord-werk`);
		await until('the head says so, live', async () => (await sumsOf(page, 'lead')).join() === '€3,500.50' && await countOf(page, 'lead') === '2');
		noFaults(page);
	});

	await story('S3-4 six columns from Lead to Lost, in order; a drag is there at once; the board by the API has all six, and the counts agree', async () => {
		const page = await on(bob, 'veel-bord');
		await becomes(() => page.locator('[data-column]').evaluateAll((all) => all.map((one) => one.dataset.column)), ['lead', 'qualified', 'proposal', 'negotiation', 'won', 'lost']);
		await deal(page, 'veel-bord', 'Zes vakken', 'lead', '80.00');
		let answer;
		const held = new Promise((go) => { answer = go; });
		await page.route('**/api/crm/*/*/stage*', async (route) => { await held; await route.continue(); });
		await drag(page, card(page, 'Zes vakken'), column(page, 'negotiation'));
		await inColumn(page, 'negotiation', 'Zes vakken').waitFor(); /* before the server answers */
		answer();
		await until('and kept', async () => {
			const [one] = (await ask(page, 'GET', '/api/crm/pipeline?workspace=veel-bord')).data;
			equal(one.stages.map((stage) => stage.key), ['lead', 'qualified', 'proposal', 'negotiation', 'won', 'lost'], 'of /pipeline:');
			check(one.stages.some((stage) => stage.count === 0 && !stage.cards.length), 'empty ones among them');
			const counts = (await ask(page, 'GET', '/api/crm/count?workspace=veel-bord')).data;
			equal(one.stages.map((stage) => counts.find((count) => count.stage_id === stage.id)?.count ?? 0), one.stages.map((stage) => stage.count), 'of /count:');
			return one.stages[3].cards.some((card) => card.title === 'Zes vakken');
		});
		noFaults(page);
	});

	await story('S4-2 New, Qualified, Proposal, Won, Lost: dragged from one to the next, each move stands in the timeline with who and when', async () => {
		const page = await on(bob, 'winkel-bord');
		await becomes(() => page.locator('[data-column]').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))), ['New', 'Qualified', 'Proposal', 'Won', 'Lost']);
		const id = await deal(page, 'winkel-bord', 'Fiets op maat', 'new', '950.00');
		for (const stage of ['qualified', 'proposal', 'won']) {
			await drag(page, card(page, 'Fiets op maat'), column(page, stage));
			await inColumn(page, stage, 'Fiets op maat').waitFor();
			await until(`kept in ${stage}`, async () => (await ask(page, 'GET', `/api/crm/deals/${id}`)).stage_key === stage);
		}
		await link(page, 'Fiets op maat').click();
		const moves = page.getByRole('dialog', { name: 'Fiets op maat' }).locator('.entry', { hasText: /Won|Proposal|Qualified/ }).filter({ hasText: 'Bob Bord' });
		await until('three moves by Bob', async () => await moves.filter({ has: page.locator('time') }).count() >= 3);
		noFaults(page);
	});

	await story('S4-6 lost wants its reason, from the bulk tool and from the panel; what a program changed is automatic in the history as in the timeline', async () => {
		const page = await on(bob, 'winkel-bord');
		const ids = [];
		for (const title of ['Tandem te duur', 'Bakfiets te duur', 'Driewieler'])
			ids.push(await deal(page, 'winkel-bord', title, 'new', '950.00'));
		const lost = async (id) => { const now = await ask(page, 'GET', `/api/crm/deals/${id}`); return [now.stage_key, now.loss_reason]; };
		await pick(page, 'Tandem te duur', 'Bakfiets te duur');
		await choose(page, 'Move to', 'Lost');
		const dialog = page.getByRole('dialog', { name: /Lost/ });
		await dialog.locator('button[type=submit]').click();
		await dialog.getByText('Say why the deal is lost.').waitFor();
		await dialog.getByLabel('Why is it lost?').selectOption({ label: 'Price' });
		await dialog.locator('button[type=submit]').click();
		await page.getByText('2 deals moved to Lost').first().waitFor();
		equal([await lost(ids[0]), await lost(ids[1])], [['lost', 'price'], ['lost', 'price']], 'both are lost, and why:');

		await link(page, 'Driewieler').click();
		const panel = page.getByRole('dialog', { name: 'Driewieler' });
		await panel.getByRole('list', { name: 'Stage' }).getByRole('button', { name: /Lost/ }).click();
		const form = panel.locator('form.follow');
		await form.locator('[name=note]').fill('Koos een ander');
		await form.getByRole('button', { name: 'Save' }).click();
		await form.getByText('Say why the deal is lost.').or(page.getByText('Say why the deal is lost.')).first().waitFor();
		await form.getByRole('button', { name: 'Loss reason' }).click();
		await page.getByRole('menuitem', { name: 'Chose a competitor' }).or(page.getByRole('menuitemradio', { name: 'Chose a competitor' })).click();
		await form.getByRole('button', { name: 'Save' }).click();
		await until('it is lost to a competitor', async () => (await lost(ids[2])).join() === 'lost,competitor');

		const { key } = crmctl('apikey', 'add', '--workspace', 'winkel-bord', '--role', 'owner');
		const written = await fetch(`${base}/api/crm/deals/${ids[2]}`, { method: 'PUT', headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ title: 'Driewieler XL' }) });
		check(written.ok, `the program's change: ${written.status} ${await written.clone().text()}`);
		const grown = page.getByRole('dialog', { name: 'Driewieler XL' });
		await grown.locator('.entry', { hasText: 'Driewieler XL' }).getByText('Automatic').waitFor();
		await grown.getByRole('tab', { name: 'History' }).click();
		await grown.getByRole('list', { name: 'History' }).getByRole('listitem').filter({ hasText: 'Driewieler XL' }).getByText('Automatic').waitFor();
		await grown.getByRole('list', { name: 'History' }).getByRole('listitem').filter({ hasText: 'Koos een ander' }).getByText('Bob Bord').waitFor();
		noFaults(page);
	});

	await story('S1-6 a locked board has nothing to drag; the bulk tool moves two cards in one batch, and Z puts both back', async () => {
		const page = await on(bob, 'slot-bord');
		const [pipeline] = (await ask(page, 'GET', '/api/crm/pipelines?workspace=slot-bord')).data;
		await ask(page, 'PUT', `/api/crm/pipelines/${pipeline.id}`, { move_mode: 'locked' });
		const a = await deal(page, 'slot-bord', 'A vast', 'lead', '10.00');
		const b = await deal(page, 'slot-bord', 'B vast', 'qualified', '20.00');
		await page.reload();
		await card(page, 'A vast').waitFor();
		await becomes(() => page.locator('[draggable="true"], [data-drop-target-for-element]').count(), 0);
		await drag(page, card(page, 'A vast'), column(page, 'proposal'));
		await inColumn(page, 'lead', 'A vast').waitFor();
		await pressOn(page, 'A vast', ' ', 'ArrowRight', ' ');
		await page.locator('[aria-live="assertive"]', { hasText: 'not dragged on this board' }).waitFor({ state: 'attached' });
		await inColumn(page, 'lead', 'A vast').waitFor();
		await pick(page, 'A vast', 'B vast');
		await bar(page).getByText('2 selected').waitFor();
		await choose(page, 'Move to', 'PROPOSAL');
		await holdNote(page, '2 deals moved to PROPOSAL');
		await inColumn(page, 'proposal', 'A vast').waitFor();
		await inColumn(page, 'proposal', 'B vast').waitFor();
		await bar(page).waitFor({ state: 'detached' });
		const [one] = await batches(page, 'slot-bord', a);
		const [two] = await batches(page, 'slot-bord', b);
		equal([one.changes[0].new, two.changes[0].new], ['proposal', 'proposal']);
		await page.keyboard.press('z');
		await inColumn(page, 'lead', 'A vast').waitFor();
		await inColumn(page, 'qualified', 'B vast').waitFor();
		await page.getByText('2 cards are as they were').first().waitFor();
		await until('the server has them back too', async () => (await ask(page, 'GET', `/api/crm/deals/${a}?workspace=slot-bord`)).stage_key === 'lead');
		noFaults(page);
	});

	await story('undo of a bulk move keeps what somebody else did since, and says so', async () => {
		const page = await on(bob, 'veel-bord');
		const other = await on(bea, 'veel-bord');
		const first = await page.locator('[data-column]').first().getAttribute('data-column');
		const ids = [];
		for (const n of [1, 2, 3])
			ids.push(await deal(page, 'veel-bord', `Reeks ${n}`, first));
		await pick(page, 'Reeks 1');
		await link(page, 'Reeks 1').focus();
		await card(page, 'Reeks 3').hover();
		await card(page, 'Reeks 3').getByRole('checkbox').click({ modifiers: ['Shift'] });
		await bar(page).getByText('3 selected').waitFor();
		await choose(page, 'Move to', 'Proposal');
		await holdNote(page, '3 deals moved');
		for (const n of [1, 2, 3])
			await inColumn(other, 'proposal', `Reeks ${n}`).waitFor();
		await ask(other, 'POST', `/api/crm/deals/${ids[1]}/stage?workspace=veel-bord`, { stage: 'negotiation' });
		await inColumn(page, 'negotiation', 'Reeks 2').waitFor();
		await page.getByRole('button', { name: 'Undo' }).click();
		await page.getByText('2 cards are as they were').first().waitFor();
		await page.getByText('1 card was not put back').waitFor();
		for (const one of [page, other]) {
			await inColumn(one, first, 'Reeks 1').waitFor();
			await inColumn(one, first, 'Reeks 3').waitFor();
			await inColumn(one, 'negotiation', 'Reeks 2').waitFor();
		}
		noFaults(page);
	});

	await story('deleted cards leave every open board, wait in the trash, and come back by Z or from there', async () => {
		const page = await on(bob, 'veel-bord');
		const other = await on(bea, 'veel-bord');
		const first = await page.locator('[data-column]').first().getAttribute('data-column');
		await deal(page, 'veel-bord', 'Weg een', first, '5.00');
		await deal(page, 'veel-bord', 'Weg twee', first, '6.00');
		await card(other, 'Weg twee').waitFor();
		await pick(page, 'Weg een', 'Weg twee');
		await bar(page).getByRole('button', { name: 'Delete' }).click();
		await page.getByRole('dialog', { name: 'Delete 2 deals?' }).getByRole('button', { name: 'Delete' }).click();
		await holdNote(page, '2 deals deleted');
		for (const one of [page, other]) {
			await card(one, 'Weg een').waitFor({ state: 'detached' });
			await card(one, 'Weg twee').waitFor({ state: 'detached' });
		}
		await page.keyboard.press('z');
		for (const one of [page, other])
			await card(one, 'Weg twee').waitFor();
		await pick(page, 'Weg een');
		await bar(page).getByRole('button', { name: 'Delete' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
		await card(page, 'Weg een').waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Trash' }).click();
		const trash = page.getByRole('dialog', { name: 'Trash' });
		await trash.getByText('deleted by Bob Bord').first().waitFor();
		await trash.getByRole('button', { name: 'Take back Weg een' }).click();
		await trash.getByText('The trash is empty').waitFor();
		await page.keyboard.press('Escape');
		await card(page, 'Weg een').waitFor();
		await card(other, 'Weg een').waitFor();
		noFaults(page);
	});

	await story('a field of many cards is changed at once and comes back by undo; X and Escape pick and let go by key', async () => {
		const page = await on(bob, 'veel-bord');
		const first = await page.locator('[data-column]').first().getAttribute('data-column');
		const id = await deal(page, 'veel-bord', 'Veld een', first);
		await deal(page, 'veel-bord', 'Veld twee', first);
		await pressOn(page, 'Veld een', 'x');
		await bar(page).getByText('1 selected').waitFor();
		await page.keyboard.press('Escape');
		await bar(page).waitFor({ state: 'detached' });
		await becomes(() => focused(page), 'Veld een');
		await pressOn(page, 'Veld een', 'x');
		await pressOn(page, 'Veld twee', 'x');
		await bar(page).getByRole('button', { name: 'Edit' }).click();
		await page.getByRole('dialog').locator('select[name=field]').selectOption('probability');
		await page.getByRole('dialog').locator('input[name=value]').fill('veel');
		await page.getByRole('dialog').getByRole('button', { name: 'Change 2 deals' }).click();
		await page.getByText('A whole number from 0 to 100').waitFor();
		await page.getByRole('dialog').locator('input[name=value]').fill('45');
		await page.getByRole('dialog').getByRole('button', { name: 'Change 2 deals' }).click();
		await holdNote(page, '2 deals changed');
		equal((await ask(page, 'GET', `/api/crm/deals/${id}?workspace=veel-bord`)).probability_own, 45);
		await page.keyboard.press('z');
		await page.getByText('2 cards are as they were').first().waitFor();
		equal((await ask(page, 'GET', `/api/crm/deals/${id}?workspace=veel-bord`)).probability_own, null);
		noFaults(page);
	});

	await story('a board that wants notes asks once for all the cards that move', async () => {
		const page = await on(bob, 'nota-bord');
		for (const n of [1, 2])
			await deal(page, 'nota-bord', `Nota ${n}`);
		await pick(page, 'Nota 1', 'Nota 2');
		await choose(page, 'Move to', 'Interested');
		const dialog = page.getByRole('dialog', { name: 'Move 2 deals to Interested' });
		await dialog.getByRole('button', { name: 'Move 2 deals' }).click();
		await dialog.getByText('A move needs a note here').waitFor();
		await dialog.locator('textarea').fill('Beiden gebeld');
		await dialog.getByRole('button', { name: 'Move 2 deals' }).click();
		await inColumn(page, 'interested', 'Nota 1').waitFor();
		await inColumn(page, 'interested', 'Nota 2').waitFor();
		noFaults(page);
	});

	await story('quick add: a title and Enter at the foot of a column are a card in it, and the field waits for the next', async () => {
		const page = await on(bob, 'bord-werk');
		await column(page, 'qualified').getByRole('button', { name: 'Add a card in QUALIFIED' }).click();
		await page.keyboard.type('Snel een');
		await page.keyboard.press('Enter');
		await inColumn(page, 'qualified', 'Snel een').waitFor();
		await until('the field is empty again', async () => await page.locator('input[name=quick]').inputValue() === '');
		await page.keyboard.type('Snel twee');
		await page.keyboard.press('Enter');
		await inColumn(page, 'qualified', 'Snel twee').waitFor();
		await page.keyboard.press('Escape');
		await page.locator('input[name=quick]').waitFor({ state: 'detached' });
		noFaults(page);
	});

	await story('a finger: held still it picks a card, carried on it drags it to another stage', async () => {
		const page = await on(bob, 'veel-bord', { phone: true });
		const first = await page.locator('[data-column]').first().getAttribute('data-column');
		const second = await page.locator('[data-column]').nth(1).getAttribute('data-column');
		await deal(page, 'veel-bord', 'Vinger een', first);
		const box = await card(page, 'Vinger een').boundingBox();
		const cdp = await page.context().newCDPSession(page);
		const touch = (type, x, y) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
		const x = box.x + 120;
		const y = box.y + 60;
		await touch('touchStart', x, y);
		await page.locator('.card-taken').waitFor();
		await touch('touchEnd');
		await bar(page).getByText('1 selected').waitFor();
		await bar(page).getByRole('button', { name: 'Clear the selection' }).tap();
		await bar(page).waitFor({ state: 'detached' });
		await touch('touchStart', x, y);
		await page.locator('.card-taken').waitFor();
		await page.waitForTimeout(800); /* as long as a press lasts that begins the browser's own drag or menu */
		await touch('touchMove', x + 40, y);
		await page.locator('.card-ghost').waitFor();
		await touch('touchMove', 384, y);
		await until('the next column comes and is named', async () => {
			await touch('touchMove', 384, y + Math.random());
			return page.locator(`[data-column="${second}"].column-over`).count();
		});
		await touch('touchEnd');
		await inColumn(page, second, 'Vinger een').waitFor();
		await becomes(() => page.locator('.card-ghost').count(), 0);
		noFaults(page);
	});
}

/* ---- places ---- */

const filled = async (page) => {
	await page.goto(base + board('bakkerij-jansen'));
	await page.locator('.card').first().waitFor();
};
const picked = async (page) => {
	await filled(page);
	await page.locator('.card-link').first().focus();
	await page.keyboard.press('x');
	await page.locator('.bulk-bar').waitFor();
};

export const places = {
	'board with cards picked': picked,
	'bulk edit': async (page) => {
		await picked(page);
		await page.locator('.bulk-bar > button').nth(-3).click();
		await page.getByRole('dialog').waitFor();
	},
	'bulk delete': async (page) => {
		await picked(page);
		await page.locator('.bulk-bar > button').nth(-2).click();
		await page.getByRole('dialog').waitFor();
	},
	'board trash': async (page) => {
		await filled(page);
		await page.locator('.board-trash button').first().click();
		await page.getByRole('dialog').waitFor();
	},
};
