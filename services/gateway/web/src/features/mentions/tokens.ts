/* Mentions in a text: stored as `@{kind:id|name}`, shown and typed as `@name`. Reads, writes and edits such texts; knows no page and
   asks no server. What looks like a mention and is none stays the text it is. */
import type { Id } from '../../api/types';

export const MENTION_KINDS = ['user', 'lead', 'opportunity', 'account', 'contact'] as const;
export type MentionKind = (typeof MENTION_KINDS)[number];
export interface Mention { kind: MentionKind; id: Id; label: string }
export type Part = { text: string; mention?: undefined } | { text: string; mention: Mention };

const TOKEN = /@\{(user|lead|opportunity|account|contact):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\|([^{}|\r\n]{1,300})\}/g;

/* what would end a token early is written otherwise, and so much of it as the services keep */
const MOST_BYTES = 300;
export function labelOf(name: string): string {
	let out = name.replaceAll('{', '(').replaceAll('}', ')').replaceAll('|', '/').replace(/\s+/g, ' ').trim();
	while (new TextEncoder().encode(out).length > MOST_BYTES)
		out = [...out].slice(0, -1).join('').trim();
	return out;
}
export const tokenOf = ({ kind, id, label }: Mention): string => `@{${kind}:${id}|${labelOf(label)}}`;

export function partsOf(text: string): Part[] {
	const out: Part[] = [];
	let done = 0;
	for (const found of text.matchAll(TOKEN)) {
		if (found.index > done)
			out.push({ text: text.slice(done, found.index) });
		out.push({ text: `@${found[3] ?? ''}`, mention: { kind: found[1] as MentionKind, id: found[2] ?? '', label: found[3] ?? '' } });
		done = found.index + found[0].length;
	}
	if (done < text.length)
		out.push({ text: text.slice(done) });
	return out;
}

/* ---- a text that is being written ---- */

/* where a mention stands in what is shown, from its @ to its name's end */
export interface Span { at: number; end: number; mention: Mention }
/* `gone`: mentions that were broken since, so that taking a step back brings them again */
export interface Draft { text: string; spans: readonly Span[]; gone: readonly Mention[] }

export function draftOf(stored: string): Draft {
	const spans: Span[] = [];
	let text = '';
	for (const part of partsOf(stored)) {
		if (part.mention)
			spans.push({ at: text.length, end: text.length + part.text.length, mention: part.mention });
		text += part.text;
	}
	return { text, spans, gone: [] };
}

export function storedOf({ text, spans }: Draft): string {
	let out = '';
	let done = 0;
	for (const { at, end, mention } of spans) {
		out += text.slice(done, at) + tokenOf(mention);
		done = end;
	}
	return out + text.slice(done);
}

const MOST_GONE = 20;

/* The draft after somebody typed, pasted or took a step back; `caret` is where that left the cursor. A mention whose name was
   touched is plain text from then on. */
export function edited(draft: Draft, next: string, caret: number): Draft {
	const { text, spans } = draft;
	if (text === next)
		return draft;
	/* what stands behind the cursor was there before, when the change is one of typing */
	let tail = next.length - Math.max(0, Math.min(caret, next.length));
	if (tail > text.length || text.slice(text.length - tail) !== next.slice(next.length - tail))
		tail = 0;
	const most = Math.min(text.length, next.length) - tail;
	let from = 0;
	while (from < most && text[from] === next[from])
		from++;
	if (tail === 0)
		while (tail < Math.min(text.length, next.length) - from && text[text.length - 1 - tail] === next[next.length - 1 - tail])
			tail++;
	const to = text.length - tail;
	const moved = next.length - text.length;
	const kept: Span[] = [];
	const gone = [...draft.gone];
	for (const span of spans)
		if (span.end <= from)
			kept.push(span);
		else if (span.at >= to)
			kept.push({ ...span, at: span.at + moved, end: span.end + moved });
		else
			gone.push(span.mention);
	return linked({ text: next, spans: kept, gone: gone.slice(-MOST_GONE) }, from, next.length - tail);
}

/* a broken mention whose whole name stands where something changed is one again */
function linked(draft: Draft, from: number, to: number): Draft {
	const spans = [...draft.spans];
	let gone = [...draft.gone];
	for (const mention of [...gone].reverse()) {
		const shown = `@${mention.label}`;
		const at = draft.text.indexOf(shown, Math.max(0, from - shown.length));
		const end = at + shown.length;
		if (at < 0 || at > to || spans.some((span) => span.at < end && at < span.end))
			continue;
		spans.push({ at, end, mention });
		gone = gone.filter((one) => one !== mention);
	}
	return { text: draft.text, spans: spans.sort((a, b) => a.at - b.at), gone };
}

/* puts a mention where [at, end) was, a blank behind it; says where the cursor goes */
export function chosen(draft: Draft, at: number, end: number, found: Mention): { draft: Draft; caret: number } {
	const mention = { ...found, label: labelOf(found.label) };
	const shown = `@${mention.label}`;
	const rest = draft.text.slice(end);
	const blank = /^[\s.,;:!?)]/.test(rest) ? '' : ' ';
	const text = draft.text.slice(0, at) + shown + blank + rest;
	const moved = text.length - draft.text.length;
	const spans = draft.spans.filter((span) => span.end <= at || span.at >= end).map((span) => (span.at >= end ? { ...span, at: span.at + moved, end: span.end + moved } : span));
	spans.push({ at, end: at + shown.length, mention });
	return { draft: { text, spans: spans.sort((a, b) => a.at - b.at), gone: draft.gone }, caret: at + shown.length + (blank ? 1 : rest.startsWith(' ') ? 1 : 0) };
}

/* what is being looked for: from the @ to the cursor */
export interface Wanted { at: number; end: number; q: string; kind: MentionKind | null }

const MOST = 80;
const KIND = new RegExp(`^(${MENTION_KINDS.join('|')}):\\s?`, 'i');

/* An @ at the beginning of a word, and what was typed behind it so far; names have blanks in them. Not within an e-mail address,
   not within a mention. */
export function wantedAt({ text, spans }: Draft, caret: number): Wanted | null {
	const at = text.lastIndexOf('@', caret - 1);
	if (at < 0 || caret - at > MOST || (at > 0 && /[\p{L}\p{N}_.@-]/u.test(text[at - 1] ?? '')) || spans.some((span) => at >= span.at && at < span.end))
		return null;
	const typed = text.slice(at + 1, caret);
	if (/^\s|\n|\s{2}|^\{/.test(typed) || typed.split(' ').length > 6)
		return null;
	const kind = KIND.exec(typed);
	return { at, end: caret, q: (kind ? typed.slice(kind[0].length) : typed).trim(), kind: (kind?.[1]?.toLowerCase() as MentionKind | undefined) ?? null };
}
