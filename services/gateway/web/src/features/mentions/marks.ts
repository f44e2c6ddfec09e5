/* A note as it was written, with a few marks of Markdown: bold, italic, lists, headings, links, and mentions among them. Reads it into
   parts, and puts marks into what is being written. Never HTML: what looks like a tag is text, and a link leads to http, https or mail. */
import { type Mention, partsOf } from './tokens';

export type Inline = { kind: 'text'; text: string } | { kind: 'mention'; mention: Mention } | { kind: 'b' | 'i'; parts: Inline[] } | { kind: 'link'; href: string; parts: Inline[] };
export type Block = { kind: 'p' | 'h'; parts: Inline[] } | { kind: 'ul' | 'ol'; items: Inline[][] };

/* a mention is one letter of the private area while marks are read: its name may hold any of them */
const FIRST = 0xe000;
const MOST = 0xf8ff - FIRST;
const MARKS = /\*\*(?=\S)(.+?\S|\S)\*\*|(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]*[^\s_])_(?![\p{L}\p{N}_])|\[([^[\]\n]+)\]\(((?:https?:\/\/|mailto:)[^\s()<>"]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/u;

function inlineOf(text: string, mentions: readonly Mention[]): Inline[] {
	const out: Inline[] = [];
	const plain = (part: string) => {
		let run = '';
		const end = () => {
			if (run)
				out.push({ kind: 'text', text: run });
			run = '';
		};
		for (const letter of part) {
			const mention = mentions[(letter.codePointAt(0) ?? 0) - FIRST];
			if (!mention) {
				run += letter;
				continue;
			}
			end();
			out.push({ kind: 'mention', mention });
		}
		end();
	};
	let rest = text;
	for (let found = MARKS.exec(rest); found; found = MARKS.exec(rest)) {
		plain(rest.slice(0, found.index));
		const [whole, bold, star, low, label, href, bare] = found;
		if (bold !== undefined)
			out.push({ kind: 'b', parts: inlineOf(bold, mentions) });
		else if (star !== undefined || low !== undefined)
			out.push({ kind: 'i', parts: inlineOf(star ?? low ?? '', mentions) });
		else if (bare !== undefined)
			out.push({ kind: 'link', href: bare, parts: [{ kind: 'text', text: bare }] });
		else
			out.push({ kind: 'link', href: href ?? '', parts: inlineOf(label ?? '', mentions).filter((one) => one.kind !== 'link') });
		rest = rest.slice(found.index + whole.length);
	}
	plain(rest);
	return out;
}

export function blocksOf(stored: string): Block[] {
	const mentions: Mention[] = [];
	/* letters of that area that somebody wrote mean nothing here */
	const text = partsOf(stored.replace(/[\ue000-\uf8ff]/g, '')).map((part) => {
		if (!part.mention || mentions.length >= MOST)
			return part.text;
		mentions.push(part.mention);
		return String.fromCodePoint(FIRST + mentions.length - 1);
	}).join('');
	const out: Block[] = [];
	let lines: string[] = [];
	const end = () => {
		if (lines.length)
			out.push({ kind: 'p', parts: inlineOf(lines.join('\n'), mentions) });
		lines = [];
	};
	for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
		const head = /^#{1,3}\s+(.*\S)/.exec(line);
		const item = /^\s*(?:([-*•])|\d{1,3}[.)])\s+(.*\S)/.exec(line);
		if (!head && !item) {
			if (line.trim())
				lines.push(line);
			else
				end();
			continue;
		}
		end();
		if (head)
			out.push({ kind: 'h', parts: inlineOf(head[1] ?? '', mentions) });
		else if (item) {
			const kind = item[1] ? 'ul' : 'ol';
			const last = out[out.length - 1];
			if (last && last.kind === kind)
				last.items.push(inlineOf(item[2] ?? '', mentions));
			else
				out.push({ kind, items: [inlineOf(item[2] ?? '', mentions)] });
		}
	}
	end();
	return out;
}
