/* Which open invoice it is for: found by number, customer or words, the first one already at hand. */
import { useState } from 'react';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { Fault } from '../../ui/page';
import { Find } from '../../ui/table';
import { type Choosable, useOpenInvoices } from './model';

export function PickInvoice({ workspace, about, onPick, onClose }: { workspace: Workspace; about: string; onPick(one: Choosable): void; onClose(): void }) {
	const t = useT();
	const { formats } = useScope();
	const [q, setQ] = useState('');
	const { data, error } = useOpenInvoices(workspace.slug, q);
	return (
		<Dialog opened onClose={onClose} title={t('payments.pick')} closeLabel={t('common.close')} size={560}>
			<div className="form form-wide">
				<p className="muted">{about}</p>
				<Find label={t('payments.find')} clear={t('items.find_clear')} value={q} onChange={setQ} first />
				{error && <Fault>{problemText(error)}</Fault>}
				{!data && !error && <Skeleton h={160} style={{ borderRadius: 10 }} />}
				{data && !data.length && <p className="muted">{t(q ? 'payments.find_none' : 'payments.no_open')}</p>}
				<ul className="picks">
					{data?.map((one) => (
						<li key={one.id}><button type="button" className="pick" onClick={() => onPick(one)}>
							<span className="pick-text"><b className="num">{one.number}</b><span className="muted small cut">{[one.name, one.due && t('payments.due', { day: formats.date(one.due) })].filter(Boolean).join(' · ')}</span></span>
							<b className="num">{formats.money(one.open)}</b><Icon name="right" />
						</button></li>
					))}
				</ul>
			</div>
		</Dialog>
	);
}
