/* Two become one, and two again: all that hung on the one hangs on the other, and goes back to the last row.
 * It must never look at the table where the API can be asked; that both are as they were is asked of all tables. */
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
	CHECK (a.status == 201, "%s is %d: %s", path, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static const char *path_of (const char *kind, struct uuid id, const char *tail)
{
	static char path[4][600];
	static int at;
	char *ret = path[at++ % 4];
	snprintf (ret, sizeof path[0], "/api/crm/%s/%s%s", kind, id_text (id), tail);
	return ret;
}

static void says (struct stack *s, const struct workspace *w, const char *path, const char *member, const char *expected)
{
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, member), expected), "%s of %s is not %s: %s", member, path, expected, a.body);
	web_free (&a);
}

static void counts (struct stack *s, const struct workspace *w, const char *path, size_t rows)
{
	struct web_answer a = asked (s, w, "GET", path, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == rows, "%s does not list %zu but %zu: %.300s", path, rows,
	       json_array_size (json_at (a.json, "data")), a.body);
	web_free (&a);
}

/* All that the workspace holds, but for what a merge adds to history, and versions, which only grow. */
static char *content_of (struct stack *s, const struct workspace *w)
{
	return sql_text (
		s,
		"select md5(string_agg(x.row, '|' order by x.row)) || ' of ' || count(*) from ("
		" select (to_jsonb(t) - 'version')::text as row, workspace_id from contacts.contact t"
		" union all select (to_jsonb(t) - 'version')::text, workspace_id from contacts.account t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.contact_reach t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.lead t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.activity t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.tagged t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.conversion t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.location t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.attachment t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.deal_fact t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.room t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.room_reader t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.message t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.notice t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.merge_part t"
		" union all select to_jsonb(t)::text, workspace_id from contacts.timeline t"
		"  where type not in ('contact.updated', 'account.updated', 'contact.merged', 'contact.unmerged', 'account.merged', 'account.unmerged')"
		" union all select to_jsonb(t)::text, workspace_id from pipeline.deal_contact t"
		" union all select to_jsonb(t)::text, workspace_id from pipeline.deal_account t"
		" union all select to_jsonb(t)::text, workspace_id from pipeline.account t"
		" union all select to_jsonb(t)::text, workspace_id from pipeline.merge_move t"
		" union all select (to_jsonb(t) - 'payload')::text, workspace_id from lead_intake.lead t"
		" union all select (to_jsonb(t) - array['facts', 'active_at'])::text, workspace_id from automation.known t" /* these two only grow */
		") x where x.workspace_id = '%s'",
		w->id);
}

/* `n` notes about it, as the page would have written them. */
static void given_notes (struct stack *s, const struct workspace *w, const char *about, struct uuid record, int n)
{
	sql_do (s,
		"insert into contacts.activity (workspace_id, id, record_id, kind, about, priority, created_at, done_at, note)"
		" select '%s', gen_random_uuid(), '%s', 'note', '%s', 'medium', now() - i * interval '1 minute', now(), 'note ' || i"
		" from generate_series(1, %d) i",
		w->id, id_text (record), about, n);
}

static struct uuid contact_of (struct stack *s, const struct workspace *w, const char *email)
{
	char *text = sql_text (s, "select id from contacts.contact where workspace_id = '%s' and email = '%s'", w->id, email);
	struct uuid ret = { 0 };
	CHECK (uuid_parse (text, &ret) == OK, "no contact has %s", email);
	free (text);
	return ret;
}

/* Three leads, and with each a deal. */
static struct uuid given_person (struct stack *s, const struct workspace *w, const char *name, const char *email)
{
	for (int i = 0; i < 3; i++) {
		struct web_answer a = when_posted (
			s, w->hook, "{\"name\":\"%s\",\"email\":\"%s\",\"phone\":\"+3161234567%d\",\"form_type\":\"Ask %d\"}", name, email,
			i, i);
		CHECK (a.status < 300, "the hook is %d: %s", a.status, a.body);
		web_free (&a);
	}
	settle (s);
	return contact_of (s, w, email);
}

static struct uuid when_merged (struct stack *s, const struct workspace *w, const char *kind, struct uuid survivor, struct uuid loser,
				const char *fields)
{
	char body[400];
	snprintf (body, sizeof body, "{\"loser_id\":\"%s\",\"fields\":%s}", id_text (loser), fields);
	struct web_answer a = asked (s, w, "POST", path_of (kind, survivor, "/merge"), body);
	CHECK (a.status == 200, "merging is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "merge_id");
	web_free (&a);
	settle (s);
	return ret;
}

static struct web_answer when_parted (struct stack *s, const struct workspace *w, struct uuid merge)
{
	struct web_answer a = asked (s, w, "POST", path_of ("merges", merge, "/undo"), "{}");
	CHECK (a.status == 200, "taking it back is %d: %s", a.status, a.body);
	settle (s);
	return a;
}

STORY (merge_goes_back,
       "N5: two people with 500 activities and 3 deals each become one, told twice, and are parted, told twice: every row is as it was")
{
	struct workspace *w = given_workspace (s, "merge-back", "nl-offerte-6");
	struct uuid jan = given_person (s, w, "Jan Jansen", "jan@merge.nl"), johan = given_person (s, w, "Johan Jansen", "johan@merge.nl");
	struct uuid deal = { 0 };
	char body[400], *before, *after;
	given_notes (s, w, "contact", jan, 500);
	given_notes (s, w, "contact", johan, 500);
	struct uuid both = made (s, w, "/api/crm/tags", "{\"label\":\"Both\"}"), one = made (s, w, "/api/crm/tags", "{\"label\":\"One\"}");
	snprintf (body, sizeof body, "{\"tags\":[\"%s\"]}", id_text (both));
	struct web_answer a = asked (s, w, "PUT", path_of ("contacts", jan, "/tags"), body);
	then_status (&a, 200);
	snprintf (body, sizeof body, "{\"tags\":[\"%s\",\"%s\"]}", id_text (both), id_text (one));
	a = asked (s, w, "PUT", path_of ("contacts", johan, "/tags"), body);
	then_status (&a, 200);
	struct user anna = given_user (s, "anna@merge.nl", "--workspace merge-back --role manager");
	for (int i = 0; i < 4; i++) {
		snprintf (body, sizeof body, "{\"contact_id\":\"%s\",\"text\":\"said %d\"}", id_text (i % 2 ? jan : johan), i);
		a = i < 2 ? asked (s, w, "POST", "/api/crm/messages", body) : when_user_asks (s, &anna, "POST", "/api/crm/messages", body);
		then_status (&a, 201);
	}
	sql_do (s, "update contacts.contact set job_title = 'Buyer' where id = '%s'", id_text (johan));
	sql_do (s, "insert into contacts.contact_reach values ('%s', '%s', 'email', 'j.jansen@work.nl', 'work')", w->id, id_text (johan));
	snprintf (body, sizeof body, "{\"title\":\"By hand\",\"contact_id\":\"%s\"}", id_text (johan));
	deal = made (s, w, "/api/crm/deals", body);
	settle (s);
	before = content_of (s, w);
	snprintf (body, sizeof body, "/merge?loser=%s", id_text (johan));
	a = asked (s, w, "GET", path_of ("contacts", jan, body), NULL);
	CHECK (a.status == 200 && number_at (a.json, "moves.activities") == 500 && number_at (a.json, "moves.deals") == 4,
	       "the plan is %d: %.600s", a.status, a.body);
	web_free (&a);

	struct uuid merge = when_merged (s, w, "contacts", jan, johan, "{\"name\":\"loser\"}");
	says (s, w, path_of ("contacts", johan, ""), "id", id_text (jan));
	says (s, w, path_of ("contacts", jan, ""), "name", "Johan Jansen");
	says (s, w, path_of ("contacts", jan, ""), "job_title", "Buyer");
	says (s, w, path_of ("contacts", jan, ""), "email", "jan@merge.nl");
	counts (s, w, path_of ("contacts", jan, "/tags"), 2);
	snprintf (body, sizeof body, "/api/crm/messages?contact_id=%s", id_text (jan));
	counts (s, w, body, 4);
	says (s, w, path_of ("deals", deal, ""), "contact_id", id_text (jan));
	says (s, w, path_of ("contacts", jan, "/timeline"), "data.0.type", "contact.merged");
	then_number (s, 7, "deals of the survivor", "select count(*) from pipeline.deal_contact where contact_id = '%s'", id_text (jan));
	then_number (s, 6, "leads of the survivor", "select count(*) from lead_intake.lead where contact_id = '%s'", id_text (jan));
	then_number (s, 1000, "activities of the survivor", "select count(*) from contacts.activity where record_id = '%s'", id_text (jan));
	char *joined = content_of (s, w);
	when_redelivered (s, "contact.merged", 2);
	after = content_of (s, w);
	CHECK (!strcmp (joined, after), "told twice it is another: %s, then %s", joined, after);
	free (after);
	CHECK (uuid_equal (when_merged (s, w, "contacts", jan, johan, "{}"), merge), "a merge given again is another one");

	daemon_kill (s, "pipeline", 0, 9); /* whoever comes back hears of it */
	a = when_parted (s, w, merge);
	CHECK (json_array_size (json_at (a.json, "kept.fields")) == 0, "something stayed: %s", a.body);
	web_free (&a);
	when_redelivered (s, "contact.unmerged", 2);
	after = content_of (s, w);
	CHECK (!strcmp (before, after), "they are not as they were: %s, then %s", before, after);
	says (s, w, path_of ("contacts", johan, ""), "id", id_text (johan));
	a = when_parted (s, w, merge); /* given again: done */
	web_free (&a);
	then_no_dead_letters (s);
	free (before);
	free (after);
	free (joined);
}

STORY (merge_keeps_later,
       "N5: what somebody changed or added after a merge stays with the survivor and is listed; the loser is as it was; one that stands upon another is parted first")
{
	struct workspace *w = given_workspace (s, "merge-later", "classic-6");
	char body[300];
	struct uuid ada = made (s, w, "/api/crm/contacts", "{\"name\":\"Ada\",\"email\":\"ada@later.nl\",\"phone\":\"0611111111\"}"),
		    ida = made (s, w, "/api/crm/contacts", "{\"name\":\"Ida\",\"email\":\"ida@later.nl\",\"company\":\"Later\"}"),
		    eva = made (s, w, "/api/crm/contacts", "{\"name\":\"Eva\",\"email\":\"eva@later.nl\"}");
	struct uuid merge = when_merged (s, w, "contacts", ada, ida, "{\"email\":\"loser\"}");
	says (s, w, path_of ("contacts", ada, ""), "emails.0.value", "ada@later.nl");
	/* a lead of either e-mail is theirs */
	struct uuid lead = given_deal_of (s, w, "Ada", "ada@later.nl", "Again");
	says (s, w, path_of ("leads", lead, ""), "contact_id", id_text (ada));
	struct web_answer a = asked (s, w, "PUT", path_of ("contacts", ada, ""), "{\"company\":\"Elsewhere\"}");
	then_status (&a, 200);
	snprintf (body, sizeof body, "{\"kind\":\"note\",\"note\":\"since\",\"contact_id\":\"%s\"}", id_text (ada));
	made (s, w, "/api/crm/activities", body);
	snprintf (body, sizeof body, "{\"loser_id\":\"%s\"}", id_text (ida));
	a = asked (s, w, "POST", path_of ("contacts", eva, "/merge"), body);
	then_problem (&a, 409, "merge_done");
	snprintf (body, sizeof body, "{\"loser_id\":\"%s\"}", id_text (eva));
	a = asked (s, w, "POST", path_of ("contacts", eva, "/merge"), body);
	then_problem (&a, 422, "merge_self");
	snprintf (body, sizeof body, "{\"loser_id\":\"%s\",\"fields\":{\"shoe\":\"loser\"}}", id_text (eva));
	a = asked (s, w, "POST", path_of ("contacts", ada, "/merge"), body);
	then_status (&a, 422);
	/* a chain: from the end */
	struct uuid second = when_merged (s, w, "contacts", eva, ada, "{}");
	says (s, w, path_of ("contacts", ida, ""), "id", id_text (eva));
	says (s, w, path_of ("leads", lead, ""), "contact_id", id_text (eva));
	a = asked (s, w, "POST", path_of ("merges", merge, "/undo"), "{}");
	then_problem (&a, 409, "merge_not_last");
	a = when_parted (s, w, second);
	web_free (&a);
	struct uuid thief = made (s, w, "/api/crm/contacts", "{\"name\":\"Thief\"}");
	sql_do (s, "update contacts.contact set email = 'ada@later.nl' where id = '%s'", id_text (thief));
	a = asked (s, w, "POST", path_of ("merges", merge, "/undo"), "{}");
	then_problem (&a, 409, "merge_taken");
	sql_do (s, "update contacts.contact set email = null where id = '%s'", id_text (thief));
	a = when_parted (s, w, merge);
	CHECK (json_array_size (json_at (a.json, "kept.fields")) == 1 && !strcmp (text_at (a.json, "kept.fields.0"), "company") &&
		       number_at (a.json, "kept.records.activity") == 1 && number_at (a.json, "kept.records.lead") == 1,
	       "what stayed is %s", a.body);
	web_free (&a);
	says (s, w, path_of ("merges", merge, ""), "kept.fields.0.value", "Elsewhere");
	says (s, w, path_of ("contacts", ada, ""), "company", "Elsewhere");
	says (s, w, path_of ("contacts", ada, ""), "email", "ada@later.nl");
	says (s, w, path_of ("contacts", ida, ""), "company", "Later");
	says (s, w, path_of ("contacts", ida, ""), "email", "ida@later.nl");
	says (s, w, path_of ("leads", lead, ""), "contact_id", id_text (ada));
	counts (s, w, "/api/crm/merges", 2);
}

STORY (merge_accounts, "Two companies become one with their people, places and deals, and are parted again: every row is as it was")
{
	struct workspace *w = given_workspace (s, "merge-firms", "dynamics");
	char body[300];
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\",\"city\":\"Utrecht\"}"),
		    acme2 = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme BV\",\"phone\":\"030 1234567\",\"lifecycle\":\"client\"}");
	snprintf (body, sizeof body, "{\"name\":\"Jane\",\"account_id\":\"%s\"}", id_text (acme2));
	struct uuid jane = made (s, w, "/api/crm/contacts", body);
	snprintf (body, sizeof body, "{\"name\":\"Main\",\"type\":\"office\",\"account_id\":\"%s\"}", id_text (acme2));
	made (s, w, "/api/crm/locations", body);
	snprintf (body, sizeof body, "{\"title\":\"Shelves\",\"account_id\":\"%s\"}", id_text (acme2));
	struct uuid deal = made (s, w, "/api/crm/deals", body);
	settle (s);
	char *before = content_of (s, w);
	struct uuid merge = when_merged (s, w, "accounts", acme, acme2, "{\"name\":\"loser\"}");
	says (s, w, path_of ("accounts", acme2, ""), "id", id_text (acme));
	says (s, w, path_of ("accounts", acme, ""), "name", "Acme BV");
	says (s, w, path_of ("accounts", acme, ""), "lifecycle", "client");
	says (s, w, path_of ("accounts", acme, ""), "phone", "030 1234567");
	says (s, w, path_of ("contacts", jane, ""), "account_id", id_text (acme));
	says (s, w, path_of ("deals", deal, ""), "account_id", id_text (acme));
	says (s, w, path_of ("deals", deal, ""), "account_name", "Acme BV");
	snprintf (body, sizeof body, "/api/crm/locations?account_id=%s", id_text (acme));
	counts (s, w, body, 1);
	snprintf (body, sizeof body, "{\"title\":\"No\",\"account_id\":\"%s\"}", id_text (acme2));
	struct web_answer a = asked (s, w, "POST", "/api/crm/deals", body);
	CHECK (a.status == 422, "a deal of what is merged away is %d: %s", a.status, a.body);
	web_free (&a);
	when_redelivered (s, "account.merged", 1);
	a = when_parted (s, w, merge);
	web_free (&a);
	when_redelivered (s, "account.unmerged", 1);
	char *after = content_of (s, w);
	CHECK (!strcmp (before, after), "they are not as they were: %s, then %s", before, after);
	free (before);
	free (after);
}

STORY (merge_rights, "Who may not see one of two does not merge them, nor part them, nor is told of the pair")
{
	struct workspace *w = given_workspace (s, "merge-rights", "nl-offerte-6");
	struct user sdr = given_user (s, "sdr@merge-rights.nl", "--workspace merge-rights --role sdr");
	struct user boss = given_user (s, "boss@merge-rights.nl", "--workspace merge-rights --role manager");
	char body[300];
	snprintf (body, sizeof body, "{\"name\":\"Mine Own\",\"phone\":\"0612345678\",\"owner_id\":\"%s\"}", sdr.id);
	struct uuid mine = made (s, w, "/api/crm/contacts", body);
	snprintf (body, sizeof body, "{\"name\":\"Mine Own\",\"phone\":\"+31 6 12345678\",\"owner_id\":\"%s\"}", boss.id);
	struct uuid other = made (s, w, "/api/crm/contacts", body);
	snprintf (body, sizeof body, "{\"loser_id\":\"%s\"}", id_text (other));
	struct web_answer a = when_user_asks (s, &sdr, "POST", path_of ("contacts", mine, "/merge"), body);
	then_problem (&a, 404, "contact_not_found");
	a = when_user_asks (s, &sdr, "GET", "/api/crm/duplicates", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 0, "the pair is told: %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &sdr, "GET", "/api/crm/contacts/similar?phone=0612345678", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1, "similar are %s", a.body);
	web_free (&a);
	struct uuid merge = when_merged (s, w, "contacts", other, mine, "{}");
	a = when_user_asks (s, &sdr, "POST", path_of ("merges", merge, "/undo"), "{}");
	then_problem (&a, 404, "merge_not_found");
}

/* A pair's reason, and that it is the only one. */
static void then_pair (struct stack *s, const struct workspace *w, const char *path, const char *reason, const char *a_name,
		       const char *b_name)
{
	struct web_answer a = asked (s, w, "GET", path, NULL);
	json_t *row, *why;
	size_t i, j, found = 0;
	CHECK (a.status == 200, "%s is %d: %s", path, a.status, a.body);
	json_array_foreach (json_at (a.json, "data"), i, row) json_array_foreach (json_object_get (row, "reasons"), j, why)
		found += !strcmp (json_string_value (why), reason) && !strcmp (text_at (row, "a.name"), a_name) &&
			 !strcmp (text_at (row, "b.name"), b_name);
	CHECK (found == 1, "%s and %s are no pair by %s: %s", a_name, b_name, reason, a.body);
	web_free (&a);
}

/* Of people and of companies alike: what hangs on a record is its owner's. */
static void then_owners_agree (struct stack *s, const struct workspace *w)
{
	then_number (
		s, 0, "linked records and facts that another owns than what they hang on",
		"select count(*) from (select record_id, owner_id, workspace_id from contacts.linked"
		" union all select about_id, owner_id, workspace_id from contacts.fact) h"
		" join (select id, owner_id from contacts.contact union all select id, owner_id from contacts.account) r on r.id = h.record_id"
		" where h.workspace_id = '%s' and h.owner_id is distinct from r.owner_id",
		w->id);
}

STORY (merge_owners,
       "Two of two owners become one, and two again: linked records and facts are the owner's of what they hang on, those of a company always its own")
{
	struct workspace *w = given_workspace (s, "merge-owners", "dynamics");
	struct user sdr = given_user (s, "sdr@merge-owners.nl", "--workspace merge-owners --role sdr"),
		    boss = given_user (s, "boss@merge-owners.nl", "--workspace merge-owners --role manager");
	char body[400];
	struct uuid firm[2], who[2];
	for (int i = 0; i < 2; i++) {
		const char *owner = i ? sdr.id : boss.id;
		snprintf (body, sizeof body, "{\"name\":\"Firm %d\",\"owner_id\":\"%s\"}", i, owner);
		firm[i] = made (s, w, "/api/crm/accounts", body);
		snprintf (body, sizeof body, "{\"name\":\"Who %d\",\"owner_id\":\"%s\"}", i, owner);
		who[i] = made (s, w, "/api/crm/contacts", body);
		snprintf (body, sizeof body, "{\"kind\":\"project\",\"title\":\"Theirs\",\"contact_id\":\"%s\"}", id_text (who[i]));
		made (s, w, "/api/crm/linked", body);
		snprintf (body, sizeof body, "{\"kind\":\"order\",\"title\":\"Both's\",\"contact_id\":\"%s\",\"account_id\":\"%s\"}",
			  id_text (who[i]), id_text (firm[0]));
		made (s, w, "/api/crm/linked", body);
		snprintf (body, sizeof body, "{\"kind\":\"ticket\",\"title\":\"Firm's\",\"account_id\":\"%s\"}", id_text (firm[i]));
		made (s, w, "/api/crm/linked", body);
		sql_do (s,
			"insert into contacts.fact (workspace_id, id, about_id, owner_id, about, panel, key, system, as_of)"
			" select '%s', gen_random_uuid(), x.id, '%s', x.about, 'metrics', 'k%d', 'test', now()"
			" from (values ('%s'::uuid, 'contact'), ('%s', 'account')) x (id, about)",
			w->id, owner, i, id_text (who[i]), id_text (firm[i]));
	}
	then_owners_agree (s, w);
	struct uuid people = when_merged (s, w, "contacts", who[0], who[1], "{\"owner_id\":\"loser\"}");
	then_owners_agree (s, w);
	struct uuid firms = when_merged (s, w, "accounts", firm[0], firm[1], "{\"owner_id\":\"loser\"}");
	then_owners_agree (s, w);
	snprintf (body, sizeof body, "/api/crm/linked?account_id=%s", id_text (firm[0]));
	struct web_answer a = when_user_asks (s, &sdr, "GET", body, NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 4, "whose it is now sees %s", a.body);
	web_free (&a);
	a = when_parted (s, w, firms);
	web_free (&a);
	then_owners_agree (s, w);
	a = when_parted (s, w, people);
	web_free (&a);
	then_owners_agree (s, w);
}

STORY (merge_meanwhile,
       "What happened between a merge and its taking back holds: who left owns nobody who comes back, and a company that went into another is given back as that one")
{
	struct workspace *w = given_workspace (s, "merge-since", "dynamics");
	struct user boss = given_user (s, "boss@merge-since.nl", "--workspace merge-since --role owner"),
		    leaver = given_user (s, "leaver@merge-since.nl", "--workspace merge-since --role manager"),
		    heir = given_user (s, "heir@merge-since.nl", "--workspace merge-since --role manager");
	char body[300], path[200];
	struct uuid firm[3], who[2];
	for (int i = 0; i < 3; i++) {
		snprintf (body, sizeof body, "{\"name\":\"Firm %d\"}", i);
		firm[i] = made (s, w, "/api/crm/accounts", body);
	}
	for (int i = 0; i < 2; i++) {
		snprintf (body, sizeof body, "{\"name\":\"Who %d\",\"owner_id\":\"%s\",\"account_id\":\"%s\"}", i, leaver.id,
			  id_text (firm[i]));
		who[i] = made (s, w, "/api/crm/contacts", body);
	}
	struct uuid merge = when_merged (s, w, "contacts", who[0], who[1], "{\"account_id\":\"loser\"}");
	when_merged (s, w, "accounts", firm[2], firm[0], "{}");
	/* what names one by the first of its names hangs on the one that stands */
	when_merged (s, w, "accounts", firm[1], firm[2], "{}");
	snprintf (body, sizeof body, "{\"kind\":\"order\",\"title\":\"Late\",\"account_id\":\"%s\"}", id_text (firm[0]));
	made (s, w, "/api/crm/linked", body);
	snprintf (path, sizeof path, "/api/crm/linked?account_id=%s", id_text (firm[1]));
	counts (s, w, path, 1);
	snprintf (path, sizeof path, "/api/users/%s/hand-over", leaver.id);
	snprintf (body, sizeof body, "{\"to\":\"%s\"}", heir.id);
	struct web_answer a = when_user_asks (s, &boss, "POST", path, body);
	then_status (&a, 200);
	settle (s);
	a = when_parted (s, w, merge);
	CHECK (json_array_size (json_at (a.json, "kept.fields")) == 0, "something stayed: %s", a.body);
	web_free (&a);
	says (s, w, path_of ("contacts", who[0], ""), "account_id", id_text (firm[1]));
	says (s, w, path_of ("contacts", who[1], ""), "account_id", id_text (firm[1]));
	says (s, w, path_of ("contacts", who[0], ""), "owner_id", heir.id);
	says (s, w, path_of ("contacts", who[1], ""), "owner_id", heir.id);
}

STORY (merge_chain,
       "Two merges, one upon the other, are heard in one go by who was away, and so is their taking back: a lead is whose it is here")
{
	struct workspace *w = given_workspace (s, "merge-chain", "nl-offerte-6");
	char body[200];
	struct uuid lead = given_deal_of (s, w, "Bea", "bea@chain.nl", "Ask"), bea = contact_of (s, w, "bea@chain.nl"),
		    ada = made (s, w, "/api/crm/contacts", "{\"name\":\"Ada\"}"),
		    cas = made (s, w, "/api/crm/contacts", "{\"name\":\"Cas\"}"), merge[2];
	settle (s);
	daemon_hold (s, "lead-intake");
	for (int i = 0; i < 2; i++) {
		snprintf (body, sizeof body, "{\"loser_id\":\"%s\"}", id_text (i ? ada : bea));
		struct web_answer a = asked (s, w, "POST", path_of ("contacts", i ? cas : ada, "/merge"), body);
		CHECK (a.status == 200, "merging is %d: %s", a.status, a.body);
		merge[i] = uuid_at (a.json, "merge_id");
		web_free (&a);
	}
	daemon_release (s, "lead-intake");
	settle (s);
	says (s, w, path_of ("leads", lead, ""), "contact_id", id_text (cas));
	daemon_hold (s, "lead-intake");
	for (int i = 1; i >= 0; i--) {
		struct web_answer a = asked (s, w, "POST", path_of ("merges", merge[i], "/undo"), "{}");
		then_status (&a, 200);
	}
	daemon_release (s, "lead-intake");
	settle (s);
	says (s, w, path_of ("leads", lead, ""), "contact_id", id_text (bea));
}

STORY (duplicates,
       "Pairs by e-mail, phone, name and company, and by a slip of the pen, never by an office's number alone; page by page; dismissed they stay so; who "
       "changes is compared again; found while somebody types")
{
	struct workspace *w = given_workspace (s, "duplicates", "dynamics");
	struct uuid
		jan = made (
			s, w, "/api/crm/contacts",
			"{\"name\":\"Jan Jansen\",\"email\":\"jan@dup.nl\",\"phone\":\"06 1234 5678\",\"company\":\"Bakkerij Bol B.V.\"}"),
		johan = made (s, w, "/api/crm/contacts", "{\"name\":\"J. Jansen\",\"phone\":\"+31 6-12345678\"}");
	made (s, w, "/api/crm/contacts", "{\"name\":\"Jan Janssen\",\"company\":\"bakkerij bol\"}");
	made (s, w, "/api/crm/contacts", "{\"name\":\"JAN JANSEN\",\"company\":\"Bakkerij Bol\"}");
	struct uuid piet = made (s, w, "/api/crm/contacts", "{\"name\":\"Piet\"}");
	sql_do (s, "insert into contacts.contact_reach values ('%s', '%s', 'email', 'jan@dup.nl', null)", w->id, id_text (piet));
	struct uuid other = made (s, w, "/api/crm/contacts", "{\"name\":\"Somebody Else\",\"company\":\"Other\"}");
	then_pair (s, w, "/api/crm/duplicates", "email", "Jan Jansen", "Piet");
	then_pair (s, w, "/api/crm/duplicates", "phone", "Jan Jansen", "J. Jansen");
	then_pair (s, w, "/api/crm/duplicates", "fuzzy", "Jan Jansen", "Jan Janssen");
	then_pair (s, w, "/api/crm/duplicates", "name_company", "Jan Jansen", "JAN JANSEN");
	counts (s, w, "/api/crm/duplicates", 5);
	struct web_answer a = asked (s, w, "GET", "/api/crm/duplicates?limit=3", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 3 && *text_at (a.json, "next"), "a page is %s", a.body);
	char body[300];
	snprintf (body, sizeof body, "/api/crm/duplicates?limit=3&after=%s", text_at (a.json, "next"));
	web_free (&a);
	counts (s, w, body, 2);
	snprintf (body, sizeof body, "{\"a_id\":\"%s\",\"b_id\":\"%s\"}", id_text (johan), id_text (jan));
	a = asked (s, w, "POST", "/api/crm/duplicates/dismiss", body);
	CHECK (a.status < 300, "dismissing is %d: %s", a.status, a.body);
	web_free (&a);
	counts (s, w, "/api/crm/duplicates", 4);
	says (s, w, "/api/crm/contacts/similar?name=Jan+Jansn&company=Bakkerij+Bol", "data.0.reasons.0", "fuzzy");
	says (s, w, "/api/crm/contacts/similar?email=JAN@dup.nl", "data.0.reasons.0", "email");
	says (s, w, "/api/crm/contacts/similar?phone=0612345678", "data.0.reasons.0", "phone");
	counts (s, w, "/api/crm/contacts/similar?name=Nobody+Here", 0);
	/* who changed is compared again */
	a = asked (s, w, "PUT", path_of ("contacts", other, ""), "{\"phone\":\"+31 (0)6 1234 56 78\"}");
	CHECK (a.status == 200, "a phone is %d: %s", a.status, a.body);
	web_free (&a);
	then_pair (s, w, "/api/crm/duplicates", "phone", "Jan Jansen", "Somebody Else");
	counts (s, w, "/api/crm/duplicates", 6);
	/* a number that four have is their office's */
	static const char *const office[] = { "Ann Ardon", "Bob Brink", "Cas Coster", "Dee Duin" };
	for (int i = 0; i < 4; i++) {
		snprintf (body, sizeof body, "{\"name\":\"%s\",\"phone\":\"020 765 43 21\",\"company\":\"Kantoor\"}", office[i]);
		made (s, w, "/api/crm/contacts", body);
		counts (s, w, "/api/crm/duplicates", i == 1 ? 7 : i == 2 ? 9 : 6);
	}
	a = asked (s, w, "DELETE", path_of ("contacts", other, ""), NULL);
	CHECK (a.status == 204, "taking away is %d: %s", a.status, a.body);
	web_free (&a);
	counts (s, w, "/api/crm/duplicates", 4);
	made (s, w, "/api/crm/accounts", "{\"name\":\"Bakkerij Bol\"}");
	made (s, w, "/api/crm/accounts", "{\"name\":\"Bakkerij Bol B.V.\"}");
	made (s, w, "/api/crm/accounts", "{\"name\":\"BB Holding\"}");
	sql_do (s,
		"update contacts.account set website = case name when 'BB Holding' then 'bol.test' else 'https://www.bol.test/over' end"
		" where workspace_id = '%s' and name <> 'Bakkerij Bol B.V.'",
		w->id);
	then_pair (s, w, "/api/crm/duplicates?of=account", "name", "Bakkerij Bol", "Bakkerij Bol B.V.");
	then_pair (s, w, "/api/crm/duplicates?of=account", "website", "Bakkerij Bol", "BB Holding");
	counts (s, w, "/api/crm/duplicates?of=account", 2);
	says (s, w, "/api/crm/accounts/similar?name=Bakkerij+Boll", "data.0.reasons.0", "fuzzy");
}

static double seconds (void)
{
	struct timespec t;
	clock_gettime (CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

STORY (merge_many, "N5: 5,000 related records move and go back; how long that takes is printed")
{
	struct workspace *w = given_workspace (s, "merge-many", "classic-6");
	struct uuid a = made (s, w, "/api/crm/contacts", "{\"name\":\"Many A\"}"),
		    b = made (s, w, "/api/crm/contacts", "{\"name\":\"Many B\"}");
	given_notes (s, w, "contact", b, 5000);
	double began = seconds ();
	struct uuid merge = when_merged (s, w, "contacts", a, b, "{}");
	double merged = seconds ();
	then_number (s, 5000, "what moved", "select count(*) from contacts.activity where record_id = '%s'", id_text (a));
	double parting = seconds ();
	struct web_answer answer = when_parted (s, w, merge);
	printf ("      5,000 related records: merged in %.2f s, parted in %.2f s\n", merged - began, seconds () - parting);
	web_free (&answer);
	then_number (s, 5000, "what went back", "select count(*) from contacts.activity where record_id = '%s'", id_text (b));
}

/* ---- the trash ---- */

STORY (trash_gone,
       "What lies in the trash is told with who and when; after 30 days it is gone for good with all that hung on it alone, a day before it is not")
{
	struct workspace *w = given_workspace (s, "trash-gone", "nl-offerte-6");
	struct uuid jan = given_person (s, w, "Jan Weg", "jan@weg.nl");
	char body[300], where[300];
	struct uuid stays = made (s, w, "/api/crm/contacts", "{\"name\":\"Stays\"}"),
		    acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme Weg\"}");
	snprintf (body, sizeof body, "{\"kind\":\"note\",\"note\":\"secret\",\"contact_id\":\"%s\"}", id_text (jan));
	made (s, w, "/api/crm/activities", body);
	snprintf (body, sizeof body, "{\"contact_id\":\"%s\",\"text\":\"secret\"}", id_text (jan));
	made (s, w, "/api/crm/messages", body);
	snprintf (body, sizeof body, "{\"title\":\"By hand\",\"contact_id\":\"%s\",\"account_id\":\"%s\"}", id_text (jan), id_text (acme));
	struct uuid hand = made (s, w, "/api/crm/deals", body);
	struct uuid lead = given_deal_of (s, w, "Jan Weg", "jan@weg.nl", "Last");
	settle (s);
	struct web_answer a = asked (s, w, "DELETE", path_of ("deals", lead, ""), NULL);
	then_status (&a, 204);
	sql_do (s, "update contacts.contact set removed_at = now() - interval '29 days' where id in ('%s', '%s')", id_text (jan),
		id_text (stays));
	sql_do (s, "update contacts.account set removed_at = now() - interval '29 days' where id = '%s'", id_text (acme));
	sql_do (s, "insert into contacts.deal_away values ('%s', '%s', now())", w->id, id_text (acme));
	counts (s, w, "/api/crm/trash/contacts", 2);
	counts (s, w, "/api/crm/trash/accounts", 1);
	counts (s, w, "/api/crm/trash", 1);
	sql_do (s, "update contacts.contact set removed_at = now() - interval '31 days' where id = '%s'", id_text (jan));
	sql_do (s, "update contacts.account set removed_at = now() - interval '31 days' where id = '%s'", id_text (acme));
	sql_do (s, "update pipeline.deal set trashed_at = now() - interval '31 days' where id = '%s'", id_text (lead));
	snprintf (where, sizeof where, "id = '%s'", id_text (jan));
	UNTIL (10000, sql_number (s, "select count(*) from contacts.contact where %s", where) == 0, "the contact is still there");
	snprintf (where, sizeof where, "id = '%s'", id_text (acme));
	UNTIL (10000, sql_number (s, "select count(*) from contacts.account where %s", where) == 0, "the account is still there");
	snprintf (where, sizeof where, "id = '%s' and purged_at is null", id_text (lead));
	UNTIL (10000, sql_number (s, "select count(*) from pipeline.deal where %s", where) == 0, "the lead's deal is still there");
	settle (s);
	counts (s, w, "/api/crm/trash/contacts", 1);
	counts (s, w, "/api/crm/trash/accounts", 0);
	counts (s, w, "/api/crm/trash", 0);
	then_number (s, 0, "what was written of them", "select count(*) from contacts.activity where record_id = '%s'", id_text (jan));
	then_number (s, 0, "what rests that is gone", "select count(*) from contacts.deal_away where deal_id = '%s'", id_text (acme));
	then_number (s, 0, "what was said of them", "select count(*) from contacts.message where room_id = '%s'", id_text (jan));
	then_number (s, 0, "leads of theirs", "select count(*) from lead_intake.lead where contact_id = '%s'", id_text (jan));
	then_number (s, 4, "leads that stand", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	then_number (s, 0, "deals of theirs", "select count(*) from pipeline.deal_contact where contact_id = '%s'", id_text (jan));
	then_number (s, 0, "deals of the account", "select count(*) from pipeline.deal_account where account_id = '%s'", id_text (acme));
	says (s, w, path_of ("deals", hand, ""), "title", "By hand");
	says (s, w, path_of ("leads", lead, ""), "name", "Jan Weg");
	a = asked (s, w, "POST", path_of ("deals", lead, "/restore"), "{}");
	then_problem (&a, 404, "deal_not_found");
	then_no_dead_letters (s);
}

STORY (merge_knows_all,
       "Whatever names a contact, an account or a record in contacts moves when two become one, or is said here why it does not: a new column that nobody thought of fails")
{
	then_text (
		s, "", "columns that a merge does not know",
		"select string_agg(c.table_name || '.' || c.column_name, ' ' order by 1) from information_schema.columns c"
		" join information_schema.tables t using (table_schema, table_name)"
		" where c.table_schema = 'contacts' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER' and c.data_type = 'uuid'"
		" and c.column_name in ('contact_id', 'account_id', 'record_id', 'about_id', 'room_id', 'subject_id', 'primary_contact_id')"
		" and not exists (select from unnest(array['contact', 'account']) k cross join lateral contacts.merge_places(k) p"
		"  where p.place = c.table_name and p.col = c.column_name)"
		" and c.table_name || '.' || c.column_name not in ("
		/* moved by hand, row by row */
		" 'contact_reach.contact_id', 'account_external.account_id', 'tagged.record_id', 'room.room_id', 'message.room_id', 'room_reader.room_id',"
		/* its own past stays, and is read through contacts_of and accounts_of */
		" 'timeline.subject_id', 'timeline_shadow.subject_id', 'timeline_shadow.contact_id',"
		/* worked out again within a second */
		" 'segment_member.record_id', 'segment_mark.record_id',"
		/* what was asked of it, under the id it had then */
		" 'reply.record_id', 'asked.record_id', 'erasure_job.contact_id', 'batch_change.record_id', 'import_done.contact_id', 'import_done.account_id',"
		/* how far a swap is: a place in the order of records, not a record's own */
		" 'projection.subject_id',"
		/* followed to the survivor when it is read */
		" 'imported.record_id')");
}
