/* Urlencoded forms, character sets, and parameters of headers.
 * It must never read beyond the bytes given, nor let a name of a character set choose code to load: there are three, built in. */
#include "http_form.h"

#include <string.h>
#include <strings.h>

enum { NOT_THERE = 0xFFFD };

/* ---- character sets ---- */

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
		*out++ = (char) (0xE0 | c >> 12);
		*out++ = (char) (0x80 | (c >> 6 & 0x3F));
		*out++ = (char) (0x80 | (c & 0x3F));
	}
	return out;
}

enum charset { CHARSET_GUESS, CHARSET_UTF_8, CHARSET_WINDOWS_1252, CHARSET_LATIN_9 };

static enum charset charset_named (const char *name)
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

static const char *text_from_bytes (struct arena *a, struct bytes in, enum charset charset)
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

/* ---- parameters of headers ---- */

static const char *blank_skip (const char *at)
{
	return at + strspn (at, " \t");
}

/* Reads a value at `at`; the end of it comes back. `out` has room for what is left of the header. */
static const char *value_take (const char *at, char *out)
{
	if (*at != '"') {
		size_t n = strcspn (at, "; \t");
		memcpy (out, at, n);
		out[n] = '\0';
		return at + n;
	}
	for (at++; *at && *at != '"'; at++) {
		if (at[0] == '\\' && at[1] == '"')
			at++;
		*out++ = *at;
	}
	*out = '\0';
	return *at ? at + 1 : at;
}

const char *header_parameter (struct arena *a, const char *header, const char *name)
{
	size_t name_n = strlen (name);
	const char *at = header ? header + strcspn (header, ";") : "";
	while (*at == ';') {
		at = blank_skip (at + 1);
		size_t n = strcspn (at, "=; \t");
		bool wanted = n == name_n && strncasecmp (at, name, n) == 0;
		at = blank_skip (at + n);
		if (*at == '=') {
			at = blank_skip (at + 1);
			char *value = arena_alloc (a, strlen (at) + 1);
			at = value_take (at, value);
			if (wanted)
				return value;
		}
		at += strcspn (at, ";");
	}
	return NULL;
}

bool header_is (const char *header, const char *type)
{
	if (!header)
		return false;
	header = blank_skip (header);
	size_t n = strcspn (header, "; \t");
	return n == strlen (type) && strncasecmp (header, type, n) == 0;
}

/* ---- urlencoded ---- */

static struct bytes piece_decode (struct arena *a, struct bytes in)
{
	unsigned char *out = arena_alloc (a, in.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < in.n; i++) {
		int high = in.at[i] == '%' && i + 2 < in.n ? hex_digit ((char) in.at[i + 1]) : -1;
		int low = high >= 0 ? hex_digit ((char) in.at[i + 2]) : -1;
		if (low >= 0) {
			out[n++] = (unsigned char) (high << 4 | low);
			i += 2;
		} else {
			out[n++] = in.at[i] == '+' ? ' ' : in.at[i];
		}
	}
	return (struct bytes){ out, n };
}

struct pair {
	struct bytes name, value;
};

static size_t separators_count (struct bytes body)
{
	size_t n = 0;
	for (size_t i = 0; i < body.n; i++)
		n += body.at[i] == '&';
	return n;
}

static struct pair pair_read (struct arena *a, struct bytes in)
{
	const unsigned char *equals = memchr (in.at, '=', in.n);
	size_t name_n = equals ? (size_t) (equals - in.at) : in.n;
	struct bytes value = { equals ? equals + 1 : NULL, equals ? in.n - name_n - 1 : 0 };
	return (struct pair){ .name = piece_decode (a, (struct bytes){ in.at, name_n }), .value = piece_decode (a, value) };
}

/* False: over a limit. Empty pieces between separators are nothing. */
static bool pairs_read (struct arena *a, struct bytes body, struct form_limits limits, struct pair *ret, size_t *ret_n)
{
	size_t n = 0;
	for (size_t i = 0, length; i < body.n; i += length + 1) {
		const unsigned char *end = memchr (body.at + i, '&', body.n - i);
		length = end ? (size_t) (end - body.at) - i : body.n - i;
		if (!length)
			continue;
		if (n == limits.fields)
			return false;
		ret[n] = pair_read (a, (struct bytes){ body.at + i, length });
		if (ret[n].name.n > limits.value_bytes || ret[n].value.n > limits.value_bytes)
			return false;
		n++;
	}
	*ret_n = n;
	return true;
}

/* One set of characters for the whole form: a guess per field could differ between two fields of one sender. */
static enum charset form_charset (struct arena *a, const char *content_type, const struct pair *pair, size_t n)
{
	const char *name = header_parameter (a, content_type, "charset");
	bool utf8 = true;
	for (size_t i = 0; i < n; i++) {
		if (!name && pair[i].name.n == 9 && memcmp (pair[i].name.at, "_charset_", 9) == 0)
			name = arena_copy (a, (const char *) pair[i].value.at, pair[i].value.n);
		utf8 = utf8 && text_is_utf8 (pair[i].name) && text_is_utf8 (pair[i].value);
	}
	enum charset charset = charset_named (name);
	return charset != CHARSET_GUESS ? charset : utf8 ? CHARSET_UTF_8 : CHARSET_WINDOWS_1252;
}

enum status form_read (struct arena *a, struct bytes body, const char *content_type, struct form_limits limits,
		       const struct form_field **ret_fields, size_t *ret_n)
{
	size_t n = 0, most = separators_count (body) + 1;
	struct pair *pair = arena_array (a, most < limits.fields ? most : limits.fields, sizeof *pair);
	if (!pairs_read (a, body, limits, pair, &n))
		return REFUSED;
	enum charset charset = form_charset (a, content_type, pair, n);
	struct form_field *field = arena_array (a, n, sizeof *field);
	for (size_t i = 0; i < n; i++) {
		field[i].name = text_from_bytes (a, pair[i].name, charset);
		field[i].value = text_from_bytes (a, pair[i].value, charset);
	}
	*ret_fields = field;
	*ret_n = n;
	return OK;
}
