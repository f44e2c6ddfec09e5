/* What docs/automation.md and the Dutch page beside it show: every rule and every beginning of one that stands there is read, so that nobody copies one that is refused.
 * It must never pass because it found none. */
#include <stdio.h>
#include <string.h>
#include "rule.h"

#include "test.h"

enum { PAGE_MOST = 65536 };

static bool is_read (struct arena *a, const char *json)
{
	struct rule rule;
	struct problem problem = { 0 };
	if (rule_read (a, json, &rule, &problem) == OK)
		return true;
	fprintf (stderr, "%s: %s %s %s\n", json, problem.errors[0].pointer, problem.errors[0].code, problem.errors[0].detail);
	return false;
}

/* Texts between two marks, each given to rule_read with what stands before and behind it. How many there were. */
static size_t all_read (struct arena *a, const char *page, const char *from, const char *to, const char *before, const char *behind)
{
	size_t n = 0;
	for (const char *at = strstr (page, from); at; at = strstr (at, from)) {
		at += strlen (from);
		const char *end = strstr (at, to);
		if (!end)
			break;
		CHECK (is_read (a, arena_printf (a, "%s%.*s%s", before, (int) (end - at), at, behind)));
		n++;
		at = end;
	}
	return n;
}

static const char *page_read (struct arena *a, const char *path)
{
	char page[PAGE_MOST + 1] = "";
	FILE *file = fopen (path, "r");
	CHECK (file != NULL);
	size_t n = file ? fread (page, 1, PAGE_MOST, file) : 0;
	CHECK (n > 0 && n < PAGE_MOST);
	if (file)
		fclose (file);
	return arena_copy (a, page, n);
}

int main (void)
{
	struct arena arena;
	arena_init (&arena);
	const char *page = page_read (&arena, "docs/automation.md"), *dutch = page_read (&arena, "docs/automatisering.md");
	CHECK (all_read (&arena, page, "```json\n", "```", "", "") >= 2);
	CHECK (all_read (&arena, page, "\n| `{\"event", "` |", "{\"when\":{\"event", ",\"then\":[{\"stop\":true}]}") == 2);
	CHECK (all_read (&arena, page, "\n| `{\"before", "` |", "{\"when\":{\"before", ",\"then\":[{\"stop\":true}]}") == 1);
	CHECK (all_read (&arena, page, "\n| `{\"quiet", "` |", "{\"when\":{\"quiet", ",\"then\":[{\"stop\":true}]}") == 1);
	CHECK (all_read (&arena, page, "\n| `{\"each", "` |", "{\"when\":{\"each", ",\"then\":[{\"stop\":true}]}") == 1);
	CHECK (all_read (&arena, dutch, "```json\n", "```", "", "") == 1);
	arena_fini (&arena);
	return test_end ();
}
