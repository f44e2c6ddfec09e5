/* Activities as the pages see them: what kinds there are with their colour and icon, how they are read, and the one place that
   writes them. A change is on the screen at once and told with a way back. */
import { useInfiniteQuery, useQuery, keepPreviousData } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Id, Page } from '../../api/types';
import { problemText } from '../../app/problems';
import { say } from '../../i18n';
import type { IconName } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { unmarked } from '../mentions/plain';

export type Kind = 'call' | 'whatsapp' | 'email' | 'sms' | 'meeting' | 'task' | 'note' | 'other';
export type Priority = 'low' | 'medium' | 'high';
export type AboutKind = 'lead' | 'deal' | 'contact' | 'account';
export interface About { kind: AboutKind; id: Id; title?: string | null }

export interface Activity {
	id: Id;
	workspace_id: Id;
	kind: Kind;
	subject: string | null;
	note: string | null;
	about: About | null;
	due_at: string | null;
	done_at: string | null;
	duration_minutes: number | null;
	priority: Priority | null;
	remind_at: string | null;
	owner_id: Id | null;
	created_by: Id | null;
	created_at: string;
	version: number;
}

/* what one does with somebody, in the order it is offered */
export const ACTIONS: readonly Kind[] = ['call', 'whatsapp', 'email', 'sms', 'meeting', 'other'];
export const PRIORITIES: readonly Priority[] = ['low', 'medium', 'high'];

const LOOK: Record<Kind, [tone: string, icon: IconName]> = {
	call: ['blue', 'phone'], whatsapp: ['green', 'whatsapp'], email: ['orange', 'mail'], meeting: ['purple', 'users'], sms: ['teal', 'sms'],
	task: ['grey', 'tasks'], note: ['grey', 'note'], other: ['grey', 'dots'],
};

/* a class that sets the colour of whatever draws with --dot */
export const toneOf = (kind: string): string => `stage-${LOOK[kind as Kind]?.[0] ?? 'grey'}`;
export const iconOf = (kind: string): IconName => LOOK[kind as Kind]?.[1] ?? 'dots';

/* ---- reading ---- */

export const ACTIVITIES = ['activities'] as const;
export type Period = 'all' | 'overdue' | 'today' | 'month' | 'upcoming';
export const PERIODS: readonly Period[] = ['all', 'overdue', 'today', 'month', 'upcoming'];

export type Asked = Record<string, string | number | null | undefined>;

/* `path`: of all there is, or of the deals that fit a filter */
export function useActivities(asked: Asked, enabled = true, path: '/api/crm/activities' | '/api/crm/calendar' = '/api/crm/activities') {
	return useInfiniteQuery({
		queryKey: [...ACTIVITIES, 'list', path, asked],
		queryFn: ({ pageParam, signal }) => api<Page<Activity>>('GET', `${path}${query({ ...asked, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: keepPreviousData,
		enabled,
	});
}

export type TaskView = 'mine' | 'overdue' | 'today' | 'upcoming' | 'done';
export const TASK_VIEWS: readonly TaskView[] = ['mine', 'overdue', 'today', 'upcoming', 'done'];
export interface Tasks extends Page<Activity> { counts: Record<'mine' | 'overdue' | 'today' | 'upcoming', number> }

export function useTasks(view: TaskView, workspace: string | null, zone: string) {
	return useInfiniteQuery({
		queryKey: [...ACTIVITIES, 'tasks', view, workspace ?? '', zone],
		queryFn: ({ pageParam, signal }) => api<Tasks>('GET', `/api/crm/tasks${query({ view, workspace, tz: zone, limit: 50, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: keepPreviousData,
	});
}

export interface Tag { id: Id; workspace_id?: Id; label: string; colour: string }
export const TAGS = ['tags'] as const;
export const tagsOf = (record: Id) => ['tags of', record] as const;
export const COLOURS = ['grey', 'blue', 'purple', 'orange', 'green', 'teal'] as const;

export function useTags(workspace: string | null) {
	return useQuery({
		queryKey: [...TAGS, workspace ?? ''],
		queryFn: async ({ signal }) => (await api<{ data: Tag[] }>('GET', `/api/crm/tags${query({ workspace })}`, { signal })).data,
		staleTime: 60_000,
	});
}

/* ---- writing ---- */

/* lists and the story of the record that it is about; the projections follow a moment later */
export function activitiesChanged(about?: About | null): void {
	void queryClient.invalidateQueries({ queryKey: ACTIVITIES });
	if (about) {
		const story = () => {
			void queryClient.invalidateQueries({ queryKey: keys.timeline(about.id) });
			void queryClient.invalidateQueries({ queryKey: keys.deal(about.id) });
		};
		story();
		setTimeout(story, 900);
	}
}

export type Draft = Partial<Pick<Activity, 'kind' | 'subject' | 'note' | 'due_at' | 'duration_minutes' | 'remind_at' | 'priority' | 'owner_id'>> & { done?: boolean };

const place = (id: Id) => `/api/crm/activities/${id}`;

export async function changeActivity(one: Activity, change: Draft, version: number = one.version): Promise<number> {
	const written = await api<{ version: number }>('PUT', place(one.id), { body: { ...change, version } });
	activitiesChanged(one.about);
	return written.version;
}

/* what every list shows of it, before the server has said yes */
function show(id: Id, change: Partial<Activity>): () => void {
	const before = queryClient.getQueriesData<{ pages: Array<Page<Activity>> }>({ queryKey: ACTIVITIES });
	queryClient.setQueriesData<{ pages: Array<Page<Activity>>; pageParams: unknown[] }>({ queryKey: ACTIVITIES }, (old) => old && {
		...old, pages: old.pages.map((page) => ({ ...page, data: page.data.map((one) => (one.id === id ? { ...one, ...change } : one)) })),
	});
	return () => { for (const [key, data] of before) queryClient.setQueryData(key, data); };
}

export const nameOf = (one: Pick<Activity, 'subject' | 'note' | 'kind'>, kindName: string): string => one.subject || unmarked(one.note ?? '').split('\n')[0]?.slice(0, 120) || kindName;

/* Changes it, says so, and offers the way back. */
export async function doActivity(one: Activity, change: Draft, shown: Partial<Activity>, back: Draft, words: string): Promise<void> {
	const undo = show(one.id, shown);
	try {
		const version = await changeActivity(one, change);
		toast.ok(words, { label: say('common.undo'), hotkey: 'Z', run: () => {
			changeActivity(one, back, version).catch((fault) => toast.error(say('activity.failed'), problemText(fault)));
		} });
	} catch (fault) {
		undo();
		activitiesChanged(one.about);
		toast.error(say('activity.failed'), problemText(fault));
	}
}

export function completeActivity(one: Activity, name: string): Promise<void> {
	const done = !one.done_at;
	return doActivity(one, { done }, { done_at: done ? new Date().toISOString() : null }, { done: !done }, say(done ? 'activity.completed' : 'activity.reopened', { name }));
}

/* a reminder moves along with what it reminds of */
export function rescheduleActivity(one: Activity, due: string, words: string): Promise<void> {
	const lead = one.due_at && one.remind_at ? Date.parse(one.due_at) - Date.parse(one.remind_at) : null;
	const change: Draft = { due_at: due, ...(lead === null ? {} : { remind_at: new Date(Date.parse(due) - lead).toISOString() }) };
	return doActivity(one, change, change as Partial<Activity>, { due_at: one.due_at, ...(lead === null ? {} : { remind_at: one.remind_at }) }, words);
}

export async function removeActivity(one: Activity, name: string): Promise<void> {
	try {
		await api('DELETE', place(one.id));
		activitiesChanged(one.about);
		toast.ok(say('activity.removed', { name }), { label: say('common.undo'), hotkey: 'Z', run: () => {
			api('POST', `${place(one.id)}/restore`, { body: {} }).then(() => activitiesChanged(one.about), (fault) => toast.error(say('activity.failed'), problemText(fault)));
		} });
	} catch (fault) {
		toast.error(say('activity.failed'), problemText(fault));
	}
}
