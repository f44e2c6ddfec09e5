/* Appointments that people make in a calendar of another system: each is one planned activity of their lead, at the time that is told last; one that is called off is
 * taken away, as people take one away.
 * It must never make a second activity of one appointment, whatever its time. */
#include "activities.h"
#include "notices.h"
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

/* What a run of them comes to. */
struct bookings_run {
	struct activity_row *made, *moved, *back, *off;
	struct activity_added *added;
	struct activity_changed *changed;
	struct activity_restored *restored;
	struct activity_removed *removed;
	struct timeline_entry *entry;
	struct gift *gift;
	size_t n_made, n_moved, n_back, n_off, n_entries;
};

static const struct record_place *leads_place (struct batch *b, const struct booking_told said[], size_t n)
{
	struct activity_add *about = ARRAY (b, about, n);
	for (size_t i = 0; i < n; i++)
		about[i] = (struct activity_add){ .head = said[i].head, .lead_id = said[i].lead_id, .has.lead_id = HERE };
	return record_place_load (b, about, n);
}

static struct activity_ask *asks_of (struct batch *b, const struct booking_told said[], size_t n)
{
	struct activity_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct activity_ask){ .workspace_id = { said[i].head.workspace }, .activity_id = said[i].activity_id };
	return ask;
}

static void line_add (struct batch *b, struct bookings_run *run, const struct record *event, const void *item,
		      const struct activity_row *row)
{
	run->entry[run->n_entries++] = timeline_with_data (b, event, item, row->record_id.uuid, row->has.owner_id, row->owner_id);
}

/* The owner of the lead has it on the agenda, and hears of it. */
static void booking_make (struct batch *b, struct bookings_run *run, const struct booking_told *said, const struct record_place *place)
{
	struct activity_row *row = &run->made[run->n_made];
	booking_row_of (said, place, batch_now (b), row);
	run->added[run->n_made] = activity_is_new (b, &said->head, row);
	run->gift[run->n_made++] = (struct gift){ .cause = &said->head,
						  .to = row->assignee_id,
						  .has_to = row->has.assignee_id,
						  .about = record_kind_lead,
						  .record = said->lead_id.uuid,
						  .activity = row->activity_id,
						  .title = row->has.subject == HERE ? row->subject : NULL };
}

/* One that was taken away is there again: it is to be after all. */
static void booking_move (struct batch *b, struct bookings_run *run, const struct booking_told *said, const struct activity_row *was)
{
	struct activity_row now = *was;
	struct list changes = { 0 };
	if (was->has.removed_at == HERE) {
		now = activity_moved (was, false, 0, batch_now (b));
		run->back[run->n_back] = now;
		run->restored[run->n_back] = activity_is_back (b, &said->head, &now);
		line_add (b, run, &activity_restored_record, &run->restored[run->n_back], &now);
		run->n_back++;
	}
	struct activity_row *row = &run->moved[run->n_moved];
	struct activity_update to = booking_change (said);
	if (!is_done (activity_merge (batch_arena (b), &to, &now, batch_now (b), row, &changes)) || !changes.n)
		return;
	run->changed[run->n_moved++] = activity_is_other (b, &said->head, row, changes);
}

static void booking_end (struct batch *b, struct bookings_run *run, const struct booking_told *said, const struct activity_row *was)
{
	if (was->has.version != HERE || was->has.removed_at == HERE)
		return;
	struct activity_row *row = &run->off[run->n_off];
	*row = activity_moved (was, true, said->head.at, batch_now (b));
	run->removed[run->n_off] = activity_is_away (b, &said->head, row);
	line_add (b, run, &activity_removed_record, &run->removed[run->n_off], row);
	run->n_off++;
}

static void booking_hear (struct batch *b, struct bookings_run *run, const struct booking_told *said, const struct record_place *place,
			  const struct activity_row *was)
{
	switch (said->state) {
	case booking_state_booked:
	case booking_state_moved:
		if (was->has.version == HERE)
			booking_move (b, run, said, was);
		else
			booking_make (b, run, said, place);
		return;
	case booking_state_cancelled: booking_end (b, run, said, was); break;
	case booking_state_no_show:
	case booking_state_showed: break;
	case booking_state_count: return;
	}
	struct timeline_entry *line = &run->entry[run->n_entries++];
	*line = timeline_with_data (b, &booking_told_record, said, said->lead_id.uuid, place->has.owner_id, place->owner_id);
	line->has.actor_id = ABSENT;
}

/* No activity stands twice in a run, so what was loaded is the truth. What comes of it nobody of us did: the source is no actor. */
void booking_told (struct batch *b, const struct booking_told told[], size_t n, struct outcome ret[])
{
	struct booking_told *said = ARRAY (b, said, n);
	for (size_t i = 0; i < n; i++) {
		said[i] = told[i];
		said[i].head.actor = (struct uuid){ { 0 } };
	}
	const struct record_place *place = leads_place (b, said, n);
	const struct activity_ask *ask = asks_of (b, said, n);
	const struct activity_row *was = activity_load (b, ask, n);
	const struct booking_heard *heard = booking_heard_load (b, ask, n);
	struct booking_heard *now = ARRAY (b, now, n);
	size_t nows = 0;
	struct bookings_run run = { .made = ARRAY (b, run.made, n),
				    .moved = ARRAY (b, run.moved, n),
				    .back = ARRAY (b, run.back, n),
				    .off = ARRAY (b, run.off, n),
				    .added = ARRAY (b, run.added, n),
				    .changed = ARRAY (b, run.changed, n),
				    .restored = ARRAY (b, run.restored, n),
				    .removed = ARRAY (b, run.removed, n),
				    .entry = ARRAY (b, run.entry, 2 * n),
				    .gift = ARRAY (b, run.gift, n) };
	for (size_t i = 0; i < n; i++) {
		ret[i] = !place[i].known ? not_yet ("workspace") : !place[i].found ? not_yet ("lead") : done ();
		if (is_done (ret[i]) && heard[i].version >= said[i].version)
			ret[i] = skipped (); /* heard before, or later news of it was */
		if (!is_done (ret[i]))
			continue;
		booking_hear (b, &run, &said[i], &place[i], &was[i]);
		now[nows] = heard[i];
		now[nows++].version = said[i].version;
	}
	booking_heard_write (b, now, nows);
	activity_insert (b, run.made, run.n_made);
	activity_added_emit (b, run.added, run.n_made);
	gifts_ring (b, run.gift, run.n_made);
	activity_write (b, run.back, run.n_back);
	activity_restored_emit (b, run.restored, run.n_back);
	activities_change (b, run.moved, run.changed, run.n_moved);
	activity_write (b, run.off, run.n_off);
	activity_removed_emit (b, run.removed, run.n_off);
	timeline_write (b, run.entry, run.n_entries);
}
