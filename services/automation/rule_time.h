/* When a rule of time is due: pure. So long after a moment, so long before a day, nothing for so long, each such weekday at such a time.
 * It must never skip or double one where the clock is put forward or back, nor look at the clock itself. */
#ifndef LEADWIRE_AUTOMATION_RULE_TIME_H
#define LEADWIRE_AUTOMATION_RULE_TIME_H

#include "uuid.h"
#include "zone.h"

/* Minutes and hours are lengths; days, weeks and months are of the calendar: three days later is at the same time of day, a month later on the same day of the
 * month or the last one of a shorter month. */
enum span_unit { SPAN_MINUTE, SPAN_HOUR, SPAN_DAY, SPAN_WEEK, SPAN_MONTH, SPAN_UNITS };
struct span {
	enum span_unit unit;
	int n; /* 0 to SPAN_MOST */
};
enum { SPAN_MOST = 10000 };

/* So long after a moment (µs since 1970 UTC), where the zone's clock hangs. */
int64_t span_after (const struct zone *z, int64_t from, struct span span);
/* So long before a day (since 1970), at `minute` of the day there: SPAN_DAY and longer alone. */
int64_t span_before (const struct zone *z, int32_t day, struct span span, int minute);

/* Each week, on the days whose bit is set (Monday 1, Tuesday 2, … Sunday 64; at least one), at a minute of the day. */
struct weekly {
	unsigned days;
	int minute; /* 0 to 1439 */
};
/* The first moment after `after` (µs since 1970 UTC). One a day of the calendar; two whose times fall on the same moment, as a clock that skips a day makes
 * them, are one. */
int64_t weekly_next (const struct zone *z, struct weekly w, int64_t after);
/* The last one until `now` of those after `last`, which was done; how many that are older were let pass. INT64_MIN: none is due. A rule that stood still for a
 * month acts once, not five times. */
int64_t weekly_due (const struct zone *z, struct weekly w, int64_t last, int64_t now, int64_t *ret_passed);

/* Many that are due at one moment are spread over `over` µs by their ids: the same id always the same, no two needing to know of each other.
 * 0 to over - 1. */
int64_t due_spread (struct uuid id, int64_t over);

#endif
