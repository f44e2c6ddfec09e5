/* Token buckets: how many at once and how many after, whom one flood holds up and whom not, and that a table that is full forgets nobody who waits. */
#include "rate.h"

#include <stdio.h>
#include <stdlib.h>
#include "test.h"

static const int64_t second = 1000000, minute = 60000000;
static struct rate_table *table;

static struct uuid person (uint64_t n)
{
	return uuid_of (&n, sizeof n);
}

/* How many of so many tries at once pass. */
static int passed (struct uuid whose, int64_t per_minute, int64_t now, int tries)
{
	int ret = 0;
	for (int i = 0; i < tries; i++)
		ret += rate_take (table, whose, per_minute, now) == 0;
	return ret;
}

static void test_buckets (void)
{
	static const int64_t rates[] = { 1, 2, 7, 10, 60, 599, 600, 6000 };
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		int64_t per = rates[i], now = 5 * second + (int64_t) i;
		struct uuid who = person (1000 + i);
		CHECK (passed (who, per, now, (int) per + 50) == per);
		int64_t wait = rate_take (table, who, per, now);
		CHECK (wait > 0 && wait <= minute / per);
		CHECK (rate_take (table, who, per, now + wait - 1) == 1); /* it said it to the microsecond, and asking took nothing */
		CHECK (rate_take (table, who, per, now + wait) == 0);
		CHECK (rate_take (table, who, per, now + wait) > 0);
		CHECK (passed (who, per, now + 3 * minute, (int) per + 50) == per); /* never more than one minute's */
	}
}

/* Whatever comes when: never more than a bucket and what fell into it meanwhile. */
static void test_floods (void)
{
	srand (7);
	for (uint64_t run = 0; run < 50; run++) {
		int64_t per = 1 + rand () % 100, began = second, now = began, most;
		int64_t taken = 0;
		for (int i = 0; i < 400; i++) {
			now += rand () % 3 ? 0 : rand () % (2 * minute / (int) per);
			taken += rate_take (table, person (2000 + run), per, now) == 0;
			most = per + (now - began) / (minute / per);
			CHECK (taken <= most);
		}
	}
}

static void test_others (void)
{
	CHECK (passed (person (1), 2, second, 9) == 2);
	CHECK (passed (person (2), 2, second, 9) == 2);
	/* a hundred thousand come once and go; who waits is not forgotten by it while the others' buckets are full again */
	CHECK (passed (person (3), 1, 10 * minute, 2) == 1);
	for (uint64_t i = 0; i < 100000; i++)
		CHECK (rate_take (table, person (1000000 + i), 6000, 10 * minute + (int64_t) i * 100) == 0);
	CHECK (rate_take (table, person (3), 1, 10 * minute + 11 * second) > 0);
	CHECK (rate_take (table, person (3), 1, 11 * minute) == 0);
}

static bool same (const char *one, const char *other)
{
	struct uuid source = person (1);
	return uuid_equal (rate_address (source, one), rate_address (source, other));
}

static void test_addresses (void)
{
	CHECK (same ("192.0.2.1", "192.0.2.1"));
	CHECK (!same ("192.0.2.1", "192.0.2.2"));
	CHECK (same ("192.0.2.1", "::ffff:192.0.2.1"));
	CHECK (same ("2001:db8::1", "2001:db8:0:0:ffff::2")); /* one household */
	CHECK (!same ("2001:db8::1", "2001:db8:0:1::1"));
	CHECK (!same ("2001:db8::1", "192.0.2.1"));
	CHECK (same (NULL, NULL));
	CHECK (!same (NULL, ""));
	CHECK (!same (NULL, "0.0.0.0"));
	CHECK (!same ("unix", "unix2"));
	CHECK (!uuid_equal (rate_address (person (1), "192.0.2.1"), rate_address (person (2), "192.0.2.1")));
}

int main (void)
{
	table = calloc (1, sizeof *table);
	if (!table)
		return 1;
	test_buckets ();
	test_floods ();
	test_others ();
	test_addresses ();
	free (table);
	return test_end ();
}
