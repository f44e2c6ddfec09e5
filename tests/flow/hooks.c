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

/* The receiver answers by more than a status; `words` are members of its mode. */
static void when_receiver_says (struct receiver *r, const char *words)
{
	char body[600];
	snprintf (body, sizeof body, "{\"secrets\":[\"%s\"],%s}", r->secret, words);
	json_decref (world_asks (r, "PUT", "/mode", body));
}

static size_t heard_n (struct receiver *r)
{
	json_t *o = world_asks (r, "GET", "/heard", NULL);
	size_t ret = json_array_size (json_object_get (o, "ids"));
	json_decref (o);
	return ret;
}

static int64_t heard_number (struct receiver *r, const char *name)
{
	json_t *o = world_asks (r, "GET", "/heard", NULL);
	int64_t ret = json_integer_value (json_object_get (o, name));
	json_decref (o);
	return ret;
}

/* How many messages hold a word, or came to a path, as the list of that name has it. */
static size_t heard_of (struct receiver *r, const char *list, const char *part)
{
	json_t *o = world_asks (r, "GET", "/heard", NULL), *one;
	size_t i, ret = 0;
	json_array_foreach (json_object_get (o, list), i, one) ret += strstr (json_string_value (one), part) != NULL;
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

/* What is done once a minute is done at a daemon's beginning. */
static void when_old_goes (struct stack *s)
{
	daemon_hold (s, "automation");
	daemon_release (s, "automation");
	settle (s);
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
	CHECK (heard_number (&r, "signatures") == 2, "%lld sign while a secret changes", (long long) heard_number (&r, "signatures"));
	sql_do (s, "update automation.hook_endpoint set old_until = now() where id = '%s'", r.endpoint);
	when_leads (&r, "daarna", 1);
	then_in_order (&r);
	CHECK (heard_number (&r, "signatures") == 1, "%lld sign after it changed", (long long) heard_number (&r, "signatures"));
	when_old_goes (s);
	then_number (s, 0, "old secrets that sign no more",
		     "select count(*) from automation.hook_endpoint where old_sealed is not null or old_until is not null");
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

/* All of the endpoint's messages are told to have arrived. */
static void then_all_arrive (struct receiver *r)
{
	UNTIL (20000,
	       !sql_number (r->s, "select count(*) from automation.hook_delivery where endpoint_id = '%s' and state <> 'delivered'",
			    r->endpoint),
	       "not all arrive");
}

STORY_IN (
	hooks_aside,
	"A message that its receiver refuses for what it is (4xx) is set aside and tried again by itself, and the others pass it; one that fails otherwise holds up those behind it, for which nobody looks while they wait",
	hook_words)
{
	struct receiver r = given_receiver (s, "hooks-aside");
	when_receiver_says (&r, "\"status\":422,\"only\":\"lastig\"");
	when_leads (&r, "lastig", 1);
	when_leads (&r, "gewoon", 1);
	const char *hard =
		"select count(*) from automation.hook_delivery where body like '%lastig%' and state = 'waiting' and aside and http = 422";
	int64_t refused = sql_number (s, "select count(*) from automation.hook_delivery where body like '%%lastig%%'");
	CHECK (refused >= 1 && refused < 6, "%lld messages name who is difficult", (long long) refused);
	UNTIL (20000, heard_n (&r) == 6 - (size_t) refused && sql_number (s, "%s", hard) == refused, "others wait for what was refused");
	then_number (s, 0, "of those that arrived were tried twice",
		     "select count(*) from automation.hook_delivery where state = 'delivered' and tries > 1");
	when_receiver_says (&r, "\"status\":200");
	when_days_go_by (s);
	then_all_arrive (&r);
	/* a fault of the receiver's, of the first one alone: in their order, or not at all */
	when_receiver_says (&r, "\"status\":500,\"only\":\"kapot\"");
	when_leads (&r, "kapot", 1);
	UNTIL (20000,
	       sql_number (s, "select count(*) from automation.hook_delivery where body like '%%kapot%%' and http = 500 and tries >= 2") >=
		       1,
	       "it is not tried again");
	when_leads (&r, "achteraan", 1);
	CHECK (!heard_of (&r, "bodies", "achteraan"), "what waits for another one was sent before it");
	UNTIL (10000,
	       sql_number (s, "select count(*) from automation.hook_endpoint where id = '%s' and due_at > now() + interval '1 minute'",
			   r.endpoint) == 1,
	       "an endpoint is looked at though its first message is not due");
	when_receiver (&r, 200, NULL);
	when_days_go_by (s);
	then_all_arrive (&r);
	CHECK (heard_of (&r, "bodies", "achteraan") >= 1, "what waited is not sent");
	receiver_ends (&r);
}

STORY_IN (
	hooks_patient,
	"Who has too much to do says when it may go on, in seconds or as a date, and nothing goes there before; longer than a day nobody is waited for",
	hook_words)
{
	static const struct {
		const char *says;
		int from, to; /* seconds from now on */
	} cases[] = {
		{ "\"status\":429,\"retry_after\":\"900\"", 880, 900 },
		{ "\"status\":503,\"retry_after_date\":7200", 7180, 7200 },
		{ "\"status\":503,\"retry_after\":\"999999999\"", 86380, 86400 },
		{ "\"status\":429,\"retry_after\":\"straks\"", 40, 60 },
	};
	struct receiver r = given_receiver (s, "hooks-patient");
	when_receiver_says (&r, "\"status\":429,\"retry_after\":\"900\"");
	when_leads (&r, "druk", 1);
	for (size_t i = 0; i < LENGTH (cases); i++) {
		int64_t tries = i ? sql_number (s, "select count(*) from automation.hook_try") : 0;
		when_receiver_says (&r, cases[i].says);
		if (i)
			when_days_go_by (s);
		UNTIL (10000, sql_number (s, "select count(*) from automation.hook_try") > tries, "it is not tried");
		UNTIL (5000,
		       sql_number (
			       s,
			       "select count(*) from automation.hook_endpoint where id = '%s' and extract(epoch from not_before - now()) between %d and %d and due_at >= not_before",
			       r.endpoint, cases[i].from, cases[i].to) == 1,
		       "%s is not heeded", cases[i].says);
		then_number (
			s, 0, "messages that are tried earlier",
			"select count(*) from automation.hook_delivery d join automation.hook_endpoint e on e.id = d.endpoint_id where d.tries > 0 and d.next_at < e.not_before");
	}
	when_receiver (&r, 200, NULL);
	when_days_go_by (s);
	then_in_order (&r);
	receiver_ends (&r);
}

/* More endpoints beside the receiver's own, at paths /crm/<name><n>; their secrets are not looked at. */
static void given_endpoints (struct receiver *r, const char *name, int n)
{
	char own[UUID_TEXT], body[300];
	snprintf (own, sizeof own, "%s", r->endpoint);
	*r->endpoint = 0;
	for (int i = 0; i < n; i++) {
		snprintf (body, sizeof body, "{\"name\":\"%s %d\",\"url\":\"http://127.0.0.1:%d/%s/%d\",\"events\":[\"deal.created\"]}",
			  name, i, r->port, name, i);
		struct web_answer a = asks (r, "POST", "", body);
		CHECK (a.status == 201, "it is added: %d %s", a.status, a.body);
		web_free (&a);
	}
	snprintf (r->endpoint, sizeof r->endpoint, "%s", own);
}

STORY_IN (
	hooks_side_by_side,
	"Twenty receivers that do not answer hold up neither a quick one nor each other: each is talked to at the same time, whether it was slow before or not",
	hook_words)
{
	enum { SLOW = 20 };
	struct receiver r = given_receiver (s, "hooks-beside");
	given_endpoints (&r, "traag", SLOW);
	for (int before = 0; before < 2; before++) {
		size_t quick = heard_of (&r, "paths", "/crm");
		sql_do (s, "update automation.hook_endpoint set slow = %s where name like 'traag%%'", before ? "true" : "false");
		when_receiver_says (&r, "\"status\":200,\"hold\":\"/traag\"");
		when_leads (&r, before ? "tweede" : "eerste", 1);
		UNTIL (10000, heard_number (&r, "held") == SLOW, "%lld slow receivers are talked to at once",
		       (long long) heard_number (&r, "held"));
		UNTIL (10000, heard_of (&r, "paths", "/crm") == quick + 3, "who is quick waits for who is slow");
		CHECK (heard_number (&r, "held") == SLOW && heard_of (&r, "paths", "/traag") == (size_t) before * SLOW,
		       "a slow one answered");
		when_receiver (&r, 200, NULL);
		UNTIL (20000, !sql_number (s, "select count(*) from automation.hook_delivery where state <> 'delivered'"),
		       "not all arrive");
		CHECK (heard_of (&r, "paths", "/traag") == (size_t) (before + 1) * SLOW, "a slow one is told twice");
	}
	then_no_dead_letters (s);
	receiver_ends (&r);
}

STORY_IN (
	hooks_fail,
	"After five days of nothing but failures an address is off and who made it hears so; a change made at the moment at which it goes off does not switch it on. Switched on by them it goes on where it stood; what waits for one that is off ends after thirty days, what ended is kept thirty more, and of one that is removed no secret is left",
	hook_words)
{
	struct receiver r = given_receiver (s, "hooks-fail");
	when_receiver (&r, 500, NULL);
	when_leads (&r, "mislukt", 1);
	UNTIL (10000, sql_number (s, "select count(*) from automation.hook_try where http = 500") >= 1, "it is not tried");
	sql_do (s, "update automation.hook_endpoint set failing_since = now() - interval '121 hours', failures = 12, not_before = null");
	when_days_go_by (s);
	UNTIL (15000,
	       sql_number (s, "select count(*) from automation.hook_endpoint where id = '%s' and state = 'failing' and told = 'failing'",
			   r.endpoint) == 1,
	       "it goes on failing");
	settle (s);
	then_number (s, 1, "bells of who made it",
		     "select count(*) from contacts.notice where kind = 'rule' and title like 'Webhook Planning%%' and user_id = '%s'",
		     r.u.id);
	struct web_answer a = asks (&r, "PUT", "", "{\"name\":\"Planning twee\"}");
	CHECK (a.status == 200, "it is renamed: %d %s", a.status, a.body);
	web_free (&a);
	then_number (s, 1, "endpoints that are off yet",
		     "select count(*) from automation.hook_endpoint where state = 'failing' and name = 'Planning twee'");
	when_receiver (&r, 200, NULL);
	a = asks (&r, "PUT", "", "{\"enabled\":true}");
	CHECK (a.status == 200, "it is switched on: %d %s", a.status, a.body);
	web_free (&a);
	then_in_order (&r);
	/* a talk ends with 410 while its name is changed */
	char state[6];
	struct uuid endpoint;
	CHECK (uuid_parse (r.endpoint, &endpoint) == OK, "its id is %s", r.endpoint);
	PGconn *hold = sql_open (s, "postgres");
	CHECK (!*sql_state (hold, state, "begin") &&
		       !*sql_state (hold, state, "update automation.hook_endpoint set state = 'gone' where id = '%s'", r.endpoint),
	       "it cannot be held: %s", state);
	struct hook_endpoint_update rename = { .head = { .workspace = r.w->uuid,
							 .grant = { .scope = SCOPE_ALL, .permissions = UINT64_MAX } },
					       .hook_endpoint_id = { endpoint },
					       .name = "Planning drie",
					       .has.name = HERE };
	struct pending *p = bus_ask (s, &hook_endpoint_update_record, &rename);
	UNTIL (10000, sql_number (s, "select count(*) from pg_locks where not granted and locktype in ('transactionid', 'tuple')") > 0,
	       "nobody waits for it");
	CHECK (!*sql_state (hold, state, "commit"), "it cannot be released: %s", state);
	PQfinish (hold);
	struct bus_reply reply = bus_wait (&p, 10000);
	CHECK (reply.state == REPLY_DONE, "it is not renamed: %s %s", reply.code, reply.detail);
	then_number (s, 1, "endpoints that are gone, whatever they are called",
		     "select count(*) from automation.hook_endpoint where state = 'gone' and name = 'Planning drie'");
	UNTIL (10000, sql_number (s, "select count(*) from automation.hook_endpoint where told = 'gone'") == 1,
	       "that it is gone is not told");
	/* what waits for it ends */
	a = asks (&r, "PUT", "", "{\"enabled\":true}");
	CHECK (a.status == 200, "it is switched on: %d %s", a.status, a.body);
	web_free (&a);
	when_receiver (&r, 500, NULL);
	when_leads (&r, "blijft", 1);
	a = asks (&r, "PUT", "", "{\"enabled\":false}");
	CHECK (a.status == 200, "it is switched off: %d %s", a.status, a.body);
	web_free (&a);
	UNTIL (10000, !sql_number (s, "select count(*) from automation.hook_endpoint where lease_until is not null"),
	       "a talk does not end");
	when_old_goes (s);
	then_number (s, 3, "messages that wait for who is off", "select count(*) from automation.hook_delivery where state = 'waiting'");
	sql_do (s, "update automation.hook_delivery set next_at = now() - interval '31 days' where state = 'waiting'");
	when_old_goes (s);
	UNTIL (10000,
	       sql_number (
		       s,
		       "select count(*) from automation.hook_delivery where state = 'given_up' and ended_at > now() - interval '1 minute'") ==
		       3,
	       "what waits for who is off has no end");
	sql_do (s, "update automation.hook_delivery set ended_at = now() - interval '29 days 23 hours' where state = 'delivered'; "
		   "update automation.hook_delivery set ended_at = now() - interval '30 days 1 minute' where state = 'given_up'");
	when_old_goes (s);
	UNTIL (10000, !sql_number (s, "select count(*) from automation.hook_delivery where state = 'given_up'"), "what is old stays");
	then_number (s, 3, "messages of the last thirty days", "select count(*) from automation.hook_delivery");
	then_number (
		s, 0, "attempts at what is no more",
		"select count(*) from automation.hook_try t where not exists (select from automation.hook_delivery d where d.id = t.delivery_id)");
	a = asks (&r, "DELETE", "", NULL);
	CHECK (a.status / 100 == 2, "it is removed: %d %s", a.status, a.body);
	web_free (&a);
	then_number (s, 0, "secrets of who is removed",
		     "select count(*) from automation.hook_endpoint where sealed is not null or old_sealed is not null");
	receiver_ends (&r);
}

STORY_IN (
	hooks_by_rule,
	"A rule sends what it likes to an endpoint that asked for nothing; who is erased is gone from what was sent, from what came back, and from what waits, which is not sent any more",
	hook_words)
{
	struct receiver r = given_receiver (s, "hooks-rule");
	char body[700];
	struct web_answer a = asks (&r, "PUT", "", "{\"events\":[]}");
	CHECK (a.status == 200, "it asks for nothing: %d %s", a.status, a.body);
	web_free (&a);
	snprintf (
		body, sizeof body,
		"{\"name\":\"Door\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"deal.created\"},\"then\":[{\"do\":\"hook_send\",\"with\":{\"hook_endpoint_id\":\"%s\","
		"\"data\":{\"plaats\":\"Appelscha\"}}},{\"do\":\"hook_send\",\"with\":{\"hook_endpoint_id\":\"%s\"}}]}}",
		r.endpoint, r.endpoint);
	a = when_user_asks (s, &r.u, "POST", "/api/crm/rules", body);
	CHECK (a.status == 201, "the rule is %d: %.500s", a.status, a.body);
	web_free (&a);
	when_receiver_says (&r, "\"status\":200,\"echo\":true");
	struct uuid first = given_deal_of (s, r.w, "Wilhelmina Vergeetmij", "wilhelmina@vergeetmij.test", "Offerte");
	given_deal_of (s, r.w, "Jan Blijft", "jan@blijft.test", "Offerte");
	settle (s);
	then_in_order (&r);
	CHECK (heard_of (&r, "types", "rule.sent") == 4 && heard_n (&r) == 4, "%zu messages of the rule arrived",
	       heard_of (&r, "types", "rule.sent"));
	CHECK (heard_of (&r, "bodies", "Appelscha") == 2 && heard_of (&r, "bodies", id_text (first)) == 1, "they say something else");
	then_number (s, 2, "firings that are done", "select count(*) from automation.firing where state = 'done'");
	when_receiver (&r, 503, NULL);
	given_deal_of (s, r.w, "Wilhelmina Vergeetmij", "wilhelmina@vergeetmij.test", "Nog een");
	settle (s);
	UNTIL (10000, sql_number (s, "select count(*) from automation.hook_try where http = 503") == 1, "it is not tried");
	then_number (s, 6, "messages", "select count(*) from automation.hook_delivery where body like '%%rule.sent%%'");
	a = web (s, r.w->key, "POST", "/api/crm/erasures", "{\"email\":\"wilhelmina@vergeetmij.test\"}");
	CHECK (a.status / 100 == 2, "it is asked: %d %s", a.status, a.body);
	web_free (&a);
	UNTIL (30000, sql_number (s, "select count(*) from automation.erasure where ended_at is not null") == 1, "it does not end");
	then_number (s, 4, "messages that say nothing any more", "select count(*) from automation.hook_delivery where body = 'erased'");
	then_number (
		s, 2, "of somebody else",
		"select count(*) from automation.hook_delivery d join automation.hook_try t on t.delivery_id = d.id "
		"where d.body like '%%rule.sent%%' and t.response like '%%rule.sent%%' and (d.body || t.response) not like '%%ergeetmij%%'");
	then_number (s, 2, "answers that stand", "select count(*) from automation.hook_try where response is not null");
	when_receiver (&r, 200, NULL);
	when_old_goes (s);
	UNTIL (10000, sql_number (s, "select count(*) from automation.hook_delivery where state = 'given_up' and body = 'erased'") == 2,
	       "what was erased waits for ever");
	when_days_go_by (s);
	given_deal_of (s, r.w, "Klaas Later", "klaas@later.test", "Offerte");
	settle (s);
	UNTIL (10000, heard_n (&r) == 6, "what comes behind it is not sent");
	CHECK (heard_of (&r, "bodies", "erased") == 0, "something was sent of who is erased");
	receiver_ends (&r);
}
