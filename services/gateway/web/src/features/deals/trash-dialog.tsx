/* What was deleted, the latest first, each to be taken back. Shows no deal that the board shows. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient, useMemberNames } from '../../api/queries';
import type { Page, Thrown } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { toast } from '../../ui/toast';
import { refresh } from './move';
import { board } from './store';

export function TrashDialog({ onClose }: { onClose(): void }) {
	const t = useT();
	const { reads, formats, mayEdit } = useScope();
	const names = useMemberNames(reads);
	const [busy, setBusy] = useState<string | null>(null);
	const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
		queryKey: ['trash', reads ?? ''],
		queryFn: ({ pageParam, signal }) => api<Page<Thrown>>('GET', `/api/crm/trash${query({ workspace: reads, after: pageParam, limit: 50 })}`, { signal }),
		initialPageParam: '' as string,
		getNextPageParam: (page: Page<Thrown>) => page.next,
	});
	const rows = data?.pages.flatMap((page) => page.data);
	const restore = async (deal: Thrown) => {
		setBusy(deal.id);
		try {
			await api('POST', `/api/crm/deals/${deal.id}/restore${query({ workspace: deal.workspace_id })}`, { body: {} });
			await Promise.all([refresh(board, deal.id), queryClient.invalidateQueries({ queryKey: ['trash'] })]);
			toast.ok(t('trash.restored', { title: deal.title }));
		} catch (fault) {
			toast.error(t('trash.not_restored', { title: deal.title }), problemText(fault));
		} finally {
			setBusy(null);
		}
	};
	return (
		<Dialog opened onClose={onClose} title={t('trash.title')} closeLabel={t('common.close')} size={640}>
			{error && !rows ? <Empty icon="alert" title={t('trash.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
				: !rows ? <div aria-hidden="true"><Skeleton h={40} /><Skeleton h={40} style={{ marginTop: 8 }} /></div>
					: rows.length === 0 ? <Empty icon="archive" title={t('trash.empty')}><p>{t('trash.empty_text')}</p></Empty>
						: <ul className="trash-list" aria-label={t('trash.title')}>
							{rows.map((deal) => (
								<li key={deal.id}>
									<span className="trash-what"><b className="cut">{deal.title}</b>
										<span className="muted small cut">{[deal.company ?? deal.contact_name, deal.value && formats.money(deal.value),
											t(deal.trashed_by && names.get(deal.trashed_by) ? 'trash.by' : 'trash.when', { name: names.get(deal.trashed_by ?? '') ?? '', when: formats.moment(deal.trashed_at) })].filter(Boolean).join(' · ')}</span></span>
									{mayEdit(deal.workspace_id) && <Button icon="refresh" disabled={busy === deal.id} aria-label={t('trash.take', { title: deal.title })} onClick={() => void restore(deal)}>{t('trash.restore')}</Button>}
								</li>
							))}
						</ul>}
			{hasNextPage && <div className="column-more"><Button kind="quiet" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}
		</Dialog>
	);
}
