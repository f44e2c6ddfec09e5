/* Secrets: sealing what must be read again, hashing what must only be recognised, random tokens. libsodium throughout.
 * Never a home-made cipher, never a secret in a log, never a comparison that takes longer the more is right. */
#ifndef LEADWIRE_SEAL_H
#define LEADWIRE_SEAL_H

#include "arena.h"

enum {
	SHA256_TEXT = 65,     /* hex and the end */
	TOKEN_MOST = 40,      /* bytes of a token */
	TOKEN_TEXT = 65,      /* base32 of that, and the end */
	PASSWORD_TEXT = 128,  /* libsodium's crypto_pwhash_STRBYTES */
	PASSWORD_MOST = 1024, /* bytes of a password; longer ones are refused */
};

/* ---- sealing: what the outside world needs back (a provider's key, a webhook's secret) ---- */

/* Once, at start: CRM_KEY, 32 bytes in hex. Empty: there is no key, and sealing fails. False: it is neither (nothing of it is printed). */
bool seal_open (const char *key_hex) MUST_CHECK;
/* Base64 of version, nonce and box (XSalsa20-Poly1305), in the arena. Null when there is no key. */
const char *seal_text (struct arena *a, struct bytes secret);
/* What seal_text took, with a NUL behind it. REFUSED: no key, another key, or not what seal_text gave. */
enum status unseal_text (struct arena *a, const char *sealed, struct bytes *ret_secret) MUST_CHECK;

/* A key of its own for what is not sealing, named by `purpose`: the same in all daemons that have the same CRM_KEY, which it does not tell. False: there is
 * no CRM_KEY. */
bool seal_key (const char *purpose, unsigned char ret[32]) MUST_CHECK;

/* ---- hashing ---- */

const char *sha256_text (struct bytes in, char ret_hex[SHA256_TEXT]);
const char *hmac_sha256_text (struct bytes key, struct bytes in, char ret_hex[SHA256_TEXT]);
void hmac_sha256 (struct bytes key, struct bytes in, unsigned char ret[32]);
/* In a time that depends on the lengths alone. */
bool bytes_equal (struct bytes a, struct bytes b);
bool text_equal (const char *a, const char *b);
/* `hex` as a sender wrote it (any case) against a digest: in constant time once the length is right. */
bool hex_equal (const char *hex, const unsigned char *digest, size_t n);

/* ---- passwords: slow on purpose (some 20 ms), so on a pool thread only ---- */

/* argon2id, 19 MiB, two passes (OWASP's first choice). False: longer than PASSWORD_MOST, or out of memory. */
bool password_hash (const char *password, char ret_text[PASSWORD_TEXT]) MUST_CHECK;
/* `hash` null: nobody has this password, but it takes as long as if somebody had. */
bool password_verify (const char *hash, const char *password);
/* The hash was made with other limits than today's: hash again at the next log-in. */
bool password_is_old (const char *hash);

/* ---- tokens ---- */

/* `bytes` random bytes (≤ TOKEN_MOST) as lower-case base32 without padding: good in URLs, cookies and on paper. */
const char *token_new (size_t bytes, char ret_text[TOKEN_TEXT]);

#endif
