/* What mailer's rooms share: the door's routes and the settings. It must never hold anything of a request longer than that lives. */
#ifndef LEADWIRE_MAILER_H
#define LEADWIRE_MAILER_H

#include "http.h"
#include "records.h"
#include "service.h"

/* ---- the door (main thread) ---- */

void mailer_route (struct http_request *r, void *app);
/* A row of errors.def as problem+json, in the asker's language. */
void answer_error (struct http_request *r, int error, const char *detail);

#endif
