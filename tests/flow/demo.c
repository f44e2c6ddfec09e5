/* The demo: what stands in it, that it is the same every time, and that nothing of it is left when it goes. Every table of every schema is looked
 * through: one that is not known here fails. It must never pass by looking at a table in which the demo had nothing. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "story.h"

/* ---- what stands in it ---- */

static const char demo_is[] = "(select workspace_id from gateway.workspace where demo and not home)";

static void demo_counted (struct stack *s)
{
	then_number (s, 6, "demo workspaces", "select count(*) from gateway.workspace where demo and not home");
	then_number (s, 5, "presets", "select count(distinct preset) from gateway.workspace where demo and not home");
	then_text (
		s, "", "workspaces with fewer than 60 deals",
		"select string_agg(slug, ' ') from gateway.workspace w where demo and not home and (select count(*) from pipeline.deal d where "
		"d.workspace_id = w.workspace_id) < 60");
	then_text (
		s, "", "workspaces with fewer than 80 contacts",
		"select string_agg(slug, ' ') from gateway.workspace w where demo and not home and (select count(*) from contacts.contact c where "
		"c.workspace_id = w.workspace_id) < 80");
	then_text (
		s, "", "stages without a deal",
		"select string_agg(g.key, ' ') from pipeline.stage g where g.workspace_id in %s and not exists (select from pipeline.deal d where "
		"(d.workspace_id, d.stage_id) = (g.workspace_id, g.id))",
		demo_is);
	then_text (
		s, "", "workspaces that began less than eleven weeks ago, or where nothing came for two days",
		"select string_agg(t.w::text, ' ') from (select d.workspace_id as w, min(d.created_at) as first, max(d.created_at) as last from "
		"pipeline.deal d where d.workspace_id in %s group by 1) t where t.first > now() - interval '77 days' or t.last < now() - interval '2 days'",
		demo_is);
	then_number (s, 0, "deals that moved before they were made, or in the future",
		     "select count(*) from pipeline.deal where workspace_id in %s and (stage_since < created_at or stage_since > now())",
		     demo_is);
	then_number (s, 18, "statuses of leads, three in each workspace",
		     "select count(*) from (select distinct workspace_id, status from lead_intake.lead where workspace_id in %s) t",
		     demo_is);
	then_number (s, 18, "owners of deals, three in each workspace",
		     "select count(*) from (select distinct workspace_id, owner_id from pipeline.deal where workspace_id in %s) t",
		     demo_is);
	then_number (
		s, 0, "deals in another currency than the workspace's",
		"select count(*) from pipeline.deal d join gateway.workspace w using (workspace_id) where w.demo and d.value_currency <> w.currency");
	then_number (
		s, 6, "workspaces with notes, a file and deals made by hand",
		"select count(*) from gateway.workspace w where demo and not home and exists (select from pipeline.deal d where d.workspace_id = "
		"w.workspace_id and d.notes is not null) and exists (select from lead_intake.file f where f.workspace_id = w.workspace_id) and exists "
		"(select from pipeline.deal d join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (d.workspace_id, d.id) where d.workspace_id "
		"= w.workspace_id and d.lead_id is null)");
}

/* Who, what, how much, where and on which day, without ids. */
static char *demo_sum (struct stack *s)
{
	return sql_text (
		s,
		"select md5(string_agg(t, ';' order by t)) from (select concat_ws('|', w.slug, d.title, d.value, d.value_currency, d.notes, d.close_date, g.key, "
		"d.created_at::date, u.name, d.company) from pipeline.deal d join gateway.workspace w using (workspace_id) join pipeline.stage g on "
		"(g.workspace_id, g.id) = (d.workspace_id, d.stage_id) left join gateway.user u on u.id = d.owner_id where w.demo union all select "
		"concat_ws('|', w.slug, c.name, c.email, c.phone, c.company, c.created_at::date) from contacts.contact c join gateway.workspace w using "
		"(workspace_id) where w.demo union all select concat_ws('|', w.slug, l.name, l.status, l.message, l.source) from lead_intake.lead l join "
		"gateway.workspace w using (workspace_id) where w.demo) x (t)");
}

/* ---- what is left of it ---- */

static const char *const schemas[] = { "gateway", "lead_intake", "contacts", "pipeline" };

/* Of nobody in particular: lanes, cursors, processes, migrations. `gone` keeps the ids of what was taken away, and nothing else. */
static const char nobodys[] = " lane lane_epoch cursor attempt migration program gone ";

/* Of an agency that stays: its audit never loses a line, answers are kept for a week, and both name who was added to it, by the id alone. */
static const char people_stay[] = " audit reply event ";

/* What a demo has no row in by itself: one is put there, so that something is tried. */
static void rows_put (struct stack *s, const char *w, const char *home, const char *user)
{
	sql_do (s, "insert into pipeline.waiting_lead (workspace_id, lead_id, title, files) values ('%s', gen_random_uuid(), 'x', 0)", w);
	for (size_t i = 1; i < LENGTH (schemas); i++) {
		sql_do (s, "insert into %s.search_page (workspace_id, last, n, ids, words) values ('%s', gen_random_uuid(), 1, '{}', 'x')",
			schemas[i], w);
		sql_do (s,
			"insert into %s.parked (lane, source, sequence, key, key2, workspace_id, type, event, state, tries, error, next_at) values "
			"((select lane from %s.lane limit 1), 'gateway', 1, 1, 0, '%s', 'x', '', 'poison', 9, 'x', now())",
			schemas[i], schemas[i], w);
	}
	sql_do (s, "insert into gateway.team (workspace_id, id, name) values ('%s', gen_random_uuid(), 'x')", w);
	sql_do (s,
		"insert into gateway.invite (workspace_id, user_id, token_hash, created_at, expires_at) values ('%s', '%s', 'x', now(), now())",
		home, user);
	sql_do (s, "insert into gateway.totp (workspace_id, user_id, sealed, last_step, recovery) values ('%s', '%s', 'x', 0, '[]')", home,
		user);
	sql_do (s, "insert into gateway.setup (workspace_id, code_hash, expires_at, wrong) values ('%s', 'x', now(), 0)", home);
}

/* Rows in which one of these ids stands, as text or as bytes; of frames only those that were written while the demo was there. */
static int64_t rows_naming (struct stack *s, const char *schema, const char *table, const char *ids, bool after)
{
	char frames[300] = "";
	if (after && !strcmp (table, "event"))
		snprintf (frames, sizeof frames,
			  " and t.first_seq <= coalesce((select g.upto from %s.gone g where g.workspace_id::text = i.id), 9e18::bigint)",
			  schema);
	return sql_number (
		s,
		"select count(*) from %s.%s t where exists (select from unnest('{%s}'::text[]) as i (id) where (strpos(t::text, i.id) > 0 or "
		"strpos(t::text, replace(i.id, '-', '')) > 0)%s)",
		schema, table, ids, frames);
}

static char *tables_of (struct stack *s, const char *schema)
{
	return sql_text (
		s,
		"select string_agg(table_name, ' ' order by table_name) from information_schema.tables where table_schema = '%s' and table_type = "
		"'BASE TABLE'",
		schema);
}

/* Before: each table has something of the demo. After: none has. `ids`: of workspaces and homes, with commas between them. */
static void tables_tried (struct stack *s, const char *ids, const char *people, bool after)
{
	char all[8000];
	snprintf (all, sizeof all, "%s,%s", ids, people);
	for (size_t i = 0; i < LENGTH (schemas); i++) {
		char *list = tables_of (s, schemas[i]), *rest;
		CHECK (*list, "%s has no tables", schemas[i]);
		for (char *table = strtok_r (list, " ", &rest); table; table = strtok_r (NULL, " ", &rest)) {
			char word[80];
			snprintf (word, sizeof word, " %s ", table);
			bool gateway_parks = !strcmp (schemas[i], "gateway") && !strcmp (table, "parked"); /* it hears nobody */
			bool numberless = !strcmp (schemas[i], "gateway") && !strcmp (table, "number_block");
			if (strstr (nobodys, word) || gateway_parks || numberless)
				continue;
			int64_t n = rows_naming (s, schemas[i], table, strstr (people_stay, word) ? ids : all, after);
			CHECK (after || n > 0, "%s.%s has nothing of the demo: put something there, or say here why not", schemas[i],
			       table);
			CHECK (!after || !n, "%s.%s has %lld rows that name the demo", schemas[i], table, (long long) n);
		}
		free (list);
	}
}

static void frames_erased (struct stack *s)
{
	for (size_t i = 0; i < LENGTH (schemas); i++)
		UNTIL (20000, !sql_number (s, "select count(*) from %s.gone where erased < upto", schemas[i]),
		       "the frames of %s are not erased", schemas[i]);
}

static char *sum_of (struct stack *s, const char *workspace)
{
	return sql_text (
		s,
		"select md5(string_agg(t, ';' order by t)) from (select d::text from pipeline.deal d where workspace_id = '%s' union all select l::text "
		"from lead_intake.lead l where workspace_id = '%s' union all select c::text from contacts.contact c where workspace_id = '%s' union all "
		"select m::text from gateway.member m where workspace_id = '%s' union all select t::text from contacts.timeline t where workspace_id = "
		"'%s') x (t)",
		workspace, workspace, workspace, workspace, workspace);
}

static bool stands (const struct stack *s, const char *ids)
{
	char path[400], copy[8000], *rest;
	snprintf (copy, sizeof copy, "%s", ids);
	for (char *id = strtok_r (copy, ",", &rest); id; id = strtok_r (NULL, ",", &rest)) {
		snprintf (path, sizeof path, "%s/files/%s", s->var, id);
		if (!access (path, F_OK))
			return true;
	}
	return false;
}

static void doctor_green (struct stack *s)
{
	int code;
	char *text = ctl_text (s, &code, "doctor");
	CHECK (code == 0 || strstr (text, "build_old"), "doctor: %d %s", code, text); /* somebody may be building meanwhile */
	free (text);
}

static struct web_answer log_in (struct stack *s, const char *email, const char *password)
{
	char body[400], origin[100];
	snprintf (body, sizeof body, "{\"email\":\"%s\",\"password\":\"%s\"}", email, password);
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	return web_ask (s,
			&(struct web_request){
				.method = "POST", .url = "/api/login", .body = body, .header = { origin, "Sec-Fetch-Site: same-origin" } });
}

STORY_ALONE (demo_comes_and_goes,
	     "The demo is whole and the same every time; one click takes all of it away, from every table, and leaves what is real")
{
	struct user admin = given_user (s, "admin@agency.nl", "--admin");
	struct workspace *real = given_workspace (s, "echt", "nl-offerte-6");
	struct user sales = given_user (s, "verkoop@echt.nl", "--workspace echt --role sales");
	given_deal_of (s, real, "Echte Klant", "klant@echt.nl", "Offerteaanvraag");
	json_t *logins = ctl (s, "demo");
	settle (s);
	demo_counted (s);
	struct web_answer a = log_in (s, text_at (logins, "data.0.email"), text_at (logins, "data.0.password"));
	then_status (&a, 200);
	/* what is about to go, and what is not */
	char *sum = demo_sum (s), *kept = sum_of (s, real->id),
	     *ids = sql_text (
		     s,
		     "select string_agg(x.id::text, ',') from (select workspace_id from gateway.workspace where demo and not home union select "
		     "workspace_id from gateway.agency where demo) x (id)"),
	     *people = sql_text (
		     s,
		     "select string_agg(distinct m.user_id::text, ',') from gateway.member m join gateway.workspace w using (workspace_id) "
		     "where w.demo"),
	     *one = sql_text (s, "select workspace_id from gateway.workspace where slug = 'kestrel-it'"),
	     *home = sql_text (s, "select agency_id from gateway.workspace where slug = 'kestrel-it'"),
	     *user = sql_text (s, "select user_id from gateway.member where workspace_id = '%s' limit 1", one);
	rows_put (s, one, home, user);
	tables_tried (s, ids, people, false);
	CHECK (stands (s, ids), "the demo has no file on disk: nothing was tried");
	a = when_user_asks (s, &admin, "GET", "/api/demo", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 6 && number_at (a.json, "users") > 17, "what there is of the demo: %s",
	       a.body);
	web_free (&a);
	a = when_user_asks (s, &sales, "DELETE", "/api/demo?confirm=yes", NULL);
	then_status (&a, 403);
	a = when_user_asks (s, &admin, "DELETE", "/api/demo", NULL);
	then_problem (&a, 422, "invalid");
	struct stream *live = stream_open_as (s, NULL, admin.cookie, NULL);
	a = when_user_asks (s, &admin, "DELETE", "/api/demo?confirm=yes", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 6, "the demo's end: %d %s", a.status, a.body);
	web_free (&a);
	UNTIL (5000, stream_ended (live), "a live page is not told that the demo is gone");
	stream_close (&live);
	settle (s);
	frames_erased (s);
	tables_tried (s, ids, people, true);
	CHECK (!stands (s, ids), "files of the demo are left");
	then_number (s, 0, "ways in of the demo", "select count(*) from lead_intake.source where demo");
	then_text (s, kept, "the real workspace", "select '%s'", sum_of (s, real->id));
	then_number (s, 1, "lines of the audit that say who did it",
		     "select count(*) from gateway.audit where what = 'demo_remove' and actor = '%s'", admin.id);
	a = log_in (s, text_at (logins, "data.0.email"), text_at (logins, "data.0.password"));
	then_problem (&a, 401, "login_failed");
	char path[300];
	snprintf (path, sizeof path, "%s", text_at (logins, "data.0.hook"));
	a = when_posted (s, path, "{\"name\":\"Te laat\",\"email\":\"laat@laat.nl\"}");
	CHECK (a.status == 404, "a hook of the demo still answers %d", a.status);
	web_free (&a);
	a = when_user_asks (s, &admin, "DELETE", "/api/demo?confirm=yes", NULL);
	then_status (&a, 204);
	doctor_green (s);
	/* the same again, and away by the operator */
	json_decref (ctl (s, "demo"));
	settle (s);
	demo_counted (s);
	char *again = demo_sum (s);
	CHECK (!strcmp (sum, again), "a second demo is another one");
	json_t *removed = ctl (s, "demo remove");
	CHECK (json_array_size (json_at (removed, "workspaces")) == 6 && number_at (removed, "agencies") == 4, "what was removed");
	json_decref (removed);
	int code;
	char *none = ctl_text (s, &code, "demo remove");
	CHECK (code == 0 && strstr (none, "no demo"), "a second removal: %d %s", code, none);
	settle (s);
	then_number (s, 1, "workspaces that are left", "select count(*) from gateway.workspace where not home");
	doctor_green (s);
	a = web (s, real->key, "GET", "/api/crm/deals", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "the real workspace's deal: %s", a.body);
	web_free (&a);
}

STORY_ALONE (demo_alone,
	     "Where all was demo an empty agency is left, and its admin makes the first workspace; nothing else can be removed like that")
{
	char *text;
	int code;
	json_decref (ctl (s, "demo"));
	struct user admin = given_user (s, "baas@agency.nl", "--admin");
	json_decref (ctl (s, "demo remove"));
	struct web_answer a = when_user_asks (s, &admin, "GET", "/api/me", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "workspaces")) == 0, "an empty agency: %d %s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &admin, "GET", "/api/crm/pipeline", NULL);
	then_status (&a, 200);
	a = when_user_asks (s, &admin, "POST", "/api/workspaces", "{\"name\":\"Echt werk\",\"preset\":\"nl-offerte-6\"}");
	struct workspace_remove remove = { .head.workspace = uuid_at (a.json, "id"), .workspace_id = { uuid_at (a.json, "id") } };
	then_status (&a, 201);
	settle (s);
	remove.has.workspace_id = HERE;
	remove.head.grant.scope = SCOPE_ALL;
	remove.head.grant.permissions = UINT64_MAX;
	struct pending *asked = bus_ask (s, &workspace_remove_record, &remove);
	struct bus_reply reply = bus_wait (&asked, 5000);
	CHECK (!strcmp (reply.code, "not_a_demo"), "a real workspace can be removed: %s", reply.code);
	then_number (s, 1, "admins of the first agency",
		     "select count(*) from gateway.user u where u.workspace_id = (select workspace_id from "
		     "gateway.agency order by created_at limit 1) and u.email = 'baas@agency.nl'");
	text = ctl_text (s, &code, "demo remove");
	CHECK (code == 0 && strstr (text, "no demo"), "there is a demo: %s", text);
	free (text);
	char state[6];
	PGconn *own = sql_open (s, "gateway");
	sql_state (own, state, "delete from gateway.audit where what = 'workspace_add'");
	CHECK (!strcmp (state, "42501"), "a line of the audit goes: '%s'", state);
	PQfinish (own);
}
