/* The link by which somebody stops news by mail; see news_link.h. Never a link that opens anything else: what it is for stands in what is sealed. */
#include "news_link.h"

#include <string.h>
#include "seal.h"

static const char label[] = "no more news by mail";
enum { LABEL = sizeof label - 1, WHOLE = LABEL + 16 + 16 };

/* Base64 as addresses take it, and back. */
static void letters_swap (char *text, const char *from, const char *to)
{
	for (; *text; text++) {
		const char *at = strchr (from, *text);
		if (at)
			*text = to[at - from];
	}
}

const char *news_link_make (struct arena *a, struct uuid agency, struct uuid user)
{
	unsigned char whole[WHOLE];
	memcpy (whole, label, LABEL);
	memcpy (whole + LABEL, agency.b, 16);
	memcpy (whole + LABEL + 16, user.b, 16);
	const char *sealed = seal_text (a, (struct bytes){ whole, sizeof whole });
	if (!sealed)
		return NULL;
	char *ret = arena_copy (a, sealed, strlen (sealed));
	letters_swap (ret, "+/=", "-_.");
	return ret;
}

bool news_link_read (struct arena *a, const char *link, struct uuid *ret_agency, struct uuid *ret_user)
{
	struct bytes whole;
	if (strlen (link) > NEWS_LINK_MOST)
		return false;
	char *sealed = arena_copy (a, link, strlen (link));
	letters_swap (sealed, "-_.", "+/=");
	if (unseal_text (a, sealed, &whole) != OK || whole.n != WHOLE || memcmp (whole.at, label, LABEL))
		return false;
	memcpy (ret_agency->b, whole.at + LABEL, 16);
	memcpy (ret_user->b, whole.at + LABEL + 16, 16);
	return true;
}
