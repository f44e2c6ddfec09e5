/* Reads: a request becomes a query, once for each group of workspaces in which the caller has the same rights, and the service's JSON goes out as it came.
 *
 * Most callers have one group. Where there are more (a manager here, an SDR there), a single record is looked for in each; boards, counts and members
 * are read from each and put after each other; a list goes through the groups one after the other, its cursor saying "g2." before the service's own:
 * complete and without doubles, each group in its own order. Never one query with the wider of two rights. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conditions.h"
#include "gateway.h"

enum { READ_MS = 5000, PERSON_MS = 1000, LIMIT_MOST = 200, NUMBER_MOST = 60, SLOW_WORDS = 100000 /* µs */ };

/* ---- the query's fields ---- */

/* A field by its own name, or an id's without the "_id": owner for owner_id. ?workspace= alone is never a field's: it says what is looked at, by name too. */
static const char *param_of (struct request *q, const struct field *f)
{
	const char *value = http_query (q->http, f->name);
	size_t n = strlen (f->name);
	const char *bare = f->kind == KIND_ID && n > 3 && strcmp (f->name + n - 3, "_id") == 0 ? arena_copy (q->arena, f->name, n - 3)
											       : NULL;
	if (!value && bare && strcmp (bare, "workspace") && !record_field (q->row->record, bare)) /* where that is no field of its own */
		value = http_query (q->http, bare);
	return value;
}

json_t *param_json (const struct field *f, const char *value)
{
	char *end;
	if (f->kind == KIND_FLAG && (strcmp (value, "1") == 0 || strcmp (value, "yes") == 0 || strcmp (value, "true") == 0))
		return json_true ();
	if (f->kind == KIND_FLAG && (strcmp (value, "0") == 0 || strcmp (value, "no") == 0 || strcmp (value, "false") == 0))
		return json_false ();
	if (f->kind == KIND_I64) {
		long long number = strtoll (value, &end, 10);
		return *value && !*end ? json_integer (number) : json_string (value);
	}
	return json_string (value);
}

/* Most records are numbered 1, 2, 3; documents and orders as somebody says: OFF-2026-001. */
static bool numbers_are_text (const struct record *r)
{
	const struct field *f = r ? record_field (r, "number") : NULL;
	return f && f->kind == KIND_TEXT;
}

static json_t *params_json (struct request *q)
{
	const struct record *r = q->row->record;
	json_t *ret = json_object ();
	struct uuid id;
	for (size_t i = 0; i < r->n_fields; i++) {
		/* a page of one record is of the one that its path names, whatever the query string says */
		bool other = q->about && r->fields[i].kind == KIND_ID && &r->fields[i] != q->about;
		const char *value = other ? NULL : param_of (q, &r->fields[i]);
		if (value)
			json_object_set_new (ret, r->fields[i].name, param_json (&r->fields[i], value));
	}
	if (q->found.field && !q->found.sub && uuid_parse (q->found.value, &id) == OK)
		json_object_set_new (ret, q->found.field, json_string (q->found.value));
	else if (q->found.field && !q->found.sub)
		json_object_set_new (ret, "number",
				     numbers_are_text (r) ? json_string (q->found.value)
							  : json_integer (strtoll (q->found.value, NULL, 10)));
	else if (q->about)
		json_object_set_new (ret, q->about->name, json_string (q->about_id));
	return ret;
}

static bool limit_fits (struct request *q, const json_t *params)
{
	const json_t *limit = json_object_get (params, "limit");
	struct problem problem = { 0 };
	if (!json_is_integer (limit) || (json_integer_value (limit) >= 1 && json_integer_value (limit) <= LIMIT_MOST))
		return true;
	problem_add (q->arena, &problem, "/limit", "out_of_range", "1 to 200");
	reply_error (q, ERROR_invalid, NULL, &problem);
	return false;
}

bool record_of_query (struct request *q)
{
	const struct record *r = q->row->record;
	struct problem problem = { 0 };
	json_t *params = is_table (r) ? table_params (q, &problem) : params_json (q);
	if (!is_table (r))
		own_params (q, r, &problem, params);
	q->item = arena_alloc (q->arena, r->size);
	if (!limit_fits (q, params)) {
		json_decref (params);
		return false;
	}
	enum status read = record_from_json (q->arena, r, params, false, q->item, &problem);
	json_decref (params);
	if (problem.n_errors)
		read = REFUSED;
	if (read != OK)
		reply_error (q, ERROR_invalid, NULL, &problem);
	return read == OK;
}

struct head head_of_read (struct request *q, size_t group)
{
	const struct seat *first = q->sight.seat[q->sight.group[group]];
	struct head ret = { .actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = first->grant };
	ret.workspaces = sight_set (q->arena, &q->sight, group, &ret.n_workspaces);
	return ret;
}

/* ---- the record a path names ---- */

/* "deal" of "deal_id"; an order is sold, but nobody calls it a sales order. */
static const char *noun_of (struct request *q)
{
	size_t n = strlen (q->found.field);
	assert (n > 3);
	return strcmp (q->found.field, "sales_order_id") == 0 ? "order" : arena_copy (q->arena, q->found.field, n - 3);
}

int not_found_of (struct request *q)
{
	int error = q->found.field ? error_find (arena_printf (q->arena, "%s_not_found", noun_of (q))) : -1;
	return error < 0 ? ERROR_not_found : error;
}

/* No row, or null: there is none, or none that the caller may see. */
static bool is_nothing (const struct reply *reply)
{
	if (reply->state == REPLY_REFUSED)
		return reply->error == ERROR_not_found;
	return reply->state == REPLY_DONE && (!reply->json.n || (reply->json.n == 4 && memcmp (reply->json.at, "null", 4) == 0));
}

const char *target_text (const struct request *q, const char *member)
{
	json_t *json = json_loads (q->target_json, 0, NULL);
	const char *text = json_string_value (json_object_get (json, member));
	const char *ret = text ? arena_text (q->arena, text) : NULL;
	json_decref (json);
	return ret;
}

void target_take (struct request *q, const struct reply *reply, int none)
{
	if (reply->state == REPLY_REFUSED && reply->error == ERROR_not_found) {
		reply_error (q, none, NULL, NULL);
		return;
	}
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	q->target_json = arena_copy (q->arena, (const char *) reply->json.at, reply->json.n);
	q->then (q);
}

static void target_ask (struct request *q);

static void target_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (is_nothing (reply)) {
		q->group++;
		target_ask (q);
		return;
	}
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	q->target_json = arena_copy (q->arena, (const char *) reply->json.at, reply->json.n);
	const char *id = target_text (q, "id"), *workspace = target_text (q, "workspace_id");
	q->seat = workspace ? seat_find (q->caller->seats, q->caller->n_seats, workspace) : NULL;
	if (!id || !q->seat || uuid_parse (id, &q->target) != OK)
		reply_error (q, not_found_of (q), NULL, NULL);
	else
		q->then (q);
}

/* The query that gives one: deal_get for :deal_id, by id or by number; deal_standing where it is enough to know where that is. */
static void target_ask (struct request *q)
{
	if (q->group >= q->sight.n_groups) {
		reply_error (q, not_found_of (q), NULL, NULL);
		return;
	}
	const struct record *r = q->placed ? record_named (arena_printf (q->arena, "%s_standing", noun_of (q))) : NULL;
	if (!r)
		r = record_named (arena_printf (q->arena, "%s_get", noun_of (q)));
	assert (r);
	char *item = arena_alloc (q->arena, r->size);
	struct uuid id;
	const struct field *f = record_field (r, uuid_parse (q->found.value, &id) == OK ? q->found.field : "number");
	if (!f) { /* what has no short number is not found by one */
		reply_error (q, not_found_of (q), NULL, NULL);
		return;
	}
	if (f->kind == KIND_ID)
		memcpy (item + f->offset, &id, sizeof id);
	else if (f->kind == KIND_TEXT)
		*(const char **) (void *) (item + f->offset) = q->found.value;
	else
		*(int64_t *) (void *) (item + f->offset) = strtoll (q->found.value, NULL, 10);
	item[f->has] = HERE;
	*(struct head *) (void *) item = head_of_read (q, q->group);
	app_query (q->app, r, item, q->after.at, q->after.n, READ_MS, target_found, q);
}

static bool path_value_fits (struct request *q)
{
	struct uuid id;
	char *end;
	if (uuid_parse (q->found.value, &id) == OK)
		return true;
	bool text = numbers_are_text (record_named (arena_printf (q->arena, "%s_get", noun_of (q)))) &&
		    strlen (q->found.value) <= NUMBER_MOST;
	if (!text && (strtoll (q->found.value, &end, 10) <= 0 || *end || q->found.value[0] < '0' || q->found.value[0] > '9')) {
		reply_error (q, not_found_of (q), NULL, NULL);
		return false;
	}
	if (q->sight.n > 1) { /* every workspace has a number 7 */
		reply_error (q, ERROR_workspace_required, NULL, NULL);
		return false;
	}
	return true;
}

void target_find (struct request *q, page_fn *then)
{
	q->then = then;
	q->group = 0;
	if (path_value_fits (q))
		target_ask (q);
}

void place_find (struct request *q, page_fn *then)
{
	q->placed = true;
	target_find (q, then);
}

/* ---- asking ---- */

static bool is_paged (const struct record *r)
{
	return record_field (r, "after") != NULL;
}

static bool is_single (const struct record *r)
{
	size_t n = strlen (r->name);
	return n > 4 && strcmp (r->name + n - 4, "_get") == 0;
}

static void read_ask (struct request *q);

/* A list's end: where it goes on, and no more of each row than was asked for. */
static void list_end (struct request *q)
{
	link_next (q, json_string_value (json_object_get (q->merged, "next")));
	if (q->row->record == &deal_list_record && http_query (q->http, "fields"))
		table_sparse (http_query (q->http, "fields"), q->merged);
}

static void merged_reply (struct request *q)
{
	char *text = json_dumps (q->merged, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	reply_text (q, 200, copy);
}

/* One more group's rows after those that are there. */
static void merge_groups (struct request *q, struct bytes json)
{
	json_t *page = json_loadb ((const char *) json.at, json.n, 0, NULL);
	if (!q->merged)
		q->merged = json_incref (page);
	else
		json_array_extend (json_object_get (q->merged, "data"), json_object_get (page, "data"));
	json_decref (page);
	if (++q->group < q->sight.n_groups)
		read_ask (q);
	else
		merged_reply (q);
}

/* One group's page; the cursor goes on in it, or in the next one. */
static void page_of_group (struct request *q, struct bytes json)
{
	q->merged = json_loadb ((const char *) json.at, json.n, 0, NULL);
	const char *next = json_string_value (json_object_get (q->merged, "next"));
	if (next)
		json_object_set_new (q->merged, "next", json_string (arena_printf (q->arena, "g%zu.%s", q->group, next)));
	else if (q->group + 1 < q->sight.n_groups)
		json_object_set_new (q->merged, "next", json_string (arena_printf (q->arena, "g%zu.", q->group + 1)));
	if (json_object_get (q->merged, "total")) /* of this group: the others have theirs */
		json_object_set_new (q->merged, "more", json_true ());
	list_end (q);
	merged_reply (q);
}

/* Words that took long to find were not looked up but read: the pages they should stand on are behind. */
static void words_late (struct request *q)
{
	if (!is_table (q->row->record) || !http_query (q->http, "q") || clock_monotonic () - q->asked < SLOW_WORDS)
		return;
	const struct head *head = q->item;
	for (size_t i = 0; i < head->n_workspaces; i++)
		deals_behind (q->app, head->workspaces[i]);
}

static void read_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	words_late (q);
	bool nothing = is_nothing (reply);
	if (reply->state != REPLY_DONE && !nothing) {
		reply_fault (q, reply);
		return;
	}
	if (reply->stale)
		http_set (q->http, "CRM-Stale", "true");
	if (is_single (q->row->record)) {
		if (!nothing)
			reply_json (q, 200, reply->json);
		else if (++q->group < q->sight.n_groups)
			read_ask (q);
		else
			reply_error (q, not_found_of (q), NULL, NULL);
	} else if (nothing) {
		reply_text (q, 200, "{\"data\":[],\"next\":null}");
	} else if (q->sight.n_groups == 1 && q->row->record == &deal_list_record && http_query (q->http, "fields")) {
		q->merged = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
		list_end (q);
		merged_reply (q);
	} else if (q->sight.n_groups == 1) {
		if (is_paged (q->row->record))
			link_next (q, next_of_page (q, reply->json));
		reply_json (q, 200, reply->json);
	} else if (is_paged (q->row->record)) {
		page_of_group (q, reply->json);
	} else {
		merge_groups (q, reply->json);
	}
}

/* What is planned for the deals that fit: which activities pipeline knows, what stands in them contacts. Both look with the same rights, and what one of
 * them has not heard of yet is left out. */
static void planned_told (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	if (!page) {
		read_answered (app, q, reply);
		return;
	}
	struct deal_activities *asked = q->item;
	bool empty = !json_array_size (json_object_get (page, "data"));
	if (q->planned_next && json_is_null (json_object_get (page, "next"))) {
		json_object_set_new (page, "next", json_string (q->planned_next));
		if (empty) { /* none of these is told: on to those that follow */
			asked->after = q->planned_next;
			asked->has.after = HERE;
			json_decref (page);
			read_ask (q);
			return;
		}
	}
	char *text = json_dumps (page, JSON_COMPACT);
	struct reply told = *reply;
	told.json.at = (const unsigned char *) arena_text (q->arena, text);
	told.json.n = strlen (text);
	free (text);
	json_decref (page);
	read_answered (app, q, &told);
}

static void planned_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	const char *next = json_string_value (json_object_get (page, "next"));
	if (!page || !json_array_size (json_object_get (page, "data"))) {
		json_decref (page);
		read_answered (app, q, reply);
		return;
	}
	words_late (q);
	const struct deal_activities *asked = q->item;
	struct activity_named *named = arena_alloc (q->arena, sizeof *named);
	char *ids = json_dumps (json_object_get (page, "data"), JSON_COMPACT);
	*named = (struct activity_named){ .head = head_of_read (q, q->group),
					  .ids = arena_text (q->arena, ids),
					  .owner = asked->whose,
					  .limit = asked->limit,
					  .has = { .ids = HERE, .owner = asked->has.whose, .limit = asked->has.limit } };
	free (ids);
	q->planned_next = next ? arena_text (q->arena, next) : NULL;
	json_decref (page);
	app_query (app, &activity_named_record, named, q->after.at, q->after.n, READ_MS, planned_told, q);
}

static void read_ask (struct request *q)
{
	*(struct head *) q->item = head_of_read (q, q->group);
	q->asked = clock_monotonic ();
	reply_fn *answered = q->row->record == &deal_activities_record ? planned_found : read_answered;
	app_query (q->app, table_asks (q), q->item, q->after.at, q->after.n, READ_MS, answered, q);
}

/* "g2.…" of a list that goes through several groups. False: it names a group there is none of. */
static bool cursor_open (struct request *q)
{
	const struct field *after = record_field (q->row->record, "after");
	if (!after || q->sight.n_groups < 2)
		return true;
	char *item = q->item, *end;
	const char **cursor = (const char **) (void *) (item + after->offset);
	if (item[after->has] != HERE || (*cursor)[0] != 'g')
		return true;
	q->group = strtoul (*cursor + 1, &end, 10);
	if (*end != '.' || q->group >= q->sight.n_groups)
		return false;
	*cursor = end + 1;
	if (!**cursor)
		item[after->has] = ABSENT;
	return true;
}

/* /opportunities are the deals that are one: S3's word for what has been qualified. */
static void opportunities_only (struct request *q)
{
	if (q->row->record != &deal_list_record || strcmp (q->row->path, "/api/crm/opportunities"))
		return;
	struct deal_list *list = q->item;
	list->qualified = true;
	list->has.qualified = HERE;
}

static void field_text (struct request *q, const char *name, const char *text)
{
	const struct field *f = record_field (q->row->record, name);
	if (!f || field_has (f, q->item) == HERE)
		return;
	*(const char **) (void *) ((char *) q->item + f->offset) = text;
	((char *) q->item)[f->has] = HERE;
}

/* Days of a record are its workspace's, wherever the asker is: {workspace: zone}. */
static void zones_set (struct request *q)
{
	const struct field *zones = record_field (q->row->record, "zones");
	json_t *all = json_object ();
	char id[UUID_TEXT];
	for (size_t i = 0; zones && i < q->sight.n; i++)
		json_object_set_new (all, uuid_format (q->sight.seat[i]->workspace, id), json_string (q->sight.seat[i]->timezone));
	char *text = zones ? json_dumps (all, JSON_COMPACT) : NULL;
	if (text) {
		*(const char **) (void *) ((char *) q->item + zones->offset) = arena_text (q->arena, text);
		((char *) q->item)[zones->has] = HERE;
	}
	free (text);
	json_decref (all);
}

/* Days are the asker's own: their time zone, else the workspace's; and now is when they ask. False: answered. */
bool zone_set (struct request *q)
{
	const struct record *r = q->row->record;
	const struct field *zone = record_field (r, "tz"), *now = record_field (r, "now");
	if (!now)
		return true;
	if (zone && field_has (zone, q->item) == HERE && !zone_fits (*(const char **) (void *) ((char *) q->item + zone->offset))) {
		struct problem problem = { 0 };
		problem_add (q->arena, &problem, "/tz", "not_a_timezone", "an IANA name, such as Europe/Amsterdam");
		reply_error (q, ERROR_invalid, NULL, &problem);
		return false;
	}
	zones_set (q);
	const struct seat *first = q->sight.seat[q->sight.group[q->group]];
	field_text (q, "tz", q->caller->timezone ? q->caller->timezone : first->timezone);
	*(int64_t *) (void *) ((char *) q->item + now->offset) = time_of (q, first);
	((char *) q->item)[now->has] = HERE;
	return true;
}

/* A list is ordered by one of its columns; what is none is said, not passed over. */
static bool sort_fits (struct request *q)
{
	static const struct {
		const struct record *list;
		const char *columns; /* a blank around each */
	} sorted[] = {
		{ &lead_list_record, " number name company email phone source status owner created_at age " },
		{ &contact_list_record, " number name type company email phone status job_title owner deals created_at " },
		{ &account_list_record,
		  " number name industry phone city annual_revenue contacts lifecycle account_type owner created_at " },
		{ &quote_list_record, " number name issued due total open state seen_at created_at " },
		{ &invoice_list_record, " number name issued due total open state seen_at created_at " },
	};
	const struct record *r = q->row->record;
	const struct field *sort = record_field (r, "sort");
	struct problem problem = { .code = error_code (ERROR_invalid) };
	if (!sort || ((const char *) q->item)[sort->has] != HERE)
		return true;
	const char *by = *(const char *const *) (const void *) ((const char *) q->item + sort->offset);
	const char *word = arena_printf (q->arena, " %s ", by + (*by == '-'));
	bool known = false;
	for (size_t i = 0; i < LENGTH (sorted); i++) {
		if (sorted[i].list == r && !strchr (by, ' ') && strstr (sorted[i].columns, word))
			return true;
		known = known || sorted[i].list == r;
	}
	if (!known)
		return true;
	problem_add (q->arena, &problem, "/sort", "not_a_choice", "there is no such column");
	reply_error (q, ERROR_invalid, NULL, &problem);
	return false;
}

/* Conditions of a segment that nobody saved yet: SQL is made of them, so what is none never gets there. */
static bool conditions_fit (struct request *q)
{
	struct problem problem = { 0 };
	if (q->row->record != &segment_preview_record)
		return true;
	const struct segment_preview *asked = q->item;
	if (q->sight.n_groups > 1) /* what one may see differs among them: there is no one size */
		problem_add (q->arena, &problem, "/workspace", "required", "which workspace's records");
	if (!problem.n_errors && conditions_check (q->arena, asked->of, asked->conditions, &problem, NULL))
		return true;
	reply_error (q, ERROR_invalid, NULL, &problem);
	return false;
}

static void read_start (struct request *q)
{
	struct problem problem = { 0 };
	if (!q->sight.n) { /* somebody without a workspace sees nothing, and that is no fault */
		if (is_single (q->row->record))
			reply_error (q, not_found_of (q), NULL, NULL);
		else
			reply_text (q, 200, "{\"data\":[],\"next\":null}");
		return;
	}
	if (!record_of_query (q) || !sort_fits (q) || !conditions_fit (q))
		return;
	opportunities_only (q);
	q->group = 0;
	if (!cursor_open (q)) {
		problem_add (q->arena, &problem, "/after", "unknown", "This cursor is none of ours.");
		reply_error (q, ERROR_invalid, NULL, &problem);
		return;
	}
	if (zone_set (q))
		read_ask (q);
}

/* A page about a record that the path names: asked only in that record's workspace, with the rights the caller has there, after it was seen that they
 * may see the record at all. */
static void sub_read (struct request *q)
{
	int refusal = sight_of (q->arena, q->seat, 1, q->row->permission, &q->sight);
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	/* a deal's files are its lead's */
	q->about = record_field (q->row->record, q->found.field);
	q->about_id = target_text (q, q->about ? "id" : "lead_id");
	if (!q->about)
		q->about = record_field (q->row->record, "lead_id");
	assert (q->about);
	if (!q->about_id) /* a deal that came of no lead */
		reply_text (q, 200, "{\"data\":[],\"next\":null}");
	else if (record_of_query (q)) {
		q->group = 0;
		if (zone_set (q))
			read_ask (q);
	}
}

void read_page (struct request *q)
{
	if (q->found.sub)
		place_find (q, sub_read);
	else if (!q->found.field || path_value_fits (q))
		read_start (q);
}

/* ---- a deal's page: how to reach whom it is about stands with the contact, or with the lead while there is none ---- */

static void deal_reply (struct request *q, const json_t *person)
{
	static const char *const members[] = { "email", "phone" };
	json_t *deal = json_loads (q->target_json, 0, NULL);
	for (size_t i = 0; i < LENGTH (members); i++) {
		const char *text = json_string_value (json_object_get (person, members[i]));
		json_object_set_new (deal, members[i], text ? json_string (text) : json_null ());
	}
	q->merged = deal;
	merged_reply (q);
}

/* Nobody is found, or nobody answers: the deal is told all the same. */
static void person_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	json_t *person = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL)
						    : NULL;
	deal_reply (ctx, person);
	json_decref (person);
}

static void deal_found (struct request *q)
{
	const char *contact = target_text (q, "contact_id"), *lead = target_text (q, "lead_id");
	struct uuid id, *set = arena_alloc (q->arena, sizeof *set);
	*set = q->seat->workspace;
	struct head head = {
		.actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = q->seat->grant, .workspaces = set, .n_workspaces = 1
	};
	if (contact && uuid_parse (contact, &id) == OK) {
		struct contact_get query = { .head = head, .contact_id = { id }, .has.contact_id = HERE };
		app_query (q->app, &contact_get_record, &query, q->after.at, q->after.n, PERSON_MS, person_found, q);
	} else if (lead && uuid_parse (lead, &id) == OK) {
		struct lead_get query = { .head = head, .lead_id = { id }, .has.lead_id = HERE };
		app_query (q->app, &lead_get_record, &query, q->after.at, q->after.n, PERSON_MS, person_found, q);
	} else {
		deal_reply (q, NULL);
	}
}

void deal_page (struct request *q)
{
	target_find (q, deal_found);
}
