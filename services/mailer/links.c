/* Links in mails: the workspace, the mail and the recipient, sealed by a digest that only this house can make. Nothing of it is stored.
 * It must never open anything: it says who asked, no more. */
#include "mailer.h"

#include <endian.h>
#include <sodium.h>
#include <string.h>
#include "follow.h"
#include "seal.h"

enum { FIXED = 16 + 16 + 2, SEAL = 14, WHOLE = FIXED + SEAL };

struct mailer_config mailer_config;

static char link_key[70];

void links_open (const char *key)
{
	snprintf (link_key, sizeof link_key, "%s", key);
}

/* What a token is for stands in what is sealed: one for an image opens no other door. */
static void seal_of (const char label[5], const unsigned char *body, size_t n, unsigned char ret[SEAL])
{
	unsigned char digest[32], said[4 + FIXED + FOLLOW_URL_MOST];
	memcpy (said, label, 4);
	memcpy (said + 4, body, n);
	hmac_sha256 ((struct bytes){ (const unsigned char *) link_key, strlen (link_key) }, (struct bytes){ said, 4 + n }, digest);
	memcpy (ret, digest, SEAL);
}

static const char *token_make (struct arena *a, const char label[5], const struct mail_link *link, const char *more)
{
	unsigned char whole[WHOLE + FOLLOW_URL_MOST];
	size_t m = strlen (more);
	if (!*link_key || m > FOLLOW_URL_MOST)
		return NULL;
	memcpy (whole, link->workspace.b, 16);
	memcpy (whole + 16, link->mail.b, 16);
	whole[32] = (unsigned char) (link->n >> 8);
	whole[33] = (unsigned char) link->n;
	memcpy (whole + FIXED, more, m);
	seal_of (label, whole, FIXED + m, whole + FIXED + m);
	size_t room = sodium_base64_ENCODED_LEN (WHOLE + m, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = arena_alloc (a, room);
	return sodium_bin2base64 (text, room, whole, WHOLE + m, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* `ret_more` has room for FOLLOW_URL_MOST + 1. */
static bool token_read (const char label[5], const char *text, struct mail_link *ret, char *ret_more)
{
	unsigned char whole[WHOLE + FOLLOW_URL_MOST], seal[SEAL];
	size_t n;
	const char *end;
	if (!*link_key ||
	    sodium_base642bin (whole, sizeof whole, text, strlen (text), NULL, &n, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
	    n < WHOLE || *end)
		return false;
	seal_of (label, whole, n - SEAL, seal);
	if (sodium_memcmp (seal, whole + n - SEAL, SEAL))
		return false;
	memcpy (ret->workspace.b, whole, 16);
	memcpy (ret->mail.b, whole + 16, 16);
	ret->n = whole[32] << 8 | whole[33];
	memcpy (ret_more, whole + FIXED, n - WHOLE);
	ret_more[n - WHOLE] = 0;
	return true;
}

const char *link_make (struct arena *a, const struct mail_link *link)
{
	return token_make (a, "mail", link, "");
}

bool link_read (const char *text, struct mail_link *ret)
{
	char more[FOLLOW_URL_MOST + 1];
	return token_read ("mail", text, ret, more) && !*more;
}

const char *open_link_make (struct arena *a, const struct mail_link *link)
{
	return token_make (a, "open", link, "");
}

bool open_link_read (const char *text, struct mail_link *ret)
{
	char more[FOLLOW_URL_MOST + 1];
	return token_read ("open", text, ret, more) && !*more;
}

const char *url_link_make (struct arena *a, const struct mail_link *link, const char *url)
{
	return token_make (a, "link", link, url);
}

const char *url_link_read (struct arena *a, const char *text, struct mail_link *ret)
{
	char url[FOLLOW_URL_MOST + 1];
	return token_read ("link", text, ret, url) && *url ? arena_text (a, url) : NULL;
}
