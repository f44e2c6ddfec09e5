/* A-2's second half: three contacts and three mailers share the work, some die meanwhile; each lead becomes one deal and is told once. Through the ways in
 * and a real SMTP server. Never by a table but to look. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "story.h"

static const char *const three_of_each[] = { "--replicas", "contacts=3",
					     "--replicas", "mailer=3",
					     "--env",	   "mailer:CRM_MAIL_PRIVATE=yes",
					     "--env",	   "mailer:CRM_LETTER_WAIT=0",
					     "--env",	   "mailer:CRM_MAIL_LEASE=10",
					     NULL };

enum { WORKSPACES = 5 };

static pid_t sink_open (struct stack *s, const char *file)
{
	char smtp[16], http[16];
	snprintf (smtp, sizeof smtp, "%d", s->port + 30);
	snprintf (http, sizeof http, "%d", s->port + 31);
	return given_world ((const char *const[]){ "python3", "tests/flow/mail_world.py", smtp, http, file, NULL });
}

/* How many mails a server took, and how often one of them came again. */
static int taken (const char *file, int *ret_again)
{
	FILE *f = fopen (file, "r");
	char *line = NULL;
	size_t room = 0;
	int n = 0;
	json_t *seen = json_object ();
	*ret_again = 0;
	for (; f && getline (&line, &room, f) > 0; n++) {
		json_t *o = json_loads (line, 0, NULL);
		*ret_again += json_object_get (seen, text_at (o, "id")) != NULL;
		json_object_set_new (seen, text_at (o, "id"), json_true ());
		json_decref (o);
	}
	if (f)
		fclose (f);
	free (line);
	json_decref (seen);
	return n;
}

STORY_IN (
	leads_are_told_once,
	"A-2: with three contacts and three mailers, of which some die meanwhile, each lead is one deal and is told to the workspace's admin in one mail, that comes once",
	three_of_each)
{
	/* a short run among the others; make replicas: ten thousand leads */
	const char *asked = getenv ("FLOW_LEADS");
	int leads = asked ? atoi (asked) : 150, again, sent;
	struct workspace *w[WORKSPACES];
	char slug[20], email[60], words[60], file[300], whose[WORKSPACES * 40 + 1] = "";
	CHECK (leads >= 20, "%d leads", leads);
	alarm (120 + (unsigned) leads / 10); /* a long run takes longer than a story may */
	snprintf (file, sizeof file, "%s/told.jsonl", s->var);
	unlink (file);
	pid_t sink = sink_open (s, file);
	for (int i = 0; i < WORKSPACES; i++) {
		snprintf (slug, sizeof slug, "drie-%d", i);
		w[i] = given_workspace (s, slug, "nl-offerte-6");
		snprintf (email, sizeof email, "admin%d@drie.test", i);
		snprintf (words, sizeof words, "--workspace %s --role owner", slug);
		struct user admin = given_user (s, email, words);
		UNTIL (10000,
		       sql_number (s, "select count(*) from mailer.member where user_id = '%s' and scope is not null", admin.id) == 1,
		       "mailer does not know %s", email);
		struct web_answer a = web (
			s, w[i]->key, "POST", "/api/crm/mail/accounts",
			"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"wij@drie.test\",\"host\":\"127.0.0.1\",\"port\":%d,\"tls\":\"none\",\"per_minute\":60000}",
			s->port + 30);
		CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
		web_free (&a);
		snprintf (whose + strlen (whose), sizeof whose - strlen (whose), "%s'%s'", i ? "," : "", w[i]->id);
	}
	for (int i = 0; i < leads; i++) {
		char url[200];
		if (i == leads / 4)
			daemon_kill (s, "mailer", 1, SIGKILL);
		if (i == leads / 2)
			daemon_kill (s, "contacts", 2, SIGKILL);
		if (i == leads * 3 / 4)
			daemon_kill (s, "mailer", 0, SIGKILL);
		struct workspace *to = w[i % WORKSPACES];
		snprintf (url, sizeof url, "http://127.0.0.1:%d%s", daemon_port (s, "lead-intake", 0, "port"),
			  strstr (to->hook, "/hooks/"));
		struct web_answer a = when_posted (s, url, "{\"name\":\"Lead %d\",\"email\":\"lead%d@klant.test\"}", i, i);
		then_status (&a, 202);
	}
	settle (s);
	then_number (s, leads, "deals", "select count(*) from pipeline.deal where workspace_id in (%s)", whose);
	then_number (s, leads, "contacts", "select count(*) from contacts.contact where workspace_id in (%s)", whose);
	UNTIL (60000 + leads * 10,
	       sql_number (s, "select count(*) from mailer.letter where workspace_id in (%s) and kind = 'lead' and state = 'sent'",
			   whose) >= leads &&
		       sql_number (s, "select count(*) from mailer.recipient where workspace_id in (%s) and state in ('queued', 'sending')",
				   whose) == 0,
	       "news is not told: letters %s; mails %s; the server of the tests %s",
	       sql_text (
		       s,
		       "select string_agg (state || ' ' || n, ', ') from (select state, count(*) n from mailer.letter where workspace_id in (%s) group by 1) x",
		       whose),
	       sql_text (
		       s,
		       "select string_agg (state || ' ' || n, ', ') from (select state, count(*) n from mailer.recipient where workspace_id in (%s) group by 1) x",
		       whose),
	       waitpid (sink, NULL, WNOHANG) ? "is gone" : "is there");
	then_number (
		s, leads, "leads that were told",
		"select count(distinct record_id) from mailer.letter where workspace_id in (%s) and kind = 'lead' and mail_id is not null",
		whose);
	then_number (s, leads, "tellings", "select count(*) from mailer.letter where workspace_id in (%s) and kind = 'lead'", whose);
	/* what died between the server's yes and its record is unknown, and said so: never sent again before it is asked */
	sent = taken (file, &again);
	printf ("    %d leads in %d mails, %lld of them unknown, %d came twice\n", leads, sent,
		(long long) sql_number (s, "select count(*) from mailer.recipient where workspace_id in (%s) and state = 'unknown'", whose),
		again);
	CHECK (!again, "%d mails came twice", again);
	CHECK (sent >= sql_number (s, "select count(*) from mailer.recipient where workspace_id in (%s) and state = 'sent'", whose) &&
		       sent <= sql_number (s, "select count(*) from mailer.recipient where workspace_id in (%s)", whose),
	       "the server took %d mails", sent);
	then_no_dead_letters (s);
	kill (sink, SIGKILL);
	waitpid (sink, NULL, 0);
}
