/* The key by which this installation shows itself to push services (RFC 8292, ES256): made of CRM_KEY alone, so nothing of it is kept, and every process of
 * an installation has the same. It must never leave this room but as a signature and as its public half. */
#ifndef LEADWIRE_VAPID_H
#define LEADWIRE_VAPID_H

#include "arena.h"

/* Once, at start, with CRM_KEY. Another key makes another one: browsers subscribe anew. Empty: there is none. */
void vapid_open (const char *key);
/* The public half as browsers take it: an uncompressed point, base64url. Null: there is no key. */
const char *vapid_public (struct arena *a);
/* The value of Authorization for a push service: `audience` is its origin, `home` a URL that says who we are, `until` the second since 1970 up to which it
 * is good (a day at most, or push services refuse it). Null: there is no key. */
const char *vapid_authorization (struct arena *a, const char *audience, const char *home, int64_t until);

/* ---- what messages to a browser are sealed with, too ---- */

enum { P256_PUBLIC = 65, P256_PRIVATE = 32 };
typedef struct evp_pkey_st EVP_PKEY;

/* The key of a private number (big-endian); null: it is none of the curve's. The caller frees it. */
EVP_PKEY *p256_key (const unsigned char number[P256_PRIVATE], unsigned char ret_public[P256_PUBLIC]);
/* What both ends can make alone; false: `theirs` is no point of the curve. */
bool p256_shared (EVP_PKEY *ours, const unsigned char theirs[P256_PUBLIC], unsigned char ret[32]) MUST_CHECK;
const char *base64url (struct arena *a, struct bytes in);

#endif
