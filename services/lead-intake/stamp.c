/* Stamps of pages; see stamp.h.
 * It must never compare a signature in a time that tells how much of it is right. */
#include "stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "seal.h"

enum { DIGITS_MOST = 15 };
static const int64_t second = 1000000, apart = 1000000;

static void stamp_sign (const unsigned char key[STAMP_KEY], struct uuid source, int64_t at, unsigned char ret[32])
{
	unsigned char said[sizeof source.b + 40];
	memcpy (said, source.b, sizeof source.b);
	int n = snprintf ((char *) said + sizeof source.b, sizeof said - sizeof source.b, "%" PRId64, at);
	hmac_sha256 ((struct bytes){ key, STAMP_KEY }, (struct bytes){ said, sizeof source.b + (size_t) n }, ret);
}

const char *stamp_make (const unsigned char key[STAMP_KEY], struct uuid source, int64_t now, char ret[STAMP_TEXT])
{
	unsigned char mac[32];
	stamp_sign (key, source, now / 1000, mac);
	size_t n = (size_t) snprintf (ret, STAMP_TEXT, "%" PRId64 ".", now / 1000);
	for (size_t i = 0; i < sizeof mac; i++)
		n += (size_t) snprintf (ret + n, STAMP_TEXT - n, "%02x", mac[i]);
	return ret;
}

enum stamp_fit stamp_check (const unsigned char key[STAMP_KEY], struct uuid source, const char *stamp, int64_t least, int64_t now,
			    int64_t *ret_age)
{
	unsigned char mac[32];
	if (!stamp || !*stamp)
		return STAMP_MISSING;
	size_t digits = strspn (stamp, "0123456789");
	if (digits == 0 || digits > DIGITS_MOST || stamp[digits] != '.')
		return STAMP_FORGED;
	int64_t at = strtoll (stamp, NULL, 10);
	stamp_sign (key, source, at, mac);
	if (!hex_equal (stamp + digits + 1, mac, sizeof mac))
		return STAMP_FORGED;
	int64_t age = now - at * 1000;
	*ret_age = age;
	if (age < -apart)
		return STAMP_FUTURE;
	if (least > 0 && age < least * second)
		return STAMP_YOUNG;
	return age > STAMP_DAYS * INT64_C (86400) * second ? STAMP_OLD : STAMP_FITS;
}
