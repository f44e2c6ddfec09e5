/* Whom something that happened is news for. One place decides it, so that mail and any other way agree: whose lead came in, whose time has come, who is
 * mentioned, who was given something. Nobody is told of their own doing, of what is days old, or twice of one event.
 * Whether somebody wants it by this way or that, and sees it when it goes, is the way's affair. */
#ifndef LEADWIRE_MAILER_NOTIFIED_H
#define LEADWIRE_MAILER_NOTIFIED_H

#include "service.h"
#include "records.h"

/* Older than this is no news: whoever hears the past for the first time tells nobody of it. */
enum { NEWS_DAYS = 3 };

/* What people see of the others' records, of a way that tells later: in sql/letters.sql the parts owner_of and reads_of say it of a row `l` and its member `m`. */

/* The ways: each is given all of a run, and takes what is its own. */
void letters_keep (struct batch *b, const struct notified news[], size_t n);
void pushes_keep (struct batch *b, const struct notified news[], size_t n);

#endif
