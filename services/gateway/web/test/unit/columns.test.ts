/* How the stages of several pipelines line up on one board, and where a card of one of them may go. */
import { describe, expect, it } from 'vitest';
import type { Card, Pipeline, Stage, StageKind } from '../../src/api/types';
import { columnOf, modeOf, planOf, stageFor } from '../../src/features/deals/columns';

const kindOf = (key: string): StageKind => key === 'won' || key === 'gewonnen' ? 'won' : key === 'lost' || key === 'verloren' ? 'lost' : 'open';
const stage = (workspace: string, key: string, position: number, probability: number): Stage => ({
	id: `${workspace}-${key}`, key, kind: kindOf(key), label: { en: key }, probability, colour: 'grey', position, qualified: false, count: 0, sums: [], cards: [], next: null,
});
/* keys with their probabilities, as `new:10` */
const pipeline = (workspace: string, ...keys: string[]): Pipeline => ({
	workspace_id: workspace, id: `p-${workspace}`, key: 'sales', label: {}, kind: 'sales', move_mode: 'instant',
	stages: keys.map((one, at) => stage(workspace, one.split(':')[0] as string, at + 1, Number(one.split(':')[1] ?? (kindOf(one) === 'won' ? 100 : 0)))),
});
const card = (workspace: string, key: string) => ({ id: 'c', workspace_id: workspace, stage_id: `${workspace}-${key}` }) as Card;
const keysOf = (...pipelines: Pipeline[]) => planOf(pipelines).columns.map((column) => column.key);

const shop = pipeline('shop', 'new:10', 'qualified:30', 'proposal:60', 'won', 'lost');
const cargo = pipeline('cargo', 'new:5', 'contacted:15', 'interested:35', 'negotiation:60', 'onboarding:85', 'won', 'lost');
const bakery = pipeline('bakery', 'nieuwe_aanvraag:10', 'contact_opgenomen:25', 'offerte_verstuurd:50', 'gewonnen', 'verloren');

describe('a board of several pipelines', () => {
	it('has one column for one key, and every stage of it in it', () => {
		const plan = planOf([shop, cargo]);
		expect(plan.columns.map((column) => column.key)).toEqual(['new', 'contacted', 'qualified', 'interested', 'proposal', 'negotiation', 'onboarding', 'won', 'lost']);
		expect(plan.columns[0]?.stageIds).toEqual(['shop-new', 'cargo-new']);
		expect(plan.columns[0]?.weighs).toBe(false);
		expect(plan.columns[1]?.weighs).toBe(true);
	});
	it('keeps the order of each, and puts what is won and lost last', () => {
		expect(keysOf(bakery, shop)).toEqual(['nieuwe_aanvraag', 'new', 'contact_opgenomen', 'qualified', 'offerte_verstuurd', 'proposal', 'gewonnen', 'won', 'verloren', 'lost']);
		expect(keysOf(pipeline('a', 'x:90', 'y:10', 'z:50'))).toEqual(['x', 'y', 'z']);
	});
	it('is still a board where two orders contradict each other', () => expect(keysOf(pipeline('a', 'x:1', 'y:2'), pipeline('b', 'y:2', 'x:1')).sort()).toEqual(['x', 'y']));
	it('lines up two pipelines of one workspace as well', () => {
		const second = { ...pipeline('shop', 'new:10', 'won'), id: 'p-2' };
		second.stages = second.stages.map((one) => ({ ...one, id: `second-${one.key}` }));
		const plan = planOf([shop, second]);
		expect(plan.columns.map((column) => column.key)).toEqual(['new', 'qualified', 'proposal', 'won', 'lost']);
		const qualified = plan.columns[1];
		expect(qualified && stageFor(plan, { ...card('shop', 'new'), stage_id: 'second-new' }, qualified)).toBeUndefined();
	});
	it('moves a card among the stages of its own pipeline alone, in its own way', () => {
		const locked = { ...cargo, move_mode: 'locked' as const };
		const plan = planOf([shop, locked]);
		const column = (key: string) => plan.columns.find((one) => one.key === key) as NonNullable<ReturnType<typeof columnOf>>;
		expect(stageFor(plan, card('shop', 'new'), column('proposal'))).toBe('shop-proposal');
		expect(stageFor(plan, card('cargo', 'new'), column('proposal'))).toBeUndefined();
		expect(columnOf(plan, card('cargo', 'won'))?.key).toBe('won');
		expect(modeOf(plan, card('cargo', 'new'))).toBe('locked');
		expect(modeOf(plan, card('shop', 'new'))).toBe('instant');
	});
	it('names a column in words that do not shout, where it can', () => {
		const loud = pipeline('loud', 'won');
		loud.stages[0] = { ...(loud.stages[0] as Stage), label: { en: 'WON' } };
		expect(planOf([loud]).columns[0]?.label.en).toBe('WON');
		expect(planOf([loud, shop]).columns.find((one) => one.key === 'won')?.label.en).toBe('won');
	});
});
