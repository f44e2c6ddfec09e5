/* How much waits in the inbox, in the menu: conversations in which somebody waits for us, and what belongs to nothing yet. */
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { useLiveMails, useMailCounts } from './reads';

export function MailCount() {
	const t = useT();
	const { reads, formats } = useScope();
	const counts = useMailCounts(reads, true);
	useLiveMails();
	const waits = (counts?.open ?? 0) + (counts?.unmatched ?? 0);
	return waits ? <span className="chat-count num"><span aria-hidden="true">{waits > 99 ? '99+' : formats.number(waits)}</span><span className="hidden-text">{t('tab.inbox_waits', { count: waits })}</span></span> : null;
}
