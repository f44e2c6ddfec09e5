/* Marking what a search found, and finding in the guide. */
import { describe, expect, it } from 'vitest';
import { findIn } from '../../src/features/help/guide';
import { pieces, wordsOf } from '../../src/lib/marks';

const marked = (text: string, asked: string) => pieces(text, wordsOf(asked)).map((one) => one.hit ? `[${one.text}]` : one.text).join('');

describe('marks', () => {
	it('are the beginnings of words, in any order and case', () => expect(marked('Piet de Vries, vries', 'vri PIE')).toBe('[Pie]t de [Vri]es, [vri]es'));
	it('do not begin within a word', () => expect(marked('Bovries', 'vries')).toBe('Bovries'));
	it('see through accents both ways', () => {
		expect(marked('Jürgen Müller', 'muller')).toBe('Jürgen [Müller]');
		expect(marked('Jurgen Muller', 'Müller')).toBe('Jurgen [Muller]');
		expect(marked('Mu\u0308ller', 'mul')).toBe('[Mu\u0308l]ler');
	});
	it('take a whole letter where one is two', () => expect(marked('Straße 5', 'stras')).toBe('[Straß]e 5'));
	it('may touch and overlap', () => expect(marked('janssen', 'jan jans')).toBe('[jans]sen'));
	it('leave a text alone when nothing is asked', () => expect(marked('a.b@c.nl', '')).toBe('a.b@c.nl'));
	it('find the parts of an address', () => expect(marked('a.bos@example.nl', 'exam')).toBe('a.bos@[exam]ple.nl'));
});

describe('the search of the guide', () => {
	const groups = [{ title: 'x', pages: [{ name: 'a', title: 'The board', text: 'Cards are moved. A café is here.' }, { name: 'b', title: 'Cards', text: 'What stands on one.' }] }];
	it('puts a title before a text', () => expect(findIn(groups, 'card').map((hit) => hit.page.name)).toEqual(['b', 'a']));
	it('wants every word', () => expect(findIn(groups, 'cafe moved').map((hit) => hit.page.name)).toEqual(['a']));
	it('shows the sentence', () => expect(findIn(groups, 'cafe')[0]?.snippet).toBe('A café is here.'));
	it('finds nothing without a word', () => expect(findIn(groups, ' - ')).toEqual([]));
});
