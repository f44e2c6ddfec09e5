/* A rule that is tried on what was said already: it matches where the same rule, switched on, matched when it was said; and nothing is written. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "story.h"

enum { DEALS = 5000, AT_ONCE = 500 };

/* Asks of the event, of the deal as it is then, and of what was heard of it before; it waits, and acts again. */
#define TRIED                                                                                                                             \
	"{\"when\":{\"event\":\"deal.updated\"},\"if\":{\"all\":[{\"fact\":\"event.value\",\"op\":\"more\",\"value\":{\"amount\":\"40\"," \
	"\"currency\":\"EUR\"}},{\"fact\":\"deal.title\",\"op\":\"contains\",\"value\":\"vijver\"},{\"fact\":\"deal.company\","           \
	"\"op\":\"filled\"},{\"fact\":\"history.events\",\"op\":\"is\",\"value\":1}]},\"then\":[{\"do\":\"deal_tag\",\"with\":"           \
	"{\"deal_id\":{\"fact\":\"event.deal_id\"},\"tags\":[]}},{\"wait\":{\"days\":3}},{\"do\":\"deal_tag\",\"with\":{\"deal_id\":"     \
	"{\"fact\":\"event.deal_id\"},\"tags\":[]}}]}"

static struct uuid deals[DEALS];

static void answered (struct pending *asked[], int n)
{
	for (int i = 0; i < n; i++) {
		struct bus_reply r = bus_wait (&asked[i], 30000);
		CHECK (r.state == REPLY_DONE, "it was not done: %s %s", r.code, r.detail);
	}
}

static struct head head_of_owner (struct uuid workspace)
{
	return (struct head){ .workspace = workspace, .grant = { .scope = SCOPE_ALL, .permissions = UINT64_MAX } };
}

/* Ten thousand things happen: deals are made, and each gets another value. */
static void much_happens (struct stack *s, struct uuid workspace)
{
	static char titles[AT_ONCE][60]; /* of those that are on their way: each its own */
	struct pending *asked[AT_ONCE];
	for (int i = 0; i < DEALS; i++) {
		char *title = titles[i % AT_ONCE];
		snprintf (title, sizeof titles[0], "%s %d", i % 7 ? "tuin" : "vijver", i);
		struct deal_create make = { .head = head_of_owner (workspace),
					    .title = title,
					    .company = "Groen BV",
					    .has = { .deal_id = HERE, .title = HERE, .company = i % 2 ? HERE : ABSENT } };
		deals[i] = make.deal_id.uuid = uuid_v7 (clock_now ());
		asked[i % AT_ONCE] = bus_ask (s, &deal_create_record, &make);
		if (i % AT_ONCE == AT_ONCE - 1)
			answered (asked, AT_ONCE);
	}
	for (int i = 0; i < DEALS; i++) {
		struct deal_update change = { .head = head_of_owner (workspace),
					      .deal_id = { deals[i] },
					      .value = { .minor = (i % 100) * 100, .currency = "EUR" },
					      .has = { .deal_id = HERE, .value = HERE } };
		asked[i % AT_ONCE] = bus_ask (s, &deal_update_record, &change);
		if (i % AT_ONCE == AT_ONCE - 1)
			answered (asked, AT_ONCE);
	}
}

/* Rows of every table of every service, and how far every lane is. */
static char *all_there_is (struct stack *s)
{
	return sql_text (
		s, "select string_agg(t.table_schema || '.' || t.table_name || ' ' || (xpath('/row/n/text()', query_to_xml(format('select "
		   "count(*) as n from %%I.%%I', t.table_schema, t.table_name), false, true, '')))[1]::text, ', ' order by 1) from "
		   "information_schema.tables t where t.table_type = 'BASE TABLE' and t.table_schema not in ('pg_catalog', "
		   "'information_schema', 'bus')");
}

/* The lines of a trial; its end. */
static json_t *tried (struct stack *s, const struct user *u, const char *body, const char *more, json_t *ret_matches)
{
	char *rest, *request;
	json_t *end = NULL;
	size_t progress = 0;
	char origin[100];
	struct buffer all = { 0 };
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	buffer_printf (&all, "{\"body\":%s,\"days\":1%s}", body, more);
	buffer_add (&all, "", 1);
	request = (char *) all.at;
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = "/api/crm/rules/try",
								 .cookie = u->cookie,
								 .header = { origin, "Sec-Fetch-Site: same-origin" },
								 .body = request,
								 .ms = 60000 });
	CHECK (a.status == 200 && strstr (a.headers, "application/x-ndjson"), "%d %.400s", a.status, a.body);
	for (char *line = strtok_r (a.body, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		json_t *o = json_loads (line, 0, NULL);
		CHECK (o && !end, "no line of JSON, or one behind the end: %.300s", line);
		if (json_object_get (o, "match"))
			json_object_set (ret_matches, text_at (o, "match.event_id"), json_object_get (o, "match"));
		progress += json_object_get (o, "progress") != NULL;
		end = json_object_get (o, "end") ? json_incref (json_object_get (o, "end")) : NULL;
		json_decref (o);
	}
	CHECK (end && progress, "no end, or no progress");
	buffer_fini (&all);
	web_free (&a);
	return end;
}

/* One at a time tries: who asks while another of theirs is under way is told when to come again; one whose page was closed is not under way any more. */
static void then_one_at_a_time (struct stack *s, const struct user *u)
{
	static const char body[] = "{\"body\":" TRIED ",\"days\":1}";
	char text[2000];
	bool told = false;
	snprintf (text, sizeof text,
		  "POST /api/crm/rules/try HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: %s\r\nSec-Fetch-Site: same-origin\r\nCookie: %s\r\n"
		  "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		  s->port, s->api, u->cookie, sizeof body - 1, body);
	for (int i = 0; i < 20 && !told; i++) { /* it takes some 50 ms: whoever asks later than that finds none */
		char begun[13] = "";
		int fd = web_by_hand (s, 0, text, 10000);
		CHECK (read (fd, begun, 12) == 12, "nothing is said");
		struct web_answer a = when_user_asks (s, u, "POST", "/api/crm/rules/try", body);
		told = !strcmp (begun, "HTTP/1.1 200") && a.status == 429 && strstr (a.headers, "Retry-After: ");
		web_free (&a);
		close (fd);
	}
	CHECK (told, "two of one person are under way at once");
	struct web_answer a = { 0 };
	UNTIL (10000, (web_free (&a), a = when_user_asks (s, u, "POST", "/api/crm/rules/try", body), a.status == 200),
	       "it is under way for ever");
	web_free (&a);
}

STORY_ALONE (
	rules_try,
	"A rule that is tried on ten thousand things that were said matches where the same rule matched when they were said, and no table has a row more")
{
	struct workspace *w = given_workspace (s, "probeer", "nl-offerte-6");
	struct user owner = given_user (s, "baas@probeer.nl", "--role owner --workspace probeer"),
		    seller = given_user (s, "verkoop@probeer.nl", "--role sales --workspace probeer");
	struct web_answer a = when_user_asks (s, &owner, "POST", "/api/crm/rules",
					      "{\"name\":\"Vijvers\",\"enabled\":true,\"limit_per_hour\":100000,\"body\":" TRIED "}");
	CHECK (a.status == 201, "%d %.400s", a.status, a.body);
	char *rule = strdup (text_at (a.json, "id"));
	web_free (&a);
	settle (s);
	much_happens (s, w->uuid);
	settle (s);
	UNTIL (60000, !sql_number (s, "select count(*) from automation.firing where state = 'running'"), "it is still under way");
	settle (s);

	char *before = all_there_is (s);
	json_t *match = json_object ();
	json_t *end = tried (s, &owner, TRIED, "", match);
	char *after = all_there_is (s);
	CHECK (!strcmp (before, after), "something was written:\n%s\n%s", before, after);

	int64_t live = sql_number (s, "select count(*) from automation.firing where rule_id = '%s'", rule);
	CHECK (live > 100, "the rule itself matched %lld", (long long) live);
	CHECK (number_at (end, "matched") == live && (int64_t) json_object_size (match) == live, "it matched %lld, tried %lld, told %zu",
	       (long long) live, (long long) number_at (end, "matched"), json_object_size (match));
	CHECK (number_at (end, "events") >= 2 * DEALS && number_at (end, "would.deal_tag") == 2 * live &&
		       json_is_false (json_at (end, "truncated")),
	       "it heard %lld and would have asked %lld", (long long) number_at (end, "events"),
	       (long long) number_at (end, "would.deal_tag"));
	const char *id, *deal = NULL;
	json_t *one;
	json_object_foreach (match, id, one)
	{
		deal = text_at (one, "about.id");
		CHECK (sql_number (s, "select count(*) from automation.firing where decision_id = '%s' and rule_id = '%s'", id, rule) == 1,
		       "%s did not match when it was said", id);
		CHECK (!strcmp (text_at (one, "about.noun"), "deal") && strstr (text_at (one, "about.label"), "vijver"), "of what: %s",
		       text_at (one, "about.label"));
		CHECK (json_array_size (json_at (one, "would")) == 3 && !strcmp (text_at (one, "would.0.with.deal_id"), deal) &&
			       *text_at (one, "would.1.wait"),
		       "what it would do of %s", id);
	}
	char more[80];
	snprintf (more, sizeof more, ",\"record\":\"%s\"", deal);
	json_t *about = json_object (), *few = tried (s, &owner, TRIED, more, about);
	CHECK (number_at (few, "matched") == 1 && json_object_size (about) == 1, "about one deal it matched %lld",
	       (long long) number_at (few, "matched"));

	a = when_user_asks (s, &seller, "POST", "/api/crm/rules/try", "{\"body\":" TRIED ",\"days\":1}");
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &owner, "POST", "/api/crm/rules/try", "{\"body\":" TRIED ",\"days\":401}");
	then_problem (&a, 422, "invalid");
	a = when_user_asks (s, &owner, "POST", "/api/crm/rules/try", "{\"body\":{\"when\":{},\"then\":[]},\"days\":1}");
	CHECK (a.status == 422 && strstr (a.body, "/body/when"), "%d %.300s", a.status, a.body);
	web_free (&a);
	then_one_at_a_time (s, &owner);
	json_decref (match);
	json_decref (about);
	json_decref (end);
	json_decref (few);
	free (rule);
	free (before);
	free (after);
}
