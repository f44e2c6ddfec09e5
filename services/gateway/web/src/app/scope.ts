/* Who is here and what they look at: the session's user and the workspace named in the URL (none = all of theirs).
   The URL is the one truth; the last choice is remembered only for the next visit. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useMemo } from 'react';
import { keys } from '../api/queries';
import type { Me, Workspace } from '../api/types';
import { api } from '../api/client';
import { useLanguage } from '../i18n';
import { formats, type Formats, knownZone } from '../lib/format';
import { keepWorkspace } from './prefs';

export interface AppSearch {
	workspace?: string;
	type?: 'prospect';
	id?: string;
	tab?: string;
	status?: string;
	q?: string;
	next?: string;
}

export interface Scope {
	me: Me;
	/* the one workspace looked at; null = several */
	workspace: Workspace | null;
	slug: string | null;
	formats: Formats;
	profile: string;
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

export function useMakeScope(): Scope | null {
	const { data: me } = useQuery({ queryKey: keys.me, queryFn: () => api<Me>('GET', '/api/me'), staleTime: 60_000 });
	const { workspace: slug } = useSearch({ strict: false }) as AppSearch;
	const language = useLanguage();
	return useMemo(() => {
		if (!me)
			return null;
		const workspace = me.workspaces.length === 1
			? (me.workspaces[0] ?? null)
			: (me.workspaces.find((one) => one.slug === slug || one.id === slug) ?? null);
		return {
			me,
			workspace,
			slug: workspace?.slug ?? null,
			formats: formats(language, knownZone(me.user.timezone, (workspace ?? me.workspaces[0])?.timezone)),
			profile: workspace?.label_profile ?? 'classic',
			currency: (workspace ?? me.workspaces[0])?.currency || 'EUR',
			mayCrm: me.allowed_sections.includes('crm'),
			mayEdit: (id) => me.workspaces.some((one) => (id === undefined || one.id === id) && one.permissions.includes('crm-edit')),
			may: (permission) => me.agency.admin || me.workspaces.some((one) => (!workspace || one.id === workspace.id) && one.permissions.includes(permission)),
		};
	}, [me, slug, language]);
}

export function useAppSearch(): AppSearch {
	return useSearch({ strict: false }) as AppSearch;
}

export function useGo() {
	const navigate = useNavigate();
	return useMemo(() => {
		const to = (path: '/deals/board' | '/leads') => void navigate({ to: path, search: (old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {}) } as never);
		const search = (change: Partial<Record<keyof AppSearch, string | undefined>>, replace = false) =>
			void navigate({ to: '.', search: (old: AppSearch) => ({ ...old, ...change }), replace } as never);
		return {
			board: () => to('/deals/board'),
			leads: () => to('/leads'),
			search,
			openDeal: (id: string) => search({ type: 'prospect', id, tab: undefined }),
			closeDeal: () => search({ type: undefined, id: undefined, tab: undefined }),
			workspace: (slug: string | null) => {
				keepWorkspace(slug ?? '');
				search({ workspace: slug ?? undefined, type: undefined, id: undefined, tab: undefined });
			},
		};
	}, [navigate]);
}

export function useWorkspaceName(): (id: string) => string {
	const { me } = useScope();
	const names = useMemo(() => new Map(me.workspaces.map((one) => [one.id, one.name])), [me]);
	return useCallback((id) => names.get(id) ?? '', [names]);
}
