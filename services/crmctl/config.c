/* crmctl config: what a workspace is set up like as a file; what a file would change; and that done, each step by the command that people's pages give too.
 * It must never put a secret, an id or a person into a file, nor do what was not shown before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../automation/rule.h"
#include "clock.h"
#include "config_file.h"
#include "verbs.h"

enum { FILE_BYTES_MOST = YAML_BYTES_MOST, ROUNDS_MOST = 4 };

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
	{ "rules", &rule_list_record, &rule_update_record, &rule_remove_record, "rule_id", NULL },
	{ "webhooks", &hook_endpoint_list_record, &hook_endpoint_update_record, &hook_endpoint_remove_record, "hook_endpoint_id", NULL },
};

static struct {
	const char *var, *workspace, *file;
	bool json, yes;
	struct uuid id;
	struct arena arena;
} say;

/* What is there, and which ids it bears: by an item's name {id, gone, preset}. */
struct live {
	struct configuration is;
	json_t *known;
};

static void live_fini (struct live *l)
{
	config_fini (&l->is);
	json_decref (l->known);
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
	bool good = text && rule_read (&say.arena, text, &rule, ret_problem) == OK;
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

/* All rows of a section's list; `gone`: those that are out of use as well. Null: told why. */
static json_t *rows_ask (const struct way *w, bool gone)
{
	struct head *query = heap_alloc (w->list->size);
	const struct field *f = gone && w->gone ? record_field (w->list, w->gone) : NULL;
	query->workspaces = &say.id;
	query->n_workspaces = 1;
	if (f) {
		*(bool *) ((char *) query + f->offset) = true;
		*((unsigned char *) query + f->has) = HERE;
	}
	struct answer a = ask_query (w->list, query);
	heap_free (query);
	if (a.state == ANSWER_DONE)
		return a.json;
	answer_fail ("config", &a, say.json);
	return NULL;
}

static void row_take (struct live *l, const struct config_section *s, const json_t *row, json_t *items)
{
	const struct way *w = way_of (s);
	json_t *item = item_of (s, row);
	bool gone = w->gone && json_is_true (json_object_get (row, w->gone));
	if (s->record == &rule_add_record)
		body_form (item, NULL); /* one that this build cannot read stays as it is */
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
	json_t *rows = rows_ask (way_of (s), !stages), *ret = rows ? json_array () : NULL, *row;
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
	for (const struct config_section *s = config_sections; s->name; s++) {
		json_t *items = section_ask (ret, s);
		if (!items) {
			json_decref (all);
			json_decref (ret->known);
			return false;
		}
		json_object_set_new (all, s->name, items);
	}
	bool good = config_take (&say.arena, config_sections, all, &ret->is, &faults) == OK;
	json_decref (all);
	if (!good) {
		faults_print (say.workspace, &faults);
		json_decref (ret->known);
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

/* False: told why. */
static bool body_take (const struct configuration *c, size_t i, json_t *item)
{
	struct problem problem = { 0 };
	bool good = body_form (item, &problem);
	for (size_t k = 0; k < problem.n_errors; k++) {
		const char *at = arena_printf (&say.arena, "/rules/%zu/body%s", i, problem.errors[k].pointer);
		fprintf (stderr, "%s:%zu: %s: %s (%s)\n", say.file, config_line (c, at), at, problem.errors[k].detail,
			 problem.errors[k].code);
	}
	return good;
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
	json_t *rule;
	size_t i;
	bool bodies = true;
	if (good)
		json_array_foreach (json_object_get (ret->root, "rules"), i, rule) bodies = body_take (ret, i, rule) && bodies;
	if (good && !bodies)
		config_fini (ret);
	buffer_fini (&text);
	return good && bodies;
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
	bool placed = s->place && record_field (r, "position");
	if (placed)
		json_object_set_new (fields, "position", json_integer ((json_int_t) s->place));
	json_t *id = json_incref (json_object_get (fields, w->id));
	bool good = command_give (s->name, r, fields, ret);
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
	return command_give (s->name, w->change, fields, ret);
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

/* Of a plan with new pipelines these alone: they bring stages of their own, and what is to be done of those is seen then. False: told why. */
static bool plan_do (const struct live *l, const struct config_plan *plan, bool *ret_again)
{
	struct answer last = { 0 };
	bool boards = false, good = true;
	for (size_t i = 0; i < plan->n; i++)
		boards = boards || (plan->step[i].action == CONFIG_ADD && plan->step[i].section == config_sections);
	for (size_t i = 0; i < plan->n && good; i++) {
		const struct config_step *s = &plan->step[i];
		if (s->action == CONFIG_KEEP || goes_along (plan, s) ||
		    (boards && (s->section != config_sections || s->action != CONFIG_ADD)))
			continue;
		good = s->action == CONFIG_ADD	    ? thing_add (l, s, &last)
		       : s->action == CONFIG_CHANGE ? thing_change (l, s, &last)
						    : thing_remove (l, s, &last);
	}
	if (last.sequence)
		ask_spread (&last);
	*ret_again = boards;
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
