/* The stories of the browser, a file a room, over real daemons. Each story stands alone on what given.mjs made; none sleeps to
   wait for something. Then every place of every room as each of us may see it.
   ROOMS="work looks" tells those alone; PLACES="profile|setup" looks at the places so named alone; ROOMS=guide makes the guide's
   pictures; HALF=1 or 2: every other room, for two houses at once. */
import { browser, story, tally } from './house.mjs';
import { dates, look } from './looks.mjs';

const rooms = ['work', 'table', 'rows', 'setup', 'session', 'settings', 'find', 'news', 'help', 'presets', 'follow', 'calendar', 'stages', 'leads', 'board', 'dashboard', 'currencies', 'privacy', 'accounts', 'contacts', 'imports', 'person', 'merge', 'linked', 'webhooks', 'segments', 'own', 'templates', 'mail', 'mailsetup', 'inbox', 'chat', 'moneyset', 'portal', 'documents', 'storm', 'invoicing', 'sent', 'payments', 'rules', 'requests', 'sources']
	.filter((_, at) => !process.env.HALF || at % 2 === process.env.HALF - 1);
const once = process.env.HALF !== '2';
const wanted = process.env.ROOMS?.split(' ') ?? [...rooms, 'looks', ...(once ? ['lights'] : [])];

/* a room's stories are told when it is imported; a room that is not wanted is still asked for its places */
const all = { places: {}, outside: {}, byKey: [], data: [], pictures: {} };
for (const room of rooms) {
	const { tell, places, outside, byKey, data, pictures } = await import(`./${room}.mjs`);
	if (wanted.includes(room)) {
		const failed = tally.failed;
		await tell();
		if (tally.failed > failed)
			console.log(`ROOM    ${room}`); /* where a story failed: run tells it once more, alone */
	}
	for (const place of Object.keys(places ?? {}).filter((name) => name in all.places))
		throw new Error(`two places are called ${place}: one of them would never be looked at`);
	Object.assign(all.places, places);
	Object.assign(all.outside, outside);
	Object.assign(all.pictures, pictures);
	all.byKey.push(...(byKey ?? []));
	all.data.push(...(data ?? []));
}
if (wanted.includes('guide'))
	await story('the pictures of the guide', async () => (await import('./guide.mjs')).guide(all));
if (wanted.includes('lighthouse'))
	await story('lighthouse over every page', async () => (await import('./lighthouse.mjs')).lighthouse());
if (wanted.includes('lights'))
	await story('lighthouse: marks of accessibility and practice, what moves while loading, bytes and elements', async () => (await import('./lighthouse.mjs')).short());
if (wanted.includes('many'))
	await (await import('./many.mjs')).tell();
const only = new RegExp(process.env.PLACES ?? '');
for (const kind of ['places', 'outside'])
	all[kind] = Object.fromEntries(Object.entries(all[kind]).filter(([name]) => only.test(name)));
if (wanted.includes('looks')) {
	if (once)
		await dates();
	await look(all);
}

await browser.close();
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed || !tally.passed ? 1 : 0);
