/* What people may do is decided where the data is, and what is put back is put back among those who are there.
 * It must never look at a table where the API can be asked. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static struct uuid made_by (struct stack *s, struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = web (s, w->key, "POST", path, "%s", body);
	struct uuid ret = uuid_at (a.json, "id");
	CHECK (a.status == 201, "%s %s: %d %s", path, body, a.status, a.body);
	web_free (&a);
	return ret;
}

static void is_of (struct stack *s, struct workspace *w, const char *path, struct uuid id, const char *owner)
{
	char text[200];
	snprintf (text, sizeof text, "%s/%s", path, id_text (id));
	struct web_answer a = web (s, w->key, "GET", text, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "owner_id"), owner), "%s is %d and %s's, not %s's", text, a.status,
	       text_at (a.json, "owner_id"), owner);
	web_free (&a);
}

/* An owner given in bulk, and whose they were put back after the former one has left. */
static void undone_without (struct stack *s, struct workspace *w, const char *path, struct uuid id, const char *body)
{
	char text[200];
	snprintf (text, sizeof text, "%s/bulk", path);
	struct web_answer a = web (s, w->key, "POST", text, "%s", body);
	CHECK (a.status == 200 && number_at (a.json, "done") == 1, "%s: %d %s", body, a.status, a.body);
	snprintf (text, sizeof text, "/api/crm/batches/%s/undo", text_at (a.json, "batch_id"));
	web_free (&a);
	a = web (s, w->key, "POST", text, "{}");
	CHECK (a.status == 200 && number_at (a.json, "undone") == 1 && !strcmp (text_at (a.json, "kept.0.why"), "owner_left"), "%s: %d %s",
	       text, a.status, a.body);
	web_free (&a);
	is_of (s, w, path, id, "");
}

STORY (owners_are_who_is_there,
       "An undo gives nothing to who has left, and says so; a client keeps its owner when it goes into a prospect; a pair is dismissed by who sees both; crmctl says whom it made, and where they do not get in")
{
	struct workspace *w = given_workspace (s, "wie", "dynamics");
	struct user lea = given_user (s, "lea@wie.test", "--workspace wie --role sales"),
		    sam = given_user (s, "sam@wie.test", "--workspace wie --role sales"),
		    sdr = given_user (s, "sdr@wie.test", "--workspace wie --role sdr");
	char body[400], path[200];
	snprintf (body, sizeof body, "{\"name\":\"Kim Klant\",\"email\":\"kim@wie.test\",\"owner_id\":\"%s\"}", lea.id);
	struct uuid kim = made_by (s, w, "/api/crm/contacts", body);
	snprintf (body, sizeof body, "{\"title\":\"Kast\",\"owner_id\":\"%s\"}", lea.id);
	struct uuid deal = made_by (s, w, "/api/crm/deals", body);
	snprintf (body, sizeof body, "{\"name\":\"Wie BV\",\"owner_id\":\"%s\"}", sam.id);
	struct uuid prospect = made_by (s, w, "/api/crm/accounts", body);
	snprintf (body, sizeof body, "{\"name\":\"Wie\",\"lifecycle\":\"client\",\"owner_id\":\"%s\"}", lea.id);
	struct uuid client = made_by (s, w, "/api/crm/accounts", body);
	settle (s);
	/* whoever does not see them */
	snprintf (body, sizeof body, "{\"a_id\":\"%s\",\"b_id\":\"%s\"}", id_text (prospect), id_text (client));
	struct web_answer a = when_user_asks (s, &sdr, "POST", "/api/crm/duplicates/dismiss", body);
	CHECK (a.status == 404, "two that one does not see are dismissed: %d %s", a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "POST", "/api/crm/duplicates/dismiss", "%s", body);
	CHECK (a.status < 300, "two that one sees are not dismissed: %d %s", a.status, a.body);
	web_free (&a);
	/* a client into a prospect */
	snprintf (path, sizeof path, "/api/crm/accounts/%s/merge", id_text (prospect));
	a = web (s, w->key, "POST", path, "{\"loser_id\":\"%s\",\"fields\":{\"owner_id\":\"survivor\"}}", id_text (client));
	then_problem (&a, 409, "account_is_client");
	a = web (s, w->key, "POST", path, "{\"loser_id\":\"%s\"}", id_text (client));
	CHECK (a.status == 200, "a merge is %d: %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/merges/%s/undo", text_at (a.json, "merge_id"));
	web_free (&a);
	is_of (s, w, "/api/crm/accounts", prospect, lea.id);
	a = web (s, w->key, "POST", path, "{}");
	then_status (&a, 200);
	is_of (s, w, "/api/crm/accounts", prospect, sam.id);
	is_of (s, w, "/api/crm/accounts", client, lea.id);
	/* somebody leaves between the action and its undo */
	snprintf (path, sizeof path, "/api/users/%s", lea.id);
	snprintf (body, sizeof body, "{\"ids\":[\"%s\"],\"action\":\"owner\",\"value\":\"%s\"}", id_text (kim), sam.id);
	struct user boss = given_user (s, "boss@wie.test", "--workspace wie --role owner");
	a = when_user_asks (s, &boss, "PUT", path, "{\"disabled\":true}");
	CHECK (a.status == 200, "nobody leaves: %d %s", a.status, a.body);
	web_free (&a);
	undone_without (s, w, "/api/crm/contacts", kim, body);
	snprintf (body, sizeof body, "{\"ids\":[\"%s\"],\"action\":\"reassign\",\"owner_id\":\"%s\"}", id_text (deal), sam.id);
	undone_without (s, w, "/api/crm/deals", deal, body);
	/* crmctl */
	a = when_user_asks (s, &boss, "PUT", "/api/workspaces/wie", "{\"admin_only\":true}");
	CHECK (a.status == 200, "it is not closed: %d %s", a.status, a.body);
	web_free (&a);
	json_t *made = ctl (s, "user add new@wie.test --workspace wie --role sales");
	CHECK (!strcmp (text_at (made, "members.0.workspace"), "wie") && json_is_true (json_at (made, "members.0.admin_only")),
	       "it does not say where: %s", json_dumps (made, 0));
	json_decref (made);
}

/* The first of two names that differ in case alone is taken; the second is refused at its field. */
static void one_name (struct stack *s, struct workspace *w, const char *path, const char *field, const char *first, const char *second)
{
	struct web_answer a = web (s, w->key, "POST", path, "%s", first);
	CHECK (a.status == 201, "%s %s: %d %s", path, first, a.status, a.body);
	web_free (&a);
	a = web (s, w->key, "POST", path, "%s", second);
	CHECK ((a.status == 409 || a.status == 422) && strstr (a.body, field), "%s %s: %d %s", path, second, a.status, a.body);
	web_free (&a);
}

STORY (names_are_one_in_any_case,
       "Names that differ in the case of a letter alone are one name, an accented letter's too: the second is refused, at its field")
{
	struct workspace *w = given_workspace (s, "namen", "nl-offerte-6");
	one_name (s, w, "/api/crm/tags", "/label", "{\"label\":\"Café\"}", "{\"label\":\"CAFÉ\"}");
	one_name (s, w, "/api/crm/accounts", "account_exists", "{\"name\":\"Crème Brûlée BV\"}", "{\"name\":\"CRÈME BRÛLÉE bv\"}");
	one_name (
		s, w, "/api/crm/segments", "/name",
		"{\"name\":\"België\",\"of\":\"contact\",\"conditions\":{\"all\":[{\"field\":\"name\",\"op\":\"contains\",\"value\":\"x\"}]}}",
		"{\"name\":\"BELGIË\",\"of\":\"contact\",\"conditions\":{\"all\":[{\"field\":\"name\",\"op\":\"contains\",\"value\":\"x\"}]}}");
	one_name (s, w, "/api/crm/mail/templates", "/name", "{\"name\":\"Één\",\"subject_nl\":\"Dag\",\"text_nl\":\"Dag\"}",
		  "{\"name\":\"één\",\"subject_nl\":\"Dag\",\"text_nl\":\"Dag\"}");
	then_no_dead_letters (s);
}

STORY (what_stood_before_is_told,
       "After an update pipeline hears of companies and phones from before it kept them: once, as they stand, and nothing of them changed")
{
	struct workspace *w = given_workspace (s, "vroeger", "nl-offerte-6");
	struct uuid account = made_by (s, w, "/api/crm/accounts", "{\"name\":\"Vroeger BV\"}");
	struct web_answer a = when_posted (
		s, w->hook,
		"{\"name\":\"Oud Contact\",\"email\":\"oud@vroeger.test\",\"phone\":\"+31612345678\",\"form_type\":\"Offerte\"}");
	then_status (&a, 202);
	settle (s);
	/* as it was before they were kept, and as the migration leaves it */
	char *phone = sql_text (s, "select phone from pipeline.deal_contact where workspace_id = '%s'", w->id);
	CHECK (*phone, "the deal has no phone");
	sql_do (s,
		"delete from pipeline.account where workspace_id = '%1$s'; update pipeline.deal_contact set phone = null where workspace_id = '%1$s'; "
		"insert into contacts.telling (workspace_id) values ('%1$s')",
		w->id);
	UNTIL (10000, sql_number (s, "select count(*) from contacts.telling where workspace_id = '%s'", w->id) == 0, "it is not all said");
	settle (s);
	then_text (s, "Vroeger BV", "the company", "select name from pipeline.account where workspace_id = '%s'", w->id);
	then_text (s, phone, "the phone", "select phone from pipeline.deal_contact where workspace_id = '%s'", w->id);
	then_said (s, account, "account.created, account.told");
	then_number (s, 1, "versions of the company", "select version from contacts.account where id = '%s'", id_text (account));
	free (phone);
	then_no_dead_letters (s);
}
