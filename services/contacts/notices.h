/* Whose bell rings because somebody else gave them something: what the rooms of contacts hand over, and one function that rings; what rules say is a command.
 * Never rings for what one does oneself, and never twice for one action. */
#ifndef LEADWIRE_CONTACTS_NOTICES_H
#define LEADWIRE_CONTACTS_NOTICES_H

#include "records.h"

/* Something that somebody was given, as the event or command that gave it says. */
struct gift {
	const struct head *cause;
	user_id to;
	unsigned char has_to;
	enum record_kind about;
	struct uuid record;
	activity_id activity; /* null: the record itself */
	const char *title;    /* null: looked up when it is shown */
};

/* When a bell rings for what was done: when it is heard, past whatever they have looked at since; what was written as of an earlier day is old news. */
int64_t rings_at (struct batch *b, const struct head *cause);

/* Those of one action to one person ring as one; `gift` may hold what rings for nobody. */
void gifts_ring (struct batch *b, const struct gift gift[], size_t n);

#endif
