/* Stamps: what fits and for how long, and that whatever is changed of one makes it forged. */
#include "stamp.h"

#include <stdio.h>
#include "test.h"

static const int64_t second = 1000000, day = INT64_C (86400) * 1000000, now = INT64_C (1795480000123456);
static const unsigned char key[STAMP_KEY] = { 1, 2, 3 }, other_key[STAMP_KEY] = { 1, 2, 4 };

static enum stamp_fit fit (const char *stamp, int64_t least, int64_t at)
{
	int64_t age = 0;
	return stamp_check (key, uuid_of ("a", 1), stamp, least, at, &age);
}

static void test_times (void)
{
	char text[STAMP_TEXT];
	const char *stamp = stamp_make (key, uuid_of ("a", 1), now, text);
	int64_t age = 0;
	CHECK (strlen (stamp) < STAMP_TEXT - 1);
	CHECK (fit (stamp, 5, now) == STAMP_YOUNG);
	CHECK (fit (stamp, 5, now + 5 * second - 1000) == STAMP_YOUNG);
	CHECK (fit (stamp, 5, now + 5 * second) == STAMP_FITS);
	CHECK (fit (stamp, 600, now + 599 * second) == STAMP_YOUNG);
	CHECK (fit (stamp, 600, now + 600 * second) == STAMP_FITS);
	CHECK (fit (stamp, 0, now) == STAMP_FITS);
	CHECK (fit (stamp, 0, now - second / 2) == STAMP_FITS); /* another door's clock */
	CHECK (fit (stamp, 5, now - second / 2) == STAMP_YOUNG);
	CHECK (fit (stamp, 0, now - 2 * second) == STAMP_FUTURE);
	CHECK (fit (stamp, 5, now - day) == STAMP_FUTURE);
	CHECK (fit (stamp, 5, now + STAMP_DAYS * day - second) == STAMP_FITS);
	CHECK (fit (stamp, 5, now + STAMP_DAYS * day + second) == STAMP_OLD);
	CHECK (stamp_check (key, uuid_of ("a", 1), stamp, 5, now + 2 * second, &age) == STAMP_YOUNG && age / second == 2);
}

static void test_forged (void)
{
	char text[STAMP_TEXT], wrong[STAMP_TEXT + 2];
	int64_t age = 0, later = now + 60 * second;
	const char *stamp = stamp_make (key, uuid_of ("a", 1), now, text);
	CHECK (fit (NULL, 5, later) == STAMP_MISSING);
	CHECK (fit ("", 5, later) == STAMP_MISSING);
	static const char *const odd[] = { ".", "1", "1.", "x", "-1.00", "99999999999999999999.00", " 1.00", "1795480000123" };
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		CHECK (fit (odd[i], 5, later) == STAMP_FORGED);
	CHECK (stamp_check (other_key, uuid_of ("a", 1), stamp, 5, later, &age) == STAMP_FORGED);
	CHECK (stamp_check (key, uuid_of ("b", 1), stamp, 5, later, &age) == STAMP_FORGED);
	for (size_t i = 0; stamp[i]; i++) {
		strcpy (wrong, stamp);
		wrong[i] = wrong[i] == '0' ? '1' : '0';
		CHECK (fit (wrong, 5, later) == STAMP_FORGED);
		strcpy (wrong, stamp);
		wrong[i] = '\0';
		CHECK (fit (wrong, 5, later) == (i ? STAMP_FORGED : STAMP_MISSING));
	}
	snprintf (wrong, sizeof wrong, "%s0", stamp);
	CHECK (fit (wrong, 5, later) == STAMP_FORGED);
	snprintf (wrong, sizeof wrong, "0%s", stamp); /* the same number, and its signature fits it */
	CHECK (fit (wrong, 5, later) == STAMP_FITS);
}

int main (void)
{
	test_times ();
	test_forged ();
	return test_end ();
}
