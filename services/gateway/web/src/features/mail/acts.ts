/* What people do with mail that came in: say where it belongs and take that back, set it aside and fetch it again, have it read once more. Each is undone from the
   note that tells it was done. Never does one of them by itself. */
import { api } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { type Key, say } from '../../i18n';
import { toast } from '../../ui/toast';
import type { MailRow, ThreadRow, ThreadState } from './model';
import { mailsChanged } from './reads';

/* what a mail is given to */
export interface Target { kind: 'deal' | 'contact'; id: Id; name: string }

const post = (mail: Id, what: string, body: Record<string, string> = {}) => api('POST', `/api/crm/mails/${mail}/${what}`, { body });

/* true: it is done, and everything that shows mails reads again */
async function done(run: () => Promise<unknown>, failed: Key): Promise<boolean> {
	try {
		await run();
		return true;
	} catch (fault) {
		toast.error(say(failed), problemText(fault));
		return false;
	} finally {
		await mailsChanged();
	}
}

const undo = (run: () => Promise<unknown>, failed: Key) => ({ label: say('common.undo'), hotkey: 'Z', ms: 10_000, run: () => void done(run, failed) });

export async function assignMail(mail: MailRow, to: Target): Promise<boolean> {
	const ok = await done(() => post(mail.id, 'assign', { [`${to.kind}_id`]: to.id }), 'mail.not_assigned');
	if (ok)
		toast.ok(say('mail.is_assigned', { name: to.name }), undo(() => post(mail.id, 'unassign'), 'mail.not_unassigned'));
	return ok;
}

/* from the record that it does not belong to */
export async function unassignMail(mail: MailRow): Promise<boolean> {
	const back: Record<string, string> | null = mail.deal_id ? { deal_id: mail.deal_id } : mail.contact_id ? { contact_id: mail.contact_id } : null;
	const ok = await done(() => post(mail.id, 'unassign'), 'mail.not_unassigned');
	if (ok)
		toast.ok(say('mail.is_unassigned'), back ? undo(() => post(mail.id, 'assign', back), 'mail.not_assigned') : undefined);
	return ok;
}

export async function dismissMail(mail: MailRow): Promise<boolean> {
	const ok = await done(() => post(mail.id, 'dismiss'), 'mail.not_dismissed');
	if (ok)
		toast.ok(say('mail.is_dismissed'), undo(() => post(mail.id, 'undismiss'), 'mail.not_undismissed'));
	return ok;
}

export async function undismissMail(mail: MailRow): Promise<boolean> {
	const ok = await done(() => post(mail.id, 'undismiss'), 'mail.not_undismissed');
	if (ok)
		toast.ok(say('mail.is_undismissed'), undo(() => post(mail.id, 'dismiss'), 'mail.not_dismissed'));
	return ok;
}

export async function rereadMail(mail: MailRow): Promise<boolean> {
	const ok = await done(() => post(mail.id, 'read'), 'mail.not_reread');
	if (ok)
		toast.ok(say('mail.is_reread'));
	return ok;
}

export async function setThread(thread: { id: Id }, change: { state?: ThreadState; assignee_id?: Id | null }): Promise<boolean> {
	return done(() => api('PUT', `/api/crm/conversations/${thread.id}`, { body: change }), 'mail.not_changed');
}

/* closed, or opened again: taken back from the note that says so */
export async function closeThread(thread: ThreadRow): Promise<boolean> {
	const was = thread.state ?? 'open', to = was === 'done' ? 'open' : 'done';
	const ok = await setThread(thread, { state: to });
	if (ok)
		toast.ok(say(to === 'done' ? 'mail.is_closed' : 'mail.is_opened'), undo(() => api('PUT', `/api/crm/conversations/${thread.id}`, { body: { state: was } }), 'mail.not_changed'));
	return ok;
}
