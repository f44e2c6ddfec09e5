/* What pipeline does about what others say, one function per event: load, decide, write, emit.
 * Never makes a second deal of a lead, never waits for what may not come. */
#include "rules.h"
#include "memory.h"
#include "pipeline_sql.h"

/* An agency's home takes no leads, so it has no board. */
void workspace_created (struct batch *b, const struct workspace_created workspace[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct preset_board board = { 0 };
		const char *error = NULL;
		if (!workspace[i].home && !preset_read (batch_arena (b), workspace[i].workspace_id, workspace[i].content, &board, &error)) {
			ret[i] = refused (unknown_preset);
			ret[i].detail = error;
			continue;
		}
		struct board_workspace row = {
			.workspace_id = workspace[i].workspace_id,
			.auto_deal = board.auto_deal,
			.first_stage_id = board.first_stage_id,
			.has.first_stage_id = board.stages ? HERE : ABSENT,
			.default_owner_id = workspace[i].default_owner_id,
			.has.default_owner_id = workspace[i].has.default_owner_id,
			.timezone = workspace[i].timezone,
			.has.timezone = HERE,
			.currency = workspace[i].currency,
			.has.currency = HERE,
		};
		workspace_write (b, &row, 1);
		pipeline_write (b, board.pipeline, board.pipelines);
		stage_write (b, board.stage, board.stages);
		item_write (b, board.item, board.items);
		ret[i] = done ();
	}
	boards_forget (b);
}

void workspace_updated (struct batch *b, const struct workspace_updated workspace[], size_t n, struct outcome ret[])
{
	workspace_updated_write (b, workspace, n);
	boards_forget (b);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

/* Whose a lead's deal is. */
static void lead_owner (const struct lead_created *lead, const struct lead_plan *plan, user_id *ret, unsigned char *ret_has)
{
	bool named = lead->has.owner_id == HERE;
	*ret = named ? lead->owner_id : plan->default_owner_id;
	*ret_has = named ? (unsigned char) HERE : plan->has.default_owner_id;
}

static struct deal_late late_of (const struct head *head, deal_id deal)
{
	return (struct deal_late){ .workspace_id = { head->workspace }, .late_id = deal };
}

static const char *deal_title (struct batch *b, const struct lead_created *lead)
{
	return *lead->form_type ? text_join (b, lead->name, " — ", lead->form_type) : lead->name;
}

static struct waiting_lead lead_waits (struct batch *b, const struct lead_created *lead, const struct lead_plan *plan)
{
	struct waiting_lead wait = {
		.workspace_id = { lead->head.workspace },
		.lead_id = lead->lead_id,
		.title = deal_title (b, lead),
		.company = lead->company,
		.has.company = lead->has.company,
		.source = lead->source,
		.has.source = HERE,
		.source_id = lead->source_id,
		.has.source_id = lead->has.source_id,
		.files = (int64_t) lead->files.n,
		.has.files = HERE,
	};
	lead_owner (lead, plan, &wait.owner_id, &wait.has.owner_id);
	return wait;
}

/* Stages are few and their owners too: a line of many deals is counted here, not in Postgres. */
static void lead_deals_write (struct batch *b, const struct deal_created deal[], size_t n)
{
	struct stage_count *count = ARRAY (b, count, n);
	size_t counts = 0, at = 0;
	for (size_t i = 0; i < n; i++) {
		struct stage_count c = { .workspace_id = { deal[i].head.workspace },
					 .stage_id = deal[i].stage_id,
					 .owner_id = deal[i].owner_id,
					 .has.owner_id = deal[i].has.owner_id };
		for (at = 0; at < counts; at++)
			if (uuid_equal (count[at].stage_id.uuid, c.stage_id.uuid) &&
			    uuid_equal (count[at].workspace_id.uuid, c.workspace_id.uuid) && count[at].has.owner_id == c.has.owner_id &&
			    uuid_equal (count[at].owner_id.uuid, c.owner_id.uuid))
				break;
		if (at == counts)
			count[counts++] = c;
		count[at].deals++;
	}
	stage_count_write (b, count, counts);
	lead_deal_write (b, deal, n);
}

/* Leads made by hand may say where their deals begin; the gateway has seen that there is such a stage, and one that went since is the first. */
static void leads_begin (struct batch *b, const struct lead_created lead[], const size_t of[], size_t n, struct deal_created deal[])
{
	size_t rows;
	if (!n)
		return;
	const struct lead_begin *begin = lead_begin_load (b, lead, n, &rows);
	for (size_t i = 0; i < rows; i++)
		deal[of[begin[i].item - 1]].stage_id = begin[i].stage_id;
}

static bool lead_says_more (const struct lead_created *lead)
{
	return lead->has.locale == HERE || lead->has.monthly_shipments == HERE;
}

/* Every lead is one deal in the first stage, at once; its contact is joined when contacts has answered. */
void lead_created (struct batch *b, const struct lead_created lead[], size_t n, struct outcome ret[])
{
	const struct lead_plan *plan = leads_plan (b, lead, n);
	struct deal_created *deal = ARRAY (b, deal, n);
	struct waiting_lead *wait = ARRAY (b, wait, n);
	struct deal_late *late = ARRAY (b, late, n);
	struct deal_created *more = ARRAY (b, more, n);
	struct lead_created *begin = ARRAY (b, begin, n);
	size_t *begin_of = ARRAY (b, begin_of, n);
	size_t deals = 0, waits = 0, lates = 0, mores = 0, begins = 0;
	for (size_t i = 0; i < n; i++) {
		bool board = plan[i].has.stage_id == HERE;
		ret[i] = plan[i].has.auto_deal != HERE ? not_yet ("workspace") : !board || plan[i].has_deal ? skipped () : done ();
		if (!is_done (ret[i]))
			continue;
		if (!plan[i].auto_deal) {
			wait[waits++] = lead_waits (b, &lead[i], &plan[i]);
			continue;
		}
		struct deal_created *d = &deal[deals++];
		*d = (struct deal_created){
			.head = head_caused (b, &lead[i].head),
			.deal_id = { lead[i].lead_id.uuid }, /* the lead's own id: see main.c */
			.number = number_take (b, lead[i].head.workspace, NUMBER_DEAL),
			.lead_id = lead[i].lead_id,
			.has.lead_id = HERE,
			.stage_id = plan[i].stage_id,
			.title = deal_title (b, &lead[i]),
			.company = lead[i].company,
			.has.company = lead[i].has.company,
			.source = lead[i].source,
			.has.source = HERE,
			.source_id = lead[i].source_id,
			.has.source_id = lead[i].has.source_id,
			.files = (int64_t) lead[i].files.n,
			.has.files = lead[i].files.n ? HERE : ABSENT,
		};
		lead_owner (&lead[i], &plan[i], &d->owner_id, &d->has.owner_id);
		if (lead[i].has.stage == HERE) {
			begin_of[begins] = deals - 1;
			begin[begins++] = lead[i];
		}
		if (lead_says_more (&lead[i])) {
			d->locale = lead[i].locale;
			d->has.locale = lead[i].has.locale;
			d->monthly_shipments = lead[i].monthly_shipments;
			d->has.monthly_shipments = lead[i].has.monthly_shipments;
			more[mores++] = *d;
		}
		if (stands_on_page (plan[i].has.search_upto, plan[i].search_upto,
				    d->deal_id.uuid)) /* it came late, or is of another time */
			late[lates++] = late_of (&lead[i].head, d->deal_id);
	}
	leads_begin (b, begin, begin_of, begins, deal);
	lead_deals_write (b, deal, deals);
	deal_more_write (b, more, mores);
	deal_late_write (b, late, lates);
	waiting_lead_write (b, wait, waits);
	deal_created_emit (b, deal, deals);
}

void lead_contact_linked (struct batch *b, const struct lead_contact_linked linked[], size_t n, struct outcome ret[])
{
	const struct link_place *place = links_place (b, linked, n);
	struct lead_contact_linked *deal = ARRAY (b, deal, n), *other = ARRAY (b, other, n), *wait = ARRAY (b, wait, n);
	struct deal_late *late = ARRAY (b, late, n);
	size_t deals = 0, others = 0, waits = 0, lates = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		if (stands_on_page (place[i].has.search_upto, place[i].search_upto, linked[i].lead_id.uuid))
			late[lates++] = late_of (&linked[i].head, (deal_id){ linked[i].lead_id.uuid });
		switch (link_decide (&linked[i], &place[i])) {
		case LINK_DEAL: deal[deals++] = linked[i]; break;
		case LINK_OTHER: other[others++] = linked[i]; break;
		case LINK_WAITING: wait[waits++] = linked[i]; break;
		case LINK_NOTHING: ret[i] = skipped (); break;
		case LINK_TOO_EARLY: ret[i] = not_yet (place[i].has.auto_deal == HERE ? "deal" : "workspace"); break;
		}
	}
	deal_contact_write (b, deal, deals);
	deal_contact_other (b, other, others);
	waiting_lead_linked (b, wait, waits);
	deal_late_write (b, late, lates);
}

/* Who the contact is that a deal made by hand names. */
void deal_contact_linked (struct batch *b, const struct deal_contact_linked linked[], size_t n, struct outcome ret[])
{
	deal_contact_linked_write (b, linked, n);
	deal_contact_none (b, linked, n);
	struct deal_late *late = ARRAY (b, late, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		late[i] = late_of (&linked[i].head, linked[i].deal_id);
	}
	deal_late_write (b, late, n);
}

/* What a won deal became: its account, and its contact where it had none. */
void deal_converted (struct batch *b, const struct deal_converted deal[], size_t n, struct outcome ret[])
{
	struct deal_late *late = ARRAY (b, late, n);
	deal_converted_person (b, deal, n);
	deal_converted_write (b, deal, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		late[i] = late_of (&deal[i].head, deal[i].deal_id);
	}
	deal_late_write (b, late, n);
}

void account_created (struct batch *b, const struct account_created account[], size_t n, struct outcome ret[])
{
	account_created_write (b, account, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void account_updated (struct batch *b, const struct account_updated account[], size_t n, struct outcome ret[])
{
	account_updated_write (b, account, n);
	account_renamed_write (b, account, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void account_trashed (struct batch *b, const struct account_trashed account[], size_t n, struct outcome ret[])
{
	account_trashed_write (b, account, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void account_restored (struct batch *b, const struct account_restored account[], size_t n, struct outcome ret[])
{
	account_restored_write (b, account, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

/* What stood before it was listened to: as it is, and nothing of it changed. */
void account_told (struct batch *b, const struct account_told account[], size_t n, struct outcome ret[])
{
	account_told_write (b, account, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void contact_told (struct batch *b, const struct contact_told contact[], size_t n, struct outcome ret[])
{
	contact_told_write (b, contact, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

/* Deals show the name that their contact has now. */
void contact_updated (struct batch *b, const struct contact_updated contact[], size_t n, struct outcome ret[])
{
	struct contact_updated *renamed = ARRAY (b, renamed, n);
	size_t names = 0;
	contact_updated_write (b, contact, n);
	waiting_lead_renamed (b, contact, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		if (name_changed (contact[i].changes))
			renamed[names++] = contact[i];
	}
	deal_renamed_late (b, renamed, names);
}

static struct deal_created deal_of_waiting (struct batch *b, const struct lead_qualified *lead, const struct qualify_plan *plan)
{
	return (struct deal_created){
		.head = head_caused (b, &lead->head),
		.deal_id = { lead->lead_id.uuid },
		.number = number_take (b, lead->head.workspace, NUMBER_DEAL),
		.lead_id = lead->lead_id,
		.has.lead_id = HERE,
		.stage_id = plan->to_id,
		.title = plan->title,
		.contact_id = plan->contact_id,
		.has.contact_id = plan->has.contact_id,
		.contact_name = plan->contact_name,
		.has.contact_name = plan->has.contact_name,
		.company = plan->company,
		.has.company = plan->has.company,
		.source = plan->source,
		.has.source = plan->has.source,
		.source_id = plan->source_id,
		.has.source_id = plan->has.source_id,
		.owner_id = plan->owner_id,
		.has.owner_id = plan->has.owner_id,
		.files = plan->files,
		.has.files = plan->has.files,
	};
}

static struct deal_stage_changed deal_to_qualified (struct batch *b, const struct lead_qualified *lead, const struct qualify_plan *plan)
{
	return (struct deal_stage_changed){
		.head = head_caused (b, &lead->head),
		.deal_id = { lead->lead_id.uuid },
		.from_id = plan->from_id,
		.to_id = plan->to_id,
		.from_key = plan->from_key,
		.has.from_key = plan->has.from_key,
		.to_key = plan->to_key,
		.has.to_key = plan->has.to_key,
		.version = plan->version + 1,
		.lead_id = lead->lead_id,
		.has.lead_id = HERE,
		.owner_id = plan->owner_id,
		.has.owner_id = plan->has.owner_id,
	};
}

static struct lead_state lead_state_of (const struct head *head, lead_id lead, enum lead_status status)
{
	return (struct lead_state){ .workspace_id = { head->workspace }, .lead_id = lead, .status = status };
}

/* Repeating it changes nothing: a deal at or past the marked stage stays where it is. */
void lead_qualified (struct batch *b, const struct lead_qualified lead[], size_t n, struct outcome ret[])
{
	const struct qualify_plan *plan = lead_qualified_load (b, lead, n);
	struct deal_created *deal = ARRAY (b, deal, n);
	struct deal_stage_changed *move = ARRAY (b, move, n);
	struct deal_late *late = ARRAY (b, late, n);
	struct lead_state *state = ARRAY (b, state, n);
	size_t deals = 0, moves = 0;
	for (size_t i = 0; i < n; i++) {
		state[i] = lead_state_of (&lead[i].head, lead[i].lead_id, lead_status_Qualified);
		bool there = plan[i].has.from_id == HERE, waits = plan[i].has.title == HERE;
		ret[i] = done ();
		if (!plan[i].known || (!there && !waits))
			ret[i] = not_yet (plan[i].known ? "deal" : "workspace");
		else if (!there) {
			deal[deals] = deal_of_waiting (b, &lead[i], &plan[i]);
			late[deals] = late_of (&lead[i].head, deal[deals].deal_id);
			deals++;
		} else if (plan[i].before)
			move[moves++] = deal_to_qualified (b, &lead[i], &plan[i]);
		else
			ret[i] = skipped ();
	}
	deal_write (b, deal, deals);
	lead_status_write (b, state, n);
	deal_contact_known (b, deal, deals);
	deal_late_write (b, late, deals);
	deal_contact_waited (b, deal, deals);
	waiting_lead_over (b, deal, deals);
	deal_move_write (b, move, moves);
	deal_created_emit (b, deal, deals);
	deal_stage_changed_emit (b, move, moves);
}

/* A lead handed to somebody takes its deal along, unless the deal was handed to another one by itself. */
void lead_updated (struct batch *b, const struct lead_updated lead[], size_t n, struct outcome ret[])
{
	const struct deal_state *was = lead_updated_load (b, lead, n);
	struct deal_updated *deal = ARRAY (b, deal, n);
	struct lead_state *state = ARRAY (b, state, n);
	size_t deals = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		state[i] = lead_state_of (&lead[i].head, lead[i].lead_id, lead[i].status);
		if (deal_follow_lead (batch_arena (b), &lead[i], &was[i], &deal[deals]))
			deal[deals++].head = head_caused (b, &lead[i].head);
	}
	deal_update_write (b, deal, deals);
	lead_status_write (b, state, n);
	waiting_lead_owner (b, lead, n);
	deal_updated_emit (b, deal, deals);
}

/* Another preset is laid upon the board that is there: its stages first, then those of the old one in which deals stand. */
static void board_lay (struct batch *b, const struct preset_board *board)
{
	struct board_workspace begin = { .workspace_id = board->pipeline[0].workspace_id,
					 .auto_deal = board->auto_deal,
					 .first_stage_id = board->first_stage_id,
					 .has.first_stage_id = HERE };
	board_aside (b, board->pipeline, 1);
	board_relabel (b, board->pipeline, 1);
	board_stage_lay (b, board->stage, board->stages);
	item_write (b, board->item, board->items);
	board_clear (b, board->pipeline, 1);
	board_behind (b, board->pipeline, 1);
	board_begin (b, &begin, 1);
	boards_forget (b);
}

void workspace_preset_changed (struct batch *b, const struct workspace_preset_changed event[], size_t n, struct outcome ret[])
{
	const struct board_place *place = workspace_preset_changed_load (b, event, n);
	for (size_t i = 0; i < n; i++) {
		struct preset_change change;
		const char *error = NULL;
		ret[i] = place[i].has.workspace_id != HERE  ? not_yet ("workspace")
			 : place[i].has.pipeline_id != HERE ? skipped ()
							    : done ();
		if (!is_done (ret[i]))
			continue;
		if (!preset_change_read (batch_arena (b), event[i].workspace_id, event[i].content, place[i].key, &change, &error)) {
			ret[i] = refused (unknown_preset);
			ret[i].detail = error;
			continue;
		}
		struct board_mode mode = { .workspace_id = event[i].workspace_id, .pipeline_id = place[i].pipeline_id };
		struct zone_row zone = { .workspace_id = event[i].workspace_id, .timezone = change.timezone };
		struct currency_row own = { .workspace_id = event[i].workspace_id, .currency = change.currency };
		zone_write (b, &zone, change.timezone != NULL);
		currency_write (b, &own, change.currency != NULL);
		if (change.whole)
			board_lay (b, &change.board);
		else if (change.move_mode >= 0) {
			mode.move_mode = (enum move_mode) change.move_mode;
			board_mode_write (b, &mode, 1);
		}
	}
}

/* All that somebody owned, closed deals as well: nothing belongs to who is gone. */
void member_handed_over (struct batch *b, const struct member_handed_over over[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t deals, changes = 0;
		struct deal_update to = { .owner_id = over[i].to_id, .has.owner_id = HERE };
		const struct deal_state *was = deals_of_member (b, &over[i], 1, &deals);
		struct deal_updated *deal = ARRAY (b, deal, deals);
		for (size_t k = 0; k < deals; k++)
			if (deal_update_merge (batch_arena (b), &to, &was[k], &deal[changes]))
				deal[changes++].head = head_caused (b, &over[i].head);
		deal_update_write (b, deal, changes);
		waiting_lead_hand_over (b, &over[i], 1);
		deal_updated_emit (b, deal, changes);
		ret[i] = done ();
	}
}

/* All that was kept of it. */
void workspace_removed (struct batch *b, const struct workspace_removed event[], size_t n, struct outcome ret[])
{
	removed_search_page_drop (b, event, n);
	removed_search_block_drop (b, event, n);
	removed_search_gram_drop (b, event, n);
	removed_segment_member_drop (b, event, n);
	removed_waiting_lead_drop (b, event, n);
	removed_stage_sum_drop (b, event, n);
	removed_merge_move_drop (b, event, n);
	removed_deal_account_drop (b, event, n);
	removed_account_drop (b, event, n);
	removed_deal_contact_drop (b, event, n);
	removed_deal_drop (b, event, n);
	removed_deal_activity_drop (b, event, n);
	removed_deal_follow_drop (b, event, n);
	removed_catalogue_item_drop (b, event, n);
	removed_rate_drop (b, event, n);
	removed_custom_field_drop (b, event, n);
	removed_deal_change_drop (b, event, n);
	removed_stage_drop (b, event, n);
	removed_pipeline_drop (b, event, n);
	removed_workspace_drop (b, event, n);
	for (size_t i = 0; i < n; i++) {
		batch_workspace_end (b, event[i].workspace_id.uuid);
		ret[i] = done ();
	}
}

/* ---- segments: which deals are in which, as contacts tells it ---- */

void segment_joined (struct batch *b, const struct segment_joined said[], size_t n, struct outcome ret[])
{
	struct segment_joined *mine = ARRAY (b, mine, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = said[i].of == record_kind_deal ? done () : skipped ();
		if (is_done (ret[i]))
			mine[rows++] = said[i];
	}
	segment_joined_write (b, mine, rows);
}

void segment_left (struct batch *b, const struct segment_left said[], size_t n, struct outcome ret[])
{
	struct segment_left *mine = ARRAY (b, mine, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = said[i].of == record_kind_deal ? done () : skipped ();
		if (is_done (ret[i]))
			mine[rows++] = said[i];
	}
	segment_left_drop (b, mine, rows);
}

void segment_changed (struct batch *b, const struct segment_changed said[], size_t n, struct outcome ret[])
{
	struct segment_changed *gone = ARRAY (b, gone, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = said[i].removed && said[i].of == record_kind_deal ? done () : skipped ();
		if (is_done (ret[i]))
			gone[rows++] = said[i];
	}
	segment_changed_drop (b, gone, rows);
}
