/* Oneself: log-in in two steps, recovery codes, password, sessions, photo, time zone; what log-in says without HTTPS and after too
   many tries; workspaces that are made and archived. People of their own, so that nobody else is logged out. */
import { createHmac } from 'node:crypto';
import { api, base, becomes, board, card, check, enter, equal, person, port, post, story, until } from './house.mjs';
import { bakery, daan, dealOf, hook, lead, noFaults, sanne } from './given.mjs';

/* RFC 6238 as authenticator apps do it; `steps` of 30 s from now */
export function totp(secret, steps = 0) {
	const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
	const bits = [...secret.replaceAll(' ', '')].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
	const hash = createHmac('sha1', key).update(counter).digest();
	const at = hash[19] & 15;
	return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const somebody = (name) => person(`${name.split(' ')[0].toLowerCase()}@bureau.example`, name, '--workspace', 'bakkerij-jansen,polder-it', '--role', 'owner');

const field = (page, name) => page.locator(`input[name=${name}]`);
async function logIn(page, who, password = who.password) {
	await page.goto(`${base}/login`);
	await field(page, 'email').fill(who.email);
	await field(page, 'password').fill(password);
	await page.keyboard.press('Enter');
}
async function logOut(page) {
	await page.locator('.user-button').click();
	await page.getByRole('menuitem', { name: 'Log out' }).click();
	await page.waitForURL(/\/login/);
}
const section = (page, name) => page.getByRole('region', { name });

/* a JPEG that says where and with what it was taken */
async function holiday(page) {
	const plain = Buffer.from(await page.evaluate(() => {
		const canvas = document.createElement('canvas');
		canvas.width = 900;
		canvas.height = 600;
		const pen = canvas.getContext('2d');
		pen.fillStyle = '#c96f4a';
		pen.fillRect(0, 0, 900, 600);
		pen.fillStyle = '#fff';
		pen.beginPath();
		pen.arc(450, 300, 200, 0, 7);
		pen.fill();
		return canvas.toDataURL('image/jpeg').split(',')[1];
	}), 'base64');
	const exif = Buffer.from('Exif\0\0MM\0*GPS 52.3702 N 4.8952 E Camera of Noor');
	const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
	return Buffer.concat([plain.subarray(0, 2), head, exif, plain.subarray(2)]);
}

export async function tell() {
	await story('two-factor: on with a code of the app, asked for at log-in, a recovery code works once, off again', async () => {
		const tom = somebody('Tom Dekker');
		const other = await enter(tom, '/deals/board');
		const page = await enter(tom, '/profile');
		const part = section(page, 'Two-factor log-in');
		await part.getByRole('button', { name: 'Switch on' }).click();
		const dialog = page.getByRole('dialog');
		await field(dialog, 'password').fill('not this one');
		await page.keyboard.press('Enter');
		await dialog.getByText('This is not your password').waitFor();
		await field(dialog, 'password').fill(tom.password);
		await page.keyboard.press('Enter');
		await dialog.getByRole('img', { name: /QR code/ }).waitFor();
		const secret = await dialog.locator('.copy code').textContent();
		check(/^[A-Z2-7]{32}$/.test(secret), `the key to type: ${secret}`);
		await becomes(async () => [await field(dialog, 'code').getAttribute('autocomplete'), await field(dialog, 'code').getAttribute('inputmode')], ['one-time-code', 'numeric']);
		await field(dialog, 'code').fill(totp(secret, -20));
		await page.keyboard.press('Enter');
		await dialog.getByText('wrong or was used already').waitFor();
		await field(dialog, 'code').fill(totp(secret, -1));
		await page.keyboard.press('Enter');
		await dialog.locator('.codes li').first().waitFor();
		const codes = await dialog.locator('.codes code').allTextContents();
		equal(new Set(codes).size, 10, 'recovery codes:');
		await until('not closed before they are kept', () => dialog.getByRole('button', { name: 'Done' }).isDisabled());
		const loaded = page.waitForEvent('download');
		await dialog.getByRole('button', { name: 'Download' }).click();
		const text = (await (await loaded).createReadStream().then((stream) => stream.toArray())).join('');
		check(codes.every((code) => text.includes(code)) && text.includes(tom.email), `the file holds the codes: ${text}`);
		await page.emulateMedia({ media: 'print' });
		await page.emulateMedia({ media: null });
		await dialog.getByLabel('I have kept these codes').check();
		await dialog.getByRole('button', { name: 'Done' }).click();
		await part.getByText('10 recovery codes left').waitFor();
		/* whoever was in elsewhere is out */
		await other.goto(`${base}/leads`);
		await other.waitForURL(/\/login/);

		await logOut(page);
		await logIn(page, tom);
		await page.getByRole('heading', { name: 'One more step' }).waitFor();
		await becomes(async () => [await field(page, 'code').getAttribute('autocomplete'), await field(page, 'code').getAttribute('inputmode')], ['one-time-code', 'numeric'], 'the code field of log-in:');
		await until('the focus is in it', () => page.evaluate(() => document.activeElement?.getAttribute('name') === 'code'));
		await field(page, 'code').fill(totp(secret, -30));
		await page.keyboard.press('Enter');
		await page.getByRole('alert').filter({ hasText: 'wrong or was used' }).waitFor();
		await field(page, 'code').fill(totp(secret));
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/deals\/board/);

		await logOut(page);
		await logIn(page, tom);
		await page.getByRole('button', { name: 'Use a recovery code' }).click();
		await field(page, 'code').fill(codes[3].toUpperCase().replaceAll('-', ' '));
		await page.keyboard.press('Enter');
		await page.getByText('9 are left').waitFor();
		await page.waitForURL(/\/deals\/board/);
		await logOut(page);
		await logIn(page, tom);
		await page.getByRole('button', { name: 'Use a recovery code' }).click();
		await field(page, 'code').fill(codes[3]);
		await page.keyboard.press('Enter');
		await page.getByRole('alert').filter({ hasText: 'not one of your recovery codes' }).waitFor();
		await field(page, 'code').fill(codes[4]);
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/deals\/board/);

		await page.goto(`${base}/profile`);
		await section(page, 'Two-factor log-in').getByText('8 recovery codes left').waitFor();
		await section(page, 'Two-factor log-in').getByRole('button', { name: 'Switch off' }).click();
		await field(page.getByRole('dialog'), 'password').fill(tom.password);
		await page.keyboard.press('Enter');
		await section(page, 'Two-factor log-in').getByText('It is off').waitFor();
		await logOut(page);
		await logIn(page, tom);
		await page.waitForURL(/\/deals\/board/);
		noFaults(page);
	});

	await story('another password: refused when too easy, logs out every other browser, lets in from then on', async () => {
		const wim = somebody('Willem Post');
		const here = await enter(wim, '/profile');
		const there = await enter(wim, '/deals/board');
		const part = section(here, 'Password');
		await field(part, 'old_password').fill(wim.password);
		await field(part, 'new_password').fill('welkom123');
		await part.getByRole('button', { name: 'Change password' }).click();
		await part.getByText('too easy to guess').waitFor();
		await field(part, 'old_password').fill('something else');
		await field(part, 'new_password').fill('vier woorden zonder zin');
		await part.getByRole('button', { name: 'Change password' }).click();
		await part.getByText('This is not your password').waitFor();
		await field(part, 'old_password').fill(wim.password);
		await part.getByRole('button', { name: 'Change password' }).click();
		await here.getByRole('status').getByText('Password changed').waitFor();
		await there.goto(`${base}/leads`);
		await there.waitForURL(/\/login\?next=/);
		await here.reload();
		await section(here, 'Password').waitFor();
		await logIn(there, wim, 'vier woorden zonder zin');
		await there.waitForURL(/\/deals\/board/);
	});

	await story('log out elsewhere: one browser by its name, then all of them', async () => {
		const eva = somebody('Eva Mulder');
		const here = await enter(eva, '/profile');
		const pages = [await enter(eva, '/deals/board'), await enter(eva, '/deals/board'), await enter(eva, '/deals/board')];
		await here.reload();
		const rows = section(here, 'Where you are logged in').locator('li');
		await until('four browsers', async () => (await rows.count()) === 4);
		await becomes(() => rows.filter({ hasText: 'This one' }).count(), 1, 'marked as this one:');
		await until('in words', async () => (await rows.first().textContent()).includes('Chrome on Linux'));
		await rows.getByRole('button', { name: /Log out: Chrome/ }).first().click();
		await until('three are left', async () => (await rows.count()) === 3);
		await here.getByRole('button', { name: 'Log out elsewhere' }).click();
		await here.getByRole('dialog').getByRole('button', { name: 'Log out elsewhere' }).click();
		await until('this one is left', async () => (await rows.count()) === 1);
		for (const page of pages) {
			await page.goto(`${base}/leads`);
			await page.waitForURL(/\/login/);
		}
		await here.goto(`${base}/leads`);
		await here.getByRole('heading', { level: 1, name: 'Leads' }).waitFor();
	});

	await story('a photo: cut to a square, without what the camera wrote, shown in the menu and to colleagues on cards', async () => {
		const pia = somebody('Pia Smits');
		const page = await enter(pia, '/profile');
		const part = section(page, 'Photo');
		await part.locator('input[type=file]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
		await part.getByText('not a picture').waitFor();
		const picture = await holiday(page);
		await part.locator('input[type=file]').setInputFiles({ name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: picture });
		const dialog = page.getByRole('dialog', { name: 'Choose the part that shows' });
		await dialog.locator('canvas').focus();
		await page.keyboard.press('ArrowLeft');
		await dialog.getByRole('button', { name: 'Use this photo' }).click();
		await page.locator('.user-button .avatar img').waitFor();
		await until('the picture is drawn', () => page.locator('.user-button .avatar img').evaluate((image) => image.naturalWidth === 512 && image.naturalHeight === 512));
		const me = await (await api(page, 'GET', '/api/me')).json();
		const kept = await (await api(page, 'GET', `/api/users/${me.user.id}/photo`)).body();
		check(picture.includes('Camera of Noor') && !kept.includes('Exif') && !kept.includes('GPS') && kept.length < 100_000, `what is kept has no metadata (${kept.length} bytes)`);
		/* a colleague sees it on a card of hers */
		const it = await lead(null);
		const deal = await dealOf(page, it.title);
		await api(page, 'PUT', `/api/crm/opportunities/${deal.id}`, { owner_id: me.user.id, version: deal.version });
		const colleague = await enter(daan, board('bakkerij-jansen'));
		await until('it is drawn on the card', () => card(colleague, it.title).locator('.avatar img').evaluate((image) => image.naturalWidth === 512));
		await part.getByRole('button', { name: 'Remove photo' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Remove photo' }).click();
		await until('the initials are back', async () => (await page.locator('.user-button .avatar img').count()) === 0);
		noFaults(page);
	});

	await story('a time zone of one\'s own changes the times shown; a name and a language stay', async () => {
		const noa = somebody('Noa Kramer');
		const it = await lead(null);
		const page = await enter(noa, board('bakkerij-jansen'));
		await card(page, it.title).locator('.card-link').click();
		const shown = () => page.locator('.entry-time').first().textContent();
		const before = await shown();
		await page.goto(`${base}/profile`);
		await page.getByLabel('Time zone').first().fill('Tokyo');
		await page.getByRole('option', { name: 'Asia/Tokyo' }).click();
		await page.getByRole('status').getByText('Times follow your zone').waitFor();
		await page.goto(base + board('bakkerij-jansen'));
		await card(page, it.title).locator('.card-link').click();
		const after = await shown();
		const hours = (text) => Number(text.split(':')[0]);
		equal((hours(after) - hours(before) + 24) % 24, 8, `${before} in Amsterdam, ${after} in Tokyo; hours between:`);
		await page.goto(`${base}/profile`);
		await page.getByLabel('Your name').fill('Noa de Wit');
		await section(page, 'Name').getByRole('button', { name: 'Save' }).click();
		await page.locator('.user-name', { hasText: 'Noa de Wit' }).waitFor();
		/* a language chosen stays when one goes on */
		await page.getByLabel('Language', { exact: true }).first().click();
		await page.getByRole('option', { name: 'Nederlands' }).click();
		await page.getByRole('heading', { name: 'Je profiel' }).waitFor();
		await page.getByRole('link', { name: 'Leads' }).click();
		await page.getByText('Wat er binnenkwam').waitFor();
		await page.goBack();
		await page.getByRole('heading', { name: 'Je profiel' }).waitFor();
	});

	await story('plain http under a foreign name: log-in says what is missing and how to mend it, and asks for no password', async () => {
		const page = await enter(null, '/login');
		await page.goto(`http://crm.example:${port}/login`);
		await page.getByRole('heading', { name: 'This page needs HTTPS' }).waitFor();
		await becomes(() => page.locator('input').count(), 0, 'fields:');
		await page.getByText(`http://localhost:${port}/login`).waitFor();
		await page.getByText('CRM_INSECURE_COOKIES=yes make run').waitFor();
		const reply = await page.request.post(`${base}/api/login`, { headers: { Host: `crm.example:${port}`, Origin: `http://crm.example:${port}` }, data: { email: sanne.email, password: sanne.password } });
		equal([reply.status(), (await reply.json()).code], [403, 'https_required']);
	});

	await story('too many tries: log-in says when to try again, and waits for it', async () => {
		const gok = somebody('Gok Spel');
		const page = await enter(null, '/login');
		for (let tries = 0; tries < 12 && (await page.getByText('You can try again at').count()) === 0; tries++) {
			const answered = page.waitForResponse('**/api/login');
			await field(page, 'email').fill(gok.email);
			await field(page, 'password').fill(`guess ${tries}`);
			await page.keyboard.press('Enter');
			await answered;
			await page.getByRole('alert').waitFor();
		}
		await page.getByRole('alert').filter({ hasText: /You can try again at \d\d:\d\d:\d\d/ }).waitFor();
		await until('the button waits', () => page.getByRole('button', { name: /Try again in \d+ s/ }).isDisabled());
	});

	await story('workspaces: one is made with its address for leads, changed, archived out of everybody\'s sight, and brought back', async () => {
		const admin = person('beheer@bureau.example', 'Bea Beheer', '--workspace', 'polder-it', '--role', 'owner', '--admin');
		const page = await enter(admin, '/settings/workspaces');
		await page.getByRole('button', { name: 'New workspace' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('button', { name: 'New workspace' }).click();
		await dialog.getByText('Fill this in').waitFor();
		await field(dialog, 'name').fill('Café Zonnig');
		await becomes(() => field(dialog, 'slug').inputValue(), 'cafe-zonnig', 'the short name made of it:');
		await field(dialog, 'slug').fill('polder-it');
		await dialog.getByRole('radio', { name: /Quotes and invoices/ }).check({ force: true });
		await dialog.getByRole('button', { name: 'New workspace' }).click();
		await dialog.getByText('This short name is taken').waitFor();
		await field(dialog, 'slug').fill('cafe-zonnig');
		await dialog.getByRole('button', { name: 'New workspace' }).click();
		await dialog.getByText('Café Zonnig stands.').waitFor();
		const address = await dialog.locator('.copy code').textContent();
		await dialog.getByRole('button', { name: 'Open the board' }).click();
		await page.waitForURL(/workspace=cafe-zonnig/);
		await page.locator('.live-open').waitFor();
		await post(address, { name: 'Zon Liefhebber', email: 'zon@example.nl' });
		await card(page, 'Zon Liefhebber').waitFor();

		const zoe = person('zoe@bureau.example', 'Zoë Bos', '--workspace', 'cafe-zonnig', '--role', 'sales');
		const colleague = await enter(zoe, board('cafe-zonnig'));
		await card(colleague, 'Zon Liefhebber').waitFor();
		await page.goto(`${base}/settings/workspaces`);
		await page.getByRole('button', { name: 'Café Zonnig' }).first().click();
		await field(dialog, 'name').fill('Café Zonnig & Zn');
		await dialog.getByLabel('Default owner').first().click();
		await page.getByRole('option', { name: 'Zoë Bos' }).click();
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.getByRole('row', { name: /Café Zonnig & Zn.*Zoë Bos/ }).waitFor();
		await colleague.locator('.switch-name', { hasText: 'Café Zonnig & Zn' }).first().waitFor();

		await page.getByRole('button', { name: /Actions.*Café Zonnig/ }).click();
		await page.getByRole('menuitem', { name: 'Archive' }).click();
		await dialog.getByRole('button', { name: 'Archive' }).click();
		await page.getByRole('status').getByText('is archived').waitFor();
		await until('the row is gone', async () => (await page.getByRole('row', { name: /Café Zonnig/ }).count()) === 0);
		/* the colleague's open page hears of it; it was all she saw */
		await colleague.getByText('You are in no workspace').waitFor({ timeout: 10_000 });
		equal((await (await api(colleague, 'GET', '/api/me')).json()).workspaces, [], 'workspaces of the colleague:');
		for (const path of ['/api/crm/deals?workspace=cafe-zonnig', '/api/crm/pipeline?workspace=cafe-zonnig'])
			equal((await api(colleague, 'GET', path)).status(), 404, path);
		const found = await (await api(page, 'GET', '/api/crm/search?q=liefhebber')).json();
		equal(found.data.opportunities.length, 0, 'found by search:');
		equal((await (await api(page, 'GET', '/api/crm/deals')).json()).data.filter((deal) => deal.title.includes('Zon')).length, 0, 'deals the admin still sees:');
		await post(address, { name: 'Laat Komer', email: 'laat@example.nl' });

		await page.getByRole('button', { name: 'Archived (1)' }).click();
		await page.getByRole('button', { name: 'Bring back Café Zonnig & Zn' }).click();
		await page.getByRole('status').getByText('is back').waitFor();
		await colleague.reload();
		await card(colleague, 'Zon Liefhebber').waitFor();
		await card(colleague, 'Laat Komer').waitFor();
		noFaults(page);
	});

	await story('a plain owner changes the name of their own workspace and can make or archive none', async () => {
		const page = await enter(daan, '/settings/workspaces');
		await page.getByText('There is nothing here for your role').waitFor();
		const owner = person('otto@bureau.example', 'Otto Eigenaar', '--workspace', 'druk', '--role', 'owner');
		await page.context().clearCookies();
		await as(page, owner, '/settings/workspaces');
		await page.getByRole('button', { name: /Drukke Winkel/ }).first().click();
		const dialog = page.getByRole('dialog');
		await becomes(() => dialog.getByRole('checkbox').count(), 1, 'switches: what a win makes, none of the agency\'s:');
		await dialog.getByRole('checkbox', { name: /won/i }).waitFor();
		await field(dialog, 'name').fill('Drukke Winkel 2');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.getByRole('row', { name: /Drukke Winkel 2/ }).waitFor();
		await becomes(() => page.getByRole('button', { name: 'New workspace' }).count(), 0, 'buttons to make one:');
		await page.getByRole('button', { name: /Actions.*Drukke/ }).click();
		await page.getByRole('menuitem', { name: 'Change' }).waitFor();
		await becomes(() => page.getByRole('menuitem', { name: 'Archive' }).count(), 0, 'ways to archive:');
		await page.keyboard.press('Escape');
		const { data } = await (await api(page, 'GET', '/api/workspaces')).json();
		equal((await api(page, 'PUT', `/api/workspaces/${data[0].id}`, { archived: true })).status(), 403, 'archiving over the API:');
		await api(page, 'PUT', `/api/workspaces/${data[0].id}`, { name: 'Drukke Winkel' });
	});

	await story('an agency without a workspace: every page leads to the first one', async () => {
		const page = await enter(person('nieuw@bureau.example', 'Nina Nieuw', '--admin'), '/');
		/* this agency has workspaces; somebody who may see none is told so */
		await page.route('**/api/me', async (route) => {
			if (route.request().method() !== 'GET')
				return route.fallback();
			const reply = await route.fetch();
			return route.fulfill({ response: reply, json: { ...(await reply.json()), workspaces: [] } });
		});
		await page.route('**/api/workspaces?*', (route) => (route.request().method() === 'GET' ? route.fulfill({ json: { data: [], next: null } }) : route.fallback()));
		await page.goto(`${base}/deals/board`);
		await page.getByRole('heading', { name: 'No workspace yet' }).waitFor();
		await page.getByRole('main').getByRole('link', { name: 'Workspaces' }).click();
		await page.waitForURL(/\/settings\/workspaces/);
		await page.getByRole('main').getByRole('button', { name: 'New workspace' }).last().click();
		await page.getByRole('dialog').locator('input[name=name]').waitFor();
	});
}

async function as(page, who, path) {
	await page.context().request.post(`${base}/api/login`, { data: { email: who.email, password: who.password }, headers: { Origin: base } });
	await page.goto(base + path);
}

/* the steps of the second factor with answers made up, so that nothing is switched on */
async function twoFactor(page) {
	const rows = Array.from({ length: 41 }, (_, y) => Array.from({ length: 41 }, (_, x) => ((x * 7 + y * 13 + x * y) % 3 === 0 ? '1' : '0')).join(''));
	await page.route('**/api/me/totp', (route) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify({ secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', otpauth: 'otpauth://totp/x', qr: rows }) }));
	await page.route('**/api/me/totp/confirm', (route) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify({ recovery_codes: Array.from({ length: 10 }, (_, at) => `abcde${at}-fghijk-lmnopq-rstuv`) }) }));
	await page.goto(`${base}/profile`);
	await page.locator('.section').nth(4).locator('.btn').click();
	await page.locator('[role=dialog] input').waitFor();
}

export const places = {
	profile: async (page) => { await page.goto(`${base}/profile`); await page.locator('.rows li').first().waitFor(); },
	'profile security': async (page) => { await page.goto(`${base}/profile`); await page.locator('.rows li').first().waitFor(); await page.locator('.rows').scrollIntoViewIfNeeded(); },
	'photo crop': async (page) => {
		await page.goto(`${base}/profile`);
		await page.locator('input[type=file]').setInputFiles({ name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: await holiday(page) });
		await page.locator('.crop').waitFor();
	},
	'two-factor password': twoFactor,
	'two-factor scan': async (page) => { await twoFactor(page); await page.locator('[role=dialog] input').fill('x'); await page.keyboard.press('Enter'); await page.locator('.qr').waitFor(); },
	'two-factor codes': async (page) => {
		await twoFactor(page);
		await page.locator('[role=dialog] input').fill('x');
		await page.keyboard.press('Enter');
		await page.locator('.qr').waitFor();
		await page.locator('[role=dialog] input').fill('123456');
		await page.keyboard.press('Enter');
		await page.locator('.codes').waitFor();
	},
};

async function second(page) {
	await page.route('**/api/login', (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ status: 401, code: 'totp_required', title: 'x' }) }));
	await page.goto(`${base}/login`);
	await field(page, 'email').fill('x@example.nl');
	await field(page, 'password').fill('x');
	await page.keyboard.press('Enter');
	await field(page, 'code').waitFor();
}

/* made once: the pages of an agency's administrator */
let chief;
async function asChief(page, path) {
	chief ??= person('chef@bureau.example', 'Chris Chef', '--workspace', 'polder-it', '--role', 'owner', '--admin');
	await as(page, chief, path);
}
async function workspaces(page) {
	await asChief(page, '/settings/workspaces');
	await page.locator('tbody tr').first().waitFor();
}

export const data = ['Chris Chef', 'Café Zonnig & Zn', 'Zoë Bos', 'Drukke Winkel 2'];

export const outside = {
	workspaces,
	'workspace new': async (page) => { await workspaces(page); await page.locator('.page-head .btn').click(); await page.locator('[role=dialog] .choice').first().waitFor(); await page.locator('[role=dialog] [type=submit]').click(); await page.locator('[aria-invalid=true]').waitFor(); },
	'workspace change': async (page) => { await workspaces(page); await page.locator('tbody .row-link').first().click(); await page.locator('[role=dialog] input[name=name]').waitFor(); },
	'workspace archive': async (page) => { await workspaces(page); await page.locator('.row-end .icon-btn').first().click(); await page.getByRole('menuitem').last().click(); await page.locator('[role=dialog] .btn-danger').waitFor(); },
	'log-in without https': async (page) => { await page.goto(`http://crm.example:${port}/login`); await page.locator('.ways').waitFor(); },
	'log-in forgotten': async (page) => { await page.goto(`${base}/forgot`); await page.locator('input[name=email]').waitFor(); },
	'log-in code': second,
	'log-in recovery': async (page) => { await second(page); await page.locator('.login-more .btn').first().click(); await page.locator('input[placeholder]').waitFor(); },
};
