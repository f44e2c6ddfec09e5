/* What documents of money are made with: who we are on paper, what we sell, how documents are numbered; and the order that a deal becomes.
 * It must never look at the table where the API can be asked. */
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

static void field_refused (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body,
			   const char *pointer)
{
	struct web_answer a = asked (s, w, method, path, body);
	CHECK (a.status == 422 && strstr (a.body, pointer), "%s %s %s is %d: %s", method, path, body, a.status, a.body);
	web_free (&a);
}

STORY (company_on_paper, "Who we are on paper is checked as it is typed and written as it should be; whoever saw an older one is told so")
{
	struct workspace *w = given_workspace (s, "papier", "nl-offerte-6");
	settle (s);
	struct web_answer a = asked (s, w, "GET", "/api/crm/company", NULL);
	CHECK (a.status == 200 && number_at (a.json, "version") == 1 && number_at (a.json, "due_days") == 30, "at first it is %d: %s",
	       a.status, a.body);
	web_free (&a);
	a = asked (
		s, w, "PUT", "/api/crm/company",
		"{\"version\":1,\"name\":\" Bakkerij Jansen B.V. \",\"street\":\"Dorpsstraat 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\",\"country\":\"nl\","
		"\"kvk\":\"1234 5678\",\"vat_id\":\"nl 1234.56.782.b01\",\"iban\":\"nl91 abna 0417 1643 00\",\"bic\":\"abnanl2a\",\"colour\":\"#0A7B55\",\"due_days\":14}");
	CHECK (a.status == 200, "it is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/company", NULL);
	static const char *const written[][2] = {
		{ "name", "Bakkerij Jansen B.V." }, { "country", "NL" },   { "kvk", "12345678" },  { "vat_id", "NL123456782B01" },
		{ "iban", "NL91ABNA0417164300" },   { "bic", "ABNANL2A" }, { "colour", "#0a7b55" }
	};
	for (size_t i = 0; i < sizeof written / sizeof *written; i++)
		CHECK (!strcmp (text_at (a.json, written[i][0]), written[i][1]), "%s is %s", written[i][0], a.body);
	CHECK (number_at (a.json, "due_days") == 14 && number_at (a.json, "version") == 2, "it is %s", a.body);
	web_free (&a);
	static const char *const wrong[][2] = { { "{\"vat_id\":\"NL123456789B01\"}", "/vat_id" },
						{ "{\"iban\":\"NL92ABNA0417164300\"}", "/iban" },
						{ "{\"kvk\":\"1234567\"}", "/kvk" },
						{ "{\"colour\":\"green\"}", "/colour" },
						{ "{\"due_days\":366}", "/due_days" },
						{ "{\"remind_second\":3}", "/remind_second" } };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		field_refused (s, w, "PUT", "/api/crm/company", wrong[i][0], wrong[i][1]);
	a = asked (s, w, "PUT", "/api/crm/company", "{\"version\":1,\"city\":\"Zeist\"}");
	then_problem (&a, 412, "stale");
	a = asked (s, w, "PUT", "/api/crm/company", "{\"phone\":null,\"city\":\"Utrecht\"}");
	then_status (&a, 200);
	a = asked (s, w, "GET", "/api/crm/company", NULL);
	CHECK (number_at (a.json, "version") == 2, "what says nothing new is a version more: %s", a.body);
	web_free (&a);
}

STORY (catalogue_sold, "What we sell has a code of its own, prices by day in their order, and can come back")
{
	struct workspace *w = given_workspace (s, "papier", "nl-offerte-6");
	settle (s);
	struct web_answer a = asked (
		s, w, "POST", "/api/crm/catalog",
		"{\"code\":\"WEB\",\"name_nl\":\"Website\",\"unit\":\"piece\",\"prices\":[{\"day\":\"2027-01-01\",\"price\":\"1600\",\"rate\":\"21\"},{\"price\":\"1500.00\",\"rate\":\"21\"}]}");
	CHECK (a.status == 201, "an item is %d: %s", a.status, a.body);
	char path[100];
	snprintf (path, sizeof path, "/api/crm/catalog/%s", text_at (a.json, "id"));
	web_free (&a);
	a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "prices.0.price"), "1500.00") &&
		       !strcmp (text_at (a.json, "prices.1.day"), "2027-01-01"),
	       "its prices are %s", a.body);
	web_free (&a);
	field_refused (s, w, "POST", "/api/crm/catalog",
		       "{\"code\":\"web\",\"name_nl\":\"Nog een\",\"prices\":[{\"price\":\"1\",\"rate\":\"21\"}]}", "/code");
	field_refused (s, w, "POST", "/api/crm/catalog", "{\"name_nl\":\"Niets\",\"prices\":[]}", "/prices");
	field_refused (s, w, "POST", "/api/crm/catalog",
		       "{\"name_nl\":\"Twee\",\"prices\":[{\"price\":\"1\",\"rate\":\"21\"},{\"price\":\"2\",\"rate\":\"21\"}]}",
		       "/prices");
	field_refused (s, w, "POST", "/api/crm/catalog", "{\"name_nl\":\"Zonder\",\"prices\":[{\"price\":\"1\"}]}", "/prices/0/rate");
	field_refused (s, w, "POST", "/api/crm/catalog",
		       "{\"name_nl\":\"Verlegd\",\"prices\":[{\"price\":\"1\",\"category\":\"reverse_charge\",\"rate\":\"21\"}]}",
		       "/prices/0/rate");
	a = asked (s, w, "DELETE", path, NULL);
	CHECK (a.status < 300, "removing is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/catalog?q=websi", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 0, "it is still sold: %s", a.body);
	web_free (&a);
	strcat (path, "/restore");
	a = asked (s, w, "POST", path, "{}");
	CHECK (a.status < 300, "bringing back is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/catalog?q=websi", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "it is not back: %s", a.body);
	web_free (&a);
}

STORY (numbers_set, "How documents are numbered is said by kind; the next number never goes back")
{
	struct workspace *w = given_workspace (s, "papier", "nl-offerte-6");
	settle (s);
	struct web_answer a = asked (s, w, "GET", "/api/crm/series", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 3 && !strcmp (text_at (a.json, "data.0.format"), "OFF-{year}-{seq}"),
	       "at first they are %s", a.body);
	web_free (&a);
	a = asked (s, w, "PUT", "/api/crm/series", "{\"kind\":\"credit_note\",\"format\":\"{year}-C{seq}\",\"digits\":4,\"next\":20}");
	then_status (&a, 200);
	a = asked (s, w, "PUT", "/api/crm/series", "{\"kind\":\"credit_note\",\"next\":19}");
	then_problem (&a, 409, "series_taken");
	field_refused (s, w, "PUT", "/api/crm/series", "{\"kind\":\"invoice\",\"format\":\"INV-{year}\"}", "/format");
	field_refused (s, w, "PUT", "/api/crm/series", "{\"kind\":\"invoice\",\"format\":\"INV-{seq}\"}", "/format");
	a = asked (s, w, "GET", "/api/crm/series", NULL);
	CHECK (strstr (a.body, "{year}-C{seq}") && strstr (a.body, "20"), "they are %s", a.body);
	web_free (&a);
}

STORY (numbers_go_on,
       "A format that was used before goes on after its last number, and one whose numbers another gave says from where it may; none is given twice")
{
	struct workspace *w = given_workspace (s, "volgorde", "nl-offerte-6");
	settle (s);
	char first[60] = "";
	for (int i = 0; i < 3; i++) {
		struct web_answer a = asked (s, w, "POST", "/api/crm/quotes", "{\"buyer\":{\"name\":\"Klant\"},\"lines\":[]}");
		then_status (&a, 201);
	}
	/* the same numbers, counted over all years from now on */
	struct web_answer a = asked (s, w, "PUT", "/api/crm/series", "{\"kind\":\"quote\",\"yearly\":false}");
	CHECK (strstr (a.body, "/next") && strstr (a.body, "4"), "it does not say from where: %s", a.body);
	then_problem (&a, 409, "series_taken");
	a = asked (s, w, "PUT", "/api/crm/series", "{\"kind\":\"quote\",\"yearly\":false,\"next\":3}");
	then_problem (&a, 409, "series_taken");
	a = asked (s, w, "PUT", "/api/crm/series", "{\"kind\":\"quote\",\"yearly\":false,\"next\":4}");
	then_status (&a, 200);
	a = asked (s, w, "POST", "/api/crm/quotes", "{\"buyer\":{\"name\":\"Klant\"},\"lines\":[]}");
	CHECK (a.status == 201, "a quote is %d: %s", a.status, a.body);
	snprintf (first, sizeof first, "%s", text_at (a.json, "number"));
	CHECK (strstr (first, "-004"), "it is called %s", first);
	web_free (&a);
	a = asked (s, w, "PUT", "/api/crm/series", "{\"kind\":\"quote\",\"yearly\":true}");
	then_problem (&a, 409, "series_taken");
	a = asked (s, w, "PUT", "/api/crm/series", "{\"kind\":\"quote\",\"format\":\"A{year}/{seq}\",\"yearly\":true}");
	then_status (&a, 200);
	a = asked (s, w, "PUT", "/api/crm/series", "{\"kind\":\"quote\",\"format\":\"OFF-{year}-{seq}\",\"yearly\":true,\"next\":5}");
	then_status (&a, 200);
	/* the last word, where nobody asked before: the counter was set back behind it */
	sql_do (s, "update billing.counter set last = 1 where workspace_id = '%s' and kind = 'quote'", w->id);
	a = asked (s, w, "POST", "/api/crm/quotes", "{\"buyer\":{\"name\":\"Klant\"},\"lines\":[]}");
	then_problem (&a, 409, "series_taken");
	then_number (s, 1, "what the counter says after that",
		     "select max(last) from billing.counter where workspace_id = '%s' and kind = 'quote'", w->id);
	then_number (s, 4, "quotes", "select count(distinct number) from billing.document where workspace_id = '%s'", w->id);
}

STORY (orders_of_deals,
       "S4-7: a deal becomes an order once, whoever asks how often; the order shows its deal and lead, and the deal its order")
{
	struct uuid deal = given_deal (s, "orderhuis", "commerce", "Olga Order", "Bestelling");
	struct workspace *w = given_workspace (s, "orderhuis", "commerce");
	char body[120], path[120];
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\"}", id_text (deal));
	struct web_answer a = asked (s, w, "POST", "/api/crm/orders", body);
	CHECK (a.status == 201 && strstr (a.body, "ORD-1001"), "an order is %d: %s", a.status, a.body);
	struct uuid order = uuid_at (a.json, "id");
	web_free (&a);
	for (int i = 0; i < 3; i++) {
		a = asked (s, w, "POST", "/api/crm/orders", body);
		CHECK (a.status < 300 && uuid_equal (uuid_at (a.json, "id"), order) && strstr (a.body, "ORD-1001"),
		       "asked again it is %d: %s", a.status, a.body);
		web_free (&a);
	}
	a = asked (s, w, "GET", "/api/crm/orders/ORD-1001", NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "lead_id"), id_text (deal)) &&
		       !strcmp (text_at (a.json, "deal.id"), id_text (deal)),
	       "the order is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/search?q=ORD-1001", NULL);
	CHECK (a.status == 200 && uuid_equal (uuid_at (a.json, "data.orders.0.id"), order) &&
		       !strcmp (text_at (a.json, "data.orders.0.title"), "ORD-1001") &&
		       !strcmp (text_at (a.json, "data.orders.0.document"), "order"),
	       "search finds %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/money?deal_id=%s", id_text (deal));
	a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "orders.0.number"), "ORD-1001"), "its deal has %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/orders/%s", id_text (order));
	a = asked (s, w, "PUT", path, "{\"state\":\"done\",\"version\":1}");
	then_status (&a, 200);
	a = asked (s, w, "PUT", path, "{\"state\":\"cancelled\",\"version\":1}");
	then_problem (&a, 412, "stale");
	then_said (s, order, "order.created, order.changed");
}
