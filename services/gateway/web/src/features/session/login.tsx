/* The log-in page. After it the person is where they wanted to be. Never says which of the two, address or password,
   was wrong. */
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api, Problem } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Me } from '../../api/types';
import { adoptPrefs, setLanguage, setTheme, usePrefs } from '../../app/prefs';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import './login.css';

export function Login() {
	const t = useT();
	const navigate = useNavigate();
	const { history } = useRouter();
	const { next } = useSearch({ strict: false }) as { next?: string };
	const { scheme, language } = usePrefs();
	const [email, setEmail] = useState('');
	const [password, setPassword] = useState('');
	const [shown, setShown] = useState(false);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => {
		document.title = `${t('session.log_in')} · Leadwire`;
		form.current?.querySelector<HTMLInputElement>('input[name=email]')?.focus();
	}, [t]);

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!email.trim() || !password) {
			setFault(t('session.both'));
			form.current?.querySelector<HTMLInputElement>(email.trim() ? 'input[name=password]' : 'input[name=email]')?.focus();
			return;
		}
		setBusy(true);
		setFault(null);
		try {
			const me = await api<Me>('POST', '/api/login', { body: { email: email.trim(), password } });
			queryClient.setQueryData(keys.me, me);
			adoptPrefs(me);
			if (next)
				history.replace(next);
			else
				await navigate({ to: '/', replace: true });
		} catch (reason) {
			setBusy(false);
			setFault(reason instanceof Problem && reason.status === 401 ? t('problem.login_failed') : problemText(reason));
			form.current?.querySelector<HTMLInputElement>('input[name=password]')?.select();
		}
	};

	return (
		<div className="login">
			<div className="login-tools">
				<Button kind="quiet" icon="language" onClick={() => setLanguage(language === 'nl' ? 'en' : 'nl')} lang={language === 'nl' ? 'en' : 'nl'}>
					{language === 'nl' ? 'English' : 'Nederlands'}
				</Button>
				<IconButton icon={scheme === 'dark' ? 'sun' : 'moon'} label={t(scheme === 'dark' ? 'theme.to_light' : 'theme.to_dark')} onClick={() => setTheme(scheme === 'dark' ? 'light' : 'dark')} />
			</div>
			<main className="login-card">
				<div className="login-brand"><img src="/favicon.svg" width={36} height={36} alt="" /><span>Leadwire</span></div>
				<h1>{t('session.welcome')}</h1>
				<p className="muted">{t('session.welcome_text')}</p>
				<form ref={form} onSubmit={(event) => void submit(event)} noValidate>
					{fault && <div className="login-fault" role="alert"><Icon name="error" size={18} /><span>{fault}</span></div>}
					<TextField label={t('field.email')} name="email" type="email" autoComplete="username" value={email} onChange={setEmail} />
					<TextField label={t('session.password')} name="password" type={shown ? 'text' : 'password'} autoComplete="current-password" value={password} onChange={setPassword}
						end={<IconButton icon="eye" small label={t(shown ? 'session.hide_password' : 'session.show_password')} aria-pressed={shown} onClick={() => setShown(!shown)} />} />
					<Button kind="primary" big wide type="submit" disabled={busy}>{t(busy ? 'session.logging_in' : 'session.log_in')}</Button>
				</form>
			</main>
		</div>
	);
}
