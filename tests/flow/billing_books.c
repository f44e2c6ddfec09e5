/* Books for a bookkeeper: bookings as CSV and as an auditfile, of documents that are known to the cent. The auditfile is read by xmllint, another maker's reader.
 * It must never take its sums from the program under test: they are added up here, or reckoned by hand. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

static void finalised (struct stack *s, const struct workspace *w, struct uuid id)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s/finalise", id_text (id));
	struct web_answer a = asked (s, w, "POST", path, "{}");
	CHECK (a.status < 300, "it is not final: %d %s", a.status, a.body);
	web_free (&a);
}

static struct uuid given_invoice (struct stack *s, const struct workspace *w, const char *day, const char *words)
{
	char body[900];
	snprintf (
		body, sizeof body,
		"{\"buyer\":{\"name\":\"Jansen & Zn \\\"De Korenaar\\\" \xf0\x9f\x8d\x9e\",\"street\":\"Kade 2\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\","
		"\"vat_id\":\"NL123456782B90\"},\"issued\":\"%s\",%s}",
		day, words);
	struct web_answer a = asked (s, w, "POST", "/api/crm/invoices", body);
	CHECK (a.status == 201, "the invoice is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	finalised (s, w, ret);
	return ret;
}

/* Two rates, VAT reverse charged, another currency, and a part taken back; one is paid. */
static struct workspace *given_books (struct stack *s, char ret_day[20])
{
	struct workspace *w = given_workspace (s, "boekwerk", "nl-offerte-6");
	char path[120], body[200];
	settle (s);
	struct web_answer a = asked (
		s, w, "PUT", "/api/crm/company",
		"{\"name\":\"Bakkerij Jansen B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\",\"country\":\"NL\","
		"\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\",\"iban\":\"NL91ABNA0417164300\"}");
	then_status (&a, 200);
	char *day = sql_text (s, "select (now() at time zone 'Europe/Amsterdam')::date::text");
	snprintf (ret_day, 20, "%s", day);
	free (day);
	struct uuid first = given_invoice (s, w, ret_day,
					   "\"lines\":[{\"name\":\"A\",\"quantity\":\"2\",\"price\":\"50\",\"rate\":\"21\"},"
					   "{\"name\":\"B\",\"price\":\"10.05\",\"rate\":\"9\"}]");
	given_invoice (s, w, ret_day, "\"lines\":[{\"name\":\"C\",\"price\":\"1000\",\"category\":\"reverse_charge\",\"rate\":\"0\"}]");
	given_invoice (s, w, ret_day,
		       "\"currency\":\"USD\",\"rate\":\"1.1\",\"lines\":[{\"name\":\"D\",\"price\":\"100\",\"rate\":\"21\"}]");
	snprintf (path, sizeof path, "/api/crm/documents/%s/credit", id_text (first));
	a = asked (s, w, "POST", path, "{\"lines\":[{\"name\":\"A, te veel\",\"price\":\"50\",\"rate\":\"21\"}]}");
	CHECK (a.status < 300, "the credit note is %d: %s", a.status, a.body);
	struct uuid credit = uuid_at (a.json, "id");
	web_free (&a);
	finalised (s, w, credit);
	snprintf (body, sizeof body, "{\"document_id\":\"%s\",\"amount\":{\"amount\":\"71.45\",\"currency\":\"EUR\"},\"day\":\"%s\"}",
		  id_text (first), ret_day);
	a = asked (s, w, "POST", "/api/crm/payments", body);
	CHECK (a.status < 300, "the payment is %d: %s", a.status, a.body);
	web_free (&a);
	return w;
}

/* ---- CSV ---- */

enum { CELLS = 18, KIND = 0, NUMBER = 1, LEDGER = 4, NAME = 7, CODE = 9, TAX = 11, DEBIT = 12, CREDIT = 13, CURRENCY = 14 };

/* A row's cells, in place; what follows it, or null. */
static char *row_read (char *at, char *cell[CELLS])
{
	for (int i = 0; i < CELLS; i++) {
		char *out = cell[i] = at;
		bool quoted = *at == '"';
		for (at += quoted; *at; at++) {
			if (quoted && *at == '"' && at[1] == '"')
				at++;
			else if (quoted ? *at == '"' : *at == ',' || *at == '\r')
				break;
			*out++ = *at;
		}
		at += quoted;
		CHECK (*at == (i + 1 < CELLS ? ',' : '\r'), "cell %d of a row ends in %.20s", i, at);
		*out = '\0';
		at++;
	}
	return at[1] ? at + 1 : NULL;
}

static long cents (const char *text)
{
	char *rest;
	if (!*text)
		return 0;
	long whole = strtol (text, &rest, 10);
	CHECK (*rest == '.' && strlen (rest) == 3 && *text != '-', "%s is no amount above zero", text);
	return whole * 100 + strtol (rest + 1, NULL, 10);
}

struct sums {
	long rows, debit, credit;	  /* of EUR */
	long vat_high, vat_low, reversed; /* VAT that is owed at 21 and at 9; turnover reverse charged */
	char names[200];
	bool usd, payment;
};

static struct sums csv_read (struct stack *s, const struct workspace *w, const char *path)
{
	struct sums sum = { 0 };
	char *cell[CELLS], type[100];
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && web_header (&a, "Content-Type", type, sizeof type) && !strncmp (type, "text/csv", 8), "%s is %d: %s",
	       path, a.status, a.body);
	CHECK (!strncmp (a.body,
			 "\xef\xbb\xbf"
			 "kind,number,day,",
			 19),
	       "its head is %.60s", a.body);
	for (char *at = strstr (a.body, "\r\n") + 2; at && *at;) {
		at = row_read (at, cell);
		long debit = cents (cell[DEBIT]), credit = cents (cell[CREDIT]);
		CHECK ((debit > 0) != (credit > 0), "a line of %s is on one side", cell[NUMBER]);
		sum.payment |= !strcmp (cell[KIND], "payment");
		if (strcmp (cell[CURRENCY], "EUR") != 0) {
			sum.usd = true;
			continue;
		}
		sum.rows++;
		sum.debit += debit;
		sum.credit += credit;
		sum.vat_high += !strcmp (cell[LEDGER], "1510") ? credit - debit : 0;
		sum.vat_low += !strcmp (cell[LEDGER], "1511") ? credit - debit : 0;
		sum.reversed += !strcmp (cell[CODE], "AE") ? credit - debit : 0;
		snprintf (sum.names, sizeof sum.names, "%s", cell[NAME]);
	}
	web_free (&a);
	return sum;
}

/* ---- the auditfile ---- */

/* What an XPath comes to, by xmllint. */
static void then_path (const char *file, const char *path, const char *expected)
{
	int code;
	char *said = program_run ((const char *[]){ "/usr/bin/env", "xmllint", "--nonet", "--xpath", path, file, NULL }, &code);
	said[strcspn (said, "\n")] = '\0';
	CHECK (!code && !strcmp (said, expected), "%s is %s, not %s", path, said, expected);
	free (said);
}

#define NAMED(name) "*[local-name()='" name "']"
#define SUM_OF "round(100 * sum(//" NAMED ("trLine") "[" NAMED ("amntTp") "='%s']/" NAMED ("amnt") ")) = %ld"

/* Both sides come to so many cents. */
static void then_sides (const char *file, long expected)
{
	char path[300];
	for (int i = 0; i < 2; i++) {
		snprintf (path, sizeof path, SUM_OF, i ? "C" : "D", expected);
		then_path (file, path, "true");
	}
}

static void file_got (struct stack *s, const struct workspace *w, const char *path, char ret_file[300])
{
	char type[100];
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && web_header (&a, "Content-Type", type, sizeof type) && !strncmp (type, "application/xml", 15),
	       "%s is %d: %.300s", path, a.status, a.body);
	snprintf (ret_file, 300, "%s/books.xaf", s->var);
	FILE *f = fopen (ret_file, "wb");
	CHECK (f && fwrite (a.body, 1, a.n, f) == a.n && !fclose (f), "%s is not written", ret_file);
	web_free (&a);
}

static void then_auditfile (const char *file, const char *lines, long sum, const char *total, const char *journals)
{
	then_path (file, "string(//" NAMED ("companyName") ")", "Bakkerij Jansen B.V.");
	then_path (file, "string(//" NAMED ("custSupName") ")", "Jansen & Zn \"De Korenaar\" \xf0\x9f\x8d\x9e");
	then_path (file, "string(//" NAMED ("linesCount") ")", lines);
	then_path (file, "count(//" NAMED ("trLine") ")", lines);
	then_path (file, "string(//" NAMED ("totalDebit") ")", total);
	then_path (file, "string(//" NAMED ("totalCredit") ")", total);
	then_sides (file, sum);
	then_path (file, "count(//" NAMED ("journal") ")", journals);
	then_path (file, "count(//" NAMED ("customerSupplier") ")", "1");
	/* every account, code and period that a line names is told of before */
	then_path (file, "count(//" NAMED ("trLine") "/" NAMED ("accID") "[not(. = //" NAMED ("ledgerAccount") "/" NAMED ("accID") ")])",
		   "0");
	then_path (file, "count(//" NAMED ("trLine") "//" NAMED ("vatID") "[not(. = //" NAMED ("vatCode") "/" NAMED ("vatID") ")])", "0");
	then_path (
		file,
		"count(//" NAMED ("transaction") "/" NAMED ("periodNumber") "[not(. = //" NAMED ("period") "/" NAMED ("periodNumber") ")])",
		"0");
	then_path (
		file,
		"count(//" NAMED ("trLine") "/" NAMED ("custSupID") "[not(. = //" NAMED ("customerSupplier") "/" NAMED ("custSupID") ")])",
		"0");
}

STORY (books_for_the_bookkeeper,
       "Bookings of a period go to the bookkeeper as CSV and as an auditfile: debit is credit, VAT is the report's, payments when asked for; only for who may export")
{
	char day[20], span[60], path[200], file[300];
	struct workspace *w = given_books (s, day);
	struct user client = given_user (s, "klant@boekwerk.test", "--workspace boekwerk --role client"),
		    other = given_user (s, "baas@elders-boek.test", "--admin");
	given_workspace (s, "boekelders", "nl-offerte-6");
	snprintf (span, sizeof span, "from=%s&to=%s", day, day);
	/* 131.95 and 1000.00 invoiced, 60.50 taken back */
	snprintf (path, sizeof path, "/api/crm/bookings.csv?%s", span);
	struct sums sum = csv_read (s, w, path);
	CHECK (sum.rows == 10 && sum.debit == 119245 && sum.credit == 119245, "%ld rows, debit %ld, credit %ld", sum.rows, sum.debit,
	       sum.credit);
	CHECK (sum.vat_high == 1050 && sum.vat_low == 90 && sum.reversed == 100000, "VAT is %ld and %ld, reverse charged %ld", sum.vat_high,
	       sum.vat_low, sum.reversed);
	CHECK (sum.usd && !sum.payment && !strcmp (sum.names, "Jansen & Zn \"De Korenaar\" \xf0\x9f\x8d\x9e"), "the name is %s", sum.names);
	snprintf (path, sizeof path, "/api/crm/reports/vat?%s", span);
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "data.0.tax.amount"), "10.50") && !strcmp (text_at (a.json, "data.1.tax.amount"), "0.90"),
	       "the report says otherwise: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/bookings.csv?%s&payments=1&currency=EUR", span);
	sum = csv_read (s, w, path);
	CHECK (sum.rows == 12 && sum.debit == 126390 && sum.credit == 126390 && !sum.usd && sum.payment, "with payments %ld rows, %ld",
	       sum.rows, sum.debit);

	snprintf (path, sizeof path, "/api/crm/bookings.xaf?%s", span);
	file_got (s, w, path, file);
	then_auditfile (file, "10", 119245, "1192.45", "1");
	snprintf (path, sizeof path, "/api/crm/bookings.xaf?%s&payments=1", span);
	file_got (s, w, path, file);
	then_auditfile (file, "12", 126390, "1263.90", "2");
	snprintf (path, sizeof path, "/api/crm/bookings.xaf?%s&currency=USD", span);
	file_got (s, w, path, file);
	then_auditfile (file, "3", 12100, "121.00", "1");
	snprintf (path, sizeof path, "/api/crm/bookings.xaf?from=2001-01-01&to=2001-12-31");
	file_got (s, w, path, file);
	then_path (file, "string(//" NAMED ("linesCount") ")", "0");
	then_path (file, "count(//" NAMED ("period") ")", "12");

	static const char *const wrong[] = { "", "from=2026-01-01", "from=2026-02-01&to=2026-01-01",
					     "from=2026-01-01&to=2026-01-31&currency=eu", "from=x&to=2026-01-31" };
	for (size_t i = 0; i < LENGTH (wrong); i++) {
		snprintf (path, sizeof path, "/api/crm/bookings.xaf?%s", wrong[i]);
		a = asked (s, w, "GET", path, NULL);
		then_status (&a, 422);
	}
	for (int i = 0; i < 2; i++) {
		snprintf (path, sizeof path, "/api/crm/bookings.%s?%s", i ? "xaf" : "csv", span);
		a = when_user_asks (s, &client, "GET", path, NULL);
		then_problem (&a, 403, "forbidden");
		a = when_user_asks (s, &other, "GET", path, NULL); /* books are one company's: which? */
		CHECK (a.status >= 400 && a.status < 500, "an admin of many workspaces is not asked which: %d", a.status);
		web_free (&a);
	}
	then_number (s, 6, "lines of the audit", "select count(*) from gateway.audit where what = 'export' and workspace_id = '%s'", w->id);
}

/* That invoice many times over, past the daemons: what is tried is reading them. */
static void given_many (struct stack *s, const struct workspace *w, int n)
{
	sql_do (s,
		"do $$ declare names text; begin "
		"select string_agg(quote_ident(attname), ', ') into names from pg_attribute where attrelid = 'billing.document'::regclass and attnum > 0 and not attisdropped and attgenerated = ''; "
		"execute 'insert into billing.document (' || names || ') select ' || names || ' from (select (jsonb_populate_record(d, jsonb_build_object(''id'', gen_random_uuid(), "
		"''number'', ''VEEL-'' || g, ''series_seq'', 100000 + g, ''token'', null, ''token_hash'', null))).* from billing.document d, generate_series(1, %d) g "
		"where d.workspace_id = ''%s'' and d.kind = ''invoice'') x'; end $$",
		n, w->id);
}

STORY (books_of_many, "Books of more documents than a page hold each of them once, and come to what all of them come to")
{
	enum { MANY = 333 };
	struct workspace *w = given_workspace (s, "boekrijk", "nl-offerte-6");
	char day[20], path[200], file[300], expected[20], total[20];
	settle (s);
	struct web_answer a = asked (
		s, w, "PUT", "/api/crm/company",
		"{\"name\":\"Bakkerij Jansen B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\",\"country\":\"NL\","
		"\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\",\"iban\":\"NL91ABNA0417164300\"}");
	then_status (&a, 200);
	char *today = sql_text (s, "select (now() at time zone 'Europe/Amsterdam')::date::text");
	snprintf (day, sizeof day, "%s", today);
	free (today);
	given_invoice (s, w, day, "\"lines\":[{\"name\":\"A\",\"price\":\"100\",\"rate\":\"21\"}]");
	given_many (s, w, MANY);
	snprintf (path, sizeof path, "/api/crm/bookings.xaf?from=%s&to=%s", day, day);
	file_got (s, w, path, file);
	snprintf (total, sizeof total, "%d.00", (MANY + 1) * 121);
	then_sides (file, (MANY + 1) * 12100L);
	then_path (file, "string(//" NAMED ("totalDebit") ")", total);
	snprintf (expected, sizeof expected, "%d", MANY + 1);
	then_path (file, "count(//" NAMED ("transaction") ")", expected);
	then_path (
		file,
		"count(//" NAMED ("transaction") "[not(" NAMED ("nr") " = preceding-sibling::" NAMED ("transaction") "/" NAMED ("nr") ")])",
		expected);
	snprintf (path, sizeof path, "/api/crm/bookings.csv?from=%s&to=%s", day, day);
	struct sums sum = csv_read (s, w, path);
	CHECK (sum.rows == 3 * (MANY + 1) && sum.debit == sum.credit && sum.debit == (MANY + 1) * 12100L, "%ld rows come to %ld", sum.rows,
	       sum.debit);
}
