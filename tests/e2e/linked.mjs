/* Linked records: pushed by another system they appear without a word from the reader; by hand with a way back; systems are connected in the settings. */
import { api, base, becomes, check, crmctl, enter, equal, holdNote, person, post, story, until } from './house.mjs';

crmctl('workspace', 'add', 'l-shop', '--preset', 'follow-up', '--name', 'Lindeman Handel', '--timezone', 'Europe/Amsterdam');
const lot = person('lot@linked.example', 'Lot Lindeman', '--workspace', 'l-shop', '--role', 'owner');
const hook = crmctl('source', 'add', '--workspace', 'l-shop', '--kind', 'records', '--form-type', 'shop').url;
const order = (id, amount, more = {}) => ({ kind: 'order', external_id: id, account: 'Acme Ltd', title: `Order ${id}`, amount: { amount, currency: 'EUR' }, ...more });
let account = null;
let deal = null;

/* an account with a deal of its own, and what a shop knows of it: once, whoever comes first */
async function given(page) {
	if (account)
		return;
	account = (await (await api(page, 'POST', '/api/crm/accounts?workspace=l-shop', { name: 'Acme Ltd' })).json()).id;
	deal = (await (await api(page, 'POST', '/api/crm/deals?workspace=l-shop', { title: 'Lampen', company: 'Acme Ltd', account_id: account })).json()).id;
	await post(hook, [order('1001', '120.00', { status: 'paid' }), { kind: 'conversation', system: 'chat', external_id: '9', account: 'Acme Ltd', title: 'Chat', count: 5, excerpt: 'In stock?' }]);
	await post(hook, { account: 'Nobody BV', kind: 'ticket', external_id: 'T1', title: 'Ticket of somebody' });
	await until('they stand', async () => (await (await api(page, 'GET', `/api/crm/linked?account_id=${account}`)).json()).data.length === 2);
}

export async function tell() {
	await story('S1-8: a project and a ticket pushed for a person stand on the tabs of their page and link out; the timeline tells of them', async () => {
		const page = await enter(lot, '/contacts');
		const { id } = await (await api(page, 'POST', '/api/crm/contacts?workspace=l-shop', { name: 'Jane Smith', email: 'jane@acme.test' })).json();
		await page.goto(`${base}/contacts/${id}?view=tickets`);
		await page.getByRole('tab', { name: /Tickets/ }).waitFor();
		await post(hook, [
			{ kind: 'ticket', external_id: 'J1', email: 'JANE@acme.test', title: 'Login fails', url: 'https://desk.test/J1' },
			{ kind: 'project', external_id: 'P1', email: 'jane@acme.test', title: 'Rollout', url: 'https://plan.test/P1' },
		]);
		await page.locator('a[href="https://desk.test/J1"][target=_blank]', { hasText: 'Login fails' }).waitFor();
		await page.getByRole('tab', { name: /Projects/ }).click();
		await page.getByRole('link', { name: 'Rollout' }).waitFor();
		await page.getByRole('tab', { name: 'Timeline' }).click();
		await page.locator('.entry', { hasText: 'Ticket linked' }).waitFor();
		equal(page.faults, [], 'faults:');
	});

	await story('S4-3: an order pushed by a shop is on the company\'s page without reload, with what it ever ordered; a silent shop says since when', async () => {
		const page = await enter(lot, '/accounts');
		await given(page);
		await page.goto(`${base}/accounts/${account}`);
		const orders = page.getByRole('region', { name: 'Orders' });
		await orders.getByText('Order 1001').waitFor();
		await page.getByRole('region', { name: 'Conversations' }).getByText('In stock?').waitFor();
		await post(hook, order('1002', '80.00'));
		await orders.getByText('Order 1002').waitFor();
		await page.locator('[data-metric=lifetime]').getByText('€200.00').waitFor();
		equal((await fetch(hook, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"kind":"order"}' })).status, 422, 'what is not understood:');
		await orders.getByText(/shop .*since/).waitFor();
		await post(hook, order('1002', '80.00', { status: 'sent' }));
		await orders.getByText('sent').waitFor();
		await page.getByRole('button', { name: 'Onboard', exact: true }).click();
		await page.getByRole('dialog', { name: 'Begin with Acme Ltd' }).getByRole('button', { name: 'Begin' }).click();
		await page.getByRole('region', { name: 'Tickets' }).getByText('Welcome').waitFor();
		equal(page.faults, [], 'faults:');
	});

	await story('a linked record by hand in a deal: added, changed, removed, put back; facts stand in their panels, the others say that there is nothing', async () => {
		const page = await enter(lot, '/accounts');
		await given(page);
		await page.goto(`${base}/crm?type=prospect&id=${deal}&tab=linked`);
		const panel = page.getByRole('dialog').filter({ has: page.locator('.panel-head') });
		await panel.getByText('Order 1001').waitFor();
		await panel.getByRole('button', { name: 'Add', exact: true }).last().click();
		const form = page.getByRole('dialog', { name: 'Add' }).filter({ has: page.locator('input[name=title]') });
		await form.locator('input[name=title]').fill('Move the office');
		await form.locator('input[name=url]').fill('no address');
		await page.keyboard.press('Enter');
		await form.getByText('Begin with http:// or https://').waitFor();
		await form.locator('input[name=url]').fill('https://p.test/1');
		await page.keyboard.press('Enter');
		await form.waitFor({ state: 'hidden' });
		await panel.getByRole('link', { name: 'Move the office' }).waitFor();
		await panel.getByRole('button', { name: 'Actions for Move the office' }).click();
		await page.getByRole('menuitem', { name: 'Remove' }).click();
		await holdNote(page, 'Move the office removed');
		await panel.getByRole('link', { name: 'Move the office' }).waitFor({ state: 'detached' });
		await page.keyboard.press('z');
		await panel.getByRole('link', { name: 'Move the office' }).waitFor();
		await panel.locator('[data-panel=metrics]').getByText('No data yet').waitFor({ state: 'attached' });
		await post(hook, { account: 'Acme Ltd', panel: 'metrics', key: 'visits', label: { en: 'Visits', nl: 'Bezoeken' }, value: 1234 });
		await panel.locator('[data-panel=metrics]').getByText('1,234').waitFor({ state: 'attached' });
		await panel.locator('[data-panel=metrics]').getByText('shop').waitFor({ state: 'attached' });
		equal(page.faults, [], 'faults:');
	});

	await story('a system is connected: its address is shown once and takes records; what waits is given to whom it is of', async () => {
		const page = await enter(lot, '/settings/systems');
		await given(page);
		await page.getByRole('button', { name: 'Connect a system' }).click();
		const form = page.getByRole('dialog', { name: 'Connect a system' });
		await form.locator('input[name=name]').fill('Help desk');
		await form.locator('input[name=form_type]').fill('desk');
		await page.keyboard.press('Enter');
		const url = await form.getByRole('group', { name: 'Address to push to' }).locator('code').textContent();
		check(/\/hooks\/[\w-]{16,}$/.test(url), `an address: ${url}`);
		await form.getByRole('button', { name: 'Done' }).click();
		await post(url, { kind: 'ticket', external_id: '7', account: 'Acme Ltd', title: 'Broken' });
		await page.locator('[data-system=desk]').getByText('Working').waitFor();
		const waits = page.locator('[data-push]', { hasText: 'Ticket of somebody' });
		await waits.getByRole('button', { name: /Whose is/ }).click();
		await page.getByRole('dialog', { name: /Whose is/ }).getByRole('button', { name: /Acme Ltd/ }).click();
		await waits.waitFor({ state: 'detached' });
		await becomes(async () => (await (await api(page, 'GET', `/api/crm/linked?account_id=${account}&kind=ticket`)).json()).data.some((one) => one.title === 'Ticket of somebody'), true, 'it is theirs:');
		equal(page.faults, [], 'faults:');
	});
}

/* the places stand in the bakery, whose people look at every page */
const bakery = crmctl('source', 'add', '--workspace', 'bakkerij-jansen', '--kind', 'records', '--form-type', 'kassa').url;
let hotel = null;
async function shown(page) {
	hotel ??= (async () => {
		const { id } = await (await api(page, 'POST', '/api/crm/accounts?workspace=bakkerij-jansen', { name: 'Hotel Zeezicht' })).json();
		const of = (kind, external_id, more) => ({ kind, external_id, account: 'Hotel Zeezicht', occurred_at: '2026-11-01T10:00:00Z', ...more });
		await post(bakery, [
			of('order', '1001', { title: 'Taart 1001', status: 'betaald', amount: { amount: '120.00', currency: 'EUR' }, url: 'https://kassa.example/1001' }),
			of('order', '1002', { title: 'Taart 1002', status: 'lopend', amount: { amount: '80.00', currency: 'EUR' } }),
			of('ticket', 'T1', { title: 'Doos was nat', status: 'lopend', assignee: 'Kim' }),
			of('loyalty', 'S', { title: 'Spaarkaart', count: 340 }),
			{ kind: 'device', external_id: 'D1', account: 'Onbekend BV', title: 'Oven' },
		]);
		await until('it stands', async () => (await (await api(page, 'GET', `/api/crm/linked?account_id=${id}`)).json()).data.length === 4);
		return id;
	})();
	return hotel;
}

export const places = {
	'settings-systems': async (page) => {
		await shown(page);
		await page.goto(`${base}/settings/systems?workspace=bakkerij-jansen`);
		await page.locator('[data-system=kassa]').waitFor();
		await page.locator('[data-push]').waitFor();
		await page.locator('input[name=step-0]').waitFor();
	},
	'account-linked': async (page) => {
		await page.goto(`${base}/accounts/${await shown(page)}?workspace=bakkerij-jansen`);
		await page.locator('[data-linked]').nth(3).waitFor();
	},
	'linked-dialog': async (page) => {
		await page.goto(`${base}/accounts/${await shown(page)}?workspace=bakkerij-jansen`);
		await page.locator('[data-linked]').nth(3).waitFor();
		await page.locator('[data-adds=linked]').click();
		await page.locator('[role=dialog] input[name=title]').waitFor();
	},
};
export const data = ['Taart 1001', 'Taart 1002', 'betaald', 'lopend', 'Doos was nat', 'Spaarkaart', 'Oven', 'kassa', 'Onbekend BV', 'Kim'];
