/* Passwords, tokens and their hashes, by libsodium. See secrets.h.
 * It must never compare secrets byte by byte, nor answer sooner when there is nothing to compare with. */
#include "secrets.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

/* What an unknown log-in is checked against: nobody's password, hashed like everybody's. */
static char nobody[crypto_pwhash_STRBYTES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void nobody_make (void)
{
	unsigned char bytes[32];
	int ready = sodium_init ();
	assert (ready >= 0);
	randombytes_buf (bytes, sizeof bytes);
	int made = crypto_pwhash_str (nobody, (const char *) bytes, sizeof bytes, crypto_pwhash_OPSLIMIT_INTERACTIVE,
				      crypto_pwhash_MEMLIMIT_INTERACTIVE);
	assert (made == 0);	/* 64 MiB that are not there */
}

const char *token_new (size_t bytes, char ret_text[TOKEN_TEXT])
{
	unsigned char raw[32];
	int ready = sodium_init ();
	assert (ready >= 0 && bytes <= sizeof raw);
	randombytes_buf (raw, bytes);
	sodium_bin2base64 (ret_text, TOKEN_TEXT, raw, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero (raw, sizeof raw);
	return ret_text;
}

const char *token_hash (const char *token, char ret_text[SHA256_TEXT])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256 (hash, (const unsigned char *) token, strlen (token));
	return sodium_bin2hex (ret_text, SHA256_TEXT, hash, sizeof hash);
}

bool password_fits (const char *hash, const char *password)
{
	pthread_once (&once, nobody_make);
	bool fits = crypto_pwhash_str_verify (hash ? hash : nobody, password, strlen (password)) == 0;
	return hash && fits;
}
