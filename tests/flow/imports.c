/* Files of records: looked at whole before anything is written, written in bites, gone on with after a death, taken back.
 * It must never look at the table where the API can be asked. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "story.h"

struct web_answer import_asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

/* An upload; its id. */
static const char *uploaded (struct stack *s, const struct workspace *w, const char *profile, const char *file, size_t n, json_t **ret)
{
	static char id[UUID_TEXT];
	char path[200];
	snprintf (path, sizeof path, "/api/crm/imports?profile=%s&name=Lijst%%20van%%20Jane.csv", profile);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST", .url = path, .key = w->key, .body = file, .n = n, .type = "text/csv" });
	CHECK (a.status == 201, "an upload is %d: %s", a.status, a.body);
	snprintf (id, sizeof id, "%s", text_at (a.json, "id"));
	if (ret)
		*ret = json_incref (a.json);
	web_free (&a);
	return id;
}

void import_stepped (struct stack *s, const struct workspace *w, const char *id, const char *step, int status)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/imports/%s/%s", id, step);
	struct web_answer a = import_asked (s, w, "POST", path, "{}");
	CHECK (a.status == status, "%s is %d: %s", step, a.status, a.body);
	web_free (&a);
}

json_t *import_reached (struct stack *s, const struct workspace *w, const char *id, const char *state, int seconds)
{
	char path[200];
	int64_t until = now_us () + seconds * INT64_C (1000000);
	snprintf (path, sizeof path, "/api/crm/imports/%s", id);
	for (;;) {
		struct web_answer a = import_asked (s, w, "GET", path, NULL);
		CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
		if (!strcmp (text_at (a.json, "state"), state)) {
			json_t *ret = json_incref (a.json);
			web_free (&a);
			return ret;
		}
		CHECK (now_us () < until, "an import is not %s: %s", state, a.body);
		web_free (&a);
		pause_us (3000);
	}
}

void import_counts (json_t *import, const char *names, const char *expected)
{
	char is[200] = "", name[40];
	for (const char *at = names; *at; at += strspn (at, " ")) {
		size_t n = strcspn (at, " ");
		snprintf (name, sizeof name, "%.*s", (int) n, at);
		snprintf (is + strlen (is), sizeof is - strlen (is), "%s%lld", *is ? " " : "", (long long) number_at (import, name));
		at += n;
	}
	CHECK (!strcmp (is, expected), "%s are %s, not %s", names, is, expected);
	json_decref (import);
}

/* "row field reason detail" of each row of a state. */
static void rows_are (struct stack *s, const struct workspace *w, const char *id, const char *state, const char *expected)
{
	char path[200], is[1000] = "";
	size_t i;
	json_t *row;
	snprintf (path, sizeof path, "/api/crm/imports/%s/rows?state=%s", id, state);
	struct web_answer a = import_asked (s, w, "GET", path, NULL);
	json_array_foreach (json_at (a.json, "data"), i, row)
		snprintf (is + strlen (is), sizeof is - strlen (is), "%s%lld %s %s %s", *is ? ", " : "", (long long) number_at (row, "row"),
			  text_at (row, "field"), text_at (row, "reason"), text_at (row, "detail"));
	CHECK (!strcmp (is, expected), "rows %s are\n      %s\n  not\n      %s", state, is, expected);
	web_free (&a);
}

static int64_t contacts_of (struct stack *s, const struct workspace *w)
{
	struct web_answer a = import_asked (s, w, "GET", "/api/crm/contacts?limit=200", NULL);
	int64_t ret = (int64_t) json_array_size (json_at (a.json, "data"));
	web_free (&a);
	return ret;
}

static const char jane[] = "First_Name,LASTNAME,E-mail,Telephone,Organisation,Title,Status\n"
			   "Jane,Smith,JANE@acme.test,020 1,Acme Ltd,CTO,LEAD\n"
			   "Omar,Haddad,omar@x.test,,Newco,,LEAD\n"
			   ",Nolast,a@b.test,,,,\n"
			   "Li,,li@b.test,,,,\n";

STORY (import_contacts,
       "S1-3: a CSV of people: columns by their names, created 1, updated 1, skipped 2; a company is a word; nothing before the yes; taken back")
{
	struct workspace *w = given_workspace (s, "imports", "classic-6");
	json_t *found;
	struct web_answer a = import_asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Jane Doe\",\"email\":\"jane@acme.test\"}");
	struct uuid known = uuid_at (a.json, "id");
	then_status (&a, 201);
	const char *id = uploaded (s, w, "contacts", jane, strlen (jane), &found);
	char *mapping = json_dumps (json_at (found, "mapping"), JSON_COMPACT);
	CHECK (!strcmp (mapping, "[\"first_name\",\"last_name\",\"email\",\"phone\",\"company\",\"job_title\",\"status\"]"),
	       "columns are %s", mapping);
	CHECK (json_array_size (json_at (found, "preview")) == 4 && number_at (found, "rows") == 4, "it previews %s",
	       json_dumps (found, 0));
	free (mapping);
	json_decref (found);
	import_stepped (s, w, id, "confirm", 409);
	import_stepped (s, w, id, "check", 200);
	import_counts (import_reached (s, w, id, "checked", 20), "ready updates errors checked", "1 1 2 4");
	rows_are (s, w, id, "error", "4 first_name required , 5 last_name required ");
	CHECK (contacts_of (s, w) == 1, "something was written");
	import_stepped (s, w, id, "confirm", 200);
	import_counts (import_reached (s, w, id, "done", 20), "created updated skipped", "1 1 2");
	import_stepped (s, w, id, "confirm", 409);
	char path[200];
	snprintf (path, sizeof path, "/api/crm/contacts/%s", id_text (known));
	a = import_asked (s, w, "GET", path, NULL);
	CHECK (strstr (a.body, "Jane Smith") && strstr (a.body, "020 1") && strstr (a.body, "Acme Ltd"), "Jane is %s", a.body);
	web_free (&a);
	then_text (
		s, "import_open Lijst van Jane.csv 4, import_confirm Lijst van Jane.csv 4", "the audit",
		"select string_agg(concat_ws(' ', what, detail #>> '{asked,name}', detail #>> '{asked,rows}'), ', ' order by id) from gateway.audit where "
		"workspace_id = '%s' and what like 'import_%%'",
		w->id);
	a = import_asked (s, w, "GET", "/api/crm/accounts", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 0, "a company became an account: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/imports/%s/result", id);
	a = import_asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, "3,created,") && strstr (a.body, "4,error,first_name,required"), "the result is %d: %s",
	       a.status, a.body);
	web_free (&a);
}

static const char six[] = "Name;Company;Email;Phone;Phone code;Locale\n"
			  "Ana Ruiz;Envíos MX;ana@envios.test;5512345678;+52;MX\n"
			  "Bob Gil;Paquetes SA;bob@paquetes.test;600123456;34;Spain\n"
			  "Inge Oud;Oud BV;inge@oud.test;5512345679;52;mx\n"
			  "Kees Nu;Nu BV;kees@nu.test;5512345670;52;mx\n"
			  "Foo Bar;Foo SA;foo@;5512345671;52;mx\n"
			  "Ana Again;Envíos MX;ANA@envios.test;5512345678;+52;MX\n";

STORY (import_prospects,
       "S2-2: six rows: Ready 2, Updates 1, Errors 3 with rows and reasons; nothing before the yes; then two more with account and card, one is back; undone")
{
	struct workspace *w = given_workspace (s, "prospecting", "follow-up");
	struct web_answer a = import_asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Inge Oud\",\"email\":\"inge@oud.test\"}");
	struct uuid inge = uuid_at (a.json, "id");
	then_status (&a, 201);
	a = import_asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Kees Nu\",\"email\":\"kees@nu.test\"}");
	then_status (&a, 201);
	char path[200];
	snprintf (path, sizeof path, "/api/crm/contacts/%s/archive", id_text (inge));
	a = import_asked (s, w, "POST", path, "{}");
	then_status (&a, 200);
	const char *id = uploaded (s, w, "prospects", six, strlen (six), NULL);
	import_stepped (s, w, id, "check", 200);
	import_counts (import_reached (s, w, id, "checked", 20), "ready updates errors", "2 1 3");
	rows_are (s, w, id, "error", "5 email taken Kees Nu, 6 email malformed foo@, 7 email same_row 2");
	rows_are (s, w, id, "update", "4   ");
	settle (s);
	then_number (s, 2, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
	then_number (s, 0, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	import_stepped (s, w, id, "confirm", 200);
	import_counts (import_reached (s, w, id, "done", 20), "created updated skipped", "2 1 3");
	settle (s);
	then_text (
		s, "Ana Ruiz +525512345678, Bob Gil +34600123456", "the new ones with their accounts",
		"select string_agg(c.name || ' ' || c.phone, ', ' order by c.name) from contacts.contact c join contacts.account a on (a.workspace_id, a.id) "
		"= (c.workspace_id, c.account_id) where c.workspace_id = '%s' and a.lifecycle = 'prospect'",
		w->id);
	then_text (
		s, "Envíos MX mx, Paquetes SA es", "their cards, in the first stage",
		"select string_agg(d.title || ' ' || d.locale, ', ' order by d.title) from pipeline.deal d join pipeline.workspace p on p.workspace_id = d.workspace_id and p.first_stage_id = d.stage_id where d.workspace_id = '%s'",
		w->id);
	then_number (s, 0, "archived", "select count(*) from contacts.contact where workspace_id = '%s' and archived_at is not null",
		     w->id);
	when_redelivered (s, "deal.import_asked", 2);
	then_number (s, 2, "cards after they were asked for again", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	import_stepped (s, w, id, "undo", 200);
	import_counts (import_reached (s, w, id, "undone", 20), "undone kept", "3 0");
	settle (s);
	CHECK (contacts_of (s, w) == 1, "it is not as it was");
	then_number (s, 0, "cards that stand", "select count(*) from pipeline.deal where workspace_id = '%s' and trashed_at is null",
		     w->id);
	then_number (s, 0, "companies that stand", "select count(*) from contacts.account where workspace_id = '%s' and removed_at is null",
		     w->id);
}

STORY (import_of_another,
       "What one brings and another confirms is written and taken back in the name of who said yes; a number that is too large is an error, not another number")
{
	static const char file[] = "Name;Company;Email;Phone;Phone code;Locale;Shipments\n"
				   "Ana Ruiz;Envios MX;ana@envios.test;5512345678;+52;MX;12\n"
				   "Bob Gil;Paquetes SA;bob@paquetes.test;600123456;34;Spain;99999999999999999999\n";
	struct workspace *w = given_workspace (s, "namens", "follow-up");
	struct user boss = given_user (s, "baas@namens.test", "--workspace namens --role manager");
	const char *id = uploaded (s, w, "prospects", file, strlen (file), NULL);
	char path[200];
	import_stepped (s, w, id, "check", 200);
	import_counts (import_reached (s, w, id, "checked", 20), "ready updates errors", "1 0 1");
	rows_are (s, w, id, "error", "3 monthly_shipments not_a_number 99999999999999999999");
	snprintf (path, sizeof path, "/api/crm/imports/%s/confirm", id);
	struct web_answer a = when_user_asks (s, &boss, "POST", path, "{}");
	then_status (&a, 200);
	import_counts (import_reached (s, w, id, "done", 20), "created updated skipped", "1 0 1");
	settle (s);
	then_number (
		s, 2, "lines in the name of who confirmed it",
		"select count(*) from contacts.timeline t join contacts.import i on i.workspace_id = t.workspace_id where i.id = '%s' and t.type in "
		"('account.created', 'deal.created') and t.actor_id <> i.owner_id",
		id);
	import_stepped (s, w, id, "undo", 200);
	import_counts (import_reached (s, w, id, "undone", 20), "undone kept", "1 0");
	then_number (
		s, 1, "lines in the name of who took it back",
		"select count(*) from contacts.timeline t join contacts.import i on i.workspace_id = t.workspace_id where i.id = '%s' and t.type = "
		"'contact.trashed' and t.actor_id = i.owner_id",
		id);
	settle (s);
}

STORY (import_fixtures,
       "Files as people have them, as a table: delimiter, characters, what their columns are, and their rows; what is none is refused")
{
	static const struct {
		const char *file, *shape;
	} files[] = {
		{ "nl-excel-semicolon-bom", "; utf-8" },
		{ "nl-excel-windows-1252", "; windows-1252" },
		{ "rfc4180-comma-utf8", ", utf-8" },
		{ "lf-only-missing-last-newline", ", utf-8" },
	};
	struct workspace *w = given_workspace (s, "imports", "classic-6");
	for (size_t i = 0; i < LENGTH (files); i++) {
		char path[200], is[100], bytes[4000];
		json_t *found;
		snprintf (path, sizeof path, "tests/fixtures/csv/%s.csv", files[i].file);
		FILE *f = fopen (path, "r");
		CHECK (f, "no %s", path);
		size_t n = fread (bytes, 1, sizeof bytes, f);
		fclose (f);
		const char *id = uploaded (s, w, "contacts", bytes, n, &found);
		snprintf (is, sizeof is, "%s %s", text_at (found, "delimiter"), text_at (found, "charset"));
		CHECK (!strcmp (is, files[i].shape) && number_at (found, "rows") == 3 &&
			       !strcmp (text_at (found, "preview.1.4"), "Café €") && !strcmp (text_at (found, "mapping.2"), "email") &&
			       !strcmp (text_at (found, "mapping.7"), "notes"),
		       "%s is %s: %s", files[i].file, is, json_dumps (found, 0));
		json_decref (found);
		import_stepped (s, w, id, "cancel", 200);
		import_stepped (s, w, id, "check", 409);
	}
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "POST", .url = "/api/crm/imports", .key = w->key, .body = "a\0b", .n = 3, .type = "text/csv" });
	then_problem (&a, 422, "import_unreadable");
	a = import_asked (s, w, "POST", "/api/crm/imports?profile=spells", "a,b\n");
	then_problem (&a, 422, "invalid");
	const char *id = uploaded (s, w, "contacts", "a,b\nc,\"d\n", 9, NULL);
	import_stepped (s, w, id, "check", 422);
	char path[200];
	snprintf (path, sizeof path, "/api/crm/imports/%s/mapping", id);
	a = import_asked (s, w, "PUT", path, "{\"mapping\":[\"first_name\",\"first_name\"]}");
	then_problem (&a, 422, "invalid");
	struct user sdr = given_user (s, "sdr@imports.nl", "--workspace imports --role sdr");
	snprintf (path, sizeof path, "/api/crm/imports/%s", id);
	a = when_user_asks (s, &sdr, "GET", path, NULL);
	then_problem (&a, 403, "forbidden"); /* S1-4: the workspace is its admins' alone */
	a = when_user_asks (s, &sdr, "POST", "/api/crm/imports", "a,b\nc,d\n");
	then_problem (&a, 403, "forbidden");
	struct workspace *open = given_workspace (s, "prospecting", "follow-up");
	struct user seller = given_user (s, "seller@imports.nl", "--workspace prospecting --role sdr");
	id = uploaded (s, open, "prospects", "name\nAna\n", 9, NULL);
	snprintf (path, sizeof path, "/api/crm/imports/%s", id);
	a = when_user_asks (s, &seller, "GET", path, NULL);
	then_problem (&a, 404, "import_not_found"); /* another's */
	snprintf (path, sizeof path, "/api/crm/imports/%s/cancel", id);
	a = when_user_asks (s, &seller, "POST", path, "{}");
	then_problem (&a, 404, "import_not_found");
}

/* n people, the first two of whom have one e-mail. */
static char *people (size_t n, size_t *ret_n)
{
	char *text = malloc (n * 60 + 100);
	size_t at = (size_t) sprintf (text, "first name,last name,email\n");
	CHECK (text, "memory");
	for (size_t i = 0; i < n; i++)
		at += (size_t) sprintf (text + at, "Jan%zu,Jansen,jan%zu@many.test\n", i, i == 1 ? 0 : i);
	*ret_n = at;
	return text;
}

STORY_ALONE (
	import_resumes,
	"An import of 6,000 people whose service dies while it looks and while it writes goes on by itself: nobody twice, nobody missing; undone, but for who was changed")
{
	enum { PEOPLE = 6000 };
	struct workspace *w = given_workspace (s, "many", "classic-6");
	size_t n;
	char *text = people (PEOPLE, &n);
	char id[UUID_TEXT];
	snprintf (id, sizeof id, "%s", uploaded (s, w, "contacts", text, n, NULL));
	free (text);
	import_stepped (s, w, id, "check", 200);
	UNTIL (20000, sql_number (s, "select count(*) from contacts.import_line") > 0, "nothing was looked at");
	daemon_kill (s, "contacts", 0, SIGKILL);
	import_counts (import_reached (s, w, id, "checked", 20), "ready updates errors checked", "5999 1 0 6000");
	import_stepped (s, w, id, "confirm", 200);
	for (int i = 1; i < 3; i++) {
		UNTIL (20000, sql_number (s, "select count(*) from contacts.contact") >= i * 1500, "nobody was written");
		daemon_kill (s, "contacts", 0, SIGKILL);
		daemon_ready (s, "contacts", 0);
	}
	import_counts (import_reached (s, w, id, "done", 20), "created updated skipped", "5999 1 0");
	then_number (s, 5999, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
	then_number (s, 5999, "their e-mails", "select count(distinct email) from contacts.contact where workspace_id = '%s'", w->id);
	then_number (s, 0, "files that stay", "select count(*) from contacts.import where sha256 is null");
	char *one = sql_text (s, "select id from contacts.contact where email = 'jan77@many.test'"), path[200];
	snprintf (path, sizeof path, "/api/crm/contacts/%s", one);
	free (one);
	struct web_answer a = import_asked (s, w, "PUT", path, "{\"phone\":\"0612345678\"}");
	then_status (&a, 200);
	import_stepped (s, w, id, "undo", 200);
	import_counts (import_reached (s, w, id, "undone", 20), "undone kept", "5999 1");
	rows_are (s, w, id, "kept", "79   ");
	CHECK (contacts_of (s, w) == 1, "it is not as it was");
	settle (s);
	/* its file is gone, and that of one under way is there: nothing is missing, and a backup has what it needs */
	char mapping[UUID_TEXT], file[400], said[500];
	snprintf (mapping, sizeof mapping, "%s", uploaded (s, w, "contacts", jane, strlen (jane), NULL));
	int code;
	char *doctor = ctl_text (s, &code, "doctor --json");
	CHECK (!strstr (doctor, "file_missing"), "the doctor misses a file: %s", doctor);
	free (doctor);
	snprintf (file, sizeof file, "%s/imports.backup", s->var);
	char *backup = ctl_text (s, &code, "backup %s", file);
	CHECK (code == 0, "a backup is %d: %s", code, backup);
	free (backup);
	snprintf (said, sizeof said, "tar -tf %s", file);
	backup = program_run ((const char *[]){ "/bin/sh", "-c", said, NULL }, NULL);
	snprintf (said, sizeof said, "files/%s/", mapping);
	CHECK (strstr (backup, said), "the file of an import under way is not in it: %s", backup);
	snprintf (said, sizeof said, "files/%s/", id);
	CHECK (!strstr (backup, said), "the file of an import that is over is in it");
	free (backup);
}

static const char *file_read (const char *path, size_t *ret_n)
{
	static char bytes[20000];
	FILE *f = fopen (path, "r");
	CHECK (f, "no %s", path);
	*ret_n = fread (bytes, 1, sizeof bytes, f);
	fclose (f);
	return bytes;
}

STORY (import_cards,
       "vCards of 2.1, 3.0 and 4.0, one or many in a file, come in by the same steps with nothing to be mapped; e-mails and phones beside the first too; undone")
{
	static const struct {
		const char *file, *is;
	} files[] = {
		{ "contact-v3-outlook", "René Brûlé|rene@example.com||06 12 34 56 78||Café||Kade 2, 1011 AB Amsterdam, NL" },
		{ "contact-v4",
		  "Sanne de Wit|sanne.dewit@example.com||+31612345678||Bakkerij De Wit B.V.|Eigenaar|Lead via Typeform, 21-11-2026 / Belt terug / "
		  "Dorpsstraat 1, 3511 AA Utrecht, Nederland" },
		{ "contact-v21-phone",
		  "Ayşe Öztürk|a.ozturk@bouwbedrijf.example|ayse@example.com (home)|+31687654321|020 7654321 (work)|Bouwbedrijf Öztürk|Directeur|"
		  "Belt liever niet / op maandag" },
	};
	struct workspace *w = given_workspace (s, "kaarten", "classic-6");
	json_t *found;
	char path[200];
	size_t n;
	const char *bytes;
	for (size_t i = 0; i < LENGTH (files); i++) {
		snprintf (path, sizeof path, "tests/fixtures/vcard/%s.vcf", files[i].file);
		bytes = file_read (path, &n);
		const char *id = uploaded (s, w, "contacts", bytes, n, &found);
		CHECK (!strcmp (text_at (found, "format"), "vcard") && number_at (found, "rows") == 1, "%s is %s", files[i].file,
		       json_dumps (found, 0));
		json_decref (found);
		import_stepped (s, w, id, "check", 200);
		import_counts (import_reached (s, w, id, "checked", 20), "ready updates errors", "1 0 0");
		import_stepped (s, w, id, "confirm", 200);
		import_counts (import_reached (s, w, id, "done", 20), "created updated skipped", "1 0 0");
		then_text (
			s, files[i].is, files[i].file,
			"select concat_ws('|', c.name, c.email, coalesce((select string_agg(r.value || coalesce(' (' || r.label || ')', ''), ', ') from "
			"contacts.contact_reach r where r.contact_id = c.id and r.kind = 'email'), ''), c.phone, coalesce((select string_agg(r.value || "
			"coalesce(' (' || r.label || ')', ''), ', ') from contacts.contact_reach r where r.contact_id = c.id and r.kind = 'phone'), ''), "
			"coalesce(c.company, ''), coalesce(c.job_title, ''), replace(replace(c.notes, chr(13), ''), chr(10), ' / ')) from contacts.contact c "
			"join contacts.import_done d on d.contact_id = c.id where d.import_id = '%s'",
			id);
	}
	struct web_answer a = import_asked (
		s, w, "POST", "/api/crm/contacts",
		"{\"name\":\"Bart\",\"email\":\"b.blijver@werk.example\",\"emails\":[{\"value\":\"oud@blijver.example\"}]}");
	struct uuid bart = uuid_at (a.json, "id");
	then_status (&a, 201);
	bytes = file_read ("tests/fixtures/vcard/contacts-many.vcf", &n);
	const char *id = uploaded (s, w, "contacts", bytes, n, NULL);
	import_stepped (s, w, id, "check", 200);
	import_counts (import_reached (s, w, id, "checked", 20), "ready updates repeats errors", "3 2 1 1");
	rows_are (s, w, id, "repeat", "5 email same_row 1");
	rows_are (s, w, id, "error", "6 first_name required ");
	import_stepped (s, w, id, "confirm", 200);
	import_counts (import_reached (s, w, id, "done", 20), "created updated skipped", "3 2 1");
	snprintf (path, sizeof path, "/api/crm/contacts/%s", id_text (bart));
	a = import_asked (s, w, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "name"), "Bart Opnieuw") && strstr (a.body, "oud@blijver.example") &&
		       strstr (a.body, "\"bart@blijver.example\""),
	       "Bart is %s", a.body);
	web_free (&a);
	import_stepped (s, w, id, "undo", 200);
	import_counts (import_reached (s, w, id, "undone", 20), "undone kept", "5 0");
	a = import_asked (s, w, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "name"), "Bart") && strstr (a.body, "oud@blijver.example") &&
		       !strstr (a.body, "\"bart@blijver.example\""),
	       "Bart is %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/imports?profile=prospects");
	a = import_asked (s, w, "POST", path, "BEGIN:VCARD\nFN:Aap\nEND:VCARD\n");
	then_problem (&a, 422, "import_cards");
}

STORY (import_of_export,
       "What a person takes away has headings in their language, a key the API's names; all of them come in again with nothing to be mapped but what nobody may say")
{
	static const char *const heads[] = { "Created,Name,First name,Last name,E-mail,Phone,Company,",
					     "Aangemaakt,Naam,Voornaam,Achternaam,E-mail,Telefoon,Bedrijf,",
					     "created_at,name,first_name,last_name,email,phone,company," },
				 *const languages[] = { "Accept-Language: en", "Accept-Language: nl", NULL };
	struct workspace *w = given_workspace (s, "rondreis", "classic-6");
	struct user boss = given_user (s, "baas@rondreis.test", "--workspace rondreis --role owner");
	struct web_answer a = import_asked (
		s, w, "POST", "/api/crm/contacts",
		"{\"name\":\"Dr. Jan de Boer\",\"first_name\":\"Jan\",\"last_name\":\"de Boer\",\"email\":\"jan@boer.test\",\"job_title\":\"Inkoper\","
		"\"emails\":[{\"value\":\"prive@boer.test\",\"label\":\"thuis\"}],\"phones\":[{\"value\":\"(020) 555 01 01\"}],\"type\":\"vendor\"}");
	then_status (&a, 201);
	for (size_t i = 0; i < LENGTH (heads); i++) {
		json_t *found;
		struct web_answer file = web_ask (s, &(struct web_request){ .method = "GET",
									    .url = "/api/crm/export/contacts",
									    .key = languages[i] ? NULL : w->key,
									    .cookie = languages[i] ? boss.cookie : NULL,
									    .header = { languages[i] } });
		CHECK (file.status == 200 && strstr (file.body, heads[i]), "the file is %d %s", file.status, file.body);
		const char *id = uploaded (s, w, "contacts", file.body, file.n, &found);
		char *mapping = json_dumps (json_at (found, "mapping"), JSON_COMPACT);
		CHECK (strstr (mapping, "\"name\",\"first_name\",\"last_name\",\"email\",\"phone\",\"company\"") &&
			       strstr (mapping, "\"further_emails\"") && strstr (mapping, "\"further_phones\"") &&
			       strstr (mapping, "\"job_title\"") && strstr (mapping, "\"type\""),
		       "%s is %s", file.body, mapping);
		free (mapping);
		json_decref (found);
		import_stepped (s, w, id, "check", 200);
		import_counts (import_reached (s, w, id, "checked", 20), "ready updates errors", "0 1 0");
		import_stepped (s, w, id, "confirm", 200);
		import_counts (import_reached (s, w, id, "done", 20), "created updated skipped", "0 1 0");
		web_free (&file);
	}
	then_text (s, "Dr. Jan de Boer Jan de Boer Inkoper vendor", "he",
		   "select concat_ws(' ', name, first_name, last_name, job_title, type) from contacts.contact where workspace_id = '%s'",
		   w->id);
	then_text (
		s, "(020) 555 01 01, prive@boer.test thuis", "his further addresses",
		"select string_agg(concat_ws(' ', value, label), ', ' order by value) from contacts.contact_reach where workspace_id = '%s'",
		w->id);
}

/* As an erasure leaves it whose transaction breaks off behind the file: blanks for the row, and nothing said of that. */
static void when_blanked (struct stack *s, const char *id, const char *text)
{
	char path[500], bytes[2000] = "";
	char *sha256 = sql_text (s, "select sha256 from contacts.import where id = '%s'", id);
	snprintf (path, sizeof path, "%s/files/%s/%s", s->var, id, sha256);
	FILE *f = fopen (path, "r+");
	CHECK (f && fread (bytes, 1, sizeof bytes - 1, f) > 0 && strstr (bytes, text), "%s is not the file", path);
	CHECK (!fseek (f, strstr (bytes, text) - bytes, SEEK_SET) && fprintf (f, "%*s", (int) strlen (text), "") > 0,
	       "it cannot be blanked");
	fclose (f);
	free (sha256);
}

STORY (import_forgets_again,
       "Who is forgotten once more, after the first time broke off when their row was blanked already, stands among the rows that were looked at no more")
{
	static const char file[] = "name,phone\nIna Blank,06 12345678\nPiet Blijft,06 99999999\nBo Blank,06 87654321\n";
	struct workspace *w = given_workspace (s, "nogmaals", "nl-offerte-6");
	const char *id = uploaded (s, w, "contacts", file, sizeof file - 1, NULL);
	import_stepped (s, w, id, "check", 200);
	json_decref (import_reached (s, w, id, "checked", 20));
	then_number (s, 3, "rows looked at", "select count(*) from contacts.import_line where import_id = '%s'", id);
	when_blanked (s, id, "Ina Blank,06 12345678");
	when_blanked (s, id, "Bo Blank,06 87654321"); /* the last row: nothing stands behind it */
	struct web_answer a = import_asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Ina Blank\",\"phone\":\"+31612345678\"}");
	CHECK (a.status == 201, "a contact is %d: %s", a.status, a.body);
	char contact[100];
	snprintf (contact, sizeof contact, "{\"contact_id\":\"%s\"}", text_at (a.json, "id"));
	web_free (&a);
	settle (s);
	a = import_asked (s, w, "POST", "/api/crm/erasures", contact);
	CHECK (a.status == 202, "forgetting is %d: %s", a.status, a.body);
	web_free (&a);
	UNTIL (15000, sql_number (s, "select count(*) from contacts.import_line where import_id = '%s'", id) == 1, "their rows stand yet");
	then_number (s, 1, "the row of another",
		     "select count(*) from contacts.import_line where import_id = '%s' and data::text like '%%Blijft%%'", id);
	json_t *import = import_reached (s, w, id, "checked", 20);
	CHECK (number_at (import, "ready") + number_at (import, "errors") == 1, "it counts %s", json_dumps (import, 0));
	json_decref (import);
}
