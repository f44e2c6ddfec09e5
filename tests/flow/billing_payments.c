/* Money that comes in: written down by hand, on bank statements, through a provider that is slow, repeats itself and tells things in any order (pay_world.py).
 * It must never be counted twice, and that an invoice is paid is said once. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include "seal.h"
#include "story.h"

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

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

static struct uuid made (struct stack *s, const struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status == 201 || a.status == 200, "POST %s is %d: %s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

/* An invoice that is final, of so much without VAT at 21 %; `about`: further members, with a comma behind them. */
static struct uuid given_invoice_of (struct stack *s, const struct workspace *w, const char *about, const char *name, const char *price)
{
	char body[900], path[120];
	snprintf (
		body, sizeof body,
		"{%s\"buyer\":{\"name\":\"%s\",\"street\":\"Kade 2\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\",\"email\":\"geld@klant.test\"},"
		"\"lines\":[{\"name\":\"Website\",\"quantity\":\"1\",\"price\":\"%s\",\"rate\":\"21\"}]}",
		about, name, price);
	struct uuid ret = made (s, w, "/api/crm/invoices", body);
	snprintf (path, sizeof path, "/api/crm/documents/%s/finalise", id_text (ret));
	struct web_answer a = asked (s, w, "POST", path, "{}");
	CHECK (a.status == 200, "it is final: %d %s", a.status, a.body);
	web_free (&a);
	return ret;
}

static struct uuid given_invoice (struct stack *s, const struct workspace *w, const char *name, const char *price)
{
	return given_invoice_of (s, w, "", name, price);
}

static struct web_answer looked_at (struct stack *s, const struct workspace *w, struct uuid document)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (document));
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	return a;
}

static void is_now (struct stack *s, const struct workspace *w, struct uuid document, const char *state, const char *open)
{
	struct web_answer a = looked_at (s, w, document);
	CHECK (!strcmp (text_at (a.json, "state"), state) && !strcmp (text_at (a.json, "open.amount"), open),
	       "it is not %s with %s open: %s", state, open, a.body);
	web_free (&a);
}

static const char *number_of (struct stack *s, const struct workspace *w, struct uuid document)
{
	static char numbers[4][40];
	static int at;
	struct web_answer a = looked_at (s, w, document);
	char *ret = numbers[at++ % 4];
	snprintf (ret, sizeof *numbers, "%s", text_at (a.json, "number"));
	web_free (&a);
	return ret;
}

static void paid_once (struct stack *s, struct uuid document)
{
	then_said (s, document, "invoice.created, invoice.finalised, invoice.paid");
}

static struct uuid pays (struct stack *s, const struct workspace *w, struct uuid document, const char *amount)
{
	char body[200];
	snprintf (body, sizeof body, "{\"document_id\":\"%s\",\"amount\":{\"amount\":\"%s\",\"currency\":\"EUR\"}}", id_text (document),
		  amount);
	return made (s, w, "/api/crm/payments", body);
}

STORY (payments_by_hand,
       "What comes in for an invoice is written down: a part, the rest, and it is paid, said once; what was a mistake is taken back")
{
	struct workspace *w = given_firm (s, "betalingen");
	struct uuid invoice = given_invoice (s, w, "De Vries Techniek", "1500.00");
	char path[160];
	is_now (s, w, invoice, "sent", "1815.00");
	static const char *const wrong[][2] = { { "\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"},\"day\":\"2199-01-01\"", "/day" },
						{ "\"amount\":{\"amount\":\"-1.00\",\"currency\":\"EUR\"}", "/amount" } };
	for (size_t i = 0; i < 2; i++) {
		char body[200];
		snprintf (body, sizeof body, "{\"document_id\":\"%s\",%s}", id_text (invoice), wrong[i][0]);
		struct web_answer a = asked (s, w, "POST", "/api/crm/payments", body);
		CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.pointer"), wrong[i][1]), "%s is %d: %s", body, a.status,
		       a.body);
		web_free (&a);
	}
	is_now (s, w, invoice, "sent", "1815.00");
	pays (s, w, invoice, "815.00");
	is_now (s, w, invoice, "partly_paid", "1000.00");
	struct uuid rest = pays (s, w, invoice, "1000.00");
	is_now (s, w, invoice, "paid", "0.00");
	snprintf (path, sizeof path, "/api/crm/payments/%s", id_text (rest));
	for (int i = 0; i < 2; i++) {
		struct web_answer a = asked (s, w, "DELETE", path, NULL);
		CHECK (a.status / 100 == 2, "it is taken back: %d %s", a.status, a.body);
		web_free (&a);
	}
	is_now (s, w, invoice, "partly_paid", "1000.00");
	snprintf (path, sizeof path, "/api/crm/payments/%s/restore", id_text (rest));
	struct web_answer a = asked (s, w, "POST", path, "{}");
	CHECK (a.status / 100 == 2, "it is there again: %d %s", a.status, a.body);
	web_free (&a);
	is_now (s, w, invoice, "paid", "0.00");
	a = asked (s, w, "GET", "/api/crm/payments", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2, "there are %s", a.body);
	web_free (&a);
	paid_once (s, invoice);
	then_no_dead_letters (s);
}

/* The one payment that is for no invoice; where `amount` is null there is none. */
static struct uuid loose_is (struct stack *s, const struct workspace *w, const char *amount)
{
	struct web_answer a = asked (s, w, "GET", "/api/crm/payments?open=1", NULL);
	size_t n = json_array_size (json_at (a.json, "data"));
	struct uuid ret = { { 0 } };
	CHECK (a.status == 200 && n == (amount ? 1 : 0) && (!amount || !strcmp (text_at (a.json, "data.0.amount.amount"), amount)),
	       "for no invoice is %s", a.body);
	if (amount)
		ret = uuid_at (a.json, "data.0.id");
	web_free (&a);
	return ret;
}

static void goes_to (struct stack *s, const struct workspace *w, struct uuid payment, struct uuid document, int status)
{
	char path[160], body[100];
	snprintf (path, sizeof path, "/api/crm/payments/%s/allocate", id_text (payment));
	snprintf (body, sizeof body, "{\"document_id\":\"%s\"}", id_text (document));
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status == status, "%s %s is %d: %s", path, body, a.status, a.body);
	web_free (&a);
}

static void owes (struct stack *s, struct uuid account, int64_t cents)
{
	then_number (s, cents, "what the company owes", "select balance from billing.account where id = '%s'", id_text (account));
}

static void taken_back (struct stack *s, const struct workspace *w, struct uuid payment, bool away)
{
	char path[160];
	snprintf (path, sizeof path, "/api/crm/payments/%s%s", id_text (payment), away ? "" : "/restore");
	struct web_answer a = asked (s, w, away ? "DELETE" : "POST", path, away ? NULL : "{}");
	CHECK (a.status / 100 == 2, "%s is %d: %s", path, a.status, a.body);
	web_free (&a);
}

STORY (paid_too_much,
       "What is paid too much is for no invoice: it goes to the next one, and goes and comes back with what it was a part of; what a credit note sets free stands there likewise")
{
	struct workspace *w = given_firm (s, "overschot");
	struct uuid account = made (s, w, "/api/crm/accounts", "{\"name\":\"Te Veel BV\",\"address\":\"Laan 3\",\"city\":\"Delft\"}");
	char about[100], path[160];
	settle (s);
	snprintf (about, sizeof about, "\"account_id\":\"%s\",", id_text (account));
	struct uuid first = given_invoice_of (s, w, about, "Te Veel BV", "500.00"),
		    second = given_invoice_of (s, w, about, "Te Veel BV", "1000.00");
	owes (s, account, 181500);
	struct uuid paid = pays (s, w, first, "700.00");
	is_now (s, w, first, "paid", "0.00");
	owes (s, account, 111500);
	struct uuid rest = loose_is (s, w, "95.00");
	goes_to (s, w, rest, first, 409);
	goes_to (s, w, rest, second, 200);
	goes_to (s, w, rest, second, 200);
	is_now (s, w, second, "partly_paid", "1115.00");
	loose_is (s, w, NULL);
	owes (s, account, 111500);
	taken_back (s, w, paid, true);
	is_now (s, w, first, "sent", "605.00");
	is_now (s, w, second, "sent", "1210.00");
	owes (s, account, 181500);
	taken_back (s, w, rest, false);
	is_now (s, w, first, "paid", "0.00");
	is_now (s, w, second, "partly_paid", "1115.00");
	/* what was paid in the meantime is not paid twice by what comes back */
	taken_back (s, w, paid, true);
	struct uuid other = pays (s, w, first, "605.00");
	taken_back (s, w, paid, false);
	is_now (s, w, first, "paid", "0.00");
	loose_is (s, w, "605.00");
	taken_back (s, w, other, true);
	snprintf (path, sizeof path, "/api/crm/documents/%s/credit", id_text (second));
	struct uuid note = made (s, w, path, "{}");
	snprintf (path, sizeof path, "/api/crm/documents/%s/finalise", id_text (note));
	made (s, w, path, "{}");
	is_now (s, w, second, "cancelled", "0.00");
	then_number (s, 70000, "what came in", "select sum(amount) from billing.payment where account_id = '%s' and removed_at is null",
		     id_text (account));
	then_number (
		s, 0, "invoices that are paid too much",
		"select count(*) from billing.document where workspace_id = '%s' and payable - received - credited < 0 and finalised_at is not null",
		w->id);
	then_said (s, second, "invoice.created, invoice.finalised");
	then_no_dead_letters (s);
}

STORY (accounts_owe_together,
       "Of two companies that become one, the one that stays owes what both did, until that is taken back; payments are whose their invoices are")
{
	struct workspace *w = given_firm (s, "samen-schuld");
	char about[100], path[160], body[100];
	struct uuid account[2];
	for (int i = 0; i < 2; i++) {
		snprintf (body, sizeof body, "{\"name\":\"%s BV\"}", i ? "Boven" : "Onder");
		account[i] = made (s, w, "/api/crm/accounts", body);
	}
	settle (s);
	for (int i = 0; i < 2; i++) {
		snprintf (about, sizeof about, "\"account_id\":\"%s\",", id_text (account[i]));
		pays (s, w, given_invoice_of (s, w, about, "Samen", "1000.00"), "210.00");
	}
	owes (s, account[0], 100000);
	snprintf (path, sizeof path, "/api/crm/accounts/%s/merge", id_text (account[0]));
	snprintf (body, sizeof body, "{\"loser_id\":\"%s\"}", id_text (account[1]));
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status / 100 == 2, "they are two still: %d %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/merges/%s/undo", text_at (a.json, "merge_id"));
	web_free (&a);
	settle (s);
	owes (s, account[0], 200000);
	a = asked (s, w, "POST", path, "{}");
	CHECK (a.status / 100 == 2, "they are one for ever: %d %s", a.status, a.body);
	web_free (&a);
	settle (s);
	owes (s, account[0], 100000);
	owes (s, account[1], 100000);
	then_number (
		s, 2, "documents and payments of the one that went into the other",
		"select (select count(*) from billing.document where account_id = '%1$s') + (select count(*) from billing.payment where account_id = '%1$s')",
		id_text (account[1]));
	then_number (s, 0, "what is remembered of a merge that was taken back", "select count(*) from billing.merge_move");
	snprintf (path, sizeof path, "/api/crm/accounts/%s/merge", id_text (account[0]));
	made (s, w, path, body);
	settle (s);
	struct user sales = given_user (s, "anna@samen-schuld.nl", "--workspace samen-schuld --role sales");
	snprintf (path, sizeof path, "/api/crm/accounts/%s", id_text (account[0]));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", sales.id);
	a = asked (s, w, "PUT", path, body);
	CHECK (a.status == 200, "it is another one's: %d %s", a.status, a.body);
	web_free (&a);
	settle (s);
	then_number (s, 2, "payments of whom the invoices are",
		     "select count(*) from billing.payment where workspace_id = '%s' and owner_id = '%s'", w->id, sales.id);
}

/* ---- statements ---- */

/* An MT940 statement as ING writes it. `bookings`: lines of :61: and :86:, which come to `sum` cents. */
static char *statement (const char *bookings, int sum)
{
	static char text[4000];
	snprintf (text, sizeof text,
		  ":20:P1\r\n:25:NL69INGB0123456789EUR\r\n:28C:1\r\n:60F:C261102EUR100,00\r\n%s:62F:C261103EUR%d,%02d\r\n-\r\n", bookings,
		  (10000 + sum) / 100, (10000 + sum) % 100);
	return text;
}

static void brought (struct stack *s, const struct workspace *w, const char *text, int lines, int matched, int doubtful, int unmatched,
		     int repeated)
{
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = "/api/crm/statements?name=november.sta",
								 .key = w->key,
								 .body = text,
								 .type = "application/octet-stream" });
	CHECK (a.status / 100 == 2, "it is %d: %s", a.status, a.body);
	CHECK (number_at (a.json, "lines") == lines && number_at (a.json, "matched") == matched &&
		       number_at (a.json, "doubtful") == doubtful && number_at (a.json, "unmatched") == unmatched &&
		       number_at (a.json, "repeated") == repeated,
	       "it came to %s", a.body);
	web_free (&a);
}

/* The booking in that state, and with that state's path: its id. */
static struct uuid line_in (struct stack *s, const struct workspace *w, const char *state, const char *why)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/statements/lines?state=%s", state);
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1 && !strcmp (text_at (a.json, "data.0.why"), why),
	       "%s: %s", path, a.body);
	struct uuid ret = uuid_at (a.json, "data.0.id");
	web_free (&a);
	return ret;
}

static void line_done (struct stack *s, const struct workspace *w, struct uuid line, const char *what, const char *body, int status)
{
	char path[160];
	snprintf (path, sizeof path, "/api/crm/statements/lines/%s/%s", id_text (line), what);
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status == status, "%s %s is %d: %s", path, body, a.status, a.body);
	web_free (&a);
}

STORY (statement_brought,
       "S4-7: a bank statement pays what its number and amount say, each booking once however often it is brought; the rest waits for somebody, and can be taken back")
{
	struct workspace *w = given_firm (s, "afschriften");
	struct uuid whole = given_invoice (s, w, "De Vries Techniek", "1000.00"), part = given_invoice (s, w, "Jansen Bouw", "500.00");
	char bookings[2000], body[200];
	snprintf (bookings, sizeof bookings,
		  ":61:2611031103C1210,00NTRFNONREF//B1\r\n:86:/CNTP/NL44RABO0123456789/RABONL2U/De Vries///REMI/USTD//Factuur %s/\r\n"
		  ":61:2611031103C205,00NTRFNONREF//B2\r\n:86:/CNTP/NL20INGB0001234567/INGBNL2A/J Jansen///REMI/USTD//deel van %s/\r\n"
		  ":61:2611031103D15,00NMSCNONREF//B3\r\n:86:Kosten\r\n",
		  number_of (s, w, whole), number_of (s, w, part));
	brought (s, w, statement (bookings, 140000), 3, 1, 1, 1, 0);
	is_now (s, w, whole, "paid", "0.00");
	is_now (s, w, part, "sent", "605.00");
	brought (s, w, statement (bookings, 140000), 3, 0, 0, 0, 3);
	is_now (s, w, whole, "paid", "0.00");
	paid_once (s, whole);
	struct uuid line = line_in (s, w, "doubtful", "other_amount"), fee = line_in (s, w, "unmatched", "nothing");
	snprintf (body, sizeof body, "{\"documents\":[\"%s\"]}", id_text (part));
	line_done (s, w, line, "match", body, 200);
	line_done (s, w, line, "match", body, 409);
	line_done (s, w, line, "ignore", "{}", 409);
	is_now (s, w, part, "partly_paid", "400.00");
	line_done (s, w, line, "ignore", "{\"undo\":true}", 200);
	is_now (s, w, part, "sent", "605.00");
	line_done (s, w, line, "match", body, 200);
	is_now (s, w, part, "partly_paid", "400.00");
	line_done (s, w, fee, "ignore", "{}", 200);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = "/api/crm/statements?name=x.sta",
								 .key = w->key,
								 .body = statement (bookings, 140001),
								 .type = "application/octet-stream" });
	CHECK (a.status == 422 && strstr (a.body, "statement_unreadable") && strstr (a.body, "1500.01"),
	       "a sum that does not hold is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/statements", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2, "there are %s", a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

/* The same as CAMT.053: amounts, each with what was said and the other side's account. */
static char *statement_camt (const char *const line[], size_t n, const char *closing)
{
	static char text[6000];
	int at = snprintf (
		text, sizeof text,
		"<Document><BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>NL69INGB0123456789</IBAN></Id><Ccy>EUR</Ccy></Acct>"
		"<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-02</Dt></Dt></Bal>"
		"<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-03</Dt></Dt></Bal>",
		closing);
	for (size_t i = 0; i < n; i++) {
		const char *const *is = &line[3 * i];
		bool less = *is[0] == '-';
		at += snprintf (
			text + at, sizeof text - (size_t) at,
			"<Ntry><Amt Ccy=\"EUR\">%1$s</Amt><CdtDbtInd>%2$s</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-03</Dt></BookgDt>"
			"<NtryDtls><TxDtls><RltdPties><%3$s><Nm>De Vries</Nm></%3$s><%3$sAcct><Id><IBAN>%4$s</IBAN></Id></%3$sAcct></RltdPties>"
			"<RmtInf><Ustrd>%5$s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>",
			is[0] + less, less ? "DBIT" : "CRDT", less ? "Cdtr" : "Dbtr", is[2], is[1]);
	}
	snprintf (text + at, sizeof text - (size_t) at, "</Stmt></BkToCstmrStmt></Document>");
	return text;
}

static void refused_to (struct stack *s, const struct user *u, const char *method, const char *path, const char *body, int status)
{
	struct web_answer a = when_user_asks (s, u, method, path, body);
	CHECK (a.status == status, "%s %s is %d: %s", method, path, a.status, a.body);
	web_free (&a);
}

STORY (statement_told_twice,
       "Bookings that the bank tells in both formats count once; money that goes back names what it undoes; who sees their own records alone sees no bank")
{
	struct workspace *w = given_firm (s, "dubbel-verteld");
	struct uuid whole = given_invoice (s, w, "De Vries Techniek", "1000.00"), part = given_invoice (s, w, "Jansen Bouw", "500.00");
	char bookings[2000], body[200], words[2][100], path[200];
	for (int i = 0; i < 2; i++)
		snprintf (words[i], sizeof words[i], "%s %s", i ? "deel van" : "Factuur", number_of (s, w, i ? part : whole));
	snprintf (bookings, sizeof bookings,
		  ":61:2611031103C1210,00NTRFNONREF//B1\r\n:86:/CNTP/NL44RABO0123456789/RABONL2U/De Vries///REMI/USTD//%s/\r\n"
		  ":61:2611031103C205,00NTRFNONREF//B2\r\n:86:/CNTP/NL20INGB0001234567/INGBNL2A/J Jansen///REMI/USTD//%s/\r\n",
		  words[0], words[1]);
	brought (s, w, statement (bookings, 141500), 2, 1, 1, 0, 0);
	snprintf (body, sizeof body, "{\"documents\":[\"%s\"]}", id_text (part));
	line_done (s, w, line_in (s, w, "doubtful", "other_amount"), "match", body, 200);
	const char *const vries = "NL44RABO0123456789", *const jansen = "NL20INGB0001234567";
	const char *const told[] = { "1210.00", words[0], vries, "205.00", words[1], jansen, "-1210.00", "Terug", vries };
	const char *const other[] = { "205.00", "Iets anders", vries };
	brought (s, w, statement_camt (told, 2, "1515.00"), 2, 0, 0, 0, 2);
	is_now (s, w, whole, "paid", "0.00");
	is_now (s, w, part, "partly_paid", "400.00");
	brought (s, w, statement_camt (other, 1, "305.00"), 1, 0, 0, 1, 0); /* as much on that day, of another one */
	brought (s, w, statement_camt (told, 3, "305.00"), 3, 0, 1, 0, 2);
	struct uuid back = line_in (s, w, "doubtful", "went_back");
	struct web_answer a = asked (s, w, "GET", "/api/crm/statements/lines?state=doubtful", NULL);
	CHECK (!strcmp (text_at (a.json, "data.0.documents.0.id"), id_text (whole)) &&
		       !strcmp (text_at (a.json, "data.0.documents.0.amount.amount"), "-1210.00"),
	       "it undoes %s", a.body);
	web_free (&a);
	snprintf (body, sizeof body, "{\"documents\":[\"%s\"]}", id_text (whole));
	struct user own = given_user (s, "eigen@dubbel-verteld.nl", "--workspace dubbel-verteld --role sdr");
	a = when_user_asks (s, &own, "GET", "/api/crm/statements/lines?workspace=dubbel-verteld", NULL);
	CHECK (a.status == 403 || (a.status == 200 && !json_array_size (json_at (a.json, "data"))), "they see %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/statements/lines/%s/match?workspace=dubbel-verteld", id_text (back));
	refused_to (s, &own, "POST", path, body, 404);
	snprintf (path, sizeof path, "/api/crm/statements/lines/%s/ignore?workspace=dubbel-verteld", id_text (back));
	refused_to (s, &own, "POST", path, "{\"undo\":true}", 404);
	refused_to (s, &own, "POST", "/api/crm/statements?name=x.sta&workspace=dubbel-verteld", statement (bookings, 141500), 403);
	line_done (s, w, back, "match", body, 200);
	is_now (s, w, whole, "sent", "1210.00");
	paid_once (s, whole);
	then_no_dead_letters (s);
}

enum { MANY = 20000 };

STORY (statement_large, "A year of bookings is brought at once, and brought again: each is answered in time, and counts once")
{
	struct workspace *w = given_firm (s, "veel-boekingen");
	size_t room = MANY * 200 + 200, at = 0;
	char *text = malloc (room);
	at += (size_t) snprintf (text, room, ":20:P1\r\n:25:NL69INGB0123456789EUR\r\n:28C:1\r\n:60F:C261102EUR100,00\r\n");
	for (int i = 0; i < MANY; i++)
		at += (size_t) snprintf (
			text + at, room - at,
			":61:2611031103C10,00NTRFNONREF//B%d\r\n:86:/CNTP/NL44RABO0123456789/RABONL2U/De Vries///REMI/USTD//Kassa %d/\r\n",
			i, i);
	snprintf (text + at, room - at, ":62F:C261103EUR%d,00\r\n-\r\n", 100 + 10 * MANY);
	brought (s, w, text, MANY, 0, 0, MANY, 0);
	brought (s, w, text, MANY, 0, 0, 0, MANY);
	free (text);
	then_no_dead_letters (s);
}

/* ---- through a provider ---- */

static const char *const pay_words[] = { "--env", "billing:CRM_PAY_PRIVATE=yes", "--env", "billing:CRM_ORIGIN=https://crm.test", NULL };

struct pay {
	struct stack *s;
	struct workspace *w;
	pid_t world;
	int port;
	char hook[160], token[80], attempt[60];
	struct uuid invoice;
};

static void world_is (struct pay *p, const char *what, const char *body)
{
	char url[80];
	snprintf (url, sizeof url, "http://127.0.0.1:%d/%s", p->port, what);
	struct web_answer a = web_ask (p->s, &(struct web_request){ .method = "PUT", .url = url, .body = body });
	then_status (&a, 200);
}

static int64_t world_made (struct pay *p)
{
	char url[80];
	snprintf (url, sizeof url, "http://127.0.0.1:%d/made", p->port);
	struct web_answer a = web_ask (p->s, &(struct web_request){ .method = "GET", .url = url });
	int64_t ret = number_at (a.json, "count");
	web_free (&a);
	return ret;
}

static struct pay given_pay (struct stack *s, const char *slug, const char *kind, const char *more)
{
	struct pay p = { .s = s, .port = s->port + 40 };
	char port[16], body[300], path[120];
	snprintf (port, sizeof port, "%d", p.port);
	p.world = given_world ((const char *const[]){ "python3", "tests/flow/pay_world.py", port, NULL });
	p.w = given_firm (s, slug);
	snprintf (body, sizeof body, "{\"kind\":\"%s\",\"secret\":\"test_geheim\",\"url\":\"http://127.0.0.1:%d\"%s}", kind, p.port, more);
	struct web_answer a = asked (s, p.w, "POST", "/api/crm/pay/providers", body);
	CHECK (a.status == 201 && strstr (text_at (a.json, "hook_url"), "/hooks/pay/"), "it is %d: %s", a.status, a.body);
	snprintf (p.hook, sizeof p.hook, "%s", text_at (a.json, "hook_url"));
	web_free (&a);
	p.invoice = given_invoice (s, p.w, "De Vries Techniek", "1500.00");
	snprintf (path, sizeof path, "/api/crm/documents/%s/send", id_text (p.invoice));
	a = asked (s, p.w, "POST", path, "{\"mail\":false}");
	CHECK (a.status == 200, "it is sent: %d %s", a.status, a.body);
	web_free (&a);
	a = looked_at (s, p.w, p.invoice);
	CHECK (strlen (text_at (a.json, "portal")) > 8, "its link is %s", a.body);
	snprintf (p.token, sizeof p.token, "%s", text_at (a.json, "portal") + strlen ("/portal/"));
	web_free (&a);
	return p;
}

static void pay_ends (struct pay *p)
{
	kill (p->world, SIGKILL);
	waitpid (p->world, NULL, 0);
}

/* The customer presses the button: pressing it twice is one attempt. */
static void wants_to_pay_times (struct pay *p, int times)
{
	char path[160];
	snprintf (path, sizeof path, "/api/portal/%s/pay", p->token);
	for (int i = 0; i < times; i++) {
		struct web_answer a = web_ask (p->s, &(struct web_request){ .method = "POST", .url = path, .body = "{}" });
		CHECK (a.status / 100 == 2 && (!i || !strcmp (p->attempt, text_at (a.json, "id"))), "it is %d: %s", a.status, a.body);
		snprintf (p->attempt, sizeof p->attempt, "%s", text_at (a.json, "id"));
		web_free (&a);
	}
}

static void wants_to_pay (struct pay *p)
{
	wants_to_pay_times (p, 2);
}

static bool attempt_is (struct pay *p, const char *state, const char *url)
{
	char path[240];
	snprintf (path, sizeof path, "/api/portal/%s/pay?id=%s", p->token, p->attempt);
	struct web_answer a = web_ask (p->s, &(struct web_request){ .method = "GET", .url = path });
	pause_us (400000); /* who asks faster than a page does is held off for a while */
	bool ret = a.status == 200 && !strcmp (text_at (a.json, "state"), state) && (!url || strstr (text_at (a.json, "url"), url));
	web_free (&a);
	return ret;
}

static void posted (struct pay *p, const char *type, const char *header, const char *body, int status)
{
	struct web_answer a = web_ask (
		p->s, &(struct web_request){ .method = "POST", .url = p->hook, .type = type, .header = { header }, .body = body });
	CHECK (a.status == status, "%s posted is %d: %s", body, a.status, a.body);
	web_free (&a);
}

static bool open_is (struct pay *p, const char *state, const char *open)
{
	struct web_answer a = looked_at (p->s, p->w, p->invoice);
	bool ret = !strcmp (text_at (a.json, "state"), state) && !strcmp (text_at (a.json, "open.amount"), open);
	web_free (&a);
	return ret;
}

static void payments_are (struct pay *p, int64_t n, int64_t sum)
{
	then_number (p->s, n, "payments of it", "select count(*) from billing.payment where document_id = '%s'", id_text (p->invoice));
	then_number (p->s, sum, "what they come to", "select coalesce(sum(amount), 0) from billing.payment where document_id = '%s'",
		     id_text (p->invoice));
}

STORY_IN (
	paid_by_mollie,
	"S4-7: a customer pays through Mollie, who loses an answer, is slow and repeats itself: one payment, paid once; what goes back is seen",
	pay_words)
{
	static const char form[] = "application/x-www-form-urlencoded";
	struct pay p = given_pay (s, "mollie-huis", "mollie", "");
	world_is (&p, "mode", "{\"lose\":1}");
	wants_to_pay (&p);
	UNTIL (20000, attempt_is (&p, "open", "https://www.mollie.com/checkout/tr_1"), "the customer is led nowhere");
	CHECK (world_made (&p) == 1, "an answer that was lost made another payment");
	posted (&p, form, NULL, "id=tr_999", 200); /* nobody learns which ids there are */
	posted (&p, form, NULL, "id=tr_1", 200);
	posted (&p, form, NULL, "nonsense", 401);
	posted (&p, form, NULL, "id=../tr_1", 400);
	payments_are (&p, 0, 0);
	world_is (&p, "payment", "{\"state\":\"paid\"}");
	world_is (&p, "mode", "{\"slow\":0.3}");
	for (int i = 0; i < 5; i++)
		posted (&p, form, NULL, "id=tr_1", 200);
	UNTIL (15000, open_is (&p, "paid", "0.00"), "it is not paid");
	payments_are (&p, 1, 181500);
	CHECK (attempt_is (&p, "paid", NULL), "the customer is not told");
	world_is (&p, "payment", "{\"refunded\":50000}");
	for (int i = 0; i < 3; i++)
		posted (&p, form, NULL, "id=tr_1", 200);
	UNTIL (15000, open_is (&p, "partly_paid", "500.00"), "what went back is not seen");
	payments_are (&p, 2, 131500);
	world_is (&p, "payment", "{\"refunded\":181500}");
	posted (&p, form, NULL, "id=tr_1", 200);
	UNTIL (15000, open_is (&p, "sent", "1815.00"), "that all went back is not seen");
	payments_are (&p, 3, 0);
	then_said (s, p.invoice, "invoice.created, invoice.finalised, invoice.sent, invoice.paid");
	char *key = strrchr (p.hook, '/') + 1;
	key[0] = key[0] == 'a' ? 'b' : 'a';
	posted (&p, form, NULL, "id=tr_1", 404);
	then_number (s, 0, "keys in the open", "select count(*) from billing.pay_provider where sealed like '%%geheim%%'");
	then_no_dead_letters (s);
	pay_ends (&p);
}

/* Whether the customer's page offers to pay. */
static bool pay_offered (struct pay *p)
{
	char path[160];
	snprintf (path, sizeof path, "/api/portal/%s", p->token);
	struct web_answer a = web_ask (p->s, &(struct web_request){ .method = "GET", .url = path });
	CHECK (a.status == 200, "the page is %d: %s", a.status, a.body);
	bool ret = json_is_true (json_at (a.json, "pay"));
	web_free (&a);
	return ret;
}

STORY_IN (
	paid_twice,
	"Who pays through a provider what was paid already has it to their credit, and gets it back from there; a provider that fails is said to, and is offered again after a while",
	pay_words)
{
	static const char form[] = "application/x-www-form-urlencoded";
	struct pay p = given_pay (s, "dubbel-betaald", "mollie", "");
	struct uuid provider;
	char *id = sql_text (s, "select id from billing.pay_provider where workspace_id = '%s'", p.w->id);
	CHECK (uuid_parse (id, &provider) == OK, "there is no provider");
	free (id);
	wants_to_pay (&p);
	UNTIL (20000, attempt_is (&p, "open", "https://www.mollie.com/checkout/tr_1"), "the customer is led nowhere");
	struct uuid by_hand = pays (s, p.w, p.invoice, "1815.00");
	world_is (&p, "payment", "{\"state\":\"paid\"}");
	posted (&p, form, NULL, "id=tr_1", 200);
	UNTIL (15000,
	       sql_number (
		       s,
		       "select coalesce(sum(amount), 0) from billing.payment where pay_attempt_id is not null and document_id is null") ==
		       181500,
	       "it is to nobody's credit");
	CHECK (open_is (&p, "paid", "0.00"), "the invoice is paid too much");
	world_is (&p, "payment", "{\"refunded\":181500}");
	posted (&p, form, NULL, "id=tr_1", 200);
	UNTIL (15000, sql_number (s, "select coalesce(sum(amount), 0) from billing.payment where pay_attempt_id is not null") == 0,
	       "what went back is not seen");
	CHECK (open_is (&p, "paid", "0.00"), "what went back was taken from the invoice");
	payments_are (&p, 1, 181500);
	taken_back (s, p.w, by_hand, true);
	CHECK (pay_offered (&p), "nobody can pay");
	world_is (&p, "mode", "{\"key\":\"another\"}");
	posted (&p, form, NULL, "id=tr_1", 200);
	UNTIL (15000, !pay_offered (&p), "a provider that fails is offered");
	UNTIL (15000, sql_number (s, "select count(*) from billing.pay_provider where told = 'fails'") == 1, "nobody hears that it fails");
	sql_do (s, "update billing.pay_provider set checked_at = now() - interval '11 minutes'"); /* time goes by */
	CHECK (pay_offered (&p), "it is never offered again");
	then_said (s, provider, "pay_provider.changed, pay_provider.changed, pay_provider.changed");
	then_no_dead_letters (s);
	pay_ends (&p);
}

static bool provider_is (struct pay *p, const char *state, const char *error)
{
	struct web_answer a = asked (p->s, p->w, "GET", "/api/crm/pay/providers", NULL);
	bool ret = a.status == 200 && !strcmp (text_at (a.json, "data.0.state"), state) &&
		   (!error || strstr (text_at (a.json, "data.0.last_error"), error));
	web_free (&a);
	return ret;
}

static void provider_changed (struct pay *p, const char *body)
{
	struct web_answer a = asked (p->s, p->w, "GET", "/api/crm/pay/providers", NULL);
	char path[160];
	snprintf (path, sizeof path, "/api/crm/pay/providers/%s", text_at (a.json, "data.0.id"));
	web_free (&a);
	a = asked (p->s, p->w, "PUT", path, body);
	CHECK (a.status == 200, "PUT %s %s is %d: %s", path, body, a.status, a.body);
	web_free (&a);
}

STORY_IN (key_is_tried,
	  "A key is tried when it is saved: what is wrong with it is told before a customer meets it; with a better one it is paid again",
	  pay_words)
{
	struct pay p = given_pay (s, "sleutel-huis", "mollie", "");
	UNTIL (20000, provider_is (&p, "works", NULL), "the key is not tried");
	provider_changed (&p, "{\"secret\":\"test_verkeerd\"}");
	UNTIL (20000, provider_is (&p, "fails", "authenticat"), "a wrong key is not told");
	wants_to_pay_times (&p, 1);
	UNTIL (20000, attempt_is (&p, "failed", NULL), "the customer is left waiting");
	CHECK (world_made (&p) == 0, "a wrong key made a payment");
	provider_changed (&p, "{\"secret\":\"test_geheim\"}");
	UNTIL (20000, provider_is (&p, "works", NULL), "the right key is not told");
	wants_to_pay (&p);
	UNTIL (20000, attempt_is (&p, "open", "https://www.mollie.com/checkout/tr_1"), "the customer is led nowhere");
	provider_changed (&p, "{\"active\":false}");
	CHECK (provider_is (&p, "works", NULL), "turned off, it is not known any more");
	then_no_dead_letters (s);
	pay_ends (&p);
}

/* Posted as Stripe signs it; `off`: seconds that its clock is wrong. */
static void stripe_posts (struct pay *p, const char *body, int off, int status)
{
	char header[160], hex[SHA256_TEXT], *text = NULL;
	long long at = (long long) time (NULL) + off;
	int n = asprintf (&text, "%lld.%s", at, body);
	hmac_sha256_text ((struct bytes){ (const unsigned char *) "whsec_geheim123456", 18 },
			  (struct bytes){ (const unsigned char *) text, (size_t) n }, hex);
	snprintf (header, sizeof header, "Stripe-Signature: t=%lld,v1=%s", at, hex);
	posted (p, "application/json", header, body, status);
	free (text);
}

STORY_IN (
	paid_by_stripe,
	"S4-7: a customer pays through Stripe: its events come before their time, twice and in any order; a dispute takes the money back, and one that is won gives it again",
	pay_words)
{
	static const char completed
		[] = "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"checkout.session.completed\",\"data\":{\"object\":{\"object\":\"checkout.session\",\"id\":\"cs_1\","
		     "\"amount_total\":181500,\"currency\":\"eur\",\"status\":\"complete\",\"payment_status\":\"paid\",\"payment_intent\":\"pi_cs_1\"}}}",
       refunded[] =
		"{\"id\":\"evt_2\",\"object\":\"event\",\"type\":\"charge.refunded\",\"data\":{\"object\":{\"object\":\"charge\",\"id\":\"ch_1\",\"amount\":181500,"
		"\"amount_refunded\":31500,\"currency\":\"eur\",\"payment_intent\":\"pi_cs_1\"}}}",
       dispute[] =
		"{\"id\":\"evt_3\",\"object\":\"event\",\"type\":\"charge.dispute.created\",\"data\":{\"object\":{\"object\":\"dispute\",\"id\":\"dp_1\",\"amount\":150000,"
		"\"currency\":\"eur\",\"payment_intent\":\"pi_cs_1\",\"status\":\"needs_response\"}}}",
       closed[] =
		"{\"id\":\"evt_4\",\"object\":\"event\",\"type\":\"charge.dispute.closed\",\"data\":{\"object\":{\"object\":\"dispute\",\"id\":\"dp_1\",\"amount\":150000,"
		"\"currency\":\"eur\",\"payment_intent\":\"pi_cs_1\",\"status\":\"won\"}}}";
	struct pay p = given_pay (s, "stripe-huis", "stripe", ",\"hook_secret\":\"whsec_geheim123456\"");
	wants_to_pay (&p);
	stripe_posts (&p, completed, 0, 200); /* what it says is not so yet: Stripe itself is asked */
	UNTIL (20000, attempt_is (&p, "open", "https://checkout.stripe.com/c/cs_1"), "the customer is led nowhere");
	payments_are (&p, 0, 0);
	stripe_posts (&p, completed, -400, 401);
	posted (&p, "application/json", "Stripe-Signature: t=1,v1=00", completed, 401);
	posted (&p, "application/json", NULL, completed, 401);
	stripe_posts (&p, refunded, 0, 200); /* before anything was paid */
	world_is (&p, "payment", "{\"state\":\"paid\",\"refunded\":31500}");
	UNTIL (20000, open_is (&p, "partly_paid", "315.00"), "what was paid and what went back is not seen");
	payments_are (&p, 2, 150000);
	world_is (&p, "payment", "{\"disputed\":true}");
	stripe_posts (&p, dispute, 0, 200);
	stripe_posts (&p, dispute, 0, 200);
	UNTIL (15000, open_is (&p, "sent", "1815.00"), "that it was taken back is not seen");
	payments_are (&p, 3, 0);
	world_is (&p, "payment", "{\"dispute\":\"won\"}");
	stripe_posts (&p, closed, 0, 200);
	UNTIL (15000, open_is (&p, "partly_paid", "315.00"), "that the dispute was won is not seen");
	payments_are (&p, 4, 150000);
	CHECK (world_made (&p) == 1, "there is another payment");
	then_no_dead_letters (s);
	pay_ends (&p);
}
