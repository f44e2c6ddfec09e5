/* Rows of the timeline out of events; see timeline.h. */
#include "timeline.h"
#include "contacts_sql.h"

struct timeline_entry timeline_of (const struct head *head, const struct record *event, struct uuid subject, unsigned char has_owner,
				   user_id owner)
{
	return (struct timeline_entry){
		.workspace_id = { head->workspace },
		.subject_id = { subject },
		.event_id = { head->id },
		.at = head->at,
		.type = event->type,
		.actor_id = { head->actor },
		.has.actor_id = uuid_is_null (head->actor) ? ABSENT : HERE,
		.owner_id = owner,
		.has.owner_id = has_owner,
	};
}

struct timeline_entry timeline_with_data (struct batch *b, const struct record *event, const void *item, struct uuid subject,
					  unsigned char has_owner, user_id owner)
{
	struct timeline_entry entry = timeline_of (item, event, subject, has_owner, owner); /* an event begins with its head */
	struct buffer text = { 0 };
	record_to_json (&text, event, item, false);
	entry.data = arena_copy (batch_arena (b), (const char *) text.at, text.n);
	entry.has.data = HERE;
	buffer_fini (&text);
	return entry;
}

struct timeline_owner timeline_owner_of (const struct timeline_entry *entry)
{
	return (struct timeline_owner){
		.workspace_id = entry->workspace_id,
		.subject_id = entry->subject_id,
		.owner_id = entry->owner_id,
		.has.owner_id = entry->has.owner_id,
	};
}

void owners_write (struct batch *b, const struct timeline_owner owner[], size_t n)
{
	timeline_owner_write (b, owner, n);
	activity_owner_write (b, owner, n);
	linked_owner_write (b, owner, n);
	fact_owner_write (b, owner, n);
	room_owner_write (b, owner, n);
}
