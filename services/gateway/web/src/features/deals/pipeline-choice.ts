/* Which of several pipelines a board begins with, and what was chosen last in this browser. Asks the server nothing. */
import type { Id, Pipeline } from '../../api/types';

type Named = Pick<Pipeline, 'key' | 'workspace_id'>;

/* in an address; no key of a pipeline is this one */
export const ALL = '*';

/* the first of each key: workspaces of one preset have the same pipelines */
export const kindsOf = <T extends Named>(pipelines: readonly T[]): T[] => [...new Map([...pipelines].reverse().map((one) => [one.key, one])).values()].reverse();
export const severalOf = (pipelines: readonly Named[]): boolean => new Set(pipelines.map((one) => one.workspace_id)).size < pipelines.length;

const nameOf = (workspace: Id | null) => `lw.pipeline.${workspace ?? ''}`;

export function keepPipeline(workspace: Id | null, key: string): void {
	try {
		localStorage.setItem(nameOf(workspace), key);
	} catch {
		/* a browser that keeps nothing begins with the first */
	}
}

function kept(workspace: Id | null): string | null {
	try {
		return localStorage.getItem(nameOf(workspace));
	} catch {
		return null;
	}
}

/* what is unknown here, or archived since, is not chosen */
export function shownKey(pipelines: readonly Named[], named: string | undefined, workspace: Id | null): string {
	const [first] = pipelines;
	if (!first || !severalOf(pipelines))
		return ALL;
	const known = (key: string | null | undefined): key is string => key === ALL || pipelines.some((one) => one.key === key);
	const last = kept(workspace);
	return known(named) ? named : known(last) ? last : workspace ? first.key : ALL;
}
