/* Character sets. It must never read beyond the bytes given, nor let a name of a character set choose code to load: there are three, built in. */
#include "charset.h"

#include <assert.h>
#include <locale.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <wctype.h>

enum { NOT_THERE = 0xFFFD };

/* Length of the sequence at `at` that Unicode allows (table 3-7: no overlong form, no surrogate, nothing above 10FFFF), else 0. */
static size_t sequence_length (const unsigned char *at, size_t left)
{
	unsigned char c = at[0], low = 0x80, high = 0xBF;
	size_t n = c < 0x80 ? 1 : c >= 0xC2 && c <= 0xDF ? 2 : (c & 0xF0) == 0xE0 ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 0;
	if (!n || n > left)
		return 0;
	if (c == 0xE0)
		low = 0xA0;
	else if (c == 0xED)
		high = 0x9F;
	else if (c == 0xF0)
		low = 0x90;
	else if (c == 0xF4)
		high = 0x8F;
	for (size_t i = 1; i < n; i++, low = 0x80, high = 0xBF)
		if (at[i] < low || at[i] > high)
			return 0;
	return n;
}

bool text_is_utf8 (struct bytes in)
{
	for (size_t i = 0, n; i < in.n; i += n)
		if (!(n = sequence_length (in.at + i, in.n - i)))
			return false;
	return true;
}

/* 0x80 to 0x9F of windows-1252 as the WHATWG has it: what is not assigned is the control character of that number. */
static const unsigned short windows_1252[32] = {
	0x20AC, 0x81,	0x201A, 0x192,	0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
	0x90,	0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
};

static unsigned latin_9 (unsigned char c)
{
	switch (c) {
	case 0xA4: return 0x20AC;
	case 0xA6: return 0x160;
	case 0xA8: return 0x161;
	case 0xB4: return 0x17D;
	case 0xB8: return 0x17E;
	case 0xBC: return 0x152;
	case 0xBD: return 0x153;
	case 0xBE: return 0x178;
	}
	return c;
}

static char *character_write (char *out, unsigned c)
{
	if (c < 0x80) {
		*out++ = (char) c;
	} else if (c < 0x800) {
		*out++ = (char) (0xC0 | c >> 6);
		*out++ = (char) (0x80 | (c & 0x3F));
	} else {
		if (c < 0x10000) {
			*out++ = (char) (0xE0 | c >> 12);
		} else {
			*out++ = (char) (0xF0 | c >> 18);
			*out++ = (char) (0x80 | (c >> 12 & 0x3F));
		}
		*out++ = (char) (0x80 | (c >> 6 & 0x3F));
		*out++ = (char) (0x80 | (c & 0x3F));
	}
	return out;
}

enum charset charset_named (const char *name)
{
	static const struct {
		const char *name;
		enum charset is;
	} names[] = {
		{ "utf-8", CHARSET_GUESS },
		{ "utf8", CHARSET_GUESS }, /* many claim it: believed when it is so */
		{ "windows-1252", CHARSET_WINDOWS_1252 },
		{ "cp1252", CHARSET_WINDOWS_1252 },
		{ "iso-8859-1", CHARSET_WINDOWS_1252 },
		{ "iso8859-1", CHARSET_WINDOWS_1252 },
		{ "latin1", CHARSET_WINDOWS_1252 },
		{ "us-ascii", CHARSET_GUESS },
		{ "iso-8859-15", CHARSET_LATIN_9 },
		{ "iso8859-15", CHARSET_LATIN_9 },
		{ "latin9", CHARSET_LATIN_9 },
	};
	for (size_t i = 0; name && i < LENGTH (names); i++)
		if (strcasecmp (name, names[i].name) == 0)
			return names[i].is;
	return CHARSET_GUESS;
}

const char *text_from_bytes (struct arena *a, struct bytes in, enum charset charset)
{
	if (charset == CHARSET_UTF_8 && (!in.n || !memchr (in.at, 0, in.n)))
		return arena_copy (a, (const char *) in.at, in.n);
	char *text = arena_array (a, in.n + 1, 3), *out = text; /* no byte becomes more than three */
	for (size_t i = 0; i < in.n; i++) {
		unsigned char c = in.at[i];
		if (!c)
			out = character_write (out, NOT_THERE);
		else if (c < 0x80 || charset == CHARSET_UTF_8)
			*out++ = (char) c;
		else if (charset == CHARSET_LATIN_9)
			out = character_write (out, latin_9 (c));
		else
			out = character_write (out, c < 0xA0 ? windows_1252[c - 0x80] : c);
	}
	*out = '\0';
	return text;
}

const char *text_from_charset (struct arena *a, struct bytes in, const char *name)
{
	enum charset charset = charset_named (name);
	if (charset == CHARSET_GUESS)
		charset = text_is_utf8 (in) ? CHARSET_UTF_8 : CHARSET_WINDOWS_1252;
	return text_from_bytes (a, in, charset);
}

/* ---- names whatever their case ---- */

static locale_t house;
static pthread_once_t house_once = PTHREAD_ONCE_INIT;

static void house_open (void)
{
	house = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
	assert (house); /* it stands in the C library itself */
}

/* The next character, small; a byte that is none of a character's is a number of its own. */
static wint_t small (const char **at, size_t *left)
{
	const unsigned char *c = (const unsigned char *) *at;
	size_t n = sequence_length (c, *left);
	wint_t ret = n > 1 ? (wint_t) (c[0] & (0xFF >> (n + 1))) : n ? c[0] : (wint_t) (0x110000 + c[0]);
	for (size_t i = 1; i < n; i++)
		ret = ret << 6 | (c[i] & 0x3F);
	*at += n ? n : 1;
	*left -= n ? n : 1;
	return n ? towlower_l (ret, house) : ret;
}

bool text_same (const char *x, const char *y)
{
	size_t nx = strlen (x), ny = strlen (y);
	pthread_once (&house_once, house_open);
	while (nx && ny)
		if (small (&x, &nx) != small (&y, &ny))
			return false;
	return !nx && !ny;
}

const char *text_small (struct arena *a, const char *text)
{
	size_t left = strlen (text);
	char *ret = arena_array (a, left + 1, 2), *out = ret; /* two bytes may become three, never more */
	pthread_once (&house_once, house_open);
	while (left) {
		wint_t c = small (&text, &left);
		if (c < 0x110000)
			out = character_write (out, c);
		else
			*out++ = (char) (c - 0x110000);
	}
	return ret;
}
