/* Where in an input a fault lies, as the readers of msgpack and JSON carry it on their stacks; it becomes a JSON pointer only when
 * something is wrong. Never seen outside record*.c. */
#ifndef LEADWIRE_RECORD_PLACE_H
#define LEADWIRE_RECORD_PLACE_H

#include "record.h"

struct place {
	const struct place *up; /* null: a member of the input itself */
	const char *member;	/* null: an item of a list */
	size_t item;
};

/* Where faults go. */
struct faults {
	struct arena *arena;
	struct problem *problem; /* may be null */
	size_t n;
};

/* Notes a fault; `at` null: the whole input. Always false, so that a reader can return it. */
bool fault_note (struct faults *to, const struct place *at, const char *code, const char *detail);
/* Every REQUIRED field that is not HERE is a fault. (One that was there and wrong is HERE: it has been noted.) */
bool fields_complete (struct faults *to, const struct record *r, const unsigned char *item, const struct place *up);

/* Length of the character at `at` (n ≥ 1 bytes left), 0 when it is not UTF-8 (RFC 3629, section 4). */
size_t character_length (const unsigned char *at, size_t n);

#endif
