/* Effects: talking to the outside world, in the one order that admits failure: claim, act, record. A row of a service's table says by which statement
 * something is claimed (and committed), what is done then (no transaction is open, no SQL is run), and by which statement what came of it is
 * written down. It must never act on what it has not claimed, claim again what nobody recorded, or record another's attempt.
 *
 * What a claim means stands in its statement: it puts `owner` and now + `lease` beside each attempt that it opens, and passes over what others hold
 * (for update skip locked). What nobody recorded when the lease is over has an unknown outcome; whether it may be repeated is the service's affair.
 * `act` takes at most `limit` seconds, which are fewer than the lease. Statements of this kind are `-- name: x in +> out`, see sql.h; a field
 * `owner` of theirs is filled here, and `lease` (seconds) of a claim. */
#ifndef LEADWIRE_EFFECTS_H
#define LEADWIRE_EFFECTS_H

#include "arena.h"
#include "sql.h"

struct effect;

struct effect_row {
	const char *name;
	struct statement *claim, *record;
	/* What came of one row of the claim: an item of the record's record, in effect_arena. Null, where there is `ended`: the talk has begun, and keeps what
	 * it needs of the row. */
	const void *(*act) (struct effect *e, const void *claimed);
	/* Talks that go on beside each other, at most `most`: what came of one that ended, in effect_arena, and when it began (clock_monotonic); null: none
	 * did within `ms`. Each ends within `limit`. Null: one talk at a time. */
	const void *(*ended) (struct effect *e, int ms, int64_t *ret_begun);
	size_t most;
	void (*end) (void *state); /* the worker ends: what its state holds is let go; or null */
	int lease, limit;	   /* seconds */
	size_t state;		   /* bytes of effect_state, zeroed at first */
	bool apart;		   /* long talks that nobody waits for: by a worker that does nothing else */
};

struct arena *effect_arena (struct effect *e); /* until the next one */
void *effect_state (struct effect *e);	       /* the worker's own, of this row: connections that are kept */
int effect_limit (const struct effect *e);
bool effect_ends (const struct effect *e);	   /* the process stops: what the next life can do as well is left to it */
const char *effect_files (const struct effect *e); /* CRM_FILES */

#endif
