/* What a rule may be made of, for whoever writes one: events, facts, operators, commands and limits, out of the records' own tables; and what is wrong with a
 * rule that nobody wrote yet, by the rooms that automation reads rules with. It must never offer what automation refuses, nor keep a list of its own. */
#include <stdlib.h>
#include <string.h>

#include "../automation/rule.h"
#include "gateway.h"
#include "public_events.h"

/* In the order of enum fact_kind. */
static const char *const fact_kinds[FACT_KINDS] = { "text", "choice", "number", "flag", "time", "date", "money", "id", "list", "own" };

static void set_text (json_t *o, const char *name, const char *text)
{
	json_object_set_new (o, name, text ? json_string (text) : json_null ());
}

static json_t *words_of (const char *const *name)
{
	json_t *ret = name ? json_array () : json_null ();
	for (size_t i = 0; name && name[i]; i++)
		json_array_append_new (ret, json_string (name[i]));
	return ret;
}

/* ---- facts ---- */

static json_t *fact_json (const struct fact_name *f)
{
	json_t *ret = json_object ();
	set_text (ret, "name", f->name);
	set_text (ret, "kind", fact_kinds[f->kind]);
	set_text (ret, "noun", f->noun);
	json_object_set_new (ret, "choices", words_of (f->choice));
	set_text (ret, "doc", f->doc);
	return ret;
}

static json_t *facts_json (struct arena *a, const struct record *event)
{
	json_t *ret = json_array ();
	size_t n;
	const struct fact_name *fact = facts_all (a, event, &n);
	for (size_t i = 0; i < n; i++)
		json_array_append_new (ret, fact_json (&fact[i]));
	return ret;
}

/* ---- events ---- */

/* The records that it names, whose facts are known where it is heard. */
static json_t *event_records (const struct record *event)
{
	json_t *ret = json_array ();
	for (size_t i = 0; i < event->n_fields; i++) {
		const struct field *f = &event->fields[i];
		bool is = f->kind == KIND_ID && fact_record (f->noun);
		for (size_t k = 0; is && k < json_array_size (ret); k++)
			is = strcmp (json_string_value (json_array_get (ret, k)), f->noun) != 0;
		if (is)
			json_array_append_new (ret, json_string (f->noun));
	}
	return ret;
}

static json_t *events_json (struct arena *a)
{
	json_t *ret = json_array ();
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		if (r->class != RECORD_EVENT || !event_is_public (r))
			continue;
		json_t *event = json_object ();
		set_text (event, "type", r->type);
		set_text (event, "service", r->service);
		set_text (event, "doc", r->doc);
		json_object_set_new (event, "records", event_records (r));
		json_object_set_new (event, "facts", facts_json (a, r));
		json_array_append_new (ret, event);
	}
	return ret;
}

/* ---- commands ---- */

static const char *field_kind (enum kind kind)
{
	switch (kind) {
	case KIND_TEXT: return "text";
	case KIND_I64: return "number";
	case KIND_FLAG: return "flag";
	case KIND_TIME: return "time";
	case KIND_DATE: return "date";
	case KIND_MONEY: return "money";
	case KIND_ID: return "id";
	case KIND_ENUM: return "choice";
	case KIND_LIST: return "list";
	case KIND_JSON: return "json";
	case KIND_BYTES: break;
	}
	return "bytes";
}

/* What a command makes gets its id when the step is taken: nobody says it. */
static bool made_then (const struct record *r, const struct field *f)
{
	struct made made;
	return r->class == RECORD_COMMAND && command_makes (r, &made) && made.field == f;
}

/* Left out it is that of the event, or of the record that the rule is about. */
static bool found_then (const struct field *f)
{
	size_t n = f->kind == KIND_ID ? strlen (f->noun) : 0;
	return n && f->flags & REQUIRED && fact_record (f->noun) && strncmp (f->name, f->noun, n) == 0 && strcmp (f->name + n, "_id") == 0;
}

static json_t *fields_json (const struct record *r)
{
	json_t *ret = json_array ();
	for (size_t i = 0; i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		if (f->flags & SECRET || made_then (r, f))
			continue;
		json_t *field = json_object ();
		set_text (field, "name", f->name);
		set_text (field, "kind", field_kind (f->kind));
		set_text (field, "noun", f->kind == KIND_LIST ? NULL : f->noun);
		json_object_set_new (field, "choices", words_of (f->names));
		json_object_set_new (field, "required", json_boolean (f->flags & REQUIRED && !found_then (f)));
		json_object_set_new (field, "found", json_boolean (found_then (f)));
		json_object_set_new (field, "limit", json_integer ((json_int_t) field_limit (f)));
		set_text (field, "doc", f->doc);
		if (f->kind == KIND_LIST)
			json_object_set_new (field, "fields", fields_json (f->part));
		json_array_append_new (ret, field);
	}
	return ret;
}

static json_t *commands_json (void)
{
	json_t *ret = json_array ();
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		int permission = r->class == RECORD_COMMAND ? asked_permission (r->name) : -1;
		if (permission < 0)
			continue;
		json_t *command = json_object ();
		set_text (command, "name", r->name);
		set_text (command, "service", r->service);
		set_text (command, "permission", permission_names[permission]);
		set_text (command, "doc", r->doc);
		json_object_set_new (command, "fields", fields_json (r));
		json_array_append_new (ret, command);
	}
	return ret;
}

/* ---- the rest ---- */

static json_t *operators_json (void)
{
	json_t *ret = json_object ();
	for (int kind = 0; kind < FACT_KINDS; kind++) {
		json_t *ops = json_array ();
		for (int op = 0; op < OP_COUNT; op++)
			if (ops_of ((enum fact_kind) kind) >> op & 1)
				json_array_append_new (ops, json_string (op_names[op]));
		json_object_set_new (ret, fact_kinds[kind], ops);
	}
	return ret;
}

static json_t *limits_json (void)
{
	static const struct {
		const char *name;
		int most;
	} limits[] = {
		{ "bytes", RULE_BYTES_MOST }, { "conditions", RULE_CONDITIONS_MOST },
		{ "depth", RULE_DEPTH_MOST }, { "steps", RULE_STEPS_MOST },
		{ "words", RULE_WORDS_MOST }, { "word_bytes", RULE_WORD_BYTES },
		{ "days", RULE_DAYS_MOST },   { "span", SPAN_MOST },
	};
	json_t *ret = json_object ();
	for (size_t i = 0; i < LENGTH (limits); i++)
		json_object_set_new (ret, limits[i].name, json_integer (limits[i].most));
	return ret;
}

const char *rule_catalogue_text (struct arena *a)
{
	json_t *all = json_object ();
	json_object_set_new (all, "events", events_json (a));
	json_object_set_new (all, "facts", facts_json (a, NULL));
	json_object_set_new (all, "operators", operators_json ());
	json_object_set_new (all, "commands", commands_json ());
	json_object_set_new (all, "limits", limits_json ());
	char *text = json_dumps (all, JSON_COMPACT);
	const char *ret = arena_text (a, text);
	free (text);
	json_decref (all);
	return ret;
}

void rule_catalogue_page_show (struct request *q)
{
	reply_text (q, 200, rule_catalogue_text (q->arena));
}

/* ---- a rule that nobody wrote yet ---- */

void rule_check_page (struct request *q)
{
	const struct rule_check_form *form = form_taken (q);
	struct problem found = { 0 };
	struct rule rule;
	json_t *problems = json_array ();
	if (!form) {
		json_decref (problems);
		return;
	}
	if (rule_read (q->arena, form->body, &rule, &found) != OK || rule_check (q->arena, &rule, &found) != OK) {
		const struct problem *told = problem_translated (q, &found);
		for (size_t i = 0; i < told->n_errors; i++)
			json_array_append_new (problems, json_pack ("{s:s, s:s, s:s}", "pointer", told->errors[i].pointer, "code",
								    told->errors[i].code, "detail", told->errors[i].detail));
	}
	char *text = json_dumps (problems, JSON_COMPACT);
	const char *answer = arena_printf (q->arena, "{\"problems\":%s}", text);
	free (text);
	json_decref (problems);
	reply_text (q, 200, answer);
}
