/* crmctl config: what a workspace is set up like as a file; what a file would change; and that done, each step by the command that people's pages give too.
 * It must never put a secret into a file, nor a person but a colleague whom a rule names, nor do what was not shown before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../automation/rule.h"
#include "clock.h"
#include "config_file.h"
#include "config_names.h"
#include "seal.h"
#include "verbs.h"

enum { FILE_BYTES_MOST = YAML_BYTES_MOST, ROUNDS_MOST = 4, ROWS_MOST = 200, KEY_BYTES = 16 };

/* How a section is read and written: the records of its list and of what changes one, the field that bears its id. `gone`: the field of the change that takes
 * one out of use and back; null: it is removed by a command of its own. */
static const struct way {
	const char *name;
	const struct record *list, *change, *remove;
	const char *id, *gone;
} ways[] = {
	{ "pipelines", &pipeline_list_record, &pipeline_update_record, NULL, "pipeline_id", "archived" },
	{ "stages", &pipeline_list_record, &stage_update_record, &stage_remove_record, "stage_id", NULL },
	{ "catalogues", &catalogue_list_record, &item_update_record, NULL, "item_id", "retired" },
	{ "fields", &custom_field_list_record, &custom_field_update_record, NULL, "custom_field_id", "retired" },
	{ "templates", &template_list_record, &template_update_record, &template_remove_record, "template_id", NULL },
	{ "sources", &source_list_record, &source_update_record, NULL, "source_id", NULL },
	{ "webhooks", &hook_endpoint_list_record, &hook_endpoint_update_record, &hook_endpoint_remove_record, "hook_endpoint_id", NULL },
	{ "rules", &rule_list_record, &rule_update_record, &rule_remove_record, "rule_id", NULL },
};

static struct {
	const char *var, *workspace, *file;
	bool json, yes;
	struct uuid id;
	struct arena arena;
} say;

/* What is there, and which ids it bears: by an item's name {id, gone, preset}; and by what rules call it. */
struct live {
	struct configuration is;
	json_t *known;
	struct config_names names;
	const struct configuration *wanted; /* what it is to become; null: nothing else */
};

static void live_fini (struct live *l)
{
	config_fini (&l->is);
	json_decref (l->known);
	config_names_fini (&l->names);
}

static const struct way *way_of (const struct config_section *s)
{
	for (size_t i = 0; i < LENGTH (ways); i++)
		if (!strcmp (ways[i].name, s->name))
			return &ways[i];
	return NULL;
}

/* ---- what is there ---- */

/* A rule's body in its one form, so that one that was written otherwise is no other rule. False: it is none, and `ret_problem` says why. */
static bool body_form (json_t *item, struct problem *ret_problem)
{
	struct rule rule;
	struct buffer form = { 0 };
	char *text = json_dumps (json_object_get (item, "body"), JSON_COMPACT | JSON_ENCODE_ANY);
	bool good = text && rule_read (&say.arena, text, &rule, ret_problem) == OK &&
		    (!ret_problem || rule_check (&say.arena, &rule, ret_problem) == OK);
	if (good) {
		rule_write (&form, &rule);
		json_object_set_new (item, "body", json_loadb ((const char *) form.at, form.n, 0, NULL));
	}
	buffer_fini (&form);
	free (text);
	return good;
}

/* A row as an item: what the command that adds one takes of it. */
static json_t *item_of (const struct config_section *s, const json_t *row)
{
	json_t *ret = json_object ();
	for (const struct field *f = s->record->fields; f < s->record->fields + s->record->n_fields; f++) {
		json_t *value = json_object_get (row, f->name);
		bool kept = f->kind != KIND_ID && !(f->flags & SECRET) && strcmp (f->name, "position") != 0;
		if (kept && value && !json_is_null (value))
			json_object_set (ret, f->name, value);
	}
	return ret;
}

/* All rows of a list; `gone`, of the query: those that are out of use as well. Null: told why. */
static json_t *rows_ask (const struct record *list, const char *gone)
{
	struct head *query = heap_alloc (list->size);
	const struct field *f = gone ? record_field (list, gone) : NULL, *limit = record_field (list, "limit");
	query->workspaces = &say.id;
	query->n_workspaces = 1;
	if (limit) {
		*(int64_t *) ((char *) query + limit->offset) = ROWS_MOST;
		*((unsigned char *) query + limit->has) = HERE;
	}
	if (f) {
		*(bool *) ((char *) query + f->offset) = true;
		*((unsigned char *) query + f->has) = HERE;
	}
	struct answer a = ask_query (list, query);
	heap_free (query);
	if (a.state == ANSWER_DONE)
		return a.json;
	answer_fail ("config", &a, say.json);
	return NULL;
}

/* What rules name of a file's own sections. */
static const char *noun_of (const struct config_section *s)
{
	if (s->record == &stage_add_record)
		return "stage";
	if (s->record == &template_add_record)
		return "template";
	if (s->record == &source_add_record)
		return "source";
	return s->record == &hook_endpoint_add_record ? "hook_endpoint" : "";
}

static const char *called (const struct config_section *s, const json_t *item)
{
	const char *first = json_string_value (json_object_get (item, s->key[0]));
	return s->key[1] ? arena_printf (&say.arena, "%s/%s", first, json_string_value (json_object_get (item, s->key[1]))) : first;
}

static void called_take (struct config_names *names, const struct config_section *s, const json_t *item, const json_t *row)
{
	config_names_put (names, noun_of (s), called (s, item), json_string_value (json_object_get (row, "id")));
}

/* What rules name beside that. False: told why. */
static bool names_ask (struct config_names *names)
{
	static const struct {
		const char *noun;
		const struct record *list;
		const char *name;
	} others[] = {
		{ "tag", &tag_list_record, "label" },
		{ "segment", &segment_list_record, "name" },
		{ "user", &members_list_record, "email" },
	};
	for (size_t i = 0; i < LENGTH (others); i++) {
		json_t *rows = rows_ask (others[i].list, "active"), *row;
		size_t k;
		json_array_foreach (json_object_get (rows, "data"), k, row)
			config_names_put (names, others[i].noun, json_string_value (json_object_get (row, others[i].name)),
					  json_string_value (json_object_get (row, "id")));
		json_decref (rows);
		if (!rows)
			return false;
	}
	return true;
}

static void row_take (struct live *l, const struct config_section *s, const json_t *row, json_t *items)
{
	const struct way *w = way_of (s);
	json_t *item = item_of (s, row);
	if (s->stays && (!json_string_value (json_object_get (item, s->key[0])) ||
			 json_object_get (l->known, config_item_name (&say.arena, s,
								      item)))) { /* no name, or one that another has: no file can tell it */
		json_decref (item);
		return;
	}
	bool gone = w->gone && json_is_true (json_object_get (row, w->gone));
	if (s->record == &rule_add_record && body_form (item, NULL)) /* one that this build cannot read stays as it is */
		config_names_show (&say.arena, &l->names, json_object_get (item, "body"));
	if (!gone)
		called_take (&l->names, s, item, row);
	json_object_set_new (l->known, config_item_name (&say.arena, s, item),
			     json_pack ("{sO sb sb}", "id", json_object_get (row, "id"), "gone", gone, "preset",
					json_is_string (json_object_get (row, "preset"))));
	if (!gone)
		json_array_append (items, item);
	json_decref (item);
}

static void stages_take (struct live *l, const struct config_section *s, const json_t *board, json_t *items)
{
	size_t i;
	json_t *stage;
	json_array_foreach (json_object_get (board, "stages"), i, stage)
	{
		json_t *row = json_copy (stage);
		json_object_set (row, "pipeline", json_object_get (board, "key"));
		row_take (l, s, row, items);
		json_decref (row);
	}
}

/* Null: told why. */
static json_t *section_ask (struct live *l, const struct config_section *s)
{
	bool stages = !strcmp (s->name, "stages");
	json_t *rows = rows_ask (way_of (s)->list, stages ? NULL : way_of (s)->gone), *ret = rows ? json_array () : NULL, *row;
	size_t i;
	json_array_foreach (json_object_get (rows, "data"), i, row)
	{
		if (stages)
			stages_take (l, s, row, ret);
		else
			row_take (l, s, row, ret);
	}
	json_decref (rows);
	return ret;
}

static void faults_print (const char *from, const struct config_faults *faults)
{
	for (size_t i = 0; i < faults->n; i++) {
		const struct config_fault *f = &faults->at[i];
		fprintf (stderr, "%s:%zu:%zu: %s: %s (%s)\n", from, f->line, f->column, *f->pointer ? f->pointer : "/", f->detail, f->code);
	}
}

/* False: told why. */
static bool live_ask (struct live *ret)
{
	struct config_faults faults;
	json_t *all = json_object ();
	*ret = (struct live){ .known = json_object () };
	config_names_init (&ret->names);
	bool good = names_ask (&ret->names);
	for (const struct config_section *s = config_sections; s->name && good; s++) {
		json_t *items = section_ask (ret, s);
		good = items && !json_object_set_new (all, s->name, items);
	}
	if (good && config_take (&say.arena, config_sections, all, &ret->is, &faults) != OK) {
		faults_print (say.workspace, &faults);
		good = false;
	}
	json_decref (all);
	if (!good) {
		json_decref (ret->known);
		config_names_fini (&ret->names);
	}
	return good;
}

/* ---- the file ---- */

static bool file_bytes (const char *path, struct buffer *ret)
{
	bool in = !strcmp (path, "-");
	FILE *f = in ? stdin : fopen (path, "r");
	for (size_t n = 1; f && n && ret->n <= FILE_BYTES_MOST;) {
		n = fread (buffer_reserve (ret, 65536), 1, 65536, f);
		ret->n += n;
	}
	bool good = f && !ferror (f);
	if (f && !in)
		fclose (f);
	if (!good)
		fprintf (stderr, "crmctl config: %s cannot be read\n", path);
	return good;
}

/* A rule of the file. */
struct body_place {
	const struct configuration *in;
	size_t i;
};

static void body_wrong (void *ctx, const char *pointer, const char *code, const char *detail)
{
	const struct body_place *p = ctx;
	const char *at = arena_printf (&say.arena, "/rules/%zu/body%s", p->i, pointer);
	fprintf (stderr, "%s:%zu: %s: %s (%s)\n", say.file, config_line (p->in, at), at, detail, code);
}

/* In its one form, with names. False: told why. */
static bool body_take (const struct config_names *names, const struct configuration *c, size_t i, json_t *item)
{
	struct problem problem = { 0 };
	struct body_place place = { c, i };
	json_t *body = json_object_get (item, "body");
	if (!config_names_find (&say.arena, names, body, body_wrong, &place))
		return false;
	bool good = body_form (item, &problem);
	for (size_t k = 0; k < problem.n_errors; k++)
		body_wrong (&place, problem.errors[k].pointer, problem.errors[k].code, problem.errors[k].detail);
	config_names_show (&say.arena, names, json_object_get (item, "body"));
	return good;
}

/* Rules may name what the file brings. False: told why. */
static bool bodies_take (struct live *l, struct configuration *wanted)
{
	bool ret = true;
	json_t *item;
	size_t i;
	for (const struct config_section *s = config_sections; s->name; s++)
		json_array_foreach (json_object_get (wanted->root, s->name), i, item) if (*noun_of (s))
			config_names_promise (&l->names, noun_of (s), called (s, item));
	json_array_foreach (json_object_get (wanted->root, "rules"), i, item) ret = body_take (&l->names, wanted, i, item) && ret;
	return ret;
}

/* False: told why. */
static bool file_read (struct configuration *ret)
{
	struct buffer text = { 0 };
	struct config_faults faults;
	bool good = file_bytes (say.file, &text);
	if (good && config_read (&say.arena, config_sections, (struct bytes){ text.at, text.n }, ret, &faults) != OK) {
		faults_print (say.file, &faults);
		good = false;
	}
	buffer_fini (&text);
	return good;
}

static bool is_named (const struct config_section *s, const json_t *items, const char *name)
{
	size_t i;
	const json_t *item;
	json_array_foreach (items, i, item) if (!strcmp (config_item_name (&say.arena, s, item), name)) return true;
	return false;
}

/* Rules that the product brought are there whatever a file says: one that it does not name stays as it is, and where it is. */
static void presets_stay (const struct live *l, struct configuration *wanted)
{
	const struct config_section *s = config_sections;
	while (s->name && strcmp (s->name, "rules") != 0)
		s++;
	json_t *rules = json_object_get (wanted->root, s->name), *item;
	size_t i;
	json_array_foreach (rules ? json_object_get (l->is.root, s->name) : NULL, i, item)
	{
		const char *name = config_item_name (&say.arena, s, item);
		size_t n = json_array_size (rules);
		if (json_is_true (json_object_get (json_object_get (l->known, name), "preset")) && !is_named (s, rules, name))
			json_array_insert_new (rules, i < n ? i : n, json_deep_copy (item));
	}
}

/* ---- the plan ---- */

static const char *const action_names[] = { "keep", "add", "change", "remove" };

static char *json_text (const json_t *value)
{
	return value ? json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY) : strdup ("nothing");
}

static void step_print (const struct config_step *s)
{
	printf ("%-6s %s", action_names[s->action], s->name);
	if (s->action == CONFIG_CHANGE && s->place)
		printf (" (place %zu)", s->place);
	printf ("\n");
	for (size_t i = 0; s->action == CONFIG_CHANGE && i < s->changes; i++) {
		char *was = json_text (s->change[i].was), *now = json_text (s->change[i].now);
		printf ("         %s: %s -> %s\n", s->change[i].field, was, now);
		free (was);
		free (now);
	}
}

static size_t plan_size (const struct config_plan *plan)
{
	return plan->n - plan->of[CONFIG_KEEP];
}

static void plan_print (const struct config_plan *plan)
{
	json_t *list = json_array ();
	for (size_t i = 0; i < plan->n; i++) {
		const struct config_step *s = &plan->step[i];
		if (s->action == CONFIG_KEEP)
			continue;
		if (!say.json)
			step_print (s);
		json_t *fields = json_array ();
		for (size_t k = 0; k < s->changes; k++)
			json_array_append_new (fields, json_string (s->change[k].field));
		json_array_append_new (list,
				       json_pack ("{ss ss so}", "action", action_names[s->action], "item", s->name, "fields", fields));
	}
	if (say.json)
		json_line (json_pack ("{so}", "steps", list));
	else {
		printf ("%zu to add, %zu to change, %zu to remove, %zu as they are\n", plan->of[CONFIG_ADD], plan->of[CONFIG_CHANGE],
			plan->of[CONFIG_REMOVE], plan->of[CONFIG_KEEP]);
		json_decref (list);
	}
	fflush (stdout);
}

/* What cannot be changed where it is there already; false: told. */
static bool plan_possible (const struct config_plan *plan, const struct configuration *wanted)
{
	bool ret = true;
	for (size_t i = 0; i < plan->n; i++) {
		const struct config_step *s = &plan->step[i];
		for (size_t k = 0; s->action == CONFIG_CHANGE && k < s->changes; k++) {
			const char *field = s->change[k].field;
			if (record_field (way_of (s->section)->change, field))
				continue;
			ret = false;
			fprintf (stderr, "%s:%zu: %s of %s cannot be changed: give it another key\n", say.file,
				 config_line (wanted, arena_printf (&say.arena, "/%s/%zu/%s", s->section->name, s->now_at, field)), field,
				 s->name);
		}
	}
	return ret;
}

/* ---- doing it ---- */

/* False: told why. */
static bool command_give (const char *name, const struct record *r, json_t *fields, struct answer *ret)
{
	struct problem problem = { 0 };
	struct head *item = arena_alloc (&say.arena, r->size);
	bool good = record_from_json (&say.arena, r, fields, true, item, &problem) == OK;
	for (size_t i = 0; i < problem.n_errors; i++)
		fprintf (stderr, "crmctl config: %s: %s: %s\n", name, problem.errors[i].pointer, problem.errors[i].detail);
	json_decref (fields);
	if (!good)
		return false;
	item->workspace = say.id;
	*ret = ask_command (r, item);
	if (ret->state != ANSWER_DONE) {
		fprintf (stderr, "crmctl config: %s\n", name);
		answer_fail ("config", ret, say.json);
	}
	json_decref (ret->json);
	ret->json = NULL;
	return ret->state == ANSWER_DONE;
}

/* A step's command, a rule's body with ids in the place of names. `fields` is taken. False: told why. */
static bool step_give (const struct live *l, const struct config_step *s, const struct record *r, json_t *fields, struct answer *ret)
{
	struct body_place place = { l->wanted, s->now_at };
	json_t *body = s->section->record == &rule_add_record ? json_deep_copy (json_object_get (fields, "body")) : NULL;
	if (body)
		json_object_set_new (fields, "body", body);
	if (!body || config_names_find (&say.arena, &l->names, body, body_wrong, &place))
		return command_give (s->name, r, fields, ret);
	json_decref (fields);
	return false;
}

static void id_set (json_t *fields, const char *name, struct uuid id)
{
	char text[UUID_TEXT];
	json_object_set_new (fields, name, json_string (uuid_format (id, text)));
}

static bool thing_add (const struct live *l, const struct config_step *s, struct answer *ret)
{
	const struct way *w = way_of (s->section);
	const json_t *known = json_object_get (l->known, s->name);
	json_t *fields = json_object (), *value;
	const char *name;
	bool back = known && json_is_true (json_object_get (known, "gone"));
	const struct record *r = back ? w->change : s->section->record;
	json_object_foreach ((json_t *) s->now, name, value) if (!json_is_null (value) && record_field (r, name))
		json_object_set (fields, name, value);
	if (back) { /* it was there before */
		json_object_set (fields, w->id, json_object_get (known, "id"));
		json_object_set_new (fields, w->gone, json_false ());
	} else {
		id_set (fields, w->id, uuid_v7 (clock_now ()));
	}
	if (record_field (r, "url_key")) { /* nobody has seen it: it is given another where somebody wants to know */
		char key[TOKEN_TEXT];
		token_new (KEY_BYTES, key);
		json_object_set_new (fields, "url_key", json_string (key));
	}
	bool placed = s->place && record_field (r, "position");
	if (placed)
		json_object_set_new (fields, "position", json_integer ((json_int_t) s->place));
	json_t *id = json_incref (json_object_get (fields, w->id));
	bool good = step_give (l, s, r, fields, ret);
	if (good && s->place && !placed) /* one that is made stands last: it goes to its place then */
		good = command_give (s->name, w->change, json_pack ("{sO sI}", w->id, id, "position", (json_int_t) s->place), ret);
	json_decref (id);
	return good;
}

static bool thing_change (const struct live *l, const struct config_step *s, struct answer *ret)
{
	const struct way *w = way_of (s->section);
	json_t *fields = json_object ();
	json_object_set (fields, w->id, json_object_get (json_object_get (l->known, s->name), "id"));
	for (size_t i = 0; i < s->changes; i++)
		json_object_set_new (fields, s->change[i].field, s->change[i].now ? json_deep_copy (s->change[i].now) : json_null ());
	if (s->place && record_field (w->change, "position"))
		json_object_set_new (fields, "position", json_integer ((json_int_t) s->place));
	return step_give (l, s, w->change, fields, ret);
}

static bool thing_remove (const struct live *l, const struct config_step *s, struct answer *ret)
{
	const struct way *w = way_of (s->section);
	json_t *fields = json_object ();
	json_object_set (fields, w->id, json_object_get (json_object_get (l->known, s->name), "id"));
	if (w->gone)
		json_object_set_new (fields, w->gone, json_true ());
	return command_give (s->name, w->gone ? w->change : w->remove, fields, ret);
}

/* What it stands in goes, and takes it along. */
static bool goes_along (const struct config_plan *plan, const struct config_step *s)
{
	const char *host = s->section->within ? json_string_value (json_object_get (s->was, s->section->key[0])) : NULL;
	for (size_t i = 0; i < plan->n && host && s->action == CONFIG_REMOVE; i++) {
		const struct config_step *o = &plan->step[i];
		if (o->action == CONFIG_REMOVE && !strcmp (o->section->name, s->section->within) &&
		    !strcmp (json_string_value (json_object_get (o->was, o->section->key[0])), host))
			return true;
	}
	return false;
}

/* What has to be there before the rest can be seen: new pipelines bring stages of their own; what is new may be named by rules, which need its id. */
enum turn { TURN_PIPELINES, TURN_NAMED, TURN_REST };

static bool is_of_rules (const struct config_step *s)
{
	return s->section->record == &rule_add_record;
}

static enum turn turn_of (const struct config_plan *plan)
{
	bool boards = false, named = false, rules = false;
	for (size_t i = 0; i < plan->n; i++) {
		const struct config_step *s = &plan->step[i];
		bool adds = s->action == CONFIG_ADD;
		boards = boards || (adds && s->section == config_sections);
		named = named || (adds && *noun_of (s->section));
		rules = rules || (is_of_rules (s) && (adds || s->action == CONFIG_CHANGE));
	}
	return boards ? TURN_PIPELINES : named && rules ? TURN_NAMED : TURN_REST;
}

static bool is_in_turn (enum turn turn, const struct config_step *s)
{
	switch (turn) {
	case TURN_PIPELINES: return s->action == CONFIG_ADD && s->section == config_sections;
	case TURN_NAMED: return (s->action == CONFIG_ADD || s->action == CONFIG_CHANGE) && !is_of_rules (s);
	case TURN_REST: break;
	}
	return true;
}

/* What is in turn; the rest is seen then. False: told why. */
static bool plan_do (const struct live *l, const struct config_plan *plan, bool *ret_again)
{
	struct answer last = { 0 };
	enum turn turn = turn_of (plan);
	bool good = true;
	for (size_t i = 0; i < plan->n && good; i++) {
		const struct config_step *s = &plan->step[i];
		if (s->action == CONFIG_KEEP || goes_along (plan, s) || !is_in_turn (turn, s))
			continue;
		good = s->action == CONFIG_ADD	    ? thing_add (l, s, &last)
		       : s->action == CONFIG_CHANGE ? thing_change (l, s, &last)
						    : thing_remove (l, s, &last);
	}
	if (last.sequence)
		ask_spread (&last);
	*ret_again = turn != TURN_REST;
	return good;
}

/* ---- the verbs ---- */

static bool begin (void)
{
	arena_init (&say.arena);
	return ask_workspace ("config", say.workspace, &say.id);
}

static int export_run (void *ctx)
{
	(void) ctx;
	struct live live;
	struct buffer out = { 0 };
	if (!begin () || !live_ask (&live))
		return 1;
	config_write (&out, &live.is);
	fwrite (out.at, 1, out.n, stdout);
	fflush (stdout);
	buffer_fini (&out);
	live_fini (&live);
	return 0;
}

/* 0: nothing is to be done; 1: something is; else it could not be found out. */
static int plan_find (struct configuration *wanted, struct live *ret_live, struct config_plan *ret)
{
	if (!live_ask (ret_live))
		return 4;
	ret_live->wanted = wanted;
	if (!bodies_take (ret_live, wanted)) {
		live_fini (ret_live);
		return 2;
	}
	presets_stay (ret_live, wanted);
	config_plan_make (&say.arena, &ret_live->is, wanted, ret);
	return plan_size (ret) > 0;
}

static int diff_run (void *ctx)
{
	(void) ctx;
	struct configuration wanted;
	struct live live;
	struct config_plan plan;
	if (!begin ())
		return 2;
	if (!file_read (&wanted))
		return 2;
	int found = plan_find (&wanted, &live, &plan);
	if (found <= 1) {
		plan_print (&plan);
		found = plan_possible (&plan, &wanted) ? found : 2;
		live_fini (&live);
	}
	config_fini (&wanted);
	return found;
}

static bool is_wanted (void)
{
	char line[16] = "";
	if (say.yes)
		return true;
	if (!isatty (STDIN_FILENO)) {
		fprintf (stderr, "crmctl config: nobody is there to ask; --yes does it\n");
		return false;
	}
	printf ("Do this? yes or no: ");
	fflush (stdout);
	return fgets (line, sizeof line, stdin) && !strncmp (line, "yes", 3);
}

static int apply_run (void *ctx)
{
	(void) ctx;
	struct configuration wanted;
	int exit_code = 0;
	if (!begin ())
		return 2;
	if (!file_read (&wanted))
		return 2;
	bool again = true;
	for (int round = 0; again && !exit_code && round < ROUNDS_MOST; round++) {
		struct live live;
		struct config_plan plan;
		int found = plan_find (&wanted, &live, &plan);
		again = false;
		if (found > 1)
			exit_code = found;
		else {
			if (!round)
				plan_print (&plan);
			if (!plan_possible (&plan, &wanted))
				exit_code = 2;
			else if (found && !((round || is_wanted ()) && plan_do (&live, &plan, &again)))
				exit_code = 1;
			live_fini (&live);
		}
	}
	config_fini (&wanted);
	return exit_code;
}

int crmctl_config (int argc, char **argv)
{
	const struct word words[] = {
		{ "json", NULL, &say.json },
		{ "yes", NULL, &say.yes },
		{ "var", &say.var, NULL },
		{ "workspace", &say.workspace, NULL },
	};
	int n = words_read (argc, argv, words, LENGTH (words));
	const char *what = n ? argv[1] : "";
	say.file = argv[n > 1 ? 2 : 0];
	if (say.workspace && n == 1 && !strcmp (what, "export"))
		return ask_run (say.var, export_run, NULL);
	if (say.workspace && n == 2 && !strcmp (what, "diff"))
		return ask_run (say.var, diff_run, NULL);
	if (say.workspace && n == 2 && !strcmp (what, "apply"))
		return ask_run (say.var, apply_run, NULL);
	fprintf (stderr, "usage: crmctl config export --workspace SLUG [--var DIR] > FILE\n"
			 "       crmctl config diff FILE --workspace SLUG [--json]          0: nothing differs, 1: something does\n"
			 "       crmctl config apply FILE --workspace SLUG [--yes] [--json]\n");
	return 2;
}
