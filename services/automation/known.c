/* Records as events tell of them; see known.h. Which event tells what stands in one table; the rest goes by the fields' names.
 * It must never take a field for another one of the same name: what a contact is called is no title of a lead. */
#include "known_parts.h"

#include <string.h>
#include "clock.h"

const char *const known_noun_names[] = { "lead", "deal", "contact", "account", "document", NULL };

struct known known_begin (enum known_noun noun, struct uuid id)
{
	return (struct known){ .noun = noun, .record_id = id, .facts = json_object () };
}

void known_end (struct known *k)
{
	json_decref (k->facts);
	k->facts = NULL;
}

bool known_is_gone (const struct known *k)
{
	return k->gone || json_is_true (json_object_get (k->facts, "trashed")) || json_object_get (k->facts, "merged") ||
	       json_is_true (json_object_get (k->facts, "removed"));
}

bool known_stands (const struct known *k)
{
	return k->created_at && !known_is_gone (k);
}

/* ---- one value ---- */

static const struct {
	const char *name;
	size_t offset;
} columns[] = {
	{ "contact_id", offsetof (struct known, contact_id) }, { "account_id", offsetof (struct known, account_id) },
	{ "deal_id", offsetof (struct known, deal_id) },       { "lead_id", offsetof (struct known, lead_id) },
	{ "owner_id", offsetof (struct known, owner_id) },
};

struct uuid *known_column (struct known *k, const char *name)
{
	for (size_t i = 0; i < LENGTH (columns); i++)
		if (strcmp (columns[i].name, name) == 0)
			return (struct uuid *) (void *) ((char *) k + columns[i].offset);
	return NULL;
}

json_t *known_text (const char *text)
{
	json_t *ret = text ? json_string (text) : NULL;
	return ret ? ret : json_null ();
}

/* deal_id of a deal: the record's own. */
static bool is_own_id (const struct known *k, const char *name)
{
	const char *noun = known_noun_names[k->noun];
	size_t n = strlen (noun);
	return strncmp (name, noun, n) == 0 && strcmp (name + n, "_id") == 0;
}

/* Who is named anew was never merged into that one. */
static void id_put (struct known *k, const char *name, struct uuid id)
{
	char text[UUID_TEXT];
	struct uuid *column = known_column (k, name);
	if (!column)
		json_object_set_new (k->facts, name, uuid_is_null (id) ? json_null () : known_text (uuid_format (id, text)));
	else if (!uuid_equal (*column, id)) {
		*column = id;
		json_object_del (json_object_get (k->facts, "was"), name);
	}
}

static json_t *money_json (const char *amount, const char *currency)
{
	return currency ? json_pack ("{s:s, s:s}", "amount", amount, "currency", currency) : json_pack ("{s:s}", "amount", amount);
}

static json_t *value_json (const struct field *f, const void *value)
{
	char text[TIME_TEXT];
	switch (f->kind) {
	case KIND_TEXT: return known_text (*(const char *const *) value);
	case KIND_I64: return json_integer (*(const int64_t *) value);
	case KIND_FLAG: return json_boolean (*(const bool *) value);
	case KIND_TIME: return known_text (time_format (*(const int64_t *) value, text));
	case KIND_DATE: return known_text (date_format (*(const int32_t *) value, text));
	case KIND_MONEY: return money_json (money_amount (*(const struct money *) value, text), ((const struct money *) value)->currency);
	case KIND_ENUM: return known_text (f->names[*(const unsigned *) value]);
	case KIND_JSON: {
		json_t *ret = json_loads (*(const char *const *) value, JSON_DECODE_ANY, NULL);
		return ret ? ret : json_null ();
	}
	case KIND_ID:
	case KIND_BYTES:
	case KIND_LIST: break;
	}
	return json_null ();
}

/* `value`: null: there is none. `f`: the event's field, of the same kind as the fact's. */
static void value_put (struct known *k, const char *name, const struct field *f, const void *value)
{
	if (is_own_id (k, name))
		return;
	if (f->kind == KIND_ID)
		id_put (k, name, value ? *(const struct uuid *) value : (struct uuid){ { 0 } });
	else
		json_object_set_new (k->facts, name, value ? value_json (f, value) : json_null ());
}

const void *said_value (const struct record *event, const void *item, const char *name)
{
	const struct field *f = record_field (event, name);
	return f && field_has (f, item) == HERE ? (const char *) item + f->offset : NULL;
}

/* ---- what a list of changes says, as the texts that people read ---- */

static json_t *money_read (const struct known *k, const char *name, const char *text)
{
	const char *space = strchr (text, ' '), *old = json_string_value (json_object_get (json_object_get (k->facts, name), "currency"));
	char amount[24] = "";
	size_t n = space ? (size_t) (space - text) : strlen (text);
	if (n >= sizeof amount)
		return json_null ();
	memcpy (amount, text, n);
	return money_json (amount, space ? space + 1 : old);
}

/* A value of a workspace's own field: a text as it is, the rest as JSON writes it. */
static json_t *own_read (const char *text)
{
	json_t *ret = json_loads (text, JSON_DECODE_ANY, NULL);
	char *again = ret && !json_is_string (ret) ? json_dumps (ret, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	bool same = again && strcmp (again, text) == 0;
	free (again);
	if (same)
		return ret;
	json_decref (ret);
	return known_text (text);
}

static void own_put (struct known *k, const char *key, const char *text)
{
	json_t *own = json_object_get (k->facts, "custom");
	if (!json_is_object (own)) {
		own = json_object ();
		json_object_set_new (k->facts, "custom", own);
	}
	if (text)
		json_object_set_new (own, key, own_read (text));
	else
		json_object_del (own, key);
}

static void text_put (struct known *k, const struct field *f, const char *name, const char *text)
{
	struct uuid id;
	json_t *value = NULL;
	switch (f->kind) {
	case KIND_ID:
		if (!text || uuid_parse (text, &id) == OK)
			value_put (k, name, f, text ? &id : NULL);
		return;
	case KIND_I64: value = text ? json_integer (strtoll (text, NULL, 10)) : NULL; break;
	case KIND_FLAG: value = json_boolean (text && strcmp (text, "true") == 0); break;
	case KIND_MONEY: value = text ? money_read (k, name, text) : NULL; break;
	case KIND_TEXT:
	case KIND_ENUM:
	case KIND_TIME:
	case KIND_DATE: value = known_text (text); break;
	case KIND_JSON:
	case KIND_BYTES:
	case KIND_LIST: return;
	}
	json_object_set_new (k->facts, name, value ? value : json_null ());
}

static const char own_prefix[] = "custom.";

static void changes_take (struct known *k, const struct list *changes)
{
	const char *noun = known_noun_names[k->noun];
	const struct change *change = changes->at;
	for (size_t i = 0; i < changes->n; i++) {
		const char *name = change[i].field, *text = change[i].has.new == HERE ? change[i].new : NULL;
		const struct field *f = fact_field (noun, name);
		if (strncmp (name, own_prefix, sizeof own_prefix - 1) == 0 && fact_field (noun, "custom"))
			own_put (k, name + sizeof own_prefix - 1, text);
		else if (f)
			text_put (k, f, name, text);
	}
}

/* ---- which event tells what ---- */

enum {
	MADE = 1,    /* it begins */
	WHOLE = 2,   /* a field that is not said is none; else it stays as it was */
	PLAIN = 4,   /* fields by their names */
	TRASHED = 8, /* it goes into the trash */
	BACK = 16,   /* and comes out again */
	PURGED = 32,
	TWIN = 64, /* only where it is there */
};

struct telling {
	const struct record *event;
	enum known_noun noun;
	const char *id; /* the event's field which says of which */
	unsigned how;
	const char *prefix;				  /* PLAIN: of the fields' names; not null */
	const char * not ;				  /* PLAIN: a field that means something else; may be null */
	void (*more) (struct known *k, const void *item); /* may be null */
};

static void lead_is_qualified (struct known *k, const void *item)
{
	(void) item;
	json_object_set_new (k->facts, "status", known_text (lead_status_names[lead_status_Qualified]));
}

static void lead_is_linked (struct known *k, const void *item)
{
	const struct lead_contact_linked *said = item;
	id_put (k, "contact_id", said->has.contact_id == HERE ? said->contact_id.uuid : (struct uuid){ { 0 } });
	if (k->noun == KNOWN_LEAD)
		json_object_set_new (k->facts, "linked", json_true ());
	if (k->noun == KNOWN_DEAL)
		json_object_set_new (k->facts, "contact_name", known_text (said->has.name == HERE ? said->name : NULL));
}

static void deal_is_linked (struct known *k, const void *item)
{
	const struct deal_contact_linked *said = item;
	id_put (k, "contact_id", said->has.contact_id == HERE ? said->contact_id.uuid : (struct uuid){ { 0 } });
	json_object_set_new (k->facts, "contact_name", known_text (said->has.name == HERE ? said->name : NULL));
}

/* Whom it names already, it keeps: as pipeline has it. */
static void deal_is_converted (struct known *k, const void *item)
{
	const struct deal_converted *said = item;
	if (said->has.contact_id == HERE && uuid_is_null (k->contact_id)) {
		id_put (k, "contact_id", said->contact_id.uuid);
		json_object_set_new (k->facts, "contact_name", known_text (said->has.contact_name == HERE ? said->contact_name : NULL));
	}
	if (said->has.account_id == HERE && uuid_is_null (k->account_id)) {
		id_put (k, "account_id", said->account_id.uuid);
		json_object_set_new (k->facts, "account_name", known_text (said->has.account_name == HERE ? said->account_name : NULL));
	}
}

static void since_put (struct known *k, int64_t at)
{
	char text[TIME_TEXT];
	json_object_set_new (k->facts, "stage_since", known_text (time_format (at, text)));
}

static void deal_begins (struct known *k, const void *item)
{
	since_put (k, ((const struct deal_created *) item)->head.at);
}

/* The key is kept for when the stage is no more. */
static void deal_is_moved (struct known *k, const void *item)
{
	const struct deal_stage_changed *said = item;
	bool won = said->has.won == HERE && said->won;
	id_put (k, "stage_id", said->to_id.uuid);
	json_object_set_new (k->facts, "stage", known_text (said->has.to_key == HERE ? said->to_key : NULL));
	json_object_set_new (k->facts, "outcome",
			     known_text (stage_kind_names[!said->closed ? stage_kind_open
							  : won		? stage_kind_won
									: stage_kind_lost]));
	since_put (k, said->has.since == HERE ? said->since : said->head.at);
}

static void deal_is_restored (struct known *k, const void *item)
{
	const struct deal_restored *said = item;
	if (said->has.stage_key == HERE)
		json_object_set_new (k->facts, "stage", known_text (said->stage_key));
}

static void loser_is_merged (struct known *k, const void *item)
{
	const struct contact_merged *contact = item;
	const struct account_merged *account = item;
	char text[UUID_TEXT];
	struct uuid survivor = k->noun == KNOWN_CONTACT ? contact->survivor_id.uuid : account->survivor_id.uuid;
	json_object_set_new (k->facts, "merged", known_text (uuid_format (survivor, text)));
}

static void loser_is_back (struct known *k, const void *item)
{
	(void) item;
	json_object_del (k->facts, "merged");
}

static void original_put (struct known *k, struct uuid id)
{
	char text[UUID_TEXT];
	json_object_set_new (k->facts, "original_id", known_text (uuid_format (id, text)));
}

static void credit_begins (struct known *k, const void *item)
{
	original_put (k, ((const struct credit_note_created *) item)->original_id.uuid);
}

static void credit_is_final (struct known *k, const void *item)
{
	original_put (k, ((const struct credit_note_finalised *) item)->original_id.uuid);
}

/* A lead and its deal bear one id, and the same tags. */
static void record_bears (struct known *k, const void *item)
{
	const struct record_tagged *said = item;
	const struct tag_mark *mark = said->tags.at;
	json_t *tags = json_array ();
	char text[UUID_TEXT];
	for (size_t i = 0; i < said->tags.n; i++)
		json_array_append_new (tags, json_pack ("{s:s, s:s}", "id", uuid_format (mark[i].id.uuid, text), "label", mark[i].label));
	json_object_set_new (k->facts, "tags", tags);
}

/* Of a lead and its deal, which bear one id, the one that the segment holds. */
static void segment_put (struct known *k, enum record_kind of, struct uuid segment, bool in)
{
	char text[UUID_TEXT];
	json_t *segments = json_object_get (k->facts, "segments"), *one;
	size_t i;
	if (strcmp (record_kind_names[of], known_noun_names[k->noun]) != 0)
		return;
	if (!segments)
		json_object_set_new (k->facts, "segments", segments = json_array ());
	uuid_format (segment, text);
	json_array_foreach (segments, i, one) if (strcmp (json_string_value (one), text) == 0)
	{
		json_array_remove (segments, i);
		break;
	}
	if (in)
		json_array_append_new (segments, json_string (text));
}

static void segment_holds (struct known *k, const void *item)
{
	const struct segment_joined *said = item;
	segment_put (k, said->of, said->segment_id.uuid, true);
}

static void segment_lets_go (struct known *k, const void *item)
{
	const struct segment_left *said = item;
	segment_put (k, said->of, said->segment_id.uuid, false);
}

#define TELLS(event, noun, id, ...)                                  \
	{                                                            \
		&event##_record, noun, id, .prefix = "", __VA_ARGS__ \
	}
#define DOCUMENT(event, ...) TELLS (event, KNOWN_DOCUMENT, "document_id", .how = PLAIN | WHOLE, __VA_ARGS__)
#define BEGINS(event, ...) TELLS (event, KNOWN_DOCUMENT, "document_id", .how = PLAIN | WHOLE | MADE, __VA_ARGS__)
#define LOSER(event, noun, back)                                               \
	{                                                                      \
		&event##_record, noun, "loser_id", PLAIN, "loser_", NULL, back \
	}

static const struct telling tellings[] = {
	TELLS (lead_created, KNOWN_LEAD, "lead_id", .how = MADE | PLAIN),
	TELLS (lead_updated, KNOWN_LEAD, "lead_id", .how = PLAIN),
	TELLS (lead_qualified, KNOWN_LEAD, "lead_id", .how = PLAIN, .more = lead_is_qualified),
	TELLS (lead_contact_linked, KNOWN_LEAD, "lead_id", .more = lead_is_linked),
	TELLS (lead_contact_linked, KNOWN_DEAL, "lead_id", .how = TWIN, .more = lead_is_linked),

	TELLS (deal_created, KNOWN_DEAL, "deal_id", .how = MADE | PLAIN, .more = deal_begins),
	TELLS (deal_updated, KNOWN_DEAL, "deal_id", .how = PLAIN),
	TELLS (deal_stage_changed, KNOWN_DEAL, "deal_id", .how = PLAIN, .more = deal_is_moved),
	TELLS (deal_trashed, KNOWN_DEAL, "deal_id", .how = PLAIN | TRASHED),
	TELLS (deal_restored, KNOWN_DEAL, "deal_id", .how = PLAIN | BACK, .more = deal_is_restored),
	TELLS (deal_purged, KNOWN_DEAL, "deal_id", .how = PURGED),
	TELLS (deal_contact_linked, KNOWN_DEAL, "deal_id", .more = deal_is_linked),
	TELLS (deal_converted, KNOWN_DEAL, "deal_id", .more = deal_is_converted),

	TELLS (contact_created, KNOWN_CONTACT, "contact_id", .how = MADE | PLAIN),
	TELLS (contact_updated, KNOWN_CONTACT, "contact_id", .how = PLAIN),
	TELLS (contact_told, KNOWN_CONTACT, "contact_id", .how = PLAIN),
	TELLS (contact_trashed, KNOWN_CONTACT, "contact_id", .how = PLAIN | TRASHED),
	TELLS (contact_restored, KNOWN_CONTACT, "contact_id", .how = PLAIN | BACK),
	TELLS (contact_purged, KNOWN_CONTACT, "contact_id", .how = PURGED),
	TELLS (contact_merged, KNOWN_CONTACT, "survivor_id", .how = PLAIN),
	LOSER (contact_merged, KNOWN_CONTACT, loser_is_merged),
	TELLS (contact_unmerged, KNOWN_CONTACT, "survivor_id", .how = PLAIN),
	LOSER (contact_unmerged, KNOWN_CONTACT, loser_is_back),

	TELLS (account_created, KNOWN_ACCOUNT, "account_id", .how = MADE | PLAIN),
	TELLS (account_updated, KNOWN_ACCOUNT, "account_id", .how = PLAIN, .not = "deal_id"), /* the one that brought the change */
	TELLS (account_told, KNOWN_ACCOUNT, "account_id", .how = PLAIN),
	TELLS (account_trashed, KNOWN_ACCOUNT, "account_id", .how = PLAIN | TRASHED),
	TELLS (account_restored, KNOWN_ACCOUNT, "account_id", .how = PLAIN | BACK),
	TELLS (account_purged, KNOWN_ACCOUNT, "account_id", .how = PURGED),
	TELLS (account_merged, KNOWN_ACCOUNT, "survivor_id", .how = PLAIN),
	LOSER (account_merged, KNOWN_ACCOUNT, loser_is_merged),
	TELLS (account_unmerged, KNOWN_ACCOUNT, "survivor_id", .how = PLAIN),
	LOSER (account_unmerged, KNOWN_ACCOUNT, loser_is_back),

	BEGINS (quote_created),
	DOCUMENT (quote_sent),
	DOCUMENT (quote_viewed),
	DOCUMENT (quote_accepted),
	DOCUMENT (quote_declined),
	DOCUMENT (quote_expired),
	BEGINS (invoice_created),
	DOCUMENT (invoice_finalised),
	DOCUMENT (invoice_sent),
	DOCUMENT (invoice_viewed),
	DOCUMENT (invoice_reminded),
	DOCUMENT (invoice_overdue),
	DOCUMENT (invoice_paid),
	BEGINS (credit_note_created, .more = credit_begins),
	DOCUMENT (credit_note_finalised, .more = credit_is_final),
	DOCUMENT (credit_note_sent),
	DOCUMENT (document_changed),

	TELLS (record_tagged, KNOWN_LEAD, "record_id", .more = record_bears),
	TELLS (record_tagged, KNOWN_DEAL, "record_id", .more = record_bears),
	TELLS (record_tagged, KNOWN_CONTACT, "record_id", .more = record_bears),
	TELLS (record_tagged, KNOWN_ACCOUNT, "record_id", .more = record_bears),
	TELLS (segment_joined, KNOWN_LEAD, "record_id", .more = segment_holds),
	TELLS (segment_joined, KNOWN_DEAL, "record_id", .more = segment_holds),
	TELLS (segment_joined, KNOWN_CONTACT, "record_id", .more = segment_holds),
	TELLS (segment_joined, KNOWN_ACCOUNT, "record_id", .more = segment_holds),
	TELLS (segment_left, KNOWN_LEAD, "record_id", .more = segment_lets_go),
	TELLS (segment_left, KNOWN_DEAL, "record_id", .more = segment_lets_go),
	TELLS (segment_left, KNOWN_CONTACT, "record_id", .more = segment_lets_go),
	TELLS (segment_left, KNOWN_ACCOUNT, "record_id", .more = segment_lets_go),
};

static void fields_take (struct known *k, const struct telling *t, const void *item)
{
	const struct record *event = t->event;
	size_t n = strlen (t->prefix);
	for (const struct field *f = event->fields; f < event->fields + event->n_fields; f++) {
		bool is = strncmp (f->name, t->prefix, n) == 0 && !(t->not &&strcmp (f->name, t->not ) == 0);
		const struct field *fact = is ? fact_field (known_noun_names[k->noun], f->name + n) : NULL;
		if (!fact || fact->kind != f->kind)
			continue;
		if (field_has (f, item) == HERE)
			value_put (k, f->name + n, f, (const char *) item + f->offset);
		else if (t->how & WHOLE)
			value_put (k, f->name + n, f, NULL);
	}
}

static void take (struct known *k, const struct telling *t, const void *item)
{
	const struct field *changes = record_field (t->event, "changes");
	if (t->how & MADE)
		k->created_at = ((const struct head *) item)->at;
	if (t->how & PLAIN && changes)
		changes_take (k, (const struct list *) (const void *) ((const char *) item + changes->offset));
	if (t->how & PLAIN)
		fields_take (k, t, item);
	if (t->how & TRASHED)
		json_object_set_new (k->facts, "trashed", json_true ());
	if (t->how & BACK)
		json_object_del (k->facts, "trashed");
	if (t->how & PURGED)
		k->gone = true;
	if (t->more)
		t->more (k, item);
}

/* ---- which of them somebody did ---- */

/* Events that nobody did: time passed, somebody is told, or nothing changed. */
static const struct record *const nobody_did[] = {
	&contact_told_record,	   &account_told_record,	  &reminder_due_record,	   &segment_joined_record,
	&segment_left_record,	   &record_assigned_record,	  &notice_rung_record,	   &mention_made_record,
	&quote_expired_record,	   &invoice_overdue_record,	  &balance_changed_record, &room_seen_record,
	&deal_purged_record,	   &contact_purged_record,	  &account_purged_record,  &document_mail_wanted_record,
	&deals_erased_record,	   &person_erased_record,	  &leads_erased_record,	   &deal_import_answered_record,
	&deal_import_asked_record, &deal_conversion_asked_record,
};

static bool is_doing (const struct record *event)
{
	for (size_t i = 0; i < LENGTH (nobody_did); i++)
		if (nobody_did[i] == event)
			return false;
	return true;
}

/* ---- which records ---- */

enum { TARGETS_MOST = 32 };
struct targets {
	struct known_target at[TARGETS_MOST];
	size_t n;
};

static void target_add (struct targets *to, enum known_noun noun, struct uuid id, bool makes)
{
	if (uuid_is_null (id))
		return;
	for (size_t i = 0; i < to->n; i++)
		if (to->at[i].noun == noun && uuid_equal (to->at[i].id, id)) {
			to->at[i].makes = to->at[i].makes || makes;
			return;
		}
	if (to->n < TARGETS_MOST)
		to->at[to->n++] = (struct known_target){ .noun = noun, .id = id, .makes = makes };
}

static bool noun_of (const char *name, enum known_noun *ret)
{
	for (int i = 0; name && known_noun_names[i]; i++)
		if (strcmp (known_noun_names[i], name) == 0) {
			*ret = (enum known_noun) i;
			return true;
		}
	return false;
}

/* Of an activity, a tag, a file, a message …: which kind of record it is about, and its id. */
static bool about_find (const struct record *event, const void *item, enum known_noun *ret_noun, struct uuid *ret_id)
{
	const struct uuid *id = said_value (event, item, "record_id"), *room = said_value (event, item, "room_id");
	for (const struct field *f = event->fields; f < event->fields + event->n_fields; f++) {
		bool is = f->kind == KIND_ENUM && (strcmp (f->noun, "record_kind") == 0 || strcmp (f->noun, "room_kind") == 0);
		if (!is || field_has (f, item) != HERE || !(id || room))
			continue;
		*ret_id = id ? *id : *room;
		return noun_of (f->names[*(const unsigned *) (const void *) ((const char *) item + f->offset)], ret_noun);
	}
	return false;
}

static bool is_told (const struct telling *t, const struct record *event, const void *item, struct uuid *ret)
{
	const struct uuid *id = t->event == event ? said_value (event, item, t->id) : NULL;
	if (id)
		*ret = *id;
	return id != NULL;
}

static void targets_told (struct targets *to, const struct record *event, const void *item)
{
	enum known_noun about;
	struct uuid id;
	bool by_kind = about_find (event, item, &about, &id);
	for (const struct telling *t = tellings; t < tellings + LENGTH (tellings); t++)
		if (is_told (t, event, item, &id) && !(by_kind && t->noun != about))
			target_add (to, t->noun, id, !(t->how & TWIN));
	if (by_kind) {
		about_find (event, item, &about, &id);
		target_add (to, about, id, true);
	}
}

/* What is only wished for is not there yet. */
static void targets_named (struct targets *to, const struct record *event, const void *item)
{
	enum known_noun noun;
	for (const struct field *f = event->fields; f < event->fields + event->n_fields; f++)
		if (f->kind == KIND_ID && field_has (f, item) == HERE && noun_of (f->noun, &noun))
			target_add (to, noun, *(const struct uuid *) (const void *) ((const char *) item + f->offset), is_doing (event));
}

/* A lead's deal, and a deal's lead, of the same id. */
static void targets_twin (struct targets *to)
{
	size_t n = to->n;
	for (size_t i = 0; i < n; i++)
		if (to->at[i].noun == KNOWN_LEAD || to->at[i].noun == KNOWN_DEAL)
			target_add (to, to->at[i].noun == KNOWN_LEAD ? KNOWN_DEAL : KNOWN_LEAD, to->at[i].id, false);
	for (size_t i = n; i < to->n; i++)
		to->at[i].twin = true;
}

/* What is between services, or of one person alone, is no record's. */
static bool speaks (const struct record *event)
{
	return strcmp (event->service, "automation") != 0 && !record_field (event, "action_id");
}

size_t known_targets (struct arena *a, const struct record *event, const void *item, const struct known_target **ret)
{
	struct targets *to = arena_alloc (a, sizeof *to);
	*ret = to->at;
	if (!speaks (event))
		return 0;
	targets_told (to, event, item);
	targets_named (to, event, item);
	targets_twin (to);
	return to->n;
}

/* ---- what was done, and how often ---- */

static void count (json_t *in, const char *name, int by)
{
	json_int_t n = json_integer_value (json_object_get (in, name)) + by;
	json_object_set_new (in, name, json_integer (n < 0 ? 0 : n));
}

static void said_count (struct known *k, const struct record *event)
{
	json_t *n = json_object_get (k->facts, "n");
	if (!json_is_object (n)) {
		n = json_object ();
		json_object_set_new (k->facts, "n", n);
	}
	count (n, event->type, 1);
}

static void mailed (struct known *k, int64_t at)
{
	char text[TIME_TEXT];
	int64_t was;
	const char *old = json_string_value (json_object_get (k->facts, "mailed_at"));
	if (!old || time_parse (old, &was) != OK || was < at)
		json_object_set_new (k->facts, "mailed_at", known_text (time_format (at, text)));
}

static void sent_count (struct known *k, const struct mail_sent *said)
{
	char text[UUID_TEXT];
	const char *last = json_string_value (json_object_get (k->facts, "mailed_id"));
	mailed (k, said->head.at);
	if (last && strcmp (last, uuid_format (said->mail_id.uuid, text)) == 0)
		return;
	json_object_set_new (k->facts, "mailed_id", known_text (uuid_format (said->mail_id.uuid, text)));
	count (k->facts, "mails_sent", 1);
}

/* What a machine wrote is no answer of anybody. */
static void mails_count (struct known *k, const struct record *event, const void *item)
{
	const bool *machine = said_value (event, item, "machine");
	if (event == &mail_sent_record)
		sent_count (k, item);
	else if (event == &mail_unassigned_record)
		count (k->facts, "mails_received", -1);
	else if ((event == &mail_received_record || event == &mail_assigned_record) && machine && !*machine) {
		count (k->facts, "mails_received", 1);
		mailed (k, ((const struct head *) item)->at);
	}
}

/* It was taken already: what is delivered again is no later on its stream. A number alone would not say it, for a stream that was restored begins anew
 * with them; nor a time alone, for clocks are put back. */
static bool is_taken (struct known *k, const struct record *event, const struct head *head)
{
	json_t *upto = json_object_get (k->facts, "upto"), *last = json_object_get (upto, event->service);
	if (!head->sequence)
		return false; /* from no stream */
	if (last && head->sequence <= json_integer_value (json_array_get (last, 0)) &&
	    head->recorded <= json_integer_value (json_array_get (last, 1)))
		return true;
	if (!upto)
		json_object_set_new (k->facts, "upto", upto = json_object ());
	json_object_set_new (upto, event->service, json_pack ("[I, I]", (json_int_t) head->sequence, (json_int_t) head->recorded));
	return false;
}

bool known_inherit (struct known *deal, const struct known *lead)
{
	if (!uuid_is_null (deal->contact_id) || uuid_is_null (lead->contact_id))
		return false;
	deal->contact_id = lead->contact_id;
	return true;
}

void known_apply (struct known *k, const struct record *event, const void *item)
{
	const struct head *head = item;
	struct uuid id;
	if (is_taken (k, event, head))
		return;
	for (const struct telling *t = tellings; t < tellings + LENGTH (tellings); t++)
		if (t->noun == k->noun && is_told (t, event, item, &id) && uuid_equal (id, k->record_id))
			take (k, t, item);
	said_count (k, event);
	mails_count (k, event, item);
	if (is_doing (event) && head->at > k->active_at)
		k->active_at = head->at;
}
