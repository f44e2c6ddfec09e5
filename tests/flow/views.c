/* How people like their pages and what they keep under a name: theirs alone, on every device, or shared. */
#include <string.h>
#include "story.h"

static struct web_answer prefs_put (struct stack *s, const struct user *u, const char *where, const char *body)
{
	char path[200];
	snprintf (path, sizeof path, "/api/me/prefs%s", where);
	return when_user_asks (s, u, "PUT", path, body);
}

static void then_prefs (struct stack *s, const struct user *u, const char *where, const char *expected)
{
	char path[200];
	snprintf (path, sizeof path, "/api/me/prefs%s", where);
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	char *is = a.json ? json_dumps (json_at (a.json, "data"), JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	CHECK (a.status == 200 && is && !strcmp (is, expected), "%s likes %s as %s, not %s", u->email, where, is ? is : a.body, expected);
	free (is);
	web_free (&a);
}

STORY (prefs_are_ones_own,
       "How somebody likes a page is kept by workspace, laid over what was, told to their other devices and to nobody else")
{
	given_workspace (s, "prefs-a", "follow-up");
	given_workspace (s, "prefs-b", "commerce");
	struct user ana = given_user (s, "ana@prefs.test", "--workspace prefs-a --role sales"),
		    bo = given_user (s, "bo@prefs.test", "--workspace prefs-a --role manager"),
		    admin = given_user (s, "admin@prefs.test", "--admin");
	struct stream *hers = stream_open_as (s, NULL, ana.cookie, NULL), *his = stream_open_as (s, NULL, bo.cookie, NULL);
	struct web_answer a = prefs_put (s, &ana, "",
					 "{\"place\":\"deals\",\"content\":{\"columns\":[\"company\",\"stage\"],\"sort\":\"-value\"}}");
	then_status (&a, 200);
	stream_wait (hers, "prefs.changed", "deals", 5000, NULL);
	a = prefs_put (s, &ana, "", "{\"place\":\"deals\",\"content\":{\"columns\":null,\"view\":\"table\"}}");
	CHECK (a.status == 200 && number_at (a.json, "version") == 2, "the second version is %s", a.body);
	web_free (&a);
	then_prefs (s, &ana, "?place=deals", "[{\"content\":{\"sort\":\"-value\",\"view\":\"table\"},\"place\":\"deals\",\"version\":2}]");
	a = prefs_put (s, &ana, "", "{\"place\":\"deals\",\"content\":{\"view\":\"table\"}}");
	CHECK (a.status == 200 && number_at (a.json, "version") == 2, "what changes nothing is no version: %s", a.body);
	web_free (&a);
	then_prefs (s, &bo, "", "[]");
	CHECK (!stream_heard (his, "prefs.changed"), "another one was told how she likes her page");
	stream_close (&hers), stream_close (&his);

	a = prefs_put (s, &admin, "?workspace=prefs-b", "{\"place\":\"deals\",\"content\":{\"sort\":\"company\"}}");
	then_status (&a, 200);
	a = prefs_put (s, &admin, "", "{\"place\":\"deals\",\"content\":{\"sort\":\"stage\"}}");
	then_status (&a, 200);
	then_prefs (s, &admin, "?workspace=prefs-b", "[{\"content\":{\"sort\":\"company\"},\"place\":\"deals\",\"version\":1}]");
	then_prefs (s, &admin, "", "[{\"content\":{\"sort\":\"stage\"},\"place\":\"deals\",\"version\":1}]");
	then_prefs (s, &admin, "?workspace=prefs-a", "[]");
}

STORY (prefs_are_bounded, "What a page keeps is an object of a bounded size, asked of somebody who is logged in and belongs there")
{
	struct workspace *w = given_workspace (s, "prefs-a", "follow-up");
	given_workspace (s, "prefs-b", "commerce");
	struct user cas = given_user (s, "cas@prefs.test", "--workspace prefs-a --role sales");
	static char big[20000];
	struct web_answer a = prefs_put (s, &cas, "", "{\"place\":\"deals\",\"content\":[1]}");
	then_problem (&a, 422, "invalid");
	a = prefs_put (s, &cas, "", "{\"place\":\"Deals!\",\"content\":{}}");
	then_problem (&a, 422, "invalid");
	a = prefs_put (s, &cas, "", "{\"place\":\"deals\"}");
	then_problem (&a, 422, "invalid");
	for (int half = 0; half < 2; half++) {
		size_t n = (size_t) snprintf (big, sizeof big, "{\"place\":\"big\",\"content\":{\"%c\":\"", 'a' + half);
		memset (big + n, 'x', 10000);
		snprintf (big + n + 10000, sizeof big - n - 10000, "\"}}");
		a = prefs_put (s, &cas, "", big);
		CHECK (a.status == (half ? 422 : 200), "%d times ten kilobytes are %d: %.200s", half + 1, a.status, a.body);
		web_free (&a);
	}
	for (int i = 0; i < 100; i++) { /* "big" is one of the hundred */
		snprintf (big, sizeof big, "{\"place\":\"page-%d\",\"content\":{\"a\":1}}", i);
		a = prefs_put (s, &cas, "", big);
		CHECK (a.status == (i < 99 ? 200 : 422), "page %d is %d: %s", i, a.status, a.body);
		web_free (&a);
	}
	a = prefs_put (s, &cas, "", "{\"place\":\"page-1\",\"content\":{\"a\":2}}");
	then_status (&a, 200);
	a = prefs_put (s, &cas, "?workspace=prefs-b", "{\"place\":\"deals\",\"content\":{}}");
	then_problem (&a, 404, "workspace_not_found");
	a = web (s, w->key, "GET", "/api/me/prefs", NULL);
	then_problem (&a, 403, "forbidden");
	a = web (s, NULL, "GET", "/api/me/prefs", NULL);
	then_problem (&a, 401, "unauthenticated");
}

static void then_views (struct stack *s, const struct user *u, size_t n)
{
	struct web_answer a = when_user_asks (s, u, "GET", "/api/crm/views?place=deals", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == n, "%s sees not %zu views: %d %s", u->email, n, a.status,
	       a.body);
	web_free (&a);
}

/* Its address. */
static void view_made (struct stack *s, const struct user *u, const char *body, char ret_path[120])
{
	struct web_answer a = when_user_asks (s, u, "POST", "/api/crm/views", body);
	CHECK (a.status == 201, "%s makes no view: %d %s", u->email, a.status, a.body);
	snprintf (ret_path, 120, "/api/crm/views/%s", text_at (a.json, "id"));
	web_free (&a);
}

STORY (views_are_kept_and_shared,
       "A view is its owner's; shared, everybody sees it and only who may change settings takes it away; live on other screens")
{
	given_workspace (s, "views", "follow-up");
	struct user luis = given_user (s, "luis@views.test", "--workspace views --role sdr"),
		    ana = given_user (s, "ana@views.test", "--workspace views --role sales"),
		    boss = given_user (s, "boss@views.test", "--workspace views --role owner");
	char own[120], shared[120];
	view_made (s, &luis, "{\"place\":\"deals\",\"name\":\"Mijn open\",\"content\":{\"kind\":\"open\"}}", own);
	then_views (s, &luis, 1);
	then_views (s, &ana, 0);
	struct web_answer a = when_user_asks (s, &ana, "GET", own, NULL);
	then_problem (&a, 404, "view_not_found");
	a = when_user_asks (s, &boss, "DELETE", own, NULL);
	then_problem (&a, 404, "view_not_found");
	a = when_user_asks (s, &luis, "POST", "/api/crm/views", "{\"place\":\"deals\",\"name\":\"mijn OPEN\",\"content\":{}}");
	then_problem (&a, 422, "invalid");

	struct stream *heard = stream_open_as (s, NULL, ana.cookie, NULL);
	view_made (s, &luis, "{\"place\":\"deals\",\"name\":\"Van ons\",\"shared\":true,\"content\":{\"stage\":[\"new\"]}}", shared);
	stream_wait (heard, "view.changed", shared + strlen ("/api/crm/views/"), 5000, NULL);
	stream_close (&heard);
	then_views (s, &luis, 2);
	then_views (s, &ana, 1);
	a = when_user_asks (s, &ana, "GET", shared, NULL);
	then_status (&a, 200);
	a = when_user_asks (s, &ana, "PUT", shared, "{\"name\":\"Van mij\"}");
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &ana, "DELETE", shared, NULL);
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &luis, "PUT", shared, "{\"name\":\"Onze nieuwe\",\"content\":{\"stage\":[\"won\"]}}");
	CHECK (a.status == 200 && number_at (a.json, "version") == 2, "the changed view is %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &boss, "DELETE", shared, NULL);
	then_status (&a, 204);
	then_views (s, &ana, 0);
	then_views (s, &luis, 1);
	a = when_user_asks (s, &luis, "DELETE", own, NULL);
	then_status (&a, 204);
	a = when_user_asks (s, &luis, "DELETE", own, NULL);
	then_problem (&a, 404, "view_not_found");
}
