/* The timeline, built anew out of the streams: beside the one that is read, until it takes its place.
 * Never says anything: what a rebuild changes was said long ago. */
#ifndef LEADWIRE_CONTACTS_PROJECTION_H
#define LEADWIRE_CONTACTS_PROJECTION_H

#include "records.h"

/* A rebuild that is under way is off: what it has read is no longer what there is. */
void projections_cancel (struct batch *b, struct uuid workspace);

#endif
