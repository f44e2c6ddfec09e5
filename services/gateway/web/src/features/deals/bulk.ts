/* One thing done to many deals, and what was done taken back: shown at once where that can be known, then asked of the server, five hundred
   at a time so that one sees how far it is. Never asks twice under another key. */
import { api, newKey, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Card, Id } from '../../api/types';
import { say, sayValue } from '../../i18n';
import { problemText } from '../../app/problems';
import { toast } from '../../ui/toast';
import { refresh, rememberOwn } from './move';
import { selection } from './selection';
import { board } from './store';
import { announce } from './ui-state';

const BITE = 500;

export interface Batch { id: Id; workspace: Id; deals: readonly Id[] }
export type BulkAct =
	| { action: 'move'; note?: string; loss_reason?: string }
	| { action: 'reassign'; owner_id: Id | null }
	| { action: 'edit'; fields: Record<string, unknown> }
	| { action: 'delete' }
	| { action: 'restore' };
interface Refusal { id: Id; code: string }
interface Told { batch_id: Id; done: number; skipped: number; refused: Refusal[] }
interface Undone { undone: number; kept: Array<{ id: Id; number: number; field: string; why: string }> }
export interface Outcome { batches: Batch[]; done: number; skipped: number; refused: Refusal[] }
/* those that one request can take: of one workspace, and for a move of one stage */
export interface Portion { workspace: Id; stage?: Id; cards: readonly Card[] }
/* all that fit a filter, as many as the server finds: the stage is named by its key */
export interface Fitting { workspaces: readonly Id[]; filter: Readonly<Record<string, string>>; stage?: string }

const bites = (portions: readonly Portion[]): Portion[] => portions.flatMap((one) =>
	Array.from({ length: Math.ceil(one.cards.length / BITE) }, (_, at) => ({ ...one, cards: one.cards.slice(at * BITE, (at + 1) * BITE) })));

function showAtOnce(act: BulkAct, portion: Portion, key: string): void {
	for (const card of portion.cards)
		if (act.action === 'move' && portion.stage)
			board.begin(card.id, key, portion.stage, new Date().toISOString());
		else if (act.action === 'delete')
			board.remove(card.id);
}

function takeBack(act: BulkAct, card: Card): void {
	if (act.action === 'move')
		board.rollback(card.id);
	else if (act.action === 'delete')
		board.receive(card);
}

function settle(act: BulkAct, portion: Portion, refused: ReadonlySet<Id>): void {
	for (const card of portion.cards)
		if (refused.has(card.id))
			takeBack(act, card);
		else if (act.action === 'move' && portion.stage)
			board.settle(card.id, (board.base(card.id) ?? card).version + (card.stage_id === portion.stage ? 0 : 1), portion.stage);
}

async function bite(act: BulkAct, portion: Portion): Promise<Told> {
	const key = newKey();
	rememberOwn(key);
	showAtOnce(act, portion, key);
	try {
		const told = await api<Told>('POST', `/api/crm/deals/bulk${query({ workspace: portion.workspace })}`,
			{ key, body: { ids: portion.cards.map((card) => card.id), ...act, ...(portion.stage ? { stage: portion.stage } : {}) } });
		settle(act, portion, new Set(told.refused.map((one) => one.id)));
		return told;
	} catch (fault) {
		for (const card of portion.cards)
			takeBack(act, card);
		throw fault;
	}
}

/* `far`: how many were dealt with so far. A fault ends it; what was done stays done, and is told with the fault. */
export async function runBulk(act: BulkAct, portions: readonly Portion[], far: (done: number) => void): Promise<Outcome & { fault?: unknown }> {
	const out: Outcome = { batches: [], done: 0, skipped: 0, refused: [] };
	let dealt = 0;
	for (const portion of bites(portions)) {
		try {
			const told = await bite(act, portion);
			if (told.done)
				out.batches.push({ id: told.batch_id, workspace: portion.workspace, deals: portion.cards.map((card) => card.id) });
			out.done += told.done;
			out.skipped += told.skipped;
			out.refused.push(...told.refused);
		} catch (fault) {
			return { ...out, fault };
		}
		far(dealt += portion.cards.length);
	}
	return out;
}

/* The same to all that fit a filter, as the server finds them in that moment. */
export async function runFitting(act: BulkAct, what: Fitting): Promise<Outcome & { fault?: unknown }> {
	const out: Outcome = { batches: [], done: 0, skipped: 0, refused: [] };
	for (const workspace of what.workspaces) {
		const key = newKey();
		rememberOwn(key);
		try {
			const told = await api<Told>('POST', `/api/crm/deals/bulk${query({ workspace })}`, { key, body: { filter: what.filter, ...act, ...(what.stage ? { stage: what.stage } : {}) } });
			if (told.done)
				out.batches.push({ id: told.batch_id, workspace, deals: [] });
			out.done += told.done;
			out.skipped += told.skipped;
			out.refused.push(...told.refused);
		} catch (fault) {
			return { ...out, fault };
		}
	}
	return out;
}

/* few are read one by one, many with the board */
async function readAgain(ids: readonly Id[]): Promise<void> {
	for (const id of ids)
		void queryClient.invalidateQueries({ queryKey: ['timeline', id] });
	await (ids.length <= 5 ? Promise.all(ids.map((id) => refresh(board, id))) : queryClient.invalidateQueries({ queryKey: ['pipeline'] }));
}

/* What these did is taken back where nobody changed it since; what stays is told. */
export async function undoBatches(batches: readonly Batch[], said: (undone: number) => string): Promise<boolean> {
	let undone = 0;
	let kept = 0;
	try {
		for (const one of [...batches].reverse()) {
			const key = newKey();
			rememberOwn(key);
			const told = await api<Undone>('POST', `/api/crm/batches/${one.id}/undo${query({ workspace: one.workspace })}`, { key, body: {} });
			undone += told.undone;
			kept += new Set(told.kept.map((row) => row.id)).size;
		}
	} catch (fault) {
		toast.error(say('undo.failed'), problemText(fault));
		return false;
	} finally {
		await readAgain(batches.flatMap((one) => one.deals));
	}
	if (undone > 0) {
		toast.ok(said(undone));
		announce(said(undone));
	}
	if (kept > 0)
		toast.error(say('undo.kept', { count: kept }), say('undo.kept_text'));
	return undone > 0;
}

/* The note after an action, with what takes it back. */
export function offerUndo(title: string, batches: readonly Batch[], said: (undone: number) => string): number {
	announce(title);
	return toast.ok(title, batches.length ? { label: say('common.undo'), hotkey: 'Z', run: () => void undoBatches(batches, said) } : undefined);
}

export async function deleteDeals(cards: readonly Card[], far: (done: number) => void = () => undefined): Promise<void> {
	const spaces = [...new Set(cards.map((card) => card.workspace_id))];
	const out = await runBulk({ action: 'delete' }, spaces.map((workspace) => ({ workspace, cards: cards.filter((card) => card.workspace_id === workspace) })), far);
	for (const card of cards)
		selection.drop(card.id);
	const [one] = cards;
	tellOutcome(out, out.done === 1 && one ? say('trash.deleted', { title: one.title }) : say('bulk.deleted', { count: out.done }));
}

export function tellOutcome(out: Outcome & { fault?: unknown }, title: string): void {
	if (out.done)
		offerUndo(title, out.batches, (count) => say('undo.done', { count }));
	if (out.refused.length)
		toast.error(say('bulk.refused', { count: out.refused.length }), [...new Set(out.refused.map((one) => sayValue('problem', one.code)))].join(' '));
	if (out.fault)
		toast.error(say('bulk.failed'), problemText(out.fault));
	else if (!out.done && !out.refused.length)
		toast.ok(say('bulk.nothing'));
}
