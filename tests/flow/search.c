/* Search over everything, and the bell. PRODUCT's S3-7: groups, accents, rights; before and after the pages of search are written. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

/* How many hits of a kind; the first one's title goes to `ret_title` when it is given. */
static size_t hits (struct stack *s, const struct user *u, const char *query, const char *group, char *ret_title, size_t room)
{
	char path[300], place[60];
	snprintf (path, sizeof path, "/api/crm/search?q=%s", query);
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %.300s", path, a.status, a.body);
	CHECK (json_is_false (json_at (a.json, "partial")), "a service did not answer: %.300s", a.body);
	snprintf (place, sizeof place, "data.%s", group);
	size_t n = json_array_size (json_at (a.json, place));
	snprintf (place, sizeof place, "data.%s.0.title", group);
	if (ret_title)
		snprintf (ret_title, room, "%s", text_at (a.json, place));
	web_free (&a);
	return n;
}

/* The first hit of a kind is one that is similar, and says so. */
static bool is_near (struct stack *s, const struct user *u, const char *query, const char *group)
{
	char path[300], place[60];
	snprintf (path, sizeof path, "/api/crm/search?q=%s", query);
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	snprintf (place, sizeof place, "data.%s.0.near", group);
	bool ret = a.status == 200 && json_is_true (json_at (a.json, place));
	web_free (&a);
	return ret;
}

static void then_found (struct stack *s, const struct user *u, const char *query, size_t leads, size_t deals, size_t contacts)
{
	size_t l = hits (s, u, query, "leads", NULL, 0), d = hits (s, u, query, "opportunities", NULL, 0),
	       c = hits (s, u, query, "contacts", NULL, 0);
	CHECK (l == leads && d == deals && c == contacts, "%s finds for '%s' %zu leads, %zu deals, %zu contacts, not %zu, %zu, %zu",
	       u->email, query, l, d, c, leads, deals, contacts);
}

static void lead_posted (struct stack *s, struct workspace *w, const char *json)
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/leads", "%s", json);
	then_status (&a, 201);
}

/* Leads enough that search writes pages. */
static void many_leads (struct stack *s, struct workspace *w, int n)
{
	char *body = heap_alloc ((size_t) n * 90 + 10), *p = body;
	*p++ = '[';
	for (int i = 0; i < n; i++)
		p += sprintf (p, "%s{\"name\":\"Vulling %d\",\"email\":\"v%d@vulling.nl\"}", i ? "," : "", i, i);
	*p++ = ']';
	*p = 0;
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST", .url = w->hook, .body = body, .ms = 30000 });
	then_status (&a, 202);
	heap_free (body);
}

STORY_ALONE (
	s3_7_search,
	"S3-7: search finds by beginnings of words and by number, without accents, in all groups and no foreign workspace; on pages as off them")
{
	struct workspace *w = given_workspace (s, "search-a", "commerce"), *other = given_workspace (s, "search-b", "commerce");
	struct user a = given_user (s, "a@search.nl", "--workspace search-a --role owner"),
		    b = given_user (s, "b@search.nl", "--workspace search-b --role owner"),
		    sdr = given_user (s, "sdr@search.nl", "--workspace search-a --role sdr");
	char title[200], json[300];
	lead_posted (s, w, "{\"name\":\"Jürgen Müller\",\"email\":\"j@mueller.de\"}");
	lead_posted (s, w, "{\"name\":\"Piet de Vries\",\"email\":\"piet@vries.nl\",\"company\":\"Acme Corp\"}");
	lead_posted (s, w, "{\"name\":\"John\",\"email\":\"john@acme.test\",\"company\":\"Straße & Zn\"}");
	snprintf (json, sizeof json, "{\"name\":\"Eigen Klant\",\"email\":\"eigen@klant.nl\",\"owner_id\":\"%s\"}", sdr.id);
	lead_posted (s, w, json);
	lead_posted (s, other, "{\"name\":\"Geheim Persoon\",\"email\":\"geheim@elders.nl\"}");
	settle (s);
	/* a deal does not know its contact's e-mail: whoever is found by that brings their deals */
	CHECK (hits (s, &a, "acme", "leads", NULL, 0) == 2 && hits (s, &a, "acme", "contacts", NULL, 0) == 2, "acme before pages");
	CHECK (hits (s, &a, "acme", "opportunities", NULL, 0) == 2, "deals of acme");
	then_found (s, &a, "piet@vries.nl", 1, 1, 1);
	then_found (s, &a, "john@acme", 1, 1, 1);
	then_found (s, &sdr, "piet@vries.nl", 0, 0, 0);
	then_found (s, &b, "piet@vries.nl", 0, 0, 0);
	char *john = sql_text (s, "select id from contacts.contact where email = 'john@acme.test'");
	struct web_answer by_hand = web (s, w->key, "POST", "/api/crm/deals", "{\"title\":\"Tweede opdracht\",\"contact_id\":\"%s\"}",
					 john);
	then_status (&by_hand, 201);
	settle (s);
	then_found (s, &a, "john@acme", 1, 2, 1);
	free (john);
	char *number = sql_text (s, "select number from lead_intake.lead where name = 'Piet de Vries'"), query[40];
	snprintf (query, sizeof query, "%%23%s", number);
	CHECK (hits (s, &a, query, "leads", title, sizeof title) == 1 && !strcmp (title, "Piet de Vries"), "number %s finds %s", number,
	       title);
	free (number);
	then_found (s, &a, "muller", 1, 1, 1);
	then_found (s, &a, "M%C3%9CLLER", 1, 1, 1);
	then_found (s, &a, "vri%20pie", 1, 1, 1);
	then_found (s, &a, "strasse", 1, 2, 1);
	/* inside a word; one letter wrong, missing, too many or swapped; and then not just anything */
	then_found (s, &a, "ries", 1, 1, 1);
	then_found (s, &a, "mulelr", 1, 1, 1);
	then_found (s, &a, "muler%20jurgen", 1, 1, 1);
	CHECK (is_near (s, &a, "mulelr", "leads") && is_near (s, &a, "mulelr", "contacts") && !is_near (s, &a, "ries", "leads"),
	       "what is similar does not say so, or what holds it does");
	then_found (s, &a, "murrel", 0, 0, 0);
	then_found (s, &sdr, "ries", 0, 0, 0);
	then_found (s, &sdr, "mulelr", 0, 0, 0);
	then_found (s, &b, "ries", 0, 0, 0);
	then_found (s, &a, "%25", 0, 0, 0);
	then_found (s, &a, "geheim", 0, 0, 0);
	then_found (s, &b, "geheim", 1, 1, 1);
	then_found (s, &b, "muller", 0, 0, 0);
	then_found (s, &sdr, "acme", 0, 0, 0);
	then_found (s, &sdr, "eigen", 1, 1, 1);
	/* enough that pages are written by whoever searches */
	many_leads (s, w, 1500);
	settle (s);
	then_found (s, &a, "muller", 1, 1, 1);
	UNTIL (15000,
	       sql_number (
		       s,
		       "select (select count(*) from lead_intake.workspace where search_upto is not null) + (select count(*) from pipeline.workspace where "
		       "search_upto is not null) + (select count(*) from contacts.workspace where search_upto is not null)") == 3,
	       "no pages were written");
	settle (s);
	then_number (s, 1504, "leads in blocks", "select sum(cardinality(ids)) from lead_intake.search_block");
	then_number (s, 1504, "leads on pages", "select sum(cardinality(ids)) from lead_intake.search_page where n > 1");
	then_number (s, 1504, "contacts on pages", "select sum(cardinality(ids)) from contacts.search_page where n > 1");
	then_found (s, &a, "muller", 1, 1, 1);
	then_found (s, &a, "vri%20pie", 1, 1, 1);
	then_found (s, &a, "strasse", 1, 2, 1);
	then_found (s, &a, "geheim", 0, 0, 0);
	then_found (s, &b, "geheim", 1, 1, 1);
	then_found (s, &sdr, "acme", 0, 0, 0);
	then_found (s, &sdr, "eigen", 1, 1, 1);
	then_found (s, &a, "vulling%201499", 1, 1, 1);
	then_found (s, &a, "ries", 1, 1, 1);
	then_found (s, &a, "mulelr", 1, 1, 1);
	then_found (s, &sdr, "ries", 0, 0, 0);
	then_found (s, &b, "mulelr", 0, 0, 0);
	/* what changes, and what comes from another time, is found from its page of its own */
	char *contact = sql_text (s, "select id from contacts.contact where name = 'Jürgen Müller'"), path[200];
	snprintf (path, sizeof path, "/api/crm/contacts/%s", contact);
	struct web_answer x = when_user_asks (s, &a, "PUT", path, "{\"name\":\"Jürgen Schröder\"}");
	then_status (&x, 200);
	settle (s);
	CHECK (hits (s, &a, "schroder", "contacts", NULL, 0) == 1 && is_near (s, &a, "muller", "contacts"), "a renamed contact");
	then_found (s, &a, "chrode", 0, 1, 1);
	CHECK (hits (s, &a, "schroder", "opportunities", NULL, 0) == 1, "a renamed contact's deal");
	free (contact);
	x = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = "/api/crm/leads",
					       .key = w->key,
					       .body = "{\"name\":\"Oude Bekende\",\"email\":\"oud@bekend.nl\"}",
					       .header = { "CRM-Time: 2020-01-02T03:04:05Z" } });
	then_status (&x, 201);
	settle (s);
	then_found (s, &a, "bekende", 1, 1, 1);
	x = when_user_asks (s, &a, "GET", "/api/crm/search?q=x&limit=51", NULL);
	then_status (&x, 422);
	x = when_user_asks (s, &a, "GET", "/api/crm/search", NULL);
	then_status (&x, 422);
	then_no_dead_letters (s);
}

STORY (bell, "New leads ring until they were seen; what a person has seen, they have seen everywhere")
{
	struct workspace *w = given_workspace (s, "bell", "commerce");
	struct user u = given_user (s, "me@bell.nl", "--workspace bell --role owner"),
		    sdr = given_user (s, "sdr@bell.nl", "--workspace bell --role sdr");
	lead_posted (s, w, "{\"name\":\"Eerste\"}");
	lead_posted (s, w, "{\"name\":\"Tweede\"}");
	settle (s);
	struct web_answer a = when_user_asks (s, &u, "GET", "/api/notifications", NULL);
	CHECK (a.status == 200 && number_at (a.json, "unseen") == 2 && !strcmp (text_at (a.json, "data.0.title"), "Tweede"),
	       "the bell: %d %s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &u, "POST", "/api/notifications/seen", "{}");
	then_status (&a, 204);
	a = when_user_asks (s, &u, "GET", "/api/notifications", NULL);
	CHECK (number_at (a.json, "unseen") == 0 && json_array_size (json_at (a.json, "data")) == 2 &&
		       json_is_true (json_at (a.json, "data.0.seen")),
	       "it rings on: %s", a.body);
	web_free (&a);
	lead_posted (s, w, "{\"name\":\"Derde\"}");
	settle (s);
	a = when_user_asks (s, &u, "GET", "/api/notifications?limit=1", NULL);
	CHECK (number_at (a.json, "unseen") == 1 && json_array_size (json_at (a.json, "data")) == 1 &&
		       !strcmp (text_at (a.json, "data.0.title"), "Derde"),
	       "a third: %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &sdr, "GET", "/api/notifications", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 0, "the bell of somebody whose leads these are not: %s",
	       a.body);
	web_free (&a);
}
