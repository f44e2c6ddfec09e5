/* Ways in, as an owner makes them: an address in under a minute with what to paste, a first lead that is seen to arrive, another address while the old one is good,
   taken away and brought back. What is pasted is opened in a browser as it stands. */
import { createServer } from 'node:http';
import { api, base, becomes, browser, check, crmctl, enter, equal, person, story, until } from './house.mjs';
import { noFaults } from './given.mjs';
import { axe, targets } from './probes.mjs';

const W = '?workspace=bron-huis';
crmctl('workspace', 'add', 'bron-huis', '--preset', 'nl-offerte-6', '--name', 'Bron Huis');
const bram = person('bram@bron.example', 'Bram Bron', '--workspace', 'bron-huis', '--role', 'owner');

const leads = async (page) => (await (await api(page, 'GET', `/api/crm/leads${W}&limit=200`)).json()).data;
const row = (page, name) => page.locator('[data-source]', { hasText: name });
const dialog = (page) => page.getByRole('dialog').last();
async function act(page, name, what) {
	await row(page, name).getByRole('button', { name: `More of ${name}` }).click();
	await page.getByRole('menuitem', { name: what, exact: true }).click();
}
async function choose(page, label, option) {
	await dialog(page).getByRole('combobox', { name: label }).click();
	await page.getByRole('option', { name: option, exact: true }).click();
}
const address = (page) => dialog(page).locator('code').first().textContent();
const send = (hook, body) => fetch(hook, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });

/* what somebody pastes into a page of their own, on a site of their own */
async function site(html) {
	const server = createServer((request, reply) => reply.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(`<!doctype html><title>Site</title>${html}`));
	await new Promise((go) => server.listen(0, '127.0.0.1', go));
	return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export async function tell() {
	await story('a source is made in under a minute: its address is told once, what arrives is seen, a test and a robot too, and the form that is pasted sends another', async () => {
		const page = await enter(bram, `/settings/sources${W}`);
		await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
		const began = Date.now();
		await page.getByRole('button', { name: 'New source' }).first().click();
		await axe(page, 'a new source');
		await dialog(page).getByRole('button', { name: 'Make the address' }).click();
		await dialog(page).getByText('Please fill this in').first().waitFor();
		await dialog(page).locator('[name=name]').fill('Eigen site');
		await dialog(page).getByText('More settings').click();
		await dialog(page).locator('[name=form_type]').fill('Offerteaanvraag');
		await dialog(page).locator('[name=minimum_fill]').fill('601');
		await dialog(page).getByRole('button', { name: 'Make the address' }).click();
		await dialog(page).getByText('A whole number, 0 to 600').waitFor();
		await dialog(page).locator('[name=minimum_fill]').fill('');
		await dialog(page).getByRole('button', { name: 'Make the address' }).click();
		await dialog(page).getByText('This is the address. It is shown only now').waitFor();
		await axe(page, 'an address that is told');
		await targets(page, 24, 'an address that is told');
		const hook = await address(page);
		check(/\/hooks\/[\w-]{16,}$/.test(hook), `an address: ${hook}`);
		await dialog(page).getByRole('button', { name: 'Send a test' }).click();
		await dialog(page).locator('[data-came] [data-outcome=test]').waitFor();
		console.log(`        from the page to the first request: ${Date.now() - began} ms`);
		equal((await leads(page)).length, 0, 'leads of a test:');
		/* what is no lead is seen as well, and why */
		await fetch(hook, { method: 'POST', body: new URLSearchParams({ name: 'Robot', email: 'robot@site.example', website: 'https://robot.example' }) });
		await dialog(page).locator('[data-came]', { hasText: 'A field that no person sees was filled in.' }).locator('[data-outcome=spam]').waitFor();
		/* as it stands, in a page of somebody's own */
		const html = (await dialog(page).locator('code', { hasText: '<form' }).textContent());
		const own = await site(html);
		try {
			const context = await browser.newContext({ locale: 'nl-NL' }), visitor = await context.newPage();
			await visitor.goto(own.url);
			await visitor.locator('[name=name]').fill('Vera Bezoeker');
			await visitor.locator('[name=email]').fill('vera@bezoek.example');
			await visitor.getByRole('button').click();
			await visitor.waitForURL(/\/hooks\/thanks/);
			await context.close();
		} finally {
			own.close();
		}
		await dialog(page).locator('[data-came]', { hasText: 'Vera Bezoeker' }).waitFor();
		equal((await leads(page)).find((one) => one.name === 'Vera Bezoeker')?.form_type, 'Offerteaanvraag', 'what kind of request:');
		await dialog(page).getByRole('button', { name: 'I have copied it' }).click();
		await row(page, 'Eigen site').waitFor();
		await becomes(async () => (await page.content()).includes(hook.split('/').pop()), false, 'the address stands somewhere still:');
		await axe(page, 'sources');
		noFaults(page);
	});

	await story('a source is changed, given another address while the old one is good, taken away and brought back under it; its requests are a click away', async () => {
		const page = await enter(bram, `/settings/sources${W}`);
		await page.getByRole('button', { name: 'New source' }).first().click();
		await choose(page, 'Who sends', 'A program, or anything else');
		await dialog(page).locator('[name=name]').fill('Koppeling');
		await dialog(page).getByRole('button', { name: 'Make the address' }).click();
		await dialog(page).getByText('This is the address.').waitFor();
		const old = await address(page);
		await dialog(page).getByRole('button', { name: 'I have copied it' }).click();
		await act(page, 'Koppeling', 'Edit');
		await dialog(page).locator('[name=name]').fill('Koppeling met kassa');
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await row(page, 'Koppeling met kassa').waitFor();
		await act(page, 'Koppeling met kassa', 'New address');
		await dialog(page).getByRole('button', { name: 'New address' }).click();
		await dialog(page).getByText('The old one stays good for 24 hours').waitFor();
		const hook = await address(page);
		check(hook !== old, 'it is another');
		equal([(await send(hook, { name: 'Nieuw Adres' })).status, (await send(old, { name: 'Oud Adres' })).status], [202, 202], 'both take leads:');
		await dialog(page).getByRole('button', { name: 'I have copied it' }).click();
		await row(page, 'Koppeling met kassa').getByText('The address before is good until').waitFor();
		await act(page, 'Koppeling met kassa', 'Remove');
		await axe(page, 'a source that is to go');
		await dialog(page).getByRole('button', { name: 'Remove' }).click();
		const gone = page.locator('[data-gone]', { hasText: 'Koppeling met kassa' });
		await gone.waitFor();
		await until('nothing is taken there', async () => (await send(hook, { name: 'Te Laat' })).status === 404);
		await gone.getByRole('button', { name: 'Bring back Koppeling met kassa' }).click();
		await row(page, 'Koppeling met kassa').waitFor();
		await until('it takes leads again', async () => (await send(hook, { name: 'Weer Terug' })).status === 202);
		await act(page, 'Koppeling met kassa', 'Its requests');
		await page.waitForURL(/settings\/requests.*source=/);
		await page.locator('tbody tr', { hasText: 'Weer Terug' }).first().waitFor();
		await becomes(() => page.locator('tbody tr', { hasText: 'Vera Bezoeker' }).count(), 0, 'those of another source:');
		noFaults(page);
	});

	await story('on a phone, in Dutch: a source for a form that people need time for, with the script that goes with it', async () => {
		const page = await enter(bram, `/settings/sources${W}`, { phone: true, nl: true });
		await api(page, 'PUT', '/api/me', { language: 'nl' });
		try {
			await page.goto(`${base}/settings/sources${W}`);
			await page.getByRole('button', { name: 'Nieuwe bron' }).first().tap();
			await dialog(page).locator('[name=name]').fill('Met tijd');
			await dialog(page).getByText('Meer instellingen').tap();
			await dialog(page).locator('[name=minimum_fill]').fill('3');
			await dialog(page).getByRole('button', { name: 'Adres maken' }).tap();
			await dialog(page).locator('code', { hasText: '?stamp' }).waitFor();
			await axe(page, 'an address on a phone');
			equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'no sideways scroll:');
			noFaults(page);
		} finally {
			await api(page, 'PUT', '/api/me', { language: 'en' });
		}
	});
}

/* ---- places ---- */

let bakery = null;
const baked = (page) => bakery ??= (async () => {
	for (const [name, kind, more] of [['Taartsite', 'web_form', { form_type: 'Offerteaanvraag', origins: 'https://www.taart.example' }], ['Bestelformulier', 'typeform', { secret: 'taart-geheim' }], ['Kassa', 'zapier', {}]])
		check((await api(page, 'POST', '/api/sources?workspace=bakkerij-jansen', { name, kind, ...more })).ok(), `${name} is a source`);
})();
export const places = {
	'settings-sources': async (page) => {
		await baked(page);
		await page.goto(`${base}/settings/sources?workspace=bakkerij-jansen`);
		await page.locator('[data-source]', { hasText: 'Taartsite' }).waitFor();
	},
	'settings-source-new': async (page) => {
		await baked(page);
		await page.goto(`${base}/settings/sources?workspace=bakkerij-jansen`);
		await page.locator('[data-source]', { hasText: 'Taartsite' }).waitFor();
		await page.locator('.page-head .btn-primary, header .btn-primary').first().click();
		await page.getByRole('dialog').locator('[name=name]').waitFor();
	},
};

export const data = ['Bron Huis', 'Bram Bron', 'Taartsite', 'Bestelformulier', 'Kassa', 'Eigen site', 'Koppeling', 'Met tijd', 'Offerteaanvraag'];
