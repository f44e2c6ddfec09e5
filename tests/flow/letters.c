/* News by mail: what somebody did not see in time is mailed to them, all of one moment in one mail; and nothing else is. Through the API and a real SMTP
 * server. Never by a table but to look, and to let time pass. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "story.h"

static const char *const letter_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes",	   "--env", "mailer:CRM_LETTER_WAIT=600",
					    "--env", "mailer:CRM_ORIGIN=https://crm.test", NULL };

struct sink {
	pid_t pid;
	char file[300];
};

static struct sink post_open (struct stack *s, const struct workspace *w)
{
	struct sink p;
	char smtp[16], http[16];
	snprintf (p.file, sizeof p.file, "%s/news.jsonl", s->var);
	snprintf (smtp, sizeof smtp, "%d", s->port + 30);
	snprintf (http, sizeof http, "%d", s->port + 31);
	unlink (p.file);
	p.pid = given_world ((const char *const[]){ "python3", "tests/flow/mail_world.py", smtp, http, p.file, NULL });
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mail/accounts",
		"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"wij@brief.test\",\"host\":\"127.0.0.1\",\"port\":%d,\"tls\":\"none\"}",
		s->port + 30);
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	web_free (&a);
	return p;
}

static void post_close (struct sink *p)
{
	kill (p->pid, SIGKILL);
	waitpid (p->pid, NULL, 0);
}

static json_t *then_mailed (const struct sink *p, const char *to, int nth, const char *subject)
{
	json_t *ret = NULL;
	UNTIL (15000, (ret = mail_taken (p->file, to, nth)) != NULL, "%s got no mail %d", to, nth);
	CHECK (!strcmp (text_at (ret, "subject"), subject), "mail %d to %s is '%s', not '%s'", nth, to, text_at (ret, "subject"), subject);
	return ret;
}

static int times (const char *text, const char *word)
{
	int n = 0;
	for (; (text = strstr (text, word)); text += strlen (word))
		n++;
	return n;
}

/* What waits for somebody: "kind=state kind=state", in the order in which it came. */
static void waits (struct stack *s, const struct user *u, const char *expected)
{
	settle (s);
	then_text (
		s, expected, u->email,
		"select coalesce(string_agg(kind || '=' || state, ' ' order by at, id), '') from mailer.letter where user_id = '%s' and state in ('waiting', 'digest')",
		u->id);
}

/* Their time has come. */
static void when_due (struct stack *s)
{
	sql_do (s, "update mailer.letter set due_at = now() - interval '1 second' where state in ('waiting', 'digest')");
	UNTIL (15000, sql_number (s, "select count(*) from mailer.letter where state in ('waiting', 'digest') and due_at <= now()") == 0,
	       "news is not sent");
}

/* Its mails wait. What went before is settled first: that would let them go. */
static void server_hold (struct stack *s)
{
	UNTIL (15000, sql_number (s, "select count(*) from mailer.try where not settled") == 0, "what went is not settled");
	sql_do (s, "update mailer.account set held_until = now() + interval '1 hour'");
}

static void user_says (struct stack *s, const struct user *u, const char *method, const char *path, const char *body, int status)
{
	struct web_answer a = when_user_asks (s, u, method, path, body);
	CHECK (a.status == status, "%s %s is %d: %s", method, path, a.status, a.body);
	web_free (&a);
}

static struct uuid deal_for (struct stack *s, const struct user *by, const char *title, const char *owner)
{
	char body[300];
	snprintf (body, sizeof body, "{\"title\":\"%s\",\"owner_id\":\"%s\"}", title, owner);
	struct web_answer a = when_user_asks (s, by, "POST", "/api/crm/deals", body);
	CHECK (a.status == 201, "a deal is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void told (struct stack *s, const struct user *u, const char *sql_where)
{
	UNTIL (10000, sql_number (s, "select count(*) from mailer.member where user_id = '%s' and %s", u->id, sql_where) == 1,
	       "mailer does not know how %s is told", u->email);
}

STORY_IN (
	letters_of_leads,
	"New leads of one moment are one mail to their owner, in their language, without those that they saw; once a day or never where they want that; one click ends it",
	letter_words)
{
	struct workspace *w = given_workspace (s, "brief", "commerce");
	struct user anna = given_user (s, "anna@brief.test", "--workspace brief --role owner"),
		    bob = given_user (s, "bob@brief.test", "--workspace brief --role sales");
	struct web_answer a;
	struct sink post = post_open (s, w);
	user_says (s, &anna, "PUT", "/api/me", "{\"language\":\"nl\"}", 200);
	told (s, &anna, "language = 'nl' and role = 'owner' and scope = 'workspace'");
	for (int i = 1; i <= 12; i++) {
		a = when_posted (s, w->hook, "{\"name\":\"Lead <%d>\"}", i);
		then_status (&a, 202);
	}
	settle (s);
	then_number (
		s, 12, "letters",
		"select count(*) from mailer.letter where user_id = '%s' and due_at between at + interval '590 seconds' and at + interval '660 seconds'",
		anna.id);
	waits (s, &bob, "");
	/* what does not stand in the bell was not seen by looking there */
	user_says (s, &anna, "PUT", "/api/notifications/choices", "{\"kind\":\"lead\",\"bell\":false}", 204);
	told (s, &anna, "choices ->> 'lead_bell' = 'false'");
	user_says (s, &anna, "POST", "/api/notifications/seen", "{}", 204);
	settle (s);
	then_number (s, 12, "letters that wait", "select count(*) from mailer.letter where state = 'waiting'");
	user_says (s, &anna, "PUT", "/api/notifications/choices", "{\"kind\":\"lead\",\"bell\":true}", 204);
	/* one was read in the bell, one was worked on */
	a = when_user_asks (s, &anna, "GET", "/api/notifications?kind=lead", NULL);
	char body[400], path[400];
	snprintf (body, sizeof body, "{\"ids\":[\"%s\"]}", text_at (a.json, "data.3.id"));
	snprintf (path, sizeof path, "/api/crm/deals/%s", text_at (a.json, "data.4.deal_id"));
	web_free (&a);
	user_says (s, &anna, "POST", "/api/notifications/read", body, 204);
	user_says (s, &anna, "PUT", path, "{\"title\":\"Bekeken\"}", 200);
	settle (s);
	then_number (s, 10, "letters that wait", "select count(*) from mailer.letter where state = 'waiting'");
	when_due (s);
	json_t *o = then_mailed (&post, "anna@brief.test", 0, "10 nieuwe leads – brief");
	CHECK (times (text_at (o, "text"), "- Nieuwe lead: Lead <") == 10 &&
		       times (text_at (o, "text"), "https://crm.test/?workspace=brief&type=prospect&id=") == 10 &&
		       times (text_at (o, "html"), "Lead &lt;") == 10 &&
		       strstr (text_at (o, "text"), "https://crm.test/notifications?workspace=brief") &&
		       !strcmp (text_at (o, "auto"), "auto-generated") && !strcmp (text_at (o, "one_click"), "List-Unsubscribe=One-Click"),
	       "the mail is %s", json_dumps (o, 0));
	/* by one click nothing goes any more: only the POST does it, and only as it stands in the mail */
	const char *link = strstr (text_at (o, "unsubscribe"), "/api/notifications/unsubscribe/");
	CHECK (link, "it has no link to stop it: %s", json_dumps (o, 0));
	snprintf (path, sizeof path, "%.*s", (int) strcspn (link, ">"), link);
	json_decref (o);
	when_redelivered (s, "lead.created", 1);
	waits (s, &anna, "");
	/* a mail that still waits when who it tells of is forgotten does not go */
	server_hold (s);
	a = when_posted (s, w->hook, "{\"name\":\"Wissen\",\"email\":\"wis@weg.test\"}");
	then_status (&a, 202);
	waits (s, &anna, "lead=waiting");
	when_due (s);
	a = web (s, w->key, "POST", "/api/crm/erasures", "{\"email\":\"wis@weg.test\"}");
	then_status (&a, 202);
	UNTIL (15000,
	       sql_number (s, "select count(*) from mailer.message where news_for = '%s' and subject = 'erased' and state = 'cancelled'",
			   anna.id) == 1,
	       "a mail about who is forgotten waits on");
	sql_do (s, "update mailer.account set held_until = null");
	/* once a day */
	user_says (s, &anna, "PUT", "/api/notifications/choices", "{\"kind\":\"lead\",\"mail\":\"digest\"}", 204);
	told (s, &anna, "choices ->> 'lead_mail' = 'digest'");
	a = when_posted (s, w->hook, "{\"name\":\"Morgen\"}");
	then_status (&a, 202);
	waits (s, &anna, "lead=digest");
	then_text (
		s, "08:00:00", "the mail of the day",
		"select ((due_at at time zone w.timezone)::time)::text from mailer.letter l join mailer.workspace w using (workspace_id) where l.state = 'digest'");
	when_due (s);
	o = then_mailed (&post, "anna@brief.test", 1, "Je dagoverzicht: 1 melding – brief");
	json_decref (o);
	a = web_ask (s, &(struct web_request){ .method = "GET", .url = path });
	then_status (&a, 200);
	told (s, &anna, "choices ->> 'lead_mail' = 'digest'");
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = path,
					       .type = "application/x-www-form-urlencoded",
					       .body = "List-Unsubscribe=One-Click" });
	then_status (&a, 200);
	told (s, &anna, "choices ->> 'lead_mail' = 'never' and choices ->> 'mention_mail' = 'never'");
	a = when_user_asks (s, &anna, "GET", "/api/notifications?limit=1", NULL);
	CHECK (!strcmp (text_at (a.json, "choices.assigned.mail"), "never") && json_is_null (json_at (a.json, "choices.message.mail")) &&
		       json_is_true (json_at (a.json, "choices.lead.bell")),
	       "the choices are %s", a.body);
	web_free (&a);
	a = when_posted (s, w->hook, "{\"name\":\"Nooit\"}");
	then_status (&a, 202);
	waits (s, &anna, "");
	path[strlen (path) - 6] ^= 1;
	a = web_ask (s, &(struct web_request){ .method = "POST", .url = path });
	then_status (&a, 404);
	a = when_user_asks (s, &anna, "PUT", "/api/notifications/choices", "{\"kind\":\"message\",\"mail\":\"now\"}");
	then_problem (&a, 422, "invalid");
	then_number (s, 3, "mails to anna, one of which did not go", "select count(*) from mailer.message where news_for = '%s'", anna.id);
	then_no_dead_letters (s);
	post_close (&post);
}

/* In a second: one that was due before is not rung for. */
static char *soon (struct stack *s)
{
	return sql_text (s, "select to_char((now() + interval '1 second') at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
}

STORY_IN (
	letters_of_gifts,
	"A gift, a mention and a reminder are mailed to that person alone, who may see it when it goes; not what they saw, passed on or may not see any more, nor to whoever left",
	letter_words)
{
	struct workspace *w = given_workspace (s, "brieven", "commerce");
	struct user anna = given_user (s, "anna@brieven.test", "--workspace brieven --role owner"),
		    bob = given_user (s, "bob@brieven.test", "--workspace brieven --role sdr"),
		    cas = given_user (s, "cas@brieven.test", "--workspace brieven --role sdr"),
		    dora = given_user (s, "dora@brieven.test", "--workspace brieven --role client");
	char body[500], path[300];
	/* no account: nothing is kept that could never go */
	deal_for (s, &anna, "Te vroeg", bob.id);
	waits (s, &bob, "");
	struct sink post = post_open (s, w);
	told (s, &bob, "scope = 'own' and role = 'sdr' and chats");
	told (s, &dora, "role = 'client' and not chats");
	/* where admins alone come in nobody else is told */
	snprintf (path, sizeof path, "/api/workspaces/%s", w->id);
	user_says (s, &anna, "PUT", path, "{\"admin_only\":true}", 200);
	told (s, &bob, "scope = 'none'");
	user_says (s, &anna, "PUT", path, "{\"admin_only\":false}", 200);
	told (s, &bob, "scope = 'own'");
	struct uuid first = deal_for (s, &anna, "Eerste", bob.id), second = deal_for (s, &anna, "Tweede", bob.id);
	waits (s, &bob, "assigned=waiting assigned=waiting");
	waits (s, &anna, "");
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (second));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", cas.id);
	user_says (s, &anna, "PUT", path, body, 200); /* passed on before it went */
	waits (s, &bob, "assigned=waiting");
	waits (s, &cas, "assigned=waiting");
	snprintf (body, sizeof body, "{\"text\":\"@{user:%s|Bob} kijk & bel\",\"deal_id\":\"%s\"}", bob.id, id_text (first));
	user_says (s, &anna, "POST", "/api/crm/messages", body, 201);
	waits (s, &bob, "assigned=waiting mention=waiting");
	/* who is mentioned where they may not read is told nothing of it */
	snprintf (body, sizeof body, "{\"text\":\"@{user:%s|Dora} onder ons\",\"channel\":true}", dora.id);
	user_says (s, &anna, "POST", "/api/crm/messages", body, 201);
	waits (s, &dora, "mention=waiting");
	when_due (s);
	then_text (s, "off", "what was said to dora", "select state from mailer.letter where user_id = '%s'", dora.id);
	json_t *o = then_mailed (&post, "bob@brieven.test", 0, "2 notifications – brieven");
	CHECK (strstr (text_at (o, "text"), "gave you this deal: Eerste") && strstr (text_at (o, "text"), "mentioned you: ") &&
		       strstr (text_at (o, "html"), "kijk &amp; bel") && strstr (text_at (o, "text"), "&tab=chat&message="),
	       "bob's mail is %s", json_dumps (o, 0));
	json_decref (o);
	UNTIL (15000, (o = mail_taken (post.file, "cas@brieven.test", 0)) != NULL, "cas got no mail");
	CHECK (strstr (text_at (o, "subject"), " gave you this deal: Tweede"), "cas's mail is %s", text_at (o, "subject"));
	json_decref (o);
	/* what it says is its reader's, also where others see that it went */
	struct web_answer a = when_user_asks (s, &bob, "GET", "/api/crm/mails", NULL);
	snprintf (path, sizeof path, "/api/crm/mails/%s", text_at (a.json, "data.0.id"));
	web_free (&a);
	a = when_user_asks (s, &bob, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (text_at (a.json, "text"), "mentioned you: "), "bob reads %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &anna, "GET", path, NULL);
	CHECK (a.status == 200 && !strstr (a.body, "kijk") && json_is_null (json_at (a.json, "snippet")), "anna reads %s", a.body);
	char thread[200];
	snprintf (thread, sizeof thread, "/api/crm/conversations/%s/entries", text_at (a.json, "thread_id"));
	web_free (&a);
	a = when_user_asks (s, &anna, "GET", thread, NULL);
	CHECK (a.status == 200 && !strstr (a.body, "kijk"), "anna reads %s", a.body);
	web_free (&a);
	/* nor as a conversation */
	for (int i = 0; i < 2; i++) {
		char way[400];
		snprintf (way, sizeof way, "/api/crm/conversations/%s%s", path + strlen ("/api/crm/mails/"), i ? "/entries" : "");
		a = when_user_asks (s, &anna, "GET", way, NULL);
		CHECK (a.status == 200 && !strstr (a.body, "kijk") && !strstr (a.body, "mentioned you: "), "anna reads %s", a.body);
		web_free (&a);
	}
	snprintf (path + strlen (path), sizeof path - strlen (path), "/html");
	a = when_user_asks (s, &anna, "GET", path, NULL);
	CHECK (!strstr (a.body, "kijk"), "anna sees %s", a.body);
	web_free (&a);
	/* read in its room; and taken away, of somebody who sees but their own */
	snprintf (body, sizeof body, "{\"text\":\"@{user:%s|Bob} nogmaals\",\"deal_id\":\"%s\"}", bob.id, id_text (first));
	a = when_user_asks (s, &anna, "POST", "/api/crm/messages", body);
	CHECK (a.status == 201, "a message is %d: %s", a.status, a.body);
	char message[UUID_TEXT];
	snprintf (message, sizeof message, "%s", text_at (a.json, "id"));
	web_free (&a);
	waits (s, &bob, "mention=waiting");
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\",\"message_id\":\"%s\"}", id_text (first), message);
	user_says (s, &bob, "POST", "/api/crm/rooms/seen", body, 200);
	waits (s, &bob, "");
	snprintf (body, sizeof body, "{\"text\":\"@{user:%s|Bob} en nu\",\"deal_id\":\"%s\"}", bob.id, id_text (first));
	user_says (s, &anna, "POST", "/api/crm/messages", body, 201);
	waits (s, &bob, "mention=waiting");
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (first));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", anna.id);
	user_says (s, &anna, "PUT", path, body, 200);
	/* the time of something of hers comes; and whoever left hears nothing */
	snprintf (body, sizeof body, "{\"kind\":\"call\",\"subject\":\"Bel Sanne\",\"deal_id\":\"%s\",\"remind_at\":\"%s\"}",
		  id_text (first), soon (s));
	user_says (s, &anna, "POST", "/api/crm/activities", body, 201);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.letter where kind = 'reminder'") == 1, "no reminder waits");
	deal_for (s, &anna, "Voor wie weg is", cas.id);
	waits (s, &cas, "assigned=waiting");
	sql_do (s, "update mailer.member set active = false where user_id = '%s'", cas.id);
	when_due (s);
	then_text (s, "off off", "what may not be told",
		   "select string_agg(state, ' ') from mailer.letter where title like 'Voor wie%%' or title like '%%en nu%%'");
	o = then_mailed (&post, "anna@brieven.test", 0, "Reminder: Bel Sanne");
	json_decref (o);
	then_number (s, 3, "mails with news", "select count(*) from mailer.message where news_for is not null");
	/* nor does what waits for its server when they leave */
	server_hold (s);
	deal_for (s, &anna, "Nog net", bob.id);
	waits (s, &bob, "assigned=waiting");
	when_due (s);
	sql_do (s, "update mailer.member set active = false where user_id = '%s'", bob.id);
	sql_do (s, "update mailer.account set held_until = null");
	UNTIL (15000, sql_number (s, "select count(*) from mailer.message where news_for = '%s' and state = 'dropped'", bob.id) == 1,
	       "a mail to whoever left is not dropped");
	then_no_dead_letters (s);
	post_close (&post);
}
