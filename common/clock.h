/* Time: microseconds since 1970 UTC for moments, days since 1970 for dates. The clock comes through here so that tests freeze it. */
#ifndef LEADWIRE_CLOCK_H
#define LEADWIRE_CLOCK_H

#include "status.h"

int64_t clock_now (void);	/* wall clock, or what CRM_CLOCK froze it to */
int64_t clock_monotonic (void);	/* µs, for deadlines and durations */
enum { TIME_TEXT = 28, DATE_TEXT = 11 };
const char *time_format (int64_t at, char ret_text[TIME_TEXT]);	/* 2026-11-21T09:00:00.123456Z */
enum status time_parse (const char *text, int64_t *ret) MUST_CHECK;	/* RFC 3339, any offset */
const char *date_format (int32_t day, char ret_text[DATE_TEXT]);
enum status date_parse (const char *text, int32_t *ret) MUST_CHECK;

#endif
