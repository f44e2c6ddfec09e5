/* Marks in notes: what they become, what stays text, mentions among them, and putting them there. */
import { describe, expect, it } from 'vitest';
import { markOf } from '../../src/features/mentions/mark-of';
import { blocksOf } from '../../src/features/mentions/marks';
import { unmarked } from '../../src/features/mentions/plain';

const daan = '@{user:0193a0c4-6f1e-7c52-9b7e-2f4d5a6b7c8d|Daan *de* Boer}';

describe('a note', () => {
	it('has bold, italic, lists, headings and links', () => {
		expect(blocksOf('## Plan\n- **nu** bellen\n- _straks_ mailen\n\n1. [site](https://x.nl/a_b)\nKlaar')).toEqual([
			{ kind: 'h', parts: [{ kind: 'text', text: 'Plan' }] },
			{ kind: 'ul', items: [[{ kind: 'b', parts: [{ kind: 'text', text: 'nu' }] }, { kind: 'text', text: ' bellen' }], [{ kind: 'i', parts: [{ kind: 'text', text: 'straks' }] }, { kind: 'text', text: ' mailen' }]] },
			{ kind: 'ol', items: [[{ kind: 'link', href: 'https://x.nl/a_b', parts: [{ kind: 'text', text: 'site' }] }]] },
			{ kind: 'p', parts: [{ kind: 'text', text: 'Klaar' }] },
		]);
	});
	it('keeps what is no mark, and never leads to a script', () => {
		for (const text of ['2 * 3 * 4', 'snake_case_name', '<b>x</b><script>alert(1)</script>', '[x](javascript:alert(1))', 'a **b', '#geen kop', '-5 graden'])
			expect(blocksOf(text)).toEqual([{ kind: 'p', parts: [{ kind: 'text', text }] }]);
	});
	it('links a bare address without the stop behind it', () => {
		expect(blocksOf('zie https://x.nl/a.')).toEqual([{ kind: 'p', parts: [{ kind: 'text', text: 'zie ' }, { kind: 'link', href: 'https://x.nl/a', parts: [{ kind: 'text', text: 'https://x.nl/a' }] }, { kind: 'text', text: '.' }] }]);
	});
	it('is read at once, whatever stands in it', () => {
		expect(blocksOf(`${'['.repeat(20_000)}[x](https://x.nl)`)).toMatchObject([{ parts: [{ kind: 'text' }, { kind: 'link', href: 'https://x.nl', parts: [{ text: 'x' }] }] }]);
		expect(blocksOf('['.repeat(20_000))).toHaveLength(1);
	}, 250);
	it('has mentions whole, whatever their names hold, also within marks', () => {
		const [block] = blocksOf(`**Vraag ${daan}** nog\ue000`);
		expect(block).toMatchObject({ parts: [{ kind: 'b', parts: [{ text: 'Vraag ' }, { kind: 'mention', mention: { label: 'Daan *de* Boer' } }] }, { text: ' nog' }] });
	});
	it('as a line has no marks', () => expect(unmarked(`## **Bel** [ze](https://x.nl) _nu_ ${daan}`)).toBe('Bel ze nu @Daan *de* Boer'));
});

describe('a mark', () => {
	it('is put around what is selected and taken off again', () => {
		expect(markOf('bel nu', 4, 6, 'bold')).toEqual({ from: 4, to: 6, text: '**nu**', select: [6, 8] });
		expect(markOf('bel **nu**', 6, 8, 'bold')).toEqual({ from: 4, to: 10, text: 'nu', select: [4, 6] });
		expect(markOf('a\nb', 0, 3, 'list')).toMatchObject({ text: '- a\n- b' });
		expect(markOf('- a\n- b', 0, 7, 'list')).toMatchObject({ text: 'a\nb' });
		expect(markOf('zie https://x.nl', 4, 16, 'link')).toEqual({ from: 4, to: 16, text: '[](https://x.nl)', select: [5, 5] });
	});
});
