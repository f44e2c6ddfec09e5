/* The calendar beyond its own page: the link for phones and other programs, the filter it shares; and the app on a phone and on paper. */
import { constants, inflateSync } from 'node:zlib';
import { api, base, becomes, check, day, enter, equal, person, story, until } from './house.mjs';
import { dealOf, lead, noFaults, sanne } from './given.mjs';

const CALENDAR = '/deals/calendar?workspace=vesting-cargo';
const plan = async (page, deal, subject, due) => {
	const reply = await api(page, 'POST', `/api/crm/activities?workspace=${deal.workspace_id}`, { kind: 'call', subject, deal_id: deal.id, due_at: due });
	check(reply.ok(), `${reply.status()} ${await reply.text()}`);
	return (await reply.json()).id;
};
const feedDialog = (page) => page.getByRole('dialog', { name: 'Your calendar on your phone' });

export async function tell() {
	await story('the link to one\'s calendar: made over the calendar, shown once, made anew and taken away on the profile', async () => {
		const ida = person('ida@bureau.example', 'Ida Agenda', '--workspace', 'vesting-cargo', '--role', 'sales');
		const page = await enter(ida, CALENDAR);
		await page.getByRole('button', { name: 'On your phone' }).click();
		await feedDialog(page).getByText('There is no link yet').waitFor();
		await feedDialog(page).getByRole('button', { name: 'Make a link' }).click();
		const shown = feedDialog(page).locator('.copy code');
		await shown.waitFor();
		const first = await shown.textContent();
		check(new RegExp(`^${base}/calendar/[a-z2-7]{32}\\.ics$`).test(first), `a link: ${first}`);
		const asked = async (url) => (await page.context().request.get(url)).status();
		const feed = await page.context().request.get(first);
		equal([feed.status(), feed.headers()['content-type']], [200, 'text/calendar; charset=utf-8'], 'what it leads to:');
		await until('a link that opens the calendar of this device', async () => (await feedDialog(page).getByRole('link').getAttribute('href')).startsWith('webcal://'));
		await page.keyboard.press('Escape');
		await feedDialog(page).waitFor({ state: 'detached' });
		await page.goto(`${base}/profile`);
		const section = page.getByRole('region', { name: 'Your calendar on your phone' });
		await section.getByText(/There is a link, made on .*20\d\d/).or(section.getByText(/made on (today|\d)/i)).first().waitFor();
		await until('every text is filled in', async () => !/[{}]/.test(await section.textContent()));
		await becomes(() => page.locator('.copy').count(), 0, 'it is not shown again:');
		await section.getByRole('button', { name: 'New link' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'New link' }).click();
		await section.locator('.copy code').waitFor();
		const second = await section.locator('.copy code').textContent();
		check(second !== first, 'another link');
		await until('the old one is dead', async () => (await asked(first)) === 404);
		equal(await asked(second), 200, 'the new one:');
		await section.getByRole('button', { name: 'Take the link away' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Take the link away' }).click();
		await section.getByText('There is no link yet').waitFor();
		await until('that is dead, too', async () => (await asked(second)) === 404);
		noFaults(page);
	});

	await story('one filter for board, table and calendar: it goes along, its deals\' activities stand there alone, moved by key and by mouse, and nothing that fits is said', async () => {
		/* filters are kept by themselves: somebody of their own, so that nobody else's calendar is filtered */
		const ina = person('ina@bureau.example', 'Ina Filter', '--workspace', 'vesting-cargo', '--role', 'owner');
		const page = await enter(ina, '/deals/board?workspace=vesting-cargo');
		const [one, other] = [await lead(null, {}, 'vesting-cargo'), await lead(null, {}, 'vesting-cargo')];
		const deals = [await dealOf(page, one.title, 'vesting-cargo'), await dealOf(page, other.title, 'vesting-cargo')];
		const date = day(9);
		const ids = [await plan(page, deals[0], `Past ${deals[0].number}`, `${date}T09:00:00Z`), await plan(page, deals[1], `Past niet ${deals[1].number}`, `${date}T10:00:00Z`)];
		const chip = (id) => page.locator(`.chip[data-activity="${id}"]`);
		await page.goto(`${base}${CALENDAR}&day=${date}&view=week`);
		await chip(ids[0]).waitFor();
		await chip(ids[1]).waitFor();
		await page.getByRole('searchbox', { name: 'Find' }).or(page.locator('.deal-bar input')).first().fill(`#${deals[0].number}`);
		await page.waitForURL(/q=/);
		await chip(ids[1]).waitFor({ state: 'detached' });
		await chip(ids[0]).waitFor();
		await page.getByText('only what is planned for deals').waitFor();
		/* the same filter on the table and back */
		await page.locator('.deal-bar .segments').locator('a[href*="/deals/table"]').click();
		await page.waitForURL((url) => url.pathname === '/deals/table' && url.searchParams.get('q') === `#${deals[0].number}`);
		await page.getByText(one.name).first().waitFor();
		await becomes(() => page.getByText(other.name).count(), 0, 'deals on the table that do not fit:');
		await page.locator('.deal-bar .segments').locator('a[href*="/deals/calendar"]').click();
		await page.waitForURL((url) => url.pathname === '/deals/calendar' && url.searchParams.get('q') === `#${deals[0].number}`);
		/* moved under the filter, by key and by mouse */
		await page.goto(`${base}${CALENDAR}&day=${date}&view=week&q=%23${deals[0].number}`);
		const due = async () => Date.parse((await (await api(page, 'GET', `/api/crm/activities/${ids[0]}`)).json()).due_at);
		const before = await due();
		const hour = () => chip(ids[0]).evaluate((one) => one.closest('[data-hour]').dataset.hour);
		const stood = await hour();
		await chip(ids[0]).focus();
		await page.keyboard.press('Alt+ArrowDown');
		await until('an hour later', async () => (await due()) === before + 3_600_000);
		await until('and it stands there', async () => (await hour()) !== stood); /* what is drawn anew drops a drag */
		await chip(ids[0]).dragTo(page.locator(`td[data-day="${date}"][data-hour="15"]`));
		await page.locator(`[data-day="${date}"][data-hour="15"] .chip[data-activity="${ids[0]}"]`).waitFor();
		/* nothing fits: said, and the way back */
		await page.goto(`${base}${CALENDAR}&day=${date}&view=week&q=%23${deals[0].number}&kind=won`);
		await page.locator('.calendar-none').waitFor();
		await page.getByRole('button', { name: 'Show everything' }).click();
		await chip(ids[1]).waitFor();
		check(!/q=|kind=/.test(page.url()), `the filter is gone: ${page.url()}`);
		await page.goto(`${base}${CALENDAR}&view=list&kind=lost&period=today`);
		await page.getByRole('heading', { name: 'Nothing planned fits' }).waitFor();
		noFaults(page);
	});

	await tellPhone();
	await tellPaper();
}

const shellAlone = async (page) => {
	const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat());
	check(kept.length > 20, `the app is kept: ${kept.length} files`);
	equal(kept.filter((path) => !/^\/($|favicon\.svg$|assets\/[^/]+\.(js|css|woff2)$)/.test(path)), [], 'kept besides the app itself:');
};

/* The words of a PDF as Chromium writes them, without blanks: codes of each font by its own table. And its sheets, width and height in points. */
function paper(bytes) {
	const raw = bytes.toString('latin1');
	const head = new Map();
	const text = new Map();
	for (const found of raw.matchAll(/(?:^|\n)(\d+) 0 obj\s/g)) {
		const begin = found.index + found[0].length;
		const whole = raw.slice(begin, raw.indexOf('endobj', begin));
		const at = whole.search(/>>\s*stream\r?\n/);
		head.set(found[1], at < 0 ? whole : whole.slice(0, at));
		if (at < 0)
			continue;
		const from = begin + at + /^>>\s*stream\r?\n/.exec(whole.slice(at))[0].length;
		const part = bytes.subarray(from, bytes.indexOf('endstream', from));
		text.set(found[1], head.get(found[1]).includes('/FlateDecode') ? inflateSync(part, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1') : part.toString('latin1'));
	}
	const utf16 = (hex) => String.fromCharCode(...(hex.match(/.{4}/g) ?? []).map((four) => parseInt(four, 16)));
	const fonts = new Map();
	for (const [id, words] of head) {
		const map = text.get(/\/ToUnicode (\d+) 0 R/.exec(words)?.[1]);
		if (!map)
			continue;
		const letters = new Map();
		for (const [, block] of map.matchAll(/beginbfchar(.*?)endbfchar/gs))
			for (const [, code, to] of block.matchAll(/<(\w+)>\s*<(\w+)>/g))
				letters.set(parseInt(code, 16), utf16(to));
		for (const [, block] of map.matchAll(/beginbfrange(.*?)endbfrange/gs))
			for (const [, first, last, to] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g))
				for (let code = parseInt(first, 16); code <= parseInt(last, 16); code++)
					letters.set(code, String.fromCharCode(parseInt(to, 16) + code - parseInt(first, 16)));
		fonts.set(`F${id}`, { letters, width: /begincodespacerange\s*<(\w+)>/.exec(map)[1].length });
	}
	let words = '';
	for (const content of text.values()) {
		let font = null;
		for (const [, name, hex] of content.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
			if (name)
				font = fonts.get(name) ?? null;
			else if (font)
				words += (hex.match(new RegExp(`.{${font.width}}`, 'g')) ?? []).map((code) => font.letters.get(parseInt(code, 16)) ?? '').join('');
		}
	}
	return { words: words.replace(/\s/g, ''), sheets: [...raw.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, w, h]) => [Math.round(w), Math.round(h)]) };
}

async function tellPaper() {
	await story('board, list and calendar on paper: what stands in them and nothing to press, on sheets that lie where they are wide', async () => {
		const page = await enter(sanne, '/deals/board?workspace=garage-smit');
		const deals = [];
		const names = [];
		/* more than fit on a screen, and fewer than the forty a board begins with */
		for (let at = 0; at < 30; at++)
			names.push((await lead(null, {}, 'garage-smit')).name);
		deals.push(await dealOf(page, `${names[0]} — Taart`, 'garage-smit'));
		for (const name of names.slice(1)) /* they need not come in the order they were sent */
			await dealOf(page, `${name} — Taart`, 'garage-smit');
		await plan(page, deals[0], 'Op papier', `${day()}T22:30:00Z`);
		const bare = (text) => text.replace(/\s/g, '');
		for (const [path, ready, texts, wide] of [
			['/deals/board', '.card', names, true],
			['/deals/table', 'tbody tr', [...names, 'Owner', 'Value'], true],
			['/deals/calendar', '.chip', ['Op papier'], true],
		]) {
			await page.goto(`${base}${path}?workspace=garage-smit`);
			await page.locator(ready).first().waitFor();
			await until(`the last stands on ${path}`, async () => bare(await page.locator('#main').innerText()).includes(bare(texts[0] === names[0] ? names.at(-1) : texts[0])));
			const bytes = await page.pdf({ preferCSSPageSize: true });
			const { words, sheets } = paper(bytes);
			for (const text of texts)
				check(words.includes(bare(text)), `${path} has ${text} on paper: ${words.slice(0, 600)}`);
			for (const text of ['Search or jump to', 'Keyboard shortcuts', 'Clear filters', 'On your phone', 'Views'])
				check(!words.includes(bare(text)), `${path} has nothing to press on paper: ${text}`);
			await page.emulateMedia({ media: 'print' });
			await becomes(() => page.locator('#main').locator('.page-head, .bar, .column-head, .column > button').locator('button:not(.filter-on, .sort):visible, a:visible, input:visible').evaluateAll((all) => all.map((one) => one.outerHTML.slice(0, 80))), [], `to press on paper, ${path}:`);
			await page.emulateMedia({ media: null });
			check(sheets.length > 0 && sheets.length < 12, `${path} is ${sheets.length} sheets`);
			check(!wide || sheets.every(([w, h]) => w > h), `${path} lies: ${sheets}`);
			check(!words.includes('undefined') && words.length > 40, `${path} says something: ${words.length}`);
		}
		noFaults(page);
	});
}

async function tellPhone() {
	await story('the app can be installed: its manifest and pictures; it keeps its own files and nothing of anybody, and begins without a connection, saying so', async () => {
		const page = await enter(sanne, '/deals/board?workspace=bakkerij-jansen', { worker: true });
		await page.locator('.column').first().waitFor();
		const manifest = await (await page.context().request.get(new URL(await page.locator('link[rel=manifest]').getAttribute('href'), base).href)).json();
		equal([manifest.display, manifest.start_url, manifest.scope], ['standalone', '/', '/'], 'the manifest:');
		for (const { src, sizes, type } of manifest.icons.filter((icon) => icon.type === 'image/png')) {
			const reply = await page.context().request.get(base + src);
			const bytes = await reply.body();
			equal([reply.headers()['content-type'], `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`], [type, sizes], `${src}:`);
		}
		equal(await page.evaluate(async () => (await navigator.serviceWorker.ready).active.scriptURL.endsWith('/sw.js')), true, 'a service worker:');
		await until('it has this page', () => page.evaluate(() => navigator.serviceWorker.controller !== null));
		await page.goto(`${base}/leads?workspace=bakkerij-jansen`);
		await page.getByRole('heading', { level: 1 }).waitFor();
		await page.goto(`${base}/deals/board?workspace=bakkerij-jansen`);
		await page.locator('.column').first().waitFor();
		await shellAlone(page);
		await page.context().setOffline(true);
		await page.getByText('Offline', { exact: true }).first().waitFor();
		await page.goto(`${base}/tasks?workspace=bakkerij-jansen`);
		await page.getByText('The server cannot be reached').first().waitFor();
		check(await page.evaluate(() => document.fonts.check('14px "Inter Variable"') && document.styleSheets.length > 0), 'with its letters and its looks');
		await page.context().setOffline(false);
		await page.getByRole('button', { name: 'Try again' }).first().click();
		await page.locator('.sidebar').waitFor();
		await shellAlone(page);
		equal(page.faults.filter((fault) => !fault.includes('offline')), [], 'faults but for what could not be read:');
		page.faults.length = 0;
	});
}

export const data = ['Ida Agenda', 'Ina Filter'];
export const places = {
	'calendar where nothing fits': async (page) => {
		const kept = page.waitForResponse((reply) => reply.url().includes('/api/me/prefs') && reply.request().method() === 'PUT');
		await page.goto(`${base}/deals/calendar?workspace=bakkerij-jansen&kind=lost&q=%230`);
		await page.locator('.calendar-none').waitFor();
		await kept;
		await api(page, 'PUT', '/api/me/prefs?workspace=bakkerij-jansen', { place: 'deals', content: { values: null } });
	},
	'calendar link': async (page) => {
		await page.goto(`${base}/deals/calendar?workspace=vesting-cargo`);
		await page.locator('.grid-month').waitFor();
		await page.locator('.page-head .page-actions button').click();
		await page.locator('.lw-dialog .form-foot button').first().waitFor();
	},
};
