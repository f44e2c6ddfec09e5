/* What a contact or account was merged with, the newest first; each merge can be taken back, and of one that was, what stayed is listed. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, query } from '../../api/client';
import type { Id } from '../../api/types';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { fieldLabel } from './fields';
import { type Merge, undoMerge } from './model';

export function MergesOf({ id, workspace, may }: { id: Id; workspace: Id; may: boolean }) {
	const t = useT();
	const { formats } = useScope();
	const [asked, setAsked] = useState<Merge | null>(null);
	const [busy, setBusy] = useState(false);
	const { data } = useQuery({ queryKey: ['merges', id], queryFn: ({ signal }) => api<{ data: Merge[] }>('GET', `/api/crm/merges${query({ workspace, record: id, limit: 20 })}`, { signal }) });
	const rows = data?.data ?? [];
	if (!rows.length)
		return null;
	const undo = async () => {
		setBusy(true);
		if (asked)
			await undoMerge(asked.id);
		setBusy(false);
		setAsked(null);
	};
	return (
		<section aria-label={t('merge.history')}>
			<div className="side-head"><h2>{t('merge.history')}</h2></div>
			<ul className="trash-list">
				{rows.map((one) => (
					<li key={one.id}>
						<span className="trash-what"><b className="cut">{one.loser_id === id ? one.survivor_name : one.loser_name}</b>
							<span className="muted small">{t(one.undone_at ? 'merge.parted_when' : 'merge.joined_when', { when: formats.moment(one.undone_at ?? one.at) })}</span>
							{one.kept && one.kept.fields.length > 0 && <span className="small">{t('merge.kept', { what: one.kept.fields.map((each) => `${t(fieldLabel(each.field))}: ${each.value ?? t('merge.nothing')}`).join(' · ') })}</span>}
						</span>
						{may && !one.undone_at && one.survivor_id === id && <Button onClick={() => setAsked(one)} aria-label={t('merge.undo_of', { name: one.loser_name })}>{t('merge.undo')}</Button>}
					</li>
				))}
			</ul>
			<Confirm opened={asked !== null} onClose={() => setAsked(null)} title={t('merge.undo_title', { name: asked?.loser_name ?? '' })} text={t('merge.undo_text')} yes={t('merge.undo')} busy={busy} onYes={() => void undo()} />
		</section>
	);
}
