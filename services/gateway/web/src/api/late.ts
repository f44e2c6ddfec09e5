/* What the library does not do: a read that is told to be stale while it is under way for the first time, with nothing yet to show, is joined by the
   next one and its old answer taken for the newest. Such a read is done once more when it ends. Knows no page and no event. */
import type { Query, QueryClient } from '@tanstack/react-query';

export function rereadLate(client: QueryClient): void {
	const late = new WeakSet<Query>();
	client.getQueryCache().subscribe((event) => {
		if (event.type !== 'updated')
			return;
		const { query, action } = event;
		if (action.type === 'invalidate' && query.state.fetchStatus !== 'idle' && query.state.data === undefined)
			late.add(query);
		else if (action.type === 'fetch')
			late.delete(query);
		else if (action.type === 'success' && !action.manual && late.delete(query))
			queueMicrotask(() => { void client.invalidateQueries({ queryKey: query.queryKey, exact: true }); });
	});
}
