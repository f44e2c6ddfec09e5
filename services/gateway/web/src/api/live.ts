/* The page's end of the live stream: one stream a browser, held by a shared worker, else by the tab that leads, heard
   by the others over a BroadcastChannel. Never drops an event silently: a gap is told as a reset. */
import { useSyncExternalStore } from 'react';
import type { CrmEvent } from './records';
import type { Stream, StreamNote, StreamState } from './stream';
import type { ToWorker } from './live-worker';

export type LiveListener = (note: { kind: 'event'; event: CrmEvent } | { kind: 'reset' } | { kind: 'bye' }) => void;

interface Carrier { nudge(): void; stop(final: boolean): void }

const RECENT = 400;

const listeners = new Set<LiveListener>();
let recent: Array<{ at: number; event: CrmEvent }> = [];
const stateListeners = new Set<() => void>();
let carrier: Carrier | null = null;
let session = '';
let everOpen = false;
let startedAt = 0;
/* pages wait this long for the stream before their first read, so that nothing falls between the two */
export const READY_MS = 400;
const AGAIN_MS = 3000;
let state: StreamState = 'connecting';
const waiting: Array<() => void> = [];

function hear(note: StreamNote): void {
	switch (note.kind) {
	case 'state':
		state = note.state;
		for (const tell of stateListeners)
			tell();
		if (state === 'open' && !everOpen) {
			everOpen = true;
			for (const go of waiting.splice(0))
				go();
			if (Date.now() - startedAt > READY_MS)
				hear({ kind: 'reset' }); /* pages have read before they heard */
		}
		break;
	case 'event':
		try {
			const event = JSON.parse(note.text) as CrmEvent;
			recent.push({ at: performance.now(), event });
			if (recent.length > 2 * RECENT)
				recent = recent.slice(-RECENT);
			/* whoever is forgotten is on no page any more, whatever it had read of them */
			for (const tell of listeners)
				tell(event.type === 'erasure.settled' ? { kind: 'reset' } : { kind: 'event', event });
		} catch {
			for (const tell of listeners)
				tell({ kind: 'reset' });
		}
		break;
	case 'reset':
		for (const tell of listeners)
			tell({ kind: 'reset' });
		break;
	case 'bye':
		for (const tell of listeners)
			tell({ kind: 'bye' });
		break;
	}
}

function byWorker(user: string): Carrier {
	const worker = new SharedWorker(new URL('./live-worker.ts', import.meta.url), { type: 'module', name: 'leadwire-live' });
	const send = (message: ToWorker) => worker.port.postMessage(message);
	worker.port.onmessage = (message: MessageEvent<StreamNote>) => hear(message.data);
	worker.port.start();
	send({ kind: 'join', session: user });
	const alive = setInterval(() => send({ kind: 'here' }), 60_000);
	const hidden = (event: PageTransitionEvent) => { if (!event.persisted) send({ kind: 'leave' }); };
	addEventListener('pagehide', hidden);
	return {
		nudge: () => send({ kind: 'nudge' }),
		stop: (final) => {
			clearInterval(alive);
			removeEventListener('pagehide', hidden);
			send({ kind: final ? 'stop' : 'leave' });
			worker.port.close();
		},
	};
}

function byLeader(user: string): Carrier {
	const channel = new BroadcastChannel(`leadwire-live-${user}`);
	let stream: Stream | null = null;
	const tellAll = (note: StreamNote) => {
		hear(note);
		channel.postMessage(note);
	};
	let over = false;
	/* few browsers come here: what the worker has is fetched for them alone */
	const lead = async (): Promise<void> => {
		/* whoever led before is gone, with its stream: nobody hears anything until this one stands */
		const heir = everOpen || Date.now() - startedAt > READY_MS;
		if (heir)
			tellAll({ kind: 'state', state: 'connecting' });
		try {
			const { Stream: Made } = await import('./stream');
			if (!over)
				stream = new Made('/api/crm/stream', tellAll, heir);
		} catch {
			if (!over)
				setTimeout(() => void lead(), AGAIN_MS);
		}
	};
	channel.onmessage = (message: MessageEvent<StreamNote | { kind: 'who' }>) => {
		if (message.data.kind !== 'who')
			hear(message.data);
		else if (stream)
			channel.postMessage({ kind: 'state', state: stream.state } satisfies StreamNote);
	};
	const release = new AbortController();
	let done: () => void = () => undefined;
	if ('locks' in navigator)
		navigator.locks.request(`leadwire-live-${user}`, { signal: release.signal }, () => {
			void lead();
			return new Promise<void>((resolve) => { done = resolve; });
		}).catch(() => undefined);
	else
		void lead(); /* no way to agree on a leader: a stream of its own */
	channel.postMessage({ kind: 'who' });
	return {
		nudge: () => stream?.nudge(),
		stop: () => {
			over = true;
			stream?.close();
			done();
			release.abort();
			channel.close();
		},
	};
}

export function startLive(user: string): void {
	if (session === user)
		return;
	stopLive(false);
	session = user;
	state = 'connecting';
	everOpen = false;
	startedAt = Date.now();
	carrier = typeof SharedWorker === 'function' ? byWorker(user) : byLeader(user);
}

export function stopLive(final: boolean): void {
	carrier?.stop(final);
	carrier = null;
	session = '';
	everOpen = false;
	startedAt = 0;
}

/* Once the stream stands, or after a moment without it: what a list reads then misses nothing that is told from then on. A stream that comes later
   says reset. */
export function standing(): Promise<void> {
	if (everOpen || (startedAt > 0 && Date.now() - startedAt > READY_MS))
		return Promise.resolve();
	return new Promise((resolve) => {
		waiting.push(resolve);
		setTimeout(resolve, READY_MS + 50);
	});
}

export function onLive(fn: LiveListener): () => void {
	listeners.add(fn);
	return () => listeners.delete(fn);
}

/* What was heard while a read was under way is told once more after it: the read may be older than the event, and
   the page did not yet know the board the event is about. Whoever listens takes an event twice without harm. */
export function repeatSince(at: number): void {
	for (const one of recent.filter((heard) => heard.at >= at))
		for (const tell of listeners)
			tell({ kind: 'event', event: one.event });
}

/* How far the services are by what was heard here last, as reads say it. */
export function heardUpTo(): string {
	const ret = new Map<string, string>();
	for (const { event: { source, lane, sequence } } of recent.slice(-RECENT))
		ret.set(`${source}/${lane}`, sequence);
	return Array.from(ret, (one) => one.join('/')).slice(-8).join(' ');
}

export function useLiveState(): StreamState {
	return useSyncExternalStore((fn) => {
		stateListeners.add(fn);
		return () => stateListeners.delete(fn);
	}, () => state);
}

addEventListener('online', () => carrier?.nudge());
