/* Mail that goes out: what became of each, by a real SMTP server and a stand-in for SendGrid (mail_world.py) that lose lines, refuse, and are too busy; the
 * mailer killed while mails go. It must never let a mail leave this machine. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "arena.h"
#include "story.h"

static const char *const mail_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes",
					  "--env", "mailer:CRM_MAIL_HOLD=0",
					  "--env", "mailer:CRM_MAIL_LEASE=3",
					  "--env", "mailer:CRM_MAIL_SETTLE=2",
					  "--env", "mailer:CRM_MAIL_URL=https://crm.test",
					  NULL };

struct world {
	pid_t pid;
	int smtp, http;
	char file[300];
};

static struct world world_start (struct stack *s)
{
	struct world w = { .smtp = s->port + 30, .http = s->port + 31 };
	char smtp[16], http[16];
	snprintf (w.file, sizeof w.file, "%s/mails.jsonl", s->var);
	snprintf (smtp, sizeof smtp, "%d", w.smtp);
	snprintf (http, sizeof http, "%d", w.http);
	unlink (w.file);
	w.pid = given_world ((const char *const[]){ "python3", "tests/flow/mail_world.py", smtp, http, w.file, NULL });
	return w;
}

static void world_end (struct world *w)
{
	kill (w->pid, SIGKILL);
	waitpid (w->pid, NULL, 0);
}

static int times_taken (const struct world *w, const char *to)
{
	int n = 0;
	for (json_t *o; (o = mail_taken (w->file, to, n)); n++)
		json_decref (o);
	return n;
}

/* Each address and how often something was taken for it. */
static json_t *times_taken_by_all (const struct world *w)
{
	FILE *f = fopen (w->file, "r");
	char *line = NULL;
	size_t room = 0;
	json_t *ret = json_object ();
	while (f && getline (&line, &room, f) > 0) {
		json_t *o = json_loads (line, 0, NULL);
		const char *to = text_at (o, "to.0");
		json_object_set_new (ret, to, json_integer (json_integer_value (json_object_get (ret, to)) + 1));
		json_decref (o);
	}
	if (f)
		fclose (f);
	free (line);
	return ret;
}

static char *account_given (struct stack *s, const struct workspace *w, const struct world *at, bool smtp, char ret_hook[100])
{
	char body[500];
	snprintf (
		body, sizeof body,
		smtp ? "{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_name\":\"Café Zonwering\",\"from_email\":\"verkoop@zon.test\",\"reply_domain\":\"in.zon.test\","
		       "\"host\":\"127.0.0.1\",\"port\":%d,\"tls\":\"none\"}"
		     : "{\"kind\":\"sendgrid\",\"name\":\"SendGrid\",\"from_email\":\"verkoop@zon.test\",\"host\":\"http://127.0.0.1:%d\",\"secret\":\"SG.right\"}",
		smtp ? at->smtp : at->http);
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mail/accounts", "%s", body);
	CHECK (a.status == 201 && *text_at (a.json, "hook"), "an account is %d: %s", a.status, a.body);
	char *id = strdup (text_at (a.json, "id"));
	if (ret_hook)
		snprintf (ret_hook, 100, "/hooks/mail/%s/events", text_at (a.json, "hook"));
	web_free (&a);
	return id;
}

static struct uuid mail_written (struct stack *s, const struct workspace *w, const char *body)
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mails", "%s", body);
	CHECK (a.status == 201, "a mail is %d: %s", a.status, a.body);
	struct uuid id = uuid_at (a.json, "id");
	web_free (&a);
	return id;
}

static struct uuid mail_to (struct stack *s, const struct workspace *w, const char *to)
{
	char body[300];
	snprintf (body, sizeof body, "{\"to\":[{\"email\":\"%s\"}],\"subject\":\"Hallo\",\"text\":\"Dag\"}", to);
	return mail_written (s, w, body);
}

static char *state_of (struct stack *s, struct uuid mail)
{
	return sql_text (s, "select string_agg(state, ',' order by n) from mailer.recipient where message_id = '%s'", id_text (mail));
}

static void then_state (struct stack *s, struct uuid mail, const char *state)
{
	for (int64_t limit = now_us () + 20000000;; pause_us (20000)) {
		char *is = state_of (s, mail);
		bool good = !strcmp (is, state);
		CHECK (good || now_us () < limit, "the mail is %s, not %s", is, state);
		free (is);
		if (good)
			return;
	}
}

/* What would be tried in a while is tried now. */
static void when_due (struct stack *s)
{
	sql_do (s, "update mailer.recipient set next_at = now() where state = 'queued'; update mailer.account set held_until = null");
}

STORY_IN (
	mail_by_smtp,
	"Mail by a real SMTP server: each recipient's state is what the server said; a line lost after the mail was taken is unknown, then one repeat under the same Message-ID",
	mail_words)
{
	struct workspace *w = given_workspace (s, "post", "nl-offerte-6");
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mails",
				   "{\"to\":[{\"email\":\"a@b.test\"}],\"subject\":\"x\",\"text\":\"x\"}");
	then_problem (&a, 409, "no_mail_account");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct world world = world_start (s);
	char *account = account_given (s, w, &world, true, NULL), body[700], path[200];
	snprintf (
		body, sizeof body,
		"{\"deal_id\":\"%s\",\"to\":[{\"email\":\" Sanne@Klant.test \",\"name\":\"René Brûlé\"},{\"email\":\"gone@klant.test\"}],\"cc\":[{\"email\":\"cc@klant.test\"}],"
		"\"bcc\":[{\"email\":\"stil@klant.test\"}],\"subject\":\"Offerte – café, %s\",\"text\":\"Beste **René**,\\n\\n- één\\n- twee\\n\\n<script>\"}",
		id_text (deal), "een heel lang onderwerp dat over meer dan één regel van de kop loopt");
	struct uuid mail = mail_written (s, w, body);
	then_state (s, mail, "sent,bounced,sent,sent");
	json_t *o = mail_taken (world.file, "sanne@klant.test", 0);
	CHECK (!strncmp (text_at (o, "subject"), "Offerte – café, een heel", 20) && strstr (text_at (o, "head_to"), "René Brûlé") &&
		       !strcmp (text_at (o, "cc"), "cc@klant.test") && !json_is_string (json_at (o, "bcc")) &&
		       strstr (text_at (o, "reply_to"), "@in.zon.test") && json_array_size (json_at (o, "defects")) == 0 &&
		       number_at (o, "longest") <= 998 && strstr (text_at (o, "id"), id_text (mail)),
	       "it came as %s", json_dumps (o, 0));
	CHECK (strstr (text_at (o, "html"), "<strong>René</strong>") && strstr (text_at (o, "html"), "&lt;script&gt;") &&
		       strstr (text_at (o, "html"), "<li>twee</li>") &&
		       strstr (text_at (o, "text"), "Beste René,\n\n- één\n- twee\n\n<script>"),
	       "its texts came as %s", json_dumps (o, 0));
	json_decref (o);
	/* no mailbox: never again */
	then_text (s, "bounced", "the suppression", "select reason from mailer.suppression where email = 'gone@klant.test'");
	struct uuid again = mail_to (s, w, "gone@klant.test");
	then_state (s, again, "dropped");
	a = web (s, w->key, "POST", "/api/crm/mail/suppressions/remove", "{\"email\":\"gone@klant.test\"}");
	then_status (&a, 201);
	/* an answer stands in the thread */
	snprintf (
		body, sizeof body,
		"{\"reply_to_id\":\"%s\",\"to\":[{\"email\":\"sanne@klant.test\"}],\"subject\":\"Re: Offerte\",\"text\":\"Nog iets\",\"transactional\":false}",
		id_text (mail));
	struct uuid answer = mail_written (s, w, body);
	then_state (s, answer, "sent");
	o = mail_taken (world.file, "sanne@klant.test", 1);
	CHECK (strstr (text_at (o, "refs"), id_text (mail)) && !strcmp (text_at (o, "one_click"), "List-Unsubscribe=One-Click"),
	       "the answer came as %s", json_dumps (o, 0));
	then_number (s, 2, "mails of the thread", "select count(*) from mailer.message where thread_id = '%s'", id_text (mail));
	/* one click, and only by POST */
	char url[400];
	const char *token = strstr (text_at (o, "unsubscribe"), "/unsubscribe/");
	CHECK (token, "it has no link to unsubscribe");
	snprintf (url, sizeof url, "http://127.0.0.1:%d%.*s", daemon_port (s, "mailer", 0, "port"), (int) strcspn (token, ">"), token);
	json_decref (o);
	a = web_ask (s, &(struct web_request){ .method = "GET", .url = url });
	then_status (&a, 200);
	then_number (s, 0, "who asked for nothing more", "select count(*) from mailer.suppression where reason = 'unsubscribed'");
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = url,
					       .type = "application/x-www-form-urlencoded",
					       .body = "List-Unsubscribe=One-Click" });
	then_status (&a, 200);
	then_text (s, "sanne@klant.test", "who asked for nothing more",
		   "select email from mailer.suppression where reason = 'unsubscribed'");
	url[strlen (url) - 3] ^= 1;
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = url,
					       .type = "application/x-www-form-urlencoded",
					       .body = "List-Unsubscribe=One-Click" });
	then_status (&a, 404);
	/* not now: queued again, and it goes */
	struct uuid later = mail_to (s, w, "later@klant.test");
	UNTIL (10000,
	       sql_number (s, "select count(*) from mailer.try where message_id = '%s' and settled and outcome = 'later'",
			   id_text (later)) == 1,
	       "it was not told to come again");
	when_due (s);
	then_state (s, later, "sent");
	/* the line is lost after the mail was taken */
	struct uuid broken = mail_to (s, w, "broken@klant.test");
	then_state (s, broken, "unknown");
	CHECK (times_taken (&world, "broken@klant.test") == 1, "it was repeated at once");
	then_state (s, broken, "sent");
	json_t *first = mail_taken (world.file, "broken@klant.test", 0), *second = mail_taken (world.file, "broken@klant.test", 1);
	CHECK (second && !strcmp (text_at (first, "id"), text_at (second, "id")) &&
		       !strcmp (text_at (first, "date"), text_at (second, "date")),
	       "the repeat is another mail");
	CHECK (times_taken (&world, "broken@klant.test") == 2, "it was repeated more than once");
	/* stopped in time, and too late */
	snprintf (body, sizeof body,
		  "{\"to\":[{\"email\":\"nooit@klant.test\"}],\"subject\":\"x\",\"text\":\"x\",\"send_at\":\"2099-01-01T00:00:00Z\"}");
	struct uuid stopped = mail_written (s, w, body);
	snprintf (path, sizeof path, "/api/crm/mails/%s/cancel", id_text (stopped));
	a = web (s, w->key, "POST", path, "{}");
	then_status (&a, 200);
	then_state (s, stopped, "cancelled");
	snprintf (path, sizeof path, "/api/crm/mails/%s/cancel", id_text (mail));
	a = web (s, w->key, "POST", path, "{}");
	then_problem (&a, 409, "mail_gone");
	/* the whole way */
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s/test", account);
	a = web (s, w->key, "POST", path, "{\"email\":\"proef@klant.test\"}");
	CHECK (a.status == 200, "a test is %d: %s", a.status, a.body);
	then_state (s, uuid_at (a.json, "id"), "sent");
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/mail/health", NULL);
	CHECK (!strcmp (text_at (a.json, "data.0.state"), "works") && *text_at (a.json, "data.0.last_sent_at") &&
		       !number_at (a.json, "data.0.waiting"),
	       "health says %s", a.body);
	web_free (&a);
	then_said (s, later, "mail.queued, mail.sent");
	then_said (s, broken, "mail.queued, mail.failed, mail.sent");
	world_end (&world);
	free (account);
}

/* A provider's events as a file holds them, with the signature that the case names. */
static struct web_answer events_posted (struct stack *s, const char *hook, const char *name, int spoil)
{
	char path[200], url[300], signature[300], at[100];
	json_error_t error;
	snprintf (path, sizeof path, "tests/fixtures/sendgrid/%s.case.json", name);
	json_t *o = json_load_file (path, 0, &error);
	CHECK (o, "%s: %s", path, error.text);
	snprintf (path, sizeof path, "tests/fixtures/sendgrid/%s.body.json", name);
	FILE *f = fopen (path, "r");
	CHECK (f, "%s cannot be read", path);
	char *body = heap_alloc (100000);
	size_t n = fread (body, 1, 99999, f);
	fclose (f);
	snprintf (url, sizeof url, "http://127.0.0.1:%d%s", daemon_port (s, "mailer", 0, "port"), hook);
	snprintf (signature, sizeof signature, "X-Twilio-Email-Event-Webhook-Signature: %s",
		  text_at (json_object_get (o, "headers"), "X-Twilio-Email-Event-Webhook-Signature"));
	snprintf (at, sizeof at, "X-Twilio-Email-Event-Webhook-Timestamp: %s",
		  text_at (json_object_get (o, "headers"), "X-Twilio-Email-Event-Webhook-Timestamp"));
	if (spoil == 1)
		body[10] ^= 1;
	if (spoil == 2)
		n -= 2; /* the line end after the last event is signed as well */
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "POST", .url = url, .header = { spoil == 3 ? "X-None: 1" : signature, at }, .body = body, .n = n });
	heap_free (body);
	json_decref (o);
	return a;
}

static void hook_told (struct stack *s, const struct world *w, const char *hook)
{
	char url[100], to[300];
	snprintf (url, sizeof url, "http://127.0.0.1:%d/hook", w->http);
	snprintf (to, sizeof to, "http://127.0.0.1:%d%s", daemon_port (s, "mailer", 0, "port"), hook);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "PUT", .url = url, .body = to, .type = "text/plain" });
	then_status (&a, 200);
}

STORY_IN (
	mail_by_sendgrid,
	"Mail by a provider that is busy, breaks and loses lines: nothing is guessed, its signed events settle what is unknown, each once; who complains hears no news",
	mail_words)
{
	struct workspace *w = given_workspace (s, "dienst", "nl-offerte-6");
	struct world world = world_start (s);
	char hook[100], path[200];
	char *account = account_given (s, w, &world, false, hook);
	struct uuid fine = mail_to (s, w, "fijn@klant.test"), gone = mail_to (s, w, "gone@klant.test");
	then_state (s, fine, "sent");
	then_state (s, gone, "dropped");
	/* too busy: the account waits as long as it was told, and the mail goes */
	struct uuid busy = mail_to (s, w, "busy@klant.test");
	then_state (s, busy, "sent");
	then_number (s, 1, "times it was told to wait",
		     "select count(*) from mailer.try where message_id = '%s' and code = 429 and retry_at is not null", id_text (busy));
	struct uuid error = mail_to (s, w, "error@klant.test");
	UNTIL (10000,
	       sql_number (s, "select count(*) from mailer.try where message_id = '%s' and settled and code = 500", id_text (error)) == 1,
	       "an error is no error");
	when_due (s);
	then_state (s, error, "sent");
	/* the line is lost after it was taken; the events say so, and it is not repeated */
	hook_told (s, &world, hook);
	struct uuid broken = mail_to (s, w, "broken@klant.test");
	then_state (s, broken, "delivered");
	UNTIL (10000, sql_number (s, "select count(*) from mailer.try where not settled") == 0, "something is under way");
	CHECK (times_taken (&world, "broken@klant.test") == 1, "it was sent %d times", times_taken (&world, "broken@klant.test"));
	/* it says itself what is to stand at the domain; nobody knows whether it does */
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s/check", account);
	struct web_answer a = web (s, w->key, "POST", path, "{}");
	then_status (&a, 200);
	UNTIL (20000, sql_number (s, "select count(*) from mailer.dns_check where due_at is null") == 1, "nobody looked");
	then_number (
		s, 3, "records that the provider wants",
		"select count(*) from mailer.dns_check, jsonb_array_elements(records) r where r ->> 'why' = 'dns_fails' and (r ->> 'name', r ->> 'wanted') in "
		"(('em7.zon.test', 'u7.wl.sendgrid.net'), ('s1._domainkey.zon.test', 's1.domainkey.u7.wl.sendgrid.net'), "
		"('s2._domainkey.zon.test', 's2.domainkey.u7.wl.sendgrid.net'))");
	/* a wrong key is the account's fault: the mail waits */
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s", account);
	a = web (s, w->key, "PUT", path, "{\"host\":\"http://10.0.0.1\"}");
	then_problem (&a, 422, "invalid"); /* the key goes nowhere else */
	a = web (
		s, w->key, "PUT", path,
		"{\"secret\":\"SG.wrong\",\"event_key\":\"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/UfQpq0jNgWbo/jIZ8rBROGgqLTPWboLswH3HGcm1TpeUaVWuJw5F2JwwiW9p1PSSyY51Wej5tDjOfthnA+JuQ==\"}");
	then_status (&a, 200);
	struct uuid waits = mail_to (s, w, "wacht@klant.test");
	UNTIL (10000,
	       sql_number (s, "select count(*) from mailer.account where id = '%s' and state = 'fails' and held_until > now()", account) ==
		       1,
	       "the account works with a wrong key");
	char *state = state_of (s, waits);
	CHECK (!strcmp (state, "queued"), "the mail is %s", state);
	free (state);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strstr (a.body, "SG.") && strstr (text_at (a.json, "last_error"), "invalid"), "the account says %s",
	       a.body);
	web_free (&a);
	a = web (s, w->key, "PUT", path, "{\"secret\":\"SG.right\"}");
	then_status (&a, 200);
	then_state (s, waits, "sent");
	/* events as they come, about a mail of ours */
	sql_do (s, "update mailer.message set message_id = 'msg_01JD7Q3K5M@crm.example.org' where id = '%s'", id_text (fine));
	sql_do (s, "update mailer.recipient set email = 'weg@example.com' where message_id = '%s'", id_text (fine));
	for (int i = 1; i <= 3; i++) {
		a = events_posted (s, hook, "events-failures", i);
		then_problem (&a, 401, "bad_signature");
	}
	for (int i = 0; i < 2; i++) {
		a = events_posted (s, hook, "events-failures", 0);
		then_status (&a, 200);
	}
	then_state (s, fine, "bounced");
	then_number (s, 6, "events", "select count(*) from mailer.provider_event where raw ->> 'crm_tenant' = 't_7'");
	then_text (s, "bounced", "the suppression", "select reason from mailer.suppression where email = 'weg@example.com'");
	then_number (s, 1, "suppressions: strangers' addresses are none of ours",
		     "select count(*) from mailer.suppression where workspace_id = '%s'", w->id);
	a = events_posted (s, hook, "events-engagement", 0);
	then_status (&a, 200);
	then_state (s, fine, "bounced"); /* an older event undoes nothing */
	a = web (s, w->key, "POST", "/api/crm/mails",
		 "{\"to\":[{\"email\":\"weg@example.com\"},{\"email\":\"niets\"}],\"subject\":\"x\",\"text\":\"x\"}");
	then_problem (&a, 422, "invalid");
	world_end (&world);
	free (account);
}

/* One pixel. */
static const unsigned char pixel[] = { 0x89, 'P',  'N',	 'G',  '\r', '\n', 0x1a, '\n', 0,    0,	   0,	13,  'I',  'H',	 'D',  'R',  0,
				       0,    0,	   1,	 0,    0,    0,	   1,	 8,    6,    0,	   0,	0,   0x1f, 0x15, 0xc4, 0x89, 0,
				       0,    0,	   10,	 'I',  'D',  'A',  'T',	 0x78, 0x9c, 0x63, 0,	1,   0,	   0,	 5,    0,    1,
				       0x0d, 0x0a, 0x2d, 0xb4, 0,    0,	   0,	 0,    'I',  'E',  'N', 'D', 0xae, 0x42, 0x60, 0x82 };

STORY_IN (
	mail_shows_pictures,
	"A picture that the text names goes inside the mail, by SMTP and by the provider, another file beside it; whoever looks at the mail sees it",
	mail_words)
{
	struct workspace *w = given_workspace (s, "beeld", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct world world = world_start (s);
	char body[1200], path[200], sha[2][65];
	for (int i = 0; i < 2; i++) {
		snprintf (path, sizeof path, "/api/crm/files?deal_id=%s&name=%s", id_text (deal), i ? "lijst.png" : "logo%20(2).png");
		unsigned char bytes[sizeof pixel + 1];
		memcpy (bytes, pixel, sizeof pixel);
		bytes[sizeof pixel] = 0;
		struct web_answer a = web_ask (s, &(struct web_request){ .key = w->key,
									 .method = "POST",
									 .url = path,
									 .body = (const char *) bytes,
									 .n = sizeof pixel + (size_t) i,
									 .type = "image/png" });
		CHECK (a.status == 201, "a picture is %d: %s", a.status, a.body);
		snprintf (sha[i], sizeof sha[i], "%s", text_at (a.json, "sha256"));
		web_free (&a);
	}
	for (int smtp = 0; smtp < 2; smtp++) {
		char *account = account_given (s, w, &world, smtp, NULL);
		snprintf (
			body, sizeof body,
			"{\"deal_id\":\"%s\",\"mail_account_id\":\"%s\",\"to\":[{\"email\":\"beeld%d@klant.test\"}],\"subject\":\"Beeld\",\"text\":\"Zie ![ons logo](logo (2).png) en ![x](weg.png)\","
			"\"files\":[{\"name\":\"logo (2).png\",\"type\":\"image/png\",\"sha256\":\"%s\"},{\"name\":\"lijst.png\",\"type\":\"image/png\",\"sha256\":\"%s\"}]}",
			id_text (deal), account, smtp, sha[0], sha[1]);
		struct uuid mail = mail_written (s, w, body);
		then_state (s, mail, "sent");
		snprintf (body, sizeof body, "beeld%d@klant.test", smtp);
		json_t *o = mail_taken (world.file, body, 0);
		snprintf (body, sizeof body, "<img src=\"cid:%s\"", text_at (o, "shown.0.0"));
		CHECK (json_array_size (json_at (o, "shown")) == 1 && !strcmp (text_at (o, "shown.0.1"), "inline") &&
			       !strcmp (text_at (o, "shown.0.2"), "logo (2).png") && number_at (o, "shown.0.3") == sizeof pixel &&
			       strstr (text_at (o, "html"), body) && strstr (text_at (o, "html"), "![x](weg.png)"),
		       "it came as %s", json_dumps (o, 0));
		CHECK (json_array_size (json_at (o, "files")) == 1 && !strcmp (text_at (o, "files.0.0"), "lijst.png") &&
			       number_at (o, "files.0.2") == sizeof pixel + 1,
		       "beside it came %s", json_dumps (json_at (o, "files"), 0));
		if (smtp)
			CHECK (!strcmp (text_at (o, "parts.1"), "multipart/alternative") &&
				       !strcmp (text_at (o, "parts.3"), "multipart/related"),
			       "it is made of %s", json_dumps (json_at (o, "parts"), 0));
		json_decref (o);
		snprintf (path, sizeof path, "/api/crm/mails/%s/html", id_text (mail));
		struct web_answer a = web (s, w->key, "GET", path, NULL);
		CHECK (a.status == 200 && strstr (a.body, "<img") && strstr (a.body, "data:image/png;base64,"), "it shows %s", a.body);
		web_free (&a);
		free (account);
	}
	world_end (&world);
}

STORY_IN (
	mail_survives,
	"Mails go while the mailer is killed again and again: each recipient gets one mail, what is unknown is settled by the provider's events, none comes twice",
	mail_words)
{
	/* a short run among the others; make mail-kills: a thousand mails and fifty kills */
	const char *asked = getenv ("FLOW_MAILS"), *asked_kills = getenv ("FLOW_KILLS");
	int mails = asked ? atoi (asked) : 60, kills = asked_kills ? atoi (asked_kills) : 4, killed = 0;
	struct workspace *w = given_workspace (s, "taai", "nl-offerte-6");
	struct world world = world_start (s);
	char hook[100], to[60];
	char *account = account_given (s, w, &world, false, hook);
	int doubles = 0, missing = 0;
	CHECK (mails >= kills && kills > 0, "%d mails and %d kills", mails, kills);
	alarm (240 + (unsigned) mails); /* a long run takes longer than a story may */
	hook_told (s, &world, hook);
	for (int i = 0; i < mails; i++) {
		snprintf (to, sizeof to, "%s%d@klant.test", i % 20 == 7 ? "broken" : "nr", i);
		mail_to (s, w, to);
		if (i % (mails / kills) == mails / kills / 2 && killed < kills) {
			daemon_kill (s, "mailer", 0, SIGKILL);
			daemon_ready (s, "mailer", 0);
			killed++;
		}
	}
	UNTIL (60000 + mails * 200, sql_number (s, "select count(*) from mailer.recipient where state not in ('delivered')") == 0,
	       "%lld are not settled: %s", (long long) sql_number (s, "select count(*) from mailer.recipient where state <> 'delivered'"),
	       sql_text (
		       s,
		       "select string_agg(email || ' ' || state || ' ' || coalesce(reason, ''), ', ') from mailer.recipient where state <> 'delivered'"));
	json_t *times = times_taken_by_all (&world);
	for (int i = 0; i < mails; i++) {
		snprintf (to, sizeof to, "%s%d@klant.test", i % 20 == 7 ? "broken" : "nr", i);
		int64_t n = json_integer_value (json_object_get (times, to));
		doubles += n > 1;
		missing += n == 0;
	}
	json_decref (times);
	printf ("    %d mails, %d kills, %lld were unknown for a while, %d came twice\n", mails, killed,
		(long long) sql_number (s, "select count(*) from mailer.try where outcome = 'unknown'"), doubles);
	CHECK (!doubles && !missing, "%d came twice, %d never", doubles, missing);
	world_end (&world);
	free (account);
}

STORY_IN (
	won_is_told,
	"S1-7: a deal that is won is told to its owner by one mail that names deal and value, however often the event is heard; where the switch is off nobody is",
	mail_words)
{
	struct workspace *w = given_workspace (s, "agenda", "classic-6"), *off = given_workspace (s, "stil", "nl-offerte-6");
	struct user owner = given_user (s, "eigenaar@zon.test", "--workspace agenda --role owner");
	struct world world = world_start (s);
	char body[300], path[200];
	free (account_given (s, w, &world, true, NULL));
	free (account_given (s, off, &world, true, NULL));
	struct uuid silent = given_deal_of (s, off, "Jan Stil", "jan@klant.test", "Offerte");
	snprintf (body, sizeof body,
		  "{\"title\":\"Zonwering Brûlé\",\"value\":{\"amount\":\"1210.00\",\"currency\":\"EUR\"},\"owner_id\":\"%s\"}", owner.id);
	struct web_answer a = web (s, w->key, "POST", "/api/crm/deals", "%s", body);
	CHECK (a.status == 201, "a deal is %d: %s", a.status, a.body);
	struct uuid deal = uuid_at (a.json, "id");
	web_free (&a);
	settle (s);
	for (int i = 0; i < 2; i++) {
		snprintf (path, sizeof path, "/api/crm/deals/%s/stage", id_text (i ? silent : deal));
		char *won = sql_text (s, "select key from pipeline.stage where workspace_id = '%s' and kind = 'won' limit 1",
				      i ? off->id : w->id);
		a = web (s, i ? off->key : w->key, "POST", path, "{\"stage\":\"%s\"}", won);
		then_status (&a, 200);
		free (won);
	}
	settle (s);
	when_redelivered (s, "deal.stage_changed", 3);
	UNTIL (15000, times_taken (&world, "eigenaar@zon.test") == 1, "the owner was not told");
	json_t *o = mail_taken (world.file, "eigenaar@zon.test", 0);
	CHECK (strstr (text_at (o, "subject"), "Zonwering Brûlé") && strstr (text_at (o, "text"), "1210.00 EUR") &&
		       !strcmp (text_at (o, "auto"), "auto-generated"),
	       "the mail says %s", json_dumps (o, 0));
	json_decref (o);
	settle (s);
	CHECK (times_taken (&world, "eigenaar@zon.test") == 1, "the owner was told more than once");
	then_number (s, 1, "mails about it", "select count(*) from mailer.message where cause_id is not null");
	world_end (&world);
}

/* Its recipient is tried for the second time, and both attempts wait to be settled: the first was taken after all, of the second is known what `second` says. */
static void when_both_wait (struct stack *s, struct uuid mail, const char *second)
{
	sql_do (s,
		"update mailer.recipient set state = 'sending', attempts = 2 where message_id = '%1$s'; "
		"insert into mailer.try select workspace_id, message_id, n, 2, account_id, owner, now(), now(), %2$s, null, now(), false "
		"from mailer.try where message_id = '%1$s' and attempt = 1; "
		"update mailer.try set settled = false where message_id = '%1$s' and attempt = 1",
		id_text (mail), second);
	UNTIL (10000, sql_number (s, "select count(*) from mailer.try where message_id = '%s' and not settled", id_text (mail)) == 0,
	       "the attempts are not settled");
}

STORY_IN (
	mail_stays_true,
	"What was taken late is not sent again for a later attempt that was not; what goes no more waits for nothing; one request may name an event twice",
	mail_words)
{
	struct workspace *w = given_workspace (s, "waar", "nl-offerte-6");
	struct user sdr = given_user (s, "sdr@waar.test", "--workspace waar --role sdr");
	struct world world = world_start (s);
	char hook[100], url[300], body[300], path[200];
	char *account = account_given (s, w, &world, true, hook);
	struct uuid twice = mail_to (s, w, "twee@klant.test"), refused = mail_to (s, w, "nee@klant.test"),
		    goes = mail_to (s, w, "weg@klant.test");
	then_state (s, twice, "sent");
	then_state (s, refused, "sent");
	then_state (s, goes, "sent");
	when_both_wait (s, twice, "'later', 451, '451 later', null");
	then_state (s, twice, "sent");
	when_both_wait (s, refused, "'refused', 550, '550 no', null");
	then_state (s, refused, "bounced");
	/* a mail that one may not see is answered by nobody */
	snprintf (body, sizeof body, "{\"reply_to_id\":\"%s\",\"to\":[{\"email\":\"a@klant.test\"}],\"subject\":\"x\",\"text\":\"x\"}",
		  id_text (twice));
	struct web_answer a = when_user_asks (s, &sdr, "POST", "/api/crm/mails", body);
	then_problem (&a, 404, "mail_not_found");
	a = web (
		s, w->key, "POST", "/api/crm/mails",
		"{\"to\":[{\"email\":\"a@klant.test\"}],\"subject\":\"x\",\"text\":\"x\",\"files\":[{\"name\":\"x\",\"type\":\"text/plain\\r\\nX: y\",\"sha256\":\"00\"}]}");
	CHECK (a.status == 422 && strstr (a.body, "bad_type"), "a media type of two lines is %d: %s", a.status, a.body);
	web_free (&a);
	/* the same event at both ends of a long request */
	char *events = heap_alloc (100000);
	size_t n = 0;
	for (int i = 0; i < 302; i++)
		n += (size_t) snprintf (events + n, 100000 - n,
					"%s{\"sg_event_id\":\"lang-%d\",\"event\":\"processed\",\"email\":\"x@klant.test\"}", i ? "," : "[",
					i % 301);
	memcpy (events + n, "]", 2);
	snprintf (url, sizeof url, "http://127.0.0.1:%d%s", daemon_port (s, "mailer", 0, "port"), hook);
	a = web_ask (s, &(struct web_request){ .method = "POST", .url = url, .body = events });
	then_status (&a, 200);
	heap_free (events);
	then_number (s, 301, "events", "select count(*) from mailer.provider_event");
	/* its account is taken away while it is under way, and it is to come again */
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s", account);
	sql_do (s, "update mailer.recipient set state = 'sending' where message_id = '%s'", id_text (goes));
	struct uuid waits = mail_written (
		s, w, "{\"to\":[{\"email\":\"ooit@klant.test\"}],\"subject\":\"x\",\"text\":\"x\",\"send_at\":\"2099-01-01T00:00:00Z\"}");
	a = web (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	then_state (s, waits, "cancelled");
	then_text (s, "cancelled", "a mail that waited", "select state from mailer.message where id = '%s'", id_text (waits));
	sql_do (s, "update mailer.try set settled = false, outcome = 'later', code = 451 where message_id = '%s'", id_text (goes));
	then_state (s, goes, "cancelled");
	then_said (s, goes, "mail.queued, mail.sent, mail.cancelled");
	snprintf (path, sizeof path, "/api/crm/mails/%s/retry", id_text (refused));
	a = web (s, w->key, "POST", path, "{}");
	then_problem (&a, 409, "mail_gone");
	world_end (&world);
	free (account);
}

static const char *const mail_words_of_two[] = {
	"--replicas", "mailer=2", "--env", "mailer:CRM_MAIL_PRIVATE=yes", "--env", "mailer:CRM_MAIL_HOLD=0", NULL
};

/* Which replica owns its lane. */
static int replica_of (struct stack *s, const struct workspace *w)
{
	char *member = sql_text (s, "select member from mailer.lane where lane = %d", lane_of (w->uuid));
	const char *dot = strrchr (member, '.');
	int ret = dot ? atoi (dot + 1) : -1;
	free (member);
	return ret;
}

STORY_IN (
	mail_settles_its_own,
	"While one replica stands still with hundreds of attempts to settle, the other settles those of its own lanes: it is not shown a bite full of the first one's",
	mail_words_of_two)
{
	struct workspace *own = given_workspace (s, "baan-0", "nl-offerte-6"), *other = NULL;
	struct world world = world_start (s);
	settle (s);
	for (int i = 1; i < 12 && !other; i++) {
		char slug[16];
		snprintf (slug, sizeof slug, "baan-%d", i);
		struct workspace *w = given_workspace (s, slug, "nl-offerte-6");
		settle (s);
		other = replica_of (s, w) != replica_of (s, own) ? w : NULL;
	}
	CHECK (other, "one replica owns all lanes");
	free (account_given (s, own, &world, true, NULL));
	free (account_given (s, other, &world, true, NULL));
	struct uuid here = mail_to (s, own, "hier@klant.test"), there = mail_to (s, other, "daar@klant.test");
	then_state (s, here, "sent");
	then_state (s, there, "sent");
	daemon_kill (s, "mailer", replica_of (s, other), SIGSTOP);
	sql_do (s,
		"insert into mailer.try select workspace_id, message_id, n, k, account_id, owner, now() - interval '1 h', now(), 'later', 451, '451 later', null, null, now(), false "
		"from mailer.try, generate_series (2, 211) k where message_id = '%s' and attempt = 1; "
		"update mailer.try set settled = false where message_id = '%s'",
		id_text (there), id_text (here));
	sql_do (s,
		"insert into mailer.inbound (workspace_id, id, received_at, sha256, type, size, state, attempts, lease_until, trusted) "
		"select w::uuid, gen_random_uuid(), now() - k * interval '1 s', 'x', 'message/rfc822', 1, 'kept', 3, now() - interval '1 s', false "
		"from (select '%s' as w, k from generate_series (1, 120) k union all select '%s', 0) x",
		other->id, own->id);
	UNTIL (8000, sql_number (s, "select count(*) from mailer.try where message_id = '%s' and not settled", id_text (here)) == 0,
	       "one's own is not settled");
	UNTIL (8000, sql_number (s, "select count(*) from mailer.inbound where workspace_id = '%s' and state = 'kept'", own->id) == 0,
	       "what came in to one's own is not taken");
	then_number (s, 210, "attempts of the other's", "select count(*) from mailer.try where message_id = '%s' and not settled",
		     id_text (there));
	daemon_kill (s, "mailer", replica_of (s, other), SIGCONT);
	UNTIL (20000, sql_number (s, "select count(*) from mailer.try where not settled") == 0, "the other goes on with none");
	UNTIL (20000, sql_number (s, "select count(*) from mailer.inbound where state = 'kept'") == 0,
	       "what came in to the other is not taken");
	world_end (&world);
}

STORY_IN (mail_forgets, "Who is forgotten while a mail about them is under way or unknown gets it no more, nor does anybody else",
	  mail_words)
{
	struct workspace *w = given_workspace (s, "stil", "nl-offerte-6");
	struct world world = world_start (s);
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	char *account = account_given (s, w, &world, true, NULL), body[300];
	char *contact = sql_text (s, "select id from contacts.contact where workspace_id = '%s' and email = 'sanne@klant.test'", w->id);
	settle (s);
	snprintf (body, sizeof body,
		  "{\"deal_id\":\"%s\",\"to\":[{\"email\":\"collega@klant.test\"}],\"subject\":\"Sanne\",\"text\":\"Sanne\"}",
		  id_text (deal));
	struct uuid under_way = mail_written (s, w, body), unknown = mail_written (s, w, body);
	then_state (s, under_way, "sent");
	then_state (s, unknown, "sent");
	sql_do (s,
		"update mailer.recipient set state = case message_id when '%s' then 'sending' else 'unknown' end, next_at = now() + interval '1 h'",
		id_text (under_way));
	struct web_answer a = web (s, w->key, "POST", "/api/crm/erasures", "{\"contact_id\":\"%s\"}", contact);
	CHECK (a.status < 300, "forgetting is %d: %s", a.status, a.body);
	web_free (&a);
	UNTIL (20000, sql_number (s, "select count(*) from mailer.recipient where isfinite(next_at)") == 0, "they are not forgotten");
	sql_do (s, "update mailer.try set settled = false, outcome = 'later', code = 451 where message_id = '%s'", id_text (under_way));
	then_state (s, under_way, "cancelled");
	then_state (s, unknown, "unknown");
	CHECK (times_taken (&world, "collega@klant.test") == 2, "it was sent again");
	world_end (&world);
	free (account), free (contact);
}

STORY_IN (
	mail_is_whose,
	"Who sees only their own sees the mails of a deal from when it is theirs until it is another's, and writes about nobody else's contact",
	mail_words)
{
	struct workspace *w = given_workspace (s, "wiens", "nl-offerte-6");
	struct user sdr = given_user (s, "sdr@wiens.test", "--workspace wiens --role sdr");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct world world = world_start (s);
	char path[100], mails[100], body[300], owner[80];
	char *account = account_given (s, w, &world, true, NULL);
	char *contact = sql_text (s, "select id from contacts.contact where workspace_id = '%s'", w->id);
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\",\"to\":[{\"email\":\"a@klant.test\"}],\"subject\":\"x\",\"text\":\"x\"}",
		  id_text (deal));
	struct uuid mail = mail_written (s, w, body);
	snprintf (mails, sizeof mails, "/api/crm/mails/%s", id_text (mail));
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	for (int i = 0; i < 3; i++) {
		snprintf (owner, sizeof owner, i == 1 ? "{\"owner_id\":\"%s\"}" : "{\"owner_id\":null}", sdr.id);
		struct web_answer a = web (s, w->key, "PUT", path, "%s", owner);
		then_status (&a, 200);
		settle (s);
		a = when_user_asks (s, &sdr, "GET", mails, NULL);
		then_status (&a, i == 1 ? 200 : 404);
	}
	snprintf (body, sizeof body, "{\"contact_id\":\"%s\",\"to\":[{\"email\":\"a@klant.test\"}],\"subject\":\"x\",\"text\":\"x\"}",
		  contact);
	struct web_answer a = when_user_asks (s, &sdr, "POST", "/api/crm/mails", body);
	then_problem (&a, 404, "contact_not_found");
	/* one about the contact alone goes with the contact */
	mail = mail_written (s, w, body);
	snprintf (mails, sizeof mails, "/api/crm/mails/%s", id_text (mail));
	snprintf (path, sizeof path, "/api/crm/contacts/%s", contact);
	a = web (s, w->key, "PUT", path, "{\"owner_id\":\"%s\"}", sdr.id);
	then_status (&a, 200);
	settle (s);
	a = when_user_asks (s, &sdr, "GET", mails, NULL);
	then_status (&a, 200);
	world_end (&world);
	free (account), free (contact);
}

static void url_said (char *to, size_t room, const char *text)
{
	for (size_t n = 0; *text && n + 4 < room; text++)
		n += (size_t) snprintf (to + n, room - n, "%%%02X", (unsigned char) *text);
}

STORY (mail_suppressions_page, "One address in two workspaces is a row of each, wherever a page of the list ends")
{
	enum { ROWS = 6 };
	struct workspace *one = given_workspace (s, "stil-een", "nl-offerte-6"), *two = given_workspace (s, "stil-twee", "nl-offerte-6");
	struct user admin = given_user (s, "stil@stil.nl", "--admin"); /* of all workspaces */
	char path[1400] = "/api/crm/mail/suppressions?limit=1", next[1200], seen[ROWS][400];
	sql_do (s,
		"insert into mailer.suppression (workspace_id, email, reason, at) select w, e, 'unsubscribed', now() "
		"from unnest(array['%s', '%s']::uuid[]) w, unnest(array['a@stil.test', '\"b c\"@stil.test', 'd@stil.test']) e",
		one->id, two->id);
	for (int i = 0; i < ROWS; i++) {
		struct web_answer a = when_user_asks (s, &admin, "GET", path, NULL);
		CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1 &&
			       (i < ROWS - 1) == (*text_at (a.json, "next") != 0),
		       "page %d is %d: %s", i + 1, a.status, a.body);
		snprintf (seen[i], sizeof seen[i], "%s %s", text_at (a.json, "data.0.workspace_id"), text_at (a.json, "data.0.email"));
		for (int k = 0; k < i; k++)
			CHECK (strcmp (seen[k], seen[i]), "%s comes twice", seen[i]);
		next[0] = 0;
		url_said (next, sizeof next, text_at (a.json, "next"));
		snprintf (path, sizeof path, "/api/crm/mail/suppressions?limit=1&after=%s", next);
		web_free (&a);
	}
}

static struct web_answer door_asked (struct stack *s, const char *method, const char *link, const char *agent)
{
	char url[2500];
	const char *path = strstr (link, "/t/");
	CHECK (path, "%s is no link of ours", link);
	snprintf (url, sizeof url, "http://127.0.0.1:%d%.*s", daemon_port (s, "mailer", 0, "port"), (int) strcspn (path, "\""), path);
	return web_ask (s, &(struct web_request){ .method = method, .url = url, .header = { agent } });
}

STORY_IN (
	mail_is_followed,
	"Opens and clicks of mail by SMTP, where its account follows them: a machine's look is kept and no open; a link leads where it led, and nowhere else",
	mail_words)
{
	static const char person[] = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Thunderbird/128.0",
			  *const proxy =
				  "User-Agent: Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
	struct workspace *w = given_workspace (s, "gevolgd", "nl-offerte-6");
	struct world world = world_start (s);
	char *account = account_given (s, w, &world, true, NULL), path[200], image[300], link[900];
	static const char body[] =
		"{\"to\":[{\"email\":\"a@klant.test\"}],\"subject\":\"Zie\",\"text\":\"Zie https://zon.test/a?b=1&c=2\",\"transactional\":false}";
	struct uuid plain = mail_written (s, w, body);
	then_state (s, plain, "sent");
	json_t *o = mail_taken (world.file, "a@klant.test", 0);
	CHECK (!strstr (text_at (o, "html"), "/t/") && !strstr (text_at (o, "html"), "<img"), "it is followed unasked: %s",
	       text_at (o, "html"));
	json_decref (o);
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s", account);
	struct web_answer a = web (s, w->key, "PUT", path, "{\"tracking\":true}");
	then_status (&a, 200);
	struct uuid mail = mail_written (s, w, body);
	then_state (s, mail, "sent");
	o = mail_taken (world.file, "a@klant.test", 1);
	const char *at = strstr (text_at (o, "html"), "/t/c/"), *dot = strstr (text_at (o, "html"), "/t/o/");
	CHECK (at && dot && strstr (text_at (o, "html"), ">https://zon.test/a?b=1&amp;c=2</a>") &&
		       strstr (text_at (o, "text"), "https://zon.test/a?b=1&c=2") && strstr (text_at (o, "unsubscribe"), "/unsubscribe/"),
	       "it came as %s", json_dumps (o, 0));
	snprintf (link, sizeof link, "%.*s", (int) strcspn (at, "\""), at);
	snprintf (image, sizeof image, "%.*s", (int) strcspn (dot, "\""), dot);
	json_decref (o);
	/* within seconds: a filter */
	a = door_asked (s, "GET", image, person);
	CHECK (a.status == 200 && a.n > 40 && !strncmp (a.body, "GIF89a", 6), "the image is %d", a.status);
	web_free (&a);
	sql_do (s, "update mailer.try set ended_at = ended_at - interval '1 hour', began_at = began_at - interval '1 hour'");
	a = door_asked (s, "GET", image, proxy);
	then_status (&a, 200);
	a = door_asked (s, "HEAD", link, person);
	then_status (&a, 302);
	then_state (s, mail, "sent");
	then_number (s, 2, "looks of machines", "select count(*) from mailer.provider_event where raw ->> 'sg_machine_open' = 'true'");
	/* a person: once, however often */
	for (int i = 0; i < 2; i++) {
		a = door_asked (s, "GET", image, person);
		then_status (&a, 200);
		then_state (s, mail, "opened");
	}
	for (int i = 0; i < 2; i++) {
		a = door_asked (s, "GET", link, person);
		char to[300];
		const char *led = web_header (&a, "Location", to, sizeof to);
		CHECK (a.status == 302 && led && !strcmp (led, "https://zon.test/a?b=1&c=2"), "it leads to %s (%d)", led, a.status);
		web_free (&a);
	}
	then_state (s, mail, "clicked");
	then_said (s, mail, "mail.queued, mail.sent, mail.opened, mail.opened");
	snprintf (path, sizeof path, "/api/crm/mails/%s", id_text (mail));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "events")) == 4, "its page says %s", a.body);
	web_free (&a);
	/* nobody else's link */
	link[strlen (link) - 30] ^= 1;
	a = door_asked (s, "GET", link, person);
	then_status (&a, 404);
	snprintf (link, sizeof link, "/t/c/%.*s", (int) (strlen (image) - 9), image + 5);
	a = door_asked (s, "GET", link, person);
	then_status (&a, 404);
	/* switched off: what went before is followed no more */
	sql_do (s, "delete from mailer.provider_event");
	sql_do (s, "update mailer.account set tracking = false");
	a = door_asked (s, "GET", image, person);
	then_status (&a, 200);
	then_number (s, 0, "what is kept", "select count(*) from mailer.provider_event");
	world_end (&world);
	free (account);
}
