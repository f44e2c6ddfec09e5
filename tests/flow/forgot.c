/* Links that go by mail: invitations, and passwords that were forgotten. Through the API and a real SMTP server; what a link is stands nowhere but in
 * the mail. Never by a table but to look, and to let time pass. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "clock.h"
#include "story.h"

static const char *const mail_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes", NULL };

/* ---- the mail server beside ---- */

static pid_t server_start (struct stack *s, char ret_file[300])
{
	char smtp[16], http[16];
	snprintf (ret_file, 300, "%s/letters.jsonl", s->var);
	snprintf (smtp, sizeof smtp, "%d", s->port + 30);
	snprintf (http, sizeof http, "%d", s->port + 31);
	unlink (ret_file);
	pid_t pid = given_world ((const char *const[]){ "python3", "tests/flow/mail_world.py", smtp, http, ret_file, NULL });
	return pid;
}

/* The text of the nth mail to somebody, from 0; null: it has not come. */
static char *letter_text (const char *file, const char *to, int nth)
{
	FILE *f = fopen (file, "r");
	char *line = NULL, *ret = NULL;
	size_t room = 0;
	while (f && !ret && getline (&line, &room, f) > 0) {
		json_t *o = json_loads (line, 0, NULL);
		if (o && !strcmp (text_at (o, "to.0"), to) && nth-- == 0)
			CHECK (asprintf (&ret, "%s\n%s", text_at (o, "subject"), text_at (o, "text")) > 0, "no memory");
		json_decref (o);
	}
	if (f)
		fclose (f);
	free (line);
	return ret;
}

/* The token of the link in it, which leads to that page of ours. */
static void token_mailed (struct stack *s, const char *file, const char *to, int nth, const char *page, const char *words, char ret[80])
{
	char url[200], *text = NULL;
	UNTIL (15000, (text = letter_text (file, to, nth)) != NULL, "%s got no mail %d", to, nth);
	snprintf (url, sizeof url, "%s/%s#", s->api, page);
	const char *at = strstr (text, url);
	CHECK (at && strstr (text, words), "the mail says %s", text);
	at += strlen (url);
	snprintf (ret, 80, "%.*s", (int) strspn (at, "abcdefghijklmnopqrstuvwxyz234567"), at);
	CHECK (strlen (ret) >= 32, "a token of %zu", strlen (ret));
	free (text);
}

/* ---- asking ---- */

static struct web_answer public_ask (struct stack *s, const char *path, const char *format, ...)
{
	char origin[100], body[400];
	va_list args;
	va_start (args, format);
	vsnprintf (body, sizeof body, format, args);
	va_end (args);
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	return web_ask (s, &(struct web_request){
				   .method = "POST", .url = path, .body = body, .header = { origin, "Sec-Fetch-Site: same-origin" } });
}

static struct web_answer link_used (struct stack *s, const char *token, const char *password)
{
	return public_ask (s, "/api/invite/accept", "{\"token\":\"%s\",\"password\":\"%s\",\"name\":\"Wie Dan Ook\"}", token, password);
}

static json_t *invited (struct stack *s, const struct user *by, const char *email)
{
	char body[200];
	snprintf (body, sizeof body, "{\"email\":\"%s\",\"name\":\"Noor\",\"role\":\"sales\",\"language\":\"nl\",\"mail\":true}", email);
	struct web_answer a = when_user_asks (s, by, "POST", "/api/users", body);
	CHECK (a.status == 201, "an invitation is %d: %s", a.status, a.body);
	json_t *ret = json_incref (a.json);
	web_free (&a);
	return ret;
}

static void account_add (struct stack *s, const struct workspace *w)
{
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mail/accounts",
		"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"wij@zon.test\",\"host\":\"127.0.0.1\",\"port\":%d,\"tls\":\"none\"}",
		s->port + 30);
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	web_free (&a);
}

/* Neither in a row nor in what was said: the token stood in the mail alone, and what was sealed of it goes. */
static void then_kept_nowhere (struct stack *s, const char *token)
{
	UNTIL (15000, sql_number (s, "select count(*) from mailer.message where link is not null") == 0,
	       "a link is kept after its mail went");
	then_number (s, 0, "texts with the token", "select count(*) from mailer.message m where m::text like '%%%s%%'", token);
	then_number (s, 0, "texts that do not say {link}",
		     "select count(*) from mailer.message where link_until is not null and body_text not like '%%{link}%%'");
	then_number (s, 0, "events with the token", "select count(*) from mailer.event e where position('%s'::bytea in e.payload) > 0",
		     token);
}

STORY_IN (
	invited_by_mail,
	"An invitation goes by mail where the workspace can send one, else its link is answered; it is kept nowhere, is good once, and can be taken back",
	mail_words)
{
	struct workspace *w = given_workspace (s, "zon", "classic-6");
	struct user owner = given_user (s, "eigenaar@zon.test", "--workspace zon --role owner");
	char file[300], token[80], path[200];
	pid_t server = server_start (s, file);
	json_t *first = invited (s, &owner, "eerst@zon.test");
	CHECK (json_is_false (json_at (first, "mailed")) && strstr (text_at (first, "invite.url"), "/invite#"),
	       "without an account nothing is mailed");
	account_add (s, w);
	json_t *noor = invited (s, &owner, "noor@zon.test");
	CHECK (json_is_true (json_at (noor, "mailed")) && json_is_null (json_at (noor, "invite")), "the link is answered and mailed");
	token_mailed (s, file, "noor@zon.test", 0, "invite", "7 dagen geldig", token);
	then_kept_nowhere (s, token);
	struct web_answer a = link_used (s, token, "een-lange-zin-1");
	then_status (&a, 200);
	a = link_used (s, token, "een-lange-zin-2");
	then_problem (&a, 404, "invite_not_found");
	/* sent again: by mail; taken back: good no longer, and they may not come in */
	snprintf (path, sizeof path, "/api/users/%s/invite", text_at (first, "id"));
	a = when_user_asks (s, &owner, "POST", path, "{\"mail\":true}");
	CHECK (a.status == 200 && json_is_true (json_at (a.json, "mailed")), "sent again: %d %s", a.status, a.body);
	web_free (&a);
	token_mailed (s, file, "eerst@zon.test", 0, "invite", "nodigt je uit", token);
	a = when_user_asks (s, &owner, "DELETE", path, NULL);
	then_status (&a, 200);
	a = link_used (s, token, "een-lange-zin-3");
	then_problem (&a, 404, "invite_not_found");
	then_number (s, 1, "who may not come in", "select count(*) from gateway.user where email = 'eerst@zon.test' and disabled");
	/* whoever has a password keeps it, and may still come in */
	snprintf (path, sizeof path, "/api/users/%s/invite", text_at (noor, "id"));
	a = when_user_asks (s, &owner, "DELETE", path, NULL);
	then_status (&a, 200);
	a = public_ask (s, "/api/login", "{\"email\":\"noor@zon.test\",\"password\":\"een-lange-zin-1\"}");
	then_status (&a, 200);
	then_number (s, 2, "lines about it", "select count(*) from gateway.audit where what = 'invite_withdraw'");
	json_decref (first), json_decref (noor);
	kill (server, SIGKILL);
	waitpid (server, NULL, 0);
}

STORY_IN (
	password_forgotten,
	"Whoever forgot their password gets a link by mail, good once and for an hour; others get the same answer and nothing; using it ends every session and voids "
	"the other links; who asks too often waits",
	mail_words)
{
	struct workspace *w = given_workspace (s, "weet", "classic-6");
	struct user vera = given_user (s, "vera@weet.test", "--workspace weet --role sales");
	char file[300], one[80], two[80], body[300];
	pid_t server = server_start (s, file);
	account_add (s, w);
	struct web_answer a = when_user_asks (s, &vera, "GET", "/api/me", NULL);
	then_status (&a, 200);
	a = public_ask (s, "/api/password/forgot", "{\"email\":\"Vera@Weet.test\"}");
	struct web_answer b = public_ask (s, "/api/password/forgot", "{\"email\":\"niemand@weet.test\"}");
	CHECK (a.status == 202 && b.status == 202 && !strcmp (a.body, b.body), "the answers differ: %d %s, %d %s", a.status, a.body,
	       b.status, b.body);
	web_free (&a), web_free (&b);
	token_mailed (s, file, "vera@weet.test", 0, "reset", "good for one hour", one);
	a = public_ask (s, "/api/password/forgot", "{\"email\":\"vera@weet.test\"}");
	then_status (&a, 202);
	token_mailed (s, file, "vera@weet.test", 1, "reset", "new password", two);
	then_kept_nowhere (s, one);
	a = public_ask (s, "/api/invite", "{\"token\":\"%s\"}", one);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "email"), "vera@weet.test"), "the first link is void: %s", a.body);
	web_free (&a);
	/* the second is used: she is in, her old session and the first link are good no longer */
	a = link_used (s, two, "een-heel-andere-zin");
	then_status (&a, 200);
	a = when_user_asks (s, &vera, "GET", "/api/me", NULL);
	then_problem (&a, 401, "unauthenticated");
	for (int i = 0; i < 2; i++) {
		a = link_used (s, i ? one : two, "nog-een-andere-zin");
		then_problem (&a, 404, "invite_not_found");
	}
	snprintf (body, sizeof body, "{\"email\":\"vera@weet.test\",\"password\":\"%s\"}", vera.password);
	a = public_ask (s, "/api/login", "%s", body);
	then_problem (&a, 401, "login_failed");
	/* an hour later */
	a = public_ask (s, "/api/password/forgot", "{\"email\":\"vera@weet.test\"}");
	then_status (&a, 202);
	token_mailed (s, file, "vera@weet.test", 2, "reset", "Hello", one);
	sql_do (s, "update gateway.reset set expires_at = now() - interval '1 second'");
	a = link_used (s, one, "nog-een-andere-zin");
	then_problem (&a, 404, "invite_not_found");
	/* too often, whoever it is */
	for (int i = 0; i < 2; i++) {
		a = public_ask (s, "/api/password/forgot", "{\"email\":\"niemand@weet.test\"}");
		then_status (&a, 202);
	}
	for (int i = 0; i < 2; i++) {
		a = public_ask (s, "/api/password/forgot", "{\"email\":\"%s@weet.test\"}", i ? "vera" : "niemand");
		then_problem (&a, 429, "too_many");
	}
	then_number (s, 3, "lines of who asked", "select count(*) from gateway.audit where what = 'password_forget'");
	then_number (s, 1, "lines of who chose", "select count(*) from gateway.audit where what = 'password_reset'");
	free (letter_text (file, "niemand@weet.test", 0));
	kill (server, SIGKILL);
	waitpid (server, NULL, 0);
}

/* An admin of the agency is invited, by mail if that can be. */
static bool admin_mailed (struct stack *s, const struct user *by, const char *email)
{
	char body[200];
	snprintf (body, sizeof body, "{\"email\":\"%s\",\"agency_admin\":true,\"mail\":true}", email);
	struct web_answer a = when_user_asks (s, by, "POST", "/api/users", body);
	bool mailed = json_is_true (json_at (a.json, "mailed"));
	CHECK (a.status == 201 && mailed == json_is_null (json_at (a.json, "invite")), "an invitation is %d: %s", a.status, a.body);
	web_free (&a);
	return mailed;
}

STORY_IN (
	link_by_whose_server,
	"A link goes by no server of whoever may not let that user in: not an admin's by a workspace whose key or owner chooses the server; and none is good that was "
	"sent before somebody was switched off",
	mail_words)
{
	struct workspace *w = given_workspace (s, "schijn", "classic-6");
	struct user chief = given_user (s, "baas@schijn.test", "--admin"),
		    owner = given_user (s, "huurder@schijn.test", "--workspace schijn --role owner");
	char file[300], token[80], path[200], *key = sql_text (s, "select id from gateway.api_key where workspace_id = '%s'", w->id);
	pid_t server = server_start (s, file);
	account_add (s, w);
	struct web_answer a = public_ask (s, "/api/password/forgot", "{\"email\":\"baas@schijn.test\"}");
	then_status (&a, 202);
	UNTIL (15000, sql_number (s, "select count(*) from gateway.reset where user_id = '%s'", chief.id) == 1,
	       "nobody heard that they forgot");
	CHECK (!admin_mailed (s, &chief, "een@schijn.test"), "a key's server reads how an admin comes in");
	json_decref (ctl (s, "apikey revoke %s", key));
	CHECK (!admin_mailed (s, &chief, "twee@schijn.test"), "an owner's server reads how an admin comes in");
	snprintf (path, sizeof path, "/api/users/%s/member?workspace=schijn", owner.id);
	a = when_user_asks (s, &chief, "PUT", path, "{\"role\":\"sales\"}");
	then_status (&a, 200);
	CHECK (admin_mailed (s, &chief, "drie@schijn.test"), "nobody else chooses the server, and no mail goes");
	then_number (s, 1, "links by mail", "select count(*) from mailer.message where workspace_id = '%s'", w->id);
	/* switched off and on again: what was sent before is good no longer */
	a = public_ask (s, "/api/password/forgot", "{\"email\":\"huurder@schijn.test\"}");
	then_status (&a, 202);
	token_mailed (s, file, "huurder@schijn.test", 0, "reset", "Hello", token);
	snprintf (path, sizeof path, "/api/users/%s", owner.id);
	for (int i = 0; i < 2; i++) {
		a = when_user_asks (s, &chief, "PUT", path, i ? "{\"disabled\":false}" : "{\"disabled\":true}");
		then_status (&a, 200);
	}
	a = link_used (s, token, "een-lange-zin-4");
	then_problem (&a, 404, "invite_not_found");
	/* whoever asks does not say where a link leads */
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = "/api/password/forgot",
					       .body = "{\"email\":\"baas@schijn.test\"}",
					       .header = { "Host: 127.0.0.1:1@kwaad.test", "Origin: http://127.0.0.1:1@kwaad.test" } });
	CHECK (a.status == 400 || a.status == 403, "with another's host: %d %s", a.status, a.body);
	web_free (&a);
	/* what waits to go, and goes no more, keeps none */
	kill (server, SIGKILL);
	waitpid (server, NULL, 0);
	char *account = sql_text (s, "select id from mailer.account where workspace_id = '%s'", w->id);
	CHECK (admin_mailed (s, &chief, "vier@schijn.test"), "what waits for a server is not written");
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s?workspace=schijn", account);
	a = when_user_asks (s, &chief, "DELETE", path, NULL);
	CHECK (a.status == 200 || a.status == 204, "an account is not taken away: %d %s", a.status, a.body);
	web_free (&a);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.message where workspace_id = '%s' and link is not null", w->id) == 0,
	       "a link is kept in a mail that goes no more");
	free (account), free (key);
}
