/* What becomes of a quote, whoever says so: shared by those who answer for the customer and by the customer's own page.
 * It must never answer one that is answered. */
#ifndef LEADWIRE_BILLING_ANSWERING_H
#define LEADWIRE_BILLING_ANSWERING_H

#include "documents.h"

/* A quote that is there, was sent, and nobody answered yet. */
struct outcome quote_open (const struct paper *p);
/* Accepted by that name, at that moment; `address`: from which IP address, or null. */
void quote_accepted_by (struct batch *b, struct paper *p, const char *name, int64_t at, const char *address);
void quotes_accepted_say (struct batch *b, struct paper p[], size_t n, bool portal);
/* reason: may be null. */
void quote_declined_by (struct batch *b, struct paper *p, const char *reason);
void quotes_declined_say (struct batch *b, struct paper p[], size_t n, bool portal);

#endif
