/* What the rooms of contacts share about activities: events out of rows, and what happens to many at once.
 * Never decides who may see one; the owner of its record does. */
#ifndef LEADWIRE_CONTACTS_ACTIVITIES_H
#define LEADWIRE_CONTACTS_ACTIVITIES_H

#include "records.h"

struct activity_added activity_is_new (struct batch *b, const struct head *cause, const struct activity_row *row);
struct activity_changed activity_is_other (struct batch *b, const struct head *cause, const struct activity_row *row, struct list changes);
/* The row as it is when it is taken away, or put back. */
struct activity_row activity_moved (const struct activity_row *was, bool away, int64_t at, int64_t now);
struct activity_removed activity_is_away (struct batch *b, const struct head *cause, const struct activity_row *row);
struct activity_restored activity_is_back (struct batch *b, const struct head *cause, const struct activity_row *row);
/* Writes the rows as they are from now on, their lines of timeline, and says so. */
void activities_change (struct batch *b, const struct activity_row row[], const struct activity_changed event[], size_t n);
void activities_hand_over (struct batch *b, const struct member_handed_over *over);

#endif
