/* Following up: the side panel with its form, activities, reminders and tags; the calendar, the tasks and the home page. */
import { api, base, becomes, check, day, enter, equal, post, story, until } from './house.mjs';
import { B, daan, dealOf, hook, lead, noFaults, sanne } from './given.mjs';

const V = '/deals/board?workspace=vesting-cargo';
const CALENDAR = '/deals/calendar?workspace=vesting-cargo';
const panelOf = (page, title) => page.getByRole('dialog', { name: title });
const note = (page) => page.locator('.follow textarea');
const menu = async (page, opener, item) => {
	await opener.click();
	await page.getByRole('menu').getByText(item, { exact: true }).click();
};
const at = (date, time) => {
	const guess = Date.parse(`${date}T${time}:00Z`);
	const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam', dateStyle: 'short', timeStyle: 'medium' }).format(guess);
	return new Date(2 * guess - Date.parse(`${shown.replace(' ', 'T')}Z`)).toISOString();
};
const ok = async (reply) => {
	check(reply.ok(), `${reply.status()} ${await reply.text()}`);
	return reply.status() === 204 ? null : reply.json();
};
/* contacts hears of a deal a moment after it stands on the board */
const plan = async (page, deal, kind, subject, due, more = {}) => ok(await until('contacts knows the deal', async () => {
	const reply = await api(page, 'POST', `/api/crm/activities?workspace=${deal.workspace_id}`, { kind, subject, deal_id: deal.id, due_at: due, ...more });
	return reply.status() !== 404 && reply;
}, 10000));
const list = async (page, deal) => (await ok(await api(page, 'GET', `/api/crm/activities?deal_id=${deal.id}&limit=100`))).data;

async function prospect(page, more = {}) {
	const one = await lead(null, { phone: '+31 6 12345678', company: 'Envíos MX', ...more }, 'vesting-cargo');
	return { ...one, deal: await dealOf(page, one.title, 'vesting-cargo') };
}
const openPanel = async (page, deal, more = '') => {
	await page.goto(`${base}${V}&type=prospect&id=${deal.number}${more}`);
	await page.locator('.entry').first().waitFor();
	await note(page).waitFor();
};

export async function tell() {
	await story('S2-3, S2-4: a note alone, then with status, action and date: the deal moves, the note stands, the next action is planned', async () => {
		const page = await enter(sanne, V);
		const { deal, title } = await prospect(page);
		await openPanel(page, deal);
		const form = page.locator('.follow');
		await form.getByRole('button', { name: 'Save' }).click();
		await form.getByRole('alert').waitFor();
		await becomes(() => note(page).getAttribute('aria-invalid'), 'true', 'a note is wanted:');
		await becomes(() => form.locator('input[type=date]').count(), 0, 'no date at first:');
		await menu(page, form.getByRole('button', { name: 'New status' }), 'Negotiation');
		await becomes(() => form.locator('input[type=date]').count(), 0, 'a status alone brings no date:');
		await menu(page, form.getByRole('button', { name: 'Next action' }), 'WhatsApp');
		await form.locator('input[type=date]').fill(day(1));
		await form.locator('input[type=time]').fill('15:30');
		await note(page).fill('Pide descuento');
		await note(page).press('Control+Enter');
		const moved = page.locator('.toast', { hasText: 'Negotiation' });
		await moved.waitFor();
		const [low, top] = await Promise.all([moved.evaluate((one) => one.getBoundingClientRect().bottom), form.evaluate((one) => one.getBoundingClientRect().top)]);
		check(low <= top, `the note about it lies over the form: ${low} > ${top}`);
		await moved.getByRole('button', { name: /Undo/ }).waitFor();
		await becomes(() => note(page).inputValue(), '', 'the form is empty again:');
		await page.locator('.entry', { hasText: 'Pide descuento' }).first().waitFor();
		await page.locator('.planned .act', { hasText: 'WhatsApp' }).waitFor();
		const now = await ok(await api(page, 'GET', `/api/crm/deals/${deal.id}`));
		equal(now.stage_key, 'negotiation', 'it moved:');
		const planned = (await list(page, deal)).find((one) => one.kind === 'whatsapp');
		equal(Date.parse(planned.due_at), Date.parse(at(day(1), '15:30')), 'at its time in this zone:');
		await becomes(() => page.locator('.entry', { hasText: 'Pide descuento' }).count(), 1, 'the note stands once:');
		/* the card says what comes next and that there is a note, by itself */
		const own = page.locator(`[data-card="${deal.id}"]`);
		await own.locator('[data-next=whatsapp]').waitFor();
		await own.locator('.card-fact', { hasText: '1 note' }).waitFor();
		/* and the calendar, too */
		await page.goto(base + CALENDAR + `&day=${day(1)}`);
		const chip = page.locator(`.chip[data-activity="${planned.id}"]`);
		await chip.waitFor();
		await chip.click();
		await panelOf(page, title).waitFor();
		noFaults(page);
	});

	await story('S2-4: call blue, WhatsApp green, e-mail orange, meeting purple, SMS teal, other grey: the computed style', async () => {
		const page = await enter(sanne, V);
		const { deal } = await prospect(page);
		const kinds = { call: [59, 125, 216], whatsapp: [15, 157, 110], email: [217, 122, 38], meeting: [138, 75, 196], sms: [18, 134, 143], other: [122, 131, 148] };
		for (const kind of Object.keys(kinds))
			await plan(page, deal, kind, `Kleur ${kind}`, at(day(3), '10:00'));
		await page.goto(`${base}${CALENDAR}&view=day&day=${day(3)}`);
		for (const [kind, want] of Object.entries(kinds)) {
			const chip = page.locator('.chip', { hasText: `Kleur ${kind}` });
			await chip.waitFor();
			const colour = await chip.evaluate((one) => getComputedStyle(one).borderLeftColor);
			equal(colour.match(/\d+/g).map(Number), want, `${kind}:`);
		}
	});

	await story('S2-5: the calendar\'s periods, its arrows, and the panel it opens', async () => {
		const page = await enter(sanne, V);
		const { deal, title } = await prospect(page);
		const mark = `Bel ${deal.number}`;
		/* around the middle of a month the clock of this house has: late, late today, today, this month or the next */
		const soon = new Date(Date.now() + 20 * 60_000).toISOString();
		const month = day().slice(0, 7);
		const days = [day(-2), day(), day(5), day(40)];
		await plan(page, deal, 'call', `${mark} a`, at(days[0], '09:00'));
		await plan(page, deal, 'call', `${mark} b`, new Date(Date.now() - 60_000).toISOString());
		await plan(page, deal, 'call', `${mark} c`, soon);
		await plan(page, deal, 'call', `${mark} d`, at(days[2], '09:00'));
		await plan(page, deal, 'call', `${mark} e`, at(days[3], '09:00'));
		/* the days that they really are on: also where a minute ago was yesterday, or this month ends in a minute */
		const dayOf = (one) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(new Date(one));
		const near = [dayOf(Date.now() - 60_000), dayOf(soon)];
		const todays = near.filter((one) => one === day()).length;
		const here = (period) => `${base}${CALENDAR}&view=list${period ? `&period=${period}` : ''}`;
		const rows = page.locator('.act', { hasText: mark });
		for (const [period, want] of [['', 5], ['overdue', 2], ['today', todays], ['upcoming', 3], ['month', [days[0], ...near, days[2]].filter((one) => one.slice(0, 7) === month).length]]) {
			await page.goto(here(period));
			await until(`${period || 'all'} shows ${want}`, async () => (await rows.count()) === want);
		}
		await page.goto(base + CALENDAR);
		await page.locator('.grid-month').waitFor();
		await page.getByRole('button', { name: 'Later' }).click();
		await page.waitForURL(/day=/);
		const next = new URL(page.url()).searchParams.get('day').slice(0, 7);
		check(next > month, `the arrow leads on: ${next}`);
		await page.goto(`${base}${CALENDAR}&day=${days[3]}`);
		const chip = page.locator('.chip', { hasText: `${mark} e` });
		await chip.click();
		await panelOf(page, title).waitFor();
		await page.keyboard.press('Escape');
		await page.waitForURL((url) => !url.searchParams.has('id'));
	});

	await story('an activity is moved on the calendar by key and by mouse, and put back by Z', async () => {
		const page = await enter(sanne, V);
		const { deal } = await prospect(page);
		const made = await plan(page, deal, 'meeting', `Sleep ${deal.number}`, at(day(8), '10:00'));
		const due = async () => Date.parse((await ok(await api(page, 'GET', `/api/crm/activities/${made.id}`))).due_at);
		await page.goto(`${base}${CALENDAR}&view=week&day=${day(8)}`);
		const chip = page.locator(`.chip[data-activity="${made.id}"]`);
		await chip.focus();
		await page.keyboard.press('Alt+ArrowDown');
		await until('an hour later', async () => (await due()) === Date.parse(at(day(8), '11:00')));
		await page.locator('.toast', { hasText: 'Sleep' }).waitFor();
		await page.keyboard.press('z');
		await until('back again', async () => (await due()) === Date.parse(at(day(8), '10:00')));
		await page.locator(`[data-hour="10"] .chip[data-activity="${made.id}"]`).waitFor();
		await chip.dragTo(page.locator(`td[data-day="${day(8)}"][data-hour="14"]`));
		await until('dropped at two', async () => (await due()) === Date.parse(at(day(8), '14:00')));
		await page.goto(`${base}${CALENDAR}&day=${day(8)}`);
		await chip.focus();
		await page.keyboard.press('Alt+ArrowRight');
		await until('a day later', async () => (await due()) === Date.parse(at(day(9), '14:00')));
		noFaults(page);
	});

	await story('S2-12, S4-4: a call is logged, a reminder is set: both with the deal, the reminder among the tasks', async () => {
		const page = await enter(sanne, V);
		const { deal, title } = await prospect(page);
		await openPanel(page, deal);
		await menu(page, page.locator('.panel-actions [aria-haspopup=menu]'), 'Log: Meeting');
		await page.locator('input[name=subject]').fill('Kennismaking');
		await page.locator('.lw-dialog').getByRole('button', { name: 'Save' }).click();
		await page.locator('.entry', { hasText: 'Kennismaking' }).waitFor();
		await page.locator('[data-metric=meetings] b', { hasText: '1' }).waitFor();
		await becomes(() => page.locator('[data-metric=calls] b').textContent(), '0', 'calls:');
		await page.getByRole('button', { name: 'Add reminder' }).first().click();
		await page.locator('input[name=subject]').waitFor();
		await page.keyboard.press('Escape');
		await page.locator('input[name=subject]').waitFor({ state: 'detached' });
		await until('Escape closes the dialog and leaves the panel', () => panelOf(page, title).isVisible());
		await page.getByRole('button', { name: 'Add reminder' }).first().click();
		await page.locator('.lw-dialog').getByRole('button', { name: 'Save' }).click();
		await page.locator('.lw-dialog [aria-invalid=true]').first().waitFor();
		await page.locator('input[name=subject]').fill('Llamar');
		await page.locator('input[name=day]').fill(day(1));
		await page.locator('input[name=time]').fill('09:00');
		await page.locator('.lw-dialog textarea').fill('Over de prijs');
		await page.locator('.lw-dialog').getByRole('button', { name: 'Save' }).click();
		await page.locator('.planned .act', { hasText: 'Llamar' }).waitFor();
		const reminder = (await list(page, deal)).find((one) => one.subject === 'Llamar');
		equal([reminder.kind, Date.parse(reminder.due_at), reminder.owner_id], ['task', Date.parse(at(day(1), '09:00')), sanne.id], 'a task of its writer:');
		/* done, and undone by Z */
		await page.locator('.planned .act', { hasText: 'Llamar' }).locator('input').press(' ');
		await until('done', async () => (await list(page, deal)).find((one) => one.id === reminder.id).done_at !== null);
		await page.locator('.toast', { hasText: 'Llamar' }).waitFor();
		await page.keyboard.press('z');
		await until('open again', async () => (await list(page, deal)).find((one) => one.id === reminder.id).done_at === null);
		await until('the panel is still there', async () => (await page.locator('.panel-title').textContent()).includes(title));
		noFaults(page);
	});

	await story('a follow-up that moved a deal is taken back by the note about it', async () => {
		const page = await enter(sanne, V);
		const { deal } = await prospect(page);
		const where = async () => (await ok(await api(page, 'GET', `/api/crm/deals/${deal.id}`))).stage_key;
		const first = await where();
		await openPanel(page, deal);
		await menu(page, page.locator('.follow').getByRole('button', { name: 'New status' }), 'Negotiation');
		await note(page).fill('Toch niet');
		await page.locator('.follow').getByRole('button', { name: 'Save' }).click();
		await page.locator('.toast', { hasText: 'moved to Negotiation' }).getByRole('button', { name: /Undo/ }).click();
		await page.locator('.toast', { hasText: 'is back in' }).waitFor();
		equal(await where(), first, 'the stage:');
	});

	await story('removed, put back; the timeline shows one kind alone', async () => {
		const page = await enter(sanne, V);
		const { deal } = await prospect(page);
		await plan(page, deal, 'call', 'Weg ermee', at(day(2), '09:00'));
		await openPanel(page, deal);
		const row = page.locator('.planned .act', { hasText: 'Weg ermee' });
		await row.getByRole('button').click();
		await page.getByRole('menuitem', { name: 'Remove' }).click();
		await row.waitFor({ state: 'detached' });
		await page.locator('.toast').getByRole('button', { name: /Undo/ }).click();
		await row.waitFor();
		await page.getByRole('button', { name: 'Statuses' }).click();
		await page.locator('.entry', { hasText: 'Weg ermee' }).first().waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Contact', exact: true }).click();
		await page.locator('.entry', { hasText: 'Weg ermee' }).first().waitFor();
		await becomes(() => page.locator('.entry', { hasText: 'registered' }).count(), 0, 'nothing else:');
	});

	await story('an unsent note is kept for its deal, also over a reload; offline is said, and what was to be sent then goes when the connection is back, once', async () => {
		const page = await enter(sanne, V);
		const one = await prospect(page);
		const other = await prospect(page);
		await openPanel(page, one.deal);
		await page.context().setOffline(true);
		await page.locator('.follow-said').waitFor();
		await note(page).fill('In de trein geschreven');
		await page.locator('.follow').getByRole('button', { name: 'Save' }).click();
		await page.locator('.follow-said', { hasText: 'Your note is kept here' }).waitFor();
		await becomes(async () => [await page.locator('.follow').getByRole('alert').count(), await note(page).getAttribute('aria-invalid')], [0, null], 'said once, and nothing is wrong with the note:');
		await becomes(() => note(page).inputValue(), 'In de trein geschreven', 'still there:');
		await note(page).fill('In de trein geschreven!');	/* another text: not what was to be sent */
		await page.context().setOffline(false);
		await page.locator('.follow-said').waitFor({ state: 'detached' });
		await openPanel(page, other.deal);
		await becomes(() => note(page).inputValue(), '', 'it is that deal\'s alone:');
		await openPanel(page, one.deal);
		await becomes(() => note(page).inputValue(), 'In de trein geschreven!', 'kept over a reload:');
		await page.locator('.follow').getByRole('button', { name: 'Save' }).click();
		await page.locator('.entry', { hasText: 'In de trein geschreven' }).waitFor();
		await openPanel(page, one.deal);
		await becomes(() => note(page).inputValue(), '', 'sent, it is kept no longer:');
		/* saved without a connection, and the panel is closed: sent when it is back, also when what sends it did not come at first */
		await page.evaluate(() => sessionStorage.setItem('lw.reloaded', '1'));
		let refused = 0;
		await page.route('**/assets/outbox-*.js', (route) => { refused++; return route.abort(); });
		await page.goto(`${base}${V}&type=prospect&id=${one.deal.number}`);
		await note(page).waitFor();
		await page.context().setOffline(true);
		await note(page).fill('Onderweg opgeslagen');
		await page.locator('.follow').getByRole('button', { name: 'Save' }).click();
		await page.locator('.follow-said', { hasText: 'Your note is kept here' }).waitFor();
		await page.keyboard.press('Escape');
		await panelOf(page, one.title).waitFor({ state: 'detached' });
		const before = refused;
		await page.context().setOffline(false);
		await until('it was asked for', () => refused > before);
		await page.unroute('**/assets/outbox-*.js');
		await page.context().setOffline(true);
		await page.context().setOffline(false);
		await page.locator('.toast', { hasText: 'Your note is sent' }).waitFor();
		await openPanel(page, one.deal);
		await becomes(() => note(page).inputValue(), '', 'and gone from the form:');
		equal((await list(page, one.deal)).filter((entry) => entry.note === 'Onderweg opgeslagen').length, 1, 'written once:');
		noFaults(page);
	});

	await story('a status that wants a note opens the form with it; closed unsaved, nothing moved', async () => {
		const page = await enter(sanne, V);
		const { deal, title } = await prospect(page);
		await page.goto(`${base}${V}&type=prospect&id=${deal.number}&tab=follow-up&move=negotiation`);
		await until('the note has the focus', () => note(page).evaluate((one) => one === document.activeElement));
		await page.getByRole('button', { name: 'New status: Negotiation' }).waitFor();
		await page.keyboard.press('Escape');
		await panelOf(page, title).waitFor({ state: 'detached' });
		equal((await ok(await api(page, 'GET', `/api/crm/deals/${deal.id}`))).stage_key, deal.stage_key ?? 'new', 'it did not move:');
		await openPanel(page, deal);
		await page.getByRole('button', { name: 'Move to Negotiation' }).click();
		await until('the stepper asks for the note, too', () => note(page).evaluate((one) => one === document.activeElement));
	});

	await story('tasks: what is late, for today and later, counted; done by key and put back; moved to tomorrow', async () => {
		const page = await enter(daan, V);
		const { deal, title } = await prospect(page);
		await plan(page, deal, 'task', 'Te laat werk', at(day(-3), '09:00'));
		await plan(page, deal, 'call', 'Later werk', at(day(6), '09:00'));
		const soon = await plan(page, deal, 'task', 'Werk van vandaag', at(day(), '23:59'));
		await page.goto(`${base}/tasks?workspace=vesting-cargo`);
		const row = (name) => page.locator('.act', { hasText: name });
		for (const name of ['Te laat werk', 'Later werk', 'Werk van vandaag'])
			await row(name).waitFor();
		await page.getByRole('button', { name: /^Overdue 1$/ }).click();
		await until('late alone', async () => (await page.locator('.act').count()) === 1 && (await row('Te laat werk').count()) === 1);
		await page.getByRole('button', { name: /^Today/ }).click();
		await row('Werk van vandaag').getByRole('button', { name: /More/ }).click();
		await page.getByRole('menuitem', { name: 'Move to tomorrow' }).click();
		await row('Werk van vandaag').waitFor({ state: 'detached' });
		equal(Date.parse((await list(page, deal)).find((one) => one.id === soon.id).due_at), Date.parse(at(day(1), '23:59')), 'at the same time tomorrow:');
		await page.getByRole('button', { name: /^Upcoming 2$/ }).click();
		await row('Later werk').locator('input').focus();
		await page.keyboard.press('ArrowUp');
		await until('the row above has the focus', () => row('Werk van vandaag').locator('input').evaluate((one) => one === document.activeElement));
		await page.keyboard.press(' ');
		await row('Werk van vandaag').waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Done', exact: true }).click();
		await row('Werk van vandaag').waitFor();
		await page.keyboard.press('z');
		await row('Werk van vandaag').waitFor({ state: 'detached' });
		/* what a colleague does elsewhere is here at once */
		await page.getByRole('button', { name: /^All mine/ }).click();
		const other = await enter(sanne, V);
		const late = (await list(other, deal)).find((one) => one.subject === 'Te laat werk');
		await page.locator('.live-open').waitFor();
		await ok(await api(other, 'PUT', `/api/crm/activities/${late.id}`, { done: true }));
		await row('Te laat werk').waitFor({ state: 'detached' });
		await row('Later werk').getByRole('button', { name: 'Later werk', exact: true }).click();
		await panelOf(page, title).waitFor();
		noFaults(page);
	});

	await story('home: what is late and for today, new leads, first steps that tick themselves and go away', async () => {
		const page = await enter(daan, '/home?workspace=polder-it');
		await page.getByRole('heading', { level: 1, name: /Daan/ }).waitFor();
		const boss = await enter(sanne, '/home?workspace=leeg');
		await boss.locator('[data-step=lead][data-done=false]').waitFor();
		await becomes(() => boss.locator('[data-step=people]').getAttribute('data-done'), 'true', 'a colleague is there:');
		await boss.getByRole('button', { name: 'Do not show the first steps again' }).click();
		await boss.locator('[data-step]').first().waitFor({ state: 'detached' });
		await boss.reload();
		await boss.getByRole('region', { name: 'My tasks' }).waitFor();
		await becomes(() => boss.locator('[data-step]').count(), 0, 'they stay away:');
		/* by key from anywhere: home, tasks, calendar */
		await page.locator('.live-open').waitFor();
		for (const [key, path] of [['k', '/tasks'], ['c', '/deals/calendar'], ['m', '/home']]) {
			await page.keyboard.press('g');
			await page.keyboard.press(key);
			await page.waitForURL((url) => url.pathname === path);
		}
	});

	await story('a contact\'s view: a call logged there stands there', async () => {
		const page = await enter(sanne, V);
		const { deal } = await prospect(page);
		const contact = await until('its contact', async () => (await ok(await api(page, 'GET', `/api/crm/deals/${deal.id}`))).contact_id);
		await page.goto(`${base}${V}&type=contact&id=${contact}`);
		await menu(page, page.locator('.lw-dialog').getByRole('button', { name: 'Add', exact: true }), 'Log: Call');
		await page.locator('input[name=subject]').fill('Los gesprek');
		await page.keyboard.press('Enter');
		await page.locator('.act', { hasText: 'Los gesprek' }).waitFor();
		noFaults(page);
	});

	await story('tags: made and ticked in the panel, taken off again, a colleague sees it at once', async () => {
		const page = await enter(sanne, V);
		const { deal } = await prospect(page);
		await openPanel(page, deal);
		const other = await enter(daan, `${V}&type=prospect&id=${deal.number}`);
		await other.locator('.live-open').waitFor();
		const box = (on) => on.getByRole('complementary', { name: 'About' }).locator('.tags');
		await box(page).getByRole('button', { name: 'Add a tag' }).click();
		await page.getByRole('menuitem', { name: 'New tag' }).click();
		await page.locator('input[name=label]').fill(`vip ${deal.number}`);
		await page.keyboard.press('Enter');
		await box(page).locator('.tag', { hasText: `vip ${deal.number}` }).waitFor();
		await box(other).locator('.tag', { hasText: `vip ${deal.number}` }).waitFor();
		await page.locator('.entry', { hasText: `vip ${deal.number}` }).first().waitFor();
		await other.locator(`[data-card="${deal.id}"] .tag`, { hasText: `vip ${deal.number}` }).waitFor();
		await box(page).getByRole('button', { name: 'Choose tags' }).click();
		await page.getByRole('menuitemcheckbox', { name: `vip ${deal.number}` }).click();
		await page.keyboard.press('Escape');
		await box(other).locator('.tag', { hasText: `vip ${deal.number}` }).waitFor({ state: 'detached' });
		equal((await ok(await api(page, 'GET', `/api/crm/deals/${deal.id}/tags`))).data, [], 'it bears none:');
	});

	await story('S2-12: a reminder rings at its time, once, in the bell and over the page, and opens what it is about', async () => {
		const page = await enter(daan, V);
		const { deal, title } = await prospect(page);
		await page.locator('.live-open').waitFor();
		await api(page, 'POST', '/api/notifications/seen', {});
		const rings = page.locator('.toast', { hasText: `Suena ${deal.number}` });
		let heard = 0;
		await page.exposeFunction('heard', () => { heard++; });
		await page.evaluate((words) => new MutationObserver((all) => { for (const one of all) for (const node of one.addedNodes) if (node.textContent?.includes(words) && node.classList?.contains('toast')) window.heard(); }).observe(document.body, { childList: true, subtree: true }), `Suena ${deal.number}`);
		await plan(page, deal, 'task', `Suena ${deal.number}`, new Date(Date.now() + 2500).toISOString());
		await rings.waitFor({ timeout: 15000 });
		await rings.getByRole('button', { name: 'Open' }).click();
		await panelOf(page, title).waitFor();
		await page.keyboard.press('Escape');
		await page.locator('.bell').click();
		await page.getByRole('dialog').getByText(`Suena ${deal.number}`).waitFor();
		equal(heard, 1, 'it rang so often:');
	});

	await story('N20: a follow-up, the calendar and the tasks without a mouse', async () => {
		const page = await enter(daan, V);
		const { deal, title } = await prospect(page);
		await plan(page, deal, 'call', `Toets ${deal.number}`, at(day(), '23:57'));
		await page.goto(base + V);
		await page.locator('.live-open').waitFor();
		const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
		const until_focus = (words, find, limit = 60, key = 'Tab') => (async () => {
			for (let step = 0; step < limit; step++) {
				if (await page.evaluate(find))
					return;
				await press(key);
			}
			throw new Error(`never by ${key}: ${words}`);
		})();
		await page.locator(`[data-card="${deal.id}"] .card-link`).focus();
		await press('Enter');
		await note(page).waitFor();
		await until('the title has the focus', () => page.evaluate(() => document.activeElement?.classList.contains('panel-title')));
		await until_focus('the note', () => document.activeElement?.matches('.follow textarea'));
		await page.keyboard.type('Met toetsen');
		await press('Tab', 'Enter');
		await page.getByRole('menu').waitFor();
		await press('n');
		await press('Enter');
		await page.getByRole('button', { name: 'New status: Negotiation' }).waitFor();
		await press('Tab', 'Enter');
		await page.getByRole('menu').waitFor();
		await press('m');
		await press('Enter', 'Control+Enter');
		await page.locator('.planned .act', { hasText: 'Meeting' }).waitFor();
		equal((await ok(await api(page, 'GET', `/api/crm/deals/${deal.id}`))).stage_key, 'negotiation', 'it moved:');
		await press('Escape');
		await panelOf(page, title).waitFor({ state: 'detached' });
		await until('back on the card', () => page.evaluate((id) => document.activeElement?.closest('[data-card]')?.getAttribute('data-card') === id, deal.id));
		await press('g', 'c');
		await page.locator('.grid-month').waitFor();
		await until_focus('today', () => document.activeElement?.matches('.grid-day'), 40);
		await press('Enter');
		await page.locator('.grid-one').waitFor();
		await page.locator('.chip', { hasText: `Toets ${deal.number}` }).waitFor();
		await until_focus('the activity', new Function(`return document.activeElement?.matches('.chip') && document.activeElement.textContent.includes('Toets ${deal.number}')`), 60);
		await press('Alt+ArrowUp');
		await page.locator('.toast', { hasText: 'Toets' }).waitFor();
		await press('z');
		await until('put back', async () => (await list(page, deal)).some((one) => one.subject === `Toets ${deal.number}` && Date.parse(one.due_at) === Date.parse(at(day(), '23:57'))));
		await press('g', 'k');
		await page.locator('.act', { hasText: `Toets ${deal.number}` }).waitFor();
		await until_focus('its box', new Function(`return document.activeElement?.matches('.act input') && document.activeElement.closest('.act').textContent.includes('Toets ${deal.number}')`), 80);
		await press(' ');
		await until('done', async () => (await list(page, deal)).find((one) => one.subject === `Toets ${deal.number}`).done_at !== null);
		noFaults(page);
	});

	await story('after a call one is asked whether to log it, and one tap does; links for call, mail and WhatsApp in panels and lists', async () => {
		const page = await enter(sanne, V);
		const { deal, email } = await prospect(page);
		await openPanel(page, deal);
		const head = page.locator('.panel-actions');
		await becomes(() => head.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href'))), ['tel:+31612345678', 'https://wa.me/31612345678', `mailto:${email}`], 'three ways:');
		await page.evaluate(() => document.addEventListener('click', (event) => event.preventDefault(), { capture: true, once: true }));	/* no telephone here */
		await head.getByRole('link', { name: 'Call' }).click();
		await page.getByRole('button', { name: 'Log it', exact: true }).click();
		await until('the call is logged', async () => (await list(page, deal)).some((one) => one.kind === 'call' && one.done_at));
		await page.locator('.toast', { hasText: 'logged' }).waitFor();
		await becomes(() => page.getByRole('dialog', { name: 'Log: Call' }).count(), 0, 'nothing to fill in:');
		await page.keyboard.press('z');
		await until('and taken back', async () => !(await list(page, deal)).some((one) => one.kind === 'call'));
		/* wherever a number stands: a list of leads, the table, with the country of the workspace where it has none */
		const local = await prospect(page, { phone: '55 1234 5678' });
		const hrefs = (box) => box.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href')).filter((one) => /^(tel|mailto|https:\/\/wa)/.test(one)));
		for (const path of ['/leads', '/deals/table']) {
			await page.goto(`${base}${path}?workspace=vesting-cargo&q=${encodeURIComponent(local.name)}`);
			const row = page.locator('tr', { hasText: local.name }).first();
			await row.waitFor();
			await until(`${path} has the address`, async () => (await hrefs(row)).includes(`mailto:${local.email}`));
			await until(`${path} has the phone`, async () => (await hrefs(row)).some((one) => one.startsWith('tel:')) && (await hrefs(row)).includes('https://wa.me/525512345678'));
		}
		await page.evaluate(() => document.addEventListener('click', (event) => event.preventDefault(), { capture: true, once: true }));
		await page.locator('tr', { hasText: local.name }).first().locator('a[href^="tel:"]').click();
		await page.getByRole('button', { name: 'Log it', exact: true }).click();
		await until('logged from the list', async () => (await list(page, local.deal)).some((one) => one.kind === 'call' && one.done_at));
	});
}

let shown = null;
async function planned(page) {
	if (!shown) {
		await post(hook['bakkerij-jansen'], { name: 'Tessa Taak', email: 'tessa@example.nl', phone: '+31612345678', form_type: 'Bruidstaart' });
		shown = await dealOf(page, 'Tessa Taak — Bruidstaart');
		for (const [kind, subject, plus, time, more] of [
			['call', 'Terugbellen', -1, '09:00', {}], ['meeting', 'Proeverij', 0, '23:30', {}], ['task', 'Recept nazien', 0, '23:45', { priority: 'high' }], ['whatsapp', 'Foto sturen', 1, '15:30', {}],
			['email', 'Offerte sturen', 2, '11:00', {}], ['sms', 'Bezorging melden', 4, '08:15', {}],
		])
			await plan(page, shown, kind, subject, at(day(plus), time), more);
	}
	return shown;
}
const W = 'workspace=bakkerij-jansen';

export const data = ['Tessa Taak', 'Terugbellen', 'Proeverij', 'Recept nazien', 'Foto sturen', 'Offerte sturen', 'Bezorging melden', 'Bruidstaart', 'Gast', 'Kleur email', 'Kleur sms'];
export const places = {
	calendar: async (page) => { await planned(page); await page.goto(`${base}/deals/calendar?${W}`); await page.locator('.grid-month').waitFor(); },
	'calendar of a week': async (page) => { await planned(page); await page.goto(`${base}/deals/calendar?${W}&view=week`); await page.locator('.chip').first().waitFor(); },
	'calendar of a day': async (page) => { await planned(page); await page.goto(`${base}/deals/calendar?${W}&view=day`); await page.locator('.chip').first().waitFor(); },
	'calendar as a list': async (page) => { await planned(page); await page.goto(`${base}/deals/calendar?${W}&view=list`); await page.locator('.act').first().waitFor(); },
	'calendar with nothing': async (page) => { await page.goto(`${base}/deals/calendar?workspace=leeg&view=list`); await page.locator('.empty').waitFor(); },
	'follow-up form': async (page) => {
		const deal = await planned(page);
		await page.goto(`${base}${B}&type=prospect&id=${deal.number}&tab=follow-up`);
		await page.locator('.planned .act').first().waitFor();
		await page.locator('.follow').getByRole('button').nth(1).click();
		await page.getByRole('menuitemradio').nth(1).click();
		await page.locator('.follow input[type=date]').waitFor();
	},
	'new tag': async (page) => { const deal = await planned(page); await page.goto(`${base}${B}&type=prospect&id=${deal.number}&tab=about`); await page.locator('.tags button:visible').click(); await page.getByRole('menuitem').last().click(); await page.locator('input[name=label]').waitFor(); },
	'menu of what to log': async (page) => { const deal = await planned(page); await page.goto(`${base}${B}&type=prospect&id=${deal.number}`); await page.locator('.entry').first().waitFor(); await page.locator('.panel-actions [aria-haspopup=menu]').click(); await page.getByRole('menu').waitFor(); },
	'log a call': async (page) => { await places['menu of what to log'](page); await page.getByRole('menuitem').first().click(); await page.locator('input[name=subject]').waitFor(); },
	tasks: async (page) => { await planned(page); await page.goto(`${base}/tasks?${W}`); await page.locator('.act').first().waitFor(); },
	'tasks with nothing': async (page) => { await page.goto(`${base}/tasks?workspace=leeg`); await page.locator('.empty').waitFor(); },
	'menu of a task': async (page) => { await planned(page); await page.goto(`${base}/tasks?${W}`); await page.locator('.act .icon-btn').first().click(); await page.getByRole('menu').waitFor(); },
	home: async (page) => { await planned(page); await page.goto(`${base}/home?${W}`); await page.locator('.act').first().waitFor(); },
	'home of a new workspace': async (page) => { await page.goto(`${base}/home?workspace=druk`); await page.locator('.home').waitFor(); },
	'reminder dialog': async (page) => { await places['menu of what to log'](page); await page.getByRole('menuitem').last().click(); await page.locator('input[name=subject]').waitFor(); await page.locator('.lw-dialog button[type=submit]').click(); await page.locator('.lw-dialog [aria-invalid=true]').waitFor(); },
};
