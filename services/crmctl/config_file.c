/* A configuration from YAML and back; see config_file.h. Each item goes through its command's record, which says what is wrong with it and gives it its form.
 * It must never know a field by its name, but for those of the table here. */
#include "config_file.h"

#include <stdlib.h>
#include <string.h>

static const char version_name[] = "leadwire", position_name[] = "position";

const struct config_section config_sections[] = {
	{ .name = "pipelines", .record = &pipeline_add_record, .key = { "key" } },
	{ .name = "stages", .record = &stage_add_record, .key = { "pipeline", "key" }, .within = "pipelines", .ordered = true },
	{ .name = "catalogues", .record = &item_add_record, .key = { "catalogue", "key" }, .ordered = true },
	{ .name = "fields", .record = &custom_field_add_record, .key = { "key" }, .ordered = true },
	{ .name = "templates", .record = &template_add_record, .key = { "name" } },
	{ .name = "sources",
	  .record = &source_add_record,
	  .key = { "name" },
	  .stays = true }, /* a file of another workspace shuts nobody's door */
	{ .name = "webhooks", .record = &hook_endpoint_add_record, .key = { "name" } },
	{ .name = "rules", .record = &rule_add_record, .key = { "name" }, .ordered = true },
	{ .name = NULL },
};

/* ---- what is wrong ---- */

struct taking {
	struct arena *arena;
	const struct config_section *sections;
	const struct yaml_tree *tree;
	struct config_faults *faults;
};

static void wrong_at (struct taking *t, const struct yaml_tree *where, const char *pointer, const char *code, const char *detail)
{
	if (t->faults->n < CONFIG_FAULTS_MOST)
		t->faults->at[t->faults->n] = (struct config_fault){ .line = where ? where->line : 0,
								     .column = where ? where->column : 0,
								     .pointer = arena_text (t->arena, pointer),
								     .code = arena_text (t->arena, code),
								     .detail = arena_text (t->arena, detail) };
	t->faults->n += t->faults->n < CONFIG_FAULTS_MOST;
}

static void wrong (struct taking *t, const char *pointer, const char *code, const char *detail)
{
	wrong_at (t, t->tree ? yaml_at (t->tree, pointer) : NULL, pointer, code, detail);
}

/* A name as a part of a pointer. */
static const char *part (struct arena *a, const char *name)
{
	struct buffer b = { 0 };
	for (; *name; name++)
		buffer_text (&b, *name == '~' ? "~0" : *name == '/' ? "~1" : (char[]){ *name, '\0' });
	const char *ret = arena_copy (a, (const char *) b.at, b.n);
	buffer_fini (&b);
	return ret;
}

static const struct config_section *section_of (const struct config_section *sections, const char *name)
{
	for (; sections->name; sections++)
		if (!strcmp (sections->name, name))
			return sections;
	return NULL;
}

/* ---- from a file's words to JSON ---- */

static bool is_written_as_word (const struct field *f)
{
	switch (f->kind) {
	case KIND_TEXT:
	case KIND_TIME:
	case KIND_DATE:
	case KIND_BYTES:
	case KIND_ID:
	case KIND_ENUM: return true;
	case KIND_I64:
	case KIND_FLAG:
	case KIND_MONEY:
	case KIND_JSON:
	case KIND_LIST: return false;
	}
	return false;
}

/* A text needs no quotes where only a text can stand: +31 and no are what they look like. */
static json_t *word_value (const struct yaml_tree *t, const struct yaml_tree **ret_at)
{
	if (t->shape == YAML_PLAIN && !yaml_is_null (t))
		return json_string (t->text);
	return yaml_value (t, ret_at);
}

/* An amount, too: 12.50 stays as it stands. */
static json_t *money_value (const struct yaml_tree *t, const struct yaml_tree **ret_at)
{
	if (t->shape != YAML_MAP)
		return yaml_value (t, ret_at);
	json_t *ret = json_object ();
	for (const struct yaml_tree *in = t->first; ret && in; in = in->next) {
		json_t *value = word_value (in, ret_at);
		if (!value || json_object_set_new (ret, in->name, value)) {
			json_decref (ret);
			ret = NULL;
		}
	}
	return ret;
}

/* Null: noted. */
static json_t *field_value (struct taking *t, const struct record *r, const struct yaml_tree *tree, const char *pointer)
{
	const struct field *f = record_field (r, tree->name);
	const struct yaml_tree *at = NULL;
	json_t *ret = f && is_written_as_word (f)  ? word_value (tree, &at)
		      : f && f->kind == KIND_MONEY ? money_value (tree, &at)
						   : yaml_value (tree, &at);
	if (!ret)
		wrong_at (t, at ? at : tree, pointer, "ambiguous",
			  "others read this as a number that is written otherwise here: put it in quotes");
	return ret;
}

static json_t *item_value (struct taking *t, const struct config_section *s, const struct yaml_tree *tree, const char *pointer)
{
	const struct yaml_tree *at = NULL;
	if (tree->shape != YAML_MAP) {
		json_t *other = yaml_value (tree, &at); /* refused later, as what it is */
		return other ? other : json_null ();
	}
	json_t *ret = json_object ();
	for (const struct yaml_tree *in = tree->first; in; in = in->next) {
		json_t *value = field_value (t, s->record, in, arena_printf (t->arena, "%s/%s", pointer, part (t->arena, in->name)));
		if (value)
			json_object_set_new (ret, in->name, value);
	}
	return ret;
}

static json_t *section_value (struct taking *t, const struct config_section *s, const struct yaml_tree *tree)
{
	const struct yaml_tree *at = NULL;
	if (!s || tree->shape != YAML_LIST) {
		json_t *other = yaml_value (tree, &at);
		return other ? other : json_null ();
	}
	json_t *ret = json_array ();
	size_t i = 0;
	for (const struct yaml_tree *in = tree->first; in; in = in->next)
		json_array_append_new (ret, item_value (t, s, in, arena_printf (t->arena, "/%s/%zu", s->name, i++)));
	return ret;
}

/* ---- what an item may hold ---- */

/* The record asks for it, and a file has it not. */
static bool is_id (const struct field *f)
{
	return f->kind == KIND_ID && (f->flags & KEY) == KEY;
}

/* What it cannot do without, and whoever adds it makes up: the key of an address. */
static bool is_made (const struct field *f)
{
	return (f->flags & SECRET) && (f->flags & REQUIRED);
}

static bool field_good (struct taking *t, const struct field *f, const char *pointer)
{
	if (f->flags & SECRET)
		wrong (t, pointer, "secret", "a secret is given on its page, and never stands in a file");
	else if (f->kind == KIND_ID)
		wrong (t, pointer, "own_id", "ids are of one workspace alone; things are named by their keys here");
	else if (!strcmp (f->name, position_name))
		wrong (t, pointer, "unknown", "the place in the list is the position");
	else
		return true;
	return false;
}

/* Keys are what an item is told by: they have to stand there, though the command could do without. */
static void keys_check (struct taking *t, const struct config_section *s, const json_t *in, const char *pointer)
{
	for (size_t k = 0; k < CONFIG_KEYS_MOST && s->key[k]; k++) {
		const json_t *value = json_object_get (in, s->key[k]);
		if (!value || json_is_null (value) || (json_is_string (value) && !json_string_length (value)))
			wrong (t, arena_printf (t->arena, "%s/%s", pointer, s->key[k]), "required", "must be given");
	}
}

/* In the record's form, a new reference; null: noted. */
static json_t *item_take (struct taking *t, const struct config_section *s, const json_t *in, const char *pointer)
{
	size_t before = t->faults->n;
	if (!json_is_object (in)) {
		wrong (t, pointer, "not_an_object", "must be a map of fields");
		return NULL;
	}
	json_t *whole = json_copy ((json_t *) in), *ret = NULL;
	const struct record *r = s->record;
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++) {
		if (json_object_get (whole, f->name) && !field_good (t, f, arena_printf (t->arena, "%s/%s", pointer, f->name)))
			json_object_del (whole, f->name);
		if (is_id (f))
			json_object_set_new (whole, f->name, json_string ("00000000-0000-4000-8000-000000000000"));
		else if (is_made (f))
			json_object_set_new (whole, f->name, json_string ("made when it is added"));
	}
	keys_check (t, s, whole, pointer);
	struct problem problem = { 0 };
	void *item = arena_alloc (t->arena, r->size);
	bool good = record_from_json (t->arena, r, whole, true, item, &problem) == OK;
	if (!good)
		for (size_t i = 0; i < problem.n_errors; i++) {
			const struct problem_error *e = &problem.errors[i];
			const char *at = arena_printf (t->arena, "%s%s", pointer, e->pointer);
			bool told = false; /* a key that is missing, or what was taken out or could not be read */
			for (size_t k = 0; k < t->faults->n; k++)
				told |= !strcmp (t->faults->at[k].pointer, at);
			if (!told)
				wrong (t, at, e->code, e->detail);
		}
	json_decref (whole);
	if (good && t->faults->n == before && before < CONFIG_FAULTS_MOST) {
		struct buffer b = { 0 };
		record_to_json (&b, r, item, false);
		ret = json_loadb ((const char *) b.at, b.n, 0, NULL);
		for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++)
			if (f->kind == KIND_ID || is_made (f))
				json_object_del (ret, f->name);
		buffer_fini (&b);
	}
	return ret;
}

/* ---- items among each other ---- */

static const char *key_text (const struct config_section *s, const json_t *item, size_t k)
{
	const char *text = s->key[k] ? json_string_value (json_object_get (item, s->key[k])) : NULL;
	return text ? text : "";
}

const char *config_item_name (struct arena *a, const struct config_section *s, const json_t *item)
{
	return s->key[1] ? arena_printf (a, "%s %s/%s", s->name, part (a, key_text (s, item, 0)), part (a, key_text (s, item, 1)))
			 : arena_printf (a, "%s %s", s->name, part (a, key_text (s, item, 0)));
}

/* Twice the same, or within something that the file does not have. */
static void items_check (struct taking *t, const struct config_section *s, const json_t *items, const json_t *hosts)
{
	json_t *seen = json_object (), *known = json_object (), *item;
	const struct config_section *host = s->within ? section_of (t->sections, s->within) : NULL;
	size_t i;
	json_array_foreach (hosts, i, item)
	{
		json_object_set_new (known, key_text (host, item, 0), json_true ());
		if (!json_is_object (item)) /* it may be the one that is named */
			hosts = NULL;
	}
	json_array_foreach (items, i, item)
	{
		const char *name = config_item_name (t->arena, s, item), *pointer = arena_printf (t->arena, "/%s/%zu", s->name, i);
		const json_t *other = json_object_get (seen, name);
		if (!json_is_object (item)) /* what is wrong with it has been noted */
			continue;
		if (other)
			wrong (t, pointer, "twice",
			       arena_printf (t->arena, "%.200s is item %lld, too", name, json_integer_value (other) + 1));
		else
			json_object_set_new (seen, name, json_integer ((json_int_t) i));
		if (hosts && !json_object_get (known, key_text (s, item, 0)))
			wrong (t, arena_printf (t->arena, "%s/%s", pointer, s->key[0]), "nowhere",
			       arena_printf (t->arena, "none of the %s here is %.200s", s->within, key_text (s, item, 0)));
	}
	json_decref (seen);
	json_decref (known);
}

static json_t *section_take (struct taking *t, const struct config_section *s, const json_t *in)
{
	if (!json_is_array (in)) {
		wrong (t, arena_printf (t->arena, "/%s", s->name), "not_a_list", "must be a list");
		return NULL;
	}
	json_t *ret = json_array (), *item;
	size_t i;
	json_array_foreach (in, i, item)
	{
		json_t *taken = item_take (t, s, item, arena_printf (t->arena, "/%s/%zu", s->name, i));
		json_array_append_new (ret, taken ? taken : json_null ());
	}
	return ret;
}

static enum status root_take (struct taking *t, const json_t *in, struct configuration *ret)
{
	json_t *root = json_object (), *value;
	const char *name;
	json_object_foreach ((json_t *) in, name, value) if (!section_of (t->sections, name))
		wrong (t, arena_printf (t->arena, "/%s", part (t->arena, name)), "unknown", "there is no such section");
	for (const struct config_section *s = t->sections; s->name; s++) {
		const json_t *given = json_object_get (in, s->name);
		json_t *taken = given ? section_take (t, s, given) : NULL;
		if (taken)
			json_object_set_new (root, s->name, taken);
	}
	for (const struct config_section *s = t->sections; s->name; s++)
		if (json_object_get (root, s->name))
			items_check (t, s, json_object_get (root, s->name), s->within ? json_object_get (root, s->within) : NULL);
	if (t->faults->n) {
		json_decref (root);
		return REFUSED;
	}
	*ret = (struct configuration){ .sections = t->sections, .root = root, .tree = t->tree };
	return OK;
}

enum status config_take (struct arena *a, const struct config_section *sections, const json_t *in, struct configuration *ret,
			 struct config_faults *ret_faults)
{
	struct taking t = { .arena = a, .sections = sections, .faults = ret_faults };
	*ret_faults = (struct config_faults){ 0 };
	if (json_is_object (in))
		return root_take (&t, in, ret);
	wrong (&t, "", "not_an_object", "must be an object of sections");
	return REFUSED;
}

/* ---- files ---- */

static void version_check (struct taking *t, const struct yaml_tree *top)
{
	const struct yaml_tree *at = top->first;
	while (at && strcmp (at->name, version_name) != 0)
		at = at->next;
	if (!at || at->shape != YAML_PLAIN || strcmp (at->text, arena_printf (t->arena, "%d", CONFIG_VERSION)) != 0)
		wrong_at (t, at ? at : top, arena_printf (t->arena, "/%s", version_name), "not_a_version",
			  arena_printf (t->arena, "the file has to say %s: %d", version_name, CONFIG_VERSION));
}

enum status config_read (struct arena *a, const struct config_section *sections, struct bytes text, struct configuration *ret,
			 struct config_faults *ret_faults)
{
	struct taking t = { .arena = a, .sections = sections, .faults = ret_faults };
	struct yaml_fault fault = { 0 };
	*ret_faults = (struct config_faults){ 0 };
	if (yaml_read (a, text, &t.tree, &fault) != OK) {
		wrong (&t, "", fault.code, fault.detail);
		ret_faults->at[0].line = fault.line;
		ret_faults->at[0].column = fault.column;
		return REFUSED;
	}
	if (t.tree->shape != YAML_MAP) {
		wrong (&t, "", "not_an_object", "must be a map of sections");
		return REFUSED;
	}
	version_check (&t, t.tree);
	json_t *in = json_object ();
	for (const struct yaml_tree *s = t.tree->first; s; s = s->next)
		if (strcmp (s->name, version_name) != 0)
			json_object_set_new (in, s->name, section_value (&t, section_of (sections, s->name), s));
	enum status st = root_take (&t, in, ret);
	json_decref (in);
	return st;
}

void config_write (struct buffer *out, const struct configuration *c)
{
	json_t *root = json_object ();
	json_object_set_new (root, version_name, json_integer (CONFIG_VERSION));
	json_object_update (root, c->root);
	yaml_write (out, root);
	json_decref (root);
}

size_t config_line (const struct configuration *c, const char *pointer)
{
	return c->tree ? yaml_at (c->tree, pointer)->line : 0;
}

void config_fini (struct configuration *c)
{
	json_decref (c->root);
	*c = (struct configuration){ 0 };
}
