/* What a rule may be made of is what automation takes: each event, each fact with each of its operators that wants no value, each command. It must never pass
 * over one that is offered. */
#include <jansson.h>
#include <string.h>

#include "../automation/rule.h"
#include "gateway.h"
#include "public_events.h"
#include "test.h"

static struct arena arena;

static const char *text_of (const json_t *o, const char *name)
{
	const char *ret = json_string_value (json_object_get (o, name));
	return ret ? ret : "";
}

static bool is_read (const char *body)
{
	struct rule rule;
	struct problem problem = { 0 };
	bool ret = rule_read (&arena, body, &rule, &problem) == OK;
	for (size_t i = 0; i < problem.n_errors; i++)
		printf ("%s: %s %s %s\n", body, problem.errors[i].pointer, problem.errors[i].code, problem.errors[i].detail);
	return ret;
}

static void fact_tried (const char *event, const json_t *fact, const json_t *operators)
{
	static const char *const bare[] = { "empty", "filled" };
	const json_t *ops = json_object_get (operators, text_of (fact, "kind")), *op;
	size_t i, tried = 0;
	json_array_foreach ((json_t *) ops, i, op) for (size_t k = 0; k < LENGTH (bare); k++)
	{
		if (strcmp (json_string_value (op), bare[k]))
			continue;
		CHECK (is_read (arena_printf (&arena,
					      "{\"when\":{\"event\":\"%s\"},\"if\":{\"all\":[{\"fact\":\"%s\",\"op\":\"%s\"}]},"
					      "\"then\":[{\"stop\":true}]}",
					      event, text_of (fact, "name"), bare[k])));
		tried++;
	}
	CHECK (tried == LENGTH (bare));
	CHECK (*text_of (fact, "doc"));
}

static void facts_tried (const json_t *all)
{
	const json_t *event, *fact, *operators = json_object_get (all, "operators");
	size_t i, k, events = 0;
	json_array_foreach (json_object_get (all, "events"), i, event)
	{
		CHECK (event_is_public (record_of_type (text_of (event, "type"))));
		json_array_foreach (json_object_get (event, "facts"), k, fact) fact_tried (text_of (event, "type"), fact, operators);
		events++;
	}
	for (i = 0; all_records[i]; i++)
		events -= all_records[i]->class == RECORD_EVENT && event_is_public (all_records[i]);
	CHECK (!events && json_array_size (json_object_get (all, "events")));
	json_array_foreach (json_object_get (all, "facts"), k, fact) fact_tried ("deal.created", fact, operators);
	CHECK (k > 50);
}

/* A command that is named alone lacks fields, and nothing else is wrong with it. */
static void command_tried (const json_t *command)
{
	struct rule rule;
	struct problem problem = { 0 };
	const char *body = arena_printf (&arena, "{\"when\":{\"event\":\"deal.created\"},\"then\":[{\"do\":\"%s\"}]}",
					 text_of (command, "name"));
	const struct record *r = record_named (text_of (command, "name"));
	CHECK (r && r->class == RECORD_COMMAND && asked_permission (r->name) >= 0);
	if (rule_read (&arena, body, &rule, &problem) != OK)
		for (size_t i = 0; i < problem.n_errors; i++)
			CHECK_TEXT (problem.errors[i].code, "required");
	const json_t *field;
	size_t i;
	json_array_foreach (json_object_get (command, "fields"), i, field)
	{
		const struct field *f = r ? record_field (r, text_of (field, "name")) : NULL;
		CHECK (f && !(f->flags & SECRET) && *text_of (field, "doc"));
		struct made made;
		CHECK (!r || !command_makes (r, &made) || made.field != f);
		CHECK (f && (f->kind == KIND_LIST) == (json_object_get (field, "fields") != NULL));
	}
}

int main (void)
{
	arena_init (&arena);
	json_t *all = json_loads (rule_catalogue_text (&arena), JSON_REJECT_DUPLICATES, NULL);
	const json_t *command;
	size_t i, asked = 0;
	facts_tried (all);
	json_array_foreach (json_object_get (all, "commands"), i, command) command_tried (command);
	for (size_t k = 0; all_records[k]; k++)
		asked += all_records[k]->class == RECORD_COMMAND && asked_permission (all_records[k]->name) >= 0;
	CHECK (i == asked && asked);
	CHECK (json_integer_value (json_object_get (json_object_get (all, "limits"), "steps")) == RULE_STEPS_MOST);
	json_decref (all);
	arena_fini (&arena);
	return test_end ();
}
