/* The link to one's calendar: what stands behind it, whose it is, when it is good no longer. It must never stand anywhere but in the answer that made it. */
#include <string.h>
#include "story.h"

/* A new link of theirs, as a path, and its token. */
static void link_made (struct stack *s, const struct user *u, char ret_path[100], char ret_token[64])
{
	struct web_answer a = when_user_asks (s, u, "POST", "/api/crm/calendar/link", "{}");
	const char *url = text_at (a.json, "url"), *path = strstr (url, "/calendar/");
	CHECK (a.status == 201 && path && strlen (path) == strlen ("/calendar/") + 32 + 4, "a link is %d: %s", a.status, a.body);
	CHECK (*text_at (a.json, "created_at"), "since when it is good is not told: %s", a.body);
	snprintf (ret_path, 100, "%s", path);
	snprintf (ret_token, 64, "%.32s", path + strlen ("/calendar/"));
	web_free (&a);
}

/* Nobody is logged in. */
static struct web_answer feed (struct stack *s, const char *path, const char *tag)
{
	char known[300];
	snprintf (known, sizeof known, "If-None-Match: %s", tag ? tag : "x");
	return web_ask (s, &(struct web_request){ .method = "GET", .url = path, .header = { known } });
}

static void feed_is (struct stack *s, const char *path, int status, const char *part, const char *not_part)
{
	struct web_answer a = feed (s, path, NULL);
	CHECK (a.status == status && (!part || strstr (a.body, part)) && (!not_part || !strstr (a.body, not_part)),
	       "the calendar is %d with %s, without %s? %s", a.status, part ? part : "-", not_part ? not_part : "-", a.body);
	web_free (&a);
}

static struct uuid planned (struct stack *s, const struct user *u, struct uuid deal, const char *rest)
{
	char body[1500];
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\",%s}", id_text (deal), rest);
	struct web_answer a = when_user_asks (s, u, "POST", "/api/crm/activities", body);
	CHECK (a.status == 201, "an activity is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void changed (struct stack *s, const struct user *u, const char *method, struct uuid id, const char *body, int status)
{
	char path[100];
	snprintf (path, sizeof path, "/api/crm/activities/%s", id_text (id));
	struct web_answer a = when_user_asks (s, u, method, path, body);
	CHECK (a.status == status, "%s %s is %d: %s", method, path, a.status, a.body);
	web_free (&a);
}

/* What stands between BEGIN:VEVENT and END:VEVENT of that activity, unfolded; heap. */
static char *event_of (const char *body, struct uuid id)
{
	char *flat = strdup (body), *to = flat;
	for (const char *c = body; *c; c++)
		if (!strncmp (c, "\r\n ", 3))
			c += 2;
		else
			*to++ = *c;
	*to = 0;
	char uid[80];
	snprintf (uid, sizeof uid, "UID:%s@leadwire\r\n", id_text (id));
	char *at = strstr (flat, uid), *end = at ? strstr (at, "END:VEVENT\r\n") : NULL;
	CHECK (at && end, "%s is not in the calendar: %s", id_text (id), body);
	char *ret = strndup (at, (size_t) (end - at));
	free (flat);
	return ret;
}

static void event_has (struct stack *s, const char *path, struct uuid id, const char *const parts[], size_t n)
{
	struct web_answer a = feed (s, path, NULL);
	char *event = event_of (a.body, id);
	for (size_t i = 0; i < n; i++)
		CHECK (parts[i][0] == '!' ? !strstr (event, parts[i] + 1) : strstr (event, parts[i]) != NULL, "%s? %s", parts[i], event);
	free (event);
	web_free (&a);
}
#define EVENT_HAS(s, path, id, ...) \
	event_has (s, path, id, (const char *const[]){ __VA_ARGS__ }, sizeof (const char *const[]){ __VA_ARGS__ } / sizeof (char *))

/* Every line is short, ends in CRLF and begins with a whole character. */
static void lines_fit (const char *body)
{
	size_t length = 0;
	for (const char *c = body; *c; c++) {
		if (*c == '\r' && c[1] == '\n') {
			CHECK (length <= 75, "a line of %zu octets before %.60s", length, c);
			length = 0;
			c++;
			continue;
		}
		CHECK (*c != '\n' && *c != '\r', "an end of line that is none: %.60s", c);
		CHECK (length > 1 || ((unsigned char) *c & 0xc0) != 0x80, "a line begins within a character: %.60s", c);
		length++;
	}
	CHECK (length == 0, "the last line has no end");
}

STORY (calendar_is_told,
       "A link leads to what its owner has to do, as iCalendar: escaped, folded, with a reminder, a number that grows and a mark that says nothing is new")
{
	struct workspace *w = given_workspace (s, "agenda", "commerce");
	struct user ana = given_user (s, "ana@agenda.test", "--workspace agenda --role sales"),
		    bo = given_user (s, "bo@agenda.test", "--workspace agenda --role manager");
	struct uuid deal = given_deal_of (s, w, "Zoë; d’Arc, B.V.", "zoe@agenda.test", "Vraag");
	char path[100], token[64], tag[200], rest[1000];
	snprintf (
		rest, sizeof rest,
		"\"kind\":\"call\",\"subject\":\"Bellen; over de prijs, \\\\ en meer\\ntweede regel €€€€€€€€€€€€€€€€€€€€€€€€€€€€€€\",\"note\":\"Geheime notitie\","
		"\"due_at\":\"2027-01-05T09:00:00+01:00\",\"remind_at\":\"2027-01-05T08:45:00+01:00\",\"owner_id\":\"%s\"",
		ana.id);
	struct uuid call = planned (s, &bo, deal, rest);
	planned (s, &bo, deal, "\"kind\":\"meeting\",\"subject\":\"Van Bo zelf\",\"due_at\":\"2027-01-06T09:00:00Z\"");
	planned (s, &bo, deal, "\"kind\":\"note\",\"note\":\"Zomaar\"");
	settle (s);
	link_made (s, &ana, path, token);

	struct web_answer a = feed (s, path, NULL);
	char type[100] = "";
	CHECK (a.status == 200 && web_header (&a, "Content-Type", type, sizeof type) && !strcmp (type, "text/calendar; charset=utf-8"),
	       "the calendar is %d, %s: %s", a.status, type, a.body);
	lines_fit (a.body);
	CHECK (!strncmp (a.body, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:", 37), "it begins with %.60s", a.body);
	CHECK (!strstr (a.body, "Van Bo"), "another one's activity stands in it: %s", a.body);
	CHECK (!strstr (a.body, "Geheime"), "a note stands in it: %s", a.body);
	CHECK (strstr (a.body, "BEGIN:VEVENT") && !strstr (strstr (a.body, "BEGIN:VEVENT") + 5, "BEGIN:VEVENT"), "not one event: %s",
	       a.body);
	CHECK (web_header (&a, "ETag", tag, sizeof tag), "it has no mark");
	char referrer[60] = "";
	web_header (&a, "Referrer-Policy", referrer, sizeof referrer);
	CHECK (!strcmp (referrer, "no-referrer"), "its address is told elsewhere: %s", referrer);
	web_free (&a);
	EVENT_HAS (
		s, path, call, "DTSTART:20270105T080000Z\r\n", "SEQUENCE:1\r\n", "STATUS:CONFIRMED\r\n",
		"SUMMARY:Bellen\\; over de prijs\\, \\\\ en meer\\ntweede regel €€€€€€€€€€€€€€€€€€€€€€€€€€€€€€ · Zoë\\; d’Arc\\, B.V.\r\n",
		"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER;VALUE=DATE-TIME:20270105T074500Z\r\n", "/crm?type=prospect&id=");
	a = feed (s, path, tag);
	CHECK (a.status == 304 && !a.n, "what is known is told again: %d", a.status);
	web_free (&a);

	changed (s, &bo, "PUT", call, "{\"due_at\":\"2027-01-05T12:30:00Z\"}", 200);
	settle (s);
	a = feed (s, path, tag);
	CHECK (a.status == 200, "what was moved is not told: %d", a.status);
	web_free (&a);
	EVENT_HAS (s, path, call, "DTSTART:20270105T123000Z\r\n", "SEQUENCE:2\r\n");
	changed (s, &ana, "PUT", call, "{\"done\":true}", 200);
	settle (s);
	EVENT_HAS (s, path, call, "SUMMARY:✓ Bellen", "!VALARM");
	changed (s, &ana, "DELETE", call, NULL, 204);
	settle (s);
	EVENT_HAS (s, path, call, "STATUS:CANCELLED\r\n", "SUMMARY:Call\r\n", "!Bellen", "!URL", "!VALARM");
	sql_do (s, "update contacts.activity set removed_at = now() - interval '92 days' where id = '%s'", id_text (call));
	feed_is (s, path, 200, "BEGIN:VCALENDAR", "VEVENT");

	snprintf (rest, sizeof rest,
		  "\"kind\":\"task\",\"subject\":\"Van een deal die weg is\",\"due_at\":\"2027-01-05T09:00:00Z\",\"owner_id\":\"%s\"",
		  ana.id);
	planned (s, &bo, deal, rest);
	settle (s);
	feed_is (s, path, 200, "Van een deal die weg is", NULL);
	snprintf (rest, sizeof rest, "/api/crm/deals/%s", id_text (deal));
	a = when_user_asks (s, &bo, "DELETE", rest, NULL);
	then_status (&a, 204);
	settle (s);
	feed_is (s, path, 200, "BEGIN:VCALENDAR", "VEVENT");
}

STORY (calendar_link_is_ones_own,
       "A link is told once and kept nowhere; a new one, another password or being switched off ends it; whoever belongs nowhere has an empty calendar")
{
	struct workspace *w = given_workspace (s, "agenda-b", "commerce");
	struct user cas = given_user (s, "cas@agenda.test", "--workspace agenda-b --role sales"),
		    dea = given_user (s, "dea@agenda.test", "--workspace agenda-b --role sales"),
		    gus = given_user (s, "gus@agenda.test", "--workspace agenda-b --role manager"),
		    admin = given_user (s, "admin@agenda.test", "--admin");
	struct uuid deal = given_deal_of (s, w, "Eva Smit", "eva@agenda.test", "Vraag");
	char path[100], token[64], old[100], hers[100], body[300];
	snprintf (body, sizeof body, "\"kind\":\"call\",\"subject\":\"Van Cas\",\"due_at\":\"2027-01-05T09:00:00Z\",\"owner_id\":\"%s\"",
		  cas.id);
	planned (s, &gus, deal, body);
	snprintf (body, sizeof body, "\"kind\":\"call\",\"subject\":\"Van Dea\",\"due_at\":\"2027-01-05T09:00:00Z\",\"owner_id\":\"%s\"",
		  dea.id);
	planned (s, &gus, deal, body);
	settle (s);
	struct web_answer a = when_user_asks (s, &cas, "GET", "/api/crm/calendar/link", NULL);
	CHECK (a.status == 200 && json_is_null (json_at (a.json, "created_at")), "a link before one was made: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/calendar/link", "{}");
	then_problem (&a, 403, "forbidden");
	a = web (s, NULL, "POST", "/api/crm/calendar/link", "{}");
	then_problem (&a, 401, "unauthenticated");
	link_made (s, &cas, old, token);
	feed_is (s, old, 200, "Van Cas", "Van Dea");
	link_made (s, &cas, path, token);
	feed_is (s, old, 404, "not_found", "VEVENT");
	feed_is (s, path, 200, "Van Cas", "Van Dea");
	feed_is (s, "/calendar/aaaabbbbccccddddeeeeffffgggghhhh.ics", 404, NULL, "VEVENT");
	feed_is (s, "/calendar/x.ics", 404, NULL, "VEVENT");
	a = when_user_asks (s, &cas, "GET", "/api/crm/calendar/link", NULL);
	CHECK (a.status == 200 && *text_at (a.json, "created_at") && !strstr (a.body, "url"), "the link is told again: %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &dea, "GET", "/api/crm/calendar/link", NULL);
	CHECK (json_is_null (json_at (a.json, "created_at")), "another one's link is told: %s", a.body);
	web_free (&a);

	/* nowhere but with its owner */
	char command[600];
	snprintf (command, sizeof command, "grep -aqF %s %s/log/*", token, s->var);
	CHECK (system (command) != 0, "its token stands in a log");
	a = web_ask (s, &(struct web_request){ .method = "GET", .url = "/metrics" });
	CHECK (!strstr (a.body, token), "its token stands in the metrics");
	web_free (&a);
	then_number (
		s, 0, "rows that hold its token",
		"select count(*) from (select t::text from gateway.reply t union all select t::text from gateway.audit t union all select t::text from "
		"gateway.calendar_link t union all select t::text from gateway.event t) x (t) where strpos(t, '%s') > 0",
		token);
	then_number (s, 2, "lines of the audit", "select count(*) from gateway.audit where what = 'calendar_link_make' and actor = '%s'",
		     cas.id);

	/* dead for good, or empty */
	link_made (s, &dea, hers, token);
	feed_is (s, hers, 200, "Van Dea", "Van Cas");
	snprintf (body, sizeof body, "/api/users/%s/member?workspace=agenda-b", dea.id);
	a = when_user_asks (s, &admin, "PUT", body, "{\"role\":\"sales\",\"active\":false}");
	then_status (&a, 200);
	settle (s);
	feed_is (s, hers, 200, "BEGIN:VCALENDAR", "VEVENT");
	snprintf (body, sizeof body, "{\"old_password\":\"%s\",\"new_password\":\"heel iets anders 9\"}", cas.password);
	a = when_user_asks (s, &cas, "POST", "/api/me/password", body);
	CHECK (a.status / 100 == 2, "another password is %d: %s", a.status, a.body);
	web_free (&a);
	settle (s);
	feed_is (s, path, 404, "not_found", "VEVENT");
	link_made (s, &cas, path, token);
	snprintf (body, sizeof body, "/api/users/%s", cas.id);
	a = when_user_asks (s, &admin, "PUT", body, "{\"disabled\":true}");
	then_status (&a, 200);
	settle (s);
	feed_is (s, path, 404, "not_found", "VEVENT");
	a = when_user_asks (s, &admin, "PUT", body, "{\"disabled\":false}");
	then_status (&a, 200);
	settle (s);
	feed_is (s, path, 404, "not_found", "VEVENT");

	link_made (s, &admin, path, token);
	feed_is (s, path, 200, "BEGIN:VCALENDAR", "VEVENT"); /* an admin sees all, and has nothing to do */
	a = when_user_asks (s, &admin, "DELETE", "/api/crm/calendar/link", NULL);
	then_status (&a, 204);
	feed_is (s, path, 404, "not_found", NULL);
	a = when_user_asks (s, &admin, "DELETE", "/api/crm/calendar/link", NULL);
	then_status (&a, 204);
}

STORY_ALONE (calendar_is_throttled,
	     "Somebody who tries links waits longer and longer, and a program that asks all the time is told to come back later")
{
	given_workspace (s, "agenda-c", "commerce");
	struct user fay = given_user (s, "fay@agenda.test", "--workspace agenda-c --role sales");
	char path[100], token[64], wait[20] = "";
	int status = 0;
	link_made (s, &fay, path, token);
	for (int i = 0; i < 31; i++) {
		struct web_answer a = feed (s, path, NULL);
		CHECK (a.status == (i < 30 ? 200 : 429), "question %d is %d", i, a.status);
		web_header (&a, "Retry-After", wait, sizeof wait);
		web_free (&a);
	}
	CHECK (!strcmp (wait, "60"), "when to come back: %s", wait);
	for (int i = 0; i < 40 && status != 429; i++) {
		struct web_answer a = feed (s, "/calendar/aaaabbbbccccddddeeeeffffgggghhhh.ics", NULL);
		status = a.status;
		CHECK (status == 404 || status == 429, "a guess is %d", status);
		web_free (&a);
	}
	CHECK (status == 429, "forty guesses cost nothing");
	char body[300];
	snprintf (body, sizeof body, "{\"email\":\"%s\",\"password\":\"%s\"}", fay.email, fay.password);
	struct web_answer a = when_user_asks (s, &fay, "POST", "/api/login", body);
	CHECK (a.status == 200, "who tried links cannot log in: %d %s", a.status, a.body);
	web_free (&a);
}
