/* Lines of JSON out of a stream, as they come: a dry run of a rule. A line that is none is passed over. */
export type TryLine = { progress?: number; of?: number; match?: Record<string, unknown>; end?: Record<string, unknown> };

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
