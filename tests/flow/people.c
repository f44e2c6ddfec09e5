/* Contacts whole: types, statuses and further addresses; the company typed is the account; archived, thrown away and back; many at once and put back.
 * It must never look at the table where the API can be asked. */
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

static struct uuid made (struct stack *s, const struct workspace *w, const char *body)
{
	struct web_answer a = asked (s, w, "POST", "/api/crm/contacts", body);
	CHECK (a.status == 201, "%s is %d: %s", body, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static char *path_of (struct uuid id, const char *tail)
{
	static char path[4][200];
	static int turn;
	char *ret = path[turn++ % 4];
	snprintf (ret, sizeof path[0], "/api/crm/contacts/%s%s", id_text (id), tail);
	return ret;
}

/* The names of a list over all its pages. */
static void listed (struct stack *s, const struct workspace *w, const char *query, const char *expected)
{
	char path[700], line[1000] = "", after[400] = "";
	for (int pages = 0; pages < 10; pages++) {
		snprintf (path, sizeof path, "/api/crm/contacts?limit=3&%s%s", query, after);
		struct web_answer a = asked (s, w, "GET", path, NULL);
		size_t i;
		json_t *row;
		CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
		json_array_foreach (json_at (a.json, "data"), i, row)
			snprintf (line + strlen (line), sizeof line - strlen (line), "%s%s", *line ? ", " : "", text_at (row, "name"));
		const char *next = text_at (a.json, "next");
		size_t n = (size_t) snprintf (after, sizeof after, "&after=");
		for (const char *c = next; *c && n + 4 < sizeof after; c++)
			n += (size_t) snprintf (after + n, sizeof after - n, strchr ("[]\", %&+#", *c) ? "%%%02X" : "%c",
						(unsigned char) *c);
		bool more = *next;
		web_free (&a);
		if (!more)
			break;
	}
	CHECK (!strcmp (line, expected), "%s lists\n      %s\n  not\n      %s", query, line, expected);
}

static void then_field (struct stack *s, const struct workspace *w, struct uuid id, const char *field, const char *expected)
{
	struct web_answer a = asked (s, w, "GET", path_of (id, ""), NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, field), expected), "%s is '%s', not '%s': %s", field, text_at (a.json, field),
	       expected, a.body);
	web_free (&a);
}

STORY (s1_1_contact_and_customer,
       "S1-1: the company typed for a contact is the customer of that name whatever its case, made when there is none; the type is customer")
{
	struct workspace *w = given_workspace (s, "people1", "classic-6");
	struct uuid jane = made (
		s, w,
		"{\"first_name\":\"Jane\",\"last_name\":\"Smith\",\"email\":\"Jane@Acme.test\",\"company\":\"Acme Ltd\",\"company_account\":true,"
		"\"job_title\":\"Buyer\",\"status\":\"lead\",\"notes\":\"Calls back\",\"emails\":[{\"value\":\"J.Smith@home.test\",\"label\":\"home\"},\"jane@acme.test\"],"
		"\"phones\":[\"+31 6 12345678\"]}");
	struct web_answer a = asked (s, w, "GET", path_of (jane, ""), NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "type"), "customer") &&
		       !strcmp (text_at (a.json, "account_name"), "Acme Ltd") &&
		       !strcmp (text_at (a.json, "emails.0.value"), "j.smith@home.test") &&
		       json_array_size (json_at (a.json, "emails")) == 1 && !strcmp (text_at (a.json, "notes"), "Calls back") &&
		       !strcmp (text_at (a.json, "phones.0.value"), "+31 6 12345678"),
	       "Jane is %s", a.body);
	web_free (&a);
	struct uuid next = made (s, w, "{\"name\":\"Joe Doe\",\"company\":\"acme ltd\",\"company_account\":true,\"type\":\"vendor\"}");
	then_field (s, w, next, "account_name", "Acme Ltd");
	then_number (s, 1, "accounts called so", "select count(*) from contacts.account where workspace_id = '%s'", w->id);
	a = asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Other\",\"email\":\"J.SMITH@home.test\"}");
	then_problem (&a, 409, "contact_exists");
	a = asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Other\",\"emails\":[\"jane@acme.test\"]}");
	then_problem (&a, 422, "invalid");
	a = asked (s, w, "PUT", path_of (next, ""), "{\"emails\":[\"no address\"]}");
	then_problem (&a, 422, "invalid");
	a = asked (
		s, w, "PUT", path_of (next, ""),
		"{\"type\":\"partner\",\"status\":\"active\",\"emails\":[\"joe@home.test\"],\"company\":\"Bolt\",\"company_account\":true}");
	then_status (&a, 200);
	then_field (s, w, next, "account_name", "Bolt");
	a = asked (s, w, "PUT", path_of (next, ""), "{\"type\":\"partner\",\"status\":\"active\",\"emails\":[\"joe@home.test\"]}");
	CHECK (a.status == 200 && json_integer_value (json_at (a.json, "version")) == 2, "the same again is %s", a.body);
	web_free (&a);
	/* a lead from the further address is Jane's */
	given_deal_of (s, w, "Jane Smith", "j.smith@home.test", "Quote");
	then_field (s, w, jane, "email", "jane@acme.test");
	listed (s, w, "sort=-deals", "Jane Smith, Joe Doe");
	a = asked (s, w, "GET", path_of (jane, ""), NULL);
	CHECK (json_integer_value (json_at (a.json, "deals")) == 1, "her deals: %s", a.body);
	web_free (&a);
}

STORY (s1_2_chips, "S1-2: types counted under the same filter, status and words narrow, every column orders page by page")
{
	struct workspace *w = given_workspace (s, "people2", "classic-6");
	static const char *const types[] = { "customer", "customer", "customer", "contractor", "contractor", "vendor", "partner", "other" };
	static const char *const names[] = { "Anna", "Bert", "Cees", "Dirk", "Els", "Fien", "Gijs", "Hans" };
	char body[300];
	for (size_t i = 0; i < LENGTH (types); i++) {
		snprintf (body, sizeof body, "{\"name\":\"%s\",\"type\":\"%s\",\"status\":\"%s\",\"email\":\"%s@%s.test\"%s}", names[i],
			  types[i], i % 2 ? "lead" : "active", names[i], i == 1 ? "acme" : "home",
			  i == 5 ? ",\"company\":\"Acme BV\"" : "");
		made (s, w, body);
	}
	struct web_answer a = asked (s, w, "GET", "/api/crm/contacts/types", NULL);
	CHECK (a.status == 200 && json_integer_value (json_at (a.json, "total")) == 8 &&
		       json_integer_value (json_at (a.json, "data.0.count")) == 3 &&
		       json_integer_value (json_at (a.json, "data.1.count")) == 2,
	       "types are %s", a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/contacts/types?q=acme&type=other", NULL);
	CHECK (json_integer_value (json_at (a.json, "total")) == 2 && json_integer_value (json_at (a.json, "data.2.count")) == 1,
	       "of acme %s", a.body);
	web_free (&a);
	listed (s, w, "type=contractor&sort=name", "Dirk, Els");
	listed (s, w, "type=contractor&status=LEAD", "Dirk");
	listed (s, w, "q=acme&sort=-name", "Fien, Bert");
	listed (s, w, "sort=name", "Anna, Bert, Cees, Dirk, Els, Fien, Gijs, Hans");
	listed (s, w, "sort=-type", "Fien, Gijs, Hans, Cees, Bert, Anna, Els, Dirk");
	listed (s, w, "", "Hans, Gijs, Fien, Els, Dirk, Cees, Bert, Anna");
	a = asked (s, w, "GET", "/api/crm/contacts?sort=colour", NULL);
	then_problem (&a, 422, "invalid");
}

/* What an action answers. */
static struct uuid acted (struct stack *s, const struct workspace *w, const char *body, int done, int skipped, int refused)
{
	struct web_answer a = asked (s, w, "POST", "/api/crm/contacts/bulk", body);
	CHECK (a.status == 200 && json_integer_value (json_at (a.json, "done")) == done &&
		       json_integer_value (json_at (a.json, "skipped")) == skipped &&
		       (int) json_array_size (json_at (a.json, "refused")) == refused,
	       "%s is %d: %s", body, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "batch_id");
	web_free (&a);
	return ret;
}

static void undone (struct stack *s, const struct workspace *w, struct uuid batch, int expected, int kept)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/batches/%s/undo", id_text (batch));
	struct web_answer a = asked (s, w, "POST", path, "{}");
	CHECK (a.status == 200 && json_integer_value (json_at (a.json, "undone")) == expected &&
		       (int) json_array_size (json_at (a.json, "kept")) == kept,
	       "undo is %d: %s", a.status, a.body);
	web_free (&a);
}

STORY (s1_9_bulk,
       "S1-9: three contacts get another owner, each with its line; then they are deleted and put back; tags, types and statuses too; what changed since stays")
{
	struct workspace *w = given_workspace (s, "people9", "classic-6");
	struct user mitch = given_user (s, "mitch@people9.test", "--workspace people9 --role manager");
	struct uuid id[3];
	char body[400], ids[200], tag[UUID_TEXT];
	static const char *const names[] = { "Een", "Twee", "Drie" };
	for (int i = 0; i < 3; i++) {
		snprintf (body, sizeof body, "{\"name\":\"%s\",\"email\":\"%s@people9.test\"}", names[i], names[i]);
		id[i] = made (s, w, body);
	}
	snprintf (ids, sizeof ids, "[\"%s\",\"%s\",\"%s\"]", id_text (id[0]), id_text (id[1]), id_text (id[2]));
	snprintf (body, sizeof body, "{\"ids\":%s,\"action\":\"owner\",\"value\":\"%s\"}", ids, mitch.id);
	struct uuid owners = acted (s, w, body, 3, 0, 0);
	then_field (s, w, id[1], "owner_id", mitch.id);
	then_number (
		s, 3, "lines of history",
		"select count(*) from contacts.timeline where workspace_id = '%s' and type = 'contact.updated' and data @> '{\"changes\":[{\"field\":\"owner_id\"}]}'",
		w->id);
	acted (s, w, body, 0, 3, 0); /* they are his already */
	snprintf (body, sizeof body, "{\"ids\":%s,\"action\":\"delete\"}", ids);
	struct uuid gone = acted (s, w, body, 3, 0, 0);
	listed (s, w, "", "");
	struct web_answer a = asked (s, w, "GET", path_of (id[0], ""), NULL);
	then_problem (&a, 404, "contact_not_found");
	a = asked (s, w, "GET", "/api/crm/search?q=twee", NULL);
	CHECK (json_array_size (json_at (a.json, "data.contacts")) == 0, "search finds who lies in the trash: %s", a.body);
	web_free (&a);
	undone (s, w, gone, 3, 0);
	listed (s, w, "sort=name", "Drie, Een, Twee");
	a = asked (s, w, "POST", "/api/crm/tags", "{\"label\":\"Beurs\"}");
	snprintf (tag, sizeof tag, "%s", text_at (a.json, "id"));
	web_free (&a);
	snprintf (body, sizeof body, "{\"filter\":{\"owner\":\"%s\",\"q\":\"ee\"},\"action\":\"tag\",\"value\":\"%s\"}", mitch.id, tag);
	struct uuid tags = acted (s, w, body, 2, 0, 0);
	listed (s, w, "tag=beurs&sort=name", "Een, Twee");
	snprintf (body, sizeof body, "{\"ids\":%s,\"action\":\"untag\",\"value\":\"%s\"}", ids, tag);
	undone (s, w, acted (s, w, body, 2, 1, 0), 2, 0);
	undone (s, w, tags, 2, 0);
	listed (s, w, "tag=none&sort=name", "Drie, Een, Twee");
	snprintf (body, sizeof body, "{\"ids\":%s,\"action\":\"type\",\"value\":\"vendor\"}", ids);
	struct uuid types = acted (s, w, body, 3, 0, 0);
	a = asked (s, w, "PUT", path_of (id[2], ""), "{\"type\":\"partner\"}");
	then_status (&a, 200);
	undone (s, w, types, 2, 1); /* one was changed since */
	listed (s, w, "type=customer&sort=name", "Een, Twee");
	undone (s, w, owners, 3, 0);
	/* two that had one address after each other: one of them comes back */
	for (int i = 0; i < 2; i++) {
		id[i] = made (s, w, "{\"name\":\"Twice\",\"email\":\"twice@people9.test\"}");
		a = asked (s, w, "DELETE", path_of (id[i], ""), NULL);
		then_status (&a, 204);
	}
	snprintf (body, sizeof body, "{\"ids\":[\"%s\",\"%s\"],\"action\":\"restore\"}", id_text (id[0]), id_text (id[1]));
	acted (s, w, body, 1, 0, 1);
	snprintf (body, sizeof body, "{\"ids\":%s,\"action\":\"status\"}", ids);
	a = asked (s, w, "POST", "/api/crm/contacts/bulk", body);
	then_problem (&a, 422, "invalid");
	a = asked (s, w, "POST", "/api/crm/batches/00000000-0000-4000-8000-000000000000/undo", "{}");
	then_problem (&a, 404, "not_found");
}

STORY (contact_states,
       "A contact is archived, found when asked for, and back with their next lead; thrown away they are nowhere, their next lead is somebody new, and they come back unless their address is another's")
{
	struct workspace *w = given_workspace (s, "people3", "nl-offerte-6");
	struct uuid ans = made (s, w, "{\"name\":\"Ans de Wit\",\"email\":\"ans@wit.test\"}");
	char body[200];
	snprintf (body, sizeof body, "{\"kind\":\"task\",\"subject\":\"Bellen\",\"contact_id\":\"%s\",\"due_at\":\"2030-01-02T10:00:00Z\"}",
		  id_text (ans));
	struct web_answer a = asked (s, w, "POST", "/api/crm/activities", body);
	then_status (&a, 201);
	a = asked (s, w, "POST", path_of (ans, "/archive"), "{}");
	then_status (&a, 200);
	listed (s, w, "", "");
	listed (s, w, "archived=1", "Ans de Wit");
	a = asked (s, w, "GET", path_of (ans, ""), NULL);
	CHECK (a.status == 200 && *text_at (a.json, "archived_at"), "an archived one is %d: %s", a.status, a.body);
	web_free (&a);
	struct uuid first = given_deal_of (s, w, "Ans de Wit", "ans@wit.test", "Offerte");
	listed (s, w, "", "Ans de Wit");
	then_number (
		s, 1, "lines that she is back",
		"select count(*) from contacts.timeline where workspace_id = '%s' and data @> '{\"changes\":[{\"field\":\"archived\",\"old\":\"true\"}]}'",
		w->id);
	a = asked (s, w, "GET", path_of (ans, "/consequences"), NULL);
	CHECK (a.status == 200 && json_integer_value (json_at (a.json, "deals")) == 1 &&
		       json_integer_value (json_at (a.json, "activities")) == 1,
	       "consequences are %s", a.body);
	web_free (&a);
	a = asked (s, w, "DELETE", path_of (ans, ""), NULL);
	then_status (&a, 204);
	a = asked (s, w, "GET", path_of (ans, ""), NULL);
	then_problem (&a, 404, "contact_not_found");
	a = asked (s, w, "GET", "/api/crm/activities", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 0, "what was to be done about her: %s", a.body);
	web_free (&a);
	snprintf (body, sizeof body, "/api/crm/deals/%s", id_text (first));
	a = asked (s, w, "GET", body, NULL);
	then_status (&a, 200); /* her deal stays */
	given_deal_of (s, w, "Ans Nieuw", "ans@wit.test", "Offerte");
	listed (s, w, "", "Ans Nieuw");
	a = asked (s, w, "POST", path_of (ans, "/restore"), "{}");
	then_problem (&a, 409, "contact_exists");
	a = asked (s, w, "GET", "/api/crm/contacts?q=nieuw", NULL);
	struct uuid other = uuid_at (a.json, "data.0.id");
	web_free (&a);
	a = asked (s, w, "DELETE", path_of (other, ""), NULL);
	then_status (&a, 204);
	for (int i = 0; i < 2; i++) { /* the second changes nothing */
		a = asked (s, w, "POST", path_of (ans, "/restore"), "{}");
		then_status (&a, 200);
	}
	listed (s, w, "", "Ans de Wit");
	a = asked (s, w, "GET", "/api/crm/activities", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "what is to be done about her again: %s", a.body);
	web_free (&a);
	struct user sdr = given_user (s, "sdr@people3.test", "--workspace people3 --role sdr");
	a = when_user_asks (s, &sdr, "DELETE", path_of (ans, ""), NULL);
	then_problem (&a, 404, "contact_not_found");
	a = when_user_asks (s, &sdr, "POST", path_of (other, "/restore"), "{}");
	then_problem (&a, 404, "contact_not_found");
}

STORY (contact_made_by,
       "Who made a contact by hand stands on its timeline and where its history begins; a lead's is automatic; no change of either is lost")
{
	struct workspace *w = given_workspace (s, "people10", "commerce");
	struct user boss = given_user (s, "boss@people10.test", "--workspace people10 --role owner");
	struct web_answer a = when_user_asks (s, &boss, "POST", "/api/crm/contacts", "{\"name\":\"Ot\",\"phone\":\"010 1\"}");
	CHECK (a.status == 201, "a contact is %d: %s", a.status, a.body);
	struct uuid ot = uuid_at (a.json, "id");
	web_free (&a);
	a = asked (s, w, "PUT", path_of (ot, ""), "{\"phone\":\"010 2\"}");
	then_status (&a, 200);
	given_deal_of (s, w, "Sien", "sien@people10.test", "Vraag");
	char *sien = sql_text (s, "select id from contacts.contact where workspace_id = '%s' and name = 'Sien'", w->id);
	struct uuid by_lead;
	CHECK (uuid_parse (sien, &by_lead) == OK, "no contact of the lead");
	free (sien);
	for (int of_lead = 0; of_lead < 2; of_lead++) {
		struct uuid id = of_lead ? by_lead : ot;
		a = asked (s, w, "GET", path_of (id, "/timeline?kind=made"), NULL);
		size_t i, n = 0;
		json_t *line;
		json_array_foreach (json_at (a.json, "data"), i, line)
		{
			if (strcmp (text_at (line, "type"), "contact.created") != 0)
				continue;
			n++;
			CHECK (!strcmp (text_at (line, "actor.id"), of_lead ? "" : boss.id), "made by '%s': %s", text_at (line, "actor.id"),
			       a.body);
		}
		CHECK (a.status == 200 && n == 1, "it was made %zu times: %s", n, a.body);
		web_free (&a);
		a = asked (s, w, "GET", path_of (id, "/history"), NULL);
		const char *first = of_lead ? "data.0" : "data.1";
		char version[40], actor[40];
		snprintf (version, sizeof version, "%s.version", first);
		snprintf (actor, sizeof actor, "%s.actor_id", first);
		CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == (of_lead ? 1 : 2) &&
			       number_at (a.json, version) == 1 && !strcmp (text_at (a.json, actor), of_lead ? "" : boss.id),
		       "its history begins with %s", a.body);
		web_free (&a);
	}
}

STORY (contact_phones_found,
       "A contact is found by its phone as shown, by its end, with the country's code or the nought for it, and by a further one; other digits find nobody")
{
	struct workspace *w = given_workspace (s, "people11", "commerce");
	made (s, w, "{\"name\":\"Bel Mij\",\"phone\":\"+31 6 1234 5678\",\"phones\":[{\"value\":\"(020) 765-43.21\"}]}");
	made (s, w, "{\"name\":\"Iemand Anders\",\"phone\":\"06-87654329\"}");
	made (s, w, "{\"name\":\"Zonder\"}");
	static const char *const mij[] = { "%2B31+6+1234+5678", "345678",	  "0612345678", "06-1234+5678",
					   "0031612345678",	"%2B31207654321", "7654321" };
	for (size_t i = 0; i < LENGTH (mij); i++) {
		char query[100], path[150];
		snprintf (query, sizeof query, "q=%s", mij[i]);
		listed (s, w, query, "Bel Mij");
		snprintf (path, sizeof path, "/api/crm/search?q=%s", mij[i]);
		struct web_answer a = asked (s, w, "GET", path, NULL);
		CHECK (a.status == 200 && json_array_size (json_at (a.json, "data.contacts")) == 1 &&
			       !strcmp (text_at (a.json, "data.contacts.0.title"), "Bel Mij"),
		       "%s finds %s", mij[i], a.body);
		web_free (&a);
	}
	listed (s, w, "q=%2B31687654329", "Iemand Anders");
	listed (s, w, "q=45678", "");
	listed (s, w, "q=123456", "");
}

STORY (contact_own_fields,
       "A workspace's own fields of contacts: their kinds are kept, one that is needed is missed; deals have others, under the same key too")
{
	struct workspace *w = given_workspace (s, "people4", "follow-up");
	struct web_answer a = asked (
		s, w, "POST", "/api/crm/fields",
		"{\"about\":\"contact\",\"kind\":\"number\",\"key\":\"shoe\",\"label\":{\"en\":\"Shoe size\",\"nl\":\"Schoenmaat\"},\"needed\":true}");
	then_status (&a, 201);
	a = asked (s, w, "POST", "/api/crm/fields", "{\"kind\":\"text\",\"key\":\"shoe\",\"label\":{\"en\":\"Shoe\",\"nl\":\"Schoen\"}}");
	then_status (&a, 201);
	settle (s);
	a = asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Piet\"}");
	then_problem (&a, 422, "invalid");
	a = asked (s, w, "POST", "/api/crm/contacts", "{\"name\":\"Piet\",\"custom\":{\"shoe\":\"big\"}}");
	then_problem (&a, 422, "invalid");
	struct uuid piet = made (s, w, "{\"name\":\"Piet\",\"custom\":{\"shoe\":43}}");
	a = asked (s, w, "PUT", path_of (piet, ""), "{\"custom\":{\"shoe\":44}}");
	then_status (&a, 200);
	a = asked (s, w, "GET", path_of (piet, ""), NULL);
	CHECK (json_integer_value (json_at (a.json, "custom.shoe")) == 44, "it holds %s", a.body);
	web_free (&a);
	a = asked (s, w, "GET", path_of (piet, "/timeline"), NULL);
	CHECK (strstr (a.body, "custom.shoe") != NULL, "its timeline is %s", a.body);
	web_free (&a);
}
