/* Every place of every room, seen as each of us may see it: axe's rules, the size of targets, sideways scroll, English left in
   Dutch, and a picture to look at. A room says its places; nothing here knows a page. */
import { api, base, check, enter, equal, screenshots, story } from './house.mjs';
import { axe, dutch, sideways, targets } from './probes.mjs';
import { B, dealOf, lead, sanne } from './given.mjs';

/* a page is gone to once a visit; dark, light and narrow are that same page's, as its media change under it */
const VISITS = {
	English: { how: {}, themes: { light: 'light', dark: 'dark' }, narrow: true },
	Dutch: { how: { nl: true }, themes: { light: 'nl', dark: 'nl-dark' } },
	phone: { how: { nl: true, dark: true, phone: true }, themes: { dark: 'phone' } },
};

const picture = async (page, name, look) => {
	await page.evaluate(() => document.fonts.ready);
	await page.screenshot({ path: `${screenshots}${name.replace(/[^a-z0-9]+/gi, '-')}-${look}.png` });
};

/* names that are data, not words of ours; a place may add its own */
const DATA = ['Bakkerij Jansen', 'Garage Smit', 'Vesting Cargo', 'Polder IT', 'Lege Zaak', 'Drukke Winkel', 'Sanne de Vries', 'Daan Bakker', 'Test Person', 'Leadwire', 'bestaat/niet'];

async function seen(page, place, { how, themes, narrow }, data) {
	if (how.nl && place !== 'not found')
		await dutch(page, place, data);
	await targets(page, how.phone ? 44 : 24, place);
	for (const [nth, [colorScheme, name]] of Object.entries(themes).entries()) {
		await page.emulateMedia({ colorScheme });
		await page.waitForFunction((scheme) => document.documentElement.getAttribute('data-mantine-color-scheme') === scheme, colorScheme);
		if (nth === 0 || !how.nl) /* colours are the same in each language */
			await axe(page, `${place}, ${name}`, { colours: nth > 0 });
		await picture(page, place, name);
	}
	if (narrow) {
		await page.setViewportSize({ width: 320, height: 640 });
		await sideways(page, `${place} at 320 px`);
		await page.setViewportSize({ width: 1440, height: 900 });
	}
}

/* `places` who is logged in goes to, `outside` where nobody is; `byKey` have no place on a phone, `data` are names */
export async function look({ places, outside, byKey, data }) {
	await lead(null);
	await lead(null, {}, 'vesting-cargo');
	for (const [name, visit] of Object.entries(VISITS))
		await story(`every page, ${name}: axe finds nothing${visit.how.nl ? ', no English is left (S0-9)' : ''}, targets are large enough${visit.narrow ? ', nothing sticks out at 320 px' : ''}; a picture`, async () => {
			const faults = [], again = [];
			const visited = async (who, page, place, go, told) => {
				try {
					await go(page);
					await seen(page, place, visit, [...DATA, ...data]);
				} catch (fault) {
					told.push({ who, place, go, words: `${place}: ${fault.message}` });
				}
			};
			const alone = async (who, place, go, told) => {
				const page = await enter(who, who ? B : '/login', visit.how);
				await visited(who, page, place, go, told);
				equal(page.faults, [], `faults in the page of ${place}:`);
				await page.context().close();
			};
			for (const [place, go] of Object.entries(outside))
				await alone(null, place, go, again);
			const page = await enter(sanne, B, visit.how);
			for (const [place, go] of Object.entries(places))
				if (!visit.how.phone || !byKey.includes(place))
					await visited(sanne, page, place, go, again);
			/* what was not well is looked at once more, on a page of its own; what stands then is named as unsteady */
			for (const { who, place, go, words } of again) {
				await alone(who, place, go, faults);
				if (!faults.some((one) => one.place === place))
					console.log(`UNSTEADY ${name}, ${words}`);
			}
			check(!faults.length, `\n        ${faults.map((one) => one.words).join('\n        ')}`);
			equal(page.faults, [], 'faults in the page:');
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
		await lead(null);
		const page = await enter(sanne, B, { width: 320, height: 640 });
		await page.locator('.card-link').first().click();
		await page.locator('.entry').first().waitFor();
		equal(await page.getByRole('tab').first().getAttribute('aria-selected'), 'true', 'the first tab is open:');
		equal(await page.getByRole('tab').first().textContent(), 'Timeline');
	});
}
