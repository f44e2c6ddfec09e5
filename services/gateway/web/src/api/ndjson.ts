/* Lines of JSON out of a stream, as they come: a dry run of a rule, requests read again. A line that is none is passed over. */
import { clientLanguage, newKey, problemOf } from './client';

export interface TryMatch { event_id?: string | null; type: string; at: string; about: { noun: string; id: string; label?: string | null } | null; would: Array<{ step: number; do?: string; wait?: string; refused?: { code?: string | null; detail?: string | null } }> }
export interface TryLine { progress?: { events: number; of: number; at: string }; match?: TryMatch; end?: { events: number; matched: number; would: Record<string, number>; truncated: boolean } }

/* what a piece of a stream completes as lines, and the rest of it */
export function linesOf<T = TryLine>(text: string): { lines: T[]; rest: string } {
	const parts = text.split('\n');
	const rest = parts.pop() ?? '';
	return {
		rest,
		lines: parts.flatMap((part) => {
			try {
				const line: unknown = JSON.parse(part);
				return typeof line === 'object' && line !== null ? [line as T] : [];
			} catch {
				return [];
			}
		}),
	};
}

/* What is asked by a POST and answered in lines, each told as it comes. */
export async function askLines<T>(path: string, ask: unknown, tell: (line: T) => void, signal: AbortSignal): Promise<void> {
	const reply = await fetch(path, {
		method: 'POST', credentials: 'same-origin', signal, body: JSON.stringify(ask),
		headers: { 'Content-Type': 'application/json', 'Accept': 'application/x-ndjson, application/json', 'Accept-Language': clientLanguage(), 'Idempotency-Key': newKey() },
	});
	if (!reply.ok)
		throw await problemOf(reply);
	const reader = reply.body?.getReader();
	const decoder = new TextDecoder();
	let held = '';
	for (;;) {
		const piece = await reader?.read();
		held += piece?.value ? decoder.decode(piece.value, { stream: true }) : '';
		const { lines, rest } = linesOf<T>(piece?.done === false ? held : `${held}\n`);
		held = rest;
		for (const line of lines)
			tell(line);
		if (piece?.done !== false)
			return;
	}
}
