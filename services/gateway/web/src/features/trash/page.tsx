/* What was deleted and can still be taken back: contacts, accounts and deals, the latest first, with who did it and how many days are left. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, Problem, query } from '../../api/client';
import { queryClient, useMemberNames } from '../../api/queries';
import type { Id, Page, Thrown } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { useT } from '../../i18n';
import { Empty } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpMore, PageHead, useTitle } from '../../ui/page';
import { type Column, Segments, Table, TableSkeleton } from '../../ui/table';
import { toast } from '../../ui/toast';
import '../leads/leads.css';

type Kind = 'contact' | 'account' | 'deal';
interface Gone { id: Id; workspace_id: Id; name: string; number: number; detail: string | null; removed_at: string; removed_by: Id | null }

const DAY = 86_400_000;
const REST = 30;
const PATHS = { contact: '/api/crm/trash/contacts', account: '/api/crm/trash/accounts', deal: '/api/crm/trash' } as const;
const BACK = { contact: 'contacts', account: 'accounts', deal: 'deals' } as const;
const goneOf = (deal: Thrown): Gone => ({ id: deal.id, workspace_id: deal.workspace_id, name: deal.title, number: deal.number, detail: deal.company ?? deal.contact_name ?? null, removed_at: deal.trashed_at, removed_by: deal.trashed_by });
const daysLeft = (at: string): number => Math.max(1, Math.ceil((Date.parse(at) + REST * DAY - Date.now()) / DAY));

export function TrashPage() {
	const t = useT();
	const go = useGo();
	const { reads, workspace, workspaces, mayEdit, formats } = useScope();
	const { of } = useAppSearch();
	const kind: Kind = of === 'account' || of === 'deal' ? of : 'contact';
	const names = useMemberNames(reads);
	const [busy, setBusy] = useState<Id | null>(null);
	/* one whose e-mail or name another has by now: what to do about it is said beside it */
	const [taken, setTaken] = useState<Gone | null>(null);
	useTitle(t('trash.title'), workspace?.name ?? t('workspace.all'));
	const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
		queryKey: ['trash', 'page', kind, reads ?? ''],
		queryFn: async ({ pageParam, signal }): Promise<Page<Gone>> => {
			const asked = query({ workspace: reads, after: pageParam, limit: 50 });
			if (kind !== 'deal')
				return api<Page<Gone>>('GET', `${PATHS[kind]}${asked}`, { signal });
			const deals = await api<Page<Thrown>>('GET', `${PATHS.deal}${asked}`, { signal });
			return { ...deals, data: deals.data.map(goneOf) };
		},
		initialPageParam: null as string | null,
		getNextPageParam: (last) => last.next,
	});
	const rows = data?.pages.flatMap((page) => page.data) ?? [];
	const restore = async (one: Gone) => {
		setBusy(one.id);
		setTaken(null);
		try {
			await api('POST', `/api/crm/${BACK[kind]}/${one.id}/restore${query({ workspace: one.workspace_id })}`, { body: {} });
			await queryClient.invalidateQueries({ predicate: ({ queryKey: [first] }) => ['trash', 'contacts', 'contact', 'accounts', 'deal', 'deals-table', 'opportunities', 'leads', 'pipeline'].includes(first as string) });
			toast.ok(t('trash.back', { title: one.name }));
		} catch (fault) {
			if (fault instanceof Problem && fault.status === 409)
				setTaken(one);
			else
				toast.error(t('trash.not_restored', { title: one.name }), problemText(fault));
		} finally {
			setBusy(null);
		}
	};
	const columns: Array<Column<Gone>> = [
		{ key: 'name', label: t('field.name'), cell: (one) => <span className="cut"><b>{one.name}</b> <span className="muted num">{t('deal.number', { number: one.number })}</span></span> },
		{ key: 'detail', label: t(kind === 'account' ? 'account.city' : 'field.company'), cell: (one) => <span className="cut">{one.detail ?? '—'}</span> },
		...(workspaces.length > 1 ? [{ key: 'workspace', label: t('field.workspace'), cell: (one: Gone) => <span className="cut">{workspaces.find((each) => each.id === one.workspace_id)?.name ?? ''}</span> }] : []),
		{ key: 'who', label: t('trash.deleted_head'), cell: (one) => <span className="cut">{t(one.removed_by && names.get(one.removed_by) ? 'trash.by' : 'trash.when', { name: names.get(one.removed_by ?? '') ?? '', when: formats.moment(one.removed_at) })}</span> },
		{ key: 'left', label: t('trash.left_head'), cell: (one) => <span className="num">{t('trash.days', { count: daysLeft(one.removed_at) })}</span> },
		{ key: 'back', label: t('trash.restore'), end: true, cell: (one) => mayEdit(one.workspace_id) && <Button icon="refresh" disabled={busy === one.id} aria-label={t('trash.take', { title: one.name })} onClick={() => void restore(one)}>{t('trash.restore')}</Button> },
	];
	return (
		<div className="leads-page">
			<PageHead title={t('trash.title')} sub={t('trash.page_sub')} help="trash" />
			<div className="bar">
				<WorkspaceFilter />
				<Segments<Kind> label={t('trash.what')} value={kind} onChange={(next) => { setTaken(null); go.search({ of: next === 'contact' ? undefined : next }, true); }}
					choices={[{ value: 'contact', label: t('tab.contacts') }, { value: 'account', label: t('tab.accounts') }, { value: 'deal', label: t('search.deals') }]} />
			</div>
			{taken && (
				<div className="fault" role="alert"><div><b>{t('trash.taken_title', { title: taken.name })}</b><p>{t('trash.taken_text')}</p>
					<Button onClick={() => go.find(taken.detail ?? taken.name)}>{t('trash.look')}</Button></div></div>
			)}
			{isPending && !error && <TableSkeleton rows={4} />}
			{error && !data && <Empty icon="alert" title={t('trash.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && rows.length === 0 && <Empty icon="trash" title={t('trash.empty')}><p>{t('trash.empty_page')}</p><HelpMore page="trash" /></Empty>}
			{rows.length > 0 && <Table label={t('trash.title')} columns={columns} rows={rows} idOf={(one) => one.id}
				more={hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>} />}
		</div>
	);
}
