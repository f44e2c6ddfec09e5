/* A mail through the whole of an account, watched until it is known what became of it; and where it goes wrong, what to do. */
import { type ReactNode, useRef, useState } from 'react';
import { api } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault } from '../../ui/page';
import { addressGood, isFinal, TONE } from '../mail/model';
import { useLiveMails, useMail } from '../mail/reads';
import { type Faults, SetForm } from './label-fields';
import type { MailAccount } from './mail-model';

type Trouble = (words: string | null, code: number | null) => ReactNode;

export function MailTest({ account, trouble, onClosed }: { account: MailAccount; trouble: Trouble; onClosed(): void }) {
	const t = useT();
	const { me } = useScope();
	const [opened, setOpened] = useState(true);
	const [email, setEmail] = useState(me.user.email);
	const [mail, setMail] = useState<Id | null>(null);
	const sent = useRef(false);
	const close = () => {
		setOpened(false);
		setTimeout(onClosed, 150);
	};
	return (
		<Dialog opened={opened} onClose={close} title={t('mail_set.test_of', { name: account.name })} closeLabel={t('common.close')} size={520}>
			{mail === null ? (
				<SetForm yes={t('mail_set.test_send')} check={(): Faults => (addressGood(email.trim()) ? {} : { email: t('form.email') })} onDone={() => { if (!sent.current) close(); }}
					send={async () => { const made = await api<{ id: Id }>('POST', `/api/crm/mail/accounts/${account.id}/test`, { body: { email: email.trim() } }); sent.current = true; setMail(made.id); }}>
					{(faults) => <TextField label={t('mail_set.test_to')} hint={t('mail_set.test_hint')} name="email" inputMode="email" value={email} onChange={setEmail} error={faults['email']} maxLength={320} required autoFocus />}
				</SetForm>
			) : <Result mail={mail} trouble={trouble} onAgain={() => { sent.current = false; setMail(null); }} onClose={close} />}
		</Dialog>
	);
}

function Result({ mail, trouble, onAgain, onClose }: { mail: Id; trouble: Trouble; onAgain(): void; onClose(): void }) {
	const t = useT();
	const { data, error, refetch } = useMail(mail, true);
	useLiveMails();
	const one = data?.recipients[0];
	const last = data?.attempts[data.attempts.length - 1];
	/* refused, or asked to come again: what the server said counts, also while it is still tried */
	const wrong = one && (TONE[one.state] === 'tag-danger' || one.state === 'unknown' || (one.state === 'queued' && last?.outcome === 'later'));
	const well = one && !wrong && isFinal(one.state) && one.state !== 'cancelled';
	return (
		<div className="form form-wide">
			<div role="status" data-test-state={one?.state}>
				{!data && !error && <Skeleton h={24} />}
				{one && <p><span className={`tag ${TONE[one.state]}`}>{sayValue('mail_state', one.state)}</span> {one.email}</p>}
				{well && <p><Icon name="check" /> {t(one.state === 'sent' ? 'mail_set.test_sent' : 'mail_set.test_arrived')}</p>}
				{one && !wrong && !well && <p className="muted">{t('mail_set.test_going')}</p>}
			</div>
			{error && !data && <><Fault>{problemText(error)}</Fault><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></>}
			{wrong && <p role="alert">{trouble(one.reason ?? last?.reason ?? null, last?.code ?? null)}</p>}
			<div className="dialog-foot">
				<Button kind="quiet" icon="refresh" onClick={onAgain}>{t('mail_set.test_again')}</Button>
				<Button kind="primary" data-autofocus onClick={onClose}>{t('common.close')}</Button>
			</div>
		</div>
	);
}
