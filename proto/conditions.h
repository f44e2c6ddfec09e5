/* Conditions of a segment, as JSON: {all: [{field, op, value}]} or {any: […]}. Which fields there are and what may be asked of each is told here alone;
 * contacts' SQL has a fragment for each (segment_condition). Pure: never looks at a record, never lets a value through that SQL could not read. */
#ifndef LEADWIRE_CONDITIONS_H
#define LEADWIRE_CONDITIONS_H

#include "records.h"

enum { CONDITIONS_MOST = 20 };

/* False: `ret` says what is wrong, by pointers under /conditions. `ret_by_time` (may be null): the clock alone changes what fits. */
bool conditions_check (struct arena *a, enum record_kind of, const char *json, struct problem *ret, bool *ret_by_time);

#endif
