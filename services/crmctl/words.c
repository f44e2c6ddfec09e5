/* The words of a command line: options with and without a value, anywhere, then what is left over.
 * It must never guess: an option that the verb does not know ends the program with a sentence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "verbs.h"

static const struct word *word_find (const struct word *word, size_t n, const char *name, size_t length)
{
	for (size_t i = 0; i < n; i++)
		if (strlen (word[i].name) == length && strncmp (word[i].name, name, length) == 0)
			return &word[i];
	return NULL;
}

static _Noreturn void words_refuse (const char *verb, const char *what, const char *why)
{
	fprintf (stderr, "crmctl %s: %s %s; see crmctl help\n", verb, what, why);
	exit (2);
}

int words_read (int argc, char **argv, const struct word *word, size_t n)
{
	int left = 1;
	bool all = false;
	for (int i = 1; i < argc; i++) {
		if (all || strncmp (argv[i], "--", 2)) {
			argv[left++] = argv[i];
			continue;
		}
		if (!argv[i][2]) {
			all = true;
			continue;
		}
		const char *name = argv[i] + 2, *equals = strchr (name, '=');
		const struct word *found = word_find (word, n, name, equals ? (size_t) (equals - name) : strlen (name));
		if (!found)
			words_refuse (argv[0], argv[i], "is no option here");
		if (found->yes) {
			if (equals)
				words_refuse (argv[0], argv[i], "takes no value");
			*found->yes = true;
		} else if (equals)
			*found->value = equals + 1;
		else if (++i < argc)
			*found->value = argv[i];
		else
			words_refuse (argv[0], argv[i - 1], "wants a value");
	}
	argv[left] = NULL;
	return left - 1;
}
