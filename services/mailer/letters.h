/* News by mail: what somebody is to be told of waits, and what they did not see goes to them, all of one moment in one mail.
 * Must never tell of what its reader may not see, nor twice of one event. */
#ifndef LEADWIRE_MAILER_LETTERS_H
#define LEADWIRE_MAILER_LETTERS_H

#include "arena.h"
#include "records.h"

enum { LETTER_LINES = 20 }; /* that stand in one mail; how many more there are is said */

struct letter_text {
	const char *subject, *text, *html;
};

/* What one reader gets: rows of them alone, the latest first. `origin`: where the product's pages are, without a slash at its end; "": no links.
 * Pure: no I/O, no clock, no memory outside the arena. */
struct letter_text letter_text (struct arena *a, const struct letter_due row[], size_t n, const char *origin);

#endif
