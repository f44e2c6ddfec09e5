/* Conditions by their numbers; see condition_json.h. It must never take a group for a condition. */
#include "condition_json.h"
#include "arena.h"

/* *left counts down to the one that is wanted. */
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
