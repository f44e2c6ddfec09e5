/* Companies whole: their places, their primary contact, how they are archived, thrown away and brought back, one by one and many at once.
 * It must never look at the table where the API can be asked. */
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const char *key, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = key, .body = body });
}

static struct uuid made (struct stack *s, const struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = asked (s, w->key, "POST", path, body);
	CHECK (a.status == 201, "%s is %d: %s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

/* What an account's timeline says first, newest first: so many lines, but those about its people. */
static void then_told (struct stack *s, const struct workspace *w, struct uuid account, const char *types)
{
	char path[200], line[900] = "";
	size_t i;
	json_t *row;
	snprintf (path, sizeof path, "/api/crm/accounts/%s/timeline?limit=100", id_text (account));
	settle (s);
	struct web_answer a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200, "the timeline is %d: %s", a.status, a.body);
	json_array_foreach (json_at (a.json, "data"), i, row)
		snprintf (line + strlen (line), sizeof line - strlen (line), "%s%s", i ? " " : "", text_at (row, "type"));
	CHECK (!strncmp (line, types, strlen (types)), "it tells\n      %s\n  not\n      %s", line, types);
	web_free (&a);
}

/* A place of that name and type of an account; -1: it is made, else what refuses it. */
static void place (struct stack *s, const struct workspace *w, struct uuid account, const char *fields, int status, const char *pointer)
{
	char body[900];
	snprintf (body, sizeof body, "{\"account_id\":\"%s\",%s}", id_text (account), fields);
	struct web_answer a = asked (s, w->key, "POST", "/api/crm/locations", body);
	CHECK (a.status == status && (!pointer || strstr (a.body, pointer)), "%s is %d: %s", fields, a.status, a.body);
	web_free (&a);
}

STORY (locations,
       "S2-8: 50 characters fit and 51 do not, whatever they are in bytes; five types; no map that is no web address; changed, taken away, put back; kept from whoever may not see the company")
{
	struct workspace *w = given_workspace (s, "places", "follow-up");
	struct workspace *other = given_workspace (s, "elsewhere", "follow-up");
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme Logistics\"}");
	static const char *const types[] = { "office", "warehouse", "branch", "headquarters", "distribution_center" };
	char text[600], path[200];
	for (size_t i = 0; i < LENGTH (types); i++) {
		snprintf (text, sizeof text, "\"name\":\"Place %zu\",\"type\":\"%s\"", i, types[i]);
		place (s, w, acme, text, 201, NULL);
	}
	place (s, w, acme, "\"name\":\"Nowhere\",\"type\":\"garage\"", 422, "/type");
	char *at = text + snprintf (text, sizeof text, "\"type\":\"office\",\"name\":\"");
	for (int i = 0; i < 50; i++)
		at += sprintf (at, "é"); /* 100 bytes */
	sprintf (at, "\"");
	place (s, w, acme, text, 201, NULL);
	sprintf (at, "x\"");
	place (s, w, acme, text, 422, "/name");
	place (s, w, acme, "\"name\":\"  \",\"type\":\"office\"", 422, "/name");
	place (s, w, acme, "\"name\":\"Map\",\"type\":\"office\",\"map_url\":\"not a url\"", 422, "/map_url");
	place (s, w, acme, "\"name\":\"Map\",\"type\":\"office\",\"map_url\":\"javascript:alert(1)\"", 422, "/map_url");
	place (s, other, acme, "\"name\":\"Theirs\",\"type\":\"office\"", 404, "account_not_found");
	snprintf (text, sizeof text,
		  "{\"account_id\":\"%s\",\"name\":\"Kade\",\"type\":\"warehouse\",\"map_url\":\"https://maps.example/1\"}",
		  id_text (acme));
	struct uuid quay = made (s, w, "/api/crm/locations", text);
	snprintf (path, sizeof path, "/api/crm/locations/%s", id_text (quay));
	struct web_answer a = asked (s, w->key, "PUT", path, "{\"name\":\"Kade 7\",\"map_url\":null,\"version\":1}");
	then_status (&a, 200);
	a = asked (s, w->key, "PUT", path, "{\"name\":\"Kade 8\",\"version\":1}");
	then_problem (&a, 409, "location_changed");
	a = asked (s, w->key, "PUT", path, "{\"map_url\":\"ftp://maps.example\"}");
	then_problem (&a, 422, "invalid");
	a = asked (s, other->key, "GET", path, NULL);
	then_problem (&a, 404, "location_not_found");
	struct user sdr = given_user (s, "sdr@places.nl", "--workspace places --role sdr");
	a = when_user_asks (s, &sdr, "PUT", path, "{\"name\":\"Mine\"}");
	then_problem (&a, 404, "location_not_found");
	for (int i = 0; i < 2; i++) { /* the second says nothing */
		a = asked (s, w->key, "DELETE", path, NULL);
		CHECK (a.status == 200 || a.status == 204, "taking it away is %d: %s", a.status, a.body);
		web_free (&a);
	}
	snprintf (text, sizeof text, "/api/crm/locations?account_id=%s", id_text (acme));
	a = asked (s, w->key, "GET", text, NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 6 && !strstr (a.body, "Kade"), "they are %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &sdr, "GET", text, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 0, "who sees their own sees %s", a.body);
	web_free (&a);
	snprintf (path + strlen (path), sizeof path - strlen (path), "/restore");
	a = asked (s, w->key, "POST", path, "{}");
	then_status (&a, 200);
	a = asked (s, w->key, "GET", text, NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 7 && strstr (a.body, "Kade 7"), "they are %s", a.body);
	web_free (&a);
	then_told (s, w, acme, "location.restored location.removed location.changed location.added");
	/* of a company in the trash there is none, and it gets none */
	snprintf (text, sizeof text, "/api/crm/accounts/%s", id_text (acme));
	a = asked (s, w->key, "DELETE", text, NULL);
	then_status (&a, 204);
	place (s, w, acme, "\"name\":\"Late\",\"type\":\"office\"", 404, "account_not_found");
	snprintf (path, sizeof path, "/api/crm/locations/%s", id_text (quay));
	a = asked (s, w->key, "PUT", path, "{\"name\":\"Late\"}");
	then_problem (&a, 404, "location_not_found");
	then_no_dead_letters (s);
}

/* The names of the list under a filter, by name. */
static void then_listed (struct stack *s, const struct workspace *w, const char *query, const char *names)
{
	char path[300], line[600] = "";
	size_t i;
	json_t *row;
	snprintf (path, sizeof path, "/api/crm/accounts?sort=name%s", query);
	struct web_answer a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	json_array_foreach (json_at (a.json, "data"), i, row)
		snprintf (line + strlen (line), sizeof line - strlen (line), "%s%s", i ? ", " : "", text_at (row, "name"));
	CHECK (!strcmp (line, names), "%s lists\n      %s\n  not\n      %s", path, line, names);
	web_free (&a);
}

static void said (struct stack *s, const char *key, const char *method, const char *path, const char *body, int status)
{
	struct web_answer a = asked (s, key, method, path, body);
	CHECK (a.status == status, "%s %s is %d, not %d: %s", method, path, a.status, status, a.body);
	web_free (&a);
}

STORY (companies,
       "All fields of a company, each change told; whom to speak to first; archived and back, thrown away and back as it was, its name free meanwhile; filters; never for who may not see it")
{
	struct workspace *w = given_workspace (s, "companies", "dynamics"), *other = given_workspace (s, "elsewhere-2", "dynamics");
	struct user sdr = given_user (s, "sdr@companies.nl", "--workspace companies --role sdr");
	struct uuid acme = made (
		s, w, "/api/crm/accounts",
		"{\"name\":\"Acme\",\"website\":\"acme.example\",\"email\":\"Info@Acme.example\",\"address\":\"Kade 7\",\"postcode\":\"3511 AA\","
		"\"city\":\"Utrecht\",\"country\":\"Nederland\",\"registration_no\":\"12345678\",\"vat_no\":\"NL001234567B01\",\"notes\":\"Belt liever\"}");
	char path[200], sub[220], body[200];
	snprintf (path, sizeof path, "/api/crm/accounts/%s", id_text (acme));
	struct web_answer a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "website"), "https://acme.example") &&
		       !strcmp (text_at (a.json, "email"), "info@acme.example") && !strcmp (text_at (a.json, "vat_no"), "NL001234567B01") &&
		       !strcmp (text_at (a.json, "notes"), "Belt liever") && json_is_null (json_at (a.json, "primary_contact_id")),
	       "it is %s", a.body);
	web_free (&a);
	said (s, w->key, "PUT", path, "{\"website\":\"javascript:alert(1)\"}", 422);
	said (s, w->key, "PUT", path, "{\"email\":\"foo@\"}", 422);
	said (s, w->key, "PUT", path, "{\"account_type\":\"no_such\"}", 422);
	said (s, w->key, "PUT", path, "{\"postcode\":null,\"address\":\"Kade 9\"}", 200);
	snprintf (body, sizeof body, "{\"name\":\"Jane Doe\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid jane = made (s, w, "/api/crm/contacts", body);
	snprintf (body, sizeof body, "{\"name\":\"Piet Bos\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid piet = made (s, w, "/api/crm/contacts", body), loose = made (s, w, "/api/crm/contacts", "{\"name\":\"Loose\"}");
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "primary_contact_id"), id_text (jane)), "the first one is not the first: %s", a.body);
	web_free (&a);
	snprintf (body, sizeof body, "{\"primary_contact_id\":\"%s\"}", id_text (loose));
	said (s, w->key, "PUT", path, body, 422);
	snprintf (body, sizeof body, "{\"primary_contact_id\":\"%s\"}", id_text (piet));
	said (s, w->key, "PUT", path, body, 200);
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "primary_contact_id"), id_text (piet)), "whom somebody chose is not the first: %s", a.body);
	web_free (&a);
	snprintf (sub, sizeof sub, "/api/crm/contacts/%s", id_text (piet));
	said (s, w->key, "PUT", sub, "{\"account_id\":null}", 200); /* who leaves is the first one no more */
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "primary_contact_id"), id_text (jane)), "who left is still the first: %s", a.body);
	web_free (&a);

	made (s, w, "/api/crm/accounts", "{\"name\":\"Bolt\",\"lifecycle\":\"client\"}");
	snprintf (body, sizeof body, "{\"name\":\"Cox\",\"owner_id\":\"%s\"}", sdr.id);
	made (s, w, "/api/crm/accounts", body);
	snprintf (sub, sizeof sub, "&owner=%s", sdr.id);
	then_listed (s, w, sub, "Cox");
	then_listed (s, w, "&owner=none", "Acme, Bolt");
	a = asked (s, w->key, "GET", "/api/crm/accounts?count=1&lifecycle=client&limit=1", NULL);
	CHECK (number_at (a.json, "total") == 1 && number_at (a.json, "prospects") == 2 && number_at (a.json, "clients") == 1,
	       "there are %s", a.body);
	web_free (&a);
	snprintf (sub, sizeof sub, "%s/archive", path);
	for (int i = 0; i < 2; i++) /* the second says nothing */
		said (s, w->key, "POST", sub, "{}", 200);
	then_listed (s, w, "", "Bolt, Cox");
	then_listed (s, w, "&archived=1", "Acme");
	then_listed (s, w, "&archived=all", "Acme, Bolt, Cox");
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && *text_at (a.json, "archived_at"), "an archived one is %s", a.body);
	web_free (&a);
	snprintf (sub, sizeof sub, "%s/reactivate", path);
	said (s, w->key, "POST", sub, "{}", 200);
	then_listed (s, w, "", "Acme, Bolt, Cox");

	snprintf (sub, sizeof sub, "%s/consequences", path);
	a = asked (s, w->key, "GET", sub, NULL);
	CHECK (a.status == 200 && number_at (a.json, "contacts") == 1 && number_at (a.json, "locations") == 0, "what hangs on it: %s",
	       a.body);
	web_free (&a);
	snprintf (body, sizeof body, "{\"title\":\"Lamps\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid deal = made (s, w, "/api/crm/deals", body);
	snprintf (sub, sizeof sub, "{\"kind\":\"task\",\"subject\":\"Bellen\",\"account_id\":\"%s\",\"due_at\":\"2030-01-02T10:00:00Z\"}",
		  id_text (acme));
	made (s, w, "/api/crm/activities", sub);
	a = when_user_asks (s, &sdr, "DELETE", path, NULL);
	then_problem (&a, 404, "account_not_found");
	said (s, other->key, "DELETE", path, NULL, 404);
	said (s, w->key, "DELETE", path, NULL, 204);
	said (s, w->key, "GET", path, NULL, 404);
	said (s, w->key, "PUT", path, "{\"city\":\"Goes\"}", 404);
	a = asked (s, w->key, "GET", "/api/crm/activities", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 0, "what was to be done about it: %s", a.body);
	web_free (&a);
	then_listed (s, w, "&archived=all", "Bolt, Cox");
	settle (s);
	snprintf (sub, sizeof sub, "/api/crm/deals/%s", id_text (deal));
	a = asked (s, w->key, "GET", sub, NULL); /* it stays, and says whose it was */
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "account_name"), "Acme"), "its deal is %s", a.body);
	web_free (&a);
	said (s, w->key, "POST", "/api/crm/deals", body, 422);			     /* nobody names it anew */
	struct uuid again = made (s, w, "/api/crm/accounts", "{\"name\":\"ACME\"}"); /* the name is free */
	snprintf (sub, sizeof sub, "%s/restore", path);
	a = asked (s, w->key, "POST", sub, "{}");
	then_problem (&a, 409, "account_exists");
	char gone[200];
	snprintf (gone, sizeof gone, "/api/crm/accounts/%s", id_text (again));
	said (s, w->key, "DELETE", gone, NULL, 204);
	said (s, other->key, "POST", sub, "{}", 404);
	for (int i = 0; i < 2; i++)
		said (s, w->key, "POST", sub, "{}", 200);
	a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "address"), "Kade 9") && json_is_null (json_at (a.json, "removed_at")),
	       "it is back as %s", a.body);
	web_free (&a);
	a = asked (s, w->key, "GET", "/api/crm/activities", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "what is to be done about it again: %s", a.body);
	web_free (&a);
	settle (s);
	then_told (s, w, acme, "account.restored account.trashed activity.added account.updated account.updated");
	said (s, w->key, "POST", "/api/crm/deals", body, 201);
	then_no_dead_letters (s);
}

/* One action on some accounts; its answer. */
static struct web_answer many (struct stack *s, const struct workspace *w, const struct uuid id[], size_t n, const char *action)
{
	char body[600] = "{\"ids\":[";
	for (size_t i = 0; i < n; i++)
		snprintf (body + strlen (body), sizeof body - strlen (body), "%s\"%s\"", i ? "," : "", id_text (id[i]));
	snprintf (body + strlen (body), sizeof body - strlen (body), "],%s}", action);
	return asked (s, w->key, "POST", "/api/crm/accounts/bulk", body);
}

/* What it did is put back, and how many that are. */
static void undone (struct stack *s, const struct workspace *w, struct web_answer *a, int done, int back)
{
	char path[200];
	CHECK (a->status == 200 && number_at (a->json, "done") == done, "many are %d: %s", a->status, a->body);
	snprintf (path, sizeof path, "/api/crm/batches/%s/undo", text_at (a->json, "batch_id"));
	web_free (a);
	*a = asked (s, w->key, "POST", path, "{}");
	CHECK (a->status == 200 && number_at (a->json, "undone") == back, "put back are %d: %s", a->status, a->body);
	web_free (a);
}

STORY (companies_at_once,
       "Many companies get an owner or a tag, are archived or thrown away at once, and all is put back; a client keeps its owner; the primary contact is not thrown away, who is not may be")
{
	struct workspace *w = given_workspace (s, "at-once", "dynamics"), *other = given_workspace (s, "elsewhere-3", "dynamics");
	struct user sales = given_user (s, "sales@at-once.nl", "--workspace at-once --role sales");
	struct uuid id[3] = { made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\"}"),
			      made (s, w, "/api/crm/accounts", "{\"name\":\"Bolt\"}"),
			      made (s, w, "/api/crm/accounts", "{\"name\":\"Cox\",\"lifecycle\":\"client\"}") };
	char text[300], filter[100];
	snprintf (text, sizeof text, "\"action\":\"owner\",\"value\":\"%s\"", sales.id);
	snprintf (filter, sizeof filter, "&owner=%s", sales.id);
	struct web_answer a = many (s, w, id, 3, text);
	CHECK (a.status == 200 && strstr (a.body, "account_is_client"), "a client got another owner: %s", a.body);
	then_listed (s, w, filter, "Acme, Bolt");
	undone (s, w, &a, 2, 2);
	then_listed (s, w, filter, "");
	a = asked (s, w->key, "POST", "/api/crm/tags", "{\"label\":\"Key\"}");
	snprintf (text, sizeof text, "\"action\":\"tag\",\"value\":\"%s\"", text_at (a.json, "id"));
	web_free (&a);
	a = many (s, w, id, 2, text);
	then_listed (s, w, "&tag=key", "Acme, Bolt");
	undone (s, w, &a, 2, 2);
	then_listed (s, w, "&tag=key", "");
	a = many (s, w, id, 3, "\"action\":\"archive\"");
	then_listed (s, w, "", "");
	undone (s, w, &a, 3, 3);
	a = many (s, w, id, 2, "\"action\":\"delete\"");
	then_listed (s, w, "&archived=all", "Cox");
	undone (s, w, &a, 2, 2);
	then_listed (s, w, "", "Acme, Bolt, Cox");
	a = many (s, other, id, 3, "\"action\":\"delete\"");
	CHECK (a.status == 200 && number_at (a.json, "done") == 0, "another workspace's are %s", a.body);
	web_free (&a);
	a = many (s, w, id, 3, "\"action\":\"type\",\"value\":\"vendor\"");
	then_problem (&a, 422, "invalid");

	snprintf (text, sizeof text, "{\"name\":\"Jane Doe\",\"account_id\":\"%s\"}", id_text (id[0]));
	struct uuid jane = made (s, w, "/api/crm/contacts", text);
	snprintf (text, sizeof text, "{\"name\":\"Piet Bos\",\"account_id\":\"%s\"}", id_text (id[0]));
	struct uuid piet = made (s, w, "/api/crm/contacts", text);
	snprintf (text, sizeof text, "/api/crm/contacts/%s", id_text (jane));
	a = asked (s, w->key, "DELETE", text, NULL);
	then_problem (&a, 409, "contact_is_primary");
	snprintf (text, sizeof text, "/api/crm/contacts/%s", id_text (piet));
	said (s, w->key, "DELETE", text, NULL, 204);
	settle (s);
	then_no_dead_letters (s);
}
