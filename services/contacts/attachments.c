/* Files that people put to records: commands, one function each, in the order of proto/contacts.def; load, decide, write, emit.
 * Never opens a file: its bytes were on disk before the command came. Never tells of one whose record the caller may not see. */
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

/* The event says what the row says. */
#define ROW_SAYS(row)                                                                                                       \
	.file_id = (row)->file_id, .about = (row)->about, .record_id = (row)->record_id, .activity_id = (row)->activity_id, \
	.has.activity_id = (row)->has.activity_id, .name = (row)->name

/* What it is about, as record_place_load takes it. */
static struct activity_add about_of (const struct head *head, enum record_kind kind, struct uuid id)
{
	struct activity_add ret = { .head = *head };
	switch (kind) {
	case record_kind_lead: ret.lead_id.uuid = id, ret.has.lead_id = HERE; break;
	case record_kind_deal: ret.deal_id.uuid = id, ret.has.deal_id = HERE; break;
	case record_kind_contact: ret.contact_id.uuid = id, ret.has.contact_id = HERE; break;
	case record_kind_account: ret.account_id.uuid = id, ret.has.account_id = HERE; break;
	case record_kind_count: break;
	}
	return ret;
}

/* What each is about: as the command says, or as its activity does. */
static const struct activity_add *abouts_of (struct batch *b, const struct attachment_add cmd[], const struct activity_row activity[],
					     size_t n)
{
	struct activity_add *ret = ARRAY (b, ret, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = cmd[i].has.activity_id != HERE	   ? (struct activity_add){ .head = cmd[i].head,
										    .lead_id = cmd[i].lead_id,
										    .deal_id = cmd[i].deal_id,
										    .contact_id = cmd[i].contact_id,
										    .account_id = cmd[i].account_id,
										    .has = { .lead_id = cmd[i].has.lead_id,
											     .deal_id = cmd[i].has.deal_id,
											     .contact_id = cmd[i].has.contact_id,
											     .account_id = cmd[i].has.account_id } }
			 : activity[i].has.version == HERE ? about_of (&cmd[i].head, activity[i].about, activity[i].record_id.uuid)
							   : (struct activity_add){ .head = cmd[i].head };
	return ret;
}

static const struct activity_row *activities_named (struct batch *b, const struct attachment_add cmd[], size_t n)
{
	struct activity_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct activity_ask){ .workspace_id = { cmd[i].head.workspace }, .activity_id = cmd[i].activity_id };
	return activity_load (b, ask, n);
}

static const char *data_of (struct batch *b, const struct attachment_row *row)
{
	return arena_printf (batch_arena (b), "{\"type\":\"%s\",\"size\":%lld,\"sha256\":\"%s\"}", row->type, (long long) row->size,
			     row->sha256);
}

void attachment_add (struct batch *b, const struct attachment_add cmd[], size_t n, struct outcome ret[])
{
	const struct activity_row *activity = activities_named (b, cmd, n);
	const struct activity_add *about = abouts_of (b, cmd, activity, n);
	const struct record_place *place = record_place_load (b, about, n);
	struct record_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct record_ask){ .workspace_id = { cmd[i].head.workspace }, .record_id = record_of (&about[i]) };
	const struct record_files *files = record_files_count (b, ask, n);
	struct attachment_row *row = ARRAY (b, row, n);
	struct attachment_added *added = ARRAY (b, added, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = attachment_add_check (batch_arena (b), &cmd[i], &about[i], &activity[i], &place[i], files[i].count, &row[rows]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].file_id.uuid;
		ret[i].version = 1;
		ret[i].data = data_of (b, &row[rows]);
		added[rows] = (struct attachment_added){ .head = head_caused (b, &cmd[i].head),
							 ROW_SAYS (&row[rows]),
							 .type = row[rows].type,
							 .size = row[rows].size,
							 .sha256 = row[rows].sha256,
							 .owner_id = place[i].owner_id,
							 .has.owner_id = place[i].has.owner_id };
		entry[rows] = timeline_with_data (b, &attachment_added_record, &added[rows], row[rows].record_id.uuid,
						  place[i].has.owner_id, place[i].owner_id);
		rows++;
	}
	attachment_insert (b, row, rows);
	timeline_write (b, entry, rows);
	attachment_added_emit (b, added, rows);
}

/* What a file that is taken away or put back becomes: its row from now on, who asked, and the record it is about. */
struct shelved {
	const struct head *head;
	struct attachment_row row;
	const struct record_place *place;
};

/* Which of the files leave or come back; what is so already is done, and says nothing. How many. */
static size_t files_shelve (struct batch *b, const struct head *const head[], const file_id file[], size_t n, bool away,
			    struct shelved shelf[], struct outcome ret[])
{
	struct attachment_ask *ask = ARRAY (b, ask, n);
	struct activity_add *about = ARRAY (b, about, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct attachment_ask){ .workspace_id = { head[i]->workspace }, .file_id = file[i] };
	const struct attachment_row *was = attachment_load (b, ask, n);
	for (size_t i = 0; i < n; i++)
		about[i] = was[i].has.file_id == HERE ? about_of (head[i], was[i].about, was[i].record_id.uuid)
						      : (struct activity_add){ .head = *head[i] };
	const struct record_place *place = record_place_load (b, about, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = attachment_seen (head[i], &was[i], &place[i]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = was[i].file_id.uuid;
		ret[i].version = was[i].version;
		if ((was[i].has.removed_at == HERE) == away)
			continue;
		struct shelved *s = &shelf[rows++];
		*s = (struct shelved){ .head = head[i], .row = was[i], .place = &place[i] };
		ret[i].version = ++s->row.version;
		s->row.removed_at = head[i]->at;
		s->row.has.removed_at = here (away);
	}
	return rows;
}

#define SHELVED_SAYS(s)                                                                                     \
	{                                                                                                   \
		.head = head_caused (b, (s)->head), ROW_SAYS (&(s)->row), .owner_id = (s)->place->owner_id, \
		.has.owner_id = (s)->place->has.owner_id                                                    \
	}

static void shelved_write (struct batch *b, const struct shelved shelf[], const struct timeline_entry entry[], size_t n)
{
	struct attachment_row *row = ARRAY (b, row, n);
	for (size_t i = 0; i < n; i++)
		row[i] = shelf[i].row;
	attachment_write (b, row, n);
	timeline_write (b, entry, n);
}

void attachment_remove (struct batch *b, const struct attachment_remove cmd[], size_t n, struct outcome ret[])
{
	const struct head **head = ARRAY (b, head, n);
	file_id *file = ARRAY (b, file, n);
	struct shelved *shelf = ARRAY (b, shelf, n);
	for (size_t i = 0; i < n; i++) {
		head[i] = &cmd[i].head;
		file[i] = cmd[i].file_id;
	}
	size_t rows = files_shelve (b, head, file, n, true, shelf, ret);
	struct attachment_removed *said = ARRAY (b, said, rows);
	struct timeline_entry *entry = ARRAY (b, entry, rows);
	for (size_t i = 0; i < rows; i++) {
		said[i] = (struct attachment_removed) SHELVED_SAYS (&shelf[i]);
		entry[i] = timeline_with_data (b, &attachment_removed_record, &said[i], said[i].record_id.uuid, said[i].has.owner_id,
					       said[i].owner_id);
	}
	shelved_write (b, shelf, entry, rows);
	attachment_removed_emit (b, said, rows);
}

void attachment_restore (struct batch *b, const struct attachment_restore cmd[], size_t n, struct outcome ret[])
{
	const struct head **head = ARRAY (b, head, n);
	file_id *file = ARRAY (b, file, n);
	struct shelved *shelf = ARRAY (b, shelf, n);
	for (size_t i = 0; i < n; i++) {
		head[i] = &cmd[i].head;
		file[i] = cmd[i].file_id;
	}
	size_t rows = files_shelve (b, head, file, n, false, shelf, ret);
	struct attachment_restored *said = ARRAY (b, said, rows);
	struct timeline_entry *entry = ARRAY (b, entry, rows);
	for (size_t i = 0; i < rows; i++) {
		said[i] = (struct attachment_restored) SHELVED_SAYS (&shelf[i]);
		entry[i] = timeline_with_data (b, &attachment_restored_record, &said[i], said[i].record_id.uuid, said[i].has.owner_id,
					       said[i].owner_id);
	}
	shelved_write (b, shelf, entry, rows);
	attachment_restored_emit (b, said, rows);
}
