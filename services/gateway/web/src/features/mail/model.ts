/* Mails as the API tells them: what is known of each recipient, what may be done with one, how it is answered.
   Nothing here has another state than its arguments. Never takes a state for better than the server says it is. */
import { Problem } from '../../api/client';
import type { FileEntry, Id } from '../../api/types';
import type { AboutKind } from '../activities/model';

export type MailState = 'queued' | 'sending' | 'unknown' | 'sent' | 'delivered' | 'opened' | 'clicked' | 'bounced' | 'dropped' | 'complained' | 'cancelled';
export interface Address { email: string; name?: string | null; contact_id?: Id | null }
export interface Recipient extends Address { n: number; kind: 'to' | 'cc' | 'bcc'; state: MailState; state_at: string; reason: string | null; attempts: number; repeated: boolean; next_at: string | null }
export interface MailFile { n: number; name: string; type: string; size: number; sha256: string }
export interface Try { n: number; attempt: number; began_at: string; ended_at: string | null; outcome: string | null; code: number | null; reason: string | null }
export interface MailRow {
	id: Id; workspace_id: Id; direction: 'out' | 'in'; created_at: string; send_at: string; thread_id: Id; deal_id: Id | null; contact_id: Id | null; account_id: Id | null;
	sent_by: Id | null; subject: string; from_name: string | null; from_email: string | null; auto: boolean; state: MailState; recipients: Recipient[]; files: MailFile[];
	inbound?: Inbound | null;
	/* where it begins, in a line */
	snippet?: string | null;
}
/* how it came to belong where it does, or what it may belong to */
export interface Inbound { state: 'matched' | 'suggested' | 'unmatched' | 'bounce' | 'complaint' | 'unreadable'; why: string | null; trusted: boolean; deal_id: Id | null; contact_id: Id | null; mail_id: Id | null; dismissed_at?: string | null }
export interface MailOne extends MailRow { text?: string; own?: number; html?: boolean; reply_to?: string; attempts: Try[] }
/* ---- conversations ---- */

export type ThreadState = 'open' | 'waiting' | 'done';
export interface ThreadRow {
	id: Id; workspace_id: Id; channel: string; subject: string; state: ThreadState | null; assignee_id: Id | null; created_at: string; last_at: string; entries: number; deal_id: Id | null; deal_title: string | null;
	contact_id: Id | null; contact_name: string | null; account_id: Id | null; lead_id: Id | null; owner_id: Id | null; last_id: Id; last_direction: 'out' | 'in'; snippet: string | null; name: string | null; email: string | null;
}
/* something that was said, by whatever channel; of an e-mail its mail stands below */
export interface Said { id: Id; workspace_id: Id; channel: string; direction: 'out' | 'in'; at: string; thread_id: Id; subject: string | null; text: string | null; own: number | null; cut: boolean; html: boolean; mail: MailRow | null }

/* what an answer to a mail is about */
export const aboutOf = (of: { deal_id: Id | null; contact_id: Id | null; account_id: Id | null; lead_id?: Id | null }): { kind: AboutKind; id: Id } | null =>
	of.deal_id ? { kind: 'deal', id: of.deal_id } : of.contact_id ? { kind: 'contact', id: of.contact_id } : of.lead_id ? { kind: 'lead', id: of.lead_id } : of.account_id ? { kind: 'account', id: of.account_id } : null;

/* the mail that an answer goes to: the last that somebody outside wrote, else the last of ours that was not stopped */
export function answeredOf(said: readonly Said[]): MailRow | null {
	const mails = said.flatMap((one) => (one.mail ? [one.mail] : []));
	return mails.findLast((one) => one.direction === 'in' && !one.auto) ?? mails.findLast((one) => one.state !== 'cancelled') ?? null;
}

export interface MailAbout { kind: AboutKind; id: Id }

/* ---- addresses ---- */

/* near to what the server takes; it has the last word */
export const addressGood = (email: string): boolean => email.length <= 320 && /^[^\s@()<>[\],;:\\"]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(email) && !/^\.|\.@|\.\./.test(email);

/* what was typed or pasted between commas, semicolons and line ends: a plain address, or "Anna Bos <anna@bos.example>" */
export function addressesOf(typed: string): Address[] {
	return typed.split(/[,;\n]+(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((one) => one.trim()).filter(Boolean).map((one) => {
		const [, name = '', email = ''] = /^(.*)<([^<>]*)>$/.exec(one) ?? [];
		const plain = name.trim().replace(/^"(.*)"$/, '$1').trim();
		return email ? { email: email.trim(), ...(plain ? { name: plain } : {}) } : { email: one };
	});
}

/* each address once, as it was named first */
export function joined(known: readonly Address[], more: readonly Address[]): Address[] {
	const seen = new Set<string>();
	return [...known, ...more].filter(({ email }) => !seen.has(email.toLowerCase()) && seen.add(email.toLowerCase()));
}

/* ---- states ---- */

export const TONE: Record<MailState, string> = {
	queued: '', sending: '', cancelled: '', unknown: 'tag-warn', sent: 'tag-accent', delivered: 'tag-ok', opened: 'tag-ok', clicked: 'tag-ok', bounced: 'tag-danger', dropped: 'tag-danger', complained: 'tag-danger',
};
const FINAL: ReadonlySet<MailState> = new Set(['sent', 'delivered', 'opened', 'clicked', 'bounced', 'dropped', 'complained', 'cancelled']);
export const isFinal = (state: MailState): boolean => FINAL.has(state);

/* it waits, for somebody at least */
export const mayCancel = (mail: MailRow): boolean => mail.direction === 'out' && mail.recipients.some((one) => one.state === 'queued');
/* it did not reach somebody, or nobody knows; whoever called it unwanted is left in peace */
export const mayRetry = (mail: MailRow): boolean => mail.direction === 'out' && mail.recipients.some((one) => one.state === 'bounced' || one.state === 'dropped' || one.state === 'unknown');
/* somebody has to look at it */
export const inTrouble = (mail: MailRow): boolean => mail.recipients.some((one) => TONE[one.state] === 'tag-danger' || one.state === 'unknown');

/* ---- answering ---- */

export const bareSubject = (subject: string): string => subject.replace(/^\s*((re|fw|fwd|antw|aw|betr|doorst)\s*(\[\d+\])?\s*:\s*)+/i, '').trim();

/* whom an answer goes to: where who wrote it asks for it (a web form's own address reads nothing), else to whom it went; the others in copy. Nobody who sees nothing
   of the others is shown to them. */
export function answerOf(mail: MailRow & Pick<MailOne, 'reply_to'>): { to: Address[]; cc: Address[]; subject: string } {
	const of = (kind: Recipient['kind']): Address[] => mail.recipients.filter((one) => one.kind === kind).map(({ email, name, contact_id }) => ({ email, ...(name ? { name } : {}), ...(contact_id ? { contact_id } : {}) }));
	const asked = mail.reply_to || mail.from_email;
	/* another address than it came from is shown as it is, under nobody's name */
	const writer: Address[] = asked ? [{ email: asked, ...(mail.from_name && asked.toLowerCase() === mail.from_email?.toLowerCase() ? { name: mail.from_name } : {}) }] : [];
	return { to: mail.direction === 'in' ? writer : of('to'), cc: mail.direction === 'in' ? [] : of('cc'), subject: `Re: ${bareSubject(mail.subject)}` };
}

/* what is written and what its writer puts under it: above what it answers, where lines that begin with > stand at its end */
export function signed(text: string, signature: string): string {
	const under = signature.trim();
	if (!under)
		return text;
	const lines = text.trimEnd().split('\n');
	let end = lines.length;
	while (end > 0 && /^(>|\s*$)/.test(lines[end - 1] ?? ''))
		end--;
	const quoted = lines.slice(end).join('\n').trim();
	return [lines.slice(0, end).join('\n').trimEnd(), under, quoted].filter(Boolean).join('\n\n');
}

/* ---- what came in ---- */

/* the words of its sender, and what they answer; the server counts in bytes */
export function wordsOf(text: string, own: number | null): { own: string; quoted: string } {
	const bytes = new TextEncoder().encode(text);
	if (own === null || own >= bytes.length)
		return { own: text.trim(), quoted: '' };
	const read = (part: Uint8Array) => new TextDecoder().decode(part).trim();
	const first = read(bytes.slice(0, own));
	return first ? { own: first, quoted: read(bytes.slice(own)) } : { own: text.trim(), quoted: '' };
}

/* what a mail that belongs to nothing yet may be about: the deal before the person */
export function guessOf(mail: MailRow): { kind: 'deal' | 'contact'; id: Id } | null {
	const { state, deal_id, contact_id } = mail.inbound ?? {};
	return state !== 'suggested' ? null : deal_id ? { kind: 'deal', id: deal_id } : contact_id ? { kind: 'contact', id: contact_id } : null;
}

/* how many there are of a thread among these */
export const inThread = (mails: readonly MailRow[], thread: Id): number => mails.filter((one) => one.thread_id === thread).length;

/* ---- files ---- */

export const FILES_MOST = 20 * 1024 * 1024;
export const sizeOf = (files: ReadonlyArray<{ size: number }>): number => files.reduce((sum, one) => sum + one.size, 0);
/* the same bytes under the same name are one attachment */
export const attachable = (files: readonly FileEntry[]): FileEntry[] => files.filter((one, at) => files.findIndex((other) => other.sha256 === one.sha256 && other.name === one.name) === at);

/* ---- what an account's server said, as what to do about it ---- */

export type Trouble = 'dns' | 'reach' | 'tls' | 'login' | 'sender' | 'private' | 'busy' | 'other';

/* by the number where there is one (with a minus: how far the connection came, as libcurl counts), else by the words */
export function troubleOf(code: number | null, words: string | null): Trouble {
	switch (code) {
	case -6: case -5: return 'dns';
	case -7: case -28: case -56: case -52: return words && /private/.test(words) ? 'private' : 'reach';
	case -35: case -58: case -60: case -64: case -77: case -83: case -90: case -91: return 'tls';
	case -67: case 401: case 403: case 530: case 534: case 535: case 538: return 'login';
	case 429: case 421: return 'busy';
	}
	const said = (words ?? '').toLowerCase();
	const has = (pattern: RegExp) => pattern.test(said);
	return has(/private one/) ? 'private'
		: has(/resolve|unknown host|name or service/) ? 'dns'
		: has(/certificate|ssl|starttls|\btls\b/) ? 'tls'
		: has(/auth|log ?in|login|password|credential|api key|permission|unauthori[sz]ed|token|\b53[0458]\b/) ? 'login'
		: has(/too many|rate limit|try again later/) ? 'busy'
		: has(/sender|from address|verified|identity|5\.7\.1|relay/) ? 'sender'
		: has(/connect|timed? ?out|refused|unreachable|reset|no answer/) ? 'reach'
		: 'other';
}

/* which part of the form a refusal is about: "/to/2/email" is about "to" */
export function partsOf(fault: unknown): string[] {
	return fault instanceof Problem ? [...new Set(fault.fields.map((one) => one.pointer.split('/')[1] ?? '').filter(Boolean))] : [];
}
