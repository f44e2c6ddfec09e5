/* The events that lead-intake hears: workspaces, what became of its leads elsewhere, and who owns what somebody owned.
 * Says something of the last alone: the others only keep the projection and join what others made. */
#include "memory.h"
#include "files.h"
#include "records.h"
#include "rules.h"
#include "lead_intake_sql.h"

static void all_done (struct outcome ret[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void workspace_created (struct batch *b, const struct workspace_created event[], size_t n, struct outcome ret[])
{
	workspace_created_write (b, event, n);
	ways_forget (b);
	all_done (ret, n);
}

void workspace_updated (struct batch *b, const struct workspace_updated event[], size_t n, struct outcome ret[])
{
	workspace_updated_write (b, event, n);
	ways_forget (b);
	all_done (ret, n);
}

/* A lead that was no contact until its deal was won. */
void deal_converted (struct batch *b, const struct deal_converted deal[], size_t n, struct outcome ret[])
{
	deal_converted_write (b, deal, n);
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

/* Which leads they are is said: an index by contact would cost every lead. */
void contact_merged (struct batch *b, const struct contact_merged event[], size_t n, struct outcome ret[])
{
	contact_merged_write (b, event, n);
	all_done (ret, n);
}

void contact_unmerged (struct batch *b, const struct contact_unmerged event[], size_t n, struct outcome ret[])
{
	contact_unmerged_write (b, event, n);
	all_done (ret, n);
}

void contact_purged (struct batch *b, const struct contact_purged event[], size_t n, struct outcome ret[])
{
	contact_purged_write (b, event, n);
	all_done (ret, n);
}

/* A deal bears its lead's id; one that was made by hand has no lead, and nothing is answered by it. */
void activity_added (struct batch *b, const struct activity_added event[], size_t n, struct outcome ret[])
{
	struct activity_added *answer = ARRAY (b, answer, n);
	size_t answers = 0;
	for (size_t i = 0; i < n; i++) {
		bool about = event[i].about == record_kind_lead || event[i].about == record_kind_deal;
		ret[i] = about ? done () : skipped ();
		if (about)
			answer[answers++] = event[i];
	}
	lead_answered_write (b, answer, answers);
}

void workspace_preset_changed (struct batch *b, const struct workspace_preset_changed event[], size_t n, struct outcome ret[])
{
	workspace_preset_changed_write (b, event, n);
	all_done (ret, n);
}

/* Leads change hands as if by hand, each with its line of history; ways in give their next ones to the new owner. */
void member_handed_over (struct batch *b, const struct member_handed_over over[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t leads, changes = 0;
		const struct lead_found *lead = leads_of_member (b, &over[i], 1, &leads);
		struct lead_change *to = ARRAY (b, to, leads);
		struct lead_updated *said = ARRAY (b, said, leads);
		for (size_t k = 0; k < leads; k++) {
			struct list fields;
			struct lead_update update = { .head = over[i].head,
						      .lead_id = lead[k].lead_id,
						      .owner_id = over[i].to_id,
						      .has = { .lead_id = HERE, .owner_id = HERE } };
			to[changes] = lead_update_merge (batch_arena (b), &update, &lead[k], &fields);
			if (!fields.n)
				continue;
			said[changes] = (struct lead_updated){ .head = head_caused (b, &over[i].head),
							       .lead_id = lead[k].lead_id,
							       .version = to[changes].version,
							       .changes = fields,
							       .status = to[changes].status,
							       .owner_id = over[i].to_id,
							       .has.owner_id = HERE,
							       .old_owner_id = over[i].user_id,
							       .has.old_owner_id = HERE };
			changes++;
		}
		source_hand_over (b, &over[i], 1);
		ways_forget (b);
		lead_update_write (b, to, changes);
		lead_history_write (b, said, changes);
		lead_updated_emit (b, said, changes);
	}
	all_done (ret, n);
}

/* All that was kept of it, files as well. */
void workspace_removed (struct batch *b, const struct workspace_removed event[], size_t n, struct outcome ret[])
{
	removed_search_page_drop (b, event, n);
	removed_search_block_drop (b, event, n);
	removed_search_gram_drop (b, event, n);
	removed_segment_member_drop (b, event, n);
	removed_lead_file_drop (b, event, n);
	removed_file_drop (b, event, n);
	removed_lead_history_drop (b, event, n);
	removed_lead_drop (b, event, n);
	removed_submission_drop (b, event, n);
	removed_booking_drop (b, event, n);
	removed_source_drop (b, event, n);
	removed_workspace_drop (b, event, n);
	for (size_t i = 0; i < n; i++) {
		files_drop (batch_files (b), event[i].workspace_id.uuid);
		batch_workspace_end (b, event[i].workspace_id.uuid);
		ret[i] = done ();
	}
}

void demo_ended (struct batch *b, const struct demo_ended event[], size_t n, struct outcome ret[])
{
	demo_sources_drop (b, event, n);
	all_done (ret, n);
}

/* ---- segments: which leads are in which, as contacts tells it ---- */

void segment_joined (struct batch *b, const struct segment_joined said[], size_t n, struct outcome ret[])
{
	struct segment_joined *mine = ARRAY (b, mine, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = said[i].of == record_kind_lead ? done () : skipped ();
		if (is_done (ret[i]))
			mine[rows++] = said[i];
	}
	segment_joined_write (b, mine, rows);
}

void segment_left (struct batch *b, const struct segment_left said[], size_t n, struct outcome ret[])
{
	struct segment_left *mine = ARRAY (b, mine, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = said[i].of == record_kind_lead ? done () : skipped ();
		if (is_done (ret[i]))
			mine[rows++] = said[i];
	}
	segment_left_drop (b, mine, rows);
}

void segment_changed (struct batch *b, const struct segment_changed said[], size_t n, struct outcome ret[])
{
	struct segment_changed *gone = ARRAY (b, gone, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = said[i].removed && said[i].of == record_kind_lead ? done () : skipped ();
		if (is_done (ret[i]))
			gone[rows++] = said[i];
	}
	segment_changed_drop (b, gone, rows);
}
