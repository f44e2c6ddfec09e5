/* The marks of a text while it is written: what a button of the tools puts, and takes off again. Knows no field. */
export type MarkKind = 'bold' | 'italic' | 'list' | 'heading' | 'link';
/* what is put in place of [from, to), and what is selected then */
export interface Put { from: number; to: number; text: string; select: [number, number] }

/* The mark put around what is selected, or taken off where it stands already; of lists and headings around whole lines. */
export function markOf(text: string, at: number, end: number, kind: MarkKind): Put {
	if (kind === 'list' || kind === 'heading') {
		const sign = kind === 'list' ? '- ' : '## ';
		const from = text.lastIndexOf('\n', at - 1) + 1;
		const next = text.indexOf('\n', end);
		const to = next < 0 ? text.length : next;
		const lines = text.slice(from, to).split('\n');
		const on = lines.every((line) => line.startsWith(sign));
		const made = lines.map((line) => on ? line.slice(sign.length) : line.startsWith(sign) ? line : sign + line).join('\n');
		return { from, to, text: made, select: [from + made.length, from + made.length] };
	}
	const chosen = text.slice(at, end);
	if (kind === 'link') {
		const made = /^https?:\/\/\S+$/.test(chosen) ? `[](${chosen})` : `[${chosen}](https://)`;
		const caret = made.startsWith('[]') ? at + 1 : at + made.length - 1;
		return { from: at, to: end, text: made, select: [caret, caret] };
	}
	const sign = kind === 'bold' ? '**' : '_';
	const n = sign.length;
	if (text.slice(at - n, at) === sign && text.slice(end, end + n) === sign)
		return { from: at - n, to: end + n, text: chosen, select: [at - n, end - n] };
	return { from: at, to: end, text: sign + chosen + sign, select: [at + n, end + n] };
}
