/* What is written is read back by libical, another maker's reader; lines are short, characters whole, and no text can end its own line. */
#include <libical/ical.h>
#include <string.h>

#include "ics.h"
#include "test.h"

static struct buffer out;

/* No line of more than 75 octets, each ended by CRLF, none that begins in the middle of a character. */
static bool lines_fit (const struct buffer *text)
{
	size_t length = 0;
	for (size_t i = 0; i < text->n; i++) {
		unsigned char c = text->at[i];
		if (c == '\r' && i + 1 < text->n && text->at[i + 1] == '\n') {
			if (length > 75)
				return false;
			length = 0;
			i++;
			continue;
		}
		bool first = length == 0 || (length == 1 && text->at[i - 1] == ' ' && i >= 3 && text->at[i - 2] == '\n');
		if (c < ' ' || (first && (c & 0xc0) == 0x80))
			return false;
		length++;
	}
	return length == 0;
}

/* What libical reads of a text that was written. */
static bool comes_back (const char *text, const char *expected)
{
	buffer_clear (&out);
	ics_line (&out, "BEGIN", "VEVENT");
	ics_line (&out, "UID", "1@test");
	ics_text (&out, "SUMMARY", text);
	ics_line (&out, "END", "VEVENT");
	if (!lines_fit (&out))
		return false;
	buffer_add (&out, "", 1);
	icalcomponent *event = icalparser_parse_string ((const char *) out.at);
	const char *is = event ? icalcomponent_get_summary (event) : NULL;
	bool ret = is && strcmp (is, expected) == 0 && icalcomponent_count_errors (event) == 0 &&
		   icalcomponent_count_properties (event, ICAL_ANY_PROPERTY) == 2;
	if (!ret)
		fprintf (stderr, "%s\n-> %s\n", out.at, is ? is : "nothing");
	if (event)
		icalcomponent_free (event);
	return ret;
}

static void texts (void)
{
	CHECK (comes_back ("Bellen: Sanne de Wit, Bakkerij De Wit B.V.", "Bellen: Sanne de Wit, Bakkerij De Wit B.V."));
	CHECK (comes_back ("a;b,c\\d\"e", "a;b,c\\d\"e"));
	CHECK (comes_back ("two\nlines", "two\nlines"));
	CHECK (comes_back ("two\r\nlines\a", "two\nlines"));
	CHECK (comes_back ("x\r\nEND:VEVENT\r\nBEGIN:VEVENT\nATTACH:file:///etc/passwd",
			   "x\nEND:VEVENT\nBEGIN:VEVENT\nATTACH:file:///etc/passwd"));
	CHECK (comes_back ("ends in a backslash \\", "ends in a backslash \\"));
	CHECK (comes_back ("\\n is no end of line", "\\n is no end of line"));
}

/* At every place that a line can break, with characters of one to four octets. */
static void folds (void)
{
	static const char *const characters[] = { "x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x93\x9e", ",", "\\" };
	for (size_t c = 0; c < sizeof characters / sizeof *characters; c++)
		for (int shift = 0; shift < 5; shift++) {
			char text[1200] = "";
			size_t n = 0;
			for (int i = 0; i < shift; i++)
				text[n++] = 'a';
			for (int i = 0; i < 200; i++) {
				memcpy (text + n, characters[c], strlen (characters[c]));
				n += strlen (characters[c]);
			}
			text[n] = 0;
			CHECK (comes_back (text, text));
		}
}

static void lengths (void)
{
	char value[200];
	for (size_t n = 0; n < sizeof value - 1; n++) {
		memset (value, 'v', n);
		value[n] = 0;
		buffer_clear (&out);
		ics_line (&out, "X", value);
		size_t folds_of = n + 2 <= 75 ? 0 : (n + 2 - 75 + 73) / 74;
		CHECK (lines_fit (&out) && out.n == n + 2 + 2 + folds_of * 3);
	}
}

int main (void)
{
	icalerror_set_errors_are_fatal (0);
	texts ();
	folds ();
	lengths ();
	buffer_fini (&out);
	icalmemory_free_ring ();
	return test_end ();
}
