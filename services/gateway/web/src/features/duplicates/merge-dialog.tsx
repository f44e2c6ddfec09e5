/* Two side by side: which of them stays, whose value stands in each field, and what will move. Nothing is done before it is said. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useItems } from '../../api/boards';
import { api, newKey, Problem, query } from '../../api/client';
import { useMemberNames } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { type Key, useLanguage, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Fault } from '../../ui/page';
import { fieldValue } from '../contacts/said';
import { fieldLabel } from './fields';
import { type Kind, mergeThem, pathOf, type Plan } from './model';
import './duplicates.css';

const MOVES: Readonly<Record<string, Key>> = { deals: 'merge.moves_deals', leads: 'merge.moves_leads', activities: 'merge.moves_activities', contacts: 'merge.moves_contacts', tags: 'merge.moves_tags', messages: 'merge.moves_messages' };

/* the first is the older one, and stays unless somebody turns them round */
export function MergeDialog({ kind, a, b, workspace, onClose, onMerged }: { kind: Kind; a: { id: Id; name: string }; b: { id: Id; name: string }; workspace: Id; onClose(): void; onMerged?(survivor: Id): void }) {
	const t = useT();
	const { reads, formats, me } = useScope();
	const language = useLanguage();
	const { data: items } = useItems(me.workspaces.find((one) => one.id === workspace)?.slug ?? null);
	const names = useMemberNames(reads);
	const [opened, setOpened] = useState(true);
	const [turned, setTurned] = useState(false);
	const [fields, setFields] = useState<Record<string, 'survivor' | 'loser'>>({});
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const key = useRef(newKey());
	const [survivor, loser] = turned ? [b, a] : [a, b];
	const { data: plan, error, refetch } = useQuery({
		queryKey: ['merge plan', kind, survivor.id, loser.id], staleTime: 0, gcTime: 0, /* what it is now, not when it was asked last; not read again once it is done */
		queryFn: ({ signal }) => api<Plan>('GET', `/api/crm/${pathOf(kind)}/${survivor.id}/merge${query({ workspace, loser: loser.id })}`, { signal }),
	});
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const merge = async (event: FormEvent) => {
		event.preventDefault();
		if (!plan)
			return;
		setBusy(true);
		setFault(null);
		try {
			await mergeThem(kind, survivor, loser, fields, key.current, plan);
			close();
			onMerged?.(survivor.id);
		} catch (wrong) {
			setFault(problemText(wrong));
			key.current = newKey();
			/* either is another by now: what they are is read again before it is meant */
			if (wrong instanceof Problem && (wrong.code === 'contact_changed' || wrong.code === 'account_changed'))
				await refetch();
			setBusy(false);
		}
	};
	const reader = { t, language, formats, items: items ?? [], names: (id: string) => names.get(id) };
	const told = (field: string, value: string | null | undefined) => !value ? t('merge.nothing') : field === 'owner_id' || field === 'user_id' ? names.get(value) ?? t('merge.somebody') : fieldValue(reader, kind, field, value);
	/* an account is named by its name, and chosen by its id */
	/* who is a client keeps its owner, also when it goes into a prospect */
	const clientGoes = plan?.loser.lifecycle === 'client' && plan.survivor.lifecycle !== 'client';
	const account = plan?.fields.find((one) => one.field === 'account');
	const rows = (plan?.fields ?? []).filter((one) => one.field !== 'account' && one.field !== 'lifecycle')
		.map((one) => one.field === 'account_id' && account ? { ...account, field: 'account_id' } : one);
	const moves = Object.entries(plan?.moves ?? {}).flatMap(([name, count]) => count > 0 && MOVES[name] ? [t(MOVES[name], { count })] : []);
	return (
		<Dialog opened={opened} onClose={close} title={t('merge.title')} closeLabel={t('common.close')} size={760}>
			{error && !plan ? <Empty icon="alert" title={t('merge.plan_failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
				: !plan ? <div aria-busy="true"><Skeleton h={40} /><Skeleton h={180} style={{ marginTop: 8 }} /></div>
					: <form className="stack-form" onSubmit={(event) => void merge(event)}>
						{fault && <Fault>{fault}</Fault>}
						<p>{t('merge.stays', { survivor: plan.survivor.name, number: plan.survivor.number, loser: plan.loser.name, loser_number: plan.loser.number })}</p>
						<div><Button icon="refresh" onClick={() => { setTurned((was) => !was); setFields({}); }}>{t('merge.turn')}</Button></div>
						{rows.length > 0 && (
							<table className="merge-table">
								<caption className="hidden-text">{t('merge.which')}</caption>
								<thead><tr><th scope="col">{t('merge.field')}</th><th scope="col">{t('merge.of_survivor')}</th><th scope="col">{t('merge.of_loser')}</th></tr></thead>
								<tbody>
									{rows.map((one) => {
										const chosen = fields[one.field] ?? (one.new && !(one.field === 'owner_id' && clientGoes) ? 'survivor' : 'loser');
										return (
											<tr key={one.field}>
												<th scope="row" id={`merge-${one.field}`}>{t(fieldLabel(one.field))}</th>
												{(['survivor', 'loser'] as const).map((side) => (
													<td key={side}><label className="merge-pick"><input type="radio" name={one.field} checked={chosen === side} aria-describedby={`merge-${one.field}`} onChange={() => setFields((old) => ({ ...old, [one.field]: side }))} /><span>{told(one.field, side === 'survivor' ? one.new : one.old)}</span></label></td>
												))}
											</tr>
										);
									})}
								</tbody>
							</table>
						)}
						<p className="muted">{moves.length ? t('merge.moves', { what: moves.join(', ') }) : t('merge.moves_nothing')} {t('merge.back')}</p>
						<div className="dialog-foot">
							<Button kind="quiet" onClick={close}>{t('common.cancel')}</Button>
							<Button kind="primary" type="submit" disabled={busy}>{t('merge.yes')}</Button>
						</div>
					</form>}
		</Dialog>
	);
}
