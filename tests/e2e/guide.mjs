/* The pictures of the guide: a board as a bakery has it, then every place that a page of the guide names, light, in both
   languages, small enough to be loaded along. Only `make guide` comes here; what it writes is committed. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { api, browser, check, enter, post, screenshots, until } from './house.mjs';
import { B, FIRST, hook, sanne, SECOND, THIRD } from './given.mjs';
import { pageOf, pagesOf, GUIDE } from '../../services/gateway/web/tools/help.mjs';

const LEADS = [
	['Noor Bakker', 'Hotel De Linde', 'Offerteaanvraag', 'Ontbijtbuffet voor 40 gasten', '1815.00', THIRD], ['Piet de Vries', null, 'Bruiloftstaart', 'Drie lagen, 80 personen, 12 juni', '640.00', SECOND],
	['Fatima El Idrissi', 'Kinderopvang Zon', 'Wekelijkse levering', 'Elke maandag 60 broodjes', '2480.00', 'in_onderhandeling'], ['Sjoerd Mulder', 'Zorggroep Maas', 'Cateringaanvraag', 'Lunch voor een studiedag', '1190.50', SECOND],
	['Anouk Visser', null, 'Verjaardagstaart', 'Met een draak erop', '85.00', FIRST], ['Willem Smit', 'Drukkerij Smit', 'Relatiegeschenken', '120 doosjes kerstkransjes', '960.00', THIRD],
	['Lotte de Wit', 'Café De Kade', 'Offerteaanvraag', 'Appeltaart, twee keer per week', '3120.00', FIRST], ['Bram Dijkstra', 'Sportclub Oost', 'Toernooi', '200 krentenbollen', '310.00', FIRST],
];

export async function plant() {
	const page = await enter(sanne, B);
	await page.locator('.live-open').waitFor();
	for (const [name, company, form_type, message, amount, stage] of LEADS) {
		const email = `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@example.nl`;
		await post(hook['bakkerij-jansen'], { name, company, email, phone: '06 1234 5678', form_type, message });
		const deal = await until(`the deal of ${name}`, async () => (await (await api(page, 'GET', `/api/crm/deals?workspace=bakkerij-jansen&q=${encodeURIComponent(name)}`)).json()).data[0]);
		await api(page, 'PUT', `/api/crm/deals/${deal.id}`, { value: { amount, currency: 'EUR' } });
		if (stage !== FIRST)
			await api(page, 'POST', `/api/crm/deals/${deal.id}/stage`, { stage });
	}
	await page.context().close();
}

/* scaled and packed by the browser itself, a little worse each time until it is small enough */
async function packed(page, png) {
	for (const quality of [0.86, 0.78, 0.68, 0.58, 0.48]) {
		const url = await page.evaluate(async ([from, how]) => {
			const picture = new Image();
			picture.src = from;
			await picture.decode();
			const canvas = document.createElement('canvas');
			const scale = Math.min(1, 1080 / picture.width);
			canvas.width = Math.round(picture.width * scale);
			canvas.height = Math.round(picture.height * scale);
			const pen = canvas.getContext('2d');
			pen.imageSmoothingQuality = 'high';
			pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
			return canvas.toDataURL('image/webp', how);
		}, [`data:image/png;base64,${png.toString('base64')}`, quality]);
		const bytes = Buffer.from(url.split(',')[1], 'base64');
		if (bytes.length < 60 * 1024)
			return bytes;
	}
	throw new Error('a picture does not get small enough');
}

export async function guide({ places, outside, pictures }) {
	const inside = { ...places, ...pictures };
	await plant();
	const canvas = await (await browser.newContext()).newPage();
	for (const language of ['en', 'nl']) {
		const named = [...new Set(pagesOf(language).flatMap((name) => pageOf(readFileSync(`${GUIDE}${language}/${name}.md`, 'utf8'), language).pictures))];
		const folder = `${GUIDE}pictures/${language}/`;
		mkdirSync(folder, { recursive: true });
		for (const old of readdirSync(folder).filter((name) => !named.includes(name.replace('.webp', ''))))
			rmSync(folder + old);
		const slug = (place) => place.replace(/[^a-z0-9]+/gi, '-');
		const wanted = named.filter((name) => !process.env.PICTURES || process.env.PICTURES.split(' ').includes(name));
		const unknown = wanted.filter((name) => ![...Object.keys(inside), ...Object.keys(outside)].some((place) => slug(place) === name));
		check(unknown.length === 0, `no place makes these pictures: ${unknown.join(' ')}`);
		for (const [all, who] of [[inside, sanne], [outside, null]])
			for (const [place, go] of Object.entries(all).filter(([name]) => wanted.includes(slug(name)))) {
				const page = await enter(who, who ? B : '/login', { nl: language === 'nl', width: 1200, height: 750 });
				if (who)
					await api(page, 'PUT', '/api/me', { language });
				await go(page);
				await page.evaluate(() => document.fonts.ready);
				const png = await page.screenshot({ path: `${screenshots}guide-${slug(place)}-${language}.png` });
				const bytes = await packed(canvas, png);
				writeFileSync(`${folder}${slug(place)}.webp`, bytes);
				console.log(`${language}/${slug(place)}.webp  ${(bytes.length / 1024).toFixed(0)} KB`);
				await page.context().close();
			}
	}
}
