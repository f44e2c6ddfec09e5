/* Short names of workspaces: made of names, and what may be one. */
import { describe, expect, it } from 'vitest';
import { slugFits, slugOf } from '../../src/lib/slug';

describe('a short name', () => {
	it('is made of the name', () => {
		expect(slugOf('Bakkerij Jansen')).toBe('bakkerij-jansen');
		expect(slugOf('  Café Müller & Søn B.V.  ')).toBe('cafe-muller-son-b-v');
		expect(slugOf('3D Print')).toBe('w3d-print');
		expect(slugOf('…')).toBe('');
	});
	it('is never too long and ends with no hyphen', () => {
		const long = slugOf('een hele lange naam van een bedrijf dat nooit ophoudt');
		expect(long.length).toBeLessThanOrEqual(40);
		expect(long.endsWith('-')).toBe(false);
		expect(slugFits(long)).toBe(true);
	});
	it('fits or does not, as the server says', () => {
		for (const good of ['ab', 'a-b', 'bakkerij-jansen', 'w3d'])
			expect(slugFits(good), good).toBe(true);
		for (const bad of ['', 'a', '3d', '-ab', 'ab-', 'a--b', 'Ab', 'a b', 'é1', 'a'.repeat(61)])
			expect(slugFits(bad), bad).toBe(false);
	});
});
