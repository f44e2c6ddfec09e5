/* Which pipelines share a board. */
import { describe, expect, it } from 'vitest';
import type { Pipeline, Stage } from '../../src/api/types';
import { groupsOf } from '../../src/features/deals/columns';

const stage = (workspace: string, key: string, position: number): Stage => ({
	id: `${workspace}-${key}`, key, kind: 'open', label: {}, probability: 0, colour: 'grey', position, qualified: false, count: 0, sums: [], cards: [], next: null,
});
const pipeline = (workspace: string, ...keys: string[]): Pipeline => ({
	workspace_id: workspace, id: `p-${workspace}`, key: 'sales', label: {}, move_mode: 'instant', stages: keys.map((key, at) => stage(workspace, key, at)),
});

describe('groups of pipelines', () => {
	it('put the same stages on one board and others on their own', () => {
		const groups = groupsOf([pipeline('a', 'new', 'won'), pipeline('b', 'lead', 'won'), pipeline('c', 'new', 'won')]);
		expect(groups.map((group) => group.workspaces)).toEqual([['a', 'c'], ['b']]);
		expect(groups[0]?.columns[0]?.stageIds).toEqual(['a-new', 'c-new']);
		expect(groups[0]?.columns[1]?.stageOf.get('c')).toBe('c-won');
	});
	it('keep two pipelines of one workspace apart', () => {
		const second = { ...pipeline('a', 'new', 'won'), id: 'p-2' };
		expect(groupsOf([pipeline('a', 'new', 'won'), second])).toHaveLength(2);
	});
});
