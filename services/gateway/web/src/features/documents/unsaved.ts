/* What was written on a draft and is not with the server yet, kept in this browser for its writer until it is: a page that is left or loaded anew while the
   connection fails loses nothing. Says nothing to the server, and never outlives the draft. */
import type { Id } from '../../api/types';
import type { Unsaved } from './draft';

const nameOf = (user: Id, doc: Id) => `lw.doc.${user}.${doc}`;

export function readUnsaved(user: Id, doc: Id): Unsaved | null {
	try {
		const kept = JSON.parse(localStorage.getItem(nameOf(user, doc)) ?? 'null') as Unsaved | null;
		return kept && Array.isArray(kept.words?.lines) ? kept : null;
	} catch {
		return null;
	}
}

export function keepUnsaved(user: Id, doc: Id, unsaved: Unsaved | null): void {
	try {
		if (unsaved)
			localStorage.setItem(nameOf(user, doc), JSON.stringify(unsaved));
		else
			localStorage.removeItem(nameOf(user, doc));
	} catch {
		/* a browser that keeps nothing still saves */
	}
}
