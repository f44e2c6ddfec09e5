/* What happens when something is heard, answered or due: what is known is kept, rules are asked, a decision is written, and what they do goes step by step.
 * It must never decide an event twice, nor ask for an action under another id than the one that it always has. */
#ifndef LEADWIRE_AUTOMATION_ENGINE_H
#define LEADWIRE_AUTOMATION_ENGINE_H

#include "records.h"

enum {
	LOOP_DEPTH = 16,      /* causes behind each other: what is deeper than that fires nothing. A rule that answers a rule is two */
	MISSING_SECONDS = 30, /* so long after it was said an event waits for the record that its rules ask about */
	TIMED_EVERY = 30,     /* seconds after which rules of time are looked at again */
	SPREAD_SECONDS = 60,  /* what waited for an hour or longer is spread over as many, so that not all of it is due at once */

};

/* Registers what the engine counts; once, at start. */
void engine_start (void);
/* Public events of one type, and those that move what is known. */
void engine_hear (struct batch *b, const struct record *r, const void *item, size_t n, struct outcome ret[]);
/* What became of actions: events of the type that a service says so with. */
void engine_settle (struct batch *b, const struct record *r, const void *item, size_t n, struct outcome ret[]);

#endif
