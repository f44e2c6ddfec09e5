/* One thing done to many deals or contacts, and putting back what an action did: a request becomes as many commands as it needs, one after the other, each under an
 * id made of the caller's key, so that a repeat goes on where it stopped. All bear one correlation: the action's id.
 * Never two of them at once, never another id for the same step. */
#include <stdlib.h>
#include <string.h>

#include "gateway.h"

enum { BITE = 250, IDS_MOST = 5000, BITE_MS = 15000 };

struct bulk {
	struct request *q;
	struct head head; /* of all: its id is the action's */
	size_t at;	  /* how many ids were sent, or bites undone */
	json_t *ids;	  /* q->body holds them */
	int64_t done, skipped;
	json_t *told;		    /* refused or kept */
	const struct record *lists; /* of a filter: what finds them, and what it is asked */
	void *list;
	bool people; /* of an undo: contacts and accounts are asked, deals know nothing of it */
};

static struct head bite_head (const struct bulk *b, const char *what)
{
	struct head ret = b->head;
	ret.correlation = b->head.id;
	ret.id = made_id (ret.actor, b->head.id, arena_printf (b->q->arena, "%s %zu", what, b->at));
	return ret;
}

static const char *json_text (struct request *q, json_t *json)
{
	char *dump = json_dumps (json, JSON_COMPACT);
	const char *ret = arena_text (q->arena, dump);
	free (dump);
	return ret;
}

static int64_t number_in (const json_t *json, const char *name)
{
	return (int64_t) json_integer_value (json_object_get (json, name));
}

/* False: answered; what a bite said is in *ret. */
static bool bite_read (struct bulk *b, const struct reply *reply, json_t **ret)
{
	if (reply->state != REPLY_DONE) {
		json_decref (b->told);
		reply_fault (b->q, reply);
		return false;
	}
	position_remember (b->q, reply);
	*ret = reply->data ? json_loads (reply->data, 0, NULL) : json_object ();
	return true;
}

static void bulk_end (struct bulk *b, const char *count, const char *list)
{
	char id[UUID_TEXT];
	struct request *q = b->q;
	json_t *answer = json_object ();
	json_object_set_new (answer, "batch_id", json_string (uuid_format (b->head.id, id)));
	json_object_set_new (answer, count, json_integer ((json_int_t) b->done));
	if (b->ids)
		json_object_set_new (answer, "skipped", json_integer ((json_int_t) b->skipped));
	json_object_set_new (answer, list, b->told);
	const char *text = json_text (q, answer);
	json_decref (answer);
	reply_text (q, 200, text);
}

/* ---- one thing to many ---- */

static void *place_of (const struct record *r, void *item, const char *name)
{
	const struct field *f = record_field (r, name);
	assert (f);
	return (char *) item + f->offset;
}

static void has_put (const struct record *r, void *item, const char *name, enum has has)
{
	((unsigned char *) item)[record_field (r, name)->has] = (unsigned char) has;
}

static void text_put (const struct record *r, void *item, const char *name, const char *text)
{
	*(const char **) place_of (r, item, name) = text;
	has_put (r, item, name, text ? HERE : ABSENT);
}

static void bulk_go (struct bulk *b);

static void bulk_step (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct bulk *b = ctx;
	json_t *said;
	if (!bite_read (b, reply, &said))
		return;
	b->done += number_in (said, "done");
	b->skipped += number_in (said, "skipped");
	json_array_extend (b->told, json_object_get (said, "refused"));
	json_decref (said);
	b->at += BITE;
	if (b->at < json_array_size (b->ids))
		bulk_go (b);
	else
		bulk_end (b, "done", "refused");
}

static void bulk_go (struct bulk *b)
{
	const struct record *r = b->q->row->record;
	void *cmd = b->q->item;
	json_t *ids = json_array ();
	for (size_t i = b->at; i < json_array_size (b->ids) && i < b->at + BITE; i++)
		json_array_append (ids, json_array_get (b->ids, i));
	const char *text = json_text (b->q, ids);
	/* a filter finds others when it is asked again: then each bite is known by whom it is about */
	*(struct head *) cmd = bite_head (b, b->list ? text : "bulk");
	*(struct uuid *) place_of (r, cmd, "batch_id") = b->head.id;
	text_put (r, cmd, "ids", text);
	has_put (r, cmd, "filter", ABSENT);
	json_decref (ids);
	app_command (b->q->app, r, cmd, b->q->after.at, b->q->after.n, BITE_MS, bulk_step, b);
}

static struct bulk *bulk_new (struct request *q)
{
	struct bulk *b = arena_alloc (q->arena, sizeof *b);
	*b = (struct bulk){ .q = q, .head = head_of_write (q, q->seat), .told = json_array () };
	return b;
}

static void too_many_ids (struct request *q, const char *pointer)
{
	struct problem problem = { 0 };
	problem_add (q->arena, &problem, pointer, "too_many", "at most 5,000 at once");
	reply_error (q, ERROR_invalid, NULL, &problem);
}

/* ---- which ones: those that a list's filter finds now, in the order of their numbers, which no action changes ---- */

static void found_ask (struct bulk *b);

static void found_page (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct bulk *b = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL, *row;
	const char *next = json_string_value (json_object_get (page, "next"));
	size_t i;
	json_array_foreach (json_object_get (page, "data"), i, row) json_array_append (b->ids, json_object_get (row, "id"));
	text_put (b->lists, b->list, "after", next ? arena_text (b->q->arena, next) : NULL);
	json_decref (page);
	if (reply->state != REPLY_DONE) {
		json_decref (b->told);
		reply_fault (b->q, reply);
	} else if (json_array_size (b->ids) > IDS_MOST) {
		json_decref (b->told);
		too_many_ids (b->q, "/filter");
	} else if (next)
		found_ask (b);
	else if (json_array_size (b->ids))
		bulk_go (b);
	else
		bulk_end (b, "done", "refused");
}

static void found_ask (struct bulk *b)
{
	struct request *q = b->q;
	app_query (q->app, b->lists, b->list, q->after.at, q->after.n, BITE_MS, found_page, b);
}

/* As a query string says it: {name: value}, with owner for whose. */
static json_t *plain_filter (const struct record *r, json_t *filter)
{
	json_t *ret = json_object (), *value;
	const char *name;
	json_object_foreach (filter, name, value)
	{
		const struct field *f = record_field (r, name);
		if (strncmp (name, "custom.", 7) == 0 && name[7] && json_is_string (value)) {
			if (!json_object_get (ret, "custom"))
				json_object_set_new (ret, "custom", json_object ());
			json_object_set (json_object_get (ret, "custom"), name + 7, value);
		} else if (!f || !json_is_string (value))
			json_object_set (ret, name, value); /* what is not understood is refused */
		else
			json_object_set_new (ret, name, param_json (f, json_string_value (value)));
	}
	return ret;
}

/* False: answered. */
static bool filter_read (struct bulk *b, json_t *filter)
{
	struct request *q = b->q;
	struct problem problem = { 0 };
	bool deals = q->row->record == &deal_bulk_record;
	const struct record *r = deals					  ? &deal_list_record
				 : q->row->record == &account_bulk_record ? &account_list_record
									  : &contact_list_record;
	void *list = arena_alloc (q->arena, r->size);
	struct uuid *set = arena_alloc (q->arena, sizeof *set);
	json_t *params = deals ? table_filter (q, &problem, filter) : plain_filter (r, filter);
	if (record_from_json (q->arena, r, params, false, list, &problem) != OK || problem.n_errors) {
		json_decref (params);
		problem.code = NULL;
		reply_error (q, ERROR_invalid, NULL, &problem);
		return false;
	}
	json_decref (params);
	*set = q->seat->workspace;
	*(struct head *) list = (struct head){
		.actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = q->seat->grant, .workspaces = set, .n_workspaces = 1
	};
	*(int64_t *) place_of (r, list, "limit") = 200;
	has_put (r, list, "limit", HERE);
	text_put (r, list, "after", NULL);
	has_put (r, list, "count", ABSENT);
	text_put (r, list, "sort", deals ? "number" : NULL);
	if (deals)
		text_put (r, list, "fields", "id");
	b->list = list;
	b->lists = deals ? list_asks (list) : r;
	return true;
}

static void bulk_start (struct request *q)
{
	json_t *ids = json_object_get (q->body, "ids"), *filter = json_object_get (q->body, "filter");
	struct bulk *b = bulk_new (q);
	b->ids = ids;
	if (ids) {
		bulk_go (b);
		return;
	}
	if (!filter_read (b, filter)) {
		json_decref (b->told);
		return;
	}
	b->ids = json_array ();
	json_object_set_new (q->body, "ids", b->ids);
	found_ask (b);
}

/* The seat of the write, with the permission for it. False: answered. */
static bool seat_taken (struct request *q)
{
	q->seat = seat_of_write (q);
	int refusal = q->seat ? seat_check (q->seat, q->row->permission) : ALLOWED;
	if (refusal != ALLOWED)
		reply_error (q, refusal, NULL, NULL);
	return q->seat && refusal == ALLOWED;
}

/* Who gets them, where the action says so. */
static bool bulk_owner (struct request *q, struct uuid *ret)
{
	const struct deal_bulk *deals = q->item;
	const struct contact_bulk *people = q->item; /* account_bulk says the same, field by field */
	if (q->row->record == &deal_bulk_record) {
		*ret = deals->owner_id.uuid;
		return deals->has.owner_id == HERE;
	}
	return people->action == people_action_owner && people->has.value == HERE && uuid_parse (people->value, ret) == OK;
}

void bulk_page (struct request *q)
{
	struct problem problem = { 0 };
	if (!body_read (q) || !command_read (q) || !seat_taken (q))
		return;
	struct uuid owner;
	const json_t *ids = json_object_get (q->body, "ids"), *filter = json_object_get (q->body, "filter");
	if (!ids && !json_is_object (filter))
		problem_add (q->arena, &problem, "/ids", "required", "ids, or a filter");
	else if (ids && filter)
		problem_add (q->arena, &problem, "/filter", "unknown", "ids or a filter, not both");
	else if (ids && !json_is_array (ids))
		problem_add (q->arena, &problem, "/ids", "not_a_list", "must be an array of ids");
	if (problem.n_errors)
		reply_error (q, ERROR_invalid, NULL, &problem);
	else if (json_array_size (ids) > IDS_MOST)
		too_many_ids (q, "/ids");
	else
		owner_check (q, bulk_owner (q, &owner) ? &owner : NULL, bulk_start);
}

/* ---- putting back ---- */

static void undo_go (struct bulk *b);

static void undo_step (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct bulk *b = ctx;
	struct batch_undo *cmd = b->q->item;
	json_t *said;
	if (!b->people && reply->state == REPLY_REFUSED && reply->error == ERROR_not_found) { /* of contacts or accounts, then */
		b->people = true;
		undo_go (b);
		return;
	}
	if (!bite_read (b, reply, &said))
		return;
	const char *next = json_string_value (json_object_get (said, "next"));
	bool more = next && uuid_parse (next, &cmd->after_id.uuid) == OK;
	b->done += number_in (said, "undone");
	json_array_extend (b->told, json_object_get (said, "kept"));
	json_decref (said);
	b->at++;
	cmd->has.after_id = HERE;
	if (more)
		undo_go (b);
	else
		bulk_end (b, "undone", "kept");
}

static void undo_go (struct bulk *b)
{
	struct batch_undo *cmd = b->q->item;
	cmd->head = bite_head (b, "undo");
	static_assert (sizeof (struct batch_undo) == sizeof (struct people_undo), "one says what the other does");
	app_command (b->q->app, b->people ? &people_undo_record : &batch_undo_record, cmd, b->q->after.at, b->q->after.n, BITE_MS,
		     undo_step, b);
}

/* Whoever left since owns nothing again. */
static void owners_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	struct batch_undo *cmd = q->item;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	cmd->members = arena_copy (q->arena, (const char *) reply->json.at, reply->json.n);
	cmd->has.members = HERE;
	undo_go (bulk_new (q));
}

void undo_page (struct request *q)
{
	if (!body_read (q) || !command_read (q) || !seat_taken (q))
		return;
	struct batch_undo *cmd = q->item;
	struct owners_find query = { .head = head_of_seat (q) };
	if (uuid_parse (q->found.value, &cmd->batch_id.uuid) == OK)
		app_query (q->app, &owners_find_record, &query, q->after.at, q->after.n, BITE_MS, owners_found, q);
	else
		reply_error (q, ERROR_not_found, NULL, NULL);
}
