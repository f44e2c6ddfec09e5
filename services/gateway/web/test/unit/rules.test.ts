/* Rules: a body edited and written back is the same, ids or not; problems are found by their pointers; sentences in both languages; what is offered
   fits; every event and field that is offered has its words. */
import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Body, Catalogue } from '../../src/api/rules';
import { linesOf } from '../../src/api/ndjson';
import en from '../../src/i18n/en.json';
import nl from '../../src/i18n/nl.json';
import type { Translate } from '../../src/i18n';
import { bodyOf, countConditions, countSteps, draftOf, factIn, factsAsked, freshStep, moved, pickIn, put, spanIn, spanOf, stageOf, token, within, withStage } from '../../src/features/rules/draft';
import { beginWith, CHOICE_WORDS, commandsOf, EVENTS, factsOf, FIELDS, flatGiven, handsOn, moreFields, offeredAt, opsOf, ownFieldsOf, putGiven, shownFields } from '../../src/features/rules/offer';
import { capital, sayFailed, sayGiven, sayRule, sayStood, stepNumbered, type Saying } from '../../src/features/rules/say';

const BODY: Body = {
	when: { event: 'quote.sent', after: { days: 3 } },
	if: { all: [{ fact: 'deal.outcome', op: 'is', value: ['open'] }, { any: [{ fact: 'deal.value', op: 'more', value: { amount: '1000', currency: 'EUR' } }, { fact: 'deal.tags', op: 'empty' }] }] },
	then: [
		{ do: 'deal_move', with: { stage: 'proposal' } },
		{ wait: { hours: 2 } },
		{ if: { none: [{ fact: 'deal.close_date', op: 'ahead', value: 7 }] }, then: [{ do: 'activity_add', with: { kind: 'call', subject: 'Bel', owner_id: { pick: ['a', 'b'], by: 'load' }, due_at: { in: { days: 1 } } } }], else: [{ stop: true }] },
	],
};
const CATALOGUE: Catalogue = {
	events: [{ type: 'quote.sent', records: ['deal', 'document'], facts: [{ name: 'event.deal_id', kind: 'id', noun: 'deal' }, { name: 'event.total', kind: 'money' }, { name: 'event.again', kind: 'flag' }, { name: 'event.link', kind: 'text' }] }],
	facts: [{ name: 'deal.deal_id', kind: 'id', noun: 'deal' }, { name: 'deal.value', kind: 'money' }, { name: 'deal.close_date', kind: 'date' }, { name: 'document.total', kind: 'money' }, { name: 'deal.custom.*', kind: 'own' }, { name: 'lead.email', kind: 'text' }, { name: 'history.matches', kind: 'number' }],
	operators: { id: ['is', 'is_not', 'empty', 'filled'], money: ['is', 'more'], text: ['is'], number: ['more'], date: ['before'] },
	commands: [
		{ name: 'deal_move', service: 'pipeline', fields: [{ name: 'deal_id', kind: 'id', noun: 'deal' }, { name: 'stage', kind: 'text', required: true }, { name: 'note', kind: 'text' }] },
		{ name: 'activity_add', service: 'contacts', fields: [{ name: 'kind', kind: 'choice', noun: 'activity_kind', required: true }, { name: 'subject', kind: 'text' }, { name: 'deal_id', kind: 'id', noun: 'deal' }, { name: 'due_at', kind: 'time' }, { name: 'owner_id', kind: 'id', noun: 'user' }] },
		{ name: 'unknown_thing', service: 'x', fields: [] },
	],
};
const names: Saying['names'] = {
	stage: (key) => (key === 'proposal' ? 'Voorstel' : null), user: (id) => ({ a: 'Anna', b: 'Bob' })[id] ?? null, tag: () => null, template: () => null, endpoint: () => null, segment: () => null,
	own: () => null, ownChoice: () => null, item: () => null, date: (day) => day, money: (amount, currency) => `${currency} ${amount}`, number: (text) => text,
};

beforeAll(async () => { await i18next.init({ lng: 'en', keySeparator: false, nsSeparator: false, contextSeparator: '@', interpolation: { escapeValue: false }, resources: { en: { translation: en }, nl: { translation: nl } } }); });
const saying = (): Saying => ({ t: ((key, values) => i18next.t(key, { ...values })) as Translate, names });

describe('fields of one\'s own that a step sets', () => {
	const field = (key: string, kind: 'choice' | 'number' | 'boolean', retired = false) => ({ id: key, workspace_id: 'w', about: 'deal' as const, kind, key, label: { en: key, nl: key }, needed: false, retired, position: 1, choices: null });
	const own = [{ about: 'deal', fields: [field('size', 'choice'), field('count', 'number'), field('old', 'boolean', true)] }];
	const update = { name: 'deal_update', service: 'pipeline', fields: [{ name: 'deal_id', kind: 'id', noun: 'deal' }, { name: 'custom', kind: 'json' }] };
	it('are offered where a command takes some; one that is retired only while it is set', () => {
		expect(ownFieldsOf(update, own, {}).map((one) => `${one.name} ${one.kind}`)).toEqual(['custom.size choice', 'custom.count number']);
		expect(ownFieldsOf(update, own, { 'custom.old': true }).map((one) => `${one.name} ${one.kind}`)).toEqual(['custom.size choice', 'custom.count number', 'custom.old flag']);
		expect(ownFieldsOf({ ...update, fields: [] }, own, {})).toEqual([]);
	});
	it('stand among the others, and go back to their place', () => {
		const given = { notes: 'x', custom: { size: 'm' } };
		expect(flatGiven(given)).toEqual({ notes: 'x', 'custom.size': 'm' });
		expect(putGiven(given, 'custom.count', '2.5')).toEqual({ notes: 'x', custom: { size: 'm', count: '2.5' } });
		expect(putGiven(given, 'custom.size', undefined)).toEqual({ notes: 'x' });
		expect(putGiven(given, 'notes', undefined)).toEqual({ custom: { size: 'm' } });
		expect(given).toEqual({ notes: 'x', custom: { size: 'm' } });
	});
	it('are said by their names', () => {
		const said = { ...saying(), names: { ...names, own: (_about: string, key: string) => (key === 'size' ? 'Maat' : null) } };
		expect(sayRule(said, { when: { event: 'deal.created' }, then: [{ do: 'deal_update', with: { custom: { size: 'm' } } }] })).toContain('Maat');
	});
});

describe('a body that is edited', () => {
	it('is the same when nothing was changed', () => expect(bodyOf(draftOf(BODY))).toEqual(BODY));
	it('says nothing of conditions where there are none', () => expect(bodyOf(draftOf({ when: { event: 'x' }, then: [] }))).toEqual({ when: { event: 'x' }, then: [] }));
	it('counts all that is within it', () => {
		const draft = draftOf(BODY);
		expect([countConditions(draft.group), countSteps(draft.steps)]).toEqual([3, 5]);
		expect(factsAsked(draft)).toEqual(['deal.outcome', 'deal.value', 'deal.tags', 'deal.close_date']);
	});
	it('moves, replaces and takes out by id', () => {
		const { steps } = draftOf(BODY);
		expect(moved(steps, 0, 2).map((one) => one.kind)).toEqual(['wait', 'branch', 'do']);
		expect(moved(steps, 0, 9)).toEqual(steps);
		expect(put(steps, steps[1]?.id ?? 0, null).map((one) => one.kind)).toEqual(['do', 'branch']);
	});
	it('copies a step as another, whole', () => {
		const branch = draftOf(BODY).steps[2];
		if (!branch)
			throw new Error('no branch');
		const copy = freshStep(branch);
		expect(copy.id).not.toBe(branch.id);
		expect(bodyOf({ ...draftOf(BODY), steps: [copy] }).then).toEqual([BODY.then[2]]);
	});
	it('tells what a value is', () => {
		expect([factIn({ fact: 'deal.value' }), factIn('deal.value'), factIn({ fact: 3 })]).toEqual(['deal.value', null, null]);
		expect(spanIn({ in: { days: 2 } })).toEqual({ days: 2 });
		expect(pickIn({ pick: ['a'], by: 'load' })).toEqual({ pick: ['a'], by: 'load' });
		expect([spanOf({ weeks: 2 }), spanOf(undefined)]).toEqual([{ unit: 'weeks', n: 2 }, { unit: 'days', n: null }]);
	});
});

describe('problems', () => {
	const problems = [{ pointer: '/then/1', code: 'a', detail: '' }, { pointer: '/then/1/with/stage', code: 'b', detail: '' }, { pointer: '/then/10', code: 'c', detail: '' }];
	it('are found by where they are, and what is within', () => expect(within(problems, '/then/1').map((one) => one.code)).toEqual(['a', 'b']));
	it('name a member as RFC 6901 has it', () => expect(token('a/b~c')).toBe('a~1b~0c'));
});

describe('sentences', () => {
	it('say a rule in English and in Dutch', async () => {
		await i18next.changeLanguage('en');
		expect(sayRule(saying(), BODY)).toBe('3 days after a quote is sent, if Deal: open, won or lost is Open and (Deal: value is more than EUR 1000 or Deal: tags is empty), then move the deal to Voorstel, wait 2 hours, if none of these: Deal: expected close is in the next 7 days: plan: Call “Bel”, otherwise stop');
		expect(sayRule(saying(), { when: { event: 'deal.updated' }, if: { all: [{ fact: 'event.value', op: 'more', value: { amount: 2000, currency: 'EUR' } }] }, then: [{ do: 'activity_add', with: { kind: 'call', subject: 'Bel {{deal.title}}' } }] })).toBe('When a deal is changed, if Event: value is more than EUR 2000, then plan: Call “Bel ‹Deal: title›”');
		const task = (due: unknown) => sayGiven(saying(), 'due_at', due);
		expect([task({ in: { days: 1 }, at: '09:00' }), task({ in: { days: 1 } })]).toEqual(['in 1 day at 09:00', 'in 1 day']);
		const tagged = (add?: boolean) => sayRule(saying(), { when: { event: 'deal.updated' }, then: [{ do: 'deal_tag', with: { tags: ['nobody’s'], ...(add === undefined ? {} : { add }) } }] });
		expect(tagged(true)).toContain('tag the deal');
		expect([tagged(false), tagged()]).toEqual([expect.stringContaining('replace the tags of the deal by'), expect.stringContaining('replace the tags of the deal by')]);
		await i18next.changeLanguage('nl');
		expect(sayRule(saying(), BODY)).toContain('3 dagen nadat een offerte wordt verstuurd, als Deal: open, gewonnen of verloren is Open');
		await i18next.changeLanguage('en');
	});
	it('never show an id', () => expect(sayRule(saying(), { when: { event: 'deal.created' }, then: [{ do: 'hook_send', with: { hook_endpoint_id: '0190aaaa-1111-7222-8333-444455556666' } }] })).not.toContain('0190'));
	it('begin a word large', () => expect(capital('één')).toBe('Één'));
	it('find a step by its number through branches', () => expect([stepNumbered(BODY.then, 4), stepNumbered(BODY.then, 5), stepNumbered(BODY.then, 6)]).toEqual([(BODY.then[2] as { then: unknown[] }).then[0], { stop: true }, null]));
});

describe('what is offered', () => {
	it('is nothing of a record where the rule is of each week, and a bell asks for whom', () => {
		const weekly = offeredAt(CATALOGUE, { each: ['monday'], at: '09:00' });
		expect(factsOf(weekly, null, [{ about: 'deal', fields: [{ key: 'maat', kind: 'text' } as never] }])).toEqual([]);
		expect(offeredAt(CATALOGUE, { event: 'deal.created' })).toBe(CATALOGUE);
		const bell = { name: 'notice_ring', fields: [] } as never;
		expect(Object.keys(beginWith(bell, weekly.facts))).toEqual(['user_id']);
		expect(Object.keys(beginWith(bell, CATALOGUE.facts))).not.toContain('user_id');
	});
	it('are facts with words, each once, first those of what it is about', () => {
		const got = factsOf(CATALOGUE, 'quote.sent').map((one) => one.name);
		expect(got).toEqual(['event.deal_id', 'event.again', 'document.total', 'deal.deal_id', 'deal.value', 'deal.close_date', 'lead.email', 'history.matches']);
	});
	it('asks of a record only whether there is one', () => expect(opsOf(CATALOGUE, { name: 'event.deal_id', kind: 'id', noun: 'deal' })).toEqual(['empty', 'filled']));
	it('hands on what is of the same kind', () => {
		expect(handsOn({ name: 'deal.close_date', kind: 'date' }, { name: 'due_at', kind: 'time' })).toBe(false);
		expect(handsOn({ name: 'event.deal_id', kind: 'id', noun: 'deal' }, { name: 'deal_id', kind: 'id', noun: 'deal' })).toBe(true);
	});
	it('are commands with words, begun with what they need', () => {
		expect(commandsOf(CATALOGUE).map((one) => one.name)).toEqual(['deal_move', 'activity_add']);
		const command = CATALOGUE.commands[1];
		if (!command)
			throw new Error('no command');
		const begun = beginWith(command, [...(CATALOGUE.events[0]?.facts ?? []), ...CATALOGUE.facts]);
		expect(begun).toEqual({ kind: 'task', due_at: { in: { days: 1 } }, deal_id: { fact: 'event.deal_id' } });
		expect(shownFields(command, begun).map((one) => one.name)).toEqual(['kind', 'subject', 'due_at', 'deal_id']);
		expect(moreFields(command, begun).map((one) => one.name)).toEqual(['owner_id']);
	});
	it('has words, all of it', () => {
		const missing = [...Object.values(EVENTS).flat().map((one) => `rule_event.${one}`), ...Object.keys(EVENTS).map((one) => `rule_group.${one}`), ...Object.keys(FIELDS).map((one) => `rule_do.${one}`),
			...Object.values(FIELDS).flatMap((one) => [...one.first, ...one.more]).map((one) => `rule_field.${one}`)].filter((key) => !(key in en));
		expect(missing).toEqual([]);
		expect(Object.values(CHOICE_WORDS).filter((prefix) => !Object.keys(en).some((key) => key.startsWith(`${prefix}.`)))).toEqual([]);
	});
});

describe('a ready-made rule that moves deals', () => {
	/* as presets.c writes it */
	const open = { fact: 'deal.outcome', op: 'is', value: 'open' };
	const sent: Body = { when: { event: 'quote.sent' }, if: { all: [open, { none: [{ fact: 'deal.stage', op: 'is', value: ['sent', 'talks', 'won'] }] }] }, then: [{ do: 'deal_move', with: { deal_id: { fact: 'event.deal_id' }, stage: 'sent' } }] };
	it('says which stage', () => expect([stageOf(sent), stageOf(BODY), stageOf({ when: { event: 'x' }, then: [{ stop: true }] })]).toEqual(['sent', 'proposal', null]));
	it('goes to another one, and lets alone what stands there or further', () => {
		const later = withStage(sent, 'talks', ['talks', 'won']);
		expect(later).toEqual({ ...sent, if: { all: [open, { none: [{ fact: 'deal.stage', op: 'is', value: ['talks', 'won'] }] }] }, then: [{ do: 'deal_move', with: { deal_id: { fact: 'event.deal_id' }, stage: 'talks' } }] });
		expect(withStage(later, 'sent', ['sent', 'talks', 'won'])).toEqual(sent);
	});
	it('keeps every other condition', () => {
		const paid: Body = { ...sent, if: { all: [open, { none: [{ fact: 'deal.left_to_invoice', op: 'more', value: 0 }] }] } };
		expect(withStage(paid, 'won', ['won']).if).toEqual(paid.if);
		expect(withStage({ when: sent.when, then: sent.then }, 'won', ['won'])).toEqual({ when: sent.when, then: [{ do: 'deal_move', with: { deal_id: { fact: 'event.deal_id' }, stage: 'won' } }] });
	});
});

describe('a dry run\'s lines', () => {
	it('are read as they come, in pieces', () => {
		const first = linesOf('{"progress":{"events":1,"of":9,"at":""}}\n{"mat');
		expect(first).toEqual({ lines: [{ progress: { events: 1, of: 9, at: '' } }], rest: '{"mat' });
		expect(linesOf(`${first.rest}ch":{"id":"x"}}\nrubbish\n`)).toEqual({ lines: [{ match: { id: 'x' } }], rest: '' });
	});
});

describe('why not', () => {
	it('says which condition did not hold and what stood there, and nothing of what is not kept', () => {
		const one = { fact: 'deal.value', op: 'more', value: { amount: '1000', currency: 'EUR' } };
		expect(sayFailed(saying(), 2, one)).toMatch(/^Condition 2 did not hold: .*EUR 1000$/);
		expect(sayFailed(saying(), 2, null)).toBe('Condition 2 did not hold.');
		expect(sayStood(saying(), 'deal.value', { amount: '50.00', currency: 'EUR' }, false)).toBe('It was: EUR 50.00');
		expect(sayStood(saying(), 'deal.value', null, false)).toBe('It was empty.');
		expect(sayStood(saying(), 'deal.value', undefined, true)).toBe('It was not known.');
		expect(sayStood(saying(), 'deal.custom.colour', undefined, false)).toBe('');
	});
});
