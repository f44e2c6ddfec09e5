/* Conversations of others, and what Meta says of both: messages by their threads, how far ours are, and leads that are only named. See sender.h.
 * It must never take what one of us wrote for the words of somebody who asks. */
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "html.h"
#include "sender_parts.h"

static int64_t seconds_at (struct arena *a, const json_t *object, const char *member)
{
	const char *text = said_at (a, object, member);
	char *end;
	long long seconds = text ? strtoll (text, &end, 10) : 0;
	return text && !*end && seconds > 0 && seconds < INT64_MAX / 1000000 ? (int64_t) seconds * 1000000 : 0;
}

static int64_t time_at (const json_t *object, const char *member)
{
	int64_t at;
	const char *text = json_string_value (json_object_get (object, member));
	return text && time_parse (text, &at) == OK ? at : 0;
}

/* A lead in the words of a conversation: who it is, and what they said first. */
static json_t *talk_lead (const struct sender_talk *talk, const char *phone)
{
	json_t *tree = lead_tree ();
	lead_member (tree, "name", talk->name);
	lead_member (tree, "email", talk->email);
	lead_member (tree, "phone", phone);
	lead_member (tree, "message", talk->text);
	lead_member (tree, "campaign", talk->campaign);
	lead_member (tree, "ad_id", talk->advert);
	return tree;
}

/* ---- Meta ---- */

static bool is_field (const json_t *change, const char *name)
{
	const char *field = json_string_value (json_object_get (change, "field"));
	return field && strcmp (field, name) == 0;
}

void meta_read (struct sender_parts *to, const json_t *tree)
{
	size_t i, k;
	json_t *entry, *change;
	json_array_foreach (json_object_get (tree, "entry"), i, entry) json_array_foreach (json_object_get (entry, "changes"), k, change)
	{
		const char *id = said_at (to->arena, json_object_get (change, "value"), "leadgen_id");
		if (is_field (change, "leadgen") && id)
			part_add (to, SENDER_FETCH, id);
		else
			part_add (to, SENDER_NOTHING, NULL)->why = "another field than leadgen changed";
	}
}

json_t *sender_graph_lead (struct arena *a, const json_t *answer)
{
	static const char *const kept[] = { "ad_id", "ad_name", "campaign_id", "campaign_name", "form_id", "platform" };
	const json_t *data = json_object_get (answer, "field_data");
	size_t i;
	json_t *field, *ret;
	if (!json_is_array (data))
		return NULL;
	ret = lead_tree ();
	json_array_foreach (data, i, field)
	{
		const char *name = json_string_value (json_object_get (field, "name"));
		json_t *values = json_object_get (field, "values");
		lead_field (ret, name ? name : "answer", NULL, NULL,
			    json_is_array (values) && json_array_size (values) == 1 ? json_deep_copy (json_array_get (values, 0))
										    : json_deep_copy (values));
	}
	for (i = 0; i < LENGTH (kept); i++)
		lead_member (ret, kept[i], said_at (a, answer, kept[i]));
	json_t *consent = json_object_get (answer, "custom_disclaimer_responses");
	if (consent)
		json_object_set (ret, "consent", consent);
	return ret;
}

/* ---- WhatsApp ---- */

/* What a message holds, by its kind; of a button what was on it. */
static void whatsapp_content (struct arena *a, const json_t *message, struct sender_talk *talk)
{
	const json_t *said = talk->kind ? json_object_get (message, talk->kind) : NULL, *reply;
	static const char *const texts[] = { "body", "caption", "text", "name", "emoji" };
	for (size_t i = 0; i < LENGTH (texts) && !talk->text; i++)
		talk->text = said_at (a, said, texts[i]);
	reply = json_object_get (said, "button_reply");
	if (!reply)
		reply = json_object_get (said, "list_reply");
	if (!talk->text)
		talk->text = said_at (a, reply, "title");
	talk->mime = said_at (a, said, "mime_type");
	talk->media = talk->mime ? said_at (a, said, "id") : NULL;
}

/* Who writes may have a number, a name for this business alone, or both. */
static void whatsapp_message (struct sender_parts *to, const json_t *value, const json_t *message)
{
	const json_t *meta = json_object_get (value, "metadata"), *contact = json_array_get (json_object_get (value, "contacts"), 0),
		     *referral = json_object_get (message, "referral");
	struct sender_talk talk = { .id = said_at (to->arena, message, "id"),
				    .from = said_at (to->arena, message, "from"),
				    .kind = said_at (to->arena, message, "type"),
				    .name = said_at (to->arena, json_object_get (contact, "profile"), "name"),
				    .campaign = said_at (to->arena, referral, "headline"),
				    .advert = said_at (to->arena, referral, "source_id"),
				    .at = seconds_at (to->arena, message, "timestamp") };
	const char *number = talk.from, *line = said_at (to->arena, meta, "phone_number_id");
	if (!talk.from)
		talk.from = said_at (to->arena, contact, "user_id");
	if (!talk.from)
		talk.from = said_at (to->arena, message, "from_user_id");
	talk.thread = arena_printf (to->arena, "%s:%s", line ? line : "", talk.from ? talk.from : "");
	whatsapp_content (to->arena, message, &talk);
	struct sender_part *part = part_add (to, SENDER_TALK, talk.id);
	part->tree = talk_lead (&talk, number ? arena_printf (to->arena, "+%s", number) : NULL);
	part->talk = talk;
}

static void whatsapp_status (struct sender_parts *to, const json_t *status)
{
	const json_t *error = json_array_get (json_object_get (status, "errors"), 0);
	struct sender_talk talk = { .id = said_at (to->arena, status, "id"),
				    .from = said_at (to->arena, status, "recipient_id"),
				    .status = said_at (to->arena, status, "status"),
				    .problem = said_at (to->arena, error, "title"),
				    .at = seconds_at (to->arena, status, "timestamp") };
	part_add (to, SENDER_STATUS, talk.id && talk.status ? arena_printf (to->arena, "%s %s", talk.id, talk.status) : NULL)->talk = talk;
}

void whatsapp_read (struct sender_parts *to, const json_t *tree)
{
	size_t i, k, m;
	json_t *entry, *change, *one;
	json_array_foreach (json_object_get (tree, "entry"), i, entry) json_array_foreach (json_object_get (entry, "changes"), k, change)
	{
		const json_t *value = json_object_get (change, "value");
		size_t before = to->n;
		json_array_foreach (json_object_get (value, "messages"), m, one) whatsapp_message (to, value, one);
		json_array_foreach (json_object_get (value, "statuses"), m, one) whatsapp_status (to, one);
		if (to->n == before)
			part_add (to, SENDER_NOTHING, NULL)->why = "neither a message nor how far one is";
	}
}

/* ---- tawk.to ---- */

static void tawk_start (struct sender_parts *to, const json_t *tree)
{
	const json_t *visitor = json_object_get (tree, "visitor"), *message = json_object_get (tree, "message");
	struct sender_talk talk = { .thread = said_at (to->arena, tree, "chatId"),
				    .name = said_at (to->arena, visitor, "name"),
				    .email = said_at (to->arena, visitor, "email"),
				    .text = said_at (to->arena, message, "text"),
				    .kind = "text",
				    .at = time_at (tree, "time") };
	const char *type = json_string_value (json_object_get (json_object_get (message, "sender"), "type"));
	talk.ours = type && strcmp (type, "visitor") != 0;
	struct sender_part *part = part_add (to, SENDER_TALK, talk.thread ? arena_printf (to->arena, "%s start", talk.thread) : NULL);
	part->tree = talk_lead (&talk, NULL);
	part->talk = talk;
}

static void tawk_transcript (struct sender_parts *to, const json_t *chat)
{
	const json_t *visitor = json_object_get (chat, "visitor");
	const char *thread = said_at (to->arena, chat, "id");
	size_t i;
	json_t *message;
	json_array_foreach (json_object_get (chat, "messages"), i, message)
	{
		const json_t *sender = json_object_get (message, "sender");
		const char *type = json_string_value (json_object_get (sender, "t"));
		struct sender_talk talk = { .thread = thread,
					    .id = thread ? arena_printf (to->arena, "%s %zu", thread, i + 1) : NULL,
					    .text = said_at (to->arena, message, "msg"),
					    .kind = "text",
					    .ours = !type || strcmp (type, "v") != 0,
					    .at = time_at (message, "time") };
		talk.name = said_at (to->arena, talk.ours ? sender : visitor, talk.ours ? "n" : "name");
		talk.email = talk.ours ? NULL : said_at (to->arena, visitor, "email");
		struct sender_part *part = part_add (to, SENDER_TALK, talk.id);
		part->tree = talk.ours ? NULL : talk_lead (&talk, NULL);
		part->talk = talk;
	}
}

void tawk_read (struct sender_parts *to, const json_t *tree)
{
	const char *event = json_string_value (json_object_get (tree, "event"));
	if (event && strcmp (event, "chat:start") == 0)
		tawk_start (to, tree);
	else if (json_is_object (json_object_get (tree, "chat")))
		tawk_transcript (to, json_object_get (tree, "chat"));
	else if (event)
		part_add (to, SENDER_NOTHING,
			  named_by (to->arena, event, said_at (to->arena, tree, "chatId"), said_at (to->arena, tree, "time")))
			->why = arena_text (to->arena, event);
}

/* ---- Crisp ---- */

void crisp_read (struct sender_parts *to, const json_t *tree)
{
	const char *event = json_string_value (json_object_get (tree, "event"));
	const json_t *data = json_object_get (tree, "data"), *user = json_object_get (data, "user");
	if (!event || !json_is_object (data))
		return;
	if (strcmp (event, "message:send") != 0 && strcmp (event, "message:received") != 0) {
		part_add (to, SENDER_NOTHING, NULL)->why = arena_text (to->arena, event);
		return;
	}
	const char *site = said_at (to->arena, data, "website_id"), *session = said_at (to->arena, data, "session_id"),
		   *print = said_at (to->arena, data, "fingerprint"), *from = json_string_value (json_object_get (data, "from"));
	struct sender_talk talk = { .thread = session,
				    .id = named_by (to->arena, site, session, print),
				    .kind = said_at (to->arena, data, "type"),
				    .text = said_at (to->arena, data, "content"),
				    .name = said_at (to->arena, user, "nickname"),
				    .email = said_at (to->arena, data, "email"),
				    .ours = from && strcmp (from, "user") != 0 };
	const json_t *at = json_object_get (data, "timestamp");
	talk.at = json_is_integer (at) && json_integer_value (at) < INT64_MAX / 1000 ? json_integer_value (at) * 1000 : 0;
	struct sender_part *part = part_add (to, SENDER_TALK, talk.id);
	part->tree = talk.ours ? NULL : talk_lead (&talk, NULL);
	part->talk = talk;
}

/* ---- Intercom ---- */

void intercom_read (struct sender_parts *to, const json_t *tree)
{
	const char *topic = json_string_value (json_object_get (tree, "topic")), *notice = said_at (to->arena, tree, "id");
	const json_t *item = json_object_get (json_object_get (tree, "data"), "item"), *source = json_object_get (item, "source"),
		     *author = json_object_get (source, "author");
	if (!topic)
		return;
	if (strcmp (topic, "ping") == 0 || !json_is_object (item)) {
		part_add (to, SENDER_NOTHING, notice)->why = arena_text (to->arena, topic);
		return;
	}
	if (!json_is_object (source))
		source = item, author = item; /* contact.lead.created: somebody, who has said nothing yet */
	const char *type = json_string_value (json_object_get (author, "type"));
	struct sender_talk talk = { .thread = said_at (to->arena, item, "id"),
				    .id = notice,
				    .from = said_at (to->arena, author, "id"),
				    .name = said_at (to->arena, author, "name"),
				    .email = said_at (to->arena, author, "email"),
				    .kind = "text",
				    .ours = type && (strcmp (type, "admin") == 0 || strcmp (type, "bot") == 0),
				    .at = seconds_at (to->arena, tree, "created_at") };
	const char *html = said_at (to->arena, source, "body");
	talk.text = html ? html_text (to->arena, html, FIELD_BYTES_MOST) : NULL;
	struct sender_part *part = part_add (to, SENDER_TALK, notice);
	part->tree = talk.ours ? NULL : talk_lead (&talk, NULL);
	part->talk = talk;
}
