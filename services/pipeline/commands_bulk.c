/* The trash, one thing done to many deals, and putting back what an action did: each is a handful of the very moves and changes that people do one by
 * one, in one statement. Never half of a command: what refuses one deal lets the others go on, the rest is one transaction. */
#include "clock.h"
#include "commands.h"
#include "pipeline_sql.h"

#include <string.h>

/* ---- the trash ---- */

/* The open card of the same account in the same pipeline: one of the run that came back before it, or the one that stood there. */
static struct card_holder lot_holder (const struct deal_ask ask[], const struct deal_lot lot[], size_t i, const struct outcome ret[])
{
	for (size_t k = 0; k < i; k++)
		if (is_done (ret[k]) && lot[k].trashed && lot[k].relates && lot[k].opens && lot[k].has.account_id == HERE &&
		    uuid_equal (lot[k].account_id.uuid, lot[i].account_id.uuid) &&
		    uuid_equal (lot[k].board_id.uuid, lot[i].board_id.uuid) &&
		    uuid_equal (ask[k].workspace_id.uuid, ask[i].workspace_id.uuid))
			return (struct card_holder){ .has = HERE, .deal = ask[k].deal_id, .owner = lot[k].owner_id };
	return CARD_HOLDER (&lot[i]);
}

/* How the cards of accounts stand from now on: those of deals that went are open no more, those that came back are where they stand so. */
static void lots_keep (struct batch *b, const struct deal_ask ask[], const struct deal_lot lot[], size_t n, bool back)
{
	struct deal_account_row *card = ARRAY (b, card, n);
	size_t cards = 0;
	for (size_t i = 0; i < n; i++)
		if (lot[i].relates && lot[i].has.account_id == HERE)
			card[cards++] = (struct deal_account_row){ .workspace_id = ask[i].workspace_id, .deal_id = ask[i].deal_id };
	if (back)
		deal_card_on (b, card, cards);
	else
		deal_card_off (b, card, cards);
}

void deal_trash (struct batch *b, const struct deal_trash cmd[], size_t n, struct outcome ret[])
{
	struct deal_ask *ask = ARRAY (b, ask, n);
	struct deal_trashed *gone = ARRAY (b, gone, n);
	size_t goes = 0;
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct deal_ask){ .workspace_id = { cmd[i].head.workspace }, .deal_id = cmd[i].deal_id };
	const struct deal_lot *lot = trash_load (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = deal_trash_check (&cmd[i], &lot[i]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].deal_id.uuid;
		ret[i].version = lot[i].version;
		if (lot[i].trashed)
			continue;
		gone[goes++] = (struct deal_trashed){
			.head = head_caused (b, &cmd[i].head),
			.deal_id = cmd[i].deal_id,
			.version = ++ret[i].version,
			.stage_id = lot[i].stage_id,
			.stage_key = lot[i].stage_key,
			.has.stage_key = lot[i].has.stage_key,
			.lead_id = lot[i].lead_id,
			.has.lead_id = lot[i].has.lead_id,
			.owner_id = lot[i].owner_id,
			.has.owner_id = lot[i].has.owner_id,
		};
	}
	trash_write (b, gone, goes);
	lots_keep (b, ask, lot, n, false);
	deal_trashed_emit (b, gone, goes);
}

void deal_restore (struct batch *b, const struct deal_restore cmd[], size_t n, struct outcome ret[])
{
	struct deal_ask *ask = ARRAY (b, ask, n);
	struct deal_restored *back = ARRAY (b, back, n);
	struct deal_late *late = ARRAY (b, late, n);
	size_t backs = 0;
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct deal_ask){ .workspace_id = { cmd[i].head.workspace }, .deal_id = cmd[i].deal_id };
	const struct deal_lot *lot = trash_load (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = deal_restore_check (&cmd[i], &lot[i]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].deal_id.uuid;
		ret[i].version = lot[i].version;
		if (!lot[i].trashed)
			continue;
		if (lot[i].relates && lot[i].opens) {
			struct outcome card = card_check (batch_arena (b), &cmd[i].head.grant, lot[i].has.account_id == HERE, true,
							  lot_holder (ask, lot, i, ret));
			if (!is_done (card)) {
				ret[i] = card;
				continue;
			}
		}
		late[backs] = (struct deal_late){ .workspace_id = ask[i].workspace_id, .late_id = cmd[i].deal_id };
		back[backs++] = (struct deal_restored){
			.head = head_caused (b, &cmd[i].head),
			.deal_id = cmd[i].deal_id,
			.version = ++ret[i].version,
			.stage_id = lot[i].stage_id,
			.stage_key = lot[i].stage_key,
			.has.stage_key = lot[i].has.stage_key,
			.lead_id = lot[i].lead_id,
			.has.lead_id = lot[i].has.lead_id,
			.owner_id = lot[i].owner_id,
			.has.owner_id = lot[i].has.owner_id,
		};
	}
	restore_write (b, back, backs);
	lots_keep (b, ask, lot, n, true);
	deal_late_write (b, late, backs); /* its words may have changed meanwhile */
	deal_restored_emit (b, back, backs);
}

/* ---- one thing done to many ---- */

/* A deal's version says whether anything was done to it: what is so already is done, and says nothing. */
static void bulk_move (struct batch *b, const struct deal_bulk *cmd, const deal_id ids[], size_t n, struct outcome out[], bool did[])
{
	struct deal_move *move = ARRAY (b, move, n);
	for (size_t i = 0; i < n; i++)
		move[i] = (struct deal_move){ .head = cmd->head,
					      .deal_id = ids[i],
					      .has.deal_id = HERE,
					      .stage = cmd->stage,
					      .has.stage = HERE,
					      .note = cmd->note,
					      .has.note = cmd->has.note,
					      .loss_reason = cmd->loss_reason,
					      .has.loss_reason = cmd->has.loss_reason };
	const struct deal_place *place = deal_move_load (b, move, n);
	for (size_t i = 0; i < n; i++) {
		out[i] = deal_move_check (batch_arena (b), &move[i], &place[i]);
		did[i] = is_done (out[i]) && !uuid_equal (place[i].stage_id.uuid, place[i].target_id.uuid);
	}
	deals_move (b, move, place, NULL, n, out);
}

static void bulk_update (struct batch *b, const struct deal_bulk *cmd, const struct deal_update *what, const deal_id ids[], size_t n,
			 struct outcome out[], bool did[])
{
	struct deal_update *update = ARRAY (b, update, n);
	for (size_t i = 0; i < n; i++) {
		update[i] = *what;
		update[i].head = cmd->head;
		update[i].deal_id = ids[i];
		update[i].has.deal_id = HERE;
	}
	const struct deal_state *was = deal_update_load (b, update, n);
	deal_update (b, update, n, out);
	for (size_t i = 0; i < n; i++)
		did[i] = is_done (out[i]) && out[i].version != was[i].version;
}

static struct deal_ask *asks_of (struct batch *b, const struct head *head, const deal_id ids[], size_t n)
{
	struct deal_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct deal_ask){ .workspace_id = { head->workspace }, .deal_id = ids[i] };
	return ask;
}

static void bulk_trash (struct batch *b, const struct head *head, const deal_id ids[], size_t n, struct outcome out[], bool did[])
{
	struct deal_trash *trash = ARRAY (b, trash, n);
	const struct deal_lot *was = trash_load (b, asks_of (b, head, ids, n), n);
	for (size_t i = 0; i < n; i++)
		trash[i] = (struct deal_trash){ .head = *head, .deal_id = ids[i], .has.deal_id = HERE };
	deal_trash (b, trash, n, out);
	for (size_t i = 0; i < n; i++)
		did[i] = is_done (out[i]) && !was[i].trashed;
}

static void bulk_restore (struct batch *b, const struct head *head, const deal_id ids[], size_t n, struct outcome out[], bool did[])
{
	struct deal_restore *back = ARRAY (b, back, n);
	const struct deal_lot *was = trash_load (b, asks_of (b, head, ids, n), n);
	for (size_t i = 0; i < n; i++)
		back[i] = (struct deal_restore){ .head = *head, .deal_id = ids[i], .has.deal_id = HERE };
	deal_restore (b, back, n, out);
	for (size_t i = 0; i < n; i++)
		did[i] = is_done (out[i]) && was[i].trashed;
}

static struct outcome bulk_one (struct batch *b, const struct deal_bulk *cmd)
{
	struct deal_update what = { .owner_id = cmd->owner_id, .has.owner_id = cmd->has.owner_id };
	deal_id *ids;
	size_t n;
	struct outcome ret = bulk_read (batch_arena (b), cmd, &ids, &n);
	if (is_done (ret) && cmd->action == bulk_action_edit)
		ret = bulk_fields (batch_arena (b), cmd->fields, &what);
	if (!is_done (ret))
		return ret;
	struct outcome *out = ARRAY (b, out, n);
	bool *did = ARRAY (b, did, n);
	switch (cmd->action) {
	case bulk_action_move: bulk_move (b, cmd, ids, n, out, did); break;
	case bulk_action_edit:
	case bulk_action_reassign: bulk_update (b, cmd, &what, ids, n, out, did); break;
	case bulk_action_delete: bulk_trash (b, &cmd->head, ids, n, out, did); break;
	case bulk_action_restore: bulk_restore (b, &cmd->head, ids, n, out, did); break;
	case bulk_action_count: break;
	}
	ret.data = bulk_told (batch_arena (b), batch_of (&cmd->head), ids, out, did, n);
	return ret;
}

/* One command after the other: each sees what the one before it left. */
void deal_bulk (struct batch *b, const struct deal_bulk cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = bulk_one (b, &cmd[i]);
}

/* ---- putting back ---- */

/* What is put back of one bite, by kind; `back` of a deal: it is somewhere among them. */
struct undoing {
	struct deal_move *move;
	int64_t *since;
	struct deal_update *update;
	struct deal_trash *trash;
	struct deal_restore *restore;
	size_t moves, updates, trashes, restores;
	json_t *kept;
	deal_id *back;
	size_t backs;
};

static void kept_note (struct undoing *u, const struct undo_part *part, const char *why)
{
	char id[UUID_TEXT], at[TIME_TEXT], by[UUID_TEXT];
	json_t *one = json_pack ("{s:s, s:I, s:s, s:s}", "id", uuid_format (part->deal_id.uuid, id), "number", (json_int_t) part->number,
				 "field", part->field, "why", why);
	if (part->has.later_at == HERE)
		json_object_set_new (one, "at", json_string (time_format (part->later_at, at)));
	if (part->has.later_by == HERE)
		json_object_set_new (one, "by", json_string (uuid_format (part->later_by.uuid, by)));
	json_array_append_new (u->kept, one);
}

/* The change that puts fields of this deal back: the one under way, or a new one. */
static struct deal_update *update_of (struct undoing *u, const struct head *head, deal_id deal)
{
	if (!u->updates || !uuid_equal (u->update[u->updates - 1].deal_id.uuid, deal.uuid))
		u->update[u->updates++] = (struct deal_update){ .head = *head, .deal_id = deal, .has.deal_id = HERE };
	return &u->update[u->updates - 1];
}

static bool field_is (const struct undo_part *part, const char *name)
{
	return strcmp (part->field, name) == 0;
}

static void part_take (struct batch *b, struct undoing *u, const struct head *head, const struct custom_fields *fields,
		       const struct undo_part *part)
{
	const char *why = undo_why (part);
	if (why) {
		kept_note (u, part, why);
	} else if (field_is (part, "trashed")) {
		if (part->has.old == HERE)
			u->trash[u->trashes++] = (struct deal_trash){ .head = *head, .deal_id = part->deal_id, .has.deal_id = HERE };
		else
			u->restore[u->restores++] = (struct deal_restore){ .head = *head, .deal_id = part->deal_id, .has.deal_id = HERE };
	} else if (field_is (part, "stage")) {
		u->since[u->moves] = part->has.since == HERE ? part->since : 0;
		u->move[u->moves++] = (struct deal_move){
			.head = *head, .deal_id = part->deal_id, .has.deal_id = HERE, .stage = part->old, .has.stage = HERE
		};
	} else if (!undo_field (batch_arena (b), part, head->workspace, fields, update_of (u, head, part->deal_id))) {
		kept_note (u, part, "refused");
	} else if (part->has.owner_left == HERE && part->owner_left) {
		kept_note (u, part, "owner_left"); /* nobody's, then */
	}
}

/* How one of them ended: back, as it was already, or not to be had any more. */
static void part_ended (struct undoing *u, const struct undo_part parts[], size_t n, deal_id deal, const char *field,
			struct outcome outcome, bool did)
{
	if (did)
		u->back[u->backs++] = deal;
	for (size_t i = 0; i < n && !is_done (outcome); i++)
		if (uuid_equal (parts[i].deal_id.uuid, deal.uuid) && (!field || field_is (&parts[i], field)) && !undo_why (&parts[i])) {
			kept_note (u, &parts[i], "refused");
			return;
		}
}

/* No note and no reason is asked for: nobody goes anywhere, a step is taken back. */
static void undo_moves (struct batch *b, struct undoing *u, const struct undo_part parts[], size_t n)
{
	const struct deal_place *there = deal_move_load (b, u->move, u->moves);
	struct deal_place *place = ARRAY (b, place, u->moves);
	struct outcome *out = ARRAY (b, out, u->moves);
	for (size_t i = 0; i < u->moves; i++) {
		place[i] = there[i];
		place[i].wants_note = place[i].wants_reason = false;
		place[i].reason_fits = true;
		out[i] = deal_move_check (batch_arena (b), &u->move[i], &place[i]);
	}
	deals_move (b, u->move, place, u->since, u->moves, out);
	for (size_t i = 0; i < u->moves; i++)
		part_ended (u, parts, n, u->move[i].deal_id, "stage", out[i], is_done (out[i]) && out[i].version != place[i].version);
}

/* What was so before may be so again: a retired value as well. */
static void undo_updates (struct batch *b, struct undoing *u, const struct custom_fields *fields, const struct undo_part parts[], size_t n)
{
	const struct deal_state *was = deal_update_load (b, u->update, u->updates);
	struct outcome *out = ARRAY (b, out, u->updates);
	for (size_t i = 0; i < u->updates; i++) {
		struct deal_update *cmd = &u->update[i];
		out[i] = deal_update_check (cmd, &was[i]);
		if (is_done (out[i]) && cmd->has.account_id == HERE)
			out[i] = deal_account_check (batch_arena (b), &cmd->head.grant, was[i].has.asked_account_id == HERE,
						     was[i].asked_account_owner_id);
		if (is_done (out[i]) && cmd->has.custom == HERE)
			out[i] = custom_merge (batch_arena (b), fields, cmd->head.workspace,
					       was[i].has.custom == HERE ? was[i].custom : NULL, cmd->custom, false, &cmd->custom);
		cmd->has.custom = cmd->has.custom == HERE && is_done (out[i]) && cmd->custom ? HERE : ABSENT;
	}
	deals_change (b, u->update, was, u->updates, out);
	for (size_t i = 0; i < u->updates; i++)
		part_ended (u, parts, n, u->update[i].deal_id, NULL, out[i], is_done (out[i]) && out[i].version != was[i].version);
}

static void undo_trash (struct batch *b, struct undoing *u, const struct head *head, const struct undo_part parts[], size_t n)
{
	size_t most = u->trashes + u->restores;
	struct outcome *out = ARRAY (b, out, most);
	bool *did = ARRAY (b, did, most);
	deal_id *ids = ARRAY (b, ids, most);
	for (size_t i = 0; i < u->restores; i++)
		ids[i] = u->restore[i].deal_id;
	bulk_restore (b, head, ids, u->restores, out, did);
	for (size_t i = 0; i < u->restores; i++)
		part_ended (u, parts, n, ids[i], "trashed", out[i], did[i]);
	for (size_t i = 0; i < u->trashes; i++)
		ids[i] = u->trash[i].deal_id;
	bulk_trash (b, head, ids, u->trashes, out, did);
	for (size_t i = 0; i < u->trashes; i++)
		part_ended (u, parts, n, ids[i], "trashed", out[i], did[i]);
}

/* Those that came back, each once. */
static size_t backs_count (const struct undoing *u)
{
	size_t n = 0;
	for (size_t i = 0; i < u->backs; i++) {
		size_t before = 0;
		while (before < i && !uuid_equal (u->back[before].uuid, u->back[i].uuid))
			before++;
		n += before == i;
	}
	return n;
}

static const char *undone_told (struct batch *b, const struct batch_undo *cmd, size_t backs, json_t *kept, const deal_id *last)
{
	char text[UUID_TEXT];
	json_t *told = json_pack ("{s:s, s:I, s:O}", "batch_id", uuid_format (cmd->batch_id.uuid, text), "undone", (json_int_t) backs,
				  "kept", kept);
	json_object_set_new (told, "next", last ? json_string (uuid_format (last->uuid, text)) : json_null ());
	size_t n = json_dumpb (told, NULL, 0, JSON_COMPACT);
	char *ret = arena_alloc (batch_arena (b), n + 1);
	json_dumpb (told, ret, n, JSON_COMPACT);
	json_decref (told);
	return ret;
}

json_t *deals_put_back (struct batch *b, const struct head *head, const struct undo_part part[], size_t n, size_t *ret_backs)
{
	struct deal_update ask = { .head = *head, .has.custom = HERE };
	const struct custom_fields fields = fields_to_change (b, &ask, n ? 1 : 0);
	struct undoing u = { .move = ARRAY (b, u.move, n + 1),
			     .since = ARRAY (b, u.since, n + 1),
			     .update = ARRAY (b, u.update, n + 1),
			     .trash = ARRAY (b, u.trash, n + 1),
			     .restore = ARRAY (b, u.restore, n + 1),
			     .back = ARRAY (b, u.back, 2 * n + 1),
			     .kept = json_array () };
	for (size_t i = 0; i < n; i++)
		if (grant_covers (&head->grant, &part[i].owner_id)) /* what you may not see is not told of, and stays */
			part_take (b, &u, head, &fields, &part[i]);
	undo_moves (b, &u, part, n);
	undo_updates (b, &u, &fields, part, n);
	undo_trash (b, &u, head, part, n);
	*ret_backs = backs_count (&u);
	return u.kept;
}

enum { UNDO_BITE = 200 }; /* deals of batch_undo_load */

static struct outcome undo_one (struct batch *b, const struct batch_undo *cmd)
{
	size_t n, deals = 0, backs;
	const struct undo_part *part = batch_undo_load (b, cmd, 1, &n);
	if (!n && cmd->has.after_id != HERE)
		return refused (not_found);
	for (size_t i = 0; i < n; i++)
		deals += i == 0 || !uuid_equal (part[i].deal_id.uuid, part[i - 1].deal_id.uuid);
	json_t *kept = deals_put_back (b, &cmd->head, part, n, &backs);
	struct outcome ret = done ();
	ret.data = undone_told (b, cmd, backs, kept, deals == UNDO_BITE ? &part[n - 1].deal_id : NULL);
	json_decref (kept);
	return ret;
}

void batch_undo (struct batch *b, const struct batch_undo cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = undo_one (b, &cmd[i]);
}
