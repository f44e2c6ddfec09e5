/* Companies: one of a name, changed with their history, kept from whoever may not see them; and what becomes of a deal that is won.
 * It must never look at the table where the API can be asked. */
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const char *key, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = key, .body = body });
}

static struct uuid made (struct stack *s, const struct workspace *w, const char *body)
{
	struct web_answer a = asked (s, w->key, "POST", "/api/crm/accounts", body);
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

/* As a query string takes it. */
static const char *url_text (const char *text)
{
	static char out[600];
	size_t n = 0;
	for (; *text && n + 4 < sizeof out; text++)
		n += (size_t) snprintf (out + n, sizeof out - n, strchr ("[]\", %&+#", *text) ? "%%%02X" : "%c", (unsigned char) *text);
	out[n] = 0;
	return out;
}

/* The names of a list, in its order, over all its pages. */
static void listed (struct stack *s, const char *key, const char *query, const char *expected)
{
	char path[1400], line[1000] = "", after[700] = "";
	for (int pages = 0; pages < 10; pages++) {
		snprintf (path, sizeof path, "/api/crm/accounts?limit=2&%s%s", query, after);
		struct web_answer a = asked (s, key, "GET", path, NULL);
		size_t i;
		json_t *row;
		CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
		json_array_foreach (json_at (a.json, "data"), i, row)
			snprintf (line + strlen (line), sizeof line - strlen (line), "%s%s", *line ? ", " : "", text_at (row, "name"));
		bool more = *text_at (a.json, "next");
		snprintf (after, sizeof after, "&after=%s", url_text (text_at (a.json, "next")));
		web_free (&a);
		if (!more)
			break;
	}
	CHECK (!strcmp (line, expected), "%s lists\n      %s\n  not\n      %s", query, line, expected);
}

STORY (accounts,
       "S3-10: accounts by every column and page by page; one of a name; changed with their history; a client keeps its owner; found; exported")
{
	struct workspace *w = given_workspace (s, "firms", "dynamics");
	struct uuid acme = made (
		s, w,
		"{\"name\":\"Acme Corp\",\"industry\":\"Retail\",\"city\":\"Utrecht\",\"annual_revenue\":{\"amount\":\"1500000.00\",\"currency\":\"EUR\"}}");
	made (s, w, "{\"name\":\"Bolt\",\"city\":\"Almere\"}");
	made (s, w, "{\"name\":\"  zebra  \",\"city\":\"Breda\",\"lifecycle\":\"client\"}");
	struct web_answer a = asked (s, w->key, "POST", "/api/crm/accounts", "{\"name\":\"ACME corp\"}");
	then_problem (&a, 409, "account_exists");
	a = asked (s, w->key, "POST", "/api/crm/accounts", "{\"name\":\"   \"}");
	then_problem (&a, 422, "invalid");
	a = asked (s, w->key, "GET", "/api/crm/accounts?sort=colour", NULL);
	then_problem (&a, 422, "invalid");
	listed (s, w->key, "", "Acme Corp, Bolt, zebra");
	listed (s, w->key, "sort=-name", "zebra, Bolt, Acme Corp");
	listed (s, w->key, "sort=city", "Bolt, zebra, Acme Corp");
	listed (s, w->key, "sort=-annual_revenue&q=acme", "Acme Corp");
	listed (s, w->key, "lifecycle=client", "zebra");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/accounts/%s", id_text (acme));
	a = asked (s, w->key, "PUT", path, "{\"city\":\"Zwolle\",\"name\":\"Acme\",\"version\":1}");
	then_status (&a, 200);
	a = asked (s, w->key, "PUT", path, "{\"city\":\"Goes\",\"version\":1}");
	then_problem (&a, 409, "account_changed");
	a = asked (s, w->key, "PUT", path, "{\"name\":\"bolt\"}");
	then_problem (&a, 409, "account_exists");
	a = asked (s, w->key, "PUT", path, "{\"lifecycle\":\"client\"}");
	then_status (&a, 200);
	a = asked (s, w->key, "PUT", path, "{\"lifecycle\":\"prospect\"}");
	then_problem (&a, 422, "invalid");
	a = asked (s, w->key, "PUT", path, "{\"owner_id\":null,\"city\":\"Goes\"}");
	then_status (&a, 200); /* nobody owned it */
	struct user sales = given_user (s, "sales@firms.nl", "--workspace firms --role sales");
	char body[120];
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", sales.id);
	a = asked (s, w->key, "PUT", path, body);
	then_problem (&a, 409, "account_is_client");
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, "\"Goes\"") && strstr (a.body, "\"client\"") && strstr (a.body, "1500000.00"),
	       "one account is %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/accounts/%s/timeline", id_text (acme));
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 4 && strstr (a.body, "\"Zwolle\""),
	       "its timeline is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w->key, "GET", "/api/crm/search?q=acm", NULL);
	CHECK (json_array_size (json_at (a.json, "data.accounts")) == 1, "search finds %s", a.body);
	web_free (&a);
	a = asked (s, w->key, "GET", "/api/crm/export/accounts", NULL);
	CHECK (a.status == 200 && strstr (a.body, "1500000.00") && strstr (a.body, "zebra"), "the export is %d: %s", a.status, a.body);
	web_free (&a);
	struct user sdr = given_user (s, "sdr@firms.nl", "--workspace firms --role sdr");
	a = when_user_asks (s, &sdr, "GET", "/api/crm/accounts", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 0, "who sees their own sees %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/accounts/%s", id_text (acme));
	a = when_user_asks (s, &sdr, "GET", path, NULL);
	then_problem (&a, 404, "account_not_found");
	a = when_user_asks (s, &sdr, "PUT", path, "{\"city\":\"Elders\"}");
	then_problem (&a, 404, "account_not_found");
}

STORY (account_tags, "Tags and notes on an account as on a person: put on, told, on its timeline; never by or for one who may not see it")
{
	struct workspace *w = given_workspace (s, "labels", "dynamics");
	struct uuid acme = made (s, w, "{\"name\":\"Acme Corp\"}");
	struct user sdr = given_user (s, "sdr@labels.nl", "--workspace labels --role sdr");
	struct web_answer a = asked (s, w->key, "POST", "/api/crm/tags", "{\"label\":\"Sleutelklant\",\"colour\":\"teal\"}");
	char tag[UUID_TEXT], path[200], body[200];
	CHECK (a.status == 201, "a tag is %d: %s", a.status, a.body);
	snprintf (tag, sizeof tag, "%s", text_at (a.json, "id"));
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/accounts/%s/tags", id_text (acme));
	snprintf (body, sizeof body, "{\"tags\":[\"%s\"]}", tag);
	a = when_user_asks (s, &sdr, "PUT", path, body); /* nobody's account is not theirs */
	then_problem (&a, 404, "account_not_found");
	for (int i = 0; i < 2; i++) { /* the second says nothing */
		a = asked (s, w->key, "PUT", path, body);
		then_status (&a, 200);
	}
	snprintf (body, sizeof body, "{\"tags\":[\"%s\"]}", id_text (acme));
	a = asked (s, w->key, "PUT", path, body);
	CHECK (a.status == 422 && strstr (a.body, "/tags/0"), "a tag that is none is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "data.0.label"), "Sleutelklant"), "it bears %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &sdr, "GET", path, NULL);
	CHECK (!strstr (a.body, "Sleutelklant"), "whoever may not see it reads its tags: %s", a.body);
	web_free (&a);
	snprintf (body, sizeof body, "{\"kind\":\"note\",\"note\":\"Belt liever\",\"account_id\":\"%s\"}", id_text (acme));
	a = asked (s, w->key, "POST", "/api/crm/activities", body);
	then_status (&a, 201);
	settle (s);
	when_redelivered (s, "record.tagged", 1);
	snprintf (path, sizeof path, "/api/crm/accounts/%s/timeline", id_text (acme));
	a = asked (s, w->key, "GET", path, NULL);
	const char *once = strstr (a.body, "record.tagged");
	CHECK (once && !strstr (once + 1, "record.tagged") && strstr (a.body, "Sleutelklant") && strstr (a.body, "Belt liever"),
	       "its timeline: %s", a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

static void moved (struct stack *s, const struct workspace *w, struct uuid deal, const char *stage)
{
	char path[200], body[60];
	snprintf (path, sizeof path, "/api/crm/opportunity/%s/stage", id_text (deal));
	snprintf (body, sizeof body, "{\"stage\":\"%s\"}", stage);
	struct web_answer a = asked (s, w->key, "POST", path, body);
	then_status (&a, 200);
	settle (s);
}

STORY (convert,
       "S3-1: a won deal is an account and a contact, once, whatever is redelivered; two deals of one company share it; one made by hand too; no company, no account")
{
	struct workspace *w = given_workspace (s, "convert", "dynamics");
	struct web_answer a = asked (
		s, w->key, "POST", "/api/crm/leads",
		"{\"name\":\"John Smith\",\"company\":\"Acme Corp\",\"email\":\"john@acme.test\",\"phone\":\"1\",\"source\":\"referral\"}");
	CHECK (a.status == 201, "a lead is %d: %s", a.status, a.body);
	struct uuid first = uuid_at (a.json, "id");
	web_free (&a);
	a = asked (s, w->key, "POST", "/api/crm/leads",
		   "{\"name\":\"Jane Doe\",\"company\":\"ACME CORP\",\"email\":\"jane@acme.test\",\"source\":\"referral\"}");
	struct uuid second = uuid_at (a.json, "id");
	web_free (&a);
	a = asked (s, w->key, "POST", "/api/crm/leads", "{\"name\":\"Nobody's Own\",\"email\":\"own@self.test\",\"source\":\"referral\"}");
	struct uuid third = uuid_at (a.json, "id");
	web_free (&a);
	settle (s);
	char path[200];
	snprintf (path, sizeof path, "/api/crm/leads/%s", id_text (first));
	a = asked (s, w->key, "PUT", path, "{\"phone\":\"+31612345678\"}");
	then_status (&a, 200);
	settle (s);
	moved (s, w, first, "won");
	moved (s, w, second, "won");
	moved (s, w, third, "won");
	when_redelivered (s, "deal.stage_changed", 3);
	settle (s);
	listed (s, w->key, "", "Acme Corp");
	a = asked (s, w->key, "GET", "/api/crm/accounts", NULL);
	CHECK (number_at (a.json, "data.0.contacts") == 2 && !strcmp (text_at (a.json, "data.0.lifecycle"), "client"), "the account is %s",
	       a.body);
	web_free (&a);
	a = asked (s, w->key, "GET", "/api/crm/contacts?q=john", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && strstr (a.body, "+31612345678"), "the contact is %s", a.body);
	web_free (&a);
	then_number (s, 3, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
	then_number (s, 0, "people who are no contact yet", "select count(*) from contacts.lead_person where workspace_id = '%s'", w->id);
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (first));
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "account_name"), "Acme Corp") &&
		       !strcmp (text_at (a.json, "contact_name"), "John Smith"),
	       "its deal is %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/leads/%s", id_text (first));
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (*text_at (a.json, "contact_id"), "its lead is %s", a.body);
	web_free (&a);
	a = asked (s, w->key, "POST", "/api/crm/deals", "{\"title\":\"By hand\",\"company\":\"Hand BV\"}");
	CHECK (a.status == 201, "a deal is %d: %s", a.status, a.body);
	struct uuid hand = uuid_at (a.json, "id");
	web_free (&a);
	settle (s);
	moved (s, w, hand, "won");
	moved (s, w, hand, "proposal");
	moved (s, w, hand, "won");
	listed (s, w->key, "sort=name", "Acme Corp, Hand BV");
	then_number (s, 4, "conversions", "select count(*) from contacts.conversion where workspace_id = '%s'", w->id);
	then_no_dead_letters (s);
}

STORY (convert_keeps,
       "A win leaves its contact's e-mail and phone on every deal of theirs; the lead of a client hands nobody over; a task is seen by whom it is given to")
{
	struct workspace *w = given_workspace (s, "convert-known", "commerce");
	struct uuid first = given_deal_of (s, w, "Piet Bos", "piet@bos.test", "Vraag"),
		    other = given_deal_of (s, w, "Piet Bos", "piet@bos.test", "Nog een");
	char *contact = sql_text (s, "select contact_id from contacts.lead where lead_id = '%s'", id_text (first)), path[200], body[200];
	snprintf (path, sizeof path, "/api/crm/contacts/%s", contact);
	struct web_answer a = asked (s, w->key, "PUT", path, "{\"company\":\"Bos BV\",\"phone\":\"+31612345678\"}");
	then_status (&a, 200);
	free (contact);
	settle (s);
	moved (s, w, first, "won");
	settle (s);
	snprintf (path, sizeof path, "/api/crm/deals?q=piet&fields=email,phone&kind=open");
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && strstr (a.body, id_text (other)) && strstr (a.body, "piet@bos.test") && strstr (a.body, "+31612345678"),
	       "the other deal says %s", a.body);
	web_free (&a);
	struct user sales = given_user (s, "sales@convert-known.nl", "--workspace convert-known --role sales"),
		    sdr = given_user (s, "sdr@convert-known.nl", "--workspace convert-known --role sdr");
	char *was = sql_text (s, "select coalesce(owner_id::text, '-') from pipeline.deal where id = '%s'", id_text (first));
	snprintf (path, sizeof path, "/api/crm/leads/%s", id_text (first));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", sales.id);
	a = asked (s, w->key, "PUT", path, body);
	then_status (&a, 200);
	settle (s);
	then_text (s, was, "the client's owner", "select coalesce(owner_id::text, '-') from pipeline.deal where id = '%s'",
		   id_text (first));
	free (was);
	snprintf (body, sizeof body, "{\"kind\":\"task\",\"subject\":\"Bellen\",\"deal_id\":\"%s\",\"owner_id\":\"%s\"}", id_text (other),
		  sdr.id);
	a = asked (s, w->key, "POST", "/api/crm/activities", body);
	then_status (&a, 201);
	a = when_user_asks (s, &sdr, "GET", "/api/crm/tasks?view=mine", NULL);
	CHECK (a.status == 200 && strstr (a.body, "Bellen"), "whose task it is sees %s", a.body);
	web_free (&a);
	snprintf (body, sizeof body, "{\"action\":\"delete\",\"filter\":{\"source\":[");
	struct buffer many = { 0 };
	buffer_text (&many, body);
	for (int i = 0; i < 300; i++)
		buffer_text (&many, i ? ",\"a\"" : "\"a\"");
	buffer_text (&many, "]}}");
	buffer_add (&many, "", 1);
	a = asked (s, w->key, "POST", "/api/crm/deals/bulk", (const char *) many.at);
	then_problem (&a, 422, "invalid");
	buffer_fini (&many);
}
