/* A person's page: their story, what one writes down beside it, their deals; from lists and search one goes there. */
import { api, base, becomes, crmctl, enter, person, post, story, until } from './house.mjs';
import { noFaults } from './given.mjs';

crmctl('workspace', 'add', 'mens', '--preset', 'classic-6', '--name', 'Mens en Werk', '--timezone', 'Europe/Amsterdam');
const vera = person('vera@mens.example', 'Vera Vos', '--workspace', 'mens', '--role', 'owner');
const form = crmctl('source', 'add', '--workspace', 'mens', '--kind', 'web_form').url;

const PDF = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

export async function tell() {
	await story('S1-8 contact page: add note, log a planned call, mark it complete; both in the timeline; files, deals, tickets, history; deleted and put back; the address brings it back', async () => {
		await post(form, { name: 'Jane Doe', email: 'jane@acme.test', phone: '+31612345678', company: 'Acme', form_type: 'Website' });
		const page = await enter(vera, '/contacts');
		await page.locator('tbody .row-link', { hasText: 'Jane Doe' }).click();
		await page.getByRole('heading', { level: 1, name: 'Jane Doe' }).waitFor();
		const id = new URL(page.url()).pathname.split('/')[2];
		await becomes(() => page.locator('.page-head .tile').first().textContent(), 'J', 'the letter of who this is:');
		for (const tab of ['Timeline', 'Deals', 'Projects', 'Tickets'])
			await page.getByRole('tab', { name: tab }).waitFor();
		await page.getByRole('form', { name: 'Add note' }).getByRole('textbox').fill('Wants a quote before Friday');
		await page.getByRole('form', { name: 'Add note' }).getByRole('textbox').press('Control+a');
		await page.getByRole('form', { name: 'Add note' }).getByRole('button', { name: 'Bold' }).click();
		await page.waitForFunction(() => document.querySelector('textarea[name=note]').value === '**Wants a quote before Friday**');
		await page.getByRole('form', { name: 'Add note' }).getByRole('button', { name: 'Add note' }).click();
		await page.locator('.entry strong', { hasText: 'Wants a quote before Friday' }).waitFor();
		const log = page.getByRole('form', { name: 'Log activity' });
		await log.locator('input[name=subject]').fill('Intro');
		await log.locator('input[name=day]').fill('2031-11-25');
		await log.getByRole('button', { name: 'Log activity' }).click();
		await page.locator('.planned').getByText('Intro').waitFor();
		await page.locator('.planned').getByRole('checkbox', { name: 'Done: Intro' }).click();
		await page.locator('.planned').waitFor({ state: 'detached' });
		await page.locator('.entry', { hasText: 'Call done' }).waitFor();
		await until('both in the timeline, in order', async () => {
			const told = await page.locator('.entry .entry-card').allTextContents();
			const call = told.findIndex((one) => one.includes('Intro'));
			return call >= 0 && call < told.findIndex((one) => one.includes('Wants a quote'));
		});
		await page.getByRole('complementary', { name: 'About' }).locator('input[type=file]').setInputFiles({ name: 'contract.pdf', mimeType: 'application/pdf', buffer: Buffer.from(PDF) });
		await page.locator('.entry', { hasText: 'File added' }).getByText('contract.pdf').waitFor();
		await page.getByRole('complementary', { name: 'About' }).getByRole('link', { name: /contract\.pdf/ }).waitFor();
		await page.getByRole('tab', { name: /^Files/ }).click();
		await page.getByRole('tabpanel').getByRole('button', { name: 'Show contract.pdf' }).first().click();
		await page.locator('.preview').waitFor();
		await page.getByRole('button', { name: 'Remove contract.pdf' }).click();
		await page.getByRole('heading', { name: 'No files' }).waitFor();
		await page.locator('.toast').getByRole('button', { name: /Undo/ }).click();
		await page.getByRole('tabpanel').getByText('contract.pdf').waitFor();
		await page.getByRole('tab', { name: 'Deals' }).click();
		await page.getByRole('tabpanel').getByRole('link', { name: /Jane Doe — Website/ }).click();
		await page.getByRole('dialog', { name: 'Jane Doe — Website' }).waitFor();
		await api(page, 'POST', '/api/crm/linked', { kind: 'ticket', title: 'Printer is stuck', url: 'https://desk.example/12', contact_id: id });
		await page.goto(`${base}/contacts/${id}?view=tickets`);
		await page.getByRole('tabpanel').locator('a[href="https://desk.example/12"]', { hasText: 'Printer is stuck' }).waitFor();
		await api(page, 'PUT', `/api/crm/contacts/${id}`, { phone: '+31687654321' });
		await page.goto(`${base}/contacts/${id}?view=history`);
		await page.getByRole('tabpanel').locator('ins', { hasText: '+31687654321' }).waitFor();
		await page.goto(`${base}/contacts/${id}?view=deals`);
		await page.getByRole('tab', { name: 'Deals', selected: true }).waitFor();
		await page.getByRole('tabpanel').getByRole('link', { name: /Jane Doe — Website/ }).waitFor();
		await page.getByRole('button', { name: 'Actions for this contact' }).click();
		await page.getByRole('menuitem', { name: 'Delete' }).click();
		await page.getByRole('dialog', { name: 'Delete Jane Doe?' }).getByText('1 deal stays where it stands').waitFor();
		await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
		await page.waitForURL((url) => url.pathname === '/contacts');
		await page.locator('.toast').getByRole('button', { name: /Undo/ }).click();
		await page.locator('tbody .row-link', { hasText: 'Jane Doe' }).waitFor();
		await page.goto(`${base}/contacts/00000000-0000-4000-8000-000000000000`);
		await page.getByRole('heading', { name: 'This contact is not there' }).waitFor();
		noFaults(page);
	});
}

/* the bakery's newest contact */
const whole = async (page) => {
	const { data: [one] } = await (await api(page, 'GET', '/api/crm/contacts?workspace=bakkerij-jansen&limit=1')).json();
	const { data: files } = await (await api(page, 'GET', `/api/crm/contacts/${one.id}/files`)).json();
	if (!files.length)
		await page.request.fetch(`${base}/api/crm/files?workspace=bakkerij-jansen&contact_id=${one.id}&name=offerte.pdf`, { method: 'POST', data: PDF, headers: { Origin: base, 'Content-Type': 'application/pdf' } });
	await page.goto(`${base}/contacts/${one.id}?workspace=bakkerij-jansen`);
	await page.getByRole('tab').first().waitFor();
	await page.locator('.entry').first().waitFor();
};

export const places = { contact: whole };
export const data = ['Mens en Werk', 'Vera Vos', 'offerte.pdf'];
