/* What a customer sees and does by the link in their mail: a quote or an invoice, without a log-in. The token says in which workspace; its digest, which
 * document. Reading changes nothing: what they do is done by POST, with their own hands, since programs open every link in a mail.
 * It must never log a token, tell what else there is, nor show anything to whom the link was not given. */
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "metrics.h"
#include "seal.h"

enum { PORTAL_MS = 5000, TOKEN_BYTES = 32, TOKEN_LENGTH = 43 };

static struct link_pace pace = { .most = 240 };

/* What customers did on their pages. */
enum deed { DEED_SEEN, DEED_CHOSEN, DEED_ACCEPTED, DEED_DECLINED, DEED_PAY, DEEDS };
#define DEED(what, word)                                                 \
	[what] = { .name = "leadwire_portal_deeds_total",                \
		   .help = "What customers did on their pages, by what", \
		   .kind = METRIC_COUNTER,                               \
		   .label = "deed=\"" word "\"" }
static struct metric deeds[DEEDS] = { DEED (DEED_SEEN, "seen"), DEED (DEED_CHOSEN, "chosen"), DEED (DEED_ACCEPTED, "accepted"),
				      DEED (DEED_DECLINED, "declined"), DEED (DEED_PAY, "pay") };

void portal_start (void)
{
	for (size_t i = 0; i < DEEDS; i++)
		metric_register (&deeds[i]);
}

/* A customer's page on its way: `then` goes on when the document is known. */
struct visit {
	struct request *q;
	struct uuid workspace, *set;
	char hash[SHA256_TEXT];
	struct uuid document;
	enum deed deed;
	void (*then) (struct visit *v);
	struct seat seat;
};

/* ---- who asks ---- */

/* base64url of the workspace's id and as many bytes that nobody guesses. False: it is none that we make. */
static bool token_read (struct visit *v, const char *token)
{
	unsigned char bytes[TOKEN_BYTES];
	size_t n = 0;
	const char *end = NULL;
	if (strlen (token) != TOKEN_LENGTH ||
	    sodium_base642bin (bytes, sizeof bytes, token, TOKEN_LENGTH, NULL, &n, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
	    n != sizeof bytes || (end && *end))
		return false;
	memcpy (&v->workspace, bytes, sizeof v->workspace);
	sha256_text ((struct bytes){ (const unsigned char *) token, TOKEN_LENGTH }, v->hash);
	return true;
}

/* Whoever holds the link sees its document and nothing else: the digest says which, whatever the workspace has. */
static struct head head_of_visit (struct visit *v)
{
	struct head ret = { .workspace = v->workspace, .at = clock_now (), .id = v->q->id, .correlation = v->q->id };
	ret.grant.scope = SCOPE_WORKSPACE;
	ret.workspaces = v->set;
	ret.n_workspaces = 1;
	return ret;
}

/* Null: answered. */
static struct visit *visit_begin (struct request *q)
{
	struct visit *v = arena_alloc (q->arena, sizeof *v);
	*v = (struct visit){ .q = q, .set = arena_alloc (q->arena, sizeof *v->set) };
	http_set (q->http, "Referrer-Policy", "no-referrer");
	http_set (q->http, "X-Robots-Tag", "noindex, nofollow");
	if (!token_read (v, q->found.value)) {
		link_unknown (q, "portal", ERROR_portal_void);
		return NULL;
	}
	*v->set = v->workspace;
	v->seat.workspace = v->workspace;
	if (link_too_often (&pace, uuid_of (v->hash, strlen (v->hash)))) {
		too_many (q, 60);
		return NULL;
	}
	return v;
}

/* ---- what they see ---- */

/* Nothing of it stays with the browser: a link may be passed on, and taken back. */
static void page_reply (struct request *q, int status, const char *json)
{
	struct http_request *r = q->http;
	http_set (r, "Cache-Control", "no-store");
	http_set (r, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
	http_set (r, "Content-Language", q->language);
	request_end (q);
	http_reply (r, status, "application/json", (struct bytes){ (const unsigned char *) json, strlen (json) });
}

static void visit_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct visit *v = ctx;
	struct request *q = v->q;
	(void) app;
	bool nothing = (reply->state == REPLY_REFUSED && (reply->error == ERROR_not_found || reply->error == ERROR_portal_void ||
							  reply->error == ERROR_workspace_not_found)) ||
		       (reply->state == REPLY_DONE && (!reply->json.n || (reply->json.n == 4 && memcmp (reply->json.at, "null", 4) == 0)));
	if (nothing) {
		link_unknown (q, "portal", ERROR_portal_void);
		return;
	}
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	q->target_json = arena_copy (q->arena, (const char *) reply->json.at, reply->json.n);
	const char *id = target_text (q, "id");
	if (id && uuid_parse (id, &v->document) == OK)
		v->then (v);
	else
		link_unknown (q, "portal", ERROR_portal_void);
}

static void visit_ask (struct visit *v, void (*then) (struct visit *v))
{
	v->then = then;
	struct portal_get query = { .head = head_of_visit (v), .hash = v->hash, .has.hash = HERE };
	app_query (v->q->app, &portal_get_record, &query, v->q->after.at, v->q->after.n, PORTAL_MS, visit_found, v);
}

/* The code for a bank's app is told as text; the page draws what it is given. */
static void epc_draw (struct request *q)
{
	json_t *page = json_loads (q->target_json, 0, NULL), *epc = json_object_get (page, "epc");
	const char *text = json_string_value (json_object_get (epc, "text"));
	struct buffer rows = { 0 };
	if (text) {
		qr_text (&rows, text);
		json_object_set_new (epc, "rows", json_loadb ((const char *) rows.at, rows.n, 0, NULL));
		char *whole = json_dumps (page, JSON_COMPACT);
		q->target_json = arena_text (q->arena, whole);
		free (whole);
	}
	buffer_fini (&rows);
	json_decref (page);
}

static void visit_show (struct visit *v)
{
	epc_draw (v->q);
	page_reply (v->q, 200, v->q->target_json);
}

void portal_page_show (struct request *q)
{
	struct visit *v = visit_begin (q);
	if (v)
		visit_ask (v, visit_show);
}

/* ---- its files ---- */

static void portal_pdf_send (struct request *q)
{
	const char *download = http_query (q->http, "download");
	document_file_send (q, DOCUMENT_PDF, !download || strcmp (download, "0") == 0);
}

static void portal_ubl_send (struct request *q)
{
	document_file_send (q, DOCUMENT_UBL, false);
}

static void visit_render (struct visit *v)
{
	struct head head = head_of_visit (v);
	v->q->seat = &v->seat;
	document_render_wait (v->q, &head, v->document, v->q->row->record == &portal_pdf_page_record ? portal_pdf_send : portal_ubl_send);
}

static void file_visit (struct request *q)
{
	struct visit *v = visit_begin (q);
	if (v)
		visit_ask (v, visit_render);
}

void portal_pdf_page_show (struct request *q)
{
	file_visit (q);
}

void portal_ubl_page_show (struct request *q)
{
	file_visit (q);
}

/* The company's picture, to whom its document is shown. */
static void visit_logo (struct visit *v)
{
	const char *logo = target_text (v->q, "logo");
	v->q->seat = &v->seat;
	if (logo)
		file_give (v->q, logo, "logo", true);
	else
		reply_error (v->q, ERROR_file_not_found, NULL, NULL);
}

void portal_logo_page_show (struct request *q)
{
	struct visit *v = visit_begin (q);
	if (v)
		visit_ask (v, visit_logo);
}

/* ---- what they do ---- */

/* Done: the page as it is from now on. */
static void deed_told (struct app *app, void *ctx, const struct reply *reply)
{
	struct visit *v = ctx;
	(void) app;
	if (reply->state != REPLY_DONE) {
		reply_fault (v->q, reply);
		return;
	}
	metric_add (&deeds[v->deed], 1);
	if (reply->position.sequence)
		position_keep (&v->q->after, reply->position.service, reply->position.lane, reply->position.sequence);
	visit_ask (v, visit_show);
}

static struct head head_of_deed (struct visit *v)
{
	struct head ret = head_of_visit (v);
	const char *key = http_header (v->q->http, "Idempotency-Key");
	ret.workspaces = NULL;
	ret.n_workspaces = 0;
	ret.id = ret.correlation = key && *key ? key_id (v->document, key) : uuid_v7 (ret.at);
	return ret;
}

static void deed_send (struct visit *v, const struct record *r, const void *cmd)
{
	app_command (v->q->app, r, cmd, v->q->after.at, v->q->after.n, PORTAL_MS, deed_told, v);
}

static void visit_see (struct visit *v)
{
	struct portal_see cmd = {
		.head = head_of_deed (v), .document_id = { v->document }, .hash = v->hash, .has = { .document_id = HERE, .hash = HERE }
	};
	deed_send (v, &portal_see_record, &cmd);
}

static void visit_choose (struct visit *v)
{
	const struct portal_choose_form *form = v->q->item;
	struct portal_choose cmd = { .head = head_of_deed (v),
				     .document_id = { v->document },
				     .hash = v->hash,
				     .chosen = form->chosen,
				     .has = { .document_id = HERE, .hash = HERE, .chosen = HERE } };
	deed_send (v, &portal_choose_record, &cmd);
}

static void visit_accept (struct visit *v)
{
	const struct portal_accept_form *form = v->q->item;
	struct portal_accept cmd = { .head = head_of_deed (v),
				     .document_id = { v->document },
				     .hash = v->hash,
				     .name = form->name,
				     .version = form->version,
				     .address = http_remote (v->q->http),
				     .has = { .document_id = HERE, .hash = HERE, .name = HERE, .version = HERE, .address = HERE } };
	deed_send (v, &portal_accept_record, &cmd);
}

static void visit_decline (struct visit *v)
{
	const struct portal_decline_form *form = v->q->item;
	struct portal_decline cmd = { .head = head_of_deed (v),
				      .document_id = { v->document },
				      .hash = v->hash,
				      .reason = form->reason,
				      .has = { .document_id = HERE, .hash = HERE, .reason = form->has.reason } };
	deed_send (v, &portal_decline_record, &cmd);
}

/* Begun: the page asks by this id how far it is, and goes to the provider from there. */
static void pay_told (struct app *app, void *ctx, const struct reply *reply)
{
	struct visit *v = ctx;
	char id[UUID_TEXT];
	(void) app;
	if (reply->state == REPLY_DONE)
		metric_add (&deeds[v->deed], 1);
	if (reply->state == REPLY_DONE)
		page_reply (v->q, 201, arena_printf (v->q->arena, "{\"id\":\"%s\"}", uuid_format (reply->id, id)));
	else
		reply_fault (v->q, reply);
}

static void visit_pay (struct visit *v)
{
	struct portal_pay cmd = { .head = head_of_deed (v), .document_id = { v->document }, .hash = v->hash };
	cmd.pay_attempt_id.uuid = uuid_v7 (cmd.head.at);
	cmd.has.document_id = cmd.has.hash = cmd.has.pay_attempt_id = HERE;
	app_command (v->q->app, &portal_pay_record, &cmd, v->q->after.at, v->q->after.n, PORTAL_MS, pay_told, v);
}

/* A deed by whoever holds the link, with what it says in its body. */
static void deed_begin (struct request *q, enum deed deed, void (*then) (struct visit *v))
{
	struct visit *v = visit_begin (q);
	if (!v || !(q->item = form_taken (q)))
		return;
	v->deed = deed;
	visit_ask (v, then);
}

void portal_seen_page (struct request *q)
{
	deed_begin (q, DEED_SEEN, visit_see);
}

void portal_choose_page (struct request *q)
{
	deed_begin (q, DEED_CHOSEN, visit_choose);
}

void portal_accept_page (struct request *q)
{
	deed_begin (q, DEED_ACCEPTED, visit_accept);
}

void portal_decline_page (struct request *q)
{
	deed_begin (q, DEED_DECLINED, visit_decline);
}

void portal_pay_page (struct request *q)
{
	deed_begin (q, DEED_PAY, visit_pay);
}

static void payment_told (struct app *app, void *ctx, const struct reply *reply)
{
	struct visit *v = ctx;
	(void) app;
	if (reply->state == REPLY_DONE && reply->json.n > 4)
		page_reply (v->q, 200, arena_copy (v->q->arena, (const char *) reply->json.at, reply->json.n));
	else if (reply->state == REPLY_DONE || (reply->state == REPLY_REFUSED && reply->error == ERROR_not_found))
		reply_error (v->q, ERROR_not_found, NULL, NULL);
	else
		reply_fault (v->q, reply);
}

void portal_payment_page_show (struct request *q)
{
	struct visit *v = visit_begin (q);
	const char *id = http_query (q->http, "id");
	if (!v)
		return;
	struct portal_payment query = { .head = head_of_visit (v), .hash = v->hash, .has = { .pay_attempt_id = HERE, .hash = HERE } };
	if (id && uuid_parse (id, &query.pay_attempt_id.uuid) == OK)
		app_query (q->app, &portal_payment_record, &query, q->after.at, q->after.n, PORTAL_MS, payment_told, v);
	else
		reply_error (q, ERROR_not_found, NULL, NULL);
}
