/* What is new: the bell, the page of notifications, what rings; on all devices of one person and of nobody else. */
import { api, base, becomes, card, check, crmctl, enter, equal, post, story, until } from './house.mjs';
import { B, daan, dealOf, hook, lead, noFaults, sanne } from './given.mjs';

const ok = async (answer) => {
	check(answer.ok(), `${answer.status()} ${await answer.text()}`);
	return answer.status() === 204 ? null : answer.json();
};
const N = '/notifications?workspace=bakkerij-jansen';
const group = (page, name) => page.getByRole('region', { name, exact: true });
const bell = (page) => page.locator('.bell');
const list = (page) => page.getByRole('dialog', { name: 'Notifications' });
const row = (page, name) => page.locator('.news-row', { hasText: name });
const count = (page) => page.locator('.bell-count');
const counts = (page, text) => until(`the bell counts ${text || 'nothing'}`, async () => (await count(page).count() ? await count(page).textContent({ timeout: 500 }).catch(() => null) : '') === text);
const seenAll = async (page) => { await api(page, 'POST', '/api/notifications/seen', {}); };
const calm = async (who, path) => {
	const page = await enter(who, path);
	await page.locator('.live-open').waitFor();
	await seenAll(page);
	await counts(page, '');
	return page;
};
const members = async (page) => (await ok(await api(page, 'GET', '/api/crm/members?workspace=bakkerij-jansen'))).data;
const idOf = async (page, who) => (await members(page)).find((one) => one.email === who.email).id;
/* sanne gives daan a deal of the bakery */
async function given(page) {
	const it = await lead(null);
	const deal = await dealOf(page, it.title);
	await ok(await api(page, 'PUT', `/api/crm/deals/${deal.id}`, { owner_id: await idOf(page, daan) }));
	return { ...it, deal };
}

export async function tell() {
	await story('bell: a lead counts at once in bell and title, is told politely; opening the bell reads nothing, opening the row does, in every browser', async () => {
		const page = await calm(sanne, B);
		const away = await enter(sanne, '/leads?workspace=garage-smit');
		await away.locator('.live-open').waitFor();
		const it = await lead(null, {}, 'vesting-cargo');
		await counts(page, '1');
		await counts(away, '1');
		await until('the title', async () => /^\(1\) /.test(await page.title()));
		await until('it is said', async () => (await page.locator('[data-said=news]').textContent()).includes(it.name));
		await bell(page).click();
		const link = list(page).getByRole('link', { name: new RegExp(it.name) });
		await link.waitFor();
		await until('the row says where and how', async () => (await link.textContent()).includes('Vesting Cargo') && (await link.textContent()).includes('Web form'));
		await becomes(() => row(page, it.name).getAttribute('data-read'), 'false', 'it is read because it was shown:');
		/* a lead of another workspace opens there, and is read */
		await link.click();
		await page.getByRole('dialog', { name: it.title }).waitFor();
		check(page.url().includes('workspace=vesting-cargo'), page.url());
		await counts(page, '');
		await counts(away, '');
		await until('the title is bare again', async () => !/^\(/.test(await page.title()));
		noFaults(page);
	});

	await story('bell: Escape closes and gives the focus back; what one makes oneself is not news', async () => {
		const page = await calm(sanne, B);
		await bell(page).focus();
		await page.keyboard.press('Enter');
		await list(page).waitFor();
		await page.keyboard.press('Escape');
		await becomes(() => bell(page).evaluate((one) => one === document.activeElement), true, 'the bell has the focus:');
		await page.keyboard.press('n');
		await page.getByRole('dialog', { name: 'New lead' }).getByLabel('Name').fill('Zelf Gemaakt');
		await page.keyboard.press('Enter');
		await card(page, 'Zelf Gemaakt').waitFor();
		await until('it stands there as read', async () => (await ok(await api(page, 'GET', '/api/notifications?limit=1'))).data[0]?.read === true);
		await counts(page, '');
		await becomes(() => page.locator('[data-said=news]').textContent(), '', 'told as news:');
	});

	await story('bell: what a colleague gives one rings for that one alone, says who, and opens what it is', async () => {
		const mine = await calm(sanne, B);
		const page = await calm(daan, B);
		const it = await given(mine);
		await counts(page, '1');
		await until('it is said', async () => (await page.locator('[data-said=news]').textContent()).includes(it.title));
		await bell(page).click();
		await row(page, it.title).getByText('Sanne de Vries gave you this deal').waitFor();
		await row(page, it.title).getByRole('link').click();
		await page.getByRole('dialog', { name: it.title }).waitFor();
		await counts(page, '');
		await ok(await api(mine, 'POST', '/api/crm/activities?workspace=bakkerij-jansen', { kind: 'task', subject: `Bellen ${it.deal.number}`, deal_id: it.deal.id, owner_id: await idOf(mine, daan) }));
		await counts(page, '1');
		await page.keyboard.press('Escape');
		await page.goto(base + N);
		await row(page, `Bellen ${it.deal.number}`).getByText('Sanne de Vries gave you this to do').waitFor();
		await seenAll(mine);
		const { data } = await ok(await api(mine, 'GET', '/api/notifications?kind=assigned'));
		equal(data.filter((one) => one.title.includes(it.title)).length, 0, 'it rang for who gave it:');
		noFaults(page);
	});

	await story('bell: a lead that is opened from its list is seen; marked as unread beside it, it stays so', async () => {
		const page = await calm(sanne, '/leads?workspace=bakkerij-jansen');
		const it = await lead(null);
		await counts(page, '1');
		await page.getByRole('link', { name: it.name }).click();
		await page.getByRole('dialog', { name: it.name }).waitFor();
		await counts(page, '');
		await ok(await api(page, 'POST', '/api/notifications/read', { ids: (await ok(await api(page, 'GET', '/api/notifications?limit=1'))).data.map((one) => one.id), unread: true }));
		await counts(page, '1');
		noFaults(page);
	});

	await story('bell: a mention opens where it was said; other messages ring only for whoever wants that', async () => {
		const mine = await calm(sanne, B);
		const page = await calm(daan, B);
		const it = await given(mine);
		await counts(page, '1');
		await seenAll(page);
		await counts(page, '');
		const say = (text) => api(mine, 'POST', '/api/crm/messages?workspace=bakkerij-jansen', { text, deal_id: it.deal.id }).then(ok);
		await say(`@{user:${await idOf(mine, daan)}|Daan Bakker} kijk ${it.deal.number}`);
		await counts(page, '1');
		await until('it is said', async () => (await page.locator('[data-said=news]').textContent()).includes('You were mentioned'));
		await bell(page).click();
		await row(page, `kijk ${it.deal.number}`).getByRole('link').click();
		const panel = page.getByRole('dialog', { name: it.title });
		await panel.getByText(`kijk ${it.deal.number}`).waitFor();
		check(page.url().includes('tab=chat'), `the conversation is open: ${page.url()}`);
		await counts(page, '');
		await page.keyboard.press('Escape');
		await panel.waitFor({ state: 'detached' });
		/* read in the room, it is read in the bell */
		const { id: last } = await say(`@{user:${await idOf(mine, daan)}|Daan Bakker} nogmaals`);
		await counts(page, '1');
		await ok(await api(page, 'POST', '/api/crm/rooms/seen?workspace=bakkerij-jansen', { deal_id: it.deal.id, message_id: last }));
		await counts(page, '');
		await say('Zonder naam');
		await page.goto(base + N);
		await row(page, it.title).waitFor();
		await becomes(() => row(page, 'Zonder naam').count(), 0, 'a message rings unasked:');
		await page.getByRole('checkbox', { name: 'Messages: In the bell' }).click();
		await row(page, 'Zonder naam').waitFor();
		await say('Nog een bericht');
		await row(page, 'Nog een bericht').waitFor();
		await until('it is told', async () => (await page.locator('[data-said=news]').textContent()).includes('Nog een bericht'));
		await page.getByRole('checkbox', { name: 'Messages: In the bell' }).click();
		await row(page, 'Nog een bericht').waitFor({ state: 'detached' });
		noFaults(page);
	});

	await story('notifications: by kind, the unread alone, read and unread one by one and all, by keys and on two devices', async () => {
		const page = await calm(sanne, N);
		const away = await enter(sanne, B);
		await away.locator('.live-open').waitFor();
		const one = await lead(null);
		const two = await lead(null);
		await row(page, two.name).waitFor();
		await counts(away, '2');
		await row(page, one.name).getByRole('button', { name: /Mark as read/ }).focus();
		await page.keyboard.press('Enter');
		await until('one is read', async () => await row(page, one.name).getAttribute('data-read') === 'true');
		await counts(page, '1');
		await counts(away, '1');
		await page.getByLabel('Unread only').check();
		await row(page, one.name).waitFor({ state: 'detached' });
		check(page.url().includes('unread=1'), `the filter stands in the address: ${page.url()}`);
		await row(page, two.name).waitFor();
		await page.getByRole('button', { name: 'Reminders' }).click();
		await page.getByRole('heading', { name: 'Everything is read' }).waitFor();
		await page.getByRole('button', { name: 'Show everything' }).click();
		await row(page, one.name).getByRole('button', { name: /Mark as unread/ }).click();
		await counts(away, '2');
		await page.getByRole('button', { name: 'Mark all as read' }).click();
		await counts(page, '');
		await counts(away, '');
		await becomes(() => row(page, one.name).getAttribute('data-read'), 'true', 'read with all:');
		await until('there is nothing left to read', () => page.getByRole('button', { name: 'Mark all as read' }).isDisabled());
		noFaults(page);
	});

	await story('notifications: a long list goes on where it ended, each row once; without any, what to do next', async () => {
		const page = await enter(sanne, N);
		for (let at = 0; at < 32; at++)
			await post(hook.druk, { name: `Reeks ${at}`, email: `reeks${at}@druk.example`, form_type: 'Order' });
		await until('all have rung', async () => {
			const { data } = await ok(await api(page, 'GET', '/api/notifications?kind=lead&limit=50'));
			return data.filter(({ title }) => title?.includes('Reeks')).length === 32;
		}, 30000);
		await page.reload();
		await row(page, 'Reeks 31').first().waitFor();
		await becomes(() => page.locator('.news-row').count(), 30, 'a page:');
		await page.getByRole('button', { name: 'Load more' }).click();
		await until('there are more', async () => await page.locator('.news-row').count() > 31);
		const links = await page.locator('.news-row a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
		equal(new Set(links).size, links.length, 'rows that stand there once:');
		await seenAll(page);
		crmctl('workspace', 'add', 'stil', '--preset', 'commerce', '--name', 'Stille Zaak');
		const { email, password } = crmctl('user', 'add', 'stil@bureau.example', '--name', 'Stil Leeg', '--workspace', 'stil', '--role', 'owner');
		const other = await enter({ email, password }, '/notifications');
		await other.getByRole('heading', { name: 'Nothing new yet' }).waitFor();
		await other.getByRole('link', { name: 'Connect a website' }).click();
		await other.waitForURL(/\/help\/hooks/);
		await other.getByRole('heading', { level: 1 }).waitFor();
		noFaults(other);
	});

	await story('what rings: a kind that is off is counted nowhere; the browser is asked only when it is switched on, and shows one only over other windows', async () => {
		const page = await calm(sanne, B);
		const away = await enter(sanne, B);
		await away.locator('.live-open').waitFor();
		await page.addInitScript(() => {
			window.asked = 0;
			window.shown = [];
			window.Notification = class {
				static permission = 'default';
				static answer = 'denied';
				static async requestPermission() {
					window.asked++;
					return (window.Notification.permission = window.Notification.answer);
				}
				constructor(title, options) {
					window.shown.push([title, options.tag]);
					window.newest = this;
				}
				close() {}
			};
		});
		await page.goto(base + N);
		const box = (kind, where) => page.getByRole('checkbox', { name: `${kind}: ${where}` });
		await box('New leads', 'In the bell').waitFor();
		equal(await page.evaluate(() => window.asked), 0, 'asked before anybody wanted it:');
		await box('New leads', 'On the desktop').click();
		await page.getByText('does not allow notifications for this site').waitFor();
		await becomes(() => box('New leads', 'On the desktop').isChecked(), false, 'on, though it may not:');
		await page.evaluate(() => { window.Notification.permission = 'default'; window.Notification.answer = 'granted'; });
		await box('New leads', 'On the desktop').click();
		await until('it is kept', async () => (await ok(await api(page, 'GET', '/api/notifications?limit=1'))).choices.lead.desktop === true);
		const seen = await lead(null);
		await row(page, seen.name).waitFor();
		equal(await page.evaluate(() => window.shown.length), 0, 'shown to whoever is looking:');
		await page.evaluate(() => { document.hasFocus = () => false; });
		const it = await lead(null);
		await until('it is shown once', async () => (await page.evaluate(() => window.shown)).filter(([title]) => title.includes(it.name)).length === 1);
		await counts(away, '2');
		/* one of another workspace opens there */
		const far = await lead(null, {}, 'vesting-cargo');
		await until('it is shown, too', () => page.evaluate((name) => window.shown.at(-1)[0].includes(name), far.name));
		await page.evaluate(() => window.newest.onclick());
		await page.getByRole('dialog', { name: new RegExp(far.name) }).waitFor();
		check(page.url().includes('workspace=vesting-cargo'), page.url());
		await page.goto(base + N); /* whose words are these again */
		await counts(away, '3');
		await box('New leads', 'In the bell').click();
		await counts(page, '');
		await counts(away, '');
		await row(page, it.name).waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'New leads' }).click();
		await row(page, it.name).waitFor();
		await box('New leads', 'In the bell').click();
		await box('New leads', 'On the desktop').click();
		await counts(away, '3');
		await seenAll(page);
		noFaults(page);
	});

	await story('what goes by mail: at once, once a day or never, by kind; on every device; messages do not; the link of a mail that is none of ours says so', async () => {
		const page = await enter(sanne, N);
		const away = await enter(sanne, N);
		await away.locator('.live-open').waitFor();
		const mail = page.getByRole('region', { name: 'By mail' });
		const when = (on, kind) => on.getByRole('region', { name: 'By mail' }).getByRole('combobox', { name: kind });
		await when(page, 'Mentions').click();
		await page.getByRole('option', { name: 'Once a day' }).click();
		await until('it is kept', async () => (await ok(await api(page, 'GET', '/api/notifications?limit=1'))).choices.mention.mail === 'digest');
		await until('another device shows it', async () => await when(away, 'Mentions').inputValue() === 'Once a day');
		await becomes(() => when(page, 'New leads').inputValue(), 'After two minutes', 'another kind changed too:');
		await becomes(() => when(page, 'From rules').inputValue(), 'After two minutes', 'what rules say goes otherwise:');
		await becomes(() => mail.getByText('Messages').count(), 0, 'messages by mail:');
		/* by keys */
		await when(page, 'Mentions').focus();
		await page.keyboard.press('Enter');
		await page.getByRole('option', { name: 'After two minutes' }).waitFor();
		await page.keyboard.press('ArrowUp');
		await page.keyboard.press('Enter');
		await until('it is as it was', async () => (await ok(await api(page, 'GET', '/api/notifications?limit=1'))).choices.mention.mail === 'now');
		await page.goto(`${base}/api/notifications/unsubscribe/none`);
		await page.getByText('This link is not right').waitFor();
		noFaults(page);
	});
	await tellPush();
}

/* what a browser gets from its push service: the keys are those of the example in RFC 8291; nothing is sent to an address of this machine */
const KEYS = { p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4', auth: 'BTBZMqHH6r4Tts7J_aSIgg' };
const WORDS = { lead: 'New lead: {{name}}', reminder: '{{name}}', mention: '{{name}}', assigned: '{{name}}', many: '{{count}}' };

async function tellPush() {
	await story('a browser is told though no page is open: switched on and off there, shown once and not over the page, opened in the page that is there; others are stopped', async () => {
		const page = await enter(daan, N, { worker: true });
		await page.context().grantPermissions(['notifications'], { origin: new URL(base).origin });
		await page.addInitScript(({ p256dh, auth }) => {
			const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0)).buffer;
			let mine = localStorage.getItem('test.push');
			PushManager.prototype.getSubscription = async () => mine && ({
				endpoint: 'https://127.0.0.1/push/daan', options: { applicationServerKey: bytes(mine) }, getKey: (name) => bytes(name === 'auth' ? auth : p256dh),
				unsubscribe: async () => { mine = null; localStorage.removeItem('test.push'); return true; },
			});
			PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => {
				localStorage.setItem('test.push', mine = key);
				return PushManager.prototype.getSubscription();
			};
		}, KEYS);
		await page.goto(base + N);
		await ok(await api(page, 'POST', '/api/notifications/push', { endpoint: 'https://127.0.0.1/push/elsewhere', ...KEYS, words: WORDS }));
		await page.reload();
		const box = page.getByRole('checkbox', { name: 'On this browser also when Leadwire is closed' });
		const browsers = async () => (await ok(await api(page, 'GET', '/api/notifications/push'))).data.length;
		await page.getByRole('list', { name: 'Other browsers that are told' }).getByText('Last seen').waitFor();
		await page.evaluate(() => navigator.serviceWorker.ready.then(() => true)); /* it keeps the whole app first: seconds, on a busy machine */
		await box.click();
		await until('the server knows it', async () => await browsers() === 2);
		await page.reload();
		await until('it is this browser after a reload', () => box.isChecked());
		/* a message comes */
		const worker = await until('the worker', () => page.context().serviceWorkers()[0]);
		const cdp = await page.context().newCDPSession(page);
		const known = new Promise((found) => { cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => { if (registrations[0]) found(registrations[0].registrationId); }); });
		await cdp.send('ServiceWorker.enable');
		const registrationId = await known;
		const deal = await dealOf(page, (await lead(null)).title).catch(() => null) ?? (await ok(await api(page, 'GET', '/api/crm/deals?workspace=bakkerij-jansen&limit=1'))).data[0];
		const push = (title, tag = 't1') => cdp.send('ServiceWorker.deliverPushMessage', { origin: new URL(base).origin, registrationId, data: JSON.stringify({ title, body: 'Bakkerij Jansen', tag, url: `/notifications?type=prospect&id=${deal.id}` }) });
		const shown = () => worker.evaluate(async () => (await self.registration.getNotifications()).map((one) => [one.title, one.tag]));
		await worker.evaluate(() => { self.clients.matchAll = ((all) => async (what) => (self.nobodyLooks ? [] : all.call(self.clients, what)))(self.clients.matchAll); self.nobodyLooks = true; });
		await push('Given to you: Een');
		await becomes(async () => JSON.stringify(await shown()), JSON.stringify([['Given to you: Een', 't1']]), 'shown:');
		await push('Given to you: Twee');
		await becomes(async () => JSON.stringify(await shown()), JSON.stringify([['Given to you: Twee', 't1']]), 'shown once:');
		/* pressed: the page that is there opens it, and keeps what it was at */
		await worker.evaluate(async () => {
			self.nobodyLooks = false;
			const [notification] = await self.registration.getNotifications();
			self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
		});
		await page.getByRole('dialog', { name: deal.title }).waitFor();
		check(page.url().includes('/notifications?workspace=bakkerij-jansen'), `it stays where it was: ${page.url()}`);
		await page.keyboard.press('Escape');
		await box.click();
		await until('it is told no more', async () => await browsers() === 1);
		await page.getByRole('button', { name: /^Stop telling/ }).click();
		await until('nor the other', async () => await browsers() === 0);
		noFaults(page);
	});
}

/* ---- the places of this room ---- */

const open = async (page, path) => { await page.goto(base + path); await page.locator('.page-head h1').waitFor(); };
export const places = {
	bell: async (page) => { await page.goto(base + B); await page.locator('.card').first().waitFor(); await lead(page); await bell(page).click(); await page.locator('.popover a.hit').first().waitFor(); },
	notifications: async (page) => {
		await ok(await api(page, 'POST', '/api/notifications/push', { endpoint: 'https://127.0.0.1/push/looked', ...KEYS, words: WORDS }));
		await open(page, N);
		await page.locator('[data-part=push] li').first().waitFor();
	 await page.locator('a.hit').first().waitFor(); },
	'notifications none': async (page) => { await seenAll(page); await open(page, `${N}&unread=1`); await page.locator('.empty').waitFor(); },
};
export const data = ['Stille Zaak', 'Zelf Gemaakt', 'Reeks', 'Zonder naam', 'Nog een bericht'];
