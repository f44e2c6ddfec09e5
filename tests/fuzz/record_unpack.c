/* Fuzz target: msgpack from a stranger into every record. What is taken must say the same when it is said again, in msgpack and in JSON. */
#include "fuzz.h"

static void same_again (struct arena *a, const struct record *r, const void *item)
{
	struct buffer once = { 0 }, twice = { 0 };
	void *got = arena_alloc (a, r->size);
	record_pack (&once, r, item);
	assert (msgpack_skip ((struct bytes){ once.at, once.n }) == once.n);
	enum status status = record_unpack (a, r, (struct bytes){ once.at, once.n }, got, NULL);
	assert (status == OK);
	record_pack (&twice, r, got);
	assert (once.n == twice.n && memcmp (once.at, twice.at, once.n) == 0);
	buffer_fini (&once);
	buffer_fini (&twice);
}

static void valid_as_json (const struct record *r, const void *item)
{
	struct buffer text = { 0 };
	record_to_json (&text, r, item, true);
	assert (json_is_valid ((struct bytes){ text.at, text.n }));
	buffer_clear (&text);
	record_list_json (&text, r, (struct list){ item, 1 });
	assert (json_is_valid ((struct bytes){ text.at, text.n }));
	buffer_fini (&text);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	if (size < CHOICE_BYTES)
		return 0;
	const struct record *r = record_chosen (data);
	struct arena a;
	arena_init (&a);
	struct problem problem = { 0 };
	void *item = arena_alloc (&a, r->size);
	if (record_unpack (&a, r, record_input (data, size), item, &problem) == OK) {
		same_again (&a, r, item);
		valid_as_json (r, item);
	} else
		assert (problem.n_errors && problem.code);
	assert (a.total < 16 * r->size + 2000 * (size + 1)); /* a part's struct for a byte is the worst there is */
	arena_fini (&a);
	return 0;
}

size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed)
{
	return record_mutate (data, size, room, seed, record_pack);
}
