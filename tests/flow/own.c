/* Fields that a workspace gave its contacts and companies: made, changed, listed by, exported, in segments; the login that a contact is; what an
 * account's totals and segments leave out. It must never look at the table where the API can be asked. */
#include <string.h>
#include <time.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

static struct uuid made (struct stack *s, const struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status == 201, "%s %s is %d: %s", path, body, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static char *path_of (const char *kind, struct uuid id, const char *tail)
{
	static char path[4][200];
	static int turn;
	char *ret = path[turn++ % 4];
	snprintf (ret, sizeof path[0], "/api/crm/%s/%s%s", kind, id_text (id), tail);
	return ret;
}

static void changed (struct stack *s, const struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = asked (s, w, "PUT", path, body);
	CHECK (a.status == 200, "%s %s is %d: %s", path, body, a.status, a.body);
	web_free (&a);
}

static void answered (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body, int status)
{
	struct web_answer a = asked (s, w, method, path, body);
	then_status (&a, status);
}

static void refused_at (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body,
			const char *pointer)
{
	struct web_answer a = asked (s, w, method, path, body);
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.pointer"), pointer), "%s is %d, not refused at %s: %s", body,
	       a.status, pointer, a.body);
	web_free (&a);
}

/* The names of a list of at most 50. */
static const char *names_of (struct stack *s, const struct workspace *w, const char *path)
{
	static char line[1000];
	struct web_answer a = asked (s, w, "GET", path, NULL);
	size_t i;
	json_t *row;
	*line = 0;
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	json_array_foreach (json_at (a.json, "data"), i, row)
		snprintf (line + strlen (line), sizeof line - strlen (line), "%s%s", i ? ", " : "", text_at (row, "name"));
	web_free (&a);
	return line;
}

static void listed (struct stack *s, const struct workspace *w, const char *path, const char *expected)
{
	const char *names = names_of (s, w, path);
	CHECK (!strcmp (names, expected), "%s lists\n      %s\n  not\n      %s", path, names, expected);
}

static void field_made (struct stack *s, const struct workspace *w, const char *about, const char *kind, const char *key, const char *more)
{
	char body[500];
	snprintf (body, sizeof body, "{\"about\":\"%s\",\"kind\":\"%s\",\"key\":\"%s\",\"label\":{\"en\":\"%s\",\"nl\":\"%s\"}%s}", about,
		  kind, key, key, key, more);
	made (s, w, "/api/crm/fields", body);
}

STORY (account_own_fields,
       "A workspace's own fields of companies: kinds kept, one needed is missed, in history, list, filter and file; archive, trash and a new owner leave them")
{
	struct workspace *w = given_workspace (s, "own1", "dynamics");
	field_made (s, w, "account", "text", "sector", ",\"needed\":true");
	field_made (s, w, "account", "number", "seats", "");
	field_made (s, w, "account", "money", "budget", "");
	field_made (
		s, w, "account", "choice", "tier",
		",\"choices\":[{\"key\":\"gold\",\"label\":{\"en\":\"Gold\",\"nl\":\"Goud\"}},{\"key\":\"iron\",\"label\":{\"en\":\"Iron\",\"nl\":\"IJzer\"}}]");
	field_made (s, w, "contact", "text", "hobby", "");
	settle (s);
	refused_at (s, w, "POST", "/api/crm/accounts", "{\"name\":\"Acme\"}", "/custom/sector");
	refused_at (s, w, "POST", "/api/crm/accounts", "{\"name\":\"Acme\",\"custom\":{\"sector\":\"IT\",\"seats\":\"many\"}}",
		    "/custom/seats");
	refused_at (s, w, "POST", "/api/crm/accounts", "{\"name\":\"Acme\",\"custom\":{\"sector\":\"IT\",\"hobby\":\"chess\"}}",
		    "/custom/hobby");
	struct uuid acme = made (
		s, w, "/api/crm/accounts",
		"{\"name\":\"Acme\",\"custom\":{\"sector\":\"IT\",\"seats\":12,\"budget\":{\"amount\":\"2500.00\",\"currency\":\"EUR\"},\"tier\":\"gold\"}}");
	made (s, w, "/api/crm/accounts", "{\"name\":\"Bolt\",\"custom\":{\"sector\":\"Zorg\",\"seats\":\"3.5\"}}");
	made (s, w, "/api/crm/accounts", "{\"name\":\"Cirkel\",\"custom\":{\"sector\":\"zórg en IT\",\"tier\":\"iron\"}}");
	refused_at (s, w, "PUT", path_of ("accounts", acme, ""), "{\"custom\":{\"sector\":null}}", "/custom/sector");
	changed (s, w, path_of ("accounts", acme, ""), "{\"custom\":{\"seats\":15,\"tier\":null}}");
	changed (s, w, path_of ("accounts", acme, ""), "{\"city\":\"Ede\"}");
	answered (s, w, "POST", path_of ("accounts", acme, "/archive"), "{}", 200);
	answered (s, w, "POST", path_of ("accounts", acme, "/reactivate"), "{}", 200);
	answered (s, w, "DELETE", path_of ("accounts", acme, ""), NULL, 204);
	answered (s, w, "POST", path_of ("accounts", acme, "/restore"), "{}", 200);
	struct web_answer a = asked (s, w, "GET", path_of ("accounts", acme, ""), NULL);
	CHECK (number_at (a.json, "custom.seats") == 15 && !strcmp (text_at (a.json, "custom.sector"), "IT") &&
		       !json_at (a.json, "custom.tier") && !strcmp (text_at (a.json, "custom.budget.amount"), "2500.00"),
	       "it holds %s", a.body);
	web_free (&a);
	settle (s);
	a = asked (s, w, "GET", path_of ("accounts", acme, "/history"), NULL);
	CHECK (strstr (a.body, "custom.seats") && strstr (a.body, "custom.tier"), "its history is %s", a.body);
	web_free (&a);
	listed (s, w, "/api/crm/accounts?sort=name&custom.sector=~zorg", "Bolt, Cirkel");
	listed (s, w, "/api/crm/accounts?sort=name&custom.seats=3..15", "Acme, Bolt");
	listed (s, w, "/api/crm/accounts?sort=name&custom.seats=15.0", "Acme");
	listed (s, w, "/api/crm/accounts?sort=name&custom.tier=iron,none", "Acme, Bolt, Cirkel");
	listed (s, w, "/api/crm/accounts?sort=name&custom.tier=iron&custom.sector=~zorg", "Cirkel");
	a = asked (s, w, "GET", "/api/crm/export/accounts?custom.seats=15", NULL);
	CHECK (a.status == 200 && strstr (a.body, "custom") && strstr (a.body, "seats") && !strstr (a.body, "Bolt"), "the file is %s",
	       a.body);
	web_free (&a);
	made (s, w, "/api/crm/contacts", "{\"name\":\"Piet Zet\",\"custom\":{\"hobby\":\"schaken\"}}");
	made (s, w, "/api/crm/contacts", "{\"name\":\"Kees Dam\",\"custom\":{\"hobby\":\"dammen\"}}");
	listed (s, w, "/api/crm/contacts?custom.hobby=Schaken", "Piet Zet");
	listed (s, w, "/api/crm/contacts?custom.hobby=none", "");
	a = asked (s, w, "GET", "/api/crm/contacts/types?custom.hobby=dammen", NULL);
	CHECK (number_at (a.json, "total") == 1, "the chips count %s", a.body);
	web_free (&a);
	a = asked (s, w, "POST", "/api/crm/contacts/bulk",
		   "{\"filter\":{\"custom.hobby\":\"dammen\"},\"action\":\"type\",\"value\":\"vendor\"}");
	CHECK (a.status == 200 && number_at (a.json, "done") == 1, "the bulk says %s", a.body);
	web_free (&a);
}

/* The one of a preview, asked with these conditions. */
static int64_t size_of (struct stack *s, const struct workspace *w, const char *of, const char *conditions)
{
	char path[1500];
	size_t n = (size_t) snprintf (path, sizeof path, "/api/crm/segments/preview?of=%s&conditions=", of);
	for (const char *c = conditions; *c && n + 4 < sizeof path; c++)
		n += (size_t) snprintf (path + n, sizeof path - n, strchr ("[]{}\", %&+#", *c) ? "%%%02X" : "%c", (unsigned char) *c);
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d: %s", conditions, a.status, a.body);
	int64_t ret = number_at (a.json, "size");
	web_free (&a);
	return ret;
}

STORY (segment_own_fields,
       "Segments by fields of the workspace's own, of people and companies, live; a company that a deal went away from leaves; days are the workspace's")
{
	static const struct {
		const char *conditions;
		int64_t n;
	} sizes[] = {
		{ "{\"all\":[{\"field\":\"custom.seats\",\"op\":\"more\",\"value\":\"5\"}]}", 1 },
		{ "{\"all\":[{\"field\":\"custom.seats\",\"op\":\"is\",\"value\":\"3.50\"}]}", 1 },
		{ "{\"all\":[{\"field\":\"custom.tier\",\"op\":\"is\",\"value\":[\"gold\",\"iron\"]}]}", 2 },
		{ "{\"all\":[{\"field\":\"custom.tier\",\"op\":\"is_not\",\"value\":\"gold\"}]}", 2 },
		{ "{\"all\":[{\"field\":\"custom.tier\",\"op\":\"empty\"}]}", 1 },
		{ "{\"all\":[{\"field\":\"custom.budget\",\"op\":\"more\",\"value\":{\"amount\":\"2000\",\"currency\":\"EUR\"}}]}", 1 },
		{ "{\"all\":[{\"field\":\"custom.budget\",\"op\":\"more\",\"value\":{\"amount\":\"2000\",\"currency\":\"USD\"}}]}", 0 },
		{ "{\"all\":[{\"field\":\"custom.ends\",\"op\":\"before\",\"value\":\"2027-01-01\"}]}", 1 },
		{ "{\"all\":[{\"field\":\"custom.ends\",\"op\":\"after\",\"value\":\"2026-12-31\"}]}", 1 },
		{ "{\"all\":[{\"field\":\"custom.vip\",\"op\":\"is\",\"value\":\"true\"}]}", 1 },
	};
	struct workspace *w = given_workspace (s, "own2", "dynamics");
	static const char *const fields[][2] = { { "number", "seats" }, { "money", "budget" }, { "date", "ends" }, { "boolean", "vip" } };
	for (size_t i = 0; i < LENGTH (fields); i++)
		field_made (s, w, "account", fields[i][0], fields[i][1], "");
	field_made (
		s, w, "account", "choice", "tier",
		",\"choices\":[{\"key\":\"gold\",\"label\":{\"en\":\"Gold\",\"nl\":\"Goud\"}},{\"key\":\"iron\",\"label\":{\"en\":\"Iron\",\"nl\":\"IJzer\"}}]");
	field_made (s, w, "contact", "text", "hobby", "");
	settle (s);
	struct uuid acme = made (s, w, "/api/crm/accounts",
				 "{\"name\":\"Acme\",\"custom\":{\"seats\":12,\"tier\":\"gold\",\"ends\":\"2026-12-31\",\"vip\":true}}");
	struct uuid bolt = made (
		s, w, "/api/crm/accounts",
		"{\"name\":\"Bolt\",\"custom\":{\"seats\":3.5,\"tier\":\"iron\",\"ends\":\"2027-01-01\",\"budget\":{\"amount\":\"2500.00\",\"currency\":\"EUR\"}}}");
	made (s, w, "/api/crm/accounts", "{\"name\":\"Cirkel\"}");
	for (size_t i = 0; i < LENGTH (sizes); i++) {
		int64_t n = size_of (s, w, "account", sizes[i].conditions);
		CHECK (n == sizes[i].n, "%s fits %lld, not %lld", sizes[i].conditions, (long long) n, (long long) sizes[i].n);
	}
	char big[200], with[200], chess[200], path[200];
	struct uuid id = made (
		s, w, "/api/crm/segments",
		"{\"name\":\"Groot\",\"of\":\"account\",\"conditions\":{\"all\":[{\"field\":\"custom.seats\",\"op\":\"more\",\"value\":\"5\"}]}}");
	snprintf (big, sizeof big, "/api/crm/accounts?sort=name&segment=%s", id_text (id));
	id = made (
		s, w, "/api/crm/segments",
		"{\"name\":\"Met deals\",\"of\":\"account\",\"conditions\":{\"all\":[{\"field\":\"deals_open\",\"op\":\"more\",\"value\":\"0\"}]}}");
	snprintf (with, sizeof with, "/api/crm/accounts?sort=name&segment=%s", id_text (id));
	id = made (
		s, w, "/api/crm/segments",
		"{\"name\":\"Schakers\",\"of\":\"contact\",\"conditions\":{\"all\":[{\"field\":\"custom.hobby\",\"op\":\"is\",\"value\":[\"schaken\",\"go\"]}]}}");
	snprintf (chess, sizeof chess, "/api/crm/contacts?segment=%s", id_text (id));
	settle (s);
	listed (s, w, big, "Acme");
	changed (s, w, path_of ("accounts", bolt, ""), "{\"custom\":{\"seats\":6}}");
	changed (s, w, path_of ("accounts", acme, ""), "{\"custom\":{\"seats\":null}}");
	struct uuid piet = made (s, w, "/api/crm/contacts", "{\"name\":\"Piet Zet\",\"custom\":{\"hobby\":\"Schaken\"}}");
	char body[300];
	snprintf (body, sizeof body, "{\"title\":\"Werk\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid deal = made (s, w, "/api/crm/deals", body);
	UNTIL (10000, !strcmp (names_of (s, w, big), "Bolt"), "the segment lists %s", names_of (s, w, big));
	UNTIL (10000, !strcmp (names_of (s, w, chess), "Piet Zet"), "the segment lists %s", names_of (s, w, chess));
	UNTIL (10000, !strcmp (names_of (s, w, with), "Acme"), "the segment lists %s", names_of (s, w, with));
	changed (s, w, path_of ("contacts", piet, ""), "{\"custom\":{\"hobby\":\"dammen\"}}");
	snprintf (body, sizeof body, "{\"account_id\":\"%s\"}", id_text (bolt));
	changed (s, w, path_of ("deals", deal, ""), body);
	UNTIL (10000, !*names_of (s, w, chess), "the segment lists %s", names_of (s, w, chess));
	UNTIL (10000, !strcmp (names_of (s, w, with), "Bolt"), "the segment lists %s", names_of (s, w, with));
	/* a day begins where the workspace is */
	static const char *const zones[] = { "Pacific/Kiritimati", "Pacific/Pago_Pago" };
	int64_t n[2];
	for (size_t i = 0; i < 2; i++) {
		char ask[300];
		snprintf (body, sizeof body, "{\"timezone\":\"%s\"}", zones[i]);
		snprintf (path, sizeof path, "/api/workspaces/%s/preset", w->id);
		changed (s, w, path, body);
		settle (s);
		then_text (s, zones[i], "the workspace's zone", "select timezone from contacts.workspace where workspace_id = '%s'", w->id);
		/* known before the day that begins now on the far side of the line */
		time_t now = time (NULL) + 14 * 3600;
		struct tm tm;
		gmtime_r (&now, &tm);
		snprintf (ask, sizeof ask, "{\"all\":[{\"field\":\"created_at\",\"op\":\"before\",\"value\":\"%04d-%02d-%02d\"}]}",
			  tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
		n[i] = size_of (s, w, "account", ask);
	}
	CHECK (n[0] == 0 && n[1] == 3, "before today is %lld on one side of the date line and %lld on the other", (long long) n[0],
	       (long long) n[1]);
}

STORY (contact_login,
       "C12: a contractor or vendor whose e-mail is a vendor's login is told of it, linked by hand alone, and only to a member")
{
	struct workspace *w = given_workspace (s, "own3", "classic-6");
	struct user vendor = given_user (s, "bob@leverancier.test", "--workspace own3 --role vendor"),
		    seller = given_user (s, "sam@own3.test", "--workspace own3 --role sales"),
		    other = given_user (s, "else@where.test", "");
	char body[300], path[300];
	settle (s);
	struct uuid bob = made (
		s, w, "/api/crm/contacts",
		"{\"name\":\"Bob Bouw\",\"type\":\"vendor\",\"email\":\"kantoor@leverancier.test\",\"emails\":[{\"value\":\"BOB@leverancier.test\"}]}");
	struct uuid sam = made (s, w, "/api/crm/contacts", "{\"name\":\"Sam Zelf\",\"type\":\"contractor\",\"email\":\"sam@own3.test\"}");
	snprintf (path, sizeof path, "%s", path_of ("contacts", bob, ""));
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "user_suggested.id"), vendor.id) && json_is_null (json_at (a.json, "user_id")), "the vendor is %s",
	       a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/contacts?type=vendor", NULL);
	CHECK (!strcmp (text_at (a.json, "data.0.user_suggested.id"), vendor.id), "the list says %s", a.body);
	web_free (&a);
	a = asked (s, w, "GET", path_of ("contacts", sam, ""), NULL);
	CHECK (json_is_null (json_at (a.json, "user_suggested")), "a colleague who is no vendor is suggested: %s", a.body);
	web_free (&a);
	changed (s, w, path, "{\"type\":\"customer\"}");
	a = asked (s, w, "GET", path, NULL);
	CHECK (json_is_null (json_at (a.json, "user_suggested")), "a customer is told of a login: %s", a.body);
	web_free (&a);
	changed (s, w, path, "{\"type\":\"vendor\"}");
	snprintf (body, sizeof body, "{\"user_id\":\"%s\"}", other.id);
	refused_at (s, w, "PUT", path, body, "/user_id");
	snprintf (body, sizeof body, "{\"name\":\"Vreemd\",\"user_id\":\"%s\"}", other.id);
	refused_at (s, w, "POST", "/api/crm/contacts", body, "/user_id");
	snprintf (body, sizeof body, "{\"user_id\":\"%s\"}", vendor.id);
	changed (s, w, path, body);
	a = asked (s, w, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "user_id"), vendor.id) && json_is_null (json_at (a.json, "user_suggested")), "linked it is %s",
	       a.body);
	web_free (&a);
	snprintf (body, sizeof body, "{\"user_id\":\"%s\"}", seller.id);
	changed (s, w, path_of ("contacts", sam, ""), body);
	changed (s, w, path, "{\"user_id\":null}");
	a = asked (s, w, "GET", path, NULL);
	CHECK (!strcmp (text_at (a.json, "user_suggested.id"), vendor.id), "free again it is %s", a.body);
	web_free (&a);
}

STORY (totals_stand,
       "What an order's status calls off counts for no lifetime value and no total, in either language, and counts again when it stands")
{
	static const struct {
		const char *status;
		bool stands;
	} orders[] = { { "paid", true }, { " Cancelled ", false }, { "GEANNULEERD", false }, { "refunded", false }, { "open", true } };
	struct workspace *w = given_workspace (s, "own4", "commerce");
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\"}"), order = { 0 };
	char body[400];
	for (size_t i = 0; i < LENGTH (orders); i++) {
		snprintf (
			body, sizeof body,
			"{\"kind\":\"order\",\"title\":\"Order %zu\",\"status\":\"%s\",\"amount\":{\"amount\":\"10.00\",\"currency\":\"EUR\"},\"account_id\":\"%s\"}",
			i, orders[i].status, id_text (acme));
		struct uuid id = made (s, w, "/api/crm/linked", body);
		if (!orders[i].stands)
			order = id;
	}
	struct web_answer a = asked (s, w, "GET", path_of ("accounts", acme, "/overview"), NULL);
	CHECK (!strcmp (text_at (a.json, "lifetime.0.amount"), "20.00") && json_array_size (json_at (a.json, "lifetime")) == 1,
	       "the lifetime is %s", a.body);
	web_free (&a);
	snprintf (body, sizeof body, "/api/crm/linked?account_id=%s", id_text (acme));
	a = asked (s, w, "GET", body, NULL);
	CHECK (number_at (a.json, "groups.0.count") == 5 && !strcmp (text_at (a.json, "groups.0.total.0.amount"), "20.00"),
	       "the groups are %s", a.body);
	web_free (&a);
	changed (s, w, path_of ("linked", order, ""), "{\"status\":\"paid\"}");
	a = asked (s, w, "GET", path_of ("accounts", acme, "/overview"), NULL);
	CHECK (!strcmp (text_at (a.json, "lifetime.0.amount"), "30.00"), "the lifetime is %s", a.body);
	web_free (&a);
}

STORY (person_alone,
       "Whom nobody chose and who is alone at a company may be thrown away; who was chosen, or falls first among others, may not; what hangs on them is counted whole")
{
	struct workspace *w = given_workspace (s, "own5", "follow-up");
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\"}");
	char body[300], jane[200], chosen[300];
	snprintf (body, sizeof body, "{\"name\":\"Jane Smith\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid first = made (s, w, "/api/crm/contacts", body);
	snprintf (jane, sizeof jane, "%s", path_of ("contacts", first, ""));
	snprintf (body, sizeof body, "{\"kind\":\"ticket\",\"title\":\"Kapot\",\"contact_id\":\"%s\"}", id_text (first));
	made (s, w, "/api/crm/linked", body);
	struct web_answer a = asked (s, w, "GET", path_of ("contacts", first, "/consequences"), NULL);
	CHECK (json_is_null (json_at (a.json, "primary_of")) && number_at (a.json, "linked") == 1 && number_at (a.json, "files") == 0,
	       "what hangs on somebody alone is %s", a.body);
	web_free (&a);
	snprintf (chosen, sizeof chosen, "{\"primary_contact_id\":\"%s\"}", id_text (first));
	changed (s, w, path_of ("accounts", acme, ""), chosen);
	a = asked (s, w, "DELETE", jane, NULL);
	then_problem (&a, 409, "contact_is_primary");
	changed (s, w, path_of ("accounts", acme, ""), "{\"primary_contact_id\":null}");
	answered (s, w, "DELETE", jane, NULL, 204);
	answered (s, w, "POST", path_of ("contacts", first, "/restore"), "{}", 200);
	snprintf (body, sizeof body, "{\"name\":\"Omar Haddad\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid second = made (s, w, "/api/crm/contacts", body);
	a = asked (s, w, "DELETE", jane, NULL);
	then_problem (&a, 409, "contact_is_primary");
	a = asked (s, w, "GET", path_of ("contacts", first, "/consequences"), NULL);
	CHECK (!strcmp (text_at (a.json, "primary_of.name"), "Acme"), "who falls first among others is %s", a.body);
	web_free (&a);
	answered (s, w, "DELETE", path_of ("contacts", second, ""), NULL, 204);
	answered (s, w, "DELETE", jane, NULL, 204);
}

STORY (merge_seen, "Two are merged as they were seen: where either changed since, nothing is done and it is said")
{
	struct workspace *w = given_workspace (s, "own6", "follow-up");
	static const char *const kinds[][2] = { { "contacts", "contact_changed" }, { "accounts", "account_changed" } };
	char body[300], path[200];
	for (size_t i = 0; i < LENGTH (kinds); i++) {
		snprintf (path, sizeof path, "/api/crm/%s", kinds[i][0]);
		struct uuid a = made (s, w, path, "{\"name\":\"Acme Een\"}"), b = made (s, w, path, "{\"name\":\"Acme Twee\"}");
		changed (s, w, path_of (kinds[i][0], b, ""), "{\"notes\":\"later\"}");
		snprintf (body, sizeof body, "{\"loser_id\":\"%s\",\"version\":1,\"loser_version\":1}", id_text (b));
		struct web_answer told = asked (s, w, "POST", path_of (kinds[i][0], a, "/merge"), body);
		then_problem (&told, 409, kinds[i][1]);
		snprintf (body, sizeof body, "{\"loser_id\":\"%s\",\"version\":1,\"loser_version\":2}", id_text (b));
		answered (s, w, "POST", path_of (kinds[i][0], a, "/merge"), body, 200);
	}
}

STORY (s1_11_customer_360,
       "S1-11: a customer's page has its people, projects, devices, assets, tickets and invoices together, pushed or by hand, live; a person's has what is theirs alone")
{
	static const char *const kinds[] = { "project", "device", "asset", "ticket", "invoice" };
	struct workspace *w = given_workspace (s, "own7", "classic-6");
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme Ltd\"}");
	char body[400], hook[200], path[200];
	snprintf (body, sizeof body, "{\"first_name\":\"Jane\",\"last_name\":\"Smith\",\"email\":\"jane@own7.test\",\"account_id\":\"%s\"}",
		  id_text (acme));
	struct uuid jane = made (s, w, "/api/crm/contacts", body);
	given_source (s, "own7", "--kind records --form-type rmm", hook);
	for (size_t i = 0; i < LENGTH (kinds); i++) {
		struct web_answer told = when_posted (
			s, hook, "{\"kind\":\"%s\",\"external_id\":\"X%zu\",\"account\":\"acme LTD\",\"title\":\"Of Acme\"}", kinds[i], i);
		then_status (&told, 202);
	}
	struct web_answer a = when_posted (
		s, hook, "{\"kind\":\"ticket\",\"external_id\":\"J1\",\"email\":\"jane@own7.test\",\"title\":\"Of Jane\"}");
	then_status (&a, 202);
	settle (s);
	a = asked (s, w, "GET", path_of ("accounts", acme, "/overview"), NULL);
	size_t i, found = 0;
	json_t *group;
	json_array_foreach (json_at (a.json, "groups"), i, group)
	{
		const char *kind = text_at (group, "kind");
		int64_t count = number_at (group, "count");
		if (strcmp (kind, "contact") == 0)
			found += count == 1;
		for (size_t k = 0; k < LENGTH (kinds); k++)
			if (strcmp (kind, kinds[k]) == 0)
				found += count == (strcmp (kind, "ticket") ? 1 : 2);
	}
	CHECK (found == LENGTH (kinds) + 1, "the customer's page has %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/linked?contact_id=%s", id_text (jane));
	a = asked (s, w, "GET", path, NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && !strcmp (text_at (a.json, "data.0.title"), "Of Jane"),
	       "the person's has %s", a.body);
	web_free (&a);
}
