/* The effect that makes documents' files: the PDF that people read and the UBL that machines read, each by what is in it, and what is wrong with the latter. */
#ifndef LEADWIRE_BILLING_RENDERING_H
#define LEADWIRE_BILLING_RENDERING_H

#include "billing.h"

enum { RENDER_LEASE = 30, RENDER_LIMIT = 20, RENDER_TRIES = 6, RENDER_STATE = sizeof (void *) };

void rendering_start (void);
const void *render_act (struct effect *e, const void *claimed);
void render_act_end (void *state);

#endif
