/* Files of records: an upload is looked at, laid away and handed to contacts; what is in it is contacts' to decide.
 * It must never read a row for itself, nor keep a file that nobody has taken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "csv_file.h"
#include "files.h"
#include "gateway.h"
#include "vcard_file.h"

enum { IMPORT_MS = 10000 };

struct incoming {
	struct request *q;
	struct import_open cmd;
	struct bytes bytes;
	const char *path; /* the spool's; null: it came whole */
	enum status status;
	char sha256[SHA256_TEXT];
};

void imports_begin (struct http_request *r, struct app *app)
{
	if (strcmp (http_method (r), "POST") == 0 && strcmp (http_path (r), "/api/crm/imports") == 0)
		body_admit (r, app, (size_t) gateway_config.import_mib << 20);
}

/* ---- answering: what was found stands with contacts ---- */

/* The audit's line is there: what was found, or how far it is. */
static void import_noted (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE)
		reply_fault (q, reply);
	else
		reply_text (q, q->found.field ? 200 : 201, q->target_json);
}

/* The file's name and the counts that say something by then. */
static const char *note_detail (struct request *q, const json_t *import)
{
	static const char *const told[] = { "import_id", "name",   "profile", "rows",	 "ready",
					    "updates",	 "errors", "created", "updated", "skipped" };
	json_t *asked = json_object ();
	for (size_t i = 0; i < LENGTH (told); i++) {
		json_t *one = json_object_get (import, i ? told[i] : "id");
		if (!json_is_integer (one) || json_integer_value (one))
			json_object_set (asked, told[i], one);
	}
	json_t *detail = json_pack ("{s:o}", "asked", asked);
	char *text = json_dumps (detail, JSON_COMPACT);
	const char *ret = arena_text (q->arena, text);
	free (text);
	json_decref (detail);
	return ret;
}

/* A line of the audit about what was done; whoever is not answered repeats both under the same key. */
static void import_told (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	json_t *import = reply->state == REPLY_DONE && reply->json.n ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL)
								     : NULL;
	if (!import) {
		reply_fault (q, reply);
		return;
	}
	if (!q->found.field)
		q->target_json = arena_copy (q->arena, (const char *) reply->json.at, reply->json.n);
	struct import_note note = { .head = head_of_write (q, q->seat),
				    .what = q->found.field ? q->row->record->name : "import_open",
				    .detail = note_detail (q, import) };
	if (uuid_parse (json_string_value (json_object_get (import, "id")), &note.import_id.uuid) != OK)
		note.import_id.uuid = q->target;
	json_decref (import);
	note.head.id = made_id (note.head.actor, note.head.id, "import_note");
	app_command (app, &import_note_record, &note, NULL, 0, IMPORT_MS, import_noted, q);
}

static void import_ask (struct request *q, struct uuid id)
{
	struct import_get query = { .head = head_of_seat (q), .import_id = { id } };
	app_query (q->app, &import_get_record, &query, q->after.at, q->after.n, IMPORT_MS, import_told, q);
}

static void import_opened (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct incoming *u = ctx;
	struct request *q = u->q;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	import_ask (q, u->cmd.has.into_id == HERE ? u->cmd.into_id.uuid : u->cmd.import_id.uuid);
}

/* ---- a step of one: done first, then said ---- */

static void import_stepped (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	q->target_json = arena_printf (q->arena, "{\"id\":\"%s\",\"version\":%lld}", uuid_format (reply->id, id),
				       (long long) reply->version);
	import_ask (q, reply->id);
}

static void import_step_send (struct request *q)
{
	command_send (q, import_stepped);
}

void import_step_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		seat_choose (q, import_step_send);
}

/* ---- the file: on a pool thread ---- */

static enum status bytes_spool (struct incoming *u)
{
	char *name = arena_printf (u->q->arena, "%s/import-XXXXXX", app_config (u->q->app)->files);
	int fd = mkstemp (name);
	FILE *f = fd >= 0 ? fdopen (fd, "w") : NULL;
	bool good = f && fwrite (u->bytes.at, 1, u->bytes.n, f) == u->bytes.n;
	good = f && fclose (f) == 0 && good;
	u->path = name;
	return good ? OK : FAULT;
}

static void upload_keep (void *ctx)
{
	struct incoming *u = ctx;
	struct csv_shape shape;
	u->status = u->path ? OK : bytes_spool (u);
	if (u->status == OK)
		u->status = csv_survey (u->path, &shape);
	if (u->status == OK)
		u->status = vcard_survey (u->path, &shape);
	if (u->status == OK)
		u->status = file_take (app_config (u->q->app)->files, u->cmd.import_id.uuid, u->path, u->sha256);
	if (u->status != OK) {
		unlink (u->path);
		return;
	}
	u->cmd.sha256 = u->sha256;
	u->cmd.bytes = shape.bytes;
	u->cmd.delimiter = arena_copy (u->q->arena, &shape.delimiter, 1);
	u->cmd.legacy = shape.legacy;
	u->cmd.begins = shape.begins;
	u->cmd.records = shape.records;
}

static void upload_kept (struct app *app, void *ctx)
{
	struct incoming *u = ctx;
	if (u->status == REFUSED)
		reply_error (u->q, ERROR_import_unreadable, NULL, NULL);
	else if (u->status != OK)
		reply_error (u->q, ERROR_unavailable, NULL, NULL);
	else
		app_command (app, &import_open_record, &u->cmd, u->q->after.at, u->q->after.n, IMPORT_MS, import_opened, u);
}

static bool profile_read (struct request *q, enum import_profile *ret)
{
	const char *asked = http_query (q->http, "profile");
	const struct field *f = record_field (&import_open_record, "profile");
	struct problem problem = { 0 };
	for (size_t i = 0; f->names[i]; i++)
		if (strcmp (f->names[i], asked ? asked : "contacts") == 0) {
			*ret = (enum import_profile) i;
			return true;
		}
	problem_add (q->arena, &problem, "/profile", "not_a_choice", NULL);
	reply_error (q, ERROR_invalid, NULL, &problem);
	return false;
}

static void upload_open (struct request *q)
{
	struct incoming *u = arena_alloc (q->arena, sizeof *u);
	const char *name = http_query (q->http, "name"), *key = http_header (q->http, "Idempotency-Key");
	int refusal = seat_check (q->seat, q->row->permission);
	*u = (struct incoming){ .q = q, .bytes = http_body (q->http), .path = http_spool (q->http) };
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	if (!profile_read (q, &u->cmd.profile))
		return;
	if (!u->bytes.n) {
		reply_error (q, ERROR_import_unreadable, NULL, NULL);
		return;
	}
	u->cmd.head = head_of_write (q, q->seat);
	u->cmd.import_id.uuid = key && *key ? made_id (u->cmd.head.actor, u->cmd.head.id, "import_id") : uuid_v7 (clock_now ());
	const char *into = http_query (q->http, "into");
	if (into && uuid_parse (into, &u->cmd.into_id.uuid) != OK) {
		reply_error (q, ERROR_import_not_found, NULL, NULL);
		return;
	}
	u->cmd.has.into_id = into ? HERE : ABSENT;
	if (name && strlen (name) < 256 && text_is_valid (name, strlen (name)))
		u->cmd.name = name, u->cmd.has.name = HERE;
	if (u->path)
		http_keep_spool (q->http);
	app_work (q->app, upload_keep, upload_kept, u);
}

void import_upload_page (struct request *q)
{
	seat_choose (q, upload_open);
}

/* ---- the check: values, stages and currencies stand with pipeline, people here ---- */

static const struct choices_part {
	const char *name;
	const struct record *query;
} choices_parts[] = {
	{ "values", &catalogue_list_record },
	{ "boards", &pipeline_list_record },
	{ "users", &members_list_record },
	{ "money", &currency_list_record },
};

struct choices {
	struct request *q;
	size_t i;
	json_t *all;
};

/* Of boards their stages, of currencies the one in which they are added up. */
static const char *choices_text (struct arena *a, json_t *all)
{
	json_t *stages = json_array (), *board;
	size_t i;
	json_array_foreach (json_object_get (all, "boards"), i, board)
	{
		const char *kind = json_string_value (json_object_get (board, "kind"));
		if (!kind || strcmp (kind, "relationship"))
			json_array_extend (stages, json_object_get (board, "stages"));
	}
	json_object_set_new (all, "stages", stages);
	json_object_set (all, "currency", json_object_get (json_array_get (json_object_get (all, "money"), 0), "base"));
	json_object_del (all, "boards");
	json_object_del (all, "money");
	char *text = json_dumps (all, JSON_COMPACT);
	const char *ret = arena_text (a, text);
	free (text);
	return ret;
}

static void choices_ask (struct choices *c);

static void choices_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct choices *c = ctx;
	struct request *q = c->q;
	struct import_check *cmd = q->item;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	if (!page) {
		json_decref (c->all);
		reply_fault (q, reply);
		return;
	}
	json_object_set (c->all, choices_parts[c->i++].name, json_object_get (page, "data"));
	json_decref (page);
	if (c->i < LENGTH (choices_parts)) {
		choices_ask (c);
		return;
	}
	cmd->choices = choices_text (q->arena, c->all);
	cmd->has.choices = HERE;
	json_decref (c->all);
	write_send (q);
}

static void choices_ask (struct choices *c)
{
	const struct record *r = choices_parts[c->i].query;
	struct head *item = arena_alloc (c->q->arena, r->size);
	*item = head_of_seat (c->q);
	app_query (c->q->app, r, item, c->q->after.at, c->q->after.n, IMPORT_MS, choices_told, c);
}

static void choices_begin (struct request *q)
{
	struct choices *c = arena_alloc (q->arena, sizeof *c);
	*c = (struct choices){ .q = q, .all = json_object () };
	choices_ask (c);
}

void import_check_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		seat_choose (q, choices_begin);
}
