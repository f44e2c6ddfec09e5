/* Where the rows of the table go when some of them changed, without their pages being read again. */
import { describe, expect, it } from 'vitest';
import { patched, type TablePart } from '../../src/features/deals/table-place';
import type { DealRow } from '../../src/features/deals/table-columns';

const row = (id: string, more: Partial<DealRow> = {}) => ({ id, number: Number(id), title: id, stage_since: `2026-01-0${id}`, close_date: null, custom: {}, ...more }) as DealRow;
const pages = (next: string | null, ...parts: DealRow[][]): TablePart[] => parts.map((data, at) => ({ data, next: at < parts.length - 1 ? 'on' : next }));
const shown = (out: ReturnType<typeof patched>) => out?.pages.map((page) => page.data.map((one) => one.id).join('')).join(' ');
const ids = (...all: string[]) => new Set(all);

describe('rows that changed', () => {
	it('stay where they are while their order does', () => {
		const out = patched(pages(null, [row('1'), row('2')], [row('3')]), ids('2'), [row('2', { title: 'new' })], 'number');
		expect(shown(out)).toBe('12 3');
		expect(out?.pages[0]?.data[1]?.title).toBe('new');
	});
	it('go where their number says, over the pages', () => {
		expect(shown(patched(pages(null, [row('1'), row('2')], [row('3'), row('4')]), ids('1'), [row('1', { number: 9 })], 'number'))).toBe('2 341');
		expect(shown(patched(pages(null, [row('1'), row('2')], [row('3'), row('4')]), ids('4'), [row('4', { stage_since: '2026-01-00' })], 'stage_since'))).toBe('412 3');
		expect(shown(patched(pages(null, [row('5'), row('4')]), ids('6'), [row('6')], undefined))).toBe('654');
	});
	it('come with their page where that was not read', () => expect(shown(patched(pages('on', [row('1'), row('2')]), ids('1'), [row('1', { number: 9 })], 'number'))).toBe('2'));
	it('leave when they fit no more, and are counted', () => {
		const out = patched(pages(null, [row('1'), row('2')]), ids('1', '7'), [row('7')], 'number');
		expect(shown(out)).toBe('27');
		expect([out?.gone, out?.came]).toEqual([1, 1]);
	});
	it('stand last without a value, either way', () => {
		const all = [row('1', { close_date: '2026-02-02' }), row('2', { close_date: '2026-02-03' })];
		expect(shown(patched(pages(null, all), ids('1'), [row('1')], 'close_date'))).toBe('21');
		expect(shown(patched(pages(null, [...all].reverse()), ids('2'), [row('2')], '-close_date'))).toBe('12');
	});
	it('are not placed among words, unless their word is the same', () => {
		expect(patched(pages(null, [row('1'), row('2')]), ids('1'), [row('1', { title: 'x' })], 'title')).toBeNull();
		expect(shown(patched(pages(null, [row('1'), row('2')]), ids('1'), [row('1', { number: 9 })], '-title'))).toBe('12');
		expect(patched(pages(null, [row('1')]), ids('2'), [row('2')], 'title')).toBeNull();
	});
});
