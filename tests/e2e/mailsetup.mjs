/* Setting a mail account up: what stands at the domain by a name server of the story's own, a mail that does not go and says why, one that comes in. Nothing
   leaves this machine. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, base, becomes, check, crmctl, enter, person, port, story, until } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const KEY = 'v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC1';
const folder = mkdtempSync(join(tmpdir(), 'leadwire-dns-'));
const zone = (...lines) => writeFileSync(join(folder, 'zone'), [
	'polder.example TXT v=spf1 include:spf.ander.example ~all', 'spf.ander.example TXT v=spf1 ip4:192.0.2.1 ~all', 'smtp.polder.example A 203.0.113.9', 'polder.example MX 10 mx.polder.example', ...lines, ''].join('\n'));
zone();
const names = spawn('/usr/bin/python3', ['tests/flow/dns_world.py', String(port + 95), join(folder, 'zone')], { stdio: 'ignore' });
process.on('exit', () => { names.kill(); rmSync(folder, { recursive: true, force: true }); });

const W = '?workspace=stap-werk';
const record = (page, role) => page.locator(`[data-record=${role}]`);
const step = (page, name) => page.getByRole('tab', { name });

export async function tell() {
	crmctl('workspace', 'add', 'stap-werk', '--preset', 'commerce', '--name', 'Stap Werk');
	const stef = person('stef@stap.example', 'Stef Stap', '--workspace', 'stap-werk', '--role', 'owner');
	await story('An account is set up step by step: what to paste at the domain, what is wrong with the server, and a mail that is seen to come in', async () => {
		const page = await enter(stef, `/settings/mail${W}`);
		const { id, hook } = await ask(page, 'POST', `/api/crm/mail/accounts${W}`, { kind: 'smtp', name: 'Kantoor', from_email: 'verkoop@stap.example', host: '127.0.0.1', port: 9, tls: 'none', reply_domain: 'in.stap.example' });
		await page.reload();
		await page.locator(`[data-account="${id}"]`).getByRole('link', { name: 'Set up' }).click();
		await record(page, 'server').getByText('This name leads into a private network').waitFor();
		await page.getByRole('button', { name: 'On to: Domain' }).click();
		await record(page, 'spf').getByText('Your domain has no SPF record: paste this one.').waitFor();
		await record(page, 'spf').locator('.copy code', { hasText: 'v=spf1 ip4:127.0.0.1 ~all' }).waitFor();
		await record(page, 'mx').getByText('Mail to this domain goes nowhere').waitFor();
		await page.locator('input[name=selector]').fill('mijn sleutel');
		await page.getByRole('button', { name: 'Check with these' }).click();
		await page.locator('.lw-error').first().waitFor();
		zone('stap.example TXT v=spf1 ip4:127.0.0.1 ~all', '_dmarc.stap.example TXT v=DMARC1; p=reject', 'in.stap.example MX 10 mx.stap.example', 'post._domainkey.stap.example.stap.example TXT ' + KEY);
		await page.locator('input[name=selector]').fill('post');
		await page.getByRole('button', { name: 'Check with these' }).click();
		await record(page, 'dkim').getByText('It stands under a name with your domain twice').waitFor();
		await record(page, 'spf').getByText('Good').waitFor();
		zone('stap.example TXT v=spf1 ip4:127.0.0.1 ~all', '_dmarc.stap.example TXT v=DMARC1; p=reject', 'in.stap.example MX 10 mx.stap.example', 'post._domainkey.stap.example TXT ' + KEY);
		await page.getByRole('button', { name: 'Check again' }).click();
		await becomes(() => page.locator('[data-record] .tag-ok').count(), 4, 'records that are good:');

		await page.getByRole('button', { name: 'On to: Send' }).click();
		await page.getByRole('button', { name: 'Test Kantoor' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Send test' }).click();
		await page.getByRole('dialog').getByText('This address is within a private network').waitFor();
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
		await step(page, '4. Receive').click();
		await page.getByText('Nothing has come in by this account yet.').waitFor();
		await page.locator('.copy code', { hasText: 'test@in.stap.example' }).waitFor();
		const form = new FormData();
		form.set('email', 'From: Bo <bo@elders.example>\r\nTo: test@in.stap.example\r\nSubject: Proef\r\nMessage-ID: <p1@elders.example>\r\n\r\nHallo\r\n');
		const taken = await fetch(`http://127.0.0.1:${port + 6}/hooks/mail/${hook}/inbound`, { method: 'POST', body: form });
		check(taken.ok, `what came in is answered by ${taken.status}`);
		await page.locator('[data-came=true]').getByText('Receiving works').waitFor();
		await page.getByRole('button', { name: 'On to: Ready' }).click();
		await page.getByText('Not ready yet').waitFor();
		await page.locator('[data-step=records]').getByText('Works').waitFor();
		await page.locator('[data-step=receive]').getByText('Works').waitFor();
		await page.locator('[data-step=send]').getByText('Something is wrong').waitFor();
		await page.getByRole('button', { name: 'To: Server' }).click();
		await page.getByText('This address is within a private network').waitFor();
		noFaults(page);
		await page.context().close();
	});
}

const P = '?workspace=polder-it';
const account = async (page) => {
	const { data } = await (await api(page, 'GET', `/api/crm/mail/accounts${P}`)).json();
	return data.find((one) => one.from_email === 'verkoop@polder.example')?.id
		?? (await ask(page, 'POST', `/api/crm/mail/accounts${P}`, { kind: 'smtp', name: 'Kantoor', from_name: 'Polder IT', from_email: 'verkoop@polder.example', host: 'smtp.polder.example', port: 587, login: 'verkoop@polder.example', secret: 'x' })).id;
};

export const places = {
	'mail set up': async (page) => {
		const id = await account(page);
		await page.goto(`${base}/settings/mail/${id}/setup${P}&what=records`);
		await until('DNS was asked', async () => (await (await api(page, 'GET', `/api/crm/mail/accounts/${id}/records`)).json()).looked_at);
		await record(page, 'mx').waitFor();
		await page.locator('input[name=selector]').waitFor();
		await page.locator('.skeleton').first().waitFor({ state: 'detached' });
	},
};
export const data = ['Stap Werk', 'Stef Stap', 'Kantoor', 'Polder IT'];
