/* Orders: what a won deal or an accepted quote became, and how far each is. */
import { Link } from '@tanstack/react-router';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { type AppSearch, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpMore, PageHead } from '../../ui/page';
import { type Column, Table, TableSkeleton } from '../../ui/table';
import { OfOneWorkspace } from '../settings/one-workspace';
import { useHeard } from './live';
import { type Order, ordersChanged, useOrders } from './model';
import { MoneyNav } from './nav';
import './money.css';

export function OrdersPage() {
	const t = useT();
	return <OfOneWorkspace title={t('orders.title')} text={t('orders.choose')} help="orders" right="crm-view">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

export const ORDER_TAG = { open: ' tag-accent', done: ' tag-ok', cancelled: '' } as const;
export const keepWorkspace = (old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {});

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { formats, mayEdit } = useScope();
	const edits = mayEdit(workspace.id);
	const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOrders(workspace.slug);
	useHeard(['order.created', 'order.changed'], ordersChanged);
	const all = data?.pages.flatMap((page) => page.data) ?? [];
	const columns: Array<Column<Order>> = [
		{ key: 'number', label: t('orders.number'), width: 120, cell: (one) => <Link to={`/orders/${one.number}` as never} search={keepWorkspace as never} className="row-link num">{one.number}</Link> },
		{ key: 'title', label: t('orders.about'), cell: (one) => <span className="cut">{one.title}</span> },
		{ key: 'who', label: t('orders.who'), cell: (one) => one.account?.name ?? one.contact?.name ?? <span className="muted">—</span> },
		{ key: 'state', label: t('field.status'), width: 140, cell: (one) => <span className={`tag${ORDER_TAG[one.state]}`}>{sayValue('order_state', one.state)}</span> },
		{ key: 'at', label: t('orders.at'), width: 140, cell: (one) => <span className="num">{formats.date(one.created_at)}</span> },
		{ key: 'total', label: t('orders.total'), right: true, width: 140, cell: (one) => (one.total ? <b className="num">{formats.money(one.total)}</b> : <span className="muted">—</span>) },
	];
	return (
		<>
			<PageHead title={t('orders.title')} sub={t('orders.sub')} help="orders" />
			<MoneyNav />
			{error && !data && <Empty icon="alert" title={t('orders.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{!data && !error && <TableSkeleton rows={8} />}
			{data && !all.length && <Empty icon="package" title={t('orders.empty')}><p>{t('orders.empty_text')}</p>{edits && <Link to={'/quotes' as never} search={keepWorkspace as never} className="btn btn-primary">{t('orders.to_quotes')}</Link>}<HelpMore page="orders" /></Empty>}
			{all.length > 0 && <Table label={t('orders.title')} columns={columns} rows={all} idOf={(one) => one.id}
				more={hasNextPage && <div className="column-more"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.more')}</Button></div>} />}
		</>
	);
}
