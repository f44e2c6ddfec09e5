/* Rows of the timeline out of events: what commands.c and events.c share.
 * Never decides who may see a row; its owner does. */
#ifndef LEADWIRE_CONTACTS_TIMELINE_H
#define LEADWIRE_CONTACTS_TIMELINE_H

#include "records.h"

/* The row of one event about `subject` (a lead, deal, contact or account) that `owner` has. */
struct timeline_entry timeline_of (const struct head *head, const struct record *event, struct uuid subject, unsigned char has_owner,
				   user_id owner);
/* The same, with the event's own data kept in the row. */
struct timeline_entry timeline_with_data (struct batch *b, const struct record *event, const void *item, struct uuid subject,
					  unsigned char has_owner, user_id owner);
/* The subject of an entry belongs to the entry's owner from now on, its past too. */
struct timeline_owner timeline_owner_of (const struct timeline_entry *entry);
/* All that is kept about those subjects belongs to their owners from now on: timeline, activities, linked records, facts, conversation. */
void owners_write (struct batch *b, const struct timeline_owner owner[], size_t n);

/* mails.c: whether an event is one about a mail or about money, and which record's timeline has its line; ABSENT: none has. */
bool is_told_line (const struct record *r);
unsigned char told_line_subject (const struct record *r, const void *item, struct uuid *ret);
/* The lines of n such events (structs of r): one each, of the deal where it is about one, else of the contact, the company or the lead. */
void told_lines (struct batch *b, const struct record *r, const void *item, size_t n, struct outcome ret[]);

#endif
