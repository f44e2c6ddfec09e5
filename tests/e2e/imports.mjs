/* Files of records brought in on their page: people and prospects, looked at before anything is written, and taken back. */
import { readFileSync } from 'node:fs';
import { api, base, becomes, check, crmctl, enter, equal, person, story, until } from './house.mjs';
import { axe } from './probes.mjs';

crmctl('workspace', 'add', 'import-it', '--preset', 'classic-6', '--name', 'Import IT', '--timezone', 'Europe/Amsterdam');
crmctl('workspace', 'add', 'import-mx', '--preset', 'follow-up', '--name', 'Import MX', '--timezone', 'Europe/Amsterdam');
const iris = person('iris@imports.example', 'Iris Importeur', '--workspace', 'import-it', '--role', 'owner');
const max = person('max@imports.example', 'Max Prospect', '--workspace', 'import-mx', '--role', 'owner');

const file = (name, lines) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n') + '\n') });
const jane = file('people.csv', [
	'First_Name,LASTNAME,E-mail,Telephone,Organisation,Title,Status', 'Jane,Smith,JANE@acme.test,020 1,Acme Ltd,CTO,LEAD',
	'Omar,Haddad,omar@x.test,,Newco,,LEAD', ',Nolast,a@b.test,,,,', 'Li,,li@b.test,,,,',
]);
const six = file('prospects.csv', [
	'Name;Company;Email;Phone;Phone code;Locale', 'Ana Ruiz;Envíos MX;ana@envios.test;5512345678;+52;MX', 'Bob Gil;Paquetes SA;bob@paquetes.test;600123456;34;Spain',
	'Inge Oud;Oud BV;inge@oud.test;5512345679;52;mx', 'Kees Nu;Nu BV;kees@nu.test;5512345670;52;mx', 'Foo Bar;Foo SA;foo@;5512345671;52;mx', 'Ana Again;Envíos MX;ANA@envios.test;5512345678;+52;MX',
]);
const hubspot = ['companies', 'contacts', 'deals', 'notes'].map((kind) => new URL(`../fixtures/moving/hubspot-${kind}.csv`, import.meta.url).pathname);
const tile = (page, name) => page.locator('.imports .facts div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd');
/* As somebody without a mouse gets there: by Tab alone. */
async function tabTo(page, target, most = 80) {
	await target.waitFor();
	for (let i = 0; i < most; i++) {
		if (await target.evaluate((one) => one === document.activeElement))
			return;
		await page.keyboard.press('Tab');
	}
	check(false, `Tab does not lead to ${target}`);
}
const enterOn = async (page, name, role = 'button', inside = page) => {
	await tabTo(page, inside.getByRole(role, { name, exact: true }));
	await page.keyboard.press('Enter');
};
const group = (page, name, count) => page.getByRole('tab', { name: new RegExp(`^${name}\\s*${count}$`) });

async function chosen(page, path, what) {
	await page.goto(`${base}${path}`);
	await page.getByRole('button', { name: 'Choose a file' }).waitFor();
	await page.locator('input[type=file]').setInputFiles(what);
	await page.getByRole('button', { name: 'Check the rows' }).waitFor();
}

export async function tell() {
	await story('S1-3, S1-4: people out of a CSV on both addresses: columns known by their names, looked at first, created 1, updated 1, skipped 2; undone', async () => {
		const page = await enter(iris, '/admin/crm/import');
		equal((await api(page, 'POST', '/api/crm/contacts', { name: 'Jane Doe', email: 'jane@acme.test' })).status(), 201, 'Jane is known:');
		await page.getByText('Nothing was brought in yet').waitFor();
		await chosen(page, '/crm/import', jane);
		await becomes(() => page.locator('.imports thead select').evaluateAll((all) => all.map((one) => one.value).join()), 'first_name,last_name,email,phone,company,job_title,status', 'columns:');
		await becomes(() => page.locator('.imports .table tbody tr').count(), 4, 'rows in the preview:');
		await page.getByLabel('What LASTNAME is').selectOption('');
		await page.getByText('Still to be said: Last name.').waitFor();
		await page.getByLabel('What LASTNAME is').selectOption('last_name');
		await page.getByRole('button', { name: 'Check the rows' }).click();
		await group(page, 'Errors', 2).click();
		await page.getByText('First name: is missing').waitFor();
		await page.getByText('Last name: is missing').waitFor();
		await page.getByRole('button', { name: 'Import contacts' }).click();
		for (const [name, count] of [['Created', '1'], ['Updated', '1'], ['Skipped', '2']])
			await becomes(() => tile(page, name).textContent(), count, `${name}:`, 8000);
		const { data } = await (await api(page, 'GET', '/api/crm/accounts')).json();
		equal(data.length, 0, 'a company is a word, accounts:');
		await page.getByRole('button', { name: 'Undo the import' }).click();
		await page.getByRole('dialog', { name: 'Undo this import?' }).getByRole('button', { name: 'Undo the import' }).click();
		await becomes(() => tile(page, 'Undone').textContent(), '2', 'undone:', 8000);
		await page.getByRole('button', { name: 'Another file' }).click();
		await page.locator('tbody .row-link', { hasText: 'people.csv' }).waitFor();
	});

	await story('vCards of an address book: nothing to be mapped, who is there twice is said, and they come in', async () => {
		const page = await enter(iris, '/crm/import');
		await chosen(page, '/crm/import', { name: 'cards.vcf', mimeType: 'text/vcard', buffer: readFileSync(new URL('../fixtures/vcard/contacts-many.vcf', import.meta.url)) });
		await page.getByRole('heading', { name: 'Cards', exact: true }).waitFor();
		await becomes(() => page.locator('.imports thead select').count(), 0, 'choices above the columns:');
		await page.getByRole('columnheader', { name: 'Further phones' }).waitFor();
		await page.getByRole('button', { name: 'Check the rows' }).click();
		await group(page, 'Same e-mail twice', 1).click();
		await page.getByText('Row 1 has the same e-mail; this row changes it again.').waitFor();
		await page.getByRole('button', { name: 'Import contacts' }).click();
		for (const [name, count] of [['Created', '4'], ['Updated', '1'], ['Skipped', '1']])
			await becomes(() => tile(page, name).textContent(), count, `${name}:`, 8000);
	});

	await story('By keyboard alone, axe clean: somebody new, a CSV that names them once more by another address, the two found and merged', async () => {
		const page = await enter(iris, '/contacts');
		await enterOn(page, 'New contact');
		const form = page.getByRole('dialog', { name: 'New contact' });
		await form.locator('input[name=first_name]:focus').waitFor();
		await page.keyboard.type('Tess');
		await page.keyboard.press('Tab');
		await page.keyboard.type('Toets');
		await tabTo(page, form.locator('input[name=phone]'));
		await page.keyboard.type('06 1234 9876');
		await page.keyboard.press('Enter');
		await page.locator('tbody .row-link', { hasText: 'Tess Toets' }).waitFor();
		await axe(page, 'the contacts');
		await enterOn(page, 'Import CSV');
		const chooser = page.waitForEvent('filechooser');
		await enterOn(page, 'Choose a file');
		await (await chooser).setFiles(file('tess.csv', ['First name,Last name,E-mail,Phone', 'T.,Toets,tess@toets.test,+31 6 12349876']));
		await enterOn(page, 'Check the rows');
		await group(page, 'Ready to insert', 1).waitFor();
		await axe(page, 'what was found');
		await enterOn(page, 'Import contacts');
		await becomes(() => tile(page, 'Created').textContent(), '1', 'created:', 8000);
		await page.keyboard.press('Control+k');
		await page.keyboard.type('Duplicates');
		const leads = page.getByRole('option', { name: 'Duplicates', exact: true });
		await leads.waitFor();
		for (let i = 0; i < 20 && await leads.getAttribute('aria-selected') !== 'true'; i++)
			await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await page.waitForURL(/duplicates/);
		const pair = page.getByRole('listitem', { name: /Tess Toets/ });
		await tabTo(page, pair.getByRole('button', { name: /^Merge/ }));
		await axe(page, 'the duplicates');
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog', { name: 'Merge two into one' });
		await enterOn(page, 'Merge', 'button', dialog);
		await page.locator('.toast', { hasText: 'is one with' }).waitFor();
		await page.getByRole('heading', { name: 'Nothing looks double' }).waitFor();
	});

	await story('Moving in: four files of HubSpot at once are known by their columns; a stage is named, all of it comes in, and the same again updates', async () => {
		const page = await enter(iris, '/crm/import');
		const move = async () => {
			await page.getByRole('button', { name: 'Moving in', exact: true }).click();
			await page.locator('input[type=file]').setInputFiles(hubspot);
			await page.getByText('Notes and activities, 3 rows').waitFor();
		};
		await page.getByRole('button', { name: 'Choose a file' }).waitFor();
		await move();
		await becomes(() => page.getByLabel('From which system').inputValue(), 'hubspot', 'the system:');
		await page.getByText('Companies, 2 rows').click();
		await becomes(() => page.getByLabel('What Company name is').inputValue(), 'name', 'a column:');
		await page.getByLabel('What Company name is').selectOption('');
		await page.getByText('Still to be said: Name.').waitFor();
		await page.getByLabel('What Company name is').selectOption('name');
		await page.getByText('Still to be said: Name.').waitFor({ state: 'detached' });
		await page.getByLabel('What Company name is').focus(); /* it did not close below one's hands */
		await page.getByRole('button', { name: 'Check the rows' }).click();
		await group(page, 'Errors', 2).click();
		await page.getByText('Stage: is no stage here yet (Appointment Scheduled)').waitFor();
		await page.getByRole('button', { name: 'Back to the columns' }).click();
		await page.getByText('Companies, 2 rows').waitFor();
		await page.getByRole('button', { name: 'Check the rows' }).click();
		await page.getByLabel('Stage “Appointment Scheduled” is').selectOption({ index: 1 });
		await becomes(() => page.getByRole('button', { name: 'Move in' }).count(), 0, 'before a choice is checked:');
		await page.getByRole('button', { name: 'Check the rows' }).click();
		await group(page, 'Errors', 1).waitFor();
		await page.getByRole('button', { name: 'Move in' }).click();
		for (const [name, count] of [['Created', '9'], ['Skipped', '1']])
			await becomes(() => tile(page, name).textContent(), count, `${name}:`, 12000);
		await page.getByRole('button', { name: 'Another file' }).click();
		await move();
		await page.getByRole('button', { name: 'Check the rows' }).click();
		await group(page, 'Updates', 8).waitFor();
	});

	await story('S2-2: six prospects: Ready 2, Updates 1, Errors 3 with rows and reasons; then two cards more and one who is back', async () => {
		const page = await enter(max, '/crm/import');
		const made = await (await api(page, 'POST', '/api/crm/contacts', { name: 'Inge Oud', email: 'inge@oud.test' })).json();
		equal((await api(page, 'POST', '/api/crm/contacts', { name: 'Kees Nu', email: 'kees@nu.test' })).status(), 201, 'Kees is known:');
		equal((await api(page, 'POST', `/api/crm/contacts/${made.id}/archive`, {})).status(), 200, 'Inge is inactive:');
		await chosen(page, '/crm/import', six);
		await page.getByRole('button', { name: 'Check the rows' }).click();
		await group(page, 'Ready to insert', 2).waitFor();
		await group(page, 'Updates', 1).waitFor();
		await group(page, 'Errors', 3).click();
		await page.getByText('E-mail: is known already: Kees Nu').waitFor();
		await page.getByText('E-mail: cannot be read (foo@)').waitFor();
		await page.getByText('E-mail: the same as in row 2').waitFor();
		await page.getByRole('button', { name: 'Import prospects' }).click();
		for (const [name, count] of [['Created', '2'], ['Updated', '1'], ['Skipped', '3']])
			await becomes(() => tile(page, name).textContent(), count, `${name}:`, 8000);
		await until('two cards', async () => (await (await api(page, 'GET', '/api/crm/deals')).json()).data.length === 2);
	});
}

/* their columns are called as in the program, not as in English */
const espocrm = ['accounts', 'contacts', 'calls'].map((kind) => new URL(`../fixtures/moving/espocrm-${kind}.csv`, import.meta.url).pathname);

/* of whoever looks at the places; a column called as a field of ours is in English would look like one left in English */
const looked = { ...jane, buffer: Buffer.from(jane.buffer.toString().replace(',Title,', ',JobTitle,')) };
const here = `${base}/crm/import?workspace=bakkerij-jansen`;
const columns = async (page) => {
	await page.goto(here);
	await page.locator('.imports input[type=file] + button').waitFor();
	await page.locator('input[type=file]').setInputFiles(looked);
	await page.locator('.imports .table tbody tr').nth(3).waitFor();
};

export const places = {
	'import': async (page) => {
		await columns(page);
		await page.locator('.page-actions button').click();
		await page.locator('tbody .row-link', { hasText: 'people.csv' }).first().waitFor();
	},
	'import columns': columns,
	'import moving': async (page) => {
		await page.goto(here);
		await page.locator('.imports input[type=file] + button').waitFor();
		await page.locator('.imports .segment').nth(2).click();
		await page.locator('.imports input[type=file][multiple]').setInputFiles(espocrm);
		await page.locator('.imports details').nth(2).waitFor();
		await page.locator('.imports summary').first().click();
	},
	'import checked': async (page) => {
		await columns(page);
		await page.locator('.imports .dialog-foot .btn-primary').click();
		await page.locator('[role=tab]').nth(2).click();
		await page.locator('[role=tabpanel] tbody tr').first().waitFor();
	},
};
export const data = ['First_Name', 'LASTNAME', 'E-mail', 'Telephone', 'Organisation', 'JobTitle', 'Status', 'LEAD', 'CTO', 'people.csv', 'prospects.csv', 'Jane', 'Smith', 'Omar', 'Haddad', 'Nolast'];
