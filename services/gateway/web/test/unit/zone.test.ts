/* Wall and moment agree in both directions, also over summer time; months and weeks have the days a calendar has. */
import { describe, expect, it } from 'vitest';
import { addMonths, daysBetween, mondayOf, monthGrid } from '../../src/lib/days';
import { addDays, instantOf, momentOf, typedOf, wallOf } from '../../src/lib/zone';

describe('a zone', () => {
	it('says what its wall shows, and when the wall shows that', () => {
		expect(wallOf('2026-11-21T09:00:00Z', 'Europe/Amsterdam')).toEqual({ day: '2026-11-21', time: '10:00' });
		expect(instantOf('2026-11-24', '15:30', 'Europe/Amsterdam')).toBe('2026-11-24T14:30:00.000Z');
		expect(instantOf('2026-07-01', '00:30', 'Europe/Amsterdam')).toBe('2026-06-30T22:30:00.000Z');
		expect(instantOf('2026-11-24', '23:59', 'America/Mexico_City')).toBe('2026-11-25T05:59:00.000Z');
		expect(instantOf('', '10:00', 'Europe/Amsterdam')).toBeNull();
	});
	it('a field for a moment shows and means the wall of the zone, to the second where it goes that far', () => {
		expect(typedOf('2026-11-21T18:00:30.500Z', 'America/Mexico_City')).toBe('2026-11-21T12:00');
		expect(momentOf('2026-11-21T12:00', 'America/Mexico_City')).toBe('2026-11-21T18:00:00.000Z');
		expect(momentOf('2026-07-01T00:30:11.123', 'Europe/Amsterdam')).toBe('2026-06-30T22:30:11.123Z');
		expect(momentOf('', 'Europe/Amsterdam')).toBeNull();
		expect(momentOf('2026-07-01', 'Europe/Amsterdam')).toBeNull();
	});

	it('goes over both ends of summer time', () => {
		for (const [day, time] of [['2026-03-29', '03:30'], ['2026-03-29', '01:59'], ['2026-10-25', '04:00'], ['2026-10-24', '23:00']] as const)
			expect(wallOf(instantOf(day, time, 'Europe/Amsterdam') ?? '', 'Europe/Amsterdam')).toEqual({ day, time });
	});
	it('knows its weeks and months', () => {
		expect(mondayOf('2026-11-22')).toBe('2026-11-16');
		expect(addMonths('2027-01-31', 1)).toBe('2027-02-28');
		expect(addMonths('2026-12-03', -12)).toBe('2025-12-03');
		expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
		const grid = monthGrid('2026-11-21');
		expect(grid[0]?.[0]).toBe('2026-10-26');
		expect(grid[grid.length - 1]?.[6]).toBe('2026-12-06');
		expect(grid.every((week) => week.length === 7)).toBe(true);
		expect(monthGrid('2027-02-01').length).toBe(4);
		expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
	});
});
