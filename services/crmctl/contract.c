/* The contract of what is said: every event with its fields, as it is promised to whoever reads the log, now or in ten years.
 * It must never let an event change its meaning under the same version. */
#include "docs.h"

#include <string.h>

/* ---- as it is today ---- */

static const char *const kind_names[] = { "text", "i64", "flag", "time", "date", "money", "json", "bytes", "id", "enum", "list" };

static json_t *flags_of (const struct field *f)
{
	json_t *flags = json_array ();
	if (f->flags & REQUIRED)
		json_array_append_new (flags, json_string ("REQUIRED"));
	if (f->flags & PERSONAL)
		json_array_append_new (flags, json_string ("PERSONAL"));
	return flags;
}

static json_t *contract_field (const struct field *f)
{
	json_t *ret = json_pack ("{s:s, s:s, s:o}", "name", f->name, "kind", kind_names[f->kind], "flags", flags_of (f));
	if (f->kind == KIND_TEXT || f->kind == KIND_LIST || f->kind == KIND_JSON || f->kind == KIND_BYTES)
		json_object_set_new (ret, "limit", json_integer ((json_int_t) field_limit (f)));
	if (f->noun)
		json_object_set_new (ret, "of", json_string (f->noun));
	if (f->names) {
		json_t *values = json_array ();
		for (size_t i = 0; f->names[i]; i++)
			json_array_append_new (values, json_string (f->names[i]));
		json_object_set_new (ret, "values", values);
	}
	return ret;
}

static json_t *contract_fields (const struct record *r, json_t *parts)
{
	json_t *fields = json_array ();
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++) {
		json_array_append_new (fields, contract_field (f));
		if (f->part && !json_object_get (parts, f->part->name)) {
			json_object_set_new (parts, f->part->name, json_null ()); /* its place, for a part in itself */
			json_object_set_new (parts, f->part->name, json_pack ("{s:o}", "fields", contract_fields (f->part, parts)));
		}
	}
	return fields;
}

json_t *docs_events (void)
{
	json_t *events = json_object (), *parts = json_object ();
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		if (r->class != RECORD_EVENT)
			continue;
		char name[128];
		snprintf (name, sizeof name, "%s:%d", r->type, r->version);
		json_object_set_new (events, name,
				     json_pack ("{s:s, s:i, s:s, s:o}", "type", r->type, "version", r->version, "source", r->service,
						"fields", contract_fields (r, parts)));
	}
	return json_pack ("{s:o, s:o}", "events", events, "parts", parts);
}

/* ---- against what was promised ---- */

static void differ (json_t *found, const char *how, const char *where, const char *field, const char *what)
{
	struct buffer text = { 0 };
	buffer_printf (&text, "%s: %s%s%s %s", how, where, field ? "." : "", field ? field : "", what);
	json_array_append_new (found, json_stringn ((const char *) text.at, text.n));
	buffer_fini (&text);
}

static const char *text_of (const json_t *object, const char *member)
{
	const char *text = json_string_value (json_object_get (object, member));
	return text ? text : "";
}

static bool array_has (const json_t *array, const char *text)
{
	for (size_t i = 0; i < json_array_size (array); i++)
		if (strcmp (json_string_value (json_array_get (array, i)), text) == 0)
			return true;
	return false;
}

static const json_t *field_named (const json_t *fields, const char *name)
{
	for (size_t i = 0; i < json_array_size (fields); i++)
		if (strcmp (text_of (json_array_get (fields, i), "name"), name) == 0)
			return json_array_get (fields, i);
	return NULL;
}

static bool values_kept (const json_t *promised, const json_t *today)
{
	for (size_t i = 0; i < json_array_size (promised); i++)
		if (!array_has (today, json_string_value (json_array_get (promised, i))))
			return false;
	return true;
}

static void field_compare (json_t *found, const char *where, const json_t *promised, const json_t *today)
{
	const char *name = text_of (promised, "name");
	const json_t *was = json_object_get (promised, "flags"), *is = json_object_get (today, "flags");
	size_t before = json_array_size (found);
	if (strcmp (text_of (promised, "kind"), text_of (today, "kind")) || strcmp (text_of (promised, "of"), text_of (today, "of")))
		differ (found, "incompatible", where, name, "is of another kind");
	if (array_has (is, "REQUIRED") && !array_has (was, "REQUIRED"))
		differ (found, "incompatible", where, name, "became REQUIRED: what was said without it could not be read");
	if (array_has (was, "REQUIRED") && !array_has (is, "REQUIRED"))
		differ (found, "incompatible", where, name, "is REQUIRED no more: whoever counts on it would break");
	if (json_integer_value (json_object_get (today, "limit")) < json_integer_value (json_object_get (promised, "limit")))
		differ (found, "incompatible", where, name, "has a lower limit: what was said may be longer");
	if (!values_kept (json_object_get (promised, "values"), json_object_get (today, "values")))
		differ (found, "incompatible", where, name, "lost a value of its set");
	if (json_array_size (found) == before && !json_equal (promised, today))
		differ (found, "new", where, name, "changed in a way that is allowed");
}

static void fields_compare (json_t *found, const char *where, const json_t *promised, const json_t *today)
{
	for (size_t i = 0; i < json_array_size (promised); i++) {
		const json_t *field = json_array_get (promised, i), *same = field_named (today, text_of (field, "name"));
		if (same)
			field_compare (found, where, field, same);
		else
			differ (found, "incompatible", where, text_of (field, "name"), "is gone");
	}
	for (size_t i = 0; i < json_array_size (today); i++) {
		const json_t *field = json_array_get (today, i);
		if (field_named (promised, text_of (field, "name")))
			continue;
		if (array_has (json_object_get (field, "flags"), "REQUIRED"))
			differ (found, "incompatible", where, text_of (field, "name"),
				"is new and REQUIRED: what was said before has none");
		else
			differ (found, "new", where, text_of (field, "name"), "is not in the contract");
	}
}

/* `events` and `parts` alike. */
static void records_compare (json_t *found, const json_t *promised, const json_t *today)
{
	const char *name;
	json_t *record;
	json_object_foreach ((json_t *) promised, name, record)
	{
		const json_t *same = json_object_get (today, name);
		if (same)
			fields_compare (found, name, json_object_get (record, "fields"), json_object_get (same, "fields"));
		else
			differ (found, "incompatible", name, NULL, "is gone: its events stand in logs");
		if (same && strcmp (text_of (record, "source"), text_of (same, "source")))
			differ (found, "incompatible", name, NULL, "is said by another service");
	}
	json_object_foreach ((json_t *) today, name, record) if (!json_object_get (promised, name))
		differ (found, "new", name, NULL, "is not in the contract");
}

json_t *contract_differences (const json_t *contract, const json_t *today)
{
	json_t *found = json_array ();
	records_compare (found, json_object_get (contract, "events"), json_object_get (today, "events"));
	records_compare (found, json_object_get (contract, "parts"), json_object_get (today, "parts"));
	return found;
}
