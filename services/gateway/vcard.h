/* A contact as a vCard of version 4.0 (RFC 6350). Pure.
 * Never a line of more than 75 octets; no text of a person ends its own line. */
#ifndef LEADWIRE_GATEWAY_VCARD_H
#define LEADWIRE_GATEWAY_VCARD_H

#include <jansson.h>
#include "arena.h"

/* `contact`: a contact as the API tells it. */
void vcard_add (struct buffer *out, const json_t *contact);

#endif
