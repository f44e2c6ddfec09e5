/* iCalendar (RFC 5545) as text: lines that are folded, texts that are escaped. Pure.
 * Never a line of more than 75 octets, never half a character. */
#ifndef LEADWIRE_GATEWAY_ICS_H
#define LEADWIRE_GATEWAY_ICS_H

#include "arena.h"

/* NAME:value, as it is. `value` holds no control character. */
void ics_line (struct buffer *out, const char *name, const char *value);
/* NAME:value of people's text: commas, semicolons, backslashes and ends of line are escaped, other control characters left out. */
void ics_text (struct buffer *out, const char *name, const char *value);

#endif
