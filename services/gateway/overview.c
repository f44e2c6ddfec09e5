/* All that hangs on an account: linked records from contacts, which knows who of the other systems is silent, and beside them its people and its deals.
 * A service of ours that does not answer is told with since when, never as an empty group. */
#include <stdlib.h>

#include "clock.h"
#include "gateway.h"

enum { OVERVIEW_MS = 3000, NEWEST = 5 };
enum part { PART_CONTACTS, PART_DEALS, PARTS };

static const struct {
	const char *kind, *service;
} parts[PARTS] = { [PART_CONTACTS] = { "contact", "contacts" }, [PART_DEALS] = { "deal", "pipeline" } };

/* Since when a service does not answer here; 0: it does. */
static int64_t away_since[PARTS];

struct overview {
	struct request *q;
	json_t *whole, *group[PARTS];
	size_t waiting;
};
struct asked_part {
	struct overview *o;
	enum part part;
};

static json_t *time_json (int64_t at)
{
	char text[TIME_TEXT];
	return at ? json_string (time_format (at, text)) : json_null ();
}

static void overview_reply (struct overview *o)
{
	struct request *q = o->q;
	json_t *groups = json_object_get (o->whole, "groups");
	for (int i = PARTS - 1; i >= 0; i--)
		json_array_insert_new (groups, 0, o->group[i]);
	char *text = json_dumps (o->whole, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	json_decref (o->whole);
	reply_text (q, 200, copy);
}

static void part_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct asked_part *a = ctx;
	struct overview *o = a->o;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL, *rows;
	int64_t *away = &away_since[a->part];
	*away = page ? 0 : *away ? *away : clock_now ();
	rows = page ? json_incref (json_object_get (page, "data")) : json_array ();
	json_t *total = json_object_get (page, "total"),
	       *count = total ? json_incref (total) : json_integer ((json_int_t) json_array_size (rows));
	o->group[a->part] = json_pack ("{ss so si so s[] s[{ss sn so}] so}", "kind", parts[a->part].kind, "count", count, "pieces", 0,
				       "newest", rows, "total", "sources", "service", parts[a->part].service, "last_at",
				       "unavailable_since", time_json (*away), "unavailable_since", time_json (*away));
	json_decref (page);
	if (--o->waiting == 0)
		overview_reply (o);
}

static struct asked_part *part_of (struct overview *o, enum part part)
{
	struct asked_part *a = arena_alloc (o->q->arena, sizeof *a);
	*a = (struct asked_part){ .o = o, .part = part };
	o->waiting++;
	return a;
}

static void overview_known (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	struct overview *o = arena_alloc (q->arena, sizeof *o);
	char id[UUID_TEXT];
	const char *account = arena_text (q->arena, uuid_format (q->target, id));
	*o = (struct overview){ .q = q };
	o->whole = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	if (!o->whole) {
		if (reply->state == REPLY_DONE)
			reply_error (q, ERROR_account_not_found, NULL, NULL);
		else
			reply_fault (q, reply);
		return;
	}
	struct contact_list people = { .head = head_of_seat (q), .account = account, .count = true, .limit = NEWEST };
	people.has.account = people.has.count = people.has.limit = HERE;
	struct deal_list deals = { .head = head_of_seat (q), .account = account, .count = true, .limit = NEWEST, .now = clock_now () };
	deals.has.account = deals.has.count = deals.has.limit = deals.has.now = HERE;
	struct asked_part *contacts = part_of (o, PART_CONTACTS), *pipeline = part_of (o, PART_DEALS);
	app_query (app, &contact_list_record, &people, q->after.at, q->after.n, OVERVIEW_MS, part_answered, contacts);
	app_query (app, &deal_list_record, &deals, q->after.at, q->after.n, OVERVIEW_MS, part_answered, pipeline);
}

static void overview_ask (struct request *q)
{
	struct account_overview query = { .account_id = { q->target }, .now = time_of (q, q->seat), .has = { HERE, HERE } };
	int refusal = seat_check (q->seat, q->row->permission);
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	query.head = head_of_seat (q);
	app_query (q->app, &account_overview_record, &query, q->after.at, q->after.n, OVERVIEW_MS, overview_known, q);
}

void overview_page (struct request *q)
{
	place_find (q, overview_ask);
}
