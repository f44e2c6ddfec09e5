/* Records of other systems, and by hand, as the pages see them; what other systems know of a company; and the one place that writes them. What is
   pushed meanwhile is on the screen a moment later. */
import { useInfiniteQuery, useQuery, keepPreviousData } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, query } from '../../api/client';
import { onLive } from '../../api/live';
import { keys, queryClient } from '../../api/queries';
import type { Id, Label, Money, Page } from '../../api/types';
import { problemText } from '../../app/problems';
import { say } from '../../i18n';
import type { IconName } from '../../ui/icons';
import { toast } from '../../ui/toast';

export const KINDS = ['order', 'invoice', 'quote', 'ticket', 'project', 'device', 'asset', 'loyalty', 'conversation', 'file', 'other'] as const;
export type LinkedKind = typeof KINDS[number];
export const PANELS = ['onboarding', 'balance', 'metrics', 'integrations', 'marketing'] as const;
export type Panel = typeof PANELS[number];

export interface Linked {
	id: Id; workspace_id: Id; kind: LinkedKind; system: string; external_id: string; title: string; status: string | null; amount: Money | null; count: number | null;
	excerpt: string | null; url: string | null; assignee: string | null; occurred_at: string | null; account_id: Id | null; contact_id: Id | null; deal_id: Id | null;
	created_at: string; version: number;
}
export interface LinkedPage extends Page<Linked> { groups: Array<{ kind: LinkedKind; count: number; total: Money[] }> }
export interface Fact { id: Id; panel: Panel; key: string; system: string; label: Label | null; value: string | number | boolean | Money; unit: string | null; as_of: string }

export interface Whose { kind: 'account' | 'contact' | 'deal'; id: Id }

const ICONS: Record<LinkedKind, IconName> = {
	order: 'archive', invoice: 'coins', quote: 'form', ticket: 'tag', project: 'tasks', device: 'screen', asset: 'stack', loyalty: 'trophy', conversation: 'chat', file: 'file', other: 'link',
};
export const linkedIcon = (kind: string): IconName => ICONS[kind as LinkedKind] ?? 'link';

/* ---- reading ---- */

export const LINKED = ['linked'] as const;
export const FACTS = ['facts'] as const;

export function useLinked(whose: Whose, kinds?: readonly LinkedKind[]) {
	const asked = { [`${whose.kind}_id`]: whose.id, kind: kinds?.join(','), limit: 50 };
	return useInfiniteQuery({
		queryKey: [...LINKED, 'list', asked],
		queryFn: ({ pageParam, signal }) => api<LinkedPage>('GET', `/api/crm/linked${query({ ...asked, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: keepPreviousData,
	});
}

export function useFacts(whose: Whose) {
	return useQuery({
		queryKey: [...FACTS, whose.kind, whose.id],
		queryFn: async ({ signal }) => (await api<{ data: Fact[] }>('GET', `/api/crm/facts${query({ [`${whose.kind}_id`]: whose.id })}`, { signal })).data,
	});
}

interface OverviewGroup { kind: LinkedKind | 'contact' | 'deal'; count: number; pieces: number; newest: unknown[]; total: Money[]; sources: Array<{ system?: string; service?: string; unavailable_since: string | null }>; unavailable_since: string | null }
interface Overview { groups: OverviewGroup[]; lifetime: Money[] }

export function useOverview(account: Id) {
	return useQuery({ queryKey: ['overview', account], queryFn: ({ signal }) => api<Overview>('GET', `/api/crm/accounts/${account}/overview`, { signal }) });
}

/* how many there are of some kinds: what a tab says beside its name */
export const countOf = (page: LinkedPage | undefined, kinds?: readonly LinkedKind[]): number => (page?.groups ?? []).filter((one) => !kinds || kinds.includes(one.kind)).reduce((sum, one) => sum + one.count, 0);

let timer: ReturnType<typeof setTimeout> | null = null;
function soon(): void {
	timer ??= setTimeout(() => {
		timer = null;
		void queryClient.invalidateQueries({ queryKey: LINKED });
		void queryClient.invalidateQueries({ queryKey: FACTS });
		void queryClient.invalidateQueries({ queryKey: ['overview'] });
	}, 330);
}

/* while a page shows them: what their systems say now */
export function useLiveLinked(): void {
	useEffect(() => onLive((note) => {
		if (note.kind === 'reset' || (note.kind === 'event' && /^(linked|fact|push|record)\.(?!tagged|assigned)/.test(note.event.type)))
			soon();
	}), []);
}

/* ---- writing ---- */

export type LinkedDraft = { kind?: LinkedKind; title?: string; status?: string | null; amount?: Money | null; count?: number | null; excerpt?: string | null; url?: string | null; assignee?: string | null; occurred_at?: string | null };

const place = (id: Id) => `/api/crm/linked/${id}`;

async function changed(whose?: Whose): Promise<void> {
	if (whose)
		void queryClient.invalidateQueries({ queryKey: keys.timeline(whose.id) });
	void queryClient.invalidateQueries({ queryKey: ['overview'] });
	await queryClient.invalidateQueries({ queryKey: LINKED });
}

export async function saveLinked(one: Linked | null, whose: Whose, workspace: string, draft: LinkedDraft): Promise<void> {
	await (one ? api('PUT', place(one.id), { body: { ...draft, version: one.version } })
		: api('POST', `/api/crm/linked${query({ workspace })}`, { body: { ...draft, [`${whose.kind}_id`]: whose.id } }));
	await changed(whose);
}

export async function removeLinked(one: Linked, whose: Whose): Promise<void> {
	try {
		await api('DELETE', place(one.id));
		await changed(whose);
		toast.ok(say('linked.removed', { name: one.title }), { label: say('common.undo'), hotkey: 'Z', run: () => {
			api('POST', `${place(one.id)}/restore`, { body: {} }).then(() => changed(whose), (fault) => toast.error(say('linked.failed'), problemText(fault)));
		} });
	} catch (fault) {
		toast.error(say('linked.failed'), problemText(fault));
	}
}

/* what is counted in a record of a kind */
export const piecesKey = (kind: string): 'linked.points' | 'linked.messages' | 'linked.count_of' => (kind === 'loyalty' ? 'linked.points' : kind === 'conversation' ? 'linked.messages' : 'linked.count_of');
