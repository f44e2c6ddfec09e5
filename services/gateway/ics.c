/* How a line of iCalendar is written. Calendars of other makers read it, so it keeps to the letter of RFC 5545, 3.1 and 3.3.11.
 * It must never let a text end its own line: what people write could be a property then. */
#include "ics.h"

#include <string.h>

enum { LINE_MOST = 75 };

static bool is_inside (char c)
{
	return ((unsigned char) c & 0xc0) == 0x80; /* of a character of UTF-8, not its first octet */
}

/* A line that goes on begins with a blank, which counts. */
static void fold (struct buffer *out, const char *text, size_t n)
{
	for (size_t at = 0, room = LINE_MOST; at < n; room = LINE_MOST - 1) {
		size_t take = n - at < room ? n - at : room;
		while (at + take < n && take > 1 && is_inside (text[at + take]))
			take--;
		if (at)
			buffer_add (out, "\r\n ", 3);
		buffer_add (out, text + at, take);
		at += take;
	}
	buffer_add (out, "\r\n", 2);
}

void ics_line (struct buffer *out, const char *name, const char *value)
{
	struct buffer line = { 0 };
	buffer_add (&line, name, strlen (name));
	buffer_add (&line, ":", 1);
	buffer_add (&line, value, strlen (value));
	fold (out, (const char *) line.at, line.n);
	buffer_fini (&line);
}

void ics_text (struct buffer *out, const char *name, const char *value)
{
	struct buffer text = { 0 };
	for (const char *c = value; *c; c++) {
		if (*c == '\n')
			buffer_add (&text, "\\n", 2);
		else if ((unsigned char) *c < ' ' || *c == 127)
			continue;
		else {
			if (*c == '\\' || *c == ';' || *c == ',')
				buffer_add (&text, "\\", 1);
			buffer_add (&text, c, 1);
		}
	}
	buffer_add (&text, "", 1);
	ics_line (out, name, (const char *) text.at);
	buffer_fini (&text);
}
