/* What a browser's form sends: application/x-www-form-urlencoded, in whatever character set, as ordered names and values in UTF-8.
 * Never more fields than the caller allows, never a NUL or broken UTF-8 in what comes out. */
#ifndef LEADWIRE_HTTP_FORM_H
#define LEADWIRE_HTTP_FORM_H

#include "arena.h"
#include "charset.h"

/* A decoded name and value, as they came; a name may come again. */
struct form_field {
	const char *name, *value;
};

struct form_limits {
	size_t fields;	    /* how many */
	size_t value_bytes; /* of one decoded name or value */
};

/* The WHATWG's parser of urlencoded bodies: `&` between pairs, the first `=` in them, `+` and `%xx`, a broken escape stays as it is. The set of
 * characters is the content type's `charset`, else that of a field `_charset_`, else UTF-8 where all of it is UTF-8, else windows-1252. REFUSED: over a
 * limit. Everything lives in the arena. */
enum status form_read (struct arena *a, struct bytes body, const char *content_type, struct form_limits limits,
		       const struct form_field **ret_fields, size_t *ret_n) MUST_CHECK;

/* ---- pieces that others need too ---- */

/* A parameter of a header, `header_parameter (a, "text/plain; Charset=\"utf-8\"", "charset")`: unquoted, null when absent. In a quoted one `\"` is a
 * quote and every other backslash itself, since browsers have sent paths in there. */
const char *header_parameter (struct arena *a, const char *header, const char *name);
/* Is the header's value, without parameters, this type (any case)? */
bool header_is (const char *header, const char *type);
/* Of one hexadecimal digit, -1 of anything else. */
static inline int hex_digit (char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
#endif
