/* Who sees what: people, keys, database roles. PRODUCT's S0-8 and A-4. */
#include <string.h>
#include "story.h"

static size_t rows_of (const struct web_answer *a)
{
	CHECK (a->status == 200, "the list is %d: %s", a->status, a->body);
	return json_array_size (json_at (a->json, "data"));
}

static void then_user_sees (struct stack *s, const struct user *u, const char *path, size_t n)
{
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	CHECK (rows_of (&a) == n, "%s sees %zu in %s, not %zu: %s", u->email, rows_of (&a), path, n, a.body);
	web_free (&a);
}

STORY_ALONE (s0_8_access,
	     "S0-8: an agency's admin sees every workspace, a client only theirs, in lists and on the stream; without the section nothing")
{
	struct workspace *b = given_workspace (s, "bakkerij-jansen", "nl-offerte-6"),
			 *g = given_workspace (s, "garage-smit", "nl-offerte-6");
	struct user admin = given_user (s, "admin@agency.nl", "--admin"),
		    client = given_user (s, "klant@bakkerij-jansen.nl", "--workspace bakkerij-jansen --role client"),
		    website = given_user (s, "site@bakkerij-jansen.nl", "--workspace bakkerij-jansen --role client --sections website");
	struct stream *all = stream_open_as (s, NULL, admin.cookie, NULL), *own = stream_open_as (s, NULL, client.cookie, NULL);
	struct uuid first = given_deal_of (s, b, "Een", "een@bakkerij.nl", "Taart");
	given_deal_of (s, b, "Twee", "twee@bakkerij.nl", "Brood");
	struct uuid theirs = given_deal_of (s, g, "Drie", "drie@garage.nl", "Apk");
	stream_wait (all, "deal.created", "Drie", 5000, NULL);
	stream_wait (own, "deal.created", "Twee", 5000, NULL);
	then_user_sees (s, &admin, "/api/crm/deals", 3);
	then_user_sees (s, &admin, "/api/crm/leads", 3);
	then_user_sees (s, &admin, "/api/crm/deals?workspace=bakkerij-jansen,garage-smit", 3);
	then_user_sees (s, &admin, "/api/crm/deals?workspace=garage-smit", 1);
	then_user_sees (s, &client, "/api/crm/deals", 2);
	then_user_sees (s, &client, "/api/crm/leads", 2);
	then_user_sees (s, &client, "/api/crm/leads?q=Drie", 0);
	then_user_sees (s, &client, "/api/crm/contacts", 2);
	char path[200];
	struct web_answer a = when_user_asks (s, &client, "GET", "/api/crm/deals?workspace=bakkerij-jansen,garage-smit", NULL);
	then_problem (&a, 404, "workspace_not_found");
	a = when_user_asks (s, &admin, "POST", "/api/crm/leads?workspace=bakkerij-jansen,garage-smit", "{\"name\":\"Twee tegelijk\"}");
	then_problem (&a, 422, "workspace_required");
	a = when_user_asks (s, &client, "GET", "/api/crm/pipeline", NULL);
	CHECK (a.status == 200 && strstr (a.body, "Een") && !strstr (a.body, "Drie"), "the client's board: %d %.200s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/opportunities/%s", id_text (theirs));
	a = when_user_asks (s, &client, "GET", path, NULL);
	then_status (&a, 404);
	snprintf (path, sizeof path, "/api/crm/opportunity/%s/stage", id_text (theirs));
	a = when_user_asks (s, &client, "POST", path, "{\"stage\":\"gewonnen\"}");
	CHECK (a.status == 404 || a.status == 403, "another workspace's deal can be moved: %d", a.status);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/opportunities/%s?workspace=garage-smit", id_text (theirs));
	a = when_user_asks (s, &client, "GET", path, NULL);
	CHECK (a.status == 404 || a.status == 403, "another workspace is open to a client: %d", a.status);
	web_free (&a);
	CHECK (!stream_heard (own, "Drie"), "the client's stream told of another workspace");
	snprintf (path, sizeof path, "/api/crm/opportunities/%s", id_text (first));
	a = when_user_asks (s, &client, "GET", path, NULL);
	then_status (&a, 200);
	a = when_user_asks (s, &website, "GET", "/api/crm/deals", NULL);
	then_status (&a, 403);
	a = web (s, NULL, "GET", "/api/crm/deals", NULL);
	then_problem (&a, 401, "unauthenticated");
	a = web (s, b->key, "GET", "/api/crm/deals", NULL);
	CHECK (rows_of (&a) == 2, "the key of one workspace sees %zu deals", rows_of (&a));
	web_free (&a);
	stream_close (&all), stream_close (&own);
	then_no_dead_letters (s);
}

/* Lines of a CSV answer, its head and the last line's end counted out. */
static size_t lines_of (const struct web_answer *a)
{
	size_t n = 0;
	CHECK (a->status == 200, "the export is %d: %.300s", a->status, a->body);
	for (const char *at = a->body; (at = strstr (at, "\r\n")); at += 2)
		n++;
	return n ? n - 1 : 0;
}

static void then_exports (struct stack *s, const struct user *u, const char *path, size_t n)
{
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	CHECK (lines_of (&a) == n, "%s takes %zu rows from %s, not %zu", u->email, lines_of (&a), path, n);
	web_free (&a);
}

STORY_ALONE (
	exports,
	"S0-8: an export holds every row one may see, once, more of them than a page; nobody else's; each workspace's audit names who took it")
{
	enum { MANY = 450 };
	struct workspace *b = given_workspace (s, "bakkerij-jansen", "nl-offerte-6"),
			 *g = given_workspace (s, "garage-smit", "nl-offerte-6");
	struct user admin = given_user (s, "admin@agency.nl", "--admin"),
		    owner = given_user (s, "eigenaar@bakkerij-jansen.nl", "--workspace bakkerij-jansen --role owner"),
		    client = given_user (s, "klant@bakkerij-jansen.nl", "--workspace bakkerij-jansen --role client");
	struct buffer many = { 0 };
	buffer_text (&many, "[");
	for (int i = 0; i < MANY; i++)
		buffer_printf (&many, "%s{\"name\":\"Gast %d\",\"email\":\"gast%d@bakkerij.nl\",\"form_type\":\"Taart\"}", i ? "," : "", i,
			       i);
	buffer_text (&many, "]");
	struct web_answer a = when_posted (s, b->hook, "%.*s", (int) many.n, (const char *) many.at);
	then_status (&a, 202);
	buffer_fini (&many);
	a = when_posted (s, b->hook, "%s", "{\"name\":\"=SUM(A1)\\\", \\\"Jansen\",\"email\":\"odd@bakkerij.nl\",\"form_type\":\"Brood\"}");
	then_status (&a, 202);
	given_deal_of (s, g, "Drie", "drie@garage.nl", "Apk");
	settle (s);
	static const char *const kinds[] = { "leads", "deals", "contacts" };
	for (size_t i = 0; i < LENGTH (kinds); i++) {
		char path[80], of_one[120];
		snprintf (path, sizeof path, "/api/crm/export/%s", kinds[i]);
		snprintf (of_one, sizeof of_one, "%s?workspace=garage-smit", path);
		then_exports (s, &owner, path, MANY + 1);
		then_exports (s, &admin, path, MANY + 2);
		then_exports (s, &admin, of_one, 1);
		a = when_user_asks (s, &client, "GET", path, NULL);
		then_problem (&a, 403, "forbidden");
		a = when_user_asks (s, &owner, "GET", of_one, NULL);
		then_problem (&a, 404, "workspace_not_found");
		a = web (s, b->key, "GET", path, NULL);
		CHECK (lines_of (&a) == MANY + 1 && !strstr (a.body, "Drie"), "the key takes %zu rows from %s", lines_of (&a), path);
		web_free (&a);
	}
	a = when_user_asks (s, &owner, "GET", "/api/crm/export/leads", NULL);
	CHECK (strstr (a.body, "\"'=SUM(A1)\"\", \"\"Jansen\""), "what a spreadsheet would run goes out as text: %.400s", a.body);
	for (int i = 0; i < MANY; i++) {
		char email[40];
		snprintf (email, sizeof email, ",gast%d@", i);
		const char *first = strstr (a.body, email);
		CHECK (first && !strstr (first + 1, email), "%s is there once", email);
	}
	web_free (&a);
	then_number (s, 3 * 3 + 1, "lines of the audit of Bakkerij Jansen",
		     "select count(*) from gateway.audit where what = 'export' and workspace_id = '%s'", b->id);
	then_number (s, 3 * 2, "lines of the audit of Garage Smit",
		     "select count(*) from gateway.audit where what = 'export' and workspace_id = '%s'", g->id);
	then_no_dead_letters (s);
}

STORY (key_revoked, "A revoked key opens nothing, and its stream ends within a second")
{
	given_workspace (s, "revoked", "commerce");
	json_t *key = ctl (s, "apikey add --workspace revoked --role manager");
	struct stream *t = stream_open (s, text_at (key, "key"), NULL);
	CHECK (stream_status (t) == 200, "the stream: %d", stream_status (t));
	json_decref (ctl (s, "apikey revoke %s", text_at (key, "id")));
	UNTIL (2000, stream_ended (t), "the stream goes on after its key was revoked");
	struct web_answer a = web (s, text_at (key, "key"), "GET", "/api/crm/deals", NULL);
	then_problem (&a, 401, "unauthenticated");
	stream_close (&t);
	json_decref (key);
}

STORY (cross_site, "A write by cookie from another site is refused")
{
	given_workspace (s, "cross", "commerce");
	struct user u = given_user (s, "cross@cross.nl", "--workspace cross --role owner");
	struct web_answer a = web_ask (s,
				       &(struct web_request){ .method = "POST",
							      .url = "/api/crm/leads",
							      .cookie = u.cookie,
							      .body = "{\"name\":\"X\"}",
							      .header = { "Origin: https://evil.example", "Sec-Fetch-Site: cross-site" } });
	then_problem (&a, 403, "cross_site");
	a = when_user_asks (s, &u, "POST", "/api/crm/leads", "{\"name\":\"Y\"}");
	then_status (&a, 201);
}

STORY (a_4_schema_ownership, "A-4: every database role touches its own schema and no other, and its reader writes nothing")
{
	static const char *const schemas[] = { "gateway", "lead_intake", "contacts", "pipeline", "mailer", "billing", "automation" };
	char state[6], reader[40];
	for (size_t i = 0; i < LENGTH (schemas); i++) {
		PGconn *own = sql_open (s, schemas[i]);
		snprintf (reader, sizeof reader, "%s_read", schemas[i]);
		PGconn *read = sql_open (s, reader);
		CHECK (PQstatus (own) == CONNECTION_OK && PQstatus (read) == CONNECTION_OK, "the roles of %s cannot log in", schemas[i]);
		for (size_t k = 0; k < LENGTH (schemas); k++) {
			sql_state (own, state, "select count(*) from %s.event", schemas[k]);
			CHECK (i == k ? !*state : !strcmp (state, "42501"), "%s reads %s: '%s'", schemas[i], schemas[k], state);
			sql_state (own, state, "delete from %s.event where false", schemas[k]);
			CHECK (i == k ? !*state : !strcmp (state, "42501"), "%s writes %s: '%s'", schemas[i], schemas[k], state);
			sql_state (read, state, "select count(*) from %s.workspace", schemas[k]);
			CHECK (i == k || !strcmp (state, "42501"), "%s reads %s: '%s'", reader, schemas[k], state);
		}
		sql_state (read, state, "delete from %s.workspace", schemas[i]);
		CHECK (*state, "%s deletes", reader);
		PQfinish (own), PQfinish (read);
	}
}

STORY (nothing_set_nothing_seen, "A reader that was told no workspace sees no row of any table")
{
	static const char *const schemas[] = { "gateway", "lead_intake", "contacts", "pipeline", "mailer", "billing", "automation" };
	given_deal (s, "unseen", "commerce", "Onzichtbaar", "Contact");
	for (size_t i = 0; i < LENGTH (schemas); i++) {
		char reader[40];
		snprintf (reader, sizeof reader, "%s_read", schemas[i]);
		PGconn *read = sql_open (s, reader);

		char *list = sql_text (
			     s,
			     "select string_agg(c.relname, ' ') from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' "
			     "where c.relnamespace = '%s'::regnamespace and c.relkind in ('r', 'p') and c.relname not in ('parked', 'reply', "
			     "'number_block', 'agency', 'gone') and has_any_column_privilege('%s', c.oid, 'select')",
			     schemas[i], reader),
		     *rest;
		CHECK (*list, "%s may read no table", reader);
		for (char *table = strtok_r (list, " ", &rest); table; table = strtok_r (NULL, " ", &rest)) {
			char sql[200];
			snprintf (sql, sizeof sql, "select count(workspace_id) from %s.%s", schemas[i], table);
			PGresult *r = PQexec (read, sql);
			CHECK (PQresultStatus (r) == PGRES_TUPLES_OK && !strcmp (PQgetvalue (r, 0, 0), "0"), "%s sees %s.%s: %s%s", reader,
			       schemas[i], table, PQresultStatus (r) == PGRES_TUPLES_OK ? PQgetvalue (r, 0, 0) : "",
			       PQresultErrorMessage (r));
			PQclear (r);
		}
		PQfinish (read);
	}
}
