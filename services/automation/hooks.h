/* Webhooks that go out: whom events are told to, what the messages are, and the talk itself. A message is kept in the transaction in which its event is heard,
 * and sent by an effect. It must never hold a secret longer than a talk, nor make two messages of one event for one endpoint. */
#ifndef LEADWIRE_AUTOMATION_HOOKS_H
#define LEADWIRE_AUTOMATION_HOOKS_H

#include "automation.h"

enum {
	HOOK_ENDPOINTS = 50, /* of a workspace */
	HOOK_EVENTS = 100,   /* patterns of an endpoint */
	HOOK_LEASE = 60,     /* seconds */
	HOOK_LIMIT = 20,     /* seconds that a receiver has to answer */
	HOOK_ANSWER = 4096,  /* bytes of its answer that are kept */
	HOOK_TALKS = 100,    /* at a time, of a worker; each with another endpoint */
	HOOK_SLOW_MS = 3000, /* who took longer is waited for apart */
	HOOK_ROTATES = 24,   /* hours for which an old secret signs as well */
};

/* Events of one public type: a message for each endpoint of theirs that wants to hear it. */
void hooks_hear (struct batch *b, const struct record *r, const void *item, size_t n);
/* Somebody changed endpoints: nothing is remembered. */
void hooks_forget (struct batch *b);
/* Whether a type is one of these patterns: itself, a beginning with a star, or a star. */
bool hook_wants (const json_t *patterns, const char *type);
/* Whether such a list can be kept; else `ret_wrong` is the first that cannot (null: it is no list). */
bool hook_patterns_good (const json_t *patterns, const char **ret_wrong);
/* {"type", "timestamp", "data"}: the event with its own fields, and whose and by whom it is; without what is SECRET. In the arena. */
const char *hook_body (struct arena *a, const struct record *r, const void *item);

/* What a message that no event makes is about; null: nothing. */
struct hook_about {
	struct uuid deal, lead, contact, document;
};
/* A rule's message to one endpoint, whatever that one wants to hear. Refused: there is none, or it is off. */
struct outcome hook_give (struct batch *b, const struct hook_send *cmd, const struct hook_about *about);

/* For operators: metrics are there from the beginning; how a talk ended; what waits is counted twice a minute. */
void hooks_start (void);
void hook_talked (enum hook_delivery_state state);
void hooks_counted (struct batch *b, const struct hooks_tell *tell);

/* The effect: talks go on beside each other, so that none waits for another receiver. */
struct hook_talks {
	void *multi; /* curl's */
};
const void *hook_act (struct effect *e, const void *claimed);
const void *hook_ended (struct effect *e, int ms, int64_t *ret_begun);
void hook_act_end (void *state);

#endif
