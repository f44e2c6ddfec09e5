/* What the books say: what is still to be paid and for how long it should have been, what was invoiced, VAT of a period, and the files for the bookkeeper.
   Every figure is the server's; a bar beside it only compares it with the largest. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Money, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { type AppSearch, useAppSearch, useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Check, TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { PageHead, Section } from '../../ui/page';
import { type Column, Segments, Table } from '../../ui/table';
import { OfOneWorkspace } from '../settings/one-workspace';
import { useHeard } from './live';
import { MoneyNav } from './nav';
import { keepWorkspace } from './orders';
import { monthName, monthOf, partOf, periodOf, type Period, PERIODS } from './periods';
import './money.css';

interface Aged { account?: { id: string; name: string | null } | null; name: string | null; currency: string; current: Money; days_30: Money; days_60: Money; days_90: Money; older: Money; total: Money }
interface Revenue { key: string | null; name: string | null; net: Money; count: number }
interface Vat { category: string; rate: string; taxable: Money; tax: Money; count: number }
const BUCKETS = ['current', 'days_30', 'days_60', 'days_90', 'older'] as const;
const VIEWS = ['aging', 'revenue', 'vat'] as const;
type View = (typeof VIEWS)[number];
const BY = ['month', 'item', 'source', 'account'] as const;
type By = (typeof BY)[number];

const reportsChanged = () => queryClient.invalidateQueries({ queryKey: ['money report'] });

export function ReportsPage() {
	const t = useT();
	return <OfOneWorkspace title={t('reports.title')} text={t('reports.choose')} help="money-reports" right="crm-view">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const { view } = useAppSearch();
	const now: View = VIEWS.find((one) => one === view) ?? 'aging';
	useHeard(['document.changed', 'payment.received'], reportsChanged, 1500);
	return (
		<>
			<PageHead title={t('reports.title')} sub={t('reports.sub')} help="money-reports" />
			<MoneyNav />
			<div className="bar"><Segments<View> label={t('reports.title')} value={now} onChange={(next) => go.search({ view: next === 'aging' ? undefined : next, what: undefined }, true)} choices={VIEWS.map((value) => ({ value, label: t(value === 'aging' ? 'reports.aging' : value === 'revenue' ? 'reports.revenue' : 'reports.vat') }))} /></div>
			<div className="page-body scroll"><div className="money-page">
				{now === 'aging' ? <Aging workspace={workspace} /> : <OfPeriod workspace={workspace} view={now} />}
			</div></div>
		</>
	);
}

function useReport<T>(name: string, ask: Record<string, string>, workspace: Workspace) {
	return useQuery({ queryKey: ['money report', name, workspace.slug, ask], queryFn: ({ signal }) => api<T>('GET', `/api/crm/reports/${name}${query({ workspace: workspace.slug, ...ask })}`, { signal }), placeholderData: (old) => old });
}

function State({ error, waits, again }: { error: unknown; waits: boolean; again(): void }) {
	const t = useT();
	if (error)
		return <Empty icon="alert" title={t('reports.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={again}>{t('error.retry')}</Button></Empty>;
	return waits ? <div aria-hidden="true"><Skeleton h={240} style={{ borderRadius: 10 }} /></div> : null;
}

/* the invoices behind a figure, in their list */
const OVERDUE = { status: 'overdue', sort: 'due' }, UNPAID = { status: 'sent,partly_paid', sort: 'due' }, FINAL = { status: 'sent,partly_paid,paid,cancelled', sort: 'issued' };
function InList({ search, children }: { search: Partial<Record<keyof AppSearch, string>>; children: ReactNode }) {
	const t = useT();
	return <Link to={'/invoices' as never} search={((old: AppSearch) => ({ ...keepWorkspace(old), ...search })) as never} className="link num order-open over-row" style={{ display: 'inline-flex', alignItems: 'center', justifyContent: 'flex-end', justifySelf: 'start', minWidth: 44 }} title={t('reports.in_list')}>{children}</Link>;
}
const none = (value: Money) => /^-?0*(?:\.0*)?$/.test(value.amount);

function Aging({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { formats } = useScope();
	const { data, error, refetch } = useReport<{ data: Aged[]; totals: Array<Pick<Aged, 'currency' | 'total' | (typeof BUCKETS)[number]>> }>('aging', {}, workspace);
	if (!data)
		return <State error={error} waits again={() => void refetch()} />;
	if (!data.data.length)
		return <Empty icon="check" title={t('reports.none_open')}><p>{t('reports.none_open_text')}</p></Empty>;
	const amount = (one: Aged, key: (typeof BUCKETS)[number]) => {
		const said = <span className={`num${key === 'current' ? '' : ' late'}`}>{formats.money(one[key])}</span>;
		return none(one[key]) ? <span className="muted">—</span> : key === 'current' || !one.name ? said : <InList search={{ ...OVERDUE, q: one.name }}>{said}</InList>;
	};
	const columns: Array<Column<Aged>> = [
		{ key: 'who', label: t('reports.who'), cell: (one) => (one.account ? <Link to={`/accounts/${one.account.id}` as never} search={keepWorkspace as never} className="row-link">{one.account.name ?? one.name}</Link> : <b>{one.name ?? t('reports.nobody')}</b>) },
		...BUCKETS.map((key) => ({ key, label: t(`reports.${key}` as 'reports.current'), right: true, cell: (one: Aged) => amount(one, key) })),
		{ key: 'total', label: t('reports.total'), right: true, cell: (one) => { const said = <b className="num">{formats.money(one.total)}</b>; return one.name ? <InList search={{ ...UNPAID, q: one.name }}>{said}</InList> : said; } },
	];
	return (
		<>
			{data.totals.map((one) => (
				<ul key={one.currency} className="figures" aria-label={t('reports.aging_all')}>
					{BUCKETS.map((key) => {
						const said = <b className={`num${key !== 'current' && !none(one[key]) ? ' late' : ''}`}>{formats.money(one[key])}</b>;
						return <li key={key} data-bucket={key}><span className="muted small">{t(`reports.${key}` as 'reports.current')}</span>{key === 'current' || none(one[key]) ? said : <InList search={OVERDUE}>{said}</InList>}<i style={{ width: `${partOf(one[key], one.total)}%` }} /></li>;
					})}
					<li data-bucket="total"><span className="muted small">{t('reports.total')}</span><InList search={UNPAID}><b className="num">{formats.money(one.total)}</b></InList></li>
				</ul>
			))}
			<Table label={t('reports.aging')} columns={columns} rows={data.data} idOf={(one) => `${one.account?.id ?? one.name ?? ''} ${one.currency}`} />
		</>
	);
}

function OfPeriod({ workspace, view }: { workspace: Workspace; view: 'revenue' | 'vat' }) {
	const t = useT();
	const go = useGo();
	const { formats, may } = useScope();
	const { period, from, to, what } = useAppSearch();
	const today = formats.dayKey(new Date().toISOString());
	const named: Period | 'own' = from && to ? 'own' : PERIODS.find((one) => one === period) ?? (view === 'vat' ? 'last_quarter' : 'year');
	const span = named === 'own' ? { from: from ?? today, to: to ?? today } : periodOf(named, today);
	const by: By = BY.find((one) => one === what) ?? 'month';
	return (
		<>
			<div className="report-bar">
				<Segments<Period | 'own'> label={t('reports.period')} value={named} onChange={(next) => { if (next !== 'own') go.search({ period: next, from: undefined, to: undefined }, true); else go.search({ period: undefined, ...span }, true); }}
					choices={[...PERIODS.map((value) => ({ value, label: t(`reports.${value}` as 'reports.year') })), { value: 'own' as const, label: t('reports.own') }]} />
				{named === 'own' && <>
					<TextField label={t('reports.from')} name="from" type="date" value={span.from} onChange={(next) => { if (next) go.search({ from: next, to: span.to }, true); }} />
					<TextField label={t('reports.to')} name="to" type="date" value={span.to} onChange={(next) => { if (next) go.search({ from: span.from, to: next }, true); }} />
				</>}
				{view === 'revenue' && <Segments<By> label={t('reports.by')} value={by} onChange={(next) => go.search({ what: next === 'month' ? undefined : next }, true)} choices={BY.map((value) => ({ value, label: t(value === 'month' ? 'reports.by_month' : value === 'item' ? 'reports.by_item' : value === 'source' ? 'reports.by_source' : 'reports.by_account') }))} />}
			</div>
			{view === 'revenue' ? <RevenueOf workspace={workspace} span={span} by={by} /> : <VatOf workspace={workspace} span={span} />}
			{may('crm-export') && <Files workspace={workspace} span={span} />}
		</>
	);
}

function Files({ workspace, span }: { workspace: Workspace; span: { from: string; to: string } }) {
	const t = useT();
	const { formats } = useScope();
	const [payments, setPayments] = useState(false);
	const asked = query({ workspace: workspace.slug, ...span, payments: payments ? '1' : undefined });
	return (
		<Section title={t('reports.files')} text={t('reports.files_text', { from: formats.date(span.from), to: formats.date(span.to) })}>
			<div className="report-bar"><Check name="payments" label={t('reports.with_payments')} hint={t('reports.with_payments_hint')} checked={payments} onChange={setPayments} /></div>
			<div className="form-foot">
				<a className="btn" href={`/api/crm/bookings.csv${asked}`} download><Icon name="download" />{t('reports.csv')}</a>
				<a className="btn" href={`/api/crm/bookings.xaf${asked}`} download><Icon name="download" />{t('reports.xaf')}</a>
			</div>
		</Section>
	);
}

function RevenueOf({ workspace, span, by }: { workspace: Workspace; span: { from: string; to: string }; by: By }) {
	const t = useT();
	const { formats, zone } = useScope();
	const { data, error, refetch } = useReport<{ data: Revenue[] }>('revenue', { by, ...span }, workspace);
	if (!data)
		return <State error={error} waits again={() => void refetch()} />;
	if (!data.data.length)
		return <Empty icon="chart" title={t('reports.none')}><p>{t('reports.none_text')}</p></Empty>;
	const most = (currency: string) => data.data.filter((one) => one.net.currency === currency).reduce<Money>((top, one) => (Number(one.net.amount) > Number(top.amount) ? one.net : top), { amount: '0', currency });
	const nameOf = (one: Revenue) => (by === 'month' && one.key ? monthName(one.key, document.documentElement.lang, zone) : one.name || one.key || t('reports.nobody'));
	/* of a month, or of a customer; documents are in no list by what was sold or whence it came */
	const listOf = (one: Revenue) => {
		if (by === 'account')
			return one.name ? { ...span, ...FINAL, q: one.name } : null;
		const month = by === 'month' && one.key ? monthOf(one.key) : null;
		return month ? { ...FINAL, from: month.from < span.from ? span.from : month.from, to: month.to > span.to ? span.to : month.to } : null;
	};
	const columns: Array<Column<Revenue>> = [
		{ key: 'name', label: t(by === 'month' ? 'reports.month' : by === 'item' ? 'reports.item' : by === 'source' ? 'reports.source' : 'reports.who'), cell: (one) => <b>{nameOf(one)}</b> },
		{ key: 'bar', label: t('reports.part'), width: '40%', cell: (one) => <span className="report-line" aria-hidden="true"><i style={{ width: `${partOf(one.net, most(one.net.currency))}%` }} /></span> },
		{ key: 'count', label: t('reports.count'), right: true, width: 120, cell: (one) => { const list = listOf(one); return list ? <InList search={list}>{formats.number(one.count)}</InList> : <span className="num">{formats.number(one.count)}</span>; } },
		{ key: 'net', label: t('reports.net'), right: true, width: 160, cell: (one) => <b className="num">{formats.money(one.net)}</b> },
	];
	return <Table label={t('reports.revenue')} columns={columns} rows={data.data} idOf={(one) => `${one.key ?? ''} ${one.net.currency}`} />;
}

function VatOf({ workspace, span }: { workspace: Workspace; span: { from: string; to: string } }) {
	const t = useT();
	const { formats } = useScope();
	const { data, error, refetch } = useReport<{ data: Vat[] }>('vat', span, workspace);
	if (!data)
		return <State error={error} waits again={() => void refetch()} />;
	if (!data.data.length)
		return <Empty icon="chart" title={t('reports.none')}><p>{t('reports.none_text')}</p></Empty>;
	const columns: Array<Column<Vat>> = [
		{ key: 'what', label: t('reports.tax'), cell: (one) => <b>{one.category === 'standard' ? t('reports.rate', { rate: formats.decimal(one.rate) }) : sayValue('tax', one.category)}</b> },
		{ key: 'count', label: t('reports.count'), right: true, width: 120, cell: (one) => <InList search={{ ...span, ...FINAL }}>{formats.number(one.count)}</InList> },
		{ key: 'taxable', label: t('reports.taxable'), right: true, width: 180, cell: (one) => <span className="num">{formats.money(one.taxable)}</span> },
		{ key: 'tax', label: t('reports.vat'), right: true, width: 160, cell: (one) => <b className="num">{formats.money(one.tax)}</b> },
	];
	return <Table label={t('reports.vat')} columns={columns} rows={data.data} idOf={(one) => `${one.category} ${one.rate} ${one.tax.currency}`} />;
}
