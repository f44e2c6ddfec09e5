/* Forms of others: each answer with what it is called, by which name and of which kind, as mapping knows them. See sender.h.
 * It must never leave out an answer because its kind is new. */
#include <string.h>
#include "clock.h"
#include "sender_parts.h"

static json_t *copied (const json_t *value)
{
	return value ? json_deep_copy (value) : json_null ();
}

static json_t *item_by (const json_t *list, const char *member, const char *wanted)
{
	size_t i;
	json_t *one;
	json_array_foreach (list, i, one)
	{
		const char *is = json_string_value (json_object_get (one, member));
		if (is && wanted && strcmp (is, wanted) == 0)
			return one;
	}
	return NULL;
}

/* utm_…, gclid and the like: what the sender knows of where somebody came from. */
static void members_take (json_t *tree, const json_t *from)
{
	const char *key;
	json_t *value;
	json_object_foreach ((json_t *) from, key, value) if (json_is_string (value) && *json_string_value (value))
		json_object_set (tree, key, value);
}

/* ---- Typeform ---- */

/* A choice or choices by what people read, with what they wrote beside them. */
static json_t *chosen (const json_t *choice)
{
	json_t *labels = json_object_get (choice, "labels"), *label = json_object_get (choice, "label"),
	       *other = json_object_get (choice, "other");
	json_t *ret = json_is_array (labels) ? json_copy (labels) : json_array ();
	if (json_is_string (label))
		json_array_append (ret, label);
	if (json_is_string (other))
		json_array_append (ret, other);
	return ret;
}

static void typeform_answer (json_t *lead, const json_t *asked, const json_t *answer)
{
	const json_t *field = json_object_get (answer, "field");
	const char *ref = json_string_value (json_object_get (field, "ref")), *id = json_string_value (json_object_get (field, "id")),
		   *type = json_string_value (json_object_get (answer, "type")),
		   *kind = json_string_value (json_object_get (field, "type"));
	const json_t *question = item_by (asked, "ref", ref);
	if (!question)
		question = item_by (asked, "id", id);
	const json_t *value = type ? json_object_get (answer, type) : NULL;
	lead_field (lead,
		    ref	 ? ref
		    : id ? id
			 : "answer",
		    json_string_value (json_object_get (question, "title")),
		    !type				      ? NULL
		    : strcmp (type, "email") == 0	      ? "email"
		    : strcmp (type, "phone_number") == 0      ? "tel"
		    : kind && strcmp (kind, "long_text") == 0 ? "textarea"
							      : NULL,
		    json_is_object (value) ? chosen (value) : copied (value));
}

void typeform_read (struct sender_parts *to, const json_t *tree)
{
	const json_t *said = json_object_get (tree, "form_response"), *definition = json_object_get (said, "definition");
	size_t i;
	json_t *answer;
	const char *event = json_string_value (json_object_get (tree, "event_type"));
	if (!json_is_object (said))
		return;
	if (event && strcmp (event, "form_response_partial") == 0) { /* the whole one comes under the same token */
		part_add (to, SENDER_NOTHING, said_at (to->arena, tree, "event_id"))->why = "the form is not finished";
		return;
	}
	struct sender_part *part = part_add (to, SENDER_LEAD, said_at (to->arena, said, "token"));
	part->tree = lead_tree ();
	json_array_foreach (json_object_get (said, "answers"), i, answer)
		typeform_answer (part->tree, json_object_get (definition, "fields"), answer);
	members_take (part->tree, json_object_get (said, "hidden"));
	lead_member (part->tree, "form_name", said_at (to->arena, definition, "title"));
	lead_member (part->tree, "submitted_at", said_at (to->arena, said, "submitted_at"));
}

/* ---- Tally ---- */

/* Ids of options as what people read. */
static json_t *tally_value (const json_t *field)
{
	const json_t *value = json_object_get (field, "value"), *options = json_object_get (field, "options");
	json_t *ret = json_array (), *one;
	size_t i;
	if (!json_is_array (value) || !json_is_array (options)) {
		json_decref (ret);
		return copied (value);
	}
	json_array_foreach (value, i, one)
	{
		const json_t *option = item_by (options, "id", json_string_value (one)), *text = json_object_get (option, "text");
		json_array_append (ret, (json_t *) (text ? text : one));
	}
	return ret;
}

static const char *tally_type (const char *type)
{
	return !type					  ? NULL
	       : strcmp (type, "INPUT_EMAIL") == 0	  ? "email"
	       : strcmp (type, "INPUT_PHONE_NUMBER") == 0 ? "tel"
	       : strcmp (type, "TEXTAREA") == 0		  ? "textarea"
							  : NULL;
}

void tally_read (struct sender_parts *to, const json_t *tree)
{
	const json_t *data = json_object_get (tree, "data");
	size_t i;
	json_t *field;
	if (!json_is_array (json_object_get (data, "fields")))
		return;
	struct sender_part *part = part_add (to, SENDER_LEAD, said_at (to->arena, data, "responseId"));
	part->tree = lead_tree ();
	json_array_foreach (json_object_get (data, "fields"), i, field)
	{
		const char *key = json_string_value (json_object_get (field, "key")),
			   *label = json_string_value (json_object_get (field, "label")),
			   *type = json_string_value (json_object_get (field, "type"));
		if (type && label && strcmp (type, "HIDDEN_FIELDS") == 0)
			lead_member (part->tree, label, said_at (to->arena, field, "value"));
		else if (!json_is_null (json_object_get (field, "value")))
			lead_field (part->tree, key ? key : "field", label, tally_type (type), tally_value (field));
	}
	lead_member (part->tree, "form_name", said_at (to->arena, data, "formName"));
}

/* ---- Webflow ---- */

void webflow_read (struct sender_parts *to, const json_t *tree)
{
	const json_t *said = json_object_get (tree, "payload"), *data = json_object_get (said, "data");
	const char *label;
	json_t *value;
	if (!json_is_object (data))
		return;
	struct sender_part *part = part_add (to, SENDER_LEAD, said_at (to->arena, said, "id"));
	part->tree = lead_tree ();
	json_object_foreach ((json_t *) data, label, value) lead_field (part->tree, label, NULL, NULL, copied (value));
	lead_member (part->tree, "form_name", said_at (to->arena, said, "name"));
}

/* ---- Google ---- */

/* What it calls what it asks itself; a question of the form's own stands as it is. */
static const struct column {
	const char *id, *name, *type;
} columns[] = {
	{ "FULL_NAME", "name", NULL },	      { "FIRST_NAME", "first_name", NULL }, { "LAST_NAME", "last_name", NULL },
	{ "EMAIL", "email", "email" },	      { "WORK_EMAIL", "email", "email" },   { "PHONE_NUMBER", "phone", "tel" },
	{ "WORK_PHONE", "phone", "tel" },     { "COMPANY_NAME", "company", NULL },  { "JOB_TITLE", "job_title", NULL },
	{ "STREET_ADDRESS", "street", NULL }, { "POSTAL_CODE", "postcode", NULL },  { "CITY", "city", NULL },
	{ "REGION", "region", NULL },	      { "COUNTRY", "country", NULL },
};

void google_ads_read (struct sender_parts *to, const json_t *tree)
{
	static const char *const kept[] = { "campaign_id", "form_id", "adgroup_id", "creative_id", "asset_group_id" };
	size_t i;
	json_t *column;
	if (!json_is_array (json_object_get (tree, "user_column_data")))
		return;
	bool test = json_is_true (json_object_get (tree, "is_test"));
	struct sender_part *part = part_add (to, test ? SENDER_TEST : SENDER_LEAD, said_at (to->arena, tree, "lead_id"));
	part->tree = lead_tree ();
	json_array_foreach (json_object_get (tree, "user_column_data"), i, column)
	{
		const char *id = json_string_value (json_object_get (column, "column_id")),
			   *name = json_string_value (json_object_get (column, "column_name"));
		const struct column *known = NULL;
		for (size_t k = 0; id && k < LENGTH (columns); k++)
			known = strcmp (columns[k].id, id) == 0 ? &columns[k] : known;
		lead_field (part->tree,
			    known  ? known->name
			    : id   ? id
			    : name ? name
				   : "answer",
			    name ? name : id, known ? known->type : NULL, copied (json_object_get (column, "string_value")));
	}
	lead_member (part->tree, "gclid", said_at (to->arena, tree, "gcl_id"));
	for (size_t k = 0; k < LENGTH (kept); k++)
		lead_member (part->tree, kept[k], said_at (to->arena, tree, kept[k]));
}

/* What our script sends: each question with its answers. */
void google_forms_read (struct sender_parts *to, const json_t *tree)
{
	const json_t *named = json_object_get (tree, "namedValues");
	const char *question;
	json_t *value;
	if (!json_is_object (named))
		return;
	struct sender_part *part = part_add (to, SENDER_LEAD, said_at (to->arena, tree, "responseId"));
	part->tree = lead_tree ();
	json_object_foreach ((json_t *) named, question, value) lead_field (part->tree, question, NULL, NULL, copied (value));
	lead_member (part->tree, "form_name", said_at (to->arena, tree, "formTitle"));
	lead_member (part->tree, "email", said_at (to->arena, tree, "respondentEmail"));
}

/* ---- HubSpot ---- */

/* As its forms are sent, so that a site that was HubSpot's changes an address and nothing else. */
static void hubspot_form (struct sender_parts *to, const json_t *tree)
{
	const json_t *context = json_object_get (tree, "context"), *consent = json_object_get (tree, "legalConsentOptions");
	size_t i;
	json_t *field;
	struct sender_part *part = part_add (to, SENDER_LEAD, NULL);
	part->tree = lead_tree ();
	json_array_foreach (json_object_get (tree, "fields"), i, field)
	{
		const char *name = json_string_value (json_object_get (field, "name"));
		lead_field (part->tree, name ? name : "field", NULL, NULL, copied (json_object_get (field, "value")));
	}
	lead_member (part->tree, "page_url", said_at (to->arena, context, "pageUri"));
	lead_member (part->tree, "page_name", said_at (to->arena, context, "pageName"));
	if (consent)
		json_object_set (part->tree, "consent", (json_t *) consent);
}

/* Ids and what changed alone: the person is asked of HubSpot. */
static void hubspot_event (struct sender_parts *to, const json_t *event)
{
	const char *type = json_string_value (json_object_get (event, "subscriptionType"));
	if (type && strcmp (type, "contact.creation") == 0) {
		part_add (to, SENDER_FETCH, said_at (to->arena, event, "objectId"));
		return;
	}
	const char *portal = said_at (to->arena, event, "portalId"), *subscription = said_at (to->arena, event, "subscriptionId"),
		   *id = said_at (to->arena, event, "eventId");
	part_add (to, SENDER_NOTHING, named_by (to->arena, portal, subscription, id))->why = "no contact was made";
}

void hubspot_read (struct sender_parts *to, const json_t *tree)
{
	size_t i;
	json_t *event;
	if (json_is_array (json_object_get (tree, "fields")))
		hubspot_form (to, tree);
	json_array_foreach (tree, i, event) hubspot_event (to, event);
}

/* ---- Calendly ---- */

/* Where a meeting is held: a room's words, or the address of a call. */
static const char *calendly_place (struct arena *a, const json_t *meeting)
{
	const json_t *location = json_object_get (meeting, "location");
	const char *ret = said_at (a, location, "join_url");
	return ret ? ret : said_at (a, location, "location");
}

static int64_t calendly_time (const json_t *meeting, const char *member)
{
	int64_t at;
	const char *text = json_string_value (json_object_get (meeting, member));
	return text && time_parse (text, &at) == OK ? at : 0;
}

static struct sender_booking calendly_booking (struct arena *a, const json_t *said, enum booking_state state)
{
	const json_t *meeting = json_object_get (said, "scheduled_event"), *off = json_object_get (said, "cancellation");
	const char *invitee = said_at (a, said, "invitee"); /* a mark that nobody came names whom it is about */
	return (struct sender_booking){ .state = state,
					.external = invitee ? invitee : said_at (a, said, "uri"),
					.before = said_at (a, said, "old_invitee"),
					.next = said_at (a, said, "new_invitee"),
					.title = said_at (a, meeting, "name"),
					.place = calendly_place (a, meeting),
					.by = said_at (a, off, "canceled_by"),
					.reason = said_at (a, off, "reason"),
					.starts_at = calendly_time (meeting, "start_time"),
					.ends_at = calendly_time (meeting, "end_time") };
}

/* Somebody booked a time, another one where they name the one before. */
static void calendly_booked (struct sender_parts *to, const json_t *said, bool booked)
{
	const json_t *meeting = json_object_get (said, "scheduled_event");
	const char *uri = said_at (to->arena, said, "uri");
	bool moved = said_at (to->arena, said, "old_invitee") != NULL;
	size_t i;
	json_t *question;
	struct sender_part *part = part_add (to, moved ? SENDER_MOVE : SENDER_LEAD, uri);
	if (booked)
		part->booking = calendly_booking (to->arena, said, moved ? booking_state_moved : booking_state_booked);
	part->tree = lead_tree ();
	lead_member (part->tree, "name", said_at (to->arena, said, "name"));
	lead_member (part->tree, "first_name", said_at (to->arena, said, "first_name"));
	lead_member (part->tree, "last_name", said_at (to->arena, said, "last_name"));
	lead_member (part->tree, "email", said_at (to->arena, said, "email"));
	lead_member (part->tree, "phone", said_at (to->arena, said, "text_reminder_number"));
	json_array_foreach (json_object_get (said, "questions_and_answers"), i, question)
	{
		const char *asked = json_string_value (json_object_get (question, "question"));
		lead_field (part->tree, asked ? asked : "question", NULL, "textarea", copied (json_object_get (question, "answer")));
	}
	lead_member (part->tree, "form_name", said_at (to->arena, meeting, "name"));
	lead_member (part->tree, "starts_at", said_at (to->arena, meeting, "start_time"));
	lead_member (part->tree, "ends_at", said_at (to->arena, meeting, "end_time"));
	members_take (part->tree, json_object_get (said, "tracking"));
}

/* A time that is moved is said as one that is off and another that is new, which names the first; either may come first. */
void calendly_read (struct sender_parts *to, const json_t *tree)
{
	static const struct {
		const char *event;
		enum booking_state state;
	} ends[] = { { "invitee.canceled", booking_state_cancelled },
		     { "invitee_no_show.created", booking_state_no_show },
		     { "invitee_no_show.deleted", booking_state_showed } };
	const char *event = json_string_value (json_object_get (tree, "event"));
	const json_t *said = json_object_get (tree, "payload");
	if (!event || !json_is_object (said))
		return;
	for (size_t i = 0; i < LENGTH (ends); i++)
		if (strcmp (event, ends[i].event) == 0) {
			const char *uri = said_at (to->arena, said, "uri");
			const char *name = i ? named_by (to->arena, event, uri, said_at (to->arena, tree, "created_at")) : uri;
			struct sender_part *part = part_add (to, SENDER_CANCEL, name);
			part->booking = calendly_booking (to->arena, said, ends[i].state);
			return;
		}
	if (strcmp (event, "invitee.created") == 0 || strcmp (event, "routing_form_submission.created") == 0)
		calendly_booked (to, said, strcmp (event, "invitee.created") == 0);
	else
		part_add (to, SENDER_NOTHING,
			  named_by (to->arena, event, said_at (to->arena, said, "uri"), said_at (to->arena, tree, "created_at")))
			->why = arena_text (to->arena, event);
}

/* ---- LinkedIn ---- */

/* Names alone: the answers are asked of LinkedIn; what is deleted there is to be forgotten here. */
void linkedin_read (struct sender_parts *to, const json_t *tree)
{
	const char *id = said_at (to->arena, tree, "leadGenFormResponse"), *action = said_at (to->arena, tree, "leadAction");
	if (!id || !action)
		return;
	if (strcmp (action, "CREATED") == 0)
		part_add (to, SENDER_FETCH, id);
	else
		part_add (to, SENDER_CANCEL, id);
}
