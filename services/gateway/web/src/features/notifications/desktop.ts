/* Notifications of the browser itself, over other windows. Asks for leave only when somebody switches them on; never shows one to whoever is looking at the page. */
import { useSyncExternalStore } from 'react';

export type Leave = 'default' | 'granted' | 'denied' | 'none';

const listeners = new Set<() => void>();

const leave = (): Leave => (typeof Notification === 'function' ? Notification.permission : 'none');

export function useDesktopLeave(): Leave {
	return useSyncExternalStore((fn) => {
		listeners.add(fn);
		return () => listeners.delete(fn);
	}, leave);
}

export async function askDesktop(): Promise<Leave> {
	if (leave() === 'default')
		await Notification.requestPermission().catch(() => undefined);
	for (const tell of listeners)
		tell();
	return leave();
}

/* tabs of one browser show one: they bear the same tag. Where a push service tells this browser too, its worker shows it: what both bring is then one. */
export async function showDesktop(id: string, title: string, url: string, open: () => void): Promise<void> {
	if (leave() !== 'granted' || (document.visibilityState === 'visible' && document.hasFocus()))
		return;
	const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
	if (await worker?.pushManager?.getSubscription().catch(() => null)) {
		await worker?.showNotification(title, { tag: id, icon: '/icons/icon-192.png', data: { url } });
		return;
	}
	try {
		const shown = new Notification(title, { tag: id, icon: '/favicon.svg' });
		shown.onclick = () => {
			window.focus();
			open();
			shown.close();
		};
	} catch {
		/* browsers of phones leave this to a worker: there the bell alone rings */
	}
}
