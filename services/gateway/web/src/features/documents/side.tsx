/* What is known of a document beside what stands on it: what it belongs to, the money that came in for it, and what became of it, the latest first. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, query } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Facts } from '../../ui/bits';
import { IconButton } from '../../ui/button';
import { Icon, type IconName } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { useMemberNames } from '../../api/queries';
import { RecordLink } from '../search/hits';
import { type Doc, docsChanged, type Payment, type Short } from './model';
import { DocLink, StateMark } from './parts';

interface Happened { key: string; at: string; icon: IconName; said: string; more?: string | null }

/* out of its own dates: each is there once it was */
function useHistory(doc: Doc): Happened[] {
	const t = useT();
	const { formats, reads } = useScope();
	const names = useMemberNames(reads);
	const all: Array<Happened | null> = [
		{ key: 'created', at: doc.created_at, icon: 'plus', said: t('doc.was_created'), more: names.get(doc.created_by ?? '') ?? null },
		doc.finalised_at ? { key: 'finalised', at: doc.finalised_at, icon: 'lock', said: t('doc.was_finalised') } : null,
		doc.sent_at ? { key: 'sent', at: doc.sent_at, icon: 'send', said: t('doc.was_sent') } : null,
		doc.viewed_at ? { key: 'viewed', at: doc.viewed_at, icon: 'eye', said: t('doc.was_viewed') } : null,
		doc.seen_at && doc.seen_at !== doc.viewed_at ? { key: 'seen', at: doc.seen_at, icon: 'eye', said: t('doc.was_seen') } : null,
		doc.accepted_at ? { key: 'accepted', at: doc.accepted_at, icon: 'check', said: t('doc.was_accepted'), more: doc.accepted_by } : null,
		doc.declined_at ? { key: 'declined', at: doc.declined_at, icon: 'x', said: t('doc.was_declined'), more: doc.decline_reason } : null,
		doc.reminded_at ? { key: 'reminded', at: doc.reminded_at, icon: 'bell', said: t('doc.was_reminded', { count: doc.reminded }) } : null,
		...doc.payments.map((one): Happened => ({ key: one.id, at: one.day, icon: 'coins', said: t('doc.was_received', { amount: formats.money(one.amount) }), more: sayValue('pay_method', one.method) })),
		doc.paid_at ? { key: 'paid', at: doc.paid_at, icon: 'check', said: t('doc.was_paid') } : null,
	];
	/* of one moment the later stands above; money has a day alone, and came in at its end, but never after it was all of it */
	const last = doc.paid_at && formats.dayKey(doc.paid_at);
	const moment = ({ at }: Happened) => (at.length > 10 ? at : at === last ? doc.paid_at ?? at : `${at}T23:59:59Z`);
	return all.flatMap((one) => (one ? [one] : [])).reverse().sort((a, b) => (moment(a) < moment(b) ? 1 : moment(a) > moment(b) ? -1 : 0));
}

function Others({ title, kind, list }: { title: string; kind: 'invoice' | 'credit_note'; list: readonly Short[] }) {
	const { formats } = useScope();
	if (!list.length)
		return null;
	return (
		<section aria-label={title}>
			<h2 className="doc-label">{title}</h2>
			<ul className="rows">{list.map((one) => (
				<li key={one.id}><span className="row-text"><b><DocLink doc={{ ...one, kind }} className="link">{one.number ?? sayValue('doc_state', 'draft')}</DocLink><StateMark doc={{ kind, state: one.state, overdue: false, viewed_at: null, sent_at: '' }} /></b></span><b className="num">{formats.money(one.total)}</b></li>
			))}</ul>
		</section>
	);
}

function PaymentRow({ one, may, workspaceId }: { one: Payment; may: boolean; workspaceId: Id }) {
	const t = useT();
	const { me, formats } = useScope();
	/* a payment alone does not say whose it is */
	const where = query({ workspace: me.workspaces.find((each) => each.id === workspaceId)?.slug ?? null });
	const [busy, setBusy] = useState(false);
	const back = async () => {
		try {
			await api('POST', `/api/crm/payments/${one.id}/restore${where}`, { body: {} });
		} catch (fault) {
			toast.error(problemText(fault));
		}
		await docsChanged();
	};
	const remove = async () => {
		setBusy(true);
		try {
			await api('DELETE', `/api/crm/payments/${one.id}${where}`);
			toast.ok(t('doc.payment_gone'), { label: t('common.undo'), hotkey: 'Z', run: () => void back() });
		} catch (fault) {
			toast.error(problemText(fault));
		}
		await docsChanged();
		setBusy(false);
	};
	return (
		<li>
			<span className="row-icon"><Icon name="coins" size={18} /></span>
			<span className="row-text"><b className="num">{formats.money(one.amount)}</b><span className="muted num">{[formats.date(one.day), sayValue('pay_method', one.method), one.note].filter(Boolean).join(' · ')}</span></span>
			{may && one.method === 'manual' && <IconButton icon="trash" label={t('doc.payment_remove', { amount: formats.money(one.amount) })} disabled={busy} onClick={() => void remove()} />}
		</li>
	);
}

export function Side({ doc, may }: { doc: Doc; may: boolean }) {
	const t = useT();
	const { formats } = useScope();
	const history = useHistory(doc);
	return (
		<div className="doc-side">
			<section aria-label={t('deal.about')}>
				<Facts rows={[
					...(doc.account ? [{ key: 'account', label: t('field.account'), value: <RecordLink whole type="client" id={doc.account.id} className="link">{doc.account.name}</RecordLink> }] : []),
					...(doc.contact ? [{ key: 'contact', label: t('field.contact'), value: <RecordLink whole type="contact" id={doc.contact.id} className="link">{doc.contact.name}</RecordLink> }] : []),
					...(doc.deal ? [{ key: 'deal', label: t('doc.deal'), value: <RecordLink type="prospect" id={doc.deal.id} className="link">{doc.deal.title}</RecordLink> }] : []),
					...(doc.owner?.name ? [{ key: 'owner', label: t('field.owner'), value: doc.owner.name }] : []),
					...(doc.quote ? [{ key: 'quote', label: t('doc_kind.quote'), value: <DocLink doc={{ ...doc.quote, kind: 'quote' }} className="link">{doc.quote.number ?? t('doc.no_number')}</DocLink> }] : []),
					...(doc.original ? [{ key: 'original', label: t('doc.credits'), value: <DocLink doc={{ ...doc.original, kind: 'invoice' }} className="link">{doc.original.number ?? t('doc.no_number')}</DocLink> }] : []),
					...(doc.order ? [{ key: 'order', label: t('doc.order'), value: <Link to={'/orders' as never} className="link">{doc.order.number}</Link> }] : []),
				]} />
			</section>
			<Others title={t('tab.invoices')} kind="invoice" list={doc.invoices} />
			<Others title={t('doc.credit_notes')} kind="credit_note" list={doc.credit_notes} />
			{doc.kind === 'invoice' && doc.state !== 'draft' && (
				<section aria-label={t('doc.payments')}>
					<h2 className="doc-label">{t('doc.payments')}</h2>
					{doc.payments.length ? <ul className="rows">{doc.payments.map((one) => <PaymentRow key={one.id} one={one} may={may} workspaceId={doc.workspace_id} />)}</ul> : <p className="muted small">{t('doc.no_payments')}</p>}
				</section>
			)}
			<section aria-label={t('deal.history')}>
				<h2 className="doc-label">{t('deal.history')}</h2>
				<ol className="rows">{history.map((one) => <li key={one.key}><span className="row-icon"><Icon name={one.icon} size={16} /></span><span className="row-text"><span>{one.said}{one.more && <> · {one.more}</>}</span><time className="muted num small" dateTime={one.at}>{one.at.length === 10 ? formats.date(one.at) : formats.moment(one.at)}</time></span></li>)}</ol>
			</section>
		</div>
	);
}
