/* A way in's rules as they are edited: from JSON and back without loss, where each one stands in what is sent, what is still missing. Pure. */
export interface ValueRule { to: string; from?: string | string[]; join?: string; value?: string; values?: Record<string, string>; else?: string; part?: string; as?: string }
export interface ReadRule { read?: string; at?: string }
export type RuleBody = ValueRule | ReadRule;

export const READS = ['json', 'form', 'lines'] as const;
export const TOS = ['name', 'first_name', 'last_name', 'company', 'email', 'phone', 'message', 'form_type', 'language', 'consent', 'news', 'consent_text', 'consent_version'] as const;
export const PARTS = ['first', 'last'] as const;
export const KINDS = ['date', 'amount'] as const;
/* a field of the lead's own */
export const OWN = 'fields';

export interface Line { id: number; when: string; then: string }
export interface Rule {
	id: number;
	/* one of TOS, or fields with a name */
	to: string; field: string;
	/* the same for every request: where there is no path */
	constant: string | null;
	from: string[];
	/* between all that are filled; null: the first one that is */
	join: string | null;
	part: string; as: string;
	table: Line[];
	/* what stands in no line; null: as it came */
	other: string | null;
}
export interface Draft { read: string; at: string; rules: Rule[] }

let serial = 0;
export const newId = (): number => ++serial;
export const emptyRule = (more: Partial<Rule> = {}): Rule => ({ id: newId(), to: '', field: '', constant: null, from: [''], join: null, part: '', as: '', table: [], other: null, ...more });

const isRead = (one: RuleBody): one is ReadRule => !('to' in one);

export function draftOf(mapping: readonly RuleBody[] | null): Draft {
	const read = mapping?.find(isRead);
	return {
		read: read?.read ?? '', at: read?.at ?? '',
		rules: (mapping ?? []).filter((one): one is ValueRule => !isRead(one)).map((one) => emptyRule({
			to: one.to.startsWith(`${OWN}.`) ? OWN : one.to, field: one.to.startsWith(`${OWN}.`) ? one.to.slice(OWN.length + 1) : '',
			constant: one.from === undefined ? one.value ?? '' : null,
			from: one.from === undefined ? [''] : [one.from].flat(),
			join: one.join ?? null, part: one.part ?? '', as: one.as ?? '',
			table: Object.entries(one.values ?? {}).map(([when, then]) => ({ id: newId(), when, then })),
			other: one.else ?? null,
		})),
	};
}

const named = (rule: Rule): string => (rule.to === OWN ? (rule.field.trim() ? `${OWN}.${rule.field.trim()}` : '') : rule.to);
const paths = (rule: Rule): string[] => rule.from.map((one) => one.trim()).filter(Boolean);

function bodyOfRule(rule: Rule): ValueRule {
	const to = named(rule);
	if (rule.constant !== null)
		return { to, value: rule.constant };
	const from = paths(rule);
	const lines = rule.table.filter((one) => one.when.trim());
	return {
		to, from: from.length === 1 ? from[0] ?? '' : from,
		...(rule.join !== null && from.length > 1 ? { join: rule.join } : {}),
		...(rule.part ? { part: rule.part } : {}),
		...(lines.length ? { values: Object.fromEntries(lines.map((one) => [one.when.trim(), one.then])) } : {}),
		...(lines.length && rule.other !== null ? { else: rule.other } : {}),
		...(rule.as ? { as: rule.as } : {}),
	};
}

/* what a rule does not say yet; none: it is whole */
export const missingOf = (rule: Rule): Array<'to' | 'from' | 'value'> => [...(named(rule) ? [] : ['to' as const]), ...(rule.constant !== null ? (rule.constant.trim() ? [] : ['value' as const]) : paths(rule).length ? [] : ['from' as const])];

/* What is sent, and which rule each of it is: one that is not whole yet is left out while one writes. `at`: the draft's place of each, -1 the reading's. */
export function bodyOf(draft: Draft): { mapping: RuleBody[]; at: number[] } {
	const read = draft.read || draft.at.trim() ? [{ ...(draft.read ? { read: draft.read } : {}), ...(draft.at.trim() ? { at: draft.at.trim() } : {}) }] : [];
	const whole = draft.rules.map((rule, at) => ({ rule, at })).filter(({ rule }) => !missingOf(rule).length);
	return { mapping: [...read, ...whole.map(({ rule }) => bodyOfRule(rule))], at: [...read.map(() => -1), ...whole.map(({ at }) => at)] };
}

export interface Wrong { rule: number | null; member: string; code: string; detail: string }
/* Where what the server found wrong stands in the draft; null: in none of its rules. */
export function wrongOf(fields: ReadonlyArray<{ pointer: string; code: string; detail: string }>, at: readonly number[]): Wrong[] {
	return fields.flatMap(({ pointer, code, detail }) => {
		const [, place, member]: Array<string | undefined> = /^\/mapping(?:\/(\d+)(?:\/([^/]+))?.*)?$/.exec(pointer) ?? [];
		return place === undefined && !pointer.startsWith('/mapping') ? [] : [{ rule: place === undefined ? null : at[Number(place)] ?? null, member: member ?? '', code, detail }];
	});
}

/* A value that somebody points at becomes a field's: one more place of the rule that gives it already, or a rule of its own. */
export function withValue(draft: Draft, path: string, to: string): { draft: Draft; rule: number } {
	const name = path.split('.').pop() ?? path;
	const there = to === OWN ? -1 : draft.rules.findIndex((one) => one.to === to);
	const begun = there >= 0 ? there : draft.rules.findIndex((one) => !named(one) && !paths(one).length && one.constant === null);
	const old = draft.rules[begun];
	const rule = old ? { ...old, to, field: to === OWN ? name : '', constant: null, from: paths(old).includes(path) ? old.from : [...old.from.filter((one) => one.trim()), path] } : emptyRule({ to, field: to === OWN ? name : '', from: [path] });
	return { draft: { ...draft, rules: old ? draft.rules.map((one) => (one === old ? rule : one)) : [...draft.rules, rule] }, rule: rule.id };
}

export function movedRule(rules: readonly Rule[], from: number, to: number): Rule[] {
	const out = [...rules];
	const [one] = out.splice(from, 1);
	if (one)
		out.splice(Math.max(0, Math.min(out.length, to)), 0, one);
	return out;
}
