/* The shared worker: holds the browser's one live stream for all tabs, since HTTP/1.1 allows six connections a host.
   Closes the stream when the last tab is gone or another person logs in. */
import { Stream, type StreamNote } from './stream';

export type ToWorker = { kind: 'join'; session: string } | { kind: 'leave' } | { kind: 'stop' } | { kind: 'nudge' } | { kind: 'here' };

interface Tab { port: MessagePort; seen: number }

const tabs = new Set<Tab>();
let stream: Stream | null = null;
let session = '';

function tellAll(note: StreamNote): void {
	for (const { port } of tabs)
		port.postMessage(note);
}

function stop(): void {
	stream?.close();
	stream = null;
	session = '';
}

function join(tab: Tab, next: string): void {
	tabs.add(tab);
	if (stream && session === next) {
		tab.port.postMessage({ kind: 'state', state: stream.state } satisfies StreamNote);
		return;
	}
	stop();
	session = next;
	stream = new Stream('/api/crm/stream', (note) => {
		tellAll(note);
		if (note.kind === 'bye')
			stop();
	});
}

function leave(tab: Tab): void {
	tabs.delete(tab);
	if (!tabs.size)
		stop();
}

function connect(port: MessagePort): void {
	const tab: Tab = { port, seen: Date.now() };
	port.onmessage = (message: MessageEvent<ToWorker>) => {
		tab.seen = Date.now();
		switch (message.data.kind) {
		case 'join': join(tab, message.data.session); break;
		case 'leave': leave(tab); break;
		case 'stop': stop(); break;
		case 'nudge': stream?.nudge(); break;
		case 'here': break;
		}
	};
	port.start();
}

/* a tab that crashed says no goodbye */
setInterval(() => {
	for (const tab of tabs)
		if (Date.now() - tab.seen > 180_000)
			leave(tab);
}, 60_000);

/* the compiler knows this file as a page's; a shared worker's scope has this one event more */
addEventListener('connect', (event) => {
	const port = (event as MessageEvent).ports[0];
	if (port)
		connect(port);
});
