/* Leads by hand and as a list: registered with where their deal begins, filtered and paged while others come, changed with a history, qualified once;
 * and every address of the API answers its method and refuses what is wrong.
 * It must never look at the table where the API can be asked. */
#include <string.h>
#include "story.h"

static struct uuid lead_made (struct stack *s, const struct workspace *w, const char *body)
{
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST", .url = "/api/crm/leads", .key = w->key, .body = body });
	CHECK (a.status == 201, "the lead is not made: %d %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void lead_refused (struct stack *s, const struct workspace *w, const char *body, int status, const char *part)
{
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST", .url = "/api/crm/leads", .key = w->key, .body = body });
	CHECK (a.status == status && strstr (a.body, part), "%s is %d, not %d with %s: %s", body, a.status, status, part, a.body);
	web_free (&a);
}

#define ANA "\"company\":\"Envíos MX\",\"name\":\"Ana Ruiz\",\"locale\":\"mx\",\"phone_code\":\"+52\",\"phone\":\"5512345678\""

STORY (s2_1_register,
       "S2-1: a registration makes lead and deal at once, in the chosen stage; what is missing is named; a known e-mail is refused and says whose")
{
	struct workspace *w = given_workspace (s, "register", "follow-up");
	static const char *const missing[][2] = {
		{ "{\"name\":\"Ana\",\"company\":\"E\",\"email\":\"a@e.test\",\"locale\":\"mx\",\"phone_code\":\"+52\"}", "\"/phone\"" },
		{ "{\"name\":\"Ana\",\"company\":\"E\",\"email\":\"a@e.test\",\"locale\":\"mx\",\"phone\":\"5\"}", "\"/phone_code\"" },
		{ "{\"name\":\"Ana\",\"company\":\"E\",\"email\":\"a@e.test\",\"phone_code\":\"+52\",\"phone\":\"5\"}", "\"/locale\"" },
		{ "{\"name\":\"Ana\",\"company\":\"E\",\"locale\":\"mx\",\"phone_code\":\"+52\",\"phone\":\"5\"}", "\"/email\"" },
		{ "{\"name\":\"Ana\",\"company\":\" \",\"email\":\"a@e.test\",\"locale\":\"mx\",\"phone_code\":\"+52\",\"phone\":\"5\"}",
		  "\"/company\"" },
		{ "{\"company\":\"E\",\"email\":\"a@e.test\",\"locale\":\"mx\",\"phone_code\":\"+52\",\"phone\":\"5\"}", "\"/name\"" },
		{ "{" ANA ",\"email\":\"ana@envios.test\",\"stage\":\"won\"}", "\"/stage\"" },
		{ "{" ANA ",\"email\":\"ana@envios.test\",\"stage\":\"nowhere\"}", "\"/stage\"" },
		{ "{\"name\":\"A\",\"company\":\"E\",\"email\":\"a@e.test\",\"locale\":\"xx\",\"phone_code\":\"+52\",\"phone\":\"5\"}",
		  "\"/locale\"" },
		{ "{\"name\":\"A\",\"company\":\"E\",\"email\":\"a@e.test\",\"locale\":\"mx\",\"phone_code\":\"52\",\"phone\":\"5\"}",
		  "\"/phone_code\"" },
		{ "{" ANA ",\"email\":\"ana@envios.test\",\"monthly_shipments\":-1}", "\"/monthly_shipments\"" },
		{ "{" ANA ",\"email\":\"no address\"}", "\"/email\"" },
	};
	for (size_t i = 0; i < LENGTH (missing); i++)
		lead_refused (s, w, missing[i][0], 422, missing[i][1]);
	const char *ana = "{" ANA ",\"email\":\"ana@envios.test\",\"monthly_shipments\":1200,\"stage\":\"contacted\"}";
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "POST", .url = "/api/crm/leads", .key = w->key, .idempotency = "s2-1-register", .body = ana });
	CHECK (a.status == 201, "Ana is not registered: %d %s", a.status, a.body);
	struct uuid id = uuid_at (a.json, "id");
	web_free (&a);
	char path[200], part[100];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (id));
	UNTIL (5000, web (s, w->key, "GET", path, NULL).status == 200, "the lead has no deal");
	a = web (s, w->key, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "stage_key"), "contacted") && !strcmp (text_at (a.json, "locale"), "mx") &&
		       number_at (a.json, "monthly_shipments") == 1200 && !strcmp (text_at (a.json, "account_value.amount"), "4200.00") &&
		       !strcmp (text_at (a.json, "lead_status"), "New"),
	       "the deal is %s", a.body);
	web_free (&a);
	then_said (s, id, "deal.created");
	snprintf (path, sizeof path, "/api/crm/leads/%s", id_text (id));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "phone"), "+525512345678"), "the phone is %s", text_at (a.json, "phone"));
	web_free (&a);
	snprintf (part, sizeof part, "deal %s Ana Ruiz", id_text (id));
	lead_refused (s, w, "{" ANA ",\"email\":\" ANA@envios.test\"}", 409, part);
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = "/api/crm/leads",
					       .key = w->key,
					       .idempotency = "s2-1-register",
					       .body = ana }); /* asked again: the same answer, no duplicate of itself */
	CHECK (a.status == 201 && uuid_equal (uuid_at (a.json, "id"), id), "asked again it is %d %s", a.status, a.body);
	web_free (&a);
	/* a program says where it has them from, and is told who it is */
	a = web (s, w->key, "POST", "/api/crm/leads", "{\"name\":\"Ana\",\"email\":\"ana@envios.test\",\"source\":\"chat\"}");
	CHECK (a.status == 201 && !strcmp (text_at (a.json, "known.name"), "Ana Ruiz"), "the chat's lead is %d %s", a.status, a.body);
	web_free (&a);
	/* whoever may not see her learns that she is known, and no more */
	struct user luis = given_user (s, "luis@register.test", "--workspace register --role sdr");
	a = when_user_asks (s, &luis, "POST", "/api/crm/leads", "{" ANA ",\"email\":\"ana@envios.test\"}");
	CHECK (a.status == 409 && !strstr (a.body, "Ana Ruiz") && !strstr (a.body, id_text (id)), "Luis is told %d %s", a.status, a.body);
	web_free (&a);
}

/* The leads of all pages under that address, by their first names, as they come: each page is where the Link of the one before leads. */
static char *list_text (struct stack *s, const struct workspace *w, const char *query)
{
	static char ret[2000];
	char path[1200];
	ret[0] = '\0';
	snprintf (path, sizeof path, "/api/crm/leads?%s", query);
	for (int page = 0; *path && page < 50; page++) {
		struct web_answer a = web (s, w->key, "GET", path, NULL);
		char link[1200];
		json_t *row;
		size_t i;
		CHECK (a.status == 200, "%s is %d %s", path, a.status, a.body);
		json_array_foreach (json_at (a.json, "data"), i, row)
		{
			const char *name = text_at (row, "name");
			snprintf (ret + strlen (ret), sizeof ret - strlen (ret), "%s%.*s", *ret ? " " : "", (int) strcspn (name, " "),
				  name);
		}
		bool more = json_is_string (json_at (a.json, "next"));
		CHECK (more == (web_header (&a, "Link", link, sizeof link) != NULL), "%s: next without Link, or Link without next", path);
		path[0] = '\0';
		if (more) {
			char *end = strchr (link, '>');
			CHECK (link[0] == '<' && end && strstr (end, "rel=\"next\""), "Link is %s", link);
			*end = '\0';
			snprintf (path, sizeof path, "%s", link + 1);
		}
		web_free (&a);
	}
	return ret;
}

static void then_list (struct stack *s, const struct workspace *w, const char *query, const char *names)
{
	const char *got = list_text (s, w, query);
	CHECK (!strcmp (got, names), "?%s gives\n      %s\n  not\n      %s", query, got, names);
}

STORY (s3_6_lead_list, "S3-6: leads by status, source, owner and words, in every order, counted; pages stay whole while others come")
{
	struct workspace *w = given_workspace (s, "lead-list", "dynamics");
	struct user carl = given_user (s, "carl@leadlist.test", "--workspace lead-list --role sales");
	static const char *const given[][4] = { { "Müller Eva", "Zon", "web_form", "eva@zon.test" },
						{ "muis Bo", "", "referral", "" },
						{ "Ali Kaya", "Aard", "web_form", "ali@aard.test" },
						{ "Zoe Abel", "Maan", "event", "zoe@maan.test" } };
	for (size_t i = 0; i < LENGTH (given); i++) {
		char body[400], owner[80] = "";
		if (i == 2)
			snprintf (owner, sizeof owner, ",\"owner_id\":\"%s\"", carl.id);
		snprintf (body, sizeof body, "{\"name\":\"%s\",\"company\":\"%s\",\"source\":\"%s\",\"email\":\"%s\"%s}", given[i][0],
			  given[i][1], given[i][2], given[i][3], owner);
		if (!*given[i][3])
			snprintf (body, sizeof body, "{\"name\":\"%s\",\"source\":\"%s\"}", given[i][0], given[i][2]);
		struct uuid id = lead_made (s, w, body);
		if (i == 3) {
			char path[200];
			snprintf (path, sizeof path, "/api/crm/leads/%s", id_text (id));
			struct web_answer a = web (s, w->key, "PUT", path, "{\"status\":\"Contacted\"}");
			then_status (&a, 200);
		}
	}
	then_list (s, w, "", "Zoe Ali muis Müller");
	then_list (s, w, "limit=1", "Zoe Ali muis Müller");
	then_list (s, w, "sort=created_at&limit=3", "Müller muis Ali Zoe");
	then_list (s, w, "sort=age&limit=2", "Zoe Ali muis Müller");
	then_list (s, w, "sort=name&limit=1", "Ali muis Müller Zoe");
	then_list (s, w, "sort=-name&limit=2", "Zoe Müller muis Ali");
	then_list (s, w, "sort=company&limit=1", "Ali Zoe Müller muis"); /* what is empty comes last, both ways */
	then_list (s, w, "sort=-company&limit=1", "Müller Zoe Ali muis");
	then_list (s, w, "sort=-status&limit=1", "Zoe Ali muis Müller");
	then_list (s, w, "sort=number&limit=2", "Müller muis Ali Zoe");
	then_list (s, w, "sort=email", "Ali Müller Zoe muis");
	then_list (s, w, "sort=source", "Zoe muis Müller Ali");
	then_list (s, w, "status=New", "Ali muis Müller");
	then_list (s, w, "status=Contacted,Qualified", "Zoe");
	then_list (s, w, "status=New&source=web_form", "Ali Müller");
	then_list (s, w, "source=referral,event&sort=name", "muis Zoe");
	then_list (s, w, "q=MAAN", "Zoe");
	then_list (s, w, "q=%232", "muis");
	char query[300];
	snprintf (query, sizeof query, "owner=%s", carl.id);
	then_list (s, w, query, "Ali");
	then_list (s, w, "owner=me", "");
	struct web_answer a = when_user_asks (s, &carl, "GET", "/api/crm/leads?owner=me&count=1", NULL);
	CHECK (number_at (a.json, "total") == 1 && json_is_false (json_at (a.json, "more")), "Carl's own: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/leads?sort=shoe_size", NULL);
	CHECK (a.status == 422 && strstr (a.body, "/sort"), "an order that is none: %d %s", a.status, a.body);
	web_free (&a);
	/* somebody comes between two pages: nobody is told twice, nobody is left out */
	static const char *const orders[] = { "limit=2", "limit=2&sort=name" };
	static const char *const rest[] = { "muis Müller ", "muis Müller " };
	for (size_t i = 0; i < LENGTH (orders); i++) {
		char path[600];
		snprintf (path, sizeof path, "/api/crm/leads?%s", orders[i]);
		a = web (s, w->key, "GET", path, NULL);
		snprintf (path, sizeof path, "/api/crm/leads?%s&after=%s", orders[i], text_at (a.json, "next"));
		web_free (&a);
		lead_made (s, w, "{\"name\":\"Aart Nieuw\",\"source\":\"chat\"}");
		a = web (s, w->key, "GET", path, NULL);
		char got[200] = "";
		for (int k = 0; k < 2; k++) {
			char at[40];
			snprintf (at, sizeof at, "data.%d.name", k);
			snprintf (got + strlen (got), sizeof got - strlen (got), "%.*s ", (int) strcspn (text_at (a.json, at), " "),
				  text_at (a.json, at));
		}
		CHECK (!strcmp (got, rest[i]), "?%s goes on with %s, not %s", orders[i], got, rest[i]);
		web_free (&a);
		char drop[200];
		snprintf (drop, sizeof drop, "/api/crm/leads?q=Aart&count=1");
		a = web (s, w->key, "GET", drop, NULL);
		CHECK (number_at (a.json, "total") == (int64_t) i + 1, "Aart came: %s", a.body);
		web_free (&a);
	}
}

STORY (lead_history_told, "A lead's changes stand in its history; who saw an old one is told what changed since; its deal shows its status")
{
	struct workspace *w = given_workspace (s, "lead-history", "dynamics");
	struct uuid id = lead_made (s, w, "{\"name\":\"Jan Jansen\",\"company\":\"Jansen\",\"email\":\"jan@jansen.test\"}");
	char path[200], history[200], deal[200], qualify[200];
	snprintf (path, sizeof path, "/api/crm/leads/%s", id_text (id));
	snprintf (history, sizeof history, "/api/crm/leads/%s/history", id_text (id));
	snprintf (qualify, sizeof qualify, "/api/crm/leads/%s/qualify", id_text (id));
	snprintf (deal, sizeof deal, "/api/crm/deals/%s", id_text (id));
	struct web_answer a = web (s, w->key, "PUT", path, "{\"status\":\"Contacted\",\"phone\":\"0201234567\",\"version\":1}");
	then_status (&a, 200);
	a = web (s, w->key, "PUT", path, "{\"company\":null,\"version\":1}");
	CHECK (a.status == 409 && strstr (a.body, "/status") && strstr (a.body, "/phone") && strstr (a.body, "\"changed\""),
	       "the old one: %d %s", a.status, a.body);
	web_free (&a);
	a = web_ask (s, &(struct web_request){
				.method = "PUT", .url = path, .key = w->key, .body = "{\"name\":\"X\"}", .header = { "If-Match: \"1\"" } });
	then_problem (&a, 412, "stale");
	a = web (s, w->key, "PUT", path, "{\"status\":\"Qualified\"}");
	then_status (&a, 422);
	UNTIL (5000, web (s, w->key, "GET", deal, NULL).status == 200, "no deal");
	for (int i = 0; i < 2; i++) { /* twice: the same answer, no second opportunity */
		a = web (s, w->key, "POST", qualify, NULL);
		CHECK (a.status == 200 && uuid_equal (uuid_at (a.json, "deal_id"), id) && number_at (a.json, "version") == 3,
		       "qualified: %d %s", a.status, a.body);
		web_free (&a);
	}
	then_stage (s, id, "qualified");
	UNTIL (5000, (a = web (s, w->key, "GET", deal, NULL), !strcmp (text_at (a.json, "lead_status"), "Qualified")),
	       "the deal does not show its lead's status: %s", a.body);
	CHECK (uuid_equal (uuid_at (a.json, "lead_id"), id), "no link back: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (uuid_equal (uuid_at (a.json, "deal_id"), id) && !strcmp (text_at (a.json, "status"), "Qualified"), "the lead: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/opportunities?q=Jan", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "opportunities: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "GET", history, NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 2 && number_at (a.json, "data.0.version") == 3 &&
		       !strcmp (text_at (a.json, "data.0.changes.0.new"), "Qualified") &&
		       !strcmp (text_at (a.json, "data.0.changes.0.old"), "Contacted") && number_at (a.json, "data.1.version") == 2 &&
		       *text_at (a.json, "data.1.actor_id"),
	       "the history: %s", a.body);
	web_free (&a);
	then_said (s, id, "deal.created, deal.stage_changed");
}

STORY (s3_11_unanswered, "S3-11: a lead that nobody answered for a day is marked, and not when somebody has")
{
	struct workspace *w = given_workspace (s, "unanswered", "dynamics");
	const char *old = "2026-01-05T09:00:00Z";
	char at[100], path[200];
	snprintf (at, sizeof at, "CRM-Time: %s", old);
	static const char *const names[] = { "Oud Een", "Oud Twee" };
	struct uuid id[2];
	for (size_t i = 0; i < 2; i++) {
		char body[100];
		snprintf (body, sizeof body, "{\"name\":\"%s\"}", names[i]);
		struct web_answer a = web_ask (
			s,
			&(struct web_request){ .method = "POST", .url = "/api/crm/leads", .key = w->key, .body = body, .header = { at } });
		CHECK (a.status == 201, "%d %s", a.status, a.body);
		id[i] = uuid_at (a.json, "id");
		web_free (&a);
	}
	lead_made (s, w, "{\"name\":\"Vers Drie\"}");
	then_list (s, w, "unanswered=1&sort=name", "Oud Oud");
	then_list (s, w, "created_to=2026-02-01T00:00:00Z&created_from=2026-01-05T09:00:00Z", "Oud Oud");
	then_list (s, w, "created_from=2026-02-01T00:00:00Z", "Vers");
	snprintf (path, sizeof path, "/api/crm/leads/%s", id_text (id[1]));
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (json_is_true (json_at (a.json, "unanswered")), "it is not marked: %s", a.body);
	web_free (&a);
	a = web (s, w->key, "PUT", path, "{\"status\":\"Contacted\"}");
	then_status (&a, 200);
	then_list (s, w, "unanswered=1", "Oud");
	a = web (s, w->key, "POST", "/api/crm/activities", "{\"kind\":\"call\",\"subject\":\"Gebeld\",\"lead_id\":\"%s\",\"done\":true}",
		 id_text (id[0]));
	then_status (&a, 201);
	UNTIL (5000, !*list_text (s, w, "unanswered=1"), "a call answers nobody");
	a = web (s, w->key, "GET", path, NULL);
	CHECK (json_is_false (json_at (a.json, "unanswered")), "it is still marked: %s", a.body);
	web_free (&a);
}

/* A row of S3's table: how it is asked rightly, and what it takes. */
static const struct row {
	const char *method, *path, *body;
	int status;
} table[] = {
	{ "GET", "/api/crm/leads", NULL, 200 },
	{ "POST", "/api/crm/leads", "{\"name\":\"John Smith\"}", 201 },
	{ "GET", "/api/crm/leads/1", NULL, 200 },
	{ "PUT", "/api/crm/leads/1", "{\"company\":\"Acme Corp\"}", 200 },
	{ "POST", "/api/crm/leads/1/qualify", NULL, 200 },
	{ "GET", "/api/crm/opportunities", NULL, 200 },
	{ "POST", "/api/crm/opportunities", "{\"title\":\"By hand\"}", 201 },
	{ "POST", "/api/crm/opportunity/1/stage", "{\"stage\":\"proposal\"}", 200 },
	{ "POST", "/api/crm/opportunities/1/stage", "{\"stage\":\"negotiation\"}", 200 },
	{ "GET", "/api/crm/accounts", NULL, 200 },
	{ "POST", "/api/crm/accounts", "{\"name\":\"Acme Corp\"}", 201 },
	{ "GET", "/api/crm/contacts", NULL, 200 },
	{ "POST", "/api/crm/contacts", "{\"name\":\"Jane Doe\"}", 201 },
	{ "GET", "/api/crm/pipeline", NULL, 200 },
	{ "GET", "/api/crm/count", NULL, 200 },
	{ "GET", "/api/crm/stats/summary", NULL, 200 },
	{ "GET", "/api/crm/stats/pipeline_value", NULL, 200 },
	{ "GET", "/api/crm/stats/conversion_rate", NULL, 200 },
	{ "GET", "/api/crm/stats/avg_deal_size", NULL, 200 },
	{ "GET", "/api/crm/stats/won_this_month", NULL, 200 },
	{ "GET", "/api/crm/search?q=acme", NULL, 200 },
};

static struct web_answer row_asked (struct stack *s, const struct row *r, const char *key, const char *method, const char *path,
				    const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method ? method : r->method,
						  .url = path ? path : r->path,
						  .key = key,
						  .body = body ? body : r->body });
}

STORY (s3_2_table, "S3-2: every address of S3's table answers its method, and 400, 401, 404, 405, 412 and 422 where it is asked wrongly")
{
	struct workspace *w = given_workspace (s, "s3-table", "dynamics");
	struct uuid id = lead_made (s, w, "{\"name\":\"Acme Lead\",\"company\":\"Acme\",\"email\":\"acme@acme.test\"}");
	char deal[200];
	snprintf (deal, sizeof deal, "/api/crm/deals/%s", id_text (id));
	UNTIL (5000, web (s, w->key, "GET", deal, NULL).status == 200, "no deal");
	for (size_t i = 0; i < LENGTH (table); i++) {
		const struct row *r = &table[i];
		bool writes = strcmp (r->method, "GET") != 0, takes = writes && r->body;
		struct web_answer a = row_asked (s, r, w->key, NULL, NULL, NULL);
		CHECK (a.status == r->status && a.json, "%s %s is %d, not %d: %s", r->method, r->path, a.status, r->status, a.body);
		web_free (&a);
		a = row_asked (s, r, NULL, NULL, NULL, NULL);
		then_problem (&a, 401, "unauthenticated");
		a = row_asked (s, r, w->key, "PATCH", NULL, "{}");
		CHECK (a.status == 405 && strstr (a.headers, "llow:"), "PATCH %s is %d", r->path, a.status);
		web_free (&a);
		if (takes) {
			a = row_asked (s, r, w->key, NULL, NULL, "{\"name\":");
			then_problem (&a, 400, "bad_json");
			a = row_asked (s, r, w->key, NULL, NULL, "{\"no_such_field\":1}");
			CHECK (a.status == 422 && strstr (a.body, "/no_such_field"), "%s takes any field: %d %s", r->path, a.status,
			       a.body);
			web_free (&a);
			a = row_asked (s, r, w->key, NULL, NULL, "{\"name\":7,\"title\":7,\"stage\":7,\"company\":7}");
			CHECK (a.status == 422 &&
				       (strstr (a.body, "\"/name\"") || strstr (a.body, "\"/title\"") || strstr (a.body, "\"/stage\"")),
			       "%s takes a number for a text: %d %s", r->path, a.status, a.body);
			web_free (&a);
		}
		const char *one = strstr (r->path, "/1");
		if (one) {
			char path[200];
			snprintf (path, sizeof path, "%.*s/999999%s", (int) (one - r->path), r->path, one + 2);
			a = row_asked (s, r, w->key, NULL, path, NULL);
			CHECK (a.status == 404, "%s %s is %d: %s", r->method, path, a.status, a.body);
			web_free (&a);
		}
	}
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "PUT",
								 .url = "/api/crm/leads/1",
								 .key = w->key,
								 .body = "{\"company\":\"Late\"}",
								 .header = { "If-Match: \"1\"" } });
	then_problem (&a, 412, "stale");
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = "/api/crm/opportunity/1/stage",
					       .key = w->key,
					       .body = "{\"stage\":\"won\"}",
					       .header = { "If-Match: \"1\"" } });
	then_problem (&a, 412, "stale");
}
