/* Accounts, for who makes or changes them: a command, a deal that is won, somebody who leaves.
 * Never decides whether; rules_accounts.c and the caller do. */
#ifndef LEADWIRE_CONTACTS_ACCOUNTS_H
#define LEADWIRE_CONTACTS_ACCOUNTS_H

#include "records.h"

/* What is said of a new account and of one that changed. */
struct account_created account_is_new (struct batch *b, const struct head *cause, const struct account_row *row);
struct account_updated account_is_other (struct batch *b, const struct head *cause, const struct account_row *was,
					 const struct account_row *row, struct list changes);
/* Writes rows and their lines of the timeline, and says so; row and event i belong together. */
void accounts_make (struct batch *b, const struct account_row row[], const struct account_created event[], size_t n);
void accounts_change (struct batch *b, const struct account_row row[], const struct account_updated event[], size_t n);
/* Into the trash and out of it; cause i is why row i. */
void accounts_throw (struct batch *b, const struct account_row row[], const struct head *const cause[], size_t n);
void accounts_bring_back (struct batch *b, const struct account_row row[], const struct head *const cause[], size_t n);
/* One thing done to many; `did`: it was otherwise before. Gives how they were. */
const struct account_row *accounts_do (struct batch *b, const struct head *head, const struct uuid id[], size_t n,
				       enum people_action action, unsigned char has_owner, user_id owner, struct outcome out[], bool did[]);
/* All that somebody owned is another one's. */
void accounts_hand_over (struct batch *b, const struct member_handed_over *over);

#endif
