/* The events that lead-intake hears: workspaces, and what became of its leads elsewhere.
 * Never says anything: these only keep the projection and join what others made. */
#include "records.h"
#include "lead_intake_sql.h"

static void all_done (struct outcome ret[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void workspace_created (struct batch *b, const struct workspace_created event[], size_t n, struct outcome ret[])
{
	workspace_created_write (b, event, n);
	all_done (ret, n);
}

void workspace_updated (struct batch *b, const struct workspace_updated event[], size_t n, struct outcome ret[])
{
	workspace_updated_write (b, event, n);
	all_done (ret, n);
}

/* A lead without a contact (where contacts are not made at intake) stays as it is. */
void lead_contact_linked (struct batch *b, const struct lead_contact_linked event[], size_t n, struct outcome ret[])
{
	struct lead_contact_linked *join = ARRAY (b, join, n);
	size_t joins = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = event[i].has.contact_id == HERE ? done () : skipped ();
		if (is_done (ret[i]))
			join[joins++] = event[i];
	}
	lead_contact_linked_write (b, join, joins);
}
