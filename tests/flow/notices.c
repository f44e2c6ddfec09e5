/* The bell: each kind rings for its person, once, and for nobody else; what was looked at, they have looked at everywhere.
 * It must never look at a table where the API can be asked. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "story.h"

/* "unseen: kind:title ..." newest first, an unread one with a star. */
static void bell_is (struct stack *s, const struct user *u, const char *query, const char *expected)
{
	char path[400], is[1500];
	size_t i;
	json_t *row;
	settle (s);
	snprintf (path, sizeof path, "/api/notifications%s", query);
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	CHECK (a.status == 200 && json_is_false (json_at (a.json, "partial")), "%s of %s is %d: %s", path, u->email, a.status, a.body);
	snprintf (is, sizeof is, "%lld:", (long long) number_at (a.json, "unseen"));
	json_array_foreach (json_at (a.json, "data"), i, row)
	{
		size_t n = strlen (is);
		snprintf (is + n, sizeof is - n, " %s%s=%s", json_is_true (json_at (row, "read")) ? "" : "*", text_at (row, "kind"),
			  text_at (row, "title"));
		if (number_at (row, "count") > 1)
			snprintf (is + strlen (is), sizeof is - strlen (is), "/%lld", (long long) number_at (row, "count"));
	}
	CHECK (!strcmp (is, expected), "%s of %s says\n      %s\n  not\n      %s", path, u->email, is, expected);
	web_free (&a);
}

static struct uuid deal_of (struct stack *s, const struct user *by, const char *title, const char *owner)
{
	char body[300];
	snprintf (body, sizeof body, "{\"title\":\"%s\",\"owner_id\":\"%s\"}", title, owner);
	struct web_answer a = when_user_asks (s, by, "POST", "/api/crm/deals", body);
	CHECK (a.status == 201, "a deal is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void given_to (struct stack *s, const struct user *by, const char *what, struct uuid id, const char *to)
{
	char path[200], body[100];
	snprintf (path, sizeof path, "/api/crm/%s/%s", what, id_text (id));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", to);
	struct web_answer a = when_user_asks (s, by, "PUT", path, body);
	then_status (&a, 200);
}

static struct uuid task_for (struct stack *s, const struct user *by, struct uuid deal, const char *subject, const char *owner,
			     const char *more)
{
	char body[400];
	snprintf (body, sizeof body, "{\"kind\":\"task\",\"subject\":\"%s\",\"deal_id\":\"%s\",\"owner_id\":\"%s\"%s}", subject,
		  id_text (deal), owner, more);
	struct web_answer a = when_user_asks (s, by, "POST", "/api/crm/activities", body);
	CHECK (a.status == 201, "a task is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void id_of_news (struct stack *s, const struct user *u, int at, char ret[UUID_TEXT])
{
	char place[20];
	settle (s);
	struct web_answer a = when_user_asks (s, u, "GET", "/api/notifications", NULL);
	snprintf (place, sizeof place, "data.%d.id", at);
	snprintf (ret, UUID_TEXT, "%s", text_at (a.json, place));
	CHECK (*ret, "there is no news %d: %s", at, a.body);
	web_free (&a);
}

static void marked (struct stack *s, const struct user *u, const char *id, const char *more)
{
	char body[200];
	snprintf (body, sizeof body, "{\"ids\":[\"%s\"]%s}", id, more);
	struct web_answer a = when_user_asks (s, u, "POST", "/api/notifications/read", body);
	then_status (&a, 204);
}

static void chosen (struct stack *s, const struct user *u, const char *body)
{
	struct web_answer a = when_user_asks (s, u, "PUT", "/api/notifications/choices", body);
	then_status (&a, 204);
}

STORY (news_of_leads, "A new lead rings for its owner alone, one of nobody for all who see it; one's own making does not ring")
{
	struct workspace *w = given_workspace (s, "newslead", "commerce");
	struct user anna = given_user (s, "anna@newslead.nl", "--workspace newslead --role owner"),
		    bob = given_user (s, "bob@newslead.nl", "--workspace newslead --role sales");
	given_workspace (s, "newselse", "commerce");
	struct user eva = given_user (s, "eva@newselse.nl", "--workspace newselse --role owner");
	struct web_answer a = when_posted (s, w->hook, "{\"name\":\"Via de site\",\"email\":\"v@newslead.test\"}");
	then_status (&a, 202);
	bell_is (s, &anna, "", "1: *lead=Via de site");
	bell_is (s, &bob, "", "0:");
	bell_is (s, &eva, "", "0:");
	char body[200];
	snprintf (body, sizeof body, "{\"name\":\"Voor Bob\",\"owner_id\":\"%s\"}", bob.id);
	a = when_user_asks (s, &anna, "POST", "/api/crm/leads", body);
	then_status (&a, 201);
	bell_is (s, &anna, "", "1: *lead=Via de site");
	bell_is (s, &bob, "", "1: *lead=Voor Bob");
	a = when_user_asks (s, &anna, "POST", "/api/crm/leads", "{\"name\":\"Zelf gemaakt\"}");
	then_status (&a, 201);
	struct stream *live = stream_open_as (s, NULL, anna.cookie, NULL);
	a = when_user_asks (s, &anna, "POST", "/api/crm/leads", "{\"name\":\"Nog een\"}");
	then_status (&a, 201);
	stream_wait (live, "notices.changed", anna.id, 10000, NULL);
	stream_close (&live);
	bell_is (s, &anna, "", "1: lead=Nog een lead=Zelf gemaakt *lead=Via de site");
	struct user sdr = given_user (s, "sdr@newslead.nl", "--workspace newslead --role sdr");
	a = when_user_asks (s, &anna, "GET", "/api/crm/leads", NULL);
	struct uuid lead = uuid_at (a.json, "data.3.id");
	web_free (&a);
	char path[200];
	snprintf (path, sizeof path, "/api/crm/leads/%s", id_text (lead));
	a = when_user_asks (s, &anna, "PUT", path, "{\"owner_id\":null}");
	then_status (&a, 200);
	bell_is (s, &bob, "", "2: *lead=Voor Bob *lead=Via de site");
	bell_is (s, &sdr, "", "0:");
	then_no_dead_letters (s);
}

STORY (news_of_gifts,
       "What somebody else gives a person rings for that person alone, once for an action, whatever is heard again and whoever dies")
{
	struct workspace *w = given_workspace (s, "newsgift", "commerce");
	struct user anna = given_user (s, "anna@newsgift.nl", "--workspace newsgift --role owner"),
		    bob = given_user (s, "bob@newsgift.nl", "--workspace newsgift --role sdr"),
		    cas = given_user (s, "cas@newsgift.nl", "--workspace newsgift --role manager");
	struct stream *his = stream_open_as (s, NULL, bob.cookie, NULL), *hers = stream_open_as (s, NULL, anna.cookie, NULL);
	struct uuid deal = deal_of (s, &anna, "Eerste", anna.id);
	given_to (s, &anna, "deals", deal, bob.id);
	json_t *said = stream_wait (his, "record.assigned", id_text (deal), 15000, NULL);
	CHECK (!strcmp (text_at (said, "data.user_id"), bob.id) && !strcmp (text_at (said, "data.about"), "deal"), "it is said otherwise");
	bell_is (s, &bob, "", "1: *assigned=Eerste");
	given_to (s, &anna, "deals", deal, bob.id); /* it is his already */
	bell_is (s, &bob, "", "1: *assigned=Eerste");
	deal_of (s, &anna, "Tweede", bob.id);
	bell_is (s, &bob, "", "2: *assigned=Tweede *assigned=Eerste");
	/* something to do about what is not his */
	struct uuid other = deal_of (s, &anna, "Van Anna", anna.id), task = task_for (s, &anna, other, "Nabellen", bob.id, "");
	said = stream_wait (his, "activity.added", id_text (task), 15000, NULL);
	stream_wait (his, "record.assigned", id_text (task), 15000, NULL);
	bell_is (s, &bob, "", "3: *assigned=Nabellen *assigned=Tweede *assigned=Eerste");
	task_for (s, &bob, deal, "Voor mezelf", bob.id, "");
	bell_is (s, &bob, "", "3: *assigned=Nabellen *assigned=Tweede *assigned=Eerste");
	/* passed on: no longer his, and he no longer sees it */
	given_to (s, &anna, "activities", task, cas.id);
	bell_is (s, &bob, "", "2: *assigned=Tweede *assigned=Eerste");
	bell_is (s, &cas, "", "1: *assigned=Nabellen");
	/* many at once ring once; a lead takes its deal along without a second ring */
	char body[400], first[UUID_TEXT], second[UUID_TEXT];
	snprintf (first, sizeof first, "%s", id_text (deal_of (s, &anna, "Derde", anna.id)));
	snprintf (second, sizeof second, "%s", id_text (deal_of (s, &anna, "Vierde", anna.id)));
	snprintf (body, sizeof body, "{\"ids\":[\"%s\",\"%s\"],\"action\":\"reassign\",\"owner_id\":\"%s\"}", first, second, cas.id);
	struct web_answer a = when_user_asks (s, &anna, "POST", "/api/crm/deals/bulk", body);
	then_status (&a, 200);
	bell_is (s, &cas, "?limit=1", "2: *assigned=Derde/2");
	struct uuid lead = given_deal_of (s, w, "Lea Lood", "lea@newsgift.test", "Vraag");
	given_to (s, &anna, "leads", lead, cas.id);
	bell_is (s, &cas, "?kind=assigned", "3: *assigned=Lea Lood *assigned=Derde/2 *assigned=Nabellen");
	a = when_user_asks (s, &anna, "POST", "/api/crm/accounts", "{\"name\":\"Gift BV\"}");
	struct uuid account = uuid_at (a.json, "id");
	then_status (&a, 201);
	given_to (s, &anna, "accounts", account, cas.id);
	bell_is (s, &cas, "?kind=assigned", "4: *assigned=Gift BV *assigned=Lea Lood *assigned=Derde/2 *assigned=Nabellen");
	/* heard again, and after a death */
	when_redelivered (s, "deal.updated", 2);
	when_redelivered (s, "lead.updated", 1);
	daemon_kill (s, "contacts", 0, SIGKILL);
	daemon_ready (s, "contacts", 0);
	bell_is (s, &cas, "?kind=assigned", "4: *assigned=Gift BV *assigned=Lea Lood *assigned=Derde/2 *assigned=Nabellen");
	bell_is (s, &anna, "?kind=assigned", "0:");
	then_number (s, 7, "rings said", "select count(*) from contacts.notice where workspace_id = '%s'", w->id);
	CHECK (!stream_heard (hers, "record.assigned"), "somebody else's bell was heard");
	stream_close (&his), stream_close (&hers);
	then_no_dead_letters (s);
}

STORY (news_are_marked, "Read and unread, one by one and all: on every device of theirs, and on nobody else's")
{
	struct workspace *w = given_workspace (s, "newsmark", "commerce");
	struct user anna = given_user (s, "anna@newsmark.nl", "--workspace newsmark --role owner"),
		    bob = given_user (s, "bob@newsmark.nl", "--workspace newsmark --role owner");
	static const char *const names[] = { "Een", "Twee", "Drie" };
	char id[UUID_TEXT];
	for (size_t i = 0; i < LENGTH (names); i++) {
		struct web_answer a = when_posted (s, w->hook, "{\"name\":\"%s\"}", names[i]);
		then_status (&a, 202);
		settle (s);
	}
	struct stream *one = stream_open_as (s, NULL, anna.cookie, NULL), *two = stream_open_as (s, NULL, anna.cookie, NULL),
		      *his = stream_open_as (s, NULL, bob.cookie, NULL);
	bell_is (s, &anna, "", "3: *lead=Drie *lead=Twee *lead=Een");
	id_of_news (s, &anna, 1, id);
	marked (s, &anna, id, "");
	stream_wait (one, "notices.changed", anna.id, 10000, NULL);
	stream_wait (two, "notices.changed", anna.id, 10000, NULL);
	bell_is (s, &anna, "", "2: *lead=Drie lead=Twee *lead=Een");
	bell_is (s, &anna, "?unread=1", "2: *lead=Drie *lead=Een");
	marked (s, &anna, id, ",\"unread\":true");
	bell_is (s, &anna, "", "3: *lead=Drie *lead=Twee *lead=Een");
	struct web_answer a = when_user_asks (s, &anna, "POST", "/api/notifications/seen", "{}");
	then_status (&a, 204);
	stream_wait (two, "notices.changed", anna.id, 10000, NULL);
	bell_is (s, &anna, "", "0: lead=Drie lead=Twee lead=Een");
	marked (s, &anna, id, ",\"unread\":true");
	bell_is (s, &anna, "?unread=1", "1: *lead=Twee");
	marked (s, &anna, id, "");
	bell_is (s, &anna, "?unread=1", "0:");
	CHECK (!stream_heard (his, "notices.changed"), "another one was told what she looked at");
	stream_close (&one), stream_close (&two), stream_close (&his);
	/* page by page, each once, in the one order there is */
	bell_is (s, &anna, "?limit=2", "0: lead=Drie lead=Twee");
	a = when_user_asks (s, &anna, "GET", "/api/notifications?limit=2", NULL);
	char after[120];
	snprintf (after, sizeof after, "?limit=2&after=%s", text_at (a.json, "next"));
	web_free (&a);
	a = when_posted (s, w->hook, "{\"name\":\"Tussendoor\"}");
	then_status (&a, 202);
	bell_is (s, &anna, after, "1: lead=Een");
	static const char *const wrong[][3] = {
		{ "GET", "?kind=birthday", "/kind" },
		{ "GET", "?after=morgen", "/after" },
		{ "GET", "?limit=0", "/limit" },
		{ "POST", "{\"ids\":[]}", "/ids" },
		{ "POST", "{\"ids\":[\"1\"]}", "/ids" },
		{ "POST", "{}", "/ids" },
		{ "PUT", "{\"kind\":\"birthday\"}", "/kind" },
		{ "PUT", "{\"kind\":\"lead\",\"bell\":\"maybe\"}", "/bell" },
	};
	for (size_t i = 0; i < LENGTH (wrong); i++) {
		char path[100] = "/api/notifications";
		bool get = !strcmp (wrong[i][0], "GET");
		strcat (path, get ? wrong[i][1] : !strcmp (wrong[i][0], "PUT") ? "/choices" : "/read");
		a = when_user_asks (s, &anna, wrong[i][0], path, get ? NULL : wrong[i][1]);
		CHECK (a.status == 422 && strstr (a.body, wrong[i][2]), "%s %s is %d: %s", wrong[i][0], wrong[i][1], a.status, a.body);
		web_free (&a);
	}
	a = web (s, w->key, "POST", "/api/notifications/read", "{\"ids\":[\"%s\"]}", id);
	then_problem (&a, 403, "forbidden");
	a = web (s, w->key, "GET", "/api/notifications", NULL);
	CHECK (a.status == 200 && !json_array_size (json_at (a.json, "data")), "a key has news: %d %s", a.status, a.body);
	web_free (&a);
	a = web (s, NULL, "GET", "/api/notifications", NULL);
	then_problem (&a, 401, "unauthenticated");
}

STORY (news_are_chosen, "A kind that does not ring is neither counted nor shown, until it is asked for by name; other devices are told")
{
	struct workspace *w = given_workspace (s, "newspick", "commerce");
	struct user anna = given_user (s, "anna@newspick.nl", "--workspace newspick --role owner"),
		    bob = given_user (s, "bob@newspick.nl", "--workspace newspick --role owner");
	struct web_answer a = when_posted (s, w->hook, "{\"name\":\"Stil\"}");
	then_status (&a, 202);
	deal_of (s, &bob, "Van Bob", anna.id);
	bell_is (s, &anna, "", "2: *assigned=Van Bob *lead=Stil");
	struct stream *live = stream_open_as (s, NULL, anna.cookie, NULL);
	chosen (s, &anna, "{\"kind\":\"lead\",\"bell\":false}");
	stream_wait (live, "prefs.changed", "notifications", 10000, NULL);
	stream_close (&live);
	bell_is (s, &anna, "", "1: *assigned=Van Bob");
	bell_is (s, &anna, "?kind=lead", "1: *lead=Stil");
	bell_is (s, &bob, "", "0:");
	chosen (s, &anna, "{\"kind\":\"assigned\",\"bell\":false,\"desktop\":true}");
	bell_is (s, &anna, "", "0:");
	a = when_user_asks (s, &anna, "GET", "/api/notifications", NULL);
	CHECK (json_is_true (json_at (a.json, "choices.assigned.desktop")) && json_is_false (json_at (a.json, "choices.lead.bell")) &&
		       json_is_false (json_at (a.json, "choices.message.bell")) && json_is_true (json_at (a.json, "choices.mention.bell")),
	       "what was chosen: %s", a.body);
	web_free (&a);
	chosen (s, &anna, "{\"kind\":\"lead\",\"bell\":true}");
	bell_is (s, &anna, "", "1: *lead=Stil");
}

STORY (news_while_away,
       "What fell due while contacts was away rings when it is back, also a next step that was planned meanwhile; its doer hears it, whosever the record")
{
	struct workspace *w = given_workspace (s, "newsaway", "follow-up");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@newsaway.test", "Registro");
	struct user anna = given_user (s, "anna@newsaway.nl", "--workspace newsaway --role owner"),
		    bob = given_user (s, "bob@newsaway.nl", "--workspace newsaway --role sdr");
	char *soon = sql_text (s, "select contacts.rfc3339(clock_timestamp() + interval '2 seconds')"), more[100], path[200], body[400];
	snprintf (more, sizeof more, ",\"due_at\":\"%s\"", soon);
	struct uuid task = task_for (s, &anna, deal, "Van tevoren", bob.id, more);
	daemon_hold (s, "contacts");
	snprintf (path, sizeof path, "/api/crm/deals/%s/follow-up", id_text (deal));
	snprintf (body, sizeof body, "{\"note\":\"Belt terug\",\"kind\":\"task\",\"title\":\"Intussen\",\"at\":\"%s\",\"owner_id\":\"%s\"}",
		  soon, bob.id);
	struct web_answer a = when_user_asks (s, &anna, "POST", path, body);
	then_status (&a, 200);
	/* its time is over before contacts is back: the statement ends when it has */
	free (sql_text (s, "select pg_sleep_until('%s'::timestamptz + interval '200 milliseconds')::text", soon));
	free (soon);
	struct stream *one = stream_open_as (s, NULL, bob.cookie, NULL), *two = stream_open_as (s, NULL, bob.cookie, NULL);
	daemon_release (s, "contacts");
	stream_wait (one, "reminder.due", id_text (task), 30000, NULL);
	stream_wait (two, "reminder.due", "Intussen", 30000, NULL);
	stream_close (&one), stream_close (&two);
	bell_is (s, &anna, "?kind=reminder", "0:");
	a = when_user_asks (s, &bob, "GET", "/api/notifications?kind=reminder", NULL);
	CHECK (number_at (a.json, "unseen") == 2 && json_array_size (json_at (a.json, "data")) == 2, "what rang: %s", a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

static struct uuid said (struct stack *s, const struct user *by, const char *text, const char *where, const char *id)
{
	char body[500];
	snprintf (body, sizeof body, "{\"text\":\"%s\",\"%s\":%s%s%s}", text, where, *id ? "\"" : "", *id ? id : "true", *id ? "\"" : "");
	struct web_answer a = when_user_asks (s, by, "POST", "/api/crm/messages", body);
	CHECK (a.status == 201, "a message is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

STORY (news_of_mentions,
       "A mention rings once for who is mentioned, in a note or in the conversation; what else is said rings only where it was chosen, until it is read there")
{
	given_workspace (s, "newssaid", "commerce");
	struct user anna = given_user (s, "anna@newssaid.nl", "--workspace newssaid --role owner"),
		    bob = given_user (s, "bob@newssaid.nl", "--workspace newssaid --role sales"),
		    kim = given_user (s, "kim@newssaid.nl", "--workspace newssaid --role client");
	struct uuid deal = deal_of (s, &anna, "Taart", anna.id);
	char body[500], text[300], id[UUID_TEXT];
	uuid_format (deal, id);
	snprintf (text, sizeof text, "@{user:%s|Bob} kijk je mee? @{user:%s|Anna}", bob.id, anna.id);
	snprintf (body, sizeof body, "{\"kind\":\"note\",\"note\":\"%s\",\"deal_id\":\"%s\"}", text, id);
	struct web_answer a = when_user_asks (s, &anna, "POST", "/api/crm/activities", body);
	struct uuid note = uuid_at (a.json, "id");
	then_status (&a, 201);
	bell_is (s, &bob, "", "1: *mention=@Bob kijk je mee? @Anna");
	bell_is (s, &anna, "", "0:");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/activities/%s", id_text (note));
	snprintf (body, sizeof body, "{\"note\":\"%s nu\"}", text);
	a = when_user_asks (s, &anna, "PUT", path, body);
	then_status (&a, 200);
	bell_is (s, &bob, "", "1: *mention=@Bob kijk je mee? @Anna nu");
	char ring[UUID_TEXT];
	id_of_news (s, &bob, 0, ring);
	marked (s, &bob, ring, "");
	bell_is (s, &bob, "", "0: mention=@Bob kijk je mee? @Anna nu");
	/* in the conversation */
	snprintf (text, sizeof text, "@{user:%s|Bob} hier ook", bob.id);
	said (s, &anna, text, "deal_id", id);
	bell_is (s, &bob, "?unread=1", "1: *mention=@Bob hier ook");
	struct uuid last = said (s, &anna, "En nog iets", "deal_id", id);
	bell_is (s, &bob, "?unread=1", "1: *mention=@Bob hier ook");
	bell_is (s, &bob, "?kind=message", "1: *message=En nog iets");
	chosen (s, &bob, "{\"kind\":\"message\",\"bell\":true}");
	chosen (s, &bob, "{\"kind\":\"mention\",\"bell\":false}");
	bell_is (s, &bob, "", "1: *message=En nog iets");
	snprintf (body, sizeof body, "{\"deal_id\":\"%s\",\"message_id\":\"%s\"}", id, id_text (last));
	a = when_user_asks (s, &bob, "POST", "/api/crm/rooms/seen", body);
	CHECK (a.status / 100 == 2, "a room that was seen is %d: %s", a.status, a.body);
	web_free (&a);
	bell_is (s, &bob, "", "0: message=En nog iets");
	bell_is (s, &anna, "?kind=message", "0:");
	/* who is no part of the team hears nothing of what the team says */
	bell_is (s, &kim, "?kind=message,mention", "0:");
	snprintf (path, sizeof path, "/api/crm/deals/%s", id);
	a = when_user_asks (s, &anna, "DELETE", path, NULL);
	then_status (&a, 204);
	bell_is (s, &bob, "?kind=message,mention", "0:");
	then_no_dead_letters (s);
}
