/* The API's two documents as the page shows them: operations in groups, events by who says them, an example made of a schema, the
   line for a terminal. Knows the documents' form, not what they are about. */
export interface Schema {
	$ref?: string;
	type?: string | string[];
	format?: string;
	description?: string;
	enum?: unknown[];
	const?: unknown;
	properties?: Record<string, Schema>;
	required?: string[];
	items?: Schema;
	anyOf?: Schema[];
	allOf?: Schema[];
	oneOf?: Schema[];
	pattern?: string;
	maxLength?: number;
}
export interface Parameter { $ref?: string; name: string; in: 'query' | 'path' | 'header'; required?: boolean; description?: string; schema?: Schema }
export interface Answer { $ref?: string; description?: string; content?: Record<string, { schema?: Schema }> }
export interface RawOperation { summary?: string; 'x-permission'?: string; security?: unknown[]; parameters?: Parameter[]; requestBody?: { content: Record<string, { schema?: Schema }> }; responses?: Record<string, Answer> }
export interface OpenApi { info: { title: string; version: string }; paths: Record<string, Record<string, RawOperation>>; components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter>; responses: Record<string, Answer> } }
interface Message { name: string; summary?: string; payload: Schema }
export interface AsyncApi { channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>; components: { messages: Record<string, Message>; schemas: Record<string, Schema> } }

export interface Operation extends Omit<RawOperation, 'parameters'> { key: string; method: string; path: string; group: string; parameters: Parameter[]; open: boolean }
export interface EventType { key: string; channel: string; address: string; summary: string; data: Schema; envelope: Schema }

/* a group by what an address is about; what is new and unknown stands under its own word */
const GROUPS: Array<[string, RegExp]> = [
	['deals', /^\/api\/crm\/(deals|opportunit|pipeline|count)/], ['leads', /^\/api\/crm\/leads/], ['contacts', /^\/api\/crm\/contacts/],
	['live', /^\/api\/(crm\/(stream|search|members|files)|notifications)/], ['people', /^\/api\/(users|roles|teams|keys|audit)/],
	['workspaces', /^\/api\/(workspaces|presets|demo)/], ['session', /^\/api\/(login|logout|me|setup|invite)/], ['documents', /^\/api\/\w+\.json$/],
];
export const groupOf = (path: string): string => GROUPS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other';

/* what a $ref names, within the same document */
export function resolve<T extends { $ref?: string }>(doc: object, value: T): T {
	if (!value.$ref?.startsWith('#/'))
		return value;
	const found = value.$ref.slice(2).split('/').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], doc);
	return (found ?? {}) as T;
}

export function operationsOf(doc: OpenApi): Operation[] {
	const order = GROUPS.map(([name]) => name);
	const rank = (group: string) => order.includes(group) ? order.indexOf(group) : order.length;
	return Object.entries(doc.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, raw]): Operation => ({
		...raw, key: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, group: groupOf(path),
		parameters: (raw.parameters ?? []).map((one) => resolve(doc, one)), open: Array.isArray(raw.security) && raw.security.length === 0,
	}))).sort((a, b) => rank(a.group) - rank(b.group));
}

export function eventsOf(doc: AsyncApi): EventType[] {
	return Object.entries(doc.channels).flatMap(([channel, { address, messages }]) => Object.values(messages).map((reference): EventType => {
		const message = resolve(doc, reference as Message & { $ref?: string });
		const parts = message.payload.allOf ?? [message.payload];
		const own = parts.find((part) => part.properties?.['data']);
		return {
			key: message.name, channel, address, summary: message.summary ?? '', data: resolve(doc, own?.properties?.['data'] ?? {}),
			envelope: { allOf: parts.map((part) => resolve(doc, part)) },
		};
	}));
}

export const typeOf = (doc: object, schema: Schema): string => {
	const at = resolve(doc, schema);
	if (at.const !== undefined)
		return JSON.stringify(at.const);
	const options = (at.anyOf ?? at.oneOf)?.filter((one) => one.type !== 'null');
	if (options)
		return options.map((one) => typeOf(doc, one)).join(' | ');
	const types = (Array.isArray(at.type) ? at.type : [at.type ?? 'any']).filter((one) => one !== 'null');
	return types.map((one) => one === 'array' && at.items ? `${typeOf(doc, at.items)}[]` : at.format && one === 'string' ? at.format : one).join(' | ');
};

const BY_NAME: Record<string, unknown> = {
	name: 'Piet de Vries', first_name: 'Piet', last_name: 'de Vries', email: 'piet@example.nl', phone: '+31612345678', company: 'Bakkerij De Vries', title: 'Piet de Vries — Taart', message: 'Graag een prijs.',
	form_type: 'Taart', source: 'web_form', currency: 'EUR', country: 'NL', timezone: 'Europe/Amsterdam', language: 'nl', stage: 'contact_opgenomen', note: 'Gebeld', role: 'sales', theme: 'dark', preset: 'nl-offerte-6',
	password: '••••••••', old_password: '••••••••', new_password: '••••••••', code: '123456', slug: 'bakkerij-de-vries', lane: 7, specversion: '1.0',
};
const UUID = '0193a0c4-6f1e-7c52-9b7e-2f4d5a6b7c8d';

/* what a value of this schema may look like; `name` helps to say something that reads well */
export function exampleOf(doc: object, schema: Schema, name = '', deep = 0): unknown {
	const at = resolve(doc, schema);
	if (at.const !== undefined)
		return at.const;
	if (at.allOf)
		return Object.assign({}, ...at.allOf.map((one) => exampleOf(doc, one, name, deep)) as object[]) as unknown;
	const first = (at.anyOf ?? at.oneOf)?.find((one) => one.type !== 'null');
	if (first)
		return exampleOf(doc, first, name, deep);
	const type = (Array.isArray(at.type) ? at.type : [at.type]).find((one) => one !== 'null');
	if (at.enum?.length)
		return at.enum.find((one) => one !== null);
	if (at.properties && deep < 4)
		return Object.fromEntries(Object.entries(at.properties).map(([key, value]) => [key, exampleOf(doc, value, key, deep + 1)]));
	if (name in BY_NAME && (type === undefined || type === typeof BY_NAME[name] || type === 'integer'))
		return BY_NAME[name];
	switch (type) {
	case 'integer': case 'number': return 1;
	case 'boolean': return true;
	case 'array': return at.items && deep < 4 ? [exampleOf(doc, at.items, name, deep + 1)] : [];
	case 'object': return {};
	case 'string':
		if (at.format === 'uuid')
			return UUID;
		if (at.format === 'date-time')
			return '2026-11-21T09:00:00.123456Z';
		if (at.format === 'date')
			return '2026-11-21';
		return at.pattern?.includes('[A-Z]{3}') ? 'EUR' : at.pattern?.includes('[0-9]') ? '1815.00' : 'text';
	default: return {};
	}
}

/* the body one begins with: what must be there, else the first few members */
export function bodyOf(doc: object, schema: Schema): string {
	const at = resolve(doc, schema);
	const whole = exampleOf(doc, at) as Record<string, unknown>;
	if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
		return JSON.stringify(whole, null, 2);
	const wanted = at.required?.length ? [...at.required, ...['email', 'phone', 'company'].filter((key) => key in whole && !at.required?.includes(key))] : Object.keys(whole).slice(0, 2);
	return JSON.stringify(Object.fromEntries(wanted.map((key) => [key, whole[key]])), null, 2);
}

export interface Call { method: string; url: string; headers: Record<string, string>; body: string | null }

/* the address with what was filled in; what was left empty is left out */
export function callOf(operation: Operation, origin: string, values: Readonly<Record<string, string>>, body: string, apiKey: string): Call {
	let path = operation.path;
	const query = new URLSearchParams();
	const headers: Record<string, string> = {};
	for (const one of operation.parameters) {
		const value = values[`${one.in} ${one.name}`]?.trim() ?? '';
		if (one.in === 'path')
			path = path.replace(`{${one.name}}`, encodeURIComponent(value));
		else if (value && one.in === 'query')
			query.set(one.name, value);
		else if (value)
			headers[one.name] = value;
	}
	const search = query.toString();
	if (apiKey)
		headers['Authorization'] = `Bearer ${apiKey}`;
	const sends = operation.requestBody !== undefined && body.trim() !== '';
	if (sends)
		headers['Content-Type'] = 'application/json';
	return { method: operation.method, url: `${origin}${path}${search ? `?${search}` : ''}`, headers, body: sends ? body : null };
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

export function curlOf(call: Call): string {
	const headers = 'Authorization' in call.headers ? call.headers : { Authorization: 'Bearer lw_…', ...call.headers };
	let body = call.body;
	try {
		body = call.body && JSON.stringify(JSON.parse(call.body));
	} catch {
		/* as it was typed */
	}
	return [`curl -X ${call.method} ${quoted(call.url)}`, ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`), ...(body ? [`-d ${quoted(body)}`] : [])].join(' \\\n  ');
}
