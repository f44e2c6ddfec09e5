/* OpenAPI and AsyncAPI: valid by the official schemas, whole (every reference resolves, every route of routes.def is there with a summary and its
 * refusals), and true: what a live house answers and says fits them, with no member that they do not know. Must never pass by having looked at nothing. */
import { createECDH, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import asyncapi from '@asyncapi/specs'
import Ajv from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

const [base, folder] = process.argv.slice(2)
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))
const open = read('openapi.json')
const said = read('asyncapi.json')
const logins = read('logins.json').data

let passed = 0
let failed = 0
const check = (good, what, detail) => {
	if (good) passed++
	else {
		failed++
		console.log(`FAILED ${what}${detail === undefined ? '' : `: ${JSON.stringify(detail)?.slice(0, 600)}`}`)
	}
}
const copy = (value) => JSON.parse(JSON.stringify(value))

/* ---- by the official schemas ---- */

const openValid = async (document) => (await new Validator().validate(copy(document))).valid
const openAnswer = await new Validator().validate(copy(open))
check(openAnswer.valid && open.openapi.startsWith('3.1.'), 'OpenAPI 3.1 by its official schema', openAnswer.errors)
const broken = copy(open)
delete broken.info
check(!(await openValid(broken)), 'a document without its info is no OpenAPI')
const nowhere = copy(open)
Object.values(nowhere.paths)[0].post.responses = 'none'
check(!(await openValid(nowhere)), 'a document whose responses are a word is no OpenAPI')

const asyncSchema = asyncapi.schemasWithoutId['3.0.0']
const asyncCheck = formats(new Ajv({ strict: false, allErrors: true, validateFormats: false })).compile(asyncSchema)
check(asyncCheck(said) && said.asyncapi === '3.0.0', 'AsyncAPI 3.0 by its official schema', asyncCheck.errors?.slice(0, 5))
check(!asyncCheck({ ...said, channels: 'none' }), 'a document whose channels are a word is no AsyncAPI')

/* ---- whole ---- */

const at = (document, ref) =>
	ref
		.slice(2)
		.split('/')
		.reduce((place, part) => place?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document)
const refs = (value, found = []) => {
	if (value && typeof value === 'object')
		for (const [key, inner] of Object.entries(value))
			if (key === '$ref') found.push(inner)
			else refs(inner, found)
	return found
}
for (const document of [open, said]) {
	const all = refs(document)
	const lost = all.filter((ref) => !ref.startsWith('#/') || at(document, ref) === undefined)
	check(all.length > 50 && !lost.length, `every reference of ${document.info.title} resolves`, lost)
}

const routes = [...readFileSync('services/gateway/routes.def', 'utf8').matchAll(/^ROUTE \((\w+), "([^"]+)", (\w+), (\w+)/gm)].map(
	([, method, path, record, permission]) => ({ method: method.toLowerCase(), path, record, permission, open: path.replace(/:(\w+)/, '{$1}') }),
)
check(routes.length > 70, 'routes.def was read', routes.length)
for (const route of routes) {
	const told = open.paths[route.open]?.[route.method]
	const refusals = Object.keys(told?.responses ?? {}).filter((status) => /^[45]/.test(status))
	const wanted = ['503', ...(route.permission === 'public' ? [] : ['401']), ...(route.method === 'get' ? [] : ['422'])]
	check(
		told?.summary && told.responses.default && wanted.every((status) => refusals.includes(status)),
		`${route.method} ${route.path} has a summary and its refusals`,
		refusals,
	)
}

/* ---- true: what is answered ---- */

/* No member that the schema does not know. */
const closed = (value) => {
	if (!value || typeof value !== 'object') return value
	const ret = Array.isArray(value) ? value.map(closed) : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]))
	if (ret.type === 'object' && ret.properties && !Array.isArray(ret.type)) ret.additionalProperties = false
	return ret
}
const ajv = formats(new Ajv2020({ strict: false, allErrors: true }))
ajv.addSchema({ $id: 'openapi', components: closed(open.components) })
const fits = (schema) => ajv.compile(JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"openapi#/')))

const headers = { Origin: base, 'Sec-Fetch-Site': 'same-origin' }
const logIn = async ({ email, password }) => {
	const answer = await fetch(`${base}/api/login`, {
		method: 'POST',
		headers: { ...headers, 'Content-Type': 'application/json' },
		body: JSON.stringify({ email, password }),
	})
	return { cookie: answer.headers.get('set-cookie').split(';')[0], me: await answer.json() }
}
const admin = await logIn(logins.at(-1))
const asked = async (path, init = {}) => {
	const answer = await fetch(base + path, { ...init, headers: { ...headers, Cookie: admin.cookie, ...init.headers } })
	const json = (answer.headers.get('content-type') ?? '').includes('json')
	return { status: answer.status, body: json ? await answer.json() : await answer.text() }
}
const write = (method, path, body) => asked(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })

/* so that lists have something of everything */
const slug = 'bakkerij-jansen'
await write('POST', `/api/teams?workspace=${slug}`, { name: 'Winkel' })
await write('POST', `/api/keys?workspace=${slug}`, { name: 'Koppeling', role: 'sales' })
const invited = await write('POST', `/api/users?workspace=${slug}`, { email: 'nieuw@bakkerij-jansen.example', name: 'Nieuw', role: 'sales' })
const made = await write('POST', '/api/workspaces', { name: 'Tweede zaak', preset: 'nl-offerte-6' })
const linked = await write('POST', `/api/users/${invited.body.id}/invite`, {})
const invitation = await write('POST', '/api/invite', { token: linked.body.invite?.url.split('#')[1] })
await write('POST', `/api/crm/fields?workspace=${slug}`, { kind: 'choice', label: { en: 'Size', nl: 'Formaat' }, choices: [{ key: 'klein', label: { en: 'Small', nl: 'Klein' } }] })
const withFile = (await asked(`/api/crm/deals?workspace=${slug}&limit=200`)).body.data.find((deal) => deal.files)
await write('PUT', `/api/crm/deals/${withFile.id}`, { annotations: 'Belt liever dan mailt' }) /* a line of its history */
await write('PUT', `/api/crm/leads/${withFile.lead_id}`, { company: 'Bakkerij' }) /* a lead that changed */
const thrown = await write('POST', `/api/crm/deals?workspace=${slug}`, { title: 'Weg' })
await write('DELETE', `/api/crm/deals/${thrown.body.id}`) /* the trash */
const conditions = { all: [{ field: 'created_at', op: 'filled' }] }
const segment = await write('POST', `/api/crm/segments?workspace=${slug}`, { name: 'Alles', of: 'lead', conditions })
const template = await write('POST', `/api/crm/mail/templates?workspace=${slug}`, { name: 'Welkom', subject_nl: 'Dag {{contact.first_name}}', text_nl: 'Over {{deal.title}}' })
const mailer = await write('POST', `/api/crm/mail/accounts?workspace=${slug}`, { kind: 'smtp', name: 'Kantoor', from_email: 'verkoop@zon.test', host: 'mail.zon.test' })
await write('POST', `/api/crm/mail/accounts/${mailer.body.id}/check`, {}) /* its records, of which nobody knows anything */
for (const end = Date.now() + 20000; !(await asked(`/api/crm/mail/accounts/${mailer.body.id}/records`)).body.looked_at && Date.now() < end; );
const mail = await write('POST', `/api/crm/mails?workspace=${slug}`, { to: [{ email: 'jan@klant.test' }], subject: 'Hallo', text: 'Dag', send_at: '2099-01-01T00:00:00Z' })
await fetch(`${base.replace(/:\d+$/, (port) => ':' + (Number(port.slice(1)) + 6))}/hooks/mail/${mailer.body.hook}/events`, { /* somebody wants no news: mailer's own door */
	method: 'POST',
	body: JSON.stringify([{ email: 'jan@klant.test', event: 'unsubscribe', sg_event_id: '1', timestamp: 1795256110, crm_message: mail.body.id, crm_recipient: '1' }]),
})
await asked(`/api/crm/mails/upload?workspace=${slug}`, { method: 'POST', body: 'From: X <x@vreemd.example>\r\nTo: info@zon.test\r\nSubject: Vraag\r\n\r\nHoi\r\n', headers: { 'Content-Type': 'message/rfc822' } }) /* belongs to nothing */
const aside = await asked(`/api/crm/mails/upload?workspace=${slug}`, { method: 'POST', body: 'From: Y <y@vreemd.example>\r\nTo: info@zon.test\r\nSubject: Reclame\r\n\r\nHoi\r\n', headers: { 'Content-Type': 'message/rfc822' } })
for (const end = Date.now() + 10000; (await asked(`/api/crm/mails/${aside.body.id}`)).status !== 200 && Date.now() < end; ); /* read in a moment */
await write('POST', `/api/crm/mails/${aside.body.id}/dismiss`, {}) /* set aside */
const { body: thread } = await asked(`/api/crm/mails/${(await write('POST', `/api/crm/mails?workspace=${slug}`, { contact_id: withFile.contact_id, to: [{ email: 'jan@klant.test' }], subject: 'Hallo', text: 'Dag', send_at: '2099-01-01T00:00:00Z' })).body.id}`) /* a conversation */
const twin = await write('POST', `/api/crm/contacts?workspace=${slug}`, { name: 'Tweeling Een', phone: '0612312312' })
const double = await write('POST', `/api/crm/contacts?workspace=${slug}`, { name: 'Tweeling Een', phone: '0612312312' })
const triple = await write('POST', `/api/crm/contacts?workspace=${slug}`, { name: 'Tweeling Een', phone: '0612312312' })
const joined = await write('POST', `/api/crm/contacts/${twin.body.id}/merge?workspace=${slug}`, { loser_id: double.body.id })
const binned = await write('POST', `/api/crm/contacts?workspace=${slug}`, { name: 'Weg Ermee' })
await write('DELETE', `/api/crm/contacts/${binned.body.id}?workspace=${slug}`) /* the trash */
const firmGone = await write('POST', `/api/crm/accounts?workspace=${slug}`, { name: 'Weg BV' })
await write('DELETE', `/api/crm/accounts/${firmGone.body.id}?workspace=${slug}`)
const firmToo = await write('POST', `/api/crm/accounts?workspace=${slug}`, { name: 'Tweeling BV' })
const tag = await write('POST', `/api/crm/tags?workspace=${slug}`, { label: 'Belangrijk', colour: 'teal' })
await write('PUT', `/api/crm/deals/${withFile.id}/tags`, { tags: [tag.body.id] })
await write('PUT', `/api/crm/contacts/${withFile.contact_id}/tags`, { tags: [tag.body.id] })
const firm = (await asked(`/api/crm/accounts?workspace=${slug}`)).body.data[0]
await write('PUT', `/api/crm/accounts/${firm.id}/tags`, { tags: [tag.body.id] })
const place = await write('POST', `/api/crm/locations?workspace=${slug}`, { account_id: firm.id, name: 'Bakkerij', type: 'headquarters' })
const brought = await asked(`/api/crm/imports?workspace=${slug}&name=mensen.csv`, { method: 'POST', body: 'voornaam,achternaam,e-mail\nPiet,Puk,piet@puk.example\nJan,,x\n', headers: { 'Content-Type': 'text/csv' } });
await write('POST', `/api/crm/imports/${brought.body.id}/check`, {});
for (let looks = 0; looks < 200 && (await asked(`/api/crm/imports/${brought.body.id}`)).body.state === 'checking'; looks++);
const put = (about) => asked(`/api/crm/files?workspace=${slug}&name=offerte.csv&${about}`, { method: 'POST', body: 'naam;prijs', headers: { 'Content-Type': 'text/csv' } })
await put(`contact_id=${withFile.contact_id}`)
await put(`account_id=${firm.id}`)
await write('POST', '/api/notifications/push', {
	endpoint: 'https://push.voorbeeld.example/een', p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: randomBytes(16).toString('base64url'),
	words: { lead: '{{name}}', reminder: '{{name}}', mention: '{{name}}', assigned: '{{name}}', many: '{{count}}' },
})
await write('PUT', '/api/me/prefs', { place: 'table', content: { sort: '-value' } })
await write('POST', `/api/crm/erasures?workspace=${slug}`, { email: 'niemand@vergeten.example' })
const view = await write('POST', `/api/crm/views?workspace=${slug}`, { name: 'Groot', place: 'deals', shared: true, content: { sort: '-value' } })
await write('POST', `/api/crm/activities?workspace=${slug}`, { kind: 'call', subject: 'Intro', lead_id: withFile.id, due_at: '2027-01-05T09:00:00Z' })
await put(`activity_id=${(await asked(`/api/crm/activities?workspace=${slug}`)).body.data[0].id}`)
await write('PUT', `/api/crm/contacts/${withFile.contact_id}`, { phone: '+31611111111' }) /* lines of their history */
await write('PUT', `/api/crm/accounts/${firm.id}`, { city: 'Delft' })
const rate = await write('POST', `/api/crm/rates?workspace=${slug}`, { currency: 'CHF', day: '2026-01-01', rate: '1.07' })
const owner = await logIn(logins[0]) /* gives the admin something: their bell rings */
await fetch(`${base}/api/crm/deals?workspace=${slug}`, {
	method: 'POST',
	headers: { ...headers, Cookie: owner.cookie, 'Content-Type': 'application/json' },
	body: JSON.stringify({ title: 'Voor de chef', owner_id: admin.me.user.id }),
})
await write('PUT', `/api/crm/company?workspace=${slug}`, { name: 'Bakkerij Jansen B.V.', street: 'Dorpsstraat 1', postcode: '1234 AB', city: 'Utrecht', country: 'NL', kvk: '12345678', vat_id: 'NL123456782B01', iban: 'NL91ABNA0417164300' })
await asked(`/api/crm/company/logo?workspace=${slug}`, { method: 'POST', body: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64'), headers: { 'Content-Type': 'image/png' } })
const item = await write('POST', `/api/crm/catalog?workspace=${slug}`, { code: 'B1', name_nl: 'Brood', prices: [{ price: '2.50', rate: '9' }] })
const buyer = { name: 'Klant BV', street: 'Laan 2', postcode: '5678 CD', city: 'Delft', country: 'NL', email: 'jan@klant.test' }
const goods = { deal_id: withFile.id, buyer, title: 'Brood', lines: [{ catalog_item_id: item.body.id, name: 'Brood', quantity: '10', price: '2.50', rate: '9' }] }
const quote = await write('POST', `/api/crm/quotes?workspace=${slug}`, goods)
await write('POST', `/api/crm/documents/${quote.body.id}/send?workspace=${slug}`, { mail: false })
await write('POST', `/api/crm/documents/${quote.body.id}/accept?workspace=${slug}`, { name: 'Jan' })
const order = await write('POST', `/api/crm/orders?workspace=${slug}`, { document_id: quote.body.id })
const bill = await write('POST', `/api/crm/invoices?workspace=${slug}`, goods)
await write('POST', `/api/crm/documents/${bill.body.id}/finalise?workspace=${slug}`, {})
await write('POST', `/api/crm/recurrences?workspace=${slug}`, { document_id: bill.body.id, every: 'month', next_on: '2099-01-01' })
const portal = (await asked(`/api/crm/documents/${bill.body.id}`)).body.portal.slice('/portal/'.length)
await write('POST', `/api/crm/payments?workspace=${slug}`, { document_id: bill.body.id, amount: { amount: '5.00', currency: 'EUR' } })
await write('POST', `/api/crm/pay/providers?workspace=${slug}`, { kind: 'mollie', name: 'Mollie', secret: 'test_x', active: true })
const attempt = await write('POST', `/api/portal/${portal}/pay`, {})
await asked(`/api/crm/statements?workspace=${slug}&name=afschrift.sta`, { method: 'POST', body: ':20:X\r\n:25:NL91ABNA0417164300EUR\r\n:28C:1/1\r\n:60F:C261101EUR0,00\r\n:61:2611021102C1,00NTRFNONREF\r\n:86:onbekend\r\n:62F:C261102EUR1,00\r\n-\r\n', headers: { 'Content-Type': 'application/octet-stream' } })
/* a rule that acts, one that does not, and what was decided: the first of them */
const when = { event: 'deal.created' }
const act = { do: 'deal_update', with: { deal_id: { fact: 'event.deal_id' }, notes: 'Meteen bellen' } }
const rule = await write('POST', `/api/crm/rules?workspace=${slug}`, { name: 'Bel meteen', enabled: true, body: { when, then: [act] } })
await write('POST', `/api/crm/rules?workspace=${slug}`, { name: 'Alleen Utrecht', enabled: true, body: { when, if: { all: [{ fact: 'deal.title', op: 'is', value: ['Utrecht'] }] }, then: [act] } })
await write('POST', `/api/crm/deals?workspace=${slug}`, { title: 'Met een regel' })
const decided = async () => (await asked(`/api/crm/decisions?workspace=${slug}&rule_id=${rule.body.id}`)).body.data.find(({ firings }) => firings.some(({ state }) => state === 'done'))
for (const end = Date.now() + 10000; !(await decided()) && Date.now() < end; );
/* an address, and a message to it */
const endpoint = await write('POST', `/api/crm/webhooks?workspace=${slug}`, { name: 'Kassa', url: 'https://kassa.voorbeeld.example/hook', events: ['deal.*'] })
const delivery = await write('POST', `/api/crm/webhooks/${endpoint.body.id}/test?workspace=${slug}`, {})
/* a way in, which gets another address */
const way = await write('POST', `/api/sources?workspace=${slug}`, { name: 'Beurs', kind: 'typeform' })
const rotated = await write('POST', `/api/sources/${way.body.id}/rotate?workspace=${slug}`, {})
const workspace = admin.me.workspaces.find((seat) => seat.slug === slug)
const ids = {
	deal_id: withFile.id,
	lead_id: withFile.lead_id,
	contact_id: withFile.contact_id,
	workspace_id: workspace.id,
	user_id: admin.me.user.id,
	stage_id: withFile.stage_id,
	item_id: (await asked(`/api/crm/catalogues?workspace=${slug}`)).body.data[0].id,
	pipeline_id: (await asked(`/api/crm/pipeline?workspace=${slug}`)).body.data[0].id,
	view_id: view.body.id,
	account_id: firm.id,
	location_id: place.body.id,
	merge_id: joined.body.merge_id,
	linked_id: (await asked(`/api/crm/linked?workspace=${slug}&account_id=${firm.id}`)).body.data[0].id,
	import_id: brought.body.id,
	push_id: (await asked(`/api/crm/pushes?workspace=${slug}`)).body.data[0].id,
	tag_id: tag.body.id,
	segment_id: segment.body.id,
	template_id: template.body.id,
	mail_account_id: mailer.body.id,
	mail_id: mail.body.id,
	mail_thread_id: thread.thread_id,
	rate_id: rate.body.id,
	message_id: (await asked(`/api/crm/messages?workspace=${slug}&channel=1`)).body.data[0].id,
	activity_id: (await asked(`/api/crm/activities?workspace=${slug}`)).body.data[0].id,
	custom_field_id: (await asked(`/api/crm/fields?workspace=${slug}`)).body.data[0].id,
	catalog_item_id: item.body.id,
	document_id: bill.body.id,
	sales_order_id: order.body.id,
	rule_id: rule.body.id,
	decision_id: (await decided())?.id,
	hook_endpoint_id: endpoint.body.id,
	hook_delivery_id: delivery.body.id,
	source_id: way.body.id,
	submission_id: (await asked(`/api/submissions?workspace=${slug}`)).body.data[0].id,
	token: portal,
	file_id: (await asked(`/api/crm/deals/${withFile.id}/files`)).body.data[0].id,
}
const schemaOf = (route, status = '200') => open.paths[route.open]?.[route.method]?.responses[status]?.content?.['application/json']?.schema

const me = fits(schemaOf({ open: '/api/login', method: 'post' }, '2XX'))
check(me(admin.me), 'the answer of a log-in', me.errors)
for (const [path, { status, body }] of Object.entries({
	'/api/users': invited,
	'/api/workspaces': made,
	'/api/users/{user_id}/invite': linked,
	'/api/invite': invitation,
	'/api/crm/rules': rule,
	'/api/crm/webhooks': endpoint,
	'/api/crm/webhooks/{hook_endpoint_id}/test': delivery,
	'/api/sources': way,
	'/api/sources/{source_id}/rotate': rotated,
	'/api/submissions/preview': await write('POST', `/api/submissions/preview?workspace=${slug}`, { ids: [ids.submission_id], mapping: [{ to: 'company', value: 'Eentje' }] }),
	'/api/crm/rules/check': await write('POST', `/api/crm/rules/check?workspace=${slug}`, { body: { when, then: [] } }),
})) {
	const good = fits(schemaOf({ open: path, method: 'post' }, '2XX'))
	check(status >= 200 && status < 300 && good(body), `POST ${path} answers what it says (${status})`, good.errors ?? body)
}
const rung = async (path, body) => {
	/* a gift rings when contacts has heard of it, and what came in is read in a moment */
	for (const end = Date.now() + 10000; !body.data.length && Date.now() < end; ) Object.assign(body, (await asked(path)).body)
}
/* what a page does not answer without */
const wants = { search_page: '?q=a', person_get: `?workspace=${slug}&contact_id=${withFile.contact_id}`, candidates_page: '?q=a', message_list: `?channel=1&workspace=${slug}`, segment_preview: `?workspace=${slug}&of=lead&conditions=${encodeURIComponent(JSON.stringify(conditions))}`, location_list: `?account_id=${ids.account_id}`, fact_list: `?account_id=${ids.account_id}`, contact_similar: '?phone=0612312312', account_similar: '?name=Tweeling', contact_join_get: `?loser=${triple.body.id}`, account_join_get: `?loser=${firmToo.body.id}`, mention_page: `?of=user:${ids.user_id}`, deal_money: `?deal_id=${withFile.id}`, report_vat: '?from=2020-01-01&to=2099-12-31', portal_payment_page: `?id=${attempt.body.id}`, event_pull_page: `?workspace=${slug}&limit=200` }
let untyped = 0
for (const route of routes.filter(({ method, record }) => method === 'get' && record !== 'stream_page')) {
	const schema = schemaOf(route)
	if (!schema) continue /* no JSON */
	if (!Object.keys(schema).length) {
		untyped++
		continue
	}
	const named = route.path.match(/:(\w+)/)?.[1]
	check(!named || ids[named], `this test knows a ${named}`)
	const path = route.path.replace(/:\w+/, ids[named] ?? '') + (wants[route.record] ?? '')
	const { status, body } = await asked(path)
	if (route.record === 'notices_page' || route.record === 'mail_unmatched') await rung(path, body)
	const good = fits(schema)
	check(status === 200 && good(body), `${route.path} answers what it says (${status})`, good.errors?.slice(0, 3))
	const rows = Array.isArray(body.data) ? body.data.length : body.data ? Object.values(body.data).flat().length : 1
	check(rows > 0, `${route.path} answered nothing: nothing was tried`)
}
check(untyped <= 2, 'pages whose answer is not told', untyped) /* the documents themselves */
const problem = fits({ $ref: '#/components/schemas/problem' })
for (const [path, init] of [
	['/api/crm/deals/7?workspace=nobody'],
	['/api/crm/deals?limit=9000'],
	['/api/crm/leads?workspace=bakkerij-jansen', { method: 'POST', body: '{"nome":1}', headers: { 'Content-Type': 'application/json' } }],
	['/api/demo', { method: 'DELETE' }],
]) {
	const { status, body } = await asked(path, init)
	check(status >= 400 && problem(body), `${path} refuses as it says`, problem.errors ?? body)
}
check(!me({ ...admin.me, agency: { name: 'x' } }) && !me({ ...admin.me, more: 1 }), 'an answer that lacks a member, or has one too many, does not fit')
for (const [path, document] of [
	['/api/openapi.json', open],
	['/api/asyncapi.json', said],
])
	check(JSON.stringify((await asked(path)).body) === JSON.stringify(document), `${path} is the document that was looked at`)

/* ---- true: what is said ---- */

const async2020 = formats(new Ajv2020({ strict: false, allErrors: true }))
async2020.addSchema({ $id: 'asyncapi', components: closed(said.components) })
async2020.addFormat('urn', true)
const envelope = said.components.schemas.envelope
check(envelope.required.includes('data'), 'the envelope has data')
const types = new Map()
const types2 = new Map(Object.values(said.components.messages).map((message) => [message.name, message]))
const lines = readFileSync(`${folder}/events.jsonl`, 'utf8').trim().split('\n')
for (const line of lines) {
	const event = JSON.parse(line)
	if (!types.has(event.type)) {
		const message = types2.get(event.type)
		const data = message && Object.values(said.components.schemas).length ? message.payload.allOf[1].properties.data : false
		types.set(event.type, { n: 0, wrong: null, good: async2020.compile(data === false ? false : { $ref: `asyncapi${data.$ref}` }), message })
	}
	const type = types.get(event.type)
	type.n++
	const head = Object.keys(event).every((key) => envelope.properties[key]) && envelope.required.every((key) => key in event)
	if (!type.good(event.data) || !head) type.wrong ??= { line: line.slice(0, 400), errors: type.good.errors?.slice(0, 3) }
}
check(lines.length > 2000 && types.size > 8, 'events were said', [lines.length, [...types.keys()]])
for (const [name, type] of types) check(type.message && !type.wrong, `${type.n} of ${name} say what they promise`, type.wrong)

console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
