/* What people do and are going to do about a record: written once, told on the timeline of all it belongs to, kept from whoever may not see the record.
 * It must never look at the table where the API can be asked. */
#include <string.h>
#include "story.h"

static struct uuid made (struct stack *s, const struct workspace *w, const char *about, struct uuid record, const char *rest)
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/activities", "{\"%s\":\"%s\",%s}", about, id_text (record), rest);
	CHECK (a.status == 201, "an activity is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void asked (struct stack *s, const struct workspace *w, const char *method, struct uuid id, const char *then, const char *body,
		   int status, const char *part)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/activities/%s%s", id_text (id), then);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
	CHECK (a.status == status && (!part || strstr (a.body, part)), "%s %s is %d, not %d with %s: %s", method, path, a.status, status,
	       part ? part : "-", a.body);
	web_free (&a);
}

/* The types and kinds of a timeline, newest first: "activity.added/note deal.created/made". */
static void told (struct stack *s, const struct workspace *w, const char *kind, struct uuid record, const char *filter,
		  const char *expected)
{
	char path[300], line[1000] = "";
	snprintf (path, sizeof path, "/api/crm/%s/%s/timeline%s", kind, id_text (record), filter);
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	size_t i;
	json_t *row;
	json_array_foreach (json_at (a.json, "data"), i, row) snprintf (line + strlen (line), sizeof line - strlen (line), "%s%s/%s",
									i ? " " : "", text_at (row, "type"), text_at (row, "kind"));
	CHECK (a.status == 200 && !strcmp (line, expected), "%s tells\n      %s\n  not\n      %s", path, line, expected);
	web_free (&a);
}

static int64_t listed (struct stack *s, const char *key, const char *query)
{
	char path[300];
	snprintf (path, sizeof path, "/api/crm/activities?%s", query);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "GET", .url = path, .key = key, .header = { "CRM-Time: 2026-11-21T10:00:00+01:00" } });
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	int64_t n = (int64_t) json_array_size (json_at (a.json, "data"));
	web_free (&a);
	return n;
}

STORY (activities_live,
       "Calls, notes and tasks are written, changed, done, taken away and put back, and stand on the timelines of lead, deal and contact")
{
	struct workspace *w = given_workspace (s, "acts", "commerce");
	struct uuid deal = given_deal_of (s, w, "Jan Vos", "jan@acts.test", "Vraag");
	char *text = sql_text (s, "select contact_id from contacts.lead where lead_id = '%s'", id_text (deal));
	struct uuid contact;
	CHECK (uuid_parse (text, &contact) == OK, "the lead has no contact");
	free (text);
	struct uuid note = made (s, w, "lead_id", deal, "\"kind\":\"note\",\"note\":\"Gebeld, akkoord\"");
	struct uuid task = made (
		s, w, "deal_id", deal,
		"\"kind\":\"task\",\"subject\":\"Offerte\",\"due_at\":\"2027-01-05T09:00:00+01:00\",\"priority\":\"high\"");
	made (s, w, "contact_id", contact, "\"kind\":\"call\",\"subject\":\"Intro\",\"done\":true");
	told (s, w, "deals", deal, "?kind=activity", "activity.added/call activity.added/task activity.added/note");
	told (s, w, "leads", deal, "?kind=note,task", "activity.added/task activity.added/note");
	told (s, w, "contacts", contact, "?kind=note", "activity.added/note");
	asked (s, w, "GET", note, "", NULL, 200, "\"title\" : \"Jan Vos\"");
	asked (s, w, "GET", task, "", NULL, 200, "\"due_at\" : \"2027-01-05T08:00:00.000000Z\"");
	asked (s, w, "PUT", task, "", "{\"version\":1,\"subject\":\"Offerte sturen\",\"due_at\":\"2027-01-06T09:00:00Z\"}", 200,
	       "\"version\":2");
	asked (s, w, "PUT", task, "", "{\"version\":1,\"subject\":\"Te laat\"}", 409, "activity_changed");
	asked (s, w, "PUT", task, "", "{\"done\":true}", 200, "\"version\":3");
	asked (s, w, "PUT", task, "", "{\"done\":true}", 200, "\"version\":3");
	asked (s, w, "PUT", task, "", "{\"subject\":null}", 422, "/subject");
	struct uuid call = made (s, w, "deal_id", deal, "\"kind\":\"call\",\"done\":true,\"duration_minutes\":25");
	asked (s, w, "GET", call, "", NULL, 200, "\"duration_minutes\" : 25");
	asked (s, w, "PUT", call, "", "{\"duration_minutes\":0}", 422, "/duration_minutes");
	asked (s, w, "PUT", call, "", "{\"duration_minutes\":null}", 200, "\"version\":2");
	asked (s, w, "GET", call, "", NULL, 200, "\"duration_minutes\" : null");
	told (s, w, "deals", deal, "?kind=task", "activity.changed/task activity.changed/task activity.added/task");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/activities/%s", id_text (task));
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "PUT", .url = path, .key = w->key, .body = "{\"note\":\"x\"}", .header = { "If-Match: \"1\"" } });
	then_problem (&a, 412, "stale");
	asked (s, w, "DELETE", note, "", NULL, 204, NULL);
	asked (s, w, "DELETE", note, "", NULL, 204, NULL);
	told (s, w, "deals", deal, "?kind=note", "activity.removed/note");
	asked (s, w, "PUT", note, "", "{\"note\":\"weg\"}", 404, "activity_not_found");
	asked (s, w, "POST", note, "/restore", "{}", 200, "\"version\":3");
	told (s, w, "deals", deal, "?kind=note", "activity.restored/note activity.removed/note activity.added/note");
	then_no_dead_letters (s);
}

STORY (metrics_of_record,
       "Calls, e-mails, meetings, messages and notes that were done are counted, by kind and by the asker's day; what is planned or gone is not")
{
	struct workspace *w = given_workspace (s, "busy", "commerce");
	struct uuid deal = given_deal_of (s, w, "Jan Vos", "jan@busy.test", "Vraag");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s/metrics", id_text (deal));
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_integer_value (json_object_get (a.json, "calls")) == 0 &&
		       json_is_null (json_object_get (a.json, "response_minutes")) && !json_array_size (json_object_get (a.json, "days")),
	       "of a deal that nobody answered: %s", a.body);
	web_free (&a);
	made (s, w, "lead_id", deal, "\"kind\":\"call\",\"done\":true");
	made (s, w, "deal_id", deal, "\"kind\":\"call\",\"done\":true");
	made (s, w, "deal_id", deal, "\"kind\":\"email\",\"done\":true");
	made (s, w, "deal_id", deal, "\"kind\":\"sms\",\"done\":true");
	made (s, w, "deal_id", deal, "\"kind\":\"whatsapp\",\"done\":true");
	made (s, w, "deal_id", deal, "\"kind\":\"note\",\"note\":\"Akkoord\"");
	made (s, w, "deal_id", deal, "\"kind\":\"meeting\",\"due_at\":\"2027-01-05T09:00:00Z\"");
	struct uuid gone = made (s, w, "deal_id", deal, "\"kind\":\"email\",\"done\":true");
	asked (s, w, "DELETE", gone, "", NULL, 204, NULL);
	a = web (s, w->key, "GET", path, NULL);
	static const struct {
		const char *name;
		int64_t count;
	} counted[] = { { "calls", 2 }, { "emails", 1 }, { "meetings", 0 }, { "messages", 2 }, { "notes", 1 }, { "response_minutes", 0 } };
	for (size_t i = 0; i < LENGTH (counted); i++) {
		json_t *count = json_object_get (a.json, counted[i].name);
		CHECK (json_is_integer (count) && json_integer_value (count) == counted[i].count, "%s is not %lld: %s", counted[i].name,
		       (long long) counted[i].count, a.body);
	}
	int64_t sum = 0;
	size_t i;
	json_t *day;
	json_array_foreach (json_object_get (a.json, "days"), i, day) sum += json_integer_value (json_object_get (day, "count"));
	CHECK (sum == 6, "the days hold %lld of 6: %s", (long long) sum, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/leads/%s/metrics?tz=no%%20zone", id_text (deal));
	a = web (s, w->key, "GET", path, NULL);
	then_problem (&a, 422, "invalid");
}

STORY (activities_refused,
       "What an activity needs is told field by field; of a record that is not there, or not theirs, nobody writes anything")
{
	struct workspace *w = given_workspace (s, "actsno", "commerce");
	struct uuid deal = given_deal_of (s, w, "Piet Smit", "piet@actsno.test", "Vraag");
	static const struct {
		const char *body, *part;
		int status;
	} rows[] = {
		{ "{\"kind\":\"note\",\"note\":\"x\"}", "/deal_id", 422 },
		{ "{\"kind\":\"note\",\"note\":\"x\",\"deal_id\":\"%s\",\"lead_id\":\"%s\"}", "/deal_id", 422 },
		{ "{\"kind\":\"note\",\"note\":\" \",\"deal_id\":\"%s\"}", "/note", 422 },
		{ "{\"kind\":\"task\",\"deal_id\":\"%s\"}", "/subject", 422 },
		{ "{\"kind\":\"dance\",\"deal_id\":\"%s\"}", "/kind", 422 },
		{ "{\"kind\":\"call\",\"deal_id\":\"%s\",\"due_at\":\"soon\"}", "/due_at", 422 },
		{ "{\"kind\":\"call\",\"contact_id\":\"%s\"}", "contact_not_found", 404 },
	};
	for (size_t i = 0; i < LENGTH (rows); i++) {
		char body[400], id[UUID_TEXT];
		uuid_format (deal, id);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf (body, sizeof body, rows[i].body, id, id);
#pragma GCC diagnostic pop
		struct web_answer a = web_ask (
			s, &(struct web_request){ .method = "POST", .url = "/api/crm/activities", .key = w->key, .body = body });
		CHECK (a.status == rows[i].status && strstr (a.body, rows[i].part), "%s is %d: %s", body, a.status, a.body);
		web_free (&a);
	}
	struct uuid call = made (s, w, "deal_id", deal, "\"kind\":\"call\",\"due_at\":\"2027-01-05T09:00:00Z\"");
	struct user luis = given_user (s, "luis@actsno.nl", "--workspace actsno --role sdr"); /* sees only his own: this deal is nobody's */
	char path[200], body[300];
	snprintf (path, sizeof path, "/api/crm/activities/%s", id_text (call));
	snprintf (body, sizeof body, "{\"kind\":\"call\",\"deal_id\":\"%s\"}", id_text (deal));
	struct web_answer a = when_user_asks (s, &luis, "POST", "/api/crm/activities", body);
	then_problem (&a, 404, "deal_not_found");
	a = when_user_asks (s, &luis, "GET", path, NULL);
	then_problem (&a, 404, "activity_not_found");
	a = when_user_asks (s, &luis, "PUT", path, "{\"done\":true}");
	then_problem (&a, 404, "activity_not_found");
	a = when_user_asks (s, &luis, "GET", "/api/crm/activities", NULL);
	CHECK (a.status == 200 && !json_array_size (json_at (a.json, "data")), "the calendar of an SDR tells of others' deals: %s", a.body);
	web_free (&a);
	/* handed to him, he sees what was written before */
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", luis.id);
	a = web_ask (s, &(struct web_request){ .method = "PUT", .url = path, .key = w->key, .body = body });
	then_status (&a, 200);
	settle (s);
	a = when_user_asks (s, &luis, "GET", "/api/crm/activities", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "a deal that changed hands did not take its activities along: %s", a.body);
	web_free (&a);
}

STORY (activities_by_period, "All, overdue, today, this month and upcoming, by the asker's days (S2-5), over a change of the clocks too")
{
	struct workspace *w = given_workspace (s, "acttime", "follow-up");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@acttime.test", "Registro");
	static const char *const due[] = { "2026-11-19T12:00:00+01:00", "2026-11-21T09:00:00+01:00", "2026-11-21T18:00:00+01:00",
					   "2026-11-28T10:00:00+01:00", "2026-12-03T10:00:00+01:00" };
	for (size_t i = 0; i < LENGTH (due); i++) {
		char rest[200];
		snprintf (rest, sizeof rest, "\"kind\":\"call\",\"due_at\":\"%s\"", due[i]);
		made (s, w, "deal_id", deal, rest);
	}
	made (s, w, "deal_id", deal, "\"kind\":\"note\",\"note\":\"geen datum\"");
	const char *zone = "tz=Europe/Amsterdam&period=";
	static const struct {
		const char *period;
		int64_t n;
	} rows[] = { { "all", 5 }, { "today", 2 }, { "month", 4 }, { "overdue", 2 }, { "upcoming", 3 } };
	char query[200];
	for (size_t i = 0; i < LENGTH (rows); i++) {
		snprintf (query, sizeof query, "%s%s", zone, rows[i].period);
		int64_t n = listed (s, w->key, query);
		CHECK (n == rows[i].n, "%s are %lld, not %lld", rows[i].period, (long long) n, (long long) rows[i].n);
	}
	CHECK (listed (s, w->key, "from=2026-12-01T00:00:00%2B01:00&to=2027-01-01T00:00:00%2B01:00") == 1, "December has one");
	/* 18:00 in Amsterdam is the next day in Auckland, and 09:00 the same evening */
	CHECK (listed (s, w->key, "tz=Pacific/Auckland&period=today") == 1, "days are those of the asker");
	/* the day on which clocks go back has 25 hours */
	made (s, w, "deal_id", deal, "\"kind\":\"sms\",\"due_at\":\"2026-10-25T23:30:00+01:00\"");
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "GET",
								 .url = "/api/crm/activities?tz=Europe/Amsterdam&period=today",
								 .key = w->key,
								 .header = { "CRM-Time: 2026-10-25T00:30:00+02:00" } });
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1, "the last hour of a day of 25: %s", a.body);
	web_free (&a);
	CHECK (listed (s, w->key, "kind=note") == 1 && listed (s, w->key, "limit=3") == 3, "lists by kind and by page");
	a = web (s, w->key, "GET", "/api/crm/activities?tz=Nergens/Hier&period=", NULL);
	CHECK (a.status == 422, "no period is %d", a.status);
	web_free (&a);
}

STORY (follow_up,
       "A follow-up moves the deal, is one note and plans what comes next, once however often it is repeated or heard; no note, no move")
{
	struct workspace *w = given_workspace (s, "follow", "follow-up");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@follow.test", "Registro");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s/follow-up", id_text (deal));
	static const char *const wrong[][2] = {
		{ "{\"stage\":\"negotiation\"}", "/note" },
		{ "{\"stage\":\"negotiation\",\"note\":\"  \"}", "/note" },
		{ "{\"note\":\"x\",\"at\":\"2026-11-24T15:30:00+01:00\"}", "/kind" },
		{ "{\"note\":\"x\",\"kind\":\"note\"}", "/kind" },
		{ "{\"note\":\"x\",\"kind\":\"task\",\"at\":\"2026-11-24T15:30:00+01:00\"}", "/title" },
	};
	for (size_t i = 0; i < LENGTH (wrong); i++) {
		struct web_answer no = web_ask (s,
						&(struct web_request){ .method = "POST", .url = path, .key = w->key, .body = wrong[i][0] });
		CHECK (no.status == 422 && strstr (no.body, wrong[i][1]), "%s is %d: %s", wrong[i][0], no.status, no.body);
		web_free (&no);
	}
	struct web_answer a = web (s, w->key, "POST", path, "{\"note\":\"x\",\"stage\":\"nowhere\"}");
	then_problem (&a, 404, "stage_not_found");
	then_said (s, deal, "deal.created");
	struct web_request ask = {
		.method = "POST",
		.url = path,
		.key = w->key,
		.idempotency = "pide-descuento",
		.body = "{\"note\":\"Pide descuento\",\"stage\":\"negotiation\",\"kind\":\"whatsapp\",\"at\":\"2026-11-24T15:30:00+01:00\",\"version\":1}"
	};
	for (int i = 0; i < 3; i++) {
		a = web_ask (s, &ask);
		CHECK (a.status == 200 && number_at (a.json, "version") == 2 && *text_at (a.json, "note_id") &&
			       *text_at (a.json, "next_id"),
		       "a follow-up is %d: %s", a.status, a.body);
		web_free (&a);
	}
	settle (s);
	then_stage (s, deal, "negotiation");
	then_said (s, deal, "deal.created, deal.stage_changed, deal.followed_up");
	told (s, w, "deals", deal, "?kind=activity,stage", "activity.added/whatsapp activity.added/note deal.stage_changed/stage");
	when_redelivered (s, "deal.followed_up", 3);
	told (s, w, "deals", deal, "?kind=activity", "activity.added/whatsapp activity.added/note");
	snprintf (path, sizeof path, "/api/crm/deals/%s/timeline", id_text (deal));
	a = web (s, w->key, "GET", path, NULL);
	const char *once = strstr (a.body, "Pide descuento");
	CHECK (once && !strstr (once + 1, "Pide descuento"), "the note is not told once: %s", a.body);
	web_free (&a);
	CHECK (listed (s, w->key, "kind=whatsapp&period=upcoming&tz=Europe/Amsterdam") == 1, "what comes next is planned");
	snprintf (path, sizeof path, "/api/crm/deals/%s/follow-up", id_text (deal));
	a = web (s, w->key, "POST", path, "{\"note\":\"Sin moverse\",\"version\":1}");
	then_problem (&a, 409, "deal_changed");
	a = web (s, w->key, "POST", path, "{\"note\":\"Sin moverse\",\"version\":2}");
	CHECK (a.status == 200 && number_at (a.json, "version") == 2 && json_is_null (json_at (a.json, "next_id")),
	       "a note alone is %d: %s", a.status, a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

/* "mine overdue today upcoming", then how many rows. */
static void tasks_are (struct stack *s, const struct user *u, const char *query, const char *time, const char *expected)
{
	char path[200], is[100], clock[80];
	snprintf (path, sizeof path, "/api/crm/tasks?tz=Europe/Amsterdam%s", query);
	snprintf (clock, sizeof clock, "CRM-Time: %s", time);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "GET", .url = path, .cookie = u->cookie, .header = { clock } });
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	snprintf (is, sizeof is, "%lld %lld %lld %lld: %zu", (long long) number_at (a.json, "counts.mine"),
		  (long long) number_at (a.json, "counts.overdue"), (long long) number_at (a.json, "counts.today"),
		  (long long) number_at (a.json, "counts.upcoming"), json_array_size (json_at (a.json, "data")));
	CHECK (!strcmp (is, expected), "%s tells %s, not %s", path, is, expected);
	web_free (&a);
}

STORY (tasks_of_mine, "Tasks are mine, overdue, today, upcoming and done, with counts; others' are not among them")
{
	struct workspace *w = given_workspace (s, "tasks", "commerce");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@tasks.test", "Vraag");
	struct user anna = given_user (s, "anna@tasks.nl", "--workspace tasks --role owner"),
		    bob = given_user (s, "bob@tasks.nl", "--workspace tasks --role sales");
	static const char *const due[] = { ",\"due_at\":\"2026-11-19T12:00:00+01:00\"", ",\"due_at\":\"2026-11-21T09:00:00+01:00\"",
					   ",\"due_at\":\"2026-11-21T18:00:00+01:00\"", ",\"due_at\":\"2026-11-28T10:00:00+01:00\"", "" };
	char body[300], path[100];
	struct uuid id = { 0 };
	for (size_t i = 0; i < LENGTH (due); i++) {
		snprintf (body, sizeof body, "{\"kind\":\"task\",\"subject\":\"Taak %zu\",\"deal_id\":\"%s\"%s}", i, id_text (deal),
			  due[i]);
		struct web_answer a = when_user_asks (s, &anna, "POST", "/api/crm/activities", body);
		id = i == 0 ? uuid_at (a.json, "id") : id;
		then_status (&a, 201);
	}
	const char *now = "2026-11-21T10:00:00+01:00";
	tasks_are (s, &anna, "", now, "5 2 2 2: 5");
	tasks_are (s, &anna, "&view=overdue", now, "5 2 2 2: 2");
	tasks_are (s, &anna, "&view=today", now, "5 2 2 2: 2");
	tasks_are (s, &anna, "&view=upcoming&limit=1", now, "5 2 2 2: 1");
	tasks_are (s, &bob, "", now, "0 0 0 0: 0");
	snprintf (path, sizeof path, "/api/crm/activities/%s", id_text (id));
	struct web_answer a = when_user_asks (s, &anna, "PUT", path, "{\"done\":true}");
	then_status (&a, 200);
	tasks_are (s, &anna, "", now, "4 1 2 2: 4");
	tasks_are (s, &anna, "&view=done", now, "4 1 2 2: 1");
}

/* A member of the deal's card in the list at a time. */
static void card_says (struct stack *s, const struct workspace *w, struct uuid deal, const char *time, const char *member,
		       const char *expected)
{
	char clock[80], id[UUID_TEXT];
	json_t *row;
	size_t i;
	snprintf (clock, sizeof clock, "CRM-Time: %s", time);
	settle (s);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "GET", .url = "/api/crm/deals?limit=200", .key = w->key, .header = { clock } });
	CHECK (a.status == 200, "the deals are %d: %s", a.status, a.body);
	bool seen = false;
	json_array_foreach (json_at (a.json, "data"), i, row)
	{
		if (strcmp (text_at (row, "id"), uuid_format (deal, id)))
			continue;
		char *is = json_dumps (json_object_get (row, member), JSON_ENCODE_ANY | JSON_COMPACT);
		CHECK (is && !strcmp (is, expected), "at %s the card says %s %s, not %s", time, member, is ? is : "nothing", expected);
		free (is);
		seen = true;
	}
	CHECK (seen, "the deal is not among the deals: %s", a.body);
	web_free (&a);
}

static struct uuid noted (struct stack *s, const struct workspace *w, struct uuid deal, const char *time, const char *rest)
{
	char body[300], clock[80];
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\",%s}", id_text (deal), rest);
	snprintf (clock, sizeof clock, "CRM-Time: %s", time);
	struct web_answer a = web_ask (
		s,
		&(struct web_request){ .method = "POST", .url = "/api/crm/activities", .key = w->key, .body = body, .header = { clock } });
	CHECK (a.status == 201, "%s is %d: %s", body, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void quiet_says (struct stack *s, const struct workspace *w, const char *kind, struct uuid id, const char *clock, int64_t days)
{
	char path[200], header[100];
	snprintf (path, sizeof path, "/api/crm/%s/%s", kind, id_text (id));
	snprintf (header, sizeof header, "CRM-Time: %s", clock);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "GET", .url = path, .key = w->key, .header = { header } });
	CHECK (a.status == 200 && number_at (a.json, "days_without_contact") == days, "%s at %s says not %lld: %d %s", path, clock,
	       (long long) days, a.status, a.body);
	web_free (&a);
}

static const char *note_about (struct uuid contact, char *ret, size_t room)
{
	snprintf (ret, room, "{\"kind\":\"note\",\"note\":\"Gesproken\",\"contact_id\":\"%s\"}", id_text (contact));
	return ret;
}

STORY (days_without_contact,
       "Days since the last note are calendar days where the workspace is (S2-6); the card says what comes next, and how many notes there are")
{
	struct workspace *w = given_workspace (s, "days", "nl-offerte-6");
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = "/api/crm/deals",
								 .key = w->key,
								 .body = "{\"title\":\"Ana\"}",
								 .header = { "CRM-Time: 2026-11-01T12:00:00+01:00" } });
	CHECK (a.status == 201, "a deal is %d: %s", a.status, a.body);
	struct uuid deal = uuid_at (a.json, "id");
	web_free (&a);
	const char *clock = "2026-11-21T10:00:00+01:00", *note = "\"kind\":\"note\",\"note\":\"Gebeld\"";
	card_says (s, w, deal, clock, "days_without_contact", "20");
	card_says (s, w, deal, clock, "last_note_at", "null");
	noted (s, w, deal, "2026-11-10T23:50:00+01:00", note);
	card_says (s, w, deal, clock, "days_without_contact", "11");
	struct uuid last = noted (s, w, deal, clock, note);
	card_says (s, w, deal, clock, "days_without_contact", "0");
	card_says (s, w, deal, "2026-11-22T00:10:00+01:00", "days_without_contact", "1");
	card_says (s, w, deal, clock, "notes_count", "2");
	asked (s, w, "DELETE", last, "", NULL, 204, NULL);
	card_says (s, w, deal, clock, "days_without_contact", "11");
	asked (s, w, "POST", last, "/restore", "{}", 200, NULL);
	card_says (s, w, deal, clock, "notes_count", "2");
	/* the earliest open one is next */
	struct uuid call = noted (s, w, deal, clock, "\"kind\":\"call\",\"due_at\":\"2026-11-25T09:00:00Z\"");
	noted (s, w, deal, clock, "\"kind\":\"meeting\",\"due_at\":\"2026-11-27T09:00:00Z\"");
	card_says (s, w, deal, clock, "next_kind", "\"call\"");
	card_says (s, w, deal, clock, "next_at", "\"2026-11-25T09:00:00.000000Z\"");
	asked (s, w, "PUT", call, "", "{\"done\":true}", 200, NULL);
	card_says (s, w, deal, clock, "next_kind", "\"meeting\"");
	then_number (s, 1, "the version of a deal that was only talked about", "select version from pipeline.deal where id = '%s'",
		     id_text (deal));
	when_redelivered (s, "activity.added", 2);
	card_says (s, w, deal, clock, "notes_count", "2");
	card_says (s, w, deal, clock, "next_kind", "\"meeting\"");
	static const struct {
		const char *query;
		size_t n;
	} filters[] = { { "next_from=2026-11-27&next_to=2026-11-27", 1 },
			{ "next_to=2026-11-26", 0 },
			{ "sort=days_without_contact", 1 },
			{ "sort=-next_at", 1 },
			{ "tag=none", 1 } };
	for (size_t i = 0; i < LENGTH (filters); i++) {
		char list[200];
		snprintf (list, sizeof list, "/api/crm/deals?%s", filters[i].query);
		a = web (s, w->key, "GET", list, NULL);
		CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == filters[i].n, "%s is %d: %s", list, a.status,
		       a.body);
		web_free (&a);
	}
	a = web (s, w->key, "GET", "/api/crm/pipeline?next_from=2026-11-27", NULL);
	CHECK (a.status == 200 && strstr (a.body, "\"next_kind\" : \"meeting\""), "the filtered board is %d: %s", a.status, a.body);
	web_free (&a);
	/* so are those of the person and of the company: notes about them and their deals count, whatever day it is where the asker lives */
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = "/api/crm/accounts",
					       .key = w->key,
					       .body = "{\"name\":\"Ana BV\"}",
					       .header = { "CRM-Time: 2026-11-01T12:00:00+01:00" } });
	struct uuid firm = uuid_at (a.json, "id");
	web_free (&a);
	char person[300];
	snprintf (person, sizeof person, "{\"name\":\"Ana\",\"account_id\":\"%s\"}", id_text (firm));
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = "/api/crm/contacts",
					       .key = w->key,
					       .body = person,
					       .header = { "CRM-Time: 2026-11-01T12:00:00+01:00" } });
	struct uuid ana = uuid_at (a.json, "id");
	web_free (&a);
	quiet_says (s, w, "contacts", ana, clock, 20);
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = "/api/crm/activities",
					       .key = w->key,
					       .body = note_about (ana, person, sizeof person),
					       .header = { "CRM-Time: 2026-11-10T23:50:00+01:00" } });
	then_status (&a, 201);
	quiet_says (s, w, "contacts", ana, clock, 11);
	quiet_says (s, w, "accounts", firm, clock, 11);
	quiet_says (s, w, "contacts", ana, "2026-11-10T23:59:00+01:00", 0);
	quiet_says (s, w, "contacts", ana, "2026-11-11T00:10:00+01:00", 1);
	quiet_says (s, w, "accounts", firm, "2026-11-11T00:10:00+01:00", 1);
	/* a deal that names the company and none of its people is the company's as well */
	char path[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	snprintf (person, sizeof person, "{\"account_id\":\"%s\"}", id_text (firm));
	a = web (s, w->key, "PUT", path, "%s", person);
	then_status (&a, 200);
	settle (s);
	quiet_says (s, w, "accounts", firm, "2026-11-22T10:00:00+01:00", 1);
	quiet_says (s, w, "contacts", ana, "2026-11-22T10:00:00+01:00", 12);
	/* another zone begins its days elsewhere */
	snprintf (path, sizeof path, "/api/workspaces/%s/preset", w->id);
	a = web (s, w->key, "PUT", path, "{\"timezone\":\"Pacific/Auckland\"}");
	CHECK (a.status / 100 == 2, "another time zone is %d: %s", a.status, a.body);
	web_free (&a);
	card_says (s, w, deal, "2026-11-21T12:10:00+01:00", "days_without_contact", "1");
	quiet_says (s, w, "contacts", ana, "2026-11-11T12:10:00+01:00",
		    1); /* there it was noon of the 11th, and is past midnight of the 12th */
}

STORY (tags_on_records,
       "One list of tags a workspace; on leads, deals and contacts; a new label or colour is on every card, a removed one on none")
{
	struct workspace *w = given_workspace (s, "tagging", "commerce");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@tagging.test", "Vraag");
	char path[200], body[300], vip[UUID_TEXT], expected[300];
	struct web_answer a = web (s, w->key, "POST", "/api/crm/tags", "{\"label\":\" vip \",\"colour\":\"teal\"}");
	CHECK (a.status == 201, "a tag is %d: %s", a.status, a.body);
	snprintf (vip, sizeof vip, "%s", text_at (a.json, "id"));
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/tags", "{\"label\":\"VIP\"}");
	CHECK (a.status == 422 && strstr (a.body, "/label"), "a second tag of that label is %d: %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/tags", "{\"label\":\"Koud\",\"colour\":\"red\"}");
	CHECK (a.status == 422 && strstr (a.body, "/colour"), "a red tag is %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/leads/%s/tags", id_text (deal));
	snprintf (body, sizeof body, "{\"tags\":[\"%s\",\"%s\"]}", vip, vip);
	for (int i = 0; i < 2; i++) {
		a = web_ask (s, &(struct web_request){ .method = "PUT", .url = path, .key = w->key, .body = body });
		then_status (&a, 200);
	}
	snprintf (body, sizeof body, "{\"tags\":[\"%s\"]}", id_text (deal));
	a = web_ask (s, &(struct web_request){ .method = "PUT", .url = path, .key = w->key, .body = body });
	CHECK (a.status == 422 && strstr (a.body, "/tags/0"), "a tag that is none is %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (expected, sizeof expected, "[{\"id\":\"%s\",\"label\":\"vip\",\"colour\":\"teal\"}]", vip);
	const char *now = "2026-11-21T10:00:00+01:00";
	settle (s);
	snprintf (path, sizeof path, "/api/crm/deals/%s/tags", id_text (deal));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, "vip"), "a lead's tags go along to its deal: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/deals?tag=vip", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && !strcmp (text_at (a.json, "data.0.tags.0.colour"), "teal"),
	       "by its tag: %s", a.body);
	web_free (&a);
	told (s, w, "deals", deal, "?kind=change", "record.tagged/change");
	snprintf (path, sizeof path, "/api/crm/tags/%s", vip);
	a = web (s, w->key, "PUT", path, "{\"label\":\"A-klant\",\"colour\":\"orange\"}");
	then_status (&a, 200);
	settle (s);
	a = web (s, w->key, "GET", "/api/crm/deals?tag=A-klant", NULL);
	CHECK (!strcmp (text_at (a.json, "data.0.tags.0.colour"), "orange"), "renamed: %s", a.body);
	web_free (&a);
	when_redelivered (s, "record.tagged", 1);
	a = web (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	card_says (s, w, deal, now, "tags", "[]");
	a = web (s, w->key, "GET", path, NULL);
	then_problem (&a, 404, "tag_not_found");
	then_no_dead_letters (s);
}

STORY (reminder_rings_once,
       "A task rings at its time, once, for its owner: on the stream and in the bell, over a death of the service and whatever is heard twice; what was late from the beginning does not")
{
	struct workspace *w = given_workspace (s, "rings", "commerce");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@rings.test", "Vraag");
	struct user anna = given_user (s, "anna@rings.nl", "--workspace rings --role owner"),
		    bob = given_user (s, "bob@rings.nl", "--workspace rings --role owner");
	char body[400], *soon = sql_text (s, "select contacts.rfc3339(clock_timestamp() + interval '3 seconds')"), expected[100];
	struct stream *live = stream_open_as (s, NULL, anna.cookie, NULL);
	snprintf (body, sizeof body,
		  "{\"kind\":\"task\",\"subject\":\"Llamar\",\"priority\":\"high\",\"deal_id\":\"%s\",\"due_at\":\"%s\"}", id_text (deal),
		  soon);
	struct web_answer a = when_user_asks (s, &anna, "POST", "/api/crm/activities", body);
	snprintf (expected, sizeof expected, "%s", text_at (a.json, "id"));
	then_status (&a, 201);
	snprintf (body, sizeof body, "{\"kind\":\"call\",\"deal_id\":\"%s\",\"remind_at\":\"%s\",\"done\":true}", id_text (deal), soon);
	a = when_user_asks (s, &anna, "POST", "/api/crm/activities", body); /* done: nothing to be reminded of */
	then_status (&a, 201);
	snprintf (body, sizeof body, "{\"kind\":\"task\",\"subject\":\"Oud\",\"deal_id\":\"%s\",\"due_at\":\"2026-01-01T09:00:00Z\"}",
		  id_text (deal));
	a = when_user_asks (s, &anna, "POST", "/api/crm/activities", body);
	then_status (&a, 201);
	free (soon);
	daemon_kill (s, "contacts", 0, 9); /* before it rings: whoever comes back finds it due */
	json_t *said = stream_wait (live, "reminder.due", expected, 30000, NULL);
	CHECK (!strcmp (text_at (said, "data.assignee_id"), anna.id), "it rings for %s", text_at (said, "data.assignee_id"));
	daemon_kill (s, "contacts", 0, 9); /* and after */
	daemon_ready (s, "contacts", 0);
	settle (s);
	stream_close (&live);
	a = when_user_asks (s, &anna, "GET", "/api/notifications", NULL);
	int rings = 0;
	size_t i;
	json_t *row;
	json_array_foreach (json_at (a.json, "data"), i, row) rings += !strcmp (text_at (row, "kind"), "reminder");
	CHECK (a.status == 200 && rings == 1 && strstr (a.body, "Llamar") && number_at (a.json, "unseen") == 2, "the bell: %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &bob, "GET", "/api/notifications", NULL);
	CHECK (!strstr (a.body, "reminder.due"), "another one's bell: %s", a.body);
	web_free (&a);
	/* another time is another reminder */
	char path[200];
	snprintf (path, sizeof path, "/api/crm/activities/%s", expected);
	live = stream_open_as (s, NULL, anna.cookie, NULL);
	soon = sql_text (s, "select contacts.rfc3339(clock_timestamp() + interval '1 second')");
	snprintf (body, sizeof body, "{\"remind_at\":\"%s\"}", soon);
	free (soon);
	a = when_user_asks (s, &anna, "PUT", path, body);
	then_status (&a, 200);
	stream_wait (live, "reminder.due", expected, 30000, NULL);
	stream_close (&live);
	then_no_dead_letters (s);
}

STORY (activities_of_accounts,
       "An activity may be about an account: on its timeline, under its owner's rights, and with those of its people in its list")
{
	struct workspace *w = given_workspace (s, "actacc", "dynamics");
	struct web_answer a = web (s, w->key, "POST", "/api/crm/accounts", "{\"name\":\"Acme Corp\"}");
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	struct uuid account = uuid_at (a.json, "id");
	web_free (&a);
	struct uuid visit = made (s, w, "account_id", account,
				  "\"kind\":\"meeting\",\"subject\":\"Kwartaal\",\"due_at\":\"2027-01-05T09:00:00Z\"");
	asked (s, w, "GET", visit, "", NULL, 200, "\"title\" : \"Acme Corp\"");
	told (s, w, "accounts", account, "?kind=meeting", "activity.added/meeting");
	char query[100], path[100], body[100];
	snprintf (query, sizeof query, "account_id=%s", id_text (account));
	CHECK (listed (s, w->key, query) == 1, "the account's activities");
	struct user vera = given_user (s, "vera@actacc.nl", "--workspace actacc --role sdr");
	a = when_user_asks (s, &vera, "GET", "/api/crm/activities", NULL);
	CHECK (a.status == 200 && !json_array_size (json_at (a.json, "data")), "somebody else's account: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/accounts/%s", id_text (account));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", vera.id);
	a = web_ask (s, &(struct web_request){ .method = "PUT", .url = path, .key = w->key, .body = body });
	then_status (&a, 200);
	a = when_user_asks (s, &vera, "GET", "/api/crm/activities", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "an account that changed hands: %s", a.body);
	web_free (&a);
}

/* Whom somebody's first task is about. */
static void task_about (struct stack *s, const struct user *u, const char *expected)
{
	struct web_answer a = when_user_asks (s, u, "GET", "/api/crm/tasks", NULL);
	const char *title = json_string_value (json_at (a.json, "data.0.about.title"));
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1 && !strcmp (title ? title : "-", expected),
	       "%s is to call %s: %s", u->email, expected, a.body);
	web_free (&a);
}

STORY (tasks_of_leads_named,
       "What is to be done about a lead that is no contact yet bears the name of who asked, as it is now, and says it to nobody who may not see the lead")
{
	struct workspace *w = given_workspace (s, "leadtask", "dynamics");
	struct user anna = given_user (s, "anna@leadtask.nl", "--workspace leadtask --role owner"),
		    luis = given_user (s, "luis@leadtask.nl", "--workspace leadtask --role sdr");
	struct web_answer a = web (s, w->key, "POST", "/api/crm/leads",
				   "{\"name\":\"Jon Smith\",\"email\":\"john@leadtask.test\",\"source\":\"referral\",\"owner_id\":\"%s\"}",
				   anna.id);
	CHECK (a.status == 201, "a lead is %d: %s", a.status, a.body);
	struct uuid lead = uuid_at (a.json, "id");
	web_free (&a);
	settle (s);
	char rest[1000], path[100];
	const struct user *const whose[] = { &anna, &luis };
	for (size_t i = 0; i < LENGTH (whose); i++) {
		snprintf (rest, sizeof rest,
			  "\"kind\":\"task\",\"subject\":\"Bel terug\",\"due_at\":\"2027-01-05T09:00:00Z\",\"owner_id\":\"%s\"",
			  whose[i]->id);
		made (s, w, "lead_id", lead, rest);
	}
	task_about (s, &anna, "Jon Smith");
	task_about (s, &luis, "-");
	snprintf (path, sizeof path, "/api/crm/leads/%s", id_text (lead));
	a = when_user_asks (s, &anna, "PUT", path, "{\"name\":\"John Smith\"}");
	then_status (&a, 200);
	settle (s);
	task_about (s, &anna, "John Smith");
	a = when_user_asks (s, &anna, "GET", "/api/crm/calendar?from=2027-01-01T00:00:00Z&to=2027-02-01T00:00:00Z", NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "data.0.about.title"), "John Smith"), "the calendar says %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_text (lead));
	a = when_user_asks (s, &anna, "POST", path, "{\"stage\":\"won\"}");
	then_status (&a, 200);
	settle (s);
	then_number (s, 0, "people who are no contact yet", "select count(*) from contacts.lead_person where workspace_id = '%s'", w->id);
	task_about (s, &anna, "John Smith");
}
