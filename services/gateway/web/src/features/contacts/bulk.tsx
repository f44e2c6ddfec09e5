/* What can be done to the picked contacts at once: another owner, tag, type or status, archive, delete; and taken back. Says how many there are. */
import { useState } from 'react';
import { useItems } from '../../api/boards';
import { useMembers } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, say, sayValue, useLanguage, useT } from '../../i18n';
import { Avatar } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { useTags } from '../activities/model';
import { executives } from '../deals/executives';
import type { Picked } from '../lists/picked';
import { TONE, TYPES } from './kinds';
import { type Action, type Asked, type Contact, type Outcome, runAction, undoActions } from './model';
import '../deals/board.css';

async function undo(batches: Outcome['batches']): Promise<void> {
	try {
		const { undone, kept } = await undoActions(batches);
		toast.ok(say('contacts.undone', { count: undone }));
		if (kept)
			toast.error(say('contacts.kept', { count: kept }));
	} catch (fault) {
		toast.error(say('undo.failed'), problemText(fault));
	}
}

export function tellOutcome(out: Outcome, title: string): void {
	if (out.done)
		toast.ok(title, { label: say('common.undo'), hotkey: 'Z', run: () => void undo(out.batches) });
	if (out.refused.length)
		toast.error(say('contacts.refused', { count: out.refused.length }), [...new Set(out.refused.map((one) => sayValue('problem', one.code)))].join(' '));
	if (out.fault)
		toast.error(say('bulk.failed'), problemText(out.fault));
	else if (!out.done && !out.refused.length)
		toast.ok(say('bulk.nothing'));
}

/* of a list that was read in part: all that fit its filter may be meant */
export interface All { count: number; more: boolean; filter: Asked }
const MOST = 5000;

export function BulkBar({ picked, rows, all }: { picked: Picked; rows: readonly Contact[]; all: All }) {
	const t = useT();
	const language = useLanguage();
	const { formats, workspaces, mayEdit } = useScope();
	/* all that fit is said of one filter and one pick: with another it is not meant any more */
	const sign = JSON.stringify([all.filter, [...picked.ids]]);
	const [wholeOf, setWholeOf] = useState<string | null>(null);
	const whole = wholeOf === sign;
	const [busy, setBusy] = useState(false);
	const [asking, setAsking] = useState(false);
	const chosen = rows.filter((row) => picked.ids.has(row.id));
	const spaces = whole ? workspaces.filter((one) => mayEdit(one.id)).map((one) => one.id) : [...new Set(chosen.map((row) => row.workspace_id))];
	const one: Id | null = spaces.length === 1 ? (spaces[0] ?? null) : null;
	const members = useMembers(one).data;
	const tags = useTags(one).data ?? [];
	const statuses = (useItems(one).data ?? []).filter((item) => item.catalogue === 'contact_status' && !item.retired);
	const count = whole ? all.count : chosen.length;
	const run = (action: Action, value: string | null | undefined, said: (done: number) => string) => {
		setBusy(true);
		const portions = spaces.map((workspace) => (whole ? { workspace, filter: all.filter } : { workspace, ids: chosen.filter((row) => row.workspace_id === workspace).map((row) => row.id) }));
		void runAction(action, value, portions).then((out) => {
			setBusy(false);
			setWholeOf(null);
			if (!out.fault)
				picked.clear();
			tellOutcome(out, said(out.done));
		});
	};
	const archived = !whole && chosen.every((row) => row.archived_at);
	return (
		<div className="bulk-bar" style={{ flexWrap: 'wrap' }} role="toolbar" aria-label={t('contacts.bulk')} aria-busy={busy}>
			<span className="bulk-count num" role="status">{whole ? t('bulk.all_picked', { number: formats.number(count) }) : t('bulk.picked', { count })}</span>
			{!whole && all.count > chosen.length && (all.more || all.count > MOST ? <span className="muted small bulk-all">{t('bulk.all_many')}</span>
				: <Button kind="quiet" className="bulk-all" disabled={busy} onClick={() => setWholeOf(sign)}>{t('bulk.all', { number: formats.number(all.count) })}</Button>)}
			{one && members && (
				<Menu label={t('bulk.owner')} entries={executives(members, null).map((member) => ({ key: member.id, lead: <Avatar name={member.name} />, label: member.name, onSelect: () => run('owner', member.id, (done) => t('contacts.reassigned', { count: done, name: member.name })) }))}
					target={<Button icon="user" disabled={busy}><span>{t('bulk.owner')}</span></Button>} />
			)}
			{one && tags.length > 0 && (
				<Menu label={t('tags.title')} entries={[
					...tags.map((tag) => ({ key: tag.id, lead: <span className={`dot stage-${tag.colour}`} />, label: tag.label, onSelect: () => run('tag', tag.id, (done) => t('contacts.tagged', { count: done, label: tag.label })) })),
					{ key: 'line', kind: 'divider' as const },
					...tags.map((tag) => ({ key: `-${tag.id}`, icon: 'x' as const, label: t('contacts.untag', { label: tag.label }), onSelect: () => run('untag', tag.id, (done) => t('contacts.untagged', { count: done, label: tag.label })) })),
				]} target={<Button icon="tag" disabled={busy}><span>{t('tags.title')}</span></Button>} />
			)}
			<Menu label={t('contacts.set')} entries={[
				{ key: 'types', kind: 'label', label: t('field.type') },
				...TYPES.map((type) => ({ key: type, lead: <span className={`dot ${TONE[type]}`} />, label: t(`contact_type.${type}`), onSelect: () => run('type', type, (done) => t('contacts.typed', { count: done, type: t(`contact_type.${type}`) })) })),
				...(statuses.length ? [{ key: 'statuses', kind: 'label' as const, label: t('field.status') }] : []),
				...statuses.map((item) => ({ key: item.id, label: labelOf(item.label, language, item.key), onSelect: () => run('status', item.key, (done) => t('contacts.typed', { count: done, type: labelOf(item.label, language, item.key) })) })),
			]} target={<Button icon="pencil" disabled={busy}><span>{t('contacts.set')}</span></Button>} />
			{archived ? <Button icon="refresh" disabled={busy} onClick={() => run('reactivate', undefined, (done) => t('contacts.reactivated', { count: done }))}><span>{t('contacts.reactivate')}</span></Button>
				: <Button icon="archive" disabled={busy} onClick={() => run('archive', undefined, (done) => t('contacts.archived', { count: done }))}><span>{t('contacts.archive')}</span></Button>}
			<Button icon="trash" disabled={busy} onClick={() => setAsking(true)}><span>{t('trash.delete')}</span></Button>
			<IconButton icon="x" label={t('bulk.clear')} hint="Esc" onClick={picked.clear} />
			{asking && <Confirm opened onClose={() => setAsking(false)} danger title={t('contacts.delete_ask', { count })} text={<p>{t('contacts.delete_text')}</p>} yes={t('contacts.delete_yes', { count })}
				onYes={() => { setAsking(false); run('delete', undefined, (done) => t('contacts.deleted', { count: done })); }} />}
		</div>
	);
}
