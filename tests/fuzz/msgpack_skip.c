/* Fuzz target: how long is one msgpack value. msgpack-c, the reference, must agree wherever both take it. */
#include "fuzz.h"

#include <msgpack.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	size_t n = msgpack_skip ((struct bytes){ data, size });
	assert (n <= size);
	if (!n)
		return 0;
	/* a value ends where it ends: less is none, more changes nothing */
	uint8_t *exact = heap_alloc (n);
	memcpy (exact, data, n);
	assert (msgpack_skip ((struct bytes){ exact, n }) == n && msgpack_skip ((struct bytes){ exact, n - 1 }) == 0);
	size_t used = 0;
	msgpack_unpacked reference;
	msgpack_unpacked_init (&reference);
	msgpack_unpack_return is = msgpack_unpack_next (&reference, (const char *) exact, n, &used);
	/* "no memory" is its limit of depth: it counts an empty container inside the 32nd, we do not */
	assert (is == MSGPACK_UNPACK_NOMEM_ERROR || (is == MSGPACK_UNPACK_SUCCESS && used == n));
	msgpack_unpacked_destroy (&reference);
	heap_free (exact);
	return 0;
}
