/* The quotes, invoices and orders of a deal, a person or a company, with the way to a new one: it takes the customer and what it is about from here. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, newKey, query } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { type AppSearch, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpMore } from '../../ui/page';
import { toast } from '../../ui/toast';
import { docsChanged, type MoneyAbout, type MoneyRow, useLiveDocs, useMoneyOf } from './model';
import { makeDoc } from './make';
import { DocLink, DueText, StateMark } from './parts';
import './documents.css';

export function MoneyOf({ of, workspaceId, title }: { of: MoneyAbout; workspaceId: Id; title?: string | undefined }) {
	const t = useT();
	const navigate = useNavigate();
	const { me, mayEdit, formats } = useScope();
	const { data, error, refetch } = useMoneyOf(of);
	useLiveDocs();
	const [busy, setBusy] = useState(false);
	/* pressed twice it is one */
	const [key, setKey] = useState(newKey);
	const may = mayEdit(workspaceId);
	const slug = me.workspaces.find((one) => one.id === workspaceId)?.slug ?? null;
	const make = async (kind: 'quote' | 'invoice') => {
		if (busy)
			return;
		setBusy(true);
		try {
			const to = await makeDoc(kind, slug, { [`${of.kind}_id`]: of.id, ...(title ? { title } : {}) }, key);
			void navigate({ to, search: (old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {}) } as never);
		} catch (fault) {
			toast.error(t('doc.not_done'), problemText(fault));
		}
		setKey(newKey());
		setBusy(false);
	};
	const order = async () => {
		if (busy)
			return;
		setBusy(true);
		try {
			const { number } = await api<{ number?: string }>('POST', `/api/crm/orders${query({ workspace: slug })}`, { body: { deal_id: of.id }, key });
			toast.ok(number ? t('doc.order_made', { number }) : t('doc.order_made_plain'));
			await docsChanged();
		} catch (fault) {
			toast.error(t('doc.not_done'), problemText(fault));
		}
		setKey(newKey());
		setBusy(false);
	};
	if (error && !data)
		return <Empty icon="alert" title={t('doc.failed')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>;
	if (!data)
		return <Skeleton h={96} />;
	const none = !data.quotes.length && !data.invoices.length && !data.orders.length;
	const buttons = may && (
		<div className="section-actions doc-new">
			<Button icon="plus" {...(none ? { kind: 'primary' as const } : {})} disabled={busy} onClick={() => void make('quote')}>{t('quotes.new')}</Button>
			<Button icon="plus" disabled={busy} onClick={() => void make('invoice')}>{t('invoices.new')}</Button>
			{of.kind === 'deal' && !data.orders.length && <Button icon="package" disabled={busy} onClick={() => void order()}>{t('doc.make_order')}</Button>}
		</div>
	);
	if (none)
		return <Empty icon="file" title={t('doc.money_empty')} level={3}><p>{t('doc.money_empty_text')}</p>{buttons}<HelpMore page="quotes" /></Empty>;
	return (
		<div className="doc-of">
			{buttons}
			{data.open.length > 0 && <p><span className="muted">{t('doc.balance')}</span> <b className="num">{data.open.map((one) => formats.money(one)).join(' + ')}</b></p>}
			<Rows title={t('tab.quotes')} list={data.quotes} />
			<Rows title={t('tab.invoices')} list={data.invoices} />
			{data.orders.length > 0 && (
				<section className="group" aria-label={t('doc.orders')}>
					<h3 className="doc-label">{t('doc.orders')}</h3>
					<ul className="rows">{data.orders.map((one) => (
						<li key={one.id}><span className="row-icon"><Icon name="package" size={18} /></span><span className="row-text"><b><Link to={`/orders/${one.number}` as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="link num">{one.number}</Link><span className="tag">{sayValue('order_state', one.state)}</span></b><span className="muted cut">{one.title}</span></span>{one.total && <b className="num">{formats.money(one.total)}</b>}</li>
					))}</ul>
				</section>
			)}
		</div>
	);
}

function Rows({ title, list }: { title: string; list: readonly MoneyRow[] }) {
	const t = useT();
	const { formats } = useScope();
	if (!list.length)
		return null;
	return (
		<section className="group" aria-label={title}>
			<h3 className="doc-label">{title}</h3>
			<ul className="rows">{list.map((doc) => (
				<li key={doc.id}>
					<span className="row-icon"><Icon name={doc.kind === 'quote' ? 'file' : doc.kind === 'invoice' ? 'pdf' : 'refresh'} size={18} /></span>
					<span className="row-text"><b><DocLink doc={doc} className="link num">{doc.number ?? t('doc.no_number')}</DocLink><StateMark doc={doc} /></b><span className="muted row-facts"><span className="cut">{doc.title}</span>{doc.due && doc.state !== 'draft' && doc.state !== 'paid' && <DueText doc={doc} />}</span></span>
					<b className="num">{formats.money(doc.total)}</b>
				</li>
			))}</ul>
		</section>
	);
}
