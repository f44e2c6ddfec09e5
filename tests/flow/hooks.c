/* Webhooks that go out: signed, in order, each once for a receiver that goes by its id, whoever is down or dies (hook_world.py is the receiver). */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "story.h"

static const char *const hook_words[] = { "--env", "automation:CRM_HOOKS_PRIVATE=yes", NULL };

struct receiver {
	struct stack *s;
	struct workspace *w;
	struct user u;
	pid_t world;
	int port;
	char endpoint[UUID_TEXT], secret[120];
};

static json_t *world_asks (struct receiver *r, const char *method, const char *path, const char *body)
{
	char url[80];
	snprintf (url, sizeof url, "http://127.0.0.1:%d%s", r->port, path);
	struct web_answer a = web_ask (r->s, &(struct web_request){ .method = method, .url = url, .body = body });
	CHECK (a.status == 200, "the receiver answers %d %s", a.status, a.body);
	json_t *ret = json_incref (a.json);
	web_free (&a);
	return ret;
}

static void when_receiver (struct receiver *r, int status, const char *also)
{
	char body[400];
	snprintf (body, sizeof body, "{\"status\":%d,\"secrets\":[\"%s\"%s%s%s]}", status, r->secret, also ? ",\"" : "", also ? also : "",
		  also ? "\"" : "");
	json_decref (world_asks (r, "PUT", "/mode", body));
}

static size_t heard_n (struct receiver *r)
{
	json_t *o = world_asks (r, "GET", "/heard", NULL);
	size_t ret = json_array_size (json_object_get (o, "ids"));
	json_decref (o);
	return ret;
}

static struct web_answer asks (struct receiver *r, const char *method, const char *rest, const char *body)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/webhooks%s%s%s", *r->endpoint ? "/" : "", r->endpoint, rest);
	return when_user_asks (r->s, &r->u, method, path, body);
}

static struct receiver given_receiver (struct stack *s, const char *slug)
{
	struct receiver r = { .s = s, .port = s->port + 41 };
	char port[16], body[300], words[120], email[120];
	snprintf (port, sizeof port, "%d", r.port);
	snprintf (words, sizeof words, "--workspace %s --role owner", slug);
	snprintf (email, sizeof email, "owner@%s.test", slug);
	r.world = given_world ((const char *const[]){ "python3", "tests/flow/hook_world.py", port, NULL });
	r.w = given_workspace (s, slug, "classic-6");
	r.u = given_user (s, email, words);
	snprintf (body, sizeof body, "{\"name\":\"Planning\",\"url\":\"http://127.0.0.1:%d/crm\",\"events\":[\"deal.created\",\"lead.*\"]}",
		  r.port);
	struct web_answer a = asks (&r, "POST", "", body);
	CHECK (a.status == 201, "it is added: %d %s", a.status, a.body);
	snprintf (r.endpoint, sizeof r.endpoint, "%s", text_at (a.json, "id"));
	snprintf (r.secret, sizeof r.secret, "%s", text_at (a.json, "secret"));
	CHECK (strncmp (r.secret, "whsec_", 6) == 0, "its secret is %s", a.body);
	web_free (&a);
	when_receiver (&r, 200, NULL);
	return r;
}

static void receiver_ends (struct receiver *r)
{
	kill (r->world, SIGKILL);
	waitpid (r->world, NULL, 0);
}

static void when_leads (struct receiver *r, const char *name, int n)
{
	for (int i = 0; i < n; i++) {
		char who[80], email[80];
		snprintf (who, sizeof who, "%s %d", name, i);
		snprintf (email, sizeof email, "%s%d@example.nl", name, i);
		given_deal_of (r->s, r->w, who, email, "Offerte");
	}
	settle (r->s);
}

/* As if three days had gone by since the last attempt. */
static void when_days_go_by (struct stack *s)
{
	sql_do (s, "update automation.hook_delivery set next_at = next_at - interval '3 days' where state = 'waiting'");
	sql_do (s,
		"update automation.hook_endpoint set not_before = not_before - interval '3 days', due_at = now(), lease_until = null, claimed_by = null");
}

/* Each message of the endpoint's that stands arrived, in the order in which they were kept; each with a good signature. */
static void then_in_order (struct receiver *r)
{
	UNTIL (20000,
	       !sql_number (r->s, "select count(*) from automation.hook_delivery where endpoint_id = '%s' and state <> 'delivered'",
			    r->endpoint),
	       "not all arrive");
	json_t *o = world_asks (r, "GET", "/heard", NULL), *once = json_object ();
	char told[4000] = "";
	size_t i;
	json_t *id;
	json_array_foreach (json_object_get (o, "ids"), i, id)
	{
		const char *text = json_string_value (id);
		if (!json_object_get (once, text))
			snprintf (told + strlen (told), sizeof told - strlen (told), "%s ", text);
		json_object_set_new (once, text, json_true ());
	}
	then_text (r->s, told, "what arrived, each once",
		   "select string_agg(event_id::text || ' ', '' order by seq) from automation.hook_delivery where endpoint_id = '%s'",
		   r->endpoint);
	CHECK (json_integer_value (json_object_get (o, "bad")) == 0, "%lld had no good signature",
	       json_integer_value (json_object_get (o, "bad")));
	json_decref (once);
	json_decref (o);
}

STORY_IN (
	hooks_catch_up,
	"N18: who receives webhooks gets each event signed and in order; after days of being away they catch up, and whoever goes by its id has each once, though automation dies between sending and writing it down",
	hook_words)
{
	struct receiver r = given_receiver (s, "hooks");
	when_leads (&r, "eerst", 2);
	then_in_order (&r);
	CHECK (heard_n (&r) == 6, "%zu messages arrived of two leads, their contacts and their deals", heard_n (&r));
	when_receiver (&r, 503, NULL);
	when_leads (&r, "weg", 3);
	for (int day = 0; day < 3; day++) {
		int64_t tries = sql_number (s, "select count(*) from automation.hook_try where http = 503");
		when_days_go_by (s);
		UNTIL (10000, sql_number (s, "select count(*) from automation.hook_try where http = 503") > tries, "it is not tried again");
	}
	CHECK (heard_n (&r) == 6, "something arrived of a receiver that is away");
	when_receiver (&r, 200, NULL);
	char state[6];
	PGconn *hold = sql_open (s, "postgres");
	CHECK (!*sql_state (hold, state, "begin; lock table automation.hook_try in share mode"), "automation.hook_try cannot be held: %s",
	       state);
	when_days_go_by (s);
	UNTIL (20000, sql_number (s, "select count(*) from pg_locks where not granted and relation = 'automation.hook_try'::regclass") > 0,
	       "it does not come to write down what it sent");
	daemon_kill (s, "automation", 0, 9);
	CHECK (!*sql_state (hold, state, "commit"), "automation.hook_try cannot be released: %s", state);
	PQfinish (hold);
	daemon_ready (s, "automation", 0);
	when_days_go_by (s); /* its lease is over */
	then_in_order (&r);
	CHECK (heard_n (&r) == 16, "%zu messages arrived, where fifteen were to and one was sent twice", heard_n (&r));
	when_redelivered (s, "deal.created", 2);
	then_number (s, 15, "messages, after all was heard again", "select count(*) from automation.hook_delivery where endpoint_id = '%s'",
		     r.endpoint);
	then_no_dead_letters (s);
	receiver_ends (&r);
}

STORY_IN (
	hooks_kept_up,
	"A secret changes while both sign; what was sent is sent again under its id; who says 410 is told no more, and who made it hears so; another workspace sees nothing",
	hook_words)
{
	struct receiver r = given_receiver (s, "hooks-kept");
	char old[120], body[200];
	snprintf (old, sizeof old, "%s", r.secret);
	struct web_answer a = asks (&r, "POST", "/rotate", "{}");
	CHECK (a.status == 200 && strcmp (text_at (a.json, "secret"), old) != 0, "another secret: %d %s", a.status, a.body);
	snprintf (r.secret, sizeof r.secret, "%s", text_at (a.json, "secret"));
	web_free (&a);
	when_leads (&r, "oud", 1); /* the receiver knows the old one yet */
	then_in_order (&r);
	when_receiver (&r, 200, NULL);
	when_leads (&r, "nieuw", 1);
	then_in_order (&r);
	sql_do (s, "update automation.hook_endpoint set old_until = now() where id = '%s'", r.endpoint);
	when_leads (&r, "daarna", 1);
	then_in_order (&r);
	size_t before = heard_n (&r);
	a = asks (&r, "POST", "/resend", "{\"since\":\"2020-01-01T00:00:00Z\"}");
	CHECK (a.status == 200 && number_at (a.json, "again") == 9, "all again: %d %s", a.status, a.body);
	web_free (&a);
	UNTIL (20000, heard_n (&r) == before + 9, "they do not arrive again");
	then_in_order (&r);
	a = asks (&r, "POST", "/test", "{}");
	CHECK (a.status / 100 == 2, "a test: %d %s", a.status, a.body);
	web_free (&a);
	then_in_order (&r);
	given_workspace (s, "hooks-ander", "classic-6");
	struct user other = given_user (s, "ander@hooks-ander.test", "--workspace hooks-ander --role owner");
	snprintf (body, sizeof body, "/api/crm/webhooks/%s", r.endpoint);
	a = when_user_asks (s, &other, "GET", body, NULL);
	CHECK (a.status == 404 || a.status == 403, "another workspace sees it: %d", a.status);
	web_free (&a);
	when_receiver (&r, 410, NULL);
	when_leads (&r, "einde", 1);
	UNTIL (15000,
	       sql_number (s, "select count(*) from automation.hook_endpoint where id = '%s' and state = 'gone' and told = 'gone'",
			   r.endpoint) == 1,
	       "who is gone is told further");
	settle (s);
	then_number (s, 1, "bells", "select count(*) from contacts.notice where kind = 'rule' and title like 'Webhook Planning%%'");
	receiver_ends (&r);
}

STORY (hooks_stay_outside, "A webhook to this machine or its network does not reach it: the address is refused when the connection is made")
{
	struct receiver r = { .s = s };
	r.w = given_workspace (s, "hooks-out", "classic-6");
	r.u = given_user (s, "owner@hooks-out.test", "--workspace hooks-out --role owner");
	struct web_answer a = asks (&r, "POST", "", "{\"name\":\"Plat\",\"url\":\"http://127.0.0.1:9/\"}");
	then_problem (&a, 422, "invalid");
	a = asks (&r, "POST", "", "{\"name\":\"Binnen\",\"url\":\"https://127.0.0.1:9/\",\"events\":[]}");
	CHECK (a.status == 201, "it is added: %d %s", a.status, a.body);
	snprintf (r.endpoint, sizeof r.endpoint, "%s", text_at (a.json, "id"));
	web_free (&a);
	a = asks (&r, "POST", "/test", "{}");
	CHECK (a.status / 100 == 2, "a test: %d %s", a.status, a.body);
	web_free (&a);
	UNTIL (10000,
	       sql_number (
		       s,
		       "select count(*) from automation.hook_try t join automation.hook_delivery d on d.id = t.delivery_id where d.endpoint_id = '%s' and t.error = 'private'",
		       r.endpoint) == 1,
	       "it reached this machine");
}
