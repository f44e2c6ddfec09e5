/* People who asked to be forgotten: out of what was said (frames, what is parked) and out of the texts of a service's tables.
 * What about them goes whole is known by ids; what merely names them is found by value. Private to common/: a handler says batch_erase and
 * batch_erase_settle. Knows no noun of the product. */
#ifndef LEADWIRE_ERASE_H
#define LEADWIRE_ERASE_H

#include "batch.h"

/* Takes what is PERSONAL out of a record one of whose ids stands in the set (keys: erase_key); of lists in others, out of the parts that have one. False:
 * there is nothing of them. */
bool record_forget (struct arena *a, const struct record *r, void *item, const struct key_set *ids);
static inline uint64_t erase_key (struct uuid id)
{
	return uuid_hash (id) | 1;
}

/* In the transaction under way. */
void erase_begin (struct db *db, struct arena *a, int lane, struct uuid workspace, struct uuid request, const char *ids, const char *words);
/* Whether something waits on a lane. False: a fault. */
bool erase_load (struct db *db, int lane, struct writer_lane *ret) MUST_CHECK;
/* Goes through frames, then texts, a bite at a time, until there is nothing left or the time is over. False: a fault. */
bool erase_run (struct db *db, int lane, struct writer_lane *l, int64_t until);

#endif
