/* A unit test is a main() of checks: CHECK (condition) counts, a failure prints where; test_end () prints "N passed, N failed".
 * Nothing here knows what is tested. */
#ifndef LEADWIRE_TEST_H
#define LEADWIRE_TEST_H

#include <stdio.h>
#include <string.h>

static int test_passed, test_failed;

static inline void test_check (int ok, const char *file, int line, const char *what)
{
	if (ok) {
		test_passed++;
		return;
	}
	test_failed++;
	fprintf (stderr, "%s:%d: not so: %s\n", file, line, what);
}

/* What main returns. */
static inline int test_end (void)
{
	printf ("%d passed, %d failed\n", test_passed, test_failed);
	return test_failed ? 1 : 0;
}

#define CHECK(...) test_check ((__VA_ARGS__) ? 1 : 0, __FILE__, __LINE__, #__VA_ARGS__)
#define CHECK_TEXT(is, wanted) test_text (is, wanted, __FILE__, __LINE__, #is)

static inline void test_text (const char *is, const char *wanted, const char *file, int line, const char *what)
{
	int same = is && wanted ? strcmp (is, wanted) == 0 : is == wanted;
	test_check (same, file, line, what);
	if (!same)
		fprintf (stderr, "  is:     %s\n  wanted: %s\n", is ? is : "(null)", wanted ? wanted : "(null)");
}

#endif
