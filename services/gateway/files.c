/* Files: sent to a record, listed with it, shown, taken away and put back. Those that came with a lead are lead-intake's, those that people put there are
 * contacts', those that came with a mail are mailer's; an address names any of them. The bytes of a new one are on disk for good before any service hears of it.
 * Never a name from outside in a path, never a type that a sender says, never a file of a record that the caller may not see. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "files.h"
#include "gateway.h"
#include "log.h"
#include "upload.h"

enum { FILES_MS = 5000, FORM_MOST = 64 << 10 };

/* ---- which file ---- */

/* A file is looked for with the rights of each group of workspaces: among those that people put to records, then among those that came with leads, then
 * among those that came with mails. */
enum place { PLACE_CONTACTS, PLACE_INTAKE, PLACE_MAILER, PLACES };
struct looking {
	struct request *q;
	page_fn *then;
	struct uuid id;
	bool own, removed; /* only contacts' own; those that were taken away too */
	enum place place;  /* who is asked now */
	size_t group;
};

static void looking_ask (struct looking *l);

static void looked (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct looking *l = ctx;
	struct request *q = l->q;
	bool nothing = (reply->state == REPLY_REFUSED && reply->error == ERROR_not_found) ||
		       (reply->state == REPLY_DONE && (!reply->json.n || (reply->json.n == 4 && memcmp (reply->json.at, "null", 4) == 0)));
	if (nothing) {
		bool last = l->own || l->place == PLACE_MAILER;
		l->group += last;
		l->place = last ? PLACE_CONTACTS : l->place + 1;
		looking_ask (l);
		return;
	}
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	q->target = l->id;
	q->target_json = arena_copy (q->arena, (const char *) reply->json.at, reply->json.n);
	const char *workspace = target_text (q, "workspace_id");
	q->seat = workspace ? seat_find (q->caller->seats, q->caller->n_seats, workspace) : NULL;
	if (!q->seat || (!l->removed && target_text (q, "removed_at")))
		reply_error (q, ERROR_file_not_found, NULL, NULL);
	else
		l->then (q);
}

static void looking_ask (struct looking *l)
{
	struct request *q = l->q;
	if (l->group >= q->sight.n_groups) {
		reply_error (q, ERROR_file_not_found, NULL, NULL);
		return;
	}
	struct head head = head_of_read (q, l->group);
	struct attachment_get *own = arena_alloc (q->arena, sizeof *own);
	struct file_get *came = arena_alloc (q->arena, sizeof *came);
	struct mail_attachment_get *hung = arena_alloc (q->arena, sizeof *hung);
	*own = (struct attachment_get){ .head = head, .file_id = { l->id }, .has.file_id = HERE };
	*came = (struct file_get){ .head = head, .file_id = { l->id }, .has.file_id = HERE };
	*hung = (struct mail_attachment_get){ .head = head, .file_id = { l->id }, .has.file_id = HERE };
	switch (l->place) {
	case PLACE_CONTACTS: app_query (q->app, &attachment_get_record, own, q->after.at, q->after.n, FILES_MS, looked, l); return;
	case PLACE_INTAKE: app_query (q->app, &file_get_record, came, q->after.at, q->after.n, FILES_MS, looked, l); return;
	case PLACE_MAILER: app_query (q->app, &mail_attachment_get_record, hung, q->after.at, q->after.n, FILES_MS, looked, l); return;
	case PLACES: return;
	}
}

static void file_look (struct request *q, bool own, bool removed, page_fn *then)
{
	struct looking *l = arena_alloc (q->arena, sizeof *l);
	*l = (struct looking){ .q = q, .then = then, .own = own, .removed = removed };
	if (uuid_parse (q->found.value, &l->id) == OK)
		looking_ask (l);
	else
		reply_error (q, ERROR_file_not_found, NULL, NULL);
}

void file_page (struct request *q)
{
	file_look (q, false, false, file_send);
}

/* What came with a lead belongs to what its sender said, and stays. */
void file_change_page (struct request *q)
{
	if (body_read (q) && command_read (q))
		file_look (q, true, true, write_send);
}

/* ---- which files ---- */

/* Of a lead or a deal: what people put there, then what came with the lead, then what came with mails. */
static void files_add (struct request *q, const struct reply *reply)
{
	json_t *came = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL) : NULL;
	json_array_extend (json_object_get (q->merged, "data"), json_object_get (came, "data"));
	json_decref (came);
}

/* Without mailer the others are there all the same. */
static void files_mailed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	files_add (q, reply);
	char *text = json_dumps (q->merged, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	reply_text (q, 200, copy);
}

static void mails_ask (struct request *q)
{
	struct mail_files *hung = arena_alloc (q->arena, sizeof *hung);
	*hung = (struct mail_files){ .head = head_of_read (q, 0), .deal_id = { q->target }, .has.deal_id = HERE };
	app_query (q->app, &mail_files_record, hung, q->after.at, q->after.n, FILES_MS, files_mailed, q);
}

static void files_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE && !(reply->state == REPLY_REFUSED && reply->error == ERROR_not_found)) {
		reply_fault (q, reply);
		return;
	}
	files_add (q, reply);
	mails_ask (q);
}

static void files_put (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	struct lead_files *came = arena_alloc (q->arena, sizeof *came);
	const char *lead = target_text (q, strcmp (q->found.field, "lead_id") ? "lead_id" : "id");
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	q->merged = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	*came = (struct lead_files){ .head = head_of_read (q, 0), .has.lead_id = HERE };
	if (lead && uuid_parse (lead, &came->lead_id.uuid) == OK)
		app_query (app, &lead_files_record, came, q->after.at, q->after.n, FILES_MS, files_told, q);
	else
		mails_ask (q);
}

static void files_ask (struct request *q)
{
	struct attachment_list *list = arena_alloc (q->arena, sizeof *list);
	int refusal = sight_of (q->arena, q->seat, 1, q->row->permission, &q->sight);
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	*list = (struct attachment_list){ .head = head_of_read (q, 0), .deal_id = { q->target }, .has.deal_id = HERE };
	app_query (q->app, &attachment_list_record, list, q->after.at, q->after.n, FILES_MS, files_put, q);
}

void files_page (struct request *q)
{
	target_find (q, files_ask);
}

/* ---- a new one ---- */

struct sending {
	struct request *q;
	struct bytes bytes;
	const char *name, *type;
	char sha256[SHA256_TEXT];
	bool kept;
};

void uploads_begin (struct http_request *r, void *app)
{
	if (strcmp (http_method (r), "POST") == 0 && strcmp (http_path (r), "/api/crm/files") == 0)
		body_admit (r, app, UPLOAD_MOST + FORM_MOST);
}

static void upload_put (void *ctx)
{
	struct sending *u = ctx;
	u->kept = file_put (app_config (u->q->app)->files, u->q->seat->workspace, u->bytes, u->sha256) == OK;
}

static void upload_done (struct app *app, void *ctx)
{
	(void) app;
	struct sending *u = ctx;
	struct attachment_add *cmd = u->q->item;
	if (!u->kept) {
		reply_error (u->q, ERROR_unavailable, NULL, NULL);
		return;
	}
	cmd->sha256 = u->sha256;
	write_send (u->q);
}

/* The same rights as everywhere, before a byte is kept. */
static void upload_start (struct request *q)
{
	int refusal = seat_check (q->seat, q->row->permission);
	if (refusal == ALLOWED)
		app_work (q->app, upload_put, upload_done, q->sending);
	else
		reply_error (q, refusal, NULL, NULL);
}

/* What the address or the form says of it; the rest of the command is said by the bytes. */
static void upload_says (struct request *q, const char *name, const char *value)
{
	static const char *const said[] = { "lead_id", "deal_id", "contact_id", "account_id", "activity_id", "name" };
	for (size_t i = 0; value && *value && i < LENGTH (said); i++)
		if (strcmp (said[i], name) == 0)
			json_object_set_new (q->body, name, json_string (value));
}

/* The one file of a form, and its other fields. False: answered. */
static bool parts_taken (struct request *q, struct sending *u)
{
	const struct upload_field *field;
	const char *name, *why = NULL;
	size_t n;
	if (upload_form (q->arena, http_header (q->http, "Content-Type"), u->bytes, &field, &n, &name, &u->bytes, &why) != OK) {
		reply_error (q, ERROR_bad_request, why, NULL);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		upload_says (q, field[i].name, field[i].value);
	if (!json_object_get (q->body, "name"))
		upload_says (q, "name", name);
	return true;
}

/* False: answered. */
static bool upload_taken (struct request *q, struct sending *u)
{
	const char *type = http_header (q->http, "Content-Type"), *name;
	size_t at = 0;
	const char *key, *value;
	u->bytes = http_body (q->http);
	q->body = json_object ();
	while (http_query_next (q->http, &at, &key, &value))
		upload_says (q, key, value);
	if (type && strncasecmp (type, "multipart/form-data", 19) == 0 && !parts_taken (q, u))
		return false;
	name = json_string_value (json_object_get (q->body, "name"));
	u->name = name ? upload_name (q->arena, name) : NULL;
	u->type = u->name ? upload_type (u->name, u->bytes) : NULL;
	if (u->bytes.n > UPLOAD_MOST)
		reply_error (q, ERROR_too_large, "At most 25 MiB.", NULL);
	else if (!u->name)
		fields_wrong (q, "/name", "required");
	else if (!u->type)
		reply_error (q, ERROR_wrong_type,
			     "pdf, png, jpg, webp, gif, docx, xlsx, csv, txt, ics, vcf or eml, and what is in it has to be that.", NULL);
	return u->bytes.n <= UPLOAD_MOST && u->name && u->type;
}

void file_add_page (struct request *q)
{
	char nothing[SHA256_TEXT];
	struct sending *u = arena_alloc (q->arena, sizeof *u);
	*u = (struct sending){ .q = q };
	q->sending = u;
	if (!upload_taken (q, u))
		return;
	json_object_set_new (q->body, "name", json_string (u->name));
	json_object_set_new (q->body, "type", json_string (u->type));
	json_object_set_new (q->body, "size", json_integer ((json_int_t) u->bytes.n));
	json_object_set_new (q->body, "sha256", json_string (sha256_text ((struct bytes){ NULL, 0 }, nothing))); /* until it is on disk */
	if (command_read (q))
		seat_choose (q, upload_start);
}
