/* Facts: which there are, and their values out of events; see fact.h. What an event or a record has is told by the records' own tables: a field that is added
 * there can be asked here. It must never name a field that is SECRET. */
#include "fact.h"

#include <string.h>
#include "charset.h"
#include "clock.h"

/* What the event that tells of a record has for fields, its records have for facts. */
static const struct {
	const char *name;
	const struct record *told[2];
} records[] = {
	{ "lead", { &lead_created_record } },
	{ "deal", { &deal_created_record } },
	{ "contact", { &contact_created_record } },
	{ "account", { &account_created_record } },
	{ "document", { &document_changed_record, &invoice_finalised_record } },
};

/* What no field of these says. */
static const struct {
	const char *name;
	enum fact_of of;
	enum fact_kind kind;
	const char *noun;
	const char *const *choice;
	const char *doc;
} others[] = {
	{ "event.at", FACT_OF_EVENT, FACT_TIME, NULL, NULL, "when it happened" },
	{ "event.actor_id", FACT_OF_EVENT, FACT_ID, "user", NULL, "who did it" },
	{ "lead.created_at", FACT_OF_RECORD, FACT_TIME, NULL, NULL, "since when it is there" },
	{ "lead.tags", FACT_OF_RECORD, FACT_LIST, NULL, NULL, "the tags that it bears" },
	{ "lead.segments", FACT_OF_RECORD, FACT_LIST, "segment", NULL, "ids of the segments that it fits now" },
	{ "deal.created_at", FACT_OF_RECORD, FACT_TIME, NULL, NULL, "since when it is there" },
	{ "deal.tags", FACT_OF_RECORD, FACT_LIST, NULL, NULL, "the tags that it bears" },
	{ "deal.segments", FACT_OF_RECORD, FACT_LIST, "segment", NULL, "ids of the segments that it fits now" },
	{ "deal.stage", FACT_OF_RECORD, FACT_TEXT, NULL, NULL, "key of the stage that it stands in" },
	{ "deal.stage_since", FACT_OF_RECORD, FACT_TIME, NULL, NULL, "since when it stands there" },
	{ "deal.outcome", FACT_OF_RECORD, FACT_CHOICE, "stage_kind", stage_kind_names, "open, won or lost" },
	{ "deal.open_invoices", FACT_OF_RECORD, FACT_NUMBER, NULL, NULL,
	  "its invoices that are neither paid, credited nor thrown away, drafts too" },
	{ "deal.left_to_invoice", FACT_OF_RECORD, FACT_MONEY, NULL, NULL, "what its accepted quotes come to, less what its invoices do" },
	{ "contact.created_at", FACT_OF_RECORD, FACT_TIME, NULL, NULL, "since when they are known" },
	{ "contact.tags", FACT_OF_RECORD, FACT_LIST, NULL, NULL, "the tags that they bear" },
	{ "contact.segments", FACT_OF_RECORD, FACT_LIST, "segment", NULL, "ids of the segments that they fit now" },
	{ "account.created_at", FACT_OF_RECORD, FACT_TIME, NULL, NULL, "since when it is known" },
	{ "account.tags", FACT_OF_RECORD, FACT_LIST, NULL, NULL, "the tags that it bears" },
	{ "account.segments", FACT_OF_RECORD, FACT_LIST, "segment", NULL, "ids of the segments that it fits now" },
	{ "document.created_at", FACT_OF_RECORD, FACT_TIME, NULL, NULL, "since when it is there" },
	{ "history.matches", FACT_OF_HISTORY, FACT_NUMBER, NULL, NULL, "how often this rule matched for this record" },
	{ "history.matched_at", FACT_OF_HISTORY, FACT_TIME, NULL, NULL, "when it did last" },
	{ "history.events", FACT_OF_HISTORY, FACT_NUMBER, NULL, NULL, "how often this was said of this record" },
	{ "history.mails_sent", FACT_OF_HISTORY, FACT_NUMBER, NULL, NULL, "how many mails went out about it" },
	{ "history.mails_received", FACT_OF_HISTORY, FACT_NUMBER, NULL, NULL, "how many came in about it" },
	{ "history.mailed_at", FACT_OF_HISTORY, FACT_TIME, NULL, NULL, "when the last one did, out or in" },
	{ "history.active_at", FACT_OF_HISTORY, FACT_TIME, NULL, NULL, "when anybody did anything about it last" },
};

/* ---- which there are ---- */

/* FACT_KINDS: it cannot be asked. */
static enum fact_kind kind_of (const struct field *f)
{
	switch (f->kind) {
	case KIND_TEXT: return FACT_TEXT;
	case KIND_I64: return FACT_NUMBER;
	case KIND_FLAG: return FACT_FLAG;
	case KIND_TIME: return FACT_TIME;
	case KIND_DATE: return FACT_DATE;
	case KIND_MONEY: return FACT_MONEY;
	case KIND_ID: return FACT_ID;
	case KIND_ENUM: return FACT_CHOICE;
	case KIND_LIST: return f->part == &change_record ? FACT_LIST : FACT_KINDS;
	case KIND_JSON:
	case KIND_BYTES: break;
	}
	return FACT_KINDS;
}

static const char own[] = "custom";
enum { OWN_N = sizeof own - 1, KEY_MOST = 80 };

static bool field_find (struct arena *a, const struct record *r, const char *name, struct fact_name *ret)
{
	const struct field *f = record_field (r, name);
	if (f && !(f->flags & SECRET) && kind_of (f) != FACT_KINDS) {
		ret->kind = kind_of (f);
		ret->noun = f->noun;
		ret->choice = f->names;
		ret->field = f;
		ret->doc = f->doc;
		return true;
	}
	f = strncmp (name, own, OWN_N) == 0 && name[OWN_N] == '.' ? record_field (r, own) : NULL;
	size_t n = f ? strlen (name + OWN_N + 1) : 0;
	if (!n || n >= KEY_MOST || f->kind != KIND_JSON || f->flags & SECRET)
		return false;
	ret->kind = FACT_OWN;
	ret->field = f;
	ret->doc = f->doc;
	ret->key = arena_text (a, name + OWN_N + 1);
	return true;
}

static bool other_find (const char *name, struct fact_name *ret)
{
	for (size_t i = 0; i < LENGTH (others); i++)
		if (strcmp (others[i].name, name) == 0) {
			ret->of = others[i].of;
			ret->kind = others[i].kind;
			ret->noun = others[i].noun;
			ret->choice = others[i].choice;
			ret->doc = others[i].doc;
			return true;
		}
	return false;
}

/* What stands behind "<word>." in a name; null: it begins otherwise. */
static const char *behind (const char *name, const char *word)
{
	size_t n = strlen (word);
	return strncmp (name, word, n) == 0 && name[n] == '.' ? name + n + 1 : NULL;
}

bool fact_find (struct arena *a, const struct record *event, const char *name, struct fact_name *ret)
{
	struct fact_name found = { .of = FACT_OF_EVENT };
	const char *field = behind (name, "event");
	bool is = field && event && (field_find (a, event, field, &found) || other_find (name, &found));
	for (size_t i = 0; !field && !is && i < LENGTH (records); i++) {
		const char *rest = behind (name, records[i].name);
		found.of = FACT_OF_RECORD;
		for (size_t k = 0; rest && !is && k < LENGTH (records[i].told) && records[i].told[k]; k++)
			is = field_find (a, records[i].told[k], rest, &found);
	}
	if (!is && !(!field && other_find (name, &found)))
		return false;
	found.name = arena_text (a, name);
	*ret = found;
	return true;
}

bool fact_record (const char *name)
{
	for (size_t i = 0; i < LENGTH (records); i++)
		if (strcmp (records[i].name, name) == 0)
			return true;
	return false;
}

/* One more behind the *n that are there, if it is one and not among them. */
static void fact_add (struct arena *a, const struct record *event, const char *name, struct fact_name *at, size_t *n)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp (at[i].name, name) == 0)
			return;
	if (fact_find (a, event, name, &at[*n]))
		++*n;
}

static void facts_add (struct arena *a, const struct record *event, const char *word, const struct record *told, struct fact_name *at,
		       size_t *n)
{
	for (size_t i = 0; i < told->n_fields; i++) {
		const struct field *f = &told->fields[i];
		bool of_own = strcmp (f->name, own) == 0 && f->kind == KIND_JSON;
		fact_add (a, event, arena_printf (a, "%s.%s%s", word, f->name, of_own ? ".*" : ""), at, n);
	}
}

const struct fact_name *facts_all (struct arena *a, const struct record *event, size_t *ret_n)
{
	size_t most = LENGTH (others) + (event ? event->n_fields : 0), n = 0;
	for (size_t i = 0; i < LENGTH (records); i++)
		for (size_t k = 0; k < LENGTH (records[i].told) && records[i].told[k]; k++)
			most += records[i].told[k]->n_fields;
	struct fact_name *ret = arena_array (a, most + 1, sizeof *ret);
	if (event)
		facts_add (a, event, "event", event, ret, &n);
	for (size_t i = 0; !event && i < LENGTH (records); i++)
		for (size_t k = 0; k < LENGTH (records[i].told) && records[i].told[k]; k++)
			facts_add (a, NULL, records[i].name, records[i].told[k], ret, &n);
	for (size_t i = 0; i < LENGTH (others); i++)
		if ((event != NULL) == (others[i].of == FACT_OF_EVENT))
			fact_add (a, event, others[i].name, ret, &n);
	*ret_n = n;
	return ret;
}

const struct field *fact_field (const char *record, const char *name)
{
	for (size_t i = 0; i < LENGTH (records); i++)
		for (size_t k = 0; strcmp (records[i].name, record) == 0 && k < LENGTH (records[i].told) && records[i].told[k]; k++) {
			const struct field *f = record_field (records[i].told[k], name);
			bool is = f && !(f->flags & SECRET) && (kind_of (f) != FACT_KINDS || strcmp (name, own) == 0);
			if (is)
				return f;
		}
	return NULL;
}

/* ---- values ---- */

struct fact fact_of_text (struct arena *a, const char *text)
{
	bool is = text && *text;
	return (struct fact){
		.has = is ? HERE : CLEARED, .kind = FACT_TEXT, .text = is ? text : NULL, .small = is ? text_small (a, text) : NULL
	};
}

struct fact fact_of_list (struct arena *a, const char *const text[], size_t n)
{
	const char **small = arena_array (a, n, sizeof *small);
	for (size_t i = 0; i < n; i++)
		small[i] = text_small (a, text[i]);
	return (struct fact){ .has = n ? HERE : CLEARED, .kind = FACT_LIST, .list = small, .n = n };
}

struct fact fact_of_money (struct money money)
{
	return (struct fact){ .has = HERE, .kind = FACT_MONEY, .money = money };
}

struct fact fact_of_whole (int64_t number)
{
	return (struct fact){ .has = HERE, .kind = FACT_NUMBER, .number = (fact_number) number * FACT_NUMBER_ONE };
}

struct fact fact_of_time (int64_t at, int32_t day)
{
	return (struct fact){ .has = HERE, .kind = FACT_TIME, .at = at, .day = day };
}

struct fact fact_of_date (int32_t day)
{
	return (struct fact){ .has = HERE, .kind = FACT_DATE, .day = day };
}

struct fact fact_of_id (struct uuid id)
{
	return (struct fact){ .has = HERE, .kind = FACT_ID, .id = id };
}

struct fact fact_of_flag (bool flag)
{
	return (struct fact){ .has = HERE, .kind = FACT_FLAG, .flag = flag };
}

static const struct fact nobody_knows = { .has = ABSENT, .kind = FACT_OWN }, none = { .has = CLEARED, .kind = FACT_OWN };

static struct fact own_number (const json_t *value)
{
	char *text = json_dumps (value, JSON_ENCODE_ANY | JSON_REAL_PRECISION (15));
	struct fact ret = { .has = HERE, .kind = FACT_NUMBER };
	if (!text || number_exact (text, &ret.number) != OK)
		ret = nobody_knows;
	free (text);
	return ret;
}

static struct fact own_list (struct arena *a, const json_t *value)
{
	size_t n = json_array_size (value), i;
	const char **text = arena_array (a, n, sizeof *text);
	for (i = 0; i < n; i++)
		if (!(text[i] = json_string_value (json_array_get (value, i))))
			return nobody_knows;
	return fact_of_list (a, text, n);
}

static struct fact own_money (const json_t *value)
{
	const char *amount = json_string_value (json_object_get (value, "amount")),
		   *currency = json_string_value (json_object_get (value, "currency"));
	struct money money;
	if (!json_object_size (value))
		return none;
	return amount && currency && money_parse (amount, currency, &money) == OK ? fact_of_money (money) : nobody_knows;
}

struct fact fact_of_own (struct arena *a, const json_t *value)
{
	if (!value || json_is_null (value))
		return none;
	if (json_is_boolean (value))
		return fact_of_flag (json_is_true (value));
	if (json_is_number (value))
		return own_number (value);
	if (json_is_array (value))
		return own_list (a, value);
	return json_is_object (value) ? own_money (value) : fact_of_text (a, arena_text (a, json_string_value (value)));
}

static struct fact own_member (struct arena *a, const char *json, const char *key)
{
	json_t *whole = json_loads (json, 0, NULL);
	struct fact ret = fact_of_own (a, json_object_get (whole, key));
	json_decref (whole);
	return ret;
}

/* Which fields are others now. */
static struct fact changed_list (struct arena *a, struct list changes)
{
	const struct change *change = changes.at;
	const char **text = arena_array (a, changes.n, sizeof *text);
	for (size_t i = 0; i < changes.n; i++)
		text[i] = change[i].field;
	return fact_of_list (a, text, changes.n);
}

struct fact fact_of_field (struct arena *a, const struct fact_name *name, const void *item,
			   int32_t (*day_of) (const void *zone, int64_t at), const void *zone)
{
	const struct field *f = name->field;
	const unsigned char *value = (const unsigned char *) item + f->offset;
	if (field_has (f, item) != HERE)
		return (struct fact){ .has = CLEARED, .kind = name->kind };
	switch (f->kind) {
	case KIND_TEXT: return fact_of_text (a, *(const char *const *) value);
	case KIND_I64: return fact_of_whole (*(const int64_t *) value);
	case KIND_FLAG: return fact_of_flag (*(const bool *) value);
	case KIND_TIME: return fact_of_time (*(const int64_t *) value, day_of (zone, *(const int64_t *) value));
	case KIND_DATE: return fact_of_date (*(const int32_t *) value);
	case KIND_MONEY: return fact_of_money (*(const struct money *) value);
	case KIND_ID: return fact_of_id (*(const struct uuid *) value);
	case KIND_JSON: return own_member (a, *(const char *const *) value, name->key);
	case KIND_LIST: return changed_list (a, *(const struct list *) value);
	case KIND_ENUM: {
		struct fact ret = fact_of_text (a, f->names[*(const unsigned *) value]);
		ret.kind = FACT_CHOICE;
		return ret;
	}
	case KIND_BYTES: break;
	}
	return nobody_knows;
}
