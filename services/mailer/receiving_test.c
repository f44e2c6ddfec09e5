/* What a mail that came in belongs to, and what is kept of it until it is one: tables, and every fixture of a provider's door and of reports. */
#include "receiving.h"

#include <stdlib.h>
#include <string.h>
#include "test.h"

static struct arena arena;

/* ---- what it belongs to ---- */

static struct uuid id (unsigned char n)
{
	return (struct uuid){ .b = { n } };
}

static struct inbound_due due_of (void)
{
	struct inbound_due d = { .workspace_id = { id (1) },
				 .mail_id = { id (2) },
				 .mail_account_id = { id (3) },
				 .has = { .mail_account_id = HERE, .subject = HERE, .sort = HERE, .from_email = HERE },
				 .received_at = 7,
				 .readable = true,
				 .subject = "Re: Offerte",
				 .sort = "message",
				 .from_email = "sanne@klant.test" };
	return d;
}

static void answers (struct inbound_due *d, const char *by)
{
	d->found_by = by;
	d->found_id.uuid = id (4);
	d->thread_id.uuid = id (5);
	d->deal_id.uuid = id (6);
	d->contact_id.uuid = id (7);
	d->owner_id.uuid = id (8);
	d->has.found_by = d->has.found_id = d->has.thread_id = d->has.deal_id = d->has.contact_id = d->has.owner_id = HERE;
	d->found_placed = true;
}

/* state why deal thread: 2 its own, 5 that of what it answers; "trusted", "machine" */
static const char *decided (const struct inbound_due *d)
{
	static const char *const names[] = { "kept",   "read",	    "matched",	"suggested", "unmatched",
					     "bounce", "complaint", "repeated", "unreadable" };
	struct inbound_step s = inbound_decide (d);
	CHECK (uuid_equal (s.mail_id.uuid, d->mail_id.uuid) && s.at == 7 && s.has.mail_account_id == d->has.mail_account_id);
	CHECK (s.state == mail_inbound_state_suggested || (s.has.may_deal_id == s.has.deal_id && s.has.may_contact_id == s.has.contact_id));
	return arena_printf (&arena, "%s %s %d %d%s%s", names[s.state], s.has.why == HERE ? s.why : "-",
			     s.has.deal_id == HERE ? s.deal_id.uuid.b[0] : 0, s.thread_id.uuid.b[0], s.trusted ? " trusted" : "",
			     s.machine ? " machine" : "");
}

static void places (void)
{
	struct inbound_due d = due_of ();
	CHECK_TEXT (decided (&d), "unmatched - 0 2");
	d.has.person_id = HERE; /* somebody of that address is known: a suggestion, no more */
	CHECK_TEXT (decided (&d), "suggested sender 0 2");
	answers (&d, "reference");
	CHECK_TEXT (decided (&d), "matched reference 6 5");
	d.agrees = d.aligned = true; /* who knows a Message-ID may have been forwarded it */
	CHECK_TEXT (decided (&d), "matched reference 6 5");
	answers (&d, "token");
	CHECK_TEXT (decided (&d), "matched token 6 5 trusted");
	d.aligned = false;
	CHECK_TEXT (decided (&d), "matched token 6 5");
	d.aligned = true, d.agrees = false;
	CHECK_TEXT (decided (&d), "matched token 6 5");
	d.loops = true;
	CHECK_TEXT (decided (&d), "matched token 6 5 machine");
	d.loops = false, d.machine = true;
	CHECK_TEXT (decided (&d), "matched token 6 5 machine");

	/* what it answers belongs to nothing itself: the same thread, and it waits too */
	d = due_of ();
	answers (&d, "reference");
	d.has.deal_id = d.has.contact_id = d.has.owner_id = ABSENT;
	d.found_placed = false;
	d.has.person_id = HERE;
	CHECK_TEXT (decided (&d), "unmatched reference 0 5");

	/* reports: of a mail of ours, and of one that nobody knows */
	d = due_of ();
	d.sort = "bounce", d.machine = true;
	CHECK_TEXT (decided (&d), "unmatched - 0 2 machine");
	answers (&d, "report");
	CHECK_TEXT (decided (&d), "bounce report 6 5 machine");
	d.sort = "complaint";
	CHECK_TEXT (decided (&d), "complaint report 6 5 machine");
	d.sort = "report"; /* delayed, or arrived */
	CHECK_TEXT (decided (&d), "matched report 6 5 machine");

	/* nothing can be read */
	d = due_of ();
	d.readable = false;
	d.has.subject = d.has.sort = d.has.from_email = ABSENT;
	CHECK_TEXT (decided (&d), "unreadable - 0 2");
	CHECK_TEXT (inbound_decide (&d).subject, "");
}

static void brought (void)
{
	struct inbound_due d = due_of ();
	d.has.same_id = HERE;
	answers (&d, "token");
	CHECK_TEXT (decided (&d), "repeated - 0 2");
	d.has.uploaded_by = HERE; /* whoever brings it wants it there */
	d.uploaded_by.uuid = id (9);
	CHECK_TEXT (decided (&d), "matched token 6 5");
	d.asked_deal_id.uuid = id (10);
	d.asked_owner_id.uuid = id (11);
	d.has.asked_deal_id = d.has.asked_owner_id = HERE;
	CHECK_TEXT (decided (&d), "matched person 10 5");
	CHECK (inbound_decide (&d).owner_id.uuid.b[0] == 11);
	CHECK (inbound_decide (&d).has.contact_id != HERE); /* that deal has none; not the other one's */
	d = due_of ();
	d.has.uploaded_by = HERE;
	d.uploaded_by.uuid = id (9);
	CHECK_TEXT (decided (&d), "unmatched - 0 2");
	CHECK (inbound_decide (&d).owner_id.uuid.b[0] == 9); /* whoever brought it sees it */
}

static void suggestions (void)
{
	static const char *const sent[] = { "Uw afspraak", "Offerte zonwering", "Offerte", "offerte" };
	struct inbound_candidate c[LENGTH (sent)];
	memset (c, 0, sizeof c);
	for (size_t i = 0; i < LENGTH (sent); i++)
		c[i].subject = sent[i];
	CHECK (inbound_suggest (&arena, "Antw: OFFERTE", c, LENGTH (c)) == &c[2]);
	CHECK (inbound_suggest (&arena, "Fwd: Re: Uw afspraak ", c, LENGTH (c)) == &c[0]);
	CHECK (!inbound_suggest (&arena, "Offerte 2", c, LENGTH (c)));
	CHECK (!inbound_suggest (&arena, "Re:", c, LENGTH (c)));
	CHECK (!inbound_suggest (&arena, "Offerte", c, 0));
}

/* ---- what is kept of it ---- */

static struct bytes file_read (const char *path)
{
	FILE *f = fopen (path, "r");
	size_t room = 1 << 20;
	unsigned char *at = arena_alloc (&arena, room);
	struct bytes ret = { at, f ? fread (at, 1, room, f) : 0 };
	CHECK (f && ret.n);
	if (f)
		fclose (f);
	return ret;
}

/* Some members of what is kept, as text. */
static const char *kept (const char *type, bool brought_so, struct bytes bytes)
{
	static const char *const members[] = { "from_name", "subject", "message_id", "in_reply_to", "refs",	"references", "tokens",
					       "sort",	    "machine", "aligned",    "original_id", "failures", "addressed",  "canary" };
	struct inbound in;
	mail_inbound_read (&arena, type, brought_so, bytes, &in);
	json_t *o = reading_json (&arena, &in), *out = json_object ();
	CHECK (json_is_string (json_object_get (o, "text")) && json_is_integer (json_object_get (o, "own")));
	for (size_t i = 0; i < LENGTH (members); i++)
		if (json_object_get (o, members[i]))
			json_object_set (out, members[i], json_object_get (o, members[i]));
	char *text = json_dumps (out, JSON_COMPACT);
	const char *ret = arena_text (&arena, text);
	free (text);
	json_decref (out);
	json_decref (o);
	return ret;
}

static void fixtures (void)
{
	static const char *const doors[] = { "tests/fixtures/sendgrid/inbound-parse-raw.body.multipart",
					     "tests/fixtures/sendgrid/inbound-parse.body.multipart" };
	static const char reply[] =
		"{\"from_name\":\"Sanne de Wit\",\"subject\":\"Re: Offerte OF-2026-0042\",\"message_id\":\"CAF0002@mail.example.com\","
		"\"in_reply_to\":\"msg_01JD7Q3K5M@crm.example.org\",\"refs\":\"<CAF0001@mail.example.com> <msg_01JD7Q3K5M@crm.example.org>\","
		"\"references\":[\"msg_01JD7Q3K5M@crm.example.org\",\"CAF0001@mail.example.com\"],\"tokens\":[\"r7k2m9q4x8w3\"],\"sort\":\"message\","
		"\"machine\":false,\"aligned\":true,\"failures\":[],\"addressed\":[{\"kind\":\"to\",\"email\":\"reply+r7k2m9q4x8w3@reply.example.org\","
		"\"name\":\"Zonwering Voorbeeld\"}]}";
	for (int i = 0; i < 2; i++)
		CHECK_TEXT (kept ("multipart/form-data; boundary=xYzZY", false, file_read (doors[i])), reply);
	CHECK_TEXT (
		kept ("", true, file_read ("tests/fixtures/email/bounce-dsn-5.1.1.eml")),
		"{\"from_name\":\"Mail Delivery System\",\"subject\":\"Undelivered Mail Returned to Sender\",\"message_id\":"
		"\"20261121101600.DSN1@mx.example.com\",\"references\":[],\"tokens\":[],\"sort\":\"bounce\",\"machine\":true,\"aligned\":false,"
		"\"original_id\":\"msg_01JD7Q3K5M@crm.example.org\",\"failures\":[{\"email\":\"weg@example.com\",\"action\":\"failed\",\"status\":"
		"\"5.1.1\",\"why\":\"550 5.1.1 <weg@example.com>: Recipient address rejected: User unknown\"}],\"addressed\":[{\"kind\":\"to\","
		"\"email\":\"bounce+msg_01jd7q3k5m=9f2c@bounce.example.org\"}]}");
	CHECK (strstr (kept ("", true, file_read ("tests/fixtures/email/complaint-arf.eml")),
		       "\"sort\":\"complaint\",\"machine\":true,\"aligned\":false,\"original_id\":\"msg_01JD7Q3K5M@crm.example.org\""));
}

/* Where a mail came in says more than its head; only when nobody tells is the head asked. */
static void envelopes (void)
{
	static const char form[] =
		"--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nTo: reply+aaaaaaaaaaaaaaaa@in.zon.test\r\nSubject: x\r\n\r\nx\r\n"
		"--b\r\nContent-Disposition: form-data; name=\"envelope\"\r\n\r\n{\"to\":[\"info@in.zon.test\"],\"from\":\"x@y.test\"}\r\n--b--\r\n";
	static const char eml[] = "Delivered-To: reply+bbbbbbbbbbbbbbbb@in.zon.test\r\nTo: reply+aaaaaaaaaaaaaaaa@in.zon.test\r\n"
				  "Cc: Jan <jan@x.test>, reply+cccccccccccccccc@in.zon.test\r\nSubject: x\r\n\r\nx";
	CHECK (strstr (kept ("multipart/form-data; boundary=b", false, (struct bytes){ (const unsigned char *) form, sizeof form - 1 }),
		       "\"tokens\":[]"));
	CHECK (strstr (kept ("", true, (struct bytes){ (const unsigned char *) eml, sizeof eml - 1 }),
		       "\"tokens\":[\"bbbbbbbbbbbbbbbb\",\"aaaaaaaaaaaaaaaa\",\"cccccccccccccccc\"]"));
	CHECK (strstr (kept ("text/plain", false, (struct bytes){ (const unsigned char *) "\0\xff no mail", 10 }), "\"sort\":\"message\""));
}

/* A mail to oneself is known by its Message-ID, by its subject where a server gave it another one, and by what speaks of it. */
static void canaries (void)
{
	static const struct {
		const char *mail;
		bool known;
	} cases[] = {
		{ "Message-ID: <canary.abcdefghijklmnopqrstuvwx@zon.test>\r\nSubject: x\r\n\r\nx", true },
		{ "Message-ID: <1@ses.test>\r\nAuto-Submitted: auto-generated\r\nSubject: Leadwire checks this address (canary.abcdefghijklmnopqrstuvwx)\r\n\r\nx",
		  true },
		{ "Message-ID: <2@x.test>\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <canary.abcdefghijklmnopqrstuvwx@zon.test>\r\nSubject: Afwezig\r\n\r\nx",
		  true },
		/* who writes about it is no canary */
		{ "Message-ID: <5@x.test>\r\nIn-Reply-To: <canary.abcdefghijklmnopqrstuvwx@zon.test>\r\nSubject: Re: what is canary.abcdefghijklmnopqrstuvwx?\r\n\r\nx",
		  false },
		{ "Message-ID: <3@x.test>\r\nSubject: my canary. It sings\r\n\r\ncanary.abcdefghijklmnopqrstuvwx", false },
		{ "Message-ID: <4@x.test>\r\nSubject: canary.abcdefghijklmnopqrstuvwxyz\r\n\r\nx", false },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		struct bytes bytes = { (const unsigned char *) cases[i].mail, strlen (cases[i].mail) };
		CHECK (!!strstr (kept ("", true, bytes), "\"canary\":\"abcdefghijklmnopqrstuvwx\"") == cases[i].known);
	}
}

int main (void)
{
	arena_init (&arena);
	places ();
	brought ();
	suggestions ();
	fixtures ();
	envelopes ();
	canaries ();
	arena_fini (&arena);
	return test_end ();
}
