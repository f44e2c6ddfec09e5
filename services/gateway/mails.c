/* Mails on pages: the HTML of one, cleaned each time it is shown; its files; and a mail that somebody brings as a file.
 * It must never show a stranger's HTML as it came, nor let it load anything from elsewhere before somebody asks for that. */
#include "gateway.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "files.h"
#include "html.h"
#include "upload.h"

enum { MAILS_MS = 5000, MAIL_MOST = 31 << 20, IMAGE_MOST = 2 << 20, IMAGES_MOST = 4 << 20 /* bytes */, IMAGES_LEFT = 100 };

/* ---- the mail that a path names: with the rights of each group of workspaces ---- */

static void mail_ask (struct request *q);

/* ?n=2; 0: the mail itself, as it came. */
static void which_file (struct request *q, struct mail_file_get *ask)
{
	const char *said = http_query (q->http, "n");
	size_t digits = said ? strspn (said, "0123456789") : 0;
	ask->n = digits && !said[digits] && digits < 6 ? strtoll (said, NULL, 10) : 1;
	ask->has.n = HERE;
}

static void mail_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	bool nothing = (reply->state == REPLY_REFUSED && reply->error == ERROR_not_found) ||
		       (reply->state == REPLY_DONE && (!reply->json.n || (reply->json.n == 4 && memcmp (reply->json.at, "null", 4) == 0)));
	if (nothing) {
		q->group++;
		mail_ask (q);
		return;
	}
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	q->target_json = arena_copy (q->arena, (const char *) reply->json.at, reply->json.n);
	const char *workspace = target_text (q, "workspace_id");
	q->seat = workspace ? seat_find (q->caller->seats, q->caller->n_seats, workspace) : NULL;
	if (q->seat)
		q->then (q);
	else
		reply_error (q, ERROR_mail_not_found, NULL, NULL);
}

static void mail_ask (struct request *q)
{
	if (q->group >= q->sight.n_groups) {
		reply_error (q, q->row->record == &mail_file_get_record ? ERROR_file_not_found : ERROR_mail_not_found, NULL, NULL);
		return;
	}
	*(struct head *) q->item = head_of_read (q, q->group);
	if (q->row->record == &mail_file_get_record)
		which_file (q, q->item);
	app_query (q->app, q->row->record, q->item, q->after.at, q->after.n, MAILS_MS, mail_found, q);
}

static void mail_look (struct request *q, page_fn *then)
{
	const struct record *r = q->row->record;
	const struct field *f = record_field (r, "mail_id");
	char *item = arena_alloc (q->arena, r->size);
	struct uuid id;
	if (uuid_parse (q->found.value, &id) != OK) {
		reply_error (q, ERROR_mail_not_found, NULL, NULL);
		return;
	}
	memcpy (item + f->offset, &id, sizeof id);
	item[f->has] = HERE;
	q->item = item;
	q->then = then;
	q->group = 0;
	mail_ask (q);
}

/* ---- files ---- */

void mail_file_page (struct request *q)
{
	mail_look (q, file_send);
}

/* ---- HTML ---- */

/* On its way to a page: made on a pool thread, since its images are read from disk. */
struct showing {
	struct request *q;
	const json_t *files;
	size_t room, left, remote; /* bytes of images that still fit, and how many; images that lie elsewhere */
	bool images;
	struct buffer out;
};

/* The bytes of an image that is small enough and is one by its first bytes; null: it is not shown. A text may name one image as often as it likes. */
static const char *image_read (struct showing *s, const char *path)
{
	struct arena *a = s->q->arena;
	unsigned char *bytes = s->left && s->room ? heap_alloc (IMAGE_MOST + 1) : NULL;
	FILE *f = bytes ? fopen (path, "r") : NULL;
	size_t n = f ? fread (bytes, 1, IMAGE_MOST + 1, f) : 0;
	const char *type = n ? inline_type (bytes, n) : NULL, *ret = NULL;
	if (f)
		fclose (f);
	s->left -= bytes != NULL; /* each costs a look, also one that is not shown */
	if (type && strncmp (type, "image/", 6) == 0 && n <= IMAGE_MOST && n <= s->room) {
		size_t room = sodium_base64_ENCODED_LEN (n, sodium_base64_VARIANT_ORIGINAL), head = strlen (type) + 14;
		char *text = arena_alloc (a, head + room);
		snprintf (text, head + 1, "data:%s;base64,", type);
		sodium_bin2base64 (text + strlen (text), room, bytes, n, sodium_base64_VARIANT_ORIGINAL);
		s->room -= n;
		ret = text;
	}
	heap_free (bytes);
	return ret;
}

/* An inline image is a file of the same mail. It stands in the page itself: the frame that shows it is a stranger to us, and gets no other bytes of ours. */
static const char *image_data (void *with, const char *content_id)
{
	struct showing *s = with;
	for (size_t i = 0; i < json_array_size (s->files); i++) {
		const json_t *file = json_array_get (s->files, i);
		const char *id = json_string_value (json_object_get (file, "content_id"));
		if (!id || strcmp (id, content_id))
			continue;
		const char *sha256 = json_string_value (json_object_get (file, "sha256"));
		const char *path = sha256 ? file_path (s->q->arena, app_config (s->q->app)->files, s->q->seat->workspace, sha256) : NULL;
		return path ? image_read (s, path) : NULL;
	}
	return NULL;
}

static void text_escape (struct buffer *out, const char *text)
{
	for (const char *p = text; *p; p++)
		switch (*p) {
		case '<': buffer_text (out, "&lt;"); break;
		case '>': buffer_text (out, "&gt;"); break;
		case '&': buffer_text (out, "&amp;"); break;
		case '"': buffer_text (out, "&quot;"); break;
		default: buffer_add (out, p, 1);
		}
}

/* The frame that shows it has no rights of its own, and neither has the page: no script, no form, no address of ours; the images of this mail stand in it. */
static void html_headers (struct request *q, bool images, size_t remote)
{
	http_set (
		q->http, "Content-Security-Policy",
		images ? "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; "
			 "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
		       : "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
			 "form-action 'none'; base-uri 'none'; frame-ancestors 'self'");
	http_set (q->http, "X-Content-Type-Options", "nosniff");
	http_set (q->http, "Referrer-Policy", "no-referrer");
	http_set (q->http, "Cache-Control", "private, no-store");
	http_set (q->http, "Cross-Origin-Resource-Policy", "same-origin");
	http_set (q->http, "CRM-Remote-Images", arena_printf (q->arena, "%zu", remote));
}

static void html_make (void *ctx)
{
	struct showing *s = ctx;
	json_t *o = json_loads (s->q->target_json, 0, NULL);
	const char *html = json_string_value (json_object_get (o, "html")), *text = json_string_value (json_object_get (o, "text"));
	s->files = json_object_get (o, "files");
	const char *clean = html ? html_clean (s->q->arena, html, s->images, image_data, s, &s->remote) : NULL;
	buffer_text (&s->out,
		     "<!doctype html><html><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><base target=_blank>"
		     "<style>body{margin:12px;font:15px/1.5 system-ui,sans-serif;color:#1c1c1e;background:#fff;overflow-wrap:anywhere}"
		     "img{max-width:100%;height:auto}pre{white-space:pre-wrap;font:inherit;margin:0}table{max-width:100%}"
		     "blockquote{margin:8px 0;padding-left:12px;border-left:3px solid #d1d1d6;color:#636366}</style><body>");
	if (clean) {
		buffer_text (&s->out, clean);
	} else {
		buffer_text (&s->out, "<pre>");
		text_escape (&s->out, text ? text : "");
		buffer_text (&s->out, "</pre>");
	}
	buffer_text (&s->out, "</body></html>");
	json_decref (o);
	s->files = NULL;
}

static void html_made (struct app *app, void *ctx)
{
	(void) app;
	struct showing *s = ctx;
	struct http_request *r = s->q->http;
	struct buffer out = s->out; /* the request's arena ends with its answer */
	html_headers (s->q, s->images, s->remote);
	request_end (s->q);
	http_reply (r, 200, "text/html; charset=utf-8", (struct bytes){ out.at, out.n });
	buffer_fini (&out);
}

static void html_show (struct request *q)
{
	const char *wish = http_query (q->http, "images");
	struct showing *s = arena_alloc (q->arena, sizeof *s);
	*s = (struct showing){ .q = q, .room = IMAGES_MOST, .left = IMAGES_LEFT, .images = wish && strcmp (wish, "0") };
	app_work (q->app, html_make, html_made, s);
}

void mail_html_page (struct request *q)
{
	mail_look (q, html_show);
}

/* ---- one that somebody brings ---- */

struct bringing {
	struct request *q;
	struct bytes bytes;
	struct mail_upload cmd;
	char sha256[SHA256_TEXT];
	bool kept;
};

void mails_begin (struct http_request *r, struct app *app)
{
	if (strcmp (http_method (r), "POST") == 0 && strcmp (http_path (r), "/api/crm/mails/upload") == 0)
		body_admit (r, app, MAIL_MOST);
}

static void mail_put (void *ctx)
{
	struct bringing *u = ctx;
	u->kept = file_put (app_config (u->q->app)->files, u->q->seat->workspace, u->bytes, u->sha256) == OK;
}

static void mail_brought (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct bringing *u = ctx;
	struct request *q = u->q;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	reply_text (q, 201, arena_printf (q->arena, "{\"id\":\"%s\"}", uuid_format (reply->id, id)));
}

static void mail_is_put (struct app *app, void *ctx)
{
	struct bringing *u = ctx;
	u->cmd.sha256 = u->sha256;
	if (u->kept)
		app_command (app, &mail_upload_record, &u->cmd, u->q->after.at, u->q->after.n, MAILS_MS, mail_brought, u);
	else
		reply_error (u->q, ERROR_unavailable, NULL, NULL);
}

/* False: it is no id, and that was answered. */
static bool place_read (struct request *q, const char *name, struct uuid *ret, unsigned char *ret_has)
{
	const char *said = http_query (q->http, name);
	*ret_has = said && *said ? HERE : ABSENT;
	if (*ret_has == HERE && uuid_parse (said, ret) != OK) {
		fields_wrong (q, arena_printf (q->arena, "/%s", name), "not_an_id");
		return false;
	}
	return true;
}

/* The same rights as everywhere, before a byte is kept. */
static void mail_bring (struct request *q)
{
	struct bringing *u = arena_alloc (q->arena, sizeof *u);
	const char *key = http_header (q->http, "Idempotency-Key");
	int refusal = seat_check (q->seat, q->row->permission);
	*u = (struct bringing){ .q = q, .bytes = http_body (q->http) };
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	if (u->bytes.n > MAIL_MOST) {
		reply_error (q, ERROR_too_large, "At most 31 MiB.", NULL);
		return;
	}
	if (!upload_type ("mail.eml", u->bytes)) {
		reply_error (q, ERROR_wrong_type, "A mail as a file begins with its head: .eml.", NULL);
		return;
	}
	if (!place_read (q, "deal_id", &u->cmd.deal_id.uuid, &u->cmd.has.deal_id) ||
	    !place_read (q, "contact_id", &u->cmd.contact_id.uuid, &u->cmd.has.contact_id))
		return;
	u->cmd.head = head_of_write (q, q->seat);
	u->cmd.mail_id.uuid = key && *key ? made_id (u->cmd.head.actor, u->cmd.head.id, "mail_id") : uuid_v7 (u->cmd.head.at);
	u->cmd.size = (int64_t) u->bytes.n;
	app_work (q->app, mail_put, mail_is_put, u);
}

void mail_upload_page (struct request *q)
{
	seat_choose (q, mail_bring);
}

/* ---- the log-in of an account at its provider ---- */

/* Where it comes back to is said here, and by nobody else: the page of this very house. */
void mail_oauth_page (struct request *q)
{
	if (!body_read (q) || !command_read (q))
		return;
	struct mail_oauth_begin *cmd = q->item;
	cmd->redirect = arena_printf (q->arena, "%s/settings/mail/oauth", origin_of (q));
	cmd->has.redirect = HERE;
	seat_choose (q, write_send);
}
