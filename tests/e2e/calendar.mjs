/* The calendar beyond its own page: the link for phones and other programs. */
import { base, check, enter, equal, person, story, until } from './house.mjs';
import { noFaults } from './given.mjs';

const CALENDAR = '/deals/calendar?workspace=vesting-cargo';
const feedDialog = (page) => page.getByRole('dialog', { name: 'Your calendar on your phone' });

export async function tell() {
	await story('the link to one\'s calendar: made over the calendar, shown once, made anew and taken away on the profile', async () => {
		const ida = person('ida@bureau.example', 'Ida Agenda', '--workspace', 'vesting-cargo', '--role', 'sales');
		const page = await enter(ida, CALENDAR);
		await page.getByRole('button', { name: 'On your phone' }).click();
		await feedDialog(page).getByText('There is no link yet').waitFor();
		await feedDialog(page).getByRole('button', { name: 'Make a link' }).click();
		const shown = feedDialog(page).locator('.copy code');
		await shown.waitFor();
		const first = await shown.textContent();
		check(new RegExp(`^${base}/calendar/[a-z2-7]{32}\\.ics$`).test(first), `a link: ${first}`);
		const asked = async (url) => (await page.context().request.get(url)).status();
		const feed = await page.context().request.get(first);
		equal([feed.status(), feed.headers()['content-type']], [200, 'text/calendar; charset=utf-8'], 'what it leads to:');
		check((await feedDialog(page).getByRole('link').getAttribute('href')).startsWith('webcal://'), 'a link that opens the calendar of this device');
		await page.keyboard.press('Escape');
		await feedDialog(page).waitFor({ state: 'detached' });
		await page.goto(`${base}/profile`);
		const section = page.getByRole('region', { name: 'Your calendar on your phone' });
		await section.getByText('There is a link, made on').waitFor();
		equal(await page.locator('.copy').count(), 0, 'it is not shown again:');
		await section.getByRole('button', { name: 'New link' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'New link' }).click();
		await section.locator('.copy code').waitFor();
		const second = await section.locator('.copy code').textContent();
		check(second !== first, 'another link');
		await until('the old one is dead', async () => (await asked(first)) === 404);
		equal(await asked(second), 200, 'the new one:');
		await section.getByRole('button', { name: 'Take the link away' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Take the link away' }).click();
		await section.getByText('There is no link yet').waitFor();
		await until('that is dead, too', async () => (await asked(second)) === 404);
		noFaults(page);
	});
}

export const data = ['Ida Agenda'];
export const places = {
	'calendar link': async (page) => {
		await page.goto(`${base}/deals/calendar?workspace=vesting-cargo`);
		await page.locator('.grid-month').waitFor();
		await page.locator('.page-actions button').click();
		await page.locator('.lw-dialog .form-foot button').first().waitFor();
	},
};
