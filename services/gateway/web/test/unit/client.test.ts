/* Keys of actions, and what a refusal becomes. */
import { describe, expect, it, vi } from 'vitest';
import { api, newKey, Problem, query } from '../../src/api/client';

describe('client', () => {
	it('makes keys that are UUIDs of version 7, later ones greater', () => {
		vi.useFakeTimers({ now: 1_795_000_000_000 });
		const first = newKey();
		vi.setSystemTime(1_795_000_000_001);
		const second = newKey();
		vi.useRealTimers();
		expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(parseInt(first.slice(0, 13).replace('-', ''), 16)).toBe(1_795_000_000_000);
		expect(second > first).toBe(true);
	});
	it('sends a key with a write and none with a read', async () => {
		const asked: Headers[] = [];
		vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
			asked.push(new Headers(init.headers));
			return Promise.resolve(new Response('{}', { status: 200 }));
		});
		await api('POST', '/x', { body: {}, key: 'mine' });
		await api('GET', '/x');
		expect(asked.map((one) => one.get('Idempotency-Key'))).toEqual(['mine', null]);
	});
	it('says with a read how far the services are, and hears that one had not come so far', async () => {
		const asked: Headers[] = [];
		const behind = vi.fn();
		vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
			asked.push(new Headers(init.headers));
			return Promise.resolve(new Response('{}', { status: 200, headers: asked.length === 1 ? { 'CRM-Stale': 'true' } : {} }));
		});
		await api('GET', '/x', { after: 'mailer/3/17', onStale: behind });
		expect(behind).toHaveBeenCalledTimes(1);
		await api('GET', '/x', { after: 'mailer/3/17', onStale: behind });
		expect(behind).toHaveBeenCalledTimes(1);
		expect(asked.map((one) => one.get('CRM-Position'))).toEqual(['mailer/3/17', 'mailer/3/17']);
	});
	it('turns problem+json into one kind of fault, with its fields', async () => {
		vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ code: 'invalid', title: 'No', errors: [{ pointer: '/name', detail: 'missing', code: '' }] }), { status: 422 })));
		const fault = await api('POST', '/x').catch((one: unknown) => one);
		expect(fault).toBeInstanceOf(Problem);
		expect(fault).toMatchObject({ status: 422, code: 'invalid', fields: [{ pointer: '/name', detail: 'missing', code: '' }] });
	});
	it('survives an answer that is no JSON, and no answer at all', async () => {
		vi.stubGlobal('fetch', () => Promise.resolve(new Response('<h1>Bad Gateway</h1>', { status: 502 })));
		await expect(api('GET', '/x')).rejects.toMatchObject({ status: 502, code: 'http_502' });
		vi.stubGlobal('fetch', () => Promise.reject(new TypeError('gone')));
		await expect(api('GET', '/x')).rejects.toMatchObject({ status: 0, code: 'offline' });
	});
	it('writes only what is given into an address', () => expect(query({ a: 'x y', b: null, c: undefined, d: '', e: 3 })).toBe('?a=x+y&e=3'));
});
