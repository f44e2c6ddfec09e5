/* Mails that come in: what reading them gives, and what follows from that. Never anything that is open while a message is read.
 * It must never believe a mail's own head more than the envelope that it came in. */
#ifndef LEADWIRE_MAILER_RECEIVING_H
#define LEADWIRE_MAILER_RECEIVING_H

#include "inbound.h"
#include "mailer.h"

enum { INBOUND_LEASE = 60, INBOUND_LIMIT = 40 /* seconds */ };

void receiving_start (void); /* what is counted */

/* The effect: one of them is read, and its files are kept. */
const void *inbound_act (struct effect *e, const void *claimed);
/* What a provider's door kept, or (`brought`) a message as a file. `bytes` must live as long as what is read. */
void mail_inbound_read (struct arena *a, const char *type, bool brought, struct bytes bytes, struct inbound *ret);
/* All that is kept of it until a mail is made of it; a new reference. */
json_t *reading_json (struct arena *a, const struct inbound *in);

/* ---- rules: pure ---- */

/* What becomes of a mail that came in, but for what only its subject suggests; `found` and `person` stand in `due`. */
struct inbound_step inbound_decide (const struct inbound_due *due);
/* Of a mail that answers nothing: the latest of those that went to its sender under the same subject; null: none. */
const struct inbound_candidate *inbound_suggest (struct arena *a, const char *subject, const struct inbound_candidate *candidate, size_t n);

#endif
