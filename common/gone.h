/* Workspaces that were taken away: known to whoever owns their lane, passed over when something about them still comes, blank in the frames.
 * Private to common/: a handler says batch_workspace_end. Knows nothing of what a service kept of them. */
#ifndef LEADWIRE_GONE_H
#define LEADWIRE_GONE_H

#include "batch.h"

/* Those of a lane, from the database. False: a fault. */
bool gone_load (struct db *db, int lane, struct writer_lane *ret) MUST_CHECK;
/* Makes blank what was said of them, a page of frames at a time, until there is nothing left or the time is over. False: a fault. */
bool gone_erase (struct db *db, int lane, struct writer_lane *l, int64_t until) MUST_CHECK;

#endif
