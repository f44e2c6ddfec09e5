/* Mail as it comes in: every fixture, and messages with missing, odd or hostile headers (N12). What is read of each stands beside it; none may crash, and none
 * may say nothing when there is something. */
#include "mime.h"

#include <stdlib.h>
#include "inbound.h"
#include "test.h"

static struct arena arena;

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

/* from|subject|its own text|files|automatic, each as it was read; \n is / */
static const char *told (const struct mail *m)
{
	static char out[8000];
	size_t n = (size_t) snprintf (out, sizeof out, "%s%s%s|%.200s|%.*s|", m->from.name, *m->from.name ? " " : "", m->from.email,
				      m->subject, (int) (m->own_n < 300 ? m->own_n : 300), m->text);
	for (size_t i = 0; i < m->files && n < 4000; i++)
		n += (size_t) snprintf (out + n, sizeof out - n, "%s%.100s %s %zu", i ? "," : "", m->file[i].name, m->file[i].type,
					m->file[i].bytes.n);
	n += (size_t) snprintf (out + n, sizeof out - n, "|");
	for (int i = 0; i < MAIL_WHY_COUNT; i++)
		if (m->automatic >> i & 1)
			n += (size_t) snprintf (out + n, sizeof out - n, "%s ", mail_why_names[i]);
	for (char *p = out; *p; p++)
		*p = *p == '\n' ? '/' : *p;
	if (n && out[n - 1] == ' ')
		out[n - 1] = '\0';
	return out;
}

static const char *reads (const char *raw, size_t n)
{
	struct mail m;
	mail_read (&arena, (struct bytes){ (const unsigned char *) raw, n }, &m);
	CHECK (m.text && m.subject && m.from.email && m.own_n <= strlen (m.text));
	return told (&m);
}

/* ---- fixtures ---- */

static void fixtures (void)
{
	struct mail m;
	mail_read (&arena, file_read ("tests/fixtures/email/outbound-smtp.eml"), &m);
	CHECK_TEXT (told (&m),
		    "Zonwering Voorbeeld verkoop@example.org|Offerte OF-2026-0042 – café|Beste René,/De offerte kost € 1.210,00.|"
		    "OF-2026-0042.pdf application/pdf 15|");
	CHECK_TEXT (m.message_id, "msg_01JD7Q3K5M@crm.example.org");
	CHECK_TEXT (m.html, "<p>Beste René,</p>");
	CHECK (m.to_n == 1 && m.references == 0 && m.sent_at == 1795256100000000LL && memcmp (m.file[0].bytes.at, "%PDF-1.4", 8) == 0);
	CHECK_TEXT (m.to[0].name, "René Brûlé");
	CHECK_TEXT (m.reply_to.email, "reply+r7k2m9q4x8w3@reply.example.org");

	mail_read (&arena, file_read ("tests/fixtures/email/bounce-dsn-5.1.1.eml"), &m);
	CHECK_TEXT (told (&m), "Mail Delivery System MAILER-DAEMON@mx.example.com|Undelivered Mail Returned to Sender|"
			       "Your message could not be delivered.||auto_submitted no_sender report");
	CHECK (m.sort == MAIL_BOUNCE && m.failures == 1);
	CHECK_TEXT (m.failure[0].email, "weg@example.com");
	CHECK_TEXT (m.failure[0].status, "5.1.1");
	CHECK_TEXT (m.failure[0].why, "550 5.1.1 <weg@example.com>: Recipient address rejected: User unknown");
	CHECK_TEXT (m.original_id, "msg_01JD7Q3K5M@crm.example.org");
	CHECK_TEXT (m.to[0].email, "bounce+msg_01JD7Q3K5M=9f2c@bounce.example.org");

	mail_read (&arena, file_read ("tests/fixtures/email/complaint-arf.eml"), &m);
	CHECK_TEXT (told (&m), "feedback@isp.example|complaint|This is an email abuse report.||report");
	CHECK (m.sort == MAIL_COMPLAINT);
	CHECK_TEXT (m.original_id, "msg_01JD7Q3K5M@crm.example.org");
	CHECK_TEXT (m.original_from, "bounce+msg_01JD7Q3K5M=9f2c@bounce.example.org");
}

static void doors (void)
{
	static const char *const files[] = { "tests/fixtures/sendgrid/inbound-parse-raw.body.multipart",
					     "tests/fixtures/sendgrid/inbound-parse.body.multipart" };
	for (int i = 0; i < 2; i++) {
		struct inbound in;
		inbound_read (&arena, "multipart/form-data; boundary=xYzZY", file_read (files[i]), &in);
		CHECK_TEXT (told (&in.mail), i ? "Sanne de Wit sanne.dewit@example.com|Re: Offerte OF-2026-0042|Akkoord! Groet, Sanne|"
						 "handtekening.pdf application/pdf 15|"
					       : "Sanne de Wit sanne.dewit@example.com|Re: Offerte OF-2026-0042|Akkoord! Groet, Sanne||");
		CHECK (!in.broken && in.is_form == (i == 1) && in.aligned && in.envelopes == 1);
		CHECK_TEXT (token_of_address (&arena, in.envelope[0]), "r7k2m9q4x8w3");
		CHECK_TEXT (in.envelope_from, "sanne.dewit@example.com");
		CHECK_TEXT (in.mail.message_id, "CAF0002@mail.example.com");
		CHECK (in.mail.references == 2);
		CHECK_TEXT (in.mail.reference[0], "msg_01JD7Q3K5M@crm.example.org");
		CHECK_TEXT (in.mail.reference[1], "CAF0001@mail.example.com");
		CHECK (strstr (in.mail.text + in.mail.own_n, "> Beste Sanne,"));
	}
}

static const char *form_told (const char *body, struct inbound *in)
{
	inbound_read (&arena, "multipart/form-data; boundary=b", (struct bytes){ (const unsigned char *) body, strlen (body) }, in);
	return told (&in->mail);
}

#define FIELD(name, value) "--b\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static void forms (void)
{
	struct inbound in;
	CHECK_TEXT (form_told (FIELD ("charsets", "{\"text\":\"iso-8859-1\",\"subject\":\"windows-1252\",\"html\":\"koi8-r\"}")
				       FIELD ("text", "Caf\xE9") FIELD ("subject", "Prijs \x80 5") FIELD ("html", "\xD0\xD2\xC9")
					       FIELD ("from", "a@b.example") "--b--",
			       &in),
		    "a@b.example|Prijs € 5|Café||");
	CHECK_TEXT (in.mail.html, "при");
	CHECK (!in.aligned);
	CHECK_TEXT (form_told (FIELD ("html", "<p>Hoi<p>daar") FIELD ("from", "x")
				       FIELD ("envelope", "{\"to\":[\"q@r.example\",7],\"from\":\"\"}") "--b--",
			       &in),
		    "||Hoi//daar||no_sender");
	CHECK (in.envelopes == 1);
	CHECK_TEXT (form_told (FIELD ("charsets", "[") FIELD ("envelope", "{\"to\":\"q@r.example\"}")
				       FIELD ("attachment-info", "7") "--b--",
			       &in),
		    "||||");
	CHECK (!in.envelopes && !in.broken);
	CHECK_TEXT (form_told ("nothing at all", &in), "||||");
	CHECK (in.broken && in.raw.n == 14);
	CHECK_TEXT (form_told (FIELD ("email", "From: a@good.example\r\n\r\nhi") FIELD ("dkim", "{@evil.example : pass}")
				       FIELD ("SPF", "pass") FIELD ("envelope", "{\"to\":[],\"from\":\"a@evil.example\"}") "--b--",
			       &in),
		    "a@good.example||hi||");
	CHECK (!in.aligned);
	form_told (FIELD ("email", "From: a@mail.good.example\r\n\r\nhi")
			   FIELD ("dkim", "{@x.example : fail, @good.example : pass}") "--b--",
		   &in);
	CHECK (in.aligned);
	form_told (FIELD ("email", "From: a@notgood.example\r\n\r\nhi") FIELD ("dkim", "{@good.example : pass, @example : pass}") "--b--",
		   &in);
	CHECK (!in.aligned);
}

/* ---- odd and hostile ---- */

#define HEAD "From: a@b.example\r\nSubject: s\r\n"

static const struct {
	const char *raw, *wanted;
} odd[] = {
	/* headers that are missing, twice, broken */
	{ "", "||||" },
	{ "\r\n", "||||" },
	{ "\n\n\nhello", "||hello||" },
	{ "hello, no header at all", "||hello, no header at all||" },
	{ "Subject: only this", "|only this|||" },
	{ "\r\nFrom: late@b.example\r\n\r\nx", "late@b.example||x||" },
	{ "\xEF\xBB\xBF" HEAD "\r\nmark", "a@b.example|s|mark||" },
	{ "From someone Sat Nov 21 2026\n" HEAD "\nbox", "a@b.example|s|box||" },
	{ "From: a@b.example\nFrom: c@d.example\nSubject: one\nSubject: two\n\nx", "a@b.example|two|x||" },
	{ "FROM: A@B.EXAMPLE\nsUBJECT:no blank\n\nx", "A@B.EXAMPLE|no blank|x||" },
	{ "From a@b.example\nSubject: s\n\nx", "|s|x||" },
	{ "Sender: s@b.example\nReturn-Path: <r@b.example>\n\nx", "s@b.example||x||" },
	{ "Return-Path: <r@b.example>\n\nx", "r@b.example||x||" },
	{ "From: undisclosed-recipients:;\n\nx", "undisclosed-recipients ||x||" },
	{ "From: Groep: a@b.example, c@d.example;\n\nx", "a@b.example||x||" },
	{ "From: not an address\n\nx", "||x||" },
	{ "From: <>\n\nx", "||x||" },
	{ "From: \"Unclosed <a@b.example>\n\nx", "Unclosed a@b.example||x||" },
	{ "From: a@b.example <c@d.example>\n\nx", "a@b.example c@d.example||x||" },
	{ "From: =?utf-8?q?R=C3=A9n=C3=A9?= <r@b.example>\n\nx", "Réné r@b.example||x||" },
	{ "From: R\xE9n\xE9 <r@b.example>\nSubject: caf\xE9\n\nx", "Réné r@b.example|café|x||" },
	{ "From: a@b.example\nSubject: =?utf-8?B?4oKsIDU=?= =?utf-8?Q?_=E2=82=AC?=\n\nx", "a@b.example|€ 5 €|x||" },
	{ "From: a@b.example\nSubject: =?utf-8?B?!!!?= =?nonsense?Q?abc?= =?utf-8?X?abc?=\n\nx", NULL },
	{ "From: a@b.example\nSubject: folded\n over\n\t three\n\nx", "a@b.example|folded over  three|x||" },
	{ "From: a@b.example\nSubject: a\rBcc: victim@b.example\n\nx", NULL },
	{ "From: a@b.example\nDate: yesterday\nMessage-ID: no brackets\nReferences: , <>, <<a>>, \"\n\nx", "a@b.example||x||" },
	{ "From: a@b.example\nDate: Sat, 99 Foo 99999 99:99:99 +9999\n\nx", "a@b.example||x||" },
	/* character sets and encodings */
	{ HEAD "Content-Type: text/plain; charset=no-such-set\r\n\r\ncaf\xE9", "a@b.example|s|café||" },
	{ HEAD "Content-Type: text/plain; charset=\"../../etc/passwd\"\r\n\r\nx", "a@b.example|s|x||" },
	{ HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\ncaf\xE9 \xC3", "a@b.example|s|café Ã||" },
	{ HEAD "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B$3$s\x1b(B", "a@b.example|s|こん||" },
	{ HEAD "Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xD0\xD2", "a@b.example|s|пр||" },
	{ HEAD "Content-Transfer-Encoding: base64\r\n\r\naGV sbG8=!!\r\n===", "a@b.example|s|hello||" },
	{ HEAD "Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc=ZZ=", NULL },
	{ HEAD "Content-Transfer-Encoding: no-such-thing\r\n\r\nplain", "a@b.example|s|plain||" },
	{ HEAD "Content-Type: nonsense\r\n\r\nplain", NULL },
	{ HEAD "Content-Type: text/plain; charset=utf-8; charset=koi8-r; x=\"\r\n\r\nplain", NULL },
	{ HEAD "Content-Type: text/html\r\n\r\n<p>Hoi <b>Jan</b>&nbsp;&euro;&#33;<script>alert(1)</script><blockquote>oud</blockquote>",
	  "a@b.example|s|Hoi Jan €!||" },
	/* parts */
	{ HEAD "Content-Type: multipart/mixed\r\n\r\nno boundary was said", "a@b.example|s|no boundary was said||" },
	{ HEAD "Content-Type: multipart/mixed; boundary=x\r\n\r\nthe boundary never comes", "a@b.example|s|the boundary never comes||" },
	{ HEAD "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\nx\r\n----", NULL },
	{ HEAD "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\none\r\n--x\r\n\r\ntwo", "a@b.example|s|one/two||" },
	{ HEAD "Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n--x--",
	  "a@b.example|s|rich||" },
	{ HEAD
	  "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Disposition: attachment; filename=\"../../etc/pass\\wd\"\r\n\r\nroot\r\n--x--",
	  NULL },
	{ HEAD "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
	       "filename*0*=utf-8''caf%C3%A9%20; filename*1=bon.pdf\r\n\r\nx\r\n--x--",
	  "a@b.example|s||café bon.pdf application/pdf 1|" },
	{ HEAD
	  "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/pdf; name=\"=?utf-8?Q?b=C3=A9.pdf?=\"\r\n\r\nx\r\n--x--",
	  "a@b.example|s||bé.pdf application/pdf 1|" },
	{ HEAD
	  "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/ms-tnef\r\nContent-Disposition: attachment; "
	  "filename=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+\r\n--x--",
	  "a@b.example|s||winmail.dat application/ms-tnef 3|" },
	{ HEAD "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: image/png\r\nContent-ID: <i@b>\r\n\r\nx\r\n--x--",
	  "a@b.example|s||attachment-1 image/png 1|" },
	{ HEAD "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: a/b<script>\r\n\r\nx\r\n--x--", NULL },
	{ HEAD
	  "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inner\r\n\r\ninside\r\n--x--",
	  "a@b.example|s||Inner.eml message/rfc822 22|" },
	{ HEAD
	  "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n--x--",
	  "a@b.example|s||attachment-1 text/calendar 15|" },
	{ HEAD "Content-Type: message/partial; id=a; number=1; total=3\r\n\r\nhalf", "a@b.example|s||attachment-1 message/partial 4|" },
	{ HEAD "Content-Type: message/external-body; access-type=local-file; name=\"/etc/passwd\"\r\n\r\nContent-Type: text/plain\r\n\r\n",
	  NULL },
	/* machines */
	{ HEAD "Auto-Submitted: auto-replied\r\n\r\nIk ben er niet", "a@b.example|s|Ik ben er niet||auto_submitted" },
	{ HEAD "Auto-Submitted: No\r\n\r\nwel", "a@b.example|s|wel||" },
	{ HEAD "X-Auto-Response-Suppress: All\r\nPrecedence: Bulk\r\nList-Id: <l.example>\r\nReturn-Path: <>\r\n\r\nx",
	  "a@b.example|s|x||auto_suppressed precedence list no_sender" },
	{ HEAD "X-Failed-Recipients: weg@example.com\r\n\r\nA message could not be delivered",
	  "a@b.example|s|A message could not be delivered||report" },
	{ HEAD
	  "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
	  "garbage\r\n\r\n\r\n\r\n: x\r\nFinal-Recipient\r\n--x--",
	  "a@b.example|s|||report" },
	{ HEAD
	  "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
	  "Final-Recipient: rfc822;q@r.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n--x--",
	  "a@b.example|s|||report" },
};

static void odd_ones (void)
{
	for (size_t i = 0; i < LENGTH (odd); i++) {
		const char *got = reads (odd[i].raw, strlen (odd[i].raw));
		if (odd[i].wanted)
			CHECK_TEXT (got, odd[i].wanted);
		else
			CHECK (strncmp (got, "a@b.example|", 12) == 0);
	}
	CHECK_TEXT (reads (HEAD "X: \0y\r\n\r\nnu\0l", sizeof HEAD "X: \0y\r\n\r\nnu\0l" - 1), "a@b.example|s|nu\xEF\xBF\xBDl||");
}

/* Fifty whole messages, each a file; beside its name and what mailer makes of it (tests/flow/odd.c looks at that) stands what is read of it. */
static void odd_files (void)
{
	char *list = arena_text (&arena, mail_text (&arena, file_read ("tests/fixtures/email/odd/told"), "utf-8")), *rest;
	int n = 0;
	for (char *line = strtok_r (list, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		if (*line == '#')
			continue;
		char *wanted = strrchr (line, '\t'), *name = arena_copy (&arena, line, strcspn (line, "\t"));
		struct mail m;
		mail_read (&arena, file_read (arena_printf (&arena, "tests/fixtures/email/odd/%s", name)), &m);
		CHECK_TEXT (told (&m), wanted ? wanted + 1 : name);
		n++;
	}
	CHECK (n == 50);
}

/* Large, deep and many. */
static void large_ones (void)
{
	struct mail m;
	struct buffer b = { 0 };
	buffer_text (&b, "From: a@b.example\r\nSubject: ");
	for (int i = 0; i < 200000; i++)
		buffer_text (&b, "\xC3\xA9");
	buffer_text (&b, "\r\nReferences:");
	for (int i = 0; i < 5000; i++)
		buffer_printf (&b, " <r%d@b.example>", i);
	buffer_text (&b, "\r\nTo: ");
	for (int i = 0; i < 5000; i++)
		buffer_printf (&b, "%st%d@b.example", i ? ", " : "", i);
	for (int i = 0; i < 5000; i++)
		buffer_printf (&b, "\r\nX-%d: y", i);
	buffer_text (&b, "\r\n\r\n");
	for (int i = 0; i < 300000; i++)
		buffer_text (&b, "> quoted\n");
	mail_read (&arena, (struct bytes){ b.at, b.n }, &m);
	CHECK (strlen (m.subject) == MAIL_LINE_MOST && m.references == MAIL_REFERENCES_MOST && m.to_n == MAIL_ADDRESSES_MOST && m.cut);
	CHECK_TEXT (m.reference[0], "r4999@b.example");
	CHECK_TEXT (m.reference[MAIL_REFERENCES_MOST - 1], "r0@b.example");
	CHECK (strlen (m.text) <= MAIL_TEXT_MOST);
	buffer_clear (&b);
	buffer_text (&b, HEAD);
	for (int i = 0; i < 3000; i++)
		buffer_printf (&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i);
	buffer_text (&b, "\r\n\r\ndeep");
	mail_read (&arena, (struct bytes){ b.at, b.n }, &m);
	CHECK_TEXT (m.subject, "s");
	buffer_clear (&b);
	buffer_text (&b, HEAD);
	for (int i = 0; i < 3000; i++)
		buffer_text (&b, "Content-Type: message/rfc822\r\n\r\n");
	mail_read (&arena, (struct bytes){ b.at, b.n }, &m);
	CHECK_TEXT (m.subject, "s");
	buffer_clear (&b);
	buffer_text (&b, HEAD "Content-Type: multipart/mixed; boundary=x\r\n\r\n");
	for (int i = 0; i < 5000; i++)
		buffer_text (&b, "--x\r\nContent-Type: image/png\r\n\r\ny\r\n");
	mail_read (&arena, (struct bytes){ b.at, b.n }, &m);
	CHECK (m.files == MAIL_FILES_MOST && m.cut);
	buffer_fini (&b);
}

static void quotes (void)
{
	static const struct {
		const char *text, *own;
	} cases[] = {
		{ "", "" },
		{ "Hi\n", "Hi" },
		{ "Ja\n\nOp za 21 nov 2026 om 11:15 schreef Zon:\n> Beste\n", "Ja" },
		{ "Ja\n\nOp za 21 nov 2026 om 11:15 schreef Zonwering\nVoorbeeld <verkoop@example.org>:\n\n> Beste\n", "Ja" },
		{ "Yes\n\nOn Sat, 21 Nov 2026, Zon wrote:\nDear Sanne", "Yes" },
		{ "Ja\n\n-----Oorspronkelijk bericht-----\nVan: x", "Ja" },
		{ "Ja\n\n________________________________\nVan: Zon <z@b.example>\nVerzonden: zaterdag\nAan: Sanne\nOnderwerp: x\n\nBeste",
		  "Ja" },
		{ "Yes\n\nFrom: Zon\nSent: Saturday\nTo: Sanne\nSubject: x\n\nDear", "Yes" },
		{ "From: us to you, with love\nBye", "From: us to you, with love\nBye" },
		{ "On we go\nThey wrote: hello", "On we go\nThey wrote: hello" },
		{ "> question\nmy answer\n> other\nanother", "> question\nmy answer\n> other\nanother" },
		{ "Op ma schreef Jan:\n> vraag\nantwoord\n> vraag\n", "Op ma schreef Jan:\n> vraag\nantwoord" },
		{ "> only a quote\n> of it\n\n", "> only a quote\n> of it" },
		{ "Yes\n> q\n> q\n", "Yes" },
		{ "Hi\n-- \nJan\nDirecteur", "Hi\n-- \nJan\nDirecteur" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++)
		CHECK_TEXT (arena_copy (&arena, cases[i].text, mail_own_size (cases[i].text)), cases[i].own);
}

static void tokens (void)
{
	CHECK_TEXT (token_of_address (&arena, "Reply+R7K2M9Q4X8W3@reply.example.org"), "r7k2m9q4x8w3");
	static const char *const none[] = { "",
					    "reply@x.example",
					    "reply+short@x.example",
					    "reply+r7k2m9q4x8w3",
					    "noreply+r7k2m9q4x8w3@x.example",
					    "reply+r7k2m9q4x8w/@x.example",
					    "x@y+r7k2m9q4x8w3.example" };
	for (size_t i = 0; i < LENGTH (none); i++)
		CHECK (!token_of_address (&arena, none[i]));
	CHECK_TEXT (subject_bare (&arena, "Re: FW: Antw:  Betr : Re[2]: Offerte: 42 "), "Offerte: 42");
	CHECK_TEXT (subject_bare (&arena, "Reis naar Rome"), "Reis naar Rome");
	CHECK_TEXT (subject_bare (&arena, "Re:"), "");
	CHECK_TEXT (subject_bare (&arena, "re["), "re[");
}

int main (void)
{
	arena_init (&arena);
	fixtures ();
	doors ();
	forms ();
	odd_ones ();
	odd_files ();
	large_ones ();
	quotes ();
	tokens ();
	arena_fini (&arena);
	return test_end ();
}
