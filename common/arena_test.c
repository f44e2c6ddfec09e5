/* Arenas and buffers: alignment, zeroes, what survives a reset. Never anything of the product. */
#include "arena.h"

#include "test.h"

static void pieces_do_not_overlap (void)
{
	struct arena a;
	arena_init (&a);
	unsigned char *piece[200];
	for (size_t i = 0; i < LENGTH (piece); i++) {
		piece[i] = arena_alloc (&a, i * 37);
		CHECK ((uintptr_t) piece[i] % 16 == 0);
		memset (piece[i], (int) i, i * 37);
	}
	bool kept = true;
	for (size_t i = 0; i < LENGTH (piece); i++)
		for (size_t j = 0; j < i * 37; j++)
			kept = kept && piece[i][j] == (unsigned char) i;
	CHECK (kept);
	arena_fini (&a);
}

static void reset_gives_zeroes_again (void)
{
	struct arena a;
	arena_init (&a);
	for (int round = 0; round < 4; round++) {
		memset (arena_alloc (&a, 3 << 20), 0xff, 3 << 20); /* larger than what is kept */
		memset (arena_alloc (&a, 1000), 0xff, 1000);
		CHECK (a.total == (3 << 20) + 1000);
		arena_reset (&a);
		CHECK (a.total == 0);
		unsigned char *p = arena_alloc (&a, 60000);
		bool zero = true;
		for (int i = 0; i < 60000; i++)
			zero = zero && !p[i];
		CHECK (zero);
		arena_reset (&a);
	}
	arena_fini (&a);
	CHECK (a.first == NULL);
}

static void texts (void)
{
	struct arena a;
	arena_init (&a);
	CHECK_TEXT (arena_copy (&a, "abcdef", 3), "abc");
	CHECK_TEXT (arena_copy (&a, NULL, 0), "");
	CHECK_TEXT (arena_text (&a, "één"), "één");
	CHECK_TEXT (arena_printf (&a, "%d-%s", 7, "x"), "7-x");
	CHECK (strlen (arena_printf (&a, "%0100000d", 1)) == 100000);
	arena_fini (&a);
}

static void buffers_grow (void)
{
	struct buffer b = { 0 };
	for (int i = 0; i < 1000; i++)
		buffer_printf (&b, "%d,", i);
	buffer_text (&b, "end");
	buffer_add (&b, NULL, 0);
	buffer_add (&b, "", 1);
	CHECK (strncmp ((char *) b.at, "0,1,2,3,", 8) == 0 && strcmp ((char *) b.at + b.n - 8, "999,end") == 0);
	size_t room = b.room;
	buffer_clear (&b);
	CHECK (b.n == 0 && b.room == room);
	CHECK (buffer_reserve (&b, 1 << 20) == b.at && b.room >= 1 << 20);
	buffer_fini (&b);
	char *text = heap_text ("x");
	text = heap_resize (text, 100);
	CHECK_TEXT (text, "x");
	heap_free (text);
	heap_free (NULL);
}

int main (void)
{
	pieces_do_not_overlap ();
	reset_gives_zeroes_again ();
	texts ();
	buffers_grow ();
	return test_end ();
}
