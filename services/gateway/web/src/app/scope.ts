/* Who is here and what they look at: the session's user and the workspace named in the URL (none = all of theirs).
   The URL is the one truth; the last choice is remembered only for the next visit. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useMemo } from 'react';
import { keys } from '../api/queries';
import type { Me, Workspace } from '../api/types';
import { api } from '../api/client';
import { useLanguage } from '../i18n';
import { profileOf, type Profile } from '../i18n/words';
import { formats, type Formats, knownZone } from '../lib/format';
import { without } from '../features/deals/filters';
import { keepWorkspace } from './prefs';
import type { Page } from './places';

export interface AppSearch {
	/* fields of the workspace's own, of lists */
	[own: `custom.${string}`]: string | undefined;
	workspace?: string;
	type?: 'prospect' | 'client' | 'contact' | 'lead';
	id?: string;
	tab?: string;
	/* the conversation that /chat shows, and the message that is looked for in it or in the panel's */
	room?: string;
	message?: string;
	/* the stage that the follow-up form of the open deal begins with */
	move?: string;
	status?: string;
	q?: string;
	next?: string;
	/* of lists: whence, whose, only what nobody answered, in which order */
	source?: string;
	owner?: string;
	unanswered?: string;
	/* of leads: when they came */
	created_from?: string;
	created_to?: string;
	sort?: string;
	/* the one the board shows, where there are several */
	pipeline?: string;
	/* the moment the board of the past is of */
	at?: string;
	/* which tasks; how the calendar shows which */
	view?: string;
	day?: string;
	period?: string;
	whose?: string;
	/* which kind of record: of duplicates and of the trash */
	of?: string;
	/* of contacts: none = those that belong to no account */
	account?: string;
	/* of lists: what is in this segment */
	segment?: string;
	/* of contacts: what they are to the workspace; which tag, segment; archived ones; with an e-mail or without */
	kind?: string;
	tag?: string;
	archived?: string;
	has_email?: string;
	/* of the accounts: prospects or clients; which type */
	lifecycle?: string;
	/* of decisions: which rule's, about what */
	rule?: string;
	record?: string;
	/* a file that is being brought in */
	import?: string;
	account_type?: string;
	/* filters of the audit log; of notifications which kind, and the unread alone */
	what?: string;
	unread?: string;
	by?: string;
	from?: string;
	to?: string;
}

/* what of an address or of a query string asks for a field of the workspace's own */
export const ownOf = (raw: object): Record<`custom.${string}`, string> =>
	Object.fromEntries(Object.entries(raw).filter(([name, value]) => /^custom\.[a-z0-9_]+$/.test(name) && typeof value === 'string' && value)) as Record<`custom.${string}`, string>;

export interface Scope {
	me: Me;
	/* the one workspace looked at; null = several */
	workspace: Workspace | null;
	/* its name in addresses, for a write */
	slug: string | null;
	/* those looked at: all of theirs, or as many as the address names */
	workspaces: Workspace[];
	/* ?workspace= of a read: one, several with commas, null for all */
	reads: string | null;
	formats: Formats;
	/* the time zone of the person, else of what is looked at */
	zone: string;
	/* whose words: null where those looked at do not share one profile */
	profile: Profile | null;
	/* the currency to name first */
	currency: string;
	mayCrm: boolean;
	/* whether this person may change what is in this workspace, or in any when none is named */
	mayEdit(workspace?: string): boolean;
	/* whether this person holds a permission in the workspace looked at, or in any when none is named */
	may(permission: string): boolean;
}

export const ScopeContext = createContext<Scope | null>(null);

export function useScope(): Scope {
	const scope = useContext(ScopeContext);
	if (!scope)
		throw new Error('no scope');
	return scope;
}

/* `a`: that one and nothing beside it; `a,` and `a,b`: these out of all, each row saying whose it is. What is unknown is
   left out, and nothing known is all. */
export function lookedAt(all: Workspace[], named: string): { workspace: Workspace | null; workspaces: Workspace[] } {
	const names = named.split(',').filter(Boolean);
	const found = all.filter((one) => names.includes(one.slug) || names.includes(one.id));
	const workspace = all.length === 1 ? (all[0] ?? null) : named.includes(',') ? null : (found[0] ?? null);
	return { workspace, workspaces: workspace ? [workspace] : found.length ? found : all };
}

export function useMakeScope(): Scope | null {
	const { data: me } = useQuery({ queryKey: keys.me, queryFn: () => api<Me>('GET', '/api/me'), staleTime: 60_000 });
	const { workspace: slug } = useSearch({ strict: false }) as AppSearch;
	const language = useLanguage();
	return useMemo(() => {
		if (!me)
			return null;
		const { workspace, workspaces } = lookedAt(me.workspaces, slug ?? '');
		const zone = knownZone(me.user.timezone, workspaces[0]?.timezone);
		return {
			me,
			workspace,
			slug: workspace?.slug ?? null,
			workspaces,
			reads: workspaces.length < me.workspaces.length ? workspaces.map((one) => one.slug).join(',') : (workspace?.slug ?? null),
			formats: formats(language, zone),
			zone,
			profile: profileOf(workspaces),
			currency: workspaces[0]?.currency || 'EUR',
			mayCrm: me.allowed_sections.includes('crm'),
			mayEdit: (id) => me.workspaces.some((one) => (id === undefined || one.id === id) && one.permissions.includes('crm-edit')),
			may: (permission) => me.agency.admin || me.workspaces.some((one) => (!workspace || one.id === workspace.id) && one.permissions.includes(permission)),
		};
	}, [me, slug, language]);
}

export function useAppSearch(): AppSearch {
	return useSearch({ strict: false }) as AppSearch;
}

/* the record whose view is fading out: whoever goes on meanwhile does not take it along */
let leaving: string | null = null;
export function leave(id: string): void {
	leaving = id;
	setTimeout(() => {
		if (leaving === id)
			leaving = null;
	}, 300);
}
const left = (old: AppSearch, change: object): AppSearch => (leaving !== null && old.id === leaving && !('id' in change) ? { ...old, type: undefined, id: undefined, tab: undefined } as AppSearch : old);

export function useGo() {
	const navigate = useNavigate();
	return useMemo(() => {
		const to = (path: Page) => void navigate({ to: path, search: (old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {}) } as never);
		const search = (change: Partial<Record<keyof AppSearch, string | undefined>>, replace = false) =>
			void navigate({ to: '.', search: (old: AppSearch) => ({ ...left(old, change), ...change }), replace } as never);
		return {
			board: () => to('/deals/board'),
			leads: () => to('/leads'),
			page: to,
			/* a list, of what is in a segment */
			list: (path: Page, segment: string) => void navigate({ to: path, search: (old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), segment }) } as never),
			anywhere: (path: string, replace = false) => void navigate({ to: path, search: (old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {}), replace } as never),
			search,
			find: (q: string) => void navigate({ to: '/search', search: (old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), q }) } as never),
			openLead: (id: string) => search({ type: 'lead', id, tab: undefined, move: undefined, message: undefined }),
			openDeal: (id: string) => search({ type: 'prospect', id, tab: undefined, move: undefined, message: undefined }),
			closeDeal: () => search({ type: undefined, id: undefined, tab: undefined, move: undefined, message: undefined }),
			/* a part of all of theirs; none named is all */
			filter: (slugs: string[]) => search({ workspace: slugs.length === 1 ? `${slugs[0] ?? ''},` : slugs.join(',') || undefined, type: undefined, id: undefined, tab: undefined }),
			workspace: (slug: string | null) => {
				keepWorkspace(slug ?? '');
				/* another workspace has other stages and people: a filter of this one says nothing there */
				void navigate({ to: '.', search: (old: AppSearch) => ({ ...without(old), workspace: slug ?? undefined, type: undefined, id: undefined, tab: undefined, pipeline: undefined, sort: undefined, room: undefined, message: undefined }) } as never);
			},
		};
	}, [navigate]);
}

export function useWorkspaceName(): (id: string) => string {
	const { me } = useScope();
	const names = useMemo(() => new Map(me.workspaces.map((one) => [one.id, one.name])), [me]);
	return useCallback((id) => names.get(id) ?? '', [names]);
}
