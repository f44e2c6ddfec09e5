/* This browser is told of news though no page is open: it subscribes at its push service, and the server is told where. Said again each time the app begins, in
   the words of the language that is chosen. Never asks for leave by itself, and never speaks for another person than the one who switched it on. */
import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id } from '../../api/types';
import { say } from '../../i18n';

export interface PushBrowser { id: Id; agent: string | null; created_at: string; seen_at: string; pushed_at: string | null; fails: number; error: string | null }
interface Push { data: PushBrowser[]; key: string | null }

const KEY = ['push'] as const;
const KEPT = 'lw.push';

export function usePush() {
	return useQuery({ queryKey: KEY, queryFn: ({ signal }) => api<Push>('GET', '/api/notifications/push', { signal }), staleTime: 60_000 });
}

/* what this browser can at all */
export const pushCan = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && typeof Notification === 'function';

/* ---- which row of the server's is this browser ---- */

let mine: Id | null = null;
const listeners = new Set<() => void>();

function setMine(id: Id | null): void {
	mine = id;
	for (const tell of listeners)
		tell();
}

export function useThisBrowser(): Id | null {
	return useSyncExternalStore((fn) => {
		listeners.add(fn);
		return () => listeners.delete(fn);
	}, () => mine);
}

const kept = (): string | null => {
	try {
		return localStorage.getItem(KEPT);
	} catch {
		return null;
	}
};
const keep = (user: Id | null): void => {
	try {
		if (user)
			localStorage.setItem(KEPT, user);
		else
			localStorage.removeItem(KEPT);
	} catch {
		/* a browser that keeps nothing is told until its log-in ends */
	}
};

/* ---- subscribing ---- */

/* in the words of the page, which know the language and what the firm calls its leads */
export const words = (): Record<string, string> => ({
	lead: say('news.came_named', { name: '{{name}}' }), reminder: say('activity.rings', { name: '{{name}}' }), mention: say('news.mentioned_named', { name: '{{name}}' }),
	assigned: say('news.given_named', { name: '{{name}}' }), rule: say('news.rule_named', { name: '{{name}}' }), many: say('news.came', { count: 99 }).replace('99', '{{count}}'),
});

const text64 = (bytes: ArrayBuffer | null): string => btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/* by the server's key; one that was made by another key is of no use any more */
async function subscribe(key: string): Promise<PushSubscription> {
	const { pushManager } = await navigator.serviceWorker.ready;
	const old = await pushManager.getSubscription();
	if (old && text64(old.options.applicationServerKey) === key)
		return old;
	await old?.unsubscribe();
	return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function tell(subscription: PushSubscription): Promise<void> {
	const { id } = await api<{ id: Id }>('POST', '/api/notifications/push', { body: {
		endpoint: subscription.endpoint, p256dh: text64(subscription.getKey('p256dh')), auth: text64(subscription.getKey('auth')), words: words(),
	} });
	setMine(id);
}

const anew = () => queryClient.invalidateQueries({ queryKey: KEY });

/* leave was given before */
export async function pushOn(user: Id, key: string): Promise<void> {
	await tell(await subscribe(key));
	keep(user);
	await anew();
}

export async function pushOff(id: Id): Promise<void> {
	await api('DELETE', `/api/notifications/push/${id}`);
	/* else it would stand among the others until the list is read again */
	queryClient.setQueryData<Push>(KEY, (old) => old && { ...old, data: old.data.filter((one) => one.id !== id) });
	if (id === mine) {
		keep(null);
		setMine(null);
		const worker = await navigator.serviceWorker.getRegistration();
		await (await worker?.pushManager.getSubscription())?.unsubscribe();
	}
	await anew();
}

/* at the app's beginning: whoever switched it on here is told on; another one who logs in here is not */
export async function pushKeep(user: Id): Promise<void> {
	if (kept() !== user || !pushCan() || Notification.permission !== 'granted')
		return;
	const { key } = await queryClient.fetchQuery({ queryKey: KEY, queryFn: () => api<Push>('GET', '/api/notifications/push') });
	if (key)
		await tell(await subscribe(key));
}
