/* The main flow as people see it: log-in, the live board, moves, the panel, leads, the stream's cuts. */
import { createHash } from 'node:crypto';
import { api, base, becomes, board, card, check, column, crmctl, drag, enter, equal, inColumn, link, post, story, streams, until } from './house.mjs';
import { agency, B, bakery, daan, dealOf, FIRST, focused, hook, klant, lead, noFaults, pressOn, sanne, SECOND, smit, THIRD, website } from './given.mjs';

async function photo(page) {
	const start = Buffer.from(await page.evaluate(() => {
		const canvas = document.createElement('canvas');
		canvas.width = 640;
		canvas.height = 400;
		const pen = canvas.getContext('2d');
		const sky = pen.createLinearGradient(0, 0, 0, 400);
		sky.addColorStop(0, '#9cc6f0');
		sky.addColorStop(1, '#f6d9b0');
		pen.fillStyle = sky;
		pen.fillRect(0, 0, 640, 400);
		pen.fillStyle = '#4f7f52';
		pen.fillRect(0, 290, 640, 110);
		return canvas.toDataURL('image/jpeg').split(',')[1];
	}), 'base64');
	return Buffer.concat([start, Buffer.alloc(1_048_576 - start.length, 7)]);
}

function pdf() {
	const text = 'BT /F1 26 Tf 72 740 Td (Plan winkel) Tj ET 72 300 450 380 re S 250 300 0 380 re S';
	const parts = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
		`<</Length ${text.length}>>stream\n${text}\nendstream`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
	let out = '%PDF-1.4\n';
	const at = parts.map((part, i) => { const here = out.length; out += `${i + 1} 0 obj${part}endobj\n`; return here; });
	const xref = out.length;
	return Buffer.from(`${out}xref\n0 6\n0000000000 65535 f \n${at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`);
}

const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');

export async function tell() {
	/* ---- log-in ---- */

	await story('log-in: a wrong password is refused in words, the right one leads to where one was going', async () => {
		const page = await enter(null, B);
		await page.waitForURL(/\/login\?next=/);
		await page.getByLabel('Email').fill(sanne.email);
		await page.getByLabel('Password', { exact: true }).fill('not this one');
		await page.keyboard.press('Enter');
		await page.getByRole('alert').filter({ hasText: 'do not go together' }).waitFor();
		await page.getByLabel('Password', { exact: true }).fill(sanne.password);
		await page.getByRole('button', { name: 'Log in' }).click();
		await page.waitForURL(/\/deals\/board\?workspace=bakkerij-jansen/);
		await page.getByRole('heading', { level: 1, name: 'Deals' }).waitFor();
		noFaults(page);
	});

	await story('an empty workspace says what to do next, with the line for the hook', async () => {
		const page = await enter(sanne, board('leeg'));
		await page.getByRole('heading', { name: 'No deals yet' }).waitFor();
		await until('the command names the workspace', async () => (await page.locator('pre').nth(0).textContent()).includes('crmctl source add --workspace leeg'));
		await until('the curl line names the hook', async () => (await page.locator('pre').nth(1).textContent()).includes('/hooks/'));
		await page.getByRole('button', { name: 'New lead' }).last().click();
		await page.getByRole('dialog', { name: 'New lead' }).waitFor();
	});

	/* ---- the main flow ---- */

	await story('S0-1: a posted form is a card on the open board, without a reload', async () => {
		const page = await enter(sanne, B);
		await page.getByRole('heading', { name: 'No deals yet' }).waitFor();
		await page.locator('.live-open').waitFor();
		await page.evaluate(() => { window.stayed = true; });
		const began = Date.now();
		const answer = await post(agency, { client_id: 'bakkerij-jansen', form_type: 'Offerteaanvraag', name: 'Piet de Vries', email: 'Piet@Example.nl', phone: '+31 6 12345678', message: 'Graag prijs' });
		await inColumn(page, FIRST, 'Piet de Vries — Offerteaanvraag').waitFor({ timeout: 1000 });
		console.log(`        form to card in the browser: ${Date.now() - began} ms`);
		await becomes(async () => (await card(page, 'Piet de Vries').locator('.card-title').textContent()), 'Piet de Vries — Offerteaanvraag');
		check(await page.evaluate(() => window.stayed === true), 'the page was not reloaded');
		check(Array.isArray(answer.lead_ids) && answer.lead_ids.length === 1, 'the hook names the lead');
		await until('the column counts it', async () => (await column(page, FIRST).locator('.column-count').textContent()) === '1');
		await card(page, 'Piet de Vries').getByText('Piet de Vries', { exact: true }).waitFor();
		noFaults(page);
	});

	await story('two browsers: A drags, B sees it within a second, ringed with the first name, and B\'s focus stays', async () => {
		const a = await enter(sanne, B);
		const b = await enter(daan, B);
		const moved = await lead(a);
		const other = await lead(b);
		await link(b, other.title).focus();
		const began = Date.now();
		await drag(a, card(a, moved.title), column(a, SECOND));
		await inColumn(a, SECOND, moved.title).waitFor({ timeout: 1000 });
		const dropped = Date.now();
		await inColumn(b, SECOND, moved.title).waitFor({ timeout: 1000 });
		console.log(`        drop to the other browser: within ${Date.now() - dropped} ms of A's own (drag took ${dropped - began} ms)`);
		await inColumn(b, SECOND, moved.title).locator('.card-who', { hasText: 'Sanne' }).waitFor({ timeout: 1000 });
		await becomes(() => a.locator('.card-who').count(), 0, 'names of movers on A\'s own move:');
		await becomes(() => focused(b), other.title, 'B\'s focus');
		noFaults(a);
		noFaults(b);
	});

	await story('a card that another moves takes the focus along', async () => {
		const a = await enter(sanne, B);
		const b = await enter(daan, B);
		const it = await lead(a);
		await card(b, it.title).waitFor();
		await link(b, it.title).focus();
		await pressOn(a, it.title, ' ', 'ArrowRight', ' ');
		await inColumn(b, SECOND, it.title).waitFor({ timeout: 2000 });
		await until('the focus is on it again', async () => (await focused(b)) === it.title, 1500);
	});

	await story('undo: the toast and Z put a moved card back', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		await drag(page, card(page, it.title), column(page, THIRD));
		await inColumn(page, THIRD, it.title).waitFor();
		await page.getByRole('status').getByText('moved to Quote sent').waitFor();
		await page.keyboard.press('z');
		await inColumn(page, FIRST, it.title).waitFor();
		await until('the server has it back', async () => (await dealOf(page, it.title)).version === 3);
		await page.reload();
		await inColumn(page, FIRST, it.title).waitFor();
	});

	await story('keyboard: Space takes, arrows carry, Space puts down; Escape puts back; every step is said', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		const said = () => page.getByRole('log').textContent();
		await pressOn(page, it.title, ' ');
		await until('said', async () => (await said()).includes('taken from New request, column 1 of 6'));
		await page.locator('.card-held').waitFor();
		await page.keyboard.press('ArrowRight');
		await page.keyboard.press('ArrowRight');
		await until('said', async () => (await said()).startsWith('Quote sent, column 3 of 6'));
		await becomes(() => focused(page), it.title, 'focus while carried');
		await page.keyboard.press('Escape');
		await inColumn(page, FIRST, it.title).waitFor();
		await until('said', async () => (await said()).includes('Not moved'));
		check(!page.url().includes('id='), 'nothing opened');
		await page.keyboard.press(' ');
		await page.keyboard.press('ArrowRight');
		await page.keyboard.press(' ');
		await inColumn(page, SECOND, it.title).waitFor();
		await becomes(() => focused(page), it.title, 'focus after the drop');
		await until('the server knows', async () => (await dealOf(page, it.title)).version === 2);
		/* arrows walk, and one card of the board can be tabbed to */
		await page.keyboard.press('ArrowLeft');
		await until('an arrow walks to another card', async () => ![it.title, ''].includes(await focused(page)));
		await becomes(async () => await page.locator('.card-link[tabindex="0"]').count() >= 1, true, 'a card can be tabbed to');
		noFaults(page);
	});

	await story('M opens the move menu of a card and moves it', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		await pressOn(page, it.title, 'm');
		await page.getByRole('menu').waitFor();
		await page.getByRole('menuitemradio', { name: 'Negotiation' }).click();
		await inColumn(page, 'in_onderhandeling', it.title).waitFor();
		await page.keyboard.press('m');
		await page.getByRole('menu').waitFor();
		await page.keyboard.press('Escape');
		await becomes(() => page.getByRole('menu').count(), 0, 'open menus');
		await becomes(() => focused(page), it.title, 'focus after Escape');
	});

	await story('a refused move says why and the card goes back', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		/* the request reaches the gateway with a stage that it does not have */
		await page.route('**/stage', (route) => route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), stage: 'bestaat_niet' }) }));
		await pressOn(page, it.title, ' ', 'ArrowRight', ' ');
		const note = page.getByRole('alert').filter({ hasText: 'was not moved' });
		await note.waitFor();
		await until('the reason', async () => (await note.textContent()).includes('That stage no longer exists'));
		await inColumn(page, FIRST, it.title).waitFor();
		await becomes(() => page.getByRole('status').getByText('moved to').count(), 0, 'notes that it moved');
	});

	await story('two people move one card at once: the second is told, and sees where it is', async () => {
		const a = await enter(sanne, B);
		const it = await lead(a);
		const deal = await dealOf(a, it.title);
		let arrived;
		const held = new Promise((go) => { arrived = go; });
		let release;
		const free = new Promise((go) => { release = go; });
		await a.route('**/stage', async (route) => { arrived(); await free; await route.continue(); });
		await pressOn(a, it.title, ' ', 'ArrowRight', ' ');
		await held;
		const other = await enter(daan, B);
		const reply = await api(other, 'POST', `/api/crm/opportunities/${deal.id}/stage`, { stage: THIRD, version: deal.version });
		equal(reply.status(), 200, 'the other\'s move:');
		release();
		await a.getByRole('alert').filter({ hasText: 'Somebody else moved it' }).waitFor();
		await inColumn(a, THIRD, it.title).waitFor();
	});

	await story('note_required: a drop asks for a note; without one the card goes back, with one it moves', async () => {
		const page = await enter(sanne, board('vesting-cargo'));
		await page.locator('.live-open').waitFor();
		const it = await lead(page, {}, 'vesting-cargo');
		await drag(page, card(page, it.title), column(page, 'contacted'));
		const form = page.locator('.follow');
		await form.getByRole('button', { name: 'New status: Contacted' }).waitFor();
		await page.keyboard.press('Escape');
		await form.waitFor({ state: 'detached' });
		await inColumn(page, 'new', it.title).waitFor();
		equal((await dealOf(page, it.title, 'vesting-cargo')).version, 1, 'nothing was said:');
		await drag(page, card(page, it.title), column(page, 'contacted'));
		await form.getByRole('button', { name: 'Save' }).click();
		await form.getByRole('alert').waitFor();
		await form.locator('textarea').fill('Gebeld, akkoord');
		await form.getByRole('button', { name: 'Save' }).click();
		await inColumn(page, 'contacted', it.title).waitFor();
		await until('the server knows', async () => (await dealOf(page, it.title, 'vesting-cargo')).version === 2);
		await page.getByRole('tabpanel').getByText('Gebeld, akkoord').first().waitFor();
	});

	await story('locked: no card can be dragged, the stages in the panel still move it', async () => {
		const page = await enter(sanne, board('polder-it'));
		await page.locator('.live-open').waitFor();
		const it = await lead(page, {}, 'polder-it');
		await drag(page, card(page, it.title), column(page, 'qualified'));
		await until('the card offers no drag', async () => await card(page, it.title).first().getAttribute('draggable') !== 'true');
		await becomes(() => inColumn(page, 'lead', it.title).count(), 1, 'it stayed:');
		if (!page.url().includes('id='))
			await link(page, it.title).click();
		await page.getByRole('button', { name: 'Move to QUALIFIED' }).click();
		await page.getByRole('button', { name: 'QUALIFIED, the stage now' }).waitFor();
		await page.keyboard.press('Escape');
		await inColumn(page, 'qualified', it.title).waitFor();
	});

	await story('N makes a lead; Escape closes and gives the focus back; not while typing', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		await pressOn(page, it.title, 'n');
		const dialog = page.getByRole('dialog', { name: 'New lead' });
		await dialog.waitFor();
		await until('the name has the focus', () => page.evaluate(() => document.activeElement?.getAttribute('name') === 'name'));
		await page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'detached' });
		await until('the card has the focus again', async () => (await focused(page)) === it.title);
		await page.goto(`${base}/leads?workspace=bakkerij-jansen`);
		await page.getByRole('searchbox').fill('n');
		await becomes(() => page.getByRole('dialog').count(), 0, 'dialogs while typing:');
		await page.goto(base + B);
		await card(page, it.title).waitFor();
		await page.keyboard.press('n');
		await dialog.getByRole('button', { name: 'Create lead' }).click();
		await dialog.getByText('Please fill this in').waitFor();
		await dialog.getByLabel('Name').fill('Toos Handmatig');
		await dialog.getByLabel('Email').fill('geen-adres');
		await dialog.getByRole('button', { name: 'Create lead' }).click();
		await dialog.getByText('This is not an email address').waitFor();
		await dialog.getByLabel('Email').fill('toos@example.nl');
		await dialog.getByLabel('Form or subject').fill('Gebak');
		await dialog.getByRole('button', { name: 'Create lead' }).click();
		await dialog.waitFor({ state: 'detached' });
		await inColumn(page, FIRST, 'Toos Handmatig — Gebak').waitFor();
		await becomes(() => card(page, 'Toos Handmatig').count(), 1, 'cards of it:');
		noFaults(page);
	});

	/* ---- the panel ---- */

	await story('the panel: number in the address, focus on the title, timeline, details; Escape leads back to the card', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		await link(page, it.title).click();
		await page.waitForURL(/type=prospect&id=\d+/);
		const panel = page.getByRole('dialog', { name: it.title });
		await panel.waitFor();
		await until('the title has the focus', () => page.evaluate((title) => document.activeElement?.textContent === title, it.title));
		await panel.getByText('Lead received: Web form').waitFor();
		await panel.getByText('Deal made').waitFor();
		await panel.getByText('Contact made').waitFor();
		await panel.getByText(it.email).first().waitFor();
		await panel.getByRole('button', { name: 'Edit details' }).click();
		await panel.getByLabel(/^Value/).fill('1815');
		await panel.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Save' }).click();
		await panel.getByRole('complementary', { name: 'Details' }).getByText('€1,815.00').waitFor();
		await panel.getByText('Deal changed').waitFor({ timeout: 5000 });
		await panel.getByRole('button', { name: 'Move to In contact' }).click();
		await panel.getByText('Stage changed').waitFor({ timeout: 5000 });
		await page.keyboard.press('Escape');
		await panel.waitFor({ state: 'detached' });
		await inColumn(page, SECOND, it.title).getByText('€1,815.00').waitFor();
		await until('the card has the focus', async () => (await focused(page)) === it.title);
		check(!page.url().includes('id='), 'the address has no deal any more');
		noFaults(page);
	});

	await story('deep links: /crm?type=prospect&id= by number and by UUID, an unknown one says so', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		const deal = await dealOf(page, it.title);
		await page.goto(`${base}/crm?type=prospect&id=${deal.id}`);
		await page.getByRole('dialog', { name: it.title }).waitFor();
		await page.goto(`${base}/crm?workspace=bakkerij-jansen&type=prospect&id=${deal.number}`);
		await page.getByRole('dialog', { name: it.title }).waitFor();
		await page.goto(`${base}/crm?workspace=bakkerij-jansen&type=prospect&id=999999`);
		await page.getByRole('dialog', { name: 'This deal does not exist' }).waitFor();
		const one = await enter(klant, `/crm?type=prospect&id=${deal.number}`);
		await one.getByRole('dialog', { name: it.title }).waitFor();
	});

	await story('S0-2: the same address again, with a new phone: the timeline shows the old and the new', async () => {
		const page = await enter(sanne, B);
		const email = `herman${Date.now()}@example.nl`;
		await post(hook['bakkerij-jansen'], { name: 'Herman Bakker', email, phone: '+31 6 11111111', form_type: 'Eerste' });
		await card(page, 'Herman Bakker — Eerste').waitFor();
		await link(page, 'Herman Bakker — Eerste').click();
		const panel = page.getByRole('dialog', { name: 'Herman Bakker — Eerste' });
		await panel.getByText('Contact made').waitFor();
		await post(hook['bakkerij-jansen'], { name: 'Herman Bakker', email: email.toUpperCase(), phone: '+31 6 22222222', form_type: 'Tweede' });
		const change = panel.locator('.entry', { hasText: 'Contact changed' });
		await change.waitFor({ timeout: 5000 });
		await until('the change', async () => (await change.locator('del').textContent()).includes('11111111') && (await change.locator('ins').textContent()).includes('22222222'));
	});

	/* A photo of one MiB that is one (bytes after a JPEG's end are its own), and a small PDF. */

	await story('S0-4: a form with foto.jpg and plan.pdf: both in the panel, open in place, byte for byte; 404 for another workspace', async () => {
		const page = await enter(sanne, B);
		await page.locator('.live-open').waitFor();
		const files = { 'foto.jpg': await photo(page), 'plan.pdf': pdf() };
		const form = new FormData();
		for (const [name, value] of Object.entries({ name: 'Fien Foto', email: 'fien@example.nl', form_type: 'Verbouwing' }))
			form.append(name, value);
		form.append('foto', new Blob([files['foto.jpg']], { type: 'image/jpeg' }), 'foto.jpg');
		form.append('plan', new Blob([files['plan.pdf']], { type: 'application/pdf' }), 'plan.pdf');
		const reply = await fetch(hook['bakkerij-jansen'], { method: 'POST', body: form, headers: { Accept: 'application/json' }, redirect: 'manual' });
		check([200, 202, 303].includes(reply.status), `the hook answered ${reply.status}`);
		const title = 'Fien Foto — Verbouwing';
		await card(page, title).waitFor();
		await link(page, title).click();
		const panel = page.getByRole('dialog', { name: title });
		await panel.getByRole('tab', { name: /Files/ }).click();
		await page.waitForURL(/tab=files/);
		await panel.getByRole('button', { name: 'Show foto.jpg' }).first().click();
		await until('the photo is drawn', () => panel.locator('.preview img').evaluate((img) => img.complete && img.naturalWidth === 640));
		await panel.getByRole('button', { name: 'Show plan.pdf' }).first().click();
		const frame = panel.locator('iframe[title="plan.pdf"]');
		await frame.waitFor();
		await until('the PDF is in the browser\'s own viewer', async () => {
			const inner = await (await frame.elementHandle()).contentFrame();
			return inner && inner.url().startsWith('blob:') && (await inner.evaluate(() => document.contentType)) === 'application/pdf';
		});
		for (const [name, bytes] of Object.entries(files)) {
			const [download] = await Promise.all([page.waitForEvent('download'), panel.getByRole('link', { name: `Download ${name}` }).click()]);
			const parts = [];
			for await (const part of await download.createReadStream())
				parts.push(part);
			equal(sha(Buffer.concat(parts)), sha(bytes), `${name} as downloaded:`);
			equal(download.suggestedFilename(), name, 'its name:');
		}
		const deal = await dealOf(page, title);
		const list = (await (await api(page, 'GET', `/api/crm/deals/${deal.id}/files`)).json()).data;
		equal(list.map((one) => [one.name, one.size, one.sha256]).sort(), Object.entries(files).map(([name, bytes]) => [name, bytes.length, sha(bytes)]).sort());
		const other = await enter(smit, board('garage-smit'));
		for (const path of [`/api/crm/files/${list[0].id}`, `/api/crm/deals/${deal.id}`, `/api/crm/deals/${deal.id}/files`, `/api/crm/deals/${deal.id}/timeline`])
			equal((await api(other, 'GET', path)).status(), 404, `${path} for another workspace:`);
		noFaults(page);
	});

	/* ---- who sees what ---- */

	await story('S0-8: a client sees only theirs: board, list, search, API, stream, address', async () => {
		const page = await enter(klant, '/');
		const theirs = await lead(page);
		const all = await enter(sanne, '/deals/board');
		await card(all, theirs.title).first().waitFor();
		const foreign = `Vreemd ${Date.now()}`;
		await post(hook['garage-smit'], { name: foreign, email: 'vreemd@example.nl', form_type: 'Apk' });
		await card(all, `${foreign} — Apk`).waitFor();	/* the admin's board, all workspaces */
		const later = await lead(page);				/* so the client's stream is past the other's event */
		await becomes(() => page.getByText(foreign).count(), 0, 'the client\'s board:');
		await card(page, later.title).waitFor();
		await becomes(() => page.locator('.sidebar button.switch').count(), 0, 'workspace switches:');
		for (const path of ['/api/crm/deals?limit=200', '/api/crm/leads?limit=200', '/api/crm/contacts?limit=200', '/api/crm/pipeline', `/api/crm/deals?q=${encodeURIComponent(foreign)}`])
			check(!(await (await api(page, 'GET', path)).text()).includes(foreign), `${path} shows the other's`);
		const deal = await dealOf(all, `${foreign} — Apk`, 'garage-smit');
		equal((await api(page, 'GET', `/api/crm/deals/${deal.id}`)).status(), 404, 'the other\'s deal:');
		await page.goto(`${base}/crm?type=prospect&id=${deal.id}`);
		await page.getByRole('dialog', { name: 'This deal does not exist' }).waitFor();
		await page.goto(`${base}/leads?q=${encodeURIComponent(foreign)}`);
		await page.getByText('No leads match').waitFor();
	});

	await story('S0-8: who may takes the list away as CSV, a client is not offered it', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export as CSV' }).click()]);
		check(/^deals-\d{4}-\d\d-\d\d\.csv$/.test(download.suggestedFilename()), download.suggestedFilename());
		const parts = [];
		for await (const part of await download.createReadStream())
			parts.push(part);
		check(Buffer.concat(parts).toString().includes(it.title), 'the new deal is in it');
		const theirs = await enter(klant, B);
		await theirs.locator('.card').first().waitFor();
		await becomes(() => theirs.getByRole('link', { name: 'Export as CSV' }).count(), 0, 'offered to a client:');
	});

	await story('S0-8: without the section crm there is no CRM', async () => {
		const page = await enter(website, '/');
		await page.getByText('The CRM is not part of your account').waitFor();
		await becomes(() => page.getByRole('link', { name: 'Deals' }).count(), 0, 'links to the CRM:');
		for (const path of ['/api/crm/pipeline', '/api/crm/deals', '/api/crm/leads', '/api/crm/stream'])
			equal((await api(page, 'GET', path)).status(), 403, `${path}:`);
	});

	await story('the workspace switch: one, another, all; the address says which', async () => {
		const page = await enter(sanne, B);
		const mine = await lead(page);
		await page.locator('.sidebar .switch').click();
		await page.getByRole('menuitemradio', { name: 'Garage Smit' }).click();
		await page.waitForURL(/workspace=garage-smit/);
		await until('the other board', async () => await card(page, mine.title).count() === 0);
		await page.locator('.sidebar .switch').click();
		await page.getByRole('menuitemradio', { name: 'All workspaces' }).click();
		await page.waitForURL((url) => !url.search.includes('workspace'));
		await card(page, mine.title).waitFor();
		await card(page, mine.title).locator('.tag-workspace', { hasText: 'Bakkerij Jansen' }).waitFor();
		/* a card moves on the shared board within its own workspace */
		await pressOn(page, mine.title, ' ', 'ArrowRight', ' ');
		await until('its own second stage', async () => (await dealOf(page, mine.title)).version === 2);
	});

	/* ---- keys, session, stream ---- */

	await story('keys: ? sheet, Shift+D dark, G L and G B go, single keys can be off', async () => {
		const page = await enter(sanne, B);
		await page.locator('.live-open').waitFor();
		await page.keyboard.press('?');
		const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
		await sheet.waitFor();
		await page.keyboard.press('Escape');
		await sheet.waitFor({ state: 'detached' });
		await page.keyboard.press('Shift+D');
		await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
		await page.keyboard.press('Shift+D');
		await page.locator('html[data-mantine-color-scheme=light]').waitFor();
		await page.keyboard.press('g');
		await page.keyboard.press('l');
		await page.waitForURL(/\/leads\?workspace=bakkerij-jansen/);
		await page.keyboard.press('g');
		await page.keyboard.press('b');
		await page.waitForURL(/\/deals\/board\?workspace=bakkerij-jansen/);
		await page.keyboard.press('?');
		await sheet.getByLabel('Single-key shortcuts').uncheck();
		await page.keyboard.press('Escape');
		await sheet.waitFor({ state: 'detached' });
		await page.keyboard.press('n');
		await page.keyboard.press('Control+k');
		await page.getByRole('dialog', { name: 'Search' }).waitFor();
		await becomes(() => page.getByRole('dialog').count(), 1, 'open dialogs:');
		await until('the account keeps it', async () => (await (await api(page, 'GET', '/api/me')).json()).user.single_keys === false);
		await api(page, 'PUT', '/api/me', { single_keys: true, theme: 'auto' });
	});

	await story('search finds a deal and opens it', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		await page.keyboard.press('/');
		await page.getByRole('combobox').fill(it.name);
		await page.getByRole('option', { name: new RegExp(it.title) }).first().waitFor();
		await page.keyboard.press('Enter');
		await page.getByRole('dialog', { name: it.title }).waitFor();
	});

	await story('leads: table, filter, search, a click opens the lead; a new one appears by itself', async () => {
		const page = await enter(sanne, '/leads?workspace=bakkerij-jansen');
		await page.getByRole('table').waitFor();
		await page.locator('.live-open').waitFor();
		const it = await lead(null);
		const row = page.getByRole('row', { name: new RegExp(it.name) });
		await row.waitFor();
		await until('its status', async () => (await row.textContent()).includes('New'));
		await page.getByRole('button', { name: 'Qualified' }).click();
		await page.waitForURL(/status=Qualified/);
		await row.waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'All', exact: true }).click();
		await page.getByRole('searchbox').fill(it.name.slice(0, 8));
		await page.waitForURL(/q=Gast/);
		await row.click();
		await page.getByRole('dialog', { name: it.name }).waitFor();
	});

	await story('three tabs hold one stream', async () => {
		await until('no stream is left of the stories before', async () => await streams() === 0, 15000);
		const page = await enter(sanne, B);
		await page.locator('.live-open').waitFor();
		for (const path of [B, '/leads?workspace=bakkerij-jansen']) {
			const tab = await page.context().newPage();
			await tab.goto(base + path);
			await tab.locator('.live-open').waitFor();
		}
		await becomes(() => streams(), 1, 'open streams:');
		const it = await lead(null);
		await card(page.context().pages()[1], it.title).waitFor();
		await card(page, it.title).waitFor();
	});

	await story('without a shared worker two tabs still hold one stream, and both hear it', async () => {
		await until('no stream is left of the stories before', async () => await streams() === 0, 15000);
		const page = await enter(null, '/login');
		await page.context().addInitScript(() => { delete window.SharedWorker; });
		await page.context().request.post(`${base}/api/login`, { data: { email: sanne.email, password: sanne.password }, headers: { Origin: base } });
		await page.goto(base + B);
		await page.locator('.live-open').waitFor();
		const tab = await page.context().newPage();
		await tab.goto(base + B);
		await tab.locator('.live-open').waitFor();
		await becomes(() => streams(), 1, 'open streams:');
		const it = await lead(null);
		await card(tab, it.title).waitFor();
		await card(page, it.title).waitFor();
		await page.close();			/* the leader goes, the other takes over */
		await until('one stream again', async () => await streams() === 1, 10000);
		await tab.locator('.live-open').waitFor();
		await card(tab, (await lead(null)).title).waitFor();
	});

	await story('the gateway goes and comes back: the page says so, and misses nothing', async () => {
		const page = await enter(sanne, B);
		await page.locator('.live-open').waitFor();
		crmctl('down', '--only', 'gateway');
		await page.getByText('Reconnecting…').waitFor({ timeout: 8000 });
		const it = await lead(null);
		crmctl('up', '--only', 'gateway');
		await card(page, it.title).waitFor({ timeout: 20000 });
		await page.locator('.live-open').waitFor({ timeout: 20000 });
	});

	await story('a session that ends elsewhere leads to the log-in and back to the same place', async () => {
		const page = await enter(sanne, B);
		const it = await lead(page);
		await link(page, it.title).click();
		await page.getByRole('dialog', { name: it.title }).waitFor();
		const address = page.url();
		await api(page, 'POST', '/api/logout');
		await page.waitForURL(/\/login\?next=/, { timeout: 5000 });
		await page.getByRole('alert').filter({ hasText: 'You were logged out' }).waitFor();
		await page.getByRole('heading', { name: 'Welcome' }).waitFor(); /* the place one was in may still stand behind the note */
		await page.getByLabel('Email').fill(sanne.email);
		await page.getByLabel('Password', { exact: true }).fill(sanne.password);
		await page.keyboard.press('Enter');
		await page.waitForURL(address);
		await page.getByRole('dialog', { name: it.title }).waitFor();
	});

	await story('600 deals: only what is near the view is mounted, the rest comes by cursor', async () => {
		for (let batch = 0; batch < 6; batch++)
			await post(hook.druk, Array.from({ length: 100 }, (_, at) => ({ name: `Druk ${batch * 100 + at}`, email: `druk${batch * 100 + at}@example.nl`, form_type: 'Bestelling' })));
		const page = await enter(sanne, board('druk'));
		await until('all are counted', async () => (await page.locator('[data-column=new] .column-count').textContent()) === '600', 30000).catch(async (fault) => { await page.reload(); throw fault; });
		const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
		check(nodes <= 2000, `${nodes} nodes in the page`);
		const cards = page.locator('[data-column=new] .column-cards');
		await until('the last one is reached by scrolling', async () => {
			await cards.evaluate((box) => { box.scrollTop = box.scrollHeight; });
			return (await page.locator('[data-column=new] [aria-setsize="600"]').count()) > 0 && (await page.locator('[data-column=new] [aria-posinset="600"]').count()) > 0;
		}, 15000);
		await until('few cards are mounted', async () => await page.locator('.card').count() < 40);
		console.log(`        ${nodes} nodes in the page`);
	});
}

/* ---- the places of this room, for the looks ---- */

let filed = null;
async function filedDeal() {
	if (!filed) {
		const form = new FormData();
		for (const [name, value] of Object.entries({ name: 'Bea Bijlage', email: 'bea@example.nl', form_type: 'Verbouwing' }))
			form.append(name, value);
		form.append('plan', new Blob([pdf()], { type: 'application/pdf' }), 'plan.pdf');
		await fetch(hook['bakkerij-jansen'], { method: 'POST', body: form, headers: { Accept: 'application/json' }, redirect: 'manual' });
		filed = await dealOf(await enter(sanne, B), 'Bea Bijlage — Verbouwing');
	}
	return filed.number;
}

export const places = {
	board: async (page) => { await page.goto(base + B); await page.locator('.card').first().waitFor(); },
	'board of all': async (page) => { await page.goto(`${base}/deals/board`); await page.locator('.card').first().waitFor(); },
	empty: async (page) => { await page.goto(base + board('leeg')); await page.locator('.empty').waitFor(); },
	leads: async (page) => { await page.goto(`${base}/leads?workspace=bakkerij-jansen`); await page.locator('tbody tr').first().waitFor(); },
	panel: async (page) => {
		await page.goto(base + B);
		await page.locator('.card').first().waitFor();
		await page.locator('.card-link').first().click();
		await page.locator('.entry').first().waitFor();
		await page.waitForFunction(() => document.activeElement?.tagName === 'H2');
	},
	files: async (page) => { await page.goto(`${base}${B}&type=prospect&id=${await filedDeal()}&tab=files`); await page.locator('.file').first().waitFor(); },
	'menu of a card': async (page) => { await page.goto(base + B); await page.locator('.card').first().waitFor(); await page.locator('.card-link').first().focus(); await page.keyboard.press('m'); await page.getByRole('menu').waitFor(); },
	'menu of the person': async (page) => { await page.goto(base + B); await page.locator('.card').first().waitFor(); await page.locator('.user-button:visible, .avatar-button:visible').click(); await page.getByRole('menu').waitFor(); },
	'new lead': async (page) => { await page.goto(base + B); await page.locator('.card').first().waitFor(); await page.keyboard.press('n'); await page.locator('input[name=name]').waitFor(); await page.locator('button[type=submit]').click(); await page.locator('[aria-invalid=true]').waitFor(); },
	keys: async (page) => { await page.goto(base + B); await page.locator('.card').first().waitFor(); await page.keyboard.press('?'); await page.locator('.sheet').waitFor(); },
	search: async (page) => { await page.goto(base + B); await page.locator('.card').first().waitFor(); await page.keyboard.press('/'); await page.getByRole('combobox').fill('gast'); await page.getByRole('option', { name: /Gast/ }).first().waitFor(); },
	'not found': async (page) => { await page.goto(`${base}/bestaat/niet`); await page.locator('.empty').waitFor(); },
	note: async (page) => { await page.goto(base + board('vesting-cargo')); await page.locator('.card').first().waitFor(); await page.locator('.card-link').first().focus(); for (const key of [' ', 'ArrowRight', ' ']) await page.keyboard.press(key); await page.locator('textarea[name=note]').waitFor(); },
};

/* what opens by a key alone has no place on a phone */
export const byKey = ['menu of a card', 'new lead', 'keys', 'search'];

/* and where nobody is logged in */
export const outside = { 'log-in': async (page) => { await page.goto(`${base}/login`); await page.locator('form').waitFor(); } };
