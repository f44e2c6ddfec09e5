/* UUIDs (RFC 9562): sixteen bytes, big-endian; version 7 for everything the product makes itself.
 * Never ordered by anything but memcmp; never printed without uuid_format. */
#ifndef LEADWIRE_UUID_H
#define LEADWIRE_UUID_H

#include <stdbool.h>
#include <stdint.h>
#include "status.h"

struct uuid {
	unsigned char b[16];
};

enum { UUID_TEXT = 37 }; /* 36 characters and the end */

/* A version 7 id of the given time (microseconds since 1970, UTC); 74 random bits from the calling thread's generator.
 * Ids made by one thread within a millisecond ascend (RFC 9562, 6.2 method 1 in the 12 bits after the version). */
struct uuid uuid_v7 (int64_t at);
/* A version 8 id that depends on nothing but the bytes: the same name gives the same id (BLAKE2b, first 16 bytes). */
struct uuid uuid_of (const void *bytes, size_t n);
bool uuid_equal (struct uuid a, struct uuid b);
bool uuid_is_null (struct uuid u);
/* Microseconds since 1970 that a version 7 id carries (millisecond grain). */
int64_t uuid_time (struct uuid u);
const char *uuid_format (struct uuid u, char ret_text[UUID_TEXT]);
/* Accepts upper and lower case, with hyphens only. */
enum status uuid_parse (const char *text, struct uuid *ret);
uint64_t uuid_hash (struct uuid u);

#endif
