/* The first page of an empty installation: the code of the terminal, the firm and its owner become a workspace with a way in.
   Never shown where somebody is already; the server alone decides that. */
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { api, Problem } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Me } from '../../api/types';
import { adoptPrefs, setLanguage, usePrefs } from '../../app/prefs';
import { problemText } from '../../app/problems';
import { type Key, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import './login.css';

interface Preset { name: string; currency: string; timezone: string; country: string }
interface State { open: boolean; presets?: Preset[] }
type Done = Me & { setup: { slug: string; hook: string; curl: string } };

const presetText: Record<string, Key> = {
	'nl-offerte-6': 'setup.preset.nl-offerte-6',
	'classic-6': 'setup.preset.classic-6',
	'dynamics': 'setup.preset.dynamics',
	'follow-up': 'setup.preset.follow-up',
	'commerce': 'setup.preset.commerce',
};

export function Setup() {
	const t = useT();
	const navigate = useNavigate();
	const { language } = usePrefs();
	const [state, setState] = useState<State | null>(null);
	const [made, setMade] = useState<Done | null>(null);
	const [value, setValue] = useState({ code: '', firm: '', preset: 'nl-offerte-6', country: 'NL', timezone: 'Europe/Amsterdam', currency: 'EUR', name: '', email: '', password: '' });
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const [wrong, setWrong] = useState<Record<string, string>>({});
	useEffect(() => {
		document.title = `${t('setup.title')} · Leadwire`;
	}, [t]);
	useEffect(() => {
		api<State>('GET', '/api/setup').then((found) => {
			setState(found);
			if (!found.open)
				void navigate({ to: '/login', replace: true });
		}, (reason: unknown) => setFault(problemText(reason)));
	}, [navigate]);

	const set = (name: keyof typeof value) => (next: string) => setValue((before) => ({ ...before, [name]: next }));
	const choosePreset = (name: string | null) => {
		const preset = state?.presets?.find((one) => one.name === name);
		if (preset)
			setValue((before) => ({ ...before, preset: preset.name, country: preset.country, timezone: preset.timezone, currency: preset.currency }));
	};

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setBusy(true);
		setFault(null);
		setWrong({});
		try {
			const { name, email, password, ...rest } = value;
			const me = await api<Done>('POST', '/api/setup', { body: { ...rest, language, owner: { name, email, password } } });
			queryClient.setQueryData(keys.me, me);
			adoptPrefs(me);
			setMade(me);
		} catch (reason) {
			setFault(problemText(reason));
			if (reason instanceof Problem)
				setWrong(Object.fromEntries(reason.fields.map((field) => [field.pointer, field.detail])));
		}
		setBusy(false);
	};

	const field = (name: keyof typeof value, label: Key, pointer: string, more: { type?: string; autoComplete?: string; hint?: string } = {}) => (
		<TextField label={t(label)} name={name} required value={value[name]} onChange={set(name)} error={wrong[pointer]} {...more} />
	);
	return (
		<div className="login">
			<div className="login-tools">
				<Button kind="quiet" icon="language" onClick={() => setLanguage(language === 'nl' ? 'en' : 'nl')} lang={language === 'nl' ? 'en' : 'nl'}>
					{language === 'nl' ? 'English' : 'Nederlands'}
				</Button>
			</div>
			<main className="login-card setup-card">
				<div className="login-brand"><img src="/favicon.svg" width={36} height={36} alt="" /><span>Leadwire</span></div>
				<h1>{t(made ? 'setup.done' : 'setup.title')}</h1>
				<p className="muted">{t(made ? 'setup.done_text' : 'setup.text')}</p>
				{made ? (
					<>
						<pre className="setup-curl" tabIndex={0}>{made.setup.curl}</pre>
						<Button kind="primary" big wide onClick={() => void navigate({ to: '/' })}>{t('setup.to_board')}</Button>
					</>
				) : (
					<form onSubmit={(event) => void submit(event)} noValidate>
						{fault && <div className="login-fault" role="alert"><Icon name="error" size={18} /><span>{fault}</span></div>}
						{field('code', 'setup.code', '/code', { hint: t('setup.code_hint'), autoComplete: 'one-time-code' })}
						{field('firm', 'setup.firm', '/firm', { autoComplete: 'organization' })}
						<SelectField label={t('setup.preset')} value={value.preset} required onChange={choosePreset} error={wrong['/preset']}
							choices={(state?.presets ?? []).map((one) => ({ value: one.name, label: presetText[one.name] ? t(presetText[one.name] as Key) : one.name }))} />
						<div className="setup-row">
							{field('country', 'setup.country', '/country')}
							{field('currency', 'setup.currency', '/currency')}
						</div>
						{field('timezone', 'setup.timezone', '/timezone')}
						{field('name', 'setup.owner', '/owner/name', { autoComplete: 'name' })}
						{field('email', 'field.email', '/owner/email', { type: 'email', autoComplete: 'username' })}
						{field('password', 'session.password', '/owner/password', { type: 'password', autoComplete: 'new-password', hint: t('setup.password_hint') })}
						<Button kind="primary" big wide type="submit" disabled={busy || !state}>{t(busy ? 'common.loading' : 'setup.go')}</Button>
					</form>
				)}
			</main>
		</div>
	);
}
