/* Commands that events ask for: such an event becomes an item of the command's own handler, once however often it is delivered, and what became of it is
 * said in the same transaction. The events' fields are read and written by their names: those of action_wanted and of struct service.settles.
 * It must never run a handler for an action that stands in `asked`, nor say a word of what is parked. */
#include "batch_parts.h"
#include "writer_parts.h"
#include "bus_sql.h"

#include <string.h>

/* ---- from the event to the command ---- */

/* Where a field's value stands; null: it has none. */
static const void *value_of (const struct record *r, const void *item, const char *name)
{
	const struct field *f = record_field (r, name);
	return f && field_has (f, item) == HERE ? (const char *) item + f->offset : NULL;
}

static const char *text_of (const struct record *r, const void *item, const char *name)
{
	const char *const *text = value_of (r, item, name);
	return text && *text ? *text : "";
}

static struct uuid id_of (const struct record *r, const void *item, const char *name)
{
	struct uuid ret = { { 0 } };
	const void *at = value_of (r, item, name);
	if (at)
		memcpy (&ret, at, sizeof ret);
	return ret;
}

static int scope_of (const char *name)
{
	for (int i = 0; scope_names[i]; i++)
		if (strcmp (scope_names[i], name) == 0)
			return i;
	return SCOPE_NONE;
}

/* By what right, as it came with the event. What cannot be read gives none. */
static struct grant grant_of (struct arena *a, const struct record *r, const void *item)
{
	const int64_t *permissions = value_of (r, item, "permissions");
	struct grant ret = { .scope = (enum scope) scope_of (text_of (r, item, "scope")),
			     .permissions = permissions ? (uint64_t) *permissions : 0,
			     .user = id_of (r, item, "by_id"),
			     .team = id_of (r, item, "team_id") };
	json_t *list = json_loads (text_of (r, item, "users"), 0, NULL);
	size_t n = json_array_size (list);
	struct uuid *users = n ? arena_array (a, n, sizeof *users) : NULL;
	for (size_t i = 0; i < n; i++) {
		const char *text = json_string_value (json_array_get (list, i));
		if (text && uuid_parse (text, &users[ret.n_users]) == OK)
			ret.n_users++;
	}
	ret.users = ret.n_users ? users : NULL;
	json_decref (list);
	return ret;
}

static void asked_refuse (struct item *i, const char *code, const char *detail)
{
	item_refuse (i, code, NULL);
	i->stored.detail = detail;
}

static void body_read (struct arena *a, struct item *i, const char *body, const struct head *head)
{
	const struct record *r = i->command->record;
	struct problem problem = { 0 };
	struct head *data = arena_alloc (a, r->size);
	json_t *json = json_loads (body, JSON_REJECT_DUPLICATES, NULL);
	enum status status = json ? record_from_json (a, r, json, true, data, &problem) : REFUSED;
	json_decref (json);
	if (status != OK) {
		item_refuse (i, "invalid", &problem);
		return;
	}
	*data = *head;
	i->data = data;
	for (size_t f = 0, k = 0; f < r->n_fields && k < KEYS_PARKED; f++)
		if ((r->fields[f].flags & KEY) == KEY)
			i->key[k++] = key_of (r, r->fields[f].name, data);
}

bool asked_read (struct arena *a, const struct service *service, struct item *i)
{
	const struct record *r = i->listener->record;
	const struct head *said = i->data;
	struct head *head = arena_alloc (a, sizeof *head);
	if (strcmp (text_of (r, said, "service"), service->name) != 0)
		return false;
	*head = *said;
	head->id = id_of (r, said, "action_id");
	head->correlation = uuid_is_null (said->correlation) ? said->id : said->correlation;
	head->causation = said->id;
	head->recorded = 0;
	head->grant = grant_of (a, r, said);
	i->said = said;
	i->data = head;
	i->key[KEYS_PARKED] = (uuid_hash (head->id) ^ uuid_hash (head->workspace)) | 1; /* two of one action never share a run */
	const char *name = text_of (r, said, "command");
	int permission = asked_permission (name);
	i->command = permission < 0 ? NULL : command_find (service, name);
	if (!i->command)
		asked_refuse (i, "bad_request", "no event may ask for that here");
	else if (!grant_allows (&head->grant, permission))
		asked_refuse (i, "forbidden", NULL);
	else
		body_read (a, i, text_of (r, said, "body"), head);
	return true;
}

/* ---- what was done already ---- */

static bool same_action (const struct item *x, const struct item *y)
{
	return x->said && y->said && uuid_equal (x->data->id, y->data->id) && uuid_equal (x->data->workspace, y->data->workspace);
}

/* The first of this batch for the same action, if it is not the first itself. An earlier try may have found one that is in no batch of ours now. */
static void twins_find (struct item *item, size_t n)
{
	struct key_set seen = { 0 };
	for (size_t i = 0; i < n; i++) {
		item[i].twin = NULL;
		if (!item[i].said)
			continue;
		for (size_t j = 0; j < i && !item[i].twin && key_set_has (&seen, item[i].key[KEYS_PARKED]); j++)
			if (same_action (&item[i], &item[j]))
				item[i].twin = &item[j];
		key_set_add (&seen, item[i].key[KEYS_PARKED]);
	}
	key_set_clear (&seen);
}

void asked_load (struct batch *b, struct item *item, size_t n)
{
	struct db_array workspace = { 0 }, action = { 0 };
	size_t *which = arena_array (&b->arena, n + 1, sizeof *which), asked = 0;
	twins_find (item, n);
	db_array_start (&workspace, OID_UUID);
	db_array_start (&action, OID_UUID);
	for (size_t i = 0; i < n; i++) {
		if (!item[i].said)
			continue;
		which[asked++] = i;
		db_array_bytes (&workspace, item[i].data->workspace.b, 16);
		db_array_bytes (&action, item[i].data->id.b, 16);
	}
	PGresult *r = NULL;
	if (asked) {
		struct db_param p[] = { db_array_param (&workspace), db_array_param (&action) };
		db_send_plain (b->db, &bus_asked_load_statement, p, 2, -1);
		r = db_flush (b->db);
	}
	buffer_fini (&workspace.b);
	buffer_fini (&action.b);
	batch_check (b);
	for (int row = 0; r && row < PQntuples (r); row++) {
		struct item *i = &item[which[db_int (r, row, 0) - 1]];
		i->answered = true;
		i->stored = (struct reply){ .code = db_text (&b->arena, r, row, 1),
					    .detail = db_text (&b->arena, r, row, 2),
					    .number = db_int (r, row, 4),
					    .version = db_int (r, row, 5),
					    .repeated = true };
		i->stored.state = i->stored.code ? REPLY_REFUSED : REPLY_DONE;
		if (!PQgetisnull (r, row, 3))
			memcpy (i->stored.id.b, PQgetvalue (r, row, 3), 16);
	}
	PQclear (r);
}

void asked_as_twin (struct batch *b, struct item *i)
{
	i->outcome = i->twin->outcome;
	if (i->twin->park == PARK_NO)
		return;
	i->park = PARK_BEHIND;
	i->why = "waits for an earlier one";
	keys_add (&b->fresh, i);
}

/* ---- what became of it ---- */

/* The first thing that is wrong, in words: an event has no list of fields. */
static const char *detail_of (struct arena *a, const char *detail, const struct problem *p)
{
	if (!p || !p->n_errors)
		return detail;
	const struct problem_error *e = &p->errors[0];
	return arena_printf (a, "%s: %s", e->pointer ? e->pointer : "", e->detail ? e->detail : e->code);
}

static struct reply answer_of (struct batch *b, const struct item *i)
{
	const struct outcome *o = &i->outcome;
	struct reply ret = i->stored;
	if (i->answered) {
		ret.detail = detail_of (&b->arena, ret.detail, &ret.problem);
		return ret;
	}
	if (o->state != OUTCOME_REFUSED)
		return (struct reply){ .state = REPLY_DONE, .id = o->id, .number = o->number, .version = o->version };
	return (struct reply){ .state = REPLY_REFUSED,
			       .code = error_code (o->error),
			       .detail = detail_of (&b->arena, o->detail, o->problem) };
}

static void value_put (const struct record *r, void *item, const char *name, const void *value, size_t size)
{
	const struct field *f = record_field (r, name);
	assert (f);
	memcpy ((char *) item + f->offset, value, size);
	*((unsigned char *) item + f->has) = HERE;
}

/* No more of a text than the field takes, and no half of a character. */
static void text_put (struct arena *a, const struct record *r, void *item, const char *name, const char *text)
{
	size_t most = field_limit (record_field (r, name)), n = strlen (text);
	if (n > most)
		for (n = most; n && ((unsigned char) text[n] & 0xc0) == 0x80; n--)
			;
	const char *kept = arena_printf (a, "%.*s", (int) n, text);
	value_put (r, item, name, &kept, sizeof kept);
}

static void settled_fill (struct batch *b, const struct record *r, struct head *event, const struct item *i, const struct reply *is)
{
	enum { DONE, REFUSED_ONE }; /* as action_state has them */
	int state = is->state == REPLY_DONE ? DONE : REFUSED_ONE;
	*event = head_caused (b, i->said);
	value_put (r, event, "action_id", &i->data->id, sizeof i->data->id);
	value_put (r, event, "state", &state, sizeof state);
	if (is->code)
		text_put (&b->arena, r, event, "code", is->code);
	if (is->detail)
		text_put (&b->arena, r, event, "detail", is->detail);
	if (!uuid_is_null (is->id))
		value_put (r, event, "record_id", &is->id, sizeof is->id);
	if (is->number)
		value_put (r, event, "number", &is->number, sizeof is->number);
	if (is->version)
		value_put (r, event, "version", &is->version, sizeof is->version);
}

enum { ASKED_COLUMNS = 7 };

static void text_or_null (struct db_array *a, const char *text)
{
	if (text)
		db_array_bytes (a, text, strlen (text));
	else
		db_array_null (a);
}

static void row_add (struct db_array a[ASKED_COLUMNS], const struct item *i, const struct reply *is)
{
	db_array_bytes (&a[0], i->data->workspace.b, 16);
	db_array_bytes (&a[1], i->data->id.b, 16);
	text_or_null (&a[2], is->code);
	text_or_null (&a[3], is->detail);
	if (uuid_is_null (is->id))
		db_array_null (&a[4]);
	else
		db_array_bytes (&a[4], is->id.b, 16);
	db_array_i64 (&a[5], is->number);
	db_array_i64 (&a[6], is->version);
}

static void rows_write (struct batch *b, struct db_array a[ASKED_COLUMNS], int64_t rows)
{
	struct db_param p[ASKED_COLUMNS];
	for (int c = 0; c < ASKED_COLUMNS; c++)
		p[c] = db_array_param (&a[c]);
	if (rows)
		db_send_plain (b->db, &bus_asked_write_statement, p, ASKED_COLUMNS, rows);
	for (int c = 0; c < ASKED_COLUMNS; c++)
		buffer_fini (&a[c].b);
	batch_check (b);
}

/* Each that is over is written down once, by its key, and said each time. */
void asked_settle (struct batch *b, struct item *item, size_t n)
{
	static const unsigned types[ASKED_COLUMNS] = { OID_UUID, OID_UUID, OID_TEXT, OID_TEXT, OID_UUID, OID_INT8, OID_INT8 };
	const struct record *r = b->shared->service->settles;
	struct db_array a[ASKED_COLUMNS] = { 0 };
	int64_t rows = 0;
	size_t events = 0;
	if (!r)
		return;
	char *event = arena_array (&b->arena, n + 1, r->size);
	for (int c = 0; c < ASKED_COLUMNS; c++)
		db_array_start (&a[c], types[c]);
	for (size_t i = 0; i < n; i++) {
		struct item *it = &item[i];
		if (!it->said || it->park != PARK_NO || is_gone (b, it))
			continue;
		struct reply is = answer_of (b, it);
		bool stands = (it->answered && it->stored.repeated) || (it->twin && it->twin->park == PARK_NO);
		if (!stands) {
			row_add (a, it, &is);
			rows++;
		}
		settled_fill (b, r, (void *) (event + events++ * r->size), it, &is);
	}
	rows_write (b, a, rows);
	batch_emit (b, r, event, events);
}
