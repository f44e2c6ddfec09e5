/* The log-in page: address and password, then the second factor where there is one. After it the person is where they wanted
   to be. Never says which of the two, address or password, was wrong; asks for no password where it would go in the clear. */
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api, Problem } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Me } from '../../api/types';
import { adoptPrefs } from '../../app/prefs';
import { problemText } from '../../app/problems';
import { useLanguage, useT } from '../../i18n';
import { formats } from '../../lib/format';
import { Button, IconButton } from '../../ui/button';
import { TextField } from '../../ui/field';
import { Fault, useTitle } from '../../ui/page';
import { toast } from '../../ui/toast';
import { HttpsNeeded, InsecureNote, SessionFrame, useLoginState } from './frame';

type Step = 'password' | 'code' | 'recovery';

export function Login() {
	const t = useT();
	const navigate = useNavigate();
	const state = useLoginState();
	useTitle(t('session.log_in'));
	useEffect(() => {
		if (state?.setup_open)
			void navigate({ to: '/setup', replace: true });
	}, [state, navigate]);
	return (
		<SessionFrame wide={state?.https_required === true}>
			{state?.https_required ? <HttpsNeeded /> : <>{state?.insecure && <InsecureNote />}<LoginForm /></>}
		</SessionFrame>
	);
}

/* seconds until one may try again; 0: now */
function useWait(): [number, (seconds: number) => void] {
	const [until, setUntil] = useState(0);
	const [now, setNow] = useState(() => Date.now());
	const left = Math.max(0, Math.ceil((until - now) / 1000));
	useEffect(() => {
		if (!left)
			return undefined;
		const timer = setInterval(() => setNow(Date.now()), 250);
		return () => clearInterval(timer);
	}, [left]);
	return [left, (seconds) => { setNow(Date.now()); setUntil(Date.now() + seconds * 1000); }];
}

function LoginForm() {
	const t = useT();
	const language = useLanguage();
	const navigate = useNavigate();
	const { history } = useRouter();
	const { next } = useSearch({ strict: false }) as { next?: string };
	const [step, setStep] = useState<Step>('password');
	const [value, setValue] = useState({ email: '', password: '', code: '' });
	const [shown, setShown] = useState(false);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const [wait, setWait] = useWait();
	const form = useRef<HTMLFormElement>(null);
	const set = (name: keyof typeof value) => (text: string) => setValue((old) => ({ ...old, [name]: text }));
	const focus = (name: keyof typeof value) => form.current?.querySelector<HTMLInputElement>(`input[name=${name}]`)?.select();
	useEffect(() => {
		focus(step === 'password' ? 'email' : 'code');
	}, [step]);

	const go = (to: Step) => {
		setStep(to);
		setFault(null);
		setValue((old) => ({ ...old, code: '', ...(to === 'password' ? { password: '' } : {}) }));
	};

	const refused = (reason: unknown) => {
		setBusy(false);
		const code = reason instanceof Problem ? reason.code : '';
		if (reason instanceof Problem && reason.status === 429) {
			const seconds = reason.retryAfter ?? 30;
			setWait(seconds);
			setFault(t('session.wait', { time: formats(language, Intl.DateTimeFormat().resolvedOptions().timeZone).clock(Date.now() + seconds * 1000) }));
			return;
		}
		if (code === 'totp_required') {
			setStep('code');
			return;
		}
		setFault(code === 'totp_wrong' && step === 'recovery' ? t('session.recovery_wrong') : problemText(reason));
		/* between the two steps the password was changed elsewhere */
		if (code === 'login_failed')
			setStep('password');
		focus(step === 'password' || code === 'login_failed' ? 'password' : 'code');
	};

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy || wait)
			return;
		const { email, password, code } = value;
		if (step === 'password' && (!email.trim() || !password)) {
			setFault(t('session.both'));
			focus(email.trim() ? 'password' : 'email');
			return;
		}
		if (step !== 'password' && !code.trim()) {
			setFault(t(step === 'code' ? 'session.code_missing' : 'session.recovery_missing'));
			focus('code');
			return;
		}
		setBusy(true);
		setFault(null);
		try {
			const me = await api<Me>('POST', '/api/login', { body: { email: email.trim(), password, ...(step === 'password' ? {} : { code: code.trim() }) } });
			queryClient.setQueryData(keys.me, me);
			adoptPrefs(me);
			if (step === 'recovery')
				toast.ok(t('session.recovery_used', { count: me.user.recovery_left }));
			if (next)
				history.replace(next);
			else
				await navigate({ to: '/', replace: true });
		} catch (reason) {
			refused(reason);
		}
	};

	const second = step !== 'password';
	return (
		<>
			<h1>{t(second ? 'session.second' : 'session.welcome')}</h1>
			<p className="muted">{t(step === 'password' ? 'session.welcome_text' : step === 'code' ? 'session.second_text' : 'session.recovery_text')}</p>
			<form ref={form} onSubmit={(event) => void submit(event)} noValidate>
				{fault && <Fault>{fault}</Fault>}
				{!second && (
					<>
						<TextField label={t('field.email')} name="email" type="email" autoComplete="username" value={value.email} onChange={set('email')} />
						<TextField label={t('session.password')} name="password" type={shown ? 'text' : 'password'} autoComplete="current-password" value={value.password} onChange={set('password')}
							end={<IconButton icon="eye" small label={t(shown ? 'session.hide_password' : 'session.show_password')} aria-pressed={shown} onClick={() => setShown(!shown)} />} />
					</>
				)}
				{step === 'code' && <TextField key="code" label={t('session.code')} name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={7} value={value.code} onChange={set('code')} />}
				{step === 'recovery' && <TextField key="recovery" label={t('session.recovery')} name="code" autoComplete="off" placeholder="abcdef-ghijkl-mnopqr-stuvw" maxLength={40} value={value.code} onChange={set('code')} />}
				<Button kind="primary" big wide type="submit" disabled={busy || wait > 0}>
					{wait ? t('session.wait_button', { count: wait }) : t(busy ? 'session.logging_in' : 'session.log_in')}
				</Button>
			</form>
			{second
				? (
					<div className="login-more">
						<Button kind="quiet" onClick={() => go(step === 'code' ? 'recovery' : 'code')}>{t(step === 'code' ? 'session.use_recovery' : 'session.use_code')}</Button>
						<Button kind="quiet" onClick={() => go('password')}>{t('session.someone_else')}</Button>
					</div>
				)
				: <div className="login-more"><Button kind="quiet" onClick={() => void navigate({ to: '/forgot' })}>{t('session.forgotten')}</Button></div>}
		</>
	);
}
