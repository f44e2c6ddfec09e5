/* The board's store: where a card lies, what the column heads say, and that a refusal leaves no trace. */
import { describe, expect, it } from 'vitest';
import type { Card, Pipeline, Stage } from '../../src/api/types';
import { BoardStore } from '../../src/features/deals/store';

const card = (id: string, stage: string, since: string, amount: string | null = '100.00', version = 1): Card => ({
	id, workspace_id: 'w', number: 1, title: id, stage_id: stage, contact_id: null, contact_name: null, company: null,
	value: amount === null ? null : { amount, currency: 'EUR' }, owner_id: null, lead_id: null, source: null, version,
	created_at: since, stage_since: since, close_date: null, files: 0,
});
const stage = (id: string, cards: Card[], count = cards.length): Stage => ({
	id, key: id, kind: 'open', label: { en: id }, probability: 10, colour: 'grey', position: 1, qualified: false, count,
	sums: cards.length ? [{ currency: 'EUR', amount: `${cards.length * 100}.00` }] : [], cards, next: null,
});
const pipeline = (...stages: Stage[]): Pipeline => ({ workspace_id: 'w', id: 'p', key: 'sales', label: {}, kind: 'sales', move_mode: 'instant', stages });

function made(): BoardStore {
	const store = new BoardStore();
	store.load('w', [pipeline(stage('new', [card('a', 'new', '2026-11-20'), card('b', 'new', '2026-11-19')]), stage('won', [card('c', 'won', '2026-11-18')]))]);
	return store;
}

describe('board store', () => {
	it('moves a card, its count and its value at once', () => {
		const store = made();
		store.begin('a', 'k', 'won', '2026-11-21');
		expect(store.list('new')).toEqual(['b']);
		expect(store.list('won')).toEqual(['a', 'c']);
		expect(store.total('new')).toEqual({ count: 1, sums: [{ currency: 'EUR', amount: '100.00' }] });
		expect(store.total('won')).toEqual({ count: 2, sums: [{ currency: 'EUR', amount: '200.00' }] });
	});
	it('puts everything back when the move is refused', () => {
		const store = made();
		const before = [store.list('new'), store.total('new'), store.list('won'), store.total('won')];
		store.begin('a', 'k', 'won', '2026-11-21');
		store.rollback('a');
		expect([store.list('new'), store.total('new'), store.list('won'), store.total('won')]).toEqual(before);
		expect(store.isPending('a')).toBe(false);
	});
	it('takes the version of the answer', () => {
		const store = made();
		store.begin('a', 'k', 'won', '2026-11-21');
		store.settle('a', 7, 'won');
		expect(store.card('a')).toMatchObject({ version: 7, stage_id: 'won' });
	});
	it('rolls back to where somebody else put the card meanwhile', () => {
		const store = made();
		store.begin('a', 'k', 'won', '2026-11-21');
		store.receive(card('a', 'lost', '2026-11-21', '100.00', 2));
		expect(store.card('a')?.stage_id).toBe('won');
		store.rollback('a');
		expect(store.card('a')?.stage_id).toBe('lost');
	});
	it('keeps a second quick move until both are answered', () => {
		const store = made();
		store.begin('a', 'k1', 'won', '2026-11-21');
		store.begin('a', 'k2', 'new', '2026-11-22');
		store.settle('a', 2, 'won');
		expect(store.card('a')?.stage_id).toBe('new');
		expect(store.base('a')).toMatchObject({ version: 2, stage_id: 'won' });
		store.settle('a', 3, 'new');
		expect(store.card('a')).toMatchObject({ version: 3, stage_id: 'new' });
	});
	it('ignores what is older than it knows', () => {
		const store = made();
		store.receive(card('a', 'won', '2026-11-21', '100.00', 5));
		expect(store.receive(card('a', 'new', '2026-11-20', '100.00', 4))).toBe(false);
		expect(store.card('a')?.stage_id).toBe('won');
	});
	it('follows a changed value in the sum', () => {
		const store = made();
		store.receive(card('a', 'new', '2026-11-20', '250.50', 2));
		expect(store.total('new').sums).toEqual([{ currency: 'EUR', amount: '350.50' }]);
	});
	it('counts a new card once, however often it is told', () => {
		const store = made();
		store.receive(card('d', 'new', '2026-11-21', null));
		store.receive(card('d', 'new', '2026-11-21', null));
		expect(store.total('new').count).toBe(3);
		expect(store.list('new')).toEqual(['d', 'a', 'b']);
	});
	it('keeps a move under way over a fresh read', () => {
		const store = made();
		store.begin('a', 'k', 'won', '2026-11-21');
		store.load('w', [pipeline(stage('new', [card('a', 'new', '2026-11-20'), card('b', 'new', '2026-11-19')]), stage('won', []))]);
		expect(store.card('a')?.stage_id).toBe('won');
		store.rollback('a');
		expect(store.list('new')).toEqual(['a', 'b']);
	});
	it('tells only those who listen to what changed', () => {
		const store = made();
		const heard: string[] = [];
		for (const topic of ['card:a', 'card:b', 'card:c', 'list:new', 'list:won', 'total:new'])
			store.subscribe(topic, () => heard.push(topic));
		store.patch('a', { contact_name: 'Piet' });
		expect(heard).toEqual(['card:a']);
	});
	it('appends a page without doubling what came by the stream', () => {
		const store = made();
		store.append('new', [card('b', 'new', '2026-11-19'), card('e', 'new', '2026-11-01')], 'more');
		expect(store.list('new')).toEqual(['a', 'b', 'e']);
		expect(store.cursor('new')).toBe('more');
	});
});
