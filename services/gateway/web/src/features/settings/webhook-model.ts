/* Webhooks that go out, as the pages know them: how an endpoint is in one word and what to do about it, which events it wants, what came back of a
   delivery. Pure; never holds a secret. */
import type { Id } from '../../api/types';

export type HookState = 'on' | 'off' | 'gone' | 'failing';
export interface Endpoint {
	id: Id;
	name: string;
	url: string;
	events: string[];
	enabled: boolean;
	state: HookState;
	/* one after another */
	failures: number;
	failing_since: string | null;
	/* both secrets sign until then */
	secret_rotates_at: string | null;
	version: number;
	waiting: number;
	given_up: number;
	delivered_at: string | null;
	created_at: string;
}

export const SENT_STATES = ['waiting', 'delivered', 'given_up'] as const;
export type SentState = typeof SENT_STATES[number];
export interface Delivery { id: Id; event_id: Id | null; type: string; at: string; state: SentState; tries: number; next_at: string | null; http: number | null; ended_at: string | null }
export interface Attempt { n: number; at: string; http: number | null; error: string | null; took_ms: number | null; response: string | null }
export interface WholeDelivery extends Delivery { body: string; attempts: Attempt[] }

export const HOOKS = ['webhooks'] as const;
export const TONE: Record<SentState, string> = { waiting: 'tag-warn', delivered: 'tag-ok', given_up: 'tag-danger' };
/* the test message's type: no event has it */
export const TEST_TYPE = 'test.ping';

/* what somebody is told of an endpoint; `trouble`: it is on, but the latest attempts failed */
export type Shown = HookState | 'trouble';
export const shownOf = (one: Pick<Endpoint, 'enabled' | 'state' | 'failures'>): Shown =>
	one.state === 'gone' || one.state === 'failing' ? one.state : !one.enabled || one.state === 'off' ? 'off' : one.failures > 0 ? 'trouble' : 'on';
export const TONE_OF: Record<Shown, string> = { on: ' tag-ok', off: '', trouble: ' tag-warn', gone: ' tag-danger', failing: ' tag-danger' };
export const isOn = (one: Endpoint): boolean => ['on', 'trouble'].includes(shownOf(one));

/* ---- which events ---- */

export interface EventGroup { key: string; types: string[] }
export const starOf = (group: string): string => `${group}.*`;

/* by what is before the dot, in the order of the alphabet */
export function groupsOf(types: readonly string[]): EventGroup[] {
	const groups = new Map<string, string[]>();
	for (const type of [...new Set(types)].sort()) {
		const key = type.slice(0, type.indexOf('.'));
		groups.set(key, [...groups.get(key) ?? [], type]);
	}
	return [...groups].map(([key, all]) => ({ key, types: all }));
}

/* of all that there is and will be */
export const EVERYTHING = '*';

/* a whole group takes the place of its single events, and they of it; everything is all groups as soon as one is taken out */
export function toggled(before: readonly string[], one: string, on: boolean, groups: readonly EventGroup[] = []): string[] {
	const group = one.slice(0, one.indexOf('.'));
	const chosen = before.includes(EVERYTHING) ? groups.map(({ key }) => starOf(key)) : before;
	const rest = chosen.filter((each) => each !== one && !(one === starOf(group) ? each.startsWith(`${group}.`) : each === starOf(group)));
	return (on ? [...rest, one] : rest).sort();
}

/* a beginning with a star, as the server reads it */
const fits = (wanted: string, type: string): boolean => (wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type);
export const wants = (events: readonly string[], type: string): boolean => events.some((one) => fits(one, type));
/* those that are of no event now stay to be seen, so that they can be taken away */
export const unknownIn = (events: readonly string[], types: readonly string[]): string[] => events.filter((one) => !types.some((type) => fits(one, type)));

/* ---- the form ---- */

/* https, or what this installation lets through besides: the server says */
export function addressOf(text: string): string | null {
	try {
		const url = new URL(text.trim());
		return /^https?:$/.test(url.protocol) && url.hostname !== '' && !url.username && !url.password ? text.trim() : null;
	} catch {
		return null;
	}
}

/* what a field for a moment holds, in the browser's own time, as the API has it; null: nothing, or no moment */
export function momentOf(local: string): string | null {
	const at = local ? new Date(local) : null;
	return at && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}

/* ---- what is shown ---- */

/* JSON laid out for reading; what is none, as it came */
export function readable(text: string): string {
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return text;
	}
}

/* no further attempt is to be waited for just now */
export const answered = (one: WholeDelivery): boolean => one.state !== 'waiting' || one.attempts.length > 0;
