/* The order that a lead became: its number, which leads to it, and how far it is; or the way to make one. Asked again it is the same one. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, newKey, query } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { type AppSearch, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Facts } from '../../ui/bits';
import { Button } from '../../ui/button';
import { toast } from '../../ui/toast';
import { docsChanged, useLiveDocs, useMoneyOf } from './model';

export function LeadOrder({ dealId, workspaceId }: { dealId: Id; workspaceId: Id }) {
	const t = useT();
	const { me, mayEdit, formats } = useScope();
	const { data } = useMoneyOf({ kind: 'deal', id: dealId });
	useLiveDocs();
	const [busy, setBusy] = useState(false);
	const [key, setKey] = useState(newKey);
	const make = async () => {
		setBusy(true);
		try {
			const workspace = me.workspaces.find((one) => one.id === workspaceId)?.slug ?? null;
			const { number } = await api<{ number?: string }>('POST', `/api/crm/orders${query({ workspace })}`, { body: { deal_id: dealId }, key });
			toast.ok(number ? t('doc.order_made', { number }) : t('doc.order_made_plain'));
			await docsChanged();
		} catch (fault) {
			toast.error(t('doc.not_done'), problemText(fault));
		}
		setKey(newKey());
		setBusy(false);
	};
	if (!data)
		return null;
	if (!data.orders.length)
		return mayEdit(workspaceId) ? <p className="lead-deal"><Button wide icon="package" disabled={busy} onClick={() => void make()}>{t('doc.make_order')}</Button></p> : null;
	return (
		<div className="lead-deal"><Facts rows={data.orders.map((one) => ({
			key: one.id, label: t('doc.order'),
			value: <><Link to={`/orders/${one.number}` as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="link num">{one.number}</Link> <span className="tag">{sayValue('order_state', one.state)}</span>{one.total && <> <b className="num">{formats.money(one.total)}</b></>}</>,
		}))} /></div>
	);
}
