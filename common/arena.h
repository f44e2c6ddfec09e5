/* An arena: memory that is given out in pieces and taken back all at once. One a batch, one a request.
 * Nothing in it is ever freed alone; a pointer into it is good until arena_reset or arena_fini. */
#ifndef LEADWIRE_ARENA_H
#define LEADWIRE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include "status.h"

struct arena {
	unsigned magic;
	struct arena_block *first, *now;
	size_t used;  /* bytes of `now` given out */
	size_t total; /* bytes given out since the last reset */
};

void arena_init (struct arena *a);
void arena_fini (struct arena *a);
/* Keeps up to 1 MiB for the next user, gives the rest back. */
void arena_reset (struct arena *a);
/* Zeroed, aligned to 16. Never null: out of memory is fatal here. */
void *arena_alloc (struct arena *a, size_t bytes);
/* n × size, overflow is fatal. */
void *arena_array (struct arena *a, size_t n, size_t size);
/* A NUL-terminated copy. */
char *arena_copy (struct arena *a, const char *bytes, size_t n);
char *arena_text (struct arena *a, const char *text);
char *arena_printf (struct arena *a, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* Heap for what outlives an arena; out of memory is fatal inside. */
void *heap_alloc (size_t bytes); /* zeroed */
void *heap_resize (void *p, size_t bytes);
char *heap_text (const char *text);
void heap_free (void *p);

/* A growing run of bytes: messages, JSON, SQL arrays. Heap memory, kept across buffer_clear. */
struct buffer {
	unsigned char *at;
	size_t n, room;
};
void buffer_fini (struct buffer *b);
void buffer_clear (struct buffer *b);
/* Room for `bytes` more; the place to write them; the caller adds to n. */
unsigned char *buffer_reserve (struct buffer *b, size_t bytes);
void buffer_add (struct buffer *b, const void *bytes, size_t n);
void buffer_text (struct buffer *b, const char *text);
void buffer_printf (struct buffer *b, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

struct bytes {
	const unsigned char *at;
	size_t n;
};

#endif
