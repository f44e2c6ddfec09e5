/* What is said of a mail that was just sent: it goes in ten seconds, and until then it is taken back into the form with all that stood in it. */
import { api } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { say } from '../../i18n';
import type { Formats } from '../../lib/format';
import { toast } from '../../ui/toast';
import { askMail, type Draft, type MailAsk } from './ask';
import { mailsChanged } from './reads';

/* as long as the server holds a mail back, less the way of its answer */
const UNDO_MS = 9500;

async function takeBack(id: Id, asked: MailAsk, draft: Partial<Draft>): Promise<void> {
	try {
		await api('POST', `/api/crm/mails/${id}/cancel`, { body: {} });
		askMail({ ...asked, draft });
		toast.ok(say('mail.taken_back'));
	} catch (fault) {
		toast.error(say('mail.not_taken_back'), problemText(fault));
	}
	await mailsChanged();
}

export function sentToast(id: Id, asked: MailAsk, draft: Partial<Draft>, at: string | null, formats: Formats): void {
	const first = draft.to?.[0];
	const who = first?.name ?? first?.email ?? '';
	toast.ok(at ? say('mail.planned', { name: who, when: formats.moment(at) }) : say('mail.going', { name: who }), { label: say('common.undo'), hotkey: 'Z', ms: UNDO_MS, run: () => void takeBack(id, asked, draft) });
}
