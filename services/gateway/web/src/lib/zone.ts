/* Days and times as a clock on the wall of a time zone shows them, and the moment such a wall shows. Days are plain texts
   YYYY-MM-DD; counting with them never meets a summer time. */
export interface Wall { day: string; time: string }

const made = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
	let format = made.get(zone);
	if (!format) {
		format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
		made.set(zone, format);
	}
	return format;
}

export function wallOf(at: string | number, zone: string): Wall {
	const text = clockOf(zone).format(new Date(at));
	return { day: text.slice(0, 10), time: text.slice(11, 16) };
}

/* The moment at which the wall shows this; a time that summer time leaves out is the hour after it. */
export function instantOf(day: string, time: string, zone: string): string | null {
	const wanted = Date.parse(`${day}T${time}:00Z`);
	if (Number.isNaN(wanted))
		return null;
	let at = wanted;
	for (let round = 0; round < 2; round++) {
		const shown = wallOf(at, zone);
		at += wanted - Date.parse(`${shown.day}T${shown.time}:00Z`);
	}
	return new Date(at).toISOString();
}

/* what a field for a day and a time holds, "2026-11-22T14:30", of a wall in this zone and not of the browser's own */
export function typedOf(at: string | number, zone: string): string {
	const { day, time } = wallOf(at, zone);
	return `${day}T${time}`;
}

export function momentOf(typed: string, zone: string): string | null {
	const [, day = '', time = '', seconds = '0'] = /^(\d{4,}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d(?:\.\d+)?))?$/.exec(typed) ?? [];
	const at = day && instantOf(day, time, zone);
	return at ? new Date(Date.parse(at) + Math.round(Number(seconds) * 1000)).toISOString() : null;
}

export function addDays(day: string, count: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}
