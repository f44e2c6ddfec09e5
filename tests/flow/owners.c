/* Who may own a record, whose names are known, and ways in as settings add them. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

/* `fields`: what else stands in the body, with a comma behind it. */
static void refused_owner (struct stack *s, const struct user *u, const char *method, const char *path, const char *fields,
			   const char *owner)
{
	char json[300];
	snprintf (json, sizeof json, "{%s\"owner_id\":\"%s\"}", fields, owner);
	struct web_answer a = when_user_asks (s, u, method, path, json);
	then_problem (&a, 422, "not_a_member");
}

STORY (owners_belong,
       "Only who belongs to a workspace, or is an admin of its agency, becomes the owner of what is there; admins have a name everywhere")
{
	struct uuid deal = given_deal (s, "owners", "commerce", "Iemand", "Vraag");
	given_workspace (s, "owners-b", "commerce");
	struct user owner = given_user (s, "o@owners.nl", "--workspace owners --role owner"),
		    sales = given_user (s, "s@owners.nl", "--workspace owners --role sales"),
		    stranger = given_user (s, "v@owners.nl", "--workspace owners-b --role owner"),
		    admin = given_user (s, "a@owners.nl", "--admin");
	char path[200], body[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	refused_owner (s, &owner, "PUT", path, "", stranger.id);
	refused_owner (s, &owner, "PUT", path, "", "01a2009c-4301-72aa-9883-5c36a732c80c");
	refused_owner (s, &owner, "POST", "/api/crm/deals", "\"title\":\"X\",", stranger.id);
	refused_owner (s, &owner, "POST", "/api/crm/leads", "\"name\":\"X\",", stranger.id);
	refused_owner (s, &owner, "POST", "/api/sources", "", stranger.id);
	refused_owner (s, &owner, "POST", "/api/crm/contacts", "\"name\":\"X\",", stranger.id);
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", sales.id);
	struct web_answer a = when_user_asks (s, &owner, "PUT", path, body);
	then_status (&a, 200);
	then_text (s, sales.id, "the deal's owner", "select owner_id from pipeline.deal where id = '%s'", id_text (deal));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", admin.id);
	a = when_user_asks (s, &owner, "PUT", path, body);
	then_status (&a, 200);
	a = when_user_asks (s, &owner, "PUT", path, "{\"owner_id\":null}");
	then_status (&a, 200);
	/* S2-10: handing over is a right of its own, by the deal and by its lead; a client keeps its owner */
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", sales.id);
	a = when_user_asks (s, &sales, "PUT", path, body);
	then_problem (&a, 403, "forbidden");
	char lead[200];
	snprintf (lead, sizeof lead, "/api/crm/leads/%s", id_text (deal));
	a = when_user_asks (s, &sales, "PUT", lead, body);
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &sales, "POST", "/api/crm/deals", "{\"title\":\"Klant\",\"company\":\"Klant BV\"}");
	CHECK (a.status == 201, "a deal is %d: %s", a.status, a.body);
	struct uuid won = uuid_at (a.json, "id");
	web_free (&a);
	char place[200];
	snprintf (place, sizeof place, "/api/crm/opportunity/%s/stage", id_text (won));
	a = when_user_asks (s, &sales, "POST", place, "{\"stage\":\"won\"}");
	then_status (&a, 200);
	settle (s);
	snprintf (place, sizeof place, "/api/crm/deals/%s", id_text (won));
	a = when_user_asks (s, &owner, "PUT", place, body);
	then_problem (&a, 409, "account_is_client");
	/* somebody who left owns nothing more */
	snprintf (body, sizeof body, "{\"role\":\"sales\",\"active\":false}");
	char member[200];
	snprintf (member, sizeof member, "/api/users/%s/member?workspace=owners", sales.id);
	a = when_user_asks (s, &owner, "PUT", member, body);
	then_status (&a, 200);
	refused_owner (s, &owner, "PUT", path, "", sales.id);
	a = when_user_asks (s, &owner, "GET", "/api/crm/members?workspace=owners", NULL);
	CHECK (a.status == 200 && strstr (a.body, admin.id) && strstr (a.body, owner.id) && !strstr (a.body, stranger.id),
	       "the members: %s", a.body);
	web_free (&a);
	/* the timeline says where a deal began */
	settle (s);
	snprintf (path, sizeof path, "/api/crm/deals/%s/timeline", id_text (deal));
	a = when_user_asks (s, &owner, "GET", path, NULL);
	char *stage = sql_text (s, "select first_stage_id from pipeline.workspace where workspace_id = '%s'",
				id_text (workspace_of_deal (s, deal)));
	json_t *entry;
	size_t i, begins = 0;
	json_array_foreach (json_at (a.json, "data"), i, entry)
	{
		if (!strcmp (text_at (entry, "type"), "deal.created"))
			begins += !strcmp (text_at (entry, "data.stage_id"), stage);
	}
	CHECK (begins == 1, "the entry of the deal's beginning says no stage: %s", a.body);
	web_free (&a);
	free (stage);
}

STORY (sources_in_settings,
       "Settings list the ways in and add one; its URL is told once and works, the audit says who added it, by whatever door")
{
	struct workspace *w = given_workspace (s, "ways", "commerce");
	struct user owner = given_user (s, "o@ways.nl", "--workspace ways --role owner"),
		    sales = given_user (s, "s@ways.nl", "--workspace ways --role sales");
	struct web_answer a = when_user_asks (s, &sales, "GET", "/api/sources", NULL);
	then_status (&a, 403);
	a = when_user_asks (s, &sales, "POST", "/api/sources", "{}");
	then_status (&a, 403);
	a = when_user_asks (s, &owner, "POST", "/api/sources", "{\"kind\":\"agency\"}");
	then_problem (&a, 422, "invalid");
	a = when_user_asks (s, &owner, "POST", "/api/sources", "{\"name\":\"Nieuwsbrief\",\"form_type\":\"Aanmelding\"}");
	CHECK (a.status == 201 && strstr (text_at (a.json, "hook"), "/hooks/"), "a new way in: %d %s", a.status, a.body);
	char hook[300];
	snprintf (hook, sizeof hook, "%s", text_at (a.json, "hook"));
	web_free (&a);
	a = when_posted (s, hook, "{\"name\":\"Via de nieuwsbrief\",\"email\":\"n@ways.example\"}");
	then_status (&a, 202);
	settle (s);
	then_text (s, "Aanmelding", "the lead's form",
		   "select form_type from lead_intake.lead where workspace_id = '%s' and name = 'Via de nieuwsbrief'", w->id);
	a = when_user_asks (s, &owner, "GET", "/api/sources", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2 && strstr (a.body, "Nieuwsbrief") &&
		       !strstr (a.body, "/hooks/"),
	       "the ways in: %d %s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &owner, "GET", "/api/audit?what=source_add", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 2 && !strcmp (text_at (a.json, "data.0.actor.id"), owner.id) &&
		       !strcmp (text_at (a.json, "data.0.detail.asked.name"), "Nieuwsbrief") &&
		       !strcmp (text_at (a.json, "data.1.actor.kind"), "operator"),
	       "the audit of the ways in: %s", a.body);
	web_free (&a);
}

static int way_answers (struct stack *s, const char *hook)
{
	static int n; /* each time something else: what comes again is a repeat */
	struct web_answer a = when_posted (s, hook, "{\"name\":\"Toch nog\",\"n\":%d,\"email\":\"toch@records.nl\"}", ++n);
	int ret = a.status;
	web_free (&a);
	return ret;
}

/* A way in that was changed is so for the door within seconds. */
static void then_way (struct stack *s, const char *hook, int status)
{
	UNTIL (8000, way_answers (s, hook) == status, "the way in does not answer %d", status);
}

/* The hook of an answer, kept. */
static void hook_of (struct web_answer *a, char ret[300])
{
	CHECK (a->status / 100 == 2 && strstr (text_at (a->json, "hook"), "/hooks/"), "no address: %d %s", a->status, a->body);
	snprintf (ret, 300, "%s", text_at (a->json, "hook"));
}

STORY (sources_call_back,
       "A way in keeps what its provider asks of callers, sealed and told to nobody; a pause ends when that is given anew")
{
	struct workspace *w = given_workspace (s, "callers", "commerce");
	struct user owner = given_user (s, "o@callers.nl", "--workspace callers --role owner");
	char path[200];
	struct web_answer a = when_user_asks (
		s, &owner, "POST", "/api/sources",
		"{\"kind\":\"meta\",\"name\":\"Advertenties\",\"access_token\":\"EAAB-secret\",\"stage\":\"contacted\",\"tags\":[\"Beurs\"]}");
	CHECK (a.status == 201, "made: %d %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/sources/%s", text_at (a.json, "id"));
	web_free (&a);
	CHECK (sql_number (s,
			   "select count(*) from lead_intake.source where workspace_id = '%s' and sealed_access is not null "
			   "and sealed_access not like '%%EAAB%%'",
			   w->id) == 1,
	       "it is sealed");
	sql_do (s,
		"update lead_intake.source set paused_at = now(), paused_reason = 'token_expired' where workspace_id = '%s' and kind = 'meta'",
		w->id);
	a = when_user_asks (s, &owner, "GET", path, NULL);
	CHECK (a.status == 200 && json_is_true (json_at (a.json, "calls")) &&
		       !strcmp (text_at (a.json, "paused_reason"), "token_expired") && !strcmp (text_at (a.json, "stage"), "contacted") &&
		       !strstr (a.body, "EAAB") && !strstr (a.body, "sealed"),
	       "it is: %.600s", a.body);
	web_free (&a);
	a = when_user_asks (s, &owner, "PUT", path, "{\"name\":\"Meta\"}");
	then_status (&a, 200);
	CHECK (sql_number (s, "select count(*) from lead_intake.source where workspace_id = '%s' and paused_at is not null", w->id) == 1,
	       "another name does not end the pause");
	a = when_user_asks (s, &owner, "PUT", path, "{\"access_token\":\"EAAB-new\",\"stage\":\"\",\"tags\":null}");
	then_status (&a, 200);
	a = when_user_asks (s, &owner, "GET", path, NULL);
	CHECK (json_is_null (json_at (a.json, "paused_at")) && json_is_null (json_at (a.json, "stage")) &&
		       json_is_null (json_at (a.json, "tags")) && json_is_true (json_at (a.json, "calls")),
	       "it is called again: %.600s", a.body);
	web_free (&a);
}

STORY (sources_as_records,
       "A way in is changed, given another address while the old one is still good, removed and restored, by whoever may; the audit says so")
{
	struct workspace *w = given_workspace (s, "records", "commerce"), *other = given_workspace (s, "records-other", "commerce");
	struct user owner = given_user (s, "o@records.nl", "--workspace records --role owner"),
		    sales = given_user (s, "s@records.nl", "--workspace records --role sales"),
		    stranger = given_user (s, "o@records-other.nl", "--workspace records-other --role owner");
	char first[300], second[300], third[300], path[200], rotate[220], restore[220];
	struct web_answer a = when_user_asks (s, &owner, "POST", "/api/sources", "{\"name\":\"Beurs\",\"form_type\":\"Beurs\"}");
	hook_of (&a, first);
	snprintf (path, sizeof path, "/api/sources/%s", text_at (a.json, "id"));
	snprintf (rotate, sizeof rotate, "%s/rotate", path);
	snprintf (restore, sizeof restore, "%s/restore", path);
	web_free (&a);
	a = when_user_asks (s, &sales, "PUT", path, "{\"name\":\"Van mij\"}");
	then_status (&a, 403);
	a = when_user_asks (s, &stranger, "PUT", path, "{\"name\":\"Van mij\"}");
	then_problem (&a, 404, "source_not_found");
	a = when_user_asks (s, &stranger, "POST", rotate, "{}");
	then_problem (&a, 404, "source_not_found");
	a = when_user_asks (s, &owner, "PUT", path, "{\"version\":1,\"name\":\"Beurs Utrecht\",\"form_type\":\"Beursaanvraag\"}");
	CHECK (a.status == 200 && number_at (a.json, "version") == 2, "changed: %d %s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &owner, "PUT", path, "{\"version\":1,\"name\":\"Te laat\"}");
	then_problem (&a, 409, "source_changed");
	a = when_user_asks (s, &owner, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "name"), "Beurs Utrecht") && !json_is_true (json_at (a.json, "signs")) &&
		       number_at (a.json, "version") == 2,
	       "it is called: %d %s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &owner, "POST", rotate, "{\"overlap\":721}");
	then_problem (&a, 422, "invalid");
	a = when_user_asks (s, &owner, "POST", rotate, "{}");
	hook_of (&a, second);
	CHECK (strcmp (first, second), "another address is the same: %s", second);
	web_free (&a);
	then_way (s, second, 202);
	then_way (s, first, 202);
	a = when_user_asks (s, &owner, "POST", rotate, "{\"overlap\":0}");
	hook_of (&a, third);
	web_free (&a);
	then_way (s, first, 404);
	then_way (s, second, 404);
	then_way (s, third, 202);
	settle (s);
	CHECK (sql_number (s, "select count(*) from lead_intake.lead where workspace_id = '%s' and form_type = 'Beursaanvraag'", w->id) >=
		       2,
	       "leads do not say the form of the changed way in");
	then_number (s, 0, "leads elsewhere", "select count(*) from lead_intake.lead where workspace_id = '%s'", other->id);
	a = when_user_asks (s, &sales, "DELETE", path, NULL);
	then_status (&a, 403);
	a = when_user_asks (s, &owner, "DELETE", path, NULL);
	then_status (&a, 204);
	then_way (s, third, 404);
	a = when_user_asks (s, &owner, "GET", path, NULL);
	then_problem (&a, 404, "source_not_found");
	a = when_user_asks (s, &owner, "GET", "/api/sources?removed=1", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && *text_at (a.json, "data.0.removed_at"), "what was removed: %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &owner, "POST", restore, "{}");
	then_status (&a, 200);
	then_way (s, third, 202);
	static const char *const whats[] = { "source_update", "source_rotate", "source_remove", "source_restore" };
	for (size_t i = 0; i < LENGTH (whats); i++) {
		char audit[100];
		snprintf (audit, sizeof audit, "/api/audit?what=%s", whats[i]);
		a = when_user_asks (s, &owner, "GET", audit, NULL);
		CHECK (!strcmp (text_at (a.json, "data.0.actor.id"), owner.id) && !strstr (a.body, "/hooks/") &&
			       !strcmp (text_at (a.json, "data.0.detail.before.name"), i ? "Beurs Utrecht" : "Beurs"),
		       "the audit of %s: %s", whats[i], a.body);
		web_free (&a);
	}
}
