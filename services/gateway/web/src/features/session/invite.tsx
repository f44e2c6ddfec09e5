/* The other end of an invitation: whoever holds the link chooses a password and is in. The same page resets a forgotten one.
   The token stands behind the # and is sent to nobody but the two addresses here. */
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { api, Problem } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Language, Me } from '../../api/types';
import { adoptPrefs, leavePrefs, setLanguage, setTheme, usePrefs } from '../../app/prefs';
import { fieldFaults, problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { SelectField, TextField, useFocusWrong } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault, useTitle } from '../../ui/page';
import './login.css';

interface Guest { name: string; email: string; firm: string; language: Language | null; existing: boolean }
type State = { kind: 'reading' } | { kind: 'gone' } | { kind: 'failed'; fault: string } | { kind: 'guest'; guest: Guest } | { kind: 'log-in' };

const tokenOf = () => location.hash.slice(1);
/* whoever forgot their password asked for this link themselves: they can ask for another one */
const wasAsked = () => location.pathname === '/reset';

export function Invite() {
	const t = useT();
	const navigate = useNavigate();
	const { scheme, language } = usePrefs();
	const [state, setState] = useState<State>({ kind: 'reading' });
	useTitle(t(wasAsked() ? 'invite.reset' : 'invite.title'));
	const read = useCallback(() => {
		setState({ kind: 'reading' });
		if (!tokenOf()) {
			setState({ kind: 'gone' });
			return;
		}
		api<Guest>('POST', '/api/invite', { body: { token: tokenOf() } }).then((guest) => {
			/* whoever was here before is not this person */
			leavePrefs();
			if (guest.language)
				setLanguage(guest.language);
			setState({ kind: 'guest', guest });
		}, (reason: unknown) => setState(reason instanceof Problem && (reason.status === 404 || reason.status === 422) ? { kind: 'gone' } : { kind: 'failed', fault: problemText(reason) }));
	}, []);
	useEffect(() => {
		read();
		addEventListener('hashchange', read);
		return () => removeEventListener('hashchange', read);
	}, [read]);
	const accepted = (me: Me | { login: true }) => {
		if ('login' in me) {
			setState({ kind: 'log-in' });
			return;
		}
		queryClient.clear();
		queryClient.setQueryData(keys.me, me);
		adoptPrefs(me);
		void navigate({ to: '/', replace: true });
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
				{state.kind === 'reading' && <div aria-busy="true"><h1 className="hidden-text">{t('invite.title')}</h1><Skeleton h={28} w="80%" /><Skeleton h={16} style={{ marginTop: 12 }} /><Skeleton h={40} style={{ marginTop: 28 }} /></div>}
				{state.kind === 'gone' && (wasAsked()
					? <Said title={t('invite.gone')} text={t('forgot.gone_text')}><Button kind="primary" big wide onClick={() => void navigate({ to: '/forgot' })}>{t('forgot.again')}</Button></Said>
					: <Said title={t('invite.gone')} text={t('invite.gone_text')}><Button kind="primary" big wide onClick={() => void navigate({ to: '/login', search: {} })}>{t('invite.to_login')}</Button></Said>)}
				{state.kind === 'failed' && <Said title={t('error.title')} text={state.fault}><Button kind="primary" big wide icon="refresh" onClick={read}>{t('error.retry')}</Button></Said>}
				{state.kind === 'log-in' && <Said title={t('invite.reset_done')} text={t('invite.reset_done_text')}><Button kind="primary" big wide onClick={() => void navigate({ to: '/login', search: {} })}>{t('invite.to_login')}</Button></Said>}
				{state.kind === 'guest' && <GuestForm guest={state.guest} onAccepted={accepted} onGone={() => setState({ kind: 'gone' })} />}
			</main>
		</div>
	);
}

function Said({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
	return <div className="invite-said"><h1>{title}</h1><p className="muted" role="status">{text}</p>{children}</div>;
}

function GuestForm({ guest, onAccepted, onGone }: { guest: Guest; onAccepted(me: Me | { login: true }): void; onGone(): void }) {
	const t = useT();
	const { language } = usePrefs();
	const [name, setName] = useState(guest.name === guest.email ? '' : guest.name);
	const [password, setPassword] = useState('');
	const [shown, setShown] = useState(false);
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	const form = useFocusWrong(faults);
	const long = [...password].length >= 8;
	useEffect(() => {
		form.current?.querySelector<HTMLInputElement>(name ? 'input[name=password]' : 'input[name=name]')?.focus();
	}, []); // eslint-disable-line react-hooks/exhaustive-deps
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found = { ...(guest.existing || name.trim() ? {} : { name: t('form.required') }), ...(long ? {} : { password: t('problem.too_short') }) };
		setFaults(found);
		if (Object.keys(found).length) {
			setFaults(found);
			return;
		}
		setBusy(true);
		try {
			onAccepted(await api<Me | { login: true }>('POST', '/api/invite/accept', { body: { token: tokenOf(), password, language, ...(guest.existing ? {} : { name: name.trim() }) } }));
		} catch (reason) {
			if (reason instanceof Problem && reason.status === 404) {
				onGone();
				return;
			}
			const named = fieldFaults(reason);
			setFaults(Object.keys(named).length ? named : { form: problemText(reason) });
			setBusy(false);
		}
	};
	return (
		<>
			<h1>{guest.existing ? t('invite.reset') : t('invite.welcome', { firm: guest.firm })}</h1>
			<p className="muted">{t(guest.existing ? 'invite.reset_text' : 'invite.text', { firm: guest.firm, email: guest.email })}</p>
			<form ref={form} onSubmit={(event) => void submit(event)} noValidate>
				{faults['form'] && <Fault>{faults['form']}</Fault>}
				{/* for the browser's password store */}
				<input type="hidden" name="username" autoComplete="username" value={guest.email} readOnly />
				{!guest.existing && <TextField label={t('invite.name')} name="name" value={name} onChange={setName} error={faults['name']} required autoComplete="name" maxLength={200} />}
				<TextField label={t(guest.existing ? 'invite.new_password' : 'invite.password')} name="password" type={shown ? 'text' : 'password'} autoComplete="new-password" value={password} onChange={setPassword} error={faults['password']} required maxLength={1024}
					end={<IconButton icon="eye" small label={t(shown ? 'session.hide_password' : 'session.show_password')} aria-pressed={shown} onClick={() => setShown(!shown)} />} />
				<ul className="rules">
					<li className={long ? 'rule-kept' : undefined}><Icon name={long ? 'check' : 'info'} size={15} />{t('invite.rule_long')}</li>
					<li><Icon name="info" size={15} />{t('invite.rule_common')}</li>
				</ul>
				<SelectField label={t('users.language')} value={language} onChange={(next) => setLanguage(next === 'nl' ? 'nl' : 'en')} choices={[{ value: 'nl', label: 'Nederlands' }, { value: 'en', label: 'English' }]} />
				<Button kind="primary" big wide type="submit" disabled={busy}>{t(busy ? 'session.logging_in' : guest.existing ? 'invite.reset_do' : 'invite.accept')}</Button>
			</form>
		</>
	);
}
