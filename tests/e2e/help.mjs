/* The guide in the app and the API's own page: found by words, opened from the page it is about, tried on the running house. */
import { api, base, becomes, check, crmctl, enter, equal, story, until } from './house.mjs';
import { daan, lead, noFaults, sanne } from './given.mjs';

const guide = async (page, language, name) => (await (await page.request.get(`${base}/guide/${language}/${name}.json`)).json());

export async function tell() {
	await story('help: the index by groups, found by words of titles and texts, opened by Enter', async () => {
		const page = await enter(sanne, '/help?workspace=bakkerij-jansen');
		await page.getByRole('link', { name: 'First steps' }).waitFor();
		await page.getByRole('searchbox', { name: 'Search in help' }).fill('gravity');
		await page.getByRole('link', { name: /Put the form on your website/ }).waitFor();
		await until('the word is marked', async () => (await page.locator('mark').first().textContent()).toLowerCase() === 'gravity');
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/help\/hooks\?workspace=bakkerij-jansen/);
		await page.getByRole('heading', { level: 2, name: 'Gravity Forms' }).waitFor();
		/* a link within the guide stays in the app, and in the workspace */
		await page.evaluate(() => { window.stayed = true; });
		await page.goto(`${base}/help/first-steps?workspace=bakkerij-jansen`);
		await page.evaluate(() => { window.stayed = true; });
		await page.locator('.guide').getByRole('link', { name: 'Put the form on your website' }).click();
		await page.waitForURL(/\/help\/hooks\?workspace=bakkerij-jansen/);
		check(await page.evaluate(() => window.stayed === true), 'no reload');
		await page.goto(`${base}/help?q=xyzzy`);
		await page.getByRole('heading', { name: /Nothing in the help about/ }).waitFor();
		noFaults(page);
	});

	await story('help: a page\'s question mark opens its own page, in the language in use', async () => {
		const page = await enter(sanne, '/search?workspace=bakkerij-jansen', { nl: true });
		await page.locator('.help-link').click();
		await page.waitForURL(/\/help\/search/);
		const own = await guide(page, 'nl', 'search');
		await page.getByRole('heading', { level: 1, name: own.title }).waitFor();
		await page.locator('.guide').getByText('in welke volgorde dan ook').waitFor();
		await becomes(async () => await page.locator('.guide img').count() > 0 && await page.locator('.guide img').first().evaluate((one) => one.decode().then(() => one.naturalWidth > 200)), true, 'its picture is shown:');
		await page.goto(`${base}/help/bestaat-niet`);
		await page.getByRole('heading', { name: 'Er is geen hulppagina met deze naam' }).waitFor();
	});

	await story('help: every link of every page leads somewhere, every picture is there', async () => {
		const page = await enter(sanne, '/help');
		for (const language of ['en', 'nl']) {
			const groups = await guide(page, language, 'index');
			const names = groups.flatMap((group) => group.pages.map((one) => one.name));
			for (const name of names) {
				const { html } = await guide(page, language, name);
				for (const [, to] of html.matchAll(/href="\/help\/([a-z-]+)/g))
					check(names.includes(to), `${language}/${name} leads to ${to}`);
				for (const [, to] of html.matchAll(/src="([^"]+)"/g))
					check((await page.request.get(base + to)).headers()['content-type'] === 'image/webp', `${language}/${name} shows ${to}`);
			}
		}
	});

	await story('API page: without a log-in it is read; with a pasted key a request is really made', async () => {
		const page = await enter(null, '/api/docs');
		await page.getByRole('heading', { level: 1, name: 'API documentation' }).waitFor();
		const { key } = crmctl('apikey', 'add', '--workspace', 'bakkerij-jansen', '--role', 'owner');
		await page.getByRole('searchbox', { name: 'Filter' }).fill('leads newest');
		await page.locator('.docs-item', { hasText: '/leads' }).first().click();
		await page.waitForURL(/op=GET/);
		await page.getByRole('heading', { level: 1, name: /GET \/api\/crm\/leads/ }).waitFor();
		await page.getByRole('button', { name: 'Send' }).click();
		await page.getByRole('status').getByText('401', { exact: true }).waitFor();
		await page.getByLabel('API key').fill(key);
		await page.getByLabel('limit').fill('1');
		await lead(null);
		await page.getByRole('button', { name: 'Send' }).click();
		await page.getByRole('status').getByText('200', { exact: true }).waitFor();
		const answer = JSON.parse(await page.getByRole('region', { name: 'The answer' }).textContent());
		equal(answer.data.length, 1, 'rows as asked:');
		await until('the line for a terminal is the same call', async () => (await page.getByRole('group', { name: 'The same in a terminal' }).textContent()).includes('/api/crm/leads?limit=1'));
		noFaults(page);
	});

	await story('API page: a write by the session\'s cookie, the body from the example; a stream is read and stopped', async () => {
		const page = await enter(daan, '/api/docs?op=POST%20%2Fapi%2Fcrm%2Fleads');
		const body = page.getByLabel('JSON that is sent');
		await until('the example has what must be there', async () => JSON.parse(await body.inputValue()).name);
		await page.getByLabel('workspace', { exact: true }).fill('bakkerij-jansen');
		await body.fill('{"name": "Via Papier", "email": "papier@example.nl"}');
		await page.getByRole('button', { name: 'Send' }).click();
		await page.getByRole('status').getByText('201', { exact: true }).waitFor();
		await until('the lead is there', async () => (await (await api(page, 'GET', '/api/crm/leads?workspace=bakkerij-jansen&q=via%20papier')).json()).data.length === 1);
		await page.goto(`${base}/api/docs?op=GET%20%2Fapi%2Fcrm%2Fstream`);
		await page.getByRole('button', { name: 'Send' }).click();
		const it = await lead(null);
		await page.getByRole('region', { name: 'The answer' }).getByText(new RegExp(it.name)).waitFor();
		await page.getByRole('button', { name: 'Stop' }).click();
		await page.getByRole('button', { name: 'Send' }).waitFor();
		noFaults(page);
	});

	await story('API page: every request and event of the documents is listed and opens', async () => {
		const page = await enter(sanne, '/api/docs');
		const http = await (await page.request.get(`${base}/api/openapi.json`)).json();
		const said = await (await page.request.get(`${base}/api/asyncapi.json`)).json();
		await page.locator('.docs-item').first().waitFor();
		await becomes(() => page.locator('.docs-item').count(), Object.values(http.paths).reduce((sum, one) => sum + Object.keys(one).length, 0), 'requests listed:');
		await page.getByRole('button', { name: 'Events' }).click();
		await becomes(() => page.locator('.docs-item').count(), Object.values(said.channels).reduce((sum, one) => sum + Object.keys(one.messages).length, 0), 'events listed:');
		await page.locator('.docs-item', { hasText: 'deal.stage_changed' }).click();
		const example = JSON.parse(await page.getByRole('region', { name: 'Example' }).textContent());
		check(example.type === 'deal.stage_changed' && example.data.deal_id && example.sequence !== undefined, 'the example is a whole event');
		await page.goto(`${base}/api/docs?op=GET%20%2Fnix`);
		await page.getByRole('alert').filter({ hasText: 'nothing by the name' }).waitFor();
	});
}

const open = (path, seen) => async (page) => { await page.goto(base + path); await page.locator(seen).first().waitFor(); };
const pictures = async (page) => { await page.waitForFunction(() => [...document.querySelectorAll('.guide img')].every((one) => one.complete || one.loading === 'lazy')); };
export const places = {
	help: open('/help?workspace=bakkerij-jansen', '.guide-link'),
	'help found': open('/help?workspace=bakkerij-jansen&q=api', '.guide-hit'),
	'help page': async (page) => { await open('/help/first-steps?workspace=bakkerij-jansen', '.guide h2')(page); await pictures(page); },
	'help hooks': open('/help/hooks?workspace=bakkerij-jansen', '.guide pre'),
	'api docs': open('/api/docs?op=GET%20%2Fapi%2Fcrm%2Fdeals', '.docs-main h1'),
	'api docs intro': open('/api/docs', '.docs-main h1'),
	'api docs write': open('/api/docs?op=PUT%20%2Fapi%2Fcrm%2Fopportunities%2F%7Bdeal_id%7D', '.docs-main table'),
	'api docs event': open('/api/docs?op=deal.stage_changed', '.docs-main pre'),
};
