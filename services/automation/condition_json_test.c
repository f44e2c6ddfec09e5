/* The condition that bears a number is the one that automation counts: each of a rule's, whatever groups it stands in, is found by the number that rule_read
 * gave it. It must never pass by counting in a way of its own. */
#include <jansson.h>
#include <string.h>

#include "condition_json.h"
#include "rule.h"
#include "test.h"

static struct arena arena;

static void node_tried (const struct node *node, const struct rule *rule, const json_t *conditions, size_t *n)
{
	if (node->kind != NODE_CONDITION) {
		for (size_t i = 0; i < node->n; i++)
			node_tried (&node->at[i], rule, conditions, n);
		return;
	}
	const json_t *found = condition_numbered (conditions, node->condition.number);
	CHECK_TEXT (json_string_value (json_object_get (found, "fact")), rule->fact[node->condition.fact].name);
	CHECK_TEXT (json_string_value (json_object_get (found, "op")), op_names[node->condition.op]);
	++*n;
}

int main (void)
{
	static const char body[] =
		"{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"any\":[{\"fact\":\"deal.title\",\"op\":\"filled\"},"
		"{\"none\":[{\"fact\":\"deal.value\",\"op\":\"empty\"},{\"fact\":\"deal.tags\",\"op\":\"is\",\"value\":[\"x\"]}]}]},"
		"{\"fact\":\"contact.email\",\"op\":\"filled\"},{\"all\":[{\"fact\":\"account.city\",\"op\":\"filled\"}]}]},"
		"\"then\":[{\"stop\":true}]}";
	struct rule rule;
	size_t n = 0;
	arena_init (&arena);
	CHECK (rule_read (&arena, body, &rule, NULL) == OK);
	json_t *whole = json_loads (body, 0, NULL);
	const json_t *conditions = json_object_get (whole, "if");
	node_tried (rule.conditions.root, &rule, conditions, &n);
	CHECK (n == rule.conditions.n && n == 5);
	CHECK (!condition_numbered (conditions, 0) && !condition_numbered (conditions, n + 1) && !condition_numbered (NULL, 1));
	json_decref (whole);
	arena_fini (&arena);
	return test_end ();
}
