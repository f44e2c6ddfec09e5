/* A list within a page, as far as it was read: how many there are in all, and the next of them when somebody asks. Never stops without saying so. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, query } from '../../api/client';
import type { Page } from '../../api/types';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';

export interface Pages<T> { data: T[] | undefined; error: unknown; total: number | undefined; rest: boolean; busy: boolean; more(): void }

export function usePages<T extends { id: string }>(queryKey: readonly unknown[], path: string, asked: Record<string, string | null>, staleTime = 60_000): Pages<T> {
	const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
		queryKey, staleTime,
		queryFn: ({ pageParam, signal }) => api<Page<T> & { total?: number }>('GET', `${path}${query({ ...asked, limit: 200, count: pageParam ? null : 1, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (last) => last.next,
	});
	const rows = useMemo(() => data && [...new Map(data.pages.flatMap((page) => page.data).map((one) => [one.id, one])).values()], [data]);
	return { data: rows, error, total: data && Math.max(data.pages[0]?.total ?? 0, rows?.length ?? 0), rest: hasNextPage, busy: isFetchingNextPage, more: () => void fetchNextPage() };
}

/* how many of them stand there, where these are not all */
export function Rest({ of }: { of: Pick<Pages<unknown>, 'data' | 'total' | 'rest' | 'busy' | 'more'> }) {
	const t = useT();
	const { formats } = useScope();
	if (!of.rest)
		return null;
	return <div className="column-more"><p className="muted num">{t('pages.shown', { shown: formats.number(of.data?.length ?? 0), total: formats.number(of.total ?? 0) })}</p><Button kind="quiet" onClick={of.more} disabled={of.busy}>{t(of.busy ? 'common.loading' : 'common.more')}</Button></div>;
}
