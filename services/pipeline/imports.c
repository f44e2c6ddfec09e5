/* Deals that rows of files ask for, and that are taken back with them: made and thrown away by the commands that people use.
 * Never makes a deal twice, never takes back what somebody changed. */
#include <string.h>
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

/* What becomes of a row, as it is decided. */
struct fate {
	enum import_did did;
	const char *code; /* skipped: why */
};

static struct fate fate_of (struct outcome outcome, enum import_did did)
{
	if (is_done (outcome))
		return (struct fate){ .did = did };
	bool field = outcome.state == OUTCOME_REFUSED && outcome.problem && outcome.problem->n_errors;
	return (struct fate){ .did = import_did_skipped, .code = field ? outcome.problem->errors[0].code : error_code (outcome.error) };
}

/* A deal that is there: contacts has looked whose it is when the row was read, and it may have become another's since. Null: it is changed. */
static const char *why_not_changed (const struct deal_import_asked *asked, const struct deal_there *there)
{
	struct grant grant = { .scope = SCOPE_WORKSPACE, .user = asked->head.actor };
	for (int i = 0; asked->has.scope == HERE && scope_names[i]; i++)
		if (strcmp (scope_names[i], asked->scope) == 0)
			grant.scope = (enum scope) i;
	if (asked->has.again != HERE || !asked->again)
		return "same_row";
	if (!grant_covers (&grant, &there->owner_id))
		return "taken";
	return there->trashed ? error_code (ERROR_deal_not_found) : NULL;
}

/* Only to those who wait for it. */
static void fates_say (struct batch *b, const struct deal_import_asked asked[], const struct fate fate[], const struct outcome ret[],
		       size_t n)
{
	struct deal_import_answered *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		if (asked[i].has.row != HERE || ret[i].state == OUTCOME_NOT_YET)
			continue;
		struct deal_import_answered *answer = &said[rows++];
		*answer = (struct deal_import_answered){ .head = head_caused (b, &asked[i].head),
							 .deal_id = asked[i].deal_id,
							 .import_id = asked[i].import_id,
							 .row = asked[i].row,
							 .did = fate[i].did,
							 .code = fate[i].code,
							 .owner_id = { asked[i].head.actor } };
		answer->has.code = fate[i].code ? HERE : ABSENT;
		answer->has.owner_id = uuid_is_null (asked[i].head.actor) ? ABSENT : HERE;
	}
	deal_import_answered_emit (b, said, rows);
}

/* What a catalogue does not offer any more is left out rather than the deal. */
static void rows_make (struct batch *b, const struct deal_import_asked asked[], const struct deal_there there[], size_t of[], size_t deals,
		       struct fate fate[])
{
	struct deal_create *cmd = ARRAY (b, cmd, deals + 1);
	struct outcome *outcome = ARRAY (b, outcome, deals + 1);
	size_t again = 0;
	for (size_t k = 0; k < deals; k++)
		cmd[k] = deal_of_row (b, &asked[of[k]], &there[of[k]], true);
	deal_create (b, cmd, deals, outcome);
	for (size_t k = 0; k < deals; k++) {
		fate[of[k]] = fate_of (outcome[k], import_did_created);
		if (!is_done (outcome[k])) {
			of[again] = of[k];
			cmd[again++] = deal_of_row (b, &asked[of[k]], &there[of[k]], false);
		}
	}
	deal_create (b, cmd, again, outcome);
	for (size_t k = 0; k < again; k++)
		fate[of[k]] = fate_of (outcome[k], import_did_created);
}

static void rows_change (struct batch *b, const struct deal_import_asked asked[], const size_t of[], size_t deals, struct fate fate[])
{
	struct deal_update *change = ARRAY (b, change, deals + 1);
	struct outcome *outcome = ARRAY (b, outcome, deals + 1);
	size_t *from = ARRAY (b, from, deals + 1), changes = 0;
	for (size_t k = 0; k < deals; k++) {
		if (change_of_row (b, &asked[of[k]], &change[changes]))
			from[changes++] = of[k];
		else
			fate[of[k]] = (struct fate){ .did = import_did_skipped, .code = error_code (ERROR_invalid) };
	}
	deal_update (b, change, changes, outcome);
	for (size_t k = 0; k < changes; k++)
		fate[from[k]] = fate_of (outcome[k], import_did_updated);
}

void deal_import_asked (struct batch *b, const struct deal_import_asked asked[], size_t n, struct outcome ret[])
{
	const struct deal_there *there = deal_import_load (b, asked, n);
	const struct deal_import_asked **place = ARRAY (b, place, n);
	struct fate *fate = ARRAY (b, fate, n);
	size_t *made = ARRAY (b, made, n), *changed = ARRAY (b, changed, n), makes = 0, changes = 0, places = 0;
	for (size_t i = 0; i < n; i++) {
		const char *why = there[i].deal ? why_not_changed (&asked[i], &there[i]) : NULL;
		ret[i] = !there[i].known ? not_yet ("workspace") : why ? skipped () : done ();
		fate[i] = (struct fate){ .did = import_did_skipped, .code = why };
		if (!is_done (ret[i]))
			continue;
		if (there[i].deal)
			changed[changes++] = i;
		else
			made[makes++] = i;
	}
	rows_make (b, asked, there, made, makes, fate);
	rows_change (b, asked, changed, changes, fate);
	for (size_t i = 0; i < n; i++) {
		if (!is_done (ret[i]))
			continue;
		if (fate[i].did == import_did_skipped)
			ret[i] = skipped ();
		else if (asked[i].has.stage_id == HERE && there[i].has.board == HERE && (there[i].deal || !there[i].opens))
			place[places++] = &asked[i];
	}
	deals_place (b, place, places);
	fates_say (b, asked, fate, ret, n);
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
