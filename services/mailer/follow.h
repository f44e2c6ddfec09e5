/* Opens and clicks of mails that go by SMTP: an image at the end of the HTML and links that lead by the own door. Pure: no I/O, no clock, no memory outside the
 * arena. Never anything for a workspace's account that did not ask for it, and never a person's opening where a machine looked. */
#ifndef LEADWIRE_MAILER_FOLLOW_H
#define LEADWIRE_MAILER_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>
#include "arena.h"

enum { FOLLOW_URL_MOST = 1500, FOLLOW_AGENT_MOST = 500 };

/* Where a link leads instead; null: it stays as it is. */
typedef const char *follow_lead (void *ctx, const char *url);
/* The HTML with the links of its <a href="http…"> replaced, and an image at its end (null: none). What cannot be read for certain stays as it is. */
const char *html_follow (struct arena *a, const char *html, follow_lead *lead, void *ctx, const char *image);

/* Whether nobody can be said to have looked: a scanner, a proxy that fetches images by itself, or whoever was there within seconds of the sending.
 * `agent`: what the asker calls itself, or null; `sent_at`: 0 when no server took it yet. */
bool follow_is_machine (const char *agent, bool clicked, int64_t sent_at, int64_t at);

#endif
