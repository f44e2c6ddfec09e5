/* The pages and their addresses, with typed search parameters: the workspace, the open deal and its tab, filters.
   A page is a chunk of its own; what a reference system linked to (/crm, /crm/deals) leads to the page it meant. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { Problem } from '../api/client';
import { dealSearch } from '../features/deals/filters';
import { loadMe } from '../api/queries';
import { farWords } from '../i18n';
import { landingOf } from './places';
import { adoptPrefs, lastWorkspace } from './prefs';
import { type AppSearch, ownOf } from './scope';
import { Shell } from './shell';
import { ErrorPage, NotFound, PageFault } from './error';
import { RootFrame } from './root';

const root = createRootRoute({ component: () => <RootFrame><Outlet /></RootFrame>, notFoundComponent: NotFound, errorComponent: ErrorPage });

const text = (value: unknown): string | undefined => typeof value === 'string' && value !== '' ? value : undefined;

function clean<T extends object>(search: T): T {
	return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

/* what an address may open over a page: a deal, a contact, a lead */
const RECORDS = ['prospect', 'client', 'contact', 'lead'] as const;

const panelSearch = (raw: Record<string, unknown>): AppSearch => clean({
	workspace: text(raw['workspace']),
	type: RECORDS.find((one) => one === raw['type']),
	id: RECORDS.some((one) => one === raw['type']) ? text(raw['id']) : undefined,
	tab: (raw['type'] === 'client' || raw['type'] === 'contact') && raw['tab'] !== 'chat' ? undefined : text(raw['tab']),
	move: raw['type'] === 'prospect' ? text(raw['move']) : undefined,
	message: text(raw['message']),
}) as AppSearch;

const login = createRoute({
	getParentRoute: () => root,
	path: '/login',
	/* only an address of our own: a login page must not lead elsewhere */
	validateSearch: (raw: Record<string, unknown>): { next?: string } => {
		const next = text(raw['next']);
		return next && /^\/(?![/\\])/.test(next) ? { next } : {};
	},
	component: lazyRouteComponent(() => import('../features/session/login'), 'Login'),
});

const setup = createRoute({
	getParentRoute: () => root,
	path: '/setup',
	loader: farWords,
	component: lazyRouteComponent(() => import('../features/session/setup'), 'Setup'),
});

const invite = createRoute({
	getParentRoute: () => root,
	path: '/invite',
	loader: farWords,
	component: lazyRouteComponent(() => import('../features/session/invite'), 'Invite'),
});

/* the same page: its link was asked for by whoever forgot their password */
const reset = createRoute({
	getParentRoute: () => root,
	path: '/reset',
	loader: farWords,
	component: lazyRouteComponent(() => import('../features/session/invite'), 'Invite'),
});

const forgot = createRoute({
	getParentRoute: () => root,
	path: '/forgot',
	component: lazyRouteComponent(() => import('../features/session/forgot'), 'Forgot'),
});

/* for whoever writes programs: no log-in, no frame */
const docs = createRoute({
	getParentRoute: () => root,
	path: '/api/docs',
	validateSearch: (raw: Record<string, unknown>): { op?: string } => clean({ op: text(raw['op']) }),
	loader: farWords,
	component: lazyRouteComponent(() => import('../features/docs/page'), 'DocsPage'),
});

const app = createRoute({
	getParentRoute: () => root,
	id: 'app',
	validateSearch: panelSearch,
	beforeLoad: async ({ location }) => {
		try {
			adoptPrefs(await loadMe());
		} catch (fault) {
			if (fault instanceof Problem && fault.status === 401)
				throw redirect({ to: '/login', search: location.pathname === '/' ? {} : { next: location.href } });
			throw fault;
		}
	},
	component: Shell,
	errorComponent: ErrorPage,
});

const home = createRoute({
	getParentRoute: () => app,
	path: '/',
	beforeLoad: async ({ search }: { search: AppSearch }) => { throw redirect({ ...landingOf(await loadMe(), search, lastWorkspace()), replace: true }); },
});

const boardPage = createRoute({
	getParentRoute: () => app,
	path: '/deals/board',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...dealSearch(raw) }) as AppSearch,
	component: lazyRouteComponent(() => import('../features/deals/board'), 'BoardPage'),
});

const pastBoard = createRoute({
	getParentRoute: () => app,
	path: '/deals/past',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...clean({ at: text(raw['at']) }) }) as AppSearch,
	loader: farWords,
	component: lazyRouteComponent(() => import('../features/deals/past-board'), 'PastBoardPage'),
});

const tablePage = createRoute({
	getParentRoute: () => app,
	path: '/deals/table',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...dealSearch(raw) }) as AppSearch,
	component: lazyRouteComponent(() => import('../features/deals/table'), 'TablePage'),
});

const leadsPage = createRoute({
	getParentRoute: () => app,
	path: '/leads',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({
		...panelSearch(raw),
		...clean({
			status: ['New', 'Contacted', 'Qualified'].includes(text(raw['status']) ?? '') ? text(raw['status']) : undefined, q: text(raw['q']),
			source: text(raw['source']), owner: text(raw['owner']), segment: text(raw['segment']), unanswered: text(raw['unanswered']) === '1' ? '1' : undefined, sort: text(raw['sort']),
			created_from: text(raw['created_from']), created_to: text(raw['created_to']),
		}),
	}) as AppSearch,
	component: lazyRouteComponent(() => import('../features/leads/page'), 'LeadsPage'),
});

const opportunitiesPage = createRoute({
	getParentRoute: () => app,
	path: '/opportunities',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...clean({ q: text(raw['q']), sort: text(raw['sort']), segment: text(raw['segment']) }) }) as AppSearch,
	component: lazyRouteComponent(() => import('../features/leads/opportunities'), 'OpportunitiesPage'),
});

const accountsPage = createRoute({
	getParentRoute: () => app,
	path: '/accounts',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...clean({
		q: text(raw['q']), sort: text(raw['sort']), segment: text(raw['segment']), lifecycle: ['prospect', 'client'].find((one) => one === raw['lifecycle']), account_type: text(raw['account_type']), owner: text(raw['owner']), tag: text(raw['tag']), archived: ['1', 'all'].find((one) => one === text(raw['archived'])),
	}), ...ownOf(raw) }) as AppSearch,
	component: lazyRouteComponent(() => import('../features/accounts/page'), 'AccountsPage'),
});

const contactsPage = createRoute({
	getParentRoute: () => app,
	path: '/contacts',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...clean({
		q: text(raw['q']), account: text(raw['account']), whose: raw['whose'] === 'me' ? 'me' : undefined, sort: text(raw['sort']),
		kind: ['customer', 'contractor', 'vendor', 'partner', 'other'].find((one) => one === raw['kind']), status: text(raw['status']), owner: text(raw['owner']), tag: text(raw['tag']), segment: text(raw['segment']),
		archived: ['1', 'all'].find((one) => one === text(raw['archived'])), has_email: ['1', '0'].find((one) => one === text(raw['has_email'])), created_from: text(raw['created_from']), created_to: text(raw['created_to']),
	}), ...ownOf(raw) }) as AppSearch,
	component: lazyRouteComponent(() => import('../features/contacts/page'), 'ContactsPage'),
});

const searchPage = createRoute({
	getParentRoute: () => app,
	path: '/search',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...clean({ q: text(raw['q']) }) }) as AppSearch,
	loader: farWords,
	component: lazyRouteComponent(() => import('../features/search/page'), 'SearchPage'),
});

/* a page whose own filters stand in its address */
const keptPage = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>, kept: Array<keyof AppSearch>, loader?: () => Promise<void>) => createRoute({
	getParentRoute: () => app, path, component, ...(loader ? { loader } : {}),
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...clean(Object.fromEntries(kept.map((name) => [name, text(raw[name])]))) }) as AppSearch,
});

/* of quotes and of invoices alike */
const DOCUMENT_FILTERS: Array<keyof AppSearch> = ['q', 'status', 'owner', 'period', 'from', 'to', 'kind', 'archived', 'sort'];

const helpIndex = createRoute({
	getParentRoute: () => app,
	path: '/help',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...clean({ q: text(raw['q']) }) }) as AppSearch,
	loader: farWords,
	component: lazyRouteComponent(() => import('../features/help/page'), 'HelpPage'),
});

/* a page of the frame that keeps nothing but the workspace in its address */
const plainPage = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) => createRoute({ getParentRoute: () => app, path, validateSearch: panelSearch, component });

const settings = createRoute({
	getParentRoute: () => app,
	path: '/settings',
	validateSearch: panelSearch,
	loader: farWords,
	component: lazyRouteComponent(() => import('../features/settings/layout'), 'SettingsLayout'),
});
/* `kept` are the filters of the page that stand in its address */
const settingsPage = (path: string, component: ReturnType<typeof lazyRouteComponent>, kept: Array<keyof AppSearch> = []) => createRoute({
	getParentRoute: () => settings, path, component,
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...clean(Object.fromEntries(kept.map((name) => [name, text(raw[name])]))) }) as AppSearch,
});

const settingsFirst = createRoute({
	getParentRoute: () => settings,
	path: '/',
	component: lazyRouteComponent(() => import('../features/settings/layout'), 'SettingsFirst'),
});

const settingsPages = [
	settingsFirst,
	settingsPage('users', lazyRouteComponent(() => import('../features/settings/users'), 'UsersPage'), ['status', 'q']),
	settingsPage('teams', lazyRouteComponent(() => import('../features/settings/teams'), 'TeamsPage')),
	settingsPage('roles', lazyRouteComponent(() => import('../features/settings/roles'), 'RolesPage')),
	settingsPage('workspaces', lazyRouteComponent(() => import('../features/settings/workspaces'), 'WorkspacesPage')),
	settingsPage('preset', lazyRouteComponent(() => import('../features/settings/preset'), 'PresetPage')),
	settingsPage('automations', lazyRouteComponent(() => import('../features/rules/page'), 'RulesPage')),
	settingsPage('automations/$rule', lazyRouteComponent(() => import('../features/rules/builder'), 'RulePage'), ['what', 'view']),
	settingsPage('stages', lazyRouteComponent(() => import('../features/settings/stages'), 'StagesPage')),
	settingsPage('catalogues', lazyRouteComponent(() => import('../features/settings/catalogues'), 'CataloguesPage'), ['what']),
	settingsPage('currencies', lazyRouteComponent(() => import('../features/settings/currencies'), 'CurrenciesPage')),
	settingsPage('fields', lazyRouteComponent(() => import('../features/settings/fields'), 'FieldsPage'), ['what']),
	settingsPage('company', lazyRouteComponent(() => import('../features/money/company'), 'CompanyPage')),
	settingsPage('items', lazyRouteComponent(() => import('../features/money/items'), 'ItemsPage')),
	settingsPage('numbers', lazyRouteComponent(() => import('../features/money/series'), 'SeriesPage')),
	settingsPage('pay', lazyRouteComponent(() => import('../features/money/providers'), 'ProvidersPage')),
	settingsPage('mail', lazyRouteComponent(() => import('../features/settings/mail'), 'MailSettings')),
	settingsPage('mail/$account/setup', lazyRouteComponent(() => import('../features/settings/mail-setup'), 'MailSetup'), ['what']),
	settingsPage('mail/oauth', lazyRouteComponent(() => import('../features/settings/mail-oauth'), 'MailOauth'), ['code', 'state', 'error', 'error_description'] as never),
	settingsPage('systems', lazyRouteComponent(() => import('../features/settings/systems'), 'SystemsPage')),
	settingsPage('sources', lazyRouteComponent(() => import('../features/settings/sources'), 'SourcesPage')),
	settingsPage('requests', lazyRouteComponent(() => import('../features/requests/page'), 'RequestsPage'), ['what', 'source', 'q', 'from', 'to']),
	settingsPage('requests/$request', lazyRouteComponent(() => import('../features/requests/one'), 'RequestPage'), ['what', 'source', 'q', 'from', 'to']),
	settingsPage('sources/$source/mapping', lazyRouteComponent(() => import('../features/requests/mapping'), 'MappingPage'), ['record']),
	settingsPage('webhooks', lazyRouteComponent(() => import('../features/settings/webhooks'), 'WebhooksPage')),
	settingsPage('webhooks/$endpoint', lazyRouteComponent(() => import('../features/settings/webhook'), 'WebhookPage'), ['what']),
	settingsPage('api', lazyRouteComponent(() => import('../features/settings/api-keys'), 'ApiKeysPage')),
	settingsPage('privacy', lazyRouteComponent(() => import('../features/settings/privacy'), 'PrivacyPage')),
	settingsPage('audit', lazyRouteComponent(() => import('../features/settings/audit'), 'AuditPage'), ['what', 'by', 'from', 'to']),
];

/* the filter of board and table, and which days it shows */
const calendarPage = createRoute({
	getParentRoute: () => app,
	path: '/deals/calendar',
	validateSearch: (raw: Record<string, unknown>): AppSearch => ({ ...panelSearch(raw), ...dealSearch(raw), ...clean({
		view: text(raw['view']), day: text(raw['day']), period: text(raw['period']), whose: text(raw['whose']),
	}) }) as AppSearch,
	component: lazyRouteComponent(() => import('../features/calendar/page'), 'CalendarPage'),
});

const toBoard = (path: string) => createRoute({
	getParentRoute: () => app,
	path,
	validateSearch: panelSearch,
	beforeLoad: async ({ search }: { search: AppSearch }) => {
		throw redirect({ to: '/deals/board', search: search.id ? search : landingOf(await loadMe(), search, lastWorkspace()).search, replace: true });
	},
});

/* the reference systems' own address: the deal it names, else the workspace's landing page */
const crm = createRoute({
	getParentRoute: () => app,
	path: '/crm',
	validateSearch: panelSearch,
	beforeLoad: async ({ search }: { search: AppSearch }) => {
		throw redirect({ ...(search.id ? { to: '/deals/board' as const, search } : landingOf(await loadMe(), search, lastWorkspace())), replace: true });
	},
});

/* plain `name=value`: the router's own way would write numbers and quotes as JSON */
const parseSearch = (raw: string): Record<string, string> => Object.fromEntries(new URLSearchParams(raw));
const stringifySearch = (search: Record<string, unknown>): string => {
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(search))
		if (typeof value === 'string' && value !== '')
			params.set(name, value);
	const out = params.toString().replaceAll('%2C', ',');
	return out ? `?${out}` : '';
};

export const router = createRouter({
	routeTree: root.addChildren([login, setup, invite, reset, forgot, docs, app.addChildren([
		home, boardPage, tablePage, pastBoard, leadsPage, opportunitiesPage, accountsPage, contactsPage, searchPage,
		keptPage('/contacts/$contact', lazyRouteComponent(() => import('../features/contacts/person'), 'PersonPage'), ['view', 'message']),
		keptPage('/accounts/$account', lazyRouteComponent(() => import('../features/accounts/whole'), 'AccountPage'), ['view', 'message']),
		keptPage('/segments', lazyRouteComponent(() => import('../features/segments/page'), 'SegmentsPage'), [], farWords),
		keptPage('/templates', lazyRouteComponent(() => import('../features/templates/page'), 'TemplatesPage'), [], farWords),
		keptPage('/inbox', lazyRouteComponent(() => import('../features/mail/inbox'), 'InboxPage'), ['view', 'status', 'whose'], farWords),
		keptPage('/inbox/$thread', lazyRouteComponent(() => import('../features/mail/thread-page'), 'ThreadPage'), [], farWords),
		keptPage('/quotes', lazyRouteComponent(() => import('../features/documents/page'), 'QuotesPage'), DOCUMENT_FILTERS, farWords),
		keptPage('/invoices', lazyRouteComponent(() => import('../features/documents/page'), 'InvoicesPage'), DOCUMENT_FILTERS, farWords),
		...(['/quotes/$document', '/invoices/$document'] as const).map((path) => keptPage(path, lazyRouteComponent(() => import('../features/documents/document'), 'DocumentPage'), ['view'], farWords)),
		keptPage('/duplicates', lazyRouteComponent(() => import('../features/duplicates/page'), 'DuplicatesPage'), ['of'], farWords),
		keptPage('/payments', lazyRouteComponent(() => import('../features/money/payments'), 'PaymentsPage'), ['view'], farWords),
		keptPage('/recurrences', lazyRouteComponent(() => import('../features/money/recurrences'), 'RecurrencesPage'), [], farWords),
		keptPage('/orders', lazyRouteComponent(() => import('../features/money/orders'), 'OrdersPage'), [], farWords),
		keptPage('/orders/$order', lazyRouteComponent(() => import('../features/money/order'), 'OrderPage'), [], farWords),
		keptPage('/reports', lazyRouteComponent(() => import('../features/money/reports'), 'ReportsPage'), ['view', 'period', 'from', 'to', 'what'], farWords),
		keptPage('/trash', lazyRouteComponent(() => import('../features/trash/page'), 'TrashPage'), ['of'], farWords),
		keptPage('/decisions', lazyRouteComponent(() => import('../features/rules/decisions'), 'DecisionsPage'), ['rule', 'record', 'status', 'view'], farWords),
		keptPage('/decisions/$decision', lazyRouteComponent(() => import('../features/rules/decisions'), 'DecisionPage'), [], farWords),
		plainPage('/home', lazyRouteComponent(() => import('../features/home/page'), 'HomePage')),
		keptPage('/dashboard', lazyRouteComponent(() => import('../features/dashboard/page'), 'DashboardPage'), ['period', 'whose', 'pipeline'], farWords),
		keptPage('/chat', lazyRouteComponent(() => import('../features/chat/page'), 'ChatPage'), ['room']),
		keptPage('/tasks', lazyRouteComponent(() => import('../features/tasks/page'), 'TasksPage'), ['view']),
		calendarPage,
		keptPage('/profile', lazyRouteComponent(() => import('../features/profile/page'), 'ProfilePage'), [], farWords),
		keptPage('/notifications', lazyRouteComponent(() => import('../features/notifications/page'), 'NotificationsPage'), ['what', 'unread'], farWords),
		helpIndex,
		keptPage('/help/$page', lazyRouteComponent(() => import('../features/help/page'), 'HelpPage'), [], farWords),
		keptPage('/crm/import', lazyRouteComponent(() => import('../features/imports/page'), 'ImportPage'), ['import'], farWords),
		keptPage('/admin/crm/import', lazyRouteComponent(() => import('../features/imports/page'), 'ImportPage'), ['import'], farWords),
		settings.addChildren(settingsPages),
		crm, toBoard('/deals'), toBoard('/crm/deals'),
	])]),
	parseSearch,
	stringifySearch,
	defaultPreload: false,
	defaultPendingMs: 150,
	defaultErrorComponent: PageFault,
});

declare module '@tanstack/react-router' {
	interface Register { router: typeof router }
}
