/* The product's own statements, as pgbench is given them: read from a room's .sql files, the parts put in, every :name in its place a value of its
 * type. It must never hold a statement of its own: what is measured is what the services run. */
#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include "bench.h"

/* The text under "-- name: x" or "-- part: x" of a room, up to the next head; heap, null: there is none. */
static char *text_under (const char *sql, const char *what, const char *name)
{
	char head[120];
	for (const char *at = sql; at; at = strstr (at + 1, "\n-- ")) {
		int n = snprintf (head, sizeof head, "\n-- %s: %s", what, name);
		if (strncmp (at, head, (size_t) n) != 0 || isalnum ((unsigned char) at[n]) || at[n] == '_')
			continue;
		const char *body = strchr (at + 1, '\n') + 1, *end = body;
		while ((end = strstr (end, "\n-- ")) && strncmp (end, "\n-- name:", 9) && strncmp (end, "\n-- part:", 9))
			end++;
		size_t size = end ? (size_t) (end - body) : strlen (body);
		char *ret = malloc (size + 1);
		memcpy (ret, body, size);
		ret[size] = 0;
		return ret;
	}
	return NULL;
}

/* Whether its plan is kept: its head says so. */
static bool is_kept (const char *sql, const char *name)
{
	char head[120];
	int n = snprintf (head, sizeof head, "\n-- name: %s ", name);
	const char *at = strstr (sql, head);
	size_t line = at ? strcspn (at + n, ";\n") : 0;
	return line > 5 && !strncmp (at + n + line - 5, " kept", 5);
}

static char *room_read (const char *room)
{
	char pattern[200];
	struct buffer all = { 0 };
	glob_t files;
	snprintf (pattern, sizeof pattern, "services/%s/sql/[a-z]*.sql", room);
	CHECK (!glob (pattern, 0, NULL, &files), "no file fits %s", pattern);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *file = fopen (files.gl_pathv[i], "r");
		CHECK (file, "%s cannot be read", files.gl_pathv[i]);
		buffer_text (&all, "\n");
		for (size_t n; (n = fread (buffer_reserve (&all, 65536), 1, 65536, file)) > 0;)
			all.n += n;
		fclose (file);
	}
	globfree (&files);
	buffer_add (&all, "", 1);
	return (char *) all.at;
}

static void parts_put (struct buffer *out, const char *sql, const char *text)
{
	for (const char *line = text; *line;) {
		size_t n = strcspn (line, "\n"), blank = strspn (line, " \t");
		char name[80];
		if (sscanf (line + blank, "-- use: %79[a-z0-9_]", name) == 1) {
			char *part = text_under (sql, "part", name);
			CHECK (part, "there is no part %s", name);
			parts_put (out, sql, part);
			free (part);
		} else if (strncmp (line + blank, "--", 2) != 0) {
			buffer_add (out, line, n);
			buffer_text (out, "\n");
		}
		line += n + (line[n] == '\n');
	}
}

static const char *type_of (const struct record *r, const char *name)
{
	static const char *const of_head[] = { "at", "sequence" }, *const heads[] = { "timestamptz", "bigint" };
	const struct field *f = record_field (r, name);
	size_t n = strlen (name);
	for (size_t i = 0; i < LENGTH (of_head) && !f; i++)
		if (!strcmp (of_head[i], name))
			return heads[i];
	if (!f)
		return n > 9 && !strcmp (name + n - 9, "_currency") ? "text" : "uuid";
	switch (f->kind) {
	case KIND_TEXT:
	case KIND_ENUM: return "text";
	case KIND_I64:
	case KIND_MONEY: return "bigint";
	case KIND_FLAG: return "boolean";
	case KIND_TIME: return "timestamptz";
	case KIND_DATE: return "date";
	case KIND_JSON:
	case KIND_LIST: return "jsonb";
	case KIND_BYTES: return "bytea";
	case KIND_ID: return "uuid";
	}
	return "text";
}

static const char *value_of (const struct sql_value *value, const char *name)
{
	for (; value && value->name; value++)
		if (!strcmp (value->name, name))
			return value->sql;
	return "null";
}

/* :name and :name[] of a text become values; what stands in quotes stays. */
static void values_put (struct buffer *out, const char *text, const struct record *r, const struct sql_value *value)
{
	bool quoted = false;
	for (const char *at = text; *at; at++) {
		char name[80];
		int n = 0;
		if (!quoted && !strncmp (at, "--", 2)) /* what is said of a line may hold half a quote */
			at += strcspn (at, "\n");
		quoted ^= *at == '\'';
		if (quoted && *at == ':' && isalpha ((unsigned char) at[1])) { /* pgbench takes it for a variable of its own */
			buffer_text (out, ":' || '");
			continue;
		}
		if (quoted || *at != ':' || at[1] == ':' || at[-1] == ':' || sscanf (at + 1, "%79[a-z0-9_]%n", name, &n) != 1) {
			buffer_add (out, at, 1);
			continue;
		}
		at += n;
		if (!strcmp (name, "workspaces"))
			buffer_printf (out, "(%s)::uuid[]", value_of (value, name));
		else if (at[1] == '[')
			buffer_printf (out, "array[%s]::%s[]", value_of (value, name), type_of (r, name));
		else
			buffer_printf (out, "(%s)::%s", value_of (value, name), type_of (r, name));
		at += at[1] == '[' ? 2 : 0;
	}
}

bool statement_put (struct buffer *out, const char *room, const char *name, const char *record, const struct sql_value *value)
{
	struct buffer whole = { 0 };
	char *sql = room_read (room), *text = text_under (sql, "name", name);
	const struct record *r = record_named (record);
	CHECK (text && r, "there is no statement %s, or no record %s", name, record);
	bool kept = is_kept (sql, name);
	if (kept) /* as a reader does it */
		buffer_text (out,
			     "select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true), "
			     "set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true);\n");
	parts_put (&whole, sql, text);
	buffer_add (&whole, "", 1);
	values_put (out, (const char *) whole.at, r, value);
	while (out->n && isspace (out->at[out->n - 1]))
		out->n--;
	buffer_fini (&whole);
	free (text), free (sql);
	return kept;
}
