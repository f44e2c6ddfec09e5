/* The small questions about somebody: a new link, their second factor off, let in again. Each says beforehand what will happen. */
import { useState } from 'react';
import { api } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { LinkShown } from './link-shown';
import { type Link, type Person, peopleChanged } from './people';

interface Props { opened: boolean; onClose(): void }

/* a write with its busy state and its fault in words */
function useWrite(onDone: () => void) {
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const write = async (work: () => Promise<unknown>) => {
		setBusy(true);
		setFault(null);
		try {
			await work();
			await peopleChanged();
			onDone();
		} catch (reason) {
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	return { busy, fault, write };
}

export function AskDialog({ kind, person, opened, onClose }: Props & { kind: 'factor' | 'enable' | 'withdraw'; person: Person }) {
	const t = useT();
	const { name } = person;
	const { busy, fault, write } = useWrite(() => {
		toast.ok(t(kind === 'factor' ? 'users.factor_done' : kind === 'enable' ? 'users.enabled' : 'users.withdrawn', { name }));
		onClose();
	});
	const change = (body: Record<string, unknown>) => void write(() => api<{ id: Id }>('PUT', `/api/users/${person.id}`, { body }));
	if (kind === 'withdraw')
		return <Confirm opened={opened} onClose={onClose} title={t('users.withdraw_title', { name })} text={t('users.withdraw_text', { name })} yes={t('users.withdraw')} busy={busy} fault={fault} onYes={() => void write(() => api('DELETE', `/api/users/${person.id}/invite`))} danger />;
	return kind === 'factor'
		? <Confirm opened={opened} onClose={onClose} title={t('users.factor_title', { name })} text={t('users.factor_text')} yes={t('users.two_factor_off')} busy={busy} fault={fault} onYes={() => change({ two_factor: false })} danger />
		: <Confirm opened={opened} onClose={onClose} title={t('users.enable_title', { name })} text={t('users.enable_text')} yes={t('users.enable')} busy={busy} fault={fault} onYes={() => change({ disabled: false })} />;
}

export function LinkDialog({ person, opened, onClose }: Props & { person: Person }) {
	const t = useT();
	const [link, setLink] = useState<Link | null>(null);
	const { busy, fault, write } = useWrite(() => undefined);
	const { name, invited } = person;
	const [unmailed, setUnmailed] = useState(false);
	const make = (mail: boolean) => void write(async () => {
		const { invite, mailed } = await api<{ invite: Link | null; mailed: boolean }>('POST', `/api/users/${person.id}/invite`, { body: { mail } });
		setUnmailed(mail && !mailed);
		setLink(invite);
		if (mailed) {
			toast.ok(t('users.mailed', { email: person.email }));
			onClose();
		}
	});
	return (
		<Dialog opened={opened} onClose={onClose} title={link ? t('users.link') : t(invited ? 'users.again_title' : 'users.reset_title', { name })} closeLabel={t('common.close')} size={520}>
			{link ? <LinkShown name={name} link={link} unmailed={unmailed} onClose={onClose} /> : (
				<>
					{fault && <Fault>{fault}</Fault>}
					<p>{t(invited ? 'users.again_text' : 'users.reset_text', { name })}</p>
					<div className="dialog-foot">
						<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
						<Button disabled={busy} onClick={() => make(false)}>{t('users.make_link')}</Button>
						<Button kind="primary" icon="mail" disabled={busy} onClick={() => make(true)} data-autofocus>{t('users.by_mail')}</Button>
					</div>
				</>
			)}
		</Dialog>
	);
}
