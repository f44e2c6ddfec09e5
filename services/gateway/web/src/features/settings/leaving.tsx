/* Somebody stops, here or everywhere, or only gives their work away: what they own in each workspace goes to whom one chooses,
   first; then they are out. Says what moved. */
import { useQueries } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, query } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { type Translate, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { dealsOf, type Person, peopleChanged, type Seat, seatsOf, useManaged, usePeople } from './people';

export type Kind = 'hand' | 'remove' | 'disable';

const TITLE = { hand: 'users.hand_title', remove: 'users.remove_title', disable: 'users.disable_title' } as const;

export function LeavingDialog({ kind, person, opened, onClose }: { kind: Kind; person: Person; opened: boolean; onClose(): void }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t(TITLE[kind], { name: person.name })} closeLabel={t('common.close')} size={520}><Leaving kind={kind} person={person} onClose={onClose} /></Dialog>;
}

type Count = { count: number; more: boolean } | undefined;

function owned(t: Translate, count: Count): string {
	return count?.count === 0 ? t('users.owns_none') : count ? t('users.owns', { count: count.count, number: `${count.count}${count.more ? '+' : ''}` }) : t('common.loading');
}

function useOwned(person: Person, seats: Seat[]): Count[] {
	return useQueries({ queries: seats.map((seat) => ({ queryKey: ['owned', person.id, seat.workspace_id], queryFn: () => dealsOf(person.id, seat.workspace_id), gcTime: 0, staleTime: 0 })) }).map((one) => one.data);
}

interface Moved { place: string; to: string; count: Count }

function Leaving({ kind, person, onClose }: { kind: Kind; person: Person; onClose(): void }) {
	const t = useT();
	const { workspace } = useScope();
	const managed = useManaged();
	const { data: people } = usePeople();
	const all = kind === 'disable' ? null : (workspace?.id ?? null);
	/* as it was when the question was put: somebody who left has no seat any more */
	const [seats] = useState(() => seatsOf(person, all).filter((seat) => managed.some((one) => one.id === seat.workspace_id)));
	const counts = useOwned(person, seats);
	const [to, setTo] = useState<Record<Id, string | null>>({});
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const [moved, setMoved] = useState<Moved[] | null>(null);
	const { name } = person;
	const heirs = (seat: Seat) => (people ?? []).filter((one) => one.id !== person.id && !one.disabled && seatsOf(one, seat.workspace_id).length);
	const finish = async () => {
		if (kind === 'remove' && workspace)
			await api('PUT', `/api/users/${person.id}/member${query({ workspace: workspace.id })}`, { body: { role: seats[0]?.role ?? '', active: false } });
		if (kind === 'disable')
			await api('PUT', `/api/users/${person.id}`, { body: { disabled: true } });
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const chosen = seats.filter((seat) => to[seat.workspace_id]);
		if (kind === 'hand' && !chosen.length) {
			setFault(t('users.hand_choose'));
			return;
		}
		setBusy(true);
		setFault(null);
		const done: Moved[] = [];
		try {
			for (const seat of chosen) {
				const heir = to[seat.workspace_id] ?? '';
				await api('POST', `/api/users/${person.id}/hand-over${query({ workspace: seat.workspace_id })}`, { body: { to: heir } });
				done.push({ place: seat.name, to: people?.find((one) => one.id === heir)?.name ?? '', count: counts[seats.indexOf(seat)] });
			}
			await finish();
			await peopleChanged();
			if (done.length) {
				setMoved(done);
				return;
			}
			toast.ok(t(kind === 'remove' ? 'users.removed' : 'users.was_disabled', { name }));
			onClose();
		} catch (reason) {
			setFault(problemText(reason));
			void peopleChanged();
		}
		setBusy(false);
	};
	if (moved)
		return <Result kind={kind} name={name} moved={moved} onClose={onClose} />;
	return (
		<form className="form" onSubmit={(event) => void submit(event)}>
			{fault && <Fault>{fault}</Fault>}
			<p>{t(kind === 'hand' ? 'users.hand_text' : kind === 'remove' ? 'users.remove_text' : 'users.disable_text', { name })}</p>
			{kind !== 'hand' && seats.length > 0 && <p>{t('users.leave_hand', { name })}</p>}
			{seats.map((seat, at) => (
				<div key={seat.workspace_id} className="heir">
					{heirs(seat).length > 0 && (
						<SelectField label={t('users.hand_to', { workspace: seat.name })} value={to[seat.workspace_id] ?? null} clearable placeholder={t(kind === 'hand' ? 'form.choose' : 'users.keep_owner')} empty={t('form.nothing_found')}
							onChange={(value) => setTo((old) => ({ ...old, [seat.workspace_id]: value }))} choices={heirs(seat).map((one) => ({ value: one.id, label: one.name }))} />
					)}
					<p className="muted small">{heirs(seat).length ? owned(t, counts[at]) : t('users.no_heir', { workspace: seat.name })}</p>
				</div>
			))}
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" className={kind === 'hand' ? undefined : 'btn-danger'} disabled={busy}>{t(kind === 'hand' ? 'users.hand_do' : kind === 'remove' ? 'users.remove_do' : 'users.disable')}</Button>
			</div>
		</form>
	);
}

function Result({ kind, name, moved, onClose }: { kind: Kind; name: string; moved: Moved[]; onClose(): void }) {
	const t = useT();
	return (
		<div className="form">
			<div role="status"><ul className="done-list">
				{moved.map((one) => <li key={one.place}><Icon name="check" /><span>{t('users.moved', { workspace: one.place, name: one.to, owned: owned(t, one.count) })}</span></li>)}
				{kind !== 'hand' && <li><Icon name="check" /><span>{t(kind === 'remove' ? 'users.removed' : 'users.was_disabled', { name })}</span></li>}
			</ul></div>
			<p className="muted small">{t('users.moved_text')}</p>
			<div className="dialog-foot"><Button kind="primary" onClick={onClose} autoFocus>{t('common.close')}</Button></div>
		</div>
	);
}
