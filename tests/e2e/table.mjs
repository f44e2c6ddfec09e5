/* The table of deals: columns and filters as somebody likes them (S2-9), pages that hold while deals come in (S3-6), one filter for board and
   table, views, the keyboard, a phone. */
import { api, base, becomes, check, crmctl, enter, person, post, story, until } from './house.mjs';
import { noFaults } from './given.mjs';

const W = 'tabel-cargo';
crmctl('workspace', 'add', W, '--preset', 'follow-up', '--name', 'Tabel Cargo', '--timezone', 'Europe/Amsterdam');
const ana = person('ana@tabel.example', 'Ana Ruiz', '--workspace', W, '--role', 'owner');
const bob = person('bob@tabel.example', 'Bob Bakker', '--workspace', W, '--role', 'sales');
const hook = crmctl('source', 'add', '--workspace', W, '--kind', 'web_form').url;
const NAMES = ['Alfa', 'Beta', 'Gamma', 'Delta', 'Epsilon', 'Zeta'];
await post(hook, NAMES.map((name, at) => ({ name: `${name} Persoon`, email: `${name.toLowerCase()}@tabel.example`, company: `${name} Handel`, phone: `+31 6 1234567${at}`, form_type: 'Registro' })));

const T = `/deals/table?workspace=${W}`;
const rows = (page) => page.locator('tbody tr[data-row]');
const head = (page) => page.locator('thead th[data-column]').evaluateAll((all) => all.map((one) => one.dataset.column));
const firsts = (page) => page.locator('tbody th .row-link').evaluateAll((all) => all.map((one) => one.textContent.replace(/^[A-Z](?=[A-Z])/, '')));
const chips = (page) => page.locator('[data-filter]').evaluateAll((all) => all.map((one) => one.dataset.filter));
const gear = async (page, name = 'Columns and filters') => { await page.getByRole('button', { name }).click(); await page.getByRole('dialog', { name }).waitFor(); };
const table = async (who, more = {}, path = T) => { const page = await enter(who, path, more); await rows(page).first().waitFor(); return page; };
const part = (page, name) => page.getByRole('dialog').getByRole('button', { name, exact: true });

async function dragLine(page, from, to) {
	const line = (key) => page.locator(`[data-line="${key}"]`);
	await line(from).scrollIntoViewIfNeeded();
	await line(from).dragTo(line(to), { sourcePosition: { x: 8, y: 12 }, targetPosition: { x: 60, y: 4 } });
}

export async function tell() {
	await story('S2-9 columns and filters: three hidden, campaign added and dragged first, saved; another browser has them; Reset restores', async () => {
		const page = await table(ana);
		await api(page, 'POST', `/api/crm/catalogues?workspace=${W}`, { catalogue: 'campaign', label: { en: 'Spring', nl: 'Lente' } });
		await page.reload();
		await rows(page).first().waitFor();
		const before = await head(page);
		check(before.length >= 24, `${before.length} columns`);
		const filters = await chips(page);
		await gear(page);
		for (const key of ['email', 'phone', 'locale'])
			await page.locator(`[data-line="${key}"] input`).uncheck();
		await part(page, 'Filters').click();
		await page.locator('[data-line="campaign"] input').check();
		await dragLine(page, 'campaign', filters[0]);
		await until('campaign is the first line', async () => await page.locator('[data-line]').first().getAttribute('data-line') === 'campaign');
		await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
		const after = before.filter((key) => !['email', 'phone', 'locale'].includes(key));
		await until('three columns are gone', async () => JSON.stringify(await head(page)) === JSON.stringify(after));
		await becomes(() => chips(page), ['campaign', ...filters], 'chips:');
		await until('it is kept', async () => (await (await api(page, 'GET', `/api/me/prefs?workspace=${W}`)).json()).data[0]?.content.filters?.[0] === 'campaign');
		const other = await table(ana, { nl: true });
		await until('the other browser has the same', async () => JSON.stringify([await head(other), await chips(other)]) === JSON.stringify([after, ['campaign', ...filters]]));
		await gear(page);
		await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
		await until('all are back', async () => JSON.stringify([await head(page), await chips(page)]) === JSON.stringify([before, filters]));
		await until('live on the other screen', async () => JSON.stringify(await head(other)) === JSON.stringify(before));
		await noFaults(page);
	});

	await story('a column is put elsewhere by key, and nothing counts before Save', async () => {
		const page = await table(bob);
		const before = await head(page);
		await gear(page);
		await page.locator(`[data-line="${before[1]}"] [data-way="up"]`).focus();
		await page.keyboard.press('Alt+ArrowUp');
		await until('it is the first line', async () => await page.locator('[data-line]').first().getAttribute('data-line') === before[1]);
		await until('the focus stays with the line', () => page.evaluate((key) => document.activeElement?.closest('[data-line]')?.dataset.line === key, before[1]));
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
		await becomes(() => head(page), before, 'unsaved:');
	});

	await story('a column sorts by its head, up, down and not at all; the order stands in the address', async () => {
		const page = await table(bob);
		const by = page.locator('th[data-column="company"] button.sort');
		await by.focus();
		await page.keyboard.press('Enter');
		const up = [...NAMES].sort().map((name) => `${name} Handel`);
		await until('by company', async () => JSON.stringify(await firsts(page)) === JSON.stringify(up));
		await becomes(() => page.locator('th[data-column="company"]').getAttribute('aria-sort'), 'ascending', 'aria-sort:');
		check(new URL(page.url()).searchParams.get('sort') === 'company', page.url());
		await by.click();
		await until('the other way round', async () => JSON.stringify(await firsts(page)) === JSON.stringify([...up].reverse()));
		await by.click();
		await until('as before', async () => !new URL(page.url()).searchParams.has('sort'));
	});

	await story('every column of the table sorts on the server', async () => {
		const page = await table(ana);
		for (const key of await head(page)) {
			const reply = await api(page, 'GET', `/api/crm/deals?workspace=${W}&sort=-${key}&limit=5`);
			check(reply.ok(), `sort=${key} is ${reply.status()}`);
		}
	});

	await story('one filter for table and board: chips and words, kept for the next visit, cleared', async () => {
		const page = await table(bob);
		await page.getByRole('searchbox').fill('Gam');
		await until('one is left', async () => (await rows(page).count()) === 1);
		await page.getByText('1 deal', { exact: true }).waitFor();
		await page.locator('[data-filter="stage"]').click();
		const box = page.getByRole('dialog');
		await box.getByRole('checkbox').nth(1).check();
		await page.getByText('No deal fits').waitFor();
		await box.getByRole('checkbox').nth(1).uncheck();
		await box.getByRole('checkbox').first().check();
		await rows(page).first().waitFor();
		await page.keyboard.press('Escape');
		await until('the focus is back', () => page.evaluate(() => document.activeElement?.dataset.filter === 'stage'));
		await page.getByRole('navigation', { name: 'Views of the deals' }).getByRole('link', { name: 'Board' }).click();
		await until('the board holds the one', async () => (await page.locator('.card').count()) === 1);
		check(new URL(page.url()).searchParams.get('q') === 'Gam', page.url());
		await until('it is kept', async () => (await (await api(page, 'GET', `/api/me/prefs?workspace=${W}`)).json()).data[0]?.content.values?.q === 'Gam');
		const later = await enter(bob, T);
		await until('the filter of last time', async () => (await rows(later).count()) === 1);
		await later.getByRole('button', { name: 'Clear filters' }).first().click();
		await until('all are there', async () => (await rows(later).count()) === NAMES.length);
		await until('that is kept', async () => !Object.keys((await (await api(later, 'GET', `/api/me/prefs?workspace=${W}`)).json()).data[0]?.content.values ?? { x: 1 }).length);
	});

	await story('a view is kept and shared, taken by somebody else, and deleted', async () => {
		const page = await table(bob, {}, `${T}&q=Delta`);
		await page.getByRole('button', { name: 'Views', exact: true }).click();
		await page.getByRole('menuitem', { name: 'Save this as a view' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('Name of the view').fill('Over Delta');
		await dialog.getByLabel(/^Share it/).check();
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.getByRole('button', { name: 'Over Delta' }).waitFor();
		const boss = await table(ana);
		await boss.getByRole('button', { name: 'Views', exact: true }).click();
		await boss.getByRole('menuitemradio', { name: /Over Delta/ }).click();
		await until('the view filters', async () => (await rows(boss).count()) === 1);
		await boss.getByRole('button', { name: 'Over Delta' }).click();
		await boss.getByRole('menuitem', { name: 'Delete view Over Delta' }).click();
		await boss.getByRole('dialog').getByRole('button', { name: 'Delete view' }).click();
		await page.getByRole('button', { name: 'Views', exact: true }).waitFor();
		for (const one of [page, boss])
			await api(one, 'PUT', `/api/me/prefs?workspace=${W}`, { place: 'deals', content: { values: {} } });
	});

	await story('the table without a mouse: G T, arrows, Enter opens the panel, Escape gives the focus back', async () => {
		const page = await enter(ana, `/leads?workspace=${W}`);
		await page.locator('tbody tr').first().waitFor();
		await until('G T leads to the table', async () => {
			await page.keyboard.press('g');
			await page.keyboard.press('t');
			return page.url().includes('/deals/table');
		});
		/* the address is the table's before its rows are: until then the leads stand there, whose rows look alike */
		await page.locator('table.deals tbody tr[data-row]').first().waitFor();
		await rows(page).first().locator('.row-link').focus();
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('ArrowDown');
		const here = () => page.evaluate(() => [...document.querySelectorAll('tbody tr[data-row]')].indexOf(document.activeElement?.closest('[data-row]')));
		await until('the third row', async () => (await here()) === 2);
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => document.activeElement?.tagName === 'H2');
		check(new URL(page.url()).searchParams.get('type') === 'prospect', page.url());
		await page.keyboard.press('Escape');
		await until('back on the row', async () => (await here()) === 2);
	});

	await story('the filtered list leaves as CSV and JSON, with the columns shown', async () => {
		const page = await table(ana, {}, `${T}&q=Beta`);
		for (const [name, end] of [['As CSV, for a spreadsheet', '.csv'], ['As JSON, for a program', '.json']]) {
			await page.getByRole('button', { name: 'Export these deals' }).click();
			const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()]);
			check(file.suggestedFilename().endsWith(end), file.suggestedFilename());
			const text = (await (await file.createReadStream()).toArray()).join('');
			check(text.includes('Beta Handel') && !text.includes('Gamma Handel'), text.slice(0, 400));
		}
		await api(page, 'PUT', `/api/me/prefs?workspace=${W}`, { place: 'deals', content: { values: {} } });
	});

	await story('S3-6 pages hold while deals come in: 300 rows, each once, few of them in the page', async () => {
		for (let batch = 0; batch < 3; batch++)
			await post(hook, Array.from({ length: 100 }, (_, at) => ({ name: `Rij ${batch * 100 + at}`, email: `rij${batch * 100 + at}@tabel.example`, form_type: 'Rij' })));
		const page = await enter(ana, `${T}&sort=number`);
		await until('all are counted', async () => { await page.reload(); return page.getByText(`${NAMES.length + 300} deals`).waitFor({ timeout: 1500 }).then(() => true, () => false); }, 20000);
		await page.locator('.live-open').waitFor();
		await post(hook, [{ name: 'Tussendoor', email: 'tussendoor@tabel.example', form_type: 'Rij' }]);
		const seen = new Set();
		const box = page.getByRole('region', { name: 'Prospects' });
		await until('the last row is reached', async () => {
			for (const id of await rows(page).evaluateAll((all) => all.map((one) => one.dataset.row)))
				seen.add(id);
			/* from the top again: a row that came late stands above by now */
			await box.evaluate((one) => { one.scrollTop = one.scrollTop + one.clientHeight >= one.scrollHeight - 2 ? 0 : one.scrollTop + 500; });
			return seen.size === NAMES.length + 301;
		}, 30000);
		await until('few rows are mounted', async () => await rows(page).count() < 80);
		await api(page, 'PUT', `/api/me/prefs?workspace=${W}`, { place: 'deals', content: { sort: null, values: {} } });
	});

	await story('on a phone the table is cards', async () => {
		const page = await table(bob, { phone: true });
		const { width } = await rows(page).first().boundingBox();
		check(width <= 390, `${width} wide`);
		await until('nothing sticks out', async () => await page.evaluate(() => document.documentElement.scrollWidth) <= 390);
		await rows(page).first().locator('.row-link').click();
		await page.waitForFunction(() => document.activeElement?.tagName === 'H2');
	});
}

const go = async (page, path = T) => { await page.goto(base + path); await rows(page).first().waitFor(); };
export const places = {
	table: (page) => go(page, '/deals/table?workspace=bakkerij-jansen'),
	'table gear': async (page) => { await go(page, '/deals/table?workspace=bakkerij-jansen'); await page.locator('.bar-end .icon-btn').last().click(); await page.locator('.gear').waitFor(); },
	'table filter': async (page) => { await go(page, '/deals/table?workspace=bakkerij-jansen'); await page.locator('[data-filter="stage"]').click(); await page.locator('.filter-box').waitFor(); },
	'table dates': async (page) => { await go(page, '/deals/table?workspace=bakkerij-jansen'); await page.locator('[data-filter="created_at"]').click(); await page.locator('.filter-box').waitFor(); },
	'table views': async (page) => { await go(page, '/deals/table?workspace=bakkerij-jansen'); await page.locator('.bar-end .btn').first().click(); await page.getByRole('menu').waitFor(); },
	'table none': async (page) => { await page.goto(`${base}/deals/table?workspace=bakkerij-jansen&q=zzzz`); await page.locator('.empty').waitFor(); await page.goto(`${base}/deals/table?workspace=leeg`); await page.locator('.empty').waitFor(); },
};
