/* How an account's mail is, in words: what was last seen to go and to come, what waits, what failed and why, and whether a mail to oneself came back.
   Never calls anything well that was not seen. */
import { useState } from 'react';
import { useScope } from '../../app/scope';
import { sayValue, useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Section } from '../../ui/page';
import { agoOf, canaryOf, silenceOf, tookOf } from './mail-health';
import type { MailHealth } from './mail-model';
import { Trouble } from './mail-trouble';
import { write } from './write';

export function Health({ rows, changed }: { rows: MailHealth[]; changed(): Promise<void> }) {
	const t = useT();
	return <Section title={t('mail_set.health')} text={t('mail_set.health_text')}>{rows.map((one) => <One key={one.mail_account_id} one={one} changed={changed} />)}</Section>;
}

function One({ one, changed }: { one: MailHealth; changed(): Promise<void> }) {
	const t = useT();
	const { formats } = useScope();
	const silence = silenceOf(one, Date.now());
	return (
		<div data-health={one.mail_account_id}>
			<h3 className="timeline-day">{one.name}</h3>
			<Seen one={one} />
			<div className="metrics" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(min(210px, 100%), 1fr))' }}>
				<div className="metric"><span className="muted">{t('mail_set.waiting')}</span><b className="num">{formats.number(one.waiting)}</b><span className="muted num">{one.waiting ? t('mail_set.oldest', { minutes: Math.ceil(one.oldest_seconds / 60) }) : t('mail_set.nothing_waits')}</span></div>
				<div className="metric"><span className="muted">{t('mail_set.unknown')}</span><b className="num">{formats.number(one.unknown)}</b><span className="muted">{t('mail_set.unknown_text')}</span></div>
				<div className="metric"><span className="muted">{t('mail_set.failures')}</span><b className="num">{formats.number(one.failures.reduce((sum, failure) => sum + failure.count, 0))}</b><span className="muted">{t('mail_set.failures_text')}</span></div>
			</div>
			{silence && <p className="small">{t(silence === 'stuck' ? 'mail_set.stuck' : 'mail_set.silent')}</p>}
			{one.failures.length > 0 && <ul className="rules" style={{ marginTop: 8 }}>{one.failures.map((failure, at) => <li key={at}><Icon name="alert" size={14} /><span><b className="num">{failure.count}×</b> {sayValue('mail_state', failure.state)}{failure.reason ? `: ${failure.reason}` : ''}</span></li>)}</ul>}
			<Loop one={one} changed={changed} />
		</div>
	);
}

/* the last that was seen of it, the way that people say it */
function Seen({ one }: { one: MailHealth }) {
	const t = useT();
	const language = useLanguage();
	const ago = (moment: string) => agoOf(moment, Date.now(), language);
	return (
		<p className="small" style={{ marginBottom: 6 }} data-seen>
			{one.last_received_at ? t('mail_set.seen_in', { ago: ago(one.last_received_at) }) : t('mail_set.seen_in_never')}
			{' '}{one.last_sent_at ? t('mail_set.seen_out', { ago: ago(one.last_sent_at) }) : t('mail_set.seen_out_never')}
			{one.last_delivered_at && ` ${t('mail_set.seen_there', { ago: ago(one.last_delivered_at) })}`}
		</p>
	);
}

const TONES = { deaf: 'tag-warn', none: 'tag-warn', going: 'tag-warn', again: 'tag-warn', back: 'tag-ok', missing: 'tag-danger', failed: 'tag-danger' } as const;

/* the mail to oneself: what became of the last one, and one more now */
export function Loop({ one, changed }: { one: MailHealth; changed(): Promise<void> }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const [busy, setBusy] = useState(false);
	const says = canaryOf(one);
	const { canary, canary_going: going } = one;
	const ago = (moment: string) => agoOf(moment, Date.now(), language);
	const send = async () => {
		setBusy(true);
		await write(changed, 'POST', `/api/crm/mail/accounts/${one.mail_account_id}/canary`);
		setBusy(false);
	};
	return (
		<div className="rows" style={{ marginTop: 12 }} data-canary={says}>
			<div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'flex-start' }}>
				<span className="row-text" style={{ flexBasis: 240 }}>
					<b>{t('mail_set.loop')}<span className={`tag ${TONES[says]}`}>{sayValue('canary', says)}</span></b>
					<span className="muted" role="status">
						{says === 'deaf' && t('mail_set.loop_deaf')}
						{says === 'none' && t('mail_set.loop_none')}
						{says === 'again' && t('mail_set.loop_again')}
						{canary?.back_at && says === 'back' && t('mail_set.loop_back', { took: tookOf(canary.ms ?? 0, language), ago: ago(canary.back_at) })}
						{canary && says === 'missing' && t('mail_set.loop_missing', { when: formats.moment(canary.sent_at ?? canary.began_at) })}
						{canary && says === 'failed' && t('mail_set.loop_failed', { when: formats.moment(canary.sent_at ?? canary.began_at) })}
						{going && says !== 'again' && ` ${t('mail_set.loop_going', { ago: ago(going.began_at) })}`}
					</span>
					{says === 'missing' && <span>{t('mail_set.loop_missing_fix')}</span>}
					{says === 'again' && going && <Trouble words={going.reason} code={going.code} />}
					{says === 'failed' && canary && <Trouble words={canary.reason} code={canary.code} />}
					{(says === 'missing' || says === 'failed') && one.canary_back_at && <span className="muted num">{t('mail_set.loop_last', { when: formats.moment(one.canary_back_at) })}</span>}
				</span>
				{says !== 'deaf' && <Button icon="refresh" disabled={busy} aria-label={t('mail_set.loop_of', { name: one.name })} onClick={() => void send()}>{t('mail_set.loop_send')}</Button>}
			</div>
		</div>
	);
}
