/* Documents of money on pages: their PDF and UBL, made when somebody asks for them; the company's logo; a bank statement that somebody brings; one more of
 * the same. What they cost, and whether they may change, is billing's to say.
 * It must never draw anything itself, hold up the loop while a file is made, nor keep a file that is not what it has to be. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "files.h"
#include "gateway.h"
#include "metrics.h"

static struct metric file_wait = { .name = "leadwire_document_file_seconds",
				   .help = "From asking for a document's file to its being there",
				   .kind = METRIC_HISTOGRAM };
static struct metric file_late = { .name = "leadwire_document_files_late_total",
				   .help = "Files of documents that were not made in time for whoever asked",
				   .kind = METRIC_COUNTER };

enum { BILLING_MS = 5000, LOOK_MS = 10, RENDER_MS = 8000, LOGO_MOST = 1 << 20, STATEMENT_MOST = 20 << 20 };

/* ---- files are made by workers of billing: whoever asks waits for them, and looks again every few milliseconds ---- */

struct rendering {
	struct rendering *next;
	struct request *q;
	struct head head; /* of the query */
	document_id document;
	int64_t asked, until; /* clock_monotonic */
	page_fn *then;
};

static struct {
	struct app *app;
	struct rendering *first; /* those that look again at the next tick */
	uv_timer_t tick;
} renderings;

static void rendering_look (struct rendering *r);

static void look_again (uv_timer_t *timer)
{
	struct rendering *all = renderings.first;
	(void) timer;
	renderings.first = NULL;
	for (struct rendering *r = all, *next; r; r = next) {
		next = r->next;
		rendering_look (r);
	}
}

static void rendering_told (struct app *app, void *ctx, const struct reply *reply)
{
	struct rendering *r = ctx;
	struct request *q = r->q;
	(void) app;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	json_t *told = json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL);
	bool known = json_is_object (told), waiting = json_is_true (json_object_get (told, "waiting"));
	json_decref (told);
	if (!known) {
		reply_error (q, ERROR_document_not_found, NULL, NULL);
	} else if (!waiting) {
		metric_observe (&file_wait, clock_monotonic () - r->asked);
		q->target_json = arena_copy (q->arena, (const char *) reply->json.at, reply->json.n);
		r->then (q);
	} else if (q->gone || clock_monotonic () > r->until) {
		metric_add (&file_late, 1);
		reply_error (q, ERROR_document_waiting, NULL, NULL);
	} else {
		if (!renderings.first)
			uv_timer_start (&renderings.tick, look_again, LOOK_MS, 0);
		r->next = renderings.first;
		renderings.first = r;
	}
}

static void rendering_look (struct rendering *r)
{
	struct document_files query = { .head = r->head, .document_id = r->document, .has.document_id = HERE };
	app_query (renderings.app, &document_files_record, &query, r->q->after.at, r->q->after.n, BILLING_MS, rendering_told, r);
}

static void rendering_asked (struct app *app, void *ctx, const struct reply *reply)
{
	struct rendering *r = ctx;
	(void) app;
	if (reply->state != REPLY_DONE) {
		reply_fault (r->q, reply);
		return;
	}
	if (reply->position.sequence)
		position_keep (&r->q->after, reply->position.service, reply->position.lane, reply->position.sequence);
	rendering_look (r);
}

void document_render_wait (struct request *q, const struct head *head, struct uuid document, page_fn *then)
{
	struct rendering *r = arena_alloc (q->arena, sizeof *r);
	struct uuid *set = arena_alloc (q->arena, sizeof *set);
	*set = head->workspace;
	*r = (struct rendering){ .q = q,
				 .head = *head,
				 .document = { document },
				 .asked = clock_monotonic (),
				 .until = clock_monotonic () + RENDER_MS * INT64_C (1000),
				 .then = then };
	r->head.workspaces = set;
	r->head.n_workspaces = 1;
	struct document_render cmd = { .head = *head, .document_id = { document }, .has.document_id = HERE };
	cmd.head.id = cmd.head.correlation = uuid_v7 (clock_now ());
	app_command (q->app, &document_render_record, &cmd, q->after.at, q->after.n, BILLING_MS, rendering_asked, r);
}

/* Who may see a document may have its files: making them says nothing and changes nothing of it. */
static void render_begin (struct request *q, page_fn *then)
{
	int refusal = seat_check (q->seat, PERMISSION_crm_view);
	struct head head = { .workspace = q->seat->workspace, .actor = q->caller->actor, .at = clock_now (), .grant = q->seat->grant };
	if (refusal == ALLOWED)
		document_render_wait (q, &head, q->target, then);
	else
		reply_error (q, refusal, NULL, NULL);
}

void document_file_send (struct request *q, enum document_file which, bool shown)
{
	json_t *told = json_loads (q->target_json, 0, NULL), *file = json_object_get (told, which == DOCUMENT_PDF ? "pdf" : "ubl");
	const char *sha256 = json_string_value (json_object_get (file, "sha256")),
		   *name = json_string_value (json_object_get (file, "name"));
	struct problem problem = { 0 };
	json_t *wrong;
	size_t i;
	bool failed = json_is_true (json_object_get (told, "failed"));
	const char *why = json_string_value (json_object_get (told, "error"));
	why = why ? arena_text (q->arena, why) : NULL;
	sha256 = sha256 ? arena_text (q->arena, sha256) : NULL;
	name = name ? arena_text (q->arena, name) : NULL;
	const char *words = strcmp (q->language, "nl") ? "en" : "nl";
	json_array_foreach (json_object_get (told, "problems"), i, wrong)
	{
		const char *pointer = json_string_value (json_object_get (wrong, "pointer")),
			   *rule = json_string_value (json_object_get (wrong, "rule")),
			   *text = json_string_value (json_object_get (wrong, words));
		problem_add (q->arena, &problem, arena_text (q->arena, pointer ? pointer : ""),
			     arena_text (q->arena, rule ? rule : "invalid"), text ? arena_text (q->arena, text) : NULL);
	}
	json_decref (told);
	if (sha256)
		file_give (q, sha256, name, shown);
	else if (failed)
		reply_error (q, ERROR_document_not_drawn, why, NULL);
	else if (which == DOCUMENT_UBL)
		reply_error (q, ERROR_document_incomplete, NULL, &problem);
	else
		reply_error (q, ERROR_document_waiting, NULL, NULL);
}

static void pdf_send (struct request *q)
{
	const char *download = http_query (q->http, "download");
	document_file_send (q, DOCUMENT_PDF, !download || strcmp (download, "0") == 0);
}

static void pdf_found (struct request *q)
{
	render_begin (q, pdf_send);
}

void document_pdf_page_show (struct request *q)
{
	target_find (q, pdf_found);
}

static void ubl_send (struct request *q)
{
	document_file_send (q, DOCUMENT_UBL, false);
}

static void ubl_found (struct request *q)
{
	render_begin (q, ubl_send);
}

void document_ubl_page_show (struct request *q)
{
	target_find (q, ubl_found);
}

static void check_send (struct request *q)
{
	json_t *told = json_loads (q->target_json, 0, NULL);
	json_t *page = json_pack ("{s:O}", "data", json_object_get (told, "problems"));
	char *text = page ? json_dumps (page, JSON_COMPACT) : NULL;
	const char *copy = arena_text (q->arena, text ? text : "{\"data\":[]}");
	free (text);
	json_decref (page);
	json_decref (told);
	reply_text (q, 200, copy);
}

static void check_found (struct request *q)
{
	render_begin (q, check_send);
}

void document_check_page_show (struct request *q)
{
	target_find (q, check_found);
}

/* ---- one more of the same: the path says of which, its own id is made here ---- */

static void duplicate_send (struct request *q)
{
	const char *key = http_header (q->http, "Idempotency-Key");
	struct document_duplicate *cmd = q->item;
	struct head head = head_of_write (q, q->seat);
	cmd->from_id.uuid = q->target;
	q->target = key && *key ? made_id (head.actor, head.id, "document_id") : uuid_v7 (head.at);
	write_send (q);
}

void document_duplicate_page (struct request *q)
{
	if (!body_read (q))
		return;
	if (json_is_object (q->body) && !json_object_get (q->body, "from_id"))
		json_object_set_new (q->body, "from_id", json_string ("00000000-0000-0000-0000-000000000000"));
	if (command_read (q))
		seat_choose (q, duplicate_send);
}

/* ---- what somebody brings: a logo, a bank statement ---- */

struct brought {
	struct request *q;
	struct bytes bytes;
	void *cmd; /* the command that takes it */
	char sha256[SHA256_TEXT];
	bool kept;
};

void billing_begin (struct http_request *r, struct app *app)
{
	if (strcmp (http_method (r), "POST") == 0 && strcmp (http_path (r), "/api/crm/statements") == 0)
		body_admit (r, app, STATEMENT_MOST);
}

static void brought_put (void *ctx)
{
	struct brought *u = ctx;
	u->kept = file_put (app_config (u->q->app)->files, u->q->seat->workspace, u->bytes, u->sha256) == OK;
}

static void statement_taken (struct app *app, void *ctx, const struct reply *reply)
{
	struct brought *u = ctx;
	struct request *q = u->q;
	const struct statement_import *cmd = u->cmd;
	char id[UUID_TEXT];
	(void) app;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	json_t *answer = reply->data ? json_loads (reply->data, 0, NULL) : NULL;
	answer = answer ? answer : json_object ();
	json_object_set_new (answer, "id", json_string (uuid_format (uuid_is_null (reply->id) ? cmd->statement_id.uuid : reply->id, id)));
	char *text = json_dumps (answer, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	json_decref (answer);
	reply_text (q, 201, copy);
}

static void statement_put (struct app *app, void *ctx)
{
	struct brought *u = ctx;
	struct statement_import *cmd = u->cmd;
	cmd->sha256 = u->sha256;
	if (u->kept)
		app_command (app, &statement_import_record, cmd, u->q->after.at, u->q->after.n, 2 * BILLING_MS, statement_taken, u);
	else
		reply_error (u->q, ERROR_unavailable, NULL, NULL);
}

/* The same rights as everywhere, before a byte is kept. */
static void statement_bring (struct request *q)
{
	struct brought *u = arena_alloc (q->arena, sizeof *u);
	struct statement_import *cmd = arena_alloc (q->arena, sizeof *cmd);
	const char *key = http_header (q->http, "Idempotency-Key"), *name = http_query (q->http, "name");
	int refusal = seat_check (q->seat, q->row->permission);
	*u = (struct brought){ .q = q, .bytes = http_body (q->http), .cmd = cmd };
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	if (u->bytes.n > STATEMENT_MOST || !u->bytes.n) {
		reply_error (q, u->bytes.n ? ERROR_too_large : ERROR_statement_unreadable, u->bytes.n ? "At most 20 MiB." : NULL, NULL);
		return;
	}
	*cmd = (struct statement_import){ .head = head_of_write (q, q->seat), .has = { HERE, HERE, HERE } };
	bool named = name && *name && strlen (name) < 256 && text_is_valid (name, strlen (name));
	cmd->name = named ? arena_text (q->arena, name) : "statement";
	cmd->statement_id.uuid = key && *key ? made_id (cmd->head.actor, cmd->head.id, "statement_id") : uuid_v7 (cmd->head.at);
	app_work (q->app, brought_put, statement_put, u);
}

void statement_form_page (struct request *q)
{
	seat_choose (q, statement_bring);
}

/* A line of the audit, as of any setting. */
static void logo_noted (struct app *app, void *ctx, const struct reply *reply)
{
	struct brought *u = ctx;
	(void) app;
	if (reply->state == REPLY_DONE)
		reply_text (u->q, 200, arena_printf (u->q->arena, "{\"logo\":\"%s\"}", u->sha256));
	else
		reply_fault (u->q, reply);
}

static void logo_taken (struct app *app, void *ctx, const struct reply *reply)
{
	struct brought *u = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (u->q, reply);
		return;
	}
	position_remember (u->q, reply);
	struct setting_note note = { .head = ((struct company_set *) u->cmd)->head,
				     .what = "company_set",
				     .detail = arena_printf (u->q->arena, "{\"asked\":{\"logo\":\"%s\"}}", u->sha256) };
	note.head.id = made_id (note.head.actor, note.head.id, "setting_note");
	app_command (app, &setting_note_record, &note, NULL, 0, BILLING_MS, logo_noted, u);
}

static void logo_put (struct app *app, void *ctx)
{
	struct brought *u = ctx;
	struct company_set *cmd = u->cmd;
	cmd->logo = u->sha256;
	if (u->kept)
		app_command (app, &company_set_record, cmd, u->q->after.at, u->q->after.n, BILLING_MS, logo_taken, u);
	else
		reply_error (u->q, ERROR_unavailable, NULL, NULL);
}

void company_logo_form_page (struct request *q)
{
	struct brought *u = arena_alloc (q->arena, sizeof *u);
	struct company_set *cmd = arena_alloc (q->arena, sizeof *cmd);
	*u = (struct brought){ .q = q, .bytes = http_body (q->http), .cmd = cmd };
	const char *type = u->bytes.n ? inline_type (u->bytes.at, u->bytes.n) : NULL;
	q->seat = seat_of_write (q);
	if (!q->seat)
		return;
	if (u->bytes.n > LOGO_MOST) {
		reply_error (q, ERROR_too_large, "At most 1 MiB.", NULL);
		return;
	}
	if (!type || (strcmp (type, "image/png") && strcmp (type, "image/jpeg"))) {
		reply_error (q, ERROR_wrong_type, "A PNG or a JPEG.", NULL);
		return;
	}
	if (!grant_allows (&q->seat->grant, q->row->permission)) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	*cmd = (struct company_set){ .head = head_of_write (q, q->seat),
				     .workspace_id = { q->seat->workspace },
				     .has = { .workspace_id = HERE, .logo = HERE } };
	app_work (q->app, brought_put, logo_put, u);
}

static void logo_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	(void) app;
	if (reply->state != REPLY_DONE && !(reply->state == REPLY_REFUSED && reply->error == ERROR_not_found)) {
		reply_fault (q, reply);
		return;
	}
	q->target_json = reply->state == REPLY_DONE && reply->json.n ? arena_copy (q->arena, (const char *) reply->json.at, reply->json.n)
								     : "{}";
	const char *logo = target_text (q, "logo");
	if (logo)
		file_give (q, logo, "logo", true);
	else
		reply_error (q, ERROR_file_not_found, NULL, NULL);
}

void company_logo_page_show (struct request *q)
{
	q->seat = q->sight.n == 1 ? q->sight.seat[0] : NULL;
	if (!q->seat) {
		reply_error (q, q->sight.n ? ERROR_workspace_required : ERROR_file_not_found, NULL, NULL);
		return;
	}
	struct company_get query = { .head = head_of_seat (q) };
	app_query (q->app, &company_get_record, &query, q->after.at, q->after.n, BILLING_MS, logo_found, q);
}

void billing_start (struct app *app)
{
	renderings.app = app;
	uv_timer_init (app_loop (app), &renderings.tick);
	uv_unref ((uv_handle_t *) &renderings.tick);
	metric_register (&file_wait);
	metric_register (&file_late);
	portal_start ();
}
