/* Ways in, as the pages know them: who can send, what each wants to be told, and what somebody typed as the sites that may send. Pure; never holds an address
   that was told once, nor a secret. */
import type { Id } from '../../api/types';

export interface Source {
	id: Id;
	kind: string;
	name: string | null;
	form_type: string | null;
	redirect: string | null;
	/* with blanks between; null: every page may send */
	origins: string | null;
	owner_id: Id | null;
	/* seconds that a person needs at least for its form; null: nothing is asked */
	minimum_fill: number | null;
	/* requests a minute that it takes; null: as the house has it */
	per_minute: number | null;
	/* what is sent has to be signed */
	signs: boolean;
	/* its sender asks first whose the address is */
	asks: boolean;
	/* we have what its sender asks of callers */
	calls: boolean;
	/* its sender did not take that any more: token_expired or refused */
	paused_at: string | null;
	paused_reason: string | null;
	/* the address before is good until then */
	old_key_until: string | null;
	created_at: string;
	version: number;
}

/* those that a workspace makes for leads, the most common first; records of other systems have a page of their own */
export const SOURCE_KINDS = [
	'web_form', 'elementor', 'contact_form_7', 'gravity_forms', 'generic', 'google_forms', 'zapier', 'make', 'typeform', 'tally', 'webflow', 'google_ads', 'meta', 'whatsapp', 'hubspot', 'calendly', 'linkedin', 'tawk', 'crisp', 'intercom',
] as const;
export type SourceKind = typeof SOURCE_KINDS[number];

/* those that say a form as it is, without a shape of their own */
const PLAIN: readonly string[] = ['web_form', 'elementor', 'contact_form_7', 'gravity_forms', 'generic', 'zapier', 'make'];
/* a page in a browser sends it */
const PAGES: readonly string[] = ['web_form', 'generic'];
/* Meta's way of asking whose an address is */
const ASKING: readonly string[] = ['meta', 'whatsapp'];
/* we call them: to fetch what they only name, or to answer */
const CALLED: readonly string[] = ['meta', 'whatsapp', 'crisp', 'intercom'];

/* it signs by itself, with a secret that it shows or asks for */
export const signsItself = (kind: string): boolean => !PLAIN.includes(kind);
export const isCalled = (kind: string): boolean => CALLED.includes(kind);
export const asksFirst = (kind: string): boolean => ASKING.includes(kind);
/* where the visitor goes afterwards, and from which sites: of a form on a page */
export const isPage = (kind: string): boolean => PAGES.includes(kind);
/* whether a lead can be sent to it from this page */
export const canTry = (one: { kind: string; signs: boolean; origins: string | null; minimum_fill: number | null }): boolean => PLAIN.includes(one.kind) && !one.signs && !one.origins && one.minimum_fill === null;

/* A whole number that was typed: null where nothing is, undefined where it is none of those. */
export function wholeOf(typed: string, least: number, most: number): number | null | undefined {
	const text = typed.trim();
	if (!text)
		return null;
	const n = /^\d{1,5}$/.test(text) ? Number(text) : -1;
	return n >= least && n <= most ? n : undefined;
}

export const forLeads = (one: { kind: string }): boolean => one.kind !== 'records';

/* What was typed as sites, one or more with blanks or commas between, as the door compares them: scheme, host and port. Null: one of them is none. */
export function originsOf(typed: string): string | null {
	const out: string[] = [];
	for (const word of typed.split(/[\s,;]+/).filter(Boolean)) {
		try {
			const url = new URL(/^[a-z]+:\/\//i.test(word) ? word : `https://${word}`);
			if (!/^https?:$/.test(url.protocol) || url.username || url.password)
				return null;
			if (!out.includes(url.origin))
				out.push(url.origin);
		} catch {
			return null;
		}
	}
	return out.join(' ');
}

/* An address of a page somewhere, as it was typed. */
export function isAddress(typed: string): boolean {
	try {
		return /^https?:$/.test(new URL(typed.trim()).protocol);
	} catch {
		return false;
	}
}
