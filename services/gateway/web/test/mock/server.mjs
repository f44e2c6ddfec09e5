/* A gateway for UI work without the daemons: `npm run mock [PORT] [DEALS]` serves dist/ and the HTTP contract with
   made-up data, a live stream included. Log in as sanne@bureau.example (all workspaces) or klant@bakkerij.example (one)
   with any password but "wrong". POST /mock/lead makes a lead; /mock/refuse makes the next move a 409; /mock/end ends
   the sessions. Never part of the product and never used by the tests under tests/. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { build, iso, make, users } from './data.mjs';

const port = Number(process.argv[2] ?? 9110);
const db = build(Number(process.argv[3] ?? 60));
const dist = new URL('../../dist', import.meta.url).pathname;
const sessions = new Map();
const streams = new Set();
let refuse = false;
let serial = 0;

const chunk = (type, data) => {
	const body = Buffer.concat([Buffer.from(type), data]);
	const out = Buffer.alloc(body.length + 8);
	out.writeUInt32BE(data.length);
	body.copy(out, 4);
	out.writeUInt32BE(crc32 ? crc32(body) : 0, body.length + 4);
	return out;
};
const PNG = (() => {
	const w = 480, h = 320, rows = Buffer.alloc((w * 3 + 1) * h);
	for (let y = 0; y < h; y++)
		for (let x = 0; x < w; x++) {
			const hill = y > 210 + 40 * Math.sin(x / 60);
			rows.set(hill ? [58, 120 - y / 8, 90] : [150 + y / 3, 190, 240 - y / 4], y * (w * 3 + 1) + 1 + x * 3);
		}
	const head = Buffer.alloc(13);
	head.writeUInt32BE(w); head.writeUInt32BE(h, 4); head.set([8, 2, 0, 0, 0], 8);
	return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
})();
const PDF = (() => {
	const text = 'BT /F1 28 Tf 72 740 Td (Plan verbouwing) Tj 0 -40 Td /F1 14 Tf (Begane grond, 1:50) Tj ET 72 300 450 350 re S 250 300 0 350 re S';
	const parts = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
		`<</Length ${text.length}>>stream\n${text}\nendstream`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
	let out = '%PDF-1.4\n';
	const at = parts.map((part, i) => { const here = out.length; out += `${i + 1} 0 obj${part}endobj\n`; return here; });
	const xref = out.length;
	out += `xref\n0 6\n0000000000 65535 f \n${at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF`;
	return Buffer.from(out);
})();

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json' };
const json = (res, status, body, headers = {}) => {
	res.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers });
	res.end(body === null ? '' : JSON.stringify(body));
};
const problem = (res, status, code, detail = '', errors = []) => json(res, status, { type: 'about:blank', title: code, status, code, detail, errors });
const cookie = (req) => /(?:^|; )mock=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
const sumsOf = (deals) => {
	const cents = new Map();
	for (const { value } of deals)
		if (value)
			cents.set(value.currency, (cents.get(value.currency) ?? 0n) + BigInt(value.amount.replace('.', '')));
	return [...cents].map(([currency, n]) => ({ currency, amount: `${n / 100n}.${String(n % 100n).padStart(2, '0')}` }));
};
const newest = (a, b) => a.stage_since < b.stage_since ? 1 : -1;
const page = (rows, after, limit) => {
	const start = after ? Number(after) : 0;
	return { data: rows.slice(start, start + limit), next: start + limit < rows.length ? String(start + limit) : null };
};

function emit(type, workspace, subject, data, correlation = null, actor = null) {
	const event = { specversion: '1.0', id: randomUUID(), source: 'pipeline', type, subject, time: iso(Date.now()), workspace, lane: 0, sequence: ++serial, correlation, causation: null, actor, data };
	for (const stream of streams)
		if (stream.spaces.has(workspace))
			stream.res.write(`event: ${type}\ndata: ${JSON.stringify(event)}\n\n`);
}

const textOf = (value) => value && typeof value === 'object' ? `${value.amount} ${value.currency}` : value ?? undefined;

function note(deal, type, actor, data) {
	db.timelines.get(deal.id).unshift({ id: randomUUID(), at: iso(Date.now()), type, actor, data });
}

function newLead(workspace, body, key, actor) {
	const pipeline = db.pipelines.find((one) => one.workspace_id === workspace.id);
	const { deal, lead } = make(db, workspace, {
		person: body.name, company: body.company ?? null, form: body.form_type ?? 'Lead', stage: pipeline.stages[0], at: Date.now(), source: body.source ?? 'web_form', owner: body.owner_id ?? null,
		value: null, close: null, files: body.files ?? 0, message: body.message ?? null, email: body.email, phone: body.phone,
	});
	emit('lead.created', workspace.id, lead.id, { lead_id: lead.id, name: lead.name }, key, actor);
	emit('deal.created', workspace.id, deal.id, { deal_id: deal.id, ...deal }, key, actor);
	return { deal, lead };
}

async function readBody(req) {
	const parts = [];
	for await (const part of req)
		parts.push(part);
	return parts.length ? JSON.parse(Buffer.concat(parts).toString()) : {};
}

function move(res, deal, body, key, user) {
	const pipeline = db.pipelines.find((one) => one.workspace_id === deal.workspace_id);
	const to = pipeline.stages.find((one) => one.id === body.stage || one.key === body.stage);
	if (!to)
		return problem(res, 404, 'stage_not_found');
	if (refuse) {
		refuse = false;
		Object.assign(deal, { stage_id: pipeline.stages[3].id, version: deal.version + 1, stage_since: iso(Date.now()) });
		return problem(res, 409, 'deal_changed');
	}
	if (body.version !== undefined && body.version !== deal.version)
		return problem(res, 409, 'deal_changed');
	if (pipeline.move_mode === 'note_required' && !body.note)
		return problem(res, 422, 'note_required');
	const from = deal.stage_id;
	Object.assign(deal, { stage_id: to.id, version: deal.version + 1, stage_since: iso(Date.now()) });
	const data = { deal_id: deal.id, from_id: from, to_id: to.id, closed: to.kind !== 'open', version: deal.version, owner_id: deal.owner_id, note: body.note ?? null };
	note(deal, 'deal.stage_changed', { id: user.id, name: user.name }, data);
	emit('deal.stage_changed', deal.workspace_id, deal.id, data, key, user.id);
	return json(res, 200, { id: deal.id, version: deal.version, stage_id: to.id });
}

async function api(req, res, url) {
	const path = url.pathname;
	const body = req.method === 'GET' ? {} : await readBody(req);
	if (path === '/api/login') {
		const user = users.find((one) => one.email === body.email);
		if (!user || body.password === 'wrong')
			return problem(res, 401, 'login_failed');
		const id = randomUUID();
		sessions.set(id, { user, prefs: { language: null, theme: null, single_keys: true } });
		return json(res, 200, meOf(sessions.get(id)), { 'Set-Cookie': `mock=${id}; Path=/; HttpOnly` });
	}
	const session = sessions.get(cookie(req));
	if (!session)
		return problem(res, 401, 'not_logged_in');
	const { user } = session;
	const mine = spacesOf(session);
	const wanted = url.searchParams.get('workspace');
	const spaces = wanted ? mine.filter((one) => one.slug === wanted || one.id === wanted) : mine;
	const inside = new Set(spaces.map((one) => one.id));
	const key = req.headers['idempotency-key'] ?? null;
	const limit = Math.min(200, Number(url.searchParams.get('limit') ?? 50));
	const after = url.searchParams.get('after');
	const q = (url.searchParams.get('q') ?? '').toLowerCase();
	const find = (id) => [...db.deals.values()].find((deal) => inside.has(deal.workspace_id) && (deal.id === id || String(deal.number) === id));
	const full = (deal) => {
		const stage = db.pipelines.flatMap((one) => one.stages).find((one) => one.id === deal.stage_id);
		return { ...deal, stage_key: stage.key, probability: stage.probability };
	};
	if (path === '/api/logout') {
		sessions.delete(cookie(req));
		return json(res, 204, null);
	}
	if (path === '/api/me') {
		if (req.method === 'PUT')
			Object.assign(session.prefs, body);
		return json(res, 200, meOf(session));
	}
	if (path === '/api/crm/members')
		return json(res, 200, { data: users });
	if (path === '/api/crm/stream') {
		res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
		res.write(':\n\n');
		const stream = { res, spaces: new Set(mine.map((one) => one.id)), session: cookie(req) };
		streams.add(stream);
		req.on('close', () => streams.delete(stream));
		return undefined;
	}
	if (path === '/api/crm/pipeline' || path === '/api/crm/count') {
		const pipelines = db.pipelines.filter((one) => inside.has(one.workspace_id)).map((pipeline) => ({
			...pipeline, stages: pipeline.stages.map((stage) => {
				const deals = [...db.deals.values()].filter((deal) => deal.stage_id === stage.id).sort(newest);
				const first = page(deals, null, 100);
				return { ...stage, count: deals.length, sums: sumsOf(deals), cards: first.data, next: first.next };
			}),
		}));
		if (path.endsWith('count'))
			return json(res, 200, { data: pipelines.flatMap((one) => one.stages.map((stage) => ({ workspace_id: one.workspace_id, stage_id: stage.id, key: stage.key, count: stage.count, sums: stage.sums }))) });
		return json(res, 200, { data: pipelines });
	}
	if (path === '/api/crm/deals' || path === '/api/crm/opportunities') {
		const stage = url.searchParams.get('stage');
		const rows = [...db.deals.values()].filter((deal) => inside.has(deal.workspace_id) && (!stage || deal.stage_id === stage) && (!q || `${deal.title} ${deal.company} ${deal.contact_name}`.toLowerCase().includes(q))).sort(newest);
		return json(res, 200, page(rows, after, limit));
	}
	if (path === '/api/crm/leads' && req.method === 'GET') {
		const status = url.searchParams.get('status');
		const rows = [...db.leads.values()].filter((lead) => inside.has(lead.workspace_id) && (!status || lead.status === status) && (!q || `${lead.name} ${lead.company} ${lead.email}`.toLowerCase().includes(q)))
			.sort((a, b) => a.created_at < b.created_at ? 1 : -1);
		return json(res, 200, page(rows, after, limit));
	}
	if (path === '/api/crm/leads') {
		if (spaces.length !== 1)
			return problem(res, 422, 'workspace_required');
		if (!body.name)
			return problem(res, 422, 'invalid', '', [{ pointer: '/name', detail: 'missing' }]);
		const made = newLead(spaces[0], body, key, user.id);
		return json(res, 201, { id: made.lead.id, number: made.lead.number, version: 1 });
	}
	const person = /^\/api\/crm\/(contacts|leads)\/([^/]+)$/.exec(path);
	if (person) {
		const lead = [...db.leads.values()].find((one) => inside.has(one.workspace_id) && (person[1] === 'contacts' ? one.contact_id : one.id) === person[2]);
		return lead ? json(res, 200, lead) : problem(res, 404, 'not_found');
	}
	let found = /^\/api\/crm\/(?:opportunity|opportunities|deals)\/([^/]+)(\/\w+)?$/.exec(path);
	if (found) {
		const deal = find(found[1]);
		if (!deal)
			return problem(res, 404, 'deal_not_found');
		if (found[2] === '/stage')
			return move(res, deal, body, key, user);
		if (found[2] === '/timeline')
			return json(res, 200, page(db.timelines.get(deal.id), after, 20));
		if (found[2] === '/files')
			return json(res, 200, { data: db.files.get(deal.id) });
		if (req.method === 'PUT') {
			const changes = ['title', 'value', 'owner_id', 'close_date'].filter((field) => field in body).map((field) => ({ field, old: textOf(deal[field]), new: textOf(body[field]) }));
			const { version: _version, ...set } = body;
			Object.assign(deal, set, { version: deal.version + 1 });
			note(deal, 'deal.updated', { id: user.id, name: user.name }, { deal_id: deal.id, changes });
			emit('deal.updated', deal.workspace_id, deal.id, { deal_id: deal.id, version: deal.version, changes }, key, user.id);
			return json(res, 200, { id: deal.id, version: deal.version });
		}
		return json(res, 200, full(deal));
	}
	found = /^\/api\/crm\/files\/(img|pdf)-/.exec(path);
	if (found) {
		const inline = url.searchParams.has('inline');
		res.writeHead(200, { 'Content-Type': found[1] === 'img' ? 'image/png' : 'application/pdf', 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': 'sandbox', 'Content-Disposition': inline ? 'inline' : 'attachment' });
		return res.end(found[1] === 'img' ? PNG : PDF);
	}
	return problem(res, 404, 'not_found');
}

const spacesOf = ({ user }) => user.role === 'client' ? db.workspaces.slice(0, 1).map((one) => ({ ...one, role: 'client' })) : db.workspaces;
const meOf = (session) => ({
	user: { id: session.user.id, name: session.user.name, email: session.user.email, ...session.prefs },
	agency: { id: 'a', name: 'Bureau Noord', admin: session.user.role !== 'client' }, workspaces: spacesOf(session), allowed_sections: ['crm'],
});

async function mock(req, res, url) {
	const body = await readBody(req);
	const workspace = db.workspaces.find((one) => one.slug === (body.workspace ?? 'bakkerij-jansen'));
	switch (url.pathname) {
	case '/mock/lead': { const { deal } = newLead(workspace, { name: 'Piet de Vries', ...body }, randomUUID(), null); return json(res, 200, { id: deal.id }); }
	case '/mock/refuse': refuse = true; return json(res, 200, {});
	case '/mock/move': {
		const deals = [...db.deals.values()].filter((deal) => deal.workspace_id === workspace.id);
		const pipeline = db.pipelines.find((one) => one.workspace_id === workspace.id);
		const deal = deals.find((one) => one.id === body.id) ?? deals.filter((one) => one.stage_id === pipeline.stages[body.from ?? 0].id).sort(newest)[0];
		return move(res, deal, { stage: pipeline.stages[body.to ?? 1].key, note: 'x' }, randomUUID(), users[1]);
	}
	case '/mock/end':
		sessions.clear();
		for (const { res: stream } of streams)
			stream.end('event: bye\ndata: {"reason":"ended"}\n\n');
		return json(res, 200, {});
	case '/mock/cut': for (const { res: stream } of streams) stream.destroy(); return json(res, 200, {});
	default: return problem(res, 404, 'not_found');
	}
}

function file(req, res, url) {
	let path = join(dist, normalize(url.pathname));
	if (!extname(path) || !existsSync(path))
		path = extname(path) ? '' : join(dist, 'index.html');
	if (!path || !path.startsWith(dist) || !existsSync(path))
		return problem(res, 404, 'not_found');
	const headers = { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' };
	if (path.endsWith('.html') && existsSync(join(dist, 'csp.txt')))
		headers['Content-Security-Policy'] = readFileSync(join(dist, 'csp.txt'), 'utf8').trim();
	res.writeHead(200, headers);
	return res.end(readFileSync(path));
}

createServer((req, res) => {
	const url = new URL(req.url, 'http://mock');
	const answer = url.pathname.startsWith('/api/') ? api(req, res, url) : url.pathname.startsWith('/mock/') ? mock(req, res, url) : Promise.resolve(file(req, res, url));
	answer.catch((fault) => { console.error(fault); problem(res, 500, 'fault'); });
}).listen(port, '127.0.0.1', () => console.log(`mock gateway on http://127.0.0.1:${port}`));
