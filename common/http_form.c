/* Urlencoded forms, and parameters of headers.
 * It must never read beyond the bytes given. */
#include "http_form.h"

#include <string.h>
#include <strings.h>

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
