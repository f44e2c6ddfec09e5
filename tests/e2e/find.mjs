/* Finding: the search page, the palette, the sheet of keys, and what a hit that has no page of its own opens. */
import { api, base, becomes, card, check, enter, equal, post, story, until } from './house.mjs';
import { B, daan, hook, klant, lead, noFaults, sanne, smit } from './given.mjs';

const MULLER = { name: 'Jürgen Müller', email: 'jurgen@muller-holz.example', company: 'Müller Holz', form_type: 'Kozijnen' };
let planted = null;
/* one and the same lead for every story of this room, found by the services */
async function muller(page) {
	planted ??= await post(hook['bakkerij-jansen'], MULLER);
	await until('the services find it', async () => {
		const { data } = await (await api(page, 'GET', '/api/crm/search?q=muller%20holz&workspace=bakkerij-jansen')).json();
		return data.leads.length && data.opportunities.length && data.contacts.length;
	});
}
const search = (q, slug = 'bakkerij-jansen') => `/search?${slug ? `workspace=${slug}&` : ''}q=${encodeURIComponent(q)}`;
const group = (page, name) => page.getByRole('region', { name, exact: true });
const palette = async (page, text) => {
	await page.locator('.live-open').waitFor();
	await page.keyboard.press('/');
	await page.getByRole('combobox').waitFor();
	if (text)
		await page.getByRole('combobox').fill(text);
};

export async function tell() {
	/* ---- the search page ---- */

	await story('S3-7: leads, deals and contacts in groups, accents see through, words marked, no foreign workspace', async () => {
		const page = await enter(sanne, B);
		await muller(page);
		await post(hook['garage-smit'], { ...MULLER, email: 'elders@muller.example', name: 'Elders Müller' });
		await page.goto(base + search('muller'));
		await group(page, 'Leads').getByText('Jürgen Müller').waitFor();
		for (const name of ['Deals', 'Contacts'])
			await until(`it is among the ${name}`, async () => (await group(page, name).textContent()).includes('Jürgen Müller'));
		await becomes(() => group(page, 'Accounts').count(), 0, 'a group that is empty:');
		await becomes(() => page.getByText('Elders').count(), 0, 'hits of another workspace:');
		const marks = await page.locator('mark').allTextContents();
		check(marks.length > 2 && marks.every((one) => /^m[uü]ller$/i.test(one)), `marked: ${marks}`);
		await until('the group says how many', async () => (await group(page, 'Leads').locator('.found-count').textContent()) === '1');
		/* whoever sees only the garage finds only its own */
		const other = await enter(smit, search('muller', null));
		await until('his own is found', async () => {
			await other.reload();
			return other.getByText('Elders Müller').first().waitFor({ timeout: 1500 }).then(() => true);
		}, 10000);
		await becomes(() => other.getByText('Jürgen').count(), 0, 'hits of a workspace that is not his:');
		/* of all: each says whose it is */
		await page.goto(base + search('muller', null));
		await group(page, 'Leads').getByText('Elders').first().waitFor();
		await group(page, 'Leads').locator('.tag', { hasText: 'Garage Smit' }).first().waitFor();
		noFaults(page);
	});

	await story('S3-7: a slip finds what is similar and says so; a star keeps a record at hand in the palette, on the other device too', async () => {
		const page = await enter(sanne, B);
		await muller(page);
		await page.goto(base + search('muller hol'));
		await group(page, 'Leads').getByText('Jürgen Müller').waitFor();
		await becomes(() => page.locator('.tag-warn', { hasText: 'similar' }).count(), 0, 'what begins so is called similar:');
		await page.goto(base + search('mulelr'));
		await group(page, 'Leads').locator('li', { hasText: 'Jürgen Müller' }).getByText('similar').waitFor();
		await page.goto(base + search('uller'));
		await group(page, 'Contacts').locator('li', { hasText: 'Jürgen Müller' }).click();
		const star = page.getByRole('button', { name: 'Keep at hand' });
		await star.click();
		await page.locator('[aria-pressed=true][aria-label="Keep at hand"]').waitFor();
		const other = await enter(sanne, B);
		await palette(other);
		await other.getByRole('option', { name: /Jürgen Müller.*Contact/ }).waitFor();
		await other.getByText('Kept at hand').waitFor();
		await star.click();
		await other.getByText('Kept at hand').waitFor({ state: 'detached' });
		noFaults(page);
		noFaults(other);
		await other.context().close();
	});

	await story('the search page is walked by keys, a hit opens over it, back leads to the hits', async () => {
		const page = await enter(sanne, B);
		await muller(page);
		await page.goto(base + search('kozijnen mul'));
		const field = page.getByRole('searchbox', { name: 'Search everything' });
		await page.locator('a.hit').first().waitFor();
		await until('the field has the focus', () => field.evaluate((one) => one === document.activeElement));
		await page.keyboard.press('ArrowDown');
		await becomes(() => page.evaluate(() => document.activeElement === document.querySelectorAll('a.hit')[0]), true, 'the first hit has the focus:');
		await page.keyboard.press('End');
		await becomes(() => page.evaluate(() => document.activeElement === [...document.querySelectorAll('a.hit')].at(-1)), true, 'the last one:');
		await page.keyboard.press('Home');
		await page.keyboard.press('ArrowUp');
		await becomes(() => field.evaluate((one) => one === document.activeElement), true, 'back in the field:');
		await group(page, 'Deals').locator('a.hit').first().click();
		await page.getByRole('dialog', { name: 'Jürgen Müller — Kozijnen' }).waitFor();
		await page.keyboard.press('Escape');
		await page.waitForURL((url) => !url.searchParams.has('id'));
		await becomes(() => field.inputValue(), 'kozijnen mul', 'the search is still there:');
	});

	await story('an older answer never stands over a newer one', async () => {
		const page = await enter(sanne, B);
		await muller(page);
		await page.goto(base + search(''));
		let release;
		const held = new Promise((go) => { release = go; });
		await page.route(/search\?.*q=zz/, async (route) => { await held; await route.continue().catch(() => undefined); });
		const field = page.getByRole('searchbox', { name: 'Search everything' });
		await field.fill('zz');
		await page.waitForURL(/q=zz/);
		await field.fill('muller');
		await page.locator('a.hit').first().waitFor();
		release();
		await page.evaluate(() => fetch('/api/crm/search?q=muller&limit=1').then((reply) => reply.text()));	/* asked after it, answered after it */
		await until('the newer answer stays', async () => (await page.locator('a.hit').first().textContent()).includes('Müller'));
		await becomes(() => page.getByText('Nothing found').count(), 0);
	});

	await story('a service that does not answer is said as missing, not as nothing found', async () => {
		const page = await enter(sanne, B);
		await muller(page);
		await page.route(/\/api\/crm\/search/, async (route) => {
			const reply = await route.fetch();
			const body = await reply.json();
			await route.fulfill({ response: reply, json: { ...body, partial: true, data: { ...body.data, contacts: [] } } });
		});
		await page.goto(base + search('muller'));
		await page.getByRole('alert').filter({ hasText: 'Not everything could be searched' }).waitFor();
		await page.locator('a.hit').first().waitFor();
	});

	await story('a contact opens on its page, from a link over the page in a small view with their deals; a lead opens and leads to its deal; an old client link, too', async () => {
		const page = await enter(sanne, B);
		await muller(page);
		await page.goto(base + search('muller'));
		await group(page, 'Contacts').locator('a.hit').first().click();
		await page.getByRole('heading', { level: 1, name: 'Jürgen Müller' }).waitFor();
		const id = new URL(page.url()).pathname.split('/')[2];
		await page.goto(`${base}${B}&type=contact&id=${id}`);
		const view = page.getByRole('dialog', { name: 'Jürgen Müller' });
		await view.getByText('jurgen@muller-holz.example').waitFor();
		await view.getByRole('link', { name: /Kozijnen/ }).click();
		await page.getByRole('dialog', { name: 'Jürgen Müller — Kozijnen' }).waitFor();
		await page.goto(base + search('muller'));
		await group(page, 'Leads').locator('a.hit').first().click();
		await page.getByRole('dialog', { name: 'Jürgen Müller', exact: true }).getByRole('button', { name: 'Open the deal' }).click();
		await page.getByRole('dialog', { name: 'Jürgen Müller — Kozijnen' }).waitFor();
		await page.goto(`${base}/crm?workspace=bakkerij-jansen&type=client&id=${id}`);
		await page.getByRole('dialog', { name: 'Jürgen Müller' }).waitFor();
		await page.keyboard.press('Escape');
		await page.waitForURL((url) => !url.searchParams.has('id'));
		await page.goto(`${base}/crm?workspace=bakkerij-jansen&type=client&id=0193a0c4-6f1e-7c52-9b7e-2f4d5a6b7c8d`);
		await page.getByRole('dialog').getByText('no such contact').waitFor();
		noFaults(page);
	});

	/* ---- the palette ---- */

	await story('palette: a hit by Enter, all results, pages and commands, what was opened last', async () => {
		const page = await enter(sanne, B);
		await muller(page);
		await palette(page, 'holz');
		await page.getByRole('option', { name: /Jürgen Müller — Kozijnen/ }).waitFor();
		await page.keyboard.press('Enter');
		await page.getByRole('dialog', { name: 'Jürgen Müller — Kozijnen' }).waitFor();
		await page.keyboard.press('Escape');
		await page.waitForURL((url) => !url.searchParams.has('id'));
		await page.keyboard.press('Control+k');
		await page.getByRole('combobox').waitFor();
		await page.getByRole('option', { name: /Jürgen Müller — Kozijnen/ }).waitFor();	/* opened last */
		await page.getByRole('option', { name: 'holz', exact: true }).waitFor();		/* looked for last */
		await page.getByRole('combobox').fill('muller');
		await page.getByRole('option', { name: 'All results for “muller”' }).click();
		await page.waitForURL(/\/search\?.*q=muller/);
		await page.locator('a.hit').first().waitFor();
		await page.keyboard.press('Escape');
		await page.keyboard.press('Control+k');
		await page.getByRole('combobox').fill('api k');
		await page.getByRole('option', { name: 'Settings: API keys' }).click();
		await page.waitForURL(/\/settings\/api\?workspace=bakkerij-jansen/);
		noFaults(page);
	});

	await story('palette: Enter before the answer goes to all results, never to a hit of an older text', async () => {
		const page = await enter(sanne, B);
		await muller(page);
		const it = await lead(page);
		await palette(page, 'holz');
		await page.getByRole('option', { name: /Kozijnen/ }).first().waitFor();
		let release;
		const held = new Promise((go) => { release = go; });
		await page.route(/\/api\/crm\/search/, async (route) => { await held; await route.continue().catch(() => undefined); });
		await page.getByRole('combobox').fill(it.name);
		await page.keyboard.press('Enter');
		await page.waitForURL((url) => url.pathname === '/search' && url.searchParams.get('q') === it.name);
		equal(new URL(page.url()).searchParams.has('id'), false, 'nothing older was opened:');
		release();
		await page.locator('a.hit', { hasText: it.name }).first().waitFor();
	});

	await story('palette: who may not manage finds no settings, and nothing of another workspace', async () => {
		const page = await enter(klant, B);
		await page.locator('.live-open').waitFor();
		await palette(page, 'users');
		await page.getByRole('option', { name: /in help/ }).waitFor();
		await becomes(() => page.getByRole('option', { name: /Settings/ }).count(), 0, 'settings offered:');
	});

	await story('palette: what is typed before it stands is in its field, and runs no key; Escape takes it back', async () => {
		const page = await enter(sanne, B);
		await page.locator('.live-open').waitFor();
		let letIn;
		const gate = new Promise((done) => { letIn = done; });
		await page.route(/\/palette-[^/]*\.js/, async (route) => {
			await gate;
			await route.continue();
		});
		await page.keyboard.press('/');
		await page.keyboard.type('no d?x');
		await page.keyboard.press('Backspace');
		await becomes(() => page.getByRole('combobox').count(), 0, 'fields that stand already:');
		letIn();
		await becomes(() => page.getByRole('combobox').inputValue(), 'no d?', 'what was typed early:');
		await page.keyboard.type('z');
		await becomes(() => page.getByRole('combobox').inputValue(), 'no d?z', 'and went on with:');
		await becomes(() => page.getByRole('dialog').count(), 1, 'dialogs by what was typed:');
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
		/* its field clicked, and typed at once */
		await page.locator('.search-button').evaluate((one) => one.click());
		await page.keyboard.type('gl n');
		await becomes(() => page.getByRole('combobox').inputValue(), 'gl n', 'typed after a click:');
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
		await becomes(() => new URL(page.url()).pathname, '/deals/board', 'the page that letters led to:');
	});

	await story('palette: every page has its entry, a new contact is made from anywhere; a phone has a menu for what a page can do', async () => {
		const page = await enter(sanne, B);
		await palette(page);
		for (const name of ['My day', 'Tasks', 'Calendar', 'Dashboard', 'Import', 'Duplicates', 'Trash', 'Segments'])
			await page.getByRole('option', { name: new RegExp(`^${name}`) }).waitFor();
		await page.getByRole('combobox').fill('new con');
		await page.getByRole('option', { name: 'New contact' }).click();
		await page.getByRole('dialog', { name: 'New contact' }).waitFor();
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
		await page.getByRole('button', { name: /^Import/ }).waitFor();
		await page.setViewportSize({ width: 375, height: 760 });
		await page.getByRole('button', { name: 'More on this page' }).click();
		for (const name of ['Import', 'Duplicates', 'As vCard'])
			await page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).waitFor();
		await page.getByRole('menuitem', { name: 'Trash' }).click();
		await page.waitForURL(/\/trash\?.*of=contact/);
		noFaults(page);
	});

	/* ---- keys ---- */

	await story('S3-8: N opens a new lead but not while typing nor with Ctrl; Escape gives the focus back; / types no slash', async () => {
		const page = await enter(sanne, '/leads?workspace=bakkerij-jansen');
		await page.getByRole('table').waitFor();
		const dialog = page.getByRole('dialog');
		await page.getByRole('searchbox').focus();
		await page.keyboard.press('n');
		await becomes(() => page.getByRole('searchbox').inputValue(), 'n', 'a letter that was typed:');
		await becomes(() => dialog.count(), 0, 'dialogs while typing:');
		await page.getByRole('searchbox').fill('');
		const from = page.locator('tbody a').first();
		await from.focus();
		await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', ctrlKey: true, bubbles: true })));
		await becomes(() => dialog.count(), 0, 'dialogs by Ctrl+N:');
		await page.keyboard.press('n');
		await page.getByRole('dialog', { name: 'New lead' }).waitFor();
		await page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'detached' });
		await until('the focus is back', () => from.evaluate((one) => one === document.activeElement));
		await page.keyboard.press('/');
		await becomes(() => page.getByRole('combobox').inputValue(), '', 'a slash in the field:');
	});

	await story('keys: G and a letter go to every page; the sheet says every one of them, ⌘ on a Mac', async () => {
		await lead(null);
		const page = await enter(sanne, B);
		await page.locator('.live-open').waitFor();
		for (const [key, place] of Object.entries({ n: /\/notifications/, p: /\/profile/, s: /\/settings\//, h: /\/help/, f: /\/search/ })) {
			await page.evaluate(() => document.activeElement.blur?.());
			await page.keyboard.press('g');
			await page.keyboard.press(key);
			await page.waitForURL(place);
			check(page.url().includes('workspace=bakkerij-jansen'), `the workspace stays: ${page.url()}`);
		}
		await page.goto(base + B);
		await page.locator('.card').first().waitFor();
		await page.keyboard.press('?');
		const text = await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).innerText();
		for (const letter of ['B', 'L', 'F', 'N', 'S', 'P', 'H'])
			check(new RegExp(`G\\s*${letter}\\b`).test(text), `G ${letter} stands on the sheet`);
		check(text.includes('Ctrl'), 'Ctrl where it is Ctrl');
		/* one key straight after the other: the sheet on its way out stops nothing */
		await page.keyboard.press('Escape');
		await page.keyboard.press('/');
		await until('what is typed goes into the search', () => page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null && document.activeElement?.tagName === 'INPUT'));
		await becomes(() => page.evaluate(() => document.activeElement.value), '', 'typed so far:');
		const mac = await enter(sanne, '/profile');
		await mac.addInitScript(() => Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' }));
		await mac.goto(base + B);
		await mac.locator('.card').first().waitFor();
		await mac.keyboard.press('?');
		await until('⌘ where it is ⌘', async () => (await mac.getByRole('dialog').innerText()).includes('⌘'));
	});
}

/* ---- the places of this room ---- */

const open = async (page, path) => { await page.goto(base + path); await page.locator('.page-head h1').waitFor(); };
export const places = {
	'search page': async (page) => { await muller(page); await open(page, search('muller', null)); await page.locator('a.hit').nth(2).waitFor(); },
	'search page empty': async (page) => { await open(page, search('')); await page.locator('.empty').waitFor(); },
	'search page none': async (page) => { await open(page, search('xyzzy')); await page.locator('.empty').waitFor(); },
	palette: async (page) => { await page.goto(base + B); await page.locator('.card').first().waitFor(); await muller(page); await palette(page, 'muller'); await page.locator('.palette-found').first().waitFor(); },
};
export const byKey = ['palette'];
export const data = ['Jürgen Müller', 'Müller Holz', 'Elders Müller', 'Kozijnen', 'Taart'];

