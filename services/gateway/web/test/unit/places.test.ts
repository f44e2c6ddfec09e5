/* Countries, currencies, zones: the lists are whole, named in the language, and what usually goes together exists in them. */
import { describe, expect, it } from 'vitest';
import { countries, currencies, guessCountry, usualOf, zones } from '../../src/lib/places';

describe('places', () => {
	it('are every country once, by its name', () => {
		const all = countries('nl');
		expect(all.length).toBe(249);
		expect(new Set(all.map((one) => one.value)).size).toBe(249);
		expect(all.find((one) => one.value === 'NL')?.label).toBe('Nederland');
		expect(countries('en').find((one) => one.value === 'DE')?.label).toBe('Germany');
		expect(all.every((one) => one.label !== one.value)).toBe(true);
	});
	it('are in the order of the alphabet of the language', () => {
		const labels = countries('nl').map((one) => one.label);
		expect(labels).toEqual([...labels].sort(new Intl.Collator('nl').compare));
	});
	it('hold UTC and whatever is chosen already', () => {
		const all = zones('Mars/Olympus').map((one) => one.value);
		expect(all).toContain('UTC');
		expect(all).toContain('Mars/Olympus');
		expect(all).toContain('Europe/Amsterdam');
		expect(new Set(all).size).toBe(all.length);
	});
	it('know what a country usually has, in values that exist', () => {
		const money = new Set(currencies('en').map((one) => one.value));
		const known = new Set(zones().map((one) => one.value));
		for (const { value } of countries('en')) {
			const usual = usualOf(value);
			if (usual) {
				expect(money.has(usual.currency) || usual.currency === 'XCG', value).toBe(true);
				expect(known.has(usual.timezone) || usual.timezone === 'Asia/Kolkata', value).toBe(true);
			}
		}
		expect(usualOf('NL')).toEqual({ currency: 'EUR', timezone: 'Europe/Amsterdam' });
		expect(usualOf('AQ')).toBeNull();
	});
	it('guess a country by the zone, then by the language', () => {
		expect(guessCountry('Europe/Brussels', ['nl-NL'])).toBe('BE');
		expect(guessCountry('UTC', ['en', 'en-GB'])).toBe('GB');
		expect(guessCountry('UTC', ['nl'])).toBe('NL');
		expect(guessCountry('UTC', ['en-XX'])).toBe('NL');
	});
});
