/* One's own page: the square that is cut of a picture, the path of a QR code, browsers in words; the first lead of a set-up. */
import { describe, expect, it } from 'vitest';
import type { CrmEvent } from '../../src/api/types';
import { dragged, keepInside, middle, sideOf } from '../../src/features/profile/crop';
import { qrPath } from '../../src/features/profile/qr';
import { arrival, seconds } from '../../src/features/session/arrival';
import { agentOf } from '../../src/lib/agent';

describe('the square of a picture', () => {
	const wide = { width: 1000, height: 500 };
	it('is the largest in the middle at first', () => {
		expect(middle(wide)).toEqual({ x: 500, y: 250, zoom: 1 });
		expect(sideOf(wide, 1)).toBe(500);
		expect(sideOf(wide, 2)).toBe(250);
	});
	it('never leaves the picture', () => {
		expect(keepInside(wide, { x: -40, y: 900, zoom: 1 })).toEqual({ x: 250, y: 250, zoom: 1 });
		expect(keepInside(wide, { x: 999, y: 0, zoom: 2 })).toEqual({ x: 875, y: 125, zoom: 2 });
		expect(keepInside(wide, { x: 500, y: 250, zoom: 99 }).zoom).toBe(4);
		expect(keepInside(wide, { x: 500, y: 250, zoom: 0.1 }).zoom).toBe(1);
	});
	it('goes against the hand, by the scale of the view', () => {
		/* 500 pixels of the picture on 250 of the screen: two for one */
		expect(dragged(wide, middle(wide), 50, 30, 250)).toEqual({ x: 400, y: 250, zoom: 1 });
		expect(dragged(wide, { x: 500, y: 250, zoom: 2 }, -50, 0, 250)).toEqual({ x: 550, y: 250, zoom: 2 });
	});
});

describe('a QR code', () => {
	it('is its dark runs, behind the quiet zone', () => expect(qrPath(['1101', '0000', '0011'])).toBe('M4 4h2v1h-2zM7 4h1v1h-1zM6 6h2v1h-2z'));
});

describe('a browser', () => {
	const says: Array<[string, string | null, string | null, boolean]> = [
		['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Chrome', 'Windows', false],
		['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge', 'Windows', false],
		['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux', false],
		['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', 'Safari', 'macOS', false],
		['Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1', 'Chrome', 'iOS', true],
		['Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36', 'Samsung Internet', 'Android', true],
		['curl/8.5.0', 'curl', null, false],
		['something else', null, null, false],
	];
	for (const [text, browser, system, phone] of says)
		it(`${browser ?? 'unknown'} on ${system ?? 'unknown'}`, () => expect(agentOf(text)).toEqual({ browser, system, phone }));
	it('says nothing of none', () => expect(agentOf(null)).toEqual({ browser: null, system: null, phone: false }));
});

describe('the first lead', () => {
	const made = (lead: string, number: number) => ({ type: 'deal.created', data: { lead_id: lead, title: `Deal ${number}`, number, contact_name: null } }) as unknown as CrmEvent;
	it('is the one the hook named, and how long it took', () => {
		const events = [made('a', 1), made('b', 2)];
		expect(arrival(events, { at: 100, ids: ['b'] }, () => 130)).toEqual({ title: 'Deal 2', contact: null, number: 2, ms: 30 });
		/* heard once, whenever it is looked at again */
		expect(arrival(events, { at: 100, ids: ['b'] }, () => 900)?.ms).toBe(30);
	});
	it('is nobody else\'s while the hook has not answered', () => expect(arrival([made('a', 1)], { at: 0, ids: null }, () => 5)).toBeNull());
	it('has no time when a terminal sent it', () => expect(arrival([made('a', 1)], null, () => 5)).toEqual({ title: 'Deal 1', contact: null, number: 1, ms: null }));
	it('is told in seconds', () => {
		expect(seconds(234, 'nl')).toBe('0,23');
		expect(seconds(1234, 'en')).toBe('1.2');
	});
});
