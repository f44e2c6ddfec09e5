/* What lead-intake's writer remembers between two batches: whose the leads of a way in are. As a lane's only writer it may.
 * It is forgotten whole when a lane is gained or a batch aborts (batch_state), and by whoever writes a workspace or a way in. */
#ifndef LEADWIRE_INTAKE_MEMORY_H
#define LEADWIRE_INTAKE_MEMORY_H

#include "records.h"

enum { WAYS_KNOWN = 64 };

struct intake_memory {
	struct way_known way[WAYS_KNOWN];
};

/* What is known of requests before they are taken, a row each. */
const struct submission_known *submissions_known (struct batch *b, const struct submission_take cmd[], size_t n);
void ways_forget (struct batch *b);

#endif
