/* Quotes, invoices, payments and orders in a story: what happened in a word, which document, how much. The amount is as it was then, never what it is now. */
import type { EventData, Money } from '../../api/types';
import type { Key, Translate } from '../../i18n';
import type { Formats } from '../../lib/format';
import type { IconName } from '../../ui/icons';

const TOLD = {
	'quote.created': ['timeline.quote_created', 'pdf', 'grey'],
	'quote.sent': ['timeline.quote_sent', 'send', 'blue'],
	'quote.viewed': ['timeline.quote_viewed', 'eye', 'orange'],
	'quote.accepted': ['timeline.quote_accepted', 'check', 'green'],
	'quote.declined': ['timeline.quote_declined', 'lost', 'red'],
	'quote.expired': ['timeline.quote_expired', 'clock', 'grey'],
	'invoice.created': ['timeline.invoice_created', 'pdf', 'grey'],
	'invoice.finalised': ['timeline.invoice_finalised', 'lock', 'blue'],
	'invoice.sent': ['timeline.invoice_sent', 'send', 'blue'],
	'invoice.viewed': ['timeline.invoice_viewed', 'eye', 'orange'],
	'invoice.reminded': ['timeline.invoice_reminded', 'bell', 'orange'],
	'invoice.overdue': ['timeline.invoice_overdue', 'alert', 'red'],
	'invoice.paid': ['timeline.invoice_paid', 'coins', 'green'],
	'credit_note.created': ['timeline.credit_created', 'pdf', 'grey'],
	'credit_note.finalised': ['timeline.credit_finalised', 'lock', 'blue'],
	'credit_note.sent': ['timeline.credit_sent', 'send', 'blue'],
	'payment.received': ['timeline.payment_received', 'coins', 'green'],
	'order.created': ['timeline.order_created', 'package', 'green'],
} as const satisfies Record<string, readonly [Key, IconName, string]>;

export interface MoneyTold { icon: IconName; tone: string; title: string; text?: string; tag?: string }

const textIn = (data: EventData, name: string): string | undefined => typeof data[name] === 'string' && data[name] !== '' ? (data[name] as string) : undefined;

function moneyIn(data: EventData, name: string): Money | undefined {
	const value = data[name] as Money | null | undefined;
	return typeof value === 'object' && value !== null && typeof value.amount === 'string' && typeof value.currency === 'string' ? value : undefined;
}

function titleOf(type: keyof typeof TOLD, data: EventData, t: Translate): string {
	if (type === 'payment.received' && data['removed'] === true)
		return t('timeline.payment_removed');
	if (type === 'payment.received' && moneyIn(data, 'amount')?.amount.startsWith('-'))
		return t('timeline.payment_back');
	if (type === 'invoice.reminded')
		return t('timeline.invoice_reminded', { step: Number(data['step']) });
	if ((type === 'quote.sent' || type === 'invoice.sent') && data['again'] === true)
		return t(type === 'quote.sent' ? 'timeline.quote_sent_again' : 'timeline.invoice_sent_again');
	return t(TOLD[type][0]);
}

/* null: it is about something else */
export function tellMoney(type: string, data: EventData, t: Translate, formats: Formats): MoneyTold | null {
	if (!Object.hasOwn(TOLD, type))
		return null;
	const known = type as keyof typeof TOLD;
	const money = moneyIn(data, type === 'payment.received' ? 'amount' : type === 'invoice.overdue' ? 'open' : 'total');
	const by = textIn(data, 'by');
	const text = [textIn(data, 'title'), by && t('timeline.quote_by', { name: by }), textIn(data, 'reason'), textIn(data, 'original_number')].filter(Boolean).join('\n');
	const tag = [textIn(data, 'number'), money && formats.money(money)].filter(Boolean).join(' · ');
	return { icon: TOLD[known][1], tone: TOLD[known][2], title: titleOf(known, data, t), ...(text ? { text } : {}), ...(tag ? { tag } : {}) };
}
