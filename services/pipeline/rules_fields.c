/* What pipeline decides about a workspace's own fields: what they are, and what a record may hold under them. See rules.h.
 * Never takes away what records hold: a field is retired, and whoever has a value keeps it. */
#include "rules.h"
#include "own_values.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS_MOST = 100, CHOICES_MOST = 200 };

/* ---- values ---- */

/* The deals' fields of one workspace. */
struct outcome custom_merge (struct arena *a, const struct custom_fields *fields, struct uuid workspace, const char *was, const char *json,
			     bool makes, const char **ret)
{
	struct own_field *field = arena_array (a, fields->n + 1, sizeof *field);
	size_t n = 0;
	for (size_t i = 0; i < fields->n; i++) {
		const struct custom_field *f = &fields->at[i];
		if (f->about == custom_about_deal && uuid_equal (f->workspace_id.uuid, workspace))
			field[n++] = (struct own_field){ .kind = f->kind,
							 .key = f->key,
							 .choices = f->has.choices == HERE ? f->choices : NULL,
							 .needed = f->needed,
							 .retired = f->retired };
	}
	return own_values_merge (a, field, n, was, json, makes, ret);
}

/* ---- the fields themselves ---- */

static void fields_place (struct custom_field *list, size_t n, size_t from, int64_t position)
{
	place_change (list, sizeof *list, from, place_within (position, n));
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
		return refused_at (a, pointer, "malformed", "must be {key, label: {en, nl}}");
	for (size_t k = 0; k < i; k++)
		if (strcmp (json_string_value (json_object_get (json_array_get (choices, k), "key")), key) == 0)
			return refused_at (a, arena_printf (a, "%s/key", pointer), "taken", "this key is taken");
	return done ();
}

/* A choice has some, nothing else has any. */
static struct outcome choices_check (struct arena *a, const struct custom_field *field)
{
	json_t *in = field->has.choices == HERE ? json_loads (field->choices, JSON_DECODE_ANY, NULL) : NULL;
	size_t n = json_array_size (in);
	struct outcome out = done ();
	if (field->kind != custom_kind_choice)
		out = in ? refused_at (a, "/choices", "unknown", "only a choice has choices") : done ();
	else if (!n)
		out = refused_at (a, "/choices", "required", "an array of {key, label: {en, nl}}");
	else if (n > CHOICES_MOST)
		out = refused_at (a, "/choices", "too_many", "two hundred are the most");
	for (size_t i = 0; i < n && is_done (out); i++)
		out = choice_check (a, in, i);
	json_decref (in);
	return out;
}

/* Among the fields of the same records. */
struct field_keys {
	const struct custom_field *at;
	size_t n;
	enum custom_about about;
};

static bool field_key_taken (const void *among, const char *key)
{
	const struct field_keys *fields = among;
	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i].about == fields->about && strcmp (fields->at[i].key, key) == 0)
			return true;
	return false;
}

struct outcome field_add_apply (struct arena *a, const struct custom_field_add *cmd, struct custom_field *list, size_t n, size_t *ret_at)
{
	enum custom_about about = cmd->has.about == HERE ? cmd->about : custom_about_deal;
	const struct field_keys fields = { list, n, about };
	const char *label = NULL, *key = NULL;
	workspace_id workspace = { cmd->head.workspace };
	struct outcome out = n < FIELDS_MOST ? label_read (a, cmd->label, &label)
					     : refused_at (a, "/label", "too_many", "a hundred fields are the most");
	if (is_done (out))
		out = key_choose (a, cmd->has.key == HERE ? cmd->key : NULL, label, field_key_taken, &fields, &key);
	if (!is_done (out))
		return out;
	list[n] = (struct custom_field){
		.workspace_id = workspace,
		.custom_field_id = { board_id_of (a, workspace, "field", custom_about_names[about], key) },
		.about = about,
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
