/* Notes that were to be sent while there was no connection: sent when there is one again, under the key they were first sent with, so
   that none is written twice. What is refused stays in its form, and that is said. */
import { api, newKey, Problem } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { say } from '../../i18n';
import { toast } from '../../ui/toast';
import { activitiesChanged } from '../activities/model';
import { dropUnsent, keepUnsent, readUnsent, unsentOf } from './draft';
import { refresh } from './move';
import { board } from './store';

/* somebody else's turn: not logged in, asked too often, not there */
const later = (fault: unknown) => !(fault instanceof Problem) || fault.status === 0 || fault.status === 401 || fault.status === 429 || fault.status >= 500;

async function sendOne(user: Id, deal: Id): Promise<void> {
	const unsent = readUnsent(user, deal);
	if (!unsent?.waits)
		return;
	const { title, body } = unsent.waits;
	try {
		await api('POST', `/api/crm/deals/${deal}/follow-up`, { key: unsent.key, body });
		/* not what was typed meanwhile */
		if (readUnsent(user, deal)?.key === unsent.key)
			dropUnsent(user, deal);
		dispatchEvent(new CustomEvent('lw:sent', { detail: unsent.key }));
		toast.ok(say('follow.sent', { title }));
		activitiesChanged({ kind: 'deal', id: deal });
		if (board.card(deal))
			await refresh(board, deal);
	} catch (fault) {
		if (later(fault))
			return;
		/* the next try is another command; what was typed meanwhile stays */
		const key = newKey();
		if (readUnsent(user, deal)?.key === unsent.key)
			keepUnsent(user, deal, { ...unsent, key, waits: null });
		dispatchEvent(new CustomEvent('lw:refused', { detail: { was: unsent.key, key } }));
		toast.error(say('follow.not_sent', { title }), problemText(fault));
	}
}

let running: Promise<void> | null = null;

export function sendWaiting(user: Id): Promise<void> {
	running ??= (async () => {
		for (const deal of unsentOf(user))
			await sendOne(user, deal);
	})().finally(() => { running = null; });
	return running;
}
