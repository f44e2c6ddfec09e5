/* The signature of SendGrid's event webhook: ECDSA (P-256, SHA-256) over the timestamp and the raw body, by a public key that the account holds.
 * It must never look at anything but the bytes as they came. */
#include "signature.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <string.h>

enum { KEY_MOST = 300, SIGNATURE_MOST = 200 };

static bool base64_read (const char *text, unsigned char *ret, size_t room, size_t *ret_n)
{
	return text && !sodium_base642bin (ret, room, text, strlen (text), " \r\n", ret_n, NULL, sodium_base64_VARIANT_ORIGINAL);
}

bool signature_good (const char *key, const char *signature, const char *timestamp, struct bytes body)
{
	unsigned char der[KEY_MOST], sig[SIGNATURE_MOST];
	size_t der_n, sig_n;
	if (!timestamp || !base64_read (key, der, sizeof der, &der_n) || !base64_read (signature, sig, sizeof sig, &sig_n))
		return false;
	const unsigned char *at = der;
	EVP_PKEY *pkey = d2i_PUBKEY (NULL, &at, (long) der_n);
	EVP_MD_CTX *md = EVP_MD_CTX_new ();
	bool good = pkey && md && EVP_PKEY_get_base_id (pkey) == EVP_PKEY_EC &&
		    EVP_DigestVerifyInit (md, NULL, EVP_sha256 (), NULL, pkey) == 1 &&
		    EVP_DigestVerifyUpdate (md, timestamp, strlen (timestamp)) == 1 && EVP_DigestVerifyUpdate (md, body.at, body.n) == 1 &&
		    EVP_DigestVerifyFinal (md, sig, sig_n) == 1;
	EVP_MD_CTX_free (md);
	EVP_PKEY_free (pkey);
	return good;
}

bool signature_key_good (const char *key)
{
	unsigned char der[KEY_MOST];
	size_t n;
	if (!base64_read (key, der, sizeof der, &n))
		return false;
	const unsigned char *at = der;
	EVP_PKEY *pkey = d2i_PUBKEY (NULL, &at, (long) n);
	bool good = pkey && EVP_PKEY_get_base_id (pkey) == EVP_PKEY_EC;
	EVP_PKEY_free (pkey);
	return good;
}
