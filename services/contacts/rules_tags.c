/* What contacts decides about tags; see rules.h. Pure functions.
 * Never two tags of a workspace that say the same. */
#include "rules.h"

#include <string.h>
#include "charset.h"

struct outcome tag_label_check (struct arena *a, const struct tag_row *tag, size_t n, workspace_id workspace, tag_id id, const char *label,
				const char **ret_label)
{
	const char *from = label + strspn (label, " \t\r\n");
	size_t length = strlen (from);
	while (length && strchr (" \t\r\n", from[length - 1]))
		length--;
	if (!length)
		return refused_at (a, "/label", "required", "a tag says something");
	const char *text = arena_copy (a, from, length);
	if (strchr (text, ','))
		return refused_at (a, "/label", "malformed", "without a comma: filters name tags with commas between them");
	size_t others = 0;
	bool known = false;
	for (size_t i = 0; i < n; i++) {
		bool here = uuid_equal (tag[i].workspace_id.uuid, workspace.uuid), same = uuid_equal (tag[i].tag_id.uuid, id.uuid);
		if (here && !same && text_same (tag[i].label, text))
			return refused_at (a, "/label", "taken", "there is a tag that says so");
		others += here && !same;
		known = known || (here && same);
	}
	if (!known && others >= TAGS_OF_WORKSPACE)
		return refused_at (a, "/label", "too_many", "five hundred tags are the most");
	*ret_label = text;
	return done ();
}

static const struct tag_row *known (const struct tag_row *tag, size_t n, struct uuid workspace, const char *text)
{
	struct uuid id;
	if (!text || strlen (text) != UUID_TEXT - 1 || uuid_parse (text, &id) != OK)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (tag[i].workspace_id.uuid, workspace) && uuid_equal (tag[i].tag_id.uuid, id))
			return &tag[i];
	return NULL;
}

static bool stands_among (const struct tag_row *const *tag, size_t n, const struct tag_row *t)
{
	for (size_t i = 0; i < n; i++)
		if (tag[i] == t)
			return true;
	return false;
}

/* In the order of the list, which is by label. */
static void tags_order (const struct tag_row **tag, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && tag[k] < tag[k - 1]; k--) {
			const struct tag_row *t = tag[k];
			tag[k] = tag[k - 1];
			tag[k - 1] = t;
		}
}

struct outcome tags_read (struct arena *a, const char *json, const struct tag_row *tag, size_t n, struct uuid workspace,
			  const struct tag_row *ret[TAGS_MOST], size_t *ret_n)
{
	json_t *list = json_loads (json, JSON_DECODE_ANY, NULL), *one;
	struct outcome ret_outcome = json_is_array (list) ? done () : refused_at (a, "/tags", "not_a_list", "an array of tags' ids");
	size_t i, found = 0;
	if (is_done (ret_outcome) && json_array_size (list) > TAGS_MOST)
		ret_outcome = refused_at (a, "/tags", "too_many", "at most 30");
	if (is_done (ret_outcome)) {
		json_array_foreach (list, i, one)
		{
			const struct tag_row *t = known (tag, n, workspace, json_string_value (one));
			if (!t) {
				ret_outcome = refused_at (a, arena_printf (a, "/tags/%zu", i), "not_a_choice",
							  "the workspace has no such tag");
				break;
			}
			if (!stands_among (ret, found, t))
				ret[found++] = t;
		}
	}
	json_decref (list);
	tags_order (ret, found);
	*ret_n = found;
	return ret_outcome;
}
