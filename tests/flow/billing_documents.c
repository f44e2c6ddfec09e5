/* Quotes, invoices and credit notes as people make them: numbers, totals, what becomes of each, and that nothing of it happens twice.
 * It must never look at the table where the API can be asked, but for what may never be told: that nothing else is there. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

/* POST to a document's `what`. */
static struct web_answer done_to (struct stack *s, const struct workspace *w, struct uuid document, const char *what, const char *body)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s%s%s", id_text (document), *what ? "/" : "", what);
	return asked (s, w, "POST", path, body);
}

static struct web_answer looked_at (struct stack *s, const struct workspace *w, struct uuid document)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (document));
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	return a;
}

/* A workspace that can send invoices. */
static struct workspace *given_firm (struct stack *s, const char *slug)
{
	struct workspace *w = given_workspace (s, slug, "nl-offerte-6");
	settle (s);
	struct web_answer a = asked (
		s, w, "PUT", "/api/crm/company",
		"{\"name\":\"Bakkerij Jansen B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\",\"country\":\"NL\","
		"\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\",\"iban\":\"NL91ABNA0417164300\"}");
	then_status (&a, 200);
	return w;
}

#define BUYER                                                                                                           \
	"\"buyer\":{\"name\":\"De Vries Techniek\",\"attention\":\"Piet de Vries\",\"street\":\"Kade 2\",\"postcode\":" \
	"\"3511 AA\",\"city\":\"Utrecht\",\"email\":\"piet@devries.test\"}"
#define WEBSITE "\"lines\":[{\"name\":\"Website\",\"quantity\":\"1\",\"price\":\"1500.00\",\"rate\":\"21\"}]"

static struct uuid made (struct stack *s, const struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status == 201, "POST %s is %d: %s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void is_now (struct stack *s, const struct workspace *w, struct uuid document, const char *field, const char *value)
{
	struct web_answer a = looked_at (s, w, document);
	CHECK (!strcmp (text_at (a.json, field), value), "%s is not %s: %s", field, value, a.body);
	web_free (&a);
}

static void ok (struct web_answer a)
{
	CHECK (a.status >= 200 && a.status < 300, "it is %d: %s", a.status, a.body);
	web_free (&a);
}

STORY (quote_to_invoice,
       "S0-5: a quote gets its number and its total, is accepted and is its deal's value; one click makes one invoice of it, two as well; sent, it is final")
{
	struct workspace *w = given_firm (s, "offertehuis");
	struct uuid deal = given_deal_of (s, w, "Piet de Vries", "piet@devries.test", "Offerteaanvraag");
	char body[900];
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\"," BUYER "," WEBSITE "}", id_text (deal));
	struct uuid quote = made (s, w, "/api/crm/quotes", body);
	struct web_answer a = looked_at (s, w, quote);
	CHECK (strstr (text_at (a.json, "number"), "OFF-20") && !strcmp (text_at (a.json, "payable.amount"), "1815.00") &&
		       !strcmp (text_at (a.json, "net.amount"), "1500.00") && !strcmp (text_at (a.json, "state"), "draft"),
	       "the quote is %s", a.body);
	CHECK (!strcmp (text_at (a.json, "deal.id"), id_text (deal)), "its deal is %s", a.body);
	web_free (&a);
	a = done_to (s, w, quote, "invoice", "{}");
	then_problem (&a, 409, "quote_not_accepted");
	a = done_to (s, w, quote, "accept", "{\"name\":\"Piet\"}");
	then_problem (&a, 409, "document_not_sent");
	ok (done_to (s, w, quote, "send", "{\"mail\":false}"));
	is_now (s, w, quote, "state", "sent");
	ok (done_to (s, w, quote, "accept", "{\"name\":\"Piet de Vries\"}"));
	is_now (s, w, quote, "state", "accepted");
	a = done_to (s, w, quote, "decline", "{}");
	then_problem (&a, 409, "quote_answered");
	settle (s);
	char path[120];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	a = asked (s, w, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "value.amount"), "1500.00"), "the deal is worth %s", a.body);
	web_free (&a);
	struct uuid invoice = { { 0 } };
	for (int i = 0; i < 3; i++) {
		a = done_to (s, w, quote, "invoice", "{}");
		CHECK (a.status < 300, "an invoice is %d: %s", a.status, a.body);
		struct uuid id = uuid_at (a.json, "id");
		CHECK (!i || uuid_equal (id, invoice), "asked again there is another invoice: %s", a.body);
		invoice = id;
		web_free (&a);
	}
	a = looked_at (s, w, invoice);
	CHECK (!strcmp (text_at (a.json, "state"), "draft") && json_is_null (json_at (a.json, "number")) &&
		       !strcmp (text_at (a.json, "lines.0.name"), "Website"),
	       "the invoice is %s", a.body);
	web_free (&a);
	ok (done_to (s, w, invoice, "send", "{\"mail\":false}"));
	a = looked_at (s, w, invoice);
	CHECK (strstr (text_at (a.json, "number"), "INV-20") && !strcmp (text_at (a.json, "open.amount"), "1815.00") &&
		       !strcmp (text_at (a.json, "seller.name"), "Bakkerij Jansen B.V."),
	       "the sent invoice is %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (invoice));
	a = asked (s, w, "PUT", path, "{\"title\":\"Anders\"}");
	then_problem (&a, 409, "document_final");
	a = asked (s, w, "DELETE", path, NULL);
	then_problem (&a, 409, "document_final");
	then_said (s, quote, "quote.created, quote.sent, quote.accepted");
	then_said (s, invoice, "invoice.created, invoice.finalised, invoice.sent");
}

STORY (invoice_in_parts,
       "An accepted quote is invoiced in parts, and the rest of it in one that comes to what is left; no more than all of it")
{
	struct workspace *w = given_firm (s, "offertehuis");
	struct uuid quote = made (
		s, w, "/api/crm/quotes",
		"{" BUYER ",\"lines\":[{\"name\":\"Uren\",\"quantity\":\"3\",\"unit\":\"hour\",\"price\":\"33.33\",\"rate\":\"21\"},"
		"{\"name\":\"Boek\",\"price\":\"19.99\",\"rate\":\"9\"},{\"name\":\"Extra\",\"price\":\"500\",\"rate\":\"21\",\"optional\":true,\"chosen\":false}]}");
	ok (done_to (s, w, quote, "send", "{\"mail\":false}"));
	ok (done_to (s, w, quote, "accept", "{\"name\":\"Piet\"}"));
	struct web_answer a = looked_at (s, w, quote);
	char total[40];
	snprintf (total, sizeof total, "%s", text_at (a.json, "net.amount"));
	CHECK (!strcmp (total, "119.98"), "the quote is %s", a.body);
	web_free (&a);
	a = done_to (s, w, quote, "invoice", "{\"percent\":\"30\"}");
	CHECK (a.status < 300, "a part is %d: %s", a.status, a.body);
	struct uuid part = uuid_at (a.json, "id");
	web_free (&a);
	is_now (s, w, part, "net.amount", "36.00");
	a = done_to (s, w, quote, "invoice", "{\"percent\":\"71\"}");
	then_problem (&a, 409, "quote_invoiced");
	a = done_to (s, w, quote, "invoice", "{}");
	CHECK (a.status < 300, "the rest is %d: %s", a.status, a.body);
	struct uuid rest = uuid_at (a.json, "id");
	web_free (&a);
	is_now (s, w, rest, "net.amount", "83.98");
	a = done_to (s, w, quote, "invoice", "{\"percent\":\"1\"}");
	then_problem (&a, 409, "quote_invoiced");
}

STORY (invoice_credited,
       "A credit note takes an invoice back, whole or in part, once; with it the sum is zero, and its lines say what was credited before")
{
	struct workspace *w = given_firm (s, "creditnota");
	struct uuid invoice = made (
		s, w, "/api/crm/invoices",
		"{" BUYER
		",\"lines\":[{\"name\":\"A\",\"quantity\":\"2\",\"price\":\"50\",\"rate\":\"21\"},{\"name\":\"B\",\"price\":\"10.05\",\"rate\":\"9\"}]}");
	struct web_answer a = done_to (s, w, invoice, "credit", "{}");
	then_problem (&a, 409, "document_not_sent");
	ok (done_to (s, w, invoice, "finalise", "{}"));
	a = done_to (s, w, invoice, "credit", "{\"lines\":[{\"name\":\"A, te veel\",\"price\":\"50\",\"rate\":\"21\"}]}");
	CHECK (a.status < 300, "a part is %d: %s", a.status, a.body);
	struct uuid first = uuid_at (a.json, "id");
	web_free (&a);
	a = done_to (s, w, invoice, "credit", "{}");
	CHECK (uuid_equal (uuid_at (a.json, "id"), first), "while a draft is there, there is another one: %s", a.body);
	web_free (&a);
	ok (done_to (s, w, first, "finalise", "{}"));
	is_now (s, w, invoice, "open.amount", "71.45");
	is_now (s, w, invoice, "state", "sent");
	a = done_to (s, w, invoice, "credit", "{}");
	struct uuid second = uuid_at (a.json, "id");
	web_free (&a);
	ok (done_to (s, w, second, "finalise", "{}"));
	is_now (s, w, invoice, "open.amount", "0.00");
	is_now (s, w, invoice, "state", "cancelled");
	a = done_to (s, w, invoice, "credit", "{}");
	then_problem (&a, 409, "invoice_credited");
	then_said (s, first, "credit_note.created, credit_note.finalised");
	then_number (
		s, 0, "the sum of an invoice and its credit notes",
		"select sum(case kind when 'invoice' then gross else -gross end) from billing.document where workspace_id = '%s' and finalised_at is not null",
		w->id);
}

STORY (drafts_changed,
       "A draft is changed, conflicts are told, it goes and comes back; what cannot be reckoned with is refused at its field")
{
	struct workspace *w = given_firm (s, "offertehuis");
	struct uuid quote = made (s, w, "/api/crm/quotes", "{" BUYER "," WEBSITE "}");
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (quote));
	struct web_answer a = asked (s, w, "PUT", path, "{\"version\":1,\"title\":\"Nieuwe site\",\"discount\":\"10\"}");
	then_status (&a, 200);
	is_now (s, w, quote, "payable.amount", "1633.50");
	a = asked (s, w, "PUT", path, "{\"version\":1,\"title\":\"Oud\"}");
	CHECK (a.status == 409 || a.status == 412, "an old version is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "PUT", path, "{\"lines\":[{\"name\":\"X\",\"price\":\"een\",\"rate\":\"21\"}]}");
	CHECK (a.status == 422 && strstr (a.body, "/lines/0/price"), "a price in words is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "PUT", path, "{\"buyer\":{\"name\":\"X\",\"vat_id\":\"NL123\"}}");
	CHECK (a.status == 422 && strstr (a.body, "/buyer/vat_id"), "a VAT number is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "DELETE", path, NULL);
	CHECK (a.status < 300, "throwing away is %d", a.status);
	web_free (&a);
	a = done_to (s, w, quote, "send", "{\"mail\":false}");
	then_problem (&a, 404, "document_not_found");
	ok (done_to (s, w, quote, "restore", "{}"));
	is_now (s, w, quote, "title", "Nieuwe site");
	a = done_to (s, w, quote, "duplicate", "{}");
	CHECK (a.status < 300, "a copy is %d: %s", a.status, a.body);
	struct uuid copy = uuid_at (a.json, "id");
	web_free (&a);
	a = looked_at (s, w, copy);
	CHECK (!strcmp (text_at (a.json, "payable.amount"), "1633.50") && strstr (text_at (a.json, "number"), "OFF-"), "the copy is %s",
	       a.body);
	web_free (&a);
	struct uuid bare = made (s, w, "/api/crm/invoices", "{\"lines\":[{\"name\":\"X\",\"price\":\"500\",\"rate\":\"21\"}]}");
	a = done_to (s, w, bare, "finalise", "{}");
	CHECK (a.status == 422 && strstr (a.body, "/buyer/name") && strstr (a.body, "/buyer/street"), "an invoice for nobody is %d: %s",
	       a.status, a.body);
	web_free (&a);
}

STORY (rest_of_discounted,
       "What is left of a quote or an invoice with a discount comes to the whole, cents and all; no credit note takes off more, whenever it is written")
{
	struct workspace *w = given_firm (s, "korting");
	struct uuid quote = made (
		s, w, "/api/crm/quotes",
		"{" BUYER ",\"discount\":\"10\",\"lines\":[{\"name\":\"Uren\",\"quantity\":\"3\",\"price\":\"33.33\",\"rate\":\"21\"},"
		"{\"name\":\"Boek\",\"price\":\"19.99\",\"rate\":\"9\"}]}");
	ok (done_to (s, w, quote, "send", "{\"mail\":false}"));
	ok (done_to (s, w, quote, "accept", "{\"name\":\"Piet\"}"));
	struct web_answer a = done_to (s, w, quote, "invoice", "{\"percent\":\"30\"}");
	CHECK (a.status < 300, "a part is %d: %s", a.status, a.body);
	struct uuid part = uuid_at (a.json, "id");
	web_free (&a);
	a = done_to (s, w, quote, "invoice", "{}");
	CHECK (a.status < 300, "the rest is %d: %s", a.status, a.body);
	struct uuid rest = uuid_at (a.json, "id");
	web_free (&a);
	then_number (s, 0, "what parts differ from the whole",
		     "select sum(case kind when 'quote' then payable else -payable end) from billing.document where workspace_id = '%s'",
		     w->id);
	ok (done_to (s, w, part, "finalise", "{}"));
	ok (done_to (s, w, rest, "finalise", "{}"));
	a = done_to (s, w, rest, "credit", "{\"lines\":[{\"name\":\"Uren\",\"price\":\"0.03\",\"rate\":\"21\"}]}");
	CHECK (a.status < 300, "a credit note is %d: %s", a.status, a.body);
	struct uuid note = uuid_at (a.json, "id");
	web_free (&a);
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (note));
	a = asked (s, w, "PUT", path, "{\"lines\":[{\"name\":\"Uren\",\"price\":\"3000\",\"rate\":\"21\"}]}");
	then_status (&a, 200);
	a = done_to (s, w, note, "finalise", "{}");
	then_problem (&a, 409, "credit_too_much");
	a = asked (s, w, "PUT", path, "{\"lines\":[{\"name\":\"Uren\",\"price\":\"0.03\",\"rate\":\"21\"}]}");
	then_status (&a, 200);
	ok (done_to (s, w, note, "finalise", "{}"));
	a = done_to (s, w, rest, "credit", "{}");
	CHECK (a.status < 300, "crediting the rest is %d: %s", a.status, a.body);
	struct uuid last = uuid_at (a.json, "id");
	web_free (&a);
	ok (done_to (s, w, last, "finalise", "{}"));
	is_now (s, w, rest, "open.amount", "0.00");
	is_now (s, w, rest, "state", "cancelled");
}

STORY (drafts_come_back,
       "A draft that was thrown away does not come back where another took its place; all of a quote in parts leaves nothing; what comes to nothing is paid")
{
	struct workspace *w = given_firm (s, "terug");
	struct uuid quote = made (s, w, "/api/crm/quotes", "{" BUYER "," WEBSITE "}");
	char path[120];
	ok (done_to (s, w, quote, "send", "{\"mail\":false}"));
	ok (done_to (s, w, quote, "accept", "{\"name\":\"Piet\"}"));
	struct web_answer a = done_to (s, w, quote, "invoice", "{}");
	struct uuid first = uuid_at (a.json, "id");
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (first));
	a = asked (s, w, "DELETE", path, NULL);
	CHECK (a.status < 300, "throwing away is %d: %s", a.status, a.body);
	web_free (&a);
	a = done_to (s, w, quote, "invoice", "{\"percent\":\"60\"}");
	struct uuid most = uuid_at (a.json, "id");
	CHECK (a.status < 300 && !uuid_equal (most, first), "after that one of it is %d: %s", a.status, a.body);
	web_free (&a);
	a = done_to (s, w, quote, "invoice", "{\"percent\":\"40\"}");
	CHECK (a.status < 300, "the other part is %d: %s", a.status, a.body);
	web_free (&a);
	a = done_to (s, w, quote, "invoice", "{}");
	then_problem (&a, 409, "quote_invoiced");
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (most));
	a = asked (s, w, "DELETE", path, NULL);
	CHECK (a.status < 300, "throwing away is %d: %s", a.status, a.body);
	web_free (&a);
	a = done_to (s, w, quote, "invoice", "{\"percent\":\"50\"}");
	CHECK (a.status < 300, "half of it is %d: %s", a.status, a.body);
	web_free (&a);
	a = done_to (s, w, most, "restore", "{}");
	then_problem (&a, 409, "quote_invoiced");
	struct uuid gift = made (s, w, "/api/crm/invoices", "{" BUYER ",\"discount\":\"100\"," WEBSITE "}");
	ok (done_to (s, w, gift, "finalise", "{}"));
	is_now (s, w, gift, "state", "paid");
	then_said (s, gift, "invoice.created, invoice.finalised, invoice.paid");
}

STORY (drafts_keep_their_deal,
       "Naming another person on a draft leaves its deal; what is final is refused by the database itself, whoever asks it")
{
	struct workspace *w = given_firm (s, "houdvast");
	struct uuid deal = given_deal (s, "houdvast", "nl-offerte-6", "Jan de Boer", "Offerte");
	settle (s);
	char body[400], path[120];
	struct web_answer a = asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Anna Visser\",\"email\":\"anna@visser.test\"}");
	struct uuid person = uuid_at (a.json, "id");
	then_status (&a, 201);
	settle (s);
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\"," WEBSITE "}", id_text (deal));
	struct uuid invoice = made (s, w, "/api/crm/invoices", body);
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (invoice));
	snprintf (body, sizeof body, "{\"contact_id\":\"%s\"}", id_text (person));
	a = asked (s, w, "PUT", path, body);
	then_status (&a, 200);
	is_now (s, w, invoice, "deal.id", id_text (deal));
	is_now (s, w, invoice, "buyer.name", "Anna Visser");
	a = asked (s, w, "PUT", path, "{" BUYER "}");
	then_status (&a, 200);
	ok (done_to (s, w, invoice, "finalise", "{}"));
	PGconn *own = sql_open (s, "billing");
	char sql[300];
	static const char *const tries[] = { "update billing.document set title = 'anders'",   "update billing.document set lines = '[]'",
					     "update billing.document set number = 'INV-1'",   "delete from billing.document",
					     "update billing.document set removed_at = now()", "update billing.document set vat_euro = 1" };
	for (size_t i = 0; i < LENGTH (tries); i++) {
		snprintf (sql, sizeof sql, "%s where id = '%s'", tries[i], id_text (invoice));
		PGresult *r = PQexec (own, sql);
		const char *state = PQresultErrorField (r, PG_DIAG_SQLSTATE);
		CHECK (state && !strcmp (state, "23001"), "%s: %s", sql, state ? state : "done");
		PQclear (r);
	}
	PQfinish (own);
}

STORY (documents_listed,
       "Quotes and invoices are listed by state, sorted, searched, counted and summed; a page goes on where the last one ended")
{
	struct workspace *w = given_firm (s, "lijsthuis");
	char body[600];
	for (int i = 1; i <= 7; i++) {
		snprintf (
			body, sizeof body,
			"{\"buyer\":{\"name\":\"Klant %d\",\"street\":\"S\",\"postcode\":\"1234 AB\",\"city\":\"U\"},\"lines\":[{\"name\":\"X\",\"price\":\"%d00\",\"rate\":\"21\"}]}",
			i, i);
		struct uuid id = made (s, w, "/api/crm/invoices", body);
		if (i <= 3)
			ok (done_to (s, w, id, "finalise", "{}"));
	}
	struct web_answer a = asked (s, w, "GET", "/api/crm/invoices?count=1&limit=3&sort=total", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 3 &&
		       !strcmp (text_at (a.json, "data.0.payable.amount"), "121.00") &&
		       !strcmp (text_at (a.json, "data.2.payable.amount"), "363.00"),
	       "the list is %d: %s", a.status, a.body);
	CHECK (strstr (a.body, "\"state\":\"sent\"") || strstr (a.body, "\"state\" : \"sent\""), "the counts are %s", a.body);
	char path[400], after[300];
	snprintf (after, sizeof after, "%s", text_at (a.json, "next"));
	web_free (&a);
	for (char *p = after; *p; p++)
		if (*p == 31)
			memmove (p + 3, p + 1, strlen (p + 1) + 1), memcpy (p, "%1F", 3);
	snprintf (path, sizeof path, "/api/crm/invoices?limit=3&sort=total&after=%s", after);
	a = asked (s, w, "GET", path, NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 3 && !strcmp (text_at (a.json, "data.0.payable.amount"), "484.00"),
	       "the next page is %s", a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/invoices?state=sent&q=klant%202", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && !strcmp (text_at (a.json, "data.0.name"), "Klant 2"),
	       "what is sent is %s", a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/quotes?count=1", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 0, "quotes are %s", a.body);
	web_free (&a);
}

/* A day that many days from now, in Amsterdam. */
static const char *day_from_now (struct stack *s, int days)
{
	static char text[4][20];
	static unsigned next;
	char *ret = text[next++ % 4], *day = sql_text (s, "select ((now() at time zone 'Europe/Amsterdam')::date + %d)::text", days);
	snprintf (ret, sizeof *text, "%s", day);
	free (day);
	return ret;
}

STORY (documents_by_the_clock,
       "What should have been paid by now is overdue, a quote that nobody answered in time expires, reminders go by themselves where that is wanted; each is said once")
{
	struct workspace *w = given_firm (s, "klokhuis");
	char body[700], path[120];
	snprintf (body, sizeof body, "{" BUYER "," WEBSITE ",\"issued\":\"%s\",\"due\":\"%s\"}", day_from_now (s, -40),
		  day_from_now (s, -30));
	struct uuid late = made (s, w, "/api/crm/invoices", body), unsent = made (s, w, "/api/crm/invoices", body);
	ok (done_to (s, w, late, "send", "{\"mail\":false}"));
	ok (done_to (s, w, unsent, "finalise", "{}"));
	UNTIL (20000,
	       sql_number (s, "select count(*) from billing.document where id in ('%s', '%s') and overdue_at is not null", id_text (late),
			   id_text (unsent)) == 2,
	       "nothing is overdue");
	struct web_answer a = asked (s, w, "GET", "/api/crm/invoices?state=overdue", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 2 && strstr (a.body, "overdue"), "what is overdue is %s", a.body);
	web_free (&a);
	then_said (s, late, "invoice.created, invoice.finalised, invoice.sent, invoice.overdue");
	a = asked (s, w, "PUT", "/api/crm/company", "{\"remind_auto\":true}");
	then_status (&a, 200);
	UNTIL (20000, sql_number (s, "select reminded from billing.document where id = '%s'", id_text (late)) == 1, "nobody was reminded");
	is_now (s, w, late, "state", "sent");
	/* of an invoice that is very late all three days are over: still one at a time, and none of what nobody ever got */
	sql_do (s, "update billing.document set overdue_at = null where id = '%s'", id_text (late));
	UNTIL (20000,
	       sql_number (s, "select count(*) from billing.document where id = '%s' and overdue_at is not null", id_text (late)) == 1,
	       "the clock stands still");
	then_number (s, 1, "reminders", "select reminded from billing.document where id = '%s'", id_text (late));
	then_number (s, 0, "reminders of what was never sent", "select reminded from billing.document where id = '%s'", id_text (unsent));
	sql_do (s, "update billing.document set reminded_at = reminded_at - interval '7 days' where id = '%s'",
		id_text (late)); /* time goes by */
	UNTIL (20000, sql_number (s, "select reminded from billing.document where id = '%s'", id_text (late)) == 2,
	       "the second never comes");
	struct uuid quote = made (s, w, "/api/crm/quotes", "{" BUYER "," WEBSITE "}");
	ok (done_to (s, w, quote, "send", "{\"mail\":false}"));
	sql_do (s, "update billing.document set due = due - 60 where id = '%s'", id_text (quote)); /* time goes by */
	UNTIL (20000, sql_number (s, "select count(*) from billing.document where id = '%s' and state = 'expired'", id_text (quote)) == 1,
	       "the quote is good for ever");
	then_said (s, quote, "quote.created, quote.sent, quote.expired");
	/* again and again */
	snprintf (body, sizeof body, "{\"document_id\":\"%s\",\"every\":\"month\",\"next_on\":\"%s\",\"name\":\"Abonnement\"}",
		  id_text (late), day_from_now (s, 0));
	struct uuid recurrence = made (s, w, "/api/crm/recurrences", body);
	UNTIL (20000, sql_number (s, "select made from billing.recurrence where id = '%s'", id_text (recurrence)) == 1, "none was made");
	char *again = sql_text (s, "select last_id from billing.recurrence where id = '%s'", id_text (recurrence));
	struct uuid copy;
	CHECK (uuid_parse (again, &copy) == OK, "it names none");
	free (again);
	is_now (s, w, copy, "payable.amount", "1815.00");
	is_now (s, w, copy, "state", "draft");
	snprintf (path, sizeof path, "/api/crm/recurrences");
	a = asked (s, w, "GET", path, NULL);
	CHECK (strcmp (text_at (a.json, "data.0.next_on"), day_from_now (s, 27)) >= 0, "the next one is %s", a.body);
	web_free (&a);
	/* what it is made after may be thrown away: then none is made, and it can be ended all the same */
	struct uuid draft = made (s, w, "/api/crm/invoices", "{" BUYER "," WEBSITE "}");
	snprintf (body, sizeof body, "{\"document_id\":\"%s\",\"next_on\":\"%s\"}", id_text (draft), day_from_now (s, 5));
	struct uuid idle = made (s, w, "/api/crm/recurrences", body);
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (draft));
	ok (asked (s, w, "DELETE", path, NULL));
	snprintf (path, sizeof path, "/api/crm/recurrences/%s", id_text (idle));
	ok (asked (s, w, "PUT", path, "{\"every\":\"year\"}"));
	ok (asked (s, w, "DELETE", path, NULL));
}

/* What becomes of an invoice that is finalised: 200, or 422 at that field. */
static void final_at (struct stack *s, const struct workspace *w, const char *words, const char *pointer)
{
	char body[900], at[60];
	snprintf (body, sizeof body, "{%s}", words);
	struct uuid invoice = made (s, w, "/api/crm/invoices", body);
	struct web_answer a = done_to (s, w, invoice, "finalise", "{}");
	snprintf (at, sizeof at, "\"%s\"", pointer ? pointer : "");
	CHECK (pointer ? a.status == 422 && strstr (a.body, at) : a.status == 200, "%s is %d, not refused at %s: %s", words, a.status, at,
	       a.body);
	web_free (&a);
}

STORY (final_as_the_law_wants,
       "No number is given to an invoice of a day that is not yet, due before its day, without the customer's whole address, or in dollars without its VAT in euro; where no VAT is charged it says why")
{
	struct workspace *w = given_firm (s, "wettelijk");
	char words[800];
	snprintf (words, sizeof words, BUYER "," WEBSITE ",\"issued\":\"%s\"", day_from_now (s, 2));
	final_at (s, w, words, "/issued");
	snprintf (words, sizeof words, BUYER "," WEBSITE ",\"due\":\"%s\"", day_from_now (s, -2));
	final_at (s, w, words, "/due");
	final_at (s, w, "\"buyer\":{\"name\":\"De Vries\",\"street\":\"Kade 2\",\"city\":\"Utrecht\"}," WEBSITE, "/buyer/postcode");
	final_at (s, w, "\"buyer\":{\"name\":\"De Vries\",\"street\":\"Postbus 2\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\"}," WEBSITE,
		  "/buyer/street");
	final_at (s, w, BUYER "," WEBSITE ",\"currency\":\"USD\"", "/rate");
	final_at (s, w, BUYER "," WEBSITE, NULL);
	snprintf (words, sizeof words, "{" BUYER "," WEBSITE ",\"currency\":\"USD\",\"rate\":\"1.0842\",\"rate_day\":\"%s\"}",
		  day_from_now (s, 0));
	struct uuid dollars = made (s, w, "/api/crm/invoices", words);
	ok (done_to (s, w, dollars, "finalise", "{}"));
	is_now (s, w, dollars, "vat_euro.amount", "290.54");
	is_now (s, w, dollars, "vat_euro.currency", "EUR");
	is_now (s, w, dollars, "vat.amount", "315.00");
	struct uuid exempt = made (s, w, "/api/crm/invoices",
				   "{" BUYER ",\"lines\":[{\"name\":\"Les\",\"price\":\"100\",\"category\":\"exempt\"}]}");
	is_now (s, w, exempt, "groups.0.reason", "Vrijgesteld van btw (artikel 11 Wet OB 1968)");
	ok (asked (s, w, "PUT", "/api/crm/company", "{\"kor\":true}"));
	ok (done_to (s, w, exempt, "finalise", "{}"));
	is_now (s, w, exempt, "groups.0.reason",
		"Factuur vrijgesteld van omzetbelasting o.g.v. artikel 25 Wet OB (kleineondernemersregeling)");
}

STORY (part_taken_back,
       "A part of a quote that was credited whole is as if it never was: what is left is the whole again; the same part is not made twice")
{
	struct workspace *w = given_firm (s, "aanbetaling");
	struct uuid quote = made (s, w, "/api/crm/quotes", "{" BUYER "," WEBSITE "}");
	ok (done_to (s, w, quote, "send", "{\"mail\":false}"));
	ok (done_to (s, w, quote, "accept", "{\"name\":\"Piet\"}"));
	struct web_answer a = done_to (s, w, quote, "invoice", "{\"percent\":\"30\"}");
	struct uuid part = uuid_at (a.json, "id");
	web_free (&a);
	ok (done_to (s, w, part, "finalise", "{}"));
	a = done_to (s, w, part, "credit", "{}");
	struct uuid note = uuid_at (a.json, "id");
	web_free (&a);
	ok (done_to (s, w, note, "finalise", "{}"));
	is_now (s, w, part, "state", "cancelled");
	a = done_to (s, w, quote, "invoice", "{\"percent\":\"60\"}");
	struct uuid most = uuid_at (a.json, "id");
	CHECK (a.status < 300, "60 %% after 30 that were taken back is %d: %s", a.status, a.body);
	web_free (&a);
	is_now (s, w, most, "payable.amount", "1089.00");
	a = done_to (s, w, quote, "invoice", "{}");
	struct uuid rest = uuid_at (a.json, "id");
	web_free (&a);
	is_now (s, w, rest, "payable.amount", "726.00");
}

/* POST from a process of its own. */
static pid_t done_beside (struct stack *s, const struct workspace *w, struct uuid document, const char *what)
{
	fflush (NULL);
	pid_t ret = fork ();
	if (!ret) {
		sql_forget (s);
		struct web_answer a = done_to (s, w, document, what, "{}");
		_exit (a.status == 200 ? 0 : a.status == 409 ? 1 : 2);
	}
	return ret;
}

STORY (parts_come_back_once, "Two parts of a quote that come to more than the whole do not both come back, not even in one batch")
{
	struct workspace *w = given_firm (s, "dubbel");
	struct uuid quote = made (s, w, "/api/crm/quotes", "{" BUYER "," WEBSITE "}"), part[2];
	char path[120];
	int refused = 0;
	ok (done_to (s, w, quote, "send", "{\"mail\":false}"));
	ok (done_to (s, w, quote, "accept", "{\"name\":\"Piet\"}"));
	for (int i = 0; i < 2; i++) {
		struct web_answer a = done_to (s, w, quote, "invoice", "{\"percent\":\"60\"}");
		CHECK (a.status < 300, "a part is %d: %s", a.status, a.body);
		part[i] = uuid_at (a.json, "id");
		web_free (&a);
		snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (part[i]));
		ok (asked (s, w, "DELETE", path, NULL));
	}
	/* billing waits with one command, so that the next two are one batch */
	PGconn *held = sql_open (s, "postgres");
	PQclear (PQexec (held, "begin; lock table billing.company in access exclusive mode"));
	pid_t first = done_beside (s, w, quote, "duplicate");
	pause_us (300000);
	pid_t beside[] = { done_beside (s, w, part[0], "restore"), done_beside (s, w, part[1], "restore") };
	pause_us (400000);
	PQfinish (held);
	int status;
	CHECK (waitpid (first, &status, 0) == first, "nobody duplicated it");
	for (int i = 0; i < 2; i++) {
		CHECK (waitpid (beside[i], &status, 0) == beside[i] && WIFEXITED (status) && WEXITSTATUS (status) < 2,
		       "it is neither back nor refused");
		refused += WEXITSTATUS (status);
	}
	CHECK (refused == 1, "%d of two are refused", refused);
	then_number (s, 1, "parts that are there", "select count(*) from billing.document where quote_id = '%s' and removed_at is null",
		     id_text (quote));
}
