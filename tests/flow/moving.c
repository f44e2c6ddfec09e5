/* Moving in: the files of another system as one import, looked at whole before anything is written; the same files again change what they made and make no
 * double; taken back whole. The exports of five systems are known by their columns. It must never look at the table where the API can be asked. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "story.h"

/* A fixture becomes the first file of a moving, or another one of it; the import as it is then. */
static json_t *sent (struct stack *s, const struct workspace *w, const char *file, const char *into)
{
	char path[300], bytes[4000];
	snprintf (path, sizeof path, "tests/fixtures/moving/%s.csv", file);
	FILE *f = fopen (path, "r");
	CHECK (f, "no %s", path);
	size_t n = fread (bytes, 1, sizeof bytes, f);
	fclose (f);
	snprintf (path, sizeof path, "/api/crm/imports?profile=moving&name=%s.csv%s%s", file, into ? "&into=" : "", into ? into : "");
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST", .url = path, .key = w->key, .body = bytes, .n = n, .type = "text/csv" });
	CHECK (a.status == 201, "%s is %d: %s", file, a.status, a.body);
	json_t *ret = json_incref (a.json);
	web_free (&a);
	return ret;
}

static const char *begun (struct stack *s, const struct workspace *w, const char *const files[], size_t n)
{
	static char id[UUID_TEXT];
	json_t *first = sent (s, w, files[0], NULL);
	snprintf (id, sizeof id, "%s", text_at (first, "id"));
	json_decref (first);
	for (size_t i = 1; i < n; i++)
		json_decref (sent (s, w, files[i], id));
	return id;
}

/* "file/row field reason detail" of each wrong row. */
static void wrong_are (struct stack *s, const struct workspace *w, const char *id, const char *expected)
{
	char path[200], is[1000] = "";
	size_t i;
	json_t *row;
	snprintf (path, sizeof path, "/api/crm/imports/%s/rows?state=error", id);
	struct web_answer a = import_asked (s, w, "GET", path, NULL);
	json_array_foreach (json_at (a.json, "data"), i, row) snprintf (
		is + strlen (is), sizeof is - strlen (is), "%s%lld/%lld %s %s %s", *is ? ", " : "", (long long) number_at (row, "file"),
		(long long) number_at (row, "row"), text_at (row, "field"), text_at (row, "reason"), text_at (row, "detail"));
	CHECK (!strcmp (is, expected), "wrong rows are\n      %s\n  not\n      %s", is, expected);
	web_free (&a);
}

/* What stands of each kind: companies, people, deals, notes. */
static void stands (struct stack *s, const struct workspace *w, const char *expected)
{
	settle (s);
	then_text (
		s, expected, "what stands",
		"select concat_ws(' ', (select count(*) from contacts.account a where a.workspace_id = w.id and a.removed_at is null),"
		" (select count(*) from contacts.contact c where c.workspace_id = w.id and c.removed_at is null),"
		" (select count(*) from pipeline.deal d where d.workspace_id = w.id and d.trashed_at is null),"
		" (select count(*) from contacts.activity v where v.workspace_id = w.id and v.removed_at is null)) from (select '%s'::uuid as id) w",
		w->id);
}

static const char *const hubspot[] = { "hubspot-deals", "hubspot-notes", "hubspot-companies", "hubspot-contacts" };

STORY_ALONE (
	moving_in,
	"Companies, people, deals and notes of another system in one run, in whatever order their files come: stages and owners are named, what nobody knows is said; a death in between changes nothing; again it changes and doubles nothing; taken back to what was there")
{
	struct workspace *w = given_workspace (s, "verhuizen", "classic-6");
	given_user (s, "eva@verhuizen.test", "--workspace verhuizen --role manager");
	struct web_answer a = import_asked (s, w, "POST", "/api/crm/contacts",
					    "{\"name\":\"P. Noord\",\"email\":\"piet@noordlogistiek.example\",\"job_title\":\"CEO\"}");
	then_status (&a, 201);
	stands (s, w, "0 1 0 0");
	char id[UUID_TEXT], path[200], body[400], stage[UUID_TEXT] = "";
	snprintf (id, sizeof id, "%s", begun (s, w, hubspot, LENGTH (hubspot)));
	import_stepped (s, w, id, "check", 200);
	json_t *import = import_reached (s, w, id, "checked", 30);
	CHECK (!strcmp (text_at (import, "system"), "hubspot") && json_array_size (json_at (import, "files")) == 4, "it is %s",
	       json_dumps (import, 0));
	size_t i;
	json_t *name;
	char names[400] = "";
	json_array_foreach (json_at (import, "names"), i, name) snprintf (
		names + strlen (names), sizeof names - strlen (names), "%s %s %lld %s, ", text_at (name, "kind"), text_at (name, "name"),
		(long long) number_at (name, "rows"), json_is_string (json_at (name, "target")) ? "known" : "unknown");
	CHECK (!strcmp (names, "stage Appointment Scheduled 1 unknown, stage Closed Won 1 known, owner eva@verhuizen.test 4 known, "
			       "owner Jan Vertrokken 1 unknown, "),
	       "names are %s", names);
	import_counts (import, "checked ready updates errors", "10 7 1 2");
	wrong_are (s, w, id, "3/2 stage no_stage Appointment Scheduled, 4/4 record no_record ");
	stands (s, w, "0 1 0 0");
	char *first = sql_text (s, "select first_stage_id from pipeline.workspace where workspace_id = '%s'", w->id);
	snprintf (stage, sizeof stage, "%s", first);
	free (first);
	snprintf (path, sizeof path, "/api/crm/imports/%s/names", id);
	snprintf (body, sizeof body, "{\"names\":[{\"kind\":\"stage\",\"name\":\"Appointment Scheduled\",\"target\":\"%s\"}]}", stage);
	a = import_asked (s, w, "PUT", path, body);
	then_status (&a, 200);
	import_stepped (s, w, id, "check", 200);
	import_counts (import_reached (s, w, id, "checked", 30), "ready updates errors", "8 1 1");
	import_stepped (s, w, id, "confirm", 200);
	daemon_kill (s, "contacts", 0, SIGKILL);
	daemon_ready (s, "contacts", 0);
	import_counts (import_reached (s, w, id, "done", 30), "created updated skipped", "8 1 1");
	stands (s, w, "2 3 2 2");
	then_text (
		s, "Anna Smit of Bakkerij Smit, Piet Noord of Noord Logistiek, Zoë", "people with their companies",
		"select string_agg(concat_ws(' of ', c.name, a.name), ', ' order by c.name) from contacts.contact c left join contacts.account a on (a.workspace_id, a.id) = (c.workspace_id, c.account_id) where c.workspace_id = '%s'",
		w->id);
	then_text (
		s, "Nieuwe oven 1250050 open Anna Smit Bakkerij Smit eva, Vrachtwagens 9000000 won Piet Noord Noord Logistiek",
		"deals where they belong",
		"select string_agg(concat_ws(' ', d.title, d.value, t.kind, c.name, a.name, m.name), ', ' order by d.title) from pipeline.deal d"
		" join pipeline.stage t on (t.workspace_id, t.id) = (d.workspace_id, d.stage_id)"
		" left join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (d.workspace_id, d.id)"
		" left join pipeline.deal_account a on (a.workspace_id, a.deal_id) = (d.workspace_id, d.id)"
		" left join (select m.workspace_id, m.user_id, 'eva' as name from contacts.member m where m.name ilike 'eva%%') m on (m.workspace_id, m.user_id) = (d.workspace_id, d.owner_id) where d.workspace_id = '%s'",
		w->id);
	then_text (
		s, "deal 2025-01-12 14:30:00, contact 2025-02-12 09:00:00", "notes of the nearest that they name, when they were written",
		"select string_agg(v.about || ' ' || to_char(v.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), ', ' order by v.created_at) from contacts.activity v where v.workspace_id = '%s'",
		w->id);
	snprintf (path, sizeof path, "/api/crm/imports/%s/result", id);
	a = import_asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, "no_record"), "the result is %d: %s", a.status, a.body);
	web_free (&a);
	/* again, and by now somebody has changed one of them */
	char *oven = sql_text (s, "select id from pipeline.deal where workspace_id = '%s' and title = 'Nieuwe oven'", w->id),
	     again[UUID_TEXT];
	snprintf (path, sizeof path, "/api/crm/deals/%s", oven);
	free (oven);
	a = import_asked (s, w, "PUT", path, "{\"title\":\"Oude oven\"}");
	then_status (&a, 200);
	snprintf (again, sizeof again, "%s", begun (s, w, hubspot, LENGTH (hubspot)));
	snprintf (path, sizeof path, "/api/crm/imports/%s/names", again);
	a = import_asked (s, w, "PUT", path, body);
	then_status (&a, 200);
	import_stepped (s, w, again, "check", 200);
	import_counts (import_reached (s, w, again, "checked", 30), "ready updates errors", "0 9 1");
	import_stepped (s, w, again, "confirm", 200);
	import_counts (import_reached (s, w, again, "done", 30), "created updated skipped", "0 9 1");
	stands (s, w, "2 3 2 2");
	then_number (s, 1, "deals called as the files do",
		     "select count(*) from pipeline.deal where workspace_id = '%s' and title = 'Nieuwe oven'", w->id);
	import_stepped (s, w, again, "undo", 200);
	import_counts (import_reached (s, w, again, "undone", 30), "undone kept", "9 0");
	stands (s, w, "2 3 2 2");
	then_number (s, 1, "deals called as somebody did",
		     "select count(*) from pipeline.deal where workspace_id = '%s' and title = 'Oude oven'", w->id);
	import_stepped (s, w, id, "undo", 200);
	import_counts (import_reached (s, w, id, "undone", 30), "undone kept", "9 0");
	stands (s, w, "0 1 1 0");
	then_text (
		s, "P. Noord CEO", "who was there before is as they were",
		"select string_agg(c.name || ' ' || c.job_title, ', ') from contacts.contact c where c.workspace_id = '%s' and c.removed_at is null",
		w->id);
	then_no_dead_letters (s);
}

/* The step is taken by the user; how far it is, the workspace's key sees. */
static void stepped_by (struct stack *s, const struct workspace *w, const struct user *u, const char *id, const char *step,
			const char *state)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/imports/%s/%s", id, step);
	struct web_answer a = when_user_asks (s, u, "POST", path, "{}");
	then_status (&a, 200);
	json_decref (import_reached (s, w, id, state, 30));
}

/* One deal in a file, sent by the user; looked at, and written. */
static const char *deal_moved (struct stack *s, const struct workspace *w, const struct user *u, const char *number, const char *title)
{
	static char id[UUID_TEXT];
	char body[600], origin[100];
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	snprintf (body, sizeof body,
		  "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Currency,Associated Company IDs (Primary),"
		  "Associated Company (Primary),Associated Contact IDs\n%s,%s,Closed Won,,,100,EUR,,,\n",
		  number, title);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = "/api/crm/imports?profile=moving&name=deals.csv",
								 .cookie = u->cookie,
								 .header = { origin, "Sec-Fetch-Site: same-origin" },
								 .body = body,
								 .type = "text/csv" });
	snprintf (id, sizeof id, "%s", text_at (a.json, "id"));
	then_status (&a, 201);
	stepped_by (s, w, u, id, "check", "checked");
	stepped_by (s, w, u, id, "confirm", "done");
	return id;
}

STORY (moving_answers,
       "A deal that became another's before pipeline heard of the file stays as it is, and the row says so; what was changed counts when pipeline has changed it")
{
	struct workspace *w = given_workspace (s, "antwoord", "follow-up");
	struct user sdr = given_user (s, "sdr@antwoord.nl", "--workspace antwoord --role sdr"),
		    other = given_user (s, "ander@antwoord.nl", "--workspace antwoord --role sdr");
	char path[200];
	import_counts (import_reached (s, w, deal_moved (s, w, &sdr, "8001", "Oven"), "done", 20), "created updated skipped", "1 0 0");
	settle (s);
	import_counts (import_reached (s, w, deal_moved (s, w, &sdr, "8001", "Oven twee"), "done", 20), "created updated skipped", "0 1 0");
	settle (s);
	/* pipeline knows already, contacts has not heard it */
	sql_do (s, "update pipeline.deal set owner_id = '%s' where workspace_id = '%s'", other.id, w->id);
	const char *id = deal_moved (s, w, &sdr, "8001", "Oven drie");
	import_counts (import_reached (s, w, id, "done", 20), "created updated skipped", "0 0 1");
	snprintf (path, sizeof path, "/api/crm/imports/%s/rows?state=skipped", id);
	struct web_answer a = import_asked (s, w, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "data.0.reason"), "taken"), "the row says %s", a.body);
	web_free (&a);
	then_text (s, "Oven twee", "the deal", "select string_agg(title, ', ') from pipeline.deal where workspace_id = '%s'", w->id);
	then_number (s, 0, "rows that wait for pipeline", "select count(*) from contacts.import_done where workspace_id = '%s' and asked",
		     w->id);
	then_no_dead_letters (s);
}

STORY (moving_own, "Who sees their own alone changes nobody else's deals with the files that made them, whenever they were confirmed")
{
	static const char deals[] = "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Currency,Associated Company IDs (Primary),"
				    "Associated Company (Primary),Associated Contact IDs\n"
				    "7001,%s,Closed Won,,,100,EUR,,,\n";
	struct workspace *w = given_workspace (s, "eigen-deals", "follow-up");
	struct user sdr = given_user (s, "sdr@eigen-deals.nl", "--workspace eigen-deals --role sdr");
	char body[600], origin[100], id[2][UUID_TEXT];
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	for (size_t i = 0; i < 2; i++) { /* theirs is looked at before the other one is written: it is nobody's yet */
		snprintf (body, sizeof body, deals, i ? "Van mij nu" : "Van een ander");
		struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
									 .url = "/api/crm/imports?profile=moving&name=deals.csv",
									 .key = i ? NULL : w->key,
									 .cookie = i ? sdr.cookie : NULL,
									 .header = { origin, "Sec-Fetch-Site: same-origin" },
									 .body = body,
									 .type = "text/csv" });
		snprintf (id[i], sizeof id[i], "%s", text_at (a.json, "id"));
		then_status (&a, 201);
	}
	stepped_by (s, w, &sdr, id[1], "check", "checked");
	import_stepped (s, w, id[0], "check", 200);
	json_decref (import_reached (s, w, id[0], "checked", 30));
	import_stepped (s, w, id[0], "confirm", 200);
	json_decref (import_reached (s, w, id[0], "done", 30));
	settle (s);
	stepped_by (s, w, &sdr, id[1], "confirm", "done");
	import_counts (import_reached (s, w, id[1], "done", 30), "created updated skipped", "0 0 1");
	settle (s);
	then_text (s, "Van een ander", "the deal", "select string_agg(title, ', ') from pipeline.deal where workspace_id = '%s'", w->id);
	snprintf (body, sizeof body, deals, "Van mij nu");
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = "/api/crm/imports?profile=moving&name=deals.csv",
								 .cookie = sdr.cookie,
								 .header = { origin, "Sec-Fetch-Site: same-origin" },
								 .body = body,
								 .type = "text/csv" });
	snprintf (id[0], sizeof id[0], "%s", text_at (a.json, "id"));
	then_status (&a, 201);
	stepped_by (s, w, &sdr, id[0], "check", "checked");
	wrong_are (s, w, id[0], "1/2 old_id taken ");
}

STORY (moving_systems,
       "The exports of HubSpot, Pipedrive, Odoo, EspoCRM and Dolibarr are known by their columns, as a table: whose they are, what their rows are, what each column is; another one is asked about")
{
	static const struct {
		const char *file, *is;
	} files[] = {
		{ "hubspot-companies", "hubspot companies old_id name owner - phone - city country industry website" },
		{ "hubspot-contacts", "hubspot contacts old_id first_name last_name email phone owner company_id company - job_title" },
		{ "hubspot-deals", "hubspot deals old_id title stage close_date owner amount currency company_id company contact_id" },
		{ "hubspot-notes", "hubspot notes old_id note at owner contact_id company_id deal_id" },
		{ "pipedrive-organizations", "pipedrive companies old_id name owner address -" },
		{ "pipedrive-people", "pipedrive contacts old_id name first_name last_name email phone company owner" },
		{ "pipedrive-deals",
		  "pipedrive deals old_id title amount currency stage status close_date company contact owner closed_at" },
		{ "pipedrive-activities", "pipedrive notes old_id subject kind due_at note done deal contact company owner" },
		{ "odoo-companies", "odoo companies old_id name phone email address postcode city country vat_no website owner" },
		{ "odoo-contacts", "odoo contacts old_id name company email phone job_title owner" },
		{ "odoo-opportunities", "odoo deals old_id title company contact contact_email stage amount close_date owner" },
		{ "odoo-activities", "odoo notes old_id kind subject note due_at record owner" },
		{ "espocrm-accounts",
		  "espocrm companies old_id name website email phone address city postcode country industry owner notes" },
		{ "espocrm-contacts", "espocrm contacts old_id first_name last_name company_id company job_title email phone owner" },
		{ "espocrm-opportunities", "espocrm deals old_id title company_id company stage amount currency close_date owner notes" },
		{ "espocrm-calls", "espocrm notes old_id subject done at due_at note record_id record - owner" },
		{ "dolibarr-thirdparties",
		  "dolibarr companies old_id name - - address postcode city country phone email website vat_no notes" },
		{ "dolibarr-contacts", "dolibarr contacts old_id last_name first_name job_title phone - email company_id company" },
		{ "dolibarr-projects", "dolibarr deals company_id company old_id - title close_date stage amount notes" },
		{ "dolibarr-events", "dolibarr notes old_id kind subject note at company_id contact_id deal_id" },
	};
	struct workspace *w = given_workspace (s, "moving", "classic-6");
	char id[UUID_TEXT] = "", path[200];
	for (size_t i = 0; i < LENGTH (files); i++) {
		bool first = i % 4 == 0;
		json_t *import = sent (s, w, files[i].file, first ? NULL : id), *file, *field;
		char is[400] = "", name[60];
		size_t k, c;
		snprintf (id, sizeof id, "%s", text_at (import, "id"));
		snprintf (name, sizeof name, "%s.csv", files[i].file);
		json_array_foreach (json_at (import, "files"), k, file)
		{
			if (strcmp (text_at (file, "name"), name))
				continue;
			snprintf (is, sizeof is, "%s %s", text_at (import, "system"), text_at (file, "kind"));
			json_array_foreach (json_at (file, "mapping"), c, field) snprintf (
				is + strlen (is), sizeof is - strlen (is), " %s", json_is_string (field) ? json_string_value (field) : "-");
		}
		CHECK (!strcmp (is, files[i].is), "%s is\n      %s\n  not\n      %s", files[i].file, is, files[i].is);
		json_decref (import);
		if (i % 4 == 3) {
			import_stepped (s, w, id, "check", 200);
			json_t *checked = import_reached (s, w, id, "checked", 30);
			CHECK (number_at (checked, "errors") <= 2 && number_at (checked, "checked") >= 4, "%s: %s", files[i].file,
			       json_dumps (checked, 0));
			json_decref (checked);
			import_stepped (s, w, id, "cancel", 200);
		}
	}
	struct web_answer a = import_asked (s, w, "POST", "/api/crm/imports?profile=moving&name=x.csv", "Alfa,Beta\n1,2\n");
	CHECK (a.status == 201 && json_is_null (json_at (a.json, "files.0.kind")), "a file that nobody knows is %s", a.body);
	snprintf (id, sizeof id, "%s", text_at (a.json, "id"));
	char body[300];
	snprintf (body, sizeof body, "{\"file_id\":\"%s\",\"kind\":\"companies\",\"mapping\":[]}", text_at (a.json, "files.0.id"));
	web_free (&a);
	import_stepped (s, w, id, "check", 422);
	snprintf (path, sizeof path, "/api/crm/imports/%s/mapping", id);
	a = import_asked (s, w, "PUT", path, body);
	then_status (&a, 200);
	snprintf (strstr (body, "[]"), 40, "[\"name\",\"old_id\"]}");
	a = import_asked (s, w, "PUT", path, body);
	then_status (&a, 200);
	import_stepped (s, w, id, "check", 200);
	import_counts (import_reached (s, w, id, "checked", 30), "ready updates errors", "1 0 0");
}
