/* What the other services make of money: an accepted quote is its deal's value, stories tell of quotes, invoices and payments, search and exports find them,
 * a customer's page does what its customer does and tells nobody else, and a document goes by mail with its files, once.
 * It must never let a mail leave this machine. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "story.h"

static const char company[] =
	"{\"name\":\"Zon & Zo B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\",\"country\":\"NL\",\"kvk\":\"12345678\","
	"\"vat_id\":\"NL123456782B01\",\"iban\":\"NL91ABNA0417164300\",\"email\":\"info@zon.test\"}";
static const char lines[] = "\"lines\":[{\"name\":\"Zonnescherm\",\"quantity\":\"2\",\"price\":\"500.00\",\"rate\":\"21\"},"
			    "{\"name\":\"Windvast\",\"price\":\"100.00\",\"rate\":\"21\",\"optional\":true,\"chosen\":false}]";
static const char buyer[] =
	"\"buyer\":{\"name\":\"Familie de Wit\",\"street\":\"Laan 2\",\"postcode\":\"5678 CD\",\"city\":\"Delft\",\"country\":\"NL\",\"email\":\"sanne@klant.test\"}";

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

static void done_at (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	struct web_answer a = asked (s, w, method, path, body);
	CHECK (a.status / 100 == 2, "%s %s is %d: %s", method, path, a.status, a.body);
	web_free (&a);
}

/* A workspace that is somebody on paper. */
static struct workspace *given_company (struct stack *s, const char *slug)
{
	struct workspace *w = given_workspace (s, slug, "nl-offerte-6");
	settle (s);
	done_at (s, w, "PUT", "/api/crm/company", company);
	return w;
}

/* Its id; `about`: further members, with a comma behind them. */
static void given_document (struct stack *s, const struct workspace *w, const char *list, const char *about, char ret_id[UUID_TEXT])
{
	char body[2000], path[100];
	snprintf (body, sizeof body, "{%s%s,%s,\"title\":\"Zonwering achtergevel\"}", about, buyer, lines);
	snprintf (path, sizeof path, "/api/crm/%s", list);
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status == 201, "a document is %d: %s", a.status, a.body);
	snprintf (ret_id, UUID_TEXT, "%s", text_at (a.json, "id"));
	web_free (&a);
}

static struct web_answer document_of (struct stack *s, const struct workspace *w, const char *id)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/documents/%s", id);
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	return a;
}

/* The types of a record's story, the newest first, as its page tells them. */
static char *story_of (struct stack *s, const struct workspace *w, const char *kind, const char *id)
{
	char path[200];
	static char ret[2000];
	size_t i;
	json_t *entry;
	snprintf (path, sizeof path, "/api/crm/%s/%s/timeline?limit=100", kind, id);
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	ret[0] = 0;
	json_array_foreach (json_at (a.json, "data"), i, entry) snprintf (
		ret + strlen (ret), sizeof ret - strlen (ret), "%s%s", i ? " " : "", json_string_value (json_object_get (entry, "type")));
	web_free (&a);
	return ret;
}

STORY (quote_is_worth,
       "An accepted quote is its deal's value, once, with its history; both stories tell of it with its amount; search and exports find it by its number")
{
	struct workspace *w = given_company (s, "waarde");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	char id[UUID_TEXT], about[100], path[300], number[40];
	snprintf (about, sizeof about, "\"deal_id\":\"%s\",", id_text (deal));
	given_document (s, w, "quotes", about, id);
	struct web_answer a = document_of (s, w, id);
	snprintf (number, sizeof number, "%s", text_at (a.json, "number"));
	CHECK (!strncmp (number, "OFF-", 4) && !strcmp (text_at (a.json, "net.amount"), "1000.00") &&
		       !strcmp (text_at (a.json, "gross.amount"), "1210.00"),
	       "it is %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/documents/%s/send?workspace=waarde", number); /* by its number */
	done_at (s, w, "POST", path, "{\"mail\":false}");
	snprintf (path, sizeof path, "/api/crm/documents/%s/accept", id);
	done_at (s, w, "POST", path, "{\"name\":\"Sanne de Wit\"}");
	settle (s);
	when_redelivered (s, "quote.accepted", 2);
	then_text (s, "100000 EUR", "the deal's value", "select value || ' ' || value_currency from pipeline.deal where id = '%s'",
		   id_text (deal));
	then_number (s, 1, "changes of it", "select count(*) from contacts.timeline where subject_id = '%s' and type = 'deal.updated'",
		     id_text (deal));
	snprintf (path, sizeof path, "/api/crm/deals/%s/history", id_text (deal));
	a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, "1000.00 EUR"), "its history is %s", a.body);
	web_free (&a);
	const char *story = story_of (s, w, "deals", id_text (deal));
	CHECK (strstr (story, "quote.accepted") && strstr (story, "quote.sent") && strstr (story, "quote.created") &&
		       strstr (story, "deal.updated"),
	       "its story is %s", story);
	then_number (
		s, 1, "lines of its being accepted, with the amount",
		"select count(*) from contacts.timeline where subject_id = '%s' and type = 'quote.accepted' and data -> 'total' ->> 'amount' = '1210.00'",
		id_text (deal));
	then_number (s, 0, "lines that say the customer's link", "select count(*) from contacts.timeline where data ? 'link'");
	snprintf (path, sizeof path, "/api/crm/search?q=%s", number);
	a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "data.quotes.0.id"), id) &&
		       !strcmp (text_at (a.json, "data.quotes.0.title"), number) && !json_is_true (json_at (a.json, "partial")),
	       "search finds %s", a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/export/quotes?state=accepted", NULL);
	CHECK (a.status == 200 && strstr (a.body, number) && strstr (a.body, ",1210.00,"), "the export is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/export/quotes?state=declined", NULL);
	CHECK (a.status == 200 && !strstr (a.body, number), "the export of others is %d: %s", a.status, a.body);
	web_free (&a);
}

/* ---- a customer's page ---- */

/* Nobody's log-in goes with it. */
static struct web_answer visited (struct stack *s, const char *method, const char *token, const char *deed, const char *body)
{
	char path[200];
	snprintf (path, sizeof path, "/api/portal/%s%s", token, deed);
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .body = body });
}

static void token_of (struct stack *s, const struct workspace *w, const char *id, char ret_token[64])
{
	struct web_answer a = document_of (s, w, id);
	const char *portal = text_at (a.json, "portal");
	CHECK (!strncmp (portal, "/portal/", 8) && strlen (portal) == 8 + 43, "its link is %s", portal);
	snprintf (ret_token, 64, "%s", portal + 8);
	web_free (&a);
}

STORY (portal_says_no_more,
       "A customer's page says its own document and changes nothing by being read; they look, choose and accept what they saw, once; no other link opens anything")
{
	struct workspace *w = given_company (s, "klantpagina");
	struct uuid deal = given_deal_of (s, w, "Kees Klant", "kees@klant.test", "Offerte");
	char id[UUID_TEXT], other[UUID_TEXT], about[100], path[300], token[64], wrong[64], body[200];
	snprintf (about, sizeof about, "\"deal_id\":\"%s\",", id_text (deal));
	given_document (s, w, "quotes", about, id);
	given_document (s, w, "quotes", "", other);
	snprintf (path, sizeof path, "/api/crm/documents/%s/send", id);
	done_at (s, w, "POST", path, "{\"mail\":false}");
	token_of (s, w, id, token);
	settle (s);
	struct web_answer a = visited (s, "GET", token, "", NULL);
	int64_t version = number_at (a.json, "version");
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "gross.amount"), "1210.00") &&
		       !strcmp (text_at (a.json, "seller.name"), "Zon & Zo B.V.") && json_array_size (json_at (a.json, "lines")) == 2,
	       "the page is %d: %s", a.status, a.body);
	CHECK (!strstr (a.body, w->id) && !strstr (a.body, id_text (deal)) && !strstr (a.body, token),
	       "it tells more than its document: %s", a.body);
	web_free (&a);
	then_text (s, "", "whoever looked, after it was only read",
		   "select coalesce(viewed_at::text, '') from billing.document where id = '%s'", id);
	for (int i = 0; i < 2; i++) {
		a = visited (s, "POST", token, "/seen", "{}");
		then_status (&a, 200);
	}
	settle (s);
	then_number (s, 1, "times that it was said to be seen",
		     "select count(*) from contacts.timeline where subject_id = '%s' and type = 'quote.viewed'", id_text (deal));
	/* of another version, of another line, of nobody's link */
	a = visited (s, "POST", token, "/choose", "{\"chosen\":[1]}");
	then_problem (&a, 422, "invalid");
	a = visited (s, "POST", token, "/choose", "{\"chosen\":[2]}");
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "gross.amount"), "1331.00"), "what is chosen is %d: %s", a.status, a.body);
	int64_t chosen = number_at (a.json, "version");
	web_free (&a);
	snprintf (body, sizeof body, "{\"name\":\"Kees Klant\",\"version\":%lld}", (long long) version);
	a = visited (s, "POST", token, "/accept", body);
	then_problem (&a, 409, "document_changed");
	snprintf (wrong, sizeof wrong, "%s", token);
	wrong[42] = wrong[42] == 'A' ? 'E' : 'A';
	a = visited (s, "GET", wrong, "", NULL);
	then_problem (&a, 404, "portal_void");
	a = visited (s, "GET", "x", "", NULL);
	then_problem (&a, 404, "portal_void");
	snprintf (body, sizeof body, "{\"name\":\"Kees Klant\",\"version\":%lld}", (long long) chosen);
	a = visited (s, "POST", wrong, "/accept", body);
	then_problem (&a, 404, "portal_void");
	a = visited (s, "POST", token, "/accept", "{}");
	then_problem (&a, 422, "invalid");
	a = visited (s, "POST", token, "/accept", body);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "state"), "accepted") &&
		       !strcmp (text_at (a.json, "accepted_by"), "Kees Klant"),
	       "accepting is %d: %s", a.status, a.body);
	web_free (&a);
	a = visited (s, "POST", token, "/decline", "{\"reason\":\"Toch niet\"}");
	then_problem (&a, 409, "quote_answered");
	settle (s);
	then_text (s, "110000 EUR", "the deal's value", "select value || ' ' || value_currency from pipeline.deal where id = '%s'",
		   id_text (deal));
	then_text (s, "127.0.0.1", "from where it was accepted", "select accepted_address from billing.document where id = '%s'", id);
	/* thrown away, the link opens nothing; one that was never sent has none */
	a = document_of (s, w, other);
	CHECK (json_is_null (json_at (a.json, "portal")), "a draft has a link: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/documents/%s/send", other);
	done_at (s, w, "POST", path, "{\"mail\":false}");
	token_of (s, w, other, token);
	snprintf (path, sizeof path, "/api/crm/documents/%s", other);
	done_at (s, w, "DELETE", path, NULL);
	a = visited (s, "GET", token, "", NULL);
	then_problem (&a, 404, "portal_void");
}

/* ---- by mail ---- */

static const char *const mail_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes",	  "--env", "mailer:CRM_MAIL_HOLD=0",
					  "--env", "mailer:CRM_ORIGIN=https://crm.test/", NULL };

STORY_IN (
	document_goes_by_mail,
	"A quote goes by mail once, with its PDF and its customer's link, however often it is heard; a template says its number, its total and its link; without an account the mail is seen to have failed",
	mail_words)
{
	struct workspace *w = given_company (s, "versturen"), *none = given_company (s, "zonder-post");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	char id[UUID_TEXT], silent[UUID_TEXT], about[100], path[300], body[500], file[300], smtp[16], http[16], number[40], token[64];
	snprintf (file, sizeof file, "%s/mails.jsonl", s->var);
	snprintf (smtp, sizeof smtp, "%d", s->port + 30);
	snprintf (http, sizeof http, "%d", s->port + 31);
	pid_t world = given_world ((const char *const[]){ "python3", "tests/flow/mail_world.py", smtp, http, file, NULL });
	snprintf (
		body, sizeof body,
		"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_name\":\"Zon & Zo\",\"from_email\":\"info@zon.test\",\"host\":\"127.0.0.1\",\"port\":%s,\"tls\":\"none\"}",
		smtp);
	done_at (s, w, "POST", "/api/crm/mail/accounts", body);
	snprintf (about, sizeof about, "\"deal_id\":\"%s\",", id_text (deal));
	given_document (s, w, "quotes", about, id);
	snprintf (path, sizeof path, "/api/crm/documents/%s/send", id);
	done_at (s, w, "POST", path, "{}");
	json_t *o = NULL;
	UNTIL (30000, (o = mail_taken (file, "sanne@klant.test", 0)), "no mail came: %s",
	       sql_text (s, "select string_agg(state || ' ' || coalesce(error, ''), ', ') from billing.render"));
	struct web_answer a = document_of (s, w, id);
	snprintf (number, sizeof number, "%s", text_at (a.json, "number"));
	web_free (&a);
	token_of (s, w, id, token);
	char *whole = json_dumps (o, 0);
	CHECK (strstr (text_at (o, "subject"), number) && strstr (text_at (o, "text"), "https://crm.test/portal/") &&
		       strstr (text_at (o, "text"), token) && strstr (text_at (o, "html"), "<a href=\"https://crm.test/portal/") &&
		       strstr (whole, "application/pdf") && strstr (whole, ".pdf"),
	       "it came as %s", whole);
	free (whole);
	json_decref (o);
	when_redelivered (s, "document.mail_wanted", 2);
	then_number (s, 1, "mails of it", "select count(*) from mailer.message where deal_id = '%s'", id_text (deal));
	CHECK (!mail_taken (file, "sanne@klant.test", 1), "it went twice");
	then_number (s, 0, "events that say the token",
		     "select count(*) from billing.event where position(convert_to('%s', 'UTF8') in payload) > 0", token);
	/* the placeholders of a template */
	snprintf (
		body, sizeof body,
		"{\"subject\":\"Over {{quote.number}}\",\"text\":\"{{quote.total}} via {{quote.url}}\",\"language\":\"nl\",\"deal_id\":\"%s\"}",
		id_text (deal));
	a = asked (s, w, "POST", "/api/crm/mail/templates/preview", body);
	CHECK (a.status == 200 && strstr (text_at (a.json, "subject"), number) && strstr (text_at (a.json, "text"), "1.210,00") &&
		       strstr (text_at (a.json, "text"), "https://crm.test/portal/") && strstr (text_at (a.json, "text"), token),
	       "a template says %d: %s", a.status, a.body);
	web_free (&a);
	/* nobody sends it */
	given_document (s, none, "quotes", "", silent);
	snprintf (path, sizeof path, "/api/crm/documents/%s/send", silent);
	done_at (s, none, "POST", path, "{}");
	UNTIL (30000,
	       sql_number (s, "select count(*) from mailer.recipient where workspace_id = '%s' and state = 'dropped'", none->id) == 1,
	       "a mail that nobody sends is not seen");
	kill (world, SIGKILL);
	waitpid (world, NULL, 0);
}

/* ---- what a company owes ---- */

static void balance_says (struct stack *s, const struct workspace *w, const char *account, const char *amount, const char *system)
{
	char path[200];
	settle (s);
	snprintf (path, sizeof path, "/api/crm/facts?panel=balance&account_id=%s", account);
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1 &&
		       !strcmp (text_at (a.json, "data.0.value.amount"), amount) && !strcmp (text_at (a.json, "data.0.system"), system),
	       "what it owes is %d: %s", a.status, a.body);
	web_free (&a);
}

STORY (balance_is_told,
       "What a company owes stands beside its facts: open invoices less what came in; where another system says it, that stands")
{
	struct workspace *w = given_company (s, "saldo");
	char id[UUID_TEXT], account[UUID_TEXT], about[100], path[200], body[300], hook[200];
	struct web_answer a = asked (s, w, "POST", "/api/crm/accounts",
				     "{\"name\":\"Saldo BV\",\"address\":\"Laan 3\",\"postcode\":\"2611 AA\",\"city\":\"Delft\"}");
	CHECK (a.status == 201, "a company is %d: %s", a.status, a.body);
	snprintf (account, sizeof account, "%s", text_at (a.json, "id"));
	web_free (&a);
	settle (s);
	snprintf (about, sizeof about, "\"account_id\":\"%s\",", account);
	given_document (s, w, "invoices", about, id);
	snprintf (path, sizeof path, "/api/crm/documents/%s/finalise", id);
	done_at (s, w, "POST", path, "{}");
	balance_says (s, w, account, "1210.00", "billing");
	snprintf (body, sizeof body, "{\"document_id\":\"%s\",\"amount\":{\"amount\":\"210.00\",\"currency\":\"EUR\"}}", id);
	done_at (s, w, "POST", "/api/crm/payments", body);
	balance_says (s, w, account, "1000.00", "billing");
	CHECK (strstr (story_of (s, w, "accounts", account), "payment.received") &&
		       strstr (story_of (s, w, "accounts", account), "invoice.finalised"),
	       "the company's story is %s", story_of (s, w, "accounts", account));
	given_source (s, w->slug, "--kind records --form-type boekhouding", hook);
	a = when_posted (
		s, hook,
		"{\"panel\":\"balance\",\"key\":\"open\",\"label\":{\"en\":\"Open\",\"nl\":\"Open\"},\"value\":{\"amount\":\"7.00\",\"currency\":\"EUR\"},"
		"\"account\":\"Saldo BV\"}");
	then_status (&a, 202);
	balance_says (s, w, account, "7.00", "boekhouding");
	done_at (s, w, "POST", "/api/crm/payments", body);
	balance_says (s, w, account, "7.00", "boekhouding");
}
