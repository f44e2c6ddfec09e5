/* Around every page that stands before the log-in: language and theme, the name, one card. */
import { type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { setLanguage, setTheme, usePrefs } from '../../app/prefs';
import { useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { Icon } from '../../ui/icons';
import './login.css';

export function SessionFrame({ wide, children }: { wide?: boolean; children: ReactNode }) {
	const t = useT();
	const { scheme, language } = usePrefs();
	return (
		<div className="login">
			<div className="login-tools">
				<Button kind="quiet" icon="language" onClick={() => setLanguage(language === 'nl' ? 'en' : 'nl')} lang={language === 'nl' ? 'en' : 'nl'}>
					{language === 'nl' ? 'English' : 'Nederlands'}
				</Button>
				<IconButton icon={scheme === 'dark' ? 'sun' : 'moon'} label={t(scheme === 'dark' ? 'theme.to_light' : 'theme.to_dark')} onClick={() => setTheme(scheme === 'dark' ? 'light' : 'dark')} />
			</div>
			<main className={`login-card${wide ? ' setup-card' : ''}`}>
				<div className="login-brand"><img src="/favicon.svg" width={36} height={36} alt="" /><span>Leadwire</span></div>
				{children}
			</main>
		</div>
	);
}

export interface LoginState { setup_open: boolean; https_required: boolean; insecure: boolean }

/* how this installation stands; nothing yet while it is asked, and where it cannot be: the form itself will say so then */
export function useLoginState(): LoginState | undefined {
	const { data } = useQuery({ queryKey: ['login-state'], queryFn: () => api<LoginState>('GET', '/api/login/state'), gcTime: 0 });
	return data;
}

export function InsecureNote() {
	const t = useT();
	return <p className="fault"><Icon name="alert" size={18} /><span><b>{t('insecure.title')}</b> {t('insecure.text')}</span></p>;
}

/* instead of a form whose password would go in the clear: what is missing here, and the three ways to mend it */
export function HttpsNeeded() {
	const t = useT();
	const { hostname, port, pathname } = location;
	const local = `http://localhost${port ? `:${port}` : ''}${pathname}`;
	return (
		<>
			<span className="empty-icon"><Icon name="lock" size={24} /></span>
			<h1>{t('https.title')}</h1>
			<p className="muted">{t('https.text', { name: hostname })}</p>
			<ol className="ways">
				<li><h2>{t('https.tls')}</h2><p>{t('https.tls_text')}</p><Copy label={t('https.tls')} text={`CRM_ORIGIN=https://${hostname}:8443 docker compose up --build -d`} /></li>
				<li><h2>{t('https.local')}</h2><p>{t('https.local_text')}</p><Copy label={t('https.local')} text={local} /></li>
				<li><h2>{t('https.trial')}</h2><p>{t('https.trial_text')}</p><Copy label={t('https.trial')} text="CRM_INSECURE_COOKIES=yes make run" /></li>
			</ol>
		</>
	);
}
