/* multipart/form-data (RFC 7578) over a body that is in memory or mapped: the parts point into it, nothing is copied but names.
 * Never a path from a sender: a file's name is for display alone. */
#ifndef LEADWIRE_HTTP_MULTIPART_H
#define LEADWIRE_HTTP_MULTIPART_H

#include "http_form.h"

enum { MULTIPART_BOUNDARY_MOST = 70, MULTIPART_HEADERS_MOST = 8 * 1024, FILE_NAME_MOST = 255 };

struct part {
	const char *name; /* UTF-8 */
	const char *
		filename; /* null: a plain field. For display: last path component, no control characters, ≤ 255 bytes; "": no file was chosen */
	const char *type;   /* as the sender says, never to be believed; "text/plain" when it says nothing */
	struct bytes bytes; /* in the body */
};

struct multipart_limits {
	size_t parts; /* fields and files together */
	size_t files;
	size_t value_bytes; /* of a plain field */
	size_t file_bytes;  /* of one file */
};

/* All parts, in order. REFUSED: no boundary or a bad one, no end, a part without a name, a header block over 8 KiB, or over a limit; `ret_why` is a
 * sentence for the sender. */
enum status multipart_read (struct arena *a, const char *content_type, struct bytes body, struct multipart_limits limits,
			    const struct part **ret_parts, size_t *ret_n, const char **ret_why) MUST_CHECK;
/* A plain field's value as UTF-8, by the part's own charset; where it says none by `usual`, what the form says of all its fields (a field `_charset_`, RFC 7578
 * 4.6), null: nothing. */
const char *part_text (struct arena *a, const struct part *p);
const char *part_text_usual (struct arena *a, const struct part *p, const char *usual);
/* A name fit for display and for a Content-Disposition header, of whatever a sender called his file. */
const char *filename_display (struct arena *a, const char *name);

#endif
