/* Automation rules: what the product brings is switched, a rule is built by the keyboard alone, what is wrong is said in its place, and a decision says why. */
import { api, base, becomes, check, crmctl, enter, person, story, until } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=regel-werk';
crmctl('workspace', 'add', 'regel-werk', '--preset', 'nl-offerte-6', '--name', 'Regel Werk');
const rik = person('rik@regel.example', 'Rik Regel', '--workspace', 'regel-werk', '--role', 'owner');
const HERE = `/settings/automations${W}`;

const row = (page, key) => page.locator(`[data-preset="${key}"]`);
const rules = async (page) => (await (await api(page, 'GET', `/api/crm/rules${W}`)).json()).data;
/* into the list that is open, by keys alone */
async function choose(page, label, words) {
	await page.getByRole('combobox', { name: label, exact: true }).focus();
	await page.keyboard.press('Enter');
	await page.keyboard.press('Control+A');
	await page.keyboard.type(words);
	await page.getByRole('option', { name: words }).first().waitFor();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
}

/* a list that is too short to search: by the arrows */
async function walk(page, label, words) {
	await page.getByRole('combobox', { name: label, exact: true }).focus();
	await page.keyboard.press('Enter');
	await page.getByRole('option', { name: words, exact: true }).waitFor();
	await until(`${words} is the one`, async () => {
		await page.keyboard.press('ArrowDown');
		return (await page.locator('[role=option][data-combobox-selected]').textContent()) === words;
	});
	await page.keyboard.press('Enter');
}

export async function tell() {
	await story('What the product brings is switched on and off, and moves deals to the stage that is chosen', async () => {
		const page = await enter(rik, HERE);
		await row(page, 'quote_sent').waitFor();
		await row(page, 'won_mail').waitFor();
		const toggle = row(page, 'quote_sent').getByRole('switch');
		await becomes(() => toggle.getAttribute('aria-checked'), 'true');
		await toggle.click();
		await becomes(() => toggle.getAttribute('aria-checked'), 'false');
		await until('it is off', async () => (await rules(page)).some((one) => one.preset === 'quote_sent' && !one.enabled));
		await toggle.click();
		await becomes(() => toggle.getAttribute('aria-checked'), 'true');
		await row(page, 'quote_sent').locator('.rule-stage button').click();
		await page.getByRole('menuitemradio', { name: 'In negotiation' }).click();
		await until('its stage is another', async () => (await rules(page)).some((one) => one.preset === 'quote_sent' && one.body.then[0].with.stage === 'in_onderhandeling'));
		await until('what stands where it was sent to before goes there, too', async () => {
			const asked = JSON.stringify((await rules(page)).find((one) => one.preset === 'quote_sent').body.if);
			return asked.includes('"in_onderhandeling"') && !asked.includes('"offerte_verstuurd"');
		});
		noFaults(page);
		await page.context().close();
	});

	await story('A rule is built by the keyboard alone; what is wrong is said in its place; it acts, and its decision says on what and why', async () => {
		const page = await enter(rik, `/settings/automations/new${W}`);
		await page.locator('input[name=name]').waitFor();
		await page.locator('input[name=name]').focus();
		await page.keyboard.type('Warme lead');
		await choose(page, 'What happens', 'a deal is made');
		await page.getByRole('button', { name: 'Add a condition' }).focus();
		await page.keyboard.press('Enter');
		await choose(page, 'What condition 1 asks', 'Deal: title');
		await page.getByRole('textbox', { name: 'Value of condition 1' }).focus();
		await page.keyboard.type('Serverpark');
		await walk(page, 'How condition 1 compares', 'contains');
		await page.getByRole('button', { name: 'Add a step' }).focus();
		await page.keyboard.press('Enter');
		await page.keyboard.press('Enter'); /* Do */
		await choose(page, 'What step 1 does', 'Plan an activity');
		/* a task without a word about it: the server says so, here */
		await page.getByRole('combobox', { name: 'What step 1 does', exact: true }).waitFor();
		await page.getByRole('textbox', { name: 'Number: Due', exact: true }).focus();
		await page.keyboard.press('Control+A');
		await page.keyboard.type('0');
		await page.locator('.lw-error, .rule-wrong').filter({ hasText: 'too small or too large' }).first().waitFor();
		await page.keyboard.press('Control+A');
		await page.keyboard.type('2');
		await page.getByRole('textbox', { name: 'Subject', exact: true }).focus();
		await page.keyboard.type('Bellen over ');
		await becomes(() => page.locator('[data-say]').textContent(), 'When a deal is made, if Deal: title contains Serverpark, then plan: Task “Bellen over ”');
		await page.getByRole('button', { name: 'Save', exact: true }).focus();
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/settings\/automations\?/);
		await page.getByRole('button', { name: 'Warme lead', exact: true }).waitFor();

		const deal = await ask(page, 'POST', `/api/crm/deals${W}`, { title: 'Serverpark Oost' });
		await ask(page, 'POST', `/api/crm/deals${W}`, { title: 'Kabels' });
		const mine = (await rules(page)).find((one) => one.name === 'Warme lead');
		await until('it acted', async () => (await rules(page)).some((one) => one.id === mine.id && one.fired === 1));
		await page.goto(`${base}/decisions${W}&record=${deal.id}`);
		await page.locator('[data-firing="done"]', { hasText: 'Warme lead' }).waitFor();
		await page.getByRole('button', { name: /^Why:/ }).first().click();
		await page.waitForURL(/\/decisions\/[0-9a-f-]{36}/);
		await page.locator('[data-firing="done"]', { hasText: 'Plan an activity' }).waitFor();

		/* the other one: which condition did not hold, and what stood there */
		await page.goto(`${base}/decisions${W}&view=all`);
		await page.locator('[data-decision]').filter({ hasText: 'Did not act' }).getByRole('button', { name: /^Why:/ }).first().click();
		await page.locator('[data-failed="1"]', { hasText: 'Condition 1 did not hold: Deal: title contains Serverpark' }).getByText('It was: Kabels').waitFor();
		noFaults(page);
		await page.context().close();
	});

	await story('A rule that is tried says what it would have done, beside what it did when it happened; whoever stops it sees that it was stopped', async () => {
		const page = await enter(rik, HERE);
		const mine = (await rules(page)).find((one) => one.name === 'Warme lead');
		await page.goto(`${base}/settings/automations/${mine.id}${W}`);
		await page.getByRole('button', { name: 'Try', exact: true }).click();
		await page.locator('[data-would]', { hasText: 'Plan an activity: 1×' }).waitFor();
		await page.locator('[data-did]', { hasText: 'As it was saved it did act on 1 of these, and on 0 more' }).waitFor();
		await page.locator('.tag', { hasText: 'It did act' }).waitFor();
		await page.getByRole('textbox', { name: 'Value of condition 1' }).fill('Kabels');
		await page.locator('[data-did]').waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Try', exact: true }).click();
		await page.locator('[data-did]', { hasText: 'As it was saved it did act on 0 of these, and on 1 more' }).waitFor();
		await page.locator('.tag', { hasText: 'It did not act' }).waitFor();
		/* an answer that does not come to its end */
		await page.route('**/api/crm/rules/try*', () => undefined);
		await page.getByRole('button', { name: 'Try', exact: true }).click();
		await page.getByRole('button', { name: 'Stop', exact: true }).click();
		await page.getByText('It would not have acted. Stopped.').waitFor();
		noFaults(page);
		await page.context().close();
	});

	await story('Rules of time, groups within groups, branches, waits and sharing out stand in the builder as they were written, are said in a sentence, and are saved as they are', async () => {
		const page = await enter(rik, HERE);
		const me = (await (await api(page, 'GET', '/api/me')).json()).user.id;
		const task = (subject, more = {}) => ({ do: 'activity_add', with: { kind: 'task', subject, deal_id: { fact: 'deal.deal_id' }, ...more } });
		const all = [
			['Stil', { when: { quiet: 'deal', for: { days: 7 } }, if: { all: [{ fact: 'deal.outcome', op: 'is', value: ['open'] }, { any: [{ fact: 'deal.value', op: 'more', value: { amount: 5000, currency: 'EUR' } }, { none: [{ fact: 'deal.company', op: 'empty' }] }] }] }, then: [task('Bel eens')] },
				'When nothing happened to a deal for 7 days, if Deal: open, won or lost is Open and (Deal: value is more than €5,000.00 or (none of these: Deal: company as typed is empty)), then plan: Task “Bel eens”'],
			['Voor de dag', { when: { before: 'deal.close_date', by: { weeks: 1 }, at: '09:00' }, then: [{ do: 'notice_ring', with: { title: 'Bijna: {{deal.title}}', deal_id: { fact: 'deal.deal_id' } } }] }, '1 week before Deal: expected close'],
			['Elke week', { when: { each: ['monday', 'thursday'], at: '08:30' }, then: [{ do: 'notice_ring', with: { title: 'Weekstart', user_id: me } }] }, 'Monday, Thursday'],
			['Offerte', { when: { event: 'quote.sent', after: { days: 3 } }, then: [{ if: { all: [{ fact: 'deal.value', op: 'more', value: { amount: 1000, currency: 'EUR' } }] }, then: [task('Bel', { owner_id: { pick: [me], by: 'turn' } }), { wait: { hours: 2 } }, task('Nog eens')], else: [{ stop: true }] }] }, 'otherwise stop'],
		];
		for (const [name, body, said] of all) {
			const { id } = await ask(page, 'POST', `/api/crm/rules${W}`, { name, enabled: false, body });
			const before = (await (await api(page, 'GET', `/api/crm/rules/${id}${W}`)).json()).body;
			await page.goto(`${base}/settings/automations/${id}${W}`);
			await page.locator('[data-say]').waitFor();
			await becomes(async () => ((await page.locator('[data-say]').textContent()).replaceAll('\u00a0', ' ').includes(said) ? said : await page.locator('[data-say]').textContent()), said);
			await page.locator('input[name=name]').fill(`${name} nu`);
			await page.getByRole('button', { name: 'Save', exact: true }).click();
			await page.waitForURL(/\/settings\/automations\?/);
			const after = await until('it is saved', async () => {
				const now = await (await api(page, 'GET', `/api/crm/rules/${id}${W}`)).json();
				return now.name === `${name} nu` ? now.body : null;
			});
			check(JSON.stringify(after) === JSON.stringify(before), `${name} became ${JSON.stringify(after)} of ${JSON.stringify(before)}`);
		}
		noFaults(page);
		await page.context().close();
	});

	await story('A field of one\'s own is set by a rule: by its name and its choices, and walked to by Tab alone', async () => {
		const page = await enter(rik, HERE);
		await ask(page, 'POST', `/api/crm/fields${W}`, { about: 'deal', kind: 'choice', key: 'maat', label: { en: 'Size', nl: 'Maat' }, choices: [{ key: 'klein', label: { en: 'Small', nl: 'Klein' } }, { key: 'groot', label: { en: 'Large', nl: 'Groot' } }] });
		await ask(page, 'POST', `/api/crm/fields${W}`, { about: 'deal', kind: 'number', key: 'aantal', label: { en: 'Pieces', nl: 'Aantal' } });
		await page.goto(`${base}/settings/automations/new${W}`);
		await page.getByRole('combobox', { name: 'What happens', exact: true }).waitFor();
		await page.locator('input[name=name]').focus();
		await page.keyboard.type('Maat nemen');
		/* by Tab alone: to whatever bears this name */
		const tab = async (name) => {
			for (let i = 0; i < 40; i++) {
				await page.keyboard.press('Tab');
				const at = await page.evaluate(() => { const one = document.activeElement; return one?.getAttribute('aria-label') ?? (one?.labels?.[0]?.textContent || one?.textContent || ''); });
				if (at.replace(/\s*\*$/, '').trim() === name)
					return;
			}
			throw new Error(`Tab does not come to ${name}`);
		};
		const pick = async (name, words) => {
			await tab(name);
			await page.keyboard.press('Enter');
			await page.keyboard.press('Control+A');
			await page.keyboard.type(words);
			await page.getByRole('option', { name: words }).first().waitFor();
			await page.keyboard.press('ArrowDown');
			await page.keyboard.press('Enter');
		};
		const detail = async (name) => {
			await tab('Add a detail');
			await page.keyboard.press('Enter');
			const entry = page.getByRole('menuitem', { name, exact: true });
			await entry.waitFor();
			await until(`${name} has the focus`, async () => {
				if (await entry.evaluate((one) => one === document.activeElement))
					return true;
				await page.keyboard.press('ArrowDown');
				return false;
			});
			await page.keyboard.press('Enter');
		};
		await pick('What happens', 'a deal is made');
		await tab('Add a step');
		await page.keyboard.press('Enter');
		await page.getByRole('menuitem', { name: 'Do something', exact: true }).or(page.getByRole('menuitem').first()).first().waitFor();
		await page.keyboard.press('Enter');
		await page.locator('.rule-step').waitFor();
		await page.getByRole('combobox', { name: 'What step 1 does', exact: true }).waitFor();
		await page.keyboard.press('Shift+Tab');
		await pick('What step 1 does', 'Change the deal');
		await detail('Pieces');
		await page.getByRole('textbox', { name: 'Pieces', exact: true }).waitFor();
		await becomes(() => page.evaluate(() => document.activeElement?.labels?.[0]?.textContent), 'Pieces');
		await page.keyboard.type('2.5');
		await detail('Size');
		await page.getByRole('combobox', { name: 'Size', exact: true }).waitFor();
		await page.keyboard.press('Shift+Tab');
		await tab('Size');
		await page.keyboard.press('Enter');
		await page.getByRole('option', { name: 'Large', exact: true }).click();
		await becomes(() => page.locator('[data-say]').textContent(), 'When a deal is made, then change the deal: Pieces, Size');
		await page.getByRole('button', { name: 'Save', exact: true }).focus();
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/settings\/automations\?/);
		const deal = await ask(page, 'POST', `/api/crm/deals${W}`, { title: 'Zoveel stuks' });
		await until('its fields are set', async () => {
			const { custom } = await (await api(page, 'GET', `/api/crm/deals/${deal.id}`)).json();
			return custom?.maat === 'groot' && Number(custom.aantal) === 2.5;
		});
		noFaults(page);
		await page.context().close();
	});

	await story('Who leaves a rule with changes is asked first', async () => {
		const page = await enter(rik, `/settings/automations/new${W}&what=big_deal`);
		await page.locator('[data-say]').waitFor();
		await page.locator('input[name=name]').fill('Andere naam');
		await page.getByRole('link', { name: 'Stages', exact: true }).first().click();
		await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
		await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
		await becomes(() => page.locator('input[name=name]').inputValue(), 'Andere naam');
		await page.getByRole('link', { name: 'Stages', exact: true }).first().click();
		await page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click();
		await page.waitForURL(/\/settings\/stages/);
		noFaults(page);
		await page.context().close();
	});
}

/* ---- places ---- */

const settled = async (page, at) => {
	await page.locator(at).first().waitFor();
	await page.locator('.skeleton').first().waitFor({ state: 'detached' });
};
const go = (path, at) => async (page) => { await page.goto(`${base}${path}?workspace=polder-it`); await settled(page, at); };

export const places = {
	automations: go('/settings/automations', '[data-preset]'),
	'automation rule': async (page) => { await page.goto(`${base}/settings/automations/new?workspace=polder-it&what=quote_quiet`); await settled(page, '.rule-step'); },
	'automation decisions': go('/decisions', '.why, .empty'),
};

/* the guide's: a bakery's own rule, and what became of it when two deals got a value */
let bakery = null;
const baked = (page) => bakery ??= (async () => {
	const [to, nl] = ['?workspace=bakkerij-jansen', await page.evaluate(() => document.documentElement.lang === 'nl')];
	const made = await ask(page, 'POST', `/api/crm/rules${to}`, { name: nl ? 'Grote aanvraag' : 'Large request', enabled: true, body: {
		when: { event: 'deal.updated' }, if: { all: [{ fact: 'event.value', op: 'more', value: { amount: '2000', currency: 'EUR' } }, { fact: 'deal.outcome', op: 'is', value: 'open' }] },
		then: [{ do: 'activity_add', with: { kind: 'call', subject: nl ? 'Bel {{deal.title}}' : 'Call {{deal.title}}', deal_id: { fact: 'event.deal_id' }, due_at: { in: { hours: 20 } } } }],
	} });
	const deals = (await (await api(page, 'GET', `/api/crm/deals${to}`)).json()).data;
	for (const [at, amount] of [[0, '2750.00'], [1, '340.00'], [2, '4100.00']])
		await api(page, 'PUT', `/api/crm/deals/${deals[at].id}`, { value: { amount, currency: 'EUR' } });
	await until('the rule acted twice', async () => (await (await api(page, 'GET', `/api/crm/rules/${made.id}${to}`)).json()).fired === 2);
	return made.id;
})();
const at = (path, where) => async (page) => { await baked(page); await page.goto(`${base}${path(await baked(page))}`); await settled(page, where); };
export const pictures = {
	'automation rules': at(() => '/settings/automations?workspace=bakkerij-jansen', '[data-preset]'),
	'automation builder': at((id) => `/settings/automations/${id}?workspace=bakkerij-jansen`, '.rule-step'),
	'automation why': at(() => '/decisions?workspace=bakkerij-jansen&view=all', '.why'),
};

export const data = ['Regel Werk', 'Rik Regel', 'Warme lead', 'Serverpark Oost', 'Kabels', 'Stil nu', 'Voor de dag nu', 'Elke week nu', 'Offerte nu', 'Maat nemen', 'Zoveel stuks', 'Size', 'Pieces', 'Small', 'Large'];
