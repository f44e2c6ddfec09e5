/* Many see one board while cards are moved: how soon each sees a move, whether one is lost, whether all boards are the same at the end (N7).
   A short run by itself; the whole is `make storm`: MOVES=1000 STREAMS=200. */
import { request } from 'node:http';
import { api, base, board, check, crmctl, enter, equal, person, story, until } from './house.mjs';

const MOVES = Number(process.env.MOVES ?? 60);
const STREAMS = Number(process.env.STREAMS ?? 12);
const PACE_MS = Number(process.env.PACE_MS ?? 50);
const CARDS = 100;
const EACH = 6; /* streams of one person; the gateway gives nobody many */
const STAGES = ['lead', 'qualified', 'proposal', 'negotiation', 'won'];
const SLUG = 'storm';

/* a client of the stream, as a program would be: what it heard, by deal and version */
function listen(cookie, heard) {
	return new Promise((open, fail) => {
		const ask = request(`${base}/api/crm/stream?workspace=${SLUG}`, { headers: { Cookie: cookie, Accept: 'text/event-stream' } }, (reply) => {
			if (reply.statusCode !== 200) {
				fail(new Error(`a stream answers ${reply.statusCode}`));
				return;
			}
			let rest = '';
			reply.setEncoding('utf8');
			reply.on('data', (text) => {
				rest += text;
				const parts = rest.split('\n\n');
				rest = parts.pop();
				for (const part of parts)
					if (part.startsWith('event: deal.stage_changed')) {
						const { data } = JSON.parse(part.slice(part.indexOf('data: ') + 6));
						heard.set(`${data.deal_id} ${data.version}`, performance.timeOrigin + performance.now());
					}
			});
			open(() => ask.destroy());
		});
		ask.on('error', () => undefined);
		ask.end();
	});
}

const at = (sorted, part) => Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)) / 10;
const told = (name, list) => {
	const sorted = [...list].sort((a, b) => a - b);
	console.log(`        ${name}: p50 ${at(sorted, 0.5)} ms, p99 ${at(sorted, 0.99)} ms, most ${at(sorted, 1)} ms (${sorted.length})`);
	return sorted;
};

/* cards by column, as a page shows their numbers */
const shown = (page) => page.locator('[data-column]').evaluateAll((all) => Object.fromEntries(all.map((one) => [one.dataset.column, one.querySelector('.column-count')?.textContent])));
const tops = (page) => page.locator('[data-column]').evaluateAll((all) => Object.fromEntries(all.map((one) =>
	[one.dataset.column, [...one.querySelectorAll('[data-card]')].sort((a, b) => Number(a.ariaPosInSet) - Number(b.ariaPosInSet)).slice(0, 4).map((card) => card.dataset.card).join()])));

export async function tell() {
	crmctl('workspace', 'add', SLUG, '--preset', 'dynamics', '--name', 'Storm');
	const ans = person('ans@storm.example', 'Ans Storm', '--workspace', SLUG, '--role', 'owner');
	const bas = person('bas@storm.example', 'Bas Storm', '--workspace', SLUG, '--role', 'owner');
	await story(`N7: ${MOVES} moves before two browsers and ${STREAMS} streams: none is lost, all boards are the same at the end`, async () => {
		const seed = await enter(ans, '/help');
		const ids = [];
		for (let n = 0; n < CARDS; n++) {
			const reply = await api(seed, 'POST', `/api/crm/deals?workspace=${SLUG}`, { title: `Storm ${n}`, stage: STAGES[n % STAGES.length] });
			ids.push((await reply.json()).id);
		}
		const pages = [await enter(ans, board(SLUG)), await enter(bas, board(SLUG))];
		for (const page of pages) {
			await page.locator('.live-open').waitFor();
			await page.locator('[data-column]').first().waitFor();
			/* when a card first stood in a column */
			await page.evaluate(() => {
				window.seen = [];
				new MutationObserver((changes) => {
					const now = performance.timeOrigin + performance.now();
					for (const change of changes)
						for (const node of change.addedNodes)
							if (node instanceof HTMLElement && node.dataset.card)
								window.seen.push([node.dataset.card, node.closest('[data-column]')?.dataset.column, now]);
				}).observe(document.querySelector('.rail'), { childList: true, subtree: true });
			});
		}
		const heard = Array.from({ length: STREAMS }, () => new Map());
		const leave = [];
		for (let n = 0; n < STREAMS; n += EACH) {
			const who = person(`hoorder${n}@storm.example`, `Hoorder ${n}`, '--workspace', SLUG, '--role', 'sales');
			const reply = await fetch(`${base}/api/login`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: base }, body: JSON.stringify({ email: who.email, password: who.password }) });
			check(reply.ok, `${who.email} could not log in: ${reply.status}`);
			const cookie = reply.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
			leave.push(...await Promise.all(heard.slice(n, n + EACH).map((map) => listen(cookie, map))));
		}

		const moves = [];
		const where = new Map(ids.map((id, n) => [id, n % STAGES.length]));
		const began = Date.now();
		for (let n = 0; n < MOVES; n++) {
			const id = ids[n * 7 % CARDS];
			const to = (where.get(id) + 1) % STAGES.length;
			where.set(id, to);
			const asked = performance.timeOrigin + performance.now();
			const reply = await api(seed, 'POST', `/api/crm/opportunities/${id}/stage`, { stage: STAGES[to] });
			const answered = performance.timeOrigin + performance.now();
			check(reply.status() === 200, `a move is refused: ${reply.status()} ${await reply.text()}`);
			moves.push({ id, stage: STAGES[to], version: (await reply.json()).version, asked, answered });
			/* as fast as people and programs move cards together, not as fast as one can */
			await seed.waitForTimeout(Math.max(0, PACE_MS - (answered - asked)));
		}
		console.log(`        ${MOVES} moves in ${Date.now() - began} ms`);
		await until('every stream has heard every move', () => heard.every((map) => map.size === MOVES), 30000);
		const spread = moves.flatMap((move) => heard.map((map) => map.get(`${move.id} ${move.version}`) - move.answered));
		told('asked to answered', moves.map((move) => move.answered - move.asked));
		told('answered (committed) to heard by a stream', spread.map((ms) => Math.max(0, ms)));
		told('asked to heard by a stream', moves.flatMap((move) => heard.map((map) => map.get(`${move.id} ${move.version}`) - move.asked)));

		/* both boards, and the server, say the same */
		const counts = Object.fromEntries((await (await api(seed, 'GET', `/api/crm/count?workspace=${SLUG}`)).json()).data.map((row) => [row.key, String(row.count)]));
		const [pipeline] = (await (await api(seed, 'GET', `/api/crm/pipeline?workspace=${SLUG}&limit=200`)).json()).data;
		const first = Object.fromEntries(pipeline.stages.map((stage) => [stage.key, stage.cards.slice(0, 4).map((one) => one.id).join()]));
		for (const page of pages) {
			await until('the board counts as the server does', async () => {
				const have = await shown(page);
				return STAGES.every((stage) => have[stage] === counts[stage]);
			}, 10000);
			await until('its cards stand where the server has them', async () => {
				const have = await tops(page);
				return STAGES.every((stage) => have[stage] === first[stage]);
			}, 10000).catch(async (fault) => { equal(await tops(page), first, 'the boards differ:'); throw fault; });
		}
		for (const [name, page] of [['the first board', pages[0]], ['the other board', pages[1]]]) {
			const seen = await page.evaluate(() => window.seen);
			const drawn = moves.flatMap((move) => {
				const found = seen.find(([id, column, when]) => id === move.id && column === move.stage && when >= move.asked);
				return found ? [Math.max(0, found[2] - move.answered)] : [];
			});
			told(`answered (committed) to drawn on ${name}`, drawn);
			check(drawn.length >= MOVES * 0.95, `${name} drew ${drawn.length} of ${MOVES} moves`);
		}
		for (const one of leave)
			one();
	});
}
