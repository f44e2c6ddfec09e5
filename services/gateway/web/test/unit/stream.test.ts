/* The stream's cuts: what the browser mends itself is no news, what it cannot is told as a reset. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Stream, type StreamNote } from '../../src/api/stream';

class FakeSource extends EventTarget {
	static readonly CLOSED = 2;
	static made: FakeSource[] = [];
	readyState = 0;
	onopen: (() => void) | null = null;
	onerror: (() => void) | null = null;
	constructor(readonly url: string) {
		super();
		FakeSource.made.push(this);
	}
	close(): void { this.readyState = 2; }
	opens(): void { this.readyState = 1; this.onopen?.(); this.dispatchEvent(new Event('open')); }
	breaks(forGood: boolean): void { this.readyState = forGood ? 2 : 0; this.onerror?.(); }
	says(type: string, data: string): void { this.dispatchEvent(new MessageEvent(type, { data })); }
}

let notes: StreamNote[] = [];
const kinds = () => notes.map((note) => note.kind === 'state' ? note.state : note.kind);
const start = () => new Stream('/s', (note) => notes.push(note));
const last = () => FakeSource.made[FakeSource.made.length - 1] as FakeSource;

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('EventSource', FakeSource);
	FakeSource.made = [];
	notes = [];
});

describe('stream', () => {
	it('passes events on as they come', () => {
		start();
		last().opens();
		last().says('deal.created', '{"x":1}');
		expect(notes).toEqual([{ kind: 'state', state: 'open' }, { kind: 'event', type: 'deal.created', text: '{"x":1}' }]);
	});
	it('says nothing of a cut that the browser continues from its last id', () => {
		start();
		last().opens();
		vi.advanceTimersByTime(5000);
		last().breaks(false);
		last().opens();
		expect(kinds()).toEqual(['open', 'retrying', 'open']);
		expect(FakeSource.made).toHaveLength(1);
	});
	it('tells a reset when it was cut before it had an id', () => {
		start();
		last().opens();
		vi.advanceTimersByTime(100);
		last().breaks(false);
		last().breaks(false);
		last().opens();
		expect(kinds()).toEqual(['open', 'retrying', 'retrying', 'open', 'reset']);
	});
	it('tells a reset once it stands when it follows another that others heard', () => {
		new Stream('/s', (note) => notes.push(note), true);
		last().opens();
		last().says('deal.created', '{}');
		expect(kinds()).toEqual(['open', 'reset', 'event']);
	});
	it('tells a reset again when it stands after one that ended it: what changed in the pause carries no event', () => {
		start();
		last().opens();
		vi.advanceTimersByTime(5000);
		last().says('reset', '{}');
		last().breaks(false);
		last().opens();
		expect(kinds()).toEqual(['open', 'reset', 'retrying', 'open', 'reset']);
		vi.advanceTimersByTime(5000);
		last().breaks(false);
		last().opens();
		expect(kinds().slice(5)).toEqual(['retrying', 'open']);
	});
	it('opens anew what was refused, and tells a reset', () => {
		start();
		last().opens();
		vi.advanceTimersByTime(5000);
		last().breaks(true);
		expect(FakeSource.made).toHaveLength(1);
		vi.advanceTimersByTime(600);
		expect(FakeSource.made).toHaveLength(2);
		last().opens();
		expect(kinds()).toContain('reset');
	});
	it('tells a reset at once when it is refused, and once however often it is', () => {
		start();
		last().opens();
		vi.advanceTimersByTime(5000);
		last().breaks(true);
		expect(kinds()).toEqual(['open', 'retrying', 'reset']);
		vi.advanceTimersByTime(600);
		last().breaks(true);
		vi.advanceTimersByTime(1100);
		last().breaks(true);
		expect(kinds().filter((kind) => kind === 'reset')).toHaveLength(1);
	});
	it('ends with bye and does not come back', () => {
		start();
		last().opens();
		last().says('bye', '{"reason":"logged_out"}');
		vi.advanceTimersByTime(60_000);
		expect(kinds()).toEqual(['open', 'bye']);
		expect(FakeSource.made).toHaveLength(1);
	});
});
