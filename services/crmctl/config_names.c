/* Ids in rules and what they are called; see config_names.h. It must never look into a value that is not an id's place: a text stays a text. */
#include "config_names.h"

#include <string.h>
#include "../automation/fact.h"
#include "charset.h"

/* What a file calls them. */
static const struct {
	const char *noun, *word;
} words[] = {
	{ "template", "template" }, { "hook_endpoint", "webhook" }, { "tag", "tag" },	    { "segment", "segment" },
	{ "stage", "stage" },	    { "user", "person" },	    { "source", "source" },
};

static const char *word_of (const char *noun)
{
	for (size_t i = 0; noun && i < LENGTH (words); i++)
		if (strcmp (words[i].noun, noun) == 0)
			return words[i].word;
	return NULL;
}

/* ---- what there is ---- */

void config_names_init (struct config_names *n)
{
	*n = (struct config_names){ json_object (), json_object () };
	for (size_t i = 0; i < LENGTH (words); i++) {
		json_object_set_new (n->ids, words[i].noun, json_object ());
		json_object_set_new (n->names, words[i].noun, json_object ());
	}
}

void config_names_fini (struct config_names *n)
{
	json_decref (n->ids);
	json_decref (n->names);
}

void config_names_put (struct config_names *n, const char *noun, const char *name, const char *id)
{
	json_t *ids = json_object_get (n->ids, noun), *names = json_object_get (n->names, noun);
	struct arena a;
	if (!ids)
		return;
	arena_init (&a);
	const char *called = strcmp (noun, "user") == 0 ? text_small (&a, name) : name;
	const json_t *other = json_object_get (ids, called);
	if (other) {
		if (json_is_string (other))
			json_object_del (names, json_string_value (other));
		json_object_set_new (ids, called, json_null ());
	} else {
		json_object_set_new (ids, called, json_string (id));
		json_object_set_new (names, id, json_string (called));
	}
	arena_fini (&a);
}

void config_names_promise (struct config_names *n, const char *noun, const char *name)
{
	char text[UUID_TEXT];
	if (!json_object_get (json_object_get (n->ids, noun), name))
		config_names_put (n, noun, name, uuid_format (uuid_of (name, strlen (name)), text));
}

/* ---- where ids stand ---- */

struct walk {
	struct arena *arena;
	const struct config_names *n;
	bool show;
	config_names_fault *fault;
	void *ctx;
	const struct record *event;
	size_t faults;
};

/* What stands in the place of an id; null: it stays. */
static json_t *shown (const struct walk *w, const char *noun, const json_t *value)
{
	const char *name = json_string_value (
		json_object_get (json_object_get (w->n->names, noun), json_is_string (value) ? json_string_value (value) : ""));
	return name ? json_pack ("{ss}", word_of (noun), name) : NULL;
}

static json_t *found (struct walk *w, const char *noun, const char *at, const json_t *value)
{
	const char *word = word_of (noun), *name = json_object_size (value) == 1 ? json_string_value (json_object_get (value, word)) : NULL;
	if (!name)
		return NULL;
	if (strcmp (noun, "user") == 0)
		name = text_small (w->arena, name);
	const json_t *id = json_object_get (json_object_get (w->n->ids, noun), name);
	if (json_is_string (id))
		return json_string (json_string_value (id));
	w->faults++;
	w->fault (w->ctx, at, id ? "ambiguous" : "nobody",
		  arena_printf (w->arena,
				id ? "more than one %s here is called %s: give one another name" : "there is no %s here that is called %s",
				word, name));
	return NULL;
}

static json_t *other_of (struct walk *w, const char *noun, const char *at, const json_t *value)
{
	return w->show ? shown (w, noun, value) : found (w, noun, at, value);
}

static const char *item_at (struct walk *w, const char *at, size_t i)
{
	return arena_printf (w->arena, "%s/%zu", at, i);
}

static void member_walk (struct walk *w, const char *noun, const char *at, json_t *in, const char *name)
{
	json_t *value = json_object_get (in, name), *other, *one;
	size_t i;
	const char *here = arena_printf (w->arena, "%s/%s", at, name);
	if (!value || !word_of (noun))
		return;
	if (json_is_array (value)) {
		json_array_foreach (value, i, one) if ((other = other_of (w, noun, item_at (w, here, i), one)))
			json_array_set_new (value, i, other);
	} else if ((other = other_of (w, noun, here, value))) {
		json_object_set_new (in, name, other);
	}
}

static void group_walk (struct walk *w, const char *at, json_t *group)
{
	static const char *const kinds[] = { "all", "any", "none" };
	for (size_t k = 0; k < LENGTH (kinds); k++) {
		json_t *list = json_object_get (group, kinds[k]), *node;
		size_t i;
		json_array_foreach (list, i, node)
		{
			const char *here = arena_printf (w->arena, "%s/%s/%zu", at, kinds[k], i),
				   *name = json_string_value (json_object_get (node, "fact"));
			struct fact_name fact;
			if (name && fact_find (w->arena, w->event, name, &fact))
				member_walk (w, fact.noun, here, node, "value");
			else
				group_walk (w, here, node);
		}
	}
}

/* Of what a field holds the id: one that may hold any record's says so by its name. */
static const char *noun_of (struct walk *w, const struct field *f)
{
	size_t n = strlen (f->name);
	bool any = strcmp (f->noun, "record") == 0 && n > 3 && strcmp (f->name + n - 3, "_id") == 0;
	return any ? arena_copy (w->arena, f->name, n - 3) : f->noun;
}

/* A field of a command, or of a part of it. */
static void field_walk (struct walk *w, const struct field *f, const char *at, json_t *with)
{
	json_t *value = json_object_get (with, f->name), *item;
	size_t i;
	const char *here = arena_printf (w->arena, "%s/%s", at, f->name);
	if (f->kind == KIND_ID && json_object_get (value, "pick"))
		member_walk (w, noun_of (w, f), here, value, "pick");
	else if (f->kind == KIND_ID)
		member_walk (w, noun_of (w, f), at, with, f->name);
	else if (f->kind == KIND_JSON && strcmp (f->name, "tags") == 0)
		member_walk (w, "tag", at, with, f->name);
	else if (f->kind == KIND_LIST)
		json_array_foreach (value, i, item) for (size_t k = 0; k < f->part->n_fields; k++) if (f->part->fields[k].kind == KIND_ID)
			member_walk (w, noun_of (w, &f->part->fields[k]), item_at (w, here, i), item, f->part->fields[k].name);
}

static void steps_walk (struct walk *w, const char *at, json_t *steps)
{
	json_t *step;
	size_t i;
	json_array_foreach (steps, i, step)
	{
		const char *here = item_at (w, at, i), *name = json_string_value (json_object_get (step, "do"));
		const struct record *command = name ? record_named (name) : NULL;
		for (size_t k = 0; command && k < command->n_fields; k++)
			field_walk (w, &command->fields[k], arena_printf (w->arena, "%s/with", here), json_object_get (step, "with"));
		group_walk (w, arena_printf (w->arena, "%s/if", here), json_object_get (step, "if"));
		steps_walk (w, arena_printf (w->arena, "%s/then", here), json_object_get (step, "then"));
		steps_walk (w, arena_printf (w->arena, "%s/else", here), json_object_get (step, "else"));
	}
}

static void body_walk (struct walk *w, json_t *body)
{
	const char *event = json_string_value (json_object_get (json_object_get (body, "when"), "event"));
	w->event = event ? record_of_type (event) : NULL;
	group_walk (w, "/if", json_object_get (body, "if"));
	steps_walk (w, "/then", json_object_get (body, "then"));
}

void config_names_show (struct arena *a, const struct config_names *n, json_t *body)
{
	struct walk w = { .arena = a, .n = n, .show = true };
	body_walk (&w, body);
}

bool config_names_find (struct arena *a, const struct config_names *n, json_t *body, config_names_fault *fault, void *ctx)
{
	struct walk w = { .arena = a, .n = n, .fault = fault, .ctx = ctx };
	body_walk (&w, body);
	return !w.faults;
}
