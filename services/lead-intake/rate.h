/* How often one may come: token buckets in a table that never grows. Pure: whose bucket it is and what time it is are told.
 * It must never ask for memory, nor forget somebody who has to wait while there is somebody who has not. */
#ifndef LEADWIRE_INTAKE_RATE_H
#define LEADWIRE_INTAKE_RATE_H

#include "uuid.h"

enum { RATE_SETS = 2048, RATE_WAYS = 8 }; /* so many that it knows at once: 16,384, in 384 KiB */

/* A bucket as GCRA keeps it (ITU-T I.371, the virtual scheduling algorithm): when it would be full again. One that is full now is the same as none. */
struct rate_bucket {
	struct uuid whose;
	int64_t full_at; /* µs; 0: nobody's */
};
/* All zero: nobody has come yet. */
struct rate_table {
	struct rate_bucket bucket[RATE_SETS][RATE_WAYS];
};

/* Takes a token of `whose` bucket, which holds `per_minute` and fills in a minute. 0: it was there; else the µs until there is one, and nothing was taken.
 * `now`: µs of any clock that does not go back. `per_minute`: 1 or more. */
int64_t rate_take (struct rate_table *t, struct uuid whose, int64_t per_minute, int64_t now);
/* Who comes from an address, as text, by a way in: one for all addresses that are one household's (IPv6: /64), and for IPv4 in either spelling. What is no
 * address is somebody by its text; null: all of those. */
struct uuid rate_address (struct uuid source, const char *address);

#endif
