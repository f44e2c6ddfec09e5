/* What happens in a story: requests, commands, services that stand still or go away, events that come once more. */
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "story.h"

struct web_answer when_posted (struct stack *s, const char *url, const char *json, ...)
{
	char *text;
	va_list ap;
	va_start (ap, json);
	if (vasprintf (&text, json, ap) < 0)
		abort ();
	va_end (ap);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST", .url = url, .body = text });
	free (text);
	return a;
}

struct web_answer when_posted_once (struct stack *s, const char *url, const char *idempotency, const char *json)
{
	return web_ask (s, &(struct web_request){ .method = "POST", .url = url, .body = json, .idempotency = idempotency });
}

struct web_answer when_user_asks (struct stack *s, const struct user *u, const char *method, const char *path, const char *body)
{
	char origin[100];
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	return web_ask (s, &(struct web_request){ .method = method,
						  .url = path,
						  .cookie = u->cookie,
						  .body = body,
						  .header = { origin, "Sec-Fetch-Site: same-origin" } });
}

/* ---- a writer that stands still ---- */

static PGconn *held;
static struct pending *occupant;

/* A lock on its table stops the writer inside the transaction of some first command; all that comes now piles up behind it. */
void when_held (struct stack *s, const char *service)
{
	char state[6];
	CHECK (!strcmp (service, "pipeline"), "only pipeline can be held");
	struct deal_move move = { .head.workspace = uuid_v7 (clock_now ()), .deal_id = { uuid_v7 (clock_now ()) }, .stage = "won" };
	move.has.deal_id = move.has.stage = HERE;
	char *any = sql_text (s, "select workspace_id from pipeline.workspace where first_stage_id is not null limit 1");
	CHECK (uuid_parse (any, &move.head.workspace) == OK, "there is no workspace to hold");
	free (any);
	held = sql_open (s, "postgres");
	CHECK (!*sql_state (held, state, "begin; lock table pipeline.pipeline in access exclusive mode"), "pipeline cannot be held: %s",
	       state);
	occupant = bus_ask (s, &deal_move_record, &move);
	UNTIL (10000, sql_number (s, "select count(*) from pg_locks where not granted and relation = 'pipeline.pipeline'::regclass") > 0,
	       "pipeline's writer does not run into the lock");
}

void when_released (struct stack *s, const char *service)
{
	char state[6];
	struct pending *all_there = bus_service (s, service, "status", "{}");
	bus_wait (&all_there, 10000);
	CHECK (!*sql_state (held, state, "commit"), "pipeline cannot be released: %s", state);
	PQfinish (held);
	held = NULL;
	bus_wait (&occupant, 10000);
}

/* ---- commands ---- */

struct asked {
	struct pending *pending;
};

static void field_set (const struct record *r, void *item, const char *name, const char *value)
{
	const struct field *f = record_field (r, name);
	CHECK (f, "%s has no field %s", r->name, name);
	void *place = (char *) item + f->offset;
	*((unsigned char *) item + f->has) = HERE;
	if (f->kind == KIND_TEXT)
		*(const char **) place = heap_text (value);
	else if (f->kind == KIND_I64)
		*(int64_t *) place = strtoll (value, NULL, 10);
	else
		FAIL ("%s.%s cannot be given here", r->name, name);
}

struct asked *when_asked (struct stack *s, const char *command, struct uuid deal, const char *fields)
{
	const struct record *r = record_named (command);
	CHECK (r && r->class == RECORD_COMMAND, "there is no command %s", command);
	void *item = heap_alloc (r->size);
	((struct head *) item)->workspace = workspace_of_deal (s, deal);
	const struct field *key = record_field (r, "deal_id");
	*(struct uuid *) ((char *) item + key->offset) = deal;
	*((unsigned char *) item + key->has) = HERE;
	char words[500], *rest;
	snprintf (words, sizeof words, "%s", fields);
	for (char *word = strtok_r (words, " ", &rest); word; word = strtok_r (NULL, " ", &rest)) {
		char *equals = strchr (word, '=');
		*equals = 0;
		field_set (r, item, word, equals + 1);
	}
	struct asked *a = heap_alloc (sizeof *a);
	a->pending = bus_ask (s, r, item);
	heap_free (item);
	return a;
}

void then_done (struct stack *s, struct asked *a)
{
	(void) s;
	struct bus_reply r = bus_wait (&a->pending, 15000);
	CHECK (r.state == REPLY_DONE, "it was not done: %s %s", r.code, r.detail);
}

void then_refused (struct stack *s, struct asked *a, const char *code)
{
	(void) s;
	struct bus_reply r = bus_wait (&a->pending, 15000);
	CHECK (r.state == REPLY_REFUSED && !strcmp (r.code, code), "it was not refused as %s: state %d %s %s", code, r.state, r.code,
	       r.detail);
}

/* ---- once more ---- */

void when_redelivered (struct stack *s, const char *type, int n)
{
	static const char *const hearers[] = { "contacts", "pipeline", "mailer", "billing", "automation" };
	const struct record *r = record_of_type (type);
	CHECK (r, "there is no event %s", type);
	for (; n; n--) {
		for (size_t i = 0; i < LENGTH (hearers); i++)
			daemon_hold (s, hearers[i]);
		for (size_t i = 0; i < LENGTH (hearers); i++)
			sql_do (s, "update %s.cursor set last_seq = 0, epoch = 0 where consumer = 'main' and source = '%s'", hearers[i],
				r->service);
		for (size_t i = 0; i < LENGTH (hearers); i++)
			daemon_release (s, hearers[i]);
		settle (s);
	}
}

struct web_answer when_insisted (struct stack *s, const char *key, const char *path, const char *idempotency, const char *body)
{
	struct web_answer a = { 0 };
	for (int i = 0; i < 400; i++) {
		a = web_ask (s,
			     &(struct web_request){ .method = "POST", .url = path, .key = key, .idempotency = idempotency, .body = body });
		if (a.status >= 200 && a.status < 500 && a.status != 429)
			return a;
		web_free (&a);
		pause_us (50000);
	}
	CHECK (false, "%s has no answer", path);
	return a;
}
