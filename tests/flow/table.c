/* Deals as a table: each filter, each sort both ways, pages that are whole while rows come in, rights, refusals, and files that hold the same.
 * It must never take a list for right because it is not empty. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static struct uuid deal_made (struct stack *s, const struct workspace *w, const char *body)
{
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST", .url = "/api/crm/deals", .key = w->key, .body = body });
	CHECK (a.status == 201, "the deal is not made: %d %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

/* The titles of a list's rows, with blanks between them. */
static void titles_add (struct buffer *out, json_t *rows)
{
	json_t *row;
	size_t i;
	json_array_foreach (rows, i, row) buffer_printf (out, "%s%s", out->n ? " " : "", text_at (row, "title"));
}

static void lists (struct stack *s, const struct workspace *w, const char *query, const char *titles)
{
	char path[1000];
	struct buffer told = { 0 };
	snprintf (path, sizeof path, "/api/crm/deals?count=1&%s", query);
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	titles_add (&told, json_at (a.json, "data"));
	buffer_add (&told, "", 1);
	CHECK (!strcmp ((const char *) told.at, titles), "%s gives \"%s\", not \"%s\"", query, (const char *) told.at, titles);
	CHECK (number_at (a.json, "total") == (int64_t) json_array_size (json_at (a.json, "data")), "%s counts wrong: %s", query,
	       a.body + (a.n > 200 ? a.n - 200 : 0));
	buffer_fini (&told);
	web_free (&a);
}

/* The board and the counts of the same question, against what the list says of it. */
static void board_agrees (struct stack *s, const struct workspace *w, const char *query, int64_t n, const char *sum)
{
	static const char *const pages[] = { "pipeline", "count" };
	for (size_t p = 0; p < LENGTH (pages); p++) {
		char path[1000];
		int64_t count = 0, cards = 0;
		json_t *part, *stage;
		size_t i, k;
		snprintf (path, sizeof path, "/api/crm/%s?%s", pages[p], query);
		struct web_answer a = web (s, w->key, "GET", path, NULL);
		CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
		json_array_foreach (json_at (a.json, "data"), i, part)
		{
			count += number_at (part, "count");
			json_array_foreach (json_at (part, "stages"), k, stage)
			{
				count += number_at (stage, "count");
				cards += (int64_t) json_array_size (json_at (stage, "cards"));
			}
		}
		CHECK (count == n && (p || cards == n), "%s counts %lld and shows %lld, not %lld: %s", path, (long long) count,
		       (long long) cards, (long long) n, a.body);
		CHECK (!sum || strstr (a.body, sum), "%s does not sum up to %s: %s", path, sum, a.body);
		web_free (&a);
	}
}

static void field_made (struct stack *s, const struct workspace *w, const char *kind, const char *key)
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/fields",
				   "{\"kind\":\"%s\",\"key\":\"%s\",\"label\":{\"en\":\"%s\",\"nl\":\"%s\"}}", kind, key, key, key);
	then_status (&a, 201);
}

/* Six deals in stages new and lost, the oldest called A; B and E are of nobody and have next to nothing. */
static void six_deals (struct stack *s, struct workspace *w, const struct user *ann)
{
	char body[1000];
	field_made (s, w, "number", "metres");
	field_made (s, w, "text", "colour");
	field_made (s, w, "money", "budget");
	field_made (s, w, "date", "visit");
	snprintf (
		body, sizeof body,
		"{\"title\":\"A\",\"company\":\"Zand BV\",\"owner_id\":\"%s\",\"value\":{\"amount\":\"1500.00\",\"currency\":\"EUR\"},"
		"\"close_date\":\"2026-12-10\",\"campaign\":null,\"channel\":\"inbound\",\"ecommerce_type\":\"own_shop\",\"weight_range\":\"from_5_to_20kg\","
		"\"content_type\":\"fashion\",\"account_type\":\"sme\",\"plan_type\":\"basic\",\"locale\":\"mx\",\"monthly_shipments\":100,\"probability\":70,"
		"\"custom\":{\"metres\":12,\"colour\":\"Donkerblauw\",\"budget\":{\"amount\":\"10.00\",\"currency\":\"EUR\"},\"visit\":\"2026-12-01\"}}",
		ann->id);
	deal_made (s, w, body);
	deal_made (s, w, "{\"title\":\"B\"}");
	snprintf (
		body, sizeof body,
		"{\"title\":\"C\",\"company\":\"Klei\",\"owner_id\":\"%s\",\"value\":{\"amount\":\"200.00\",\"currency\":\"EUR\"},"
		"\"close_date\":\"2026-12-01\",\"channel\":\"outbound\",\"ecommerce_type\":\"marketplace\",\"weight_range\":\"up_to_1kg\","
		"\"content_type\":\"electronics\",\"account_type\":\"startup\",\"plan_type\":\"plus\",\"locale\":\"co\",\"monthly_shipments\":300,"
		"\"custom\":{\"metres\":\"7.5\",\"colour\":\"rood\",\"budget\":{\"amount\":\"99.00\",\"currency\":\"EUR\"},\"visit\":\"2027-01-05\"}}",
		ann->id);
	deal_made (s, w, body);
	deal_made (s, w,
		   "{\"title\":\"D\",\"value\":{\"amount\":\"200.00\",\"currency\":\"EUR\"},\"close_date\":\"2026-12-01\","
		   "\"custom\":{\"metres\":100}}");
	deal_made (s, w, "{\"title\":\"E\"}");
	struct uuid lost = deal_made (s, w, "{\"title\":\"F\",\"value\":{\"amount\":\"9000.00\",\"currency\":\"EUR\"}}");
	snprintf (body, sizeof body, "/api/crm/deals/%s/stage", id_text (lost));
	struct web_answer a = web (s, w->key, "POST", body, "{\"stage\":\"lost\",\"loss_reason\":\"price\",\"note\":\"Te duur\"}");
	then_status (&a, 200);
}

STORY (table_filters, "Each filter finds what fits it and no more, alone and with others, and the board and the counts say the same")
{
	struct workspace *w = given_workspace (s, "table-filters", "follow-up");
	struct user ann = given_user (s, "ann@table-filters.test", "--workspace table-filters --role sales");
	char query[300], today[16];
	six_deals (s, w, &ann);
	char *day = sql_text (s, "select (now() at time zone timezone)::date::text from pipeline.workspace where workspace_id = '%s'",
			      w->id);
	snprintf (today, sizeof today, "%s", day);
	free (day);
#define LISTS(titles, ...) (snprintf (query, sizeof query, __VA_ARGS__), lists (s, w, query, titles))
	LISTS ("A B C D E F", "sort=title");
	LISTS ("F", "stage=lost");
	LISTS ("A B C D E", "stage=new&sort=title");
	LISTS ("A B C D E F", "stage=new,lost&sort=title");
	LISTS ("A B C D E F", "stage=new&stage=lost&sort=title");
	LISTS ("", "stage=nowhere");
	LISTS ("F", "kind=lost,won");
	LISTS ("A B C D E", "kind=open&sort=title");
	LISTS ("", "pipeline=nowhere");
	LISTS ("A C", "owner=%s&sort=title", ann.id);
	LISTS ("A C", "owner_id=%s&sort=title", ann.id);
	LISTS ("F E D B", "owner=none");
	LISTS ("A B C D E F", "owner=none,%s&sort=title", ann.id);
	LISTS ("", "owner=me");
	LISTS ("A", "channel=inbound");
	LISTS ("A C", "channel=inbound,outbound&sort=title");
	LISTS ("B D E F", "channel=none&sort=title");
	LISTS ("B C D E F", "channel=none,outbound&sort=title");
	LISTS ("A", "ecommerce_type=own_shop");
	LISTS ("C", "weight_range=up_to_1kg");
	LISTS ("A", "content_type=fashion");
	LISTS ("C", "account_type=startup");
	LISTS ("C", "plan_type=plus");
	LISTS ("A", "locale=mx");
	LISTS ("F", "loss_reason=price");
	LISTS ("A B C D E F", "source=none&campaign=none&lead_status=none&sort=title");
	LISTS ("", "source=web_form");
	LISTS ("A B C D E F", "created_from=%s&created_to=%s&sort=title", today, today);
	LISTS ("", "created_from=2027-01-01");
	LISTS ("", "created_to=2026-01-01");
	LISTS ("F", "closed_from=%s&closed_to=%s", today, today);
	LISTS ("", "closed_to=2026-01-01");
	LISTS ("A B C D E", "look=no_next&sort=title");
	LISTS ("", "look=stuck");
	LISTS ("A B C D E", "look=stuck,no_next&sort=title");
	LISTS ("B D E", "look=incomplete&sort=title");
	LISTS ("C D", "close_to=2026-12-09&sort=title");
	LISTS ("A", "close_from=2026-12-02");
	LISTS ("A C D", "close_from=2026-12-01&close_to=2026-12-10&sort=title");
	LISTS ("A F", "value_min=1500&sort=title");
	LISTS ("C D", "value_max=200.00&sort=title");
	LISTS ("A", "value_min=200.01&value_max=8999.99");
	LISTS ("A", "custom.metres=12");
	LISTS ("A D", "custom.metres=12..&sort=title");
	LISTS ("A C", "custom.metres=7..12.0&sort=title");
	LISTS ("A", "custom.colour=~blauw");
	LISTS ("C", "custom.colour=ROOD");
	LISTS ("B D E F", "custom.colour=none&sort=title");
	LISTS ("C", "custom.budget=50..");
	LISTS ("A", "custom.visit=..2026-12-31");
	LISTS ("C", "custom.visit=2027-01-05&custom.colour=rood");
	LISTS ("A", "q=zan");
	LISTS ("C", "q=%%23%lld",
	       (long long) sql_number (s, "select number from pipeline.deal where workspace_id = '%s' and title = 'C'", w->id));
	LISTS ("", "q=zan&channel=outbound");
	char *one = sql_text (s, "select string_agg(id::text, ',') from pipeline.deal where workspace_id = '%s' and title in ('A', 'F')",
			      w->id);
	LISTS ("A F", "id=%s&sort=title", one);
	LISTS ("F", "id=%s&stage=lost", one);
	free (one);
	LISTS ("A", "kind=open&owner=%s&value_min=1000&channel=inbound,none&close_from=2026-12-01", ann.id);
#undef LISTS
	board_agrees (s, w, "value_max=200", 2, "\"400.00\"");
	board_agrees (s, w, "value_min=1500&kind=open", 1, "\"1500.00\"");
	board_agrees (s, w, "q=zan", 1, "\"1500.00\"");
	board_agrees (s, w, "limit=200&channel=none", 4, "\"9000.00\"" + 0);
	/* what came by a lead knows its status and how to reach its contact */
	struct uuid lead = given_deal_of (s, w, "Kees Kort", "kees@table-filters.test", "Vraag");
	struct web_answer a = web (s, w->key, "GET", "/api/crm/deals?lead_status=New", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && !strcmp (text_at (a.json, "data.0.email"), "kees@table-filters.test") &&
		       !strcmp (text_at (a.json, "data.0.contact_name"), "Kees Kort"),
	       "the lead's deal: %s", a.body);
	char path[200];
	snprintf (path, sizeof path, "/api/crm/contacts/%s", text_at (a.json, "data.0.contact_id"));
	web_free (&a);
	a = web (s, w->key, "PUT", path, "{\"phone\":\"+31612345678\",\"email\":\"kk@table-filters.test\"}");
	then_status (&a, 200);
	snprintf (path, sizeof path, "/api/crm/leads/%s/qualify", id_text (lead));
	a = web (s, w->key, "POST", path, "{}");
	CHECK (a.status == 200 || a.status == 201, "the lead is not qualified: %d %s", a.status, a.body);
	web_free (&a);
	settle (s);
	a = web (s, w->key, "GET", "/api/crm/deals?lead_status=Qualified&fields=phone,email,name,custom.colour", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && !strcmp (text_at (a.json, "data.0.phone"), "+31612345678") &&
		       !strcmp (text_at (a.json, "data.0.email"), "kk@table-filters.test") && !json_at (a.json, "data.0.title") &&
		       json_object_size (json_at (a.json, "data.0")) == 7,
	       "what is known of its contact now, and no more: %s", a.body);
	web_free (&a);
}

/* The titles of the list read in pages of two, each page found by the header alone. */
static void in_pages (struct stack *s, const struct workspace *w, const char *query, struct buffer *out)
{
	char path[1200], link[1400];
	snprintf (path, sizeof path, "/api/crm/deals?limit=2&%s", query);
	for (int pages = 0; pages < 50; pages++) {
		struct web_answer a = web (s, w->key, "GET", path, NULL);
		CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
		titles_add (out, json_at (a.json, "data"));
		bool more = web_header (&a, "Link", link, sizeof link), next = json_is_string (json_at (a.json, "next"));
		CHECK (more == next, "the header and the body of %s do not agree: %s", path, a.body + (a.n > 200 ? a.n - 200 : 0));
		web_free (&a);
		if (!more) {
			buffer_add (out, "", 1);
			return;
		}
		CHECK (*link == '<' && strstr (link, ">; rel=\"next\""), "no link: %s", link);
		snprintf (path, sizeof path, "%.*s", (int) strcspn (link + 1, ">"), link + 1);
	}
	FAIL ("%s has no end", query);
}

static void sorts (struct stack *s, const struct workspace *w, const char *sort, const char *titles)
{
	char query[200];
	struct buffer told = { 0 };
	snprintf (query, sizeof query, "sort=%s", sort);
	in_pages (s, w, query, &told);
	CHECK (!strcmp ((const char *) told.at, titles), "sorted by %s: \"%s\", not \"%s\"", sort, (const char *) told.at, titles);
	buffer_fini (&told);
}

STORY (table_sorts, "Every column sorts both ways, empty ones last, and pages of two hold each deal once in the order of the whole")
{
	static const char *const rows[][2] = {
		{ "title", "A B C D E F" },
		{ "-title", "F E D C B A" },
		{ "created_at", "A B C D E F" },
		{ "-created_at", "F E D C B A" },
		{ "number", "A B C D E F" },
		{ "-number", "F E D C B A" },
		{ "id", "A B C D E F" },
		{ "-id", "F E D C B A" },
		{ "stage_since", "A B C D E F" },
		{ "-stage_since", "F E D C B A" },
		{ "value", "C D A F B E" },
		{ "-value", "F A D C E B" },
		{ "close_date", "C D A B E F" },
		{ "-close_date", "A D C F E B" },
		{ "company", "C A B D E F" },
		{ "-company", "A C F E D B" },
		{ "monthly_shipments", "A C B D E F" },
		{ "-monthly_shipments", "C A F E D B" },
		{ "account_value", "A C B D E F" },
		{ "weight_range", "C A B D E F" },
		{ "-weight_range", "A C F E D B" },
		{ "stage", "A B C D E F" },
		{ "-stage", "F E D C B A" },
		{ "custom.metres", "C A D B E F" },
		{ "-custom.metres", "D A C F E B" },
		{ "custom.colour", "A C B D E F" },
		{ "custom.budget", "A C B D E F" },
		{ "-custom.visit", "C A F E D B" },
		{ "owner", "A C B D E F" },
		{ "-owner", "C A F E D B" },
		{ "closed_at", "F A B C D E" },
		{ "kae", "A B C D E F" },
	};
	struct workspace *w = given_workspace (s, "table-sorts", "follow-up");
	struct user ann = given_user (s, "ann@table-sorts.test", "--workspace table-sorts --role sales");
	six_deals (s, w, &ann);
	for (size_t i = 0; i < LENGTH (rows); i++)
		sorts (s, w, rows[i][0], rows[i][1]);
	/* a number is no order of time: what is told late began before */
	sql_do (s, "update pipeline.deal set created_at = created_at - interval '3 days' where workspace_id = '%s' and title = 'D'", w->id);
	sorts (s, w, "created_at", "D A B C E F");
	sorts (s, w, "-created_at", "F E C B A D");
	sorts (s, w, "number", "A B C D E F");
	for (size_t i = 0; deal_column_names[i]; i++)
		for (int down = 0; down < 2; down++) {
			char query[200];
			struct buffer whole = { 0 }, pages = { 0 };
			snprintf (query, sizeof query, "sort=%s%s", down ? "-" : "", deal_column_names[i]);
			in_pages (s, w, query, &pages);
			char path[300];
			snprintf (path, sizeof path, "/api/crm/deals?%s", query);
			struct web_answer a = web (s, w->key, "GET", path, NULL);
			titles_add (&whole, json_at (a.json, "data"));
			buffer_add (&whole, "", 1);
			CHECK (whole.n == 12 && !strcmp ((char *) whole.at, (char *) pages.at), "%s: whole \"%s\", in pages \"%s\"", query,
			       (char *) whole.at, (char *) pages.at);
			web_free (&a);
			buffer_fini (&whole), buffer_fini (&pages);
		}
}

STORY (table_under_inserts, "While deals come in, a list read page by page holds every deal that was there at the beginning, once")
{
	static const char *const orders[] = { "-created_at", "created_at",  "-value",	    "value",
					      "title",	     "-close_date", "-stage_since", "owner" };
	enum { MANY = 23 };
	struct workspace *w = given_workspace (s, "table-inserts", "commerce");
	for (int i = 0; i < MANY; i++) {
		char body[200], more[120] = "";
		if (i % 2)
			snprintf (more, sizeof more,
				  ",\"value\":{\"amount\":\"%d.00\",\"currency\":\"EUR\"},\"close_date\":\"2026-12-%02d\"", i % 5 * 100,
				  1 + i % 7);
		snprintf (body, sizeof body, "{\"title\":\"oud%02d\"%s}", i, more);
		deal_made (s, w, body);
	}
	for (size_t o = 0; o < LENGTH (orders); o++) {
		char path[400], link[600];
		int seen[MANY] = { 0 };
		snprintf (path, sizeof path, "/api/crm/deals?limit=4&sort=%s", orders[o]);
		for (int page = 0;; page++) {
			json_t *row;
			size_t i;
			struct web_answer a = web (s, w->key, "GET", path, NULL);
			CHECK (a.status == 200 && page < 40, "%s is %d: %s", path, a.status, a.body);
			json_array_foreach (json_at (a.json, "data"), i, row) if (!strncmp (text_at (row, "title"), "oud", 3))
				seen[strtol (text_at (row, "title") + 3, NULL, 10)]++;
			bool more = web_header (&a, "Link", link, sizeof link);
			web_free (&a);
			if (!more)
				break;
			snprintf (path, sizeof path, "%.*s", (int) strcspn (link + 1, ">"), link + 1);
			if (page < 3) /* before and after where the reader is */
				deal_made (s, w,
					   page % 2 ? "{\"title\":\"aaa\",\"value\":{\"amount\":\"1.00\",\"currency\":\"EUR\"},"
						      "\"close_date\":\"2026-12-01\"}"
						    : "{\"title\":\"zzz\",\"value\":{\"amount\":\"999999.00\",\"currency\":\"EUR\"},"
						      "\"close_date\":\"2027-12-01\"}");
		}
		for (int i = 0; i < MANY; i++)
			CHECK (seen[i] == 1, "by %s oud%02d is there %d times", orders[o], i, seen[i]);
	}
}

static size_t rows_seen (struct stack *s, const struct user *u, const char *path, int64_t total)
{
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	size_t n = json_array_size (json_at (a.json, "data"));
	CHECK (total < 0 || number_at (a.json, "total") == total, "%s counts %lld for %s, not %lld", path,
	       (long long) number_at (a.json, "total"), u->email, (long long) total);
	web_free (&a);
	return n;
}

STORY_ALONE (table_rights, "A filter shows nobody more than their rights do: own, a team's, the workspace's, another workspace's never")
{
	static const char *const queries[] = { "count=1",
					       "count=1&sort=title",
					       "count=1&sort=-value&value_min=1",
					       "count=1&q=taart",
					       "count=1&sort=created_at&channel=none",
					       "count=1&sort=-close_date" };
	struct workspace *b = given_workspace (s, "taart", "commerce"), *g = given_workspace (s, "garage", "commerce");
	struct user admin = given_user (s, "admin@taart.nl", "--admin"),
		    ann = given_user (s, "ann@taart.nl", "--workspace taart --role sdr"),
		    bob = given_user (s, "bob@taart.nl", "--workspace taart --role sdr"),
		    man = given_user (s, "man@taart.nl", "--workspace taart --role manager");
	const struct user *owners[] = { &ann, &ann, &bob, NULL };
	char body[300], path[300];
	for (size_t i = 0; i < LENGTH (owners); i++) {
		snprintf (body, sizeof body, "{\"title\":\"Taart %zu\",\"value\":{\"amount\":\"10.00\",\"currency\":\"EUR\"}%s%s%s}", i,
			  owners[i] ? ",\"owner_id\":\"" : "", owners[i] ? owners[i]->id : "", owners[i] ? "\"" : "");
		deal_made (s, b, body);
	}
	deal_made (s, g, "{\"title\":\"Taart van een ander\",\"value\":{\"amount\":\"10.00\",\"currency\":\"EUR\"}}");
	settle (s);
	for (size_t i = 0; i < LENGTH (queries); i++) {
		snprintf (path, sizeof path, "/api/crm/deals?%s", queries[i]);
		CHECK (rows_seen (s, &ann, path, 2) == 2, "ann sees %zu by %s", rows_seen (s, &ann, path, -1), path);
		CHECK (rows_seen (s, &bob, path, 1) == 1, "bob sees %zu by %s", rows_seen (s, &bob, path, -1), path);
		CHECK (rows_seen (s, &man, path, 4) == 4, "the manager sees %zu by %s", rows_seen (s, &man, path, -1), path);
		CHECK (rows_seen (s, &admin, path, 5) == 5, "the agency sees %zu by %s", rows_seen (s, &admin, path, -1), path);
		snprintf (path, sizeof path, "/api/crm/deals?workspace=garage&%s", queries[i]);
		CHECK (rows_seen (s, &admin, path, 1) == 1, "the agency sees %zu by %s", rows_seen (s, &admin, path, -1), path);
		struct web_answer a = when_user_asks (s, &ann, "GET", path, NULL);
		then_problem (&a, 404, "workspace_not_found");
	}
	snprintf (path, sizeof path, "/api/crm/deals?count=1&owner=%s", ann.id);
	CHECK (rows_seen (s, &bob, path, 0) == 0, "bob sees ann's deals by asking for them");
	CHECK (rows_seen (s, &ann, "/api/crm/deals?count=1&owner=me", 2) == 2, "ann's own are not hers");
	struct web_answer a = when_user_asks (s, &ann, "GET", "/api/crm/pipeline?value_min=1", NULL);
	CHECK (a.status == 200 && strstr (a.body, "\"20.00\"") && !strstr (a.body, "Taart 2"), "ann's board: %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &admin, "POST", "/api/teams?workspace=taart", "{\"name\":\"Rood\"}");
	char team[UUID_TEXT];
	snprintf (team, sizeof team, "%s", text_at (a.json, "id"));
	then_status (&a, 201);
	a = when_user_asks (s, &admin, "PUT", "/api/roles/sdr", "{\"scope\":\"team\"}");
	then_status (&a, 200);
	const struct user *members[] = { &ann, &bob };
	for (size_t i = 0; i < 2; i++) {
		snprintf (path, sizeof path, "/api/users/%s/member?workspace=taart", members[i]->id);
		snprintf (body, sizeof body, "{\"role\":\"sdr\",\"team_id\":\"%s\"}", team);
		a = when_user_asks (s, &admin, "PUT", path, body);
		then_status (&a, 200);
	}
	UNTIL (3000, rows_seen (s, &ann, "/api/crm/deals", -1) == 3, "a team does not see what its members own");
	for (size_t i = 0; i < LENGTH (queries); i++) {
		snprintf (path, sizeof path, "/api/crm/deals?%s", queries[i]);
		CHECK (rows_seen (s, &bob, path, 3) == 3, "the team sees %zu by %s", rows_seen (s, &bob, path, -1), path);
	}
}

STORY (table_refuses, "A filter, a sort or a column that is none is refused by its name, on the list, the board, the counts and the file")
{
	static const char *const wrong[][2] = {
		{ "foo=1", "/foo" },
		{ "value_min=12,50", "/value_min" },
		{ "value_max=-", "/value_max" },
		{ "kind=open,odd", "/kind" },
		{ "lead_status=new", "/lead_status" },
		{ "owner=piet", "/owner" },
		{ "close_from=gisteren", "/close_from" },
		{ "created_to=2026-02-30", "/created_to" },
		{ "custom=1", "/custom" },
		{ "custom.Metres=1", "/custom.Metres" },
	};
	static const char *const of_list[][2] = {
		{ "sort=colour", "/sort" }, { "sort=--title", "/sort" }, { "fields=title,secret", "/fields" },
		{ "after=here", "/after" }, { "limit=201", "/limit" },	 { "count=maybe", "/count" }
	};
	static const char *const pages[] = { "deals", "opportunities", "pipeline", "count", "export/deals" };
	struct workspace *w = given_workspace (s, "table-refuses", "commerce");
	char path[300], quoted[80];
	for (size_t p = 0; p < LENGTH (pages); p++)
		for (size_t i = 0; i < LENGTH (wrong) + LENGTH (of_list); i++) {
			const char *const *row = i < LENGTH (wrong) ? wrong[i] : of_list[i - LENGTH (wrong)];
			if (i >= LENGTH (wrong) && p > 1)
				break;
			snprintf (path, sizeof path, "/api/crm/%s?%s", pages[p], row[0]);
			snprintf (quoted, sizeof quoted, "\"%s\"", row[1]);
			struct web_answer a = web (s, w->key, "GET", path, NULL);
			CHECK (a.status == 422 && strstr (a.body, quoted), "%s is %d, not 422 at %s: %s", path, a.status, row[1], a.body);
			web_free (&a);
		}
	struct web_answer a = web (s, w->key, "GET", "/api/crm/export/deals?format=xml", NULL);
	CHECK (a.status == 422 && strstr (a.body, "/format"), "a file of a kind there is none of: %d %s", a.status, a.body);
	web_free (&a);
}

STORY (table_export,
       "A file of deals holds what the list holds, in its order, with the columns asked for, as CSV and as JSON; the audit knows")
{
	struct workspace *w = given_workspace (s, "table-export", "follow-up");
	struct user ann = given_user (s, "ann@table-export.test", "--workspace table-export --role sales");
	six_deals (s, w, &ann);
	int64_t noted = sql_number (s, "select count(*) from gateway.audit where what = 'export' and workspace_id = '%s'", w->id);
	struct web_answer a = web (s, w->key, "GET", "/api/crm/export/deals?sort=-value&value_min=1&fields=title,owner,value,custom.metres",
				   NULL);
	CHECK (a.status == 200 &&
		       !strcmp (
			       a.body,
			       "\xef\xbb\xbftitle,owner,value,currency,custom.metres\r\nF,,9000.00,EUR,\r\nA,ann@table-export.test,1500.00,EUR,12\r\n"
			       "D,,200.00,EUR,100\r\nC,ann@table-export.test,200.00,EUR,7.5\r\n"),
	       "as CSV: %d %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/export/deals?sort=-value&format=json&kind=open", NULL);
	struct web_answer list = web (s, w->key, "GET", "/api/crm/deals?sort=-value&kind=open&notes=1", NULL);
	CHECK (a.status == 200 && json_equal (a.json, json_at (list.json, "data")), "as JSON: %s\nthe list: %s", a.body, list.body);
	web_free (&a), web_free (&list);
	then_number (s, noted + 2, "lines of the audit", "select count(*) from gateway.audit where what = 'export' and workspace_id = '%s'",
		     w->id);
}
