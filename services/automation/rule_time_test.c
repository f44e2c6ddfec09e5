/* When a rule of time is due: the C library's own clock of each place is asked beside ours around every change of it; calendars; many at once. */
#include "rule_time.h"

#include <stdlib.h>
#include <time.h>
#include "arena.h"
#include "clock.h"
#include "test.h"

static const int64_t minute = 60000000, hour = 3600000000LL, day_us = 86400000000LL;

static int64_t at (const char *text)
{
	int64_t ret = 0;
	CHECK (time_parse (text, &ret) == OK);
	return ret;
}

static int32_t day (const char *text)
{
	int32_t ret = 0;
	CHECK (date_parse (text, &ret) == OK);
	return ret;
}

static void is_at (int64_t is, const char *wanted)
{
	char text[TIME_TEXT];
	CHECK_TEXT (time_format (is, text), wanted);
}

/* ---- against the C library ---- */

/* µs that the clock on the wall shows, as if it hung in UTC. */
static int64_t shown (int64_t moment)
{
	time_t t = (time_t) (moment / 1000000);
	struct tm tm;
	localtime_r (&t, &tm);
	return moment + tm.tm_gmtoff * 1000000LL;
}

static int64_t ours (const struct zone *z, int64_t moment)
{
	struct wall w = zone_wall (z, moment);
	return w.day * day_us + w.time;
}

/* All minutes that the wall shows, or should, around a change: the first moment that shows it, else the first that shows more. */
static int change_check (const struct zone *z, int64_t change)
{
	int wrong = 0;
	int64_t from = change - 27 * hour, to = change + 27 * hour;
	for (int64_t wall = shown (from) + 26 * hour; wall < shown (to) - 26 * hour; wall += 15 * minute) {
		int64_t moment = from;
		while (moment < to && shown (moment) != wall)
			moment += 15 * minute;
		for (moment = moment < to ? moment : from; shown (moment) < wall;)
			moment += 15 * minute;
		struct wall w = { .day = (int32_t) (wall / day_us), .time = wall % day_us };
		wrong += zone_moment (z, w) != moment;
	}
	return wrong;
}

static void places (void)
{
	static const char *const names[] = {
		"Europe/Amsterdam",  "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu",    "America/Sao_Paulo",
		"Africa/Casablanca", "Antarctica/Troll", "Asia/Gaza",		"UTC",		"Pacific/Kiritimati"
	};
	size_t changes = 0;
	for (size_t i = 0; i < LENGTH (names); i++) {
		struct zone *z = zone_open (names[i]);
		CHECK (z != NULL);
		setenv ("TZ", names[i], 1);
		tzset ();
		int wrong = 0;
		for (int64_t t = at ("2001-01-01T00:00:00Z"); t < at ("2037-01-01T00:00:00Z"); t += 6 * hour) {
			wrong += ours (z, t) != shown (t);
			if (shown (t + 6 * hour) - shown (t) == 6 * hour)
				continue;
			int64_t change = t;
			while (shown (change + minute) - shown (change) == minute)
				change += minute;
			wrong += change_check (z, change + minute);
			changes++;
		}
		if (wrong)
			fprintf (stderr, "%s: %d moments differ from the C library's\n", names[i], wrong);
		CHECK (wrong == 0);
		zone_close (z);
	}
	CHECK (changes > 350); /* most of these places change twice a year */
	CHECK (zone_open ("Europe/Atlantis") == NULL);
}

/* ---- the calendar ---- */

static void spans (const struct zone *z)
{
	static const struct {
		const char *from;
		struct span span;
		const char *due;
	} cases[] = {
		{ "2026-11-21T09:00:00Z", { SPAN_MINUTE, 90 }, "2026-11-21T10:30:00.000000Z" },
		{ "2026-11-21T09:00:00Z", { SPAN_DAY, 0 }, "2026-11-21T09:00:00.000000Z" },
		/* a day is 23 hours or 25 where the clock changes, and 24 hours are 24 hours */
		{ "2026-03-28T09:00:00Z", { SPAN_DAY, 1 }, "2026-03-29T08:00:00.000000Z" },
		{ "2026-03-28T09:00:00Z", { SPAN_HOUR, 24 }, "2026-03-29T09:00:00.000000Z" },
		{ "2026-10-24T08:00:00Z", { SPAN_DAY, 1 }, "2026-10-25T09:00:00.000000Z" },
		/* 02:30 there: never was that day; twice */
		{ "2026-03-28T01:30:00Z", { SPAN_DAY, 1 }, "2026-03-29T01:00:00.000000Z" },
		{ "2026-10-24T00:30:00Z", { SPAN_DAY, 1 }, "2026-10-25T00:30:00.000000Z" },
		{ "2026-10-18T00:30:00Z", { SPAN_WEEK, 1 }, "2026-10-25T00:30:00.000000Z" },
		{ "2026-01-31T11:00:00Z", { SPAN_MONTH, 1 }, "2026-02-28T11:00:00.000000Z" },
		{ "2026-11-30T11:00:00Z", { SPAN_MONTH, 15 }, "2028-02-29T11:00:00.000000Z" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++)
		is_at (span_after (z, at (cases[i].from), cases[i].span), cases[i].due);
	is_at (span_before (z, day ("2026-12-01"), (struct span){ SPAN_DAY, 3 }, 9 * 60), "2026-11-28T08:00:00.000000Z");
	is_at (span_before (z, day ("2026-03-31"), (struct span){ SPAN_MONTH, 1 }, 9 * 60), "2026-02-28T08:00:00.000000Z");
	is_at (span_before (z, day ("2027-01-04"), (struct span){ SPAN_WEEK, 1 }, 0), "2026-12-27T23:00:00.000000Z");
	is_at (span_before (z, day ("2026-03-30"), (struct span){ SPAN_DAY, 1 }, 150), "2026-03-29T01:00:00.000000Z");
}

static void weeks (const struct zone *z)
{
	struct weekly monday = { .days = 1, .minute = 9 * 60 }, nightly = { .days = 0x7f, .minute = 150 };
	is_at (weekly_next (z, monday, at ("2026-11-21T09:00:00Z")), "2026-11-23T08:00:00.000000Z");
	is_at (weekly_next (z, monday, at ("2026-11-23T07:59:59.999999Z")), "2026-11-23T08:00:00.000000Z");
	is_at (weekly_next (z, monday, at ("2026-11-23T08:00:00Z")), "2026-11-30T08:00:00.000000Z");
	/* each night once, also the night without 02:30 and the night with two */
	int64_t last = at ("2026-01-01T12:00:00Z"), end = at ("2027-01-01T12:00:00Z"), nights = 0;
	for (int64_t next; (next = weekly_next (z, nightly, last)) <= end; last = next, nights++)
		CHECK (next - last > 12 * hour && next - last < 27 * hour);
	CHECK (nights == 365);
	int64_t passed;
	CHECK (weekly_due (z, monday, at ("2026-11-23T08:00:00Z"), at ("2026-11-30T07:59:59Z"), &passed) == INT64_MIN && passed == 0);
	is_at (weekly_due (z, monday, at ("2026-11-23T08:00:00Z"), at ("2026-11-30T08:00:00Z"), &passed), "2026-11-30T08:00:00.000000Z");
	CHECK (passed == 0);
	/* it stood still for five weeks */
	is_at (weekly_due (z, monday, at ("2026-11-23T08:00:00Z"), at ("2026-12-30T12:00:00Z"), &passed), "2026-12-28T08:00:00.000000Z");
	CHECK (passed == 4);
	/* the clock went back: what was done is not done again */
	CHECK (weekly_due (z, monday, at ("2026-11-30T08:00:00Z"), at ("2026-11-25T00:00:00Z"), &passed) == INT64_MIN);
}

/* A place that left a day out: its Friday and its Saturday began together. */
static void no_friday (void)
{
	struct zone *z = zone_open ("Pacific/Apia");
	struct weekly daily = { .days = 0x7f, .minute = 0 };
	is_at (weekly_next (z, daily, at ("2011-12-29T12:00:00Z")), "2011-12-30T10:00:00.000000Z");
	is_at (weekly_next (z, daily, at ("2011-12-30T10:00:00Z")), "2011-12-31T10:00:00.000000Z");
	zone_close (z);
}

static void many (void)
{
	enum { IDS = 100000, PARTS = 60 };
	static int part[PARTS];
	int64_t now = at ("2026-11-23T08:00:00Z");
	struct uuid id = uuid_v7 (now);
	CHECK (due_spread (id, minute) == due_spread (id, minute));
	for (int i = 0; i < IDS; i++) {
		int64_t late = due_spread (uuid_v7 (now), minute);
		CHECK (late >= 0 && late < minute);
		part[late / (minute / PARTS)]++;
	}
	for (int i = 0; i < PARTS; i++) /* six deviations from the mean */
		CHECK (part[i] > IDS / PARTS - 246 && part[i] < IDS / PARTS + 246);
}

int main (void)
{
	struct zone *z = zone_open ("Europe/Amsterdam");
	places ();
	spans (z);
	weeks (z);
	no_friday ();
	many ();
	CHECK (day_of_week (day ("2026-11-23")) == 0 && day_of_week (day ("1969-12-28")) == 6 && day_of_week (0) == 3);
	zone_close (z);
	return test_end ();
}
