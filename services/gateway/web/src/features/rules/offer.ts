/* What the builder offers: of the server's list only what the catalogues of words have a name for, and of that only what fits where it is asked
   for. Knows no page, and no text. */
import i18next from 'i18next';
import type { OwnField } from '../../api/boards';
import type { Catalogue, CommandField, CommandInfo, FactInfo, FactKind, WhenBody } from '../../api/rules';
import { factsAsked, type Draft } from './draft';

export const EVENTS: Readonly<Record<string, readonly string[]>> = {
	lead: ['lead.created', 'lead.updated', 'lead.qualified', 'lead.contact_linked', 'booking.told'],
	deal: ['deal.created', 'deal.stage_changed', 'deal.updated', 'deal.followed_up', 'deal.converted'],
	quote: ['quote.sent', 'quote.accepted', 'quote.declined', 'quote.viewed', 'quote.expired', 'quote.created'],
	invoice: ['invoice.paid', 'invoice.sent', 'invoice.overdue', 'invoice.reminded', 'invoice.viewed', 'invoice.finalised', 'invoice.created', 'credit_note.created', 'credit_note.finalised', 'credit_note.sent'],
	money: ['payment.received', 'order.created', 'order.changed', 'account.balance_changed'],
	mail: ['mail.received', 'mail.sent', 'mail.delivered', 'mail.opened', 'mail.failed'],
	work: ['activity.added', 'activity.changed', 'reminder.due', 'record.tagged', 'segment.joined', 'segment.left', 'file.added', 'linked.added'],
	contact: ['contact.created', 'contact.updated'],
	account: ['account.created', 'account.updated'],
};
export const RECORDS = ['lead', 'deal', 'contact', 'account', 'document'] as const;
const OWN_OF = ['deal', 'contact', 'account'] as const;

/* which fields a step shows at once, and which when somebody asks for them */
export const FIELDS: Readonly<Record<string, { first: readonly string[]; more: readonly string[] }>> = {
	deal_move: { first: ['stage'], more: ['onwards', 'note', 'loss_reason', 'deal_id'] },
	deal_update: { first: [], more: ['owner_id', 'value', 'title', 'close_date', 'probability', 'notes', 'annotations', 'campaign', 'channel', 'account_type', 'plan_type', 'locale', 'loss_reason', 'deal_id'] },
	deal_create: { first: ['title'], more: ['value', 'stage', 'owner_id', 'contact_id', 'account_id', 'contact_name', 'company', 'close_date', 'notes', 'probability'] },
	deal_follow_up: { first: ['note'], more: ['stage', 'kind', 'at', 'title', 'owner_id', 'loss_reason', 'deal_id'] },
	activity_add: { first: ['kind', 'subject', 'due_at'], more: ['owner_id', 'note', 'priority', 'remind_at', 'duration_minutes', 'deal_id', 'lead_id', 'contact_id', 'account_id'] },
	deal_tag: { first: ['tags', 'add'], more: ['deal_id'] },
	contact_tag: { first: ['tags', 'add'], more: ['contact_id'] },
	account_tag: { first: ['tags', 'add'], more: ['account_id'] },
	mail_send: { first: ['to', 'template_id'], more: ['subject', 'text', 'language', 'transactional', 'send_at', 'deal_id', 'contact_id', 'lead_id', 'account_id'] },
	document_send: { first: [], more: ['subject', 'text', 'mail', 'ubl', 'document_id'] },
	invoice_from_quote: { first: [], more: ['percent', 'title', 'document_id'] },
	invoice_remind: { first: [], more: ['text', 'document_id'] },
	order_create: { first: ['deal_id'], more: ['document_id'] },
	quote_create: { first: ['deal_id'], more: ['title', 'intro', 'notes', 'language', 'contact_id', 'account_id'] },
	invoice_create: { first: ['deal_id'], more: ['title', 'intro', 'notes', 'language', 'contact_id', 'account_id'] },
	notice_ring: { first: ['title'], more: ['user_id', 'deal_id', 'lead_id', 'contact_id', 'account_id'] },
	hook_send: { first: ['hook_endpoint_id'], more: [] },
};

export const partsOf = (name: string): { of: string; field: string } => ({ of: name.slice(0, name.indexOf('.')), field: name.slice(name.indexOf('.') + 1) });
export const ownKey = (name: string): string | null => /^[a-z]+\.custom\.(.+)$/.exec(name)?.[1] ?? null;

const PICKED = new Set(['user', 'stage', 'segment']);
/* of an id that nobody picks from a list only whether there is one can be asked */
export const opsOf = (catalogue: Catalogue, fact: FactInfo): string[] => {
	const all = catalogue.operators[fact.kind] ?? [];
	return fact.kind === 'id' && !PICKED.has(fact.noun ?? '') ? all.filter((one) => one === 'filled' || one === 'empty') : all;
};
export const kindOfOwn = (field: OwnField): FactKind => (field.kind === 'number' ? 'number' : field.kind === 'money' ? 'money' : field.kind === 'date' ? 'date' : field.kind === 'boolean' ? 'flag' : 'text');
const OWN_OPS: Record<OwnField['kind'], FactKind> = { text: 'text', url: 'text', choice: 'choice', number: 'number', money: 'money', date: 'date', boolean: 'flag' };
export const opsOfOwn = (catalogue: Catalogue, field: OwnField): string[] => catalogue.operators[OWN_OPS[field.kind]] ?? [];

const wordFor = (fact: FactInfo): boolean => i18next.exists(`rule_fact.${partsOf(fact.name).field}`) && !(fact.kind === 'choice' && !CHOICE_WORDS[fact.noun ?? '']);
/* where the words of a set of choices stand */
export const CHOICE_WORDS: Readonly<Record<string, string>> = {
	stage_kind: 'stage_kind', lead_status: 'lead_status', activity_kind: 'kind', priority: 'priority', document_kind: 'doc_kind', document_state: 'doc_state', contact_type: 'contact_type',
	lifecycle: 'lifecycle', mail_state: 'mail_state', payment_method: 'pay_method', order_state: 'order_state', record_kind: 'rule_record', linked_kind: 'linked_kind',
};

const ABOUT: Readonly<Record<string, string>> = { quote: 'document', invoice: 'document', credit_note: 'document' };

export interface Own { about: string; fields: readonly OwnField[] }

/* a rule of each week is about no record: there is nothing of one to ask, nor to hand on */
export const offeredAt = (catalogue: Catalogue, when: WhenBody): Catalogue => ('each' in when ? { ...catalogue, facts: [] } : catalogue);

/* the facts that may be asked where this event is heard: its own first, then those of what it is about; one that the record has as well is said once */
export function factsOf(catalogue: Catalogue, event: string | null, own: readonly Own[] = []): FactInfo[] {
	const heard = catalogue.events.find((one) => one.type === event);
	const first = event ? (ABOUT[partsOf(event).of] ?? partsOf(event).of) : '';
	const known = new Set(catalogue.facts.map((one) => one.name));
	const said = (heard?.facts ?? []).filter((one) => !known.has(`${first}.${partsOf(one.name).field}`));
	const rank = (one: FactInfo): number => (partsOf(one.name).of === first ? 0 : heard?.records?.includes(partsOf(one.name).of) ? 1 : partsOf(one.name).of === 'history' ? 3 : 2);
	const rest = catalogue.facts.filter((one) => !one.name.includes('*')).map((one, at) => ({ one, at })).sort((a, b) => rank(a.one) - rank(b.one) || a.at - b.at).map(({ one }) => one);
	const theirs = rest.length === 0 ? [] : OWN_OF.flatMap((about) => (own.find((one) => one.about === about)?.fields ?? []).filter((one) => !one.retired).map((one): FactInfo => ({ name: `${about}.custom.${one.key}`, kind: 'own' })));
	return [...said, ...rest].filter((one) => wordFor(one)).concat(theirs);
}

export function factNamed(catalogue: Catalogue, event: string | null, name: string): FactInfo | undefined {
	if (ownKey(name))
		return { name, kind: 'own' };
	return catalogue.events.find((one) => one.type === event)?.facts.find((one) => one.name === name) ?? catalogue.facts.find((one) => one.name === name);
}

/* those of a draft that the event it hears now has not */
export const lostFacts = (catalogue: Catalogue, draft: Draft, event: string | null): string[] => factsAsked(draft).filter((name) => !factNamed(catalogue, event, name));

/* whether a fact can be what a field holds */
export function handsOn(fact: FactInfo, field: CommandField): boolean {
	switch (field.kind) {
	case 'text': return !['list', 'flag', 'own'].includes(fact.kind) && !(fact.kind === 'id');
	case 'id': return fact.kind === 'id' && (fact.noun === field.noun || field.noun === 'record');
	case 'choice': return fact.kind === 'choice' && fact.noun === field.noun;
	default: return fact.kind === field.kind;
	}
}

export const commandsOf = (catalogue: Catalogue): CommandInfo[] => Object.keys(FIELDS).flatMap((name) => catalogue.commands.find((one) => one.name === name) ?? []);

/* what a step begins with */
export function beginWith(command: CommandInfo, facts: readonly FactInfo[]): Record<string, unknown> {
	const out: Record<string, unknown> = {};
	const byName = (name: string) => facts.find((one) => one.name === name);
	const record = (noun: string): unknown => {
		const found = byName(`event.${noun}_id`) ?? byName(`${noun}.${noun}_id`);
		return found ? { fact: found.name } : undefined;
	};
	for (const name of FIELDS[command.name]?.first ?? []) {
		const noun = RECORDS.find((one) => name === `${one}_id`);
		if (noun && record(noun))
			out[name] = record(noun);
	}
	/* nobody who tags means to take the others off */
	if (command.name.endsWith('_tag'))
		out['add'] = true;
	if (command.name === 'activity_add') {
		const noun = (['deal', 'lead', 'contact', 'account'] as const).find((one) => byName(`event.${one}_id`)) ?? 'deal';
		Object.assign(out, { kind: 'task', due_at: { in: { days: 1 } }, ...(record(noun) ? { [`${noun}_id`]: record(noun) } : {}) });
	}
	if (command.name === 'mail_send') {
		out['to'] = [{ email: { fact: byName('event.lead_id') && !byName('event.contact_id') && !byName('event.deal_id') ? 'lead.email' : 'contact.email' } }];
		for (const noun of ['deal', 'contact', 'lead'])
			if (byName(`event.${noun}_id`))
				out[`${noun}_id`] = { fact: `event.${noun}_id` };
	}
	if (command.name === 'notice_ring') {
		const noun = (['deal', 'lead', 'contact', 'account'] as const).find((one) => byName(`event.${one}_id`));
		if (noun)
			out[`${noun}_id`] = { fact: `event.${noun}_id` };
		else if (!facts.length) /* about no record: nobody owns it */
			out['user_id'] = undefined;
	}
	return out;
}

/* the workspace's own fields that a command sets, each as if it were one of the command's: custom.KEY. One that is retired is there while it is set. */
const SETS_OWN: Readonly<Record<string, string>> = { deal_update: 'deal', deal_create: 'deal' };
export interface OwnGiven extends CommandField { own: OwnField }
export function ownFieldsOf(command: CommandInfo, own: readonly Own[], given: Record<string, unknown>): OwnGiven[] {
	const fields = command.fields.some((one) => one.name === 'custom') ? (own.find((one) => one.about === SETS_OWN[command.name])?.fields ?? []) : [];
	return fields.map((one): OwnGiven => ({ name: `custom.${one.key}`, kind: one.kind === 'boolean' ? 'flag' : one.kind === 'url' ? 'text' : one.kind, own: one })).filter((one) => !one.own.retired || one.name in given);
}
/* what a step is given, its own fields among the others; and back */
export const flatGiven = ({ custom, ...rest }: Record<string, unknown>): Record<string, unknown> => ({ ...rest, ...Object.fromEntries(Object.entries((custom ?? {}) as Record<string, unknown>).map(([key, value]) => [`custom.${key}`, value])) });
export function putGiven(given: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
	const key = /^custom\.(.+)$/.exec(name)?.[1];
	if (key !== undefined) {
		const custom = putGiven((given['custom'] ?? {}) as Record<string, unknown>, key, value);
		return putGiven(given, 'custom', Object.keys(custom).length ? custom : undefined);
	}
	if (value !== undefined)
		return { ...given, [name]: value };
	const { [name]: _old, ...rest } = given;
	return rest;
}

/* the fields of a step that are on the screen, in their order */
export const shownFields = (command: CommandInfo, given: Record<string, unknown>): CommandField[] => {
	const order = [...(FIELDS[command.name]?.first ?? []), ...(FIELDS[command.name]?.more ?? [])];
	const first = FIELDS[command.name]?.first ?? [];
	const names = [...order, ...Object.keys(given).filter((name) => !order.includes(name))].filter((name) => first.includes(name) || name in given);
	return names.flatMap((name) => command.fields.find((one) => one.name === name) ?? []);
};
export const moreFields = (command: CommandInfo, given: Record<string, unknown>): CommandField[] =>
	(FIELDS[command.name]?.more ?? []).filter((name) => !(name in given)).flatMap((name) => command.fields.find((one) => one.name === name) ?? []);
