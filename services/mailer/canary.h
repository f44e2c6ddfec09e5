/* Mails to oneself: one goes by an account as every other mail does, to where answers come, and is known when it comes in. So it is known whether what people
 * answer arrives, before anybody misses it. It must never become a mail of anybody: not in a list, on a timeline or in a count. */
#ifndef LEADWIRE_MAILER_CANARY_H
#define LEADWIRE_MAILER_CANARY_H

#include "mailer.h"
#include "mime.h"

void canary_start (void); /* what is counted */

/* The effect: one is sent. Its end and its state are those of mail_act. */
const void *canary_act (struct effect *e, const void *claimed);
/* The token of one of ours that a message is, or that a machine answers or reports on; null: it names none, or a person wrote it. */
const char *canary_token_of (struct arena *a, const struct mail *m);
/* What a message that names one says of it. */
struct canary_came canary_came_of (const struct inbound_due *due);
/* Those that came in: they are back, and not kept. */
void canaries_take (struct batch *b, const struct canary_came came[], size_t n);

#endif
