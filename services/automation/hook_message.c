/* Which events an endpoint wants, and what it is told of one; see hooks.h. Pure.
 * It must never put what is SECRET into a message, nor take a pattern that names no event which may leave the product. */
#include "clock.h"
#include "hooks.h"
#include "public_events.h"

#include <string.h>

/* ---- which events ---- */

static bool pattern_fits (const char *pattern, const char *type)
{
	size_t n = strlen (pattern);
	bool open = n && pattern[n - 1] == '*';
	return open ? strncmp (pattern, type, n - 1) == 0 : strcmp (pattern, type) == 0;
}

bool hook_wants (const json_t *patterns, const char *type)
{
	size_t i;
	json_t *one;
	json_array_foreach ((json_t *) patterns, i, one)
	{
		if (pattern_fits (json_string_value (one), type))
			return true;
	}
	return false;
}

/* "deal.*" and "*" name some event that may leave the product; a star stands at the end alone. */
static bool pattern_good (const char *pattern)
{
	const char *star = strchr (pattern, '*');
	if (star && (star[1] || (star != pattern && star[-1] != '.')))
		return false;
	for (size_t i = 0; all_records[i]; i++)
		if (all_records[i]->type && event_is_public (all_records[i]) && pattern_fits (pattern, all_records[i]->type))
			return true;
	return false;
}

bool hook_patterns_good (const json_t *patterns, const char **ret_wrong)
{
	size_t i;
	json_t *one;
	*ret_wrong = NULL;
	if (!json_is_array (patterns) || json_array_size (patterns) > HOOK_EVENTS)
		return false;
	json_array_foreach ((json_t *) patterns, i, one)
	{
		const char *text = json_string_value (one);
		if (text && pattern_good (text))
			continue;
		*ret_wrong = text ? text : "";
		return false;
	}
	return true;
}

/* ---- messages ---- */

static const char *id_or_null (char text[UUID_TEXT], struct uuid id)
{
	return uuid_is_null (id) ? "null" : uuid_format (id, text);
}

const char *hook_body (struct arena *a, const struct record *r, const void *item)
{
	const struct head *head = item;
	char at[TIME_TEXT], workspace[UUID_TEXT], actor[UUID_TEXT];
	const char *by = id_or_null (actor, head->actor), *quote = uuid_is_null (head->actor) ? "" : "\"";
	struct buffer out = { 0 }, data = { 0 };
	record_to_json (&data, r, item, false);
	buffer_printf (&out, "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":{\"workspace_id\":\"%s\",\"actor_id\":%s%s%s", r->type,
		       time_format (head->at, at), uuid_format (head->workspace, workspace), quote, by, quote);
	if (data.n > 2) {
		buffer_text (&out, ",");
		buffer_add (&out, data.at + 1, data.n - 1);
	} else
		buffer_text (&out, "}");
	buffer_text (&out, "}");
	const char *ret = arena_copy (a, (const char *) out.at, out.n);
	buffer_fini (&out);
	buffer_fini (&data);
	return ret;
}
