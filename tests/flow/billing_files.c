/* Files of documents and the mails they go with: drawn once for a version, the same for who looks and for who gets the mail; billing killed while it draws.
 * It must never let a mail leave this machine. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "seal.h"
#include "story.h"

static const char *const files_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes",	  "--env", "mailer:CRM_MAIL_HOLD=0",
					   "--env", "mailer:CRM_ORIGIN=https://crm.test", "--env", "billing:CRM_ORIGIN=https://crm.test",
					   NULL };

/* ---- a house that writes invoices and mails them ---- */

struct post_office {
	pid_t pid;
	char file[300]; /* what was taken, a line each */
};

static struct post_office office_open (struct stack *s, const struct workspace *w)
{
	struct post_office o;
	char smtp[16], http[16];
	snprintf (o.file, sizeof o.file, "%s/mails.jsonl", s->var);
	snprintf (smtp, sizeof smtp, "%d", s->port + 30);
	snprintf (http, sizeof http, "%d", s->port + 31);
	unlink (o.file);
	o.pid = given_world ((const char *const[]){ "python3", "tests/flow/mail_world.py", smtp, http, o.file, NULL });
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mail/accounts",
		"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"post@jansen.test\",\"host\":\"127.0.0.1\",\"port\":%d,\"tls\":\"none\"}",
		s->port + 30);
	then_status (&a, 201);
	return o;
}

static void office_close (struct post_office *o)
{
	kill (o->pid, SIGKILL);
	waitpid (o->pid, NULL, 0);
}

/* All that was taken, as a JSON array. */
static json_t *mails_taken_by (const struct post_office *o)
{
	FILE *f = fopen (o->file, "r");
	char *line = NULL;
	size_t room = 0;
	json_t *ret = json_array ();
	while (f && getline (&line, &room, f) > 0)
		json_array_append_new (ret, json_loads (line, 0, NULL));
	if (f)
		fclose (f);
	free (line);
	return ret;
}

static size_t mails_count (const struct post_office *o)
{
	json_t *all = mails_taken_by (o);
	size_t ret = json_array_size (all);
	json_decref (all);
	return ret;
}

static struct workspace *given_firm (struct stack *s, const char *slug)
{
	struct workspace *w = given_workspace (s, slug, "nl-offerte-6");
	settle (s);
	struct web_answer a = web (
		s, w->key, "PUT", "/api/crm/company", "%s",
		"{\"name\":\"Bakkerij Jansen B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\",\"country\":\"NL\","
		"\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\",\"iban\":\"NL91ABNA0417164300\",\"email\":\"post@jansen.test\",\"phone\":\"030 1234567\"}");
	then_status (&a, 200);
	return w;
}

static struct uuid written (struct stack *s, const struct workspace *w, const char *path, const char *name)
{
	struct web_answer a = web (
		s, w->key, "POST", path,
		"{\"buyer_reference\":\"PO 7\",\"buyer\":{\"name\":\"%s\",\"street\":\"Kade 2\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\",\"country\":\"NL\",\"kvk\":\"87654321\","
		"\"email\":\"piet@devries.test\"},\"lines\":[{\"name\":\"Website\",\"quantity\":\"1\",\"price\":\"1500.00\",\"rate\":\"21\"}]}",
		name);
	CHECK (a.status == 201, "POST %s is %d: %s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static struct web_answer of_document (struct stack *s, const struct workspace *w, const char *method, struct uuid document,
				      const char *what)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s%s%s", id_text (document), *what ? "/" : "", what);
	return web (s, w->key, method, path, strcmp (method, "GET") ? "{}" : NULL);
}

static void done_to (struct stack *s, const struct workspace *w, struct uuid document, const char *what)
{
	struct web_answer a = of_document (s, w, "POST", document, what);
	CHECK (a.status >= 200 && a.status < 300, "%s is %d: %s", what, a.status, a.body);
	web_free (&a);
}

/* "INV-2026-001"; on the heap. */
static char *number_of (struct stack *s, const struct workspace *w, struct uuid document)
{
	struct web_answer a = of_document (s, w, "GET", document, "");
	char *ret = strdup (text_at (a.json, "number"));
	web_free (&a);
	return ret;
}

/* ---- what is in a file ---- */

static char *pdf_text (struct stack *s, const struct web_answer *a)
{
	char path[300];
	int exit;
	snprintf (path, sizeof path, "%s/look.pdf", s->var);
	FILE *f = fopen (path, "w");
	CHECK (f && fwrite (a->body, 1, a->n, f) == a->n && !fclose (f), "%s is not written", path);
	char *ret = program_run ((const char *const[]){ "/usr/bin/pdftotext", "-layout", path, "-", NULL }, &exit);
	CHECK (exit == 0, "pdftotext ends with %d", exit);
	return ret;
}

/* The PDF as a reader gets it: its text (heap) and its digest. */
static char *pdf_got (struct stack *s, const struct workspace *w, struct uuid document, const char *name, char ret_sum[SHA256_TEXT])
{
	char header[200];
	struct web_answer a = of_document (s, w, "GET", document, "pdf");
	CHECK (a.status == 200 && strstr (web_header (&a, "content-type", header, sizeof header), "application/pdf"), "the PDF is %d: %s",
	       a.status, a.body);
	CHECK (strstr (web_header (&a, "content-disposition", header, sizeof header), name), "it is called %s", header);
	sha256_text ((struct bytes){ (const unsigned char *) a.body, a.n }, ret_sum);
	char *ret = pdf_text (s, &a);
	web_free (&a);
	return ret;
}

/* The UBL as a machine gets it: whole XML that bears its number, the bytes of the mail's file. */
static void then_ubl (struct stack *s, const struct workspace *w, struct uuid document, const char *number, const char *mailed)
{
	char path[300], id[120], sum[SHA256_TEXT];
	int exit;
	struct web_answer a = of_document (s, w, "GET", document, "ubl");
	snprintf (id, sizeof id, "<cbc:ID>%s</cbc:ID>", number);
	CHECK (a.status == 200 && strstr (a.body, id), "the UBL is %d: %s", a.status, a.body);
	sha256_text ((struct bytes){ (const unsigned char *) a.body, a.n }, sum);
	CHECK (!strcmp (sum, mailed), "it is not what was mailed");
	snprintf (path, sizeof path, "%s/look.xml", s->var);
	FILE *f = fopen (path, "w");
	CHECK (f && fwrite (a.body, 1, a.n, f) == a.n && !fclose (f), "%s is not written", path);
	web_free (&a);
	free (program_run ((const char *const[]){ "/usr/bin/xmllint", "--noout", "--nonet", path, NULL }, &exit));
	CHECK (exit == 0, "xmllint ends with %d", exit);
}

/* How much of a document machines would not take: this field, or with null nothing. */
static size_t then_checked (struct stack *s, const struct workspace *w, struct uuid document, const char *pointer)
{
	struct web_answer a = of_document (s, w, "GET", document, "check");
	size_t ret = json_array_size (json_at (a.json, "data"));
	CHECK (a.status == 200 && (pointer ? strstr (a.body, pointer) != NULL : !ret), "the check is %d: %s", a.status, a.body);
	web_free (&a);
	return ret;
}

STORY_IN (
	documents_mailed,
	"A quote and an invoice that are sent go by one mail each with their PDF, the invoice with its UBL too, the same bytes as whoever looks gets; the PDF says number, total and link; a draft says that it is one; heard again there is no second mail",
	files_words)
{
	struct workspace *w = given_firm (s, "drukkerij");
	struct post_office office = office_open (s, w);
	struct uuid quote = written (s, w, "/api/crm/quotes", "De Vries Techniek"),
		    invoice = written (s, w, "/api/crm/invoices", "De Vries Techniek");
	char sum[SHA256_TEXT], name[100];
	char *text = pdf_got (s, w, invoice, "concept.pdf", sum);
	(void) then_checked (s, w, invoice, NULL);
	struct web_answer bare = web (s, w->key, "POST", "/api/crm/invoices",
				      "{\"lines\":[{\"name\":\"X\",\"price\":\"500\",\"rate\":\"21\"}]}");
	CHECK (then_checked (s, w, uuid_at (bare.json, "id"), "/buyer/name") > 0, "nothing is wrong with an invoice to nobody");
	web_free (&bare);
	CHECK (strstr (text, "CONCEPT") && strstr (text, "De Vries Techniek"), "the draft says %s", text);
	free (text);
	done_to (s, w, quote, "send");
	done_to (s, w, invoice, "send");
	UNTIL (15000, mails_count (&office) == 2, "%zu mails", mails_count (&office));
	json_t *mails = mails_taken_by (&office), *mail;
	const struct uuid document[] = { quote, invoice };
	size_t i;
	json_array_foreach (mails, i, mail)
	{
		bool is_quote = strstr (text_at (mail, "subject"), "OFF-") != NULL;
		char *number = number_of (s, w, document[!is_quote]);
		snprintf (name, sizeof name, "%s.pdf", number);
		text = pdf_got (s, w, document[!is_quote], name, sum);
		CHECK (strstr (text, number) && strstr (text, "1.815,00") && !strstr (text, "CONCEPT"), "%s says %s", name, text);
		CHECK (!strcmp (text_at (mail, "to.0"), "piet@devries.test") && strstr (text_at (mail, "subject"), number) &&
			       strstr (text_at (mail, "text"), "https://crm.test/portal/"),
		       "the mail is %s", json_dumps (mail, 0));
		CHECK (!strcmp (text_at (mail, "files.0.0"), name) && !strcmp (text_at (mail, "files.0.1"), "application/pdf") &&
			       !strcmp (text_at (mail, "sums.0"), sum),
		       "its file is not %s %s: %s", name, sum, json_dumps (mail, 0));
		CHECK (json_array_size (json_at (mail, "files")) == (is_quote ? 1 : 2), "its files are %s", json_dumps (mail, 0));
		if (!is_quote)
			then_ubl (s, w, invoice, number, text_at (mail, "sums.1"));
		free (text), free (number);
	}
	json_decref (mails);
	then_number (s, 0, "mails that still wait for files", "select count(*) from billing.mail_want");
	when_redelivered (s, "document.mail_wanted", 3);
	settle (s);
	UNTIL (10000, sql_number (s, "select count(*) from mailer.recipient where state not in ('sent', 'delivered')") == 0,
	       "mails are on their way");
	CHECK (mails_count (&office) == 2, "%zu mails after it was heard again", mails_count (&office));
	/* what anybody else asks for is not there */
	struct workspace *other = given_workspace (s, "drukkerij-ander", "classic-6");
	struct web_answer a = of_document (s, other, "GET", quote, "pdf");
	then_problem (&a, 404, "document_not_found");
	/* one row names each file that is needed, and the sweep finds it by its column */
	then_number (
		s, 1, "files that are named by more than one version",
		"select count(*) from billing.render where document_id = '%s' and state = 'made' and billing.files_named ('%s', array[pdf_sha256]) = array[pdf_sha256]",
		id_text (invoice), w->id);
	office_close (&office);
	then_no_dead_letters (s);
}

/* The company's logo is a pipe that nobody writes into: who draws with it stands still until it is taken away. */
static char *logo_blocked (struct stack *s, const struct workspace *w)
{
	char *bytes = malloc (1 << 20), *ret = NULL;
	FILE *f = fopen ("tests/fixtures/logos/logo.png", "r");
	size_t n = f ? fread (bytes, 1, 1 << 20, f) : 0;
	CHECK (n && !fclose (f), "no logo");
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "POST", .url = "/api/crm/company/logo", .key = w->key, .type = "image/png", .body = bytes, .n = n });
	CHECK (a.status == 200 && asprintf (&ret, "%s/files/%s/%s", s->var, w->id, text_at (a.json, "logo")) > 0, "a logo is %d: %s",
	       a.status, a.body);
	web_free (&a);
	CHECK (!unlink (ret) && !mkfifo (ret, 0666) && !chmod (ret, 0666), "no pipe at %s", ret);
	free (bytes);
	return ret;
}

STORY_IN (
	documents_survive,
	"Billing is killed between the claim of a document's files and their record: when its lease is over they are made once more, and there is one mail and one PDF",
	files_words)
{
	struct workspace *w = given_firm (s, "drukkerij");
	struct post_office office = office_open (s, w);
	char *pipe = logo_blocked (s, w), sum[SHA256_TEXT], name[100];
	struct uuid invoice = written (s, w, "/api/crm/invoices", "De Vries Techniek");
	done_to (s, w, invoice, "send");
	UNTIL (10000,
	       sql_number (s, "select count(*) from billing.render where state = 'wanted' and owner is not null and attempts = 1") == 1,
	       "nobody draws it");
	daemon_kill (s, "billing", 0, SIGKILL);
	CHECK (!unlink (pipe), "%s stays", pipe);
	daemon_ready (s, "billing", 0);
	CHECK (mails_count (&office) == 0, "a mail went without its file");
	sql_do (s, "update billing.render set lease_until = now() where state = 'wanted'"); /* time goes by */
	UNTIL (15000, mails_count (&office) == 1, "no mail goes");
	char *number = number_of (s, w, invoice);
	snprintf (name, sizeof name, "%s.pdf", number);
	char *text = pdf_got (s, w, invoice, name, sum);
	CHECK (strstr (text, number), "it says %s", text);
	json_t *mails = mails_taken_by (&office);
	CHECK (!strcmp (text_at (mails, "0.sums.0"), sum), "the mail's file is not %s: %s", sum, json_dumps (mails, 0));
	json_decref (mails);
	then_number (s, 2, "tries", "select attempts from billing.render where document_id = '%s' and state = 'made'", id_text (invoice));
	settle (s);
	CHECK (mails_count (&office) == 1, "%zu mails", mails_count (&office));
	office_close (&office);
	free (text), free (number), free (pipe);
	then_no_dead_letters (s);
}

STORY_IN (
	documents_retried,
	"A folder that cannot be written is tried again later; a document whose maker dies again and again has failed and is said to wait no more; who asks for it anew gets it, and its mail goes then",
	files_words)
{
	struct workspace *w = given_firm (s, "drukkerij");
	struct post_office office = office_open (s, w);
	char folder[300], away[310], sum[SHA256_TEXT], name[100];
	snprintf (folder, sizeof folder, "%s/files/%s", s->var, w->id);
	snprintf (away, sizeof away, "%s.away", folder);
	struct uuid invoice = written (s, w, "/api/crm/invoices", "De Vries Techniek");
	(void) rename (folder, away); /* there may be none yet */
	FILE *f = fopen (folder, "w");
	CHECK (f && !fclose (f), "no file in the place of %s", folder);
	done_to (s, w, invoice, "send");
	UNTIL (10000,
	       sql_number (
		       s,
		       "select count(*) from billing.render where state = 'wanted' and error is not null and attempts = 1 and next_at > now()") ==
		       1,
	       "it is not put off");
	/* by a maker that died with it for the last time */
	sql_do (s,
		"update billing.render set attempts = 6, owner = 'somebody', lease_until = now() - interval '1 second' where document_id = '%s'",
		id_text (invoice));
	UNTIL (10000, sql_number (s, "select count(*) from billing.render where state = 'failed' and owner is null") == 1,
	       "it has not failed");
	CHECK (mails_count (&office) == 0, "a mail went without its file");
	then_number (s, 1, "mails that wait for files", "select count(*) from billing.mail_want");
	CHECK (!unlink (folder), "%s stays", folder);
	(void) rename (away, folder);
	char *number = number_of (s, w, invoice);
	snprintf (name, sizeof name, "%s.pdf", number);
	char *text = pdf_got (s, w, invoice, name, sum);
	CHECK (strstr (text, number), "it says %s", text);
	UNTIL (15000, mails_count (&office) == 1, "no mail goes");
	json_t *mails = mails_taken_by (&office);
	CHECK (!strcmp (text_at (mails, "0.sums.0"), sum), "the mail's file is not %s: %s", sum, json_dumps (mails, 0));
	json_decref (mails);
	office_close (&office);
	free (text), free (number);
	then_no_dead_letters (s);
}

/* A file of the workspace as text. */
static char *file_text (struct stack *s, const struct workspace *w, const char *sha256)
{
	char path[400];
	int exit;
	snprintf (path, sizeof path, "%s/files/%s/%s", s->var, w->id, sha256);
	char *ret = program_run ((const char *const[]){ "/usr/bin/pdftotext", "-layout", path, "-", NULL }, &exit);
	CHECK (exit == 0, "pdftotext of %s ends with %d", path, exit);
	return ret;
}

STORY_IN (
	quote_mailed_as_sent,
	"A quote that is opened again before its files are drawn is mailed as it was sent, and its page says that it is a draft again; a document whose file cannot be made says that, and not that it is being made",
	files_words)
{
	struct workspace *w = given_firm (s, "drukkerij");
	struct post_office office = office_open (s, w);
	char folder[300], away[310], path[120];
	snprintf (folder, sizeof folder, "%s/files/%s", s->var, w->id);
	snprintf (away, sizeof away, "%s.away", folder);
	struct uuid quote = written (s, w, "/api/crm/quotes", "De Vries Techniek");
	(void) rename (folder, away); /* there may be none yet */
	FILE *f = fopen (folder, "w");
	CHECK (f && !fclose (f), "no file in the place of %s", folder);
	done_to (s, w, quote, "send");
	UNTIL (10000, sql_number (s, "select count(*) from billing.render where state = 'wanted' and attempts > 0 and owner is null") == 1,
	       "nobody tried to draw it");
	done_to (s, w, quote, "revise");
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (quote));
	struct web_answer a = web (s, w->key, "PUT", path, "%s",
				   "{\"title\":\"Heel anders\",\"lines\":[{\"name\":\"Boot\",\"price\":\"9\",\"rate\":\"21\"}]}");
	then_status (&a, 200);
	CHECK (!unlink (folder), "%s stays", folder);
	(void) rename (away, folder);
	UNTIL (20000, mails_count (&office) == 1, "no mail goes");
	json_t *mails = mails_taken_by (&office);
	char *text = file_text (s, w, text_at (mails, "0.sums.0"));
	CHECK (strstr (text, "Website") && strstr (text, "1.815,00") && !strstr (text, "Boot") && !strstr (text, "anders") &&
		       !strstr (text, "CONCEPT"),
	       "what was mailed says %s", text);
	free (text), json_decref (mails);
	then_number (s, 0, "quotes that are kept beside themselves", "select count(*) from billing.render where quote is not null");
	a = of_document (s, w, "GET", quote, "pdf");
	text = pdf_text (s, &a);
	CHECK (strstr (text, "Boot") && strstr (text, "CONCEPT"), "what is written now says %s", text);
	free (text), web_free (&a);
	/* what was kept is not what its lines come to */
	struct uuid wrong = written (s, w, "/api/crm/invoices", "De Vries Techniek");
	sql_do (s, "update billing.document set payable = payable + 1 where id = '%s'", id_text (wrong));
	a = of_document (s, w, "GET", wrong, "pdf");
	then_problem (&a, 422, "document_not_drawn");
	a = of_document (s, w, "GET", wrong, "ubl");
	then_problem (&a, 422, "document_not_drawn");
	office_close (&office);
	then_no_dead_letters (s);
}
