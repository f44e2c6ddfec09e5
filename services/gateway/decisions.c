/* A decision as it is shown: for each rule that was asked the condition that failed, as it is written, and what its fact held then. automation keeps the
 * condition's number and the facts; which that is stands in the rule's version, which never changes. It must never ask a condition again. */
#include <stdlib.h>
#include <string.h>

#include "../automation/condition_json.h"
#include "gateway.h"

static void rule_told (json_t *rule, const json_t *facts)
{
	const json_t *failed = json_object_get (rule, "failed");
	const json_t *condition = json_is_integer (failed)
					  ? condition_numbered (json_object_get (rule, "if"), (size_t) json_integer_value (failed))
					  : NULL;
	const char *fact = json_string_value (json_object_get (condition, "fact"));
	const json_t *value = fact ? json_object_get (facts, fact) : NULL;
	json_object_set_new (rule, "condition", condition ? json_deep_copy (condition) : json_null ());
	if (value)
		json_object_set_new (rule, "value", json_deep_copy (value));
	else if (fact && strncmp (fact, "history.", 8) != 0) /* a rule's own history stands in no decision */
		json_object_set_new (rule, "unknown", json_true ());
	json_object_del (rule, "if");
}

static void decision_found (struct request *q)
{
	json_t *decision = json_loads (q->target_json, 0, NULL), *rule;
	size_t i;
	json_array_foreach (json_object_get (decision, "rules"), i, rule) rule_told (rule, json_object_get (decision, "facts"));
	char *text = json_dumps (decision, JSON_COMPACT);
	const char *answer = arena_text (q->arena, text);
	free (text);
	json_decref (decision);
	reply_text (q, 200, answer);
}

void decision_page (struct request *q)
{
	target_find (q, decision_found);
}
