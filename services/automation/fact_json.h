/* Facts as a decision keeps them: an object of names and values. Pure. It must never tell a fact that nobody knew from one of which it was known that there is
 * none: the first is no member, the second null. */
#ifndef LEADWIRE_AUTOMATION_FACT_JSON_H
#define LEADWIRE_AUTOMATION_FACT_JSON_H

#include "fact.h"

/* A new value: text, number (four digits behind the point at most), true or false, time (RFC 3339), date, {amount, currency}, id, list of texts; null: CLEARED.
 * Of an ABSENT one: a null pointer. The caller's. */
json_t *fact_json (const struct fact *f);
/* The same way back, by the kind that its name says. No member: ABSENT, likewise what cannot be read. */
struct fact fact_of_json (struct arena *a, const struct fact_name *name, const json_t *value,
			  int32_t (*day_of) (const void *zone, int64_t at), const void *zone);

#endif
