/* People, teams, roles, keys and the audit log as the settings read them, and what each write makes stale.
   Never decides who may: the server does; a page only does not offer what would be refused. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Id, Label, Page, Workspace } from '../../api/types';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage } from '../../i18n';

export interface Seat { workspace_id: Id; slug: string; name: string; role: string; team_id: Id | null; active: boolean }

export interface Person {
	id: Id;
	name: string;
	email: string;
	photo: string | null;
	agency_admin: boolean;
	disabled: boolean;
	/* has not chosen a password yet */
	invited: boolean;
	invite_expires: string | null;
	two_factor: boolean;
	last_seen: string | null;
	language: string | null;
	allowed_sections: string[];
	members: Seat[];
	/* this caller may change them as a whole */
	manageable: boolean;
}

export type RowScope = 'none' | 'own' | 'team' | 'workspace';
export interface Role { key: string; label: Label; scope: RowScope; permissions: string[] }
export interface Team { id: Id; workspace_id: Id; name: string; members: number }
export interface Link { url: string; expires: string }
export interface ApiKey { id: Id; workspace_id: Id; name: string | null; role: string; prefix: string; created_at: string; created_by: { id: Id; name: string } | null; used_at: string | null; revoked_at: string | null }

export interface AuditLine {
	id: Id;
	at: string;
	/* null: of the agency itself */
	workspace_id: Id | null;
	what: string;
	actor: { id: Id | null; name: string | null; kind: 'user' | 'key' | 'operator' };
	about: { id: Id; name: string } | null;
	detail: { asked?: Record<string, unknown>; before?: Record<string, unknown> } | null;
}

const PEOPLE = ['people'] as const;
const TEAMS = ['teams'] as const;
const ROLES = ['roles'] as const;
const API_KEYS = ['api-keys'] as const;
const AUDIT = ['audit'] as const;

/* all whom this caller may see, whatever workspace is looked at: an agency has few people */
export function usePeople() {
	return useQuery({
		queryKey: PEOPLE,
		queryFn: async ({ signal }) => (await api<{ data: Person[] }>('GET', '/api/users', { signal })).data,
	});
}

export function useTeams() {
	return useQuery({
		queryKey: TEAMS,
		queryFn: async ({ signal }) => (await api<{ data: Team[] }>('GET', '/api/teams', { signal })).data,
	});
}

export function useRoles() {
	return useQuery({
		queryKey: ROLES,
		queryFn: async ({ signal }) => (await api<{ data: Role[] }>('GET', '/api/roles', { signal })).data,
		staleTime: 5 * 60_000,
	});
}

export function useApiKeys(workspace: string | null) {
	return useQuery({
		queryKey: [...API_KEYS, workspace ?? ''],
		queryFn: async ({ signal }) => (await api<{ data: ApiKey[] }>('GET', `/api/keys${query({ workspace })}`, { signal })).data,
	});
}

export interface AuditFilter { workspace: string | null; actor: string | undefined; what: string | undefined; from: string | undefined; to: string | undefined }

export function useAudit({ workspace, actor, what, from, to }: AuditFilter) {
	return useInfiniteQuery({
		queryKey: [...AUDIT, workspace ?? '', actor ?? '', what ?? '', from ?? '', to ?? ''],
		queryFn: ({ pageParam, signal }) => api<Page<AuditLine>>('GET', `/api/audit${query({ workspace, actor_id: actor, what, since: from, before: to, after: pageParam, limit: 50 })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: keepPreviousData,
		staleTime: 0,
	});
}

/* after any write about people: who there is, their teams and keys, the names the board shows */
export async function peopleChanged(): Promise<void> {
	await Promise.all([PEOPLE, TEAMS, API_KEYS, AUDIT, ['members']].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

export async function rolesChanged(): Promise<void> {
	await Promise.all([ROLES, AUDIT, keys.me].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

/* what a role is called, in the agency's own words */
export function useRoleName(): (key: string) => string {
	const language = useLanguage();
	const { data } = useRoles();
	return (key) => {
		const role = data?.find((one) => one.key === key);
		return role ? labelOf(role.label, language, key) : sayValue('role', key);
	};
}

/* the workspaces whose people this caller manages */
export function useManaged(): Workspace[] {
	const { me } = useScope();
	return me.workspaces.filter((one) => one.permissions.includes('crm-users'));
}

export const seatsOf = (person: Person, workspace: Id | null): Seat[] => person.members.filter((seat) => seat.active && (!workspace || seat.workspace_id === workspace));

/* how many deals somebody owns there; the list ends at 200 */
export async function dealsOf(person: Id, workspace: Id): Promise<{ count: number; more: boolean }> {
	const page = await api<Page<unknown>>('GET', `/api/crm/deals${query({ workspace, owner_id: person, limit: 200 })}`);
	return { count: page.data.length, more: page.next !== null };
}
