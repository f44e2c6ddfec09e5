/* The timeline is a projection of the streams. A rebuild begins in a transaction of its own, which notes how far every source is on the lane: what was said
 * before is fed by the operator's tool, what is said later is written to both. When all is fed, the new one takes the place of the old one, some records
 * in a transaction; lines that are the same are not touched. See proto/timeline.def for what is told.
 * It must never write anything but contacts.projection and the timelines, nor say a word. */
#include "projection.h"
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct told {
	const struct record *record;
	const char *field; /* says what it is about */
} told[] = {
#define TELLS(event, of) { &event##_record, #of },
#include "timeline.def"
#undef TELLS
};

static const struct told *told_of (const char *type)
{
	for (size_t i = 0; type && i < LENGTH (told); i++)
		if (strcmp (told[i].record->type, type) == 0)
			return &told[i];
	return NULL;
}

static const char *types_told (struct batch *b)
{
	const char *ret = told[0].record->type;
	for (size_t i = 1; i < LENGTH (told); i++)
		ret = text_join (b, ret, ",", told[i].record->type);
	return ret;
}

/* ---- from an event to its lines ---- */

static unsigned char id_of (const struct record *r, const void *item, const char *name, struct uuid *ret)
{
	const struct field *f = record_field (r, name);
	if (!f || field_has (f, item) != HERE)
		return ABSENT;
	*ret = *(const struct uuid *) (const void *) ((const char *) item + f->offset);
	return HERE;
}

/* No field of that name says anything, if there is one. */
static void unsaid (const struct record *r, void *item, const char *name)
{
	const struct field *f = record_field (r, name);
	if (f)
		((char *) item)[f->has] = ABSENT;
}

/* What the live handlers leave out of a line: what stands elsewhere. */
static void line_lean (const struct record *r, void *item)
{
	static const char *const of_activity[] = { "note", "done_at", "done_by", "due_at", "duration_minutes", "remind_at" };
	if (r == &activity_changed_record)
		for (size_t i = 0; i < LENGTH (of_activity); i++)
			unsaid (r, item, of_activity[i]);
	if (r == &contact_merged_record || r == &contact_unmerged_record)
		unsaid (r, item, "leads");
	if (r == &quote_sent_record || r == &invoice_sent_record)
		unsaid (r, item, "link");
	if (r == &deal_stage_changed_record) {
		const struct deal_stage_changed *said = item;
		if (said->has.followed == HERE && said->followed)
			unsaid (r, item, "note");
	}
}

static void line_of_deal (struct batch *b, const struct deal_created *deal, struct timeline_entry *entry)
{
	char stage[UUID_TEXT];
	json_t *data = json_pack ("{s:s}", "stage_id", uuid_format (deal->stage_id.uuid, stage));
	if (deal->has.lead_id != HERE && deal->has.company == HERE)
		json_object_set_new (data, "company", json_string (deal->company));
	char *text = json_dumps (data, JSON_COMPACT);
	entry->data = arena_text (batch_arena (b), text);
	free (text);
	json_decref (data);
	entry->contact_id = deal->contact_id;
	entry->has.contact_id = deal->has.contact_id;
	if (deal->has.source_id == HERE && uuid_equal (deal->source_id.uuid, deal->head.actor))
		entry->has.actor_id = ABSENT;
}

/* By hand it hangs on a command; by a system, on what that has pushed. */
static void line_of_linked (const struct record *r, const void *item, struct timeline_entry *entry)
{
	const struct head *head = item;
	struct uuid account, contact;
	unsigned char has_account = id_of (r, item, "account_id", &account), has_contact = id_of (r, item, "contact_id", &contact);
	if (has_account == HERE && has_contact == HERE) {
		entry->contact_id.uuid = contact;
		entry->has.contact_id = HERE;
	}
	if (head->depth > 1)
		entry->has.actor_id = ABSENT;
	if (r == &linked_added_record) {
		const struct linked_added *added = item;
		if (added->has.occurred_at == HERE && added->occurred_at < entry->at)
			entry->at = added->occurred_at;
	}
}

static bool is_linked (const struct record *r)
{
	return strncmp (r->type, "linked.", 7) == 0;
}

/* Which it is about; of a linked record the first of those that it names. */
static unsigned char subject_of (const struct told *t, const void *item, struct uuid *ret)
{
	if (is_told_line (t->record))
		return told_line_subject (t->record, item, ret);
	unsigned char has = id_of (t->record, item, t->field, ret);
	if (has != HERE && is_linked (t->record))
		has = id_of (t->record, item, "contact_id", ret);
	if (has != HERE && is_linked (t->record))
		has = id_of (t->record, item, "deal_id", ret);
	return has;
}

static size_t lines_of (struct batch *b, const struct told *t, void *item, struct timeline_entry ret[2])
{
	const struct record *r = t->record;
	struct uuid subject, other;
	user_id owner = { 0 };
	if (subject_of (t, item, &subject) != HERE)
		return 0;
	if (r == &contact_created_record && ((const struct head *) item)->depth > 1) /* of a lead or a deal: its row says so */
		return 0;
	if (r == &account_updated_record &&
	    !((const struct account_updated *) item)->changes.n) /* of a merge: its roles alone are other ones */
		return 0;
	if (r == &booking_told_record && !booking_has_line (item))
		return 0;
	unsigned char has_owner = id_of (r, item, "owner_id", &owner.uuid);
	line_lean (r, item);
	ret[0] = r == &lead_qualified_record ? timeline_of (item, r, subject, has_owner, owner)
					     : timeline_with_data (b, r, item, subject, has_owner, owner);
	if (r == &deal_created_record)
		line_of_deal (b, item, &ret[0]);
	if (r == &booking_told_record)
		ret[0].has.actor_id = ABSENT; /* a source is nobody */
	if (is_linked (r))
		line_of_linked (r, item, &ret[0]);
	if ((r != &contact_unmerged_record && r != &account_unmerged_record) || id_of (r, item, "loser_id", &other) != HERE)
		return 1;
	ret[1] = ret[0]; /* both were told */
	ret[1].subject_id.uuid = other;
	return 2;
}

/* ---- feeding ---- */

static struct uuid uuid_member (const json_t *o, const char *name)
{
	struct uuid ret = { 0 };
	const char *text = json_string_value (json_object_get (o, name));
	if (!text || uuid_parse (text, &ret) != OK)
		memset (&ret, 0, sizeof ret);
	return ret;
}

/* An event as the tool read it off the stream; null: none that is told. */
static void *event_read (struct batch *b, const json_t *o, const struct told **ret_told)
{
	const json_t *head = json_object_get (o, "head");
	struct problem problem = { 0 };
	*ret_told = told_of (json_string_value (json_object_get (o, "type")));
	if (!*ret_told)
		return NULL;
	void *item = arena_alloc (batch_arena (b), (*ret_told)->record->size);
	if (record_from_json (batch_arena (b), (*ret_told)->record, json_object_get (o, "data"), false, item, &problem) != OK)
		return NULL;
	*(struct head *) item = (struct head){ .id = uuid_member (head, "id"),
					       .workspace = uuid_member (head, "workspace"),
					       .actor = uuid_member (head, "actor"),
					       .at = json_integer_value (json_object_get (head, "at")),
					       .depth = (int) json_integer_value (json_object_get (head, "depth")) };
	return item;
}

static void lane_feed (struct batch *b, const struct projection_feed *cmd)
{
	json_t *events = json_loads (cmd->events, 0, NULL), *o;
	size_t n = json_array_size (events), rows = 0, i;
	struct timeline_entry *entry = ARRAY (b, entry, 2 * n + 1);
	json_array_foreach (events, i, o)
	{
		const struct told *t;
		void *item = event_read (b, o, &t);
		if (item && lane_of (((struct head *) item)->workspace) == cmd->lane)
			rows += lines_of (b, t, item, &entry[rows]);
	}
	shadow_write (b, entry, rows);
	json_decref (events);
}

static const struct projection_place *places_of (struct batch *b, const int64_t lane[], size_t n)
{
	struct projection_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i].lane = lane[i];
	return projection_load (b, ask, n);
}

static bool is_phase (const struct projection_place *place, const char *phase)
{
	return place->has.phase == HERE && strcmp (place->phase, phase) == 0;
}

void projection_rebuild (struct batch *b, const struct projection_rebuild cmd[], size_t n, struct outcome ret[])
{
	projection_want (b, cmd, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void projection_feed (struct batch *b, const struct projection_feed cmd[], size_t n, struct outcome ret[])
{
	int64_t *lane = ARRAY (b, lane, n);
	for (size_t i = 0; i < n; i++)
		lane[i] = cmd[i].lane;
	const struct projection_place *place = places_of (b, lane, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = is_phase (&place[i], "begun") ? done () : refused (not_found);
		if (is_done (ret[i]))
			lane_feed (b, &cmd[i]);
	}
}

void projection_level (struct batch *b, const struct projection_level cmd[], size_t n, struct outcome ret[])
{
	struct projection_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		ask[i].lane = cmd[i].lane;
		ret[i] = done ();
	}
	projection_is_level (b, ask, n);
}

void projections_cancel (struct batch *b, struct uuid workspace)
{
	struct erased_about about = { .workspace_id = { workspace }, .ids = "[]" };
	projection_cancel (b, &about, 1);
	erased_shadow_drop (b, &about, 1);
}

/* ---- in a transaction of its own ---- */

/* Any id whose lane it is. */
static struct uuid uuid_of_lane (int64_t lane)
{
	struct uuid ret = { 0 };
	unsigned char *byte = (unsigned char *) &ret;
	while (lane_of (ret) != lane)
		byte[sizeof ret - 1]++;
	return ret;
}

/* The workspaces of a lane, as what is swapped of each. */
/* No record bears it: there is nothing behind it. */
static bool is_last (struct uuid id)
{
	struct uuid last;
	memset (&last, 0xFF, sizeof last);
	return uuid_equal (id, last);
}

static struct projection_part *parts_of (struct batch *b, const struct projections_turn *now, int64_t lane, size_t *ret_n)
{
	size_t n;
	const struct workspace_known *all = workspaces_known (b, now, 1, &n);
	struct projection_part *ret = ARRAY (b, ret, n + 1);
	const char *types = types_told (b);
	*ret_n = 0;
	for (size_t i = 0; i < n; i++)
		if (lane_of (all[i].workspace_id.uuid) == lane)
			ret[(*ret_n)++] = (struct projection_part){ .workspace_id = all[i].workspace_id, .types = types };
	return ret;
}

static void lane_begin (struct batch *b, int64_t lane, const struct projection_part *part, size_t n)
{
	struct projection_ask ask = { .lane = lane };
	shadow_clear (b, part, n);
	projection_begin (b, &ask, 1);
}

static int64_t part_swap (struct batch *b, const struct projection_part *part)
{
	shadow_drop_noted (b, part, 1);
	shadow_drop_purged (b, part, 1);
	shadow_settle (b, part, 1);
	shadow_drop_homeless (b, part, 1);
	const struct projection_count *count = shadow_differs (b, part, 1);
	timeline_drop_other (b, part, 1);
	timeline_take (b, part, 1);
	shadow_clear_bite (b, part, 1);
	return count->changed;
}

/* Some records of one workspace: what a line is depends on nothing but the lines of its own record and on how things stand, so each bite is right by itself,
 * and what is said meanwhile is written to both. */
static void lane_swap (struct batch *b, const struct projection_row *row, struct projection_part *part, size_t n)
{
	struct projection_step step = { .lane = row->lane };
	struct projection_ask over = { .lane = row->lane };
	size_t at = 0;
	while (row->has.workspace_id == HERE && at < n && memcmp (&part[at].workspace_id, &row->workspace_id, sizeof row->workspace_id) < 0)
		at++;
	bool begun = at < n && row->has.workspace_id == HERE && uuid_equal (part[at].workspace_id.uuid, row->workspace_id.uuid);
	if (begun && is_last (row->subject_id.uuid)) {
		begun = false;
		at++;
	}
	if (at == n) {
		shadow_clear (b, part, n);
		projection_over (b, &over, 1);
		return;
	}
	struct projection_bite bite = { .workspace_id = part[at].workspace_id };
	if (begun)
		bite.after_id = row->subject_id;
	const struct projection_end *end = projection_upto (b, &bite, 1);
	part[at].after_id = bite.after_id;
	if (end->has.upto_id == HERE)
		part[at].upto_id = end->upto_id;
	else
		memset (&part[at].upto_id, 0xFF, sizeof part[at].upto_id);
	step.workspace_id = part[at].workspace_id;
	step.subject_id = part[at].upto_id;
	step.changed = part_swap (b, &part[at]);
	projection_at (b, &step, 1);
}

/* One lane a turn: others have waited for this transaction meanwhile. */
void projections_turn (struct batch *b, const struct projections_turn cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t waiting, parts;
		ret[i] = done ();
		const struct projection_row *row = projections_waiting (b, &cmd[i], 1, &waiting);
		for (size_t k = 0; k < waiting && !ret[i].number; k++) {
			if (!batch_owns (b, uuid_of_lane (row[k].lane)))
				continue;
			struct projection_part *part = parts_of (b, &cmd[i], row[k].lane, &parts);
			if (strcmp (row[k].phase, "wanted") == 0)
				lane_begin (b, row[k].lane, part, parts);
			else
				lane_swap (b, &row[k], part, parts);
			ret[i].number = 1; /* there may be more */
		}
	}
}
