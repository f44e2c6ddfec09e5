/* The frame of every page of the app: workspace switch, navigation, search, live state, the person's menu, and over
   the page the deal panel that the URL names. Shows only what exists and what this person may see. */
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { api, setSessionOver } from '../api/client';
import { READY_MS, startLive, stopLive, useLiveState } from '../api/live';
import { queryClient, useMemberNames, usePipelines } from '../api/queries';
import type { CrmEvent, Pipeline, Theme } from '../api/types';
import { useAllTotals } from '../features/deals/columns';
import { useLiveActivities } from '../features/activities/live';
import { mayChat, useLiveChat, useUnread } from '../features/chat/live';
import { useFilters } from '../features/deals/filters';
import { useLiveBoard } from '../features/deals/live-hook';
import { MailDoor } from '../features/mail/ask';
import { Bell } from '../features/notifications/bell';
import { unsentOf } from '../features/deals/draft';
import { forgetRecent } from '../features/search/recent';
import { farWords, useT } from '../i18n';
import { Avatar, Empty, photoOf, Tile } from '../ui/bits';
import { Hint, IconButton } from '../ui/button';
import { Icon, type IconName } from '../ui/icons';
import { Menu, type MenuEntry } from '../ui/menu';
import { toast } from '../ui/toast';
import { catchEarly, stopEarly } from './early';
import { useHotkeys } from './hotkeys';
import { LiveBadge } from './live-badge';
import { leavePrefs, setLanguage, setSingleKeys, setTheme, usePrefs } from './prefs';
import { ScopeContext, type Scope, useAppSearch, useGo, useMakeScope, useScope } from './scope';
import { ShellActions } from './actions';
import { maySettings, phoneOf, type Place, usePlaces } from './places';
import { speak, Words } from '../i18n/words';
import './shell.css';
import './print.css';

const DealPanel = lazy(() => import('../features/deals/panel').then((module) => ({ default: module.DealPanel })));
const LeadPanel = lazy(() => import('../features/leads/panel').then((module) => ({ default: module.LeadPanel })));
const NewLead = lazy(() => import('../features/leads/new-lead').then((module) => ({ default: module.NewLead })));
const AccountView = lazy(() => import('../features/accounts/view').then((module) => ({ default: module.AccountView })));
const RecordView = lazy(() => import('../features/search/record').then((module) => ({ default: module.RecordView })));
const MailCount = lazy(() => import('../features/mail/count').then((module) => ({ default: module.MailCount }), () => ({ default: () => null })));
const DemoBanner = lazy(() => import('../features/demo/banner').then((module) => ({ default: module.DemoBanner })));
const KeySheet = lazy(() => Promise.all([import('./key-sheet'), farWords()]).then(([module]) => ({ default: module.KeySheet })));
/* it finds the settings by what they are called */
const getPalette = () => Promise.all([import('../features/search/palette'), farWords()]).then(([module]) => ({ default: module.Palette }));
const Palette = lazy(getPalette);

/* what N makes on a page that has a record of its own */
let ownMaker: (() => void) | null = null;
/* the page that is to make one as soon as it is there */
let wanted = '';

export function Shell() {
	const scope = useMakeScope();
	const profile = scope?.profile ?? null;
	useLayoutEffect(() => {
		speak(profile);
		return () => speak(null);
	}, [profile]);
	return scope ? <ScopeContext.Provider value={scope}><Words.Provider value={profile}><Frame scope={scope} /></Words.Provider></ScopeContext.Provider> : null;
}

/* true once the stream stands, or after a moment without it */
function useReady(): boolean {
	const state = useLiveState();
	const [waited, setWaited] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setWaited(true), READY_MS);
		return () => clearTimeout(timer);
	}, []);
	return waited || state === 'open';
}

function useSessionOver(): () => void {
	const navigate = useNavigate();
	const t = useT();
	return useCallback(() => {
		if (location.pathname === '/login')
			return;
		const next = location.pathname + location.search;
		stopLive(true);
		leavePrefs();
		toast.error(t('session.over'), t('session.over_text'));
		void navigate({ to: '/login', search: { next }, replace: true }).then(() => queryClient.clear());
	}, [navigate, t]);
}

interface Overlay { kind: 'lead' | 'keys' | 'search'; open: boolean }

function Frame({ scope }: { scope: Scope }) {
	const { me, reads } = scope;
	const t = useT();
	const go = useGo();
	const search = useAppSearch();
	const here = useHere();
	const over = useSessionOver();
	const [overlay, setOverlay] = useState<Overlay | null>(null);
	const open = useCallback((kind: Overlay['kind']) => setOverlay({ kind, open: true }), []);
	const close = useCallback(() => setOverlay((now) => now && { ...now, open: false }), []);
	const ready = useReady();
	const filter = useFilters();
	const pipelines = usePipelines(reads, ready && scope.mayCrm, here === '/deals/board' ? filter : undefined);
	const names = useMemberNames(reads);

	useEffect(() => {
		startLive(me.user.id);
		setSessionOver(over);
		return () => setSessionOver(() => undefined);
	}, [me.user.id, over]);

	/* what could not be sent is, as soon as there is a connection, or the server is there again */
	const heard = useLiveState() === 'open';
	useEffect(() => {
		const send = () => {
			if (unsentOf(me.user.id).length)
				void import('../features/deals/outbox').then((outbox) => outbox?.sendWaiting(me.user.id)).catch(() => undefined); /* it did not come: the next time there is a connection */
		};
		send();
		addEventListener('online', send);
		return () => removeEventListener('online', send);
	}, [me.user.id, heard]);

	const nameOf = useCallback((actor: CrmEvent['actor']) => actor ? (names.get(actor) ?? null) : null, [names]);
	useLiveBoard(reads, nameOf, over);
	useLiveChat(me.user.id);
	useLiveActivities(me.user.id, useCallback((about: string, id: string) => { if (about === 'deal') go.openDeal(id); else go.search({ type: about === 'lead' ? 'lead' : 'client', id, tab: undefined }); }, [go]));

	const actions = useMemo(() => {
		const newLead = () => { if (scope.mayCrm && scope.mayEdit(scope.workspace?.id)) open('lead'); };
		return {
		own: (run: () => void) => {
			ownMaker = run;
			if (wanted === location.pathname) {
				wanted = '';
				run();
			}
			return () => { if (ownMaker === run) ownMaker = null; };
		},
		newLead,
		make: () => (ownMaker ?? newLead)(),
		makesOwn: () => ownMaker !== null,
		makeAt: (path: string) => {
			if (location.pathname === path && ownMaker)
				return ownMaker();
			wanted = path;
			go.anywhere(path);
		},
		search: () => {
			if (!scope.mayCrm)
				return;
			catchEarly(close);
			getPalette().catch(stopEarly);
			open('search');
		},
		sheet: () => open('keys'),
		board: go.board,
		leads: go.leads,
		go: go.anywhere,
	}; }, [open, close, go, scope]);
	useHotkeys(actions);

	return (
		<ShellActions.Provider value={actions}>
			<a className="skip" href="#main">{t('nav.skip')}</a>
			<div className="shell">
				<Sidebar scope={scope} pipelines={pipelines.data} onKeys={actions.sheet} />
				<div className="shell-main">
					{me.insecure && <p className="banner banner-danger"><Icon name="alert" size={18} /><span><b>{t('insecure.title')}</b> {t('insecure.text')}</span></p>}
					{scope.mayCrm && scope.workspaces.some((one) => one.demo) && <Suspense fallback={null}><DemoBanner scope={scope} /></Suspense>}
					<TopBar scope={scope} onSearch={actions.search} onKeys={actions.sheet} />
					<main id="main" className="page" tabIndex={-1}>
						{/^\/(profile|help|settings)/.test(here) || (scope.mayCrm && me.workspaces.length > 0) ? <Outlet /> : scope.mayCrm ? <NoWorkspace scope={scope} /> : <Empty icon="lock" title={t('access.none')}><p>{t('access.none_text')}</p></Empty>}
					</main>
				</div>
				{scope.mayCrm && <BottomBar scope={scope} onNew={actions.newLead} />}
			</div>
			<Suspense fallback={null}>
				{scope.mayCrm && search.id && search.type === 'contact' && <RecordView key={search.id} id={search.id} />}
				{scope.mayCrm && search.id && search.type === 'client' && <AccountView key={search.id} id={search.id} />}
				{scope.mayCrm && search.id && search.type === 'lead' && <LeadPanel key={search.id} id={search.id} tab={search.tab ?? null} />}
				{scope.mayCrm && search.id && search.type === 'prospect' && <DealPanel key={search.id} id={search.id} tab={search.tab ?? null} pipelines={pipelines.data ?? null} />}
				{overlay?.kind === 'lead' && <NewLead opened={overlay.open} onClose={close} />}
				{overlay?.kind === 'keys' && <KeySheet opened={overlay.open} onClose={close} />}
				{overlay?.kind === 'search' && <Palette opened={overlay.open} onClose={close} actions={actions} />}
			</Suspense>
			{scope.mayCrm && <MailDoor />}
		</ShellActions.Provider>
	);
}

/* nothing to look at yet: whoever can make a workspace is led there */
function NoWorkspace({ scope }: { scope: Scope }) {
	const t = useT();
	return (
		<Empty icon="building" title={t('workspaces.empty')}>
			<p>{t(scope.me.agency.admin ? 'workspaces.empty_text' : 'workspaces.none_text')}</p>
			{scope.me.agency.admin && <Link className="btn btn-primary" to={'/settings/workspaces' as never}>{t('settings.workspaces')}</Link>}
		</Empty>
	);
}

function WorkspaceSwitch({ scope, compact }: { scope: Scope; compact?: boolean }) {
	const t = useT();
	const go = useGo();
	const { me, workspace } = scope;
	const name = workspace?.name ?? t('workspace.all');
	const face = (
		<>
			{workspace ? <Tile name={workspace.name} size={26} /> : <span className="brand-mark"><Icon name="stack" size={16} /></span>}
			<span className="switch-name cut">{name}</span>
		</>
	);
	if (me.workspaces.length < 2)
		return <div className={`switch switch-still${compact ? ' switch-compact' : ''}`}>{face}</div>;
	const entries: MenuEntry[] = [
		{ key: 'all', icon: 'stack', label: t('workspace.all'), checked: !workspace, onSelect: () => go.workspace(null) },
		{ key: 'line', kind: 'divider' },
		...me.workspaces.map((one) => ({
			key: one.id, lead: <Tile name={one.name} />, label: one.name, checked: workspace?.id === one.id, onSelect: () => go.workspace(one.slug),
		})),
	];
	return (
		<Menu label={t('workspace.switch')} width={264} entries={entries} target={(
			<button type="button" className={`switch${compact ? ' switch-compact' : ''}`} title={name}>
				<span className="hidden-text">{t('workspace.switch')}</span>{face}<Icon name="selector" className="switch-arrow" />
			</button>
		)} />
	);
}

function useHere(): string {
	return useRouterState({ select: (state) => state.location.pathname });
}

const keepSearch = (old: unknown) => {
	const { workspace } = old as { workspace?: string };
	return (workspace ? { workspace } : {}) as never;
};

function NavEntry({ place, pipelines }: { place: Place; pipelines?: Pipeline[] | undefined }) {
	const t = useT();
	const here = useHere();
	const label = t(place.label);
	const current = here.startsWith(place.page) || (place.page === '/deals/board' && here === '/deals/table'); /* the same deals */
	return (
		<Link to={place.page} search={keepSearch} className="nav-link" aria-current={current ? 'page' : undefined} title={label}>
			<Icon name={place.icon} size={18} /><span className="nav-label">{label}</span>
			{place.page === '/deals/board' && pipelines && <DealCount pipelines={pipelines} />}
			{place.page === '/chat' && <ChatCount />}
			{place.page === '/inbox' && <Suspense fallback={null}><MailCount /></Suspense>}
		</Link>
	);
}

const SETTINGS_PLACE: Place = { key: 'settings', page: '/settings', icon: 'settings', label: 'nav.settings' };

function Sidebar({ scope, pipelines, onKeys }: { scope: Scope; pipelines: Pipeline[] | undefined; onKeys(): void }) {
	const t = useT();
	const { day, tabs, more } = usePlaces(scope);
	return (
		<div className="sidebar">
			<WorkspaceSwitch scope={scope} />
			{scope.mayCrm && (
				<nav aria-label={t('nav.main')}>
					<ul data-day>{day.map((place) => <li key={place.key}><NavEntry place={place} /></li>)}</ul>
					<div className="nav-group">{t('nav.sales')}</div>
					<ul>{tabs.map((place) => <li key={place.key}><NavEntry place={place} pipelines={pipelines} /></li>)}</ul>
					{more.length > 0 && <>
						<div className="nav-group">{t('nav.incoming')}</div>
						<ul>{more.map((place) => <li key={place.key}><NavEntry place={place} pipelines={pipelines} /></li>)}</ul>
					</>}
				</nav>
			)}
			<div className="sidebar-foot">
				{maySettings(scope) && !(scope.mayCrm && tabs.some(({ page }) => page === '/settings')) && <NavEntry place={SETTINGS_PLACE} />}
				<button type="button" className="nav-link keys-only" onClick={onKeys} title={t('keys.title')}>
					<Icon name="keyboard" size={18} /><span className="nav-label">{t('keys.title')}</span><kbd aria-hidden="true">?</kbd>
				</button>
				<UserMenu scope={scope} onKeys={onKeys} wide />
			</div>
		</div>
	);
}

function DealCount({ pipelines }: { pipelines: Pipeline[] }) {
	const { formats } = useScope();
	const stages = useMemo(() => pipelines.flatMap((one) => one.stages.map((stage) => stage.id)), [pipelines]);
	return <span className="nav-count num">{formats.number(useAllTotals(stages).count)}</span>;
}

/* what is unread, beside the page's name or on its icon */
function ChatCount() {
	const t = useT();
	const { me, reads, formats } = useScope();
	const unread = useUnread(reads, mayChat(me));
	return unread ? <span className="chat-count num"><span aria-hidden="true">{unread > 99 ? '99+' : formats.number(unread)}</span><span className="hidden-text">{t('chat.unread', { count: unread })}</span></span> : null;
}

function UserMenu({ scope, onKeys, wide }: { scope: Scope; onKeys(): void; wide?: boolean }) {
	const t = useT();
	const navigate = useNavigate();
	const prefs = usePrefs();
	const { menu } = phoneOf(usePlaces(scope));
	const { me, workspace } = scope;
	const role = workspace ? t('role.in', { role: roleName(t, workspace.role) }) : me.agency.admin ? t('role.agency_admin') : me.user.email;
	const logOut = async () => {
		stopLive(true);
		await api('POST', '/api/logout').catch(() => undefined);
		leavePrefs();
		forgetRecent(me.user.id);
		await navigate({ to: '/login', search: {} });
		queryClient.clear();
	};
	const themes: Array<[Theme, IconName, string]> = [['light', 'sun', t('theme.light')], ['dark', 'moon', t('theme.dark')], ['auto', 'auto', t('theme.auto')]];
	const entries: MenuEntry[] = [
		{ key: 'who', kind: 'label', label: me.user.email },
		...(wide || !scope.mayCrm ? [] : [
			...menu.map((place): MenuEntry => ({ key: place.key, icon: place.icon, label: t(place.label), onSelect: () => void navigate({ to: place.page, search: keepSearch } as never) })),
			{ key: 'line0', kind: 'divider' as const },
		]),
		{ key: 'theme', kind: 'label', label: t('theme.title') },
		...themes.map(([theme, icon, label]) => ({ key: theme, icon, label, checked: prefs.theme === theme, onSelect: () => setTheme(theme) })),
		{ key: 'line1', kind: 'divider' },
		{ key: 'lang', kind: 'label', label: t('language.title') },
		{ key: 'nl', icon: 'language', label: 'Nederlands', checked: prefs.language === 'nl', onSelect: () => setLanguage('nl') },
		{ key: 'en', icon: 'language', label: 'English', checked: prefs.language === 'en', onSelect: () => setLanguage('en') },
		{ key: 'line2', kind: 'divider' },
		{ key: 'single', icon: 'keyboard', label: t('keys.single'), checked: prefs.singleKeys, onSelect: () => setSingleKeys(!prefs.singleKeys) },
		...(maySettings(scope) ? [{ key: 'settings', icon: 'settings' as const, label: t('nav.settings'), onSelect: () => void navigate({ to: '/settings', search: keepSearch } as never) }] : []),
		{ key: 'profile', icon: 'profile', label: t('nav.profile'), onSelect: () => void navigate({ to: '/profile', search: keepSearch } as never) },
		{ key: 'help', icon: 'help', label: t('nav.help'), onSelect: () => void navigate({ to: '/help', search: keepSearch } as never) },
		{ key: 'sheet', icon: 'info', label: t('keys.title'), onSelect: onKeys },
		{ key: 'line3', kind: 'divider' },
		{ key: 'out', icon: 'logout', label: t('session.log_out'), onSelect: () => void logOut() },
	];
	return (
		<Menu label={t('user.menu')} width={276} align={wide ? 'start' : 'end'} entries={entries} target={wide
			? (
				<button type="button" className="user-button" title={me.user.name}>
					<span className="hidden-text">{t('user.menu')}</span>
					<Avatar name={me.user.name} photo={photoOf(me.user)} big />
					<span className="user-text"><span className="user-name cut">{me.user.name}</span><span className="user-role cut">{role}</span></span>
					<Icon name="selector" className="switch-arrow" />
				</button>
			)
			: <button type="button" className="avatar-button"><span className="hidden-text">{t('user.menu_of', { name: me.user.name })}</span><Avatar name={me.user.name} photo={photoOf(me.user)} big /></button>} />
	);
}

function roleName(t: ReturnType<typeof useT>, role: string): string {
	switch (role) {
	case 'owner': return t('role.owner');
	case 'admin': return t('role.admin');
	case 'manager': return t('role.manager');
	case 'sales': return t('role.sales');
	case 'sdr': return t('role.sdr');
	case 'mdr': return t('role.mdr');
	case 'client': return t('role.client');
	case 'vendor': return t('role.vendor');
	default: return role;
	}
}

function TopBar({ scope, onSearch, onKeys }: { scope: Scope; onSearch(): void; onKeys(): void }) {
	const t = useT();
	const prefs = usePrefs();
	const nextLanguage = prefs.language === 'nl' ? 'en' : 'nl';
	return (
		<header className="topbar">
			<div className="phone-only topbar-switch"><WorkspaceSwitch scope={scope} compact /></div>
			{scope.mayCrm && (
				<button type="button" className="search-button" onClick={onSearch} aria-keyshortcuts="/ Control+K" aria-label={t('search.open')}>
					<Icon name="search" /><span className="cut">{t('search.open')}</span><kbd aria-hidden="true" className="keys-only">/</kbd>
				</button>
			)}
			<div className="topbar-end">
				{scope.me.workspaces.length > 0 && <LiveBadge />}
				{mayChat(scope.me) && <span className="phone-only"><Link to="/chat" search={keepSearch} className="icon-btn chat-link"><Icon name="chat" size={20} /><span className="hidden-text">{t('nav.chat')}</span><ChatCount /></Link></span>}
				{scope.mayCrm && <Bell />}
				<span className="wide-only">
					<IconButton icon={prefs.scheme === 'dark' ? 'sun' : 'moon'} hint="Shift D" label={prefs.scheme === 'dark' ? t('theme.to_light') : t('theme.to_dark')}
						onClick={() => setTheme(prefs.scheme === 'dark' ? 'light' : 'dark')} />
					<IconButton icon="language" label={t(nextLanguage === 'nl' ? 'language.to_nl' : 'language.to_en')} onClick={() => setLanguage(nextLanguage)} />
				</span>
				<span className="phone-only"><UserMenu scope={scope} onKeys={onKeys} /></span>
			</div>
		</header>
	);
}

function BottomBar({ scope, onNew }: { scope: Scope; onNew(): void }) {
	const t = useT();
	const here = useHere();
	const [first, second] = phoneOf(usePlaces(scope)).bar;
	const link = (place: Place | undefined) => place && (
		<Link to={place.page} search={keepSearch} className="bottom-link" aria-current={here.startsWith(place.page) ? 'page' : undefined}>
			<Icon name={place.icon} size={20} />{t(place.label)}
		</Link>
	);
	return (
		<nav className="bottombar" aria-label={t('nav.phone')}>
			{link(first)}
			<Hint text={t('lead.new')}><button type="button" className="bottom-new" onClick={onNew} aria-label={t('lead.new')}><Icon name="plus" size={22} /></button></Hint>
			{link(second)}
		</nav>
	);
}
