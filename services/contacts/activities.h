/* What the rooms of contacts share about activities: events out of rows, and what happens to many at once.
 * Never decides who may see one; the owner of its record does. */
#ifndef LEADWIRE_CONTACTS_ACTIVITIES_H
#define LEADWIRE_CONTACTS_ACTIVITIES_H

#include "records.h"

struct activity_added activity_is_new (struct batch *b, const struct head *cause, const struct activity_row *row);
struct activity_changed activity_is_other (struct batch *b, const struct head *cause, const struct activity_row *row, struct list changes);
/* Writes the rows as they are from now on, their lines of timeline, and says so. */
void activities_change (struct batch *b, const struct activity_row row[], const struct activity_changed event[], size_t n);
void activities_hand_over (struct batch *b, const struct member_handed_over *over);

#endif
