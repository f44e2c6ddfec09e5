/* Requests: what can be done with which, what a replay says, a mapping edited and written back is the same; and every path that is offered finds the value it
   was offered for. */
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/api/ndjson';
import { bodyOf, draftOf, emptyRule, missingOf, movedRule, type RuleBody, withValue, wrongOf } from '../../src/features/requests/draft';
import { canMake, canReread, countOf, NOTHING_TOLD, OUTCOMES, replayOf, type ReplayLine, toldBy } from '../../src/features/requests/model';
import { couldHold, leadsAt, leavesOf, readable, treeOf, type Value, valueAt } from '../../src/features/requests/tree';

describe('what can be done with a request', () => {
	it('is a lead of what is suspect, and another reading of what could not be read', () => {
		expect(OUTCOMES.filter((outcome) => canMake({ outcome }))).toEqual(['duplicate', 'spam', 'bad_signature', 'test']);
		expect(OUTCOMES.filter((outcome) => canReread({ outcome }))).toEqual(['bad_request', 'no_workspace']);
	});
	it('is asked of all that fits, never of what is not meant', () => {
		expect(replayOf({})).toEqual({ outcome: 'bad_request,no_workspace' });
		expect(replayOf({ outcome: 'open', source: 's', q: 'piet', from: 'f', to: 't' })).toEqual({ outcome: 'bad_request,no_workspace', source: 's', q: 'piet', from: 'f', to: 't' });
		expect(replayOf({ outcome: 'bad_request,spam' })).toEqual({ outcome: 'bad_request' });
		expect(replayOf({ outcome: 'spam' })).toBeNull();
	});
	it('is counted', () => expect([countOf({ data: [{ outcome: 'spam', n: 3 }, { outcome: 'lead', n: 4 }], more: false }, ['spam', 'test']), countOf(undefined, ['spam'])]).toEqual([3, 0]));
});

describe('a replay', () => {
	const text = '{"progress":{"done":1,"of":3}}\n{"submission":{"id":"a","outcome":"lead","lead_ids":["l1","l2"]}}\nnot json\n{"submission":{"id":"b","outcome":"bad_request","reason":"x"}}\n{"end":{"leads":2,"duplicates":0,"refused":1,"had":0}}\n{"pro';
	it('is told as it comes, in whatever pieces', () => {
		const whole = linesOf<ReplayLine>(text);
		expect(whole.rest).toBe('{"pro');
		let held = '', told = NOTHING_TOLD;
		for (const letter of text) {
			const { lines, rest } = linesOf<ReplayLine>(held + letter);
			held = rest;
			told = lines.reduce(toldBy, told);
		}
		expect(told).toEqual(whole.lines.reduce(toldBy, NOTHING_TOLD));
		expect(told).toEqual({ done: 1, of: 3, leads: ['l1', 'l2'], refused: [{ id: 'b', outcome: 'bad_request', reason: 'x' }], end: { leads: 2, duplicates: 0, refused: 1, had: 0 } });
	});
	it('does not keep thousands of refusals', () => {
		const line: ReplayLine = { submission: { id: 'b', outcome: 'bad_request' } };
		expect(Array.from({ length: 500 }, () => line).reduce(toldBy, NOTHING_TOLD).refused.length).toBe(20);
	});
});

const MAPPING: RuleBody[] = [
	{ read: 'lines', at: 'data.leads' },
	{ to: 'email', from: 'klant.mail' },
	{ to: 'phone', from: ['mobiel', 'tel'] },
	{ to: 'message', from: ['vraag', 'wens'], join: '\n' },
	{ to: 'form_type', value: 'Offerte' },
	{ to: 'fields.maat', from: 'size', values: { s: 'Klein', l: '' }, else: '' },
	{ to: 'last_name', from: 'naam', part: 'last' },
	{ to: 'fields.datum.dag', from: 'wanneer', as: 'date' },
];

describe('a mapping', () => {
	it('edited and written back is the same', () => {
		expect(bodyOf(draftOf(MAPPING))).toEqual({ mapping: MAPPING, at: [-1, 0, 1, 2, 3, 4, 5, 6] });
		expect(bodyOf(draftOf(null))).toEqual({ mapping: [], at: [] });
		expect(bodyOf(draftOf([{ to: 'name', from: ['a'] }])).mapping).toEqual([{ to: 'name', from: 'a' }]);
	});
	it('leaves out what is not whole yet, and knows which rule a fault is of', () => {
		const draft = draftOf(MAPPING.slice(1, 3));
		draft.rules.unshift(emptyRule());
		const { mapping, at } = bodyOf(draft);
		expect([mapping.length, at]).toEqual([2, [1, 2]]);
		expect(wrongOf([{ pointer: '/mapping/1/from/0', code: 'malformed', detail: '' }, { pointer: '/mapping', code: 'too_many', detail: '' }, { pointer: '/ids/0', code: 'required', detail: '' }], at))
			.toEqual([{ rule: 2, member: 'from', code: 'malformed', detail: '' }, { rule: null, member: '', code: 'too_many', detail: '' }]);
		expect(wrongOf([{ pointer: '/mapping/0/read', code: 'not_a_choice', detail: 'x' }], [-1, 0])).toEqual([{ rule: -1, member: 'read', code: 'not_a_choice', detail: 'x' }]);
	});
	it('says what is missing', () => {
		expect(missingOf(emptyRule())).toEqual(['to', 'from']);
		expect(missingOf(emptyRule({ to: 'fields', field: ' ', from: ['a'] }))).toEqual(['to']);
		expect(missingOf(emptyRule({ to: 'name', constant: ' ' }))).toEqual(['value']);
		expect(missingOf(emptyRule({ to: 'name', from: ['', ' a '] }))).toEqual([]);
	});
	it('takes a value that is pointed at: a rule of its own, one that was begun, or one more place of the one there is', () => {
		let draft = withValue(draftOf(null), 'klant.mail', 'email').draft;
		draft = withValue(draft, 'mail2', 'email').draft;
		draft = withValue(draft, 'mail2', 'email').draft;
		draft = withValue({ ...draft, rules: [...draft.rules, emptyRule()] }, 'a.maat', 'fields').draft;
		draft = withValue(draft, 'b.maat', 'fields').draft;
		expect(bodyOf(draft).mapping).toEqual([{ to: 'email', from: ['klant.mail', 'mail2'] }, { to: 'fields.maat', from: 'a.maat' }, { to: 'fields.maat', from: 'b.maat' }]);
	});
	it('is put in another order', () => {
		const names = (rules: ReturnType<typeof movedRule>) => rules.map((one) => one.to).join(' ');
		const { rules } = draftOf([{ to: 'name', from: 'a' }, { to: 'email', from: 'b' }, { to: 'phone', from: 'c' }]);
		expect([names(movedRule(rules, 0, 2)), names(movedRule(rules, 2, 0)), names(movedRule(rules, 1, 9))]).toEqual(['email phone name', 'phone name email', 'name phone email']);
	});
});

const plain = (value: Value | undefined): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

describe('a body', () => {
	it('is read as its type says, as the rules say, or as it looks', () => {
		expect(plain(treeOf('{"a":{"b":1}}', 'application/json', ''))).toEqual({ a: { b: 1 } });
		expect(plain(treeOf('a=1&b[c]=2&b[d][]=x&b[d][]=y&e[0]=p&e[1]=q&a=3', 'application/x-www-form-urlencoded', ''))).toEqual({ a: ['1', '3'], b: { c: '2', d: ['x', 'y'] }, e: ['p', 'q'] });
		expect(plain(treeOf('--x\r\nContent-Disposition: form-data; name="naam"\r\n\r\nPiet\r\n--x\r\nContent-Disposition: form-data; name="f"; filename="a.pdf"\r\n\r\n%PDF\r\n--x--\r\n', 'multipart/form-data; boundary=x', ''))).toEqual({ naam: 'Piet' });
		expect(plain(treeOf('Naam: Piet de Vries\nE-mail: piet@example.nl\n\nVraag: Wat kost het?\nEn wanneer?\n', 'text/plain', 'lines'))).toEqual({ 'Naam': 'Piet de Vries', 'E-mail': 'piet@example.nl', 'Vraag': 'Wat kost het?\nEn wanneer?' });
		expect(plain(treeOf('Beste,\r\nnaam = Jan\r\ntel\t06\r\nzie https://x.nl\r\n\r\nIk wil graag weten of: ja\r\n', null, 'lines'))).toEqual({ message: 'Beste,', naam: 'Jan', tel: '06\nzie https://x.nl\n\nIk wil graag weten of: ja' });
		expect(plain(treeOf('"{\\"a\\":1}"', null, 'json'))).toEqual({ a: 1 });
		expect([treeOf('Naam: Piet', 'application/json', ''), treeOf('', null, ''), treeOf('hallo', 'text/plain', 'lines')]).toEqual([undefined, undefined, undefined]);
		expect(plain(treeOf('a=1', null, ''))).toEqual({ a: '1' });
	});
	it('tells how it could be read', () => {
		expect(readable('Naam: Piet')).toEqual(['lines']);
		expect(readable('{"a":1}')).toContain('json');
		expect(readable('')).toEqual([]);
	});
	it('of a stranger changes nothing but its own tree', () => {
		const tree = treeOf('__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__=x', 'application/x-www-form-urlencoded', '');
		expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
		expect(tree && Object.keys(tree as object)).toContain('__proto__');
		treeOf('__proto__: a\nconstructor: b', null, 'lines');
		expect(({} as Record<string, unknown>)['a']).toBeUndefined();
	});
});

describe('paths', () => {
	const tree: Value = { 'klant': { 'adres': { plaats: 'Ede' } }, 'a.b': 'dots', 'a': { c: 1 }, 'items': [{ naam: 'x' }, { naam: 'y' }], 'antwoorden': [{ name: 'tel', value: '06' }, { label: 'Soort', value: ['a', 'b'] }, { name: '7', value: 'zeven' }], 'leeg': null, 'ja': true };
	it('each find the value they were made for', () => {
		const leaves = leavesOf(tree);
		for (const leaf of leaves.filter((one) => one.uses))
			expect(valueAt(tree, leaf.path), leaf.path).toEqual(leaf.value);
		expect(leaves.filter((one) => one.uses).map((one) => one.path)).toEqual(['klant.adres.plaats', 'a.b', 'a.c', 'items.0.naam', 'items.1.naam', 'antwoorden.tel', 'antwoorden.Soort', 'antwoorden.2.name', 'antwoorden.2.value', 'ja']);
	});
	it('that would find something else are not offered', () => expect(leavesOf({ 'a.b': 1, 'a': { b: 2 } }).map((one) => [one.path, one.uses])).toEqual([['a.b', true], ['a', false], ['a.b', false]]));
	it('find nothing where nothing is, nor what every object has', () => expect([valueAt(tree, 'klant.naam'), valueAt(tree, 'constructor'), valueAt(tree, 'items.9'), valueAt('x', 'length')]).toEqual([undefined, undefined, undefined, undefined]));
	it('lead to the lead, or to each of a list; a text that is JSON is opened on the way', () => {
		expect(leadsAt({ data: { leads: [{ a: 1 }, { a: 2 }] } }, 'data.leads')).toEqual([{ a: 1 }, { a: 2 }]);
		expect(leadsAt({ data: '{"lead":{"a":1}}' }, 'data.lead')).toEqual([{ a: 1 }]);
		expect(leadsAt({ data: '{"a":1}' }, 'data')).toEqual([{ a: 1 }]);
		expect(leadsAt(tree, 'nergens')).toEqual([]);
		expect(leadsAt([{ a: 1 }, { a: 2 }], '').length).toBe(2);
		expect(leadsAt([{ name: 'tel', value: '06' }], '').length).toBe(1);
	});
	it('could lead into lists of records and texts that are JSON, not into fields by name', () => expect([couldHold([{ a: 1 }]), couldHold({ a: 1 }), couldHold('{"a":1}'), couldHold('{a'), couldHold([{ name: 'a', value: 1 }]), couldHold(['a'])]).toEqual([true, true, true, false, false, false]));
	it('stay few, however large a request is', () => expect(leavesOf(Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`n${at}`, at]))).length).toBe(400));
});
