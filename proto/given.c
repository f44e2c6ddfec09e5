/* What a command gives in a field; see given.h. Pure functions.
 * Never decides what a value means. */
#include "given.h"

#include <stdlib.h>
#include <string.h>

bool is_said (unsigned char has, const char *text)
{
	return has == HERE && text && text[strspn (text, " \t\r\n")];
}

struct outcome refused_at (struct arena *a, const char *pointer, const char *code, const char *detail)
{
	struct outcome ret = refused (invalid);
	struct problem *problem = arena_alloc (a, sizeof *problem);
	problem_add (a, problem, pointer, code, detail);
	ret.problem = problem;
	return ret;
}

int id_order (const void *x, const void *y)
{
	return memcmp (x, y, sizeof (struct uuid));
}

static size_t ids_unique (struct uuid *ids, size_t n)
{
	size_t kept = 0;
	qsort (ids, n, sizeof *ids, id_order);
	for (size_t i = 0; i < n; i++)
		if (!kept || !uuid_equal (ids[kept - 1], ids[i]))
			ids[kept++] = ids[i];
	return kept;
}

struct outcome ids_read (struct arena *a, const char *json, struct uuid **ret, size_t *ret_n)
{
	json_t *list = json_loads (json, JSON_DECODE_ANY, NULL), *one;
	struct outcome out = json_is_array (list) ? done () : refused_at (a, "/ids", "not_a_list", "must be an array of ids");
	size_t i, n = 0;
	if (is_done (out) && json_array_size (list) > IDS_MOST)
		out = refused_at (a, "/ids", "too_many", "at most 5,000 at once");
	*ret = arena_array (a, json_array_size (list) + 1, sizeof **ret);
	json_array_foreach (list, i, one)
	{
		const char *text = json_string_value (one);
		if (is_done (out) && (!text || uuid_parse (text, &(*ret)[n++]) != OK))
			out = refused_at (a, arena_printf (a, "/ids/%zu", i), "not_an_id", "must be a UUID");
	}
	json_decref (list);
	*ret_n = is_done (out) ? ids_unique (*ret, n) : 0;
	return out;
}
