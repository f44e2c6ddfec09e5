/* What the rooms of the gateway's commands share: lines of the audit, refusals of a field, answers with an id.
 * Writer worker only; never a decision. */
#ifndef LEADWIRE_GATEWAY_COMMANDS_H
#define LEADWIRE_GATEWAY_COMMANDS_H

#include <string.h>

#include "records.h"

/* Every field is there; what is not is said after it. */
#define ALL_HERE(item) memset (&(item)->has, HERE, sizeof (item)->has)

/* One line of the audit: `detail` is JSON. */
struct audit_line audit_of (struct batch *b, const struct head *head, const char *what, const char *detail);
/* What was asked, without what is secret or personal; `before`: a JSON object of what it was, or null. */
const char *detail_of (struct batch *b, const struct record *r, const void *cmd, const char *before);
struct outcome refused_field (struct batch *b, const char *pointer, const char *code, const char *detail);
struct outcome done_with (struct uuid id, const char *data);

/* The row and the event are one: what every service hears of a workspace is what stands here. */
struct workspace_created created_of (struct batch *b, const struct head *cause, const struct workspace_whole *w, const char *content);
struct session_ended ended_of (struct batch *b, const struct head *cause, user_id user);
struct user_changed changed_of (struct batch *b, const struct head *cause, const struct user_whole *user, bool rights);
struct workspace_updated updated_of (struct batch *b, const struct head *cause, workspace_id id, const char *name);

/* Ends the open sessions of each user but the one that stays; says so. `cause` of the keep with the same index. */
void sessions_end (struct batch *b, const struct session_keep keep[], const struct head *const cause[], size_t n);
/* The same for the links to their calendars: none stays. */
void calendar_links_end (struct batch *b, const struct session_keep keep[], const struct head *const cause[], size_t n);

#endif
