/* A day at the books: bank statements dropped and dealt with by keyboard alone, money written down, ways to be paid with a stand-in of Mollie and Stripe, invoices
   that the clock makes, reports that lead to their invoices, and what who may only look does not see. The stand-in listens on this machine alone. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { api, base, becomes, check, crmctl, day, enter, equal, holdNote, person, port, story, until } from './house.mjs';
import { noFaults } from './given.mjs';
import { ask } from './stages.mjs';
import { seeded } from './documents.mjs';

const W = '?workspace=boek-werk';
const COMPANY = { name: 'Boek Werk B.V.', street: 'Havenstraat 12', postcode: '1211 AB', city: 'Hilversum', country: 'NL', email: 'geld@boek.example', kvk: '12345678', vat_id: 'NL123456782B90', iban: 'NL91ABNA0417164300', bic: 'ABNANL2A' };
const BUYER = { street: 'Dorpsstraat 4', postcode: '3741 AA', city: 'Baarn', country: 'NL' };
const dialog = (page) => page.getByRole('dialog');
const text = (said) => said.replace(/\s/g, ' ');
const fixture = (name) => readFileSync(new URL(`../fixtures/bank/${name}`, import.meta.url), 'latin1');
const made = async (page, name, price, more = {}, w = W) => {
	const { id } = await ask(page, 'POST', `/api/crm/invoices${w}`, { title: 'Website', buyer: { ...BUYER, name }, lines: [{ name: 'Website', price, rate: '21' }], ...more });
	await ask(page, 'POST', `/api/crm/documents/${id}/send`, { mail: false });
	return ask(page, 'GET', `/api/crm/documents/${id}`);
};
const now = (page, one) => ask(page, 'GET', `/api/crm/documents/${one.id}`);
/* a bank's own file, about our numbers */
const ing = (number) => fixture('ing.sta').replaceAll('INV-2026-001', number);
const rabobank = (one, other) => fixture('rabobank-v08.xml').replace('INV-2026-0042', one).replace('INV-2026-0043', other);
/* let go somewhere on the page, as from a folder */
const drop = async (page, files) => {
	const carried = await page.evaluateHandle((all) => {
		const carries = new DataTransfer();
		for (const [name, words] of all)
			carries.items.add(new File([Uint8Array.from(words, (one) => one.charCodeAt(0))], name));
		return carries;
	}, Object.entries(files));
	for (const what of ['dragover', 'drop'])
		await page.locator('h1').dispatchEvent(what, { dataTransfer: carried });
};
/* of Mollie and Stripe, as the daemons' stories have them; it ends with us */
const standIn = async (at) => {
	const world = spawn('/usr/bin/python3', ['tests/flow/pay_world.py', String(at)], { stdio: 'ignore' });
	process.on('exit', () => world.kill());
	await until('the stand-in answers', async () => (await fetch(`http://127.0.0.1:${at}/made`)).ok);
	return world;
};
const booking = (page, words) => page.locator('.booking', { hasText: words });
const focusedBooking = (page) => page.evaluate(() => document.activeElement?.closest('.booking')?.textContent ?? '');
const walksTo = async (page, words) => {
	for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown', 'ArrowDown'])
		if (!(await focusedBooking(page)).includes(words))
			await page.keyboard.press(key);
	check((await focusedBooking(page)).includes(words), `the arrows lead to ${words}`);
};

export async function tell() {
	crmctl('workspace', 'add', 'boek-werk', '--preset', 'commerce', '--name', 'Boek Werk', '--timezone', 'Europe/Amsterdam');
	const bea = person('bea@boek.example', 'Bea Boek', '--workspace', 'boek-werk', '--role', 'owner');
	const ready = async (path) => {
		const page = await enter(bea, path);
		await ask(page, 'PUT', `/api/crm/company${W}`, COMPANY);
		return page;
	};

	await story('S4-7 in the browser: two statements are dropped; what names number and amount is paid, the rest is dealt with by keyboard alone and taken back; again they count nothing', async () => {
		const page = await ready(`/payments${W}`);
		await page.getByText('Nothing came in yet').waitFor();
		const named = await made(page, 'De Wit Interieurs', '1000'), jansen = await made(page, 'J. Jansen', '500'), other = await made(page, 'Bouwbedrijf Van Dijk', '1000'), zuid = await made(page, 'Café Zuid', '800');
		const files = { 'ing.sta': ing(named.number), 'rabobank.xml': rabobank(other.number, zuid.number) };
		await drop(page, files);
		await page.waitForURL(/view=bank/);
		await page.locator('[data-statement="ing.sta"]').getByText('4 bookings: 1 paid an invoice').waitFor();
		await page.locator('[data-statement="rabobank.xml"]').getByText('3 bookings: 1 paid an invoice').waitFor();
		equal([(await now(page, named)).state, (await now(page, other)).state], ['paid', 'paid'], 'those that were named:');
		/* one goes on with the first that is to be looked at */
		await page.getByRole('button', { name: 'To look at (2)' }).waitFor();
		await until('a booking has the focus', () => focusedBooking(page));
		await walksTo(page, 'J. Jansen');
		await booking(page, 'J. Jansen').getByText('under this customer’s name').waitFor();
		await page.keyboard.press('Enter');
		await page.getByText(`Paid: ${jansen.number}`).waitFor();
		await becomes(async () => (await focusedBooking(page)).includes('Café Zuid'), true, 'the next one has the focus:');
		equal((await now(page, jansen)).state, 'paid', 'said right:');
		await page.keyboard.press('z');
		await becomes(async () => (await focusedBooking(page)).includes('J. Jansen'), true, 'taken back, it has the focus:');
		equal((await now(page, jansen)).state, 'sent', 'taken back:');
		await page.keyboard.press('Enter');
		await page.getByText(`Paid: ${jansen.number}`).waitFor();
		await becomes(async () => (await focusedBooking(page)).includes('Café Zuid'), true, 'the next one:');
		await page.keyboard.press('x');
		await page.getByText('The booking is ignored').waitFor();
		await page.getByText('Nothing to look at').waitFor();
		await page.keyboard.press('z');
		await becomes(async () => (await focusedBooking(page)).includes('Café Zuid'), true, 'it waits again:');
		await page.keyboard.press('o');
		await dialog(page).locator('.pick', { hasText: zuid.number }).waitFor();
		await page.keyboard.press('Escape');
		await becomes(async () => (await focusedBooking(page)).includes('Café Zuid'), true, 'closed, one is where one was:');
		await page.keyboard.press('o');
		await dialog(page).locator('input[type=search]').waitFor();
		await page.keyboard.type(zuid.number);
		await becomes(() => dialog(page).locator('.pick').count(), 1, 'found:');
		await until('it is taken', async () => {
			await page.keyboard.press('Enter');
			return await dialog(page).count() === 0;
		});
		await page.getByText(`Paid: ${zuid.number}`).waitFor();
		const part = await now(page, zuid);
		equal([part.state, part.open.amount], ['partly_paid', '313.00'], 'paid in part:');

		await page.getByRole('button', { name: 'Matched', exact: true }).click();
		await booking(page, 'J. Jansen').getByRole('button', { name: 'Take back' }).click();
		await page.getByText('The booking waits again').waitFor();
		await until('the invoice is open again', async () => (await now(page, jansen)).state === 'sent');
		await page.getByRole('button', { name: /^Nothing known/ }).click();
		await booking(page, 'Energie Direct').waitFor();
		await page.locator('input[type=file]').setInputFiles({ name: 'again.sta', mimeType: 'text/plain', buffer: Buffer.from(files['ing.sta'], 'latin1') });
		await page.locator('[data-statement="again.sta"]').getByText('4 were there already').waitFor();
		await page.locator('input[type=file]').setInputFiles({ name: 'brief.txt', mimeType: 'text/plain', buffer: Buffer.from('Beste klant') });
		await page.getByRole('alert').getByText('brief.txt was not brought in').waitFor();
		await becomes(() => page.getByRole('region', { name: 'Brought in before' }).last().locator('tbody tr').count(), 3, 'statements that were read:');
		await page.getByRole('button', { name: 'All', exact: true }).click();
		await page.locator('tr[data-row]', { hasText: zuid.number }).getByText('€655.00').waitFor();
		await page.locator('tr[data-row]', { hasText: other.number }).getByText('Bouwbedrijf Van Dijk').waitFor();
		noFaults(page);
	});

	await story('Money is written down, put on its invoice and taken off again; what was a mistake goes, and Z brings it back', async () => {
		const page = await ready(`/payments${W}`);
		const one = await made(page, 'Hotel De Linde', '1000'), same = await made(page, 'Sportclub Oost', '250');
		await page.reload();
		await page.locator('.live-open').waitFor();
		await page.locator('tbody tr').first().waitFor();
		await page.keyboard.press('n');
		await dialog(page).locator('[name=amount]').waitFor();
		await page.keyboard.press('Enter');
		await dialog(page).locator('[name=amount][aria-invalid=true]').waitFor();
		await dialog(page).locator('[name=amount]').fill('302,50');
		await dialog(page).locator('[name=note]').fill('contant');
		await page.keyboard.press('Enter');
		await dialog(page).waitFor({ state: 'detached' });
		await page.getByText('it is for no invoice yet').waitFor();
		await page.getByRole('button', { name: 'For no invoice yet' }).click();
		const row = page.locator('tr[data-row]', { hasText: '€302.50' });
		await row.getByRole('button', { name: 'Choose invoice' }).click();
		await dialog(page).locator('.pick').first().getByText('same amount').waitFor();
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await holdNote(page, `The payment is for ${same.number}`);
		equal((await now(page, same)).state, 'paid', 'it paid:');
		await page.keyboard.press('z');
		await row.waitFor();
		equal((await now(page, same)).state, 'sent', 'taken off:');
		await row.getByRole('button', { name: 'Choose invoice' }).click();
		await dialog(page).locator('input[type=search]').fill('Linde');
		await dialog(page).locator('.pick', { hasText: one.number }).click();
		await page.getByText('Every payment has its invoice').waitFor();
		await page.getByRole('button', { name: 'All', exact: true }).click();
		const paid = page.locator('tr[data-row]', { hasText: '€302.50' });
		await paid.getByText('Hotel De Linde').waitFor();
		await paid.getByRole('button', { name: /^More about/ }).click();
		await page.getByRole('menuitem', { name: 'Remove' }).click();
		await holdNote(page, 'The payment of €302.50 is removed');
		equal((await now(page, one)).open.amount, '1210.00', 'it counts no more:');
		await page.keyboard.press('z');
		await paid.waitFor();
		equal((await now(page, one)).open.amount, '907.50', 'it counts again:');
		/* written down with its invoice at once: what is open is filled in */
		await page.locator('.page-actions').getByRole('button', { name: 'Write down a payment' }).click();
		await dialog(page).locator('input[type=search]').fill('Sportclub');
		await dialog(page).locator('.pick', { hasText: same.number }).click();
		await becomes(() => dialog(page).locator('[name=amount]').inputValue(), '302.50', 'what is open:');
		await dialog(page).getByRole('button', { name: 'Write down a payment' }).click();
		await holdNote(page, `The payment is for ${same.number}`);
		equal((await now(page, same)).state, 'paid', 'it is:');
		await page.keyboard.press('z');
		await until('it was never there', async () => (await now(page, same)).state === 'sent');
		noFaults(page);
	});

	await story('A way to be paid: a key that is none is refused in words, one that the provider does not take says so on the page, the right one works; Stripe’s address is shown with its two steps', async () => {
		const at = port + 96;
		const world = await standIn(at);
		try {
			const page = await ready(`/settings/pay${W}`);
			await page.getByText('No pay button yet').waitFor();
			await page.getByRole('main').getByRole('button', { name: 'Add a way to be paid' }).last().click();
			const key = dialog(page).locator('[name=secret]');
			await key.fill('geheim');
			await page.keyboard.press('Enter');
			await dialog(page).getByText('A key of Mollie begins with live_ or test_.').waitFor();
			await dialog(page).locator('summary').click();
			await dialog(page).locator('[name=url]').fill(`http://127.0.0.1:${at}`);
			await key.fill('test_verkeerd');
			await dialog(page).getByRole('button', { name: 'Save' }).click();
			await dialog(page).waitFor({ state: 'detached' });
			const mollie = page.locator('[data-provider=mollie]');
			await mollie.waitFor();
			await mollie.and(page.locator('[data-state=fails]')).waitFor();
			await mollie.getByText('Missing authentication, or failed to authenticate').waitFor();
			await mollie.getByRole('button', { name: /^More about/ }).click();
			await page.getByRole('menuitem', { name: 'Change' }).click();
			await key.fill('test_geheim');
			await dialog(page).getByRole('button', { name: 'Save' }).click();
			await dialog(page).waitFor({ state: 'detached' });
			await mollie.and(page.locator('[data-state=works]')).waitFor();
			await mollie.getByRole('button', { name: /^More about/ }).click();
			await page.getByRole('menuitem', { name: 'Turn off' }).click();
			await mollie.and(page.locator('[data-state=off]')).waitFor();

			await page.locator('.page-actions').getByRole('button', { name: 'Add a way to be paid' }).click();
			await dialog(page).getByRole('button', { name: 'Stripe' }).click();
			await key.fill('live_nee');
			await page.keyboard.press('Enter');
			await dialog(page).getByText('A secret key of Stripe begins with sk_ or rk_.').waitFor();
			await dialog(page).locator('summary').click();
			await dialog(page).locator('[name=url]').fill(`http://127.0.0.1:${at}`);
			await key.fill('test_geheim');
			await page.keyboard.press('Enter');
			await dialog(page).locator('.copy code', { hasText: '/hooks/pay/' }).waitFor();
			await dialog(page).locator('.copy code', { hasText: 'checkout.session.completed' }).waitFor();
			await dialog(page).locator('[name=hook_secret]').fill('geheim');
			await page.keyboard.press('Enter');
			await dialog(page).getByText('A signing secret of Stripe begins with whsec_.').waitFor();
			await dialog(page).locator('[name=hook_secret]').fill('whsec_0123456789abcdef');
			await page.keyboard.press('Enter');
			await dialog(page).waitFor({ state: 'detached' });
			const stripe = page.locator('[data-provider=stripe]');
			await stripe.and(page.locator('[data-state=works]')).waitFor();
			await becomes(() => stripe.getByText('No signing secret yet').count(), 0, 'what is missing:');
			await stripe.getByRole('button', { name: /^More about/ }).click();
			await page.getByRole('menuitem', { name: 'Remove' }).click();
			await dialog(page).getByRole('button', { name: 'Remove' }).click();
			await becomes(() => stripe.count(), 0, 'what is left of it:');
			noFaults(page);
		} finally {
			world.kill();
		}
	});

	await story('An invoice is made again and again: begun on its page, made by the clock before one’s eyes, changed and ended', async () => {
		const page = await ready(`/recurrences${W}`);
		await page.getByText('No recurring invoice yet').waitFor();
		const one = await made(page, 'Zorggroep Maas', '95', { title: 'Onderhoud' });
		await page.goto(`${base}/invoices/${one.id}${W}`);
		await page.locator('.doc-head .panel-actions [aria-haspopup="menu"]').click();
		await page.getByRole('menuitem', { name: 'Make it again and again' }).click();
		await dialog(page).locator('[name=next_on]').fill(day(-1));
		await dialog(page).locator('[name=until]').fill(day(-9));
		await dialog(page).getByRole('button', { name: 'Make it again and again' }).click();
		await dialog(page).getByText('Later than the next one.').waitFor();
		await dialog(page).locator('[name=until]').fill('');
		await dialog(page).locator('[name=next_on]').fill(day(1));
		await dialog(page).getByRole('button', { name: 'Make it again and again' }).click();
		await page.getByText(/The next one is made on/).waitFor();
		await page.goto(`${base}/recurrences${W}`);
		const row = page.locator('tr[data-row]', { hasText: 'Onderhoud' });
		await row.getByText('none yet').waitFor();
		await row.getByText('Waits as a draft').waitFor();
		await page.locator('.live-open').waitFor();
		/* its day comes */
		await row.locator('.row-link').click();
		await dialog(page).locator('[name=next_on]').fill(day(0));
		await page.keyboard.press('Enter');
		await dialog(page).waitFor({ state: 'detached' });
		await until('the focus is back on its row', () => page.evaluate(() => document.activeElement?.classList.contains('row-link')));
		await row.getByRole('link', { name: 'draft' }).waitFor({ timeout: 20_000 });
		const [kept] = (await ask(page, 'GET', `/api/crm/recurrences${W}`)).data;
		check(kept.made === 1 && kept.next_on > day(20), `made ${kept.made}, the next one on ${kept.next_on}`);
		await row.getByText(new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(kept.next_on))).waitFor();
		equal((await ask(page, 'GET', `/api/crm/documents/${kept.last.id}`)).gross.amount, '114.95', 'what it comes to:');
		await row.getByRole('button', { name: /^More about/ }).click();
		await page.getByRole('menuitem', { name: 'Stop' }).click();
		await dialog(page).getByRole('button', { name: 'Stop' }).click();
		await page.getByText('No recurring invoice yet').waitFor();
		await page.getByRole('main').getByRole('link', { name: 'To the invoices' }).click();
		await page.waitForURL(/\/invoices/);
		noFaults(page);
	});

	await story('Reports: what is to be paid by its age, revenue and VAT of a period, each leading to its invoices; what a file holds', async () => {
		crmctl('workspace', 'add', 'cijfer-werk', '--preset', 'commerce', '--name', 'Cijfer Werk', '--timezone', 'Europe/Amsterdam');
		const cor = person('cor@cijfer.example', 'Cor Cijfer', '--workspace', 'cijfer-werk', '--role', 'owner');
		const R = '?workspace=cijfer-werk';
		const page = await enter(cor, `/reports${R}`);
		await page.getByText('Nothing is open').waitFor();
		await ask(page, 'PUT', `/api/crm/company${R}`, { ...COMPANY, name: 'Cijfer Werk B.V.' });
		const late = await made(page, 'Bakkerij Jansen', '100', { issued: day(-60), due: day(-40) }, R), fresh = await made(page, 'Hotel De Linde', '200', {}, R);
		const figure = (key) => page.locator(`[data-bucket="${key}"] b`);
		await page.reload();
		await becomes(async () => [await figure('current').textContent(), await figure('days_60').textContent(), await figure('total').textContent()], ['€242.00', '€121.00', '€363.00'], 'by age:');
		await page.locator('[data-bucket="days_60"]').getByRole('link').click();
		await page.waitForURL(/\/invoices\?.*status=overdue/);
		await page.locator('tbody tr', { hasText: late.number }).waitFor();
		await becomes(() => page.locator('tbody tr').count(), 1, 'what is overdue:');
		await page.goBack();
		await page.locator('tbody tr', { hasText: 'Hotel De Linde' }).getByRole('link', { name: '€242.00' }).click();
		await page.locator('tbody tr', { hasText: fresh.number }).waitFor();
		await becomes(() => page.locator('tbody tr').count(), 1, 'what one customer has to pay:');
		const took = page.waitForEvent('download');
		await page.getByRole('button', { name: 'Export' }).first().click();
		await page.getByRole('menuitem').first().click();
		const file = readFileSync(await (await took).path(), 'utf8');
		check(file.includes(fresh.number) && !file.includes(late.number), `the file holds what is shown: ${file.slice(0, 200)}`);

		await page.goto(`${base}/reports${R}&view=revenue&from=${day(-90)}&to=${day(0)}`);
		await becomes(() => page.locator('tbody tr b.num').allTextContents().then((all) => all.sort()), ['€100.00', '€200.00'], 'by month:');
		await page.getByRole('button', { name: 'By customer' }).click();
		await page.locator('tbody tr', { hasText: 'Bakkerij Jansen' }).getByRole('link', { name: '1' }).click();
		await page.locator('tbody tr', { hasText: late.number }).waitFor();
		await becomes(() => page.locator('tbody tr').count(), 1, 'that customer’s in those days:');
		await page.goBack();
		await page.getByRole('button', { name: 'VAT', exact: true }).click();
		await page.getByRole('button', { name: 'Days of my own' }).click();
		await page.locator('[name=from]').fill(day(-90));
		await page.locator('[name=to]').fill(day(0));
		await becomes(async () => text(await page.locator('tbody tr').first().textContent()), '21%2€300.00€63.00', 'VAT of those days:');
		await page.getByRole('button', { name: 'Last year' }).click();
		if (day(-60).slice(0, 4) === day(0).slice(0, 4))
			await page.getByText('Nothing was invoiced in these days').waitFor();
		noFaults(page);
	});

	await story('Who may only look sees what came in and no button that is not theirs; what cannot be read says so, and is read again by its button', async () => {
		const boss = await enter(person('baas@boek.example', 'Bas Baas', '--workspace', 'boek-werk', '--role', 'owner', '--admin'), `/payments${W}`);
		await ask(boss, 'POST', `/api/crm/payments${W}`, { amount: { amount: '10.00', currency: 'EUR' }, note: 'contant' });
		const was = (await ask(boss, 'GET', '/api/roles')).data.find((one) => one.role === 'sdr' || one.key === 'sdr' || one.name === 'sdr');
		await ask(boss, 'PUT', '/api/roles/sdr', { scope: 'workspace', permissions: ['crm-view'] });
		try {
			const page = await enter(person('kijk@boek.example', 'Kim Kijk', '--workspace', 'boek-werk', '--role', 'sdr'), `/payments${W}`);
			const buttons = (name) => page.getByRole('main').getByRole('button', { name });
			await page.locator('tbody tr').first().waitFor();
			await becomes(async () => [await buttons('Write down a payment').count(), await buttons('Bank statements').count(), await buttons(/^More about/).count()], [0, 0, 0], 'buttons:');
			await page.keyboard.press('n');
			await becomes(() => dialog(page).count(), 0, 'dialogs:');
			await page.goto(`${base}/payments${W}&view=bank`);
			await page.locator('tbody tr').first().waitFor();
			await becomes(() => page.locator('.money-drop').count(), 0, 'where a statement is dropped:');
			for (const path of ['/recurrences', '/orders', '/reports', '/quotes', '/invoices']) {
				await page.goto(base + path + W);
				await page.locator('h1').waitFor();
				await becomes(() => page.locator('.skeleton').count(), 0, `${path} is there:`);
				await becomes(async () => [await buttons(/^(New|Add|Write|More about)/).count(), await page.getByRole('main').locator('.btn-primary').count()], [0, 0], `buttons of ${path}:`);
			}
			await page.goto(`${base}/settings/pay${W}`);
			await page.getByText('There is nothing here for your role').waitFor();
			noFaults(page);
		} finally {
			await ask(boss, 'PUT', '/api/roles/sdr', { scope: was?.scope ?? 'own', permissions: was?.permissions ?? ['crm-view', 'crm-edit'] });
		}
		const page = await enter(bea, `/quotes${W}`);
		for (const [path, asked, words] of [['/payments', 'payments', 'The payments cannot be shown'], ['/recurrences', 'recurrences', 'The recurring invoices cannot be shown'], ['/orders', 'orders', 'The orders cannot be shown'], ['/reports', 'reports/aging', 'The report cannot be shown'], ['/settings/pay', 'pay/providers', 'The ways to be paid cannot be shown']]) {
			const held = new RegExp(`/api/crm/${asked}\\?`);
			await page.route(held, (route) => route.fulfill({ status: 400, contentType: 'application/problem+json', body: '{"status":400,"code":"unavailable"}' }));
			await page.goto(base + path + W);
			await page.getByText(words).waitFor({ timeout: 20_000 });
			await page.unroute(held);
			/* what the live stream reads anew by itself meanwhile needs no button any more */
			await page.getByRole('button', { name: 'Try again' }).click({ timeout: 3000 }).catch(() => undefined);
			await becomes(() => page.getByText(words).count(), 0, `${path} is read:`);
		}
		noFaults(page);
	});

	await story('Every page of money has a question mark that opens its own help, with a picture', async () => {
		const page = await ready(`/payments${W}`);
		for (const [path, help] of [['/quotes', 'quotes'], ['/invoices', 'invoices'], ['/payments', 'payments'], ['/recurrences', 'recurring-invoices'], ['/orders', 'orders'], ['/reports', 'money-reports'], ['/settings/company', 'company'], ['/settings/items', 'catalogue-items'], ['/settings/numbers', 'numbers'], ['/settings/pay', 'ways-to-be-paid']]) {
			await page.goto(base + path + W);
			await page.locator('.help-link').first().click();
			await page.waitForURL(new RegExp(`/help/${help}\\?`));
			await becomes(async () => await page.locator('.guide img').count() > 0 && await page.locator('.guide img').first().evaluate((one) => one.decode().then(() => one.naturalWidth > 200)), true, `the picture of ${help}:`);
		}
		noFaults(page);
	});
}

/* ---- places ---- */

const P = '?workspace=polder-it';
/* what an office has after a few weeks; once for all pictures */
let seeds;
const filled = (page) => seeds ??= (async () => {
	const ids = await seeded(page);
	for (const item of [{ code: 'WEB', name_nl: 'Website', name_en: 'Website', unit: 'piece', prices: [{ price: '1500.00', category: 'standard', rate: '21' }] }, { code: 'UUR', name_nl: 'Overleg', name_en: 'Advice', unit: 'hour', prices: [{ price: '95.00', category: 'standard', rate: '21' }, { price: '98.50', category: 'standard', rate: '21', day: '2199-01-01' }] }, { code: 'HOST', name_nl: 'Hosting', name_en: 'Hosting', unit: 'month', prices: [{ price: '25.00', category: 'standard', rate: '21' }] }])
		await ask(page, 'POST', `/api/crm/catalog${P}`, item);
	const send = (name, price, more) => made(page, name, price, { language: 'nl', ...more }, P);
	const named = await send('De Wit Interieurs', '1000', { title: 'Huisstijl' });
	await send('J. Jansen', '500', { title: 'Fotografie' });
	const dijk = await send('Bouwbedrijf Van Dijk', '1000', { title: 'Website' }), zuid = await send('Café Zuid', '800', { title: 'Website' });
	for (const [name, bytes] of [['ing-november.sta', ing(named.number)], ['rabobank.xml', rabobank(dijk.number, zuid.number)]]) {
		const reply = await page.request.post(`${base}/api/crm/statements${P}&name=${name}`, { data: Buffer.from(bytes, 'latin1'), headers: { Origin: base, 'Content-Type': 'application/octet-stream' } });
		check(reply.ok(), `${name}: ${reply.status()} ${await reply.text()}`);
	}
	await ask(page, 'POST', `/api/crm/payments${P}`, { amount: { amount: '250.00', currency: 'EUR' }, note: 'contant aan de balie' });
	await ask(page, 'POST', `/api/crm/recurrences${P}`, { document_id: dijk.id, name: 'Hosting', every: 'month', next_on: day(12), send: true });
	await ask(page, 'POST', `/api/crm/recurrences${P}`, { document_id: zuid.id, name: 'Onderhoud', every: 'quarter', next_on: day(40), send: false });
	const order = await ask(page, 'POST', `/api/crm/orders${P}`, { document_id: ids.good });
	await standIn(port + 97);
	for (const kind of ['mollie', 'stripe'])
		await ask(page, 'POST', `/api/crm/pay/providers${P}`, { kind, secret: 'test_geheim', url: `http://127.0.0.1:${port + 97}`, ...(kind === 'stripe' ? { hook_secret: 'whsec_0123456789abcdef' } : {}) });
	const { id: credit } = await ask(page, 'POST', `/api/crm/documents/${dijk.id}/credit`, { lines: [{ name: 'Website', price: '150', quantity: '1', rate: '21' }] }).catch(() => ask(page, 'POST', `/api/crm/documents/${dijk.id}/credit`, {}));
	return { ...ids, order: order.number, credit, portal: (await now(page, zuid)).portal };
})();
const go = (path, wait) => async (page) => {
	const ids = await filled(page);
	const to = typeof path === 'string' ? path : path(ids);
	await page.goto(base + to + (to.includes('?') ? P.replace('?', '&') : P));
	await page.locator(wait).first().waitFor();
	await becomes(() => page.locator('.skeleton').count(), 0, 'what is still on its way:');
};
const empty = (path, wait) => async (page) => {
	await page.goto(`${base}${path}?workspace=leeg`);
	await page.locator(wait).first().waitFor();
};
export const places = {
	'settings company': go('/settings/company', '[name=iban]'),
	'settings items': go('/settings/items', 'tbody tr'),
	'settings item': async (page) => {
		await go('/settings/items', 'tbody tr')(page);
		await page.locator('.page-actions button.btn-primary').click();
		await page.locator('[role=dialog] [name=code]').waitFor();
	},
	'settings numbers': go('/settings/numbers', '[name=format_quote]'),
	'settings pay': go('/settings/pay', '[data-provider=stripe][data-state=works]'),
	'settings pay new': async (page) => {
		await go('/settings/pay', '[data-provider]')(page);
		await page.locator('.page-actions .btn-primary').click();
		await page.locator('[role=dialog] [name=secret]').waitFor();
	},
	payments: go('/payments', 'tbody tr'),
	'payments open': go('/payments?view=open', 'tbody tr'),
	'payment new': async (page) => {
		await go('/payments', 'tbody tr')(page);
		await page.locator('.page-actions .btn').click();
		await page.locator('[role=dialog] .pick').first().waitFor();
	},
	'payment to allocate': async (page) => {
		await go('/payments?view=open', 'tbody tr')(page);
		await page.locator('tbody tr .btn').first().click();
		await page.locator('[role=dialog] .pick').first().waitFor();
	},
	'bank statements': go('/payments?view=bank', '.booking'),
	recurrences: go('/recurrences', 'tbody tr'),
	'recurrence change': async (page) => {
		await go('/recurrences', 'tbody tr')(page);
		await page.locator('tbody .row-link').first().click();
		await page.locator('[role=dialog] [name=next_on]').waitFor();
	},
	orders: go('/orders', 'tbody tr'),
	order: go(({ order }) => `/orders/${order}`, '[name=note]'),
	'report aging': go('/reports', '.figures'),
	'report revenue': go('/reports?view=revenue', 'tbody tr'),
	'report vat': go('/reports?view=vat&period=quarter', 'tbody tr'),
	'credit note': go(({ credit }) => `/invoices/${credit}`, '.doc-editor'),
	'payments none': empty('/payments', '.empty'),
	'recurrences none': empty('/recurrences', '.empty'),
	'orders none': empty('/orders', '.empty'),
	'report none': empty('/reports', '.empty'),
};
/* pictures of the guide alone: pages of another house style than the app's own */
export const pictures = {
	'customer page': async (page) => {
		const { portal } = await filled(page);
		await page.goto(base + portal);
		await page.locator('.bank').waitFor();
	},
};
export const data = ['Boek Werk', 'Bea Boek', 'Cijfer Werk', 'Polder IT', 'De Wit Interieurs', 'J. Jansen', 'J Jansen', 'Bouwbedrijf Van Dijk', 'Café Zuid', 'Energie Direct', 'Incassobank', 'contant aan de balie', 'Hosting', 'Website', 'WEB', 'UUR', 'HOST', 'Advice'];
