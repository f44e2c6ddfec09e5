/* The inbox: what waits is set aside and fetched back, assigned and taken back, read once more. It must never let a mail leave this machine. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static struct uuid file_brought (struct stack *s, const struct workspace *w, const char *file)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/mails/upload?workspace=%s", w->slug);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST", .url = path, .key = w->key, .type = "message/rfc822", .body = file });
	CHECK (a.status == 201, "a mail as a file is %d: %s", a.status, a.body);
	struct uuid id = uuid_at (a.json, "id");
	web_free (&a);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.message where id = '%s' and subject <> ''", id_text (id)) == 1,
	       "what was brought is no mail");
	return id;
}

/* As somebody brings it, read and matched; `more`: further lines of its head. */
static struct uuid brought (struct stack *s, const struct workspace *w, const char *from, const char *subject, const char *more)
{
	char file[1000];
	snprintf (
		file, sizeof file,
		"From: %s\r\nTo: verkoop@zon.test\r\nSubject: %s\r\nMessage-ID: <%s@elders.test>\r\n%s\r\nEerste regel.\r\n\r\nTweede\r\n\r\n> wat wij schreven\r\n",
		from, subject, subject, more);
	return file_brought (s, w, file);
}

static void done_to (struct stack *s, const struct workspace *w, struct uuid mail, const char *what, const char *body, int status,
		     const char *code)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/mails/%s/%s", id_text (mail), what);
	struct web_answer a = web (s, w->key, "POST", path, "%s", body);
	if (code)
		then_problem (&a, status, code);
	else
		then_status (&a, status);
}

static void stands (struct stack *s, struct uuid mail, const char *how)
{
	then_text (s, how, "a mail that came in",
		   "select concat_ws(' ', i.state, i.why, i.dismissed_at is not null, m.deal_id is not null, i.contact_id is not null) "
		   "from mailer.inbound i join mailer.message m using (workspace_id, id) where i.id = '%s'",
		   id_text (mail));
}

STORY (inbox_back,
       "What waits is set aside and comes back; where somebody put a mail is taken back, with its thread and as it was; what could not be read is read")
{
	struct workspace *w = given_workspace (s, "postvak", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct uuid first = brought (s, w, "X <x@vreemd.test>", "vraag", ""),
		    second = brought (s, w, "X <x@vreemd.test>", "nogeens", "In-Reply-To: <vraag@elders.test>\r\n");
	struct uuid known = brought (s, w, "Sanne <sanne@klant.test>", "levertijd", "");
	char to[100], path[200];
	snprintf (to, sizeof to, "{\"deal_id\":\"%s\"}", id_text (deal));

	/* aside, twice said and once done; listed there, in a line without what it quotes; and back */
	done_to (s, w, first, "dismiss", "{}", 200, NULL);
	done_to (s, w, first, "dismiss", "{}", 200, NULL);
	struct web_answer a = web (s, w->key, "GET", "/api/crm/mail/dismissed", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1 && *text_at (a.json, "data.0.inbound.dismissed_at") &&
		       !strcmp (text_at (a.json, "data.0.snippet"), "Eerste regel. Tweede"),
	       "what is aside is %d: %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "GET", "/api/crm/mail/unmatched", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2 &&
		       strcmp (text_at (a.json, "data.1.id"), id_text (first)),
	       "what waits is %d: %s", a.status, a.body);
	web_free (&a);
	done_to (s, w, first, "undismiss", "{}", 200, NULL);
	then_said (s, first, "mail.received, mail.dismissed, mail.dismissed");
	stands (s, first, "unmatched f f f");
	done_to (s, w, first, "unassign", "{}", 409, "mail_not_assigned");

	/* assigned with its thread, one of which was aside; taken back by the other one */
	done_to (s, w, first, "dismiss", "{}", 200, NULL);
	done_to (s, w, second, "assign", to, 200, NULL);
	stands (s, first, "matched person f t t");
	done_to (s, w, first, "dismiss", "{}", 409, "mail_assigned");
	done_to (s, w, first, "unassign", "{}", 200, NULL);
	stands (s, first, "unmatched f f f");
	stands (s, second, "unmatched reference f f f");
	then_said (s, second, "mail.received, mail.assigned, mail.unassigned");
	/* a suggestion is one again */
	stands (s, known, "suggested sender f f t");
	done_to (s, w, known, "assign", to, 200, NULL);
	done_to (s, w, known, "unassign", "{}", 200, NULL);
	stands (s, known, "suggested sender f f t");
	settle (s);
	snprintf (path, sizeof path, "/api/crm/deals/%s/timeline?kind=email", id_text (deal));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "data.0.type"), "mail.unassigned") &&
		       !strcmp (text_at (a.json, "data.1.type"), "mail.assigned"),
	       "the deal's timeline is %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s/metrics", id_text (deal)); /* nor does it count there any more */
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && number_at (a.json, "emails") == 0, "its metrics are %d: %s", a.status, a.body);
	web_free (&a);

	/* whoever sees only their own does not see it */
	struct user own = given_user (s, "postvak-eigen@zon.test", "--workspace postvak --role sdr");
	snprintf (path, sizeof path, "/api/crm/mails/%s/dismiss", id_text (first));
	a = when_user_asks (s, &own, "POST", path, "{}");
	then_problem (&a, 404, "mail_not_found");

	/* one that ended its readers is read once more, and is what it was; one that was read is not */
	sql_do (s, "update mailer.message set subject = '', body_text = '', message_id = 'x@nameless.invalid' where id = '%s'",
		id_text (known));
	sql_do (s, "update mailer.inbound set state = 'unreadable', why = null, contact_id = null, attempts = 3 where id = '%s'",
		id_text (known));
	done_to (s, w, known, "read", "{}", 200, NULL);
	UNTIL (15000,
	       sql_number (s, "select count(*) from mailer.message where id = '%s' and subject = 'levertijd' and body_text like 'Eerste%%'",
			   id_text (known)) == 1,
	       "what was to be read once more was not");
	stands (s, known, "suggested sender f f t");
	done_to (s, w, known, "read", "{}", 409, "mail_readable");
	then_no_dead_letters (s);
}

/* ---- conversations ---- */

static void conversation_is (struct stack *s, const struct workspace *w, struct uuid thread, const char *state)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/conversations/%s", id_text (thread));
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "state"), state), "the conversation is not %s but %d: %s", state, a.status,
	       a.body);
	web_free (&a);
}

static struct uuid answered (struct stack *s, const struct workspace *w, struct uuid mail, const char *contact)
{
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mails",
		"{\"contact_id\":\"%s\",\"to\":[{\"email\":\"sanne@klant.test\"}],\"subject\":\"Re: vraag\",\"text\":\"Volgende week\",\"reply_to_id\":\"%s\",\"send_at\":\"2099-01-01T00:00:00Z\"}",
		contact, id_text (mail));
	CHECK (a.status == 201, "an answer is %d: %s", a.status, a.body);
	struct uuid id = uuid_at (a.json, "id");
	web_free (&a);
	return id;
}

static void counted (struct stack *s, const struct workspace *w, int64_t unmatched, int64_t open)
{
	struct web_answer a = web (s, w->key, "GET", "/api/crm/mail/counts", NULL);
	CHECK (a.status == 200 && json_integer_value (json_at (a.json, "data.0.unmatched")) == unmatched &&
		       json_integer_value (json_at (a.json, "data.0.open")) == open,
	       "what waits is %d: %s", a.status, a.body);
	web_free (&a);
}

STORY (inbox_talks,
       "A conversation is open while somebody waits for us, waits after an answer that goes, is open again when that is stopped, closed by people alone, and opened by what comes in")
{
	struct workspace *w = given_workspace (s, "gesprek", "nl-offerte-6");
	given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mail/accounts",
		"{\"kind\":\"smtp\",\"name\":\"Post\",\"from_email\":\"verkoop@zon.test\",\"reply_domain\":\"in.zon.test\",\"host\":\"mail.zon.test\"}");
	then_status (&a, 201);
	settle (s);
	char *contact = sql_text (s, "select id from contacts.contact where workspace_id = '%s' and email = 'sanne@klant.test'", w->id);
	char to[100], path[200], body[200];
	snprintf (to, sizeof to, "{\"contact_id\":\"%s\"}", contact);

	/* what belongs to nothing waits in the inbox, and is no conversation yet */
	struct uuid mail = brought (s, w, "Sanne <sanne@klant.test>", "vraag", "");
	counted (s, w, 1, 0);
	done_to (s, w, mail, "assign", to, 200, NULL);
	counted (s, w, 0, 1);
	a = web (s, w->key, "GET", "/api/crm/conversations?state=open", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1 &&
		       !strcmp (text_at (a.json, "data.0.contact_name"), "Sanne de Wit") &&
		       !strcmp (text_at (a.json, "data.0.snippet"), "Eerste regel. Tweede") &&
		       !strcmp (text_at (a.json, "data.0.last_direction"), "in"),
	       "conversations are %d: %s", a.status, a.body);
	struct uuid thread = uuid_at (a.json, "data.0.id");
	web_free (&a);

	/* answered: it waits; the answer is stopped: it is open; a machine's answer is none */
	struct uuid answer = answered (s, w, mail, contact);
	conversation_is (s, w, thread, "waiting");
	done_to (s, w, answer, "cancel", "{}", 200, NULL);
	conversation_is (s, w, thread, "open");
	answer = answered (s, w, mail, contact);
	brought (s, w, "Sanne <sanne@klant.test>", "afwezig", "In-Reply-To: <vraag@elders.test>\r\nAuto-Submitted: auto-replied\r\n");
	conversation_is (s, w, thread, "waiting");
	counted (s, w, 0, 0);

	/* somebody's, and closed; again is the same; who is no member deals with nothing */
	snprintf (path, sizeof path, "/api/crm/conversations/%s", id_text (thread));
	struct user dealer = given_user (s, "gesprek-doet@zon.test", "--workspace gesprek --role sales");
	UNTIL (15000, sql_number (s, "select count(*) from mailer.member where user_id = '%s'", dealer.id) == 1,
	       "mailer does not know who deals with it");
	snprintf (body, sizeof body, "{\"state\":\"done\",\"assignee_id\":\"%s\"}", dealer.id);
	for (int i = 0; i < 2; i++) {
		a = web (s, w->key, "PUT", path, "%s", body);
		then_status (&a, 200);
	}
	then_said (s, thread, "mail.received, mail.assigned, mail.thread_changed");
	a = web (s, w->key, "PUT", path, "{\"assignee_id\":\"%s\"}", w->id);
	then_problem (&a, 422, "not_a_member");
	snprintf (path, sizeof path, "/api/crm/conversations?state=done&owner=%s", dealer.id);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1, "what they deal with is %d: %s", a.status, a.body);
	web_free (&a);

	/* what comes in opens it; and all of it is told as it was said, without what machines of the house wrote */
	brought (s, w, "Sanne <sanne@klant.test>", "nogeens", "In-Reply-To: <vraag@elders.test>\r\n");
	conversation_is (s, w, thread, "open");
	snprintf (path, sizeof path, "/api/crm/conversations/%s/entries?limit=3", id_text (thread));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 3 &&
		       !strcmp (text_at (a.json, "data.2.subject"), "nogeens") &&
		       !strcmp (text_at (a.json, "data.0.id"), id_text (answer)) && !strcmp (text_at (a.json, "data.0.channel"), "email") &&
		       *text_at (a.json, "next"),
	       "what was said is %d: %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/conversations/%s/entries?limit=3&after=%s", id_text (thread), text_at (a.json, "next"));
	web_free (&a);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2 && !strcmp (text_at (a.json, "data.0.subject"), "vraag"),
	       "what was said before is %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/contacts/%s/conversation", contact);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 5, "the contact's conversation is %d: %s", a.status,
	       a.body);
	web_free (&a);

	/* an answer that did not arrive opens it, also one that was closed */
	done_to (s, w, answer, "cancel", "{}", 200, NULL);
	answer = answered (s, w, mail, contact);
	snprintf (path, sizeof path, "/api/crm/conversations/%s", id_text (thread));
	a = web (s, w->key, "PUT", path, "{\"state\":\"done\"}");
	then_status (&a, 200);
	char *named = sql_text (s, "select message_id from mailer.message where id = '%s'", id_text (answer));
	char report[1200];
	snprintf (
		report, sizeof report,
		"From: MAILER-DAEMON@mx.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=d\r\n\r\n"
		"--d\r\n\r\nNo.\r\n--d\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; sanne@klant.test\r\n"
		"Action: failed\r\nStatus: 5.2.2\r\n\r\n--d\r\nContent-Type: message/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\n\r\n--d--\r\n",
		named);
	file_brought (s, w, report);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.thread where id = '%s' and state = 'open'", id_text (thread)) == 1,
	       "an answer that came back leaves it closed");

	/* whoever sees only their own sees none of it */
	struct user own = given_user (s, "gesprek-eigen@zon.test", "--workspace gesprek --role sdr");
	a = when_user_asks (s, &own, "GET", path, NULL);
	then_problem (&a, 404, "mail_thread_not_found");
	then_no_dead_letters (s);
	free (named);
	free (contact);
}
