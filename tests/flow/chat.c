/* The team's conversation and mentions: said once, read on all of one's devices, kept from whoever may not see the record; names become ids, and whoever is
 * mentioned is told once. It must never look at the table where the API can be asked. */
#include <string.h>
#include "story.h"

/* A message by a user; `room`: "channel\":true" or "deal_id\":\"…\"". Its id. */
static struct uuid said_by (struct stack *s, const struct user *u, const char *room, const char *text)
{
	char body[3000];
	snprintf (body, sizeof body, "{\"%s,\"text\":\"%s\"}", room, text);
	struct web_answer a = when_user_asks (s, u, "POST", "/api/crm/messages", body);
	CHECK (a.status == 201 && number_at (a.json, "place") > 0, "%s cannot say %s: %d %s", u->email, body, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static struct web_answer room_read (struct stack *s, const struct user *u, const char *query)
{
	char path[300];
	snprintf (path, sizeof path, "/api/crm/messages?%s", query);
	return when_user_asks (s, u, "GET", path, NULL);
}

/* "kind/label/visible" of a message's mentions. */
static void mentions_are (const json_t *message, const char *expected)
{
	char line[1000] = "";
	size_t i;
	json_t *m;
	json_array_foreach (json_at ((json_t *) message, "mentions"), i, m)
		snprintf (line + strlen (line), sizeof line - strlen (line), "%s%s/%s/%d", i ? ", " : "", text_at (m, "kind"),
			  text_at (m, "label"), json_is_true (json_at (m, "visible")));
	CHECK (!strcmp (line, expected), "a message mentions\n      %s\n  not\n      %s", line, expected);
}

static struct uuid made (struct stack *s, const struct workspace *w, const char *path, const char *body)
{
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST", .url = path, .key = w->key, .body = body });
	CHECK (a.status == 201, "%s %s is %d: %s", path, body, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

/* "unread/mentioned" of the room, "-" when one takes no part in it. */
static void room_says (struct stack *s, const struct user *u, const char *room, const char *expected)
{
	struct web_answer a = when_user_asks (s, u, "GET", "/api/crm/rooms", NULL);
	char line[60] = "-";
	size_t i;
	json_t *row;
	json_array_foreach (json_at (a.json, "data"), i, row) if (!strcmp (text_at (row, "room.id"), room))
		snprintf (line, sizeof line, "%lld/%d", (long long) number_at (row, "unread"), json_is_true (json_at (row, "mentioned")));
	CHECK (a.status == 200 && !strcmp (line, expected), "%s reads of %s %s, not %s: %s", u->email, room, line, expected, a.body);
	web_free (&a);
}

STORY (s3_9_mentions,
       "S3-9: four typed names become four links; whoever may not see a record is told its name as text; of two Jane Does the writer says which")
{
	struct workspace *w = given_workspace (s, "mentions", "dynamics");
	struct user anna = given_user (s, "anna@mentions.nl", "--workspace mentions --role owner --name Anna"),
		    luis = given_user (s, "luis@mentions.nl", "--workspace mentions --role sdr");
	struct uuid jane = made (s, w, "/api/crm/contacts", "{\"name\":\"Jane Doe\",\"email\":\"jane@acme.test\"}");
	made (s, w, "/api/crm/contacts", "{\"name\":\"Jane\",\"email\":\"only@jane.test\"}");
	struct uuid acme = made (s, w, "/api/crm/accounts", "{\"name\":\"Acme Corp\"}");
	made (s, w, "/api/crm/accounts", "{\"name\":\"Acme\"}");
	made (s, w, "/api/crm/opportunities", "{\"title\":\"Enterprise Deal\"}");
	struct uuid john = made (s, w, "/api/crm/leads", "{\"name\":\"John Smith\",\"email\":\"john@smith.test\"}");
	settle (s);
	const char *text = "Ask @contact:Jane Doe about @opportunity:Enterprise Deal and @account:Acme Corp, @lead:John Smith";
	struct uuid id = said_by (s, &anna, "channel\":true", text);
	struct web_answer a = room_read (s, &anna, "channel=1");
	json_t *first = json_array_get (json_at (a.json, "data"), 0);
	CHECK (a.status == 200 && !strcmp (text_at (first, "id"), id_text (id)), "the channel is %d: %s", a.status, a.body);
	mentions_are (first, "contact/Jane Doe/1, opportunity/Enterprise Deal/1, account/Acme Corp/1, lead/John Smith/1");
	CHECK (strstr (text_at (first, "text"), id_text (jane)) && strstr (text_at (first, "text"), id_text (acme)) &&
		       strstr (text_at (first, "text"), "|Acme Corp}, @{lead:") && strstr (text_at (first, "text"), id_text (john)),
	       "the text is kept as %s", text_at (first, "text"));
	web_free (&a);
	/* an SDR sees only their own: of all of these none */
	a = room_read (s, &luis, "channel=1");
	mentions_are (json_array_get (json_at (a.json, "data"), 0),
		      "contact/Jane Doe/0, opportunity/Enterprise Deal/0, account/Acme Corp/0, lead/John Smith/0");
	web_free (&a);
	char path[400], body[700];
	snprintf (path, sizeof path, "/api/crm/contacts/%s", id_text (jane));
	a = when_user_asks (s, &luis, "GET", path, NULL); /* the hover card */
	then_problem (&a, 404, "contact_not_found");
	snprintf (path, sizeof path, "/api/crm/mentions?of=contact:%s,account:%s,user:%s", id_text (jane), id_text (acme), anna.id);
	a = when_user_asks (s, &luis, "GET", path, NULL);
	CHECK (a.status == 200 && !strstr (a.body, "Jane Doe") && strstr (a.body, anna.id) && !strstr (a.body, "Acme"),
	       "tokens tell what may not be seen: %d %s", a.status, a.body);
	web_free (&a);
	/* what somebody types is looked for with their own rights: to Luis there is no Jane Doe, and it stays text */
	said_by (s, &luis, "channel\":true", "En @contact:Jane Doe?");
	a = room_read (s, &anna, "channel=1&limit=1");
	CHECK (!strcmp (text_at (json_array_get (json_at (a.json, "data"), 0), "text"), "En @contact:Jane Doe?") &&
		       *text_at (a.json, "next"),
	       "it became %s", a.body);
	web_free (&a);
	/* a second Jane Doe: which one, says the writer */
	struct uuid other = made (s, w, "/api/crm/contacts", "{\"name\":\"jane doe\",\"email\":\"jane@elders.test\"}");
	settle (s);
	a = when_user_asks (s, &anna, "POST", "/api/crm/messages", "{\"channel\":true,\"text\":\"Bel @contact:Jane Doe's assistent\"}");
	CHECK (a.status == 422 && strstr (a.body, "mention_ambiguous") && strstr (a.body, "/text") && strstr (a.body, id_text (jane)) &&
		       strstr (a.body, id_text (other)),
	       "two of a name are %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (body, sizeof body, "Bel @{contact:%s|Jane Doe}", id_text (other));
	said_by (s, &anna, "channel\":true", body);
	a = room_read (s, &anna, "channel=1&limit=1");
	mentions_are (json_array_get (json_at (a.json, "data"), 0), "contact/jane doe/1");
	web_free (&a);
	snprintf (body, sizeof body, "Weet @user:%s dit?", "anna");
	said_by (s, &luis, "channel\":true", body);
	a = room_read (s, &luis, "channel=1&limit=1");
	mentions_are (json_array_get (json_at (a.json, "data"), 0), "user/Anna/1");
	web_free (&a);
	/* the picker */
	a = when_user_asks (s, &anna, "GET", "/api/crm/mention-candidates?q=jane%20d", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2 && strstr (a.body, "jane@elders.test"), "the picker: %s",
	       a.body);
	web_free (&a);
	a = when_user_asks (s, &luis, "GET", "/api/crm/mention-candidates?q=jane", NULL);
	CHECK (a.status == 200 && !json_array_size (json_at (a.json, "data")), "the picker offers what may not be seen: %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &luis, "GET", "/api/crm/mention-candidates?kind=user&q=ann", NULL);
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && strstr (a.body, anna.id), "the picker does not know Anna: %s", a.body);
	web_free (&a);
	/* notes speak the same words */
	snprintf (body, sizeof body, "{\"kind\":\"note\",\"contact_id\":\"%s\",\"note\":\"Via @account:acme corp en @contact:Jane Doe\"}",
		  id_text (other));
	a = when_user_asks (s, &anna, "POST", "/api/crm/activities", body);
	CHECK (a.status == 422 && strstr (a.body, "mention_ambiguous") && strstr (a.body, "/note"), "a note is %d: %s", a.status, a.body);
	web_free (&a);
	snprintf (body, sizeof body, "{\"kind\":\"note\",\"contact_id\":\"%s\",\"note\":\"Via @account:acme corp\"}", id_text (other));
	made (s, w, "/api/crm/activities", body);
	snprintf (path, sizeof path, "/api/crm/activities?contact_id=%s", id_text (other));
	a = when_user_asks (s, &anna, "GET", path, NULL);
	snprintf (body, sizeof body, "Via @{account:%s|Acme Corp}", id_text (acme));
	CHECK (strstr (a.body, body), "the note is kept as %s", a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

/* "title/read | …" of the mentions in somebody's bell. */
static void bell_says (struct stack *s, const struct user *u, const char *expected)
{
	struct web_answer a = when_user_asks (s, u, "GET", "/api/notifications?kind=mention", NULL);
	char line[2000] = "";
	size_t i;
	json_t *row;
	json_array_foreach (json_at (a.json, "data"), i, row)
		snprintf (line + strlen (line), sizeof line - strlen (line), "%s%s/%d", i ? " | " : "", text_at (row, "title"),
			  json_is_true (json_at (row, "read")));
	CHECK (a.status == 200 && !strcmp (line, expected), "%s's bell says\n      %s\n  not\n      %s", u->email, line, expected);
	web_free (&a);
}

STORY (mentioned_once,
       "Whoever is mentioned is told once: in a message, a note or a follow-up, over edits, repeats, what is heard twice and a death of the service; never the writer")
{
	struct workspace *w = given_workspace (s, "told", "follow-up");
	struct user anna = given_user (s, "anna@told.nl", "--workspace told --role owner"),
		    bob = given_user (s, "bob@told.nl", "--workspace told --role sales"),
		    cas = given_user (s, "cas@told.nl", "--workspace told --role sdr");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@told.test", "Registro");
	struct stream *his = stream_open_as (s, NULL, bob.cookie, NULL), *hers = stream_open_as (s, NULL, anna.cookie, NULL),
		      *cass = stream_open_as (s, NULL, cas.cookie, NULL);
	char room[100], text[400], body[900], path[200];
	snprintf (room, sizeof room, "deal_id\":\"%s\"", id_text (deal));
	snprintf (text, sizeof text, "@{user:%s|Bob} en @{user:%s|Bob} en @{user:%s|Anna} en @{user:%s|Cas}: kijk", bob.id, bob.id, anna.id,
		  cas.id);
	struct uuid id = said_by (s, &anna, room, text);
	json_t *told = stream_wait (his, "mention.made", id_text (id), 5000, NULL);
	CHECK (!strcmp (text_at (told, "data.user_id"), bob.id) &&
		       !strcmp (text_at (told, "data.excerpt"), "@Bob en @Bob en @Anna en @Cas: kijk"),
	       "he is told %s", text_at (told, "data.excerpt"));
	snprintf (path, sizeof path, "/api/crm/messages/%s", id_text (id));
	snprintf (body, sizeof body, "{\"text\":\"%s nog eens\"}", text);
	struct web_answer a = when_user_asks (s, &anna, "PUT", path, body); /* an edit tells whoever is new to it */
	then_status (&a, 200);
	/* a note and a follow-up, repeated under their keys */
	for (int i = 0; i < 2; i++) {
		snprintf (body, sizeof body, "{\"kind\":\"note\",\"deal_id\":\"%s\",\"note\":\"Voor @{user:%s|Bob}\"}", id_text (deal),
			  bob.id);
		a = web_ask (s, &(struct web_request){ .method = "POST",
						       .url = "/api/crm/activities",
						       .cookie = anna.cookie,
						       .header = { "Sec-Fetch-Site: same-origin" },
						       .idempotency = "told-note",
						       .body = body });
		then_status (&a, 201);
		snprintf (path, sizeof path, "/api/crm/deals/%s/follow-up", id_text (deal));
		snprintf (body, sizeof body, "{\"note\":\"Volgt @{user:%s|Bob} op\"}", bob.id);
		a = web_ask (s, &(struct web_request){ .method = "POST",
						       .url = path,
						       .cookie = anna.cookie,
						       .header = { "Sec-Fetch-Site: same-origin" },
						       .idempotency = "told-follow",
						       .body = body });
		then_status (&a, 200);
		daemon_kill (s, "contacts", 0, 9);
		daemon_ready (s, "contacts", 0);
	}
	settle (s);
	when_redelivered (s, "deal.followed_up", 3);
	/* note, follow-up and this: each told once since the message, in the order in which they were written */
	snprintf (text, sizeof text, "Klaar, @{user:%s|Bob}", bob.id);
	struct uuid last = said_by (s, &anna, "channel\":true", text);
	stream_wait (hers, "message.posted", id_text (last), 15000, NULL);
	static const char *const order[] = { "Voor @Bob", "Volgt @Bob op", "Klaar, @Bob" };
	for (size_t i = 0; i < LENGTH (order); i++) {
		told = stream_wait (his, "mention.made", NULL, 15000, NULL);
		CHECK (!strcmp (text_at (told, "data.excerpt"), order[i]), "he is told %s, not %s", text_at (told, "data.excerpt"),
		       order[i]);
	}
	CHECK (!stream_heard (hers, "mention.made"), "the writer is told of her own words");
	/* Cas sees only his own deals, and this is none of his: he hears nothing of it */
	CHECK (!stream_heard (cass, "mention.made") && !stream_heard (cass, "kijk"), "he hears of a record that he may not see");
	/* in the bell: his four, newest first, and of Cas none; what he reads in its room is read */
	bell_says (s, &bob, "Klaar, @Bob/0 | Volgt @Bob op/0 | Voor @Bob/0 | @Bob en @Bob en @Anna en @Cas: kijk nog eens/0");
	bell_says (s, &cas, "");
	bell_says (s, &anna, "");
	snprintf (body, sizeof body, "{\"message_id\":\"%s\"}", id_text (last));
	a = when_user_asks (s, &bob, "POST", "/api/crm/rooms/seen", body);
	then_status (&a, 200);
	bell_says (s, &bob, "Klaar, @Bob/1 | Volgt @Bob op/0 | Voor @Bob/0 | @Bob en @Bob en @Anna en @Cas: kijk nog eens/0");
	stream_close (&his), stream_close (&hers), stream_close (&cass);
	then_no_dead_letters (s);
}

STORY (conversation,
       "One says it once, changes and removes one's own; others may not, but who changes settings removes anybody's; versions guard; places are dense")
{
	struct workspace *w = given_workspace (s, "talk", "follow-up"), *far = given_workspace (s, "talk-far", "follow-up");
	struct user anna = given_user (s, "anna@talk.nl", "--workspace talk --role owner"),
		    bob = given_user (s, "bob@talk.nl", "--workspace talk --role sales"),
		    sdr = given_user (s, "sdr@talk.nl", "--workspace talk --role sdr"),
		    klant = given_user (s, "klant@talk.nl", "--workspace talk --role client"),
		    vreemd = given_user (s, "vreemd@talk.nl", "--workspace talk-far --role owner");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@talk.test", "Registro");
	char room[100], path[200], query[200], body[200];
	snprintf (room, sizeof room, "deal_id\":\"%s\"", id_text (deal));
	snprintf (query, sizeof query, "deal_id=%s", id_text (deal));
	struct stream *live = stream_open_as (s, NULL, anna.cookie, NULL), *client = stream_open_as (s, NULL, klant.cookie, NULL);
	snprintf (body, sizeof body, "{\"%s,\"text\":\"Eén keer\"}", room);
	struct uuid id = { { 0 } };
	for (int i = 0; i < 3; i++) {
		struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
									 .url = "/api/crm/messages",
									 .cookie = bob.cookie,
									 .header = { "Sec-Fetch-Site: same-origin" },
									 .idempotency = "talk-once",
									 .body = body });
		CHECK (a.status == 201 && number_at (a.json, "place") == 1, "said %d times it is %d: %s", i + 1, a.status, a.body);
		id = uuid_at (a.json, "id");
		web_free (&a);
	}
	stream_wait (live, "message.posted", id_text (id), 5000, NULL);
	struct web_answer a = room_read (s, &anna, query);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1 && number_at (a.json, "last") == 1 &&
		       *text_at (a.json, "room.title") && number_at (a.json, "room.number") > 0,
	       "the room is %d: %s", a.status, a.body);
	web_free (&a);
	/* a lead and its deal are one room */
	snprintf (query, sizeof query, "lead_id=%s", id_text (deal));
	a = room_read (s, &anna, query);
	CHECK (json_array_size (json_at (a.json, "data")) == 1, "the lead's room is another: %s", a.body);
	web_free (&a);
	snprintf (query, sizeof query, "deal_id=%s", id_text (deal));
	snprintf (path, sizeof path, "/api/crm/messages/%s", id_text (id));
	a = when_user_asks (s, &anna, "PUT", path, "{\"text\":\"In zijn naam\"}");
	then_problem (&a, 403, "forbidden");
	a = when_user_asks (s, &bob, "PUT", path, "{\"text\":\"Beter gezegd\",\"version\":1}");
	CHECK (a.status == 200 && number_at (a.json, "version") == 2, "an edit is %d: %s", a.status, a.body);
	web_free (&a);
	a = when_user_asks (s, &bob, "PUT", path, "{\"text\":\"Te laat\",\"version\":1}");
	then_problem (&a, 409, "message_changed");
	a = when_user_asks (s, &bob, "PUT", path, "{\"text\":\"  \"}");
	CHECK (a.status == 422 && strstr (a.body, "/text"), "nothing is %d: %s", a.status, a.body);
	web_free (&a);
	stream_wait (live, "message.changed", "Beter gezegd", 5000, NULL);
	struct uuid hers = said_by (s, &anna, room, "Van de baas");
	snprintf (path, sizeof path, "/api/crm/messages/%s", id_text (hers));
	a = when_user_asks (s, &bob, "DELETE", path, NULL);
	then_problem (&a, 403, "forbidden");
	snprintf (path, sizeof path, "/api/crm/messages/%s", id_text (id));
	for (int i = 0; i < 2; i++) {
		a = when_user_asks (s, &anna, "DELETE", path, NULL);
		CHECK (a.status == 204, "an owner's removal is %d: %s", a.status, a.body);
		web_free (&a);
	}
	stream_wait (live, "message.removed", id_text (id), 5000, NULL);
	a = when_user_asks (s, &bob, "PUT", path, "{\"text\":\"Toch nog\"}");
	then_problem (&a, 404, "message_not_found");
	a = room_read (s, &bob, query);
	json_t *gone = json_array_get (json_at (a.json, "data"), 1);
	CHECK (number_at (gone, "place") == 1 && json_is_null (json_at (gone, "text")) && *text_at (gone, "removed_at") &&
		       !strstr (a.body, "Beter"),
	       "what was removed is told: %s", a.body);
	web_free (&a);
	/* who may not see the record finds no room; the channel is for all who work here, and for no client */
	a = room_read (s, &sdr, query);
	then_problem (&a, 404, "deal_not_found");
	snprintf (body, sizeof body, "{\"%s,\"text\":\"Ik ook\"}", room);
	a = when_user_asks (s, &sdr, "POST", "/api/crm/messages", body);
	then_problem (&a, 404, "deal_not_found");
	a = when_user_asks (s, &sdr, "GET", path, NULL);
	then_problem (&a, 404, "message_not_found");
	said_by (s, &sdr, "channel\":true", "Goedemorgen");
	static const char *const shut[] = { "/api/crm/messages?channel=1", "/api/crm/rooms" };
	for (size_t i = 0; i < LENGTH (shut); i++) {
		a = when_user_asks (s, &klant, "GET", shut[i], NULL);
		then_problem (&a, 403, "forbidden");
	}
	a = when_user_asks (s, &klant, "POST", "/api/crm/messages", "{\"channel\":true,\"text\":\"Hallo?\"}");
	then_problem (&a, 403, "forbidden");
	CHECK (!stream_heard (client, "message."), "a client hears the team");
	stream_close (&client), stream_close (&live);
	/* another workspace's is not there, whatever is named */
	a = room_read (s, &vreemd, query);
	then_problem (&a, 404, "deal_not_found");
	a = when_user_asks (s, &vreemd, "GET", path, NULL);
	then_problem (&a, 404, "message_not_found");
	snprintf (body, sizeof body, "{\"%s,\"text\":\"Ik ook\"}", room);
	a = when_user_asks (s, &vreemd, "POST", "/api/crm/messages", body);
	then_problem (&a, 404, "deal_not_found");
	a = room_read (s, &vreemd, "channel=1&workspace=talk");
	then_problem (&a, 404, "workspace_not_found");
	(void) far;
	static const char *const wrong[][2] = { { "{\"text\":\"x\"}", "required" },
						{ "{\"channel\":true}", "/text" },
						{ "{\"channel\":true,\"text\":\" \"}", "/text" } };
	for (size_t i = 0; i < LENGTH (wrong); i++) {
		a = when_user_asks (s, &bob, "POST", "/api/crm/messages", wrong[i][0]);
		CHECK (a.status == 422 && strstr (a.body, wrong[i][1]), "%s is %d: %s", wrong[i][0], a.status, a.body);
		web_free (&a);
	}
	static char big[12000];
	size_t n = (size_t) snprintf (big, sizeof big, "{\"channel\":true,\"text\":\"");
	memset (big + n, 'x', 5001);
	snprintf (big + n + 5001, sizeof big - n - 5001, "\"}");
	a = when_user_asks (s, &bob, "POST", "/api/crm/messages", big);
	CHECK (a.status == 422 && strstr (a.body, "too_long"), "too much is %d: %s", a.status, a.body);
	web_free (&a);
	/* handed to the SDR, the deal's room is hers too, its past included */
	snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (deal));
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", sdr.id);
	a = web_ask (s, &(struct web_request){ .method = "PUT", .url = path, .key = w->key, .body = body });
	then_status (&a, 200);
	settle (s);
	a = room_read (s, &sdr, query);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2, "the room did not come along: %d %s", a.status, a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

STORY (unread_everywhere,
       "What is unread is counted per room and reader, falls on all of one's devices when it is read on one, and never by one's own words")
{
	struct workspace *w = given_workspace (s, "unread", "follow-up");
	struct user anna = given_user (s, "anna@unread.nl", "--workspace unread --role owner"),
		    bob = given_user (s, "bob@unread.nl", "--workspace unread --role sales");
	struct uuid deal = given_deal_of (s, w, "Ana Ruiz", "ana@unread.test", "Registro"), last = { { 0 } };
	char room[100], body[200], deal_room[UUID_TEXT], text[200];
	snprintf (deal_room, sizeof deal_room, "%s", id_text (deal));
	snprintf (room, sizeof room, "deal_id\":\"%s\"", deal_room);
	for (int i = 0; i < 3; i++)
		last = said_by (s, &anna, "channel\":true", "Nieuws");
	room_says (s, &bob, w->id, "3/0");
	room_says (s, &anna, w->id, "0/0");
	said_by (s, &anna, room, "Over deze");
	room_says (s, &bob, deal_room, "-"); /* he takes no part in it yet */
	snprintf (text, sizeof text, "En jij, @{user:%s|Bob}?", bob.id);
	struct uuid asked = said_by (s, &anna, room, text);
	room_says (s, &bob, deal_room, "2/1");
	struct web_answer a = when_user_asks (s, &bob, "GET", "/api/crm/rooms", NULL);
	CHECK (number_at (a.json, "total_unread") == 5 &&
		       !strcmp (text_at (json_array_get (json_at (a.json, "data"), 0), "room.kind"), "channel") &&
		       strstr (a.body, "En jij, @Bob?"),
	       "his rooms: %s", a.body);
	web_free (&a);
	/* what was taken away is not unread */
	char gone[200];
	snprintf (gone, sizeof gone, "/api/crm/messages/%s", id_text (said_by (s, &anna, "channel\":true", "Oeps")));
	room_says (s, &bob, w->id, "4/0");
	a = when_user_asks (s, &anna, "DELETE", gone, NULL);
	then_status (&a, 204);
	room_says (s, &bob, w->id, "3/0");
	/* who comes later has not missed what was said before */
	struct user eva = given_user (s, "eva@unread.nl", "--workspace unread --role sales");
	settle (s);
	room_says (s, &eva, w->id, "0/0");
	/* messages ring for whoever chose so; here they are asked for by name */
	a = when_user_asks (s, &bob, "GET", "/api/notifications?kind=message", NULL);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1 && strstr (a.body, "message.posted") &&
		       strstr (a.body, "channel"),
	       "messages in his bell: %s", a.body);
	web_free (&a);
	/* two devices of his and one of hers */
	struct stream *phone = stream_open_as (s, NULL, bob.cookie, NULL), *desk = stream_open_as (s, NULL, bob.cookie, NULL),
		      *hers = stream_open_as (s, NULL, anna.cookie, NULL);
	snprintf (body, sizeof body, "{\"channel\":true,\"message_id\":\"%s\"}", id_text (last));
	for (int i = 0; i < 2; i++) {
		a = when_user_asks (s, &bob, "POST", "/api/crm/rooms/seen", body);
		CHECK (a.status == 200 && number_at (a.json, "place") == 3, "seen is %d: %s", a.status, a.body);
		web_free (&a);
	}
	stream_wait (phone, "room.seen", id_text (last), 5000, NULL);
	stream_wait (desk, "room.seen", id_text (last), 5000, NULL);
	room_says (s, &bob, w->id, "0/0");
	room_says (s, &bob, deal_room, "2/1");
	snprintf (body, sizeof body, "{\"message_id\":\"%s\"}", id_text (asked));
	a = when_user_asks (s, &bob, "POST", "/api/crm/rooms/seen", body);
	then_status (&a, 200);
	room_says (s, &bob, deal_room, "0/0");
	said_by (s, &bob, room, "Ja");
	room_says (s, &anna, deal_room, "1/0");
	room_says (s, &bob, deal_room, "0/0");
	CHECK (!stream_heard (hers, "room.seen"), "another one is told what he read");
	stream_close (&phone), stream_close (&desk), stream_close (&hers);
	/* the page around a message, and on from it */
	char query[200];
	snprintf (query, sizeof query, "channel=1&limit=2&around=%s", id_text (last));
	a = room_read (s, &bob, query);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 2 && !strcmp (text_at (a.json, "next"), "3") &&
		       number_at (a.json, "seen") == 3,
	       "around the last: %s", a.body);
	web_free (&a);
	a = room_read (s, &bob, "channel=1&limit=2&before=2");
	CHECK (json_array_size (json_at (a.json, "data")) == 1 && json_is_null (json_at (a.json, "next")), "on from there: %s", a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

STORY (conversation_piles_up, "Messages of one batch stand in their order, each in a place of its own, and both of two people's are there")
{
	struct workspace *w = given_workspace (s, "piles", "follow-up");
	struct message_post cmd[8];
	struct pending *asked[LENGTH (cmd)];
	daemon_hold (s, "contacts");
	for (size_t i = 0; i < LENGTH (cmd); i++) {
		cmd[i] = (struct message_post){ .head = { .workspace = w->uuid, .actor = w->uuid, .at = 1700000000000000 + (int64_t) i },
						.text = "Tegelijk",
						.channel = true,
						.has.channel = HERE };
		cmd[i].head.grant.scope = SCOPE_ALL;
		cmd[i].head.grant.permissions = ~UINT64_C (0);
		cmd[i].message_id.uuid = uuid_of (&i, sizeof i);
		asked[i] = bus_ask (s, &message_post_record, &cmd[i]);
	}
	daemon_release (s, "contacts");
	for (size_t i = 0; i < LENGTH (cmd); i++)
		CHECK (bus_wait (&asked[i], 10000).state == REPLY_DONE, "one of those said together was not");
	then_text (s, "1,2,3,4,5,6,7,8", "places",
		   "select string_agg(place::text, ',' order by place) from contacts.message where workspace_id = '%s'", w->id);
	then_number (s, 8, "the room's newest", "select newest from contacts.room where room_id = '%s'", w->id);
	then_no_dead_letters (s);
}
