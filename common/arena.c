/* Arenas, the heap that dies rather than fails, and growing buffers.
 * It must never hand out null, and never give one byte to two owners: a sanitized build poisons what is not given out. */
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define POISONED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONED 1
#endif
#endif
#ifdef POISONED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, n) ((void) (at), (void) (n))
#define ASAN_UNPOISON_MEMORY_REGION(at, n) ((void) (at), (void) (n))
#endif

enum {
	ARENA_MAGIC = 0x4152454e,
	ALIGNMENT = 16,
	FIRST_BLOCK = 64 << 10,
	LARGEST_BLOCK = 1 << 20,
	KEPT = 1 << 20, /* bytes an emptied arena holds on to */
};

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(ALIGNMENT) unsigned char bytes[];
};

static _Noreturn void out_of_memory (size_t bytes)
{
	fprintf (stderr, "out of memory: %zu bytes\n", bytes);
	abort ();
}

static void *memory_take (void *old, size_t bytes)
{
	void *p = realloc (old, bytes ? bytes : 1);
	if (!p)
		out_of_memory (bytes);
	return p;
}

/* ---- arena ---- */

void arena_init (struct arena *a)
{
	*a = (struct arena){ .magic = ARENA_MAGIC };
}

static void block_free (struct arena_block *block)
{
	ASAN_UNPOISON_MEMORY_REGION (block->bytes, block->size);
	free (block);
}

static void blocks_free (struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;
		block_free (block);
		block = next;
	}
}

void arena_fini (struct arena *a)
{
	assert (a->magic == ARENA_MAGIC);
	blocks_free (a->first);
	*a = (struct arena){ 0 };
}

void arena_reset (struct arena *a)
{
	assert (a->magic == ARENA_MAGIC);
	size_t kept = 0;
	struct arena_block **link = &a->first;
	while (*link) {
		struct arena_block *block = *link;
		if (kept + block->size > KEPT) {
			*link = block->next;
			block_free (block);
			continue;
		}
		kept += block->size;
		ASAN_POISON_MEMORY_REGION (block->bytes, block->size);
		link = &block->next;
	}
	a->now = a->first;
	a->used = a->total = 0;
}

/* Makes a block the current one that has room: the next that was kept, or a new one after the current. Blocks double with what is
 * in the arena, so that a large batch takes few of them. */
static void arena_grow (struct arena *a, size_t bytes)
{
	struct arena_block **link = a->now ? &a->now->next : &a->first;
	if (!*link || (*link)->size < bytes) {
		size_t size = a->total < FIRST_BLOCK ? FIRST_BLOCK : a->total < LARGEST_BLOCK ? a->total : LARGEST_BLOCK;
		if (size < bytes)
			size = bytes;
		if (size > SIZE_MAX / 2)
			out_of_memory (size);
		struct arena_block *block = memory_take (NULL, sizeof *block + size);
		block->size = size;
		block->next = *link;
		ASAN_POISON_MEMORY_REGION (block->bytes, block->size);
		*link = block;
	}
	a->now = *link;
	a->used = 0;
}

/* `alignment` is a power of two; blocks begin on 16. */
static void *arena_take (struct arena *a, size_t bytes, size_t alignment)
{
	assert (a->magic == ARENA_MAGIC);
	size_t from = (a->used + alignment - 1) & ~(alignment - 1);
	if (!a->now || from > a->now->size || a->now->size - from < bytes) {
		arena_grow (a, bytes);
		from = 0;
	}
	unsigned char *at = a->now->bytes + from;
	ASAN_UNPOISON_MEMORY_REGION (at, bytes);
	a->used = from + bytes;
	a->total += bytes;
	return at;
}

void *arena_alloc (struct arena *a, size_t bytes)
{
	return memset (arena_take (a, bytes, ALIGNMENT), 0, bytes);
}

void *arena_array (struct arena *a, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow (n, size, &bytes))
		out_of_memory (SIZE_MAX);
	return arena_alloc (a, bytes);
}

char *arena_copy (struct arena *a, const char *bytes, size_t n)
{
	char *copy = arena_take (a, n + 1, 1);
	if (n)
		memcpy (copy, bytes, n);
	copy[n] = 0;
	return copy;
}

char *arena_text (struct arena *a, const char *text)
{
	return arena_copy (a, text, strlen (text));
}

char *arena_printf (struct arena *a, const char *format, ...)
{
	va_list values, again;
	va_start (values, format);
	va_copy (again, values);
	int n = vsnprintf (NULL, 0, format, values);
	assert (n >= 0);
	char *text = arena_take (a, (size_t) n + 1, 1);
	vsnprintf (text, (size_t) n + 1, format, again);
	va_end (again);
	va_end (values);
	return text;
}

/* ---- heap ---- */

void *heap_alloc (size_t bytes)
{
	void *p = calloc (1, bytes ? bytes : 1);
	if (!p)
		out_of_memory (bytes);
	return p;
}

void *heap_resize (void *p, size_t bytes)
{
	return memory_take (p, bytes);
}

char *heap_text (const char *text)
{
	size_t n = strlen (text) + 1;
	return memcpy (memory_take (NULL, n), text, n);
}

void heap_free (void *p)
{
	free (p);
}

/* ---- buffer ---- */

void buffer_fini (struct buffer *b)
{
	free (b->at);
	*b = (struct buffer){ 0 };
}

void buffer_clear (struct buffer *b)
{
	b->n = 0;
}

unsigned char *buffer_reserve (struct buffer *b, size_t bytes)
{
	if (bytes > b->room - b->n) {
		size_t need;
		if (__builtin_add_overflow (b->n, bytes, &need) || need > SIZE_MAX / 2)
			out_of_memory (bytes);
		size_t room = b->room ? b->room : 256;
		while (room < need)
			room *= 2;
		b->at = memory_take (b->at, room);
		b->room = room;
	}
	return b->at + b->n;
}

void buffer_add (struct buffer *b, const void *bytes, size_t n)
{
	if (!n)
		return;
	memcpy (buffer_reserve (b, n), bytes, n);
	b->n += n;
}

void buffer_text (struct buffer *b, const char *text)
{
	buffer_add (b, text, strlen (text));
}

void buffer_printf (struct buffer *b, const char *format, ...)
{
	va_list values, again;
	va_start (values, format);
	va_copy (again, values);
	int n = vsnprintf (NULL, 0, format, values);
	assert (n >= 0);
	vsnprintf ((char *) buffer_reserve (b, (size_t) n + 1), (size_t) n + 1, format, again);
	b->n += (size_t) n;
	va_end (again);
	va_end (values);
}
