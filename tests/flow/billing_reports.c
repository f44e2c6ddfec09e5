/* What the books say of a few invoices that are known to the cent: what is to be paid, what was invoiced, what VAT there is in it.
 * It must never reckon what it expects: every figure here was reckoned by hand. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

/* A day that many days from now, in Amsterdam. */
static void day_of (struct stack *s, int days, char ret[20])
{
	char *day = sql_text (s, "select ((now() at time zone 'Europe/Amsterdam')::date + %d)::text", days);
	snprintf (ret, 20, "%s", day);
	free (day);
}

/* An invoice of a day, due on another one, final. words: its lines and what else it has. */
static struct uuid given_invoice (struct stack *s, const struct workspace *w, int issued, int due, const char *words)
{
	char body[900], path[120], from[20], to[20];
	day_of (s, issued, from);
	day_of (s, due, to);
	snprintf (body, sizeof body,
		  "{\"buyer\":{\"name\":\"De Vries Techniek\",\"street\":\"Kade 2\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\"},"
		  "\"issued\":\"%s\",\"due\":\"%s\",%s}",
		  from, to, words);
	struct web_answer a = asked (s, w, "POST", "/api/crm/invoices", body);
	CHECK (a.status == 201, "the invoice is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/documents/%s/finalise", id_text (ret));
	a = asked (s, w, "POST", path, "{}");
	CHECK (a.status < 300, "it is not final: %d %s", a.status, a.body);
	web_free (&a);
	return ret;
}

/* Part of it is taken back today. */
static void credited (struct stack *s, const struct workspace *w, struct uuid invoice, const char *lines)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s/credit", id_text (invoice));
	struct web_answer a = asked (s, w, "POST", path, lines);
	CHECK (a.status < 300, "the credit note is %d: %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/documents/%s/finalise", id_text (uuid_at (a.json, "id")));
	web_free (&a);
	a = asked (s, w, "POST", path, "{}");
	CHECK (a.status < 300, "it is not final: %d %s", a.status, a.body);
	web_free (&a);
}

/* Places of an answer and what stands there, one after the other, up to a null. */
static void then_report (struct stack *s, const struct workspace *w, const char *path, const char *const said[])
{
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	for (size_t i = 0; said[i]; i += 2)
		CHECK (!strcmp (text_at (a.json, said[i]), said[i + 1]), "%s: %s is not %s: %s", path, said[i], said[i + 1], a.body);
	web_free (&a);
}

static struct workspace *given_books (struct stack *s)
{
	struct workspace *w = given_workspace (s, "boekhuis", "nl-offerte-6");
	settle (s);
	struct web_answer a = asked (
		s, w, "PUT", "/api/crm/company",
		"{\"name\":\"Bakkerij Jansen B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\",\"country\":\"NL\","
		"\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\",\"iban\":\"NL91ABNA0417164300\"}");
	then_status (&a, 200);
	given_invoice (s, w, -120, -100,
		       "\"currency\":\"USD\",\"rate\":\"1.1\",\"lines\":[{\"name\":\"Export\",\"price\":\"100\",\"rate\":\"21\"}]");
	struct uuid first = given_invoice (s, w, -40, -10,
					   "\"lines\":[{\"name\":\"A\",\"quantity\":\"2\",\"price\":\"50\",\"rate\":\"21\"},"
					   "{\"name\":\"B\",\"price\":\"10.05\",\"rate\":\"9\"}]");
	/* 121,00 with VAT, less a tenth: 108,90, of which 90,00 without */
	given_invoice (s, w, -3, 10,
		       "\"mode\":\"gross\",\"discount\":\"10\",\"lines\":[{\"name\":\"A\",\"price\":\"60.50\",\"rate\":\"21\"},"
		       "{\"name\":\"D\",\"price\":\"60.50\",\"rate\":\"21\"}]");
	credited (s, w, first, "{\"lines\":[{\"name\":\"A, te veel\",\"price\":\"50\",\"rate\":\"21\"}]}");
	return w;
}

STORY (reports_of_money,
       "What is to be paid is told by how long it is overdue, what was invoiced by month, item and company, VAT by rate: credit notes below zero, currencies apart")
{
	struct workspace *w = given_books (s);
	char path[200], day[20], from[20], to[20];
	then_report (s, w, "/api/crm/reports/aging",
		     (const char *const[]){ "totals.0.currency",
					    "EUR",
					    "totals.0.current.amount",
					    "108.90",
					    "totals.0.days_30.amount",
					    "71.45",
					    "totals.0.days_60.amount",
					    "0.00",
					    "totals.0.total.amount",
					    "180.35",
					    "totals.1.currency",
					    "USD",
					    "totals.1.older.amount",
					    "121.00",
					    "totals.1.total.amount",
					    "121.00",
					    "data.0.name",
					    "De Vries Techniek",
					    "data.0.total.amount",
					    "180.35",
					    "data.1.older.amount",
					    "121.00",
					    NULL });
	day_of (s, -20, day);
	snprintf (path, sizeof path, "/api/crm/reports/aging?day=%s", day);
	then_report (s, w, path,
		     (const char *const[]){ "totals.0.current.amount", "131.95", "totals.0.total.amount", "131.95",
					    "totals.1.days_90.amount", "121.00", NULL });
	day_of (s, -50, from);
	day_of (s, 0, to);
	snprintf (path, sizeof path, "/api/crm/reports/vat?from=%s&to=%s", from, to);
	then_report (s, w, path,
		     (const char *const[]){ "data.0.rate", "21", "data.0.taxable.amount", "140.00", "data.0.tax.amount", "29.40",
					    "data.1.rate", "9", "data.1.taxable.amount", "10.05", "data.1.tax.amount", "0.90", NULL });
	snprintf (path, sizeof path, "/api/crm/reports/revenue?by=account&from=%s&to=%s", from, to);
	then_report (s, w, path, (const char *const[]){ "data.0.name", "De Vries Techniek", "data.0.net.amount", "150.05", NULL });
	snprintf (path, sizeof path, "/api/crm/reports/revenue?by=item&from=%s&to=%s", from, to);
	then_report (s, w, path,
		     (const char *const[]){ "data.0.key", "A", "data.0.net.amount", "145.00", "data.1.key", "D", "data.1.net.amount",
					    "45.00", "data.2.key", "B", "data.2.net.amount", "10.05", "data.3.key", "A, te veel",
					    "data.3.net.amount", "-50.00", NULL });
	snprintf (path, sizeof path, "/api/crm/reports/revenue?from=%s&to=%s", day, day);
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 0, "a day without invoices says %s", a.body);
	web_free (&a);
	day_of (s, -120, from);
	snprintf (path, sizeof path, "/api/crm/reports/revenue?from=%s&to=%s", from, from);
	from[7] = 0; /* its month */
	then_report (s, w, path,
		     (const char *const[]){ "data.0.key", from, "data.0.net.amount", "100.00", "data.0.net.currency", "USD", NULL });
}
