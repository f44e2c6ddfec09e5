/* The page of the API: groups, examples, the address that is asked, the line for a terminal. */
import { describe, expect, it } from 'vitest';
import { bodyOf, callOf, curlOf, eventsOf, exampleOf, groupOf, type OpenApi, operationsOf, typeOf } from '../../src/features/docs/model';

const doc: OpenApi = {
	info: { title: 'x', version: '1' },
	components: { schemas: { money: { type: 'object', properties: { amount: { type: 'string', pattern: '^-?[0-9]+$' }, currency: { type: 'string' } } } }, responses: {}, parameters: { workspace: { name: 'workspace', in: 'query' } } },
	paths: {
		'/api/crm/deals/{deal_id}': { put: { summary: 'Change a deal.', 'x-permission': 'crm-edit', parameters: [{ name: 'deal_id', in: 'path', required: true }, { $ref: '#/components/parameters/workspace' } as never, { name: 'If-Match', in: 'header' }], requestBody: { content: { 'application/json': { schema: { type: 'object', required: ['title'], properties: { title: { type: 'string' }, value: { anyOf: [{ $ref: '#/components/schemas/money' }, { type: 'null' }] }, status: { type: ['string', 'null'], enum: [null, 'New'] } } } } } } } },
		'/api/login': { post: { security: [] } },
	},
};
const [put, login] = operationsOf(doc);

describe('operations', () => {
	it('stand in their groups, parameters resolved', () => {
		expect([put?.group, login?.group]).toEqual(['deals', 'session']);
		expect(put?.parameters.map((one) => one.name)).toEqual(['deal_id', 'workspace', 'If-Match']);
		expect([put?.open, login?.open]).toEqual([false, true]);
	});
	it('of a kind nobody knew are still shown', () => expect(groupOf('/api/newthing/x')).toBe('other'));
	it('name a type by what may be in it', () => {
		const schema = put?.requestBody?.content['application/json']?.schema?.properties ?? {};
		expect(typeOf(doc, schema['value'] ?? {})).toBe('object');
		expect(typeOf(doc, { type: ['string', 'null'], format: 'uuid' })).toBe('uuid');
		expect(typeOf(doc, { type: 'array', items: { type: 'string' } })).toBe('string[]');
	});
	it('have an example that fits', () => expect(exampleOf(doc, put?.requestBody?.content['application/json']?.schema ?? {})).toEqual({ title: 'Piet de Vries — Taart', value: { amount: '1815.00', currency: 'EUR' }, status: 'New' }));
	it('begin with a body of what must be there', () => expect(JSON.parse(bodyOf(doc, put?.requestBody?.content['application/json']?.schema ?? {}))).toEqual({ title: 'Piet de Vries — Taart' }));
	it('are called at the address that was filled in', () => {
		if (!put)
			throw new Error('no operation');
		const call = callOf(put, 'http://h', { 'path deal_id': '4/2', 'query workspace': ' a,b ', 'header If-Match': '' }, '{"title":"it\'s"}', 'lw_k');
		expect(call).toEqual({ method: 'PUT', url: 'http://h/api/crm/deals/4%2F2?workspace=a%2Cb', headers: { 'Authorization': 'Bearer lw_k', 'Content-Type': 'application/json' }, body: '{"title":"it\'s"}' });
		expect(curlOf(call)).toBe("curl -X PUT 'http://h/api/crm/deals/4%2F2?workspace=a%2Cb' \\\n  -H 'Authorization: Bearer lw_k' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"title\":\"it'\\''s\"}'");
	});
});

describe('events', () => {
	it('are told with their channel, data and envelope', () => {
		const [event] = eventsOf({
			channels: { pipeline: { address: 'pipeline/{lane}', messages: { deal_created: { $ref: '#/components/messages/deal_created' } } } },
			components: { schemas: { envelope: { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } }, deal: { type: 'object', properties: { number: { type: 'integer' } } } }, messages: { deal_created: { name: 'deal.created', summary: 's', payload: { allOf: [{ $ref: '#/components/schemas/envelope' }, { type: 'object', properties: { type: { const: 'deal.created' }, data: { $ref: '#/components/schemas/deal' } } }] } } } },
		});
		expect([event?.key, event?.channel, Object.keys(event?.data.properties ?? {})]).toEqual(['deal.created', 'pipeline', ['number']]);
	});
});
