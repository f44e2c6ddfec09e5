/* What is done with a company as a whole: it becomes a client, a card on a board, archived, thrown away. What cannot be seen at once is
   asked first with what comes of it; what was done can be undone. */
import { lazy, Suspense, useState } from 'react';
import { useSetPipelines } from '../../api/boards';
import { problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { labelOf, say, useLanguage, useT } from '../../i18n';
import { IconButton } from '../../ui/button';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { addCard, cardHeld } from './card';
import type { Asking } from './asks';
import { type Account, post } from './model';

const Asks = lazy(() => import('./asks').then((module) => ({ default: module.Asks })));

async function shelve(account: Account, away: boolean): Promise<void> {
	if (await post(account, away ? 'archive' : 'reactivate'))
		toast.ok(say(away ? 'account.is_archived' : 'account.is_active', { name: account.name }), { label: say('common.undo'), hotkey: 'Z', run: () => void post(account, away ? 'reactivate' : 'archive') });
}

export function AccountActions({ account, onEdit }: { account: Account; onEdit(): void }) {
	const t = useT();
	const go = useGo();
	const language = useLanguage();
	const { me, mayEdit } = useScope();
	const slug = me.workspaces.find((one) => one.id === account.workspace_id)?.slug ?? null;
	const boards = (useSetPipelines(slug).data ?? []).filter((one) => one.kind === 'relationship' && !one.archived);
	const [asking, setAsking] = useState<Asking | null>(null);
	if (!mayEdit(account.workspace_id))
		return null;
	const board = async (pipeline: string) => {
		const open = (id: string) => go.search({ type: 'prospect', id, tab: undefined });
		try {
			open(await addCard(account, { workspace: account.workspace_id, pipeline }));
			toast.ok(t('account.on_board', { name: account.name }));
		} catch (reason) {
			const held = cardHeld(reason);
			toast.error(t('deal.not_saved'), problemText(reason));
			if (held)
				open(held);
		}
	};
	return (
		<>
			<Menu label={t('account.menu')} align="end" width={240} entries={[
				{ key: 'edit', icon: 'pencil', label: t('account.edit'), onSelect: onEdit },
				...(account.lifecycle === 'prospect' ? [{ key: 'client', icon: 'check' as const, label: t('account.make_client'), onSelect: () => setAsking('client') }] : []),
				...boards.map((one) => ({ key: one.id, icon: 'board' as const, label: boards.length === 1 ? t('account.to_board') : labelOf(one.label, language, one.key), onSelect: () => void board(one.id) })),
				{ key: 'line', kind: 'divider' as const },
				{ key: 'archive', icon: 'archive' as const, label: t(account.archived_at ? 'account.reactivate' : 'account.archive'), onSelect: () => void shelve(account, !account.archived_at) },
				{ key: 'trash', icon: 'trash' as const, label: t('account.trash'), onSelect: () => setAsking('trash') },
			]} target={<IconButton icon="dots" label={t('account.menu')} />} />
			<Suspense fallback={null}>{asking && <Asks account={account} asking={asking} onClose={() => setAsking(null)} />}</Suspense>
		</>
	);
}
