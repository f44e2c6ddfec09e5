/* The board's cards, normalised: cards by id, a list of ids and the totals by stage. Each piece has its own listeners,
   so one live event draws one card again. Never sums a column: totals come from the server and are moved by the value
   of the card that moved. */
import type { Card, Id, Money, Pipeline, StageCount } from '../../api/types';
import { addToSums } from '../../lib/money';

export interface Totals { count: number; sums: Money[] }
export interface Mark { who: string; at: number }

interface Pending { key: string; base: Card; count: number }

const NO_IDS: readonly Id[] = [];
const NO_TOTALS: Totals = { count: 0, sums: [] };

export class BoardStore {
	private cards = new Map<Id, Card>();
	private lists = new Map<Id, readonly Id[]>();
	private totals = new Map<Id, Totals>();
	private cursors = new Map<Id, string | null>();
	private marks = new Map<Id, Mark>();
	private pending = new Map<Id, Pending>();
	private listeners = new Map<string, Set<() => void>>();
	scope: string | null = null;
	/* only the deals that fit it were read */
	filter: Readonly<Record<string, string>> = {};
	get filtered(): boolean { return Object.keys(this.filter).length > 0; }

	subscribe(topic: string, fn: () => void): () => void {
		let set = this.listeners.get(topic);
		if (!set)
			this.listeners.set(topic, set = new Set());
		set.add(fn);
		return () => {
			set.delete(fn);
			if (!set.size && this.listeners.get(topic) === set)
				this.listeners.delete(topic);
		};
	}

	private tell(...topics: string[]): void {
		for (const topic of new Set(topics))
			for (const fn of this.listeners.get(topic) ?? [])
				fn();
	}

	card(id: Id): Card | undefined { return this.cards.get(id); }
	list(stage: Id): readonly Id[] { return this.lists.get(stage) ?? NO_IDS; }
	total(stage: Id): Totals { return this.totals.get(stage) ?? NO_TOTALS; }
	cursor(stage: Id): string | null { return this.cursors.get(stage) ?? null; }
	mark(id: Id): Mark | undefined { return this.marks.get(id); }
	hasStage(stage: Id): boolean { return this.lists.has(stage); }
	isPending(id: Id): boolean { return this.pending.has(id); }
	stageIds(): Id[] { return [...this.lists.keys()]; }

	byNumber(number: number, workspace: Id): Card | undefined {
		for (const card of this.cards.values())
			if (card.number === number && card.workspace_id === workspace)
				return card;
		return undefined;
	}

	/* a fresh read of the whole scope; moves still under way stay as the person made them */
	load(scope: string, pipelines: readonly Pipeline[], filter: Readonly<Record<string, string>> = {}): void {
		const moving = new Map([...this.pending].map(([id, pending]) => [id, { pending, shown: this.cards.get(id) }]));
		this.scope = scope;
		this.filter = filter;
		this.cards = new Map();
		this.lists = new Map();
		this.totals = new Map();
		this.cursors = new Map();
		for (const stage of pipelines.flatMap((pipeline) => pipeline.stages)) {
			for (const card of stage.cards)
				this.cards.set(card.id, card);
			this.lists.set(stage.id, stage.cards.map((card) => card.id));
			this.totals.set(stage.id, { count: stage.count, sums: stage.sums });
			this.cursors.set(stage.id, stage.next);
		}
		for (const [id, { pending, shown }] of moving) {
			const fresh = this.cards.get(id);
			if (!fresh || !shown)
				continue;
			pending.base = fresh;
			if (fresh.stage_id !== shown.stage_id)
				this.place({ ...fresh, stage_id: shown.stage_id, stage_since: shown.stage_since });
		}
		this.tell(...this.listeners.keys());
	}

	/* stages that came while the board was open: they begin empty */
	adopt(pipelines: readonly Pipeline[]): void {
		for (const { id, count, sums, next } of pipelines.flatMap((pipeline) => pipeline.stages)) {
			if (this.lists.has(id))
				continue;
			this.lists.set(id, []);
			this.totals.set(id, { count, sums });
			this.cursors.set(id, next);
		}
	}

	append(stage: Id, cards: readonly Card[], next: string | null): void {
		const known = this.list(stage);
		const fresh = cards.filter((card) => !this.cards.has(card.id));
		for (const card of fresh)
			this.cards.set(card.id, card);
		this.lists.set(stage, [...known, ...fresh.filter((card) => card.stage_id === stage).map((card) => card.id)]);
		this.cursors.set(stage, next);
		this.tell(`list:${stage}`);
	}

	recount(counts: readonly StageCount[]): void {
		for (const { stage_id: stage, count, sums } of counts) {
			const have = this.totals.get(stage);
			if (!have || (have.count === count && JSON.stringify(have.sums) === JSON.stringify(sums)))
				continue;
			this.totals.set(stage, { count, sums });
			this.tell(`total:${stage}`);
		}
	}

	private shift(stage: Id, value: Money | null, sign: 1 | -1): void {
		const have = this.totals.get(stage);
		if (have)
			this.totals.set(stage, { count: Math.max(0, have.count + sign), sums: addToSums(have.sums, value, sign) });
	}

	/* puts a card where its stage says, newest first, and moves the totals with it */
	private place(card: Card): void {
		const before = this.cards.get(card.id);
		this.cards.set(card.id, card);
		if (before && before.stage_id === card.stage_id) {
			if (before.value !== card.value) {
				this.swapValue(card.stage_id, before.value, card.value);
				this.tell(`total:${card.stage_id}`);
			}
			this.tell(`card:${card.id}`);
			return;
		}
		if (before) {
			this.lists.set(before.stage_id, this.list(before.stage_id).filter((id) => id !== card.id));
			this.shift(before.stage_id, before.value, -1);
			this.tell(`list:${before.stage_id}`, `total:${before.stage_id}`);
		}
		if (this.hasStage(card.stage_id)) {
			const ids = this.list(card.stage_id).filter((id) => id !== card.id);
			const at = ids.findIndex((id) => (this.cards.get(id)?.stage_since ?? '') <= card.stage_since);
			ids.splice(at < 0 ? ids.length : at, 0, card.id);
			this.lists.set(card.stage_id, ids);
			this.shift(card.stage_id, card.value, 1);
		}
		this.tell(`card:${card.id}`, `list:${card.stage_id}`, `total:${card.stage_id}`);
	}

	private swapValue(stage: Id, before: Money | null, after: Money | null): void {
		const have = this.total(stage);
		this.totals.set(stage, { count: have.count, sums: addToSums(addToSums(have.sums, before, -1), after, 1) });
	}

	/* what the server says about a card; older than what is known changes nothing */
	receive(card: Card): boolean {
		const pending = this.pending.get(card.id);
		if (pending) {
			if (card.version > pending.base.version)
				pending.base = card;
			return false;
		}
		const known = this.cards.get(card.id);
		if (known && known.version > card.version)
			return false;
		this.place(card);
		return true;
	}

	patch(id: Id, change: Partial<Card>): boolean {
		const known = this.cards.get(id);
		if (!known)
			return false;
		const pending = this.pending.get(id);
		if (pending) {
			pending.base = { ...pending.base, ...change };
			const { stage_id: _stage, stage_since: _since, ...rest } = change;
			this.place({ ...known, ...rest });
			return false;
		}
		this.place({ ...known, ...change });
		return true;
	}

	/* a card of this stage that is not loaded left or came: only the numbers change */
	count(stage: Id, sign: 1 | -1): void {
		this.shift(stage, null, sign);
		this.tell(`total:${stage}`);
	}

	remove(id: Id): void {
		const card = this.cards.get(id);
		if (!card)
			return;
		this.lists.set(card.stage_id, this.list(card.stage_id).filter((one) => one !== id));
		this.shift(card.stage_id, card.value, -1);
		this.cards.delete(id);
		this.pending.delete(id);
		this.tell(`list:${card.stage_id}`, `total:${card.stage_id}`, `card:${id}`);
	}

	/* optimistic: the card is where the person put it; what it was is kept until the server answered */
	begin(id: Id, key: string, stage: Id, at: string): Card | undefined {
		const card = this.cards.get(id);
		if (!card)
			return undefined;
		const pending = this.pending.get(id);
		this.pending.set(id, { key, base: pending?.base ?? card, count: (pending?.count ?? 0) + 1 });
		this.place({ ...card, stage_id: stage, stage_since: at });
		return card;
	}

	base(id: Id): Card | undefined { return this.pending.get(id)?.base; }

	settle(id: Id, version: number, stage: Id): void {
		const pending = this.pending.get(id);
		const card = this.cards.get(id);
		if (!pending || !card)
			return;
		const since = card.stage_since;
		if (--pending.count > 0) {
			pending.base = { ...pending.base, version: Math.max(version, pending.base.version), stage_id: stage };
			return;
		}
		this.pending.delete(id);
		if (pending.base.version > version)
			this.place(pending.base); /* somebody changed it after us; theirs is the newer truth */
		else
			this.place({ ...card, version, stage_id: stage, stage_since: since });
	}

	rollback(id: Id): void {
		const pending = this.pending.get(id);
		if (!pending)
			return;
		this.pending.delete(id);
		this.place(pending.base);
	}

	setMark(id: Id, who: string, at: number): void {
		this.marks.set(id, { who, at });
		this.tell(`mark:${id}`);
		setTimeout(() => {
			if (this.marks.get(id)?.at !== at)
				return;
			this.marks.delete(id);
			this.tell(`mark:${id}`);
		}, 2600);
	}
}

export const board = new BoardStore();
