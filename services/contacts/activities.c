/* What people do and are going to do about a record: commands, one function each, in the order of proto/contacts.def; load, decide, write, emit.
 * Never decides what rules_activities.c can, never tells of an activity whose record the caller may not see. */
#include "activities.h"
#include "chat.h"
#include "notices.h"
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

/* The event says what the row says. */
#define ROW_SAYS(row)                                                                                                 \
	.activity_id = (row)->activity_id, .kind = (row)->kind, .about = (row)->about, .record_id = (row)->record_id, \
	.subject = (row)->subject, .has.subject = (row)->has.subject, .assignee_id = (row)->assignee_id,              \
	.has.assignee_id = (row)->has.assignee_id, .owner_id = (row)->owner_id, .has.owner_id = (row)->has.owner_id
#define ROW_SAYS_ALL(row)                                                                                                           \
	ROW_SAYS (row), .note = (row)->note, .has.note = (row)->has.note, .due_at = (row)->due_at, .has.due_at = (row)->has.due_at, \
			.duration_minutes = (row)->duration_minutes, .has.duration_minutes = (row)->has.duration_minutes,           \
			.done_at = (row)->done_at, .has.done_at = (row)->has.done_at, .done_by = (row)->done_by,                    \
			.has.done_by = (row)->has.done_by, .remind_at = (row)->remind_at, .has.remind_at = (row)->has.remind_at,    \
			.priority = (row)->priority

struct activity_added activity_is_new (struct batch *b, const struct head *cause, const struct activity_row *row)
{
	return (struct activity_added){ .head = head_caused (b, cause), ROW_SAYS_ALL (row) };
}

static struct gift gift_of (const struct head *cause, const struct activity_row *row)
{
	return (struct gift){ .cause = cause,
			      .to = row->assignee_id,
			      .has_to = row->kind == activity_kind_note || row->has.done_at == HERE ? (unsigned char) ABSENT
												    : row->has.assignee_id,
			      .about = row->about,
			      .record = row->record_id.uuid,
			      .activity = row->activity_id,
			      .title = row->has.subject == HERE ? row->subject : NULL };
}

/* A line of the timeline of what it is about; that it was added stands in its own row. */
static struct timeline_entry line_of (struct batch *b, const struct record *event, const void *item, const struct activity_row *row)
{
	return timeline_with_data (b, event, item, row->record_id.uuid, row->has.owner_id, row->owner_id);
}

void activity_add (struct batch *b, const struct activity_add cmd[], size_t n, struct outcome ret[])
{
	const struct record_place *place = record_place_load (b, cmd, n);
	struct activity_row *row = ARRAY (b, row, n);
	struct activity_added *added = ARRAY (b, added, n);
	struct gift *gift = ARRAY (b, gift, n);
	const struct head **cause = ARRAY (b, cause, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = activity_add_check (batch_arena (b), &cmd[i], &place[i], batch_now (b), &row[rows]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].activity_id.uuid;
		ret[i].version = 1;
		added[rows] = activity_is_new (b, &cmd[i].head, &row[rows]);
		gift[rows] = gift_of (&cmd[i].head, &row[rows]);
		cause[rows++] = &cmd[i].head;
	}
	activity_insert (b, row, rows);
	activity_added_emit (b, added, rows);
	gifts_ring (b, gift, rows);
	notes_tell (b, row, cause, rows, true);
}

struct activity_changed activity_is_other (struct batch *b, const struct head *cause, const struct activity_row *row, struct list changes)
{
	return (struct activity_changed){ .head = head_caused (b, cause), .version = row->version, .changes = changes, ROW_SAYS_ALL (row) };
}

/* What the timeline keeps of a change: what changed, not the whole again. */
static struct timeline_entry line_of_change (struct batch *b, const struct activity_changed *event, const struct activity_row *row)
{
	struct activity_changed lean = *event;
	lean.has.note = lean.has.done_at = lean.has.done_by = lean.has.due_at = lean.has.duration_minutes = lean.has.remind_at = ABSENT;
	return line_of (b, &activity_changed_record, &lean, row);
}

void activities_change (struct batch *b, const struct activity_row row[], const struct activity_changed event[], size_t n)
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++)
		entry[i] = line_of_change (b, &event[i], &row[i]);
	activity_write (b, row, n);
	timeline_write (b, entry, n);
	activity_changed_emit (b, event, n);
}

static struct activity_ask ask_of (const struct head *head, activity_id id)
{
	return (struct activity_ask){ .workspace_id = { head->workspace }, .activity_id = id };
}

/* Who saw an old activity hears what happened to it since. */
static struct outcome conflict_told (struct batch *b, const struct activity_update *cmd, const struct activity_row *was,
				     struct outcome outcome)
{
	size_t n;
	if (outcome.state != OUTCOME_REFUSED || outcome.error != ERROR_activity_changed)
		return outcome;
	struct activity_seen_row seen = { .workspace_id = { cmd->head.workspace },
					  .activity_id = cmd->activity_id,
					  .record_id = was->record_id,
					  .version = cmd->version };
	const struct activity_since *since = activity_changed_since (b, &seen, 1, &n);
	return activity_conflict (batch_arena (b), since, n);
}

/* A change to what is there already is done, and says nothing. */
void activity_update (struct batch *b, const struct activity_update cmd[], size_t n, struct outcome ret[])
{
	struct activity_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = ask_of (&cmd[i].head, cmd[i].activity_id);
	const struct activity_row *was = activity_load (b, ask, n);
	struct activity_row *row = ARRAY (b, row, n);
	struct activity_changed *changed = ARRAY (b, changed, n);
	struct gift *gift = ARRAY (b, gift, n);
	const struct head **cause = ARRAY (b, cause, n);
	size_t rows = 0, gifts = 0;
	for (size_t i = 0; i < n; i++) {
		struct list changes = { 0 };
		ret[i] = conflict_told (b, &cmd[i], &was[i],
					activity_merge (batch_arena (b), &cmd[i], &was[i], batch_now (b), &row[rows], &changes));
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].activity_id.uuid;
		ret[i].version = was[i].version;
		if (!changes.n)
			continue;
		changed[rows] = activity_is_other (b, &cmd[i].head, &row[rows], changes);
		if (owner_changed (changes))
			gift[gifts++] = gift_of (&cmd[i].head, &row[rows]);
		cause[rows] = &cmd[i].head;
		ret[i].version = row[rows++].version;
	}
	activities_change (b, row, changed, rows);
	gifts_ring (b, gift, gifts);
	notes_tell (b, row, cause, rows, false);
}

struct activity_row activity_moved (const struct activity_row *was, bool away, int64_t at, int64_t now)
{
	struct activity_row row = *was;
	row.version++;
	row.removed_at = at;
	row.has.removed_at = away ? HERE : ABSENT;
	row.now = now;
	row.has.now = HERE;
	return row;
}

struct activity_removed activity_is_away (struct batch *b, const struct head *cause, const struct activity_row *row)
{
	return (struct activity_removed){ .head = head_caused (b, cause), .version = row->version, ROW_SAYS (row) };
}

struct activity_restored activity_is_back (struct batch *b, const struct head *cause, const struct activity_row *row)
{
	return (struct activity_restored){ .head = head_caused (b, cause), .version = row->version, ROW_SAYS (row) };
}

/* Taking away what is away already is done, and says nothing. */
void activity_remove (struct batch *b, const struct activity_remove cmd[], size_t n, struct outcome ret[])
{
	struct activity_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = ask_of (&cmd[i].head, cmd[i].activity_id);
	const struct activity_row *was = activity_load (b, ask, n);
	struct activity_row *row = ARRAY (b, row, n);
	struct activity_removed *removed = ARRAY (b, removed, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = activity_seen (&cmd[i].head, &was[i], true);
		if (is_done (ret[i]) && cmd[i].has.version == HERE && cmd[i].version != was[i].version)
			ret[i] = refused (activity_changed);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].activity_id.uuid;
		ret[i].version = was[i].version;
		if (was[i].has.removed_at == HERE)
			continue;
		row[rows] = activity_moved (&was[i], true, cmd[i].head.at, batch_now (b));
		removed[rows] = activity_is_away (b, &cmd[i].head, &row[rows]);
		entry[rows] = line_of (b, &activity_removed_record, &removed[rows], &row[rows]);
		ret[i].version = row[rows++].version;
	}
	activity_write (b, row, rows);
	timeline_write (b, entry, rows);
	activity_removed_emit (b, removed, rows);
}

void activity_restore (struct batch *b, const struct activity_restore cmd[], size_t n, struct outcome ret[])
{
	struct activity_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = ask_of (&cmd[i].head, cmd[i].activity_id);
	const struct activity_row *was = activity_load (b, ask, n);
	struct activity_row *row = ARRAY (b, row, n);
	struct activity_restored *restored = ARRAY (b, restored, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = activity_seen (&cmd[i].head, &was[i], true);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].activity_id.uuid;
		ret[i].version = was[i].version;
		if (was[i].has.removed_at != HERE)
			continue;
		row[rows] = activity_moved (&was[i], false, 0, batch_now (b));
		restored[rows] = activity_is_back (b, &cmd[i].head, &row[rows]);
		entry[rows] = line_of (b, &activity_restored_record, &restored[rows], &row[rows]);
		ret[i].version = row[rows++].version;
	}
	activity_write (b, row, rows);
	timeline_write (b, entry, rows);
	activity_restored_emit (b, restored, rows);
}

/* ---- follow-ups: their words come from the pipeline, with the ids that they have here ---- */

void deal_followed_up (struct batch *b, const struct deal_followed_up said[], size_t n, struct outcome ret[])
{
	struct activity_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = ask_of (&said[i].head, said[i].note_id);
	const struct activity_row *was = activity_load (b, ask, n);
	struct activity_row *row = ARRAY (b, row, 2 * n);
	struct activity_added *added = ARRAY (b, added, 2 * n);
	struct gift *gift = ARRAY (b, gift, 2 * n);
	const struct head **cause = ARRAY (b, cause, 2 * n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		size_t first = rows;
		ret[i] = was[i].has.version == HERE ? skipped () : done (); /* heard before */
		if (!is_done (ret[i]))
			continue;
		rows += follow_up_rows (&said[i], &row[rows]);
		for (size_t k = first; k < rows; k++) {
			added[k] = activity_is_new (b, &said[i].head, &row[k]);
			gift[k] = gift_of (&said[i].head, &row[k]);
			cause[k] = &said[i].head;
		}
	}
	activity_insert (b, row, rows);
	activity_added_emit (b, added, rows);
	gifts_ring (b, gift, rows);
	notes_tell (b, row, cause, rows, true);
}

/* ---- what people decide for all at once ---- */

/* What somebody who goes has still to do goes to whoever takes over, each with its line of history. */
void activities_hand_over (struct batch *b, const struct member_handed_over *over)
{
	size_t n, rows = 0;
	const struct activity_row *was = activities_of_member (b, over, 1, &n);
	struct activity_row *row = ARRAY (b, row, n);
	struct activity_changed *changed = ARRAY (b, changed, n);
	for (size_t i = 0; i < n; i++) {
		struct list changes = { 0 };
		struct activity_update to = { .head = over->head, .owner_id = over->to_id, .has.owner_id = HERE };
		to.head.grant = (struct grant){ .scope = SCOPE_WORKSPACE };
		struct outcome fits = activity_merge (batch_arena (b), &to, &was[i], batch_now (b), &row[rows], &changes);
		if (!is_done (fits) || !changes.n)
			continue;
		changed[rows] = activity_is_other (b, &over->head, &row[rows], changes);
		if (row[rows].has.owner_id == HERE && uuid_equal (row[rows].owner_id.uuid, over->user_id.uuid))
			changed[rows].owner_id = row[rows].owner_id = over->to_id;
		rows++;
	}
	activities_change (b, row, changed, rows);
	activity_hand_over (b, over, 1);
	room_hand_over (b, over, 1);
}

/* ---- time ---- */

static struct reminder_due due_of (struct batch *b, const struct head *cause, const struct reminder_row *row)
{
	struct reminder_due ret = {
		.head = head_caused (b, cause),
		.activity_id = row->activity_id,
		.kind = row->kind,
		.about = row->about,
		.record_id = row->record_id,
		.subject = row->subject,
		.due_at = row->due_at,
		.priority = row->priority,
		.assignee_id = row->assignee_id,
		.owner_id = row->owner_id,
		.has = { .subject = row->has.subject,
			 .due_at = row->has.due_at,
			 .assignee_id = row->has.assignee_id,
			 .owner_id = row->has.owner_id },
	};
	ret.head.workspace = row->workspace_id.uuid;
	return ret;
}

/* Its mark and its event stand in one transaction, on a lane that nobody else writes: so it rings once, whoever dies in between. */
void reminders_ring (struct batch *b, const struct reminders_ring cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t workspaces, found, rows = 0;
		struct reminders_ring now = cmd[i];
		now.now = batch_now (b);
		const struct workspace_due *own = reminders_waiting (b, &now, 1, &workspaces);
		own = batch_own (b, &workspace_due_record, own, &workspaces);
		const struct reminder_row *due = reminders_due (b, own, workspaces, &found);
		struct reminder_row *row = ARRAY (b, row, found);
		struct reminder_due *said = ARRAY (b, said, found);
		size_t says = 0;
		for (size_t k = 0; k < found; k++) {
			row[rows] = due[k];
			if (due[k].away) /* in the trash nothing rings, nor when it comes back: it is overdue then */
				row[rows].rung_at = 0;
			else
				said[says++] = due_of (b, &cmd[i].head, &due[k]);
			rows++;
		}
		reminder_rung (b, row, rows);
		reminder_due_emit (b, said, says);
		ret[i] = done ();
	}
}
