/* multipart/form-data: delimiters, part headers, names.
 * It must never look past the body's end, and never treat a sender's file name as more than a label. */
#include "http_multipart.h"

#include <string.h>
#include <strings.h>

/* ---- names ---- */

/* C0, DEL and C1 controls, and what turns the direction of text around (a file named "invoice\u202Efdp.exe" reads as a PDF). */
static bool sequence_is_hidden (const unsigned char *at, size_t n)
{
	if (n == 1)
		return *at < 0x20 || *at == 0x7F;
	if (n == 2)
		return at[0] == 0xC2 && at[1] < 0xA0;
	if (n != 3 || at[0] != 0xE2)
		return false;
	return (at[1] == 0x80 && ((at[2] >= 0x8B && at[2] <= 0x8F) || (at[2] >= 0xA8 && at[2] <= 0xAE))) ||
	       (at[1] == 0x81 && at[2] >= 0xA0 && at[2] <= 0xAF);
}

static size_t sequence_bytes (unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

const char *filename_display (struct arena *a, const char *name)
{
	const char *text = text_from_charset (a, (struct bytes){ (const unsigned char *) name, strlen (name) }, NULL), *last = text;
	for (const char *at = text; *at; at++)
		if (*at == '/' || *at == '\\')
			last = at + 1;
	char *out = arena_alloc (a, FILE_NAME_MOST + 1);
	size_t n = 0;
	for (size_t length; *last; last += length) {
		length = sequence_bytes ((unsigned char) *last);
		if (n + length > FILE_NAME_MOST)
			break;
		if (sequence_is_hidden ((const unsigned char *) last, length))
			continue;
		memcpy (out + n, last, length);
		n += length;
	}
	out[n] = '\0';
	return !n || strcmp (out, ".") == 0 || strcmp (out, "..") == 0 ? "file" : out;
}

/* %xx of filename* (RFC 8187), or only the three that browsers write into names (WHATWG: %22, %0D, %0A). */
static struct bytes percent_undo (struct arena *a, const char *in, bool all)
{
	unsigned char *out = arena_alloc (a, strlen (in) + 1);
	size_t n = 0;
	for (; *in; in++) {
		int high = *in == '%' ? hex_digit (in[1]) : -1, low = high >= 0 ? hex_digit (in[2]) : -1;
		int c = low >= 0 ? high << 4 | low : 0;
		if (c && (all || c == '"' || c == '\r' || c == '\n')) {
			out[n++] = (unsigned char) c;
			in += 2;
		} else {
			out[n++] = (unsigned char) *in;
		}
	}
	return (struct bytes){ out, n };
}

/* charset'language'value */
static const char *extended_read (struct arena *a, const char *value)
{
	const char *first = strchr (value, '\''), *second = first ? strchr (first + 1, '\'') : NULL;
	if (!second)
		return NULL;
	return text_from_charset (a, percent_undo (a, second + 1, true), arena_copy (a, value, (size_t) (first - value)));
}

static const char *name_read (struct arena *a, const char *value)
{
	return text_from_charset (a, percent_undo (a, value, false), NULL);
}

static const char *filename_read (struct arena *a, const char *disposition)
{
	const char *extended = header_parameter (a, disposition, "filename*"), *plain = header_parameter (a, disposition, "filename");
	const char *name = extended ? extended_read (a, extended) : NULL;
	if (!name && plain)
		name = name_read (a, plain);
	return !name || !*name ? name : filename_display (a, name);
}

/* ---- the headers of a part ---- */

struct reading {
	struct arena *a;
	struct multipart_limits limits;
	struct bytes body;
	size_t at;
	char delimiter[4 + MULTIPART_BOUNDARY_MOST + 1]; /* CRLF, two hyphens, the boundary */
	size_t delimiter_n;
	size_t parts, files;
	const char *why;
};

static enum status refuse (struct reading *m, const char *why)
{
	m->why = why;
	return REFUSED;
}

/* One header line as a text of its own; a following line that begins with a blank belongs to it. `*at` moves behind. */
static char *line_take (struct arena *a, struct bytes block, size_t *at)
{
	char *line = arena_alloc (a, block.n - *at + 1);
	size_t n = 0;
	for (;;) {
		const unsigned char *end = memmem (block.at + *at, block.n - *at, "\r\n", 2);
		size_t length = end ? (size_t) (end - block.at) - *at : block.n - *at;
		memcpy (line + n, block.at + *at, length);
		n += length;
		*at += length + (end ? 2 : 0);
		if (*at >= block.n || (block.at[*at] != ' ' && block.at[*at] != '\t'))
			break;
	}
	line[n] = '\0';
	return line;
}

static const char *value_of (const char *line, const char *name)
{
	size_t n = strlen (name);
	if (strncasecmp (line, name, n) != 0 || line[n] != ':')
		return NULL;
	line += n + 1;
	return line + strspn (line, " \t");
}

static bool encoding_is_plain (const char *encoding)
{
	return header_is (encoding, "7bit") || header_is (encoding, "8bit") || header_is (encoding, "binary");
}

static enum status headers_read (struct reading *m, struct bytes block, struct part *ret)
{
	const char *disposition = NULL, *value;
	if (block.n && memchr (block.at, '\0', block.n))
		return refuse (m, "A part's header holds a NUL.");
	for (size_t at = 0; at < block.n;) {
		const char *line = line_take (m->a, block, &at);
		if ((value = value_of (line, "Content-Disposition")))
			disposition = value;
		else if ((value = value_of (line, "Content-Type")))
			ret->type = text_from_charset (m->a, (struct bytes){ (const unsigned char *) value, strlen (value) }, NULL);
		else if ((value = value_of (line, "Content-Transfer-Encoding")) && !encoding_is_plain (value))
			return refuse (m, "A part has a Content-Transfer-Encoding, which forms no longer have (RFC 7578, 4.7).");
	}
	const char *name = header_is (disposition, "form-data") ? header_parameter (m->a, disposition, "name") : NULL;
	if (!name)
		return refuse (m, "A part has no name.");
	ret->name = name_read (m->a, name);
	ret->filename = filename_read (m->a, disposition);
	return OK;
}

/* ---- delimiters ---- */

/* The boundary of RFC 2046, 5.1.1. */
static bool boundary_set (struct reading *m, const char *content_type)
{
	static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
	const char *boundary = header_is (content_type, "multipart/form-data") ? header_parameter (m->a, content_type, "boundary") : NULL;
	size_t n = boundary ? strlen (boundary) : 0;
	if (!n || n > MULTIPART_BOUNDARY_MOST || strspn (boundary, allowed) != n || boundary[n - 1] == ' ')
		return false;
	memcpy (m->delimiter, "\r\n--", 4);
	memcpy (m->delimiter + 4, boundary, n);
	m->delimiter_n = n + 4;
	return true;
}

/* What stands behind a delimiter at `at`: the end of the line (a part follows), two hyphens (nothing follows), or it was none. */
static enum { DELIMITER_NONE, DELIMITER_PART, DELIMITER_LAST } delimiter_kind (const struct reading *m, size_t at, size_t *ret_behind)
{
	const unsigned char *body = m->body.at;
	if (m->body.n - at >= 2 && memcmp (body + at, "--", 2) == 0)
		return DELIMITER_LAST;
	while (at < m->body.n && (body[at] == ' ' || body[at] == '\t'))
		at++;
	if (m->body.n - at < 2 || memcmp (body + at, "\r\n", 2) != 0)
		return DELIMITER_NONE;
	*ret_behind = at + 2;
	return DELIMITER_PART;
}

/* From m->at to the next delimiter: where the content ends. m->at moves behind the delimiter; `ret_last` when it was the closing one. False: there is
 * none. */
static bool delimiter_find (struct reading *m, size_t *ret_end, bool *ret_last)
{
	for (size_t from = m->at;;) {
		const unsigned char *found = memmem (m->body.at + from, m->body.n - from, m->delimiter, m->delimiter_n);
		if (!found)
			return false;
		size_t start = (size_t) (found - m->body.at), behind = start + m->delimiter_n;
		switch (delimiter_kind (m, behind, &m->at)) {
		case DELIMITER_NONE: from = start + 1; continue;
		case DELIMITER_LAST: *ret_last = true; break;
		case DELIMITER_PART: *ret_last = false; break;
		}
		*ret_end = start;
		return true;
	}
}

/* The first delimiter may open the body without a line before it; what stands before it is thrown away. */
static bool preamble_skip (struct reading *m, bool *ret_last)
{
	size_t n = m->delimiter_n - 2, end;
	if (m->body.n >= n && memcmp (m->body.at, m->delimiter + 2, n) == 0) {
		switch (delimiter_kind (m, n, &m->at)) {
		case DELIMITER_LAST: *ret_last = true; return true;
		case DELIMITER_PART: *ret_last = false; return true;
		case DELIMITER_NONE: break;
		}
	}
	return m->body.n && delimiter_find (m, &end, ret_last);
}

/* ---- parts ---- */

static enum status limits_check (struct reading *m, const struct part *p)
{
	m->files += p->filename != NULL;
	if (++m->parts > m->limits.parts)
		return refuse (m, "The form has too many fields.");
	if (m->files > m->limits.files)
		return refuse (m, "The form has too many files.");
	if (p->bytes.n > (p->filename ? m->limits.file_bytes : m->limits.value_bytes))
		return refuse (m, p->filename ? "A file is too large." : "A field is too long.");
	return OK;
}

/* The part at m->at. A header block is looked for in its first 8 KiB alone. */
static enum status part_read (struct reading *m, struct part *ret, bool *ret_last)
{
	size_t start = m->at, left = m->body.n - start, most = left < MULTIPART_HEADERS_MOST + 4 ? left : MULTIPART_HEADERS_MOST + 4, end;
	const unsigned char *blank = memmem (m->body.at + start, most, "\r\n\r\n", 4);
	if (!blank)
		return refuse (m, "A part's header does not end, or is longer than 8 KiB.");
	size_t block_n = (size_t) (blank - m->body.at) - start;
	*ret = (struct part){ .type = "text/plain" };
	enum status status = headers_read (m, (struct bytes){ m->body.at + start, block_n }, ret);
	if (status != OK)
		return status;
	size_t content = start + block_n + 4;
	m->at = content - 2; /* the delimiter of an empty part begins with the line end of the blank line */
	if (!delimiter_find (m, &end, ret_last))
		return refuse (m, "The form has no end: it was cut on the way.");
	ret->bytes = (struct bytes){ m->body.at + content, end < content ? 0 : end - content };
	return limits_check (m, ret);
}

static enum status parts_read (struct reading *m, struct part **ret, size_t *ret_n)
{
	size_t room = 0;
	bool last = false;
	if (!preamble_skip (m, &last))
		return refuse (m, "The form does not hold the boundary that its Content-Type names.");
	while (!last) {
		if (*ret_n == room) {
			struct part *grown = arena_array (m->a, room ? room * 2 : 16, sizeof *grown);
			if (*ret_n)
				memcpy (grown, *ret, *ret_n * sizeof *grown);
			*ret = grown;
			room = room ? room * 2 : 16;
		}
		enum status status = part_read (m, &(*ret)[*ret_n], &last);
		if (status != OK)
			return status;
		++*ret_n;
	}
	return OK;
}

enum status multipart_read (struct arena *a, const char *content_type, struct bytes body, struct multipart_limits limits,
			    const struct part **ret_parts, size_t *ret_n, const char **ret_why)
{
	struct reading m = { .a = a, .limits = limits, .body = body };
	struct part *part = NULL;
	size_t n = 0;
	enum status status = boundary_set (&m, content_type) ? parts_read (&m, &part, &n)
							     : refuse (&m, "The Content-Type names no boundary.");
	if (status != OK) {
		*ret_why = m.why;
		return status;
	}
	*ret_parts = part;
	*ret_n = n;
	return OK;
}

const char *part_text_usual (struct arena *a, const struct part *p, const char *usual)
{
	const char *own = header_parameter (a, p->type, "charset");
	return text_from_charset (a, p->bytes, own ? own : usual);
}

const char *part_text (struct arena *a, const struct part *p)
{
	return part_text_usual (a, p, NULL);
}
