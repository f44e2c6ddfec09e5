/* Values of fields that a workspace gave its records; see own_values.h.
 * Never takes away what a record holds under a field that was retired. */
#include "own_values.h"
#include "changes.h"
#include "clock.h"
#include "money.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 2000 };

static struct outcome wrong_value (struct arena *a, const char *pointer, const char *code, const char *detail)
{
	struct problem *problem = arena_alloc (a, sizeof *problem);
	problem_add (a, problem, pointer, code, detail);
	struct outcome ret = refused (invalid);
	ret.problem = problem;
	return ret;
}

static bool is_decimal (const char *text)
{
	text += *text == '-';
	size_t whole = strspn (text, "0123456789"), part = 0;
	text += whole;
	if (*text == '.')
		text += 1 + (part = strspn (text + 1, "0123456789"));
	return !*text && whole > 0 && whole < 16 && part < 7;
}

static bool is_url (const char *text)
{
	size_t scheme = strncmp (text, "https://", 8) == 0 ? 8 : strncmp (text, "http://", 7) == 0 ? 7 : 0;
	return scheme && text[scheme] && !text[strcspn (text, " \t\r\n\"<>")];
}

static bool is_choice (const struct own_field *field, const char *key)
{
	json_t *choices = field->choices ? json_loads (field->choices, 0, NULL) : NULL, *one;
	bool found = false;
	size_t i;
	json_array_foreach (choices, i, one) found = found || strcmp (json_string_value (json_object_get (one, "key")), key) == 0;
	json_decref (choices);
	return found;
}

static bool is_money (const json_t *value)
{
	struct money money;
	const char *amount = json_string_value (json_object_get (value, "amount"));
	const char *currency = json_string_value (json_object_get (value, "currency"));
	return json_object_size (value) == 2 && amount && currency && money_parse (amount, currency, &money) == OK;
}

/* The code of what is wrong with it; null: nothing. */
static const char *value_wrong (const struct own_field *field, const json_t *value)
{
	const char *text = json_string_value (value);
	int32_t day;
	if (text && strlen (text) > TEXT_BYTES)
		return "too_long";
	switch (field->kind) {
	case custom_kind_text: return text ? NULL : "not_a_string";
	case custom_kind_number: return json_is_number (value) || (text && is_decimal (text)) ? NULL : "not_a_number";
	case custom_kind_money: return is_money (value) ? NULL : "not_an_amount";
	case custom_kind_date: return text && date_parse (text, &day) == OK ? NULL : "not_a_date";
	case custom_kind_choice: return text && is_choice (field, text) ? NULL : "not_a_choice";
	case custom_kind_boolean: return json_is_boolean (value) ? NULL : "not_a_flag";
	case custom_kind_url: return text && is_url (text) ? NULL : "not_a_url";
	case custom_kind_count: break;
	}
	abort ();
}

static bool is_nothing (const json_t *value)
{
	const char *text = json_string_value (value);
	return !value || json_is_null (value) || (text && !text[strspn (text, " \t\r\n")]);
}

static const struct own_field *field_named (const struct own_field field[], size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp (field[i].key, key) == 0)
			return &field[i];
	return NULL;
}

/* One value laid upon what is there. */
static struct outcome value_lay (struct arena *a, const struct own_field fields[], size_t n, json_t *whole, const char *key, json_t *value)
{
	const struct own_field *field = field_named (fields, n, key);
	const char *pointer = arena_printf (a, "/custom/%s", key);
	const json_t *had = json_object_get (whole, key);
	if (!field || (field->retired && !had))
		return wrong_value (a, pointer, "unknown", "there is no such field");
	if (had && json_equal (had, value))
		return done ();
	if (is_nothing (value)) {
		json_object_del (whole, key);
		return field->needed && !field->retired ? wrong_value (a, pointer, "required", "this field is required") : done ();
	}
	const char *wrong = value_wrong (field, value);
	if (wrong)
		return wrong_value (a, pointer, wrong, arena_printf (a, "must be of the kind %s", custom_kind_names[field->kind]));
	json_object_set (whole, key, value);
	return done ();
}

static struct outcome needed_check (struct arena *a, const struct own_field field[], size_t n, const json_t *whole)
{
	for (size_t i = 0; i < n; i++)
		if (field[i].needed && !field[i].retired && !json_object_get (whole, field[i].key))
			return wrong_value (a, arena_printf (a, "/custom/%s", field[i].key), "required", "this field is required");
	return done ();
}

static const char *json_kept (struct arena *a, const json_t *value)
{
	size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_REAL_PRECISION (15), n = json_dumpb (value, NULL, 0, flags);
	char *text = arena_alloc (a, n + 1);
	return json_dumpb (value, text, n, flags) == n ? text : NULL;
}

const char *own_value_text (struct arena *a, const json_t *value)
{
	if (!value)
		return NULL;
	return json_is_string (value) ? arena_text (a, json_string_value (value)) : json_kept (a, value);
}

struct outcome own_values_merge (struct arena *a, const struct own_field field[], size_t n, const char *was, const char *json, bool makes,
				 const char **ret)
{
	json_t *in = json ? json_loads (json, JSON_DECODE_ANY, NULL) : json_object ();
	json_t *whole = was ? json_loads (was, 0, NULL) : json_object (), *value;
	struct outcome out = json_is_object (in) ? done () : wrong_value (a, "/custom", "not_an_object", "must be an object");
	const char *key;
	json_object_foreach (in, key, value)
	{
		if (is_done (out))
			out = value_lay (a, field, n, whole, key, value);
	}
	if (is_done (out) && makes)
		out = needed_check (a, field, n, whole);
	*ret = json_object_size (whole) || was ? json_kept (a, whole) : NULL;
	json_decref (in);
	json_decref (whole);
	return out;
}

void own_values_compare (struct arena *a, const char *was, const char *now, struct list *changes)
{
	json_t *old = was ? json_loads (was, 0, NULL) : NULL, *new = now ? json_loads (now, 0, NULL) : NULL, *value;
	const char *key;
	json_object_foreach (old, key, value)
	{
		change_note (changes, arena_printf (a, "custom.%s", key), own_value_text (a, value),
			     own_value_text (a, json_object_get (new, key)));
	}
	json_object_foreach (new, key, value)
	{
		if (!json_object_get (old, key))
			change_note (changes, arena_printf (a, "custom.%s", key), NULL, own_value_text (a, value));
	}
	json_decref (old);
	json_decref (new);
}

size_t own_values_count (const char *values)
{
	json_t *all = values ? json_loads (values, 0, NULL) : NULL;
	size_t ret = json_object_size (all);
	json_decref (all);
	return ret;
}
