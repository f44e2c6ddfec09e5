/* When an invoice is made again: months without a 31st, leap years, the turn of a year. */
#include "recurring.h"

#include "clock.h"
#include "test.h"

static int32_t day (const char *text)
{
	int32_t ret = -1;
	CHECK (date_parse (text, &ret) == OK);
	return ret;
}

int main (void)
{
	static const struct {
		const char *from;
		enum recurrence_every every;
		int anchor;
		const char *next;
	} cases[] = {
		{ "2026-01-31", recurrence_every_month, 31, "2026-02-28" },   { "2026-02-28", recurrence_every_month, 31, "2026-03-31" },
		{ "2028-01-30", recurrence_every_month, 30, "2028-02-29" },   { "2026-12-15", recurrence_every_month, 15, "2027-01-15" },
		{ "2026-11-30", recurrence_every_quarter, 30, "2027-02-28" }, { "2024-02-29", recurrence_every_year, 29, "2025-02-28" },
		{ "2027-02-28", recurrence_every_year, 29, "2028-02-29" },    { "2026-12-28", recurrence_every_week, 28, "2027-01-04" },
		{ "2026-10-31", recurrence_every_quarter, 31, "2027-01-31" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK (recurrence_next (day (cases[i].from), cases[i].every, cases[i].anchor) == day (cases[i].next));
	/* twelve months are a year, from any day on */
	for (int32_t at = day ("1999-01-01"); at < day ("2101-01-01"); at++) {
		int32_t months = at;
		for (int i = 0; i < 12; i++)
			months = recurrence_next (months, recurrence_every_month, day_of_month (at));
		CHECK (months == recurrence_next (at, recurrence_every_year, day_of_month (at)));
	}
	return test_end ();
}
