/* Moves a deal to another stage: on the screen at once, then asked of the server; refused, the card goes back and the
   reason is told. Two moves of one card go out one after the other, each with the version the one before it made. */
import { api, newKey, Problem } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Card, Deal, Id, Written } from '../../api/types';
import { say } from '../../i18n';
import { problemText } from '../../app/problems';
import { toast } from '../../ui/toast';
import { board, type BoardStore } from './store';

const own = new Set<string>();
const chains = new Map<Id, Promise<boolean>>();

/* keys of commands this tab sent: their echo on the stream is no news */
export function isOwn(correlation: string | null | undefined): boolean {
	return typeof correlation === 'string' && own.has(correlation);
}

export function rememberOwn(key: string): void {
	own.add(key);
	setTimeout(() => own.delete(key), 120_000);
}

/* `told`: the server said yes; its answer names the batch that takes the move back */
export interface MoveAsk { note?: string; stageName: string; told?(written: Written): void }

async function post(id: Id, stage: Id, version: number, key: string, note: string | undefined): Promise<Written> {
	return api<Written>('POST', `/api/crm/opportunities/${id}/stage`, { key, body: { stage, version, ...(note ? { note } : {}) } });
}

async function send(store: BoardStore, before: Card, stage: Id, key: string, note: string | undefined): Promise<Written> {
	const version = store.base(before.id)?.version ?? before.version;
	try {
		return await post(before.id, stage, version, key, note);
	} catch (fault) {
		if (!(fault instanceof Problem) || (fault.status !== 409 && fault.status !== 412))
			throw fault;
		/* something else of the deal changed, its stage is still the one this person saw: what they meant still holds */
		const now = await api<Deal>('GET', `/api/crm/deals/${before.id}`);
		if (now.stage_id !== before.stage_id)
			throw fault;
		const again = newKey();
		rememberOwn(again);
		return post(before.id, stage, now.version, again, note);
	}
}

export async function refresh(store: BoardStore, id: Id): Promise<void> {
	try {
		const deal = await queryClient.fetchQuery({ queryKey: keys.deal(id), queryFn: () => api<Deal>('GET', `/api/crm/deals/${id}`), staleTime: 0 });
		store.receive(deal);
	} catch (fault) {
		if (fault instanceof Problem && (fault.status === 404 || fault.status === 403))
			store.remove(id);
	}
}

export function moveDeal(card: Card, stage: Id, ask: MoveAsk, store: BoardStore = board): Promise<boolean> {
	if (card.stage_id === stage)
		return Promise.resolve(true);
	const key = newKey();
	rememberOwn(key);
	const before = store.begin(card.id, key, stage, new Date().toISOString()) ?? card;
	const onBoard = store.card(card.id) !== undefined;
	const run = async (): Promise<boolean> => {
		try {
			const written = await send(store, before, stage, key, ask.note);
			if (onBoard)
				store.settle(card.id, written.version, written.stage_id ?? stage);
			queryClient.setQueryData<Deal>(keys.deal(card.id), (deal) => deal && { ...deal, stage_id: stage, version: written.version });
			void queryClient.invalidateQueries({ queryKey: keys.deal(card.id) });
			void queryClient.invalidateQueries({ queryKey: keys.timeline(card.id) });
			ask.told?.(written);
			return true;
		} catch (fault) {
			store.rollback(card.id);
			void queryClient.invalidateQueries({ queryKey: keys.deal(card.id) });
			toast.error(say('move.refused', { title: card.title }), problemText(fault));
			void refresh(store, card.id);
			return false;
		}
	};
	const chain = (chains.get(card.id) ?? Promise.resolve(true)).then((ok) => ok ? run() : false);
	chains.set(card.id, chain);
	void chain.finally(() => {
		if (chains.get(card.id) === chain)
			chains.delete(card.id);
	});
	return chain;
}
