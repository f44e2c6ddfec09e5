/* What the fuzz targets share: a record chosen by the input, and a mutator that now and then starts from good values.
 * Nothing here may depend on more than the bytes given. */
#ifndef LEADWIRE_FUZZ_H
#define LEADWIRE_FUZZ_H

#include "records.h"
#include "../values.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerMutate (uint8_t *data, size_t size, size_t room);

/* The first two bytes choose the record; the rest is what it is read from. */
enum { CHOICE_BYTES = 2 };

static inline const struct record *record_chosen (const uint8_t *data)
{
	static size_t n;
	while (all_records[n])
		n++;
	return all_records[((size_t) data[0] << 8 | data[1]) % n];
}

static inline struct bytes record_input (const uint8_t *data, size_t size)
{
	return (struct bytes){ data + CHOICE_BYTES, size - CHOICE_BYTES };
}

/* One time in sixteen the input becomes a good record (written by `write`) of the kind it chose; then libFuzzer damages it. */
static inline size_t record_mutate (uint8_t *data, size_t size, size_t room, unsigned seed,
				    void (*write) (struct buffer *, const struct record *, const void *))
{
	if (size < CHOICE_BYTES || seed % 16 == 0) {
		struct arena a;
		struct buffer out = { 0 };
		arena_init (&a);
		values_begin (&a, seed);
		uint8_t choice[CHOICE_BYTES] = { (uint8_t) (value_next () >> 16), (uint8_t) (value_next () >> 16) };
		const struct record *r = record_chosen (choice);
		unsigned char *item = arena_alloc (&a, r->size);
		record_fill (r, item, SOME, 0);
		buffer_add (&out, choice, sizeof choice);
		write (&out, r, item);
		if (out.n <= room) {
			memcpy (data, out.at, out.n);
			size = out.n;
		}
		buffer_fini (&out);
		arena_fini (&a);
	}
	return LLVMFuzzerMutate (data, size, room);
}

#endif
