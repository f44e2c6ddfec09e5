/* Settings from the environment, by table: read, bounded, explained.
 * It must never print a secret's value, and never go on with a setting it did not understand. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"

extern char **environ;

enum { SECRET_FILE_MOST = 64 * 1024 };

const struct setting config_settings[] = {
#define SETTING(kind, ...) SETTING_ROW (struct config, kind, __VA_ARGS__)
#include "config.def"
#undef SETTING
};
const size_t config_settings_n = LENGTH (config_settings);

/* What the environment says; empty is the same as not given, since compose files and unit files write it so. */
static const char *environment_get (const char *name)
{
	const char *value = getenv (name);
	return value && *value ? value : NULL;
}

static const char *file_variable (const struct setting *row, char ret_name[128])
{
	snprintf (ret_name, 128, "%s_FILE", row->env);
	return ret_name;
}

/* A secret's file without its last line end; null and a sentence when it cannot be read. */
static char *secret_file_read (const char *variable, const char *path)
{
	FILE *file = fopen (path, "re");
	if (!file) {
		fprintf (stderr, "%s: cannot read %s: %s\n", variable, path, strerror (errno));
		return NULL;
	}
	char *text = heap_alloc (SECRET_FILE_MOST + 1);
	size_t n = fread (text, 1, SECRET_FILE_MOST, file);
	bool bad = ferror (file) || strlen (text) != n;
	fclose (file);
	while (n && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		text[--n] = '\0';
	if (!bad)
		return heap_resize (text, n + 1);
	fprintf (stderr, "%s: %s is not a text\n", variable, path);
	heap_free (text);
	return NULL;
}

/* The given text of a setting, or its fallback. False: a sentence was written. */
static bool text_find (const struct setting *row, const char **ret_text)
{
	char file_name[128];
	const char *text = environment_get (row->env);
	const char *path = row->kind == SETTING_SECRET ? environment_get (file_variable (row, file_name)) : NULL;
	if (text && path) {
		fprintf (stderr, "%s and %s are both given; give one\n", row->env, file_name);
		return false;
	}
	if (path && !(text = secret_file_read (file_name, path)))
		return false;
	if (!text && !(text = row->fallback)) {
		fprintf (stderr, "%s must be given: %s\n", row->env, row->doc);
		return false;
	}
	*ret_text = text;
	return true;
}

static bool number_store (const struct setting *row, const char *text, int64_t *ret)
{
	char *end;
	errno = 0;
	long long number = strtoll (text, &end, 10);
	if (!errno && end != text && !*end && number >= row->least && number <= row->most) {
		*ret = number;
		return true;
	}
	fprintf (stderr, "%s is \"%s\", but must be a number from %" PRId64 " to %" PRId64 ": %s\n", row->env, text, row->least, row->most,
		 row->doc);
	return false;
}

static bool flag_store (const struct setting *row, const char *text, bool *ret)
{
	if (strcmp (text, "yes") != 0 && strcmp (text, "no") != 0) {
		fprintf (stderr, "%s is \"%s\", but must be yes or no: %s\n", row->env, text, row->doc);
		return false;
	}
	*ret = *text == 'y';
	return true;
}

static bool text_store (const struct setting *row, const char *text, const char **ret)
{
	int64_t n = (int64_t) strlen (text);
	if (n < row->least || n > row->most) {
		fprintf (stderr, "%s has %" PRId64 " bytes, but must have %" PRId64 " to %" PRId64 ": %s\n", row->env, n, row->least,
			 row->most, row->doc);
		return false;
	}
	*ret = text;
	return true;
}

static bool setting_read (const struct setting *row, void *ret)
{
	const char *text;
	void *place = (char *) ret + row->offset;
	if (!text_find (row, &text))
		return false;
	switch (row->kind) {
	case SETTING_NUMBER: return number_store (row, text, place);
	case SETTING_FLAG: return flag_store (row, text, place);
	case SETTING_TEXT:
	case SETTING_SECRET: return text_store (row, text, place);
	}
	return false;
}

bool settings_read (const struct setting *row, size_t n, void *ret)
{
	bool good = true;
	for (size_t i = 0; i < n; i++)
		good = setting_read (&row[i], ret) && good;
	return good;
}

/* Does `row` read the variable whose name is the first `n` bytes of `name`? */
static bool setting_is (const struct setting *row, const char *name, size_t n)
{
	size_t own = strlen (row->env);
	if (n < own || memcmp (name, row->env, own) != 0)
		return false;
	return n == own || (row->kind == SETTING_SECRET && n == own + 5 && memcmp (name + own, "_FILE", 5) == 0);
}

bool settings_unknown (const struct setting *const table[], const size_t n[], size_t tables)
{
	bool good = true;
	for (char **variable = environ; *variable; variable++) {
		size_t length = strcspn (*variable, "=");
		bool known = strncmp (*variable, "CRM_", 4) != 0;
		for (size_t t = 0; t < tables && !known; t++)
			for (size_t i = 0; i < n[t] && !known; i++)
				known = setting_is (&table[t][i], *variable, length);
		if (!known)
			fprintf (stderr, "%.*s is not a setting of this program; see --help\n", (int) length, *variable);
		good = good && known;
	}
	return good;
}

void settings_help (const struct setting *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		printf ("# %s", row[i].doc);
		switch (row[i].kind) {
		case SETTING_NUMBER: printf (" (%" PRId64 " to %" PRId64 ")\n", row[i].least, row[i].most); break;
		case SETTING_FLAG: printf (" (yes or no)\n"); break;
		case SETTING_SECRET: printf (" (secret; or %s_FILE=/path/of/it)\n", row[i].env); break;
		case SETTING_TEXT: printf ("\n"); break;
		}
		/* What has a fallback stands as a comment, so that the printed file is a working one once the rest is filled in. */
		printf (row[i].fallback ? "#%s=%s\n" : "%s=%s\n", row[i].env, row[i].fallback ? row[i].fallback : "");
	}
}
