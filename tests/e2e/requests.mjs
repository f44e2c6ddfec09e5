/* Requests as they came in: what a form sends wrongly is seen whole, its mapping is mended beside it, and all of it is read again: leads, and no lead twice. What
   was taken for spam is made a lead by hand. */
import { api, base, becomes, check, crmctl, enter, equal, person, story, until } from './house.mjs';
import { agency, noFaults } from './given.mjs';
import { axe, targets } from './probes.mjs';

const W = '?workspace=post-kamer';
crmctl('workspace', 'add', 'post-kamer', '--preset', 'nl-offerte-6', '--name', 'Post Kamer');
const petra = person('petra@post.example', 'Petra Post', '--workspace', 'post-kamer', '--role', 'owner');

/* ways in of the stories' own, each with what it is told once */
async function wayIn(page, name, kind = 'generic', workspace = 'post-kamer', more = {}) {
	const made = await api(page, 'POST', `/api/sources?workspace=${workspace}`, { name, kind, ...more });
	check(made.status() === 201, `a way in is ${made.status()}: ${await made.text()}`);
	return made.json();
}
const send = (hook, body, type) => fetch(hook, { method: 'POST', body, headers: { 'Content-Type': type } });
const lines = (n) => `Naam: Klant ${String.fromCharCode(64 + n)} de Boer\nE-mail: klant${n}@lijst.example\nTelefoon: 06 1234 56${String(n).padStart(2, '0')}\nVraag: Wat kost nummer ${n}?\nEn wanneer kan het?\n`;
const leads = async (page) => (await (await api(page, 'GET', `/api/crm/leads${W}&limit=200`)).json()).data;
const requests = async (page, source, more = '') => (await (await api(page, 'GET', `/api/submissions${W}&source=${source}&limit=200${more}`)).json()).data;
const row = (page, words) => page.locator('tbody tr', { hasText: words });

async function choose(page, box, label, option) {
	await box.getByRole('combobox', { name: label, exact: true }).click();
	await page.getByRole('option', { name: option, exact: true }).click();
}

export async function tell() {
	await story('twenty requests that could not be read: the mapping is mended beside them, they are read again, and are twenty leads; once more, and none', async () => {
		const page = await enter(petra, `/settings/requests${W}`);
		await page.getByRole('heading', { name: 'Requests', level: 1 }).waitFor();
		const { id, hook } = await wayIn(page, 'Oude lijst');
		for (let n = 1; n <= 20; n++)
			equal((await send(hook, lines(n), 'application/json')).status, 400, 'what cannot be read is refused:');
		/* they come in while one looks */
		await becomes(() => row(page, 'lijst.example').count(), 20, 'all of them are seen:');
		equal((await leads(page)).length, 0, 'no lead yet:');
		await page.locator('.segment', { hasText: 'Could not be read 20' }).click();
		await page.waitForURL(/what=bad_request/);
		const before = await requests(page, id);
		equal(before.map((one) => one.outcome), Array(20).fill('bad_request'), 'what became of them:');

		await row(page, 'klant7@lijst.example').locator('a.row-link').click();
		await page.locator('[data-request]').getByText('It could not be read, so no lead came of it.').waitFor();
		await page.getByText('Wat kost nummer 7?').waitFor();
		await axe(page, 'a request');
		await targets(page, 24, 'a request');
		await page.getByRole('link', { name: 'Mapping of this source' }).click();
		await page.waitForURL(new RegExp(`/settings/sources/${id}/mapping`));
		await page.locator('[data-gives=bad_request]').waitFor();
		await page.getByRole('button', { name: 'Read it as: Lines with a name and a value' }).click();
		await page.locator('[data-gives=lead]').waitFor();
		await becomes(() => page.locator('[data-gives-field=email]').textContent(), 'klant7@lijst.example');
		await becomes(() => page.locator('.map-gives [role=status]').textContent(), '20 of the latest 20 give a lead');
		/* a name that nobody knows, pointed at: by keys alone */
		await page.locator('[data-path="Vraag"] button').focus();
		await page.keyboard.press('Enter');
		await page.getByRole('menuitem', { name: 'Message', exact: true }).waitFor();
		await page.keyboard.press('m');
		await page.keyboard.press('Enter');
		await becomes(() => page.locator('[data-gives-field=message]').textContent(), 'Wat kost nummer 7?\nEn wanneer kan het?');
		await axe(page, 'the mapping');
		await targets(page, 24, 'the mapping');
		equal((await requests(page, id, '&outcome=lead')).length, 0, 'nothing is written before it is saved:');
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		const dialog = page.getByRole('dialog', { name: 'Replay 20 requests' });
		await dialog.getByRole('button', { name: 'Replay', exact: true }).click();
		await becomes(() => dialog.locator('[data-end]').getAttribute('data-end').catch(() => ''), '20 0 0 0', 'leads, duplicates, refused, had:');
		await axe(page, 'what a replay says');
		await dialog.getByRole('button', { name: 'Close' }).last().click();
		await becomes(async () => (await leads(page)).length, 20, 'leads:');
		const made = await leads(page);
		equal(new Set(made.map((one) => one.email)).size, 20, 'each another one:');
		check(made.every((one) => /^Wat kost nummer \d+\?\nEn wanneer kan het\?$/.test(one.message)), `messages: ${made[0].message}`);
		/* as they came, to the byte */
		const after = await requests(page, id);
		equal(after.map((one) => [one.id, one.outcome, one.says, one.lead_ids.length]), before.map((one) => [one.id, 'lead', one.says, 1]), 'the requests:');

		/* once more, one of them by the API and all of them by the page: nothing is there that is not a lead yet */
		const again = await api(page, 'POST', `/api/submissions/replay${W}`, { ids: before.map((one) => one.id) });
		const end = (await again.text()).trim().split('\n').map((line) => JSON.parse(line)).find((line) => line.end).end;
		equal([end.leads, end.duplicates, end.refused, end.had], [0, 0, 0, 20], 'leads, duplicates, refused, had:');
		await page.goto(`${base}/settings/requests${W}&source=${id}`);
		await page.getByRole('button', { name: 'Replay what could not be read' }).click();
		const all = page.getByRole('dialog', { name: 'Replay what could not be read' });
		await all.getByRole('button', { name: 'Replay', exact: true }).click();
		await becomes(() => all.locator('[data-end]').getAttribute('data-end').catch(() => ''), '0 0 0 0', 'leads, duplicates, refused, had:');
		await all.getByText('There was nothing to replay.').waitFor();
		equal((await leads(page)).length, 20, 'leads:');
		noFaults(page);
	});

	await story('what a robot seems to have sent is seen, and made a lead by hand, once; and so is what looks like the same again', async () => {
		const page = await enter(petra, `/settings/requests${W}&what=spam`);
		const { hook } = await wayIn(page, 'Formulier', 'web_form');
		await send(hook, new URLSearchParams({ name: 'Toch Mens', email: 'mens@spam.example', website: 'https://mijn.example' }).toString(), 'application/x-www-form-urlencoded');
		await row(page, 'mens').locator('a.row-link').click();
		await page.getByText('A robot seems to have sent it').waitFor();
		await page.getByRole('button', { name: 'Make a lead' }).focus();
		await page.keyboard.press('Enter');
		await page.locator('[data-end="1 0 0 0"]').waitFor();
		await becomes(() => page.evaluate(() => document.activeElement?.hasAttribute('data-request')), true, 'who pressed it by keys goes on there:');
		await page.locator('[data-leads]').getByRole('link', { name: 'Open the lead' }).waitFor();
		await page.getByText(/^Replayed on .* by Petra Post$/).waitFor();
		await becomes(() => page.getByRole('button', { name: 'Make a lead' }).count(), 0, 'it is one, and is not made again:');
		await becomes(async () => (await leads(page)).filter((one) => one.email === 'mens@spam.example').length, 1, 'leads:');
		await page.locator('[data-leads]').getByRole('link', { name: 'Open the lead' }).click();
		await page.locator('.lw-panel').getByText('mens@spam.example').first().waitFor();

		const twice = JSON.stringify({ name: 'Twee Keer', email: 'twee@keer.example', message: 'Nog een' });
		for (let n = 0; n < 2; n++)
			equal((await send(hook, twice, 'application/json')).status, 202, 'it is kept:');
		await page.goto(`${base}/settings/requests${W}&what=duplicate`);
		await row(page, 'twee@keer.example').locator('a.row-link').click();
		await page.getByText('The same was sent before, and has its lead already.').waitFor();
		await page.getByRole('button', { name: 'Make a lead' }).click();
		await page.locator('[data-end="1 0 0 0"]').waitFor();
		await becomes(async () => (await leads(page)).filter((one) => one.email === 'twee@keer.example').length, 2, 'leads:');
		noFaults(page);
	});

	await story('what came by the agency’s address and named no customer: an administrator says whose it is, and it is a lead of theirs', async () => {
		const ada = person('ada@post.example', 'Ada Bureau', '--admin');
		const answer = await send(agency, JSON.stringify({ name: 'Nora Niemand', email: 'nora@niemand.example' }), 'application/json');
		check(answer.status >= 400, `who names no customer is told: ${answer.status}`);
		const page = await enter(ada, `/settings/requests${W}`);
		await page.getByRole('button', { name: 'Say whose they are' }).click();
		const one = page.getByRole('dialog').locator('[data-nobody]', { hasText: 'nora@niemand.example' });
		await one.waitFor();
		await axe(page, 'whose they are');
		await one.getByRole('button', { name: 'Make a lead' }).click();
		await page.getByRole('dialog').locator('[data-end="1 0 0 0"]').waitFor();
		await one.waitFor({ state: 'detached' });
		await becomes(async () => (await leads(page)).filter((each) => each.email === 'nora@niemand.example').length, 1, 'leads:');
		noFaults(page);
		const other = await enter(petra, `/settings/requests${W}`);
		await other.locator('tbody tr').first().waitFor();
		await becomes(() => other.getByText('nobody’s').count(), 0, 'who is no administrator is not asked:');
	});

	await story('rules: a table, a place more, a constant and another order by keys; what is wrong is said at its rule, and nobody leaves unsaved without being asked', async () => {
		const page = await enter(petra);
		const { id, hook } = await wayIn(page, 'Eigen namen');
		equal((await send(hook, 'q1: Sjoerd Smit\nq2: s@smit.example\nmaat: L\nmobiel:\ntel2: 06 87654321\n', 'application/json')).status, 400, 'it is no JSON:');
		await page.goto(`${base}/settings/sources/${id}/mapping${W}`);
		const use = async (path, field) => {
			await page.locator(`[data-path="${path}"] button`).click();
			await page.getByRole('menuitem', { name: field, exact: true }).click();
		};
		await page.getByRole('button', { name: 'Read it as: Lines with a name and a value' }).click();
		await use('q1', 'Name');
		await use('q2', 'Email');
		await use('mobiel', 'Phone');
		await use('tel2', 'Phone');
		await use('maat', 'A field of its own');
		const rule = (n) => page.locator('.map-rule').nth(n);
		await rule(3).locator('summary').click();
		await rule(3).getByRole('button', { name: 'Add a line' }).click();
		await rule(3).getByRole('textbox', { name: 'Says, line 1' }).fill('l');
		await rule(3).getByRole('textbox', { name: 'Becomes, line 1' }).fill('Groot');
		await page.getByRole('button', { name: 'Add a rule' }).click();
		await choose(page, rule(4), 'Field of the lead', 'Email');
		await choose(page, rule(4), 'Its value', 'Is always the same');
		await rule(4).getByRole('textbox', { name: 'Always' }).fill('altijd@smit.example');
		await rule(4).getByText('Another rule gives this already').waitFor();
		await choose(page, rule(4), 'Field of the lead', 'Form or subject');
		await rule(4).getByRole('textbox', { name: 'Always' }).fill('Offerte');
		const given = { 'name': 'Sjoerd Smit', 'email': 's@smit.example', 'phone': '+31687654321', 'form_type': 'Offerte', 'fields.maat': 'Groot' };
		await becomes(async () => {
			const have = Object.fromEntries(await page.locator('[data-gives-field]').evaluateAll((all) => all.map((one) => [one.dataset.givesField, one.textContent])));
			return Object.fromEntries(Object.keys(given).map((name) => [name, have[name] ?? null]));
		}, given, 'the lead:');
		await rule(0).getByRole('button', { name: 'Move Name down' }).focus();
		await page.keyboard.press('Alt+ArrowDown');
		await becomes(() => page.locator('.map-rule-head b').allTextContents(), ['Email', 'Name', 'Phone', 'maat', 'Form or subject'], 'their order:');
		await page.getByRole('link', { name: 'Sources', exact: true }).first().click();
		await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Cancel' }).click();
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await page.getByRole('dialog', { name: 'Replay 1 request' }).getByRole('button', { name: 'Replay', exact: true }).click();
		await page.locator('[data-end="1 0 0 0"]').waitFor();
		const { mapping } = await (await api(page, 'GET', `/api/sources/${id}${W}`)).json();
		equal(mapping, [{ read: 'lines' }, { to: 'email', from: 'q2' }, { to: 'name', from: 'q1' }, { to: 'phone', from: ['mobiel', 'tel2'] }, { to: 'fields.maat', from: 'maat', values: { l: 'Groot' } }, { to: 'form_type', value: 'Offerte' }], 'what is saved:');
		noFaults(page);
	});

	await story('on a phone, in Dutch: the mapping is one column, nothing sticks out, and what a value becomes is chosen by a finger', async () => {
		const page = await enter(petra, `/settings/requests${W}`, { phone: true, nl: true });
		await api(page, 'PUT', '/api/me', { language: 'nl' });
		try {
			const { id, hook } = await wayIn(page, 'Telefoon');
			await send(hook, JSON.stringify({ data: { leads: [{ wie: 'Een', mail: 'een@tel.example' }, { wie: 'Twee', mail: 'twee@tel.example' }] } }), 'application/json');
			await page.goto(`${base}/settings/sources/${id}/mapping${W}`);
			await page.locator('[data-path="data.leads"] .map-at').tap();
			await page.locator('[data-path="wie"] button').first().tap();
			await page.getByRole('menuitem', { name: 'Naam', exact: true }).tap();
			await becomes(() => page.locator('[data-gives-field=name]').allTextContents(), ['Een', 'Twee'], 'two leads:');
			await axe(page, 'the mapping on a phone');
			await targets(page, 44, 'the mapping on a phone');
			equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'no sideways scroll:');
			/* why it is no lead is said in Dutch, too */
			const quick = await wayIn(page, 'Snel', 'web_form', 'post-kamer', { minimum_fill: 5 });
			await send(quick.hook, new URLSearchParams({ name: 'Te Vlug', email: 'vlug@tel.example' }).toString(), 'application/x-www-form-urlencoded');
			await page.goto(`${base}/settings/requests${W}&source=${quick.id}`);
			await row(page, 'Spam').getByText('Er is geen stempel (_stamp) bij van wanneer de pagina werd geopend.').waitFor();
			noFaults(page);
		} finally {
			await api(page, 'PUT', '/api/me', { language: 'en' });
		}
	});

	await story('who may not change settings sees no requests, and nobody those of another workspace', async () => {
		const sales = person('sara@post.example', 'Sara Post', '--workspace', 'post-kamer', '--role', 'sales');
		const page = await enter(sales, `/home${W}`);
		equal((await api(page, 'GET', `/api/submissions${W}`)).status(), 403, 'a seller asks:');
		const other = person('stan@ander.example', 'Stan Ander', '--workspace', 'leeg', '--role', 'owner');
		const owner = await enter(petra);
		const [one] = (await (await api(owner, 'GET', `/api/submissions${W}&limit=1`)).json()).data;
		const stranger = await enter(other, '/settings/requests?workspace=leeg');
		check([403, 404].includes((await api(stranger, 'GET', `/api/submissions/${one.id}?workspace=leeg`)).status()), 'another workspace\'s is not there');
		await stranger.goto(`${base}/settings/requests/${one.id}?workspace=leeg`);
		await stranger.getByRole('heading', { name: 'There is no such request' }).waitFor();
	});
}

/* ---- places: a bakery's form that nobody told our names ---- */

let bakery = null;
const baked = (page) => bakery ??= (async () => {
	const made = await wayIn(page, 'Taartformulier', 'generic', 'bakkerij-jansen');
	const order = (name, wish, people) => `Naam: ${name}\nE-mail: ${name.toLowerCase().replace(/ /g, '.')}@taart.example\nWens: ${wish}\nPersonen: ${people}\n`;
	const plain = { naam: 'Anouk Visser', email: 'anouk@taart.example', vraag: 'Een taart met een draak erop' };
	await send(made.hook, JSON.stringify(plain), 'application/json');
	await send(made.hook, JSON.stringify(plain), 'application/json');
	await send(made.hook, new URLSearchParams({ naam: 'Robot', email: 'robot@taart.example', website: 'https://robot.example' }).toString(), 'application/x-www-form-urlencoded');
	await send(made.hook, order('Noor Bakker', 'Ontbijtbuffet', '40'), 'application/json');
	await send(made.hook, order('Piet Smit', 'Bruiloftstaart', '80'), 'application/json');
	check((await api(page, 'PUT', `/api/sources/${made.id}?workspace=bakkerij-jansen`, { mapping: [{ read: 'lines' }, { to: 'message', from: 'Wens' }, { to: 'fields.personen', from: 'Personen' }] })).ok(), 'it has rules');
	await until('its requests are kept', async () => (await (await api(page, 'GET', `/api/submissions?workspace=bakkerij-jansen&source=${made.id}`)).json()).data.length >= 4);
	return made.id;
})();
const there = (path, at) => async (page) => {
	const id = await baked(page);
	await page.goto(`${base}${await path(id, page)}`);
	await page.locator(at).first().waitFor();
	await page.locator('.skeleton').first().waitFor({ state: 'detached' });
};
const first = async (id, page) => (await (await api(page, 'GET', `/api/submissions?workspace=bakkerij-jansen&source=${id}`)).json()).data[0].id;

export const places = {
	'settings-requests': there(() => '/settings/requests?workspace=bakkerij-jansen', 'tbody tr'),
	'settings-request': there(async (id, page) => `/settings/requests/${await first(id, page)}?workspace=bakkerij-jansen`, '[data-request]'),
	'settings-mapping': there((id) => `/settings/sources/${id}/mapping?workspace=bakkerij-jansen`, '[data-gives]'),
};

export const data = ['Post Kamer', 'Petra Post', 'Sara Post', 'Stan Ander', 'Taartformulier', 'Oude lijst', 'Formulier', 'Eigen namen', 'Telefoon', 'Snel', 'Ontbijtbuffet', 'Bruiloftstaart'];
