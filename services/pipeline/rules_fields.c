/* What pipeline decides about a workspace's own fields: what they are, and what a record may hold under them. See rules.h.
 * Never takes away what records hold: a field is retired, and whoever has a value keeps it. */
#include "rules.h"
#include "clock.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS_MOST = 100, CHOICES_MOST = 200, TEXT_BYTES = 2000 };

/* ---- values ---- */

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

static bool is_choice (const struct custom_field *field, const char *key)
{
	json_t *choices = field->has.choices == HERE ? json_loads (field->choices, 0, NULL) : NULL, *one;
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
static const char *value_wrong (const struct custom_field *field, const json_t *value)
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

static const struct custom_field *field_named (const struct custom_fields *fields, struct uuid workspace, const char *key)
{
	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i].about == custom_about_deal && strcmp (fields->at[i].key, key) == 0 &&
		    uuid_equal (fields->at[i].workspace_id.uuid, workspace))
			return &fields->at[i];
	return NULL;
}

/* One value laid upon what is there. */
static struct outcome value_lay (struct arena *a, const struct custom_fields *fields, struct uuid workspace, json_t *whole, const char *key,
				 json_t *value)
{
	const struct custom_field *field = field_named (fields, workspace, key);
	const char *pointer = arena_printf (a, "/custom/%s", key);
	const json_t *had = json_object_get (whole, key);
	if (!field || (field->retired && !had))
		return wrong_field (a, pointer, "unknown", "there is no such field");
	if (had && json_equal (had, value))
		return done ();
	if (is_nothing (value)) {
		json_object_del (whole, key);
		return field->needed && !field->retired ? wrong_field (a, pointer, "required", "this field is required") : done ();
	}
	const char *wrong = value_wrong (field, value);
	if (wrong)
		return wrong_field (a, pointer, wrong, arena_printf (a, "must be of the kind %s", custom_kind_names[field->kind]));
	json_object_set (whole, key, value);
	return done ();
}

static struct outcome needed_check (struct arena *a, const struct custom_fields *fields, struct uuid workspace, const json_t *whole)
{
	for (size_t i = 0; i < fields->n; i++) {
		const struct custom_field *f = &fields->at[i];
		if (f->needed && !f->retired && uuid_equal (f->workspace_id.uuid, workspace) && !json_object_get (whole, f->key))
			return wrong_field (a, arena_printf (a, "/custom/%s", f->key), "required", "this field is required");
	}
	return done ();
}

static const char *json_kept (struct arena *a, const json_t *value)
{
	size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_REAL_PRECISION (15), n = json_dumpb (value, NULL, 0, flags);
	char *text = arena_alloc (a, n + 1);
	return json_dumpb (value, text, n, flags) == n ? text : NULL;
}

const char *custom_text (struct arena *a, const json_t *value)
{
	if (!value)
		return NULL;
	return json_is_string (value) ? arena_text (a, json_string_value (value)) : json_kept (a, value);
}

struct outcome custom_merge (struct arena *a, const struct custom_fields *fields, struct uuid workspace, const char *was, const char *json,
			     bool makes, const char **ret)
{
	json_t *in = json ? json_loads (json, JSON_DECODE_ANY, NULL) : json_object ();
	json_t *whole = was ? json_loads (was, 0, NULL) : json_object (), *value;
	struct outcome out = json_is_object (in) ? done () : wrong_field (a, "/custom", "not_an_object", "must be an object");
	const char *key;
	json_object_foreach (in, key, value)
	{
		if (is_done (out))
			out = value_lay (a, fields, workspace, whole, key, value);
	}
	if (is_done (out) && makes)
		out = needed_check (a, fields, workspace, whole);
	*ret = json_object_size (whole) || was ? json_kept (a, whole) : NULL;
	json_decref (in);
	json_decref (whole);
	return out;
}

/* ---- the fields themselves ---- */

static void fields_place (struct custom_field *list, size_t n, size_t from, int64_t position)
{
	size_t to = position < 1 ? 0 : position > (int64_t) n ? n - 1 : (size_t) position - 1;
	struct custom_field moved = list[from];
	if (from < to)
		memmove (&list[from], &list[from + 1], (to - from) * sizeof moved);
	else
		memmove (&list[to + 1], &list[to], (from - to) * sizeof moved);
	list[to] = moved;
	for (size_t i = 0; i < n; i++)
		list[i].position = (int64_t) i + 1;
}

static size_t field_at (const struct custom_field *list, size_t n, struct uuid id)
{
	size_t at = 0;
	while (at < n && !uuid_equal (list[at].custom_field_id.uuid, id))
		at++;
	return at;
}

static struct outcome choice_check (struct arena *a, const json_t *choices, size_t i)
{
	const json_t *one = json_array_get (choices, i);
	const char *key = json_string_value (json_object_get (one, "key")), *pointer = arena_printf (a, "/choices/%zu", i);
	if (!key || !*key || strlen (key) > 60 || !label_text (a, json_object_get (one, "label")))
		return wrong_field (a, pointer, "malformed", "must be {key, label: {en, nl}}");
	for (size_t k = 0; k < i; k++)
		if (strcmp (json_string_value (json_object_get (json_array_get (choices, k), "key")), key) == 0)
			return wrong_field (a, arena_printf (a, "%s/key", pointer), "taken", "this key is taken");
	return done ();
}

/* A choice has some, nothing else has any. */
static struct outcome choices_check (struct arena *a, const struct custom_field *field)
{
	json_t *in = field->has.choices == HERE ? json_loads (field->choices, JSON_DECODE_ANY, NULL) : NULL;
	size_t n = json_array_size (in);
	struct outcome out = done ();
	if (field->kind != custom_kind_choice)
		out = in ? wrong_field (a, "/choices", "unknown", "only a choice has choices") : done ();
	else if (!n)
		out = wrong_field (a, "/choices", "required", "an array of {key, label: {en, nl}}");
	else if (n > CHOICES_MOST)
		out = wrong_field (a, "/choices", "too_many", "two hundred are the most");
	for (size_t i = 0; i < n && is_done (out); i++)
		out = choice_check (a, in, i);
	json_decref (in);
	return out;
}

static bool field_key_taken (const void *among, const char *key)
{
	const struct custom_fields *fields = among;
	for (size_t i = 0; i < fields->n; i++)
		if (strcmp (fields->at[i].key, key) == 0)
			return true;
	return false;
}

struct outcome field_add_apply (struct arena *a, const struct custom_field_add *cmd, struct custom_field *list, size_t n, size_t *ret_at)
{
	const struct custom_fields fields = { list, n };
	const char *label = NULL, *key = NULL;
	workspace_id workspace = { cmd->head.workspace };
	struct outcome out = n < FIELDS_MOST ? label_read (a, cmd->label, &label)
					     : wrong_field (a, "/label", "too_many", "a hundred fields are the most");
	if (is_done (out))
		out = key_choose (a, cmd->has.key == HERE ? cmd->key : NULL, label, field_key_taken, &fields, &key);
	if (!is_done (out))
		return out;
	list[n] = (struct custom_field){
		.workspace_id = workspace,
		.custom_field_id = { board_id_of (a, workspace, "field", custom_about_names[custom_about_deal], key) },
		.about = cmd->has.about == HERE ? cmd->about : custom_about_deal,
		.kind = cmd->kind,
		.key = key,
		.label = label,
		.needed = cmd->has.needed == HERE && cmd->needed,
		.choices = cmd->choices,
		.has.choices = cmd->has.choices == HERE ? HERE : ABSENT,
	};
	out = choices_check (a, &list[n]);
	struct uuid id = list[n].custom_field_id.uuid;
	fields_place (list, n + 1, n, cmd->has.position == HERE ? cmd->position : (int64_t) n + 1);
	*ret_at = field_at (list, n + 1, id);
	return out;
}

struct outcome field_update_apply (struct arena *a, const struct custom_field_update *cmd, struct custom_field *list, size_t n,
				   size_t *ret_at, bool *ret_changed)
{
	size_t at = field_at (list, n, cmd->custom_field_id.uuid);
	if (at == n)
		return refused (custom_field_not_found);
	struct custom_field *f = &list[at], was = *f;
	struct outcome out = cmd->has.label == HERE ? label_read (a, cmd->label, &f->label) : done ();
	if (cmd->has.needed == HERE)
		f->needed = cmd->needed;
	if (cmd->has.retired == HERE)
		f->retired = cmd->retired;
	if (cmd->has.choices == HERE)
		f->choices = cmd->choices, f->has.choices = HERE;
	if (is_done (out))
		out = choices_check (a, f);
	bool other = strcmp (f->label, was.label) || f->needed != was.needed || f->retired != was.retired || cmd->has.choices == HERE;
	if (cmd->has.position == HERE)
		fields_place (list, n, at, cmd->position);
	*ret_at = field_at (list, n, cmd->custom_field_id.uuid);
	*ret_changed = other || list[*ret_at].position != was.position;
	return out;
}
