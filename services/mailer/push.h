/* A message to one browser, sealed so that the push service between cannot read it (RFC 8291, aes128gcm of RFC 8188); see push.c.
 * It must never seal to a key that is no point of the curve, nor twice with the same salt. */
#ifndef LEADWIRE_MAILER_PUSH_H
#define LEADWIRE_MAILER_PUSH_H

#include "arena.h"
#include "vapid.h"

enum {
	PUSH_AUTH = 16,
	PUSH_SALT = 16,
	PUSH_ENDPOINT_MOST = 1000,
	PUSH_RECORD = 4096,
	/* what push services take is 4096 bytes; around a text stand a head of 86, a mark and a tag */
	PUSH_TEXT_MOST = PUSH_RECORD - 86 - 1 - 16,
};

/* What a browser gave when it subscribed. */
struct push_to {
	unsigned char open[P256_PUBLIC], auth[PUSH_AUTH];
};
/* From base64url, padded or not. False: they are none. */
bool push_to_read (const char *p256dh, const char *auth, struct push_to *ret) MUST_CHECK;
/* The body of the request. False: the text is too long, or what it is sealed to is no key. */
bool push_seal (struct arena *a, const struct push_to *to, struct bytes text, struct bytes *ret) MUST_CHECK;
/* The same by a key and a salt that are known: for tests alone. */
bool push_seal_with (struct arena *a, const struct push_to *to, struct bytes text, const unsigned char number[P256_PRIVATE],
		     const unsigned char salt[PUSH_SALT], struct bytes *ret) MUST_CHECK;

/* "https://push.example:8443" of an endpoint, in lower case; null: it is no address that may be pushed to. `plain`: also without TLS. */
const char *push_origin (struct arena *a, const char *endpoint, bool plain);
/* What same `tag` a push service may put one for the other while neither was fetched (RFC 8030's Topic): 32 letters. */
const char *push_topic (struct arena *a, const char *tag);
/* What is pushed, as the worker of the page reads it, cut so that it fits. */
const char *push_text (struct arena *a, const char *tag, const char *title, const char *body, const char *url);

#endif
