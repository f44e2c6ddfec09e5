/* Webhooks that go out, as an owner sets them up: an address is told of what happens, signed so that its receiver can tell; what did not arrive is seen and
   sent again; a secret is changed while both are good. The receiver is the story's own. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { api, base, becomes, check, crmctl, enter, equal, person, story, until } from './house.mjs';

crmctl('workspace', 'add', 'hook-huis', '--preset', 'follow-up', '--name', 'Haak en Zoon', '--timezone', 'Europe/Amsterdam');
const hanna = person('hanna@haak.example', 'Hanna Haak', '--workspace', 'hook-huis', '--role', 'owner');
const W = 'hook-huis';

/* who is told: keeps what came, answers as it is bid */
async function receiver() {
	const came = [];
	const how = { status: 204, text: '', then: null };
	const server = createServer((request, reply) => {
		const parts = [];
		request.on('data', (part) => parts.push(part));
		request.on('end', () => {
			came.push({ headers: request.headers, body: Buffer.concat(parts), status: how.status });
			reply.writeHead(how.status, { 'Content-Type': 'text/plain' });
			reply.end(how.status === 204 ? '' : how.text);
			if (how.then)
				Object.assign(how, how.then, { then: null });
		});
	});
	await new Promise((go) => server.listen(0, '127.0.0.1', go));
	return { came, how, url: `http://127.0.0.1:${server.address().port}/leadwire`, close: () => server.close() };
}

/* the receiver's half of Standard Webhooks: how many of the signatures are by this secret */
function signatures({ headers, body }, secret) {
	const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body).digest();
	check(Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 60, `a time of now: ${headers['webhook-timestamp']}`);
	return headers['webhook-signature'].split(' ').filter((one) => {
		const value = Buffer.from(one.replace(/^v1,/, ''), 'base64');
		return one.startsWith('v1,') && value.length === mac.length && timingSafeEqual(value, mac);
	}).length;
}

const row = (page, name) => page.locator('[data-webhook]', { hasText: name });
const secretIn = async (dialog) => dialog.getByRole('group', { name: 'The secret' }).locator('code').textContent();

async function menu(page, name, item) {
	await page.getByRole('button', { name: `More for ${name}`, exact: true }).click();
	await page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function added(page, name, url, ...events) {
	await page.goto(`${base}/settings/webhooks?workspace=${W}`);
	await page.getByRole('button', { name: 'New address' }).first().click();
	const form = page.getByRole('dialog', { name: 'New address' });
	await form.locator('input[name=name]').fill(name);
	await form.locator('input[name=url]').fill(url);
	for (const one of events)
		await form.locator(`input[name="${one}"]`).check();
	await form.getByRole('button', { name: 'Make it' }).click();
	const secret = await secretIn(form);
	check(/^whsec_[A-Za-z0-9+/]{32,}=*$/.test(secret), `a secret: ${secret}`);
	await form.getByRole('tab', { name: 'Python' }).click();
	await form.getByText('hmac.compare_digest').waitFor();
	await form.getByRole('button', { name: 'I have kept it' }).click();
	await row(page, name).waitFor();
	return secret;
}

export async function tell() {
	await story('a webhook is set up: its secret is told once, a test arrives signed, what happens arrives, and the log shows what came back', async () => {
		const there = await receiver();
		try {
			const page = await enter(hanna, `/settings/webhooks?workspace=${W}`);
			await page.getByRole('heading', { name: 'No program is told yet' }).waitFor();
			const secret = await added(page, 'Boeken', there.url, 'deal.*');
			check(!(await (await api(page, 'GET', `/api/crm/webhooks?workspace=${W}`)).text()).includes(secret.slice(6)), 'the secret is told once');
			await row(page, 'Boeken').getByRole('button', { name: 'Send a test to Boeken' }).click();
			await page.getByText('It arrived: the receiver took the message.').waitFor();
			await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
			equal(JSON.parse(there.came[0].body).type, 'test.ping', 'the test:');
			equal(signatures(there.came[0], secret), 1, 'signed by the secret:');
			equal(signatures({ ...there.came[0], body: Buffer.concat([there.came[0].body, Buffer.from(' ')]) }, secret), 0, 'another body is not signed:');

			const { id } = await (await api(page, 'POST', `/api/crm/deals?workspace=${W}`, { title: 'Hengels' })).json();
			await until('the deal is told', () => there.came.some((one) => JSON.parse(one.body).type === 'deal.created' && one.body.includes(id)));
			const told = there.came.find((one) => JSON.parse(one.body).type === 'deal.created');
			equal(signatures(told, secret), 1, 'signed, too:');

			await row(page, 'Boeken').getByRole('link', { name: 'Boeken' }).click();
			const line = page.locator('tbody tr', { hasText: 'deal.created' });
			await line.getByText('Delivered', { exact: true }).waitFor();
			await line.getByRole('button', { name: /^Look/ }).click();
			const one = page.getByRole('dialog', { name: 'One message' });
			await one.getByText('HTTP 204').waitFor();
			await one.getByText('Hengels').waitFor();
			const before = there.came.length;
			await one.getByRole('button', { name: 'Send again' }).click();
			await until('it comes again', () => there.came.length > before);
			equal(there.came.at(-1).headers['webhook-id'], told.headers['webhook-id'], 'under its number:');
			equal(there.came.at(-1).body.toString(), told.body.toString(), 'the same message:');
		} finally {
			there.close();
		}
	});

	await story('another secret: for a day both sign, and at once the new one alone', async () => {
		const there = await receiver();
		try {
			const page = await enter(hanna);
			const first = await added(page, 'Kassa', there.url);
			await menu(page, 'Kassa', 'Another secret');
			let form = page.getByRole('dialog', { name: 'Another secret for Kassa' });
			await form.getByRole('button', { name: 'Another secret' }).click();
			const second = await secretIn(form);
			await form.getByRole('button', { name: 'I have kept it' }).click();
			check(first !== second, 'it is another one');
			await row(page, 'Kassa').getByText(/both secrets sign until/).waitFor();
			const test = async () => {
				const n = there.came.length;
				await row(page, 'Kassa').getByRole('button', { name: 'Send a test to Kassa' }).click();
				await page.getByText('It arrived: the receiver took the message.').waitFor();
				await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
				await until('a test came', () => there.came.length > n);
				return there.came.at(-1);
			};
			let came = await test();
			equal([signatures(came, first), signatures(came, second)], [1, 1], 'both sign:');
			await menu(page, 'Kassa', 'Another secret');
			form = page.getByRole('dialog', { name: 'Another secret for Kassa' });
			await form.locator('input[name=now]').check();
			await form.getByRole('button', { name: 'Another secret' }).click();
			const third = await secretIn(form);
			await form.getByRole('button', { name: 'I have kept it' }).click();
			came = await test();
			equal([signatures(came, first), signatures(came, second), signatures(came, third)], [0, 0, 1], 'the new one alone:');
		} finally {
			there.close();
		}
	});

	await story('a receiver that refuses: the log says what it said, a time is sent again, and an address that says 410 is told no more until somebody switches it on', async () => {
		const there = await receiver();
		try {
			const page = await enter(hanna);
			await added(page, 'Planning', there.url);
			Object.assign(there.how, { status: 500, text: 'Buiten dienst', then: { status: 410, text: '' } });
			await row(page, 'Planning').getByRole('button', { name: 'Send a test to Planning' }).click();
			await page.getByText(/It did not arrive/).waitFor();
			await page.getByRole('dialog').getByText('Buiten dienst').first().waitFor();
			await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
			await row(page, 'Planning').getByText('Gone', { exact: true }).waitFor({ timeout: 20000 }); /* by itself: the second attempt comes after five seconds */
			await row(page, 'Planning').getByText(/nobody is there any more/).waitFor();

			Object.assign(there.how, { status: 204 });
			await row(page, 'Planning').getByRole('button', { name: 'Switch on Planning' }).click();
			await row(page, 'Planning').getByText('On', { exact: true }).waitFor();
			await row(page, 'Planning').getByRole('link', { name: 'Planning' }).click();
			await page.getByRole('button', { name: 'Send a time again' }).click();
			const form = page.getByRole('dialog', { name: 'Send a time again' });
			await form.locator('input[name=since]').fill('2020-01-01T00:00');
			const before = there.came.length;
			await form.getByRole('button', { name: 'Send again' }).click();
			await page.getByRole('status').filter({ hasText: '1 message is sent again' }).first().waitFor();
			await until('it comes again', () => there.came.length > before);
			await page.locator('tbody tr', { hasText: 'test.ping' }).getByText('Delivered', { exact: true }).waitFor();
		} finally {
			there.close();
		}
	});

	await story('an address that is none is refused in its field, one that is removed is gone', async () => {
		const page = await enter(hanna, `/settings/webhooks?workspace=${W}`);
		await page.getByRole('button', { name: 'New address' }).first().click();
		const form = page.getByRole('dialog', { name: 'New address' });
		await form.locator('input[name=name]').fill('Weg ermee');
		await form.locator('input[name=url]').fill('niets');
		await page.keyboard.press('Enter');
		await form.getByText(/Enter a whole address/).waitFor();
		await form.locator('input[name=url]').fill('https://weg.example/hook');
		await page.keyboard.press('Enter');
		await form.getByRole('button', { name: 'I have kept it' }).click();
		await menu(page, 'Weg ermee', 'Remove');
		await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
		await row(page, 'Weg ermee').waitFor({ state: 'detached' });
		await becomes(async () => (await (await api(page, 'GET', `/api/crm/webhooks?workspace=${W}`)).json()).data.some((one) => one.name === 'Weg ermee'), false, 'it is no more:');
	});
}

/* the places stand in the bakery, whose people look at every page */
let bakery = null;
async function shown(page) {
	bakery ??= (async () => {
		const path = '/api/crm/webhooks?workspace=bakkerij-jansen';
		const { id } = await (await api(page, 'POST', path, { name: 'Boekhouder', url: 'http://127.0.0.1:9/leadwire', events: ['invoice.*', 'quote.accepted'] })).json();
		await api(page, 'POST', path, { name: 'Magazijn', url: 'https://magazijn.example/hook', events: [], enabled: false });
		await api(page, 'POST', `/api/crm/webhooks/${id}/test?workspace=bakkerij-jansen`, {});
		await until('it was tried', async () => (await (await api(page, 'GET', `/api/crm/webhooks/${id}/deliveries?workspace=bakkerij-jansen`)).json()).data[0]?.tries > 0);
		return id;
	})();
	return bakery;
}

export const places = {
	'settings-webhooks': async (page) => {
		await shown(page);
		await page.goto(`${base}/settings/webhooks?workspace=bakkerij-jansen`);
		await page.locator('[data-webhook]').nth(1).waitFor();
	},
	'settings-webhooks-add': async (page) => {
		await page.goto(`${base}/settings/webhooks?workspace=bakkerij-jansen`);
		await page.locator('.page-actions .btn-primary').click();
		await page.locator('[role=dialog] [data-events=deal]').waitFor();
	},
	'settings-webhook': async (page) => {
		await page.goto(`${base}/settings/webhooks/${await shown(page)}?workspace=bakkerij-jansen`);
		await page.locator('[data-row]').first().waitFor();
	},
	'settings-webhook-one': async (page) => {
		await page.goto(`${base}/settings/webhooks/${await shown(page)}?workspace=bakkerij-jansen`);
		await page.locator('[data-row] .row-end button').first().click();
		await page.locator('[data-sent]').waitFor();
	},
};
export const data = ['Boekhouder', 'Magazijn'];
