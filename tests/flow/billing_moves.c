/* Documents of money where those whom they are for become one and two again, change hands, or are gone for good: they follow, and what is printed of a final
 * one stays as it is. It must never look away from the bytes of what is final. */
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

static struct uuid made (struct stack *s, const struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status / 100 == 2, "POST %s is %d: %s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void is_now (struct stack *s, const struct workspace *w, struct uuid document, const char *field, const char *value)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/documents/%s", id_text (document));
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, field), value), "%s is not %s: %s", field, value, a.body);
	web_free (&a);
}

static struct workspace *given_firm (struct stack *s, const char *slug)
{
	struct workspace *w = given_workspace (s, slug, "nl-offerte-6");
	settle (s);
	struct web_answer a = asked (s, w, "PUT", "/api/crm/company",
				     "{\"name\":\"Zon B.V.\",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\","
				     "\"city\":\"Utrecht\",\"country\":\"NL\",\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B01\"}");
	then_status (&a, 200);
	return w;
}

#define LINES "\"lines\":[{\"name\":\"Website\",\"price\":\"1000\",\"rate\":\"21\"}]"

/* A final invoice of `whom`, such as "account_id":"…". */
static struct uuid given_invoice (struct stack *s, const struct workspace *w, const char *whom)
{
	char body[600], path[120];
	snprintf (body, sizeof body, "{%s," LINES "}", whom);
	struct uuid ret = made (s, w, "/api/crm/invoices", body);
	snprintf (path, sizeof path, "/api/crm/documents/%s/finalise", id_text (ret));
	made (s, w, path, "{}");
	return ret;
}

/* All that is printed of it. */
static char *printed_of (struct stack *s, struct uuid document)
{
	return sql_text (
		s,
		"select md5((to_jsonb(d) - array['version', 'contact_id', 'account_id', 'deal_id', 'lead_id', 'owner_id', 'token', 'token_hash', 'state'])::text)"
		" from billing.document d where id = '%s'",
		id_text (document));
}

static void then_printed (struct stack *s, struct uuid document, const char *before)
{
	char *now = printed_of (s, document);
	CHECK (!strcmp (before, now), "what is printed of it is another");
	free (now);
}

static struct uuid when_merged (struct stack *s, const struct workspace *w, const char *kind, struct uuid survivor, struct uuid loser)
{
	char body[120], path[120];
	snprintf (path, sizeof path, "/api/crm/%s/%s/merge", kind, id_text (survivor));
	snprintf (body, sizeof body, "{\"loser_id\":\"%s\"}", id_text (loser));
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status == 200, "merging is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "merge_id");
	web_free (&a);
	settle (s);
	return ret;
}

static void when_parted (struct stack *s, const struct workspace *w, struct uuid merge)
{
	char path[120];
	snprintf (path, sizeof path, "/api/crm/merges/%s/undo", id_text (merge));
	struct web_answer a = asked (s, w, "POST", path, "{}");
	then_status (&a, 200);
	settle (s);
}

/* Of all rows of billing which people and companies they name, and what those are. */
static char *content_of (struct stack *s, const struct workspace *w)
{
	return sql_text (s,
			 "select md5(string_agg(x.row, '|' order by x.row)) || ' of ' || count(*) from ("
			 " select (to_jsonb(t) - 'version')::text as row, workspace_id from billing.document t"
			 " union all select to_jsonb(t)::text, workspace_id from billing.account t"
			 " union all select to_jsonb(t)::text, workspace_id from billing.contact t"
			 " union all select to_jsonb(t)::text, workspace_id from billing.deal t"
			 " union all select to_jsonb(t)::text, workspace_id from billing.sales_order t"
			 " union all select to_jsonb(t)::text, workspace_id from billing.payment t"
			 " union all select to_jsonb(t)::text, workspace_id from billing.lead_contact t) x where workspace_id = '%s'",
			 w->id);
}

static int64_t owes (struct stack *s, struct uuid account)
{
	return sql_number (s, "select balance from billing.account where id = '%s'", id_text (account));
}

STORY (documents_follow_merges,
       "N5: invoices, quotes, orders and payments of two companies and of two people are one's, and each one's own again when that is taken back, address and balance too; what is printed stays")
{
	struct workspace *w = given_firm (s, "samenvoeging");
	struct uuid acme = made (s, w, "/api/crm/accounts",
				 "{\"name\":\"Acme\",\"address\":\"Kade 1\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\"}"),
		    bolt = made (s, w, "/api/crm/accounts",
				 "{\"name\":\"Bolt\",\"address\":\"Laan 2\",\"postcode\":\"2611 AA\",\"city\":\"Delft\"}");
	char body[400];
	snprintf (body, sizeof body, "{\"name\":\"Jan Jansen\",\"email\":\"jan@acme.test\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid jan = made (s, w, "/api/crm/contacts", body);
	snprintf (body, sizeof body, "{\"name\":\"Johan Jansen\",\"email\":\"johan@bolt.test\",\"account_id\":\"%s\"}", id_text (bolt));
	struct uuid johan = made (s, w, "/api/crm/contacts", body);
	settle (s);
	snprintf (body, sizeof body, "\"account_id\":\"%s\",\"contact_id\":\"%s\"", id_text (bolt), id_text (johan));
	struct uuid final = given_invoice (s, w, body);
	snprintf (body, sizeof body, "\"account_id\":\"%s\"", id_text (acme));
	struct uuid own = given_invoice (s, w, body);
	snprintf (body, sizeof body, "{\"contact_id\":\"%s\"," LINES "}", id_text (johan));
	struct uuid quote = made (s, w, "/api/crm/quotes", body);
	snprintf (body, sizeof body, "{\"account_id\":\"%s\",\"amount\":{\"amount\":\"10.00\",\"currency\":\"EUR\"}}", id_text (bolt));
	made (s, w, "/api/crm/payments", body);
	snprintf (body, sizeof body, "{\"document_id\":\"%s\"}", id_text (quote));
	made (s, w, "/api/crm/orders", body);
	settle (s);
	char *printed = printed_of (s, final), *before = content_of (s, w);
	CHECK (owes (s, bolt) == 120000 && owes (s, acme) == 121000, "they owe %lld and %lld", (long long) owes (s, bolt),
	       (long long) owes (s, acme));
	struct uuid firms = when_merged (s, w, "accounts", acme, bolt), people = when_merged (s, w, "contacts", jan, johan);
	is_now (s, w, final, "account.id", id_text (acme));
	is_now (s, w, final, "contact.id", id_text (jan));
	is_now (s, w, final, "buyer.name", "Bolt");
	is_now (s, w, quote, "contact.id", id_text (jan));
	CHECK (owes (s, acme) == 241000, "together they owe %lld", (long long) owes (s, acme));
	then_printed (s, final, printed);
	when_redelivered (s, "account.merged", 1);
	when_redelivered (s, "contact.merged", 1);
	when_parted (s, w, people);
	when_parted (s, w, firms);
	when_redelivered (s, "account.unmerged", 1);
	when_redelivered (s, "contact.unmerged", 1);
	char *after = content_of (s, w);
	CHECK (!strcmp (before, after), "they are not as they were: %s, then %s", before, after);
	CHECK (owes (s, bolt) == 120000 && owes (s, acme) == 121000, "they owe %lld and %lld again", (long long) owes (s, bolt),
	       (long long) owes (s, acme));
	is_now (s, w, own, "account.id", id_text (acme));
	snprintf (body, sizeof body, "\"account_id\":\"%s\"", id_text (bolt));
	struct uuid next = given_invoice (s, w, body);
	is_now (s, w, next, "buyer.street", "Laan 2");
	then_printed (s, final, printed);
	free (printed), free (before), free (after);
	then_no_dead_letters (s);
}

STORY (documents_follow_owners,
       "Who leaves hands their documents over with the rest: who sees their own alone sees them then; who went to another company takes their next invoice there")
{
	struct workspace *w = given_firm (s, "opvolging");
	struct user boss = given_user (s, "boss@opvolging.test", "--workspace opvolging --role owner"),
		    leaver = given_user (s, "leaver@opvolging.test", "--workspace opvolging --role manager"),
		    heir = given_user (s, "heir@opvolging.test", "--workspace opvolging --role manager");
	char body[400], path[120];
	settle (s);
	snprintf (body, sizeof body,
		  "{\"name\":\"Acme\",\"address\":\"Kade 1\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\",\"owner_id\":\"%s\"}",
		  leaver.id);
	struct uuid acme = made (s, w, "/api/crm/accounts", body),
		    bolt = made (s, w, "/api/crm/accounts", "{\"name\":\"Bolt\",\"city\":\"Delft\"}");
	snprintf (body, sizeof body, "{\"name\":\"Jan\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid jan = made (s, w, "/api/crm/contacts", body);
	settle (s);
	snprintf (body, sizeof body, "\"account_id\":\"%s\"", id_text (acme));
	struct uuid final = given_invoice (s, w, body);
	char *printed = printed_of (s, final);
	is_now (s, w, final, "owner_id", leaver.id);
	snprintf (path, sizeof path, "/api/users/%s/hand-over", leaver.id);
	snprintf (body, sizeof body, "{\"to\":\"%s\"}", heir.id);
	struct web_answer a = when_user_asks (s, &boss, "POST", path, body);
	then_status (&a, 200);
	settle (s);
	is_now (s, w, final, "owner_id", heir.id);
	then_printed (s, final, printed);
	snprintf (path, sizeof path, "/api/crm/contacts/%s", id_text (jan));
	snprintf (body, sizeof body, "{\"account_id\":\"%s\"}", id_text (bolt));
	a = asked (s, w, "PUT", path, body);
	then_status (&a, 200);
	settle (s);
	snprintf (body, sizeof body, "{\"contact_id\":\"%s\"," LINES "}", id_text (jan));
	struct uuid quote = made (s, w, "/api/crm/quotes", body);
	is_now (s, w, quote, "account.id", id_text (bolt));
	free (printed);
	then_no_dead_letters (s);
}

STORY (documents_outlive_their_people,
       "A company and a person that are gone for good, and a deal: a final invoice of theirs stays as it was, is opened, credited and drawn still")
{
	struct workspace *w = given_firm (s, "voorgoed");
	char body[400], path[120];
	struct uuid acme = made (s, w, "/api/crm/accounts",
				 "{\"name\":\"Acme Weg\",\"address\":\"Kade 1\",\"postcode\":\"3511 AA\",\"city\":\"Utrecht\"}");
	snprintf (body, sizeof body, "{\"name\":\"Jan Weg\",\"email\":\"jan@weg.test\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid jan = made (s, w, "/api/crm/contacts", body);
	settle (s);
	snprintf (body, sizeof body, "\"account_id\":\"%s\",\"contact_id\":\"%s\"", id_text (acme), id_text (jan));
	struct uuid final = given_invoice (s, w, body);
	char *printed = printed_of (s, final);
	sql_do (s, "update contacts.contact set removed_at = now() - interval '31 days' where id = '%s'", id_text (jan));
	sql_do (s, "update contacts.account set removed_at = now() - interval '31 days' where id = '%s'", id_text (acme));
	UNTIL (20000, sql_number (s, "select count(*) from billing.account where id = '%s'", id_text (acme)) == 0,
	       "the company is still there");
	UNTIL (20000, sql_number (s, "select count(*) from billing.contact where id = '%s'", id_text (jan)) == 0,
	       "the person is still there");
	settle (s);
	then_printed (s, final, printed);
	is_now (s, w, final, "buyer.name", "Acme Weg");
	snprintf (path, sizeof path, "/api/crm/documents/%s/pdf", id_text (final));
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && !strncmp (a.body, "%PDF", 4), "its PDF is %d", a.status);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/documents/%s/credit", id_text (final));
	struct uuid note = made (s, w, path, "{}");
	snprintf (path, sizeof path, "/api/crm/documents/%s/finalise", id_text (note));
	made (s, w, path, "{}");
	is_now (s, w, final, "open.amount", "0.00");
	is_now (s, w, note, "buyer.name", "Acme Weg");
	free (printed);
	then_no_dead_letters (s);
}
