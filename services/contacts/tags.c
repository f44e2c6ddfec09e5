/* Tags: the workspace's list, and what bears them. Commands, one function each, in the order of proto/contacts.def; load, decide, write, emit.
 * Never puts a tag on a record that the asker may not see, never one of another workspace. */
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

#include <string.h>

struct tag_set {
	const struct tag_row *at;
	size_t n;
};

/* The tags of the workspaces of some items. */
static struct tag_set tags_of (struct batch *b, const void *item, size_t size, size_t n)
{
	struct tag_ask *ask = ARRAY (b, ask, n);
	struct tag_set ret = { NULL, 0 };
	for (size_t i = 0; i < n; i++)
		ask[i].workspace_id.uuid = ((const struct head *) (const void *) ((const char *) item + i * size))->workspace;
	if (n)
		ret.at = tags_known (b, ask, n, &ret.n);
	return ret;
}

static const struct tag_row *tag_find (const struct tag_set *tags, struct uuid workspace, struct uuid id)
{
	for (size_t i = 0; i < tags->n; i++)
		if (uuid_equal (tags->at[i].workspace_id.uuid, workspace) && uuid_equal (tags->at[i].tag_id.uuid, id))
			return &tags->at[i];
	return NULL;
}

static struct tag_changed said_of (struct batch *b, const struct head *cause, const struct tag_row *row, bool removed)
{
	return (struct tag_changed){
		.head = head_caused (b, cause), .tag_id = row->tag_id, .label = row->label, .colour = row->colour, .removed = removed
	};
}

/* Labels of a run are few: each is written at once, so that the next one of the run meets it. */
static void tag_say (struct batch *b, const struct head *cause, const struct tag_row *row)
{
	struct tag_changed said = said_of (b, cause, row, false);
	tag_write (b, row, 1);
	tag_changed_emit (b, &said, 1);
}

void tag_add (struct batch *b, const struct tag_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct tag_set tags = tags_of (b, &cmd[i], sizeof *cmd, 1);
		struct tag_row row = { .workspace_id = { cmd[i].head.workspace },
				       .tag_id = cmd[i].tag_id,
				       .colour = cmd[i].has.colour == HERE ? cmd[i].colour : tag_colour_grey };
		ret[i] = tag_label_check (batch_arena (b), tags.at, tags.n, row.workspace_id, row.tag_id, cmd[i].label, &row.label);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = row.tag_id.uuid;
		tag_say (b, &cmd[i].head, &row);
	}
}

/* A change to what is there already is done, and says nothing. */
void tag_update (struct batch *b, const struct tag_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct tag_set tags = tags_of (b, &cmd[i], sizeof *cmd, 1);
		const struct tag_row *was = tag_find (&tags, cmd[i].head.workspace, cmd[i].tag_id.uuid);
		struct tag_row row = was ? *was : (struct tag_row){ 0 };
		ret[i] = was ? done () : refused (tag_not_found);
		if (was && cmd[i].has.label != ABSENT)
			ret[i] = tag_label_check (batch_arena (b), tags.at, tags.n, row.workspace_id, row.tag_id,
						  cmd[i].has.label == HERE ? cmd[i].label : "", &row.label);
		if (!is_done (ret[i]))
			continue;
		if (cmd[i].has.colour != ABSENT)
			row.colour = cmd[i].has.colour == HERE ? cmd[i].colour : tag_colour_grey;
		ret[i].id = row.tag_id.uuid;
		if (row.colour != was->colour || strcmp (row.label, was->label))
			tag_say (b, &cmd[i].head, &row);
	}
}

void tag_remove (struct batch *b, const struct tag_remove cmd[], size_t n, struct outcome ret[])
{
	const struct tag_set tags = tags_of (b, cmd, sizeof *cmd, n);
	struct tag_row *row = ARRAY (b, row, n);
	struct tag_changed *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		const struct tag_row *was = tag_find (&tags, cmd[i].head.workspace, cmd[i].tag_id.uuid);
		ret[i] = was ? done () : refused (tag_not_found);
		if (!was)
			continue;
		ret[i].id = cmd[i].tag_id.uuid;
		row[rows] = *was;
		said[rows++] = said_of (b, &cmd[i].head, was, true);
	}
	tag_drop (b, row, rows);
	tag_changed_emit (b, said, rows);
}

/* ---- what bears them ---- */

/* One record and what it is to bear, whichever of the four commands says so. */
struct tag_wish {
	struct activity_add about; /* as record_place_load takes it */
	enum record_kind kind;
	struct uuid record;
	const char *tags;
	bool add; /* beside those that it bears */
};

static bool bears_the_same (const struct tagged_row *now, size_t n, const struct tag_wish *wish, const struct tag_row *const *tag,
			    size_t tags)
{
	size_t bears = 0, kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (!uuid_equal (now[i].workspace_id.uuid, wish->about.head.workspace) || !uuid_equal (now[i].record_id.uuid, wish->record))
			continue;
		bears++;
		for (size_t k = 0; k < tags; k++)
			kept += uuid_equal (tag[k]->tag_id.uuid, now[i].tag_id.uuid);
	}
	return bears == tags && kept == tags;
}

static bool is_among (const struct tag_row *const *tag, size_t n, struct uuid id)
{
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (tag[i]->tag_id.uuid, id))
			return true;
	return false;
}

/* Those that it bears already join those that are asked for. */
static struct outcome tags_join (struct batch *b, const struct tag_set *tags, const struct tagged_row *now, size_t rows,
				 const struct tag_wish *wish, const struct tag_row *tag[TAGS_MOST], size_t *n)
{
	for (size_t i = 0; i < rows; i++) {
		bool its = uuid_equal (now[i].workspace_id.uuid, wish->about.head.workspace) &&
			   uuid_equal (now[i].record_id.uuid, wish->record);
		const struct tag_row *borne = its ? tag_find (tags, now[i].workspace_id.uuid, now[i].tag_id.uuid) : NULL;
		if (!borne || is_among (tag, *n, now[i].tag_id.uuid))
			continue;
		if (*n == TAGS_MOST)
			return refused_at (batch_arena (b), "/tags", "too_many", "with those that it bears there are too many");
		tag[(*n)++] = borne;
	}
	return done ();
}

static struct record_tagged tagged_of (struct batch *b, const struct tag_wish *wish, const struct record_place *place,
				       const struct tag_row *const *tag, size_t n)
{
	struct tag_mark *mark = ARRAY (b, mark, n);
	for (size_t i = 0; i < n; i++)
		mark[i] = (struct tag_mark){ .id = tag[i]->tag_id, .label = tag[i]->label, .colour = tag[i]->colour };
	return (struct record_tagged){ .head = head_caused (b, &wish->about.head),
				       .record_id = { wish->record },
				       .about = wish->kind,
				       .tags = { mark, n },
				       .owner_id = place->owner_id,
				       .has.owner_id = place->has.owner_id };
}

static struct outcome wish_check (const struct tag_wish *wish, const struct record_place *place)
{
	if (place->known && place->found && grant_covers (&wish->about.head.grant, &place->owner_id))
		return done ();
	return wish->kind == record_kind_lead	   ? refused (lead_not_found)
	       : wish->kind == record_kind_deal	   ? refused (deal_not_found)
	       : wish->kind == record_kind_account ? refused (account_not_found)
						   : refused (contact_not_found);
}

/* Each record of a run is another; a change to what it bears already is done, and says nothing. */
static void records_tag (struct batch *b, const struct tag_wish wish[], size_t n, struct outcome ret[])
{
	struct activity_add *about = ARRAY (b, about, n);
	struct tagged_row *record = ARRAY (b, record, n), *bear = ARRAY (b, bear, n * TAGS_MOST), *clear = ARRAY (b, clear, n);
	struct record_tagged *said = ARRAY (b, said, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	size_t rows, bears = 0, says = 0;
	for (size_t i = 0; i < n; i++) {
		about[i] = wish[i].about;
		record[i] = (struct tagged_row){ .workspace_id = { wish[i].about.head.workspace }, .record_id = { wish[i].record } };
	}
	const struct tag_set tags = tags_of (b, about, sizeof *about, n);
	const struct record_place *place = record_place_load (b, about, n);
	const struct tagged_row *now = tagged_now (b, record, n, &rows);
	for (size_t i = 0; i < n; i++) {
		const struct tag_row *tag[TAGS_MOST];
		size_t asked = 0;
		ret[i] = wish_check (&wish[i], &place[i]);
		if (is_done (ret[i]))
			ret[i] = tags_read (batch_arena (b), wish[i].tags, tags.at, tags.n, wish[i].about.head.workspace, tag, &asked);
		if (is_done (ret[i]) && wish[i].add)
			ret[i] = tags_join (b, &tags, now, rows, &wish[i], tag, &asked);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = wish[i].record;
		if (bears_the_same (now, rows, &wish[i], tag, asked))
			continue;
		clear[says] = record[i];
		for (size_t k = 0; k < asked; k++) {
			bear[bears] = record[i];
			bear[bears].tag_id = tag[k]->tag_id;
			bear[bears++].has.tag_id = HERE;
		}
		said[says] = tagged_of (b, &wish[i], &place[i], tag, asked);
		entry[says] = timeline_with_data (b, &record_tagged_record, &said[says], wish[i].record, place[i].has.owner_id,
						  place[i].owner_id);
		says++;
	}
	tagged_clear (b, clear, says);
	tagged_write (b, bear, bears);
	timeline_write (b, entry, says);
	record_tagged_emit (b, said, says);
}

void lead_tag (struct batch *b, const struct lead_tag cmd[], size_t n, struct outcome ret[])
{
	struct tag_wish *wish = ARRAY (b, wish, n);
	for (size_t i = 0; i < n; i++)
		wish[i] = (struct tag_wish){ { .head = cmd[i].head, .lead_id = cmd[i].lead_id, .has.lead_id = HERE },
					     record_kind_lead,
					     cmd[i].lead_id.uuid,
					     cmd[i].tags,
					     false };
	records_tag (b, wish, n, ret);
}

void deal_tag (struct batch *b, const struct deal_tag cmd[], size_t n, struct outcome ret[])
{
	struct tag_wish *wish = ARRAY (b, wish, n);
	for (size_t i = 0; i < n; i++)
		wish[i] = (struct tag_wish){ { .head = cmd[i].head, .deal_id = cmd[i].deal_id, .has.deal_id = HERE },
					     record_kind_deal,
					     cmd[i].deal_id.uuid,
					     cmd[i].tags,
					     cmd[i].has.add == HERE && cmd[i].add };
	records_tag (b, wish, n, ret);
}

void contact_tag (struct batch *b, const struct contact_tag cmd[], size_t n, struct outcome ret[])
{
	struct tag_wish *wish = ARRAY (b, wish, n);
	for (size_t i = 0; i < n; i++)
		wish[i] = (struct tag_wish){ { .head = cmd[i].head, .contact_id = cmd[i].contact_id, .has.contact_id = HERE },
					     record_kind_contact,
					     cmd[i].contact_id.uuid,
					     cmd[i].tags,
					     cmd[i].has.add == HERE && cmd[i].add };
	records_tag (b, wish, n, ret);
}

void account_tag (struct batch *b, const struct account_tag cmd[], size_t n, struct outcome ret[])
{
	struct tag_wish *wish = ARRAY (b, wish, n);
	for (size_t i = 0; i < n; i++)
		wish[i] = (struct tag_wish){ { .head = cmd[i].head, .account_id = cmd[i].account_id, .has.account_id = HERE },
					     record_kind_account,
					     cmd[i].account_id.uuid,
					     cmd[i].tags,
					     cmd[i].has.add == HERE && cmd[i].add };
	records_tag (b, wish, n, ret);
}
