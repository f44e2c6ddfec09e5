/* A note that was not sent yet, kept in this browser for its deal and its writer until it is. Says nothing to the server. */
import { newKey } from '../../api/client';

export interface Unsent { note: string; stage: string | null; kind: string | null; day: string; time: string; reason: string | null; key: string; /* it was to be sent, and there was no connection: what is sent when there is one */ waits: { title: string; body: Record<string, unknown> } | null }

export const blank = (): Unsent => ({ note: '', stage: null, kind: null, day: '', time: '', reason: null, key: newKey(), waits: null });

const nameOf = (user: string, deal: string) => `lw.unsent.${user}.${deal}`;

export function readUnsent(user: string, deal: string): Unsent | null {
	try {
		const text = localStorage.getItem(nameOf(user, deal));
		return text ? { ...blank(), ...(JSON.parse(text) as Partial<Unsent>) } : null;
	} catch {
		return null;
	}
}

/* one without a note is not worth keeping */
export function keepUnsent(user: string, deal: string, unsent: Unsent): boolean {
	try {
		if (unsent.note.trim()) {
			localStorage.setItem(nameOf(user, deal), JSON.stringify(unsent));
			return true;
		}
		localStorage.removeItem(nameOf(user, deal));
	} catch {
		/* a browser that keeps nothing still sends */
	}
	return false;
}

export function dropUnsent(user: string, deal: string): void {
	try {
		localStorage.removeItem(nameOf(user, deal));
	} catch {
		/* nothing was kept */
	}
}

/* the deals for which something is kept */
export function unsentOf(user: string): string[] {
	try {
		const begin = nameOf(user, '');
		return Object.keys(localStorage).filter((name) => name.startsWith(begin)).map((name) => name.slice(begin.length));
	} catch {
		return [];
	}
}
