/* What a file that somebody sends may be: its ending and its bytes have to say the same, and only what people exchange is taken. No I/O.
 * Never takes a page or a picture that could act: no HTML, no SVG. */
#ifndef LEADWIRE_GATEWAY_UPLOAD_H
#define LEADWIRE_GATEWAY_UPLOAD_H

#include "arena.h"
#include "status.h"

enum { UPLOAD_MOST = 25 << 20 };

/* The media type of a file of that name and these bytes; null: it is none that is taken, or is not what its name says. */
const char *upload_type (const char *name, struct bytes bytes);

/* A form (RFC 7578) with one file: its fields, the file's name as the sender says it (null: there is none) and its bytes. REFUSED: `ret_why` is a sentence
 * for the sender. */
struct upload_field {
	const char *name, *value;
};
enum status upload_form (struct arena *a, const char *content_type, struct bytes body, const struct upload_field **ret_field, size_t *ret_n,
			 const char **ret_name, struct bytes *ret_bytes, const char **ret_why) MUST_CHECK;
/* A name fit to be shown. */
const char *upload_name (struct arena *a, const char *name);

#endif
