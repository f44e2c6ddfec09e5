/* Brings the live stream to the board and the open panel: each event touches the one card and the one query it is
   about. An event that does not fit what is known (a deal not loaded, a version skipped) is answered by one read. */
import { api, query } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import { fieldsChanged, itemsChanged, pipelinesChanged } from '../../api/boards';
import { currenciesChanged } from '../../api/currencies';
import type { Card, CrmEvent, Id, Label, Pipeline, StageCount } from '../../api/types';
import { firstName } from '../../lib/format';
import { isOwn, refresh } from './move';
import { selection } from './selection';
import { board } from './store';

type EventOf<T extends CrmEvent['type']> = Extract<CrmEvent, { type: T }>;

/* contacts and pipeline answer a lead side by side: the contact may be told before the deal it belongs to */
const links = new Map<Id, EventOf<'lead.contact_linked'>['data']>();

function rememberLink(data: EventOf<'lead.contact_linked'>['data']): void {
	links.set(data.lead_id, data);
	if (links.size > 500)
		for (const oldest of [...links.keys()].slice(0, 250))
			links.delete(oldest);
}

function cardOf(event: EventOf<'deal.created'>): Card {
	const { data } = event;
	const link = data.lead_id ? links.get(data.lead_id) : undefined;
	return {
		id: data.deal_id,
		workspace_id: event.workspace,
		number: data.number,
		title: data.title,
		stage_id: data.stage_id,
		contact_id: data.contact_id ?? link?.contact_id ?? null,
		contact_name: data.contact_name ?? link?.name ?? null,
		company: data.company ?? link?.company ?? null,
		value: data.value ?? null,
		owner_id: data.owner_id ?? null,
		lead_id: data.lead_id ?? null,
		source: data.source ?? null,
		version: 1,
		created_at: event.time,
		stage_since: event.time,
		close_date: data.close_date ?? null,
		files: data.files ?? 0,
	};
}

export type NameOf = (actor: CrmEvent['actor']) => string | null;

function markRemote(id: Id, event: CrmEvent, nameOf: NameOf): void {
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
		api<{ data: StageCount[] }>('GET', `/api/crm/count${query({ workspace, ...board.filter })}`)
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
		for (const queryKey of [keys.leads, ['lead'], ['opportunities']])
			void queryClient.invalidateQueries({ queryKey });
	}, 300);
}

let segmentsTimer: ReturnType<typeof setTimeout> | null = null;

/* who is in a segment, and the lists that show one: a burst reads them at most twice a second; the services' copies follow a moment later */
function segmentsSoon(): void {
	segmentsTimer ??= setTimeout(() => {
		segmentsTimer = null;
		void queryClient.invalidateQueries({ queryKey: ['segments'] });
		if (new URLSearchParams(location.search).has('segment'))
			for (const queryKey of [keys.leads, ['opportunities'], ['contacts'], ['accounts'], ['deals-table'], ['pipeline']])
				void queryClient.invalidateQueries({ queryKey });
	}, 500);
}

let contactsTimer: ReturnType<typeof setTimeout> | null = null;

function contactsSoon(): void {
	contactsTimer ??= setTimeout(() => {
		contactsTimer = null;
		void queryClient.invalidateQueries({ queryKey: ['contacts'] });
	}, 300);
}

let accountsTimer: ReturnType<typeof setTimeout> | null = null;

/* deals and people show a company's name, whether it is a client and who looks after it; many at once read them at most three times a second */
function accountsSoon(): void {
	accountsTimer ??= setTimeout(() => {
		accountsTimer = null;
		for (const queryKey of [['accounts'], ['contacts'], ['deal']])
			void queryClient.invalidateQueries({ queryKey });
	}, 300);
}

/* a person as they are from now on, gone or back, on their page, on the cards that show them and in the lists */
function contactTold(contact: Id): void {
	contactsSoon();
	void queryClient.invalidateQueries({ queryKey: ['contact', contact] });
	void queryClient.invalidateQueries({ queryKey: keys.person(contact) });
	eachCard((card) => card.contact_id === contact, (id) => {
		touch(id);
		void refresh(board, id);
	});
}

let goneTimer: ReturnType<typeof setTimeout> | null = null;

function trashSoon(): void {
	goneTimer ??= setTimeout(() => {
		goneTimer = null;
		for (const queryKey of [['trash'], ['merges']])
			void queryClient.invalidateQueries({ queryKey });
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

let storyTimer: ReturnType<typeof setTimeout> | null = null;

const stories = new Set<Id>();

/* what is told on the timeline of whom it is about; of many at once at most three times a second */
function storyTold(data: object): void {
	for (const [name, id] of Object.entries(data))
		if (/^(deal|contact|account|lead)_id$/.test(name) && id)
			stories.add(id as Id);
	storyTimer ??= setTimeout(() => {
		storyTimer = null;
		stories.forEach(touch);
		stories.clear();
	}, 300);
}

/* the cards that a contact or a lead is on */
function eachCard(of: (card: Card) => boolean, act: (id: Id, card: Card) => void): void {
	for (const stage of board.stageIds())
		for (const id of board.list(stage)) {
			const card = board.card(id);
			if (card && of(card))
				act(id, card);
		}
}

function dealMoved(event: EventOf<'deal.stage_changed'>, nameOf: NameOf, workspace: string | null): void {
	const { deal_id: id, from_id: from, to_id: to, version, owner_id: owner, since } = event.data;
	/* an undone move has its old place again */
	const at = since ?? event.time;
	touch(id);
	if (!board.hasStage(to))
		return;
	const known = board.card(id);
	if (!known) {
		if (board.hasStage(from))
			board.count(from, -1);
		void refresh(board, id).then(() => markRemote(id, event, nameOf));
	} else if (board.isPending(id)) {
		if (!isOwn(event.correlation))
			board.receive({ ...(board.base(id) ?? known), stage_id: to, version, stage_since: at });
		return;
	} else if (known.version >= version) {
		return;
	} else {
		board.receive({ ...known, stage_id: to, version, stage_since: at, ...(owner ? { owner_id: owner } : {}) });
		markRemote(id, event, nameOf);
	}
	recountSoon(workspace);
}

function dealChanged(event: EventOf<'deal.updated'>, nameOf: NameOf): void {
	const { deal_id: id, version, title, value, close_date: close, owner_id: owner } = event.data;
	touch(id);
	const known = board.card(id);
	if (!known || (board.base(id) ?? known).version >= version)
		return;
	if (board.receive({ ...(board.base(id) ?? known), version, title, value: value ?? null, close_date: close ?? null, owner_id: owner ?? null }))
		markRemote(id, event, nameOf);
}

/* thrown away: it is on no board any more, whoever did it */
function dealTrashed({ data }: EventOf<'deal.trashed'>, workspace: string | null): void {
	touch(data.deal_id);
	void queryClient.invalidateQueries({ queryKey: ['trash'] });
	selection.drop(data.deal_id);
	if (board.card(data.deal_id))
		board.remove(data.deal_id);
	if (board.hasStage(data.stage_id))
		recountSoon(workspace);
}

let back: Id[] = [];
let backTimer: ReturnType<typeof setTimeout> | null = null;

/* the event does not say what the card says: few are read one by one, many with the board */
function dealRestored(event: EventOf<'deal.restored'>, nameOf: NameOf, workspace: string | null): void {
	const { data } = event;
	touch(data.deal_id);
	void queryClient.invalidateQueries({ queryKey: ['trash'] });
	if (!board.hasStage(data.stage_id) || (board.card(data.deal_id)?.version ?? 0) >= data.version)
		return;
	back.push(data.deal_id);
	backTimer ??= setTimeout(() => {
		const ids = back;
		back = [];
		backTimer = null;
		if (ids.length > 5)
			void queryClient.invalidateQueries({ queryKey: ['pipeline'] });
		else
			for (const id of ids)
				void refresh(board, id).then(() => markRemote(id, event, nameOf));
		recountSoon(workspace);
	}, 60);
}

/* the pipeline as it stands from now on: its stages with the cards and totals that are known. One not looked at yet, or no longer,
   is a board to read again. */
function boardChanged({ data }: EventOf<'board.changed'>): void {
	void pipelinesChanged();
	const fresh = (old: Pipeline): Pipeline => ({
		...old, key: data.key, label: data.label as Label, kind: data.kind ?? 'sales', move_mode: data.move_mode,
		stages: data.stages.map((stage) => ({
			...(old.stages.find((one) => one.id === stage.stage_id) ?? { count: 0, sums: [], cards: [], next: null }),
			id: stage.stage_id, key: stage.key, kind: stage.kind, label: stage.label as Label, probability: stage.probability, colour: stage.colour, qualified: stage.qualified, position: stage.position,
		})),
	});
	for (const [queryKey, pipelines] of queryClient.getQueriesData<Pipeline[]>({ queryKey: ['pipeline'] })) {
		const known = pipelines?.some((one) => one.id === data.pipeline_id) ?? false;
		if (!pipelines || (!known && data.archived))
			continue;
		if (!known || data.archived || data.what === 'pipeline_update') {
			void queryClient.invalidateQueries({ queryKey });
			continue;
		}
		const next = pipelines.map((one) => one.id === data.pipeline_id ? fresh(one) : one);
		board.adopt(next);
		queryClient.setQueryData(queryKey, next);
	}
	if (data.what === 'stage_remove')
		recountSoon(null);
}

let filterTimer: ReturnType<typeof setTimeout> | null = null;

/* whether a deal fits a filter only the server can say: what changed is asked for once more */
function refilterSoon(): void {
	filterTimer ??= setTimeout(() => {
		filterTimer = null;
		void queryClient.invalidateQueries({ queryKey: ['pipeline'] });
	}, 600);
}

export function applyEvent(event: CrmEvent, nameOf: NameOf, workspace: string | null): void {
	if (/^(mail|quote|invoice|credit_note|payment|order)\./.test(event.type))
		storyTold(event.data);
	if (event.type.startsWith('segment.'))
		segmentsSoon();
	if (event.type.startsWith('deal.'))
		leadsSoon();
	if (event.type === 'activity.added')
		setTimeout(leadsSoon, 900); /* that a lead is answered is told by another service, a moment later */
	if (board.filtered && /^(activity|record|tag)\./.test(event.type)) /* what is kept of them follows in another service */
		setTimeout(refilterSoon, 700);
	if (board.filtered && event.type.startsWith('deal.')) {
		refilterSoon();
		if (event.type !== 'deal.stage_changed' || !board.card(event.data.deal_id))
			return;
	}
	switch (event.type) {
	case 'deal.created':
		if (!board.hasStage(event.data.stage_id) || board.card(event.data.deal_id))
			return;
		board.receive(cardOf(event));
		markRemote(event.data.deal_id, event, nameOf);
		recountSoon(workspace);
		return;
	case 'deal.stage_changed':
		dealMoved(event, nameOf, workspace);
		return;
	case 'deal.updated':
		dealChanged(event, nameOf);
		return;
	case 'deal.trashed':
		dealTrashed(event, workspace);
		return;
	case 'deal.restored':
		dealRestored(event, nameOf, workspace);
		return;
	case 'lead.contact_linked': {
		const { lead_id: lead, contact_id: contact, name, company } = event.data;
		rememberLink(event.data);
		if (contact)
			eachCard((card) => card.lead_id === lead, (id, card) => {
				board.patch(id, { contact_id: contact, contact_name: name ?? card.contact_name, company: card.company ?? company ?? null });
				touch(id);
			});
		leadsSoon();
		return;
	}
	case 'contact.created':
		contactsSoon();
		return;
	case 'contact.updated':
		contactTold(event.data.contact_id);
		return;
	case 'contact.trashed':
	case 'contact.restored':
		contactTold(event.data.contact_id);
		trashSoon();
		return;
	case 'contact.merged':
	case 'contact.unmerged':
		contactTold(event.data.survivor_id);
		contactTold(event.data.loser_id);
		trashSoon();
		return;
	case 'account.merged':
	case 'account.unmerged':
		accountsSoon();
		trashSoon();
		return;
	case 'record.tagged':
		if (event.data.about === 'contact')
			contactsSoon();
		else if (event.data.about === 'account')
			accountsSoon();
		else
			leadsSoon();
		return;
	case 'lead.created':
	case 'lead.updated':
	case 'lead.qualified':
		leadsSoon();
		touch(event.data.lead_id); /* its deal bears its id */
		return;
	case 'deal.converted':
		touch(event.data.deal_id);
		void queryClient.invalidateQueries({ queryKey: ['accounts'] });
		return;
	case 'account.trashed':
	case 'account.restored':
		trashSoon();
		accountsSoon();
		return;
	case 'account.created':
	case 'account.updated':
		accountsSoon();
		return;
	case 'location.added':
	case 'location.changed':
	case 'location.removed':
	case 'location.restored':
		void queryClient.invalidateQueries({ queryKey: ['locations', event.data.account_id] });
		return;
	case 'board.changed':
		boardChanged(event);
		return;
	case 'catalogue.changed':
		void itemsChanged();
		return;
	case 'custom_field.changed':
		void fieldsChanged();
		return;
	case 'currency.changed':
	case 'rate.changed':
		void currenciesChanged();
		return;
	default:
		return; /* of workspaces and members: read again with the next page */
	}
}
