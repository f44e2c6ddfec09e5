/* Fuzz target: the head of a command or query, as it comes off the bus. What is taken must say the same when it is said again. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	struct head head, again;
	size_t used = 0;
	arena_init (&a);
	if (head_unpack (&a, (struct bytes){ data, size }, &head, &used) == OK) {
		struct buffer once = { 0 }, twice = { 0 };
		assert (used && used <= size && msgpack_skip ((struct bytes){ data, size }) == used);
		head_pack (&once, &head);
		enum status status = head_unpack (&a, (struct bytes){ once.at, once.n }, &again, &used);
		assert (status == OK && used == once.n);
		head_pack (&twice, &again);
		assert (once.n == twice.n && memcmp (once.at, twice.at, once.n) == 0);
		buffer_fini (&once);
		buffer_fini (&twice);
	}
	assert (a.total <= 2 * (size + 16 * 64));
	arena_fini (&a);
	return 0;
}

static struct uuid id_make (void)
{
	return value_next () & 8 ? uuid_of (&values_state, sizeof values_state) : (struct uuid){ 0 };
}

size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed)
{
	if (seed % 16 == 0) {
		struct buffer out = { 0 };
		values_begin (NULL, seed);
		struct uuid set[3] = { id_make (), uuid_of ("a", 1), uuid_of ("b", 1) };
		struct head head = { .workspace = id_make (),
				     .actor = id_make (),
				     .id = id_make (),
				     .at = (int64_t) (value_next () >> 14),
				     .depth = (int) value_below (40),
				     .grant = { SCOPE_TEAM, value_next (), id_make (), id_make (), set, value_below (4) },
				     .workspaces = set + 1,
				     .n_workspaces = value_below (3) };
		head_pack (&out, &head);
		if (out.n <= room) {
			memcpy (data, out.at, out.n);
			size = out.n;
		}
		buffer_fini (&out);
	}
	return LLVMFuzzerMutate (data, size, room);
}
