/* Time: microseconds since 1970 UTC for moments, days since 1970 for dates. The clock comes through here so that tests freeze it. */
#ifndef LEADWIRE_CLOCK_H
#define LEADWIRE_CLOCK_H

#include "status.h"

int64_t clock_now (void); /* wall clock, or what CRM_CLOCK froze it to */
/* Stops the wall clock at an RFC 3339 time; null or "" lets it run again. REFUSED: no such time. Before threads start. */
enum status clock_freeze (const char *text) MUST_CHECK;
int64_t clock_monotonic (void); /* µs, for deadlines and durations */
enum { TIME_TEXT = 28, DATE_TEXT = 11 };
/* What can be written: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z, in µs; and in days. */
#define TIME_LEAST (-62135596800000000LL)
#define TIME_MOST 253402300799999999LL
enum { DATE_LEAST = -719162, DATE_MOST = 2932896 };
/* 2026-11-21T09:00:00.123456Z; what cannot be written becomes the nearest that can. */
const char *time_format (int64_t at, char ret_text[TIME_TEXT]);
enum status time_parse (const char *text, int64_t *ret) MUST_CHECK; /* RFC 3339, any offset; finer than µs is cut off */
const char *date_format (int32_t day, char ret_text[DATE_TEXT]);
enum status date_parse (const char *text, int32_t *ret) MUST_CHECK; /* 2026-11-21 */

#endif
