/* Mentions: the token's way there and back, edits that keep, break and mend them, and what an @ looks for. */
import { describe, expect, it } from 'vitest';
import { chosen, draftOf, edited, labelOf, partsOf, storedOf, tokenOf, wantedAt, type Mention } from '../../src/features/mentions/tokens';
import { inOrder, type Message } from '../../src/features/chat/order';
import { plainOf } from '../../src/features/mentions/plain';

const id = (last: string) => `0190a0b0-c0d0-7e0f-8a1b-00000000000${last}`;
const jane: Mention = { kind: 'contact', id: id('1'), label: 'Jane Doe' };
const other: Mention = { kind: 'contact', id: id('2'), label: 'Jane Doe' };
const deal: Mention = { kind: 'opportunity', id: id('3'), label: 'Enterprise Deal' };
const said = `Ask ${tokenOf(jane)} about ${tokenOf(deal)}.`;

describe('a token', () => {
	it('is read with what stands around it', () => expect(partsOf(said)).toEqual([{ text: 'Ask ' }, { text: '@Jane Doe', mention: jane }, { text: ' about ' }, { text: '@Enterprise Deal', mention: deal }, { text: '.' }]));
	it('goes there and back', () => expect(storedOf(draftOf(said))).toBe(said));
	it('is read as its name where nothing can be pressed', () => expect(plainOf(said)).toBe('Ask @Jane Doe about @Enterprise Deal.'));
	it('holds a name that would end it early', () => {
		const odd = { ...deal, label: '  A {B|C}\nD ' };
		expect(labelOf(odd.label)).toBe('A (B/C) D');
		expect(labelOf('é'.repeat(400))).toBe('é'.repeat(150));
		expect(partsOf(tokenOf(odd))).toEqual([{ text: '@A (B/C) D', mention: { ...deal, label: 'A (B/C) D' } }]);
	});
	it('of an unknown kind, without an id or unfinished is plain text', () => {
		for (const text of [`@{boss:${id('1')}|X}`, '@{user:12|X}', `@{user:${id('1')}|}`, `@{user:${id('1')}|X`, 'a@b.nl', '@{}'])
			expect(partsOf(text)).toEqual([{ text }]);
		expect(partsOf('')).toEqual([]);
	});
});

describe('writing', () => {
	const draft = draftOf(said);
	it('before and behind a mention keeps it', () => {
		const before = edited(draft, `Do ${draft.text}`, 3);
		expect(storedOf(before)).toBe(`Do ${said}`);
		const after = edited(draft, `${draft.text} Today`, draft.text.length + 6);
		expect(storedOf(after)).toBe(`${said} Today`);
		expect(storedOf(edited(draft, 'Ask @Jane Doe, about @Enterprise Deal.', 14))).toBe(said.replace(' about', ', about'));
	});
	it('within its name makes it text; the other one stays', () => {
		const broken = edited(draft, draft.text.replace('Jane', 'Jan'), 8);
		expect(storedOf(broken)).toBe(`Ask @Jan Doe about ${tokenOf(deal)}.`);
		expect(broken.gone).toEqual([jane]);
	});
	it('a step back brings it again', () => {
		const broken = edited(draft, 'Ask ', 4);
		expect(broken.spans).toEqual([]);
		expect(storedOf(edited(broken, draft.text, draft.text.length))).toBe(said);
	});
	it('tells two of one name apart', () => {
		const both = draftOf(`${tokenOf(jane)} ${tokenOf(other)}`);
		expect(storedOf(edited(both, both.text.slice(10), 0))).toBe(tokenOf(other));
		expect(storedOf(edited(both, both.text.slice(0, 10), 10))).toBe(`${tokenOf(jane)} `);
	});
	it('the same letter twice changes where the cursor is', () => {
		const twice = draftOf(`aa${tokenOf(jane)}`);
		expect(storedOf(edited(twice, `aaa${twice.text.slice(2)}`, 3))).toBe(`aaa${tokenOf(jane)}`);
	});
	it('all at once, as by a paste or a fill, is read whole', () => expect(storedOf(edited(draft, 'Gone', 4))).toBe('Gone'));
});

describe('choosing', () => {
	it('puts the mention where the @ was, and a blank', () => {
		const typed = draftOf('Ask @jan');
		const { draft, caret } = chosen(typed, 4, 8, jane);
		expect([storedOf(draft), caret, draft.text]).toEqual([`Ask ${tokenOf(jane)} `, 14, 'Ask @Jane Doe ']);
	});
	it('puts none before a full stop, and moves what follows', () => {
		const typed = edited(draftOf(`Ask  about ${tokenOf(deal)}`), 'Ask @j about @Enterprise Deal', 6);
		expect(storedOf(chosen(typed, 4, 6, jane).draft)).toBe(`Ask ${tokenOf(jane)} about ${tokenOf(deal)}`);
		expect(chosen(draftOf('@j.'), 0, 2, jane).draft.text).toBe('@Jane Doe.');
	});
});

describe('an @ looks for', () => {
	const wanted = (text: string) => wantedAt(draftOf(text), draftOf(text).text.length);
	it('what was typed behind it, with blanks and the kind', () => {
		expect(wanted('Ask @')).toEqual({ at: 4, end: 5, q: '', kind: null });
		expect(wanted('Ask @Jane D')).toMatchObject({ q: 'Jane D', kind: null });
		expect(wanted('(@contact:Jane Doe')).toMatchObject({ at: 1, q: 'Jane Doe', kind: 'contact' });
		expect(wanted('@Lead: Jo')).toMatchObject({ q: 'Jo', kind: 'lead' });
	});
	it('nothing in an address, behind a blank or a line, in a mention', () => {
		for (const text of ['mail a@b', 'Ask @ ', 'Ask @Jane\nDoe', 'Ask', said, `${tokenOf(jane)} and`, '@one two three four five six seven'])
			expect(wanted(text), text).toBeNull();
	});
});

describe('messages of several pages', () => {
	const one = (place: number, version = 1): Message => ({ id: id(String(place)), place, version, workspace_id: id('9'), author_id: null, text: `${place}.${version}`, mentions: [], created_at: '2026-11-21T10:00:00Z', edited_at: null, removed_at: null });
	it('stand once each, the oldest first, as they are now', () => {
		const pages = [{ data: [one(4), one(3, 2)], next: 'a' }, { data: [one(3), one(2), one(1)], next: null }];
		expect(inOrder(pages).map(({ text }) => text)).toEqual(['1.1', '2.1', '3.2', '4.1']);
		expect(inOrder([])).toEqual([]);
	});
});
