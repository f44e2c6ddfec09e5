/* What every page but the board is made of: a head with the page's name, its help and its buttons; sections; a fault in
   words. */
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useT } from '../i18n';
import { Icon } from './icons';
import './page.css';

export function useTitle(...parts: string[]): void {
	const title = [...parts, 'Leadwire'].filter(Boolean).join(' · ');
	useEffect(() => { document.title = title; }, [title]);
}

export function HelpLink({ page, title }: { page: string; title: string }) {
	const t = useT();
	return <Link to={'/help/$page' as never} params={{ page } as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="help-link" aria-label={t('help.of', { page: title })} title={t('help.of', { page: title })}><Icon name="help" size={18} /></Link>;
}

/* the way on for whoever finds nothing yet: the help page that says how there comes to be something */
export function HelpMore({ page }: { page: string }) {
	const t = useT();
	return <p><Link to={'/help/$page' as never} params={{ page } as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="link">{t('help.more')}</Link></p>;
}

/* `help` is the name of the page's own help page, docs/guide/<language>/<help>.md */
export function PageHead({ title, sub, help, children }: { title: string; sub?: ReactNode; help?: string; children?: ReactNode }) {
	return (
		<header className="page-head">
			<div className="page-title">
				<h1>{title}{help && <HelpLink page={help} title={title} />}</h1>
				{sub && <p className="page-sub">{sub}</p>}
			</div>
			{children && <div className="page-actions">{children}</div>}
		</header>
	);
}

export function Section({ title, text, actions, children, danger }: { title: string; text?: ReactNode; actions?: ReactNode; children?: ReactNode; danger?: boolean }) {
	return (
		<section className={`section${danger ? ' section-danger' : ''}`} aria-label={title}>
			<div className="section-head"><div><h2>{title}</h2>{text && <p className="muted">{text}</p>}</div>{actions && <div className="section-actions">{actions}</div>}</div>
			{children}
		</section>
	);
}

export function Fault({ children }: { children: ReactNode }) {
	return <div className="fault" role="alert"><Icon name="error" size={18} /><span>{children}</span></div>;
}
