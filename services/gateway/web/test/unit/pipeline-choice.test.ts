/* A board begins with one pipeline of several, not with their columns mixed; what was chosen last and what the address says go first. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ALL, keepPipeline, shownKey } from '../../src/features/deals/pipeline-choice';

const one = [{ key: 'sales', workspace_id: 'a' }];
const two = [...one, { key: 'service', workspace_id: 'a' }];

describe('which pipeline a board begins with', () => {
	afterEach(() => vi.unstubAllGlobals());
	it('is the first of several, the only one, and all of several workspaces', () => {
		expect(shownKey(two, undefined, 'a')).toBe('sales');
		expect(shownKey(one, 'service', 'a')).toBe(ALL);
		expect(shownKey([], undefined, 'a')).toBe(ALL);
		expect(shownKey([...two, { key: 'sales', workspace_id: 'b' }], undefined, null)).toBe(ALL);
	});
	it('is what the address names, and what was chosen last where it names none that is there', () => {
		const kept = new Map<string, string>();
		vi.stubGlobal('localStorage', { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) });
		expect(shownKey(two, 'service', 'a')).toBe('service');
		expect(shownKey(two, ALL, 'a')).toBe(ALL);
		keepPipeline('a', ALL);
		expect(shownKey(two, undefined, 'a')).toBe(ALL);
		expect(shownKey(two, undefined, 'b')).toBe('sales');
		keepPipeline('a', 'gone');
		expect(shownKey(two, 'gone', 'a')).toBe('sales');
	});
});
