/* crmctl decisions: what became of events that rules hear, in words: which rules acted and how far they are, and of one event which did not and at which condition.
 * It must never tell what automation did not write down. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../automation/condition_json.h"
#include "../automation/rule.h"
#include "verbs.h"

static struct {
	const char *var, *workspace, *rule, *record, *event, *limit;
	bool json, unmatched;
	struct uuid id;
} say;

static const char *text_of (const json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text ? text : "";
}

static const char *about_of (const json_t *o)
{
	static const char *const fields[] = { "document_id", "deal_id", "lead_id", "contact_id", "account_id" };
	static char ret[80];
	for (size_t i = 0; i < LENGTH (fields); i++)
		if (*text_of (o, fields[i])) {
			snprintf (ret, sizeof ret, "%.*s %s", (int) strcspn (fields[i], "_"), fields[i], text_of (o, fields[i]));
			return ret;
		}
	return "";
}

/* ---- conditions in words ---- */

/* What stands behind "it": in the order of enum op. */
static const char *const op_words[OP_COUNT] = {
	"is",
	"is not",
	"contains",
	"does not contain",
	"starts with",
	"is more than",
	"is less than",
	"is at least",
	"is at most",
	"is before",
	"is after",
	"lies within the last",
	"does not lie within the last",
	"lies within the next",
	"does not lie within the next",
	"is empty",
	"is filled",
};

static const char *op_said (const char *name)
{
	for (size_t i = 0; i < OP_COUNT; i++)
		if (strcmp (op_names[i], name) == 0)
			return op_words[i];
	return name;
}

static void value_print (const json_t *value)
{
	const json_t *one;
	size_t i;
	if (json_is_string (value))
		printf ("\"%s\"", json_string_value (value));
	else if (json_is_integer (value))
		printf ("%lld", (long long) json_integer_value (value));
	else if (json_is_boolean (value))
		printf (json_is_true (value) ? "yes" : "no");
	else if (json_is_array (value) && json_array_size (value))
		json_array_foreach ((json_t *) value, i, one)
		{
			printf (i ? " or " : "");
			value_print (one);
		}
	else if (json_is_object (value) && json_is_integer (json_object_get (value, "amount")))
		printf ("%s %lld", text_of (value, "currency"), (long long) json_integer_value (json_object_get (value, "amount")));
	else if (json_is_object (value))
		printf ("%s %s", text_of (value, "currency"), text_of (value, "amount"));
	else
		printf ("nothing");
}

/* ": deal.value is more than EUR 1000". Null: its rule has not so many, nothing is said. */
static void condition_print (const json_t *condition)
{
	const char *op = text_of (condition, "op");
	const json_t *value = json_object_get (condition, "value");
	if (!condition)
		return;
	printf (": %s %s%s", text_of (condition, "fact"), op_said (op), value ? " " : "");
	if (value)
		value_print (value);
	if (strstr (op, "within") || strstr (op, "ahead"))
		printf (" days");
}

static void held_print (const json_t *value)
{
	printf ("; it was ");
	if (json_is_null (value))
		printf ("empty");
	else
		value_print (value);
}

/* ---- what was done ---- */

/* A condition that was asked when a step was due: what its fact held then stands beside it, but for a workspace's own fields. */
static void step_failed_print (const json_t *step)
{
	long long failed = json_integer_value (json_object_get (step, "failed"));
	const json_t *value = json_object_get (step, "value");
	if (!failed)
		return;
	printf ("  not met at condition %lld", failed);
	condition_print (json_object_get (step, "condition"));
	if (json_is_true (json_object_get (step, "unknown")))
		printf ("; it was not known");
	else if (value)
		held_print (value);
}

static void step_print (const json_t *step)
{
	printf ("      step %lld", (long long) json_integer_value (json_object_get (step, "step")));
	if (*text_of (step, "do"))
		printf ("  %s: %s", text_of (step, "do"), text_of (step, "state"));
	if (*text_of (step, "wait"))
		printf ("  waits until %s", text_of (step, "wait"));
	if (*text_of (step, "branch"))
		printf ("  takes %s", text_of (step, "branch"));
	if (json_is_true (json_object_get (step, "stop")))
		printf ("  stops");
	if (*text_of (step, "code"))
		printf ("  %s %s", text_of (step, "code"), text_of (step, "detail"));
	step_failed_print (step);
	printf ("\n");
}

/* A rule that did not match: facts are those of the decision, which hold no rule's own history. */
static void rule_unmet_print (const json_t *rule, const json_t *facts)
{
	json_int_t failed = json_integer_value (json_object_get (rule, "failed"));
	const json_t *condition = condition_numbered (json_object_get (rule, "if"), (size_t) failed);
	const char *fact = text_of (condition, "fact");
	const json_t *value = json_object_get (facts, fact);
	if (json_is_true (json_object_get (rule, "later"))) {
		printf ("    %s: was switched on later\n", text_of (rule, "name"));
		return;
	}
	if (!failed) {
		printf ("    %s: was not asked\n", text_of (rule, "name"));
		return;
	}
	printf ("    %s: not met at condition %lld", text_of (rule, "name"), (long long) failed);
	condition_print (condition);
	if (value)
		held_print (value);
	else if (condition && strncmp (fact, "history.", 8) != 0)
		printf ("; it was not known");
	printf ("\n");
}

static void decision_print (const json_t *o, bool whole)
{
	json_t *firing, *step, *rule;
	size_t i, k;
	printf ("%s  %s  %-22s %s%s%s\n", text_of (o, "at"), text_of (o, "id"), text_of (o, "type"), about_of (o),
		*text_of (o, "skipped") ? "  skipped: " : "", text_of (o, "skipped"));
	json_array_foreach (json_object_get (o, "firings"), i, firing)
	{
		printf ("    %s: %s%s%s\n", text_of (firing, "name"), text_of (firing, "state"),
			*text_of (firing, "due_at") ? " until " : "", text_of (firing, "due_at"));
		json_array_foreach (json_object_get (firing, "steps"), k, step) step_print (step);
	}
	json_array_foreach (json_object_get (o, "rules"), i, rule)
	{
		if (whole && !json_is_true (json_object_get (rule, "matched")))
			rule_unmet_print (rule, json_object_get (o, "facts"));
	}
}

/* The rule of that name or id; false: told. */
static bool rule_find (struct uuid *ret)
{
	struct rule_list query = { .head = { .workspaces = &say.id, .n_workspaces = 1 } };
	json_t *row;
	size_t i;
	if (uuid_parse (say.rule, ret) == OK)
		return true;
	struct answer a = ask_query (&rule_list_record, &query);
	bool found = false;
	json_array_foreach (json_object_get (a.json, "data"), i,
			    row) if (!found && (!strcmp (text_of (row, "name"), say.rule) || !strcmp (text_of (row, "preset"), say.rule)))
		found = uuid_parse (text_of (row, "id"), ret) == OK;
	if (a.state != ANSWER_DONE)
		answer_fail ("decisions", &a, say.json);
	else if (!found)
		fprintf (stderr, "crmctl decisions: there is no rule %s\n", say.rule);
	json_decref (a.json);
	return found;
}

static int answer_print (struct answer *a, bool whole)
{
	json_t *one;
	size_t i;
	if (a->state != ANSWER_DONE)
		return answer_fail ("decisions", a, say.json);
	if (say.json) {
		json_line (a->json);
		return 0;
	}
	if (whole)
		decision_print (a->json, true);
	json_array_foreach (json_object_get (a->json, "data"), i, one) decision_print (one, false);
	json_decref (a->json);
	return 0;
}

static int one_run (void)
{
	struct decision_get query = { .head = { .workspaces = &say.id, .n_workspaces = 1 }, .has.decision_id = HERE };
	if (uuid_parse (say.event, &query.decision_id.uuid) != OK) {
		fprintf (stderr, "crmctl decisions: %s is no id\n", say.event);
		return 2;
	}
	struct answer a = ask_query (&decision_get_record, &query);
	if (a.state == ANSWER_REFUSED && !strcmp (a.code, "not_found") && !say.json) {
		fprintf (stderr, "crmctl decisions: nothing was decided about %s\n", say.event);
		return 1;
	}
	return answer_print (&a, true);
}

static int decisions_run (void *ctx)
{
	(void) ctx;
	struct decision_list query = { .head = { .workspaces = &say.id, .n_workspaces = 1 },
				       .unmatched = say.unmatched,
				       .has.unmatched = HERE };
	if (!ask_workspace ("decisions", say.workspace, &say.id))
		return 1;
	if (say.event)
		return one_run ();
	if (say.rule) {
		if (!rule_find (&query.rule_id.uuid))
			return 1;
		query.has.rule_id = HERE;
	}
	query.record = say.record;
	query.has.record = say.record ? HERE : ABSENT;
	query.limit = say.limit ? strtoll (say.limit, NULL, 10) : 50;
	query.has.limit = HERE;
	struct answer a = ask_query (&decision_list_record, &query);
	return answer_print (&a, false);
}

int crmctl_decisions (int argc, char **argv)
{
	const struct word words[] = {
		{ "json", NULL, &say.json },	       { "unmatched", NULL, &say.unmatched }, { "var", &say.var, NULL },
		{ "workspace", &say.workspace, NULL }, { "rule", &say.rule, NULL },	      { "record", &say.record, NULL },
		{ "event", &say.event, NULL },	       { "limit", &say.limit, NULL },
	};
	if (words_read (argc, argv, words, LENGTH (words)) == 0 && say.workspace)
		return ask_run (say.var, decisions_run, NULL);
	fprintf (stderr,
		 "usage: crmctl decisions --workspace SLUG [--rule NAME] [--record ID] [--unmatched] [--limit N] [--json] [--var DIR]\n"
		 "       crmctl decisions --workspace SLUG --event ID      one, whole: each rule that was asked\n");
	return 2;
}
