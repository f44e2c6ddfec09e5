/* When a rule of time is due; see rule_time.h. Pure. */
#include "rule_time.h"

#include <glib.h>
#include "clock.h"

static const int64_t minute_us = 60000000;

/* GLib counts days from 1 January of the year 1, which is 1. Of a month that has no such day its last one. */
static int32_t months_later (int32_t day, int n)
{
	static const int32_t first = DATE_LEAST - 1;
	GDate date;
	g_date_clear (&date, 1);
	g_date_set_julian (&date, (guint32) (day - first));
	if (n < 0)
		g_date_subtract_months (&date, (guint) -n);
	else
		g_date_add_months (&date, (guint) n);
	return (int32_t) g_date_get_julian (&date) + first;
}

static int32_t days_later (int32_t day, struct span span, int sign)
{
	switch (span.unit) {
	case SPAN_DAY: return day + sign * span.n;
	case SPAN_WEEK: return day + sign * span.n * 7;
	case SPAN_MONTH: return months_later (day, sign * span.n);
	case SPAN_MINUTE:
	case SPAN_HOUR:
	case SPAN_UNITS: break;
	}
	return day;
}

int64_t span_after (const struct zone *z, int64_t from, struct span span)
{
	assert (span.n >= 0 && span.n <= SPAN_MOST);
	if (span.unit == SPAN_MINUTE || span.unit == SPAN_HOUR)
		return from + span.n * (span.unit == SPAN_HOUR ? 60 : 1) * minute_us;
	struct wall wall = zone_wall (z, from);
	wall.day = days_later (wall.day, span, 1);
	int64_t ret = span.n ? zone_moment (z, wall) : from;
	return ret < from ? from : ret; /* of an hour that comes twice the first is taken: with nothing between it would lie before */
}

int64_t span_before (const struct zone *z, int32_t day, struct span span, int minute)
{
	assert (span.unit >= SPAN_DAY && span.n >= 0 && span.n <= SPAN_MOST && minute >= 0 && minute < DAY_MINUTES);
	return zone_moment (z, (struct wall){ .day = days_later (day, span, -1), .time = minute * minute_us });
}

static int64_t on_day (const struct zone *z, struct weekly w, int32_t day)
{
	return zone_moment (z, (struct wall){ .day = day, .time = w.minute * minute_us });
}

static bool is_of (struct weekly w, int32_t day)
{
	return w.days >> day_of_week (day) & 1;
}

/* From the day before: where a clock was put forward over midnight, a time of that day may still lie ahead. */
int64_t weekly_next (const struct zone *z, struct weekly w, int64_t after)
{
	assert (w.days & 0x7f && w.minute >= 0 && w.minute < DAY_MINUTES);
	for (int32_t day = zone_wall (z, after).day - 1;; day++)
		if (is_of (w, day) && on_day (z, w, day) > after)
			return on_day (z, w, day);
}

int64_t weekly_due (const struct zone *z, struct weekly w, int64_t last, int64_t now, int64_t *ret_passed)
{
	int64_t ret = INT64_MIN;
	*ret_passed = 0;
	for (int64_t next = weekly_next (z, w, last); next <= now; next = weekly_next (z, w, next)) {
		*ret_passed += ret != INT64_MIN;
		ret = next;
	}
	return ret;
}

int64_t due_spread (struct uuid id, int64_t over)
{
	assert (over > 0);
	return (int64_t) (uuid_hash (id) % (uint64_t) over);
}
