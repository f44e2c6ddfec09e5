/* What is done to many rows of the table at once, by hand and by filter; rows that follow what others do without their pages being read again;
   a filter by tag. */
import { api, base, becomes, card, check, crmctl, enter, equal, holdNote, inColumn, person, post, story, until } from './house.mjs';
import { noFaults } from './given.mjs';

const W = 'rijen';
crmctl('workspace', 'add', W, '--preset', 'commerce', '--name', 'Rijen Groothandel');
const els = person('els@rijen.example', 'Els Rijk', '--workspace', W, '--role', 'owner');
const tom = person('tom@rijen.example', 'Tom Rijk', '--workspace', W, '--role', 'sales');
const hook = crmctl('source', 'add', '--workspace', W, '--kind', 'web_form').url;
const NAMES = ['Appel', 'Berk', 'Ceder', 'Den', 'Eik', 'Fijnspar'];
await post(hook, NAMES.map((name) => ({ name: `${name} Boom`, email: `${name.toLowerCase()}@rijen.example`, company: `${name} BV`, form_type: 'Rij' })));

const T = `/deals/table?workspace=${W}`;
const rows = (page) => page.locator('tbody tr[data-row]');
const row = (page, name) => rows(page).filter({ hasText: `${name} BV` });
const bar = (page) => page.getByRole('toolbar', { name: 'What to do with the selected deals' });
const table = async (who, more = '', look = {}) => { const page = await enter(who, T + more, look); await rows(page).first().waitFor(); return page; };
const dealIds = async (page) => Object.fromEntries((await (await api(page, 'GET', `/api/crm/deals?workspace=${W}&limit=200`)).json()).data.map((one) => [one.company?.split(' ')[0], one.id]));
const stageOf = async (page, id) => (await (await api(page, 'GET', `/api/crm/deals/${id}`)).json()).stage_key;
const forget = (page) => api(page, 'PUT', `/api/me/prefs?workspace=${W}`, { place: 'deals', content: { values: {}, sort: null } });
const asked = (page) => {
	const urls = [];
	page.on('request', (one) => { if (one.method() === 'GET' && /\/api\/crm\/(deals|opportunities)\?/.test(one.url())) urls.push(new URL(one.url()).searchParams); });
	return urls;
};

export async function tell() {
	await story('rows are ticked one by one, as a range and all; what is done to them is one action and comes back', async () => {
		const page = await table(els, '&sort=company');
		await until('all are there', async () => (await rows(page).count()) === NAMES.length);
		await row(page, 'Appel').getByRole('checkbox').click();
		await row(page, 'Ceder').getByRole('checkbox').click({ modifiers: ['Shift'] });
		await bar(page).getByText('3 selected').waitFor();
		await row(page, 'Den').locator('.row-link').focus();
		await page.keyboard.press('x');
		await bar(page).getByText('4 selected').waitFor();
		await page.keyboard.press('Escape');
		await bar(page).waitFor({ state: 'detached' });
		await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).click();
		await bar(page).getByText(`${NAMES.length} selected`).waitFor();
		await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).click();
		await row(page, 'Berk').getByRole('checkbox').click();
		await bar(page).getByRole('button', { name: 'Delete' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
		await holdNote(page, 'deleted');
		await row(page, 'Berk').waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Undo' }).first().click();
		await row(page, 'Berk').waitFor();
		await page.getByText(`${NAMES.length} deals`, { exact: true }).waitFor();
		await forget(page);
		await noFaults(page);
	});

	await story('all that fit a filter by tag are taken at once: said before, asked, done to these alone, taken back', async () => {
		const page = await table(els);
		const ids = await dealIds(page);
		const { id: tag } = await (await api(page, 'POST', `/api/crm/tags?workspace=${W}`, { label: 'Loofboom', colour: 'green' })).json();
		for (const name of ['Berk', 'Eik'])
			await api(page, 'PUT', `/api/crm/deals/${ids[name]}/tags`, { tags: [tag] });
		await page.reload();
		await page.getByRole('button', { name: 'Columns and filters' }).click();
		const dialog = page.getByRole('dialog', { name: 'Columns and filters' });
		await dialog.getByRole('button', { name: 'Filters', exact: true }).click();
		await page.locator('[data-line="tag"] input').check();
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.locator('[data-filter="tag"]').click();
		await page.getByRole('dialog').getByRole('checkbox', { name: 'Loofboom' }).check();
		await page.keyboard.press('Escape');
		await until('two fit', async () => (await rows(page).count()) === 2);
		await until('the chip says which', async () => (await page.locator('[data-filter="tag"]').textContent()).includes('Loofboom'));
		await row(page, 'Berk').getByRole('checkbox').click();
		await bar(page).getByRole('button', { name: 'Select all 2 that fit' }).click();
		await bar(page).getByText('All 2 that fit are selected').waitFor();
		const before = await stageOf(page, ids.Berk);
		await bar(page).getByRole('button', { name: 'Move to' }).click();
		await page.getByRole('menuitem').nth(1).click();
		const [sent] = await Promise.all([page.waitForRequest((one) => one.url().includes('/deals/bulk')), page.getByRole('dialog').getByRole('button', { name: 'Move 2 deals' }).click()]);
		equal(sent.postDataJSON().filter, { tag }, 'the filter alone says which:');
		await holdNote(page, '2 deals moved to');
		check(await stageOf(page, ids.Berk) !== before && await stageOf(page, ids.Eik) !== before, 'both moved');
		equal(await stageOf(page, ids.Den), before, 'another one:');
		await page.getByRole('button', { name: 'Undo' }).first().click();
		await until('both are back', async () => await stageOf(page, ids.Berk) === before && await stageOf(page, ids.Eik) === before);
		await page.goto(`${base}/deals/board?workspace=${W}&tag=${tag}`);
		await until('the board has the same filter', async () => (await page.locator('.card').count()) === 2 && (await page.locator('[data-filter="tag"]').textContent()).includes('Loofboom'));
		await forget(page);
		await noFaults(page);
	});

	await story('what others change is read alone: the row follows, leaves a filter that it fits no more, stands where its order says', async () => {
		const boss = await enter(els, `/help?workspace=${W}`);
		const ids = await dealIds(boss);
		await forget(boss);
		const page = await table(tom, '&sort=-number&kind=open');
		await page.locator('.live-open').waitFor();
		await until('all are there', async () => (await rows(page).count()) === NAMES.length);
		const urls = asked(page);
		check((await api(boss, 'PUT', `/api/crm/deals/${ids.Den}`, { value: { amount: '1234.00', currency: 'EUR' } })).ok(), 'the value is written');
		await rows(page).filter({ hasText: '1,234' }).waitFor();
		const won = await api(boss, 'POST', `/api/crm/deals/${ids.Eik}/stage`, { stage: 'won' });
		check(won.ok(), `${won.status()} ${await won.text()}`);
		await row(page, 'Eik').waitFor({ state: 'detached' });
		await page.getByText(`${NAMES.length - 1} deals`, { exact: true }).waitFor();
		await post(hook, [{ name: 'Grove Den', email: 'grove@rijen.example', company: 'Grove BV', form_type: 'Rij' }]);
		await row(page, 'Grove').waitFor();
		await until('the newest stands first', async () => (await rows(page).first().textContent()).includes('Grove BV'));
		check(urls.length > 0 && urls.every((one) => one.has('id') || one.get('limit') === '1'), `pages were read again: ${urls.map(String).join(' ')}`);
		await forget(page);
		await noFaults(page);
	});

	await story('two tabs of one person with different filters keep theirs, and do not answer each other without end', async () => {
		const one = await table(tom, '&q=Appel');
		const context = one.context();
		const two = await context.newPage();
		const puts = [];
		context.on('request', (request) => { if (request.method() === 'PUT' && request.url().includes('/api/me/prefs')) puts.push(request.url()); });
		await two.goto(`${base}${T}&q=Berk`);
		await row(two, 'Berk').waitFor();
		await two.getByRole('searchbox').fill('Ceder');
		await row(two, 'Ceder').waitFor();
		await until('what the second says is kept', async () => (await (await api(two, 'GET', `/api/me/prefs?workspace=${W}`)).json()).data[0]?.content.values?.q === 'Ceder');
		const before = puts.length;
		/* what is to be seen is that nothing comes: three times as long as a page waits before it keeps something */
		await two.evaluate(() => new Promise((done) => { setTimeout(done, 2200); }));
		check(puts.length - before <= 1, `${puts.length - before} times more`);
		await until('the first keeps its own', async () => new URL(one.url()).searchParams.get('q') === 'Appel' && await row(one, 'Appel').isVisible());
		await forget(two);
	});

	await story('what is picked on the board stays picked while others work, also on a filtered board that is read again', async () => {
		const boss = await enter(els, `/help?workspace=${W}`);
		const ids = await dealIds(boss);
		const page = await enter(tom, `/deals/board?workspace=${W}&q=BV`);
		for (const name of ['Appel', 'Ceder']) {
			await card(page, name).first().hover();
			await card(page, name).first().getByRole('checkbox').click();
		}
		await bar(page).getByText('2 selected').waitFor();
		for (const amount of ['11.00', '12.00']) {
			const again = page.waitForResponse((one) => one.url().includes('/api/crm/pipeline?'));
			await api(boss, 'PUT', `/api/crm/deals/${ids.Berk}`, { value: { amount, currency: 'EUR' } });
			await again;
		}
		await card(page, 'Berk').getByText('12').first().waitFor();
		await bar(page).getByText('2 selected').waitFor();
		await forget(page);
		await noFaults(page);
	});

	await story('undo of a move in the panel leaves what a colleague did since, and says so', async () => {
		const boss = await enter(els, `/help?workspace=${W}`);
		const { Fijnspar: id } = await dealIds(boss);
		const [set] = (await (await api(boss, 'GET', `/api/crm/pipelines?workspace=${W}`)).json()).data;
		const keys = [...set.stages].sort((a, b) => a.position - b.position).filter((one) => one.kind === 'open').map((one) => one.key);
		const page = await enter(tom, `/deals/board?workspace=${W}&type=prospect&id=${id}`);
		await page.locator('.panel-stages button').nth(1).click();
		await holdNote(page, 'Undo');
		await until('it moved', async () => await stageOf(boss, id) === keys[1]);
		await api(boss, 'POST', `/api/crm/deals/${id}/stage`, { stage: keys[2] });
		await inColumn(page, keys[2], 'Fijnspar').waitFor();
		await page.getByRole('button', { name: 'Undo' }).first().click();
		await page.getByText(/was not put back/).first().waitFor();
		equal(await stageOf(boss, id), keys[2], 'the colleague\'s move:');
	});

	await story('an activity that somebody changed meanwhile: the form says what and who, and asks whose is to stay', async () => {
		const boss = await enter(els, `/help?workspace=${W}`);
		const { Ceder: id } = await dealIds(boss);
		const { id: me } = (await (await api(boss, 'GET', '/api/me')).json()).user;
		const made = await (await api(boss, 'POST', `/api/crm/activities?workspace=${W}`, { kind: 'task', subject: 'Hout bestellen', deal_id: id, due_at: '2100-01-01T09:00:00Z', owner_id: me })).json();
		const page = await enter(els, `/tasks?workspace=${W}`);
		await page.locator('.act', { hasText: 'Hout bestellen' }).locator('.icon-btn').last().click();
		await page.getByRole('menuitem', { name: 'Change this activity' }).or(page.getByRole('menuitem', { name: /[Ee]dit|[Cc]hange/ })).first().click();
		const form = page.getByRole('dialog');
		await form.getByRole('textbox', { name: 'Subject' }).fill('Eiken bestellen');
		const rival = await enter(tom, `/help?workspace=${W}`);
		check((await api(rival, 'PUT', `/api/crm/activities/${made.id}`, { version: 1, subject: 'Beuken bestellen', priority: 'high' })).ok(), 'the rival writes');
		await form.getByRole('button', { name: 'Save' }).click();
		const clash = form.getByRole('alert', { name: 'Somebody changed this while you were at it' });
		await clash.getByText(/Tom Rijk at .*: Subject/).waitFor();
		await clash.getByText('High').waitFor();
		await clash.getByRole('button', { name: 'Theirs: Beuken bestellen' }).click();
		await becomes(() => form.getByRole('textbox', { name: 'Subject' }).inputValue(), 'Beuken bestellen', 'theirs:');
		await clash.getByRole('button', { name: 'Yours: Eiken bestellen' }).click();
		await form.getByRole('button', { name: 'Save' }).click();
		await form.waitFor({ state: 'detached' });
		const now = await (await api(boss, 'GET', `/api/crm/activities/${made.id}`)).json();
		equal([now.subject, now.priority], ['Eiken bestellen', 'high'], 'both are kept:');
	});

	await story('on a phone rows are ticked too', async () => {
		const page = await table(els, '', { phone: true });
		await rows(page).first().getByRole('checkbox').click();
		await bar(page).getByText('1 selected').waitFor();
		await until('nothing sticks out', async () => await page.evaluate(() => document.documentElement.scrollWidth) <= 390);
		await bar(page).getByRole('button', { name: 'Clear the selection' }).click();
		await forget(page);
	});
}

const go = async (page) => { await page.goto(`${base}/deals/table?workspace=bakkerij-jansen`); await rows(page).first().waitFor(); await rows(page).first().getByRole('checkbox').click(); await page.locator('.bulk-bar').waitFor(); };
export const places = {
	'table picked': go,
	'table all': async (page) => { await go(page); await page.locator('.bulk-bar .btn').first().click(); await page.locator('.bulk-bar .btn').last().click(); await page.getByRole('dialog').waitFor(); },
};
