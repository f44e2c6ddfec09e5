/* Where a mail belongs that belongs to nothing yet, looked for by name. Never assigns anything by itself. */
import { useEffect, useState } from 'react';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { isAsked, useFind } from '../search/find';
import { assignMail, type Target } from './acts';
import type { MailRow } from './model';
import '../deals/panel.css';

/* a deal or a contact, looked for by name; what fits the sender stands there at once */
export function Seek({ mail, onClosed }: { mail: MailRow; onClosed(): void }) {
	const t = useT();
	const [opened, setOpened] = useState(true);
	const [typed, setTyped] = useState(mail.from_name ?? '');
	const [q, setQ] = useState(typed.trim());
	const [busy, setBusy] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setQ(typed.trim()), 200);
		return () => clearTimeout(timer);
	}, [typed]);
	const { data, error } = useFind(q, 6);
	const found: Array<Target & { more: string | null }> = data && isAsked(q) ? [
		...data.data.opportunities.map((one) => ({ kind: 'deal' as const, id: one.id, name: one.title, more: one.subtitle })),
		...data.data.contacts.map((one) => ({ kind: 'contact' as const, id: one.id, name: one.title, more: one.subtitle })),
	] : [];
	const close = () => {
		setOpened(false);
		setTimeout(onClosed, 150);
	};
	const take = async (one: Target) => {
		setBusy(true);
		if (await assignMail(mail, one))
			close();
		setBusy(false);
	};
	return (
		<Dialog opened={opened} onClose={close} title={t('mail.assign_title', { subject: mail.subject || t('mail.no_subject') })} closeLabel={t('common.close')} size={520}>
			<div className="form form-wide">
				<TextField label={t('mail.seek')} hint={t('mail.seek_hint')} name="seek" value={typed} onChange={setTyped} maxLength={200} autoComplete="off" autoFocus />
				{error && !data && <p className="fault" role="alert">{problemText(error)}</p>}
				{data && isAsked(q) && !found.length && <p className="muted" role="status">{t('mail.seek_none')}</p>}
				<ul className="picks" aria-label={t('mail.seek')}>{found.map((one) => (
					<li key={`${one.kind} ${one.id}`}><button type="button" className="pick" disabled={busy} onClick={() => void take(one)}>
						<Icon name={one.kind === 'deal' ? 'board' : 'user'} /><span className="pick-text"><b className="cut">{one.name}</b><span className="muted small">{[t(one.kind === 'deal' ? 'mail.is_deal' : 'mail.is_contact'), one.more].filter(Boolean).join(' · ')}</span></span>
					</button></li>
				))}</ul>
			</div>
		</Dialog>
	);
}
