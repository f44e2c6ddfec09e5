/* Whoever forgot their password asks for a link by mail. Says the same whether anybody has that address or not: who asks learns nothing. */
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client';
import { fieldFaults, problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { TextField, useFocusWrong } from '../../ui/field';
import { Fault, useTitle } from '../../ui/page';
import { HttpsNeeded, SessionFrame, useLoginState } from './frame';

export function Forgot() {
	const t = useT();
	const navigate = useNavigate();
	const state = useLoginState();
	const [asked, setAsked] = useState<string | null>(null);
	useTitle(t('session.forgotten'));
	/* the form is gone: whoever stood in it stands at what is said instead */
	const said = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		if (asked !== null)
			said.current?.focus();
	}, [asked]);
	const back = <Button kind="quiet" onClick={() => void navigate({ to: '/login', search: {} })}>{t('invite.to_login')}</Button>;
	return (
		<SessionFrame wide={state?.https_required === true}>
			{state?.https_required ? <HttpsNeeded /> : asked
				? <div className="invite-said"><h1 ref={said} tabIndex={-1}>{t('forgot.asked')}</h1><p className="muted" role="status">{t('forgot.asked_text', { email: asked })}</p><p className="muted small">{t('forgot.nothing')}</p>{back}</div>
				: <><ForgotForm onAsked={setAsked} /><div className="login-more">{back}</div></>}
		</SessionFrame>
	);
}

function ForgotForm({ onAsked }: { onAsked(email: string): void }) {
	const t = useT();
	const [email, setEmail] = useState('');
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	const form = useFocusWrong(faults);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const typed = email.trim();
		if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed)) {
			setFaults({ email: t(typed ? 'form.email' : 'form.required') });
			return;
		}
		setBusy(true);
		setFaults({});
		try {
			await api('POST', '/api/password/forgot', { body: { email: typed } });
			onAsked(typed);
		} catch (reason) {
			const named = fieldFaults(reason);
			setFaults(Object.keys(named).length ? named : { form: problemText(reason) });
			setBusy(false);
		}
	};
	return (
		<>
			<h1>{t('session.forgotten')}</h1>
			<p className="muted">{t('forgot.text')}</p>
			<form ref={form} onSubmit={(event) => void submit(event)} noValidate>
				{faults['form'] && <Fault>{faults['form']}</Fault>}
				<TextField label={t('field.email')} name="email" type="email" autoComplete="username" value={email} onChange={setEmail} error={faults['email']} autoFocus />
				<Button kind="primary" big wide type="submit" disabled={busy}>{t('forgot.ask')}</Button>
			</form>
		</>
	);
}
