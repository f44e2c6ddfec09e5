/* Whether the lead that was sent has come back over the stream as a deal, and after how long. Never takes one lead for another
   where the hook's answer said which it is. */
import type { CrmEvent } from '../../api/types';

/* `ids`: the leads the hook made of it, once it has answered; times by performance.now() */
export interface Sent { at: number; ids: string[] | null }
export interface Arrival { title: string; contact: string | null; number: number; ms: number | null }

/* when this page heard an event */
const heard = new WeakMap<CrmEvent, number>();

export function arrival(events: readonly CrmEvent[], sent: Sent | null, now: () => number = () => performance.now()): Arrival | null {
	let found: Arrival | null = null;
	for (const event of events) {
		if (!heard.has(event))
			heard.set(event, now());
		if (event.type !== 'deal.created')
			continue;
		const lead = event.data.lead_id;
		const own = sent?.ids ? sent.ids.includes(lead ?? '') : false;
		/* while the hook has not answered it may be anybody's; one sent from a terminal has no beginning here */
		if (sent && !own)
			continue;
		found = { title: event.data.title, contact: event.data.contact_name ?? null, number: event.data.number, ms: sent ? Math.max(0, (heard.get(event) ?? now()) - sent.at) : null };
	}
	return found;
}

export function seconds(ms: number, language: string): string {
	return new Intl.NumberFormat(language, { maximumFractionDigits: ms < 1000 ? 2 : 1, minimumFractionDigits: 1 }).format(ms / 1000);
}
