/* Rules, webhooks and events at the gateway's door: what may be offered, who may read and who may write, what is wrong with a rule before it is written, and
 * what happened pulled to its end. What rules do is told elsewhere. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

#define RULE                                                                                                                        \
	"{\"when\":{\"event\":\"deal.created\"},\"then\":[{\"do\":\"deal_tag\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"}," \
	"\"tags\":[]}}]}"

static void says (struct web_answer *a, int status, const char *what)
{
	CHECK (a->status == status && strstr (a->body, what), "wanted %d with %s: %d %.400s", status, what, a->status, a->body);
	web_free (a);
}

static json_t *named (json_t *list, const char *member, const char *name)
{
	size_t i;
	json_t *one;
	json_array_foreach (list, i, one) if (!strcmp (json_string_value (json_object_get (one, member)), name)) return one;
	return NULL;
}

STORY (rules_offered, "What a rule may be made of is told by the records themselves, and what is wrong with one stands where it is wrong")
{
	given_workspace (s, "rules-offered", "nl-offerte-6");
	struct user all = given_user (s, "baas@rules-offered.nl", "--role owner --workspace rules-offered");
	struct web_answer a = when_user_asks (s, &all, "GET", "/api/crm/rules/catalogue", NULL);
	CHECK (a.status == 200, "%d %.300s", a.status, a.body);
	json_t *paid = named (json_at (a.json, "events"), "type", "invoice.paid");
	CHECK (paid && named (json_object_get (paid, "facts"), "name", "event.total"), "no invoice.paid, or without its total");
	CHECK (!named (json_at (a.json, "events"), "type", "rule.fired") && !named (json_at (a.json, "events"), "type", "message.posted") &&
		       !named (json_at (a.json, "events"), "type", "action.wanted"),
	       "an event that stays within is offered");
	json_t *value = named (json_at (a.json, "facts"), "name", "deal.value");
	CHECK (value && !strcmp (json_string_value (json_object_get (value, "kind")), "money"), "a deal's value is no amount");
	json_t *move = named (json_at (a.json, "commands"), "name", "deal_move");
	CHECK (move && json_is_true (json_object_get (named (json_object_get (move, "fields"), "name", "stage"), "required")),
	       "deal_move asks for no stage");
	CHECK (!named (json_at (a.json, "commands"), "name", "deal_trash"), "a command that no rule may ask for is offered");
	web_free (&a);

	a = when_user_asks (s, &all, "POST", "/api/crm/rules/check", "{\"body\":" RULE "}");
	says (&a, 200, "{\"problems\":[]}");
	a = when_user_asks (
		s, &all, "POST", "/api/crm/rules/check",
		"{\"body\":{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"deal.value\",\"op\":\"is\",\"value\":"
		"\"1\"},{\"fact\":\"deal.colour\",\"op\":\"filled\"}]},\"then\":[]}}");
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "problems")) == 2, "%d %.400s", a.status, a.body);
	CHECK (named (json_at (a.json, "problems"), "pointer", "/if/all/1/fact") &&
		       named (json_at (a.json, "problems"), "pointer", "/then"),
	       "%.400s", a.body);
	web_free (&a);
	a = when_user_asks (s, &all, "POST", "/api/crm/rules/check", "{}");
	then_problem (&a, 422, "invalid");
	then_number (s, 0, "what is checked is written nowhere",
		     "select count(*) from automation.rule where preset is null and workspace_id = "
		     "(select workspace_id from gateway.workspace where slug = 'rules-offered')");
}

static struct uuid rule_written (struct stack *s, const struct user *u, const char *name)
{
	char body[500];
	snprintf (body, sizeof body, "{\"name\":\"%s\",\"body\":" RULE "}", name);
	struct web_answer a = when_user_asks (s, u, "POST", "/api/crm/rules", body);
	CHECK (a.status == 201 && json_at (a.json, "rule_version_id"), "a rule is %d: %.300s", a.status, a.body);
	struct uuid id = uuid_at (a.json, "id");
	web_free (&a);
	return id;
}

STORY (rules_http,
       "Rules are written, changed, removed and brought back by who may change settings, read by who sees the CRM, and by nobody else")
{
	struct workspace *w = given_workspace (s, "rules-http", "nl-offerte-6");
	given_workspace (s, "rules-elsewhere", "nl-offerte-6");
	struct user all = given_user (s, "baas@rules-http.nl", "--role owner --workspace rules-http"),
		    reader = given_user (s, "verkoop@rules-http.nl", "--role sales --workspace rules-http"),
		    other = given_user (s, "ander@rules-http.nl", "--role owner --workspace rules-elsewhere");
	char path[200], back[250];
	struct uuid id = rule_written (s, &all, "Etiket");
	snprintf (path, sizeof path, "/api/crm/rules/%s", id_text (id));
	snprintf (back, sizeof back, "%s/restore", path);
	struct web_answer a = when_user_asks (s, &all, "POST", "/api/crm/rules", "{\"name\":\"Krom\",\"body\":{\"when\":{},\"then\":[]}}");
	says (&a, 422, "/body/when");
	a = when_user_asks (s, &all, "POST", "/api/crm/rules", "{\"name\":\"Eigen id\",\"rule_id\":\"" RULE "\",\"body\":{}}");
	CHECK (a.status == 400 || a.status == 422, "a rule names its own id: %d", a.status);
	web_free (&a);

	a = when_user_asks (s, &reader, "GET", "/api/crm/rules", NULL);
	says (&a, 200, "Etiket");
	a = when_user_asks (s, &reader, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "versions")) == 1 && json_is_false (json_at (a.json, "enabled")),
	       "%d %.300s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &reader, "PUT", path, "{\"enabled\":true}");
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &reader, "POST", "/api/crm/rules", "{\"name\":\"Van mij\",\"body\":" RULE "}");
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &reader, "DELETE", path, NULL);
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &reader, "GET", "/api/crm/webhooks", NULL);
	then_problem (&a, 403, "forbidden");

	a = when_user_asks (s, &other, "GET", "/api/crm/rules", NULL);
	CHECK (a.status == 200 && !strstr (a.body, "Etiket"), "%d %.300s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &other, "GET", path, NULL);
	then_problem (&a, 404, "rule_not_found");
	a = when_user_asks (s, &other, "PUT", path, "{\"enabled\":true}");
	then_problem (&a, 404, "rule_not_found");
	a = when_user_asks (s, &other, "DELETE", path, NULL);
	then_problem (&a, 404, "rule_not_found");

	a = when_user_asks (s, &all, "PUT", path, "{\"enabled\":true,\"version\":1}");
	then_status (&a, 200);
	a = when_user_asks (s, &all, "PUT", path, "{\"name\":\"Oud\",\"version\":1}");
	then_problem (&a, 412, "stale");
	a = when_user_asks (s, &all, "DELETE", path, NULL);
	then_status (&a, 204);
	a = when_user_asks (s, &all, "GET", "/api/crm/rules", NULL);
	CHECK (a.status == 200 && !strstr (a.body, "Etiket"), "%.300s", a.body);
	web_free (&a);
	a = when_user_asks (s, &all, "GET", "/api/crm/rules?removed=1", NULL);
	says (&a, 200, "Etiket");
	a = when_user_asks (s, &all, "POST", back, "{}");
	then_status (&a, 200);
	a = when_user_asks (s, &all, "GET", path, NULL);
	CHECK (a.status == 200 && json_is_false (json_at (a.json, "enabled")) && json_is_null (json_at (a.json, "removed_at")), "%.300s",
	       a.body);
	web_free (&a);
	settle (s);
	then_said (s, id, "rule.changed, rule.changed, rule.changed, rule.changed");
	then_number (s, 4, "lines of the audit",
		     "select count(*) from gateway.audit where workspace_id = '%s' and what in ('rule_add', 'rule_update', 'rule_remove', "
		     "'rule_restore')",
		     w->id);
}

STORY (decisions_http,
       "A decision in which no rule acted says which condition failed and what its fact held then, whatever the rule says since")
{
	given_workspace (s, "decisions-http", "nl-offerte-6");
	struct user all = given_user (s, "baas@decisions-http.nl", "--role owner --workspace decisions-http");
	char path[200];
	struct web_answer a = when_user_asks (
		s, &all, "POST", "/api/crm/rules",
		"{\"name\":\"Alleen Utrecht\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":"
		"\"event.deal_id\",\"op\":\"filled\"},{\"any\":[{\"fact\":\"event.title\",\"op\":\"is\",\"value\":[\"Utrecht\"]}]}]},"
		"\"then\":[{\"stop\":true}]}}");
	CHECK (a.status == 201, "a rule is %d: %.300s", a.status, a.body);
	struct uuid rule = uuid_at (a.json, "id");
	web_free (&a);
	settle (s);
	a = when_user_asks (s, &all, "POST", "/api/crm/deals", "{\"title\":\"Delft\"}");
	struct uuid deal = uuid_at (a.json, "id");
	then_status (&a, 201);
	settle (s);
	snprintf (path, sizeof path, "/api/crm/rules/%s", id_text (rule));
	a = when_user_asks (s, &all, "PUT", path, "{\"body\":" RULE "}"); /* what was decided stays what it was */
	then_status (&a, 200);
	snprintf (path, sizeof path, "/api/crm/decisions?unmatched=1&record=%s&type=deal.created", id_text (deal));
	a = when_user_asks (s, &all, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1, "%d %.300s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/decisions/%s",
		  json_string_value (json_object_get (json_array_get (json_at (a.json, "data"), 0), "id")));
	web_free (&a);
	a = when_user_asks (s, &all, "GET", path, NULL);
	json_t *asked = named (json_at (a.json, "rules"), "name", "Alleen Utrecht");
	CHECK (a.status == 200 && asked && json_is_false (json_object_get (asked, "matched")), "%d %.500s", a.status, a.body);
	CHECK (json_integer_value (json_object_get (asked, "failed")) == 2 && !json_object_get (asked, "if"), "%.500s", a.body);
	CHECK (!strcmp (json_string_value (json_object_get (json_object_get (asked, "condition"), "fact")), "event.title"), "%.500s",
	       a.body);
	CHECK (json_is_string (json_object_get (asked, "value")) && !strcmp (json_string_value (json_object_get (asked, "value")), "Delft"),
	       "%.800s", a.body);
	web_free (&a);
}

/* ---- what happened, pulled ---- */

struct pulled {
	char seen[400][40];
	size_t n;
	char next[1000];
};

static void page_taken (struct pulled *p, struct web_answer *a)
{
	size_t i;
	json_t *one;
	CHECK (a->status == 200, "%d %.300s", a->status, a->body);
	json_array_foreach (json_at (a->json, "data"), i, one)
	{
		const char *id = json_string_value (json_object_get (one, "id"));
		for (size_t k = 0; k < p->n; k++)
			CHECK (strcmp (p->seen[k], id), "%s came twice", id);
		CHECK (p->n < LENGTH (p->seen), "too many for this story");
		snprintf (p->seen[p->n++], sizeof p->seen[0], "%s", id);
	}
	snprintf (p->next, sizeof p->next, "%s", text_at (a->json, "next"));
}

static void pulled_whole (struct stack *s, const struct user *u, struct pulled *p, int limit)
{
	char path[1200];
	for (bool more = true; more;) {
		snprintf (path, sizeof path, "/api/crm/events?limit=%d%s%s", limit, *p->next ? "&after=" : "", p->next);
		struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
		page_taken (p, &a);
		more = json_is_true (json_at (a.json, "more"));
		web_free (&a);
	}
}

STORY (events_pulled,
       "What happened is pulled page by page, each once, whatever the pages' size and whatever is said between two of them; never another workspace's")
{
	struct workspace *w = given_workspace (s, "events-pulled", "nl-offerte-6"),
			 *v = given_workspace (s, "events-elsewhere", "nl-offerte-6");
	struct user all = given_user (s, "baas@events.nl", "--role owner --workspace events-pulled"),
		    own = given_user (s, "eigen@events.nl", "--role sdr --workspace events-pulled"),
		    other = given_user (s, "ander@events.nl", "--role owner --workspace events-elsewhere");
	char path[1200];
	given_deal_of (s, w, "Jan Een", "een@events.test", "Zonwering");
	given_deal_of (s, v, "Elders", "elders@events.test", "Zonwering");
	static struct pulled one, two;
	pulled_whole (s, &all, &one, 1);
	pulled_whole (s, &all, &two, 200);
	CHECK (one.n >= 4 && one.n == two.n, "%zu by ones, %zu at once", one.n, two.n);
	for (size_t i = 0; i < one.n; i++)
		CHECK (!strcmp (one.seen[i], two.seen[i]), "another order at %zu", i);
	given_deal_of (s, w, "Piet Twee", "twee@events.test", "Zonwering");
	size_t before = one.n;
	pulled_whole (s, &all, &one, 2);
	CHECK (one.n > before, "nothing new");
	struct web_answer a = when_user_asks (s, &all, "GET", "/api/crm/events?type=deal.*&limit=200", NULL);
	size_t i;
	json_t *event;
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) >= 2, "%d %.300s", a.status, a.body);
	json_array_foreach (json_at (a.json, "data"), i, event)
	{
		CHECK (!strncmp (json_string_value (json_object_get (event, "type")), "deal.", 5), "%.300s", a.body);
		CHECK (!strcmp (json_string_value (json_object_get (event, "workspace")), w->id), "another workspace's: %.300s", a.body);
	}
	CHECK (!strstr (a.body, "Elders"), "%.300s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/events?after=%s", one.next);
	a = when_user_asks (s, &other, "GET", path, NULL);
	then_problem (&a, 422, "invalid"); /* a cursor is of its own workspace */
	a = when_user_asks (s, &own, "GET", "/api/crm/events", NULL);
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &all, "GET", "/api/crm/events?type=session.ended", NULL);
	then_problem (&a, 422, "invalid");
	a = when_user_asks (s, &all, "GET", "/api/crm/events?since=2099-01-01T00:00:00Z", NULL);
	CHECK (a.status == 200 && !json_array_size (json_at (a.json, "data")) && json_is_false (json_at (a.json, "more")), "%.300s",
	       a.body);
	web_free (&a);
}
