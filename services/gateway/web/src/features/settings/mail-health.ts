/* What the figures of an account's sending mean. Knows no page. */
import type { Language } from '../../api/types';
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

/* what is known of mails to oneself: of the last that ended, and only before that of one on its way; deaf: nothing comes in by the account, so none can come back */
export type CanarySays = 'deaf' | 'none' | 'going' | 'again' | 'back' | 'missing' | 'failed';
export function canaryOf(one: Pick<MailHealth, 'receives' | 'canary' | 'canary_going'>): CanarySays {
	if (!one.receives)
		return 'deaf';
	if (one.canary_going?.reason)
		return 'again';
	const state = one.canary?.state;
	return state === 'back' || state === 'missing' || state === 'failed' ? state : one.canary_going ? 'going' : 'none';
}

/* a quarter of an hour ago, yesterday */
export function agoOf(moment: string, now: number, language: Language): string {
	const seconds = Math.min(0, Math.round((Date.parse(moment) - now) / 1000));
	const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
	for (const [unit, size] of [['day', 86_400], ['hour', 3600], ['minute', 60]] as const)
		if (-seconds >= size)
			return words.format(Math.trunc(seconds / size), unit);
	return words.format(seconds, 'second');
}

/* 4 seconds, 12 minutes */
export function tookOf(ms: number, language: Language): string {
	const unit = ms < 120_000 ? 'second' : ms < 7_200_000 ? 'minute' : 'hour';
	const size = unit === 'second' ? 1000 : unit === 'minute' ? 60_000 : HOUR;
	return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: ms < 10_000 ? 1 : 0 }).format(ms / size);
}
