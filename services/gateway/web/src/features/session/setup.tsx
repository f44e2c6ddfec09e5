/* The first page of an empty installation: the code of the terminal, the firm, its way of working and its owner become a
   workspace; then the first lead is sent and seen to arrive. Never shown where somebody is already; the server alone decides that. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { api } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Me } from '../../api/types';
import { adoptPrefs } from '../../app/prefs';
import { fieldFaults, problemText } from '../../app/problems';
import { type Key, useLanguage, useT } from '../../i18n';
import { browserZone, guessCountry, usualOf } from '../../lib/places';
import { Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { TextField, useFocusWrong } from '../../ui/field';
import { Fault, useTitle } from '../../ui/page';
import { type Place, PlaceFields } from '../place/fields';
import { type Preset, PresetField } from '../place/preset';
import { HttpsNeeded, InsecureNote, SessionFrame, useLoginState } from './frame';
import { FirstLead, type Made } from './first-lead';

interface State { open: boolean; presets?: Preset[] }
type Done = Me & { setup: Made };

function firstPlace(language: Place['language']): Place {
	const country = guessCountry(browserZone(), navigator.languages);
	return { country, language, currency: usualOf(country)?.currency ?? 'EUR', timezone: browserZone() };
}

export function Setup() {
	const t = useT();
	const navigate = useNavigate();
	const state = useLoginState();
	const [made, setMade] = useState<Done | null>(null);
	const { data, error } = useQuery({ queryKey: ['setup'], queryFn: () => api<State>('GET', '/api/setup'), gcTime: 0, staleTime: Infinity });
	useTitle(t('setup.title'));
	const closed = data?.open === false && !made;
	useEffect(() => {
		if (closed)
			void navigate({ to: '/login', replace: true });
	}, [closed, navigate]);
	if (made)
		return <SessionFrame wide><FirstLead me={made} made={made.setup} /></SessionFrame>;
	return (
		<SessionFrame wide>
			{state?.https_required ? <HttpsNeeded /> : (
				<>
					{state?.insecure && <InsecureNote />}
					<h1>{t('setup.title')}</h1>
					<p className="muted">{t('setup.text')}</p>
					{error && <div style={{ marginTop: 16 }}><Fault>{problemText(error)}</Fault></div>}
					{data?.presets ? <SetupForm presets={data.presets} onMade={setMade} /> : !error && <div className="form" style={{ marginTop: 22 }}>{[1, 2, 3, 4].map((row) => <Skeleton key={row} h={56} />)}</div>}
				</>
			)}
		</SessionFrame>
	);
}

function Group({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
	return <section className="setup-group" role="group" aria-label={title}><h2>{title}</h2>{text && <p className="muted small">{text}</p>}{children}</section>;
}

const BLANK = { code: '', firm: '', name: '', email: '', password: '' };

function SetupForm({ presets, onMade }: { presets: Preset[]; onMade(made: Done): void }) {
	const t = useT();
	const language = useLanguage();
	const [value, setValue] = useState(BLANK);
	const [place, setPlace] = useState(() => firstPlace(language));
	const [preset, setPreset] = useState(presets.find((one) => one.language === language)?.name ?? presets[0]?.name ?? '');
	const [shown, setShown] = useState(false);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const [wrong, setWrong] = useState<Record<string, string>>({});
	const form = useFocusWrong(wrong);
	useEffect(() => { form.current?.querySelector<HTMLInputElement>('input[name=code]')?.focus(); }, []);

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const { name, email, password, code, firm } = value;
		const missing = Object.fromEntries(Object.entries(value).filter(([, text]) => !text.trim()).map(([field]) => [field, t('problem.required')]));
		setWrong(missing);
		setFault(null);
		if (Object.keys(missing).length)
			return;
		setBusy(true);
		try {
			const me = await api<Done>('POST', '/api/setup', { body: { code: code.trim(), firm: firm.trim(), preset, ...place, owner: { name: name.trim(), email: email.trim(), password } } });
			queryClient.setQueryData(keys.me, me);
			adoptPrefs(me);
			onMade(me);
			window.scrollTo({ top: 0 });
		} catch (reason) {
			const fields = fieldFaults(reason);
			setBusy(false);
			setWrong(fields);
			if (!Object.keys(fields).length)
				setFault(problemText(reason));
		}
	};

	const field = (name: keyof typeof BLANK, label: Key, more: { type?: string; autoComplete?: string; hint?: string; end?: ReactNode; placeholder?: string } = {}) => (
		<TextField label={t(label)} name={name} required value={value[name]} onChange={(text) => setValue((old) => ({ ...old, [name]: text }))} error={wrong[name]} {...more} />
	);
	return (
		<form ref={form} onSubmit={(event) => void submit(event)} noValidate>
			{fault && <Fault>{fault}</Fault>}
			<Group title={t('setup.group_code')} text={t('setup.code_hint')}>
				{field('code', 'setup.code', { autoComplete: 'off', placeholder: 'ABCD-EFGH-JKLM' })}
			</Group>
			<Group title={t('setup.group_firm')}>
				{field('firm', 'setup.firm', { autoComplete: 'organization' })}
				<PlaceFields value={place} onChange={setPlace} wrong={wrong} />
			</Group>
			<Group title={t('setup.group_work')} text={t('setup.preset_hint')}>
				<PresetField presets={presets} value={preset} onChange={setPreset} error={wrong['preset']} />
			</Group>
			<Group title={t('setup.group_owner')} text={t('setup.owner_hint')}>
				<div className="two">
					{field('name', 'setup.owner', { autoComplete: 'name' })}
					{field('email', 'field.email', { type: 'email', autoComplete: 'username' })}
				</div>
				{field('password', 'session.password', { type: shown ? 'text' : 'password', autoComplete: 'new-password', hint: t('setup.password_hint'),
					end: <IconButton icon="eye" small label={t(shown ? 'session.hide_password' : 'session.show_password')} aria-pressed={shown} onClick={() => setShown(!shown)} /> })}
			</Group>
			<Button kind="primary" big wide type="submit" disabled={busy}>{t(busy ? 'setup.going' : 'setup.go')}</Button>
		</form>
	);
}
