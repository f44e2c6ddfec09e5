/* Formats of number series: checked, and filled in.
 * It must never give two documents of one series the same number: what tells them apart has to stand in the format. */
#include "numbers.h"

#include <string.h>

enum place { PLACE_YEAR, PLACE_MONTH, PLACE_SEQ, PLACES, PLACE_NONE, PLACE_WRONG };
static const char *const places[PLACES] = { "{year}", "{month}", "{seq}" };
static const size_t widths[PLACES] = { 4, 2, NUMBER_DIGITS_MOST };

/* What stands here, and how many bytes of the format it is. */
static enum place place_at (const char *at, size_t *ret_n)
{
	*ret_n = 1;
	for (enum place p = 0; p < PLACES; p++) {
		*ret_n = strlen (places[p]);
		if (strncmp (at, places[p], *ret_n) == 0)
			return p;
	}
	*ret_n = 1;
	bool plain = (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') || strchr (" -/._", *at);
	return plain ? PLACE_NONE : PLACE_WRONG;
}

enum status number_format_check (const char *format, bool yearly, const char **ret_detail)
{
	size_t times[PLACES] = { 0 }, width = 0, n;
	*ret_detail = NULL;
	for (const char *at = format; *at; at += n) {
		enum place p = place_at (at, &n);
		if (p == PLACE_WRONG) {
			*ret_detail = "letters, digits, blanks and - / . _ may stand around {year}, {month} and {seq}";
			return REFUSED;
		}
		width += p < PLACES ? widths[p] : 1;
		if (p < PLACES)
			times[p]++;
	}
	if (times[PLACE_SEQ] != 1)
		*ret_detail = "{seq} stands in it once";
	else if (yearly && !times[PLACE_YEAR])
		*ret_detail = "what begins at 1 each year has {year} in it";
	else if (width > NUMBER_MOST)
		*ret_detail = "numbers would be longer than 30 characters";
	else if (*format == ' ' || format[strlen (format) - 1] == ' ')
		*ret_detail = "it neither begins nor ends with a blank";
	return *ret_detail ? REFUSED : OK;
}

const char *number_format (struct arena *a, const char *format, int year, int month, int64_t seq, int digits)
{
	const char *ret = "";
	size_t n;
	for (const char *at = format; *at; at += n)
		switch (place_at (at, &n)) {
		case PLACE_YEAR: ret = arena_printf (a, "%s%04d", ret, year); break;
		case PLACE_MONTH: ret = arena_printf (a, "%s%02d", ret, month); break;
		case PLACE_SEQ: ret = arena_printf (a, "%s%0*lld", ret, digits, (long long) seq); break;
		case PLACES:
		case PLACE_NONE:
		case PLACE_WRONG: ret = arena_printf (a, "%s%.*s", ret, (int) n, at); break;
		}
	return ret;
}

const char *number_pattern (struct arena *a, const char *format, int year)
{
	const char *ret = "^";
	size_t n;
	for (const char *at = format; *at; at += n)
		switch (place_at (at, &n)) {
		case PLACE_YEAR: ret = year ? arena_printf (a, "%s%04d", ret, year) : arena_printf (a, "%s[0-9]{4}", ret); break;
		case PLACE_MONTH: ret = arena_printf (a, "%s[0-9]{2}", ret); break;
		case PLACE_SEQ: ret = arena_printf (a, "%s([0-9]{1,%d})", ret, NUMBER_DIGITS_MOST); break;
		case PLACES:
		case PLACE_NONE:
		case PLACE_WRONG: ret = arena_printf (a, *at == '.' ? "%s\\%.*s" : "%s%.*s", ret, (int) n, at); break;
		}
	return arena_printf (a, "%s$", ret);
}
