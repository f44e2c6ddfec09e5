/* Which parts of a text the words of a search mean, as the services find them: the beginning of a word, whatever its case and its
   accents. Never changes the text itself. */
const LETTERS: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ı: 'i', ð: 'd', ħ: 'h', ŧ: 't', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' };

export function fold(text: string): string {
	return text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[øłđıðħŧßæœþ]/g, (letter) => LETTERS[letter] ?? letter);
}

export const wordsOf = (asked: string): string[] => fold(asked).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

export interface Piece { text: string; hit: boolean }

export function pieces(text: string, words: readonly string[]): Piece[] {
	/* the folded text, and for each of its letters where the letter it came of begins */
	const from: number[] = [];
	let folded = '';
	let at = 0;
	for (const letter of text) {
		for (const one of fold(letter)) {
			folded += one;
			from.push(at);
		}
		at += letter.length;
	}
	from.push(text.length);
	const ends = (index: number) => {
		let next = index;
		while (next < from.length - 1 && from[next] === from[index - 1])
			next++; /* the whole letter, where one is two folded */
		return from[next] ?? text.length;
	};
	const spans: Array<[number, number]> = [];
	for (const word of words)
		for (let found = word ? folded.indexOf(word) : -1; found >= 0; found = folded.indexOf(word, found + 1))
			if (found === 0 || !/[\p{L}\p{N}]/u.test(folded[found - 1] ?? ''))
				spans.push([from[found] ?? 0, ends(found + word.length)]);
	spans.sort((a, b) => a[0] - b[0]);
	const merged: Array<[number, number]> = [];
	for (const [begin, end] of spans) {
		const last = merged[merged.length - 1];
		if (last && begin <= last[1])
			last[1] = Math.max(last[1], end);
		else
			merged.push([begin, end]);
	}
	const out: Piece[] = [];
	let done = 0;
	for (const [begin, end] of merged) {
		if (begin > done)
			out.push({ text: text.slice(done, begin), hit: false });
		out.push({ text: text.slice(begin, end), hit: true });
		done = end;
	}
	if (done < text.length)
		out.push({ text: text.slice(done), hit: false });
	return out;
}
