/* Lines of JSON out of a stream, as they come: a dry run of a rule. A line that is none is passed over. */
export interface TryMatch { event_id?: string | null; type: string; at: string; about: { noun: string; id: string; label?: string | null } | null; would: Array<{ step: number; do?: string; wait?: string; refused?: { code?: string | null; detail?: string | null } }> }
export interface TryLine { progress?: { events: number; of: number; at: string }; match?: TryMatch; end?: { events: number; matched: number; would: Record<string, number>; truncated: boolean } }

/* what a piece of a stream completes as lines, and the rest of it */
export function linesOf(text: string): { lines: TryLine[]; rest: string } {
	const parts = text.split('\n');
	const rest = parts.pop() ?? '';
	return {
		rest,
		lines: parts.flatMap((part) => {
			try {
				const line: unknown = JSON.parse(part);
				return typeof line === 'object' && line !== null ? [line as TryLine] : [];
			} catch {
				return [];
			}
		}),
	};
}
