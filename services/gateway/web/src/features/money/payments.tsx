/* Money that came in: the payments, those that are for no invoice yet, and bank statements, dropped on the page and dealt with row by row. */
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { api, query } from '../../api/client';
import type { Workspace } from '../../api/types';
import { useActions } from '../../app/actions';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Menu, type MenuEntry } from '../../ui/menu';
import { HelpMore, PageHead } from '../../ui/page';
import { type Column, Segments, Table, TableSkeleton } from '../../ui/table';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from '../settings/one-workspace';
import { DocLink } from './doc-link';
import { useDropped } from './dropped';
import { useHeard } from './live';
import { paidChanged, type Payment, usePayments } from './model';
import { MoneyNav } from './nav';
import { Statements } from './statements';
import './money.css';

const PickInvoice = lazy(() => import('./pick-invoice').then((module) => ({ default: module.PickInvoice })));
const PaymentDialog = lazy(() => import('./payment-dialog').then((module) => ({ default: module.PaymentDialog })));

const VIEWS = ['all', 'open', 'bank'] as const;
type View = (typeof VIEWS)[number];

export function PaymentsPage() {
	const t = useT();
	return <OfOneWorkspace title={t('payments.title')} text={t('payments.choose')} help="payments" right="crm-view">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const { mayEdit } = useScope();
	const { view } = useAppSearch();
	const edits = mayEdit(workspace.id);
	const now: View = VIEWS.find((one) => one === view && (edits || one !== 'bank')) ?? 'all';
	const actions = useActions();
	const [making, setMaking] = useState(false);
	const make = useCallback(() => setMaking(true), []);
	useEffect(() => (edits ? actions.own(make) : undefined), [actions, edits, make]);
	const { dropped, over, clear } = useDropped(edits, () => go.search({ view: 'bank' }, true));
	useHeard(['payment.received', 'statement.imported', 'document.changed'], paidChanged);
	const made = (id: string, number: string | null) => toast.ok(number ? t('payments.allocated', { number }) : t('payments.written'), { label: t('common.undo'), hotkey: 'Z', run: () => void api('DELETE', `/api/crm/payments/${id}${query({ workspace: workspace.slug })}`).catch((reason: unknown) => toast.error(problemText(reason))).then(paidChanged) });
	return (
		<>
			<PageHead title={t('payments.title')} sub={t('payments.sub')} help="payments">{edits && <Button icon="plus" hotkey="N" onClick={make}>{t('payments.write')}</Button>}</PageHead>
			<MoneyNav />
			<div className="bar"><Segments<View> label={t('payments.title')} value={now} onChange={(next) => go.search({ view: next === 'all' ? undefined : next }, true)}
				choices={VIEWS.filter((one) => edits || one !== 'bank').map((value) => ({ value, label: t(value === 'all' ? 'payments.all' : value === 'open' ? 'payments.open' : 'statements.title') }))} /></div>
			{now === 'bank' ? <Statements workspace={workspace} dropped={dropped} over={over} onTaken={clear} /> : <List key={now} workspace={workspace} open={now === 'open'} edits={edits} />}
			{making && <Suspense fallback={null}><PaymentDialog workspace={workspace} onClose={() => setMaking(false)} onMade={made} /></Suspense>}
		</>
	);
}

/* who it came from: the company, else who the invoice is for, else what was said of it */
const nameOf = (one: Payment): string | null => one.account?.name ?? one.document?.name ?? one.note;

function List({ workspace, open, edits }: { workspace: Workspace; open: boolean; edits: boolean }) {
	const t = useT();
	const go = useGo();
	const { formats } = useScope();
	const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = usePayments(workspace.slug, open);
	const [picking, setPicking] = useState<Payment | null>(null);
	const all = data?.pages.flatMap((page) => page.data) ?? [];
	const at = (one: Payment, path = '') => `/api/crm/payments/${one.id}${path}${query({ workspace: workspace.slug })}`;
	const run = async (method: string, path: string, body?: unknown): Promise<boolean> => {
		try {
			await api(method, path, body === undefined ? {} : { body });
			return true;
		} catch (reason) {
			toast.error(problemText(reason));
			return false;
		} finally {
			await paidChanged();
		}
	};
	const allocate = async (one: Payment, document: string | null, number: string | null) => {
		if (!await run('POST', at(one, '/allocate'), { document_id: document }))
			return;
		toast.ok(document ? t('payments.allocated', { number: number ?? '' }) : t('payments.freed'), { label: t('common.undo'), hotkey: 'Z', run: () => void run('POST', at(one, '/allocate'), { document_id: one.document?.id ?? null }) });
	};
	const remove = async (one: Payment) => {
		if (await run('DELETE', at(one)))
			toast.ok(t('payments.removed', { amount: formats.money(one.amount) }), { label: t('common.undo'), hotkey: 'Z', run: () => void run('POST', at(one, '/restore'), {}) });
	};
	const entries = (one: Payment): MenuEntry[] => [
		{ key: 'pick', icon: 'file', label: t(one.document ? 'payments.other' : 'payments.pick'), onSelect: () => setPicking(one) },
		...(one.document ? [{ key: 'free', icon: 'x' as const, label: t('payments.free'), onSelect: () => void allocate(one, null, null) }] : []),
		...(one.method === 'manual' ? [{ key: 'remove', icon: 'trash' as const, label: t('payments.remove'), onSelect: () => void remove(one) }] : []),
	];
	const columns: Array<Column<Payment>> = [
		{ key: 'day', label: t('payments.day'), width: 130, cell: (one) => <span className="num">{formats.date(one.day)}</span> },
		{ key: 'who', label: t('payments.who'), cell: (one) => <span className="cut">{nameOf(one) ?? <span className="muted">—</span>}</span> },
		{ key: 'for', label: t('payments.for'), cell: (one) => (one.document ? <DocLink id={one.document.id} number={one.document.number} kind={one.document.kind ?? 'invoice'} /> : <span className="tag tag-warn">{t('payments.for_none')}</span>) },
		{ key: 'method', label: t('payments.method'), width: 150, cell: (one) => sayValue('pay_method', one.method) },
		{ key: 'note', label: t('payments.note'), cell: (one) => <span className="cut">{nameOf(one) === one.note ? '' : one.note}</span> },
		{ key: 'amount', label: t('payments.amount'), right: true, width: 130, cell: (one) => <b className={`num${one.amount.amount.startsWith('-') ? ' went' : ''}`}>{formats.money(one.amount)}</b> },
		...(edits ? [{ key: 'acts', label: t('items.acts'), end: true, cell: (one: Payment) => {
			const label = t('payments.more', { amount: formats.money(one.amount), day: formats.date(one.day) });
			return open ? <Button onClick={() => setPicking(one)}>{t('payments.pick')}</Button> : <Menu label={label} align="end" target={<IconButton icon="dots" label={label} />} entries={entries(one)} />;
		} }] : []),
	];
	return (
		<>
			{error && !data && <Empty icon="alert" title={t('payments.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{!data && !error && <TableSkeleton rows={8} />}
			{data && !all.length && <Empty icon={open ? 'check' : 'coins'} title={t(open ? 'payments.none_open' : 'payments.empty')}><p>{t(open ? 'payments.none_open_text' : 'payments.empty_text')}</p>{!open && edits && <Button kind="primary" icon="import" onClick={() => go.search({ view: 'bank' }, true)}>{t('statements.bring')}</Button>}{!open && <HelpMore page="payments" />}</Empty>}
			{all.length > 0 && <Table label={t(open ? 'payments.open' : 'payments.title')} columns={columns} rows={all} idOf={(one) => one.id}
				more={hasNextPage && <div className="column-more"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.more')}</Button></div>} />}
			{picking && <Suspense fallback={null}><PickInvoice workspace={workspace} amount={picking.amount} about={t('payments.picking', { amount: formats.money(picking.amount), day: formats.date(picking.day) })} onPick={(one) => void allocate(picking, one.id, one.number)} onClose={() => setPicking(null)} /></Suspense>}
		</>
	);
}
