/* Places of companies: commands, one function each, in the order of proto/contacts.def; load, decide, write, emit.
 * Never tells of a place whose company the caller may not see. */
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

/* The event says what the row says. */
#define ROW_SAYS(row)                                                                                                         \
	.location_id = (row)->location_id, .account_id = (row)->account_id, .name = (row)->name, .owner_id = (row)->owner_id, \
	.has.owner_id = (row)->has.owner_id
#define ROW_SAYS_ALL(row)                                                                                                             \
	ROW_SAYS (row), .type = (row)->type, .address = (row)->address, .has.address = (row)->has.address, .map_url = (row)->map_url, \
			.has.map_url = (row)->has.map_url

/* A line of the timeline of its company. */
static struct timeline_entry line_of (struct batch *b, const struct record *event, const void *item, const struct location_row *row)
{
	return timeline_with_data (b, event, item, row->account_id.uuid, row->has.owner_id, row->owner_id);
}

static struct location_ask ask_of (const struct head *head, location_id id)
{
	return (struct location_ask){ .workspace_id = { head->workspace }, .location_id = id };
}

static struct outcome done_at (const struct location_row *row, int64_t version)
{
	struct outcome ret = done ();
	ret.id = row->location_id.uuid;
	ret.version = version;
	return ret;
}

void location_add (struct batch *b, const struct location_add cmd[], size_t n, struct outcome ret[])
{
	struct location_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		ask[i] = ask_of (&cmd[i].head, cmd[i].location_id);
		ask[i].account_id = cmd[i].account_id;
		ask[i].has.account_id = HERE;
	}
	const struct location_row *was = location_load (b, ask, n);
	struct location_row *row = ARRAY (b, row, n);
	struct location_added *added = ARRAY (b, added, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = location_add_check (batch_arena (b), &cmd[i], &was[i], &row[rows]);
		if (!is_done (ret[i]))
			continue;
		ret[i] = done_at (&row[rows], 1);
		added[rows] = (struct location_added){ .head = head_caused (b, &cmd[i].head), ROW_SAYS_ALL (&row[rows]) };
		entry[rows] = line_of (b, &location_added_record, &added[rows], &row[rows]);
		rows++;
	}
	location_insert (b, row, rows);
	timeline_write (b, entry, rows);
	location_added_emit (b, added, rows);
}

/* A change to what is there already is done, and says nothing. */
void location_update (struct batch *b, const struct location_update cmd[], size_t n, struct outcome ret[])
{
	struct location_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = ask_of (&cmd[i].head, cmd[i].location_id);
	const struct location_row *was = location_load (b, ask, n);
	struct location_row *row = ARRAY (b, row, n);
	struct location_changed *changed = ARRAY (b, changed, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		struct list changes = { 0 };
		ret[i] = location_merge (batch_arena (b), &cmd[i], &was[i], &row[rows], &changes);
		if (!is_done (ret[i]))
			continue;
		ret[i] = done_at (&was[i], was[i].version);
		if (!changes.n)
			continue;
		changed[rows] = (struct location_changed){
			.head = head_caused (b, &cmd[i].head), .version = row[rows].version, .changes = changes, ROW_SAYS_ALL (&row[rows])
		};
		entry[rows] = line_of (b, &location_changed_record, &changed[rows], &row[rows]);
		ret[i].version = row[rows++].version;
	}
	location_write (b, row, rows);
	timeline_write (b, entry, rows);
	location_changed_emit (b, changed, rows);
}

/* Taking away what is away already is done, and says nothing. */
void location_remove (struct batch *b, const struct location_remove cmd[], size_t n, struct outcome ret[])
{
	struct location_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = ask_of (&cmd[i].head, cmd[i].location_id);
	const struct location_row *was = location_load (b, ask, n);
	struct location_row *row = ARRAY (b, row, n);
	struct location_removed *removed = ARRAY (b, removed, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = location_seen (&cmd[i].head, &was[i]);
		if (is_done (ret[i]) && cmd[i].has.version == HERE && cmd[i].version != was[i].version)
			ret[i] = refused (location_changed);
		if (!is_done (ret[i]))
			continue;
		ret[i] = done_at (&was[i], was[i].version);
		if (was[i].has.removed_at == HERE)
			continue;
		row[rows] = was[i];
		row[rows].version++;
		row[rows].removed_at = cmd[i].head.at;
		row[rows].has.removed_at = HERE;
		removed[rows] = (struct location_removed){ .head = head_caused (b, &cmd[i].head),
							   .version = row[rows].version,
							   ROW_SAYS (&row[rows]) };
		entry[rows] = line_of (b, &location_removed_record, &removed[rows], &row[rows]);
		ret[i].version = row[rows++].version;
	}
	location_write (b, row, rows);
	timeline_write (b, entry, rows);
	location_removed_emit (b, removed, rows);
}

void location_restore (struct batch *b, const struct location_restore cmd[], size_t n, struct outcome ret[])
{
	struct location_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = ask_of (&cmd[i].head, cmd[i].location_id);
	const struct location_row *was = location_load (b, ask, n);
	struct location_row *row = ARRAY (b, row, n);
	struct location_restored *restored = ARRAY (b, restored, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = location_seen (&cmd[i].head, &was[i]);
		if (!is_done (ret[i]))
			continue;
		ret[i] = done_at (&was[i], was[i].version);
		if (was[i].has.removed_at != HERE)
			continue;
		row[rows] = was[i];
		row[rows].version++;
		row[rows].has.removed_at = ABSENT;
		restored[rows] = (struct location_restored){ .head = head_caused (b, &cmd[i].head),
							     .version = row[rows].version,
							     ROW_SAYS (&row[rows]) };
		entry[rows] = line_of (b, &location_restored_record, &restored[rows], &row[rows]);
		ret[i].version = row[rows++].version;
	}
	location_write (b, row, rows);
	timeline_write (b, entry, rows);
	location_restored_emit (b, restored, rows);
}
