/* Browsers that are told of one's news though no page is open: which, the key that they subscribe with, one more, one less. The rows are mailer's.
 * It must never answer an address at a push service: whoever has one can send there. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "gateway.h"
#include "seal.h"
#include "vapid.h"

enum { PUSHES_MS = 3000, AGENT_MOST = 300 };

/* A key is nobody: nothing is ever new to it. */
static bool is_somebody (struct request *q)
{
	if (q->caller->kind == CALLER_SESSION)
		return true;
	reply_error (q, ERROR_forbidden, NULL, NULL);
	return false;
}

static struct head head_of_own (struct request *q)
{
	struct head ret = { .actor = q->caller->actor,
			    .id = q->id,
			    .correlation = q->id,
			    .workspaces = &q->caller->agency,
			    .n_workspaces = 1,
			    .grant = { .scope = SCOPE_OWN, .user = q->caller->actor } };
	return ret;
}

/* ---- which ---- */

static void listed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	json_t *page = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	const char *key = vapid_public (q->arena);
	json_object_set_new (page, "key", key ? json_string (key) : json_null ());
	char *text = json_dumps (page, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text ? text : "{}");
	free (text);
	json_decref (page);
	reply_text (q, 200, copy);
}

void browser_list_page (struct request *q)
{
	struct browser_list ask = { .head = head_of_own (q) };
	if (is_somebody (q))
		app_query (q->app, &browser_list_record, &ask, q->after.at, q->after.n, PUSHES_MS, listed, q);
}

/* ---- one more ---- */

struct subscribing {
	struct request *q;
	struct uuid id;
};

/* The same browser is the same row: its id is made of its address. */
static struct uuid id_of_endpoint (const char *endpoint)
{
	static const unsigned char label[] = "browser";
	unsigned char digest[32];
	struct uuid ret;
	hmac_sha256 ((struct bytes){ label, sizeof label - 1 }, (struct bytes){ (const unsigned char *) endpoint, strlen (endpoint) },
		     digest);
	memcpy (ret.b, digest, sizeof ret.b);
	ret.b[6] = (unsigned char) ((ret.b[6] & 0x0f) | 0x80); /* version 8: made as its maker likes */
	ret.b[8] = (unsigned char) ((ret.b[8] & 0x3f) | 0x80);
	return ret;
}

static void subscribed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct subscribing *s = ctx;
	struct request *q = s->q;
	char id[UUID_TEXT];
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_keep (&q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	reply_text (q, 201, arena_printf (q->arena, "{\"id\":\"%s\"}", uuid_format (s->id, id)));
}

void browser_form_page (struct request *q)
{
	struct subscribing *s = arena_alloc (q->arena, sizeof *s);
	const char *agent = http_header (q->http, "User-Agent");
	const struct browser_form *form = is_somebody (q) ? form_taken (q) : NULL;
	if (!form)
		return;
	*s = (struct subscribing){ .q = q, .id = id_of_endpoint (form->endpoint) };
	struct browser_add cmd = { .head = head_of_home (q->caller->agency, q->caller->actor),
				   .browser_id = { s->id },
				   .user_id = { q->caller->actor },
				   .session_id = { q->caller->id },
				   .endpoint = form->endpoint,
				   .p256dh = form->p256dh,
				   .auth = form->auth,
				   .words = form->words,
				   .until = q->caller->expires,
				   .agent = agent ? arena_copy (q->arena, agent, strnlen (agent, AGENT_MOST)) : NULL };
	memset (&cmd.has, HERE, sizeof cmd.has);
	cmd.has.agent = agent ? HERE : ABSENT;
	app_command (q->app, &browser_add_record, &cmd, NULL, 0, PUSHES_MS, subscribed, s);
}

/* ---- one less ---- */

static void dropped (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_keep (&q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	reply_text (q, 204, "");
}

void browser_drop_page (struct request *q)
{
	struct browser_drop cmd = { .head = head_of_home (q->caller->agency, q->caller->actor),
				    .user_id = { q->caller->actor },
				    .has = { .browser_id = HERE, .user_id = HERE } };
	if (!is_somebody (q))
		return;
	if (uuid_parse (q->found.value, &cmd.browser_id.uuid) == OK)
		app_command (q->app, &browser_drop_record, &cmd, NULL, 0, PUSHES_MS, dropped, q);
	else
		reply_error (q, ERROR_not_found, NULL, NULL);
}
