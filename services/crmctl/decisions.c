/* crmctl decisions: what became of events that rules hear, in words: which rules acted and how far they are, and of one event which did not and at which condition.
 * It must never tell what automation did not write down. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
		bool later = json_is_true (json_object_get (rule, "later"));
		if (whole && !json_is_true (json_object_get (rule, "matched")))
			printf ("    %s: %s", text_of (rule, "name"), later ? "was switched on later" : "not met at condition ");
		if (whole && !json_is_true (json_object_get (rule, "matched")))
			printf (later ? "\n" : "%lld\n", (long long) json_integer_value (json_object_get (rule, "failed")));
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
