/* Who is there twice: told while somebody types, merged and taken apart again, dismissed; and what lies in the trash. By keyboard alone. */
import { api, base, crmctl, enter, equal, holdNote, person, story, until } from './house.mjs';
import { noFaults } from './given.mjs';

crmctl('workspace', 'add', 'dubbel', '--preset', 'nl-offerte-6', '--name', 'Dubbel en Dwars', '--timezone', 'Europe/Amsterdam');
const dora = person('dora@dubbel.example', 'Dora Dubbel', '--workspace', 'dubbel', '--role', 'owner');
const made = async (page, kind, body) => {
	const answer = await api(page, 'POST', `/api/crm/${kind}`, body);
	equal(answer.status(), 201, `a ${kind}:`);
	return (await answer.json()).id;
};

export async function tell() {
	await story('N5 by keyboard alone: somebody new is known already, both are merged with a choice of fields, and taken apart again', async () => {
		const page = await enter(dora, '/contacts');
		const jan = await made(page, 'contacts', { name: 'Jan Jansen', phone: '06 1234 5678', company: 'Bakkerij Bol' });
		await page.reload();
		await page.locator('tbody .row-link', { hasText: 'Jan Jansen' }).waitFor();
		await page.getByRole('button', { name: 'New contact' }).press('Enter');
		const form = page.getByRole('dialog', { name: 'New contact' });
		await form.locator('input[name=first_name]:focus').waitFor();
		await page.keyboard.type('J.');
		await page.keyboard.press('Tab');
		await page.keyboard.type('Jansen');
		await form.locator('input[name=phone]').focus();
		await page.keyboard.type('+31 6 12345678');
		await form.getByRole('region', { name: 'Already known?' }).getByText('Jan Jansen').waitFor();
		await form.getByRole('region', { name: 'Already known?' }).getByText('same phone number').waitFor();
		await form.locator('input[name=phone]').press('Enter');
		await form.waitFor({ state: 'detached' });
		await page.getByRole('link', { name: 'Duplicates' }).press('Enter');
		const pair = page.getByRole('listitem', { name: 'Jan Jansen and J. Jansen' });
		await pair.getByText('same phone number').waitFor();
		await pair.getByRole('button', { name: /^Merge/ }).press('Enter');
		const dialog = page.getByRole('dialog', { name: 'Merge two into one' });
		await dialog.getByText(/Jan Jansen \(no\. \d+\) stays/).waitFor();
		const missing = [];
		page.on('response', (answer) => { if (answer.status() === 404) missing.push(answer.url()); });
		await dialog.getByRole('row', { name: /^Name/ }).getByRole('radio').nth(1).press('Space');
		await dialog.getByRole('button', { name: 'Merge', exact: true }).press('Enter');
		await holdNote(page, 'J. Jansen is one with Jan Jansen');
		await page.getByRole('heading', { name: 'Nothing looks double' }).waitFor();
		const { data } = await (await api(page, 'GET', '/api/crm/merges')).json();
		equal([data.length, data[0].survivor_id], [1, jan], 'the merge:');
		await page.keyboard.press('z');
		await page.locator('.toast', { hasText: 'Both are as they were' }).waitFor();
		await pair.waitFor();
		equal(missing, [], 'asked for, and not there:');
		/* once more; the old address leads to the one that stays, where the merge stands and can be taken back too */
		await pair.getByRole('button', { name: /^Merge/ }).press('Enter');
		await dialog.getByRole('button', { name: 'Merge', exact: true }).press('Enter');
		await page.getByRole('heading', { name: 'Nothing looks double' }).waitFor();
		await page.goto(`${base}/contacts/${data[0].loser_id}`);
		await page.getByRole('heading', { level: 1, name: 'Jan Jansen' }).waitFor();
		await page.waitForURL(new RegExp(jan));
		await page.locator('.entry', { hasText: 'Merged with J. Jansen' }).first().waitFor();
		await page.getByRole('button', { name: 'Take J. Jansen apart again' }).press('Enter');
		await page.getByRole('dialog').getByRole('button', { name: 'Take apart' }).press('Enter');
		await until('both merges are taken back', async () => (await (await api(page, 'GET', '/api/crm/merges')).json()).data.every((one) => one.undone_at));
		await page.locator('.entry', { hasText: 'Two again: Jan Jansen and J. Jansen' }).nth(1).waitFor();
		await page.goto(`${base}/duplicates`);
		await pair.getByRole('button', { name: /not the same/ }).press('Enter');
		await page.getByRole('heading', { name: 'Nothing looks double' }).waitFor();
		noFaults(page);
	});

	await story('the trash says who threw away what and how long it rests, and takes back; what is taken meanwhile says what to do', async () => {
		const page = await enter(dora, '/trash?of=account');
		const acme = await made(page, 'accounts', { name: 'Acme Weg' });
		equal((await api(page, 'DELETE', `/api/crm/accounts/${acme}`)).status(), 204, 'thrown away:');
		const other = await made(page, 'accounts', { name: 'Acme Weg' });
		await page.reload();
		const row = page.locator('tbody tr', { hasText: 'Acme Weg' });
		await row.getByText('30 days left').waitFor();
		await row.getByText(/Dora Dubbel/).waitFor();
		await row.getByRole('button', { name: 'Take back Acme Weg' }).press('Enter');
		await page.getByRole('alert').getByText('Acme Weg cannot come back as it is').waitFor();
		equal((await api(page, 'PUT', `/api/crm/accounts/${other}`, { name: 'Acme Anders' })).status(), 200, 'another name:');
		await row.getByRole('button', { name: 'Take back Acme Weg' }).press('Enter');
		await page.locator('.toast', { hasText: 'Acme Weg is back' }).waitFor();
		await page.getByRole('heading', { name: 'The trash is empty' }).waitFor();
		await until('it stands', async () => (await api(page, 'GET', `/api/crm/accounts/${acme}`)).status() === 200);
		equal(page.faults.filter((one) => !/409/.test(one)), [], 'faults in the page:');
	});
}

const demo = 'bakkerij-jansen';
/* once: somebody twice, and a company in the trash */
let begun = null;
const begin = (page) => begun ??= (async () => {
	for (const body of [{ name: 'Truus Molenaar', email: 'truus@molenaar.example', phone: '06 1029 3847', company: 'Molenaar Meel' }, { name: 'T. Molenaar', phone: '+31 6 10293847', company: 'Molenaar Meel' }])
		await made(page, `contacts?workspace=${demo}`, body);
	await api(page, 'DELETE', `/api/crm/accounts/${await made(page, `accounts?workspace=${demo}`, { name: 'Oude Molen', city: 'Utrecht' })}?workspace=${demo}`);
})();
const pairs = async (page) => {
	await begin(page);
	await page.goto(`${base}/duplicates?workspace=${demo}`);
	await page.locator('.pair, .empty').first().waitFor();
};
export const places = {
	duplicates: pairs,
	'duplicates merge': async (page) => { await pairs(page); await page.locator('.pair-acts .btn').first().click(); await page.locator('[role=dialog] .merge-table').waitFor(); },
	trash: async (page) => { await begin(page); await page.goto(`${base}/trash?workspace=${demo}&of=account`); await page.locator('tbody tr, .empty').first().waitFor(); },
};
export const data = ['Dubbel en Dwars', 'Dora Dubbel', 'Truus Molenaar', 'T. Molenaar', 'Molenaar Meel', 'Oude Molen'];
