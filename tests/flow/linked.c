/* What other systems say: linked records, facts and clients, pushed through a way in of kind records or by the API; what waits for somebody who is not here
 * yet; who may see it. It must never look at the table where the API can be asked. */
#include <signal.h>
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const char *key, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = key, .body = body });
}

static struct uuid account_made (struct stack *s, const struct workspace *w, const char *name)
{
	char body[200];
	snprintf (body, sizeof body, "{\"name\":\"%s\"}", name);
	struct web_answer a = asked (s, w->key, "POST", "/api/crm/accounts", body);
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void pushed (struct stack *s, const char *hook, const char *body, int64_t records)
{
	struct web_answer a = when_posted (s, hook, "%s", body);
	CHECK (a.status == 202 && number_at (a.json, "records") == records && !strcmp (text_at (a.json, "outcome"), "records"),
	       "a push is %d: %s", a.status, a.body);
	web_free (&a);
}

/* The page at `path`, with every settled word in it. */
static struct web_answer page (struct stack *s, const struct workspace *w, const char *path)
{
	settle (s);
	struct web_answer a = asked (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	return a;
}

static const char *of_account (const char *what, struct uuid account)
{
	static char path[200];
	snprintf (path, sizeof path, "/api/crm/%s%saccount_id=%s", what, strchr (what, '?') ? "&" : "?", id_text (account));
	return path;
}

STORY (records_pushed,
       "S4-3: orders, a chat, points and a ticket of a customer, pushed three times, are each one; older words are skipped; the account is a client; its lifetime is what it ordered")
{
	struct workspace *w = given_workspace (s, "webwinkel", "commerce");
	struct uuid acme = account_made (s, w, "Acme Ltd");
	char hook[200], path[200];
	given_source (s, "webwinkel", "--kind records --form-type shop", hook);
	static const char all[] =
		"[{\"kind\":\"order\",\"external_id\":1001,\"account\":\"ACME ltd\",\"account_external\":\"C-7\",\"title\":\"Order 1001\",\"status\":\"paid\",\"amount\":{\"amount\":\"120.00\",\"currency\":\"EUR\"},\"occurred_at\":\"2026-11-01T10:00:00Z\",\"updated_at\":\"2026-11-02T10:00:00Z\"},"
		"{\"kind\":\"order\",\"external_id\":\"1002\",\"account_external\":\"C-7\",\"amount\":{\"amount\":\"80.00\",\"currency\":\"EUR\"},\"url\":\"https://shop.test/1002\"},"
		"{\"kind\":\"conversation\",\"system\":\"chat\",\"external_id\":\"9\",\"account\":\"Acme Ltd\",\"count\":5,\"excerpt\":\"Is it in stock?\"},"
		"{\"kind\":\"loyalty\",\"external_id\":\"C-7\",\"account\":\"Acme Ltd\",\"count\":340},"
		"{\"kind\":\"ticket\",\"system\":\"desk\",\"external_id\":\"T1\",\"account\":\"Acme Ltd\",\"title\":\"Broken box\",\"status\":\"open\",\"assignee\":\"Kim\"}]";
	for (int i = 0; i < 3; i++)
		pushed (s, hook, all, 5);
	struct web_answer a = page (s, w, of_account ("linked", acme));
	CHECK (json_array_size (json_at (a.json, "data")) == 5 && json_array_size (json_at (a.json, "groups")) == 4, "it has %s", a.body);
	web_free (&a);
	char *order = sql_text (s, "select id from contacts.linked where workspace_id = '%s' and external_id = '1001'", w->id);
	struct uuid first;
	CHECK (uuid_parse (order, &first) == OK, "no order");
	free (order);
	then_said (s, first, "linked.added");
	snprintf (path, sizeof path, "/api/crm/accounts/%s/overview", id_text (acme));
	a = page (s, w, path);
	CHECK (!strcmp (text_at (a.json, "lifetime.0.amount"), "200.00") && json_array_size (json_at (a.json, "lifetime")) == 1,
	       "lifetime is %s", a.body);
	CHECK (strstr (a.body, "\"pieces\":340") && strstr (a.body, "\"pieces\":5") && strstr (a.body, "Is it in stock?"),
	       "the groups are %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/accounts/%s", id_text (acme));
	a = page (s, w, path);
	CHECK (!strcmp (text_at (a.json, "lifecycle"), "client") && !number_at (a.json, "contacts"), "who ordered is %s", a.body);
	web_free (&a);
	/* news, then what is older than it */
	pushed (s, hook,
		"{\"kind\":\"order\",\"external_id\":\"1001\",\"account_external\":\"C-7\",\"status\":\"shipped\",\"updated_at\":\"2026-11-05T10:00:00Z\"}",
		1);
	pushed (s, hook,
		"{\"kind\":\"order\",\"external_id\":\"1001\",\"account_external\":\"C-7\",\"status\":\"packed\",\"updated_at\":\"2026-11-04T10:00:00Z\"}",
		1);
	snprintf (path, sizeof path, "/api/crm/linked/%s", id_text (first));
	a = page (s, w, path);
	CHECK (!strcmp (text_at (a.json, "status"), "shipped") && !strcmp (text_at (a.json, "title"), "Order 1001") &&
		       number_at (a.json, "version") == 2,
	       "the order is %s", a.body);
	web_free (&a);
	then_said (s, first, "linked.added, linked.changed");
	then_number (s, 1, "changes that stand on the timeline",
		     "select count(*) from contacts.timeline where workspace_id = '%s' and type = 'linked.changed'", w->id);
	/* gone there, and an older word does not bring it back; a newer one does */
	pushed (s, hook, "{\"kind\":\"order\",\"external_id\":\"1001\",\"deleted\":true,\"updated_at\":\"2026-11-06T10:00:00Z\"}", 1);
	pushed (s, hook,
		"{\"kind\":\"order\",\"external_id\":\"1001\",\"account_external\":\"C-7\",\"status\":\"late\",\"updated_at\":\"2026-11-05T12:00:00Z\"}",
		1);
	a = page (s, w, of_account ("linked?kind=order", acme));
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "what is gone is there: %s", a.body);
	web_free (&a);
	pushed (s, hook,
		"{\"kind\":\"order\",\"external_id\":\"1001\",\"account_external\":\"C-7\",\"status\":\"back\",\"updated_at\":\"2026-11-07T12:00:00Z\"}",
		1);
	a = page (s, w, of_account ("linked?kind=order", acme));
	CHECK (json_array_size (json_at (a.json, "data")) == 2 && strstr (a.body, "\"back\""), "it is not back: %s", a.body);
	web_free (&a);
	then_said (s, first, "linked.added, linked.changed, linked.removed, linked.restored, linked.changed");
	/* the same through the API is the same */
	char body[300];
	snprintf (body, sizeof body,
		  "{\"kind\":\"order\",\"system\":\"shop\",\"external_id\":\"1002\",\"account_id\":\"%s\",\"status\":\"paid\"}",
		  id_text (acme));
	a = asked (s, w->key, "POST", "/api/crm/linked", body);
	CHECK (a.status == 200 && number_at (a.json, "version") == 2, "the same order is %d: %s", a.status, a.body);
	web_free (&a);
}

STORY (records_wait,
       "What another system says of somebody unknown waits and is shown, survives kill -9, and is taken when they are here or somebody says who it is")
{
	struct workspace *w = given_workspace (s, "wachtkamer", "commerce");
	char hook[200], path[200], body[200];
	given_source (s, "wachtkamer", "--kind records --form-type erp", hook);
	pushed (s, hook,
		"[{\"kind\":\"invoice\",\"external_id\":\"F1\",\"account\":\"Later BV\",\"amount\":{\"amount\":\"10.00\",\"currency\":\"EUR\"},\"updated_at\":\"2026-11-02T00:00:00Z\"},"
		"{\"kind\":\"ticket\",\"external_id\":\"T9\",\"email\":\"Nieuw@Later.nl\",\"title\":\"Vraag\"},"
		"{\"panel\":\"metrics\",\"key\":\"visits\",\"label\":{\"en\":\"Visits\",\"nl\":\"Bezoeken\"},\"value\":12,\"account\":\"later bv\",\"as_of\":\"2026-11-02T00:00:00Z\"},"
		"{\"account\":\"De Vreemde\",\"lifecycle\":\"client\"}]",
		4);
	pushed (s, hook,
		"{\"kind\":\"invoice\",\"external_id\":\"F1\",\"account\":\"Later BV\",\"status\":\"paid\",\"updated_at\":\"2026-11-03T00:00:00Z\"}",
		1);
	pushed (s, hook,
		"{\"kind\":\"invoice\",\"external_id\":\"F1\",\"account\":\"Later BV\",\"status\":\"new\",\"updated_at\":\"2026-11-01T00:00:00Z\"}",
		1);
	settle (s);
	daemon_kill (s, "contacts", 0, SIGKILL);
	struct web_answer a = page (s, w, "/api/crm/pushes");
	CHECK (json_array_size (json_at (a.json, "data")) == 4 && strstr (a.body, "Later BV") && strstr (a.body, "nieuw@later.nl"),
	       "what waits is %s", a.body);
	web_free (&a);
	struct uuid later = account_made (s, w, "LATER bv");
	a = asked (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"Nina Nieuw\",\"email\":\"nieuw@later.nl\"}");
	char nina[UUID_TEXT];
	snprintf (nina, sizeof nina, "%s", text_at (a.json, "id"));
	then_status (&a, 201);
	UNTIL (5000, sql_number (s, "select count(*) from contacts.push where workspace_id = '%s'", w->id) == 1,
	       "who it waited for is here, and it waits");
	a = page (s, w, of_account ("linked", later));
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && strstr (a.body, "\"paid\"") && strstr (a.body, "10.00"),
	       "the invoice is %s", a.body);
	web_free (&a);
	a = page (s, w, of_account ("facts", later));
	CHECK (!strcmp (text_at (a.json, "data.0.label.nl"), "Bezoeken") && number_at (a.json, "data.0.value") == 12 &&
		       !strcmp (text_at (a.json, "data.0.system"), "erp"),
	       "the fact is %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/linked?contact_id=%s", nina);
	a = page (s, w, path);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "the ticket is not theirs: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/contacts/%s/timeline", nina);
	a = page (s, w, path);
	CHECK (strstr (a.body, "linked.added"), "the ticket is not on their timeline: %s", a.body);
	web_free (&a);
	/* what hangs on them and the company is both's; what hangs on the company alone is not theirs */
	char both[300];
	for (int of_nina = 0; of_nina < 2; of_nina++) {
		snprintf (both, sizeof both, "{\"kind\":\"order\",\"title\":\"%s\",\"account_id\":\"%s\"%s%s%s}",
			  of_nina ? "Van beiden" : "Van het bedrijf", id_text (later), of_nina ? ",\"contact_id\":\"" : "",
			  of_nina ? nina : "", of_nina ? "\"" : "");
		a = asked (s, w->key, "POST", "/api/crm/linked", both);
		then_status (&a, 201);
	}
	a = page (s, w, path);
	CHECK (strstr (a.body, "Van beiden") && !strstr (a.body, "Van het bedrijf") && !strstr (a.body, "account.created"),
	       "their timeline is not theirs: %s", a.body);
	web_free (&a);
	char firm[200];
	snprintf (firm, sizeof firm, "/api/crm/accounts/%s/timeline", id_text (later));
	a = page (s, w, firm);
	CHECK (strstr (a.body, "Van beiden") && strstr (a.body, "Van het bedrijf"), "the company's timeline is %s", a.body);
	web_free (&a);
	/* the last one is somebody else's name for an account that is here: said once, known from then on */
	char *push = sql_text (s, "select id from contacts.push where workspace_id = '%s'", w->id);
	snprintf (path, sizeof path, "/api/crm/pushes/%s/assign", push);
	snprintf (body, sizeof body, "{\"account_id\":\"%s\"}", id_text (later));
	a = asked (s, w->key, "POST", path, "{}");
	then_problem (&a, 422, "invalid");
	a = asked (s, w->key, "POST", path, body);
	then_status (&a, 200);
	a = asked (s, w->key, "POST", path, body);
	then_problem (&a, 404, "push_not_found");
	free (push);
	pushed (s, hook,
		"{\"panel\":\"balance\",\"key\":\"open\",\"label\":{\"en\":\"Open\",\"nl\":\"Open\"},\"value\":{\"amount\":\"5.00\",\"currency\":\"EUR\"},\"account\":\"de VREEMDE\",\"as_of\":\"2026-11-02T00:00:00Z\"}",
		1);
	pushed (s, hook,
		"{\"panel\":\"balance\",\"key\":\"open\",\"label\":{\"en\":\"Open\",\"nl\":\"Open\"},\"value\":\"oud\",\"account\":\"de VREEMDE\",\"as_of\":\"2026-11-01T00:00:00Z\"}",
		1);
	a = page (s, w, of_account ("facts?panel=balance", later));
	CHECK (!strcmp (text_at (a.json, "data.0.value.amount"), "5.00"), "the balance is %s", a.body);
	web_free (&a);
	/* nobody wants it */
	pushed (s, hook, "{\"kind\":\"asset\",\"external_id\":\"X\",\"account\":\"Niemand\"}", 1);
	settle (s);
	push = sql_text (s, "select id from contacts.push where workspace_id = '%s'", w->id);
	snprintf (path, sizeof path, "/api/crm/pushes/%s", push);
	a = asked (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	free (push);
	a = page (s, w, "/api/crm/pushes");
	CHECK (json_array_size (json_at (a.json, "data")) == 0, "it waits still: %s", a.body);
	web_free (&a);
}

STORY (facts_of_two_names,
       "The same fact of one company under two names, waiting or said at once, is one fact, the newest, and holds nobody else up")
{
	struct workspace *w = given_workspace (s, "tweenamen", "commerce");
	char hook[200];
	given_source (s, "tweenamen", "--kind records --form-type erp", hook);
#define FACT(account, value, day)                                                                                      \
	"{\"panel\":\"metrics\",\"key\":\"visits\",\"label\":{\"en\":\"Visits\",\"nl\":\"Bezoeken\"},\"value\":" value \
	",\"account\":\"" account "\",\"as_of\":\"2026-11-" day "T00:00:00Z\"}"
	pushed (s, hook, "[" FACT ("TWEE namen", "2", "02") "," FACT ("Twee Namen", "1", "01") "]", 2);
	settle (s);
	then_number (s, 2, "facts that wait", "select count(*) from contacts.push where workspace_id = '%s'", w->id);
	struct uuid account = account_made (s, w, "Twee Namen");
	UNTIL (5000, sql_number (s, "select count(*) from contacts.push where workspace_id = '%s'", w->id) == 0,
	       "who they waited for is here, and they wait");
	struct web_answer a = page (s, w, of_account ("facts", account));
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && number_at (a.json, "data.0.value") == 2, "the fact is %s", a.body);
	web_free (&a);
	pushed (s, hook, "[" FACT ("twee namen", "4", "04") "," FACT ("Twee Namen", "3", "03") "]", 2);
	a = page (s, w, of_account ("facts", account));
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && number_at (a.json, "data.0.value") == 4, "the newest fact is %s", a.body);
	web_free (&a);
#undef FACT
	then_no_dead_letters (s);
}

STORY (records_refused,
       "A push that is wrong anywhere is kept and told where, nothing of it is taken, and its system is shown as silent until it is understood")
{
	static const struct {
		const char *body, *says;
		int status;
	} wrong[] = {
		{ "{\"kind\":\"order\"", "bad_json", 400 },
		{ "[]", "bad_request", 400 },
		{ "[1]", "bad_request", 400 },
		{ "{\"kind\":\"spaceship\",\"external_id\":\"1\",\"account\":\"Goed BV\"}", "/kind", 422 },
		{ "[{\"kind\":\"order\",\"external_id\":\"1\",\"account\":\"Goed BV\"},{\"kind\":\"order\",\"external_id\":\"2\",\"account\":\"Goed BV\",\"amount\":12}]",
		  "/1/amount", 422 },
		{ "{\"kind\":\"order\",\"external_id\":\"1\"}", "/account", 422 },
		{ "{\"kind\":\"order\",\"external_id\":\"1\",\"account\":\"Goed BV\",\"url\":\"javascript:alert(1)\"}", "/url", 422 },
		{ "{\"kind\":\"order\",\"external_id\":\"1\",\"account\":\"Goed BV\",\"updated_at\":\"gisteren\"}", "/updated_at", 422 },
		{ "{\"kind\":\"order\",\"external_id\":\"1\",\"account\":\"Goed BV\",\"totaal\":1}", "/totaal", 422 },
		{ "{\"panel\":\"metrics\",\"key\":\"a\",\"value\":1,\"account\":\"Goed BV\"}", "/label", 422 },
		{ "{\"panel\":\"metrics\",\"key\":\"A B\",\"label\":{\"en\":\"a\",\"nl\":\"a\"},\"value\":[1],\"account\":\"Goed BV\"}",
		  "/value", 422 },
		{ "{\"account\":\"Goed BV\"}", "/kind", 422 },
	};
	struct workspace *w = given_workspace (s, "slordig", "commerce");
	struct uuid good = account_made (s, w, "Goed BV");
	char hook[200], path[200];
	given_source (s, "slordig", "--kind records --form-type kassa", hook);
	pushed (s, hook, "{\"kind\":\"order\",\"external_id\":\"0\",\"account\":\"Goed BV\",\"every\":3600}", 1);
	for (size_t i = 0; i < LENGTH (wrong); i++) {
		struct web_answer a = when_posted (s, hook, "%s", wrong[i].body);
		CHECK (a.status == wrong[i].status && strstr (a.body, wrong[i].says), "%s is %d: %s", wrong[i].body, a.status, a.body);
		web_free (&a);
	}
	struct web_answer a = page (s, w, of_account ("linked", good));
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "something of it was taken: %s", a.body);
	web_free (&a);
	then_number (
		s, (int64_t) LENGTH (wrong), "requests that were kept as they came",
		"select count(*) from lead_intake.submission where workspace_id = '%s' and outcome = 'bad_request' and length(body) > 0",
		w->id);
	snprintf (path, sizeof path, "/api/crm/accounts/%s/overview", id_text (good));
	a = page (s, w, path);
	CHECK (strstr (a.body, "\"kind\":\"order\"") && *text_at (a.json, "groups.2.unavailable_since"), "the till is not silent: %s",
	       a.body);
	web_free (&a);
	pushed (s, hook, "{\"every\":3600}", 1); /* it is there again */
	a = page (s, w, "/api/crm/systems");
	CHECK (!strcmp (text_at (a.json, "data.0.system"), "kassa") && json_is_null (json_at (a.json, "data.0.unavailable_since")) &&
		       number_at (a.json, "data.0.every") == 3600,
	       "the till is %s", a.body);
	web_free (&a);
	sql_do (s, "update contacts.system set last_at = last_at - interval '3 hours' where workspace_id = '%s'", w->id);
	a = page (s, w, path); /* it promised an hour */
	CHECK (*text_at (a.json, "groups.2.unavailable_since"), "a till without a word is not silent: %s", a.body);
	web_free (&a);
	daemon_hold (s, "pipeline");
	a = asked (s, w->key, "GET", path, NULL);
	daemon_release (s, "pipeline");
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "groups.1.kind"), "deal") && *text_at (a.json, "groups.1.unavailable_since"),
	       "deals of a pipeline that is away are %d: %s", a.status, a.body);
	web_free (&a);
}

STORY (linked_by_hand,
       "Linked records by hand: made, changed, taken away and back, each with its line; whose account it is, may see them; onboarding begins once")
{
	struct workspace *w = given_workspace (s, "handwerk", "commerce");
	struct uuid acme = account_made (s, w, "Acme Ltd");
	struct user sdr = given_user (s, "sdr@handwerk.nl", "--workspace handwerk --role sdr");
	char body[400], path[200], one[UUID_TEXT];
	snprintf (
		body, sizeof body,
		"{\"kind\":\"project\",\"title\":\" Verhuizing \",\"status\":\"bezig\",\"url\":\"https://p.test/1\",\"account_id\":\"%s\"}",
		id_text (acme));
	struct web_answer a = when_user_asks (s, &sdr, "POST", "/api/crm/linked", body);
	then_problem (&a, 404, "account_not_found");
	a = asked (s, w->key, "POST", "/api/crm/linked", "{\"kind\":\"project\",\"title\":\"x\"}");
	then_problem (&a, 422, "invalid");
	a = asked (s, w->key, "POST", "/api/crm/linked", body);
	snprintf (one, sizeof one, "%s", text_at (a.json, "id"));
	then_status (&a, 201);
	snprintf (path, sizeof path, "/api/crm/linked/%s", one);
	a = asked (s, w->key, "PUT", path, "{\"url\":\"ftp://x\"}");
	then_problem (&a, 422, "invalid");
	a = asked (s, w->key, "PUT", path, "{\"status\":\"klaar\",\"assignee\":\"Kim\",\"version\":1}");
	then_status (&a, 200);
	a = asked (s, w->key, "PUT", path, "{\"status\":\"weer\",\"version\":1}");
	then_problem (&a, 409, "linked_changed");
	a = when_user_asks (s, &sdr, "PUT", path, "{\"status\":\"weg\"}");
	then_problem (&a, 404, "linked_not_found");
	a = when_user_asks (s, &sdr, "GET", path, NULL);
	then_problem (&a, 404, "linked_not_found");
	a = asked (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	a = page (s, w, of_account ("linked", acme));
	CHECK (json_array_size (json_at (a.json, "data")) == 0, "it is there: %s", a.body);
	web_free (&a);
	char back[220];
	snprintf (back, sizeof back, "%s/restore", path);
	a = asked (s, w->key, "POST", back, "{}");
	then_status (&a, 200);
	struct uuid id;
	CHECK (uuid_parse (one, &id) == OK, "no id");
	then_said (s, id, "linked.added, linked.changed, linked.removed, linked.restored");
	a = page (s, w, "/api/crm/linked?q=verhuiz");
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && strstr (a.body, "\"Verhuizing\""), "its words find %s", a.body);
	web_free (&a);
	a = page (s, w, "/api/crm/search?q=verhui");
	CHECK (json_array_size (json_at (a.json, "data.linked")) == 1 && !strcmp (text_at (a.json, "data.linked.0.title"), "Verhuizing"),
	       "search finds %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &sdr, "GET", "/api/crm/search?q=verhui", NULL);
	CHECK (json_array_size (json_at (a.json, "data.linked")) == 0, "who may not see the account finds %s", a.body);
	web_free (&a);
	/* whose the account is from now on, sees them */
	snprintf (path, sizeof path, "/api/crm/accounts/%s", id_text (acme));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", sdr.id);
	a = asked (s, w->key, "PUT", path, body);
	then_status (&a, 200);
	a = when_user_asks (s, &sdr, "GET", of_account ("linked", acme), NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "their own account's is %s", a.body);
	web_free (&a);
	/* onboarding: what settings say, once */
	a = asked (
		s, w->key, "PUT", "/api/crm/onboarding",
		"{\"steps\":[{\"kind\":\"ticket\",\"title\":\"Welkom\"},{\"kind\":\"project\",\"title\":\"Onboarding\"},{\"kind\":\"device\",\"title\":\" \"}]}");
	then_problem (&a, 422, "invalid");
	a = asked (s, w->key, "PUT", "/api/crm/onboarding",
		   "{\"steps\":[{\"kind\":\"ticket\",\"title\":\"Welkom\"},{\"kind\":\"project\",\"title\":\"Onboarding\"}]}");
	CHECK (a.status / 100 == 2, "the steps are %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/accounts/%s/onboard", id_text (acme));
	for (int i = 0; i < 2; i++) {
		a = asked (s, w->key, "POST", path, "{}");
		CHECK (a.status == 200 && number_at (a.json, "made") == (i ? 0 : 2), "onboarding is %d: %s", a.status, a.body);
		web_free (&a);
	}
	snprintf (path, sizeof path, "/api/crm/accounts/%s", id_text (acme));
	a = page (s, w, path);
	CHECK (!strcmp (text_at (a.json, "onboarding_status"), "in_progress"), "it is %s", a.body);
	web_free (&a);
	a = page (s, w, of_account ("linked?kind=ticket,project", acme));
	CHECK (json_array_size (json_at (a.json, "data")) == 3, "it has %s", a.body);
	web_free (&a);
}
