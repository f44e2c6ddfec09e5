/* Mail that comes in (S0-7): by a provider's door and as a file; matched, suggested or listed; reports that move a state; nothing that is lost, nothing that is
 * believed because its own head says so. It must never let a mail leave this machine. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

struct post given_post (struct stack *s, const struct workspace *w)
{
	struct post p;
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mail/accounts",
		"{\"kind\":\"smtp\",\"name\":\"Post\",\"from_email\":\"verkoop@zon.test\",\"reply_domain\":\"in.zon.test\",\"host\":\"mail.zon.test\"}");
	CHECK (a.status == 201 && *text_at (a.json, "hook"), "an account is %d: %s", a.status, a.body);
	/* the address that is told is the one that works, also where nothing stands in front */
	snprintf (p.hook, sizeof p.hook, "%s/inbound", text_at (a.json, "hook_url"));
	snprintf (p.account, sizeof p.account, "%s", text_at (a.json, "id"));
	web_free (&a);
	return p;
}

/* As Inbound Parse posts it in raw mode; `envelope`: whom it was delivered to. */
static struct web_answer came (struct stack *s, const struct post *p, const char *envelope, const char *from, const char *mail)
{
	char *body = heap_alloc (strlen (mail) + 2000);
	sprintf (
		body,
		"--xYzZY\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n%s\r\n--xYzZY\r\nContent-Disposition: form-data; name=\"envelope\"\r\n\r\n"
		"{\"to\":[\"%s\"],\"from\":\"%s\"}\r\n--xYzZY\r\nContent-Disposition: form-data; name=\"SPF\"\r\n\r\npass\r\n--xYzZY--\r\n",
		mail, envelope, from);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST", .url = p->hook, .type = "multipart/form-data; boundary=xYzZY", .body = body });
	heap_free (body);
	return a;
}

void mails_taken (struct stack *s, const struct workspace *w, int64_t n)
{
	UNTIL (15000,
	       sql_number (s, "select count(*) from mailer.inbound where workspace_id = '%s' and state not in ('kept', 'read')", w->id) ==
		       n,
	       "not everything that came became a mail");
}

static struct uuid mail_of (struct stack *s, const struct workspace *w, const char *subject)
{
	struct uuid ret;
	char *id = sql_text (s, "select id from mailer.message where workspace_id = '%s' and direction = 'in' and subject = '%s'", w->id,
			     subject);
	CHECK (uuid_parse (id, &ret) == OK, "there is no mail called %s", subject);
	free (id);
	return ret;
}

static const char reply_form[] =
	"From: Sanne de Wit <sanne@klant.test>\r\nTo: reply+%s@in.zon.test\r\nSubject: Re: Offerte zonwering\r\nMessage-ID: <antwoord-1@klant.test>\r\n"
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
	"<p>Akkoord!</p><script>alert(1)</script><img src=\"https://spion.test/x.gif\"><img src=\"cid:foto@x\">\r\n--m\r\n"
	"Content-Type: image/png\r\nContent-ID: <foto@x>\r\nContent-Disposition: inline; filename=\"foto.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\r\n--m--\r\n";

STORY (mail_comes_in,
       "A reply lands on the deal by its token, its files with it; a stranger's is listed until somebody assigns it; reports move whom they name; nothing is lost")
{
	struct workspace *w = given_workspace (s, "inkomend", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct post post = given_post (s, w);
	char body[2000], path[200];
	snprintf (
		body, sizeof body,
		"{\"deal_id\":\"%s\",\"to\":[{\"email\":\"sanne@klant.test\"},{\"email\":\"weg@klant.test\"}],\"subject\":\"Offerte zonwering\","
		"\"text\":\"Beste Sanne\",\"send_at\":\"2099-01-01T00:00:00Z\"}",
		id_text (deal));
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mails", "%s", body);
	CHECK (a.status == 201, "a mail is %d: %s", a.status, a.body);
	struct uuid sent = uuid_at (a.json, "id");
	web_free (&a);
	char *token = sql_text (s, "select token from mailer.message where id = '%s'", id_text (sent));
	char *named = sql_text (s, "select message_id from mailer.message where id = '%s'", id_text (sent));

	/* the reply: on the deal, in its thread; the same again is the same */
	char reply[2000], to[200];
	snprintf (reply, sizeof reply, reply_form, token);
	snprintf (to, sizeof to, "reply+%s@in.zon.test", token);
	a = came (s, &post, to, "sanne@klant.test", reply);
	then_status (&a, 200);
	a = came (s, &post, to, "sanne@klant.test", reply);
	then_status (&a, 200);
	mails_taken (s, w, 1);
	struct uuid answer = mail_of (s, w, "Re: Offerte zonwering");
	then_text (s, "matched token t", "the reply", "select concat_ws(' ', state, why, trusted) from mailer.inbound where id = '%s'",
		   id_text (answer));
	then_number (s, 1, "mails that are on the deal and in its thread",
		     "select count(*) from mailer.message where id = '%s' and deal_id = '%s' and thread_id = '%s' and not auto",
		     id_text (answer), id_text (deal), id_text (sent));
	then_number (s, 1, "accounts that say when something came",
		     "select count(*) from mailer.account where id = '%s' and last_received_at is not null", post.account);
	then_said (s, answer, "mail.received");
	settle (s);
	snprintf (path, sizeof path, "/api/crm/deals/%s/timeline?kind=email", id_text (deal));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "data.0.type"), "mail.received") &&
		       !strcmp (text_at (a.json, "data.0.data.subject"), "Re: Offerte zonwering"),
	       "the deal's timeline is %d: %s", a.status, a.body);
	web_free (&a);
	/* what it looks like: no script, nothing from elsewhere before somebody asks, its own picture */
	snprintf (path, sizeof path, "/api/crm/mails/%s/html", id_text (answer));
	a = web (s, w->key, "GET", path, NULL);
	char header[400];
	CHECK (a.status == 200 && strstr (a.body, "<p>Akkoord!</p>") && !strstr (a.body, "script") && !strstr (a.body, "spion") &&
		       strstr (a.body, "\"data:image/png;base64,iVBORw0KGgo"),
	       "its HTML is %d: %s", a.status, a.body);
	CHECK (web_header (&a, "Content-Security-Policy", header, sizeof header) && strstr (header, "sandbox") &&
		       !strstr (header, "https:") && !strstr (header, "allow-scripts") &&
		       web_header (&a, "CRM-Remote-Images", header, sizeof header) && !strcmp (header, "1"),
	       "its headers are %s", a.headers);
	web_free (&a);
	strcat (path, "?images=1");
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, "https://spion.test/x.gif") && !strstr (a.body, "alert"), "with images: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/mails/%s/file?n=1&inline=1", id_text (answer));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && a.n == 70 && !memcmp (a.body, "\x89PNG", 4), "its picture is %d, %zu bytes", a.status, a.n);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s/files",
		  id_text (deal)); /* a picture in the text is no file to whoever looks for one */
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 0, "the deal's files are %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/mails/%s/file?n=2", id_text (answer));
	a = web (s, w->key, "GET", path, NULL);
	then_problem (&a, 404, "file_not_found");

	/* a stranger; somebody known by their subject; what is no mail at all: listed, the latest first */
	a = came (s, &post, "info@in.zon.test", "x@vreemd.test",
		  "From: X <x@vreemd.test>\r\nSubject: Vraag\r\nMessage-ID: <v@vreemd.test>\r\n\r\nHoi\r\n");
	then_status (&a, 200);
	a = came (s, &post, "reply+aaaaaaaaaaaaaaaaaaaa@in.zon.test", "sanne@klant.test",
		  "From: sanne@klant.test\r\nSubject: Antw: offerte ZONWERING\r\n\r\nNog iets\r\n");
	then_status (&a, 200);
	a = web_ask (s, &(struct web_request){ .method = "POST", .url = post.hook, .type = "text/plain", .body = "\xff no form" });
	then_status (&a, 200);
	mails_taken (s, w, 4);
	a = web (s, w->key, "GET", "/api/crm/mail/unmatched", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 3, "unmatched is %d: %s", a.status, a.body);
	CHECK (!strcmp (text_at (a.json, "data.1.inbound.state"), "suggested") &&
		       !strcmp (text_at (a.json, "data.1.inbound.why"), "subject") &&
		       !strcmp (text_at (a.json, "data.1.inbound.deal_id"), id_text (deal)) &&
		       !strcmp (text_at (a.json, "data.2.inbound.state"), "unmatched"),
	       "unmatched says %s", a.body);
	web_free (&a);
	struct uuid strange = mail_of (s, w, "Vraag");
	snprintf (path, sizeof path, "/api/crm/mails/%s/assign", id_text (strange));
	a = web (s, w->key, "POST", path, "{}");
	then_problem (&a, 422, "invalid");
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\"}", id_text (deal));
	a = web (s, w->key, "POST", path, "%s", body);
	then_status (&a, 200);
	a = web (s, w->key, "POST", path, "%s", body);
	then_problem (&a, 409, "mail_assigned");
	then_said (s, strange, "mail.received, mail.assigned");
	struct uuid likely = mail_of (s, w, "Antw: offerte ZONWERING");
	snprintf (path, sizeof path, "/api/crm/mails/%s/assign", id_text (likely));
	a = web (s, w->key, "POST", path, "%s", body);
	then_status (&a, 200);
	then_number (s, 1, "mails that went into the thread they were suggested for",
		     "select count(*) from mailer.message where id = '%s' and thread_id = '%s'", id_text (likely), id_text (sent));

	/* reports: by the Message-ID, and only of whom that mail went to */
	char report[1500];
	snprintf (
		report, sizeof report,
		"From: MAILER-DAEMON@mx.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; "
		"boundary=d\r\n\r\n--d\r\n\r\nIt could not be delivered.\r\n--d\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
		"Final-Recipient: rfc822; Weg@klant.test\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
		"Final-Recipient: rfc822; ander@klant.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--d\r\nContent-Type: message/rfc822-headers\r\n\r\n"
		"Message-ID: <%s>\r\n\r\n--d--\r\n",
		named);
	a = came (s, &post, "verkoop@in.zon.test", "", report);
	then_status (&a, 200);
	snprintf (
		report, sizeof report,
		"From: fbl@isp.test\r\nSubject: complaint\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=d\r\n\r\n"
		"--d\r\n\r\nabuse\r\n--d\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"
		"Original-Rcpt-To: sanne@klant.test\r\n\r\n--d\r\nContent-Type: message/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\n\r\n--d--\r\n",
		named);
	a = came (s, &post, "verkoop@in.zon.test", "", report);
	then_status (&a, 200);
	mails_taken (s, w, 6);
	then_text (s, "complained,bounced", "whom the reports name",
		   "select string_agg(state, ',' order by n) from mailer.recipient where message_id = '%s'", id_text (sent));
	then_text (s, "sanne@klant.test complained,weg@klant.test bounced", "who gets no mail any more",
		   "select string_agg(email || ' ' || reason, ',' order by email) from mailer.suppression where workspace_id = '%s'",
		   w->id);

	/* as a file, to where one says; a loop is a machine's */
	snprintf (path, sizeof path, "/api/crm/mails/upload?deal_id=%s", id_text (deal));
	a = web_ask (s,
		     &(struct web_request){
			     .method = "POST",
			     .url = path,
			     .key = w->key,
			     .type = "message/rfc822",
			     .body = "From: oud@klant.test\r\nSubject: Van vroeger\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
				     "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nDag\r\n--m\r\nContent-Type: text/csv\r\n"
				     "Content-Disposition: attachment; filename=lijst.csv\r\n\r\nnaam;prijs\r\n--m--\r\n" });
	CHECK (a.status == 201, "a file is %d: %s", a.status, a.body);
	struct uuid old = uuid_at (a.json, "id");
	web_free (&a);
	mails_taken (s, w, 7);
	then_text (
		s, "matched person t", "the file",
		"select concat_ws(' ', i.state, i.why, m.auto) from mailer.inbound i join mailer.message m on m.id = i.id where i.id = '%s' and m.deal_id is not null",
		id_text (old));

	snprintf (path, sizeof path, "/api/crm/deals/%s/files", id_text (deal));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "data.0.name"), "lijst.csv"), "the deal's files are %d: %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/files/%s", text_at (a.json, "data.0.id"));
	web_free (&a);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && a.n == 10 && !memcmp (a.body, "naam;prijs", 10), "its file is %d: %s", a.status, a.body);
	web_free (&a);

	/* one that ended its readers three times is listed and can be assigned; one whose file is away waits for it; neither stops another */
	sql_do (s,
		"insert into mailer.inbound (workspace_id, id, account_id, received_at, sha256, type, size, state, attempts, lease_until, trusted) values "
		"('%1$s', gen_random_uuid(), '%2$s', now() - interval '1 h', 'x1', 'x', 1, 'kept', 3, now() - interval '1 min', false), "
		"('%1$s', gen_random_uuid(), '%2$s', now() - interval '1 h', repeat('0', 64), 'x', 1, 'kept', 0, null, false)",
		w->id, post.account);
	a = came (s, &post, "info@in.zon.test", "y@vreemd.test", "From: Y <y@vreemd.test>\r\nSubject: Daarna\r\n\r\nHoi\r\n");
	then_status (&a, 200);
	mails_taken (s, w, 9);
	a = web (s, w->key, "GET", "/api/crm/mail/unmatched?limit=100", NULL);
	CHECK (a.status == 200 && strstr (a.body, "\"unreadable\"") && strstr (a.body, "Daarna"), "unmatched says %s", a.body);
	web_free (&a);
	then_number (
		s, 1, "mails that wait for their file",
		"select count(*) from mailer.inbound where state = 'kept' and attempts = 0 and fault is not null and lease_until > now() and workspace_id = '%s'",
		w->id);
	sql_do (s, "delete from mailer.inbound where sha256 = repeat('0', 64)"); /* the doctor of this house would miss its file */

	/* how busy one was with it: what came counts, a machine's does not, and none of it is an answer of ours */
	settle (s);
	snprintf (path, sizeof path, "/api/crm/deals/%s/metrics", id_text (deal));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && number_at (a.json, "emails") == 3 && json_is_null (json_at (a.json, "response_minutes")),
	       "its metrics are %d: %s", a.status, a.body);
	web_free (&a);

	/* no key, no mail */
	post.hook[strlen (post.hook) - strlen ("x/inbound")] ^= 1;
	a = came (s, &post, to, "sanne@klant.test", reply);
	CHECK (a.status >= 401 && a.status <= 404, "a wrong key is %d", a.status);
	web_free (&a);
	then_no_dead_letters (s);
	free (token);
	free (named);
}

STORY (mail_in_forgotten,
       "Who is forgotten takes along what came from them: the message as it came, its files, its texts; a stranger's stays")
{
	struct workspace *w = given_workspace (s, "vergeten-post", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct post post = given_post (s, w);
	char reply[2000], body[300];
	settle (s);
	char *contact = sql_text (s, "select id from contacts.contact where workspace_id = '%s' and email = 'sanne@klant.test'", w->id);
	snprintf (reply, sizeof reply, reply_form, "aaaaaaaaaaaaaaaaaaaa");
	struct web_answer a = came (s, &post, "info@in.zon.test", "sanne@klant.test", reply);
	then_status (&a, 200);
	a = came (s, &post, "info@in.zon.test", "x@vreemd.test", "From: X <x@vreemd.test>\r\nSubject: Vraag\r\n\r\nHoi\r\n");
	then_status (&a, 200);
	mails_taken (s, w, 2);
	then_text (s, "suggested sender", "somebody known", "select concat_ws(' ', state, why) from mailer.inbound where contact_id = '%s'",
		   contact);
	/* what nobody ever assigned: suggested by its sender, and what only its address says */
	a = came (
		s, &post, "info@in.zon.test", "sanne@klant.test",
		"From: Sanne <sanne@klant.test>\r\nSubject: Iets persoonlijks\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
		"--m\r\n\r\nHet gaat niet goed\r\n--m\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; "
		"filename=brief.csv\r\n\r\nx\r\n--m--\r\n");
	then_status (&a, 200);
	mails_taken (s, w, 3);
	struct uuid loose = mail_of (s, w, "Iets persoonlijks");
	then_number (s, 1, "files of what was never assigned", "select count(*) from mailer.attachment where message_id = '%s'",
		     id_text (loose));
	struct uuid mail = mail_of (s, w, "Re: Offerte zonwering");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/mails/%s/assign", id_text (mail));
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\"}", id_text (deal));
	a = web (s, w->key, "POST", path, "%s", body);
	then_status (&a, 200);
	then_number (s, 1, "files of it", "select count(*) from mailer.attachment where message_id = '%s'", id_text (mail));
	snprintf (path, sizeof path, "/api/crm/persons/export?contact_id=%s", contact);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && memmem (a.body, a.n, "-foto.png", 9) && memmem (a.body, a.n, "Akkoord", 7),
	       "what is known of them is %d, %zu bytes", a.status, a.n);
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/erasures", "{\"contact_id\":\"%s\"}", contact);
	CHECK (a.status < 300, "forgetting is %d: %s", a.status, a.body);
	web_free (&a);
	UNTIL (20000, sql_number (s, "select count(*) from mailer.inbound where workspace_id = '%s'", w->id) == 1,
	       "what came from them is kept");
	then_number (s, 0, "files of it", "select count(*) from mailer.attachment where message_id = '%s'", id_text (mail));
	UNTIL (20000,
	       sql_number (s, "select count(*) from mailer.message m where m.id = '%s' and to_jsonb(m)::text ~* 'sanne|akkoord'",
			   id_text (mail)) == 0,
	       "its texts are kept");
	then_number (s, 0, "what is left of a mail that was never assigned",
		     "select count(*) from mailer.message m where m.id = '%1$s' and (to_jsonb(m)::text ~* 'sanne|persoonlijks|goed' or "
		     "exists (select from mailer.attachment f where f.message_id = '%1$s'))",
		     id_text (loose));
	then_text (s, "Vraag,erased,erased", "what threads are called",
		   "select string_agg(subject, ',' order by subject collate \"C\") from mailer.thread where workspace_id = '%s'", w->id);
	then_text (s, "Vraag", "the stranger's",
		   "select m.subject from mailer.message m join mailer.inbound i using (workspace_id, id) where workspace_id = '%s'",
		   w->id);
	free (contact);
}
