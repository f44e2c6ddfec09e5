/* Talks to the gateway by the key that the page's own address holds. Reading changes nothing; what a customer does is posted. */
import { spoken, type Language, type Money } from './said';

export interface Party { name?: string | null; attention?: string | null; street?: string | null; street2?: string | null; postcode?: string | null; city?: string | null; country?: string | null; email?: string | null; phone?: string | null; website?: string | null; kvk?: string | null; vat_id?: string | null; iban?: string | null; bic?: string | null }
export interface Line {
	kind?: 'item' | 'section' | 'text' | null; code?: string | null; name?: string | null; description?: string | null; quantity?: string | null; unit?: string | null; price?: string | null; per?: string | null;
	discount?: string | null; discount_amount?: string | null; charge_amount?: string | null; category?: string | null; rate?: string | null; optional?: boolean | null; chosen?: boolean | null; net?: number | null;
}
export interface Paper {
	kind: 'quote' | 'invoice' | 'credit_note'; state: string; version: number; number: string | null; language: Language; currency: string; mode?: 'net' | 'gross';
	title?: string | null; intro?: string | null; notes?: string | null; issued?: string | null; due?: string | null; supplied?: string | null; buyer_reference?: string | null; order_reference?: string | null;
	buyer?: Party | null; seller?: Party | null; colour?: string | null; logo?: string | boolean | null; terms?: string | null; footer?: string | null;
	lines?: Line[] | null; discount?: string | null; discount_reason?: string | null; prepaid?: Money | null; rounding?: Money | null;
	net?: Money; vat?: Money; gross?: Money; payable?: Money; open?: Money | null; received?: Money | null; credited?: Money | null;
	groups?: Array<{ category: string; rate: string; taxable: number; tax: number; reason?: string | null }> | null;
	overdue?: boolean; expired?: boolean; accepted_at?: string | null; accepted_by?: string | null; declined_at?: string | null; paid_at?: string | null; original?: { number: string } | null;
	ubl?: boolean; pay?: boolean; epc?: { text: string; rows?: string[] } | null;
}

export class Refused extends Error {
	constructor(readonly status: number, readonly code: string, detail: string) {
		super(detail);
	}
}

const token = location.pathname.replace(/^\/portal\//, '').replace(/\/.*$/, '');
export const at = (path: string): string => `/api/portal/${token}${path}`;

async function ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
	let reply: Response;
	try {
		reply = await fetch(at(path), {
			method, credentials: 'omit', referrerPolicy: 'no-referrer', keepalive: method === 'POST', /* who ticks and leaves has ticked */
			headers: { 'Accept': 'application/json', 'Accept-Language': spoken(), ...(method === 'POST' ? { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` } : {}) },
			body: body === undefined ? null : JSON.stringify(body),
		});
	} catch {
		throw new Refused(0, 'offline', '');
	}
	const text = await reply.text();
	const said = ((): Record<string, unknown> => {
		try {
			return JSON.parse(text) as Record<string, unknown>;
		} catch {
			return {}; /* a proxy's own page: the status says enough */
		}
	})();
	if (!reply.ok)
		throw new Refused(reply.status, String(said['code'] ?? ''), String(said['detail'] ?? said['title'] ?? ''));
	return said as T;
}

export const read = (): Promise<Paper> => ask<Paper>('GET', '');
export const see = (): Promise<unknown> => ask('POST', '/seen', {});
export const choose = (chosen: number[]): Promise<Paper> => ask<Paper>('POST', '/choose', { chosen });
export const accept = (name: string, version: number): Promise<Paper> => ask<Paper>('POST', '/accept', { name, version });
export const decline = (reason: string): Promise<Paper> => ask<Paper>('POST', '/decline', reason ? { reason } : {});
export const pay = (): Promise<{ id: string }> => ask<{ id: string }>('POST', '/pay', {});
export const payment = (id: string): Promise<{ state: string; url?: string | null }> => ask('GET', `/pay?id=${encodeURIComponent(id)}`);
