/* Keys of the curve P-256, and how one of them shows itself to push services; see vapid.h. All by OpenSSL; nothing of a curve is reckoned here.
 * It must never be asked to sign what somebody else wrote. */
#include "vapid.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <string.h>
#include "seal.h"

enum { SIGNATURE_MOST = 80, HALF = 32, BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static struct {
	EVP_PKEY *key;
	unsigned char open[P256_PUBLIC];
} self;

const char *base64url (struct arena *a, struct bytes in)
{
	size_t room = sodium_base64_ENCODED_LEN (in.n, BASE64);
	return sodium_bin2base64 (arena_alloc (a, room), room, in.at, in.n, BASE64);
}

/* ---- keys ---- */

/* `number` null: of another one's public half alone. */
static EVP_PKEY *key_of (const BIGNUM *number, const unsigned char open[P256_PUBLIC])
{
	EVP_PKEY *ret = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
	OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new ();
	OSSL_PARAM *params = NULL;
	if (ctx && parts && OSSL_PARAM_BLD_push_utf8_string (parts, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
	    OSSL_PARAM_BLD_push_octet_string (parts, OSSL_PKEY_PARAM_PUB_KEY, open, P256_PUBLIC) &&
	    (!number || OSSL_PARAM_BLD_push_BN (parts, OSSL_PKEY_PARAM_PRIV_KEY, number)))
		params = OSSL_PARAM_BLD_to_param (parts);
	if (params && EVP_PKEY_fromdata_init (ctx) == 1 &&
	    EVP_PKEY_fromdata (ctx, &ret, number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1)
		ret = NULL;
	OSSL_PARAM_free (params);
	OSSL_PARAM_BLD_free (parts);
	EVP_PKEY_CTX_free (ctx);
	return ret;
}

EVP_PKEY *p256_key (const unsigned char number[P256_PRIVATE], unsigned char ret_public[P256_PUBLIC])
{
	EVP_PKEY *ret = NULL;
	EC_GROUP *curve = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
	EC_POINT *point = curve ? EC_POINT_new (curve) : NULL;
	BIGNUM *n = BN_secure_new ();
	if (point && n && BN_bin2bn (number, P256_PRIVATE, n) && !BN_is_zero (n) && BN_cmp (n, EC_GROUP_get0_order (curve)) < 0 &&
	    EC_POINT_mul (curve, point, n, NULL, NULL, NULL) == 1 &&
	    EC_POINT_point2oct (curve, point, POINT_CONVERSION_UNCOMPRESSED, ret_public, P256_PUBLIC, NULL) == P256_PUBLIC)
		ret = key_of (n, ret_public);
	BN_clear_free (n);
	EC_POINT_free (point);
	EC_GROUP_free (curve);
	return ret;
}

/* OpenSSL looks itself whether the point is one of the curve's. */
bool p256_shared (EVP_PKEY *ours, const unsigned char theirs[P256_PUBLIC], unsigned char ret[32])
{
	size_t n = 32;
	EVP_PKEY *peer = key_of (NULL, theirs);
	EVP_PKEY_CTX *ctx = peer ? EVP_PKEY_CTX_new_from_pkey (NULL, ours, NULL) : NULL;
	bool good = ctx && EVP_PKEY_derive_init (ctx) == 1 && EVP_PKEY_derive_set_peer_ex (ctx, peer, 1) == 1 &&
		    EVP_PKEY_derive (ctx, ret, &n) == 1 && n == 32;
	EVP_PKEY_CTX_free (ctx);
	EVP_PKEY_free (peer);
	return good;
}

/* ---- ours ---- */

void vapid_open (const char *key)
{
	unsigned char number[P256_PRIVATE], said[] = "leadwire vapid 0";
	EVP_PKEY_free (self.key);
	self.key = NULL;
	/* once in 2^32 a number is none of the curve's: the next one is */
	for (unsigned char turn = 0; *key && !self.key && turn < 8; turn++) {
		said[sizeof said - 2] = (unsigned char) ('0' + turn);
		hmac_sha256 ((struct bytes){ (const unsigned char *) key, strlen (key) }, (struct bytes){ said, sizeof said - 1 }, number);
		self.key = p256_key (number, self.open);
	}
	sodium_memzero (number, sizeof number);
}

const char *vapid_public (struct arena *a)
{
	return self.key ? base64url (a, (struct bytes){ self.open, sizeof self.open }) : NULL;
}

/* As JWTs bear it: both numbers, each in 32 bytes. */
static bool sign (const char *text, unsigned char ret[2 * HALF])
{
	unsigned char der[SIGNATURE_MOST];
	const unsigned char *at = der;
	size_t n = sizeof der;
	ECDSA_SIG *sig = NULL;
	EVP_MD_CTX *md = EVP_MD_CTX_new ();
	if (md && EVP_DigestSignInit (md, NULL, EVP_sha256 (), NULL, self.key) == 1 &&
	    EVP_DigestSign (md, der, &n, (const unsigned char *) text, strlen (text)) == 1)
		sig = d2i_ECDSA_SIG (NULL, &at, (long) n);
	bool good = sig && BN_bn2binpad (ECDSA_SIG_get0_r (sig), ret, HALF) == HALF &&
		    BN_bn2binpad (ECDSA_SIG_get0_s (sig), ret + HALF, HALF) == HALF;
	ECDSA_SIG_free (sig);
	EVP_MD_CTX_free (md);
	return good;
}

static const char *part (struct arena *a, const char *json)
{
	return base64url (a, (struct bytes){ (const unsigned char *) json, strlen (json) });
}

/* What stands in a text of ours that becomes JSON: no quotes, no backslashes, nothing that does not show. */
static bool is_plain (const char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text <= ' ' || (unsigned char) *text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}

const char *vapid_authorization (struct arena *a, const char *audience, const char *home, int64_t until)
{
	unsigned char sig[2 * HALF];
	if (!self.key || !is_plain (audience) || !is_plain (home))
		return NULL;
	const char *text = arena_printf (
		a, "%s.%s", part (a, "{\"typ\":\"JWT\",\"alg\":\"ES256\"}"),
		part (a, arena_printf (a, "{\"aud\":\"%s\",\"exp\":%lld,\"sub\":\"%s\"}", audience, (long long) until, home)));
	return sign (text, sig)
		       ? arena_printf (a, "vapid t=%s.%s, k=%s", text, base64url (a, (struct bytes){ sig, sizeof sig }), vapid_public (a))
		       : NULL;
}
