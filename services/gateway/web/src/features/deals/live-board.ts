/* Brings the live stream to the board and the open panel: each event touches the one card and the one query it is
   about. An event that does not fit what is known (a deal not loaded, a version skipped) is answered by one read. */
import { useEffect } from 'react';
import { api, query } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import { onLive } from '../../api/live';
import type { Card, EventData, Id, LiveEvent, Money, StageCount } from '../../api/types';
import { firstName } from '../../lib/format';
import { isOwn, refresh } from './move';
import { board } from './store';

const str = (data: EventData, name: string): string | null => typeof data[name] === 'string' ? (data[name] as string) : null;
const num = (data: EventData, name: string): number | null => typeof data[name] === 'number' ? (data[name] as number) : null;

function moneyOf(value: unknown): Money | null {
	if (typeof value !== 'object' || value === null)
		return null;
	const { amount, currency } = value as { amount?: unknown; currency?: unknown };
	return typeof amount === 'string' && typeof currency === 'string' ? { amount, currency } : null;
}

function cardOf(event: LiveEvent, id: Id, stage: Id): Card {
	const { data } = event;
	return {
		id,
		workspace_id: event.workspace,
		number: num(data, 'number') ?? 0,
		title: str(data, 'title') ?? '',
		stage_id: stage,
		contact_id: str(data, 'contact_id'),
		contact_name: str(data, 'contact_name'),
		company: str(data, 'company'),
		value: moneyOf(data['value']),
		owner_id: str(data, 'owner_id'),
		lead_id: str(data, 'lead_id'),
		source: str(data, 'source'),
		version: num(data, 'version') ?? 1,
		created_at: event.time,
		stage_since: event.time,
		close_date: str(data, 'close_date'),
		files: typeof data['files'] === 'number' ? data['files'] : Array.isArray(data['files']) ? data['files'].length : 0,
	};
}

export type NameOf = (actor: LiveEvent['actor']) => string | null;

function markRemote(id: Id, event: LiveEvent, nameOf: NameOf): void {
	if (isOwn(event.correlation))
		return;
	const name = nameOf(event.actor);
	board.setMark(id, name ? firstName(name) : '', Date.now());
}

let recountTimer: ReturnType<typeof setTimeout> | null = null;

/* after a burst the totals are read once: what was counted twice or missed between snapshot and stream is put right */
function recountSoon(workspace: string | null): void {
	if (recountTimer !== null)
		clearTimeout(recountTimer);
	recountTimer = setTimeout(() => {
		recountTimer = null;
		const scope = board.scope;
		api<{ data: StageCount[] }>('GET', `/api/crm/count${query({ workspace })}`)
			.then((reply) => {
				if (recountTimer === null && board.scope === scope && !board.stageIds().some((stage) => board.list(stage).some((id) => board.isPending(id))))
					board.recount(reply.data);
			})
			.catch(() => undefined);
	}, 2500);
}

let leadsTimer: ReturnType<typeof setTimeout> | null = null;

/* a burst of leads reads the list at most three times a second */
function leadsSoon(): void {
	leadsTimer ??= setTimeout(() => {
		leadsTimer = null;
		void queryClient.invalidateQueries({ queryKey: keys.leads });
	}, 300);
}

function touch(id: Id): void {
	const stale = () => {
		void queryClient.invalidateQueries({ queryKey: keys.deal(id) });
		void queryClient.invalidateQueries({ queryKey: keys.timeline(id) });
		void queryClient.invalidateQueries({ queryKey: keys.files(id) });
	};
	stale();
	setTimeout(stale, 900); /* the timeline is a projection of its own and may follow a moment later */
}

export function applyEvent(event: LiveEvent, nameOf: NameOf, workspace: string | null): void {
	const { data } = event;
	const id = str(data, 'deal_id') ?? (event.type.startsWith('deal.') ? event.subject : null);
	switch (event.type) {
	case 'deal.created': {
		const stage = str(data, 'stage_id');
		if (!id || !stage || !board.hasStage(stage) || board.card(id))
			return;
		board.receive(cardOf(event, id, stage));
		markRemote(id, event, nameOf);
		recountSoon(workspace);
		return;
	}
	case 'deal.stage_changed': {
		const to = str(data, 'to_id');
		const from = str(data, 'from_id');
		const version = num(data, 'version') ?? 0;
		if (!id || !to)
			return;
		touch(id);
		if (!board.hasStage(to))
			return;
		const known = board.card(id);
		if (!known) {
			if (from && board.hasStage(from))
				board.count(from, -1);
			void refresh(board, id).then(() => markRemote(id, event, nameOf));
			recountSoon(workspace);
			return;
		}
		if (known.version >= version)
			return;
		const owner = str(data, 'owner_id');
		if (board.isPending(id)) {
			if (!isOwn(event.correlation))
				board.receive({ ...(board.base(id) ?? known), stage_id: to, version, stage_since: event.time });
			return;
		}
		board.receive({ ...known, stage_id: to, version, stage_since: event.time, ...(owner ? { owner_id: owner } : {}) });
		markRemote(id, event, nameOf);
		recountSoon(workspace);
		return;
	}
	case 'deal.updated':
		if (!id)
			return;
		touch(id);
		if (board.card(id) && (board.card(id)?.version ?? 0) < (num(data, 'version') ?? Infinity))
			void refresh(board, id).then(() => markRemote(id, event, nameOf));
		return;
	case 'deal.deleted':
		if (id)
			board.remove(id);
		return;
	case 'lead.contact_linked': {
		const lead = str(data, 'lead_id');
		const contact = str(data, 'contact_id');
		if (!lead || !contact)
			return;
		for (const stage of board.stageIds())
			for (const one of board.list(stage)) {
				const card = board.card(one);
				if (card?.lead_id !== lead)
					continue;
				board.patch(one, { contact_id: contact, contact_name: str(data, 'name') ?? card.contact_name });
				touch(one);
			}
		leadsSoon();
		return;
	}
	case 'contact.updated': {
		const contact = str(data, 'contact_id') ?? event.subject;
		for (const stage of board.stageIds())
			for (const one of board.list(stage))
				if (board.card(one)?.contact_id === contact) {
					touch(one);
					void refresh(board, one);
				}
		return;
	}
	case 'lead.created':
	case 'lead.updated':
	case 'lead.status_changed':
	case 'lead.qualified':
		leadsSoon();
		return;
	default:
		if (id)
			touch(id);
	}
}

export function useLiveBoard(workspace: string | null, nameOf: NameOf, onBye: () => void): void {
	useEffect(() => onLive((note) => {
		switch (note.kind) {
		case 'event':
			applyEvent(note.event, nameOf, workspace);
			break;
		case 'reset':
			void queryClient.invalidateQueries();
			break;
		case 'bye':
			onBye();
			break;
		}
	}), [workspace, nameOf, onBye]);
}
