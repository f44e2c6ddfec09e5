/* Believable data for the mock gateway: five workspaces, one per preset, made from a fixed seed so that a screenshot
   today equals one tomorrow. Nothing here is used by the product. */
import { randomUUID } from 'node:crypto';

let seed = 20261121;
const random = () => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed / 0x7fffffff; };
const pick = (list) => list[Math.floor(random() * list.length)];
const DAY = 86_400_000;

const stage = (key, kind, en, nl, probability, colour, qualified = false) => ({ key, kind, label: { en, nl }, probability, colour, qualified });
const PRESETS = {
	'nl-offerte-6': [
		stage('new', 'open', 'New request', 'Nieuwe aanvraag', 10, 'grey'), stage('contacted', 'open', 'Contacted', 'Contact opgenomen', 25, 'blue'),
		stage('quoted', 'open', 'Quote sent', 'Offerte verstuurd', 50, 'purple'), stage('negotiation', 'open', 'Negotiation', 'In onderhandeling', 75, 'orange'),
		stage('won', 'won', 'Won', 'Gewonnen', 100, 'green'), stage('lost', 'lost', 'Lost', 'Verloren', 0, 'red')],
	'classic-6': [
		stage('lead', 'open', 'Lead', 'Lead', 10, 'grey'), stage('qualified', 'open', 'Qualified', 'Gekwalificeerd', 30, 'blue', true),
		stage('proposal', 'open', 'Proposal', 'Voorstel', 50, 'purple'), stage('negotiation', 'open', 'Negotiation', 'Onderhandeling', 75, 'orange'),
		stage('won', 'won', 'Won', 'Gewonnen', 100, 'green'), stage('lost', 'lost', 'Lost', 'Verloren', 0, 'red')],
	'follow-up': [
		stage('new', 'open', 'New', 'Nieuw', 5, 'grey'), stage('contacted', 'open', 'Contacted', 'Benaderd', 15, 'blue'), stage('interested', 'open', 'Interested', 'Geïnteresseerd', 35, 'purple'),
		stage('negotiation', 'open', 'Negotiation', 'Onderhandeling', 60, 'orange'), stage('onboarding', 'open', 'Onboarding', 'Onboarding', 85, 'blue'),
		stage('won', 'won', 'Won', 'Gewonnen', 100, 'green'), stage('lost', 'lost', 'Lost', 'Verloren', 0, 'red')],
	'commerce': [
		stage('new', 'open', 'New', 'Nieuw', 10, 'grey'), stage('qualified', 'open', 'Qualified', 'Gekwalificeerd', 30, 'blue'), stage('proposal', 'open', 'Proposal', 'Voorstel', 60, 'purple'),
		stage('won', 'won', 'Won', 'Gewonnen', 100, 'green'), stage('lost', 'lost', 'Lost', 'Verloren', 0, 'red')],
};
const SPACES = [
	['bakkerij-jansen', 'Bakkerij Jansen', 'nl-offerte-6', 'nl', 'instant'],
	['polder-it', 'Polder IT', 'classic-6', 'classic', 'locked'],
	['vesting-cargo', 'Vesting Cargo', 'follow-up', 'shipping', 'note_required'],
	['noorder-energie', 'Noorder Energie', 'classic-6', 'dynamics', 'instant'],
	['gouden-winkel', 'Gouden Winkel', 'commerce', 'commerce', 'instant'],
	['leeg', 'Nieuwe Klant', 'nl-offerte-6', 'nl', 'instant'],
];
const FIRST = ['Piet', 'Iris', 'Bram', 'Fleur', 'Youssef', 'Anna', 'Sem', 'Julia', 'Daan', 'Tess', 'Ruben', 'Amira', 'Finn', 'Lotte', 'Thijs', 'Noor', 'Jan', 'Sanne'];
const LAST = ['de Vries', 'Yilmaz', 'Meijer', 'Schouten', 'El Amrani', 'Hendriks', 'Bos', 'de Boer', 'van Dijk', 'Brouwer', 'Smit', 'de Wit', 'Mulder', 'Visser', 'Jansen', 'Peters'];
const COMPANY = ['Delta Techniek', 'Molen Zorg', 'Atlas Energie', 'Linde Logistiek', 'Brug Interieur', 'Haven Textiel', 'Duin Media', 'Zilver Foods', 'Blauwe Software', 'Polder Retail', 'Groene Bouw', 'Noorder Transport'];
const FORM = ['Offerteaanvraag', 'Contact', 'Terugbelverzoek', 'Demo', 'Bruidstaart', 'Zakelijke lunch', 'Webshop koppeling', 'Onderhoudscontract'];
const SOURCE = ['web_form', 'web_form', 'web_form', 'whatsapp', 'chat', 'referral', 'event', 'manual', 'api'];
const MESSAGE = ['Graag een prijs voor 120 broodjes, elke vrijdag.', 'Kunt u mij terugbellen over de levertijd?', 'Wij zoeken een vaste partner voor volgend jaar.\nHet gaat om drie vestigingen.', 'Zie de tekening in de bijlage.'];

export const users = [
	{ id: randomUUID(), name: 'Sanne de Vries', email: 'sanne@bureau.example', role: 'owner', active: true },
	{ id: randomUUID(), name: 'Daan Bakker', email: 'daan@bureau.example', role: 'sales', active: true },
	{ id: randomUUID(), name: 'Mila Smit', email: 'mila@bureau.example', role: 'sales', active: true },
	{ id: randomUUID(), name: 'Noah Visser', email: 'noah@bureau.example', role: 'manager', active: true },
	{ id: randomUUID(), name: 'Klant Jansen', email: 'klant@bakkerij.example', role: 'client', active: true },
];

export const iso = (ms) => new Date(ms).toISOString().replace('Z', '000Z');

export function build(perSpace = 60) {
	const db = { workspaces: [], pipelines: [], deals: new Map(), leads: new Map(), timelines: new Map(), files: new Map() };
	const now = Date.now();
	for (const [slug, name, preset, profile, move] of SPACES) {
		const workspace = { id: randomUUID(), slug, name, preset, language: 'nl', currency: 'EUR', timezone: 'Europe/Amsterdam', label_profile: profile, landing: 'board', role: 'owner', permissions: ['crm-view', 'crm-edit'] };
		const pipeline = { workspace_id: workspace.id, id: randomUUID(), key: 'sales', label: { en: 'Sales', nl: 'Verkoop' }, move_mode: move,
			stages: PRESETS[preset].map((one, at) => ({ ...one, id: randomUUID(), position: at + 1 })) };
		db.workspaces.push(workspace);
		db.pipelines.push(pipeline);
		const amount = slug === 'leeg' ? 0 : slug === 'bakkerij-jansen' ? perSpace : Math.min(perSpace, 60);
		for (let at = 0; at < amount; at++) {
			const person = `${pick(FIRST)} ${pick(LAST)}`;
			const company = random() < .62 ? `${pick(COMPANY)} ${pick(['B.V.', 'Groep', 'Nederland', '& Zn.'])}` : null;
			const weights = pipeline.stages.length;
			const where = pipeline.stages[Math.min(weights - 1, Math.floor(random() ** 1.5 * weights))];
			const age = Math.floor(random() ** 2 * 46 * DAY) + at * 60_000;
			make(db, workspace, {
				person, company, form: pick(FORM), stage: where, at: now - age, source: pick(SOURCE), owner: random() < .85 ? pick(users.slice(0, 4)).id : null,
				value: random() < .72 ? { amount: `${Math.floor(random() ** 2 * 42000) + 180}.${pick(['00', '00', '50', '95'])}`, currency: random() < .06 ? 'USD' : 'EUR' } : null,
				close: where.kind === 'open' && random() < .45 ? new Date(now + (random() - .3) * 30 * DAY).toISOString().slice(0, 10) : null,
				files: random() < .16 ? 2 : 0, message: random() < .6 ? pick(MESSAGE) : null,
			});
		}
	}
	return db;
}

let number = 100;
export function make(db, workspace, it) {
	const id = randomUUID();
	const lead = randomUUID();
	const contact = randomUUID();
	const email = `${it.person.toLowerCase().replace(/[^a-z]+/g, '.')}@example.nl`;
	const phone = `+316${String(10_000_000 + Math.floor(random() * 89_999_999))}`;
	const pipeline = db.pipelines.find((one) => one.workspace_id === workspace.id);
	const deal = {
		id, workspace_id: workspace.id, number: ++number, title: `${it.person} — ${it.form}`, stage_id: it.stage.id, contact_id: contact, contact_name: it.person, company: it.company,
		value: it.value, owner_id: it.owner, lead_id: lead, source: it.source, version: 2, created_at: iso(it.at), stage_since: iso(it.at + 3000), close_date: it.close ?? null, files: it.files,
		email: it.email ?? email, phone: it.phone ?? phone, notes: null,
	};
	db.deals.set(id, deal);
	db.leads.set(lead, {
		id: lead, workspace_id: workspace.id, number, name: it.person, company: it.company, email: it.email ?? email, phone: it.phone ?? phone, source: it.source, source_id: null, form_type: it.form,
		status: it.stage.position > 2 ? 'Qualified' : it.stage.position === 2 ? 'Contacted' : 'New', message: it.message, fields: {}, owner_id: it.owner, contact_id: contact, deal_id: id, created_at: iso(it.at), version: 1,
	});
	const line = (at, type, actor, data) => ({ id: randomUUID(), at: iso(at), type, actor, data });
	const first = pipeline.stages[0];
	const story = [
		line(it.at, 'lead.created', null, { source: it.source, message: it.message, form_type: it.form, name: it.person }),
		line(it.at + 12, 'deal.created', null, { deal_id: id, stage_id: first.id, title: deal.title }),
		line(it.at + 20, 'contact.created', null, { contact_id: contact, name: it.person }),
		line(it.at + 24, 'lead.contact_linked', null, { lead_id: lead, contact_id: contact, name: it.person }),
	];
	if (it.stage !== first) {
		const who = users[number % 4];
		story.push(line(it.at + 3600_000, 'contact.updated', null, { contact_id: contact, changes: [{ field: 'phone', old: '+31 6 12345678', new: phone }, { field: 'company', old: null, new: it.company }] }));
		story.push(line(it.at + 7200_000, 'deal.stage_changed', { id: who.id, name: who.name }, { deal_id: id, from_id: first.id, to_id: it.stage.id, note: number % 3 ? null : 'Gebeld, wil graag een voorstel per e-mail.' }));
		if (it.value)
			story.push(line(it.at + 7300_000, 'deal.updated', { id: who.id, name: who.name }, { deal_id: id, changes: [{ field: 'value', new: `${it.value.amount} ${it.value.currency}` }] }));
	}
	db.timelines.set(id, story.reverse());
	db.files.set(id, it.files ? [
		{ id: `img-${id}`, name: 'foto.png', type: 'image/png', size: 48_213, sha256: '', at: iso(it.at) },
		{ id: `pdf-${id}`, name: 'plan.pdf', type: 'application/pdf', size: 912, sha256: '', at: iso(it.at) },
	] : []);
	return { deal, lead: db.leads.get(lead) };
}
