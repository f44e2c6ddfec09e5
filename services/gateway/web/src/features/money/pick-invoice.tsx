/* Which open invoice it is for: found by number, customer or words, those of the same amount first. By keyboard: what is typed finds, arrows walk, Enter takes. */
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Money, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { Fault } from '../../ui/page';
import { Find } from '../../ui/table';
import { type Choosable, useOpenInvoices } from './model';

const same = (one: Choosable, amount: Money | null | undefined) => Boolean(amount) && one.open.amount === amount?.amount && one.open.currency === amount.currency;

/* `taken`: the one that was chosen, where a choice does not close this */
export function Picks({ workspace, amount, taken, first, most = 20, onPick }: { workspace: Workspace; amount?: Money | null | undefined; taken?: string | null; first?: boolean; most?: number; onPick(one: Choosable): void }) {
	const t = useT();
	const { formats } = useScope();
	const [q, setQ] = useState('');
	const { data, error, isPlaceholderData } = useOpenInvoices(workspace.slug, q);
	const box = useRef<HTMLDivElement>(null);
	const sorted = [...data ?? []].sort((a, b) => Number(same(b, amount)) - Number(same(a, amount))).slice(0, most);
	const key = (event: KeyboardEvent) => {
		const field = box.current?.querySelector('input');
		const stops = [field, ...box.current?.querySelectorAll<HTMLElement>('.pick') ?? []];
		const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
		const at = stops.indexOf(event.target as HTMLInputElement);
		if (at >= 0 && step)
			stops[at + step]?.focus();
		else if (event.key === 'Enter' && field && event.target === field) {
			/* the first of what was found by what stands there now, not by what stood there a moment ago */
			if (sorted[0] && !isPlaceholderData && field.value.trim() === q)
				onPick(sorted[0]);
		} else
			return;
		event.preventDefault();
	};
	return (
		<div ref={box} className="form form-wide" style={{ gridTemplateColumns: 'minmax(0, 1fr)' }} onKeyDown={key}>
			<Find label={t('payments.find')} clear={t('items.find_clear')} value={q} onChange={setQ} {...(first ? { first } : {})} />
			{error && <Fault>{problemText(error)}</Fault>}
			{!data && !error && <Skeleton h={160} style={{ borderRadius: 10 }} />}
			{data && !data.length && <p className="muted">{t(q ? 'payments.find_none' : 'payments.no_open')}</p>}
			<ul className="picks" style={{ gridTemplateColumns: 'minmax(0, 1fr)' }}>
				{sorted.map((one) => (
					<li key={one.id}><button type="button" className="pick" aria-pressed={taken === undefined ? undefined : taken === one.id} onClick={() => onPick(one)}>
						<span className="pick-text"><b className="num">{one.number}{same(one, amount) && <span className="tag tag-ok">{t('payments.same')}</span>}</b><span className="muted small cut">{[one.name, one.due && t('payments.due', { day: formats.date(one.due) })].filter(Boolean).join(' · ')}</span></span>
						<b className="num">{formats.money(one.open)}</b><Icon name={taken === one.id ? 'check' : 'right'} />
					</button></li>
				))}
			</ul>
		</div>
	);
}

export function PickInvoice({ workspace, about, amount, onPick, onClose }: { workspace: Workspace; about: string; amount?: Money | null; onPick(one: Choosable): void; onClose(): void }) {
	const t = useT();
	return (
		<Dialog opened onClose={onClose} title={t('payments.pick')} closeLabel={t('common.close')} size={560}>
			<p className="muted" style={{ marginBottom: 12 }}>{about}</p>
			<Picks workspace={workspace} amount={amount} first onPick={(one) => { onClose(); onPick(one); }} />
		</Dialog>
	);
}
