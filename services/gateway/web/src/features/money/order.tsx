/* One order: what it is of, how far it is, and what is to be said of it. Its number, or its id, stands in the address. */
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Facts, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { TextArea } from '../../ui/field';
import { PageHead, Section, useTitle } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { DocLink } from './doc-link';
import { useHeard } from './live';
import { type Order, ordersChanged, useOrder } from './model';
import { MoneyNav } from './nav';
import { keepWorkspace, ORDER_TAG } from './orders';
import './money.css';

const STATES = ['open', 'done', 'cancelled'] as const;

export function OrderPage() {
	const t = useT();
	const go = useGo();
	const { order: id } = useParams({ strict: false }) as { order: string };
	const { workspace } = useAppSearch();
	const { formats, mayEdit } = useScope();
	const { data, error, refetch } = useOrder(id, workspace ?? null);
	useTitle(data?.number ?? t('orders.title'), data?.title ?? '');
	useHeard(['order.changed'], ordersChanged);
	const back = <Link to={'/orders' as never} search={keepWorkspace as never} className="btn">{t('orders.all')}</Link>;
	if (!data)
		return (
			<>
				<PageHead title={t('orders.title')} help="orders">{back}</PageHead>
				{error ? <Empty icon="alert" title={t('orders.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
					: <div className="page-body" aria-hidden="true"><div className="page-narrow"><Skeleton h={220} style={{ borderRadius: 10 }} /></div></div>}
			</>
		);
	const set = async (state: Order['state'], old = data.state) => {
		try {
			await api('PUT', `/api/crm/orders/${data.id}`, { body: { state } });
			if (old !== state)
				toast.ok(t('orders.now', { number: data.number, state: sayValue('order_state', state) }), { label: t('common.undo'), hotkey: 'Z', run: () => void set(old, old) });
		} catch (reason) {
			toast.error(problemText(reason));
		}
		await ordersChanged();
	};
	const edits = mayEdit(data.workspace_id);
	const none = <span className="muted">—</span>;
	return (
		<>
			<PageHead title={data.number} sub={data.title} help="orders">{back}</PageHead>
			<MoneyNav />
			<div className="page-body scroll"><div className="page-narrow">
				<Section title={t('orders.what')} actions={edits ? <Segments<Order['state']> label={t('field.status')} value={data.state} onChange={(state) => void set(state)} choices={STATES.map((value) => ({ value, label: sayValue('order_state', value) }))} /> : <span className={`tag${ORDER_TAG[data.state]}`}>{sayValue('order_state', data.state)}</span>}>
					<Facts rows={[
						{ key: 'total', label: t('orders.total'), value: data.total ? <b className="num">{formats.money(data.total)}</b> : none },
						{ key: 'deal', label: t('orders.deal'), value: data.deal ? <button type="button" className="link" onClick={() => go.openDeal(data.deal?.id ?? '')}>{data.deal.title ?? data.deal.number}</button> : none },
						{ key: 'lead', label: t('orders.lead'), value: data.lead_id ? <button type="button" className="link" onClick={() => go.openLead(data.lead_id ?? '')}>{t('orders.lead_open')}</button> : none },
						{ key: 'quote', label: t('orders.quote'), value: data.quote ? <DocLink id={data.quote.id} number={data.quote.number} kind="quote" /> : none },
						{ key: 'account', label: t('orders.account'), value: data.account ? <Link to={`/accounts/${data.account.id}` as never} search={keepWorkspace as never} className="link">{data.account.name}</Link> : none },
						{ key: 'contact', label: t('orders.contact'), value: data.contact ? <Link to={`/contacts/${data.contact.id}` as never} search={keepWorkspace as never} className="link">{data.contact.name}</Link> : none },
						{ key: 'at', label: t('orders.at'), value: <span className="num">{formats.moment(data.created_at)}</span> },
					].filter((row) => row.value !== none)} />
				</Section>
				<Note order={data} edits={edits} />
			</div></div>
		</>
	);
}

function Note({ order, edits }: { order: Order; edits: boolean }) {
	const t = useT();
	// What is being typed stays when the order changes beside it: by somebody else, or by an Undo.
	const [typed, setTyped] = useState<string | null>(null);
	const text = typed ?? order.note ?? '';
	const [busy, setBusy] = useState(false);
	const keep = async () => {
		setBusy(true);
		try {
			await api('PUT', `/api/crm/orders/${order.id}`, { body: { note: text.trim() || null, version: order.version } });
			await ordersChanged();
			setTyped((now) => now === text ? null : now);
			toast.ok(t('orders.note_saved'));
		} catch (reason) {
			toast.error(problemText(reason));
			await ordersChanged();
		}
		setBusy(false);
	};
	if (!edits)
		return order.note ? <Section title={t('orders.note')}><p style={{ whiteSpace: 'pre-line' }}>{order.note}</p></Section> : null;
	return (
		<Section title={t('orders.note')}>
			<form className="form form-wide" onSubmit={(event) => { event.preventDefault(); void keep(); }}>
				<TextArea label={t('orders.note')} name="note" value={text} onChange={setTyped} maxLength={2000} rows={3} />
				<div className="form-foot"><Button kind="primary" type="submit" disabled={busy || text.trim() === (order.note ?? '')}>{t('common.save')}</Button></div>
			</form>
		</Section>
	);
}
