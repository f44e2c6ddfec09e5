/* A decision as it is shown: for each rule that was asked the condition that failed, as it is written, and what its fact held then. automation keeps the
 * condition's number and the facts; which that is stands in the rule's version, which never changes. It must never ask a condition again. */
#include <stdlib.h>
#include <string.h>

#include "gateway.h"

/* Conditions are numbered in the order in which they are written, groups or not; *left counts down to the one that is wanted. */
static const json_t *condition_walk (const json_t *node, size_t *left)
{
	static const char *const groups[] = { "all", "any", "none" };
	const json_t *members = NULL, *member, *found = NULL;
	size_t i;
	for (size_t k = 0; k < LENGTH (groups) && !members; k++)
		members = json_object_get (node, groups[k]);
	if (!members)
		return json_is_object (node) && !--*left ? node : NULL;
	json_array_foreach ((json_t *) members, i, member) if ((found = condition_walk (member, left))) break;
	return found;
}

const json_t *condition_numbered (const json_t *conditions, size_t number)
{
	return number && conditions ? condition_walk (conditions, &number) : NULL;
}

static void rule_told (json_t *rule, const json_t *facts)
{
	const json_t *failed = json_object_get (rule, "failed");
	const json_t *condition = json_is_integer (failed)
					  ? condition_numbered (json_object_get (rule, "if"), (size_t) json_integer_value (failed))
					  : NULL;
	const char *fact = json_string_value (json_object_get (condition, "fact"));
	const json_t *value = fact ? json_object_get (facts, fact) : NULL;
	json_object_set_new (rule, "condition", condition ? json_deep_copy (condition) : json_null ());
	json_object_set_new (rule, "value", value ? json_deep_copy (value) : json_null ());
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
