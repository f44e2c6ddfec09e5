/* Talks to the gateway: JSON in and out, problem+json as the one kind of error, a fresh Idempotency-Key a user action.
   Never retries a write by itself with another key: that could do it twice. */
import type { Language } from './types';

export interface ProblemField { pointer: string; detail: string; code: string }

export class Problem extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		readonly title: string,
		readonly detail: string,
		readonly fields: ProblemField[] = [],
		readonly retryAfter: number | null = null,
	) {
		super(detail || title || code);
	}
}

export interface Ask {
	body?: unknown;
	/* bytes as they are, instead of a body of JSON */
	bytes?: Blob;
	key?: string;
	signal?: AbortSignal;
	/* goes out also when the page is being left */
	keepalive?: boolean;
	/* how far the services are by what was heard: a read is not answered by one that has not heard it yet */
	after?: string;
	/* it was answered by one that had not, in the time there is */
	onStale?(): void;
}

let language: Language = 'en';
let onSessionOver: () => void = () => undefined;

export function setClientLanguage(next: Language): void { language = next; }
export const clientLanguage = (): Language => language;
export function setSessionOver(fn: () => void): void { onSessionOver = fn; }

/* A UUID of version 7 (RFC 9562): what is made with it sorts by the time it was asked for. */
export function newKey(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	new DataView(bytes.buffer).setBigUint64(0, (BigInt(Date.now()) << 16n) | 0x7000n | BigInt(((bytes[6] ?? 0) & 0x0f) << 8 | (bytes[7] ?? 0)));
	bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
	const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

export async function problemOf(reply: Response): Promise<Problem> {
	let body: unknown = null;
	try {
		body = await reply.json();
	} catch {
		/* a proxy's error page: the status says enough */
	}
	const wait = Number(reply.headers.get('Retry-After'));
	const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
	if (!isObject(body))
		return new Problem(reply.status, `http_${reply.status}`, reply.statusText, '', [], retryAfter);
	const fields = Array.isArray(body['errors'])
		? body['errors'].filter(isObject).map((e) => ({ pointer: text(e['pointer']), detail: text(e['detail']), code: text(e['code']) }))
		: [];
	return new Problem(reply.status, text(body['code']) || `http_${reply.status}`, text(body['title']), text(body['detail']),
		fields, retryAfter);
}

/* refusals of what somebody typed: nobody was logged out by them */
const TYPED = /^(login_failed|totp_required|totp_wrong|setup_code_wrong)$/;

export async function api<T>(method: string, path: string, ask: Ask = {}): Promise<T> {
	const headers: Record<string, string> = { 'Accept': 'application/json', 'Accept-Language': language };
	if (ask.body !== undefined)
		headers['Content-Type'] = 'application/json';
	if (ask.bytes)
		headers['Content-Type'] = ask.bytes.type;
	if (ask.after)
		headers['CRM-Position'] = ask.after;
	if (method !== 'GET')
		headers['Idempotency-Key'] = ask.key ?? newKey();
	let reply: Response;
	try {
		reply = await fetch(path, {
			method,
			headers,
			credentials: 'same-origin',
			body: ask.bytes ?? (ask.body === undefined ? null : JSON.stringify(ask.body)),
			signal: ask.signal ?? null,
			keepalive: ask.keepalive ?? false,
		});
	} catch (fault) {
		if (ask.signal?.aborted)
			throw fault;
		throw new Problem(0, 'offline', '', '');
	}
	if (!reply.ok) {
		const problem = await problemOf(reply);
		if (problem.status === 401 && !TYPED.test(problem.code))
			onSessionOver();
		throw problem;
	}
	if (reply.status === 204)
		return undefined as T;
	if (reply.headers.has('CRM-Stale'))
		ask.onStale?.();
	return (await reply.json()) as T;
}

export function query(values: Record<string, string | number | null | undefined>): string {
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(values))
		if (value !== undefined && value !== null && value !== '')
			params.set(name, String(value));
	const out = params.toString();
	return out ? `?${out}` : '';
}
