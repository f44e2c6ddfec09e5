/* Messages to browsers: sealed by RFC 8291, addressed by RFC 8030; see push.h. Pure: nothing is sent here.
 * It must never say to the push service what the message says. */
#include "push.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "seal.h"

enum { NONCE = 12, KEY = 16, TAG = 16, TITLE_MOST = 150, BODY_MOST = 400, TOPIC = 24 };

static bool base64_take (const char *text, unsigned char *ret, size_t n)
{
	size_t got = 0, length = strlen (text);
	while (length && text[length - 1] == '=')
		length--;
	return !sodium_base642bin (ret, n, text, length, NULL, &got, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) && got == n;
}

bool push_to_read (const char *p256dh, const char *auth, struct push_to *ret)
{
	return base64_take (p256dh, ret->open, sizeof ret->open) && ret->open[0] == 4 && base64_take (auth, ret->auth, sizeof ret->auth);
}

/* ---- sealing ---- */

/* HKDF of RFC 5869 for at most 32 bytes: extract by `salt`, expand once by `info`. */
static void hkdf (struct bytes salt, struct bytes secret, struct bytes info, unsigned char *ret, size_t n)
{
	unsigned char key[32], out[32], said[200];
	assert (info.n < sizeof said && n <= sizeof out);
	hmac_sha256 (salt, secret, key);
	memcpy (said, info.at, info.n);
	said[info.n] = 1;
	hmac_sha256 ((struct bytes){ key, sizeof key }, (struct bytes){ said, info.n + 1 }, out);
	memcpy (ret, out, n);
	sodium_memzero (key, sizeof key);
	sodium_memzero (out, sizeof out);
}

#define WORDS(text) ((struct bytes){ (const unsigned char *) (text), sizeof (text) }) /* with the zero behind it, as the RFCs have it */

static void keys_make (const struct push_to *to, const unsigned char open[P256_PUBLIC], const unsigned char shared[32],
		       const unsigned char salt[PUSH_SALT], unsigned char ret_key[KEY], unsigned char ret_nonce[NONCE])
{
	static const char label[] = "WebPush: info";
	unsigned char info[sizeof label + 2 * P256_PUBLIC], ikm[32];
	memcpy (info, label, sizeof label);
	memcpy (info + sizeof label, to->open, P256_PUBLIC);
	memcpy (info + sizeof label + P256_PUBLIC, open, P256_PUBLIC);
	hkdf ((struct bytes){ to->auth, PUSH_AUTH }, (struct bytes){ shared, 32 }, (struct bytes){ info, sizeof info }, ikm, sizeof ikm);
	hkdf ((struct bytes){ salt, PUSH_SALT }, (struct bytes){ ikm, sizeof ikm }, WORDS ("Content-Encoding: aes128gcm"), ret_key, KEY);
	hkdf ((struct bytes){ salt, PUSH_SALT }, (struct bytes){ ikm, sizeof ikm }, WORDS ("Content-Encoding: nonce"), ret_nonce, NONCE);
	sodium_memzero (ikm, sizeof ikm);
}

/* The text and the mark of the last record, enciphered, and the tag behind. */
static bool encipher (const unsigned char key[KEY], const unsigned char nonce[NONCE], struct bytes text, unsigned char *ret)
{
	static const unsigned char last = 2;
	int n = 0;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new ();
	bool good = ctx && EVP_EncryptInit_ex2 (ctx, EVP_aes_128_gcm (), key, nonce, NULL) == 1 &&
		    EVP_EncryptUpdate (ctx, ret, &n, text.at, (int) text.n) == 1 &&
		    EVP_EncryptUpdate (ctx, ret + text.n, &n, &last, 1) == 1 && EVP_EncryptFinal_ex (ctx, ret + text.n + 1, &n) == 1 &&
		    EVP_CIPHER_CTX_ctrl (ctx, EVP_CTRL_AEAD_GET_TAG, TAG, ret + text.n + 1) == 1;
	EVP_CIPHER_CTX_free (ctx);
	return good;
}

bool push_seal_with (struct arena *a, const struct push_to *to, struct bytes text, const unsigned char number[P256_PRIVATE],
		     const unsigned char salt[PUSH_SALT], struct bytes *ret)
{
	unsigned char open[P256_PUBLIC], shared[32], key[KEY], nonce[NONCE];
	size_t head = PUSH_SALT + 4 + 1 + P256_PUBLIC, n = head + text.n + 1 + TAG;
	EVP_PKEY *ours = text.n <= PUSH_TEXT_MOST ? p256_key (number, open) : NULL;
	bool good = ours && p256_shared (ours, to->open, shared);
	EVP_PKEY_free (ours);
	if (!good)
		return false;
	unsigned char *body = arena_alloc (a, n);
	keys_make (to, open, shared, salt, key, nonce);
	memcpy (body, salt, PUSH_SALT);
	memcpy (body + PUSH_SALT, (const unsigned char[]){ 0, 0, PUSH_RECORD >> 8, PUSH_RECORD & 0xff, P256_PUBLIC }, 5);
	memcpy (body + PUSH_SALT + 5, open, P256_PUBLIC);
	good = encipher (key, nonce, text, body + head);
	sodium_memzero (shared, sizeof shared);
	sodium_memzero (key, sizeof key);
	*ret = (struct bytes){ body, n };
	return good;
}

bool push_seal (struct arena *a, const struct push_to *to, struct bytes text, struct bytes *ret)
{
	unsigned char number[P256_PRIVATE], salt[PUSH_SALT];
	randombytes_buf (number, sizeof number);
	randombytes_buf (salt, sizeof salt);
	bool good = push_seal_with (a, to, text, number, salt, ret);
	sodium_memzero (number, sizeof number);
	return good;
}

/* ---- addressing ---- */

const char *push_origin (struct arena *a, const char *endpoint, bool plain)
{
	size_t scheme = !strncasecmp (endpoint, "https://", 8) ? 8 : plain && !strncasecmp (endpoint, "http://", 7) ? 7 : 0, n = scheme;
	if (!scheme || strlen (endpoint) > PUSH_ENDPOINT_MOST)
		return NULL;
	n += strspn (endpoint + n, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
	if (n == scheme)
		return NULL;
	if (endpoint[n] == ':') {
		size_t digits = strspn (endpoint + n + 1, "0123456789");
		if (!digits || digits > 5)
			return NULL;
		n += 1 + digits;
	}
	if (endpoint[n] != '/')
		return NULL;
	for (const char *p = endpoint + n; *p; p++)
		if ((unsigned char) *p <= ' ' || (unsigned char) *p > '~' || strchr ("\"<>\\^`{|}#", *p))
			return NULL;
	char *ret = arena_copy (a, endpoint, n);
	for (char *p = ret; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char) (*p | 32);
	return ret;
}

const char *push_topic (struct arena *a, const char *tag)
{
	unsigned char digest[32];
	static const unsigned char label[] = "push topic";
	hmac_sha256 ((struct bytes){ label, sizeof label - 1 }, (struct bytes){ (const unsigned char *) tag, strlen (tag) }, digest);
	return base64url (a, (struct bytes){ digest, TOPIC });
}

/* At most so many bytes, and no half of a letter. */
static const char *cut (struct arena *a, const char *text, size_t most)
{
	size_t n = strlen (text);
	if (n <= most)
		return text;
	for (n = most; n && ((unsigned char) text[n] & 0xc0) == 0x80;)
		n--;
	return arena_printf (a, "%.*s\u2026", (int) n, text);
}

const char *push_text (struct arena *a, const char *tag, const char *title, const char *body, const char *url)
{
	json_t *o = json_pack ("{ss ss ss ss}", "tag", tag, "title", cut (a, title, TITLE_MOST), "body", cut (a, body, BODY_MOST), "url",
			       url);
	char *text = o ? json_dumps (o, JSON_COMPACT) : NULL;
	const char *ret = text && strlen (text) <= PUSH_TEXT_MOST ? arena_text (a, text) : NULL;
	free (text);
	json_decref (o);
	return ret;
}
