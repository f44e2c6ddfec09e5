/* Which events may leave the product: what endpoints are told, what can be pulled, and what a rule may hear. One list for all three, of those that may not.
 * It must never let out what is said to one person alone, of who may enter, of the team's conversation, or between services. */
#ifndef LEADWIRE_PUBLIC_EVENTS_H
#define LEADWIRE_PUBLIC_EVENTS_H

#include "records.h"

/* It is about records that people work with. Who may hear a single one is asked besides: see the live stream. */
bool event_is_public (const struct record *event);
/* Why it is not, in English; null: it is public. */
const char *event_withheld (const struct record *event);

#endif
