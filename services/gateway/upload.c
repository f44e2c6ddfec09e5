/* Endings, the bytes that such files begin with, and their media types (IANA); see upload.h.
 * It must never believe what a sender says of a type. */
#include "upload.h"

#include <string.h>
#include <strings.h>

#include "http_multipart.h"

enum { PARTS_MOST = 20, VALUE_MOST = 2000 };
#define ZIP "PK\x03\x04"
#define OFFICE "application/vnd.openxmlformats-officedocument."

static bool begins (struct bytes bytes, size_t at, const char *with, size_t n)
{
	return bytes.n >= at + n && memcmp (bytes.at + at, with, n) == 0;
}

static bool holds (struct bytes bytes, const char *part)
{
	size_t n = strlen (part);
	for (const unsigned char *p = bytes.at; bytes.n >= n && (p = memchr (p, *part, bytes.n - n + 1 - (size_t) (p - bytes.at)));) {
		if (memcmp (p, part, n) == 0)
			return true;
		if ((size_t) (++p - bytes.at) > bytes.n - n)
			break;
	}
	return false;
}

static struct bytes without_mark (struct bytes bytes)
{
	size_t skip = begins (bytes, 0, "\xef\xbb\xbf", 3) ? 3 : 0;
	while (skip < bytes.n && strchr (" \t\r\n", bytes.at[skip]) && bytes.at[skip])
		skip++;
	return (struct bytes){ bytes.at + skip, bytes.n - skip };
}

/* Text of whatever code page, or UTF-16 by its mark: no byte that only a program has. No markup at its beginning. */
static bool is_text (struct bytes bytes)
{
	bool wide = begins (bytes, 0, "\xff\xfe", 2) || begins (bytes, 0, "\xfe\xff", 2);
	struct bytes said = without_mark (bytes);
	if (said.n && said.at[0] == '<')
		return false;
	for (size_t i = 0; !wide && i < bytes.n; i++)
		if (bytes.at[i] < 32 && !strchr ("\t\n\v\f\r\x1a\x1b", bytes.at[i]))
			return false;
	return wide || !memchr (bytes.at, 0, bytes.n);
}

static bool opens (struct bytes bytes, const char *word)
{
	struct bytes said = without_mark (bytes);
	return is_text (bytes) && said.n >= strlen (word) && strncasecmp ((const char *) said.at, word, strlen (word)) == 0;
}

/* A mail begins with a header: "From:", "Received:", or as an mbox has it. */
static bool is_mail (struct bytes bytes)
{
	struct bytes said = without_mark (bytes);
	const unsigned char *line = said.n ? memchr (said.at, '\n', said.n) : NULL;
	return is_text (bytes) && line && memchr (said.at, ':', (size_t) (line - said.at));
}

const char *upload_type (const char *name, struct bytes bytes)
{
	const char *dot = strrchr (name, '.');
	const char *end = dot ? dot + 1 : "";
#define IS(ending) (strcasecmp (end, ending) == 0)
	if (!bytes.n)
		return NULL;
	if (IS ("pdf"))
		return begins (bytes, 0, "%PDF-", 5) ? "application/pdf" : NULL;
	if (IS ("png"))
		return begins (bytes, 0, "\x89PNG\r\n\x1a\n", 8) ? "image/png" : NULL;
	if (IS ("jpg") || IS ("jpeg"))
		return begins (bytes, 0, "\xff\xd8\xff", 3) ? "image/jpeg" : NULL;
	if (IS ("gif"))
		return begins (bytes, 0, "GIF87a", 6) || begins (bytes, 0, "GIF89a", 6) ? "image/gif" : NULL;
	if (IS ("webp"))
		return begins (bytes, 0, "RIFF", 4) && begins (bytes, 8, "WEBP", 4) ? "image/webp" : NULL;
	if (IS ("docx")) /* names of the parts stand in the archive as they are */
		return begins (bytes, 0, ZIP, 4) && holds (bytes, "word/") ? OFFICE "wordprocessingml.document" : NULL;
	if (IS ("xlsx"))
		return begins (bytes, 0, ZIP, 4) && holds (bytes, "xl/") ? OFFICE "spreadsheetml.sheet" : NULL;
	if (IS ("csv"))
		return is_text (bytes) ? "text/csv" : NULL;
	if (IS ("txt"))
		return is_text (bytes) ? "text/plain" : NULL;
	if (IS ("ics"))
		return opens (bytes, "BEGIN:VCALENDAR") ? "text/calendar" : NULL;
	if (IS ("vcf"))
		return opens (bytes, "BEGIN:VCARD") ? "text/vcard" : NULL;
	if (IS ("eml"))
		return is_mail (bytes) ? "message/rfc822" : NULL;
#undef IS
	return NULL;
}

enum status upload_form (struct arena *a, const char *content_type, struct bytes body, const struct upload_field **ret_field, size_t *ret_n,
			 const char **ret_name, struct bytes *ret_bytes, const char **ret_why)
{
	struct multipart_limits limits = { .parts = PARTS_MOST, .files = 1, .value_bytes = VALUE_MOST, .file_bytes = UPLOAD_MOST };
	const struct part *part;
	size_t n, fields = 0;
	if (multipart_read (a, content_type, body, limits, &part, &n, ret_why) != OK)
		return REFUSED;
	struct upload_field *field = arena_array (a, n + 1, sizeof *field);
	*ret_name = NULL;
	*ret_bytes = (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < n; i++)
		if (!part[i].filename)
			field[fields++] = (struct upload_field){ part[i].name, part_text (a, &part[i]) };
		else {
			*ret_name = part[i].filename;
			*ret_bytes = part[i].bytes;
		}
	*ret_field = field;
	*ret_n = fields;
	return OK;
}

const char *upload_name (struct arena *a, const char *name)
{
	return filename_display (a, name);
}
