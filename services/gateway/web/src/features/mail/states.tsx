/* Somebody whom a mail went to, and what is known of that, in words beside the colour. Never another state than the server's. */
import { sayValue, useT } from '../../i18n';
import { useScope } from '../../app/scope';
import { type MailRow, type Recipient, TONE } from './model';

export const calledOf = (one: { name?: string | null; email: string }): string => one.name || one.email;

export function Of({ one }: { one: Recipient }) {
	const t = useT();
	const { formats } = useScope();
	const name = one.kind === 'to' ? calledOf(one) : t(one.kind === 'cc' ? 'mail.in_cc' : 'mail.in_bcc', { name: calledOf(one) });
	return <span className={`tag ${TONE[one.state]}`} title={`${one.email} · ${formats.moment(one.state_at)}`}>{t('mail.state_of', { name, state: sayValue('mail_state', one.state) })}</span>;
}

/* what the server said of those whom it did not reach */
export function Reasons({ mail }: { mail: MailRow }) {
	const t = useT();
	return <ul className="muted small">{mail.recipients.filter((one) => one.reason && (TONE[one.state] === 'tag-danger' || one.state === 'unknown')).map((one) => <li key={one.n}>{t('mail.why', { name: one.email, reason: one.reason ?? '' })}</li>)}</ul>;
}
