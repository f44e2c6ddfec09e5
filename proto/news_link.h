/* The link by which somebody stops news by mail without logging in: made by who sends it, read by who keeps what they chose. It bears who it is for,
 * sealed by CRM_KEY; nothing of it is stored, and it does nothing else. */
#ifndef LEADWIRE_NEWS_LINK_H
#define LEADWIRE_NEWS_LINK_H

#include "arena.h"
#include "uuid.h"

enum { NEWS_LINK_MOST = 300 };

/* Good in an address; null: there is no key. */
const char *news_link_make (struct arena *a, struct uuid agency, struct uuid user);
bool news_link_read (struct arena *a, const char *link, struct uuid *ret_agency, struct uuid *ret_user);

#endif
