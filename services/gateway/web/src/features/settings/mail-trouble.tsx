/* How an account is, in a word; and what is wrong with it: what to do first, then what its server said. */
import { sayValue, useT } from '../../i18n';
import { troubleOf } from '../mail/model';
import type { MailAccount } from './mail-model';

/* one that may send nothing is neither well nor ill */
export function State({ state, off = false }: { state: MailAccount['state']; off?: boolean }) {
	const t = useT();
	if (off)
		return <span className="tag">{t('mail_set.off')}</span>;
	return <span className={`tag ${state === 'works' ? 'tag-ok' : state === 'fails' ? 'tag-danger' : 'tag-warn'}`}>{t(state === 'works' ? 'mail_set.works' : state === 'fails' ? 'mail_set.fails' : 'mail_set.unchecked')}</span>;
}

/* `oauth`: it has no password that could be wrong */
export function Trouble({ words, code = null, oauth = false }: { words: string | null; code?: number | null; oauth?: boolean }) {
	const t = useT();
	const trouble = troubleOf(code, words);
	return <span><b>{sayValue('mail_fix', oauth && trouble === 'login' ? 'oauth' : trouble)}</b>{words && <span className="muted">{t('mail_set.server_said', { words })}</span>}</span>;
}

/* the mailbox that is looked into, where it fails */
export function MailboxTrouble({ one }: { one: MailAccount }) {
	const t = useT();
	return <span><b>{t('mail_set.mailbox_fails')} {sayValue('mailbox_fix', one.imap_fault ?? 'server')}</b>{one.imap_error && <span className="muted">{t('mail_set.server_said', { words: one.imap_error })}</span>}</span>;
}
