/* News on somebody's browsers though no page of theirs is open: who wants it, what waits, and the effect that brings it.
 * It must never tell anybody what they may not see: whom a thing is for stands in notified.h, what they see of it in sql/letters.sql. */
#ifndef LEADWIRE_MAILER_PUSHING_H
#define LEADWIRE_MAILER_PUSHING_H

#include "mailer.h"

/* Seconds: several messages to one browser may each take a part of it. */
enum { PUSH_LEASE = 60, PUSH_LIMIT = 40, PUSH_ACT_STATE = 8 };

void pushing_start (void);
const void *push_act (struct effect *e, const void *claimed);
void push_act_end (void *state);

/* ---- rules: pure ---- */

/* What becomes of a browser after an answer. */
enum push_answer { PUSH_SENT, PUSH_GONE, PUSH_REFUSED, PUSH_LATER };
enum push_answer push_answer_of (long status);
/* Seconds until it is tried again, after so many failures in a row; `asked`: how long the push service wants it, 0: it says nothing. */
int64_t push_wait (int64_t fails, int64_t asked);
/* Nobody has come back for so often that nobody will. */
bool push_is_hopeless (int64_t fails);

#endif
