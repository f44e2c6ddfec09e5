/* What looks alike: what the rest of contacts tells it. Never decides anything about the records themselves. */
#ifndef LEADWIRE_CONTACTS_ALIKE_H
#define LEADWIRE_CONTACTS_ALIKE_H

#include "records.h"

/* These contacts or accounts are another's likeness now, or nobody's: they are compared again when somebody looks. Costs nothing where nobody ever did,
 * nor for those that are yet to be compared. */
void alike_note (struct batch *b, const struct record *r, const void *item, size_t n);

#endif
