/* The company that a deal is about, in its panel: it opens there, and whoever may edit names another one. */
import { lazy, Suspense, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { keys } from '../../api/queries';
import type { Deal, Id, Written } from '../../api/types';
import { problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { IconButton } from '../../ui/button';
import { toast } from '../../ui/toast';
import { useDealSlug } from './field-words';
import { refresh } from './move';
import { board } from './store';

const AccountPick = lazy(() => import('../accounts/pick').then((module) => ({ default: module.AccountPick })));

export function AccountLine({ deal }: { deal: Deal }) {
	const t = useT();
	const go = useGo();
	const client = useQueryClient();
	const { mayEdit } = useScope();
	const slug = useDealSlug(deal.workspace_id);
	const [picking, setPicking] = useState(false);
	const put = async (id: Id | null) => {
		try {
			const { batch_id: batch } = await api<Written & { batch_id?: string }>('PUT', `/api/crm/deals/${deal.id}`, { body: { account_id: id, version: deal.version } });
			toast.ok(t('deal.saved'), batch ? {
				label: t('common.undo'), hotkey: 'Z',
				run: () => void api('POST', `/api/crm/batches/${batch}/undo`).then(() => refresh(board, deal.id), (fault: unknown) => toast.error(t('deal.not_saved'), problemText(fault))),
			} : undefined);
		} catch (fault) {
			toast.error(t('deal.not_saved'), problemText(fault));
		}
		await Promise.all([refresh(board, deal.id), client.invalidateQueries({ queryKey: keys.deal(deal.id) }), client.invalidateQueries({ queryKey: keys.timeline(deal.id) }), client.invalidateQueries({ queryKey: ['history', deal.id] })]);
	};
	return (
		<span className="person">
			{deal.account_id
				? <button type="button" className="link cut" onClick={() => go.search({ type: 'client', id: deal.account_id ?? undefined, tab: undefined })}>{deal.account_name}</button>
				: <span className="muted">—</span>}
			{mayEdit(deal.workspace_id) && <IconButton icon="pencil" small label={t('deal.account_choose')} onClick={() => setPicking(true)} />}
			<Suspense fallback={null}>{picking && <AccountPick title={t('deal.account_choose')} workspace={slug} chosen={deal.account_id} onChoose={(one) => void put(one?.id ?? null)} onClose={() => setPicking(false)} />}</Suspense>
		</span>
	);
}
