/* When a webhook is tried again, when it is given up, and what that does to the endpoint it goes to: from what came back, the time and a throw of the dice,
 * which are all given. Pure. It must never make an attempt earlier than its receiver asked, nor let one receiver's word hold a delivery for ever. */
#ifndef LEADWIRE_AUTOMATION_HOOK_SCHEDULE_H
#define LEADWIRE_AUTOMATION_HOOK_SCHEDULE_H

#include "status.h"

enum {
	HOOK_TRIES = 10,	     /* attempts at one delivery: at once, and nine more within 75.5 hours */
	HOOK_JITTER_PERCENT = 15,    /* a wait is this much shorter or longer at most */
	HOOK_BREAK_AFTER = 10,	     /* failures one after another, of whatever deliveries, from which on the endpoint is only felt at */
	HOOK_DISABLE_DAYS = 5,	     /* of failures alone, then the endpoint is switched off */
	HOOK_RETRY_AFTER_HOURS = 24, /* what is asked beyond that is not heeded */
};

/* All times here are µs since 1970, all waits µs. */

/* How long after the attempt before it attempt n (1 to HOOK_TRIES) is made; `chance` is any of 0 to 65535, each as likely. The first: 0. */
int64_t hook_wait (int64_t n, uint16_t chance);

/* Retry-After as it came: seconds, or a date in any of HTTP's three forms (RFC 9110, 10.2.3). When, at most HOOK_RETRY_AFTER_HOURS from now; 0: it says
 * nothing, cannot be read, or speaks of what is past. */
int64_t hook_retry_after (const char *text, int64_t now);

enum hook_endpoint_state {
	HOOK_ON,
	HOOK_GONE,    /* the receiver said 410 */
	HOOK_FAILING, /* nothing but failures for HOOK_DISABLE_DAYS */
};
/* What is kept of an endpoint. All zero: new, or switched on again by its owner. */
struct hook_endpoint {
	enum hook_endpoint_state state;
	int64_t failures;      /* one after another; 0: the last one went well, or there was none */
	int64_t failing_since; /* the first of them; 0: there is none */
	int64_t not_before;    /* nothing is sent to it earlier; 0: it may be */
};

struct hook_attempt {
	int64_t n;		 /* which of the delivery's: 1 to HOOK_TRIES */
	int64_t now;		 /* when it came to its end */
	int http;		 /* the status that came back; 0: none did (no name, no connection, no certificate, too late) */
	const char *retry_after; /* the header; null: there was none */
	uint16_t chance;
};

enum hook_outcome { HOOK_DELIVERED, HOOK_AGAIN, HOOK_GIVEN_UP };
struct hook_settled {
	enum hook_outcome state;
	int64_t next_at; /* of HOOK_AGAIN: not earlier than this; else 0 */
	struct hook_endpoint endpoint;
};

/* After an attempt. 2xx is delivered, all else failed; redirects are not followed, so they have failed, too. 410: the endpoint is switched off. 429, 502, 503
 * and 504: nothing goes to the endpoint for a while, and Retry-After may make that longer. From HOOK_BREAK_AFTER failures on there is a pause before each
 * attempt at whatever delivery, of 5 minutes, 10, 20, 40, then an hour. Who is asked to wait longer than the schedule has it waits longer; never shorter. */
struct hook_settled hook_settle (const struct hook_endpoint *e, const struct hook_attempt *t);

/* When a delivery that is due at `due` may be tried; 0: not while the endpoint is off. A pause that ends later than any could was set by a clock that ran
 * ahead, and does not count. */
int64_t hook_may_at (const struct hook_endpoint *e, int64_t due, int64_t now);

#endif
