/* Privacy: who asks is found, given everything as one archive, and forgotten after their name was typed; the list says when that is over. */
import { api, base, check, crmctl, enter, equal, person, story, until } from './house.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=stil-vergeten';
crmctl('workspace', 'add', 'stil-vergeten', '--preset', 'commerce', '--name', 'Stil Vergeten');
const vera = person('vera@stil.example', 'Vera Vergeet', '--workspace', 'stil-vergeten', '--role', 'owner');
const P = `/settings/privacy${W}`;
const dialog = (page) => page.getByRole('dialog');
const L = '?workspace=polder-it';
const made = (page, name, email, where = W) => ask(page, 'POST', `/api/crm/contacts${where}`, { name, email, phone: '+31611223344' });
const found = async (page, typed, name) => {
	await page.locator('input[name=person]').fill(typed);
	await page.locator('.pick', { hasText: name }).click();
	await page.locator('[data-known]').waitFor();
};

export async function tell() {
	await story('who asks to be forgotten is found by name, given their archive, and erased after the name was typed right; the list says when nothing is left', async () => {
		const page = await enter(vera, '/');
		await made(page, 'Fenna Weggaan', 'fenna@weg.example');
		await page.goto(base + P);
		await found(page, 'Weggaan', 'Fenna Weggaan');
		await page.locator('[data-known]').getByText('fenna@weg.example').waitFor();
		const archive = await api(page, 'GET', await page.locator('a[download]').getAttribute('href'));
		equal([archive.status(), (await archive.body()).subarray(0, 2).toString()], [200, 'PK'], 'the archive:');
		check((await archive.body()).includes('Fenna Weggaan'), 'the archive does not hold the person');
		await page.getByRole('button', { name: 'Erase…' }).click();
		await dialog(page).locator('input[name=confirm]').fill('Fenna');
		await page.keyboard.press('Enter');
		await dialog(page).getByText('That is not the same.').waitFor();
		await dialog(page).locator('input[name=confirm]').fill('Fenna Weggaan');
		await page.keyboard.press('Enter');
		await dialog(page).waitFor({ state: 'detached' });
		await page.locator('[data-wish=over]').first().waitFor({ timeout: 20_000 });
		await page.locator('input[name=person]').fill('Weggaan');
		await page.getByText('No contact is called that.').waitFor();
	});

	await story('the list of contacts leaves as cards for an address book, under the filter it stands in', async () => {
		const page = await enter(vera, '/');
		await made(page, 'Karel Kaart', 'karel@kaart.example');
		await page.goto(`${base}/contacts${W}&q=Kaart`);
		await page.locator('tbody').getByText('Karel Kaart').first().waitFor();
		await page.getByRole('button', { name: 'Export', exact: true }).click();
		const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'As vCard' }).click()]);
		check(/^contacts-.*\.vcf$/.test(file.suggestedFilename()), `the file is called ${file.suggestedFilename()}`);
	});
}

let seeds;
const seeded = (page) => seeds ??= (async () => {
	await made(page, 'Joris Blijft', 'joris@blijft.example', L);
	await made(page, 'Lotte Gaat', 'lotte@gaat.example', L);
	const gone = await ask(page, 'GET', `/api/crm/contacts${L}&q=Lotte`);
	await ask(page, 'POST', `/api/crm/erasures${L}`, { contact_id: gone.data[0].id });
	await until('the erasure is over', async () => (await ask(page, 'GET', `/api/crm/erasures${L}`)).data.every((one) => one.ended_at), 20_000);
})();

export const places = {
	privacy: async (page) => {
		await seeded(page);
		await page.goto(`${base}/settings/privacy${L}`);
		await page.locator('[data-wish]').first().waitFor();
		await found(page, 'Joris', 'Joris Blijft');
	},
	'privacy erase': async (page) => {
		await seeded(page);
		await page.goto(`${base}/settings/privacy${L}`);
		await found(page, 'Joris', 'Joris Blijft');
		await page.locator('.section-actions .btn-danger').click();
		await dialog(page).waitFor();
	},
};

export const data = ['Vera Vergeet', 'Stil Vergeten', 'Joris Blijft', 'Fenna Weggaan', 'Lotte Gaat', 'Karel Kaart'];
