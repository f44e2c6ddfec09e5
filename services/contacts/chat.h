/* Whom a text mentions is told once, whatever the text stands in: what messages, notes and follow-ups share.
 * Never tells somebody of what they wrote themselves. */
#ifndef LEADWIRE_CONTACTS_CHAT_H
#define LEADWIRE_CONTACTS_CHAT_H

#include "records.h"

/* A text that was written or changed in this batch, and what it is about. */
struct written {
	const struct head *cause;
	const char *text;
	struct uuid source, record, writer; /* the message or activity; what it is about; a null writer is nobody */
	enum mention_source kind;
	enum room_kind about;
	user_id owner;
	unsigned char has_owner;
	int64_t place; /* of a message, in its room */
	bool is_new;   /* nobody was told of it before */
};
void mentions_tell (struct batch *b, const struct written text[], size_t n);

/* The notes of activities as such texts; those without a note say nothing. */
void notes_tell (struct batch *b, const struct activity_row row[], const struct head *const cause[], size_t n, bool is_new);

#endif
