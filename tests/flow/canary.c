/* Mails to oneself, by a real SMTP server and a real IMAP server: what goes comes back and is nobody's mail; what stays away is missed, and what is sent back is
 * said. And what comes in is read while much waits to go out. It must never let a mail leave this machine. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "arena.h"
#include "story.h"

static const char *const loop_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes",   "--env", "mailer:CRM_MAIL_HOLD=0",
					  "--env", "mailer:CRM_MAIL_POLL=1",	    "--env", "mailer:CRM_MAIL_CANARY=1",
					  "--env", "mailer:CRM_MAIL_CANARY_WAIT=2", NULL };

struct server {
	pid_t smtp, imap;
	int smtp_port, imap_port;
	char folder[80], maildir[100];
};

static struct server server_start (struct stack *s, bool mailbox)
{
	struct server v = { .smtp_port = s->port + 30, .imap_port = s->port + 32 };
	char smtp[16], http[16], imap[16], imaps[16], file[300];
	snprintf (v.folder, sizeof v.folder, "/tmp/leadwire-imap-%d", v.imap_port);
	snprintf (v.maildir, sizeof v.maildir, "%s/Maildir", v.folder);
	snprintf (smtp, sizeof smtp, "%d", v.smtp_port);
	snprintf (http, sizeof http, "%d", s->port + 31);
	snprintf (imap, sizeof imap, "%d", v.imap_port);
	snprintf (imaps, sizeof imaps, "%d", s->port + 33);
	snprintf (file, sizeof file, "%s/mails.jsonl", s->var);
	unlink (file);
	if (mailbox)
		v.imap = given_world ((const char *const[]){ "python3", "tests/flow/imap_world.py", v.folder, imap, imaps, NULL });
	v.smtp = given_world (
		(const char *const[]){ "python3", "tests/flow/mail_world.py", smtp, http, file, mailbox ? v.maildir : NULL, NULL });
	return v;
}

static void server_end (struct server *v)
{
	kill (v->smtp, SIGTERM);
	waitpid (v->smtp, NULL, 0);
	if (v->imap) {
		kill (v->imap, SIGTERM);
		waitpid (v->imap, NULL, 0);
	}
}

static char *account_with (struct stack *s, const struct workspace *w, const struct server *v, bool mailbox)
{
	char imap[200] = "";
	if (mailbox)
		snprintf (
			imap, sizeof imap,
			",\"imap_host\":\"127.0.0.1\",\"imap_port\":%d,\"imap_tls\":\"none\",\"imap_login\":\"post@zon.test\",\"imap_secret\":\"geheim 1\"",
			v->imap_port);
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mail/accounts",
		"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"post@zon.test\",\"host\":\"127.0.0.1\",\"port\":%d,\"tls\":\"none\"%s}",
		v->smtp_port, imap);
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	char *id = strdup (text_at (a.json, "id"));
	web_free (&a);
	return id;
}

/* What health says of it, when it does. */
static void health_becomes (struct stack *s, const struct workspace *w, const char *state)
{
	for (int64_t limit = now_us () + 20000000;; pause_us (50000)) {
		struct web_answer a = web (s, w->key, "GET", "/api/crm/mail/health", NULL);
		bool good = a.status == 200 && !strcmp (text_at (a.json, "data.0.canary.state"), state);
		CHECK (good || now_us () < limit, "health is %d, not %s: %s", a.status, state, a.body);
		web_free (&a);
		if (good)
			return;
	}
}

/* Nobody has it: it stands in no list, and nothing is kept of it. */
static void then_nobodys (struct stack *s, const struct workspace *w)
{
	static const char *const lists[] = { "/api/crm/mails", "/api/crm/mail/unmatched" };
	for (size_t i = 0; i < LENGTH (lists); i++) {
		struct web_answer a = web (s, w->key, "GET", lists[i], NULL);
		CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 0, "%s is %d: %s", lists[i], a.status, a.body);
		web_free (&a);
	}
	UNTIL (5000, sql_number (s, "select count(*) from mailer.inbound") == 0, "what came of them is kept");
}

STORY_IN (
	mail_to_oneself,
	"A mail to oneself goes the whole way and is nobody's when it comes back; one that stays away is missing and counts when it comes late; one sent back says why",
	loop_words)
{
	struct workspace *w = given_workspace (s, "kringloop", "nl-offerte-6");
	struct server v = server_start (s, true);
	char *account = account_with (s, w, &v, true), path[200], held[150], late[700];
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s/canary", account);
	struct web_answer a = web (s, w->key, "POST", path, "{}");
	CHECK (a.status == 200 && *text_at (a.json, "id"), "one now is %d: %s", a.status, a.body);
	web_free (&a);
	health_becomes (s, w, "back");
	then_nobodys (s, w);
	then_number (
		s, 1, "that came back after they went, by an account that works, and that somebody asked for",
		"select count(*) from mailer.canary c join mailer.account a on a.id = c.account_id where c.state = 'back' and c.back_at > c.sent_at and a.state = "
		"'works' and c.asked_by is not null");
	then_number (s, 2, "lines of the audit",
		     "select count(*) from gateway.audit where workspace_id = '%s' and what in ('mail_account_add', 'mail_canary')", w->id);
	/* and from now on by itself */
	UNTIL (20000, sql_number (s, "select count(*) from mailer.canary where asked_by is null and state = 'back'") > 0,
	       "none goes by itself");

	/* nothing arrives any more: it is missed, then it comes after all */
	snprintf (held, sizeof held, "%s/held", v.maildir);
	CHECK (!mkdir (held, 0777) && !chmod (held, 0777), "no %s", held);
	health_becomes (s, w, "missing");
	then_number (s, 1, "accounts that send all the same", "select count(*) from mailer.account where state = 'works'");
	char *missing = sql_text (s, "select id from mailer.canary where state = 'missing' order by began_at limit 1");
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s", account);
	a = web (s, w->key, "PUT", path, "{\"version\":7,\"canary\":false}");
	then_problem (&a, 409, "mail_account_changed");
	a = web (s, w->key, "PUT", path, "{\"version\":1,\"canary\":false}");
	then_status (&a, 200);
	snprintf (late, sizeof late, "for f in %s/*; do mv \"$f\" %s/new/; done; rmdir %s", held, v.maildir, held);
	UNTIL (5000, sql_number (s, "select count(*) from mailer.canary where state in ('queued', 'sending')") == 0, "they do not end");
	CHECK (!system (late), "they are not delivered");
	UNTIL (10000, sql_number (s, "select count(*) from mailer.canary where id = '%s' and state = 'back'", missing) == 1,
	       "the late one does not count");
	then_nobodys (s, w);

	/* one that a server sends back */
	sql_do (s, "update mailer.canary set state = 'sent', back_at = null, began_at = now() where id = '%s'", missing);
	char *named = sql_text (s, "select message_id from mailer.canary where id = '%s'", missing), *at = heap_alloc (4000);
	snprintf (at, 4000, "%s/tmp/bounce", v.maildir);
	FILE *f = fopen (at, "w");
	CHECK (f, "%s cannot be written", at);
	fprintf (
		f,
		"From: <mailer-daemon@zon.test>\r\nTo: post@zon.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; "
		"report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
		"Reporting-MTA: dns; mx.zon.test\r\n\r\nFinal-Recipient: rfc822; post@zon.test\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 the "
		"mailbox is full\r\n\r\n--b\r\nContent-Type: message/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\n\r\n--b--\r\n",
		named);
	snprintf (late, sizeof late, "%s/new/bounce.test", v.maildir);
	CHECK (!fclose (f) && !rename (at, late), "%s cannot be delivered", late);
	UNTIL (10000,
	       sql_number (s,
			   "select count(*) from mailer.canary where id = '%s' and state = 'failed' and reason like '%%mailbox is full%%'",
			   missing) == 1,
	       "what came back says nothing: %s",
	       sql_text (s, "select concat_ws(' ', state, reason) from mailer.canary where id = '%s'", missing));
	then_nobodys (s, w);
	heap_free (at);
	free (missing);
	free (named);
	free (account);
	server_end (&v);
}

static const char *const many_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes", "--env", "mailer:CRM_MAIL_HOLD=0", NULL };

STORY_IN (mail_in_turn, "What comes in is read while two thousand mails wait to go out", many_words)
{
	struct workspace *w = given_workspace (s, "beurt", "nl-offerte-6");
	struct server v = server_start (s, false);
	free (account_with (s, w, &v, false));
	enum { MAILS = 20, EACH = 100 };
	struct buffer body = { 0 };
	for (int m = 0; m < MAILS; m++) {
		body.n = 0;
		for (int i = 0; i < EACH; i++)
			buffer_printf (&body, "%s{\"email\":\"many%d-%d@klant.test\"}",
				       i == 0	       ? "{\"to\":["
				       : i == EACH / 2 ? "],\"cc\":["
						       : ",",
				       m, i);
		buffer_printf (&body, "],\"subject\":\"Nieuws\",\"text\":\"Dag\"}");
		struct web_answer a = web_ask (
			s, &(struct web_request){
				   .method = "POST", .url = "/api/crm/mails", .key = w->key, .body = (char *) body.at, .n = body.n });
		then_status (&a, 201);
	}
	buffer_fini (&body);
	then_number (s, MAILS * EACH, "that are to go", "select count(*) from mailer.recipient");
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "POST",
			   .url = "/api/crm/mails/upload",
			   .key = w->key,
			   .type = "message/rfc822",
			   .body = "From: X <x@vreemd.test>\r\nSubject: Vraag\r\nMessage-ID: <v1@vreemd.test>\r\n\r\nHoi\r\n" });
	then_status (&a, 201);
	UNTIL (20000, sql_number (s, "select count(*) from mailer.message where direction = 'in'") == 1, "it is not read");
	int64_t waiting = sql_number (s, "select count(*) from mailer.recipient where state = 'queued'");
	CHECK (waiting > MAILS * EACH / 4, "when it was read only %lld waited", (long long) waiting);
	sql_do (s, "update mailer.recipient set state = 'cancelled' where state = 'queued'");
	server_end (&v);
}
