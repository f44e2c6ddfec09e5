/* Numbers and days as people write them, in Dutch and in English; see fact.h. Exact: counts of ten-thousandths and days.
 * It must never guess: what may mean two things in the language is refused. */
#include "fact.h"

#include <ctype.h>
#include <string.h>
#include "clock.h"

/* ---- numbers ---- */

enum { WHOLE_MOST = 18 };

/* Digits in front of the point and behind it, without what stood between them. */
struct digits {
	char whole[WHOLE_MOST + 1];
	size_t n;
	char part[FACT_NUMBER_DIGITS + 1];
	size_t n_part;
};

static fact_number digits_value (const struct digits *d)
{
	fact_number value = 0;
	for (size_t i = 0; i < d->n; i++)
		value = value * 10 + (d->whole[i] - '0');
	for (size_t i = 0; i < FACT_NUMBER_DIGITS; i++)
		value = value * 10 + (i < d->n_part ? d->part[i] - '0' : 0);
	return value;
}

enum status number_exact (const char *text, fact_number *ret)
{
	struct digits d = { .n = 0 };
	const char *at = text + (*text == '-');
	d.n = strspn (at, "0123456789");
	if (!d.n || d.n > 15)
		return REFUSED;
	memcpy (d.whole, at, d.n);
	at += d.n;
	if (*at == '.') {
		d.n_part = strspn (++at, "0123456789");
		if (!d.n_part || d.n_part > FACT_NUMBER_DIGITS)
			return REFUSED;
		memcpy (d.part, at, d.n_part);
		at += d.n_part;
	}
	if (*at)
		return REFUSED;
	*ret = *text == '-' ? -digits_value (&d) : digits_value (&d);
	return OK;
}

/* Bytes of a blank at `at`: a space, a tab, or one that does not break. */
static size_t blank_length (const char *at)
{
	if (*at == ' ' || *at == '\t')
		return 1;
	if (strncmp (at, "\xc2\xa0", 2) == 0)
		return 2;
	return strncmp (at, "\xe2\x80\xaf", 3) == 0 ? 3 : 0;
}

static const char *blanks_pass (const char *at)
{
	for (size_t n; (n = blank_length (at));)
		at += n;
	return at;
}

/* A currency's sign or code, in front of a number or behind it. */
static const char *currency_pass (const char *at)
{
	static const char *const names[] = { "€", "$", "£", "EUR", "USD", "GBP" };
	for (size_t i = 0; i < LENGTH (names); i++)
		if (strncmp (at, names[i], strlen (names[i])) == 0)
			return blanks_pass (at + strlen (names[i]));
	return at;
}

/* The number without sign and currency, as pieces of digits and the one sign between each two: ' ' stands for every blank. */
enum { PIECES_MOST = 8 };
struct pieces {
	const char *at[PIECES_MOST];
	size_t length[PIECES_MOST], n;
	char between[PIECES_MOST]; /* behind each; 0: none */
};

static const char *pieces_read (const char *at, struct pieces *ret)
{
	ret->n = 0;
	for (;;) {
		size_t n = strspn (at, "0123456789"), wide;
		if (!n || ret->n == PIECES_MOST)
			return NULL;
		ret->at[ret->n] = at;
		ret->length[ret->n] = n;
		at += n;
		wide = *at == '.' || *at == ',' || *at == '\'' ? 1 : blank_length (at);
		bool more = wide && at[wide] >= '0' && at[wide] <= '9';
		ret->between[ret->n++] = more ? (char) (*at == '.' || *at == ',' || *at == '\'' ? *at : ' ') : 0;
		if (!more)
			return at;
		at += wide;
	}
}

/* Which sign has the part behind it: 0: none; -1: it cannot be told or there are two kinds too many. */
static int point_of (const struct pieces *p, enum written written)
{
	if (p->n == 1)
		return 0;
	char last = p->between[p->n - 2], first = p->between[0];
	bool may_be = last == '.' || last == ',';
	if (p->n > 2)
		return first == last ? 0 : may_be ? last : -1;
	if (!may_be)
		return 0;
	bool groups = p->length[1] == 3 && p->length[0] <= 3 && p->at[0][0] != '0';
	return groups && last == (written == WRITTEN_NL ? '.' : ',') ? 0 : last;
}

static enum status pieces_join (const struct pieces *p, int point, struct digits *ret)
{
	size_t whole = p->n - (point ? 1 : 0);
	for (size_t i = 0; i < whole; i++) {
		bool grouped = whole > 1, fits = i ? p->length[i] == 3 : p->length[i] <= 3;
		if ((grouped && !fits) || (i + 1 < whole && p->between[i] != p->between[0]) || ret->n + p->length[i] > WHOLE_MOST)
			return REFUSED;
		memcpy (ret->whole + ret->n, p->at[i], p->length[i]);
		ret->n += p->length[i];
	}
	if (!point)
		return OK;
	if (p->length[whole] > FACT_NUMBER_DIGITS)
		return REFUSED;
	ret->n_part = p->length[whole];
	memcpy (ret->part, p->at[whole], ret->n_part);
	return OK;
}

enum status number_written (const char *text, enum written written, fact_number *ret)
{
	struct pieces p;
	struct digits d = { .n = 0 };
	const char *at = blanks_pass (text);
	bool minus = *at == '-';
	at = currency_pass (blanks_pass (at + minus));
	if (!minus && *at == '-') {
		minus = true;
		at = blanks_pass (at + 1);
	}
	at = pieces_read (at, &p);
	int point = at ? point_of (&p, written) : -1;
	if (point < 0 || pieces_join (&p, point, &d) != OK)
		return REFUSED;
	if (!point && (strncmp (at, ",-", 2) == 0 || strncmp (at, ".-", 2) == 0)) /* "1.500,-": no cents */
		at += 2 + strspn (at + 2, "-");
	if (*blanks_pass (currency_pass (blanks_pass (at))))
		return REFUSED;
	*ret = minus ? -digits_value (&d) : digits_value (&d);
	return OK;
}

/* ---- days ---- */

static int month_named (const char *word, size_t n)
{
	static const char *const names[12] = {
		" january jan januari ",
		" february feb februari febr ",
		" march mar maart mrt ",
		" april apr ",
		" may mei ",
		" june jun juni ",
		" july jul juli ",
		" august aug augustus ",
		" september sep sept ",
		" october oct oktober okt ",
		" november nov ",
		" december dec ",
	};
	char small[16] = " ";
	if (!n || n + 3 > sizeof small)
		return 0;
	for (size_t i = 0; i < n; i++)
		small[i + 1] = (char) tolower ((unsigned char) word[i]);
	small[n + 1] = ' ';
	for (int i = 0; i < 12; i++)
		if (strstr (names[i], small))
			return i + 1;
	return 0;
}

/* One of a day's three parts: digits, or a month's name. */
struct part {
	const char *at;
	size_t n;
	int value, month; /* -1: no number; 0: no name */
	char behind;	  /* the sign behind it, ' ' for blanks and commas */
};

static const char *part_read (const char *at, struct part *ret)
{
	size_t digits = strspn (at, "0123456789"), letters = 0;
	while (isalpha ((unsigned char) at[letters]))
		letters++;
	*ret = (struct part){ .at = at, .n = digits ? digits : letters, .value = -1 };
	if (digits && digits <= 4)
		for (size_t i = 0; i < digits; i++)
			ret->value = (i ? ret->value : 0) * 10 + (at[i] - '0');
	ret->month = month_named (at, letters);
	if (ret->value < 0 && !ret->month)
		return NULL;
	at += ret->n;
	if (*at == '.' && (ret->month || at[1] == ' ')) /* "nov. 2026", "23. november" */
		at++;
	ret->behind = *at == '-' || *at == '/' || *at == '.' ? *at++ : ' ';
	return blanks_pass (at + (ret->behind == ' ' && *at == ','));
}

static enum status day_make (int year, int month, int day, int32_t *ret)
{
	char text[40];
	snprintf (text, sizeof text, "%04d-%02d-%02d", year, month, day);
	return date_parse (text, ret);
}

enum status day_written (const char *text, enum written written, int32_t *ret)
{
	struct part p[3];
	const char *at = blanks_pass (text);
	for (size_t i = 0; i < LENGTH (p); i++)
		if (!(at = part_read (at, &p[i])))
			return REFUSED;
	bool named = p[0].month || p[1].month;
	if (*at || p[2].behind != ' ' || p[0].behind != p[1].behind || (p[0].behind == ' ' && !named))
		return REFUSED;
	if (p[0].n == 4 && p[0].value > 0 && !named) /* the year first: as machines write it */
		return p[1].n <= 2 && p[2].n <= 2 && p[2].value >= 0 ? day_make (p[0].value, p[1].value, p[2].value, ret) : REFUSED;
	if (p[2].n != 4 || p[2].value < 0 || p[0].n > 2 + (p[0].month ? 16 : 0) || (p[1].n > 2 && !p[1].month))
		return REFUSED;
	if (p[0].month)
		return p[1].month ? REFUSED : day_make (p[2].value, p[0].month, p[1].value, ret);
	if (p[1].month)
		return day_make (p[2].value, p[1].month, p[0].value, ret);
	int one = p[0].value, other = p[1].value;
	if (written == WRITTEN_NL || p[0].behind == '.' || one == other || one > 12)
		return day_make (p[2].value, other, one, ret);
	return other > 12 ? day_make (p[2].value, one, other, ret) : REFUSED;
}
