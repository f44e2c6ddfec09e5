/* Mails on the timeline of what they are about: one that a server took, one that came back, one that came in, one that was assigned or taken back. A line of the deal, where
 * it is about one, else of the contact, the company or the lead. What they say stands with mailer; here is their subject, and whose address it was.
 * It must never tell a report on a delivery as if somebody had written. */
#include "timeline.h"
#include "contacts_sql.h"

#include <string.h>

bool is_told_line (const struct record *r)
{
	return strncmp (r->type, "mail.", 5) == 0 || strcmp (r->service, "billing") == 0;
}

static unsigned char id_of (const struct record *r, const void *item, const char *name, struct uuid *ret)
{
	const struct field *f = record_field (r, name);
	if (!f || field_has (f, item) != HERE)
		return ABSENT;
	*ret = *(const struct uuid *) (const void *) ((const char *) item + f->offset);
	return HERE;
}

static bool is_letter (const struct record *r, const void *item)
{
	const struct mail_received *said = item;
	return r != &mail_received_record || (said->state != mail_inbound_state_bounce && said->state != mail_inbound_state_complaint);
}

unsigned char told_line_subject (const struct record *r, const void *item, struct uuid *ret)
{
	static const char *const about[] = { "deal_id", "contact_id", "account_id", "lead_id" };
	for (size_t i = 0; i < LENGTH (about) && is_letter (r, item); i++)
		if (id_of (r, item, about[i], ret) == HERE)
			return HERE;
	return ABSENT;
}

void told_lines (struct batch *b, const struct record *r, const void *item, size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	size_t lines = 0;
	for (size_t i = 0; i < n; i++) {
		const char *one = (const char *) item + i * r->size;
		struct uuid subject;
		user_id owner = { 0 };
		ret[i] = told_line_subject (r, one, &subject) == HERE ? done () : skipped ();
		if (!is_done (ret[i]))
			continue;
		unsigned char has_owner = id_of (r, one, "owner_id", &owner.uuid);
		entry[lines++] = timeline_with_data (b, r, one, subject, has_owner, owner);
	}
	timeline_write (b, entry, lines);
	if (strcmp (r->service, "billing") != 0)
		return;
	told_owned (b, entry, lines);
	told_homeless (b, entry, lines);
}

#define TOLD(event)                                                                             \
	void event (struct batch *b, const struct event item[], size_t n, struct outcome ret[]) \
	{                                                                                       \
		told_lines (b, &event##_record, item, n, ret);                                  \
	}
TOLD (mail_sent)
TOLD (mail_failed)
TOLD (mail_received)
TOLD (mail_assigned)
TOLD (mail_unassigned)
