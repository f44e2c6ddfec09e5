/* Accounts that log in by OAuth 2: at a provider of tokens, with a real SMTP server and a real IMAP server behind TLS of an authority of the tests' own
 * (oauth_world.py, imap_world.py). It must never let a token or a code be seen, nor a mail leave this machine. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "story.h"

#define CA "build/oauth-ca.pem"
static const char *const oauth_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes", "--env", "mailer:CRM_MAIL_HOLD=0",
					   "--env", "mailer:CRM_MAIL_POLL=1",	   "--env", "mailer:CRM_CA=" CA,
					   NULL };

struct world {
	pid_t provider, box;
	int smtp, http, imap, imaps;
	char folder[80], inbox[80];
};

static struct world world_start (struct stack *s)
{
	struct world w = { .smtp = s->port + 34, .http = s->port + 35, .imap = s->port + 36, .imaps = s->port + 37 };
	char smtp[16], http[16], imap[16], imaps[16], tokens[40];
	snprintf (w.folder, sizeof w.folder, "/tmp/leadwire-oauth-%d", w.http);
	snprintf (w.inbox, sizeof w.inbox, "/tmp/leadwire-imap-%d", w.imap); /* not in the house's folder: it belongs to nobody */
	snprintf (smtp, sizeof smtp, "%d", w.smtp);
	snprintf (http, sizeof http, "%d", w.http);
	snprintf (imap, sizeof imap, "%d", w.imap);
	snprintf (imaps, sizeof imaps, "%d", w.imaps);
	snprintf (tokens, sizeof tokens, "http://127.0.0.1:%d", w.http);
	w.provider = given_world ((const char *const[]){ "python3", "tests/flow/oauth_world.py", w.folder, smtp, http, CA, NULL });
	w.box = given_world ((const char *const[]){ "python3", "tests/flow/imap_world.py", w.inbox, imap, imaps, w.folder, tokens, NULL });
	return w;
}

static void world_end (struct world *w)
{
	kill (w->provider, SIGKILL), kill (w->box, SIGTERM);
	waitpid (w->provider, NULL, 0), waitpid (w->box, NULL, 0);
	free (program_run ((const char *const[]){ "rm", "-rf", w->folder, NULL }, &(int){ 0 }));
}

static void provider_is (struct stack *s, const struct world *w, const char *mode)
{
	char url[80];
	snprintf (url, sizeof url, "http://127.0.0.1:%d/mode", w->http);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "PUT", .url = url, .body = mode });
	then_status (&a, 200);
}

/* How whoever sent the mail of that subject came in; "": no such mail. On the heap. */
static char *sent_by (const struct world *w, const char *subject)
{
	char path[120], *line = NULL, *ret = NULL;
	size_t room = 0;
	snprintf (path, sizeof path, "%s/mails.jsonl", w->folder);
	FILE *f = fopen (path, "r");
	while (f && !ret && getline (&line, &room, f) > 0) {
		json_t *o = json_loads (line, 0, NULL);
		if (o && !strcmp (text_at (o, "subject"), subject) && json_is_true (json_at (o, "tls")))
			ret = strdup (text_at (o, "by"));
		json_decref (o);
	}
	if (f)
		fclose (f);
	free (line);
	return ret ? ret : strdup ("");
}

static void then_sent_by (const struct world *w, const char *subject, const char *by)
{
	for (int64_t limit = now_us () + 20000000;; pause_us (20000)) {
		char *is = sent_by (w, subject);
		bool there = *is != '\0', good = !strcmp (is, by);
		CHECK (good || (!there && now_us () < limit), "%s was sent by \"%s\", not by %s", subject, is, by);
		free (is);
		if (good)
			return;
	}
}

static void mail_written (struct stack *s, const struct workspace *w, const char *subject)
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mails",
				   "{\"to\":[{\"email\":\"sanne@klant.test\"}],\"subject\":\"%s\",\"text\":\"Dag\"}", subject);
	then_status (&a, 201);
}

static void delivered (const struct world *w, const char *subject)
{
	char at[160], to[160];
	snprintf (at, sizeof at, "%s/Maildir/tmp/%s", w->inbox, subject);
	snprintf (to, sizeof to, "%s/Maildir/new/%lld.%s.test", w->inbox, (long long) now_us (), subject);
	FILE *f = fopen (at, "w");
	CHECK (f, "%s cannot be written", at);
	fprintf (f, "From: X <x@vreemd.test>\r\nSubject: %s\r\nMessage-ID: <%s@vreemd.test>\r\n\r\nHoi\r\n", subject, subject);
	CHECK (!fclose (f) && !rename (at, to), "%s cannot be delivered", to);
}

static void then_came (struct stack *s, const char *subject)
{
	UNTIL (20000, sql_number (s, "select count(*) from mailer.message where direction = 'in' and subject = '%s'", subject) == 1,
	       "%s did not come in: %s", subject, sql_text (s, "select concat_ws(' ', state, fault, last_error) from mailer.mailbox"));
}

static void then_state (struct stack *s, const struct workspace *w, const char *path, const char *oauth, const char *account)
{
	for (int64_t limit = now_us () + 20000000;; pause_us (20000)) {
		struct web_answer a = web (s, w->key, "GET", path, NULL);
		bool good = a.status == 200 && !strcmp (text_at (a.json, "oauth_state"), oauth) &&
			    !strcmp (text_at (a.json, "state"), account);
		CHECK (!strstr (a.body, "app geheim") && !strstr (a.body, "at-") && !strstr (a.body, "rt-") && !strstr (a.body, "geheim 1"),
		       "the account tells a secret: %s", a.body);
		CHECK (good || now_us () < limit, "not %s and %s: %s", oauth, account, a.body);
		web_free (&a);
		if (good)
			return;
	}
}

/* Somebody presses the button, says yes at the provider, and comes back. The state by which they did, on the heap. */
static char *logged_in (struct stack *s, const struct workspace *w, const char *path)
{
	char at[200];
	snprintf (at, sizeof at, "%s/oauth", path);
	struct web_answer a = web (s, w->key, "POST", at, "{}");
	CHECK (a.status == 200 && strstr (text_at (a.json, "url"), "code_challenge_method=S256"), "the beginning is %d: %s", a.status,
	       a.body);
	struct web_answer yes = web_ask (s, &(struct web_request){ .method = "GET", .url = text_at (a.json, "url") });
	CHECK (yes.status == 200 && strstr (text_at (yes.json, "redirect"), "/settings/mail/oauth"), "the provider is %d: %s", yes.status,
	       yes.body);
	web_free (&a);
	char *state = strdup (text_at (yes.json, "state")), *code = strdup (text_at (yes.json, "code"));
	web_free (&yes);
	snprintf (at, sizeof at, "%s/oauth/finish", path);
	a = web (s, w->key, "POST", at, "{\"state\":\"%sx\",\"code\":\"%s\"}", state, code);
	then_problem (&a, 409, "oauth_void");
	a = web (s, w->key, "POST", at, "{\"state\":\"%s\",\"code\":\"%s\"}", state, code);
	then_status (&a, 200);
	free (code);
	return state;
}

static char *account_with (struct stack *s, const struct workspace *w, const struct world *v)
{
	static const char form[] =
		"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"post@zon.test\",\"host\":\"127.0.0.1\",\"port\":%d,\"tls\":\"starttls\","
		"\"login\":\"post@zon.test\",\"imap_host\":\"127.0.0.1\",\"imap_port\":%d,\"imap_tls\":\"tls\",\"auth\":\"oauth\",\"oauth_provider\":\"other\","
		"\"oauth_authorize_url\":\"http://127.0.0.1:%d/authorize\",\"oauth_token_url\":\"%s127.0.0.1:%d/token\",\"oauth_scope\":\"mail\","
		"\"oauth_client\":\"klant-1\",\"oauth_secret\":\"app geheim&=%%\"}";
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mail/accounts", form, v->smtp, v->imaps, v->http, "ftp://", v->http);
	CHECK (a.status == 422 && strstr (a.body, "/oauth_token_url"), "an app that gives no tokens is %d: %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/mail/accounts", form, v->smtp, v->imaps, v->http, "http://", v->http);
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	char *path;
	CHECK (asprintf (&path, "/api/crm/mail/accounts/%s", text_at (a.json, "id")) > 0, "no memory");
	web_free (&a);
	return path;
}

STORY_IN (
	oauth_logs_in,
	"An account logs in by OAuth at its provider, to send and to its mailbox, over TLS; its token is made new in time, and when it is taken back that is said and what waits goes after the next log-in",
	oauth_words)
{
	struct workspace *w = given_workspace (s, "zonder-wachtwoord", "nl-offerte-6");
	struct world v = world_start (s);
	char at[200], *path = account_with (s, w, &v);
	delivered (&v, "eerste");
	/* nobody logged in: the mail waits, and that is said */
	mail_written (s, w, "Een");
	then_state (s, w, path, "none", "fails");
	UNTIL (10000, sql_number (s, "select count(*) from mailer.mailbox where state = 'fails' and fault = 'oauth'") == 1,
	       "the mailbox does not say that nobody is logged in");
	char *state = logged_in (s, w, path);
	then_sent_by (&v, "Een", "at-2");
	then_came (s, "eerste");
	then_state (s, w, path, "works", "works");
	snprintf (at, sizeof at, "%s/oauth/finish", path);
	struct web_answer a = web (s, w->key, "POST", at, "{\"state\":\"%s\",\"code\":\"x\"}", state);
	then_problem (&a, 409, "oauth_void"); /* it came back once */
	free (state);
	then_number (s, 1, "log-ins of which nothing of the way there is left",
		     "select count(*) from mailer.oauth where code_sealed is null and verifier_sealed is null and refresh_sealed <> '' and "
		     "next_at between now() + interval '50 min' and expires_at");

	then_number (
		s, 1, "lines of the audit, without what came back",
		"select count(*) from gateway.audit where workspace_id = '%s' and what = 'mail_oauth_finish' and detail::text like '%%Kantoor%%' and detail::text "
		"not like '%%code 1%%'",
		w->id);

	/* in time: while mails wait for it */
	sql_do (s, "update mailer.oauth set expires_at = now() + interval '5 s', next_at = now()");
	mail_written (s, w, "Twee");
	then_sent_by (&v, "Twee", "at-3");

	/* a server takes the token no longer: another one is asked for by itself, and the mail goes */
	sql_do (s,
		"update mailer.oauth set refreshed_at = now() - interval '1 hour'; update mailer.mailbox set next_at = now() + interval '1 hour'");
	provider_is (s, &v, "{\"forget\":true}");
	mail_written (s, w, "Drie");
	then_sent_by (&v, "Drie", "at-4");
	then_number (s, 1, "refusals in the server's own words",
		     "select count(*) from mailer.try where outcome = 'later' and code = -67 and reason = 'the server refused the token: "
		     "{\"status\":\"400\",\"schemes\":\"Bearer\"}'");
	sql_do (s, "update mailer.mailbox set next_at = now()");

	/* the provider is away: what was granted goes on until its end, and comes back by itself */
	provider_is (s, &v, "{\"away\":true}");
	sql_do (s, "update mailer.oauth set expires_at = now(), next_at = now()");
	then_state (s, w, path, "expired", "fails");
	provider_is (s, &v, "{\"away\":false}");
	sql_do (s, "update mailer.oauth set next_at = now()");
	mail_written (s, w, "Vier");
	then_sent_by (&v, "Vier", "at-5");

	/* taken back */
	provider_is (s, &v, "{\"revoke\":true}");
	sql_do (s, "update mailer.oauth set next_at = now()");
	mail_written (s, w, "Vijf");
	then_state (s, w, path, "refused", "fails");
	a = web (s, w->key, "GET", "/api/crm/mail/health", NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "data.0.oauth_state"), "refused") &&
		       strstr (text_at (a.json, "data.0.oauth_error"), "invalid_grant: Token has been"),
	       "health says %s", a.body);
	web_free (&a);
	then_number (s, 0, "tokens that are kept for nothing",
		     "select count(*) from mailer.oauth where coalesce(access_sealed, refresh_sealed) is not null");
	free (logged_in (s, w, path));
	then_sent_by (&v, "Vijf", "at-7");
	UNTIL (10000, sql_number (s, "select count(*) from mailer.oauth where told = 'works'") == 1, "nobody said that it works again");

	/* to another server it does not go by itself */
	a = web (s, w->key, "PUT", path, "{\"host\":\"localhost\"}");
	then_status (&a, 200);
	then_state (s, w, path, "none", "unchecked");

	/* a password instead, over the same TLS */
	a = web (s, w->key, "PUT", path, "{\"auth\":\"password\"}");
	CHECK (a.status == 422 && strstr (a.body, "\"/secret\""), "without a password it is %d: %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "PUT", path, "{\"auth\":\"password\",\"secret\":\"geheim 1\"}");
	CHECK (a.status == 422 && strstr (a.body, "\"/imap_secret\""), "without the mailbox's it is %d: %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "PUT", path,
		 "{\"auth\":\"password\",\"host\":\"127.0.0.1\",\"secret\":\"geheim 1\",\"imap_secret\":\"geheim 1\"}");
	then_status (&a, 200);
	then_number (s, 0, "log-ins", "select count(*) from mailer.oauth");
	mail_written (s, w, "Zes");
	then_sent_by (&v, "Zes", "password");
	delivered (&v, "laatste");
	then_came (s, "laatste");
	a = web (s, w->key, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "auth"), "password") && !strcmp (text_at (a.json, "imap_state"), "works"), "it is %s", a.body);
	web_free (&a);
	snprintf (at, sizeof at, "%s/oauth", path);
	a = web (s, w->key, "POST", at, "{}");
	then_problem (&a, 409, "oauth_not_set");
	then_no_dead_letters (s);
	world_end (&v);
	free (path);
}
