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
	made (s, w, "/api/crm/contacts", "{\"name\":\"Nobody's Own\"}");
	lists (s, w, "/api/crm/contacts?account=none", 1);
	snprintf (body, sizeof body, "/api/crm/contacts?account=%s", id_text (acme));
	lists (s, w, body, 0);
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

STORY (contact_account,
       "A contact belongs to an account that somebody names, only one they may see; changed, told, taken away; those of none are listed and counted")
{
	struct workspace *w = given_workspace (s, "contact-account", "dynamics");
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\"}"),
		    bolt = made (s, w, "/api/crm/accounts", "{\"name\":\"Bolt\"}");
	char body[300], path[200];
	snprintf (body, sizeof body, "{\"name\":\"Jane Doe\",\"account_id\":\"%s\"}", id_text (acme));
	struct uuid jane = made (s, w, "/api/crm/contacts", body);
	made (s, w, "/api/crm/contacts", "{\"name\":\"Nobody's Own\"}");
	says (s, w, path_of ("contacts", jane, ""), "account_name", "Acme");
	says (s, w, "/api/crm/contacts?account=none", "data.0.name", "Nobody's Own");
	lists (s, w, "/api/crm/contacts?account=none", 1);
	snprintf (body, sizeof body, "{\"account_id\":\"%s\",\"phone\":\"+31612345678\",\"version\":1}", id_text (bolt));
	struct web_answer a = asked (s, w, "PUT", path_of ("contacts", jane, ""), body);
	CHECK (a.status == 200 && json_integer_value (json_at (a.json, "version")) == 2, "another account is %d: %s", a.status, a.body);
	web_free (&a);
	settle (s);
	says (s, w, path_of ("contacts", jane, ""), "account_name", "Bolt");
	says (s, w, path_of ("contacts", jane, "/timeline"), "data.0.data.changes.1.field", "account_id");
	says (s, w, path_of ("contacts", jane, "/timeline"), "data.0.data.changes.2.old", "Acme");
	says (s, w, path_of ("contacts", jane, "/timeline"), "data.0.data.changes.2.new", "Bolt");
	snprintf (path, sizeof path, "/api/crm/contacts?account=%s", id_text (bolt));
	lists (s, w, path, 1);
	a = asked (s, w, "PUT", path_of ("contacts", jane, ""), body);
	then_problem (&a, 409, "contact_changed");
	/* what is there already says nothing; a lead of theirs leaves it alone */
	snprintf (body, sizeof body, "{\"account_id\":\"%s\",\"email\":\"jane@acme.test\"}", id_text (bolt));
	a = asked (s, w, "PUT", path_of ("contacts", jane, ""), body);
	then_status (&a, 200);
	made (s, w, "/api/crm/leads", "{\"name\":\"Jane Doe\",\"email\":\"jane@acme.test\",\"phone\":\"+31687654321\"}");
	settle (s);
	says (s, w, path_of ("contacts", jane, ""), "account_name", "Bolt");
	snprintf (body, sizeof body, "{\"account_id\":\"%s\"}", id_text (jane));
	a = asked (s, w, "PUT", path_of ("contacts", jane, ""), body);
	then_field (&a, "/account_id", "not_found");
	a = asked (s, w, "PUT", path_of ("contacts", jane, ""), "{\"account_id\":\"Bolt\"}");
	then_status (&a, 422);
	/* who sees their own alone names none of others', and is told no name */
	struct user sdr = given_user (s, "sdr@contact-account.nl", "--workspace contact-account --role sdr");
	snprintf (body, sizeof body, "{\"name\":\"Mine\",\"account_id\":\"%s\"}", id_text (acme));
	a = when_user_asks (s, &sdr, "POST", "/api/crm/contacts", body);
	then_field (&a, "/account_id", "not_found");
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", sdr.id);
	a = asked (s, w, "PUT", path_of ("contacts", jane, ""), body);
	then_status (&a, 200);
	a = when_user_asks (s, &sdr, "GET", path_of ("contacts", jane, ""), NULL);
	CHECK (a.status == 200 && json_is_null (json_at (a.json, "account_name")), "it is told whose it is: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/contacts?count=1&owner_id=%s", sdr.id);
	a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && json_integer_value (json_at (a.json, "total")) == 1, "not those of an owner: %s", a.body);
	web_free (&a);
	a = asked (s, w, "PUT", path_of ("contacts", jane, ""), "{\"account_id\":null}");
	then_status (&a, 200);
	a = asked (s, w, "GET", "/api/crm/contacts?account=none&count=1&limit=1", NULL);
	CHECK (a.status == 200 && json_integer_value (json_at (a.json, "total")) == 2 && json_is_false (json_at (a.json, "more")) &&
		       json_array_size (json_at (a.json, "data")) == 1,
	       "two of none are not counted: %s", a.body);
	web_free (&a);
}

STORY (account_assignments,
       "An account has people by role and a state of being set up, both of the workspace's lists; the deals' table shows, sorts and filters them; who leaves passes them on")
{
	struct workspace *w = given_workspace (s, "assign", "follow-up");
	struct user kae = given_user (s, "kae@assign.nl", "--workspace assign --role manager"),
		    csr = given_user (s, "csr@assign.nl", "--workspace assign --role sales");
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\",\"onboarding_status\":\"not_started\"}"),
		    bolt = made (s, w, "/api/crm/accounts", "{\"name\":\"Bolt\"}");
	char body[400], path[300];
	snprintf (body, sizeof body, "{\"title\":\"A\",\"account_id\":\"%s\"}", id_text (acme));
	made (s, w, "/api/crm/deals", body);
	snprintf (body, sizeof body, "{\"title\":\"B\",\"account_id\":\"%s\"}", id_text (bolt));
	made (s, w, "/api/crm/deals", body);
	made (s, w, "/api/crm/deals", "{\"title\":\"C\"}");
	snprintf (body, sizeof body, "{\"kae\":\"%s\",\"csr\":\"%s\",\"version\":1}", kae.id, csr.id);
	struct web_answer a = asked (s, w, "PUT", path_of ("accounts", acme, "/assignments"), body);
	then_status (&a, 200);
	a = asked (s, w, "PUT", path_of ("accounts", acme, "/assignments"), body);
	then_problem (&a, 409, "account_changed");
	snprintf (body, sizeof body, "{\"trainer\":\"%s\"}", kae.id);
	a = asked (s, w, "PUT", path_of ("accounts", acme, "/assignments"), body);
	then_field (&a, "/trainer", "unknown");
	a = asked (s, w, "PUT", path_of ("accounts", acme, "/assignments"), "{\"kae\":\"somebody\"}");
	then_field (&a, "/kae", "not_an_id");
	snprintf (body, sizeof body, "{\"kae\":\"%s\"}", id_text (acme));
	a = asked (s, w, "PUT", path_of ("accounts", acme, "/assignments"), body);
	then_problem (&a, 422, "not_a_member");
	a = asked (s, w, "PUT", path_of ("accounts", acme, ""), "{\"onboarding_status\":\"nearly\"}");
	then_field (&a, "/onboarding_status", "not_a_choice");
	a = asked (s, w, "PUT", path_of ("accounts", bolt, ""), "{\"onboarding_status\":\"done\",\"lifecycle\":\"client\"}");
	then_status (&a, 200);
	made (s, w, "/api/crm/catalogues", "{\"catalogue\":\"account_role\",\"label\":{\"en\":\"Trainer\",\"nl\":\"Trainer\"}}");
	snprintf (body, sizeof body, "{\"trainer\":\"%s\"}", csr.id);
	a = asked (s, w, "PUT", path_of ("accounts", bolt, "/assignments"), body);
	then_status (&a, 200);
	settle (s);
	says (s, w, path_of ("accounts", acme, ""), "assignments.kae", kae.id);
	says (s, w, path_of ("accounts", acme, ""), "onboarding_status", "not_started");
	says (s, w, path_of ("accounts", acme, "/timeline"), "data.0.data.changes.0.field", "role.csr");
	says (s, w, "/api/crm/deals?sort=onboarding_status", "data.0.title", "A");
	says (s, w, "/api/crm/deals?sort=-type", "data.0.title", "B");
	says (s, w, "/api/crm/deals?sort=kae&fields=title,kae,csr,type,onboarding_status", "data.0.kae", kae.id);
	lists (s, w, "/api/crm/deals?type=prospect", 2);
	lists (s, w, "/api/crm/deals?onboarding_status=done,none", 2);
	lists (s, w, "/api/crm/deals?kae=none", 2);
	snprintf (path, sizeof path, "/api/crm/deals?kae=%s&csr=%s", kae.id, csr.id);
	lists (s, w, path, 1);
	snprintf (path, sizeof path, "/api/crm/deals?role.trainer=%s,none&csr=none", csr.id);
	lists (s, w, path, 2);
	a = when_user_asks (s, &kae, "GET", "/api/crm/deals?kae=me", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1, "what I am KAE of is %s", a.body);
	web_free (&a);
	a = asked (s, w, "GET", "/api/crm/deals?kae=Piet", NULL);
	then_field (&a, "/role.kae", "not_an_id");
	/* the executive is the owner, with what holds for that */
	snprintf (body, sizeof body, "{\"executive\":\"%s\"}", kae.id);
	a = asked (s, w, "PUT", path_of ("accounts", bolt, "/assignments"), body);
	then_problem (&a, 409, "account_is_client");
	a = asked (s, w, "PUT", path_of ("accounts", acme, "/assignments"), body);
	then_status (&a, 200);
	says (s, w, path_of ("accounts", acme, ""), "owner_id", kae.id);
	struct user sdr = given_user (s, "sdr@assign.nl", "--workspace assign --role sdr");
	a = when_user_asks (s, &sdr, "PUT", path_of ("accounts", acme, "/assignments"), "{\"csr\":null}");
	then_problem (&a, 404, "account_not_found");
	struct user boss = given_user (s, "boss@assign.nl", "--workspace assign --role owner");
	snprintf (path, sizeof path, "/api/users/%s/hand-over", kae.id);
	snprintf (body, sizeof body, "{\"to\":\"%s\"}", csr.id);
	a = when_user_asks (s, &boss, "POST", path, body);
	CHECK (a.status < 300, "handing over is %d: %s", a.status, a.body);
	web_free (&a);
	settle (s);
	says (s, w, path_of ("accounts", acme, ""), "assignments.kae", csr.id);
	says (s, w, path_of ("accounts", acme, ""), "owner_id", csr.id);
	snprintf (path, sizeof path, "/api/crm/deals?kae=%s", csr.id);
	lists (s, w, path, 1);
	a = asked (s, w, "PUT", path_of ("accounts", acme, "/assignments"), "{\"kae\":null}");
	then_status (&a, 200);
	settle (s);
	lists (s, w, "/api/crm/deals?kae=none", 3);
}

STORY (ways_to_client,
       "X14, S2-10: a won deal is a client by itself, or when somebody says so, as often as they like; by hand too; from then on its owner stays, its deals' as well, and history says by what")
{
	struct workspace *w = given_workspace (s, "ways", "dynamics");
	struct web_answer a = asked (s, w, "PUT", "/api/workspaces/ways", "{\"convert_on_won\":\"sometimes\"}");
	then_problem (&a, 422, "invalid");
	a = asked (s, w, "PUT", "/api/workspaces/ways", "{\"convert_on_won\":\"button\"}");
	then_status (&a, 200);
	settle (s);
	says (s, w, "/api/workspaces", "data.0.convert_on_won", "button");
	struct uuid deal = made (s, w, "/api/crm/deals", "{\"title\":\"Shelves\",\"company\":\"Acme\"}"),
		    bare = made (s, w, "/api/crm/deals", "{\"title\":\"Nobody's\"}");
	a = asked (s, w, "POST", path_of ("deals", deal, "/convert"), "{}");
	then_problem (&a, 409, "deal_not_won");
	a = asked (s, w, "POST", path_of ("deals", deal, "/stage"), "{\"stage\":\"won\"}");
	then_status (&a, 200);
	a = asked (s, w, "POST", path_of ("deals", bare, "/stage"), "{\"stage\":\"won\"}");
	then_status (&a, 200);
	settle (s);
	lists (s, w, "/api/crm/accounts", 0);
	a = asked (s, w, "POST", path_of ("deals", bare, "/convert"), "{}");
	then_field (&a, "/account_id", "required");
	struct user sdr = given_user (s, "sdr@ways.nl", "--workspace ways --role sdr");
	a = when_user_asks (s, &sdr, "POST", path_of ("deals", deal, "/convert"), "{}");
	then_problem (&a, 404, "deal_not_found");
	for (int turn = 0; turn < 3; turn++) {
		a = asked (s, w, "POST", path_of ("deals", deal, "/convert"), "{}");
		then_status (&a, 200);
		settle (s);
	}
	when_redelivered (s, "deal.conversion_asked", 3);
	settle (s);
	lists (s, w, "/api/crm/accounts", 1);
	says (s, w, "/api/crm/accounts", "data.0.lifecycle", "client");
	says (s, w, path_of ("deals", deal, ""), "type", "client");
	then_number (s, 1, "conversions", "select count(*) from contacts.conversion where workspace_id = '%s'", w->id);
	/* by hand, and by a deal that names it: the line of history says which deal it was, or none */
	struct uuid bolt = made (s, w, "/api/crm/accounts", "{\"name\":\"Bolt\"}"),
		    zebra = made (s, w, "/api/crm/accounts", "{\"name\":\"Zebra\"}");
	a = asked (s, w, "PUT", path_of ("accounts", zebra, ""), "{\"lifecycle\":\"client\"}");
	then_status (&a, 200);
	char body[200];
	snprintf (body, sizeof body, "{\"account_id\":\"%s\"}", id_text (bolt));
	a = asked (s, w, "PUT", path_of ("deals", bare, ""), body);
	then_status (&a, 200);
	a = asked (s, w, "POST", path_of ("deals", bare, "/convert"), "{}");
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "account_id"), id_text (bolt)), "converting is %d: %s", a.status, a.body);
	web_free (&a);
	settle (s);
	says (s, w, path_of ("accounts", zebra, "/timeline"), "data.0.data.changes.0.field", "lifecycle");
	says (s, w, path_of ("accounts", zebra, "/timeline"), "data.0.data.deal_id", "");
	then_text (s, id_text (bare), "the deal that made it a client",
		   "select data ->> 'deal_id' from contacts.timeline where subject_id = '%s' and type = 'account.updated'", id_text (bolt));
	struct user heir = given_user (s, "heir@ways.nl", "--workspace ways --role manager");
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", heir.id);
	a = asked (s, w, "PUT", path_of ("accounts", bolt, ""), body);
	then_problem (&a, 409, "account_is_client");
	a = asked (s, w, "PUT", path_of ("deals", bare, ""), body);
	then_problem (&a, 409, "account_is_client");
	a = asked (s, w, "PUT", path_of ("deals", deal, ""), body);
	then_problem (&a, 409, "account_is_client");
	/* and by itself again */
	a = asked (s, w, "PUT", "/api/workspaces/ways", "{\"convert_on_won\":\"automatic\"}");
	then_status (&a, 200);
	settle (s);
	deal = made (s, w, "/api/crm/deals", "{\"title\":\"Lamps\",\"company\":\"Lumen\"}");
	a = asked (s, w, "POST", path_of ("deals", deal, "/stage"), "{\"stage\":\"won\"}");
	then_status (&a, 200);
	settle (s);
	says (s, w, path_of ("deals", deal, ""), "account_name", "Lumen");
}

static struct uuid card_made (struct stack *s, const struct workspace *w, struct uuid account)
{
	char body[300];
	snprintf (body, sizeof body, "{\"title\":\"Care\",\"pipeline\":\"care\",\"account_id\":\"%s\"}", id_text (account));
	return made (s, w, "/api/crm/deals", body);
}

static void moves (struct stack *s, const struct workspace *w, struct uuid deal, const char *stage, const char *refusal)
{
	char body[100];
	snprintf (body, sizeof body, "{\"stage\":\"%s\"}", stage);
	struct web_answer a = asked (s, w, "POST", path_of ("deals", deal, "/stage"), body);
	if (refusal)
		then_problem (&a, 409, refusal);
	else
		then_status (&a, 200);
}

STORY (relationship_board,
       "X18: in a pipeline of relationships every card is about an account, and an account has one open card at most: made, moved, edited, restored, undone, in bulk and in one batch")
{
	struct workspace *w = given_workspace (s, "relations", "follow-up");
	char body[400], path[200];
	struct web_answer a = asked (s, w, "POST", "/api/crm/pipelines",
				     "{\"label\":{\"en\":\"Care\",\"nl\":\"Zorg\"},\"kind\":\"relationship\"}");
	CHECK (a.status == 201, "a pipeline is %d: %s", a.status, a.body);
	struct uuid care = uuid_at (a.json, "id");
	web_free (&a);
	says (s, w, path_of ("pipelines", care, ""), "kind", "relationship");
	says (s, w, "/api/crm/pipeline?pipeline=care", "data.0.kind", "relationship");
	char *first = sql_text (s, "select id from pipeline.pipeline where workspace_id = '%s' and kind = 'sales'", w->id);
	snprintf (path, sizeof path, "/api/crm/pipelines/%s", first);
	free (first);
	a = asked (s, w, "PUT", path, "{\"kind\":\"relationship\"}");
	then_problem (&a, 409, "pipeline_in_use");
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\"}"),
		    bolt = made (s, w, "/api/crm/accounts", "{\"name\":\"Bolt\"}");
	a = asked (s, w, "POST", "/api/crm/deals", "{\"title\":\"Nobody's\",\"pipeline\":\"care\"}");
	then_field (&a, "/account_id", "required");
	struct uuid card = card_made (s, w, acme), other = card_made (s, w, bolt);
	snprintf (body, sizeof body, "{\"title\":\"Twice\",\"pipeline\":\"care\",\"account_id\":\"%s\"}", id_text (acme));
	a = asked (s, w, "POST", "/api/crm/deals", body);
	CHECK (a.status == 409 && !strcmp (text_at (a.json, "code"), "account_has_card") &&
		       !strncmp (text_at (a.json, "errors.0.detail"), id_text (card), 36),
	       "a second card is %d: %s", a.status, a.body);
	web_free (&a);
	a = asked (s, w, "PUT", path_of ("pipelines", care, ""), "{\"kind\":\"sales\"}");
	then_problem (&a, 409, "pipeline_in_use");
	/* another account, or none */
	snprintf (body, sizeof body, "{\"account_id\":\"%s\"}", id_text (acme));
	a = asked (s, w, "PUT", path_of ("deals", other, ""), body);
	then_problem (&a, 409, "account_has_card");
	a = asked (s, w, "PUT", path_of ("deals", other, ""), "{\"account_id\":null}");
	then_field (&a, "/account_id", "required");
	/* one that is over gives its place up, and gets it back only while it is free */
	moves (s, w, card, "won", NULL);
	struct uuid next = card_made (s, w, acme);
	moves (s, w, card, "new", "account_has_card");
	moves (s, w, next, "lost", NULL);
	moves (s, w, card, "new", NULL);
	moves (s, w, next, "new", "account_has_card");
	/* the trash likewise */
	a = asked (s, w, "DELETE", path_of ("deals", card, ""), NULL);
	then_status (&a, 204);
	moves (s, w, next, "new", NULL);
	a = asked (s, w, "POST", path_of ("deals", card, "/restore"), "{}");
	then_problem (&a, 409, "account_has_card");
	/* in bulk: of two of one account one comes back */
	moves (s, w, next, "won", NULL);
	a = asked (s, w, "POST", path_of ("deals", card, "/restore"), "{}");
	then_status (&a, 200);
	moves (s, w, card, "won", NULL);
	snprintf (body, sizeof body, "{\"action\":\"move\",\"stage\":\"new\",\"ids\":[\"%s\"", id_text (card));
	snprintf (body + strlen (body), sizeof body - strlen (body), ",\"%s\"]}", id_text (next));
	a = asked (s, w, "POST", "/api/crm/deals/bulk", body);
	CHECK (a.status == 200 && number_at (a.json, "done") == 1 && !strcmp (text_at (a.json, "refused.0.code"), "account_has_card"),
	       "two of one account are %d: %s", a.status, a.body);
	web_free (&a);
	then_number (
		s, 1, "open cards of Acme",
		"select count(*) from pipeline.deal_account a join pipeline.deal d on (d.workspace_id, d.id) = (a.workspace_id, a.deal_id) join "
		"pipeline.stage g on (g.workspace_id, g.id) = (d.workspace_id, d.stage_id) where a.account_id = '%s' and g.kind = 'open'",
		id_text (acme));
	/* undone: what was open is so again only where nobody took its place */
	char *holder = sql_text (s, "select deal_id from pipeline.deal_account where account_id = '%s' and card is not null",
				 id_text (acme));
	snprintf (path, sizeof path, "/api/crm/deals/%s/stage", holder);
	free (holder);
	a = asked (s, w, "POST", path, "{\"stage\":\"lost\"}");
	CHECK (a.status == 200, "losing it is %d: %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/batches/%s/undo", text_at (a.json, "batch_id"));
	web_free (&a);
	struct uuid third = card_made (s, w, acme);
	a = asked (s, w, "POST", path, "{}");
	CHECK (a.status == 200 && number_at (a.json, "undone") == 0 && !strcmp (text_at (a.json, "kept.0.why"), "refused"),
	       "undoing is %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (body, sizeof body, "{\"note\":\"Called\",\"stage\":\"new\"}");
	a = asked (s, w, "POST", path_of ("deals", next, "/follow-up"), body);
	then_problem (&a, 409, "account_has_card");
	moves (s, w, third, "won", NULL);
	/* which card stands in the way is told to nobody who may not see it */
	struct user rep = given_user (s, "rep@relations.nl", "--workspace relations --role sdr");
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", rep.id);
	a = asked (s, w, "PUT", path_of ("accounts", bolt, ""), body);
	then_status (&a, 200);
	settle (s);
	snprintf (body, sizeof body, "{\"title\":\"Mine\",\"pipeline\":\"care\",\"account_id\":\"%s\"}", id_text (bolt));
	a = when_user_asks (s, &rep, "POST", "/api/crm/deals", body);
	CHECK (a.status == 409 && !strcmp (text_at (a.json, "code"), "account_has_card") && !strstr (a.body, id_text (other)),
	       "a card that one may not see is told: %d %s", a.status, a.body);
	web_free (&a);
	then_number (s, 1, "open cards", "select count(*) from pipeline.deal_account where workspace_id = '%s' and card is not null",
		     w->id);
	then_no_dead_letters (s);
}

STORY (relationship_boards_two,
       "An account has a card on each of two boards of relationships: in one batch both come back out of the trash, and both open again")
{
	struct workspace *w = given_workspace (s, "relations-two", "follow-up");
	static const char *const board[] = { "care", "growth" };
	struct uuid card[LENGTH (board)], acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\"}");
	char body[300], ids[100];
	for (size_t i = 0; i < LENGTH (board); i++) {
		snprintf (body, sizeof body, "{\"key\":\"%s\",\"label\":{\"en\":\"%s\",\"nl\":\"%s\"},\"kind\":\"relationship\"}", board[i],
			  board[i], board[i]);
		made (s, w, "/api/crm/pipelines", body);
		snprintf (body, sizeof body, "{\"title\":\"Care\",\"pipeline\":\"%s\",\"account_id\":\"%s\"}", board[i], id_text (acme));
		card[i] = made (s, w, "/api/crm/deals", body);
	}
	snprintf (ids, sizeof ids, "\"%s\"", id_text (card[0]));
	snprintf (ids + strlen (ids), sizeof ids - strlen (ids), ",\"%s\"", id_text (card[1]));
	static const char *const action[] = { "\"delete\"", "\"restore\"", "\"move\",\"stage\":\"won\"", "\"move\",\"stage\":\"new\"" };
	for (size_t i = 0; i < LENGTH (action); i++) {
		snprintf (body, sizeof body, "{\"action\":%s,\"ids\":[%s]}", action[i], ids);
		struct web_answer a = asked (s, w, "POST", "/api/crm/deals/bulk", body);
		CHECK (a.status == 200 && number_at (a.json, "done") == 2, "%s of both is %d: %s", action[i], a.status, a.body);
		web_free (&a);
	}
	then_number (s, 2, "open cards", "select count(*) from pipeline.deal_account where workspace_id = '%s' and card is not null",
		     w->id);
	then_no_dead_letters (s);
}
