/* A rule's body while it is edited: the same tree with an id on every node, so that a line keeps its field while others come and go.
   Where a problem stands follows from the tree's own shape. Knows no page, and never says what fits: that is offer.ts. */
import type { Body, ConditionBody, GroupBody, NodeBody, Span, SpanUnit, StepBody, WhenBody } from '../../api/rules';

export const UNITS = ['minutes', 'hours', 'days', 'weeks', 'months'] as const satisfies readonly SpanUnit[];
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export const GROUPS = ['all', 'any', 'none'] as const;
export type GroupKind = (typeof GROUPS)[number];

export interface Condition { id: number; fact: string; op: string; value?: unknown }
export interface Group { id: number; kind: GroupKind; items: Node[] }
export type Node = Condition | Group;
export type Step =
	| { id: number; kind: 'do'; command: string; with: Record<string, unknown> }
	| { id: number; kind: 'wait'; span: Span }
	| { id: number; kind: 'branch'; group: Group; yes: Step[]; no: Step[] }
	| { id: number; kind: 'stop' };
export interface Draft { when: WhenBody; group: Group; steps: Step[] }

let last = 0;
export const newId = (): number => ++last;
export const isGroup = (node: Node): node is Group => 'items' in node;

const nodeOf = (body: NodeBody): Node => ('fact' in body ? { id: newId(), ...body } : groupOf(body));
function groupOf(body: GroupBody | undefined): Group {
	const kind = GROUPS.find((one) => body && one in body) ?? 'all';
	return { id: newId(), kind, items: ((body as Record<string, NodeBody[]> | undefined)?.[kind] ?? []).map(nodeOf) };
}
function stepOf(body: StepBody): Step {
	if ('do' in body)
		return { id: newId(), kind: 'do', command: body.do, with: { ...body.with } };
	if ('wait' in body)
		return { id: newId(), kind: 'wait', span: body.wait };
	if ('if' in body)
		return { id: newId(), kind: 'branch', group: groupOf(body.if), yes: body.then.map(stepOf), no: (body.else ?? []).map(stepOf) };
	return { id: newId(), kind: 'stop' };
}
export const draftOf = (body: Body): Draft => ({ when: body.when, group: groupOf(body.if), steps: body.then.map(stepOf) });
export const emptyDraft = (): Draft => ({ when: { event: '' }, group: groupOf(undefined), steps: [] });

const nodeBody = (node: Node): NodeBody => (isGroup(node) ? groupBody(node) : conditionBody(node));
const conditionBody = ({ fact, op, value }: Condition): ConditionBody => ({ fact, op, ...(value === undefined ? {} : { value }) });
const groupBody = (group: Group): GroupBody => ({ [group.kind]: group.items.map(nodeBody) }) as GroupBody;
function stepBody(step: Step): StepBody {
	switch (step.kind) {
	case 'do': return { do: step.command, with: step.with };
	case 'wait': return { wait: step.span };
	case 'branch': return { if: groupBody(step.group), then: step.yes.map(stepBody), ...(step.no.length ? { else: step.no.map(stepBody) } : {}) };
	case 'stop': return { stop: true };
	}
}
/* a tree without a condition is none: always */
export const bodyOf = ({ when, group, steps }: Draft): Body => ({ when, ...(group.items.length ? { if: groupBody(group) } : {}), then: steps.map(stepBody) });

/* ---- changing it ---- */

/* a list with the one of this id put otherwise; null takes it out */
export const put = <T extends { id: number }>(list: readonly T[], id: number, next: T | null): T[] => list.flatMap((one) => (one.id === id ? (next ? [next] : []) : [one]));
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
	const out = [...list];
	const [one] = out.splice(from, 1);
	if (one === undefined || to < 0 || to > out.length)
		return [...list];
	out.splice(to, 0, one);
	return out;
}
const freshNode = (node: Node): Node => (isGroup(node) ? freshGroup(node) : { ...node, id: newId() });
const freshGroup = (group: Group): Group => ({ ...group, id: newId(), items: group.items.map(freshNode) });
/* the same again, as another */
export const freshStep = (step: Step): Step => (step.kind === 'branch' ? { ...step, id: newId(), group: freshGroup(step.group), yes: step.yes.map(freshStep), no: step.no.map(freshStep) } : { ...step, id: newId() });

export const countConditions = (group: Group): number => group.items.reduce((sum, one) => sum + (isGroup(one) ? countConditions(one) : 1), 0);
export const countSteps = (steps: readonly Step[]): number => steps.reduce((sum, one) => sum + 1 + (one.kind === 'branch' ? countSteps(one.yes) + countSteps(one.no) : 0), 0);

/* ---- spans and fact values ---- */

export function spanOf(span: Span | undefined): { unit: SpanUnit; n: number | null } {
	const unit = UNITS.find((one) => span?.[one] !== undefined) ?? 'days';
	const n = span?.[unit];
	return { unit, n: typeof n === 'number' ? n : null };
}
export const span = (unit: SpanUnit, n: number): Span => ({ [unit]: n });

const only = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null && !Array.isArray(value) && name in value ? (value as Record<string, unknown>)[name] : undefined);
/* the fact that a value hands on; null: it is none */
export const factIn = (value: unknown): string | null => {
	const name = only(value, 'fact');
	return typeof name === 'string' ? name : null;
};
export const spanIn = (value: unknown): Span | null => {
	const inside = only(value, 'in');
	return typeof inside === 'object' && inside !== null ? inside : null;
};
/* the time of that day; null: the same as now */
export const timeIn = (value: unknown): string | null => {
	const at = only(value, 'at');
	return typeof at === 'string' ? at : null;
};
export interface Pick { pick: string[]; by: 'turn' | 'load' }
export const pickIn = (value: unknown): Pick | null => {
	const pick = only(value, 'pick');
	return Array.isArray(pick) ? { pick: pick.map(String), by: only(value, 'by') === 'load' ? 'load' : 'turn' } : null;
};

/* ---- a ready-made rule that moves deals ---- */

/* where its first step moves a deal to */
export const stageOf = (body: Body): string | null => {
	const first = body.then[0];
	const stage = first && 'do' in first && first.do === 'deal_move' ? first.with?.['stage'] : null;
	return typeof stage === 'string' ? stage : null;
};
/* "none of these stages": deals that stand as far as that already */
const isFurther = (node: NodeBody): boolean => {
	const asked = 'none' in node && node.none.length === 1 ? node.none[0] : undefined;
	return asked !== undefined && 'fact' in asked && asked.fact === 'deal.stage' && asked.op === 'is';
};
/* the same to another stage. `onwards`: that one and those behind it; a deal that stands there is let alone, so that none is moved back */
export function withStage(body: Body, stage: string, onwards: readonly string[]): Body {
	const further: GroupBody = { none: [{ fact: 'deal.stage', op: 'is', value: [...onwards] }] };
	return {
		...body,
		...(body.if && 'all' in body.if ? { if: { all: body.if.all.map((node): NodeBody => (isFurther(node) ? further : node)) } } : {}),
		then: body.then.map((step, at): StepBody => (at === 0 && 'do' in step ? { ...step, with: { ...step.with, stage } } : step)),
	};
}

/* ---- problems, by JSON pointers into the body ---- */

export interface Placed { pointer: string; code: string; detail: string }

/* those of this very place */
export const at = <P extends Placed>(problems: readonly P[], pointer: string): P[] => problems.filter((one) => one.pointer === pointer);
/* those of this place and of what is within it */
export const within = <P extends Placed>(problems: readonly P[], pointer: string): P[] => problems.filter((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
/* RFC 6901 */
export const token = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/* facts that no longer stand where the event is another one */
export const factsAsked = (draft: Draft): string[] => {
	const out: string[] = [];
	const node = (one: Node): void => { if (isGroup(one)) one.items.forEach(node); else out.push(one.fact); };
	const steps = (list: readonly Step[]): void => list.forEach((step) => {
		if (step.kind === 'branch') {
			node(step.group);
			steps(step.yes);
			steps(step.no);
		} else if (step.kind === 'do')
			for (const value of Object.values(step.with)) {
				const fact = factIn(value);
				if (fact)
					out.push(fact);
			}
	});
	node(draft.group);
	steps(draft.steps);
	return [...new Set(out)];
};
