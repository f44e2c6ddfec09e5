/* How the documents of a kind are numbered: OFF-{year}-{seq} gives OFF-2026-001. Pure.
 * Never which number comes next: that is counted where it is given. (Where a number stands in a text: matching.h.) */
#ifndef LEADWIRE_BILLING_NUMBERS_H
#define LEADWIRE_BILLING_NUMBERS_H

#include "arena.h"

enum {
	NUMBER_MOST = 30,	/* bytes of a number */
	NUMBER_DIGITS_MOST = 9, /* of {seq}, as it is padded */
};

/* Letters, digits, blanks and - / . _ around {year}, {month} and {seq}. {seq} stands there once, {year} if it begins anew each year, and no number up to nine
 * digits comes to more than NUMBER_MOST bytes. REFUSED: ret_detail says in English what is wrong. */
enum status number_format_check (const char *format, bool yearly, const char **ret_detail) MUST_CHECK;
/* A regular expression that numbers of a format match, {seq} in its brackets: those of a year, or with 0 of all. Of a format that passed. */
const char *number_pattern (struct arena *a, const char *format, int year);
/* Of a format that passed. seq is padded with zeros to `digits` (1 to 9) and never cut. month: 1 to 12. */
const char *number_format (struct arena *a, const char *format, int year, int month, int64_t seq, int digits);

#endif
