/* When somebody's page was opened, as we signed it: a form brings it back, and so cannot say that a person sat before it for longer than was so. Pure.
 * It must never be good for another way in, nor say anything of whoever has it. */
#ifndef LEADWIRE_INTAKE_STAMP_H
#define LEADWIRE_INTAKE_STAMP_H

#include "arena.h"
#include "uuid.h"

enum { STAMP_KEY = 32, STAMP_TEXT = 96, STAMP_DAYS = 7 };

/* "MILLISECONDS.HMAC": since 1970 UTC, and SHA-256 in hex over these and the way in. `now`: µs since 1970 UTC. */
const char *stamp_make (const unsigned char key[STAMP_KEY], struct uuid source, int64_t now, char ret[STAMP_TEXT]);

enum stamp_fit {
	STAMP_FITS,
	STAMP_MISSING, /* none, or an empty one: its script did not run */
	STAMP_FORGED,  /* not ours, or of another way in */
	STAMP_FUTURE,  /* ours, of a clock that goes wrong */
	STAMP_YOUNG,   /* `least` has not gone by */
	STAMP_OLD,     /* of more than STAMP_DAYS ago: perhaps somebody keeps one to send it for ever */
};
/* `least`: seconds. `ret_age`, µs, is told where the stamp is ours. Two doors' clocks may be a second apart. */
enum stamp_fit stamp_check (const unsigned char key[STAMP_KEY], struct uuid source, const char *stamp, int64_t least, int64_t now,
			    int64_t *ret_age);

#endif
