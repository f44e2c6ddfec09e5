/* Companies where deals are worked: the account that a deal is about, who looks after it, its card on a board of its own, and how it becomes a client.
 * It must never look at the table where the API can be asked. */
#include <string.h>
#include "story.h"

static struct web_answer asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body)
{
	return web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
}

static struct uuid made (struct stack *s, const struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = asked (s, w, "POST", path, body);
	CHECK (a.status == 201, "%s is %d: %s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static const char *path_of (const char *kind, struct uuid id, const char *tail)
{
	static char path[4][200];
	static int at;
	char *ret = path[at++ % 4];
	snprintf (ret, sizeof path[0], "/api/crm/%s/%s%s", kind, id_text (id), tail);
	return ret;
}

/* A member of what is answered. */
static void says (struct stack *s, const struct workspace *w, const char *path, const char *member, const char *expected)
{
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, member), expected), "%s of %s is not %s: %s", member, path, expected, a.body);
	web_free (&a);
}

static void lists (struct stack *s, const struct workspace *w, const char *path, size_t rows)
{
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == rows, "%s does not list %zu: %s", path, rows, a.body);
	web_free (&a);
}

/* 422, at that field. */
static void then_field (struct web_answer *a, const char *pointer, const char *code)
{
	CHECK (a->status == 422 && !strcmp (text_at (a->json, "errors.0.pointer"), pointer) &&
		       !strcmp (text_at (a->json, "errors.0.code"), code),
	       "%s is not %s: %d %s", pointer, code, a->status, a->body);
	web_free (a);
}

STORY (deal_account,
       "X05: a deal is about an account that somebody names, only one they may see; changed, told, taken back; won, that one is the client")
{
	struct workspace *w = given_workspace (s, "deal-account", "dynamics");
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\"}"),
		    bolt = made (s, w, "/api/crm/accounts", "{\"name\":\"Bolt\"}");
	char body[300];
	snprintf (body, sizeof body, "{\"title\":\"Shelves\",\"company\":\"As typed\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid deal = made (s, w, "/api/crm/deals", body);
	says (s, w, path_of ("deals", deal, ""), "account_name", "Acme");
	lists (s, w, "/api/crm/deals?account=none", 0);
	snprintf (body, sizeof body, "/api/crm/deals?account=%s&fields=account_name", id_text (acme));
	says (s, w, body, "data.0.account_name", "Acme");
	snprintf (body, sizeof body, "{\"account_id\":\"%s\",\"version\":1}", id_text (bolt));
	struct web_answer a = asked (s, w, "PUT", path_of ("deals", deal, ""), body);
	CHECK (a.status == 200, "another account is %d: %s", a.status, a.body);
	char undo[200];
	snprintf (undo, sizeof undo, "/api/crm/batches/%s/undo", text_at (a.json, "batch_id"));
	web_free (&a);
	says (s, w, path_of ("deals", deal, ""), "account_name", "Bolt");
	says (s, w, path_of ("deals", deal, "/history"), "data.0.changes.0.field", "account_id");
	a = asked (s, w, "POST", undo, "{}");
	then_status (&a, 200);
	says (s, w, path_of ("deals", deal, ""), "account_name", "Acme");
	snprintf (body, sizeof body, "{\"account_id\":\"%s\"}", id_text (deal));
	a = asked (s, w, "PUT", path_of ("deals", deal, ""), body);
	then_field (&a, "/account_id", "not_found");
	snprintf (body, sizeof body, "{\"title\":\"Not mine\",\"account_id\":\"%s\"}", id_text (acme));
	struct user sdr = given_user (s, "sdr@deal-account.nl", "--workspace deal-account --role sdr");
	a = when_user_asks (s, &sdr, "POST", "/api/crm/deals", body);
	then_field (&a, "/account_id", "not_found");
	a = asked (s, w, "PUT", path_of ("accounts", acme, ""), "{\"name\":\"Acme Group\"}");
	then_status (&a, 200);
	settle (s);
	says (s, w, path_of ("deals", deal, ""), "account_name", "Acme Group");
	a = asked (s, w, "POST", path_of ("deals", deal, "/stage"), "{\"stage\":\"won\"}");
	then_status (&a, 200);
	settle (s);
	says (s, w, path_of ("accounts", acme, ""), "lifecycle", "client");
	lists (s, w, "/api/crm/accounts", 2);
	a = asked (s, w, "PUT", path_of ("deals", deal, ""), "{\"account_id\":null}");
	then_status (&a, 200);
	lists (s, w, "/api/crm/deals?account=none", 1);
	struct user sales = given_user (s, "sales@deal-account.nl", "--workspace deal-account --role manager");
	snprintf (body, sizeof body, "{\"title\":\"Again\",\"account_id\":\"%s\"}", id_text (acme));
	deal = made (s, w, "/api/crm/deals", body);
	says (s, w, path_of ("deals", deal, ""), "type", "client");
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", sales.id);
	a = asked (s, w, "PUT", path_of ("deals", deal, ""), body);
	then_problem (&a, 409, "account_is_client");
}
