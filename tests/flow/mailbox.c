/* A mailbox that is looked into by IMAP, in a real server (imap_world.py): what lies in it comes in once, whatever the server or a killed mailer does, and
 * what is wrong is said. It must never find anything in that mailbox changed. */
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "arena.h"
#include "story.h"

static const char *const mailbox_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes", "--env", "mailer:CRM_MAIL_HOLD=300",
					     "--env", "mailer:CRM_MAIL_POLL=1",	     NULL };

struct server {
	pid_t pid;
	int imap, imaps;
	char folder[80];
	int letters;
};

static struct server server_start (struct stack *s)
{
	struct server v = { .imap = s->port + 32, .imaps = s->port + 33 };
	char imap[16], imaps[16];
	snprintf (v.folder, sizeof v.folder, "/tmp/leadwire-imap-%d", v.imap); /* not in the house's folder: it belongs to nobody */
	snprintf (imap, sizeof imap, "%d", v.imap);
	snprintf (imaps, sizeof imaps, "%d", v.imaps);
	v.pid = given_world ((const char *const[]){ "python3", "tests/flow/imap_world.py", v.folder, imap, imaps, NULL });
	return v;
}

static void server_end (struct server *v)
{
	kill (v->pid, SIGTERM);
	waitpid (v->pid, NULL, 0);
}

/* As a mail server delivers: whole, or not at all. */
static void delivered (struct server *v, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
static void delivered (struct server *v, const char *format, ...)
{
	char at[200], to[200];
	va_list args;
	snprintf (at, sizeof at, "%s/Maildir/tmp/%d", v->folder, ++v->letters);
	snprintf (to, sizeof to, "%s/Maildir/new/%lld.%d.test", v->folder, (long long) now_us (), v->letters);
	FILE *f = fopen (at, "w");
	CHECK (f, "%s cannot be written", at);
	va_start (args, format);
	vfprintf (f, format, args);
	va_end (args);
	CHECK (!fclose (f) && !rename (at, to), "%s cannot be delivered", to);
}

/* Messages in it, and how many of them somebody marked. */
static int lying (const struct server *v, int *ret_marked)
{
	int n = 0;
	*ret_marked = 0;
	for (int i = 0; i < 2; i++) {
		char path[120];
		snprintf (path, sizeof path, "%s/Maildir/%s", v->folder, i ? "new" : "cur");
		DIR *d = opendir (path);
		for (struct dirent *e; d && (e = readdir (d));) {
			const char *flags = strstr (e->d_name, ":2,");
			n += *e->d_name != '.';
			*ret_marked += flags && flags[3];
		}
		if (d)
			closedir (d);
	}
	return n;
}

static char *account_with (struct stack *s, const struct workspace *w, const struct server *v)
{
	char body[600];
	snprintf (
		body, sizeof body,
		"{\"kind\":\"sendgrid\",\"name\":\"Post\",\"from_email\":\"verkoop@zon.test\",\"reply_domain\":\"zon.test\",\"host\":\"http://127.0.0.1:1\","
		"\"secret\":\"SG.x\",\"imap_host\":\"127.0.0.1\",\"imap_port\":%d,\"imap_tls\":\"none\",\"imap_login\":\"post@zon.test\",\"imap_secret\":\"geheim 1\"}",
		v->imap);
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mail/accounts", "%s", body);
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	char *id = strdup (text_at (a.json, "id"));
	web_free (&a);
	return id;
}

static void taken_all (struct stack *s, int64_t n)
{
	UNTIL (20000, sql_number (s, "select count(*) from mailer.inbound where state not in ('kept', 'read')") >= n,
	       "%lld came in, not %lld: %s", (long long) sql_number (s, "select count(*) from mailer.inbound"), (long long) n,
	       sql_text (s, "select concat_ws(' ', state, fault, last_error, last_uid) from mailer.mailbox"));
	then_number (s, n, "mails that came in", "select count(*) from mailer.inbound");
}

/* Says another thing of the mailbox, and waits for what becomes of it: "state fault". */
static void becomes (struct stack *s, const struct workspace *w, const char *account, const char *body, const char *wanted)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s", account);
	struct web_answer a = web (s, w->key, "PUT", path, "%s", body);
	CHECK (a.status == 200, "%s is %d: %s", body, a.status, a.body);
	web_free (&a);
	UNTIL (20000,
	       sql_number (s, "select count(*) from mailer.mailbox where account_id = '%s' and concat_ws(' ', state, fault) = '%s'",
			   account, wanted) == 1,
	       "after %s it is %s, not %s", body, sql_text (s, "select concat_ws(' ', state, fault, last_error) from mailer.mailbox"),
	       wanted);
	a = web (s, w->key, "GET", "/api/crm/mail/health", NULL);
	const char *words = text_at (a.json, "data.0.imap_error");
	CHECK (a.status == 200 &&
		       !strncmp (text_at (a.json, "data.0.imap_state"), wanted, strlen (text_at (a.json, "data.0.imap_state"))) &&
		       (*words != '\0') == !strncmp (wanted, "fails", 5),
	       "health says %s", a.body);
	web_free (&a);
}

STORY_IN (
	mailbox_polled,
	"A mailbox is looked into by IMAP: what lies in it comes in once and stays there unmarked, also when its numbers begin anew; what is wrong is said",
	mailbox_words)
{
	struct workspace *w = given_workspace (s, "postbus", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct server v = server_start (s);
	char body[500], path[200], name[300];
	int marked;
	delivered (&v, "From: X <x@vreemd.test>\r\nSubject: Vraag\r\nMessage-ID: <v1@vreemd.test>\r\n\r\nHoi\r\n");
	char *account = account_with (s, w, &v);
	taken_all (s, 1);
	/* an answer goes to what it answers: by the token in its head */
	snprintf (body, sizeof body,
		  "{\"deal_id\":\"%s\",\"to\":[{\"email\":\"sanne@klant.test\"}],\"subject\":\"Offerte\",\"text\":\"Dag\"}",
		  id_text (deal));
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mails", "%s", body);
	CHECK (a.status == 201, "a mail is %d: %s", a.status, a.body);
	web_free (&a);
	char *token = sql_text (s, "select token from mailer.message where direction = 'out'");
	delivered (
		&v,
		"From: Sanne <sanne@klant.test>\r\nTo: reply+%s@zon.test\r\nSubject: Re: Offerte\r\nMessage-ID: <v2@klant.test>\r\n\r\nAkkoord\r\n",
		token);
	/* one that would end what is said of it, and the next one */
	delivered (
		&v,
		"From: Y <y@vreemd.test>\r\nSubject: Vals\r\n\r\nL4 OK done\r\n* 3 FETCH (UID 3 BODY[] {3}\r\nabc)\r\nL5 NO\r\n* BYE\r\n.\r\n");
	taken_all (s, 3);
	then_number (
		s, 1, "answers on the deal, by its token",
		"select count(*) from mailer.message m join mailer.inbound i using (workspace_id, id) where m.deal_id = '%s' and i.why = 'token' and "
		"not i.trusted",
		id_text (deal));
	then_number (s, 2, "mails that belong to nothing", "select count(*) from mailer.inbound where state = 'unmatched'");
	then_number (s, 1, "of which one is whole",
		     "select count(*) from mailer.message where subject = 'Vals' and body_text like '%%L5 NO%%* BYE%%'");
	CHECK (lying (&v, &marked) == 3 && marked == 0, "of %d messages %d are marked", lying (&v, &marked), marked);
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s", account);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "imap_state"), "works") && !strcmp (text_at (a.json, "imap_folder"), "INBOX") &&
		       *text_at (a.json, "imap_received_at") && *text_at (a.json, "last_received_at") && !strstr (a.body, "geheim"),
	       "the account is %d: %s", a.status, a.body);
	web_free (&a);

	/* its numbers begin anew, and a message is larger than we take */
	char *validity = sql_text (s, "select validity from mailer.mailbox");
	char *large = heap_alloc ((32 << 20) + 1);
	memset (large, 'x', 32 << 20);
	for (int i = 70; i < 32 << 20; i += 70)
		large[i] = '\n';
	delivered (&v, "From: Z <z@vreemd.test>\r\nSubject: Groot\r\nMessage-ID: <v4@vreemd.test>\r\nContent-Type: text/html\r\n\r\n%s\r\n",
		   large);
	heap_free (large);
	snprintf (name, sizeof name, "%s/Maildir/dovecot-uidlist", v.folder);
	CHECK (!unlink (name), "there is no %s", name);
	taken_all (s, 4);
	UNTIL (10000, sql_number (s, "select count(*) from mailer.mailbox where validity <> '%s' and last_uid = 4", validity) == 1,
	       "the numbers did not begin anew");
	taken_all (s, 4);
	then_number (
		s, 1, "messages that say they lie elsewhere",
		"select count(*) from mailer.message where subject = 'Groot' and from_email = 'z@vreemd.test' and body_html is null and body_text like '%%32 MB%%'");

	/* what is wrong */
	becomes (s, w, account, "{\"imap_folder\":\"Archief \\u00e9\\u00e9n\"}", "fails folder");
	becomes (s, w, account, "{\"imap_folder\":\"INBOX\",\"imap_secret\":\"verkeerd\"}", "fails login");
	then_number (s, 1, "refusals in the server's words",
		     "select count(*) from mailer.mailbox where last_error ilike '%%authentication%%'");
	a = web (s, w->key, "PUT", path, "{\"imap_tls\":\"starttls\"}");
	then_problem (&a, 422, "invalid");
	snprintf (body, sizeof body, "{\"imap_tls\":\"starttls\",\"imap_port\":%d,\"imap_secret\":\"geheim 1\"}", v.imap);
	becomes (s, w, account, body, "fails tls"); /* nobody knows who that server is */
	snprintf (body, sizeof body, "{\"imap_tls\":\"tls\",\"imap_port\":%d,\"imap_secret\":\"geheim 1\"}", v.imaps);
	becomes (s, w, account, body, "fails tls");
	becomes (s, w, account, "{\"imap_host\":\"nergens.invalid\",\"imap_secret\":\"geheim 1\"}", "fails dns");
	becomes (s, w, account, "{\"imap_host\":\"127.0.0.1\",\"imap_port\":1,\"imap_secret\":\"geheim 1\"}", "fails connect");
	then_number (s, 1, "mailboxes that wait before they are tried again",
		     "select count(*) from mailer.mailbox where fails >= 1 and next_at > last_polled_at + interval '1 s'");
	snprintf (body, sizeof body, "{\"imap_tls\":\"none\",\"imap_port\":%d,\"imap_secret\":\"geheim 1\"}", v.imap);
	becomes (s, w, account, body, "works");
	UNTIL (10000, sql_number (s, "select count(*) from mailer.mailbox where told = 'works'") == 1, "nobody said that it works again");
	taken_all (s, 4);
	/* a test looks into it at once */
	sql_do (s, "update mailer.mailbox set next_at = now() + interval '1 hour'");
	delivered (&v, "From: X <x@vreemd.test>\r\nSubject: Test\r\n\r\nHoi\r\n");
	strcat (path, "/test");
	a = web (s, w->key, "POST", path, "{\"email\":\"proef@klant.test\"}");
	CHECK (a.status == 200, "a test is %d: %s", a.status, a.body);
	web_free (&a);
	taken_all (s, 5);
	/* it is looked into no more */
	path[strlen (path) - strlen ("/test")] = '\0';
	a = web (s, w->key, "PUT", path, "{\"imap_host\":null}");
	then_status (&a, 200);
	then_number (s, 0, "mailboxes", "select count(*) from mailer.mailbox");
	then_no_dead_letters (s);
	server_end (&v);
	free (account);
	free (token);
	free (validity);
}

/* One that the server cannot read itself. */
static void delivered_shut (struct server *v)
{
	char at[200], to[400];
	delivered (v, "From: Z <z@vreemd.test>\r\nSubject: Dicht\r\n\r\nHoi\r\n");
	snprintf (at, sizeof at, "%s/Maildir/new", v->folder);
	DIR *d = opendir (at);
	for (struct dirent *e; d && (e = readdir (d));)
		if (strstr (e->d_name, v->letters == 2 ? ".2.test" : "?")) {
			snprintf (to, sizeof to, "%s/%.100s", at, e->d_name);
			CHECK (!chmod (to, 0), "%s stays open", to);
		}
	if (d)
		closedir (d);
}

STORY_IN (
	mailbox_goes_on,
	"A message that its server never gives holds no mailbox: it is stepped over and listed; and who is forgotten stays so when a mailbox is read anew",
	mailbox_words)
{
	struct workspace *w = given_workspace (s, "stroef", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct server v = server_start (s);
	char name[300];
	delivered (&v, "From: Sanne <sanne@klant.test>\r\nSubject: Vraag\r\nMessage-ID: <v1@klant.test>\r\n\r\nHoi\r\n");
	delivered_shut (&v);
	delivered (&v, "From: X <x@vreemd.test>\r\nSubject: Hallo\r\nMessage-ID: <v3@vreemd.test>\r\n\r\nHoi\r\n");
	char *account = account_with (s, w, &v);
	for (int64_t limit = now_us () + 30000000;
	     sql_number (s, "select count(*) from mailer.inbound where state not in ('kept', 'read')") < 3; pause_us (50000)) {
		CHECK (now_us () < limit, "it stays at %s",
		       sql_text (s, "select concat_ws(' ', state, last_error, last_uid, stuck_uid, stuck) from mailer.mailbox"));
		sql_do (s, "update mailer.mailbox set next_at = now() where owner is null"); /* as if it were later */
	}
	then_number (s, 1, "messages that are listed as unreadable",
		     "select count(*) from mailer.inbound i join mailer.message m using (workspace_id, id) where i.state = 'unreadable'");
	UNTIL (10000, sql_number (s, "select count(*) from mailer.mailbox where state = 'works' and last_uid = 3 and stuck = 0") == 1,
	       "the mailbox does not go on: %s",
	       sql_text (s, "select concat_ws(' ', state, last_error, last_uid, stuck_uid, stuck) from mailer.mailbox"));

	char *contact = sql_text (s, "select contact_id from mailer.deal where id = '%s'", id_text (deal));
	char *validity = sql_text (s, "select validity from mailer.mailbox");
	struct web_answer a = web (s, w->key, "POST", "/api/crm/erasures", "{\"contact_id\":\"%s\"}", contact);
	CHECK (a.status < 300, "forgetting is %d: %s", a.status, a.body);
	web_free (&a);
	UNTIL (20000, sql_number (s, "select count(*) from mailer.inbound") == 2, "what came from them is kept");
	snprintf (name, sizeof name, "%s/Maildir/dovecot-uidlist", v.folder);
	CHECK (!unlink (name), "there is no %s", name);
	for (int64_t limit = now_us () + 30000000;
	     sql_number (s, "select count(*) from mailer.mailbox where validity <> '%s' and last_uid = 3", validity) < 1;
	     pause_us (50000)) {
		CHECK (now_us () < limit, "the numbers do not begin anew");
		sql_do (s, "update mailer.mailbox set next_at = now() where owner is null");
	}
	then_number (s, 0, "mails of them that came in anew", "select count(*) from mailer.message where from_email = 'sanne@klant.test'");
	then_number (s, 1, "mails that are forgotten", "select count(*) from mailer.forgotten");
	server_end (&v);
	free (account);
	free (contact);
	free (validity);
}

STORY_IN (mailbox_survives, "A mailbox is looked into while the mailer is killed again and again: every message comes in, none twice",
	  mailbox_words)
{
	enum { LETTERS = 70, KILLS = 4 };
	struct workspace *w = given_workspace (s, "taaie-postbus", "nl-offerte-6");
	struct server v = server_start (s);
	int marked;
	for (int i = 0; i < LETTERS; i++)
		delivered (&v, "From: X <x@vreemd.test>\r\nSubject: Vraag %d\r\nMessage-ID: <v%d@vreemd.test>\r\n\r\nHoi\r\n", i, i);
	char *account = account_with (s, w, &v);
	for (int i = 0; i < KILLS; i++) {
		UNTIL (20000,
		       sql_number (s, "select count(*) from mailer.mailbox where owner is not null") == 1 ||
			       sql_number (s, "select count(*) from mailer.inbound") == LETTERS,
		       "nobody looks into it");
		daemon_kill (s, "mailer", 0, SIGKILL);
		sql_do (s, "update mailer.mailbox set lease_until = now()"); /* three minutes later */
		daemon_ready (s, "mailer", 0);
	}
	sql_do (s, "update mailer.inbound set lease_until = now() where state = 'kept'"); /* and who read them when they were killed */
	taken_all (s, LETTERS);
	then_number (s, LETTERS, "mails, each another one", "select count(distinct subject) from mailer.message where direction = 'in'");
	then_number (s, LETTERS, "mails", "select count(*) from mailer.message where direction = 'in'");
	CHECK (lying (&v, &marked) == LETTERS && marked == 0, "of %d messages %d are marked", lying (&v, &marked), marked);
	server_end (&v);
	free (account);
}
