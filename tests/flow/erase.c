/* Somebody asks to be forgotten (N14): whatever they sent, whatever was written about them and whatever was said of them is searched for afterwards, in a dump of the
 * database, in the files and in every decoded frame. It must never pass because nothing was there to begin with. */
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "frame.h"
#include "story.h"

/* What nobody may find: names as one wrote them, addresses, phones however written. */
static const char *const words[] = { "wilhelmina", "vergeetmij", "06-98765432", "98765432", "9876 5432" };
static const char *const schemas[] = { "gateway", "lead_intake", "contacts", "pipeline", "mailer", "billing", "automation" };

static void made (struct stack *s, struct workspace *w, const char *method, const char *path, const char *body)
{
	struct web_answer a = web (s, w->key, method, path, "%s", body);
	CHECK (a.status == 200 || a.status == 201, "%s %s %s: %d %.300s", method, path, body, a.status, a.body);
	web_free (&a);
}

/* A rule that asks who a deal is of, and writes that down. */
static void rule_writes_names (struct stack *s, struct workspace *w)
{
	made (s, w, "POST", "/api/crm/rules",
	      "{\"name\":\"Wie was het\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"deal.stage_changed\"},\"if\":{\"all\":[{\"fact\":\"contact.name\",\"op\":\"filled\"}]},"
	      "\"then\":[{\"do\":\"activity_add\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"kind\":\"note\",\"note\":\"Gewonnen: {{contact.name}}\"}}]}}");
}

/* Everything a person leaves behind, and the same of one who stays. */
static void life (struct stack *s, struct workspace *w, char *ret_contact, char *ret_deal)
{
	static const char form[] =
		"--grens\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nWilhelmina Vergeetmij\r\n"
		"--grens\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nwilhelmina@vergeetmij.test\r\n"
		"--grens\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n06-98765432\r\n"
		"--grens\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nIk, Wilhelmina, vraag een offerte\r\n"
		"--grens\r\nContent-Disposition: form-data; name=\"plan\"; filename=\"wilhelmina.txt\"\r\nContent-Type: text/plain\r\n\r\nplan van Wilhelmina\r\n--grens--\r\n";
	char path[200], body[400];
	rule_writes_names (s, w);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST", .url = w->hook, .type = "multipart/form-data; boundary=grens", .body = form });
	then_status (&a, 202);
	a = when_posted (
		s, w->hook,
		"{\"name\":\"W. Vergeetmij-Wilhelmina\",\"email\":\"wilhelmina@vergeetmij.test\",\"phone\":\"020 555 0100\",\"company\":\"Wilhelmina Vergeetmij Advies\"}");
	then_status (&a, 202);
	a = when_posted (
		s, w->hook,
		"{\"name\":\"Anders Blijvend\",\"email\":\"anders@blijvend.test\",\"phone\":\"+31205550100\",\"message\":\"Anders vraagt\"}");
	then_status (&a, 202);
	settle (s);
	char *contact = sql_text (s, "select id from contacts.contact where workspace_id = '%s' and email = 'wilhelmina@vergeetmij.test'",
				  w->id);
	char *deal = sql_text (s, "select min(deal_id::text) from pipeline.deal_contact where contact_id = '%s'", contact);
	char *other = sql_text (
		s, "select d.deal_id from pipeline.deal_contact d where d.workspace_id = '%s' and d.email = 'anders@blijvend.test'", w->id);
	snprintf (ret_contact, UUID_TEXT, "%s", contact);
	snprintf (ret_deal, UUID_TEXT, "%s", deal);
	snprintf (path, sizeof path, "/api/crm/deals/%s", deal);
	made (s, w, "PUT", path, "{\"notes\":\"Wilhelmina wil het snel\",\"value\":{\"amount\":\"1200.00\",\"currency\":\"EUR\"}}");
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", deal);
	made (s, w, "POST", path, "{\"stage\":\"won\",\"note\":\"Wilhelmina belde zelf\"}");
	snprintf (path, sizeof path, "/api/crm/contacts/%s", contact);
	made (s, w, "PUT", path, "{\"phone\":\"+31698765432\",\"name\":\"Wilhelmina M. Vergeetmij\"}");
	snprintf (body, sizeof body, "{\"contact_id\":\"%s\",\"kind\":\"note\",\"note\":\"Wilhelmina is met verlof\"}", contact);
	made (s, w, "POST", "/api/crm/activities", body);
	snprintf (
		body, sizeof body,
		"{\"deal_id\":\"%s\",\"kind\":\"note\",\"note\":\"Gehoord van Wilhelmina M. Vergeetmij, wilhelmina@vergeetmij.test of 06 9876 5432: hij belt\"}",
		other);
	made (s, w, "POST", "/api/crm/activities", body);
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\",\"text\":\"Wilhelmina wacht\"}", deal);
	made (s, w, "POST", "/api/crm/messages", body);
	snprintf (body, sizeof body, "{\"channel\":true,\"text\":\"vraag @{contact:%s|Wilhelmina M. Vergeetmij} op +31 6 98765432\"}",
		  contact);
	made (s, w, "POST", "/api/crm/messages", body);
	made (s, w, "POST", "/api/crm/views",
	      "{\"place\":\"contacts\",\"name\":\"Wilhelmina M. Vergeetmij\",\"content\":{\"q\":\"wilhelmina@vergeetmij.test\"}}");
	settle (s);
	struct lead_index leads = { .head.workspace = w->uuid, .workspace_id = { w->uuid }, .has.workspace_id = HERE };
	struct deal_index deals = { .head.workspace = w->uuid, .workspace_id = { w->uuid }, .has.workspace_id = HERE };
	struct contact_index people = { .head.workspace = w->uuid, .workspace_id = { w->uuid }, .has.workspace_id = HERE };
	struct pending *asked[] = { bus_ask (s, &lead_index_record, &leads), bus_ask (s, &deal_index_record, &deals),
				    bus_ask (s, &contact_index_record, &people) };
	for (size_t i = 0; i < LENGTH (asked); i++)
		bus_wait (&asked[i], 5000);
	free (contact);
	free (deal);
	free (other);
}

static void dump_make (struct stack *s)
{
	char command[700];
	snprintf (command, sizeof command, "pg_dump -h %s -U postgres --data-only --inserts -f %s/whole.sql crm", PQhost (sql_db (s)),
		  s->var);
	CHECK (!system (command), "%s", command);
}

/* Where in that dump, in the bytes beside the texts, in frames and in files a word stands; "" nowhere. */
static void places_of (struct stack *s, struct workspace *w, const char *word, struct buffer *ret)
{
	char command[1000], folder[400];
	buffer_clear (ret);
	snprintf (command, sizeof command, "grep -aiF -m 5 -- '%s' %s/whole.sql | cut -c1-300", word, s->var);
	char *out = program_run ((const char *[]){ "/bin/sh", "-c", command, NULL }, NULL);
	if (*out)
		buffer_printf (ret, "\n      dump: %s", out);
	free (out);
	snprintf (folder, sizeof folder, "%s/files/%s", s->var, w->id);
	snprintf (command, sizeof command, "grep -rlaiF -- '%s' %s 2>/dev/null", word, folder);
	out = program_run ((const char *[]){ "/bin/sh", "-c", command, NULL }, NULL);
	if (*out)
		buffer_printf (ret, "\n      file: %s", out);
	free (out);
	if (sql_number (s, "select count(*) from lead_intake.submission where encode(body, 'escape') ilike '%%%s%%'", word))
		buffer_text (ret, "\n      a request's body");
}

static void frames_of (struct stack *s, const char *word, struct buffer *ret)
{
	for (size_t i = 0; i < LENGTH (schemas); i++) {
		char sql[200];
		snprintf (sql, sizeof sql, "select 'event', payload from %s.event union all select 'parked', event from %s.parked",
			  schemas[i], schemas[i]);
		PGresult *r = PQexecParams (sql_db (s), sql, 0, NULL, NULL, NULL, NULL, 1);
		for (int row = 0; row < PQntuples (r); row++) {
			struct arena a;
			struct frame_reader f;
			arena_init (&a);
			CHECK (frame_open (
				       &a,
				       (struct bytes){ (const unsigned char *) PQgetvalue (r, row, 1), (size_t) PQgetlength (r, row, 1) },
				       &f) == OK,
			       "a frame of %s cannot be read", schemas[i]);
			while (frame_next (&f)) {
				char *text = arena_copy (&a, (const char *) f.data.at, f.data.n);
				for (size_t k = 0; k < f.data.n; k++)
					text[k] = text[k] ? text[k] : ' ';
				if (strcasestr (text, word))
					buffer_printf (ret, "\n      %s in %s.%s", f.type, schemas[i], PQgetvalue (r, row, 0));
			}
			CHECK (f.i == f.n, "a frame of %s ends too early", schemas[i]);
			arena_fini (&a);
		}
		PQclear (r);
	}
}

static void then_nowhere (struct stack *s, struct workspace *w)
{
	struct buffer found = { 0 }, all = { 0 };
	dump_make (s);
	for (size_t i = 0; i < LENGTH (words); i++) {
		places_of (s, w, words[i], &found);
		frames_of (s, words[i], &found);
		if (found.n)
			buffer_printf (&all, "\n    '%s' stands in %.*s", words[i], (int) found.n, (const char *) found.at);
	}
	CHECK (!all.n, "%.*s", (int) all.n, (const char *) all.at);
	buffer_fini (&found);
	buffer_fini (&all);
}

static bool erasure_over (struct stack *s, struct workspace *w)
{
	struct web_answer a = web (s, w->key, "GET", "/api/crm/erasures", NULL);
	bool ret = a.status == 200 && *text_at (a.json, "data.0.ended_at") && *text_at (a.json, "data.1.ended_at");
	web_free (&a);
	return ret;
}

STORY (n_14_forgotten,
       "N14: who is erased is found no more, in the dump, the files nor any frame; numbers stay dense, everybody else stays whole")
{
	struct workspace *w = given_workspace (s, "vergeten", "follow-up");
	struct buffer found = { 0 };
	char contact[UUID_TEXT], deal[UUID_TEXT], path[200], body[200];
	life (s, w, contact, deal);
	dump_make (s);
	for (size_t i = 0; i < 1; i++) { /* it was all there */
		places_of (s, w, words[i], &found);
		CHECK (strstr ((const char *) (buffer_add (&found, "", 1), found.at), "dump") && strstr ((const char *) found.at, "file") &&
			       strstr ((const char *) found.at, "body"),
		       "'%s' stands only in %s", words[i], (const char *) found.at);
	}
	then_number (
		s, 1, "notes of a rule that name them",
		"select count(*) from automation.firing f join automation.decision d using (workspace_id, decision_id) join contacts.activity a using "
		"(workspace_id) where workspace_id = '%s' and f.state = 'done' and d.facts ->> 'contact.name' ~ 'Wilhelmina' and a.note ~ '^Gewonnen: "
		".*Wilhelmina'",
		w->id);
	char *stays = sql_text (
		s, "select md5(string_agg(l::text, '' order by l.id)) from lead_intake.lead l where email = 'anders@blijvend.test'");
	int64_t events = sql_number (s, "select sum(n) from contacts.event");

	snprintf (path, sizeof path, "/api/crm/persons/export?contact_id=%s", contact);
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && a.n > 1000 && memmem (a.body, a.n, "plan van Wilhelmina", 19) &&
		       memmem (a.body, a.n, "Wilhelmina belde zelf", 21) && memmem (a.body, a.n, "met verlof", 10) &&
		       memmem (a.body, a.n, "rules.json", 10) && !memmem (a.body, a.n, "Anders", 6),
	       "the archive is %d, %zu bytes", a.status, a.n);
	web_free (&a);

	snprintf (body, sizeof body, "{\"contact_id\":\"%s\"}", contact);
	sql_do (s,
		"insert into contacts.parked (lane, source, sequence, key, key2, workspace_id, type, event, state, tries, error, next_at) select lane, 'lead-intake', "
		"9000000, 1, 0, '%s', 'lead.created', payload, 'poison', 9, 'of wilhelmina@vergeetmij.test', now() from lead_intake.event where lane = %d order by "
		"first_seq desc offset 2 limit 1",
		w->id, lane_of (w->uuid)); /* one that nobody could deal with */
	buffer_clear (&found);
	frames_of (s, "vergeetmij", &found);
	CHECK (memmem (found.at, found.n, "contacts.parked", 15), "what is parked does not name them");
	daemon_hold (s, "pipeline"); /* it waits for whoever is away, and goes on */
	a = web (s, w->key, "POST", "/api/crm/erasures", "%s", body);
	then_status (&a, 202);
	a = web (s, w->key, "POST", "/api/crm/erasures", "{\"email\":\"niemand@nergens.test\"}");
	then_status (&a, 202);
	UNTIL (10000,
	       sql_number (s, "select count(*) from contacts.erasure_job where workspace_id = '%s' and leads_at is not null", w->id) == 2,
	       "lead-intake does not answer");
	daemon_kill (s, "contacts", 0, SIGKILL);
	daemon_ready (s, "contacts", 0);
	CHECK (!erasure_over (s, w), "it is over while pipeline is away");
	daemon_release (s, "pipeline");
	UNTIL (15000, erasure_over (s, w), "it does not end");
	settle (s);
	then_nowhere (s, w);
	then_dense (s);
	CHECK (sql_number (s, "select sum(n) from contacts.event") >= events, "events are missing");
	then_text (s, stays, "who stays",
		   "select md5(string_agg(l::text, '' order by l.id)) from lead_intake.lead l where email = 'anders@blijvend.test'");
	then_number (
		s, 1, "contacts that stay",
		"select count(*) from contacts.contact where email = 'anders@blijvend.test' and name = 'Anders Blijvend' and phone = '+31205550100'");
	then_text (s, "erased", "their contact", "select name from contacts.contact where id = '%s'", contact);
	then_number (s, 120000, "their deal's value", "select value from pipeline.deal where id = '%s'", deal);
	snprintf (path, sizeof path, "/api/crm/deals/%s", deal);
	a = web (s, w->key, "GET", path, NULL);
	then_status (&a, 200);
	snprintf (path, sizeof path, "/api/crm/contacts/%s/timeline", contact);
	a = web (s, w->key, "GET", path, NULL);
	then_status (&a, 200);
	int code;
	char *rebuilt = ctl_text (s, &code, "rebuild contacts timeline --json");
	CHECK (code == 0 && strstr (rebuilt, "\"changed\":0"), "out of the erased streams the timeline is another: %d %s", code, rebuilt);
	free (rebuilt);
	sql_do (s, "delete from contacts.parked where sequence = 9000000");
	free (stays);
	buffer_fini (&found);
}

/* A file put to a contact; its digest. */
static char *put_to (struct stack *s, struct workspace *w, struct uuid contact, const char *bytes)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/files?contact_id=%s&name=plan.txt", id_text (contact));
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST", .url = path, .key = w->key, .body = bytes, .type = "text/plain" });
	CHECK (a.status == 201, "a file is %d: %s", a.status, a.body);
	char *ret = strdup (text_at (a.json, "sha256"));
	web_free (&a);
	return ret;
}

static void sent_with (struct stack *s, struct workspace *w, const char *email, const char *bytes)
{
	char form[700];
	snprintf (
		form, sizeof form,
		"--grens\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nIemand\r\n"
		"--grens\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n%s\r\n"
		"--grens\r\nContent-Disposition: form-data; name=\"plan\"; filename=\"plan.txt\"\r\nContent-Type: text/plain\r\n\r\n%s\r\n--grens--\r\n",
		email, bytes);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST", .url = w->hook, .type = "multipart/form-data; boundary=grens", .body = form });
	then_status (&a, 202);
	settle (s);
}

/* Both at once; `two` may be null. */
static void forgotten (struct stack *s, struct workspace *w, const char *one, const char *two)
{
	const char *const who[] = { one, two };
	for (size_t i = 0; i < LENGTH (who) && who[i]; i++) {
		struct web_answer a = web (s, w->key, "POST", "/api/crm/erasures", "{\"email\":\"%s\"}", who[i]);
		then_status (&a, 202);
	}
	UNTIL (15000,
	       sql_number (s,
			   "select count(*) from contacts.erasure_job j left join contacts.erasure e using (workspace_id, id) "
			   "left join lead_intake.erasure l using (workspace_id, id) "
			   "where workspace_id = '%s' and (j.settled_at is null or e.ended_at is null or l.ended_at is null)",
			   w->id) == 0,
	       "forgetting %s does not end", one);
	settle (s);
}

static bool on_disk (struct stack *s, struct workspace *w, const char *sha256)
{
	char path[500];
	snprintf (path, sizeof path, "%s/files/%s/%s", s->var, w->id, sha256);
	return !access (path, R_OK);
}

STORY (n_14_same_bytes,
       "N14: bytes that one sent with a request and another has as a file stay when either is erased, and go when both are")
{
	struct workspace *w = given_workspace (s, "bytes", "follow-up");
	struct web_answer a = web (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"Bea Blijft\",\"email\":\"bea@blijft.test\"}");
	struct uuid bea = uuid_at (a.json, "id");
	then_status (&a, 201);
	a = web (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"Gus Gaat\",\"email\":\"gus@gaat.test\"}");
	struct uuid gus = uuid_at (a.json, "id");
	then_status (&a, 201);
	sent_with (s, w, "gaat@eerst.test", "hetzelfde plan");
	sent_with (s, w, "blijft@lead.test", "een ander plan");
	char *one = put_to (s, w, bea, "hetzelfde plan"), *other = put_to (s, w, gus, "een ander plan");
	CHECK (on_disk (s, w, one) && on_disk (s, w, other), "the files are not there");
	forgotten (s, w, "gaat@eerst.test", "gus@gaat.test");
	CHECK (on_disk (s, w, one), "a contact's file went with somebody's request");
	CHECK (on_disk (s, w, other), "a request's file went with somebody's contact");
	forgotten (s, w, "bea@blijft.test", "blijft@lead.test");
	CHECK (!on_disk (s, w, one) && !on_disk (s, w, other), "nobody has them any more, and they are still there");
	free (one);
	free (other);
}

/* What no lead came of is theirs as well, where it names them. */
STORY (n_14_requests,
       "N14: a request that names who is erased says nothing of them any more, though no lead came of it: one that could not be read, spam; others' stay")
{
	struct workspace *w = given_workspace (s, "verzoeken", "follow-up");
	sent_with (s, w, "vera@verdwijnt.test", "haar plan");
	static const char *const bodies[] = { "Naam: Vera\nE-mail: Vera@Verdwijnt.test", "Naam: Bart\nE-mail: bart@blijver.test" };
	for (size_t i = 0; i < LENGTH (bodies); i++) {
		struct web_answer a = web_ask (
			s, &(struct web_request){ .method = "POST", .url = w->hook, .type = "text/plain", .body = bodies[i] });
		then_status (&a, 400);
	}
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = w->hook,
								 .type = "application/x-www-form-urlencoded",
								 .body = "name=Vera&email=vera%40verdwijnt.test&_gotcha=x" });
	then_status (&a, 202);
	/* by her number alone, as a form and as people write it; and in more than a row holds */
	a = when_posted (s, w->hook, "%s", "{\"name\":\"Vera\",\"email\":\"vera@verdwijnt.test\",\"phone\":\"+31 6 1234 5678\"}");
	then_status (&a, 202);
	static const char *const numbers[] = { "Bel mij: 06-12 34 56 78", "Tel: 0031 (0)6 87651234" };
	for (size_t i = 0; i < LENGTH (numbers); i++) {
		a = web_ask (s, &(struct web_request){ .method = "POST", .url = w->hook, .type = "text/plain", .body = numbers[i] });
		then_status (&a, 400);
	}
	for (int i = 0; i < 2; i++) {
		enum { LONG = 80000 };
		char *text = heap_alloc (LONG + 1);
		memset (text, 'x', LONG);
		text[LONG] = '\0';
		memcpy (text + 70000, i ? " tel 06 8765 1234 " : " tel 06 1234 5678 ", 18);
		a = web_ask (s, &(struct web_request){ .method = "POST", .url = w->hook, .type = "text/plain", .body = text });
		then_status (&a, 400);
		heap_free (text);
	}
	settle (s);
	forgotten (s, w, "vera@verdwijnt.test", NULL);
	then_number (s, 1, "long ones that are left",
		     "select count(*) from lead_intake.submission where workspace_id = '%s' and body_file is not null", w->id);
	then_number (s, 0, "requests with her number",
		     "select count(*) from lead_intake.submission where workspace_id = '%s' and lead_intake.says_number(body, '612345678')",
		     w->id);
	then_number (s, 1, "requests with another's number",
		     "select count(*) from lead_intake.submission where workspace_id = '%s' and lead_intake.says_number(body, '687651234')",
		     w->id);
	then_number (
		s, 0, "requests that name them",
		"select count(*) from lead_intake.submission s where workspace_id = '%s' and (lead_intake.says(body, 'verdwijnt') or s::text ilike "
		"'%%verdwijnt%%')",
		w->id);
	then_number (
		s, 4, "requests of theirs that were no leads, and are counted still",
		"select count(*) from lead_intake.submission where workspace_id = '%s' and outcome <> 'lead' and body is null and body_file is null",
		w->id);
	then_number (
		s, 1, "requests of others",
		"select count(*) from lead_intake.submission where workspace_id = '%s' and lead_intake.says(body, 'BART@blijver.test')",
		w->id);
}

/* Who was brought in with a file stands in its rows and in the look at its beginning. */
STORY (n_14_imported,
       "N14: who is erased stands in no row of a file that was brought in, good or wrong, nor in its first rows; others' rows stay")
{
	static const char list[] = "First name,Last name,Email,Phone,Company,Job title\n"
				   "Wendelmoet,Verdwijnt,wen@verdwijnt.test,010 7654321,Verdwijnt Advies,Baas\n"
				   "Bart,Blijver,bart@blijver.test,,Blijver BV,\n"
				   ",Verdwijnt,wen@verdwijnt.test,,Verdwijnt Advies,\n";
	struct workspace *w = given_workspace (s, "ingelezen", "follow-up");
	char path[200];
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = "/api/crm/imports?profile=contacts&name=list.csv",
								 .key = w->key,
								 .body = list,
								 .type = "text/csv" });
	struct uuid import = uuid_at (a.json, "id");
	then_status (&a, 201);
	static const struct {
		const char *step, *state;
	} steps[] = { { "check", "checked" }, { "confirm", "done" } };
	for (size_t i = 0; i < LENGTH (steps); i++) {
		snprintf (path, sizeof path, "/api/crm/imports/%s/%s", id_text (import), steps[i].step);
		made (s, w, "POST", path, "{}");
		UNTIL (10000,
		       sql_number (s, "select count(*) from contacts.import where id = '%s' and state = '%s'", id_text (import),
				   steps[i].state) == 1,
		       "it is not %s", steps[i].state);
	}
	settle (s);
	then_number (s, 2, "rows of theirs",
		     "select count(*) from contacts.import_line where import_id = '%s' and data::text ilike '%%verdwijnt%%'",
		     id_text (import));
	forgotten (s, w, "wen@verdwijnt.test", NULL);
	then_number (
		s, 0, "rows of theirs",
		"select count(*) from contacts.import_line l where import_id = '%s' and (l::text ilike '%%verdwijnt%%' or l::text ilike '%%wendelmoet%%')",
		id_text (import));
	then_number (s, 1, "rows of others",
		     "select count(*) from contacts.import_line where import_id = '%s' and data::text like '%%Bart%%'", id_text (import));
	then_text (s, "[[\"First name\", \"Last name\", \"Email\", \"Phone\", \"Company\", \"Job title\"]]", "its first rows",
		   "select sample from contacts.import where id = '%s'", id_text (import));
	snprintf (path, sizeof path, "/api/crm/imports/%s/rows", id_text (import));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, "Bart") && !strcasestr (a.body, "verdwijnt"), "its rows are %d: %s", a.status, a.body);
	web_free (&a);
}

/* A file that waits for its yes: what is in it would come in later. */
STORY (n_14_under_way,
       "N14: who is erased while a file that names them waits is in it no more, whatever was looked at: it makes nobody of them; the others come in, and nothing of them is on the disk")
{
	static const char list[] = "First name,Last name,Email,Phone,Company\n"
				   "Wendelmoet,Verdwijnt,WEN@verdwijnt.test,010 7654321,\"Verdwijnt\nAdvies\"\n"
				   "Bart,Blijver,bart@blijver.test,,Blijver BV\n"
				   "Wendelmoet,Verdwijnt,,,5\" buis\n"
				   "Wendelmoet,Verdwijnt,nicht@blijver.test,,\n"
				   "W.,V.,,+31 10 765 43 21,\n";
	static const char
		*const card = "BEGIN:VCARD\nFN:Wendelmoet Verdwijnt\nEMAIL:wen@verdwijnt.test\nEND:VCARD\nBEGIN:VCARD\nFN:Kaart Blijver\n"
			      "EMAIL:kaart@blijver.test\nEND:VCARD\n";
	struct workspace *w = given_workspace (s, "onderweg", "follow-up");
	struct uuid import[3];
	char path[400], *found;
	made (s, w, "POST", "/api/crm/contacts",
	      "{\"name\":\"Wendelmoet Verdwijnt\",\"email\":\"wen@verdwijnt.test\",\"phone\":\"010-7654321\"}");
	for (size_t i = 0; i < LENGTH (import); i++) {
		struct web_answer a = web_ask (
			s, &(struct web_request){ .method = "POST",
						  .url = "/api/crm/imports?profile=contacts&name=Wendelmoet%20Verdwijnt.csv",
						  .key = w->key,
						  .body = i == 2 ? card : list,
						  .type = "text/csv" });
		import[i] = uuid_at (a.json, "id");
		then_status (&a, 201);
	}
	snprintf (path, sizeof path, "/api/crm/imports/%s/check", id_text (import[1]));
	made (s, w, "POST", path, "{}");
	UNTIL (10000,
	       sql_number (s, "select count(*) from contacts.import where id = '%s' and state = 'checked'", id_text (import[1])) == 1,
	       "it is not checked");
	forgotten (s, w, "wen@verdwijnt.test", NULL);
	snprintf (path, sizeof path, "grep -rlaiE 'wen@verdwijnt|765 ?43 ?21' %s/files", s->var);
	found = program_run ((const char *[]){ "/bin/sh", "-c", path, NULL }, NULL);
	CHECK (!*found, "they stand in %s", found);
	free (found);
	then_text (
		s, "erased.csv", "what a file was called, in the audit",
		"select string_agg(distinct detail #>> '{asked,name}', ',') from gateway.audit where workspace_id = '%s' and what = 'import_open'",
		w->id);
	char code_of[6];
	PGconn *writer = sql_open (s, "gateway");
	CHECK (!strcmp (sql_state (writer, code_of, "update gateway.audit set detail = '{}'"), "42501"),
	       "a line of the audit was changed: %s", code_of);
	PQfinish (writer);
	then_text (s, "2 0 0", "what was looked at is counted without them",
		   "select concat_ws(' ', ready, updates, errors) from contacts.import where id = '%s'", id_text (import[1]));
	for (size_t i = 0; i < LENGTH (import); i++) {
		static const char *const steps[] = { "check", "confirm" }, *const states[] = { "checked", "done" };
		for (size_t k = i == 1; k < LENGTH (steps); k++) {
			snprintf (path, sizeof path, "/api/crm/imports/%s/%s", id_text (import[i]), steps[k]);
			made (s, w, "POST", path, "{}");
			UNTIL (10000,
			       sql_number (s, "select count(*) from contacts.import where id = '%s' and state = '%s'", id_text (import[i]),
					   states[k]) == 1,
			       "it is not %s", states[k]);
		}
	}
	then_text (
		s, "Bart Blijver 3,Kaart Blijver 1,erased 5", "who is there, and in which row",
		"select string_agg(t, ',' order by t) from (select x.name || ' ' || min(d.n) as t from contacts.contact x join "
		"contacts.import_done d on d.contact_id = x.id where x.workspace_id = '%s' and x.email is not null group by x.id, x.name) y",
		w->id);
	int code;
	char *doctor = ctl_text (s, &code, "doctor --json");
	CHECK (!strstr (doctor, "\"file_"), "the doctor says %s", doctor);
	free (doctor);
	settle (s);
}

/* The files of a moving name people in more ways: by what their system calls them, beside a colleague's address. */
STORY (n_14_moving,
       "N14: who is erased while the files of a moving wait is in none of them, nor in what was looked at, nor in notes that name them by their old id alone; the others come in")
{
	static const char *const files[] = {
		"\"Record ID\",\"First Name\",\"Last Name\",\"Email\",\"Phone Number\",\"Contact owner\",\"Associated Company IDs "
		"(Primary)\",\"Associated Company (Primary)\",\"Create Date\",\"Job Title\"\n"
		"901,Wendelmoet,Verdwijnt,wen@verdwijnt.test,,baas@blijver.test,,,,\n"
		"902,Bart,Blijver,bart@blijver.test,,baas@blijver.test,,,,\n"
		"903,Wendelmoet,Verdwijnt,,,baas@blijver.test,,,,\n",
		"\"Record ID\",\"Note body\",\"Activity date\",\"Activity assigned to\",\"Associated Contact IDs\",\"Associated Company "
		"IDs\",\"Associated Deal IDs\"\n"
		"8001,Wilde nergens in staan,2025-01-12 14:30,baas@blijver.test,901,,\n"
		"8002,Belt terug,2025-01-12 14:30,baas@blijver.test,902,,\n"
	};
	struct workspace *w = given_workspace (s, "verhuisd", "follow-up");
	char path[400], into[UUID_TEXT] = "", *found;
	made (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Wendelmoet Verdwijnt\",\"email\":\"wen@verdwijnt.test\"}");
	for (size_t i = 0; i < LENGTH (files); i++) {
		snprintf (path, sizeof path, "/api/crm/imports?profile=moving&name=%zu.csv%s%s", i, i ? "&into=" : "", into);
		struct web_answer a = web_ask (
			s, &(struct web_request){ .method = "POST", .url = path, .key = w->key, .body = files[i], .type = "text/csv" });
		snprintf (into, sizeof into, "%s", text_at (a.json, "id"));
		then_status (&a, 201);
	}
	static const char *const steps[] = { "check", "confirm" }, *const states[] = { "checked", "done" };
	for (size_t k = 0; k < LENGTH (steps); k++) {
		snprintf (path, sizeof path, "/api/crm/imports/%s/%s", into, steps[k]);
		made (s, w, "POST", path, "{}");
		UNTIL (10000, sql_number (s, "select count(*) from contacts.import where id = '%s' and state = '%s'", into, states[k]) == 1,
		       "it is not %s", states[k]);
		if (k)
			break;
		forgotten (s, w, "wen@verdwijnt.test", NULL);
		snprintf (path, sizeof path, "grep -rlaiE 'wen@verdwijnt|wendelmoet|nergens in staan' %s/files", s->var);
		found = program_run ((const char *[]){ "/bin/sh", "-c", path, NULL }, NULL);
		CHECK (!*found, "they stand in %s", found);
		free (found);
		then_number (
			s, 0, "rows and first rows that name them",
			"select (select count(*) from contacts.import_line l where l.import_id = i.id and l::text ~* 'verdwijnt|nergens') + (select count(*) from contacts.import_file f where f.import_id = i.id and f::text ~* 'verdwijnt|nergens') from (select '%s'::uuid as id) i",
			into);
	}
	then_text (
		s, "2 2 Bart Blijver: Belt terug", "what came in",
		"select concat_ws(' ', i.ready, i.created, (select string_agg(c.name || ': ' || v.note, ', ') from contacts.activity v join contacts.contact c on (c.workspace_id, c.id) = (v.workspace_id, v.record_id) where v.workspace_id = i.workspace_id)) from contacts.import i where i.id = '%s'",
		into);
	forgotten (s, w, "bart@blijver.test", NULL);
	then_number (
		s, 0, "rows and first rows that name one who came in",
		"select (select count(*) from contacts.import_line l where l.import_id = i.id and l::text ~* 'bart') + (select count(*) from contacts.import_file f where f.import_id = i.id and f::text ~* 'bart') + (select count(*) from contacts.imported m where m.workspace_id = '%s' and m.kind = 'contacts') from (select '%s'::uuid as id) i",
		w->id, into);
	settle (s);
}

/* More at once than there is room for: nobody is passed over, and called done. */
STORY (n_14_many,
       "N14: when more workspaces of a lane forget somebody than fit one look at its frames, the others wait for the next; none is called done unlooked at")
{
	struct workspace *w = given_workspace (s, "velen", "follow-up");
	struct buffer found = { 0 };
	made (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Frans Onvindbaar\",\"email\":\"frans@onvindbaar.test\"}");
	settle (s);
	frames_of (s, "onvindbaar", &found);
	CHECK (found.n, "no frame names him");
	sql_do (s,
		"insert into contacts.erasure (workspace_id, id, lane, ids, words, asked_at, settled) "
		"select lpad(i::text, 32, '0')::uuid, gen_random_uuid(), %d, '{}'::uuid[], '{niemand hier}'::text[], now(), true from generate_series(1, 70) i "
		"union all select '%s'::uuid, gen_random_uuid(), %d, '{}', '{Frans Onvindbaar,frans@onvindbaar.test}', now() - interval '1 day', true",
		lane_of (w->uuid), w->id, lane_of (w->uuid));
	daemon_kill (s, "contacts", 0, SIGKILL);
	daemon_ready (s, "contacts", 0);
	UNTIL (10000,
	       sql_number (s, "select count(*) from contacts.erasure where workspace_id = '%s' and upto is not null and done >= upto",
			   w->id),
	       "its frames are not looked at");
	sql_do (s, "delete from contacts.erasure where workspace_id::text like '00000000-%%'");
	buffer_clear (&found);
	frames_of (s, "onvindbaar", &found);
	CHECK (!found.n || !memmem (found.at, found.n, "contacts.event", 14), "it is done, and he stands in %.*s", (int) found.n,
	       (const char *) found.at);
	UNTIL (10000, sql_number (s, "select count(*) from contacts.erasure where workspace_id = '%s' and ended_at is not null", w->id),
	       "it does not end");
	buffer_fini (&found);
	settle (s);
}

/* What a company has is the company's, also where something of it is linked to the person who goes. */
STORY (n_14_company,
       "N14: who is erased takes nothing of their company along, though an order names both: its notes, files and facts stay, and are not in their archive")
{
	struct workspace *w = given_workspace (s, "bedrijf", "commerce");
	char body[400], path[200];
	struct web_answer a = web (s, w->key, "POST", "/api/crm/accounts", "{\"name\":\"Blijvend Bedrijf\"}");
	struct uuid account = uuid_at (a.json, "id");
	then_status (&a, 201);
	snprintf (body, sizeof body, "{\"name\":\"Gaat Weg\",\"email\":\"gaat@weg.test\",\"account_id\":\"%s\"}", id_text (account));
	a = web (s, w->key, "POST", "/api/crm/contacts", "%s", body);
	struct uuid contact = uuid_at (a.json, "id");
	then_status (&a, 201);
	snprintf (body, sizeof body, "{\"account_id\":\"%s\",\"kind\":\"note\",\"note\":\"Betaalt op tijd\"}", id_text (account));
	made (s, w, "POST", "/api/crm/activities", body);
	snprintf (path, sizeof path, "/api/crm/files?account_id=%s&name=contract.txt", id_text (account));
	a = web_ask (s,
		     &(struct web_request){ .method = "POST", .url = path, .key = w->key, .body = "Raamcontract", .type = "text/plain" });
	then_status (&a, 201);
	snprintf (body, sizeof body, "{\"account_id\":\"%s\",\"contact_id\":\"", id_text (account));
	snprintf (body + strlen (body), sizeof body - strlen (body), "%s\",\"kind\":\"order\",\"external_id\":\"1\",\"title\":\"Order 1\"}",
		  id_text (contact));
	made (s, w, "POST", "/api/crm/linked", body);
	settle (s);
	snprintf (path, sizeof path, "/api/crm/contacts/%s/files", id_text (contact));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !json_array_size (json_at (a.json, "data")), "their files are %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/persons/export?contact_id=%s", id_text (contact));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && memmem (a.body, a.n, "Gaat Weg", 8) && memmem (a.body, a.n, "Order 1", 7) &&
		       !memmem (a.body, a.n, "Betaalt op tijd", 15) && !memmem (a.body, a.n, "Raamcontract", 12),
	       "their archive is %d, %zu bytes", a.status, a.n);
	web_free (&a);
	snprintf (body, sizeof body, "{\"contact_id\":\"%s\"}", id_text (contact));
	a = web (s, w->key, "POST", "/api/crm/erasures", "%s", body);
	then_status (&a, 202);
	UNTIL (15000,
	       sql_number (
		       s,
		       "select count(*) from contacts.erasure e join contacts.erasure_job j using (workspace_id, id) where workspace_id = '%s' and e.ended_at is not null",
		       w->id),
	       "it does not end");
	then_number (s, 1, "notes of the company",
		     "select count(*) from contacts.activity where workspace_id = '%s' and note = 'Betaalt op tijd'", w->id);
	then_number (s, 1, "files of the company", "select count(*) from contacts.attachment where workspace_id = '%s'", w->id);
	then_number (s, 0, "who went", "select count(*) from contacts.contact where workspace_id = '%s' and name = 'Gaat Weg'", w->id);
	then_text (s, "erased", "their order's title", "select title from contacts.linked where workspace_id = '%s'", w->id);
	settle (s);
}

/* The most that a process has had in memory since peak_begin, bytes. */
static void peak_begin (pid_t pid)
{
	char path[64];
	snprintf (path, sizeof path, "/proc/%d/clear_refs", (int) pid);
	FILE *file = fopen (path, "w");
	CHECK (file && fputs ("5", file) >= 0 && !fclose (file), "%s cannot be written", path);
}

static long long peak_of (pid_t pid)
{
	char path[64], line[200];
	long long kb = 0;
	snprintf (path, sizeof path, "/proc/%d/status", (int) pid);
	FILE *file = fopen (path, "r");
	while (file && fgets (line, sizeof line, file))
		if (!strncmp (line, "VmHWM:", 6))
			kb = atoll (line + 6);
	if (file)
		fclose (file);
	return kb * 1024;
}

STORY (n_14_archive_slow, "N14: the archive of somebody with large files goes out as fast as it is taken: the gateway never holds them all")
{
	enum { FILES = 12, BYTES = 8 << 20 };
	struct workspace *w = given_workspace (s, "archief", "follow-up");
	char path[300], request[600];
	struct web_answer a = web (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"Veel Papier\",\"email\":\"veel@papier.test\"}");
	struct uuid contact = uuid_at (a.json, "id");
	then_status (&a, 201);
	char *much = malloc (BYTES);
	memset (much, ' ', BYTES);
	for (int i = 0; i < FILES; i++) {
		much[0] = (char) ('a' + i);
		snprintf (path, sizeof path, "/api/crm/files?contact_id=%s&name=%d.txt", id_text (contact), i);
		a = web_ask (s, &(struct web_request){
					.method = "POST", .url = path, .key = w->key, .body = much, .n = BYTES, .type = "text/plain" });
		then_status (&a, 201);
	}
	pid_t pid = daemon_pid (s, "gateway", 0);
	peak_begin (pid);
	long long before = peak_of (pid);
	snprintf (
		request, sizeof request,
		"GET /api/crm/persons/export?contact_id=%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n",
		id_text (contact), w->key);
	int fd = web_by_hand (s, 0, request, 240000);
	size_t got = 0;
	ssize_t n = read (fd, much, 4096);
	CHECK (n > 12 && !memcmp (much, "HTTP/1.1 200", 12), "the archive is %.200s", much);
	for (int i = 0; i < 50; i++) { /* meanwhile it works on, and nobody takes */
		a = web (s, w->key, "GET", "/api/crm/contacts?limit=1", NULL);
		then_status (&a, 200);
	}
	long long held = peak_of (pid) - before; /* later what is freed counts as well where a build keeps it to find errors */
	for (; n > 0; n = read (fd, much, BYTES))
		got += (size_t) n;
	close (fd);
	free (much);
	CHECK (got > (size_t) FILES * BYTES, "it ends after %zu bytes", got);
	CHECK (held < FILES / 2 * (long long) BYTES, "the gateway held %lld MB for it", held >> 20);
}

/* What the last words of a column's comment say is what erases it (common/sql/0005_erasure.sql): a column that says nothing would be forgotten. */
STORY (n_14_declared,
       "N14: every column of text or JSON says in its comment whether it holds something of people, and a way by columns that are there")
{
	for (size_t i = 0; i < LENGTH (schemas); i++) {
		then_text (
			s, "", "columns that do not say whether they are personal",
			"select coalesce(string_agg(c.relname || '.' || a.attname, ' ' order by 1), '') from pg_class c join pg_attribute a on a.attrelid = c.oid and "
			"a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid where c.relnamespace = '%s'::regnamespace and c.relkind in "
			"('r', 'p') and t.typname in ('text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea', '_text') and a.attname not like '%%currency' and "
			"coalesce(col_description(c.oid, a.attnum), '') !~ '; (not personal|personal(?: by [a-z_]+(?:, [a-z_]+)*)?(: the row goes|: a word stays)?)$'",
			schemas[i]);
		then_text (
			s, "", "columns that are erased by one that is not there, or in a table without workspace",
			"select coalesce(string_agg(distinct p.place, ' '), '') from %s.personal_column p left join lateral unnest(p.keys) k on true where "
			"p.keys is distinct from '{hand}' and (not exists (select from pg_attribute a where a.attrelid = p.of_table and a.attname = 'workspace_id') or "
			"(k is not null and not exists (select from pg_attribute a where a.attrelid = p.of_table and a.attname = k and a.atttypid = 'uuid'::regtype)))",
			schemas[i]);
	}
}

/* Lists are taken away by their own filters, as lines of JSON and as cards too; a spreadsheet runs nothing of it. */
STORY (contacts_taken_away, "Contacts leave as CSV with all their fields, as lines of JSON and as vCards, by the filters of their list")
{
	struct workspace *w = given_workspace (s, "meenemen", "follow-up");
	made (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Sanne de Wit\",\"email\":\"sanne@wit.test\",\"phone\":\"+31612345678\"}");
	sql_do (s, "update contacts.contact set job_title = '=1+1' where workspace_id = '%s'", w->id);
	sql_do (s,
		"insert into contacts.contact_reach (workspace_id, contact_id, kind, value) select workspace_id, id, 'email', 'thuis@wit.test' from contacts.contact where workspace_id = '%s'",
		w->id);
	made (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Bram Bos\",\"email\":\"bram@bos.test\"}");
	settle (s);
	struct web_answer a = web (s, w->key, "GET", "/api/crm/export/contacts", NULL);
	CHECK (a.status == 200 && strstr (a.body, ",job_title,") && strstr (a.body, "\"'=1+1\"") && strstr (a.body, "thuis@wit.test") &&
		       strstr (a.body, "Bram"),
	       "as CSV: %d %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/export/contacts?format=jsonl&q=sanne", NULL);
	json_t *line = json_loads (a.body, JSON_DISABLE_EOF_CHECK, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (line, "email"), "sanne@wit.test") && strchr (a.body, '\n') == a.body + a.n - 1,
	       "as lines: %d %s", a.status, a.body);
	json_decref (line);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/export/contacts?format=vcf&q=sanne", NULL);
	CHECK (a.status == 200 && strstr (a.body, "VERSION:4.0\r\n") && strstr (a.body, "FN:Sanne de Wit\r\n") &&
		       strstr (a.body, "TEL;VALUE=uri:tel:+31612345678\r\n") && strstr (a.body, "EMAIL:thuis@wit.test\r\n") &&
		       !strstr (a.body, "Bram"),
	       "as cards: %d %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/export/accounts?format=vcf", NULL);
	then_problem (&a, 422, "invalid");
}

static struct uuid called (struct stack *s, struct workspace *w, const char *name, const char *email)
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"%s\",\"email\":\"%s\"}", name, email);
	struct uuid ret = uuid_at (a.json, "id");
	then_status (&a, 201);
	return ret;
}

STORY (n_14_others_stay,
       "N14: a name of everyday words, or one that somebody else bears, is taken from nobody else; a pin goes with whom it was on; a frame that cannot be read keeps it open, is told of, and is tried again")
{
	struct workspace *w = given_workspace (s, "gewoon", "follow-up");
	struct user ann = given_user (s, "ann@gewoon.test", "--workspace gewoon --role owner");
	struct uuid open = called (s, w, "Open Vraag", "open@vraag.test"), jan = called (s, w, "Jan Jansen", "jan@een.test"),
		    other = called (s, w, "Jan Jansen", "jan@twee.test");
	char body[500];
	snprintf (body, sizeof body,
		  "{\"contact_id\":\"%s\",\"kind\":\"note\",\"note\":\"een open vraag van Jan Jansen, open@vraag.test\"}", id_text (other));
	made (s, w, "POST", "/api/crm/activities", body);
	snprintf (
		body, sizeof body,
		"{\"place\":\"pins\",\"content\":{\"records\":[{\"type\":\"contact\",\"id\":\"%s\"},{\"type\":\"contact\",\"id\":\"%s\"}]}}",
		id_text (jan), id_text (other));
	struct web_answer a = when_user_asks (s, &ann, "PUT", "/api/me/prefs", body);
	then_status (&a, 200);
	settle (s);
	int lane = lane_of (w->uuid);
	int64_t first = sql_number (s, "select min(first_seq) from contacts.event where lane = %d", lane);
	sql_do (s, "create table public.kept as select payload from contacts.event where lane = %d and first_seq = %lld", lane,
		(long long) first);
	sql_do (s, "update contacts.event set payload = 'nobody reads this' where lane = %d and first_seq = %lld", lane, (long long) first);
	for (size_t i = 0; i < 2; i++) {
		a = web (s, w->key, "POST", "/api/crm/erasures", "{\"contact_id\":\"%s\"}", id_text (i ? jan : open));
		then_status (&a, 202);
	}
	UNTIL (15000,
	       sql_number (s, "select count(*) from contacts.erasure where workspace_id = '%s' and unread = 1 and ended_at is null",
			   w->id) == 2,
	       "a frame that cannot be read is passed over");
	a = web (s, w->key, "GET", "/api/crm/erasures", NULL);
	CHECK (a.status == 200 && number_at (a.json, "data.0.services.contacts.unread") == 1 && !*text_at (a.json, "data.0.ended_at"),
	       "it says %s", a.body);
	web_free (&a);
	int code;
	char *doctor = ctl_text (s, &code, "doctor --json");
	CHECK (code == 1 && strstr (doctor, "erasure_stuck"), "the doctor says %s", doctor);
	free (doctor);
	sql_do (s, "update contacts.event e set payload = k.payload from public.kept k where e.lane = %d and e.first_seq = %lld", lane,
		(long long) first);
	sql_do (s, "drop table public.kept");
	sql_do (s, "update contacts.erasure set next_at = now() where ended_at is null");
	forgotten (s, w, "nobody@here.test", NULL);
	then_text (s, "Jan Jansen", "who bears the same name", "select name from contacts.contact where id = '%s'", id_text (other));
	then_text (s, "een open vraag van Jan Jansen, erased", "a note about another",
		   "select note from contacts.activity where record_id = '%s'", id_text (other));
	then_text (
		s, id_text (other), "what is pinned yet",
		"select string_agg(r ->> 'id', ',') from gateway.preference p, jsonb_array_elements(p.content -> 'records') r where p.user_id = '%s' and p.place = 'pins'",
		ann.id);
}
