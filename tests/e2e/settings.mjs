/* Settings as an owner uses them: people come by a link and go without leaving work behind, teams and roles, keys for programs, the
   log of all of it; and the page behind an invitation. */
import { createHmac } from 'node:crypto';
import { api, base, becomes, board, card, check, enter, equal, person, story, until } from './house.mjs';
import { dealOf, klant, lead, noFaults, sanne } from './given.mjs';

const W = 'bakkerij-jansen';
const at = (page, slug = W) => `/settings/${page}?workspace=${slug}`;
const baas = person('bea@bureau.example', 'Bea Baas', '--admin');

const row = (page, text) => page.locator('tbody tr', { hasText: text });
const dialog = (page) => page.getByRole('dialog');
const said = (page, text) => page.getByRole('status').filter({ hasText: text }).first().waitFor();

async function choose(page, label, option) {
	await page.getByRole('combobox', { name: label, exact: true }).click();
	await page.getByRole('option', { name: option, exact: true }).click();
}

async function menu(page, name, item) {
	await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
	await page.getByRole('menuitem', { name: item }).click();
	await dialog(page).waitFor();
}

/* a link for somebody new, as an owner gets it from the page */
async function invited(page, name, email, role) {
	await page.goto(base + at('users'));
	await page.getByRole('button', { name: 'Invite somebody' }).click();
	await dialog(page).getByLabel('Email').fill(email);
	await dialog(page).getByLabel('Name').fill(name);
	await choose(page, 'Role', role);
	await choose(page, 'Language', 'English');
	await dialog(page).getByRole('button', { name: 'Make a link' }).click();
	await dialog(page).getByText('shown only now').waitFor();
	const url = await dialog(page).locator('.copy code').textContent();
	await dialog(page).getByRole('button', { name: 'Done' }).click();
	return url;
}

/* the same by the API, for stories about something else */
let serial = 0;
async function newcomer(page, name, role = 'sales', slug = W) {
	const email = `nieuw${++serial}@bureau.example`;
	const made = await (await api(page, 'POST', `/api/users?workspace=${slug}`, { email, name, role })).json();
	const password = 'een stille zin over brood';
	const answer = await page.context().browser().newContext();
	const accepted = await answer.request.post(`${base}/api/invite/accept`, { data: { token: made.invite.url.split('#')[1], password, name }, headers: { Origin: base } });
	check(accepted.ok(), `the invitation of ${name} was answered ${accepted.status()}`);
	await answer.close();
	return { id: made.id, email, password, name };
}

/* six digits of RFC 6238 for a secret in base 32 */
function code(secret, when = Date.now()) {
	const bits = [...secret.replace(/[= ]/g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const step = Buffer.alloc(8);
	step.writeBigUInt64BE(BigInt(Math.floor(when / 30_000)));
	const mac = createHmac('sha1', key).update(step).digest();
	return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function logIn(page, who) {
	await page.goto(`${base}/login`);
	await page.getByLabel('Email').fill(who.email);
	await page.getByLabel('Password', { exact: true }).fill(who.password);
	await page.getByRole('button', { name: 'Log in' }).click();
}

export async function tell() {
	await story('an invitation by link: a fresh browser chooses a password and sees what the role may; disabled, it is out at once', async () => {
		const page = await enter(sanne, at('users'));
		const other = await lead(null);
		await dealOf(page, other.title);
		const url = await invited(page, 'Nina Nieuw', 'nina@bureau.example', 'SDR');
		check(url.startsWith(`${base}/invite#`), `the link leads here: ${url}`);
		await row(page, 'Nina Nieuw').getByText(/Invited, until/).waitFor();

		const nina = await enter(null, url.slice(base.length));
		await nina.getByRole('heading', { name: /invites you/ }).waitFor();
		await nina.getByText('nina@bureau.example').waitFor();
		await becomes(() => nina.getByLabel('Your name').inputValue(), 'Nina Nieuw', 'the name is filled in:');
		await nina.locator('input[name=password]').fill('kort');
		await nina.getByRole('button', { name: 'Accept and go in' }).click();
		await nina.getByText('At least eight characters.').waitFor();
		await nina.locator('input[name=password]').fill('password1');
		await nina.getByRole('button', { name: 'Accept and go in' }).click();
		await nina.getByText('too easy to guess').waitFor();
		await nina.locator('input[name=password]').fill('een stille zin over brood');
		await nina.getByRole('button', { name: 'Accept and go in' }).click();
		await nina.waitForURL(/\/deals\/board/);
		await nina.getByRole('heading', { level: 1, name: 'Deals' }).waitFor();
		await becomes(() => nina.getByRole('link', { name: 'Settings' }).count(), 0, 'an SDR has no settings:');
		equal((await api(nina, 'GET', '/api/users')).status(), 403, 'nor by the API:');
		const theirs = await (await api(nina, 'GET', '/api/crm/deals?limit=200')).json();
		equal(theirs.data.map((deal) => deal.title), [], 'an SDR sees own deals alone:');
		await nina.getByText('live', { exact: false }).first().waitFor({ state: 'attached' });

		const again = await enter(null, url.slice(base.length));
		await again.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
		await again.getByRole('button', { name: 'To the log-in page' }).click();
		await again.waitForURL(/\/login/);

		await page.reload();
		await row(page, 'Nina Nieuw').getByText('Active', { exact: true }).waitFor();
		await menu(page, 'Nina Nieuw', 'Disable');
		await dialog(page).getByText('logged out everywhere at once').waitFor();
		await dialog(page).getByRole('button', { name: 'Disable' }).click();
		await said(page, 'Nina Nieuw was disabled');
		await nina.waitForURL(/\/login/, { timeout: 5000 });
		await until('the row is gone from those who are active', async () => (await row(page, 'Nina Nieuw').count()) === 0);
		await page.getByRole('button', { name: 'Disabled', exact: true }).click();
		await row(page, 'Nina Nieuw').locator('.tag-danger').waitFor();
		check(page.url().includes('status=disabled'), 'the filter stands in the address');

		const who = { email: 'nina@bureau.example', password: 'een stille zin over brood' };
		await logIn(nina, who);
		await nina.getByRole('alert').filter({ hasText: 'do not go together' }).waitFor();

		await menu(page, 'Nina Nieuw', 'Enable');
		await dialog(page).getByRole('button', { name: 'Enable' }).click();
		await said(page, 'may log in again');
		await logIn(nina, who);
		await nina.waitForURL(/\/deals\/board/);
		noFaults(page);
		noFaults(nina);
	});

	await story('a lost password: a new link resets it, the old sessions end; with a second factor the link alone does not let in', async () => {
		const page = await enter(sanne, at('users'));
		const rosa = await newcomer(page, 'Rosa Reset');
		const before = await enter(rosa, board(W));
		await before.getByRole('heading', { level: 1, name: 'Deals' }).waitFor();
		await page.reload();
		await menu(page, 'Rosa Reset', 'Link for a new password');
		await dialog(page).getByRole('button', { name: 'Make a link' }).click();
		await dialog(page).locator('.copy code').waitFor();
		const url = await dialog(page).locator('.copy code').textContent();
		await until('the focus is on what to do with it', () => page.evaluate(() => document.activeElement?.textContent === 'Copy'));
		await page.keyboard.press('Escape');
		await until('the focus is back in the row', () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Actions for Rosa Reset'));
		const reset = await enter(null, url.slice(base.length));
		await reset.getByRole('heading', { name: 'Choose a new password' }).waitFor();
		await becomes(() => reset.getByLabel('Your name').count(), 0, 'a reset asks for no name:');
		await reset.getByLabel('New password').fill('nog een stille zin');
		await reset.getByRole('button', { name: 'Save and go in' }).click();
		await reset.waitForURL(/\/deals\/board/);
		await before.waitForURL(/\/login/, { timeout: 5000 });

		const { secret } = await (await api(reset, 'POST', '/api/me/totp', { password: 'nog een stille zin' })).json();
		equal((await api(reset, 'POST', '/api/me/totp/confirm', { code: code(secret) })).status(), 200, 'the second factor is on:');
		await page.reload();
		await row(page, 'Rosa Reset').getByText('Two-step').waitFor();
		const link = await (await api(page, 'POST', `/api/users/${rosa.id}/invite`, {})).json();
		const locked = await enter(null, link.invite.url.slice(base.length));
		await locked.getByLabel('New password').fill('een derde stille zin');
		await locked.getByRole('button', { name: 'Save and go in' }).click();
		await locked.getByRole('heading', { name: 'Your new password holds' }).waitFor();
		await locked.getByRole('button', { name: 'To the log-in page' }).click();
		await locked.waitForURL(/\/login/);

		await menu(page, 'Rosa Reset', 'Switch off two-step log-in');
		await dialog(page).getByRole('button', { name: 'Switch off two-step log-in' }).click();
		await said(page, 'logs in with the password alone');
		await until('the tag is gone', async () => (await row(page, 'Rosa Reset').getByText('Two-step').count()) === 0);
		equal((await api(locked, 'POST', '/api/login', { email: rosa.email, password: 'een derde stille zin' })).status(), 200, 'the password alone is enough:');
	});

	await story('a password forgotten: the page says the same to everybody, and a used link leads to a new one; an invitation that cannot be mailed is handed over, and taken back', async () => {
		const guest = await enter(null, '/login');
		await guest.getByRole('button', { name: 'Forgot your password?' }).click();
		await guest.getByRole('button', { name: 'Mail me a link' }).click();
		await guest.getByText('Please fill this in').waitFor();
		await guest.getByLabel('Email').fill('niemand@nergens.example');
		await guest.getByRole('button', { name: 'Mail me a link' }).click();
		await guest.getByText('If niemand@nergens.example has a log-in here').waitFor();
		await guest.locator('h1:focus', { hasText: 'Look in your mailbox' }).waitFor(); /* the form that it stood in is gone */
		await guest.goto(`${base}/reset#nothing`);
		await guest.getByText('older than an hour').waitFor();
		await guest.getByRole('button', { name: 'Ask for a new link' }).click();
		await guest.waitForURL(/\/forgot$/);

		/* of a workspace that can send no mail */
		const owner = await newcomer(await enter(sanne, board(W)), 'Gea Geenmail', 'owner', 'leeg');
		const page = await enter(owner, at('users', 'leeg'));
		await page.getByRole('button', { name: 'Invite somebody' }).click();
		await dialog(page).getByLabel('Email').fill('toch-niet@bureau.example');
		await dialog(page).getByRole('button', { name: 'Send by mail' }).click();
		await dialog(page).getByText('No mail went out').waitFor();
		const url = await dialog(page).locator('.copy code').textContent();
		await dialog(page).getByRole('button', { name: 'Done' }).click();
		await menu(page, 'toch-niet@bureau.example', 'Take the invitation back');
		await dialog(page).getByRole('button', { name: 'Take the invitation back' }).click();
		await said(page, 'was taken back');
		await guest.goto(url);
		await guest.getByText('does not work any more').waitFor();
	});

	await story('handing over: the cards change owner on an open board, the leaver is out, the page says what moved', async () => {
		const page = await enter(sanne, at('users', 'garage-smit'));
		const leaver = await newcomer(page, 'Lars Leegloop', 'sales', 'garage-smit');
		const one = await lead(null, {}, 'garage-smit');
		const deal = await dealOf(page, one.title, 'garage-smit');
		equal((await api(page, 'PUT', `/api/crm/deals/${deal.id}`, { owner_id: leaver.id, version: deal.version })).status(), 200, 'the deal is the leaver\'s:');
		const watch = await enter(sanne, board('garage-smit'));
		await watch.locator('.live-open').waitFor();
		await card(watch, one.title).locator('[title="Owner: Lars Leegloop"]').waitFor();
		await page.reload();
		await menu(page, 'Lars Leegloop', 'Disable');
		await dialog(page).getByText('1 deal, and what else is theirs').waitFor();
		await choose(page, 'Garage Smit: to', 'Sanne de Vries');
		await dialog(page).getByRole('button', { name: 'Disable' }).click();
		await dialog(page).getByText('Garage Smit: 1 deal, and what else is theirs → Sanne de Vries').waitFor();
		await card(watch, one.title).locator('[title="Owner: Sanne de Vries"]').waitFor({ timeout: 3000 });
		await dialog(page).getByRole('button', { name: 'Close' }).last().click();
		await dialog(page).waitFor({ state: 'detached' });
		await until('the row is gone', async () => (await row(page, 'Lars Leegloop').count()) === 0);
		noFaults(page);
		noFaults(watch);
	});

	await story('one person: role and team, name, sections; taken out of a workspace and let in again; refusals in words', async () => {
		const page = await enter(sanne, at('users'));
		const team = await (await api(page, 'POST', `/api/teams?workspace=${W}`, { name: 'Taarten' })).json();
		const who = await newcomer(page, 'Karel Kneder');
		await page.reload();
		await page.getByRole('button', { name: /Karel Kneder/ }).first().click();
		await dialog(page).getByLabel('Name').fill('Karel de Kneder');
		await choose(page, 'Role', 'Manager');
		await choose(page, 'Team', 'Taarten');
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await said(page, 'Karel de Kneder was saved');
		await row(page, 'Karel de Kneder').getByText('Manager').waitFor();
		await row(page, 'Karel de Kneder').getByText('Taarten').waitFor();

		await page.goto(base + at('teams'));
		await row(page, 'Taarten').getByText('Karel de Kneder').waitFor();
		await menu(page, 'Taarten', 'Delete');
		await dialog(page).getByRole('button', { name: 'Delete' }).click();
		await dialog(page).getByRole('alert').filter({ hasText: 'still has members' }).waitFor();
		await page.keyboard.press('Escape');
		await dialog(page).waitFor({ state: 'detached' });

		await page.goto(base + at('users'));
		await menu(page, 'Karel de Kneder', 'Remove from Bakkerij Jansen');
		await dialog(page).getByRole('button', { name: 'Remove' }).click();
		await said(page, 'removed from the workspace');
		await until('the row is gone', async () => (await row(page, 'Karel de Kneder').count()) === 0);
		equal((await (await api(page, 'GET', `/api/users/${who.id}`)).json()).members[0].active, false, 'the place is ended:');
		await page.getByRole('button', { name: 'Invite somebody' }).click();
		await dialog(page).getByRole('button', { name: /^Somebody of/ }).click();
		await choose(page, 'Person', `Karel de Kneder (${who.email})`);
		await dialog(page).getByRole('button', { name: 'Let in' }).click();
		await said(page, 'Karel de Kneder is in');
		await row(page, 'Karel de Kneder').waitFor();

		await page.goto(base + at('teams'));
		await row(page, 'Taarten').getByText('Nobody yet').waitFor(); /* out of the workspace is out of its team */
		await menu(page, 'Taarten', 'Rename');
		await dialog(page).getByLabel('Name').fill('Brood');
		await dialog(page).getByRole('button', { name: 'Save' }).click();
		await row(page, 'Brood').waitFor();
		await menu(page, 'Brood', 'Delete');
		await dialog(page).getByRole('button', { name: 'Delete' }).click();
		await until('the team is gone', async () => (await row(page, 'Brood').count()) === 0);
		check((await (await api(page, 'GET', '/api/teams')).json()).data.every((one) => one.id !== team.id), 'and from the API');

		const boss = await enter(baas, '/settings/users');
		await row(boss, 'Bea Baas').getByText('Administrator of the firm').waitFor();
		await boss.getByRole('button', { name: 'Invite somebody' }).click();
		await dialog(boss).getByLabel('Email').fill(sanne.email);
		await dialog(boss).getByText('Administrator of the firm').click();
		await dialog(boss).getByRole('button', { name: 'Make a link' }).click();
		await dialog(boss).getByRole('alert').filter({ hasText: 'somebody with this email address already' }).waitFor();
		await boss.keyboard.press('Escape');
		await dialog(boss).waitFor({ state: 'detached' });
		/* in all workspaces every place stands in its row */
		await row(boss, 'Sanne de Vries').getByText('Garage Smit: Owner').waitFor();
		noFaults(page);
		noFaults(boss);
	});

	await story('roles: an administrator changes one and its holder feels it without a reload; an owner only reads them', async () => {
		const page = await enter(sanne, at('roles'));
		await row(page, 'Manager').getByText('Export').first().waitFor();
		await becomes(() => page.getByRole('button', { name: 'Manager' }).count(), 0, 'an owner cannot open a role:');
		const vera = await newcomer(page, 'Vera Verkoop', 'mdr');
		const other = await lead(null);
		await dealOf(page, other.title);
		const live = await enter(vera, board(W));
		await live.locator('.live-open').waitFor();
		await live.evaluate(() => { window.stayed = true; });
		await becomes(() => live.locator('.card').count(), 0, 'an MDR sees own deals alone:');
		const boss = await enter(baas, at('roles'));
		await boss.getByRole('button', { name: 'MDR' }).click();
		await dialog(boss).getByText('1 person here has this role').waitFor();
		await choose(boss, 'Sees', 'All of the workspace');
		await dialog(boss).getByText('Export', { exact: true }).click();
		await dialog(boss).getByRole('button', { name: 'Save' }).click();
		await said(boss, 'holds from now on');
		await row(boss, 'MDR').getByText('Export').waitFor();
		await row(boss, 'MDR').getByText('All of the workspace').waitFor();
		await card(live, other.title).first().waitFor({ timeout: 5000 });
		check(await live.evaluate(() => window.stayed === true), 'the page was not reloaded');
		await api(boss, 'PUT', '/api/roles/mdr', { scope: 'own', permissions: ['crm-view', 'crm-edit'] });
		await until('and it is as it was', async () => (await live.locator('.card').count()) === 0);
		noFaults(boss);
	});

	await story('an API key is shown once, works, and is refused once revoked', async () => {
		const page = await enter(sanne, at('api'));
		await page.getByRole('button', { name: 'New key' }).first().click();
		await dialog(page).getByLabel('What it is for').fill('Kassa');
		await choose(page, 'Role', 'Manager');
		await dialog(page).getByRole('button', { name: 'New key' }).click();
		await dialog(page).getByText('shown only now').waitFor();
		const [key, line] = await dialog(page).locator('.copy code').allTextContents();
		check(/^lw_/.test(key) && line.includes(key) && line.includes(`${base}/api/crm/deals`), `the line to try names the key: ${line}`);
		const ask = () => fetch(`${base}/api/crm/deals?limit=1`, { headers: { Authorization: `Bearer ${key}` } });
		equal((await ask()).status, 200, 'the key is good:');
		await dialog(page).getByRole('button', { name: 'I have kept it' }).click();
		await page.reload();
		await row(page, 'Kassa').getByText('In use').waitFor();
		check(!(await page.content()).includes(key), 'the key is on the page no more');
		await row(page, 'Kassa').getByText('Sanne de Vries').waitFor();
		await row(page, 'Kassa').getByRole('button', { name: 'Revoke Kassa' }).click();
		await dialog(page).getByRole('button', { name: 'Revoke' }).click();
		await row(page, 'Kassa').getByText(/Revoked/).waitFor();
		equal((await ask()).status, 401, 'the key is good no more:');
		await becomes(() => page.getByRole('link', { name: 'API documentation' }).getAttribute('href'), '/api/docs');
		noFaults(page);
	});

	await story('the audit log says who did what, with before and after, by person, kind and day; it reads on by pages', async () => {
		const page = await enter(sanne, at('users'));
		const who = await newcomer(page, 'Otto Overzicht', 'sdr');
		equal((await api(page, 'PUT', `/api/users/${who.id}/member?workspace=${W}`, { role: 'manager' })).status(), 200);
		const made = await (await api(page, 'POST', `/api/keys?workspace=${W}`, { name: 'Weegschaal', role: 'sales' })).json();
		equal((await api(page, 'DELETE', `/api/keys/${made.id}`)).status(), 204);
		await page.goto(base + at('audit'));
		const first = row(page, 'Role or team set').filter({ hasText: 'Otto Overzicht' });
		await first.filter({ hasText: 'SDR' }).filter({ hasText: 'Manager' }).waitFor();
		await becomes(() => first.filter({ hasText: 'Manager' }).locator('s').textContent(), 'SDR', 'what was:');
		await row(page, 'API key made').filter({ hasText: 'Weegschaal' }).waitFor();
		await row(page, 'API key revoked').filter({ hasText: 'Weegschaal' }).waitFor();
		await row(page, 'Sanne de Vries').first().waitFor();

		await choose(page, 'What', 'API key revoked');
		await until('only those are left', async () => {
			const all = await page.locator('tbody tr').allTextContents();
			return all.length > 0 && all.every((text) => text.includes('API key revoked'));
		});
		check(page.url().includes('what=apikey_revoke'), 'the filter stands in the address');
		await page.reload();
		await row(page, 'API key revoked').first().waitFor();
		await becomes(() => row(page, 'Role or team set').count(), 0, 'and holds after a reload:');
		await page.getByRole('button', { name: 'Clear the filters' }).click();
		await row(page, 'Role or team set').first().waitFor();
		await page.goto(`${base}${at('audit')}&to=2020-01-01`);
		await page.getByRole('heading', { name: 'Nothing here' }).waitFor();

		for (let i = 0; i < 52; i++)
			equal((await api(page, 'PUT', `/api/users/${who.id}/member?workspace=${W}`, { role: i % 2 ? 'sdr' : 'sales' })).status(), 200);
		await page.goto(`${base}${at('audit')}&what=member_set`);
		await page.locator('tbody tr').nth(49).waitFor();
		await becomes(() => page.locator('tbody tr').count(), 50, 'one page:');
		await page.getByRole('button', { name: 'Load more' }).click();
		await page.locator('tbody tr').nth(53).waitFor();
		const ids = await page.locator('tbody tr').evaluateAll((rows) => rows.map((one) => one.dataset.row));
		equal(new Set(ids).size, ids.length, 'no line twice:');
		noFaults(page);
	});

	await story('without a mouse: a person is opened, changed and left by keys, and the focus is where it was', async () => {
		const page = await enter(sanne, at('users'));
		const who = await newcomer(page, 'Toos Toets');
		await page.reload();
		const name = page.getByRole('button', { name: /Toos Toets/ }).first();
		await name.focus();
		await page.keyboard.press('Enter');
		await dialog(page).getByLabel('Name').waitFor();
		await page.keyboard.press('Escape');
		await dialog(page).waitFor({ state: 'detached' });
		await until('the focus is on the name', () => name.evaluate((one) => document.activeElement === one));
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await page.getByRole('menu').waitFor();
		await page.keyboard.press('End');
		await becomes(() => page.evaluate(() => document.activeElement.textContent), 'Disable', 'the last of the menu:');
		await page.keyboard.press('Enter');
		await dialog(page).getByRole('combobox').focus();
		for (const key of ['Tab', 'Tab', 'Enter'])
			await page.keyboard.press(key);
		await said(page, 'Toos Toets was disabled');
		equal((await (await api(page, 'GET', `/api/users/${who.id}`)).json()).disabled, true);
		noFaults(page);
	});

	await story('client users see no settings: not in the menu, not by the address, not by the API', async () => {
		const page = await enter(klant, board(W));
		await page.getByRole('heading', { level: 1 }).waitFor();
		await becomes(() => page.getByRole('link', { name: 'Settings' }).count(), 0);
		for (const place of ['users', 'teams', 'roles', 'api', 'audit']) {
			await page.goto(base + at(place));
			await page.getByRole('heading', { name: 'There is nothing here for your role' }).waitFor();
		}
		for (const path of ['users', 'teams', 'roles', 'keys', 'audit'])
			equal((await api(page, 'GET', `/api/${path}`)).status(), 403, path);
		noFaults(page);
	});
}

/* ---- places ---- */

let seeds;
/* a team with somebody in it, people invited and disabled, a key in use and one revoked */
function seeded(page) {
	seeds ??= (async () => {
		const ask = async (method, path, data) => {
			const reply = await api(page, method, path, data);
			check(reply.ok(), `${method} ${path}: ${reply.status()} ${await reply.text()}`);
			return reply.status() === 204 ? null : reply.json();
		};
		const team = await ask('POST', `/api/teams?workspace=${W}`, { name: 'Team Noord' });
		const people = await ask('GET', `/api/users?workspace=${W}`);
		const daan = people.data.find((one) => one.name === 'Daan Bakker');
		await ask('PUT', `/api/users/${daan.id}/member?workspace=${W}`, { role: 'sales', team_id: team.id });
		const guest = await ask('POST', `/api/users?workspace=${W}`, { email: 'iris@bureau.example', name: 'Iris Instap', role: 'sdr' });
		const gone = await newcomer(page, 'Wout Weg');
		await ask('PUT', `/api/users/${gone.id}`, { disabled: true });
		await ask('POST', `/api/keys?workspace=${W}`, { name: 'Boekhouding', role: 'manager' });
		const old = await ask('POST', `/api/keys?workspace=${W}`, { name: 'Oude kassa', role: 'sales' });
		await ask('DELETE', `/api/keys/${old.id}`);
		const forgot = await newcomer(page, 'Vic Vergeten');
		const factor = await page.context().browser().newContext();
		const own = async (method, path, data) => (await factor.request.fetch(base + path, { method, data, headers: { Origin: base } })).json();
		await own('POST', '/api/login', { email: forgot.email, password: forgot.password });
		await own('POST', '/api/me/totp/confirm', { code: code((await own('POST', '/api/me/totp', { password: forgot.password })).secret) });
		await factor.close();
		return { token: guest.invite.url.split('#')[1], reset: (await ask('POST', `/api/users/${forgot.id}/invite`, {})).invite.url.split('#')[1] };
	})();
	return seeds;
}

const go = async (page, place) => {
	await seeded(page);
	await page.goto(base + place);
	await page.locator('tbody tr, .empty').first().waitFor();
};
const one = async (page, task, who = 'Daan Bakker', shown = '') => {
	await go(page, at('users') + shown);
	await page.locator('tbody tr', { hasText: who }).getByRole('button').last().click();
	await (task < 0 ? page.getByRole('menuitem').last() : page.getByRole('menuitem').nth(task)).click();
	await dialog(page).waitFor();
};
const first = async (page, place) => {
	await go(page, place);
	await page.locator('.page-actions button').click();
	await dialog(page).waitFor();
};

/* the same browser, another person */
const become = async (page, { email, password }) => {
	await page.goto(`${base}/login`);
	const status = await page.evaluate(async (who) => (await fetch('/api/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(who) })).status, { email, password });
	equal(status, 200, `${email} logs in:`);
};

export const places = {
	users: (page) => go(page, at('users')),
	'users of all': (page) => go(page, '/settings/users'),
	'users disabled': (page) => go(page, `${at('users')}&status=disabled`),
	'users none': (page) => go(page, `${at('users')}&q=xyzzy`),
	'menu of somebody': async (page) => {
		await go(page, at('users'));
		await page.locator('tbody tr', { hasText: 'Daan Bakker' }).getByRole('button').last().click();
		await page.getByRole('menu').waitFor();
	},
	invite: (page) => first(page, at('users')),
	'invite somebody known': async (page) => {
		await first(page, at('users'));
		await dialog(page).locator('.segment').last().click();
	},
	'invite link': async (page) => {
		await one(page, 1);
		await dialog(page).locator('.dialog-foot button').nth(-2).click(); /* the last one sends it by mail, where there is an account */
		await dialog(page).locator('.copy').waitFor();
	},
	person: (page) => one(page, 0),
	'person new link': (page) => one(page, 1),
	'person hand over': (page) => one(page, 2),
	'person remove': (page) => one(page, 3),
	'person disable': (page) => one(page, 4),
	'person handed over': async (page) => {
		await one(page, 2);
		await dialog(page).getByRole('combobox').click();
		await page.getByRole('option', { name: 'Sanne de Vries' }).click();
		await dialog(page).locator('button[type=submit]').click();
		await dialog(page).locator('.done-list').waitFor();
	},
	'person two steps off': (page) => one(page, 3, 'Vic Vergeten'),
	'person enable': (page) => one(page, -1, 'Wout Weg', '&status=disabled'),
	teams: (page) => go(page, at('teams')),
	'teams empty': (page) => go(page, at('teams', 'leeg')),
	'team new': (page) => first(page, at('teams')),
	'team delete': async (page) => {
		await go(page, at('teams'));
		await page.locator('tbody tr').first().getByRole('button').last().click();
		await page.getByRole('menuitem').nth(1).click();
		await dialog(page).waitFor();
	},
	roles: (page) => go(page, at('roles')),
	role: async (page) => {
		await become(page, baas);
		await page.goto(base + at('roles'));
		await page.locator('tbody tr button').nth(2).click();
		await dialog(page).waitFor();
	},
	'api keys': async (page) => {
		await become(page, sanne);
		await go(page, at('api'));
	},
	'api keys none': (page) => go(page, at('api', 'leeg')),
	'api key new': (page) => first(page, at('api')),
	'api key made': async (page) => {
		await first(page, at('api'));
		await page.locator('input[name=name]').fill('Webwinkel');
		await page.locator('[role=dialog] button[type=submit]').click();
		await dialog(page).locator('.copy').first().waitFor();
	},
	'api key revoke': async (page) => {
		await go(page, at('api'));
		await page.locator('tbody tr', { hasText: 'Boekhouding' }).getByRole('button').click();
		await dialog(page).waitFor();
	},
	audit: (page) => go(page, at('audit')),
	'audit of all': (page) => go(page, '/settings/audit'),
	'audit empty': (page) => go(page, `${at('audit')}&to=2020-01-01`),
};

const guest = (which) => async (page) => {
	const links = await (seeds ?? enter(sanne, board(W)).then(seeded));
	await page.goto(`${base}/invite#${links[which]}`);
	await page.locator('input[name=password]').waitFor();
};
export const outside = {
	invitation: guest('token'),
	'invitation reset': guest('reset'),
	'invitation gone': async (page) => { await page.goto(`${base}/invite#nothing`); await page.locator('.invite-said').waitFor(); },
};

export const data = ['Bea Baas', 'Nina Nieuw', 'Rosa Reset', 'Lars Leegloop', 'Karel de Kneder', 'Karel Kneder', 'Vera Verkoop', 'Otto Overzicht', 'Iris Instap', 'Wout Weg', 'Toos Toets', 'Vic Vergeten', 'Klant Jansen', 'Wim Website', 'Henk Smit', 'Kassa', 'Weegschaal', 'Boekhouding', 'Webwinkel', 'Team Noord', 'nl-offerte-6', 'classic-6', 'follow-up', 'commerce', 'Agency'];
