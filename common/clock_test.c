/* Times and dates as text and back; the frozen clock. */
#include "clock.h"

#include "test.h"

static void time_is (const char *text, const char *wanted)
{
	char again[TIME_TEXT];
	int64_t at = 0;
	CHECK (time_parse (text, &at) == OK);
	CHECK_TEXT (time_format (at, again), wanted);
}

static void times (void)
{
	time_is ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z");
	time_is ("2026-11-21T09:00:00.123456Z", "2026-11-21T09:00:00.123456Z");
	time_is ("2026-11-21T09:00:00.1234569Z", "2026-11-21T09:00:00.123456Z");
	time_is ("2026-11-21t09:00:00.5z", "2026-11-21T09:00:00.500000Z");
	time_is ("2026-11-21 09:00:00+01:00", "2026-11-21T08:00:00.000000Z");
	time_is ("2026-01-01T00:30:00+05:30", "2025-12-31T19:00:00.000000Z");
	time_is ("2025-12-31T23:30:00-09:30", "2026-01-01T09:00:00.000000Z");
	time_is ("2026-11-21T09:00:00-00:00", "2026-11-21T09:00:00.000000Z");
	time_is ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z");
	time_is ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z");
	time_is ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z");
	time_is ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z");
	time_is ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000000Z");
	static const char *const wrong[] = {
		"",
		"2026-11-21",
		"2026-11-21T09:00:00",
		"2026-11-21T09:00Z",
		"2026-11-21T24:00:00Z",
		"2026-11-21T09:60:00Z",
		"2026-11-21T09:00:61Z",
		"2026-13-01T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-01-00T00:00:00Z",
		"0000-01-01T00:00:00Z",
		"2026-11-21T09:00:00.Z",
		"2026-11-21T09:00:00+1:00",
		"2026-11-21T09:00:00+0100",
		"2026-11-21T09:00:00+24:00",
		"2026-11-21T09:00:00+01:60",
		"2026-11-21T09:00:00Zx",
		" 2026-11-21T09:00:00Z",
		"26-11-21T09:00:00Z",
		"0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01",
	};
	int64_t untouched = 42;
	for (size_t i = 0; i < LENGTH (wrong); i++)
		CHECK (time_parse (wrong[i], &untouched) == REFUSED && untouched == 42);
	char text[TIME_TEXT];
	CHECK_TEXT (time_format (INT64_MAX, text), "9999-12-31T23:59:59.999999Z");
	CHECK_TEXT (time_format (INT64_MIN, text), "0001-01-01T00:00:00.000000Z");
}

static void every_day_there_is (void)
{
	char text[DATE_TEXT], last[DATE_TEXT] = "";
	bool same = true, ascends = true;
	for (int32_t day = DATE_LEAST; day <= DATE_MOST; day++) {
		int32_t again = 0;
		same = same && date_parse (date_format (day, text), &again) == OK && again == day;
		ascends = ascends && strcmp (last, text) < 0;
		memcpy (last, text, sizeof last);
	}
	CHECK (same);
	CHECK (ascends);
	CHECK_TEXT (date_format (0, text), "1970-01-01");
	CHECK_TEXT (date_format (20778, text), "2026-11-21");
	CHECK_TEXT (date_format (INT32_MAX, text), "9999-12-31");
	CHECK_TEXT (date_format (INT32_MIN, text), "0001-01-01");
	int32_t day;
	CHECK (date_parse ("2026-11-21T", &day) == REFUSED && date_parse ("2026-11-31", &day) == REFUSED);
}

static void frozen (void)
{
	int64_t before = clock_now ();
	CHECK (clock_freeze ("2026-11-21T09:00:00Z") == OK);
	CHECK (clock_now () == 1795251600000000 && clock_now () == 1795251600000000);
	CHECK (clock_freeze ("yesterday") == REFUSED && clock_now () == 1795251600000000);
	CHECK (clock_freeze (NULL) == OK && clock_now () >= before);
	int64_t steady = clock_monotonic ();
	CHECK (clock_monotonic () >= steady);
}

int main (void)
{
	times ();
	every_day_there_is ();
	frozen ();
	return test_end ();
}
