/* The inbox: a stranger is set aside and fetched back by the keyboard, an assignment is taken back; a conversation is answered below, and moves by itself.
   Nothing leaves this machine: the one account is an address that the mailer does not talk to. */
import { api, base, crmctl, enter, person, story, until } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=post-bus';
crmctl('workspace', 'add', 'post-bus', '--preset', 'commerce', '--name', 'Post Bus');
const bas = person('bas@bus.example', 'Bas Bus', '--workspace', 'post-bus', '--role', 'owner');

const mails = (page) => page.locator('[data-mail]');
const threads = (page) => page.locator('[data-thread]');

/* as it came in, read and matched */
async function came(page, from, subject, text) {
	const mail = `From: ${from}\r\nTo: verkoop@bus.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject.toLowerCase()}@elders.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
	const { id } = await (await api(page, 'POST', `/api/crm/mails/upload${W}`, Buffer.from(mail), { 'Content-Type': 'message/rfc822' })).json();
	await until('it is read', async () => (await api(page, 'GET', `/api/crm/mails/${id}`)).ok());
	return id;
}

export async function tell() {
	await story('By the keyboard a stranger is set aside and back again; what was set aside is kept; where somebody put a mail is taken back, from the note or from the record', async () => {
		const page = await enter(bas, `/inbox${W}&view=unmatched`);
		const { id: contact } = await ask(page, 'POST', `/api/crm/contacts${W}`, { name: 'Roos Bakker', email: 'roos@bakker.example' });
		await came(page, 'Roos Bakker <roos@bakker.example>', 'Openingstijden', 'Zijn jullie zaterdag open?');
		await came(page, 'Win Veel <win@veel.example>', 'Prijs', 'U hebt gewonnen!');
		const spam = mails(page).filter({ hasText: 'U hebt gewonnen!' }), roos = mails(page).filter({ hasText: 'Zijn jullie zaterdag open?' });
		await roos.getByRole('button', { name: 'Assign to Roos Bakker' }).waitFor();
		await spam.waitFor();
		await page.keyboard.press('j');
		await spam.locator('.entry-title:focus').waitFor();
		await page.keyboard.press('x');
		await spam.waitFor({ state: 'detached' });
		await roos.locator('.entry-title:focus').waitFor();
		await page.keyboard.press('z');
		await spam.getByRole('button', { name: 'Set aside' }).click();
		await spam.waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Set aside', exact: true }).first().click();
		await spam.getByRole('button', { name: 'Fetch back' }).waitFor();
		await page.getByRole('button', { name: 'Waiting', exact: true }).click();

		await roos.getByRole('button', { name: 'Assign to Roos Bakker' }).click();
		await page.getByText('Nothing waits here').waitFor();
		await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
		await roos.getByRole('button', { name: 'Assign to Roos Bakker' }).click();
		await page.getByText('Nothing waits here').waitFor();
		await page.goto(`${base}/contacts/${contact}${W}&view=mail`);
		await mails(page).filter({ hasText: 'Openingstijden' }).getByRole('button', { name: 'Does not belong here' }).click();
		await page.getByText('Back in the inbox').waitFor();
		await mails(page).waitFor({ state: 'detached' });
		noFaults(page);
		await page.context().close();
	});
	await story('A conversation is counted in the menu, read and answered in its place, waits then, and is closed and opened by a key', async () => {
		const page = await enter(bas, `/inbox${W}`);
		await ask(page, 'POST', `/api/crm/mail/accounts${W}`, { kind: 'smtp', name: 'Kantoor', from_email: 'verkoop@bus.example', host: '127.0.0.1', port: 9, tls: 'none' });
		const { id: contact } = await ask(page, 'POST', `/api/crm/contacts${W}`, { name: 'Job de Haan', email: 'job@haan.example' });
		const mail = await came(page, 'Job de Haan <job@haan.example>', 'Meten', 'Wanneer komen jullie meten?');
		await ask(page, 'POST', `/api/crm/mails/${mail}/assign`, { contact_id: contact });
		const one = threads(page).filter({ hasText: 'Wanneer komen jullie meten?' });
		await one.getByText('Meten', { exact: true }).waitFor();
		await page.getByRole('tab', { name: 'Conversations 1' }).waitFor();
		await page.locator('.nav-link[aria-current=page] .chat-count').waitFor();
		await page.keyboard.press('j');
		await one.locator('.entry-title:focus').waitFor();
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Meten' }).waitFor();
		await page.locator('[data-said]').getByText('Wanneer komen jullie meten?').waitFor();
		await page.getByText('Answer to Job de Haan').waitFor();
		await page.keyboard.press('r');
		await page.keyboard.type('Dinsdag om negen uur.');
		await page.keyboard.press('Control+Enter');
		await page.getByText('Email to Job de Haan goes in ten seconds').waitFor();
		await page.locator('[data-said][data-direction=out]').getByText('Dinsdag om negen uur.').waitFor();
		await page.locator('.page-title').getByText('Meten').click();
		await page.getByRole('heading', { name: 'Meten' }).waitFor();
		await page.evaluate(() => document.activeElement?.blur());
		await page.keyboard.press('e');
		await page.getByRole('button', { name: 'Open again' }).waitFor();
		await page.getByRole('link', { name: 'Inbox' }).last().click();
		await page.getByText('Nobody waits for an answer').waitFor();
		await page.getByRole('button', { name: 'Closed', exact: true }).click();
		await threads(page).getByText('You: Dinsdag om negen uur.').waitFor();
		await page.goto(`${base}/contacts/${contact}${W}&view=mail`);
		await page.getByRole('button', { name: 'Conversation', exact: true }).click();
		await page.locator('[data-said]').getByText('Dinsdag om negen uur.').waitFor();
		noFaults(page);
		await page.context().close();
	});
}
