/* The inbox: what waits is set aside and fetched back, assigned and taken back, read once more. It must never let a mail leave this machine. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

/* As somebody brings it, read and matched; `more`: further lines of its head. */
static struct uuid brought (struct stack *s, const struct workspace *w, const char *from, const char *subject, const char *more)
{
	char path[200], body[1000];
	snprintf (path, sizeof path, "/api/crm/mails/upload?workspace=%s", w->slug);
	snprintf (
		body, sizeof body,
		"From: %s\r\nTo: verkoop@zon.test\r\nSubject: %s\r\nMessage-ID: <%s@elders.test>\r\n%s\r\nEerste regel.\r\n\r\nTweede\r\n\r\n> wat wij schreven\r\n",
		from, subject, subject, more);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST", .url = path, .key = w->key, .type = "message/rfc822", .body = body });
	CHECK (a.status == 201, "a mail as a file is %d: %s", a.status, a.body);
	struct uuid id = uuid_at (a.json, "id");
	web_free (&a);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.message where id = '%s' and subject <> ''", id_text (id)) == 1,
	       "what was brought is no mail");
	return id;
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
