/* Signatures of webhooks; see hook_sign.h. Source: Standard Webhooks 1.0.0, "Signature scheme" and its public test vector. All by libsodium.
 * It must never keep a key, nor decode anything into a place that was not measured before. */
#include "hook_sign.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include "seal.h"

static const char prefix[] = "whsec_", version[] = "v1,";
enum { BASE64 = sodium_base64_VARIANT_ORIGINAL, DIGEST = crypto_auth_hmacsha256_BYTES, TIME_DIGITS = 12 };

/* Padded base64, all of it, and nothing else. libsodium (1.0.18) takes some bytes that are not ASCII for letters, so they are looked for before; always at
 * each byte, and the rest takes a time that depends on the length alone. */
static bool base64_read (const char *text, size_t n, unsigned char *ret, size_t room, size_t *ret_n)
{
	unsigned char seen = 0;
	const char *end = NULL;
	for (size_t i = 0; i < n; i++)
		seen |= (unsigned char) text[i];
	return seen < 0x80 && sodium_base642bin (ret, room, text, n, NULL, ret_n, &end, BASE64) == 0 && end == text + n;
}

/* ---- keys ---- */

enum status hook_secret_read (const char *text, struct hook_key *ret)
{
	struct hook_key key = { 0 };
	size_t head = sizeof prefix - 1;
	enum status st = REFUSED;
	if (!text || strncmp (text, prefix, head) != 0)
		return REFUSED;
	if (base64_read (text + head, strlen (text + head), key.at, sizeof key.at, &key.n) && key.n >= HOOK_KEY_LEAST) {
		*ret = key;
		st = OK;
	}
	sodium_memzero (&key, sizeof key);
	return st;
}

const char *hook_secret_write (struct arena *a, const struct hook_key *key)
{
	assert (key->n >= HOOK_KEY_LEAST && key->n <= HOOK_KEY_MOST);
	char base64[sodium_base64_ENCODED_LEN (HOOK_KEY_MOST, BASE64)];
	const char *ret = arena_printf (a, "%s%s", prefix, sodium_bin2base64 (base64, sizeof base64, key->at, key->n, BASE64));
	sodium_memzero (base64, sizeof base64);
	return ret;
}

/* ---- signing ---- */

/* A dot in an id would let one signature hold for two messages: "a.1" at 2 and "a" at 1, whose body begins with "2.". */
static bool id_good (const char *id)
{
	size_t n = 0;
	for (; id && id[n] && n <= HOOK_ID_MOST; n++)
		if (id[n] <= ' ' || id[n] > '~' || id[n] == '.')
			return false;
	return n > 0 && n <= HOOK_ID_MOST;
}

/* Of id.timestamp.body, without putting them into one piece. */
static void digest_make (const struct hook_key *key, const char *id, int64_t second, struct bytes body, unsigned char ret[DIGEST])
{
	crypto_auth_hmacsha256_state state;
	char time[24];
	int n = snprintf (time, sizeof time, ".%lld.", (long long) second);
	assert (key->n >= HOOK_KEY_LEAST && key->n <= HOOK_KEY_MOST);
	crypto_auth_hmacsha256_init (&state, key->at, key->n);
	crypto_auth_hmacsha256_update (&state, (const unsigned char *) id, strlen (id));
	crypto_auth_hmacsha256_update (&state, (const unsigned char *) time, (size_t) n);
	crypto_auth_hmacsha256_update (&state, body.at, body.n);
	crypto_auth_hmacsha256_final (&state, ret);
	sodium_memzero (&state, sizeof state);
}

enum status hook_sign (struct arena *a, const struct hook_message *m, const struct hook_key *key, size_t keys, const char **ret)
{
	if (!id_good (m->id) || m->second < 0 || keys < 1 || keys > HOOK_KEYS_MOST)
		return REFUSED;
	const char *list = "";
	for (size_t i = 0; i < keys; i++) {
		unsigned char digest[DIGEST];
		char base64[sodium_base64_ENCODED_LEN (DIGEST, BASE64)];
		digest_make (&key[i], m->id, m->second, m->body, digest);
		list = arena_printf (a, "%s%s%s%s", list, i ? " " : "", version,
				     sodium_bin2base64 (base64, sizeof base64, digest, sizeof digest, BASE64));
	}
	*ret = list;
	return OK;
}

/* ---- verifying ---- */

/* Decimal digits alone; -1: it is no time. */
static int64_t second_read (const char *text)
{
	int64_t ret = 0;
	size_t n = 0;
	for (; text && text[n] >= '0' && text[n] <= '9' && n < TIME_DIGITS; n++)
		ret = ret * 10 + (text[n] - '0');
	return n && !text[n] ? ret : -1;
}

/* The digest in one part of the list; false: it is of another version, or none. */
static bool part_read (const char *part, size_t n, unsigned char ret[DIGEST])
{
	size_t head = sizeof version - 1, bytes = 0;
	return n > head && memcmp (part, version, head) == 0 && base64_read (part + head, n - head, ret, DIGEST, &bytes) && bytes == DIGEST;
}

enum hook_verdict hook_verify (const struct hook_headers *h, struct bytes body, const struct hook_key *key, size_t keys, int64_t now)
{
	unsigned char wanted[HOOK_KEYS_MOST][DIGEST], is[DIGEST];
	int64_t second = second_read (h->timestamp);
	if (!id_good (h->id) || second < 0 || !h->signature)
		return HOOK_UNREADABLE;
	if (second < now - HOOK_TOLERANCE_SECONDS)
		return HOOK_OLD;
	if (second > now + HOOK_TOLERANCE_SECONDS)
		return HOOK_EARLY;
	assert (keys >= 1 && keys <= HOOK_KEYS_MOST);
	for (size_t i = 0; i < keys; i++)
		digest_make (&key[i], h->id, second, body, wanted[i]);
	unsigned same = 0;
	size_t parts = 0;
	for (const char *p = h->signature; *p; p += *p == ' ') {
		size_t n = strcspn (p, " ");
		if (++parts > HOOK_SIGNATURES_MOST)
			return HOOK_UNREADABLE;
		if (part_read (p, n, is))
			for (size_t i = 0; i < keys; i++)
				same |= bytes_equal ((struct bytes){ is, DIGEST }, (struct bytes){ wanted[i], DIGEST });
		p += n;
	}
	return same ? HOOK_GOOD : HOOK_FORGED;
}
