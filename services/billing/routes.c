/* The door: what providers of payments post, by a key in the address and, where they sign, by their signature.
 * It must never answer success before the commit, nor let a key into a log. */
#include "paying.h"

#include <string.h>
#include "clock.h"
#include "mollie.h"
#include "seal.h"
#include "stripe.h"

enum { ASK_MS = 8000, KEY_MOST = 64, BODY_MOST = 1 << 20, SIGNATURE_MOST = 1000 };

struct knock {
	struct http_request *http;
	struct app *app;
};

static void answer_error (struct http_request *r, int error)
{
	const struct error_row *row = &error_rows[error];
	if (row->status == 503)
		http_set (r, "Retry-After", "5");
	http_reply_problem (r, row->status, row->code, row->en, NULL, NULL);
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

static void kept (struct app *app, void *ctx, const struct reply *reply)
{
	struct knock *k = ctx;
	(void) app;
	if (reply->state == REPLY_DONE)
		http_reply_text (k->http, 200, "application/json", "{}");
	else if (reply->state == REPLY_REFUSED && reply->error == ERROR_workspace_not_found)
		answer_error (k->http, ERROR_unknown_key);
	else
		answer_error (k->http, ERROR_unavailable);
}

/* Stripe signs all; Mollie what it posts as events, while its classic hook says an id alone, of which nothing is believed. */
static bool hook_signed (struct http_request *r, const char *kind, const char *sealed, const char **ret_signature)
{
	struct bytes secret = { 0 }, body = http_body (r);
	bool stripe = !strcmp (kind, "stripe"), classic = body.n > 3 && !memcmp (body.at, "id=", 3);
	*ret_signature = http_header (r, stripe ? "Stripe-Signature" : "X-Mollie-Signature");
	if (!stripe && classic && !*ret_signature)
		return true;
	if (!sealed || unseal_text (http_arena (r), sealed, &secret) != OK)
		return false;
	return stripe ? stripe_signed (*ret_signature, (const char *) secret.at, body, clock_now () / 1000000)
		      : mollie_signed (*ret_signature, (const char *) secret.at, body);
}

static bool hook_readable (struct http_request *r, const char *kind)
{
	struct pay_hook hook;
	struct bytes body = http_body (r);
	return (!strcmp (kind, "stripe") ? stripe_hook_read (http_arena (r), body, &hook)
					 : mollie_hook_read (http_arena (r), body, &hook)) == OK;
}

static void opened (struct app *app, void *ctx, const struct reply *reply)
{
	struct knock *k = ctx;
	struct http_request *r = k->http;
	json_t *o = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL) : NULL;
	const char *kind = json_string_value (json_object_get (o, "kind")), *signature = NULL;
	struct hook_event_keep cmd = { .body = http_body (r), .good = true };
	struct uuid workspace;
	if (reply->state != REPLY_DONE && !(reply->state == REPLY_REFUSED && reply->error == ERROR_not_found)) {
		answer_error (r, ERROR_unavailable);
	} else if (!kind || uuid_parse (json_string_value (json_object_get (o, "workspace_id")), &workspace) != OK ||
		   uuid_parse (json_string_value (json_object_get (o, "pay_provider_id")), &cmd.pay_provider_id.uuid) != OK) {
		answer_error (r, ERROR_unknown_key);
	} else if (!hook_signed (r, kind, json_string_value (json_object_get (o, "hook_sealed")), &signature)) {
		answer_error (r, ERROR_bad_signature);
	} else if (!hook_readable (r, kind)) {
		answer_error (r, ERROR_bad_request);
	} else {
		cmd.head = head_of_door (workspace, cmd.pay_provider_id.uuid);
		cmd.hook_event_id.uuid = cmd.head.id;
		cmd.signature = signature;
		cmd.has.signature = signature && strlen (signature) <= SIGNATURE_MOST && text_is_valid (signature, strlen (signature))
					    ? HERE
					    : ABSENT;
		app_command (app, &hook_event_keep_record, &cmd, NULL, 0, ASK_MS, kept, k);
	}
	json_decref (o);
}

void billing_route (struct http_request *r, void *app)
{
	static const char prefix[] = "/hooks/pay/";
	const char *path = http_path (r), *key = strncmp (path, prefix, sizeof prefix - 1) ? "" : path + sizeof prefix - 1;
	size_t n = strspn (key, "abcdefghijklmnopqrstuvwxyz234567");
	struct knock *k = arena_alloc (http_arena (r), sizeof *k);
	*k = (struct knock){ .http = r, .app = app };
	if (!n || n > KEY_MOST || key[n]) {
		answer_error (r, ERROR_not_found);
	} else if (strcmp (http_method (r), "POST") != 0) {
		http_set (r, "Allow", "POST");
		answer_error (r, ERROR_method_not_allowed);
	} else if (http_body (r).n > BODY_MOST) {
		answer_error (r, ERROR_too_large);
	} else {
		char hex[SHA256_TEXT];
		struct pay_provider_of_key query = {
			.hash = arena_text (http_arena (r), sha256_text ((struct bytes){ (const unsigned char *) key, n }, hex))
		};
		query.head = head_of_door ((struct uuid){ 0 }, (struct uuid){ 0 });
		app_query (k->app, &pay_provider_of_key_record, &query, NULL, 0, ASK_MS, opened, k);
	}
}
