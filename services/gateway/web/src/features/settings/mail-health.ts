/* What the figures of an account's sending mean. Knows no page. */
import type { MailHealth } from './mail-model';

const HOUR = 3_600_000;
/* mails wait that should have gone; or nothing that went has been seen to arrive for days, where arriving was ever told */
export function silenceOf(one: Pick<MailHealth, 'waiting' | 'oldest_seconds' | 'last_sent_at' | 'last_delivered_at'>, now: number): 'stuck' | 'silent' | null {
	if (one.waiting > 0 && one.oldest_seconds > 15 * 60)
		return 'stuck';
	const sent = one.last_sent_at ? Date.parse(one.last_sent_at) : 0;
	const came = one.last_delivered_at ? Date.parse(one.last_delivered_at) : 0;
	return came > 0 && sent - came > 24 * HOUR && now - sent > HOUR ? 'silent' : null;
}
