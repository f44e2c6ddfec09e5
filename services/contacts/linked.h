/* Linked records, for who makes or changes them: a command, what a system says, the beginning with a client.
 * Never decides whose one is; rules_linked.c and the caller do. */
#ifndef LEADWIRE_CONTACTS_LINKED_H
#define LEADWIRE_CONTACTS_LINKED_H

#include "records.h"

/* What happens to one: in the order of what was said. */
struct linked_step {
	const struct head *cause;
	struct linked_row was, row; /* of one that is made: only row */
	struct list changes;
	enum { LINKED_MADE, LINKED_CHANGED, LINKED_REMOVED, LINKED_RESTORED } what;
	bool by_system; /* nobody who logs in did it */
};
/* Writes them, their lines of timeline, and says so. None stands in it twice. */
void linked_put (struct batch *b, const struct linked_step step[], size_t n);
/* The account is a client from now on, if it was none. */
void account_client_from (struct batch *b, const struct head *cause, account_id account);

/* pushes.c: says how much waits, for whoever watches the service. */
void pushes_watch (struct app *app);

#endif
