/* Segments: what the rest of contacts tells them. Never decides anything about the records themselves. */
#ifndef LEADWIRE_CONTACTS_SEGMENTS_H
#define LEADWIRE_CONTACTS_SEGMENTS_H

#include "records.h"

/* Records that these events are about changed: the segments of their workspace look at them within a second. Costs nothing where there is no segment.
 * Whatever contacts says comes here by itself (struct service); what it only hears its handlers bring. */
void segments_mark (struct batch *b, const struct record *r, const void *item, size_t n);
/* A deal as segments know it. */
void deal_facts_begin (struct batch *b, const struct deal_created deal[], const bool noted[], size_t n);
void deal_facts_change (struct batch *b, const struct deal_updated deal[], size_t n);
void deal_facts_move (struct batch *b, const struct deal_stage_changed deal[], size_t n);

#endif
