/* The clock, and times and dates as text (RFC 3339; days by the algorithms of Howard Hinnant, "chrono-compatible low-level date
 * algorithms"). It must never ask the C library about calendars: its answers hang on TZ and the locale. */
#include "clock.h"

#include <stdatomic.h>
#include <time.h>

static const int64_t SECOND = 1000000, DAY = 86400 * 1000000LL;
static _Atomic int64_t frozen = INT64_MIN; /* INT64_MIN: it runs */

static int64_t clock_read (clockid_t which)
{
	struct timespec t;
	int failed = clock_gettime (which, &t);
	assert (!failed);
	return (int64_t) t.tv_sec * SECOND + t.tv_nsec / 1000;
}

int64_t clock_now (void)
{
	int64_t at = atomic_load_explicit (&frozen, memory_order_relaxed);
	return at == INT64_MIN ? clock_read (CLOCK_REALTIME) : at;
}

int64_t clock_monotonic (void)
{
	return clock_read (CLOCK_MONOTONIC);
}

enum status clock_freeze (const char *text)
{
	int64_t at = INT64_MIN;
	if (text && *text && time_parse (text, &at) != OK)
		return REFUSED;
	atomic_store (&frozen, at);
	return OK;
}

/* ---- the calendar ---- */

struct civil {
	int year, month, day;
};

static struct civil civil_of_day (int32_t day)
{
	int32_t shifted = day + 719468; /* since 0000-03-01 */
	int32_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int32_t of_era = shifted - era * 146097;
	int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int32_t month = (5 * of_year + 2) / 153; /* March is 0 */
	struct civil c = { .day = of_year - (153 * month + 2) / 5 + 1, .month = month < 10 ? month + 3 : month - 9 };
	c.year = year + era * 400 + (c.month <= 2);
	return c;
}

static int32_t day_of_civil (struct civil c)
{
	int32_t year = c.year - (c.month <= 2);
	int32_t era = (year >= 0 ? year : year - 399) / 400;
	int32_t of_era_year = year - era * 400;
	int32_t of_year = (153 * (c.month > 2 ? c.month - 3 : c.month + 9) + 2) / 5 + c.day - 1;
	return era * 146097 + of_era_year * 365 + of_era_year / 4 - of_era_year / 100 + of_year - 719468;
}

static int days_in_month (int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && leap ? 29 : days[month - 1];
}

/* ---- as text ---- */

static char *digits_write (char *to, int64_t value, int n)
{
	for (int i = n - 1; i >= 0; i--, value /= 10)
		to[i] = (char) ('0' + value % 10);
	return to + n;
}

static char *civil_write (char *to, int32_t day)
{
	struct civil c = civil_of_day (day);
	to = digits_write (to, c.year, 4);
	*to++ = '-';
	to = digits_write (to, c.month, 2);
	*to++ = '-';
	return digits_write (to, c.day, 2);
}

const char *date_format (int32_t day, char ret_text[DATE_TEXT])
{
	*civil_write (ret_text, day < DATE_LEAST ? DATE_LEAST : day > DATE_MOST ? DATE_MOST : day) = 0;
	return ret_text;
}

const char *time_format (int64_t at, char ret_text[TIME_TEXT])
{
	at = at < TIME_LEAST ? TIME_LEAST : at > TIME_MOST ? TIME_MOST : at;
	int64_t day = at >= 0 ? at / DAY : -((DAY - 1 - at) / DAY);
	int64_t rest = at - day * DAY;
	int64_t seconds = rest / SECOND;
	char *to = civil_write (ret_text, (int32_t) day);
	*to++ = 'T';
	to = digits_write (to, seconds / 3600, 2);
	*to++ = ':';
	to = digits_write (to, seconds / 60 % 60, 2);
	*to++ = ':';
	to = digits_write (to, seconds % 60, 2);
	*to++ = '.';
	to = digits_write (to, rest % SECOND, 6);
	*to++ = 'Z';
	*to = 0;
	return ret_text;
}

/* ---- from text ---- */

/* Exactly n digits; moves on past them. */
static bool digits_read (const char **at, int n, int *ret)
{
	int value = 0;
	for (int i = 0; i < n; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		value = value * 10 + (**at - '0');
	}
	*ret = value;
	return true;
}

static bool sign_read (const char **at, char sign)
{
	return *(*at)++ == sign;
}

static bool day_read (const char **at, int32_t *ret)
{
	struct civil c;
	if (!digits_read (at, 4, &c.year) || !sign_read (at, '-') || !digits_read (at, 2, &c.month) || !sign_read (at, '-') ||
	    !digits_read (at, 2, &c.day))
		return false;
	if (c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in_month (c.year, c.month))
		return false;
	*ret = day_of_civil (c);
	return true;
}

/* ".5" is 500,000 µs; absent is 0. */
static bool fraction_read (const char **at, int64_t *ret)
{
	*ret = 0;
	if (**at != '.')
		return true;
	int n = 0;
	for ((*at)++; **at >= '0' && **at <= '9'; (*at)++, n++)
		if (n < 6)
			*ret = *ret * 10 + (**at - '0');
	for (int i = n; i < 6; i++)
		*ret *= 10;
	return n > 0;
}

static bool offset_read (const char **at, int64_t *ret_seconds)
{
	int hours, minutes;
	char sign = *(*at)++;
	*ret_seconds = 0;
	if (sign == 'Z' || sign == 'z')
		return true;
	if ((sign != '+' && sign != '-') || !digits_read (at, 2, &hours) || !sign_read (at, ':') || !digits_read (at, 2, &minutes))
		return false;
	*ret_seconds = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return hours < 24 && minutes < 60;
}

enum status date_parse (const char *text, int32_t *ret)
{
	int32_t day;
	if (!day_read (&text, &day) || *text)
		return REFUSED;
	*ret = day;
	return OK;
}

enum status time_parse (const char *text, int64_t *ret)
{
	int32_t day;
	int hour, minute, second;
	int64_t fraction, offset;
	if (!day_read (&text, &day) || (*text != 'T' && *text != 't' && *text != ' '))
		return REFUSED;
	text++;
	if (!digits_read (&text, 2, &hour) || !sign_read (&text, ':') || !digits_read (&text, 2, &minute) || !sign_read (&text, ':') ||
	    !digits_read (&text, 2, &second) || !fraction_read (&text, &fraction) || !offset_read (&text, &offset) || *text)
		return REFUSED;
	if (hour > 23 || minute > 59 || second > 60) /* 60: a leap second is the second after it, as POSIX counts */
		return REFUSED;
	int64_t at = day * DAY + (hour * 3600 + minute * 60 + second - offset) * SECOND + fraction;
	if (at < TIME_LEAST || at > TIME_MOST)
		return REFUSED;
	*ret = at;
	return OK;
}
