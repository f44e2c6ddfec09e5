/* Values of fields that a workspace gave its records: whether they fit, laid upon what is there, and compared. Pure; for every service that holds
 * records with such fields. Never a decision which fields there are: that is the pipeline's, and others keep a copy. */
#ifndef LEADWIRE_OWN_VALUES_H
#define LEADWIRE_OWN_VALUES_H

#include "records.h"
#include <jansson.h>

struct own_field {
	enum custom_kind kind;
	const char *key, *choices; /* choices: null, or the JSON of [{key, label}] */
	bool needed, retired;
};

/* What a record holds when `json` is laid upon `was` (either null: nothing): each key a field that is there, each value of its kind; null clears.
 * `makes`: those that are needed have to be filled. *ret: the whole, null where there is nothing. 422 at /custom/key else. */
struct outcome own_values_merge (struct arena *a, const struct own_field field[], size_t n, const char *was, const char *json, bool makes,
				 const char **ret);
/* As a timeline shows it: a text as it is, the rest as JSON; null: nothing. */
const char *own_value_text (struct arena *a, const json_t *value);
/* Appends to `changes` what is different, as custom.key; it has room for as many as both hold. */
void own_values_compare (struct arena *a, const char *was, const char *now, struct list *changes);
size_t own_values_count (const char *values);

#endif
