/* Signatures of webhooks that go out: Standard Webhooks 1.0.0, the symmetric form (v1, HMAC-SHA256). Pure; a receiver's half stands here too, for tests and
 * for who wants to try an endpoint. It must never say by its time how much of a signature was right, nor sign an id that could be read in two ways. */
#ifndef LEADWIRE_AUTOMATION_HOOK_SIGN_H
#define LEADWIRE_AUTOMATION_HOOK_SIGN_H

#include "arena.h"

enum {
	HOOK_KEY_LEAST = 24, /* bytes of a key, as the standard bounds them */
	HOOK_KEY_MOST = 64,
	HOOK_KEYS_MOST = 2,	     /* the new one and the old one while they change */
	HOOK_ID_MOST = 200,	     /* bytes of an id */
	HOOK_SIGNATURES_MOST = 16,   /* that a receiver looks at; more are refused unread */
	HOOK_TOLERANCE_SECONDS = 300 /* how far a time may be off, both ways, as the standard's own libraries have it */
};

struct hook_key {
	size_t n;
	unsigned char at[HOOK_KEY_MOST];
};

/* "whsec_" and padded base64 of 24 to 64 bytes. REFUSED: anything else, and `ret` is as it was. */
enum status hook_secret_read (const char *text, struct hook_key *ret) MUST_CHECK;
/* The same way back, in the arena; `key` as hook_secret_read gave it, or of that many random bytes. */
const char *hook_secret_write (struct arena *a, const struct hook_key *key);

struct hook_message {
	const char *id;	   /* webhook-id: the same in every attempt; visible ASCII without a dot */
	int64_t second;	   /* webhook-timestamp: seconds since 1970 of this attempt */
	struct bytes body; /* as it is sent, byte for byte */
};

/* The value of webhook-signature: one "v1,…" a key, in their order, with a space between. REFUSED: an id that is empty, too long, has a dot or is not all
 * visible ASCII; a time before 1970; no key, or more than HOOK_KEYS_MOST. */
enum status hook_sign (struct arena *a, const struct hook_message *m, const struct hook_key *key, size_t keys, const char **ret) MUST_CHECK;

enum hook_verdict {
	HOOK_GOOD,
	HOOK_UNREADABLE, /* a header is missing or is none */
	HOOK_OLD,	 /* sent too long ago: it may be a repetition by somebody else */
	HOOK_EARLY,	 /* from a time to come */
	HOOK_FORGED,	 /* no signature is of any key */
};

/* Headers as they came; each may be null. */
struct hook_headers {
	const char *id, *timestamp, *signature;
};
/* `now` in seconds since 1970. Signatures of other versions (v1a) are passed over. Every signature is held against every key, however early one is right. */
enum hook_verdict hook_verify (const struct hook_headers *h, struct bytes body, const struct hook_key *key, size_t keys, int64_t now);

#endif
