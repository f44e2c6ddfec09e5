/* Talking to servers that others run, by libcurl: which addresses may be talked to, and whose certificates are believed.
 * A private address (this machine, its network, what only leads to one) is refused when the connection is made, so that no name can lead there after it was
 * looked at. It must never read a setting itself: who talks says what is allowed. */
#ifndef LEADWIRE_OUTSIDE_H
#define LEADWIRE_OUTSIDE_H

#include <stdbool.h>

struct sockaddr;
/* This machine, its network, or what only leads to one. Source: RFC 6890, RFC 4193, RFC 3056. */
bool address_is_private (const struct sockaddr *at);

struct outside {
	bool private;	/* private addresses may be talked to */
	const char *ca; /* file (PEM) of further authorities; empty or null: the system's alone */
	bool refused;	/* found: it led to a private address, and that was refused */
};
/* For the next talk of `curl` (a CURL): the rules above, no proxy of the environment, no signals. `o` outlives the talk. */
void curl_outside (void *curl, struct outside *o);

#endif
