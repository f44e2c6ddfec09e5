/* The frame of the settings: its pages in one list, only those this person may open; the page itself beside it. */
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useScope, type Scope } from '../../app/scope';
import { type Key, useT } from '../../i18n';
import { Empty } from '../../ui/bits';
import { Icon, type IconName } from '../../ui/icons';

export interface SettingsPlace { to: string; icon: IconName; label: Key; may(scope: Scope): boolean }

const people = (scope: Scope) => scope.may('crm-users');
const rules = (scope: Scope) => scope.may('crm-settings');

export const SETTINGS: SettingsPlace[] = [
	{ to: '/settings/users', icon: 'users', label: 'settings.users', may: people },
	{ to: '/settings/teams', icon: 'stack', label: 'settings.teams', may: people },
	{ to: '/settings/roles', icon: 'shield', label: 'settings.roles', may: people },
	{ to: '/settings/workspaces', icon: 'building', label: 'settings.workspaces', may: (scope) => scope.me.agency.admin || rules(scope) },
	{ to: '/settings/preset', icon: 'words', label: 'settings.preset', may: rules },
	{ to: '/settings/stages', icon: 'board', label: 'settings.stages', may: rules },
	{ to: '/settings/automations', icon: 'bolt', label: 'settings.automations', may: rules },
	{ to: '/settings/catalogues', icon: 'tags', label: 'settings.catalogues', may: rules },
	{ to: '/settings/currencies', icon: 'world', label: 'settings.currencies', may: rules },
	{ to: '/settings/fields', icon: 'field', label: 'settings.fields', may: rules },
	{ to: '/settings/company', icon: 'file', label: 'settings.company', may: rules },
	{ to: '/settings/items', icon: 'package', label: 'settings.items', may: rules },
	{ to: '/settings/numbers', icon: 'list', label: 'settings.series', may: rules },
	{ to: '/settings/pay', icon: 'coins', label: 'settings.pay', may: rules },
	{ to: '/settings/mail', icon: 'mail', label: 'settings.mail', may: rules },
	{ to: '/settings/sources', icon: 'inbox', label: 'settings.sources', may: rules },
	{ to: '/settings/requests', icon: 'feed', label: 'settings.requests', may: rules },
	{ to: '/settings/systems', icon: 'link', label: 'settings.systems', may: rules },
	{ to: '/settings/webhooks', icon: 'bolt', label: 'settings.webhooks', may: rules },
	{ to: '/settings/api', icon: 'key', label: 'settings.api', may: people },
	{ to: '/settings/privacy', icon: 'lock', label: 'settings.privacy', may: (scope) => scope.may('crm-erase') },
	{ to: '/settings/audit', icon: 'history', label: 'settings.audit', may: people },
];

export function SettingsLayout() {
	const t = useT();
	const scope = useScope();
	const here = useRouterState({ select: (state) => state.location.pathname });
	const places = SETTINGS.filter((one) => one.may(scope));
	const nav = useRef<HTMLElement>(null);
	/* on a phone the pages stand in a row: the one that is open is in sight */
	useEffect(() => {
		nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
	}, [here]);
	if (!places.length)
		return <Empty icon="lock" title={t('settings.none')}><p>{t('settings.none_text')}</p></Empty>;
	return (
		<div className="settings">
			<nav ref={nav} className="settings-nav" aria-label={t('nav.settings')}>
				<ul>
					{places.map((place) => (
						<li key={place.to}>
							<Link to={place.to as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never}
								className="nav-link" aria-current={here.startsWith(place.to) ? 'page' : undefined}>
								<Icon name={place.icon} size={18} /><span className="nav-label">{t(place.label)}</span>
							</Link>
						</li>
					))}
				</ul>
			</nav>
			<div className="settings-page"><Outlet /></div>
		</div>
	);
}

/* /settings leads to the first page one may open */
export function SettingsFirst() {
	const scope = useScope();
	const first = SETTINGS.find((one) => one.may(scope));
	return first ? <Navigate to={first.to as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never} replace /> : null;
}
