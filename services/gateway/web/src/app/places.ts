/* The words of a preset (its menu, its header, its landing page) and the pages they name. A word whose page does not
   exist yet is kept with its workspace and shows nothing: the entry comes with its page. Knows no preset by name. */
import { useMemo } from 'react';
import type { Me, Workspace } from '../api/types';
import type { Key } from '../i18n';
import type { IconName } from '../ui/icons';
import type { AppSearch, Scope } from './scope';

export type Page = '/accounts' | '/contacts' | '/deals/board' | '/deals/table' | '/deals/calendar' | '/leads' | '/opportunities' | '/settings' | '/tasks' | '/home' | '/dashboard' | '/chat' | '/segments' | '/templates' | '/inbox' | '/crm/import' | '/quotes' | '/invoices';

export interface Entry { page: Page | null; icon: IconName; label: Key }

export const TABS: Readonly<Record<string, Entry>> = {
	board: { page: '/deals/board', icon: 'board', label: 'tab.board' },
	deals: { page: '/deals/board', icon: 'board', label: 'tab.deals' },
	pipeline: { page: '/deals/board', icon: 'board', label: 'tab.pipeline' },
	kanban: { page: '/deals/board', icon: 'board', label: 'tab.kanban' },
	leads: { page: '/leads', icon: 'leads', label: 'nav.leads' },
	list: { page: '/leads', icon: 'list', label: 'tab.list' },
	settings: { page: '/settings', icon: 'settings', label: 'nav.settings' },
	contacts: { page: '/contacts', icon: 'user', label: 'tab.contacts' },
	accounts: { page: '/accounts', icon: 'building', label: 'tab.accounts' },
	opportunities: { page: '/opportunities', icon: 'trophy', label: 'tab.opportunities' },
	calendar: { page: '/deals/calendar', icon: 'calendar', label: 'tab.calendar' },
	home: { page: '/home', icon: 'home', label: 'nav.home' },
	dashboard: { page: '/dashboard', icon: 'chart', label: 'nav.dashboard' },
	tasks: { page: '/tasks', icon: 'tasks', label: 'nav.tasks' },
	chat: { page: '/chat', icon: 'chat', label: 'nav.chat' },
	segments: { page: '/segments', icon: 'filter', label: 'nav.segments' },
	quotes: { page: '/quotes', icon: 'file', label: 'tab.quotes' },
	invoices: { page: '/invoices', icon: 'pdf', label: 'tab.invoices' },
	email_templates: { page: '/templates', icon: 'mail', label: 'tab.email_templates' },
	inbox: { page: '/inbox', icon: 'inbox', label: 'tab.inbox' },
};

/* what a button of the header does: a page it leads to, or a record it makes; `small` is an icon alone */
export interface HeadButton { act: Page | 'lead' | null; icon: IconName; label: Key; small?: boolean }

export const HEADER: Readonly<Record<string, HeadButton>> = {
	new_lead: { act: 'lead', icon: 'plus', label: 'lead.new' },
	register: { act: 'lead', icon: 'plus', label: 'lead.register' },
	settings: { act: '/settings', icon: 'settings', label: 'nav.settings' },
	gear: { act: '/settings', icon: 'settings', label: 'nav.settings', small: true },
	pipeline: { act: '/deals/board', icon: 'board', label: 'tab.pipeline' },
	import: { act: '/crm/import', icon: 'import', label: 'header.import' },
	import_csv: { act: '/crm/import', icon: 'import', label: 'header.import_csv' },
	/* the page of the contacts has a button of its own */
	new_contact: { act: null, icon: 'plus', label: 'header.new_contact' },
};

/* for several workspaces that do not agree */
const NEUTRAL_TABS = ['deals', 'leads'];
const NEUTRAL_HEADER = ['new_lead'];

function agreed(workspaces: Workspace[], read: (one: Workspace) => string[] | undefined, neutral: string[]): string[] {
	const first = workspaces[0] && read(workspaces[0]);
	return first && workspaces.every((one) => read(one)?.join(' ') === first.join(' ')) ? first : neutral;
}

export interface Place extends Entry { key: string; page: Page }

const there = (words: string[]): Place[] => words.flatMap((key) => {
	const entry = TABS[key];
	return entry?.page ? [{ ...entry, key, page: entry.page }] : [];
});

/* the menu: a person's own day; what the preset names, in its order; then what it does not name and is there all the same */
export function placesOf(workspaces: Workspace[], settings: boolean): { day: Place[]; tabs: Place[]; more: Place[] } {
	const seen = new Set<Page>();
	const tabs = there(agreed(workspaces, (one) => one.tabs, NEUTRAL_TABS)).filter(({ page }) => !seen.has(page) && seen.add(page) && (page !== '/settings' || settings));
	const rest = (words: string[]) => there(words).filter(({ page }) => !seen.has(page));
	/* whose team talks, and they with it */
	const chat = workspaces.some((one) => one.permissions.includes('crm-chat'));
	/* whoever may say where a mail goes */
	const mails = workspaces.some((one) => one.permissions.includes('crm-edit'));
	return { day: rest(['home', 'tasks', ...(chat ? ['chat'] : []), 'calendar', 'dashboard']), tabs, more: rest(['board', 'leads', 'accounts', 'contacts', 'quotes', 'invoices', 'segments', 'email_templates', ...(mails ? ['inbox'] : [])]) };
}

/* the header's buttons on a page. Whoever may make a record is never left without a way to; `make` is the page's record, where
   it has no button of its own for it, `fill` whether records may be made at all, from a file. */
export function headerOf(workspaces: Workspace[], here: Page, may: { make: boolean; fill: boolean; settings: boolean }): Array<HeadButton & { key: string; act: Page | 'lead' }> {
	const words = agreed(workspaces, (one) => one.header, NEUTRAL_HEADER);
	const makes = words.some((key) => HEADER[key]?.act === 'lead');
	return [...words, ...(makes ? [] : ['new_lead'])].flatMap((key) => {
		const button = HEADER[key];
		const act = button?.act;
		if (!button || !act || act === here || (act === 'lead' ? !may.make : act === '/crm/import' ? !may.fill : act === '/settings' && !may.settings))
			return [];
		return [{ ...button, key, act }];
	});
}

/* where a workspace begins: the page its landing word names, or the board until that page exists */
export function landingPage(workspace: { landing: string } | null | undefined): Page {
	const page = TABS[workspace?.landing ?? '']?.page;
	return page && page !== '/settings' ? page : '/deals/board';
}

/* the workspace of the address or else of last time, unless it is gone or the only one; and its first page */
export function landingOf(me: Me, search: AppSearch, last: string | null): { to: Page; search: AppSearch } {
	const named = search.workspace ?? (me.workspaces.length < 2 ? '' : last ?? me.workspaces[0]?.slug ?? '');
	const found = me.workspaces.find((one) => one.slug === named || one.id === named);
	if (me.workspaces.length < 2)
		return { to: landingPage(me.workspaces[0]), search };
	if (found)
		return { to: landingPage(found), search: { ...search, workspace: found.slug } };
	const first = search.workspace || named === '' ? undefined : me.workspaces[0];
	return { to: landingPage(first), search: first ? { ...search, workspace: first.slug } : search };
}

/* who holds one of these finds something in the settings */
const SETTINGS_NEED = ['crm-users', 'crm-settings', 'crm-agency'];
export const maySettings = (scope: Scope): boolean => SETTINGS_NEED.some(scope.may);

/* a phone's bar below has room for two that one is in all day, which templates, strays, quotes and invoices are not; its menu has the others */
export function phoneOf({ day, tabs, more }: { day: Place[]; tabs: Place[]; more: Place[] }): { bar: Place[]; menu: Place[] } {
	const all = [...tabs, ...more].filter(({ page }) => page !== '/settings');
	const bar = all.filter(({ page }) => !/templates|inbox|quotes|invoices/.test(page)).slice(0, 2);
	return { bar, menu: [...day, ...all.filter((place) => !bar.includes(place))] };
}

export function usePlaces(scope: Scope): { day: Place[]; tabs: Place[]; more: Place[] } {
	return useMemo(() => placesOf(scope.workspaces, maySettings(scope)), [scope]);
}
