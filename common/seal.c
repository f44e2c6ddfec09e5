/* Secrets, with libsodium: seal, hash, compare, draw.
 * It must never leave a key or a password in memory that it gives back, and never say why something could not be opened. */
#include "seal.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	VERSION = 1,
	AROUND = 1 + crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
	BASE64 = sodium_base64_VARIANT_ORIGINAL,
	ARGON_PASSES = 2,
	ARGON_MEMORY = 19 * 1024 * 1024,
};

static_assert (PASSWORD_TEXT == crypto_pwhash_STRBYTES, "libsodium's own size");
static_assert (SHA256_TEXT == 2 * crypto_hash_sha256_BYTES + 1, "hex and the end");

static struct {
	bool has_key;
	unsigned char key[crypto_secretbox_KEYBYTES];
} self;

static void sodium_ready (void)
{
	if (sodium_init () < 0)
		abort ();
}

/* ---- sealing ---- */

bool seal_open (const char *key_hex)
{
	size_t n = 0;
	sodium_ready ();
	self.has_key = false;
	if (!*key_hex)
		return true;
	if (sodium_hex2bin (self.key, sizeof self.key, key_hex, strlen (key_hex), NULL, &n, NULL) || n != sizeof self.key)
		return false;
	self.has_key = true;
	return true;
}

const char *seal_text (struct arena *a, struct bytes secret)
{
	if (!self.has_key)
		return NULL;
	size_t n = AROUND + secret.n, room = sodium_base64_ENCODED_LEN (n, BASE64);
	unsigned char *box = arena_alloc (a, n), *nonce = box + 1;
	box[0] = VERSION;
	randombytes_buf (nonce, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy (nonce + crypto_secretbox_NONCEBYTES, secret.at, secret.n, nonce, self.key);
	return sodium_bin2base64 (arena_alloc (a, room), room, box, n, BASE64);
}

enum status unseal_text (struct arena *a, const char *sealed, struct bytes *ret_secret)
{
	size_t room = strlen (sealed), n = 0;
	unsigned char *box = arena_alloc (a, room + 1), *nonce = box + 1;
	const char *end = NULL;
	if (!self.has_key || sodium_base642bin (box, room, sealed, room, NULL, &n, &end, BASE64) || *end || n < AROUND || box[0] != VERSION)
		return REFUSED;
	unsigned char *secret = arena_alloc (a, n - AROUND + 1);
	if (crypto_secretbox_open_easy (secret, nonce + crypto_secretbox_NONCEBYTES, n - 1 - crypto_secretbox_NONCEBYTES, nonce, self.key))
		return REFUSED;
	*ret_secret = (struct bytes){ secret, n - AROUND };
	return OK;
}

bool seal_key (const char *purpose, unsigned char ret[32])
{
	if (self.has_key)
		crypto_generichash (ret, 32, (const unsigned char *) purpose, strlen (purpose), self.key, sizeof self.key);
	return self.has_key;
}

/* ---- hashing ---- */

const char *sha256_text (struct bytes in, char ret_hex[SHA256_TEXT])
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256 (digest, in.at, in.n);
	return sodium_bin2hex (ret_hex, SHA256_TEXT, digest, sizeof digest);
}

void hmac_sha256 (struct bytes key, struct bytes in, unsigned char ret[32])
{
	crypto_auth_hmacsha256_state state; /* its key has any length; crypto_auth_hmacsha256 alone wants 32 bytes */
	crypto_auth_hmacsha256_init (&state, key.at, key.n);
	crypto_auth_hmacsha256_update (&state, in.at, in.n);
	crypto_auth_hmacsha256_final (&state, ret);
	sodium_memzero (&state, sizeof state);
}

const char *hmac_sha256_text (struct bytes key, struct bytes in, char ret_hex[SHA256_TEXT])
{
	unsigned char digest[crypto_auth_hmacsha256_BYTES];
	hmac_sha256 (key, in, digest);
	return sodium_bin2hex (ret_hex, SHA256_TEXT, digest, sizeof digest);
}

bool bytes_equal (struct bytes a, struct bytes b)
{
	return a.n == b.n && (!a.n || sodium_memcmp (a.at, b.at, a.n) == 0);
}

bool text_equal (const char *a, const char *b)
{
	return bytes_equal ((struct bytes){ (const unsigned char *) a, strlen (a) },
			    (struct bytes){ (const unsigned char *) b, strlen (b) });
}

bool hex_equal (const char *hex, const unsigned char *digest, size_t n)
{
	unsigned char given[128];
	size_t given_n = 0;
	if (n > sizeof given || strlen (hex) != 2 * n || sodium_hex2bin (given, sizeof given, hex, 2 * n, NULL, &given_n, NULL) ||
	    given_n != n)
		return false;
	return sodium_memcmp (given, digest, n) == 0;
}

/* ---- passwords ---- */

bool password_hash (const char *password, char ret_text[PASSWORD_TEXT])
{
	size_t n = strlen (password);
	sodium_ready ();
	return n <= PASSWORD_MOST &&
	       crypto_pwhash_str_alg (ret_text, password, n, ARGON_PASSES, ARGON_MEMORY, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* The hash of a random password, with today's limits: what an unknown user's password is compared with. */
static char nobody[PASSWORD_TEXT];

static void nobody_make (void)
{
	char password[TOKEN_TEXT];
	if (!password_hash (token_new (TOKEN_MOST, password), nobody))
		abort ();
}

bool password_verify (const char *hash, const char *password)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once (&once, nobody_make);
	size_t n = strlen (password);
	char padded[PASSWORD_TEXT] = { 0 }; /* libsodium reads all of its STRBYTES */
	snprintf (padded, sizeof padded, "%s", hash ? hash : nobody);
	bool right = n <= PASSWORD_MOST && crypto_pwhash_str_verify (padded, password, n) == 0;
	return right && hash;
}

bool password_is_old (const char *hash)
{
	char padded[PASSWORD_TEXT] = { 0 };
	snprintf (padded, sizeof padded, "%s", hash);
	return crypto_pwhash_str_needs_rehash (padded, ARGON_PASSES, ARGON_MEMORY) != 0;
}

/* ---- tokens ---- */

const char *token_new (size_t bytes, char ret_text[TOKEN_TEXT])
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567"; /* RFC 4648, in lower case */
	unsigned char random[TOKEN_MOST];
	unsigned bits = 0, n_bits = 0;
	char *out = ret_text;
	assert (bytes <= sizeof random);
	sodium_ready ();
	randombytes_buf (random, bytes);
	for (size_t i = 0; i < bytes; i++) {
		bits = bits << 8 | random[i];
		for (n_bits += 8; n_bits >= 5; n_bits -= 5)
			*out++ = alphabet[bits >> (n_bits - 5) & 31];
	}
	if (n_bits)
		*out++ = alphabet[bits << (5 - n_bits) & 31];
	*out = '\0';
	sodium_memzero (random, sizeof random);
	return ret_text;
}
