/* Names whatever their case: as lower() of Postgres in the house's locale says. What else character sets do is told by csv_file_test.c. */
#include "charset.h"

#include "test.h"

static struct arena arena;

static void same (const char *x, const char *y, bool is)
{
	CHECK (text_same (x, y) == is && text_same (y, x) == is);
	CHECK ((strcmp (text_small (&arena, x), text_small (&arena, y)) == 0) == is);
}

int main (void)
{
	arena_init (&arena);
	same ("Bakkerij Jansen", "BAKKERIJ jansen", true);
	same ("Caf\xc3\xa9", "CAF\xc3\x89", true);
	same ("\xc3\x85ngstr\xc3\xb6m", "\xc3\xa5NGSTR\xc3\x96M", true);
	same ("\xc5\x81\xc3\x93\xc5\xb9", "\xc5\x82\xc3\xb3\xc5\xba", true); /* Polish */
	same ("\xce\xa3", "\xcf\x83", true);				     /* sigma, */
	same ("\xcf\x82", "\xcf\x83", false);				     /* and the one at the end of a word: lower() leaves it */
	same ("\xc3\x9f", "SS", false);					     /* nor does it make two letters of one */
	same ("Cafe", "Caf\xc3\xa9", false);
	same ("a", "ab", false);
	same ("", "", true);
	same ("", "a", false);
	same ("\xc3", "\xc3", true); /* no UTF-8: bytes are themselves */
	same ("\xc3", "\xe3", false);
	same ("\xf0\x90\x90\x80", "\xf0\x90\x90\xa8", true); /* beyond two bytes' worth */
	CHECK_TEXT (text_small (&arena, "\xf0\x90\x90\x80 \xe2\x82\xac \xc3"), "\xf0\x90\x90\xa8 \xe2\x82\xac \xc3");
	CHECK_TEXT (text_small (&arena, "\xc8\xba\xc8\xba\xc8\xba"), "\xe2\xb1\xa5\xe2\xb1\xa5\xe2\xb1\xa5"); /* the small one is longer */
	arena_fini (&arena);
	return test_end ();
}
