/* A draft while somebody writes on it: what stands there, what the server has of it, and the way between the two. Saves by itself a moment after the last
   key, one write at a time, by the version that was seen, and again when the connection failed; what is not saved yet is handed to be kept; takes steps back;
   never writes over what somebody else wrote without asking. */
import { Problem } from '../../api/client';
import type { Id } from '../../api/types';
import { isItem, totalsOf, type Totals, type TotalsFault } from '../../lib/totals';
import { type Doc, type Line, type Mode, PARTY, type Party } from './model';

export type DraftLine = Line & { key: string };
export interface Words {
	deal_id: Id | null; contact_id: Id | null; account_id: Id | null; language: 'nl' | 'en'; currency: string; mode: Mode; buyer: Party;
	title: string; intro: string; notes: string; issued: string; due: string; supplied: string; buyer_reference: string; order_reference: string;
	lines: DraftLine[]; discount: string; discount_amount: string; discount_reason: string; prepaid: string; rate: string; rate_day: string;
}

let serial = 0;
export const lineKey = (): string => `l${++serial}`;
const noText = (value: string | null | undefined): string => value ?? '';
const nothing = (amount: string | null | undefined): string => (amount && /[1-9]/.test(amount) ? amount : '');

export function wordsOf(doc: Doc): Words {
	return {
		deal_id: doc.deal?.id ?? null, contact_id: doc.contact?.id ?? null, account_id: doc.account?.id ?? null, language: doc.language, currency: doc.currency, mode: doc.mode,
		buyer: Object.fromEntries(PARTY.flatMap((name) => (doc.buyer?.[name] ? [[name, doc.buyer[name]]] : []))),
		title: noText(doc.title), intro: noText(doc.intro), notes: noText(doc.notes), issued: noText(doc.issued), due: noText(doc.due), supplied: noText(doc.supplied),
		buyer_reference: noText(doc.buyer_reference), order_reference: noText(doc.order_reference), lines: doc.lines.map((line) => ({ ...line, key: lineKey() })),
		discount: nothing(doc.discount), discount_amount: nothing(doc.discount_amount), discount_reason: noText(doc.discount_reason), prepaid: nothing(doc.prepaid?.amount), rate: noText(doc.rate), rate_day: noText(doc.rate_day),
	};
}

/* a line as it is sent: what it comes to is the server's, and what is empty is not there */
export function sentLine({ key: _key, net: _net, ...line }: DraftLine): Line {
	return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== null && value !== undefined && value !== '')) as Line;
}
/* a row that nobody wrote in yet is not sent */
export const isBlank = (line: DraftLine): boolean => !line.name?.trim() && !line.price && !line.description?.trim() && !line.code;
export const sentLines = (lines: readonly DraftLine[]): Line[] => lines.filter((line) => !isBlank(line)).map(sentLine);
const sentBuyer = (buyer: Party): Party => Object.fromEntries(Object.entries(buyer).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])));

/* the words as they are sent, field by field */
function sentOf(words: Words): Record<string, unknown> {
	const { lines, buyer, ...rest } = words;
	return { ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value === '' ? null : value])), buyer: sentBuyer(buyer), lines: sentLines(lines) };
}

/* what of them is another than the server has */
export function changesOf(had: Words, words: Words): Record<string, unknown> {
	const before = sentOf(had), now = sentOf(words);
	return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])));
}

/* what is wrong with a text that a line needs, before the figures */
const nameless = (words: Words): TotalsFault | null => {
	const at = words.lines.filter((line) => !isBlank(line)).findIndex((line) => !line.name?.trim());
	return at < 0 ? null : { pointer: `/lines/${at}/name`, code: 'required' };
};

/* while a line waits for its price the others come to what they come to */
export const priced = (lines: readonly DraftLine[]): DraftLine[] => lines.map((line) => (isItem(line) && !line.price && !isBlank(line) ? { ...line, price: '0' } : line));

export function reckon(words: Pick<Words, 'lines' | 'mode' | 'currency' | 'discount' | 'discount_amount' | 'prepaid'>): Totals | TotalsFault {
	return totalsOf({ ...words, lines: words.lines.filter((line) => !isBlank(line)) });
}

/* a pointer counts the lines that were sent; this is the row that it means */
export function rowOf(lines: readonly DraftLine[], pointer: string): { key: string; field: string } | null {
	const found = /^\/lines\/(\d+)(?:\/(.*))?$/.exec(pointer);
	const line = found && lines.filter((one) => !isBlank(one))[Number(found[1])];
	return line ? { key: line.key, field: found[2] || 'name' } : null;
}

/* unfinished: somebody is still filling a line in, and nothing is wrong with it yet */
export type Saving = 'saved' | 'changed' | 'saving' | 'unfinished' | 'wrong' | 'failed' | 'conflict';
export interface Snapshot { words: Words; saving: Saving; fault: unknown; wrong: ReadonlyArray<{ pointer: string; code: string }>; undo: boolean; redo: boolean; version: number }
/* what was written on a version and is not with the server yet */
export interface Unsaved { version: number; words: Words }
/* `keep`: what is to outlive this page; null once the server has it */
export interface Ways { save(body: Record<string, unknown>): Promise<{ version: number }>; read(): Promise<Doc>; keep?(unsaved: Unsaved | null): void; after?(): void; ms?: number }

const REST_MS = 700;
const AGAIN_MS = [2000, 5000, 15_000];
const STEP_MS = 900;
const STEPS = 200;

/* no connection, too many at once, a server that is ill: it may go the next time */
const passes = (fault: unknown): boolean => fault instanceof Problem && (fault.status === 0 || fault.status === 429 || fault.status >= 500);
const same = (a: Words, b: Words): boolean => JSON.stringify(sentOf(a)) === JSON.stringify(sentOf(b));

export class DocDraft {
	private words: Words;
	private had: Words;
	private version: number;
	private saving: Saving = 'saved';
	private fault: unknown = null;
	private wrong: ReadonlyArray<{ pointer: string; code: string }> = [];
	private past: Words[] = [];
	private future: Words[] = [];
	private last = { tag: '', at: 0 };
	private timer: ReturnType<typeof setTimeout> | null = null;
	private busy: Promise<void> | null = null;
	private tries = 0;
	private snapshot: Snapshot;
	private readonly listeners = new Set<() => void>();

	/* `kept`: what another page of this browser wrote and could not save */
	constructor(doc: Doc, private readonly ways: Ways, kept: Unsaved | null = null) {
		this.words = wordsOf(doc);
		this.had = this.words;
		this.version = doc.version;
		if (kept && same(kept.words, this.words))
			this.ways.keep?.(null);
		else if (kept) {
			this.past = [this.words];
			this.words = { ...this.words, ...kept.words, lines: kept.words.lines.map((line) => ({ ...line, key: lineKey() })) };
			/* of an older version: somebody wrote meanwhile, and is asked about first */
			this.saving = kept.version === doc.version ? 'changed' : 'conflict';
			this.version = kept.version;
			if (this.saving === 'changed')
				this.soon();
		}
		this.snapshot = this.shot();
	}

	readonly listen = (tell: () => void): (() => void) => {
		this.listeners.add(tell);
		return () => { this.listeners.delete(tell); };
	};
	readonly now = (): Snapshot => this.snapshot;

	private shot(): Snapshot {
		return { words: this.words, saving: this.saving, fault: this.fault, wrong: this.wrong, undo: this.past.length > 0, redo: this.future.length > 0, version: this.version };
	}

	private tell(): void {
		this.snapshot = this.shot();
		for (const tell of this.listeners)
			tell();
	}

	/* one step back is what was typed in one place without a pause */
	set(change: Partial<Words>, tag: string): void {
		const at = Date.now();
		if (tag !== this.last.tag || at - this.last.at > STEP_MS || !this.past.length)
			this.past = [...this.past, this.words].slice(-STEPS);
		this.last = { tag, at };
		this.future = [];
		this.put({ ...this.words, ...change });
	}

	private put(words: Words): void {
		this.words = words;
		if (this.saving !== 'conflict')
			this.saving = 'changed';
		this.ways.keep?.({ version: this.version, words });
		this.tell();
		this.soon();
	}

	undo(): boolean {
		const before = this.past.pop();
		if (!before)
			return false;
		this.future = [...this.future, this.words];
		this.last = { tag: '', at: 0 };
		this.put(before);
		return true;
	}

	redo(): boolean {
		const after = this.future.pop();
		if (!after)
			return false;
		this.past = [...this.past, this.words];
		this.last = { tag: '', at: 0 };
		this.put(after);
		return true;
	}

	private soon(ms = this.ways.ms ?? REST_MS): void {
		if (this.timer)
			clearTimeout(this.timer);
		this.timer = setTimeout(() => { this.timer = null; void this.save(false); }, ms);
	}

	/* all that was written is with the server, or it is said why not; `asked`: somebody wants to go on, so what lacks is marked */
	async save(asked = true): Promise<boolean> {
		if (this.timer)
			clearTimeout(this.timer);
		this.timer = null;
		while (this.busy)
			await this.busy;
		if (this.saving === 'conflict')
			return false;
		const body = changesOf(this.had, this.words);
		if (!Object.keys(body).length) {
			this.become('saved');
			return true;
		}
		const found = nameless(this.words) ?? reckon(this.words);
		if ('pointer' in found) {
			const open = !asked && found.code === 'required';
			this.wrong = open ? [] : [found];
			this.become(open ? 'unfinished' : 'wrong');
			return false;
		}
		const run = this.write(this.words, body);
		this.busy = run;
		await run;
		this.busy = null;
		return this.saving === 'changed' && !this.timer ? this.save(asked) : this.saving === 'saved';
	}

	private become(saving: Saving, fault: unknown = null): void {
		this.saving = saving;
		this.fault = fault;
		if (saving !== 'wrong')
			this.wrong = [];
		if (saving === 'saved') {
			this.tries = 0;
			this.ways.keep?.(null);
		}
		this.tell();
	}

	private async write(words: Words, body: Record<string, unknown>): Promise<void> {
		this.become('saving');
		try {
			const { version } = await this.ways.save({ ...body, version: this.version });
			this.version = version;
			this.had = words;
			this.become(this.words === words ? 'saved' : 'changed');
			this.ways.after?.();
		} catch (fault) {
			if (fault instanceof Problem && fault.code === 'document_changed')
				await this.met(fault);
			else if (fault instanceof Problem && fault.fields.length) {
				this.wrong = fault.fields;
				this.become('wrong', fault);
			} else {
				this.become('failed', fault);
				if (passes(fault) && !this.timer)
					this.soon(AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)]);
			}
		}
	}

	/* another version is there: it may be this very one, whose answer was lost */
	private async met(fault: Problem): Promise<void> {
		const doc = await this.ways.read().catch(() => null);
		if (doc && same(wordsOf(doc), this.words))
			this.take(doc);
		else
			this.become('conflict', fault);
	}

	/* there is a connection again: what waits goes at once */
	online(): void {
		if (this.saving === 'failed')
			void this.save();
	}

	/* the server has another version: taken as it is where nobody writes here, told where somebody does */
	heard(doc: Doc): void {
		if (doc.version <= this.version || this.busy)
			return;
		if (this.saving === 'saved' || same(wordsOf(doc), this.words)) {
			this.take(doc);
			return;
		}
		this.become('conflict');
	}

	/* what the server has, instead of what stands here: that can be taken back by undo */
	take(doc: Doc): void {
		if (!same(wordsOf(doc), this.words)) {
			this.past = [...this.past, this.words].slice(-STEPS);
			this.words = wordsOf(doc);
		}
		this.had = this.words;
		this.version = doc.version;
		this.last = { tag: '', at: 0 };
		this.become('saved');
	}

	async theirs(): Promise<void> {
		this.take(await this.ways.read());
	}

	/* what stands here, over what somebody else wrote: all of it counts as changed */
	async mine(): Promise<void> {
		const doc = await this.ways.read();
		this.had = wordsOf(doc);
		this.version = doc.version;
		this.saving = 'changed';
		await this.save();
	}

	close(): void {
		if (this.timer)
			void this.save(false);
	}
}
