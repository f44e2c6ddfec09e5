/* One EventSource and what is said about it to whoever listens: the body of the shared worker and of the tab that
   leads when there is no shared worker. Never interprets an event; a stream that was cut for good is opened anew and
   announced as a reset, because what was missed is not known. */
import type { CrmEvent } from './records';

export type StreamState = 'connecting' | 'open' | 'retrying';
export type StreamNote =
	| { kind: 'state'; state: StreamState }
	| { kind: 'event'; type: string; text: string }
	| { kind: 'reset' }
	| { kind: 'bye'; reason: string };

const TYPES = [
	'erasure.settled',
	'lead.created', 'lead.updated', 'lead.qualified', 'lead.contact_linked', 'booking.told',
	'contact.created', 'contact.updated', 'contact.trashed', 'contact.restored', 'contact.merged', 'contact.unmerged', 'account.merged', 'account.unmerged',
	'deal.created', 'deal.updated', 'deal.stage_changed', 'deal.trashed', 'deal.restored',
	'board.changed', 'catalogue.changed', 'custom_field.changed', 'currency.changed', 'rate.changed', 'prefs.changed', 'view.changed', 'notices.changed', 'record.assigned', 'notice.rung',
	'file.added', 'file.removed', 'file.restored', 'activity.added', 'activity.changed', 'activity.removed', 'activity.restored', 'deal.followed_up', 'reminder.due', 'record.tagged', 'tag.changed', 'segment.changed', 'template.changed', 'segment.joined', 'segment.left',
	'account.created', 'account.updated', 'account.trashed', 'account.restored', 'deal.converted', 'location.added', 'location.changed', 'location.removed', 'location.restored',
	'linked.added', 'linked.changed', 'linked.removed', 'linked.restored', 'fact.changed', 'push.waits', 'push.settled', 'record.refused', 'record.pushed',
	'message.posted', 'message.changed', 'message.removed', 'room.seen', 'mention.made',
	'mail.queued', 'mail.sent', 'mail.delivered', 'mail.opened', 'mail.failed', 'mail.cancelled', 'mail.received', 'mail.assigned', 'mail.unassigned', 'mail.dismissed', 'mail.thread_changed', 'mail_account.changed', 'suppression.changed',
	'company.changed', 'catalog_item.changed', 'series.changed', 'document.changed', 'quote.created', 'quote.sent', 'quote.viewed', 'quote.accepted', 'quote.declined', 'quote.expired', 'invoice.created', 'invoice.finalised', 'invoice.sent', 'invoice.viewed', 'invoice.reminded', 'invoice.overdue', 'invoice.paid',
	'credit_note.created', 'credit_note.finalised', 'credit_note.sent', 'payment.received', 'account.balance_changed', 'statement.imported', 'pay_provider.changed', 'recurrence.changed', 'order.created', 'order.changed',
	'rule.changed', 'rule.fired', 'hook_endpoint.changed',
] satisfies Array<CrmEvent['type']>;
/* a stream says its id within a quarter of a second; one cut before that continues from nowhere */
const ID_MS = 1500;
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15000];

export class Stream {
	private source: EventSource | null = null;
	private timer: ReturnType<typeof setTimeout> | null = null;
	private failures = 0;
	private opened = false;
	private openSince: number | null = null;
	private cutEarly = false;
	/* a reset mostly ends the stream, and a change of rights or words carries no event: one that falls into the pause would be
	   missed, and so would what a service makes of it a moment later */
	private wasReset = false;
	state: StreamState = 'connecting';

	/* `gap`: others heard a stream before this one, so what came between the two is not known */
	constructor(private readonly url: string, private readonly tell: (note: StreamNote) => void, gap = false) {
		this.cutEarly = gap;
		this.open();
	}

	private become(state: StreamState): void {
		this.state = state;
		this.tell({ kind: 'state', state });
	}

	private open(): void {
		const source = new EventSource(this.url, { withCredentials: true });
		this.source = source;
		source.onopen = () => {
			this.failures = 0;
			this.openSince = Date.now();
			this.become('open');
			if (this.cutEarly || this.wasReset)
				this.tell({ kind: 'reset' });
			this.cutEarly = false;
			this.wasReset = false;
		};
		source.onerror = () => {
			this.become('retrying');
			if (this.openSince !== null)
				this.cutEarly = Date.now() - this.openSince < ID_MS;
			this.openSince = null;
			if (source.readyState !== EventSource.CLOSED)
				return; /* the browser tries again by itself, with Last-Event-ID */
			source.close();
			/* refused: rights or session may be gone, and a page that reads again finds out */
			if (this.failures === 0)
				this.tell({ kind: 'reset' });
			const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)] ?? 15000;
			this.timer = setTimeout(() => this.reopen(), wait);
		};
		for (const type of TYPES)
			source.addEventListener(type, (event: MessageEvent<string>) => this.tell({ kind: 'event', type, text: event.data }));
		source.addEventListener('reset', () => {
			this.wasReset = true;
			this.tell({ kind: 'reset' });
		});
		source.addEventListener('bye', (event: MessageEvent<string>) => {
			this.close();
			this.tell({ kind: 'bye', reason: event.data });
		});
		if (this.opened)
			source.addEventListener('open', () => this.tell({ kind: 'reset' }), { once: true });
		this.opened = true;
	}

	private reopen(): void {
		this.timer = null;
		this.open();
	}

	/* the network is back: do not wait for the timer */
	nudge(): void {
		if (this.timer === null)
			return;
		clearTimeout(this.timer);
		this.reopen();
	}

	close(): void {
		if (this.timer !== null)
			clearTimeout(this.timer);
		this.timer = null;
		this.source?.close();
		this.source = null;
	}
}
