/* One's own page: picture and name, language and theme and time zone, password, second factor, where one is logged in. */
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { api } from '../../api/client';
import type { Language, Theme } from '../../api/types';
import { keyNames } from '../../app/keys';
import { setLanguage, setSingleKeys, setTheme, usePrefs } from '../../app/prefs';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Check, SelectField, TextField, useFocusWrong } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault, PageHead, Section, useTitle } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { LANGUAGES, ZoneField } from '../place/fields';
import { PhotoSection } from './photo';
import { SessionsSection } from './sessions';
import { TwoFactorSection } from './two-factor';
import { useMeChanged } from './me';
import './profile.css';

const SignatureSection = lazy(() => import('./signature').then((module) => ({ default: module.SignatureSection })));
const FeedSection = lazy(() => import('../calendar/feed').then((module) => ({ default: module.FeedSection })));

export function ProfilePage() {
	const t = useT();
	const { me } = useScope();
	const changed = useMeChanged();
	useTitle(t('nav.profile'));
	return (
		<>
			<PageHead title={t('nav.profile')} sub={me.user.email} help="profile" />
			<div className="page-body scroll">
				<div className="page-narrow">
					<PhotoSection />
					<NameSection />
					{me.allowed_sections.includes('crm') && <Suspense fallback={<Skeleton h={220} />}><SignatureSection changed={changed} /></Suspense>}
					<PrefsSection />
					{me.allowed_sections.includes('crm') && <Suspense fallback={<Skeleton h={120} />}><FeedSection /></Suspense>}
					<PasswordSection />
					<TwoFactorSection />
					<SessionsSection />
				</div>
			</div>
		</>
	);
}

function NameSection() {
	const t = useT();
	const { me } = useScope();
	const changed = useMeChanged();
	const [name, setName] = useState(me.user.name);
	const [wrong, setWrong] = useState<string | undefined>();
	const [busy, setBusy] = useState(false);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!name.trim()) {
			setWrong(t('form.required'));
			return;
		}
		setBusy(true);
		try {
			await api('PUT', '/api/me', { body: { name: name.trim() } });
			setWrong(undefined);
			await changed();
			toast.ok(t('deal.saved'));
		} catch (reason) {
			setWrong(fieldFaults(reason)['name'] ?? problemText(reason));
		}
		setBusy(false);
	};
	return (
		<Section title={t('field.name')} text={t('profile.name_text')}>
			<form className="form" onSubmit={(event) => void submit(event)} noValidate>
				<TextField label={t('profile.name')} name="name" value={name} onChange={setName} error={wrong} autoComplete="name" maxLength={200} />
				<div className="form-foot"><Button kind="primary" type="submit" disabled={busy || name.trim() === me.user.name}>{t('common.save')}</Button></div>
			</form>
		</Section>
	);
}

function PrefsSection() {
	const t = useT();
	const { me, workspace, formats } = useScope();
	const prefs = usePrefs();
	const changed = useMeChanged();
	const [fault, setFault] = useState<string | null>(null);
	const zone = async (timezone: string | null) => {
		setFault(null);
		try {
			await api('PUT', '/api/me', { body: { timezone } });
			await changed();
			toast.ok(t('profile.zone_saved'));
		} catch (reason) {
			setFault(fieldFaults(reason)['timezone'] ?? problemText(reason));
		}
	};
	const firms = (workspace ?? me.workspaces[0])?.timezone ?? 'Europe/Amsterdam';
	return (
		<Section title={t('profile.prefs')} text={t('profile.prefs_text')}>
			{fault && <Fault>{fault}</Fault>}
			<div className="form">
				<SelectField label={t('language.title')} value={prefs.language} choices={LANGUAGES} onChange={(language) => language && setLanguage(language as Language)} />
				<div><span className="lw-label profile-label">{t('theme.title')}</span>
					<Segments<Theme> label={t('theme.title')} value={prefs.theme} onChange={setTheme}
						choices={[{ value: 'light', label: t('theme.light') }, { value: 'dark', label: t('theme.dark') }, { value: 'auto', label: t('theme.auto') }]} />
				</div>
				<ZoneField value={me.user.timezone} onChange={(timezone) => void zone(timezone)} none={t('profile.zone_firm', { zone: firms.replaceAll('_', ' ') })} />
				<p className="muted small">{t('profile.zone_text', { moment: formats.moment(new Date().toISOString()) })}</p>
				<Check label={t('keys.single')} hint={t('keys.single_text', { keys: keyNames('Ctrl K', '').join('+') })} checked={prefs.singleKeys} onChange={setSingleKeys} />
			</div>
		</Section>
	);
}

function PasswordSection() {
	const t = useT();
	const changed = useMeChanged();
	const [old, setOld] = useState('');
	const [next, setNext] = useState('');
	const [shown, setShown] = useState(false);
	const [wrong, setWrong] = useState<Record<string, string>>({});
	const [fault, setFault] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const form = useFocusWrong(wrong);
	const long = [...next].length >= 8;
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setFault(null);
		const found = { ...(old ? {} : { old_password: t('form.required') }), ...(long ? {} : { new_password: t('problem.too_short') }) };
		setWrong(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			await api('POST', '/api/me/password', { body: { old_password: old, new_password: next } });
			setOld('');
			setNext('');
			toast.ok(t('password.changed'));
			void changed();
		} catch (reason) {
			const fields = fieldFaults(reason);
			setWrong(fields);
			setFault(Object.keys(fields).length ? null : problemText(reason));
		}
		setBusy(false);
	};
	const eye = <IconButton icon="eye" small label={t(shown ? 'session.hide_password' : 'session.show_password')} aria-pressed={shown} onClick={() => setShown(!shown)} />;
	return (
		<Section title={t('session.password')} text={t('password.text')}>
			<form ref={form} className="form" onSubmit={(event) => void submit(event)} noValidate>
				{fault && <Fault>{fault}</Fault>}
				<TextField label={t('password.old')} name="old_password" type="password" autoComplete="current-password" value={old} onChange={setOld} error={wrong['old_password']} />
				<TextField label={t('password.new')} name="new_password" type={shown ? 'text' : 'password'} autoComplete="new-password" value={next} onChange={setNext} error={wrong['new_password']} end={eye} />
				<ul className="rules">
					<li className={long ? 'rule-kept' : undefined}><Icon name={long ? 'check' : 'right'} size={15} />{t('password.rule_long')}</li>
					<li><Icon name="right" size={15} />{t('password.rule_common')}</li>
				</ul>
				<div className="form-foot"><Button kind="primary" type="submit" disabled={busy}>{t('password.change')}</Button></div>
			</form>
		</Section>
	);
}
