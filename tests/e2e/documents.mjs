/* Quotes and invoices: written in the browser and reckoned while one types, sent, accepted, invoiced and paid; two who write on one draft; lines that are
   pasted, moved and taken back; the lists with what their states come to. */
import { api, base, becomes, card, check, crmctl, day, enter, equal, person, story, until } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';

const W = '?workspace=offerte-huis';
crmctl('workspace', 'add', 'offerte-huis', '--preset', 'nl-offerte-6', '--name', 'Offerte Huis');
const olga = person('olga@offerte.example', 'Olga Offerte', '--workspace', 'offerte-huis', '--role', 'owner');
const otto = person('otto@offerte.example', 'Otto Offerte', '--workspace', 'offerte-huis', '--role', 'owner');
crmctl('workspace', 'add', 'een-lijst', '--preset', 'nl-offerte-6', '--name', 'Een Lijst', '--timezone', 'Europe/Amsterdam');
const lies = person('lies@lijst.example', 'Lies Lijst', '--workspace', 'een-lijst', '--role', 'owner');
const COMPANY = { name: 'Offerte Huis B.V.', street: 'Kade 4', postcode: '3511 AA', city: 'Utrecht', country: 'NL', email: 'post@offerte.example', kvk: '12345678', vat_id: 'NL123456782B01', iban: 'NL91ABNA0417164300' };
const BUYER = { name: 'De Vries Techniek', attention: 'Piet de Vries', street: 'Dorpsstraat 1', postcode: '1234 AB', city: 'Breda', country: 'NL', email: 'piet@vries.example' };
const line = (page, at) => page.locator('.doc-line[data-line]').nth(at);
const cell = (page, at, field) => line(page, at).locator(`[data-field="${field}"]`);
const sum = (page, key) => page.locator(`[data-sum="${key}"] dd`);
const saved = (page) => page.locator('[data-saving="saved"]').waitFor();
const dialog = (page) => page.getByRole('dialog');
const text = (money) => money.replace(/\s/g, ' ');
const sums = (page, key, want) => becomes(async () => text(await sum(page, key).textContent()), want, `${key}:`);
const ready = async (page) => {
	await ask(page, 'PUT', `/api/crm/company${W}`, COMPANY);
	if (!(await (await api(page, 'GET', `/api/crm/catalog${W}`)).json()).data.length)
		await ask(page, 'POST', `/api/crm/catalog${W}`, { code: 'WEB', name_nl: 'Website', name_en: 'Website', unit: 'piece', prices: [{ price: '1500.00', category: 'standard', rate: '21' }] });
};
const quote = (page, more = {}) => ask(page, 'POST', `/api/crm/quotes${W}`, { buyer: BUYER, title: 'Website', lines: [{ name: 'Website', quantity: '1', price: '1500.00', rate: '21' }], ...more });

export async function tell() {
	await story('S0-5 in the browser: a quote of one line comes to € 1.815,00 while it is typed, is sent and accepted, becomes one invoice, and that is paid', async () => {
		const page = await enter(olga, `/deals/board${W}`, { nl: true });
		await api(page, 'PUT', '/api/me', { language: 'nl' });
		await ready(page);
		await ask(page, 'POST', `/api/crm/leads${W}`, { name: 'Piet de Vries', email: 'piet@vries.example', company: 'De Vries Techniek', form_type: 'Offerteaanvraag' });
		await page.reload();
		await card(page, 'Piet de Vries').locator('.card-link').click();
		await page.getByRole('tab', { name: 'Offertes & facturen' }).click();
		await page.getByRole('button', { name: 'Nieuwe offerte' }).click();
		await page.waitForURL(/\/quotes\/OFF-\d{4}-001/);
		await cell(page, 0, 'name').fill('web');
		await page.getByRole('option', { name: /Website/ }).click();
		await becomes(() => cell(page, 0, 'price').inputValue(), '1.500,00', 'its price:');
		await sums(page, 'net', '€ 1.500,00');
		await sums(page, 'gross', '€ 1.815,00');
		await saved(page);
		/* as the customer gets it, beside what one writes */
		await page.locator('.doc-preview[aria-busy="false"] iframe').waitFor();
		await page.getByRole('button', { name: 'Versturen' }).click();
		await dialog(page).getByText('Ik heb het op een andere manier verstuurd').click();
		await dialog(page).getByRole('button', { name: 'Als verstuurd noteren' }).click();
		await page.locator('.doc-head .status[data-state="sent"]').waitFor();
		await page.locator('[data-step="accept"]').click();
		await dialog(page).getByRole('button', { name: 'Accepteren' }).click();
		await page.locator('.doc-head .status[data-state="accepted"]').waitFor();
		await sums(page, 'gross', '€ 1.815,00');
		await page.locator('[data-step="invoice"]').click();
		await page.waitForURL(/\/invoices\//);
		await page.getByRole('heading', { level: 1, name: /Factuur/ }).waitFor();
		await sums(page, 'gross', '€ 1.815,00');
		await page.locator('[data-step="send"]').click();
		await dialog(page).getByText('Ik heb het op een andere manier verstuurd').click();
		await dialog(page).getByRole('button', { name: 'Als verstuurd noteren' }).click();
		/* what an invoice lacks leads to where it is written */
		await dialog(page).getByRole('button', { name: 'De straat van de klant' }).click();
		await becomes(() => page.evaluate(() => document.activeElement?.getAttribute('name')), 'buyer_street', 'where one writes:');
		await page.keyboard.type('Dorpsstraat 1');
		await page.locator('[name="buyer_postcode"]').fill('4811 AA');
		await page.locator('[name="buyer_city"]').fill('Breda');
		await saved(page);
		await page.locator('[data-step="send"]').click();
		await dialog(page).getByText('Ik heb het op een andere manier verstuurd').click();
		await dialog(page).getByRole('button', { name: 'Als verstuurd noteren' }).click();
		await page.waitForURL(/\/invoices\/INV-\d{4}-001/);
		await page.locator('[data-step="paid"]').click();
		await becomes(() => dialog(page).locator('[name="amount"]').inputValue(), '1.815,00', 'what is open:');
		await dialog(page).getByRole('button', { name: 'Noteren' }).click();
		await page.locator('.doc-head .status[data-state="paid"]').waitFor();
		await page.goto(`${base}/invoices${W}`);
		await becomes(async () => text(await page.locator('[data-state="paid"].doc-tile').textContent()), 'Betaald1€ 1.815,00', 'the tile:');
		await page.goto(`${base}/quotes${W}`);
		await page.locator('tbody tr', { hasText: /OFF-\d{4}-001/ }).locator('.status[data-state="accepted"]').waitFor();
		noFaults(page);
		await page.context().close();
	});

	await story('S0-6 in the browser: note, quote, stage, mail out, mail in, invoice and its payment stand on the deal in one list, in time order, each with who and when', async () => {
		const L = '?workspace=een-lijst';
		const page = await enter(lies, `/deals/board${L}`, { nl: true });
		await api(page, 'PUT', '/api/me', { language: 'nl' });
		const post = (path, body) => ask(page, 'POST', `/api/crm/${path}`, body);
		await ask(page, 'PUT', `/api/crm/company${L}`, COMPANY);
		/* it sends nothing itself: what its provider would say of a mail is said by its hook */
		const { hook_url } = await post(`mail/accounts${L}`, { kind: 'smtp', name: 'Post', from_email: 'post@lijst.example', reply_domain: 'in.lijst.example', host: 'smtp.lijst.example', per_minute: 0 });
		const { id } = await post(`leads${L}`, { name: 'Piet de Vries', email: 'piet@vries.example', company: 'De Vries Techniek', form_type: 'Offerteaanvraag' });
		await card(page, 'Piet de Vries').locator('.card-link').click();
		await post('activities', { deal_id: id, kind: 'note', note: 'Gebeld, akkoord' });
		const { id: offer } = await post(`quotes${L}`, { deal_id: id, buyer: BUYER, lines: [{ name: 'Website', quantity: '1', price: '1500.00', rate: '21' }] });
		await post(`documents/${offer}/send`, {});
		await page.locator('.entry-title', { hasText: 'Fase gewijzigd' }).first().waitFor(); /* by the rule that the product brings */
		const mail = await until('the mail with the quote is written', async () => (await (await api(page, 'GET', `/api/crm/mails?deal_id=${id}`)).json()).data[0], 20000);
		check(mail.files[0].name.endsWith('.pdf'), 'it has no PDF');
		equal((await fetch(`${hook_url}/events`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify([{ sg_event_id: 'lijst-1', event: 'processed', email: 'piet@vries.example', crm_message: mail.id, crm_recipient: '1', timestamp: Math.ceil(Date.now() / 1000) }]) })).status, 200, 'the provider:');
		await page.locator('.entry', { hasText: 'Mail verstuurd' }).waitFor();
		const reply = await api(page, 'POST', `/api/crm/mails/upload${L}&deal_id=${id}`, Buffer.from('From: Piet de Vries <piet@vries.example>\r\nTo: post@lijst.example\r\nSubject: Re: Offerte\r\nMessage-ID: <akkoord@vries.example>\r\n\r\nAkkoord!\r\n'), { 'Content-Type': 'message/rfc822' });
		equal(reply.status(), 201, 'the reply:');
		await page.locator('.entry', { hasText: 'Mail ontvangen' }).waitFor();
		await post(`documents/${offer}/accept`, { name: 'Piet de Vries' });
		const { id: invoice } = await post(`documents/${offer}/invoice`, {});
		await post(`documents/${invoice}/send`, { mail: false });
		await post(`payments${L}`, { document_id: invoice, amount: { amount: '1815.00', currency: 'EUR' } });
		await page.locator('.entry-title', { hasText: /^Factuur betaald/ }).waitFor();
		const told = await page.locator('.entry').evaluateAll((all) => all.map((one) => ({ title: one.querySelector('.entry-title').textContent, text: one.textContent, who: one.querySelector('.entry-who').textContent, at: one.querySelector('time').dateTime })).reverse());
		check(told.every((one, at) => at === 0 || told[at - 1].at <= one.at), `the order of time: ${JSON.stringify(told.map((one) => [one.title, one.at]))}`);
		let at = -1;
		for (const [title, who] of [['Deal gemaakt', 'Lies Lijst'], ['Notitie', 'Lies Lijst'], ['Offerte verstuurd', 'Lies Lijst'], ['Fase gewijzigd', 'Automatisering: Offerte verstuurd'], ['Mail verstuurd', 'Lies Lijst'], ['Mail ontvangen', 'Piet de Vries'], ['Factuur gemaakt', 'Lies Lijst'], ['Factuur betaald', 'Lies Lijst']]) {
			const next = told.findIndex((one, place) => place > at && one.title === title && one.who.includes(who));
			check(next > at, `${title} by ${who} after ${told[at]?.title}: ${JSON.stringify(told.map((one) => [one.title, one.who]))}`);
			at = next;
		}
		check(told.some((one) => one.text.includes('Gebeld, akkoord')), 'the note says nothing');
		noFaults(page);
		await page.context().close();
	});

	await story('A draft is typed through: lines by Enter, pasted from a spreadsheet, moved by Alt and an arrow, taken back by Ctrl Z; what is no number is named and not saved', async () => {
		const page = await enter(olga, `/quotes${W}`);
		await api(page, 'PUT', '/api/me', { language: 'en' });
		await page.reload();
		await ready(page);
		await page.getByRole('button', { name: 'New quote' }).first().click();
		await dialog(page).getByLabel('Title').fill('Typed through');
		await dialog(page).getByRole('button', { name: 'Start writing' }).click();
		await page.waitForURL(/\/quotes\/OFF-/);
		await cell(page, 0, 'name').fill('First');
		await cell(page, 0, 'price').fill('12,50');
		await cell(page, 0, 'price').press('Enter');
		await becomes(() => page.evaluate(() => document.activeElement?.getAttribute('data-field')), 'name', 'a new line:');
		await page.keyboard.type('Second');
		await cell(page, 1, 'price').fill('much');
		await page.locator('[data-saving="wrong"]').waitFor();
		await line(page, 1).getByText('This is no number').waitFor();
		await cell(page, 1, 'price').fill('10');
		await saved(page);
		await sums(page, 'net', '€22.50');
		await cell(page, 1, 'name').press('Alt+ArrowUp');
		await becomes(() => cell(page, 0, 'name').inputValue(), 'Second', 'moved:');
		await page.evaluate(() => {
			const into = document.querySelectorAll('.doc-line[data-line] [data-field="name"]')[1];
			const clipboardData = new DataTransfer();
			clipboardData.setData('text/plain', 'Third\t2\t100,00\nFourth\t1\t50,00\t9%');
			into.focus();
			into.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
		});
		await becomes(() => page.locator('.doc-line[data-line]').count(), 4, 'pasted:');
		await sums(page, 'net', '€272.50');
		await saved(page);
		await cell(page, 0, 'name').focus();
		await page.keyboard.press('Control+z');
		await becomes(() => page.locator('.doc-line[data-line]').count(), 2, 'taken back:');
		await saved(page);
		await page.reload();
		await becomes(() => cell(page, 0, 'name').inputValue(), 'Second', 'as it was saved:');
		await sums(page, 'net', '€22.50');
		await page.locator('[data-step="send"]').click();
		await dialog(page).getByLabel('To', { exact: true }).fill('nobody');
		await dialog(page).getByRole('button', { name: 'Send', exact: true }).click();
		await dialog(page).getByText('One of these is no email address').waitFor();
		noFaults(page);
		await page.context().close();
	});

	await story('Two write on one draft: who comes second is asked, sees what the other wrote, or keeps their own', async () => {
		const page = await enter(olga, `/quotes${W}`);
		const { id } = await quote(page, { title: 'Together' });
		await page.goto(`${base}/quotes/${id}${W}`);
		const title = page.locator('.doc-editor [name="title"]');
		await becomes(() => title.inputValue(), 'Together', 'it is there:');
		const other = await enter(otto, `/quotes${W}`);
		await ask(other, 'PUT', `/api/crm/documents/${id}`, { title: 'By Otto' });
		await becomes(() => title.inputValue(), 'By Otto', 'seen at once:');
		/* the answer to the other's write is held up until this one has begun */
		const reads = /\/api\/crm\/documents\/[^/]+$/;
		await page.route(reads, async (route) => {
			if (route.request().method() === 'GET')
				await new Promise((go) => { setTimeout(go, 1500); });
			await route.continue().catch(() => undefined); /* the page may be through with it */
		});
		await ask(other, 'PUT', `/api/crm/documents/${id}`, { title: 'By Otto again' });
		await title.fill('By Olga');
		await page.getByText('Somebody else changed this document meanwhile').waitFor();
		await page.unroute(reads, { behavior: 'ignoreErrors' });
		await page.getByRole('button', { name: 'Keep mine' }).click();
		await saved(page);
		equal((await (await api(page, 'GET', `/api/crm/documents/${id}`)).json()).title, 'By Olga', 'hers:');
		noFaults(page);
		await page.context().close();
		await other.context().close();
	});

	await story('Several are sent together: one sees how far it is, and of the one that was refused why and where to mend it', async () => {
		const page = await enter(olga, `/invoices${W}`);
		const bad = await ask(page, 'POST', `/api/crm/invoices${W}`, { title: 'No lines' });
		check(bad.id, 'no draft');
		await page.reload();
		await page.locator('tbody tr', { hasText: 'No number yet' }).first().locator('.row-pick').click();
		await page.getByRole('button', { name: 'Send (1)' }).click();
		await dialog(page).getByRole('button', { name: 'Send', exact: true }).click();
		await dialog(page).getByText('1 of 1 · 0 done').waitFor();
		await dialog(page).locator('.rows').getByText(/missing|email/).waitFor();
		await dialog(page).locator('.dialog-foot').getByRole('button', { name: 'Close' }).click(); /* there when it is over */
		await until('nothing is picked', async () => (await page.locator('.bulk-bar').count()) === 0);
		noFaults(page);
		await page.context().close();
	});
}

/* ---- places ---- */

const P = '?workspace=polder-it';
let seeds;
export const seeded = (page) => seeds ??= (async () => {
	await ask(page, 'PUT', `/api/crm/company${P}`, { ...COMPANY, name: 'Polder IT B.V.' });
	const of = (name, title, lines, more = {}) => ({ buyer: { ...BUYER, name }, title, language: 'nl', lines, ...more });
	const site = [{ kind: 'section', name: 'Ontwerp en bouw' }, { name: 'Website', description: 'Tien pagina’s in twee talen', quantity: '1', price: '1500.00', rate: '21' }, { name: 'Overleg', quantity: '4', unit: 'hour', price: '95.00', discount: '10', rate: '21' }, { name: 'Onderhoud', quantity: '12', unit: 'month', price: '45.00', rate: '21', optional: true, chosen: false }];
	const made = (path, body) => ask(page, 'POST', `/api/crm/${path}${P}`, body);
	const sent = (id) => ask(page, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
	/* the oldest first: numbers follow each other in time */
	for (const [name, price, issued, due] of [['Garage Van Loon', '1250.00', 95, 65], ['Drukkerij De Haan', '480.00', 40, 10]])
		await sent((await made('invoices', { ...of(name, 'Onderhoud', [{ name: 'Onderhoud', price, rate: '21' }]), issued: day(-issued), due: day(-due) })).id);
	const draft = await made('quotes', of('Bakkerij De Zon', 'Nieuwe website', site, { intro: 'Beste Piet,\n\nHieronder staat wat we hebben besproken.' }));
	const open = await made('quotes', of('Hotel De Linde', 'Huisstijl', [{ name: 'Huisstijl', price: '2450.00', rate: '21' }]));
	await sent(open.id);
	const good = await made('quotes', of('Zorggroep Maas', 'Onderhoud', site));
	await sent(good.id);
	await ask(page, 'POST', `/api/crm/documents/${good.id}/accept`, { name: 'Piet de Vries' });
	const { id: invoice } = await ask(page, 'POST', `/api/crm/documents/${good.id}/invoice`, {});
	await sent(invoice);
	await ask(page, 'POST', `/api/crm/payments${P}`, { document_id: invoice, amount: { amount: '500.00', currency: 'EUR' }, note: 'aanbetaling' });
	await made('invoices', of('Café De Kade', 'Fotografie', [{ name: 'Fotografie', quantity: '3', unit: 'hour', price: '85.00', rate: '21' }]));
	return { draft: draft.id, good: good.id, invoice };
})();
const go = (path, shown) => async (page) => {
	const ids = await seeded(page);
	await page.goto(`${base}${typeof path === 'string' ? path : path(ids)}${P}`);
	await page.locator(shown).first().waitFor();
};

export const places = {
	quotes: go('/quotes', 'tbody .row-link'),
	invoices: go('/invoices', 'tbody .row-link'),
	'quote draft': go(({ draft }) => `/quotes/${draft}`, '.doc-editor [data-sum="gross"]'),
	'quote accepted': go(({ good }) => `/quotes/${good}`, '.doc-paper'),
	invoice: go(({ invoice }) => `/invoices/${invoice}`, '.doc-paper'),
	'quote to send': async (page) => {
		await go(({ draft }) => `/quotes/${draft}`, '.doc-editor')(page);
		await page.locator('[data-step="send"]').click();
		await dialog(page).locator('[name="to"]').waitFor();
	},
	'invoice credited': async (page) => {
		await go(({ invoice }) => `/invoices/${invoice}`, '.doc-paper')(page);
		await page.locator('.doc-head .panel-actions [aria-haspopup="menu"]').click();
		await page.getByRole('menuitem', { name: /^(Credit note|Creditnota maken)$/ }).click();
		await dialog(page).locator('[type=radio]').nth(1).check({ force: true });
	},
};

/* names in what was planted: words of no language */
export const data = ['Offerte Huis', 'Olga Offerte', 'Otto Offerte', 'Een Lijst', 'Lies Lijst', 'Polder IT B.V.', 'De Vries Techniek', 'Bakkerij De Zon', 'Hotel De Linde', 'Zorggroep Maas', 'Café De Kade', 'Garage Van Loon', 'Drukkerij De Haan', 'Piet de Vries', 'Dorpsstraat', 'Nieuwe website', 'Huisstijl', 'Onderhoud', 'Ontwerp en bouw', 'Website', 'Tien pagina’s in twee talen', 'Overleg', 'Fotografie', 'Beste Piet', 'aanbetaling', 'Hieronder staat wat we hebben besproken', 'Breda'];
