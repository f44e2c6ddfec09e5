/* Passwords, tokens and their hashes, by libsodium. Nothing here is ever logged; whoever holds a secret lets it go as soon as it is hashed. */
#ifndef LEADWIRE_SECRETS_H
#define LEADWIRE_SECRETS_H

#include "arena.h"

enum { TOKEN_TEXT = 64, SHA256_TEXT = 65 };

/* base64url of that many random bytes, at most 32. */
const char *token_new (size_t bytes, char ret_text[TOKEN_TEXT]);
/* Lower-case hex. */
const char *token_hash (const char *token, char ret_text[SHA256_TEXT]);
/* Costs the same time whether there is a hash or not (null): argon2id, 64 MiB. Any thread; slow, so never the main one. */
bool password_fits (const char *hash, const char *password);

#endif
