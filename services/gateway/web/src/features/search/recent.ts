/* What this person looked at and looked for last, kept in this browser alone and dropped when they log out. */
import type { Id } from '../../api/types';
import type { RecordType } from './find';

export interface Seen { type: RecordType; id: Id; title: string; text: string; workspace_id: Id }
interface Recent { records: Seen[]; asked: string[] }

const NOTHING: Recent = { records: [], asked: [] };
const place = (user: Id) => `lw.recent.${user}`;

export function recentOf(user: Id): Recent {
	try {
		const kept = JSON.parse(localStorage.getItem(place(user)) ?? 'null') as Partial<Recent> | null;
		return kept && Array.isArray(kept.records) && Array.isArray(kept.asked) ? { records: kept.records, asked: kept.asked } : NOTHING;
	} catch {
		return NOTHING;
	}
}

function keep(user: Id, recent: Recent): void {
	try {
		localStorage.setItem(place(user), JSON.stringify(recent));
	} catch {
		/* a browser that keeps nothing still works */
	}
}

export function rememberRecord(user: Id, record: Seen): void {
	const { records, asked } = recentOf(user);
	keep(user, { asked, records: [record, ...records.filter((one) => one.id !== record.id)].slice(0, 8) });
}

export function rememberAsked(user: Id, q: string): void {
	const { records, asked } = recentOf(user);
	keep(user, { records, asked: [q, ...asked.filter((one) => one.toLocaleLowerCase() !== q.toLocaleLowerCase())].slice(0, 5) });
}

export function forgetRecent(user: Id): void {
	try {
		localStorage.removeItem(place(user));
	} catch {
		/* nothing was kept */
	}
}
