/* Links in mails: the workspace, the mail and the recipient, sealed by a digest that only this house can make. Nothing of it is stored.
 * It must never open anything: it says who asked, no more. */
#include "mailer.h"

#include <endian.h>
#include <sodium.h>
#include <string.h>
#include "seal.h"

enum { FIXED = 16 + 16 + 2, SEAL = 14, WHOLE = FIXED + SEAL };

struct mailer_config mailer_config;

static char link_key[70];

void links_open (const char *key)
{
	snprintf (link_key, sizeof link_key, "%s", key);
}

static void seal_of (const unsigned char body[FIXED], unsigned char ret[SEAL])
{
	unsigned char digest[32], said[FIXED + 4] = "mail";
	memcpy (said + 4, body, FIXED);
	hmac_sha256 ((struct bytes){ (const unsigned char *) link_key, strlen (link_key) }, (struct bytes){ said, sizeof said }, digest);
	memcpy (ret, digest, SEAL);
}

const char *link_make (struct arena *a, const struct mail_link *link)
{
	unsigned char whole[WHOLE];
	size_t room = sodium_base64_ENCODED_LEN (WHOLE, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	if (!*link_key)
		return NULL;
	memcpy (whole, link->workspace.b, 16);
	memcpy (whole + 16, link->mail.b, 16);
	whole[32] = (unsigned char) (link->n >> 8);
	whole[33] = (unsigned char) link->n;
	seal_of (whole, whole + FIXED);
	char *text = arena_alloc (a, room);
	return sodium_bin2base64 (text, room, whole, WHOLE, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool link_read (const char *text, struct mail_link *ret)
{
	unsigned char whole[WHOLE], seal[SEAL];
	size_t n;
	const char *end;
	if (!*link_key ||
	    sodium_base642bin (whole, sizeof whole, text, strlen (text), NULL, &n, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
	    n != WHOLE || *end)
		return false;
	seal_of (whole, seal);
	if (sodium_memcmp (seal, whole + FIXED, SEAL))
		return false;
	memcpy (ret->workspace.b, whole, 16);
	memcpy (ret->mail.b, whole + 16, 16);
	ret->n = whole[32] << 8 | whole[33];
	return true;
}
