/* Deals that rows of files ask for, and that are taken back with them: made and thrown away by the commands that people use.
 * Never makes a deal twice, never takes back what somebody changed. */
#include "commands.h"
#include "rules.h"
#include "pipeline_sql.h"

void deal_create (struct batch *b, const struct deal_create cmd[], size_t n, struct outcome ret[]);
void deal_update (struct batch *b, const struct deal_update cmd[], size_t n, struct outcome ret[]);
void deal_trash (struct batch *b, const struct deal_trash cmd[], size_t n, struct outcome ret[]);

/* An import may do what its confirmer might: contacts has looked at that. */
static struct head head_of_row (struct batch *b, const struct head *cause)
{
	struct head ret = head_caused (b, cause);
	ret.grant = (struct grant){ .scope = SCOPE_WORKSPACE, .user = cause->actor };
	return ret;
}

/* The row's own fields where they fit, then what the import says. */
static struct deal_create deal_of_row (struct batch *b, const struct deal_import_asked *asked, const struct deal_there *there, bool all)
{
	char id[UUID_TEXT];
	struct deal_create ret = { 0 };
	json_t *fields = all && asked->has.fields == HERE ? json_loads (asked->fields, 0, NULL) : NULL;
	if (!json_is_object (fields)) {
		json_decref (fields);
		fields = json_object ();
	}
	json_object_set_new (fields, "deal_id", json_string (uuid_format (asked->deal_id.uuid, id)));
	json_object_set_new (fields, "title", json_string (asked->title));
	if (record_from_json (batch_arena (b), &deal_create_record, fields, false, &ret, NULL) != OK)
		ret = (struct deal_create){ .deal_id = asked->deal_id, .title = asked->title };
	json_decref (fields);
	ret.head = head_of_row (b, &asked->head);
	ret.contact_id = asked->contact_id, ret.has.contact_id = asked->has.contact_id;
	ret.contact_name = asked->contact_name, ret.has.contact_name = asked->has.contact_name;
	ret.company = asked->company, ret.has.company = asked->has.company;
	ret.account_id = asked->account_id, ret.has.account_id = asked->has.account_id;
	ret.owner_id = asked->owner_id, ret.has.owner_id = asked->has.owner_id;
	if (there->has.board ==
	    HERE) { /* one that is won or lost begins in the first stage, and moves from there: that is what closes it */
		char stage[UUID_TEXT];
		ret.pipeline = there->board, ret.has.pipeline = HERE;
		if (there->opens)
			ret.stage = arena_text (batch_arena (b), uuid_format (asked->stage_id.uuid, stage)), ret.has.stage = HERE;
	}
	return ret;
}

/* What the row says of a deal that is there: its fields, whose it is, what it is about. What it does not say stays. */
static bool change_of_row (struct batch *b, const struct deal_import_asked *asked, struct deal_update *ret)
{
	char id[UUID_TEXT];
	json_t *fields = asked->has.fields == HERE ? json_loads (asked->fields, 0, NULL) : json_object ();
	json_object_set_new (fields, "deal_id", json_string (uuid_format (asked->deal_id.uuid, id)));
	json_object_set_new (fields, "title", json_string (asked->title));
	bool good = record_from_json (batch_arena (b), &deal_update_record, fields, false, ret, NULL) == OK;
	json_decref (fields);
	ret->head = head_of_row (b, &asked->head);
	ret->account_id = asked->account_id, ret->has.account_id = asked->has.account_id;
	ret->owner_id = asked->owner_id, ret->has.owner_id = asked->has.owner_id;
	return good;
}

/* Into the stage that the row says, when it was closed: nobody is asked for a note or a reason, what happened there has happened. */
static void deals_place (struct batch *b, const struct deal_import_asked *const asked[], size_t n)
{
	struct deal_move *move = ARRAY (b, move, n + 1);
	for (size_t i = 0; i < n; i++) {
		char stage[UUID_TEXT];
		move[i] = (struct deal_move){ .head = head_of_row (b, &asked[i]->head),
					      .deal_id = asked[i]->deal_id,
					      .stage = arena_text (batch_arena (b), uuid_format (asked[i]->stage_id.uuid, stage)),
					      .has = { .deal_id = HERE, .stage = HERE } };
		if (asked[i]->has.closed_at == HERE && asked[i]->closed_at < move[i].head.at)
			move[i].head.at = asked[i]->closed_at;
	}
	const struct deal_place *there = deal_move_load (b, move, n);
	struct deal_place *place = ARRAY (b, place, n + 1);
	struct outcome *out = ARRAY (b, out, n + 1);
	for (size_t i = 0; i < n; i++) {
		place[i] = there[i];
		place[i].wants_note = place[i].wants_reason = false;
		place[i].reason_fits = true;
		out[i] = deal_move_check (batch_arena (b), &move[i], &place[i]);
	}
	deals_move (b, move, place, NULL, n, out);
}

/* What a catalogue does not offer any more is left out rather than the deal. */
void deal_import_asked (struct batch *b, const struct deal_import_asked asked[], size_t n, struct outcome ret[])
{
	const struct deal_there *there = deal_import_load (b, asked, n);
	struct deal_create *cmd = ARRAY (b, cmd, n);
	struct deal_update *change = ARRAY (b, change, n);
	struct outcome *outcome = ARRAY (b, outcome, n);
	const struct deal_import_asked **place = ARRAY (b, place, n);
	size_t *of = ARRAY (b, of, n), deals = 0, again = 0, changes = 0, places = 0;
	for (size_t i = 0; i < n; i++) {
		bool known = there[i].deal, more = known && asked[i].has.again == HERE && asked[i].again && !there[i].trashed;
		ret[i] = !there[i].known ? not_yet ("workspace") : known && !more ? skipped () : done ();
		if (!is_done (ret[i]))
			continue;
		if (asked[i].has.stage_id == HERE && there[i].has.board == HERE && (known || !there[i].opens))
			place[places++] = &asked[i];
		if (known) {
			changes += change_of_row (b, &asked[i], &change[changes]);
			continue;
		}
		of[deals] = i;
		cmd[deals++] = deal_of_row (b, &asked[i], &there[i], true);
	}
	deal_create (b, cmd, deals, outcome);
	for (size_t k = 0; k < deals; k++)
		if (!is_done (outcome[k])) {
			ret[of[k]] = skipped ();
			cmd[again++] = deal_of_row (b, &asked[of[k]], &there[of[k]], false);
		}
	deal_create (b, cmd, again, outcome);
	deal_update (b, change, changes, outcome);
	deals_place (b, place, places);
}

/* A deal that the row made goes to the trash, one that it changed is as it was: where nobody changed it since. */
void deal_import_undone (struct batch *b, const struct deal_import_undone said[], size_t n, struct outcome ret[])
{
	const struct deal_made *made = deal_import_made (b, said, n);
	struct deal_trash *cmd = ARRAY (b, cmd, n);
	struct outcome *outcome = ARRAY (b, outcome, n);
	size_t trashes = 0;
	for (size_t i = 0; i < n; i++) {
		size_t parts, backs;
		ret[i] = done ();
		if (said[i].has.changed == HERE && said[i].changed) {
			struct head head = head_of_row (b, &said[i].head);
			const struct undo_part *part = deal_import_parts (b, &said[i], 1, &parts);
			json_decref (deals_put_back (b, &head, part, parts, &backs));
		} else if (made[i].untouched) {
			cmd[trashes++] = (struct deal_trash){ .head = head_of_row (b, &said[i].head), .deal_id = said[i].deal_id };
		}
	}
	deal_trash (b, cmd, trashes, outcome);
}
