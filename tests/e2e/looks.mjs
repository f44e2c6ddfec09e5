/* Every place of every room, seen as each of us may see it: axe's rules, the size of targets, sideways scroll, English left in
   Dutch, and a picture to look at. A room says its places; nothing here knows a page. */
import { api, base, enter, equal, screenshots, story } from './house.mjs';
import { axe, dutch, sideways, targets } from './probes.mjs';
import { B, dealOf, lead, sanne } from './given.mjs';

const LOOKS = { light: {}, dark: { dark: true }, nl: { nl: true }, 'nl-dark': { nl: true, dark: true }, phone: { phone: true, nl: true, dark: true } };

const picture = async (page, name, look) => {
	await page.evaluate(() => document.fonts.ready);
	await page.screenshot({ path: `${screenshots}${name.replace(/[^a-z0-9]+/gi, '-')}-${look}.png` });
};

/* names that are data, not words of ours; a place may add its own */
const DATA = ['Bakkerij Jansen', 'Garage Smit', 'Vesting Cargo', 'Polder IT', 'Lege Zaak', 'Drukke Winkel', 'Sanne de Vries', 'Daan Bakker', 'Leadwire', 'bestaat/niet'];

/* `places` who is logged in goes to, `outside` where nobody is; `byKey` have no place on a phone, `data` are names */
export async function look({ places, outside, byKey, data }) {
	await lead(null);
	await lead(null, {}, 'vesting-cargo');
	for (const [name, how] of Object.entries(LOOKS))
		await story(`every page, ${name}: axe finds nothing${how.nl ? ', no English (S0-9)' : ''}, targets are large enough; a picture`, async () => {
			const seen = async (page, place) => {
				await axe(page, `${place}, ${name}`);
				if (how.nl && place !== 'not found')
					await dutch(page, place, [...DATA, ...data]);
				await targets(page, how.phone ? 44 : 24, `${place}, ${name}`);
				await picture(page, place, name);
			};
			for (const [place, go] of Object.entries(outside)) {
				const page = await enter(null, '/login', how);
				await go(page);
				await seen(page, place);
				await page.context().close();
			}
			const page = await enter(sanne, B, how);
			for (const [place, go] of Object.entries(places)) {
				if (how.phone && byKey.includes(place))
					continue;
				await go(page);
				await seen(page, place);
			}
			equal(page.faults, [], 'faults in the page:');
		});

	await story('320 px: nothing scrolls sideways, nothing is clipped', async () => {
		const page = await enter(sanne, B, { width: 320, height: 640 });
		for (const [name, go] of Object.entries(places)) {
			await go(page);
			await sideways(page, `${name} at 320 px`);
		}
		for (const [name, go] of Object.entries(outside)) {
			const out = await enter(null, '/login', { width: 320, height: 640 });
			await go(out);
			await sideways(out, `${name} at 320 px`);
		}
	});
}

export async function dates() {
	await story('S0-9: dates and money as Dutch writes them', async () => {
		const page = await enter(sanne, B, { nl: true });
		const it = await lead(null);
		const deal = await dealOf(page, it.title);
		await api(page, 'PUT', `/api/crm/opportunities/${deal.id}`, { value: { amount: '1815.00', currency: 'EUR' }, close_date: '2026-11-21', version: deal.version });
		await page.goto(`${base}/crm?type=prospect&id=${deal.id}`);
		const panel = page.getByRole('dialog', { name: it.title });
		await panel.getByText('21-11-2026').first().waitFor();
		await panel.getByText(/€\s1\.815,00/).first().waitFor();
	});
	await story('a phone: the panel begins with the timeline', async () => {
		const page = await enter(sanne, B, { width: 320, height: 640 });
		await page.locator('.card-link').first().click();
		await page.locator('.entry').first().waitFor();
		equal(await page.getByRole('tab').first().getAttribute('aria-selected'), 'true', 'the first tab is open:');
		equal(await page.getByRole('tab').first().textContent(), 'Timeline');
	});
}
