/* What the files of known records share. It must never be needed outside known*.c. */
#ifndef LEADWIRE_AUTOMATION_KNOWN_PARTS_H
#define LEADWIRE_AUTOMATION_KNOWN_PARTS_H

#include "known.h"

/* The column of that name; null: none. */
struct uuid *known_column (struct known *k, const char *name);
/* What the event's field of that name holds where it is HERE, else null. */
const void *said_value (const struct record *event, const void *item, const char *name);
/* Another text, or null. */
json_t *known_text (const char *text);

#endif
