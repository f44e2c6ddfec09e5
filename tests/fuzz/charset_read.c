/* Fuzz target: bytes in whatever character set, and names that are one whatever their case. The bytes up to the first line end name the set. What comes out is
 * UTF-8 without a NUL, of as many characters as went in; what was UTF-8 already stays as it was. */
#include "fuzz.h"

#include "charset.h"

static struct bytes bytes_of (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

/* Of UTF-8: every byte but those that go on with a character. */
static size_t characters_count (struct bytes in)
{
	size_t ret = 0;
	for (size_t i = 0; i < in.n; i++)
		ret += (in.at[i] & 0xC0) != 0x80;
	return ret;
}

static void set_check (struct arena *a, struct bytes in, enum charset charset)
{
	const char *text = text_from_bytes (a, in, charset);
	assert (text_is_utf8 (bytes_of (text)));
	assert (characters_count (bytes_of (text)) == (charset == CHARSET_UTF_8 ? characters_count (in) : in.n));
}

static void named_check (struct arena *a, struct bytes in, const char *name)
{
	bool plain = text_is_utf8 (in);
	const char *text = text_from_charset (a, in, name);
	assert (text_is_utf8 (bytes_of (text)));
	if (charset_named (name) == CHARSET_GUESS && plain && (!in.n || !memchr (in.at, 0, in.n)))
		assert (strlen (text) == in.n && (!in.n || memcmp (text, in.at, in.n) == 0));
	set_check (a, in, CHARSET_WINDOWS_1252);
	set_check (a, in, CHARSET_LATIN_9);
	if (plain)
		set_check (a, in, CHARSET_UTF_8);
}

/* Texts as they may come: also such as are no UTF-8. */
static void same_check (struct arena *a, const char *x, const char *y)
{
	const char *small = text_small (a, x);
	assert (text_same (x, x) && text_same (x, y) == text_same (y, x));
	assert (text_same (x, y) == (strcmp (small, text_small (a, y)) == 0));
	assert (text_is_utf8 (bytes_of (small)) == text_is_utf8 (bytes_of (x)));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	const uint8_t *line = memchr (data, '\n', size);
	size_t from = line ? (size_t) (line - data) + 1 : 0;
	arena_init (&a);
	const char *first = line ? arena_copy (&a, (const char *) data, (size_t) (line - data)) : NULL;
	const char *rest = arena_copy (&a, (const char *) data + from, size - from);
	named_check (&a, (struct bytes){ data + from, size - from }, first);
	same_check (&a, first ? first : "", rest);
	same_check (&a, text_from_charset (&a, bytes_of (rest), NULL), rest);
	arena_fini (&a);
	return 0;
}
