/* The door: what providers, mail programs and people's browsers ask of mailer itself, by secrets in the address.
 * It must never answer success before the commit, nor let a key or a token into a log. A GET changes nothing: scanners follow every link. */
#include "mailer.h"

#include <stdio.h>
#include <string.h>
#include "clock.h"
#include "files.h"
#include "follow.h"
#include "seal.h"
#include "signature.h"

enum { ASK_MS = 8000, KEY_MOST = 64, TOKEN_MOST_TEXT = 120, EVENTS_BYTES_MOST = 8 << 20, TYPE_MOST = 500 };

static bool wants_dutch (struct http_request *r)
{
	const char *said = http_header (r, "Accept-Language");
	const char *nl = said ? strstr (said, "nl") : NULL, *en = said ? strstr (said, "en") : NULL;
	return nl && (!en || nl < en);
}

void answer_error (struct http_request *r, int error, const char *detail)
{
	const struct error_row *row = &error_rows[error];
	if (row->status == 503 || row->status == 504)
		http_set (r, "Retry-After", "5");
	http_reply_problem (r, row->status, row->code, wants_dutch (r) ? row->nl : row->en, detail, NULL);
}

static void reply_answer (struct http_request *r, const struct reply *reply)
{
	switch (reply->state) {
	case REPLY_DONE: http_reply_text (r, 200, "text/plain", ""); return;
	case REPLY_REFUSED: answer_error (r, reply->error >= 0 ? reply->error : ERROR_internal, reply->detail); return;
	case REPLY_UNAVAILABLE: answer_error (r, ERROR_unavailable, NULL); return;
	case REPLY_TIMEOUT: answer_error (r, ERROR_timeout, NULL); return;
	}
}

static struct head head_of_door (struct uuid workspace, struct uuid actor)
{
	struct uuid id = uuid_v7 (clock_now ());
	return (struct head){ .workspace = workspace,
			      .actor = actor,
			      .id = id,
			      .correlation = id,
			      .at = clock_now (),
			      .grant = { .scope = SCOPE_WORKSPACE } };
}

/* ---- what a provider says ---- */

struct knock {
	struct http_request *http;
	struct app *app;
	/* of a mail that comes in */
	struct inbound_keep keep;
	char sha256[SHA256_TEXT];
	bool put;
	const char *url; /* of a link that is followed: where it leads */
};

static void events_taken (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct knock *k = ctx;
	reply_answer (k->http, reply);
}

static void events_account (struct app *app, void *ctx, const struct reply *reply)
{
	struct knock *k = ctx;
	struct http_request *r = k->http;
	struct bytes body = http_body (r);
	json_t *o = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	const char *key = json_string_value (json_object_get (o, "event_key"));
	struct mail_events_take cmd = { 0 };
	if (reply->state == REPLY_REFUSED && reply->error != ERROR_not_found) {
		answer_error (r, ERROR_unavailable, NULL);
	} else if (reply->state != REPLY_DONE && reply->state != REPLY_REFUSED) {
		answer_error (r, ERROR_unavailable, NULL);
	} else if (!o || uuid_parse (json_string_value (json_object_get (o, "account_id")), &cmd.mail_account_id.uuid) != OK ||
		   uuid_parse (json_string_value (json_object_get (o, "workspace_id")), &cmd.head.workspace) != OK) {
		answer_error (r, ERROR_unknown_key, NULL);
	} else if (key && !signature_good (key, http_header (r, "X-Twilio-Email-Event-Webhook-Signature"),
					   http_header (r, "X-Twilio-Email-Event-Webhook-Timestamp"), body)) {
		answer_error (r, ERROR_bad_signature, NULL);
	} else if (body.n > EVENTS_BYTES_MOST) {
		answer_error (r, ERROR_too_large, NULL);
	} else if (!json_is_valid (body)) {
		answer_error (r, ERROR_bad_json, NULL);
	} else {
		cmd.head = head_of_door (cmd.head.workspace, cmd.mail_account_id.uuid);
		cmd.body = arena_copy (http_arena (r), (const char *) body.at, body.n);
		app_command (app, &mail_events_take_record, &cmd, NULL, 0, ASK_MS, events_taken, k);
	}
	json_decref (o);
}

/* Whose key it is; `then` is told. */
static void hook_open (struct knock *k, const char *key, size_t n, reply_fn *then)
{
	char hex[SHA256_TEXT];
	struct mail_account_of_key query = { .hash = arena_text (http_arena (k->http),
								 sha256_text ((struct bytes){ (const unsigned char *) key, n }, hex)) };
	query.head = head_of_door ((struct uuid){ 0 }, (struct uuid){ 0 });
	app_query (k->app, &mail_account_of_key_record, &query, NULL, 0, ASK_MS, then, k);
}

/* ---- a mail that comes in: on disk, then in a row, then answered; a provider that hears anything but success sends it again ---- */

static void inbound_kept (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct knock *k = ctx;
	if (reply->state == REPLY_REFUSED && reply->error == ERROR_workspace_not_found)
		answer_error (k->http, ERROR_unknown_key, NULL);
	else
		reply_answer (k->http, reply);
}

static void inbound_put (void *ctx)
{
	struct knock *k = ctx;
	k->put = file_put (app_config (k->app)->files, k->keep.head.workspace, http_body (k->http), k->sha256) == OK;
}

static void inbound_is_put (struct app *app, void *ctx)
{
	struct knock *k = ctx;
	if (k->put)
		app_command (app, &inbound_keep_record, &k->keep, NULL, 0, ASK_MS, inbound_kept, k);
	else
		answer_error (k->http, ERROR_unavailable, NULL);
}

static void inbound_account (struct app *app, void *ctx, const struct reply *reply)
{
	struct knock *k = ctx;
	struct http_request *r = k->http;
	const char *type = http_header (r, "Content-Type");
	json_t *o = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	struct uuid workspace, account;
	bool known = o && uuid_parse (json_string_value (json_object_get (o, "account_id")), &account) == OK &&
		     uuid_parse (json_string_value (json_object_get (o, "workspace_id")), &workspace) == OK;
	json_decref (o);
	if (reply->state != REPLY_DONE && !(reply->state == REPLY_REFUSED && reply->error == ERROR_not_found)) {
		answer_error (r, ERROR_unavailable, NULL);
	} else if (!known) {
		answer_error (r, ERROR_unknown_key, NULL);
	} else if (!http_body (r).n) {
		answer_error (r, ERROR_bad_request, NULL);
	} else {
		k->keep = (struct inbound_keep){ .mail_account_id = { account },
						 .sha256 = k->sha256,
						 .type = type && strlen (type) <= TYPE_MOST && text_is_valid (type, strlen (type)) ? type
																   : "",
						 .size = (int64_t) http_body (r).n };
		k->keep.head = head_of_door (workspace, account);
		k->keep.mail_id.uuid = k->keep.head.id;
		app_work (app, inbound_put, inbound_is_put, k);
	}
}

/* ---- no more news ---- */

static void page (struct http_request *r, int status, const char *nl, const char *en, bool asks)
{
	bool dutch = wants_dutch (r);
	struct buffer out = { 0 };
	buffer_printf (
		&out,
		"<!doctype html><html lang=%s><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><meta name=robots content=noindex><title>%s</title><p>%s</p>",
		dutch ? "nl" : "en", dutch ? "Afmelden" : "Unsubscribe", dutch ? nl : en);
	if (asks)
		buffer_printf (&out,
			       "<form method=post><input type=hidden name=List-Unsubscribe value=One-Click><button>%s</button></form>",
			       dutch ? "Afmelden" : "Unsubscribe");
	buffer_text (&out, "</html>");
	http_set (r, "Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
	http_set (r, "Referrer-Policy", "no-referrer");
	http_reply (r, status, "text/html; charset=utf-8", (struct bytes){ out.at, out.n });
	buffer_fini (&out);
}

static void unsubscribed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct knock *k = ctx;
	if (reply->state == REPLY_DONE)
		page (k->http, 200, "U bent afgemeld. U krijgt geen nieuws meer op dit adres.",
		      "You are unsubscribed. This address gets no more news.", false);
	else
		reply_answer (k->http, reply);
}

static void unsubscribe (struct knock *k, const char *token)
{
	struct http_request *r = k->http;
	struct mail_link link;
	const char *method = http_method (r);
	bool get = !strcmp (method, "GET") || !strcmp (method, "HEAD");
	if (strlen (token) > TOKEN_MOST_TEXT || !link_read (token, &link)) {
		page (r, 404, "Deze link klopt niet. Open hem zoals hij in de mail staat.",
		      "This link is not right. Open it as it stands in the mail.", false);
	} else if (get) {
		page (r, 200, "Wilt u op dit adres geen nieuws meer ontvangen?", "Do you want no more news at this address?", true);
	} else if (strcmp (method, "POST")) {
		http_set (r, "Allow", "GET, HEAD, POST");
		answer_error (r, ERROR_method_not_allowed, NULL);
	} else {
		struct mail_unsubscribe cmd = { .n = link.n };
		cmd.head = head_of_door (link.workspace, (struct uuid){ 0 });
		cmd.mail_id.uuid = link.mail;
		app_command (k->app, &mail_unsubscribe_record, &cmd, NULL, 0, ASK_MS, unsubscribed, k);
	}
}

/* ---- opened, and followed ---- */

enum { FOLLOW_MS = 1500, FOLLOW_TOKEN_MOST = 2200 }; /* nobody waits long for what is no use to them */

static void image_reply (struct http_request *r)
{
	static const unsigned char dot[] = "GIF89a\1\0\1\0\200\0\0\0\0\0\0\0\0!\371\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
	http_set (r, "Cache-Control", "no-store");
	http_set (r, "Cross-Origin-Resource-Policy", "cross-origin");
	http_reply (r, 200, "image/gif", (struct bytes){ dot, sizeof dot - 1 });
}

/* Kept or not: whoever reads a mail sees it, and comes where the link leads. */
static void followed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app, (void) reply;
	struct knock *k = ctx;
	if (!k->url) {
		image_reply (k->http);
		return;
	}
	http_set (k->http, "Location", k->url);
	http_set (k->http, "Cache-Control", "no-store");
	http_set (k->http, "Referrer-Policy", "no-referrer");
	http_reply_text (k->http, 302, "text/plain", "");
}

static void follow (struct knock *k, const struct mail_link *link)
{
	struct http_request *r = k->http;
	const char *agent = http_header (r, "User-Agent"), *purpose = http_header (r, "Sec-Purpose");
	if (!purpose)
		purpose = http_header (r, "Purpose");
	struct mail_follow cmd = { .n = link->n, .agent = agent, .url = k->url };
	cmd.head = head_of_door (link->workspace, (struct uuid){ 0 });
	cmd.mail_id.uuid = link->mail;
	cmd.machine = !strcmp (http_method (r), "HEAD") || (purpose && strstr (purpose, "prefetch"));
	cmd.has.agent = agent && strlen (agent) <= FOLLOW_AGENT_MOST && text_is_valid (agent, strlen (agent)) ? HERE : ABSENT;
	cmd.has.url = k->url ? HERE : ABSENT;
	app_command (k->app, &mail_follow_record, &cmd, NULL, 0, FOLLOW_MS, followed, k);
}

/* /t/o/TOKEN.gif, the image; /t/c/TOKEN, a link */
static void track (struct knock *k, const char *what)
{
	struct http_request *r = k->http;
	struct mail_link link;
	size_t n = strlen (what);
	bool image = !strncmp (what, "o/", 2) && n > 6 && !strcmp (what + n - 4, ".gif");
	if (strcmp (http_method (r), "GET") && strcmp (http_method (r), "HEAD")) {
		http_set (r, "Allow", "GET, HEAD");
		answer_error (r, ERROR_method_not_allowed, NULL);
	} else if (n > FOLLOW_TOKEN_MOST) {
		answer_error (r, ERROR_not_found, NULL);
	} else if (image && open_link_read (arena_copy (http_arena (r), what + 2, n - 6), &link)) {
		follow (k, &link);
	} else if (!strncmp (what, "c/", 2) && (k->url = url_link_read (http_arena (r), what + 2, &link))) {
		follow (k, &link);
	} else {
		answer_error (r, ERROR_not_found, NULL);
	}
}

/* ---- which it is ---- */

/* /hooks/mail/KEY/what */
static const char *hook_path (const char *path, size_t *ret_key_n)
{
	static const char prefix[] = "/hooks/mail/";
	if (strncmp (path, prefix, sizeof prefix - 1))
		return NULL;
	const char *key = path + sizeof prefix - 1;
	*ret_key_n = strspn (key, "abcdefghijklmnopqrstuvwxyz234567");
	return *ret_key_n && *ret_key_n <= KEY_MOST && key[*ret_key_n] == '/' ? key : NULL;
}

void mailer_route (struct http_request *r, void *app)
{
	const char *path = http_path (r), *key;
	size_t n;
	struct knock *k = arena_alloc (http_arena (r), sizeof *k);
	*k = (struct knock){ .http = r, .app = app };
	if (!strncmp (path, "/unsubscribe/", 13))
		unsubscribe (k, path + 13);
	else if (!strncmp (path, "/t/", 3))
		track (k, path + 3);
	else if (!(key = hook_path (path, &n)))
		answer_error (r, ERROR_not_found, NULL);
	else if (strcmp (http_method (r), "POST"))
		answer_error (r, ERROR_method_not_allowed, NULL);
	else if (!strcmp (key + n, "/events"))
		hook_open (k, key, n, events_account);
	else if (!strcmp (key + n, "/inbound"))
		hook_open (k, key, n, inbound_account);
	else
		answer_error (r, ERROR_not_found, NULL);
}
