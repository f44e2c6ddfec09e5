/* Fuzz target: a frame off the bus or out of the log, plain or compressed, and every event in it. What is read stays inside the frame. */
#include "fuzz.h"
#include "frame.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	struct frame_reader frame;
	arena_init (&a);
	if (frame_open (&a, (struct bytes){ data, size }, &frame) == OK) {
		assert (frame.n_after <= FRAME_SOURCES_MAX);
		while (frame_next (&frame)) {
			assert (frame.i <= frame.n && memchr (frame.type, 0, sizeof frame.type));
			assert (frame.data.at >= frame.plain.at && frame.data.at + frame.data.n <= frame.plain.at + frame.plain.n);
			const struct record *r = record_of_type (frame.type);
			if (r)
				(void) !record_unpack (&a, r, frame.data, arena_alloc (&a, r->size), NULL);
		}
	}
	arena_fini (&a);
	return 0;
}

/* One time in sixteen a good frame of a few events; then libFuzzer damages it. */
size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed)
{
	if (seed % 16 == 0) {
		struct arena a;
		struct buffer out = { 0 };
		struct frame_writer writer = { 0 };
		arena_init (&a);
		values_begin (&a, seed);
		frame_start (&writer);
		for (size_t n = 1 + value_below (4); n;) {
			const struct record *r = record_chosen (
				(uint8_t[]){ (uint8_t) (value_next () >> 16), (uint8_t) (value_next () >> 16) });
			if (r->class != RECORD_EVENT)
				continue;
			struct head head = { .workspace = uuid_of ("w", 1),
					     .id = uuid_of (&n, sizeof n),
					     .at = (int64_t) (value_next () >> 14),
					     .depth = 1 };
			unsigned char *item = arena_alloc (&a, r->size);
			record_fill (r, item, SOME, 0);
			frame_add (&writer, r, &head, item);
			n--;
		}
		struct frame_after after = { .source = "pipeline", .sequence = 5 };
		frame_finish (&writer, 1795251600000000, &after, value_below (2), &out);
		frame_fini (&writer);
		if (out.n <= room) {
			memcpy (data, out.at, out.n);
			size = out.n;
		}
		buffer_fini (&out);
		arena_fini (&a);
	}
	return LLVMFuzzerMutate (data, size, room);
}
