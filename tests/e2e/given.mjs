/* What every story finds: the agency's workspaces, its people and their ways in, made once by crmctl; and the few verbs that
   all stories of the board use. A story that needs more makes it itself. */
import { api, board, card, check, crmctl, equal, link, person, post, until } from './house.mjs';

export const bakery = crmctl('workspace', 'add', 'bakkerij-jansen', '--preset', 'nl-offerte-6', '--name', 'Bakkerij Jansen');
crmctl('workspace', 'add', 'garage-smit', '--preset', 'nl-offerte-6', '--name', 'Garage Smit');
crmctl('workspace', 'add', 'vesting-cargo', '--preset', 'follow-up', '--name', 'Vesting Cargo', '--timezone', 'Europe/Amsterdam');
crmctl('workspace', 'add', 'polder-it', '--preset', 'classic-6', '--name', 'Polder IT', '--timezone', 'Europe/Amsterdam');
crmctl('workspace', 'add', 'leeg', '--preset', 'nl-offerte-6', '--name', 'Lege Zaak');
crmctl('workspace', 'add', 'druk', '--preset', 'commerce', '--name', 'Drukke Winkel');
export const all = 'bakkerij-jansen,garage-smit,vesting-cargo,polder-it,leeg,druk';
export const sanne = person('sanne@bureau.example', 'Sanne de Vries', '--workspace', all, '--role', 'owner');
export const daan = person('daan@bureau.example', 'Daan Bakker', '--workspace', all, '--role', 'sales');
export const klant = person('klant@bakkerij.example', 'Klant Jansen', '--workspace', 'bakkerij-jansen', '--role', 'client');
export const smit = person('smit@garage.example', 'Henk Smit', '--workspace', 'garage-smit', '--role', 'owner');
export const website = person('site@bureau.example', 'Wim Website', '--workspace', 'bakkerij-jansen', '--role', 'client', '--sections', 'website');
export const agency = crmctl('source', 'add', '--kind', 'agency').url;
export const hook = Object.fromEntries(['bakkerij-jansen', 'garage-smit', 'vesting-cargo', 'polder-it', 'druk']
	.map((slug) => [slug, crmctl('source', 'add', '--workspace', slug, '--kind', 'web_form').url]));
export const B = board('bakkerij-jansen');
export const FIRST = 'nieuwe_aanvraag';
export const SECOND = 'contact_opgenomen';
export const THIRD = 'offerte_verstuurd';

/* One more lead of the bakery, its card seen on this page. */
let serial = 0;
export async function lead(page, more = {}, slug = 'bakkerij-jansen') {
	const name = `Gast ${String.fromCharCode(65 + serial % 26)}${++serial} Bos`;
	const email = `gast${serial}@example.nl`;
	await post(hook[slug], { name, email, form_type: 'Taart', ...more });
	const title = `${name} — ${more.form_type ?? 'Taart'}`;
	if (page)
		await card(page, title).first().waitFor({ timeout: 5000 });
	return { name, title, email };
}

export async function dealOf(page, title, slug = 'bakkerij-jansen') {
	return until(`the deal ${title}`, async () => {
		const reply = await api(page, 'GET', `/api/crm/deals?workspace=${slug}&limit=200&q=${encodeURIComponent(title.slice(0, 12))}`);
		return (await reply.json()).data.find((one) => one.title === title);
	});
}

export const focused = (page) => page.evaluate(() => document.activeElement?.closest('[data-card]')?.querySelector('.card-title')?.textContent ?? '');
export const pressOn = async (page, title, ...keys) => {
	await link(page, title).focus();
	for (const key of keys)
		await page.keyboard.press(key);
};
export const noFaults = (page) => equal(page.faults, [], 'faults in the page:');
