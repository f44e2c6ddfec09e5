/* Deals in the trash, and what people did about them; and what is heard in one batch, in its order.
 * It must never take what a table says for what people see. */
#include <string.h>
#include "story.h"

static struct uuid task_of (struct stack *s, const struct user *u, const char *about, struct uuid record, const char *subject,
			    const char *due)
{
	char body[400];
	snprintf (body, sizeof body, "{\"kind\":\"task\",\"subject\":\"%s\",\"%s\":\"%s\",\"due_at\":\"%s\"}", subject, about,
		  id_text (record), due);
	struct web_answer a = when_user_asks (s, u, "POST", "/api/crm/activities", body);
	CHECK (a.status == 201, "a task is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

/* The subjects of a page, in its order. */
static void shows (struct stack *s, const struct user *u, const char *path, const char *expected)
{
	char line[400] = "";
	size_t i;
	json_t *row;
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	json_array_foreach (json_at (a.json, "data"), i, row)
		snprintf (line + strlen (line), sizeof line - strlen (line), "%s%s", i ? " " : "",
			  *text_at (row, "subject") ? text_at (row, "subject") : text_at (row, "title"));
	CHECK (a.status == 200 && !strcmp (line, expected), "%s shows %s, not %s", path, line, expected);
	web_free (&a);
}

STORY (trash_is_silent,
       "What was planned for a deal in the trash is in nobody's tasks, calendar or bell, and nothing more is written about it; it comes back with the deal")
{
	struct workspace *w = given_workspace (s, "silent", "commerce");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@silent.test", "Vraag");
	struct user anna = given_user (s, "anna@silent.nl", "--workspace silent --role owner");
	char path[200], body[300], id[UUID_TEXT], *soon, *next;
	struct stream *live = stream_open_as (s, NULL, anna.cookie, NULL);
	task_of (s, &anna, "deal_id", deal, "Offerte", "2026-01-05T09:00:00Z");
	shows (s, &anna, "/api/crm/tasks?view=overdue", "Offerte");
	soon = sql_text (s, "select contacts.rfc3339(clock_timestamp() + interval '2 seconds')");
	next = sql_text (s, "select contacts.rfc3339(clock_timestamp() + interval '3 seconds')");
	task_of (s, &anna, "deal_id", deal, "Bellen", soon);
	snprintf (id, sizeof id, "%s", id_text (task_of (s, &anna, "lead_id", deal, "Aanvraag", next)));
	snprintf (body, sizeof body, "{\"lead_id\":\"%s\",\"text\":\"Wie belt?\"}", id_text (deal));
	struct web_answer a = when_user_asks (s, &anna, "POST", "/api/crm/messages", body);
	then_status (&a, 201);
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	a = when_user_asks (s, &anna, "DELETE", path, NULL);
	then_status (&a, 204);
	settle (s);
	a = when_user_asks (s, &anna, "GET", "/api/crm/rooms", NULL);
	CHECK (strstr (a.body, id_text (deal)), "the lead's room went with its deal: %s", a.body);
	web_free (&a);
	shows (s, &anna, "/api/crm/tasks", "Aanvraag");
	shows (s, &anna, "/api/crm/tasks?view=overdue", "");
	snprintf (path, sizeof path, "/api/crm/activities?from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&lead_id=%s", id_text (deal));
	shows (s, &anna, path, "Aanvraag");
	snprintf (body, sizeof body, "{\"kind\":\"note\",\"note\":\"x\",\"deal_id\":\"%s\"}", id_text (deal));
	a = when_user_asks (s, &anna, "POST", "/api/crm/activities", body);
	then_problem (&a, 404, "deal_not_found");
	/* the lead is there as ever, so its task rings; the deal's was due before that */
	stream_wait (live, "reminder.due", id, 30000, NULL);
	settle (s);
	shows (s, &anna, "/api/notifications?limit=1", "Aanvraag");
	a = when_user_asks (s, &anna, "GET", "/api/notifications", NULL);
	CHECK (!strstr (a.body, "Bellen"), "it rang in the trash: %s", a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/deals/%s/restore", id_text (deal));
	a = when_user_asks (s, &anna, "POST", path, "{}");
	then_status (&a, 200);
	settle (s);
	shows (s, &anna, "/api/crm/tasks?view=overdue", "Offerte Bellen Aanvraag");
	snprintf (body, sizeof body, "%s", id_text (task_of (s, &anna, "deal_id", deal, "Morgen", "2100-01-01T00:00:00Z")));
	shows (s, &anna, "/api/crm/tasks?view=upcoming", "Morgen");
	a = when_user_asks (s, &anna, "GET", "/api/notifications", NULL);
	CHECK (!strstr (a.body, "Bellen"), "it rings when it comes back: %s", a.body);
	web_free (&a);
	stream_close (&live);
	free (soon);
	free (next);
	then_no_dead_letters (s);
}

static void tag_made (struct stack *s, const struct workspace *w, const char *label, char ret[UUID_TEXT])
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/tags", "{\"label\":\"%s\",\"colour\":\"blue\"}", label);
	CHECK (a.status == 201, "a tag is %d: %s", a.status, a.body);
	snprintf (ret, UUID_TEXT, "%s", text_at (a.json, "id"));
	web_free (&a);
}

STORY (tags_in_turn,
       "A deal that is tagged and whose tag is renamed or dropped a moment later says so, however much of it is heard at once")
{
	struct workspace *w = given_workspace (s, "inturn", "classic-6");
	struct uuid deal = given_deal_of (s, w, "Jan Vos", "jan@inturn.test", "Vraag");
	char vip[UUID_TEXT], old[UUID_TEXT], other[UUID_TEXT], path[200];
	tag_made (s, w, "vip", vip);
	tag_made (s, w, "old", old);
	tag_made (s, w, "other", other);
	settle (s);
	when_held (s, "pipeline");
	struct web_answer a;
	snprintf (path, sizeof path, "/api/crm/tags/%s", other); /* what is heard first of its kind */
	a = web (s, w->key, "PUT", path, "{\"colour\":\"teal\"}");
	then_status (&a, 200);
	snprintf (path, sizeof path, "/api/crm/deals/%s/tags", id_text (deal));
	a = web (s, w->key, "PUT", path, "{\"tags\":[\"%s\",\"%s\"]}", vip, old);
	then_status (&a, 200);
	snprintf (path, sizeof path, "/api/crm/tags/%s", vip);
	a = web (s, w->key, "PUT", path, "{\"label\":\"A-klant\"}");
	then_status (&a, 200);
	snprintf (path, sizeof path, "/api/crm/tags/%s", old);
	a = web (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	when_released (s, "pipeline");
	settle (s);
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	a = web (s, w->key, "GET", path, NULL);
	CHECK (json_array_size (json_at (a.json, "tags")) == 1 && !strcmp (text_at (a.json, "tags.0.label"), "A-klant"),
	       "the card bears what was: %s", a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

STORY (activity_conflict_told,
       "Who saved an activity that somebody changed meanwhile hears which fields, when and by whom; by If-Match as well")
{
	struct workspace *w = given_workspace (s, "actclash", "commerce");
	struct uuid deal = given_deal_of (s, w, "Jan Vos", "jan@actclash.test", "Vraag");
	struct user anna = given_user (s, "anna@actclash.nl", "--workspace actclash --role owner");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/activities/%s",
		  id_text (task_of (s, &anna, "deal_id", deal, "Bellen", "2100-01-01T09:00:00Z")));
	struct web_answer a = when_user_asks (s, &anna, "PUT", path, "{\"version\":1,\"subject\":\"Terugbellen\",\"priority\":\"high\"}");
	then_status (&a, 200);
	settle (s);
	a = when_user_asks (s, &anna, "PUT", path, "{\"version\":1,\"subject\":\"Mailen\"}");
	CHECK (a.status == 409 && strstr (a.body, "/subject") && strstr (a.body, "/priority") && strstr (a.body, anna.id) &&
		       !strstr (a.body, "/due_at"),
	       "it does not tell: %d %s", a.status, a.body);
	web_free (&a);
	a = web_ask (s, &(struct web_request){
				.method = "PUT", .url = path, .key = w->key, .body = "{\"note\":\"x\"}", .header = { "If-Match: \"1\"" } });
	CHECK (a.status == 412 && strstr (a.body, "/subject"), "it does not tell: %d %s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &anna, "PUT", path, "{\"version\":2,\"subject\":\"Mailen\"}");
	then_status (&a, 200);
}

STORY (tags_have_an_end, "A workspace has five hundred tags at most; one that is there can still be renamed")
{
	struct workspace *w = given_workspace (s, "tagcap", "classic-6");
	char id[UUID_TEXT], label[40], path[100];
	for (int i = 0; i < 500; i++) {
		snprintf (label, sizeof label, "tag %d", i);
		tag_made (s, w, label, id);
	}
	struct web_answer a = web (s, w->key, "POST", "/api/crm/tags", "{\"label\":\"one more\"}");
	CHECK (a.status == 422 && strstr (a.body, "too_many"), "the 501st is %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/tags/%s", id);
	a = web (s, w->key, "PUT", path, "{\"label\":\"another\"}");
	then_status (&a, 200);
}
