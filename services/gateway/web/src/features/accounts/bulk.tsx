/* What can be done to the picked companies at once: another owner, a tag, archive, delete; and taken back. Says how many there are. */
import { useState } from 'react';
import { api, newKey, query } from '../../api/client';
import { useMembers } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { say, sayValue, useT } from '../../i18n';
import { Avatar } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { useTags } from '../activities/model';
import { executives } from '../deals/executives';
import type { Picked } from '../lists/picked';
import { type Account, accountsChanged } from './model';
import '../deals/board.css';

type Action = 'owner' | 'tag' | 'untag' | 'archive' | 'reactivate' | 'delete';
interface Told { batch_id: Id; done: number; refused: Array<{ id: Id; code: string }> }

async function undo(batch: Id, workspace: Id): Promise<void> {
	try {
		const { undone, kept } = await api<{ undone: number; kept: unknown[] }>('POST', `/api/crm/batches/${batch}/undo${query({ workspace })}`, { key: newKey(), body: {} });
		toast.ok(say('accounts.undone', { count: undone }));
		if (kept.length)
			toast.error(say('accounts.kept', { count: kept.length }));
	} catch (fault) {
		toast.error(say('undo.failed'), problemText(fault));
	}
	await accountsChanged();
}

export function BulkBar({ picked, rows }: { picked: Picked; rows: readonly Account[] }) {
	const t = useT();
	const [busy, setBusy] = useState(false);
	const [asking, setAsking] = useState(false);
	const chosen = rows.filter((row) => picked.ids.has(row.id));
	/* rows are picked where one workspace is looked at */
	const workspace = chosen[0]?.workspace_id ?? null;
	const members = useMembers(workspace).data;
	const tags = useTags(workspace).data ?? [];
	const count = chosen.length;
	const run = async (action: Action, value: string | undefined, said: (done: number) => string) => {
		setBusy(true);
		try {
			const told = await api<Told>('POST', `/api/crm/accounts/bulk${query({ workspace })}`, { key: newKey(), body: { ids: chosen.map((row) => row.id), action, ...(value === undefined ? {} : { value }) } });
			picked.clear();
			if (told.done)
				toast.ok(said(told.done), { label: t('common.undo'), hotkey: 'Z', run: () => void undo(told.batch_id, workspace ?? '') });
			if (told.refused.length)
				toast.error(t('accounts.refused', { count: told.refused.length }), [...new Set(told.refused.map((one) => sayValue('problem', one.code)))].join(' '));
			else if (!told.done)
				toast.ok(t('bulk.nothing'));
		} catch (fault) {
			toast.error(t('bulk.failed'), problemText(fault));
		}
		await accountsChanged();
		setBusy(false);
	};
	const archived = chosen.every((row) => row.archived_at);
	return (
		<div className="bulk-bar" role="toolbar" aria-label={t('accounts.bulk')} aria-busy={busy}>
			<span className="bulk-count num" role="status">{t('bulk.picked', { count })}</span>
			{members && (
				<Menu label={t('bulk.owner')} entries={executives(members, null).map((member) => ({ key: member.id, lead: <Avatar name={member.name} />, label: member.name, onSelect: () => void run('owner', member.id, (done) => t('accounts.reassigned', { count: done, name: member.name })) }))}
					target={<Button icon="user" disabled={busy}><span>{t('bulk.owner')}</span></Button>} />
			)}
			{tags.length > 0 && (
				<Menu label={t('tags.title')} entries={[
					...tags.map((tag) => ({ key: tag.id, lead: <span className={`dot stage-${tag.colour}`} />, label: tag.label, onSelect: () => void run('tag', tag.id, (done) => t('accounts.tagged', { count: done, label: tag.label })) })),
					{ key: 'line', kind: 'divider' as const },
					...tags.map((tag) => ({ key: `-${tag.id}`, icon: 'x' as const, label: t('contacts.untag', { label: tag.label }), onSelect: () => void run('untag', tag.id, (done) => t('accounts.untagged', { count: done, label: tag.label })) })),
				]} target={<Button icon="tag" disabled={busy}><span>{t('tags.title')}</span></Button>} />
			)}
			{archived ? <Button icon="refresh" disabled={busy} onClick={() => void run('reactivate', undefined, (done) => t('accounts.reactivated', { count: done }))}><span>{t('account.reactivate')}</span></Button>
				: <Button icon="archive" disabled={busy} onClick={() => void run('archive', undefined, (done) => t('accounts.archived', { count: done }))}><span>{t('account.archive')}</span></Button>}
			<Button icon="trash" disabled={busy} onClick={() => setAsking(true)}><span>{t('trash.delete')}</span></Button>
			<IconButton icon="x" label={t('bulk.clear')} hint="Esc" onClick={picked.clear} />
			{asking && <Confirm opened onClose={() => setAsking(false)} danger title={t('accounts.delete_ask', { count })} text={<p>{t('accounts.delete_text')}</p>} yes={t('accounts.delete_yes', { count })}
				onYes={() => { setAsking(false); void run('delete', undefined, (done) => t('accounts.deleted', { count: done })); }} />}
		</div>
	);
}
