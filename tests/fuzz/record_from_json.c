/* Fuzz target: JSON from a stranger into every record. What is taken must come back from msgpack as it was. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	if (size < CHOICE_BYTES)
		return 0;
	const struct record *r = record_chosen (data);
	struct bytes in = record_input (data, size);
	json_t *json = json_loadb ((const char *) in.at, in.n,
				   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | (data[1] & 1 ? JSON_ALLOW_NUL : 0), NULL);
	if (!json)
		return 0;
	struct arena a;
	arena_init (&a);
	struct problem problem = { 0 };
	void *item = arena_alloc (&a, r->size), *got = arena_alloc (&a, r->size);
	if (record_from_json (&a, r, json, data[0] & 1, item, &problem) == OK) {
		struct buffer once = { 0 }, twice = { 0 };
		record_pack (&once, r, item);
		enum status status = record_unpack (&a, r, (struct bytes){ once.at, once.n }, got, NULL);
		assert (status == OK);
		record_pack (&twice, r, got);
		assert (once.n == twice.n && memcmp (once.at, twice.at, once.n) == 0);
		buffer_fini (&once);
		buffer_fini (&twice);
	} else
		assert (problem.n_errors && problem.code);
	arena_fini (&a);
	json_decref (json);
	return 0;
}

static void as_json (struct buffer *out, const struct record *r, const void *item)
{
	struct buffer list = { 0 };
	record_list_json (&list, r, (struct list){ item, 1 });
	buffer_add (out, list.at + 1, list.n - 2); /* without the brackets */
	buffer_fini (&list);
}

size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed)
{
	return record_mutate (data, size, room, seed, as_json);
}
